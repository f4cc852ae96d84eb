/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions in texts of all kinds: what stands before lines, between them, and around them. */
#include "reader.h"

#include <string.h>

#define M    "m=audio 9 UDP/TLS/RTP/SAVPF 0"
#define NAME "a=ice-ufrag:aaaa"

static wr_testimony *parse(const char *text)
{
    return wr_testimony_parse("x", text, strlen(text));
}

static const wr_told *told(const wr_testimony *t, unsigned n)
{
    g_assert_cmpuint(t->told->len, >=, n);
    return g_ptr_array_index(t->told, n - 1);
}

static void want_name(const wr_testimony *t, unsigned n, const char *ufrag)
{
    g_assert_nonnull(told(t, n)->sdp);
    g_assert_cmpuint(told(t, n)->sdp->n_sections, ==, 1);
    g_assert_cmpstr(wr_sdp_effective(told(t, n)->sdp, &told(t, n)->sdp->sections[0]).ice_ufrag, ==, ufrag);
}

/* Each says one description of one section with the name aaaa. */
static void test_one_description(void)
{
    static const char *const texts[] = {
        "v=0\n" M "\n" NAME "\n",
        "v=0\r\r\n" M "\r\r\n" NAME "\r\r\n",
        "v=0\n\n" M "\n\n" NAME "\n\nover\n",
        "[98] v=0\n[99] " M "\n[100] " NAME "\n[101] over\n",
        "Nov 22 9:59:59 h a: v=0\nNov 22 10:00:00 h a: " M "\nNov 22 10:00:00 h a: " NAME "\n",
        "x v=0\\r\\n" M "\\r\\n" NAME "\\r\\n\n",
        "x v=0\\\\r\\\\n" M "\\\\r\\\\n" NAME "\\\\r\\\\n\n",
        "x v=0#015#012" M "#015#012" NAME "#015#012\n",
        "x v=0\\x0d\\x0a" M "\\x0d\\x0a" NAME "\\x0d\\x0a\n",
        "x v=0\\015\\012" M "\\015\\012" NAME "\\015\\012\n",
        "x v=0<CR><LF>" M "<CR><LF>" NAME "<CR><LF>\n",
        "{\"log\":\"v=0\\r\\n\",\"time\":1}\n{\"log\":\"" M "\\r\\n\"}\n{\"log\":\"" NAME
        "\\r\\n\"}\n{\"log\":\"x\"}\n",
        "{\"a\":1}\n{\"msg\":\"set v=0\\r\\n" M "\\r\\n" NAME
        "\\r\\na=candidate:1 1 udp 1 10.0.0.1 5 typ host\\r\\n\"}\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        wr_testimony *t = parse(texts[i]);
        unsigned n = 0;
        g_test_message("text %zu", i);
        for (unsigned j = 0; j < t->told->len; j++)
            n += told(t, j + 1)->context.kind != WR_KIND_CANDIDATE;
        g_assert_cmpuint(n, ==, 1);
        want_name(t, t->told->len, "aaaa");
        g_assert_cmpint(t->kind, ==, WR_TESTIMONY_TEXT);
        wr_testimony_unref(t);
    }
}

static void test_two_without_a_word_between(void)
{
    wr_testimony *t = parse("v=0\n" M "\n" NAME "\nv=0\n" M "\na=ice-ufrag:bbbb\n");

    g_assert_cmpuint(t->told->len, ==, 2);
    want_name(t, 1, "aaaa");
    want_name(t, 2, "bbbb");
    wr_testimony_unref(t);
}

static void test_two_in_one_line(void)
{
    wr_testimony *t = parse("x \"v=0\\n" M "\\n" NAME "\\n\" \"v=0\\n" M "\\na=ice-ufrag:bbbb\\n\"\n");

    g_assert_cmpuint(t->told->len, ==, 2);
    want_name(t, 1, "aaaa");
    want_name(t, 2, "bbbb");
    wr_testimony_unref(t);
}

