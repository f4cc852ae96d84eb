/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines and words of session descriptions (RFC 8866 5), as views into the text. For use inside core.
 */
#ifndef WR_SDP_TEXT_H
#define WR_SDP_TEXT_H

#include "sdp/sdp.h"

#include <string.h>

/* A piece of text; not NUL-terminated. */
typedef struct {
    const char *p;
    size_t len;
} wr_slice;

/* Goes through the lines of a text, whatever ends them: CR LF, LF or CR. */
typedef struct {
    const char *text;
    size_t len, next;
    size_t feed; /* the first LF from next on, len for none */
    unsigned line;
} wr_line_reader;

wr_line_reader wr_lines(const char *text, size_t len);
/* False at the end. at may be NULL. */
bool wr_line_next(wr_line_reader *reader, wr_slice *line, wr_sdp_at *at);

/* Without the spaces and tabs around it. */
wr_slice wr_slice_trim(wr_slice s);
/* Without the spaces and tabs behind it. */
wr_slice wr_slice_trim_end(wr_slice s);
/* Cuts the next word off *rest; an empty slice at the end. */
wr_slice wr_slice_token(wr_slice *rest);
/* s begins with prefix; *rest (may be NULL) is then what follows. Here, since every line is asked many times. */
static inline bool wr_slice_starts(wr_slice s, const char *prefix, wr_slice *rest)
{
    const size_t n = strlen(prefix);

    if (s.len < n || memcmp(s.p, prefix, n) != 0)
        return false;
    if (rest != NULL)
        *rest = (wr_slice){s.p + n, s.len - n};
    return true;
}
static inline bool wr_slice_is(wr_slice s, const char *text)
{
    return (s.len == 0 || s.p[0] == text[0]) && s.len == strlen(text) && memcmp(s.p, text, s.len) == 0;
}
bool wr_slice_is_nocase(wr_slice s, const char *text);
/* <0, 0, >0 by bytes, the shorter first. */
int wr_slice_compare(const wr_slice *a, const wr_slice *b);
/* All of s is a decimal number of at most max. */
bool wr_slice_number(wr_slice s, uint64_t max, uint64_t *out);
/* A new NUL-terminated string (g_free). */
char *wr_slice_dup(wr_slice s);

/* An attribute line "a=NAME" or "a=NAME:VALUE" taken apart, VALUE trimmed. False when it is none. */
bool wr_slice_attribute(wr_slice line, wr_slice *name, wr_slice *value);

#endif
