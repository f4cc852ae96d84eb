/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of HTTP messages, ServerHellos, JSON with credentials, page policies and versions. */
#include "remarks/page_policy.h"
#include "remarks/remarks.h"
#include "remarks/stack_version.h"

#include <string.h>

static wr_remark *head(const char *text)
{
    return wr_remark_from_head(text, strlen(text));
}

static void test_request(void)
{
    wr_remark *r =
        head("GET /ws?room=1&access_token=geheim HTTP/1.1\r\nHost: s.example\r\nOrigin: https://app.example:8443\r\n"
             "User-Agent: UA/1\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n");

    g_assert_nonnull(r);
    g_assert_cmpint(r->kind, ==, WR_REMARK_REQUEST);
    g_assert_cmpstr(r->host, ==, "s.example");
    g_assert_cmpstr(r->origin, ==, "app.example");
    g_assert_cmpstr(r->user_agent, ==, "UA/1");
    g_assert_cmpstr(r->what, ==, "URL parameter access_token");
    g_assert_cmphex(r->mark, ==, 0xaddb0f5e); /* printf geheim | sha256sum */
    g_assert_true(r->is_proxied);
    g_assert_false(r->secret_target);
    wr_remark_free(r);

    r = head("POST /whip/abc HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Type: application/sdp\r\n\r\nv=0");
    g_assert_cmpstr(r->what, ==, "Authorization (Bearer)");
    g_assert_true(r->posts_description);
    wr_remark_free(r);

    /* fields end where the body begins */
    r = head("POST /x HTTP/1.1\r\nHost: a\r\n\r\nAuthorization: Bearer x\r\n");
    g_assert_null(r->what);
    wr_remark_free(r);
}

static void test_response(void)
{
    wr_remark *r = head("HTTP/1.1 200 OK\r\nPermissions-Policy: camera=()\r\n\r\n");

    g_assert_cmpint(r->kind, ==, WR_REMARK_PAGE);
    g_assert_cmpstr(r->permissions, ==, "camera=()");
    wr_remark_free(r);
    g_assert_null(head("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"));
    g_assert_null(head("HTTP/1.1 404 Not Found\r\nPermissions-Policy: camera=()\r\n\r\n"));
    g_assert_null(head("GETTING nowhere\r\n\r\n"));
    g_assert_null(head(""));
}

static void test_server_hello(void)
{
    uint8_t hello[60] = {22, 3, 3, 0, 55, 2, 0, 0, 51, 3, 3};
    wr_remark *r;

    hello[43] = 0; /* no session id */
    hello[44] = 0xc0;
    hello[45] = 0x2f;
    hello[46] = 0; /* compression */
    hello[47] = 0;
    hello[48] = 6;
    hello[49] = 0;
    hello[50] = 43;
    hello[51] = 0;
    hello[52] = 2;
    hello[53] = 3;
    hello[54] = 4;
    r = wr_remark_from_tls(hello, sizeof hello);
    g_assert_cmphex(r->version, ==, 0x0304);
    g_assert_cmphex(r->suite, ==, 0xc02f);
    wr_remark_free(r);
    hello[50] = 44; /* another extension */
    r = wr_remark_from_tls(hello, sizeof hello);
    g_assert_cmphex(r->version, ==, 0x0303);
    wr_remark_free(r);
    for (size_t n = 0; n < 47; n++)
        g_assert_null(wr_remark_from_tls(hello, n));
    hello[5] = 1; /* a ClientHello */
    g_assert_null(wr_remark_from_tls(hello, sizeof hello));
}

static void json(const char *text, wr_remark_kind kind, const char *what)
{
    GPtrArray *list = wr_remarks_from_json((const uint8_t *)text, strlen(text));

    if (what == NULL) {
        g_assert_null(list);
        return;
    }
    g_assert_nonnull(list);
    g_assert_cmpuint(list->len, ==, 1);
    g_assert_cmpint(((wr_remark *)list->pdata[0])->kind, ==, kind);
    g_assert_cmpstr(((wr_remark *)list->pdata[0])->what, ==, what);
    g_ptr_array_unref(list);
}

