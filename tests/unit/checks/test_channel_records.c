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

/* Numbers that came are known up to 63 before the highest: none counts twice, and none that is further behind. */
static void test_numbers(void)
{
    static const struct {
        uint32_t tsn;
        bool counts;
    } rows[] = {
        {1000, true},  {1001, true},  {1000, false}, {1064, true}, /* 1001 and what came since */
        {1001, false}, {1000, false}, {1002, true},  {1002, false},
        {1128, true},  {1065, true},  {1064, false}, {1127, true}, /* 64 further: nothing of those before is known */
        {1191, true},  {1128, false}, {1129, true},  {1127, false},
        {9000, true},  {8999, true},  {8937, true},  {8936, false},
    };
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    unsigned n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        chunk(&c, a, 0, rows[i].tsn, 3, 51, WHOLE, "x", 1);
        n += rows[i].counts;
        g_test_message("row %zu", i);
        g_assert_cmpuint(a->facts->channels->list[0].messages[0], ==, n);
    }
    call_end(&c);
}

static void say_file(call_t *c, wr_association *a, int side, uint32_t tsn, unsigned ppid, unsigned flags,
                     const char *name, unsigned size)
{
    char *text = g_strdup_printf("{\"name\":\"%s\",\"size\":%u}", name, size);

    chunk(c, a, side, tsn, 5, ppid, flags, text, strlen(text));
    g_free(text);
}

/* Files that whole messages of text announce, each once of a side. */
static void test_files(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    const wr_data_channels *list;
    uint32_t first;

    say_file(&c, a, 0, 1, 51, WHOLE, "plan.pdf", 12345);
    first = c.frame;
    list = a->facts->channels;
    g_assert_cmpuint(list->n_files, ==, 1);
    say_file(&c, a, 0, 2, 51, WHOLE, "plan.pdf", 12345); /* once more */
    say_file(&c, a, 0, 3, 53, WHOLE, "data.pdf", 12345); /* no text */
    say_file(&c, a, 0, 4, 51, BEGIN, "half.pdf", 12345);
    say_file(&c, a, 0, 5, 51, END, "half.pdf", 12345);
    g_assert_cmpuint(list->n_files, ==, 1);
    g_assert_cmpstr(list->files[0].name, ==, "plan.pdf");
    g_assert_cmpint(list->files[0].size, ==, 12345);
    g_assert_cmpuint(list->files[0].frame, ==, first);
    g_assert_cmpuint(list->files[0].stream, ==, 5);
    g_assert_cmpuint(list->files[0].side, ==, 0);
    say_file(&c, a, 1, 6, 51, WHOLE, "plan.pdf", 12345); /* by the other */
    say_file(&c, a, 0, 7, 51, WHOLE, "plan.pdf", 12346);
    say_file(&c, a, 0, 8, 51, WHOLE, "plan.doc", 12345);
    g_assert_cmpuint(list->n_files, ==, 4);
    g_assert_cmpuint(list->files[1].side, ==, 1);
    g_assert_false(list->files_cut);
    for (unsigned i = 4; i <= WR_MAX_FILES_KEPT; i++) {
        say_file(&c, a, 0, 20 + i, 51, WHOLE, "plan.pdf", 20000 + i);
        g_assert_cmpuint(list->n_files, ==, MIN(i + 1, WR_MAX_FILES_KEPT));
        g_assert_true(list->files_cut == (i == WR_MAX_FILES_KEPT));
    }
    call_end(&c);
}

/* Who opened it first named it; what is in parts names nothing; the frames in which it was used. */
static void test_opened(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    const uint8_t open[16] = {3, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 'h', 'a', 'l', 'f'};
    const wr_data_channel *x;
    uint32_t first;

    chunk(&c, a, 1, 1, 9, 50, BEGIN, open, sizeof open);
    first = c.frame;
    x = a->facts->channels->list;
    chunk(&c, a, 1, 2, 9, 50, END, open, sizeof open);
    g_assert_cmpint(x->opened_by, ==, -1);
    open_channel(&c, a, 1, 3, 9, "first", "");
    open_channel(&c, a, 0, 1, 9, "second", "");
    g_assert_cmpint(x->opened_by, ==, 1);
    g_assert_cmpstr(x->label, ==, "first");
    g_assert_cmpuint(x->messages[0] + x->messages[1], ==, 0);
    chunk(&c, a, 0, 2, 9, 56, WHOLE, "", 1); /* empty ones, of text and of bytes */
    chunk(&c, a, 0, 3, 9, 57, WHOLE, "", 1);
    g_assert_cmpuint(x->messages[0], ==, 2);
    g_assert_cmpuint(x->bytes[0], ==, 0);
    g_assert_cmpuint(x->first_frame, ==, first);
    g_assert_cmpuint(x->last_frame, ==, c.frame);
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
    g_test_add_func("/channel_records/numbers", test_numbers);
    g_test_add_func("/channel_records/files", test_files);
    g_test_add_func("/channel_records/opened", test_opened);
    g_test_add_func("/channel_records/hostile", test_hostile);
    return g_test_run();
}
