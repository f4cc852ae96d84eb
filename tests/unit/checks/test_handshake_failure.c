/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HANDSHAKE-FAILED says why: nobody answers, parts are lost, both are clients, nothing in common, no end. */
#include "handshake_build.h"

#include "verdict/handshake_failure.h"

static const wr_session *only(call_t *c)
{
    wr_engine_evaluate(c->e);
    g_assert_cmpuint(wr_engine_sessions(c->e)->len, ==, 1);
    return g_ptr_array_index(wr_engine_sessions(c->e), 0);
}

/* Time goes on elsewhere. */
static void later(call_t *c)
{
    next(c, 3000, at("203.0.113.9", 9), at("203.0.113.8", 8));
}

static void hello(call_t *c, const shake_t *k, unsigned times, int64_t apart_ms, bool parts)
{
    wr_dtls_event v = k->ch;

    v.message_length = 1500;
    v.fragment_length = parts ? 1100 : 1500;
    if (parts)
        v.kind = WR_DTLS_FRAGMENT;
    v.handshake_type = 1;
    for (unsigned i = 0; i < times; i++)
        feed(c, apart_ms, k->client, k->server, &v);
}

static void says(call_t *c, wr_session_verdict verdict, const char *words)
{
    const wr_session *s = only(c);

    g_assert_cmpint(s->verdict, ==, verdict);
    if (words != NULL && strstr(s->sentence, words) == NULL)
        g_error("\"%s\" is not in: %s", words, s->sentence);
}

static void test_unanswered(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    agree(&c);
    connect_ends(&c);
    hello(&c, &k, 4, 500, false);

    later(&c);
    says(&c, WR_S_HANDSHAKE_FAILED, "was sent 4 times in 1.5 s");
    says(&c, WR_S_HANDSHAKE_FAILED, "(1500 bytes)");
    says(&c, WR_S_HANDSHAKE_FAILED, "answered a connectivity check");
    g_assert_nonnull(strstr(the_finding(&c, "DTLS-05")->message, "never answered"));
    call_end(&c);

    c = call_begin(NULL); /* the capture ends right after the last, which those before do not need */
    agree(&c);
    connect_ends(&c);
    hello(&c, &k, 7, 600, false);
    says(&c, WR_S_HANDSHAKE_FAILED, "was sent 7 times in 3.6 s");
    call_end(&c);
}

/* Near misses: too few, too soon, captured twice, gone on with, or the capture may end before the answer. */
static void test_answered_elsewhere(void)
{
    for (int i = 0; i < 5; i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        wr_dtls_event cke = event_of(WR_DTLS_CLIENT_KEY_EXCHANGE, 2);
        agree(&c);
        connect_ends(&c);
        hello(&c, &k, i == 0 ? 2 : 4, i == 1 ? 50 : i == 2 ? 1 : 500, false);
        if (i == 3)
            feed(&c, 10, k.client, k.server, &cke); /* the server's direction is not captured */
        if (i != 4)
            later(&c);
        says(&c, WR_S_UNVERIFIABLE, NULL);
        call_end(&c);
    }
}

static void test_fragments(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    agree(&c);
    connect_ends(&c);
    hello(&c, &k, 4, 500, true);
    later(&c);
    says(&c, WR_S_HANDSHAKE_FAILED, "only parts are seen, 4 times");
    says(&c, WR_S_HANDSHAKE_FAILED, "post-quantum");
    call_end(&c);

    c = call_begin(NULL);
    agree(&c);
    connect_ends(&c);
    hello(&c, &k, 4, 500, true);
    hello(&c, &k, 1, 5000, false); /* whole at last: one association, and it goes on */
    shake(&c, &k);
    later(&c);
    g_assert_cmpuint(wr_engine_associations(c.e)->len, ==, 1);
    g_assert_cmpint(only(&c)->verdict, !=, WR_S_HANDSHAKE_FAILED);
    call_end(&c);
}

static void test_both_are_clients(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10), other = shake_of(30);

    other.client = k.server;
    other.server = k.client;
    agree(&c);
    connect_ends(&c);
    for (int i = 0; i < 4; i++) {
        hello(&c, &k, 1, 300, false);
        hello(&c, &other, 1, 300, false);
    }
    later(&c);
    says(&c, WR_S_HANDSHAKE_FAILED, "both are clients");
    says(&c, WR_S_HANDSHAKE_FAILED, "setup:passive");
    call_end(&c);
}

