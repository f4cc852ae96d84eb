/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of text frames, and messages that stand behind their lengths. */
#include "formats/message_frames.h"

#include <string.h>

#define VERB_MAX       128 /* bytes of the first line of a head */
#define GRPC_HEAD      5
#define GRPC_PACKED    0x01
#define GRPC_KNOWN     0x83        /* packed, Connect's end of stream, gRPC-Web's trailers */
#define COUNTED_MAX    (64u << 20) /* bytes of one message */
#define VARINT_MAX     5
#define SMALLEST_COUNT 2

/* ---- text frames ---- */

/* The line at bytes[at]: its bytes without the end; *next behind that. False when it does not end. */
static bool line_at(const uint8_t *bytes, size_t len, size_t at, size_t *n, size_t *next)
{
    const uint8_t *feed = memchr(bytes + at, '\n', len - at);

    if (feed == NULL)
        return false;
    *n = (size_t)(feed - bytes) - at;
    *next = at + *n + 1;
    if (*n > 0 && bytes[at + *n - 1] == '\r')
        (*n)--;
    return true;
}

static bool is_verb(const uint8_t *line, size_t n)
{
    if (n == 0 || n > VERB_MAX || !g_ascii_isalpha(line[0]) || (n > 1 && line[1] == '='))
        return false;
    for (size_t i = 0; i < n; i++)
        if (line[i] < 0x20 || line[i] >= 0x7f || strchr("{}[]<>\"", line[i]) != NULL)
            return false;
    return true;
}

static bool is_header(const uint8_t *line, size_t n)
{
    size_t at = 0;

    while (at < n && (g_ascii_isalnum(line[at]) || strchr("-_.\\", line[at]) != NULL))
        at++;
    return at > 0 && at < n && line[at] == ':';
}

size_t wr_text_head(const uint8_t *bytes, size_t len)
{
    size_t at = 0, n, next;

    len = MIN(len, (size_t)WR_TEXT_HEAD_MAX);
    while (at < len && (bytes[at] == '\n' || bytes[at] == '\r')) /* STOMP's heartbeats */
        at++;
    if (at == len || !line_at(bytes, len, at, &n, &next) || !is_verb(bytes + at, n))
        return 0;
    for (size_t first = at = next; at < len && line_at(bytes, len, at, &n, &next); at = next) {
        if (n == 0)
            return at > first ? next : 0; /* a line and nothing else is a sentence */
        if (!is_header(bytes + at, n))
            return 0;
    }
    return 0;
}

/* ---- lengths ---- */

static bool grpc_next(const uint8_t *bytes, size_t len, size_t *at, wr_counted_message *out)
{
    const uint8_t *p = bytes + *at;
    size_t n;

    if (len - *at < GRPC_HEAD || (p[0] & ~GRPC_KNOWN) != 0)
        return false;
    n = (size_t)p[1] << 24 | (size_t)p[2] << 16 | (size_t)p[3] << 8 | p[4];
    if (n > COUNTED_MAX || n > len - *at - GRPC_HEAD)
        return false;
    *out = (wr_counted_message){p + GRPC_HEAD, n, (p[0] & GRPC_PACKED) != 0, (p[0] & ~GRPC_PACKED) != 0};
    *at += GRPC_HEAD + n;
    return true;
}

static bool varint_next(const uint8_t *bytes, size_t len, size_t *at, wr_counted_message *out)
{
    size_t n = 0, i = 0;

    for (;; i++) {
        if (i == VARINT_MAX || *at + i >= len)
            return false;
        n |= (size_t)(bytes[*at + i] & 0x7f) << 7 * i;
        if (bytes[*at + i] < 0x80)
            break;
    }
    *at += i + 1;
    if (n < SMALLEST_COUNT || n > COUNTED_MAX || n > len - *at)
        return false;
    *out = (wr_counted_message){bytes + *at, n, false, false};
    *at += n;
    return true;
}

bool wr_counted_next(wr_counted how, const uint8_t *bytes, size_t len, size_t *at, wr_counted_message *out)
{
    if (*at >= len)
        return false;
    return how == WR_COUNTED_GRPC ? grpc_next(bytes, len, at, out) : varint_next(bytes, len, at, out);
}

/* SignalR's messages are arrays. */
static bool is_array(const wr_counted_message *m)
{
    return m->bytes[0] > 0x90 && m->bytes[0] < 0xa0;
}

wr_counted wr_counted_by(const uint8_t *bytes, size_t len)
{
    wr_counted_message one;
    size_t at = 0, n = 0;

    if (len < 8)
        return WR_COUNTED_NONE;
    if ((bytes[0] & ~GRPC_KNOWN) == 0 && bytes[1] <= COUNTED_MAX >> 24) {
        while (wr_counted_next(WR_COUNTED_GRPC, bytes, len, &at, &one))
            n += one.ends ? 0 : 1;
        if (at == len && n > 0)
            return WR_COUNTED_GRPC;
        at = 0;
    }
    while (wr_counted_next(WR_COUNTED_VARINT, bytes, len, &at, &one))
        if (!is_array(&one))
            return WR_COUNTED_NONE;
    return at == len ? WR_COUNTED_VARINT : WR_COUNTED_NONE;
}
