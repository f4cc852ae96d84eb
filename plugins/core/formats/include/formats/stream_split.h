/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the texts of a byte stream end: JSON values one after the other (RFC 8259, RFC 7464), stanzas of XMPP (RFC 6120
 * 4, 11).
 *
 * Bytes come in pieces and are looked at once each, whatever the pieces: linear time. What is found is not checked any
 * further than finding its end takes.
 */
#ifndef WR_STREAM_SPLIT_H
#define WR_STREAM_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_SPLIT_MAX_NESTING 64

typedef enum {
    WR_SPLIT_MORE = 0, /* the text goes on after the bytes that are there */
    WR_SPLIT_WHOLE,    /* it is bytes start to at */
    WR_SPLIT_OTHER     /* no such text stands here */
} wr_split_result;

/* One text being looked for; begins as all zeros, and again so for the next text, at the byte after the last. */
typedef struct {
    size_t at;    /* bytes that were looked at */
    size_t start; /* where the text begins, behind white space; meaningful once it has begun */
    unsigned depth;
    unsigned state; /* private */
    uint8_t quote, before;
    size_t name;
    bool begun, closing;
} wr_split;

/* bytes (len) are those of the earlier calls, perhaps with more behind. An object or array; white space and record
 * separators before it are skipped. */
wr_split_result wr_split_json(wr_split *s, const uint8_t *bytes, size_t len);

/* The same for what an XMPP stream consists of, each by itself: declaration, opening and closing tag of the stream,
 * stanzas. */
wr_split_result wr_split_stanza(wr_split *s, const uint8_t *bytes, size_t len);

/* A length of four bytes, in either order, stands before a JSON text that begins at once behind it: its value. 0: none
 * does, or the length is zero or more than max. */
size_t wr_split_length(const uint8_t *bytes, size_t len, size_t max);

#endif
