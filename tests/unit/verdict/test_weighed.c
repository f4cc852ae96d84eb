/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a call's associations weigh beside each other: certificates that anybody can have sent take nothing from what is
 * verified; a second handshake inside an association that cannot be read does; and which of several counts.
 */
#include "records_build.h"

#include "records/handshake_facts.h"
#include "verdict/session_facts.h"

static desk_t desk(void)
{
    desk_t d = desk_begin(NULL);

    told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
    return d;
}

/* ---- strays ---- */

static const struct {
    const char *words;
    wr_standing standing;
    wr_binding binding;
    bool keyed[2]; /* its sides came to keys */
    bool stray;
} strays[] = {
    {"records alone, on no proven path", WR_BARE, WR_B2, {false, false}, true},
    {"of whom nothing is known", WR_BARE, WR_B4, {false, false}, true},
    {"of whom the client came to its keys", WR_BARE, WR_B2, {true, false}, true},
    {"of whom the server did", WR_BARE, WR_B2, {false, true}, true},
    {"of whom both did", WR_BARE, WR_B2, {true, true}, false},
    {"on a proven path", WR_BARE, WR_B1, {false, false}, false},
    {"with hellos", WR_COHERENT, WR_B2, {false, false}, false},
    {"with a signature", WR_PROVEN, WR_B3, {false, false}, false},
};

static void test_strays(void)
{
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(strays); i++) {
        const unsigned n = i / 2;
        desk_t d = desk();
        wr_association *b;
        wr_facts f;

        handshake_of(&d, NULL, WR_A_VERIFIED);
        b = handshake_of(&d, NULL, i % 2 == 0 ? WR_A_UNVERIFIABLE_INCOMPLETE : WR_A_HALF_VERIFIED);
        b->standing = (uint8_t)strays[n].standing;
        b->binding = (uint8_t)strays[n].binding;
        for (int s = 0; s < 2; s++) {
            b->side[s].finished_frame = 0;
            b->side[s].first_encrypted_frame = strays[n].keyed[s] ? 9 : 0;
        }
        wr_session_weigh(d.c.e, d.s, &f);
        g_test_message("%s", strays[n].words);
        g_assert_cmpuint(f.stray, ==, strays[n].stray ? 1 : 0);
        g_assert_cmpuint(f.unverifiable, ==, strays[n].stray ? 0 : 1);
        g_assert_cmpuint(f.bound, ==, strays[n].binding <= WR_B1 ? 2 : 1);
        g_assert_true(wr_facts_unjudged(&f));
        desk_end(&d);
    }
}

/* Lone records of both sides, before a verified handshake of their path: strays, unless they, or the media until then,
 * are a tenth of what went over it. */
static void test_glimpse(void)
{
    static const struct {
        const char *words;
        uint32_t media, before, data, others; /* packets in all, and before the other; records of this, of the other */
        enum { NOTHING, LATER, CLIENT_SHOWS, SERVER_SHOWS, CLIENT_HELLO, HELLOS } more;
        bool stray;
    } rows[] = {
        {.words = "nothing went under them", .media = 1000, .stray = true},
        {.words = "a handful of media", .media = 40, .before = 9, .stray = true},
        {.words = "no handful", .media = 40, .before = 10},
        {.words = "less than a tenth", .media = 1000, .before = 99, .stray = true},
        {.words = "a tenth", .media = 1000, .before = 100},
        {.words = "a handful of records", .media = 40, .data = 9, .stray = true},
        {.words = "no handful of records", .media = 40, .data = 10},
        {.words = "less than a tenth of the records", .data = 10, .others = 100, .stray = true},
        {.words = "media and records", .media = 40, .before = 5, .data = 5},
        {.words = "they came later", .media = 1000, .more = LATER},
        {.words = "the client shows a certificate", .media = 1000, .more = CLIENT_SHOWS},
        {.words = "the server does", .media = 1000, .more = SERVER_SHOWS},
        {.words = "with the client's hello", .media = 1000, .more = CLIENT_HELLO, .stray = true},
        {.words = "with both", .media = 1000, .more = HELLOS},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk();
        wr_association *b = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
        wr_association *a = handshake_of(&d, b->flow, WR_A_VERIFIED);
        wr_facts f;

        a->possession[0] = a->possession[1] = WR_POSSESSION_PROVED;
        b->standing = rows[i].more == HELLOS ? WR_COHERENT : WR_BARE;
        b->binding = WR_B0;
        b->has_client_random = rows[i].more >= CLIENT_HELLO;
        b->has_server_random = rows[i].more == HELLOS;
        if (rows[i].more == CLIENT_SHOWS || rows[i].more == SERVER_SHOWS)
            shows(&d, b, rows[i].more == SERVER_SHOWS ? 1 : 0, MALLORY_HAS);
        b->first_us = a->first_us + (rows[i].more == LATER ? 1 : 0);
        b->side[1].data_records = rows[i].data;
        a->side[0].data_records = rows[i].others;
        wr_hello_facts_of(a)->media_before = rows[i].before;
        wr_flow_traffic(b->flow)[0].packets = rows[i].media;
        wr_session_weigh(d.c.e, d.s, &f);
        g_test_message("%s", rows[i].words);
        g_assert_cmpuint(f.stray, ==, rows[i].stray ? 1 : 0);
        g_assert_cmpuint(f.unverifiable, ==, rows[i].stray ? 0 : 1);
        g_assert_true(wr_facts_unjudged(&f));
        desk_end(&d);
    }
}

