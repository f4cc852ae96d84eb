/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Validates and decrypts single packets. Lengths are checked before anything is computed. */
#include "derive.h"

#include <glib.h>
#include <openssl/crypto.h>
#include <string.h>

#define RTP_HEADER     12
#define RTCP_HEADER    8
#define INDEX          4 /* E flag and SRTCP index */
#define ENCRYPTED      0x80
#define GCM_IV         12
#define GCM_TAG        16
#define CRYPTEX_ONE    0xc0de /* RFC 9335 5.1: one- and two-byte headers */
#define CRYPTEX_TWO    0xc2de
#define EXTENSION_HEAD 4

static uint32_t u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put32(uint8_t *p, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(n >> (24 - 8 * i));
}

bool wr_srtp_read_head(const wr_srtp_keys *k, const uint8_t *bytes, size_t len, wr_srtp_head *out)
{
    const size_t behind = k->mki_length + k->profile->tag;

    memset(out, 0, sizeof *out);
    if (len < RTP_HEADER + behind || len > WR_SRTP_MAX_PACKET || bytes[0] >> 6 != 2)
        return false;
    out->sequence = (uint16_t)(bytes[2] << 8 | bytes[3]);
    out->ssrc = u32(bytes + 8);
    out->mark = u32(bytes + len - 4 - (k->profile->cipher == WR_SRTP_GCM ? k->mki_length : 0));
    return true;
}

bool wr_srtcp_read_head(const wr_srtp_keys *k, const uint8_t *bytes, size_t len, wr_srtp_head *out)
{
    const bool gcm = k->profile->cipher == WR_SRTP_GCM;
    const size_t behind = INDEX + k->mki_length + k->profile->rtcp_tag;
    size_t index;

    memset(out, 0, sizeof *out);
    if (len < RTCP_HEADER + behind || len > WR_SRTP_MAX_PACKET || bytes[0] >> 6 != 2)
        return false;
    index = len - k->mki_length - INDEX - (gcm ? 0 : k->profile->rtcp_tag);
    out->ssrc = u32(bytes + 4);
    out->index = u32(bytes + index) & 0x7fffffff;
    out->mark = u32(gcm ? bytes + index - 4 : bytes + len - 4);
    return true;
}

/* ---- HMAC-SHA1 and counter mode ---- */

/* RFC 3711 4.2: over bytes (len) and what else; the tag has n bytes. */
static bool tag_fits(EVP_MAC_CTX *mac, const uint8_t *bytes, size_t len, const uint8_t *more, size_t n_more,
                     const uint8_t *tag, size_t n)
{
    uint8_t computed[EVP_MAX_MD_SIZE];
    size_t got = 0;

    return EVP_MAC_init(mac, NULL, 0, NULL) == 1 && EVP_MAC_update(mac, bytes, len) == 1 &&
           (n_more == 0 || EVP_MAC_update(mac, more, n_more) == 1) &&
           EVP_MAC_final(mac, computed, &got, sizeof computed) == 1 && got >= n && CRYPTO_memcmp(computed, tag, n) == 0;
}

/* RFC 3711 4.1.1, in place. */
static bool count(const wr_srtp_half *h, uint32_t ssrc, uint64_t index, uint8_t *bytes, size_t len)
{
    uint8_t iv[16] = {0};
    int got = 0;

    if (h->cipher == NULL || len == 0)
        return true;
    memcpy(iv, h->salt, WR_SRTP_MAX_SALT);
    for (int i = 0; i < 4; i++)
        iv[4 + i] ^= (uint8_t)(ssrc >> (24 - 8 * i));
    for (int i = 0; i < 6; i++)
        iv[8 + i] ^= (uint8_t)(index >> (40 - 8 * i));
    return EVP_DecryptInit_ex(h->cipher, NULL, NULL, NULL, iv) == 1 &&
           EVP_DecryptUpdate(h->cipher, bytes, &got, bytes, (int)len) == 1;
}

