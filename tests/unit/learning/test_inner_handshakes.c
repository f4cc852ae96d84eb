/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshake records inside an association are opened with its secret: what authenticates is read, and of what does not
 * nothing is. The secret is asked for where it can be of use, and so many times.
 */
#include "hello_build.h"
#include "secrets_build.h"

#include "records/handshake_facts.h"
#include "records/store.h"
#include "srtp/record.h"

#define FIRST 0x51 /* what they show in clear */
#define OTHER 0x77 /* and inside */

/* ---- records ---- */

typedef struct {
    uint8_t bytes[512];
    size_t n;
} sealed_t;

/* RFC 5246 6.2.3.3, with the nonces of RFC 5288 and RFC 7905. */
static sealed_t seal(const wr_record_keys *k, int side, uint64_t sequence, const GByteArray *content)
{
    const bool chacha = k->cipher == WR_RECORD_CHACHA20;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint8_t nonce[12], covered[13] = {0}, *text;
    sealed_t s = {.n = 0};
    int got;

    g_assert_cmpuint(content->len + 24, <=, sizeof s.bytes);
    memcpy(nonce, k->iv[side], sizeof nonce);
    for (int i = 0; i < 8; i++) {
        covered[i] = (uint8_t)(sequence >> (56 - 8 * i));
        nonce[4 + i] = chacha ? nonce[4 + i] ^ covered[i] : (uint8_t)(0xe0 + i);
    }
    covered[8] = 22;
    put16(covered + 9, WR_DTLS_1_2);
    put16(covered + 11, content->len);
    if (!chacha) {
        memcpy(s.bytes, nonce + 4, 8);
        s.n = 8;
    }
    text = s.bytes + s.n;
    EVP_EncryptInit_ex(c,
                       chacha                               ? EVP_chacha20_poly1305()
                       : k->cipher == WR_RECORD_AES_256_GCM ? EVP_aes_256_gcm()
                                                            : EVP_aes_128_gcm(),
                       NULL, k->key[side], nonce);
    EVP_EncryptUpdate(c, NULL, &got, covered, sizeof covered);
    EVP_EncryptUpdate(c, text, &got, content->data, (int)content->len);
    EVP_EncryptFinal_ex(c, text + got, &got);
    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, text + content->len);
    EVP_CIPHER_CTX_free(c);
    s.n += content->len + 16;
    return s;
}

static wr_record_keys keys_of(const wr_association *a)
{
    const char *name = wr_tls_suite_name(a->suite);
    const wr_secret master = secret_of(a->client_random);
    wr_record_keys k;

    wr_record_keys_of(wr_record_cipher_of(name), g_str_has_suffix(name, "SHA384") ? WR_PRF_SHA384 : WR_PRF_SHA256,
                      &master, a->client_random, a->server_random, &k);
    return k;
}

/* Bytes from … of a handshake message with this body; n = 0 for all. */
static GByteArray *message(uint8_t type, const GByteArray *body, unsigned from, unsigned n)
{
    GByteArray *m = g_byte_array_new();

    n = n != 0 ? n : body->len - from;
    add_number(m, 1, type);
    add_number(m, 3, body->len);
    add_number(m, 2, 1);
    add_number(m, 3, from);
    add_number(m, 3, n);
    g_byte_array_append(m, body->data + from, n);
    return m;
}

static GByteArray *whole(uint8_t type, GByteArray *body)
{
    GByteArray *m = message(type, body, 0, 0);

    g_byte_array_unref(body);
    return m;
}

/* The record of a side that holds this content, which is freed, as it is told to the engine. */
static wr_dtls_event sealed_event(const wr_record_keys *k, int side, GByteArray *content, sealed_t *s)
{
    wr_dtls_event v = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0);

    v.epoch = 1;
    v.has_nonce = true;
    v.sequence = UINT64_C(1) << 48 | 9;
    *s = seal(k, side, v.sequence, content);
    v.sealed = s->bytes;
    v.sealed_length = s->n;
    v.record_length = (uint16_t)s->n;
    g_byte_array_unref(content);
    return v;
}

static void send_inside(call_t *c, const wr_association *a, int side, GByteArray *content)
{
    const wr_record_keys k = keys_of(a);
    sealed_t s;
    const wr_dtls_event v = sealed_event(&k, side, content, &s);

    feed(c, 10, side == 0 ? BOBS : ALICES, side == 0 ? ALICES : BOBS, &v);
}

