/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was issued, what was delivered, what was shown: both legs of a call with a real handshake, and each description
 * left as it is or changed in each of the ways there are (docs/verdicts.md: verdict on a call).
 */
#include "real_call.h"

/* What became of one description on its way. The certificate shown is always that of its author. */
typedef enum {
    KEPT = 0,     /* issued and delivered as it should be */
    NOT_FOLLOWED, /* delivered with another fingerprint, but the issued certificate is shown */
    FOLLOWED,     /* issued with another one: what is shown is what was delivered */
    FALSE_ALONG,  /* the same on both legs, and not what is shown */
    TWO_FALSE,    /* issued and delivered differ, and neither is shown */
    WAYS
} way_told;

static const char *const way_words[WAYS] = {"kept", "substituted, not followed", "substituted, followed",
                                            "false on both legs", "false and substituted"};

static void tell_one(real_t *r, bool offer, way_told how)
{
    const char *shown = fingerprint_shown(!offer), *other = sha256_of(0x5A), *third = sha256_of(0x6B);
    const char *issued = how == KEPT || how == NOT_FOLLOWED ? shown : other;
    const char *delivered = how == KEPT || how == FOLLOWED ? shown : how == TWO_FALSE ? third : other;

    tell_both(&r->c, offer, issued, delivered, NULL);
}

static void shaken(real_t *r)
{
    for (unsigned i = 0; i < DATAGRAMS; i++)
        real_part(r, i);
}

static bool one_of(wr_session_verdict v, wr_session_verdict a, wr_session_verdict b)
{
    return v == a || v == b;
}

static void check_call(const wr_session *s, way_told offer, way_told answer)
{
    const bool followed = offer == FOLLOWED || answer == FOLLOWED;
    const bool two = offer == TWO_FALSE || answer == TWO_FALSE, along = offer == FALSE_ALONG || answer == FALSE_ALONG;
    const bool not_followed = offer == NOT_FOLLOWED || answer == NOT_FOLLOWED;

    if (followed) { /* its author's own end shows another: who took his address, or who invented his leg */
        g_assert_cmpint(s->severity, >=, WR_WARN);
        if (!two && !along)
            g_assert_cmpint(s->verdict, ==, WR_S_CONTESTED);
        return;
    }
    g_assert_cmpint(s->severity, ==, offer == KEPT && answer == KEPT ? WR_CHAT : WR_ERROR);
    if (two)
        g_assert_cmpint(s->verdict, ==, WR_S_FOREIGN_CERTIFICATE);
    else if (not_followed)
        g_assert_true(one_of(s->verdict, WR_S_SUBSTITUTED_NOT_FOLLOWED, along ? WR_S_MISMATCH : s->verdict));
    else if (along)
        g_assert_cmpint(s->verdict, ==, WR_S_MISMATCH);
    else
        g_assert_cmpint(s->verdict, ==, WR_S_VERIFIED_CROSS);
}

static bool names_frame(const char *sentence, unsigned frame)
{
    char *pattern = g_strdup_printf("\\b%u\\b", frame);
    bool found_it = g_regex_match_simple(pattern, sentence, 0, 0);

    g_free(pattern);
    return found_it;
}

/* What the sentence rests on: both copies of what was substituted, else what was announced and the handshake. The four
 * copies are frames 1 to 4, checks follow, the handshake ends at 14. */
static void check_frames(const char *sentence, way_told offer, way_told answer)
{
    const way_told how[2] = {offer, answer};
    bool any = false;

    for (unsigned i = 0; i < 2; i++) {
        if (how[i] == KEPT || how[i] == FALSE_ALONG)
            continue;
        any = true;
        g_assert_true(names_frame(sentence, 1 + 2 * i) && names_frame(sentence, 2 + 2 * i));
    }
    if (any)
        return;
    if (offer == KEPT && answer == KEPT)
        for (unsigned copy = 1; copy <= 4; copy++)
            g_assert_true(names_frame(sentence, copy));
    g_assert_true(names_frame(sentence, 9 + SERVER_FLIGHT) || names_frame(sentence, 9 + CLIENT_FLIGHT));
}

static void test_with_handshake(void)
{
    for (way_told offer = KEPT; offer < WAYS; offer++) {
        for (way_told answer = KEPT; answer < WAYS; answer++) {
            real_t r = real_begin(NULL);
            const int64_t first_us = r.c.us + 10 * MS;
            tell_one(&r, true, offer);
            tell_one(&r, false, answer);
            connect_ends(&r.c);
            shaken(&r);
            stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 10);
            g_test_message("offer %s, answer %s", way_words[offer], way_words[answer]);
            check_call(real_session(&r), offer, answer);
            if (offer != FOLLOWED && answer != FOLLOWED)
                check_frames(real_session(&r)->sentence, offer, answer);
            else if (real_session(&r)->verdict == WR_S_CONTESTED)
                g_assert_true(names_frame(real_session(&r)->sentence, offer == FOLLOWED ? 1 : 3));
            g_assert_cmpint(real_session(&r)->first_frame, ==, 1);
            g_assert_cmpint(real_session(&r)->last_frame, ==, r.c.frame);
            g_assert_cmpint(real_session(&r)->end_us - real_session(&r)->start_us, ==, r.c.us - first_us);
            g_assert_cmpuint(real_session(&r)->copies->len, ==, 4);
            g_assert_cmpuint(real_session(&r)->associations->len, ==, 1);
            real_end(&r);
        }
    }
}

