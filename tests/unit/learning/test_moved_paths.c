/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path that was known by its channel's number, and is found to be one that is known by its ends: what both saw of it
 * becomes one, end by end, whichever order their addresses give them (RFC 8656 12).
 */
#include "turn_build.h"

#include "learn.h"

#define NUMBER 0x4001

typedef struct {
    call_t c;
    wr_allocation *al;
    wr_endpoint peer;
    wr_flow *from, *to; /* by number, with the client at end 0; by its ends */
    int near, far;      /* ends of the whole path: the relay's and the peer's */
} world;

/* second: the path is known by its ends as well. */
static world begin(bool turned, bool second)
{
    world w = {.c = call_begin(NULL)};
    const wr_endpoint client = CLIENT, server = RELAY, relayed = RELAYED;
    wr_flow_key key;

    w.peer = at(turned ? "192.0.2.2" : "203.0.113.200", 6000); /* before the relay's address, or behind it */
    w.near = turned ? 1 : 0;
    w.far = 1 - w.near;
    w.al = wr_turn_allocation_get(w.c.e, &client, &server);
    w.al->relayed = relayed;
    w.from = wr_flow_new(w.c.e, &client, &server);
    g_assert_true(wr_endpoint_equal(&w.from->end[0], &client));
    key = wr_relayed_key_of(&client, &server, NUMBER);
    wr_flow_set(w.c.e, &key, w.from);
    if (second) {
        w.to = wr_flow_new(w.c.e, &relayed, &w.peer);
        key = wr_relayed_key_of(&relayed, &w.peer, 0);
        wr_flow_set(w.c.e, &key, w.to);
    }
    return w;
}

/* The flow that the path has now. */
static wr_flow *name_peer(world *w)
{
    const wr_endpoint relayed = RELAYED;
    const wr_flow_key key = wr_relayed_key_of(&relayed, &w->peer, 0);
    wr_flow *f;

    w->c.e->changed = false;
    wr_relayed_channel(w->c.e, w->al, NUMBER, &w->peer);
    g_assert_true(w->c.e->changed);
    f = wr_flow_by_key(w->c.e, &key);
    g_assert_nonnull(f);
    g_assert_true(wr_endpoint_equal(&f->end[w->near], &relayed) && wr_endpoint_equal(&f->end[w->far], &w->peer));
    return f;
}

/* ---- alone ---- */

/* All that was kept by end goes with its end. */
static void test_alone(void)
{
    for (int turned = 0; turned < 2; turned++) {
        world w = begin(turned != 0, false);
        wr_check *k = g_new0(wr_check, 1);
        wr_oddities *o = wr_flow_oddities(w.from);
        wr_consent *n = w.from->consent = g_new0(wr_consent, 1);
        wr_flow *f;
        wr_flow_traffic(w.from)[0].packets = 7;
        wr_flow_traffic(w.from)[1].packets = 5;
        w.from->client_end = 0;
        w.from->asked[0] = 3;
        k->from = 0;
        k->flow = w.from;
        k->remote_ufrag = k->local_ufrag = "AAAA";
        wr_list_add(&w.from->checks, k);
        n->given_first_us[0] = n->given_last_us[0] = 11;
        n->sent_first_us[0] = n->sent_last_us[0] = 12;
        n->lapsed_us[0] = 13;
        n->given_frame[0] = n->sent_frame[0] = n->lapsed_frame[0] = 14;
        o->rtcp[0] = o->clear[0] = o->clear_frame[0] = 15;
        o->clear_first_us[0] = o->clear_last_us[0] = o->clear_weight[0] = 16;
        f = name_peer(&w);
        g_assert_true(f == w.from);
        g_assert_cmpuint(f->media[w.near].packets, ==, 7);
        g_assert_cmpuint(f->media[w.far].packets, ==, 5);
        g_assert_cmpint(f->client_end, ==, w.near);
        g_assert_cmpuint(f->asked[w.near], ==, 3);
        g_assert_cmpuint(f->asked[w.far], ==, 0);
        g_assert_cmpuint(k->from, ==, w.near);
        g_assert_cmpint(f->consent->given_first_us[w.near] + f->consent->given_last_us[w.near], ==, 22);
        g_assert_cmpint(f->consent->sent_first_us[w.near] + f->consent->sent_last_us[w.near], ==, 24);
        g_assert_cmpint(f->consent->lapsed_us[w.near] + f->consent->lapsed_frame[w.near], ==, 27);
        g_assert_cmpuint(f->consent->given_frame[w.near] + f->consent->sent_frame[w.near], ==, 28);
        g_assert_cmpint(f->consent->given_first_us[w.far] + f->consent->sent_frame[w.far], ==, 0);
        g_assert_cmpuint(f->odd->rtcp[w.near] + f->odd->clear[w.near] + f->odd->clear_frame[w.near], ==, 45);
        g_assert_cmpint(f->odd->clear_first_us[w.near] + f->odd->clear_last_us[w.near], ==, 32);
        g_assert_cmpuint(f->odd->clear_weight[w.near] + f->odd->rtcp[w.far], ==, 16);
        call_end(&w.c);
    }
}

