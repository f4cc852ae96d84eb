/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fingerprints of session descriptions (RFC 8122 5): what is accepted, what is reported, what is equal. */
#include "sdp/fingerprint.h"

#include <glib.h>
#include <string.h>

/* Digests of "abc" (FIPS 180-4 examples, and RFC 1321 A.5 for MD5), in the notation of RFC 8122. */
#define ABC_MD5    "90:01:50:98:3C:D2:4F:B0:D6:96:3F:7D:28:E1:7F:72"
#define ABC_SHA1   "A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D"
#define ABC_SHA224 "23:09:7D:22:34:05:D8:22:86:42:A4:77:BD:A2:55:B3:2A:AD:BC:E4:BD:A0:B3:F7:E3:6C:9D:A7"
#define ABC_SHA256 "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD"

static const char *parse(const char *text, wr_fingerprint *fp)
{
    /* A copy without terminator, so that a read beyond the end shows in the sanitizer. */
    const size_t len = strlen(text);
    char *exact = g_malloc(len + 1);
    const char *problem;

    memcpy(exact, text, len);
    exact = g_realloc(exact, len != 0 ? len : 1);
    problem = wr_fingerprint_parse(exact, len, fp);
    g_free(exact);
    return problem;
}

static void assert_digest(const wr_fingerprint *fp, GChecksumType type)
{
    guint8 digest[WR_DIGEST_MAX];
    gsize n = sizeof digest;
    GChecksum *sum = g_checksum_new(type);

    g_checksum_update(sum, (const guchar *)"abc", 3);
    g_checksum_get_digest(sum, digest, &n);
    g_checksum_free(sum);
    g_assert_cmpmem(fp->value, fp->length, digest, n);
}

static void test_lines_as_the_rfc_wants_them(void)
{
    wr_fingerprint fp;

    g_assert_null(parse("sha-256 " ABC_SHA256, &fp));
    g_assert_true(fp.usable);
    g_assert_cmpint(fp.hash, ==, WR_HASH_SHA256);
    assert_digest(&fp, G_CHECKSUM_SHA256);
    g_assert_null(parse("sha-1 " ABC_SHA1, &fp));
    g_assert_true(fp.usable);
    g_assert_cmpint(fp.hash, ==, WR_HASH_SHA1);
    assert_digest(&fp, G_CHECKSUM_SHA1);
    g_assert_null(parse("sha-224 " ABC_SHA224, &fp));
    g_assert_true(fp.usable);
    g_assert_cmpint(fp.hash, ==, WR_HASH_SHA224);
    g_assert_cmpuint(fp.length, ==, 28);
}

static void test_hash_name_in_any_case_and_space_before_it(void)
{
    wr_fingerprint fp;

    /* RFC 5763 7.1 writes "a=fingerprint: SHA-1 4A:AD:…", RFC 8842 "SHA-1". */
    g_assert_null(parse(" SHA-256 " ABC_SHA256, &fp));
    g_assert_true(fp.usable);
    g_assert_null(parse("Sha-256\t " ABC_SHA256 " \t", &fp));
    g_assert_true(fp.usable);
}

static void test_lower_case_digits_are_used_and_reported(void)
{
    wr_fingerprint upper, lower;
    char *text = g_ascii_strdown("sha-256 " ABC_SHA256, -1);

    parse("sha-256 " ABC_SHA256, &upper);
    g_assert_nonnull(parse(text, &lower));
    g_assert_true(lower.usable);
    g_assert_true(wr_fingerprint_equal(&upper, &lower));
    g_free(text);
}

static void test_forbidden_hashes_are_recognised_but_not_usable(void)
{
    wr_fingerprint fp;

    g_assert_nonnull(parse("md5 " ABC_MD5, &fp));
    g_assert_cmpint(fp.hash, ==, WR_HASH_MD5);
    g_assert_cmpuint(fp.length, ==, 16);
    g_assert_false(fp.usable);
    g_assert_nonnull(parse("md2 " ABC_MD5, &fp));
    g_assert_cmpint(fp.hash, ==, WR_HASH_MD2);
    g_assert_false(fp.usable);
}

static void test_unknown_hash_keeps_the_value_but_is_not_usable(void)
{
    wr_fingerprint fp;

    g_assert_nonnull(parse("shake256 " ABC_SHA256, &fp));
    g_assert_cmpint(fp.hash, ==, WR_HASH_UNKNOWN);
    g_assert_cmpuint(fp.length, ==, 32);
    g_assert_false(fp.usable);
    g_assert_false(wr_fingerprint_equal(&fp, &fp));
}

static void test_length_must_be_that_of_the_hash(void)
{
    wr_fingerprint fp;

    g_assert_nonnull(parse("sha-256 " ABC_SHA1, &fp));
    g_assert_cmpuint(fp.length, ==, 20);
    g_assert_false(fp.usable);
    g_assert_nonnull(parse("sha-1 " ABC_SHA256, &fp));
    g_assert_false(fp.usable);
    g_assert_nonnull(parse("sha-512 " ABC_SHA256 ":" ABC_SHA256 ":00", &fp));
    g_assert_cmpuint(fp.length, ==, 0);
    g_assert_false(fp.usable);
}

