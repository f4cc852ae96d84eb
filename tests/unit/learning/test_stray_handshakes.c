/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an adversary sends of handshakes beside the true one: its messages the other way round, before their time or
 * under other numbers, a stranger's whole flight, an answer of another version, certificates where there are none. None
 * of it takes a message, a record or a verdict from the true handshake (design: whose certificate counts).
 */
#include "real_call.h"

#define FOREIGN (G_N_ELEMENTS(rsa_handshake) - 2) /* without its end */

/* A real call, and n datagrams of somebody before the datagram of that place; what is proven stays so. */
typedef void (*adding)(real_t *r, unsigned which);

static void check_verified(real_t *r)
{
    const wr_session *s = real_session(r);
    const wr_association *a;

    g_assert_cmpint(s->verdict, ==, WR_S_VERIFIED_LEG);
    g_assert_cmpuint(s->associations->len, ==, 1);
    a = g_ptr_array_index(s->associations, 0);
    g_assert_cmpint(a->possession[0], ==, WR_POSSESSION_PROVED);
    g_assert_cmpint(a->possession[1], ==, WR_POSSESSION_PROVED);
    g_assert_true(wr_association_is_completed(a));
}

static void with_added(const char *words, adding add, unsigned many)
{
    for (unsigned which = 0; which < many; which++) {
        for (unsigned place = 0; place <= DATAGRAMS + 1; place++) {
            real_t r = real_begin(NULL);
            real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
            if (place == 0)
                add(&r, which);
            connect_ends(&r.c);
            for (unsigned i = 0; i < DATAGRAMS; i++) {
                if (i + 1 == place)
                    add(&r, which);
                real_part(&r, i);
            }
            stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 3);
            stream(&r.c, BOBS, ALICES, 0xB0B, 1, 3);
            if (place == DATAGRAMS + 1)
                add(&r, which);
            g_test_message("%s %u at place %u", words, which, place);
            check_verified(&r);
            real_end(&r);
        }
    }
}

/* Records under keys, two of each side, and they are those of the call's handshake. */
static void check_data(real_t *r)
{
    static const uint8_t data[] = {23, 254, 253, 0,  1,  0,  0,  0,  0, 0, 9, 0, 24, 1, 2, 3, 4, 5, 6,
                                   7,  8,   9,   10, 11, 12, 13, 14, 1, 2, 3, 4, 5,  6, 7, 8, 9, 10};
    const wr_association *a;

    for (unsigned k = 0; k < 4; k++)
        real_datagram(r, 20, k % 2 != 0, data, sizeof data);
    check_verified(r);
    a = g_ptr_array_index(real_session(r)->associations, 0);
    g_assert_cmpuint(a->side[0].data_records, ==, 2);
    g_assert_cmpuint(a->side[1].data_records, ==, 2);
}

/* ---- messages of the call ---- */

static void turned_datagram(real_t *r, unsigned which)
{
    const recorded *d = &ecdsa_handshake[which];

    real_datagram(r, 1, !d->up, d->bytes, d->length);
}

static void test_datagrams_the_other_way(void)
{
    with_added("turned datagram", turned_datagram, DATAGRAMS);
}

/* Each record of the call with a handshake message in clear, under each number, either way. */
static const struct {
    unsigned datagram, record;
} clear_records[] = {{HELLO, 0},
                     {HELLO_AGAIN, 0},
                     {SERVER_FLIGHT, IN_SERVER_HELLO},
                     {SERVER_FLIGHT, IN_CERTIFICATE},
                     {SERVER_FLIGHT, IN_KEY_EXCHANGE},
                     {SERVER_FLIGHT, IN_DONE},
                     {CLIENT_FLIGHT, IN_CLIENT_CERTIFICATE},
                     {CLIENT_FLIGHT, IN_CLIENT_KEY_EXCHANGE},
                     {CLIENT_FLIGHT, IN_CERTIFICATE_VERIFY}};

#define NUMBERS 6

