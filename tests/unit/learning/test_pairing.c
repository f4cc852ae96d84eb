/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which offer an answer is for, where several may be (RFC 3264, RFC 8829 4.1.8): how far back is looked, which are a
 * guess, who sent what where no direction is told, and answers with more sections than were offered.
 */
#include "checks_build.h"

#include "records/store.h"

static wr_copy *offer(call_t *c, way_t w, const char *id, const char *m)
{
    text_t t = offer_text();

    t.session_id = id;
    t.ufrag = id + strlen(id) - 4;
    t.fingerprint = sha256_of((unsigned)g_ascii_strtoull(id, NULL, 10) & 0xff);
    t.m = m;
    return say(c, w, &t);
}

static wr_copy *answer(call_t *c, way_t w, const char *id, const char *m)
{
    text_t t = answer_text();

    t.session_id = id;
    t.ufrag = id + strlen(id) - 4;
    t.m = m;
    return say(c, w, &t);
}

/* ---- how far back ---- */

/* Behind so many offers of other media the one that fits is not looked for. */
static void test_window(void)
{
    for (unsigned more = 0; more < 2; more++) {
        call_t c = call_begin(NULL);
        const wr_copy *fits = offer(&c, OFFERED, "4711000001", AUDIO), *a;
        for (unsigned i = 2; i < WR_PAIRING_WINDOW + more; i++) { /* the answer is one of those looked at */
            char *id = g_strdup_printf("4711%06u", i);
            offer(&c, OFFERED, id, DATA);
            g_free(id);
        }
        a = answer(&c, ANSWERED, "4711990000", AUDIO);
        g_assert_true(a->partner == (more ? NULL : fits));
        g_assert_false(a->guessed);
        call_end(&c);
    }
}

/* The same where another offer makes it a guess. */
static void test_window_of_guess(void)
{
    for (unsigned more = 0; more < 2; more++) {
        call_t c = call_begin(NULL);
        const wr_copy *newest, *a;
        offer(&c, OFFERED, "4711000001", AUDIO);
        for (unsigned i = 2; i + 1 < WR_PAIRING_WINDOW + more; i++) {
            char *id = g_strdup_printf("4711%06u", i);
            offer(&c, OFFERED, id, DATA);
            g_free(id);
        }
        newest = offer(&c, OFFERED, "4711880000", AUDIO);
        a = answer(&c, ANSWERED, "4711990000", AUDIO);
        g_assert_true(a->partner == newest);
        g_assert_true(a->guessed == !more);
        call_end(&c);
    }
}

/* ---- guesses ---- */

static void test_guesses(void)
{
    static const struct {
        const char *words;
        const char *first, *second, *m; /* offers; media of the first */
        const char *calls[3];           /* of both, and of the answer */
        bool first_answered, guessed;
    } rows[] = {
        {"one offer", NULL, "4711000002", AUDIO, {NULL}, false, false},
        {"two of two calls", "4711000001", "4711000002", AUDIO, {NULL}, false, true},
        {"two versions of one", "4711000002", "4711000002", AUDIO, {NULL}, false, false},
        {"other media", "4711000001", "4711000002", DATA, {NULL}, false, false},
        {"the call is told", "4711000001", "4711000002", AUDIO, {"c", "d", "d"}, false, false},
        {"one call", "4711000001", "4711000002", AUDIO, {"c", "c", "c"}, false, true},
        {"the first was answered", "4711000001", "4711000002", AUDIO, {NULL}, true, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        way_t w = OFFERED, back = ANSWERED;
        text_t t = offer_text();
        wr_copy *second, *a;
        if (rows[i].first != NULL) {
            w.call = rows[i].calls[0];
            offer(&c, w, rows[i].first, rows[i].m);
        }
        if (rows[i].first_answered)
            g_assert_false(answer(&c, back, "4711990001", AUDIO)->guessed);
        w.call = rows[i].calls[1];
        t.session_id = rows[i].second;
        t.version = "3";
        t.ufrag = "NEWR";
        t.m = AUDIO;
        second = say(&c, w, &t);
        back.call = rows[i].calls[2];
        a = answer(&c, back, "4711990000", AUDIO);
        g_test_message("%s", rows[i].words);
        g_assert_true(a->partner == second);
        g_assert_true(a->guessed == rows[i].guessed);
        call_end(&c);
    }
}

/* What was answered by a guess may have been another's; then the next is one as well. */
static void test_guess_behind_guess(void)
{
    call_t c = call_begin(NULL);
    wr_copy *first = offer(&c, OFFERED, "4711000001", AUDIO), *second = offer(&c, OFFERED, "4711000002", AUDIO);
    wr_copy *a = answer(&c, ANSWERED, "4711990001", AUDIO), *b = answer(&c, ANSWERED, "4711990002", AUDIO);

    g_assert_true(a->partner == second && a->guessed);
    g_assert_true(b->partner == first && b->guessed);
    call_end(&c);
}

/* Requests of HTTP/1: what comes on the offer's own connection is no guess. */
static void test_guess_over_http(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool http = i % 2 != 0, same = i / 2 != 0;
        call_t c = call_begin(NULL);
        way_t w = OFFERED, back = ANSWERED;
        wr_copy *first, *a;
        w.carrier = back.carrier = http ? WR_CARRIER_HTTP : WR_CARRIER_HTTP2;
        first = offer(&c, w, "4711000001", AUDIO);
        w.connection = 2;
        offer(&c, w, "4711000002", AUDIO);
        back.connection = same ? 1 : 3;
        a = answer(&c, back, "4711990000", AUDIO);
        g_test_message("case %u", i);
        g_assert_true(a->guessed == !(http && same));
        if (http && same)
            g_assert_true(a->partner == first);
        call_end(&c);
    }
}

