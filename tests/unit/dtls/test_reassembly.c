/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fragments of handshake messages: order, overlap, repetition, second handshakes, bounds.
 */
#include "dtls_build.h"

static void fragments_in_any_order(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *body = certificate_12(0xaa, 900);
    GPtrArray *events;

    g_assert_cmpint(feed(r, false, fragment_datagram(11, 2, body, 600, 306), NULL), ==, WR_DTLS_FRAGMENT);
    g_assert_cmpint(feed(r, false, fragment_datagram(11, 2, body, 0, 300), NULL), ==, WR_DTLS_FRAGMENT);
    events = read_all(r, false, 0, false, fragment_datagram(11, 2, body, 300, 300));
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_CERTIFICATE);
    g_assert_false(event_at(events, 0)->retransmission);
    g_assert_cmpuint(event_at(events, 0)->n_certificates, ==, 1);
    g_assert_cmpuint(event_at(events, 0)->leaf->der_length, ==, 900);
    g_assert_cmpuint(event_at(events, 0)->message_seq, ==, 2);
    g_assert_cmpmem(event_at(events, 0)->body, event_at(events, 0)->body_length, body->data, body->len);
    g_ptr_array_unref(events);
    g_byte_array_unref(body);
    wr_dtls_reader_free(r);
}

static void overlapping_fragments(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *body = certificate_12(0xaa, 100);

    for (unsigned from = 0; from + 20 < body->len; from += 10)
        g_assert_cmpint(feed(r, false, fragment_datagram(11, 1, body, from, 20), NULL), ==, WR_DTLS_FRAGMENT);
    g_assert_cmpint(feed(r, false, fragment_datagram(11, 1, body, 0, body->len), NULL), ==, WR_DTLS_CERTIFICATE);
    g_byte_array_unref(body);
    wr_dtls_reader_free(r);
}

static void a_byte_at_a_time_and_both_directions_at_once(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *a = client_hello(1, NULL), *b = certificate_12(2, 30);
    unsigned done = 0;

    for (unsigned i = 0; i < a->len; i++) {
        done += feed(r, true, fragment_datagram(1, 0, a, i, 1), NULL) == WR_DTLS_CLIENT_HELLO;
        if (i < b->len)
            done += feed(r, false, fragment_datagram(11, 0, b, i, 1), NULL) == WR_DTLS_CERTIFICATE;
    }
    g_assert_cmpuint(done, ==, 2);
    g_byte_array_unref(a);
    g_byte_array_unref(b);
    wr_dtls_reader_free(r);
}

static void the_same_bytes_again_are_a_retransmission(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *body = certificate_12(0xaa, 300);
    bool again;

    feed(r, false, message_datagram(11, 2, body), &again);
    g_assert_false(again);
    g_assert_cmpint(feed(r, false, message_datagram(11, 2, body), &again), ==, WR_DTLS_CERTIFICATE);
    g_assert_true(again);
    /* cut elsewhere */
    g_assert_cmpint(feed(r, false, fragment_datagram(11, 2, body, 0, 100), &again), ==, WR_DTLS_FRAGMENT);
    g_assert_cmpint(feed(r, false, fragment_datagram(11, 2, body, 100, 206), &again), ==, WR_DTLS_CERTIFICATE);
    g_assert_true(again);
    g_byte_array_unref(body);
    wr_dtls_reader_free(r);
}

static void an_empty_message_is_complete_and_repeats(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *empty = g_byte_array_new();
    bool again;

    g_assert_cmpint(feed(r, false, message_datagram(14, 5, empty), &again), ==, WR_DTLS_SERVER_HELLO_DONE);
    g_assert_false(again);
    g_assert_cmpint(feed(r, false, message_datagram(14, 5, empty), &again), ==, WR_DTLS_SERVER_HELLO_DONE);
    g_assert_true(again);
    g_byte_array_unref(empty);
    wr_dtls_reader_free(r);
}

