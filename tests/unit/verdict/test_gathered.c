/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is gathered of a call for its verdict: descriptions with more lines than are kept, whose word an altered
 * description is, which of several things of one kind is named, and what of them gives the reason.
 */
#include "records_build.h"

static wr_facts weighed(desk_t *d)
{
    wr_facts f;

    wr_session_weigh(d->c.e, d->s, &f);
    return f;
}

static wr_copy *leg_copy(desk_t *d, bool answer, bool bobs_leg, int whose)
{
    return told(d, answer, bobs_leg, d->fingerprint[whose], NULL);
}

/* ---- more lines than are kept ---- */

/* A line that was left out may name the certificate: what does not name it neither accuses nor is followed. */
static void test_cut(void)
{
    for (unsigned i = 0; i < 16; i++) {
        const bool issued_cut = (i & 1) != 0, delivered_cut = (i & 2) != 0;
        const int shown = (int)(i / 4); /* Alice's was issued, Mallory's delivered */
        desk_t d = desk_begin(NULL);
        wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS), *delivered = leg_copy(&d, false, true, MALLORY_HAS);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        const bool told_open = (shown != ALICE_HAS && issued_cut) || (shown != MALLORY_HAS && delivered_cut);
        wr_facts f;

        issued->sdp->sections[0].own.cut = issued_cut;
        delivered->sdp->sections[0].own.cut = delivered_cut;
        paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
        shows(&d, a, 1, shown);
        a->owner[1] = issued;
        f = weighed(&d);
        g_test_message("case %u", i);
        g_assert_true(f.followed[0] == (shown == MALLORY_HAS && !told_open ? a : NULL));
        g_assert_true(f.not_followed == (shown == ALICE_HAS && !told_open ? a : NULL));
        g_assert_true(f.foreign == ((shown == CAROL_HAS || shown == BOB_HAS) && !told_open ? a : NULL));
        desk_end(&d);
    }
}

/* Too many lines are a reason of their own, where they are why nothing can be compared. */
static void test_left_out(void)
{
    static const struct {
        wr_association_verdict verdict;
        wr_cert_verdict sides[2];
        unsigned left_out;
        const char *reason;
        wr_severity severity;
    } rows[] = {
        {WR_A_UNVERIFIABLE_HASH, {WR_CERT_FP_LEFT_OUT, WR_CERT_MATCH}, 1, "too many fingerprints", WR_WARN},
        {WR_A_UNVERIFIABLE_HASH, {WR_CERT_MATCH, WR_CERT_FP_LEFT_OUT}, 1, "too many fingerprints", WR_WARN},
        {WR_A_UNVERIFIABLE_HASH, {WR_CERT_FP_LEFT_OUT, WR_CERT_FP_LEFT_OUT}, 1, "too many fingerprints", WR_WARN},
        {WR_A_UNVERIFIABLE_HASH, {WR_CERT_FP_NONE, WR_CERT_MATCH}, 0, "hash", WR_NOTE},
        {WR_A_AMBIGUOUS, {WR_CERT_FP_LEFT_OUT, WR_CERT_MATCH}, 0, "ambiguous", WR_NOTE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, rows[i].verdict);

        leg_copy(&d, false, false, ALICE_HAS);
        for (int side = 0; side < 2; side++)
            a->side[side].presented.verdict = (uint8_t)rows[i].sides[side];
        g_test_message("row %zu", i);
        g_assert_cmpuint(weighed(&d).left_out, ==, rows[i].left_out);
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, WR_S_UNVERIFIABLE);
        g_assert_cmpstr(d.s->reason, ==, rows[i].reason);
        g_assert_cmpint(d.s->severity, ==, rows[i].severity);
        desk_end(&d);
    }
}

/* ---- whose word ---- */

/* What is shown on the path of others says nothing of the party that was told otherwise; a handshake that no leg is
 * tied to may be its. */
static void test_speaks_for(void)
{
    enum { UNTIED, OF_THAT_LEG, OF_BOTH, OF_ANOTHER, CASES };

    for (int which = UNTIED; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS), *delivered = leg_copy(&d, false, true, MALLORY_HAS);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);

        paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
        shows(&d, a, 1, ALICE_HAS);
        a->owner[1] = issued;
        if (which == OF_ANOTHER || which == OF_BOTH)
            tie(a, issued, WR_TIE_ADDRESS, 1);
        if (which == OF_THAT_LEG || which == OF_BOTH)
            tie(a, delivered, WR_TIE_ADDRESS, 0);
        g_test_message("case %d", which);
        g_assert_true(weighed(&d).not_followed == (which == OF_ANOTHER ? NULL : a));
        desk_end(&d);
    }
}

