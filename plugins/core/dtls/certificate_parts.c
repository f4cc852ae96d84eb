/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a certificate part by part (RFC 5280 4.1). DER (X.690 8.1, 10.1): | tag | length | that many bytes |. Each
 * SEQUENCE must be used up by its parts.
 *
 *     SEQUENCE
 *         SEQUENCE tbsCertificate                          <--+
 *             [0] version (absent: 1)                         |
 *             INTEGER serial number                           |
 *             SEQUENCE signature algorithm, once more         |
 *             SEQUENCE issuer                                 |  the signature covers these bytes
 *             SEQUENCE { not before, not after }              |
 *             SEQUENCE subject                                |
 *             SEQUENCE { algorithm, BIT STRING key }          |
 *             [1], [2] unique identifiers, [3] extensions  <--+
 *         SEQUENCE signature algorithm
 *         BIT STRING signature
 *     a=fingerprint is the digest of all of it, signature included (RFC 8122 5); the signature itself is not checked,
 *     for in WebRTC it is the certificate's own.
 */
#include "certificate_parts.h"

#include <glib.h>
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <string.h>

static const wr_curve CURVES[] = {
    {NID_X9_62_prime256v1, "prime256v1", "P-256", 256},
    {NID_secp224r1, "secp224r1", "P-224", 224},
    {NID_secp384r1, "secp384r1", "P-384", 384},
    {NID_secp521r1, "secp521r1", "P-521", 521},
};

/* What is left of the bytes. */
typedef struct {
    const uint8_t *at;
    size_t left;
} der_cursor;

/* The next element, if it has this tag: *whole with its head, *inside without. Only definite lengths are DER
 * (X.690 10.1). */
static bool next(der_cursor *c, int tag, int class, der_cursor *whole, der_cursor *inside)
{
    const uint8_t *at = c->at;
    long length;
    int found_tag, found_class, result;

    if (c->left == 0 || c->left > LONG_MAX)
        return false;
    result = ASN1_get_object(&at, &length, &found_tag, &found_class, (long)c->left);
    if ((result & 0x81) != 0 || found_tag != tag || (found_class & V_ASN1_PRIVATE) != class)
        return false;
    *inside = (der_cursor){at, (size_t)length};
    *whole = (der_cursor){c->at, (size_t)(at - c->at) + (size_t)length};
    c->at += whole->left;
    c->left -= whole->left;
    return true;
}

static bool next_sequence(der_cursor *c, der_cursor *whole, der_cursor *inside)
{
    return next(c, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, whole, inside);
}

static void skip(der_cursor *c, const uint8_t *to)
{
    c->left -= (size_t)(to - c->at);
    c->at = to;
}

/* Parts that OpenSSL reads. Each takes its bytes from c; false when it is not there. */
static bool read_name(der_cursor *c, const uint8_t *der, X509_NAME **out, wr_span *span)
{
    const uint8_t *at = c->at;

    *out = d2i_X509_NAME(NULL, &at, (long)c->left);
    *span = wr_span_of(der, c->at, (size_t)(at - c->at));
    skip(c, at);
    return *out != NULL;
}

static bool read_algorithm(der_cursor *c, const uint8_t *der, X509_ALGOR **out, wr_span *span)
{
    const uint8_t *at = c->at;

    *out = d2i_X509_ALGOR(NULL, &at, (long)c->left);
    *span = wr_span_of(der, c->at, (size_t)(at - c->at));
    skip(c, at);
    return *out != NULL;
}

static bool read_time(der_cursor *c, const uint8_t *der, ASN1_TIME **out, wr_span *span)
{
    const uint8_t *at = c->at;

    *out = d2i_ASN1_TIME(NULL, &at, (long)c->left);
    *span = wr_span_of(der, c->at, (size_t)(at - c->at));
    skip(c, at);
    return *out != NULL;
}

static bool read_validity(der_cursor *c, wr_certificate_parts *out)
{
    der_cursor whole, inside;

    return next_sequence(c, &whole, &inside) && read_time(&inside, out->der, &out->not_before, &out->at.not_before) &&
           read_time(&inside, out->der, &out->not_after, &out->at.not_after) && inside.left == 0;
}

static bool read_key(der_cursor *c, wr_certificate_parts *out)
{
    der_cursor whole, inside, bits, key;
    wr_span algorithm;

    if (!next_sequence(c, &whole, &inside) || !read_algorithm(&inside, out->der, &out->key_algorithm, &algorithm) ||
        !next(&inside, V_ASN1_BIT_STRING, V_ASN1_UNIVERSAL, &bits, &key) || inside.left != 0 || key.left == 0)
        return false;
    out->key_info = whole.at;
    out->key_info_length = whole.left;
    out->at.key = wr_span_of(out->der, whole.at, whole.left);
    out->key = key.at + 1; /* behind the number of unused bits */
    out->key_length = key.left - 1;
    return true;
}

/* Where the value of subjectAltName is (RFC 5280 4.2, 4.2.1.6): each extension is an identifier, perhaps a boolean, and
 * an OCTET STRING with the value. OpenSSL tells it without its place. */
static void find_alt_names(der_cursor extensions, wr_certificate_parts *out)
{
    static const uint8_t alt_name[] = {0x55, 0x1d, 0x11};
    der_cursor whole, list, one, value;

    if (!next_sequence(&extensions, &whole, &list))
        return;
    while (out->at.alt_names.length == 0 && next_sequence(&list, &whole, &one)) {
        const bool named = next(&one, V_ASN1_OBJECT, V_ASN1_UNIVERSAL, &whole, &value) &&
                           value.left == sizeof alt_name && memcmp(value.at, alt_name, sizeof alt_name) == 0;

        next(&one, V_ASN1_BOOLEAN, V_ASN1_UNIVERSAL, &whole, &value);
        if (named && next(&one, V_ASN1_OCTET_STRING, V_ASN1_UNIVERSAL, &whole, &value))
            out->at.alt_names = wr_span_of(out->der, value.at, value.left);
    }
}

