/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each reader takes for given, and what for got; when; and what it leaves out. */
#include "reader.h"

#include <string.h>

#define SDP(ufrag, setup)                                                                                              \
    "v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\nm=audio 9 UDP/TLS/RTP/SAVPF 0\\r\\na=ice-ufrag:" ufrag \
    "\\r\\na=ice-pwd:passwordpasswordpassword\\r\\na=setup:" setup "\\r\\n"
#define OFFER  SDP("aaaa", "actpass")
#define ANSWER SDP("bbbb", "active")

static wr_testimony *parse(const char *text)
{
    return wr_testimony_parse("x", text, strlen(text));
}

/* The n-th thing told, from 1. */
static const wr_told *told(const wr_testimony *t, unsigned n)
{
    g_assert_cmpuint(t->told->len, >=, n);
    return g_ptr_array_index(t->told, n - 1);
}

static void want(const wr_testimony *t, unsigned n, wr_kind kind, wr_direction direction, const char *ufrag)
{
    const wr_told *w = told(t, n);

    g_assert_cmpint(w->context.kind, ==, kind);
    g_assert_cmpint(w->context.direction, ==, direction);
    g_assert_nonnull(w->sdp);
    g_assert_cmpstr(wr_sdp_effective(w->sdp, &w->sdp->sections[0]).ice_ufrag, ==, ufrag);
}

static void want_exchange(wr_testimony *t, wr_testimony_kind kind)
{
    g_assert_cmpint(t->kind, ==, kind);
    g_assert_null(t->problem);
    want(t, 1, WR_KIND_OFFER, WR_DIRECTION_EMITTED, "aaaa");
    want(t, 2, WR_KIND_ANSWER, WR_DIRECTION_DELIVERED, "bbbb");
    wr_testimony_unref(t);
}

static void test_a_websocket_of_an_archive(void)
{
    wr_testimony *t =
        parse("{\"log\":{\"entries\":[{\"_webSocketMessages\":["
              "{\"type\":\"send\",\"time\":1795390585.5,\"opcode\":1,\"data\":\"{\\\"type\\\":\\\"offer\\\","
              "\\\"sdp\\\":\\\"v=0\\\\r\\\\nm=audio 9 UDP/TLS/RTP/SAVPF 0\\\\r\\\\na=ice-ufrag:aaaa\\\\r\\\\n\\\"}\"}],"
              "\"request\":{\"url\":\"ws://a.example/x\",\"headers\":[{\"name\":\"user-agent\",\"value\":\"B\"}]}}]}}");

    g_assert_cmpint(t->kind, ==, WR_TESTIMONY_HAR);
    want(t, 1, WR_KIND_OFFER, WR_DIRECTION_EMITTED, "aaaa");
    g_assert_cmpint(told(t, 1)->time_us, ==, INT64_C(1795390585500000));
    g_assert_false(told(t, 1)->context.protected_transport); /* ws: */
    g_assert_cmpstr(told(t, 1)->context.server, ==, "a.example");
    g_assert_cmpstr(t->user_agent, ==, "B");
    wr_testimony_unref(t);
}

/* A proxy's archive may hold several clients: without a page, each connection is a leg. */
static void test_connections_of_an_archive_stay_apart(void)
{
#define ENTRY(page)                                                                                                    \
    "{" page "\"request\":{\"url\":\"https://a.example/x\",\"postData\":{\"text\":\"{\\\"candidate\\\":"               \
    "\\\"candidate:1 1 udp 1 10.0.0.1 5 typ host\\\"}\"}},\"_resourceType\":\"websocket\",\"_webSocketMessages\":"     \
    "[{\"type\":\"receive\",\"time\":1795390585,\"data\":\"{\\\"candidate\\\":\\\"candidate:1 1 udp 1 10.0.0.1 5 typ host\\\"}\"}]}"
    wr_testimony *apart = parse("{\"log\":{\"entries\":[" ENTRY("") "," ENTRY("") "]}}");
    wr_testimony *page =
        parse("{\"log\":{\"entries\":[" ENTRY("\"pageref\":\"p1\",") "," ENTRY("\"pageref\":\"p1\",") "]}}");

    g_assert_cmpstr(told(apart, 1)->leg, !=, told(apart, 2)->leg);
    g_assert_cmpstr(told(page, 1)->leg, ==, told(page, 2)->leg);
    wr_testimony_unref(apart);
    wr_testimony_unref(page);
}

static void test_a_dump_of_webrtc_internals(void)
{
    want_exchange(
        parse("{\"PeerConnections\":{\"1-1\":{\"updateLog\":["
              "{\"time\":1795390587916,\"type\":\"setLocalDescription\",\"value\":\"type: offer, sdp: " OFFER "\"},"
              "{\"time\":1795390587917,\"type\":\"setRemoteDescription\",\"value\":\"type: answer, sdp: " ANSWER "\"}"
              "]}}}"),
        WR_TESTIMONY_INTERNALS);
}

