/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of one handshake: who is who, how far it got, and what of it is whose. */
#include "records_build.h"

#include "records/handshake_messages.h"

#define ELSEWHERE "198.51.100.7"

/* Bob is the client, and Alice's end is the first of its flow. */

/* ---- roles ---- */

/* Who sends from an end of a path: where it was first seen, by its client; elsewhere by a hello that was seen there, by
 * an end in common, by the other, or by a host that is one side's alone. */
static void test_roles(void)
{
    static const struct {
        const char *words;
        bool first;           /* the path where it was first seen */
        int client_end, here; /* of that path, of this one; -1 unknown */
        const char *host[2];  /* of this path's ends */
        uint16_t port[2];
        int role[2]; /* of who sends from these */
    } rows[] = {
        {"first, the second end is the client", true, 1, 1, {ALICE, BOB}, {5000, 6000}, {1, 0}},
        {"first, the first end is the client", true, 0, -1, {ALICE, BOB}, {5000, 6000}, {0, 1}},
        {"first, and nobody knows", true, -1, -1, {ALICE, BOB}, {5000, 6000}, {0, 1}},
        {"by a hello here", false, 1, 0, {ALICE, BOB}, {5000, 6000}, {0, 1}},
        {"by another hello here", false, 1, 1, {ALICE, BOB}, {5000, 6000}, {1, 0}},
        {"by both ends", false, 1, -1, {ALICE, BOB}, {5000, 6000}, {1, 0}},
        {"by both ends, turned", false, 1, -1, {BOB, ALICE}, {6000, 5000}, {0, 1}},
        {"by one end", false, 1, -1, {ALICE, ELSEWHERE}, {5000, 9}, {1, 0}},
        {"by the other end", false, 1, -1, {ELSEWHERE, BOB}, {9, 6000}, {1, 0}},
        {"by the hosts", false, 1, -1, {ALICE, BOB}, {5001, 6001}, {1, 0}},
        {"by one host", false, 1, -1, {ELSEWHERE, BOB}, {9, 6001}, {-1, 0}},
        {"by nothing", false, 1, -1, {ELSEWHERE, ELSEWHERE}, {9, 10}, {-1, -1}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d), *other = flow_of(&d);
        wr_association *a = handshake_of(&d, f, WR_A_VERIFIED);
        wr_flow *asked = rows[i].first ? f : other;

        a->client_end = (int8_t)rows[i].client_end;
        asked->client_end = rows[i].here & 3;
        if (rows[i].here < 0)
            asked->client_end = -1;
        for (int end = 0; end < 2; end++)
            asked->end[end] = at(rows[i].host[end], rows[i].port[end]);
        g_test_message("%s", rows[i].words);
        for (int end = 0; end < 2; end++)
            g_assert_cmpint(wr_association_role(a, asked, end), ==, rows[i].role[end]);
        desk_end(&d);
    }
}

/* Two parties on one host are not told apart by it. */
static void test_roles_on_one_host(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
    wr_flow *other = flow_of(&d);

    a->side[0].end = at(ALICE, 6000);
    a->side[1].end = at(ALICE, 5000);
    other->end[0] = at(ALICE, 5001);
    other->end[1] = at(ALICE, 6001);
    g_assert_cmpint(wr_association_role(a, other, 0), ==, -1);
    other->end[0] = at(ALICE, 5000); /* by their ports they are */
    g_assert_cmpint(wr_association_role(a, other, 0), ==, 1);
    g_assert_cmpint(wr_association_role(a, other, 1), ==, 0);
    desk_end(&d);
}

/* Sides change places when the second end turns out to be the client, once, and on its own path. */
static void test_settle_roles(void)
{
    for (int i = 0; i < 8; i++) {
        const int client_end = i & 1;
        const bool known = (i & 2) != 0, elsewhere = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_flow *other = flow_of(&d);
        const bool turned = client_end == 1 && !known && !elsewhere;

        a->client_end = known ? 0 : -1;
        a->side[0].finished_frame = 7;
        a->side[1].finished_frame = 8;
        wr_association_settle_roles(a, elsewhere ? other : a->flow, client_end);
        g_test_message("case %d", i);
        g_assert_cmpint(a->client_end, ==, known ? 0 : elsewhere ? -1 : client_end);
        g_assert_cmpuint(a->side[0].finished_frame, ==, turned ? 8 : 7);
        g_assert_cmpuint(a->side[1].finished_frame, ==, turned ? 7 : 8);
        desk_end(&d);
    }
}

