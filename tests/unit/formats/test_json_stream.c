/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values are taken out of a JSON text whatever the blocks; what is no JSON is named with its line. */
#include "formats/json_stream.h"

#include <string.h>

static wr_json_choice choose(void *user, const wr_json_way *way)
{
    (void)user;
    if (way->depth == 0 || (way->depth == 1 && g_strcmp0(way->name[0], "in") == 0))
        return WR_JSON_DESCEND;
    return g_strcmp0(way->name[0], "no") == 0 ? WR_JSON_SKIP : WR_JSON_TAKE;
}

static void take(void *user, const wr_json_way *way, const uint8_t *bytes, size_t len)
{
    const char *name = way->name[way->depth - 1];

    g_string_append_printf(user, "%s%u=%.*s;", name != NULL ? name : "#", (unsigned)way->index[way->depth - 1],
                           (int)len, (const char *)bytes);
}

static char *read_in(const char *text, size_t block, const char **problem, uint64_t *line)
{
    static const wr_json_wishes wishes = {choose, take, NULL};
    GString *out = g_string_new(NULL);
    wr_json_stream *s = wr_json_stream_new(&wishes, out);

    for (size_t at = 0; at < strlen(text); at += block)
        wr_json_stream_feed(s, (const uint8_t *)text + at, MIN(block, strlen(text) - at));
    *problem = wr_json_stream_end(s, line);
    wr_json_stream_free(s);
    return g_string_free(out, FALSE);
}

static void test_values_are_taken_in_any_blocks(void)
{
    static const char text[] =
        " { \"a\" : [1,\"}]\\\"\",{}], \"no\":{\"x\":[\"]\"]}, \"in\":[-1.5e3, \"s\", null , {\"b\":2}] }\n";

    for (size_t block = 1; block < sizeof text; block++) {
        const char *problem;
        uint64_t line;
        char *found = read_in(text, block, &problem, &line);
        g_assert_cmpstr(found, ==, "a0=[1,\"}]\\\"\",{}];#0=-1.5e3;#1=\"s\";#2=null;#3={\"b\":2};");
        g_assert_null(problem);
        g_free(found);
    }
}

static void test_what_is_wrong_is_named(void)
{
    static const struct {
        const char *text;
        uint64_t line;
    } wrong[] = {{"", 1},   {"{\n\n\"a\" 1}", 3}, {"{\"a\":1\n]", 2}, {"{}\n{}", 2},
                 {"[1", 1}, {"{\"a\"", 1},        {"{,}", 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        const char *problem;
        uint64_t line;
        g_free(read_in(wrong[i].text, 3, &problem, &line));
        g_assert_nonnull(problem);
        g_assert_cmpuint(line, ==, wrong[i].line);
    }
}

static void test_a_value_that_is_too_long_is_counted(void)
{
    static const wr_json_wishes wishes = {choose, take, NULL};
    GString *out = g_string_new(NULL);
    wr_json_stream *s = wr_json_stream_new(&wishes, out);
    char *block = g_strnfill(1u << 20, 'x');
    uint64_t line;

    wr_json_stream_feed(s, (const uint8_t *)"{\"a\":\"", 6);
    for (int i = 0; i < 17; i++)
        wr_json_stream_feed(s, (const uint8_t *)block, 1u << 20);
    wr_json_stream_feed(s, (const uint8_t *)"\",\"b\":1}", 8);
    g_assert_null(wr_json_stream_end(s, &line));
    g_assert_cmpuint(wr_json_stream_too_long(s), ==, 1);
    g_assert_cmpstr(out->str, ==, "b1=1;");
    g_free(block);
    wr_json_stream_free(s);
    g_string_free(out, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json-stream/blocks", test_values_are_taken_in_any_blocks);
    g_test_add_func("/json-stream/wrong", test_what_is_wrong_is_named);
    g_test_add_func("/json-stream/long", test_a_value_that_is_too_long_is_counted);
    return g_test_run();
}
