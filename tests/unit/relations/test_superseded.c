/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes that were only pretended: hellos and certificates that nothing followed, beside one on the same path that
 * is proven or went through. Never the other way round, and never one that came to its keys by itself.
 */
#include "records_build.h"

#include "relations/relations.h"

/* How far a handshake got. */
typedef enum {
    HELLOS = 0,   /* both, and nothing after */
    CERTIFICATES, /* one side's is shown */
    REFUSED,      /* and an alert followed */
    ONE_KEYED,    /* one side sent under keys */
    KEYED,        /* both did; of the Finished one is not seen */
    WHOLE         /* both Finished */
} progress;

typedef struct {
    progress got;
    uint16_t version;
    wr_possession possession;
    unsigned more; /* of those below */
} state;

/* Data or media went on after it; its ClientHello is not in the capture; it is the client whose certificate is shown,
 * or who is refused, or keyed. */
enum { CARRIED = 1, WITHOUT_RANDOM = 2, BY_CLIENT = 4 };

#define V12 WR_DTLS_1_2
#define V13 WR_DTLS_1_3

static wr_association *lay(desk_t *d, wr_flow *f, const state *x)
{
    wr_association *a = handshake_of(d, f, WR_A_VERIFIED);
    const int side = (x->more & BY_CLIENT) != 0 ? 0 : 1;

    a->version = x->version;
    a->possession[1] = (uint8_t)x->possession;
    a->has_client_random = (x->more & WITHOUT_RANDOM) == 0;
    a->client_random[0] = a->server_random[0] = (uint8_t)a->number;
    for (int i = 0; i < 2; i++) {
        a->side[i].finished_frame = x->got == WHOLE ? a->first_frame + 1 : 0;
        a->side[i].first_encrypted_frame =
            x->got >= KEYED || (x->got == ONE_KEYED && i == side) ? a->first_frame + 1 : 0;
    }
    if (x->got == KEYED)
        a->side[1 - side].finished_frame = a->first_frame + 1;
    if (x->got == REFUSED)
        a->side[side].alert_frame = a->first_frame + 2;
    if (x->got >= CERTIFICATES)
        shows(d, a, side, MALLORY_HAS);
    if ((x->more & CARRIED) != 0)
        a->side[1 - side].data_records = 1;
    return a;
}

/* ---- through ---- */

