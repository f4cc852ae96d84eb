/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICE checks, each with a call that raises it and one that nearly does (RFC 8445, RFC 7675). */
#include "handshake_build.h"

/* ---- ICE-01, ICE-02, ICE-03 ---- */

static void test_binding(void)
{
    for (int valid = 0; valid < 2; valid++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        agree(&c);
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", valid ? PWD_B : "someotherpasswordof22ch", 1);
        shake(&c, &k);
        g_assert_cmpuint(found(&c, "ICE-01", WR_CHAT), ==, valid);
        g_assert_cmpuint(found(&c, "ICE-02", WR_WARN), ==, 1 - valid);
        g_assert_cmpuint(found(&c, "ICE-03", -1), ==, 0);
        call_end(&c);
    }
}

/* Without a handshake that was done, or beside a check that proves the path: anybody can make such checks. */
static void test_wrong_password_of_anybody(void)
{
    shake_t k = shake_of(10);
    text_t strange = answer_text();
    call_t c = call_begin(NULL);

    agree(&c);
    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", "someotherpasswordof22ch", 1);
    hellos(&c, 1);
    g_assert_cmpuint(found(&c, "ICE-02", WR_NOTE), ==, 1);
    g_assert_cmpuint(found(&c, "ICE-02", -1), ==, 1);
    call_end(&c);

    c = call_begin(NULL); /* the same end made a check of this path that validates */
    strange.ufrag = "ZZZZ";
    agree(&c);
    say(&c, ANSWERED, &strange);
    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
    reply(&c, 5, BOBS, ALICES, PWD_B, 1, NULL);
    shake(&c, &k);
    ask(&c, 10, ALICES, BOBS, "ZZZZ:AAAA", "someotherpasswordof22ch", 7);
    g_assert_cmpuint(found(&c, "ICE-02", WR_NOTE), ==, 1);
    g_assert_cmpuint(found(&c, "ICE-02", -1), ==, 1);
    call_end(&c);
}

/* A damaged message proves no other password. */
static void test_damaged_check(void)
{
    call_t c = call_begin(NULL);
    uint8_t bytes[200];
    size_t n = stun_build(bytes, "BBBB:AAAA", 1, "someotherpasswordof22ch", NULL);

    agree(&c);
    put16(bytes + 2, (unsigned)n + 8 - 20);
    put16(bytes + n, 0x8028); /* FINGERPRINT, with a wrong CRC */
    put16(bytes + n + 2, 4);
    n += 8;
    stun_send(&c, 10, ALICES, BOBS, bytes, n);
    g_assert_cmpuint(found(&c, "ICE-02", -1), ==, 0);
    call_end(&c);
}

/* A user name that happens to be the same as one of another call. */
static void test_chance_user_name(void)
{
    call_t c = call_begin(NULL);

    agree(&c);
    ask(&c, 10, at("10.9.9.9", 1), at("10.9.9.8", 2), "BBBB:ZZZZ", "someotherpasswordof22ch", 1);
    g_assert_cmpuint(found(&c, "ICE-02", -1), ==, 0);
    call_end(&c);
}

static void test_unknown_user_name(void)
{
    for (int answered = 0; answered < 2; answered++) {
        call_t c = call_begin(NULL);
        ask(&c, 10, ALICES, BOBS, "XXXX:YYYY", PWD_B, 1);
        if (answered)
            reply(&c, 5, BOBS, ALICES, PWD_B, 1, NULL);
        g_assert_cmpuint(found(&c, "ICE-03", WR_NOTE), ==, answered); /* checks into the void prove no call */
        call_end(&c);
    }
}

/* ---- ICE-04 ---- */

static void test_unannounced_address(void)
{
    wr_endpoint elsewhere = at("198.51.100.66", 6000), as_seen = at("198.51.100.200", 7000);
    call_t c = call_begin(NULL);

    agree(&c);
    connect_ends(&c);
    hellos(&c, 1);
    g_assert_cmpuint(found(&c, "ICE-04", -1), ==, 0);
    call_end(&c);

    c = call_begin(NULL); /* the other side confirms what is seen here */
    agree(&c);
    ask(&c, 10, elsewhere, ALICES, "AAAA:BBBB", PWD_A, 1);
    reply(&c, 5, ALICES, elsewhere, PWD_A, 1, NULL);
    dtls(&c, 5, elsewhere, ALICES, WR_DTLS_CLIENT_HELLO, 1);
    dtls(&c, 5, ALICES, elsewhere, WR_DTLS_SERVER_HELLO, 2);
    g_assert_cmpuint(found(&c, "ICE-04", WR_CHAT), ==, 1);
    g_assert_cmpuint(found(&c, "ICE-04", WR_NOTE), ==, 0);
    call_end(&c);

    c = call_begin(NULL); /* it saw another address: translated */
    agree(&c);
    ask(&c, 10, elsewhere, ALICES, "AAAA:BBBB", PWD_A, 1);
    reply(&c, 5, ALICES, elsewhere, PWD_A, 1, &as_seen);
    dtls(&c, 5, elsewhere, ALICES, WR_DTLS_CLIENT_HELLO, 1);
    dtls(&c, 5, ALICES, elsewhere, WR_DTLS_SERVER_HELLO, 2);
    g_assert_cmpuint(found(&c, "ICE-04", WR_NOTE), ==, 1);
    call_end(&c);
}

