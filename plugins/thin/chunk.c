/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chunk.h"

#include <glib.h>

#define SPARE_MOST 16u /* kept for what comes; the one that was last in use is taken first, for it is in the cache */

struct wr_chunks {
    wr_chunk *spare;
    unsigned n_spare;
};

wr_chunks *wr_chunks_new(void)
{
    return g_new0(wr_chunks, 1);
}

void wr_chunks_free(wr_chunks *all)
{
    while (all->spare != NULL) {
        wr_chunk *c = all->spare;
        all->spare = c->next;
        g_free(c);
    }
    g_free(all);
}

wr_chunk *wr_chunk_take(wr_chunks *all, size_t least)
{
    wr_chunk *c = least <= WR_CHUNK_BYTES ? all->spare : NULL;

    if (c != NULL) {
        all->spare = c->next;
        all->n_spare--;
    } else {
        const size_t size = MAX(least, WR_CHUNK_BYTES);
        c = g_malloc(sizeof *c + size);
        c->of = all;
        c->size = size;
    }
    c->next = NULL;
    c->holders = 1;
    return c;
}

wr_chunk *wr_chunk_hold(wr_chunk *c)
{
    c->holders++;
    return c;
}

void wr_chunk_release(wr_chunk *c)
{
    if (c == NULL || --c->holders > 0)
        return;
    if (c->size > WR_CHUNK_BYTES || c->of->n_spare >= SPARE_MOST) {
        g_free(c);
        return;
    }
    c->next = c->of->spare;
    c->of->spare = c;
    c->of->n_spare++;
}