static void test_what_was_refused_was_not_told(void)
{
    wr_testimony *t = parse("{\"PeerConnections\":{\"1-1\":{\"updateLog\":["
                            "{\"type\":\"setRemoteDescription\",\"value\":\"type: offer, sdp: " OFFER "\"},"
                            "{\"type\":\"setRemoteDescriptionOnFailure\",\"value\":\"no\"}]}}}");

    g_assert_null(told(t, 1)->sdp);
    wr_testimony_unref(t);
}

static void test_two_peer_connections_are_two_legs(void)
{
    wr_testimony *t = parse(
        "{\"PeerConnections\":{"
        "\"1-1\":{\"updateLog\":[{\"type\":\"setLocalDescription\",\"value\":\"type: offer, sdp: " OFFER "\"}]},"
        "\"1-2\":{\"updateLog\":[{\"type\":\"setRemoteDescription\",\"value\":\"type: offer, sdp: " OFFER "\"}]}}}");

    g_assert_cmpstr(told(t, 1)->leg, !=, told(t, 2)->leg);
    wr_testimony_unref(t);
}

static void test_rtcstats_of_version_3(void)
{
    wr_testimony *t = parse("RTCStatsDump\n{\"fileFormat\":3}\n"
                            "[3,\"PC_0\",{\"type\":\"offer\",\"sdp\":\"" OFFER "\"},\"2-0\",1795390587916]\n"
                            "[6,\"PC_0\",{\"type\":\"offer\",\"sdp\":\"v=\\r\\nm=\\r\\n\"},\"6-0\",4]\n"
                            "[8,\"PC_0\",{\"type\":\"answer\",\"sdp\":\"" ANSWER "\"},\"8-0\",10]\n");

    g_assert_cmpint(told(t, 1)->time_us, ==, INT64_C(1795390587920000));
    g_assert_cmpint(told(t, 2)->time_us, ==, INT64_C(1795390587930000));
    want_exchange(t, WR_TESTIMONY_RTCSTATS);
}

/* "m=" stands for a section of a description that is not there: what is not whole is not made up. */
static void test_rtcstats_without_a_base(void)
{
    wr_testimony *t =
        parse("RTCStatsDump\n{}\n[8,\"PC_0\",{\"type\":\"answer\",\"sdp\":\"v=\\r\\nm=\\r\\n\"},\"8-0\",1]\n");

    g_assert_cmpuint(t->told->len, ==, 0);
    g_assert_cmpuint(t->left_out, ==, 1);
    wr_testimony_unref(t);
}

#define EVENTS                                                                                                         \
    "[\"setLocalDescription\",\"PC_0\",{\"type\":\"offer\",\"sdp\":\"" OFFER "\"},1795390587916]"                      \
    "%s[\"setRemoteDescription\",\"PC_0\",{\"type\":\"answer\",\"sdp\":\"" ANSWER "\"},\"2026-11-22T23:36:28Z\"]"

/* Lines behind an object about the whole, and one list. */
static void test_rtcstats_of_older_servers(void)
{
    char *lines = g_strdup_printf("{\"path\":\"/\",\"userAgent\":\"B\"}\n" EVENTS "\n", "\n");
    char *list = g_strdup_printf("[" EVENTS "]", ",");
    wr_testimony *t = parse(lines);

    g_assert_cmpstr(t->user_agent, ==, "B");
    g_assert_cmpint(told(t, 2)->time_us, ==, INT64_C(1795390588000000));
    want_exchange(t, WR_TESTIMONY_RTCSTATS);
    want_exchange(parse(list), WR_TESTIMONY_RTCSTATS);
    g_free(lines);
    g_free(list);
}

/* Of two connections in turns, and what has not changed is left out. */
static void test_rtcstats_statistics(void)
{
    wr_testimony *t = parse(
        "[\"getstats\",\"PC_0\",{\"T\":{\"type\":\"transport\",\"dtlsState\":\"new\",\"iceLocalUsernameFragment\":\"aaaa\"}},1]\n"
        "[\"getstats\",\"PC_1\",{\"T\":{\"type\":\"transport\",\"iceLocalUsernameFragment\":\"cccc\"}},2]\n"
        "[\"getstats\",\"PC_0\",{\"T\":{\"dtlsState\":\"connected\"},\"X\":{\"a\":1}},3]\n");
    const wr_statement *first, *second;

    g_assert_cmpuint(t->statements->len, ==, 2);
    first = g_ptr_array_index(t->statements, 0);
    second = g_ptr_array_index(t->statements, 1);
    g_assert_cmpstr(first->local_ufrag, ==, "aaaa");
    g_assert_cmpstr(first->dtls_state, ==, "connected");
    g_assert_cmpstr(second->local_ufrag, ==, "cccc");
    wr_testimony_unref(t);
}