/* Beside what anybody may have sent as well they are none. */
static void test_glimpse_of_two(void)
{
    enum { PLAIN, UNSIGNED_CLIENT, UNSIGNED_SERVER, HALF, NO_HELLO, ON_ANOTHER_PATH, MISMATCHED, ABSORBED, CASES };

    for (int which = PLAIN; which < CASES; which++) {
        desk_t d = desk();
        wr_association *b = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
        wr_association *a = handshake_of(&d, which == ON_ANOTHER_PATH ? NULL : b->flow,
                                         which == MISMATCHED ? WR_A_MISMATCH : WR_A_VERIFIED);
        wr_facts f;

        for (int s = 0; s < 2; s++)
            a->possession[s] = which == UNSIGNED_CLIENT + s ? WR_POSSESSION_UNKNOWN : WR_POSSESSION_PROVED;
        a->has_client_random = which != NO_HELLO;
        if (which == HALF)
            a->side[0].finished_frame = 0;
        if (which == ABSORBED)
            a->absorbed = b;
        b->standing = WR_BARE;
        b->binding = WR_B0;
        b->has_client_random = b->has_server_random = false;
        wr_session_weigh(d.c.e, d.s, &f);
        g_test_message("case %d", which);
        g_assert_cmpuint(f.stray, ==, which == PLAIN ? 1 : 0);
        desk_end(&d);
    }
}

/* A later handshake of its path that cannot be judged takes something from what is verified alone. */
static void test_nothing_to_take(void)
{
    static const wr_association_verdict first[] = {
        WR_A_VERIFIED, WR_A_HALF_VERIFIED, WR_A_HANDSHAKE_FAILED, WR_A_MISMATCH, WR_A_UNVERIFIABLE_ENCRYPTED,
        WR_A_PENDING,  WR_A_NO_SIGNALLING};

    for (size_t i = 0; i < G_N_ELEMENTS(first); i++) {
        desk_t d = desk();
        wr_association *a = handshake_of(&d, NULL, first[i]), *b;
        wr_facts f;

        b = handshake_of(&d, a->flow, WR_A_UNVERIFIABLE_ENCRYPTED);
        wr_session_weigh(d.c.e, d.s, &f);
        g_test_message("%s", wr_association_verdict_name(first[i]));
        g_assert_true(f.unjudged == (i < 2 ? b : NULL));
        desk_end(&d);
    }
}

/* One of 1.3 on the same path, gone on with by both sides and with media since, may have carried the call in whatever
 * order it came: what is verified there may be a recording. */
static void test_beside_13(void)
{
    enum { LATER, EARLIER, NOT_KEYED, NO_MEDIA, ON_ANOTHER_PATH, OF_12_EARLIER, CASES };

    for (int which = LATER; which < CASES; which++) {
        desk_t d = desk();
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_association *b = handshake_of(&d, which == ON_ANOTHER_PATH ? NULL : a->flow, WR_A_UNVERIFIABLE_ENCRYPTED);
        wr_facts f;

        b->version = which == OF_12_EARLIER ? WR_DTLS_1_2 : WR_DTLS_1_3;
        if (which == EARLIER || which == OF_12_EARLIER)
            b->first_us = a->first_us - S;
        for (int s = 0; s < 2 && which != OF_12_EARLIER; s++) {
            b->side[s].finished_frame = 0; /* a client whose media is SRTP sends nothing of the application's epoch */
            b->side[s].first_encrypted_frame = which == NOT_KEYED && s == 1 ? 0 : 9;
        }
        if (which != NO_MEDIA) {
            wr_flow_traffic(a->flow)->packets = 100;
            wr_flow_traffic(a->flow)->last_us = b->first_us + 5 * S;
        }
        wr_session_weigh(d.c.e, d.s, &f);
        g_test_message("case %d", which);
        g_assert_true(f.unjudged == (which <= EARLIER ? b : NULL));
        desk_end(&d);
    }
}

/* ---- mismatches ---- */

/* What weighs more by its binding is told first, whatever became of the session; what addresses alone tie to the call
 * takes nothing from what is verified, and is told beside it. */