static wr_association *shown(call_t *c, uint16_t suite)
{
    shake_t k = shake_of(10);
    wr_association *a;

    k.sh.suites[0] = suite;
    k.certificate[0] = some_certificate(FIRST);
    k.certificate[1] = some_certificate(FIRST + 1);
    a = ordinary(c, &k);
    wr_certificate_unref(k.certificate[0]);
    wr_certificate_unref(k.certificate[1]);
    return a;
}

static const wr_renegotiation *inside(const wr_association *a, int side)
{
    return a->side[side].facts != NULL ? a->side[side].facts->again : NULL;
}

static void assert_shows(const wr_association *a, int side, uint8_t fill)
{
    wr_certificate *wanted = some_certificate(fill);

    g_assert_nonnull(inside(a, side));
    g_assert_nonnull(inside(a, side)->certificate);
    g_assert_true(wr_certificate_same(inside(a, side)->certificate, wanted));
    wr_certificate_unref(wanted);
}

/* ---- what is read ---- */

/* Each side's certificate, under any suite whose records are read; the secret is asked for once. */
static void test_read(void)
{
    static const uint16_t suites[] = {0xc02b, 0xc02c, 0xcca9};

    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        call_t c = secrets_begin();
        const wr_association *a = shown(&c, suites[i]);
        g_assert_cmpuint(secrets.asked, ==, 0); /* nothing was inside */
        for (int side = 0; side < 2; side++) {
            g_assert_null(inside(a, side));
            send_inside(&c, a, side, whole(WR_HS_CERTIFICATE, certificate_body((uint8_t)(OTHER + side))));
            g_test_message("suite %x, side %d", suites[i], side);
            assert_shows(a, side, (uint8_t)(OTHER + side));
            g_assert_cmpuint(inside(a, side)->frame, ==, c.frame);
            g_assert_cmpuint(inside(a, side)->certificates, ==, 1);
        }
        g_assert_cmpuint(secrets.asked, ==, 1);
        call_end(&c);
    }
}

static void test_hello(void)
{
    call_t c = secrets_begin();
    const wr_association *a = shown(&c, 0xc02b);
    const hello_t h = {.random = 0x99};

    send_inside(&c, a, 1, whole(WR_HS_HELLO_REQUEST, g_byte_array_new()));
    g_assert_cmpuint(a->facts->renegotiation_read, ==, c.frame);
    send_inside(&c, a, 0, whole(WR_HS_CLIENT_HELLO, hello_body(true, &h)));
    g_assert_cmpuint(a->facts->renegotiation_read, ==, c.frame - 1);
    g_assert_null(inside(a, 0));
    call_end(&c);
}

/* A message in two records, in either order of them, and of two messages in one record both. */
static void test_parts(void)
{
    for (int late = 0; late < 2; late++) {
        call_t c = secrets_begin();
        const wr_association *a = shown(&c, 0xc02b);
        GByteArray *body = certificate_body(OTHER);
        GByteArray *part[2] = {message(WR_HS_CERTIFICATE, body, 0, 20), message(WR_HS_CERTIFICATE, body, 20, 0)};

        send_inside(&c, a, 0, part[late]);
        g_assert_null(inside(a, 0));
        send_inside(&c, a, 0, part[1 - late]);
        assert_shows(a, 0, OTHER);
        g_byte_array_unref(body);
        call_end(&c);
    }
}

static void test_two_in_one(void)
{
    call_t c = secrets_begin();
    const wr_association *a = shown(&c, 0xc02b);
    const hello_t h = {.random = 0x99};
    GByteArray *both = whole(WR_HS_SERVER_HELLO, hello_body(false, &h));
    GByteArray *second = whole(WR_HS_CERTIFICATE, certificate_body(OTHER));

    second->data[5] = 2; /* its number is the next */
    g_byte_array_append(both, second->data, second->len);
    g_byte_array_unref(second);
    send_inside(&c, a, 1, both);
    g_assert_cmpuint(a->facts->renegotiation_read, ==, c.frame);
    assert_shows(a, 1, OTHER);
    call_end(&c);
}

/* ---- what is not ---- */

enum {
    AS_IT_IS = 0,
    NO_SECRETS,
    DATA_RECORD,
    NEXT_EPOCH,
    CUT,
    NO_NONCE,
    NO_CLIENT_RANDOM,
    NO_SERVER_RANDOM,
    NOT_WHOLE,
    NO_SUITE,
    OF_1_0,
    NO_ROOM,
    /* from here on it is asked for */
    FORGED,
    BY_THE_OTHER,
    OTHER_NUMBER,
    OTHER_VERSION,
    CASES
};

