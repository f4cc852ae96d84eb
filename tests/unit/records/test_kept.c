/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept beside the large records: groups, limits that a call reached, injections, renegotiations, and words. */
#include "records_build.h"

#include "records/call_limits.h"
#include "records/media_port.h"
#include "records/relay_path.h"
#include "srtp/profile.h"

/* ---- groups ---- */

/* Of two calls that turn out to be one the first number stays; who has none takes the other's. */
static void test_numbers(void)
{
    for (int i = 0; i < 8; i++) {
        const bool numbered = (i & 1) != 0, other_numbered = (i & 2) != 0, turned = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association a, b;
        const unsigned x = wr_node_new(d.c.e, NULL, &a), y = wr_node_new(d.c.e, NULL, &b);
        const unsigned first = turned ? y : x, second = turned ? x : y;

        if (numbered)
            g_assert_cmpuint(wr_node_number(d.c.e, first), ==, 1);
        if (other_numbered)
            g_assert_cmpuint(wr_node_number(d.c.e, second), ==, numbered ? 2 : 1);
        wr_node_join(d.c.e, x, y);
        wr_node_join(d.c.e, y, x); /* once more says nothing */
        g_test_message("case %d", i);
        g_assert_cmpuint(wr_node_number_if_any(d.c.e, x), ==, numbered || other_numbered ? 1 : 0);
        g_assert_cmpuint(wr_node_root(d.c.e, x), ==, wr_node_root(d.c.e, y));
        g_assert_cmpuint(wr_node_number(d.c.e, y), ==, 1);
        desk_end(&d);
    }
}

/* All that was joined in whatever order is of one call, and of no number else. */
static void test_members(void)
{
    enum { MANY = 20 };
    desk_t d = desk_begin(NULL);
    GPtrArray *copies = g_ptr_array_new(), *associations = g_ptr_array_new(), *of;
    wr_association a[MANY];
    wr_copy c;
    unsigned node[MANY], of_copy = wr_node_new(d.c.e, &c, NULL);

    g_assert_false(wr_node_members(d.c.e, 0, copies, associations));
    g_assert_false(wr_node_members(d.c.e, 1, copies, associations));
    for (unsigned i = 0; i < MANY; i++) {
        node[i] = wr_node_new(d.c.e, NULL, &a[i]);
        g_assert_cmpuint(wr_node_number(d.c.e, node[i]), ==, i + 1);
    }
    for (unsigned step = 1; step < MANY; step *= 2) /* pairs, fours, … */
        for (unsigned i = 0; i + step < MANY; i += 2 * step)
            wr_node_join(d.c.e, node[i + step], node[i]);
    wr_node_join(d.c.e, of_copy, node[7]);
    g_assert_true(wr_node_members(d.c.e, 1, copies, associations));
    g_assert_cmpuint(associations->len, ==, MANY);
    g_assert_true(copies->len == 1 && g_ptr_array_index(copies, 0) == &c);
    for (unsigned i = 0; i < MANY; i++)
        g_assert_true(g_ptr_array_find(associations, &a[i], NULL));
    for (unsigned number = 2; number <= MANY + 1; number++) /* went into the first, or never were */
        g_assert_false(wr_node_members(d.c.e, number, copies, associations));
    of = wr_node_copies(d.c.e, 1);
    g_assert_true(of->len == 1 && g_ptr_array_index(of, 0) == &c);
    g_ptr_array_free(of, TRUE);
    of = wr_node_copies(d.c.e, 0);
    g_assert_cmpuint(of->len, ==, 0);
    g_ptr_array_free(of, TRUE);
    g_ptr_array_free(copies, TRUE);
    g_ptr_array_free(associations, TRUE);
    desk_end(&d);
}

/* ---- exchanges of two calls ---- */

enum { ALICE_SAID, BOB_SAID, CAROL_SAID, DAVE_SAID, MALLORY_SAID, AUTHORS };

typedef struct {
    wr_copy copies[AUTHORS][2];
    unsigned node[AUTHORS][2]; /* each description was told twice */
} told_t;

static void tell(desk_t *d, told_t *t)
{
    for (unsigned i = 0; i < AUTHORS; i++) {
        for (unsigned k = 0; k < 2; k++)
            t->node[i][k] = wr_node_new(d->c.e, &t->copies[i][k], NULL);
        wr_node_join_author(d->c.e, t->node[i][0], t->node[i][1]);
    }
}

