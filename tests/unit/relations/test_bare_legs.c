/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Datagrams beside a connection: what they say counts for nothing once the handshake is done, contests what the
 * connection says before, makes no second leg, and is what it is where nothing else was seen (rules 2.10).
 */
#include "records_build.h"

#include "statements_build.h"

#define LAST_FRAME 110 /* of the handshake */

/* Bob's handshake with Alice, answered in frame 100, and over in frame 110. */
static wr_association *shaken(desk_t *d)
{
    wr_association *a = handshake_of(d, NULL, WR_A_VERIFIED);

    a->has_server_random = true;
    a->server_hello = 100;
    a->server_hello_us = INT64_C(1700000000) * S;
    wr_association_add_frame(a, 0, LAST_FRAME); /* not the last that is kept */
    return a;
}

static void as_datagrams(wr_copy *c)
{
    wr_leg_root(c->leg)->two_ended = true;
}

/* ---- when it was told ---- */

static void test_after_the_handshake(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = shaken(&d);
    wr_copy *c = told(&d, false, true, d.fingerprint[0], NULL);

    c->frame = LAST_FRAME;
    g_assert_false(wr_copy_is_after_handshake(d.c.e, a, c));
    c->frame = LAST_FRAME + 1;
    g_assert_true(wr_copy_is_after_handshake(d.c.e, a, c));
    a->has_server_random = false;
    g_assert_false(wr_copy_is_after_handshake(d.c.e, a, c));
    a->has_server_random = true;
    a->server_hello = 0;
    g_assert_false(wr_copy_is_after_handshake(d.c.e, a, c));
    desk_end(&d);
}

/* At two points only by their clocks, where they can be brought together, and 100 ms decide nothing. */
static void test_at_two_points(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = shaken(&d);
    wr_copy *c = told(&d, false, true, d.fingerprint[0], NULL);

    c->frame = LAST_FRAME + 1;
    c->point = 1;
    c->time_us = a->server_hello_us + 3600 * S;
    g_assert_false(wr_copy_is_after_handshake(d.c.e, a, c));
    for (unsigned i = 0; i < WR_CLOCK_LEAST; i++) { /* the same moment */
        g_assert_false(wr_copy_is_after_handshake(d.c.e, a, c));
        wr_clock_note(d.c.e, 0, a->server_hello_us, 1, a->server_hello_us + 3600 * S, false);
    }
    g_assert_false(wr_copy_is_after_handshake(d.c.e, a, c));
    c->time_us += 99 * MS;
    g_assert_false(wr_copy_is_after_handshake(d.c.e, a, c));
    c->time_us += 2 * MS;
    g_assert_true(wr_copy_is_after_handshake(d.c.e, a, c));
    desk_end(&d);
}

/* ---- what two copies are worth ---- */

typedef struct {
    const char *words;
    bool bare[2], mirrored;    /* Alice's leg, the other; as reported by a server */
    bool late;                 /* the other was told when the handshake was done */
    bool tied;                 /* Alice's leg, to the flow */
    bool exchanged;            /* she was told an answer there */
    wr_fps_difference differs; /* the two copies */
    wr_weight weight;
    bool dropped;
} pair_t;

static const pair_t pairs[] = {
    {"two connections", {false, false}, false, false, true, true, WR_FPS_DIFFERENT, WR_WEIGHT_FULL, false},
    {"two connections, late", {false, false}, false, true, true, true, WR_FPS_DIFFERENT, WR_WEIGHT_CLAIM, false},
    {"datagrams alone", {true, true}, false, false, true, true, WR_FPS_DIFFERENT, WR_WEIGHT_FULL, false},
    {"datagrams alone, late", {true, true}, false, true, true, true, WR_FPS_DIFFERENT, WR_WEIGHT_CLAIM, false},
    {"datagrams alone that agree", {true, true}, false, false, true, true, WR_FPS_EQUAL, WR_WEIGHT_FULL, false},
    {"datagrams before", {false, true}, false, false, true, true, WR_FPS_DIFFERENT, WR_WEIGHT_CLAIM, false},
    {"datagrams behind", {false, true}, false, true, true, true, WR_FPS_DIFFERENT, WR_WEIGHT_NONE, true},
    {"datagrams that agree", {false, true}, false, false, true, true, WR_FPS_EQUAL, WR_WEIGHT_CLAIM, false},
    {"datagrams beside half an exchange",
     {false, true},
     false,
     false,
     true,
     false,
     WR_FPS_DIFFERENT,
     WR_WEIGHT_CLAIM,
     false},
    {"a report before", {false, false}, true, false, true, true, WR_FPS_DIFFERENT, WR_WEIGHT_CLAIM, false},
    {"a report behind", {false, false}, true, true, true, true, WR_FPS_DIFFERENT, WR_WEIGHT_NONE, true},
    {"a report that agrees", {false, false}, true, false, true, true, WR_FPS_EQUAL, WR_WEIGHT_CLAIM, false},
    {"a report behind that agrees", {false, false}, true, true, true, true, WR_FPS_EQUAL, WR_WEIGHT_NONE, false},
};

