/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIP messages in a stream or datagram, as RFC 3261 7 and 18.3 part them: line ends before a start line are ignored
 * (7.5, and the keep-alives of RFC 5626 4.4.1), white space may stand before a field's colon (7.3.1).
 */
#ifndef WR_SIP_SPLIT_H
#define WR_SIP_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#define WR_SIP_MAX 65536 /* bytes of one message */

typedef enum {
    WR_SIP_NONE = 0, /* not SIP, or nothing but line ends */
    WR_SIP_MORE,     /* a message that goes on in bytes to come */
    WR_SIP_WHOLE
} wr_sip_result;

/* Offsets into the bytes given. */
typedef struct {
    size_t start, body, end; /* of the start line, of the body, behind the message */
    bool is_description;     /* the body is a session description or fragment (application/sdp and its like) in clear */
} wr_sip_message;

/* The first message of the bytes. stream: of TCP or TLS, where a message without Content-Length has no body and one
 * that is longer than the bytes goes on; else the bytes are one datagram, and all of it. With NONE only start
 * is set; with MORE body and end are where the message will end, or 0 while its head is not whole. */
wr_sip_result wr_sip_next(const char *bytes, size_t len, bool stream, wr_sip_message *out);

#endif
