/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands around the JSON of a signalling message: Engine.IO and Socket.IO prefixes, other short prefixes,
 * base64 (RFC 4648), gzip (RFC 1952), zlib (RFC 1950), form encoding.
 *
 * All functions look only at the bytes given, take linear time, and bound what they make.
 */
#ifndef WR_UNWRAP_H
#define WR_UNWRAP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_UNWRAP_MAX_PREFIX        80   /* bytes before the first { or [ of a text */
#define WR_UNWRAP_MAX_TEXT_HEAD     4096 /* the same where a quote, brace or bracket follows at once */
#define WR_UNWRAP_MAX_BINARY_PREFIX 512  /* the same when a binary header stands there */

typedef enum {
    WR_FRAMING_NONE = 0,   /* the JSON text begins at once */
    WR_FRAMING_ENGINEIO,   /* "4{…}" */
    WR_FRAMING_SOCKETIO,   /* "42/ns,12[…]", also after an Engine.IO 3 length "96:" */
    WR_FRAMING_SOCKETIO_0, /* "5:1+::{…}" of Socket.IO 0.9 */
    WR_FRAMING_SOCKJS,     /* "a[…]" */
    WR_FRAMING_PREFIX,     /* other text */
    WR_FRAMING_BINARY      /* a binary header */
} wr_framing;

/* Looks for where a JSON text may begin in bytes: within the bound, at or after `from`, at { or [, or at once a ".
 * True with *start and *framing set. Call again with from = *start + 1 when there was no JSON. */
bool wr_unwrap_prefix(const uint8_t *bytes, size_t len, size_t from, size_t *start, wr_framing *framing);

/* Engine.IO 3 polling puts "<UTF-16 units>:" before each packet. True when the bytes begin so and the packet fits:
 * *head bytes of length and *packet bytes of packet. */
bool wr_unwrap_length_prefix(const uint8_t *bytes, size_t len, size_t *head, size_t *packet);

/* The bytes begin like base64 or base64url of something worth decoding: JSON, a description, gzip, zlib. */
bool wr_unwrap_looks_base64(const uint8_t *bytes, size_t len);
/* Decodes the whole (white space and missing padding allowed); NULL when it is not base64 or is more than max. */
GByteArray *wr_unwrap_base64(const uint8_t *bytes, size_t len, size_t max);

/* The bytes begin with a gzip or zlib header. */
bool wr_unwrap_looks_deflated(const uint8_t *bytes, size_t len);
/* Expands to no more than max bytes, then *cut is true. NULL when nothing could be expanded. */
GByteArray *wr_unwrap_inflate(const uint8_t *bytes, size_t len, size_t max, bool *cut);

/* One "name=value" of application/x-www-form-urlencoded, value decoded. Start with *at = 0; false at the end.
 * name is cut to a length fit to be shown. Free both with g_free() and g_byte_array_unref(). */
bool wr_unwrap_form_next(const uint8_t *bytes, size_t len, size_t *at, char **name, GByteArray **value);
/* The bytes look like a form whose value holds JSON or a description. */
bool wr_unwrap_looks_form(const uint8_t *bytes, size_t len);
/* It looks like a form with a value that looks like base64 of something worth decoding. */
bool wr_unwrap_holds_base64_form(const uint8_t *bytes, size_t len);

/* The next part of multipart/form-data (RFC 7578) that says no content type of its own; begin with *at = 0. The bytes
 * begin with the first boundary. False at the end, and for what is no multipart body. value points into bytes; free
 * name with g_free(). */
bool wr_unwrap_part_next(const uint8_t *bytes, size_t len, size_t *at, char **name, const uint8_t **value,
                         size_t *value_len);

#endif
