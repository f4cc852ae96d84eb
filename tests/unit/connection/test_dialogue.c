/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an earlier message of a connection tells of a later one, and what it must not. */
#include "connection/dialogue.h"

#include <string.h>

#include "find/find.h"

#define SDP                                                                                                            \
    "v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\nm=application 9 UDP/DTLS/SCTP "                        \
    "webrtc-datachannel\\r\\nc=IN IP4 0.0.0.0\\r\\na=ice-ufrag:oUfr\\r\\n"
#define OFFER  SDP "a=setup:actpass\\r\\n"
#define ANSWER SDP "a=setup:active\\r\\n"
#define TRANSPORT                                                                                                      \
    "\"iceParameters\":{\"usernameFragment\":\"srvu\",\"password\":\"srvp0123456789abcdef012345\"},"                   \
    "\"dtlsParameters\":{\"role\":\"auto\",\"fingerprints\":[{\"algorithm\":\"sha-256\",\"value\":"                    \
    "\"AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99\"}]}"

enum { CLIENT = 0, SERVER = 1 };

static wr_find_result *said(wr_dialogue *d, unsigned side, const char *text)
{
    wr_find_hints hints = {
        .direction = side == CLIENT ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED, .dialogue = d, .side = side};

    return wr_json_find((const uint8_t *)text, strlen(text), &hints);
}

static void say(wr_dialogue *d, unsigned side, const char *text)
{
    wr_find_result_free(said(d, side, text));
}

/* "kind dialect call from to" of the only thing found; "-" for what is not known. */
static char *heard(wr_dialogue *d, unsigned side, const char *text)
{
    wr_find_result *r = said(d, side, text);
    const wr_hit *hit;
    char *out;

    g_assert_cmpuint(r->hits->len, ==, 1);
    hit = g_ptr_array_index(r->hits, 0);
    out = g_strdup_printf("%s %s %s %s %s", wr_kind_name(hit->kind), hit->dialect, hit->call ? hit->call : "-",
                          hit->from ? hit->from : "-", hit->to ? hit->to : "-");
    wr_find_result_free(r);
    return out;
}

static void check(wr_dialogue *d, unsigned side, const char *text, const char *wanted)
{
    char *out = heard(d, side, text);

    g_assert_cmpstr(out, ==, wanted);
    g_free(out);
}

#define ASK(id, room, from)                                                                                            \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"publish\",\"params\":{\"room\":\"" room "\",\"from\":\"" from     \
    "\",\"sdp\":\"" OFFER "\"}}"
#define REPLY(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"result\":{\"sdp\":\"" ANSWER "\"}}"

static void answer_has_call_and_parties_of_its_request(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, CLIENT,
        "{\"jsonrpc\":\"2.0\",\"method\":\"verto.invite\",\"params\":{\"sdp\":\"" OFFER
        "\",\"dialogParams\":{\"callID\":\"u2\",\"destination_number\":\"3500\",\"caller_id_number\":\"1000\"}},\"id\":2}");
    check(d, SERVER, REPLY("2"), "answer verto u2 3500 1000");
    /* It is answered now. */
    check(d, SERVER, REPLY("2"), "answer generic - - -");
    wr_dialogue_free(d);
}

static void two_calls_of_one_connection_are_not_mixed_up(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, CLIENT, ASK("1", "red", "a"));
    say(d, CLIENT, ASK("2", "blue", "b"));
    check(d, SERVER, REPLY("2"), "answer generic blue - b");
    check(d, SERVER, REPLY("1"), "answer generic red - a");
    wr_dialogue_free(d);
}

static void an_id_counts_for_one_side_and_in_its_own_type(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, CLIENT, ASK("1", "red", "a"));
    say(d, SERVER, ASK("1", "blue", "b"));
    check(d, CLIENT, REPLY("\"1\""), "answer generic - - -");
    check(d, CLIENT, REPLY("1"), "answer generic blue - b");
    check(d, SERVER, REPLY("1"), "answer generic red - a");
    wr_dialogue_free(d);
}

