/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two handshakes on one path, the one after the other: which of them a message or a record goes on with. Bob, end 1, is
 * the client of both where nothing else is said.
 */
#include "hello_build.h"

#include "learn.h"

/* What is known of one of the two. */
typedef struct {
    bool unasked, unanswered, of_13, through, absorbed;
    bool turned;    /* Alice is the client */
    bool exchanged; /* the client's key exchange was seen */
    bool resumes;
    bool changed[2]; /* to keys, by role */
    wr_possession possession[2];
    uint32_t alert[2], first, hello, proven; /* frames; first 0: 1, hello 0: 2 */
} known_t;

typedef struct {
    const char *words;
    known_t known[2];
    wr_dtls_kind kind;
    bool by_server, clear, decrypted; /* clear: of epoch 0, where its kind has others */
    int which;                        /* -1: neither */
} row_t;

#define FRAME 100 /* of what comes */

#define SIGNED    WR_POSSESSION_PROVED
#define CKE       WR_DTLS_CLIENT_KEY_EXCHANGE
#define CCS       WR_DTLS_CHANGE_CIPHER_SPEC
#define RECORD    WR_DTLS_APPLICATION_DATA
#define RECORD_13 WR_DTLS_ENCRYPTED_RECORD_13
#define BY_KEY    .possession = {WR_POSSESSION_UNKNOWN, SIGNED}

