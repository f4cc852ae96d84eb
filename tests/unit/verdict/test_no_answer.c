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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/no_answer/lost_answer", test_lost_answer);
    g_test_add_func("/no_answer/nothing_known", test_nothing_known);
    g_test_add_func("/no_answer/often", test_often);
    return g_test_run();
}
