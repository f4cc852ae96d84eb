/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was read is where its span says, in the body of the message; and events say where they stand in the datagram. */
#include "dtls_build.h"

/* The bytes of the body that a span means. */
static void assert_at(const wr_dtls_event *e, wr_span span, const void *bytes, size_t n)
{
    g_assert_cmpuint(span.offset + span.length, <=, e->body_length);
    g_assert_cmpmem(e->body + span.offset, span.length, bytes, n);
}

static GPtrArray *read_one(wr_dtls_reader *r, uint8_t type, GByteArray *body)
{
    GPtrArray *events = read_all(r, true, 0, false, message_datagram(type, 0, body));

    g_assert_cmpuint(events->len, ==, 1);
    g_byte_array_unref(body);
    return events;
}

static void of_a_client_hello(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *x = g_byte_array_new();
    GPtrArray *events;
    const wr_dtls_event *e;
    uint8_t random[WR_DTLS_RANDOM];

    put_extension(x, 0, bytes_of("\0\6\0\0\3abc", 8));
    put_extension(x, 14, bytes_of("\0\4\0\7\0\1\2mk", 9));
    put_extension(x, 16, bytes_of("\0\7\2c1\3web", 9));
    put_extension(x, 23, g_byte_array_new());
    put_extension(x, 35, bytes_of("ticket", 6));
    put_extension(x, 43, bytes_of("\6\x0a\x0a\xfe\xfc\xfe\xfd", 7));
    put_extension(x, 55, bytes_of("\4hash", 5));
    put_extension(x, 56, bytes_of("\3tls", 4));
    events = read_one(r, 1, client_hello(0x11, x));
    e = event_at(events, 0);
    memset(random, 0x11, sizeof random);
    assert_at(e, e->at.version, "\xfe\xfc", 2);
    assert_at(e, e->at.random, random, sizeof random);
    assert_at(e, e->at.suites, "\xc0\x2b\x13\x01", 4);
    assert_at(e, e->at.server_name, "abc", 3);
    assert_at(e, e->at.profiles, "\0\7\0\1", 4);
    assert_at(e, e->at.mki_length, "\2", 1);
    assert_at(e, e->at.alpn, "c1", 2);
    assert_at(e, e->at.ems, "\0\x17\0\0", 4);
    assert_at(e, e->at.ticket, "\0\x23\0\6ticket", 10);
    assert_at(e, e->at.external_id_hash, "hash", 4);
    assert_at(e, e->at.external_session_id, "tls", 3);
    g_assert_cmpuint(e->at.cookie.length, ==, 0);
    g_assert_cmpuint(e->at.psk.length, ==, 0);
    g_ptr_array_unref(events);
    wr_dtls_reader_free(r);
}

static void of_a_server_hello(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GPtrArray *events = read_one(r, 2, server_hello(3, NULL));
    const wr_dtls_event *e = event_at(events, 0);

    assert_at(e, e->at.version, "\xfe\xfd", 2);
    assert_at(e, e->at.suites, "\xc0\x2b", 2);
    g_assert_cmpuint(e->at.compression.offset, ==, e->at.suites.offset + 2);
    g_assert_cmpuint(e->at.compression.length, ==, 1);
    g_ptr_array_unref(events);
    wr_dtls_reader_free(r);
}

static void of_a_certificate(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GPtrArray *events = read_one(r, 11, certificate_12(0xaa, 50));
    const wr_dtls_event *e = event_at(events, 0);

    assert_at(e, e->at.leaf, e->leaf->der, e->leaf->der_length);
    g_assert_cmpuint(e->at.certificates.offset, ==, 3);
    g_assert_cmpuint(e->at.certificates.length, ==, 53);
    g_ptr_array_unref(events);
    wr_dtls_reader_free(r);
}

static void of_records_and_fragments(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *b = g_byte_array_new(), *hs = g_byte_array_new(), *done = g_byte_array_new(),
               *sh = server_hello(1, NULL);
    GPtrArray *events;
    const wr_dtls_event *e;

    put_message(hs, 2, 0, sh);
    put_message(hs, 14, 1, done);
    put_record(b, 22, 0, hs);
    put_record(b, 21, 0, bytes_of("\2\x2a", 2));
    put(b, 1, 0x2e);
    put(b, 2, 0x1234);
    put(b, 2, 20);
    put_fill(b, 0x99, 20);
    put_bytes(b, "tail", 4);
    events = read_all(r, true, 0, false, b);
    g_assert_cmpuint(events->len, ==, 5);
    e = event_at(events, 0);
    g_assert_cmpuint(e->record_offset, ==, 0);
    g_assert_cmpuint(e->offset, ==, 13);
    g_assert_cmpuint(e->size, ==, 12 + sh->len);
    e = event_at(events, 1);
    g_assert_cmpuint(e->record_offset, ==, 0);
    g_assert_cmpuint(e->offset, ==, 13 + 12 + sh->len);
    g_assert_cmpuint(e->size, ==, 12);
    e = event_at(events, 2); /* the alert: all of its record */
    g_assert_cmpuint(e->record_offset, ==, e->offset);
    g_assert_cmpuint(e->content_offset, ==, e->offset + 13);
    g_assert_cmpuint(e->size, ==, 15);
    e = event_at(events, 3); /* a record of 1.3 */
    g_assert_cmpuint(e->content_offset, ==, e->offset + 5);
    g_assert_cmpuint(e->size, ==, 25);
    e = event_at(events, 4); /* what is no record */
    g_assert_cmpint(e->kind, ==, WR_DTLS_PROBLEM);
    g_assert_cmpuint(e->size, ==, 4);
    g_ptr_array_unref(events);
    g_byte_array_unref(sh);
    g_byte_array_unref(done);
    wr_dtls_reader_free(r);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spans/client-hello", of_a_client_hello);
    g_test_add_func("/spans/server-hello", of_a_server_hello);
    g_test_add_func("/spans/certificate", of_a_certificate);
    g_test_add_func("/spans/records-and-fragments", of_records_and_fragments);
    return g_test_run();
}
