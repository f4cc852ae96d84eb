/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIG checks, each with a call that raises it and one that nearly does (RFC 8827, RFC 8996, RFC 9725, RFC 4568). */
#include "checks_build.h"

#define CLEAR_OFFER (way_t){.connection = 1, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER}
#define CLEAR_ANSWER (way_t){.connection = 1, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_ANSWER}
#define WHIP_OFFER (way_t){.connection = 1, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER, .carrier = WR_CARRIER_HTTP, .dialect = "whip-whep"}
#define WHIP_ANSWER (way_t){.connection = 1, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_ANSWER, .carrier = WR_CARRIER_HTTP, .dialect = "whip-whep"}

/* A remark between the client of connection 1 and the server. */
static void remark(call_t *c, bool covered, wr_remark *r)
{
    r->client = at(ALICE, 40001);
    r->server = at(SERVER, 443);
    r->at = next(c, 1, r->client, r->server);
    r->connection = 1;
    r->protected_transport = covered;
    wr_engine_add_remark(c->e, r);
    wr_remark_free(r);
}

static void head(call_t *c, bool covered, const char *text)
{
    wr_remark *r = wr_remark_from_head(text, strlen(text));

    g_assert_nonnull(r);
    remark(c, covered, r);
}

static void page(call_t *c, const char *host, const char *fields)
{
    char *text = g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n", fields);
    wr_remark *r = wr_remark_from_head(text, strlen(text));

    g_assert_nonnull(r);
    r->host = g_strdup(host);
    remark(c, true, r);
    g_free(text);
}

/* ---- SIG-01, SIG-05 ---- */

static void test_clear(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();

    say(&c, CLEAR_OFFER, &o);
    say(&c, CLEAR_ANSWER, &a);
    g_assert_cmpuint(found(&c, "SIG-01", WR_WARN), ==, 1); /* once a leg */
    call_end(&c);

    c = call_begin(NULL);
    agree(&c);
    g_assert_cmpuint(found(&c, "SIG-01", -1), ==, 0);
    call_end(&c);
}

static void test_clear_at_harmless_places(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    way_t w = CLEAR_OFFER;

    w.client = w.server = "127.0.0.1";
    say(&c, w, &o);
    g_assert_cmpuint(found(&c, "SIG-01", WR_NOTE), ==, 1);
    g_assert_cmpuint(found(&c, "SIG-01", WR_WARN), ==, 0);
    call_end(&c);

    c = call_begin(NULL);
    head(&c, false, "GET /ws HTTP/1.1\r\nHost: app\r\nUpgrade: websocket\r\nX-Forwarded-For: 198.51.100.4\r\n\r\n");
    say(&c, CLEAR_OFFER, &o);
    g_assert_cmpuint(found(&c, "SIG-01", WR_NOTE), ==, 1);
    g_assert_cmpuint(found(&c, "SIG-01", WR_WARN), ==, 0);
    call_end(&c);
}

static void test_whip(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    way_t w = WHIP_OFFER;

    say(&c, WHIP_OFFER, &o);
    say(&c, WHIP_ANSWER, &a);
    g_assert_cmpuint(found(&c, "SIG-05", WR_ERROR), ==, 1);
    g_assert_cmpuint(found(&c, "SIG-01", -1), ==, 0); /* one cause, one word */
    call_end(&c);

    c = call_begin(NULL);
    w.covered = true;
    say(&c, w, &o);
    g_assert_cmpuint(found(&c, "SIG-05", -1), ==, 0);
    call_end(&c);
}

/* ---- SIG-02 ---- */

static unsigned tls(unsigned version, unsigned suite, int severity)
{
    call_t c = call_begin(NULL);
    wr_remark *r = g_new0(wr_remark, 1);
    unsigned n;

    r->kind = WR_REMARK_TLS;
    r->version = (uint16_t)version;
    r->suite = (uint16_t)suite;
    remark(&c, true, r);
    agree(&c);
    n = found(&c, "SIG-02", severity);
    call_end(&c);
    return n;
}

