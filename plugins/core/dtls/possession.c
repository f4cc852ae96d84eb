/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proof that a side holds the key of the certificate it shows: a server by the signature in its ServerKeyExchange, over
 * both randoms and its key share (RFC 5246 7.4.3, RFC 8422 5.4, RFC 4346 7.4.3 for DTLS 1.0); a client by that in its
 * CertificateVerify, over all messages before it (RFC 5246 7.4.8, RFC 6347 4.2.6). The number before a vector is the
 * width of its length in bytes; the message must be used up, or it proves nothing.
 *
 *     ServerKeyExchange, ECDHE   curve type 1 (named: 3)  curve 2  1 [ point ]    scheme 2 (1.2 only)  2 [ signature ]
 *     ServerKeyExchange, DHE     2 [ p ]  2 [ g ]  2 [ public value ]             scheme 2 (1.2 only)  2 [ signature ]
 *                                |<---------- key share --------------->|
 *     CertificateVerify                                                           scheme 2 (1.2 only)  2 [ signature ]
 *
 *     signed by the server: | client random 32 | server random 32 | key share |
 *     signed by the client: | each message from the ClientHello with the cookie on, with a header as of one fragment |
 *     signed in 1.3:        | 64 spaces | whose | 0 | digest of each message, with a header of 4 bytes |
 */
#include "certificate_parts.h"
#include "reader.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#define NAMED_CURVE 3 /* RFC 8422 5.4; explicit curves are obsolete and not read */

/* Signature algorithms as two bytes; in 1.2 (hash, signature), with the schemes of RFC 8446 4.2.3 among them. */
typedef struct {
    uint16_t scheme;
    const char *key;    /* OpenSSL's type of key */
    const char *digest; /* NULL: the algorithm brings its own */
    bool pss;
} scheme_row;

static const scheme_row SCHEMES[] = {
    {0x0101, "RSA", "MD5", false},         {0x0201, "RSA", "SHA1", false},        {0x0301, "RSA", "SHA2-224", false},
    {0x0401, "RSA", "SHA2-256", false},    {0x0501, "RSA", "SHA2-384", false},    {0x0601, "RSA", "SHA2-512", false},
    {0x0202, "DSA", "SHA1", false},        {0x0302, "DSA", "SHA2-224", false},    {0x0402, "DSA", "SHA2-256", false},
    {0x0203, "EC", "SHA1", false},         {0x0303, "EC", "SHA2-224", false},     {0x0403, "EC", "SHA2-256", false},
    {0x0503, "EC", "SHA2-384", false},     {0x0603, "EC", "SHA2-512", false},     {0x0804, "RSA", "SHA2-256", true},
    {0x0805, "RSA", "SHA2-384", true},     {0x0806, "RSA", "SHA2-512", true},     {0x0809, "RSA-PSS", "SHA2-256", true},
    {0x080a, "RSA-PSS", "SHA2-384", true}, {0x080b, "RSA-PSS", "SHA2-512", true}, {0x0807, "ED25519", NULL, false},
    {0x0808, "ED448", NULL, false},
};

/* In DTLS 1.0 the key alone decides (RFC 4346 7.4.3, RFC 4492 5.4). */
static const scheme_row OLD_SCHEMES[] = {
    {0, "RSA", "MD5-SHA1", false},
    {0, "DSA", "SHA1", false},
    {0, "EC", "SHA1", false},
};

/* Reads the key share; false when the suite has none that is signed, or it is not understood. */
static bool skip_key_share(wr_cursor *c, uint16_t suite)
{
    const char *name = wr_tls_suite_name(suite);
    wr_cursor part;
    uint8_t curve_type;
    uint16_t curve;

    if (name == NULL)
        return false;
    if (g_str_has_prefix(name, "TLS_ECDHE_RSA_") || g_str_has_prefix(name, "TLS_ECDHE_ECDSA_"))
        return read_u8(c, &curve_type) && curve_type == NAMED_CURVE && read_u16(c, &curve) && read_vector(c, 1, &part);
    if (g_str_has_prefix(name, "TLS_DHE_RSA_") || g_str_has_prefix(name, "TLS_DHE_DSS_"))
        return read_vector(c, 2, &part) && read_vector(c, 2, &part) && read_vector(c, 2, &part);
    return false;
}

static const scheme_row *find_scheme(uint16_t version, wr_cursor *c, EVP_PKEY *key)
{
    uint16_t scheme;

    if (version == WR_DTLS_1_0) {
        for (size_t i = 0; i < G_N_ELEMENTS(OLD_SCHEMES); i++)
            if (EVP_PKEY_is_a(key, OLD_SCHEMES[i].key))
                return &OLD_SCHEMES[i];
        return NULL;
    }
    if (!read_u16(c, &scheme))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(SCHEMES); i++)
        if (SCHEMES[i].scheme == scheme)
            return &SCHEMES[i];
    return NULL;
}

static wr_possession verify(EVP_PKEY *key, const scheme_row *scheme, wr_cursor signature, const uint8_t *message,
                            size_t length)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *parameters = NULL;
    wr_possession result = WR_POSSESSION_UNKNOWN;

    if (context != NULL && EVP_DigestVerifyInit_ex(context, &parameters, scheme->digest, NULL, NULL, key, NULL) == 1 &&
        (!scheme->pss || (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) > 0 &&
                          EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) > 0))) {
        /* Anything but 1 is a signature that this key did not make, be it false or no signature at all. */
        result = EVP_DigestVerify(context, signature.at, signature.left, message, length) == 1 ? WR_POSSESSION_PROVED
                                                                                               : WR_POSSESSION_INVALID;
    }
    EVP_MD_CTX_free(context);
    return result;
}

