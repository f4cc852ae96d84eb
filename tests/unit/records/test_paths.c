/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths: how they are found, what they are of, and where a relay's datagrams go (RFC 8656). */
#include "records_build.h"

#include "records/relay_path.h"

#define MIDDLE "198.51.100.20"

static wr_flow *path(desk_t *d, const wr_endpoint *a, const wr_endpoint *b)
{
    const wr_flow_key key = wr_flow_key_of(a, b, WR_TRANSPORT_UDP, 0);
    wr_flow *f = wr_flow_new(d->c.e, a, b);

    wr_flow_set(d->c.e, &key, f);
    return f;
}

static wr_place between(wr_endpoint src, wr_endpoint dst, uint32_t frame)
{
    wr_place p;

    memset(&p, 0, sizeof p);
    p.src = src;
    p.dst = dst;
    p.frame = frame;
    return p;
}

static wr_carriage by(wr_transport_kind transport, bool relayed, wr_endpoint peer, uint16_t channel)
{
    wr_carriage how;

    memset(&how, 0, sizeof how);
    how.transport = transport;
    how.relayed = relayed;
    how.peer = peer;
    how.channel = channel;
    return how;
}

/* ---- found ---- */

/* Both directions are one path; another end, transport or channel makes another. */
static void test_keys(void)
{
    const wr_endpoint a = ALICES, b = BOBS, c = at(MIDDLE, 1);
    const wr_flow_key k = wr_flow_key_of(&a, &b, WR_TRANSPORT_UDP, 0);
    const struct {
        wr_flow_key key;
        bool same;
    } rows[] = {
        {wr_flow_key_of(&a, &b, WR_TRANSPORT_UDP, 0), true},  {wr_flow_key_of(&b, &a, WR_TRANSPORT_UDP, 0), true},
        {wr_flow_key_of(&a, &c, WR_TRANSPORT_UDP, 0), false}, {wr_flow_key_of(&c, &b, WR_TRANSPORT_UDP, 0), false},
        {wr_flow_key_of(&a, &b, WR_TRANSPORT_TCP, 0), false}, {wr_flow_key_of(&a, &b, WR_TRANSPORT_UDP, 1), false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %zu", i);
        g_assert_true(wr_flow_key_equal(&k, &rows[i].key) == rows[i].same);
        g_assert_true((wr_flow_key_key(&k) == wr_flow_key_key(&rows[i].key)) == rows[i].same);
        if (rows[i].same)
            g_assert_cmpuint(wr_flow_key_hash(&k), ==, wr_flow_key_hash(&rows[i].key));
    }
}

/* Of very many each is found, however they are asked for, and by which end it is used. */
static void test_found(void)
{
    enum { MANY = 3 * WR_RECENT_FLOWS };
    desk_t d = desk_begin(NULL);
    const wr_carriage how = by(WR_TRANSPORT_UDP, false, wr_endpoint_none(), 0);
    wr_flow **all = g_new0(wr_flow *, MANY);
    wr_place p;
    int from = 7;

    g_assert_false(wr_engine_has_flows(d.c.e));
    for (unsigned i = 0; i < MANY; i++) {
        const wr_endpoint a = at(ALICE, (uint16_t)(1000 + i)), b = at(BOB, (uint16_t)(9000 - i));
        p = between(a, b, 1);
        g_assert_null(wr_flow_find(d.c.e, &p, &how, &from));
        g_assert_false(wr_engine_knows_flow(d.c.e, &a, &b));
        all[i] = path(&d, &b, &a);
        g_assert_cmpuint(all[i]->number, ==, i + 1);
        g_assert_cmpint(all[i]->client_end, ==, -1);
    }
    g_assert_cmpint(from, ==, 7);
    g_assert_true(wr_engine_has_flows(d.c.e));
    for (unsigned n = 0; n < 2 * MANY; n++) {
        const unsigned i = n % MANY;
        const wr_endpoint a = at(ALICE, (uint16_t)(1000 + i)), b = at(BOB, (uint16_t)(9000 - i));
        const bool back = n >= MANY;
        p = between(back ? b : a, back ? a : b, 1);
        g_assert_true(wr_flow_find(d.c.e, &p, &how, &from) == all[i]);
        g_assert_true(wr_endpoint_equal(&all[i]->end[from], &p.src));
        g_assert_true(wr_engine_knows_flow(d.c.e, &p.dst, &p.src));
    }
    g_free(all);
    desk_end(&d);
}

/* A flow is known, or where one is expected: by an address that was announced, or by a relay. */
static void test_any_flows(void)
{
    for (int which = 0; which < 2; which++) {
        desk_t d = desk_begin(NULL);
        const wr_endpoint a = ALICES, b = at(SERVER, 3478);

        g_assert_false(wr_engine_has_flows(d.c.e));
        if (which == 0)
            told(&d, false, false, NULL, NULL);
        else
            wr_turn_allocation_get(d.c.e, &a, &b);
        g_assert_true(wr_engine_has_flows(d.c.e));
        desk_end(&d);
    }
}

/* A path that another call used before is, at each frame, what it was then. */
static void test_earlier(void)
{
    desk_t d = desk_begin(NULL);
    const wr_endpoint a = ALICES, b = BOBS;
    const wr_carriage how = by(WR_TRANSPORT_UDP, false, wr_endpoint_none(), 0);
    wr_flow *first = path(&d, &a, &b), *second = path(&d, &a, &b), *third = path(&d, &a, &b);
    const struct {
        uint32_t frame;
        wr_flow *f;
    } rows[] = {{5, first}, {10, first}, {99, first}, {100, second}, {199, second}, {200, third}, {900, third}};

    first->first_frame = 10;
    second->first_frame = 100;
    second->earlier = first;
    third->first_frame = 200;
    third->earlier = second;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const wr_place p = between(b, a, rows[i].frame), elsewhere = between(a, at(MIDDLE, 1), rows[i].frame);
        g_test_message("row %zu", i);
        g_assert_true(wr_engine_find_flow(d.c.e, &p, &how) == rows[i].f);
        g_assert_null(wr_engine_find_flow(d.c.e, &elsewhere, &how));
    }
    desk_end(&d);
}

