/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hangs on hosts: groups that exchanges join, clients behind relays, and one client that says and is told. */
#include "records_build.h"

#include "relations/relations.h"
#include "relations/signalling_path.h"

#define MIDDLE "198.51.100.20"
#define LENT   "198.51.100.30"

/* ---- groups ---- */

/* Hosts between which descriptions went are one group, by whichever ports; what names no host is of none. */
static void test_groups(void)
{
    static const char *const ways[][2] = {{"10.0.0.1", "10.0.0.2"},
                                          {"10.0.0.3", "10.0.0.4"},
                                          {"10.0.0.5", "10.0.0.6"},
                                          {"10.0.0.2", "10.0.0.3"},
                                          {"10.0.0.1", "10.0.0.4"}};
    desk_t d = desk_begin(NULL);
    wr_hosts *h = wr_hosts_new();
    wr_copy c[G_N_ELEMENTS(ways)];

    memset(c, 0, sizeof c);
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
        c[i].src = at(ways[i][0], (uint16_t)(100 + i));
        c[i].dst = at(ways[i][1], (uint16_t)(200 + i));
        c[i].carrier = WR_CARRIER_WEBSOCKET;
        wr_hosts_join(h, &c[i]);
        if (i == 2)
            g_assert_cmpuint(wr_hosts_group(h, &c[0]), !=, wr_hosts_group(h, &c[1]));
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_assert_cmpuint(wr_hosts_group(h, &c[i]), !=, 0);
        g_assert_true((wr_hosts_group(h, &c[i]) == wr_hosts_group(h, &c[0])) == (i != 2));
    }
    c[0].carrier = WR_CARRIER_STATEMENT;
    g_assert_cmpuint(wr_hosts_group(h, &c[0]), ==, 0);
    c[1].src = wr_endpoint_none();
    g_assert_cmpuint(wr_hosts_group(h, &c[1]), ==, 0);
    c[3].dst = wr_endpoint_none();
    g_assert_cmpuint(wr_hosts_group(h, &c[3]), ==, 0);
    c[2].src = c[4].src; /* which names no host joins none */
    c[2].carrier = WR_CARRIER_STATEMENT;
    wr_hosts_join(h, &c[2]);
    c[2].carrier = WR_CARRIER_WEBSOCKET;
    c[2].src = at("10.0.0.5", 1);
    g_assert_cmpuint(wr_hosts_group(h, &c[2]), !=, wr_hosts_group(h, &c[4]));
    wr_hosts_free(h);
    desk_end(&d);
}

/* ---- one client ---- */

/* A path that is proven in one direction shows whose host it is as well; files are nobody's host. */
static void test_within_host(void)
{
    enum { PROVEN_ONE_WAY, ISSUED_IN_FILE, DELIVERED_IN_FILE, NO_CLIENT, CASES };

    for (int which = PROVEN_ONE_WAY; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        text_t t = offer_text();
        way_t up = OFFERED, down = OFFERED;
        wr_copy *issued, *delivered;
        wr_pairing *p;

        up.client = down.client = MIDDLE;
        down.connection = 2;
        down.direction = WR_DIRECTION_DELIVERED;
        issued = say(&d.c, up, &t);
        delivered = say(&d.c, down, &t);
        a->owner[0] = issued;
        a->binding = WR_B1;
        a->side[0].end = at(MIDDLE, 5000);
        a->side[1].end = BOBS;
        if (which == ISSUED_IN_FILE)
            issued->carrier = WR_CARRIER_STATEMENT;
        if (which == DELIVERED_IN_FILE)
            delivered->carrier = WR_CARRIER_STATEMENT;
        if (which == NO_CLIENT)
            issued->leg->client = delivered->leg->client = wr_endpoint_none();
        p = paired(&d, issued, delivered, WR_SAME_S0, WR_FPS_EQUAL);
        g_test_message("case %d", which);
        g_assert_cmpint(wr_pairing_within_host(d.s, p), ==, which == PROVEN_ONE_WAY ? WR_WEIGHT_NONE : WR_WEIGHT_FULL);
        desk_end(&d);
    }
}

/* ---- behind a relay ---- */

/* Of a call without signalling the client of a relay is named in the place of the address that was lent to it. */
static void test_relayed(void)
{
    enum { NAMED, SECOND_PARTY, NOT_RELAYED, NOT_LENT, SIGNALLED, NOBODYS, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, side = i % 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_NO_SIGNALLING);
        const wr_endpoint client = at("10.7.7.7", 4000), server = at(SERVER, 3478), lent = at(LENT, 50000);
        wr_allocation *al = wr_turn_allocation_get(d.c.e, &client, &server);
        const unsigned party = which == SECOND_PARTY ? 1 : 0;
        const bool relayed = which != NOT_RELAYED && which != NOT_LENT;
        int found = 7;
        char text[WR_ENDPOINT_TEXT];

        al->relayed = lent;
        if (which != NOT_LENT)
            g_hash_table_insert(d.c.e->relays, g_memdup2(&lent, sizeof lent), g_memdup2(&client, sizeof client));
        a->side[side].end = lent;
        a->relayed = which != NOT_RELAYED;
        d.s->parties[party].address = at(which == NOBODYS ? MIDDLE : LENT, 0);
        d.s->parties[1 - party].address = at(which == NOBODYS ? BOB : LENT, 0); /* the peer is on the relay's host */
        if (which == SECOND_PARTY)
            d.s->parties[0].address = at(BOB, 0);
        d.s->n_parties = 2;
        if (which == SIGNALLED)
            told(&d, false, false, NULL, NULL);
        g_test_message("case %d, side %d", which, side);
        g_assert_true(wr_association_relay(d.c.e, a, &found) == (relayed ? al : NULL));
        g_assert_cmpint(found, ==, relayed ? side : 7);
        wr_session_name_relayed(d.c.e, d.s);
        g_assert_cmpstr(wr_endpoint_format_host(&d.s->parties[party].address, text), ==,
                        which <= SECOND_PARTY ? "10.7.7.7"
                        : which == NOBODYS    ? MIDDLE
                                              : LENT);
        g_assert_cmpuint(d.s->parties[party].address.port, ==, 0);
        if (which != SECOND_PARTY)
            g_assert_cmpstr(wr_endpoint_format_host(&d.s->parties[1].address, text), ==, which == NOBODYS ? BOB : LENT);
        g_hash_table_remove_all(d.c.e->relays);
        desk_end(&d);
    }
}

/* ---- what goes on ---- */

/* What begins at the very time of a handshake may be a part of it. */
static void test_at_once(void)
{
    desk_t d = desk_begin(NULL);
    wr_copy *c = told(&d, false, false, NULL, NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *b = handshake_of(&d, NULL, WR_A_PENDING);

    b->has_client_random = b->has_server_random = false;
    b->first_us = a->first_us;
    a->owner[0] = b->owner[0] = c;
    a->node = wr_node_new(d.c.e, NULL, a);
    b->node = wr_node_new(d.c.e, NULL, b);
    wr_node_join(d.c.e, a->node, b->node);
    g_ptr_array_add(d.c.e->associations, a);
    g_ptr_array_add(d.c.e->associations, b);
    wr_associations_continue(d.c.e);
    g_assert_true(b->absorbed == a);
    g_ptr_array_steal_index(d.c.e->associations, 1);
    g_ptr_array_steal_index(d.c.e->associations, 0);
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hosts/groups", test_groups);
    g_test_add_func("/hosts/within_host", test_within_host);
    g_test_add_func("/hosts/relayed", test_relayed);
    g_test_add_func("/hosts/at_once", test_at_once);
    return g_test_run();
}
