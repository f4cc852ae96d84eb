/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies that nothing ties to the flows of a call, and handshakes that were only pretended: what of them counts, and
 * what is told of them (rules 2.10).
 */
#include "records_build.h"

#include "statements_build.h"

/* Alice's offer as she sent it, and a copy on the leg of a stranger. */
typedef struct {
    const char *words;
    bool ours_tied, theirs_tied;
    bool theirs_emitted, ours_delivered;
    int theirs_frame; /* after (1) or before (-1) hers */
    wr_sameness sameness;
    wr_fps_difference fingerprints;
    bool counts, dropped;
} stranger_t;

static const stranger_t rows[] = {
    {"both tied", true, true, false, false, 1, WR_SAME_S1, WR_FPS_DIFFERENT, true, false},
    {"delivered to a stranger", true, false, false, false, 1, WR_SAME_S1, WR_FPS_DIFFERENT, false, true},
    {"delivered before it was sent", true, false, false, false, -1, WR_SAME_S1, WR_FPS_DIFFERENT, false, true},
    {"sent by a stranger, later", true, false, true, false, 1, WR_SAME_S1, WR_FPS_DIFFERENT, false, true},
    {"sent by somebody, before", true, false, true, false, -1, WR_SAME_S1, WR_FPS_DIFFERENT, true, false},
    {"sent by somebody, before it was delivered here", true, false, true, true, -1, WR_SAME_S1, WR_FPS_DIFFERENT, true,
     false},
    {"the same, delivered to a stranger", true, false, false, false, 1, WR_SAME_S0, WR_FPS_EQUAL, false, false},
    {"the same but for lines without fingerprints", true, false, false, false, 1, WR_SAME_S1, WR_FPS_EQUAL, false,
     false},
    {"re-keyed, to a stranger", true, false, false, false, 1, WR_SAME_S2, WR_FPS_EQUAL, false, true},
    {"trimmed, to a stranger", true, false, false, false, 1, WR_SAME_S1, WR_FPS_TRIMMED, false, true},
};

/* What is left once strangers are gone, and whether this pairing is among it and says something of the parties. */
static bool counts_at_last(const desk_t *d, wr_pairing *p)
{
    wr_session_drop_strangers(d->c.e, d->s);
    return g_ptr_array_find(d->s->pairings, p, NULL) && wr_pairing_weight(d->c.e, d->s, p) != WR_WEIGHT_NONE;
}

static void test_copies(gconstpointer data)
{
    const stranger_t *r = data;

    for (unsigned order = 0; order < 2; order++) { /* which of them the pairing names first */
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *other = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *ours = told(&d, false, false, d.fingerprint[0], NULL);
        wr_copy *theirs = told(&d, false, true, d.fingerprint[2], NULL);
        wr_copy *beside = told(&d, true, false, d.fingerprint[1], NULL);
        const GArray *injections = d.c.e->injections;
        wr_pairing *p;
        ours->frame = 50;
        theirs->frame = (uint32_t)(50 + r->theirs_frame);
        if (r->theirs_emitted)
            theirs->direction = WR_DIRECTION_EMITTED;
        if (r->ours_delivered)
            ours->direction = WR_DIRECTION_DELIVERED;
        p = paired(&d, order ? theirs : ours, order ? ours : theirs, r->sameness, r->fingerprints);
        if (r->ours_tied)
            tie(a, ours, WR_TIE_ADDRESS, 1);
        if (r->theirs_tied)
            tie(other, theirs, WR_TIE_ANNOUNCED, 0);
        g_assert_true(counts_at_last(&d, p) == r->counts);
        g_assert_cmpuint(d.s->pairings->len, ==, r->dropped ? 0 : 1);
        g_assert_cmpuint(d.s->copies->len, ==, r->dropped ? 2 : 3);
        g_assert_true(g_ptr_array_find(d.s->copies, ours, NULL));
        g_assert_true(g_ptr_array_find(d.s->copies, beside, NULL));
        g_assert_cmpuint(injections->len, ==, r->dropped ? 1 : 0);
        if (r->dropped) {
            const wr_injection *i = &g_array_index(injections, wr_injection, 0);
            g_assert_cmpint(i->kind, ==, WR_INJECTED_COPY);
            g_assert_cmpuint(i->frame, ==, theirs->frame);
            g_assert_cmpuint(i->other_frame, ==, ours->frame);
        }
        desk_end(&d);
    }
}

