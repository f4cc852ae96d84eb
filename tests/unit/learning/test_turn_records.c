/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept of dialogues with TURN servers: whose user names and allocations they are, which answers say something
 * new, and which relays give addresses that are not public. And which descriptions are WebRTC's by how they came.
 */
#include "turn_build.h"

#include "records/relay_path.h"
#include "records/store.h"

static const wr_turn_user *user(const call_t *c, const char *name)
{
    return g_hash_table_lookup(c->e->turn->users, name);
}

static const wr_turn_server *server(const call_t *c)
{
    const wr_endpoint relay = RELAY;

    return g_hash_table_lookup(c->e->turn->servers, &relay);
}

/* By how many allocations, from which hosts; the first server and frame, and the last frame. */
static void test_users(void)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();
    const wr_turn_user *u;
    uint32_t first;

    allocate(&c, w, false); /* who is refused has none */
    g_assert_null(user(&c, w.user));
    allocate(&c, w, true);
    first = c.frame;
    u = user(&c, w.user);
    g_assert_cmpuint(u->allocations, ==, 1);
    w.client.port++;
    allocate(&c, w, true); /* the same host */
    g_assert_cmpuint(u->n_hosts, ==, 1);
    for (unsigned i = 1; i < 2 * WR_TURN_HOSTS; i++) {
        char host[20];
        g_snprintf(host, sizeof host, "192.0.2.%u", 100 + i);
        w.client = at(host, 50000);
        allocate(&c, w, true);
        g_assert_cmpuint(u->n_hosts, ==, MIN(i + 1, WR_TURN_HOSTS));
    }
    g_assert_cmpuint(u->allocations, ==, 2 * WR_TURN_HOSTS + 1);
    g_assert_cmpuint(u->frame, ==, first);
    g_assert_cmpuint(u->last_frame, ==, c.frame);
    w.server = INNER_RELAY;
    allocate(&c, w, true);
    g_assert_cmpuint(u->server.port, ==, 3478);
    g_assert_false(wr_endpoint_equal(&u->server, &w.server));
    call_end(&c);
}

/* A name that is no text is nobody's. */
static void test_unreadable_names(void)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();

    w.user = "\xff\xfe";
    allocate(&c, w, true);
    g_assert_cmpuint(g_hash_table_size(c.e->turn->users), ==, 0);
    w.user = NULL;
    allocate(&c, w, true);
    g_assert_cmpuint(g_hash_table_size(c.e->turn->users), ==, 0);
    call_end(&c);
}

/* The server's program by its first answer that names one. */
static void test_software(void)
{
    static const char *const says[] = {NULL, "", "\xff", "first", "second"};
    call_t c = call_begin(NULL);
    who_t w = somebody();
    uint32_t frame = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(says); i++) {
        w.software = says[i];
        allocate(&c, w, true);
        if (i == 3)
            frame = c.frame;
        g_assert_cmpstr(server(&c)->software, ==, i < 3 ? NULL : "first");
    }
    g_assert_cmpuint(server(&c)->software_frame, ==, frame);
    call_end(&c);
}

