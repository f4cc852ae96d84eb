/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a handshake is given up: the server's answer does not get to the client, or nobody answers so often that those
 * before the last had all the time; each condition, and each just missed.
 */
#include "records_build.h"

#include "verdict/handshake_failure.h"

/* The server answered; the client sent its ClientHello twice more, the last a second later, and a second passed. */
static wr_association *ignored(desk_t *d)
{
    wr_association *a = handshake_of(d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
    wr_beginning *b = &wr_hello_facts_of(a)->beginning;

    a->side[0].finished_frame = a->side[1].finished_frame = 0;
    a->server_hello_us = d->c.us;
    b->ignored = 2;
    b->ignored_us = d->c.us + S;
    d->c.e->last_us = d->c.us + 2 * S;
    return a;
}

static void test_lost_answer(void)
{
    enum {
        LOST,
        ONCE,
        SOON,
        NO_TIME_LEFT,
        NO_ANSWER,
        CLIENT_CCS,
        CLIENT_FINISHED,
        CLIENT_EXCHANGE,
        CLIENT_CERTIFICATE,
        CLIENT_DATA,
        SERVER_CCS,
        SERVER_FINISHED,
        SERVER_DATA,
        CLIENT_MEDIA,
        SERVER_MEDIA,
        SERVERS_FLIGHT,
        MEDIA_BEFORE,
        OFTEN,
        CASES
    };

    for (int which = LOST; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = ignored(&d);
        wr_beginning *b = &wr_hello_facts_of(a)->beginning;
        wr_side *client = &a->side[0], *server = &a->side[1];
        const bool lost = which == LOST || which >= SERVERS_FLIGHT;

        b->ignored = which == ONCE ? 1 : which == OFTEN ? 9 : 2;
        b->ignored_us -= which == SOON;
        d.c.e->last_us -= which == NO_TIME_LEFT || which == SOON;
        a->has_server_random = which != NO_ANSWER;
        client->ccs_frame = which == CLIENT_CCS;
        client->finished_frame = which == CLIENT_FINISHED;
        client->key_exchange_seq = which == CLIENT_EXCHANGE;
        client->presented.frame = which == CLIENT_CERTIFICATE;
        client->data_records = which == CLIENT_DATA;
        server->ccs_frame = which == SERVER_CCS;
        server->finished_frame = which == SERVER_FINISHED;
        server->data_records = which == SERVER_DATA;
        if (which == SERVERS_FLIGHT) { /* what it answered with */
            server->presented.frame = 5;
            server->key_exchange_seq = 3;
        }
        if (which == CLIENT_MEDIA || which == SERVER_MEDIA || which == MEDIA_BEFORE)
            wr_flow_traffic(a->flow)[which == SERVER_MEDIA ? 0 : 1].last_us = d.c.us + (which == MEDIA_BEFORE ? 0 : 1);
        g_test_message("case %d", which);
        g_assert_true(wr_association_lost_answer(d.c.e, a) == lost);
        desk_end(&d);
    }
}

/* Of whom nothing of how it began is known. */
static void test_nothing_known(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);

    a->side[0].finished_frame = a->side[1].finished_frame = 0;
    d.c.e->last_us = a->last_us + 100 * S;
    g_assert_false(wr_association_lost_answer(d.c.e, a));
    g_assert_false(wr_association_never_finished(a));
    a->has_server_random = false;
    g_assert_false(wr_association_gave_up(d.c.e, a));
    desk_end(&d);
}

/* Whichever end of the flow the client is, so that it is known who waits for whom. */
static void test_never_finished(void)
{
    for (int end = -1; end < 2; end++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
        wr_beginning *b = &wr_hello_facts_of(a)->beginning;

        a->client_end = (int8_t)end;
        a->side[1].finished_frame = 0;
        a->side[0].finished_us = d.c.us;
        b->flights = 3;
        b->flight_us = d.c.us + S;
        g_assert_true(wr_association_never_finished(a) == (end >= 0));
        desk_end(&d);
    }
}

