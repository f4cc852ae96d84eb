/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks that wait, in the order in which they came, until it is known whether they stay. Bounded in time and bytes. */
#ifndef WR_THIN_QUEUE_H
#define WR_THIN_QUEUE_H

#include "media.h"

#define WR_QUEUE_US    3000000u /* longest wait: a slower stream is not thinned */
#define WR_QUEUE_BYTES (32u << 20)
#define WR_QUEUE_COUNT (64u << 10)

/* Takes a block that stays. False ends everything. */
typedef bool (*wr_sink)(void *to, wr_waiting *w);

typedef struct {
    wr_media *media;
    wr_sink sink;
    void *to;
    wr_waiting *head, **tail;
    wr_waiting *spare; /* that were in use, for what comes */
    size_t bytes, count;
    uint64_t clock_us; /* latest time of any packet */
    bool failed;
} wr_queue;

void wr_queue_start(wr_queue *q, wr_media *media, wr_sink sink, void *to);

/* Takes over the block. */
void wr_queue_add(wr_queue *q, const wr_block *b);

/* All that wait stay. */
void wr_queue_flush(wr_queue *q);

/* Gives up what it has. Nothing may be waiting. */
void wr_queue_stop(wr_queue *q);

#endif
