/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the sides of an association behaved, and what their certificates say: each check where it must speak and where
 * it nearly must. */
#include "handshake_build.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

static unsigned count_and_end(call_t *c, const char *check, int severity)
{
    unsigned n = found(c, check, severity);

    call_end(c);
    return n;
}

/* ---- DTLS-14 ---- */

static void test_role_against_setup(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10), turned = shake_of(10);

    ordinary(&c, &k);
    g_assert_cmpuint(count_and_end(&c, "DTLS-14", -1), ==, 0);
    turned.client = ALICES;
    turned.server = BOBS;
    c = call_begin(NULL);
    ordinary(&c, &turned);
    g_assert_cmpuint(count_and_end(&c, "DTLS-14", WR_WARN), ==, 1);
    c = call_begin(NULL); /* no check proves whose path it is */
    agree(&c);
    shake(&c, &turned);
    g_assert_cmpuint(count_and_end(&c, "DTLS-14", -1), ==, 0);
}

/* What a handshake shows, and its key did not sign, anybody can copy: such a handshake turns no roles. */
static void test_role_in_a_copy(void)
{
    for (int signed_by = 0; signed_by < 2; signed_by++) {
        call_t c = call_begin(NULL);
        shake_t turned = shake_of(10);
        wr_certificate *shown = some_certificate(1);

        turned.client = ALICES;
        turned.server = BOBS;
        turned.certificate[1] = shown;
        ordinary(&c, &turned)->possession[1] = signed_by ? WR_POSSESSION_PROVED : WR_POSSESSION_INVALID;
        g_assert_cmpuint(found(&c, "DTLS-14", signed_by ? WR_WARN : WR_NOTE), ==, 1);
        g_assert_cmpuint(count_and_end(&c, "DTLS-14", -1), ==, 1);
        wr_certificate_unref(shown);
    }
}

/* An answer with the other role, told to the same client on another connection. */
static void test_role_by_two_answers(void)
{
    call_t c = call_begin(NULL);
    shake_t turned = shake_of(10);
    text_t a = answer_text();
    way_t w = ANSWERED;

    turned.client = ALICES;
    turned.server = BOBS;
    w.connection = 7;
    a.setup = "passive";
    ordinary(&c, &turned);
    say(&c, w, &a);
    g_assert_cmpuint(count_and_end(&c, "DTLS-14", WR_WARN), ==, 0);
}

static void later_answer(call_t *c, const char *setup)
{
    wr_certificate *alice = some_certificate(1), *bob = some_certificate(2);
    char *fa = fingerprint_of(alice), *fb = fingerprint_of(bob);
    shake_t k = shake_of(10);
    text_t o = offer_text(), a = answer_text();
    way_t again = OFFERED, reply_way = ANSWERED;

    k.certificate[0] = bob;
    k.certificate[1] = alice;
    o.fingerprint = fa;
    a.fingerprint = fb;
    say(c, OFFERED, &o);
    say(c, ANSWERED, &a);
    connect_ends(c);
    shake(c, &k);
    o.version = a.version = "3";
    a.setup = setup;
    again.later_ms = 5000;
    say(c, again, &o);
    say(c, reply_way, &a);
    g_free(fa);
    g_free(fb);
    wr_certificate_unref(alice);
    wr_certificate_unref(bob);
}

static void test_roles_turned_later(void)
{
    call_t c = call_begin(NULL);

    later_answer(&c, "passive");
    g_assert_cmpuint(count_and_end(&c, "DTLS-14", WR_NOTE), ==, 1);
    c = call_begin(NULL);
    later_answer(&c, "active");
    g_assert_cmpuint(count_and_end(&c, "DTLS-14", -1), ==, 0);
}

/* ---- DTLS-15 ---- */

static unsigned late_handshake(uint16_t length, bool decrypted, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_dtls_event v = event_of(decrypted ? WR_DTLS_CLIENT_HELLO : WR_DTLS_ENCRYPTED_HANDSHAKE, 0);
    wr_association *a = ordinary(&c, &k);

    v.epoch = 1;
    v.record_length = length;
    v.decrypted = decrypted;
    v.handshake_type = 1;
    memset(v.random, 99, sizeof v.random);
    g_assert_true(feed(&c, 3000, k.client, k.server, &v) == a); /* and no association of its own */
    return count_and_end(&c, "DTLS-15", severity);
}

