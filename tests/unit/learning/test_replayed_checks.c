/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A check that was seen on another path proves nothing of this one, but where its answer names its source (RFC 8445
 * 7.2.5.2.1, RFC 8489 14.2): who sees a check can send it again from anywhere, and has no password.
 */
#include "records_build.h"

#include "verdict/session_facts.h"

#define EVES at("10.9.9.9", 4000)

static const wr_check *first_check(call_t *c, wr_endpoint src, wr_endpoint dst)
{
    for (unsigned i = 0; i < c->e->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(c->e->flows, i);
        if ((wr_endpoint_equal(&f->end[0], &src) && wr_endpoint_equal(&f->end[1], &dst)) ||
            (wr_endpoint_equal(&f->end[1], &src) && wr_endpoint_equal(&f->end[0], &dst)))
            return f->checks.len > 0 ? wr_list_at(&f->checks, 0) : NULL;
    }
    return NULL;
}

static bool proves(call_t *c, wr_endpoint src, wr_endpoint dst)
{
    const wr_check *k = first_check(c, src, dst);

    g_assert_nonnull(k);
    return k->request_valid;
}

/* After the true one, with its answer or without; a check of its own proves a path of whoever knows the password. */
static void test_sent_again(void)
{
    enum { ALONE, ANSWERED_AS_IT_WAS, AND_TOLD_AGAIN, ANSWERED_FALSELY, ANSWERED_TRULY, OWN_BESIDE, CASES };

    for (int how = ALONE; how < CASES; how++) {
        const wr_endpoint eve = EVES, alice = ALICES;
        call_t c = call_begin(NULL);
        agree(&c);
        connect_ends(&c);
        ask(&c, 10, EVES, BOBS, "BBBB:AAAA", PWD_B, 1);
        if (how == ANSWERED_AS_IT_WAS || how == AND_TOLD_AGAIN)
            reply(&c, 5, BOBS, EVES, PWD_B, 1, &alice);
        if (how == AND_TOLD_AGAIN) { /* passwords are tried once more */
            text_t a = answer_text();
            a.session_id = "5900000001";
            say(&c, ANSWERED, &a);
        }
        if (how == ANSWERED_FALSELY)
            reply(&c, 5, BOBS, EVES, "nobodyspasswordatall22", 1, &eve);
        if (how == ANSWERED_TRULY) /* a translation's outer side */
            reply(&c, 5, BOBS, EVES, PWD_B, 1, &eve);
        if (how == OWN_BESIDE)
            ask(&c, 10, EVES, BOBS, "BBBB:AAAA", PWD_B, 7);
        g_test_message("case %d", how);
        g_assert_true(proves(&c, EVES, BOBS) == (how == ANSWERED_TRULY || how == OWN_BESIDE));
        g_assert_true(proves(&c, ALICES, BOBS));
        call_end(&c);
    }
}

