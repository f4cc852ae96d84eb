/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which packets look alike, which pairs of looks make two points, which of these are one, and by which of several
 * comparisons a clock is told.
 */
#include "inferred_build.h"

/* ---- looks ---- */

static unsigned look_at(call_t *c, const wr_place *p, uint8_t ttl)
{
    wr_engine_add_hops(c->e, p, ttl);
    return wr_look_of(c->e, p);
}

/* Hosts, TTL, link and interface make a look, and ports do not; what has no TTL has none. */
static void test_looks(void)
{
    call_t c = call_begin(NULL);
    const wr_place p = placed(ALICE, BOB, NEAR, 1, 0);
    wr_place q = p;
    unsigned look;

    wr_look_seen(c.e, 0); /* says nothing */
    g_assert_cmpuint(look_at(&c, &p, 0), ==, 0);
    look = look_at(&c, &p, 64);
    g_assert_cmpuint(look, ==, 1);
    q.frame = 2; /* whose TTL was not told */
    g_assert_cmpuint(wr_look_of(c.e, &q), ==, 0);
    q.src.port++;
    q.dst.port++;
    g_assert_cmpuint(look_at(&c, &q, 64), ==, look);
    q.src = at(SERVER, 1);
    g_assert_cmpuint(look_at(&c, &q, 64), ==, 2);
    q = p;
    q.dst = at(SERVER, 1);
    g_assert_cmpuint(look_at(&c, &q, 64), ==, 3);
    q = p;
    q.link = FAR;
    g_assert_cmpuint(look_at(&c, &q, 64), ==, 4);
    q = p;
    q.point = 1;
    g_assert_cmpuint(look_at(&c, &q, 64), ==, 5);
    g_assert_cmpuint(look_at(&c, &p, 63), ==, 6);
    g_assert_cmpuint(look_at(&c, &p, 64), ==, look);
    call_end(&c);
}

/* There are so many looks at most; those that are known stay. */
static void test_bound_of_looks(void)
{
    call_t c = call_begin(NULL);
    wr_place p = placed(ALICE, BOB, 0, 1, 0);

    for (unsigned i = 0; i < WR_MAX_LOOKS; i++) {
        p.link = i + 1;
        g_assert_cmpuint(look_at(&c, &p, 64), ==, i + 1);
    }
    p.link = WR_MAX_LOOKS + 1;
    g_assert_cmpuint(look_at(&c, &p, 64), ==, 0);
    p.link = 5;
    g_assert_cmpuint(look_at(&c, &p, 64), ==, 5);
    call_end(&c);
}

/* The same look again is no other point, nor is what has none. */
static void test_not_twice(void)
{
    call_t c = call_begin(NULL);
    const unsigned one = looks(&c, ALICE, BOB, 64, 0), other = looks(&c, ALICE, BOB, 63, 0);

    for (unsigned i = 0; i < 20; i++) {
        wr_look_twice(c.e, one, c.us, one, c.us);
        wr_look_twice(c.e, 0, c.us, other, c.us);
        wr_look_twice(c.e, one, c.us, 0, c.us);
    }
    g_assert_cmpuint(points(&c), ==, 0);
    call_end(&c);
}

/* ---- pairs ---- */

/* Most packets of either look have to have come with the other. */
static void test_mostly(void)
{
    static const doubled there = {ALICE, BOB, {64, 63}, {0, 0}, 5000};

    for (unsigned once = 7; once < 9; once++) {
        call_t c = call_begin(NULL);
        come(&c, &there, 8, 0);
        for (unsigned i = 0; i < once; i++)
            looks(&c, ALICE, BOB, 63, 0); /* seen at the second alone */
        g_assert_cmpuint(points(&c), ==, once == 7 ? 2 : 0);
        call_end(&c);
    }
}

/* What is not known of one of both links makes no difference of links. */
static void test_link_not_known(void)
{
    static const doubled rows[] = {{ALICE, BOB, {64, 63}, {0, FAR}, 10}, {ALICE, BOB, {64, 63}, {NEAR, 0}, 10}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        come(&c, &rows[i], 20, 0);
        g_assert_cmpuint(points(&c), ==, 2);
        for (unsigned n = 1; n <= 2; n++)
            g_assert_true(wr_inferred_point_of(c.e, n).by_ttl && !wr_inferred_point_of(c.e, n).by_link);
        call_end(&c);
    }
}

