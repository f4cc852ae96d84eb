/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What TURN servers are said to have granted (rules 2.10): without credentials, for expired ones, to another user, to
 * special addresses, to services. A response alone says it, the client that goes on bears it out, and a refusal of the
 * same request takes it back.
 */
#include "turn_build.h"

#include "records/call_limits.h"
#include "records/store.h"

#define SPECIAL at("10.0.0.5", 80)
#define START   INT64_C(1700000000) /* seconds: when calls begin */

static const wr_turn_server *server_of(const call_t *c)
{
    const wr_endpoint relay = RELAY;

    return g_hash_table_lookup(c->e->turn->servers, &relay);
}

static const wr_turn_peer *peer_of(const call_t *c)
{
    GHashTableIter i;
    gpointer p = NULL;

    g_assert_cmpuint(g_hash_table_size(c->e->turn->peers), <=, 1);
    g_hash_table_iter_init(&i, c->e->turn->peers);
    if (!g_hash_table_iter_next(&i, NULL, &p))
        return NULL;
    return p;
}

typedef enum { BARE, NAMED, SIGNED, SIGNED_256, SIGNED_LONG } proof_t;

/* A request by this user name, with one of the kinds of integrity, or none. */
static void request_to(call_t *c, who_t w, unsigned method, proof_t proof, const wr_endpoint *peer)
{
    message_t m = message_of(method, WR_STUN_REQUEST, ++number);
    const uint8_t mac[32] = {0};

    if (peer != NULL)
        address(&m, 0x0012, *peer);
    if (proof != BARE)
        attribute(&m, 0x0006, w.user, strlen(w.user));
    if (proof == SIGNED)
        attribute(&m, 0x0008, mac, 20);
    if (proof == SIGNED_256)
        attribute(&m, 0x001C, mac, 32);
    if (proof == SIGNED_LONG)
        attribute(&m, 0x0008, mac, 32);
    send(c, w.client, w.server, &m);
}

static void grant_without_address(call_t *c, who_t w, unsigned method)
{
    message_t m = message_of(method, WR_STUN_SUCCESS, number);

    send(c, w.server, w.client, &m);
}

/* ---- without credentials ---- */

static void test_open(void)
{
    for (int proof = BARE; proof <= SIGNED_LONG; proof++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        request_to(&c, w, WR_STUN_ALLOCATE, (proof_t)proof, NULL);
        grant_without_address(&c, w, WR_STUN_ALLOCATE); /* nothing was given */
        g_assert_cmpuint(server_of(&c)->open.frame, ==, 0);
        request_to(&c, w, WR_STUN_ALLOCATE, (proof_t)proof, NULL);
        answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        g_test_message("proof %d", proof);
        g_assert_cmpuint(server_of(&c)->open.frame, ==, proof == BARE ? c.frame : 0);
        g_assert_cmpuint(server_of(&c)->open.request, ==, proof == BARE ? c.frame - 1 : 0);
        g_assert_cmpuint(c.e->turn->waiting, ==, proof == BARE ? 1 : 0);
        g_assert_cmpuint(g_hash_table_size(c.e->turn->users), ==, proof >= SIGNED ? 1 : 0);
        call_end(&c);
    }
}