/* ---- GCM ---- */

/* RFC 7714 8.1, 9.1: bytes (len) are ciphertext with the tag behind; aad and more are associated data. out has room for
 * len. */
static bool open_gcm(const wr_srtp_half *h, const uint8_t iv[GCM_IV], const uint8_t *aad, size_t n_aad,
                     const uint8_t *more, size_t n_more, const uint8_t *bytes, size_t len, uint8_t *out)
{
    uint8_t nonce[GCM_IV];
    const size_t n = len - GCM_TAG;
    int got = 0;

    for (int i = 0; i < GCM_IV; i++)
        nonce[i] = iv[i] ^ h->salt[i];
    return EVP_DecryptInit_ex(h->cipher, NULL, NULL, NULL, nonce) == 1 &&
           EVP_DecryptUpdate(h->cipher, NULL, &got, aad, (int)n_aad) == 1 &&
           (n_more == 0 || EVP_DecryptUpdate(h->cipher, NULL, &got, more, (int)n_more) == 1) &&
           (n == 0 || EVP_DecryptUpdate(h->cipher, out, &got, bytes, (int)n) == 1) &&
           EVP_CIPHER_CTX_ctrl(h->cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, (void *)(bytes + n)) == 1 &&
           EVP_DecryptFinal_ex(h->cipher, out + n, &got) == 1;
}

/* ---- SRTP ---- */

/* Where the payload begins, and whether sources and extension are encrypted with it; 0 when the packet is too short. */
static size_t payload_of(const uint8_t *p, size_t n, bool *cryptex)
{
    size_t at = RTP_HEADER + 4u * (p[0] & 15u);
    unsigned profile;

    *cryptex = false;
    if (at > n)
        return 0;
    if ((p[0] & 0x10) == 0)
        return at;
    if (n - at < EXTENSION_HEAD)
        return 0;
    profile = (unsigned)(p[at] << 8 | p[at + 1]);
    *cryptex = profile == CRYPTEX_ONE || profile == CRYPTEX_TWO;
    at += EXTENSION_HEAD + 4u * (unsigned)(p[at + 2] << 8 | p[at + 3]);
    return at > n ? 0 : at;
}

/* RFC 9335 6.2: the extension's head is moved before the sources, so that what is encrypted stands in one piece; and
 * back, with the profile that plaintext has. */
static void move_extension_head(uint8_t *p, bool forth)
{
    const size_t sources = 4u * (p[0] & 15u);
    uint8_t head[EXTENSION_HEAD];

    if (forth) {
        memcpy(head, p + RTP_HEADER + sources, sizeof head);
        memmove(p + RTP_HEADER + sizeof head, p + RTP_HEADER, sources);
        memcpy(p + RTP_HEADER, head, sizeof head);
        return;
    }
    memcpy(head, p + RTP_HEADER, sizeof head);
    memmove(p + RTP_HEADER, p + RTP_HEADER + sizeof head, sources);
    if (head[0] == CRYPTEX_ONE >> 8 && head[1] == (CRYPTEX_ONE & 255))
        head[0] = 0xbe; /* 0xBEDE */
    else
        head[0] = 0x10, head[1] = 0x00; /* 0x1000 */
    memcpy(p + RTP_HEADER + sources, head, sizeof head);
}

/* From payload on, in place. */
static bool open_rtp_gcm(const wr_srtp_half *h, uint8_t *p, size_t len, size_t payload, uint32_t roc)
{
    uint8_t iv[GCM_IV] = {0};

    memcpy(iv + 2, p + 8, 4);
    put32(iv + 6, roc);
    memcpy(iv + 10, p + 2, 2);
    return len - payload >= GCM_TAG && open_gcm(h, iv, p, payload, NULL, 0, p + payload, len - payload, p + payload);
}