/* A certificate often stays the same from handshake to handshake: only the hello tells them apart. */
static void a_second_handshake_on_the_same_addresses(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *server_cert = certificate_12(0xaa, 300), *client_cert = certificate_12(0xbb, 300);

    for (uint8_t i = 1; i <= 2; i++) {
        GByteArray *ch = client_hello(i, NULL), *sh = server_hello((uint8_t)(i + 10), NULL);
        bool again;
        g_assert_cmpint(feed(r, true, message_datagram(1, 0, ch), &again), ==, WR_DTLS_CLIENT_HELLO);
        g_assert_false(again);
        g_assert_cmpint(feed(r, false, message_datagram(2, 0, sh), &again), ==, WR_DTLS_SERVER_HELLO);
        g_assert_false(again);
        g_assert_cmpint(feed(r, false, message_datagram(11, 1, server_cert), &again), ==, WR_DTLS_CERTIFICATE);
        g_assert_false(again);
        g_assert_cmpint(feed(r, true, message_datagram(11, 1, client_cert), &again), ==, WR_DTLS_CERTIFICATE);
        g_assert_false(again);
        g_assert_cmpint(feed(r, true, message_datagram(1, 0, ch), &again), ==, WR_DTLS_CLIENT_HELLO);
        g_assert_true(again);
        g_byte_array_unref(ch);
        g_byte_array_unref(sh);
    }
    g_byte_array_unref(server_cert);
    g_byte_array_unref(client_cert);
    wr_dtls_reader_free(r);
}

/* The second hello comes in fragments, the first of which says the same as the first hello did. */
static void a_second_handshake_in_fragments(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *ch1 = client_hello(1, NULL), *ch2 = client_hello(2, NULL), *cert = certificate_12(0xaa, 300);
    bool again;

    g_assert_cmpint(feed(r, true, message_datagram(1, 0, ch1), NULL), ==, WR_DTLS_CLIENT_HELLO);
    g_assert_cmpint(feed(r, false, message_datagram(11, 1, cert), NULL), ==, WR_DTLS_CERTIFICATE);
    g_assert_cmpint(feed(r, true, fragment_datagram(1, 0, ch2, 0, 2), NULL), ==, WR_DTLS_FRAGMENT);
    g_assert_cmpint(feed(r, true, fragment_datagram(1, 0, ch2, 2, ch2->len - 2), &again), ==, WR_DTLS_CLIENT_HELLO);
    g_assert_false(again);
    g_assert_cmpint(feed(r, true, message_datagram(1, 0, ch2), &again), ==, WR_DTLS_CLIENT_HELLO);
    g_assert_true(again);
    g_assert_cmpint(feed(r, false, message_datagram(11, 1, cert), &again), ==, WR_DTLS_CERTIFICATE);
    g_assert_false(again); /* of the new handshake */
    g_assert_cmpint(feed(r, true, message_datagram(1, 0, ch1), &again), ==, WR_DTLS_CLIENT_HELLO);
    g_assert_false(again);
    g_byte_array_unref(ch1);
    g_byte_array_unref(ch2);
    g_byte_array_unref(cert);
    wr_dtls_reader_free(r);
}

/* The first handshake lost the end of its certificate; the second lost its beginning at first. */
static void two_handshakes_do_not_mix(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *old = certificate_12(0xaa, 300), *fresh = certificate_12(0xbb, 300);
    GByteArray *ch1 = client_hello(1, NULL), *ch2 = client_hello(2, NULL);
    GPtrArray *events;

    feed(r, true, message_datagram(1, 0, ch1), NULL);
    g_assert_cmpint(feed(r, false, fragment_datagram(11, 1, old, 0, 200), NULL), ==, WR_DTLS_FRAGMENT);
    feed(r, true, message_datagram(1, 0, ch2), NULL);
    /* whose it is cannot be told yet: it is handed on with the old one as well, and signatures decide */
    g_assert_cmpint(feed(r, false, fragment_datagram(11, 1, fresh, 200, 106), NULL), ==, WR_DTLS_CERTIFICATE);
    events = read_all(r, false, 0, false, fragment_datagram(11, 1, fresh, 0, 200));
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_CERTIFICATE);
    g_assert_cmphex(event_at(events, 0)->leaf->der[0], ==, 0xbb);
    g_assert_cmphex(event_at(events, 0)->leaf->der[299], ==, 0xbb);
    g_ptr_array_unref(events);
    g_byte_array_unref(old);
    g_byte_array_unref(fresh);
    g_byte_array_unref(ch1);
    g_byte_array_unref(ch2);
    wr_dtls_reader_free(r);
}

