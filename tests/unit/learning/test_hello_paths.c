/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One handshake on several paths, or many on one: what makes two glimpses the same (rules 2.9), what is somebody
 * sending again what he saw elsewhere, and who makes room where a path is full. Bob is the client.
 */
#include "hello_build.h"

#include "learn.h"

#define HERE  BOBS, ALICES /* from the client */
#define THERE at("198.51.100.2", 9), at("198.51.100.1", 9)

static wr_association *hello_between(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, bool client, hello_t h)
{
    return feed_own(c, ms, src, dst,
                    event_with(client ? WR_HS_CLIENT_HELLO : WR_HS_SERVER_HELLO, h.seq, hello_body(client, &h)));
}

static wr_association *asked(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, unsigned random)
{
    return hello_between(c, ms, src, dst, true, (hello_t){.random = random});
}

/* The ends as for the client: the answer goes the other way. */
static wr_association *answered(call_t *c, int64_t ms, wr_endpoint client, wr_endpoint server, unsigned random)
{
    return hello_between(c, ms, server, client, false, (hello_t){.random = random});
}

static void completed(call_t *c, wr_endpoint client, wr_endpoint server)
{
    finish(c, client, server);
    finish(c, server, client);
}

/* ---- the same handshake ---- */

/* What the two hellos say, and what is there already, when a handshake comes to another path. */
static void test_second_path(void)
{
    enum {
        AS_IT_IS,
        OTHER_ANSWER,
        OTHER_VERSION,
        OTHER_UNDER_WAY,          /* one that is not through there */
        OTHER_COMPLETED,          /* one that is */
        OTHER_COMPLETED_ON_BOTH,  /* one that is, and goes over a third path as well */
        OTHER_COMPLETED_AND_LATE, /* the same, but the hello was there first */
        CLOCK_BACK,               /* the same, but by its time it was not */
        AT_ONE_TIME,
        CASES
    };

    for (int which = AS_IT_IS; which < CASES; which++) {
        call_t c = call_begin(NULL);
        const bool early = which >= OTHER_COMPLETED_AND_LATE;
        const wr_endpoint x = at("198.51.100.2", 77), y = at("198.51.100.1", 77);
        wr_association *a, *got;
        if (which >= OTHER_UNDER_WAY) {
            asked(&c, 10, THERE, 11);
            answered(&c, 10, THERE, 12);
            if (which == OTHER_COMPLETED_ON_BOTH) {
                asked(&c, 10, x, y, 11);
                answered(&c, 10, x, y, 12);
            }
            if (which >= OTHER_COMPLETED)
                completed(&c, THERE);
        }
        if (early)
            asked(&c, 10, THERE, 1);
        if (which == CLOCK_BACK)
            c.us -= 500 * MS;
        asked(&c, which == AT_ONE_TIME ? 0 : 10, HERE, 1);
        a = answered(&c, 10, HERE, 2);
        if (!early)
            asked(&c, 10, THERE, 1);
        got = which == OTHER_VERSION ? hello_between(&c, 10, at("198.51.100.1", 9), at("198.51.100.2", 9), false,
                                                     (hello_t){.random = 2, .of_13 = true, .suites = {0x1301}})
                                     : answered(&c, 10, THERE, which == OTHER_ANSWER ? 4 : 2);
        g_test_message("case %d", which);
        g_assert_true((got == a) == (which != OTHER_ANSWER && which != OTHER_VERSION));
        g_assert_cmpuint(
            a->flows.len, ==,
            which == OTHER_ANSWER || which == OTHER_VERSION || which == OTHER_COMPLETED || which == CLOCK_BACK ? 1 : 2);
        call_end(&c);
    }
}

/* Who passes packets on does so while the handshake goes on: what comes to another path of the same capture point when
 * it is over was sent again. */
