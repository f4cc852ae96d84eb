/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In which of a packet's data sources ("Frame", "Reassembled TCP", "Decrypted DTLS", …) bytes lie, so that the items of
 * fields show what they were read from. Only the first WR_MOST_SOURCES are looked at.
 */
#ifndef WR_DATA_SOURCE_H
#define WR_DATA_SOURCE_H

#include "wr_epan/buffers.h"

#define WR_MOST_SOURCES 16

/* The data source that holds bytes[0..length), and where in it; NULL, and 0, when none does. bytes is a pointer into
 * it, as all are that payload.h hands out. */
tvbuff_t *wr_data_source_of(const packet_info *pinfo, const uint8_t *bytes, unsigned length, int *offset);

/* The data source that is just these bytes, as one that was put together from fragments is; NULL when none is. */
tvbuff_t *wr_data_source_equal(const packet_info *pinfo, const uint8_t *bytes, size_t length);

/* Where bytes lie, told so that it is found again on another pass, when data sources are made anew. */
typedef struct {
    unsigned source_length; /* 0: in no data source */
    unsigned offset, length;
    uint8_t head[16]; /* the first of them */
} wr_source_place;

void wr_source_place_set(wr_source_place *place, const packet_info *pinfo, const uint8_t *bytes, unsigned length);
/* NULL when no data source of this length has such bytes there. */
tvbuff_t *wr_source_place_find(const wr_source_place *place, const packet_info *pinfo);

#endif
