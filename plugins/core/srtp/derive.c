/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From master keys to session keys (RFC 3711 4.3). */
#include "derive.h"

#include <glib.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <string.h>

enum { LABEL_ENCRYPTION = 0, LABEL_AUTHENTICATION = 1, LABEL_SALT = 2, LABELS_A_HALF = 3 };

bool wr_srtp_derive(const wr_srtp_profile *profile, const uint8_t *key, const uint8_t *salt, uint8_t label,
                    uint8_t *out, size_t n)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t iv[16] = {0};
    int got = 0;
    bool done;

    memcpy(iv, salt, profile->salt); /* 112 bits, then 16 for the counter; shorter salts are padded with zeros */
    iv[7] ^= label;                  /* label | index DIV rate: 48 bits of which are 0 */
    memset(out, 0, n);
    done = ctx != NULL &&
           EVP_EncryptInit_ex(ctx, profile->key == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr(), NULL, key, iv) == 1 &&
           EVP_EncryptUpdate(ctx, out, &got, out, (int)n) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return done;
}

static EVP_CIPHER_CTX *new_cipher(const wr_srtp_profile *p, const uint8_t *key)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    const EVP_CIPHER *cipher = p->cipher == WR_SRTP_GCM ? (p->key == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm())
                               : p->key == 32           ? EVP_aes_256_ctr()
                                                        : EVP_aes_128_ctr();

    if (ctx != NULL && EVP_DecryptInit_ex(ctx, cipher, NULL, key, NULL) != 1)
        g_clear_pointer(&ctx, EVP_CIPHER_CTX_free);
    return ctx;
}

static EVP_MAC_CTX *new_mac(const uint8_t key[WR_SRTP_AUTH_KEY])
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA1", 0),
                           OSSL_PARAM_construct_end()};

    EVP_MAC_free(mac);
    if (ctx != NULL && EVP_MAC_init(ctx, key, WR_SRTP_AUTH_KEY, params) != 1)
        g_clear_pointer(&ctx, EVP_MAC_CTX_free);
    return ctx;
}

static bool make_half(const wr_srtp_profile *p, const uint8_t *key, const uint8_t *salt, unsigned labels,
                      wr_srtp_half *out)
{
    uint8_t k[WR_SRTP_MAX_KEY], a[WR_SRTP_AUTH_KEY];
    bool done = wr_srtp_derive(p, key, salt, (uint8_t)(labels + LABEL_ENCRYPTION), k, p->key) &&
                wr_srtp_derive(p, key, salt, (uint8_t)(labels + LABEL_AUTHENTICATION), a, sizeof a) &&
                wr_srtp_derive(p, key, salt, (uint8_t)(labels + LABEL_SALT), out->salt, p->salt);

    if (done && p->cipher != WR_SRTP_NULL)
        done = (out->cipher = new_cipher(p, k)) != NULL;
    if (done && p->cipher != WR_SRTP_GCM)
        done = (out->mac = new_mac(a)) != NULL;
    OPENSSL_cleanse(k, sizeof k);
    OPENSSL_cleanse(a, sizeof a);
    return done;
}

wr_srtp_keys *wr_srtp_keys_new(const wr_srtp_profile *profile, const uint8_t *key, const uint8_t *salt,
                               unsigned mki_length)
{
    wr_srtp_keys *k = g_new0(wr_srtp_keys, 1);

    k->profile = profile;
    k->mki_length = mki_length;
    for (unsigned i = 0; i < 2; i++) {
        if (!make_half(profile, key, salt, i * LABELS_A_HALF, &k->half[i])) {
            wr_srtp_keys_free(k);
            return NULL;
        }
    }
    return k;
}

void wr_srtp_keys_free(wr_srtp_keys *k)
{
    if (k == NULL)
        return;
    for (int i = 0; i < 2; i++) {
        EVP_CIPHER_CTX_free(k->half[i].cipher);
        EVP_MAC_CTX_free(k->half[i].mac);
    }
    OPENSSL_cleanse(k, sizeof *k);
    g_free(k);
}

const wr_srtp_profile *wr_srtp_keys_profile(const wr_srtp_keys *k)
{
    return k->profile;
}
