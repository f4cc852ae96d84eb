/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Digests of certificates (RFC 8122 5) and the facts in them (RFC 5280; drawn in certificate_parts.c), by OpenSSL. A
 * digest covers all bytes of the certificate as it was sent. Nothing is validated.
 */
#include "dtls/certificate.h"

#include "certificate_parts.h"

#include <limits.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

static const struct {
    wr_hash hash;
    const char *name; /* OpenSSL's */
} DIGESTS[] = {
    {WR_HASH_MD5, "MD5"},         {WR_HASH_SHA1, "SHA1"},       {WR_HASH_SHA224, "SHA2-224"},
    {WR_HASH_SHA256, "SHA2-256"}, {WR_HASH_SHA384, "SHA2-384"}, {WR_HASH_SHA512, "SHA2-512"},
};

/* Fetched once: a lookup by name costs more than the digest of a certificate. NULL where the library's configuration
 * withholds the algorithm (MD5 under FIPS). */
static const EVP_MD *algorithm(size_t i)
{
    static EVP_MD *fetched[G_N_ELEMENTS(DIGESTS)];
    static bool tried[G_N_ELEMENTS(DIGESTS)];

    if (!tried[i]) {
        tried[i] = true;
        fetched[i] = EVP_MD_fetch(NULL, DIGESTS[i].name, NULL);
    }
    return fetched[i];
}

/* Where the facts have this digest. */
static size_t place_of(wr_hash hash)
{
    size_t at = 0;

    for (wr_hash h = WR_HASH_MD5; h < hash; h++)
        at += h != WR_HASH_SHA256 ? wr_hash_length(h) : 0;
    return at;
}

/* Into room for wr_hash_length() bytes. */
static bool make_digest(const wr_certificate *cert, size_t i, uint8_t *out)
{
    uint8_t made[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (algorithm(i) == NULL || EVP_Digest(cert->der, cert->der_length, made, &n, algorithm(i), NULL) != 1 ||
        n != wr_hash_length(DIGESTS[i].hash))
        return false;
    memcpy(out, made, n);
    return true;
}

/* The outer SEQUENCE of a certificate (RFC 5280 4.1), its length in two or three bytes as a rule. */
static bool is_shaped(const uint8_t *der, size_t len)
{
    size_t n, head;

    if (len < 2 || der[0] != 0x30)
        return false;
    if (der[1] < 0x80)
        return (size_t)der[1] + 2 == len;
    head = der[1] & 0x7f;
    if (head == 0 || head > 4 || len < 2 + head)
        return false;
    n = 0;
    for (size_t i = 0; i < head; i++)
        n = n << 8 | der[2 + i];
    return n == len - 2 - head;
}

/* No DER, but a TLS stack that uses OpenSSL takes it for a certificate all the same. */
static bool is_ber(const uint8_t *ber, size_t len)
{
    EVP_PKEY *key = len > 2 && ber[0] == 0x30 ? wr_certificate_any_key(ber, len) : NULL;

    EVP_PKEY_free(key);
    return key != NULL;
}

/* What was written to bio as a new string of bounded length; frees bio. */
static char *take_text(BIO *bio)
{
    char *data = NULL;
    long n = BIO_get_mem_data(bio, &data);
    char *text;

    if (n <= 0 || data == NULL) {
        text = g_strdup("");
    } else if (n > WR_CERTIFICATE_TEXT) {
        char *head = g_strndup(data, WR_CERTIFICATE_TEXT);
        text = g_strconcat(head, "...", NULL);
        g_free(head);
    } else {
        text = g_strndup(data, (gsize)n);
    }
    BIO_free(bio);
    return text;
}

static char *name_text(const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());

    if (bio == NULL)
        return g_strdup("");
    /* Escapes control characters and everything beyond ASCII. */
    X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
    return take_text(bio);
}

/* By the key's object: slow, for kinds of key that hardly anybody has. */
static void describe_any_key(wr_certificate_facts *facts, const wr_certificate_parts *parts)
{
    EVP_PKEY *key = wr_certificate_parts_key(parts);
    const char *type;
    char curve[80] = "";
    size_t n = 0;

    if (key == NULL) {
        facts->key = g_strdup("unknown");
        return;
    }
    facts->key_bits = MAX(EVP_PKEY_get_bits(key), 0);
    type = EVP_PKEY_get0_type_name(key);
    if (EVP_PKEY_is_a(key, "EC")) {
        const bool named = EVP_PKEY_get_group_name(key, curve, sizeof curve, &n) == 1 && curve[0] != '\0';
        facts->key = g_strdup_printf("EC %s", named ? curve : "unnamed curve");
    } else if (EVP_PKEY_is_a(key, "ED25519")) {
        facts->key = g_strdup("Ed25519");
    } else if (EVP_PKEY_is_a(key, "ED448")) {
        facts->key = g_strdup("Ed448");
    } else {
        facts->key = g_strdup_printf("%s %d", type != NULL ? type : "unknown", facts->key_bits);
    }
    EVP_PKEY_free(key);
}