/* The end of the new hello equals the old one's and arrives first: it still counts for the new one. */
static void a_new_hello_whose_end_is_like_the_old_one(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *ch1 = client_hello(1, NULL), *ch2 = client_hello(2, NULL);
    GPtrArray *events;

    feed(r, true, message_datagram(1, 0, ch1), NULL);
    g_assert_cmpint(feed(r, true, fragment_datagram(1, 0, ch2, 34, ch2->len - 34), NULL), ==, WR_DTLS_FRAGMENT);
    events = read_all(r, true, 0, false, fragment_datagram(1, 0, ch2, 0, 34));
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_CLIENT_HELLO);
    g_assert_false(event_at(events, 0)->retransmission);
    g_assert_cmphex(event_at(events, 0)->random[0], ==, 2);
    g_ptr_array_unref(events);
    g_byte_array_unref(ch1);
    g_byte_array_unref(ch2);
    wr_dtls_reader_free(r);
}

static void a_contradiction_is_kept_beside_the_earlier_fragments(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *a = certificate_12(0xaa, 300), *b = certificate_12(0xbb, 300);
    GPtrArray *events;
    bool found = false;

    feed(r, false, fragment_datagram(11, 1, a, 0, 200), NULL);
    events = read_all(r, false, 0, false, fragment_datagram(11, 1, b, 100, 206));
    g_assert_nonnull(event_at(events, 0)->problem);
    g_assert_true(event_at(events, 0)->restarted);
    g_ptr_array_unref(events);
    events = read_all(r, false, 0, false, fragment_datagram(11, 1, b, 0, 100));
    for (unsigned i = 0; i < events->len; i++)
        found |= event_at(events, i)->leaf != NULL && memcmp(event_at(events, i)->body, b->data, b->len) == 0;
    g_assert_true(found);
    g_ptr_array_unref(events);
    g_byte_array_unref(a);
    g_byte_array_unref(b);
    wr_dtls_reader_free(r);
}

/* Somebody's fragment among those of a certificate, before or behind what it contradicts: the true one is handed on,
 * whatever comes beside it. */
static void a_foreign_fragment_hides_nothing(void)
{
    static const struct {
        uint32_t at, n;
    } foreign[] = {{0, 100}, {150, 100}, {250, 56}, {200, 106}, {0, 200}};

    for (unsigned when = 0; when < 3; when++) {
        for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++) {
            wr_dtls_reader *r = wr_dtls_reader_new();
            GByteArray *a = certificate_12(0xaa, 300), *b = certificate_12(0xbb, 300);
            bool found = false;
            for (unsigned step = 0; step < 3; step++) {
                GPtrArray *events = read_all(r, false, 0, false,
                                             step == when ? fragment_datagram(11, 1, b, foreign[i].at, foreign[i].n)
                                             : step == (when == 0 ? 1 : 0) ? fragment_datagram(11, 1, a, 0, 200)
                                                                           : fragment_datagram(11, 1, a, 200, 106));
                for (unsigned k = 0; k < events->len; k++) {
                    const wr_dtls_event *e = event_at(events, k);
                    found |= e->leaf != NULL && memcmp(e->body, a->data, a->len) == 0;
                }
                g_ptr_array_unref(events);
            }
            g_assert_true(found);
            g_byte_array_unref(a);
            g_byte_array_unref(b);
            wr_dtls_reader_free(r);
        }
    }
}

