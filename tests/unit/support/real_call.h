/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls with a real handshake: a DTLS 1.2 handshake of OpenSSL with client certificate, recorded once, whose datagrams
 * can be fed as they are, left out, doubled or changed. Alice is the server, Bob the client.
 */
#ifndef REAL_CALL_H
#define REAL_CALL_H

#include "handshake_build.h"

#include "../../fuzz/recorded_handshakes.h"

/* The datagrams of the recorded handshake, and the records in them. */
enum { HELLO = 0, COOKIE, HELLO_AGAIN, SERVER_FLIGHT, CLIENT_FLIGHT, SERVER_END, DATAGRAMS };
enum { IN_SERVER_HELLO = 0, IN_CERTIFICATE, IN_KEY_EXCHANGE, IN_REQUEST, IN_DONE };        /* of SERVER_FLIGHT */
enum { IN_CLIENT_CERTIFICATE = 0, IN_CLIENT_KEY_EXCHANGE, IN_CERTIFICATE_VERIFY, IN_CCS }; /* of CLIENT_FLIGHT */

#define RECORD_HEADER   13
#define MESSAGE_HEADER  12
#define MESSAGE_CONTENT (RECORD_HEADER + MESSAGE_HEADER)

typedef struct {
    call_t c;
    wr_dtls_reader *reader;
    GPtrArray *events;
} real_t;

static inline real_t real_begin(const wr_options *options)
{
    return (real_t){.c = call_begin(options),
                    .reader = wr_dtls_reader_new(),
                    .events = g_ptr_array_new_with_free_func((GDestroyNotify)wr_dtls_event_free)};
}

static inline void real_end(real_t *r)
{
    g_ptr_array_unref(r->events);
    wr_dtls_reader_free(r->reader);
    call_end(&r->c);
}

/* A datagram with DTLS between these ends, that many ms after the last frame. */
static inline void real_between(real_t *r, int64_t ms, wr_endpoint src, wr_endpoint dst, const uint8_t *bytes, size_t n)
{
    wr_dtls_evidence d;

    memset(&d, 0, sizeof d);
    d.at = next(&r->c, ms, src, dst);
    d.how.peer = wr_endpoint_none();
    wr_dtls_read_datagram(r->reader, &d.at.src, &d.at.dst, 0, bytes, n, false, r->events);
    for (unsigned i = 0; i < r->events->len; i++) {
        d.event = g_ptr_array_index(r->events, i);
        if (d.event->kind != WR_DTLS_FRAGMENT)
            wr_engine_add_dtls(r->c.e, &d);
    }
    g_ptr_array_set_size(r->events, 0);
}

static inline void real_datagram(real_t *r, int64_t ms, bool up, const uint8_t *bytes, size_t n)
{
    real_between(r, ms, up ? BOBS : ALICES, up ? ALICES : BOBS, bytes, n);
}

static inline void real_part(real_t *r, unsigned datagram)
{
    const recorded *d = &ecdsa_handshake[datagram];

    real_datagram(r, 5, d->up, d->bytes, d->length);
}

static inline size_t record_length(const uint8_t *record)
{
    return RECORD_HEADER + ((size_t)record[11] << 8 | record[12]);
}

/* A copy of one record of a datagram; g_free. */
static inline uint8_t *record_of(const recorded *d, unsigned which, size_t *n)
{
    size_t at = 0;

    for (; which > 0; which--)
        at += record_length(d->bytes + at);
    *n = record_length(d->bytes + at);
    g_assert_cmpuint(at + *n, <=, d->length);
    return g_memdup2(d->bytes + at, *n);
}

/* The leaf that one side shows in a recorded handshake; wr_certificate_unref. */
static inline wr_certificate *recorded_leaf(const recorded *seen, size_t n, bool up)
{
    wr_dtls_reader *reader = wr_dtls_reader_new();
    GPtrArray *events = g_ptr_array_new_with_free_func((GDestroyNotify)wr_dtls_event_free);
    wr_endpoint a = ALICES, b = BOBS;
    wr_certificate *found = NULL;

    for (size_t i = 0; i < n; i++)
        if (seen[i].up == up)
            wr_dtls_read_datagram(reader, &a, &b, 0, seen[i].bytes, seen[i].length, false, events);
    for (unsigned i = 0; i < events->len && found == NULL; i++) {
        const wr_dtls_event *v = g_ptr_array_index(events, i);
        if (v->kind == WR_DTLS_CERTIFICATE && v->leaf != NULL)
            found = wr_certificate_ref(v->leaf);
    }
    g_ptr_array_unref(events);
    wr_dtls_reader_free(reader);
    g_assert_nonnull(found);
    return found;
}

/* "sha-256 …" of what Alice, or Bob, shows; kept. */
static inline const char *fingerprint_shown(bool bob)
{
    static char *text[2];

    if (text[bob] == NULL) {
        wr_certificate *leaf = recorded_leaf(ecdsa_handshake, G_N_ELEMENTS(ecdsa_handshake), bob);
        text[bob] = fingerprint_of(leaf);
        wr_certificate_unref(leaf);
    }
    return text[bob];
}

/* Offer and answer on Alice's leg, with these fingerprints; NULL for none. */
static inline void real_agree(real_t *r, const char *alices, const char *bobs)
{
    text_t o = offer_text(), a = answer_text();

    o.fingerprint = alices;
    a.fingerprint = bobs;
    say(&r->c, OFFERED, &o);
    say(&r->c, ANSWERED, &a);
}

static inline const wr_session *real_session(real_t *r)
{
    wr_engine_evaluate(r->c.e);
    g_assert_cmpuint(wr_engine_sessions(r->c.e)->len, ==, 1);
    return g_ptr_array_index(wr_engine_sessions(r->c.e), 0);
}

static inline const wr_association *real_association(real_t *r)
{
    wr_engine_evaluate(r->c.e);
    g_assert_cmpuint(wr_engine_associations(r->c.e)->len, >=, 1);
    return g_ptr_array_index(wr_engine_associations(r->c.e), 0);
}

#endif
