/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When are two descriptions the same one, and what differs? Canonical form, classes S0 to S3, fingerprints, lines. */
#include "descriptions.h"
#include "sdp/compare.h"

#include <string.h>

static wr_sdp *parse(const char *text)
{
    return wr_sdp_parse(text, strlen(text));
}

/* text with every `from` replaced by `to`. */
static char *edit(const char *text, const char *from, const char *to)
{
    GString *s = g_string_new(text);

    g_assert_cmpuint(g_string_replace(s, from, to, 0), >, 0);
    return g_string_free(s, FALSE);
}

static wr_sameness sameness(const char *a, const char *b)
{
    wr_sdp *x = parse(a), *y = parse(b);
    const wr_sameness result = wr_sdp_sameness(x, y);

    g_assert_cmpint(wr_sdp_sameness(y, x), ==, result);
    wr_sdp_unref(x);
    wr_sdp_unref(y);
    return result;
}

/* The same, with a list of replacements made in the second text. */
static wr_sameness sameness_after(const char *text, const char *const edits[][2], size_t n)
{
    char *changed = g_strdup(text);
    wr_sameness result;

    for (size_t i = 0; i < n; i++) {
        char *next = edit(changed, edits[i][0], edits[i][1]);
        g_free(changed);
        changed = next;
    }
    result = sameness(text, changed);
    g_free(changed);
    return result;
}
#define SAMENESS_AFTER(text, ...)                                                                                      \
    sameness_after(text, (const char *const[][2]){__VA_ARGS__},                                                        \
                   sizeof((const char *const[][2]){__VA_ARGS__}) / sizeof(char *[2]))

#define NEW_ICE                                                                                                        \
    {"zKgx", "8NFD"},                                                                                                  \
    {                                                                                                                  \
        "DWb0um9pikEZ/FUvxSnhMQ9Y", "qhPLmy/RY5hhsydZwJt0PJG3"                                                         \
    }
#define NEW_FINGERPRINT                                                                                                \
    {                                                                                                                  \
        FP_A, FP_B                                                                                                     \
    }

static void test_canonical_form(void)
{
    wr_sdp *sdp = parse("v=0 \r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 203.0.113.1\r\nt=0 0\r\n"
                        "a=z\r\na=group:BUNDLE b a\r\n\r\n"
                        "m=audio 50000/2 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 203.0.113.1\r\nb=AS:30\t\r\n"
                        "a=rtcp:50001\r\na=setup:actpass\r\na=fingerprint:SHA-1  cc:CC:cc:CC:CC:CC:CC:CC:CC:CC:CC:CC:"
                        "CC:CC:CC:CC:CC:CC:CC:CC\r\na=rtcp-mux\r\n"
                        "a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\na=end-of-candidates\r\n"
                        "m=video 0 RTP/AVP 0\r\na=fingerprint:sha-256 broken\r\n");
    char *canonical, *body;
    guint8 digest[32];
    gsize n = sizeof digest;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);

    wr_sdp_forms(sdp, &canonical, &body);
    g_assert_cmpstr(canonical, ==,
                    "v=0\no=- 1 2 IN IP4 0.0.0.0\ns=-\nt=0 0\na=group:BUNDLE b a\na=z\n"
                    "m=audio 9/2 UDP/TLS/RTP/SAVPF 111 0\nb=AS:30\na=fingerprint:sha-1 " FP1_C "\na=rtcp-mux\n"
                    "a=setup:actpass\nm=video 0 RTP/AVP 0\na=fingerprint:sha-256 broken\n");
    g_assert_cmpstr(body, ==,
                    "v=0\ns=-\nt=0 0\na=group:BUNDLE b a\na=z\n"
                    "m=audio 9/2 UDP/TLS/RTP/SAVPF 111 0\nb=AS:30\na=rtcp-mux\nm=video 0 RTP/AVP 0\n");
    g_checksum_update(sum, (const guchar *)canonical, -1);
    g_checksum_get_digest(sum, digest, &n);
    g_assert_cmpmem(sdp->canonical, sizeof sdp->canonical, digest, n);
    g_checksum_free(sum);
    g_free(canonical);
    g_free(body);
    wr_sdp_unref(sdp);
}