static void renumbered(real_t *r, unsigned which)
{
    const unsigned row = which / 2 / NUMBERS, seq = which / 2 % NUMBERS;
    const recorded *d = &ecdsa_handshake[clear_records[row].datagram];
    size_t n;
    uint8_t *bytes = record_of(d, clear_records[row].record, &n);

    bytes[RECORD_HEADER + 5] = (uint8_t)seq;
    real_datagram(r, 1, which % 2 != 0 ? !d->up : d->up, bytes, n);
    g_free(bytes);
}

static void test_other_numbers(void)
{
    with_added("renumbered", renumbered, 2 * NUMBERS * G_N_ELEMENTS(clear_records));
}

/* The server's flight once more with another byte in its hello: the signature, which covers the random alone, fits. */
static void other_server_hello(real_t *r, unsigned which)
{
    const recorded *d = &ecdsa_handshake[SERVER_FLIGHT];
    uint8_t *bytes = g_memdup2(d->bytes, d->length);

    bytes[record_length(d->bytes) - 1 - which] ^= 1;
    real_datagram(r, 1, d->up, bytes, d->length);
    g_free(bytes);
}

static void test_other_server_hello(void)
{
    with_added("server hello with another byte", other_server_hello, 2);
}

static void test_whole_handshake_sent_back(void)
{
    const uint8_t alert[] = {21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 42};
    real_t r = real_begin(NULL);

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        real_part(&r, i);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        turned_datagram(&r, i);
    real_datagram(&r, 1, true, alert, sizeof alert);
    stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 3);
    check_data(&r);
    g_assert_cmpuint(found(&r.c, "INJ-01", WR_NOTE), >=, 1);
    real_end(&r);
}

/* ---- a stranger's handshake ---- */

static void strangers_flights(real_t *r, unsigned turned)
{
    for (unsigned i = 0; i < FOREIGN; i++)
        real_datagram(r, 1, rsa_handshake[i].up != (turned != 0), rsa_handshake[i].bytes, rsa_handshake[i].length);
}

/* Before each datagram of the call's handshake and behind them all; what the call sends under its keys stays its own.
 */
static void test_strangers_handshake_without_end(void)
{
    for (unsigned i = 0; i < 2 * (DATAGRAMS + 1); i++) {
        real_t r = real_begin(NULL);
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned k = 0; k <= DATAGRAMS; k++) {
            if (k == i / 2)
                strangers_flights(&r, i % 2);
            if (k < DATAGRAMS)
                real_part(&r, k);
        }
        g_test_message("case %u", i);
        check_data(&r);
        real_end(&r);
    }
}

/* To its end, between those of the call, or all of it before one of them: two went through, and one is not explained.
 */
static void test_strangers_handshake_at_once(void)
{
    const unsigned all = G_N_ELEMENTS(rsa_handshake);

    for (unsigned i = 0; i < 2 + DATAGRAMS; i++) {
        real_t r = real_begin(NULL);
        unsigned said = 0;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned k = 0; k < DATAGRAMS; k++) {
            const unsigned upto = i >= 2 ? (k == i - 2 ? all : said) : MIN(all, k + i);
            for (; said < upto; said++)
                real_datagram(&r, 1, rsa_handshake[said].up, rsa_handshake[said].bytes, rsa_handshake[said].length);
            real_part(&r, k);
        }
        for (; said < all; said++)
            real_datagram(&r, 1, rsa_handshake[said].up, rsa_handshake[said].bytes, rsa_handshake[said].length);
        stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 3);
        stream(&r.c, BOBS, ALICES, 0xB0B, 1, 3);
        g_test_message("case %u", i);
        g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_CONTESTED);
        g_assert_cmpint(real_session(&r)->severity, ==, WR_WARN);
        real_end(&r);
    }
}

static void other_hello(real_t *r)
{
    const recorded *d = &ecdsa_handshake[HELLO_AGAIN];
    uint8_t *bytes = g_memdup2(d->bytes, d->length);

    bytes[MESSAGE_CONTENT + 5] ^= 1;
    real_datagram(r, 1, true, bytes, d->length);
    g_free(bytes);
}

