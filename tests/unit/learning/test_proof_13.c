/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signatures of a decrypted handshake of DTLS 1.3, made here by OpenSSL as RFC 8446 4.4.3 describes, over a transcript
 * that is put together here as RFC 9147 5.2 describes: with one hello or two, messages missing, a hello of somebody
 * beside the true one, a key that is not that of the certificate. Alice is the server, Bob the client.
 */
#include "checks_build.h"
#include "dtls_build.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#define RANDOM_OF_CLIENT 7
#define RANDOM_OF_SERVER 9

typedef struct {
    call_t c;
    wr_dtls_reader *reader;
    GPtrArray *events;
    EVP_PKEY *key[2]; /* by role: client, server */
    GByteArray *der[2];
    GByteArray *transcript;
    const EVP_MD *function;
    unsigned suite, seq[2];
    bool silent; /* what is said is not sent */
} world;

static EVP_PKEY *new_key(bool rsa)
{
    return rsa ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048) : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

static GByteArray *der_for(EVP_PKEY *key)
{
    X509 *x = X509_new();
    uint8_t *der = NULL;
    GByteArray *b = g_byte_array_new();
    int n;

    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const uint8_t *)"x", -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_gmtime_adj(X509_getm_notBefore(x), 0);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    X509_sign(x, key, EVP_sha256());
    n = i2d_X509(x, &der);
    put_bytes(b, der, (size_t)n);
    OPENSSL_free(der);
    X509_free(x);
    return b;
}

static world world_begin(unsigned suite, bool rsa)
{
    world w = {.c = call_begin(NULL),
               .reader = wr_dtls_reader_new(),
               .events = g_ptr_array_new_with_free_func((GDestroyNotify)wr_dtls_event_free),
               .transcript = g_byte_array_new(),
               .suite = suite};

    w.function = suite == 0x1302 ? EVP_sha384() : EVP_sha256();
    for (int role = 0; role < 2; role++) {
        w.key[role] = new_key(rsa && role == 0);
        w.der[role] = der_for(w.key[role]);
    }
    connect_ends(&w.c);
    return w;
}

static void world_end(world *w)
{
    for (int role = 0; role < 2; role++) {
        EVP_PKEY_free(w->key[role]);
        g_byte_array_unref(w->der[role]);
    }
    g_byte_array_unref(w->transcript);
    g_ptr_array_unref(w->events);
    wr_dtls_reader_free(w->reader);
    call_end(&w->c);
}

static void send_message(world *w, int role, uint8_t type, unsigned seq, const GByteArray *body, bool clear)
{
    GByteArray *b = clear ? message_datagram(type, seq, body) : g_byte_array_new();
    wr_dtls_evidence d;

    memset(&d, 0, sizeof d);
    d.at = next(&w->c, 5, role == 0 ? BOBS : ALICES, role == 0 ? ALICES : BOBS);
    d.how.peer = wr_endpoint_none();
    if (clear) {
        wr_dtls_read_datagram(w->reader, &d.at.src, &d.at.dst, 0, b->data, b->len, false, w->events);
    } else {
        put_message(b, type, seq, body);
        wr_dtls_read_decrypted(w->reader, &d.at.src, &d.at.dst, 0, b->data, b->len, w->events);
    }
    for (unsigned i = 0; i < w->events->len; i++) {
        d.event = g_ptr_array_index(w->events, i);
        wr_engine_add_dtls(w->c.e, &d);
    }
    g_ptr_array_set_size(w->events, 0);
    g_byte_array_unref(b);
}

/* The next message of a side: sent, and added to the transcript. body is freed. */
static void say_message(world *w, int role, uint8_t type, GByteArray *body, bool clear)
{
    if (!w->silent)
        send_message(w, role, type, w->seq[role], body, clear);
    w->seq[role]++;
    put(w->transcript, 1, type);
    put_vector(w->transcript, 3, body);
}