static bool are_one(const desk_t *d, const told_t *t, unsigned a, unsigned b)
{
    return wr_node_root(d->c.e, t->node[a][0]) == wr_node_root(d->c.e, t->node[b][0]);
}

/* An exchange of an offer of the one call and an answer of the other joins them, unless each is proven to be whole
 * without it; in whatever order that is learned. */
static void test_exchange_of_two_calls(void)
{
    static const struct {
        const char *words;
        bool proven[2]; /* of Alice with Bob, of Carol with Dave */
        bool one;
    } rows[] = {
        {"both are proven", {true, true}, false},
        {"the first is not", {false, true}, true},
        {"the second is not", {true, false}, true},
        {"none is", {false, false}, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows) * 2; i++) {
        const bool first = i % 2 != 0;
        desk_t d = desk_begin(NULL);
        told_t t;
        tell(&d, &t);
        if (first)
            wr_node_join_exchange(d.c.e, t.node[ALICE_SAID][1], t.node[DAVE_SAID][1]);
        for (unsigned k = 0; k < 2; k++) {
            const unsigned offer = k == 0 ? ALICE_SAID : CAROL_SAID, answer = k == 0 ? BOB_SAID : DAVE_SAID;
            wr_node_join_exchange(d.c.e, t.node[offer][0], t.node[answer][0]);
            if (rows[i / 2].proven[k])
                wr_node_join(d.c.e, t.node[offer][0], t.node[answer][0]);
        }
        if (!first)
            wr_node_join_exchange(d.c.e, t.node[ALICE_SAID][1], t.node[DAVE_SAID][1]);
        g_test_message("%s, the exchange comes %s", rows[i / 2].words, first ? "first" : "last");
        for (unsigned times = 0; times < 2; times++) {
            wr_nodes_settle_exchanges(d.c.e);
            g_assert_true(are_one(&d, &t, ALICE_SAID, BOB_SAID) && are_one(&d, &t, CAROL_SAID, DAVE_SAID));
            g_assert_true(are_one(&d, &t, ALICE_SAID, DAVE_SAID) == rows[i / 2].one);
            g_assert_false(are_one(&d, &t, ALICE_SAID, MALLORY_SAID));
        }
        desk_end(&d);
    }
}

/* Nor do two exchanges with something of which nothing is known. */
static void test_exchanges_by_way_of(void)
{
    desk_t d = desk_begin(NULL);
    told_t t;

    tell(&d, &t);
    wr_node_join_exchange(d.c.e, t.node[ALICE_SAID][1], t.node[MALLORY_SAID][0]);
    wr_node_join_exchange(d.c.e, t.node[MALLORY_SAID][1], t.node[DAVE_SAID][1]);
    wr_node_join(d.c.e, t.node[ALICE_SAID][0], t.node[BOB_SAID][0]);
    g_assert_true(are_one(&d, &t, ALICE_SAID, DAVE_SAID));
    wr_nodes_settle_exchanges(d.c.e);
    g_assert_true(are_one(&d, &t, ALICE_SAID, DAVE_SAID)); /* what Dave says may be of this call */
    wr_node_join(d.c.e, t.node[CAROL_SAID][0], t.node[DAVE_SAID][0]);
    wr_nodes_settle_exchanges(d.c.e);
    g_assert_true(are_one(&d, &t, ALICE_SAID, BOB_SAID) && are_one(&d, &t, CAROL_SAID, DAVE_SAID));
    g_assert_true(are_one(&d, &t, ALICE_SAID, MALLORY_SAID) != are_one(&d, &t, DAVE_SAID, MALLORY_SAID));
    g_assert_false(are_one(&d, &t, ALICE_SAID, DAVE_SAID));
    wr_node_join(d.c.e, t.node[BOB_SAID][0], t.node[CAROL_SAID][0]); /* other proof makes them one */
    wr_nodes_settle_exchanges(d.c.e);
    g_assert_true(are_one(&d, &t, ALICE_SAID, DAVE_SAID));
    desk_end(&d);
}

