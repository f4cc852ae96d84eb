/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificate fingerprints as session descriptions announce them (RFC 8122 5).
 */
#ifndef WR_FINGERPRINT_H
#define WR_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hash functions of RFC 8122 5, weakest first. MD2 and MD5 are named there
 * only to be forbidden; they are recognised so that they can be reported. */
typedef enum {
    WR_HASH_UNKNOWN = 0,
    WR_HASH_MD2,
    WR_HASH_MD5,
    WR_HASH_SHA1,
    WR_HASH_SHA224,
    WR_HASH_SHA256,
    WR_HASH_SHA384,
    WR_HASH_SHA512,
    WR_HASH_COUNT
} wr_hash;

#define WR_DIGEST_MAX 64
/* "AA:BB:..." of the longest digest, terminator included. */
#define WR_DIGEST_TEXT (3 * WR_DIGEST_MAX)

/* One a=fingerprint line (or its JSON twin). */
typedef struct {
    wr_hash hash;
    uint8_t length; /* bytes in value; 0 when the value is malformed */
    bool usable;    /* known hash, not MD2/MD5, right length */
    uint8_t value[WR_DIGEST_MAX];
} wr_fingerprint;

/* name: hash token of any case, not necessarily NUL-terminated ("SHA-256"). */
wr_hash wr_hash_from_name(const char *name, size_t len);
/* "sha-256"; "unknown" for WR_HASH_UNKNOWN. Static. */
const char *wr_hash_name(wr_hash hash);
/* Digest length in bytes; 0 for unknown. */
size_t wr_hash_length(wr_hash hash);

/* What follows "a=fingerprint:", e.g. "sha-256 AA:BB:…" (len bytes). Always
 * fills *out; usable tells whether it can be compared. Returns NULL when the line is as
 * RFC 8122 5 wants it, else a static sentence naming what is wrong
 * (unknown hash, odd hex, wrong length, lower case, forbidden hash). */
const char *wr_fingerprint_parse(const char *text, size_t len, wr_fingerprint *out);
/* The same with hash token and hex apart, as JSON dialects give them. */
const char *wr_fingerprint_parse_parts(const char *hash, size_t hash_len, const char *hex, size_t hex_len,
                                       wr_fingerprint *out);

bool wr_fingerprint_equal(const wr_fingerprint *a, const wr_fingerprint *b);
/* "AA:BB:…", upper case, into buf; returns buf. */
const char *wr_digest_format(const uint8_t *value, size_t len, char buf[WR_DIGEST_TEXT]);

#endif
