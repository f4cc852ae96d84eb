/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of a datagram, one behind the other up to its end: DTLS 1.0 and 1.2 (RFC 6347 4.1), with connection ids
 * (RFC 9146), and the unified header of 1.3 (RFC 9147 4).
 *
 * 1.0 and 1.2, and every record in clear of 1.3:
 *
 *     byte 0      1         3       5                 11       13
 *          +------+---------+-------+-----------------+--------+---------------- - -
 *          | type | version | epoch | sequence number | length | content: length bytes
 *          +------+---------+-------+-----------------+--------+---------------- - -
 *     epoch 0       content in clear; nothing covers it but the Finished messages, see handshake.c
 *     epoch 1 on    content is ciphertext. Of an AEAD suite (RFC 6347 4.1.2.1, RFC 5288 3):
 *                   | explicit nonce 8 | encrypted data | tag |; the tag covers the data, and all of the header
 *                   (with the length of the data in clear) as additional data
 *     type 25       tls12_cid (RFC 9146 4): the connection id, of a length that only the two ends know, stands before
 *                   the length; the tag covers it too, and the true type stands encrypted behind the data
 *
 * 1.3, encrypted (RFC 9147 4, figure 3):
 *
 *          +-----------------+---------------+-----------------+--------------+---------------- - -
 *          | 0 0 1 C S L E E | connection id | sequence number | length       | encrypted record, tag at its end
 *          +-----------------+---------------+-----------------+--------------+---------------- - -
 *     one byte               if C            1 byte, 2 if S    2 bytes if L; else up to the end of the datagram
 *     E E: low bits of the epoch. The tag covers the header as it is before the sequence number is encrypted (RFC 9147
 *     4.2.3), and the data.
 */
#include "reader.h"

#define RECORD_HEADER     13
#define MAX_RECORD        (16384 + 2048) /* RFC 5246 6.2.3 */
#define MIN_CIPHERTEXT_13 16             /* RFC 9147 4.2.3: as much is needed to hide the sequence number */
#define HEARTBEAT_PADDING 16             /* RFC 6520 4 */

/* Unified header, RFC 9147 figure 3. */
enum { UNIFIED_CONNECTION_ID = 0x10, UNIFIED_LONG_SEQUENCE = 0x08, UNIFIED_LENGTH = 0x04, UNIFIED_EPOCH = 0x03 };

static const char NOT_DTLS[] = "The datagram does not begin with a DTLS record";
static const char TRAILING[] = "Bytes that are no DTLS record follow the last record";

static void read_heartbeat(wr_dtls_walk *w, const uint8_t *at, wr_cursor c)
{
    wr_dtls_event *e = wr_dtls_add_event(w, WR_DTLS_HEARTBEAT, at);
    uint8_t type;
    uint16_t length;

    if (e == NULL || w->record_cut)
        return;
    /* RFC 6520 4: type, payload_length, payload, and all that remains is padding. */
    if (!read_u8(&c, &type) || !read_u16(&c, &length)) {
        e->problem = "A heartbeat is shorter than its header";
    } else if ((size_t)length + HEARTBEAT_PADDING > c.left) {
        e->problem = "A heartbeat claims more payload than its record holds (the Heartbleed pattern)";
        e->overread = true;
    }
}

static void read_change_cipher_spec(wr_dtls_walk *w, const uint8_t *at, wr_cursor c)
{
    wr_dtls_event *e = wr_dtls_add_event(w, WR_DTLS_CHANGE_CIPHER_SPEC, at);

    /* RFC 5246 7.1 */
    if (e != NULL && w->epoch == 0 && !w->record_cut && (c.left != 1 || c.at[0] != 1))
        e->problem = "A change cipher spec message is not the single byte 1";
}

static uint64_t read_u64(const uint8_t *p)
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

/* The first 8 bytes of an encrypted record, and a mark of the next 16: less is no AEAD record. */
static void note_nonce(const wr_dtls_walk *w, wr_dtls_event *e, wr_cursor c)
{
    if (e == NULL || w->epoch == 0 || w->record_cut || e->has_connection_id || c.left < 24)
        return;
    e->has_nonce = true;
    e->sequence = w->sequence;
    e->nonce = read_u64(c.at);
    e->mark = 2166136261u; /* FNV-1a */
    for (int i = 8; i < 24; i++)
        e->mark = (e->mark ^ c.at[i]) * 16777619u;
}