static void an_id_asked_twice_with_other_words_tells_nothing(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, CLIENT, ASK("1", "red", "a"));
    say(d, CLIENT, ASK("1", "blue", "a"));
    check(d, SERVER, REPLY("1"), "answer generic - - -");
    /* Once that is over, the id may be used again; the same words twice are no doubt. */
    say(d, CLIENT, ASK("1", "blue", "a"));
    say(d, CLIENT, ASK("1", "blue", "a"));
    check(d, SERVER, REPLY("1"), "answer generic blue - a");
    wr_dialogue_free(d);
}

static void what_the_answer_says_itself_counts(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, CLIENT, ASK("1", "red", "a"));
    check(d, SERVER,
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"room\":\"blue\",\"type\":\"offer\",\"sdp\":\"" ANSWER "\"}}",
          "offer generic blue - a");
    wr_dialogue_free(d);
}

static void several_calls_in_one_request_leave_the_call_open(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, CLIENT,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":[{\"room\":\"red\",\"sdp\":\"" OFFER
        "\"},{\"room\":\"blue\",\"sdp\":\"" OFFER "\"}]}");
    check(d, SERVER, REPLY("1"), "answer generic - - -");
    wr_dialogue_free(d);
}

static void kind_comes_from_the_request_where_the_text_has_no_role(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, CLIENT, ASK("1", "red", "a"));
    check(d, SERVER, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"sdpOffer\":\"" SDP "\"}}", "answer generic red - a");
    say(d, CLIENT, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"generateOffer\",\"params\":{}}");
    check(d, SERVER, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"value\":\"" SDP "\"}}", "offer generic - - -");
    wr_dialogue_free(d);
}

static void protoo_agora_and_acknowledgements(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, CLIENT, "{\"request\":true,\"id\":7,\"method\":\"join\",\"data\":{\"peerId\":\"p1\",\"room\":\"r1\"}}");
    check(d, SERVER, "{\"response\":true,\"id\":7,\"ok\":true,\"data\":{\"sdp\":\"" ANSWER "\"}}",
          "answer mediasoup r1 - p1");
    say(d, CLIENT,
        "{\"_id\":\"Ab\",\"_type\":\"join_v3\",\"_message\":{\"channel_name\":\"room\",\"p2p_id\":1," TRANSPORT "}}");
    check(d, SERVER, "{\"_id\":\"Ab\",\"_result\":\"success\",\"_message\":{" TRANSPORT "}}",
          "fragment agora room - 1");
    say(d, CLIENT, "42/a,12[\"request\",{\"method\":\"createWebRtcTransport\",\"room\":\"r9\"}]");
    check(d, SERVER, "43/b,12[null,{" TRANSPORT "}]", "fragment socketio - - -");
    check(d, SERVER, "43/a,12[null,{" TRANSPORT "}]", "offer socketio r9 - -");
    say(d, CLIENT, "{\"type\":2,\"nsp\":\"/\",\"id\":3,\"data\":[\"call\",{\"room\":\"r8\",\"sdp\":\"" OFFER "\"}]}");
    check(d, SERVER, "{\"type\":3,\"nsp\":\"/\",\"id\":3,\"data\":[{\"sdp\":\"" ANSWER "\"}]}",
          "answer socketio r8 - -");
    wr_dialogue_free(d);
}