static void test_json(void)
{
    json("{\"a\":{\"iceServers\":[{\"urls\":\"stun:s\"},{\"urls\":\"turn:t\",\"username\":\"u\",\"credential\":\"c\"}]}"
         "}",
         WR_REMARK_TURN, "$.a.iceServers[1]");
    json("42[\"config\",{\"iceServers\":[{\"url\":\"turn:t\",\"credential\":\"c\"}]}]", WR_REMARK_TURN,
         "$[1].iceServers[0]");
    json("{\"username\":\"u\",\"password\":\"p\",\"ttl\":86400,\"uris\":[\"turn:t\"]}", WR_REMARK_TURN, "$");
    json("{\"iceServers\":[{\"urls\":\"turn:t\",\"username\":\"u\",\"credential\":\"\"}]}", WR_REMARK_TURN, NULL);
    json("{\"credential\":\"c\",\"login\":\"u\"}", WR_REMARK_TURN, NULL); /* some other credential */
    json("{\"message\":{\"token\":\"t\",\"data\":{\"caller_name\":\"Eva\",\"room\":\"1\"}}}", WR_REMARK_PUSH,
         "message.data.caller_name");
    json("{\"message\":{\"token\":\"t\",\"notification\":{\"title\":\"Eva\"}}}", WR_REMARK_PUSH,
         "message.notification.title");
    json("{\"aps\":{\"alert\":\"Eva ruft an\"}}", WR_REMARK_PUSH, "aps.alert");
    json("{\"aps\":{\"badge\":1},\"callerName\":\"Eva\"}", WR_REMARK_PUSH, "callerName");
    json("{\"aps\":{\"badge\":1},\"call\":\"17\"}", WR_REMARK_PUSH, NULL);
    json("{\"to\":\"bob\",\"data\":{\"sdp\":\"v=0\"},\"notification\":false}", WR_REMARK_PUSH, NULL); /* signalling */
    json("{\"aps\":", WR_REMARK_PUSH, NULL);
}

/* However deep and wide, the walk ends. */
static void test_json_bounds(void)
{
    GString *s = g_string_new("{\"credential\":1,\"x\":");

    for (int i = 0; i < 1500; i++)
        g_string_append(s, "[");
    for (int i = 0; i < 1500; i++)
        g_string_append(s, "]");
    g_string_append(s, "}");
    g_assert_null(wr_remarks_from_json((const uint8_t *)s->str, s->len));
    g_string_assign(s, "[\"credential\"");
    for (int i = 0; i < 2000; i++)
        g_string_append(s, ",{\"urls\":\"u\",\"credential\":\"c\"}");
    g_string_append(s, "]");
    {
        GPtrArray *list = wr_remarks_from_json((const uint8_t *)s->str, s->len);
        g_assert_nonnull(list);
        g_assert_cmpuint(list->len, <=, WR_REMARK_MAX_KEYS + 1);
        g_ptr_array_unref(list);
    }
    g_string_free(s, TRUE);
}

static void test_policy(void)
{
    wr_page_policy p;

    wr_page_policy_read("camera=(), microphone=(self \"https://a\"), display-capture=( ), encrypted-media=*", NULL,
                        NULL, &p);
    g_assert_true(p.denies_camera && p.denies_display && p.names_encrypted_media);
    g_assert_false(p.denies_microphone || p.blocks_webrtc);
    g_assert_null(p.connect);
    wr_page_policy_read(NULL, "camera 'none'; microphone 'self'", "default-src 'none'; webrtc 'block'", &p);
    g_assert_true(p.denies_camera && p.blocks_webrtc);
    g_assert_false(p.denies_microphone);
    g_assert_cmpstr(p.connect, ==, "'none'");
    g_assert_false(wr_page_policy_allows(p.connect, "a.example", "a.example"));
    wr_page_policy_clear(&p);
    wr_page_policy_read(NULL, NULL, "webrtc 'allow'; connect-src 'self'", &p);
    g_assert_false(p.blocks_webrtc);
    wr_page_policy_clear(&p);
}

static void test_sources(void)
{
    g_assert_true(wr_page_policy_allows("'self'", "a.example", "a.example:8443"));
    g_assert_false(wr_page_policy_allows("'self'", "a.example", "b.example"));
    g_assert_true(wr_page_policy_allows("https://b.example wss://s.example:444/ws", "a.example", "s.example"));
    g_assert_true(wr_page_policy_allows("*.example", "a.example", "s.example"));
    g_assert_false(wr_page_policy_allows("*.example", "a.example", "example"));
    g_assert_false(wr_page_policy_allows("*.example", "a.example", "s.example.org"));
    g_assert_true(wr_page_policy_allows("wss:", "a.example", "s.example"));
    g_assert_false(wr_page_policy_allows("data: blob:", "a.example", "s.example"));
    g_assert_true(wr_page_policy_allows("*", "a.example", "s.example"));
    g_assert_false(wr_page_policy_allows("", "a.example", "s.example"));
}

