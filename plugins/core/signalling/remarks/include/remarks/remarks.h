/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said beside descriptions and bears on a call's safety: heads of HTTP messages (RFC 9110), ServerHellos of TLS
 * (RFC 8446), credentials of TURN servers, payloads of push services. Secrets are never kept, only a short mark of
 * them.
 */
#ifndef WR_REMARKS_H
#define WR_REMARKS_H

#include "evidence/remark.h"

#define WR_REMARK_MAX_BODY  (1u << 20) /* bytes of a JSON message that are looked through */
#define WR_REMARK_MAX_KEYS  16         /* keys of a push payload that are named */
#define WR_REMARK_MAX_NODES 4096       /* objects and arrays of a message that are looked through */

/* bytes (len) are a TLS record of a ServerHello. NULL when they are not. */
wr_remark *wr_remark_from_tls(const uint8_t *bytes, size_t len);
/* bytes (len) begin like an HTTP/1 message. */
bool wr_remark_begins_head(const char *bytes, size_t len);
/* What its head says, as far as it is in the bytes. NULL when they do not, or its head says nothing of interest. */
wr_remark *wr_remark_from_head(const char *bytes, size_t len);
/* bytes (len) are JSON, perhaps behind a short prefix. GPtrArray of wr_remark* with free function, NULL for none. */
GPtrArray *wr_remarks_from_json(const uint8_t *bytes, size_t len);

/* First four bytes of the SHA-256 of a secret: enough to see that two are the same. */
uint32_t wr_secret_mark(const char *text, size_t len);

#endif