static const row_t rows[] = {
    /* ---- by signatures ---- */
    {"nothing tells: the later", {{0}, {0}}, CKE, .which = 1},
    {"the one that is signed", {{BY_KEY}, {0}}, CKE, .which = 0},
    {"both are signed: the later", {{BY_KEY}, {BY_KEY}}, CKE, .which = 1},
    {"signed, and refuted", {{.possession = {0, WR_POSSESSION_INVALID}}, {BY_KEY}}, CKE, .which = 1},
    {"signed by the client, too", {{.possession = {SIGNED, SIGNED}}, {BY_KEY}}, CKE, .which = 0},
    {"the later signed by the client, too", {{BY_KEY}, {.possession = {SIGNED, SIGNED}}}, CKE, .which = 1},
    {"signed by the client, too, though the other changed to keys",
     {{.possession = {SIGNED, SIGNED}}, {BY_KEY, .changed = {true, true}}},
     CKE,
     .which = 0},
    {"the client changed to keys", {{BY_KEY, .changed = {true, false}}, {BY_KEY}}, CKE, .which = 0},
    {"the server changed to keys", {{BY_KEY, .changed = {false, true}}, {BY_KEY}}, CKE, .which = 0},
    {"both changed to keys", {{BY_KEY, .changed = {false, true}}, {BY_KEY, .changed = {true, false}}}, CKE, .which = 1},
    {"signed later", {{BY_KEY, .proven = 9}, {BY_KEY, .proven = 8}}, CKE, .which = 0},
    {"signed at one time", {{BY_KEY, .proven = 9}, {BY_KEY, .proven = 9}}, CKE, .which = 1},
    {"the client's signature fits none of its flights",
     {{BY_KEY}, {.possession = {WR_POSSESSION_INVALID, SIGNED}}},
     CKE,
     .which = 0},
    {"the same, but it was gone on with",
     {{BY_KEY}, {.possession = {WR_POSSESSION_INVALID, SIGNED}, .changed = {true, false}}},
     CKE,
     .which = 1},
    {"signed, but through", {{BY_KEY, .through = true}, {0}}, CKE, .which = 1},
    {"signed, but of the other end", {{BY_KEY, .turned = true}, {0}}, CKE, .which = 1},
    /* ---- given up ---- */
    {"refused before the other began", {{BY_KEY, .first = 20}, {BY_KEY, .alert = {10, 0}}}, CKE, .which = 0},
    {"refused by the server before the other began",
     {{BY_KEY, .first = 20}, {BY_KEY, .alert = {0, 10}}},
     CKE,
     .which = 0},
    {"refused as the other began", {{BY_KEY, .first = 10}, {BY_KEY, .alert = {10, 0}}}, CKE, .which = 1},
    {"refused after the other began", {{BY_KEY, .first = 5}, {BY_KEY, .alert = {10, 0}}}, CKE, .which = 1},
    {"refused by both, later by the server", {{BY_KEY, .first = 11}, {BY_KEY, .alert = {10, 12}}}, CKE, .which = 1},
    {"refused, and nobody answered the other",
     {{.unanswered = true, .first = 20}, {BY_KEY, .alert = {10, 0}}},
     CKE,
     .which = 1},
    {"refused, and the other is a part of one",
     {{BY_KEY, .first = 20, .absorbed = true}, {BY_KEY, .alert = {10, 0}}},
     CKE,
     .which = 1},
    /* ---- records under keys ---- */
    {"data: who changed to keys", {{.changed = {true, false}}, {0}}, RECORD, .which = 0},
    {"data: the other side changed", {{.changed = {false, true}}, {0}}, RECORD, .which = 1},
    {"data of the server", {{.changed = {false, true}}, {0}}, RECORD, .by_server = true, .which = 0},
    {"data: both changed", {{.changed = {true, false}}, {.changed = {true, false}}}, RECORD, .which = 1},
    {"data in clear", {{.changed = {true, false}}, {0}}, RECORD, .clear = true, .which = 1},
    {"data that was decrypted", {{.changed = {true, false}}, {0}}, RECORD, .decrypted = true, .which = 1},
    {"an alert under keys", {{.changed = {true, false}}, {0}}, WR_DTLS_ENCRYPTED_ALERT, .which = 0},
    {"a Finished", {{.changed = {true, false}}, {0}}, WR_DTLS_ENCRYPTED_HANDSHAKE, .which = 0},
    {"an alert in clear", {{.changed = {true, false}}, {0}}, WR_DTLS_ALERT, .which = 1},
    {"data: what is answered before what is not",
     {{.changed = {true, false}}, {.unanswered = true, .changed = {true, false}}},
     RECORD,
     .which = 0},
    {"data: what is not answered, and changed",
     {{0}, {.unanswered = true, .changed = {true, false}}},
     RECORD,
     .which = 1},
    {"data: neither is answered, both changed",
     {{.unanswered = true, .changed = {true, false}}, {.unanswered = true, .changed = {true, false}}},
     RECORD,
     .which = 1},
    {"data: signed, but the other one changed to keys", {{BY_KEY}, {.changed = {true, false}}}, RECORD, .which = 1},
    {"data: signed and changed", {{BY_KEY, .changed = {true, false}}, {.changed = {true, false}}}, RECORD, .which = 0},
    /* ---- the change to keys ---- */
    {"a change behind a key exchange", {{.exchanged = true}, {0}}, CCS, .which = 0},
    {"a change where a session is resumed", {{.resumes = true}, {0}}, CCS, .which = 0},
    {"a change that was seen before", {{.changed = {true, false}}, {0}}, CCS, .which = 0},
    {"a change, nothing in front of it", {{0}, {0}}, CCS, .which = 1},
    {"a change in 1.3", {{0}, {.of_13 = true}}, CCS, .which = 0},
    {"a change: signed, but without an exchange", {{BY_KEY}, {.exchanged = true}}, CCS, .which = 1},
    {"a change: signed, with an exchange", {{BY_KEY, .exchanged = true}, {.exchanged = true}}, CCS, .which = 0},
    /* ---- versions ---- */
    {"a record of 1.3", {{.of_13 = true}, {0}}, RECORD_13, .which = 0},
    {"a record of 1.3, both are", {{.of_13 = true}, {.of_13 = true}}, RECORD_13, .which = 1},
    {"a record of 1.3: the later was asked by nobody",
     {{.of_13 = true}, {.of_13 = true, .unasked = true}},
     RECORD_13,
     .which = 0},
    {"a record of 1.3: both were asked by nobody",
     {{.of_13 = true, .unasked = true}, {.of_13 = true, .unasked = true}},
     RECORD_13,
     .which = 1},
    {"a record of 1.3: the earlier was asked by nobody",
     {{.of_13 = true, .unasked = true}, {.of_13 = true}},
     RECORD_13,
     .which = 1},
    {"data: that nobody asked for one tells nothing in 1.2", {{0}, {.unasked = true}}, RECORD, .which = 1},
    {"data, and both are of 1.3", {{.of_13 = true}, {.of_13 = true}}, RECORD, .which = -1},
    {"what 1.3 has under keys alone, and nothing else is there",
     {{.of_13 = true, .unasked = true}, {.of_13 = true}},
     CKE,
     .which = 1},
    {"what 1.3 has under keys alone", {{0}, {.of_13 = true}}, CKE, .which = 0},
    {"the same, decrypted", {{0}, {.of_13 = true}}, CKE, .decrypted = true, .which = 1},
    {"what 1.3 has in clear as well", {{0}, {.of_13 = true}}, WR_DTLS_ALERT, .which = 1},
    /* ---- a hello alone ---- */
    {"a hello alone takes nothing away", {{0}, {.unanswered = true}}, CKE, .which = 0},
    {"two hellos alone", {{.unanswered = true}, {.unanswered = true}}, CKE, .which = 1},
    {"a hello that became part of another", {{0}, {.unanswered = true, .absorbed = true}}, CKE, .which = 1},
    {"of the other end", {{0}, {.turned = true}}, CKE, .which = 0},
    {"of the other end, by its kind", {{.turned = true}, {0}}, WR_DTLS_SERVER_KEY_EXCHANGE, .which = 0},
    {"of nobody here", {{.turned = true}, {.turned = true}}, CKE, .which = -1},
    /* ---- in one datagram ---- */
    {"behind its ServerHello", {{.hello = FRAME}, {0}}, WR_DTLS_CERTIFICATE, .by_server = true, .which = 0},
    {"by the client in that frame", {{.hello = FRAME}, {0}}, WR_DTLS_CERTIFICATE, .which = 1},
    {"behind a ServerHello, but decrypted",
     {{.hello = FRAME}, {0}},
     WR_DTLS_CERTIFICATE,
     .by_server = true,
     .decrypted = true,
     .which = 1},
    {"behind that of a part of one",
     {{.hello = FRAME, .absorbed = true}, {0}},
     WR_DTLS_CERTIFICATE,
     .by_server = true,
     .which = 1},
};