/* ---- who sent it ---- */

/* Where no direction is told: an answer goes to who offered, or comes from somebody else. */
static void test_datagrams(void)
{
    static const struct {
        const char *words, *from, *to; /* of the answer; the offer goes from Alice to the server */
        bool fits;
    } rows[] = {{"back", SERVER, ALICE, true},
                {"the same way", ALICE, SERVER, false},
                {"by somebody else", BOB, SERVER, true},
                {"by who offered, to himself", ALICE, ALICE, true}};

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        wr_copy *copies[2];
        for (int k = 0; k < 2; k++) {
            char *text = text_of(k == 0 ? &o : &a);
            wr_description d;
            memset(&d, 0, sizeof d);
            d.at = next(&c, 10, at(k == 0 ? ALICE : rows[n].from, 5060), at(k == 0 ? SERVER : rows[n].to, 5060));
            d.context.kind = k == 0 ? WR_KIND_OFFER : WR_KIND_ANSWER;
            d.context.carrier = WR_CARRIER_SIP;
            d.context.connection = 1;
            d.context.dialect = "sip";
            if (i % 2 == (unsigned)k) /* one of them is told */
                d.context.direction = WR_DIRECTION_EMITTED;
            d.sdp = wr_sdp_parse(text, strlen(text));
            copies[k] = wr_engine_add_description(c.e, &d);
            wr_sdp_unref(d.sdp);
            g_free(text);
        }
        g_test_message("%s", rows[n].words);
        g_assert_true(copies[1]->partner == (rows[n].fits ? copies[0] : NULL));
        call_end(&c);
    }
}

/* ---- more sections ---- */

#define ONE_MORE "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n"

/* Somebody added some: it answers the newest that waits and has the others. */
static void test_more_sections(void)
{
    enum { WAITS, HAS_ANSWER, OTHER_MEDIA, NO_SECTIONS, TWO_WAIT, CASES };

    for (int which = WAITS; which < CASES; which++) {
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        const wr_copy *first = NULL, *second = NULL, *got;
        if (which != NO_SECTIONS)
            first = offer(&c, OFFERED, "4711000001", which == OTHER_MEDIA ? DATA : AUDIO);
        if (which == HAS_ANSWER)
            answer(&c, ANSWERED, "4711990001", AUDIO);
        if (which == TWO_WAIT)
            second = offer(&c, OFFERED, "4711000002", AUDIO);
        if (which == NO_SECTIONS) {
            char *text = g_strdup_printf(
                "v=0\r\no=- 4711000003 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:%s\r\n", sha256_of(3));
            wr_description d;
            memset(&d, 0, sizeof d);
            d.at = next(&c, 10, at(ALICE, 40001), at(SERVER, 443));
            d.context.kind = WR_KIND_OFFER;
            d.context.carrier = WR_CARRIER_WEBSOCKET;
            d.context.direction = WR_DIRECTION_EMITTED;
            d.context.connection = 1;
            d.context.dialect = "generic";
            d.sdp = wr_sdp_parse(text, strlen(text));
            g_assert_nonnull(wr_engine_add_description(c.e, &d));
            wr_sdp_unref(d.sdp);
            g_free(text);
        }
        a.m = AUDIO;
        a.more = ONE_MORE;
        got = say(&c, ANSWERED, &a)->partner;
        g_test_message("case %d", which);
        g_assert_true(got == (which == WAITS ? first : which == TWO_WAIT ? second : NULL));
        call_end(&c);
    }
}

