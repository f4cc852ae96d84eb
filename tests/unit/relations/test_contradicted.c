/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions that another one takes back, and those that no check bears out though checks name others (rules 2.10).
 */
#include "records_build.h"

#include "relations/relations.h"
#include "statements_build.h"

#define MIDDLE "198.51.100.20"

static bool is_mark(const wr_copy *c, gpointer mark)
{
    return strstr(c->call != NULL ? c->call : "", mark) != NULL;
}

/* What it says and the other does not. */
static const wr_copy *against(desk_t *d, const wr_copy *c)
{
    return wr_copy_contradiction(d->s, c, is_mark, (gpointer)(uintptr_t) "says it");
}

/* A description of Alice's call: of these words, on this connection of this client. */
static wr_copy *say_words(desk_t *d, uint32_t connection, const char *client, wr_direction direction, unsigned words)
{
    text_t t = offer_text();
    wr_copy *c;

    t.fingerprint = sha256_of(words);
    c = say(
        &d->c,
        (way_t){
            .client = client, .connection = connection, .kind = WR_KIND_OFFER, .direction = direction, .covered = true},
        &t);
    g_ptr_array_add(d->s->copies, c);
    return c;
}

static void judge(desk_t *d, bool tied)
{
    d->s->tied = tied;
    if (tied)
        wr_session_drop_strangers(d->c.e, d->s);
}

/* ---- of one client ---- */

/* What the same client says elsewhere takes it back, or on the same connection as the same version; not what agrees,
 * nor what is another sort of thing. */
static void test_of_one_client(void)
{
    enum {
        ELSEWHERE,
        ON_IT,
        BY_DATAGRAMS,
        BY_DATAGRAMS_OF_ITS_HOST, /* no client is known of either */
        OF_ONE_LEG,               /* that holds two connections */
        CONTRADICTED,             /* all that is are before */
        SAYS_IT_TOO = CONTRADICTED,
        SAME_WORDS,
        AN_ANSWER,
        CAME_BACK,
        FILE_SAYS,
        ASKED_OF_A_FILE,
        OTHER_DIRECTION,
        LATER_VERSION,
        OTHER_POINT,
        CASES
    };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2;
        const bool order = i % 2 != 0; /* which stands first among the call's */
        const bool on_it = which == ON_IT || which == BY_DATAGRAMS || which == LATER_VERSION || which == OTHER_POINT;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        text_t later = offer_text();
        wr_copy *c, *r;

        c = say_words(&d, 1, ALICE, WR_DIRECTION_EMITTED, 1);
        later.version = "9";
        later.fingerprint = sha256_of(2);
        if (which == LATER_VERSION || which == BY_DATAGRAMS) {
            r = say(&d.c, OFFERED, &later);
            g_ptr_array_add(d.s->copies, r);
        } else {
            r = say_words(&d, on_it ? 1 : 2, ALICE, WR_DIRECTION_EMITTED, which == SAME_WORDS ? 1 : 2);
        }
        if (order) {
            g_ptr_array_index(d.s->copies, 0) = r;
            g_ptr_array_index(d.s->copies, 1) = c;
        }
        c->call = "says it";
        r->call = which == SAYS_IT_TOO ? "says it" : NULL;
        if (which == AN_ANSWER)
            r->kind = WR_KIND_ANSWER;
        r->echo = which == CAME_BACK;
        if (which == FILE_SAYS || which == ASKED_OF_A_FILE)
            (which == FILE_SAYS ? r : c)->carrier = WR_CARRIER_STATEMENT;
        if (which == OTHER_DIRECTION)
            r->direction = WR_DIRECTION_DELIVERED;
        if (which == OTHER_POINT)
            r->point = 1;
        if (which == OF_ONE_LEG)
            r->leg = c->leg;
        if (which == BY_DATAGRAMS)
            c->leg->two_ended = true;
        if (which == BY_DATAGRAMS_OF_ITS_HOST)
            c->leg->client = wr_endpoint_none();
        tie(a, c, WR_TIE_ADDRESS, 1);
        tie(a, r, WR_TIE_ADDRESS, 1);
        judge(&d, true);
        g_test_message("case %d", which);
        g_assert_true(against(&d, c) == (which < CONTRADICTED ? r : NULL));
        desk_end(&d);
    }
}

