/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What belongs together: associations that go on elsewhere, streams under two ciphertexts, copies of one description,
 * and who the parties of a call are.
 */
#include "records_build.h"

/* An association of the engine's, which frees it. */
static wr_association *own(desk_t *d, wr_flow *f)
{
    wr_association *a = handshake_of(d, f, WR_A_VERIFIED);

    g_ptr_array_steal_index(d->associations, d->associations->len - 1);
    a->node = wr_node_new(d->c.e, NULL, a);
    g_ptr_array_add(d->c.e->associations, a);
    return a;
}

/* ---- what goes on elsewhere ---- */

enum {
    GOES_ON,
    OTHER_WAY_ROUND,
    HAS_CLIENT_RANDOM,
    HAS_SERVER_RANDOM,
    HAS_CERTIFICATE,
    HAS_SERVER_CERTIFICATE,
    OTHER_CALL,
    UNOWNED,
    BEGAN_BEFORE,
    CLIENT_REFUSED,
    SERVER_REFUSED,
    OTHER_HOST,
    OTHER_SERVER_HOST,
    KNOWN_WITHOUT_SERVER,
    PART_OF_ANOTHER,
    CONTINUATIONS
};

static void test_continuation(void)
{
    for (int which = GOES_ON; which < CONTINUATIONS; which++) {
        desk_t d = desk_begin(NULL);
        wr_copy *c = told(&d, false, false, NULL, NULL);
        wr_association *a = own(&d, NULL), *b = own(&d, NULL);
        const bool joined = which == GOES_ON || which == OTHER_WAY_ROUND;
        a->owner[0] = c;
        b->owner[0] = which == UNOWNED ? NULL : c;
        b->has_client_random = which == HAS_CLIENT_RANDOM;
        b->client_random[0] ^= 1; /* another's */
        b->has_server_random = which == HAS_SERVER_RANDOM;
        b->side[0].end.port++; /* on another path of the same hosts */
        b->side[1].end.port++;
        if (which == OTHER_WAY_ROUND) {
            b->side[0].end = at(ALICE, 5009);
            b->side[1].end = at(BOB, 6009);
        }
        if (which == HAS_CERTIFICATE || which == HAS_SERVER_CERTIFICATE)
            shows(&d, b, which == HAS_CERTIFICATE ? 0 : 1, ALICE_HAS);
        if (which != OTHER_CALL)
            wr_node_join(d.c.e, a->node, b->node);
        if (which == BEGAN_BEFORE)
            b->first_us = a->first_us - 1;
        if (which == CLIENT_REFUSED || which == SERVER_REFUSED) {
            a->side[which == CLIENT_REFUSED ? 0 : 1].alert_frame = 9;
            a->side[0].finished_frame = 0;
        }
        if (which == OTHER_HOST || which == OTHER_SERVER_HOST)
            b->side[which == OTHER_HOST ? 0 : 1].end = at("198.51.100.3", 1);
        if (which == KNOWN_WITHOUT_SERVER)
            a->has_server_random = false;
        if (which == PART_OF_ANOTHER)
            a->absorbed = a;
        b->last_us = a->last_us + 5;
        b->last_frame = a->last_frame + 5;
        wr_associations_continue(d.c.e);
        g_test_message("case %d", which);
        g_assert_true(b->absorbed == (joined ? a : NULL));
        g_assert_cmpuint(a->flows.len, ==, joined ? 2 : 1);
        if (joined) {
            g_assert_cmpint(a->last_us, ==, b->last_us);
            g_assert_cmpuint(a->last_frame, ==, b->last_frame);
            g_assert_true(a->dirty);
            wr_associations_continue(d.c.e); /* again says nothing new */
            g_assert_cmpuint(a->flows.len, ==, 2);
        }
        desk_end(&d);
    }
}

