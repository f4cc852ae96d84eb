/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which other handshake of its path makes what contradicts the announcements contested, and no more than that: one that
 * went through, or that both sides signed, or the announced one with a signature that was spoilt.
 */
#include "records_build.h"

enum {
    WENT_THROUGH,
    HALF,
    HIDDEN, /* cannot be judged */
    SIGNED, /* by both, though its Finished is not seen */
    SIGNED_BY_SERVER,
    SIGNED_BY_CLIENT,
    SIGNED_UNJUDGED,
    NOT_THROUGH,
    PART_OF_ANOTHER,
    RECORDS_ALONE,
    WRONG_SIGNATURE,
    ALSO_MISMATCH,
    ALSO_REFUSED,
    IN_CLEAR,
    ELSEWHERE,
    OTHERS
};

static const bool contests[OTHERS] = {[WENT_THROUGH] = true, [HALF] = true, [HIDDEN] = true, [SIGNED] = true};

static wr_association *lay(desk_t *d, wr_flow *f, int which)
{
    static const wr_association_verdict verdicts[OTHERS] = {
        [WENT_THROUGH] = WR_A_VERIFIED,
        [HALF] = WR_A_HALF_VERIFIED,
        [HIDDEN] = WR_A_UNVERIFIABLE_ENCRYPTED,
        [SIGNED] = WR_A_VERIFIED,
        [SIGNED_BY_SERVER] = WR_A_VERIFIED,
        [SIGNED_BY_CLIENT] = WR_A_VERIFIED,
        [SIGNED_UNJUDGED] = WR_A_HALF_VERIFIED,
        [NOT_THROUGH] = WR_A_VERIFIED,
        [PART_OF_ANOTHER] = WR_A_VERIFIED,
        [RECORDS_ALONE] = WR_A_VERIFIED,
        [WRONG_SIGNATURE] = WR_A_VERIFIED,
        [ALSO_MISMATCH] = WR_A_MISMATCH,
        [ALSO_REFUSED] = WR_A_MISMATCH_ENFORCED,
        [IN_CLEAR] = WR_A_UNENCRYPTED,
        [ELSEWHERE] = WR_A_VERIFIED,
    };
    wr_association *o = handshake_of(d, which == ELSEWHERE ? NULL : f, verdicts[which]);
    const bool open = which == SIGNED || which == SIGNED_BY_SERVER || which == SIGNED_BY_CLIENT ||
                      which == SIGNED_UNJUDGED || which == NOT_THROUGH;

    if (open)
        o->side[1].finished_frame = 0;
    if (which == SIGNED || which == SIGNED_BY_CLIENT || which == SIGNED_UNJUDGED)
        o->possession[0] = WR_POSSESSION_PROVED;
    if (which == SIGNED || which == SIGNED_BY_SERVER || which == SIGNED_UNJUDGED)
        o->possession[1] = WR_POSSESSION_PROVED;
    if (which == PART_OF_ANOTHER)
        o->absorbed = o;
    if (which == RECORDS_ALONE)
        o->standing = WR_BARE;
    if (which == WRONG_SIGNATURE)
        o->possession[1] = WR_POSSESSION_INVALID;
    return o;
}

/* The announcements are contradicted by one of them, and by the signature of the other. */
static void test_others(void)
{
    static const wr_association_verdict first[] = {WR_A_MISMATCH, WR_A_MISMATCH_NOT_ENFORCED, WR_A_MISMATCH_ENFORCED};

    for (int which = WENT_THROUGH; which < OTHERS; which++) {
        for (unsigned i = 0; i < 2 * G_N_ELEMENTS(first); i++) {
            desk_t d = desk_begin(NULL);
            wr_flow *f = flow_of(&d);
            wr_association *o = i % 2 != 0 ? lay(&d, f, which) : NULL;
            wr_association *a = handshake_of(&d, f, first[i / 2]);

            if (o == NULL)
                o = lay(&d, f, which);
            a->side[1].presented.verdict = WR_CERT_MISMATCH;
            wr_session_contest(d.s);
            g_test_message("case %d, %u", which, i);
            g_assert_true(a->rival == (contests[which] ? o : NULL));
            g_assert_cmpint(a->verdict, ==, contests[which] ? WR_A_CONTESTED : first[i / 2]);
            g_assert_cmpint(a->side[1].presented.verdict, ==, contests[which] ? WR_CERT_CONTESTED : WR_CERT_MISMATCH);
            g_assert_true(a->side[1].presented.contested == contests[which]);
            g_assert_cmpint(a->side[0].presented.verdict, ==, WR_CERT_MATCH);
            g_assert_false(a->side[0].presented.contested);
            desk_end(&d);
        }
    }
}

