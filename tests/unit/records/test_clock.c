/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks of vantage points: how far they are apart by what was seen at both, and what cannot be ordered. */
#include "checks_build.h"

#include "records/clock.h"

/* Seen at both, whose clock of the second is that many ms ahead. */
static void seen(call_t *c, unsigned first, unsigned second, int64_t ahead_ms)
{
    wr_clock_note(c->e, first, c->us, second, c->us + ahead_ms * MS);
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
    g_assert_cmpint(wr_clock_time(c->e, point, c->us), ==, c->us - ms * MS);
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

        if (i / 2 == 0)
            seen(&c, 0, 4, by);
        else
            seen(&c, 4, 0, -by);
        apart(&c, 4, true, by, 1);
        g_assert_true(wr_clock_can_order(c.e, 0, 4) && wr_clock_can_order(c.e, 4, 0));
        g_assert_false(wr_clock_can_order(c.e, 4, 5) || wr_clock_can_order(c.e, 5, 4));
        call_end(&c);
    }
}

/* Packets take their time and some come twice: the median counts, in whatever order they came; the first so many. */
static void test_median(void)
{
    static const int64_t orders[][5] = {{10, 20, 30, 9000, 9000},
                                        {9000, 9000, 30, 20, 10},
                                        {30, 9000, 10, 20, 9000},
                                        {20, 9000, 30, 9000, 10},
                                        {9000, 10, 9000, 20, 30}};
    call_t many = call_begin(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        call_t c = call_begin(NULL);
        for (unsigned j = 0; j < 5; j++)
            seen(&c, 0, 1, orders[i][j]);
        apart(&c, 1, true, 30, 5);
        call_end(&c);
    }
    for (unsigned i = 0; i < WR_MAX_CLOCK_SAMPLES; i++)
        seen(&many, 0, 1, 100);
    for (unsigned i = 0; i < 2 * WR_MAX_CLOCK_SAMPLES; i++)
        seen(&many, 0, 1, 5000);
    apart(&many, 1, true, 100, 3 * WR_MAX_CLOCK_SAMPLES);
    call_end(&many);
}

/* Two points that share nothing, but each something with a third: what both links carry in common is the less. */
static void test_by_way_of_a_third(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const unsigned via = i % 2 == 0 ? 2 : 6, packets[] = {i / 2 == 0 ? 1 : 3, i / 2 == 0 ? 3 : 1};
        call_t c = call_begin(NULL);

        for (unsigned n = 0; n < packets[0]; n++)
            seen(&c, 0, via, 700);
        apart(&c, 4, false, 0, 0);
        for (unsigned n = 0; n < packets[1]; n++)
            seen(&c, via, 4, -200);
        seen(&c, 0, 1, 5); /* this one does not know it */
        g_test_message("case %u", i);
        apart(&c, 4, true, 500, 1);
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

    seen(&c, 0, WR_MAX_POINTS + 5, 300);
    apart(&c, WR_MAX_POINTS - 1, true, 300, 1);
    apart(&c, WR_MAX_POINTS, true, 300, 1);
    apart(&c, WR_MAX_POINTS - 2, false, 0, 0);
    seen(&c, WR_MAX_POINTS, WR_MAX_POINTS + 1, 900);
    apart(&c, WR_MAX_POINTS - 1, true, 300, 1);
    g_assert_true(wr_clock_can_order(c.e, WR_MAX_POINTS, WR_MAX_POINTS + 9));
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
    return g_test_run();
}
