/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two copies of one description are worth: on whose legs they were seen, what else these legs carried, and what
 * beside them says otherwise (rules 2.10).
 */
#include "descriptions.h"
#include "records_build.h"

#include "relations/relations.h"
#include "statements_build.h"

#define MIDDLE  "198.51.100.20"
#define FP_MORE "sha-384 " FP384_D

/* Alice's offer as she sent it, and as it came to Bob, of a call with a handshake between them. */
typedef struct {
    desk_t d;
    wr_association *a;
    wr_copy *ours, *theirs;
    wr_pairing *p;
} two_t;

static two_t two(wr_sameness sameness, wr_fps_difference differ)
{
    two_t t = {.d = desk_begin(NULL)};

    t.a = handshake_of(&t.d, NULL, WR_A_VERIFIED);
    t.ours = told(&t.d, false, false, t.d.fingerprint[0], NULL);
    t.theirs = told(&t.d, false, true, t.d.fingerprint[differ == WR_FPS_EQUAL ? 0 : 2], NULL);
    t.p = paired(&t.d, t.ours, t.theirs, sameness, differ);
    return t;
}

/* Of each the other half of the exchange was seen, too: said before it was told. */
static void exchange(two_t *t)
{
    told(&t->d, true, true, t->d.fingerprint[1], NULL);
    told(&t->d, true, false, t->d.fingerprint[1], NULL);
}

static void tie_both(two_t *t)
{
    tie(t->a, t->ours, WR_TIE_ADDRESS, 1);
    tie(t->a, t->theirs, WR_TIE_ADDRESS, 0);
}

static wr_weight weigh(two_t *t)
{
    wr_session_drop_strangers(t->d.c.e, t->d.s);
    return wr_pairing_weight(t->d.c.e, t->d.s, t->p);
}

static void turn(wr_pairing *p)
{
    wr_copy *first = p->first;

    p->first = p->second;
    p->second = first;
}

static void as_datagrams(wr_copy *c)
{
    wr_leg_root(c->leg)->two_ended = true;
}

/* Another copy, on this connection of its own. */
static wr_copy *beside(two_t *t, uint32_t connection, const char *client, const char *server, wr_direction direction,
                       wr_kind kind, const char *fingerprint)
{
    text_t text = kind == WR_KIND_ANSWER ? answer_text() : offer_text();
    const way_t w = {.client = client,
                     .server = server,
                     .connection = connection,
                     .direction = direction,
                     .kind = kind,
                     .covered = true};
    wr_copy *c;

    text.fingerprint = fingerprint;
    c = say(&t->d.c, w, &text);
    g_ptr_array_add(t->d.s->copies, c);
    return c;
}

/* ---- ties ---- */

/* A handshake that is tied to descriptions by its certificate alone ties no leg, nor do bare records, but on a path
 * whose checks are verified. */
