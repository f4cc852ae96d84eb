/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DTLS records and hellos built by hand: what is read, and what is said of broken ones.
 */
#include "dtls_build.h"

static GPtrArray *read_fresh(GByteArray *b, bool truncated)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GPtrArray *events = read_all(r, true, 0, truncated, b);

    wr_dtls_reader_free(r);
    return events;
}

static GByteArray *use_srtp(const uint16_t *profiles, unsigned n, unsigned mki)
{
    GByteArray *b = g_byte_array_new(), *list = g_byte_array_new();

    for (unsigned i = 0; i < n; i++)
        put(list, 2, profiles[i]);
    put_vector(b, 2, list);
    put(b, 1, mki);
    put_fill(b, 0x55, mki);
    return b;
}

static void a_client_hello_with_extensions(void)
{
    static const uint16_t profiles[] = {0x0007, 0x0001};
    GByteArray *x = g_byte_array_new(), *body;
    GPtrArray *events;
    const wr_dtls_event *e;

    put_extension(x, 0,
                  bytes_of("\0\x0e\0\0\x0b"
                           "example.org",
                           16));
    put_extension(x, 14, use_srtp(profiles, 2, 4));
    put_extension(x, 16,
                  bytes_of("\0\x0e\x06webrtc\x06"
                           "c-webr",
                           16));
    put_extension(x, 23, g_byte_array_new());
    put_extension(x, 35, g_byte_array_new());
    put_extension(x, 43, bytes_of("\x06\x0a\x0a\xfe\xfc\xfe\xfd", 7));
    put_extension(x, 56,
                  bytes_of("\x03"
                           "abc",
                           4));
    body = client_hello(0x11, x);
    events = read_fresh(message_datagram(1, 0, body), false);
    e = event_at(events, 0);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_CLIENT_HELLO);
    g_assert_null(e->problem);
    g_assert_cmphex(e->hello_version, ==, 0xfefd);
    g_assert_cmphex(e->negotiated, ==, 0xfefc);
    g_assert_true(e->offers_13);
    g_assert_cmphex(e->random[31], ==, 0x11);
    g_assert_cmpuint(e->n_suites, ==, 2);
    g_assert_cmphex(e->suites[0], ==, 0xc02b);
    g_assert_true(e->has_use_srtp);
    g_assert_cmpuint(e->n_profiles, ==, 2);
    g_assert_cmpuint(e->profiles[1], ==, 1);
    g_assert_cmpuint(e->mki_length, ==, 4);
    g_assert_cmpstr(e->alpn, ==, "webrtc");
    g_assert_cmpstr(e->server_name, ==, "example.org");
    g_assert_true(e->has_ems);
    g_assert_false(e->has_ticket); /* an empty one is an offer to take tickets, not a ticket */
    g_assert_false(e->has_psk);
    g_assert_false(e->has_cookie);
    g_assert_cmpmem(e->external_session_id, e->external_session_id_length, "abc", 3);
    g_ptr_array_unref(events);
    g_byte_array_unref(body);
}

static void a_ticket_given_and_presented(void)
{
    GByteArray *given = bytes_of("\0\0\x1c\x20\0\x06"
                                 "ticket",
                                 12),
               *longer = bytes_of("\0\0\x1c\x20\0\x07"
                                  "ticket",
                                  12),
               *x = g_byte_array_new(), *hello;
    GPtrArray *first = read_fresh(message_datagram(4, 0, given), false),
              *broken = read_fresh(message_datagram(4, 0, longer), false), *second;

    put_extension(x, 35, bytes_of("ticket", 6));
    hello = client_hello(0x11, x);
    second = read_fresh(message_datagram(1, 0, hello), false);
    g_assert_cmpint(only_kind(first), ==, WR_DTLS_OTHER_HANDSHAKE);
    g_assert_true(event_at(first, 0)->has_ticket_digest);
    g_assert_false(event_at(broken, 0)->has_ticket_digest);
    g_assert_true(event_at(second, 0)->has_ticket);
    g_assert_true(event_at(second, 0)->has_ticket_digest);
    g_assert_cmpmem(event_at(first, 0)->ticket_digest, 32, event_at(second, 0)->ticket_digest, 32);
    g_ptr_array_unref(first);
    g_ptr_array_unref(broken);
    g_ptr_array_unref(second);
    g_byte_array_unref(given);
    g_byte_array_unref(longer);
    g_byte_array_unref(hello);
}

