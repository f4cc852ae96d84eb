/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON texts: what is read, what is mended, and what is refused though the library would take it; and how values are
 * written. */
#include "formats/json_text.h"
#include "formats/json_write.h"

#include <string.h>

#define FULL(text) text, sizeof text - 1

/* The bytes stand alone, so that a tool sees what reads beyond them. */
static wr_json_text read_text(const char *bytes, size_t len)
{
    uint8_t *exact = g_memdup2(bytes, len);
    wr_json_text text = wr_json_text_read(exact, len);

    g_free(exact);
    return text;
}

/* Read without a word, and then as it is written in ASCII. */
static void check_read(const char *bytes, size_t len, const char *written)
{
    wr_json_text text = read_text(bytes, len);
    char *out = wr_value_write(text.root, false);

    g_assert_null(text.problem);
    g_assert_nonnull(text.root);
    g_assert_cmpuint(text.end, ==, len);
    g_assert_cmpstr(out, ==, written);
    g_free(out);
    json_object_put(text.root);
}

static void check_refused(const char *bytes, size_t len, const char *problem, size_t offset)
{
    wr_json_text text = read_text(bytes, len);

    g_assert_null(text.root);
    g_assert_cmpstr(text.problem, ==, problem);
    g_assert_cmpuint(text.offset, ==, offset);
    g_assert_false(text.bound);
}

/* ---- what is read ---- */

static void test_values(void)
{
    check_read(FULL("{ \"a\" : [ 1 , -2 , true , false , null ] ,\r\n\t\"b\" : { } }"),
               "{\"a\":[1,-2,true,false,null],\"b\":{}}");
    check_read(FULL("\"plain\""), "\"plain\"");
    check_read(FULL("[9223372036854775807,-9223372036854775808,-0]"), "[9223372036854775807,-9223372036854775808,0]");
    check_read(FULL("[\"\\u00e4\\ud83d\\ude00\\b\\f\\n\\r\\t\\/\\\\\\\"\xc3\xa4\x7f\"]"),
               "[\"\\u00E4\\uD83D\\uDE00\\b\\f\\n\\r\\t/\\\\\\\"\\u00E4\x7f\"]");
    check_read(FULL("{\"a\":{},\"b\":[],\"\":\"\"}"), "{\"a\":{},\"b\":[],\"\":\"\"}");
}

static void test_fractions(void)
{
    wr_json_text text = read_text(FULL("[0.5,-1.25e3,1E-7,0e0]"));

    g_assert_null(text.problem);
    g_assert_cmpuint(wr_value_size(text.root), ==, 4);
    g_assert_cmpfloat(json_object_get_double(wr_value_element(text.root, 1)), ==, -1250);
    g_assert_false(wr_value_is_integer(wr_value_element(text.root, 3)));
    json_object_put(text.root);
}

static void test_last_of_the_same_name_counts(void)
{
    check_read(FULL("{\"a\":1,\"b\":2,\"a\":3}"), "{\"a\":3,\"b\":2}");
}

static void test_null_is_there(void)
{
    wr_json_text text = read_text(FULL("{\"a\":null,\"b\":[null]}"));

    g_assert_true(wr_value_has(text.root, "a"));
    g_assert_false(wr_value_has(text.root, "c"));
    g_assert_null(wr_value_member(text.root, "a"));
    g_assert_cmpuint(wr_value_size(wr_value_member(text.root, "b")), ==, 1);
    /* What is asked of a null, or of another type, is nothing. */
    g_assert_null(wr_value_member(wr_value_member(text.root, "a"), "x"));
    g_assert_null(wr_value_string(wr_value_member(text.root, "b")));
    g_assert_cmpint(wr_value_integer(wr_value_member(text.root, "a")), ==, 0);
    g_assert_null(wr_value_element(text.root, 0));
    g_assert_null(wr_value_first(wr_value_member(text.root, "b")));
    json_object_put(text.root);
}