/* Two descriptions of one author, whatever they were joined by, are no call. */
static void test_author_alone(void)
{
    desk_t d = desk_begin(NULL);
    told_t t;

    tell(&d, &t);
    wr_node_join(d.c.e, t.node[ALICE_SAID][0], t.node[ALICE_SAID][1]);
    wr_node_join(d.c.e, t.node[CAROL_SAID][0], t.node[DAVE_SAID][0]);
    wr_node_join_exchange(d.c.e, t.node[ALICE_SAID][0], t.node[DAVE_SAID][0]);
    wr_nodes_settle_exchanges(d.c.e);
    g_assert_true(are_one(&d, &t, ALICE_SAID, DAVE_SAID));
    desk_end(&d);
}

/* Calls that are parted again have the numbers that each got before; one that got none gets a new one. */
static void test_numbers_when_parted(void)
{
    for (unsigned numbered = 0; numbered < 2; numbered++) {
        desk_t d = desk_begin(NULL);
        told_t t;
        GPtrArray *of;

        tell(&d, &t);
        g_assert_cmpuint(wr_node_number(d.c.e, t.node[ALICE_SAID][0]), ==, 1);
        wr_node_join(d.c.e, t.node[ALICE_SAID][0], t.node[BOB_SAID][0]);
        if (numbered)
            g_assert_cmpuint(wr_node_number(d.c.e, t.node[DAVE_SAID][0]), ==, 2);
        wr_node_join_exchange(d.c.e, t.node[ALICE_SAID][1], t.node[DAVE_SAID][1]);
        g_assert_cmpuint(wr_node_number(d.c.e, t.node[DAVE_SAID][0]), ==, 1);
        wr_node_join(d.c.e, t.node[CAROL_SAID][0], t.node[DAVE_SAID][0]);
        wr_nodes_settle_exchanges(d.c.e);
        g_assert_cmpuint(wr_node_number_if_any(d.c.e, t.node[BOB_SAID][1]), ==, 1);
        g_assert_cmpuint(wr_node_number_if_any(d.c.e, t.node[CAROL_SAID][1]), ==, numbered ? 2 : 0);
        g_assert_cmpuint(wr_node_number(d.c.e, t.node[CAROL_SAID][1]), ==, 2);
        for (unsigned number = 1; number <= 2; number++) {
            of = wr_node_copies(d.c.e, number);
            g_assert_cmpuint(of->len, ==, 4);
            g_assert_true(g_ptr_array_find(of, &t.copies[number == 1 ? ALICE_SAID : CAROL_SAID][1], NULL));
            g_ptr_array_free(of, TRUE);
        }
        desk_end(&d);
    }
}

/* ---- limits ---- */

/* A call tells of the limits that its own flows and descriptions reached, each once, and of no more than so many. */
static void test_limits(void)
{
    static const char *const names[] = {"limit 0",  "limit 1",  "limit 2",  "limit 3",  "limit 4",  "limit 5",
                                        "limit 6",  "limit 7",  "limit 8",  "limit 9",  "limit 10", "limit 11",
                                        "limit 12", "limit 13", "limit 14", "limit 15", "limit 16"};
    const char *out[WR_MAX_CALL_LIMITS];
    desk_t d = desk_begin(NULL);
    wr_copy *c = told(&d, false, false, NULL, NULL);
    wr_flow *f = flow_of(&d), *other = flow_of(&d);

    g_assert_cmpuint(G_N_ELEMENTS(names), >, WR_MAX_CALL_LIMITS);
    d.s->number = wr_node_number(d.c.e, c->node);
    f->described = c;
    g_assert_cmpuint(wr_session_limits(d.c.e, d.s, out), ==, 0);
    wr_limit_of_flow(d.c.e, names[0], other); /* nobody's */
    g_assert_cmpuint(wr_session_limits(d.c.e, d.s, out), ==, 0);
    for (int again = 0; again < 2; again++) {
        wr_limit_of_flow(d.c.e, names[1], f);
        wr_limit_of_copy(d.c.e, names[1], c);
        wr_limit_of_copy(d.c.e, names[2], c);
        g_assert_cmpuint(d.c.e->limit_marks->len, ==, 4);
    }
    g_assert_cmpuint(wr_session_limits(d.c.e, d.s, out), ==, 2);
    g_assert_cmpstr(out[0], ==, names[1]);
    g_assert_cmpstr(out[1], ==, names[2]);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        wr_limit_of_copy(d.c.e, names[i], c);
    g_assert_cmpuint(wr_session_limits(d.c.e, d.s, out), ==, WR_MAX_CALL_LIMITS);
    desk_end(&d);
}

