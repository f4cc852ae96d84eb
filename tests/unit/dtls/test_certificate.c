/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates: digests against the openssl command's, facts against certificates made here.
 */
#include "dtls/certificate.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

/* openssl req -x509 -key ec.key -subj /CN=WebRTC -days 30 -sha256 -outform DER */
static wr_certificate *described(const uint8_t *der, size_t len)
{
    wr_certificate *c = wr_certificate_new(der, len);

    wr_certificate_describe(c);
    return c;
}

static const char EC_HEX[] =
    "308201763082011da00302010202140ef69cb48beb09ae3005042962d849719a960189300a06082a8648ce3d0403023011310f300d06"
    "035504030c06576562525443301e170d3236313132333033313430365a170d3236313232333033313430365a3011310f300d06035504"
    "030c065765625254433059301306072a8648ce3d020106082a8648ce3d030107034200045144bb04ab66f24e1fc7ff4a5f71fc07a827"
    "5725ca3b6a6d3d2e14da4a5b6bd085f14b58921dc667ea70f5dbe3f1230a3e2694ef1d6a5463905c16d6862ea62fa3533051301d0603"
    "551d0e04160414a573d6759d52ffcf435463b36b0e71c95bbb1fa0301f0603551d23041830168014a573d6759d52ffcf435463b36b0e"
    "71c95bbb1fa0300f0603551d130101ff040530030101ff300a06082a8648ce3d040302034700304402203cd1c093bca3405e945d425a"
    "9f9d96db77aae1a45564bbd448816a3f31950f3602204a978b1eae9eefbe6ffca4a84a49826fe338dbec2361908908fae8922cf133b5";

/* openssl dgst -md5, -sha1, ... of the same file */
static const struct {
    wr_hash hash;
    const char *hex;
} EC_DIGESTS[] = {
    {WR_HASH_MD5, "d0128851595199dab4650ed086392300"},
    {WR_HASH_SHA1, "b54d28008ed1a164adbbd22f4b2da82c00de2efb"},
    {WR_HASH_SHA224, "1dd4acc98af0c84296537abf1b97d8ca84e771f1387444ce42d99aa2"},
    {WR_HASH_SHA256, "355255b953f72e8a35180d82cc571367778768659ef41f87838a85ec7aca2e65"},
    {WR_HASH_SHA384,
     "f4567708858ec19af2a4373c79eb752fb2a66153eeaf9768ce9fdf6b9cd2055c8aac144c3c12792765333d421152f6fb"},
    {WR_HASH_SHA512, "9006dcfa50d573d2f96943206d8485f9790a4793724cf25fb8ff0b13d3730744eb242c6622ee2a3d8dc1fb7df770dc306"
                     "c48499e8a5507ab5bae2ae1fe7afe01"},
};

static GBytes *from_hex(const char *hex)
{
    size_t n = strlen(hex) / 2;
    uint8_t *bytes = g_malloc(n);

    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    return g_bytes_new_take(bytes, n);
}

static wr_certificate *certificate_of(GBytes *der)
{
    gsize n;
    const uint8_t *p = g_bytes_get_data(der, &n);

    wr_certificate *c = wr_certificate_new(p, n);

    wr_certificate_describe(c);
    return c;
}

/* A certificate of subject cn for this key, self-signed unless an issuer is named. */
static GBytes *make_certificate(EVP_PKEY *key, const char *cn, const char *issuer, const EVP_MD *md, const char *san)
{
    X509 *x = X509_new();
    X509_NAME *name = X509_NAME_new();
    uint8_t *der = NULL;
    GBytes *bytes;
    int n;

    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
    ASN1_TIME_set_string(X509_getm_notBefore(x), "20200101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(x), "20500101000000Z");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)cn, -1, -1, 0);
    X509_set_subject_name(x, name);
    if (issuer != NULL) {
        X509_NAME_free(name);
        name = X509_NAME_new();
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)issuer, -1, -1, 0);
    }
    X509_set_issuer_name(x, name);
    X509_NAME_free(name);
    X509_set_pubkey(x, key);
    if (san != NULL) {
        X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);
        X509_add_ext(x, e, -1);
        X509_EXTENSION_free(e);
    }
    g_assert_cmpint(X509_sign(x, key, md), >, 0);
    n = i2d_X509(x, &der);
    bytes = g_bytes_new(der, (gsize)n);
    OPENSSL_free(der);
    X509_free(x);
    return bytes;
}

