/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statistics of endpoints: what is taken from them, and that hostile files do no harm. */
#include "statements/testimony.h"

#include <string.h>

/* Any DER sequence has a digest; this one: printf '\x30\x03\x02\x01\x05' | sha256sum */
#define DER64 "MAMCAQU="

static wr_testimony *parse(const char *text)
{
    return wr_testimony_parse("a.json", text, strlen(text));
}

static char *with_fingerprint(const char *fingerprint)
{
    return g_strdup_printf(
        "{\"T\":{\"type\":\"transport\",\"localCertificateId\":\"C\",\"selectedCandidatePairId\":\"P\",\"dtlsState\":"
        "\"connected\"},\"C\":{\"type\":\"certificate\",\"fingerprintAlgorithm\":\"sha-256\",\"fingerprint\":\"%s\","
        "\"base64Certificate\":\"" DER64 "\"},\"P\":{\"type\":\"candidate-pair\",\"localCandidateId\":\"L\"},"
        "\"L\":{\"type\":\"local-candidate\",\"ip\":\"192.0.2.1\",\"port\":5000,\"usernameFragment\":\"abcd\"}}",
        fingerprint);
}

static char *right_fingerprint(void)
{
    static const guchar der[] = {0x30, 3, 2, 1, 5};
    char *hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, der, sizeof der);
    GString *out = g_string_new(NULL);

    for (size_t i = 0; hex[i] != '\0'; i += 2)
        g_string_append_printf(out, "%s%c%c", i > 0 ? ":" : "", g_ascii_toupper(hex[i]), g_ascii_toupper(hex[i + 1]));
    g_free(hex);
    return g_string_free(out, FALSE);
}

static void test_a_transport_is_read(void)
{
    char *fingerprint = right_fingerprint(), *text = with_fingerprint(fingerprint), at[WR_ENDPOINT_TEXT];
    wr_testimony *t = parse(text);
    const wr_statement *s;

    g_assert_cmpuint(t->statements->len, ==, 1);
    g_assert_null(t->problem);
    s = g_ptr_array_index(t->statements, 0);
    g_assert_nonnull(s->local);
    g_assert_null(s->remote);
    g_assert_false(s->contradictory);
    g_assert_cmpstr(s->local_ufrag, ==, "abcd");
    g_assert_cmpstr(s->dtls_state, ==, "connected");
    g_assert_cmpstr(wr_endpoint_format(&s->local_address, at), ==, "192.0.2.1:5000");
    g_assert_false(wr_endpoint_known(&s->remote_address));
    wr_testimony_unref(t);
    g_free(text);
    g_free(fingerprint);
}

static void test_a_certificate_must_have_the_fingerprint_beside_it(void)
{
    char *fingerprint = right_fingerprint(), *text;
    wr_testimony *t;
    const wr_statement *s;

    fingerprint[0] = fingerprint[0] == 'A' ? 'B' : 'A';
    text = with_fingerprint(fingerprint);
    t = parse(text);
    s = g_ptr_array_index(t->statements, 0);
    g_assert_true(s->contradictory);
    g_assert_null(s->local);
    wr_testimony_unref(t);
    g_free(text);
    g_free(fingerprint);
}

static void test_a_dump_gives_the_last_value(void)
{
    wr_testimony *t =
        parse("{\"PeerConnections\":{\"1\":{\"stats\":{"
              "\"T-1-dtlsState\":{\"statsType\":\"transport\",\"values\":\"[\\\"new\\\",\\\"connected\\\"]\"},"
              "\"T-1-iceLocalUsernameFragment\":{\"statsType\":\"transport\",\"values\":[\"abcd\"]},"
              "\"T-1-empty\":{\"statsType\":\"transport\",\"values\":\"[]\"}}}}}");
    const wr_statement *s;

    g_assert_cmpuint(t->statements->len, ==, 1);
    s = g_ptr_array_index(t->statements, 0);
    g_assert_cmpstr(s->id, ==, "T-1");
    g_assert_cmpstr(s->dtls_state, ==, "connected");
    g_assert_cmpstr(s->local_ufrag, ==, "abcd");
    wr_testimony_unref(t);
}

static void test_the_number_of_transports_is_bounded(void)
{
    GString *text = g_string_new("[");
    wr_testimony *t;

    for (int i = 0; i <= WR_MAX_STATEMENTS; i++)
        g_string_append_printf(text, "%s{\"id\":\"T%d\",\"type\":\"transport\"}", i > 0 ? "," : "", i);
    g_string_append_c(text, ']');
    t = parse(text->str);
    g_assert_cmpuint(t->statements->len, ==, WR_MAX_STATEMENTS);
    g_assert_nonnull(t->problem);
    wr_testimony_unref(t);
    g_string_free(text, TRUE);
}

static void test_what_is_no_statistics_is_named(void)
{
    static const char *const texts[] = {
        "",
        "{",
        "7",
        "[]",
        "{}",
        "null",
        "{\"stats\":4}",
        "[[],[1],{\"id\":5}]",
        "{\"a\":{\"type\":7}}",
        "{\"PeerConnections\":{\"1\":{\"stats\":{\"-\":{\"statsType\":\"x\",\"values\":\"[\"}}},\"2\":7}}"};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        wr_testimony *t = parse(texts[i]);
        g_assert_cmpuint(t->statements->len, ==, 0);
        g_assert_nonnull(t->problem);
        wr_testimony_unref(t);
    }
}

static void test_a_missing_file_is_named(void)
{
    wr_testimony *t = wr_testimony_read("/nonexistent/statistics.json");

    g_assert_cmpuint(t->statements->len, ==, 0);
    g_assert_nonnull(t->problem);
    wr_testimony_unref(t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/testimony/transport", test_a_transport_is_read);
    g_test_add_func("/testimony/contradictory", test_a_certificate_must_have_the_fingerprint_beside_it);
    g_test_add_func("/testimony/dump", test_a_dump_gives_the_last_value);
    g_test_add_func("/testimony/bound", test_the_number_of_transports_is_bounded);
    g_test_add_func("/testimony/no-statistics", test_what_is_no_statistics_is_named);
    g_test_add_func("/testimony/no-file", test_a_missing_file_is_named);
    return g_test_run();
}
