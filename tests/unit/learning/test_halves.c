/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two halves of one handshake that were read as two become one, with all that each had seen; two handshakes never do.
 */
#include "learn.h"
#include "records_build.h"

/* Alice is end 0; by its client_end the roles of a half are known. */
static wr_association *half(desk_t *d, wr_flow *f, int client_end)
{
    wr_association *a = handshake_of(d, f, WR_A_PENDING);

    a->client_end = (int8_t)client_end;
    a->has_client_random = a->has_server_random = false;
    a->node = wr_node_new(d->c.e, NULL, a);
    a->first_us = a->last_us = d->c.us;
    for (int s = 0; s < 2; s++)
        a->side[s].finished_frame = 0;
    return a;
}

/* ---- what are halves ---- */

enum {
    HALVES,
    OTHER_PATH,
    LATE,
    JUST_IN_TIME,
    IS_PART,
    HAS_PART,
    OTHER_CLIENT_END,
    SAME_CLIENT_END,
    OTHER_CLIENT_RANDOM,
    SAME_CLIENT_RANDOM,
    OTHER_SERVER_RANDOM,
    SAME_SERVER_RANDOM,
    ONE_CERTIFICATE,
    OTHER_ONE_CERTIFICATE,
    SAME_CERTIFICATE,
    OTHER_CERTIFICATE,
    EMPTY_AND_SHOWN,
    SHOWN_AND_EMPTY,
    BOTH_EMPTY,
    ONE_EMPTY,
    CASES
};

static bool are_halves(int which)
{
    switch (which) {
    case HALVES:
    case JUST_IN_TIME:
    case SAME_CLIENT_END:
    case SAME_CLIENT_RANDOM:
    case SAME_SERVER_RANDOM:
    case ONE_CERTIFICATE:
    case OTHER_ONE_CERTIFICATE:
    case SAME_CERTIFICATE:
    case BOTH_EMPTY:
    case ONE_EMPTY:
        return true;
    default:
        return false;
    }
}

static void test_halves(void)
{
    for (int i = 0; i < 4 * CASES; i++) {
        const int which = i / 4, side = i % 2;
        const bool turned = i / 2 % 2 != 0;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = half(&d, f, -1), *b = half(&d, which == OTHER_PATH ? NULL : f, -1), *first, *second;
        const bool both_client = which == OTHER_CLIENT_RANDOM || which == SAME_CLIENT_RANDOM;
        const bool both_server = which == OTHER_SERVER_RANDOM || which == SAME_SERVER_RANDOM;

        a->has_client_random = true;
        b->has_client_random = both_client;
        b->client_random[0] = which == OTHER_CLIENT_RANDOM;
        b->has_server_random = both_server;
        a->has_server_random = both_server;
        b->server_random[31] = which == OTHER_SERVER_RANDOM;
        if (which == LATE || which == JUST_IN_TIME)
            b->first_us = b->last_us = a->last_us + S + (which == LATE);
        if (which == IS_PART)
            b->absorbed = a;
        if (which == HAS_PART)
            a->absorbed = b;
        if (which == OTHER_CLIENT_END || which == SAME_CLIENT_END) {
            a->client_end = 0;
            b->client_end = which == SAME_CLIENT_END ? 0 : 1;
        }
        if (which == ONE_CERTIFICATE || which == SAME_CERTIFICATE || which == OTHER_CERTIFICATE ||
            which == SHOWN_AND_EMPTY)
            shows(&d, a, side, BOB_HAS);
        if (which == OTHER_ONE_CERTIFICATE || which == SAME_CERTIFICATE || which == EMPTY_AND_SHOWN)
            shows(&d, b, side, BOB_HAS);
        if (which == OTHER_CERTIFICATE)
            shows(&d, b, side, MALLORY_HAS);
        a->side[side].presented.empty = which == EMPTY_AND_SHOWN || which == BOTH_EMPTY;
        b->side[side].presented.empty = which == SHOWN_AND_EMPTY || which == BOTH_EMPTY || which == ONE_EMPTY;
        first = turned ? b : a;
        second = turned ? a : b;
        g_test_message("case %d, side %d%s", which, side, turned ? ", turned" : "");
        g_assert_true((wr_association_join_halves(d.c.e, first, second) != NULL) == are_halves(which));
        g_assert_null(wr_association_join_halves(d.c.e, a, a));
        desk_end(&d);
    }
}

