/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding descriptions and candidates in signalling messages, and whose they are. */
#include "find/find.h"

#include <string.h>

#define SDP                                                                                                            \
    "v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\nm=application 9 UDP/DTLS/SCTP "                        \
    "webrtc-datachannel\\r\\nc=IN IP4 0.0.0.0\\r\\na=ice-ufrag:oUfr\\r\\na=setup:" /* value and end follow */
#define SDP_ACTPASS SDP "actpass\\r\\n"
#define SDP_ACTIVE  SDP "active\\r\\n"
#define CANDIDATE   "candidate:1 1 udp 2122260223 192.0.2.10 54321 typ host"

static wr_find_result *find_bytes(const void *bytes, size_t len, const wr_find_hints *hints)
{
    /* A copy of exactly this length, so that reading on is noticed by tools. */
    uint8_t *copy = g_memdup2(bytes, len);
    wr_find_result *r = wr_json_find(copy, len, hints);

    g_free(copy);
    return r;
}

static wr_find_result *find(const char *text)
{
    return find_bytes(text, strlen(text), NULL);
}

static const wr_hit *hit(const wr_find_result *r, guint i)
{
    g_assert_cmpuint(r->hits->len, >, i);
    return g_ptr_array_index(r->hits, i);
}

static void check(const char *text, wr_kind kind, const char *path, const char *dialect)
{
    wr_find_result *r = find(text);

    g_assert_cmpstr(r->problem, ==, NULL);
    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpstr(wr_kind_name(hit(r, 0)->kind), ==, wr_kind_name(kind));
    g_assert_cmpstr(hit(r, 0)->path, ==, path);
    g_assert_cmpstr(hit(r, 0)->dialect, ==, dialect);
    g_assert_true(wr_json_find_worthwhile((const uint8_t *)text, strlen(text)));
    wr_find_result_free(r);
}

static void check_parties(const char *text, const char *call, const char *from, const char *to)
{
    wr_find_result *r = find(text);

    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpstr(hit(r, 0)->call, ==, call);
    g_assert_cmpstr(hit(r, 0)->from, ==, from);
    g_assert_cmpstr(hit(r, 0)->to, ==, to);
    wr_find_result_free(r);
}

static void check_nothing(const char *text)
{
    wr_find_result *r = find(text);

    g_assert_cmpuint(r->hits->len, ==, 0);
    wr_find_result_free(r);
}

/* ---- descriptions ---- */

static void bare_type_and_sdp_is_found_with_escapes_resolved(void)
{
    wr_find_result *r = find("{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}");

    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_true(r->is_json);
    g_assert_cmpint(hit(r, 0)->kind, ==, WR_KIND_OFFER);
    g_assert_true(g_str_has_prefix(hit(r, 0)->text, "v=0\r\no=- 1 2 IN"));
    g_assert_cmpuint(strlen(hit(r, 0)->text), ==, hit(r, 0)->text_len);
    wr_find_result_free(r);
}

static void description_without_json_has_no_path(void)
{
    check("v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=setup:active\r\n",
          WR_KIND_ANSWER, NULL, "generic");
}

static void several_offers_in_one_message_are_all_found(void)
{
    wr_find_result *r =
        find("[{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"},{\"type\":\"answer\",\"sdp\":\"" SDP_ACTIVE
             "\"},{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}]");

    g_assert_cmpuint(r->hits->len, ==, 3);
    g_assert_cmpstr(hit(r, 1)->path, ==, "$[1].sdp");
    g_assert_cmpint(hit(r, 1)->kind, ==, WR_KIND_ANSWER);
    wr_find_result_free(r);
}

static void names_that_are_no_plain_words_are_quoted_in_the_path(void)
{
    check("{\"!r:hs\":{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}}", WR_KIND_OFFER, "$[\"!r:hs\"].sdp", "generic");
}

