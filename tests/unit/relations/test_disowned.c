/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Legs that a handshake contradicts: whose client says of itself what its own end did not show, while another leg
 * announces what it showed; who stands where a party is and says something else; and descriptions that a handshake went
 * past (rules 2.10).
 */
#include "descriptions.h"
#include "records_build.h"

#include "statements_build.h"

#define MIDDLE "198.51.100.20"

/* Bob is the client, side 0, and Alice the server; both announce the certificates that they show. */
typedef struct {
    desk_t d;
    wr_association *a;
    wr_testimony *file;
} scene_t;

static scene_t begin(void)
{
    scene_t s = {.d = desk_begin(NULL), .file = witness("a.json", "Alice")};

    s.a = handshake_of(&s.d, NULL, WR_A_VERIFIED);
    return s;
}

static void end(scene_t *s)
{
    for (unsigned i = 0; i < s->d.c.e->legs->len; i++)
        ((wr_leg *)g_ptr_array_index(s->d.c.e->legs, i))->witness = NULL;
    wr_testimony_unref(s->file);
    desk_end(&s->d);
}

/* On a connection of its own. */
static wr_copy *says(scene_t *s, uint32_t connection, const char *client, wr_kind kind, wr_direction direction,
                     const char *fingerprint, const char *lines)
{
    text_t t = kind == WR_KIND_ANSWER ? answer_text() : offer_text();

    t.fingerprint = fingerprint;
    t.lines = lines;
    return say(
        &s->d.c,
        (way_t){.client = client, .connection = connection, .kind = kind, .direction = direction, .covered = true}, &t);
}

/* Descriptions that are none of the two parties'. */
static wr_copy *of_others(scene_t *s, uint32_t connection, const char *client, wr_direction direction)
{
    text_t t = offer_text();

    t.session_id = "771177";
    t.ufrag = "OTHR";
    t.pwd = "anotherpasswordofanother";
    return say(
        &s->d.c,
        (way_t){
            .client = client, .connection = connection, .kind = WR_KIND_OFFER, .direction = direction, .covered = true},
        &t);
}

/* ---- views ---- */

