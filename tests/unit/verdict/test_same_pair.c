/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A handshake on another path of the same two descriptions contests one that contradicts them, where one of the two was
 * readable on its way; and one without keys of certificates is contested by one that has them.
 */
#include "records_build.h"

enum {
    PLAIN,
    BY_NAMES,
    BY_ADDRESSES,
    ON_ONE_PATH,
    HALF_VERIFIED,
    NOT_THROUGH,
    SIGNED_BY_BOTH,
    BARE,
    WRONG_SIGNATURE,
    NO_OWNER_HERE,
    NO_OWNER_THERE,
    OTHER_OWNER,
    OTHER_OWNERS,
    TURNED,
    OFFER_HIDDEN,
    ANSWER_HIDDEN,
    BOTH_HIDDEN,
    WENT_ON,
    WENT_ON_AND_SO_DID_CLIENT,
    WENT_ON_AND_SO_DID_SERVER,
    WENT_ON_TOGETHER,
    WENT_ON_WITH_MEDIA,
    RESUMES,
    CASES
};

static bool contests(int which)
{
    return which == PLAIN || which == BY_NAMES || which == SIGNED_BY_BOTH || which == TURNED || which == OFFER_HIDDEN ||
           which == ANSWER_HIDDEN || which == WENT_ON_AND_SO_DID_CLIENT || which == WENT_ON_AND_SO_DID_SERVER ||
           which == WENT_ON_WITH_MEDIA || which == ON_ONE_PATH;
}

static void test_other_path(void)
{
    for (unsigned i = 0; i < 2 * CASES; i++) {
        const int which = (int)(i / 2);
        const bool before = i % 2 != 0;
        const bool went_on = which >= WENT_ON && which <= WENT_ON_WITH_MEDIA;
        desk_t d = desk_begin(NULL);
        wr_copy *offer = told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
        wr_copy *answer = told(&d, true, false, d.fingerprint[BOB_HAS], NULL);
        wr_copy *other = told(&d, true, false, d.fingerprint[BOB_HAS], "a=x-other:1\r\n");
        wr_association *of[2], *a, *o;
        int64_t after;

        of[0] = handshake_of(&d, NULL, WR_A_VERIFIED);
        of[1] = handshake_of(&d, which == ON_ONE_PATH ? of[0]->flow : NULL, WR_A_VERIFIED);
        o = of[before ? 0 : 1];
        a = of[before ? 1 : 0];
        a->verdict = went_on ? WR_A_MISMATCH_NOT_ENFORCED : WR_A_MISMATCH;
        a->binding = which == BY_NAMES ? WR_B2 : which == BY_ADDRESSES ? WR_B3 : WR_B0;
        a->owner[0] = answer;
        a->owner[1] = which == NO_OWNER_HERE ? NULL : offer;
        o->owner[which == TURNED ? 1 : 0] = which == OTHER_OWNER || which == OTHER_OWNERS ? other : answer;
        o->owner[which == TURNED ? 0 : 1] = which == NO_OWNER_THERE ? NULL : which == OTHER_OWNERS ? other : offer;
        offer->protected_transport = which == OFFER_HIDDEN || which == BOTH_HIDDEN;
        answer->protected_transport = which == ANSWER_HIDDEN || which == BOTH_HIDDEN;
        if (which == HALF_VERIFIED)
            o->verdict = WR_A_HALF_VERIFIED;
        if (which == NOT_THROUGH || which == SIGNED_BY_BOTH)
            o->side[1].finished_frame = 0;
        if (which == SIGNED_BY_BOTH)
            o->possession[0] = o->possession[1] = WR_POSSESSION_PROVED;
        if (which == BARE)
            o->standing = WR_BARE;
        if (which == WRONG_SIGNATURE)
            o->possession[1] = WR_POSSESSION_INVALID;
        after = a->last_us + (which == WENT_ON_TOGETHER ? 0 : 1);
        if (which == WENT_ON_AND_SO_DID_CLIENT || which == WENT_ON_TOGETHER)
            o->side[0].data_last_us = after;
        if (which == WENT_ON_AND_SO_DID_SERVER || which == WENT_ON_TOGETHER)
            o->side[1].data_last_us = after;
        if (which == WENT_ON_WITH_MEDIA || which == WENT_ON_TOGETHER)
            wr_flow_traffic(o->flow)[0] = (wr_traffic){.packets = 9, .last_us = after};
        a->resumes = which == RESUMES ? o : NULL;
        a->side[1].presented.verdict = WR_CERT_MISMATCH;
        wr_session_contest(d.s);
        g_test_message("case %d, %s", which, before ? "before" : "after");
        g_assert_true(a->rival == (contests(which) ? o : NULL));
        g_assert_true((a->verdict == WR_A_CONTESTED) == contests(which));
        g_assert_cmpint(a->side[1].presented.verdict, ==, contests(which) ? WR_CERT_CONTESTED : WR_CERT_MISMATCH);
        desk_end(&d);
    }
}

/* Whoever sees a path can make a handshake without certificates, or without encryption, on it. */
static void test_weak(void)
{
    static const struct {
        wr_association_verdict weak, other;
        bool one_path, through, contested;
    } rows[] = {{WR_A_NULL_PROFILE, WR_A_VERIFIED, true, true, true},
                {WR_A_UNAUTHENTICATED, WR_A_VERIFIED, true, true, true},
                {WR_A_UNAUTHENTICATED, WR_A_HALF_VERIFIED, true, true, true},
                {WR_A_UNAUTHENTICATED, WR_A_UNVERIFIABLE_ENCRYPTED, true, true, true},
                {WR_A_NULL_PROFILE, WR_A_VERIFIED, false, true, false},
                {WR_A_NULL_PROFILE, WR_A_VERIFIED, true, false, false},
                {WR_A_NULL_PROFILE, WR_A_UNAUTHENTICATED, true, true, false},
                {WR_A_UNAUTHENTICATED, WR_A_NULL_PROFILE, true, true, false},
                {WR_A_UNAUTHENTICATED, WR_A_UNENCRYPTED, true, true, false},
                {WR_A_UNENCRYPTED, WR_A_VERIFIED, true, true, false}};

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 2;
        const bool first = i % 2 != 0;
        desk_t d = desk_begin(NULL);
        wr_association *of[2], *a, *o;

        of[0] = handshake_of(&d, NULL, WR_A_VERIFIED);
        of[1] = handshake_of(&d, rows[n].one_path ? of[0]->flow : NULL, WR_A_VERIFIED);
        a = of[first ? 0 : 1];
        o = of[first ? 1 : 0];
        a->verdict = (uint8_t)rows[n].weak;
        o->verdict = (uint8_t)rows[n].other;
        if (!rows[n].through)
            o->side[0].finished_frame = 0;
        wr_session_contest(d.s);
        g_test_message("row %u", n);
        g_assert_true(a->rival == (rows[n].contested ? o : NULL));
        g_assert_cmpint(a->verdict, ==, rows[n].contested ? WR_A_CONTESTED : rows[n].weak);
        if (rows[n].contested)
            g_assert_cmpint(a->severity, ==, WR_WARN);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/same_pair/other_path", test_other_path);
    g_test_add_func("/same_pair/weak", test_weak);
    return g_test_run();
}