/* Roles are kept by end until they are known, and then by role; of a handshake that is kept by another path neither
 * changes. */
static void test_handshakes(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool turned = i % 2 != 0, known = i / 2 % 2 != 0, elsewhere = i / 4 != 0;
        world w = begin(turned, false);
        wr_dtls_event v = event_of(WR_DTLS_CLIENT_HELLO, 0);
        wr_dtls_evidence d = {.event = &v};
        wr_association *a = wr_association_new(w.c.e, w.from, &d);
        const wr_endpoint before = a->side[0].end, relayed = RELAYED;
        wr_flow *other = wr_flow_new(w.c.e, &relayed, &before), *f;
        a->client_end = known ? 0 : -1;
        a->side[0].ccs_frame = 9; /* of the client of the relay */
        a->flow = elsewhere ? other : w.from;
        a->dirty = false;
        f = name_peer(&w);
        g_test_message("case %u", i);
        g_assert_true(a->dirty);
        if (elsewhere) {
            g_assert_cmpint(a->client_end, ==, known ? 0 : -1);
            g_assert_true(wr_endpoint_equal(&a->side[0].end, &before));
            g_assert_cmpuint(a->side[0].ccs_frame, ==, 9);
        } else {
            const int side = known ? 0 : w.near;
            g_assert_cmpint(a->client_end, ==, known ? w.near : -1);
            g_assert_cmpuint(a->side[side].ccs_frame, ==, 9);
            g_assert_true(wr_endpoint_equal(&a->side[side].end, &relayed));
            g_assert_true(wr_endpoint_equal(&a->side[1 - side].end, &f->end[w.far]));
        }
        call_end(&w.c);
    }
}

/* ---- with what the path had ---- */

/* Sums, and the first and last of both; at one time what the path had stays. */
static void test_traffic(void)
{
    static const struct {
        const char *words;
        wr_traffic part, had;
        uint32_t packets, first, last;
    } rows[] = {
        {"nothing there", {.packets = 2, .first_frame = 1, .last_frame = 2}, {.packets = 0}, 2, 1, 2},
        {"nothing new", {.packets = 0}, {.packets = 3, .first_frame = 5, .last_frame = 6}, 3, 5, 6},
        {"nothing new, of any time",
         {.packets = 0, .last_us = 99, .last_frame = 9},
         {.packets = 3, .first_us = 8, .last_us = 9, .first_frame = 5, .last_frame = 6},
         3,
         5,
         6},
        {"before",
         {.packets = 2, .first_us = 10, .last_us = 20, .first_frame = 1, .last_frame = 2},
         {.packets = 3, .first_us = 30, .last_us = 40, .first_frame = 5, .last_frame = 6},
         5,
         1,
         6},
        {"behind",
         {.packets = 2, .first_us = 50, .last_us = 60, .first_frame = 7, .last_frame = 8},
         {.packets = 3, .first_us = 30, .last_us = 40, .first_frame = 5, .last_frame = 6},
         5,
         5,
         8},
        {"at one time",
         {.packets = 2, .first_us = 30, .last_us = 40, .first_frame = 7, .last_frame = 8},
         {.packets = 3, .first_us = 30, .last_us = 40, .first_frame = 5, .last_frame = 6},
         5,
         5,
         6},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        world w = begin(i % 2 != 0, true);
        const wr_traffic *sum;
        wr_flow *f;
        wr_flow_traffic(w.from)[0] = rows[n].part;
        wr_flow_traffic(w.to)[w.near] = rows[n].had;
        f = name_peer(&w);
        sum = &f->media[w.near];
        g_test_message("%s", rows[n].words);
        g_assert_true(f == w.to && f->relayed);
        g_assert_cmpuint(sum->packets, ==, rows[n].packets);
        g_assert_cmpuint(sum->first_frame, ==, rows[n].first);
        g_assert_cmpuint(sum->last_frame, ==, rows[n].last);
        g_assert_cmpuint(f->media[w.far].packets, ==, 0);
        g_assert_cmpuint(w.from->media[0].packets, ==, 0);
        call_end(&w.c);
    }
}

