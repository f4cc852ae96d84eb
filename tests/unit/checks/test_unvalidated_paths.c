/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came over paths that no check validated: strangers' ClientHellos and media; and names that link calls. */
#include "handshake_build.h"

#define EVE at("198.51.100.66", 6666)

static unsigned count_and_end(call_t *c, const char *check, int severity)
{
    unsigned n = found(c, check, severity);

    call_end(c);
    return n;
}

static void hello_from(call_t *c, wr_endpoint from, wr_endpoint to, unsigned mark)
{
    shake_t k = shake_of(mark);

    k.ch.has_use_srtp = false;
    k.ch.n_profiles = 0;
    feed(c, 10, from, to, &k.ch);
}

/* ---- DTLS-16 ---- */

static void test_foreign_hello(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    ordinary(&c, &k);
    c.us += 5000 * MS;
    hello_from(&c, EVE, ALICES, 80);
    g_assert_cmpuint(found(&c, "DTLS-16", WR_NOTE), ==, 1); /* nobody answered it */
    g_assert_cmpstr(the_finding(&c, "DTLS-16")->asvs, ==, "V17.2.6");
    /* a check after it: a new candidate pair, or a translator's new port */
    ask(&c, 50, EVE, ALICES, "AAAA:BBBB", PWD_A, 9);
    g_assert_cmpuint(count_and_end(&c, "DTLS-16", -1), ==, 0);
}

static void test_hello_to_no_media_port(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    ordinary(&c, &k);
    hello_from(&c, EVE, at(ALICE, 443), 80); /* another DTLS server of that host */
    g_assert_cmpuint(count_and_end(&c, "DTLS-16", -1), ==, 0);
    c = call_begin(NULL); /* announced, but without any ICE */
    agree(&c);
    hello_from(&c, EVE, ALICES, 80);
    g_assert_cmpuint(count_and_end(&c, "DTLS-16", -1), ==, 0);
}

/* CVE-2023-49786: the attacker's hello comes between check and handshake. */
static void test_race(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    agree(&c);
    connect_ends(&c);
    hello_from(&c, EVE, ALICES, 80);
    k.fails = true;
    shake(&c, &k);
    g_assert_cmpuint(found(&c, "DTLS-16", WR_ERROR), ==, 1);
    g_assert_cmpuint(count_and_end(&c, "DTLS-16", -1), ==, 1);
}

/* Two spoofed datagrams: a hello to the port, and an alert, or a hello, beside the handshake that went well. */
static void test_no_race(void)
{
    for (int other = 0; other < 3; other++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10), beside = shake_of(60);
        wr_dtls_event alert = event_of(WR_DTLS_ALERT, 0);
        ordinary(&c, &k);
        c.us += 5000 * MS;
        if (other == 0)
            feed(&c, 5, k.client, k.server, &beside.ch);
        hello_from(&c, EVE, ALICES, 80);
        alert.alert_level = 2;
        alert.alert_description = 40;
        feed(&c, 5, other == 2 ? k.client : k.server, other == 2 ? k.server : k.client, &alert);
        g_assert_cmpuint(found(&c, "DTLS-16", WR_NOTE), ==, 1);
        g_assert_cmpuint(count_and_end(&c, "DTLS-16", -1), ==, 1);
    }
}

/* An answer counts where the port's own key signed it. */
static void test_answered_by_anybody(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10), other = shake_of(60);

    ordinary(&c, &k);
    c.us += 5000 * MS;
    hello_from(&c, EVE, ALICES, 80);
    feed(&c, 5, ALICES, EVE, &other.sh);
    g_assert_cmpuint(count_and_end(&c, "DTLS-16", WR_NOTE), ==, 1);
}

static unsigned spray(unsigned ports, int severity)
{
    call_t c = call_begin(NULL);

    agree(&c);
    c.us += 5000 * MS;
    for (unsigned i = 0; i < ports; i++) {
        wr_endpoint port = at(ALICE, (uint16_t)(5000 + i));
        ask(&c, 5, BOBS, port, "AAAA:BBBB", PWD_A, 10 + i);
        reply(&c, 5, port, BOBS, PWD_A, 10 + i, NULL);
        hello_from(&c, EVE, port, 80 + i);
    }
    return count_and_end(&c, "DTLS-16", severity);
}