static void test_broken_values_are_malformed(void)
{
    static const char *const broken[] = {
        "",
        " ",
        "sha-256",
        "sha-256 ",
        "sha-256 A",
        "sha-256 AB:C",
        "sha-256 AB:",
        "sha-256 :AB",
        "sha-256 AB::CD",
        "sha-256 ABCD",
        "sha-256 AB-CD",
        "sha-256 GG",
        "sha-256 " ABC_SHA256 ":",
        "sha-256 \xc3\xa4",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        wr_fingerprint fp;
        memset(&fp, 0xff, sizeof fp);
        g_assert_nonnull(parse(broken[i], &fp));
        g_assert_cmpuint(fp.length, ==, 0);
        g_assert_false(fp.usable);
    }
}

static void test_text_behind_the_value_makes_it_unusable(void)
{
    wr_fingerprint fp;

    g_assert_nonnull(parse("sha-256 " ABC_SHA256 " " ABC_SHA256, &fp));
    g_assert_false(fp.usable);
}

static void test_parts_are_read_like_a_line(void)
{
    wr_fingerprint line, parts;

    parse("sha-256 " ABC_SHA256, &line);
    g_assert_null(wr_fingerprint_parse_parts("SHA-256", 7, ABC_SHA256, strlen(ABC_SHA256), &parts));
    g_assert_true(wr_fingerprint_equal(&line, &parts));
    g_assert_nonnull(wr_fingerprint_parse_parts(NULL, 0, NULL, 0, &parts));
    g_assert_false(parts.usable);
}

static void test_equality_needs_hash_and_value(void)
{
    wr_fingerprint a, b, empty;

    parse("sha-256 " ABC_SHA256, &a);
    parse("sha-256 " ABC_SHA256, &b);
    g_assert_true(wr_fingerprint_equal(&a, &b));
    b.value[31] ^= 1;
    g_assert_false(wr_fingerprint_equal(&a, &b));
    parse("sha-1 " ABC_SHA1, &b);
    g_assert_false(wr_fingerprint_equal(&a, &b));
    parse("sha-256 nothing", &empty);
    g_assert_false(wr_fingerprint_equal(&empty, &empty));
}

static void test_digests_are_written_as_they_are_read(void)
{
    static const uint8_t bytes[] = {0x00, 0x0f, 0xab, 0xff};
    uint8_t longest[WR_DIGEST_MAX] = {0};
    char text[WR_DIGEST_TEXT];
    wr_fingerprint fp;

    g_assert_cmpstr(wr_digest_format(bytes, sizeof bytes, text), ==, "00:0F:AB:FF");
    g_assert_cmpstr(wr_digest_format(bytes, 0, text), ==, "");
    g_assert_cmpuint(strlen(wr_digest_format(longest, sizeof longest, text)), ==, 3 * WR_DIGEST_MAX - 1);
    parse("sha-256 " ABC_SHA256, &fp);
    g_assert_cmpstr(wr_digest_format(fp.value, fp.length, text), ==, ABC_SHA256);
}

static void test_names_and_lengths_of_hashes(void)
{
    static const struct {
        const char *name;
        wr_hash hash;
        size_t length;
    } known[] = {
        {"md2", WR_HASH_MD2, 16},        {"md5", WR_HASH_MD5, 16},        {"sha-1", WR_HASH_SHA1, 20},
        {"sha-224", WR_HASH_SHA224, 28}, {"sha-256", WR_HASH_SHA256, 32}, {"sha-384", WR_HASH_SHA384, 48},
        {"sha-512", WR_HASH_SHA512, 64},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_assert_cmpint(wr_hash_from_name(known[i].name, strlen(known[i].name)), ==, known[i].hash);
        g_assert_cmpstr(wr_hash_name(known[i].hash), ==, known[i].name);
        g_assert_cmpuint(wr_hash_length(known[i].hash), ==, known[i].length);
    }
    g_assert_cmpint(wr_hash_from_name("sha-25", 6), ==, WR_HASH_UNKNOWN);
    g_assert_cmpint(wr_hash_from_name("sha-2566", 8), ==, WR_HASH_UNKNOWN);
    g_assert_cmpint(wr_hash_from_name("", 0), ==, WR_HASH_UNKNOWN);
    g_assert_cmpstr(wr_hash_name(WR_HASH_UNKNOWN), ==, "unknown");
    g_assert_cmpstr(wr_hash_name(WR_HASH_COUNT), ==, "unknown");
    g_assert_cmpuint(wr_hash_length(WR_HASH_UNKNOWN), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fingerprint/lines-as-the-rfc-wants-them", test_lines_as_the_rfc_wants_them);
    g_test_add_func("/fingerprint/hash-name-in-any-case", test_hash_name_in_any_case_and_space_before_it);
    g_test_add_func("/fingerprint/lower-case-digits", test_lower_case_digits_are_used_and_reported);
    g_test_add_func("/fingerprint/forbidden-hashes", test_forbidden_hashes_are_recognised_but_not_usable);
    g_test_add_func("/fingerprint/unknown-hash", test_unknown_hash_keeps_the_value_but_is_not_usable);
    g_test_add_func("/fingerprint/length-of-the-hash", test_length_must_be_that_of_the_hash);
    g_test_add_func("/fingerprint/broken-values", test_broken_values_are_malformed);
    g_test_add_func("/fingerprint/text-behind-the-value", test_text_behind_the_value_makes_it_unusable);
    g_test_add_func("/fingerprint/parts", test_parts_are_read_like_a_line);
    g_test_add_func("/fingerprint/equality", test_equality_needs_hash_and_value);
    g_test_add_func("/fingerprint/writing", test_digests_are_written_as_they_are_read);
    g_test_add_func("/fingerprint/names-and-lengths", test_names_and_lengths_of_hashes);
    return g_test_run();
}
