/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates as DTLS presents them: digests and the facts people ask for. Nothing is validated
 * against anyone: in WebRTC a certificate is self-signed, and only its digest counts (RFC 8122 5, RFC 8827 6.5).
 */
#ifndef WR_CERTIFICATE_H
#define WR_CERTIFICATE_H

#include "base/span.h"
#include "sdp/fingerprint.h"
#include "sdp/sdp.h"

#include <glib.h>

/* Which bytes of a certificate's DER its parts are. */
typedef struct {
    wr_span issuer, subject, not_before, not_after;
    wr_span key;       /* SubjectPublicKeyInfo */
    wr_span signature; /* the algorithm it is signed by */
    wr_span alt_names; /* the value of the extension subjectAltName */
} wr_certificate_spans;

/* What people ask for. */
typedef struct {
    uint8_t digests[16 + 20 + 28 + 48 + 64]; /* MD5, SHA-1, -224, -384, -512: see wr_certificate_digest() */
    bool has_digest[WR_HASH_COUNT];
    bool parsed;   /* the DER was a certificate; else the fields below are NULL / 0 */
    char *subject; /* RFC 2253 form, non-printing bytes escaped */
    char *issuer;
    char *key; /* "EC P-256", "RSA 2048", "Ed25519", … */
    char *signature_algorithm;
    int key_bits;       /* security-relevant size in bits; 0 unknown */
    int64_t not_before; /* seconds since 1970; 0 unknown */
    int64_t not_after;
    bool self_signed; /* subject equals issuer */
    char *alt_names;  /* subjectAltName: "DNS:a, email:b, URI:c"; NULL when there is none of these */
    wr_certificate_spans at;
} wr_certificate_facts;

/* In one block, since each call brings two. */
typedef struct wr_certificate {
    unsigned refs;
    unsigned der_length;
    wr_certificate_facts *facts; /* NULL until wr_certificate_describe() */
    uint8_t sha256[32];
    bool shaped; /* a DER sequence that fits its length exactly, or BER that stacks read: may be a certificate */
    uint8_t der[];
} wr_certificate;

/* Longest subject, issuer or list of names that is kept, in bytes; a longer one ends in "...". */
#define WR_CERTIFICATE_TEXT 1024

/* A copy of der is taken, and its SHA-256 made. NULL for len 0, or one that no message can have; digests are made of
 * anything. The caller owns one reference. */
wr_certificate *wr_certificate_new(const uint8_t *der, size_t len);
/* Makes the other digests and reads the facts, once: reading X.509 costs more than the handshake around it, and most
 * certificates are never looked at. */
void wr_certificate_describe(wr_certificate *cert);
/* wr_hash_length() bytes: of SHA-256 always, of the others once described: SHA-1 to SHA-512, and MD5 where OpenSSL
 * offers it. Else NULL. */
const uint8_t *wr_certificate_digest(const wr_certificate *cert, wr_hash hash);
/* These are one certificate: the same bytes. False where one of them is NULL. */
bool wr_certificate_same(const wr_certificate *a, const wr_certificate *b);
/* The same public key is in both, as far as they can be read; describes them. */
bool wr_certificate_same_key(wr_certificate *a, wr_certificate *b);
wr_certificate *wr_certificate_ref(wr_certificate *cert);
void wr_certificate_unref(wr_certificate *cert); /* NULL is allowed */

/* Does this fingerprint name this certificate? False when it is unusable. */
bool wr_certificate_has_fingerprint(const wr_certificate *cert, const wr_fingerprint *fp);

/* Some fingerprint of the description, in whatever section, is this certificate's. */
bool wr_sdp_announces(const wr_sdp *sdp, const wr_certificate *cert);
/* The same, of lines that must not be used as well (MD5, RFC 8122 5; words behind the value): no proof, but whoever
 * wrote them there meant this certificate. */
bool wr_sdp_names_certificate(const wr_sdp *sdp, const wr_certificate *cert);

#endif