static void test_nothing_in_common(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_dtls_event alert = event_of(WR_DTLS_ALERT, 0);

    agree(&c);
    connect_ends(&c);
    hello(&c, &k, 1, 10, false);
    alert.alert_level = 2;
    alert.alert_description = 40;
    feed(&c, 10, k.server, k.client, &alert);
    says(&c, WR_S_HANDSHAKE_FAILED, "alert 40 (handshake_failure)");
    says(&c, WR_S_HANDSHAKE_FAILED, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    says(&c, WR_S_HANDSHAKE_FAILED, "SRTP_AEAD_AES_128_GCM");
    call_end(&c);

    c = call_begin(NULL); /* the client does not like what the server chose */
    agree(&c);
    connect_ends(&c);
    k.sh.n_profiles = 0;
    k.sh.has_use_srtp = false;
    feed(&c, 10, k.client, k.server, &k.ch);
    feed(&c, 10, k.server, k.client, &k.sh);
    alert.alert_description = 71;
    feed(&c, 10, k.client, k.server, &alert);
    says(&c, WR_S_HANDSHAKE_FAILED, "chose DTLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and no SRTP profile");
    call_end(&c);
}

static void run_last_flight(unsigned times, bool server_ends, bool client_goes_on, bool failed)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    agree(&c);
    connect_ends(&c);
    feed(&c, 10, k.client, k.server, &k.ch);
    feed(&c, 10, k.server, k.client, &k.sh);
    for (unsigned i = 0; i < times; i++) {
        wr_dtls_event pause = event_of(WR_DTLS_CHANGE_CIPHER_SPEC, 0);
        feed(&c, 900, k.client, k.server, &pause);
        finish(&c, k.client, k.server);
    }
    if (server_ends)
        finish(&c, k.server, k.client);
    if (client_goes_on)
        stream(&c, k.client, k.server, 7, 1, 20);
    g_assert_cmpint(only(&c)->verdict == WR_S_HANDSHAKE_FAILED, ==, failed);
    if (failed)
        says(&c, WR_S_HANDSHAKE_FAILED, "and the server never finished");
    call_end(&c);
}

static void test_never_finished(void)
{
    run_last_flight(5, false, false, true);
    run_last_flight(2, false, false, false);
    run_last_flight(5, true, false, false);
    run_last_flight(5, false, true, false); /* the server's direction was lost */
}

/* The server answers, and the client asks on; near misses: too few, captured twice, or somebody went on. */
static void test_answer_lost(void)
{
    for (int i = 0; i < 6; i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        wr_dtls_event cke = event_of(WR_DTLS_CLIENT_KEY_EXCHANGE, 2);
        agree(&c);
        connect_ends(&c);
        for (unsigned n = 0; n < (i == 1 ? 2u : 4u); n++) {
            feed(&c, i == 2 ? 5 : 700, k.client, k.server, &k.ch);
            feed(&c, i == 2 ? 5 : 10, k.server, k.client, &k.sh);
        }
        if (i == 3)
            feed(&c, 10, k.client, k.server, &cke);
        if (i == 4)
            finish(&c, k.server, k.client);
        if (i == 5)
            stream(&c, k.server, k.client, 7, 1, 20);
        later(&c);
        g_test_message("case %d", i);
        g_assert_cmpint(only(&c)->verdict == WR_S_HANDSHAKE_FAILED, ==, i == 0);
        if (i == 0)
            says(&c, WR_S_HANDSHAKE_FAILED, "the answer did not reach it");
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/failure/unanswered", test_unanswered);
    g_test_add_func("/failure/answered-elsewhere", test_answered_elsewhere);
    g_test_add_func("/failure/fragments", test_fragments);
    g_test_add_func("/failure/both-are-clients", test_both_are_clients);
    g_test_add_func("/failure/nothing-in-common", test_nothing_in_common);
    g_test_add_func("/failure/never-finished", test_never_finished);
    g_test_add_func("/failure/answer-lost", test_answer_lost);
    return g_test_run();
}