/* Which hello an answer belongs to is told by its signature, whichever of them came with whom. */
static void test_hellos_and_answers_mixed(void)
{
    for (unsigned i = 0; i < 3; i++) {
        real_t r = real_begin(NULL);
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        if (i == 0)
            real_datagram(&r, 1, false, rsa_handshake[3].bytes, rsa_handshake[3].length);
        if (i == 1)
            other_hello(&r);
        if (i >= 1) /* the answer before its time */
            real_part(&r, SERVER_FLIGHT);
        for (unsigned k = 0; k < DATAGRAMS; k++) {
            if (k == HELLO_AGAIN && i != 1)
                other_hello(&r);
            real_part(&r, k);
        }
        g_test_message("case %u", i);
        check_verified(&r);
        real_end(&r);
    }
}

/* ---- DTLS 1.3 ---- */

static void feed_13(call_t *c, bool by_client, unsigned epoch)
{
    wr_dtls_event v = event_of(WR_DTLS_ENCRYPTED_RECORD_13, 0);

    v.epoch = (uint16_t)epoch;
    feed(c, 1, by_client ? BOBS : ALICES, by_client ? ALICES : BOBS, &v);
}

static void finish_13(call_t *c)
{
    for (unsigned epoch = 2; epoch <= 3; epoch++)
        for (int role = 0; role < 2; role++)
            feed_13(c, role == 0, epoch);
    stream(c, ALICES, BOBS, 0xA11CE, 1, 3);
    stream(c, BOBS, ALICES, 0xB0B, 1, 3);
}

/* A certificate in clear, of either side, before the ServerHello that says 1.3 or behind it: it is nobody's. */
static void test_certificate_in_clear(void)
{
    for (unsigned i = 0; i < 6; i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(0x10);
        const wr_association *a;
        k.ch.offers_13 = true;
        k.sh.negotiated = WR_DTLS_1_3;
        k.certificate[i % 2] = some_certificate(7);
        agree(&c);
        connect_ends(&c);
        if (i / 2 == 0)
            send_certificate(&c, &k, (int)(i % 2));
        feed(&c, 10, k.client, k.server, &k.ch);
        if (i / 2 == 1)
            send_certificate(&c, &k, (int)(i % 2));
        a = feed(&c, 10, k.server, k.client, &k.sh);
        if (i / 2 == 2)
            send_certificate(&c, &k, (int)(i % 2));
        finish_13(&c);
        wr_engine_evaluate(c.e);
        g_test_message("case %u", i);
        g_assert_null(a->side[0].presented.certificate);
        g_assert_null(a->side[1].presented.certificate);
        g_assert_cmpint(a->verdict, ==, WR_A_UNVERIFIABLE_ENCRYPTED);
        g_assert_cmpuint(found(&c, "INJ-01", WR_NOTE), ==, 1);
        wr_certificate_unref(k.certificate[i % 2]);
        call_end(&c);
    }
}

/* Somebody answers the hello of the call, which is one of 1.2, with a ServerHello of 1.3: at every place. */
static void answer_of_13(real_t *r, unsigned which)
{
    enum { BODY = 2 + 32 + 1 + 2 + 1 + 2 + 6, HEADERS = 13 + 12 };
    uint8_t bytes[HEADERS + BODY] = {
        22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, (uint8_t)which, 0, 12 + BODY, 2, 0, 0, BODY, 0, (uint8_t)which};
    uint8_t *end = bytes + HEADERS + 2 + 32;

    bytes[HEADERS - 1] = BODY; /* fragment length */
    bytes[HEADERS] = 0xfe;
    bytes[HEADERS + 1] = 0xfd;
    memset(bytes + HEADERS + 2, 0x13, 32);
    memcpy(end, "\0\x13\x01\0\0\x06\0\x2b\0\x02\xfe\xfc", 12); /* supported_versions (RFC 8446 4.2.1) */
    real_datagram(r, 1, false, bytes, sizeof bytes);
}