/* ---- what becomes of both ---- */

/* The one whose ServerHello is known stays, whichever comes first. */
static void test_which_stays(void)
{
    for (unsigned i = 0; i < 4; i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = half(&d, f, -1), *b = half(&d, f, -1), *kept;

        a->has_server_random = (i & 1) != 0;
        b->has_server_random = (i & 2) != 0;
        kept = wr_association_join_halves(d.c.e, a, b);
        g_assert_true(kept == (i == 2 ? b : a));
        g_assert_true((kept == a ? b : a)->absorbed == kept);
        g_assert_null(kept->absorbed);
        g_assert_true(kept->dirty);
        g_assert_cmpuint(wr_node_root(d.c.e, a->node), ==, wr_node_root(d.c.e, b->node));
        desk_end(&d);
    }
}

/* Bob's end is 1. In the one half roles are not known, in the other he is the client: each side gets what is its own.
 */
static void test_sides(void)
{
    for (unsigned i = 0; i < 2; i++) {
        const bool known_first = i != 0;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *known = half(&d, f, 1), *open = half(&d, f, -1), *kept;
        wr_side *bobs = &known->side[0], *alices = &open->side[0];

        known->has_client_random = true;
        known->client_random[0] = 0xB0;
        known->client_hello = 12;
        known->session_id = 5;
        open->has_server_random = !known_first;
        open->issued_id = 5;
        bobs->ccs_frame = 21;
        bobs->n_ccs = 2;
        bobs->finished_frame = 22;
        bobs->finished_us = 220;
        bobs->first_encrypted_frame = 23;
        bobs->data_records = 3;
        bobs->data_bytes = 300;
        bobs->data_first_us = 50;
        bobs->data_last_us = 60;
        bobs->data_last_frame = 29;
        alices->alert_frame = 31;
        alices->alert = 40;
        alices->alert_us = 310;
        alices->encrypted_alert_frame = 32;
        alices->key_exchange_seq = 4;
        alices->hello_seq = 1;
        open->certificate_requested = true;
        shows(&d, known, 0, BOB_HAS);
        shows(&d, open, 0, ALICE_HAS);
        kept = wr_association_join_halves(d.c.e, known_first ? known : open, known_first ? open : known);
        g_assert_true(kept == (known_first ? known : open));
        g_assert_cmpint(kept->client_end, ==, 1);
        g_assert_true(kept->has_client_random && kept->client_random[0] == 0xB0);
        g_assert_cmpuint(kept->client_hello, ==, 12);
        g_assert_true(kept->certificate_requested);
        if (!known_first)
            g_assert_true(kept->session_echo);
        bobs = &kept->side[0];
        alices = &kept->side[1];
        g_assert_cmpuint(bobs->ccs_frame, ==, 21);
        g_assert_cmpuint(bobs->n_ccs, ==, 2);
        g_assert_cmpuint(bobs->finished_frame, ==, 22);
        g_assert_cmpint(bobs->finished_us, ==, 220);
        g_assert_cmpuint(bobs->first_encrypted_frame, ==, 23);
        g_assert_cmpuint(bobs->data_records, ==, 3);
        g_assert_cmpint(bobs->data_first_us, ==, 50);
        g_assert_cmpuint(bobs->alert_frame, ==, 0);
        g_assert_cmpuint(alices->alert_frame, ==, 31);
        g_assert_cmpuint(alices->alert, ==, 40);
        g_assert_cmpuint(alices->encrypted_alert_frame, ==, 32);
        g_assert_cmpuint(alices->key_exchange_seq, ==, 4);
        g_assert_cmpuint(alices->hello_seq, ==, 1);
        g_assert_cmpuint(alices->finished_frame, ==, 0);
        g_assert_cmpuint(alices->data_records, ==, 0);
        g_assert_true(wr_certificate_same(bobs->presented.certificate, d.certificate[BOB_HAS]));
        g_assert_true(wr_certificate_same(alices->presented.certificate, d.certificate[ALICE_HAS]));
        desk_end(&d);
    }
}

