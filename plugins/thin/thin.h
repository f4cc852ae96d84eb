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
    bool secrets;    /* the capture has keys in it */
    bool unnumbered; /* some of what is counted as a frame could not be told its number */
    char *error;     /* words for people, to be freed; NULL for none */
} wr_thin_result;

typedef struct {
    bool no_media;      /* of RTP the headers alone */
    bool number;        /* each packet says which frame of the capture it was */
    uint32_t sample_us; /* between those of a stream that stay; 0 for WR_THIN_SAMPLE_US */
} wr_thin_options;

/* Copies what `source` gives, as pcapng. What was read before an error is written. */
void wr_thin(wr_source source, void *from, wr_target target, void *to, wr_thin_options options, wr_thin_result *result);

#endif