bool wr_srtp_open(wr_srtp_keys *k, const uint8_t *bytes, size_t len, uint32_t roc, uint8_t *out, size_t *out_len)
{
    const wr_srtp_half *h = &k->half[0];
    const bool gcm = k->profile->cipher == WR_SRTP_GCM;
    uint8_t local[WR_SRTP_MAX_PACKET], *p = out != NULL ? out : local, counter[4];
    size_t n, payload, from;
    bool cryptex, done;

    *out_len = 0;
    if (len < (size_t)RTP_HEADER + k->mki_length + k->profile->tag || len > WR_SRTP_MAX_PACKET || bytes[0] >> 6 != 2)
        return false;
    put32(counter, roc);
    n = len - k->mki_length - (gcm ? 0 : k->profile->tag);
    if (!gcm && !tag_fits(h->mac, bytes, n, counter, sizeof counter, bytes + len - k->profile->tag, k->profile->tag))
        return false;
    if (!gcm && out == NULL)
        return true;
    payload = payload_of(bytes, gcm ? n - GCM_TAG : n, &cryptex);
    memcpy(p, bytes, n);
    if (payload == 0) { /* authentic, but there is no telling what is encrypted */
        *out_len = n;
        return !gcm;
    }
    from = cryptex ? RTP_HEADER + EXTENSION_HEAD : payload;
    if (cryptex)
        move_extension_head(p, true);
    if (gcm)
        done = open_rtp_gcm(h, p, n, from, roc);
    else
        done = count(h, u32(bytes + 8), (uint64_t)roc << 16 | (unsigned)(bytes[2] << 8 | bytes[3]), p + from, n - from);
    if (cryptex)
        move_extension_head(p, false);
    *out_len = gcm ? n - GCM_TAG : n;
    return done;
}

/* ---- SRTCP ---- */

static bool open_rtcp_gcm(const wr_srtp_half *h, const uint8_t *bytes, size_t n, uint8_t *p, size_t *out_len)
{
    const uint8_t *word = bytes + n; /* E flag and index */
    uint8_t iv[GCM_IV] = {0};

    memcpy(iv + 2, bytes + 4, 4);
    put32(iv + 8, u32(word) & 0x7fffffff);
    *out_len = n - GCM_TAG;
    memcpy(p, bytes, n);
    if ((word[0] & ENCRYPTED) != 0)
        return open_gcm(h, iv, bytes, RTCP_HEADER, word, INDEX, bytes + RTCP_HEADER, n - RTCP_HEADER, p + RTCP_HEADER);
    return open_gcm(h, iv, bytes, n - GCM_TAG, word, INDEX, bytes + n - GCM_TAG, GCM_TAG, p + n - GCM_TAG);
}

bool wr_srtcp_open(wr_srtp_keys *k, const uint8_t *bytes, size_t len, uint8_t *out, size_t *out_len)
{
    const wr_srtp_half *h = &k->half[1];
    const wr_srtp_profile *profile = k->profile;
    const bool gcm = profile->cipher == WR_SRTP_GCM;
    uint8_t local[WR_SRTP_MAX_PACKET], *p = out != NULL ? out : local;
    size_t n;
    bool done;

    *out_len = 0;
    if (len < (size_t)RTCP_HEADER + INDEX + k->mki_length + profile->rtcp_tag || len > WR_SRTP_MAX_PACKET ||
        bytes[0] >> 6 != 2)
        return false;
    n = len - k->mki_length - INDEX - (gcm ? 0 : profile->rtcp_tag); /* where E flag and index stand */
    if (gcm) {
        done = open_rtcp_gcm(h, bytes, n, p, out_len);
    } else {
        done = tag_fits(h->mac, bytes, n + INDEX, NULL, 0, bytes + len - profile->rtcp_tag, profile->rtcp_tag);
        if (done && out != NULL) {
            memcpy(p, bytes, n);
            if ((bytes[n] & ENCRYPTED) != 0)
                done = count(h, u32(bytes + 4), u32(bytes + n) & 0x7fffffff, p + RTCP_HEADER, n - RTCP_HEADER);
        }
        *out_len = n;
    }
    return done;
}
