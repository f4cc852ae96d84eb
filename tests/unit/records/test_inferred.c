/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vantage points that the file does not name: inferred from TTL and links, where most packets come twice. */
#include "inferred_build.h"

/* One TTL less on the other side of a router, in both directions: two points, and which is which. */
static void test_by_ttl(void)
{
    static const doubled there = {ALICE, BOB, {64, 63}, {0, 0}, 61000}, back = {BOB, ALICE, {63, 64}, {0, 0}, 60999};
    call_t c = call_begin(NULL);
    unsigned near;
    wr_inferred_point p;

    come(&c, &there, 20, 0);
    come(&c, &back, 20, 0);
    g_assert_cmpuint(points(&c), ==, 2);
    near = shown(&c, ALICE, BOB, 64, 0);
    g_assert_cmpuint(near, ==, 1);
    g_assert_cmpuint(shown(&c, BOB, ALICE, 63, 0), ==, near);
    g_assert_cmpuint(shown(&c, ALICE, BOB, 63, 0), ==, 2);
    g_assert_cmpuint(shown(&c, BOB, ALICE, 64, 0), ==, 2);
    g_assert_cmpuint(shown(&c, ALICE, SERVER, 64, 0), ==, near); /* of its host, with its TTL */
    g_assert_cmpuint(shown(&c, SERVER, ALICE, 60, 0), ==, 0);
    g_assert_cmpuint(shown(&c, ALICE, BOB, 62, 0), ==, 0);
    p = wr_inferred_point_of(c.e, 2);
    g_assert_true(p.by == 1 && p.by_ttl && !p.by_link && p.clock.offset_us / MS == 61000);
    g_assert_cmpint(wr_inferred_time(c.e, 2, c.us), ==, c.us - 61000 * MS);
    g_assert_cmpint(wr_inferred_time(c.e, 1, c.us), ==, c.us);
    g_assert_cmpint(wr_inferred_time(c.e, 0, c.us), ==, c.us);
    g_assert_true(wr_inferred_can_order(c.e, 1, 2) && !wr_inferred_can_order(c.e, 0, 2));
    call_end(&c);
}

/* Whichever was seen first is the measure. */
static void test_the_far_one_first(void)
{
    static const doubled there = {ALICE, BOB, {63, 64}, {FAR, NEAR}, 5000};
    call_t c = call_begin(NULL);
    wr_inferred_point p;

    come(&c, &there, 20, 0);
    g_assert_cmpuint(points(&c), ==, 2);
    g_assert_cmpuint(shown(&c, ALICE, BOB, 63, FAR), ==, 1);
    p = wr_inferred_point_of(c.e, 2);
    g_assert_true(p.by_ttl && p.by_link);
    g_assert_cmpint(p.clock.offset_us, ==, 5000 * MS);
    call_end(&c);
}

/* Links tell both directions, and what came once. */
static void test_by_link(void)
{
    static const doubled there = {ALICE, BOB, {64, 64}, {NEAR, FAR}, 10},
                         back = {BOB, ALICE, {64, 64}, {FAR, NEAR}, 10};
    call_t c = call_begin(NULL);

    come(&c, &there, 8, 0);
    come(&c, &back, 8, 0);
    g_assert_cmpuint(points(&c), ==, 2);
    g_assert_cmpuint(shown(&c, SERVER, ALICE, 60, NEAR), ==, 1);
    g_assert_cmpuint(shown(&c, ALICE, SERVER, 60, FAR), ==, 2);
    g_assert_cmpuint(shown(&c, ALICE, SERVER, 60, 3), ==, 0);
    g_assert_true(wr_inferred_point_of(c.e, 2).by_link && !wr_inferred_point_of(c.e, 2).by_ttl);
    call_end(&c);
}