/* A flood that reaches one bound again and again is remembered once, while it is among the latest. */
static void test_marks(void)
{
    enum { RECENT = 16, MOST = 1024 };
    static char names[MOST + 2][8];

    for (int behind = 0; behind < 2; behind++) {
        desk_t d = desk_begin(NULL);
        wr_copy *c = told(&d, false, false, NULL, NULL);
        const unsigned between = RECENT - 1 + (unsigned)behind;

        wr_limit_of_copy(d.c.e, "it", c);
        for (unsigned i = 0; i < between; i++) {
            g_snprintf(names[i], sizeof names[i], "%u", i);
            wr_limit_of_copy(d.c.e, names[i], c);
        }
        wr_limit_of_copy(d.c.e, "it", c);
        g_assert_cmpuint(d.c.e->limit_marks->len, ==, 1 + between + (unsigned)behind);
        for (unsigned i = 0; i < MOST + 2; i++) {
            g_snprintf(names[i], sizeof names[i], "%u", i);
            wr_limit_of_copy(d.c.e, names[i], c);
        }
        g_assert_cmpuint(d.c.e->limit_marks->len, ==, MOST);
        desk_end(&d);
    }
}

/* What all records take is counted, with something for each, up to the most. */
static void test_memory(void)
{
    enum { MOST = 10000, EACH = 256 };
    desk_t d = desk_begin(&(wr_options){.max_bytes = MOST});

    d.c.e->bytes = 0;
    g_assert_false(wr_keep_bytes(d.c.e, MOST - EACH + 1, "memory"));
    g_assert_cmpuint(d.c.e->bytes, ==, 0);
    g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, 1);
    g_assert_true(wr_keep_bytes(d.c.e, MOST - EACH, "memory"));
    g_assert_cmpuint(d.c.e->bytes, ==, MOST);
    g_assert_false(wr_keep_bytes(d.c.e, 0, "memory"));
    d.c.e->bytes = MOST + 1;
    g_assert_false(wr_keep_bytes(d.c.e, 0, "memory"));
    g_assert_false(wr_keep_bytes(d.c.e, 0, "other memory"));
    g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, 2);
    desk_end(&d);
}

/* ---- injections ---- */

/* Each is noted once for its frame and what it is; bytes once for their frame; and so many at most. */
static void test_injections(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *b = handshake_of(&d, NULL, WR_A_VERIFIED);
    wr_copy *c = told(&d, false, false, NULL, NULL);
    const GArray *all = d.c.e->injections;
    wr_remark r;

    for (int again = 0; again < 2; again++) {
        wr_injection_add(d.c.e, WR_INJECTED_RECORD, 5, 4, a, NULL);
        g_assert_cmpuint(all->len, ==, again ? 5 : 1);
        wr_injection_add(d.c.e, WR_INJECTED_RECORD, 5, 4, b, NULL);
        wr_injection_add(d.c.e, WR_INJECTED_RECORD, 5, 4, NULL, c);
        wr_injection_add(d.c.e, WR_INJECTED_MESSAGE, 5, 4, a, NULL);
        wr_injection_add(d.c.e, WR_INJECTED_RECORD, 6, 4, a, NULL);
        g_assert_cmpuint(all->len, ==, 5);
    }
    memset(&r, 0, sizeof r);
    r.at.frame = 9;
    r.other_frame = 8;
    wr_injection_add_bytes(d.c.e, &r, c);
    wr_injection_add_bytes(d.c.e, &r, NULL); /* the same bytes */
    g_assert_cmpuint(all->len, ==, 6);
    wr_injection_add_unsent(d.c.e, &r, c);
    g_assert_cmpuint(g_array_index(all, wr_injection, 6).frame, ==, 8);
    for (uint32_t i = 0; i < WR_MAX_INJECTIONS; i++)
        wr_injection_add(d.c.e, WR_INJECTED_RECORD, 100 + i, 0, a, NULL);
    g_assert_cmpuint(all->len, ==, WR_MAX_INJECTIONS);
    g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, 1);
    desk_end(&d);
}