/* Unique identifiers, which nobody uses, and extensions. */
static bool read_rest(der_cursor *c, wr_certificate_parts *out)
{
    der_cursor whole, inside;
    const uint8_t *at;

    next(c, 1, V_ASN1_CONTEXT_SPECIFIC, &whole, &inside);
    next(c, 2, V_ASN1_CONTEXT_SPECIFIC, &whole, &inside);
    if (!next(c, 3, V_ASN1_CONTEXT_SPECIFIC, &whole, &inside))
        return c->left == 0;
    find_alt_names(inside, out);
    at = inside.at;
    out->extensions = d2i_X509_EXTENSIONS(NULL, &at, (long)inside.left);
    return out->extensions != NULL && at == inside.at + inside.left && c->left == 0;
}

static bool read_parts(const uint8_t *der, size_t len, wr_certificate_parts *out)
{
    der_cursor all = {der, len}, whole, inside, tbs, number;
    X509_ALGOR *again = NULL;
    wr_span place;
    bool good;

    if (!next_sequence(&all, &whole, &inside) || all.left != 0 || !next_sequence(&inside, &whole, &tbs) ||
        !read_algorithm(&inside, der, &out->signature, &out->at.signature) ||
        !next(&inside, V_ASN1_BIT_STRING, V_ASN1_UNIVERSAL, &whole, &number) || inside.left != 0)
        return false;
    next(&tbs, 0, V_ASN1_CONTEXT_SPECIFIC, &whole, &number); /* the version */
    good = next(&tbs, V_ASN1_INTEGER, V_ASN1_UNIVERSAL, &whole, &number) && read_algorithm(&tbs, der, &again, &place);
    X509_ALGOR_free(again);
    return good && read_name(&tbs, der, &out->issuer, &out->at.issuer) && read_validity(&tbs, out) &&
           read_name(&tbs, der, &out->subject, &out->at.subject) && read_key(&tbs, out) && read_rest(&tbs, out);
}

bool wr_certificate_parts_read(const uint8_t *der, size_t len, wr_certificate_parts *out)
{
    memset(out, 0, sizeof *out);
    out->der = der;
    if (read_parts(der, len, out))
        return true;
    wr_certificate_parts_clear(out);
    return false;
}

void wr_certificate_parts_clear(wr_certificate_parts *parts)
{
    X509_NAME_free(parts->issuer);
    X509_NAME_free(parts->subject);
    ASN1_TIME_free(parts->not_before);
    ASN1_TIME_free(parts->not_after);
    X509_ALGOR_free(parts->signature);
    X509_ALGOR_free(parts->key_algorithm);
    sk_X509_EXTENSION_pop_free(parts->extensions, X509_EXTENSION_free);
    memset(parts, 0, sizeof *parts);
}

/* ---- keys ---- */

const wr_curve *wr_certificate_parts_curve(const wr_certificate_parts *parts)
{
    const ASN1_OBJECT *algorithm, *curve;
    const void *value;
    int type, nid;

    X509_ALGOR_get0(&algorithm, &type, &value, parts->key_algorithm);
    if (OBJ_obj2nid(algorithm) != NID_X9_62_id_ecPublicKey || type != V_ASN1_OBJECT)
        return NULL;
    curve = value;
    nid = OBJ_obj2nid(curve);
    for (size_t i = 0; i < G_N_ELEMENTS(CURVES); i++)
        if (CURVES[i].nid == nid)
            return &CURVES[i];
    return NULL;
}

/* Parameters of a curve, without a key: made once, for that takes longer than a key. */
static EVP_PKEY *template_of(const wr_curve *curve)
{
    static EVP_PKEY *made[G_N_ELEMENTS(CURVES)];
    const size_t i = (size_t)(curve - CURVES);

    if (made[i] == NULL) {
        EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
        OSSL_PARAM group[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)curve->openssl, 0),
            OSSL_PARAM_construct_end()};

        if (context != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
            EVP_PKEY_fromdata(context, &made[i], EVP_PKEY_KEY_PARAMETERS, group) != 1)
            made[i] = NULL;
        EVP_PKEY_CTX_free(context);
    }
    return made[i];
}

static EVP_PKEY *quick_key(const wr_curve *curve, const uint8_t *point, size_t len)
{
    EVP_PKEY *template = template_of(curve), *key = template != NULL ? EVP_PKEY_new() : NULL;

    if (key != NULL &&
        (EVP_PKEY_copy_parameters(key, template) != 1 || EVP_PKEY_set1_encoded_public_key(key, point, len) != 1)) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

EVP_PKEY *wr_certificate_parts_key(const wr_certificate_parts *parts)
{
    const wr_curve *curve = wr_certificate_parts_curve(parts);
    EVP_PKEY *key = curve != NULL ? quick_key(curve, parts->key, parts->key_length) : NULL;
    const uint8_t *at = parts->key_info;

    return key != NULL ? key : d2i_PUBKEY(NULL, &at, (long)parts->key_info_length);
}

EVP_PKEY *wr_certificate_any_key(const uint8_t *ber, size_t len)
{
    const unsigned char *p = ber;
    X509 *x = len <= LONG_MAX ? d2i_X509(NULL, &p, (long)len) : NULL;
    EVP_PKEY *key = x != NULL ? X509_get_pubkey(x) : NULL;

    X509_free(x);
    return key;
}
