/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks of vantage points: how far they are apart by what was seen at both, and what cannot be ordered. */
#include "checks_build.h"

#include "records/clock.h"

#include <math.h>

/* Seen at both, whose clock of the second is that many ms ahead. */
static void seen(call_t *c, unsigned first, unsigned second, int64_t ahead_ms)
{
    wr_clock_note(c->e, first, c->us, second, c->us + ahead_ms * MS, false);
}

static void apart(const call_t *c, unsigned point, bool known, int64_t ms, unsigned common)
{
    int64_t offset = 77;
    unsigned n = 77;

    g_assert_true(wr_clock_offset(c->e, point, &offset, &n) == known);
    g_assert_cmpint(offset, ==, ms * MS);
    g_assert_cmpuint(n, ==, common);
    g_assert_true(wr_clock_offset(c->e, point, &offset, NULL) == known);
    g_assert_cmpint(offset, ==, ms * MS);
    g_assert_cmpint(wr_clock_time(c->e, point, c->us), ==, common >= WR_CLOCK_LEAST ? c->us - ms * MS : c->us);
}

/* The first point is the measure, and needs nobody; of others nothing is known before something was seen at both. */
static void test_alone(void)
{
    call_t c = call_begin(NULL);

    apart(&c, 0, true, 0, 0);
    apart(&c, 1, false, 0, 0);
    seen(&c, 1, 1, 400); /* one point says nothing of itself */
    apart(&c, 1, false, 0, 0);
    seen(&c, 2, 3, 400); /* two others say nothing of the first */
    for (unsigned point = 1; point < WR_MAX_POINTS; point++)
        apart(&c, point, false, 0, 0);
    g_assert_true(wr_clock_can_order(c.e, 0, 0) && wr_clock_can_order(c.e, 3, 3));
    g_assert_false(wr_clock_can_order(c.e, 0, 3) || wr_clock_can_order(c.e, 3, 0) || wr_clock_can_order(c.e, 2, 3));
    call_end(&c);
}

/* Whichever saw it first, and whichever is named first. */
static void test_ahead_and_behind(void)
{
    static const int64_t ahead[] = {1500, -1500};

    for (unsigned i = 0; i < 4; i++) {
        call_t c = call_begin(NULL);
        const int64_t by = ahead[i % 2];

        for (unsigned n = 1; n <= WR_CLOCK_LEAST; n++) { /* one or two can be anybody's: told, and not used */
            if (i / 2 == 0)
                seen(&c, 0, 4, by);
            else
                seen(&c, 4, 0, -by);
            apart(&c, 4, true, by, n);
            g_assert_true(wr_clock_can_order(c.e, 0, 4) == (n == WR_CLOCK_LEAST));
        }
        g_assert_true(wr_clock_can_order(c.e, 0, 4) && wr_clock_can_order(c.e, 4, 0));
        g_assert_false(wr_clock_can_order(c.e, 4, 5) || wr_clock_can_order(c.e, 5, 4));
        call_end(&c);
    }
}

/* Packets take their time and some come twice: the median counts, in whatever order they came. */
static void test_median(void)
{
    static const int64_t orders[][5] = {{10, 20, 30, 900, 900},
                                        {900, 900, 30, 20, 10},
                                        {30, 900, 10, 20, 900},
                                        {20, 900, 30, 900, 10},
                                        {900, 10, 900, 20, 30}};

    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        call_t c = call_begin(NULL);
        for (unsigned j = 0; j < 5; j++)
            seen(&c, 0, 1, orders[i][j]);
        apart(&c, 1, true, 30, 5);
        call_end(&c);
    }
}

/* Two points that share nothing, but each something with a third: what both links carry in common is the less. */
static void test_by_way_of_a_third(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const unsigned via = i % 2 == 0 ? 2 : 6, packets[] = {i / 2 == 0 ? 3 : 5, i / 2 == 0 ? 5 : 3};
        call_t c = call_begin(NULL);

        for (unsigned n = 0; n < packets[0]; n++)
            seen(&c, 0, via, 700);
        apart(&c, 4, false, 0, 0);
        for (unsigned n = 0; n < packets[1]; n++)
            seen(&c, via, 4, -200);
        seen(&c, 0, 1, 5); /* this one does not know it */
        g_test_message("case %u", i);
        apart(&c, 4, true, 500, 3);
        apart(&c, via, true, 700, packets[0]);
        apart(&c, 9, false, 0, 0);
        g_assert_true(wr_clock_can_order(c.e, via, 4) && wr_clock_can_order(c.e, 4, 0));
        call_end(&c);
    }
}

