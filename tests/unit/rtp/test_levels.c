/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One speech under two encryptions, strangers, people who take turns, and what cannot be told. The speech is made here:
 * spurts and pauses of random length, syllables, a loudness of its own. "-m slow" measures on many more pairs, and says
 * how often strangers passed, and how often what is the same did not.
 */
#include "rtp/levels.h"

#include <glib.h>

#define PACKET_US 20000
#define PACKETS   2500 /* 50 seconds */
#define BEGIN     G_GINT64_CONSTANT(1790000000000000)

typedef struct {
    uint8_t loud[PACKETS]; /* 127 - level */
    bool talks[PACKETS];
} speech;

static double between(GRand *r, double least, double most)
{
    return g_rand_double_range(r, least, most);
}

/* Where other (may be NULL) talks this one is silent, but for short words. */
static void speak(speech *s, GRand *r, const speech *other)
{
    const double voice = between(r, 85, 110), room = between(r, 20, 55);
    double syllable = 0;
    bool talks = g_rand_boolean(r);
    int left = 0;

    for (int i = 0; i < PACKETS; i++) {
        if (left-- <= 0) {
            talks = !talks;
            left = (int)(talks ? between(r, 15, 120) : between(r, 8, 80));
        }
        if (i % 9 == 0)
            syllable = between(r, -14, 6);
        s->talks[i] = talks && (other == NULL || !other->talks[i] || i % 700 < 30);
        s->loud[i] =
            (uint8_t)CLAMP(s->talks[i] ? voice + syllable + between(r, -4, 4) : room + between(r, -5, 5), 0, 127);
    }
}

/* As it stands in packets: so much later, with jitter, loss, and a gain that drifts. */
static wr_levels *sent(const speech *s, GRand *r, int delay_ms, double gain, double loss)
{
    wr_levels *l = wr_levels_new();

    for (int i = 0; i < PACKETS; i++) {
        const double loud = s->loud[i] + gain * (1 + i / (2.0 * PACKETS)) + (gain != 0 ? between(r, -2, 2) : 0);
        if (g_rand_double(r) < loss)
            continue;
        wr_levels_add(l, BEGIN + i * PACKET_US + delay_ms * 1000 + (int)between(r, 0, 15000),
                      (uint8_t)(127 - (int)CLAMP(loud, 0, 127)));
    }
    return l;
}

static bool match(wr_levels *a, wr_levels *b, wr_level_match *out)
{
    const bool same = wr_levels_match(a, b, out);

    wr_levels_free(a);
    wr_levels_free(b);
    return same;
}

static void test_same(void)
{
    const int n = g_test_slow() ? 20000 : 200;
    GRand *r = g_rand_new_with_seed(1);
    int found = 0;

    for (int i = 0; i < n; i++) {
        const int delay = g_rand_int_range(r, 20, 800);
        wr_level_match m;
        speech s;
        speak(&s, r, NULL);
        if (!match(sent(&s, r, 0, 0, 0.01), sent(&s, r, delay, between(r, -8, 8), 0.03), &m))
            continue;
        found++;
        g_assert_cmpint(ABS(m.delay_ms - delay), <=, 100);
        g_assert_cmpuint(m.seconds, >=, 45);
    }
    g_test_message("%d of %d recognised", found, n);
    g_assert_cmpint(found, >=, n * 9 / 10);
    g_rand_free(r);
}

static void test_strangers(void)
{
    const int n = g_test_slow() ? 200000 : 2000;
    GRand *r = g_rand_new_with_seed(2);
    double most = -1;
    int found = 0;

    for (int i = 0; i < n; i++) {
        wr_level_match m;
        speech a, b;
        speak(&a, r, NULL);
        speak(&b, r, i % 2 == 0 ? &a : NULL); /* who talks with each other takes turns */
        found += match(sent(&a, r, 0, 0, 0.01), sent(&b, r, 50, 0, 0.01), &m);
        most = MAX(most, m.coefficient);
    }
    g_test_message("%d of %d strangers passed; largest coefficient %.2f", found, n, most);
    g_assert_cmpint(found, ==, 0);
    g_rand_free(r);
}

static void make(speech *s, int every, int length, int loud, int quiet)
{
    for (int i = 0; i < PACKETS; i++)
        s->loud[i] = (uint8_t)(i % every < length ? loud : quiet);
}

/* The same on both sides, and yet nothing can be concluded. */
static void test_undecidable(void)
{
    const struct {
        int every, length, loud, quiet;
    } rows[] = {{50, 5, 110, 20}, {25, 12, 100, 40}, {1, 1, 100, 0},
                {1, 1, 0, 0},     {2500, 5, 110, 0}, {300, 150, 100, 30}};
    GRand *r = g_rand_new_with_seed(3);

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        wr_level_match m;
        speech s;
        make(&s, rows[i].every, rows[i].length, rows[i].loud, rows[i].quiet);
        g_assert_false(match(sent(&s, r, 0, 0, 0), sent(&s, r, 100, 0, 0), &m));
    }
    g_rand_free(r);
}

static void test_bounds(void)
{
    GRand *r = g_rand_new_with_seed(4);
    wr_levels *l = wr_levels_new(), *late;
    wr_level_match m;
    speech s;

    wr_levels_add(l, BEGIN, 10);
    wr_levels_add(l, BEGIN - WR_LEVEL_US, 10);
    g_assert_cmpuint(wr_levels_bins(l), ==, 1);
    wr_levels_add(l, BEGIN + (WR_LEVEL_BINS - 1) * (int64_t)WR_LEVEL_US, 0x80 | 127);
    wr_levels_add(l, BEGIN + WR_LEVEL_BINS * (int64_t)WR_LEVEL_US, 10);
    wr_levels_add(l, G_MAXINT64, 10);
    g_assert_cmpuint(wr_levels_bins(l), ==, WR_LEVEL_BINS);
    g_assert_false(match(l, wr_levels_new(), &m));
    speak(&s, r, NULL);
    late = wr_levels_new();
    for (int i = 0; i < PACKETS; i++) /* nothing in common in time */
        wr_levels_add(late, BEGIN + (i + 2 * PACKETS) * (int64_t)PACKET_US, (uint8_t)(127 - s.loud[i]));
    g_assert_false(match(sent(&s, r, 0, 0, 0), late, &m));
    g_rand_free(r);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/levels/same", test_same);
    g_test_add_func("/levels/strangers", test_strangers);
    g_test_add_func("/levels/undecidable", test_undecidable);
    g_test_add_func("/levels/bounds", test_bounds);
    return g_test_run();
}
