/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worse of two true things is said, and the other beside it (rules 1.3); what is verified on one path says nothing
 * of media on another.
 */
#include "records_build.h"

#include "records/call_limits.h"

/* ---- what a verdict hides ---- */

static void substitute_offer(desk_t *d)
{
    wr_copy *issued = told(d, false, false, d->fingerprint[ALICE_HAS], NULL),
            *delivered = told(d, false, true, d->fingerprint[MALLORY_HAS], NULL);

    paired(d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
}

static void test_also(void)
{
    static const struct {
        wr_association_verdict verdicts[3];
        unsigned n;
        bool substituted;
        wr_session_verdict verdict, also[2];
        unsigned n_also;
    } rows[] = {
        {{WR_A_VERIFIED}, 1, false, WR_S_VERIFIED_LEG, {0}, 0},
        {{WR_A_UNENCRYPTED, WR_A_MISMATCH}, 2, false, WR_S_UNENCRYPTED, {WR_S_MISMATCH}, 1},
        {{WR_A_UNENCRYPTED, WR_A_MISMATCH, WR_A_CONTESTED},
         3,
         false,
         WR_S_UNENCRYPTED,
         {WR_S_MISMATCH, WR_S_CONTESTED},
         2},
        {{WR_A_NULL_PROFILE}, 1, true, WR_S_UNENCRYPTED, {WR_S_SUBSTITUTED_IN_SIGNALLING}, 1},
        /* a mismatch is what a substitution looks like */
        {{WR_A_MISMATCH}, 1, true, WR_S_SUBSTITUTED_IN_SIGNALLING, {0}, 0},
        {{WR_A_MISMATCH, WR_A_CONTESTED}, 2, false, WR_S_MISMATCH, {WR_S_CONTESTED}, 1},
        {{WR_A_VERIFIED, WR_A_UNVERIFIABLE_ENCRYPTED}, 2, false, WR_S_VERIFIED_LEG, {WR_S_UNVERIFIABLE}, 1},
        {{WR_A_VERIFIED, WR_A_NO_SIGNALLING}, 2, false, WR_S_VERIFIED_LEG, {WR_S_UNVERIFIABLE}, 1},
        {{WR_A_VERIFIED, WR_A_RESUMED_LINKED}, 2, false, WR_S_VERIFIED_LEG, {WR_S_RESUMED}, 1},
        {{WR_A_MISMATCH, WR_A_UNVERIFIABLE_ENCRYPTED}, 2, false, WR_S_MISMATCH, {0}, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
        if (rows[i].substituted)
            substitute_offer(&d);
        for (unsigned k = 0; k < rows[i].n; k++)
            handshake_of(&d, NULL, rows[i].verdicts[k]);
        g_test_message("row %zu", i);
        for (int again = 0; again < 2; again++) { /* it is said once, however often it is decided */
            wr_session_decide(d.c.e, d.s);
            g_assert_cmpint(d.s->verdict, ==, rows[i].verdict);
            g_assert_cmpuint(d.s->n_also, ==, rows[i].n_also);
            for (unsigned k = 0; k < rows[i].n_also; k++)
                g_assert_cmpint(d.s->also[k], ==, rows[i].also[k]);
        }
        desk_end(&d);
    }
}

static void test_second_sentence(void)
{
    desk_t d = desk_begin(NULL);
    wr_facts f;

    told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
    handshake_of(&d, NULL, WR_A_UNENCRYPTED);
    handshake_of(&d, NULL, WR_A_MISMATCH);
    shows(&d, g_ptr_array_index(d.s->associations, 1), 1, MALLORY_HAS);
    wr_session_decide(d.c.e, d.s);
    wr_session_state(d.c.e, d.s, &f);
    g_assert_nonnull(strstr(d.s->sentence, "Of the same call it can be said as well: MISMATCH."));
    desk_end(&d);
}

/* ---- media on another path ---- */

static void check_on(wr_flow *f, const char *remote, const char *local, bool proven)
{
    wr_check *k = g_new0(wr_check, 1);

    k->flow = f;
    k->remote_ufrag = remote;
    k->local_ufrag = local;
    k->request_valid = k->response_valid = proven;
    wr_list_add(&f->checks, k);
}

static void carry(desk_t *d, wr_flow *f, unsigned packets, int64_t from_ms, int64_t to_ms)
{
    wr_traffic *t = wr_flow_traffic(f);

    t[0].packets = packets;
    t[0].first_us = d->c.us + from_ms * 1000;
    t[0].last_us = d->c.us + to_ms * 1000;
}

/* A path of other ICE credentials with media of its own, and no handshake. */
static void test_unshaken(void)
{
    static const struct {
        const char *remote, *local;
        bool proven;
        unsigned packets;
        int64_t from_ms, to_ms;
        wr_session_verdict verdict;
    } rows[] = {
        {"DDDD", "CCCC", true, 50, 0, 5000, WR_S_UNVERIFIABLE},
        {"DDDD", "CCCC", true, 49, 0, 5000, WR_S_VERIFIED_LEG},
        {"DDDD", "CCCC", false, 50, 0, 5000, WR_S_VERIFIED_LEG}, /* anybody can send there */
        {"BBBB", "AAAA", true, 50, 0, 5000, WR_S_VERIFIED_LEG},  /* another candidate pair of the same */
        {"AAAA", "BBBB", true, 50, 0, 5000, WR_S_VERIFIED_LEG},
        {"BBBB", "CCCC", true, 50, 0, 5000, WR_S_UNVERIFIABLE},
        {"DDDD", "CCCC", true, 50, 8001, 12000, WR_S_VERIFIED_LEG}, /* ICE began anew, and DTLS goes on */
        {"DDDD", "CCCC", true, 50, 8000, 12000, WR_S_UNVERIFIABLE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a;
        wr_flow *f;
        told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
        a = handshake_of(&d, NULL, WR_A_VERIFIED);
        check_on(a->flow, "BBBB", "AAAA", true);
        carry(&d, a->flow, 500, 0, 10000);
        f = flow_of(&d);
        check_on(f, rows[i].remote, rows[i].local, rows[i].proven);
        carry(&d, f, rows[i].packets, rows[i].from_ms, rows[i].to_ms);
        g_test_message("row %zu", i);
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, rows[i].verdict);
        if (d.s->verdict == WR_S_UNVERIFIABLE) {
            wr_facts facts;
            wr_session_state(d.c.e, d.s, &facts);
            g_assert_true(facts.unshaken == f);
            g_assert_nonnull(strstr(d.s->sentence, "on one of the paths of this call: media flows on a path"));
        }
        desk_end(&d);
    }
}

/* Where nothing is verified either, what is said is of the handshake that was seen. */
static void test_unshaken_and_half(void)
{
    for (unsigned verified = 0; verified < 2; verified++) {
        desk_t d = desk_begin(NULL);
        wr_association *a;
        wr_flow *f;
        wr_facts facts;
        told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
        a = handshake_of(&d, NULL, verified ? WR_A_VERIFIED : WR_A_HALF_VERIFIED);
        check_on(a->flow, "BBBB", "AAAA", true);
        carry(&d, a->flow, 50, 0, 10000);
        a->binding = verified ? WR_B0 : WR_B2; /* more firmly it would be one whose media is not judged itself */
        f = flow_of(&d);
        check_on(f, "DDDD", "CCCC", true);
        carry(&d, f, 50, 0, 5000);
        wr_session_decide(d.c.e, d.s);
        wr_session_state(d.c.e, d.s, &facts);
        g_test_message("%s", d.s->sentence);
        g_assert_true(facts.unshaken == f);
        g_assert_true((strstr(d.s->sentence, "media flows on a path") != NULL) == (verified == 1));
        g_assert_true((strstr(d.s->sentence, "only one party's certificate") != NULL) == (verified == 0));
        desk_end(&d);
    }
}

/* Of a handshake on a path with media of its own one side alone agrees: what is verified elsewhere does not mend it. */
static void test_half_beside(void)
{
    for (unsigned packets = 49; packets <= 50; packets++) {
        desk_t d = desk_begin(NULL);
        wr_association *b;
        told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
        handshake_of(&d, NULL, WR_A_VERIFIED);
        b = handshake_of(&d, NULL, WR_A_HALF_VERIFIED);
        wr_flow_traffic(b->flow)[1].packets = packets;
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, packets == 50 ? WR_S_UNVERIFIABLE : WR_S_VERIFIED_LEG);
        g_assert_cmpstr(d.s->reason, ==, packets == 50 ? "one side only" : NULL);
        desk_end(&d);
    }
}

/* ---- bounds that touched a call ---- */

static void test_limits(void)
{
    const char *names[WR_MAX_CALL_LIMITS];
    desk_t d = desk_begin(NULL);
    wr_copy *mine = told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
    wr_facts f;

    d.s->number = wr_copy_session_number(d.c.e, mine);
    g_assert_cmpuint(wr_session_limits(d.c.e, d.s, names), ==, 0);
    wr_limit_of_copy(d.c.e, "candidate addresses of a description", mine);
    wr_limit_of_copy(d.c.e, "candidate addresses of a description", mine);
    wr_limit_of_copy(d.c.e, "ICE credentials of a description", mine);
    wr_limit_of_flow(d.c.e, "DTLS associations on a flow", flow_of(&d)); /* of no call */
    g_assert_cmpuint(wr_session_limits(d.c.e, d.s, names), ==, 2);
    g_assert_cmpstr(names[0], ==, "candidate addresses of a description");
    g_assert_cmpstr(names[1], ==, "ICE credentials of a description");
    g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, 3);
    g_assert_cmpuint(d.c.e->limit_marks->len, ==, 3); /* the same is remembered once */
    wr_session_decide(d.c.e, d.s);
    wr_session_state(d.c.e, d.s, &f);
    g_assert_cmpstr(g_ptr_array_index(d.s->unknown, 0), ==,
                    "what the bound on candidate addresses of a description left out of this call");
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/also/hidden", test_also);
    g_test_add_func("/also/second sentence", test_second_sentence);
    g_test_add_func("/also/unshaken", test_unshaken);
    g_test_add_func("/also/unshaken_and_half", test_unshaken_and_half);
    g_test_add_func("/also/half beside", test_half_beside);
    g_test_add_func("/also/limits", test_limits);
    return g_test_run();
}