static GByteArray *version_extension(bool server, unsigned fill)
{
    GByteArray *all = g_byte_array_new(), *versions = g_byte_array_new(), *list = g_byte_array_new();

    put(list, 2, WR_DTLS_1_3);
    if (server)
        put_bytes(versions, list->data, list->len), g_byte_array_unref(list);
    else
        put_vector(versions, 1, list);
    put_extension(all, 43, versions);
    if (fill > 0) { /* something of which nothing is read: a message of other bytes */
        GByteArray *other = g_byte_array_new();
        put_fill(other, (uint8_t)fill, 4);
        put_extension(all, 0xfafa, other);
    }
    return all;
}

static GByteArray *hello_of_server(const world *w, bool retry, unsigned fill)
{
    /* SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3) */
    static const uint8_t RETRY[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                    0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                    0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
    GByteArray *b = g_byte_array_new();

    put(b, 2, WR_DTLS_1_2);
    if (retry)
        put_bytes(b, RETRY, sizeof RETRY);
    else
        put_fill(b, RANDOM_OF_SERVER, WR_DTLS_RANDOM);
    put(b, 1, 0);
    put(b, 2, w->suite);
    put(b, 1, 0);
    put_vector(b, 2, version_extension(true, fill));
    return b;
}

static GByteArray *certificate_of(const world *w, int role)
{
    GByteArray *b = g_byte_array_new(), *list = g_byte_array_new(), *entry = g_byte_array_new();

    put_bytes(entry, w->der[role]->data, w->der[role]->len);
    put_vector(list, 3, entry);
    put(list, 2, 0);
    put(b, 1, 0); /* no context */
    put_vector(b, 3, list);
    return b;
}

static unsigned digest_of(const world *w, uint8_t out[EVP_MAX_MD_SIZE])
{
    unsigned n;

    g_assert_true(EVP_Digest(w->transcript->data, w->transcript->len, out, &n, w->function, NULL));
    return n;
}

/* CertificateVerify of that side by this key, as the transcript is now. */
static GByteArray *verify_by(const world *w, int role, EVP_PKEY *key)
{
    const bool rsa = EVP_PKEY_is_a(key, "RSA");
    GByteArray *b = g_byte_array_new(), *content = g_byte_array_new(), *signature = g_byte_array_new();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *parameters;
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t n = 0;

    put_fill(content, 0x20, 64);
    put_bytes(content, role == 1 ? "TLS 1.3, server CertificateVerify" : "TLS 1.3, client CertificateVerify", 34);
    put_bytes(content, digest, digest_of(w, digest));
    g_assert_true(EVP_DigestSignInit_ex(context, &parameters, "SHA256", NULL, NULL, key, NULL));
    if (rsa) {
        EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
    }
    g_assert_true(EVP_DigestSign(context, NULL, &n, content->data, content->len));
    g_byte_array_set_size(signature, (guint)n);
    g_assert_true(EVP_DigestSign(context, signature->data, &n, content->data, content->len));
    g_byte_array_set_size(signature, (guint)n);
    put(b, 2, rsa ? 0x0804 : 0x0403);
    put_vector(b, 2, signature);
    g_byte_array_unref(content);
    EVP_MD_CTX_free(context);
    return b;
}

typedef struct {
    const char *words;
    unsigned suite;
    bool rsa;
    bool retry;             /* another hello is asked for */
    int spoofed;            /* a hello with the true random and other bytes: 1 the client's, 2 the server's; 0 none */
    int lost;               /* type of a message that is not in the capture */
    bool other_key[2];      /* by role: the signature is by another key */
    wr_possession found[2]; /* client, server */
} row;

#define YES WR_POSSESSION_PROVED
#define NO  WR_POSSESSION_INVALID
#define NOT WR_POSSESSION_UNKNOWN

static const row rows[] = {
    {"whole", 0x1301, false, false, 0, 0, {false, false}, {YES, YES}},
    {"SHA-384, RSA", 0x1302, true, false, 0, 0, {false, false}, {YES, YES}},
    {"two hellos", 0x1303, false, true, 0, 0, {false, false}, {YES, YES}},
    {"somebody's ClientHello", 0x1301, false, false, 1, 0, {false, false}, {YES, YES}},
    {"somebody's ServerHello", 0x1301, false, false, 2, 0, {false, false}, {YES, YES}},
    {"somebody's ClientHello between two", 0x1301, false, true, 1, 0, {false, false}, {YES, YES}},
    {"no EncryptedExtensions", 0x1301, false, false, 0, WR_HS_ENCRYPTED_EXTENSIONS, {false, false}, {NOT, NOT}},
    {"no signatures", 0x1301, false, false, 0, WR_HS_CERTIFICATE_VERIFY, {false, false}, {NOT, NOT}},
    {"no certificates", 0x1301, false, false, 0, WR_HS_CERTIFICATE, {false, false}, {NOT, NOT}},
    {"no Finished", 0x1301, false, false, 0, WR_HS_FINISHED, {false, false}, {NOT, YES}},
    {"the server has another key", 0x1301, false, false, 0, 0, {false, true}, {NOT, NO}},
    {"the client has another key", 0x1301, false, false, 0, 0, {true, false}, {NO, YES}},
};

static void say_unless_lost(world *w, const row *r, int role, uint8_t type, GByteArray *body)
{
    w->silent = r->lost == type;
    say_message(w, role, type, body, false);
    w->silent = false;
}

static void say_hellos(world *w, const row *r)
{
    if (r->spoofed == 1) {
        GByteArray *false_hello = client_hello(RANDOM_OF_CLIENT, version_extension(false, 3));
        send_message(w, 0, WR_HS_CLIENT_HELLO, 0, false_hello, true);
        g_byte_array_unref(false_hello);
    }
    say_message(w, 0, WR_HS_CLIENT_HELLO, client_hello(RANDOM_OF_CLIENT, version_extension(false, 0)), true);
    if (r->retry) {
        uint8_t digest[EVP_MAX_MD_SIZE];
        const unsigned n = digest_of(w, digest);
        g_byte_array_set_size(w->transcript, 0);
        put(w->transcript, 1, 254);
        put(w->transcript, 3, n);
        put_bytes(w->transcript, digest, n);
        say_message(w, 1, WR_HS_SERVER_HELLO, hello_of_server(w, true, 0), true);
        say_message(w, 0, WR_HS_CLIENT_HELLO, client_hello(RANDOM_OF_CLIENT, version_extension(false, 5)), true);
    }
    if (r->spoofed == 2) {
        GByteArray *false_hello = hello_of_server(w, false, 3);
        send_message(w, 1, WR_HS_SERVER_HELLO, w->seq[1], false_hello, true);
        g_byte_array_unref(false_hello);
    }
    say_message(w, 1, WR_HS_SERVER_HELLO, hello_of_server(w, false, 0), true);
}

static void say_keys(world *w, const row *r, int role)
{
    EVP_PKEY *key = r->other_key[role] ? new_key(EVP_PKEY_is_a(w->key[role], "RSA")) : w->key[role];

    say_unless_lost(w, r, role, WR_HS_CERTIFICATE, certificate_of(w, role));
    say_unless_lost(w, r, role, WR_HS_CERTIFICATE_VERIFY, verify_by(w, role, key));
    say_unless_lost(w, r, role, WR_HS_FINISHED, bytes_of("12345678901234567890123456789012", 32));
    if (key != w->key[role])
        EVP_PKEY_free(key);
}

static void test_row(gconstpointer data)
{
    const row *r = data;
    world w = world_begin(r->suite, r->rsa);
    const wr_association *a;

    say_hellos(&w, r);
    say_unless_lost(&w, r, 1, WR_HS_ENCRYPTED_EXTENSIONS, bytes_of("\0", 2));
    say_unless_lost(&w, r, 1, WR_HS_CERTIFICATE_REQUEST, bytes_of("\0\0", 3));
    say_keys(&w, r, 1);
    say_keys(&w, r, 0);
    wr_engine_evaluate(w.c.e);
    g_assert_cmpuint(wr_engine_associations(w.c.e)->len, ==, 1);
    a = g_ptr_array_index(wr_engine_associations(w.c.e), 0);
    for (int role = 0; role < 2; role++)
        g_assert_cmpint(a->possession[role], ==, r->found[role]);
    world_end(&w);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *name = g_strdup_printf("/proof_13/%s", rows[i].words);
        g_test_add_data_func(name, &rows[i], test_row);
        g_free(name);
    }
    return g_test_run();
}