static void test_mismatches_by_binding(void)
{
    static const struct {
        wr_binding first, second;
        bool verified;
        unsigned told; /* which of the two */
        wr_session_verdict verdict;
        wr_severity severity;
    } rows[] = {
        {WR_B3, WR_B0, false, 1, WR_S_MISMATCH, WR_ERROR}, {WR_B3, WR_B2, false, 1, WR_S_MISMATCH, WR_WARN},
        {WR_B2, WR_B1, false, 1, WR_S_MISMATCH, WR_ERROR}, {WR_B0, WR_B3, false, 0, WR_S_MISMATCH, WR_ERROR},
        {WR_B3, WR_B3, false, 0, WR_S_MISMATCH, WR_NOTE},  {WR_B3, WR_B3, true, 0, WR_S_VERIFIED_LEG, WR_CHAT},
        {WR_B3, WR_B2, true, 1, WR_S_MISMATCH, WR_WARN},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk();
        wr_association *of[2];
        wr_facts f;

        of[0] = handshake_of(&d, NULL, WR_A_MISMATCH);
        of[1] = handshake_of(&d, NULL, WR_A_MISMATCH_ENFORCED);
        of[0]->binding = (uint8_t)rows[i].first;
        of[1]->binding = (uint8_t)rows[i].second;
        if (rows[i].verified)
            handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_session_weigh(d.c.e, d.s, &f);
        wr_session_decide(d.c.e, d.s);
        g_test_message("row %zu", i);
        g_assert_true(f.mismatch == of[rows[i].told]);
        g_assert_cmpint(d.s->verdict, ==, rows[i].verdict);
        g_assert_cmpint(d.s->severity, ==, rows[i].severity);
        desk_end(&d);
    }
}

/* ---- a handshake inside ---- */

enum { UNREAD, READ, ONE_SIDE, NO_SWITCH, NO_EPOCH, OLD_KEYS_STAY, OF_13, CASES };

static wr_association *renegotiated(desk_t *d, wr_association_verdict verdict, int which)
{
    wr_association *a = handshake_of(d, NULL, verdict);

    for (int s = 0; s < 2; s++) {
        wr_renegotiation *r;
        if (which == ONE_SIDE && s == 1)
            continue;
        r = wr_renegotiation_of(&a->side[s]);
        r->switch_frame = which == NO_SWITCH ? 0 : 50;
        r->epoch_frame = which == NO_EPOCH && s == 0 ? 0 : 51;
        r->epoch = 2;
        r->certificates = which == READ ? 1 : 0;
        r->stays_frame = which == OLD_KEYS_STAY && s == 1 ? 60 : 0;
    }
    if (which == OF_13)
        a->version = WR_DTLS_1_3;
    return a;
}

static void test_inside(void)
{
    for (int which = UNREAD; which < CASES; which++) {
        desk_t d = desk();
        wr_association *a = renegotiated(&d, WR_A_HALF_VERIFIED, which);
        wr_facts f;

        g_test_message("case %d", which);
        g_assert_true(wr_facts_renegotiated(a) == (which == UNREAD || which == READ));
        g_assert_true(wr_facts_renegotiated_unread(a) == (which == UNREAD));
        wr_session_weigh(d.c.e, d.s, &f);
        g_assert_true(f.renegotiated == (which == UNREAD ? a : NULL));
        desk_end(&d);
    }
}

/* The first of several is named; what is verified needs none to be named. */
static void test_first_inside(void)
{
    desk_t d = desk();
    wr_association *first;
    wr_facts f;

    renegotiated(&d, WR_A_HALF_VERIFIED, READ);
    first = renegotiated(&d, WR_A_UNVERIFIABLE_INCOMPLETE, UNREAD);
    renegotiated(&d, WR_A_HALF_VERIFIED, UNREAD);
    wr_session_weigh(d.c.e, d.s, &f);
    g_assert_true(f.renegotiated == first);
    desk_end(&d);
}

/* Each side's switch counts: one of the two may be lost. */
static void test_lost_switch(void)
{
    for (int lost = 0; lost < 2; lost++) {
        desk_t d = desk();
        wr_association *a = renegotiated(&d, WR_A_HALF_VERIFIED, UNREAD);

        wr_renegotiation_of(&a->side[lost])->switch_frame = 0;
        g_assert_true(wr_facts_renegotiated(a));
        desk_end(&d);
    }
}