static void keep_sealed(const wr_dtls_walk *w, wr_dtls_event *e, wr_cursor c)
{
    if (e == NULL || w->record_cut || c.left == 0)
        return;
    e->sealed = g_memdup2(c.at, c.left);
    e->sealed_length = c.left;
}

/* One record of known type; c holds its captured bytes. */
static void read_record(wr_dtls_walk *w, uint8_t type, const uint8_t *at, wr_cursor c)
{
    wr_dtls_event *e;

    switch (type) {
    case TYPE_CHANGE_CIPHER_SPEC:
        read_change_cipher_spec(w, at, c);
        break;
    case TYPE_ALERT:
        if (w->epoch == 0)
            wr_dtls_read_alert(w, at, c);
        else
            note_nonce(w, wr_dtls_add_event(w, WR_DTLS_ENCRYPTED_ALERT, at), c);
        break;
    case TYPE_HANDSHAKE:
        if (w->epoch > 0) {
            e = wr_dtls_add_event(w, WR_DTLS_ENCRYPTED_HANDSHAKE, at);
            note_nonce(w, e, c);
            keep_sealed(w, e, c);
        } else if (w->reader != NULL) {
            wr_dtls_read_fragments(w, c);
        }
        break;
    case TYPE_APPLICATION_DATA:
    case TYPE_CONNECTION_ID:
        e = wr_dtls_add_event(w, WR_DTLS_APPLICATION_DATA, at);
        if (e != NULL) {
            e->has_connection_id = type == TYPE_CONNECTION_ID;
            e->problem = w->epoch == 0 ? "Application data in epoch 0, which is not encrypted" : NULL;
            note_nonce(w, e, c);
        }
        break;
    case TYPE_HEARTBEAT:
        if (w->epoch == 0)
            read_heartbeat(w, at, c);
        break;
    default:
        if (w->epoch == 0)
            wr_dtls_add_event(w, WR_DTLS_ACK, at);
        break;
    }
}

static bool is_plain_header(const uint8_t *bytes, size_t len)
{
    return len >= RECORD_HEADER && bytes[0] >= TYPE_CHANGE_CIPHER_SPEC && bytes[0] <= TYPE_ACK && bytes[1] == 0xfe;
}

static bool is_unified_header(const uint8_t *bytes, size_t len)
{
    return len >= 2 && (bytes[0] & 0xe0) == 0x20;
}

/* Until its length is read, all that is left belongs to a record. */
static void begin_record(wr_dtls_walk *w, wr_cursor c)
{
    w->record = w->content = c.at;
    w->end = c.at + c.left;
}

/* A record with the plain header. False when nothing more can be read behind it. */
static bool read_plain(wr_dtls_walk *w, wr_cursor *c)
{
    const uint8_t *at = c->at, *sequence, *content;
    uint8_t type;
    uint32_t length;

    begin_record(w, *c);
    if (!read_u8(c, &type) || !read_u16(c, &w->version) || !read_u16(c, &w->epoch) || !read_bytes(c, 6, &sequence) ||
        !read_number(c, 2, &length))
        return false;
    if (type == TYPE_CONNECTION_ID) {
        /* The id, of a length that only the two ends know, stands where the length would. */
        length = (uint32_t)c->left;
    }
    w->sequence = read_u64(at + 3);
    w->record_length = (uint16_t)MIN(length, UINT16_MAX);
    w->record_cut = length > c->left && w->truncated;
    if (length > c->left && !w->truncated) {
        wr_dtls_add_problem(w, at, "A record is longer than its datagram");
        return false;
    }
    w->content = c->at;
    if (length > MAX_RECORD && type != TYPE_CONNECTION_ID)
        wr_dtls_add_problem(w, at, "A record is longer than the protocol allows");
    length = MIN(length, (uint32_t)c->left);
    if (!read_bytes(c, length, &content))
        return false;
    w->end = c->at;
    read_record(w, type, at, cursor_of(content, length));
    return true;
}