/* The latest that has a handshake goes on. */
static void test_latest_goes_on(void)
{
    desk_t d = desk_begin(NULL);
    wr_copy *c = told(&d, false, false, NULL, NULL);
    wr_association *a[3] = {own(&d, NULL), own(&d, NULL), own(&d, NULL)};

    for (unsigned i = 0; i < 3; i++) {
        a[i]->owner[0] = c;
        wr_node_join(d.c.e, a[0]->node, a[i]->node);
    }
    a[2]->has_client_random = a[2]->has_server_random = false;
    wr_associations_continue(d.c.e);
    g_assert_true(a[2]->absorbed == a[1]);
    g_assert_null(a[0]->absorbed);
    desk_end(&d);
}

/* ---- streams under two ciphertexts ---- */

static void put_stream(wr_flow *f, uint32_t ssrc, unsigned first, unsigned n, unsigned same, uint32_t key)
{
    wr_stream *s = g_new0(wr_stream, 1);

    s->ssrc = ssrc;
    s->first_frame = 200 + f->number;
    s->samples = g_new0(wr_sample, n);
    s->n_samples = (uint8_t)n;
    for (unsigned i = 0; i < n; i++)
        s->samples[i] = (wr_sample){1000 + first + i, i < same ? 7 : key + i};
    f->streams = s;
    f->n_streams = 1;
}

static void test_streams(void)
{
    static const struct {
        const char *words;
        uint32_t ssrc;           /* of the second */
        unsigned first, n, same; /* of the second: where it begins, how many, with the ciphertext of the first */
        bool same_association, without;
        bool found;
    } rows[] = {
        {"another ciphertext", 1, 0, 60, 0, false, false, true},
        {"another stream", 2, 0, 60, 0, false, false, false},
        {"the same ciphertext", 1, 0, 60, 60, false, false, false},
        {"fifty in common", 1, 10, 60, 0, false, false, true},
        {"forty-nine in common", 1, 11, 60, 0, false, false, false},
        {"fifty packets", 1, 0, 50, 0, false, false, true},
        {"forty-nine packets", 1, 0, 49, 0, false, false, false},
        {"three of sixty the same", 1, 0, 60, 3, false, false, true},
        {"four of sixty the same", 1, 0, 60, 4, false, false, false},
        {"one association", 1, 0, 60, 0, true, false, false},
        {"no association", 1, 0, 60, 0, false, true, false},
    };

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 2, order = i % 2;
        desk_t d = desk_begin(NULL);
        wr_flow *f[2] = {flow_of(&d), flow_of(&d)};
        wr_association *a = own(&d, f[0]);
        const wr_reencrypted *which = NULL;
        if (rows[n].same_association)
            wr_list_add(&f[1]->associations, a);
        else if (!rows[n].without)
            own(&d, f[1]);
        put_stream(f[0], 1, 0, 60, 60, 0);
        put_stream(f[1], rows[n].ssrc, rows[n].first, rows[n].n, rows[n].same, 5000);
        g_ptr_array_add(d.c.e->flows, f[order]);
        g_ptr_array_add(d.c.e->flows, f[1 - order]);
        wr_streams_compare(d.c.e);
        g_test_message("%s", rows[n].words);
        g_assert_cmpuint(d.c.e->reencrypted->len, ==, rows[n].found ? 1 : 0);
        d.s->number = wr_node_number(d.c.e, a->node);
        g_assert_true(wr_session_is_reencrypted(d.c.e, d.s, &which) == rows[n].found);
        g_assert_true(wr_session_is_reencrypted(d.c.e, d.s, NULL) == rows[n].found);
        if (rows[n].found) {
            g_assert_true(which->flow[0] == f[order] && which->flow[1] == f[1 - order]);
            g_assert_cmpuint(which->frame[0], ==, 200 + f[order]->number);
            g_assert_cmpuint(which->ssrc, ==, 1);
            d.s->number++;
            g_assert_false(wr_session_is_reencrypted(d.c.e, d.s, NULL));
        }
        g_ptr_array_steal_index(d.c.e->flows, 1);
        g_ptr_array_steal_index(d.c.e->flows, 0);
        desk_end(&d);
    }
}