/* A server's Finished in records of these lengths, the second so many numbers behind the first. */
static unsigned parted(unsigned first, unsigned second, unsigned behind)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_dtls_event v = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0);

    k.server_finished = (uint16_t)first;
    ordinary(&c, &k);
    v.epoch = 1;
    v.has_nonce = true;
    v.sequence = (UINT64_C(1) << 48) + behind;
    v.record_length = (uint16_t)second;
    feed(&c, 1, k.server, k.client, &v);
    feed(&c, 100, k.server, k.client, &v); /* captured twice */
    return count_and_end(&c, "DTLS-15", -1);
}

/* GCM: a whole Finished takes 48 bytes, a piece at least 36. */
static void test_parted_finished(void)
{
    g_assert_cmpuint(parted(40, 44, 1), ==, 0);
    g_assert_cmpuint(parted(40, 44, 2), ==, 1);  /* something was sent between */
    g_assert_cmpuint(parted(48, 36, 1), ==, 1);  /* behind a whole one: HelloRequest is as short */
    g_assert_cmpuint(parted(40, 120, 1), ==, 1); /* longer than any Finished */
}

static void test_renegotiation(void)
{
    g_assert_cmpuint(late_handshake(40, false, -1), ==, 0); /* Finished once more */
    g_assert_cmpuint(late_handshake(150, false, WR_NOTE), ==, 1);
    g_assert_cmpuint(late_handshake(150, true, WR_WARN), ==, 1);
}

/* ---- DTLS-17 ---- */

typedef enum { UNEXPLAINED, ANNOUNCED, FAREWELL, OTHER_CERTIFICATE, NO_SIGNALLING } second_t;

static unsigned second(second_t how, int severity)
{
    call_t c = call_begin(NULL);
    shake_t first = shake_of(10), next_one = shake_of(30);
    wr_certificate *bob = some_certificate(2), *eve = some_certificate(3);
    char *fb = fingerprint_of(bob);
    wr_dtls_event bye = event_of(WR_DTLS_ENCRYPTED_ALERT, 0);
    text_t o = offer_text(), a = answer_text();
    way_t renew = OFFERED;
    unsigned n;

    bye.epoch = 1;
    a.fingerprint = fb;
    first.certificate[0] = next_one.certificate[0] = bob;
    if (how == OTHER_CERTIFICATE) { /* no description tells whose it is: the first one's answer is not seen */
        first.certificate[0] = some_certificate(4);
        next_one.certificate[0] = eve;
    }
    if (how != NO_SIGNALLING) {
        say(&c, OFFERED, &o);
        if (how != OTHER_CERTIFICATE)
            say(&c, ANSWERED, &a);
    }
    connect_ends(&c);
    shake(&c, &first);
    stream(&c, first.client, first.server, 7, 1, 20);
    if (how == FAREWELL)
        feed(&c, 10, first.client, first.server, &bye);
    if (how == ANNOUNCED) {
        renew.later_ms = 1000;
        o.version = "3";
        say(&c, renew, &o);
    }
    shake(&c, &next_one);
    n = count_and_end(&c, "DTLS-17", severity);
    if (how == OTHER_CERTIFICATE)
        wr_certificate_unref(first.certificate[0]);
    wr_certificate_unref(bob);
    wr_certificate_unref(eve);
    g_free(fb);
    return n;
}

static void test_second_association(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    g_assert_cmpuint(second(UNEXPLAINED, WR_NOTE), ==, 1);
    g_assert_cmpuint(second(ANNOUNCED, WR_CHAT), ==, 1);
    g_assert_cmpuint(second(ANNOUNCED, WR_WARN), ==, 0);
    g_assert_cmpuint(second(FAREWELL, WR_CHAT), ==, 1);
    g_assert_cmpuint(second(OTHER_CERTIFICATE, WR_NOTE), ==, 1);
    g_assert_cmpuint(second(NO_SIGNALLING, WR_NOTE), ==, 1);
    /* hellos again, as after a lost flight, are no second handshake */
    ordinary(&c, &k);
    feed(&c, 100, k.client, k.server, &k.ch);
    feed(&c, 5, k.server, k.client, &k.sh);
    g_assert_cmpuint(count_and_end(&c, "DTLS-17", -1), ==, 0);
}