/* There is no path more than the most; that is told. */
static void test_bound(void)
{
    desk_t d = desk_begin(NULL);
    const wr_endpoint a = ALICES, b = BOBS;
    const guint len = d.c.e->flows->len;

    d.c.e->flows->len = WR_MAX_FLOWS;
    g_assert_null(wr_flow_new(d.c.e, &a, &b));
    d.c.e->flows->len = len;
    g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, 1);
    g_assert_nonnull(wr_flow_new(d.c.e, &a, &b));
    desk_end(&d);
}

/* ---- what it is of ---- */

static void test_answered(void)
{
    for (int i = 0; i < 8; i++) {
        const bool given = (i & 1) != 0, other = (i & 2) != 0, checked = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);

        g_assert_false(wr_flow_is_answered(f) || wr_flow_is_checked(f));
        f->consent = g_new0(wr_consent, 1);
        f->consent->given_first_us[0] = given;
        f->consent->given_first_us[1] = other;
        if (checked)
            check_of(f, 0, "BBBB", "AAAA", 5);
        g_assert_true(wr_flow_is_answered(f) == (given || other));
        g_assert_true(wr_flow_is_checked(f) == (i != 0));
        desk_end(&d);
    }
}

/* Which call a path is of: that of its handshake, else of a check with a password, else of who announced its end and
 * does no checks. */
static void test_of_which_call(void)
{
    enum {
        NOBODYS,
        NOT_VERIFIED,
        OTHER_PASSWORD,
        DESCRIBED_AND_CHECKED,
        DESCRIBED_BY_NOBODY,
        OF_A_CALL,
        BY_HANDSHAKE = OF_A_CALL,
        BY_SECOND_HANDSHAKE,
        BY_CHECK,
        BY_SECOND_CHECK,
        DESCRIBED,
        CASES
    };

    for (int which = NOBODYS; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_copy *c = told(&d, false, false, NULL, NULL);
        const unsigned number = wr_node_number(d.c.e, c->node);
        wr_check *k = NULL;

        if (which == BY_HANDSHAKE || which == BY_SECOND_HANDSHAKE) {
            wr_association *none = handshake_of(&d, which == BY_HANDSHAKE ? NULL : f, WR_A_VERIFIED);
            wr_association *a = handshake_of(&d, f, WR_A_VERIFIED);
            none->node = wr_node_new(d.c.e, NULL, none);
            a->node = wr_node_new(d.c.e, NULL, a);
            wr_node_join(d.c.e, a->node, c->node);
        }
        if (which == BY_SECOND_CHECK)
            check_of(f, 0, "XXXX", "AAAA", 9);
        if (which == NOT_VERIFIED || which == OTHER_PASSWORD || which == BY_CHECK || which == BY_SECOND_CHECK ||
            which == DESCRIBED_AND_CHECKED)
            k = check_of(f, 1, "AAAA", "BBBB", 5);
        if (which == OTHER_PASSWORD || which == BY_CHECK || which == BY_SECOND_CHECK)
            prove(k, which == OTHER_PASSWORD ? PWD_B : PWD_A, true);
        if (which == DESCRIBED || which == DESCRIBED_AND_CHECKED)
            f->described = c;
        g_test_message("case %d", which);
        g_assert_cmpuint(wr_flow_session_number(d.c.e, f), ==, which < OF_A_CALL ? 0 : number);
        desk_end(&d);
    }
}

