/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exporters of TLS by OpenSSL's key derivation functions. */
#include "srtp/exporter.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

#define LABEL    "EXTRACTOR-dtls_srtp"
#define MATERIAL (2 * (WR_SRTP_MAX_KEY + WR_SRTP_MAX_SALT))

static bool derive(const char *function, const OSSL_PARAM *params, uint8_t *out, size_t len)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, function, NULL);
    EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
    bool done = ctx != NULL && EVP_KDF_derive(ctx, out, len, params) == 1;

    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return done;
}

bool wr_prf_12(wr_prf prf, const wr_secret *master, const char *label, const uint8_t *seed, size_t n_seed, uint8_t *out,
               size_t len)
{
    static const char *const digests[] = {"MD5-SHA1", "SHA2-256", "SHA2-384"};
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)digests[prf], 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, (void *)master->bytes, master->length),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, (void *)label, strlen(label)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, (void *)seed, n_seed),
        OSSL_PARAM_construct_end(),
    };

    return derive("TLS1-PRF", params, out, len);
}

/* HKDF-Expand-Label (RFC 8446 7.1). */
static bool expand_label(const char *digest, const uint8_t *secret, size_t n_secret, const char *prefix,
                         const char *label, const uint8_t *context, size_t n_context, uint8_t *out, size_t len)
{
    uint8_t info[2 + 1 + 255 + 1 + EVP_MAX_MD_SIZE];
    const size_t n_prefix = strlen(prefix), n_label = strlen(label);
    size_t n = 0;
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    OSSL_PARAM params[5];

    if (n_prefix + n_label > 255 || n_context > EVP_MAX_MD_SIZE || len > UINT16_MAX)
        return false;
    info[n++] = (uint8_t)(len >> 8);
    info[n++] = (uint8_t)len;
    info[n++] = (uint8_t)(n_prefix + n_label);
    memcpy(info + n, prefix, n_prefix);
    n += n_prefix;
    memcpy(info + n, label, n_label);
    n += n_label;
    info[n++] = (uint8_t)n_context;
    memcpy(info + n, context, n_context);
    n += n_context;
    params[0] = OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode);
    params[1] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)digest, 0);
    params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)secret, n_secret);
    params[3] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, n);
    params[4] = OSSL_PARAM_construct_end();
    return derive("HKDF", params, out, len);
}

bool wr_exporter_13(const wr_secret *exporter, const char *prefix, const char *label, uint8_t *out, size_t len)
{
    const EVP_MD *md = exporter->length == 48 ? EVP_sha384() : EVP_sha256();
    const char *digest = exporter->length == 48 ? "SHA2-384" : "SHA2-256";
    uint8_t empty[EVP_MAX_MD_SIZE], secret[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    bool done;

    if (exporter->length != 48 && exporter->length != 32)
        return false;
    done = EVP_Digest("", 0, empty, &n, md, NULL) == 1 &&
           expand_label(digest, exporter->bytes, exporter->length, prefix, label, empty, n, secret, n) &&
           expand_label(digest, secret, n, prefix, "exporter", empty, n, out, len);
    OPENSSL_cleanse(secret, sizeof secret);
    return done;
}

static void take_apart(uint8_t material[MATERIAL], const wr_srtp_profile *p, wr_srtp_masters *out)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < 2; i++) {
        memcpy(out->key[i], material + i * p->key, p->key);
        memcpy(out->salt[i], material + 2 * p->key + i * p->salt, p->salt);
    }
    OPENSSL_cleanse(material, MATERIAL);
}

bool wr_srtp_masters_12(wr_prf prf, const wr_secret *master, const uint8_t *client_random, const uint8_t *server_random,
                        const wr_srtp_profile *profile, wr_srtp_masters *out)
{
    uint8_t seed[2 * WR_KEY_LOG_RANDOM], material[MATERIAL];

    memcpy(seed, client_random, WR_KEY_LOG_RANDOM);
    memcpy(seed + WR_KEY_LOG_RANDOM, server_random, WR_KEY_LOG_RANDOM);
    if (!wr_prf_12(prf, master, LABEL, seed, sizeof seed, material, 2u * (profile->key + profile->salt)))
        return false;
    take_apart(material, profile, out);
    return true;
}

bool wr_srtp_masters_13(const wr_secret *exporter, const wr_srtp_profile *profile, wr_srtp_masters *out)
{
    uint8_t material[MATERIAL];

    if (!wr_exporter_13(exporter, "dtls13", LABEL, material, 2u * (profile->key + profile->salt)))
        return false;
    take_apart(material, profile, out);
    return true;
}