/* Nothing but signalling: a substitution is seen, not who followed it. */
static void test_signalling_alone(void)
{
    for (way_told offer = KEPT; offer < WAYS; offer++) {
        for (way_told answer = KEPT; answer < WAYS; answer++) {
            const bool changed = (offer != KEPT && offer != FALSE_ALONG) || (answer != KEPT && answer != FALSE_ALONG);
            real_t r = real_begin(NULL);
            tell_one(&r, true, offer);
            tell_one(&r, false, answer);
            g_test_message("offer %s, answer %s", way_words[offer], way_words[answer]);
            g_assert_cmpint(real_session(&r)->verdict, ==, changed ? WR_S_SUBSTITUTED_IN_SIGNALLING : WR_S_NO_MEDIA);
            g_assert_cmpint(real_session(&r)->severity, ==, changed ? WR_ERROR : WR_CHAT);
            g_assert_cmpint(found(&r.c, "SUBST-01", WR_ERROR) > 0, ==, changed);
            real_end(&r);
        }
    }
}

/* Credentials replaced together with the fingerprint: a media proxy does this, and an interception too. */
static void test_other_credentials(void)
{
    wr_options expected = {.peer_to_peer_expected = true};

    for (unsigned i = 0; i < 4; i++) {
        const bool offer = (i & 1) != 0;
        real_t r = real_begin((i & 2) != 0 ? &expected : NULL);
        tell_both(&r.c, true, fingerprint_shown(false), offer ? sha256_of(0x5A) : fingerprint_shown(false),
                  offer ? "CCCC" : NULL);
        tell_both(&r.c, false, fingerprint_shown(true), offer ? fingerprint_shown(true) : sha256_of(0x5A),
                  offer ? NULL : "CCCC");
        g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_RE_KEYED);
        g_assert_cmpint(real_session(&r)->severity, >=, WR_WARN);
        real_end(&r);
    }
}

/* One leg, and one half of the other: no more than that leg can be verified. */
static void test_half_a_leg(void)
{
    for (unsigned lacks = 0; lacks < 4; lacks++) {
        text_t o = offer_text(), a = answer_text();
        real_t r = real_begin(NULL);
        o.fingerprint = fingerprint_shown(false);
        a.fingerprint = fingerprint_shown(true);
        for (unsigned i = 0; i < 4; i++) {
            const bool alices = i == 0 || i == 3;
            const way_t w = {.client = alices ? ALICE : BOB,
                             .connection = alices ? 1 : 2,
                             .direction = i == 0 || i == 2 ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                             .kind = i < 2 ? WR_KIND_OFFER : WR_KIND_ANSWER,
                             .covered = true};
            if (i != lacks)
                say(&r.c, w, i < 2 ? &o : &a);
        }
        connect_ends(&r.c);
        shaken(&r);
        g_test_message("without copy %u", lacks);
        g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
        real_end(&r);
    }
}

/* The same party's leg before and behind a proxy is one leg. */
static void test_two_views_of_one_leg(void)
{
    text_t o = offer_text(), a = answer_text();
    real_t r = real_begin(NULL);
    way_t up = OFFERED, down = ANSWERED;

    o.fingerprint = fingerprint_shown(false);
    a.fingerprint = fingerprint_shown(true);
    say(&r.c, up, &o);
    up.client = SERVER; /* the proxy goes on to the server behind it */
    up.server = "203.0.113.10";
    up.connection = 3;
    say(&r.c, up, &o);
    down.client = SERVER;
    down.server = "203.0.113.10";
    down.connection = 3;
    say(&r.c, down, &a);
    say(&r.c, (way_t)ANSWERED, &a);
    connect_ends(&r.c);
    shaken(&r);
    g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
    real_end(&r);
}

/* A clean call, of which one leg is seen or both, and one description more, before the handshake or after it. */
static real_t clean_call_and(bool late, bool one_leg, way_t w, const text_t *t)
{
    real_t r = real_begin(NULL);

    if (one_leg) {
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    } else {
        tell_one(&r, true, KEPT);
        tell_one(&r, false, KEPT);
    }
    if (!late)
        say(&r.c, w, t);
    connect_ends(&r.c);
    shaken(&r);
    if (late)
        say(&r.c, w, t);
    return r;
}

