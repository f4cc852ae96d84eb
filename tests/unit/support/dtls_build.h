/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building DTLS by hand for tests: bytes, handshake messages, fragments, records; and reading them.
 */
#ifndef WR_TEST_DTLS_BUILD_H
#define WR_TEST_DTLS_BUILD_H

#include "dtls/dtls.h"

#include <string.h>

static inline void put(GByteArray *b, unsigned width, uint32_t value)
{
    for (unsigned i = width; i-- > 0;) {
        uint8_t byte = (uint8_t)(value >> 8 * i);
        g_byte_array_append(b, &byte, 1);
    }
}

static inline void put_bytes(GByteArray *b, const void *bytes, size_t n)
{
    g_byte_array_append(b, bytes, (guint)n);
}

static inline void put_fill(GByteArray *b, uint8_t value, unsigned n)
{
    while (n-- > 0)
        put(b, 1, value);
}

/* part behind a length of width bytes; part is freed. */
static inline void put_vector(GByteArray *b, unsigned width, GByteArray *part)
{
    put(b, width, part->len);
    put_bytes(b, part->data, part->len);
    g_byte_array_unref(part);
}

/* Bytes from..from+n of a message with this body, as one handshake fragment. */
static inline void put_fragment(GByteArray *b, uint8_t type, unsigned seq, const GByteArray *body, unsigned from,
                                unsigned n)
{
    put(b, 1, type);
    put(b, 3, body->len);
    put(b, 2, seq);
    put(b, 3, from);
    put(b, 3, n);
    put_bytes(b, body->data + from, n);
}

static inline void put_message(GByteArray *b, uint8_t type, unsigned seq, const GByteArray *body)
{
    put_fragment(b, type, seq, body, 0, body->len);
}

/* content is freed. */
static inline void put_record(GByteArray *b, uint8_t type, unsigned epoch, GByteArray *content)
{
    put(b, 1, type);
    put(b, 2, WR_DTLS_1_2);
    put(b, 2, epoch);
    put(b, 2, 0);
    put(b, 4, 1);
    put_vector(b, 2, content);
}

/* A datagram of one handshake record with one fragment. */
static inline GByteArray *fragment_datagram(uint8_t type, unsigned seq, const GByteArray *body, unsigned from,
                                            unsigned n)
{
    GByteArray *record = g_byte_array_new(), *b = g_byte_array_new();

    put_fragment(record, type, seq, body, from, n);
    put_record(b, 22, 0, record);
    return b;
}

static inline GByteArray *message_datagram(uint8_t type, unsigned seq, const GByteArray *body)
{
    return fragment_datagram(type, seq, body, 0, body->len);
}

static inline void put_extension(GByteArray *extensions, unsigned type, GByteArray *data)
{
    put(extensions, 2, type);
    put_vector(extensions, 2, data);
}

static inline GByteArray *bytes_of(const char *text, unsigned n)
{
    GByteArray *b = g_byte_array_new();

    put_bytes(b, text, n);
    return b;
}

/* ClientHello with this byte all over its random; extensions is freed, NULL for none. */
static inline GByteArray *client_hello(uint8_t random, GByteArray *extensions)
{
    GByteArray *b = g_byte_array_new();

    put(b, 2, WR_DTLS_1_2);
    put_fill(b, random, WR_DTLS_RANDOM);
    put(b, 1, 0); /* session id */
    put(b, 1, 0); /* cookie */
    put(b, 2, 4);
    put(b, 2, 0xc02b);
    put(b, 2, 0x1301);
    put(b, 2, 0x0100); /* one compression method: none */
    if (extensions != NULL)
        put_vector(b, 2, extensions);
    return b;
}

static inline GByteArray *server_hello(uint8_t random, GByteArray *extensions)
{
    GByteArray *b = g_byte_array_new();

    put(b, 2, WR_DTLS_1_2);
    put_fill(b, random, WR_DTLS_RANDOM);
    put(b, 1, 0);
    put(b, 2, 0xc02b);
    put(b, 1, 0);
    if (extensions != NULL)
        put_vector(b, 2, extensions);
    return b;
}

/* Certificate message of 1.2 with one certificate of n bytes. */
static inline GByteArray *certificate_12(uint8_t fill, unsigned n)
{
    GByteArray *b = g_byte_array_new(), *list = g_byte_array_new(), *entry = g_byte_array_new();

    put_fill(entry, fill, n);
    put_vector(list, 3, entry);
    put_vector(b, 3, list);
    return b;
}

static inline GByteArray *certificate_13(uint8_t fill, unsigned n)
{
    GByteArray *b = g_byte_array_new(), *list = g_byte_array_new(), *entry = g_byte_array_new();

    put(b, 1, 0);
    put_fill(entry, fill, n);
    put_vector(list, 3, entry);
    put(list, 2, 0);
    put_vector(b, 3, list);
    return b;
}

static inline wr_endpoint client(void)
{
    wr_endpoint e;

    wr_endpoint_from_text("10.0.0.1", 5000, &e);
    return e;
}

static inline wr_endpoint server(void)
{
    wr_endpoint e;

    wr_endpoint_from_text("10.0.0.2", 6000, &e);
    return e;
}

static inline void free_event(void *e)
{
    wr_dtls_event_free(e);
}

/* What a datagram, which is freed, gives; the caller unrefs the list. */
static inline GPtrArray *read_all(wr_dtls_reader *r, bool from_client, uint32_t channel, bool truncated, GByteArray *b)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(free_event);
    wr_endpoint c = client(), s = server();
    /* A copy of the exact size, so that a sanitizer sees every read beyond. */
    uint8_t *exact = g_memdup2(b->data, b->len);

    wr_dtls_read_datagram(r, from_client ? &c : &s, from_client ? &s : &c, channel, exact, b->len, truncated, out);
    g_free(exact);
    g_byte_array_unref(b);
    return out;
}

static inline const wr_dtls_event *event_at(const GPtrArray *events, guint i)
{
    g_assert_cmpuint(i, <, events->len);
    return g_ptr_array_index(events, i);
}

/* Kind of the only event; also WR_DTLS_FRAGMENT. */
static inline wr_dtls_kind only_kind(const GPtrArray *events)
{
    g_assert_cmpuint(events->len, ==, 1);
    return event_at(events, 0)->kind;
}

static inline wr_dtls_kind feed(wr_dtls_reader *r, bool from_client, GByteArray *b, bool *retransmission)
{
    GPtrArray *events = read_all(r, from_client, 0, false, b);
    wr_dtls_kind kind = only_kind(events);

    if (retransmission != NULL)
        *retransmission = event_at(events, 0)->retransmission;
    g_ptr_array_unref(events);
    return kind;
}

#endif