static void test_tls(void)
{
    g_assert_cmpuint(tls(0x0303, 0xc02f, -1), ==, 0);
    g_assert_cmpuint(tls(0x0304, 0x1301, -1), ==, 0);
    g_assert_cmpuint(tls(0x0302, 0xc014, WR_WARN), ==, 1);
    g_assert_cmpuint(tls(0x0301, 0x0035, WR_WARN), ==, 1);
    g_assert_cmpuint(tls(0x0303, 0x0005, WR_ERROR), ==, 1); /* RC4 */
    g_assert_cmpuint(tls(0x0303, 0x003b, WR_ERROR), ==, 1); /* RSA with NULL encryption */
}

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
    char *json = g_strdup_printf("{\"iceServers\":[{\"urls\":\"turn:t.example\",\"username\":\"%s\",\"credential\":\"zeig-mich-nicht\"}]}", user);
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
    char *text = g_strdup_printf("POST %s HTTP/1.1\r\nHost: app\r\nContent-Type: application/sdp\r\n%s\r\n", target, fields);
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

/* ---- SIG-06 ---- */

#define CRYPTO "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n"

static unsigned keys(bool offer, bool answer, bool dtls_too, bool answered, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    unsigned n;

    o.m = a.m = AUDIO;
    o.lines = offer ? CRYPTO : NULL;
    a.lines = answer ? CRYPTO : NULL;
    if (answer && !dtls_too)
        a.fingerprint = NULL;
    say(&c, OFFERED, &o);
    if (answered)
        say(&c, ANSWERED, &a);
    n = found(&c, "SIG-06", severity);
    call_end(&c);
    return n;
}

static void test_keys(void)
{
    g_assert_cmpuint(keys(false, false, true, true, -1), ==, 0);
    g_assert_cmpuint(keys(true, true, false, true, WR_ERROR), ==, 1);
    g_assert_cmpuint(keys(true, false, true, true, WR_NOTE), ==, 1); /* offered, not taken: common and harmless */
    g_assert_cmpuint(keys(true, false, true, true, WR_ERROR), ==, 0);
    g_assert_cmpuint(keys(true, false, true, false, WR_WARN), ==, 1); /* nobody knows */
}

static void test_key_line(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();

    o.session_lines = "k=clear:geheim\r\n";
    say(&c, OFFERED, &o);
    g_assert_cmpuint(found(&c, "SIG-06", WR_ERROR), ==, 1);
    g_assert_null(strstr(the_finding(&c, "SIG-06")->message, "geheim"));
    call_end(&c);
}

/* ---- SIG-07 ---- */

/* {"idp":…,"assertion":"{\"contents\":{\"fingerprint\":[…]}}"} in base64 */
static char *identity(unsigned byte)
{
    const char *fp = sha256_of(byte);
    char *json = g_strdup_printf("{\"idp\":{\"domain\":\"idp.example\"},\"assertion\":\"{\\\"contents\\\":{\\\"fingerprint\\\":[{"
                                 "\\\"algorithm\\\":\\\"sha-256\\\",\\\"digest\\\":\\\"%s\\\"}]}}\"}", fp + 8);
    char *base64 = g_base64_encode((const guchar *)json, strlen(json));
    char *line = g_strdup_printf("a=identity:%s\r\n", base64);

    g_free(json);
    g_free(base64);
    return line;
}

static void test_identity(void)
{
    for (unsigned own = 0; own < 2; own++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        char *line = identity(own ? 0xAA : 0xA2);
        o.session_lines = line;
        say(&c, OFFERED, &o);
        g_assert_cmpuint(found(&c, "SIG-07", WR_WARN), ==, own ? 0 : 1);
        g_assert_cmpuint(found(&c, "SIG-07", WR_CHAT), ==, own ? 1 : 0);
        call_end(&c);
        g_free(line);
    }
}

static void test_identity_taken_away(void)
{
    for (int kept = 0; kept < 2; kept++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        char *line = identity(0xAA);
        o.session_lines = line;
        say(&c, OFFERED, &o);
        if (!kept)
            o.session_lines = NULL;
        say(&c, (way_t){.client = BOB, .connection = 2, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_OFFER, .covered = true}, &o);
        g_assert_cmpuint(found(&c, "SIG-07", WR_ERROR), ==, kept ? 0 : 1);
        call_end(&c);
        g_free(line);
    }
}

/* ---- SIG-08 ---- */

