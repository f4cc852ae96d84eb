/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DTLS that goes on elsewhere without a handshake: between the same hosts, or where one end is the same and its records
 * count on. What could be another association's is left alone.
 */
#include "records_build.h"

#include "relations/relations.h"

#define EPOCH_1 (UINT64_C(1) << 48)
#define OTHER   "198.51.100.7"

/* Traffic without a handshake, later, from these hosts. */
static wr_association *headless(desk_t *d, const char *client, const char *server)
{
    wr_association *b = handshake_of(d, NULL, WR_A_PENDING);

    b->has_client_random = b->has_server_random = false;
    b->side[0].end = at(client, 7001);
    b->side[1].end = at(server, 7002);
    return b;
}

/* Of the engine's, of one call, which frees it. */
static void enter(desk_t *d, wr_association *a, wr_copy *c, const wr_association *of)
{
    a->owner[0] = c;
    a->node = wr_node_new(d->c.e, NULL, a);
    if (of != NULL)
        wr_node_join(d->c.e, of->node, a->node);
    g_ptr_array_add(d->c.e->associations, a);
}

static void leave(desk_t *d)
{
    while (d->c.e->associations->len > 0)
        g_ptr_array_steal_index(d->c.e->associations, 0);
}

/* ---- one end is the same ---- */

typedef struct {
    const char *words;
    const char *client, *server; /* of what comes later; a relay or another network may be in the other's place */
    uint64_t last[2];            /* number of the last record of Bob, of Alice, before */
    uint64_t first[2];           /* of the first of client and server after; 0: not seen */
    bool joined;
} count_t;

static const count_t counts[] = {
    {"the next record", BOB, OTHER, {EPOCH_1 + 9, EPOCH_1 + 9}, {EPOCH_1 + 10, 0}, true},
    {"some lost", BOB, OTHER, {EPOCH_1 + 9, EPOCH_1 + 9}, {EPOCH_1 + 265, 0}, true},
    {"too many lost", BOB, OTHER, {EPOCH_1 + 9, EPOCH_1 + 9}, {EPOCH_1 + 266, 0}, false},
    {"the last record again", BOB, OTHER, {EPOCH_1 + 9, EPOCH_1 + 9}, {EPOCH_1 + 9, 0}, false},
    {"an earlier record", BOB, OTHER, {EPOCH_1 + 9, EPOCH_1 + 9}, {EPOCH_1 + 3, 0}, false},
    {"the first of the next epoch", BOB, OTHER, {2 * EPOCH_1 - 5, EPOCH_1}, {2 * EPOCH_1 + 1, 0}, false},
    {"nothing of that end", BOB, OTHER, {EPOCH_1 + 9, EPOCH_1 + 9}, {0, EPOCH_1 + 10}, false},
    {"as server", OTHER, BOB, {EPOCH_1 + 9, EPOCH_1 + 90}, {0, EPOCH_1 + 10}, true},
    {"the other end", OTHER, ALICE, {EPOCH_1 + 900, EPOCH_1 + 9}, {0, EPOCH_1 + 10}, true},
    {"the other end, which does not count on", OTHER, ALICE, {EPOCH_1 + 9, EPOCH_1 + 900}, {0, EPOCH_1 + 10}, false},
    {"nobody's host", OTHER, "198.51.100.8", {EPOCH_1 + 9, EPOCH_1 + 9}, {EPOCH_1 + 10, EPOCH_1 + 10}, false},
    {"the same hosts need no numbers", BOB, ALICE, {0, 0}, {0, 0}, true},
    {"nor any that count on", BOB, ALICE, {EPOCH_1 + 9, EPOCH_1 + 9}, {EPOCH_1 + 5, 0}, true},
};

static void test_one_end(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        const count_t *k = &counts[i];
        desk_t d = desk_begin(NULL);
        wr_copy *c = told(&d, false, false, NULL, NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *b = headless(&d, k->client, k->server);

        enter(&d, a, c, NULL);
        enter(&d, b, c, a);
        for (int s = 0; s < 2; s++) {
            a->side[s].last_sequence = k->last[s];
            b->side[s].first_sequence = k->first[s];
        }
        wr_associations_continue(d.c.e);
        g_test_message("%s", k->words);
        g_assert_true(b->absorbed == (k->joined ? a : NULL));
        leave(&d);
        desk_end(&d);
    }
}

/* ---- taken over at once ---- */

enum {
    TAKEN,
    HAS_ITS_HELLO,
    ALERT_AFTER_ALL,
    HAS_CLIENT_HELLO,
    HAS_SERVER_HELLO,
    HAS_CERTIFICATE,
    IS_PART,
    WITHOUT_SERVER_HELLO,
    IS_PART_ITSELF,
    LATER,
    AT_ONCE,
    CLIENT_REFUSED,
    SERVER_REFUSED,
    OTHER_HOST,
    NOT_ON,
    ONE_NOT_ON,
    WITHOUT_NUMBERS,
    CASES
};