static void test_through(void)
{
    static const struct {
        state x;
        bool through;
    } rows[] = {
        {{WHOLE, V12, WR_POSSESSION_UNKNOWN, 0}, true},
        {{WHOLE, V13, WR_POSSESSION_UNKNOWN, 0}, true},
        {{KEYED, V12, WR_POSSESSION_UNKNOWN, 0}, true},
        {{KEYED, V12, WR_POSSESSION_UNKNOWN, BY_CLIENT}, true},
        {{KEYED, V13, WR_POSSESSION_UNKNOWN, 0}, false}, /* it may have been refused in secret */
        {{KEYED, V13, WR_POSSESSION_UNKNOWN, CARRIED}, true},
        {{KEYED, V13, WR_POSSESSION_UNKNOWN, CARRIED | BY_CLIENT}, true},
        {{ONE_KEYED, V12, WR_POSSESSION_UNKNOWN, CARRIED}, false},
        {{ONE_KEYED, V12, WR_POSSESSION_UNKNOWN, CARRIED | BY_CLIENT}, false},
        {{CERTIFICATES, V12, WR_POSSESSION_UNKNOWN, CARRIED}, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = lay(&d, NULL, &rows[i].x);

        g_test_message("case %zu", i);
        g_assert_true(wr_association_is_through(a) == rows[i].through);
        a->has_server_random = false; /* records of nobody knows what */
        g_assert_true(wr_association_is_through(a) == (rows[i].x.got == WHOLE));
        desk_end(&d);
    }
}

/* Media of either end that went on after the answer, on either path. */
static void test_carried(void)
{
    enum { NOTHING, BEFORE, FIRST_END, SECOND_END, OTHER_PATH, AT_ITS_BEGIN, CASES };

    for (int which = NOTHING; which < 2 * CASES; which++) {
        const state x = {.got = KEYED, .version = V13};
        const bool dated = which >= CASES; /* the time of its ServerHello is known */
        desk_t d = desk_begin(NULL);
        wr_association *a = lay(&d, NULL, &x);
        wr_flow *other = flow_of(&d), *f = which % CASES == OTHER_PATH ? other : a->flow;
        const int64_t since = a->first_us + (dated ? 5 * S : 0);
        wr_traffic *t = &wr_flow_traffic(f)[which % CASES == SECOND_END ? 1 : 0];

        wr_list_add(&a->flows, other);
        a->server_hello_us = dated ? since : 0;
        t->packets = which % CASES == NOTHING ? 0 : 1;
        t->last_us = which % CASES == BEFORE ? since - 1 : which % CASES == AT_ITS_BEGIN ? since : since + 1;
        g_test_message("case %d", which);
        g_assert_true(wr_association_is_through(a) == (which % CASES >= FIRST_END && which % CASES <= OTHER_PATH));
        desk_end(&d);
    }
}

/* ---- superseded ---- */

#define NO  WR_POSSESSION_UNKNOWN
#define YES WR_POSSESSION_PROVED
#define BAD WR_POSSESSION_INVALID

static const struct {
    const char *words;
    state pretended, other;
    bool superseded;
} pairs[] = {
    {"hellos beside a proven one", {HELLOS, V12, NO, 0}, {WHOLE, V12, YES, 0}, true},
    {"a proven one that did not go through, too", {HELLOS, V12, NO, 0}, {CERTIFICATES, V12, YES, 0}, true},
    {"certificates beside a proven one", {CERTIFICATES, V12, NO, 0}, {WHOLE, V12, YES, 0}, true},
    {"what was refused, beside a proven one", {REFUSED, V12, NO, 0}, {WHOLE, V12, YES, 0}, true},
    {"what came to keys, beside a proven one", {KEYED, V12, NO, 0}, {WHOLE, V12, YES, 0}, true},
    {"a whole one stands by itself", {WHOLE, V12, NO, 0}, {WHOLE, V12, YES, 0}, false},
    {"a whole one with a signature that does not fit does not", {WHOLE, V12, BAD, 0}, {WHOLE, V12, YES, 0}, true},
    {"of 1.3, which no signature shows, keys and data are enough",
     {KEYED, V13, NO, CARRIED},
     {WHOLE, V12, YES, 0},
     false},
    {"of 1.3, keys alone are not", {KEYED, V13, NO, 0}, {WHOLE, V12, YES, 0}, true},
    {"a proven one that went through", {KEYED, V12, YES, 0}, {WHOLE, V12, YES, 0}, false},
    {"a proven one that did not", {CERTIFICATES, V12, YES, 0}, {WHOLE, V12, YES, 0}, true},
    {"a proven one that was refused was there", {REFUSED, V12, YES, 0}, {WHOLE, V12, YES, 0}, false},
    {"refused by its client", {REFUSED, V12, YES, BY_CLIENT}, {WHOLE, V12, YES, 0}, false},
    {"one of whom one came to its keys", {ONE_KEYED, V12, YES, 0}, {WHOLE, V12, YES, 0}, false},
    {"of whom the client did", {ONE_KEYED, V12, YES, BY_CLIENT}, {WHOLE, V12, YES, 0}, false},
    {"proven, beside a proven one that did not go through",
     {CERTIFICATES, V12, YES, 0},
     {ONE_KEYED, V12, YES, 0},
     false},
    {"proven, beside a whole one that nobody signed", {CERTIFICATES, V12, YES, 0}, {WHOLE, V12, NO, 0}, false},
    {"hellos beside a whole one", {HELLOS, V12, NO, 0}, {WHOLE, V12, NO, 0}, true},
    {"hellos beside other hellos", {HELLOS, V12, NO, 0}, {CERTIFICATES, V12, NO, 0}, false},
    {"hellos beside a whole one with a wrong signature", {HELLOS, V12, NO, 0}, {WHOLE, V12, BAD, 0}, false},
    {"hellos with a wrong signature", {HELLOS, V12, BAD, 0}, {WHOLE, V12, NO, 0}, false},
    {"certificates beside a whole one", {CERTIFICATES, V12, NO, 0}, {WHOLE, V12, NO, 0}, false},
    {"its client's certificate", {CERTIFICATES, V12, NO, BY_CLIENT}, {WHOLE, V12, NO, 0}, false},
    {"beside one that carried data", {CERTIFICATES, V12, NO, 0}, {WHOLE, V12, NO, CARRIED}, true},
    {"whose hello is not seen", {CERTIFICATES, V12, NO, 0}, {WHOLE, V12, NO, CARRIED | WITHOUT_RANDOM}, false},
    {"refused, beside one that carried data", {REFUSED, V12, NO, 0}, {WHOLE, V12, NO, CARRIED}, false},
    {"with a wrong signature, beside one that carried data",
     {CERTIFICATES, V12, BAD, 0},
     {WHOLE, V12, NO, CARRIED},
     true},
};

static void test_pairs(void)
{
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(pairs); i++) {
        const bool later = i % 2 != 0; /* in either order */
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *first = lay(&d, f, later ? &pairs[i / 2].other : &pairs[i / 2].pretended);
        wr_association *second = lay(&d, f, later ? &pairs[i / 2].pretended : &pairs[i / 2].other);

        g_test_message("%s%s", pairs[i / 2].words, later ? ", later" : "");
        g_assert_true(wr_association_is_superseded(later ? second : first) == pairs[i / 2].superseded);
        desk_end(&d);
    }
}