/* What becomes of it by what the client, or somebody else, does next. */
static void test_open_and_then(void)
{
    static const struct {
        const char *words;
        unsigned method; /* 0: something is sent to a peer */
        proof_t proof;
        bool other_client, other_server, used, denied;
    } rows[] = {
        {"refreshes it as bare", WR_STUN_REFRESH, BARE, false, false, true, false},
        {"asks for another one", WR_STUN_ALLOCATE, BARE, false, false, false, false},
        {"shows credentials", WR_STUN_REFRESH, SIGNED, false, false, false, true},
        {"shows others", WR_STUN_REFRESH, SIGNED_256, false, false, false, true},
        {"shows yet others", WR_STUN_REFRESH, SIGNED_LONG, false, false, false, true},
        {"shows them for another one", WR_STUN_ALLOCATE, SIGNED, false, false, false, true},
        {"has a name alone", WR_STUN_ALLOCATE, NAMED, false, false, false, false},
        {"is another client", WR_STUN_REFRESH, SIGNED, true, false, false, false},
        {"asks another server", WR_STUN_REFRESH, SIGNED, false, true, false, false},
        {"sends something", 0, BARE, false, false, true, false},
        {"sends something from elsewhere", 0, BARE, true, false, false, false},
        {"sends something elsewhere", 0, BARE, false, true, false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        who_t w = somebody();
        request_to(&c, w, WR_STUN_ALLOCATE, BARE, NULL);
        answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        if (rows[i].other_client)
            w.client.port++;
        if (rows[i].other_server)
            w.server = INNER_RELAY;
        if (rows[i].method == 0)
            go_on(&c, w, BOBS);
        else
            request_to(&c, w, rows[i].method, rows[i].proof, NULL);
        g_test_message("%s", rows[i].words);
        g_assert_true(server_of(&c)->open.denied == rows[i].denied);
        g_assert_true(server_of(&c)->open.used == rows[i].used);
        g_assert_cmpuint(c.e->turn->waiting, ==, rows[i].used || rows[i].denied ? 0 : 1);
        call_end(&c);
    }
}

/* ---- the same request refused ---- */

static void test_refused(void)
{
    enum { SUCCESS_ALONE, SUCCESS_FIRST, ERROR_FIRST, MISMATCH, OTHER_REQUEST, CASES };

    for (int which = SUCCESS_ALONE; which < CASES; which++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        request_to(&c, w, WR_STUN_ALLOCATE, BARE, NULL);
        if (which == ERROR_FIRST)
            answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_ERROR, 401);
        answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        if (which == OTHER_REQUEST)
            request_to(&c, w, WR_STUN_ALLOCATE, BARE, NULL);
        if (which == SUCCESS_FIRST || which == MISMATCH || which == OTHER_REQUEST)
            answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_ERROR, which == MISMATCH ? 437 : 401);
        g_test_message("case %d", which);
        g_assert_cmpuint(server_of(&c)->open.frame, !=, 0);
        g_assert_true(server_of(&c)->open.denied == (which == SUCCESS_FIRST || which == ERROR_FIRST));
        g_assert_cmpuint(c.e->turn->waiting, ==, server_of(&c)->open.denied ? 0 : 1);
        call_end(&c);
    }
}

/* Over TCP nobody else answers. */
static void test_over_tcp(void)
{
    call_t c = call_begin(NULL);
    const who_t w = somebody();

    carried_by = WR_TRANSPORT_TCP;
    request_to(&c, w, WR_STUN_ALLOCATE, BARE, NULL);
    answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
    carried_by = WR_TRANSPORT_UDP;
    g_assert_true(server_of(&c)->open.used);
    g_assert_cmpuint(c.e->turn->waiting, ==, 0);
    call_end(&c);
}