static void chat_and_other_json_is_nothing(void)
{
    check_nothing("{\"type\":\"message\",\"text\":\"make me an offer, v=0 please\"}");
    check_nothing("{\"fingerprint\":\"2B280B23E1107BB62ABFC40DDCC8824814F80A72\",\"nat\":\"unknown\"}");
    check_nothing("{\"candidate\":\"Jane Doe\",\"type\":\"vote\"}");
    check_nothing("{\"colibriClass\":\"EndpointMessage\",\"to\":\"\",\"msgPayload\":{}}");
    check_nothing("[]");
    check_nothing("\"\"");
    check_nothing("");
}

/* ---- kind ---- */

static void sibling_type_counts_before_all_else(void)
{
    check("{\"method\":\"answer\",\"params\":{\"type\":\"offer\",\"sdp\":\"" SDP_ACTIVE "\"}}", WR_KIND_OFFER,
          "$.params.sdp", "generic");
    check("{\"type\":\"pranswer\",\"sdp\":\"" SDP_ACTIVE "\"}", WR_KIND_PRANSWER, "$.sdp", "generic");
}

static void message_word_counts_before_setup(void)
{
    check("{\"event\":\"video-answer\",\"sdp\":\"" SDP_ACTPASS "\"}", WR_KIND_ANSWER, "$.sdp", "generic");
    check("42[\"callOffer\",\"" SDP_ACTIVE "\"]", WR_KIND_OFFER, "$[1]", "socketio");
}

static void setup_counts_before_member_names_which_lie(void)
{
    /* BigBlueButton: the server's offer stands in sdpAnswer. */
    check("{\"id\":\"startResponse\",\"type\":\"audio\",\"sdpAnswer\":\"" SDP_ACTPASS "\"}", WR_KIND_OFFER,
          "$.sdpAnswer", "bigbluebutton");
}

static void member_name_is_the_last_resort(void)
{
    check("{\"sdpAnswer\":\"v=0\\r\\no=- 1 2 IN IP4 0.0.0.0\\r\\ns=-\\r\\nt=0 0\\r\\nm=audio 9 RTP/AVP 0\\r\\n\"}",
          WR_KIND_ANSWER, "$.sdpAnswer", "generic");
}

static void rollback_has_no_text(void)
{
    wr_find_result *r = find("{\"type\":\"rollback\",\"sdp\":\"\"}");

    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpint(hit(r, 0)->kind, ==, WR_KIND_ROLLBACK);
    g_assert_null(hit(r, 0)->text);
    wr_find_result_free(r);
}

/* ---- parties ---- */

static void names_beside_the_description_and_at_the_top_are_taken(void)
{
    check_parties(
        "{\"room\":\"r1\",\"to\":\"bob\",\"data\":{\"from\":\"alice\",\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}}",
        "r1", "alice", "bob");
    check_parties(
        "{\"name\":\"a\",\"target\":\"b\",\"type\":\"video-offer\",\"sdp\":{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS
        "\"}}",
        NULL, "a", "b");
}

static void sixteen_digit_and_longer_numbers_stay_exact(void)
{
    check_parties(
        "{\"room\":6737288169504714,\"from\":123456789012345678901234,\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}",
        "6737288169504714", "123456789012345678901234", NULL);
}

static void numbers_that_no_machine_holds_do_not_fail_the_message(void)
{
    check("{\"x\":1e999999,\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}", WR_KIND_OFFER, "$.sdp", "generic");
}

static void raw_byte_ids_are_shown_as_hex(void)
{
    /* WebTorrent: 20 bytes as code points; here 4 of them. */
    check_parties(
        "{\"action\":\"announce\",\"info_hash\":\"\\u0001\\u00c3\\u0000\\u00ff\",\"peer_id\":\"-WW-\",\"offer\":{"
        "\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}}",
        "01c300ff", "-WW-", NULL);
}

/* ---- dialects ---- */