static void a_client_hello_over_two_datagrams(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *x = g_byte_array_new(), *big = g_byte_array_new(), *body;

    put_fill(big, 0x77, 1500);
    put_extension(x, 51, big); /* key_share, post-quantum */
    body = client_hello(1, x);
    g_assert_cmpint(feed(r, true, fragment_datagram(1, 0, body, 0, 1200), NULL), ==, WR_DTLS_FRAGMENT);
    g_assert_cmpint(feed(r, true, fragment_datagram(1, 0, body, 1200, body->len - 1200), NULL), ==,
                    WR_DTLS_CLIENT_HELLO);
    g_byte_array_unref(body);
    wr_dtls_reader_free(r);
}

static void server_hellos_and_their_versions(void)
{
    GByteArray *x = g_byte_array_new(), *body = server_hello(3, NULL);
    GPtrArray *events = read_fresh(message_datagram(2, 0, body), false);

    g_assert_cmpint(only_kind(events), ==, WR_DTLS_SERVER_HELLO);
    g_assert_cmphex(event_at(events, 0)->negotiated, ==, 0xfefd);
    g_assert_cmphex(event_at(events, 0)->suites[0], ==, 0xc02b);
    g_assert_false(event_at(events, 0)->downgrade_sentinel);
    g_ptr_array_unref(events);

    memcpy(body->data + 2 + 24, "DOWNGRD\1", 8);
    events = read_fresh(message_datagram(2, 0, body), false);
    g_assert_true(event_at(events, 0)->downgrade_sentinel);
    g_ptr_array_unref(events);
    g_byte_array_unref(body);

    put_extension(x, 43, bytes_of("\xfe\xfc", 2));
    put_extension(x, 41, bytes_of("\0\0", 2));
    body = server_hello(3, x);
    events = read_fresh(message_datagram(2, 1, body), false);
    g_assert_cmphex(event_at(events, 0)->negotiated, ==, 0xfefc);
    g_assert_true(event_at(events, 0)->has_psk);
    g_ptr_array_unref(events);

    {
        /* sha256sum of "HelloRetryRequest" */
        static const uint8_t retry[32] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                          0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                          0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
        memcpy(body->data + 2, retry, sizeof retry);
    }
    events = read_fresh(message_datagram(2, 0, body), false);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_HELLO_RETRY_REQUEST);
    g_ptr_array_unref(events);
    g_byte_array_unref(body);
}

static void a_hello_verify_request(void)
{
    GByteArray *body = bytes_of("\xfe\xff\x04"
                                "cook",
                                7);
    GPtrArray *events = read_fresh(message_datagram(3, 0, body), false);

    g_assert_cmpint(only_kind(events), ==, WR_DTLS_HELLO_VERIFY_REQUEST);
    g_assert_true(event_at(events, 0)->has_cookie);
    g_assert_null(event_at(events, 0)->problem);
    g_ptr_array_unref(events);
    g_byte_array_unref(body);
}

static void a_broken_extension_leaves_the_hello_readable(void)
{
    GByteArray *x = g_byte_array_new(), *body;
    GPtrArray *events;

    put(x, 2, 14);
    put(x, 2, 200); /* longer than the list */
    body = client_hello(1, x);
    events = read_fresh(message_datagram(1, 0, body), false);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_CLIENT_HELLO);
    g_assert_cmpuint(event_at(events, 0)->n_suites, ==, 2);
    g_assert_nonnull(strstr(event_at(events, 0)->problem, "extension"));
    g_ptr_array_unref(events);
    g_byte_array_unref(body);
}

