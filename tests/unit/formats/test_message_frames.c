/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of text frames, messages behind their lengths, server-sent events. */
#include "formats/message_frames.h"

#include <string.h>

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static void heads_end_with_an_empty_line(void)
{
    g_assert_cmpuint(wr_text_head(BYTES("SEND\ndestination:/a\n\n{}")), ==, 21);
    g_assert_cmpuint(wr_text_head(BYTES("\n\nMESSAGE\r\na:b\r\n\r\nv=0")), ==, 18);
    g_assert_cmpuint(wr_text_head(BYTES("SEND\nno header\n\n{}")), ==, 0);
    g_assert_cmpuint(wr_text_head(BYTES("v=0\no=-\n\n")), ==, 0);
    g_assert_cmpuint(wr_text_head(BYTES("{\"a\":1}\n\n")), ==, 0);
    g_assert_cmpuint(wr_text_head(BYTES("SEND\na:b\n")), ==, 0);
    g_assert_cmpuint(wr_text_head(BYTES("Look at this\n\nv=0")), ==, 0);
}

static unsigned count(const uint8_t *bytes, size_t len, wr_counted wanted, unsigned *ends)
{
    const wr_counted how = wr_counted_by(bytes, len);
    wr_counted_message one;
    unsigned n = 0;
    size_t at = 0;

    g_assert_cmpint(how, ==, wanted);
    *ends = 0;
    while (how != WR_COUNTED_NONE && wr_counted_next(how, bytes, len, &at, &one)) {
        *ends += one.ends;
        n++;
    }
    return n;
}

static void lengths_must_fill_the_bytes(void)
{
    unsigned ends;

    g_assert_cmpuint(count(BYTES("\0\0\0\0\4abcd\0\0\0\0\1e\x80\0\0\0\2\r\n"), WR_COUNTED_GRPC, &ends), ==, 3);
    g_assert_cmpuint(ends, ==, 1);
    g_assert_cmpuint(count(BYTES("\0\0\0\0\4abcde"), WR_COUNTED_NONE, &ends), ==, 0);
    g_assert_cmpuint(count(BYTES("\3\x91\1\2\5\x94\1\2\3\4"), WR_COUNTED_VARINT, &ends), ==, 2);
    g_assert_cmpuint(count(BYTES("\3abc\4abcd"), WR_COUNTED_NONE, &ends), ==, 0);
}

static void data_of_an_event_are_lines(void)
{
    static const char stream[] = ": keep\n\nid: 1\nevent: offer\ndata: v=0\r\ndata:o=-\n\ndata: last";
    wr_event event;
    size_t at = 0, seen = 0;

    g_assert_true(wr_looks_like_events(BYTES(stream)));
    g_assert_cmpuint(wr_event_length(BYTES(stream), &seen), ==, 8);
    g_assert_true(wr_event_next(BYTES(stream), &at, &event));
    g_assert_null(event.data);
    wr_event_clear(&event);
    g_assert_true(wr_event_next(BYTES(stream), &at, &event));
    g_assert_cmpstr(event.type, ==, "offer");
    g_assert_cmpstr(event.data->str, ==, "v=0\no=-");
    wr_event_clear(&event);
    g_assert_true(wr_event_next(BYTES(stream), &at, &event));
    g_assert_cmpstr(event.data->str, ==, "last");
    wr_event_clear(&event);
    g_assert_false(wr_event_next(BYTES(stream), &at, &event));
    g_assert_false(wr_looks_like_events(BYTES("database of things")));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/frames/heads", heads_end_with_an_empty_line);
    g_test_add_func("/frames/lengths", lengths_must_fill_the_bytes);
    g_test_add_func("/frames/events", data_of_an_event_are_lines);
    return g_test_run();
}