/* ---- frames ---- */

/* They stand where they are put, however many there are. */
static void test_frames(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
    const uint32_t first = a->frames[0];

    for (unsigned i = 1; i < WR_ASSOCIATION_FRAMES; i++) /* each behind the first */
        wr_association_add_frame(a, 1, i);
    g_assert_cmpuint(a->n_frames, ==, WR_ASSOCIATION_FRAMES);
    g_assert_cmpuint(a->frames[0], ==, first);
    for (unsigned i = 1; i < WR_ASSOCIATION_FRAMES; i++)
        g_assert_cmpuint(a->frames[i], ==, WR_ASSOCIATION_FRAMES - i);
    desk_end(&d);
}

/* ---- sent back ---- */

/* Of two that are one handshake the other way round the one that shows more is true, else the first. */
static void test_which_is_sent_back(void)
{
    static const struct {
        bool completed, proved; /* the second, of which the first has the half */
        bool other_completed, other_proved;
        int back; /* 0: the first, 1: the second */
    } rows[] = {
        {false, false, false, false, 1}, {true, false, true, false, 1},  {true, true, true, true, 1},
        {true, false, false, false, 0},  {false, true, false, false, 0}, {true, false, false, true, 0},
        {false, true, true, false, 1},   {true, false, true, true, 1},   {true, true, true, false, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a[2] = {handshake_of(&d, f, WR_A_VERIFIED), handshake_of(&d, f, WR_A_VERIFIED)};

        for (int n = 0; n < 2; n++) {
            a[n]->client_end = (int8_t)n;
            a[n]->possession[0] =
                (n == 1 ? rows[i].proved : rows[i].other_proved) ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
            if (!(n == 1 ? rows[i].completed : rows[i].other_completed))
                a[n]->side[0].finished_frame = 0;
        }
        g_test_message("row %zu", i);
        for (int n = 0; n < 2; n++)
            g_assert_true(wr_association_is_reflection(a[n]) == (n == rows[i].back));
        desk_end(&d);
    }
}

/* What has one hello alone is nobody's reflection, nor is what stands on another path. */
static void test_not_sent_back(void)
{
    enum {
        BACK,
        NO_CLIENT_HELLO,
        OTHERS_NO_CLIENT_HELLO,
        NO_SERVER_HELLO,
        OTHERS_NO_SERVER_HELLO,
        OTHERS_NO_ROLES,
        ELSEWHERE_FIRST,
        CASES
    };

    for (int which = BACK; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = handshake_of(&d, f, WR_A_VERIFIED), *b = handshake_of(&d, f, WR_A_VERIFIED);

        a->client_end = which == OTHERS_NO_ROLES ? -1 : 0;
        b->has_client_random = which != NO_CLIENT_HELLO;
        a->has_client_random = which != OTHERS_NO_CLIENT_HELLO;
        b->has_server_random = which != NO_SERVER_HELLO;
        a->has_server_random = which != OTHERS_NO_SERVER_HELLO;
        if (which == ELSEWHERE_FIRST)
            a->flow = flow_of(&d);
        g_test_message("case %d", which);
        g_assert_true(wr_association_is_reflection(b) == (which == BACK));
        desk_end(&d);
    }
}

/* ---- how far it got ---- */

static void test_client_exchange(void)
{
    static const struct {
        bool seq, kept;
        uint8_t role, type;
        bool has;
    } rows[] = {
        {true, false, 0, 0, true},
        {false, false, 0, 0, false},
        {false, true, 0, WR_HS_CLIENT_KEY_EXCHANGE, true},
        {false, true, 1, WR_HS_CLIENT_KEY_EXCHANGE, false}, /* which a server does not send */
        {false, true, 0, WR_HS_CLIENT_KEY_EXCHANGE + 1, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        uint8_t body[] = {1, 2, 3};
        const wr_handshake_message m = {
            .type = rows[i].type, .role = rows[i].role, .seq = 2, .length = sizeof body, .body = body};
        bool is_new;

        a->side[0].key_exchange_seq = rows[i].seq;
        a->side[1].key_exchange_seq = 3; /* the server's */
        if (rows[i].kept)
            wr_handshake_messages_add(&a->messages, &m, &is_new);
        g_test_message("row %zu", i);
        g_assert_true(wr_association_has_client_exchange(a) == rows[i].has);
        desk_end(&d);
    }
}

static void test_states(void)
{
    for (int i = 0; i < 8; i++) {
        const bool one = (i & 1) != 0, two = (i & 2) != 0, three = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_side s;

        g_test_message("case %d", i);
        memset(&s, 0, sizeof s);
        s.ccs_frame = one;
        s.first_encrypted_frame = two;
        s.data_records = three;
        g_assert_true(wr_side_is_without_keys(&s) == (i == 0));

        a->changed_unsigned = one;
        a->client_signs = !two;
        if (three)
            shows(&d, a, 0, BOB_HAS);
        shows(&d, a, 1, ALICE_HAS);
        g_assert_true(wr_association_client_is_unsigned(a) == (one && two && three));

        a->side[0].finished_frame = one;
        a->side[1].finished_frame = two;
        g_assert_true(wr_association_is_completed(a) == (one && two));
        a->side[three ? 0 : 1].alert_frame = 7;
        g_assert_true(wr_association_is_refused(a) == !(one && two));
        a->side[0].alert_frame = a->side[1].alert_frame = 0;
        g_assert_false(wr_association_is_refused(a));

        a->version = WR_DTLS_1_3;
        a->has_server_random = three;
        a->side[0].first_encrypted_frame = one;
        a->side[1].first_encrypted_frame = two;
        g_assert_true(wr_association_is_keyed_13(a) == (one && two && three));
        a->version = WR_DTLS_1_2;
        g_assert_false(wr_association_is_keyed_13(a));

        a->issued_id = one ? 5 : 0;
        a->session_id = two ? 5 : 0;
        g_assert_true(wr_association_has_id_back(a) == (one && two));
        desk_end(&d);
    }
}

/* Media of either end, on any of its paths, after that time; a path has two ends. */
static void test_media_after(void)
{
    static const struct {
        unsigned end; /* 2: of none */
        uint32_t packets;
        int64_t last_us;
        bool after; /* 1000 */
    } rows[] = {{0, 1, 1001, true},  {1, 1, 1001, true},  {0, 1, 1000, false},
                {1, 1, 1000, false}, {0, 0, 1001, false}, {2, 1, 1001, false}};

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_flow *f = i % 2 == 0 ? a->flow : flow_of(&d);
        const wr_traffic *none = f->media;
        wr_traffic media[3];

        if (f != a->flow)
            wr_list_add(&a->flows, f);
        memset(media, 0, sizeof media);
        media[rows[i / 2].end].packets = rows[i / 2].packets;
        media[rows[i / 2].end].last_us = rows[i / 2].last_us;
        f->media = media;
        g_test_message("row %zu", i / 2);
        g_assert_true(wr_association_has_media_after(a, 1000) == rows[i / 2].after);
        f->media = none;
        desk_end(&d);
    }
}

static void test_mismatch(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);

    for (int v = WR_A_UNENCRYPTED; v <= WR_A_PENDING; v++) {
        a->verdict = (uint8_t)v;
        g_assert_true(wr_association_is_mismatch(a) ==
                      (v == WR_A_MISMATCH || v == WR_A_MISMATCH_ENFORCED || v == WR_A_MISMATCH_NOT_ENFORCED));
    }
    desk_end(&d);
}