/* An answer counts once, where it answers: same transaction, method, client and server. */
static void test_answers(void)
{
    enum { RIGHT, TWICE, OTHER_NUMBER, OTHER_METHOD, OTHER_CLIENT, OTHER_SERVER, CASES };

    for (int which = RIGHT; which < CASES; which++) {
        call_t c = call_begin(NULL);
        who_t w = somebody(), from = w;
        message_t m = message_of(WR_STUN_ALLOCATE, WR_STUN_REQUEST, ++number);
        const bool counts = which == RIGHT || which == TWICE;

        authenticate(&m, w.user);
        send(&c, w.client, w.server, &m);
        if (which == OTHER_NUMBER)
            number++;
        if (which == OTHER_CLIENT)
            from.client.port++;
        if (which == OTHER_SERVER)
            from.server = INNER_RELAY;
        for (int n = 0; n < (which == TWICE ? 3 : 1); n++)
            answer(&c, from, which == OTHER_METHOD ? WR_STUN_REFRESH : WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        g_test_message("case %d", which);
        g_assert_cmpuint(g_hash_table_size(c.e->turn->users), ==, counts ? 1 : 0);
        if (counts)
            g_assert_cmpuint(user(&c, w.user)->allocations, ==, 1);
        call_end(&c);
    }
}

/* Of many requests the latest are remembered. */
static void test_pending(void)
{
    for (unsigned more = WR_TURN_PENDING - 1; more <= WR_TURN_PENDING; more++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        message_t m;
        const unsigned first = ++number;

        for (unsigned i = 0; i <= more; i++) {
            m = message_of(WR_STUN_ALLOCATE, WR_STUN_REQUEST, first + i);
            authenticate(&m, w.user);
            send(&c, w.client, w.server, &m);
        }
        number = first;
        answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        g_assert_cmpuint(g_hash_table_size(c.e->turn->users), ==, more < WR_TURN_PENDING ? 1 : 0);
        number = first + more;
        call_end(&c);
    }
}

/* Whose allocation it is: of who was let in with a name. */
static void test_owner(void)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();
    const wr_allocation *al;

    allocate(&c, w, true);
    al = wr_turn_allocation(c.e, &w.client, &w.server);
    g_assert_cmpstr(al->user, ==, w.user);
    g_assert_cmpuint(al->frame, ==, c.frame);
    w.user = "1800000000:y";
    allocate(&c, w, true);
    g_assert_cmpstr(al->user, ==, "1800000000:y");
    w.user = NULL;
    allocate(&c, w, true);
    g_assert_null(al->user);
    g_assert_true(wr_turn_allocation(c.e, &w.server, &w.client) == al); /* whichever is named first */
    g_assert_null(wr_turn_allocation(c.e, &w.client, &w.client));
    call_end(&c);
}

/* A channel keeps its peer for ten minutes from the last request (RFC 8656 12); a request for the same peer begins them
 * anew, and each number stands for itself. */
static void test_channel(void)
{
    static const struct {
        int64_t seconds[3]; /* after the one before: first peer, again (0: not), other peer */
        bool other;         /* the other peer has it */
    } rows[] = {
        {{0, 0, 599}, false}, {{0, 0, 600}, true}, {{0, 300, 599}, false}, {{0, 300, 600}, true}, {{0, 599, 1}, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        const wr_endpoint peers[2] = {BOBS, at("192.0.2.99", 7000)};
        const wr_allocation *al;

        allocate(&c, w, true);
        permit(&c, w, WR_STUN_CHANNEL_BIND, &peers[0], 1, true);
        c.us -= 10 * MS; /* the answer takes some */
        if (rows[i].seconds[1] != 0) {
            c.us += rows[i].seconds[1] * S - 10 * MS;
            permit(&c, w, WR_STUN_CHANNEL_BIND, &peers[0], 1, true);
            c.us -= 10 * MS;
        }
        c.us += rows[i].seconds[2] * S - 10 * MS;
        permit(&c, w, WR_STUN_CHANNEL_BIND, &peers[1], 1, true);
        al = wr_turn_allocation(c.e, &w.client, &w.server);
        g_test_message("case %zu", i);
        g_assert_cmpuint(al->n_channels, ==, 1);
        g_assert_true(wr_endpoint_equal(&al->channels[0].peer, &peers[rows[i].other ? 1 : 0]));
        call_end(&c);
    }
}

/* Whom a client sends to by way of the relay, each once, is remembered until the relay's address is known. */
static void test_waiting_peers(void)
{
    call_t c = call_begin(NULL);
    const who_t w = somebody();
    const wr_allocation *al;

    go_on(&c, w, BOBS);
    al = wr_turn_allocation(c.e, &w.client, &w.server);
    g_assert_cmpuint(al->n_waiting, ==, 1);
    go_on(&c, w, BOBS);
    g_assert_cmpuint(al->n_waiting, ==, 1);
    go_on(&c, w, at(BOB, 6001));
    g_assert_cmpuint(al->n_waiting, ==, 2);
    allocate(&c, w, true);
    g_assert_cmpuint(al->n_waiting, ==, 0);
    go_on(&c, w, at(BOB, 6002));
    g_assert_cmpuint(al->n_waiting, ==, 0);
    call_end(&c);
}

/* ---- relayed addresses ---- */

static wr_allocation *lend(call_t *c, const char *client, wr_endpoint relay, const char *relayed, uint32_t frame)
{
    const wr_endpoint at_client = at(client, 50000);
    wr_allocation *al = wr_turn_allocation_get(c->e, &at_client, &relay);

    al->relayed = relayed != NULL ? at(relayed, 49200) : wr_endpoint_none();
    al->frame = frame;
    if (relayed != NULL)
        g_hash_table_replace(c->e->relays, g_memdup2(&al->relayed, sizeof al->relayed),
                             g_memdup2(&at_client, sizeof at_client));
    return al;
}

/* The first allocation of a server with an address that is not public, and the first that gave an address. */
static void test_relayed(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool turned = (i & 1) != 0, inner_first = (i & 2) != 0;
        call_t c = call_begin(NULL);
        const wr_endpoint relay = RELAY, other = at("203.0.113.10", 3478), lent = at("10.0.0.9", 49200),
                          public = at(SERVER, 49200), nobody = at("10.0.0.99", 1);
        wr_allocation *a, *b;

        g_assert_null(wr_turn_private_relay(c.e, &relay));
        g_assert_null(wr_turn_allocation_of(c.e, &lent));
        lend(&c, "192.0.2.11", relay, SERVER, 1);
        lend(&c, "192.0.2.12", relay, NULL, 2);
        lend(&c, "192.0.2.13", other, "10.0.0.77", 3);
        g_assert_null(wr_turn_private_relay(c.e, &relay));
        a = lend(&c, turned ? "192.0.2.15" : "192.0.2.14", relay, "10.0.0.9", inner_first ? 5 : 6);
        b = lend(&c, turned ? "192.0.2.14" : "192.0.2.15", relay, "10.0.0.9", inner_first ? 6 : 5);
        g_assert_true(wr_turn_private_relay(c.e, &relay) == (inner_first ? a : b));
        g_assert_true(wr_turn_allocation_of(c.e, &lent) == (inner_first ? a : b));
        g_assert_cmpuint(wr_turn_allocation_of(c.e, &public)->frame, ==, 1);
        g_assert_null(wr_turn_allocation_of(c.e, &nobody));
        call_end(&c);
    }
}