/* The leg of one side's party says something else than its end showed, which the other party was told. */
static void test_views(void)
{
    enum {
        DISOWNED,
        SIGNED,
        BY_DATAGRAMS,
        NOTHING_TO_COMPARE, /* the one announces SHA-256, the other SHA-384 */
        OWNED,              /* all that are disowned are before */
        NOT_SHOWN = OWNED,
        NOT_SIGNED_BY_IT,
        DOES_NOT_APPLY,
        A_FILE,
        OF_THE_OTHER,
        TOLD_TO_IT,
        SAYS_NOTHING,
        ANNOUNCES_IT_TOO,
        OTHER_DOES_NOT_APPLY,
        OTHER_IS_A_FILE,
        OTHER_SAYS_NOTHING,
        OTHER_AGREES,
        OTHER_ADDS_IT,
        DATAGRAMS_FROM_ELSEWHERE,
        ALONE,
        CASES
    };

    for (int i = 0; i < 4 * CASES; i++) {
        const int which = i / 4, side = i % 2, order = i / 2 % 2;
        const int whose = side == 0 ? BOB_HAS : ALICE_HAS;
        const char *client = side == 0 ? BOB : ALICE, *other_client = side == 0 ? ALICE : BOB;
        const wr_kind kind = side == 0 ? WR_KIND_ANSWER : WR_KIND_OFFER;
        scene_t s = begin();
        char *shown = s.d.fingerprint[whose], *another = s.d.fingerprint[MALLORY_HAS];
        char *lines = g_strdup_printf("a=fingerprint:%s\r\n", shown), *more = NULL, *sha384;
        wr_view v[2];
        wr_bound b = {.views = v, .n_views = which == ALONE ? 1 : 2};
        wr_view *mine = &v[which == ALONE ? 0 : order], *his = &v[which == ALONE ? 1 : 1 - order];

        memset(v, 0, sizeof v);
        wr_certificate_describe(s.d.certificate[whose]);
        sha384 = g_strdup("sha-384");
        for (int n = 0; n < 48; n++) {
            more = g_strdup_printf("%s%c%02X", sha384, n == 0 ? ' ' : ':',
                                   wr_certificate_digest(s.d.certificate[whose], WR_HASH_SHA384)[n]);
            g_free(sha384);
            sha384 = more;
        }
        more = g_strdup_printf("a=fingerprint:%s\r\n", another);
        mine->copy[side] =
            says(&s, 11, client, kind, WR_DIRECTION_EMITTED, another, which == ANNOUNCES_IT_TOO ? lines : NULL);
        his->copy[side] = says(&s, 12, other_client, kind, WR_DIRECTION_DELIVERED,
                               which == NOTHING_TO_COMPARE ? sha384
                               : which == OTHER_AGREES     ? another
                                                           : shown,
                               which == OTHER_ADDS_IT ? more : NULL);
        for (int n = 0; n < 2; n++) {
            v[n].leg = v[n].copy[side]->leg;
            v[n].applies = true;
        }
        mine->own = which == OF_THE_OTHER ? 1 - side : side;
        his->own = 1 - side;
        if (which != NOT_SHOWN)
            shows(&s.d, s.a, side, whose);
        s.a->possession[side] = which == SIGNED             ? WR_POSSESSION_PROVED
                                : which == NOT_SIGNED_BY_IT ? WR_POSSESSION_INVALID
                                                            : WR_POSSESSION_UNKNOWN;
        mine->applies = which != DOES_NOT_APPLY;
        his->applies = which != OTHER_DOES_NOT_APPLY;
        mine->leg->witness = which == A_FILE ? s.file : NULL;
        his->leg->witness = which == OTHER_IS_A_FILE ? s.file : NULL;
        if (which == TOLD_TO_IT)
            mine->copy[side]->direction = WR_DIRECTION_DELIVERED;
        if (which == SAYS_NOTHING)
            mine->copy[side] = NULL;
        if (which == OTHER_SAYS_NOTHING)
            his->copy[side] = NULL;
        if (which == BY_DATAGRAMS || which == DATAGRAMS_FROM_ELSEWHERE) {
            mine->leg->two_ended = true;
            mine->own = -1;
            mine->copy[side]->direction = WR_DIRECTION_UNKNOWN;
            if (which == DATAGRAMS_FROM_ELSEWHERE)
                mine->copy[side]->src = at(MIDDLE, 5060);
        }
        wr_views_disown(s.a, &b);
        g_test_message("case %d, side %d", which, side);
        g_assert_true(mine->disowned == (which < OWNED));
        g_assert_false(his->disowned);
        g_free(lines);
        g_free(more);
        g_free(sha384);
        end(&s);
    }
}

/* ---- legs ---- */

/* Not where the certificate that it announces was shown somewhere in the call. */
static void test_leg(void)
{
    enum {
        DISOWNED,
        NOT,
        ANOTHER_LEG,
        SIGNED,
        THROUGH,
        SHOWN_ALONE,
        UNSIGNED,
        SIGNED_BY_OTHER_KEY,
        BARE_RECORDS,
        TOLD_TO_IT,
        MERGED,
        CASES
    };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, side = i % 2;
        scene_t s = begin();
        wr_association *b = handshake_of(&s.d, NULL, WR_A_VERIFIED);
        wr_copy *c = says(&s, 11, BOB, WR_KIND_ANSWER, WR_DIRECTION_EMITTED, s.d.fingerprint[MALLORY_HAS], NULL);
        wr_copy *o = says(&s, 12, ALICE, WR_KIND_ANSWER, WR_DIRECTION_DELIVERED, s.d.fingerprint[BOB_HAS], NULL);
        const bool is = which == DISOWNED || which == SHOWN_ALONE || which == UNSIGNED ||
                        which == SIGNED_BY_OTHER_KEY || which == BARE_RECORDS || which == TOLD_TO_IT || which == MERGED;

        tie(s.a, o, WR_TIE_ADDRESS, 1);
        tie(s.a, c, WR_TIE_ADDRESS, 0);
        s.a->ties[which == ANOTHER_LEG ? 0 : 1].disowned = which != NOT;
        if (which == TOLD_TO_IT)
            c->direction = WR_DIRECTION_DELIVERED;
        b->side[side].finished_frame = 0;
        if (which >= SIGNED && which <= TOLD_TO_IT) {
            shows(&s.d, b, side, MALLORY_HAS);
            b->possession[side] = which == SIGNED || which == TOLD_TO_IT ? WR_POSSESSION_PROVED
                                  : which == UNSIGNED                    ? WR_POSSESSION_INVALID
                                                                         : WR_POSSESSION_UNKNOWN;
            b->possession[1 - side] = which == SIGNED_BY_OTHER_KEY ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
            b->standing = which == BARE_RECORDS ? WR_BARE : WR_COHERENT;
            if (which == THROUGH || which == UNSIGNED || which == BARE_RECORDS)
                b->side[side].finished_frame = 7;
        }
        if (which == MERGED) { /* another leg of the same client turned out to be this one */
            wr_copy *more = says(&s, 13, BOB, WR_KIND_OFFER, WR_DIRECTION_EMITTED, s.d.fingerprint[CAROL_HAS], NULL);
            more->leg->merged = c->leg;
            c = more;
        }
        g_test_message("case %d, side %d", which, side);
        g_assert_true(wr_leg_is_disowned(s.d.s, c->leg) == is);
        g_assert_true(wr_leg_is_disowned(s.d.s, o->leg) == (which == ANOTHER_LEG));
        end(&s);
    }
}

