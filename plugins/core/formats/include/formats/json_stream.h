/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes single values out of a JSON text (RFC 8259) that is too large to be held: the text comes in blocks, each byte
 * is looked at once, and no more is kept than the value that is being taken and the names that lead to it.
 *
 * What is skipped is followed, not checked: brackets and strings alone.
 */
#ifndef WR_JSON_STREAM_H
#define WR_JSON_STREAM_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_JSON_STREAM_DEPTH   16          /* levels that can be descended into */
#define WR_JSON_STREAM_NAME    256         /* bytes of a name that are kept */
#define WR_JSON_STREAM_NESTING 100000      /* brackets in what is skipped or taken */
#define WR_JSON_STREAM_MAX     (16u << 20) /* bytes of a value that is taken */

/* The way to a value: names of members, NULL for elements of arrays. */
typedef struct {
    unsigned depth; /* 0: the text itself */
    const char *name[WR_JSON_STREAM_DEPTH];
    uint64_t index[WR_JSON_STREAM_DEPTH]; /* of the element, or of the member among its kind, from 0 */
} wr_json_way;

typedef enum {
    WR_JSON_SKIP = 0,
    WR_JSON_DESCEND, /* into an object or array; anything else is skipped */
    WR_JSON_TAKE
} wr_json_choice;

typedef struct {
    /* What is to be done with the value at this place. */
    wr_json_choice (*choose)(void *user, const wr_json_way *way);
    /* A value that was to be taken, whole: JSON of its own, but for what nobody has checked yet. */
    void (*take)(void *user, const wr_json_way *way, const uint8_t *bytes, size_t len);
    /* What was descended into has ended; may be NULL. */
    void (*leave)(void *user, const wr_json_way *way);
} wr_json_wishes;

typedef struct wr_json_stream wr_json_stream;

/* wishes and user outlive it. Free with wr_json_stream_free(). */
wr_json_stream *wr_json_stream_new(const wr_json_wishes *wishes, void *user);
void wr_json_stream_free(wr_json_stream *s); /* NULL is allowed */
/* The next block. False once the text is no JSON; what follows is not looked at. */
bool wr_json_stream_feed(wr_json_stream *s, const uint8_t *bytes, size_t len);
/* No more comes. NULL when the text was whole, else a static sentence; *line (from 1) is where it went wrong. */
const char *wr_json_stream_end(wr_json_stream *s, uint64_t *line);
/* Values that were to be taken and were longer than WR_JSON_STREAM_MAX. */
uint64_t wr_json_stream_too_long(const wr_json_stream *s);

#endif