static void test_s0_survives_relaying_and_gathering(void)
{
    g_assert_cmpint(sameness(CHROMIUM_OFFER, CHROMIUM_OFFER), ==, WR_SAME_S0);
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, {"\r\n", "\n"}), ==, WR_SAME_S0);
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, {"m=audio 9 ", "m=audio 50123 "},
                                   {"c=IN IP4 0.0.0.0", "c=IN IP4 192.0.2.1"}, {"a=rtcp:9 IN IP4 0.0.0.0\r\n", ""},
                                   {"a=mid:0\r\n", "a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n"}),
                    ==, WR_SAME_S0);
    /* The order of attributes and the case of digits are nobody's statement. */
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, {"a=mid:0\r\na=sendrecv\r\n", "a=sendrecv\r\na=mid:0\r\n"},
                                   {FP_A, "aa:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:"
                                          "AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:aa"}),
                    ==, WR_SAME_S0);
}

static void test_a_rejected_section_is_not_the_same_as_an_open_one(void)
{
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, {"m=video 9 ", "m=video 0 "}), !=, WR_SAME_S0);
}

static void test_s1_same_ice_agent_other_fingerprint(void)
{
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, NEW_FINGERPRINT), ==, WR_SAME_S1);
    /* Whatever o= says. */
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, NEW_FINGERPRINT, {"6966993752534827616", "1234567890123456789"}), ==,
                    WR_SAME_S1);
    /* Both of the pair must agree. */
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, {"DWb0um9pikEZ", "000000000000"},
                                   {"6966993752534827616", "1234567890123456789"}, {"353137462", "99999999"}),
                    ==, WR_SAME_S3);
}

static void test_s1_is_by_mid_and_not_by_place(void)
{
    static const char one[] = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:a\r\n"
                              "a=ice-ufrag:uuuu\r\na=ice-pwd:pppppppppppppppppppppp\r\n"
                              "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:b\r\n"
                              "a=ice-ufrag:vvvv\r\na=ice-pwd:qqqqqqqqqqqqqqqqqqqqqq\r\n";
    static const char two[] = "v=0\r\no=- 2 1 IN IP4 0.0.0.0\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:b\r\n"
                              "a=ice-ufrag:vvvv\r\na=ice-pwd:qqqqqqqqqqqqqqqqqqqqqq\r\n"
                              "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:a\r\n"
                              "a=ice-ufrag:wwww\r\na=ice-pwd:rrrrrrrrrrrrrrrrrrrrrr\r\n";

    g_assert_cmpint(sameness(one, two), ==, WR_SAME_S1);
}

static void test_s2_reauthored_transport_under_the_same_origin(void)
{
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, NEW_ICE, NEW_FINGERPRINT), ==, WR_SAME_S2);
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, NEW_ICE, NEW_FINGERPRINT, {"a=rtpmap:96 VP8/90000\r\n", ""}), ==,
                    WR_SAME_S2);
}

static void test_s2_reauthored_origin_with_the_same_body(void)
{
    g_assert_cmpint(
        SAMENESS_AFTER(CHROMIUM_OFFER, NEW_ICE, NEW_FINGERPRINT, {"6966993752534827616", "1234567890123456789"}), ==,
        WR_SAME_S2);
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, NEW_ICE, {"6966993752534827616", "1234567890123456789"},
                                   {"353137462", "353137463"}),
                    ==, WR_SAME_S3);
}

static void test_a_later_version_is_another_description(void)
{
    /* An ICE restart: o= version up, the body as it was. */
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, NEW_ICE, {"6966993752534827616 2", "6966993752534827616 3"}), ==,
                    WR_SAME_S3);
}

static void test_constant_origins_tell_nothing(void)
{
    static const char *const constant[] = {"0", "1", "42", "123", "0000", "000123"};
    static const char *const telling[] = {"1234", "6966993752534827616", "0001234"};

    for (size_t i = 0; i < G_N_ELEMENTS(constant) + G_N_ELEMENTS(telling); i++) {
        const bool tells = i >= G_N_ELEMENTS(constant);
        const char *id = tells ? telling[i - G_N_ELEMENTS(constant)] : constant[i];
        char *text = edit(CHROMIUM_OFFER, "6966993752534827616", id);
        wr_sdp *sdp = parse(text);
        g_assert_cmpint(wr_sdp_origin_tells(sdp), ==, tells);
        g_assert_cmpint(SAMENESS_AFTER(text, NEW_ICE, {"353137462", "999999"}), ==, tells ? WR_SAME_S2 : WR_SAME_S3);
        wr_sdp_unref(sdp);
        g_free(text);
    }
}

static void test_no_origin_tells_nothing(void)
{
    wr_sdp *sdp = parse("a=ice-ufrag:abcd");

    g_assert_false(wr_sdp_origin_tells(sdp));
    wr_sdp_unref(sdp);
}