/* Points beyond those told apart are the last. */
static void test_too_many_points(void)
{
    call_t c = call_begin(NULL);

    for (unsigned i = 0; i < WR_CLOCK_LEAST; i++)
        seen(&c, 0, WR_MAX_POINTS + 5, 300);
    apart(&c, WR_MAX_POINTS - 1, true, 300, 3);
    apart(&c, WR_MAX_POINTS, true, 300, 3);
    apart(&c, WR_MAX_POINTS - 2, false, 0, 0);
    seen(&c, WR_MAX_POINTS, WR_MAX_POINTS + 1, 900);
    apart(&c, WR_MAX_POINTS - 1, true, 300, 3);
    g_assert_true(wr_clock_can_order(c.e, WR_MAX_POINTS, WR_MAX_POINTS + 9));
    call_end(&c);
}

/* ---- drift ---- */

typedef struct {
    unsigned seconds, each;      /* for how long, and how many packets a second */
    double ppm;                  /* of the second point's clock */
    int64_t offset_ms;           /* at the middle */
    int64_t delay_us, jitter_us; /* of packets; every other one goes back */
    unsigned forged;             /* of 100 packets, so many are seen at the second point an hour later */
} story;

static wr_clock_fit told(const story *s)
{
    call_t c = call_begin(NULL);
    const int64_t middle = (int64_t)s->seconds * S / 2;
    wr_clock_fit f;
    uint32_t dice = 7;

    for (unsigned i = 0; i < s->seconds * s->each; i++) {
        const int64_t t = (int64_t)i * S / s->each;
        const int64_t by = s->offset_ms * MS + (int64_t)(s->ppm * 1e-6 * (double)(t - middle));
        int64_t late;
        dice = dice * 1664525u + 1013904223u;
        late = s->delay_us + (s->jitter_us > 0 ? (dice >> 8) % s->jitter_us : 0);
        if (i % 2 == 0 && (dice >> 16) % 100 < s->forged)
            late += 3600 * S;
        if (i % 2 == 0)
            wr_clock_note(c.e, 0, c.us + t, 1, c.us + t + by + late, false);
        else
            wr_clock_note(c.e, 1, c.us + t + by, 0, c.us + t + late, true);
    }
    g_assert_false(wr_clocks_settle(c.e) != (ABS(s->offset_ms) > 100)); /* links are worth another look */
    g_assert_false(wr_clocks_settle(c.e));
    g_assert_true(wr_clock_of(c.e, 1, &f));
    for (int64_t t = 0; t <= (int64_t)s->seconds * S && f.drift != 0; t += (int64_t)s->seconds * S / 4) {
        const int64_t by = s->offset_ms * MS + (int64_t)(s->ppm * 1e-6 * (double)(t - middle));
        g_assert_cmpint(ABS(wr_clock_time(c.e, 1, c.us + t + by) - (c.us + t)), <=, 1500 + s->jitter_us);
        g_assert_cmpint(ABS(wr_clock_to_second(&f, wr_clock_to_first(&f, c.us + t)) - (c.us + t)), <=, 1);
    }
    call_end(&c);
    return f;
}

