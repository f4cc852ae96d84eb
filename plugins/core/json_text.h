/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One JSON text (RFC 8259) out of a message, read by jansson: where it ends, whether it stays within the bounds on
 * depth and number of values, and what is wrong with it.
 */
#ifndef WR_JSON_TEXT_H
#define WR_JSON_TEXT_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* jansson needs up to 300 bytes a container and 64 a value, so these bound memory at about 300 MB. */
#define WR_JSON_MAX_CONTAINERS (512u << 10)
#define WR_JSON_MAX_VALUES (2u << 20)
#define WR_JSON_MAX_NESTING 2000 /* a little below jansson's own limit */

/* Names and identifiers taken out of a message are cut to this many bytes. */
#define WR_JSON_TEXT_SHOWN 256

typedef struct {
    json_t *root;        /* NULL when it could not be read; json_decref() it */
    size_t end;          /* byte after the text; len when it is not complete */
    bool bound;          /* problem is a reached bound, not bad syntax */
    const char *problem; /* static sentence, NULL when all is well; may be set beside root */
    size_t offset;       /* of the problem */
} wr_json_text;

/* Reads the text that begins at bytes[0] (an object, an array or a string). What follows it is left alone. */
wr_json_text wr_json_text_read(const uint8_t *bytes, size_t len);

/* Bytes of the string that begins at bytes[0] (a quote), its quotes included; 0 when it does not end. */
size_t wr_json_string_length(const uint8_t *bytes, size_t len);

/* A string or integer as text to be shown and compared: cut, 16-digit numbers exact, raw bytes as hex. Of an object
 * its id or name. NULL for anything else and for an empty string. Free with g_free(). */
char *wr_json_text_of(const json_t *value);

#endif
