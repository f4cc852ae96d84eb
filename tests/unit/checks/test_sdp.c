/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SDP checks, each with a call that raises it and one that nearly does (RFC 8839, RFC 8842, RFC 3264). */
#include "handshake_build.h"

/* ---- SDP-06 ---- */

static unsigned roles(const char *offer, const char *answer, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    unsigned n;

    o.setup = offer;
    a.setup = answer;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    n = found(&c, "SDP-06", severity);
    call_end(&c);
    return n;
}

static void test_setup(void)
{
    g_assert_cmpuint(roles("actpass", "active", -1), ==, 0);
    g_assert_cmpuint(roles("actpass", "passive", -1), ==, 0);
    g_assert_cmpuint(roles("actpass", "actpass", WR_WARN), ==, 1);
    g_assert_cmpuint(roles("actpass", "holdconn", WR_WARN), ==, 1);
    g_assert_cmpuint(roles("active", "active", WR_ERROR), ==, 1);
    g_assert_cmpuint(roles("passive", "passive", WR_ERROR), ==, 1);
    g_assert_cmpuint(roles("active", "passive", WR_CHAT), ==, 1); /* WHIP clients, older gateways */
    g_assert_cmpuint(roles("active", "passive", WR_WARN), ==, 0);
    g_assert_cmpuint(roles("actpass", NULL, WR_CHAT), ==, 1);
}

/* ---- SDP-07 ---- */

#define ID_1 "a=tls-id:abcdefghijklmnopqrst1\r\n"
#define ID_2 "a=tls-id:abcdefghijklmnopqrst2\r\n"

static void test_tls_id(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();

    agree(&c);
    g_assert_cmpuint(found(&c, "SDP-07", -1), ==, 0); /* browsers send none */
    call_end(&c);

    c = call_begin(NULL);
    a.lines = ID_1;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    g_assert_cmpuint(found(&c, "SDP-07", WR_NOTE), ==, 1);
    call_end(&c);

    c = call_begin(NULL);
    o.lines = ID_1;
    a.lines = ID_2;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    g_assert_cmpuint(found(&c, "SDP-07", -1), ==, 0);
    o.version = "3";
    o.lines = "a=tls-id:abcdefghijklmnopqrst3\r\n"; /* with the old credentials */
    say(&c, OFFERED, &o);
    g_assert_cmpuint(found(&c, "SDP-07", WR_WARN), ==, 1);
    call_end(&c);
}

static void test_tls_id_of_another_call(void)
{
    for (int again = 0; again < 2; again++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), p = offer_text(), a = answer_text();
        o.lines = ID_1;
        p.lines = again ? ID_1 : ID_2;
        p.session_id = "5800000002";
        p.ufrag = "CCCC";
        p.pwd = "carolcarolcarolcarol22";
        p.fingerprint = sha256_of(0xCC);
        p.candidate = "10.0.0.7 5000";
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        say(&c,
            (way_t){.client = "10.0.0.7",
                    .connection = 9,
                    .direction = WR_DIRECTION_EMITTED,
                    .kind = WR_KIND_OFFER,
                    .later_ms = 600000},
            &p);
        a.session_id = "5800000003";
        a.ufrag = "DDDD";
        a.pwd = "davedavedavedavedave22";
        a.fingerprint = sha256_of(0xDD);
        say(&c,
            (way_t){.client = "10.0.0.7", .connection = 9, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_ANSWER},
            &a);
        g_assert_cmpuint(found(&c, "SDP-07", WR_WARN), ==, again);
        call_end(&c);
    }
}

/* The tls-id of a call stands in a description between strangers too, before it or behind, without a password or with
 * one of their own: anybody who read it can have copied it. */
static void test_tls_id_copied(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool before = (i & 1) != 0, own = (i & 2) != 0;
        const way_t w = {.client = "198.51.100.3",
                         .server = "198.51.100.4",
                         .connection = 9,
                         .direction = WR_DIRECTION_EMITTED,
                         .kind = WR_KIND_OFFER,
                         .later_ms = before ? 10 : 600000};
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        text_t o = offer_text(), a = answer_text(), p = offer_text();

        o.lines = ID_1;
        p.session_id = "5800000002";
        p.fingerprint = sha256_of(0xCC);
        p.candidate = NULL;
        p.ufrag = own ? "CCCC" : NULL;
        p.pwd = "carolcarolcarolcarol22";
        p.lines = own ? ID_1 : ID_1 "a=ice-ufrag:AAAA\r\n";
        if (before)
            say(&c, w, &p);
        c.us += before ? 600 * S : 0;
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        connect_ends(&c);
        shake(&c, &k);
        if (!before)
            say(&c, w, &p);
        g_test_message("case %u", i);
        g_assert_cmpuint(found(&c, "SDP-07", WR_WARN), ==, 0);
        g_assert_cmpuint(found(&c, "SDP-07", WR_NOTE), ==, 1);
        call_end(&c);
    }
}

/* ---- SDP-08 ---- */

