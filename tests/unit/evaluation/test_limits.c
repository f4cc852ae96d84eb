/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Floods of the correlation: a bound is named, records stop, and what was there stays. */
#include "evaluation/engine.h"
#include "report/report.h"

#include <string.h>

#define OFFER                                                                                                          \
    "v=0\r\no=- %u 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"         \
    "a=mid:0\r\na=ice-ufrag:U%05u\r\na=ice-pwd:passwordpasswordpassword\r\na=setup:actpass\r\n"                        \
    "a=fingerprint:sha-256 "                                                                                           \
    "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n"

static wr_engine *small_engine(uint64_t bytes)
{
    wr_options o = {.max_bytes = bytes};

    return wr_engine_new(&o);
}

static wr_place place(unsigned n)
{
    uint8_t client[4] = {10, 9, (uint8_t)(n >> 8), (uint8_t)n}, server[4] = {10, 8, 0, 1};
    wr_place at = {.frame = n + 1, .time_us = INT64_C(1700000000000000) + n * INT64_C(1000)};

    at.src = wr_endpoint_from_bytes(client, 4, 40000);
    at.dst = wr_endpoint_from_bytes(server, 4, 8080);
    return at;
}

static wr_copy *say(wr_engine *e, unsigned n, wr_kind kind, unsigned connection, const char *text)
{
    wr_description d = {.at = place(n), .context = {.kind = kind, .carrier = WR_CARRIER_WEBSOCKET}};
    wr_copy *c;

    d.context.direction = WR_DIRECTION_EMITTED;
    d.context.connection = connection;
    d.context.dialect = "generic";
    d.sdp = wr_sdp_parse(text, strlen(text));
    c = wr_engine_add_description(e, &d);
    wr_sdp_unref(d.sdp);
    return c;
}

static wr_copy *say_offer(wr_engine *e, unsigned n, unsigned connection)
{
    char *text = g_strdup_printf(OFFER, 700000000 + n, n % 100000);
    wr_copy *c = say(e, n, WR_KIND_OFFER, connection, text);

    g_free(text);
    return c;
}

static bool named(const wr_engine *e, const char *limit)
{
    const GPtrArray *limits = wr_engine_limits_reached(e);

    for (unsigned i = 0; i < limits->len; i++)
        if (strcmp(g_ptr_array_index(limits, i), limit) == 0)
            return true;
    return false;
}

static void descriptions_end_at_the_bound_and_the_first_stay(void)
{
    wr_engine *e = small_engine(1 << 20);
    const wr_copy *first = say_offer(e, 0, 1);

    for (unsigned n = 1; n < 2000; n++)
        say_offer(e, n, 1);
    g_assert_nonnull(first);
    g_assert_true(named(e, "memory for session descriptions"));
    g_assert_cmpuint(wr_engine_copies(e)->len, >, 100);
    g_assert_cmpuint(wr_engine_copies(e)->len, <, 1900);
    g_assert_true(g_ptr_array_index(wr_engine_copies(e), 0) == first);
    wr_engine_evaluate(e);
    g_assert_cmpuint(wr_engine_sessions(e)->len, >, 0);
    wr_engine_free(e);
}

static void legs_end_at_the_bound(void)
{
    wr_engine *e = small_engine(1 << 20);

    for (unsigned n = 0; n < 3000; n++)
        say_offer(e, n, n + 1);
    g_assert_true(named(e, "memory for signalling legs") || named(e, "memory for session descriptions"));
    wr_engine_free(e);
}

static void sections_cost_what_they_take(void)
{
    wr_engine *e = small_engine(4 << 20);
    GString *text = g_string_new(NULL);

    for (unsigned n = 0; n < 100; n++) {
        g_string_printf(text, OFFER, 700000000 + n, n);
        for (unsigned i = 0; i < 1000; i++)
            g_string_append(text, "m=\n");
        say(e, n, WR_KIND_OFFER, 1, text->str);
    }
    g_assert_true(named(e, "memory for session descriptions"));
    g_assert_cmpuint(wr_engine_copies(e)->len, <, 45); /* a thousand sections are more than 100 kB */
    g_string_free(text, TRUE);
    wr_engine_free(e);
}