/* Where no flow is tied to any leg, signalling alone shows what it shows; where some are, a pairing of two legs that
 * nothing ties counts when each of them spoke first to a leg that is. */
static void test_nobody_tied(void)
{
    for (unsigned i = 0; i < 5; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *ours = told(&d, false, false, d.fingerprint[0], NULL);
        wr_copy *theirs = told(&d, false, true, d.fingerprint[2], NULL), *tied_one;
        wr_pairing *p = paired(&d, ours, theirs, WR_SAME_S1, WR_FPS_DIFFERENT);
        text_t t = offer_text();
        way_t w = OFFERED;
        w.connection = 9;
        w.client = "198.51.100.9";
        w.direction = WR_DIRECTION_DELIVERED;
        tied_one = say(&d.c, w, &t);
        g_ptr_array_add(d.s->copies, tied_one);
        if (i > 0)
            tie(a, tied_one, WR_TIE_ADDRESS, 1);
        if (i >= 2) /* hers was emitted before the tied leg delivered it */
            paired(&d, ours, tied_one, WR_SAME_S1, WR_FPS_EQUAL);
        if (i >= 3) {
            paired(&d, theirs, tied_one, WR_SAME_S1, WR_FPS_EQUAL);
            theirs->direction = WR_DIRECTION_EMITTED;
        }
        if (i == 4)
            tied_one->direction = WR_DIRECTION_EMITTED;
        g_test_message("case %u", i);
        g_assert_true(wr_session_has_ties(d.s) == (i > 0));
        g_assert_true(counts_at_last(&d, p) == (i == 0 || i == 3));
        if (i == 0)
            g_assert_cmpuint(d.s->copies->len, ==, 3);
        desk_end(&d);
    }
}

/* Datagrams of one direction alone are anybody's, whatever address they name: against a connection they count for
 * nothing; where they were answered, where a server reports them, or where a file tells of them, they do. */
static void test_lone_datagrams(void)
{
    enum { LONE, ANSWERED_TO, MIRRORED, TOLD_BY_FILE, ONE_END, BOTH_LONE, CASES };

    for (int i = 0; i < 4 * CASES; i++) {
        const int which = i / 4;
        const bool order = i % 2 != 0, upwards = i / 2 % 2 != 0;
        const bool dropped = which == LONE;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *ours = told(&d, false, false, d.fingerprint[0], NULL);
        wr_copy *theirs = told(&d, false, true, d.fingerprint[2], NULL);
        wr_testimony *file = witness("a.json", "Bob");
        wr_leg *leg = wr_leg_root(theirs->leg);
        wr_pairing *p = paired(&d, order ? theirs : ours, order ? ours : theirs, WR_SAME_S1, WR_FPS_DIFFERENT);

        leg->two_ended = which != ONE_END;
        wr_leg_root(ours->leg)->two_ended = which == BOTH_LONE;
        theirs->mirrored = which == MIRRORED;
        if (upwards) {
            const wr_endpoint src = theirs->src;
            theirs->src = theirs->dst;
            theirs->dst = src;
        }
        if (which == ANSWERED_TO) { /* something came the other way on its path */
            wr_copy *back = told(&d, true, true, d.fingerprint[1], NULL);
            back->src = theirs->dst;
            back->dst = theirs->src;
        }
        if (which == TOLD_BY_FILE)
            leg->witness = file;
        tie(a, ours, WR_TIE_ADDRESS, 1);
        tie(a, theirs, WR_TIE_ADDRESS, 0);
        g_test_message("case %d", i);
        g_assert_true(counts_at_last(&d, p) == !dropped);
        g_assert_true(g_ptr_array_find(d.s->copies, theirs, NULL) == !dropped);
        g_assert_true(g_ptr_array_find(d.s->copies, ours, NULL));
        leg->witness = NULL;
        wr_testimony_unref(file);
        desk_end(&d);
    }
}

