/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens records of DTLS 1.2. Nonce and additional data (RFC 5246 6.2.3.3, RFC 6347 4.1.2.1):
 *
 *     GCM        nonce    implicit 4 | explicit 8, which stands before the ciphertext
 *     ChaCha20   nonce    implicit 12, with epoch and sequence number laid over its last 8 by exclusive or
 *     both       covered  epoch 2, sequence number 6 | type 1 | version 2 | length of the plaintext 2
 */
#include "srtp/record.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#define TAG      16
#define EXPLICIT 8
#define COVERED  13

typedef struct {
    size_t key, iv;
    const EVP_CIPHER *(*cipher)(void);
} kind;

static const kind *kind_of(wr_record_cipher cipher)
{
    static const kind kinds[] = {[WR_RECORD_AES_128_GCM] = {16, 4, EVP_aes_128_gcm},
                                 [WR_RECORD_AES_256_GCM] = {32, 4, EVP_aes_256_gcm},
                                 [WR_RECORD_CHACHA20] = {32, 12, EVP_chacha20_poly1305}};

    return &kinds[cipher];
}

wr_record_cipher wr_record_cipher_of(const char *suite)
{
    if (suite == NULL)
        return WR_RECORD_NONE;
    if (strstr(suite, "_AES_128_GCM_") != NULL)
        return WR_RECORD_AES_128_GCM;
    if (strstr(suite, "_AES_256_GCM_") != NULL)
        return WR_RECORD_AES_256_GCM;
    return strstr(suite, "_CHACHA20_") != NULL ? WR_RECORD_CHACHA20 : WR_RECORD_NONE;
}

bool wr_record_keys_of(wr_record_cipher cipher, wr_prf prf, const wr_secret *master, const uint8_t *client_random,
                       const uint8_t *server_random, wr_record_keys *out)
{
    uint8_t seed[64], block[2 * (WR_RECORD_MAX_KEY + WR_RECORD_MAX_IV)];
    const kind *k = kind_of(cipher);
    const size_t n = 2 * (k->key + k->iv);
    bool done;

    memset(out, 0, sizeof *out);
    if (cipher == WR_RECORD_NONE)
        return false;
    memcpy(seed, server_random, 32);
    memcpy(seed + 32, client_random, 32);
    done = wr_prf_12(prf, master, "key expansion", seed, sizeof seed, block, n);
    for (int side = 0; done && side < 2; side++) {
        memcpy(out->key[side], block + side * k->key, k->key);
        memcpy(out->iv[side], block + 2 * k->key + side * k->iv, k->iv);
    }
    if (done)
        out->cipher = cipher;
    OPENSSL_cleanse(block, sizeof block);
    return done;
}

static void put_u64(uint8_t *p, uint64_t v)
{
    for (int i = 7; i >= 0; i--, v >>= 8)
        p[i] = (uint8_t)v;
}

static bool decrypt(const kind *k, const uint8_t *key, const uint8_t *nonce, const uint8_t *covered,
                    const uint8_t *sealed, size_t len, uint8_t *out)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0, last = 0;
    bool done = ctx != NULL && EVP_DecryptInit_ex(ctx, k->cipher(), NULL, key, nonce) == 1 &&
                EVP_DecryptUpdate(ctx, NULL, &n, covered, COVERED) == 1 &&
                EVP_DecryptUpdate(ctx, out, &n, sealed, (int)len) == 1 &&
                EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG, (void *)(sealed + len)) == 1 &&
                EVP_DecryptFinal_ex(ctx, out + n, &last) == 1;

    EVP_CIPHER_CTX_free(ctx);
    return done;
}

bool wr_record_open(const wr_record_keys *k, int side, uint64_t sequence, uint8_t type, uint16_t version,
                    const uint8_t *content, size_t len, uint8_t *out, size_t *out_len)
{
    const size_t before = k->cipher == WR_RECORD_CHACHA20 ? 0 : EXPLICIT;
    uint8_t nonce[WR_RECORD_MAX_IV], covered[COVERED];
    size_t n;

    if (k->cipher == WR_RECORD_NONE || len <= before + TAG || len > UINT16_MAX)
        return false;
    n = len - before - TAG;
    memcpy(nonce, k->iv[side], sizeof nonce);
    put_u64(covered, sequence);
    if (before > 0)
        memcpy(nonce + 4, content, EXPLICIT);
    else
        for (int i = 0; i < 8; i++)
            nonce[4 + i] ^= covered[i];
    covered[8] = type;
    covered[9] = (uint8_t)(version >> 8);
    covered[10] = (uint8_t)version;
    covered[11] = (uint8_t)(n >> 8);
    covered[12] = (uint8_t)n;
    if (!decrypt(kind_of(k->cipher), k->key[side], nonce, covered, content + before, n, out)) {
        OPENSSL_cleanse(out, n);
        return false;
    }
    *out_len = n;
    return true;
}
