/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes streams without an end: the first byte says how large the pieces are that the rest comes in. What comes out
 * must not depend on that for what each piece is. */
#include "connection/open_stream.h"
#include "formats/message_frames.h"

#include <glib.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(const wr_open_message *message, void *data)
{
    size_t *sum = data;

    for (size_t i = 0; i < message->len; i++)
        *sum += message->bytes[i]; /* all of it is there */
    if (message->kind > WR_OPEN_HEAD)
        abort();
}

static void frames(const uint8_t *bytes, size_t len)
{
    const wr_counted how = wr_counted_by(bytes, len);
    wr_counted_message one;
    wr_event event;
    size_t at = 0;

    while (how != WR_COUNTED_NONE && wr_counted_next(how, bytes, len, &at, &one))
        if (one.bytes < bytes || one.len > len || (size_t)(one.bytes - bytes) > len - one.len)
            abort();
    for (at = 0; wr_event_next(bytes, len, &at, &event);)
        wr_event_clear(&event);
    if (wr_text_head(bytes, len) > len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t piece = size > 0 ? (size_t)data[0] + 1 : 1;
    size_t sum = 0;
    wr_open_stream *s;
    uint8_t *exact;

    if (size < 2)
        return 0;
    exact = g_memdup2(data + 1, --size);
    frames(exact, size);
    s = wr_open_stream_begin(exact, size);
    for (size_t at = 0; s != NULL && at < size; at += piece) {
        const size_t n = MIN(piece, size - at);
        uint8_t *copy = g_memdup2(exact + at, n);
        const bool goes_on = wr_open_stream_take(s, copy, n, take, &sum);
        g_free(copy);
        if (!goes_on)
            break;
    }
    wr_open_stream_free(s);
    g_free(exact);
    return 0;
}