/* What was borne out stays, what was not gives way to the next. */
static void test_next_one(void)
{
    for (int used = 0; used < 2; used++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        who_t next_client = w;
        uint32_t first;
        next_client.client.port++;
        request_to(&c, w, WR_STUN_ALLOCATE, BARE, NULL);
        answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        first = c.frame;
        if (used)
            go_on(&c, w, BOBS);
        request_to(&c, next_client, WR_STUN_ALLOCATE, BARE, NULL);
        answer(&c, next_client, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        g_assert_cmpuint(server_of(&c)->open.frame, ==, used ? first : c.frame);
        g_assert_cmpuint(c.e->turn->waiting, ==, used ? 0 : 1);
        call_end(&c);
    }
}

/* ---- for expired credentials ---- */

static void test_expired(void)
{
    static const struct {
        int64_t us; /* of the answer, after the user name's end */
        proof_t proof;
        bool expired;
    } rows[] = {{60 * S, SIGNED, false},
                {60 * S + 1, SIGNED, true},
                {90 * S, SIGNED, true},
                {90 * S, NAMED, false},
                {-90 * S, SIGNED, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        who_t w = somebody();
        w.user = "1700000000:x";
        c.us = START * S + rows[i].us - 20 * MS;
        request_to(&c, w, WR_STUN_ALLOCATE, rows[i].proof, NULL);
        answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        g_test_message("row %zu", i);
        g_assert_true((server_of(&c)->expired.frame != 0) == rows[i].expired);
        g_assert_cmpint(server_of(&c)->expired_s, ==, rows[i].expired ? rows[i].us / S : 0);
        call_end(&c);
    }
}

/* ---- to another user ---- */

static void test_changed(void)
{
    static const struct {
        const char *words, *first, *second;
        proof_t proof;
        bool changed;
    } rows[] = {
        {"another user", "1800000000:x", "1800000000:y", SIGNED, true},
        {"the same user", "1800000000:x", "1800000000:x", SIGNED, false},
        {"another name without proof", "1800000000:x", "1800000000:y", NAMED, false},
        {"proof without a name", "1800000000:x", "1800000000:y", BARE, false},
        {"nobody's allocation", NULL, "1800000000:y", SIGNED, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        who_t w = somebody();
        uint32_t frame;
        w.user = rows[i].first;
        allocate(&c, w, true);
        w.user = rows[i].second;
        request_to(&c, w, WR_STUN_REFRESH, rows[i].proof, NULL);
        grant_without_address(&c, w, WR_STUN_REFRESH);
        frame = c.frame;
        g_test_message("%s", rows[i].words);
        g_assert_cmpuint(server_of(&c)->changed.frame, ==, rows[i].changed ? frame : 0);
        g_assert_cmpstr(server_of(&c)->other_user, ==, rows[i].changed ? rows[i].second : NULL);
        g_assert_false(server_of(&c)->changed.used);
        request_to(&c, w, WR_STUN_REFRESH, rows[i].proof, NULL);
        grant_without_address(&c, w, WR_STUN_REFRESH);
        g_assert_true(server_of(&c)->changed.used == rows[i].changed); /* he is let in again */
        g_assert_cmpuint(server_of(&c)->changed.frame, ==, rows[i].changed ? frame : 0);
        call_end(&c);
    }
}

/* A third user is another change; so is the second where he was refused as well. */
static void test_changed_again(void)
{
    for (int refused = 0; refused < 2; refused++) {
        call_t c = call_begin(NULL);
        who_t w = somebody();
        allocate(&c, w, true);
        w.user = "1800000000:y";
        request_to(&c, w, WR_STUN_REFRESH, SIGNED, NULL);
        grant_without_address(&c, w, WR_STUN_REFRESH);
        if (refused)
            answer(&c, w, WR_STUN_REFRESH, WR_STUN_ERROR, 441);
        g_assert_true(server_of(&c)->changed.denied == refused);
        if (!refused)
            w.user = "1800000000:z";
        request_to(&c, w, WR_STUN_REFRESH, SIGNED, NULL);
        grant_without_address(&c, w, WR_STUN_REFRESH);
        g_assert_cmpuint(server_of(&c)->changed.frame, ==, c.frame);
        g_assert_cmpstr(server_of(&c)->other_user, ==, w.user);
        g_assert_false(server_of(&c)->changed.used || server_of(&c)->changed.denied);
        call_end(&c);
    }
}

/* ---- peers ---- */

static void test_special_peers(void)
{
    for (int public = 0; public < 2; public ++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        const wr_endpoint peer = public ? at("198.51.100.7", 80) : SPECIAL;
        wr_endpoint other_port = peer;
        uint32_t asked, granted;
        other_port.port = 81;
        allocate(&c, w, true);
        request_to(&c, w, WR_STUN_CREATE_PERMISSION, SIGNED, &peer);
        asked = c.frame;
        grant_without_address(&c, w, WR_STUN_CREATE_PERMISSION);
        granted = c.frame;
        request_to(&c, w, WR_STUN_CREATE_PERMISSION, SIGNED, &other_port); /* the same host */
        if (public) {
            g_assert_null(peer_of(&c));
        } else {
            g_assert_cmpuint(peer_of(&c)->request_frame, ==, asked);
            g_assert_cmpuint(peer_of(&c)->accepted.frame, ==, granted);
            g_assert_false(peer_of(&c)->accepted.used);
            go_on(&c, w, other_port);
            g_assert_true(peer_of(&c)->accepted.used);
        }
        g_assert_cmpuint(server_of(&c)->connect_frame, ==, 0);
        call_end(&c);
    }
}

/* A request for a special address that is refused after all. */
static void test_refused_peer(void)
{
    for (unsigned error = 403; error <= 437; error += 34) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        const wr_endpoint peer = SPECIAL;
        request_to(&c, w, WR_STUN_CREATE_PERMISSION, SIGNED, &peer);
        grant_without_address(&c, w, WR_STUN_CREATE_PERMISSION);
        answer(&c, w, WR_STUN_CREATE_PERMISSION, WR_STUN_ERROR, error);
        g_assert_true(peer_of(&c)->accepted.denied == (error == 403));
        call_end(&c);
    }
}

/* Of many addresses in one request the first four special ones are remembered. */
static void test_many_peers(void)
{
    call_t c = call_begin(NULL);
    const wr_endpoint peers[] = {at("10.0.0.1", 1), at("198.51.100.7", 1), at("10.0.0.2", 1),
                                 at("10.0.0.3", 1), at("10.0.0.4", 1),     at("10.0.0.5", 1)};

    permit(&c, somebody(), WR_STUN_CREATE_PERMISSION, peers, G_N_ELEMENTS(peers), true);
    g_assert_cmpuint(g_hash_table_size(c.e->turn->peers), ==, 4);
    call_end(&c);
}

/* TCP connections (RFC 6062) to ports of services: the first counts, wherever it goes. */
static void test_connect(void)
{
    static const struct {
        unsigned method;
        uint16_t port;
        bool noted;
    } rows[] = {{WR_STUN_CONNECT, 443, true},
                {WR_STUN_CONNECT, 27017, true},
                {WR_STUN_CONNECT, 5000, false},
                {WR_STUN_CREATE_PERMISSION, 443, false}};

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        const wr_endpoint peer = at(i % 2 != 0 ? "10.0.0.5" : "198.51.100.7", rows[n].port),
                          later = at("198.51.100.8", 22);
        uint32_t frame;
        request_to(&c, w, rows[n].method, SIGNED, &peer);
        grant_without_address(&c, w, rows[n].method);
        frame = c.frame;
        g_test_message("row %zu", i);
        g_assert_cmpuint(server_of(&c)->connect_frame, ==, rows[n].noted ? frame : 0);
        request_to(&c, w, WR_STUN_CONNECT, SIGNED, &later);
        grant_without_address(&c, w, WR_STUN_CONNECT);
        g_assert_cmpuint(server_of(&c)->connect_frame, ==, rows[n].noted ? frame : c.frame);
        g_assert_cmpuint(server_of(&c)->connect_peer.port, ==, rows[n].noted ? rows[n].port : 22);
        call_end(&c);
    }
}

/* Of many addresses in one request the fourth is the last that counts. */
static void test_connect_many(void)
{
    for (unsigned service = 3; service < 6; service++) {
        call_t c = call_begin(NULL);
        wr_endpoint peers[5];

        for (unsigned i = 0; i < G_N_ELEMENTS(peers); i++)
            peers[i] = at("198.51.100.7", i == service ? 22 : 5000);
        permit(&c, somebody(), WR_STUN_CONNECT, peers, G_N_ELEMENTS(peers), true);
        g_test_message("service %u", service);
        g_assert_cmpuint(server_of(&c)->connect_frame, ==, service < 4 ? c.frame : 0);
        call_end(&c);
    }
}

/* ---- channels ---- */

static void bind_number(call_t *c, who_t w, unsigned channel, const wr_endpoint *peer)
{
    message_t m = message_of(WR_STUN_CHANNEL_BIND, WR_STUN_REQUEST, ++number);
    uint8_t value[4] = {0};

    put16(value, channel);
    if (peer != NULL)
        address(&m, 0x0012, *peer);
    if (channel != 0)
        attribute(&m, 0x000C, value, sizeof value);
    send(c, w.client, w.server, &m);
}

static void test_channels(void)
{
    call_t c = call_begin(NULL);
    const who_t w = somebody();
    const wr_endpoint peer = BOBS;
    const wr_allocation *al;

    bind_number(&c, w, 0, &peer);
    bind_number(&c, w, 0x4001, NULL);
    g_assert_null(wr_turn_allocation(c.e, &w.client, &w.server));
    for (unsigned i = 0; i < WR_MAX_CHANNELS; i++)
        bind_number(&c, w, 0x4000 + i, &peer);
    al = wr_turn_allocation(c.e, &w.client, &w.server);
    g_assert_cmpuint(al->n_channels, ==, WR_MAX_CHANNELS);
    g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, 0);
    bind_number(&c, w, 0x4000, &peer); /* known */
    g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, 0);
    bind_number(&c, w, 0x4000 + WR_MAX_CHANNELS, &peer);
    g_assert_cmpuint(al->n_channels, ==, WR_MAX_CHANNELS);
    g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, 1);
    call_end(&c);
}

