/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose word a copy of a description is, where one leg of a call is a party's by its address and another is not: the
 * author's behind the same server, a claim by somebody whom that server lets speak, or strangers' (docs/verdicts.md).
 */
#include "real_call.h"

#define ELSEWHERE "192.0.2.99"    /* Bob's signalling comes from here; no flow ends there */
#define PROXY     "203.0.113.77"  /* between Alice and the server */
#define FAR       "198.51.100.78" /* a server that no leg of the call is with */
#define STRANGER  "198.51.100.77"

typedef struct {
    const char *alices_server;   /* NULL: SERVER */
    const char *client, *server; /* of the other leg */
    bool told;                   /* the offer was delivered there */
    bool proxied;                /* a leg from PROXY to SERVER shows both as well */
    bool late;                   /* the answer comes there after Alice was told */
    const char *candidate;       /* of the answer there */
} other_leg;

static void say_on(real_t *r, const char *client, const char *server, unsigned connection, bool up, const text_t *t)
{
    const way_t w = {.client = client,
                     .server = server,
                     .connection = connection,
                     .direction = up ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                     .kind = t->session_id[9] == '1' ? WR_KIND_OFFER : WR_KIND_ANSWER,
                     .covered = true};
    say(&r->c, w, t);
}

/* Alice offers and is told Bob's answer with the certificate that is shown; the other leg has issued another one. */
static void set_up(real_t *r, const other_leg *o, const char *issued)
{
    text_t offer = offer_text(), told = answer_text(), said;

    offer.fingerprint = fingerprint_shown(false);
    told.fingerprint = fingerprint_shown(true);
    said = told;
    said.fingerprint = issued;
    said.candidate = o->candidate;
    say_on(r, ALICE, o->alices_server, 1, true, &offer);
    if (o->proxied)
        say_on(r, PROXY, SERVER, 3, true, &offer);
    if (o->told)
        say_on(r, o->client, o->server, 2, false, &offer);
    if (!o->late)
        say_on(r, o->client, o->server, 2, true, &said);
    if (o->proxied)
        say_on(r, PROXY, SERVER, 3, false, &said);
    say_on(r, ALICE, o->alices_server, 1, false, &told);
    if (o->late)
        say_on(r, o->client, o->server, 2, true, &said);
}

static const wr_session *judged(real_t *r)
{
    connect_ends(&r->c);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        real_part(r, i);
    stream(&r->c, ALICES, BOBS, 0xA11CE, 1, 10);
    return real_session(r);
}

/* What two copies show that differ, by what is known of the leg that nothing ties. */
static void test_other_leg(void)
{
    static const struct {
        const char *words;
        other_leg o;
        wr_session_verdict verdict;
        wr_severity severity;
        unsigned notes;
    } rows[] = {
        {"the author's", {.client = ELSEWHERE, .told = true}, WR_S_INTERCEPTED, WR_ERROR, 0},
        {"the author's, behind a proxy",
         {.alices_server = PROXY, .client = ELSEWHERE, .told = true, .proxied = true},
         WR_S_INTERCEPTED,
         WR_ERROR,
         1}, /* what the proxy was told is a party's word to nobody */
        {"of somebody who was not told the offer", {.client = ELSEWHERE}, WR_S_CONTESTED, WR_WARN, 0},
        {"of somebody who came later", {.client = ELSEWHERE, .late = true}, WR_S_VERIFIED_LEG, WR_CHAT, 1},
        {"of strangers", {.client = STRANGER, .server = FAR}, WR_S_VERIFIED_LEG, WR_CHAT, 1},
        {"of strangers who have the offer",
         {.client = STRANGER, .server = FAR, .told = true},
         WR_S_VERIFIED_LEG,
         WR_CHAT,
         1},
        {"of strangers who have the candidates",
         {.client = STRANGER, .server = FAR, .told = true, .candidate = BOB " 6000"},
         WR_S_VERIFIED_LEG,
         WR_CHAT,
         1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        real_t r = real_begin(NULL);
        const wr_session *s;
        set_up(&r, &rows[i].o, sha256_of(0x5A));
        s = judged(&r);
        g_test_message("a leg %s", rows[i].words);
        g_assert_cmpint(s->verdict, ==, rows[i].verdict);
        g_assert_cmpint(s->severity, ==, rows[i].severity);
        g_assert_cmpuint(found(&r.c, "INJ-03", WR_NOTE), ==, rows[i].notes);
        real_end(&r);
    }
}

/* Both sides of what is contested are named. */
static void test_claim_is_named(void)
{
    const other_leg o = {.client = ELSEWHERE};
    real_t r = real_begin(NULL);
    const wr_session *s;

    set_up(&r, &o, sha256_of(0x5A)); /* frames 1 offer, 2 the claim, 3 what Alice was told */
    s = judged(&r);
    g_assert_nonnull(strstr(s->sentence, "frame 2 was seen again in frame 3"));
    g_assert_nonnull(strstr(s->sentence, "One of the two (frame 2)"));
    real_end(&r);
}

/* What agrees is no contradiction, whoever said it. */
static void test_agreement(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool far = (i & 1) != 0, told = (i & 2) != 0;
        const other_leg o = {.client = far ? STRANGER : ELSEWHERE,
                             .server = far ? FAR : NULL,
                             .told = told,
                             .candidate = (i & 4) != 0 ? BOB " 6000" : NULL};
        real_t r = real_begin(NULL);
        set_up(&r, &o, fingerprint_shown(true));
        g_test_message("far %d, told %d, candidates %d", far, told, (i & 4) != 0);
        /* whoever copies a description copies its candidates: they make no second leg */
        g_assert_cmpint(judged(&r)->verdict, ==, WR_S_VERIFIED_LEG);
        real_end(&r);
    }
}