static void test_no_description(void)
{
    static const char *const texts[] = {"v=0\n", "v=0\n\n\n" M "\n", "x v=0 " M "\n", "x v=0\\t" M "\n",
                                        "{\"log\":\"v=0\\n\"}\n{\"log\":5}\n"};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        wr_testimony *t = parse(texts[i]);
        g_assert_cmpuint(t->told->len, ==, 0);
        wr_testimony_unref(t);
    }
}

static void test_words(void)
{
    static const struct {
        const char *line;
        wr_direction direction;
    } lines[] = {{"pc.setLocalDescription", WR_DIRECTION_EMITTED},
                 {"Remote SDP:", WR_DIRECTION_DELIVERED},
                 {"local:", WR_DIRECTION_EMITTED},
                 {"Remote", WR_DIRECTION_DELIVERED},
                 {"localhost app: offer", WR_DIRECTION_UNKNOWN},
                 {"localhost app: remote answer", WR_DIRECTION_DELIVERED},
                 {"bob.local app: offer", WR_DIRECTION_UNKNOWN},
                 {"LOCAL0 offer", WR_DIRECTION_UNKNOWN},
                 {"remote host asks, offer follows", WR_DIRECTION_UNKNOWN},
                 {"remote candidate of the offer", WR_DIRECTION_UNKNOWN},
                 {"local and remote description", WR_DIRECTION_UNKNOWN},
                 {"remote peer has come", WR_DIRECTION_UNKNOWN},
                 {"", WR_DIRECTION_UNKNOWN}};

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_test_message("%s", lines[i].line);
        g_assert_cmpint(wr_words_direction(lines[i].line, strlen(lines[i].line)), ==, lines[i].direction);
    }
}

static void widen(GByteArray *out, const char *text, bool big)
{
    for (const char *p = text; *p != '\0'; p++) {
        const guint8 unit[2] = {big ? 0 : (guint8)*p, big ? (guint8)*p : 0};
        g_byte_array_append(out, unit, 2);
    }
}

static void test_wide_texts(void)
{
    static const char *const marks[] = {"\xff\xfe", "\xfe\xff", ""};

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(marks); i++) {
        const char *mark = marks[i / 2];
        const bool big = i / 2 == 1 || (i / 2 == 2 && i % 2 == 1);
        GByteArray *bytes = g_byte_array_new();
        wr_testimony *t;
        g_byte_array_append(bytes, (const guint8 *)mark, (guint)strlen(mark));
        widen(bytes, "x\r\nv=0\r\n" M "\r\n" NAME "\r\n", big);
        if (i % 2 == 1)
            g_byte_array_append(bytes, (const guint8 *)"x", 1); /* half of a character */
        t = wr_testimony_parse("x", (const char *)bytes->data, bytes->len);
        g_assert_cmpuint(t->told->len, ==, 1);
        want_name(t, 1, "aaaa");
        wr_testimony_unref(t);
        g_byte_array_unref(bytes);
    }
}

static void test_wide_characters(void)
{
    static const uint8_t units[] = {0x3d, 0xd8, 0x4b, 0xdc, 0x3d, 0xd8, 'a', 0, 0x4b, 0xdc, 0xac, 0x20};
    wr_wide whole = {.wideness = WR_WIDE_LITTLE}, parts = whole;
    GByteArray *a = g_byte_array_new(), *b = g_byte_array_new();
    static const char want[] = "\xf0\x9f\x91\x8b\xef\xbf\xbd"
                               "a\xef\xbf\xbd\xe2\x82\xac";

    wr_wide_read(&whole, units, sizeof units, a);
    for (size_t i = 0; i < sizeof units; i++)
        wr_wide_read(&parts, units + i, 1, b);
    g_assert_cmpmem(a->data, a->len, want, sizeof want - 1);
    g_assert_cmpmem(b->data, b->len, want, sizeof want - 1);
    g_byte_array_unref(a);
    g_byte_array_unref(b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/texts/one", test_one_description);
    g_test_add_func("/texts/two", test_two_without_a_word_between);
    g_test_add_func("/texts/two-in-one-line", test_two_in_one_line);
    g_test_add_func("/texts/none", test_no_description);
    g_test_add_func("/texts/words", test_words);
    g_test_add_func("/texts/wide", test_wide_texts);
    g_test_add_func("/texts/wide-characters", test_wide_characters);
    return g_test_run();
}