/* Scheme and signature are the rest of c. */
static wr_possession check_signature(EVP_PKEY *key, uint16_t version, wr_cursor c, const uint8_t *message,
                                     size_t length)
{
    const scheme_row *scheme = find_scheme(version, &c, key);
    wr_cursor signature;

    if (scheme == NULL || !read_vector(&c, 2, &signature) || c.left > 0)
        return WR_POSSESSION_UNKNOWN;
    if (!EVP_PKEY_is_a(key, scheme->key))
        return WR_POSSESSION_INVALID; /* made by a key of another kind */
    return verify(key, scheme, signature, message, length);
}

static wr_possession check_server(EVP_PKEY *key, const uint8_t *randoms, uint16_t version, uint16_t suite, wr_cursor c)
{
    const uint8_t *share = c.at;
    size_t share_length;
    uint8_t *message;
    wr_possession result;

    if (!skip_key_share(&c, suite))
        return WR_POSSESSION_UNKNOWN;
    share_length = (size_t)(c.at - share);
    message = g_malloc(2 * WR_DTLS_RANDOM + share_length);
    memcpy(message, randoms, 2 * WR_DTLS_RANDOM);
    memcpy(message + 2 * WR_DTLS_RANDOM, share, share_length);
    result = check_signature(key, version, c, message, 2 * WR_DTLS_RANDOM + share_length);
    g_free(message);
    return result;
}

/* NULL when there is none that is understood. */
static EVP_PKEY *key_of(const wr_certificate *leaf)
{
    wr_certificate_parts parts;
    EVP_PKEY *key;

    if (!wr_certificate_parts_read(leaf->der, leaf->der_length, &parts))
        return wr_certificate_any_key(leaf->der, leaf->der_length);
    key = wr_certificate_parts_key(&parts);
    wr_certificate_parts_clear(&parts);
    return key;
}

static bool is_signed_version(uint16_t version)
{
    return version == WR_DTLS_1_0 || version == WR_DTLS_1_2;
}

wr_possession wr_dtls_server_possession(const wr_certificate *leaf, const uint8_t client_random[WR_DTLS_RANDOM],
                                        const uint8_t server_random[WR_DTLS_RANDOM], uint16_t version, uint16_t suite,
                                        const uint8_t *body, size_t body_length)
{
    uint8_t randoms[2 * WR_DTLS_RANDOM];
    wr_possession result = WR_POSSESSION_UNKNOWN;
    EVP_PKEY *key;

    if (leaf == NULL || !leaf->shaped || body == NULL || !is_signed_version(version))
        return WR_POSSESSION_UNKNOWN;
    memcpy(randoms, client_random, WR_DTLS_RANDOM);
    memcpy(randoms + WR_DTLS_RANDOM, server_random, WR_DTLS_RANDOM);
    ERR_set_mark();
    key = key_of(leaf);
    if (key != NULL)
        result = check_server(key, randoms, version, suite, cursor_of(body, body_length));
    EVP_PKEY_free(key);
    ERR_pop_to_mark();
    return result;
}

/* Scheme and signature in body, over this message. */
static wr_possession check_verify(const wr_certificate *leaf, uint16_t version, const uint8_t *body, size_t body_length,
                                  const uint8_t *message, size_t length)
{
    wr_possession result = WR_POSSESSION_UNKNOWN;
    EVP_PKEY *key;

    ERR_set_mark();
    key = key_of(leaf);
    if (key != NULL)
        result = check_signature(key, version, cursor_of(body, body_length), message, length);
    EVP_PKEY_free(key);
    ERR_pop_to_mark();
    return result;
}

wr_possession wr_dtls_client_possession(const wr_certificate *leaf, uint16_t version, const uint8_t *transcript,
                                        size_t length, const uint8_t *body, size_t body_length)
{
    if (leaf == NULL || !leaf->shaped || body == NULL || !is_signed_version(version))
        return WR_POSSESSION_UNKNOWN;
    return check_verify(leaf, version, body, body_length, transcript, length);
}

/* RSA signs with padding of PSS alone, and nothing signs a digest of SHA-1 or MD5 (RFC 8446 4.2.3, 4.4.3). */
static bool is_scheme_of_13(wr_cursor c)
{
    uint16_t scheme;

    if (!read_u16(&c, &scheme))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(SCHEMES); i++) {
        const scheme_row *s = &SCHEMES[i];
        if (s->scheme == scheme)
            return s->digest == NULL || s->pss ||
                   (g_str_equal(s->key, "EC") && !g_str_equal(s->digest, "SHA1") &&
                    !g_str_equal(s->digest, "SHA2-224"));
    }
    return false;
}

wr_possession wr_dtls_13_possession(const wr_certificate *leaf, bool by_server, const uint8_t *digest,
                                    size_t digest_length, const uint8_t *body, size_t body_length)
{
    static const char CLIENT[] = "TLS 1.3, client CertificateVerify", SERVER[] = "TLS 1.3, server CertificateVerify";
    uint8_t message[64 + sizeof SERVER + EVP_MAX_MD_SIZE];

    if (leaf == NULL || !leaf->shaped || body == NULL || digest_length == 0 || digest_length > EVP_MAX_MD_SIZE ||
        !is_scheme_of_13(cursor_of(body, body_length)))
        return WR_POSSESSION_UNKNOWN;
    memset(message, ' ', 64);
    memcpy(message + 64, by_server ? SERVER : CLIENT, sizeof SERVER); /* with the zero at its end */
    memcpy(message + 64 + sizeof SERVER, digest, digest_length);
    return check_verify(leaf, WR_DTLS_1_3, body, body_length, message, 64 + sizeof SERVER + digest_length);
}
