/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks of vantage points. */
#include "records/clock.h"

#include "records/store.h"

#include <stdlib.h>

typedef struct {
    int64_t samples[WR_MAX_CLOCK_SAMPLES];
    unsigned n, common; /* kept, and seen */
} difference;

struct wr_clocks {
    difference *between[WR_MAX_POINTS][WR_MAX_POINTS]; /* lower point first: how far the other is ahead */
};

static unsigned bounded(unsigned point)
{
    return MIN(point, WR_MAX_POINTS - 1u);
}

void wr_clocks_free(struct wr_clocks *c)
{
    for (unsigned i = 0; c != NULL && i < WR_MAX_POINTS; i++)
        for (unsigned j = i + 1; j < WR_MAX_POINTS; j++)
            g_free(c->between[i][j]);
    g_free(c);
}

void wr_clock_note(wr_engine *e, unsigned first, int64_t first_us, unsigned second, int64_t second_us)
{
    const unsigned a = bounded(MIN(first, second)), b = bounded(MAX(first, second));
    const int64_t ahead = first <= second ? second_us - first_us : first_us - second_us;
    difference *d;

    if (a == b)
        return;
    if (e->clocks == NULL)
        e->clocks = g_new0(struct wr_clocks, 1);
    d = e->clocks->between[a][b];
    if (d == NULL)
        d = e->clocks->between[a][b] = g_new0(difference, 1);
    d->common++;
    if (d->n < WR_MAX_CLOCK_SAMPLES)
        d->samples[d->n++] = ahead;
}

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static bool median(const wr_engine *e, unsigned a, unsigned b, int64_t *ahead, unsigned *common)
{
    int64_t sorted[WR_MAX_CLOCK_SAMPLES];
    const difference *d = e->clocks->between[MIN(a, b)][MAX(a, b)];

    if (d == NULL)
        return false;
    for (unsigned i = 0; i < d->n; i++)
        sorted[i] = d->samples[i];
    qsort(sorted, d->n, sizeof sorted[0], by_value);
    *ahead = a < b ? sorted[d->n / 2] : -sorted[d->n / 2];
    *common = d->common;
    return true;
}

bool wr_clock_offset(const wr_engine *e, unsigned point, int64_t *offset_us, unsigned *common)
{
    unsigned n = 0, more;
    int64_t step;

    *offset_us = 0;
    point = bounded(point);
    if (common != NULL)
        *common = 0;
    if (point == 0)
        return true;
    if (e->clocks == NULL)
        return false;
    if (!median(e, 0, point, offset_us, &n)) { /* by way of a third */
        unsigned via = 1;
        while (via < WR_MAX_POINTS &&
               (via == point || !median(e, 0, via, offset_us, &n) || !median(e, via, point, &step, &more)))
            via++;
        if (via == WR_MAX_POINTS) {
            *offset_us = 0;
            return false;
        }
        *offset_us += step;
        n = MIN(n, more);
    }
    if (common != NULL)
        *common = n;
    return true;
}

int64_t wr_clock_time(const wr_engine *e, unsigned point, int64_t us)
{
    int64_t offset;

    return wr_clock_offset(e, point, &offset, NULL) ? us - offset : us;
}

bool wr_clock_can_order(const wr_engine *e, unsigned a, unsigned b)
{
    int64_t offset;

    return bounded(a) == bounded(b) || (wr_clock_offset(e, a, &offset, NULL) && wr_clock_offset(e, b, &offset, NULL));
}
