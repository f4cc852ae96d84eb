/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What parts a body or message into several, or stands before the one: heads of text frames (STOMP, NATS), lengths
 * (gRPC, SignalR), server-sent events.
 *
 * All functions look only at the bytes given, in linear time.
 */
#ifndef WR_MESSAGE_FRAMES_H
#define WR_MESSAGE_FRAMES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_TEXT_HEAD_MAX 4096 /* bytes of a head of a text frame */

/* Bytes of a verb and header lines up to and with the empty line behind them, as STOMP 1.2 has it; 0 when the bytes
 * begin with nothing of the kind. What follows is the body, to the end or a NUL. */
size_t wr_text_head(const uint8_t *bytes, size_t len);

/* Messages each behind its length: WR_COUNTED_GRPC a byte of flags and four of length (gRPC over HTTP/2, gRPC-Web,
 * Connect); WR_COUNTED_VARINT seven bits a byte (SignalR's MessagePack protocol). */
typedef enum { WR_COUNTED_NONE = 0, WR_COUNTED_GRPC, WR_COUNTED_VARINT } wr_counted;

typedef struct {
    const uint8_t *bytes;
    size_t len;
    bool packed; /* compressed, gRPC's flag */
    bool ends;   /* trailers of gRPC-Web, the end of Connect's stream: no message */
} wr_counted_message;

/* The bytes are such messages and nothing else. */
wr_counted wr_counted_by(const uint8_t *bytes, size_t len);
/* The next whole one; begin with *at = 0. False at the end, and where one is not whole. */
bool wr_counted_next(wr_counted how, const uint8_t *bytes, size_t len, size_t *at, wr_counted_message *out);

/* The bytes begin like a stream of server-sent events (HTML Living Standard 9.2.5). */
bool wr_looks_like_events(const uint8_t *bytes, size_t len);

/* An event: its type or NULL, and its data or NULL; free both with wr_event_clear(). */
typedef struct {
    char *type;
    GString *data;
} wr_event;

/* Bytes up to behind the empty line that ends the event at the start of the bytes; 0 when it goes on. *seen: bytes of
 * it that were looked at before, 0 to begin with. */
size_t wr_event_length(const uint8_t *bytes, size_t len, size_t *seen);
/* The next event; begin with *at = 0. What no empty line ends is one, too. False at the end. */
bool wr_event_next(const uint8_t *bytes, size_t len, size_t *at, wr_event *out);
void wr_event_clear(wr_event *event);

#endif