static void a_description_that_is_too_long_is_told_of(void)
{
    wr_engine *e = small_engine(0);
    GString *text = g_string_new(NULL);

    g_string_printf(text, OFFER, 700000000, 1);
    for (unsigned i = 0; i < WR_SDP_MAX_SECTIONS + 1; i++)
        g_string_append(text, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n");
    say(e, 1, WR_KIND_OFFER, 1, text->str);
    g_assert_true(named(e, "parts of a session description"));
    g_string_free(text, TRUE);
    wr_engine_free(e);
}

/* Trickled candidates that nobody asked for are held for a while, the newest of them, and names end as well. */
static void candidates_without_a_description_take_little(void)
{
    wr_engine *e = small_engine(1 << 20);
    const wr_copy *c;

    for (unsigned n = 0; n < 20000; n++) {
        char *text = g_strdup_printf("a=ice-ufrag:X%u\r\na=candidate:1 1 udp 1 10.0.0.1 %u typ host ufrag X%u\r\n", n,
                                     1 + n % 60000, n);
        g_assert_null(say(e, n, WR_KIND_CANDIDATE, 1, text));
        g_free(text);
    }
    g_assert_true(named(e, "memory for names"));
    c = say_offer(e, 30000, 1);
    g_assert_true(c == NULL || c->n_addresses <= 64);
    wr_engine_free(e);
}

static void a_candidate_that_came_first_is_kept_for_its_description(void)
{
    wr_engine *e = small_engine(0);
    const wr_copy *c;

    say(e, 0, WR_KIND_CANDIDATE, 1, "candidate:1 1 udp 1 10.0.0.7 5000 typ host ufrag U00005");
    say(e, 1, WR_KIND_CANDIDATE, 1, "candidate:1 1 udp 1 10.0.0.8 5000 typ host ufrag other");
    c = say_offer(e, 5, 1);
    g_assert_nonnull(c);
    g_assert_cmpuint(c->n_addresses, ==, 1);
    g_assert_cmpuint(c->addresses[0].addr[3], ==, 7);
    say(e, 6, WR_KIND_CANDIDATE, 1, "candidate:1 1 udp 1 10.0.0.9 5000 typ host ufrag U00005");
    g_assert_cmpuint(c->n_addresses, ==, 2);
    wr_engine_free(e);
}

static void flows_and_their_user_names_end_at_the_bound(void)
{
    wr_engine *e = small_engine(2 << 20);

    for (unsigned n = 0; n < 5000; n++) {
        uint8_t m[40] = {0, 1, 0, 20, 0x21, 0x12, 0xa4, 0x42};
        wr_stun_evidence s = {.at = place(n)};
        m[18] = (uint8_t)(n >> 8);
        m[19] = (uint8_t)n;
        m[21] = 6; /* USERNAME, 9 bytes */
        m[23] = 9;
        memcpy(m + 24, "aaaa:bbbb", 9);
        m[37] = 0x25; /* USE-CANDIDATE */
        g_assert_true(wr_stun_parse(m, sizeof m, &s.msg));
        wr_engine_add_stun(e, &s);
    }
    g_assert_true(named(e, "memory for flows") || named(e, "memory for checks"));
    wr_engine_evaluate(e);
    wr_engine_free(e);
}

static void associations_end_at_the_bound(void)
{
    wr_engine *e = small_engine(2 << 20);

    for (unsigned n = 0; n < 3000; n++) {
        wr_dtls_event v = {
            .kind = WR_DTLS_SERVER_HELLO, .negotiated = WR_DTLS_1_2, .n_suites = 1, .has_use_srtp = true};
        wr_dtls_evidence d = {.at = place(n), .event = &v};
        memcpy(v.random + 8, &n, sizeof n);
        v.random[31] = 1;
        wr_engine_add_dtls(e, &d);
    }
    g_assert_true(named(e, "memory for DTLS associations") || named(e, "memory for flows"));
    wr_engine_evaluate(e);
    wr_engine_free(e);
}

static void keep_line(const char *line, void *data)
{
    g_string_append(data, line);
}

static void what_a_decoder_could_not_hold_stands_in_the_report(void)
{
    wr_engine *e = small_engine(0);
    GString *out = g_string_new(NULL);

    wr_engine_add_limit(e, "a bound of a decoder");
    wr_engine_add_limit(e, "a bound of a decoder");
    wr_report_json(e, NULL, keep_line, out);
    g_assert_nonnull(strstr(out->str, "\"limits_reached\":[\"a bound of a decoder\"]"));
    g_string_free(out, TRUE);
    wr_engine_free(e);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/descriptions", descriptions_end_at_the_bound_and_the_first_stay);
    g_test_add_func("/limits/legs", legs_end_at_the_bound);
    g_test_add_func("/limits/sections", sections_cost_what_they_take);
    g_test_add_func("/limits/long-description", a_description_that_is_too_long_is_told_of);
    g_test_add_func("/limits/orphans", candidates_without_a_description_take_little);
    g_test_add_func("/limits/early-candidate", a_candidate_that_came_first_is_kept_for_its_description);
    g_test_add_func("/limits/flows", flows_and_their_user_names_end_at_the_bound);
    g_test_add_func("/limits/associations", associations_end_at_the_bound);
    g_test_add_func("/limits/decoders", what_a_decoder_could_not_hold_stands_in_the_report);
    return g_test_run();
}
