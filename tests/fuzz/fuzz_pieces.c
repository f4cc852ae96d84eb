/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes messages that come in several parts, binary headers, and messages in URLs. Each line of the input is a
 * message; the first byte says whether the connection's URL is Firebase's. */
#include "find/envelope.h"
#include "find/message_pieces.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM (1u << 16)

static void take_line(wr_pieces *p, const uint8_t *line, size_t len, const char *url)
{
    uint8_t *exact = g_memdup2(line, len);
    const char *place = NULL;
    GByteArray *whole, *message;
    wr_envelope_head head;

    if (wr_pieces_take(p, exact, len, url, &whole) == WR_PIECE_WHOLE)
        g_byte_array_unref(whole);
    if (wr_envelope_read_head(exact, len, &head)) {
        g_free(head.from);
        g_free(head.call);
        g_free(head.peer);
    }
    if (len > 0 && wr_envelope_url_may((const char *)exact, len)) {
        message = wr_envelope_from_url((const char *)exact, len, &place);
        if (message != NULL) {
            if (place == NULL)
                abort();
            g_byte_array_unref(message);
        }
    }
    g_free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t room = ROOM;
    wr_pieces *p = wr_pieces_new(&room);
    const uint8_t *at = data + 1, *end = data + size;

    while (size > 1 && at < end) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop != NULL ? stop : end;
        take_line(p, at, (size_t)(stop - at), (data[0] & 1) != 0 ? "/.ws?v=5" : NULL);
        at = stop + 1;
        if (room > ROOM)
            abort();
    }
    wr_pieces_free(p);
    if (room != ROOM)
        abort();
    return 0;
}