/* Before the true one: the path that is proven by more than this message is where it belongs. */
static void test_sent_before(void)
{
    enum { PROVEN_BY_ANOTHER, PROVEN_BY_NONE, MUCH_LATER, FIRST_IS_ANSWERED, CASES };

    for (int how = PROVEN_BY_ANOTHER; how < CASES; how++) {
        call_t c = call_begin(NULL);
        agree(&c);
        if (how != PROVEN_BY_NONE)
            ask(&c, 10, BOBS, ALICES, "AAAA:BBBB", PWD_A, 2);
        ask(&c, 10, EVES, BOBS, "BBBB:AAAA", PWD_B, 1);
        if (how == FIRST_IS_ANSWERED)
            reply(&c, 2, BOBS, EVES, PWD_B, 1, NULL);
        ask(&c, how == MUCH_LATER ? 2000 : 5, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        g_test_message("case %d", how);
        g_assert_true(proves(&c, EVES, BOBS) == (how != PROVEN_BY_ANOTHER));
        ask(&c, 100, EVES, BOBS, "BBBB:AAAA", PWD_B, 1); /* once more: now it is known where it belongs */
        g_assert_true(proves(&c, EVES, BOBS) == (how != PROVEN_BY_ANOTHER));
        call_end(&c);
    }
}

/* Whoever makes a path of such checks makes no mismatch there; who could read the password makes one that is contested;
 * where nobody could read it, a check that has it is a party's. */
static void test_handshake_on_it(void)
{
    enum { REPLAYED, READ, SECRET, CASES };
    static const struct {
        wr_association_verdict path;
        wr_session_verdict call;
    } verdicts[CASES] = {[REPLAYED] = {WR_A_NO_SIGNALLING, WR_S_VERIFIED_LEG},
                         [READ] = {WR_A_CONTESTED, WR_S_CONTESTED},
                         [SECRET] = {WR_A_MISMATCH, WR_S_MISMATCH}};

    for (int how = REPLAYED; how < CASES; how++) {
        way_t offered = OFFERED, answered = ANSWERED;
        wr_certificate *const certs[] = {some_certificate(1), some_certificate(2), some_certificate(3),
                                         some_certificate(4)};
        char *const prints[] = {fingerprint_of(certs[0]), fingerprint_of(certs[1])};
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        shake_t k = shake_of(10), other = shake_of(50);
        const wr_association *genuine, *foreign;
        k.certificate[0] = certs[0];
        k.certificate[1] = certs[1];
        a.fingerprint = prints[0];
        o.fingerprint = prints[1];
        offered.covered = answered.covered = how == SECRET;
        say(&c, offered, &o);
        say(&c, answered, &a);
        connect_ends(&c);
        genuine = shake(&c, &k);
        ask(&c, 10, EVES, BOBS, "BBBB:AAAA", PWD_B, how == REPLAYED ? 1 : 9);
        other.client = BOBS;
        other.server = EVES;
        other.certificate[0] = certs[2];
        other.certificate[1] = certs[3];
        foreign = shake(&c, &other);
        wr_engine_evaluate(c.e);
        g_assert_cmpint(genuine->verdict, ==, WR_A_VERIFIED);
        g_assert_cmpint(foreign->verdict, ==, verdicts[how].path);
        g_assert_cmpint(((const wr_session *)g_ptr_array_index(wr_engine_sessions(c.e), 0))->verdict, ==,
                        verdicts[how].call);
        call_end(&c);
        for (int i = 0; i < 4; i++)
            wr_certificate_unref(certs[i]);
        g_free(prints[0]);
        g_free(prints[1]);
    }
}

/* Of two paths of one pair of descriptions: what little ties to the call is no rival, nor is a path that was left. */
static void test_two_paths(void)
{
    enum { BOUND, BY_ADDRESS, OF_OTHERS, LEFT, NOT_LEFT, CASES };

    for (int how = BOUND; how < CASES; how++) {
        desk_t d = desk_begin(NULL);
        wr_copy *const c[] = {told(&d, true, false, NULL, NULL), told(&d, false, false, NULL, NULL)};
        wr_association *o = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_association *a = handshake_of(&d, NULL, how >= LEFT ? WR_A_MISMATCH_NOT_ENFORCED : WR_A_MISMATCH);
        for (int s = 0; s < 2; s++) {
            c[s]->protected_transport = false;
            o->owner[s] = c[s];
            a->owner[s] = how == OF_OTHERS ? NULL : c[s];
        }
        a->binding = how == BY_ADDRESS ? WR_B3 : WR_B0;
        wr_flow_traffic(o->flow)->packets = 9;
        wr_flow_traffic(o->flow)->last_us = a->last_us + (how == NOT_LEFT ? S : -S);
        wr_session_contest(d.s);
        g_test_message("case %d", how);
        g_assert_true((a->verdict == WR_A_CONTESTED) == (how == BOUND || how == NOT_LEFT));
        g_assert_true(a->rival == (how == BOUND || how == NOT_LEFT ? o : NULL));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/replayed_checks/sent_again", test_sent_again);
    g_test_add_func("/replayed_checks/sent_before", test_sent_before);
    g_test_add_func("/replayed_checks/handshake_on_it", test_handshake_on_it);
    g_test_add_func("/replayed_checks/two_paths", test_two_paths);
    return g_test_run();
}