/* Of two that show the same the later is named, where it is shown as well as the first. */
static void test_shown_as_well(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool foreign = (i & 1) != 0, first_ended = (i & 2) != 0, second_ended = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS), *delivered = leg_copy(&d, false, true, MALLORY_HAS);
        wr_association *of[2];
        const wr_association *named;
        wr_facts f;

        paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
        for (unsigned k = 0; k < 2; k++) {
            of[k] = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
            shows(&d, of[k], 1, foreign ? CAROL_HAS : ALICE_HAS);
            of[k]->owner[1] = issued;
            if (!(k == 0 ? first_ended : second_ended))
                of[k]->side[0].finished_frame = 0;
        }
        f = weighed(&d);
        named = foreign ? f.foreign : f.not_followed;
        g_test_message("case %u", i);
        g_assert_true(named == (second_ended || !first_ended ? of[1] : of[0]));
        g_assert_cmpint(foreign ? f.foreign_side : f.not_followed_side, ==, 1);
        desk_end(&d);
    }
}

/* A certificate that was decrypted nobody without keys has put there: as good as one that signed. */
static void test_decrypted(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool decrypted = (i & 1) != 0, proved = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS), *delivered = leg_copy(&d, false, true, MALLORY_HAS);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        wr_association *b = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);

        paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
        shows(&d, a, 1, ALICE_HAS);
        shows(&d, b, 1, CAROL_HAS);
        a->owner[1] = b->owner[1] = issued;
        a->possession[1] = WR_POSSESSION_PROVED;
        b->possession[1] = proved ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        b->decrypted = decrypted;
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==,
                        decrypted || proved ? WR_S_FOREIGN_CERTIFICATE : WR_S_SUBSTITUTED_NOT_FOLLOWED);
        desk_end(&d);
    }
}

/* Lines were left out on the way, or none of what was delivered can be compared, and the certificate is of neither. */
static void test_nothing_to_compare(void)
{
    enum { EXCHANGED, LEFT_OUT, SAID_NOTHING, SILENCED, CASES };

    for (int which = EXCHANGED; which < CASES; which++) {
        for (unsigned session_line = 0; session_line < 2; session_line++) {
            desk_t d = desk_begin(NULL);
            wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS);
            wr_copy *delivered = leg_copy(&d, false, true, MALLORY_HAS);
            wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
            wr_facts f;

            if (session_line) { /* what he says stands before the sections */
                issued->sdp->session.n_fingerprints = 1;
                issued->sdp->session.fingerprints = issued->sdp->sections[0].own.fingerprints;
                issued->sdp->sections[0].own.n_fingerprints = 0;
            }
            if (which == SAID_NOTHING)
                issued->sdp->sections[0].own.fingerprints[0].usable = false;
            paired(&d, issued, delivered, WR_SAME_S1,
                   which == EXCHANGED  ? WR_FPS_DIFFERENT
                   : which == LEFT_OUT ? WR_FPS_TRIMMED
                                       : WR_FPS_UNKNOWN);
            shows(&d, a, 1, CAROL_HAS);
            a->owner[1] = issued;
            f = weighed(&d);
            g_test_message("case %d", which);
            g_assert_true(f.foreign == (which == EXCHANGED || which == SILENCED ? a : NULL));
            desk_end(&d);
        }
    }
}

/* ---- the first of several ---- */

static void test_first_pairings(void)
{
    desk_t d = desk_begin(NULL);
    wr_pairing *same[2], *other[2], *authored[2];
    wr_facts f;

    for (unsigned i = 0; i < 2; i++) {
        same[i] = paired(&d, leg_copy(&d, false, false, ALICE_HAS), leg_copy(&d, false, true, ALICE_HAS), WR_SAME_S0,
                         WR_FPS_EQUAL);
        other[i] = paired(&d, leg_copy(&d, true, true, BOB_HAS), leg_copy(&d, true, false, CAROL_HAS), WR_SAME_S2,
                          WR_FPS_DIFFERENT);
    }
    f = weighed(&d);
    g_assert_true(f.equal[0] == same[0] && f.equal[1] == NULL);
    g_assert_true(f.rekeyed == other[0]);
    g_assert_null(f.authored);
    for (unsigned i = 0; i < 2; i++)
        authored[i] = paired(&d, other[i]->issued, other[i]->delivered, WR_SAME_S3, WR_FPS_EQUAL);
    f = weighed(&d);
    g_assert_true(f.authored == authored[1]);
    g_assert_null(f.equal[1]); /* another description is no second sight of this one */
    g_assert_true(f.substituted[0] == NULL && f.substituted[1] == NULL);
    desk_end(&d);
}

