/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that JSON messages announce, and messages that only look so. */
#include "formats/file_names.h"

#include <glib.h>
#include <string.h>

static void check(const char *text, const char *wanted)
{
    wr_file_name found[WR_FILE_MOST];
    GString *got = g_string_new(NULL);
    const unsigned n = wr_file_names_read((const uint8_t *)text, strlen(text), found);

    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(got, "%s %" G_GINT64_FORMAT ";", found[i].name, found[i].size);
        g_free(found[i].name);
    }
    g_assert_cmpstr(got->str, ==, wanted);
    g_string_free(got, TRUE);
}

static void test_names(void)
{
    check("{\"type\":\"header\",\"name\":\"x.pdf\",\"mime\":\"application/pdf\",\"size\":1234}", "x.pdf 1234;");
    check(
        "{\"files\":[{\"fileName\":\"a\",\"fileSize\":1},{\"filename\":\"b\",\"filesize\":2}],\"meta\":{\"file_name\":"
        "\"c\",\"file_size\":3}}",
        "a 1;b 2;c 3;");
}

/* A name without a size, a size of another kind, text that is no JSON: nobody's file. */
static void test_others(void)
{
    check("{\"name\":\"alice\",\"age\":3}", "");
    check("{\"name\":\"alice\",\"size\":\"XL\"}", "");
    check("{\"name\":\"\",\"size\":3}", "");
    check("{\"name\":\"a\",\"size\":-1}", "");
    check("{\"name\":\"a\",\"deeper\":{\"size\":3}}", "");
    check("name=a&size=3", "");
    check("{\"name\":\"a\",\"size\":3", "");
    check("", "");
}

static void test_bounds(void)
{
    GString *many = g_string_new("["), *deep = g_string_new(NULL);
    wr_file_name found[WR_FILE_MOST];

    for (unsigned i = 0; i < 2 * WR_FILE_MOST; i++)
        g_string_append_printf(many, "%s{\"name\":\"f\",\"size\":1}", i > 0 ? "," : "");
    g_string_append_c(many, ']');
    g_assert_cmpuint(wr_file_names_read((const uint8_t *)many->str, many->len, found), ==, WR_FILE_MOST);
    for (unsigned i = 0; i < WR_FILE_MOST; i++)
        g_free(found[i].name);
    for (unsigned i = 0; i <= WR_FILE_NESTING; i++)
        g_string_append(deep, "[");
    g_string_append(deep, "{\"name\":\"f\",\"size\":1}");
    for (unsigned i = 0; i <= WR_FILE_NESTING; i++)
        g_string_append(deep, "]");
    check(deep->str, "");
    g_string_free(many, TRUE);
    g_string_free(deep, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/file_names/names", test_names);
    g_test_add_func("/file_names/others", test_others);
    g_test_add_func("/file_names/bounds", test_bounds);
    return g_test_run();
}