#define DATA_CHANNEL(origin, ufrag, fp)                                                                                \
    "v=0\r\no=- " origin " 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"                                 \
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n"                                         \
    "a=ice-ufrag:" ufrag "\r\na=ice-pwd:" ufrag "0123456789012345678901\r\na=fingerprint:sha-256 " fp "\r\n"           \
    "a=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n"

static void test_equal_bodies_without_anything_random_are_no_copies(void)
{
    /* Two calls of one browser model: everything but o=, ICE and fingerprint is the same text. */
    g_assert_cmpint(
        sameness(DATA_CHANNEL("5534827616696699375", "aaaa", FP_A), DATA_CHANNEL("8827616696699375255", "bbbb", FP_B)),
        ==, WR_SAME_S3);
    g_assert_cmpint(sameness(DATA_CHANNEL("0", "aaaa", FP_A), DATA_CHANNEL("0", "bbbb", FP_B)), ==, WR_SAME_S3);
}

static void test_an_answer_that_echoes_the_offer_is_no_copy_of_it(void)
{
    /* What an echo test server does: o= line and sections of the offer, own transport, a taken DTLS role. */
    g_assert_cmpint(SAMENESS_AFTER(CHROMIUM_OFFER, NEW_ICE, NEW_FINGERPRINT, {"a=setup:actpass", "a=setup:active"}), ==,
                    WR_SAME_S3);
}

static void test_unrelated_descriptions(void)
{
    g_assert_cmpint(sameness(CHROMIUM_OFFER, FIREFOX_ANSWER), ==, WR_SAME_S3);
}

static void test_fragments(void)
{
    static const char first[] = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\n"
                                "a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n";
    static const char second[] = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\n"
                                 "a=mid:0\r\na=candidate:2 1 udp 1 192.0.2.1 2 typ host\r\n";

    /* Two fragments of one ICE generation are two messages. */
    g_assert_cmpint(sameness(first, second), ==, WR_SAME_S1);
    g_assert_cmpint(sameness(first, first), ==, WR_SAME_S0);
    g_assert_cmpint(sameness("candidate:1 1 udp 1 192.0.2.1 1 typ host", "candidate:2 1 udp 1 192.0.2.1 1 typ host"),
                    ==, WR_SAME_S3);
    g_assert_cmpint(
        sameness("candidate:1 1 udp 1 192.0.2.1 1 typ host", "a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n"), ==,
        WR_SAME_S0);
    /* Credentials alone, against the description they belong to. */
    g_assert_cmpint(sameness("a=ice-ufrag:zKgx\r\na=ice-pwd:DWb0um9pikEZ/FUvxSnhMQ9Y\r\n", CHROMIUM_OFFER), ==,
                    WR_SAME_S1);
}

static wr_fps_difference fingerprints(const char *a, const char *b)
{
    char *x = g_strdup_printf("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n%s", a);
    char *y = g_strdup_printf("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n%sm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", b);
    wr_sdp *in_section = parse(x), *in_session = parse(y);
    const wr_fps_difference result = wr_sdp_compare_fingerprints(in_section, in_session);

    g_assert_cmpint(wr_sdp_compare_fingerprints(in_session, in_section), ==, result);
    wr_sdp_unref(in_section);
    wr_sdp_unref(in_session);
    g_free(x);
    g_free(y);
    return result;
}

#define A256 "a=fingerprint:sha-256 " FP_A "\r\n"
#define B256 "a=fingerprint:sha-256 " FP_B "\r\n"
#define C1   "a=fingerprint:sha-1 " FP1_C "\r\n"
#define D384 "a=fingerprint:sha-384 " FP384_D "\r\n"

static void test_fingerprint_sets(void)
{
    g_assert_cmpint(fingerprints(A256, A256), ==, WR_FPS_EQUAL);
    g_assert_cmpint(fingerprints(A256 D384, D384 A256), ==, WR_FPS_EQUAL);
    g_assert_cmpint(fingerprints(A256 D384, A256), ==, WR_FPS_TRIMMED);
    g_assert_cmpint(fingerprints(A256 B256, B256), ==, WR_FPS_TRIMMED);
    g_assert_cmpint(fingerprints(A256, B256), ==, WR_FPS_DIFFERENT);
    g_assert_cmpint(fingerprints(A256 C1, B256 C1), ==, WR_FPS_DIFFERENT);
    g_assert_cmpint(fingerprints(A256, C1), ==, WR_FPS_UNKNOWN);
    g_assert_cmpint(fingerprints(A256, ""), ==, WR_FPS_UNKNOWN);
    g_assert_cmpint(fingerprints("", ""), ==, WR_FPS_UNKNOWN);
    g_assert_cmpint(fingerprints(A256 "a=fingerprint:md5 AA\r\n", A256), ==, WR_FPS_EQUAL);
}