/* ---- DTLS-18 ---- */

static wr_certificate *real_certificate(int rsa_bits, const char *name, const char *alt, int64_t from, int64_t days)
{
    EVP_PKEY *key = rsa_bits != 0 ? EVP_RSA_gen((unsigned)rsa_bits) : EVP_EC_gen("P-256");
    X509 *x = X509_new();
    X509_NAME *subject = X509_get_subject_name(x);
    uint8_t *der = NULL;
    wr_certificate *cert;
    int n;

    g_assert_nonnull(key);
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(x, subject);
    ASN1_TIME_set(X509_getm_notBefore(x), (time_t)from);
    ASN1_TIME_set(X509_getm_notAfter(x), (time_t)(from + days * 86400));
    X509_set_pubkey(x, key);
    if (alt != NULL) {
        X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, alt);
        X509_add_ext(x, e, -1);
        X509_EXTENSION_free(e);
    }
    X509_sign(x, key, EVP_sha256());
    n = i2d_X509(x, &der);
    cert = wr_certificate_new(der, (size_t)n);
    OPENSSL_free(der);
    X509_free(x);
    EVP_PKEY_free(key);
    return cert;
}

static unsigned with_certificate(wr_certificate *cert, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    unsigned n;

    k.certificate[1] = cert;
    ordinary(&c, &k);
    n = count_and_end(&c, "DTLS-18", severity);
    wr_certificate_unref(cert);
    return n;
}

static void test_certificate_properties(void)
{
    const int64_t now = 1700000000;

    g_assert_cmpuint(with_certificate(real_certificate(0, "WebRTC", NULL, now - 86400, 30), -1), ==, 0);
    g_assert_cmpuint(with_certificate(real_certificate(2048, "7af3c0", NULL, now - 86400, 30), -1), ==, 0);
    g_assert_cmpuint(with_certificate(real_certificate(1024, "WebRTC", NULL, now - 86400, 30), WR_WARN), ==, 1);
    g_assert_cmpuint(with_certificate(real_certificate(0, "WebRTC", NULL, now - 90 * 86400, 30), WR_NOTE), ==,
                     1); /* T14: no more */
    g_assert_cmpuint(with_certificate(real_certificate(0, "alice@example.org", NULL, now - 86400, 30), WR_NOTE), ==, 1);
    g_assert_cmpuint(with_certificate(real_certificate(0, "sfu1.example.org", NULL, now - 86400, 30), WR_NOTE), ==, 1);
    g_assert_cmpuint(with_certificate(real_certificate(0, "x", "email:alice@example.org", now - 86400, 30), WR_NOTE),
                     ==, 1);
    g_assert_cmpuint(with_certificate(real_certificate(0, "v1.2", NULL, now - 86400, 30), -1), ==, 0); /* no host */
}

/* ---- DTLS-20 ---- */

static unsigned answered_late(int64_t answer_ms, bool sends, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    text_t o = offer_text(), a = answer_text();
    way_t w = ANSWERED;

    w.later_ms = answer_ms;
    say(&c, OFFERED, &o);
    connect_ends(&c);
    shake(&c, &k);
    if (sends)
        stream(&c, ALICES, BOBS, 7, 1, 5);
    say(&c, w, &a);
    return count_and_end(&c, "DTLS-20", severity);
}

static void test_handshake_before_the_answer(void)
{
    g_assert_cmpuint(answered_late(3000, false, WR_CHAT), ==, 1);
    g_assert_cmpuint(answered_late(3000, true, WR_NOTE), ==, 1);
    g_assert_cmpuint(answered_late(100, true, -1), ==, 0); /* within what clocks may disagree */
}

/* ---- DTLS-21 ---- */

static unsigned external(const char *id, const char *lines, const uint8_t *hash, uint8_t hash_length, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    text_t o = offer_text(), a = answer_text();

    a.lines = lines;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    connect_ends(&c);
    k.ch.external_session_id = (uint8_t *)id;
    k.ch.external_session_id_length = id != NULL ? (uint8_t)strlen(id) : 0;
    k.ch.external_id_hash = (uint8_t *)hash;
    k.ch.external_id_hash_length = hash_length;
    shake(&c, &k);
    return count_and_end(&c, "DTLS-21", severity);
}

