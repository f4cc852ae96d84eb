/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that a JSON message announces, as protocols for sharing files over data channels do: an object with a name and
 * a size, at whatever depth. There is no standard for it, so both must stand in one object, under names that mean
 * files.
 */
#ifndef WR_FILE_NAMES_H
#define WR_FILE_NAMES_H

#include <stddef.h>
#include <stdint.h>

#define WR_FILE_MOST_BYTES 16384 /* of a message that is read: announcements are short, chunks of content are not */
#define WR_FILE_MOST       16    /* files of one message */
#define WR_FILE_NESTING    8     /* deepest level that is looked into */

typedef struct {
    char *name;   /* g_free() */
    int64_t size; /* bytes, as announced */
} wr_file_name;

/* Puts the files that the message announces, in the order of its text, into out (room for WR_FILE_MOST); how many. 0
 * for anything that is no JSON object or array. */
unsigned wr_file_names_read(const uint8_t *bytes, size_t len, wr_file_name *out);

#endif
