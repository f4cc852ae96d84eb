/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path that strangers fill with checks of their own: what is proven stays, what says nothing goes first. And one
 * check that is seen from two sources.
 */
#include "handshake_build.h"

#include "records/clock.h"
#include "records/replay.h"
#include "records/store.h"

static wr_flow *path(const call_t *c)
{
    return g_ptr_array_index(c->e->flows, 0);
}

static bool has_check(const call_t *c, const char *remote)
{
    for (unsigned i = 0; i < path(c)->checks.len; i++)
        if (strcmp(((wr_check *)wr_list_at(&path(c)->checks, i))->remote_ufrag, remote) == 0)
            return true;
    return false;
}

/* A request without MESSAGE-INTEGRITY, which can never be proven. */
static void ask_bare(call_t *c, const char *user, unsigned number)
{
    uint8_t bytes[200];
    const size_t n = stun_build(bytes, user, number, PWD_B, NULL) - 24;

    put16(bytes + 2, (unsigned)n - 20);
    stun_send(c, 1, ALICES, BOBS, bytes, n);
}

/* n names, "F00:AAAA" and so on; bare: without integrity. */
static void flood(call_t *c, unsigned n, bool bare)
{
    for (unsigned i = 0; i < n; i++) {
        char user[32];
        g_snprintf(user, sizeof user, "F%03u:AAAA", i);
        if (bare)
            ask_bare(c, user, 100 + i);
        else
            ask(c, 1, ALICES, BOBS, user, "nobodysnobodysnobodysnobody", 100 + i);
    }
}

typedef struct {
    const char *words;
    bool bare;      /* what fills the path */
    bool integrity; /* of what comes then */
    bool right;     /* with the password of the description */
    bool kept;      /* it finds room */
} full_t;

static const full_t full[] = {
    {"for one that may be proven, one goes that says nothing", true, true, false, true},
    {"for one that is proven", true, true, true, true},
    {"for one that says nothing, none", true, false, false, false},
    {"what may yet be proven stays before what may", false, true, false, false},
    {"but goes for what is proven", false, true, true, true},
    {"and stays before what says nothing", false, false, false, false},
};

static void test_room(void)
{
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(full); i++) {
        const full_t *k = &full[i / 2];
        const bool first = i % 2 != 0; /* a proven check stands there before all */
        call_t c = call_begin(NULL);
        text_t a = answer_text(), other = answer_text();

        say(&c, ANSWERED, &a);
        other.session_id = "818181";
        other.ufrag = "CCCC";
        other.pwd = PWD_A;
        other.fingerprint = sha256_of(7);
        say(&c, ANSWERED, &other);
        if (first)
            ask(&c, 1, ALICES, BOBS, "CCCC:AAAA", PWD_A, 5);
        flood(&c, WR_MAX_CHECKS_PER_FLOW, k->bare);
        g_assert_cmpuint(path(&c)->checks.len, ==, WR_MAX_CHECKS_PER_FLOW);
        if (k->integrity)
            ask(&c, 1, ALICES, BOBS, "BBBB:AAAA", k->right ? PWD_B : PWD_A, 6);
        else
            ask_bare(&c, "BBBB:AAAA", 6);
        g_test_message("%s%s", k->words, first ? ", beside a proven one" : "");
        g_assert_cmpuint(path(&c)->checks.len, ==, WR_MAX_CHECKS_PER_FLOW);
        g_assert_true(has_check(&c, "BBBB") == k->kept);
        g_assert_true(has_check(&c, "CCCC") == first);
        g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, 1);
        call_end(&c);
    }
}

/* Of those that go, the one that says least: without integrity, wherever it stands. */
static void test_which_goes(void)
{
    for (unsigned at_which = 0; at_which < WR_MAX_CHECKS_PER_FLOW; at_which++) {
        call_t c = call_begin(NULL);
        text_t a = answer_text();

        say(&c, ANSWERED, &a);
        for (unsigned i = 0; i < WR_MAX_CHECKS_PER_FLOW; i++) {
            char user[32];
            g_snprintf(user, sizeof user, "F%03u:AAAA", i);
            if (i == at_which)
                ask_bare(&c, "BARE:AAAA", 50);
            else
                ask(&c, 1, ALICES, BOBS, user, "nobodysnobodysnobodysnobody", 100 + i);
        }
        g_assert_true(has_check(&c, "BARE"));
        ask(&c, 1, ALICES, BOBS, "DDDD:AAAA", "nobodysnobodysnobodysnobody", 60);
        g_assert_true(has_check(&c, "DDDD"));
        g_assert_false(has_check(&c, "BARE"));
        ask(&c, 1, ALICES, BOBS, "EEEE:AAAA", "nobodysnobodysnobodysnobody", 61);
        g_assert_false(has_check(&c, "EEEE"));
        ask(&c, 1, ALICES, BOBS, "BBBB:AAAA", PWD_B, 62);
        g_assert_true(has_check(&c, "BBBB"));
        call_end(&c);
    }
}

