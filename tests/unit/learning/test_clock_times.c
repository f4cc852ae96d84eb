/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions of two vantage points, whose clocks keep them apart until they are compared. */
#include "handshake_build.h"
#include "learn.h"

#include "records/clock.h"
#include "records/clock_fit.h"
#include "records/store.h"

#define HOUR (3600 * 1000) /* ms */

/* One author's offer, with other lines behind the relay: issued here, and delivered to bob that many ms later by the
 * clock of his point; both saw so many packets, at that distance. */
static bool are_one_call(int64_t later_ms, unsigned common, int64_t ahead_ms, uint16_t point)
{
    call_t c = call_begin(NULL);
    text_t issued = offer_text(), delivered = offer_text();
    way_t to_bob = {.client = BOB,
                    .connection = 2,
                    .direction = WR_DIRECTION_DELIVERED,
                    .kind = WR_KIND_OFFER,
                    .covered = true,
                    .later_ms = later_ms,
                    .point = point};
    const wr_copy *a, *b;
    bool one;

    delivered.ufrag = "CCCC";
    delivered.pwd = PWD_B;
    delivered.fingerprint = sha256_of(0xCC);
    a = say(&c, OFFERED, &issued);
    b = say(&c, to_bob, &delivered);
    for (unsigned i = 0; i < common; i++)
        wr_clock_note(c.e, 0, c.us + i * S, 1, c.us + i * S + ahead_ms * MS, false);
    wr_engine_evaluate(c.e);
    one = wr_copy_session_number(c.e, a) == wr_copy_session_number(c.e, b);
    g_assert_true(wr_copies_within(a, b, WR_COPY_US) == one);
    if (common >= WR_CLOCK_LEAST && point == 1)
        g_assert_cmpint(wr_copy_after(b, a), ==, (later_ms - ahead_ms) * MS);
    else
        g_assert_cmpint(wr_copy_after(b, a), ==, later_ms * MS);
    call_end(&c);
    return one;
}

static void test_one_call(void)
{
    g_assert_true(are_one_call(50, 0, 0, 1));
    g_assert_false(are_one_call(HOUR, 0, 0, 1));
    g_assert_false(are_one_call(HOUR, WR_CLOCK_LEAST - 1, HOUR, 1)); /* that may be anybody's */
    g_assert_true(are_one_call(HOUR, WR_CLOCK_LEAST, HOUR - 100, 1));
    g_assert_true(are_one_call(HOUR, WR_CLOCK_LEAST, HOUR + 100, 1));
    g_assert_false(are_one_call(HOUR, WR_CLOCK_LEAST, HOUR - 61000, 1));
    g_assert_false(are_one_call(HOUR, WR_CLOCK_LEAST, HOUR, 0)); /* of one point */
    g_assert_false(are_one_call(HOUR, WR_CLOCK_LEAST, HOUR, 2)); /* of another */
}

/* Who moves a clock keeps nothing apart. */
static void test_moved(void)
{
    g_assert_true(are_one_call(50, 100, HOUR, 1));
    g_assert_true(are_one_call(50, 100, -HOUR, 1));
}

/* A clock that goes wrong is ahead by another amount when a handshake is answered than when it began; where no answer
 * was seen its beginning counts, and of a point whose clock is not known nothing is said. */
static void test_handshakes(void)
{
    static const struct {
        uint16_t point;
        bool answered, timed;
    } rows[] = {{0, true, true}, {1, true, true}, {1, false, true}, {2, true, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        wr_association *a = shake(&c, &k);
        wr_clock_fit fit;
        int64_t ahead[2];

        a->point = rows[i].point;
        a->first_us = c.us;
        a->server_hello_us = rows[i].answered ? c.us + 500 * S : 0;
        for (unsigned n = 0; n < 600; n++)
            wr_clock_note(c.e, 0, c.us + n * S, 1, c.us + n * S + 70 * S + n * 100, false);
        wr_clocks_apply(c.e);
        g_assert_true(wr_clock_of(c.e, 1, &fit));
        ahead[0] = a->first_us - wr_clock_to_first(&fit, a->first_us);
        ahead[1] = a->server_hello_us - wr_clock_to_first(&fit, a->server_hello_us);
        g_test_message("row %zu: %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, i, ahead[0], ahead[1]);
        g_assert_cmpint(ABS(ahead[0] - ahead[1]), >, 10 * MS);
        g_assert_true(a->timed == rows[i].timed);
        g_assert_cmpint(a->ahead_us, ==, rows[i].point != 1 ? 0 : ahead[rows[i].answered]);
        call_end(&c);
    }
}

/* Whether clocks kept anything apart: what was told by a clock that is more than half a second off, either way. */
static void test_apart(void)
{
    static const struct {
        int64_t ahead_us;
        bool apart;
    } rows[] = {
        {0, false}, {WR_SLACK_US, false}, {WR_SLACK_US + 1, true}, {-WR_SLACK_US, false}, {-WR_SLACK_US - 1, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const text_t t = offer_text();
        way_t w = OFFERED;
        wr_copy *told;

        w.point = 1;
        told = say(&c, w, &t);
        for (unsigned n = 0; n < WR_CLOCK_LEAST; n++)
            wr_clock_note(c.e, 0, c.us + n * MS, 1, c.us + n * MS + rows[i].ahead_us, false);
        g_test_message("row %zu", i);
        g_assert_true(wr_clocks_apply(c.e) == rows[i].apart);
        g_assert_true(told->timed);
        g_assert_cmpint(told->ahead_us, ==, rows[i].ahead_us);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock_times/one_call", test_one_call);
    g_test_add_func("/clock_times/moved", test_moved);
    g_test_add_func("/clock_times/handshakes", test_handshakes);
    g_test_add_func("/clock_times/apart", test_apart);
    return g_test_run();
}