/* While packets come it takes both: the same hosts, and numbers that go on. */
static void test_take_over(void)
{
    for (int which = TAKEN; which < CASES; which++) {
        const bool wanted = which <= ALERT_AFTER_ALL || which == AT_ONCE;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_association *b = headless(&d, BOB, which == OTHER_HOST ? OTHER : ALICE);

        for (int s = 0; s < 2; s++) {
            a->side[s].last_sequence = EPOCH_1 + 10 * (1 + (unsigned)s);
            b->side[s].first_sequence = a->side[s].last_sequence + 1;
            b->side[s].last_sequence = a->side[s].last_sequence + 5 + (unsigned)s;
        }
        b->has_client_random = which == HAS_CLIENT_HELLO || which == HAS_ITS_HELLO;
        b->client_random[0] ^= which == HAS_CLIENT_HELLO; /* another's */
        if (which == ALERT_AFTER_ALL)                     /* in clear, beside both Finished: anybody's */
            a->side[1].alert_frame = 7;
        b->has_server_random = which == HAS_SERVER_HELLO;
        a->has_server_random = which != WITHOUT_SERVER_HELLO;
        if (which == HAS_CERTIFICATE)
            shows(&d, b, 1, ALICE_HAS);
        if (which == IS_PART)
            b->absorbed = a;
        if (which == IS_PART_ITSELF)
            a->absorbed = b;
        if (which == LATER || which == AT_ONCE)
            b->first_us = a->first_us - (which == LATER);
        if (which == CLIENT_REFUSED || which == SERVER_REFUSED) {
            a->side[which == CLIENT_REFUSED ? 0 : 1].alert_frame = 7;
            a->side[0].finished_frame = 0;
        }
        if (which == NOT_ON || which == ONE_NOT_ON)
            b->side[1].first_sequence = EPOCH_1 + 1;
        if (which == NOT_ON)
            b->side[0].first_sequence = EPOCH_1 + 1;
        if (which == WITHOUT_NUMBERS)
            b->side[0].first_sequence = b->side[1].first_sequence = 0;
        g_test_message("case %d", which);
        g_assert_true(wr_association_take_over(a, b) == wanted);
        if (which != IS_PART)
            g_assert_true(b->absorbed == (wanted ? a : NULL));
        for (unsigned s = 0; s < 2; s++)
            g_assert_cmpuint(a->side[s].last_sequence, ==, EPOCH_1 + 10 * (1 + s) + (wanted ? 5 + s : 0));
        g_assert_cmpuint(a->flows.len, ==, wanted ? 2 : 1);
        desk_end(&d);
    }
}

/* The roles of the two are not known: who counts on is told by the host. */
static void test_take_over_turned(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *b = headless(&d, ALICE, BOB);

    a->side[0].last_sequence = EPOCH_1 + 10;
    a->side[1].last_sequence = EPOCH_1 + 600;
    b->side[0].first_sequence = b->side[0].last_sequence = EPOCH_1 + 601;
    b->side[1].first_sequence = EPOCH_1 + 11;
    b->side[1].last_sequence = EPOCH_1 + 12;
    g_assert_true(wr_association_take_over(a, b));
    g_assert_cmpuint(a->side[0].last_sequence, ==, EPOCH_1 + 12);
    g_assert_cmpuint(a->side[1].last_sequence, ==, EPOCH_1 + 601);
    desk_end(&d);
}

/* Both parties on one host: which of them counts on cannot be told by it. */
static void test_one_host(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *b = headless(&d, ALICE, ALICE);

    for (int s = 0; s < 2; s++) {
        a->side[s].end = at(ALICE, (uint16_t)(5000 + s));
        a->side[s].last_sequence = EPOCH_1 + 10;
        b->side[s].first_sequence = EPOCH_1 + 11;
    }
    g_assert_false(wr_association_take_over(a, b));
    desk_end(&d);
}

/* An association is on so many paths at most. */
static void test_bound_of_paths(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);

    for (unsigned i = 0; i < 2 * WR_MAX_FLOWS_PER_ASSOCIATION; i++) {
        wr_association *b = headless(&d, BOB, ALICE);
        b->side[0].first_sequence = b->side[0].last_sequence = EPOCH_1 + 1 + i;
        a->side[0].last_sequence = EPOCH_1 + i;
        g_assert_true(wr_association_take_over(a, b));
        g_assert_cmpuint(a->flows.len, ==, MIN(i + 2, WR_MAX_FLOWS_PER_ASSOCIATION));
    }
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/continuation/one_end", test_one_end);
    g_test_add_func("/continuation/take_over", test_take_over);
    g_test_add_func("/continuation/take_over_turned", test_take_over_turned);
    g_test_add_func("/continuation/one_host", test_one_host);
    g_test_add_func("/continuation/bound_of_paths", test_bound_of_paths);
    return g_test_run();
}