/* ---- in the wrong place ---- */

/* Whose client is where a proven path ends says what that end's checks are made with. */
static void test_place(void)
{
    enum {
        SAYS_ELSE,
        SAYS_BOTH,
        SAYS_IT,
        TOLD_ELSE,
        AT_OTHER_HOST,
        AT_BOTH_ENDS,
        NOT_PROVEN,
        PROVEN_BY_LESS, /* one of both directions */
        NO_CHECKS,
        A_FILE,
        OF_ANOTHER_CALL_TOO, /* of one of two handshakes its checks */
        CASES
    };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, side = i % 2;
        scene_t s = begin();
        wr_association *b;
        const char *client = which == AT_OTHER_HOST ? MIDDLE : side == 0 ? BOB : ALICE;
        wr_copy *owner = says(&s, 10, SERVER, side == 0 ? WR_KIND_ANSWER : WR_KIND_OFFER, WR_DIRECTION_EMITTED,
                              s.d.fingerprint[0], NULL);
        wr_copy *c = of_others(&s, 11, client, which == TOLD_ELSE ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED);
        wr_leg *leg = c->leg;

        if (which == SAYS_IT || which == SAYS_BOTH) {
            if (which == SAYS_IT)
                wr_list_clear(&leg->copies);
            says(&s, 11, client, side == 0 ? WR_KIND_ANSWER : WR_KIND_OFFER, WR_DIRECTION_EMITTED, s.d.fingerprint[1],
                 NULL);
        }
        s.a->owner[side] = which == NO_CHECKS ? NULL : owner;
        s.a->binding = which == NOT_PROVEN ? WR_B2 : which == PROVEN_BY_LESS ? WR_B1 : WR_B0;
        if (which == AT_BOTH_ENDS)
            s.a->side[1 - side].end = s.a->side[side].end;
        leg->witness = which == A_FILE ? s.file : NULL;
        if (which == OF_ANOTHER_CALL_TOO) {
            b = handshake_of(&s.d, NULL, WR_A_VERIFIED);
            b->owner[side] = c;
        }
        g_test_message("case %d, side %d", which, side);
        g_assert_true(wr_leg_is_out_of_place(s.d.s, leg) == (which == SAYS_ELSE || which == PROVEN_BY_LESS));
        end(&s);
    }
}

/* Datagrams in which a party is told what it wrote itself, and none in which it says it. */
static void test_told_its_own(void)
{
    static const struct {
        const char *from, *to; /* of Alice's offer, side 1 */
        bool also;             /* and again, from her to Bob */
        wr_binding binding;
        bool others, out;
    } rows[] = {
        {SERVER, ALICE, false, WR_B0, false, true},
        {SERVER, ALICE, false, WR_B1, false, true},
        {SERVER, ALICE, false, WR_B2, false, false},
        {SERVER, ALICE, false, WR_B0, true, false}, /* it is somebody else's */
        {SERVER, ALICE, true, WR_B0, false, false},
        {ALICE, BOB, false, WR_B0, false, false},
        {ALICE, SERVER, false, WR_B0, false, false},
        {SERVER, BOB, false, WR_B0, false, false},
        {SERVER, MIDDLE, false, WR_B0, false, false},
        {BOB, ALICE, false, WR_B0, false, true},
        {ALICE, ALICE, false, WR_B0, false, false},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        const int side = i % 2 != 0 ? 0 : 1; /* the other way round, too */
        scene_t s = begin();
        wr_copy *owner = says(&s, 10, SERVER, WR_KIND_OFFER, WR_DIRECTION_EMITTED, s.d.fingerprint[0], NULL);
        wr_copy *c = rows[n].others
                         ? of_others(&s, 11, MIDDLE, WR_DIRECTION_EMITTED)
                         : says(&s, 11, MIDDLE, WR_KIND_OFFER, WR_DIRECTION_EMITTED, s.d.fingerprint[1], NULL);

        s.a->owner[side] = owner;
        s.a->binding = (uint8_t)rows[n].binding;
        s.a->side[side].end = ALICES;
        s.a->side[1 - side].end = BOBS;
        c->src = at(rows[n].from, 5060);
        c->dst = at(rows[n].to, 5060);
        c->leg->two_ended = true;
        if (rows[n].also) {
            wr_copy *more = says(&s, 11, MIDDLE, WR_KIND_OFFER, WR_DIRECTION_EMITTED, s.d.fingerprint[2], NULL);
            more->src = at(ALICE, 5060);
            more->dst = at(BOB, 5060);
        }
        g_test_message("row %zu, side %d", n, side);
        g_assert_true(wr_leg_is_out_of_place(s.d.s, c->leg) == rows[n].out);
        end(&s);
    }
}

