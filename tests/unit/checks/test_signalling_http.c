/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIG checks of what is said beside descriptions: credentials, page policies, versions, push payloads. */
#include "checks_build.h"
#include "remarks/remarks.h"

/* ---- SIG-03, SIG-04 ---- */

static void test_credential_in_clear(void)
{
    static const char with[] = "GET /ws HTTP/1.1\r\nHost: app\r\nAuthorization: Bearer c2VjcmV0LXNlY3JldA\r\n\r\n";

    for (int covered = 0; covered < 2; covered++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        way_t w = CLEAR_OFFER;
        const wr_finding *f;
        w.covered = covered;
        head(&c, covered, with);
        say(&c, w, &o);
        g_assert_cmpuint(found(&c, "SIG-03", WR_WARN), ==, covered ? 0 : 1);
        g_assert_cmpuint(found(&c, "SIG-04", WR_CHAT), ==, 1);
        f = the_finding(&c, "SIG-04");
        g_assert_nonnull(strstr(f->message, "Authorization (Bearer)"));
        g_assert_null(strstr(f->message, "c2Vj"));
        call_end(&c);
    }
}

static unsigned turn_credential(const char *user, bool covered, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    char *json = g_strdup_printf(
        "{\"iceServers\":[{\"urls\":\"turn:t.example\",\"username\":\"%s\",\"credential\":\"zeig-mich-nicht\"}]}",
        user);
    GPtrArray *list = wr_remarks_from_json((const uint8_t *)json, strlen(json));
    const wr_finding *f;
    unsigned n;

    g_assert_nonnull(list);
    g_assert_cmpuint(list->len, ==, 1);
    remark(&c, covered, g_ptr_array_index(list, 0));
    g_free(g_ptr_array_free(list, FALSE));
    say(&c, CLEAR_OFFER, &o);
    n = found(&c, "SIG-03", severity);
    f = the_finding(&c, "SIG-03");
    g_assert_true(f == NULL || strstr(f->message, "zeig") == NULL);
    call_end(&c);
    g_free(json);
    return n;
}

static void test_turn_credential_in_clear(void)
{
    g_assert_cmpuint(turn_credential("alice", false, WR_WARN), ==, 1);
    g_assert_cmpuint(turn_credential("1700003600:alice", false, WR_NOTE), ==, 1); /* an hour */
    g_assert_cmpuint(turn_credential("alice:1700003600", false, WR_NOTE), ==, 1);
    g_assert_cmpuint(turn_credential("1900000000:alice", false, WR_WARN), ==, 1); /* years */
    g_assert_cmpuint(turn_credential("alice", true, -1), ==, 0);
}

static unsigned whip_request(const char *fields, const char *target, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    way_t w = WHIP_OFFER, v = WHIP_ANSWER;
    char *text =
        g_strdup_printf("POST %s HTTP/1.1\r\nHost: app\r\nContent-Type: application/sdp\r\n%s\r\n", target, fields);
    unsigned n;

    w.covered = v.covered = true;
    head(&c, true, text);
    say(&c, w, &o);
    say(&c, v, &a);
    n = found(&c, "SIG-04", severity);
    call_end(&c);
    g_free(text);
    return n;
}

static void test_none_seen(void)
{
    g_assert_cmpuint(whip_request("", "/whip/live", WR_NOTE), ==, 1);
    g_assert_cmpuint(whip_request("Authorization: Bearer x\r\n", "/whip/live", WR_NOTE), ==, 0);
    g_assert_cmpuint(whip_request("Cookie: a=b\r\n", "/whip/live", WR_NOTE), ==, 0);
    g_assert_cmpuint(whip_request("", "/whip/live?token=abc", WR_NOTE), ==, 0);
    g_assert_cmpuint(whip_request("", "/whip/b7f3a9c2d1e84f60aa11", WR_NOTE), ==, 0);
}

/* ---- SIG-10 ---- */

static unsigned policy(const char *host, const char *fields, const char *word)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    unsigned n;

    page(&c, host, fields);
    head(&c, true, "GET /ws HTTP/1.1\r\nHost: signal.example\r\nOrigin: https://app.example\r\nUser-Agent: x\r\n\r\n");
    say(&c, CLEAR_OFFER, &o);
    n = found(&c, "SIG-10", WR_NOTE);
    if (n > 0)
        g_assert_nonnull(strstr(the_finding(&c, "SIG-10")->message, word));
    call_end(&c);
    return n;
}