/* Of many streams of one source each is compared with the first eight. */
static void test_many_streams(void)
{
    for (unsigned which = 6; which < 10; which++) { /* has the headers of the last one */
        desk_t d = desk_begin(NULL);

        for (unsigned i = 0; i < 11; i++) {
            wr_flow *f = flow_of(&d);
            own(&d, f);
            put_stream(f, 1, i == 10 ? which * 1000 : i * 1000, 60, 0, i == 10 ? 5000 : 6000);
            g_ptr_array_add(d.c.e->flows, f);
        }
        wr_streams_compare(d.c.e);
        g_test_message("stream %u", which);
        g_assert_cmpuint(d.c.e->reencrypted->len, ==, which < 8 ? 1 : 0);
        for (unsigned i = 11; i > 0; i--)
            g_ptr_array_steal_index(d.c.e->flows, i - 1);
        desk_end(&d);
    }
}

/* ---- WebRTC by its own evidence ---- */

static void test_is_webrtc(void)
{
    enum { NOTHING, OFFERS, PROFILE, ICE, ICE_OF_SECOND, ALPN, ALPN_CONFIDENTIAL, OTHER_ALPN, CASES };

    for (int which = NOTHING; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_NO_SIGNALLING);
        wr_flow *second = flow_of(&d);
        wr_list_add(&a->flows, second);
        a->offers_use_srtp = which == OFFERS;
        a->has_profile = which == PROFILE;
        a->flow->ice = which == ICE;
        second->ice = which == ICE_OF_SECOND;
        a->alpn = which == ALPN                ? "webrtc"
                  : which == ALPN_CONFIDENTIAL ? "c-webrtc"
                  : which == OTHER_ALPN        ? "coap"
                                               : NULL;
        g_test_message("case %d", which);
        g_assert_true(wr_association_is_webrtc(a) == (which != NOTHING && which != OTHER_ALPN));
        desk_end(&d);
    }
}

/* ---- copies of one description ---- */

typedef struct {
    const char *words;
    bool one_leg, other_class, echo, same_direction, other_text, other_credentials;
    int64_t later_s;
    unsigned pairs;
} copies_t;

static const copies_t copies[] = {
    {"sent here, delivered there", .pairs = 1},
    {"on one leg", .one_leg = true, .pairs = 0},
    {"what came back", .echo = true, .pairs = 0},
    {"an offer and an answer", .other_class = true, .pairs = 0},
    {"sent here and there", .same_direction = true, .pairs = 0},
    {"with another fingerprint", .other_text = true, .pairs = 1},
    {"with another fingerprint, much later", .other_text = true, .later_s = 3600, .pairs = 1},
    {"re-keyed", .other_text = true, .other_credentials = true, .pairs = 1},
    {"re-keyed, much later", .other_text = true, .other_credentials = true, .later_s = 3600, .pairs = 0},
};

