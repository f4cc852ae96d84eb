/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exchanges that are set up at the same time, and answers that leave out what their offer had: which offer is meant
 * (RFC 9112 9.3.2), what is only a guess, and what is taken for WebRTC because it answers it (RFC 8842 5.3).
 */
#include "checks_build.h"

static text_t numbered(text_t t, const char *id, const char *ufrag, unsigned fingerprint)
{
    t.session_id = id;
    t.ufrag = ufrag;
    t.fingerprint = sha256_of(fingerprint);
    return t;
}

/* Two requests of WHIP, then two responses. */
static void test_pipelined(void)
{
    static const struct {
        const char *words;
        uint32_t heard[2], connection[2], responses[2];
        unsigned answers[2]; /* which offer the first response is for, and the second */
    } rows[] = {
        {"sent before the server said anything", {100, 100}, {1, 1}, {1, 1}, {0, 1}},
        {"sent when it had refused the first", {100, 200}, {1, 1}, {1, 1}, {1, 0}},
        {"where that is not known", {0, 0}, {1, 1}, {1, 1}, {1, 0}},
        {"on two connections, in order", {100, 100}, {1, 2}, {1, 2}, {0, 1}},
        {"on two connections, the other way round", {100, 100}, {1, 2}, {2, 1}, {1, 0}},
        {"answered on a third", {100, 100}, {1, 2}, {3, 3}, {1, 0}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_copy *offer[2], *answer[2];
        for (unsigned k = 0; k < 2; k++) {
            text_t t = numbered(offer_text(), k == 0 ? "4711000011" : "4711000012", k == 0 ? "AAA1" : "AAA2", 1 + k);
            way_t w = WHIP_OFFER;
            w.connection = rows[i].connection[k];
            w.heard = rows[i].heard[k];
            offer[k] = say(&c, w, &t);
        }
        for (unsigned k = 0; k < 2; k++) {
            text_t t = numbered(answer_text(), k == 0 ? "4711000021" : "4711000022", k == 0 ? "BBB1" : "BBB2", 11 + k);
            way_t w = WHIP_ANSWER;
            w.connection = rows[i].responses[k];
            answer[k] = say(&c, w, &t);
        }
        g_test_message("%s", rows[i].words);
        for (unsigned k = 0; k < 2; k++)
            g_assert_true(answer[k]->partner == offer[rows[i].answers[k]]);
        call_end(&c);
    }
}

/* Two offers on one WebSocket, then an answer to each: which is for which shows where messages name it. */
static void test_guessed(void)
{
    static const struct {
        const char *words, *call[2], *id[2];
        bool guessed;
    } rows[] = {
        {"nothing names a call", {NULL, NULL}, {"4711000011", "4711000012"}, true},
        {"each names its call", {"c1", "c2"}, {"4711000011", "4711000012"}, false},
        {"one party offers once more", {NULL, NULL}, {"4711000011", "4711000011"}, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        g_test_message("%s", rows[i].words);
        for (unsigned k = 0; k < 2; k++) {
            text_t t = numbered(offer_text(), rows[i].id[k], k == 0 ? "AAA1" : "AAA2", 1 + k);
            way_t w = OFFERED;
            w.call = rows[i].call[k];
            t.version = k == 0 ? "2" : "3";
            say(&c, w, &t);
        }
        for (unsigned k = 0; k < 2; k++) {
            text_t t = numbered(answer_text(), k == 0 ? "4711000021" : "4711000022", "BBBB", 11 + k);
            way_t w = ANSWERED;
            w.call = rows[i].call[k];
            g_assert_true(say(&c, w, &t)->guessed == rows[i].guessed);
        }
        call_end(&c);
    }
}

/* An answer without any sign of WebRTC, and one that leaves the DTLS role open, over all that carries bodies. */
static void test_bodies(void)
{
    static const struct {
        const char *words;
        wr_carrier carrier;
        const char *dialect, *call[2];
        uint32_t connection; /* of the answer */
        bool taken;
    } rows[] = {
        {"SIP", WR_CARRIER_SIP, "sip", {"c1", "c1"}, 1, true},
        {"SIP over WebSocket", WR_CARRIER_WEBSOCKET, "sip", {"c1", "c1"}, 1, true},
        {"of another call", WR_CARRIER_WEBSOCKET, "sip", {"c1", "c2"}, 1, false},
        {"WHIP", WR_CARRIER_HTTP, "whip-whep", {NULL, "/r/1"}, 1, true},
        {"WHIP over HTTP/2", WR_CARRIER_HTTP2, "whip-whep", {NULL, "/r/1"}, 1, true},
        {"WHIP, on another connection", WR_CARRIER_HTTP, "whip-whep", {NULL, "/r/1"}, 2, false},
        {"a body of something else", WR_CARRIER_WEBSOCKET, "sdp", {"c1", "c1"}, 1, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        text_t o = offer_text(), plain = {.session_id = "4711000002", .m = "audio 6000 RTP/AVP 0"},
               open = answer_text();
        way_t w = OFFERED, back = ANSWERED;
        call_t c = call_begin(NULL);
        wr_copy *answer;
        w.carrier = back.carrier = rows[i].carrier;
        w.dialect = back.dialect = rows[i].dialect;
        w.call = rows[i].call[0];
        back.call = rows[i].call[1];
        back.connection = rows[i].connection;
        g_test_message("%s", rows[i].words);
        say(&c, w, &o);
        g_assert_true((say(&c, back, &plain) != NULL) == rows[i].taken);
        call_end(&c);

        c = call_begin(NULL);
        say(&c, w, &o);
        open.setup = "actpass";
        back.kind = WR_KIND_OFFER; /* as the text says */
        back.meant_as_answer = true;
        answer = say(&c, back, &open);
        if (strcmp(rows[i].dialect, "sdp") != 0)
            g_assert_cmpint(answer->kind, ==, rows[i].taken ? WR_KIND_ANSWER : WR_KIND_OFFER);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchanges/pipelined", test_pipelined);
    g_test_add_func("/exchanges/guessed", test_guessed);
    g_test_add_func("/exchanges/bodies", test_bodies);
    return g_test_run();
}
