/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Header fields and data of HTTP/2 streams (RFC 9113), by what Wireshark's dissector taps for "Follow HTTP/2 Stream":
 * it keeps them to itself otherwise. The record of that tap is private; a buffer and a stream's number stand in it
 * in 4.0, 4.4 and 4.6 alike. What was tapped of a packet so far can be asked for while it is being dissected.
 */
#ifndef WR_EPAN_HTTP2_H
#define WR_EPAN_HTTP2_H

#include "wr_epan/compat.h"

/* Has the dissector tap from the next packet on, until wr_http2_leave(), which belongs to the end of a file: what is
 * tapped costs every packet something. False when this Wireshark has no such tap. */
bool wr_http2_listen(void);
void wr_http2_leave(void);

/* The built-in dissector reads WebSocket over HTTP/2 (RFC 8441): whoever tells an upgrade of any version of HTTP does.
 */
bool wr_http2_knows_websocket(void);

/* The record with this number, from 0, of the packet that is being dissected: its bytes, which live as long as the
 * packet, and its stream. False when there are no more, or nothing is tapped on this pass. */
bool wr_http2_tapped(int number, const uint8_t **bytes, unsigned *len, uint32_t *stream);

/* One field of a header block: views into the bytes. */
typedef struct {
    const char *name, *value;
    unsigned name_len, value_len;
} wr_http2_field;

/* The record is a header block, as pseudo-header fields (RFC 9113 8.3) at its beginning tell. */
bool wr_http2_is_fields(const uint8_t *bytes, unsigned len);
/* Its next field; begin with *at = 0. A name and a value each behind four bytes of length in 4.0, lines of text in
 * later series. */
bool wr_http2_next_field(const uint8_t *bytes, unsigned len, unsigned *at, wr_http2_field *out);

#endif
