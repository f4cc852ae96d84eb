/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of one description on several legs: which of two came first, and which hops are no hops, for one of the two
 * descriptions is seen elsewhere as itself (rules 2.6, 2.7).
 */
#include "records_build.h"

#include "relations/relations.h"

#define MIDDLE "198.51.100.20"

/* ---- which came first ---- */

/* By time; where a file tells of one of them, whose clock may be wrong, what was given comes before what was got. */
static void test_first(void)
{
    static const struct {
        wr_direction hers, his;
        bool stated, other_stated;
        int64_t his_ms; /* behind hers */
        bool hers_first;
    } rows[] = {
        {WR_DIRECTION_EMITTED, WR_DIRECTION_DELIVERED, false, false, 5000, true},
        {WR_DIRECTION_EMITTED, WR_DIRECTION_DELIVERED, false, false, -5000, false},
        {WR_DIRECTION_EMITTED, WR_DIRECTION_DELIVERED, true, false, -5000, true},
        {WR_DIRECTION_EMITTED, WR_DIRECTION_DELIVERED, false, true, -5000, true},
        {WR_DIRECTION_EMITTED, WR_DIRECTION_DELIVERED, true, true, 5000, true},
        {WR_DIRECTION_DELIVERED, WR_DIRECTION_EMITTED, true, false, 5000, false},
        {WR_DIRECTION_DELIVERED, WR_DIRECTION_EMITTED, false, false, 5000, true},
        {WR_DIRECTION_EMITTED, WR_DIRECTION_UNKNOWN, true, false, -5000, false},
        {WR_DIRECTION_UNKNOWN, WR_DIRECTION_EMITTED, true, false, 5000, true},
        {WR_DIRECTION_DELIVERED, WR_DIRECTION_UNKNOWN, true, false, 5000, true},
        {WR_DIRECTION_UNKNOWN, WR_DIRECTION_DELIVERED, false, true, -5000, false},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        desk_t d = desk_begin(NULL);
        wr_copy *hers = told(&d, false, false, sha256_of(1), NULL), *his = told(&d, false, true, sha256_of(2), NULL);
        const wr_pairing *p;

        if (i % 2 != 0) { /* whichever is looked at first */
            g_ptr_array_index(d.s->copies, 0) = his;
            g_ptr_array_index(d.s->copies, 1) = hers;
        }
        hers->direction = rows[n].hers;
        his->direction = rows[n].his;
        his->time_us = hers->time_us + rows[n].his_ms * MS;
        if (rows[n].stated)
            hers->carrier = WR_CARRIER_STATEMENT;
        if (rows[n].other_stated)
            his->carrier = WR_CARRIER_STATEMENT;
        wr_session_pair_copies(d.c.e, d.s);
        g_test_message("row %zu", n);
        g_assert_cmpuint(d.s->pairings->len, ==, 1);
        p = g_ptr_array_index(d.s->pairings, 0);
        g_assert_true(p->first == (rows[n].hers_first ? hers : his));
        g_assert_true(p->second == (rows[n].hers_first ? his : hers));
        if (rows[n].hers != WR_DIRECTION_UNKNOWN && rows[n].his != WR_DIRECTION_UNKNOWN)
            g_assert_true(p->issued == (rows[n].hers == WR_DIRECTION_EMITTED ? hers : his));
        else
            g_assert_true(p->issued == p->first);
        g_assert_true(p->delivered == (p->issued == hers ? his : hers));
        desk_end(&d);
    }
}

/* Each two are one pairing, by however many of their keys they are found; three make three. */
static void test_each_pair_once(void)
{
    desk_t d = desk_begin(NULL);
    const char *lines = "a=ssrc:17 cname:x\r\n";
    text_t t = offer_text();
    wr_copy *c[3];

    t.m = AUDIO;
    t.lines = lines;
    for (unsigned i = 0; i < 3; i++) {
        c[i] = say(&d.c,
                   (way_t){.client = i == 0 ? ALICE : BOB,
                           .connection = 1 + i,
                           .direction = i == 0 ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                           .kind = WR_KIND_OFFER},
                   &t);
        g_ptr_array_add(d.s->copies, c[i]);
    }
    wr_session_pair_copies(d.c.e, d.s);
    g_assert_cmpuint(d.s->pairings->len, ==, 2); /* the two that were delivered are on the legs of one party */
    for (unsigned i = 0; i < 2; i++) {
        const wr_pairing *p = g_ptr_array_index(d.s->pairings, i);
        g_assert_true(p->first == c[0] && p->sameness == WR_SAME_S0 && p->fingerprints == WR_FPS_EQUAL);
    }
    desk_end(&d);
}

