/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the protection profiles are made of, and keys that stand in descriptions. */
#include "srtp/profile.h"

#include <glib.h>
#include <openssl/crypto.h>
#include <string.h>

/* RFC 5764 gives its NULL profiles no key; those who make them derive as for AES_128 (RFC 3711 4.3 needs a master
 * key). 3 and 4 were never standardised, but for their SDES names (RFC 6188). */
static const wr_srtp_profile profiles[WR_SRTP_PROFILES] = {
    {0x0001, "AES_CM_128_HMAC_SHA1_80", WR_SRTP_CM, 16, 14, 10, 10},
    {0x0007, "AEAD_AES_128_GCM", WR_SRTP_GCM, 16, 12, 16, 16},
    {0x0008, "AEAD_AES_256_GCM", WR_SRTP_GCM, 32, 12, 16, 16},
    {0x0002, "AES_CM_128_HMAC_SHA1_32", WR_SRTP_CM, 16, 14, 4, 10},
    {0x0003, "AES_256_CM_HMAC_SHA1_80", WR_SRTP_CM, 32, 14, 10, 10},
    {0x0004, "AES_256_CM_HMAC_SHA1_32", WR_SRTP_CM, 32, 14, 4, 10},
    {0x0005, NULL, WR_SRTP_NULL, 16, 14, 10, 10},
    {0x0006, NULL, WR_SRTP_NULL, 16, 14, 4, 10},
};

const wr_srtp_profile *wr_srtp_profile_nth(unsigned i)
{
    return i < WR_SRTP_PROFILES ? &profiles[i] : NULL;
}

const wr_srtp_profile *wr_srtp_profile_by_number(uint16_t number)
{
    for (unsigned i = 0; number != 0 && i < WR_SRTP_PROFILES; i++)
        if (profiles[i].number == number)
            return &profiles[i];
    return NULL;
}

const wr_srtp_profile *wr_srtp_profile_by_suite(const char *suite, size_t len)
{
    for (unsigned i = 0; i < WR_SRTP_PROFILES; i++)
        if (profiles[i].suite != NULL && strlen(profiles[i].suite) == len &&
            g_ascii_strncasecmp(profiles[i].suite, suite, len) == 0)
            return &profiles[i];
    return NULL;
}

/* ---- SDES ---- */

static const char *word(const char **at, const char *end, size_t *n)
{
    const char *begin = *at;

    while (begin < end && *begin == ' ')
        begin++;
    *at = begin;
    while (*at < end && **at != ' ')
        (*at)++;
    *n = (size_t)(*at - begin);
    return begin;
}

/* Base64 of key and salt, padded or not (RFC 4568 6.1). */
static bool read_inline(const char *text, size_t n, wr_sdes_key *out)
{
    const size_t wanted = (size_t)out->profile->key + out->profile->salt;
    char padded[4 * ((WR_SRTP_MAX_KEY + WR_SRTP_MAX_SALT + 2) / 3) + 5];
    gsize got;
    bool fits;

    while (n > 0 && text[n - 1] == '=')
        n--;
    if (n + 4 > sizeof padded || n != (wanted * 8 + 5) / 6)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isalnum(text[i]) && text[i] != '+' && text[i] != '/')
            return false;
    memcpy(padded, text, n);
    for (; n % 4 != 0; n++)
        padded[n] = '=';
    padded[n] = '\0';
    g_base64_decode_inplace(padded, &got);
    fits = got == wanted;
    if (fits) {
        memcpy(out->key, padded, out->profile->key);
        memcpy(out->salt, padded + out->profile->key, out->profile->salt);
    }
    OPENSSL_cleanse(padded, sizeof padded);
    return fits;
}

/* "MKI:LENGTH" is the last of the parts; a lifetime has no colon. */
static const char *read_mki(const char *part, const char *end, wr_sdes_key *out)
{
    while (part < end) {
        const char *bar = memchr(part, '|', (size_t)(end - part)), *stop = bar != NULL ? bar : end;
        const char *colon = memchr(part, ':', (size_t)(stop - part));
        if (colon != NULL) {
            unsigned n = 0;
            for (const char *p = colon + 1; p < stop && n <= 128; p++)
                n = g_ascii_isdigit(*p) ? n * 10 + (unsigned)g_ascii_digit_value(*p) : 129;
            if (n == 0 || n > 128)
                return "length of the master key identifier is not 1 to 128";
            out->mki_length = (uint8_t)n;
        }
        part = stop + (stop < end);
    }
    return NULL;
}

static const char *read_parameters(const char *at, const char *end)
{
    size_t n;
    const char *p;

    while (p = word(&at, end, &n), n > 0)
        if ((n >= 4 && memcmp(p, "KDR=", 4) == 0 && (n != 5 || p[4] != '0')) ||
            (n == 20 && memcmp(p, "UNAUTHENTICATED_SRTP", 20) == 0) ||
            (n >= 16 && memcmp(p, "UNENCRYPTED_SRTP", 16) == 0))
            return "session parameters that change derivation, encryption or authentication";
    return NULL;
}

const char *wr_sdes_parse(const char *value, size_t len, wr_sdes_key *out)
{
    const char *at = value, *end = value + len, *p, *bar, *problem;
    size_t n;

    memset(out, 0, sizeof *out);
    p = word(&at, end, &n);
    if (n == 0 || n > 9)
        return "no tag";
    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_isdigit(p[i]))
            return "the tag is no number";
        out->tag = out->tag * 10 + (uint32_t)g_ascii_digit_value(p[i]);
    }
    p = word(&at, end, &n);
    out->profile = wr_srtp_profile_by_suite(p, n);
    if (out->profile == NULL)
        return "crypto suite unknown here";
    p = word(&at, end, &n);
    if (n < 7 || g_ascii_strncasecmp(p, "inline:", 7) != 0)
        return "no inline key";
    if (memchr(p, ';', n) != NULL)
        return "several master keys";
    p += 7;
    bar = memchr(p, '|', n - 7);
    if (!read_inline(p, bar != NULL ? (size_t)(bar - p) : n - 7, out))
        return "key and salt do not have the length of the suite";
    problem = bar != NULL ? read_mki(bar + 1, p + n - 7, out) : NULL;
    return problem != NULL ? problem : read_parameters(at, end);
}