static void test_copies(gconstpointer data)
{
    const copies_t *r = data;

    for (unsigned order = 0; order < 2; order++) { /* the delivered copy may be captured first */
        desk_t d = desk_begin(NULL);
        text_t t = offer_text(), u = offer_text();
        way_t up = OFFERED, down = {.client = BOB,
                                    .connection = 2,
                                    .direction = WR_DIRECTION_DELIVERED,
                                    .kind = WR_KIND_OFFER,
                                    .covered = true};
        wr_copy *first, *second;
        if (r->one_leg) {
            down = OFFERED;
            u.version = "3";
        }
        if (r->same_direction)
            down.direction = WR_DIRECTION_EMITTED;
        if (r->other_class)
            down.kind = WR_KIND_ANSWER;
        if (r->other_text)
            u.fingerprint = sha256_of(0x33);
        if (r->other_credentials) {
            u.ufrag = "UUUU";
            u.pwd = "anotherpasswordofanother";
        }
        first = say(&d.c, order ? down : up, order ? &u : &t);
        d.c.us += r->later_s * S;
        second = say(&d.c, order ? up : down, order ? &t : &u);
        if (r->echo)
            second->echo = true;
        g_ptr_array_add(d.s->copies, first);
        g_ptr_array_add(d.s->copies, second);
        wr_session_pair_copies(d.c.e, d.s);
        g_assert_cmpuint(d.s->pairings->len, ==, r->pairs);
        if (r->pairs > 0) {
            const wr_pairing *p = g_ptr_array_index(d.s->pairings, 0);
            g_assert_true(p->first == first && p->second == second);
            g_assert_true(p->issued == (order ? second : first));
            g_assert_true(p->delivered == (order ? first : second));
            g_assert_cmpint(p->sameness, ==,
                            !r->other_text         ? WR_SAME_S0
                            : r->other_credentials ? WR_SAME_S2
                                                   : WR_SAME_S1);
            g_assert_cmpint(p->fingerprints, ==, r->other_text ? WR_FPS_DIFFERENT : WR_FPS_EQUAL);
        }
        desk_end(&d);
    }
}

/* Where neither leg says who sent it, what came first is taken for issued. */
static void test_unknown_directions(void)
{
    for (unsigned i = 0; i < 4; i++) {
        desk_t d = desk_begin(NULL);
        wr_copy *c[2] = {told(&d, false, false, sha256_of(1), NULL), told(&d, false, true, sha256_of(2), NULL)};
        const wr_pairing *p;
        if ((i & 1) != 0)
            c[0]->direction = WR_DIRECTION_UNKNOWN;
        if ((i & 2) != 0)
            c[1]->direction = WR_DIRECTION_UNKNOWN;
        if (i == 2) /* nothing but the time tells */
            c[0]->direction = WR_DIRECTION_DELIVERED;
        wr_session_pair_copies(d.c.e, d.s);
        g_assert_cmpuint(d.s->pairings->len, ==, 1);
        p = g_ptr_array_index(d.s->pairings, 0);
        g_assert_true(p->issued == c[0] && p->delivered == c[1]);
        desk_end(&d);
    }
}

/* What a server received and what it sent on are a hop, though nothing in them is the same; not where the description
 * is seen elsewhere as itself. */
static void test_hops(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool one_call = (i & 1) != 0, explained = (i & 2) != 0, second_explained = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        text_t o = offer_text();
        way_t on = {.client = SERVER,
                    .server = "203.0.113.77",
                    .connection = 5,
                    .direction = WR_DIRECTION_EMITTED,
                    .kind = WR_KIND_OFFER,
                    .covered = true};
        wr_copy *first = told(&d, false, false, sha256_of(1), NULL), *second;
        unsigned hops = 0;
        o.session_id = "88001122";
        o.ufrag = "HHHH";
        o.pwd = "anotherpasswordofanother";
        o.m = AUDIO;
        o.fingerprint = sha256_of(2);
        second = say(&d.c, on, &o);
        g_ptr_array_add(d.s->copies, second);
        if (explained)
            told(&d, false, true, sha256_of(1), NULL);
        if (second_explained) {
            on.connection = 6;
            on.client = BOB;
            on.server = SERVER;
            on.direction = WR_DIRECTION_DELIVERED;
            g_ptr_array_add(d.s->copies, say(&d.c, on, &o));
        }
        if (one_call)
            wr_node_join(d.c.e, first->node, second->node);
        wr_session_pair_copies(d.c.e, d.s);
        wr_session_settle_hops(d.c.e, d.s);
        for (unsigned n = 0; n < d.s->pairings->len; n++)
            hops += ((const wr_pairing *)g_ptr_array_index(d.s->pairings, n))->sameness == WR_SAME_S3;
        g_test_message("%u", i);
        g_assert_cmpuint(hops, ==, one_call && !explained && !second_explained);
        g_assert_cmpuint(d.s->pairings->len - hops, ==, explained + second_explained);
        desk_end(&d);
    }
}

