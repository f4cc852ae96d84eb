/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was seen gets its time by one clock, once the clocks of the vantage points are known; and descriptions that only
 * their clocks kept apart are joined. That can come late: where clocks are hours off, all of one point stands in the
 * capture before anything of the other.
 */
#include "learn.h"

typedef struct {
    wr_clock_fit of[WR_MAX_POINTS]; /* common is 0 where nothing is known */
} clocks;

static void ask_clocks(const wr_engine *e, clocks *c)
{
    for (unsigned i = 0; i < WR_MAX_POINTS; i++)
        if (!wr_clock_of(e, i, &c->of[i]) || (i > 0 && c->of[i].common < WR_CLOCK_LEAST))
            c->of[i] = (wr_clock_fit){.common = 0};
}

static bool is_timed(const clocks *c, unsigned point)
{
    point = MIN(point, WR_MAX_POINTS - 1u);
    return point == 0 || c->of[point].common > 0;
}

static int64_t ahead(const clocks *c, unsigned point, int64_t us)
{
    point = MIN(point, WR_MAX_POINTS - 1u);
    return point == 0 || c->of[point].common == 0 ? 0 : us - wr_clock_to_first(&c->of[point], us);
}

static void time_copy(const wr_engine *e, const clocks *k, wr_copy *c)
{
    c->timed = is_timed(k, c->point) && !wr_copy_is_stated(c);
    c->ahead_us = c->timed ? ahead(k, c->point, c->time_us) : 0;
    c->spot = (uint8_t)wr_inferred_of_look(e, c->look);
    c->spot_ahead_us = c->time_us - wr_inferred_time(e, c->spot, c->time_us);
}

bool wr_clocks_apply(wr_engine *e)
{
    bool apart = false;
    clocks k;

    wr_clocks_settle(e);
    wr_inferred_settle(e);
    if (e->clocks == NULL && wr_inferred_points(e) == 0)
        return false;
    ask_clocks(e, &k);
    for (unsigned i = 0; i < e->associations->len; i++) {
        wr_association *a = g_ptr_array_index(e->associations, i);
        a->timed = is_timed(&k, a->point);
        a->ahead_us = ahead(&k, a->point, a->server_hello_us != 0 ? a->server_hello_us : a->first_us);
    }
    for (unsigned i = 0; i < e->copies->len; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, i);
        time_copy(e, &k, c);
        apart |= ABS(c->ahead_us) > WR_SLACK_US || ABS(c->spot_ahead_us) > WR_SLACK_US;
    }
    return apart;
}
