/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What makes a verified association one that is verified on both legs: each description as its author issued it and as
 * the other party was told it, on legs that are these parties' own, in that order, and with the certificate shown. And
 * whom a server that the operator declared explains: not the party whose description was taken away.
 */
#include "records_build.h"

typedef struct {
    desk_t d;
    wr_association *a;
    wr_copy *issued[2], *delivered[2]; /* offer and answer; Alice offers and is side 1 */
    wr_pairing *p[2];
} legs_t;

/* Both descriptions on both legs, which are tied by addresses: Alice's and Bob's. */
static void lay(legs_t *x)
{
    x->d = desk_begin(NULL);
    x->a = handshake_of(&x->d, NULL, WR_A_VERIFIED);
    for (int k = 0; k < 2; k++) {
        const char *fingerprint = x->d.fingerprint[k == 0 ? ALICE_HAS : BOB_HAS];
        const int side = k == 0 ? 1 : 0;
        x->issued[k] = told(&x->d, k, k, fingerprint, NULL);
        x->delivered[k] = told(&x->d, k, !k, fingerprint, NULL);
        x->p[k] = paired(&x->d, x->issued[k], x->delivered[k], WR_SAME_S0, WR_FPS_EQUAL);
        shows(&x->d, x->a, side, k == 0 ? ALICE_HAS : BOB_HAS);
        x->a->owner[side] = x->issued[k];
    }
    tie(x->a, x->issued[0], WR_TIE_ADDRESS, 1);
    tie(x->a, x->issued[1], WR_TIE_ADDRESS, 0);
}

static unsigned crossed(legs_t *x)
{
    wr_facts f;

    wr_session_weigh(x->d.c.e, x->d.s, &f);
    g_assert_cmpuint(f.verified, ==, 1);
    return f.crossed;
}

/* One description, k, is the odd one. */
typedef enum {
    WHOLE,
    TRIMMED,
    OTHER_LINES,
    NOT_COMPARED,
    OTHER_DESCRIPTION,
    OWNED_AS_TOLD,
    OWNED_ELSEWHERE,
    ISSUED_WITHOUT,
    DELIVERED_WITHOUT,
    STATED_CERTIFICATE,
    NO_CERTIFICATE,
    HEARD_BEFORE_SAID,
    ODDITIES
} oddity;

static void make_odd(legs_t *x, int k, oddity what)
{
    const int side = k == 0 ? 1 : 0;
    wr_presented *shown = &x->a->side[side].presented;
    wr_copy *other;

    switch (what) {
    case TRIMMED:
        x->p[k]->fingerprints = WR_FPS_TRIMMED;
        break;
    case OTHER_LINES:
        x->p[k]->sameness = WR_SAME_S2; /* no substitution, and no word on both legs either */
        x->p[k]->fingerprints = WR_FPS_DIFFERENT;
        break;
    case NOT_COMPARED:
        x->p[k]->fingerprints = WR_FPS_UNKNOWN;
        break;
    case OTHER_DESCRIPTION:
        x->p[k]->sameness = WR_SAME_S3;
        break;
    case OWNED_AS_TOLD:
        x->a->owner[side] = x->delivered[k];
        break;
    case OWNED_ELSEWHERE:
        x->a->owner[side] = told(&x->d, k, k, x->d.fingerprint[k == 0 ? ALICE_HAS : BOB_HAS], "a=x-other:1\r\n");
        break;
    case ISSUED_WITHOUT:
    case DELIVERED_WITHOUT: /* but for the certificate that is shown */
        other = told(&x->d, k, what == ISSUED_WITHOUT ? k : !k, x->d.fingerprint[CAROL_HAS], "a=x-other:1\r\n");
        if (what == ISSUED_WITHOUT) {
            other->frame = x->issued[k]->frame;
            x->p[k]->first = x->p[k]->issued = x->a->owner[side] = other;
        } else {
            x->p[k]->second = x->p[k]->delivered = other;
        }
        break;
    case STATED_CERTIFICATE:
        shown->stated = shown->certificate;
        g_clear_pointer(&shown->certificate, wr_certificate_unref);
        break;
    case NO_CERTIFICATE:
        g_clear_pointer(&shown->certificate, wr_certificate_unref);
        break;
    case HEARD_BEFORE_SAID:
        x->issued[k]->frame = x->delivered[k]->frame + 1;
        break;
    default:
        break;
    }
}