/* A new allocation has no channels yet: whatever was bound before may be bound to others. */
static void test_channels_of_a_new_allocation(void)
{
    enum { NEW_ADDRESS, SAME_ADDRESS, FIRST_ADDRESS, CASES };

    for (int which = NEW_ADDRESS; which < CASES; which++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        const wr_endpoint peers[] = {BOBS, at("198.51.100.9", 7)};
        const wr_allocation *al;
        message_t m;
        if (which != FIRST_ADDRESS)
            allocate(&c, w, true);
        bind_number(&c, w, 0x4001, &peers[0]);
        m = message_of(WR_STUN_ALLOCATE, WR_STUN_SUCCESS, ++number);
        address(&m, 0x0016, which == NEW_ADDRESS ? at(SERVER, 49201) : RELAYED);
        send(&c, w.server, w.client, &m);
        bind_number(&c, w, 0x4001, &peers[1]);
        al = wr_turn_allocation(c.e, &w.client, &w.server);
        g_test_message("case %d", which);
        g_assert_true(wr_endpoint_equal(&al->channels[0].peer, &peers[which == NEW_ADDRESS ? 1 : 0]));
        call_end(&c);
    }
}

static void over_channel(call_t *c, wr_endpoint src, wr_endpoint dst, uint16_t channel)
{
    const uint8_t bytes[8] = "GET /";
    wr_media_evidence m;

    memset(&m, 0, sizeof m);
    m.at = next(c, 10, src, dst);
    m.how.peer = wr_endpoint_none();
    m.how.relayed = true;
    m.how.channel = channel;
    m.bytes = bytes;
    m.captured = m.length = sizeof bytes;
    wr_engine_add_other(c->e, &m);
}