/* ---- relays ---- */

static uint64_t *key_of(uint64_t n)
{
    return g_memdup2(&n, sizeof n);
}

/* So many paths through relays, and hosts that ask servers, are known; one more is not, and that is said. */
static void test_relay_bounds(void)
{
    desk_t d = desk_begin(NULL);
    const wr_carriage how = {.relayed = true, .to_peer = true, .peer = BOBS};
    wr_place p = {.frame = 1, .src = ALICES, .dst = at(SERVER, 3478)};

    wr_turn_allocation_get(d.c.e, &p.src, &p.dst);
    g_assert_nonnull(wr_stun_host_get(d.c.e, &p.src));
    for (uint64_t i = 1; g_hash_table_size(d.c.e->relay_paths->hosts) < WR_MAX_STUN_HOSTS; i++)
        g_hash_table_insert(d.c.e->relay_paths->hosts, key_of(i), g_new0(wr_stun_host, 1));
    for (uint64_t i = 1; g_hash_table_size(d.c.e->relay_paths->paths) < WR_MAX_RELAY_PATHS - 1; i++)
        g_hash_table_insert(d.c.e->relay_paths->paths, key_of(i), g_new0(wr_relay_path, 1));
    g_assert_nonnull(wr_relay_path_get(d.c.e, &p, &how));
    g_assert_nonnull(wr_stun_host_get(d.c.e, &p.src));
    g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, 0);
    p.src = at(BOB, 9);
    g_assert_null(wr_stun_host_get(d.c.e, &p.src));
    g_assert_cmpstr(g_ptr_array_index(wr_engine_limits_reached(d.c.e), 0), ==, "hosts that STUN servers answer");
    g_assert_nonnull(wr_turn_allocation_get(d.c.e, &p.src, &p.dst));
    g_assert_null(wr_relay_path_get(d.c.e, &p, &how));
    g_assert_cmpstr(g_ptr_array_index(wr_engine_limits_reached(d.c.e), 1), ==, "peers of TURN relays");
    desk_end(&d);
}

/* ---- handshakes inside ---- */

/* Both went on under other keys, and neither goes on under the old ones. */
static void test_renegotiated(void)
{
    enum {
        DONE,
        BY_SERVER,
        OF_13,
        NO_CLIENT,
        NO_SERVER,
        NO_SWITCH,
        CLIENT_STAYED,
        SERVER_STAYED,
        CLIENT_GOES_ON,
        SERVER_GOES_ON,
        CASES
    };

    for (int which = DONE; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        const bool done = which <= BY_SERVER;

        for (int side = 0; side < 2; side++) {
            wr_renegotiation *x;
            if (which == (side == 0 ? NO_CLIENT : NO_SERVER))
                continue;
            x = wr_renegotiation_of(&a->side[side]);
            g_assert_true(wr_renegotiation_of(&a->side[side]) == x);
            x->switch_frame = which != NO_SWITCH && side == (which == BY_SERVER ? 1 : 0) ? 7 : 0;
            x->epoch_frame = which == (side == 0 ? CLIENT_STAYED : SERVER_STAYED) ? 0 : 8;
            x->stays_frame = which == (side == 0 ? CLIENT_GOES_ON : SERVER_GOES_ON) ? 9 : 0;
            x->epoch = 2;
            x->certificates = side == 0 ? 5 : 0;
        }
        a->version = which == OF_13 ? WR_DTLS_1_3 : WR_DTLS_1_2;
        g_test_message("case %d", which);
        g_assert_true(wr_facts_renegotiated(a) == done);
        g_assert_true(wr_facts_renegotiated_unread(a) == done);
        if (a->side[1].facts != NULL) { /* the certificate of every handshake inside was read */
            a->side[1].facts->again->certificates = 1;
            g_assert_false(wr_facts_renegotiated_unread(a));
            a->side[1].facts->again->epoch = 3;
            g_assert_true(wr_facts_renegotiated_unread(a) == done);
        }
        desk_end(&d);
    }
}