static void test_external_session_id(void)
{
    static const char TLS_ID[] = "a=tls-id:abcdefghijklmnopqrstuvwx\r\n";

    g_assert_cmpuint(external("abcdefghijklmnopqrstuvwx", TLS_ID, NULL, 0, -1), ==, 0);
    g_assert_cmpuint(external("xxxxxxxxxxxxxxxxxxxxxxxx", TLS_ID, NULL, 0, WR_ERROR), ==, 1);
    g_assert_cmpuint(external("xxxxxxxxxxxxxxxxxxxxxxxx", NULL, NULL, 0, -1), ==, 0); /* nothing to compare with */
    g_assert_cmpuint(external(NULL, TLS_ID, NULL, 0, -1), ==, 0); /* T11: absent everywhere in practice */
}

static void test_external_id_hash(void)
{
    static const char IDENTITY[] = "a=identity:aGVsbG8=\r\n"; /* "hello" */
    uint8_t hash[32];
    gsize n = sizeof hash;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);

    g_checksum_update(sum, (const guchar *)"hello", 5);
    g_checksum_get_digest(sum, hash, &n);
    g_checksum_free(sum);
    g_assert_cmpuint(external(NULL, IDENTITY, hash, 32, -1), ==, 0);
    hash[0] ^= 1;
    g_assert_cmpuint(external(NULL, IDENTITY, hash, 32, WR_ERROR), ==, 1);
    g_assert_cmpuint(external(NULL, IDENTITY, hash, 0, WR_ERROR), ==, 1); /* empty while an identity was delivered */
    g_assert_cmpuint(external(NULL, NULL, hash, 0, -1), ==, 0);
    g_assert_cmpuint(external(NULL, IDENTITY, hash, 20, WR_WARN), ==, 1);
}

/* ---- DTLS-23 ---- */

static void data_record(call_t *c, const shake_t *k, uint64_t nonce, uint64_t sequence, uint32_t mark);

/* A stack that repeats its nonces does so again and again: sixteen times and in a tenth of its records, over 10 s. */
static void test_nonces_repeated_throughout(void)
{
    static const struct {
        unsigned records, every, step_ms;
        wr_severity severity;
    } rows[] = {
        {150, 8, 100, WR_ERROR},
        {120, 8, 100, WR_NOTE},
        {300, 16, 100, WR_NOTE},
        {150, 8, 10, WR_NOTE},
    };
    const uint64_t epoch = UINT64_C(1) << 48;

    for (size_t r = 0; r < G_N_ELEMENTS(rows); r++) {
        for (uint64_t of = epoch; of != 0;
             of = of == epoch ? 7000 : 0) { /* the record's number, or a counter of its own */
            call_t c = call_begin(NULL);
            shake_t k = shake_of(10);
            ordinary(&c, &k);
            for (unsigned i = 1; i <= rows[r].records; i++) {
                data_record(&c, &k, of + i, epoch + 2 * i, i);
                if (i % rows[r].every == 0)
                    data_record(&c, &k, of + i, epoch + 2 * i + 1, 5000 + i);
                c.us += rows[r].step_ms * MS;
            }
            g_assert_cmpuint(count_and_end(&c, "DTLS-23", (int)rows[r].severity), ==, 1);
        }
    }
}

static void data_record(call_t *c, const shake_t *k, uint64_t nonce, uint64_t sequence, uint32_t mark)
{
    wr_dtls_event v = event_of(WR_DTLS_APPLICATION_DATA, 0);

    v.epoch = 1;
    v.has_nonce = true;
    v.nonce = nonce;
    v.sequence = sequence;
    v.mark = mark;
    feed(c, 20, k->client, k->server, &v);
}