static void test_answer_of_13(void)
{
    with_added("answer of 1.3", answer_of_13, 2);
}

/* Somebody answers the hello of the call with a flight of 1.2, before the server says 1.3: both answers stand, and
 * records with a unified header are those of 1.3. */
static void test_answer_of_another_version(void)
{
    call_t c = call_begin(NULL);
    real_t r = {.c = c,
                .reader = wr_dtls_reader_new(),
                .events = g_ptr_array_new_with_free_func((GDestroyNotify)wr_dtls_event_free)};
    shake_t k = shake_of(0x10);
    const wr_association *a;
    uint8_t body[40] = {0xfe, 0xfd};

    k.ch.offers_13 = true;
    k.sh.negotiated = WR_DTLS_1_3;
    k.sh.body = body;
    k.sh.body_length = sizeof body;
    agree(&r.c);
    connect_ends(&r.c);
    feed(&r.c, 10, k.client, k.server, &k.ch);
    real_part(&r, SERVER_FLIGHT);
    a = feed(&r.c, 10, k.server, k.client, &k.sh);
    strangers_flights(&r, 0);
    strangers_flights(&r, 1);
    finish_13(&r.c);
    wr_engine_evaluate(r.c.e);
    g_assert_cmpint(a->version, ==, WR_DTLS_1_3);
    g_assert_true(a->has_client_random && a->client_random[0] == 0x10 && a->offers_use_srtp);
    g_assert_cmpint(a->possession[1], ==, WR_POSSESSION_UNKNOWN);
    g_assert_null(a->side[1].presented.certificate);
    g_assert_cmpuint(a->side[0].data_records, ==, 1);
    g_assert_cmpuint(a->side[1].data_records, ==, 1);
    g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_UNVERIFIABLE);
    real_end(&r);
}

/* ---- where there are no certificates ---- */

static void resume(call_t *c, shake_t *k, int shown, bool early)
{
    wr_dtls_event v = event_of(WR_DTLS_CERTIFICATE, 1);

    v.leaf = k->certificate[0];
    k->ch.session_id_length = k->sh.session_id_length = 8;
    memset(k->ch.session_id, 9, 8);
    memset(k->sh.session_id, 9, 8);
    feed(c, 10, k->client, k->server, &k->ch);
    if (early)
        feed(c, 1, shown == 0 ? k->client : k->server, shown == 0 ? k->server : k->client, &v);
    feed(c, 10, k->server, k->client, &k->sh);
    finish(c, k->server, k->client);
    finish(c, k->client, k->server);
    if (!early)
        feed(c, 1, shown == 0 ? k->client : k->server, shown == 0 ? k->server : k->client, &v);
}

static void test_certificate_in_a_resumed_session(void)
{
    for (int i = 0; i < 4; i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(0x10);
        const wr_association *a;
        k.certificate[0] = some_certificate(7);
        agree(&c);
        connect_ends(&c);
        resume(&c, &k, i % 2, i >= 2);
        wr_engine_evaluate(c.e);
        g_test_message("case %d", i);
        a = g_ptr_array_index(wr_engine_associations(c.e), 0);
        g_assert_cmpint(a->verdict, ==, WR_A_RESUMED_UNLINKED);
        wr_certificate_unref(k.certificate[0]);
        call_end(&c);
    }
}

/* Who refused the server's certificate shows none of its own any more. */
static void test_certificate_behind_a_refusal(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(0x10);
    wr_dtls_event alert = event_of(WR_DTLS_ALERT, 0);
    const wr_association *a;

    k.certificate[0] = some_certificate(7);
    alert.alert_level = 2;
    alert.alert_description = 42;
    agree(&c);
    connect_ends(&c);
    feed(&c, 10, k.client, k.server, &k.ch);
    a = feed(&c, 10, k.server, k.client, &k.sh);
    feed(&c, 1, k.client, k.server, &alert);
    send_certificate(&c, &k, 0);
    g_assert_null(a->side[0].presented.certificate);
    wr_certificate_unref(k.certificate[0]);
    call_end(&c);
}

