/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the DTLS reader share among themselves.
 */
#ifndef WR_DTLS_READER_H
#define WR_DTLS_READER_H

#include "dtls/dtls.h"

#include <string.h>

#define HANDSHAKE_HEADER 12

/* Bytes still to be read. Every read is checked and moves at; a failed one moves nothing. */
typedef struct {
    const uint8_t *at;
    size_t left;
} wr_cursor;

static inline wr_cursor cursor_of(const uint8_t *bytes, size_t len)
{
    wr_cursor c = {bytes, len};

    return c;
}

static inline bool read_bytes(wr_cursor *c, size_t n, const uint8_t **out)
{
    if (n > c->left)
        return false;
    *out = c->at;
    c->at += n;
    c->left -= n;
    return true;
}

/* A big-endian number of n bytes, n <= 4. */
static inline bool read_number(wr_cursor *c, size_t n, uint32_t *out)
{
    const uint8_t *p;

    if (!read_bytes(c, n, &p))
        return false;
    *out = 0;
    for (size_t i = 0; i < n; i++)
        *out = *out << 8 | p[i];
    return true;
}

static inline bool read_u8(wr_cursor *c, uint8_t *out)
{
    uint32_t v;

    if (!read_number(c, 1, &v))
        return false;
    *out = (uint8_t)v;
    return true;
}

static inline bool read_u16(wr_cursor *c, uint16_t *out)
{
    uint32_t v;

    if (!read_number(c, 2, &v))
        return false;
    *out = (uint16_t)v;
    return true;
}

/* A vector with a length of width bytes before it (RFC 8446 3.4). */
static inline bool read_vector(wr_cursor *c, size_t width, wr_cursor *out)
{
    wr_cursor saved = *c;
    uint32_t n;
    const uint8_t *p;

    if (!read_number(c, width, &n) || !read_bytes(c, n, &p)) {
        *c = saved;
        return false;
    }
    *out = cursor_of(p, n);
    return true;
}

/* Content types of records. */
enum {
    TYPE_CHANGE_CIPHER_SPEC = 20,
    TYPE_ALERT = 21,
    TYPE_HANDSHAKE = 22,
    TYPE_APPLICATION_DATA = 23,
    TYPE_HEARTBEAT = 24,
    TYPE_CONNECTION_ID = 25,
    TYPE_ACK = 26
};

/* One handshake fragment (RFC 6347 4.2.2); bytes has fragment_length bytes. */
typedef struct {
    uint8_t type;
    uint16_t seq;
    uint32_t length, offset, fragment_length;
    const uint8_t *bytes;
} wr_dtls_fragment;

/* Both directions between two endpoints (and in one TURN channel). */
typedef struct wr_dtls_association wr_dtls_association;

/* Finds or makes the association; *side tells the direction of src to dst. */
wr_dtls_association *wr_dtls_association_get(wr_dtls_reader *r, const wr_endpoint *src, const wr_endpoint *dst,
                                             uint32_t channel, int *side);
/* What the last ServerHello chose; 0 when none was seen since the last new ClientHello. */
uint16_t wr_dtls_association_version(const wr_dtls_association *a);
void wr_dtls_association_set_version(wr_dtls_association *a, uint16_t version);

typedef enum {
    WR_ASSEMBLY_MORE,     /* bytes are still missing */
    WR_ASSEMBLY_COMPLETE, /* the message is whole */
    WR_ASSEMBLY_AGAIN,    /* the same, once more in full: a retransmission */
    WR_ASSEMBLY_OTHER,    /* contradicts one that is not whole yet: another one is begun beside it */
    WR_ASSEMBLY_OTHER_COMPLETE
} wr_assembly;

#define WR_DTLS_VARIANTS 8 /* messages kept under one number */

/* What a fragment did: to one message as a rule, to several where they disagree elsewhere. */
typedef struct {
    unsigned n; /* at least 1 */
    wr_assembly state[WR_DTLS_VARIANTS];
    const uint8_t *body[WR_DTLS_VARIANTS]; /* of whole messages, until the next call */
} wr_dtls_assembled;

/* fragment must have been checked: offset + fragment_length <= length <= WR_DTLS_MAX_MESSAGE. */
void wr_dtls_assemble(wr_dtls_reader *r, wr_dtls_association *a, int side, const wr_dtls_fragment *fragment,
                      wr_dtls_assembled *out);

#define WR_DTLS_CUT "The capture cut this record: the rest of the packet was not stored"

/* A datagram, or the bytes of a decrypted record, being read. */
typedef struct {
    wr_dtls_reader *reader;
    const wr_endpoint *src, *dst;
    uint32_t channel;
    const uint8_t *datagram; /* where offsets count from */
    bool truncated, decrypted;
    GPtrArray *out;
    guint limit; /* of out->len */
    /* of the record being read */
    uint16_t version, epoch, record_length;
    uint64_t sequence;                     /* epoch and sequence number */
    const uint8_t *record, *content, *end; /* where it begins, what is in it, and where it ends or the bytes do */
    bool record_cut;
    wr_dtls_association *association; /* looked up with the first handshake message */
    int side;
} wr_dtls_walk;

/* A new event at the end of the list, made of the record's bytes from at on; NULL when there are too many, which is
 * then said once. */
wr_dtls_event *wr_dtls_add_event(wr_dtls_walk *w, wr_dtls_kind kind, const uint8_t *at);
void wr_dtls_add_problem(wr_dtls_walk *w, const uint8_t *at, const char *problem);
bool wr_dtls_walk_is_full(const wr_dtls_walk *w);
/* The handshake fragments, or the alert, that c holds. */
void wr_dtls_read_fragments(wr_dtls_walk *w, wr_cursor c);
void wr_dtls_read_alert(wr_dtls_walk *w, const uint8_t *at, wr_cursor c);

/* Reads a whole message into e: kind and what belongs to it. a may gain the negotiated version. */
void wr_dtls_read_message(wr_dtls_association *a, uint8_t type, const uint8_t *body, size_t len, wr_dtls_event *e);
void wr_dtls_read_client_hello(const uint8_t *body, size_t len, wr_dtls_event *e);
void wr_dtls_read_server_hello(const uint8_t *body, size_t len, wr_dtls_event *e);
/* The extensions of a server's EncryptedExtensions (RFC 8446 4.3.1). */
void wr_dtls_read_encrypted_extensions(const uint8_t *body, size_t len, wr_dtls_event *e);

#endif