static void janus_call_is_session_and_handle(void)
{
    const char *offer =
        "{\"janus\":\"message\",\"session_id\":6737288169504714,\"handle_id\":6097213722420735,"
        "\"transaction\":\"t3\",\"body\":{\"room\":1234},\"jsep\":{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}}";
    const char *event = "[{\"janus\":\"event\",\"session_id\":6737288169504714,\"sender\":6097213722420735,\"jsep\":{"
                        "\"type\":\"answer\",\"sdp\":\"" SDP_ACTIVE "\"}}]";

    check(offer, WR_KIND_OFFER, "$.jsep.sdp", "janus");
    check_parties(offer, "6737288169504714/6097213722420735", NULL, "1234");
    check(event, WR_KIND_ANSWER, "$[0].jsep.sdp", "janus");
    check_parties(event, "6737288169504714/6097213722420735", "6097213722420735", NULL);
}

static void janus_over_http_has_its_ids_in_the_path(void)
{
    const char *text = "{\"janus\":\"trickle\",\"transaction\":\"t\",\"candidate\":{\"candidate\":\"" CANDIDATE
                       "\",\"sdpMid\":\"0\"}}";
    wr_find_hints hints = {
        "text/plain", "/janus/6737288169504714/6097213722420735?x=1", NULL, WR_DIRECTION_EMITTED, NULL, 0, NULL};
    wr_find_result *r = find_bytes(text, strlen(text), &hints);

    g_assert_cmpstr(hit(r, 0)->call, ==, "6737288169504714/6097213722420735");
    wr_find_result_free(r);
}

static void janus_join_and_hangup_are_events(void)
{
    check(
        "{\"janus\":\"message\",\"session_id\":1,\"handle_id\":2,\"transaction\":\"t\",\"body\":{\"request\":\"join\","
        "\"room\":1234,\"display\":\"alice\"}}",
        WR_KIND_JOIN, "$", "janus");
    check("{\"janus\":\"hangup\",\"session_id\":1,\"sender\":2,\"reason\":\"Janus API\"}", WR_KIND_BYE, "$", "janus");
}

static void peerjs_sender_is_in_the_url_of_what_the_client_emits(void)
{
    const char *text = "{\"type\":\"OFFER\",\"payload\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS
                       "\"},\"type\":\"data\",\"connectionId\":\"dc_1\"},\"dst\":\"bob\"}";
    wr_find_hints hints = {NULL, "/peerjs?key=peerjs&id=alice%20x&token=t", NULL, WR_DIRECTION_EMITTED, NULL, 0, NULL};
    wr_find_result *r = find_bytes(text, strlen(text), &hints);

    g_assert_cmpstr(hit(r, 0)->dialect, ==, "peerjs");
    g_assert_cmpstr(hit(r, 0)->path, ==, "$.payload.sdp.sdp");
    g_assert_cmpstr(hit(r, 0)->call, ==, "dc_1");
    g_assert_cmpstr(hit(r, 0)->from, ==, "alice x");
    g_assert_cmpstr(hit(r, 0)->to, ==, "bob");
    wr_find_result_free(r);
    hints.direction = WR_DIRECTION_DELIVERED;
    r = find_bytes(text, strlen(text), &hints);
    g_assert_cmpstr(hit(r, 0)->from, ==, NULL);
    wr_find_result_free(r);
}

static void socketio_path_counts_arguments(void)
{
    check("42[\"signal\",{\"room\":\"r\",\"data\":{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}}]", WR_KIND_OFFER,
          "$[1].data.sdp", "socketio");
    check("42/video,12[\"message\",{\"from\":\"s\",\"sdp\":\"" SDP_ACTPASS "\",\"type\":\"offer\"}]", WR_KIND_OFFER,
          "$[1].sdp", "socketio");
    check("5:::{\"name\":\"message\",\"args\":[{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}]}", WR_KIND_OFFER,
          "$.args[0].sdp", "socketio");
}

static void packets_of_one_poll_are_numbered(void)
{
    wr_find_result *r = find("42[\"x\",{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}]\x1e"
                             "3\x1e"
                             "42[\"x\",{"
                             "\"type\":\"answer\",\"sdp\":\"" SDP_ACTIVE "\"}]");

    g_assert_cmpuint(r->hits->len, ==, 2);
    g_assert_cmpstr(hit(r, 0)->path, ==, "$[1].sdp");
    g_assert_cmpstr(hit(r, 1)->path, ==, "$#3[1].sdp");
    wr_find_result_free(r);
}