static void test_begun_and_tickets(void)
{
    for (int i = 0; i < 16; i++) {
        const bool one = (i & 1) != 0, two = (i & 2) != 0, three = (i & 4) != 0, four = (i & 8) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_PENDING), *o = handshake_of(&d, NULL, WR_A_PENDING);

        a->has_client_random = two;
        a->has_server_random = three;
        g_assert_false(wr_facts_is_begun(a) || wr_facts_same_ticket(a, o));
        wr_hello_facts_of(a)->beginning.fragments = one;
        g_test_message("case %d", i);
        g_assert_true(wr_facts_is_begun(a) == (one && !two && !three));
        g_assert_false(wr_facts_same_ticket(a, o) || wr_facts_same_ticket(o, a));
        wr_hello_facts_of(a)->presented_ticket = four ? 77 : 0;
        wr_hello_facts_of(o)->given_ticket = one ? 77 : 0;
        g_assert_true(wr_facts_same_ticket(a, o) == (one && four));
        desk_end(&d);
    }
}

/* ---- keys, transports ---- */

/* A profile that media was verified with is not that which the handshake chose. */
static void test_contradicts(void)
{
    for (int i = 0; i < 16; i++) {
        const bool proof = (i & 1) != 0, profile = (i & 2) != 0, chosen = (i & 4) != 0, same = (i & 8) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_media_proof p;

        memset(&p, 0, sizeof p);
        p.profile = profile ? wr_srtp_profile_by_number(7) : NULL;
        a->srtp = proof ? &p : NULL;
        a->has_profile = chosen;
        a->srtp_profile = same ? 7 : 1;
        g_assert_true(wr_media_proof_contradicts(a) == (proof && profile && chosen && !same));
        a->srtp = NULL;
        desk_end(&d);
    }
}

static void test_tls(void)
{
    static const uint16_t broken[] = {0x0001, 0x0003, 0x0005, 0x0018}; /* NULL, export, RC4, anonymous */

    g_assert_true(wr_tls_is_old(0x0302) && !wr_tls_is_old(0x0303) && !wr_tls_is_old(0x0304));
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++)
        g_assert_true(wr_tls_suite_is_broken(broken[i]));
    g_assert_true(wr_tls_suite_is_broken(0x0034)); /* anonymous, with nothing else amiss */
    g_assert_false(wr_tls_suite_is_broken(0xc02b) || wr_tls_suite_is_broken(0xfefe));
}

/* ---- words ---- */

/* What is no value has no name, and the last has one. */
static void test_words(void)
{
    g_assert_cmpstr(wr_severity_name(WR_ERROR), ==, "error");
    g_assert_cmpstr(wr_severity_name((wr_severity)(WR_ERROR + 1)), ==, "?");
    g_assert_cmpstr(wr_binding_name(WR_B4), ==, "B4");
    g_assert_null(wr_binding_name(WR_B_NONE));
    g_assert_cmpstr(wr_standing_name(WR_PROVEN), ==, "proven");
    g_assert_cmpstr(wr_standing_name((wr_standing)(WR_PROVEN + 1)), ==, "?");
    g_assert_cmpstr(wr_cert_verdict_name((wr_cert_verdict)(WR_CERT_CONTESTED + 1)), ==, "?");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kept/numbers", test_numbers);
    g_test_add_func("/kept/members", test_members);
    g_test_add_func("/kept/exchange_of_two_calls", test_exchange_of_two_calls);
    g_test_add_func("/kept/exchanges_by_way_of", test_exchanges_by_way_of);
    g_test_add_func("/kept/author_alone", test_author_alone);
    g_test_add_func("/kept/numbers_when_parted", test_numbers_when_parted);
    g_test_add_func("/kept/limits", test_limits);
    g_test_add_func("/kept/marks", test_marks);
    g_test_add_func("/kept/memory", test_memory);
    g_test_add_func("/kept/injections", test_injections);
    g_test_add_func("/kept/relay_bounds", test_relay_bounds);
    g_test_add_func("/kept/renegotiated", test_renegotiated);
    g_test_add_func("/kept/begun_and_tickets", test_begun_and_tickets);
    g_test_add_func("/kept/contradicts", test_contradicts);
    g_test_add_func("/kept/tls", test_tls);
    g_test_add_func("/kept/words", test_words);
    return g_test_run();
}