/* The capture ends with the last hello: six in three seconds say enough. */
static void test_often(void)
{
    static const struct {
        unsigned times;
        int64_t span_ms, ago_ms;
        bool gave_up;
    } rows[] = {{6, 3000, 0, true},    {5, 3000, 0, false},   {6, 2999, 0, false},    {20, 9000, 999, true},
                {3, 1000, 999, false}, {3, 1000, 1000, true}, {2, 9000, 9000, false}, {3, 999, 9000, false}};

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 2;
        const bool parts = i % 2 != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = ignored(&d);
        wr_beginning *b = &wr_hello_facts_of(a)->beginning;

        a->has_server_random = false;
        a->has_client_random = !parts;
        *(parts ? &b->fragments : &b->hellos) = (uint16_t)rows[n].times;
        b->first_us = d.c.us;
        b->last_us = d.c.us + rows[n].span_ms * MS;
        d.c.e->last_us = b->last_us + rows[n].ago_ms * MS;
        g_test_message("row %u, %s", n, parts ? "parts" : "whole");
        g_assert_true(wr_association_gave_up(d.c.e, a) == rows[n].gave_up);
        desk_end(&d);
    }
}

/* ---- what is said ---- */

static void says(desk_t *d, const wr_association *a, const char *words, bool said)
{
    GString *out = g_string_new(NULL);

    g_assert_true(wr_association_say_failure(out, NULL, d->c.e, a));
    g_test_message("%s", out->str);
    g_assert_true((strstr(out->str, words) != NULL) == said);
    g_string_free(out, TRUE);
}

/* What was offered is not known any more, or never was. */
static void test_nothing_offered(void)
{
    for (unsigned i = 0; i < 2; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_HANDSHAKE_FAILED);

        if (i == 1)
            wr_hello_facts_of(a)->n_suites = 1;
        a->side[1].alert = 40;
        a->side[1].alert_frame = 90;
        says(&d, a, "offered at most", false);
        says(&d, a, "the server (frame 0) chose", true);
        desk_end(&d);
    }
}

/* What the same server chose elsewhere, whichever end of a flow the clients are. */
static void test_chosen_elsewhere(void)
{
    for (unsigned i = 0; i < 9; i++) {
        const int8_t own = (int8_t)(i % 3 - 1), its = (int8_t)(i / 3 - 1);
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_HANDSHAKE_FAILED);
        wr_association *o = handshake_of(&d, NULL, WR_A_VERIFIED);

        a->has_server_random = false;
        a->side[0].alert = 40;
        a->side[0].alert_frame = 90;
        a->client_end = own;
        o->client_end = its;
        g_ptr_array_add(d.c.e->associations, o);
        says(&d, a, "in another handshake the same server", own >= 0 && its >= 0);
        g_ptr_array_steal_index(d.c.e->associations, 0); /* the desk has it */
        desk_end(&d);
    }
}

/* What was seen on one path is not forgotten for another on which nothing came. */
static void test_sign_on_first_path(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_HANDSHAKE_FAILED);

    a->has_server_random = false;
    a->side[0].finished_frame = a->side[1].finished_frame = 0;
    wr_flow_traffic(a->flow)[0] = (wr_traffic){.packets = 1, .last_frame = 32};
    wr_list_add(&a->flows, flow_of(&d));
    says(&d, a, "the other end is there, it sent something in frame 32", true);
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/no_answer/lost_answer", test_lost_answer);
    g_test_add_func("/no_answer/nothing_known", test_nothing_known);
    g_test_add_func("/no_answer/never_finished", test_never_finished);
    g_test_add_func("/no_answer/often", test_often);
    g_test_add_func("/no_answer/nothing_offered", test_nothing_offered);
    g_test_add_func("/no_answer/chosen_elsewhere", test_chosen_elsewhere);
    g_test_add_func("/no_answer/sign_on_first_path", test_sign_on_first_path);
    return g_test_run();
}
