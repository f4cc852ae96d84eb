/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which other handshake of a call, or which path without one, may have protected the media: of what is verified nothing
 * follows for those.
 */
#include "records_build.h"

static wr_facts looked_at(desk_t *d)
{
    wr_facts f;

    memset(&f, 0, sizeof f);
    wr_weigh_other_paths(&f, d->s);
    return f;
}

/* ---- on the same path ---- */

/* Half verified later takes something from what is verified, and nothing from what is half verified itself. */
static void test_half_later(void)
{
    static const struct {
        wr_association_verdict first, second;
        int64_t later_us;
        bool unjudged;
    } rows[] = {{WR_A_VERIFIED, WR_A_HALF_VERIFIED, 1, true},
                {WR_A_VERIFIED, WR_A_HALF_VERIFIED, 0, false}, /* of one time: neither came after the other */
                {WR_A_VERIFIED, WR_A_HALF_VERIFIED, -1, false},
                {WR_A_HALF_VERIFIED, WR_A_HALF_VERIFIED, 1, false},
                {WR_A_HALF_VERIFIED, WR_A_UNVERIFIABLE_ENCRYPTED, 1, true},
                {WR_A_HALF_VERIFIED, WR_A_UNVERIFIABLE_INCOMPLETE, 1, true},
                {WR_A_HALF_VERIFIED, WR_A_UNVERIFIABLE_HASH, 1, true},
                {WR_A_HALF_VERIFIED, WR_A_NO_SIGNALLING, 1, true},
                {WR_A_VERIFIED, WR_A_VERIFIED, 1, false},
                {WR_A_VERIFIED, WR_A_AMBIGUOUS, 1, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, rows[i].first), *b = handshake_of(&d, a->flow, rows[i].second);

        b->first_us = a->first_us + rows[i].later_us;
        g_test_message("row %zu", i);
        g_assert_true(looked_at(&d).unjudged == (rows[i].unjudged ? b : NULL));
        desk_end(&d);
    }
}

/* The first of several is named. */
static void test_first(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *of[4];
    wr_facts f;

    for (unsigned i = 0; i < 4; i++)
        of[i] = handshake_of(&d, a->flow, i < 2 ? WR_A_CONTESTED : WR_A_UNVERIFIABLE_ENCRYPTED);
    of[0]->rival = of[1]->rival = a;
    f = looked_at(&d);
    g_assert_true(f.unexplained == of[0]);
    g_assert_true(f.unjudged == of[2]);
    of[0]->rival = NULL; /* contested by what it showed itself */
    g_assert_true(looked_at(&d).unexplained == of[1]);
    of[1]->verdict = WR_A_MISMATCH;
    g_assert_null(looked_at(&d).unexplained);
    desk_end(&d);
}

/* ---- on a path of its own ---- */

static void test_beside(void)
{
    static const struct {
        wr_association_verdict verdict;
        bool counts;
    } rows[] = {{WR_A_UNVERIFIABLE_ENCRYPTED, true},
                {WR_A_UNVERIFIABLE_INCOMPLETE, true},
                {WR_A_UNVERIFIABLE_HASH, true},
                {WR_A_NO_SIGNALLING, true},
                {WR_A_HALF_VERIFIED, true},
                {WR_A_CERT_CONFLICT, true},
                {WR_A_UNAUTHENTICATED, true},
                {WR_A_VERIFIED, false},
                {WR_A_MISMATCH, false},
                {WR_A_AMBIGUOUS, false}};

    for (unsigned i = 0; i < 4 * G_N_ELEMENTS(rows); i++) {
        enum { PLAIN, PART_OF_ANOTHER, SHARED_PATH, BOTH_ENDS };
        const unsigned n = i / 4, which = i % 4;
        desk_t d = desk_begin(NULL);
        wr_association *b, *c;

        handshake_of(&d, NULL, WR_A_VERIFIED);
        b = handshake_of(&d, NULL, rows[n].verdict);
        b->absorbed = which == PART_OF_ANOTHER ? b : NULL;
        if (which == SHARED_PATH) /* with one that failed: the two are weighed as rivals */
            handshake_of(&d, b->flow, WR_A_HANDSHAKE_FAILED);
        wr_flow_traffic(b->flow)[0].packets = which == BOTH_ENDS ? 25 : 50;
        wr_flow_traffic(b->flow)[1].packets = which == BOTH_ENDS ? 25 : 0;
        c = handshake_of(&d, NULL, rows[n].verdict); /* a second such one */
        wr_flow_traffic(c->flow)[0].packets = which == SHARED_PATH ? 0 : 99;
        g_test_message("row %u, case %u", n, which);
        g_assert_true(looked_at(&d).beside == (!rows[n].counts || which == SHARED_PATH ? NULL
                                               : which == PART_OF_ANOTHER              ? c
                                                                                       : b));
        desk_end(&d);
    }
}

/* ---- a path without a handshake ---- */

static wr_check *check_on(wr_flow *f, const char *remote, const char *local)
{
    wr_check *k = g_new0(wr_check, 1);

    k->flow = f;
    k->remote_ufrag = remote;
    k->local_ufrag = local;
    k->request_valid = k->response_valid = true;
    wr_list_add(&f->checks, k);
    return k;
}

static void carry(desk_t *d, wr_flow *f, int end, unsigned packets, int64_t from_ms, int64_t to_ms)
{
    wr_flow_traffic(f)[end] =
        (wr_traffic){.packets = packets, .first_us = d->c.us + from_ms * MS, .last_us = d->c.us + to_ms * MS};
}

typedef struct {
    desk_t d;
    wr_association *a;
    wr_flow *shaken, *other;
    wr_check *k; /* of the other path */
} paths_t;