static void test_was_over(void)
{
    enum { BEFORE, IN_THE_LAST_FRAME, AFTER, ONE_FINISHED, CASES };

    for (int i = 0; i < 4 * CASES; i++) {
        const int which = i % CASES;
        const bool other_point = i / CASES % 2 != 0, alone = i / CASES / 2 != 0; /* alone: no ClientHello there */
        call_t c = call_begin(NULL);
        wr_association *a, *b = NULL;
        const wr_flow *there;
        bool joined;
        asked(&c, 10, HERE, 1);
        a = answered(&c, 10, HERE, 2);
        if (which == BEFORE && !alone)
            b = asked(&c, 10, THERE, 1);
        if (which == BEFORE && alone)
            answered(&c, 10, THERE, 2);
        finish(&c, HERE);
        if (which != ONE_FINISHED)
            finish(&c, ALICES, BOBS);
        if (other_point)
            a->point = 1;
        if (which != BEFORE && !alone)
            b = asked(&c, which == IN_THE_LAST_FRAME ? -1 : 10, THERE, 1);
        answered(&c, which == IN_THE_LAST_FRAME && alone ? -1 : 10, THERE, 2);
        there = b != NULL ? b->flow : NULL;
        joined = which != AFTER || other_point;
        g_test_message("case %d, %s, %s", which, other_point ? "other point" : "here", alone ? "alone" : "asked");
        g_assert_cmpuint(a->flows.len, ==, joined ? 2 : 1);
        if (b != NULL)
            g_assert_true(b->absorbed == a && wr_list_has(&a->flows, there) == joined);
        call_end(&c);
    }
}

/* A bound on paths; what comes on those beyond is still its own. */
static void test_many_paths(void)
{
    for (int alone = 0; alone < 2; alone++) {
        call_t c = call_begin(NULL);
        wr_dtls_event data = event_of(WR_DTLS_APPLICATION_DATA, 0);
        const wr_association *a;
        data.epoch = 1;
        asked(&c, 1, HERE, 1);
        a = answered(&c, 1, HERE, 2);
        for (uint16_t i = 1; i < WR_MAX_FLOWS_PER_ASSOCIATION + 2; i++) {
            const wr_endpoint client = at("198.51.100.2", i), server = at("198.51.100.1", i);
            const uint32_t before = a->side[0].data_records;
            if (!alone)
                asked(&c, 1, client, server, 1);
            g_assert_true(answered(&c, 1, client, server, 2) == a);
            g_assert_cmpuint(a->flows.len, ==, MIN(i + 1, WR_MAX_FLOWS_PER_ASSOCIATION));
            feed(&c, 1, client, server, &data);
            g_assert_cmpuint(a->side[0].data_records, ==, before + 1);
        }
        call_end(&c);
    }
}

/* An answer that was seen elsewhere, and that nobody went on with there, is that of who is waiting for it here. */
static void test_seen_elsewhere(void)
{
    enum { ALONE, WITH_KEYS, ASKED, ASKED_BUT_UNSIGNED, UNSIGNED_AND_COMPLETED, CASES };

    for (int which = ALONE; which < CASES; which++) {
        call_t c = call_begin(NULL);
        wr_association *a, *b;
        if (which >= ASKED)
            asked(&c, 10, THERE, 1);
        a = answered(&c, 10, THERE, 2);
        if (which == WITH_KEYS || which == UNSIGNED_AND_COMPLETED)
            completed(&c, THERE);
        if (which >= ASKED_BUT_UNSIGNED) {
            a->messages->tried = true; /* as its signature told */
            a->possession[1] = WR_POSSESSION_INVALID;
        }
        b = asked(&c, 10, HERE, which == ASKED ? 1 : 3);
        answered(&c, 10, HERE, 2);
        g_test_message("case %d", which);
        g_assert_true(a->absorbed == (which == ALONE || which == ASKED_BUT_UNSIGNED ? b : NULL));
        if (which == WITH_KEYS) /* nobody knows what it answered: it may be this */
            g_assert_true(b->absorbed == a);
        if (which == ASKED)
            g_assert_true(b->absorbed == a);
        if (which == UNSIGNED_AND_COMPLETED)
            g_assert_false(b->has_server_random);
        call_end(&c);
    }
}

/* ---- many on one path ---- */

typedef enum { THROUGH, SIGNED, KEYED_13, HAS_BOTH, ANSWER_ALONE, WAITING, UNSIGNED } worth_t;