static void test_first_substitution(void)
{
    for (int class = 0; class < 2; class ++) {
        desk_t d = desk_begin(NULL);
        wr_pairing *p[2];
        wr_facts f;

        for (unsigned i = 0; i < 2; i++)
            p[i] = paired(&d, leg_copy(&d, class, class, ALICE_HAS), leg_copy(&d, class, !class, MALLORY_HAS),
                          WR_SAME_S1, WR_FPS_DIFFERENT);
        f = weighed(&d);
        g_assert_true(f.substituted[class] == p[0]);
        g_assert_null(f.substituted[1 - class]);
        g_assert_true(f.rekeyed == NULL && f.equal[class] == NULL);
        desk_end(&d);
    }
}

static void test_first_in_clear(void)
{
    static wr_stream rooms[3];
    desk_t d = desk_begin(NULL);
    wr_flow *of[3];

    g_assert_null(weighed(&d).clear);
    for (unsigned i = 0; i < 3; i++) {
        of[i] = flow_of(&d);
        rooms[i] = (wr_stream){.plain = i == 0 ? 0 : WR_STREAM_PLAIN, .packets = 100};
        of[i]->streams = &rooms[i];
        of[i]->n_streams = 1;
    }
    g_assert_true(weighed(&d).clear == of[1]);
    for (unsigned i = 0; i < 3; i++) {
        of[i]->streams = NULL; /* not of the heap */
        of[i]->n_streams = 0;
    }
    desk_end(&d);
}

/* Something flowed: from either end of any path. */
static void test_media(void)
{
    for (unsigned i = 0; i < 5; i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *of[2] = {flow_of(&d), flow_of(&d)};

        if (i < 4)
            wr_flow_traffic(of[i / 2])[i % 2].packets = 1;
        g_assert_true(weighed(&d).media == (i < 4));
        desk_end(&d);
    }
}

/* ---- declared ---- */

/* The substitute is of an end that the operator knows, or of one that he does not: both followed, one is not known. */
static void test_undeclared(void)
{
    for (unsigned known = 0; known < 3; known++) {
        const wr_endpoint hosts[2] = {at("198.51.100.66", 1), at("198.51.100.67", 1)};
        const wr_options o = {.declared_hosts = hosts, .n_declared_hosts = known};
        desk_t d = desk_begin(&o);

        for (int class = 0; class < 2; class ++) {
            wr_copy *issued = leg_copy(&d, class, class, class == 0 ? ALICE_HAS : BOB_HAS);
            wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
            paired(&d, issued, leg_copy(&d, class, !class, MALLORY_HAS), WR_SAME_S1, WR_FPS_DIFFERENT);
            shows(&d, a, 1 - class, MALLORY_HAS);
            a->owner[1 - class] = issued;
            a->side[1 - class].end = hosts[class];
        }
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, known == 2 ? WR_S_TERMINATED_BY_DECLARED : WR_S_INTERCEPTED_FULL);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gathered/cut", test_cut);
    g_test_add_func("/gathered/left_out", test_left_out);
    g_test_add_func("/gathered/speaks_for", test_speaks_for);
    g_test_add_func("/gathered/shown_as_well", test_shown_as_well);
    g_test_add_func("/gathered/decrypted", test_decrypted);
    g_test_add_func("/gathered/nothing_to_compare", test_nothing_to_compare);
    g_test_add_func("/gathered/first_pairings", test_first_pairings);
    g_test_add_func("/gathered/first_substitution", test_first_substitution);
    g_test_add_func("/gathered/first_in_clear", test_first_in_clear);
    g_test_add_func("/gathered/media", test_media);
    g_test_add_func("/gathered/undeclared", test_undeclared);
    return g_test_run();
}
