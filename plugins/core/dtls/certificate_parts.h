/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a certificate (RFC 5280 4.1), read one by one with OpenSSL's readers. Its reader of a whole certificate
 * makes an object of the key at once, which takes twenty times as long as all else. For use inside core.
 */
#ifndef WR_CERTIFICATE_PARTS_H
#define WR_CERTIFICATE_PARTS_H

#include "dtls/certificate.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    X509_NAME *issuer, *subject;
    ASN1_TIME *not_before, *not_after;
    X509_ALGOR *signature;     /* by which it is signed */
    X509_ALGOR *key_algorithm; /* of its own key */
    const uint8_t *key_info;   /* SubjectPublicKeyInfo, in the bytes that were read */
    size_t key_info_length;
    const uint8_t *key; /* the key itself, within that */
    size_t key_length;
    X509_EXTENSIONS *extensions; /* NULL for none */
    const uint8_t *der;          /* the bytes that were read */
    wr_certificate_spans at;
} wr_certificate_parts;

/* der: one whole certificate and nothing behind it. False, and nothing to be cleared, for everything else; of the key
 * no more is looked at than its algorithm. */
bool wr_certificate_parts_read(const uint8_t *der, size_t len, wr_certificate_parts *out);
void wr_certificate_parts_clear(wr_certificate_parts *parts);

/* The key as an object, made the quick way where its kind allows that. NULL when it is none; free with EVP_PKEY_free().
 */
EVP_PKEY *wr_certificate_parts_key(const wr_certificate_parts *parts);

/* A curve that the quick way knows, by its parameters in the algorithm; NULL for another. */
typedef struct {
    int nid;
    const char *openssl, *name; /* OpenSSL uses the older names of X9.62 and SEC 2 */
    int bits;
} wr_curve;
const wr_curve *wr_certificate_parts_curve(const wr_certificate_parts *parts);

/* The key of a certificate in BER, which OpenSSL's reader of a whole one takes though DER alone is allowed (RFC
 * 5280 4.1); NULL when it does not. Bytes behind it are let pass, as mbed TLS does. The caller frees it. */
EVP_PKEY *wr_certificate_any_key(const uint8_t *ber, size_t len);

#endif