/* Every proper beginning of a hello: a word on it, never a hello, until the extensions begin. */
static void hellos_that_end_early(void)
{
    for (unsigned type = 1; type <= 2; type++) {
        GByteArray *whole = type == 1 ? client_hello(1, NULL) : server_hello(1, NULL);
        for (unsigned n = 0; n < whole->len; n++) {
            GByteArray *part = bytes_of((const char *)whole->data, n);
            GPtrArray *events = read_fresh(message_datagram((uint8_t)type, 0, part), false);
            g_assert_cmpint(only_kind(events), ==, WR_DTLS_PROBLEM);
            g_assert_nonnull(event_at(events, 0)->problem);
            g_ptr_array_unref(events);
            g_byte_array_unref(part);
        }
        g_byte_array_unref(whole);
    }
}

static void several_records_and_messages_in_one_datagram(void)
{
    GByteArray *b = g_byte_array_new(), *hs = g_byte_array_new(), *sh = server_hello(1, NULL);
    GByteArray *cert = certificate_12(0xaa, 50), *empty = g_byte_array_new(), *cut = g_byte_array_new();
    GPtrArray *events;

    put_message(hs, 2, 0, sh);
    put_message(hs, 11, 1, cert);
    put_record(b, 22, 0, hs);
    put_message(cut, 14, 2, empty);
    put_record(b, 22, 0, cut);
    put_record(b, 20, 0, bytes_of("\1", 1));
    put_record(b, 22, 1, bytes_of("0123456789012345678901234567890123456789", 40));
    put_record(b, 21, 1, bytes_of("0123456789012345678901234567890123456789", 26));
    put_record(b, 23, 1, bytes_of("0123456789012345678901234567890123456789", 30));
    put_record(b, 21, 0, bytes_of("\2\x2a", 2));
    events = read_fresh(b, false);
    {
        static const wr_dtls_kind kinds[] = {
            WR_DTLS_SERVER_HELLO,        WR_DTLS_CERTIFICATE,     WR_DTLS_SERVER_HELLO_DONE, WR_DTLS_CHANGE_CIPHER_SPEC,
            WR_DTLS_ENCRYPTED_HANDSHAKE, WR_DTLS_ENCRYPTED_ALERT, WR_DTLS_APPLICATION_DATA,  WR_DTLS_ALERT};
        g_assert_cmpuint(events->len, ==, G_N_ELEMENTS(kinds));
        for (guint i = 0; i < events->len; i++)
            g_assert_cmpint(event_at(events, i)->kind, ==, kinds[i]);
    }
    g_assert_cmpuint(event_at(events, 7)->alert_level, ==, 2);
    g_assert_cmpuint(event_at(events, 7)->alert_description, ==, 42);
    g_assert_cmpuint(event_at(events, 4)->epoch, ==, 1);
    g_assert_cmpuint(event_at(events, 0)->offset, ==, 13);
    g_ptr_array_unref(events);
    g_byte_array_unref(sh);
    g_byte_array_unref(cert);
    g_byte_array_unref(empty);
}