/* What both saw of one side: the first of each, the sum of what is counted, and the whole time. */
static void test_seen_by_both(void)
{
    desk_t d = desk_begin(NULL);
    wr_flow *f = flow_of(&d);
    wr_association *a = half(&d, f, 1), *b = half(&d, f, 1);
    const wr_side *s = &a->side[0];

    a->side[0].alert_frame = 15;
    a->side[0].alert = 10;
    b->side[0].alert_frame = 16;
    b->side[0].alert = 20;
    a->side[0].finished_frame = 11;
    b->side[0].finished_frame = 12;
    a->side[0].key_exchange_seq = 2;
    b->side[0].key_exchange_seq = 3;
    a->side[0].data_records = b->side[0].data_records = 2;
    a->side[0].data_first_us = 200;
    a->side[0].data_last_us = 300;
    b->side[0].data_first_us = 100;
    b->side[0].data_last_us = 400;
    b->side[0].data_last_frame = 44;
    b->first_us = a->first_us - 5;
    b->last_us = a->last_us + 9;
    b->last_frame = a->last_frame + 9;
    g_assert_true(wr_association_join_halves(d.c.e, a, b) == a);
    g_assert_cmpuint(s->alert_frame, ==, 15);
    g_assert_cmpuint(s->alert, ==, 10);
    g_assert_cmpuint(s->finished_frame, ==, 11);
    g_assert_cmpuint(s->key_exchange_seq, ==, 2);
    g_assert_cmpuint(s->data_records, ==, 4);
    g_assert_cmpint(s->data_first_us, ==, 100);
    g_assert_cmpint(s->data_last_us, ==, 400);
    g_assert_cmpuint(s->data_last_frame, ==, 44);
    g_assert_cmpint(a->first_us, ==, b->first_us);
    g_assert_cmpuint(a->first_frame, ==, b->first_frame);
    g_assert_cmpint(a->last_us, ==, b->last_us);
    desk_end(&d);
}

/* Frames of both in their order, each once. */
static void test_frames(void)
{
    static const uint32_t more[] = {50, 300, 112, 110, 50, 115};
    static const uint32_t wanted[] = {50, 110, 112, 115, 120, 300};
    desk_t d = desk_begin(NULL);
    wr_flow *f = flow_of(&d);
    wr_association *a = half(&d, f, 1), *b = half(&d, f, 1);

    g_assert_cmpuint(a->n_frames, ==, 1);
    g_assert_cmpuint(a->frames[0], ==, 110);
    b->n_frames = 0;
    g_free(b->frames);
    b->frames = NULL;
    wr_association_add_frame(a, 1, 120);
    for (unsigned i = 0; i < G_N_ELEMENTS(more); i++)
        wr_association_add_frame(b, i, more[i]);
    g_assert_true(wr_association_join_halves(d.c.e, a, b) == a);
    g_assert_cmpmem(a->frames, a->n_frames * sizeof a->frames[0], wanted, sizeof wanted);
    desk_end(&d);
}

/* No more frames than are kept. */
static void test_many_frames(void)
{
    for (unsigned had = WR_ASSOCIATION_FRAMES - 2; had <= WR_ASSOCIATION_FRAMES; had++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = half(&d, f, 1), *b = half(&d, f, 1);

        for (unsigned i = 1; i < had; i++)
            wr_association_add_frame(a, i, a->frames[0] + i);
        wr_association_add_frame(b, 1, 500);
        wr_association_add_frame(b, 2, 600);
        b->frames[0] = a->frames[0];
        g_assert_true(wr_association_join_halves(d.c.e, a, b) == a);
        g_assert_cmpuint(a->n_frames, ==, WR_ASSOCIATION_FRAMES);
        g_assert_cmpuint(a->frames[WR_ASSOCIATION_FRAMES - 1], ==,
                         had == WR_ASSOCIATION_FRAMES       ? a->frames[0] + had - 1
                         : had == WR_ASSOCIATION_FRAMES - 1 ? 500
                                                            : 600);
        desk_end(&d);
    }
}

