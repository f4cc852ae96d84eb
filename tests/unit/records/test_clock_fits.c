/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From where on a clock is told by another: how many packets show a drift, over what time, and by what way. */
#include "checks_build.h"

#include "records/clock.h"
#include "records/clock_fit.h"

#include <math.h>

#define START (INT64_C(1700000000) * S)

/* Of all that was added. */
static wr_clock_fit fit_of(struct wr_clock_samples *s)
{
    const wr_clock_fit f = *wr_clock_samples_fit(s, true);

    g_free(s);
    return f;
}

/* So many packets at each of these times, by a clock that goes wrong by that many microseconds in all. */
static wr_clock_fit evenly(unsigned each, unsigned times, int64_t span_us, double effect_us, unsigned ways)
{
    struct wr_clock_samples *s = wr_clock_samples_new();

    for (unsigned i = 0; i < times; i++)
        for (unsigned j = 0; j < each; j++) {
            const int64_t us = span_us * i / (times - 1);
            wr_clock_samples_add(s, START + us, 70 * S + (int64_t)(effect_us * (double)us / (double)span_us),
                                 ways == 2 && i % 2 != 0);
        }
    return fit_of(s);
}

/* ---- a drift ---- */

static void test_drift_shows(void)
{
    static const struct {
        const char *words;
        unsigned each, times; /* packets, at so many times */
        int64_t span_us;
        double effect_us;
        unsigned ways;
        bool shows;
    } rows[] = {
        {"enough", 4, 4, 30 * S, 3000, 1, true},
        {"too few packets", 3, 5, 30 * S, 3000, 1, false},
        {"just enough", 2, 8, 30 * S, 3000, 1, true},
        {"at too few times", 6, 3, 30 * S, 3000, 1, false},
        {"at enough times, but of either way too few", 4, 6, 30 * S, 3000, 2, false},
        {"of either way enough", 4, 8, 30 * S, 3000, 2, true},
        {"long enough", 4, 5, 20 * S, 3000, 1, true},
        {"not long enough", 4, 5, 20 * S - 4, 3000, 1, false},
        {"it makes a difference", 4, 5, 20 * S, 200, 1, true},
        {"it makes none", 4, 5, 20 * S, 196, 1, false},
        {"as much as a clock may be wrong", 4, 5, 20 * S, 20000, 1, true},
        {"as much the other way", 4, 5, 20 * S, -20000, 1, true},
        {"more", 4, 5, 20 * S, 20004, 1, false},
        {"more the other way", 4, 5, 20 * S, -20004, 1, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const wr_clock_fit f = evenly(rows[i].each, rows[i].times, rows[i].span_us, rows[i].effect_us, rows[i].ways);
        g_test_message("%s: %g", rows[i].words, f.drift);
        g_assert_true((f.drift != 0) == rows[i].shows);
        if (rows[i].shows) {
            g_assert_cmpfloat(fabs(f.drift - rows[i].effect_us / (double)rows[i].span_us), <, 1e-7);
            g_assert_cmpint(f.at_us, ==, START + rows[i].span_us / 2);
        }
        g_assert_cmpuint(f.common, ==, rows[i].each * rows[i].times);
    }
}

/* What lies a third of the time apart shows it, and no less: delays of neighbours show more of themselves. */
static void test_far_enough(void)
{
    static const int64_t stray_us[] = {0, 1000, -1000, 0};

    struct wr_clock_samples *s = wr_clock_samples_new();

    for (int i = 0; i < 4; i++)
        for (unsigned j = 0; j < 4; j++)
            wr_clock_samples_add(s, START + 10 * S * i, 10 * S * i * 6 / 10000 + stray_us[i], false);
    /* with neighbours the middle one of all pairs is that of the ends; without them it would be one of 550 ppm */
    g_assert_cmpfloat(fabs(fit_of(s).drift - 600e-6), <, 1e-6);
}

/* Where delays stray as much as the clock, none shows. */
static void test_strays(void)
{
    static const struct {
        int64_t stray_us;
        bool shows;
    } rows[] = {{100, true}, {3000, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct wr_clock_samples *s = wr_clock_samples_new();

        for (unsigned n = 0; n < 16; n++) /* 3 ms in all; every other packet is late */
            wr_clock_samples_add(s, START + 2 * S * n, (int64_t)(200 * n) + (n % 2 != 0 ? rows[i].stray_us * 2 : 0),
                                 false);
        g_assert_true((fit_of(s).drift != 0) == rows[i].shows);
    }
}

/* ---- an offset ---- */

/* The truth lies between both ways where they are alike; else the median of all is told. */
static void test_between_the_ways(void)
{
    static const struct {
        const char *words;
        unsigned n[2];   /* packets of each way */
        int64_t us[2];   /* by which the clock seems ahead */
        int64_t span_us; /* between the first and the last */
        int64_t ahead_us;
    } rows[] = {
        {"as many of both", {4, 4}, {0, 1000}, 0, 500},
        {"four times as many", {4, 1}, {0, 1000}, 0, 500},
        {"more than that", {5, 1}, {0, 1000}, 0, 0},
        {"four times as many of the other", {1, 4}, {0, 1000}, 0, 500},
        {"more than that, of the other", {1, 5}, {0, 1000}, 0, 1000},
        {"as far apart as a round trip may be", {4, 4}, {0, 2 * S}, 0, S},
        {"further: some of them is nothing", {4, 5}, {0, 2 * S + 1}, 0, 2 * S + 1},
        {"further, though clocks may be wrong by that", {4, 5}, {0, 2 * S + 1}, 10 * S, 2 * S + 1},
        {"one way alone", {4, 0}, {700, 0}, 0, 700},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct wr_clock_samples *s = wr_clock_samples_new();
        wr_clock_fit f;

        for (unsigned way = 0; way < 2; way++)
            for (unsigned n = 0; n < rows[i].n[way]; n++)
                wr_clock_samples_add(s, START + (n == 0 ? 0 : rows[i].span_us), rows[i].us[way], way != 0);
        f = fit_of(s);
        g_test_message("%s", rows[i].words);
        g_assert_cmpint(f.offset_us, ==, rows[i].ahead_us);
    }
}

/* ---- what is kept ---- */

/* However long it takes there is room: the second half of the time is as good as the first. */
static void test_slices(void)
{
    static const int64_t spans[] = {31 * S, 32 * S - 1, 32 * S, 33 * S, 64 * S, 1000 * S};

    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
        struct wr_clock_samples *s = wr_clock_samples_new();
        wr_clock_fit f;

        for (unsigned n = 0; n < 200; n++) /* before the first, too: capture clocks may go back */
            wr_clock_samples_add(s,
                                 START + (n == 0   ? 0
                                          : n == 1 ? -5 * S
                                                   : spans[i] * n / 199),
                                 n < 100 ? 5 : 9, false);
        f = fit_of(s);
        g_assert_cmpuint(f.common, ==, 200);
        g_assert_true(f.offset_us >= 5 && f.offset_us <= 9 && f.drift == 0);
    }
}

/* An answer that most packets were in is good enough where none exact is asked for. */
static void test_fit_again(void)
{
    struct wr_clock_samples *s = wr_clock_samples_new();

    g_assert_cmpuint(wr_clock_samples_fit(s, true)->common, ==, 0);
    g_assert_cmpuint(wr_clock_samples_fit(s, false)->common, ==, 0);
    for (unsigned n = 1; n <= 11; n++) {
        wr_clock_samples_add(s, START + n, 0, false);
        if (n == 1 || n >= 8)
            g_assert_cmpuint(wr_clock_samples_fit(s, false)->common, ==, n == 1 ? 1 : n < 10 ? 8 : n == 10 ? 10 : 10);
    }
    g_assert_cmpuint(wr_clock_samples_fit(s, true)->common, ==, 11);
    g_free(s);
}

/* ---- by what way ---- */

static void seen(call_t *c, unsigned first, unsigned second, unsigned packets, int64_t ahead_us)
{
    for (unsigned i = 0; i < packets; i++)
        wr_clock_note(c->e, first, c->us, second, c->us + ahead_us, false);
}

/* A point's clock is told by the first point's where so many packets were seen at both as it takes; else by way of that
 * third with which there are most in common, where these are more. */
static void test_way(void)
{
    static const struct {
        const char *words;
        unsigned direct, via[2]; /* packets in common with the first, and with each of two thirds */
        int64_t ms;              /* 1000 directly; 2000 and 3000 by way of the thirds */
        unsigned common;
    } rows[] = {
        {"directly", 3, {9, 9}, 1000, 3},
        {"too few of them", 2, {3, 0}, 2000, 3},
        {"no fewer", 2, {2, 0}, 1000, 2},
        {"by the better", 0, {3, 5}, 3000, 5},
        {"by the better first", 0, {5, 3}, 2000, 5},
        {"by the first of equals", 0, {4, 4}, 2000, 4},
        {"by none", 0, {0, 0}, 0, 0},
        {"one alone is better than none", 1, {0, 0}, 1000, 1},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        const unsigned point = i % 2 == 0 ? 1 : 9, third[2] = {4, 6}; /* before or behind the thirds */
        call_t c = call_begin(NULL);
        wr_clock_fit f;

        seen(&c, 0, point, rows[n].direct, 1000 * MS);
        for (unsigned k = 0; k < 2; k++) {
            seen(&c, 0, third[k], rows[n].via[k] + 1, 500 * MS); /* the lesser of both counts */
            seen(&c, third[k], point, rows[n].via[k], (k == 0 ? 1500 : 2500) * MS);
        }
        g_test_message("%s", rows[n].words);
        g_assert_true(wr_clock_of(c.e, point, &f) == (rows[n].common > 0));
        g_assert_cmpint(f.offset_us, ==, rows[n].ms * MS);
        g_assert_cmpuint(f.common, ==, rows[n].common);
        g_assert_true(wr_clock_can_order(c.e, 0, point) == (rows[n].common >= WR_CLOCK_LEAST));
        g_assert_cmpint(wr_clock_time(c.e, point, c.us), ==,
                        c.us - (rows[n].common >= WR_CLOCK_LEAST ? rows[n].ms * MS : 0));
        call_end(&c);
    }
}

/* A drift is that of both steps, in whichever order the points are numbered. */
static void test_drift_by_way(void)
{
    for (int i = 0; i < 2; i++) {
        const unsigned via = 4, point = i == 0 ? 9 : 2;
        call_t c = call_begin(NULL);
        wr_clock_fit f;

        for (int n = 0; n < 40; n++) {
            const int64_t us = c.us + n * S, there = us + 100 * n; /* 100 ppm */
            wr_clock_note(c.e, 0, us, via, there, false);
            wr_clock_note(c.e, via, there, point, there + 300 * n, false); /* and 300 ppm */
        }
        wr_clocks_settle(c.e);
        g_assert_true(wr_clock_of(c.e, point, &f));
        g_assert_cmpfloat(fabs(f.drift - 400e-6), <, 2e-6);
        call_end(&c);
    }
}

/* A clock is another when it is off by more than a tenth of a second from what it was, and enough packets say so. */
static void test_settle(void)
{
    static const struct {
        unsigned packets;
        int64_t us;
        bool changed;
    } rows[] = {
        {3, 100 * MS, false},     {3, 100 * MS + 1, true}, {3, -100 * MS, false},
        {3, -100 * MS - 1, true}, {2, 9 * S, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);

        g_assert_false(wr_clocks_settle(c.e)); /* nothing is known */
        seen(&c, 0, WR_MAX_POINTS - 1, rows[i].packets, rows[i].us);
        g_test_message("row %zu", i);
        g_assert_true(wr_clocks_settle(c.e) == rows[i].changed);
        g_assert_false(wr_clocks_settle(c.e));
        call_end(&c);
    }
}

/* Two ways between two ends are two. */
static void test_two_ways(void)
{
    const wr_endpoint a = ALICES, b = BOBS;

    g_assert_true(wr_clock_way(&a, &b) != wr_clock_way(&b, &a));
    g_assert_true(wr_clock_way(&a, &b) == wr_clock_way(&a, &b));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock_fits/drift_shows", test_drift_shows);
    g_test_add_func("/clock_fits/far_enough", test_far_enough);
    g_test_add_func("/clock_fits/strays", test_strays);
    g_test_add_func("/clock_fits/between_the_ways", test_between_the_ways);
    g_test_add_func("/clock_fits/slices", test_slices);
    g_test_add_func("/clock_fits/fit_again", test_fit_again);
    g_test_add_func("/clock_fits/way", test_way);
    g_test_add_func("/clock_fits/drift_by_way", test_drift_by_way);
    g_test_add_func("/clock_fits/settle", test_settle);
    g_test_add_func("/clock_fits/two_ways", test_two_ways);
    return g_test_run();
}