/* Statistics that a program wrote down in a form of its own. */
static void test_statistics_in_other_forms(void)
{
#define CERTIFICATE "{\"type\":\"certificate\",\"id\":\"C\",\"fingerprint\":\"x\",\"base64Certificate\":\"MAMCAQE=\"}"
#define TRANSPORT   "{\"type\":\"transport\",\"id\":\"T\",\"iceLocalUsernameFragment\":\"aaaa\"}"
    static const char *const texts[] = {
        "[" TRANSPORT "," CERTIFICATE "]",
        "{\"T\":" TRANSPORT ",\"C\":" CERTIFICATE "}",
        "[[\"T\"," TRANSPORT "],[\"C\"," CERTIFICATE "]]",
        "[{\"at\":1,\"stats\":[" TRANSPORT "," CERTIFICATE "]},{\"at\":2,\"stats\":[" TRANSPORT "," CERTIFICATE "]}]",
        "{\"a\":{\"b\":[[\"T\"," TRANSPORT "],[\"C\"," CERTIFICATE "]]}}",
        "12:00 stats [" TRANSPORT "," CERTIFICATE "]\n12:01 stats [" TRANSPORT "," CERTIFICATE "]\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        wr_testimony *t = parse(texts[i]);
        g_test_message("text %zu", i);
        g_assert_cmpuint(t->statements->len, ==, 1);
        g_assert_cmpstr(((const wr_statement *)g_ptr_array_index(t->statements, 0))->local_ufrag, ==, "aaaa");
        wr_testimony_unref(t);
    }
}

/* Older versions leave types to identifiers; names of digits are written as numbers. */
static void test_series_of_older_dumps(void)
{
    wr_testimony *t = parse("{\"PeerConnections\":{\"1-1\":{\"stats\":{"
                            "\"RTCTransport_0_1-dtlsState\":{\"values\":\"[\\\"new\\\",\\\"connected\\\"]\"},"
                            "\"RTCTransport_0_1-iceLocalUsernameFragment\":{\"values\":\"[1234,1234]\"},"
                            "\"RTCOther_1-a\":{\"values\":\"[1]\"}}}}}");
    const wr_statement *s;

    g_assert_cmpuint(t->statements->len, ==, 1);
    s = g_ptr_array_index(t->statements, 0);
    g_assert_cmpstr(s->dtls_state, ==, "connected");
    g_assert_cmpstr(s->local_ufrag, ==, "1234");
    wr_testimony_unref(t);
}

/* The log begins when a description was set already: its outcome tells. What was told is not told again. */
static void test_outcomes(void)
{
    want_exchange(parse("{\"PeerConnections\":{\"1-1\":{\"updateLog\":["
                        "{\"type\":\"setLocalDescriptionOnSuccess\",\"value\":\"type: offer, sdp: " OFFER "\"},"
                        "{\"type\":\"setRemoteDescription\",\"value\":\"type: answer, sdp: " ANSWER "\"},"
                        "{\"type\":\"setRemoteDescriptionOnSuccess\",\"value\":\"type: answer, sdp: " ANSWER "\"}"
                        "]}}}"),
                  WR_TESTIMONY_INTERNALS);
}

/* What programs write of themselves, in forms of their own. */
static void test_other_json(void)
{
    wr_testimony *t = parse("{\"localDescription\":{\"type\":\"offer\",\"sdp\":\"" OFFER "\"},"
                            "\"remoteDescription\":{\"type\":\"answer\",\"sdp\":\"" ANSWER "\"}}");

    want_exchange(t, WR_TESTIMONY_TEXT);
    t = parse("{\"type\":\"offer\",\"sdp\":\"" OFFER "\"}");
    want(t, 1, WR_KIND_OFFER, WR_DIRECTION_UNKNOWN, "aaaa");
    wr_testimony_unref(t);
    t = parse("[{\"at\":\"setRemoteDescription\",\"value\":{\"type\":\"offer\",\"sdp\":\"" OFFER "\"}}]");
    want(t, 1, WR_KIND_OFFER, WR_DIRECTION_DELIVERED, "aaaa");
    wr_testimony_unref(t);
}

static void test_a_report_of_firefox(void)
{
    want_exchange(parse("{\"reports\":[{\"pcid\":\"1\",\"offerer\":true,\"sdpHistory\":["
                        "{\"isLocal\":true,\"timestamp\":1795390587916.5,\"sdp\":\"" OFFER "\"},"
                        "{\"isLocal\":false,\"timestamp\":1795390587917,\"sdp\":\"" ANSWER "\"}],"
                        "\"localSdp\":\"" OFFER "\",\"remoteSdp\":\"" ANSWER "\"}]}"),
                  WR_TESTIMONY_FIREFOX);
}