/* Of signalling alone two forms on one connection contradict each other where they are of the same bytes. */
static void test_said_twice(void)
{
    for (int i = 0; i < 8; i++) {
        const bool one = (i & 1) != 0, other = (i & 2) != 0, tied = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *c = say_words(&d, 1, ALICE, WR_DIRECTION_EMITTED, 1);
        wr_copy *r = say_words(&d, 1, ALICE, WR_DIRECTION_EMITTED, 2);

        c->call = "says it";
        c->said_twice = one;
        r->said_twice = other;
        tie(a, c, WR_TIE_ADDRESS, 1);
        judge(&d, tied);
        g_test_message("case %d", i);
        g_assert_true(against(&d, c) == ((one && other) || tied ? r : NULL));
        desk_end(&d);
    }
}

/* ---- of another client ---- */

/* Where flows are tied, one with the same credentials on a leg that is tied takes back what was said on one that is
 * not, or in datagrams beside its connection. */
static void test_of_another_client(void)
{
    enum { TIED, OTHER_CREDENTIALS, NEITHER, BOTH, HIS_ALONE, DATAGRAMS, BOTH_DATAGRAMS, HIS_DATAGRAMS, CASES };

    for (int which = TIED; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *c = say_words(&d, 1, MIDDLE, WR_DIRECTION_EMITTED, 1);
        wr_copy *r = say_words(&d, 2, ALICE, WR_DIRECTION_EMITTED, 2);
        wr_copy *third = say_words(&d, 3, BOB, WR_DIRECTION_DELIVERED, 2);
        const bool against_it = which == TIED || which == DATAGRAMS;

        c->call = third->call = "says it";
        if (which == OTHER_CREDENTIALS) {
            text_t t = offer_text();
            t.pwd = "anotherpasswordofanother";
            t.fingerprint = sha256_of(2);
            g_ptr_array_remove(d.s->copies, r);
            r = say(&d.c, (way_t){.connection = 4, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER}, &t);
            g_ptr_array_add(d.s->copies, r);
        }
        tie(a, third, WR_TIE_ADDRESS, 0);
        if (which != NEITHER && which != HIS_ALONE)
            tie(a, r, WR_TIE_ADDRESS, 1);
        if (which >= BOTH)
            tie(a, c, WR_TIE_ADDRESS, 1);
        c->leg->two_ended = which == DATAGRAMS || which == BOTH_DATAGRAMS;
        r->leg->two_ended = which == HIS_DATAGRAMS || which == BOTH_DATAGRAMS;
        if (c->leg->two_ended) /* answered, so that they are no lone ones */
            say_words(&d, 1, MIDDLE, WR_DIRECTION_DELIVERED, 7)->call = "says it";
        if (r->leg->two_ended)
            say_words(&d, 2, ALICE, WR_DIRECTION_DELIVERED, 7)->call = "says it";
        judge(&d, true);
        g_test_message("case %d", which);
        g_assert_true(against(&d, c) == (against_it ? r : NULL));
        desk_end(&d);
    }
}