/* Very many copies that strangers pair with each other change nothing of it. */
static void test_hops_in_a_crowd(void)
{
    enum { STRANGERS = 48 };

    for (unsigned explained = 0; explained < 2; explained++) {
        desk_t d = desk_begin(NULL);
        text_t o = offer_text(), theirs = offer_text();
        way_t on = {.client = SERVER,
                    .server = "203.0.113.77",
                    .connection = 5,
                    .direction = WR_DIRECTION_EMITTED,
                    .kind = WR_KIND_OFFER,
                    .covered = true};
        wr_copy *first = told(&d, false, false, sha256_of(1), NULL), *second;
        unsigned hops = 0;
        o.session_id = "88001122";
        o.ufrag = "HHHH";
        o.pwd = "anotherpasswordofanother";
        o.fingerprint = sha256_of(2);
        second = say(&d.c, on, &o);
        g_ptr_array_add(d.s->copies, second);
        if (explained)
            told(&d, false, true, sha256_of(1), NULL);
        wr_node_join(d.c.e, first->node, second->node);
        theirs.session_id = "88001133";
        theirs.ufrag = "SSSS";
        theirs.pwd = "yetanotherpasswordofsome";
        for (unsigned i = 0; i < STRANGERS; i++) {
            char host[32];
            g_snprintf(host, sizeof host, "198.51.100.%u", 100 + i);
            on = (way_t){.client = host,
                         .server = "198.51.100.200",
                         .connection = 10 + i,
                         .direction = i % 2 == 0 ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                         .kind = WR_KIND_OFFER,
                         .covered = true};
            g_ptr_array_add(d.s->copies, say(&d.c, on, &theirs));
        }
        wr_session_pair_copies(d.c.e, d.s);
        wr_session_settle_hops(d.c.e, d.s);
        for (unsigned n = 0; n < d.s->pairings->len; n++)
            hops += ((const wr_pairing *)g_ptr_array_index(d.s->pairings, n))->sameness == WR_SAME_S3;
        g_assert_cmpuint(hops, ==, !explained);
        g_assert_cmpuint(d.s->pairings->len, >, WR_PAIRING_WINDOW);
        desk_end(&d);
    }
}

/* Who tells Alice an answer of his own passed nothing on, though he was told it himself afterwards, or strangers were.
 */
static void test_hops_are_explained_by_parties(void)
{
    enum { PASSED_ON, TO_HIMSELF, TO_STRANGERS, WAYS };

    for (unsigned i = 0; i < WAYS; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        text_t same = answer_text();
        const way_t on = {.client = "198.51.100.7",
                          .server = SERVER,
                          .connection = 9,
                          .direction = WR_DIRECTION_DELIVERED,
                          .kind = WR_KIND_ANSWER,
                          .covered = true};
        wr_copy *in = told(&d, true, true, d.fingerprint[0], NULL), *out, *beside;
        wr_pairing *hop;
        same.fingerprint = d.fingerprint[1];
        out = told(&d, true, false, d.fingerprint[1], NULL);
        beside = say(&d.c, on, &same);
        g_ptr_array_add(d.s->copies, beside);
        hop = paired(&d, in, out, WR_SAME_S3, WR_FPS_DIFFERENT);
        paired(&d, out, beside, WR_SAME_S0, WR_FPS_EQUAL);
        hop->explained = true;
        if (i == TO_HIMSELF)
            beside->dst = out->src;
        tie(a, in, WR_TIE_ADDRESS, 0);
        tie(a, out, WR_TIE_ADDRESS, 1);
        if (i != TO_STRANGERS)
            tie(a, beside, WR_TIE_ADDRESS, 1);
        wr_session_drop_strangers(d.c.e, d.s);
        wr_session_settle_hops(d.c.e, d.s);
        g_test_message("%u", i);
        g_assert_true(g_ptr_array_find(d.s->pairings, hop, NULL) == (i != PASSED_ON));
        desk_end(&d);
    }
}