/* A few copies make no point, nor do many beside more that came once, nor the same packet with a tag of a VLAN. */
static void test_none(void)
{
    static const doubled few = {ALICE, BOB, {64, 63}, {0, 0}, 5}, same = {ALICE, BOB, {64, 64}, {NEAR, NEAR}, 5},
                         unknown = {ALICE, BOB, {64, 0}, {0, 0}, 5};
    static const struct {
        const doubled *d;
        unsigned twice, once, points;
    } cases[] = {{&few, 7, 0, 0},   {&few, 8, 0, 2},   {&few, 8, 8, 0},     {&few, 9, 8, 2},
                 {&few, 50, 50, 0}, {&same, 50, 0, 0}, {&unknown, 50, 0, 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        call_t c = call_begin(NULL);
        g_test_message("case %zu", i);
        come(&c, cases[i].d, cases[i].twice, cases[i].once);
        g_assert_cmpuint(points(&c), ==, cases[i].points);
        call_end(&c);
    }
}

/* Copies with every TTL there is, and of made-up hosts, do not crowd out what is systematic. */
static void test_made_up(void)
{
    static const doubled there = {ALICE, BOB, {64, 63}, {0, 0}, 7000};
    call_t c = call_begin(NULL);

    come(&c, &there, 3, 0);
    for (unsigned i = 0; i < 2000; i++) {
        const doubled d = {i % 2 == 0 ? ALICE : SERVER, BOB, {64, (uint8_t)(i % 50 + 1)}, {0, i}, 1};
        come(&c, &d, 1, 0);
    }
    come(&c, &there, 3000, 0);
    g_assert_cmpuint(points(&c), ==, 2);
    g_assert_cmpint(wr_inferred_point_of(c.e, 2).clock.offset_us, ==, 7000 * MS);
    call_end(&c);
}

/* Three in a row: TTLs of one direction do not say which of the other's they are; nothing is put together. */
static void test_three_in_a_row(void)
{
    static const doubled ways[] = {{ALICE, BOB, {64, 63}, {0, 0}, 10},
                                   {ALICE, BOB, {64, 62}, {0, 0}, 20},
                                   {BOB, ALICE, {64, 63}, {0, 0}, 10},
                                   {BOB, ALICE, {64, 62}, {0, 0}, 20}};
    call_t c = call_begin(NULL);

    for (unsigned n = 0; n < 40; n++) /* a packet at all three */
        for (unsigned i = 0; i < 4; i += 2) {
            const unsigned first = looks(&c, ways[i].src, ways[i].dst, 64, 0);
            c.us += 100 * MS;
            wr_look_twice(c.e, first, c.us, looks(&c, ways[i].src, ways[i].dst, 63, 0), c.us + 10 * MS);
            wr_look_twice(c.e, first, c.us, looks(&c, ways[i].src, ways[i].dst, 62, 0), c.us + 20 * MS);
        }
    g_assert_cmpuint(points(&c), ==, 6);
    g_assert_cmpuint(shown(&c, ALICE, BOB, 63, 0), !=, shown(&c, BOB, ALICE, 64, 0));
    g_assert_false(wr_inferred_can_order(c.e, shown(&c, ALICE, BOB, 63, 0), shown(&c, BOB, ALICE, 64, 0)));
    call_end(&c);
}

/* Interfaces that the file names are told apart by it. */
static void test_named(void)
{
    call_t c = call_begin(NULL);

    for (unsigned i = 0; i < 20; i++) {
        const wr_place a = placed(ALICE, BOB, NEAR, ++c.frame, 0), b = placed(ALICE, BOB, FAR, ++c.frame, 1);
        unsigned look;
        wr_engine_add_hops(c.e, &a, 64);
        look = wr_look_of(c.e, &a);
        wr_look_seen(c.e, look);
        wr_engine_add_hops(c.e, &b, 63);
        wr_look_seen(c.e, wr_look_of(c.e, &b));
        wr_look_twice(c.e, look, c.us, wr_look_of(c.e, &b), c.us + S);
    }
    g_assert_cmpuint(points(&c), ==, 0);
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inferred/by_ttl", test_by_ttl);
    g_test_add_func("/inferred/the_far_one_first", test_the_far_one_first);
    g_test_add_func("/inferred/by_link", test_by_link);
    g_test_add_func("/inferred/none", test_none);
    g_test_add_func("/inferred/made_up", test_made_up);
    g_test_add_func("/inferred/three_in_a_row", test_three_in_a_row);
    g_test_add_func("/inferred/named", test_named);
    return g_test_run();
}
