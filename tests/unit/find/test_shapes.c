/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions in messages that are no JSON, or hold them in unlikely ways; and what only looks like one. */
#include "find/find.h"

#include <glib.h>
#include <string.h>

#define LINES "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\n"
#define ESCAPED                                                                                                        \
    "v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\nm=audio 9 UDP/TLS/RTP/SAVPF 0\\r\\na=setup:actpass\\r\\n"
#define OFFER     "{\"type\":\"offer\",\"sdp\":\"" ESCAPED "\"}"
#define CANDIDATE "candidate:1 1 udp 2122260223 192.0.2.10 54321 typ host"

static wr_find_result *find_in(const char *bytes, size_t len, const wr_find_hints *hints)
{
    uint8_t *copy = g_memdup2(bytes, len);
    wr_find_result *r = wr_json_find(copy, len, hints);

    g_free(copy);
    return r;
}

static void check(const char *bytes, size_t len, const char *kind, const char *path, const char *call)
{
    wr_find_result *r = find_in(bytes, len, NULL);
    const wr_hit *hit;

    g_assert_true(wr_json_find_worthwhile((const uint8_t *)bytes, len));
    g_assert_cmpuint(r->hits->len, ==, 1);
    hit = g_ptr_array_index(r->hits, 0);
    g_assert_cmpstr(wr_kind_name(hit->kind), ==, kind);
    g_assert_cmpstr(hit->path, ==, path);
    g_assert_cmpstr(hit->call, ==, call);
    wr_find_result_free(r);
}

static void none(const char *text)
{
    wr_find_result *r = find_in(text, strlen(text), NULL);

    g_assert_cmpuint(r->hits->len, ==, 0);
    wr_find_result_free(r);
}

#define CHECK(text, ...) check(text, sizeof(text) - 1, __VA_ARGS__)

static void text_frames_have_a_head(void)
{
    CHECK(
        "SEND\ndestination:/app/room/42/offer\ncontent-type:application/json\ncontent-length:161\nreceipt:message-12345\n"
        "\n" OFFER "\0",
        "offer", "$.sdp", NULL);
    CHECK("a[\"MESSAGE\\ndestination:/user/queue/webrtc\\ncontent-type:application/json\\nsubscription:sub-1\\n\\n"
          "{\\\"candidate\\\":\\\"" CANDIDATE "\\\"}\\u0000\"]",
          "candidate", "$[0]~json.candidate", NULL);
}

static void verbs_and_binary_heads_are_passed_over(void)
{
    wr_find_hints hints = {.direction = WR_DIRECTION_EMITTED};
    wr_find_result *r = find_in("O: 2\n" LINES, strlen("O: 2\n" LINES), &hints);

    g_assert_cmpstr(((wr_hit *)g_ptr_array_index(r->hits, 0))->to, ==, "2");
    wr_find_result_free(r);
    CHECK("\xb5\x01\xa2" LINES, "offer", "$", NULL);
    CHECK("ANSWER bob\n" LINES, "answer", "$", NULL);
    CHECK("\x08\x81\x7f" LINES "\x10\x01", "offer", "$", NULL);
    CHECK("C: 2\n\n0\n0\n" CANDIDATE, "candidate", "$", NULL);
    CHECK("{\"id\":2,\"data\":\"\\n0\\n0\\n" CANDIDATE "\"}", "candidate", "$.data", NULL);
}

static void events_of_a_stream_are_messages(void)
{
    CHECK(": hello\n\nevent: signal\ndata: {\"room\":\"r5\",\"description\":" OFFER "}\n\n", "offer",
          "$.data~json.description.sdp", "r5");
    CHECK(
        "event: offer\ndata: v=0\ndata: o=- 1 2 IN IP4 0.0.0.0\ndata: s=-\ndata: m=audio 9 X 0\ndata: a=ice-ufrag:abcd\n\n",
        "offer", "$.data", NULL);
}

