/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of hostile origin before it is shown. */
#include "base/text.h"

#include "base/digest.h"

#include <string.h>

static void check(char *got, const char *expected)
{
    g_assert_cmpstr(got, ==, expected);
    g_free(got);
}

static void ordinary_text_stays(void)
{
    check(wr_text_clean("alice, Zoë, 日本", 0), "alice, Zoë, 日本");
    check(wr_text_clean(NULL, 0), "");
}

static void blanks_become_spaces(void)
{
    check(wr_text_clean("a\tb\r\nc\xc2\xa0"
                        "d\xe2\x80\xa8"
                        "e",
                        0),
          "a b  c d e"); /* NBSP, LINE SEPARATOR */
}

static void what_does_not_print_shows_its_number(void)
{
    check(wr_text_clean("\x1b[2Jx\x07", 0), "\\u{001B}[2Jx\\u{0007}");
    check(wr_text_clean("exe.\xe2\x80\xae"
                        "gnp",
                        0),
          "exe.\\u{202E}gnp"); /* RIGHT-TO-LEFT OVERRIDE */
    check(wr_text_clean("a\xe2\x80\x8b"
                        "b",
                        0),
          "a\\u{200B}b"); /* ZERO WIDTH SPACE */
}

static void broken_utf8_is_replaced(void)
{
    check(wr_text_clean("a\xff"
                        "b\xc3",
                        0),
          "a\xef\xbf\xbd"
          "b\xef\xbf\xbd");
}

static void the_bound_counts_characters(void)
{
    check(wr_text_clean("ééééé", 3), "ééé…");
    check(wr_text_clean("ééé", 3), "ééé");
}

static void html_has_no_markup_of_its_own(void)
{
    check(wr_text_html("<script>alert(\"1\")</script>&'", 0),
          "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&apos;");
}

static void needles_are_found_at_every_place(void)
{
    static const char text[] = "a\r\nb\r\n\r\nc";

    g_assert_true(wr_text_find(text, sizeof text - 1, "\r\n\r\n") == text + 4);
    g_assert_true(wr_text_find(text, sizeof text - 1, "a") == text);
    g_assert_true(wr_text_find(text, sizeof text - 1, "c") == text + 8);
    g_assert_null(wr_text_find(text, 7, "\r\n\r\n"));
    g_assert_null(wr_text_find(text, sizeof text - 1, "x"));
    g_assert_null(wr_text_find(text, 0, "a"));
}

/* It is looked for by the byte of it that is rarest, wherever that stands. */
static void a_word_is_found_by_any_of_its_bytes(void)
{
    static const char text[] = "k thunk kk chunkk \"fragment\" ragment\"";
    const size_t len = sizeof text - 1;

    g_assert_true(wr_text_find(text, len, "hunk") == text + 3);
    g_assert_true(wr_text_find(text, len, "chunk") == text + 11);
    g_assert_true(wr_text_find(text, len, "kk c") == text + 8);
    g_assert_true(wr_text_find(text, len, "ragment\"") == text + 20);
    g_assert_true(wr_text_find(text, len, "t\"") == text + 26);
    g_assert_null(wr_text_find(text, 6, "hunk"));
    g_assert_null(wr_text_find(text, 2, "hunk"));
    g_assert_null(wr_text_find(text, len, "hunks"));
    g_assert_true(wr_text_find("k", 1, "k") != NULL);
}

static void digests_are_lower_case(void)
{
    static const uint8_t bytes[] = {0x00, 0x0f, 0xa0, 0xff};
    char text[2 * sizeof bytes + 1];

    wr_hex_format(bytes, sizeof bytes, text);
    g_assert_cmpstr(text, ==, "000fa0ff");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/ordinary-text-stays", ordinary_text_stays);
    g_test_add_func("/text/blanks-become-spaces", blanks_become_spaces);
    g_test_add_func("/text/what-does-not-print-shows-its-number", what_does_not_print_shows_its_number);
    g_test_add_func("/text/broken-utf8-is-replaced", broken_utf8_is_replaced);
    g_test_add_func("/text/the-bound-counts-characters", the_bound_counts_characters);
    g_test_add_func("/text/needles-are-found-at-every-place", needles_are_found_at_every_place);
    g_test_add_func("/text/a-word-is-found-by-any-of-its-bytes", a_word_is_found_by_any_of_its_bytes);
    g_test_add_func("/text/digests-are-lower-case", digests_are_lower_case);
    g_test_add_func("/text/html-has-no-markup-of-its-own", html_has_no_markup_of_its_own);
    return g_test_run();
}