static void lengths_before_packets_are_passed_over(void)
{
    wr_find_result *r = find("9:42[\"x\",1]2:4042:42[\"x\",{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}]2:40");

    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpstr(hit(r, 0)->dialect, ==, "socketio");
    wr_find_result_free(r);
}

/* ---- coming and going ---- */

static void join_names_room_and_party(void)
{
    check("{\"type\":\"join\",\"room\":\"r1\",\"name\":\"alice\"}", WR_KIND_JOIN, "$", "generic");
    check_parties("{\"type\":\"join\",\"room\":\"r1\",\"name\":\"alice\"}", "r1", "alice", NULL);
    check_parties("42[\"join\",\"room1\"]", "room1", NULL, NULL);
    check_parties("42[\"join-room\",{\"roomId\":\"room1\",\"userName\":\"eve\"}]", "room1", "eve", NULL);
    check_parties("{\"method\":\"join\",\"data\":{\"room\":\"r\",\"userId\":7}}", "r", "7", NULL);
}

static void server_notices_are_no_join(void)
{
    check_nothing("{\"type\":\"joined\",\"room\":\"r1\",\"peers\":[]}");
    check_nothing("{\"type\":\"ready\",\"room\":\"r1\"}");
}

static void bye_is_found(void)
{
    check("{\"type\":\"bye\"}", WR_KIND_BYE, "$", "generic");
    check("{\"cmd\":\"send\",\"msg\":\"{\\\"type\\\":\\\"bye\\\"}\"}", WR_KIND_BYE, "$.msg~json", "apprtc");
    check("{\"jsonrpc\":\"2.0\",\"method\":\"verto.bye\",\"params\":{\"dialogParams\":{\"callID\":\"u\"}}}",
          WR_KIND_BYE, "$", "verto");
}

static void web_pages_that_post_leave_are_no_bye(void)
{
    const char *text = "{\"type\":\"leave\",\"reason\":\"holidays\"}";
    wr_find_hints hints = {"application/json", "/hr", NULL, WR_DIRECTION_EMITTED, NULL, 0, NULL};
    wr_find_result *r = find_bytes(text, strlen(text), &hints);

    g_assert_cmpuint(r->hits->len, ==, 0);
    wr_find_result_free(r);
}

/* ---- candidates ---- */

static void candidate_shapes_give_line_section_and_ufrag(void)
{
    wr_find_result *r = find("{\"type\":\"candidate\",\"candidate\":{\"candidate\":\"" CANDIDATE
                             "\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"usernameFragment\":\"oUfr\"}}");

    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpint(hit(r, 0)->kind, ==, WR_KIND_CANDIDATE);
    g_assert_cmpstr(hit(r, 0)->text, ==, CANDIDATE);
    g_assert_cmpstr(hit(r, 0)->mid, ==, "0");
    g_assert_cmpstr(hit(r, 0)->ufrag, ==, "oUfr");
    wr_find_result_free(r);
    r = find("{\"type\":\"candidate\",\"label\":0,\"id\":\"audio\",\"candidate\":\"a=" CANDIDATE "\"}");
    g_assert_cmpstr(hit(r, 0)->mid, ==, "audio");
    wr_find_result_free(r);
    r = find("{\"candidates\":[\"" CANDIDATE "\",{\"candidate\":\"" CANDIDATE
             "\",\"sdpMid\":\"1\"}],\"sdpMid\":\"0\"}");
    g_assert_cmpuint(r->hits->len, ==, 2);
    g_assert_cmpstr(hit(r, 0)->mid, ==, "0");
    g_assert_cmpstr(hit(r, 1)->mid, ==, "1");
    g_assert_cmpstr(hit(r, 1)->path, ==, "$.candidates[1].candidate");
    wr_find_result_free(r);
    check(CANDIDATE, WR_KIND_CANDIDATE, NULL, "generic");
}