static void forms_and_queries_name_what_stands_beside(void)
{
    wr_find_hints hints = {.place = "$?"};
    static const char query[] =
        "cb=f&room=r1&data=%7B%22candidate%22%3A%22candidate%3A1%201%20udp%201%20192.0.2.1%205%20typ%20host%22%7D";
    wr_find_result *r = find_in(query, sizeof query - 1, &hints);

    g_assert_cmpuint(r->hits->len, ==, 1);
    g_assert_cmpstr(((wr_hit *)g_ptr_array_index(r->hits, 0))->path, ==, "$?data~form.candidate");
    g_assert_cmpstr(((wr_hit *)g_ptr_array_index(r->hits, 0))->call, ==, "r1");
    wr_find_result_free(r);
    /* printf '{"candidate":"candidate:1 1 udp 1 192.0.2.1 5 typ host"}' | base64 -w0 */
    CHECK("url=x&room=r1&data=eyJjYW5kaWRhdGUiOiJjYW5kaWRhdGU6MSAxIHVkcCAxIDE5Mi4wLjIuMSA1IHR5cCBob3N0In0%3D",
          "candidate", "$.data~form~b64.candidate", "r1");
}

static void tokens_and_markup_are_opened(void)
{
    CHECK(
        "{\"jwt\":\"eyJhbGciOiJub25lIn0.eyJjYW5kaWRhdGUiOiJjYW5kaWRhdGU6MSAxIHVkcCAxIDE5Mi4wLjIuMSA1IHR5cCBob3N0In0.c2ln\"}",
        "candidate", "$.jwt~jwt.candidate", NULL);
    CHECK(
        "<iq from='a@x' to='b@x'><genesys-webrtc>{&quot;params&quot;:{&quot;sessionId&quot;:&quot;s1&quot;,&quot;sdp&quot;:"
        "&quot;a=" CANDIDATE "&quot;}}</genesys-webrtc></iq>",
        "candidate", "$.genesys-webrtc~json.params.sdp", "s1");
}

static void addresses_of_libp2p_name_a_certificate(void)
{
    static const char message[] = "{\"Addrs\":[\"/ip4/192.0.2.1/udp/9095/webrtc-direct/certhash/"
                                  "uEiDl6KttSLkhC_ywKQEyMdZvCB_1X3jM0anmiPTk76s3VQ\"]}";
    wr_find_result *r = find_in(message, strlen(message), NULL);
    const wr_hit *hit;

    g_assert_cmpuint(r->hits->len, ==, 1);
    hit = g_ptr_array_index(r->hits, 0);
    g_assert_true(g_str_has_prefix(hit->text, "a=fingerprint:sha-256 E5:E8:AB:6D:48:B9:21:0B:"));
    g_assert_nonnull(strstr(hit->text, "a=candidate:1 1 udp 1 192.0.2.1 9095 typ host"));
    wr_find_result_free(r);
    none(
        "{\"a\":\"/ip4/192.0.2.1/udp/4001/quic-v1/webtransport/certhash/uEiDl6KttSLkhC_ywKQEyMdZvCB_1X3jM0anmiPTk76s3VQ\"}");
}

static void what_speaks_of_descriptions_is_none(void)
{
    none("{\"content\":\"An SDP offer begins so:\\n\\n" ESCAPED "\\nand has candidates.\"}");
    none("{\"content\":\"Look at this line:\\na=fingerprint:sha-256 AA:BB\\n\"}");
    none("{\"nvstSdp\":\"v=0\\no=SdpTest test_id_13 14 IN IPv4 127.0.0.1\\ns=-\\nt=0 0\\na=general.icePassword:x\\n"
         "a=general.dtlsFingerprint:AA:BB\\nm=video 0 RTP/AVP\\na=msid:v\\na=vqos.fec.rateDropWindow:10\\n\"}");
}

#define DIGEST "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
#define HASHED "\"algorithm\":\"sha-256\",\"value\":\"" DIGEST "\""
#define ICE    "\"ufrag\":\"abcd\",\"pwd\":\"0123456789abcdefghijkl\""