static void test_plain_rtp(void)
{
    static const struct {
        const char *proto, *lines, *fingerprint;
        unsigned findings;
    } rows[] = {
        {"audio 7000 RTP/AVP 0", NULL, NULL, 1},
        {"audio 7000 RTP/AVP 0", NULL, "sha-256", 0}, /* DTLS-SRTP all the same (RFC 8829 5.1.2) */
        {"audio 7000 RTP/AVP 0",
         "a=zrtp-hash:1.10 fe30efd02423cb054e50efd0248742ac7a52c8f91bc2df881ae642c371ba46df\r\n", NULL, 0},
        {"audio 0 RTP/AVP 0", NULL, NULL, 0}, /* rejected */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        o.m = "audio 5000 RTP/AVP 0";
        o.more = "m=" DATA "\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=ice-ufrag:AAAA\r\na=ice-pwd:" PWD_A "\r\n";
        a.m = rows[i].proto;
        a.lines = rows[i].lines;
        a.fingerprint = rows[i].fingerprint != NULL ? sha256_of(0xBB) : NULL;
        /* the other section keeps the description a WebRTC one */
        a.more =
            "m=" DATA "\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=setup:active\r\na=ice-ufrag:BBBB\r\na=ice-pwd:" PWD_B "\r\n"
            "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\r\n";
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        g_assert_cmpuint(found(&c, "SDP-08", WR_ERROR), ==, rows[i].findings);
        call_end(&c);
    }
}

/* A telephone call without any key is no business of ours. */
static void test_plain_sip_is_not_ours(void)
{
    call_t c = call_begin(NULL);
    text_t o = {.session_id = "4711000001", .m = "audio 5000 RTP/AVP 0"},
           a = {.session_id = "4711000002", .m = "audio 6000 RTP/AVP 0"};

    g_assert_null(say(&c, OFFERED, &o));
    g_assert_null(say(&c, ANSWERED, &a));
    wr_engine_evaluate(c.e);
    g_assert_cmpuint(wr_engine_findings(c.e)->len, ==, 0);
    g_assert_cmpuint(wr_engine_sessions(c.e)->len, ==, 0);
    call_end(&c);
}

/* ---- SDP-09 ---- */

static unsigned credentials(const char *ufrag, const char *pwd)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    unsigned n;

    o.ufrag = ufrag;
    o.pwd = pwd;
    say(&c, OFFERED, &o);
    n = found(&c, "SDP-09", WR_WARN);
    call_end(&c);
    return n;
}

static void test_credential_lengths(void)
{
    g_assert_cmpuint(credentials("AAAA", "1234567890123456789012"), ==, 0); /* 4 and 22: the least that is allowed */
    g_assert_cmpuint(credentials("AAA", "1234567890123456789012"), ==, 1);
    g_assert_cmpuint(credentials("AAAA", "123456789012345678901"), ==, 1);
}

static void test_one_ufrag_two_passwords(void)
{
    for (int same = 0; same < 2; same++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        char *more = g_strdup_printf(
            "m=" AUDIO "\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=ice-ufrag:AAAA\r\na=ice-pwd:%s\r\na=fingerprint:%s\r\n",
            same ? PWD_A : PWD_B, sha256_of(0xAA));
        o.more = more;
        say(&c, OFFERED, &o);
        g_assert_cmpuint(found(&c, "SDP-09", WR_ERROR), ==, same ? 0 : 1);
        call_end(&c);
        g_free(more);
    }
}

/* Carol uses Alice's credentials in a description of her own; Bob's server hands Alice's on. */
static void test_credentials_of_another_party(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), stolen = offer_text();

    say(&c, OFFERED, &o);
    say(&c, (way_t){.client = BOB, .connection = 2, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_OFFER}, &o);
    g_assert_cmpuint(found(&c, "SDP-09", -1), ==, 0);
    stolen.session_id = "5800000002";
    stolen.fingerprint = sha256_of(0xCC);
    say(&c, (way_t){.client = "10.0.0.7", .connection = 3, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER},
        &stolen);
    g_assert_cmpuint(found(&c, "SDP-09", WR_WARN), ==, 1);
    call_end(&c);
}

/* ---- SDP-10 ---- */

static void test_changed_without_a_version(void)
{
    for (int bumped = 0; bumped < 2; bumped++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        say(&c, OFFERED, &o);
        o.candidate = ALICE " 5999"; /* candidates may come in without a new version */
        say(&c, OFFERED, &o);
        g_assert_cmpuint(found(&c, "SDP-10", -1), ==, 0);
        o.lines = "b=AS:500\r\n";
        o.version = bumped ? "3" : "2";
        say(&c, OFFERED, &o);
        g_assert_cmpuint(found(&c, "SDP-10", WR_NOTE), ==, bumped ? 0 : 1);
        call_end(&c);
    }
}

/* ---- SDP-11 ---- */