static void agent(const char *text, const char *name, unsigned major, unsigned minor)
{
    wr_stack s;

    g_assert_true(wr_stack_from_agent(text, &s));
    g_assert_cmpstr(s.name, ==, name);
    g_assert_cmpuint(s.version[0], ==, major);
    g_assert_cmpuint(s.version[1], ==, minor);
}

static void test_agents(void)
{
    wr_stack s;

    agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
          "Safari/537.36 Edg/120.0.2210.91",
          "Edge", 120, 0);
    agent("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.3", "Firefox", 115, 3);
    agent("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 "
          "Safari/605.1.15",
          "Safari", 17, 1);
    agent("Asterisk PBX 20.5.0", "Asterisk", 20, 5);
    agent("FreeSWITCH-mod_sofia/1.10.9", "FreeSWITCH", 0, 0);
    g_assert_false(wr_stack_from_agent("curl/8.0", &s));
    g_assert_false(wr_stack_from_agent(NULL, &s));
}

static void test_marks_in_descriptions(void)
{
    static const char old[] = "v=0\r\no=mozilla...THIS_IS_SDPARTA-68.0 1234567 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
    static const char frozen[] = "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 1234567 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
    static const char server[] = "v=0\r\no=FreeSWITCH 1234567 0 IN IP4 0.0.0.0\r\ns=FreeSWITCH\r\nt=0 0\r\n";
    static const char none[] =
        "v=0\r\no=- 1234567 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=x:Asterisk\r\n";
    wr_stack s;
    wr_sdp *sdp = wr_sdp_parse(old, sizeof old - 1);

    g_assert_true(wr_stack_from_sdp(sdp, &s));
    g_assert_cmpuint(s.version[0], ==, 68);
    wr_sdp_unref(sdp);
    sdp = wr_sdp_parse(frozen, sizeof frozen - 1);
    g_assert_true(wr_stack_from_sdp(sdp, &s));
    g_assert_cmpuint(s.version[0], ==, 0); /* newer ones all write 99.0 */
    wr_sdp_unref(sdp);
    sdp = wr_sdp_parse(server, sizeof server - 1);
    g_assert_true(wr_stack_from_sdp(sdp, &s));
    g_assert_true(s.server);
    wr_sdp_unref(sdp);
    sdp = wr_sdp_parse(none, sizeof none - 1);
    g_assert_false(wr_stack_from_sdp(sdp, &s));
    wr_sdp_unref(sdp);
}

static void test_oldest(void)
{
    wr_oldest list[WR_MAX_OLDEST];
    wr_stack s = {.name = "Firefox", .version = {115, 2}};
    const char *problem;

    g_assert_cmpuint(wr_oldest_parse("Chrome 120, Firefox 115.3 ,Samsung Internet 23", list, &problem), ==, 3);
    g_assert_null(problem);
    g_assert_true(wr_stack_is_older(&s, list, 3) == &list[1]);
    s.version[1] = 3;
    g_assert_null(wr_stack_is_older(&s, list, 3));
    s.version[0] = s.version[1] = 0; /* not told */
    g_assert_null(wr_stack_is_older(&s, list, 3));
    g_assert_cmpuint(wr_oldest_parse("Chrome", list, &problem), ==, 0);
    g_assert_nonnull(problem);
    g_assert_cmpuint(wr_oldest_parse("Chrome 12x, Firefox 115.", list, &problem), ==, 0);
    g_assert_nonnull(problem);
    g_assert_cmpuint(wr_oldest_parse("Chrom 120", list, &problem), ==, 1); /* would never be looked at */
    g_assert_nonnull(problem);
    g_assert_cmpuint(wr_oldest_parse("asterisk 20.5", list, &problem), ==, 1);
    g_assert_null(problem);
    g_assert_cmpuint(wr_oldest_parse("", list, &problem), ==, 0);
    g_assert_cmpuint(wr_oldest_parse(NULL, list, NULL), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/remarks/request", test_request);
    g_test_add_func("/remarks/response", test_response);
    g_test_add_func("/remarks/server-hello", test_server_hello);
    g_test_add_func("/remarks/json", test_json);
    g_test_add_func("/remarks/json-bounds", test_json_bounds);
    g_test_add_func("/remarks/page-policy", test_policy);
    g_test_add_func("/remarks/sources", test_sources);
    g_test_add_func("/remarks/agents", test_agents);
    g_test_add_func("/remarks/marks-in-descriptions", test_marks_in_descriptions);
    g_test_add_func("/remarks/oldest", test_oldest);
    return g_test_run();
}