/* What one of them alone has; what both have is that of the one that stays. */
static void test_what_one_has(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool first = i % 2 != 0, second = i / 2 != 0;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = half(&d, f, 1), *b = half(&d, f, 1);
        wr_media_proof *proofs[2] = {first ? g_new0(wr_media_proof, 1) : NULL,
                                     second ? g_new0(wr_media_proof, 1) : NULL};
        wr_handshake_messages *sealed[2] = {first ? g_new0(wr_handshake_messages, 1) : NULL,
                                            second ? g_new0(wr_handshake_messages, 1) : NULL};

        b->has_client_random = true;
        a->alpn = first ? "a" : NULL;
        b->alpn = second ? "b" : NULL;
        a->srtp = proofs[0];
        b->srtp = proofs[1];
        a->sealed = sealed[0];
        b->sealed = sealed[1];
        g_assert_true(wr_association_join_halves(d.c.e, a, b) == a);
        g_assert_cmpstr(a->alpn, ==, first ? "a" : second ? "b" : NULL);
        g_assert_true(a->srtp == proofs[first ? 0 : 1]);
        g_assert_true(a->sealed == sealed[first ? 0 : 1]);
        g_assert_true(b->srtp == (first ? proofs[1] : NULL) && b->sealed == (first ? sealed[1] : NULL));
        desk_end(&d);
    }
}

/* Its messages as well, but no answer of another version. */
static void test_messages(void)
{
    for (unsigned i = 0; i < 4; i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = half(&d, f, 1), *b = half(&d, f, 1);
        uint8_t body[] = {1, 2, 3};
        wr_handshake_message m = {.type = WR_HS_SERVER_HELLO, .role = 1, .length = sizeof body, .body = body};
        bool is_new;

        a->version = i % 2 != 0 ? WR_DTLS_1_3 : WR_DTLS_1_2;
        b->version = i / 2 != 0 ? WR_DTLS_1_3 : WR_DTLS_1_2;
        wr_handshake_messages_add(&b->messages, &m, &is_new);
        m.type = WR_HS_CERTIFICATE_REQUEST;
        wr_handshake_messages_add(&b->messages, &m, &is_new);
        g_assert_true(wr_association_join_halves(d.c.e, a, b) == a);
        g_assert_cmpuint(a->messages->n, ==, a->version == b->version ? 2 : 1);
        g_assert_cmpuint(a->messages->list[a->messages->n - 1].type, ==, WR_HS_CERTIFICATE_REQUEST);
        desk_end(&d);
    }
}

/* Tickets that one half alone saw. */
static void test_tickets(void)
{
    for (unsigned i = 0; i < 4; i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = half(&d, f, 1), *b = half(&d, f, 1);

        if (i != 0)
            wr_hello_facts_of(a)->given_ticket = i == 2 ? 7 : 0;
        if (i == 2)
            a->facts->presented_ticket = 8;
        if (i != 3) {
            wr_hello_facts_of(b)->given_ticket = 17;
            b->facts->presented_ticket = 18;
        }
        g_assert_true(wr_association_join_halves(d.c.e, a, b) == a);
        g_assert_cmpuint(a->facts->given_ticket, ==, i == 3 ? 0 : i == 2 ? 7 : 17);
        g_assert_cmpuint(a->facts->presented_ticket, ==, i == 3 ? 0 : i == 2 ? 8 : 18);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/halves/which", test_halves);
    g_test_add_func("/halves/which_stays", test_which_stays);
    g_test_add_func("/halves/sides", test_sides);
    g_test_add_func("/halves/seen_by_both", test_seen_by_both);
    g_test_add_func("/halves/frames", test_frames);
    g_test_add_func("/halves/many_frames", test_many_frames);
    g_test_add_func("/halves/what_one_has", test_what_one_has);
    g_test_add_func("/halves/messages", test_messages);
    g_test_add_func("/halves/tickets", test_tickets);
    return g_test_run();
}