/* What strangers exchange was told to nobody: with whatever fingerprint, before the handshake and after it. */
static void test_strangers(void)
{
    for (unsigned i = 0; i < 16; i++) {
        const bool late = (i & 1) != 0, offer = (i & 2) != 0, up = (i & 4) != 0, one_leg = (i & 8) != 0;
        text_t t = offer ? offer_text() : answer_text();
        const way_t w = {.client = "198.51.100.77",
                         .server = "198.51.100.78",
                         .connection = 9,
                         .direction = up ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                         .kind = offer ? WR_KIND_OFFER : WR_KIND_ANSWER,
                         .carrier = WR_CARRIER_HTTP,
                         .covered = true};
        real_t r;
        const wr_session *s;
        t.fingerprint = sha256_of(0x5A);
        r = clean_call_and(late, one_leg, w, &t);
        g_test_message("%s, %s, %s, %s", late ? "late" : "early", offer ? "offer" : "answer",
                       up ? "emitted" : "delivered", one_leg ? "one leg" : "both legs");
        wr_engine_evaluate(r.c.e);
        s = wr_engine_session(r.c.e, wr_association_session_number(r.c.e, real_association(&r)));
        g_assert_nonnull(s);
        g_assert_cmpint(s->verdict, ==, one_leg ? WR_S_VERIFIED_LEG : WR_S_VERIFIED_CROSS);
        real_end(&r);
    }
}

/* A datagram from or to a party's own address, which anybody can send: with another fingerprint it accuses nobody,
 * before the handshake and after it, whatever legs are seen. */
static void test_lone_datagram(void)
{
    for (unsigned i = 0; i < 32; i++) {
        const bool late = (i & 1) != 0, offer = (i & 2) != 0, alices = (i & 4) != 0, one_leg = (i & 8) != 0;
        const bool to = (i & 16) != 0;
        const char *party = alices ? ALICE : BOB;
        text_t t = offer ? offer_text() : answer_text();
        const way_t w = {.client = to ? SERVER : party,
                         .server = to ? party : SERVER,
                         .direction = WR_DIRECTION_UNKNOWN,
                         .kind = offer ? WR_KIND_OFFER : WR_KIND_ANSWER,
                         .carrier = WR_CARRIER_SIP,
                         .covered = true};
        real_t r;
        t.fingerprint = sha256_of(0x5A);
        r = clean_call_and(late, one_leg, w, &t);
        g_test_message("%s, %s, %s %s, %s", late ? "late" : "early", offer ? "offer" : "answer", to ? "to" : "from",
                       party, one_leg ? "one leg" : "both legs");
        g_assert_cmpint(real_session(&r)->verdict, ==, one_leg ? WR_S_VERIFIED_LEG : WR_S_VERIFIED_CROSS);
        g_assert_cmpint(real_session(&r)->severity, <, WR_WARN);
        real_end(&r);
    }
}

/* A line was added on the way, and its certificate is shown. Somebody repeats, in the author's name, what was
 * delivered: once it was delivered that says nothing, and before it contradicts what the author said. It never makes it
 * well. */
static void test_added_line_repeated(void)
{
    static const char *const places[] = {"never", "first", "between", "last"};

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(places); i++) {
        const bool offer = (i & 1) != 0;
        const unsigned place = i / 2;
        char *both = g_strdup_printf("%s\r\na=fingerprint:%s", sha256_of(0x5A), fingerprint_shown(!offer));
        text_t issued = offer ? offer_text() : answer_text(), delivered = issued;
        const wr_kind kind = offer ? WR_KIND_OFFER : WR_KIND_ANSWER;
        const way_t up = {.client = offer ? ALICE : BOB,
                          .connection = offer ? 1 : 2,
                          .direction = WR_DIRECTION_EMITTED,
                          .kind = kind,
                          .covered = true};
        way_t down = up, again = up;
        real_t r = real_begin(NULL);
        wr_session_verdict v;
        down.client = offer ? BOB : ALICE;
        down.connection = offer ? 2 : 1;
        down.direction = WR_DIRECTION_DELIVERED;
        again.connection = 9;
        issued.fingerprint = sha256_of(0x5A);
        delivered.fingerprint = both;
        if (!offer)
            tell_one(&r, true, KEPT);
        if (place == 1)
            say(&r.c, again, &delivered);
        say(&r.c, up, &issued);
        if (place == 2)
            say(&r.c, again, &delivered);
        say(&r.c, down, &delivered);
        if (offer)
            tell_one(&r, false, KEPT);
        connect_ends(&r.c);
        shaken(&r);
        if (place == 3)
            say(&r.c, again, &delivered);
        v = real_session(&r)->verdict;
        g_test_message("%s, repeated %s: %s", offer ? "offer" : "answer", places[place], wr_session_verdict_name(v));
        if (place == 1 || place == 2)
            g_assert_true(v == WR_S_INTERCEPTED || v == WR_S_CONTESTED);
        else
            g_assert_cmpint(v, ==, WR_S_INTERCEPTED);
        real_end(&r);
        g_free(both);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/told/with_handshake", test_with_handshake);
    g_test_add_func("/told/signalling_alone", test_signalling_alone);
    g_test_add_func("/told/other_credentials", test_other_credentials);
    g_test_add_func("/told/half_a_leg", test_half_a_leg);
    g_test_add_func("/told/two_views_of_one_leg", test_two_views_of_one_leg);
    g_test_add_func("/told/strangers", test_strangers);
    g_test_add_func("/told/lone_datagram", test_lone_datagram);
    g_test_add_func("/told/added_line_repeated", test_added_line_repeated);
    return g_test_run();
}