static void test_what_follows_is_left_alone(void)
{
    wr_json_text text = read_text(FULL("{\"a\":\"}\"}garbage\xff"));

    g_assert_null(text.problem);
    g_assert_nonnull(text.root);
    g_assert_cmpuint(text.end, ==, 9);
    json_object_put(text.root);
}

/* Every length of a string, since eight bytes are looked at together, with every end at every place of the eight. */
static void test_strings_of_all_lengths(void)
{
    for (unsigned n = 0; n < 40; n++) {
        char *inner = g_strnfill(n, 'x');
        char *text = g_strdup_printf("[\"%s\",\"%s\\\"\",\"\xc3\xa4%s\\\\\"]", inner, inner, inner);
        char *written = g_strdup_printf("[\"%s\",\"%s\\\"\",\"\\u00E4%s\\\\\"]", inner, inner, inner);
        char *broken = g_strdup_printf("[\"%s\x1f\"]", inner);
        char *unended = g_strdup_printf("\"%s\\\"", inner);
        check_read(text, strlen(text), written);
        check_refused(broken, strlen(broken), "JSON syntax error", n + 2);
        g_assert_cmpuint(wr_json_string_length((const uint8_t *)text + 1, strlen(text) - 1), ==, n + 2);
        g_assert_cmpuint(wr_json_string_length((const uint8_t *)unended, strlen(unended)), ==, 0);
        g_free(inner);
        g_free(text);
        g_free(written);
        g_free(broken);
        g_free(unended);
    }
}

static void test_string_that_ends_in_a_backslash(void)
{
    g_assert_cmpuint(wr_json_string_length((const uint8_t *)"\"a\\\\\"", 5), ==, 5);
    g_assert_cmpuint(wr_json_string_length((const uint8_t *)"\"a\\", 3), ==, 0);
    g_assert_cmpuint(wr_json_string_length((const uint8_t *)"\"", 1), ==, 0);
}

/* ---- what is mended ---- */

static void test_big_numbers_keep_their_digits(void)
{
    check_read(FULL("[9223372036854775808]"), "[\"9223372036854775808\"]");
    check_read(FULL("{\"id\":-123456789012345678901234567890}"), "{\"id\":\"-123456789012345678901234567890\"}");
    check_read(FULL("[18446744073709551615,1]"), "[\"18446744073709551615\",1]");
    check_read(FULL("[1e999]"), "[\"1e999\"]");
}

/* Pairs whose lower 16 bits look like half a pair: the library takes them for that. */
static void test_pairs_that_look_like_halves(void)
{
    static const char text[] = "[\"\\ud836\\ude00\\ud876\\udc00\\ud837\\udf1e\\ud83d\\ude00\"]";
    size_t end;
    json_object *root = wr_json_read_whole((const uint8_t *)text, sizeof text - 1, &end);

    check_read(text, sizeof text - 1, "[\"\\uD836\\uDE00\\uD876\\uDC00\\uD837\\uDF1E\\uD83D\\uDE00\"]");
    g_assert_nonnull(root);
    json_object_put(root);
    check_refused(FULL("[\"\\ud836\\ude00\" 1]"), "JSON syntax error", 16);
}

static void test_half_characters_are_replaced(void)
{
    check_read(FULL("[\"a\\ud800b\",\"\\udc00\",\"\\ud800\\u0041\",\"\\ud800\\ud83d\\ude00\"]"),
               "[\"a\\uFFFDb\",\"\\uFFFD\",\"\\uFFFDA\",\"\\uFFFD\\uD83D\\uDE00\"]");
    /* Nothing of it stays for the next text. */
    check_read(FULL("[\"\\ud83d\\ude00\"]"), "[\"\\uD83D\\uDE00\"]");
}

static void test_nul(void)
{
    /* In a value it is read, in a name it would cut it. */
    check_read(FULL("{\"a\":\"b\\u0000c\"}"), "{\"a\":\"b\\u0000c\"}");
    check_read(FULL("{\"a\\u0000b\" : 1, \"a\":2}"), "{\"a\\uFFFDb\":1,\"a\":2}");
}