static void collider_says_room_and_client_once(void)
{
    wr_dialogue *d = wr_dialogue_new();
    const char *send =
        "{\"cmd\":\"send\",\"msg\":\"{\\\"type\\\":\\\"answer\\\",\\\"sdp\\\":\\\"v=0\\\\r\\\\nm=audio 9 UDP/TLS/RTP/SAVPF "
        "0\\\\r\\\\n\\\"}\"}";
    const char *got = "{\"msg\":\"{\\\"type\\\":\\\"offer\\\",\\\"sdp\\\":\\\"v=0\\\\r\\\\nm=audio 9 UDP/TLS/RTP/SAVPF "
                      "0\\\\r\\\\n\\\"}\",\"error\":\"\"}";

    check(d, CLIENT, send, "answer apprtc - - -");
    say(d, CLIENT, "{\"cmd\":\"register\",\"roomid\":\"r\",\"clientid\":\"12\"}");
    check(d, CLIENT, send, "answer apprtc r 12 -");
    check(d, SERVER, got, "offer apprtc r - 12");
    /* Of another dialect nothing is known by this. */
    check(d, CLIENT, "{\"type\":\"offer\",\"sdp\":\"" OFFER "\"}", "offer generic - - -");
    say(d, CLIENT, "{\"cmd\":\"register\",\"roomid\":\"s\",\"clientid\":\"13\"}");
    check(d, CLIENT, send, "answer apprtc s 13 -");
    wr_dialogue_free(d);
}

/* Who keeps dialogues need not keep one of a connection that said nothing to be remembered. */
static void only_what_is_remembered_fills_it(void)
{
    wr_dialogue *d = wr_dialogue_new();

    g_assert_true(wr_dialogue_is_empty(d));
    say(d, CLIENT, "{\"type\":\"offer\",\"sdp\":\"" OFFER "\"}");
    say(d, SERVER, REPLY("2"));
    g_assert_true(wr_dialogue_is_empty(d));
    say(d, CLIENT, "{\"cmd\":\"register\",\"roomid\":\"r\",\"clientid\":\"12\"}");
    g_assert_false(wr_dialogue_is_empty(d));
    wr_dialogue_leave(d);
    g_assert_true(wr_dialogue_is_empty(d));
    say(d, CLIENT, ASK("2", "r", "12"));
    g_assert_false(wr_dialogue_is_empty(d));
    say(d, SERVER, REPLY("2"));
    g_assert_true(wr_dialogue_is_empty(d));
    wr_dialogue_free(d);
}

static void what_was_left_is_forgotten(void)
{
    wr_dialogue *d = wr_dialogue_new();
    const char *ice =
        "{\"action\":\"custom_com.mattermost.calls_ice\",\"seq\":4,\"data\":{\"data\":\"{\\\"candidate\\\":\\\""
        "candidate:1 1 udp 1 192.0.2.1 5 typ host\\\",\\\"sdpMid\\\":\\\"0\\\"}\"}}";

    say(d, CLIENT, "{\"action\":\"custom_com.mattermost.calls_join\",\"seq\":2,\"data\":{\"channelID\":\"ch1\"}}");
    check(d, CLIENT, ice, "candidate mattermost ch1 - -");
    check(d, CLIENT, "{\"action\":\"custom_com.mattermost.calls_leave\",\"seq\":9}", "bye mattermost ch1 - -");
    check(d, CLIENT, ice, "candidate mattermost - - -");
    wr_dialogue_free(d);
}

static void what_others_join_is_not_ours(void)
{
    wr_dialogue *d = wr_dialogue_new();

    say(d, SERVER, "{\"op\":0,\"d\":{\"server_id\":\"9\",\"user_id\":\"8\"}}");
    check(
        d, SERVER,
        "{\"op\":4,\"d\":{\"media_session_id\":\"m\",\"sdp\":\"a=fingerprint:sha-256 AA:BB\\na=ice-ufrag:abcd\\na=ice-pwd:0123456789abcdef012345\"}}",
        "answer discord - - -");
    say(d, CLIENT, "{\"op\":0,\"d\":{\"server_id\":\"1\",\"channel_id\":\"2\",\"user_id\":\"3\"}}");
    check(
        d, SERVER,
        "{\"op\":4,\"d\":{\"media_session_id\":\"m\",\"sdp\":\"a=fingerprint:sha-256 AA:BB\\na=ice-ufrag:abcd\\na=ice-pwd:0123456789abcdef012345\"}}",
        "answer discord 1/2 - 3");
    wr_dialogue_free(d);
}