/* Of several associations the best tie of a leg counts, with the side that it gives. */
static void test_tie_in(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *b = handshake_of(&d, NULL, WR_A_VERIFIED);
    wr_copy *c = told(&d, false, false, NULL, NULL), *other = told(&d, false, true, NULL, NULL);
    int own = 7;

    g_assert_cmpint(wr_leg_tie_in(d.s, c->leg, &own), ==, WR_TIE_NONE);
    g_assert_cmpint(own, ==, 7);
    tie(a, other, WR_TIE_ADDRESS, 0);
    g_assert_cmpint(wr_leg_tie_in(d.s, c->leg, &own), ==, WR_TIE_NONE);
    tie(a, c, WR_TIE_ANNOUNCED, 1);
    g_assert_cmpint(wr_leg_tie_in(d.s, c->leg, &own), ==, WR_TIE_ANNOUNCED);
    g_assert_cmpint(own, ==, 1);
    tie(b, c, WR_TIE_ANNOUNCED, 0); /* no better */
    g_assert_cmpint(wr_leg_tie_in(d.s, c->leg, &own), ==, WR_TIE_ANNOUNCED);
    g_assert_cmpint(own, ==, 1);
    tie(b, c, WR_TIE_ADDRESS, 0);
    g_assert_cmpint(wr_leg_tie_in(d.s, c->leg, &own), ==, WR_TIE_ADDRESS);
    g_assert_cmpint(own, ==, 0);
    g_assert_cmpint(wr_leg_tie_in(d.s, c->leg, NULL), ==, WR_TIE_ADDRESS);
    desk_end(&d);
}

/* ---- two points ---- */

