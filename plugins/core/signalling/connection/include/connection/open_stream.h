/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one end of a connection sends in streams that have no end, or none so far: responses of HTTP/1 that stay open
 * (RFC 9112 6.3, 7.1), data of HTTP/2 streams (RFC 9113 6.1) and heads of their requests, commands of Redis (RESP) and
 * NATS, frames of STOMP. Messages are handed out as they become whole: server-sent events, JSON texts, WebSocket
 * messages (RFC 8441), payloads.
 *
 * Bytes come in pieces, in their order. What is kept of them is bounded by WR_OPEN_MAX each, and every byte is looked
 * at a fixed number of times.
 */
#ifndef WR_OPEN_STREAM_H
#define WR_OPEN_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_OPEN_MAX     (1u << 20) /* bytes of a message that is not whole yet */
#define WR_OPEN_STREAMS 64         /* of one HTTP/2 connection's end, followed at a time */

typedef struct wr_open_stream wr_open_stream;

typedef enum {
    WR_OPEN_EVENT = 0, /* a server-sent event, as it came */
    WR_OPEN_TEXT,      /* a JSON text */
    WR_OPEN_WEBSOCKET, /* a message over WebSocket over HTTP/2 */
    WR_OPEN_PAYLOAD,   /* what was published by a relay */
    WR_OPEN_HEAD       /* of a request of HTTP/2, written as one of HTTP/1, up to its empty line */
} wr_open_kind;

typedef struct {
    wr_open_kind kind;
    const uint8_t *bytes; /* valid during the call */
    size_t len;
    uint32_t stream; /* of HTTP/2, else 0 */
} wr_open_message;

typedef void (*wr_open_sink)(const wr_open_message *message, void *data);

/* Cheap for nearly all bytes: such a stream begins with these, which are the first of a segment. NULL: none does. */
wr_open_stream *wr_open_stream_begin(const uint8_t *bytes, size_t len);
void wr_open_stream_free(wr_open_stream *s);
/* The next bytes, the first ones included. False when nothing more is to be had of it: it ended, is none after all, or
 * a bound was reached. */
bool wr_open_stream_take(wr_open_stream *s, const uint8_t *bytes, size_t len, wr_open_sink sink, void *data);
/* A bound was what ended it; static text, or NULL. */
const char *wr_open_stream_bound(const wr_open_stream *s);
/* Its messages are handed to nobody else: responses of HTTP/1 come again as a whole where they end. */
bool wr_open_stream_is_http1(const wr_open_stream *s);
/* A stream of HTTP/2. */
bool wr_open_stream_is_http2(const wr_open_stream *s);

#endif
