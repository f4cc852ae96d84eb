/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes as their messages come: what belongs to one, which side did what, and what is remembered of it (RFC 6347,
 * RFC 9147; rules 2.9).
 */
#include "handshake_build.h"

#include "records/handshake_facts.h"
#include "records/store.h"

static unsigned associations(const call_t *c)
{
    unsigned n = 0;

    for (unsigned i = 0; i < wr_engine_associations(c->e)->len; i++)
        n += ((const wr_association *)g_ptr_array_index(wr_engine_associations(c->e), i))->absorbed == NULL;
    return n;
}

static wr_association *hello(call_t *c, int64_t ms, bool client, unsigned mark)
{
    wr_dtls_event v = event_of(client ? WR_DTLS_CLIENT_HELLO : WR_DTLS_SERVER_HELLO, 0);

    memset(v.random, (int)mark, sizeof v.random);
    return feed(c, ms, client ? BOBS : ALICES, client ? ALICES : BOBS, &v);
}

static wr_association *send(call_t *c, int64_t ms, bool client, wr_dtls_kind kind, uint16_t epoch)
{
    wr_dtls_event v = event_of(kind, 3);

    v.epoch = epoch;
    return feed(c, ms, client ? BOBS : ALICES, client ? ALICES : BOBS, &v);
}

/* ---- hellos ---- */

/* A row is a sequence of hellos: 'c' and 's', their mark, and how many ms after the last. */
static const struct {
    const char *words;
    struct {
        char who;
        unsigned mark;
        int64_t ms;
    } hellos[4];
    unsigned associations;
    uint32_t client_hello, server_hello; /* of the first */
} sequences[] = {
    {"one handshake", {{'c', 1, 10}, {'s', 2, 10}}, 1, 1, 2},
    {"sent again", {{'c', 1, 10}, {'c', 1, 1000}, {'s', 2, 10}}, 1, 1, 3},
    {"sent again, late", {{'c', 1, 10}, {'s', 2, 10}, {'c', 1, 1000}}, 1, 1, 2},
    {"unanswered, then another", {{'c', 1, 10}, {'c', 3, 10}, {'s', 2, 10}}, 1, 2, 3},
    {"answered, then another", {{'c', 1, 10}, {'s', 2, 10}, {'c', 3, 10}, {'s', 4, 10}}, 2, 1, 2},
    {"the answer overtook it", {{'s', 2, 10}, {'c', 1, 999}}, 1, 2, 1},
    {"the answer came a second before", {{'s', 2, 10}, {'c', 1, 1000}}, 2, 0, 1},
    {"another answer", {{'c', 1, 10}, {'s', 2, 10}, {'s', 4, 10}}, 2, 1, 2},
    {"the same answer again", {{'c', 1, 10}, {'s', 2, 10}, {'s', 2, 10}}, 1, 1, 2},
    {"an answer after two minutes", {{'c', 1, 10}, {'s', 2, 120000}}, 1, 1, 2},
    {"an answer after more", {{'c', 1, 10}, {'s', 2, 120001}}, 2, 1, 0},
};

static void test_hellos(gconstpointer data)
{
    const size_t n = GPOINTER_TO_SIZE(data);
    call_t c = call_begin(NULL);
    wr_association *first = NULL;

    for (unsigned i = 0; i < 4 && sequences[n].hellos[i].who != 0; i++) {
        wr_association *a =
            hello(&c, sequences[n].hellos[i].ms, sequences[n].hellos[i].who == 'c', sequences[n].hellos[i].mark);
        g_assert_nonnull(a);
        if (first == NULL)
            first = a;
    }
    g_assert_cmpuint(associations(&c), ==, sequences[n].associations);
    g_assert_cmpuint(first->client_hello, ==, sequences[n].client_hello);
    g_assert_cmpuint(first->server_hello, ==, sequences[n].server_hello);
    g_assert_true(first->has_client_random == (sequences[n].client_hello != 0));
    g_assert_true(first->has_server_random == (sequences[n].server_hello != 0));
    g_assert_cmpint(first->client_end, ==, 1); /* Bob */
    g_assert_cmpuint(first->last_frame, >=, first->first_frame);
    call_end(&c);
}

