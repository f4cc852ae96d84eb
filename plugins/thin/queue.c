/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "queue.h"

#include <glib.h>

#define ITEM_BYTES sizeof(wr_waiting)

void wr_queue_start(wr_queue *q, wr_media *media, wr_sink sink, void *to)
{
    *q = (wr_queue){.media = media, .sink = sink, .to = to};
    q->tail = &q->head;
}

static void write_head(wr_queue *q)
{
    wr_waiting *w = q->head;

    if (!w->dropped && !q->failed && !q->sink(q->to, w))
        q->failed = true;
    q->head = w->next;
    if (q->head == NULL)
        q->tail = &q->head;
    wr_block_clear(&w->block);
    w->next = q->spare;
    q->spare = w;
}

static wr_waiting *new_item(wr_queue *q)
{
    wr_waiting *w = q->spare;

    if (w == NULL)
        return g_new0(wr_waiting, 1);
    q->spare = w->next;
    *w = (wr_waiting){0};
    return w;
}

static bool waits_too_long(const wr_queue *q)
{
    return q->bytes > WR_QUEUE_BYTES || q->count > WR_QUEUE_COUNT || q->clock_us - q->head->clock_us > WR_QUEUE_US;
}

/* Bytes are counted when they come and when they go at the head: what is dropped in between is counted too long, which
 * only makes the bound a safe one. */
static void advance(wr_queue *q)
{
    while (q->head != NULL) {
        const size_t counted = q->head->counted;
        if (q->head->stream != NULL) {
            if (!waits_too_long(q))
                return;
            wr_media_let_go(q->media, q->head);
        }
        write_head(q);
        q->bytes -= counted;
        q->count--;
    }
}

void wr_queue_add(wr_queue *q, const wr_block *b)
{
    wr_waiting *w = new_item(q);

    w->block = *b;
    w->counted = b->length + ITEM_BYTES;
    if (b->packet && b->time_us > q->clock_us)
        q->clock_us = b->time_us;
    w->clock_us = q->clock_us;
    *q->tail = w;
    q->tail = &w->next;
    q->bytes += w->counted;
    q->count++;
    if (b->packet)
        wr_media_add(q->media, w);
    advance(q);
}

void wr_queue_flush(wr_queue *q)
{
    wr_media_forget(q->media);
    advance(q);
}

void wr_queue_stop(wr_queue *q)
{
    while (q->spare != NULL) {
        wr_waiting *w = q->spare;
        q->spare = w->next;
        g_free(w);
    }
}
