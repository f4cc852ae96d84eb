/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole of it: reads one capture, writes another. */
#ifndef WR_THIN_H
#define WR_THIN_H

#include "media.h"
#include "reader.h"

/* Writes n bytes. False when that failed. */
typedef bool (*wr_target)(void *to, const void *bytes, size_t n);

typedef struct {
    uint64_t packets; /* read */
    wr_media_left left;
    char *error; /* words for people, to be freed; NULL for none */
} wr_thin_result;

/* Copies what `source` gives, as pcapng. no_media: of RTP the headers alone. What was read before an error is written.
 */
void wr_thin(wr_source source, void *from, wr_target target, void *to, bool no_media, wr_thin_result *result);

#endif