/* The certificate that contradicts what was announced is judged, wherever it was shown; else the one of the handshake.
 */
static void test_judged(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
    wr_presented *p = shows(&d, a, 0, BOB_HAS);
    uint32_t frame = 0;

    p->frame = 5;
    p->frame_other = 6;
    g_assert_true(wr_presented_judged(p, &frame) == p->certificate);
    g_assert_cmpuint(frame, ==, 5);
    p->other = d.certificate[MALLORY_HAS];
    g_assert_true(wr_presented_judged(p, &frame) == d.certificate[MALLORY_HAS]);
    g_assert_cmpuint(frame, ==, 6);
    g_assert_true(wr_presented_judged(p, NULL) == d.certificate[MALLORY_HAS]);
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/associations/roles", test_roles);
    g_test_add_func("/associations/roles_on_one_host", test_roles_on_one_host);
    g_test_add_func("/associations/settle_roles", test_settle_roles);
    g_test_add_func("/associations/frames", test_frames);
    g_test_add_func("/associations/which_is_sent_back", test_which_is_sent_back);
    g_test_add_func("/associations/not_sent_back", test_not_sent_back);
    g_test_add_func("/associations/client_exchange", test_client_exchange);
    g_test_add_func("/associations/states", test_states);
    g_test_add_func("/associations/media_after", test_media_after);
    g_test_add_func("/associations/mismatch", test_mismatch);
    g_test_add_func("/associations/judged", test_judged);
    return g_test_run();
}