static void open_requests_are_bounded_and_that_is_said(void)
{
    wr_dialogue *d = wr_dialogue_new();
    wr_find_result *r;

    for (unsigned i = 0; i <= WR_DIALOGUE_MAX_OPEN; i++) {
        char *text =
            g_strdup_printf("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"m\",\"params\":{\"sdp\":\"" OFFER "\"}}", i);
        r = said(d, CLIENT, text);
        g_assert_cmpint(r->bound, ==, i == WR_DIALOGUE_MAX_OPEN);
        g_assert_cmpint(r->recalled, ==, i == WR_DIALOGUE_MAX_OPEN);
        wr_find_result_free(r);
        g_free(text);
    }
    wr_dialogue_free(d);
}

static void exchanges_are_told_from_other_messages(void)
{
    static const char *const are[] = {"{\"id\":1,\"method\":\"m\"}", "{\"id\":1,\"result\":{}}", "430[null,1]",
                                      "42/a,1[\"x\"]"};
    static const char *const are_not[] = {"{\"method\":\"m\"}", "42[\"join\",1]", "{\"id\":1,\"text\":1}", "4"};

    for (size_t i = 0; i < G_N_ELEMENTS(are); i++) {
        g_assert_true(wr_json_find_exchanges((const uint8_t *)are[i], strlen(are[i])));
        g_assert_false(wr_json_find_exchanges((const uint8_t *)are_not[i], strlen(are_not[i])));
    }
}

static void ids_in_the_url(void)
{
    const char *offer = "{\"type\":\"offer\",\"sdp\":\"" OFFER "\"}";
    static const struct {
        const char *url, *dialect, *call, *from;
    } urls[] = {
        {"/message/r/12345678", "apprtc", "r", "12345678"},
        {"/message/r/12345678?x=1", "apprtc", "r", "12345678"},
        {"/message/r/me", "generic", NULL, NULL},
        {"/message/r", "generic", NULL, NULL},
        {"/v1/message/r/12345678", "generic", NULL, NULL},
        {"/control/conf1?X-Chime-Control-Protocol-Version=3", "amazon-chime", "conf1", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
        wr_find_hints hints = {.url = urls[i].url, .direction = WR_DIRECTION_EMITTED};
        wr_find_result *r = wr_json_find((const uint8_t *)offer, strlen(offer), &hints);
        const wr_hit *hit = g_ptr_array_index(r->hits, 0);
        g_assert_cmpstr(hit->dialect, ==, urls[i].dialect);
        g_assert_cmpstr(hit->call, ==, urls[i].call);
        g_assert_cmpstr(hit->from, ==, urls[i].from);
        wr_find_result_free(r);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dialogue/answer", answer_has_call_and_parties_of_its_request);
    g_test_add_func("/dialogue/two-calls", two_calls_of_one_connection_are_not_mixed_up);
    g_test_add_func("/dialogue/ids", an_id_counts_for_one_side_and_in_its_own_type);
    g_test_add_func("/dialogue/asked-twice", an_id_asked_twice_with_other_words_tells_nothing);
    g_test_add_func("/dialogue/own-words", what_the_answer_says_itself_counts);
    g_test_add_func("/dialogue/several-calls", several_calls_in_one_request_leave_the_call_open);
    g_test_add_func("/dialogue/kind", kind_comes_from_the_request_where_the_text_has_no_role);
    g_test_add_func("/dialogue/families", protoo_agora_and_acknowledgements);
    g_test_add_func("/dialogue/register", collider_says_room_and_client_once);
    g_test_add_func("/dialogue/empty", only_what_is_remembered_fills_it);
    g_test_add_func("/dialogue/leave", what_was_left_is_forgotten);
    g_test_add_func("/dialogue/others-join", what_others_join_is_not_ours);
    g_test_add_func("/dialogue/bound", open_requests_are_bounded_and_that_is_said);
    g_test_add_func("/dialogue/exchanges", exchanges_are_told_from_other_messages);
    g_test_add_func("/dialogue/url", ids_in_the_url);
    return g_test_run();
}