/* When each end was allowed to send, and did, for the first time and the last. */
static void test_consent(void)
{
    static const struct {
        const char *words;
        int64_t part[2], had[2]; /* first and last; 0: never */
        int64_t first, last;
        bool frame_of_part;
    } rows[] = {
        {"never", {0, 0}, {30, 40}, 30, 40, false},         {"never there", {10, 20}, {0, 0}, 10, 20, true},
        {"before", {10, 20}, {30, 40}, 10, 40, true},       {"behind", {50, 60}, {30, 40}, 30, 60, false},
        {"at one time", {30, 40}, {30, 40}, 30, 40, false}, {"never at all", {0, 0}, {0, 0}, 0, 0, false},
    };

    for (size_t i = 0; i < 4 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 4;
        const bool sent = i / 2 % 2 != 0;
        world w = begin(i % 2 != 0, true);
        wr_consent *p = w.from->consent = g_new0(wr_consent, 1), *h = w.to->consent = g_new0(wr_consent, 1);
        const wr_consent *sum;
        if (sent) {
            p->sent_first_us[0] = rows[n].part[0];
            p->sent_last_us[0] = rows[n].part[1];
            p->sent_frame[0] = 7;
            h->sent_first_us[w.near] = rows[n].had[0];
            h->sent_last_us[w.near] = rows[n].had[1];
            h->sent_frame[w.near] = 5;
        } else {
            p->given_first_us[0] = rows[n].part[0];
            p->given_last_us[0] = rows[n].part[1];
            p->given_frame[0] = 7;
            h->given_first_us[w.near] = rows[n].had[0];
            h->given_last_us[w.near] = rows[n].had[1];
            h->given_frame[w.near] = 5;
        }
        sum = name_peer(&w)->consent;
        g_test_message("%s, %s", rows[n].words, sent ? "sent" : "given");
        g_assert_cmpint((sent ? sum->sent_first_us : sum->given_first_us)[w.near], ==, rows[n].first);
        g_assert_cmpint((sent ? sum->sent_last_us : sum->given_last_us)[w.near], ==, rows[n].last);
        g_assert_cmpuint((sent ? sum->sent_frame : sum->given_frame)[w.near], ==, rows[n].frame_of_part ? 7 : 5);
        g_assert_cmpint((sent ? sum->given_first_us : sum->sent_first_us)[w.near], ==, 0);
        call_end(&w.c);
    }
}

/* One of them alone has any. */
static void test_consent_of_one(void)
{
    for (int i = 0; i < 4; i++) {
        world w = begin(false, true);
        wr_flow *f;
        if (i % 2 != 0)
            w.from->consent = g_new0(wr_consent, 1);
        if (i / 2 != 0)
            w.to->consent = g_new0(wr_consent, 1);
        f = name_peer(&w);
        g_assert_true((f->consent != NULL) == (i != 0));
        call_end(&w.c);
    }
}

