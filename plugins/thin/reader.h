/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads captures, pcap and pcapng, as a sequence of pcapng blocks. Input is hostile: every length is checked. */
#ifndef WR_THIN_READER_H
#define WR_THIN_READER_H

#include "block.h"

/* Gives up to n bytes; 0 at the end, negative when reading failed. */
typedef long (*wr_source)(void *from, void *to, size_t n);

typedef struct wr_reader wr_reader;

/* A reader of what `source` gives. To be freed. */
wr_reader *wr_reader_new(wr_source source, void *from);
void wr_reader_free(wr_reader *r);

/* The next block, to be cleared by the caller (wr_block_clear()) before the reader is freed. Of a pcap file the head
 * comes as a section and an interface. False at the end and at an error: wr_reader_error() tells which. */
bool wr_reader_next(wr_reader *r, wr_block *b);

/* What was wrong, in words for people; NULL for nothing. */
const char *wr_reader_error(const wr_reader *r);

#endif
