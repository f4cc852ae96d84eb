/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to message_pieces.c: JSON messages that carry a part of a text that the application has parted:
 * {"id":"k3","chunk":"…","offset":1,"length":2}.
 */
#ifndef WR_CHUNK_H
#define WR_CHUNK_H

#include "formats/json_value.h"

typedef struct {
    json_object *root, *holder; /* the message, and in it the object that holds the part; holder is root's */
    const char *name;           /* of the part in it */
    const char *text;
    size_t len;
    char *id;       /* of the whole; NULL: none */
    unsigned index; /* of this part, from 0 or 1 */
    unsigned last;  /* index of the last one */
} wr_chunk;

/* Cheap: the message may be such a part. */
bool wr_chunk_may(const uint8_t *bytes, size_t len);
/* False, and nothing to be cleared, when it is none, or is the whole text. */
bool wr_chunk_read(const uint8_t *bytes, size_t len, wr_chunk *out);
void wr_chunk_clear(wr_chunk *c);

#endif
