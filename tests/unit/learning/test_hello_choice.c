/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which hello answers which, where there are several on a path: by session id, by version, by who was asked before and
 * how long ago (RFC 6347 4.2.1, RFC 5246 7.3, RFC 9147 5.3). Bob is the client.
 */
#include "hello_build.h"

#include "records/handshake_facts.h"
#include "records/store.h"

#define SPAN_MS 120000 /* an answer that comes later is one of another handshake */

static unsigned associations(const call_t *c)
{
    unsigned n = 0;

    for (unsigned i = 0; i < c->e->associations->len; i++)
        n += ((const wr_association *)g_ptr_array_index(c->e->associations, i))->absorbed == NULL;
    return n;
}

static unsigned kept(const wr_association *a, int role, int type)
{
    unsigned n = 0;

    for (unsigned i = 0; a->messages != NULL && i < a->messages->n; i++)
        n += a->messages->list[i].role == role && a->messages->list[i].type == type;
    return n;
}

static wr_association *ask_with(call_t *c, int64_t ms, hello_t h)
{
    return say_hello(c, ms, true, &h);
}

static wr_association *answer_with(call_t *c, int64_t ms, hello_t h)
{
    return say_hello(c, ms, false, &h);
}

/* The same from the other end: Alice asks, or Bob answers. */
static wr_association *turned(call_t *c, int64_t ms, bool client, hello_t h)
{
    wr_dtls_event *v = event_with(client ? WR_HS_CLIENT_HELLO : WR_HS_SERVER_HELLO, h.seq, hello_body(client, &h));

    return feed_own(c, ms, client ? ALICES : BOBS, client ? BOBS : ALICES, v);
}

static void finish_both(call_t *c)
{
    finish(c, BOBS, ALICES);
    finish(c, ALICES, BOBS);
}

/* ---- the client's ---- */

/* Number of the hello that counts: the last that was sent before the answer, or with a cookie. */
static void test_numbers(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool answered = i % 2 != 0, cookie = i / 2 != 0;
        call_t c = call_begin(NULL);
        wr_dtls_event again = event_of(WR_DTLS_CLIENT_HELLO, 5);
        wr_association *a = ask_with(&c, 10, (hello_t){.random = 1});
        memset(again.random, 1, sizeof again.random);
        again.has_cookie = cookie;
        if (answered)
            answer_with(&c, 10, (hello_t){.random = 2});
        g_assert_true(feed(&c, 10, BOBS, ALICES, &again) == a);
        g_assert_cmpuint(a->side[0].hello_seq, ==, !answered || cookie ? 5 : 0);
        again.message_seq = 3; /* out of order */
        feed(&c, 10, BOBS, ALICES, &again);
        g_assert_cmpuint(a->side[0].hello_seq, ==, !answered || cookie ? 5 : 0);
        call_end(&c);
    }
}

/* What an unanswered hello asked for stays with the one that follows, and is made up for. */
static void test_protocols(void)
{
    call_t c = call_begin(NULL);
    wr_association *a = ask_with(&c, 10, (hello_t){.random = 1});

    g_assert_null(a->alpn);
    ask_with(&c, 10, (hello_t){.random = 3, .alpn = "webrtc"});
    g_assert_cmpstr(a->alpn, ==, "webrtc");
    ask_with(&c, 10, (hello_t){.random = 5, .alpn = "c-webrtc"});
    g_assert_cmpstr(a->alpn, ==, "webrtc");
    g_assert_cmpuint(a->client_random[0], ==, 5);
    call_end(&c);
}

/* Records under keys of both ends came before the answer: a hello from the other end is none of this handshake. */
static void test_other_end(void)
{
    for (int answered = 0; answered < 2; answered++) {
        call_t c = call_begin(NULL);
        wr_association *a = answered ? answer_with(&c, 10, (hello_t){.random = 2})
                                     : ask_with(&c, 10, (hello_t){.random = 1}),
                       *b;
        finish_both(&c);
        b = turned(&c, 10, true, (hello_t){.random = 3});
        g_assert_true(b != a);
        g_assert_true(a->has_client_random == !answered);
        g_assert_cmpint(b->client_end, ==, 0);
        call_end(&c);
    }
}