static wr_association *make(call_t *c, const wr_dtls_evidence *d, wr_flow *f, const known_t *k)
{
    wr_association *a = wr_association_new(c->e, f, d);

    a->client_end = k->turned ? 0 : 1;
    a->has_client_random = !k->unasked;
    a->has_server_random = !k->unanswered;
    a->client_random[0] = (uint8_t)a->number;
    a->version = k->unanswered ? 0 : k->of_13 ? WR_DTLS_1_3 : WR_DTLS_1_2;
    a->session_echo = k->resumes;
    a->first_frame = k->first != 0 ? k->first : 1;
    a->server_hello = k->hello != 0 ? k->hello : 2;
    a->side[0].key_exchange_seq = k->exchanged ? 2 : 0;
    for (int role = 0; role < 2; role++) {
        a->side[role].ccs_frame = k->changed[role] ? 9 : 0;
        a->side[role].alert_frame = k->alert[role];
        a->side[role].finished_frame = k->through ? 10 : 0;
        a->possession[role] = (uint8_t)k->possession[role];
    }
    a->messages = g_new0(wr_handshake_messages, 1);
    a->messages->tried = true; /* what signatures say is known */
    a->messages->proven_frame = k->proven;
    return a;
}

static wr_dtls_evidence evidence_of(call_t *c, const wr_dtls_event *v, bool by_server)
{
    wr_dtls_evidence d = {.event = v};

    d.at = next(c, 10, by_server ? ALICES : BOBS, by_server ? BOBS : ALICES);
    d.how.peer = wr_endpoint_none();
    return d;
}

static void test_rows(gconstpointer data)
{
    const row_t *row = data;
    call_t c = call_begin(NULL);
    wr_dtls_event v = event_of(row->kind, 2);
    wr_dtls_evidence d = evidence_of(&c, &v, row->by_server);
    wr_association *a[2], whole = {.number = 0};
    wr_flow *f;
    int from;

    v.epoch = row->clear ? 0 : 1;
    v.decrypted = row->decrypted;
    f = wr_flow_get(c.e, &d.at, &d.how, &from);
    for (int i = 0; i < 2; i++)
        a[i] = make(&c, &d, f, &row->known[i]);
    for (int i = 0; i < 2; i++)
        if (row->known[i].absorbed) {
            whole = *a[i];
            a[i]->absorbed = &whole;
        }
    d.at.frame = FRAME;
    g_assert_true(wr_association_going_on(c.e, f, &d, from) == (row->which < 0 ? NULL : a[row->which]));
    call_end(&c);
}