/* Two directions, or two pairs of links, that are one place, and those that are not. */
static void test_one_place(void)
{
    static const struct {
        const char *words;
        doubled p, q;
        unsigned points;
    } rows[] = {
        {"there and back", {ALICE, BOB, {64, 63}, {0, 0}, 9}, {BOB, ALICE, {63, 64}, {0, 0}, 9}, 2},
        {"back, from elsewhere", {ALICE, BOB, {64, 63}, {0, 0}, 9}, {SERVER, ALICE, {63, 64}, {0, 0}, 9}, 4},
        {"back, to elsewhere", {ALICE, BOB, {64, 63}, {0, 0}, 9}, {BOB, SERVER, {63, 64}, {0, 0}, 9}, 4},
        {"there alone by links", {ALICE, BOB, {64, 64}, {NEAR, FAR}, 9}, {BOB, ALICE, {63, 64}, {0, 0}, 9}, 4},
        {"back alone by links", {ALICE, BOB, {64, 63}, {0, 0}, 9}, {BOB, ALICE, {64, 64}, {FAR, NEAR}, 9}, 4},
        {"by other links and TTLs", {ALICE, BOB, {64, 63}, {NEAR, FAR}, 9}, {BOB, ALICE, {63, 64}, {3, 4}, 9}, 4},
        {"one by other links, too", {ALICE, BOB, {64, 63}, {0, 0}, 9}, {BOB, ALICE, {63, 64}, {3, 4}, 9}, 4},
        {"the other by links, too", {ALICE, BOB, {64, 63}, {3, 4}, 9}, {BOB, ALICE, {63, 64}, {0, 0}, 9}, 4},
        {"by the same links", {ALICE, BOB, {64, 64}, {NEAR, FAR}, 9}, {SERVER, BOB, {60, 60}, {NEAR, FAR}, 9}, 2},
        {"by the same links turned",
         {ALICE, BOB, {64, 64}, {NEAR, FAR}, 9},
         {BOB, SERVER, {60, 60}, {FAR, NEAR}, 9},
         2},
        {"by one link in common", {ALICE, BOB, {64, 64}, {NEAR, FAR}, 9}, {SERVER, BOB, {60, 60}, {FAR, 3}, 9}, 3},
        {"links that one pair shares",
         {ALICE, BOB, {64, 64}, {NEAR, FAR}, 9},
         {SERVER, BOB, {60, 59}, {NEAR, NEAR}, 9},
         4},
        {"links that the first shares",
         {ALICE, BOB, {64, 63}, {FAR, FAR}, 9},
         {SERVER, BOB, {60, 60}, {NEAR, FAR}, 9},
         4},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        come(&c, &rows[i].p, 20, 0);
        come(&c, &rows[i].q, 20, 0);
        g_test_message("%s", rows[i].words);
        g_assert_cmpuint(points(&c), ==, rows[i].points);
        call_end(&c);
    }
}

/* Packets of one interface are no place of another's. */
static void test_interfaces(void)
{
    for (int by_link = 0; by_link < 2; by_link++) {
        call_t c = call_begin(NULL);

        for (unsigned i = 0; i < 40; i++) {
            const uint16_t interface = (uint16_t)(i % 2);
            const char *src = i % 2 == 0 || by_link ? ALICE : BOB, *dst = i % 2 == 0 || by_link ? BOB : ALICE;
            unsigned look[2];
            for (unsigned k = 0; k < 2; k++) {
                const wr_place p = placed(src, dst, by_link ? NEAR + k : 0, ++c.frame, interface);
                look[k] = look_at(&c, &p, (uint8_t)(by_link ? 64 : 64 - (i % 2 == 0 ? k : 1 - k)));
                wr_look_seen(c.e, look[k]);
            }
            wr_look_twice(c.e, look[0], c.us, look[1], c.us + S);
        }
        g_assert_cmpuint(points(&c), ==, 4);
        for (unsigned n = 1; n <= 4; n++)
            g_assert_cmpuint(wr_inferred_point_of(c.e, n).interface, ==, n <= 2 ? 0 : 1);
        call_end(&c);
    }
}