static void test_fingerprints_of_rejected_sections_do_not_count(void)
{
    static const char open[] =
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 RTP/SAVPF 0\r\n" A256 "m=video 9 RTP/SAVPF 0\r\n" A256;
    static const char rejected[] =
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 RTP/SAVPF 0\r\n" A256 "m=video 0 RTP/SAVPF 0\r\n" B256;
    wr_sdp *a = parse(open), *b = parse(rejected);

    g_assert_cmpint(wr_sdp_compare_fingerprints(a, b), ==, WR_FPS_EQUAL);
    wr_sdp_unref(a);
    wr_sdp_unref(b);
}

static void assert_line(const GPtrArray *diff, guint i, char sign, wr_diff_kind kind, const char *text)
{
    const wr_diff_line *line = g_ptr_array_index(diff, i);

    g_assert_cmpint(line->sign, ==, sign);
    g_assert_cmpint(line->kind, ==, kind);
    g_assert_cmpstr(line->line, ==, text);
}

static void test_diff_of_a_substitution(void)
{
    char *text = edit(CHROMIUM_OFFER, FP_A, FP_B), *next;
    wr_sdp *a, *b;
    GPtrArray *diff;

    next = edit(text, "DWb0um9pikEZ", "000000000000");
    g_free(text);
    text = edit(next, "a=mid:1\r\n", "a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\na=mid:1\r\na=new\r\n");
    a = parse(CHROMIUM_OFFER);
    b = parse(text);
    diff = wr_sdp_diff(a, b, 100);
    g_assert_cmpuint(diff->len, ==, 10);
    assert_line(diff, 0, '-', WR_DIFF_ICE, "a=ice-pwd:(password)");
    assert_line(diff, 1, '-', WR_DIFF_FINGERPRINT, "a=fingerprint:sha-256 " FP_A);
    assert_line(diff, 2, '+', WR_DIFF_ICE, "a=ice-pwd:(password)");
    assert_line(diff, 3, '+', WR_DIFF_FINGERPRINT, "a=fingerprint:sha-256 " FP_B);
    assert_line(diff, 8, '+', WR_DIFF_CANDIDATE, "a=candidate:1 1 udp 1 192.0.2.1 1 typ host");
    assert_line(diff, 9, '+', WR_DIFF_OTHER, "a=new");
    g_ptr_array_unref(diff);
    /* Cut where the caller wants it, and saying so. */
    diff = wr_sdp_diff(a, b, 3);
    g_assert_cmpuint(diff->len, ==, 3);
    g_assert_cmpint(((const wr_diff_line *)g_ptr_array_index(diff, 2))->sign, ==, ' ');
    g_ptr_array_unref(diff);
    diff = wr_sdp_diff(a, b, 10);
    g_assert_cmpuint(diff->len, ==, 10);
    assert_line(diff, 9, '+', WR_DIFF_OTHER, "a=new");
    g_ptr_array_unref(diff);
    diff = wr_sdp_diff(a, b, 0);
    g_assert_cmpuint(diff->len, ==, 0);
    g_ptr_array_unref(diff);
    diff = wr_sdp_diff(a, a, 100);
    g_assert_cmpuint(diff->len, ==, 0);
    g_ptr_array_unref(diff);
    wr_sdp_unref(a);
    wr_sdp_unref(b);
    g_free(text);
    g_free(next);
}

static void test_diff_shows_no_keys_and_cuts_long_lines(void)
{
    GString *text = g_string_new("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nk=clear:secret\r\nm=audio 9 RTP/SAVP 0\r\n"
                                 "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:secret\r\na=x:");
    wr_sdp *a, *b = parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n");
    GPtrArray *diff;

    for (int i = 0; i < 1000; i++)
        g_string_append(text, "\xc3\xa4");
    a = parse(text->str);
    diff = wr_sdp_diff(a, b, 100);
    g_assert_cmpuint(diff->len, ==, 4);
    for (guint i = 0; i < diff->len; i++) {
        const wr_diff_line *line = g_ptr_array_index(diff, i);
        g_assert_null(strstr(line->line, "secret"));
        g_assert_true(g_utf8_validate(line->line, -1, NULL));
        g_assert_cmpuint(strlen(line->line), <, 300);
    }
    g_ptr_array_unref(diff);
    wr_sdp_unref(a);
    wr_sdp_unref(b);
    g_string_free(text, TRUE);
}

