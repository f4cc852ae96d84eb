/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was shared over data channels: names, messages and bytes, nothing twice, and bounds. */
#include "handshake_build.h"
#include "records/data_channel.h"
#include "records/handshake_facts.h"
#include "sctp_build.h"

enum { MIDDLE = 0, END = 1, BEGIN = 2, WHOLE = 3 };

/* One DATA chunk that this side sent. */
static void chunk(call_t *c, wr_association *a, int side, uint32_t tsn, unsigned stream, unsigned ppid, unsigned flags,
                  const void *text, size_t n)
{
    wr_place p = next(c, 10, a->side[side].end, a->side[1 - side].end);
    uint8_t b[600] = {0};
    const size_t length = 16 + n;

    b[13] = (uint8_t)flags;
    put16(b + 14, (unsigned)length);
    put16(b + 16, tsn >> 16);
    put16(b + 18, tsn & 0xffff);
    put16(b + 20, stream);
    b[27] = (uint8_t)ppid;
    memcpy(b + 28, text, n);
    wr_engine_add_sctp(c->e, a, &p, b, sctp_close(b, (length + 3) & ~(size_t)3));
}

static void open_channel(call_t *c, wr_association *a, int side, uint32_t tsn, unsigned stream, const char *label,
                         const char *protocol)
{
    uint8_t b[500] = {3, 0};

    put16(b + 8, (unsigned)strlen(label));
    put16(b + 10, (unsigned)strlen(protocol));
    memcpy(b + 12, label, strlen(label));
    memcpy(b + 12 + strlen(label), protocol, strlen(protocol));
    chunk(c, a, side, tsn, stream, 50, WHOLE, b, 12 + strlen(label) + strlen(protocol));
}

static void test_channels(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    const wr_data_channels *list;

    open_channel(&c, a, 0, 0xffffffff, 0, "chat\x1b", "json");
    chunk(&c, a, 0, 0, 0, 51, WHOLE, "hello", 5);
    chunk(&c, a, 0, 0, 0, 51, WHOLE, "hello", 5); /* sent again */
    chunk(&c, a, 0, 2, 0, 51, END, "ld", 2);      /* before its first part */
    chunk(&c, a, 0, 1, 0, 51, BEGIN, "wor", 3);
    chunk(&c, a, 1, 900, 0, 57, WHOLE, "", 1); /* an empty message */
    chunk(&c, a, 1, 901, 7, 53, WHOLE, "agreed", 6);
    list = a->facts->channels;
    g_assert_cmpuint(list->n, ==, 2);
    g_assert_cmpstr(list->list[0].label, ==, "chat\\u{001B}");
    g_assert_cmpstr(list->list[0].protocol, ==, "json");
    g_assert_cmpint(list->list[0].opened_by, ==, 0);
    g_assert_cmpuint(list->list[0].messages[0], ==, 2);
    g_assert_cmpuint(list->list[0].bytes[0], ==, 10);
    g_assert_cmpuint(list->list[0].messages[1], ==, 1);
    g_assert_cmpuint(list->list[0].bytes[1], ==, 0);
    g_assert_cmpint(list->list[1].opened_by, ==, -1); /* agreed on otherwise (RFC 8831 6.2) */
    g_assert_null(list->list[1].label);
    g_assert_cmpuint(list->list[1].bytes[1], ==, 6);
    call_end(&c);
}

static void test_hostile(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);

    for (unsigned i = 0; i < 300; i++)
        chunk(&c, a, 0, i, i, 51, WHOLE, "x", 1);
    g_assert_cmpuint(a->facts->channels->n, ==, WR_MAX_CHANNELS_KEPT);
    g_assert_true(a->facts->channels->cut);
    /* lengths that lie: no name */
    chunk(&c, a, 1, 1, 1, 50, WHOLE, "\3\0\0\0\0\0\0\0\xff\xff\0\0abc", 15);
    chunk(&c, a, 1, 2, 1, 50, WHOLE, "\3\0\0", 3);
    g_assert_cmpint(a->facts->channels->list[1].opened_by, ==, -1);
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/channel_records/channels", test_channels);
    g_test_add_func("/channel_records/hostile", test_hostile);
    return g_test_run();
}