static void test_rest(void)
{
    for (unsigned i = 0; i < 12; i++) {
        const int8_t known[2] = {(int8_t)(i % 2 != 0 ? 0 : -1), (int8_t)(i / 2 % 2 != 0 ? 1 : -1)};
        const int64_t first[2] = {i / 4 == 0 ? 10 : 20, i / 4 == 1 ? 10 : 20}; /* before, behind, at one time */
        world w = begin(false, true);
        wr_flow *f;
        w.from->client_end = known[0];
        w.to->client_end = known[1];
        w.from->first_us = first[0];
        w.to->first_us = first[1];
        w.from->first_frame = 3;
        w.to->first_frame = 4;
        w.from->last_us = 77;
        w.from->last_frame = 88;
        f = name_peer(&w);
        g_assert_cmpint(f->client_end, ==, known[1] >= 0 ? known[1] : known[0]);
        g_assert_cmpint(f->first_us, ==, MIN(first[0], first[1]));
        g_assert_cmpuint(f->first_frame, ==, first[0] < first[1] ? 3 : 4);
        g_assert_cmpint(f->last_us, ==, 77);
        g_assert_cmpuint(f->last_frame, ==, 88);
        call_end(&w.c);
    }
}

/* A handshake whose paths were both is one of the whole path, once. */
static void test_handshakes_of_both(void)
{
    world w = begin(false, true);
    wr_dtls_event v = event_of(WR_DTLS_CLIENT_HELLO, 0);
    wr_dtls_evidence d = {.event = &v};
    wr_association *a = wr_association_new(w.c.e, w.from, &d), *b = wr_association_new(w.c.e, w.from, &d),
                   *own = wr_association_new(w.c.e, w.to, &d);
    wr_flow *f;

    a->has_server_random = b->has_server_random = own->has_server_random = true; /* of three servers */
    a->server_random[0] = 1;
    b->server_random[0] = 2;
    own->server_random[0] = 3;
    wr_list_add(&w.to->associations, b);
    wr_list_add(&b->flows, w.to);
    f = name_peer(&w);
    g_assert_cmpuint(f->associations.len, ==, 3);
    g_assert_true(wr_list_at(&f->associations, 0) == a); /* what stood under a number came first */
    g_assert_true(wr_list_has(&f->associations, b) && wr_list_has(&f->associations, own));
    g_assert_true(a->flow == f && b->flow == f && own->flow == f);
    g_assert_true(wr_list_has(&a->flows, f) && !wr_list_has(&a->flows, w.from) && !wr_list_has(&b->flows, w.from));
    call_end(&w.c);
}

/* So many peers wait for the relay's address. */
static void test_many_peers_wait(void)
{
    world w = begin(false, false);
    wr_endpoint peer = w.peer;

    w.al->relayed = wr_endpoint_none();
    for (unsigned i = 0; i < WR_MAX_CHANNELS; i++) {
        peer.port = (uint16_t)(1 + i);
        wr_relayed_peer(w.c.e, w.al, &peer);
    }
    g_assert_cmpuint(w.al->n_waiting, ==, WR_MAX_CHANNELS);
    g_assert_cmpuint(wr_engine_limits_reached(w.c.e)->len, ==, 0);
    wr_relayed_peer(w.c.e, w.al, &peer); /* known */
    g_assert_cmpuint(wr_engine_limits_reached(w.c.e)->len, ==, 0);
    peer.port++;
    wr_relayed_peer(w.c.e, w.al, &peer);
    g_assert_cmpuint(w.al->n_waiting, ==, WR_MAX_CHANNELS);
    g_assert_cmpuint(wr_engine_limits_reached(w.c.e)->len, ==, 1);
    call_end(&w.c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/moved_paths/alone", test_alone);
    g_test_add_func("/moved_paths/handshakes", test_handshakes);
    g_test_add_func("/moved_paths/traffic", test_traffic);
    g_test_add_func("/moved_paths/consent", test_consent);
    g_test_add_func("/moved_paths/consent_of_one", test_consent_of_one);
    g_test_add_func("/moved_paths/rest", test_rest);
    g_test_add_func("/moved_paths/handshakes_of_both", test_handshakes_of_both);
    g_test_add_func("/moved_paths/many_peers_wait", test_many_peers_wait);
    return g_test_run();
}