static void test_pairs(gconstpointer data)
{
    const pair_t *r = data;

    for (unsigned order = 0; order < 2; order++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = shaken(&d);
        wr_copy *ours = told(&d, false, false, d.fingerprint[0], NULL);
        wr_copy *theirs = told(&d, false, true, d.fingerprint[2], NULL);
        wr_copy *back = told(&d, true, true, d.fingerprint[1], NULL);
        wr_pairing *p = paired(&d, order ? theirs : ours, order ? ours : theirs,
                               r->differs == WR_FPS_EQUAL ? WR_SAME_S0 : WR_SAME_S1, r->differs);
        if (r->exchanged)
            told(&d, true, false, d.fingerprint[1], NULL);
        ours->frame = 50;
        theirs->frame = r->late ? LAST_FRAME + 1 : 51;
        for (int i = 0; i < 2; i++)
            if (r->bare[i])
                as_datagrams(i == 0 ? ours : theirs);
        wr_leg_root(theirs->leg)->mirrored = r->mirrored;
        back->src = theirs->dst; /* it was answered */
        back->dst = theirs->src;
        a->owner[1] = ours;
        shows(&d, a, 1, ALICE_HAS); /* her end, and what she says of it */
        if (r->tied)
            tie(a, ours, WR_TIE_ADDRESS, 1);
        tie(a, theirs, WR_TIE_ADDRESS, 0);
        g_test_message("%s, order %u", r->words, order);
        wr_session_drop_strangers(d.c.e, d.s);
        g_assert_true(g_ptr_array_find(d.s->copies, theirs, NULL) == !r->dropped);
        g_assert_true(g_ptr_array_find(d.s->copies, ours, NULL));
        if (!r->dropped)
            g_assert_cmpint(wr_pairing_weight(d.c.e, d.s, p), ==, r->weight);
        desk_end(&d);
    }
}

/* ---- one hop ---- */

static void test_one_hop(void)
{
    desk_t d = desk_begin(NULL);
    wr_copy *a = told(&d, false, false, d.fingerprint[0], NULL), *b = told(&d, false, true, d.fingerprint[0], NULL);
    wr_pairing *p = paired(&d, a, b, WR_SAME_S0, WR_FPS_EQUAL);

    a->src = at("192.168.0.2", 5060);
    a->dst = at("203.0.113.9", 5060);
    b->src = at("203.0.113.9", 5060);
    b->dst = at("192.168.1.3", 5060);
    as_datagrams(a);
    g_assert_false(wr_pairing_is_one_hop(p));
    as_datagrams(b);
    g_assert_false(wr_pairing_is_one_hop(p));
    a->hop = b->hop = 7;
    g_assert_true(wr_pairing_is_one_hop(p));
    wr_leg_root(b->leg)->two_ended = false; /* a connection has ends of its own */
    g_assert_false(wr_pairing_is_one_hop(p));
    as_datagrams(b);
    a->hop = 8;
    g_assert_false(wr_pairing_is_one_hop(p));
    a->hop = b->hop = 0;
    b->dst = a->dst;
    b->src = at("198.51.100.7", 1024);
    g_assert_true(wr_pairing_is_one_hop(p));
    b->dst = at("192.168.1.3", 5060);
    g_assert_false(wr_pairing_is_one_hop(p));
    b->src = a->src;
    g_assert_true(wr_pairing_is_one_hop(p));
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bare_legs/after-the-handshake", test_after_the_handshake);
    g_test_add_func("/bare_legs/two-points", test_at_two_points);
    g_test_add_func("/bare_legs/one-hop", test_one_hop);
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        char *name = g_strdup_printf("/bare_legs/pairs/%s", pairs[i].words);
        g_test_add_data_func(name, &pairs[i], test_pairs);
        g_free(name);
    }
    return g_test_run();
}