/* Handshakes without signalling are of one call when their checks have the same two names, in either order. */
static void test_user_names(void)
{
    enum { SAME, TURNED, OTHER, HALF_OTHER, NO_CHECKS, PART, NO_WEBRTC, CASES };

    for (int which = SAME; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = own(&d, NULL), *b = own(&d, NULL);
        const bool one = which == SAME || which == TURNED;
        unsigned first, second;
        a->offers_use_srtp = true;
        b->offers_use_srtp = which != NO_WEBRTC;
        check_of(a->flow, 0, "BBBB", "AAAA", 5);
        if (which == SAME || which == PART)
            check_of(b->flow, 0, "BBBB", "AAAA", 5);
        if (which == TURNED)
            check_of(b->flow, 1, "AAAA", "BBBB", 5);
        if (which == OTHER)
            check_of(b->flow, 0, "DDDD", "CCCC", 5);
        if (which == HALF_OTHER)
            check_of(b->flow, 0, "BBBB", "CCCC", 5);
        b->absorbed = which == PART ? a : NULL;
        wr_sessions_gather(d.c.e);
        first = wr_association_session_number(d.c.e, a);
        second = wr_association_session_number(d.c.e, b);
        g_test_message("case %d", which);
        g_assert_cmpuint(first, !=, 0);
        g_assert_true((second == first) == one);
        g_assert_true((second == 0) == (which == NO_WEBRTC || which == PART));
        g_assert_cmpuint(wr_engine_sessions(d.c.e)->len, ==, one || which == NO_WEBRTC || which == PART ? 1 : 2);
        desk_end(&d);
    }
}

/* Calls stand in the order of their numbers, each once. */
static void test_put(void)
{
    static const unsigned numbers[] = {5, 2, 9, 5, 1, 9, 7};
    GPtrArray *none = g_ptr_array_new();
    desk_t d = desk_begin(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        wr_session *s = wr_session_gather(d.c.e, numbers[i], none, none);
        wr_session_put(d.c.e, s);
        g_assert_true(wr_engine_session(d.c.e, numbers[i]) == s);
    }
    g_assert_cmpuint(wr_engine_sessions(d.c.e)->len, ==, 5);
    for (unsigned i = 1; i < 5; i++)
        g_assert_cmpuint(((wr_session *)g_ptr_array_index(wr_engine_sessions(d.c.e), i - 1))->number, <,
                         ((wr_session *)g_ptr_array_index(wr_engine_sessions(d.c.e), i))->number);
    g_ptr_array_free(none, TRUE);
    desk_end(&d);
}

/* ---- who ---- */