/* Alice speaks for ten seconds over the path of the handshake, and as long over one of other credentials. */
static paths_t two_paths(void)
{
    paths_t x = {.d = desk_begin(NULL)};

    x.a = handshake_of(&x.d, NULL, WR_A_VERIFIED);
    x.shaken = x.a->flow;
    x.other = flow_of(&x.d);
    check_on(x.shaken, "BBBB", "AAAA");
    x.k = check_on(x.other, "DDDD", "CCCC");
    carry(&x.d, x.shaken, 0, 500, 0, 10000);
    carry(&x.d, x.other, 0, 500, 0, 10000);
    return x;
}

static bool is_unshaken(paths_t *x)
{
    const wr_flow *f = looked_at(&x->d).unshaken;

    g_assert_true(f == NULL || f == x->other);
    return f != NULL;
}

/* Of both directions the first and the last packet count; for two seconds both paths must have carried something. */
static void test_together(void)
{
    static const struct {
        struct {
            unsigned packets;
            int64_t from_ms, to_ms;
        } of[2][2]; /* of the path with the handshake and of the other, by end */
        bool unshaken;
    } rows[] = {
        {{{{50, 0, 10000}, {0}}, {{50, 0, 10000}, {0}}}, true},
        {{{{0}, {50, 0, 10000}}, {{0}, {50, 0, 10000}}}, true},
        {{{{0}, {50, 0, 10000}}, {{50, 0, 10000}, {0}}}, true},
        {{{{25, 0, 10000}, {25, 0, 10000}}, {{25, 0, 10000}, {25, 0, 10000}}}, true},
        {{{{25, 0, 10000}, {24, 0, 10000}}, {{50, 0, 10000}, {0}}}, false}, /* hardly carried anything */
        {{{{50, 0, 10000}, {0}}, {{25, 0, 10000}, {24, 0, 10000}}}, false},
        {{{{50, 0, 3000}, {0}}, {{50, 1000, 9000}, {0}}}, true},
        {{{{50, 0, 2999}, {0}}, {{50, 1000, 9000}, {0}}}, false},
        {{{{50, 7000, 9000}, {0}}, {{50, 0, 20000}, {0}}}, true},
        {{{{50, 7001, 9000}, {0}}, {{50, 0, 20000}, {0}}}, false},
        {{{{50, 0, 500}, {50, 4000, 6000}}, {{50, 0, 500}, {50, 4000, 6000}}}, true}, /* from the first to the last */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        paths_t x = two_paths();

        for (unsigned k = 0; k < 2; k++)
            for (int end = 0; end < 2; end++)
                carry(&x.d, k == 0 ? x.shaken : x.other, end, rows[i].of[k][end].packets, rows[i].of[k][end].from_ms,
                      rows[i].of[k][end].to_ms);
        g_test_message("row %zu", i);
        g_assert_true(is_unshaken(&x) == rows[i].unshaken);
        desk_end(&x.d);
    }
}

/* Whose path it is shows in a check that was asked and answered with the passwords. */
static void test_whose_path(void)
{
    static const struct {
        const char *remote, *local;
        bool asked, answered, unshaken;
    } rows[] = {
        {"DDDD", "CCCC", true, true, true},  {"DDDD", "CCCC", true, false, false}, {"DDDD", "CCCC", false, true, false},
        {"BBBB", "AAAA", true, true, false}, {"AAAA", "BBBB", true, true, false},  {"BBBB", "CCCC", true, true, true},
        {"DDDD", "AAAA", true, true, true},  {"AAAA", "CCCC", true, true, true},   {"DDDD", "BBBB", true, true, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        paths_t x = two_paths();

        x.k->remote_ufrag = rows[i].remote;
        x.k->local_ufrag = rows[i].local;
        x.k->request_valid = rows[i].asked;
        x.k->response_valid = rows[i].answered;
        g_test_message("row %zu", i);
        g_assert_true(is_unshaken(&x) == rows[i].unshaken);
        check_on(x.other, "DDDD", "CCCC"); /* a second one is as good */
        g_assert_true(is_unshaken(&x) == (rows[i].unshaken || !rows[i].asked || !rows[i].answered));
        desk_end(&x.d);
    }
}

/* The handshake went on there, or has a candidate pair of the same credentials beside; or one of its own. */
static void test_goes_on(void)
{
    paths_t x = two_paths();
    wr_flow *third = flow_of(&x.d);

    g_assert_true(is_unshaken(&x));
    check_on(x.shaken, "DDDD", "CCCC"); /* the second check of the path with the handshake */
    g_assert_false(is_unshaken(&x));
    desk_end(&x.d);

    x = two_paths();
    third = flow_of(&x.d);
    wr_list_add(&x.a->flows, third);
    g_assert_true(is_unshaken(&x));
    check_on(third, "CCCC", "DDDD");
    g_assert_false(is_unshaken(&x));
    desk_end(&x.d);

    x = two_paths();
    wr_list_add(&x.a->flows, x.other);
    g_assert_false(is_unshaken(&x));
    desk_end(&x.d);

    x = two_paths();
    wr_list_add(&x.other->associations, x.a);
    g_assert_false(is_unshaken(&x));
    desk_end(&x.d);

    x = two_paths(); /* another handshake of the call has it */
    check_on(handshake_of(&x.d, NULL, WR_A_VERIFIED)->flow, "DDDD", "CCCC");
    g_assert_false(is_unshaken(&x));
    desk_end(&x.d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/other_paths/half_later", test_half_later);
    g_test_add_func("/other_paths/first", test_first);
    g_test_add_func("/other_paths/beside", test_beside);
    g_test_add_func("/other_paths/together", test_together);
    g_test_add_func("/other_paths/whose_path", test_whose_path);
    g_test_add_func("/other_paths/goes_on", test_goes_on);
    return g_test_run();
}