static void test_altered_within_a_hop(void)
{
    static const struct {
        const char *client, *version;
        unsigned connection, fingerprint, findings;
        wr_direction direction;
    } rows[] = {
        {ALICE, "2", 1, 0xA2, 1, WR_DIRECTION_EMITTED},            /* one connection, captured at two points */
        {"198.51.100.5", "2", 7, 0xA2, 1, WR_DIRECTION_EMITTED},   /* behind a translation */
        {ALICE, "2", 1, 0xAA, 0, WR_DIRECTION_EMITTED},            /* only seen twice */
        {ALICE, "3", 1, 0xA2, 0, WR_DIRECTION_EMITTED},            /* a later version: SDP-12 */
        {BOB, "2", 2, 0xA2, 0, WR_DIRECTION_DELIVERED},            /* behind the server: SUBST-01 */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        say(&c, OFFERED, &o);
        o.version = rows[i].version;
        o.fingerprint = sha256_of(rows[i].fingerprint);
        say(&c, (way_t){.client = rows[i].client, .connection = rows[i].connection, .direction = rows[i].direction, .kind = WR_KIND_OFFER,
                        .covered = true}, &o);
        g_assert_cmpuint(found(&c, "SIG-08", WR_ERROR), ==, rows[i].findings);
        call_end(&c);
    }
}

/* ---- SIG-09 ---- */

static unsigned named(const char *from, bool covered)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    way_t w = CLEAR_OFFER;
    unsigned n;

    w.from = from;
    w.covered = covered;
    say(&c, w, &o);
    n = found(&c, "SIG-09", WR_NOTE);
    if (n > 0)
        g_assert_null(strstr(the_finding(&c, "SIG-09")->message, from));
    call_end(&c);
    return n;
}

static void test_personal(void)
{
    g_assert_cmpuint(named("alice@example.org", false), ==, 1);
    g_assert_cmpuint(named("+49 30 1234567", false), ==, 1);
    g_assert_cmpuint(named("alice@example.org", true), ==, 0);
    g_assert_cmpuint(named("alice", false), ==, 0);
    g_assert_cmpuint(named("8f3a2c91", false), ==, 0);
    g_assert_cmpuint(named("+x", false), ==, 0);
}

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
    g_assert_cmpuint(policy("app.example", "Content-Security-Policy: default-src 'self'; connect-src 'self' wss://other.example\r\n",
                            "connect-src"), ==, 1);
    /* nearly */
    g_assert_cmpuint(policy("app.example", "Permissions-Policy: camera=(self), geolocation=()\r\n", ""), ==, 0);
    g_assert_cmpuint(policy("app.example", "Content-Security-Policy: connect-src 'self' wss://*.example\r\n", ""), ==, 0);
    g_assert_cmpuint(policy("app.example", "Content-Security-Policy: connect-src 'self' wss:\r\n", ""), ==, 0);
    g_assert_cmpuint(policy("other.example", "Permissions-Policy: camera=()\r\n", ""), ==, 0); /* another page: chat at most */
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
    static const char chrome[] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36";

    g_assert_cmpuint(agent("Chrome 120", chrome, WR_WARN), ==, 1);
    g_assert_cmpuint(agent("Chrome 119, Firefox 130", chrome, WR_WARN), ==, 0);
    g_assert_cmpuint(agent("Chrome 119, Firefox 130", chrome, WR_CHAT), ==, 1);
    g_assert_cmpuint(agent("Safari 600", chrome, WR_WARN), ==, 0);
    g_assert_cmpuint(agent(NULL, "something of our own", -1), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/sig/clear", test_clear);
    g_test_add_func("/checks/sig/clear-at-harmless-places", test_clear_at_harmless_places);
    g_test_add_func("/checks/sig/whip", test_whip);
    g_test_add_func("/checks/sig/weak-tls", test_tls);
    g_test_add_func("/checks/sig/credential-in-clear", test_credential_in_clear);
    g_test_add_func("/checks/sig/turn-credential-in-clear", test_turn_credential_in_clear);
    g_test_add_func("/checks/sig/none-seen", test_none_seen);
    g_test_add_func("/checks/sig/keys", test_keys);
    g_test_add_func("/checks/sig/key-line", test_key_line);
    g_test_add_func("/checks/sig/identity", test_identity);
    g_test_add_func("/checks/sig/identity-taken-away", test_identity_taken_away);
    g_test_add_func("/checks/sig/altered-within-a-hop", test_altered_within_a_hop);
    g_test_add_func("/checks/sig/personal-data", test_personal);
    g_test_add_func("/checks/sig/push", test_push);
    g_test_add_func("/checks/sig/page-policy", test_page_policy);
    g_test_add_func("/checks/sig/versions", test_versions);
    return g_test_run();
}