/* A third pair of looks that is not systematic does not keep two directions apart. */
static void test_beside_a_rare_one(void)
{
    static const doubled there = {ALICE, BOB, {64, 63}, {0, 0}, 10}, back = {BOB, ALICE, {63, 64}, {0, 0}, 10},
                         rare = {ALICE, BOB, {64, 40}, {0, 0}, 10}, elsewhere = {ALICE, SERVER, {64, 63}, {0, 0}, 10},
                         from_elsewhere = {SERVER, BOB, {64, 63}, {0, 0}, 10};
    call_t c = call_begin(NULL);

    come(&c, &there, 20, 0);
    come(&c, &back, 20, 0);
    come(&c, &rare, 3, 0);
    g_assert_cmpuint(points(&c), ==, 2);
    come(&c, &elsewhere, 20, 0); /* of other hosts, it says nothing of these */
    come(&c, &from_elsewhere, 20, 0);
    g_assert_cmpuint(points(&c), ==, 6);
    g_assert_cmpuint(shown(&c, ALICE, BOB, 64, 0), ==, shown(&c, BOB, ALICE, 63, 0));
    call_end(&c);
}

/* Of very many pairs the rarest gives way, but for those that made points. */
static void test_bound_of_pairs(void)
{
    for (int settled = 0; settled < 2; settled++) {
        call_t c = call_begin(NULL);

        for (uint32_t i = 0; i < WR_MAX_LOOK_PAIRS; i++) {
            const doubled d = {ALICE, BOB, {64, 64}, {100 + i, 200 + i}, 10};
            come(&c, &d, 8 + i, 0);
        }
        if (settled)
            g_assert_cmpuint(points(&c), ==, WR_MAX_INFERRED);
        come(&c, &(doubled){SERVER, BOB, {64, 64}, {300, 301}, 10}, 50, 0);
        g_assert_cmpuint(points(&c), ==, WR_MAX_INFERRED);
        /* the first of them was the rarest; else there is no room for the new one, which comes last anyway */
        g_assert_cmpuint(shown(&c, ALICE, BOB, 64, 100), ==, settled ? 1 : 0);
        g_assert_true((shown(&c, SERVER, BOB, 64, 300) != 0) == !settled);
        /* the last number is a number; and who found none has none */
        g_assert_cmpuint(wr_inferred_of_look(c.e, looks(&c, BOB, SERVER, 9, 207)), ==, WR_MAX_INFERRED);
        g_assert_cmpuint(shown(&c, ALICE, BOB, 64, 208), ==, 0);
        g_assert_cmpuint(shown(&c, ALICE, BOB, 64, 108), ==, 0);
        call_end(&c);
    }
}

/* ---- places ---- */

/* A host's TTL tells a place while it is seen in one alone. */
static void test_place_of_several(void)
{
    static const doubled first = {ALICE, BOB, {64, 63}, {0, 0}, 10}, second = {ALICE, SERVER, {63, 62}, {0, 0}, 10};
    call_t c = call_begin(NULL);

    come(&c, &first, 20, 0);
    g_assert_cmpuint(points(&c), ==, 2);
    g_assert_cmpuint(shown(&c, ALICE, "198.51.100.1", 63, 0), ==, 2);
    come(&c, &second, 20, 0);
    g_assert_cmpuint(points(&c), ==, 4);
    g_assert_cmpuint(shown(&c, ALICE, "198.51.100.1", 64, 0), ==, 1);
    g_assert_cmpuint(shown(&c, ALICE, "198.51.100.1", 63, 0), ==, 0);
    g_assert_cmpuint(shown(&c, ALICE, "198.51.100.1", 62, 0), ==, 4);
    g_assert_cmpuint(wr_inferred_of_look(c.e, 0), ==, 0);
    call_end(&c);
}

/* Until it is settled anew the former answer stands. */
static void test_settled(void)
{
    static const doubled there = {ALICE, BOB, {64, 63}, {0, 0}, 10};
    call_t c = call_begin(NULL);

    wr_inferred_settle(c.e); /* nothing was seen */
    g_assert_cmpuint(wr_inferred_points(c.e), ==, 0);
    come(&c, &there, 20, 0);
    g_assert_cmpuint(wr_inferred_points(c.e), ==, 0);
    g_assert_cmpuint(wr_inferred_of_look(c.e, 1), ==, 0);
    g_assert_cmpuint(points(&c), ==, 2);
    for (unsigned i = 0; i < 100; i++) /* what comes once takes it back, when it is asked for again */
        looks(&c, ALICE, BOB, 64, 0);
    g_assert_cmpuint(wr_inferred_points(c.e), ==, 2);
    come(&c, &there, 1, 0);
    g_assert_cmpuint(points(&c), ==, 0);
    call_end(&c);
}

