/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIG checks of transport and descriptions, each with a call that raises it and one that nearly does (RFC 8827). */
#include "handshake_build.h"

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

/* A call whose flows are seen, and a copy of its offer in clear between hosts that none of them is tied to. */
static way_t strange(wr_carrier carrier, wr_direction direction)
{
    return (way_t){.client = "198.51.100.3",
                   .server = "198.51.100.4",
                   .connection = 9,
                   .direction = direction,
                   .kind = WR_KIND_OFFER,
                   .carrier = carrier,
                   .dialect = carrier == WR_CARRIER_HTTP ? "whip-whep" : NULL};
}

static void test_clear_between_strangers(void)
{
    for (int whip = 0; whip < 2; whip++) {
        const char *check = whip ? "SIG-05" : "SIG-01";
        for (int tied = 0; tied < 2; tied++) {
            call_t c = call_begin(NULL);
            shake_t k = shake_of(10);
            text_t o = offer_text();
            if (tied)
                ordinary(&c, &k);
            else
                agree(&c); /* signalling alone: nothing joins the two */
            say(&c, strange(whip ? WR_CARRIER_HTTP : WR_CARRIER_WEBSOCKET, WR_DIRECTION_EMITTED), &o);
            g_assert_cmpuint(found(&c, check, -1), ==, 1);
            g_assert_cmpuint(found(&c, check, WR_NOTE), ==, whip);
            call_end(&c);
        }
    }
}

/* No flows are seen, and strangers repeat the call's user name without its password: nobody could use that. */
static void test_whip_without_password(void)
{
    for (int repeated = 0; repeated < 2; repeated++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();

        agree(&c);
        o.session_id = "5800000002";
        o.fingerprint = sha256_of(0xCC);
        o.candidate = NULL;
        o.ufrag = NULL;
        o.lines = repeated ? "a=ice-ufrag:AAAA\r\n" : "a=ice-ufrag:CCCC\r\na=ice-pwd:carolcarolcarolcarol22\r\n";
        c.us += 600 * S;
        say(&c, strange(WR_CARRIER_HTTP, WR_DIRECTION_EMITTED), &o);
        g_assert_cmpuint(found(&c, "SIG-05", repeated ? WR_NOTE : WR_ERROR), ==, 1);
        g_assert_cmpuint(found(&c, "SIG-05", -1), ==, 1);
        call_end(&c);
    }
}

/* SIG-08 */
static void test_altered_between_strangers(void)
{
    for (int tied = 0; tied < 2; tied++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        text_t o = offer_text(), other = offer_text();
        other.fingerprint = sha256_of(0xA2);
        if (tied) /* else the leg is all that is seen, and nobody answers there */
            ordinary(&c, &k);
        say(&c, strange(WR_CARRIER_WEBSOCKET, WR_DIRECTION_EMITTED), &o);
        say(&c, strange(WR_CARRIER_WEBSOCKET, WR_DIRECTION_EMITTED), &other);
        g_assert_cmpuint(found(&c, "SIG-08", WR_ERROR), ==, 0);
        g_assert_cmpuint(found(&c, "SIG-08", WR_NOTE), ==, 1);
        call_end(&c);
    }
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

/* A second ServerHello of the connection: the first may be anybody's. */
static void test_tls_contradicted(void)
{
    for (int same = 0; same < 2; same++) {
        call_t c = call_begin(NULL);
        for (int i = 0; i < 2; i++) {
            wr_remark *r = g_new0(wr_remark, 1);
            r->kind = WR_REMARK_TLS;
            r->version = i == 0 || same ? 0x0301 : 0x0303;
            r->suite = i == 0 || same ? 0x0035 : 0xc02f;
            remark(&c, true, r);
        }
        agree(&c);
        g_assert_cmpuint(found(&c, "SIG-02", -1), ==, 1);
        g_assert_cmpuint(found(&c, "SIG-02", same ? WR_WARN : WR_NOTE), ==, 1);
        call_end(&c);
    }
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
    char *json = g_strdup_printf(
        "{\"idp\":{\"domain\":\"idp.example\"},\"assertion\":\"{\\\"contents\\\":{\\\"fingerprint\\\":[{"
        "\\\"algorithm\\\":\\\"sha-256\\\",\\\"digest\\\":\\\"%s\\\"}]}}\"}",
        fp + 8);
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
        say(&c,
            (way_t){.client = BOB,
                    .connection = 2,
                    .direction = WR_DIRECTION_DELIVERED,
                    .kind = WR_KIND_OFFER,
                    .covered = true},
            &o);
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
        uint16_t point;
        bool unanswered;
    } rows[] = {
        {ALICE, "2", 1, 0xA2, 1, WR_DIRECTION_EMITTED, 0, false},          /* one connection, captured at two points */
        {ALICE, "2", 1, 0xA2, 0, WR_DIRECTION_EMITTED, 0, true},           /* nobody answered there: anybody's */
        {"198.51.100.5", "2", 7, 0xA2, 1, WR_DIRECTION_EMITTED, 1, false}, /* behind a translation */
        {"198.51.100.5", "2", 7, 0xA2, 0, WR_DIRECTION_EMITTED, 0,
         false},                                                  /* at one point: two that say different things */
        {ALICE, "2", 7, 0xA2, 0, WR_DIRECTION_EMITTED, 0, false}, /* one client, two connections: one may be invented */
        {ALICE, "2", 1, 0xAA, 0, WR_DIRECTION_EMITTED, 0, false}, /* only seen twice */
        {ALICE, "3", 1, 0xA2, 0, WR_DIRECTION_EMITTED, 0, false}, /* a later version: SDP-12 */
        {BOB, "2", 2, 0xA2, 0, WR_DIRECTION_DELIVERED, 0, false}, /* behind the server: SUBST-01 */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        say(&c, OFFERED, &o);
        if (!rows[i].unanswered)
            say(&c, ANSWERED, &a);
        o.version = rows[i].version;
        o.fingerprint = sha256_of(rows[i].fingerprint);
        say(&c,
            (way_t){.client = rows[i].client,
                    .connection = rows[i].connection,
                    .direction = rows[i].direction,
                    .point = rows[i].point,
                    .kind = WR_KIND_OFFER,
                    .covered = true},
            &o);
        g_assert_cmpuint(found(&c, "SIG-08", WR_ERROR), ==, rows[i].findings);
        g_assert_true(!rows[i].unanswered || found(&c, "SIG-08", WR_NOTE) == 1);
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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/sig/clear", test_clear);
    g_test_add_func("/checks/sig/clear-at-harmless-places", test_clear_at_harmless_places);
    g_test_add_func("/checks/sig/whip", test_whip);
    g_test_add_func("/checks/sig/weak-tls", test_tls);
    g_test_add_func("/checks/signalling/TLS contradicted", test_tls_contradicted);
    g_test_add_func("/checks/sig/keys", test_keys);
    g_test_add_func("/checks/sig/key-line", test_key_line);
    g_test_add_func("/checks/sig/identity", test_identity);
    g_test_add_func("/checks/sig/identity-taken-away", test_identity_taken_away);
    g_test_add_func("/checks/sig/altered-within-a-hop", test_altered_within_a_hop);
    g_test_add_func("/checks/sig/personal-data", test_personal);
    g_test_add_func("/checks/sig/clear between strangers", test_clear_between_strangers);
    g_test_add_func("/checks/sig/whip without password", test_whip_without_password);
    g_test_add_func("/checks/sig/altered between strangers", test_altered_between_strangers);
    return g_test_run();
}