/* Of signalling alone what hosts do not join with it takes it back. */
static void test_not_joined(void)
{
    for (int i = 0; i < 2; i++) {
        desk_t d = desk_begin(NULL);
        text_t t = offer_text();
        wr_copy *c = say_words(&d, 1, ALICE, WR_DIRECTION_EMITTED, 1), *r;

        t.fingerprint = sha256_of(2);
        r = say(&d.c,
                (way_t){.client = MIDDLE,
                        .server = i == 0 ? SERVER : "198.51.100.30",
                        .connection = 2,
                        .direction = WR_DIRECTION_EMITTED,
                        .kind = WR_KIND_OFFER},
                &t);
        g_ptr_array_add(d.s->copies, r);
        c->call = "says it";
        wr_session_drop_strangers(d.c.e, d.s);
        g_assert_true(against(&d, c) == (i == 0 ? NULL : r));
        desk_end(&d);
    }
}

/* Who passes descriptions on is told before he speaks: where one client is told what it said before, or just then, what
 * it says is taken back by what it was told. */
static void test_told_too_late(void)
{
    enum {
        LATE,
        AT_ONCE,
        SAID_LATE, /* it is asked of what was told, and it was said before */
        SAID_AT_ONCE,
        OF_THE_ANSWER, /* the other half of its exchange */
        TOO_LATE,      /* all that is are before */
        IN_TIME = TOO_LATE,
        SAID_IN_TIME,
        OTHER_SERVER,
        SAME_DIRECTION,
        OTHER_PASSWORD,
        CLIENT_NOT_KNOWN,
        DATAGRAMS,
        ITS_DATAGRAMS,
        DIRECTION_NOT_KNOWN,
        CASES
    };

    for (int which = LATE; which < CASES; which++) {
        const bool told_first = which == IN_TIME || which == SAID_IN_TIME;
        desk_t d = desk_begin(NULL);
        text_t t = offer_text();
        wr_copy *c = say_words(&d, 1, MIDDLE, WR_DIRECTION_EMITTED, 1), *r, *x, *y;
        const bool of_told = which == SAID_LATE || which == SAID_AT_ONCE || which == SAID_IN_TIME;

        t.fingerprint = sha256_of(2);
        t.pwd = which == OTHER_PASSWORD ? "anotherpasswordofanother" : t.pwd;
        r = say(&d.c,
                (way_t){.client = MIDDLE,
                        .server = which == OTHER_SERVER ? "198.51.100.30" : SERVER,
                        .connection = 2,
                        .direction = which == SAME_DIRECTION ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                        .kind = WR_KIND_OFFER},
                &t);
        g_ptr_array_add(d.s->copies, r);
        r->time_us = c->time_us + (told_first ? -1 : which == AT_ONCE || which == SAID_AT_ONCE ? 0 : 1);
        (of_told ? r : c)->call = "says it";
        if (which == CLIENT_NOT_KNOWN)
            c->leg->client = r->leg->client = wr_endpoint_none();
        if (which == DATAGRAMS || which == ITS_DATAGRAMS)
            (which == DATAGRAMS ? c : r)->leg->two_ended = true;
        if (which == DIRECTION_NOT_KNOWN)
            r->direction = WR_DIRECTION_UNKNOWN;
        if (which == SAME_DIRECTION || which == CLIENT_NOT_KNOWN || which == DIRECTION_NOT_KNOWN)
            r->call = "says it";      /* as the same client it would be another matter */
        if (which == OF_THE_ANSWER) { /* its partner was told too late; the two of offers were told in time */
            x = told(&d, true, false, sha256_of(3), NULL);
            y = told(&d, true, true, sha256_of(4), NULL);
            x->call = y->call = "says it";
            x->leg->client = y->leg->client = c->leg->client;
            x->direction = WR_DIRECTION_EMITTED;
            y->direction = WR_DIRECTION_DELIVERED;
            y->time_us = x->time_us + 1;
            r->time_us = c->time_us - 1;
            c->partner = x;
        }
        wr_session_drop_strangers(d.c.e, d.s);
        g_test_message("case %d", which);
        g_assert_true(against(&d, of_told ? r : c) == (which < TOO_LATE ? (of_told ? c : r) : NULL));
        c->partner = NULL;
        desk_end(&d);
    }
}

/* ---- borne out ---- */

