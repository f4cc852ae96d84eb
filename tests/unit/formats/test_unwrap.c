/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking off what stands around the JSON of a signalling message. */
#include "formats/unwrap.h"

#include <string.h>
#include <zlib.h>

static void check_prefix(const char *text, size_t want_start, wr_framing want_framing)
{
    size_t start = SIZE_MAX;
    wr_framing framing = WR_FRAMING_NONE;

    g_assert_true(wr_unwrap_prefix((const uint8_t *)text, strlen(text), 0, &start, &framing));
    g_assert_cmpuint(start, ==, want_start);
    g_assert_cmpint(framing, ==, want_framing);
}

static void framings_are_told_apart(void)
{
    check_prefix("{}", 0, WR_FRAMING_NONE);
    check_prefix(" \r\n[1]", 3, WR_FRAMING_NONE);
    check_prefix("\xef\xbb\xbf{}", 3, WR_FRAMING_NONE);
    check_prefix("\"v=0\"", 0, WR_FRAMING_NONE);
    check_prefix("0{\"sid\":1}", 1, WR_FRAMING_ENGINEIO);
    check_prefix("42[\"a\"]", 2, WR_FRAMING_SOCKETIO);
    check_prefix("42/ns,12[\"a\"]", 8, WR_FRAMING_SOCKETIO);
    check_prefix("451-[\"a\"]", 4, WR_FRAMING_SOCKETIO);
    check_prefix("451-/ns,3[\"a\"]", 9, WR_FRAMING_SOCKETIO);
    check_prefix("96:42[\"a\"]", 5, WR_FRAMING_SOCKETIO);
    check_prefix("5:::{}", 4, WR_FRAMING_SOCKETIO_0);
    check_prefix("5:1+:/chat:{}", 11, WR_FRAMING_SOCKETIO_0);
    check_prefix("a[\"x\"]", 1, WR_FRAMING_SOCKJS);
    check_prefix("1.0\n{}", 4, WR_FRAMING_PREFIX);
    check_prefix("92[\"a\"]", 2, WR_FRAMING_PREFIX);
    check_prefix("42/ns[\"a\"]", 5, WR_FRAMING_PREFIX);
    check_prefix("\x01\x02{}", 2, WR_FRAMING_BINARY);
}

static void prefix_is_bounded(void)
{
    char text[WR_UNWRAP_MAX_PREFIX + 3];
    size_t start;
    wr_framing framing;

    memset(text, 'x', sizeof text);
    text[WR_UNWRAP_MAX_PREFIX] = '{';
    g_assert_true(wr_unwrap_prefix((const uint8_t *)text, sizeof text, 0, &start, &framing));
    g_assert_cmpuint(start, ==, WR_UNWRAP_MAX_PREFIX);
    g_assert_false(wr_unwrap_prefix((const uint8_t *)text, sizeof text, start + 1, &start, &framing));
    text[WR_UNWRAP_MAX_PREFIX] = 'x';
    text[WR_UNWRAP_MAX_PREFIX + 1] = '{';
    g_assert_false(wr_unwrap_prefix((const uint8_t *)text, sizeof text, 0, &start, &framing));
}

static void nothing_has_no_prefix(void)
{
    size_t start;
    wr_framing framing;

    g_assert_false(wr_unwrap_prefix((const uint8_t *)"", 0, 0, &start, &framing));
    g_assert_false(wr_unwrap_prefix((const uint8_t *)" \n\x1e", 3, 0, &start, &framing));
    g_assert_false(wr_unwrap_prefix((const uint8_t *)"2probe", 6, 0, &start, &framing));
}

static void lengths_count_utf16_units(void)
{
    /* U+1F600 is four bytes and two units, U+00E9 two bytes and one unit. */
    const char *text = "5:4\xf0\x9f\x98\x80\xc3\xa9x2:40";
    size_t head = 0, packet = 0;

    g_assert_true(wr_unwrap_length_prefix((const uint8_t *)text, strlen(text), &head, &packet));
    g_assert_cmpuint(head, ==, 2);
    g_assert_cmpuint(packet, ==, 8);
}

static void lengths_that_do_not_fit_are_none(void)
{
    static const char *const no[] = {"",      "4", "4:", "96:42[]2:40", "2:x0", "5:1+::{\"a\":1}", "99999999999:4",
                                     "3:42[]"};

    for (size_t i = 0; i < G_N_ELEMENTS(no); i++) {
        size_t head, packet;
        g_assert_false(wr_unwrap_length_prefix((const uint8_t *)no[i], strlen(no[i]), &head, &packet));
    }
}

/* ---- base64 ---- */

static void check_base64(const char *text, const char *want)
{
    GByteArray *got = wr_unwrap_base64((const uint8_t *)text, strlen(text), 1000);

    g_assert_nonnull(got);
    g_assert_cmpmem(got->data, got->len, want, strlen(want));
    g_byte_array_unref(got);
}

static void base64_vectors_of_rfc_4648_decode(void)
{
    check_base64("Zg==", "f");
    check_base64("Zm8=", "fo");
    check_base64("Zm9v", "foo");
    check_base64("Zm9vYg==", "foob");
    check_base64("Zm9vYmE=", "fooba");
    check_base64("Zm9vYmFy", "foobar");
}

static void base64_may_lack_padding_be_broken_into_lines_or_be_url_safe(void)
{
    check_base64("Zm8", "fo");
    check_base64("Zm9v\r\nYmFy\n", "foobar");
    /* printf '\xfb\xff\xfe' | base64 gives +//+ */
    check_base64("-__-", "\xfb\xff\xfe");
}

