/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions of two vantage points, whose clocks keep them apart until they are compared. */
#include "checks_build.h"

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock_times/one_call", test_one_call);
    g_test_add_func("/clock_times/moved", test_moved);
    return g_test_run();
}