/* Both descriptions, on a leg of each party: what makes the second one a party's, and in which order. */
static void test_both_legs(void)
{
    static const struct {
        const char *words, *client, *lines;
        bool late; /* the leg repeats what was seen on the other */
        wr_session_verdict verdict;
    } rows[] = {
        {"where the flow ends", BOB, NULL, false, WR_S_VERIFIED_CROSS},
        {"where the flow ends, saying what was heard", BOB, NULL, true, WR_S_VERIFIED_LEG},
        {"elsewhere", ELSEWHERE, NULL, false, WR_S_VERIFIED_LEG},
        {"elsewhere, and that is a relay", ELSEWHERE,
         "a=candidate:2 1 udp 41885439 " BOB " 6000 typ relay raddr 0.0.0.0 rport 0\r\n", false, WR_S_VERIFIED_CROSS},
        {"elsewhere, and that is a relay, saying what was heard", ELSEWHERE,
         "a=candidate:2 1 udp 41885439 " BOB " 6000 typ relay raddr 0.0.0.0 rport 0\r\n", true, WR_S_VERIFIED_LEG},
        {"elsewhere, and another port is a relay's", ELSEWHERE,
         "a=candidate:2 1 udp 41885439 " BOB " 6001 typ relay raddr 0.0.0.0 rport 0\r\n", false, WR_S_VERIFIED_LEG},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        text_t offer = offer_text(), answer = answer_text();
        real_t r = real_begin(NULL);
        offer.fingerprint = fingerprint_shown(false);
        answer.fingerprint = fingerprint_shown(true);
        answer.lines = rows[i].lines;
        answer.candidate = rows[i].lines != NULL ? NULL : answer.candidate;
        say_on(&r, ALICE, NULL, 1, true, &offer);
        say_on(&r, rows[i].client, NULL, 2, false, &offer);
        if (!rows[i].late)
            say_on(&r, rows[i].client, NULL, 2, true, &answer);
        say_on(&r, ALICE, NULL, 1, false, &answer);
        if (rows[i].late)
            say_on(&r, rows[i].client, NULL, 2, true, &answer);
        g_test_message("a flow that ends %s", rows[i].words);
        g_assert_cmpint(judged(&r)->verdict, ==, rows[i].verdict);
        real_end(&r);
    }
}

/* Bob's host opens a second connection and says there what Alice says: it is no leg of hers. */
static void test_leg_from_the_other_end(void)
{
    text_t offer = offer_text(), answer = answer_text();
    real_t r = real_begin(NULL);

    offer.fingerprint = fingerprint_shown(false);
    answer.fingerprint = fingerprint_shown(true);
    say_on(&r, BOB, NULL, 2, false, &offer);
    say_on(&r, BOB, NULL, 2, true, &answer);
    say_on(&r, BOB, NULL, 4, true, &offer);
    say_on(&r, BOB, NULL, 4, false, &answer);
    g_assert_cmpint(judged(&r)->verdict, ==, WR_S_VERIFIED_LEG);
    real_end(&r);
}

/* The same with another certificate: neither what Bob's host says in Alice's place nor what it is told of its own
 * answer is a substitution. */
static void test_another_story_from_the_other_end(void)
{
    for (unsigned i = 0; i < 2; i++) {
        text_t offer = offer_text(), answer = answer_text(), false_offer, false_answer;
        real_t r = real_begin(NULL);
        offer.fingerprint = fingerprint_shown(false);
        answer.fingerprint = fingerprint_shown(true);
        false_offer = offer;
        false_answer = answer;
        *(i == 0 ? &false_offer.fingerprint : &false_answer.fingerprint) = sha256_of(0x5A);
        say_on(&r, BOB, NULL, 4, true, &false_offer);
        say_on(&r, BOB, NULL, 4, false, &false_answer);
        say_on(&r, BOB, NULL, 2, false, &offer);
        say_on(&r, BOB, NULL, 2, true, &answer);
        g_assert_cmpint(judged(&r)->verdict, ==, WR_S_VERIFIED_LEG);
        real_end(&r);
    }
}

