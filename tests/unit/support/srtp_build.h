/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets of SRTP and SRTCP as a sender makes them. */
#ifndef WR_SRTP_BUILD_H
#define WR_SRTP_BUILD_H

#include "srtp/packet.h"

#include <glib.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

/* Of the lengths that the longest profile takes; the zero that ends a text is nobody's. */
static uint8_t BUILD_KEY[32 + 1] = "a master key that only tests use", BUILD_SALT[14 + 1] = "and their salt";

static inline wr_srtp_keys *build_keys(const wr_srtp_profile *p)
{
    return wr_srtp_keys_new(p, BUILD_KEY, BUILD_SALT, 0);
}

/* RFC 3711 4.3.3, of BUILD_KEY and BUILD_SALT. */
static inline void build_derive(const wr_srtp_profile *p, uint8_t label, uint8_t *out, size_t n)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint8_t iv[16] = {0};
    int got;

    memcpy(iv, BUILD_SALT, p->salt);
    iv[7] ^= label;
    memset(out, 0, n);
    EVP_EncryptInit_ex(c, p->key == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr(), NULL, BUILD_KEY, iv);
    EVP_EncryptUpdate(c, out, &got, out, (int)n);
    EVP_CIPHER_CTX_free(c);
}

/* Encrypts in place; with GCM the tag comes behind. iv is 16 bytes for counter mode, 12 for GCM, without the salt. */
static inline size_t build_encrypt(const wr_srtp_profile *p, uint8_t labels, uint8_t *iv, const uint8_t *aad,
                                   size_t n_aad, const uint8_t *more, size_t n_more, uint8_t *text, size_t n)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint8_t key[32], salt[14];
    int got;

    build_derive(p, labels, key, p->key);
    build_derive(p, (uint8_t)(labels + 2), salt, p->salt);
    for (int i = 0; i < p->salt; i++)
        iv[i] ^= salt[i];
    if (p->cipher == WR_SRTP_GCM) {
        EVP_EncryptInit_ex(c, p->key == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm(), NULL, key, iv);
        EVP_EncryptUpdate(c, NULL, &got, aad, (int)n_aad);
        if (n_more > 0)
            EVP_EncryptUpdate(c, NULL, &got, more, (int)n_more);
        EVP_EncryptUpdate(c, text, &got, text, (int)n);
        EVP_EncryptFinal_ex(c, text + n, &got);
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, text + n);
        n += 16;
    } else if (p->cipher == WR_SRTP_CM) {
        EVP_EncryptInit_ex(c, p->key == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr(), NULL, key, iv);
        EVP_EncryptUpdate(c, text, &got, text, (int)n);
    }
    EVP_CIPHER_CTX_free(c);
    return n;
}

static inline size_t build_tag(const wr_srtp_profile *p, uint8_t label, uint8_t *packet, size_t n, const uint8_t *more,
                               size_t n_more, size_t tag)
{
    uint8_t key[20], *all = g_malloc(n + n_more), digest[20];

    build_derive(p, label, key, sizeof key);
    memcpy(all, packet, n);
    if (n_more > 0)
        memcpy(all + n, more, n_more);
    HMAC(EVP_sha1(), key, sizeof key, all, n + n_more, digest, NULL);
    g_free(all);
    memcpy(packet + n, digest, tag);
    return n + tag;
}

static inline void build_32(uint8_t *p, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(n >> (24 - 8 * i));
}

/* A packet with one source and a header extension, 40 bytes of payload; room for 128. */
static inline size_t build_srtp(const wr_srtp_keys *k, uint32_t ssrc, uint16_t sequence, uint32_t roc, uint8_t *out)
{
    const wr_srtp_profile *p = wr_srtp_keys_profile(k);
    static const uint8_t extension[] = {0, 0, 0, 99, 0xbe, 0xde, 0, 1, 0x10, 0x55, 0, 0};
    const size_t head = 12 + sizeof extension;
    uint8_t iv[16] = {0}, counter[4];
    size_t n = head + 40;

    memset(out, 0, n);
    out[0] = 0x91; /* version 2, extension, one source */
    out[1] = 111;
    out[2] = (uint8_t)(sequence >> 8);
    out[3] = (uint8_t)sequence;
    build_32(out + 4, sequence * 960u);
    build_32(out + 8, ssrc);
    memcpy(out + 12, extension, sizeof extension);
    for (size_t i = head; i < n; i++)
        out[i] = (uint8_t)i;
    build_32(counter, roc);
    memcpy(iv + (p->cipher == WR_SRTP_GCM ? 2 : 4), out + 8, 4);
    memcpy(iv + (p->cipher == WR_SRTP_GCM ? 6 : 8), counter, 4);
    memcpy(iv + (p->cipher == WR_SRTP_GCM ? 10 : 12), out + 2, 2);
    n = head + build_encrypt(p, 0, iv, out, head, NULL, 0, out + head, n - head);
    return p->cipher == WR_SRTP_GCM ? n : build_tag(p, 1, out, n, counter, 4, p->tag);
}

/* A receiver report without blocks and a source description, encrypted; room for 128. */
static inline size_t build_srtcp(const wr_srtp_keys *k, uint32_t index, uint8_t *out)
{
    static const uint8_t compound[] = {0x80, 201, 0, 1, 1, 2, 3,   4,   0x81, 202, 0, 3,
                                       1,    2,   3, 4, 1, 3, 'a', '@', 'b',  0,   0, 0};
    const wr_srtp_profile *p = wr_srtp_keys_profile(k);
    uint8_t iv[16] = {0}, word[4];
    size_t n = sizeof compound;

    memcpy(out, compound, n);
    build_32(word, index);
    memcpy(iv + (p->cipher == WR_SRTP_GCM ? 2 : 4), out + 4, 4);
    memcpy(iv + (p->cipher == WR_SRTP_GCM ? 8 : 10), word, 4);
    word[0] |= 0x80;
    n = 8 + build_encrypt(p, 3, iv, out, 8, word, 4, out + 8, n - 8);
    memcpy(out + n, word, 4);
    n += 4;
    return p->cipher == WR_SRTP_GCM ? n : build_tag(p, 4, out, n, NULL, 0, p->rtcp_tag);
}

#endif