/* Bits of the modulus, the first number of an RSAPublicKey (RFC 8017 A.1.1); 0 when this is none. */
static int rsa_bits(const wr_certificate_parts *parts)
{
    const uint8_t *at = parts->key;
    long length;
    int tag, class, bits = 0;
    ASN1_INTEGER *modulus;
    BIGNUM *number;

    if (parts->key_length == 0 || parts->key_length > LONG_MAX ||
        (ASN1_get_object(&at, &length, &tag, &class, (long)parts->key_length) & 0x80) != 0 || tag != V_ASN1_SEQUENCE)
        return 0;
    modulus = d2i_ASN1_INTEGER(NULL, &at, length);
    number = modulus != NULL ? ASN1_INTEGER_to_BN(modulus, NULL) : NULL;
    bits = number != NULL ? BN_num_bits(number) : 0;
    BN_free(number);
    ASN1_INTEGER_free(modulus);
    return bits;
}

static void describe_key(wr_certificate_facts *facts, const wr_certificate_parts *parts)
{
    const wr_curve *curve = wr_certificate_parts_curve(parts);
    const ASN1_OBJECT *algorithm;

    X509_ALGOR_get0(&algorithm, NULL, NULL, parts->key_algorithm);
    if (curve != NULL) {
        facts->key_bits = curve->bits;
        facts->key = g_strdup_printf("EC %s", curve->name);
    } else if (OBJ_obj2nid(algorithm) == NID_rsaEncryption && (facts->key_bits = rsa_bits(parts)) > 0) {
        facts->key = g_strdup_printf("RSA %d", facts->key_bits);
    } else {
        describe_any_key(facts, parts);
    }
}

static char *describe_signature(const X509_ALGOR *algorithm)
{
    const ASN1_OBJECT *object = NULL;
    char text[80] = "";

    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    if (object == NULL || OBJ_obj2txt(text, sizeof text, object, 0) <= 0)
        return g_strdup("unknown");
    return g_strdup(text);
}

