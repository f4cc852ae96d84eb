/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One JSON text (RFC 8259) out of a message, read by json-c: where it ends, whether it stays within the bounds on
 * depth and number of values, and what is wrong with it.
 */
#ifndef WR_JSON_TEXT_H
#define WR_JSON_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/json_value.h"

/* json-c needs up to 800 bytes for an object however empty, and 200 for a member: the worst text within these takes
 * about 430 MB. */
#define WR_JSON_MAX_CONTAINERS (256u << 10)
#define WR_JSON_MAX_VALUES     (2u << 20)
#define WR_JSON_MAX_NESTING    2000

/* Names and identifiers taken out of a message are cut to this many bytes. */
#define WR_JSON_TEXT_SHOWN 256

typedef struct {
    json_object *root;   /* NULL when it could not be read; json_object_put() it */
    size_t end;          /* byte after the text; len when it is not complete */
    bool bound;          /* problem is a reached bound, not bad syntax */
    const char *problem; /* static sentence, NULL when all is well; may be set beside root */
    size_t offset;       /* of the problem */
} wr_json_text;

/* Reads the text that begins at bytes[0] (an object, an array or a string). What follows it is left alone. */
wr_json_text wr_json_text_read(const uint8_t *bytes, size_t len);

/* The object or array that the bytes begin with, blanks aside, when nothing of it needs mending and no string holds
 * NUL; else NULL. *end: the byte after it, or where it is wrong. json_object_put() it. */
json_object *wr_json_read_first(const uint8_t *bytes, size_t len, size_t *end);
/* The same when nothing but blanks follows. *wrong, unless NULL: where it is. */
json_object *wr_json_read_whole(const uint8_t *bytes, size_t len, size_t *wrong);

/* Bytes of the string that begins at bytes[0] (a quote), its quotes included; 0 when it does not end. */
size_t wr_json_string_length(const uint8_t *bytes, size_t len);

/* A string or integer as text to be shown and compared: cut, 16-digit numbers exact, raw bytes as hex. Of an object
 * its id or name. NULL for anything else and for an empty string. Free with g_free(). */
char *wr_json_text_of(const json_object *value);

#endif