static bool read_unified(wr_dtls_walk *w, wr_cursor *c)
{
    const uint8_t *at = c->at, *skipped;
    uint8_t first;
    uint32_t length;
    wr_dtls_event *e;

    begin_record(w, *c);
    if (!read_u8(c, &first))
        return false;
    w->version = 0;
    w->sequence = 0;
    w->epoch = first & UNIFIED_EPOCH;
    w->record_cut = w->truncated;
    length = (uint32_t)c->left;
    /* With a connection id, whose length only the two ends know, the rest of the datagram counts as one record. */
    if ((first & UNIFIED_CONNECTION_ID) == 0) {
        if (!read_bytes(c, (first & UNIFIED_LONG_SEQUENCE) != 0 ? 2 : 1, &skipped) ||
            ((first & UNIFIED_LENGTH) != 0 && !read_number(c, 2, &length))) {
            wr_dtls_add_problem(w, at, w->truncated ? WR_DTLS_CUT : "A DTLS 1.3 record ends within its header");
            return false;
        }
        if ((first & UNIFIED_LENGTH) == 0)
            length = (uint32_t)c->left;
    }
    w->record_length = (uint16_t)MIN(length, UINT16_MAX);
    if (length > c->left && !w->truncated) {
        wr_dtls_add_problem(w, at, "A DTLS 1.3 record is longer than its datagram");
        return false;
    }
    w->content = c->at;
    w->end = c->at + MIN(length, c->left);
    e = wr_dtls_add_event(w, WR_DTLS_ENCRYPTED_RECORD_13, at);
    if (e != NULL) {
        e->has_connection_id = (first & UNIFIED_CONNECTION_ID) != 0;
        e->problem =
            length < MIN_CIPHERTEXT_13 && !w->truncated ? "A DTLS 1.3 record is too short to be encrypted" : NULL;
    }
    return read_bytes(c, MIN(length, c->left), &skipped);
}

void wr_dtls_read_datagram(wr_dtls_reader *r, const wr_endpoint *src, const wr_endpoint *dst, uint32_t channel,
                           const uint8_t *bytes, size_t len, bool truncated, GPtrArray *out)
{
    wr_dtls_walk w = {.reader = r,
                      .src = src,
                      .dst = dst,
                      .channel = channel,
                      .datagram = bytes,
                      .truncated = truncated,
                      .out = out,
                      .limit = out->len + WR_DTLS_MAX_EVENTS};
    wr_cursor c = cursor_of(bytes, len);
    bool more = true;

    while (more && c.left > 0 && !wr_dtls_walk_is_full(&w)) {
        if (is_plain_header(c.at, c.left)) {
            more = read_plain(&w, &c);
        } else if (is_unified_header(c.at, c.left)) {
            more = read_unified(&w, &c);
        } else {
            begin_record(&w, c);
            w.version = w.epoch = w.record_length = 0;
            wr_dtls_add_problem(&w, c.at, truncated ? WR_DTLS_CUT : c.at == bytes ? NOT_DTLS : TRAILING);
            more = false;
        }
    }
}

bool wr_dtls_looks_like(const uint8_t *bytes, size_t len, bool lax)
{
    size_t header, length;

    if (is_plain_header(bytes, len)) {
        /* A longer record than is there may have been cut by the capture. */
        return bytes[0] == TYPE_CONNECTION_ID || (bytes[11] << 8 | bytes[12]) <= MAX_RECORD;
    }
    if (!lax || !is_unified_header(bytes, len))
        return false;
    if ((bytes[0] & UNIFIED_CONNECTION_ID) != 0)
        return true;
    header = 2 + ((bytes[0] & UNIFIED_LONG_SEQUENCE) != 0) + ((bytes[0] & UNIFIED_LENGTH) != 0 ? 2 : 0);
    if (len < header)
        return false;
    length = (bytes[0] & UNIFIED_LENGTH) != 0 ? (size_t)(bytes[header - 2] << 8 | bytes[header - 1]) : len - header;
    return length >= MIN_CIPHERTEXT_13 && length <= MAX_RECORD;
}