static void test_bytes_that_are_no_utf8(void)
{
    /* Too long, half a pair, beyond Unicode, cut. */
    static const char *const bad[] = {"[\"\xc0\x80\"]", "[\"\xed\xa0\x80\"]", "[\"\xf5\x80\x80\x80\"]",
                                      "[\"\xe2\x82\"]", "[\"\x80\"]"};

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        wr_json_text text = read_text(bad[i], strlen(bad[i]));
        g_assert_cmpstr(text.problem, ==, "JSON text is not UTF-8");
        g_assert_cmpuint(text.offset, ==, 2);
        g_assert_true(g_str_has_prefix(wr_value_string(wr_value_element(text.root, 0)), "?"));
        json_object_put(text.root);
    }
}

/* ---- what is refused ---- */

static void test_what_only_the_library_takes(void)
{
    static const char *const texts[] = {
        "[NaN]",   "[Infinity]", "[-Infinity]", "[nan]",         "[True]",      "[nUll]",    "{'a':1}",
        "['a']",   "[1,]",       "{\"a\":1,}",  "[1/**/]",       "[//\n1]",     "[01]",      "[00]",
        "[-01.5]", "[1.]",       "[-.5]",       "[.5]",          "[+1]",        "[-]",       "[1.5.2]",
        "[0x10]",  "[\"\t\"]",   "[\"\n\"]",    "{\"a\x01\":1}", "[1\v]",       "[\"\\x\"]", "[\"\\u12g4\"]",
        "{a:1}",   "[1 2]",      "{\"a\" 1}",   "{1:2}",         "[,1]",        "[1}",       "[truefalse]",
        "[true1]", "[tRue]",     "[1, ]",       "[nana]",        "[-infinity]", "[i]",       "[inf]",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        wr_json_text text = read_text(texts[i], strlen(texts[i]));
        if (text.root != NULL || g_strcmp0(text.problem, "JSON syntax error") != 0) {
            g_test_message("%s: %s", texts[i], text.problem);
            g_test_fail();
        }
        json_object_put(text.root);
    }
    check_refused(FULL("[\"a\0b\"]"), "JSON syntax error", 3);
    check_refused(FULL("[1,\0 2]"), "JSON syntax error", 3);
    check_refused(FULL("[1,\xff]"), "JSON text is not UTF-8", 3);
}

static void test_the_first_error_is_named(void)
{
    check_refused(FULL("{\"a\" 1,\"b\":NaN}"), "JSON syntax error", 5);
    check_refused(FULL("{\"a\":NaN,\"b\" 1}"), "JSON syntax error", 5);
    /* Quotes that were put in do not count. */
    check_refused(FULL("{\"a\":123456789012345678901 1}"), "JSON syntax error", 27);
}

static void test_cut_texts(void)
{
    static const char text[] = "{\"type\":\"offer\",\"n\":[1,true,null,\"\\ud83d\\ude00\"]}";

    for (size_t len = 1; len < sizeof text - 1; len++) {
        wr_json_text cut = read_text(text, len);
        g_assert_null(cut.root);
        g_assert_nonnull(cut.problem);
        g_assert_cmpuint(cut.offset, <=, len);
        g_assert_cmpuint(cut.end, ==, len);
    }
    check_refused(FULL("{\"a\":[1,2"), "JSON ends too early", 9);
    check_refused(FULL("{\"a\":\"b"), "JSON ends too early", 7);
    check_read(text, sizeof text - 1, "{\"type\":\"offer\",\"n\":[1,true,null,\"\\uD83D\\uDE00\"]}");
}

static void test_depth(void)
{
    for (unsigned more = 0; more < 2; more++) {
        const unsigned depth = WR_JSON_MAX_NESTING + more;
        GString *s = g_string_new(NULL);
        wr_json_text text;
        for (unsigned i = 0; i < depth; i++)
            g_string_append(s, i % 2 == 0 ? "[" : "{\"a\":");
        g_string_append(s, "1");
        for (unsigned i = depth; i > 0; i--)
            g_string_append_c(s, i % 2 == 1 ? ']' : '}');
        text = read_text(s->str, s->len);
        g_assert_true(text.bound == (more > 0));
        g_assert_true((text.root != NULL) == (more == 0));
        json_object_put(text.root);
        g_string_free(s, TRUE);
    }
}