/* Most paths are tried and carry nothing: what is counted of one is its own. */
static void test_traffic(void)
{
    desk_t d = desk_begin(NULL);
    wr_flow *f = flow_of(&d), *other = flow_of(&d);
    const wr_association *last;

    wr_flow_traffic(f)[1].packets = 3;
    wr_flow_traffic(f)[0].packets = 4;
    g_assert_cmpuint(f->media[1].packets, ==, 3);
    g_assert_cmpuint(f->media[0].packets, ==, 4);
    g_assert_cmpuint(other->media[1].packets, ==, 0);
    wr_flow_clear_traffic(f);
    g_assert_cmpuint(f->media[1].packets, ==, 0);
    g_assert_null(wr_flow_last_association(f));
    handshake_of(&d, f, WR_A_VERIFIED);
    last = handshake_of(&d, f, WR_A_VERIFIED);
    g_assert_true(wr_flow_last_association(f) == last);
    wr_flow_oddities(f)->rtcp[0] = 5;
    g_assert_cmpuint(wr_flow_oddities(f)->rtcp[0], ==, 5);
    desk_end(&d);
}

/* ---- relays ---- */

/* One dialogue between a client and its server, whichever of them sends. */
static void test_allocations(void)
{
    desk_t d = desk_begin(NULL);
    const wr_endpoint client = ALICES, server = at(SERVER, 3478), other = at(SERVER, 3479);
    wr_allocation *al;

    g_assert_null(wr_turn_allocation(d.c.e, &client, &server));
    al = wr_turn_allocation_get(d.c.e, &client, &server);
    g_assert_true(wr_turn_allocation_get(d.c.e, &client, &server) == al);
    g_assert_true(wr_turn_allocation(d.c.e, &server, &client) == al);
    g_assert_null(wr_turn_allocation(d.c.e, &client, &other));
    g_assert_true(wr_turn_allocation_get(d.c.e, &client, &other) != al);
    g_assert_true(wr_endpoint_equal(&al->client, &client) && wr_endpoint_equal(&al->server, &server));
    g_assert_false(wr_endpoint_known(&al->relayed));
    desk_end(&d);
}

/* Where a relay's datagrams go: from its relayed address to the peer that they name, or that their channel is bound to,
 * as far as these are known. */
static void test_relayed(void)
{
    static const struct {
        const char *words;
        bool allocated, lent, named, bound; /* its address is known; the peer by name, or by its channel */
        bool up;                            /* from the client */
        const char *src, *dst;
        uint16_t channel; /* in the key */
    } rows[] = {
        {"all is known", true, true, true, false, true, MIDDLE, BOB, 0},
        {"to the client", true, true, true, false, false, BOB, MIDDLE, 0},
        {"by its channel", true, true, false, true, true, MIDDLE, BOB, 0},
        {"by its channel to the client", true, true, false, true, false, BOB, MIDDLE, 0},
        {"its address is not known", true, false, true, false, true, ALICE, BOB, WR_VIA_RELAY},
        {"its address is not known, to the client", true, false, true, false, false, BOB, ALICE, WR_VIA_RELAY},
        {"nobody knows the channel", true, true, false, false, true, ALICE, SERVER, 0x4001},
        {"nor the allocation", false, false, false, true, false, SERVER, ALICE, 0x4001},
        {"a peer without an allocation", false, false, true, false, true, ALICE, BOB, WR_VIA_RELAY},
        {"a peer without an allocation, to the client", false, false, true, false, false, BOB, ALICE, WR_VIA_RELAY},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        const wr_endpoint client = ALICES, server = at(SERVER, 3478), peer = BOBS;
        const wr_place p = between(rows[i].up ? client : server, rows[i].up ? server : client, 1);
        wr_carriage how = by(WR_TRANSPORT_TCP, true, rows[i].named ? peer : wr_endpoint_none(), 0x4001);
        wr_endpoint src, dst;
        wr_flow_key key, wanted;
        char text[2][WR_ENDPOINT_TEXT];

        how.to_peer = rows[i].up;
        if (rows[i].allocated) {
            wr_allocation *al = wr_turn_allocation_get(d.c.e, &client, &server);
            if (rows[i].lent)
                al->relayed = at(MIDDLE, 50000);
            al->channels = g_new0(struct wr_channel, 2);
            al->n_channels = 2;
            al->channels[0].number = 0x4000;
            al->channels[0].peer = at("198.51.100.99", 1);
            al->channels[1].number = rows[i].bound ? 0x4001 : 0x4002;
            al->channels[1].peer = peer;
        }
        key = wr_flow_key_at(d.c.e, &p, &how, &src, &dst);
        g_test_message("%s", rows[i].words);
        g_assert_cmpstr(wr_endpoint_format_host(&src, text[0]), ==, rows[i].src);
        g_assert_cmpstr(wr_endpoint_format_host(&dst, text[1]), ==, rows[i].dst);
        wanted = wr_relayed_key_of(&src, &dst, rows[i].channel);
        g_assert_true(wr_flow_key_equal(&key, &wanted));
        desk_end(&d);
    }
}

