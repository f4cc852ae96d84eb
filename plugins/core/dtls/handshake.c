/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole handshake messages: which they are, and what is in those that are no hello (hello.c). The number before a
 * vector is the width of its length in bytes; each message must be used up.
 *
 *     Certificate, 1.2 (RFC 5246 7.4.2)     3 [ 3 [ certificate in DER ] … ]; the sender's own comes first
 *     Certificate, 1.3 (RFC 8446 4.4.2)     1 [ context ]  3 [ 3 [ certificate in DER ] 2 [ extensions ] … ]
 *     CompressedCertificate (RFC 8879 4)    algorithm (2)  length unpacked (3)  3 [ a packed Certificate message ]
 *     raw public key, 1.2 (RFC 7250 3)      3 [ SubjectPublicKeyInfo in DER ]
 *     HelloVerifyRequest (RFC 6347 4.2.1)   version (2)  1 [ cookie ]
 *     NewSessionTicket, 1.2 (RFC 5077 3.3)  lifetime (4)  2 [ ticket ]
 *     EncryptedExtensions (RFC 8446 4.3.1)  2 [ extensions ], read as those of a hello
 *     ServerHelloDone (RFC 5246 7.4.5)      nothing
 *
 * What covers them. 1.2: Finished, over all messages before it (RFC 5246 7.4.9) but the first ClientHello of a cookie
 * exchange and HelloVerifyRequest (RFC 6347 4.2.6); ServerKeyExchange is signed together with both randoms
 * (possession.c), CertificateVerify over all messages before it. 1.3: CertificateVerify (RFC 8446 4.4.3) and Finished
 * (4.4.4) over all messages from the ClientHello on. The ticket of 1.2 is covered by the server's Finished.
 */
#include "base/digest.h"
#include "reader.h"

#include <zlib.h>

#define MAX_CHAIN       64 /* certificates of one message that are counted */
#define COMPRESSED_ZLIB 1

static const char BROKEN_LIST[] = "The list of certificates does not fit the Certificate message";

/* RFC 5246 7.4.2, RFC 8446 4.4.2: certificate_list of 1.2, or behind the context that 1.3 puts first: entries with
 * extensions then. A list of one entry without bytes is forbidden and yet seen: it is no certificate, and *count stays
 * 0.
 */
static bool read_list(wr_cursor c, bool is_13, wr_cursor *all, wr_cursor *leaf, unsigned *count)
{
    wr_cursor context, list, entry, extensions;

    *count = 0;
    *leaf = *all = cursor_of(c.at, 0);
    if (is_13 && !read_vector(&c, 1, &context))
        return false;
    if (!read_vector(&c, 3, &list) || c.left > 0)
        return false;
    *all = list;
    while (list.left > 0) {
        if (!read_vector(&list, 3, &entry) || (is_13 && !read_vector(&list, 2, &extensions)))
            return false;
        if (entry.left == 0)
            return *count == 0 && list.left == 0;
        if (*count == 0)
            *leaf = entry;
        if (++*count >= MAX_CHAIN)
            break;
    }
    return true;
}

/* RFC 7250 3: in 1.2 a bare SubjectPublicKeyInfo, a DER SEQUENCE, stands where the list would. */
static bool is_raw_key(wr_cursor c)
{
    wr_cursor key;

    return read_vector(&c, 3, &key) && c.left == 0 && key.left > 2 && key.at[0] == 0x30 &&
           (key.at[1] < 0x80
                ? key.left == 2u + key.at[1]
                : (key.at[1] == 0x81 && key.left == 3u + key.at[2]) ||
                      (key.at[1] == 0x82 && key.left > 3 && key.left == 4u + (key.at[2] << 8 | key.at[3])));
}

static void read_certificate(const wr_dtls_association *a, wr_cursor c, wr_dtls_event *e)
{
    /* 1.3 shows none in clear (RFC 9147 6.1) */
    bool is_13 = e->decrypted && a != NULL && wr_dtls_association_version(a) == WR_DTLS_1_3;
    wr_cursor all, leaf;

    /* The two layouts cannot be mistaken for each other, so the other one is tried when the ServerHello is missing,
     * or belongs to another handshake than this message. */
    if (!read_list(c, is_13, &all, &leaf, &e->n_certificates) &&
        !read_list(c, !is_13, &all, &leaf, &e->n_certificates)) {
        e->n_certificates = 0;
        if (is_raw_key(c)) {
            e->kind = WR_DTLS_OTHER_HANDSHAKE;
            e->raw_key = true;
            e->problem = "A bare public key (RFC 7250) stands in place of a certificate: no fingerprint applies to it";
        } else {
            e->kind = WR_DTLS_PROBLEM;
            e->problem = BROKEN_LIST;
        }
        return;
    }
    e->kind = WR_DTLS_CERTIFICATE;
    e->at.certificates = wr_span_of(c.at, all.at, all.left);
    e->at.leaf = wr_span_of(c.at, leaf.at, leaf.left);
    if (e->n_certificates == 0 && c.left > 4) /* an empty list takes 3 bytes, in 1.3 4 */
        e->problem = "The entry of the certificate list has no bytes: no certificate was sent";
    if (e->n_certificates > 0) {
        e->leaf = wr_certificate_new(leaf.at, leaf.left);
        if (!e->leaf->shaped)
            e->problem = "The first certificate is no X.509 certificate in DER";
    }
}