/* One handshake on two paths is one; another with the same ServerHello random and another client's is not told so. */
static void test_two_paths(void)
{
    static const struct {
        bool client_hello, same;
        bool joined;
    } rows[] = {{true, true, true}, {true, false, false}, {false, true, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_dtls_event ch = event_of(WR_DTLS_CLIENT_HELLO, 0), sh = event_of(WR_DTLS_SERVER_HELLO, 0);
        const wr_endpoint alice = at("198.51.100.1", 9), bob = at("198.51.100.2", 9);
        wr_association *a, *b = NULL;
        hello(&c, 10, true, 1);
        a = hello(&c, 10, false, 2);
        memset(ch.random, rows[i].same ? 1 : 3, sizeof ch.random);
        memset(sh.random, 2, sizeof sh.random);
        if (rows[i].client_hello)
            b = feed(&c, 10, bob, alice, &ch);
        g_assert_true(feed(&c, 10, alice, bob, &sh) == a);
        g_test_message("row %zu", i);
        g_assert_cmpuint(a->flows.len, ==, rows[i].joined ? 2 : 1);
        if (b != NULL)
            g_assert_true(b->absorbed == (rows[i].joined ? a : NULL));
        g_assert_cmpuint(associations(&c), ==, rows[i].joined ? 1 : 2);
        call_end(&c);
    }
}

/* ---- who is who ---- */

/* Any message that only one side sends tells which end is the client. */
static void test_roles(void)
{
    static const struct {
        wr_dtls_kind kind;
        int by; /* client 0, server 1; -1: says nothing */
    } rows[] = {{WR_DTLS_HELLO_VERIFY_REQUEST, 1}, {WR_DTLS_HELLO_RETRY_REQUEST, 1}, {WR_DTLS_CERTIFICATE_REQUEST, 1},
                {WR_DTLS_SERVER_HELLO_DONE, 1},    {WR_DTLS_SERVER_KEY_EXCHANGE, 1}, {WR_DTLS_CLIENT_KEY_EXCHANGE, 0},
                {WR_DTLS_CHANGE_CIPHER_SPEC, -1},  {WR_DTLS_APPLICATION_DATA, -1},   {WR_DTLS_FRAGMENT, 0}};

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 2;
        const bool from_bob = i % 2 != 0; /* end 1 */
        call_t c = call_begin(NULL);
        wr_association *a = send(&c, 10, from_bob, rows[n].kind, 0);
        g_test_message("kind %d from end %d", rows[n].kind, from_bob);
        g_assert_cmpint(a->client_end, ==, rows[n].by < 0 ? -1 : rows[n].by == 0 ? from_bob : !from_bob);
        g_assert_true(a->retry == (rows[n].kind == WR_DTLS_HELLO_RETRY_REQUEST));
        g_assert_true(a->certificate_requested == (rows[n].kind == WR_DTLS_CERTIFICATE_REQUEST));
        if (rows[n].kind == WR_DTLS_SERVER_KEY_EXCHANGE || rows[n].kind == WR_DTLS_CLIENT_KEY_EXCHANGE) {
            g_assert_cmpuint(a->side[rows[n].by].key_exchange_seq, ==, 3);
            g_assert_cmpuint(a->side[1 - rows[n].by].key_exchange_seq, ==, 0);
        }
        call_end(&c);
    }
}

/* What each side did stays with it when it turns out which it is. */
static void test_sides(void)
{
    for (unsigned i = 0; i < 2; i++) {
        call_t c = call_begin(NULL);
        const bool bob = i == 0; /* who sends the first records, before the roles are known */
        wr_association *a = send(&c, 10, bob, WR_DTLS_CHANGE_CIPHER_SPEC, 0);
        const uint32_t frame = c.frame;
        send(&c, 10, bob, WR_DTLS_CHANGE_CIPHER_SPEC, 0); /* the first counts */
        send(&c, 10, true, WR_DTLS_CLIENT_KEY_EXCHANGE, 0);
        g_assert_cmpuint(a->side[bob ? 0 : 1].ccs_frame, ==, frame);
        g_assert_cmpuint(a->side[bob ? 1 : 0].ccs_frame, ==, 0);
        g_assert_cmpint(a->client_end, ==, 1);
        call_end(&c);
    }
}

/* ---- alerts and records ---- */