static void test_parties(void)
{
    static const struct {
        const char *words;
        bool answer, emitted, unknown;
        const char *leg_party, *from, *to;
        const char *names[2];
        const char *hosts[2];
    } rows[] = {
        {"her offer", false, true, false, "Alice", NULL, NULL, {"Alice", NULL}, {ALICE, NULL}},
        {"her offer, by its words", false, true, false, NULL, "A", "B", {"A", "B"}, {ALICE, NULL}},
        {"the leg's name before the words", false, true, false, "Alice", "A", "B", {"Alice", "B"}, {ALICE, NULL}},
        {"an offer that came to her", false, false, false, "Alice", "B", "A", {"B", "Alice"}, {NULL, ALICE}},
        {"her answer", true, true, false, "Alice", NULL, NULL, {NULL, "Alice"}, {NULL, ALICE}},
        {"an answer that came to her", true, false, false, "Alice", "B", NULL, {"Alice", "B"}, {ALICE, NULL}},
        {"between two hosts", false, false, true, NULL, NULL, NULL, {NULL, NULL}, {ALICE, SERVER}},
        {"an answer between two hosts", true, false, true, NULL, NULL, NULL, {NULL, NULL}, {SERVER, ALICE}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_copy *c = told(&d, rows[i].answer, false, sha256_of(1), NULL);
        c->direction = rows[i].unknown   ? WR_DIRECTION_UNKNOWN
                       : rows[i].emitted ? WR_DIRECTION_EMITTED
                                         : WR_DIRECTION_DELIVERED;
        c->src = at(ALICE, 1);
        c->dst = at(SERVER, 443);
        c->leg->party = rows[i].leg_party;
        c->from = rows[i].from;
        c->to = rows[i].to;
        c->leg->client = at(ALICE, 1);
        wr_session_find_parties(d.s);
        g_test_message("%s", rows[i].words);
        for (unsigned p = 0; p < 2; p++) {
            char at_host[WR_ENDPOINT_TEXT];
            g_assert_cmpstr(d.s->parties[p].name, ==, rows[i].names[p]);
            g_assert_true(wr_endpoint_known(&d.s->parties[p].address) == (rows[i].hosts[p] != NULL));
            if (rows[i].hosts[p] != NULL)
                g_assert_cmpstr(wr_endpoint_format_host(&d.s->parties[p].address, at_host), ==, rows[i].hosts[p]);
            g_assert_cmpuint(d.s->parties[p].address.port, ==, 0);
        }
        g_assert_cmpuint(d.s->n_parties, ==, 2);
        desk_end(&d);
    }
}

/* By the ends of a handshake: of whose description a side is, or the other is, else by side. */
static void test_parties_of_a_handshake(void)
{
    for (unsigned i = 0; i < 9; i++) {
        const unsigned client = i % 3, server = i / 3; /* 0: no owner, 1: an offer, 2: an answer */
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy offer = {.kind = WR_KIND_OFFER}, answer = {.kind = WR_KIND_ANSWER};
        const bool client_is_1 = client == 2 || (client == 0 && server == 1);
        const bool server_is_1 = server == 2 || (server == 0 && (client == 1 || client == 0));
        char text[WR_ENDPOINT_TEXT];
        a->owner[0] = client == 0 ? NULL : client == 1 ? &offer : &answer;
        a->owner[1] = server == 0 ? NULL : server == 1 ? &offer : &answer;
        wr_session_find_parties(d.s);
        g_test_message("client %u, server %u", client, server);
        if (client_is_1 != server_is_1)
            for (unsigned p = 0; p < 2; p++)
                g_assert_cmpstr(wr_endpoint_format_host(&d.s->parties[p].address, text), ==,
                                (p == 1) == client_is_1 ? BOB : ALICE);
        else /* both of one kind: the first that was seen */
            g_assert_cmpstr(wr_endpoint_format_host(&d.s->parties[client_is_1].address, text), ==, BOB);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/groups/continuation", test_continuation);
    g_test_add_func("/groups/latest_goes_on", test_latest_goes_on);
    g_test_add_func("/groups/streams", test_streams);
    g_test_add_func("/groups/many_streams", test_many_streams);
    g_test_add_func("/groups/is_webrtc", test_is_webrtc);
    for (size_t i = 0; i < G_N_ELEMENTS(copies); i++) {
        char *path = g_strdup_printf("/groups/copies/%s", copies[i].words);
        g_test_add_data_func(path, &copies[i], test_copies);
        g_free(path);
    }
    g_test_add_func("/groups/unknown_directions", test_unknown_directions);
    g_test_add_func("/groups/hops", test_hops);
    g_test_add_func("/groups/hops_in_a_crowd", test_hops_in_a_crowd);
    g_test_add_func("/groups/hops_are_explained_by_parties", test_hops_are_explained_by_parties);
    g_test_add_func("/groups/user_names", test_user_names);
    g_test_add_func("/groups/put", test_put);
    g_test_add_func("/groups/parties", test_parties);
    g_test_add_func("/groups/parties_of_a_handshake", test_parties_of_a_handshake);
    return g_test_run();
}