/* ---- without mending ---- */

static void test_flawless_texts_alone(void)
{
    static const char *const refused[] = {
        "",   " ",    "1",          "\"a\"", "null", "[1] 2", "[\"\\ud800\"]", "[9223372036854775808]", "[\"\\u0000\"]",
        "[1", "x[1]", "[\"\xff\"]", "}"};
    size_t end;
    json_object *root = wr_json_read_whole((const uint8_t *)" [1]\n ", 6, &end);

    g_assert_nonnull(root);
    json_object_put(root);
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_assert_null(wr_json_read_whole((const uint8_t *)refused[i], strlen(refused[i]), &end));
        g_assert_cmpuint(end, <=, strlen(refused[i]));
    }
    g_assert_null(wr_json_read_whole((const uint8_t *)"{\n\n\"a\" 1}", 9, &end));
    g_assert_cmpuint(end, ==, 7);
    root = wr_json_read_first((const uint8_t *)"{} {", 4, &end);
    g_assert_nonnull(root);
    g_assert_cmpuint(end, ==, 2);
    json_object_put(root);
}

/* ---- writing ---- */

static void test_writing(void)
{
    json_object *o = json_object_new_object(), *list = json_object_new_array();
    char *text;

    wr_value_put_text(o, "name", "\"\x1f\xc3\xa4\xf0\x9f\x98\x80/");
    wr_value_put_text(o, "absent", NULL);
    wr_value_put_text(o, "bytes", "a\xff");
    wr_value_put_integer(o, "n", -5);
    json_object_array_add(list, json_object_new_object());
    json_object_array_add(list, json_object_new_array());
    json_object_array_add(list, json_object_new_boolean(true));
    json_object_object_add(o, "list", list);
    text = wr_value_write(o, true);
    g_assert_cmpstr(text, ==,
                    "{\n \"name\": \"\\\"\\u001F\\u00E4\\uD83D\\uDE00/\",\n \"bytes\": \"a\\uFFFD\",\n \"n\": -5,\n"
                    " \"list\": [\n  {},\n  [],\n  true\n ]\n}");
    g_free(text);
    json_object_put(o);
    g_assert_null(wr_value_new_string("\xed\xa0\x80", 3));
    o = wr_value_new_string("a\0b", 3);
    g_assert_cmpuint(wr_value_string_length(o), ==, 3);
    json_object_put(o);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json_text/values", test_values);
    g_test_add_func("/json_text/fractions", test_fractions);
    g_test_add_func("/json_text/same-name", test_last_of_the_same_name_counts);
    g_test_add_func("/json_text/null", test_null_is_there);
    g_test_add_func("/json_text/follows", test_what_follows_is_left_alone);
    g_test_add_func("/json_text/strings", test_strings_of_all_lengths);
    g_test_add_func("/json_text/backslash", test_string_that_ends_in_a_backslash);
    g_test_add_func("/json_text/big-numbers", test_big_numbers_keep_their_digits);
    g_test_add_func("/json_text/misread-pairs", test_pairs_that_look_like_halves);
    g_test_add_func("/json_text/half-characters", test_half_characters_are_replaced);
    g_test_add_func("/json_text/nul", test_nul);
    g_test_add_func("/json_text/utf8", test_bytes_that_are_no_utf8);
    g_test_add_func("/json_text/strict", test_what_only_the_library_takes);
    g_test_add_func("/json_text/first-error", test_the_first_error_is_named);
    g_test_add_func("/json_text/cut", test_cut_texts);
    g_test_add_func("/json_text/depth", test_depth);
    g_test_add_func("/json_text/flawless", test_flawless_texts_alone);
    g_test_add_func("/json_text/writing", test_writing);
    return g_test_run();
}