/* ---- hops ---- */

/* Bob's answer, which a host tells Alice anew. Either description may be seen again as itself: then it was passed on as
 * it is, unless it went to its own author behind, or came from whom it was told to before. */
static void test_explained(void)
{
    static const struct {
        const char *words;
        bool of_second;            /* it is what Alice was told that is seen again; else what came from Bob */
        bool to_author, from_told; /* the other copy went to whom it came from; or came from whom it was told to */
        int frames;                /* by which the other copy is behind */
        bool explained;
    } rows[] = {
        {"passed on", true, false, false, 5, true},
        {"passed on before", true, false, false, -5, true},
        {"to its author, behind", true, true, false, 5, false},
        {"to its author, before", true, true, false, -5, true},
        {"to its author, at once", true, true, false, 0, true},
        {"by whom it was told to, behind", true, false, true, 5, true},
        {"by whom it was told to, before", true, false, true, -5, false},
        {"by whom it was told to, at once", true, false, true, 0, true},
        {"the first passed on", false, false, false, 5, true},
        {"the first to its author, behind", false, true, false, 5, false},
        {"the first to its author, before", false, true, false, -5, true},
        {"the first by whom it was told to, before", false, false, true, -5, false},
        {"the first by whom it was told to, behind", false, false, true, 5, true},
    };

    for (size_t i = 0; i < 4 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 4;
        desk_t d = desk_begin(NULL);
        wr_copy *in = told(&d, true, true, d.fingerprint[0], NULL),
                *out = told(&d, true, false, d.fingerprint[1], NULL);
        wr_copy *c = rows[n].of_second ? out : in, *beside;
        text_t same = answer_text();
        wr_pairing *hop, *p;

        same.fingerprint = d.fingerprint[rows[n].of_second ? 1 : 0];
        beside = say(&d.c,
                     (way_t){.client = "198.51.100.7",
                             .server = MIDDLE,
                             .connection = 9,
                             .direction = WR_DIRECTION_DELIVERED,
                             .kind = WR_KIND_ANSWER},
                     &same);
        g_ptr_array_add(d.s->copies, beside);
        /* ends of nobody else's, so that only these rows' make any the same */
        in->src = at("198.51.100.31", 1);
        in->dst = at("198.51.100.32", 1);
        out->src = at("198.51.100.32", 2);
        out->dst = at("198.51.100.33", 2);
        beside->src = rows[n].from_told ? c->dst : at("198.51.100.34", 3);
        beside->dst = rows[n].to_author ? c->src : at("198.51.100.35", 3);
        in->frame = out->frame = 50;
        beside->frame = (uint32_t)(50 + rows[n].frames);
        hop = paired(&d, in, out, WR_SAME_S3, WR_FPS_DIFFERENT);
        p = i / 2 % 2 == 0 ? paired(&d, c, beside, WR_SAME_S0, WR_FPS_EQUAL)
                           : paired(&d, beside, c, WR_SAME_S0, WR_FPS_EQUAL);
        hop->explained = true;
        if (i % 2 != 0) { /* the order among them changes nothing */
            g_ptr_array_index(d.s->pairings, 0) = p;
            g_ptr_array_index(d.s->pairings, 1) = hop;
        }
        wr_session_settle_hops(d.c.e, d.s); /* not judged yet: all of them count */
        g_test_message("%s", rows[n].words);
        g_assert_true(g_ptr_array_find(d.s->pairings, hop, NULL) == !rows[n].explained);
        g_assert_cmpuint(d.s->pairings->len, ==, rows[n].explained ? 1 : 2);
        g_assert_true(g_ptr_array_find(d.s->pairings, p, NULL));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/copies_of_one/first", test_first);
    g_test_add_func("/copies_of_one/each_pair_once", test_each_pair_once);
    g_test_add_func("/copies_of_one/explained", test_explained);
    return g_test_run();
}