static void test_alerts(void)
{
    static const struct {
        uint8_t level, description;
        bool counts;
    } rows[] = {{2, 40, true}, {1, 40, false}, {2, 0, false}, {1, 0, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_dtls_event v = event_of(WR_DTLS_ALERT, 0);
        wr_association *a = hello(&c, 10, true, 1);
        hello(&c, 10, false, 2);
        v.alert_level = rows[i].level;
        v.alert_description = rows[i].description;
        feed(&c, 10, BOBS, ALICES, &v);
        g_assert_cmpuint(a->side[0].alert_frame, ==, rows[i].counts ? 3 : 0);
        g_assert_cmpint(a->side[0].alert_us, ==, rows[i].counts ? c.us : 0);
        v.alert_level = 2;
        v.alert_description = 80; /* the first stays */
        feed(&c, 10, BOBS, ALICES, &v);
        g_assert_cmpuint(a->side[0].alert, ==, rows[i].counts ? 40 : 80);
        g_assert_cmpuint(a->side[1].alert_frame, ==, 0);
        call_end(&c);
    }
}

/* Encrypted records: the first handshake record is the Finished, data is counted, an alert noted. */
static void test_encrypted(void)
{
    call_t c = call_begin(NULL);
    wr_association *a = hello(&c, 10, true, 1);
    wr_side *s = &a->side[0];
    int64_t first_us;

    hello(&c, 10, false, 2);
    send(&c, 10, true, WR_DTLS_ENCRYPTED_HANDSHAKE, 1); /* frame 3 */
    send(&c, 10, true, WR_DTLS_ENCRYPTED_HANDSHAKE, 1);
    g_assert_cmpuint(s->finished_frame, ==, 3);
    g_assert_cmpuint(s->first_encrypted_frame, ==, 3);
    g_assert_cmpint(s->finished_us, ==, c.us - 10 * MS);
    g_assert_cmpuint(a->side[1].finished_frame, ==, 0);
    send(&c, 10, true, WR_DTLS_APPLICATION_DATA, 1);
    first_us = c.us;
    send(&c, 10, true, WR_DTLS_APPLICATION_DATA, 1); /* frame 6 */
    g_assert_cmpuint(s->data_records, ==, 2);
    g_assert_cmpuint(s->data_bytes, ==, 200);
    g_assert_cmpint(s->data_first_us, ==, first_us);
    g_assert_cmpint(s->data_last_us, ==, c.us);
    g_assert_cmpuint(s->data_last_frame, ==, 6);
    g_assert_cmpuint(s->encrypted_alert_frame, ==, 0);
    send(&c, 10, true, WR_DTLS_ENCRYPTED_ALERT, 1); /* frame 7 */
    send(&c, 10, true, WR_DTLS_ENCRYPTED_ALERT, 1);
    g_assert_cmpuint(s->encrypted_alert_frame, ==, 7);
    g_assert_cmpint(s->encrypted_alert_us, ==, c.us - 10 * MS);
    g_assert_cmpuint(s->data_records, ==, 2);
    call_end(&c);
}

/* In 1.3 records of the application's epoch show that the handshake is over; those before do not. */
static void test_epochs(void)
{
    for (uint16_t epoch = 2; epoch <= 7; epoch++) {
        call_t c = call_begin(NULL);
        wr_dtls_event sh = event_of(WR_DTLS_SERVER_HELLO, 0);
        wr_association *a = hello(&c, 10, true, 1);
        const bool application = epoch == 3 || epoch == 7; /* of epochs two bits are sent */
        sh.negotiated = WR_DTLS_1_3;
        memset(sh.random, 2, sizeof sh.random);
        feed(&c, 10, ALICES, BOBS, &sh);
        send(&c, 10, true, WR_DTLS_ENCRYPTED_RECORD_13, epoch);
        send(&c, 10, true, WR_DTLS_ENCRYPTED_RECORD_13, epoch);
        g_assert_cmpuint(a->side[0].data_records, ==, application ? 2 : 0);
        g_assert_cmpuint(a->side[0].finished_frame, ==, application ? 3 : 0);
        g_assert_cmpuint(a->side[0].first_encrypted_frame, ==, 3);
        call_end(&c);
    }
}

/* Frames of the handshake: each once, no data, no farewell after its end, and no more than are kept. */
static void test_frames(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(1);
    wr_association *a = shake(&c, &k);
    const unsigned n = a->n_frames;

    for (unsigned i = 1; i < n; i++)
        g_assert_cmpuint(a->frames[i - 1], <, a->frames[i]);
    send(&c, 10, true, WR_DTLS_APPLICATION_DATA, 1);
    send(&c, 10, true, WR_DTLS_ENCRYPTED_ALERT, 1);
    g_assert_cmpuint(a->n_frames, ==, n);
    g_assert_cmpuint(a->last_frame, ==, c.frame);
    for (unsigned i = 0; i < 2 * WR_ASSOCIATION_FRAMES; i++)
        send(&c, 10, true, WR_DTLS_ENCRYPTED_HANDSHAKE, 1);
    g_assert_cmpuint(a->n_frames, ==, WR_ASSOCIATION_FRAMES);
    call_end(&c);

    for (unsigned i = 0; i < 3; i++) { /* an alert before either end is part of it */
        c = call_begin(NULL);
        a = hello(&c, 10, true, 1);
        hello(&c, 10, false, 2);
        if (i > 0)
            send(&c, 10, i == 1, WR_DTLS_ENCRYPTED_HANDSHAKE, 1);
        send(&c, 10, true, WR_DTLS_ENCRYPTED_ALERT, 1);
        g_assert_cmpuint(a->frames[a->n_frames - 1], ==, c.frame);
        call_end(&c);
    }
}

/* ---- certificates ---- */

/* A second certificate of a side, of another handshake or none. */
static void test_certificates(void)
{
    enum { SAME, OTHER, OTHER_COMPLETED, OF_THE_EARLIER, NEW_VERSION, NEW_VERSION_DECRYPTED, CASES };

    for (int which = SAME; which < CASES; which++) {
        call_t c = call_begin(NULL);
        wr_certificate *alice = some_certificate(1), *other = some_certificate(3);
        shake_t k = shake_of(10), later = shake_of(30);
        wr_dtls_event v = event_of(WR_DTLS_CERTIFICATE, 1);
        wr_association *a, *got, *b = NULL;
        k.certificate[1] = alice;
        if (which == OTHER_COMPLETED || which == OF_THE_EARLIER) {
            a = shake(&c, &k);
        } else {
            if (which >= NEW_VERSION)
                k.sh.negotiated = WR_DTLS_1_3;
            feed(&c, 10, k.client, k.server, &k.ch);
            a = feed(&c, 10, k.server, k.client, &k.sh);
            if (which < NEW_VERSION)
                send_certificate(&c, &k, 1);
        }
        if (which == OF_THE_EARLIER) {
            later.certificate[1] = other;
            feed(&c, 10, later.client, later.server, &later.ch);
            b = feed(&c, 10, later.server, later.client, &later.sh);
            send_certificate(&c, &later, 1);
        }
        v.leaf = which == SAME || which == OF_THE_EARLIER ? alice : other;
        v.n_certificates = 1;
        v.decrypted = which == NEW_VERSION_DECRYPTED;
        got = feed(&c, 10, ALICES, BOBS, &v);
        g_test_message("case %d", which);
        g_assert_cmpuint(c.e->injections->len, ==, which == NEW_VERSION ? 1 : 0);
        if (which == NEW_VERSION)
            g_assert_null(got); /* RFC 9147 6.1: it is not sent in clear */
        else
            g_assert_true((got == a) == (which != OTHER_COMPLETED));
        g_assert_cmpuint(associations(&c), ==, which == OTHER_COMPLETED || which == OF_THE_EARLIER ? 2 : 1);
        g_assert_true(a->decrypted == (which == NEW_VERSION_DECRYPTED));
        if (b != NULL)
            g_assert_cmpmem(b->side[1].presented.certificate->sha256, 32, other->sha256, 32);
        if (which == SAME || which == OTHER)
            g_assert_cmpmem(a->side[1].presented.certificate->sha256, 32, alice->sha256, 32);
        wr_certificate_unref(alice);
        wr_certificate_unref(other);
        call_end(&c);
    }
}

/* A handshake is over, and another hello waits for its answer: a certificate that is not of the first is of that one,
 * or, where the hello was answered, of one whose hellos are missing. */
static void test_certificate_behind_a_hello(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool waits = i % 2 != 0, shown = i / 2 != 0; /* shown: there is one, of the client's side */
        call_t c = call_begin(NULL);
        wr_certificate *alice = some_certificate(1), *other = some_certificate(3);
        shake_t k = shake_of(10), next_one = shake_of(30);
        wr_dtls_event v = event_of(WR_DTLS_CERTIFICATE, 1);
        wr_association *a, *b = NULL, *got;
        k.certificate[1] = alice;
        a = shake(&c, &k);
        if (waits)
            b = feed(&c, 10, next_one.client, next_one.server, &next_one.ch);
        if (waits && shown)
            b->side[0].presented.certificate = wr_certificate_ref(alice);
        v.leaf = other;
        v.n_certificates = 1;
        got = feed(&c, 10, ALICES, BOBS, &v);
        g_test_message("case %u", i);
        g_assert_true(got != a && (got == b) == waits);
        g_assert_cmpmem(got->side[got == b ? 1 : 0].presented.certificate->sha256, 32, other->sha256, 32);
        g_assert_cmpmem(a->side[1].presented.certificate->sha256, 32, alice->sha256, 32);
        wr_certificate_unref(alice);
        wr_certificate_unref(other);
        call_end(&c);
    }
}