static void test_nonces(void)
{
    const uint64_t epoch = UINT64_C(1) << 48;
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    ordinary(&c, &k);
    for (unsigned i = 1; i < 40; i++)
        data_record(&c, &k, epoch + i, epoch + i, i); /* as nearly all stacks do */
    data_record(&c, &k, epoch + 39, epoch + 39, 39);  /* captured twice */
    for (unsigned i = 1; i < 40; i++)
        data_record(&c, &k, 5000 + i, epoch + 40 + i, i); /* its own counter */
    g_assert_cmpuint(found(&c, "DTLS-23", -1), ==, 0);
    data_record(&c, &k, 5039, epoch + 80, 777);
    g_assert_cmpuint(count_and_end(&c, "DTLS-23", WR_NOTE), ==, 1); /* one record anybody can forge */

    c = call_begin(NULL);
    ordinary(&c, &k);
    for (unsigned i = 1; i < 12; i++)
        data_record(&c, &k, i * UINT64_C(0x9E3779B97F4A7C15), epoch + i, i);
    g_assert_cmpuint(count_and_end(&c, "DTLS-23", WR_NOTE), ==, 1);

    c = call_begin(NULL); /* ChaCha20 has no nonce on the wire: these bytes are ciphertext */
    k.ch.suites[1] = k.sh.suites[0] = 0xcca9;
    ordinary(&c, &k);
    for (unsigned i = 1; i < 12; i++)
        data_record(&c, &k, i * UINT64_C(0x9E3779B97F4A7C15), epoch + i, i);
    g_assert_cmpuint(count_and_end(&c, "DTLS-23", -1), ==, 0);
}

/* ---- DTLS-24, DTLS-25 ---- */

static unsigned early_data(int64_t before_ms, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_dtls_event ske = event_of(WR_DTLS_SERVER_KEY_EXCHANGE, 2), cke = event_of(WR_DTLS_CLIENT_KEY_EXCHANGE, 2);
    wr_dtls_event data = event_of(WR_DTLS_APPLICATION_DATA, 0);

    data.epoch = 1;
    agree(&c);
    connect_ends(&c);
    feed(&c, 10, k.client, k.server, &k.ch);
    feed(&c, 20, k.server, k.client, &k.sh);
    feed(&c, 1, k.server, k.client, &ske);
    feed(&c, 5, k.client, k.server, &cke);
    finish(&c, k.client, k.server);
    feed(&c, 1, k.client, k.server, &data);
    c.us += before_ms * MS;
    finish(&c, k.server, k.client);
    return count_and_end(&c, "DTLS-24", severity);
}

static void test_false_start(void)
{
    g_assert_cmpuint(early_data(400, WR_NOTE), ==, 1);
    g_assert_cmpuint(early_data(10, -1), ==, 0); /* reordered on its way */
}

static void test_clear_data_and_heartbeat(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_dtls_event data = event_of(WR_DTLS_APPLICATION_DATA, 0), beat = event_of(WR_DTLS_HEARTBEAT, 0);

    ordinary(&c, &k);
    feed(&c, 10, k.client, k.server, &beat); /* legitimate, to find the path's MTU */
    g_assert_cmpuint(found(&c, "DTLS-25", -1), ==, 0);
    beat.overread = true;
    feed(&c, 10, k.client, k.server, &beat);
    g_assert_cmpuint(found(&c, "DTLS-25", WR_NOTE), ==, 1);
    g_assert_cmpuint(found(&c, "DTLS-24", -1), ==, 0);
    feed(&c, 10, k.client, k.server, &data);
    g_assert_cmpuint(count_and_end(&c, "DTLS-24", WR_NOTE), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/conduct/role against setup", test_role_against_setup);
    g_test_add_func("/checks/conduct/role by two answers", test_role_by_two_answers);
    g_test_add_func("/checks/conduct/role in a copy", test_role_in_a_copy);
    g_test_add_func("/checks/conduct/roles turned later", test_roles_turned_later);
    g_test_add_func("/checks/conduct/renegotiation", test_renegotiation);
    g_test_add_func("/checks/conduct/parted-finished", test_parted_finished);
    g_test_add_func("/checks/conduct/second association", test_second_association);
    g_test_add_func("/checks/conduct/certificate properties", test_certificate_properties);
    g_test_add_func("/checks/conduct/handshake before the answer", test_handshake_before_the_answer);
    g_test_add_func("/checks/conduct/external session id", test_external_session_id);
    g_test_add_func("/checks/conduct/external id hash", test_external_id_hash);
    g_test_add_func("/checks/conduct/nonces", test_nonces);
    g_test_add_func("/checks/conduct/false start", test_false_start);
    g_test_add_func("/checks/conduct/clear data and heartbeat", test_clear_data_and_heartbeat);
    g_test_add_func("/checks/dtls/nonces repeated throughout", test_nonces_repeated_throughout);
    return g_test_run();
}
