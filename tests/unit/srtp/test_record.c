/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of DTLS 1.2 under keys from a master secret: a Finished that OpenSSL's own handshake sent opens, and nothing
 * that was changed does. */
#include "srtp/record.h"

#include <openssl/ssl.h>
#include <string.h>

static wr_key_log *log_of_test;

static void take_line(const SSL *ssl, const char *line)
{
    (void)ssl;
    wr_key_log_read(log_of_test, line, strlen(line));
}

static unsigned give_psk(SSL *ssl, const char *hint, char *identity, unsigned n, unsigned char *psk, unsigned room)
{
    (void)ssl;
    (void)hint;
    g_assert_cmpuint(room, >=, 16);
    g_strlcpy(identity, "test", n);
    memset(psk, 7, 16);
    return 16;
}

static unsigned know_psk(SSL *ssl, const char *identity, unsigned char *psk, unsigned room)
{
    (void)identity;
    return give_psk(ssl, NULL, (char[8]){0}, 8, psk, room);
}

static SSL *new_end(const SSL_METHOD *method, const char *suite)
{
    SSL_CTX *ctx = SSL_CTX_new(method);
    SSL *ssl;

    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(ctx, DTLS1_2_VERSION);
    SSL_CTX_set_keylog_callback(ctx, take_line);
    SSL_CTX_set_psk_server_callback(ctx, know_psk);
    SSL_CTX_set_psk_client_callback(ctx, give_psk);
    g_assert_cmpint(SSL_CTX_set_cipher_list(ctx, suite), ==, 1);
    ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(ssl, 1400);
    return ssl;
}

/* The first record of epoch 1 in what an end wrote, without its header. */
typedef struct {
    uint64_t sequence;
    size_t length;
    uint8_t content[512];
} sealed_t;

static bool take_sealed(sealed_t *out, const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at + 13 <= len;) {
        size_t n = (size_t)bytes[at + 11] << 8 | bytes[at + 12];
        g_assert_cmpuint(at + 13 + n, <=, len);
        if (bytes[at] == 22 && bytes[at + 4] == 1) {
            g_assert_cmpuint(n, <=, sizeof out->content);
            out->sequence = 0;
            for (int i = 3; i < 11; i++)
                out->sequence = out->sequence << 8 | bytes[at + i];
            out->length = n;
            memcpy(out->content, bytes + at + 13, n);
            return true;
        }
        at += 13 + n;
    }
    return false;
}

/* What one end wrote goes to the other. */
static void carry(SSL *from, SSL *to, sealed_t *first)
{
    uint8_t bytes[8192];
    int n = BIO_read(SSL_get_wbio(from), bytes, sizeof bytes);

    if (n <= 0)
        return;
    if (first->length == 0)
        take_sealed(first, bytes, (size_t)n);
    BIO_write(SSL_get_rbio(to), bytes, n);
}

static void test_finished_opens(gconstpointer suite)
{
    SSL *client, *server;
    sealed_t sealed[2] = {{0}, {0}};
    uint8_t randoms[2][32], out[512];
    wr_record_keys keys;
    size_t n = 0;
    const wr_secret *master;

    log_of_test = wr_key_log_new();
    client = new_end(DTLS_client_method(), suite);
    server = new_end(DTLS_server_method(), suite);
    SSL_set_bio(client, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_bio(server, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
    for (int turn = 0; turn < 6; turn++) {
        SSL_do_handshake(client);
        carry(client, server, &sealed[0]);
        SSL_do_handshake(server);
        carry(server, client, &sealed[1]);
    }
    g_assert_true(SSL_is_init_finished(client));
    SSL_get_client_random(client, randoms[0], 32);
    SSL_get_server_random(client, randoms[1], 32);
    master = wr_key_log_find(log_of_test, randoms[0], WR_SECRET_MASTER);
    g_assert_nonnull(master);
    g_assert_true(wr_record_keys_of(wr_record_cipher_of(SSL_CIPHER_standard_name(SSL_get_current_cipher(client))),
                                    strstr(suite, "SHA384") != NULL ? WR_PRF_SHA384 : WR_PRF_SHA256, master, randoms[0],
                                    randoms[1], &keys));
    for (int side = 0; side < 2; side++) {
        sealed_t *x = &sealed[side];
        g_assert_cmpuint(x->length, >, 0);
        g_assert_true(wr_record_open(&keys, side, x->sequence, 22, 0xfefd, x->content, x->length, out, &n));
        g_assert_cmpuint(n, ==, 24); /* header and verify_data */
        g_assert_cmpuint(out[0], ==, 20);
        /* another side, number, type, version, or a bit of it */
        g_assert_false(wr_record_open(&keys, 1 - side, x->sequence, 22, 0xfefd, x->content, x->length, out, &n));
        g_assert_false(wr_record_open(&keys, side, x->sequence + 1, 22, 0xfefd, x->content, x->length, out, &n));
        g_assert_false(wr_record_open(&keys, side, x->sequence, 23, 0xfefd, x->content, x->length, out, &n));
        g_assert_false(wr_record_open(&keys, side, x->sequence, 22, 0xfeff, x->content, x->length, out, &n));
        g_assert_false(wr_record_open(&keys, side, x->sequence, 22, 0xfefd, x->content, 16, out, &n));
        x->content[x->length - 1] ^= 1;
        g_assert_false(wr_record_open(&keys, side, x->sequence, 22, 0xfefd, x->content, x->length, out, &n));
    }
    SSL_free(client);
    SSL_free(server);
    wr_key_log_free(log_of_test);
}

static void test_suites(void)
{
    wr_secret master = {{0}, 48};
    wr_record_keys keys;
    uint8_t random[32] = {0}, out[64];
    size_t n;

    g_assert_cmpint(wr_record_cipher_of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"), ==, WR_RECORD_AES_128_GCM);
    g_assert_cmpint(wr_record_cipher_of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"), ==, WR_RECORD_AES_256_GCM);
    g_assert_cmpint(wr_record_cipher_of("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"), ==, WR_RECORD_CHACHA20);
    g_assert_cmpint(wr_record_cipher_of("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"), ==, WR_RECORD_NONE);
    g_assert_cmpint(wr_record_cipher_of(NULL), ==, WR_RECORD_NONE);
    g_assert_false(wr_record_keys_of(WR_RECORD_NONE, WR_PRF_SHA256, &master, random, random, &keys));
    g_assert_false(wr_record_open(&keys, 0, 1, 22, 0xfefd, random, sizeof random, out, &n));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/srtp/record/AES-128-GCM", "PSK-AES128-GCM-SHA256", test_finished_opens);
    g_test_add_data_func("/srtp/record/AES-256-GCM", "PSK-AES256-GCM-SHA384", test_finished_opens);
    g_test_add_data_func("/srtp/record/ChaCha20", "PSK-CHACHA20-POLY1305", test_finished_opens);
    g_test_add_func("/srtp/record/suites", test_suites);
    return g_test_run();
}