static void test_diff_counts_repeated_lines(void)
{
    wr_sdp *a = parse("v=0\r\na=x\r\na=x\r\na=x\r\n"), *b = parse("v=0\r\na=x\r\n");
    GPtrArray *diff = wr_sdp_diff(a, b, 100);

    g_assert_cmpuint(diff->len, ==, 2);
    g_ptr_array_unref(diff);
    diff = wr_sdp_diff(b, a, 100);
    g_assert_cmpuint(diff->len, ==, 2);
    assert_line(diff, 0, '+', WR_DIFF_OTHER, "a=x");
    g_ptr_array_unref(diff);
    wr_sdp_unref(a);
    wr_sdp_unref(b);
}

/* Loose bounds: a quadratic comparison would need hours. */
static void test_large_texts_are_compared_in_linear_time(void)
{
    GString *a = g_string_new("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n"), *b = g_string_new(a->str);
    wr_sdp *x, *y;
    GPtrArray *diff;

    for (int i = 0; i < 200000; i++) {
        g_string_append_printf(a, "a=x:%d\r\n", i);
        g_string_append_printf(b, "a=x:%d\r\n", 200000 - i);
    }
    for (int i = 0; i < 1000; i++) {
        g_string_append_printf(a, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:%d\r\n" A256, i);
        g_string_append_printf(b, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:%d\r\n" A256, 999 - i);
    }
    g_test_timer_start();
    x = wr_sdp_parse(a->str, a->len);
    y = wr_sdp_parse(b->str, b->len);
    g_assert_cmpuint(x->n_sections, ==, 1000);
    diff = wr_sdp_diff(x, y, 50);
    g_assert_cmpuint(diff->len, ==, 2);
    g_ptr_array_unref(diff);
    g_assert_cmpint(wr_sdp_compare_fingerprints(x, y), ==, WR_FPS_EQUAL);
    wr_sdp_sameness(x, y);
    g_assert_cmpfloat(g_test_timer_elapsed(), <, 20.0);
    wr_sdp_unref(x);
    wr_sdp_unref(y);
    g_string_free(a, TRUE);
    g_string_free(b, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sdp_compare/canonical-form", test_canonical_form);
    g_test_add_func("/sdp_compare/s0", test_s0_survives_relaying_and_gathering);
    g_test_add_func("/sdp_compare/rejected-section", test_a_rejected_section_is_not_the_same_as_an_open_one);
    g_test_add_func("/sdp_compare/s1", test_s1_same_ice_agent_other_fingerprint);
    g_test_add_func("/sdp_compare/s1-by-mid", test_s1_is_by_mid_and_not_by_place);
    g_test_add_func("/sdp_compare/s2-origin", test_s2_reauthored_transport_under_the_same_origin);
    g_test_add_func("/sdp_compare/s2-body", test_s2_reauthored_origin_with_the_same_body);
    g_test_add_func("/sdp_compare/later-version", test_a_later_version_is_another_description);
    g_test_add_func("/sdp_compare/constant-origins", test_constant_origins_tell_nothing);
    g_test_add_func("/sdp_compare/no-origin", test_no_origin_tells_nothing);
    g_test_add_func("/sdp_compare/bodies-without-random", test_equal_bodies_without_anything_random_are_no_copies);
    g_test_add_func("/sdp_compare/echoed-offer", test_an_answer_that_echoes_the_offer_is_no_copy_of_it);
    g_test_add_func("/sdp_compare/unrelated", test_unrelated_descriptions);
    g_test_add_func("/sdp_compare/fragments", test_fragments);
    g_test_add_func("/sdp_compare/fingerprint-sets", test_fingerprint_sets);
    g_test_add_func("/sdp_compare/rejected-fingerprints", test_fingerprints_of_rejected_sections_do_not_count);
    g_test_add_func("/sdp_compare/diff", test_diff_of_a_substitution);
    g_test_add_func("/sdp_compare/diff-secrets", test_diff_shows_no_keys_and_cuts_long_lines);
    g_test_add_func("/sdp_compare/diff-repeats", test_diff_counts_repeated_lines);
    g_test_add_func("/sdp_compare/linear-time", test_large_texts_are_compared_in_linear_time);
    return g_test_run();
}