static void digests_equal_those_of_openssl_dgst(void)
{
    GBytes *der = from_hex(EC_HEX);
    wr_certificate *c = certificate_of(der);

    for (size_t i = 0; i < G_N_ELEMENTS(EC_DIGESTS); i++) {
        GBytes *expected = from_hex(EC_DIGESTS[i].hex);
        wr_hash h = EC_DIGESTS[i].hash;
        g_assert_nonnull(wr_certificate_digest(c, h));
        g_assert_cmpmem(wr_certificate_digest(c, h), strlen(EC_DIGESTS[i].hex) / 2, g_bytes_get_data(expected, NULL),
                        g_bytes_get_size(expected));
        g_bytes_unref(expected);
    }
    g_assert_null(wr_certificate_digest(c, WR_HASH_MD2));
    wr_certificate_unref(c);
    g_bytes_unref(der);
}

static void facts_of_an_ec_certificate(void)
{
    GBytes *der = from_hex(EC_HEX);
    wr_certificate *c = certificate_of(der);

    g_assert_true(c->facts->parsed);
    g_assert_cmpstr(c->facts->subject, ==, "CN=WebRTC");
    g_assert_cmpstr(c->facts->issuer, ==, "CN=WebRTC");
    g_assert_true(c->facts->self_signed);
    g_assert_cmpstr(c->facts->key, ==, "EC P-256");
    g_assert_cmpint(c->facts->key_bits, ==, 256);
    g_assert_cmpstr(c->facts->signature_algorithm, ==, "ecdsa-with-SHA256");
    g_assert_cmpint(c->facts->not_before, ==, 1795403646); /* date -u -d "2026-11-23 03:14:06Z" +%s */
    g_assert_cmpint(c->facts->not_after, ==, 1797995646);
    g_assert_null(c->facts->alt_names);
    wr_certificate_unref(c);
    g_bytes_unref(der);
}

/* The bytes at span hold this text. */
static void assert_holds(const wr_certificate *c, wr_span span, const char *text)
{
    const size_t n = strlen(text);
    bool found = false;

    g_assert_cmpuint(span.offset + span.length, <=, c->der_length);
    for (size_t i = 0; i + n <= span.length; i++)
        found |= memcmp(c->der + span.offset + i, text, n) == 0;
    g_assert_true(found);
}

/* X.690: each part with its own head, of which the second byte is the length of these short ones. */
static void parts_are_where_it_is_said(void)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    GBytes *der = make_certificate(key, "alice", "some authority", NULL, "DNS:a.example");
    wr_certificate *c = certificate_of(der);
    const wr_certificate_spans *at = &c->facts->at;
    const wr_span headed[] = {at->subject, at->issuer, at->not_before, at->not_after, at->key, at->signature};

    for (size_t i = 0; i < G_N_ELEMENTS(headed); i++)
        g_assert_cmpuint(c->der[headed[i].offset + 1] + 2u, ==, headed[i].length);
    assert_holds(c, at->subject, "alice");
    assert_holds(c, at->issuer, "some authority");
    assert_holds(c, at->not_before, "200101000000Z");
    assert_holds(c, at->not_after, "20500101000000Z");
    assert_holds(c, at->key, "\x2b\x65\x70"); /* 1.3.101.112, RFC 8410 3 */
    assert_holds(c, at->signature, "\x2b\x65\x70");
    assert_holds(c, at->alt_names, "a.example");
    g_assert_cmpuint(at->alt_names.length, ==, 2 + 2 + strlen("a.example"));
    wr_certificate_unref(c);
    g_bytes_unref(der);
    EVP_PKEY_free(key);
}

static void facts_of_rsa_and_ed25519(void)
{
    EVP_PKEY *rsa = EVP_RSA_gen(2048), *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    GBytes *der = make_certificate(rsa, "alice", "some authority", EVP_sha256(),
                                   "DNS:a.example,email:alice@example.org,URI:sip:alice@example.org,IP:10.0.0.1");
    wr_certificate *c = certificate_of(der);

    g_assert_cmpstr(c->facts->key, ==, "RSA 2048");
    g_assert_cmpint(c->facts->key_bits, ==, 2048);
    g_assert_cmpstr(c->facts->signature_algorithm, ==, "sha256WithRSAEncryption");
    g_assert_cmpstr(c->facts->issuer, ==, "CN=some authority");
    g_assert_false(c->facts->self_signed);
    g_assert_cmpstr(c->facts->alt_names, ==, "DNS:a.example, email:alice@example.org, URI:sip:alice@example.org");
    g_assert_cmpint(c->facts->not_before, ==, 1577836800);
    g_assert_cmpint(c->facts->not_after, ==, 2524608000);
    wr_certificate_unref(c);
    g_bytes_unref(der);

    der = make_certificate(ed, "bob", NULL, NULL, NULL);
    c = certificate_of(der);
    g_assert_cmpstr(c->facts->key, ==, "Ed25519");
    g_assert_cmpstr(c->facts->signature_algorithm, ==, "ED25519");
    wr_certificate_unref(c);
    g_bytes_unref(der);
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ed);
}

