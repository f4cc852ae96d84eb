/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read of a capture, in large pieces: blocks stay where they were read, and hold the piece. */
#ifndef WR_THIN_CHUNK_H
#define WR_THIN_CHUNK_H

#include <stddef.h>
#include <stdint.h>

/* Small enough that it, and what waits in those before it, stays in a processor's second cache. */
#define WR_CHUNK_BYTES (128u << 10)

typedef struct wr_chunks wr_chunks;

/* A piece, given up with its last holder. */
typedef struct wr_chunk {
    wr_chunks *of;
    struct wr_chunk *next; /* while nobody holds it */
    size_t holders, size;
    uint8_t bytes[];
} wr_chunk;

wr_chunks *wr_chunks_new(void);

/* Nobody may hold any. */
void wr_chunks_free(wr_chunks *all);

/* One of at least this many bytes, undefined, with one holder. */
wr_chunk *wr_chunk_take(wr_chunks *all, size_t least);

wr_chunk *wr_chunk_hold(wr_chunk *c);

/* NULL is none. */
void wr_chunk_release(wr_chunk *c);

#endif
