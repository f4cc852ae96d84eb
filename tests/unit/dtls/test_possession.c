/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signatures of a ServerKeyExchange, made here by OpenSSL as RFC 5246 7.4.3 describes and then verified, or spoilt.
 */
#include "dtls_build.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

static wr_certificate *certificate_for(EVP_PKEY *key, const EVP_MD *md)
{
    X509 *x = X509_new();
    X509_NAME *name = X509_get_subject_name(x);
    uint8_t *der = NULL;
    wr_certificate *c;
    int n;

    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"x", -1, -1, 0);
    X509_set_issuer_name(x, name);
    X509_gmtime_adj(X509_getm_notBefore(x), 0);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    X509_sign(x, key, md);
    n = i2d_X509(x, &der);
    c = wr_certificate_new(der, (size_t)n);
    OPENSSL_free(der);
    X509_free(x);
    return c;
}

/* Key share, scheme (0: none, as in DTLS 1.0) and signature over both randoms (bytes 1 and 2) and the share. */
static GByteArray *key_exchange(EVP_PKEY *key, unsigned scheme, const char *digest, bool pss, bool dhe)
{
    GByteArray *b = g_byte_array_new(), *message = g_byte_array_new(), *signature = g_byte_array_new();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *parameters;
    size_t n = 0;

    if (dhe) {
        for (int i = 0; i < 3; i++)
            put_vector(b, 2, bytes_of("12345678", 8));
    } else {
        put(b, 1, 3);
        put(b, 2, 23);
        put_vector(b, 1, bytes_of("\4abcdefgh", 9));
    }
    put_fill(message, 1, WR_DTLS_RANDOM);
    put_fill(message, 2, WR_DTLS_RANDOM);
    put_bytes(message, b->data, b->len);
    g_assert_cmpint(EVP_DigestSignInit_ex(context, &parameters, digest, NULL, NULL, key, NULL), ==, 1);
    if (pss) {
        EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
    }
    g_assert_cmpint(EVP_DigestSign(context, NULL, &n, message->data, message->len), ==, 1);
    g_byte_array_set_size(signature, (guint)n);
    g_assert_cmpint(EVP_DigestSign(context, signature->data, &n, message->data, message->len), ==, 1);
    g_byte_array_set_size(signature, (guint)n);
    EVP_MD_CTX_free(context);
    g_byte_array_unref(message);
    if (scheme != 0)
        put(b, 2, scheme);
    put_vector(b, 2, signature);
    return b;
}

static wr_possession check(const wr_certificate *leaf, uint16_t version, uint16_t suite, const GByteArray *body)
{
    uint8_t c[WR_DTLS_RANDOM], s[WR_DTLS_RANDOM];

    memset(c, 1, sizeof c);
    memset(s, 2, sizeof s);
    return wr_dtls_server_possession(leaf, c, s, version, suite, body->data, body->len);
}

static void expect_proof(EVP_PKEY *key, const EVP_MD *md, uint16_t version, uint16_t suite, unsigned scheme,
                         const char *digest, bool pss, bool dhe)
{
    wr_certificate *leaf = certificate_for(key, md);
    GByteArray *body = key_exchange(key, scheme, digest, pss, dhe);

    g_assert_cmpint(check(leaf, version, suite, body), ==, WR_POSSESSION_PROVED);
    body->data[5] ^= 1; /* another key share */
    g_assert_cmpint(check(leaf, version, suite, body), ==, WR_POSSESSION_INVALID);
    body->data[5] ^= 1;
    body->data[body->len - 1] ^= 1; /* another signature */
    g_assert_cmpint(check(leaf, version, suite, body), ==, WR_POSSESSION_INVALID);
    g_byte_array_unref(body);
    wr_certificate_unref(leaf);
}