static int64_t seconds_of(const ASN1_TIME *time)
{
    struct tm tm;
    GDateTime *date;
    int64_t seconds;

    if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
        return 0;
    date = g_date_time_new_utc(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    if (date == NULL)
        return 0;
    seconds = g_date_time_to_unix(date);
    g_date_time_unref(date);
    return seconds;
}

/* DNS names, mail addresses and URIs: what may tie a certificate to somebody. */
static char *describe_alt_names(const X509_EXTENSIONS *extensions)
{
    GENERAL_NAMES *names = X509V3_get_d2i(extensions, NID_subject_alt_name, NULL, NULL);
    GString *text;
    int n = names != NULL ? sk_GENERAL_NAME_num(names) : 0;

    text = g_string_new(NULL);
    for (int i = 0; i < n; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        const char *label = name->type == GEN_DNS     ? "DNS:"
                            : name->type == GEN_EMAIL ? "email:"
                            : name->type == GEN_URI   ? "URI:"
                                                      : NULL;
        if (label == NULL)
            continue;
        if (text->len > WR_CERTIFICATE_TEXT) {
            g_string_append(text, "...");
            break;
        }
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", label);
        for (int k = 0; k < name->d.ia5->length && text->len <= WR_CERTIFICATE_TEXT; k++) {
            char c = (char)name->d.ia5->data[k];
            g_string_append_printf(text, g_ascii_isprint(c) && c != '\\' ? "%c" : "\\%02X",
                                   g_ascii_isprint(c) && c != '\\' ? c : (unsigned char)c);
        }
    }
    GENERAL_NAMES_free(names);
    return g_string_free(text, text->len == 0);
}

/* Bytes behind the certificate are part of what is digested, so it is then not that certificate. */
static void read_facts(const wr_certificate *cert, wr_certificate_facts *facts)
{
    wr_certificate_parts parts;

    if (!wr_certificate_parts_read(cert->der, cert->der_length, &parts))
        return;
    facts->parsed = true;
    facts->subject = name_text(parts.subject);
    facts->issuer = name_text(parts.issuer);
    facts->self_signed = X509_NAME_cmp(parts.subject, parts.issuer) == 0;
    describe_key(facts, &parts);
    facts->signature_algorithm = describe_signature(parts.signature);
    facts->not_before = seconds_of(parts.not_before);
    facts->not_after = seconds_of(parts.not_after);
    facts->alt_names = describe_alt_names(parts.extensions);
    facts->at = parts.at;
    wr_certificate_parts_clear(&parts);
}

wr_certificate *wr_certificate_new(const uint8_t *der, size_t len)
{
    wr_certificate *cert;

    if (der == NULL || len == 0 || len > INT_MAX)
        return NULL;
    cert = g_malloc0(offsetof(wr_certificate, der) + len);
    cert->refs = 1;
    memcpy(cert->der, der, len);
    cert->der_length = (unsigned)len;
    /* Others in this process use OpenSSL too: what fails here stays out of their error queue. */
    ERR_set_mark();
    cert->shaped = is_shaped(der, len) || is_ber(der, len);
    for (size_t i = 0; i < G_N_ELEMENTS(DIGESTS); i++)
        if (DIGESTS[i].hash == WR_HASH_SHA256)
            make_digest(cert, i, cert->sha256);
    ERR_pop_to_mark();
    return cert;
}

void wr_certificate_describe(wr_certificate *cert)
{
    wr_certificate_facts *facts;

    if (cert->facts != NULL)
        return;
    facts = g_new0(wr_certificate_facts, 1);
    ERR_set_mark();
    for (size_t i = 0; i < G_N_ELEMENTS(DIGESTS); i++) {
        const wr_hash h = DIGESTS[i].hash;
        facts->has_digest[h] = h != WR_HASH_SHA256 && make_digest(cert, i, facts->digests + place_of(h));
    }
    read_facts(cert, facts);
    ERR_pop_to_mark();
    cert->facts = facts;
}

const uint8_t *wr_certificate_digest(const wr_certificate *cert, wr_hash hash)
{
    if (hash == WR_HASH_SHA256)
        return cert->sha256;
    return cert->facts != NULL && cert->facts->has_digest[hash] ? cert->facts->digests + place_of(hash) : NULL;
}

wr_certificate *wr_certificate_ref(wr_certificate *cert)
{
    cert->refs++;
    return cert;
}

void wr_certificate_unref(wr_certificate *cert)
{
    if (cert == NULL || --cert->refs > 0)
        return;
    if (cert->facts != NULL) {
        g_free(cert->facts->subject);
        g_free(cert->facts->issuer);
        g_free(cert->facts->key);
        g_free(cert->facts->signature_algorithm);
        g_free(cert->facts->alt_names);
        g_free(cert->facts);
    }
    g_free(cert);
}

bool wr_certificate_same(const wr_certificate *a, const wr_certificate *b)
{
    return a != NULL && b != NULL && memcmp(a->sha256, b->sha256, sizeof a->sha256) == 0;
}

bool wr_certificate_same_key(wr_certificate *a, wr_certificate *b)
{
    wr_span x, y;

    wr_certificate_describe(a);
    wr_certificate_describe(b);
    x = a->facts->at.key;
    y = b->facts->at.key;
    return a->facts->parsed && b->facts->parsed && x.length > 0 && x.length == y.length &&
           memcmp(a->der + x.offset, b->der + y.offset, x.length) == 0;
}

static bool has_digest(const wr_certificate *cert, const wr_fingerprint *fp)
{
    const uint8_t *digest;

    if (fp->hash <= WR_HASH_UNKNOWN || fp->hash >= WR_HASH_COUNT)
        return false;
    if (wr_certificate_digest(cert, fp->hash) ==
        NULL) /* filling in what is asked for does not change what the certificate is */
        wr_certificate_describe((wr_certificate *)cert);
    digest = wr_certificate_digest(cert, fp->hash);
    return digest != NULL && fp->length == wr_hash_length(fp->hash) &&
           memcmp(fp->value, digest, wr_hash_length(fp->hash)) == 0;
}

bool wr_certificate_has_fingerprint(const wr_certificate *cert, const wr_fingerprint *fp)
{
    return fp->usable && has_digest(cert, fp);
}

/* Some line of these names this certificate. */
static bool names(const wr_transport *t, const wr_certificate *cert, bool usable)
{
    for (unsigned i = 0; i < t->n_fingerprints; i++)
        if ((!usable || t->fingerprints[i].usable) && has_digest(cert, &t->fingerprints[i]))
            return true;
    return false;
}

static bool announces(const wr_sdp *sdp, const wr_certificate *cert, bool usable)
{
    if (names(&sdp->session, cert, usable))
        return true;
    for (unsigned i = 0; i < sdp->n_sections; i++)
        if (names(&sdp->sections[i].own, cert, usable))
            return true;
    return false;
}

bool wr_sdp_announces(const wr_sdp *sdp, const wr_certificate *cert)
{
    return announces(sdp, cert, true);
}

bool wr_sdp_names_certificate(const wr_sdp *sdp, const wr_certificate *cert)
{
    return announces(sdp, cert, false);
}