static unsigned exposed(const char *candidate, const char *lines, const char *session_lines)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    unsigned n;

    o.candidate = candidate;
    o.lines = lines;
    o.session_lines = session_lines;
    say(&c, OFFERED, &o);
    n = found(&c, "SDP-11", WR_NOTE);
    call_end(&c);
    return n;
}

static void test_addresses(void)
{
    g_assert_cmpuint(exposed("192.168.1.4 5000", NULL, NULL), ==, 1);
    g_assert_cmpuint(exposed("fd00::1 5000", NULL, NULL), ==, 1);
    g_assert_cmpuint(exposed("2001:db8::1 5000", NULL, NULL), ==, 1);
    g_assert_cmpuint(exposed("172.32.0.1 5000", NULL, NULL), ==, 0); /* just behind 172.16/12 */
    g_assert_cmpuint(exposed("198.51.100.1 5000", NULL, NULL), ==, 0);
    g_assert_cmpuint(exposed("192.168.1.4 5000", NULL, "a=ice-lite\r\n"), ==, 0);
    g_assert_cmpuint(exposed("3f6f8a2e-0000-4000-8000-000000000001.local 5000", NULL, NULL), ==, 0);
    g_assert_cmpuint(exposed("3f6f8a2e-0000-4000-8000-000000000001.local 5000",
                             "a=candidate:2 1 udp 1685987071 198.51.100.1 7000 typ srflx raddr 0.0.0.0 rport 0\r\n",
                             NULL),
                     ==, 0);
    g_assert_cmpuint(
        exposed("3f6f8a2e-0000-4000-8000-000000000001.local 5000",
                "a=candidate:2 1 udp 1685987071 198.51.100.1 7000 typ srflx raddr 192.168.1.4 rport 5000\r\n", NULL),
        ==, 1);
}

/* ---- SDP-13 ---- */

static void test_mux(void)
{
    for (int mux = 0; mux < 2; mux++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        o.m = a.m = AUDIO;
        o.lines = "a=rtcp-mux\r\n";
        a.lines = mux ? "a=rtcp-mux\r\n" : NULL;
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        g_assert_cmpuint(found(&c, "SDP-13", WR_CHAT), ==, mux ? 0 : 1);
        call_end(&c);
    }
}

/* Data channels have no RTCP. */
static void test_mux_of_data(void)
{
    call_t c = call_begin(NULL);

    agree(&c);
    g_assert_cmpuint(found(&c, "SDP-13", -1), ==, 0);
    call_end(&c);
}

/* ---- SDP-14 ---- */

static void test_fit(void)
{
    static const char second[] =
        "m=" AUDIO "\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=ice-ufrag:AAAA\r\na=ice-pwd:" PWD_A "\r\n";
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();

    agree(&c);
    g_assert_cmpuint(found(&c, "SDP-14", -1), ==, 0);
    call_end(&c);

    c = call_begin(NULL);
    o.more = second;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a); /* one section short */
    g_assert_cmpuint(found(&c, "SDP-14", WR_NOTE), ==, 1);
    call_end(&c);
}

/* ---- SDP-15 ---- */

static void test_rewriting(void)
{
    static const struct {
        const char *m, *lines;
        int severity;
        unsigned findings;
    } rows[] = {
        {"application 6000 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 " BOB "\r\n", WR_NOTE,
         0}, /* the default candidate */
        {"application 6000 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 198.51.100.77\r\n", WR_NOTE, 1},
        {"application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 198.51.100.77\r\n", WR_NOTE,
         0}, /* port 9 means nothing */
        {"application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=ice-mismatch\r\n", WR_WARN, 1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        a.m = rows[i].m;
        a.lines = rows[i].lines;
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        g_assert_cmpuint(found(&c, "SDP-15", rows[i].severity), ==, rows[i].findings);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/sdp/roles-of-offer-and-answer", test_setup);
    g_test_add_func("/checks/sdp/tls-id", test_tls_id);
    g_test_add_func("/checks/sdp/tls-id-of-another-call", test_tls_id_of_another_call);
    g_test_add_func("/checks/sdp/tls-id-copied", test_tls_id_copied);
    g_test_add_func("/checks/sdp/answer-without-keying", test_plain_rtp);
    g_test_add_func("/checks/sdp/plain-sip-is-not-ours", test_plain_sip_is_not_ours);
    g_test_add_func("/checks/sdp/credential-lengths", test_credential_lengths);
    g_test_add_func("/checks/sdp/one-ufrag-two-passwords", test_one_ufrag_two_passwords);
    g_test_add_func("/checks/sdp/credentials-of-another-party", test_credentials_of_another_party);
    g_test_add_func("/checks/sdp/changed-without-a-version", test_changed_without_a_version);
    g_test_add_func("/checks/sdp/addresses", test_addresses);
    g_test_add_func("/checks/sdp/mux", test_mux);
    g_test_add_func("/checks/sdp/mux-of-data", test_mux_of_data);
    g_test_add_func("/checks/sdp/answer-that-does-not-fit", test_fit);
    g_test_add_func("/checks/sdp/rewritten-addresses", test_rewriting);
    return g_test_run();
}