/* Without the server's end. */
static void half_shake(call_t *c, const shake_t *k)
{
    wr_dtls_event cke = event_of(WR_DTLS_CLIENT_KEY_EXCHANGE, 2), ccs = event_of(WR_DTLS_CHANGE_CIPHER_SPEC, 0);
    wr_dtls_event finished = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0);

    feed(c, 5, k->client, k->server, &k->ch);
    feed(c, 5, k->server, k->client, &k->sh);
    send_certificate(c, k, 1);
    feed(c, 5, k->client, k->server, &cke);
    feed(c, 1, k->client, k->server, &ccs);
    feed(c, 1, k->client, k->server, &finished);
}

/* Checks that do not validate, from an address that nobody announced: a warning where a handshake was done there. */
static void test_unannounced_and_not_valid(void)
{
    for (int done = 0; done < 2; done++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        wr_certificate *shown = some_certificate(0xAA);
        char *digest = fingerprint_of(shown);
        text_t o = offer_text(), a = answer_text();
        k.client = at("198.51.100.66", 6000);
        k.certificate[1] = shown; /* by which it belongs to the call */
        o.fingerprint = digest;
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        ask(&c, 10, k.client, ALICES, "AAAA:BBBB", "someotherpasswordof22ch", 1);
        if (done)
            shake(&c, &k);
        else
            half_shake(&c, &k);
        g_assert_cmpuint(found(&c, "ICE-04", WR_WARN), ==, done);
        g_assert_cmpuint(found(&c, "ICE-04", WR_NOTE), ==, 1 - done);
        call_end(&c);
        g_free(digest);
        wr_certificate_unref(shown);
    }
}

/* ---- ICE-05 ---- */

static void test_sent_before_consent(void)
{
    enum { NONE = 0, HELLO, DONE };

    for (int early = NONE; early <= DONE; early++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        agree(&c);
        ask(&c, 10, BOBS, ALICES, "AAAA:BBBB", PWD_A, 1);
        if (early == HELLO)
            dtls(&c, 5, BOBS, ALICES, WR_DTLS_CLIENT_HELLO, 1);
        else if (early == DONE)
            shake(&c, &k);
        reply(&c, 50, ALICES, BOBS, PWD_A, 1, NULL);
        if (early != DONE)
            shake(&c, &k);
        g_assert_cmpuint(found(&c, "ICE-05", WR_WARN), ==, early == DONE ? 2 : 0); /* both ends */
        g_assert_cmpuint(found(&c, "ICE-05", WR_NOTE), ==, early == HELLO);
        call_end(&c);
    }
}

/* Two whole handshakes, one before consent, none of which what was announced agrees with: either can be anybody's. */
static void test_one_of_two_before_consent(void)
{
    call_t c = call_begin(NULL);
    shake_t first = shake_of(10), second = shake_of(20);

    agree(&c);
    ask(&c, 10, BOBS, ALICES, "AAAA:BBBB", PWD_A, 1);
    shake(&c, &first);
    reply(&c, 50, ALICES, BOBS, PWD_A, 1, NULL);
    shake(&c, &second);
    g_assert_cmpuint(found(&c, "ICE-05", WR_WARN), ==, 0);
    g_assert_cmpuint(found(&c, "ICE-05", WR_NOTE), ==, 2);
    call_end(&c);
}

/* Alice is ICE-lite: she never checks, and may answer who checked her. */
static void test_lite_side_answers(void)
{
    call_t c = call_begin(NULL);

    agree(&c);
    ask(&c, 10, BOBS, ALICES, "AAAA:BBBB", PWD_A, 1);
    reply(&c, 5, ALICES, BOBS, PWD_A, 1, NULL);
    hellos(&c, 1);
    media(&c, 50000, ALICES, BOBS);
    g_assert_cmpuint(found(&c, "ICE-05", -1), ==, 0);
    g_assert_cmpuint(found(&c, "ICE-06", -1), ==, 0);
    call_end(&c);
}

static void test_call_without_ice(void)
{
    for (int ice = 0; ice < 2; ice++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        if (!ice)
            o.ufrag = a.ufrag = NULL;
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        hellos(&c, 1);
        g_assert_cmpuint(found(&c, "ICE-05", WR_WARN), ==, 1 - ice); /* with ICE its absence may be the capture's */
        call_end(&c);
    }
}

/* ---- ICE-06 ---- */

