/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where texts end in a byte stream, whatever pieces it comes in. */
#include "formats/stream_split.h"

#include <glib.h>
#include <string.h>

typedef wr_split_result (*splitter)(wr_split *, const uint8_t *, size_t);

/* The texts of a stream, joined by '|', then how it ended; bytes come `step` at a time. */
static char *split_all(splitter split, const char *text, size_t step)
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t len = strlen(text), from = 0, there = 0;
    GString *out = g_string_new(NULL);
    wr_split s = {0};

    for (;;) {
        wr_split_result r = split(&s, bytes + from, there - from);
        if (r == WR_SPLIT_WHOLE) {
            g_string_append_len(out, text + from + s.start, (gssize)(s.at - s.start));
            g_string_append_c(out, '|');
            from += s.at;
            memset(&s, 0, sizeof s);
        } else if (r == WR_SPLIT_OTHER) {
            g_string_append(out, "other");
            break;
        } else if (there == len) {
            g_string_append(out, s.begun ? "more" : "");
            break;
        } else {
            there = MIN(len, there + step);
        }
    }
    return g_string_free(out, FALSE);
}

static void check(splitter split, const char *text, const char *want)
{
    for (size_t step = 1; step <= 9; step += 4) {
        char *got = split_all(split, text, step);
        g_assert_cmpstr(got, ==, want);
        g_free(got);
    }
}

static void json_texts_end_with_their_bracket(void)
{
    check(wr_split_json, "{\"a\":1}\n{\"b\":[{}]}\r\n", "{\"a\":1}|{\"b\":[{}]}|");
    check(wr_split_json, "\x1e[1,-2.5e+3,true]\n", "[1,-2.5e+3,true]|");
    check(wr_split_json, "{\"a\":\"}\\\"]\\\\\"}{}", "{\"a\":\"}\\\"]\\\\\"}|{}|");
    check(wr_split_json, "{\"sdp\":\"v=0", "more");
    check(wr_split_json, " \n", "");
}

static void what_is_no_json_is_refused(void)
{
    check(wr_split_json, "GET /", "other");
    check(wr_split_json, "{x", "other");
    check(wr_split_json, "{1}", "other");
    check(wr_split_json, "[<", "other");
    check(wr_split_json, "[\"a\nb\"]", "other");
    check(wr_split_json, "{}\001", "{}|other");
}

static void json_nests_so_deep(void)
{
    char *deep = g_strnfill(WR_SPLIT_MAX_NESTING, '['), *deeper = g_strnfill(WR_SPLIT_MAX_NESTING + 1, '[');

    check(wr_split_json, deep, "more");
    check(wr_split_json, deeper, "other");
    g_free(deep);
    g_free(deeper);
}

static size_t length_of(const char *bytes, size_t len)
{
    return wr_split_length((const uint8_t *)bytes, len, 1 << 20);
}

static void lengths_stand_in_either_order(void)
{
    g_assert_cmpuint(length_of("\0\0\x01\x02{", 5), ==, 0x102);
    g_assert_cmpuint(length_of("\x02\x01\0\0[", 5), ==, 0x102);
    g_assert_cmpuint(length_of("{\x01\0\0{", 5), ==, 0x17b);
    g_assert_cmpuint(length_of("\0\0\x01\x02{", 4), ==, 0);
    g_assert_cmpuint(length_of("\0\0\x01\x02x", 5), ==, 0);
    g_assert_cmpuint(length_of("\0\x20\0\x02{", 5), ==, 0);
    g_assert_cmpuint(length_of("\0\0\0\0{", 5), ==, 0);
    g_assert_cmpuint(length_of("{\"a\"{", 5), ==, 0);
}

static void stanzas_end_with_their_tag(void)
{
    check(wr_split_stanza,
          "<?xml version='1.0'?><stream:stream to='x' id='>'> <iq id='/>'><a/><b>t</b></iq>\n<r/></stream:stream>",
          "<?xml version='1.0'?>|<stream:stream to='x' id='>'>|<iq id='/>'><a/><b>t</b></iq>|<r/>|</stream:stream>|");
    check(wr_split_stanza, "<a><![CDATA[<b>]]></a><c x=\"'\"></c>", "<a><![CDATA[<b>]]></a>|<c x=\"'\"></c>|");
    check(wr_split_stanza, "<iq><jingle", "more");
    check(wr_split_stanza, "<stream to='x'><p/>", "<stream to='x'>|<p/>|");
}

static void what_is_no_stanza_is_refused(void)
{
    GString *deep = g_string_new(NULL);

    check(wr_split_stanza, "text<a/>", "other");
    check(wr_split_stanza, "<!DOCTYPE x>", "other");
    check(wr_split_stanza, "<1>", "other");
    check(wr_split_stanza, "<a>\x01<%", "other");
    for (unsigned i = 0; i <= WR_SPLIT_MAX_NESTING; i++)
        g_string_append(deep, "<a>");
    check(wr_split_stanza, deep->str, "other");
    g_string_free(deep, TRUE);
}

static void a_zero_byte_is_no_stanza(void)
{
    wr_split s = {0};

    g_assert_cmpint(wr_split_stanza(&s, (const uint8_t *)"<a>\0</a>", 8), ==, WR_SPLIT_OTHER);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream_split/json", json_texts_end_with_their_bracket);
    g_test_add_func("/stream_split/no-json", what_is_no_json_is_refused);
    g_test_add_func("/stream_split/nesting", json_nests_so_deep);
    g_test_add_func("/stream_split/length", lengths_stand_in_either_order);
    g_test_add_func("/stream_split/stanza", stanzas_end_with_their_tag);
    g_test_add_func("/stream_split/no-stanza", what_is_no_stanza_is_refused);
    g_test_add_func("/stream_split/zero", a_zero_byte_is_no_stanza);
    return g_test_run();
}