static void read_compressed(const wr_dtls_association *a, wr_cursor c, wr_dtls_event *e)
{
    const uint8_t *body = c.at;
    uint16_t algorithm;
    uint32_t length;
    wr_cursor packed;
    uint8_t *plain;
    uLongf got;
    uLong used;

    e->kind = WR_DTLS_PROBLEM;
    if (!read_u16(&c, &algorithm) || !read_number(&c, 3, &length) || !read_vector(&c, 3, &packed)) {
        e->problem = "The Compressed Certificate message does not fit its length";
        return;
    }
    if (c.left > 0) {
        e->problem = "Bytes follow the packed certificate in the Compressed Certificate message";
        return;
    }
    if (algorithm != COMPRESSED_ZLIB) {
        e->kind = WR_DTLS_OTHER_HANDSHAKE;
        e->problem = "The certificate is compressed by a method that is not read here (RFC 8879)";
        return;
    }
    if (length == 0 || length > WR_DTLS_MAX_MESSAGE) {
        e->problem = "The compressed certificate names an empty or excessive length";
        return;
    }
    plain = g_malloc(length);
    got = length;
    used = (uLong)packed.left;
    if (uncompress2(plain, &got, packed.at, &used) != Z_OK || got != length)
        e->problem = "The compressed certificate cannot be inflated";
    else if (used < packed.left)
        e->problem = "Bytes follow the end of what was packed in the Compressed Certificate message";
    else
        read_certificate(a, cursor_of(plain, length), e);
    g_free(plain);
    e->at.certificates = e->at.leaf = (wr_span){0, 0};
    e->at.packed_certificates = wr_span_of(body, packed.at, packed.left);
}

static void read_hello_verify_request(wr_cursor c, wr_dtls_event *e)
{
    wr_cursor cookie;

    e->kind = WR_DTLS_HELLO_VERIFY_REQUEST;
    if (!read_u16(&c, &e->hello_version) || !read_vector(&c, 1, &cookie)) {
        e->problem = "The cookie of the Hello Verify Request does not fit the message";
        return;
    }
    e->has_cookie = cookie.left > 0;
    if (c.left > 0)
        e->problem = "Bytes follow the cookie of the Hello Verify Request";
}

/* RFC 5077 3.3. That of 1.3 has another layout (RFC 8446 4.6.1), but is never in clear: one that was decrypted is not
 * called broken, for the ServerHello may be missing. */
static void read_new_ticket(wr_cursor c, wr_dtls_event *e)
{
    wr_cursor ticket;
    uint32_t lifetime;

    if (!read_number(&c, 4, &lifetime) || !read_vector(&c, 2, &ticket) || c.left > 0) {
        if (!e->decrypted) {
            e->kind = WR_DTLS_PROBLEM;
            e->problem = "The New Session Ticket does not fit its length";
        }
        return;
    }
    if (ticket.left > 0) {
        wr_sha256(ticket.at, ticket.left, e->ticket_digest);
        e->has_ticket_digest = true;
    }
}

/* Messages whose content is not looked into here, or only in part. */
static wr_dtls_kind plain_kind(uint8_t type)
{
    switch (type) {
    case WR_HS_SERVER_KEY_EXCHANGE:
        return WR_DTLS_SERVER_KEY_EXCHANGE;
    case WR_HS_CERTIFICATE_REQUEST:
        return WR_DTLS_CERTIFICATE_REQUEST;
    case WR_HS_SERVER_HELLO_DONE:
        return WR_DTLS_SERVER_HELLO_DONE;
    case WR_HS_CERTIFICATE_VERIFY:
        return WR_DTLS_CERTIFICATE_VERIFY;
    case WR_HS_CLIENT_KEY_EXCHANGE:
        return WR_DTLS_CLIENT_KEY_EXCHANGE;
    case WR_HS_ENCRYPTED_EXTENSIONS:
        return WR_DTLS_ENCRYPTED_EXTENSIONS;
    case WR_HS_FINISHED:
        return WR_DTLS_FINISHED;
    default:
        return WR_DTLS_OTHER_HANDSHAKE;
    }
}

void wr_dtls_read_message(wr_dtls_association *a, uint8_t type, const uint8_t *body, size_t len, wr_dtls_event *e)
{
    switch (type) {
    case WR_HS_CLIENT_HELLO:
        wr_dtls_read_client_hello(body, len, e);
        break;
    case WR_HS_SERVER_HELLO:
        wr_dtls_read_server_hello(body, len, e);
        if (e->kind != WR_DTLS_PROBLEM && a != NULL)
            wr_dtls_association_set_version(a, e->negotiated);
        break;
    case WR_HS_HELLO_VERIFY_REQUEST:
        read_hello_verify_request(cursor_of(body, len), e);
        break;
    case WR_HS_CERTIFICATE:
        read_certificate(a, cursor_of(body, len), e);
        break;
    case WR_HS_COMPRESSED_CERTIFICATE:
        read_compressed(a, cursor_of(body, len), e);
        break;
    default:
        e->kind = plain_kind(type);
        if (type == WR_HS_ENCRYPTED_EXTENSIONS)
            wr_dtls_read_encrypted_extensions(body, len, e);
        else if (type == WR_HS_NEW_SESSION_TICKET && a != NULL && wr_dtls_association_version(a) != WR_DTLS_1_3)
            read_new_ticket(cursor_of(body, len), e);
        else if (type == WR_HS_SERVER_HELLO_DONE && len > 0) /* RFC 5246 7.4.5 */
            e->problem = "Server Hello Done, which is empty, has bytes in it";
        break;
    }
    e->handshake_type = type;
    e->body = g_malloc(len + 1);
    memcpy(e->body, body, len);
    e->body_length = len;
}

wr_dtls_event *wr_dtls_event_of_message(uint8_t type, const uint8_t *body, size_t len)
{
    wr_dtls_event *e = g_new0(wr_dtls_event, 1);

    wr_dtls_read_message(NULL, type, body, len, e);
    return e;
}