static void test_spray(void)
{
    g_assert_cmpuint(spray(6, WR_ERROR), ==, 1);
    g_assert_cmpuint(spray(6, -1), ==, 1); /* said once */
    g_assert_cmpuint(spray(5, WR_ERROR), ==, 0);
    g_assert_cmpuint(spray(5, WR_NOTE), ==, 5);
}

/* ---- RTP-04, RTP-05 ---- */

static void under_way(call_t *c)
{
    shake_t k = shake_of(10);

    ordinary(c, &k);
    c->us += 5000 * MS;
    stream(c, BOBS, ALICES, 77, 1, 20);
}

static void test_stranger_sends_media(void)
{
    call_t c = call_begin(NULL);

    under_way(&c);
    stream(&c, EVE, ALICES, 99, 1, 5); /* a few stray packets are nothing */
    g_assert_cmpuint(found(&c, "RTP-04", -1), ==, 0);
    stream(&c, EVE, ALICES, 99, 6, 5); /* more anybody can send who sends little */
    g_assert_cmpuint(found(&c, "RTP-04", WR_NOTE), ==, 1);
    stream(&c, EVE, ALICES, 99, 11, 500);
    g_assert_cmpuint(found(&c, "RTP-04", WR_WARN), ==, 1);
    ask(&c, 50, EVE, ALICES, "AAAA:BBBB", PWD_A, 9); /* a translator's new port */
    g_assert_cmpuint(count_and_end(&c, "RTP-04", -1), ==, 0);
}

static void test_injection(void)
{
    call_t c = call_begin(NULL);

    under_way(&c);
    stream(&c, EVE, ALICES, 77, 1, 8);
    stream(&c, BOBS, ALICES, 77, 21, 5);
    g_assert_cmpuint(found(&c, "RTP-04", WR_NOTE), ==, 1);
    stream(&c, EVE, ALICES, 77, 9, 500);
    g_assert_cmpuint(found(&c, "RTP-04", WR_ERROR), ==, 1);
    g_assert_cmpuint(count_and_end(&c, "RTP-04", -1), ==, 1);
}

static void test_stranger_without_ice(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();

    o.ufrag = a.ufrag = NULL; /* translators change addresses, and no check tells */
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    c.us += 5000 * MS;
    stream(&c, EVE, ALICES, 99, 1, 20);
    g_assert_cmpuint(found(&c, "RTP-04", -1), ==, 0);
    g_assert_cmpuint(count_and_end(&c, "RTP-05", -1), ==, 0);
}

static unsigned bleed(int64_t later_ms, unsigned packets, int severity)
{
    call_t c = call_begin(NULL);

    under_way(&c);
    stream(&c, EVE, ALICES, 99, 1, 10);
    c.us += later_ms * MS;
    stream(&c, ALICES, EVE, 55, 1, packets);
    return count_and_end(&c, "RTP-05", severity);
}

static void test_redirected_stream(void)
{
    g_assert_cmpuint(bleed(100, 510, WR_ERROR), ==, 1);
    g_assert_cmpuint(bleed(100, 10, WR_NOTE), ==, 1); /* anybody can send so little in its name */
    g_assert_cmpuint(bleed(100, 5, -1), ==, 0);
    g_assert_cmpuint(bleed(10000, 510, -1), ==, 0); /* not because of it */
}

static void test_strangers_are_bounded(void)
{
    call_t c = call_begin(NULL);
    const GPtrArray *limits;

    under_way(&c);
    for (unsigned i = 0; i < 40; i++)
        stream(&c, at("198.51.100.66", (uint16_t)(1000 + i)), ALICES, 99, 1, 6);
    g_assert_cmpuint(found(&c, "RTP-04", -1), ==, 16);
    limits = wr_engine_limits_reached(c.e);
    g_assert_cmpuint(limits->len, ==, 1);
    call_end(&c);
}

/* ---- RTP-10 ---- */