/* Read are its certificates when as many came as there were epochs. */
static void test_several_inside(void)
{
    static const struct {
        unsigned epoch, certificates;
        bool unread;
    } rows[] = {{2, 0, true}, {2, 1, false}, {3, 1, true}, {3, 2, false}, {3, 3, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk();
        wr_association *a = renegotiated(&d, WR_A_HALF_VERIFIED, UNREAD);
        wr_renegotiation *r = wr_renegotiation_of(&a->side[1]);

        r->epoch = (uint16_t)rows[i].epoch;
        r->certificates = (uint16_t)rows[i].certificates;
        g_assert_true(wr_facts_renegotiated_unread(a) == rows[i].unread);
        desk_end(&d);
    }
}

/* ---- facts of hellos ---- */

static void test_begun(void)
{
    for (unsigned i = 0; i < 8; i++) {
        desk_t d = desk();
        wr_association *a = handshake_of(&d, NULL, WR_A_PENDING);

        a->has_client_random = (i & 1) != 0;
        a->has_server_random = (i & 2) != 0;
        g_assert_false(wr_facts_is_begun(a));
        wr_hello_facts_of(a)->beginning.fragments = (i & 4) != 0;
        g_assert_true(wr_facts_is_begun(a) == (i == 4));
        desk_end(&d);
    }
}

static void test_tickets(void)
{
    static const struct {
        unsigned presented, given;
        bool same;
    } rows[] = {{7, 7, true}, {7, 8, false}, {0, 0, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk();
        wr_association *a = handshake_of(&d, NULL, WR_A_PENDING), *b = handshake_of(&d, NULL, WR_A_PENDING);

        g_assert_false(wr_facts_same_ticket(a, b));
        wr_hello_facts_of(a)->presented_ticket = rows[i].presented;
        g_assert_false(wr_facts_same_ticket(a, b));
        wr_hello_facts_of(b)->given_ticket = rows[i].given;
        g_assert_true(wr_facts_same_ticket(a, b) == rows[i].same);
        g_assert_false(wr_facts_same_ticket(b, a));
        desk_end(&d);
    }
}

/* ---- roles ---- */

/* Who sends from an end: by the hello's flow, by addresses, by hosts; where both ends are of one host nobody knows. */
static void test_roles(void)
{
    desk_t d = desk();
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
    wr_flow *f = flow_of(&d);

    /* Alice is end 0 and server, Bob the client */
    g_assert_cmpint(wr_association_role(a, a->flow, 0), ==, 1);
    g_assert_cmpint(wr_association_role(a, a->flow, 1), ==, 0);
    a->client_end = 0;
    g_assert_cmpint(wr_association_role(a, a->flow, 0), ==, 0);
    a->client_end = -1;
    g_assert_cmpint(wr_association_role(a, a->flow, 1), ==, 1);
    a->client_end = 1;
    for (int end = 0; end < 2; end++) { /* another flow's hello */
        f->client_end = (int8_t)end;
        g_assert_cmpint(wr_association_role(a, f, end), ==, 0);
        g_assert_cmpint(wr_association_role(a, f, 1 - end), ==, 1);
    }
    f->client_end = -1;
    f->end[1] = at("198.51.100.5", 9); /* a relay in Bob's place: Alice's address tells */
    g_assert_cmpint(wr_association_role(a, f, 0), ==, 1);
    g_assert_cmpint(wr_association_role(a, f, 1), ==, 0);
    f->end[0] = at("198.51.100.6", 9);
    f->end[1] = BOBS;
    g_assert_cmpint(wr_association_role(a, f, 0), ==, 1);
    g_assert_cmpint(wr_association_role(a, f, 1), ==, 0);
    f->end[0] = at(ALICE, 9); /* other ports: hosts tell */
    f->end[1] = at(BOB, 9);
    g_assert_cmpint(wr_association_role(a, f, 0), ==, 1);
    g_assert_cmpint(wr_association_role(a, f, 1), ==, 0);
    a->side[0].end = at(ALICE, 77); /* both on one host */
    g_assert_cmpint(wr_association_role(a, f, 0), ==, -1);
    g_assert_cmpint(wr_association_role(a, f, 1), ==, -1);
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/weighed/strays", test_strays);
    g_test_add_func("/weighed/glimpse", test_glimpse);
    g_test_add_func("/weighed/glimpse_of_two", test_glimpse_of_two);
    g_test_add_func("/weighed/nothing_to_take", test_nothing_to_take);
    g_test_add_func("/weighed/beside_13", test_beside_13);
    g_test_add_func("/weighed/mismatches_by_binding", test_mismatches_by_binding);
    g_test_add_func("/weighed/inside", test_inside);
    g_test_add_func("/weighed/first_inside", test_first_inside);
    g_test_add_func("/weighed/lost_switch", test_lost_switch);
    g_test_add_func("/weighed/several_inside", test_several_inside);
    g_test_add_func("/weighed/begun", test_begun);
    g_test_add_func("/weighed/tickets", test_tickets);
    g_test_add_func("/weighed/roles", test_roles);
    return g_test_run();
}