/* A hello that came in pieces and took longer than an answer may be ahead of it. */
static void test_begun(void)
{
    call_t c = call_begin(NULL);
    wr_dtls_event piece = event_of(WR_DTLS_FRAGMENT, 0);
    wr_association *a = feed(&c, 10, BOBS, ALICES, &piece);

    g_assert_true(wr_facts_is_begun(a));
    g_assert_true(ask_with(&c, 5000, (hello_t){.random = 1}) == a);
    g_assert_true(a->has_client_random);
    g_assert_cmpuint(associations(&c), ==, 1);
    call_end(&c);
}

/* ---- what the server's hello says ---- */

static void test_shared_keys(void)
{
    for (unsigned i = 0; i < 4; i++) {
        call_t c = call_begin(NULL);
        wr_dtls_event sh = event_of(WR_DTLS_SERVER_HELLO, 0);
        sh.has_psk = i % 2 != 0;
        sh.negotiated = i / 2 != 0 ? WR_DTLS_1_3 : WR_DTLS_1_2;
        g_assert_true(feed(&c, 10, ALICES, BOBS, &sh)->server_psk == (i == 3));
        call_end(&c);
    }
}

/* In 1.3 EncryptedExtensions say the profile (RFC 8446 4.3.1), where they are decrypted; in 1.2 the hello does. */
static void test_profiles(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool of_13 = i % 2 != 0, decrypted = i / 2 % 2 != 0, two = i / 4 != 0;
        call_t c = call_begin(NULL);
        wr_dtls_event said = event_of(WR_DTLS_ENCRYPTED_EXTENSIONS, 1);
        wr_certificate *leaf = some_certificate(3);
        wr_dtls_event shown = event_of(WR_DTLS_CERTIFICATE, 2);
        wr_association *a = ask_with(&c, 10, (hello_t){.random = 1, .of_13 = of_13, .n_profiles = 1, .profiles = {7}});
        said.decrypted = shown.decrypted = true;
        said.has_use_srtp = true;
        said.n_profiles = 1;
        said.profiles[0] = 7;
        shown.leaf = leaf;
        if (decrypted)
            feed(&c, 1, ALICES, BOBS, &shown);
        feed(&c, 1, ALICES, BOBS, &said);
        g_assert_true(a->has_profile && a->srtp_profile == 7);
        said.profiles[0] = 8;
        if (two)
            feed(&c, 1, ALICES, BOBS, &said);
        g_assert_cmpuint(a->srtp_profile, ==, 7); /* the first counts */
        answer_with(&c, 1, (hello_t){.random = 2, .of_13 = of_13, .suites = {of_13 ? 0x1301 : 0xc02b}});
        g_test_message("case %u", i);
        g_assert_true(a->has_profile == (of_13 && decrypted));
        wr_certificate_unref(leaf);
        call_end(&c);
    }
}

/* ---- the same answer again ---- */

