/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Wireshark's HTTP/1 dissector knows of a connection (RFC 9112), and what it tells the dissector of a body. There
 * is no public interface to either: they are read from records that its headers show (packet-http.h,
 * packet-media-type.h), which move from series to series. A series that shows none of them is told as one that knows
 * nothing.
 */
#ifndef WR_EPAN_HTTP_H
#define WR_EPAN_HTTP_H

#include "wr_epan/compat.h"

/* ---- a connection ---- */

typedef struct _http_conv_t wr_http; /* the dissector's own record */

/* NULL when the conversation, which may be NULL, is not one of HTTP/1. */
const wr_http *wr_http_of(const conversation_t *conversation);

/* Target and host of the latest request, on the first pass; of the upgrade once that was. NULL when there is none. */
const char *wr_http_request_uri(const wr_http *http);
const char *wr_http_host(const wr_http *http);
/* The subprotocol that the WebSocket connection agreed on (RFC 6455 1.9); NULL for none. */
const char *wr_http_websocket_protocol(packet_info *pinfo, const wr_http *http);
/* 0: not known. */
uint16_t wr_http_server_port(const wr_http *http);
/* It was upgraded to another protocol, or made a tunnel of. */
bool wr_http_is_upgraded(const wr_http *http);

/* ---- a body ---- */

/* Of what a body is, by the data argument of a dissector in the table "media_type"; only HTTP/1 says it. */
typedef enum { WR_BODY_UNKNOWN = 0, WR_BODY_REQUEST, WR_BODY_RESPONSE } wr_body_of;
wr_body_of wr_media_body_of(const void *data);
/* By the same, it is SIP's. */
bool wr_media_is_sip(const void *data);
/* A header field of the HTTP/1 message that the body belongs to; name in lower case, as the dissector keeps them. NULL
 * when there is none, or when the body is that of another protocol. */
const char *wr_media_header(const void *data, const char *name);

#endif
