/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hellos with their bytes, and other handshake messages in clear: what is kept until signatures decide. */
#ifndef HELLO_BUILD_H
#define HELLO_BUILD_H

#include "handshake_build.h"

#include "records/handshake_messages.h"

/* 0 and NULL: as usual, or none. */
typedef struct {
    unsigned random;  /* of all bytes */
    unsigned session; /* id of eight such bytes */
    unsigned version; /* in its header */
    bool of_13;       /* supported_versions: offers it, or chose it */
    unsigned n_suites, n_profiles;
    unsigned suites[3], profiles[2]; /* the first ones; for a server that is the one; more of a client are 0xff00 */
    unsigned compression;
    const char *alpn;
    unsigned seq;
    unsigned padding; /* bytes of an extension of which nothing is read */
} hello_t;

static inline void add_number(GByteArray *b, unsigned width, unsigned value)
{
    for (unsigned i = width; i-- > 0;) {
        const uint8_t byte = (uint8_t)(value >> 8 * i);
        g_byte_array_append(b, &byte, 1);
    }
}

/* part behind its length; it is freed. */
static inline void add_part(GByteArray *b, unsigned width, GByteArray *part)
{
    add_number(b, width, part->len);
    g_byte_array_append(b, part->data, part->len);
    g_byte_array_unref(part);
}

static inline void add_filled(GByteArray *b, unsigned value, unsigned n)
{
    for (; n > 0; n--)
        add_number(b, 1, value);
}

static inline GByteArray *hello_extensions(bool client, const hello_t *h)
{
    GByteArray *all = g_byte_array_new();

    if (h->n_profiles > 0) {
        GByteArray *list = g_byte_array_new(), *part = g_byte_array_new();
        for (unsigned i = 0; i < h->n_profiles; i++)
            add_number(list, 2, i < 2 ? h->profiles[i] : 0xff00);
        add_part(part, 2, list);
        add_number(part, 1, 0); /* no MKI */
        add_number(all, 2, 14);
        add_part(all, 2, part);
    }
    if (h->of_13) {
        GByteArray *part = g_byte_array_new();
        if (client)
            add_number(part, 1, 2);
        add_number(part, 2, WR_DTLS_1_3);
        add_number(all, 2, 43);
        add_part(all, 2, part);
    }
    if (h->alpn != NULL) {
        GByteArray *name = g_byte_array_new(), *list = g_byte_array_new(), *part = g_byte_array_new();
        g_byte_array_append(name, (const guint8 *)h->alpn, (guint)strlen(h->alpn));
        add_part(list, 1, name);
        add_part(part, 2, list);
        add_number(all, 2, 16);
        add_part(all, 2, part);
    }
    if (h->padding > 0) {
        GByteArray *part = g_byte_array_new();
        add_filled(part, 0, h->padding);
        add_number(all, 2, 21);
        add_part(all, 2, part);
    }
    return all;
}

static inline GByteArray *hello_body(bool client, const hello_t *h)
{
    GByteArray *b = g_byte_array_new();

    add_number(b, 2, h->version != 0 ? h->version : WR_DTLS_1_2);
    add_filled(b, h->random, WR_DTLS_RANDOM);
    add_number(b, 1, h->session != 0 ? 8 : 0);
    add_filled(b, h->session, h->session != 0 ? 8 : 0);
    if (client) {
        GByteArray *suites = g_byte_array_new();
        add_number(b, 1, 0); /* no cookie */
        for (unsigned i = 0; i < MAX(h->n_suites, 1); i++)
            add_number(suites, 2, h->n_suites == 0 ? 0xc02b : i < 3 ? h->suites[i] : 0xff00);
        add_part(b, 2, suites);
        add_number(b, 2, 0x0100); /* no compression */
    } else {
        add_number(b, 2, h->suites[0] != 0 ? h->suites[0] : 0xc02b);
        add_number(b, 1, h->compression);
    }
    add_part(b, 2, hello_extensions(client, h));
    return b;
}

/* A handshake message in clear with this body, which is freed. */
static inline wr_dtls_event *event_with(uint8_t type, unsigned seq, GByteArray *body)
{
    wr_dtls_event *v = wr_dtls_event_of_message(type, body->data, body->len);

    v->record_version = WR_DTLS_1_2;
    v->message_seq = (uint16_t)seq;
    v->record_length = 100;
    v->message_length = v->fragment_length = body->len;
    g_byte_array_unref(body);
    return v;
}

/* The event, which is freed, is fed; ms < 0: in the frame of what was fed before. */
static inline wr_association *feed_own(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, wr_dtls_event *v)
{
    wr_association *a;

    if (ms < 0)
        c->frame--;
    a = feed(c, MAX(ms, 0), src, dst, v);
    wr_dtls_event_free(v);
    return a;
}

/* From Bob to Alice, or from Alice, the server, to Bob. */
static inline wr_association *say_hello(call_t *c, int64_t ms, bool client, const hello_t *h)
{
    wr_dtls_event *v = event_with(client ? WR_HS_CLIENT_HELLO : WR_HS_SERVER_HELLO, h->seq, hello_body(client, h));

    return feed_own(c, ms, client ? BOBS : ALICES, client ? ALICES : BOBS, v);
}

/* A message with a body of one byte that is its mark. */
static inline wr_association *say_message(call_t *c, int64_t ms, bool client, uint8_t type, unsigned seq, unsigned mark)
{
    GByteArray *body = g_byte_array_new();

    add_number(body, 1, mark);
    return feed_own(c, ms, client ? BOBS : ALICES, client ? ALICES : BOBS, event_with(type, seq, body));
}

/* The body of a Certificate message with one certificate: some_certificate() of this byte. */
static inline GByteArray *certificate_body(uint8_t fill)
{
    GByteArray *body = g_byte_array_new(), *list = g_byte_array_new(), *der = g_byte_array_new();

    add_number(der, 1, 0x30);
    add_number(der, 1, 30);
    add_filled(der, fill, 30);
    add_part(list, 3, der);
    add_part(body, 3, list);
    return body;
}

static inline wr_association *say_certificate(call_t *c, int64_t ms, bool client, unsigned seq, uint8_t fill)
{
    return feed_own(c, ms, client ? BOBS : ALICES, client ? ALICES : BOBS,
                    event_with(WR_HS_CERTIFICATE, seq, certificate_body(fill)));
}

#endif