static void test_again(void)
{
    static const struct {
        const char *words;
        hello_t again;
        bool turned, same;
    } rows[] = {
        {"as it was", {.random = 2}, false, true},
        {"of 1.3", {.random = 2, .of_13 = true, .suites = {0x1301}}, false, false},
        {"the other way", {.random = 2}, true, false},
        {"another random", {.random = 4}, false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_association *a, *b;
        ask_with(&c, 10, (hello_t){.random = 1});
        a = answer_with(&c, 10, (hello_t){.random = 2});
        finish_both(&c);
        b = rows[i].turned ? turned(&c, 10, false, rows[i].again) : answer_with(&c, 10, rows[i].again);
        g_test_message("%s", rows[i].words);
        g_assert_true((b == a) == rows[i].same);
        g_assert_cmpuint(associations(&c), ==, rows[i].same ? 1 : 2);
        call_end(&c);
    }
}

/* An answer came before anybody had asked, and comes again behind a hello: it answers that one. Where a handshake went
 * through, or one is known that asked for it, it is that one's. */
static void test_again_behind_a_hello(void)
{
    enum { ALONE, COMPLETED, ASKED, ASKED_AND_COMPLETED, CASES };

    for (int which = ALONE; which < CASES; which++) {
        call_t c = call_begin(NULL);
        wr_association *a, *b;
        if (which >= ASKED)
            ask_with(&c, 10, (hello_t){.random = 3});
        a = answer_with(&c, 10, (hello_t){.random = 2});
        if (which == COMPLETED || which == ASKED_AND_COMPLETED)
            finish_both(&c);
        b = ask_with(&c, 2000, (hello_t){.random = 1});
        g_assert_true(a != b);
        g_test_message("case %d", which);
        g_assert_true(answer_with(&c, 10, (hello_t){.random = 2}) == (which == ALONE ? b : a));
        g_assert_true(a->absorbed == (which == ALONE ? b : NULL));
        g_assert_true(b->has_server_random == (which == ALONE));
        g_assert_cmpuint(kept(a, 0, WR_HS_CLIENT_HELLO), ==, which == ASKED ? 2 : which == ASKED_AND_COMPLETED ? 1 : 0);
        g_assert_true(a->has_client_random == (which >= ASKED));
        call_end(&c);
    }
}

/* ---- which hello is answered ---- */

/* Hellos of others that came from there are kept with an answer, but not what completed handshakes began with, nor what
 * came from the other end. */
static void test_gathered(void)
{
    enum { UNDER_WAY, COMPLETED, COMPLETED_AND_LEFT_OVER, TURNED, ABSORBED, CASES };
    static const unsigned hellos[CASES] = {2, 1, 2, 1, 1};

    for (int which = UNDER_WAY; which < CASES; which++) {
        call_t c = call_begin(NULL);
        wr_association *a, *b;
        if (which == COMPLETED_AND_LEFT_OVER)
            ask_with(&c, 10, (hello_t){.random = 7});
        if (which == TURNED) {
            turned(&c, 10, true, (hello_t){.random = 1});
            a = turned(&c, 10, false, (hello_t){.random = 2});
        } else {
            ask_with(&c, 10, (hello_t){.random = 1});
            a = answer_with(&c, 10, (hello_t){.random = 2});
        }
        if (which == COMPLETED || which == COMPLETED_AND_LEFT_OVER)
            finish_both(&c);
        b = ask_with(&c, 10, (hello_t){.random = 3});
        g_assert_true(a != b);
        if (which == ABSORBED)
            a->absorbed = b;
        /* of 1.2 as the one under way, whose answer it might be as well: this is the one of another version */
        g_assert_true(answer_with(&c, 10, (hello_t){.random = 4}) == b);
        g_test_message("case %d", which);
        g_assert_cmpuint(kept(b, 0, WR_HS_CLIENT_HELLO), ==, hellos[which]);
        g_assert_cmpuint(kept(b, 1, WR_HS_SERVER_HELLO), ==, 1);
        a->absorbed = NULL;
        call_end(&c);
    }
}

/* Who resumes a session is answered with the id that he asked for, though another hello came behind his. */
static void test_by_session_id(void)
{
    static const struct {
        unsigned asked[2], given;
        unsigned counts; /* the hello that is answered */
        bool echo, shown;
    } rows[] = {
        {{9, 0}, 9, 1, true, false},  {{9, 8}, 9, 1, true, false},  {{0, 9}, 9, 3, true, false},
        {{9, 0}, 0, 3, false, false}, {{9, 0}, 7, 3, false, false}, {{0, 0}, 9, 3, false, false},
        {{9, 9}, 9, 3, true, false},  {{9, 0}, 9, 1, true, true},   {{9, 0}, 7, 3, false, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_association *a = ask_with(&c, 10, (hello_t){.random = 1, .session = rows[i].asked[0], .seq = 2});
        const uint32_t first = c.frame;
        ask_with(&c, 10, (hello_t){.random = 3, .session = rows[i].asked[1], .seq = 3});
        say_message(&c, 1, true, WR_HS_CLIENT_KEY_EXCHANGE, 4, 5);
        if (rows[i].shown)
            say_certificate(&c, 1, true, 1, 7);
        g_assert_true(answer_with(&c, 10, (hello_t){.random = 2, .session = rows[i].given}) == a);
        g_test_message("row %zu", i);
        g_assert_cmpuint(a->client_random[0], ==, rows[i].counts);
        g_assert_true(a->session_echo == rows[i].echo);
        g_assert_cmpuint(a->client_hello, ==, rows[i].counts == 1 ? first : first + 1);
        g_assert_cmpuint(a->side[0].hello_seq, ==, rows[i].counts == 1 ? 2 : 3);
        /* a resumed session shows no certificate: it was somebody's */
        g_assert_true((a->side[0].presented.certificate != NULL) == (rows[i].shown && !rows[i].echo));
        g_assert_cmpuint(c.e->injections->len, ==, rows[i].shown && rows[i].echo);
        call_end(&c);
    }
}

/* ---- answers of two versions ---- */

/* Each goes to the handshake of its own version. */
static void test_two_versions(void)
{
    const hello_t of_12[2] = {{.random = 2}, {.random = 4}};
    const hello_t of_13[2] = {{.random = 6, .of_13 = true, .suites = {0x1301}},
                              {.random = 8, .of_13 = true, .suites = {0x1301}}};

    for (int first = 0; first < 2; first++) {
        call_t c = call_begin(NULL);
        wr_association *a, *b;
        ask_with(&c, 10, (hello_t){.random = 1, .of_13 = true, .n_profiles = 1, .profiles = {7}});
        a = answer_with(&c, 10, first == 0 ? of_12[0] : of_13[0]);
        b = answer_with(&c, 10, first == 0 ? of_13[0] : of_12[0]);
        g_assert_true(a != b);
        g_assert_cmpuint(b->client_random[0], ==, 1);
        g_assert_true(b->has_client_random && b->offers_13 && b->offers_use_srtp);
        g_assert_cmpint(b->client_end, ==, 1);
        g_assert_true(answer_with(&c, 10, of_12[1]) == (first == 0 ? a : b));
        g_assert_true(answer_with(&c, 10, of_13[1]) == (first == 0 ? b : a));
        g_assert_cmpuint(associations(&c), ==, 2);
        call_end(&c);
    }
}

/* No signature in clear tells which hello an answer of 1.3 belongs to: the latest that offers it. */
static void test_hello_that_offers_13(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool first = i % 2 != 0, second = i / 2 % 2 != 0, completed = i / 4 != 0;
        call_t c = call_begin(NULL);
        wr_association *a, *b;
        const unsigned counts = completed ? (first ? 1 : 0) : second ? 3 : first ? 1 : 3;
        ask_with(&c, 10, (hello_t){.random = 1, .of_13 = first, .seq = 2});
        ask_with(&c, 10, (hello_t){.random = 3, .of_13 = second, .seq = 3});
        a = answer_with(&c, 10, (hello_t){.random = 2});
        if (completed)
            finish_both(&c);
        b = answer_with(&c, 10, (hello_t){.random = 4, .of_13 = true, .suites = {0x1301}});
        g_test_message("case %u", i);
        g_assert_true(a != b && b->flow == a->flow);
        g_assert_cmpuint(a->client_random[0], ==, 3);
        /* what a completed handshake began with is its own */
        g_assert_true(b->has_client_random == (counts != 0));
        g_assert_cmpuint(b->client_random[0], ==, counts);
        if (counts != 0)
            g_assert_cmpuint(b->client_hello, ==, counts == 1 ? 1 : 2);
        call_end(&c);
    }
}

/* The same across a handshake completed since, within two minutes. */
static void test_left_over_hello(void)
{
    static const struct {
        const char *words;
        int64_t ms; /* from the first hello to the answer */
        bool turned, found;
    } rows[] = {
        {"at once", 1000, false, true},
        {"after two minutes", SPAN_MS, false, true},
        {"after more", SPAN_MS + 1, false, false},
        {"of a client at the other end", 1000, true, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        int64_t first_us;
        wr_association *b;
        if (rows[i].turned) {
            turned(&c, 10, true, (hello_t){.random = 1, .of_13 = true});
            first_us = c.us;
            turned(&c, 10, true, (hello_t){.random = 3});
            turned(&c, 10, false, (hello_t){.random = 2});
        } else {
            ask_with(&c, 10, (hello_t){.random = 1, .of_13 = true});
            first_us = c.us;
            ask_with(&c, 10, (hello_t){.random = 3});
            answer_with(&c, 10, (hello_t){.random = 2});
        }
        finish_both(&c);
        b = answer_with(&c, rows[i].ms - (c.us - first_us) / MS,
                        (hello_t){.random = 4, .of_13 = true, .suites = {0x1301}});
        g_test_message("%s", rows[i].words);
        g_assert_cmpuint(associations(&c), ==, 2);
        g_assert_true(b->has_client_random == rows[i].found);
        call_end(&c);
    }
}

/* A handshake the other way came whole between hello and answer; who waits for an answer of 1.3 gets it. */
static void test_asked_before(void)
{
    static const struct {
        const char *words;
        bool offers, answers, other_end;
        int64_t ms;
        bool found;
    } rows[] = {
        {"waits", true, true, false, 1000, true},
        {"waits for two minutes", true, true, false, SPAN_MS, true},
        {"waits for more", true, true, false, SPAN_MS + 1, false},
        {"offered no 1.3", false, true, false, 1000, false},
        {"answered in 1.2", true, false, false, 1000, false},
        {"the other end answers", true, true, true, 1000, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        hello_t answer = {.random = 4, .of_13 = rows[i].answers, .suites = {rows[i].answers ? 0x1301 : 0xc02b}};
        wr_association *a = ask_with(&c, 10, (hello_t){.random = 1, .of_13 = rows[i].offers}), *b;
        const int64_t asked_us = c.us;
        turned(&c, 10, true, (hello_t){.random = 3});
        turned(&c, 10, false, (hello_t){.random = 2});
        finish_both(&c);
        g_assert_cmpint(a->last_us, ==, asked_us);
        b = rows[i].other_end ? turned(&c, 1000, false, answer)
                              : answer_with(&c, rows[i].ms - (c.us - asked_us) / MS, answer);
        g_test_message("%s", rows[i].words);
        g_assert_true((a == b) == rows[i].found);
        g_assert_true(a->has_server_random == rows[i].found);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hello_choice/numbers", test_numbers);
    g_test_add_func("/hello_choice/protocols", test_protocols);
    g_test_add_func("/hello_choice/other_end", test_other_end);
    g_test_add_func("/hello_choice/begun", test_begun);
    g_test_add_func("/hello_choice/shared_keys", test_shared_keys);
    g_test_add_func("/hello_choice/profiles", test_profiles);
    g_test_add_func("/hello_choice/again", test_again);
    g_test_add_func("/hello_choice/again_behind_a_hello", test_again_behind_a_hello);
    g_test_add_func("/hello_choice/gathered", test_gathered);
    g_test_add_func("/hello_choice/by_session_id", test_by_session_id);
    g_test_add_func("/hello_choice/two_versions", test_two_versions);
    g_test_add_func("/hello_choice/hello_that_offers_13", test_hello_that_offers_13);
    g_test_add_func("/hello_choice/left_over_hello", test_left_over_hello);
    g_test_add_func("/hello_choice/asked_before", test_asked_before);
    return g_test_run();
}
