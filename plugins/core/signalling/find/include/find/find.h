/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds session descriptions, fragments and candidates in signalling messages: whatever the dialect, by
 * content; then names kind, call, from and to by the dialect's table.
 *
 * The message is attacker-controlled: depth, count, and expansion are bounded by WR_FIND_MAX_*, and a reached
 * bound or a syntax error is reported as a problem.
 */
#ifndef WR_JSON_FIND_H
#define WR_JSON_FIND_H

#include "dialects/hints.h"
#include "evidence/evidence.h"

#define WR_FIND_MAX_DEPTH   64   /* nesting inside one JSON text */
#define WR_FIND_MAX_UNWRAP  6    /* JSON in strings in JSON … */
#define WR_FIND_MAX_HITS    8192 /* of one message */
#define WR_FIND_MAX_MESSAGE (64u << 20)

/* One thing found. */
typedef struct {
    wr_kind kind;
    char *path; /* "$[1].data.sdp" */
    char *text; /* SDP text, fragment or candidate line, escapes resolved; NULL for join, bye */
    size_t text_len;
    char *call, *from, *to, *mid, *ufrag; /* NULL when absent */
    const char *dialect;                  /* static */
} wr_hit;

typedef struct {
    GPtrArray *hits;       /* wr_hit*, freed with the result */
    bool is_json;          /* some JSON text was read */
    const char *problem;   /* static sentence: syntax error, bound reached; NULL when all is well */
    size_t problem_offset; /* byte in the message it concerns, when known, else 0 */
    bool bound;            /* the problem is a reached bound, not bad syntax */
    bool
        recalled; /* something of this was known by what the connection said before, or a bound was reached with that */
} wr_find_result;

/* Never fails; free with wr_find_result_free(). bytes need not end in NUL. */
wr_find_result *wr_json_find(const uint8_t *bytes, size_t len, const wr_find_hints *hints);
void wr_find_result_free(wr_find_result *r);

/* Cheap: could these bytes be a signalling message worth parsing (JSON, Socket.IO framing, …)? */
bool wr_json_find_worthwhile(const uint8_t *bytes, size_t len);

/* Cheap: could these bytes be a short request, or the answer to one, in a dialogue? Worth to be searched for that
 * alone. */
bool wr_json_find_exchanges(const uint8_t *bytes, size_t len);

#endif