/* ---- sent again ---- */

/* A message that is made for one handshake, and what follows it in its datagram. */
static void test_sent_again(void)
{
    static const struct {
        const char *words;
        uint8_t type;
        unsigned seq, mark; /* as kept: 2, 7 */
        wr_possession possession;
        bool decrypted, absorbed;
        bool first; /* it goes on with the first of two */
    } cases[] = {
        {"as it was", WR_HS_CLIENT_KEY_EXCHANGE, 2, 7, SIGNED, false, false, true},
        {"another number", WR_HS_CLIENT_KEY_EXCHANGE, 3, 7, SIGNED, false, false, false},
        {"other bytes", WR_HS_CLIENT_KEY_EXCHANGE, 2, 8, SIGNED, false, false, false},
        {"nothing is signed", WR_HS_CLIENT_KEY_EXCHANGE, 2, 7, WR_POSSESSION_UNKNOWN, false, false, false},
        {"decrypted", WR_HS_CLIENT_KEY_EXCHANGE, 2, 7, SIGNED, true, false, false},
        {"of a part of another", WR_HS_CLIENT_KEY_EXCHANGE, 2, 7, SIGNED, false, true, false},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const size_t n = i / 2;
        const bool same_frame = i % 2 == 0;
        call_t c = call_begin(NULL);
        const known_t known[2] = {{.through = true, .possession = {cases[n].possession, 0}}, {0}};
        GByteArray *body = g_byte_array_new();
        wr_dtls_event alert = event_of(WR_DTLS_ALERT, 0), *v;
        wr_dtls_evidence d = evidence_of(&c, &alert, false);
        uint8_t kept[] = {7};
        const wr_handshake_message m = {.type = WR_HS_CLIENT_KEY_EXCHANGE, .seq = 2, .length = 1, .body = kept};
        wr_association *a[2], whole;
        bool is_new;
        wr_flow *f;
        int from;
        f = wr_flow_get(c.e, &d.at, &d.how, &from);
        for (int k = 0; k < 2; k++)
            a[k] = make(&c, &d, f, &known[k]);
        wr_handshake_messages_add(&a[0]->messages, &m, &is_new);
        a[0]->messages->tried = true;
        add_number(body, 1, cases[n].mark);
        v = event_with(cases[n].type, cases[n].seq, body);
        v->decrypted = cases[n].decrypted;
        if (cases[n].absorbed) {
            whole = *a[0];
            a[0]->absorbed = &whole;
        }
        d.event = v;
        g_test_message("%s", cases[n].words);
        g_assert_true(wr_association_going_on(c.e, f, &d, from) == a[cases[n].first ? 0 : 1]);
        d.event = &alert;
        d.at.frame += same_frame ? 0 : 1;
        g_assert_true(wr_association_going_on(c.e, f, &d, from) == a[cases[n].first && same_frame ? 0 : 1]);
        wr_dtls_event_free(v);
        call_end(&c);
    }
}

/* ---- what is under way ---- */

/* Both sides' ends count from the ServerHello on: what came before is somebody's, or out of order. */
static void test_open(void)
{
    static const struct {
        uint32_t hello, finished[2];
        bool answered, open;
    } cases[] = {
        {5, {6, 7}, true, false}, {5, {5, 5}, true, false}, {5, {4, 5}, true, true}, {5, {5, 4}, true, true},
        {5, {0, 6}, true, true},  {5, {6, 0}, true, true},  {5, {0, 0}, true, true}, {0, {0, 0}, false, false},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        wr_association a = {.has_server_random = cases[i / 2].answered, .server_hello = cases[i / 2].hello};
        for (int role = 0; role < 2; role++)
            a.side[role].finished_frame = cases[i / 2].finished[role];
        a.absorbed = i % 2 != 0 ? &a : NULL;
        g_assert_true(wr_association_is_open(&a) == (cases[i / 2].open && i % 2 == 0));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strdup_printf("/going_on/%s", rows[i].words);
        g_test_add_data_func(path, &rows[i], test_rows);
        g_free(path);
    }
    g_test_add_func("/going_on/sent_again", test_sent_again);
    g_test_add_func("/going_on/open", test_open);
    return g_test_run();
}