/* An empty list, then a certificate: what is shown first stays. */
static void test_empty_list(void)
{
    for (unsigned i = 0; i < 2; i++) {
        call_t c = call_begin(NULL);
        wr_certificate *bob = some_certificate(2);
        wr_dtls_event full = event_of(WR_DTLS_CERTIFICATE, 1), empty = full;
        wr_association *a = hello(&c, 10, true, 1);
        hello(&c, 10, false, 2);
        full.leaf = bob;
        full.n_certificates = 1;
        feed(&c, 10, BOBS, ALICES, i == 0 ? &empty : &full);
        feed(&c, 10, BOBS, ALICES, i == 0 ? &full : &empty);
        g_assert_true(a->side[0].presented.empty == (i == 0));
        g_assert_true((a->side[0].presented.certificate != NULL) == (i == 1));
        g_assert_cmpuint(a->side[0].presented.frame, ==, 3);
        wr_certificate_unref(bob);
        call_end(&c);
    }
}

/* ---- which of several a record belongs to ---- */

static void test_going_on(void)
{
    call_t c = call_begin(NULL);
    wr_association *a = hello(&c, 10, true, 1), *b;

    hello(&c, 10, false, 2);
    b = hello(&c, 10, true, 3); /* not answered: takes nothing away */
    g_assert_true(b != a);
    g_assert_true(send(&c, 10, true, WR_DTLS_CLIENT_KEY_EXCHANGE, 0) == a);
    hello(&c, 10, false, 4);
    g_assert_true(send(&c, 10, true, WR_DTLS_CLIENT_KEY_EXCHANGE, 0) == b);
    g_assert_true(send(&c, 10, true, WR_DTLS_HEARTBEAT, 1) == b);
    call_end(&c);
}

