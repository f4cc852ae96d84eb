/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to json_scan.c, json_mend.c and json_text.c: a look at a JSON text before a tree is built of it, and a text
 * with what can be mended mended.
 */
#ifndef WR_JSON_SCAN_H
#define WR_JSON_SCAN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is noted of a text. */
typedef struct {
    size_t end;        /* byte after the text, 0 when it does not end */
    size_t flaw;       /* first byte of what is no JSON, or no parser reads as it stands; SIZE_MAX: none */
    bool misread;      /* a string holds a pair of surrogates for which json-c would read something else */
    bool has_nul;      /* a string holds \u0000 */
    const char *bound; /* static sentence; NULL when within the bounds */
    size_t bound_at;
} wr_json_extent;

/* Follows brackets and strings up to where the first one closes, counting what would have to be built. Linear. When it
 * finds no flaw and nothing that is misread, and json-c accepts the text, it is JSON (RFC 8259) and the values are what
 * they say. */
wr_json_extent wr_json_measure(const uint8_t *bytes, size_t len);

/* The first byte from at on that is not white space, or len. */
size_t wr_json_blanks_end(const uint8_t *bytes, size_t len, size_t at);

/* Byte after the string that begins at bytes[at] (a quote), 0 when it does not end. Notes flaws, in x when it is given.
 */
size_t wr_json_string_end(const uint8_t *bytes, size_t len, size_t at, wr_json_extent *x);

/* Bytes of the escape at bytes[at]: 12 of a pair of surrogates. *character is what a \u stands for, half a pair when
 * the other half is missing; -1 for any other. May be more bytes than there are. */
size_t wr_json_escape_length(const uint8_t *bytes, size_t len, size_t at, int *character);
/* json-c takes a character beyond U+FFFF, written as such a pair, for half a pair when its lower 16 bits would be one.
 */
bool wr_json_misreads(int character);

typedef struct {
    GString *text;
    GArray *shifts;  /* where text became longer or shorter than the message */
    size_t not_utf8; /* offset of the first bad byte in the message, SIZE_MAX when none */
} wr_json_mended;

/* Numbers that may be too big become strings; NUL and half a pair of surrogates U+FFFD; a pair that would be misread
 * the character itself; bytes that are no UTF-8 a "?". */
wr_json_mended wr_json_mend(const uint8_t *bytes, size_t len);
/* Where offset of the mended text stood in the message. */
size_t wr_json_mended_offset(const wr_json_mended *m, size_t offset);
void wr_json_mended_clear(wr_json_mended *m);

#endif