/* The text of the only hit begins with this. */
static void text_begins(const char *message, const char *with)
{
    wr_find_result *r = find_in(message, strlen(message), NULL);
    const wr_hit *hit;

    g_assert_true(wr_json_find_worthwhile((const uint8_t *)message, strlen(message)));
    g_assert_cmpuint(r->hits->len, ==, 1);
    hit = g_ptr_array_index(r->hits, 0);
    g_assert_cmpstr(g_strstr_len(hit->text, -1, with), !=, NULL);
    wr_find_result_free(r);
}

static void members_say_what_sdp_says(void)
{
    text_begins(
        "{\"ice\":{" ICE "},\"dtls\":{\"role\":\"client\",\"fingerprints\":[{" HASHED "}]}}",
        "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\na=setup:active\r\na=fingerprint:sha-256 00:11");
    text_begins("{\"x\":{\"localDtls\":{\"role\":\"server\",\"fingerprints\":[{" HASHED "}]}}}", "a=setup:passive");
    text_begins("{" ICE ",\"fingerprint\":\"" DIGEST "\"}", "a=fingerprint:sha-256 00:11");
    text_begins("{" ICE ",\"dtls_fingerprint\":{\"type\":\"sha-256\",\"hash\":\"" DIGEST
                "\"},\"dtls_setup\":\"active\"}",
                "a=setup:active\r\na=fingerprint:sha-256 00:11");
    text_begins("{\"candidate\":{\"foundation\":\"7\",\"component\":1,\"protocol\":\"udp\",\"priority\":9,"
                "\"address\":\"192.0.2.1\",\"port\":5000,\"type\":\"srflx\"}}",
                "a=candidate:7 1 udp 9 192.0.2.1 5000 typ srflx");
}

static void texts_that_are_written_otherwise(void)
{
    /* base64 of Protocol Buffers, where v=0 begins at each of three places */
    static const char *const heads[] = {"\x0a\x05room1\x12\x01", "\x0a\x06room12\x12\x01", "\x0a\x07room123\x12\x01"};

    CHECK("{\"type\":\"offer\",\"sdp\":[\"v=0\",\"o=- 1 2 IN IP4 127.0.0.1\",\"s=-\",\"t=0 0\","
          "\"m=audio 9 UDP/TLS/RTP/SAVPF 0\",\"a=setup:actpass\"]}",
          "offer", "$.sdp", NULL);
    CHECK(
        "{\"type\":\"offer\",\"sdp\":\"v%3D0%0D%0Ao%3D-%201%202%20IN%20IP4%20127.0.0.1%0D%0As%3D-%0D%0At%3D0%200%0D%0A"
        "m%3Daudio%209%20UDP%2FTLS%2FRTP%2FSAVPF%200%0D%0A\"}",
        "offer", "$.sdp", NULL);
    CHECK("room=r1&candidate=candidate%3A1%201%20udp%202122260223%20192.0.2.10%2054321%20typ%20host", "candidate",
          "$.candidate~form", "r1");
    CHECK("{\"ice\":\"Y2FuZGlkYXRlOjEgMSB1ZHAgMjEyMjI2MDIyMyAxOTIuMC4yLjEwIDU0MzIxIHR5cCBob3N0\"}", "candidate",
          "$.ice~b64", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
        GString *bytes = g_string_new(heads[i]);
        char *packed, *message;
        g_string_truncate(bytes, bytes->len - 1);
        g_string_append_c(bytes, (char)strlen(LINES));
        g_string_append(bytes, LINES);
        packed = g_base64_encode((const guchar *)bytes->str, bytes->len);
        message = g_strdup_printf("{\"msg\":\"%s\"}", packed);
        check(message, strlen(message), "offer", "$.msg~b64.2", NULL);
        g_free(message);
        g_free(packed);
        g_string_free(bytes, TRUE);
    }
}

static char *in_hex(const char *text)
{
    GString *out = g_string_new(NULL);

    for (; *text != '\0'; text++)
        g_string_append_printf(out, "%02x", (unsigned char)*text);
    return g_string_free(out, FALSE);
}