static void test_not_read(void)
{
    for (int which = AS_IT_IS; which < CASES; which++) {
        const wr_options none = {.find_secret = NULL};
        call_t c = secrets_begin();
        wr_association *a;
        wr_record_keys k;
        wr_dtls_event v;
        sealed_t s;

        if (which == NO_SECRETS) {
            call_end(&c);
            c = call_begin(&none);
        }
        a = shown(&c, 0xc02b);
        k = keys_of(a);
        v = sealed_event(&k, which == BY_THE_OTHER, whole(WR_HS_CERTIFICATE, certificate_body(OTHER)), &s);
        v.kind = which == DATA_RECORD ? WR_DTLS_APPLICATION_DATA : v.kind;
        v.epoch = which == NEXT_EPOCH ? 2 : v.epoch;
        v.sealed = which == CUT ? NULL : v.sealed;
        v.has_nonce = which != NO_NONCE;
        v.sequence += which == OTHER_NUMBER;
        v.record_version = which == OTHER_VERSION ? WR_DTLS_1_0 : v.record_version;
        s.bytes[s.n - 1] ^= which == FORGED;
        a->has_client_random &= which != NO_CLIENT_RANDOM;
        a->has_server_random &= which != NO_SERVER_RANDOM;
        a->has_suite &= which != NO_SUITE;
        a->version = which == OF_1_0 ? WR_DTLS_1_0 : a->version;
        if (which == NOT_WHOLE)
            a->side[1].finished_frame = 0;
        if (which == NO_ROOM)
            c.e->bytes = WR_MAX_BYTES;
        feed(&c, 10, BOBS, ALICES, &v);
        g_test_message("case %d", which);
        g_assert_cmpuint(secrets.asked, ==, which == AS_IT_IS || which >= NO_ROOM);
        g_assert_true((inside(a, 0) != NULL && inside(a, 0)->certificates > 0) == (which == AS_IT_IS));
        g_assert_true(inside(a, 1) == NULL || inside(a, 1)->certificates == 0);
        if (which == NO_ROOM)
            g_assert_cmpstr(g_ptr_array_index(c.e->limits, 0), ==, "memory for handshakes inside associations");
        call_end(&c);
    }
}

/* Its Finished is no handshake inside, in whichever records of that frame it stands; what comes behind it is. */
static void test_finished(void)
{
    for (int late = 0; late < 2; late++) {
        call_t c = secrets_begin();
        wr_association *a = shown(&c, 0xc02b);
        const wr_record_keys k = keys_of(a);
        wr_dtls_event v;
        sealed_t s;

        a->side[0].finished_frame = 0; /* it comes now */
        v = sealed_event(&k, 0, whole(WR_HS_CERTIFICATE, certificate_body(OTHER)), &s);
        feed(&c, 10, BOBS, ALICES, &v);
        g_assert_cmpuint(a->side[0].finished_frame, ==, c.frame);
        c.frame -= !late;
        feed(&c, 10, BOBS, ALICES, &v);
        g_assert_cmpuint(secrets.asked, ==, late);
        g_assert_true((inside(a, 0) != NULL && inside(a, 0)->certificates > 0) == (late == 1));
        call_end(&c);
    }
}

/* A secret that comes late is of use, until so many records asked for it. */
static void test_asked(void)
{
    enum { MOST = 16 };

    for (int more = -1; more < 2; more++) {
        call_t c = secrets_begin();
        const wr_association *a = shown(&c, 0xc02b);

        secrets.silent = (unsigned)(MOST + more);
        for (unsigned n = 0; n < secrets.silent; n++)
            send_inside(&c, a, 0, whole(WR_HS_CERTIFICATE, certificate_body(OTHER)));
        g_assert_true(inside(a, 0) == NULL || inside(a, 0)->certificates == 0);
        send_inside(&c, a, 0, whole(WR_HS_CERTIFICATE, certificate_body(OTHER + 1)));
        g_test_message("%u silent", secrets.silent);
        g_assert_cmpuint(secrets.asked, ==, MOST);
        if (more < 0)
            assert_shows(a, 0, OTHER + 1);
        else
            g_assert_true(inside(a, 0) == NULL || inside(a, 0)->certificates == 0);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inner_handshakes/read", test_read);
    g_test_add_func("/inner_handshakes/hello", test_hello);
    g_test_add_func("/inner_handshakes/parts", test_parts);
    g_test_add_func("/inner_handshakes/two_in_one", test_two_in_one);
    g_test_add_func("/inner_handshakes/not_read", test_not_read);
    g_test_add_func("/inner_handshakes/finished", test_finished);
    g_test_add_func("/inner_handshakes/asked", test_asked);
    return g_test_run();
}