/* ---- seen twice ---- */

/* The request of this number from this port at this point; finger: FINGERPRINT behind it, 0 for none. */
static void seen(call_t *c, unsigned number, uint16_t port, uint16_t point, uint8_t finger)
{
    uint8_t bytes[200];
    size_t n = stun_build(bytes, "BBBB:AAAA", number, PWD_B, NULL);
    wr_stun_evidence s;

    if (finger != 0) {
        put16(bytes + n, 0x8028);
        put16(bytes + n + 2, 4);
        memset(bytes + n + 4, finger, 4);
        n += 8;
        put16(bytes + 2, (unsigned)n - 20);
    }
    memset(&s, 0, sizeof s);
    s.at = next(c, 100, at(ALICE, port), BOBS);
    s.at.point = point;
    s.how.peer = wr_endpoint_none();
    g_assert_true(wr_stun_parse(bytes, n, &s.msg));
    wr_engine_add_stun(c->e, &s);
}

static const struct wr_replay *replay(const call_t *c, unsigned i)
{
    return &g_array_index(c->e->replays, struct wr_replay, i);
}

/* By transaction and integrity value: what stands behind them belongs to no check. */
static void test_two_sources(void)
{
    for (unsigned i = 0; i < 6; i++) {
        const bool same_source = i == 0, other_number = i == 1, finger = i >= 3;
        call_t c = call_begin(NULL);
        const bool found = !same_source && !other_number;

        seen(&c, 9, 5000, 0, finger ? 1 : 0);
        seen(&c, other_number ? 10 : 9, same_source ? 5000 : 5001, 0, finger ? (uint8_t)(i - 2) : 0);
        g_test_message("case %u", i);
        g_assert_cmpuint(c.e->replays->len, ==, found ? 1 : 0);
        if (found) {
            g_assert_cmpuint(replay(&c, 0)->frame[0], ==, 1);
            g_assert_cmpuint(replay(&c, 0)->frame[1], ==, 2);
            g_assert_cmpint(replay(&c, 0)->gap_us, ==, 100 * MS);
            g_assert_true(replay(&c, 0)->same_target);
            seen(&c, 9, 5001, 0, 0); /* once for two paths */
            g_assert_cmpuint(c.e->replays->len, ==, 1);
            seen(&c, 9, 5002, 0, 0);
            g_assert_cmpuint(c.e->replays->len, ==, 2);
            g_assert_cmpuint(replay(&c, 1)->frame[0], ==, 1); /* the first source is the first */
        }
        call_end(&c);
    }
}

/* At two points it is no second source, and their clocks are compared by it. */
static void test_two_points(void)
{
    call_t c = call_begin(NULL);
    int64_t offset;
    unsigned common;

    seen(&c, 9, 5000, 0, 0);
    g_assert_false(wr_clock_offset(c.e, 1, &offset, &common));
    seen(&c, 9, 5000, 1, 0);
    g_assert_cmpuint(c.e->replays->len, ==, 0);
    g_assert_true(wr_clock_offset(c.e, 1, &offset, &common));
    g_assert_cmpint(offset, ==, 100 * MS);
    g_assert_cmpuint(common, ==, 1);
    seen(&c, 10, 5000, 1, 0); /* one of its own says nothing */
    g_assert_true(wr_clock_offset(c.e, 1, &offset, &common));
    g_assert_cmpuint(common, ==, 1);
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/full_paths/room", test_room);
    g_test_add_func("/full_paths/which_goes", test_which_goes);
    g_test_add_func("/full_paths/two_sources", test_two_sources);
    g_test_add_func("/full_paths/two_points", test_two_points);
    return g_test_run();
}