/* 0x2e: no connection id, 16-bit sequence, length present, epoch 2; 0x23: no length, epoch 3; 0x37: with an id. */
static void unified_headers(void)
{
    GByteArray *b = message_datagram(14, 1, (const GByteArray *)&(GByteArray){.data = NULL, .len = 0});
    GPtrArray *events;

    put(b, 1, 0x2e);
    put(b, 2, 0x1234);
    put(b, 2, 20);
    put_fill(b, 0x99, 20);
    put(b, 1, 0x23);
    put(b, 1, 0x56);
    put_fill(b, 0x99, 40);
    events = read_fresh(b, false);
    g_assert_cmpuint(events->len, ==, 3);
    g_assert_cmpint(event_at(events, 1)->kind, ==, WR_DTLS_ENCRYPTED_RECORD_13);
    g_assert_cmpuint(event_at(events, 1)->epoch, ==, 2);
    g_assert_cmpuint(event_at(events, 1)->record_length, ==, 20);
    g_assert_cmpuint(event_at(events, 1)->record_version, ==, 0);
    g_assert_cmpint(event_at(events, 2)->kind, ==, WR_DTLS_ENCRYPTED_RECORD_13);
    g_assert_cmpuint(event_at(events, 2)->epoch, ==, 3);
    g_assert_cmpuint(event_at(events, 2)->record_length, ==, 40);
    g_assert_null(event_at(events, 2)->problem);
    g_ptr_array_unref(events);

    b = g_byte_array_new();
    put(b, 1, 0x37);
    put_fill(b, 0x99, 40);
    events = read_fresh(b, false);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_ENCRYPTED_RECORD_13);
    g_assert_true(event_at(events, 0)->has_connection_id);
    g_ptr_array_unref(events);

    b = g_byte_array_new();
    put(b, 1, 0x2e);
    put(b, 2, 1);
    put(b, 2, 21);
    put_fill(b, 0x99, 20);
    events = read_fresh(b, false);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_PROBLEM);
    g_ptr_array_unref(events);
}

static void records_with_a_connection_id(void)
{
    GByteArray *b = g_byte_array_new();
    GPtrArray *events;

    put_record(b, 25, 1, bytes_of("whatever the id and its length make of this", 40));
    events = read_fresh(b, false);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_APPLICATION_DATA);
    g_assert_true(event_at(events, 0)->has_connection_id);
    g_ptr_array_unref(events);
}

static void records_cut_by_the_capture(void)
{
    GByteArray *body = certificate_12(0xaa, 300), *b = message_datagram(11, 1, body);
    GPtrArray *events;

    g_byte_array_set_size(b, 100);
    events = read_fresh(b, true);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_PROBLEM);
    g_assert_nonnull(strstr(event_at(events, 0)->problem, "capture"));
    g_assert_cmpuint(event_at(events, 0)->handshake_type, ==, 11);
    g_ptr_array_unref(events);

    b = g_byte_array_new();
    put_record(b, 23, 1, bytes_of("0123456789012345678901234567890123456789", 40));
    g_byte_array_set_size(b, 20);
    events = read_fresh(b, true);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_APPLICATION_DATA);
    g_ptr_array_unref(events);
    g_byte_array_unref(body);
}

static void expect_problem(GByteArray *b, const char *word)
{
    GPtrArray *events = read_fresh(b, false);
    bool found = false;

    for (guint i = 0; i < events->len; i++) {
        const wr_dtls_event *e = event_at(events, i);
        found |= e->problem != NULL && strstr(e->problem, word) != NULL;
    }
    if (!found) {
        g_test_message("nothing says \"%s\"", word);
        g_test_fail();
    }
    g_ptr_array_unref(events);
}

static GByteArray *hostile_fragment(unsigned length, unsigned from, unsigned n)
{
    GByteArray *hs = g_byte_array_new(), *b = g_byte_array_new();

    put(hs, 1, 11);
    put(hs, 3, length);
    put(hs, 2, 0);
    put(hs, 3, from);
    put(hs, 3, n);
    put_fill(hs, 1, 20);
    put_record(b, 22, 0, hs);
    return b;
}