static void control_characters_in_a_subject_are_escaped(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-384");
    GBytes *der = make_certificate(key, "a\nb\033[31m", NULL, EVP_sha384(), NULL);
    wr_certificate *c = certificate_of(der);

    g_assert_cmpstr(c->facts->subject, ==, "CN=a\\0Ab\\1B[31m");
    g_assert_cmpstr(c->facts->key, ==, "EC P-384");
    wr_certificate_unref(c);
    g_bytes_unref(der);
    EVP_PKEY_free(key);
}

static void bytes_that_are_no_certificate_have_digests_but_no_facts(void)
{
    GBytes *der = from_hex(EC_HEX);
    GByteArray *longer = g_byte_array_new();
    wr_certificate *c = described((const uint8_t *)"abc", 3);

    /* FIPS 180-2 B.1: SHA-256 of "abc" begins ba7816bf */
    g_assert_false(c->facts->parsed);
    g_assert_null(c->facts->subject);
    g_assert_cmphex(c->sha256[0], ==, 0xba);
    g_assert_cmphex(c->sha256[3], ==, 0xbf);
    wr_certificate_unref(c);

    g_byte_array_append(longer, g_bytes_get_data(der, NULL), (guint)g_bytes_get_size(der));
    g_byte_array_append(longer, (const uint8_t *)"", 1);
    c = described(longer->data, longer->len);
    g_assert_false(c->facts->parsed);
    wr_certificate_unref(c);
    for (guint n = 1; n < longer->len - 1; n++) {
        c = described(longer->data, n);
        g_assert_false(c->facts->parsed);
        wr_certificate_unref(c);
    }
    g_assert_null(wr_certificate_new(longer->data, 0));
    g_byte_array_unref(longer);
    g_bytes_unref(der);
}

static void fingerprints_name_their_certificate_only(void)
{
    GBytes *der = from_hex(EC_HEX);
    wr_certificate *c = certificate_of(der);
    wr_fingerprint fp = {.hash = WR_HASH_SHA256, .length = 32, .usable = true};

    memcpy(fp.value, c->sha256, 32);
    g_assert_true(wr_certificate_has_fingerprint(c, &fp));
    fp.value[31] ^= 1;
    g_assert_false(wr_certificate_has_fingerprint(c, &fp));
    fp.value[31] ^= 1;
    fp.usable = false;
    g_assert_false(wr_certificate_has_fingerprint(c, &fp));
    fp.usable = true;
    fp.length = 20;
    g_assert_false(wr_certificate_has_fingerprint(c, &fp));
    fp.length = 32;
    fp.hash = WR_HASH_SHA1;
    g_assert_false(wr_certificate_has_fingerprint(c, &fp));
    fp.hash = WR_HASH_MD2;
    fp.length = 16;
    g_assert_false(wr_certificate_has_fingerprint(c, &fp));
    wr_certificate_unref(c);
    g_bytes_unref(der);
}

static void references_keep_it_alive(void)
{
    wr_certificate *c = described((const uint8_t *)"x", 1);

    g_assert_true(wr_certificate_ref(c) == c);
    wr_certificate_unref(c);
    g_assert_cmpuint(c->der_length, ==, 1);
    wr_certificate_unref(c);
    wr_certificate_unref(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/certificate/digests-equal-those-of-openssl-dgst", digests_equal_those_of_openssl_dgst);
    g_test_add_func("/certificate/facts-of-an-ec-certificate", facts_of_an_ec_certificate);
    g_test_add_func("/certificate/facts-of-rsa-and-ed25519", facts_of_rsa_and_ed25519);
    g_test_add_func("/certificate/parts", parts_are_where_it_is_said);
    g_test_add_func("/certificate/control-characters-are-escaped", control_characters_in_a_subject_are_escaped);
    g_test_add_func("/certificate/no-certificate-still-has-digests",
                    bytes_that_are_no_certificate_have_digests_but_no_facts);
    g_test_add_func("/certificate/fingerprints-name-their-certificate-only", fingerprints_name_their_certificate_only);
    g_test_add_func("/certificate/references-keep-it-alive", references_keep_it_alive);
    return g_test_run();
}