static unsigned two_calls(const char *second_name, uint32_t connection, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), p = offer_text();
    way_t w = OFFERED;
    char lines[80];

    o.m = p.m = AUDIO;
    o.lines = "a=ssrc:1 cname:hWcxaYbWnAcM\r\n";
    g_snprintf(lines, sizeof lines, "a=ssrc:2 cname:%s\r\n", second_name);
    p.lines = lines;
    p.session_id = "4711000009";
    p.ufrag = "CCCC";
    p.fingerprint = sha256_of(0xCC);
    p.candidate = ALICE " 5999";
    say(&c, OFFERED, &o);
    w.connection = connection;
    w.later_ms = 90000;
    say(&c, w, &p);
    return count_and_end(&c, "RTP-10", severity);
}

static void test_persistent_name(void)
{
    g_assert_cmpuint(two_calls("hWcxaYbWnAcM", 2, WR_NOTE), ==, 1);
    g_assert_cmpuint(two_calls("otherXYZ", 2, -1), ==, 0);
    g_assert_cmpuint(two_calls("hWcxaYbWnAcM", 1, -1), ==, 0); /* one page may share it */
}

/* ---- where media is expected ---- */

static bool expects_media(call_t *c, wr_endpoint from, wr_endpoint to, uint32_t *frame)
{
    const wr_carriage how = {.transport = WR_TRANSPORT_UDP};
    const wr_place p = next(c, 10, from, to);

    *frame = p.frame;
    return wr_engine_is_media_path(c->e, &p, &how, true);
}

static bool expected_media(call_t *c, wr_endpoint from, wr_endpoint to, uint32_t frame)
{
    const wr_carriage how = {.transport = WR_TRANSPORT_UDP};
    wr_place p = next(c, 10, from, to);

    p.frame = frame;
    return wr_engine_is_media_path(c->e, &p, &how, false);
}

static void test_media_path_by_checks(void)
{
    call_t c = call_begin(NULL);
    uint32_t before, first, frame;

    g_assert_false(expects_media(&c, ALICES, BOBS, &before));
    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
    g_assert_false(expects_media(&c, ALICES, BOBS, &before)); /* anybody may ask */
    reply(&c, 5, BOBS, ALICES, PWD_B, 1, NULL);
    g_assert_true(expects_media(&c, BOBS, ALICES, &first));
    g_assert_true(expects_media(&c, ALICES, BOBS, &frame));
    g_assert_false(expects_media(&c, EVE, ALICES, &frame));
    g_assert_false(expected_media(&c, ALICES, BOBS, before)); /* later passes say what the first said */
    g_assert_true(expected_media(&c, BOBS, ALICES, first));
    call_end(&c);
}

static void test_media_path_by_handshake(void)
{
    call_t c = call_begin(NULL);
    uint32_t frame;

    dtls(&c, 5, BOBS, ALICES, WR_DTLS_CLIENT_HELLO, 1);
    g_assert_false(expects_media(&c, ALICES, BOBS, &frame));
    dtls(&c, 5, ALICES, BOBS, WR_DTLS_SERVER_HELLO, 2);
    g_assert_true(expects_media(&c, ALICES, BOBS, &frame));
    hello_from(&c, EVE, BOBS, 30); /* without use_srtp */
    dtls(&c, 5, BOBS, EVE, WR_DTLS_SERVER_HELLO, 31);
    g_assert_false(expects_media(&c, EVE, BOBS, &frame));
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/paths/no race", test_no_race);
    g_test_add_func("/checks/paths/answered by anybody", test_answered_by_anybody);
    g_test_add_func("/checks/paths/foreign hello", test_foreign_hello);
    g_test_add_func("/checks/paths/hello to no media port", test_hello_to_no_media_port);
    g_test_add_func("/checks/paths/race", test_race);
    g_test_add_func("/checks/paths/spray", test_spray);
    g_test_add_func("/checks/paths/stranger sends media", test_stranger_sends_media);
    g_test_add_func("/checks/paths/injection", test_injection);
    g_test_add_func("/checks/paths/stranger without ICE", test_stranger_without_ice);
    g_test_add_func("/checks/paths/redirected stream", test_redirected_stream);
    g_test_add_func("/checks/paths/strangers are bounded", test_strangers_are_bounded);
    g_test_add_func("/checks/paths/persistent name", test_persistent_name);
    g_test_add_func("/paths/media path by checks", test_media_path_by_checks);
    g_test_add_func("/paths/media path by handshake", test_media_path_by_handshake);
    return g_test_run();
}