static void test_page_policy(void)
{
    g_assert_cmpuint(policy("app.example", "Permissions-Policy: camera=(), microphone=(self)\r\n", "camera"), ==, 1);
    g_assert_cmpuint(policy("app.example", "Feature-Policy: microphone 'none'\r\n", "microphone"), ==, 1);
    g_assert_cmpuint(policy("app.example", "Permissions-Policy: encrypted-media=()\r\n", "no effect on WebRTC"), ==, 1);
    g_assert_cmpuint(policy("app.example", "Content-Security-Policy: webrtc 'block'\r\n", "webrtc 'block'"), ==, 1);
    g_assert_cmpuint(policy("app.example",
                            "Content-Security-Policy: default-src 'self'; connect-src 'self' wss://other.example\r\n",
                            "connect-src"),
                     ==, 1);
    /* nearly */
    g_assert_cmpuint(policy("app.example", "Permissions-Policy: camera=(self), geolocation=()\r\n", ""), ==, 0);
    g_assert_cmpuint(policy("app.example", "Content-Security-Policy: connect-src 'self' wss://*.example\r\n", ""), ==,
                     0);
    g_assert_cmpuint(policy("app.example", "Content-Security-Policy: connect-src 'self' wss:\r\n", ""), ==, 0);
    g_assert_cmpuint(policy("other.example", "Permissions-Policy: camera=()\r\n", ""), ==,
                     0); /* another page: chat at most */
}

/* ---- SIG-11 ---- */

static unsigned agent(const char *oldest, const char *text, int severity)
{
    wr_options options = {.oldest = oldest};
    call_t c = call_begin(&options);
    text_t o = offer_text();
    char *request = g_strdup_printf("GET /ws HTTP/1.1\r\nHost: app\r\nUser-Agent: %s\r\n\r\n", text);
    unsigned n;

    head(&c, true, request);
    say(&c, OFFERED, &o);
    n = found(&c, "SIG-11", severity);
    call_end(&c);
    g_free(request);
    return n;
}

static void test_versions(void)
{
    static const char chrome[] =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36";

    g_assert_cmpuint(agent("Chrome 120", chrome, WR_WARN), ==, 1);
    g_assert_cmpuint(agent("Chrome 119, Firefox 130", chrome, WR_WARN), ==, 0);
    g_assert_cmpuint(agent("Chrome 119, Firefox 130", chrome, WR_CHAT), ==, 1);
    g_assert_cmpuint(agent("Safari 600", chrome, WR_WARN), ==, 0);
    g_assert_cmpuint(agent(NULL, "something of our own", -1), ==, 0);
}

/* ---- SIG-09 ---- */

static void test_push(void)
{
    static const char apns[] = "{\"aps\":{\"alert\":{\"title\":\"Eva Muster\",\"body\":\"ruft an\"}},\"room\":\"r1\"}";
    static const char bare[] = "{\"aps\":{\"content-available\":1},\"room\":\"r1\"}";
    call_t c = call_begin(NULL);
    GPtrArray *list = wr_remarks_from_json((const uint8_t *)apns, sizeof apns - 1);

    g_assert_null(wr_remarks_from_json((const uint8_t *)bare, sizeof bare - 1));
    g_assert_nonnull(list);
    remark(&c, true, g_ptr_array_index(list, 0));
    g_free(g_ptr_array_free(list, FALSE));
    g_assert_cmpuint(found(&c, "SIG-09", WR_NOTE), ==, 1);
    g_assert_nonnull(strstr(the_finding(&c, "SIG-09")->message, "aps.alert.title"));
    g_assert_null(strstr(the_finding(&c, "SIG-09")->message, "Muster"));
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/sig/credential-in-clear", test_credential_in_clear);
    g_test_add_func("/checks/sig/turn-credential-in-clear", test_turn_credential_in_clear);
    g_test_add_func("/checks/sig/none-seen", test_none_seen);
    g_test_add_func("/checks/sig/push", test_push);
    g_test_add_func("/checks/sig/page-policy", test_page_policy);
    g_test_add_func("/checks/sig/versions", test_versions);
    return g_test_run();
}
