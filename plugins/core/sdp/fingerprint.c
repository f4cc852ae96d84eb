/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificate fingerprints as session descriptions announce them: reading, comparing, writing (RFC 8122 5).
 *
 *     a=fingerprint:sha-256 4A:AD:B9:…:1B        hash function, space, pairs of hexadecimal digits (upper case) with
 *                                                colons between them; nothing behind
 *
 * Nothing in a description covers the line but an identity assertion (RFC 8827 7), where there is one.
 */
#include "sdp/fingerprint.h"

#include "sdp/lines.h"

#include <string.h>

static const struct {
    const char *name;
    uint8_t length;
} hashes[WR_HASH_COUNT] = {
    [WR_HASH_UNKNOWN] = {"unknown", 0}, [WR_HASH_MD2] = {"md2", 16},        [WR_HASH_MD5] = {"md5", 16},
    [WR_HASH_SHA1] = {"sha-1", 20},     [WR_HASH_SHA224] = {"sha-224", 28}, [WR_HASH_SHA256] = {"sha-256", 32},
    [WR_HASH_SHA384] = {"sha-384", 48}, [WR_HASH_SHA512] = {"sha-512", 64},
};

wr_hash wr_hash_from_name(const char *name, size_t len)
{
    const wr_slice token = wr_slice_trim((wr_slice){name, len});

    for (int h = WR_HASH_UNKNOWN + 1; h < WR_HASH_COUNT; h++)
        if (wr_slice_is_nocase(token, hashes[h].name))
            return (wr_hash)h;
    return WR_HASH_UNKNOWN;
}

const char *wr_hash_name(wr_hash hash)
{
    return hashes[(unsigned)hash < WR_HASH_COUNT ? hash : WR_HASH_UNKNOWN].name;
}

size_t wr_hash_length(wr_hash hash)
{
    return (unsigned)hash < WR_HASH_COUNT ? hashes[hash].length : 0;
}

/* Reads "AA:BB:…" into out; out->length stays 0 when that fails. Returns what is wrong, or NULL. */
static const char *read_hex(wr_slice hex, wr_fingerprint *out, bool *lower)
{
    size_t n = 0;
    size_t i = 0;

    if (hex.len == 0)
        return "the fingerprint has no value";
    for (;;) {
        if (n == WR_DIGEST_MAX)
            return "the fingerprint is longer than the digest of any known hash function";
        const int high = i < hex.len ? g_ascii_xdigit_value(hex.p[i]) : -1;
        const int low = i + 1 < hex.len ? g_ascii_xdigit_value(hex.p[i + 1]) : -1;
        if (high < 0 || low < 0)
            return "the fingerprint is not pairs of hexadecimal digits with colons between them";
        *lower = *lower || g_ascii_islower(hex.p[i]) || g_ascii_islower(hex.p[i + 1]);
        out->value[n++] = (uint8_t)(high << 4 | low);
        i += 2;
        if (i == hex.len)
            break;
        if (hex.p[i++] != ':')
            return "the fingerprint is not pairs of hexadecimal digits with colons between them";
    }
    out->length = (uint8_t)n;
    return NULL;
}

const char *wr_fingerprint_parse_parts(const char *hash, size_t hash_len, const char *hex, size_t hex_len,
                                       wr_fingerprint *out)
{
    bool lower = false;
    const char *problem;

    memset(out, 0, sizeof *out);
    out->hash = wr_hash_from_name(hash, hash_len);
    problem = read_hex(wr_slice_trim((wr_slice){hex, hex_len}), out, &lower);
    if (problem != NULL) {
        memset(out->value, 0, sizeof out->value);
        return problem;
    }
    if (out->hash == WR_HASH_UNKNOWN)
        return "the hash function of the fingerprint is not known";
    if (out->length != wr_hash_length(out->hash))
        return "the fingerprint has not the length of its hash function";
    if (out->hash <= WR_HASH_MD5)
        return "the fingerprint uses MD2 or MD5, which RFC 8122 forbids";
    out->usable = true;
    return lower ? "the fingerprint is written with lower-case digits" : NULL;
}

const char *wr_fingerprint_parse(const char *text, size_t len, wr_fingerprint *out)
{
    wr_slice rest = {text, len};
    const wr_slice hash = wr_slice_token(&rest);
    const wr_slice hex = wr_slice_token(&rest);
    const char *problem = wr_fingerprint_parse_parts(hash.p, hash.len, hex.p, hex.len, out);

    if (out->length != 0 && wr_slice_trim(rest).len != 0) {
        /* Receivers differ on such a line (some split at spaces, some do not), so it decides nothing here. */
        out->usable = false;
        return "the fingerprint line goes on behind its value";
    }
    return problem;
}

bool wr_fingerprint_equal(const wr_fingerprint *a, const wr_fingerprint *b)
{
    return a->hash != WR_HASH_UNKNOWN && a->hash == b->hash && a->length != 0 && a->length == b->length &&
           memcmp(a->value, b->value, a->length) == 0;
}

const char *wr_digest_format(const uint8_t *value, size_t len, char buf[WR_DIGEST_TEXT])
{
    static const char digits[] = "0123456789ABCDEF";
    char *p = buf;

    if (len > WR_DIGEST_MAX)
        len = WR_DIGEST_MAX;
    for (size_t i = 0; i < len; i++) {
        if (i != 0)
            *p++ = ':';
        *p++ = digits[value[i] >> 4];
        *p++ = digits[value[i] & 15];
    }
    *p = '\0';
    return buf;
}