/* Of several allocations of one address, or of one server, the first counts. */
static void test_which_allocation(void)
{
    desk_t d = desk_begin(NULL);
    const wr_endpoint relayed = at("10.9.9.9", 50000), public = at(MIDDLE, 50000), server = at(SERVER, 3478);
    const wr_endpoint other_server = at(SERVER, 3479);
    const uint32_t frames[] = {30, 10, 20, 5, 4};
    wr_allocation *al[G_N_ELEMENTS(frames)];

    g_assert_null(wr_turn_allocation_of(d.c.e, &relayed));
    g_assert_null(wr_turn_private_relay(d.c.e, &server));
    for (unsigned i = 0; i < G_N_ELEMENTS(frames); i++) {
        const wr_endpoint client = at(ALICE, (uint16_t)(100 + i));
        al[i] = wr_turn_allocation_get(d.c.e, &client, i == 4 ? &other_server : &server);
        al[i]->frame = frames[i];
        if (i < 3 || i == 4)
            al[i]->relayed = relayed;
    }
    g_assert_null(wr_turn_allocation_of(d.c.e, &relayed)); /* which nobody says was lent */
    g_hash_table_insert(d.c.e->relays, g_memdup2(&relayed, sizeof relayed), g_memdup2(&al[1]->client, sizeof relayed));
    g_assert_true(wr_turn_allocation_of(d.c.e, &relayed) == al[4]);
    g_assert_null(wr_turn_allocation_of(d.c.e, &public));
    g_assert_true(wr_turn_private_relay(d.c.e, &server) == al[1]);
    al[1]->relayed = public;
    g_assert_true(wr_turn_private_relay(d.c.e, &server) == al[2]);
    al[4]->relayed = public;
    g_assert_true(wr_turn_allocation_of(d.c.e, &relayed) == al[2]);
    g_hash_table_remove_all(d.c.e->relays);
    desk_end(&d);
}

/* Ten digits, and a colon behind them. */
static void test_expiry(void)
{
    g_assert_cmpint(wr_turn_expiry(NULL), ==, 0);
    g_assert_cmpint(wr_turn_expiry("1700000000:alice"), ==, 1700000000);
    g_assert_cmpint(wr_turn_expiry("1700000000"), ==, 0);
    g_assert_cmpint(wr_turn_expiry("170000000:alice"), ==, 0);
    g_assert_cmpint(wr_turn_expiry("17000000000:alice"), ==, 0);
    g_assert_cmpint(wr_turn_expiry("1700000000alice"), ==, 0);
    g_assert_cmpint(wr_turn_expiry("alice:1700000000"), ==, 0);
}

/* The check of the other direction has both names the other way round. */
static void test_reverse_check(void)
{
    static const struct {
        int from;
        const char *remote, *local;
        bool is;
    } rows[] = {{1, "AAAA", "BBBB", true},
                {0, "AAAA", "BBBB", false},
                {1, "AAAC", "BBBB", false},
                {1, "AAAA", "BBBC", false},
                {1, "BBBB", "AAAA", false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        const wr_check *k = check_of(f, 0, "BBBB", "AAAA", 5);
        const wr_check *other = check_of(f, rows[i].from, rows[i].remote, rows[i].local, 4);

        g_test_message("row %zu", i);
        g_assert_true(wr_flow_reverse_check(f, k) == (rows[i].is ? other : NULL));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paths/keys", test_keys);
    g_test_add_func("/paths/found", test_found);
    g_test_add_func("/paths/any_flows", test_any_flows);
    g_test_add_func("/paths/earlier", test_earlier);
    g_test_add_func("/paths/bound", test_bound);
    g_test_add_func("/paths/answered", test_answered);
    g_test_add_func("/paths/of_which_call", test_of_which_call);
    g_test_add_func("/paths/traffic", test_traffic);
    g_test_add_func("/paths/allocations", test_allocations);
    g_test_add_func("/paths/relayed", test_relayed);
    g_test_add_func("/paths/which_allocation", test_which_allocation);
    g_test_add_func("/paths/expiry", test_expiry);
    g_test_add_func("/paths/reverse_check", test_reverse_check);
    return g_test_run();
}