/* A datagram in the name of an end, long after its call: anybody can send it. */
static void test_few_after_consent(void)
{
    for (unsigned n = 15; n <= 16; n++) {
        call_t c = call_begin(NULL);
        agree(&c);
        connect_ends(&c);
        hellos(&c, 1);
        media(&c, 40000, ALICES, BOBS);
        for (unsigned i = 1; i < n; i++)
            media(&c, 20, ALICES, BOBS);
        g_assert_cmpuint(found(&c, "ICE-06", WR_WARN), ==, n == 16);
        g_assert_cmpuint(found(&c, "ICE-06", WR_NOTE), ==, n == 15);
        call_end(&c);
    }
}

static void test_consent_expired(void)
{
    for (int fresh = 0; fresh < 2; fresh++) {
        call_t c = call_begin(NULL);
        agree(&c);
        connect_ends(&c);
        hellos(&c, 1);
        for (unsigned i = 0; i < 5; i++) {
            media(&c, 10000, ALICES, BOBS);
            if (fresh && i == 2) {
                ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 9);
                reply(&c, 5, BOBS, ALICES, PWD_B, 9, NULL);
            }
        }
        for (unsigned i = 0; i < 16; i++)
            media(&c, 20, ALICES, BOBS);
        g_assert_cmpuint(found(&c, "ICE-06", WR_WARN), ==, 1 - fresh);
        call_end(&c);
    }
}

/* ---- ICE-07 ---- */

static void test_silent_targets(void)
{
    static const struct {
        unsigned targets, findings;
    } rows[] = {{20, 0}, {21, 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        agree(&c);
        for (unsigned n = 0; n < rows[i].targets; n++)
            ask(&c, 10, ALICES, at("198.51.100.1", (uint16_t)(1000 + n)), "BBBB:AAAA", PWD_B, 100 + n);
        g_assert_cmpuint(found(&c, "ICE-07", WR_NOTE), ==, rows[i].findings);
        call_end(&c);
    }
}

/* ---- ICE-08 ---- */

static void test_same_check_from_two_sources(void)
{
    static const struct {
        int64_t later_ms;
        unsigned number, chat, note;
    } rows[] = {
        {2, 1, 1, 0},    /* a relay, or two capture points */
        {5000, 1, 0, 1}, /* replayed */
        {5000, 2, 0, 0}, /* a check of its own */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        agree(&c);
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        ask(&c, rows[i].later_ms, at("198.51.100.5", 5000), BOBS, "BBBB:AAAA", PWD_B, rows[i].number);
        g_assert_cmpuint(found(&c, "ICE-08", WR_CHAT), ==, rows[i].chat);
        g_assert_cmpuint(found(&c, "ICE-08", WR_NOTE), ==, rows[i].note);
        call_end(&c);
    }
}

/* ---- ICE-09, ICE-10 ---- */

static unsigned restarted(const char *ufrag, const char *pwd, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    unsigned n;

    agree(&c);
    o.version = "3";
    o.ufrag = ufrag;
    o.pwd = pwd;
    say(&c, OFFERED, &o);
    n = found(&c, "ICE-09", severity);
    call_end(&c);
    return n;
}

static void test_restart(void)
{
    g_assert_cmpuint(restarted("AAAA", PWD_A, -1), ==, 0);
    g_assert_cmpuint(restarted("AAA2", "another1another2another3", WR_CHAT), ==, 1);
    g_assert_cmpuint(restarted("AAA2", PWD_A, WR_NOTE), ==, 1);
    g_assert_cmpuint(restarted("AAAA", "another1another2another3", WR_NOTE), ==, 1);
}

static void test_two_lite_sides(void)
{
    for (int both = 0; both < 2; both++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        o.session_lines = both ? "a=ice-lite\r\n" : NULL;
        a.session_lines = "a=ice-lite\r\n";
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        g_assert_cmpuint(found(&c, "ICE-10", WR_NOTE), ==, both);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/ice/binding", test_binding);
    g_test_add_func("/checks/ice/damaged-check", test_damaged_check);
    g_test_add_func("/checks/ice/chance-user-name", test_chance_user_name);
    g_test_add_func("/checks/ice/unknown-user-name", test_unknown_user_name);
    g_test_add_func("/checks/ice/unannounced-address", test_unannounced_address);
    g_test_add_func("/checks/ice/sent-before-consent", test_sent_before_consent);
    g_test_add_func("/checks/ice/one-of-two-before-consent", test_one_of_two_before_consent);
    g_test_add_func("/checks/ice/lite-side-answers", test_lite_side_answers);
    g_test_add_func("/checks/ice/call-without-ice", test_call_without_ice);
    g_test_add_func("/checks/ice/consent-expired", test_consent_expired);
    g_test_add_func("/checks/ice/silent-targets", test_silent_targets);
    g_test_add_func("/checks/ice/same-check-from-two-sources", test_same_check_from_two_sources);
    g_test_add_func("/checks/ice/restart", test_restart);
    g_test_add_func("/checks/ice/two-lite-sides", test_two_lite_sides);
    g_test_add_func("/checks/ice/wrong password of anybody", test_wrong_password_of_anybody);
    g_test_add_func("/checks/ice/unannounced and not valid", test_unannounced_and_not_valid);
    g_test_add_func("/checks/ice/few after consent", test_few_after_consent);
    return g_test_run();
}