/* One that was taken for another's part does not count, nor does one on another path. */
static void test_of_others(void)
{
    for (unsigned i = 0; i < 3; i++) {
        const state pretended = {.got = HELLOS, .version = V12}, whole = {WHOLE, V12, YES, CARRIED};
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = lay(&d, f, &pretended), *b = lay(&d, i == 1 ? NULL : f, &whole);

        if (i == 2)
            b->absorbed = a;
        g_assert_true(wr_association_is_superseded(a) == (i == 0));
        desk_end(&d);
    }
}

/* ---- reflections ---- */

/* Both hellos sent back from the other end: the later of the two is none of the call's. */
static void test_reflection(void)
{
    enum { REFLECTED, SAME_DIRECTION, OTHER_CLIENT_RANDOM, OTHER_SERVER_RANDOM, ONE_HELLO, NO_ROLES, ABSORBED, CASES };

    for (int which = REFLECTED; which < CASES; which++) {
        const state x = {WHOLE, V12, YES, CARRIED};
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = lay(&d, f, &x), *b = lay(&d, f, &x);

        memcpy(b->client_random, a->client_random, sizeof b->client_random);
        memcpy(b->server_random, a->server_random, sizeof b->server_random);
        a->client_end = 0;
        b->client_end = which == SAME_DIRECTION ? 0 : which == NO_ROLES ? -1 : 1;
        b->client_random[1] = which == OTHER_CLIENT_RANDOM;
        b->server_random[1] = which == OTHER_SERVER_RANDOM;
        if (which == ONE_HELLO)
            b->has_server_random = false;
        if (which == ABSORBED)
            a->absorbed = b;
        g_test_message("case %d", which);
        g_assert_true(wr_association_is_reflection(b) == (which == REFLECTED));
        g_assert_false(wr_association_is_reflection(a));
        g_assert_true(wr_association_is_superseded(b) == (which == REFLECTED));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/superseded/through", test_through);
    g_test_add_func("/superseded/carried", test_carried);
    g_test_add_func("/superseded/pairs", test_pairs);
    g_test_add_func("/superseded/of_others", test_of_others);
    g_test_add_func("/superseded/reflection", test_reflection);
    return g_test_run();
}
