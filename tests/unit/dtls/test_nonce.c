/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reader gives of encrypted records: explicit nonce and number (RFC 5288 3, RFC 6347 4.1), and of
 * heartbeats. */
#include "dtls_build.h"

/* A record of epoch 1, number 1, with these bytes. */
static GByteArray *sealed(uint8_t type, const char *text, unsigned n)
{
    GByteArray *content = g_byte_array_new(), *b = g_byte_array_new();

    put_bytes(content, text, n);
    put_record(b, type, 1, content);
    return b;
}

static void test_nonce(void)
{
    static const char BYTES[] = "\0\1\0\0\0\0\0\1ciphertext and a tag behind it";
    wr_dtls_reader *r = wr_dtls_reader_new();

    for (uint8_t type = 21; type <= 23; type++) {
        GPtrArray *events = read_all(r, true, 0, false, sealed(type, BYTES, sizeof BYTES - 1));
        const wr_dtls_event *e = event_at(events, 0);
        g_assert_true(e->has_nonce);
        g_assert_cmphex(e->nonce, ==, UINT64_C(0x0001000000000001));
        g_assert_cmphex(e->sequence, ==, e->nonce); /* as most stacks choose it */
        g_ptr_array_unref(events);
    }
    wr_dtls_reader_free(r);
}

static void test_mark(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GPtrArray *a = read_all(r, true, 0, false, sealed(23, "noncenonAAAAAAAAAAAAAAAAtag", 27));
    GPtrArray *b = read_all(r, true, 0, false, sealed(23, "noncenonAAAAAAAAAAAAAAABtag", 27));
    GPtrArray *same = read_all(r, true, 0, false, sealed(23, "noncenonAAAAAAAAAAAAAAAAtag", 27));

    g_assert_cmphex(event_at(a, 0)->mark, !=, event_at(b, 0)->mark);
    g_assert_cmphex(event_at(a, 0)->mark, ==, event_at(same, 0)->mark);
    g_ptr_array_unref(a);
    g_ptr_array_unref(b);
    g_ptr_array_unref(same);
    wr_dtls_reader_free(r);
}

static void test_too_short_or_cut(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GPtrArray *events = read_all(r, true, 0, false, sealed(23, "noncenonAAAAAAAAAAAAAAA", 23));
    GByteArray *b = sealed(23, "noncenonAAAAAAAAAAAAAAAAtag", 27);

    g_assert_false(event_at(events, 0)->has_nonce);
    g_ptr_array_unref(events);
    g_byte_array_set_size(b, b->len - 2);
    events = read_all(r, true, 0, true, b);
    g_assert_false(event_at(events, 0)->has_nonce);
    g_ptr_array_unref(events);
    wr_dtls_reader_free(r);
}

/* RFC 6520 4: type, payload length, payload, at least 16 bytes of padding. */
static void test_heartbeat(void)
{
    wr_dtls_reader *r = wr_dtls_reader_new();

    for (unsigned claimed = 4; claimed <= 5; claimed++) {
        GByteArray *content = g_byte_array_new(), *b = g_byte_array_new();
        GPtrArray *events;
        put(content, 1, 1);
        put(content, 2, claimed);
        put_fill(content, 7, 4 + 16);
        put_record(b, 24, 0, content);
        events = read_all(r, true, 0, false, b);
        g_assert_cmpint(event_at(events, 0)->kind, ==, WR_DTLS_HEARTBEAT);
        g_assert_true(event_at(events, 0)->overread == (claimed == 5));
        g_ptr_array_unref(events);
    }
    wr_dtls_reader_free(r);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dtls/nonce/of encrypted records", test_nonce);
    g_test_add_func("/dtls/nonce/mark", test_mark);
    g_test_add_func("/dtls/nonce/too short or cut", test_too_short_or_cut);
    g_test_add_func("/dtls/nonce/heartbeat", test_heartbeat);
    return g_test_run();
}