/* A description is in force that the checks of the call name; where they name others, or there are none, it is as it
 * was. */
static void test_borne_out(void)
{
    enum {
        NAMED,
        NAMED_BACK,
        NO_CHECKS,
        NOT_VERIFIED, /* the path is not bound by them */
        FILE_SAYS,
        BESIDE_NAMED, /* another description of its connection is */
        BORNE_OUT,    /* all that are are before */
        OTHER_NAMES = BORNE_OUT,
        OTHER_PASSWORD,
        NO_PASSWORD,
        BESIDE_ON_OTHER_CONNECTION,
        BESIDE_ON_OTHER_LEG,
        BESIDE_DATAGRAMS,
        BESIDE_NO_DIRECTION,
        BESIDE_DOUBTED,
        BESIDE_NOT_SENT,
        BESIDE_SAID_TWICE,
        CASES
    };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d), *second = flow_of(&d);
        wr_association *a = handshake_of(&d, f, WR_A_VERIFIED);
        wr_copy *c = say_words(&d, 1, ALICE, WR_DIRECTION_EMITTED, 1), *o = NULL;
        text_t t = answer_text();
        wr_check *k;

        wr_list_add(&a->flows, second);
        a->binding = which == NOT_VERIFIED ? WR_B2 : WR_B1;
        if (which == NAMED || which == OTHER_PASSWORD || which == NO_PASSWORD) {
            k = check_of(i % 2 != 0 ? second : f, 1, "AAAA", "XXXX", 5);
            if (which != NO_PASSWORD)
                prove(k, which == NAMED ? PWD_A : "anotherpasswordofanother", true);
        } else if (which == NAMED_BACK) {
            prove(check_of(i % 2 != 0 ? second : f, 0, "XXXX", "AAAA", 5), PWD_B, true);
        } else if (which != NO_CHECKS) {
            prove(check_of(f, 0, "YYYY", "XXXX", 5), PWD_B, true);
        }
        if (which == BESIDE_NAMED || which >= BESIDE_ON_OTHER_CONNECTION) {
            t.ufrag = "YYYY";
            o = say(&d.c,
                    (way_t){.client = ALICE,
                            .connection = which == BESIDE_ON_OTHER_LEG ? 2 : 1,
                            .direction = WR_DIRECTION_DELIVERED,
                            .kind = WR_KIND_ANSWER},
                    &t);
            if (i % 2 != 0)
                g_ptr_array_insert(d.s->copies, 0, o);
            else
                g_ptr_array_add(d.s->copies, o);
        }
        if (which == BESIDE_ON_OTHER_CONNECTION)
            o->connection = 2;
        if (which == BESIDE_ON_OTHER_LEG)
            o->connection = c->connection;
        c->leg->two_ended = which == BESIDE_DATAGRAMS;
        if (which == BESIDE_NO_DIRECTION)
            c->direction = WR_DIRECTION_UNKNOWN;
        c->doubted = which == BESIDE_DOUBTED ? 7 : 0;
        c->unsent = which == BESIDE_NOT_SENT ? 7 : 0;
        c->said_twice = which == BESIDE_SAID_TWICE;
        if (which == FILE_SAYS)
            c->carrier = WR_CARRIER_STATEMENT;
        if (which == NO_CHECKS)
            d.s->associations->len = 0;
        g_test_message("case %d", which);
        g_assert_true(wr_copy_is_borne_out(d.s, c) == (which < BORNE_OUT));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contradicted/of_one_client", test_of_one_client);
    g_test_add_func("/contradicted/said_twice", test_said_twice);
    g_test_add_func("/contradicted/of_another_client", test_of_another_client);
    g_test_add_func("/contradicted/not_joined", test_not_joined);
    g_test_add_func("/contradicted/told_too_late", test_told_too_late);
    g_test_add_func("/contradicted/borne_out", test_borne_out);
    return g_test_run();
}