static void signatures_of_every_kind_of_key(void)
{
    EVP_PKEY *ec = EVP_EC_gen("P-256"), *rsa = EVP_RSA_gen(2048), *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

    expect_proof(ec, EVP_sha256(), WR_DTLS_1_2, 0xc02b, 0x0403, "SHA256", false, false);
    expect_proof(ec, EVP_sha256(), WR_DTLS_1_2, 0xc02c, 0x0503, "SHA384", false, false);
    expect_proof(ec, EVP_sha256(), WR_DTLS_1_0, 0xc009, 0, "SHA1", false, false);
    expect_proof(rsa, EVP_sha256(), WR_DTLS_1_2, 0xc02f, 0x0401, "SHA256", false, false);
    expect_proof(rsa, EVP_sha256(), WR_DTLS_1_2, 0xc02f, 0x0804, "SHA256", true, false);
    expect_proof(rsa, EVP_sha256(), WR_DTLS_1_2, 0x009e, 0x0601, "SHA512", false, true);
    expect_proof(rsa, EVP_sha256(), WR_DTLS_1_0, 0xc013, 0, "MD5-SHA1", false, false);
    expect_proof(ed, NULL, WR_DTLS_1_2, 0xc02b, 0x0807, NULL, false, false);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ed);
}

static void a_replayed_certificate_is_not_proved(void)
{
    EVP_PKEY *owner = EVP_EC_gen("P-256"), *thief = EVP_EC_gen("P-256"), *other = EVP_RSA_gen(2048);
    wr_certificate *leaf = certificate_for(owner, EVP_sha256());
    GByteArray *body = key_exchange(thief, 0x0403, "SHA256", false, false);

    g_assert_cmpint(check(leaf, WR_DTLS_1_2, 0xc02b, body), ==, WR_POSSESSION_INVALID);
    g_byte_array_unref(body);
    body = key_exchange(other, 0x0401, "SHA256", false, false);
    g_assert_cmpint(check(leaf, WR_DTLS_1_2, 0xc02b, body), ==, WR_POSSESSION_INVALID);
    g_byte_array_unref(body);
    wr_certificate_unref(leaf);
    EVP_PKEY_free(owner);
    EVP_PKEY_free(thief);
    EVP_PKEY_free(other);
}

static void what_cannot_be_checked_is_unknown(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    wr_certificate *leaf = certificate_for(key, EVP_sha256()), *junk = wr_certificate_new((const uint8_t *)"junk", 4);
    GByteArray *body = key_exchange(key, 0x0403, "SHA256", false, false), *strange;

    g_assert_cmpint(check(NULL, WR_DTLS_1_2, 0xc02b, body), ==, WR_POSSESSION_UNKNOWN);
    g_assert_cmpint(check(junk, WR_DTLS_1_2, 0xc02b, body), ==, WR_POSSESSION_UNKNOWN);
    g_assert_cmpint(check(leaf, WR_DTLS_1_3, 0x1301, body), ==, WR_POSSESSION_UNKNOWN);
    g_assert_cmpint(check(leaf, WR_DTLS_1_2, 0xc035, body), ==, WR_POSSESSION_UNKNOWN); /* PSK: not signed */
    g_assert_cmpint(check(leaf, WR_DTLS_1_2, 0xc018, body), ==, WR_POSSESSION_UNKNOWN); /* anonymous */
    g_assert_cmpint(check(leaf, WR_DTLS_1_2, 0x002f, body), ==, WR_POSSESSION_UNKNOWN); /* RSA key transport */
    g_assert_cmpint(check(leaf, WR_DTLS_1_2, 0xfafa, body), ==, WR_POSSESSION_UNKNOWN);
    strange = key_exchange(key, 0x0e0e, "SHA256", false, false);
    g_assert_cmpint(check(leaf, WR_DTLS_1_2, 0xc02b, strange), ==, WR_POSSESSION_UNKNOWN);
    g_byte_array_unref(strange);
    /* every cut: unknown, for nothing can be said about half a message */
    while (body->len > 0) {
        g_byte_array_set_size(body, body->len - 1);
        uint8_t *exact = g_memdup2(body->data, body->len);
        GByteArray part = {.data = exact, .len = body->len};
        g_assert_cmpint(check(leaf, WR_DTLS_1_2, 0xc02b, &part), ==, WR_POSSESSION_UNKNOWN);
        g_free(exact);
    }
    g_byte_array_unref(body);
    wr_certificate_unref(leaf);
    wr_certificate_unref(junk);
    EVP_PKEY_free(key);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dtls_possession/every-kind-of-key", signatures_of_every_kind_of_key);
    g_test_add_func("/dtls_possession/replayed-certificate", a_replayed_certificate_is_not_proved);
    g_test_add_func("/dtls_possession/unknown", what_cannot_be_checked_is_unknown);
    return g_test_run();
}