static void test_a_log_with_a_prefix(void)
{
    wr_testimony *t = parse("[2026-11-22 23:36:27.916+01:00] setLocalDescription\n"
                            "[2026-11-22 23:36:27.916+01:00] v=0\n"
                            "[2026-11-22 23:36:27.916+01:00] m=audio 9 UDP/TLS/RTP/SAVPF 0\n"
                            "[2026-11-22 23:36:27.916+01:00] a=ice-ufrag:aaaa\n"
                            "[2026-11-22 23:36:28.000+01:00] over\n");

    g_assert_cmpint(t->kind, ==, WR_TESTIMONY_TEXT);
    g_assert_cmpint(told(t, 1)->time_us, ==, INT64_C(1795386987916000));
    g_assert_cmpint(told(t, 1)->context.direction, ==, WR_DIRECTION_EMITTED);
    g_assert_cmpuint(told(t, 1)->sdp->n_sections, ==, 1);
    wr_testimony_unref(t);
}

/* Whose a description is that a server logs, nothing says: then nothing is supposed. */
static void test_a_servers_sip(void)
{
    wr_testimony *t =
        parse("INVITE sip:bob@b.example SIP/2.0\r\nCall-ID: c1\r\nFrom: <sip:alice@a.example>;tag=1\r\n"
              "To: <sip:bob@b.example>\r\n\r\nv=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ice-ufrag:aaaa\r\n\r\n");

    g_assert_cmpint(told(t, 1)->context.direction, ==, WR_DIRECTION_UNKNOWN);
    g_assert_cmpstr(told(t, 1)->context.call, ==, "c1");
    g_assert_cmpstr(told(t, 1)->context.from, ==, "alice@a.example");
    wr_testimony_unref(t);
}

static void test_times(void)
{
    static const struct {
        const char *text;
        int64_t us;
    } times[] = {{"2026-11-22T22:36:27Z x", INT64_C(1795386987000000)},
                 {"x 2026-11-22 23:36:27,5+01:00", INT64_C(1795386987500000)},
                 {"2026/11/22 22:36:27", INT64_C(1795386987000000)},
                 {"1795386987.25 x", INT64_C(1795386987250000)},
                 {"[1795386987250]", INT64_C(1795386987250000)},
                 {"id 17953869872 2026-99-99 10:10:10", 0},
                 {"", 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
        g_assert_cmpint(wr_told_time_in(times[i].text, strlen(times[i].text)), ==, times[i].us);
    g_assert_cmpint(wr_told_time_of(12345), ==, 0); /* since the page began */
}

static void test_what_is_told_is_bounded(void)
{
    GString *text = g_string_new("{\"PeerConnections\":{\"1\":{\"updateLog\":[");
    wr_testimony *t;

    for (unsigned i = 0; i <= WR_MAX_TOLD; i++)
        g_string_append_printf(text,
                               "%s{\"type\":\"icecandidate\",\"value\":\"candidate:%u 1 udp 1 10.0.0.1 5 typ host\"}",
                               i > 0 ? "," : "", i);
    g_string_append(text, "]}}}");
    t = parse(text->str);
    g_assert_cmpuint(t->told->len, ==, WR_MAX_TOLD);
    g_assert_nonnull(t->problem);
    wr_testimony_unref(t);
    g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/readers/har", test_a_websocket_of_an_archive);
    g_test_add_func("/readers/har-legs", test_connections_of_an_archive_stay_apart);
    g_test_add_func("/readers/internals", test_a_dump_of_webrtc_internals);
    g_test_add_func("/readers/refused", test_what_was_refused_was_not_told);
    g_test_add_func("/readers/legs", test_two_peer_connections_are_two_legs);
    g_test_add_func("/readers/rtcstats", test_rtcstats_of_version_3);
    g_test_add_func("/readers/rtcstats-base", test_rtcstats_without_a_base);
    g_test_add_func("/readers/rtcstats-older", test_rtcstats_of_older_servers);
    g_test_add_func("/readers/rtcstats-statistics", test_rtcstats_statistics);
    g_test_add_func("/readers/statistics-in-other-forms", test_statistics_in_other_forms);
    g_test_add_func("/readers/series-of-older-dumps", test_series_of_older_dumps);
    g_test_add_func("/readers/outcomes", test_outcomes);
    g_test_add_func("/readers/other-json", test_other_json);
    g_test_add_func("/readers/firefox", test_a_report_of_firefox);
    g_test_add_func("/readers/log", test_a_log_with_a_prefix);
    g_test_add_func("/readers/sip", test_a_servers_sip);
    g_test_add_func("/readers/times", test_times);
    g_test_add_func("/readers/bound", test_what_is_told_is_bounded);
    return g_test_run();
}
