/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks of vantage points. */
#include "records/clock.h"

#include "records/store.h"

#include <stdlib.h>

#define CHANGED_US (WR_SLACK_US / 5) /* what is linked by time may now be linked otherwise */

struct wr_clocks {
    struct wr_clock_samples *between[WR_MAX_POINTS][WR_MAX_POINTS]; /* lower point first: how far the other is ahead */
    uint32_t seen;                                                  /* points, a bit each */
    int64_t settled_us[WR_MAX_POINTS];                              /* offsets at the last wr_clocks_settle() */
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

static struct wr_clocks *clocks_of(wr_engine *e)
{
    if (e->clocks == NULL)
        e->clocks = g_new0(struct wr_clocks, 1);
    return e->clocks;
}

void wr_clock_point_seen(wr_engine *e, unsigned point)
{
    if (point != 0 || e->clocks != NULL)
        clocks_of(e)->seen |= 1u << bounded(point);
}

bool wr_clock_is_point(const wr_engine *e, unsigned point)
{
    return point == 0 || (e->clocks != NULL && (e->clocks->seen >> bounded(point) & 1) != 0);
}

bool wr_clock_way(const wr_endpoint *src, const wr_endpoint *dst)
{
    return wr_endpoint_compare(src, dst) < 0;
}

void wr_clock_note(wr_engine *e, unsigned first, int64_t first_us, unsigned second, int64_t second_us, bool way)
{
    const unsigned a = bounded(MIN(first, second)), b = bounded(MAX(first, second));
    const int64_t us = first <= second ? first_us : second_us;
    struct wr_clock_samples **d;

    if (a == b)
        return;
    d = &clocks_of(e)->between[a][b];
    if (*d == NULL)
        *d = wr_clock_samples_new();
    e->clocks->seen |= 1u << a | 1u << b;
    wr_clock_samples_add(*d, us, first <= second ? second_us - first_us : first_us - second_us, way);
}

/* NULL where nothing was seen at both. */
static const wr_clock_fit *fit_between(const wr_engine *e, unsigned a, unsigned b)
{
    struct wr_clock_samples *d = e->clocks->between[MIN(a, b)][MAX(a, b)];

    return d != NULL ? wr_clock_samples_fit(d, false) : NULL;
}

bool wr_clocks_settle(wr_engine *e)
{
    bool changed = false;

    for (unsigned i = 0; e->clocks != NULL && i < WR_MAX_POINTS; i++)
        for (unsigned j = i + 1; j < WR_MAX_POINTS; j++)
            if (e->clocks->between[i][j] != NULL)
                wr_clock_samples_fit(e->clocks->between[i][j], true);
    for (unsigned i = 1; e->clocks != NULL && i < WR_MAX_POINTS; i++) {
        wr_clock_fit f;
        const int64_t is = wr_clock_of(e, i, &f) && f.common >= WR_CLOCK_LEAST ? f.offset_us : 0;
        if (ABS(is - e->clocks->settled_us[i]) <= CHANGED_US)
            continue;
        e->clocks->settled_us[i] = is;
        changed = true;
    }
    return changed;
}

/* From this point's time to that of another with which it has something in common. */
static int64_t translate(const wr_engine *e, unsigned from, unsigned to, int64_t us)
{
    const wr_clock_fit *f = fit_between(e, from, to);

    return from < to ? wr_clock_to_second(f, us) : wr_clock_to_first(f, us);
}

/* The point by which the clock of this one is told from that of the first: 0 itself where both saw something, else a
 * third; WR_MAX_POINTS for none. common: the packets that tell. */
static unsigned way_to_first(const wr_engine *e, unsigned point, unsigned *common)
{
    const wr_clock_fit *f = fit_between(e, 0, point), *g;
    unsigned best = WR_MAX_POINTS;

    *common = 0;
    if (f != NULL && f->common >= WR_CLOCK_LEAST) {
        *common = f->common;
        return 0;
    }
    for (unsigned via = 1; via < WR_MAX_POINTS; via++) {
        if (via == point || (f = fit_between(e, 0, via)) == NULL || (g = fit_between(e, via, point)) == NULL ||
            MIN(f->common, g->common) <= *common)
            continue;
        *common = MIN(f->common, g->common);
        best = via;
    }
    f = fit_between(e, 0, point);
    if (f == NULL || f->common < *common)
        return best;
    *common = f->common;
    return 0;
}

bool wr_clock_of(const wr_engine *e, unsigned point, wr_clock_fit *out)
{
    unsigned via, common;

    *out = (wr_clock_fit){.common = 0};
    point = bounded(point);
    if (point == 0)
        return true;
    if (e->clocks == NULL)
        return false;
    via = way_to_first(e, point, &common);
    if (via == WR_MAX_POINTS)
        return false;
    if (via == 0) {
        *out = *fit_between(e, 0, point);
    } else { /* both steps at the time that the first is told for */
        const wr_clock_fit *f = fit_between(e, 0, via), *g = fit_between(e, via, point);
        const int64_t there = translate(e, via, point, translate(e, 0, via, f->at_us));
        *out = (wr_clock_fit){f->at_us, there - f->at_us, f->drift + (via < point ? g->drift : -g->drift), common};
    }
    return true;
}

bool wr_clock_offset(const wr_engine *e, unsigned point, int64_t *offset_us, unsigned *common)
{
    wr_clock_fit f;
    const bool known = wr_clock_of(e, point, &f);

    *offset_us = f.offset_us;
    if (common != NULL)
        *common = f.common;
    return known;
}

int64_t wr_clock_time(const wr_engine *e, unsigned point, int64_t us)
{
    wr_clock_fit f;

    return bounded(point) != 0 && wr_clock_of(e, point, &f) && f.common >= WR_CLOCK_LEAST ? wr_clock_to_first(&f, us)
                                                                                          : us;
}

static bool is_known(const wr_engine *e, unsigned point)
{
    wr_clock_fit f;

    return bounded(point) == 0 || (wr_clock_of(e, point, &f) && f.common >= WR_CLOCK_LEAST);
}

bool wr_clock_can_order(const wr_engine *e, unsigned a, unsigned b)
{
    return bounded(a) == bounded(b) || (is_known(e, a) && is_known(e, b));
}