static void what_is_no_base64_is_refused(void)
{
    static const char *const no[] = {"Zm9v!", "Zm9vY", "Zm=v", "{\"a\":1}"};

    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_null(wr_unwrap_base64((const uint8_t *)no[i], strlen(no[i]), 1000));
    g_assert_null(wr_unwrap_base64((const uint8_t *)"Zm9vYmFyZm9vYmFy", 16, 8));
}

static bool looks_base64(const char *text)
{
    return wr_unwrap_looks_base64((const uint8_t *)text, strlen(text));
}

static void only_base64_of_something_known_is_worth_decoding(void)
{
    g_assert_true(looks_base64("eyJ0eXBlIjoib2ZmZXIi"));     /* {"type":"offer" */
    g_assert_true(looks_base64("ewogICJ0eXBlIjoib2Zm"));     /* { newline "type" */
    g_assert_true(looks_base64("dj0wDQpvPS0gMSAxIElO"));     /* v=0 */
    g_assert_true(looks_base64("Y2FuZGlkYXRlOjEgMSB1"));     /* candidate: */
    g_assert_true(looks_base64("H4sIAAAAAAAAA6tWKi5JTFKy")); /* gzip */
    g_assert_false(looks_base64("Zm9vYmFyYmF6Zm9vYmFy"));
    g_assert_false(looks_base64("eyJhbGc"));
    g_assert_false(looks_base64("hello world this is text"));
    g_assert_false(looks_base64(""));
}

/* ---- deflate ---- */

static void zlib_data_expands_up_to_the_bound(void)
{
    uint8_t plain[100000], packed[2000];
    uLongf n = sizeof packed;
    bool cut = true;
    GByteArray *got;

    memset(plain, 'a', sizeof plain);
    g_assert_cmpint(compress(packed, &n, plain, sizeof plain), ==, Z_OK);
    g_assert_true(wr_unwrap_looks_deflated(packed, n));
    got = wr_unwrap_inflate(packed, n, sizeof plain, &cut);
    g_assert_nonnull(got);
    g_assert_false(cut);
    g_assert_cmpmem(got->data, got->len, plain, sizeof plain);
    g_byte_array_unref(got);
    got = wr_unwrap_inflate(packed, n, 1000, &cut);
    g_assert_true(cut);
    g_assert_cmpuint(got->len, ==, 1000);
    g_byte_array_unref(got);
    got = wr_unwrap_inflate(packed, n, 0, &cut);
    g_assert_true(cut);
    g_assert_null(got);
}

static void broken_deflate_gives_what_came_before_or_nothing(void)
{
    /* printf hello | gzip -n, its last byte of data damaged and its trailer gone */
    static const uint8_t cut_gzip[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07};
    static const uint8_t rubbish[] = {0x78, 0x9c, 0xff, 0xff, 0xff};
    bool cut;
    GByteArray *got = wr_unwrap_inflate(cut_gzip, sizeof cut_gzip, 1000, &cut);

    if (got != NULL) {
        g_assert_cmpuint(got->len, <=, 5);
        g_byte_array_unref(got);
    }
    g_assert_null(wr_unwrap_inflate(rubbish, sizeof rubbish, 1000, &cut));
    g_assert_null(wr_unwrap_inflate(NULL, 0, 1000, &cut));
    g_assert_false(wr_unwrap_looks_deflated((const uint8_t *)"x", 1));
    g_assert_false(wr_unwrap_looks_deflated((const uint8_t *)"xyz", 3));
}

/* ---- forms ---- */

static void form_values_are_decoded_one_by_one(void)
{
    const char *form = "a=1+2&no&b%20c=%7B%22x%22%3A1%7D&d=%zz%4&=nameless&empty=";
    const char *names[] = {"a", "b c", "d", "", "empty"}, *values[] = {"1 2", "{\"x\":1}", "%zz%4", "nameless", ""};
    size_t at = 0;
    char *name;
    GByteArray *value;

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_true(wr_unwrap_form_next((const uint8_t *)form, strlen(form), &at, &name, &value));
        g_assert_cmpstr(name, ==, names[i]);
        g_assert_cmpmem(value->data, value->len, values[i], strlen(values[i]));
        g_free(name);
        g_byte_array_unref(value);
    }
    g_assert_false(wr_unwrap_form_next((const uint8_t *)form, strlen(form), &at, &name, &value));
}

static void forms_without_encoded_json_are_not_looked_into(void)
{
    g_assert_true(wr_unwrap_looks_form((const uint8_t *)"req0___data__=%7B%22a%22", 24));
    g_assert_true(wr_unwrap_looks_form((const uint8_t *)"sdp=v%3D0", 9));
    g_assert_false(wr_unwrap_looks_form((const uint8_t *)"a=1&b=2", 7));
    g_assert_false(wr_unwrap_looks_form((const uint8_t *)"{\"a\":\"%22\"}", 11));
}

#define ADD(name) g_test_add_func("/unwrap/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(framings_are_told_apart);
    ADD(prefix_is_bounded);
    ADD(nothing_has_no_prefix);
    ADD(lengths_count_utf16_units);
    ADD(lengths_that_do_not_fit_are_none);
    ADD(base64_vectors_of_rfc_4648_decode);
    ADD(base64_may_lack_padding_be_broken_into_lines_or_be_url_safe);
    ADD(what_is_no_base64_is_refused);
    ADD(only_base64_of_something_known_is_worth_decoding);
    ADD(zlib_data_expands_up_to_the_bound);
    ADD(broken_deflate_gives_what_came_before_or_nothing);
    ADD(form_values_are_decoded_one_by_one);
    ADD(forms_without_encoded_json_are_not_looked_into);
    return g_test_run();
}