static char *in_numbers(const char *text)
{
    GString *out = g_string_new(NULL);

    for (; *text != '\0'; text++)
        g_string_append_printf(out, "%s%u", out->len > 0 ? "," : "", (unsigned char)*text);
    return g_string_free(out, FALSE);
}

static void check_wrapped(const char *format, char *inner, const char *kind, const char *path)
{
    char **parts = g_strsplit(format, "@", 2);
    char *message = g_strconcat(parts[0], inner, parts[1], NULL);

    if (kind != NULL)
        check(message, strlen(message), kind, path, NULL);
    else
        none(message);
    g_free(message);
    g_strfreev(parts);
    g_free(inner);
}

/* Bytes as hexadecimal digits, and as the array that Node makes of a Buffer. */
static void bytes_are_written_as_digits_and_numbers(void)
{
    check_wrapped("{\"type\":\"offer\",\"sdp\":\"@\"}", in_hex(LINES), "offer", "$.sdp~hex");
    check_wrapped("{\"payload\":\"@\"}", in_hex(OFFER), "offer", "$.payload~hex.sdp");
    check_wrapped("{\"data\":{\"type\":\"Buffer\",\"data\":[@]}}", in_numbers(OFFER), "offer", "$.data.data~bytes.sdp");
    check_wrapped("{\"type\":\"offer\",\"sdp\":[@]}", in_numbers(LINES), "offer", "$.sdp~bytes");
    check_wrapped("{\"payload\":\"@0\"}", in_hex(OFFER), NULL, NULL);     /* half a byte */
    check_wrapped("{\"payload\":\"@zz\"}", in_hex(OFFER), NULL, NULL);    /* no digits */
    check_wrapped("{\"data\":[@,256]}", in_numbers(OFFER), NULL, NULL);   /* no byte */
    check_wrapped("{\"data\":[@,\"x\"]}", in_numbers(OFFER), NULL, NULL); /* no number */
    check_wrapped("{\"data\":[@]}",
                  in_numbers("v=0 is what SDP begins with, and this is none of it, however long it goes on"), NULL,
                  NULL);
}

/* Keys of servers, clients and hosts, and lines of SDP that announce nothing. */
static void what_only_looks_like_a_certificate_of_a_call(void)
{
    none("{\"clients\":[{\"role\":\"client\"," HASHED "}]}");
    none("{\"host\":\"a.example\",\"certificate\":{\"role\":\"server\",\"fingerprint\":{" HASHED "}}}");
    none("{\"results\":[{\"ip\":\"192.0.2.1\",\"port\":443,\"type\":\"host\",\"role\":\"server\","
         "\"fingerprints\":[{" HASHED "}]}]}");
    none("{\"content\":\"a=fingerprint:sha-256 " DIGEST "\"}");
    none("{\"name\":\"a=fingerprint:sha-256\"}");
    none("v=0\no=off\ns=on\nm=manual\na=fingerprint:none\n");
    none("{\"lines\":[\"v=0\",\"o=\",\"a=ice-ufrag:abcd\",\"a=fingerprint:sha-256 " DIGEST "\"]}");
    none("{\"text\":\"a=ice-pwd:0123456789012345678901\"}");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shapes/heads", text_frames_have_a_head);
    g_test_add_func("/shapes/bare", verbs_and_binary_heads_are_passed_over);
    g_test_add_func("/shapes/events", events_of_a_stream_are_messages);
    g_test_add_func("/shapes/forms", forms_and_queries_name_what_stands_beside);
    g_test_add_func("/shapes/tokens", tokens_and_markup_are_opened);
    g_test_add_func("/shapes/certhash", addresses_of_libp2p_name_a_certificate);
    g_test_add_func("/shapes/members", members_say_what_sdp_says);
    g_test_add_func("/shapes/otherwise", texts_that_are_written_otherwise);
    g_test_add_func("/shapes/bytes", bytes_are_written_as_digits_and_numbers);
    g_test_add_func("/shapes/certificates", what_only_looks_like_a_certificate_of_a_call);
    g_test_add_func("/shapes/none", what_speaks_of_descriptions_is_none);
    return g_test_run();
}
