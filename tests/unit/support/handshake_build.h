/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds DTLS handshakes event by event, and media packets, for tests of single checks (checks_build.h). */
#ifndef HANDSHAKE_BUILD_H
#define HANDSHAKE_BUILD_H

#include "checks_build.h"

/* ---- handshakes ---- */

static inline wr_dtls_event event_of(wr_dtls_kind kind, unsigned seq)
{
    wr_dtls_event v;

    memset(&v, 0, sizeof v);
    v.kind = kind;
    v.record_version = v.hello_version = v.negotiated = WR_DTLS_1_2;
    v.message_seq = (uint16_t)seq;
    v.record_length = 100;
    return v;
}

static inline wr_association *feed(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, const wr_dtls_event *v)
{
    wr_dtls_evidence d;

    memset(&d, 0, sizeof d);
    d.at = next(c, ms, src, dst);
    d.how.peer = wr_endpoint_none();
    d.event = v;
    return wr_engine_add_dtls(c->e, &d);
}

/* A handshake of 1.2 in which client and server hello can be changed before it runs. */
typedef struct {
    wr_endpoint client, server;
    wr_dtls_event ch, sh;
    wr_certificate
        *certificate[2]; /* by role; NULL: a placeholder of the call's announced digest is of no use, none is sent */
    bool asks;           /* CertificateRequest */
    bool empty;          /* the client answers with an empty list */
    bool fails;          /* a fatal alert by the server instead of its Finished */
    bool raw_keys;       /* bare public keys (RFC 7250) in place of certificates */
    uint16_t server_finished; /* bytes of its record; 0 for the usual */
} shake_t;

/* Bob, who answered "active", is the client. */
static inline shake_t shake_of(unsigned mark)
{
    shake_t k;

    memset(&k, 0, sizeof k);
    k.client = BOBS;
    k.server = ALICES;
    k.ch = event_of(WR_DTLS_CLIENT_HELLO, 0);
    k.sh = event_of(WR_DTLS_SERVER_HELLO, 0);
    memset(k.ch.random, (int)mark, sizeof k.ch.random);
    memset(k.sh.random, (int)mark + 1, sizeof k.sh.random);
    k.ch.has_use_srtp = k.sh.has_use_srtp = true;
    k.ch.has_ems = k.sh.has_ems = true;
    k.ch.n_suites = 3;
    k.ch.suites[0] = 0xc02b; /* TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 */
    k.ch.suites[1] = 0xc02f;
    k.ch.suites[2] = 0xc009;
    k.ch.n_profiles = 2;
    k.ch.profiles[0] = 0x0007; /* SRTP_AEAD_AES_128_GCM */
    k.ch.profiles[1] = 0x0001;
    k.sh.n_suites = k.sh.n_profiles = 1;
    k.sh.suites[0] = 0xc02b;
    k.sh.profiles[0] = 0x0007;
    k.asks = true;
    return k;
}

static inline void send_certificate(call_t *c, const shake_t *k, int role)
{
    wr_dtls_event v = event_of(WR_DTLS_CERTIFICATE, 1);

    v.leaf = k->certificate[role];
    v.n_certificates = v.leaf != NULL;
    feed(c, 1, role == 0 ? k->client : k->server, role == 0 ? k->server : k->client, &v);
}

static inline void send_raw_key(call_t *c, const shake_t *k, int role)
{
    wr_dtls_event v = event_of(WR_DTLS_OTHER_HANDSHAKE, 1);

    v.raw_key = true;
    feed(c, 1, role == 0 ? k->client : k->server, role == 0 ? k->server : k->client, &v);
}

static inline void finish_by(call_t *c, wr_endpoint from, wr_endpoint to, uint16_t length)
{
    wr_dtls_event ccs = event_of(WR_DTLS_CHANGE_CIPHER_SPEC, 0), finished = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0);

    finished.epoch = 1;
    finished.record_length = length;
    finished.has_nonce = true;
    finished.sequence = UINT64_C(1) << 48;
    feed(c, 1, from, to, &ccs);
    feed(c, 0, from, to, &finished);
}

static inline void finish(call_t *c, wr_endpoint from, wr_endpoint to)
{
    finish_by(c, from, to, 40);
}