/* ---- clocks ---- */

/* Of two comparisons of the same points that with more packets tells, and of equals the first. */
static void test_better_comparison(void)
{
    static const doubled there = {ALICE, BOB, {64, 63}, {0, 0}, 1000}, back = {BOB, ALICE, {63, 64}, {0, 0}, 2000};
    static const struct {
        unsigned n, m;
        unsigned common;
        int64_t ms;
    } rows[] = {{20, 30, 30, 2000}, {30, 20, 30, 1000}, {20, 20, 20, 1000}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_inferred_point p;

        come(&c, &there, rows[i].n, 0);
        come(&c, &back, rows[i].m, 0);
        g_assert_cmpuint(points(&c), ==, 2);
        p = wr_inferred_point_of(c.e, 2);
        g_assert_cmpuint(p.clock.common, ==, rows[i].common);
        g_assert_cmpint(p.clock.offset_us, ==, rows[i].ms * MS);
        call_end(&c);
    }
}

/* Three in a row, whose last is compared with the second alone: its clock is told by way of that. A look that was known
 * before the other is the first of the pair, in whichever order the packets come. */
static void test_by_way_of_another(void)
{
    for (int turned = 0; turned < 2; turned++) { /* the third's packets come first */
        call_t c = call_begin(NULL);
        const unsigned one = looks(&c, ALICE, BOB, 64, 0);
        const unsigned three = looks(&c, ALICE, BOB, 62, 0), two = looks(&c, ALICE, BOB, 63, 0);
        wr_inferred_point p;

        for (unsigned i = 0; i < 20; i++) { /* the second is 10 s ahead of the first, and the third 20 s */
            c.us += 100 * MS;
            wr_look_twice(c.e, one, c.us, two, c.us + 10 * S);
            if (turned)
                wr_look_twice(c.e, three, c.us + 20 * S, two, c.us + 10 * S);
            else
                wr_look_twice(c.e, two, c.us + 10 * S, three, c.us + 20 * S);
        }
        g_assert_cmpuint(points(&c), ==, 3);
        g_assert_cmpuint(wr_inferred_of_look(c.e, two), ==, 2);
        g_assert_cmpuint(wr_inferred_of_look(c.e, three), ==, 3);
        p = wr_inferred_point_of(c.e, 3);
        g_assert_cmpuint(p.by, ==, 2);
        g_assert_cmpint(p.clock.offset_us, ==, 10 * S);
        g_assert_cmpint(wr_inferred_point_of(c.e, 2).clock.offset_us, ==, 10 * S);
        g_assert_cmpuint(wr_inferred_point_of(c.e, 1).by, ==, 0);
        g_assert_cmpint(wr_inferred_time(c.e, 3, c.us + 20 * S), ==, c.us);
        g_assert_cmpint(wr_inferred_time(c.e, 2, c.us + 10 * S), ==, c.us);
        g_assert_true(wr_inferred_can_order(c.e, 1, 3) && wr_inferred_can_order(c.e, 3, 2));
        g_assert_false(wr_inferred_can_order(c.e, 3, 0) || wr_inferred_can_order(c.e, 0, 0));
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inferred_kinds/looks", test_looks);
    g_test_add_func("/inferred_kinds/bound_of_looks", test_bound_of_looks);
    g_test_add_func("/inferred_kinds/not_twice", test_not_twice);
    g_test_add_func("/inferred_kinds/mostly", test_mostly);
    g_test_add_func("/inferred_kinds/link_not_known", test_link_not_known);
    g_test_add_func("/inferred_kinds/one_place", test_one_place);
    g_test_add_func("/inferred_kinds/interfaces", test_interfaces);
    g_test_add_func("/inferred_kinds/beside_a_rare_one", test_beside_a_rare_one);
    g_test_add_func("/inferred_kinds/bound_of_pairs", test_bound_of_pairs);
    g_test_add_func("/inferred_kinds/place_of_several", test_place_of_several);
    g_test_add_func("/inferred_kinds/settled", test_settled);
    g_test_add_func("/inferred_kinds/better_comparison", test_better_comparison);
    g_test_add_func("/inferred_kinds/by_way_of_another", test_by_way_of_another);
    return g_test_run();
}