static void make(call_t *c, unsigned number, worth_t worth)
{
    wr_dtls_event v = event_of(WR_DTLS_CLIENT_HELLO, 0);
    wr_dtls_evidence d = {.event = &v};
    wr_association *a;
    wr_flow *f;
    int from;

    d.at = next(c, 1, HERE);
    d.how.peer = wr_endpoint_none();
    f = wr_flow_get(c->e, &d.at, &d.how, &from);
    a = wr_association_new(c->e, f, &d);
    g_assert_nonnull(a);
    g_assert_cmpuint(a->number, ==, number + 1);
    a->has_client_random = worth != ANSWER_ALONE;
    a->has_server_random = worth != WAITING;
    if (worth == THROUGH)
        a->side[0].finished_frame = a->side[1].finished_frame = 1;
    if (worth == SIGNED)
        a->possession[1] = WR_POSSESSION_PROVED;
    if (worth == UNSIGNED)
        a->possession[1] = WR_POSSESSION_INVALID;
    if (worth == KEYED_13) {
        a->version = WR_DTLS_1_3;
        a->side[0].first_encrypted_frame = a->side[1].first_encrypted_frame = 1;
    }
}

/* Who gives way when one more comes, and whether what is known is then less than there was. */
static void test_full_path(void)
{
    static const struct {
        const char *words;
        worth_t all, one, other; /* of one at 5, the other at 9 */
        int gone;                /* -1: the new one itself */
        bool crowded;
    } rows[] = {
        {"all went through", THROUGH, THROUGH, THROUGH, -1, true},
        {"all are signed", SIGNED, SIGNED, SIGNED, -1, true},
        {"all of 1.3 have keys", KEYED_13, KEYED_13, KEYED_13, -1, true},
        {"two wait for an answer", THROUGH, WAITING, WAITING, 5, true},
        {"two were not gone on with", THROUGH, HAS_BOTH, HAS_BOTH, 5, false},
        {"one waits, one was not gone on with", THROUGH, WAITING, HAS_BOTH, 9, false},
        {"one waits, one is an answer alone", THROUGH, WAITING, ANSWER_ALONE, 9, false},
        {"one is an answer alone, one was not gone on with", SIGNED, ANSWER_ALONE, HAS_BOTH, 5, false},
        {"two whose signatures do not fit", KEYED_13, UNSIGNED, UNSIGNED, 5, false},
        {"one whose signature does not fit is behind", KEYED_13, HAS_BOTH, UNSIGNED, 9, false},
        {"nothing was gone on with", HAS_BOTH, THROUGH, SIGNED, 0, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const wr_association *first, *a;
        const wr_flow *f;
        for (unsigned k = 0; k < WR_MAX_ASSOCIATIONS_PER_FLOW; k++)
            make(&c, k, k == 5 ? rows[i].one : k == 9 ? rows[i].other : rows[i].all);
        first = g_ptr_array_index(c.e->associations, 0);
        f = first->flow;
        g_assert_cmpuint(f->associations.len, ==, WR_MAX_ASSOCIATIONS_PER_FLOW);
        g_assert_cmpuint(c.e->limits->len, ==, 0);
        a = asked(&c, 10, HERE, 99);
        g_test_message("%s", rows[i].words);
        g_assert_cmpuint(f->associations.len, ==, WR_MAX_ASSOCIATIONS_PER_FLOW);
        g_assert_true(f->crowded == rows[i].crowded);
        for (unsigned k = 0; k < WR_MAX_ASSOCIATIONS_PER_FLOW; k++)
            g_assert_true(wr_list_has(&f->associations, g_ptr_array_index(c.e->associations, k)) ==
                          ((int)k != rows[i].gone));
        g_assert_true((a == NULL) == (rows[i].gone < 0));
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hello_paths/second_path", test_second_path);
    g_test_add_func("/hello_paths/was_over", test_was_over);
    g_test_add_func("/hello_paths/many_paths", test_many_paths);
    g_test_add_func("/hello_paths/seen_elsewhere", test_seen_elsewhere);
    g_test_add_func("/hello_paths/full_path", test_full_path);
    return g_test_run();
}