/* What goes over a channel to a special address bears the grant out; what comes from there shows that it answers. */
static void test_over_a_channel(void)
{
    call_t c = call_begin(NULL);
    const who_t w = somebody();
    const wr_endpoint peer = SPECIAL;
    const wr_allocation *al;

    allocate(&c, w, true);
    permit(&c, w, WR_STUN_CHANNEL_BIND, &peer, 1, true);
    al = wr_turn_allocation(c.e, &w.client, &w.server);
    over_channel(&c, w.client, w.server, 0x4002); /* nobody's */
    over_channel(&c, w.server, w.client, 0);
    g_assert_cmpuint(al->channels[0].packets, ==, 0);
    g_assert_cmpuint(peer_of(&c)->data_frame, ==, 0);
    g_assert_false(peer_of(&c)->accepted.used);
    over_channel(&c, w.client, w.server, 0x4001);
    g_assert_cmpuint(al->channels[0].frame, ==, c.frame);
    g_assert_true(peer_of(&c)->accepted.used);
    g_assert_cmpuint(peer_of(&c)->data_frame, ==, 0);
    over_channel(&c, w.server, w.client, 0x4001);
    g_assert_cmpuint(peer_of(&c)->data_frame, ==, c.frame);
    over_channel(&c, w.server, w.client, 0x4001);
    g_assert_cmpuint(peer_of(&c)->data_frame, ==, c.frame - 1);
    g_assert_cmpuint(al->channels[0].packets, ==, 3);
    g_assert_cmpuint(al->channels[0].frame, ==, c.frame - 2);
    call_end(&c);
}

/* The same by indications; those of other methods say nothing. */
static void test_indications(void)
{
    static const struct {
        unsigned method;
        bool from_server, used, data;
    } rows[] = {{WR_STUN_SEND, false, true, false},
                {WR_STUN_DATA, true, false, true},
                {WR_STUN_BINDING, true, false, false},
                {WR_STUN_BINDING, false, false, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        const wr_endpoint peer = SPECIAL;
        message_t m = message_of(rows[i].method, WR_STUN_INDICATION, ++number);
        permit(&c, w, WR_STUN_CREATE_PERMISSION, &peer, 1, true);
        address(&m, 0x0012, peer);
        attribute(&m, 0x0013, "GET ", 4);
        send(&c, rows[i].from_server ? w.server : w.client, rows[i].from_server ? w.client : w.server, &m);
        g_test_message("row %zu", i);
        g_assert_true(peer_of(&c)->accepted.used == rows[i].used);
        g_assert_cmpuint(peer_of(&c)->data_frame, ==, rows[i].data ? c.frame : 0);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/turn_grants/open", test_open);
    g_test_add_func("/turn_grants/open_and_then", test_open_and_then);
    g_test_add_func("/turn_grants/refused", test_refused);
    g_test_add_func("/turn_grants/over_tcp", test_over_tcp);
    g_test_add_func("/turn_grants/next_one", test_next_one);
    g_test_add_func("/turn_grants/expired", test_expired);
    g_test_add_func("/turn_grants/changed", test_changed);
    g_test_add_func("/turn_grants/changed_again", test_changed_again);
    g_test_add_func("/turn_grants/special_peers", test_special_peers);
    g_test_add_func("/turn_grants/refused_peer", test_refused_peer);
    g_test_add_func("/turn_grants/many_peers", test_many_peers);
    g_test_add_func("/turn_grants/connect", test_connect);
    g_test_add_func("/turn_grants/connect_many", test_connect_many);
    g_test_add_func("/turn_grants/channels", test_channels);
    g_test_add_func("/turn_grants/channels_of_a_new_allocation", test_channels_of_a_new_allocation);
    g_test_add_func("/turn_grants/over_a_channel", test_over_a_channel);
    g_test_add_func("/turn_grants/indications", test_indications);
    return g_test_run();
}