static void test_descriptions(void)
{
    for (oddity what = WHOLE; what < ODDITIES; what++) {
        for (int k = 0; k < 2; k++) {
            const bool wanted = what == WHOLE || what == TRIMMED || what == OWNED_AS_TOLD || what == STATED_CERTIFICATE;
            legs_t x;
            lay(&x);
            make_odd(&x, k, what);
            g_test_message("case %d, %s", what, k == 0 ? "offer" : "answer");
            g_assert_cmpuint(crossed(&x), ==, wanted ? 1 : 0);
            desk_end(&x.d);
        }
    }
}

/* Whose legs they are: not both of one party. */
static void test_whose(void)
{
    static const struct {
        int first, second;
        bool crossed;
    } rows[] = {{1, 0, true}, {0, 0, false}, {1, 1, false}, {-1, -1, true}, {-1, 0, true}, {1, -1, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        legs_t x;
        lay(&x);
        x.a->ties[0].own = (int8_t)rows[i].first;
        x.a->ties[1].own = (int8_t)rows[i].second;
        g_test_message("row %zu", i);
        g_assert_cmpuint(crossed(&x), ==, rows[i].crossed ? 1 : 0);
        desk_end(&x.d);
    }
}

/* A leg that candidates alone tie, which whoever repeats a description repeats, is a party's where its host is the end
 * of the flow, or has that end as a relay. */
static void test_proven_legs(void)
{
    enum { BY_HOST, BY_NOTHING, BY_RELAY, BY_RELAY_TOLD, UNTIED, ADDRESS_ELSEWHERE, CASES };

    for (int which = BY_HOST; which < CASES; which++) {
        for (int bobs = 0; bobs < 2; bobs++) { /* the leg that is the odd one */
            const bool wanted = which == BY_HOST || which == BY_RELAY || which == ADDRESS_ELSEWHERE;
            legs_t x;
            lay(&x);
            if (which != BY_HOST && which != UNTIED) /* media of another host than signalling */
                x.a->side[bobs ? 0 : 1].end = at("198.51.100.7", 6000);
            if (which != ADDRESS_ELSEWHERE)
                x.a->ties[bobs].tie = which == UNTIED ? WR_TIE_NONE : WR_TIE_ANNOUNCED;
            if (which == BY_RELAY || which == BY_RELAY_TOLD)
                told(&x.d, (which == BY_RELAY) == (bobs != 0), bobs, x.d.fingerprint[CAROL_HAS],
                     "a=candidate:2 1 udp 41885439 198.51.100.7 6000 typ relay raddr 0.0.0.0 rport 0\r\n");
            g_test_message("case %d, leg %d", which, bobs);
            g_assert_cmpuint(crossed(&x), ==, wanted ? 1 : 0);
            desk_end(&x.d);
        }
    }
}

/* What stands in a file beside the capture no packet can forge: it needs no address, and no order of frames; where the
 * file does not say whether a description was given or got, it may be of the same end. */
static void test_stated(void)
{
    enum { KNOWN, BY_CANDIDATES, OUT_OF_ORDER, GIVEN_OR_GOT, UNTIED, CASES };

    for (int which = KNOWN; which < CASES; which++) {
        for (int bobs = 0; bobs < 2; bobs++) {
            for (int k = 0; k < 2; k++) {
                const bool wanted = which != GIVEN_OR_GOT && which != UNTIED;
                legs_t x;
                wr_copy *c;
                lay(&x);
                c = k == bobs ? x.issued[k] : x.delivered[k]; /* that stands in the file */
                x.issued[bobs]->carrier = x.delivered[1 - bobs]->carrier = WR_CARRIER_STATEMENT;
                if (which == BY_CANDIDATES || which == UNTIED) {
                    x.issued[bobs]->src = x.delivered[1 - bobs]->dst = wr_endpoint_none();
                    x.a->ties[bobs].tie = which == UNTIED ? WR_TIE_NONE : WR_TIE_ANNOUNCED;
                }
                if (which == OUT_OF_ORDER)
                    x.issued[k]->frame = x.delivered[k]->frame + 1;
                if (which == GIVEN_OR_GOT)
                    c->direction = WR_DIRECTION_UNKNOWN;
                g_test_message("case %d, leg %d, %s", which, bobs, k == 0 ? "offer" : "answer");
                g_assert_cmpuint(crossed(&x), ==, wanted ? 1 : 0);
                desk_end(&x.d);
            }
        }
    }
}

/* Of packets alone a direction that is not known says nothing about a file. */
static void test_seen_without_direction(void)
{
    legs_t x;

    lay(&x);
    x.delivered[0]->direction = WR_DIRECTION_UNKNOWN;
    g_assert_cmpuint(crossed(&x), ==, 1);
    desk_end(&x.d);
}

/* Datagrams that one relay passes on are one way, not two. */
static void test_one_hop(void)
{
    for (unsigned hop = 0; hop < 2; hop++) {
        legs_t x;

        lay(&x);
        for (int k = 0; k < 2; k++)
            x.issued[k]->leg->two_ended = true;
        x.issued[0]->hop = x.delivered[0]->hop = hop;
        g_assert_cmpuint(crossed(&x), ==, hop == 0 ? 1 : 0);
        desk_end(&x.d);
    }
}

/* ---- declared ---- */

static void use_other_password(const wr_copy *c, const char *password)
{
    ((wr_credential *)wr_list_at(&c->credentials, 0))->password = password;
}

/* Bob's host is declared. His description is the one that was taken away, or the one that was put in its place, or
 * something was changed that takes nobody's place. */
static void test_displaced(void)
{
    enum { TAKEN_AWAY, PUT_IN, KEPT, SAME_CREDENTIALS, SAME_FIRST, PUT_IN_LATER, OTHERS, UNOWNED, CASES };

    for (int which = TAKEN_AWAY; which < CASES; which++) {
        const wr_endpoint known = at(BOB, 1);
        const wr_options o = {.declared_hosts = &known, .n_declared_hosts = 1};
        const bool declared = which != TAKEN_AWAY && which != SAME_FIRST;
        desk_t d = desk_begin(&o);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *issued = told(&d, true, true, d.fingerprint[BOB_HAS], NULL);
        wr_copy *delivered = told(&d, true, false, d.fingerprint[MALLORY_HAS], NULL);
        wr_copy *third = told(&d, true, false, d.fingerprint[CAROL_HAS], "a=x-other:1\r\n");
        wr_facts f;

        a->owner[0] = which == PUT_IN ? delivered : which == OTHERS ? third : which == UNOWNED ? NULL : issued;
        use_other_password(delivered, "of somebody in between");
        use_other_password(third, "of a third one");
        if (which == PUT_IN_LATER) /* of one exchange taken away, of another put in: he is the one in between */
            a->owner[0] = delivered;
        if (which == SAME_FIRST) /* another copy of his own, altered with its credentials kept */
            paired(&d, issued, told(&d, true, false, d.fingerprint[ALICE_HAS], "a=x-other:2\r\n"), WR_SAME_S1,
                   WR_FPS_DIFFERENT);
        if (which == SAME_CREDENTIALS)
            use_other_password(delivered, ((wr_credential *)wr_list_at(&issued->credentials, 0))->password);
        paired(&d, issued, delivered, which == SAME_CREDENTIALS ? WR_SAME_S1 : WR_SAME_S2,
               which == KEPT ? WR_FPS_EQUAL : WR_FPS_DIFFERENT);
        if (which == PUT_IN_LATER)
            paired(&d, delivered, third, WR_SAME_S3, WR_FPS_DIFFERENT);
        wr_session_weigh(d.c.e, d.s, &f);
        g_test_message("case %d", which);
        g_assert_true(f.declared == declared);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crossed/descriptions", test_descriptions);
    g_test_add_func("/crossed/whose", test_whose);
    g_test_add_func("/crossed/proven_legs", test_proven_legs);
    g_test_add_func("/crossed/stated", test_stated);
    g_test_add_func("/crossed/seen_without_direction", test_seen_without_direction);
    g_test_add_func("/crossed/one_hop", test_one_hop);
    g_test_add_func("/crossed/displaced", test_displaced);
    return g_test_run();
}