static void end_of_candidates_is_a_candidate_line_too(void)
{
    static const char *const ends[] = {
        "{\"type\":\"candidate\",\"candidate\":null}", "{\"candidate\":\"\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}",
        "{\"janus\":\"trickle\",\"transaction\":\"t\",\"candidate\":{\"completed\":true}}",
        "42[\"ice-candidate\",{\"candidate\":null}]"};

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        wr_find_result *r = find(ends[i]);
        g_assert_cmpuint(r->hits->len, ==, 1);
        g_assert_cmpint(hit(r, 0)->kind, ==, WR_KIND_CANDIDATE);
        g_assert_cmpstr(hit(r, 0)->text, ==, "a=end-of-candidates");
        wr_find_result_free(r);
    }
    check_nothing("{\"candidate\":null,\"party\":\"green\"}");
}

/* ---- JSON-native descriptions ---- */

static void mediasoup_transport_becomes_a_fragment_of_lines(void)
{
    wr_find_result *r = find(
        "{\"response\":true,\"id\":7,\"ok\":true,\"data\":{\"id\":\"7d5c\",\"iceParameters\":{\"usernameFragment\":\"srvu\","
        "\"password\":\"srvp0123456789abcdef01\"},\"iceCandidates\":[{\"foundation\":\"f\",\"priority\":1,\"ip\":"
        "\"192.0.2.1\",\"protocol\":\"udp\",\"port\":40000,\"type\":\"host\"}],\"dtlsParameters\":{\"role\":\"auto\","
        "\"fingerprints\":[{\"algorithm\":\"sha-256\",\"value\":\"AA:BB\"}]}}}");

    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpstr(hit(r, 0)->dialect, ==, "mediasoup");
    g_assert_cmpint(hit(r, 0)->kind, ==, WR_KIND_OFFER);
    g_assert_cmpstr(hit(r, 0)->path, ==, "$.data");
    g_assert_cmpstr(hit(r, 0)->text, ==,
                    "a=ice-ufrag:srvu\r\na=ice-pwd:srvp0123456789abcdef01\r\na=setup:actpass\r\n"
                    "a=fingerprint:sha-256 AA:BB\r\na=candidate:f 1 udp 1 192.0.2.1 40000 typ host\r\n");
    wr_find_result_free(r);
}

static void members_cannot_smuggle_lines_into_the_fragment(void)
{
    wr_find_result *r =
        find("{\"dtlsParameters\":{\"role\":\"auto\",\"fingerprints\":[{\"value\":\"AA\\r\\na=setup:active\","
             "\"algorithm\":\"sha-256\"}]}}");

    g_assert_cmpstr(hit(r, 0)->text, ==, "a=setup:actpass\r\na=fingerprint:sha-256 AA??a=setup:active\r\n");
    wr_find_result_free(r);
}

static void none(const char *text)
{
    wr_find_result *r = find(text);

    g_assert_cmpuint(r->hits->len, ==, 0);
    wr_find_result_free(r);
}

/* Keys of SSH, lists of certificates, forms to be filled in: nothing of ICE or DTLS stands beside. */
static void a_hash_and_a_value_are_no_description(void)
{
    none("{\"hosts\":[{\"fingerprint\":\"aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99\",\"algorithm\":\"md5\"}]}");
    none("{\"certs\":[{\"hash\":\"sha-256\",\"fingerprint\":\"AA:BB\",\"subject\":\"CN=example\"}]}");
    none("{\"ufrag\":\"n/a\",\"pwd\":\"n/a\",\"help\":\"set ufrag and pwd\"}");
    check(
        "{\"creds\":{\"ice_ufrag\":\"pQz1\",\"ice_pwd\":\"uaUM68ieY7XQ8uKXYJJ/SzHM\",\"fingerprint\":\"sha-256 AA:BB\"}}",
        WR_KIND_FRAGMENT, "$.creds", "generic");
}