/* ---- what the hellos say ---- */

static void test_offer_and_choice(void)
{
    enum { PLAIN, SUITE, PROFILE, CUT, MANY_PROFILES, PROBLEM, NO_PROFILE, ANSWER_FIRST, CASES };

    for (int which = PLAIN; which < CASES; which++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(1);
        const wr_association *a;
        if (which == SUITE || which == CUT || which == MANY_PROFILES || which == PROBLEM || which == ANSWER_FIRST)
            k.sh.suites[0] = 0x1234;
        if (which == PROFILE)
            k.sh.profiles[0] = 0x0008;
        if (which == NO_PROFILE) {
            k.sh.has_use_srtp = false;
            k.sh.profiles[0] = 0x0008;
        }
        k.ch.suites_cut = which == CUT;
        if (which == MANY_PROFILES)
            k.ch.n_profiles = WR_DTLS_MAX_PROFILES;
        k.ch.problem = which == PROBLEM ? "odd" : NULL;
        if (which == ANSWER_FIRST) {
            a = feed(&c, 10, k.server, k.client, &k.sh);
            feed(&c, 10, k.client, k.server, &k.ch);
        } else {
            feed(&c, 10, k.client, k.server, &k.ch);
            a = feed(&c, 10, k.server, k.client, &k.sh);
        }
        g_test_message("case %d", which);
        g_assert_true(a->facts->compared);
        g_assert_true(a->facts->suite_unoffered == (which == SUITE || which == ANSWER_FIRST));
        g_assert_true(a->facts->profile_unoffered == (which == PROFILE));
        g_assert_true(a->has_profile == (which != NO_PROFILE));
        g_assert_true(a->offers_use_srtp && a->has_ems);
        call_end(&c);
    }
}