/* "expiry:user": ten digits, and what is behind them. */
static void test_expiry(void)
{
    static const struct {
        const char *name;
        int64_t expiry;
    } rows[] = {
        {"1800000000:x", 1800000000}, {"1800000000", 0}, {"180000000:x", 0}, {"18000000000:x", 0}, {"1800000000-x", 0},
        {"x:1800000000", 0},          {"", 0},           {NULL, 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(wr_turn_expiry(rows[i].name), ==, rows[i].expiry);
}

/* ---- what is WebRTC's ---- */

/* A plain RTP call is none of our business, unless browsers' pages exchanged it as offer or answer. */
static void test_plain_calls(void)
{
    static const struct {
        wr_carrier carrier;
        const char *path;
        wr_kind kind;
        const char *m, *fingerprint, *ufrag;
        bool ours;
    } rows[] = {
        {WR_CARRIER_WEBSOCKET, "sdp", WR_KIND_OFFER, "audio 9 RTP/AVP 0", NULL, NULL, true},
        {WR_CARRIER_HTTP, "sdp", WR_KIND_OFFER, "audio 9 RTP/AVP 0", NULL, NULL, true},
        {WR_CARRIER_HTTP, "sdp", WR_KIND_ANSWER, "audio 9 RTP/AVP 0", NULL, NULL, true},
        {WR_CARRIER_WEBSOCKET, NULL, WR_KIND_OFFER, "audio 9 RTP/AVP 0", NULL, NULL, false},
        {WR_CARRIER_WEBSOCKET, "sdp", WR_KIND_UNKNOWN, "audio 9 RTP/AVP 0", NULL, NULL, false},
        {WR_CARRIER_SIP, "sdp", WR_KIND_OFFER, "audio 9 RTP/AVP 0", NULL, NULL, false},
        {WR_CARRIER_SIP, NULL, WR_KIND_OFFER, "audio 9 RTP/AVP 0", NULL, NULL, false},
        {WR_CARRIER_SIP, NULL, WR_KIND_OFFER, "audio 9 RTP/SAVPF 0", NULL, NULL, false},
        {WR_CARRIER_SIP, NULL, WR_KIND_OFFER, "audio 9 RTP/SAVPF 0", NULL, "AAAA", true},
        {WR_CARRIER_SIP, NULL, WR_KIND_OFFER, "audio 9 RTP/AVP 0", NULL, "AAAA", false},
        {WR_CARRIER_SIP, NULL, WR_KIND_OFFER, "audio 9 UDP/TLS/RTP/SAVPF 0", NULL, NULL, true},
        {WR_CARRIER_SIP, NULL, WR_KIND_OFFER, "audio 9 RTP/AVP 0", "yes", NULL, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t t = {.session_id = "4711000009",
                    .m = rows[i].m,
                    .fingerprint = rows[i].fingerprint != NULL ? sha256_of(1) : NULL,
                    .ufrag = rows[i].ufrag,
                    .pwd = PWD_A};
        char *text = text_of(&t);
        wr_description d;

        memset(&d, 0, sizeof d);
        d.at = next(&c, 1, at(ALICE, 40001), at(SERVER, 443));
        d.context.kind = rows[i].kind;
        d.context.carrier = rows[i].carrier;
        d.context.path = rows[i].path;
        d.context.dialect = "generic";
        d.context.direction = WR_DIRECTION_EMITTED;
        d.context.connection = 1;
        d.sdp = wr_sdp_parse(text, strlen(text));
        g_test_message("case %zu", i);
        g_assert_true((wr_engine_add_description(c.e, &d) != NULL) == rows[i].ours);
        wr_sdp_unref(d.sdp);
        g_free(text);
        call_end(&c);
    }
}

/* ---- how many ---- */

static wr_endpoint numbered(uint32_t n)
{
    const uint8_t bytes[4] = {11, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

    return wr_endpoint_from_bytes(bytes, sizeof bytes, 3478);
}

static void fill(call_t *c, GHashTable *table, uint32_t n)
{
    struct wr_turn *t = c->e->turn;

    for (uint32_t i = 0; g_hash_table_size(table) < n; i++) {
        if (table == t->users) {
            wr_turn_user *u = g_new0(wr_turn_user, 1);
            char name[16];
            g_snprintf(name, sizeof name, "user%u", i);
            u->name = wr_intern(c->e, name);
            g_hash_table_insert(table, (gpointer)u->name, u);
        } else if (table == t->servers) {
            wr_turn_server *s = g_new0(wr_turn_server, 1);
            s->at = numbered(i);
            g_hash_table_insert(table, &s->at, s);
        } else {
            const wr_endpoint end = numbered(i);
            const wr_flow_key key = wr_flow_key_of(&end, &end, 0, 0);
            g_hash_table_insert(table, g_memdup2(&key, sizeof key), g_new0(wr_turn_peer, 1));
        }
    }
}

/* So many users, servers and addresses asked for are known; one more is not, and that is said. */
static void test_bounds(void)
{
    static const struct {
        uint32_t most;
        const char *limit;
    } rows[] = {{WR_MAX_TURN_USERS, "TURN user names"},
                {WR_MAX_TURN_SERVERS, "TURN servers"},
                {WR_MAX_TURN_PEERS, "special addresses asked of TURN servers"}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        who_t w = somebody();
        GHashTable *table;

        allocate(&c, w, true);
        table = i == 0 ? c.e->turn->users : i == 1 ? c.e->turn->servers : c.e->turn->peers;
        fill(&c, table, rows[i].most - 1);
        for (unsigned more = 0; more < 2; more++) {
            const wr_endpoint peer = at(more == 0 ? "10.0.0.5" : "10.0.0.6", 80);
            w.user = i != 0 ? w.user : more == 0 ? "1800000000:y" : "1800000000:z";
            w.server = i != 1 ? w.server : at(SERVER, (uint16_t)(4000 + more));
            allocate(&c, w, true);
            if (i == 2)
                permit(&c, w, WR_STUN_CREATE_PERMISSION, &peer, 1, true);
            g_test_message("row %zu, %u", i, more);
            g_assert_cmpuint(g_hash_table_size(table), ==, rows[i].most);
            g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, more);
        }
        g_assert_cmpstr(g_ptr_array_index(wr_engine_limits_reached(c.e), 0), ==, rows[i].limit);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/turn_records/users", test_users);
    g_test_add_func("/turn_records/unreadable_names", test_unreadable_names);
    g_test_add_func("/turn_records/software", test_software);
    g_test_add_func("/turn_records/answers", test_answers);
    g_test_add_func("/turn_records/pending", test_pending);
    g_test_add_func("/turn_records/owner", test_owner);
    g_test_add_func("/turn_records/channel", test_channel);
    g_test_add_func("/turn_records/waiting_peers", test_waiting_peers);
    g_test_add_func("/turn_records/relayed", test_relayed);
    g_test_add_func("/turn_records/expiry", test_expiry);
    g_test_add_func("/turn_records/plain_calls", test_plain_calls);
    g_test_add_func("/turn_records/bounds", test_bounds);
    return g_test_run();
}