static void fragments_without_a_version_line_are_found(void)
{
    check(
        "{\"op\":1,\"d\":{\"protocol\":\"webrtc\",\"data\":\"a=extmap-allow-mixed\\na=ice-ufrag:9WZo\\na=ice-pwd:vcfFowC3gQI1KHu0Fm5ZTXum\\n\"}}",
        WR_KIND_OFFER, "$.d.data", "discord");
    check("{\"x\":\"a=ice-ufrag:9WZo\\na=ice-pwd:vcfFowC3gQI1KHu0Fm5ZTXum\\n\"}", WR_KIND_FRAGMENT, "$.x", "generic");
}

/* ---- nesting ---- */

static void json_in_strings_is_opened_to_three_levels(void)
{
    check(
        "{\"messages\":\"[{\\\"ev\\\":\\\"message\\\",\\\"fn\\\":\\\"{\\\\\\\"type\\\\\\\":\\\\\\\"offer\\\\\\\",\\\\\\\"sdp"
        "\\\\\\\":\\\\\\\"v=0\\\\\\\\r\\\\\\\\no=- 1 2 IN IP4 0.0.0.0\\\\\\\\r\\\\\\\\ns=-\\\\\\\\r\\\\\\\\nt=0 0"
        "\\\\\\\\r\\\\\\\\nm=audio 9 X 0\\\\\\\\r\\\\\\\\n\\\\\\\"}\\\"}]\"}",
        WR_KIND_OFFER, "$.messages~json[0].fn~json.sdp", "generic");
}

static void base64_of_json_is_opened(void)
{
    /* printf '%s' '{"candidate":"candidate:1 1 udp 2122260223 192.0.2.10 54321 typ host"}' | base64 -w0 */
    check("{\"action\":\"ICE_CANDIDATE\",\"messagePayload\":\"eyJjYW5kaWRhdGUiOiJjYW5kaWRhdGU6MSAxIHVkcCAyMTIyMjYwMjIzI"
          "DE5Mi4wLjIuMTAgNTQzMjEgdHlwIGhvc3QifQ==\"}",
          WR_KIND_CANDIDATE, "$.messagePayload~b64.candidate", "aws-kvs");
}

static void text_before_the_json_is_passed_over(void)
{
    check("1.0\n{\"offer\":{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"},\"nat\":\"x\"}", WR_KIND_OFFER,
          "$.offer.sdp", "snowflake");
    check("a[\"{\\\"type\\\":\\\"candidate\\\",\\\"candidate\\\":\\\"" CANDIDATE "\\\"}\"]", WR_KIND_CANDIDATE,
          "$[0]~json.candidate", "generic");
}

static void separators_in_binary_data_part_nothing(void)
{
    static const char message[] = "\x03\x1e\x01{\"candidate\":\"" CANDIDATE "\"}";
    wr_find_result *r = find_bytes(message, sizeof message - 1, NULL);

    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpstr(hit(r, 0)->path, ==, "$.candidate");
    wr_find_result_free(r);
}

/* ---- broken input ---- */

static void syntax_errors_are_named_with_their_offset(void)
{
    wr_find_result *r = find("{\"type\":\"offer\",,}");

    g_assert_cmpuint(r->hits->len, ==, 0);
    g_assert_cmpstr(r->problem, ==, "JSON syntax error");
    g_assert_false(r->bound);
    /* The second comma is byte 16; the parser has read it when it complains. */
    g_assert_cmpuint(r->problem_offset, >=, 16);
    g_assert_cmpuint(r->problem_offset, <=, 17);
    wr_find_result_free(r);
}

static void descriptions_in_cut_messages_are_still_found(void)
{
    wr_find_result *r = find("{\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\",\"x\":[1,2");

    g_assert_cmpstr(r->problem, ==, "JSON ends too early");
    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpstr(hit(r, 0)->path, ==, "$~broken");
    g_assert_cmpint(hit(r, 0)->kind, ==, WR_KIND_OFFER);
    wr_find_result_free(r);
}

static void what_other_parsers_read_is_read_too(void)
{
    check("{\"a\\u0000b\":\"\\ud800\",\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}", WR_KIND_OFFER, "$.sdp",
          "generic");
}