static void test_which_associations_tie(void)
{
    static const struct {
        wr_binding binding;
        bool ties[WR_PROVEN + 1]; /* by standing */
    } rows[] = {
        {WR_B0, {true, true, true}},  {WR_B1, {true, true, true}},    {WR_B2, {false, true, true}},
        {WR_B3, {false, true, true}}, {WR_B4, {false, false, false}}, {WR_B_NONE, {false, false, false}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int standing = WR_BARE; standing <= WR_PROVEN; standing++) {
            two_t t = two(WR_SAME_S0, WR_FPS_EQUAL);
            const bool ties = rows[i].ties[standing];

            t.a->binding = (uint8_t)rows[i].binding;
            t.a->standing = (uint8_t)standing;
            g_assert_false(wr_session_has_ties(t.d.s)); /* of no leg so far */
            tie(t.a, t.ours, WR_TIE_ANNOUNCED, 1);
            g_test_message("%s, standing %d", wr_binding_name(rows[i].binding), standing);
            g_assert_true(wr_session_has_ties(t.d.s) == ties);
            g_assert_cmpint(wr_leg_tie_in(t.d.s, t.ours->leg, NULL), ==, ties ? WR_TIE_ANNOUNCED : WR_TIE_NONE);
            desk_end(&t.d);
        }
}

/* A leg that is tied by candidates alone counts where hosts join it with one that is tied by its address, where the
 * hosts are not known, or where no leg is tied better. */
static void test_tied_by_candidates(void)
{
    static const struct {
        const char *words;
        wr_tie ours, theirs;
        bool joined, stated;
        bool tied, strange; /* the other */
    } rows[] = {
        {"joined with one at its address", WR_TIE_ADDRESS, WR_TIE_ANNOUNCED, true, false, true, false},
        {"not joined with it", WR_TIE_ADDRESS, WR_TIE_ANNOUNCED, false, false, false, true},
        {"not joined, and none is better", WR_TIE_ANNOUNCED, WR_TIE_ANNOUNCED, false, false, true, false},
        {"of a file", WR_TIE_ADDRESS, WR_TIE_ANNOUNCED, false, true, true, false},
        {"at its address, wherever", WR_TIE_ADDRESS, WR_TIE_ADDRESS, false, false, true, false},
        {"nothing ties it, but it is joined", WR_TIE_ADDRESS, WR_TIE_NONE, true, false, false, false},
        {"joined with one that is tied by candidates", WR_TIE_ANNOUNCED, WR_TIE_NONE, true, false, false, false},
        {"nothing ties it, and it is not joined", WR_TIE_ADDRESS, WR_TIE_NONE, false, false, false, true},
        {"nor with one by candidates", WR_TIE_ANNOUNCED, WR_TIE_NONE, false, false, false, true},
        {"nothing ties it, of a file", WR_TIE_ADDRESS, WR_TIE_NONE, false, true, false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        two_t t = two(WR_SAME_S0, WR_FPS_EQUAL);
        wr_copy *c = beside(&t, 9, MIDDLE, rows[i].joined ? SERVER : "198.51.100.30", WR_DIRECTION_EMITTED,
                            WR_KIND_OFFER, t.d.fingerprint[0]);

        if (rows[i].stated)
            c->carrier = WR_CARRIER_STATEMENT;
        tie(t.a, t.ours, rows[i].ours, 1);
        if (rows[i].theirs != WR_TIE_NONE)
            tie(t.a, c, rows[i].theirs, 0);
        wr_session_drop_strangers(t.d.c.e, t.d.s);
        g_test_message("%s", rows[i].words);
        g_assert_true(wr_copy_is_tied(t.d.s, c) == rows[i].tied);
        g_assert_true(wr_copy_is_of_strangers(t.d.s, c) == rows[i].strange);
        g_assert_true(wr_copies_are_joined(t.d.s, c, t.ours) == (rows[i].joined || rows[i].stated));
        g_assert_true(wr_copies_are_joined(t.d.s, t.ours, c) == (rows[i].joined || rows[i].stated));
        g_assert_false(wr_copy_is_unanswered(t.d.s, c)); /* which is asked of signalling alone */
        desk_end(&t.d);
    }
}

/* Of signalling alone nobody is a stranger, but what nobody between its hosts answered is known as that. */
static void test_unanswered(void)
{
    enum { NOTHING, OF_HERS, ON_ITS_LEG, ON_ANOTHER, ELSEWHERE, FILE_SAYS, CASES };

    for (int which = NOTHING; which < CASES; which++) {
        two_t t = two(WR_SAME_S0, WR_FPS_EQUAL);
        wr_copy *c = beside(&t, 9, MIDDLE, "198.51.100.30", WR_DIRECTION_EMITTED, WR_KIND_OFFER, t.d.fingerprint[0]);

        if (which == OF_HERS)
            exchange(&t);
        if (which == ON_ITS_LEG)
            beside(&t, 9, MIDDLE, "198.51.100.30", WR_DIRECTION_DELIVERED, WR_KIND_ANSWER, t.d.fingerprint[1]);
        if (which == ON_ANOTHER || which == ELSEWHERE) { /* of the same server, or of another one */
            const char *server = which == ON_ANOTHER ? "198.51.100.30" : "198.51.100.31";
            beside(&t, 8, "198.51.100.40", server, WR_DIRECTION_EMITTED, WR_KIND_OFFER, t.d.fingerprint[2]);
            beside(&t, 8, "198.51.100.40", server, WR_DIRECTION_DELIVERED, WR_KIND_ANSWER, t.d.fingerprint[1]);
        }
        if (which == FILE_SAYS)
            c->carrier = WR_CARRIER_STATEMENT;
        g_assert_false(wr_copy_is_unanswered(t.d.s, c)); /* not judged yet */
        wr_session_drop_strangers(t.d.c.e, t.d.s);
        g_test_message("case %d", which);
        g_assert_true(wr_copy_is_unanswered(t.d.s, c) == (which == NOTHING || which == OF_HERS || which == ELSEWHERE));
        g_assert_true(wr_copy_is_unanswered(t.d.s, t.ours) == (which != OF_HERS));
        g_assert_false(wr_copy_is_of_strangers(t.d.s, c));
        desk_end(&t.d);
    }
}

/* Of a copy that is none of the call's nothing is said, and what is not judged yet counts. */
static void test_of_no_part(void)
{
    two_t t = two(WR_SAME_S1, WR_FPS_DIFFERENT);
    text_t text = offer_text();
    wr_copy *c = say(&t.d.c, (way_t){.client = MIDDLE, .connection = 9, .kind = WR_KIND_OFFER}, &text);

    g_assert_cmpint(wr_pairing_weight(t.d.c.e, t.d.s, t.p), ==, WR_WEIGHT_FULL);
    g_assert_false(wr_pairing_is_refuted(t.d.s, t.p));
    g_assert_false(wr_copy_is_tied(t.d.s, t.ours));
    g_assert_true(wr_copies_are_joined(t.d.s, t.ours, t.theirs));
    tie_both(&t);
    wr_session_drop_strangers(t.d.c.e, t.d.s);
    for (int i = 0; i < 2; i++) {
        wr_pairing p = {.first = i == 0 ? c : t.ours, .second = i == 0 ? t.ours : c, .sameness = WR_SAME_S1};

        p.issued = p.first;
        p.delivered = p.second;
        p.fingerprints = WR_FPS_DIFFERENT;
        g_assert_cmpint(wr_pairing_weight(t.d.c.e, t.d.s, &p), ==, WR_WEIGHT_FULL);
        g_assert_false(wr_pairing_is_refuted(t.d.s, &p));
        g_assert_true(wr_copies_are_joined(t.d.s, p.first, p.second));
    }
    g_assert_false(wr_copy_is_tied(t.d.s, c) || wr_copy_is_of_strangers(t.d.s, c));
    desk_end(&t.d);
}

/* ---- order ---- */

/* At one point the capture's order is the order; at two the clocks', where there is one in common, and 50 ms are
 * nothing. */
static void test_later(void)
{
    static const struct {
        int frames; /* by which it is behind the other */
        bool other_point, timed, other_timed;
        int64_t us;
        bool later;
    } rows[] = {
        {1, false, false, false, 0, true},
        {0, false, false, false, 0, false},
        {-1, false, false, false, 0, false},
        {-1, false, true, true, S, false}, /* by the clock later, but it stands before it */
        {1, false, true, true, -S, true},  /* nor does the clock say anything against it */
        {1, true, true, true, 50 * MS, false},
        {1, true, true, true, 50 * MS + 1, true},
        {-1, true, true, true, 50 * MS + 1, true},
        {1, true, false, true, S, false},
        {1, true, true, false, S, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        two_t t = two(WR_SAME_S0, WR_FPS_EQUAL);

        t.theirs->frame = t.ours->frame + (uint32_t)rows[i].frames;
        t.theirs->point = t.ours->point + rows[i].other_point;
        t.theirs->timed = rows[i].timed;
        t.ours->timed = rows[i].other_timed;
        t.theirs->time_us = t.ours->time_us + rows[i].us;
        g_test_message("row %zu", i);
        g_assert_true(wr_copy_is_later(t.d.c.e, t.theirs, t.ours) == rows[i].later);
        desk_end(&t.d);
    }
}

/* Packets of Alice's that come twice, with one TTL less the second time, a second later: two points are inferred, and
 * the clock of the second is a second ahead. Returns the number of the second. */
static unsigned infer_points(call_t *c)
{
    for (unsigned i = 0; i < 20; i++) {
        wr_place p[2] = {next(c, 100, ALICES, BOBS), next(c, 0, ALICES, BOBS)};
        unsigned look[2];

        for (unsigned k = 0; k < 2; k++) {
            wr_engine_add_hops(c->e, &p[k], (uint8_t)(64 - k));
            look[k] = wr_look_of(c->e, &p[k]);
            wr_look_seen(c->e, look[k]);
        }
        wr_look_twice(c->e, look[0], c->us, look[1], c->us + S);
    }
    wr_inferred_settle(c->e);
    g_assert_cmpuint(wr_inferred_points(c->e), ==, 2);
    return 2;
}

/* Where points are inferred behind one interface, their clocks can take an order back, and never make one. */
static void test_later_by_inferred_clocks(void)
{
    static const struct {
        unsigned spot, other; /* where it was seen, and the other; 3: a point whose clock was never compared */
        int frames;
        int64_t us; /* later by the capture's clock, a second of which is the second point's lead */
        bool later;
    } rows[] = {
        {2, 1, 1, S, true},
        {2, 1, 1, S - 50 * MS + 1, true},
        {2, 1, 1, S - 50 * MS, false},
        {2, 1, -1, 5 * S, false},
        {1, 2, 1, -S, true},
        {1, 2, 1, -S - 50 * MS, false},
        {0, 2, 1, -5 * S, true}, /* one is not known: nothing to be said against the order */
        {2, 0, 1, -5 * S, true},
        {2, 2, 1, -5 * S, true},
        {3, 1, 1, 5 * S, false},
        {1, 3, 1, 5 * S, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        two_t t = two(WR_SAME_S0, WR_FPS_EQUAL);

        infer_points(&t.d.c);
        t.theirs->spot = (uint8_t)rows[i].spot;
        t.ours->spot = (uint8_t)rows[i].other;
        t.theirs->spot_ahead_us = rows[i].spot == 2 ? S : 0;
        t.ours->spot_ahead_us = rows[i].other == 2 ? S : 0;
        t.theirs->frame = t.ours->frame + (uint32_t)rows[i].frames;
        t.theirs->time_us = t.ours->time_us + rows[i].us;
        g_test_message("row %zu", i);
        g_assert_true(wr_copy_is_later(t.d.c.e, t.theirs, t.ours) == rows[i].later);
        desk_end(&t.d);
    }
}

/* Two legs that nothing ties count where each said it before a leg that is tied was told it, and hosts join it with
 * that one. */
static void test_spoke_first(void)
{
    enum { BOTH, FIRST_APART, SECOND_APART, FIRST_LATER, SECOND_LATER, CASES };

    for (int which = BOTH; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        two_t t = {.d = d, .a = handshake_of(&d, NULL, WR_A_VERIFIED)};
        const char *apart = "198.51.100.30";
        wr_copy *c;

        t.d = d;
        t.ours = beside(&t, 5, ALICE, which == FIRST_APART ? apart : SERVER, WR_DIRECTION_EMITTED, WR_KIND_OFFER,
                        d.fingerprint[0]);
        t.theirs = beside(&t, 6, BOB, which == SECOND_APART ? apart : SERVER, WR_DIRECTION_EMITTED, WR_KIND_OFFER,
                          d.fingerprint[2]);
        c = beside(&t, 7, MIDDLE, SERVER, WR_DIRECTION_DELIVERED, WR_KIND_OFFER, d.fingerprint[0]);
        t.p = paired(&t.d, t.ours, t.theirs, WR_SAME_S1, WR_FPS_DIFFERENT);
        paired(&t.d, t.ours, c, WR_SAME_S0, WR_FPS_EQUAL);
        paired(&t.d, t.theirs, c, WR_SAME_S1, WR_FPS_EQUAL);
        if (which >= FIRST_LATER)
            (which == FIRST_LATER ? t.ours : t.theirs)->frame = c->frame + 1;
        tie(t.a, c, WR_TIE_ADDRESS, 1);
        g_test_message("case %d", which);
        g_assert_cmpint(weigh(&t), ==, which == BOTH ? WR_WEIGHT_CLAIM : WR_WEIGHT_NONE);
        desk_end(&t.d);
    }
}

/* ---- what bears witness ---- */

/* Where two copies differ, each leg has to have said one half of an exchange and been told the other. */
static void test_exchanges(void)
{
    static const struct {
        const char *words;
        bool answers; /* the two are of an answer, else of an offer */
        bool emitted; /* it is her leg that is asked about, which emitted it, else his, where it was delivered */
        wr_kind kind; /* what else that leg carried */
        wr_direction direction;
        wr_weight weight;
    } rows[] = {
        {"an answer came", false, true, WR_KIND_ANSWER, WR_DIRECTION_DELIVERED, WR_WEIGHT_FULL},
        {"an answer went", false, true, WR_KIND_ANSWER, WR_DIRECTION_EMITTED, WR_WEIGHT_CLAIM},
        {"an offer came", false, true, WR_KIND_OFFER, WR_DIRECTION_DELIVERED, WR_WEIGHT_CLAIM},
        {"an offer went", false, true, WR_KIND_OFFER, WR_DIRECTION_EMITTED, WR_WEIGHT_CLAIM},
        {"an answer went or came", false, true, WR_KIND_ANSWER, WR_DIRECTION_UNKNOWN, WR_WEIGHT_FULL},
        {"an answer went from him", false, false, WR_KIND_ANSWER, WR_DIRECTION_EMITTED, WR_WEIGHT_FULL},
        {"an answer came to him", false, false, WR_KIND_ANSWER, WR_DIRECTION_DELIVERED, WR_WEIGHT_CLAIM},
        {"an offer went from him", false, false, WR_KIND_OFFER, WR_DIRECTION_EMITTED, WR_WEIGHT_CLAIM},
        {"an offer came, of an answer", true, true, WR_KIND_OFFER, WR_DIRECTION_DELIVERED, WR_WEIGHT_FULL},
        {"an offer went, of an answer", true, true, WR_KIND_OFFER, WR_DIRECTION_EMITTED, WR_WEIGHT_CLAIM},
        {"an answer came, of an answer", true, true, WR_KIND_ANSWER, WR_DIRECTION_DELIVERED, WR_WEIGHT_CLAIM},
        {"an offer went from her, of an answer", true, false, WR_KIND_OFFER, WR_DIRECTION_EMITTED, WR_WEIGHT_FULL},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        const bool answers = rows[n].answers;
        wr_copy *issued = told(&d, answers, answers, d.fingerprint[0], NULL);
        wr_copy *delivered = told(&d, answers, !answers, d.fingerprint[2], NULL), *more;
        wr_pairing *p = paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);

        if (i % 2 != 0)
            turn(p);
        /* the other leg has exchanged both halves; what is emitted comes before what is delivered */
        if (rows[n].direction != WR_DIRECTION_EMITTED)
            told(&d, !answers, rows[n].emitted != answers, d.fingerprint[1], NULL);
        more = told(&d, rows[n].kind == WR_KIND_ANSWER, rows[n].emitted == answers, d.fingerprint[3], NULL);
        more->direction = rows[n].direction;
        if (rows[n].direction == WR_DIRECTION_EMITTED)
            told(&d, !answers, rows[n].emitted != answers, d.fingerprint[1], NULL);
        tie(a, issued, WR_TIE_ADDRESS, answers ? 0 : 1);
        tie(a, delivered, WR_TIE_ADDRESS, answers ? 1 : 0);
        g_test_message("%s", rows[n].words);
        wr_session_drop_strangers(d.c.e, d.s);
        g_assert_cmpint(wr_pairing_weight(d.c.e, d.s, p), ==, rows[n].weight);
        desk_end(&d);
    }
}

/* What a client was told before the other party said it, by the clock of one point, somebody made up; so is what else
 * is of that exchange. Not where the party said it before as well, by however little. */
static void test_told_before_it_is_said(void)
{
    static const struct {
        const char *words;
        int64_t after_ms; /* when the offer is said, after it is told */
        bool before, bare, elsewhere, got, unproven;
        wr_weight weight;
    } rows[] = {
        {.words = "said afterwards", 20, .weight = WR_WEIGHT_CLAIM},
        {.words = "within what packets are out of order", 4, .weight = WR_WEIGHT_FULL},
        {.words = "said before", -20, .weight = WR_WEIGHT_FULL},
        {.words = "said before, and again", 20, .before = true, .weight = WR_WEIGHT_FULL},
        {.words = "another point has another clock", 20, .elsewhere = true, .weight = WR_WEIGHT_FULL},
        {.words = "said in a datagram", 20, .bare = true, .weight = WR_WEIGHT_CLAIM}, /* for it can be spoofed */
        {.words = "it got the call", 20, .got = true, .weight = WR_WEIGHT_FULL},
        {.words = "nobody shows that another did", 20, .unproven = true, .weight = WR_WEIGHT_FULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        two_t t = two(WR_SAME_S1, WR_FPS_DIFFERENT);

        exchange(&t);
        tie_both(&t);
        t.a->binding = WR_B1;
        t.a->standing = rows[i].unproven ? WR_COHERENT : WR_PROVEN;
        t.a->owner[0] = rows[i].got ? t.theirs->partner : NULL;
        t.ours->time_us = t.theirs->time_us + rows[i].after_ms * 1000;
        t.ours->point = rows[i].elsewhere ? 7 : t.theirs->point;
        if (rows[i].bare)
            as_datagrams(t.ours);
        if (rows[i].before) {
            wr_copy *again = told(&t.d, false, false, t.d.fingerprint[0], NULL);
            again->time_us = t.theirs->time_us - 20000;
        }
        g_test_message("%s", rows[i].words);
        g_assert_cmpint(weigh(&t), ==, rows[i].weight);
        g_assert_true(wr_pairing_is_early(t.d.c.e, t.d.s, t.p) == (i == 0));
        desk_end(&t.d);
    }
}

/* Half an exchange counts where it contradicts nothing, where a file tells of it, or where a handshake bears out what
 * it says. */
static void test_half_an_exchange(void)
{
    enum {
        DIFFER,
        DIFFER_UNTOLD,
        AGREE,
        SAME_FINGERPRINTS,
        FILE_SAYS,
        SHOWN,
        SHOWN_BY_CLIENT,
        UNSIGNED,
        WEAK_PATH,
        WEAKER_PATH,
        ANOTHER_SHOWN,
        CASES
    };

    for (int i = 0; i < 4 * CASES; i++) {
        const int which = i / 4, side = which == SHOWN_BY_CLIENT ? 0 : 1;
        const bool hers = i % 2 != 0; /* it is her leg that carried half of it, else his */
        const bool full = which == AGREE || which == SAME_FINGERPRINTS ||
                          (which >= FILE_SAYS && which <= SHOWN_BY_CLIENT) || which == WEAK_PATH;
        two_t t = two(which == AGREE ? WR_SAME_S0 : WR_SAME_S1,
                      which == AGREE || which == SAME_FINGERPRINTS ? WR_FPS_EQUAL : WR_FPS_DIFFERENT);

        if (i / 2 % 2 != 0)
            turn(t.p);
        told(&t.d, true, hers, t.d.fingerprint[1], NULL);
        tie_both(&t);
        if (which == FILE_SAYS)
            (hers ? t.ours : t.theirs)->carrier = WR_CARRIER_STATEMENT;
        if (which >= SHOWN)
            shows(&t.d, t.a, side, which == ANOTHER_SHOWN ? CAROL_HAS : hers ? ALICE_HAS : MALLORY_HAS);
        if (which >= SHOWN && which != UNSIGNED)
            t.a->possession[side] = WR_POSSESSION_PROVED;
        t.a->possession[1 - side] = WR_POSSESSION_PROVED;
        t.a->binding = which == WEAK_PATH ? WR_B1 : which == WEAKER_PATH ? WR_B2 : WR_B0;
        g_test_message("case %d, %s", which, hers ? "hers" : "his");
        g_assert_cmpint(weigh(&t), ==, full ? WR_WEIGHT_FULL : WR_WEIGHT_CLAIM);
        desk_end(&t.d);
    }
}

/* ---- rivals ---- */

/* Something else was said by the same client, or told to it, that agrees with the other copy: which of the two it took
 * does not show. */
static void test_rivalled(void)
{
    enum {
        RIVAL,
        TRIMMED,
        OWN_CONNECTION,
        LATER_DELIVERED,
        DOUBTED, /* all that is doubted up to here */
        AS_THE_FIRST = DOUBTED,
        THIRD,
        OTHER_DIRECTION,
        OTHER_CLASS,
        CAME_BACK,
        NOT_SENT,
        FILE_SAYS,
        LATER,
        OTHER_POINT,
        OTHER_CLIENT,
        CONNECTION_OF_BOTH, /* the two parties are one host */
        OTHER_NAMES,
        CASES
    };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2;
        const bool his = which == LATER_DELIVERED; /* it is he who was told both */
        two_t t = two(WR_SAME_S1, WR_FPS_DIFFERENT);
        const char *as_other = t.d.fingerprint[his ? 0 : 2];
        text_t text = offer_text();
        way_t w = {.client = his ? BOB : ALICE,
                   .connection = his ? 2 : 1,
                   .direction = his ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED,
                   .kind = which == OTHER_CLASS ? WR_KIND_ANSWER : WR_KIND_OFFER,
                   .covered = true};
        char *lines = g_strdup_printf("a=fingerprint:%s\r\n", FP_MORE);
        wr_copy *r;

        text.fingerprint = which == AS_THE_FIRST ? t.d.fingerprint[0] : which == THIRD ? t.d.fingerprint[3] : as_other;
        text.version = "3";
        text.lines = which == TRIMMED ? lines : NULL;
        if (which == OTHER_NAMES) {
            text.ufrag = "OTHR";
            text.pwd = "passwordsofsomebodyelse";
        }
        if (which == OWN_CONNECTION || which == CONNECTION_OF_BOTH)
            w.connection = 7;
        if (which == OTHER_CLIENT) {
            w.connection = 7;
            w.client = MIDDLE;
        }
        if (which == CONNECTION_OF_BOTH)
            wr_leg_root(t.theirs->leg)->client = wr_leg_root(t.ours->leg)->client;
        if (which == OTHER_DIRECTION)
            w.direction = WR_DIRECTION_DELIVERED;
        r = say(&t.d.c, w, &text);
        r->frame = which == LATER || his ? 90 : 40;
        t.ours->frame = 50;
        t.theirs->frame = 60;
        r->echo = which == CAME_BACK;
        r->unsent = which == NOT_SENT ? 41 : 0;
        if (which == FILE_SAYS)
            r->carrier = WR_CARRIER_STATEMENT;
        if (which == OTHER_POINT)
            r->point = 1;
        if (i % 2 != 0)
            turn(t.p);
        g_test_message("case %d", which);
        g_assert_true(wr_pairing_is_doubted(t.d.c.e, t.p) == (which < DOUBTED));
        t.p->sameness = WR_SAME_S0; /* what contradicts nothing has no rival */
        t.p->fingerprints = WR_FPS_EQUAL;
        g_assert_false(wr_pairing_is_doubted(t.d.c.e, t.p));
        g_free(lines);
        desk_end(&t.d);
    }
}

/* Bytes that were sent twice, or that nobody sent, cast doubt on either copy; and what is doubted is a claim. */
static void test_doubted(void)
{
    for (int i = 0; i < 10; i++) {
        const bool tied = i >= 5;
        two_t t = two(WR_SAME_S1, WR_FPS_DIFFERENT);
        wr_copy *c = i % 5 < 2 ? t.ours : t.theirs;

        exchange(&t);
        if (tied)
            tie_both(&t);
        if (i % 5 == 0 || i % 5 == 2)
            c->doubted = 7;
        if (i % 5 == 1 || i % 5 == 3)
            c->unsent = 7;
        g_assert_true(wr_pairing_is_doubted(t.d.c.e, t.p) == (i % 5 != 4));
        g_assert_cmpint(weigh(&t), ==, i % 5 != 4 ? WR_WEIGHT_CLAIM : WR_WEIGHT_FULL);
        desk_end(&t.d);
    }
}

/* ---- refuted ---- */

static void test_refuted(void)
{
    enum { NOTHING, DISOWNED, OUT_OF_PLACE, DISOWNED_AGREES, DISOWNED_TRIMMED, DISOWNED_NOTHING_TO_COMPARE, CASES };

    for (int i = 0; i < 4 * CASES; i++) {
        const int which = i / 4;
        const bool hers = i % 2 != 0;
        const bool is = which == DISOWNED || which == OUT_OF_PLACE || which == DISOWNED_NOTHING_TO_COMPARE;
        two_t t = two(which == DISOWNED_AGREES ? WR_SAME_S0 : WR_SAME_S1, which == DISOWNED_AGREES    ? WR_FPS_EQUAL
                                                                          : which == DISOWNED_TRIMMED ? WR_FPS_TRIMMED
                                                                          : which == DISOWNED_NOTHING_TO_COMPARE
                                                                              ? WR_FPS_UNKNOWN
                                                                              : WR_FPS_DIFFERENT);
        text_t text = answer_text();
        wr_copy *elsewhere, *c = hers ? t.ours : t.theirs;

        if (i / 2 % 2 != 0)
            turn(t.p);
        exchange(&t);
        tie_both(&t);
        if (which == OUT_OF_PLACE) { /* its client's end has the checks of another description */
            text.ufrag = "ELSE";
            text.pwd = "passwordsofsomebodyelse";
            elsewhere = say(&t.d.c, (way_t){.client = MIDDLE, .connection = 9, .kind = WR_KIND_ANSWER}, &text);
            c->direction = WR_DIRECTION_EMITTED;
            t.a->owner[hers ? 1 : 0] = elsewhere;
        } else if (which != NOTHING) {
            t.a->ties[hers ? 0 : 1].disowned = true;
        }
        g_test_message("case %d, %s", which, hers ? "hers" : "his");
        g_assert_cmpint(weigh(&t), ==, is ? WR_WEIGHT_CLAIM : WR_WEIGHT_FULL);
        g_assert_true(wr_pairing_is_refuted(t.d.s, t.p) == is);
        g_assert_true(wr_pairing_is_refuted(t.d.s, t.p) == is); /* asked again */
        desk_end(&t.d);
    }
}

/* ---- datagrams ---- */

/* Two of them are worth less where a connection of a party tells of the call. */
static void test_beside_a_connection(void)
{
    static const struct {
        const char *words;
        bool there, tied, answered, bare, of_a_file;
        bool spoofable; /* what the two datagrams say */
    } rows[] = {
        {"there is none", false, false, false, false, false, false},
        {"a party's", true, true, true, false, false, true},
        {"nobody's", true, false, true, false, false, false},
        {"a party's, that told of one half", true, true, false, false, false, false},
        {"more datagrams", true, true, true, true, false, false},
        {"a file", true, true, true, false, true, false},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        const bool flows = i % 2 == 0; /* some leg is tied to them; else signalling is alone */
        two_t t = two(WR_SAME_S1, WR_FPS_DIFFERENT);
        wr_testimony *file = witness("a.json", "Alice");
        wr_copy *c = NULL, *back;
        bool spoofable = rows[n].spoofable;

        exchange(&t);
        as_datagrams(t.ours);
        as_datagrams(t.theirs);
        if (rows[n].there) {
            c = beside(&t, 9, MIDDLE, SERVER, WR_DIRECTION_EMITTED, WR_KIND_OFFER, t.d.fingerprint[3]);
            back = rows[n].answered
                       ? beside(&t, 9, MIDDLE, SERVER, WR_DIRECTION_DELIVERED, WR_KIND_ANSWER, t.d.fingerprint[1])
                       : NULL;
            if (rows[n].bare)
                as_datagrams(c);
            if (rows[n].of_a_file) {
                wr_leg_root(c->leg)->witness = file;
                c->carrier = back->carrier = WR_CARRIER_STATEMENT;
            }
        }
        if (flows) {
            tie_both(&t);
            if (rows[n].tied)
                tie(t.a, c, WR_TIE_ADDRESS, 1);
        } else { /* whose it is does not show then */
            spoofable = rows[n].answered && !rows[n].bare && !rows[n].of_a_file;
        }
        g_test_message("%s%s", rows[n].words, flows ? "" : ", signalling alone");
        g_assert_cmpint(weigh(&t), ==, spoofable ? WR_WEIGHT_CLAIM : WR_WEIGHT_FULL);
        if (c != NULL)
            wr_leg_root(c->leg)->witness = NULL;
        wr_testimony_unref(file);
        desk_end(&t.d);
    }
}

/* What a server writes anew counts in datagrams as well, but where a connection tells of the same description. */
static void test_written_anew(void)
{
    enum { ALONE, IN_A_CONNECTION, IN_DATAGRAMS, IN_A_FILE, BOTH_CONNECTIONS, CASES };

    for (int i = 0; i < 4 * CASES; i++) {
        const int which = i / 4;
        const bool first = i % 2 != 0; /* which of the two it is that comes in datagrams, and again */
        two_t t = two(WR_SAME_S3, WR_FPS_DIFFERENT);
        wr_testimony *file = witness("a.json", "Alice");
        text_t anew = offer_text();
        wr_copy *again = NULL, *written, *c;

        anew.session_id = "88001122"; /* of the server's own, to Bob */
        anew.ufrag = "HHHH";
        anew.pwd = "anotherpasswordofanother";
        anew.fingerprint = t.d.fingerprint[2];
        written = say(&t.d.c,
                      (way_t){.client = BOB,
                              .connection = 12,
                              .direction = WR_DIRECTION_DELIVERED,
                              .kind = WR_KIND_OFFER,
                              .covered = true},
                      &anew);
        g_ptr_array_remove(t.d.s->copies, t.theirs);
        g_ptr_array_add(t.d.s->copies, written);
        t.p->second = t.p->delivered = written;
        c = first ? t.ours : written;
        if (which != BOTH_CONNECTIONS)
            as_datagrams(c);
        exchange(&t);
        g_ptr_array_add(t.d.s->copies, say(&t.d.c,
                                           (way_t){.client = BOB,
                                                   .connection = 12,
                                                   .direction = WR_DIRECTION_EMITTED,
                                                   .kind = WR_KIND_ANSWER,
                                                   .covered = true},
                                           &(text_t){.session_id = "88001123",
                                                     .ufrag = "JJJJ",
                                                     .pwd = "anotherpasswordofanother",
                                                     .fingerprint = t.d.fingerprint[1]}));
        if (which != ALONE && which != BOTH_CONNECTIONS) {
            text_t same = first ? offer_text() : anew;
            same.version = "7";
            again = say(&t.d.c,
                        (way_t){.client = MIDDLE,
                                .connection = 14,
                                .direction = WR_DIRECTION_EMITTED,
                                .kind = WR_KIND_OFFER,
                                .covered = true},
                        &same);
            if (which == IN_DATAGRAMS)
                as_datagrams(again);
            if (which == IN_A_FILE) {
                again->carrier = WR_CARRIER_STATEMENT;
                again->leg->witness = file;
            }
        }
        /* of the offer as Bob was first told it nothing is left in the engine's index that is a connection's */
        if (first)
            as_datagrams(t.theirs);
        tie(t.a, t.ours, WR_TIE_ADDRESS, 1);
        tie(t.a, written, WR_TIE_ADDRESS, 0);
        if (i / 2 % 2 != 0)
            turn(t.p);
        g_test_message("case %d, %s", which, first ? "first" : "second");
        g_assert_cmpint(weigh(&t), ==, which == IN_A_CONNECTION ? WR_WEIGHT_CLAIM : WR_WEIGHT_FULL);
        if (again != NULL)
            again->leg->witness = NULL;
        wr_testimony_unref(file);
        desk_end(&t.d);
    }
}

/* ---- signalling alone ---- */

/* Two copies that hosts join, or of whose hosts nothing is known. */
static void test_joined(void)
{
    enum { JOINED, APART, FIRST_OF_A_FILE, SECOND_OF_A_FILE, CASES };

    for (int which = JOINED; which < CASES; which++) {
        two_t t = two(WR_SAME_S1, WR_FPS_DIFFERENT);

        if (which != JOINED) {
            wr_copy *c =
                beside(&t, 9, MIDDLE, "198.51.100.30", WR_DIRECTION_DELIVERED, WR_KIND_OFFER, t.d.fingerprint[2]);
            t.p->second = t.p->delivered = c;
        }
        if (which >= FIRST_OF_A_FILE)
            (which == FIRST_OF_A_FILE ? t.p->first : t.p->second)->carrier = WR_CARRIER_STATEMENT;
        g_test_message("case %d", which);
        g_assert_cmpint(weigh(&t), ==, which == APART ? WR_WEIGHT_CLAIM : WR_WEIGHT_FULL);
        desk_end(&t.d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/weights/which_associations_tie", test_which_associations_tie);
    g_test_add_func("/weights/tied_by_candidates", test_tied_by_candidates);
    g_test_add_func("/weights/unanswered", test_unanswered);
    g_test_add_func("/weights/of_no_part", test_of_no_part);
    g_test_add_func("/weights/later", test_later);
    g_test_add_func("/weights/later_by_inferred_clocks", test_later_by_inferred_clocks);
    g_test_add_func("/weights/spoke_first", test_spoke_first);
    g_test_add_func("/weights/exchanges", test_exchanges);
    g_test_add_func("/weights/told_before_it_is_said", test_told_before_it_is_said);
    g_test_add_func("/weights/half_an_exchange", test_half_an_exchange);
    g_test_add_func("/weights/rivalled", test_rivalled);
    g_test_add_func("/weights/doubted", test_doubted);
    g_test_add_func("/weights/refuted", test_refuted);
    g_test_add_func("/weights/beside_a_connection", test_beside_a_connection);
    g_test_add_func("/weights/written_anew", test_written_anew);
    g_test_add_func("/weights/joined", test_joined);
    return g_test_run();
}