static void channels_of_one_allocation_are_apart(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *a = certificate_12(0xaa, 300), *b = certificate_12(0xbb, 300);
    GPtrArray *events;

    g_ptr_array_unref(read_all(r, false, 0x4000, false, fragment_datagram(11, 1, a, 0, 200)));
    g_ptr_array_unref(read_all(r, false, 0x4001, false, fragment_datagram(11, 1, b, 0, 200)));
    events = read_all(r, false, 0x4000, false, fragment_datagram(11, 1, a, 200, 106));
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_CERTIFICATE);
    g_assert_cmphex(event_at(events, 0)->leaf->der[0], ==, 0xaa);
    g_ptr_array_unref(events);
    events = read_all(r, false, 0x4001, false, fragment_datagram(11, 1, b, 200, 106));
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_CERTIFICATE);
    g_assert_cmphex(event_at(events, 0)->leaf->der[0], ==, 0xbb);
    g_ptr_array_unref(events);
    g_byte_array_unref(a);
    g_byte_array_unref(b);
    wr_dtls_reader_free(r);
}

/* The version that the ServerHello chose says how a Certificate is laid out; without it the layout itself does. */
static void certificate_lists_of_12_and_13(void)
{
    GByteArray *l12 = certificate_12(0xaa, 100), *l13 = certificate_13(0xbb, 100), *empty = bytes_of("\0\0\0", 3);
    /* one entry of no bytes is no certificate; behind another it makes the list wrong */
    GByteArray *hollow = bytes_of("\0\0\3\0\0\0", 6), *hollow13 = bytes_of("\0\0\0\5\0\0\0\0\0", 9);
    GByteArray *second = bytes_of("\0\0\7\0\0\1\x30\0\0\0", 10);
    GByteArray *empty13 = bytes_of("\0\0\0\0", 4), *broken = bytes_of("\0\0\5\0\0\x09\1\1\1", 9);
    GByteArray *raw = bytes_of("\0\0\4\x30\2\5\0", 7);
    const struct {
        const GByteArray *body;
        wr_dtls_kind kind;
        unsigned certificates;
    } cases[] = {
        {l12, WR_DTLS_CERTIFICATE, 1},     {l13, WR_DTLS_CERTIFICATE, 1},      {empty, WR_DTLS_CERTIFICATE, 0},
        {empty13, WR_DTLS_CERTIFICATE, 0}, {broken, WR_DTLS_PROBLEM, 0},       {raw, WR_DTLS_OTHER_HANDSHAKE, 0},
        {hollow, WR_DTLS_CERTIFICATE, 0},  {hollow13, WR_DTLS_CERTIFICATE, 0}, {second, WR_DTLS_PROBLEM, 0}};

    for (int version = 0; version < 3; version++) {
        wr_dtls_reader *r = wr_dtls_reader_new();
        if (version > 0) {
            GByteArray *extensions = g_byte_array_new(), *sh;
            if (version == 2)
                put_extension(extensions, 43, bytes_of("\xfe\xfc", 2));
            sh = server_hello(9, extensions);
            feed(r, false, message_datagram(2, 0, sh), NULL);
            g_byte_array_unref(sh);
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            GPtrArray *events = read_all(r, false, 0, false, message_datagram(11, i + 1, cases[i].body));
            const wr_dtls_event *e = event_at(events, 0);
            g_assert_cmpint(only_kind(events), ==, cases[i].kind);
            g_assert_cmpuint(e->n_certificates, ==, cases[i].certificates);
            g_assert_true((e->leaf != NULL) == (cases[i].certificates > 0));
            g_assert_true((e->problem == NULL) ==
                          (cases[i].kind == WR_DTLS_CERTIFICATE && e->leaf == NULL && cases[i].body->len <= 4));
            g_ptr_array_unref(events);
        }
        wr_dtls_reader_free(r);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        g_byte_array_unref((GByteArray *)cases[i].body);
}

/* More unfinished messages than a reader keeps: the oldest go, and that is counted. */
static void bounds_are_kept_and_counted(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *body = certificate_12(0xaa, 60000), *small = certificate_12(0xbb, 30);
    GPtrArray *out = g_ptr_array_new_with_free_func(free_event);
    wr_endpoint c = client(), s = server();

    for (unsigned seq = 0; seq < WR_DTLS_MAX_FLOW_MESSAGES + 10; seq++)
        feed(r, false, fragment_datagram(11, seq, small, 0, 10), NULL);
    g_assert_cmpuint(wr_dtls_reader_dropped(r), ==, 10);
    for (unsigned port = 1; port <= 2000; port++) {
        GByteArray *b = fragment_datagram(11, 1, body, 0, 10);
        c.port = (uint16_t)port;
        wr_dtls_read_datagram(r, &s, &c, 0, b->data, b->len, false, out);
        g_ptr_array_set_size(out, 0);
        g_byte_array_unref(b);
    }
    /* 67,512 bytes each, so some 490 fit in the bound. */
    g_assert_cmpuint(wr_dtls_reader_dropped(r), >, 1500);
    /* The youngest is still there; a record cannot hold all of it, so it comes in parts. */
    for (unsigned from = 10; from < body->len; from += 15000) {
        GByteArray *b = fragment_datagram(11, 1, body, from, MIN(15000, body->len - from));
        g_ptr_array_set_size(out, 0);
        wr_dtls_read_datagram(r, &s, &c, 0, b->data, b->len, false, out);
        g_byte_array_unref(b);
    }
    g_assert_cmpint(only_kind(out), ==, WR_DTLS_CERTIFICATE);
    g_ptr_array_unref(out);
    g_byte_array_unref(body);
    g_byte_array_unref(small);
    wr_dtls_reader_free(r);
}

static void many_flows_are_bounded(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *body = certificate_12(0xaa, 30);
    GPtrArray *out = g_ptr_array_new_with_free_func(free_event);
    wr_endpoint c = client(), s = server();

    for (unsigned port = 1; port <= WR_DTLS_MAX_ASSOCIATIONS + 5; port++) {
        GByteArray *b = fragment_datagram(11, 1, body, 0, 10);
        c.port = (uint16_t)port;
        wr_dtls_read_datagram(r, &s, &c, 0, b->data, b->len, false, out);
        g_ptr_array_set_size(out, 0);
        g_byte_array_unref(b);
    }
    g_assert_cmpuint(wr_dtls_reader_dropped(r), ==, 5);
    g_ptr_array_unref(out);
    g_byte_array_unref(body);
    wr_dtls_reader_free(r);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dtls_reassembly/any-order", fragments_in_any_order);
    g_test_add_func("/dtls_reassembly/overlap", overlapping_fragments);
    g_test_add_func("/dtls_reassembly/a-byte-at-a-time-both-directions", a_byte_at_a_time_and_both_directions_at_once);
    g_test_add_func("/dtls_reassembly/retransmission", the_same_bytes_again_are_a_retransmission);
    g_test_add_func("/dtls_reassembly/empty-message", an_empty_message_is_complete_and_repeats);
    g_test_add_func("/dtls_reassembly/second-handshake", a_second_handshake_on_the_same_addresses);
    g_test_add_func("/dtls_reassembly/two-handshakes-do-not-mix", two_handshakes_do_not_mix);
    g_test_add_func("/dtls_reassembly/new-hello-like-the-old", a_new_hello_whose_end_is_like_the_old_one);
    g_test_add_func("/dtls_reassembly/second-in-fragments", a_second_handshake_in_fragments);
    g_test_add_func("/dtls_reassembly/foreign", a_foreign_fragment_hides_nothing);
    g_test_add_func("/dtls_reassembly/contradiction", a_contradiction_is_kept_beside_the_earlier_fragments);
    g_test_add_func("/dtls_reassembly/channels-are-apart", channels_of_one_allocation_are_apart);
    g_test_add_func("/dtls_reassembly/certificate-lists", certificate_lists_of_12_and_13);
    g_test_add_func("/dtls_reassembly/bounds", bounds_are_kept_and_counted);
    g_test_add_func("/dtls_reassembly/many-flows", many_flows_are_bounded);
    return g_test_run();
}
