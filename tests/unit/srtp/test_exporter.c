/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exporters against what OpenSSL's own handshakes export, with the secrets that it logs. */
#include "srtp/exporter.h"

#include <openssl/ssl.h>
#include <string.h>

/* A vector of the TLS working group for the PRF of TLS 1.2 with SHA-256. */
static void test_prf(void)
{
    static const uint8_t seed[] = {0xa0, 0xba, 0x9f, 0x93, 0x6c, 0xda, 0x31, 0x18,
                                   0x27, 0xa6, 0xf7, 0x96, 0xff, 0xd5, 0x19, 0x8c};
    static const uint8_t wanted[] = {0xe3, 0xf2, 0x29, 0xba, 0x72, 0x7b, 0xe1, 0x7b, 0x8d, 0x12, 0x26, 0x20,
                                     0x55, 0x7c, 0xd4, 0x53, 0xc2, 0xaa, 0xb2, 0x1d, 0x07, 0xc3, 0xd4, 0x95,
                                     0x32, 0x9b, 0x52, 0xd4, 0xe6, 0x1e, 0xdb, 0x5a, 0x6b, 0x30, 0x17, 0x91};
    wr_secret secret = {
        {0x9b, 0xbe, 0x43, 0x6b, 0xa9, 0x40, 0xf0, 0x17, 0xb1, 0x76, 0x52, 0x84, 0x9a, 0x71, 0xdb, 0x35}, 16};
    uint8_t got[sizeof wanted];

    g_assert_true(wr_prf_12(WR_PRF_SHA256, &secret, "test label", seed, sizeof seed, got, sizeof got));
    g_assert_cmpmem(got, sizeof got, wanted, sizeof wanted);
}

/* ---- handshakes ---- */

static wr_key_log *log_of_test;

static void take_line(const SSL *ssl, const char *line)
{
    (void)ssl;
    wr_key_log_read(log_of_test, line, strlen(line));
}

static unsigned give_psk(SSL *ssl, const char *identity, unsigned char *psk, unsigned room)
{
    (void)ssl;
    (void)identity;
    g_assert_cmpuint(room, >=, 16);
    memset(psk, 7, 16);
    return 16;
}

static unsigned name_psk(SSL *ssl, const char *hint, char *identity, unsigned n, unsigned char *psk, unsigned room)
{
    (void)hint;
    g_strlcpy(identity, "test", n);
    return give_psk(ssl, identity, psk, room);
}

static SSL *new_end(const SSL_METHOD *method, int version, const char *suite, bool server)
{
    SSL_CTX *ctx = SSL_CTX_new(method);
    SSL *ssl;

    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_min_proto_version(ctx, version);
    SSL_CTX_set_max_proto_version(ctx, version);
    SSL_CTX_set_keylog_callback(ctx, take_line);
    SSL_CTX_set_psk_server_callback(ctx, give_psk);
    SSL_CTX_set_psk_client_callback(ctx, name_psk);
    if (version == TLS1_3_VERSION)
        g_assert_cmpint(SSL_CTX_set_ciphersuites(ctx, suite), ==, 1);
    else
        g_assert_cmpint(SSL_CTX_set_cipher_list(ctx, suite), ==, 1);
    ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    if (server)
        SSL_set_accept_state(ssl);
    else
        SSL_set_connect_state(ssl);
    return ssl;
}

typedef struct {
    SSL *client, *server;
} pair;

static pair shake(int version, const char *suite)
{
    pair p = {new_end(TLS_client_method(), version, suite, false), new_end(TLS_server_method(), version, suite, true)};
    BIO *a, *b;

    g_assert_cmpint(BIO_new_bio_pair(&a, 0, &b, 0), ==, 1);
    SSL_set_bio(p.client, a, a);
    SSL_set_bio(p.server, b, b);
    for (int i = 0; i < 20; i++) {
        SSL_do_handshake(p.client);
        SSL_do_handshake(p.server);
    }
    g_assert_true(SSL_is_init_finished(p.client) && SSL_is_init_finished(p.server));
    return p;
}

#define LABEL "EXTRACTOR-dtls_srtp"

static void test_12(void)
{
    static const struct {
        int version;
        const char *suite;
        wr_prf prf;
    } cases[] = {{TLS1_2_VERSION, "PSK-AES128-GCM-SHA256", WR_PRF_SHA256},
                 {TLS1_2_VERSION, "PSK-AES256-GCM-SHA384", WR_PRF_SHA384},
                 {TLS1_1_VERSION, "PSK-AES128-CBC-SHA", WR_PRF_MD5_SHA1}};

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const wr_srtp_profile *profile = wr_srtp_profile_by_number(1);
        uint8_t wanted[60], client[32], server[32];
        const wr_secret *secret;
        wr_srtp_masters got;
        pair p;
        log_of_test = wr_key_log_new();
        p = shake(cases[i].version, cases[i].suite);
        SSL_get_client_random(p.client, client, sizeof client);
        SSL_get_server_random(p.client, server, sizeof server);
        g_assert_cmpint(SSL_export_keying_material(p.server, wanted, sizeof wanted, LABEL, strlen(LABEL), NULL, 0, 0),
                        ==, 1);
        secret = wr_key_log_find(log_of_test, client, WR_SECRET_MASTER);
        g_assert_nonnull(secret);
        g_assert_true(wr_srtp_masters_12(cases[i].prf, secret, client, server, profile, &got));
        g_assert_cmpmem(got.key[0], 16, wanted, 16);
        g_assert_cmpmem(got.key[1], 16, wanted + 16, 16);
        g_assert_cmpmem(got.salt[0], 14, wanted + 32, 14);
        g_assert_cmpmem(got.salt[1], 14, wanted + 46, 14);
        SSL_free(p.client);
        SSL_free(p.server);
        wr_key_log_free(log_of_test);
    }
}

/* DTLS 1.3 has another prefix (RFC 9147 5.9) and is otherwise the same. */
static void test_13(void)
{
    static const char *const suites[] = {"TLS_AES_128_GCM_SHA256"};

    for (unsigned i = 0; i < G_N_ELEMENTS(suites); i++) {
        uint8_t wanted[56], got[56], client[32];
        const wr_secret *secret;
        wr_srtp_masters masters;
        pair p;
        log_of_test = wr_key_log_new();
        p = shake(TLS1_3_VERSION, suites[i]);
        SSL_get_client_random(p.client, client, sizeof client);
        g_assert_cmpint(SSL_export_keying_material(p.client, wanted, sizeof wanted, LABEL, strlen(LABEL), NULL, 0, 0),
                        ==, 1);
        secret = wr_key_log_find(log_of_test, client, WR_SECRET_EXPORTER);
        g_assert_nonnull(secret);
        g_assert_true(wr_exporter_13(secret, "tls13 ", LABEL, got, sizeof got));
        g_assert_cmpmem(got, sizeof got, wanted, sizeof wanted);
        g_assert_true(wr_srtp_masters_13(secret, wr_srtp_profile_by_number(7), &masters));
        g_assert_cmpint(memcmp(masters.key[0], wanted, 16), !=, 0);
        g_assert_true(wr_exporter_13(secret, "dtls13", LABEL, got, sizeof got));
        g_assert_cmpmem(masters.salt[1], 12, got + 44, 12);
        SSL_free(p.client);
        SSL_free(p.server);
        wr_key_log_free(log_of_test);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exporter/prf", test_prf);
    g_test_add_func("/exporter/12", test_12);
    g_test_add_func("/exporter/13", test_13);
    return g_test_run();
}