static void hostile_lengths_are_named(void)
{
    GByteArray *b = g_byte_array_new();

    expect_problem(hostile_fragment(100, 90, 20), "beyond the end");
    expect_problem(hostile_fragment(0xffffff, 0, 20), "65536");
    expect_problem(hostile_fragment(100, 0xffffff, 20), "beyond the end");
    expect_problem(hostile_fragment(100, 0, 100), "longer than its record");
    put_record(b, 22, 0, bytes_of("\1\0\0\0\0", 5));
    expect_problem(b, "within a message header");
    b = g_byte_array_new();
    put_record(b, 21, 0, bytes_of("\2", 1));
    expect_problem(b, "alert");
    b = g_byte_array_new();
    put_record(b, 21, 0, bytes_of("\7\x2a", 2));
    expect_problem(b, "level");
    b = g_byte_array_new();
    put_record(b, 20, 0, bytes_of("\2", 1));
    expect_problem(b, "change cipher spec");
    put_bytes((b = bytes_of("\x16\xfe\xfd\0\0\0\0\0\0\0\1\0\x40", 13)), "short", 5);
    expect_problem(b, "longer than its datagram");
    b = g_byte_array_new();
    put_record(b, 23, 1, bytes_of("x", 1));
    put_bytes(b, "trailing", 8);
    expect_problem(b, "follow the last record");
    b = g_byte_array_new();
    put_record(b, 24, 0, bytes_of("\1\x40\0abc", 6));
    expect_problem(b, "Heartbleed");
    b = g_byte_array_new();
    put_record(b, 23, 0, bytes_of("x", 1));
    expect_problem(b, "epoch 0");
    expect_problem(bytes_of("nothing", 7), "does not begin");
}

static void events_of_a_datagram_are_bounded(void)
{
    GByteArray *b = g_byte_array_new();
    GPtrArray *events;

    for (unsigned i = 0; i < 3 * WR_DTLS_MAX_EVENTS; i++)
        put_record(b, 21, 0, bytes_of("\1\0", 2));
    events = read_fresh(b, false);
    g_assert_cmpuint(events->len, ==, WR_DTLS_MAX_EVENTS + 1);
    g_assert_cmpint(event_at(events, WR_DTLS_MAX_EVENTS)->kind, ==, WR_DTLS_PROBLEM);
    g_ptr_array_unref(events);
}

static void without_a_reader_only_messages_are_missing(void)
{
    GByteArray *body = client_hello(1, NULL), *b = message_datagram(1, 0, body);
    GPtrArray *events;

    put_record(b, 23, 1, bytes_of("x", 1));
    events = read_all(NULL, true, 0, false, b);
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_APPLICATION_DATA);
    g_ptr_array_unref(events);
    g_byte_array_unref(body);
}