/* A second connection of Alice on which she is told something else: what the first was told is as good. */
static void test_told_on_two_connections(void)
{
    text_t offer = offer_text(), answer = answer_text(), other = answer_text();
    real_t r = real_begin(NULL);
    const wr_session *s;

    offer.fingerprint = fingerprint_shown(false);
    answer.fingerprint = fingerprint_shown(true);
    other.fingerprint = sha256_of(0x5A);
    say_on(&r, ALICE, NULL, 1, true, &offer);
    say_on(&r, BOB, NULL, 2, false, &offer);
    say_on(&r, BOB, NULL, 2, true, &answer);
    say_on(&r, ALICE, NULL, 1, false, &answer);
    say_on(&r, ALICE, NULL, 7, true, &offer);
    say_on(&r, ALICE, NULL, 7, false, &other);
    s = judged(&r);
    g_assert_cmpint(s->verdict, ==, WR_S_CONTESTED);
    g_assert_cmpint(s->severity, ==, WR_WARN);
    real_end(&r);
}

/* Without flows signalling shows what one path of it shows; two that nothing joins contest each other. */
static void test_signalling_alone(void)
{
    for (unsigned i = 0; i < 2; i++) {
        const other_leg o = {.client = i == 0 ? ELSEWHERE : STRANGER, .server = i == 0 ? NULL : FAR, .told = true};
        real_t r = real_begin(NULL);
        const wr_session *s;
        set_up(&r, &o, sha256_of(0x5A));
        s = real_session(&r);
        g_assert_cmpint(s->verdict, ==, i == 0 ? WR_S_SUBSTITUTED_IN_SIGNALLING : WR_S_CONTESTED);
        g_assert_cmpint(s->severity, ==, i == 0 ? WR_ERROR : WR_WARN);
        real_end(&r);
    }
}

/* Strangers' answer with a=crypto alone puts no keys into the call. */
static void test_keys_of_strangers(void)
{
    for (unsigned i = 0; i < 2; i++) {
        text_t keys = answer_text();
        real_t r = real_begin(NULL);
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        keys.fingerprint = NULL;
        keys.lines = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n";
        keys.m = "audio 9 RTP/SAVPF 111";
        say_on(&r, i == 0 ? STRANGER : ELSEWHERE, i == 0 ? FAR : NULL, 5, true, &keys);
        g_assert_cmpint(judged(&r)->verdict, ==, i == 0 ? WR_S_VERIFIED_LEG : WR_S_KEYS_IN_SIGNALLING);
        real_end(&r);
    }
}

#define KEYS "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"

/* An answer with keys on a second connection of who was told the true one: a contradiction, with both frames. */
static void test_keys_on_another_connection(void)
{
    for (unsigned flows = 0; flows < 2; flows++) {
        text_t keys = answer_text();
        real_t r = real_begin(NULL);
        const wr_session *s;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        keys.fingerprint = NULL;
        keys.lines = KEYS;
        keys.m = "audio 9 RTP/SAVPF 111";
        say_on(&r, ALICE, NULL, 7, false, &keys);
        s = flows ? judged(&r) : real_session(&r);
        g_assert_cmpint(s->verdict, ==, WR_S_CONTESTED);
        g_assert_nonnull(strstr(s->sentence, "frame 3 takes media keys"));
        g_assert_nonnull(strstr(s->sentence, "frame 2 does not"));
        g_assert_cmpuint(found(&r.c, "SIG-06", WR_ERROR), ==, 0);
        real_end(&r);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/whose_leg/other_leg", test_other_leg);
    g_test_add_func("/whose_leg/claim_is_named", test_claim_is_named);
    g_test_add_func("/whose_leg/agreement", test_agreement);
    g_test_add_func("/whose_leg/both_legs", test_both_legs);
    g_test_add_func("/whose_leg/leg_from_the_other_end", test_leg_from_the_other_end);
    g_test_add_func("/whose_leg/another_story_from_the_other_end", test_another_story_from_the_other_end);
    g_test_add_func("/whose_leg/told_on_two_connections", test_told_on_two_connections);
    g_test_add_func("/whose_leg/keys_on_another_connection", test_keys_on_another_connection);
    g_test_add_func("/whose_leg/signalling_alone", test_signalling_alone);
    g_test_add_func("/whose_leg/keys_of_strangers", test_keys_of_strangers);
    return g_test_run();
}