/* A drift is told where it shows beside the delays, over whatever time, with delays of both ways that cancel out. */
static void test_drift(void)
{
    static const story stories[] = {
        {600, 2, 50, 61000, 200, 0, 0},     {600, 2, -50, -61000, 200, 0, 0},  {3600, 1, 50, 7200000, 20000, 2000, 0},
        {60, 20, 200, -500, 1000, 1000, 0}, {600, 2, 50, 61000, 300000, 0, 0}, {600, 2, 50, 61000, 200, 500, 20},
        {7 * 3600, 1, 3, 0, 500, 1000, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(stories); i++) {
        const story *s = &stories[i];
        const wr_clock_fit f = told(s);
        g_test_message("story %zu: %.2f ppm, %" G_GINT64_FORMAT " us", i, f.drift * 1e6, f.offset_us);
        g_assert_cmpfloat(fabs(f.drift * 1e6 - s->ppm), <, 0.1 * fabs(s->ppm) + 0.5);
        g_assert_cmpint(ABS(f.offset_us - s->offset_ms * MS), <, 1000 + s->jitter_us);
    }
}

/* None is told where delays hide it, the time is short, packets are few, or no clock goes so wrong. */
static void test_no_drift(void)
{
    static const story stories[] = {{600, 2, 0, 61000, 200, 500, 0},
                                    {30, 20, 5, 70, 1000, 20000, 0},
                                    {15, 20, 500, 1000, 0, 0, 0},
                                    {600, 2, 20000, 70, 0, 0, 0},
                                    {600, 2, 0, 61000, 200, 500, 30}};

    for (size_t i = 0; i < G_N_ELEMENTS(stories); i++) {
        const wr_clock_fit f = told(&stories[i]);
        g_test_message("story %zu", i);
        g_assert_cmpfloat(f.drift, ==, 0);
        if (stories[i].ppm < 1000)
            g_assert_cmpint(ABS(f.offset_us - stories[i].offset_ms * MS), <, 5000 + stories[i].jitter_us);
    }
}

/* Whoever sends very many at one time has that slice of the time, not the others. */
static void test_flood_at_one_time(void)
{
    call_t c = call_begin(NULL);
    wr_clock_fit f;

    for (unsigned i = 0; i < 20; i++) {
        for (unsigned j = 0; j < 10; j++)
            wr_clock_note(c.e, 0, c.us + i * S, 1, c.us + i * S + 75 * S, false);
        for (unsigned j = 0; i == 7 && j < 100000; j++)
            wr_clock_note(c.e, 0, c.us + i * S, 1, c.us + i * S + 900 * S, false);
    }
    wr_clocks_settle(c.e);
    g_assert_true(wr_clock_of(c.e, 1, &f));
    g_assert_cmpint(f.offset_us, ==, 75 * S);
    g_assert_cmpuint(f.common, ==, 100200);
    call_end(&c);
}

/* One pair of packets that somebody made moves nothing, wherever in time, of whatever way. */
static void test_one_forged_pair(void)
{
    for (unsigned where = 0; where < 12; where++) {
        call_t c = call_begin(NULL);
        wr_clock_fit f;
        for (unsigned i = 0; i < 12; i++) {
            wr_clock_note(c.e, 0, c.us + i * S, 1, c.us + i * S + 5 * S + i % 2, i % 3 == 0);
            if (i == where)
                wr_clock_note(c.e, 0, c.us + i * S, 1, c.us + i * S + 3600 * S, i % 2 == 0);
        }
        wr_clocks_settle(c.e);
        g_assert_true(wr_clock_of(c.e, 1, &f));
        g_assert_cmpint(ABS(f.offset_us - 5 * S), <=, 1);
        call_end(&c);
    }
}

/* A point is one as soon as something was seen there, also where its clock is not known. */
static void test_points(void)
{
    call_t c = call_begin(NULL);

    wr_clock_point_seen(c.e, 0);
    g_assert_true(wr_clock_is_point(c.e, 0) && !wr_clock_is_point(c.e, 1));
    wr_clock_point_seen(c.e, 3);
    wr_clock_point_seen(c.e, WR_MAX_POINTS + 4);
    g_assert_true(wr_clock_is_point(c.e, 0) && wr_clock_is_point(c.e, 3) && wr_clock_is_point(c.e, WR_MAX_POINTS - 1));
    g_assert_false(wr_clock_is_point(c.e, 1) || wr_clock_is_point(c.e, 4));
    apart(&c, 3, false, 0, 0);
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/alone", test_alone);
    g_test_add_func("/clock/ahead_and_behind", test_ahead_and_behind);
    g_test_add_func("/clock/median", test_median);
    g_test_add_func("/clock/by_way_of_a_third", test_by_way_of_a_third);
    g_test_add_func("/clock/too_many_points", test_too_many_points);
    g_test_add_func("/clock/drift", test_drift);
    g_test_add_func("/clock/no_drift", test_no_drift);
    g_test_add_func("/clock/flood_at_one_time", test_flood_at_one_time);
    g_test_add_func("/clock/one_forged_pair", test_one_forged_pair);
    g_test_add_func("/clock/points", test_points);
    return g_test_run();
}