/* At two points the order is told by their clocks, where they can be brought together, give or take 50 ms. */
static void test_clocks(void)
{
    static const struct {
        bool common;
        int64_t ahead_ms, later_ms; /* of the other point's clock; of the strange copy by it */
        bool counts;
    } times[] = {{true, 0, 100, false},     {true, 0, 40, true},      {true, 0, -100, true},
                 {true, 5000, 5100, false}, {true, 5000, 5040, true}, {true, -5000, -4900, false},
                 {false, 0, 100, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *ours = told(&d, false, false, d.fingerprint[0], NULL);
        wr_copy *theirs = told(&d, false, true, d.fingerprint[2], NULL);
        wr_pairing *p = paired(&d, ours, theirs, WR_SAME_S1, WR_FPS_DIFFERENT);
        tie(a, ours, WR_TIE_ADDRESS, 1);
        ours->direction = WR_DIRECTION_DELIVERED;
        theirs->direction = WR_DIRECTION_EMITTED;
        theirs->point = 1;
        theirs->time_us = ours->time_us + times[i].later_ms * MS;
        ours->timed = true;
        theirs->timed = times[i].common;
        theirs->ahead_us = times[i].ahead_ms * MS;
        g_test_message("row %zu", i);
        g_assert_true(counts_at_last(&d, p) == times[i].counts);
        desk_end(&d);
    }
}

/* ---- pretended handshakes ---- */

typedef struct {
    const char *words;
    wr_possession own; /* of the one that is asked about */
    bool completed, shows;
    wr_possession other;
    bool other_completed, absorbed;
    bool superseded;
} pretended_t;

static const pretended_t pretended[] = {
    {"beside a proven one", WR_POSSESSION_UNKNOWN, false, false, WR_POSSESSION_PROVED, false, false, true},
    {"with a certificate, beside a proven one", WR_POSSESSION_UNKNOWN, false, true, WR_POSSESSION_PROVED, false, false,
     true},
    {"beside a completed one", WR_POSSESSION_UNKNOWN, false, false, WR_POSSESSION_UNKNOWN, true, false, true},
    {"with a certificate, beside a completed one", WR_POSSESSION_UNKNOWN, false, true, WR_POSSESSION_UNKNOWN, true,
     false, false},
    {"signed by nobody, beside a completed one", WR_POSSESSION_INVALID, false, false, WR_POSSESSION_UNKNOWN, true,
     false, false},
    {"signed by nobody, beside a proven one", WR_POSSESSION_INVALID, true, false, WR_POSSESSION_PROVED, false, false,
     true},
    {"completed, beside a proven one", WR_POSSESSION_UNKNOWN, true, false, WR_POSSESSION_PROVED, false, false, false},
    {"proven and without end, beside a proven one", WR_POSSESSION_PROVED, false, false, WR_POSSESSION_PROVED, true,
     false, true},
    {"proven, beside a proven one", WR_POSSESSION_PROVED, true, false, WR_POSSESSION_PROVED, true, false, false},
    {"beside one that is no better", WR_POSSESSION_UNKNOWN, false, false, WR_POSSESSION_UNKNOWN, false, false, false},
    {"beside a proven one that is part of another", WR_POSSESSION_UNKNOWN, false, false, WR_POSSESSION_PROVED, true,
     true, false},
};

static void test_pretended(gconstpointer data)
{
    const pretended_t *r = data;

    for (unsigned order = 0; order < 2; order++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *first = handshake_of(&d, f, WR_A_VERIFIED), *second = handshake_of(&d, f, WR_A_VERIFIED);
        wr_association *a = order ? second : first, *o = order ? first : second;
        a->possession[1] = (uint8_t)r->own;
        o->possession[1] = (uint8_t)r->other;
        if (!r->completed)
            a->side[1].finished_frame = 0;
        if (!r->other_completed)
            o->side[0].finished_frame = 0;
        if (r->shows)
            shows(&d, a, order ? 1 : 0, ALICE_HAS);
        o->absorbed = r->absorbed ? a : NULL;
        g_assert_true(wr_association_is_superseded(a) == r->superseded);
        desk_end(&d);
    }
}

/* A server's flight that no client went on with, though it is signed, beside one of 1.3 whose ends both sent under
 * keys: the one is of nobody, and takes nothing from the other. */
static void test_unanswered(void)
{
    for (int answered = 0; answered < 3; answered++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = handshake_of(&d, f, WR_A_MISMATCH), *o = handshake_of(&d, f, WR_A_UNVERIFIABLE_ENCRYPTED);
        a->possession[1] = WR_POSSESSION_PROVED;
        a->side[0].finished_frame = a->side[1].finished_frame = 0;
        a->side[0].key_exchange_seq = answered == 1 ? 2 : 0;
        a->side[0].first_encrypted_frame = answered == 2 ? 120 : 0;
        o->version = WR_DTLS_1_3;
        o->side[0].finished_frame = o->side[1].finished_frame = 0;
        o->side[0].first_encrypted_frame = o->side[1].first_encrypted_frame = 130;
        g_test_message("case %d", answered);
        g_assert_true(wr_association_is_superseded(a) == (answered == 0));
        if (answered == 0)
            g_assert_false(wr_association_is_superseded(o));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strdup_printf("/strangers/copies/%s", rows[i].words);
        g_test_add_data_func(path, &rows[i], test_copies);
        g_free(path);
    }
    g_test_add_func("/strangers/nobody_tied", test_nobody_tied);
    g_test_add_func("/strangers/tie_in", test_tie_in);
    g_test_add_func("/strangers/lone datagrams", test_lone_datagrams);
    g_test_add_func("/strangers/clocks", test_clocks);
    for (size_t i = 0; i < G_N_ELEMENTS(pretended); i++) {
        char *path = g_strdup_printf("/strangers/pretended/%s", pretended[i].words);
        g_test_add_data_func(path, &pretended[i], test_pretended);
        g_free(path);
    }
    g_test_add_func("/strangers/unanswered", test_unanswered);
    return g_test_run();
}