/* ---- two legs of a page ---- */

/* An answer over another connection of the same host is for an offer over a carrier of another kind alone. */
static void test_other_leg(void)
{
    static const struct {
        const char *words;
        wr_carrier offer, answer;
        bool unknown, fits; /* unknown: the answer's client is not told */
    } rows[] = {{"HTTP and a WebSocket", WR_CARRIER_HTTP, WR_CARRIER_WEBSOCKET, false, true},
                {"a WebSocket and HTTP", WR_CARRIER_WEBSOCKET, WR_CARRIER_HTTP, false, true},
                {"two WebSockets", WR_CARRIER_WEBSOCKET, WR_CARRIER_WEBSOCKET, false, false},
                {"nobody's WebSocket", WR_CARRIER_HTTP, WR_CARRIER_WEBSOCKET, true, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        way_t w = OFFERED, back = ANSWERED;
        const wr_copy *o, *a;
        w.carrier = rows[i].offer;
        back.carrier = rows[i].answer;
        back.connection = 1; /* the server's end of both is the same */
        w.connection = 2;
        if (rows[i].unknown)
            back.direction = WR_DIRECTION_UNKNOWN;
        o = offer(&c, w, "4711000001", AUDIO);
        a = answer(&c, back, "4711990000", AUDIO);
        g_test_message("%s", rows[i].words);
        g_assert_true(a->leg != o->leg);
        g_assert_true(a->partner == (rows[i].fits ? o : NULL));
        call_end(&c);
    }
}

/* ---- handed on ---- */

/* A server hands an offer on in its call: with the same sections it is the same call. */
static void test_handed_on(void)
{
    static const struct {
        const char *words, *m, *more;
        bool one;
    } rows[] = {{"the same", AUDIO, NULL, true},
                {"other media", DATA, NULL, false},
                {"a section more", AUDIO, ONE_MORE, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        way_t w = OFFERED, on = {.client = SERVER,
                                 .server = BOB,
                                 .connection = 2,
                                 .direction = WR_DIRECTION_EMITTED,
                                 .kind = WR_KIND_OFFER,
                                 .covered = true,
                                 .call = "c"};
        text_t t = offer_text();
        const wr_copy *a, *b;
        w.call = "c";
        a = offer(&c, w, "4711000001", AUDIO);
        t.session_id = "4711000008";
        t.ufrag = "OTHR";
        t.fingerprint = sha256_of(0x33);
        t.m = rows[i].m;
        t.more = rows[i].more;
        b = say(&c, on, &t);
        g_test_message("%s", rows[i].words);
        g_assert_true((wr_copy_session_number(c.e, a) == wr_copy_session_number(c.e, b)) == rows[i].one);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pairing/window", test_window);
    g_test_add_func("/pairing/window_of_guess", test_window_of_guess);
    g_test_add_func("/pairing/guesses", test_guesses);
    g_test_add_func("/pairing/guess_behind_guess", test_guess_behind_guess);
    g_test_add_func("/pairing/guess_over_http", test_guess_over_http);
    g_test_add_func("/pairing/datagrams", test_datagrams);
    g_test_add_func("/pairing/more_sections", test_more_sections);
    g_test_add_func("/pairing/other_leg", test_other_leg);
    g_test_add_func("/pairing/handed_on", test_handed_on);
    return g_test_run();
}