/* Who resumes has the secret of the first. */
static void test_resumed(void)
{
    desk_t d = desk_begin(NULL);
    wr_flow *f = flow_of(&d);
    wr_association *a = handshake_of(&d, f, WR_A_MISMATCH), *o = handshake_of(&d, f, WR_A_VERIFIED);

    a->resumes = o;
    wr_session_contest(d.s);
    g_assert_null(a->rival);
    g_assert_cmpint(a->verdict, ==, WR_A_MISMATCH);
    desk_end(&d);
}

/* The announced one is named before one that cannot be judged, wherever it stands. */
static void test_best(void)
{
    for (unsigned i = 0; i < 6; i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = handshake_of(&d, f, WR_A_MISMATCH), *o[3];

        for (unsigned k = 0; k < 3; k++)
            o[k] = handshake_of(&d, f, k == i % 3 ? (i < 3 ? WR_A_VERIFIED : WR_A_HALF_VERIFIED) : WR_A_NO_SIGNALLING);
        wr_session_contest(d.s);
        g_assert_true(a->rival == o[i % 3]);
        desk_end(&d);
    }
}

/* ---- spoilt ---- */

enum {
    SPOILT,
    SPOILT_AND_CONTESTED,
    NOT_CONTESTED,
    HAS_RIVAL,
    IS_PART,
    IS_BARE,
    IS_OPEN,
    NO_CERTIFICATE,
    NO_DESCRIPTION,
    OTHER_ANNOUNCED,
    OTHER_VERDICT,
    CONTESTED_OTHERWISE,
    SPOILTS
};

/* Both certificates were announced, and a signature fits neither. */
static void test_spoilt(void)
{
    for (int which = SPOILT; which < SPOILTS; which++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = handshake_of(&d, f, WR_A_MISMATCH), *o = handshake_of(&d, f, WR_A_CONTESTED);
        const bool wanted = which == SPOILT || which == SPOILT_AND_CONTESTED;

        for (int s = 0; s < 2; s++) {
            wr_presented *p = shows(&d, o, s, s == 0 ? BOB_HAS : ALICE_HAS);
            p->description = told(&d, s == 0, false, d.fingerprint[s == 0 ? BOB_HAS : ALICE_HAS], NULL);
            p->verdict = which == SPOILT_AND_CONTESTED ? WR_CERT_CONTESTED : WR_CERT_MATCH;
            p->contested = which == SPOILT_AND_CONTESTED;
        }
        if (which == NOT_CONTESTED)
            o->verdict = WR_A_MISMATCH;
        if (which == HAS_RIVAL)
            o->rival = o;
        if (which == IS_PART)
            o->absorbed = o;
        if (which == IS_BARE)
            o->standing = WR_BARE;
        if (which == IS_OPEN)
            o->side[0].finished_frame = 0;
        if (which == NO_CERTIFICATE) {
            wr_certificate_unref(o->side[1].presented.certificate);
            o->side[1].presented.certificate = NULL;
        }
        if (which == NO_DESCRIPTION)
            o->side[1].presented.description = NULL;
        if (which == OTHER_ANNOUNCED)
            o->side[1].presented.description = told(&d, false, false, d.fingerprint[CAROL_HAS], NULL);
        if (which == OTHER_VERDICT)
            o->side[1].presented.verdict = WR_CERT_MISMATCH;
        if (which == CONTESTED_OTHERWISE)
            o->side[1].presented.verdict = WR_CERT_CONTESTED;
        wr_session_contest(d.s);
        g_test_message("case %d", which);
        g_assert_true(a->rival == (wanted ? o : NULL));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rival_handshakes/others", test_others);
    g_test_add_func("/rival_handshakes/resumed", test_resumed);
    g_test_add_func("/rival_handshakes/best", test_best);
    g_test_add_func("/rival_handshakes/spoilt", test_spoilt);
    return g_test_run();
}