static void bytes_that_are_no_utf8_are_named_and_passed_over(void)
{
    wr_find_result *r = find("{\"nick\":\"\xff\xfe\",\"type\":\"offer\",\"sdp\":\"" SDP_ACTPASS "\"}");

    g_assert_cmpstr(r->problem, ==, "JSON text is not UTF-8");
    g_assert_cmpuint(r->problem_offset, ==, 9);
    g_assert_cmpuint(r->hits->len, ==, 1);
    wr_find_result_free(r);
}

static void sdp_that_is_none_is_handed_on_or_named(void)
{
    wr_find_result *r = find("{\"type\":\"offer\",\"sdp\":\"o=broken\\r\\n\"}");

    g_assert_cmpuint(r->hits->len, ==, 1);
    wr_find_result_free(r);
    r = find("{\"type\":\"offer\",\"sdp\":\"Q2lwaGVydGV4dCBvZiBzb21lIGtpbmQ=\"}");
    g_assert_cmpuint(r->hits->len, ==, 0);
    g_assert_nonnull(r->problem);
    wr_find_result_free(r);
}

/* ---- bounds ---- */

static void depth_is_bounded_and_named(void)
{
    GString *s = g_string_new(NULL);
    wr_find_result *r;

    for (int i = 0; i < WR_FIND_MAX_DEPTH + 5; i++)
        g_string_append_c(s, '[');
    g_string_append(s, "\"" SDP_ACTPASS "\"");
    for (int i = 0; i < WR_FIND_MAX_DEPTH + 5; i++)
        g_string_append_c(s, ']');
    r = find(s->str);
    g_assert_cmpuint(r->hits->len, ==, 0);
    g_assert_true(r->bound);
    wr_find_result_free(r);
    g_string_set_size(s, 0);
    for (int i = 0; i < 1000000; i++)
        g_string_append_c(s, '[');
    r = find(s->str);
    g_assert_true(r->bound);
    wr_find_result_free(r);
    g_string_free(s, TRUE);
}

static void hits_are_bounded_and_named(void)
{
    GString *s = g_string_new("[0");
    wr_find_result *r;

    for (int i = 0; i < WR_FIND_MAX_HITS + 10; i++)
        g_string_append(s, ",\"" CANDIDATE "\"");
    g_string_append_c(s, ']');
    r = find(s->str);
    g_assert_cmpuint(r->hits->len, ==, WR_FIND_MAX_HITS);
    g_assert_true(r->bound);
    g_assert_nonnull(r->problem);
    wr_find_result_free(r);
    g_string_free(s, TRUE);
}

static void nested_texts_are_bounded_and_named(void)
{
    char *text = g_strdup("{\"candidate\":\"" CANDIDATE "\"}");
    wr_find_result *r;

    for (int i = 0; i < WR_FIND_MAX_UNWRAP + 2; i++) {
        GString *s = g_string_new("[\"");
        for (const char *p = text; *p != '\0'; p++) {
            if (*p == '"' || *p == '\\')
                g_string_append_c(s, '\\');
            g_string_append_c(s, *p);
        }
        g_string_append(s, "\"]");
        g_free(text);
        text = g_string_free(s, FALSE);
    }
    r = find(text);
    g_assert_cmpuint(r->hits->len, ==, 0);
    g_assert_true(r->bound);
    wr_find_result_free(r);
    g_free(text);
}

static void big_messages_take_linear_time(void)
{
    static const char *const units[] = {
        "[],", "{\"a\":\"b\"},", "\"{\\\"candidate\\\":1\",", "\"v=0\",", "{", "\"\\\\", "\x1e{",
        "{} ", "\"candidate:\","};

    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        GString *s = g_string_new("[");
        /* A quadratic reader, even one that does no more than skip, is not done when the time of a test is over. */
        while (s->len < 4000000)
            g_string_append(s, units[i]);
        g_string_append(s, "\"" SDP_ACTPASS "\"]");
        wr_find_result_free(find(s->str));
        g_string_free(s, TRUE);
    }
}