/* ---- on other paths ---- */

/* The server's answer was put on another path before its time: that is no path of the handshake. */
static void test_answer_elsewhere_before_its_time(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(0x10);
    const wr_endpoint x = at("10.0.0.1", 7000), y = at("192.0.2.2", 8000);
    wr_association *early, *a;

    early = feed(&c, 10, x, y, &k.sh);
    feed(&c, 10, k.client, k.server, &k.ch);
    a = feed(&c, 10, k.server, k.client, &k.sh);
    g_assert_true(a != early && early->absorbed == a);
    g_assert_cmpuint(a->flows.len, ==, 1);
    g_assert_true(wr_endpoint_equal(&a->side[0].end, &k.client));
    call_end(&c);
}

/* A handshake replayed on the path of another one that was completed there. */
static void test_handshake_on_the_path_of_another(void)
{
    call_t c = call_begin(NULL);
    shake_t one = shake_of(0x10), other = shake_of(0x50);
    wr_dtls_event data = event_of(WR_DTLS_APPLICATION_DATA, 0);
    wr_association *a, *b;

    other.client.port = 7000;
    other.server.port = 8000;
    a = shake(&c, &one);
    b = shake(&c, &other);
    feed(&c, 10, other.client, other.server, &one.ch);
    feed(&c, 10, other.server, other.client, &one.sh);
    finish(&c, other.client, other.server);
    data.epoch = 1;
    feed(&c, 10, other.client, other.server, &data);
    g_assert_cmpuint(b->side[0].data_records, ==, 1);
    g_assert_cmpuint(a->flows.len, ==, 1);
    g_assert_cmpuint(b->flows.len, ==, 1);
    g_assert_cmpuint(wr_engine_associations(c.e)->len, ==, 3);
    call_end(&c);
}

/* Nothing describes it, so that nothing of it is contested, though its signature does not fit. */
static void test_nobodys_handshake_without_description(void)
{
    real_t r = real_begin(NULL);
    uint8_t *hello = g_memdup2(ecdsa_handshake[HELLO_AGAIN].bytes, ecdsa_handshake[HELLO_AGAIN].length);

    hello[MESSAGE_CONTENT + 5] ^= 1;
    real_datagram(&r, 5, true, hello, ecdsa_handshake[HELLO_AGAIN].length);
    for (unsigned i = SERVER_FLIGHT; i < DATAGRAMS; i++)
        real_part(&r, i);
    g_assert_cmpint(real_association(&r)->possession[1], ==, WR_POSSESSION_INVALID);
    g_assert_cmpint(real_association(&r)->verdict, ==, WR_A_NO_SIGNALLING);
    real_end(&r);
    g_free(hello);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stray/turned", test_datagrams_the_other_way);
    g_test_add_func("/stray/numbers", test_other_numbers);
    g_test_add_func("/stray/server_hello", test_other_server_hello);
    g_test_add_func("/stray/sent_back", test_whole_handshake_sent_back);
    g_test_add_func("/stray/without_end", test_strangers_handshake_without_end);
    g_test_add_func("/stray/at_once", test_strangers_handshake_at_once);
    g_test_add_func("/stray/mixed", test_hellos_and_answers_mixed);
    g_test_add_func("/stray/13/certificate", test_certificate_in_clear);
    g_test_add_func("/stray/13/other_version", test_answer_of_another_version);
    g_test_add_func("/stray/13/answer", test_answer_of_13);
    g_test_add_func("/stray/resumed", test_certificate_in_a_resumed_session);
    g_test_add_func("/stray/refused", test_certificate_behind_a_refusal);
    g_test_add_func("/stray/elsewhere", test_answer_elsewhere_before_its_time);
    g_test_add_func("/stray/path_of_another", test_handshake_on_the_path_of_another);
    g_test_add_func("/stray/undescribed", test_nobodys_handshake_without_description);
    return g_test_run();
}