/* ---- gone past ---- */

/* Both copies were seen where the two ends of a path are, and a handshake went through between these that hides whose
 * the description is. */
static void test_bypassed(void)
{
    enum {
        BYPASSED,
        BY_DATAGRAMS,
        TO_DATAGRAMS,
        WEAKER_PATH,
        NOT, /* all that are are before */
        ISSUED_BY_FILE = NOT,
        DELIVERED_BY_FILE,
        RE_AUTHORED,
        ISSUED_ELSEWHERE,
        DELIVERED_ELSEWHERE,
        AT_ONE_END,
        NOT_THROUGH,
        SHOWN,
        NOBODYS,
        NO_PATH,
        CASES
    };

    for (int i = 0; i < 4 * CASES; i++) {
        const int which = i / 4, side = i % 2, turned = i / 2 % 2; /* whose description; the ends swapped */
        scene_t s = begin();
        wr_copy *issued = says(&s, 11, which == ISSUED_ELSEWHERE ? MIDDLE : ALICE, WR_KIND_OFFER, WR_DIRECTION_EMITTED,
                               s.d.fingerprint[0], NULL);
        wr_copy *delivered, *other = of_others(&s, 13, MIDDLE, WR_DIRECTION_EMITTED);
        wr_pairing *p;

        delivered = which == RE_AUTHORED ? of_others(&s, 12, BOB, WR_DIRECTION_DELIVERED)
                                         : says(&s, 12,
                                                which == DELIVERED_ELSEWHERE ? MIDDLE
                                                : which == AT_ONE_END        ? ALICE
                                                                             : BOB,
                                                WR_KIND_OFFER, WR_DIRECTION_DELIVERED, s.d.fingerprint[2], NULL);
        if (which == BY_DATAGRAMS || which == TO_DATAGRAMS) {
            wr_copy *c = which == BY_DATAGRAMS ? issued : delivered;
            c->leg->two_ended = true;
            c->leg->client = wr_endpoint_none();
        }
        if (which == ISSUED_BY_FILE)
            issued->carrier = WR_CARRIER_STATEMENT;
        if (which == DELIVERED_BY_FILE)
            delivered->carrier = WR_CARRIER_STATEMENT;
        p = paired(&s.d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
        s.a->owner[side] = which == NOBODYS ? other : issued;
        s.a->binding = which == NO_PATH ? WR_B2 : which == WEAKER_PATH ? WR_B1 : WR_B0;
        s.a->side[turned].end = BOBS;
        s.a->side[1 - turned].end = ALICES;
        if (which == NOT_THROUGH)
            s.a->side[0].finished_frame = s.a->side[1].finished_frame = 0;
        shows(&s.d, s.a, which == SHOWN ? side : 1 - side, ALICE_HAS);
        g_test_message("case %d, side %d, %d", which, side, turned);
        g_assert_true(wr_pairing_is_bypassed(s.d.s, p) == (which < NOT));
        end(&s);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/disowned/views", test_views);
    g_test_add_func("/disowned/leg", test_leg);
    g_test_add_func("/disowned/place", test_place);
    g_test_add_func("/disowned/told_its_own", test_told_its_own);
    g_test_add_func("/disowned/bypassed", test_bypassed);
    return g_test_run();
}