/* A session id that comes back is an abbreviated handshake; a new one is a promise. */
static void test_session_ids(void)
{
    static const struct {
        uint8_t asked, given; /* 0: none */
        bool echo;
    } rows[] = {{0, 0, false}, {0, 7, false}, {7, 0, false}, {7, 7, true}, {7, 8, false}};

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 2;
        call_t c = call_begin(NULL);
        shake_t k = shake_of(1);
        wr_association *a;
        k.ch.session_id_length = rows[n].asked != 0 ? 32 : 0;
        k.sh.session_id_length = rows[n].given != 0 ? 32 : 0;
        memset(k.ch.session_id, rows[n].asked, sizeof k.ch.session_id);
        memset(k.sh.session_id, rows[n].given, sizeof k.sh.session_id);
        feed(&c, 10, k.client, k.server, &k.ch);
        a = feed(&c, 10, k.server, k.client, &k.sh);
        g_assert_true(a->session_echo == rows[n].echo);
        g_assert_true((a->issued_id != 0) == (rows[n].given != 0));
        g_assert_true((a->session_id != 0) == (rows[n].asked != 0));
        call_end(&c);
    }
}

/* How often the same hello was sent, and that the client did not hear the answer. */
static void test_sent_again(void)
{
    static const struct {
        int64_t ms[4]; /* between them */
        bool cookie_from_second, answered_first;
        unsigned hellos;
        bool ignored;
    } rows[] = {{{10, 500, 500, 500}, false, false, 4, false}, {{10, 19, 500, 500}, false, false, 3, false},
                {{10, 20, 20, 20}, false, false, 4, false},    {{10, 500, 500, 500}, true, false, 3, false},
                {{10, 500, 500, 500}, false, true, 1, true},   {{10, 9, 5, 5}, false, true, 1, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(1);
        const wr_beginning *b;
        wr_association *a = NULL;
        uint32_t second = 0;
        for (unsigned n = 0; n < 4; n++) {
            k.ch.has_cookie = n > 0 && rows[i].cookie_from_second;
            a = feed(&c, rows[i].ms[n], k.client, k.server, &k.ch);
            if (n == 0 && rows[i].answered_first)
                feed(&c, 0, k.server, k.client, &k.sh);
            if (n == 1)
                second = c.frame;
        }
        b = &a->facts->beginning;
        g_test_message("row %zu", i);
        g_assert_cmpuint(b->hellos, ==, rows[i].hellos);
        g_assert_cmpuint(b->answer_ignored_frame, ==, rows[i].ignored ? second : 0);
        g_assert_cmpuint(b->last_frame, ==, rows[i].answered_first ? 1 : c.frame);
        call_end(&c);
    }
}

/* ---- records that should not be ---- */

#define E2 (UINT64_C(1) << 48) /* of the epoch after the first with keys */

/* Explicit nonces of GCM: two ciphertexts under one is the end of it; counted or drawn ones are told apart. */
static void test_nonces(void)
{
    static const struct {
        const char *words;
        struct {
            uint64_t nonce, sequence;
            uint32_t mark;
        } records[4];
        uint16_t suite, version;
        bool has, repeated;
        unsigned odd;
    } rows[] = {
        {"the record's numbers", {{1, 1, 5}, {2, 2, 6}, {3, 3, 7}}, 0xc02b, WR_DTLS_1_2, true, false, 0},
        {"one nonce twice", {{1, 1, 5}, {1, 1, 6}, {2, 2, 7}}, 0xc02b, WR_DTLS_1_2, true, true, 0},
        {"one record twice", {{1, 1, 5}, {1, 1, 5}, {2, 2, 7}}, 0xc02b, WR_DTLS_1_2, true, false, 0},
        {"drawn ones", {{101, 1, 5}, {505, 2, 6}, {909, 3, 7}}, 0xc02b, WR_DTLS_1_2, true, false, 3},
        {"a drawn one in two epochs",
         {{101, 1, 5}, {101, E2 | 1, 6}, {502, E2 | 2, 7}},
         0xc02b,
         WR_DTLS_1_2,
         true,
         false,
         3},
        {"a drawn one again, later", {{101, 1, 5}, {502, 2, 6}, {101, 3, 7}}, 0xc02b, WR_DTLS_1_2, true, true, 2},
        {"a drawn record again", {{101, 1, 5}, {502, 2, 6}, {101, 3, 5}}, 0xc02b, WR_DTLS_1_2, true, false, 2},
        {"no GCM", {{1, 1, 5}, {1, 1, 6}, {2, 2, 7}}, 0xc009, WR_DTLS_1_2, true, false, 0},
        {"1.3", {{1, 1, 5}, {1, 1, 6}, {2, 2, 7}}, 0xc02b, WR_DTLS_1_3, true, false, 0},
        {"none in it", {{1, 1, 5}, {1, 1, 6}, {2, 2, 7}}, 0xc02b, WR_DTLS_1_2, false, false, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(1);
        const wr_side_facts *f;
        wr_association *a;
        k.sh.suites[0] = rows[i].suite;
        k.sh.negotiated = rows[i].version;
        feed(&c, 10, k.client, k.server, &k.ch);
        a = feed(&c, 10, k.server, k.client, &k.sh);
        for (unsigned n = 0; n < 3; n++) {
            wr_dtls_event v = event_of(WR_DTLS_APPLICATION_DATA, 0);
            v.epoch = (uint16_t)(1 + (rows[i].records[n].sequence >> 48));
            v.has_nonce = rows[i].has;
            v.nonce = rows[i].records[n].nonce;
            v.sequence = rows[i].records[n].sequence;
            v.mark = rows[i].records[n].mark;
            feed(&c, 10, k.client, k.server, &v);
        }
        f = a->side[0].facts;
        g_test_message("%s", rows[i].words);
        g_assert_true((f != NULL && f->repeat_frame != 0) == rows[i].repeated);
        g_assert_cmpuint(f != NULL && f->nonces != NULL ? f->nonces->odd : 0, ==, rows[i].odd);
        call_end(&c);
    }
}

/* Data in clear, heartbeats that ask for more than they bring, bare keys: the first frame of each. */
static void test_odd_records(void)
{
    call_t c = call_begin(NULL);
    wr_association *a = hello(&c, 10, true, 1);
    wr_dtls_event data = event_of(WR_DTLS_APPLICATION_DATA, 0), beat = event_of(WR_DTLS_HEARTBEAT, 0);
    wr_dtls_event key = event_of(WR_DTLS_OTHER_HANDSHAKE, 0);
    const wr_side_facts *f;

    hello(&c, 10, false, 2);
    data.has_connection_id = true; /* RFC 9146: its epoch is inside */
    feed(&c, 10, BOBS, ALICES, &data);
    data.has_connection_id = false;
    feed(&c, 10, BOBS, ALICES, &data); /* frame 4 */
    feed(&c, 10, BOBS, ALICES, &data);
    data.epoch = 1;
    feed(&c, 10, BOBS, ALICES, &data);
    feed(&c, 10, BOBS, ALICES, &beat);
    beat.overread = true;
    feed(&c, 10, BOBS, ALICES, &beat); /* frame 8 */
    feed(&c, 10, BOBS, ALICES, &beat);
    feed(&c, 10, BOBS, ALICES, &key);
    key.raw_key = true;
    feed(&c, 10, BOBS, ALICES, &key); /* frame 11 */
    feed(&c, 10, BOBS, ALICES, &key);
    f = a->side[0].facts;
    g_assert_cmpuint(f->clear_data_frame, ==, 4);
    g_assert_cmpuint(f->overread_frame, ==, 8);
    g_assert_cmpuint(f->raw_key_frame, ==, 11);
    g_assert_null(a->side[1].facts);
    call_end(&c);
}

/* Handshake records after both are done: the Finished again is none, another length is a renegotiation. */
static void test_late_records(void)
{
    enum { AGAIN, OTHER_LENGTH, CCS_AGAIN, CCS_LATER, BEFORE_THE_END, NEW_VERSION, CASES };

    for (int which = AGAIN; which < CASES; which++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(1);
        wr_association *a;
        wr_dtls_event v = event_of(
            which == CCS_AGAIN || which == CCS_LATER ? WR_DTLS_CHANGE_CIPHER_SPEC : WR_DTLS_ENCRYPTED_HANDSHAKE, 0);
        if (which == NEW_VERSION)
            k.sh.negotiated = WR_DTLS_1_3;
        if (which == BEFORE_THE_END) {
            feed(&c, 10, k.client, k.server, &k.ch);
            a = feed(&c, 10, k.server, k.client, &k.sh);
            finish(&c, k.client, k.server);
        } else {
            a = shake(&c, &k);
        }
        v.record_length = which == AGAIN || which == CCS_AGAIN ? 40 : 77;
        v.epoch = which == CCS_AGAIN ? 0 : 1;
        feed(&c, 10, k.client, k.server, &v);
        g_test_message("case %d", which);
        g_assert_true((a->side[0].facts != NULL && a->side[0].facts->renegotiation_frame != 0) ==
                      (which == OTHER_LENGTH || which == CCS_LATER));
        call_end(&c);
    }
}

/* Decrypted handshake messages inside a handshake of 1.2 are another one, and change nothing of the first. */
static void test_decrypted_hellos(void)
{
    static const struct {
        wr_dtls_kind kind;
        bool decrypted;
        uint16_t version;
        bool noted;
    } rows[] = {{WR_DTLS_CLIENT_HELLO, true, WR_DTLS_1_2, true},
                {WR_DTLS_SERVER_HELLO, true, WR_DTLS_1_2, true},
                {WR_DTLS_CLIENT_HELLO, false, WR_DTLS_1_2, false},
                {WR_DTLS_CLIENT_HELLO, true, WR_DTLS_1_3, false},
                {WR_DTLS_FINISHED, true, WR_DTLS_1_2, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(1);
        wr_dtls_event v = event_of(rows[i].kind, 0);
        wr_association *a;
        k.sh.negotiated = rows[i].version;
        a = shake(&c, &k);
        v.decrypted = rows[i].decrypted;
        v.handshake_type = rows[i].kind == WR_DTLS_CLIENT_HELLO ? 1 : rows[i].kind == WR_DTLS_SERVER_HELLO ? 2 : 20;
        memset(v.random, 0x66, sizeof v.random);
        feed(&c, 10, BOBS, ALICES, &v);
        g_test_message("row %zu", i);
        g_assert_cmpuint(a->facts->renegotiation_read, ==, rows[i].noted ? c.frame : 0);
        feed(&c, 10, BOBS, ALICES, &v); /* the first stays */
        g_assert_cmpuint(a->facts->renegotiation_read, ==, rows[i].noted ? c.frame - 1 : 0);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(sequences); i++) {
        char *path = g_strdup_printf("/handshakes/hellos/%s", sequences[i].words);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_hellos);
        g_free(path);
    }
    g_test_add_func("/handshakes/two_paths", test_two_paths);
    g_test_add_func("/handshakes/roles", test_roles);
    g_test_add_func("/handshakes/sides", test_sides);
    g_test_add_func("/handshakes/alerts", test_alerts);
    g_test_add_func("/handshakes/encrypted", test_encrypted);
    g_test_add_func("/handshakes/epochs", test_epochs);
    g_test_add_func("/handshakes/frames", test_frames);
    g_test_add_func("/handshakes/certificates", test_certificates);
    g_test_add_func("/handshakes/certificate_behind_a_hello", test_certificate_behind_a_hello);
    g_test_add_func("/handshakes/empty_list", test_empty_list);
    g_test_add_func("/handshakes/going_on", test_going_on);
    g_test_add_func("/handshakes/offer_and_choice", test_offer_and_choice);
    g_test_add_func("/handshakes/session_ids", test_session_ids);
    g_test_add_func("/handshakes/sent_again", test_sent_again);
    g_test_add_func("/handshakes/nonces", test_nonces);
    g_test_add_func("/handshakes/odd_records", test_odd_records);
    g_test_add_func("/handshakes/late_records", test_late_records);
    g_test_add_func("/handshakes/decrypted_hellos", test_decrypted_hellos);
    return g_test_run();
}