static void worthwhile_knows_what_is_not(void)
{
    static const char *const no[] = {"",
                                     "{}",
                                     "<html><body>hello</body></html>",
                                     "{\"hello\":\"world\",\"n\":[1,2,3]}",
                                     "plain text about nothing at all",
                                     "a=1&b=2"};

    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_false(wr_json_find_worthwhile((const uint8_t *)no[i], strlen(no[i])));
    g_assert_true(wr_json_find_worthwhile((const uint8_t *)"{\"\\u0073dp\":\"\\u0076=0\"}", 23));
}

/* Texts in strings are read one after the other, often at one address of memory; equal ones are still many. */
static void equal_texts_in_strings_are_all_found(void)
{
    static const char text[] =
        "\"{\\\"type\\\":\\\"candidate\\\",\\\"candidate\\\":{\\\"candidate\\\":\\\"candidate:1 1 udp 2122260223 "
        "192.0.2.10 54321 typ host\\\",\\\"sdpMid\\\":\\\"0\\\"}}\"";
    GString *s = g_string_new("[");
    wr_find_result *r;

    for (int i = 0; i < 2000; i++)
        g_string_append_printf(s, "%s%s", i > 0 ? "," : "", text);
    g_string_append(s, "]");
    r = wr_json_find((const uint8_t *)s->str, s->len, NULL);
    g_assert_cmpuint(r->hits->len, ==, 2000);
    wr_find_result_free(r);
    g_string_free(s, TRUE);
}

#define ADD(name) g_test_add_func("/json_find/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(equal_texts_in_strings_are_all_found);
    ADD(bare_type_and_sdp_is_found_with_escapes_resolved);
    ADD(description_without_json_has_no_path);
    ADD(several_offers_in_one_message_are_all_found);
    ADD(names_that_are_no_plain_words_are_quoted_in_the_path);
    ADD(chat_and_other_json_is_nothing);
    ADD(sibling_type_counts_before_all_else);
    ADD(message_word_counts_before_setup);
    ADD(setup_counts_before_member_names_which_lie);
    ADD(member_name_is_the_last_resort);
    ADD(rollback_has_no_text);
    ADD(names_beside_the_description_and_at_the_top_are_taken);
    ADD(sixteen_digit_and_longer_numbers_stay_exact);
    ADD(numbers_that_no_machine_holds_do_not_fail_the_message);
    ADD(raw_byte_ids_are_shown_as_hex);
    ADD(janus_call_is_session_and_handle);
    ADD(janus_over_http_has_its_ids_in_the_path);
    ADD(janus_join_and_hangup_are_events);
    ADD(peerjs_sender_is_in_the_url_of_what_the_client_emits);
    ADD(socketio_path_counts_arguments);
    ADD(packets_of_one_poll_are_numbered);
    ADD(lengths_before_packets_are_passed_over);
    ADD(join_names_room_and_party);
    ADD(server_notices_are_no_join);
    ADD(bye_is_found);
    ADD(web_pages_that_post_leave_are_no_bye);
    ADD(candidate_shapes_give_line_section_and_ufrag);
    ADD(end_of_candidates_is_a_candidate_line_too);
    ADD(mediasoup_transport_becomes_a_fragment_of_lines);
    ADD(members_cannot_smuggle_lines_into_the_fragment);
    ADD(a_hash_and_a_value_are_no_description);
    ADD(fragments_without_a_version_line_are_found);
    ADD(json_in_strings_is_opened_to_three_levels);
    ADD(base64_of_json_is_opened);
    ADD(text_before_the_json_is_passed_over);
    ADD(separators_in_binary_data_part_nothing);
    ADD(syntax_errors_are_named_with_their_offset);
    ADD(descriptions_in_cut_messages_are_still_found);
    ADD(what_other_parsers_read_is_read_too);
    ADD(bytes_that_are_no_utf8_are_named_and_passed_over);
    ADD(sdp_that_is_none_is_handed_on_or_named);
    ADD(depth_is_bounded_and_named);
    ADD(hits_are_bounded_and_named);
    ADD(nested_texts_are_bounded_and_named);
    ADD(big_messages_take_linear_time);
    ADD(worthwhile_knows_what_is_not);
    return g_test_run();
}