static void what_looks_like_dtls(void)
{
    static const uint8_t plain[] = {22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200};
    static const uint8_t tls[] = {22, 3, 3, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8};
    static const uint8_t huge[] = {22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const uint8_t stun[] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t rtp[] = {0x80, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    uint8_t unified[5 + 20] = {0x2e, 0, 1, 0, 20};

    g_assert_true(wr_dtls_looks_like(plain, sizeof plain, false));
    g_assert_false(wr_dtls_looks_like(plain, sizeof plain - 1, false));
    g_assert_false(wr_dtls_looks_like(tls, sizeof tls, true));
    g_assert_false(wr_dtls_looks_like(huge, sizeof huge, true));
    g_assert_false(wr_dtls_looks_like(stun, sizeof stun, true));
    g_assert_false(wr_dtls_looks_like(rtp, sizeof rtp, true));
    g_assert_false(wr_dtls_looks_like(unified, sizeof unified, false));
    g_assert_true(wr_dtls_looks_like(unified, sizeof unified, true));
    unified[4] = 3; /* too short to be encrypted */
    g_assert_false(wr_dtls_looks_like(unified, sizeof unified, true));
    g_assert_false(wr_dtls_looks_like(NULL, 0, true));
}

static GPtrArray *read_decrypted(wr_dtls_reader *r, GByteArray *b)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(free_event);
    wr_endpoint c = client(), s = server();
    uint8_t *exact = g_memdup2(b->data, b->len);

    wr_dtls_read_decrypted(r, &s, &c, 0, exact, b->len, out);
    g_free(exact);
    g_byte_array_unref(b);
    return out;
}

static void decrypted_messages(void)
{
    static const uint16_t chosen[] = {0x0007};
    wr_dtls_reader *r = wr_dtls_reader_new();
    GByteArray *cert = certificate_13(0xaa, 50), *x = g_byte_array_new(), *ee = g_byte_array_new();
    GByteArray *finished = bytes_of("0123456789012345678901234567890123456789", 32), *b = g_byte_array_new();
    GPtrArray *events;

    put_extension(x, 14, use_srtp(chosen, 1, 0));
    put_vector(ee, 2, x);
    put_message(b, 8, 1, ee);
    put_message(b, 11, 2, cert);
    put_message(b, 20, 4, finished);
    put(b, 1, 22); /* inner type and padding */
    put(b, 2, 0);
    events = read_decrypted(r, b);
    g_assert_cmpuint(events->len, ==, 3);
    g_assert_cmpint(event_at(events, 0)->kind, ==, WR_DTLS_ENCRYPTED_EXTENSIONS);
    g_assert_true(event_at(events, 0)->has_use_srtp);
    g_assert_cmpuint(event_at(events, 0)->profiles[0], ==, 7);
    g_assert_cmpint(event_at(events, 1)->kind, ==, WR_DTLS_CERTIFICATE);
    g_assert_true(event_at(events, 1)->decrypted);
    g_assert_cmpuint(event_at(events, 1)->leaf->der_length, ==, 50);
    g_assert_cmpint(event_at(events, 2)->kind, ==, WR_DTLS_FINISHED);
    g_ptr_array_unref(events);

    events = read_decrypted(r, bytes_of("\2\x2e", 2));
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_ALERT);
    g_assert_true(event_at(events, 0)->decrypted);
    g_assert_cmpuint(event_at(events, 0)->alert_description, ==, 46);
    g_ptr_array_unref(events);
    events = read_decrypted(r, bytes_of("\1\0\x15\0\0", 5));
    g_assert_cmpint(only_kind(events), ==, WR_DTLS_ALERT);
    g_ptr_array_unref(events);

    /* SCTP from port 5000 to port 5000, and nothing at all */
    events = read_decrypted(r, bytes_of("\x13\x88\x13\x88\0\0\0\0\0\0\0\0\1\0\0\x14\0\0\0\0", 20));
    g_assert_cmpuint(events->len, ==, 0);
    g_ptr_array_unref(events);
    events = read_decrypted(r, g_byte_array_new());
    g_assert_cmpuint(events->len, ==, 0);
    g_ptr_array_unref(events);
    g_byte_array_unref(cert);
    g_byte_array_unref(ee);
    g_byte_array_unref(finished);
    wr_dtls_reader_free(r);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dtls/client-hello", a_client_hello_with_extensions);
    g_test_add_func("/dtls/tickets", a_ticket_given_and_presented);
    g_test_add_func("/dtls/client-hello-over-two-datagrams", a_client_hello_over_two_datagrams);
    g_test_add_func("/dtls/server-hellos-and-their-versions", server_hellos_and_their_versions);
    g_test_add_func("/dtls/hello-verify-request", a_hello_verify_request);
    g_test_add_func("/dtls/broken-extension", a_broken_extension_leaves_the_hello_readable);
    g_test_add_func("/dtls/hellos-that-end-early", hellos_that_end_early);
    g_test_add_func("/dtls/several-records", several_records_and_messages_in_one_datagram);
    g_test_add_func("/dtls/unified-headers", unified_headers);
    g_test_add_func("/dtls/connection-id", records_with_a_connection_id);
    g_test_add_func("/dtls/cut-by-the-capture", records_cut_by_the_capture);
    g_test_add_func("/dtls/hostile-lengths", hostile_lengths_are_named);
    g_test_add_func("/dtls/events-are-bounded", events_of_a_datagram_are_bounded);
    g_test_add_func("/dtls/without-a-reader", without_a_reader_only_messages_are_missing);
    g_test_add_func("/dtls/looks-like", what_looks_like_dtls);
    g_test_add_func("/dtls/decrypted", decrypted_messages);
    return g_test_run();
}