static inline wr_association *shake(call_t *c, const shake_t *k)
{
    wr_dtls_event ske = event_of(WR_DTLS_SERVER_KEY_EXCHANGE, 2), request = event_of(WR_DTLS_CERTIFICATE_REQUEST, 3);
    wr_dtls_event done = event_of(WR_DTLS_SERVER_HELLO_DONE, 4), cke = event_of(WR_DTLS_CLIENT_KEY_EXCHANGE, 2);
    wr_dtls_event alert = event_of(WR_DTLS_ALERT, 0);
    wr_association *a;

    feed(c, 10, k->client, k->server, &k->ch);
    a = feed(c, 10, k->server, k->client, &k->sh);
    if (k->certificate[1] != NULL)
        send_certificate(c, k, 1);
    if (k->raw_keys)
        send_raw_key(c, k, 1);
    feed(c, 1, k->server, k->client, &ske);
    if (k->asks)
        feed(c, 1, k->server, k->client, &request);
    feed(c, 1, k->server, k->client, &done);
    if (k->certificate[0] != NULL || k->empty)
        send_certificate(c, k, 0);
    else if (k->raw_keys)
        send_raw_key(c, k, 0);
    else if (!k->asks)
        cke.message_seq = 1;
    feed(c, 10, k->client, k->server, &cke);
    finish(c, k->client, k->server);
    alert.alert_level = 2;
    alert.alert_description = 40;
    if (k->fails)
        feed(c, 10, k->server, k->client, &alert);
    else if (k->server_finished != 0)
        finish_by(c, k->server, k->client, k->server_finished);
    else
        finish(c, k->server, k->client);
    return a;
}

/* DER enough for a digest: a sequence of n bytes of this value. */
static inline wr_certificate *some_certificate(uint8_t fill)
{
    uint8_t der[32];

    memset(der, fill, sizeof der);
    der[0] = 0x30;
    der[1] = sizeof der - 2;
    return wr_certificate_new(der, sizeof der);
}

/* "sha-256 …" of a certificate, as a=fingerprint has it; g_free. */
static inline char *fingerprint_of(const wr_certificate *cert)
{
    GString *s = g_string_new("sha-256 ");

    for (int i = 0; i < 32; i++)
        g_string_append_printf(s, "%s%02X", i > 0 ? ":" : "", cert->sha256[i]);
    return g_string_free(s, FALSE);
}

/* An ordinary call, agreed on and with proven paths; then this handshake. */
static inline wr_association *ordinary(call_t *c, const shake_t *k)
{
    agree(c);
    connect_ends(c);
    return shake(c, k);
}

/* ---- media ---- */

typedef struct {
    uint16_t sequence;
    uint32_t timestamp, ssrc;
    uint8_t type;
    const uint8_t *payload;
    size_t length;            /* of the payload */
    const uint8_t *extension; /* one-byte form, a multiple of 4 */
    size_t extension_length;
} rtp_t;

static inline wr_flow *datagram(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, const uint8_t *bytes, size_t n)
{
    wr_media_evidence m;

    memset(&m, 0, sizeof m);
    m.at = next(c, ms, src, dst);
    m.how.peer = wr_endpoint_none();
    m.bytes = bytes;
    m.captured = m.length = n;
    return bytes[0] >= 128 && bytes[0] <= 191 ? wr_engine_add_media(c->e, &m) : wr_engine_add_other(c->e, &m);
}

static inline wr_flow *rtp(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, const rtp_t *r)
{
    uint8_t b[1500];
    size_t n = 12;

    memset(b, 0, 12);
    b[0] = r->extension != NULL ? 0x90 : 0x80;
    b[1] = r->type;
    put16(b + 2, r->sequence);
    put16(b + 4, r->timestamp >> 16);
    put16(b + 6, r->timestamp & 0xffff);
    put16(b + 8, r->ssrc >> 16);
    put16(b + 10, r->ssrc & 0xffff);
    if (r->extension != NULL) {
        put16(b + 12, 0xbede);
        put16(b + 14, (unsigned)(r->extension_length / 4));
        memcpy(b + 16, r->extension, r->extension_length);
        n = 16 + r->extension_length;
    }
    memcpy(b + n, r->payload, r->length);
    return datagram(c, ms, src, dst, b, n + r->length);
}

/* Bytes as good as ciphertext, different for each seed. */
static inline const uint8_t *noise(uint32_t seed)
{
    static uint8_t bytes[4][256];
    static unsigned turn;
    uint8_t *b = bytes[turn++ % 4];
    uint32_t x = seed * 2654435761u + 1;

    for (int i = 0; i < 256; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        b[i] = (uint8_t)(x >> 11);
    }
    return b;
}

/* Secured packets of one stream, 20 ms apart, from this sequence number on. */
static inline void stream(call_t *c, wr_endpoint src, wr_endpoint dst, uint32_t ssrc, unsigned first, unsigned packets)
{
    for (unsigned i = 0; i < packets; i++) {
        rtp_t r = {.sequence = (uint16_t)(first + i),
                   .timestamp = (first + i) * 960,
                   .ssrc = ssrc,
                   .type = 111,
                   .payload = noise(ssrc + first + i),
                   .length = 100};
        rtp(c, 20, src, dst, &r);
    }
}

#endif
