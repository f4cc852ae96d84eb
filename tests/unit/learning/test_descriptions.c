/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions as they come: on which leg they stand, what they announce, whose trickled candidates are, which answer
 * is for which offer, and what makes one call of them (rules 2.5, 2.6).
 */
#include "checks_build.h"

#include "records/store.h"

static const way_t up = {.connection = 1, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER, .covered = true};
static const way_t down = {
    .connection = 1, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_ANSWER, .covered = true};

static unsigned call_of(const call_t *c, const wr_copy *copy)
{
    return wr_copy_session_number(c->e, copy);
}

/* ---- legs ---- */

/* What makes two descriptions stand on one leg. */
static void test_legs(void)
{
    static const struct {
        const char *words;
        wr_carrier carrier;
        const char *client, *server; /* of the second */
        uint32_t connection;
        bool one;
    } rows[] = {
        {"one WebSocket", WR_CARRIER_WEBSOCKET, NULL, NULL, 1, true},
        {"two WebSockets", WR_CARRIER_WEBSOCKET, NULL, NULL, 2, false},
        {"HTTP of one host with one server", WR_CARRIER_HTTP, NULL, NULL, 2, true},
        {"HTTP/2 of one host with one server", WR_CARRIER_HTTP2, NULL, NULL, 2, true},
        {"HTTP of another host", WR_CARRIER_HTTP, BOB, NULL, 2, false},
        {"HTTP with another server", WR_CARRIER_HTTP, NULL, "203.0.113.10", 2, false},
        {"datagrams without a connection", WR_CARRIER_SIP, NULL, NULL, 0, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), other = offer_text();
        way_t w = up, second = up;
        wr_copy *a, *b;
        w.carrier = second.carrier = rows[i].carrier;
        w.connection = rows[i].connection == 0 ? 0 : 1;
        second.connection = rows[i].connection;
        second.client = rows[i].client;
        second.server = rows[i].server;
        other.version = "3";
        a = say(&c, w, &o);
        b = say(&c, second, &other);
        g_test_message("%s", rows[i].words);
        g_assert_true((a->leg == b->leg) == rows[i].one);
        call_end(&c);
    }
}

/* The same text again is the same copy; on another leg, or the other way, another one. */
static void test_repeats(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    way_t other = up, back = up;
    wr_copy *a = say(&c, up, &o), *again, *elsewhere, *echo;

    other.connection = 2;
    other.client = BOB;
    back.direction = WR_DIRECTION_DELIVERED;
    o.candidate = ALICE " 5777"; /* candidates do not make another description */
    again = say(&c, up, &o);
    g_assert_true(again == a);
    g_assert_cmpuint(a->n_repeats, ==, 1);
    g_assert_cmpuint(a->last_frame, >, a->frame);
    g_assert_cmpuint(a->n_addresses, ==, 2);
    elsewhere = say(&c, other, &o);
    g_assert_true(elsewhere != a && !elsewhere->echo);
    g_assert_cmpuint(call_of(&c, elsewhere), ==, call_of(&c, a));
    echo = say(&c, back, &o);
    g_assert_true(echo != a && echo->echo);
    call_end(&c);
}

/* ---- what they announce ---- */

static void test_addresses(void)
{
    static const struct {
        const char *lines, *m, *candidate;
        const char *address;
        uint16_t port;
        unsigned n;
    } rows[] = {
        {NULL, NULL, ALICE " 5000", ALICE, 5000, 1},
        {NULL, NULL, NULL, NULL, 0, 0},
        {"a=candidate:2 1 tcp 1 10.0.0.5 9 typ host tcptype active\r\n", NULL, NULL, NULL, 0, 0},
        {"a=candidate:2 1 tcp 1 10.0.0.5 5001 typ host tcptype passive\r\n", NULL, NULL, "10.0.0.5", 5001, 1},
        {"a=candidate:2 1 udp 1 10.0.0.5 9 typ host\r\n", NULL, NULL, "10.0.0.5", 9, 1},
        {"a=candidate:2 1 udp 1 x.local 5001 typ host\r\n", NULL, NULL, NULL, 0, 0},
        {"c=IN IP4 10.0.0.6\r\n", "audio 5002 UDP/TLS/RTP/SAVPF 111", NULL, "10.0.0.6", 5002, 1},
        {"c=IN IP4 10.0.0.6\r\n", "audio 9 UDP/TLS/RTP/SAVPF 111", NULL, NULL, 0, 0},
        {"c=IN IP4 10.0.0.6\r\n", "audio 0 UDP/TLS/RTP/SAVPF 111", NULL, NULL, 0, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        wr_copy *a;
        o.lines = rows[i].lines;
        o.m = rows[i].m;
        o.candidate = rows[i].candidate;
        a = say(&c, up, &o);
        g_test_message("row %zu", i);
        g_assert_cmpuint(a->n_addresses, ==, rows[i].n);
        g_assert_true(a->has_names == (rows[i].lines != NULL && strstr(rows[i].lines, ".local") != NULL));
        if (rows[i].n > 0) {
            const wr_endpoint wanted = at(rows[i].address, rows[i].port);
            g_assert_true(wr_endpoint_equal(&a->addresses[0], &wanted));
        }
        call_end(&c);
    }
}

/* Credentials of enabled sections, and what a later fragment adds. */
static void test_credentials(void)
{
    static const struct {
        const char *more;
        unsigned n;
    } rows[] = {
        {NULL, 1},
        {"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:AAAA\r\na=ice-pwd:" PWD_A "\r\n", 1},
        {"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:AAAB\r\na=ice-pwd:" PWD_A "\r\n", 2},
        {"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:AAAA\r\na=ice-pwd:" PWD_B "\r\n", 2},
        {"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:AAAA\r\n", 1},
        {"m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:AAAB\r\na=ice-pwd:" PWD_A "\r\n", 1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        o.more = rows[i].more;
        g_test_message("row %zu", i);
        g_assert_cmpuint(say(&c, up, &o)->credentials.len, ==, rows[i].n);
        call_end(&c);
    }
}

/* ---- trickled ---- */

/* A candidate on this leg: the copy that took it. */
static wr_copy *trickle(call_t *c, way_t w, const char *ufrag, const char *host_and_port)
{
    wr_description d;
    char *text = g_strdup_printf("candidate:7 1 udp 1 %s typ host", host_and_port);
    wr_copy *taken;

    memset(&d, 0, sizeof d);
    d.at = next(c, 5, at(ALICE, 40001), at(SERVER, 443));
    if (w.direction == WR_DIRECTION_DELIVERED) {
        wr_endpoint t = d.at.src;
        d.at.src = d.at.dst;
        d.at.dst = t;
    }
    d.context.kind = WR_KIND_CANDIDATE;
    d.context.carrier = WR_CARRIER_WEBSOCKET;
    d.context.direction = w.direction;
    d.context.connection = w.connection;
    d.context.dialect = "generic";
    d.context.ufrag = ufrag;
    d.context.call = w.call;
    d.context.from = w.from;
    d.context.to = w.to;
    d.sdp = wr_sdp_parse(text, strlen(text));
    taken = wr_engine_add_description(c->e, &d);
    wr_sdp_unref(d.sdp);
    g_free(text);
    return taken;
}

static const struct {
    const char *words;
    const char *ufrag;
    wr_direction direction;
    const char *call[2], *from[2], *to[2]; /* of the description, and of the candidate */
    bool fits;
} pieces[] = {
    {"by its user name", "AAAA", WR_DIRECTION_EMITTED, .fits = true},
    {"by another user name", "XXXX", WR_DIRECTION_EMITTED, .fits = false},
    {"the other way", "AAAA", WR_DIRECTION_DELIVERED, .fits = false},
    {"with nothing that tells", NULL, WR_DIRECTION_EMITTED, .fits = true},
    {"of the same call", NULL, WR_DIRECTION_EMITTED, .call = {"c1", "c1"}, .fits = true},
    {"of another call", NULL, WR_DIRECTION_EMITTED, .call = {"c1", "c2"}, .fits = false},
    {"the call is not told", NULL, WR_DIRECTION_EMITTED, .call = {"c1", NULL}, .fits = true},
    {"the description's call is not told", NULL, WR_DIRECTION_EMITTED, .call = {NULL, "c1"}, .fits = true},
    {"from another", NULL, WR_DIRECTION_EMITTED, .from = {"a", "b"}, .fits = false},
    {"from the same", NULL, WR_DIRECTION_EMITTED, .from = {"a", "a"}, .fits = true},
    {"from nobody named", NULL, WR_DIRECTION_EMITTED, .from = {"a", NULL}, .fits = true},
    {"from somebody", NULL, WR_DIRECTION_EMITTED, .from = {NULL, "b"}, .fits = true},
    {"to another", NULL, WR_DIRECTION_EMITTED, .to = {"a", "b"}, .fits = false},
    {"to the same", NULL, WR_DIRECTION_EMITTED, .to = {"a", "a"}, .fits = true},
    {"to nobody named", NULL, WR_DIRECTION_EMITTED, .to = {"a", NULL}, .fits = true},
    {"by its user name, whatever call it names", "AAAA", WR_DIRECTION_EMITTED, .call = {"c1", "c2"}, .fits = true},
};

static void test_trickled(gconstpointer data)
{
    const size_t n = GPOINTER_TO_SIZE(data);

    for (unsigned before = 0; before < 2; before++) { /* it may come before its description */
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        way_t w = up, piece = up;
        wr_copy *a = NULL, *taken;
        bool has = false;
        const wr_endpoint wanted = at("10.0.0.77", 5777);
        w.call = pieces[n].call[0];
        w.from = pieces[n].from[0];
        w.to = pieces[n].to[0];
        piece.direction = pieces[n].direction;
        piece.call = pieces[n].call[1];
        piece.from = pieces[n].from[1];
        piece.to = pieces[n].to[1];
        if (!before)
            a = say(&c, w, &o);
        taken = trickle(&c, piece, pieces[n].ufrag, "10.0.0.77 5777");
        if (before)
            a = say(&c, w, &o);
        g_assert_true(taken == (before || !pieces[n].fits ? NULL : a));
        for (unsigned i = 0; i < a->n_addresses; i++)
            has |= wr_endpoint_equal(&a->addresses[i], &wanted);
        /* what waits goes by direction and user name alone */
        g_assert_true(has == (before && pieces[n].ufrag == NULL ? true : pieces[n].fits));
        call_end(&c);
    }
}

/* The newest description that fits takes it. */
static void test_newest_takes_it(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    wr_copy *first = say(&c, up, &o), *second;

    o.version = "3";
    o.ufrag = "AAA2";
    second = say(&c, up, &o);
    g_assert_true(trickle(&c, up, NULL, "10.0.0.77 5777") == second);
    g_assert_true(trickle(&c, up, "AAAA", "10.0.0.78 5778") == first);
    call_end(&c);
}

/* ---- answers ---- */

static const struct {
    const char *words;
    const char *offer_call, *call, *offer_from, *to, *offer_to, *from;
    const char *m, *mid; /* of the answer */
    bool more_sections, same_direction, withdrawn, fits;
} answers[] = {
    {"plain", .fits = true},
    {"of the same call", .offer_call = "c1", .call = "c1", .fits = true},
    {"of another call", .offer_call = "c1", .call = "c2", .fits = false},
    {"for who offered", .offer_from = "a", .to = "a", .fits = true},
    {"for another", .offer_from = "a", .to = "b", .fits = false},
    {"of whom it was for", .offer_to = "b", .from = "b", .fits = true},
    {"of another than it was for", .offer_to = "b", .from = "c", .fits = false},
    {"with other media", .m = AUDIO, .fits = false},
    {"with another mid", .mid = "a=mid:9\r\n", .fits = false},
    {"with more sections", .more_sections = true, .fits = true},
    {"emitted as the offer was", .same_direction = true, .fits = false},
    {"to one that was taken back", .withdrawn = true, .fits = false},
};

static void test_answers(gconstpointer data)
{
    const size_t n = GPOINTER_TO_SIZE(data);
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    way_t w = up, back = down;
    wr_copy *offer, *answer;

    w.call = answers[n].offer_call;
    w.from = answers[n].offer_from;
    w.to = answers[n].offer_to;
    back.call = answers[n].call;
    back.from = answers[n].from;
    back.to = answers[n].to;
    if (answers[n].same_direction)
        back.direction = WR_DIRECTION_EMITTED;
    a.m = answers[n].m;
    a.lines = answers[n].mid;
    a.more = answers[n].more_sections ? "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n" : NULL;
    offer = say(&c, w, &o);
    if (answers[n].withdrawn) {
        way_t rollback = up;
        rollback.kind = WR_KIND_ROLLBACK;
        say(&c, rollback, &o);
        g_assert_true(offer->withdrawn);
    }
    answer = say(&c, back, &a);
    g_assert_true(answer->partner == (answers[n].fits ? offer : NULL));
    g_assert_cmpuint(offer->n_answers, ==, answers[n].fits);
    g_assert_true((call_of(&c, answer) == call_of(&c, offer)) == answers[n].fits);
    call_end(&c);
}

/* Of several offers the newest that nobody answered; of those that were answered the newest (a fork). Requests of one
 * connection that came in one frame are answered in their order. */
static void test_which_offer(void)
{
    for (unsigned http = 0; http < 2; http++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        way_t w = up, back = down;
        wr_copy *offer[3];
        const unsigned order[3] = {http ? 0 : 2, 1, http ? 2 : 0};
        w.carrier = back.carrier = http ? WR_CARRIER_HTTP : WR_CARRIER_WEBSOCKET;
        for (unsigned i = 0; i < 3; i++) {
            static const char *const ids[] = {"4711000011", "4711000012", "4711000013"};
            static const char *const names[] = {"AAA1", "AAA2", "AAA3"};
            o.session_id = ids[i];
            o.ufrag = names[i];
            o.fingerprint = sha256_of(i);
            offer[i] = say(&c, w, &o);
            offer[i]->frame = offer[0]->frame;
        }
        for (unsigned i = 0; i < 4; i++) {
            static const char *const ids[] = {"4711000021", "4711000022", "4711000023", "4711000024"};
            a.session_id = ids[i];
            a.fingerprint = sha256_of(10 + i);
            g_test_message("answer %u", i);
            g_assert_true(say(&c, back, &a)->partner == offer[i < 3 ? order[i] : 2]);
        }
        call_end(&c);
    }
}

/* Offered over HTTP and answered over a WebSocket of the same page. */
static void test_answer_elsewhere(void)
{
    static const struct {
        const char *words;
        wr_carrier carrier;
        const char *client, *server; /* of the answer's leg */
        int64_t later_s;
        bool answered, fits;
    } rows[] = {
        {"WebSocket beside HTTP", WR_CARRIER_WEBSOCKET, NULL, NULL, 0, false, true},
        {"within a minute", WR_CARRIER_WEBSOCKET, NULL, NULL, 59, false, true},
        {"after a minute", WR_CARRIER_WEBSOCKET, NULL, NULL, 61, false, false},
        {"another host", WR_CARRIER_WEBSOCKET, BOB, NULL, 0, false, false},
        {"another server", WR_CARRIER_WEBSOCKET, NULL, "203.0.113.10", 0, false, false},
        {"one that was answered", WR_CARRIER_WEBSOCKET, NULL, NULL, 0, true, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        way_t w = up, back = down;
        wr_copy *offer, *answer;
        w.carrier = WR_CARRIER_HTTP;
        back.carrier = rows[i].carrier;
        back.connection = 3;
        back.client = rows[i].client;
        back.server = rows[i].server;
        offer = say(&c, w, &o);
        offer->n_answers = rows[i].answered;
        c.us += rows[i].later_s * S;
        answer = say(&c, back, &a);
        g_test_message("%s", rows[i].words);
        g_assert_true(answer->partner == (rows[i].fits ? offer : NULL));
        g_assert_true((wr_leg_root(answer->leg) == wr_leg_root(offer->leg)) == rows[i].fits);
        call_end(&c);
    }
}

/* ---- one call ---- */

/* What makes one call of two offers on legs of two clients. */
static const struct {
    const char *words;
    const char *session_id, *version, *ufrag, *pwd, *m, *call[2];
    bool same_leg, other_direction, hop;
    bool one;
} joined[] = {
    {"the same credentials", "99000001", "2", "AAAA", PWD_A, .one = true},
    {"another password", "99000001", "2", "AAAA", PWD_B, .one = false},
    {"the same origin", "4711000001", "2", "OTHR", PWD_B, .one = true},
    {"another version of it, elsewhere", "4711000001", "3", "OTHR", PWD_B, .one = false},
    {"another version of it, here", "4711000001", "3", "OTHR", PWD_B, .same_leg = true, .one = true},
    {"another version of it, the other way", "4711000001", "3", "OTHR", PWD_B, .same_leg = true,
     .other_direction = true, .one = false},
    {"another version of another call", "4711000001", "3", "OTHR", PWD_B, .same_leg = true, .call = {"c1", "c2"},
     .one = false},
    {"another author, here", "99000001", "3", "OTHR", PWD_B, .same_leg = true, .one = false},
    {"handed on in one call", "99000001", "2", "OTHR", PWD_B, .hop = true, .call = {"c1", "c1"}, .one = true},
    {"handed on in another call", "99000001", "2", "OTHR", PWD_B, .hop = true, .call = {"c1", "c2"}, .one = false},
    {"handed on, of no call", "99000001", "2", "OTHR", PWD_B, .hop = true, .one = false},
    {"handed on with other media", "99000001", "2", "OTHR", PWD_B, AUDIO, .hop = true, .call = {"c1", "c1"},
     .one = false},
    {"of one call, elsewhere", "99000001", "2", "OTHR", PWD_B, .call = {"c1", "c1"}, .one = false},
};

static void test_joined(gconstpointer data)
{
    const size_t n = GPOINTER_TO_SIZE(data);
    call_t c = call_begin(NULL);
    text_t o = offer_text(), other = offer_text();
    way_t w = up, second = up;
    wr_copy *a, *b;

    w.call = joined[n].call[0];
    second.call = joined[n].call[1];
    other.session_id = joined[n].session_id;
    other.version = joined[n].version;
    other.ufrag = joined[n].ufrag;
    other.pwd = joined[n].pwd;
    other.m = joined[n].m;
    other.fingerprint = sha256_of(0x44);
    other.candidate = NULL;
    if (!joined[n].same_leg) {
        second.connection = 2;
        second.client = joined[n].hop ? SERVER : BOB; /* the host that received the first sends the second */
        second.server = "203.0.113.77";
        second.direction = joined[n].hop ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
    } else if (joined[n].other_direction) {
        second.direction = WR_DIRECTION_DELIVERED;
    }
    a = say(&c, w, &o);
    b = say(&c, second, &other);
    g_assert_true((call_of(&c, a) == call_of(&c, b)) == joined[n].one);
    call_end(&c);
}

/* A party that goes on over another connection, from another address. */
static void test_moved(void)
{
    static const struct {
        const char *words, *call, *from, *session_id, *server;
        unsigned fingerprint;
        bool delivered, lone; /* lone: datagrams of both parties */
        bool one;
    } rows[] = {
        {"its next offer", "c1", "a", "4711000001", NULL, 0xAA, false, false, true},
        {"over datagrams", "c1", "a", "4711000001", NULL, 0xAA, false, true, true},
        {"of another call", "c2", "a", "4711000001", NULL, 0xAA, false, false, false},
        {"of no call", NULL, "a", "4711000001", NULL, 0xAA, false, false, false},
        {"of another party", "c1", "b", "4711000001", NULL, 0xAA, false, false, false},
        {"of another author", "c1", "a", "4711000009", NULL, 0xAA, false, false, false},
        {"to another server", "c1", "a", "4711000001", "203.0.113.77", 0xAA, false, false, false},
        {"with another fingerprint", "c1", "a", "4711000001", NULL, 0xA1, false, false, false},
        {"of a server that tells many the same", "c1", "a", "4711000001", NULL, 0xAA, true, false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        way_t w = up;
        wr_copy *a, *b;
        w.call = rows[i].call != NULL ? "c1" : NULL;
        w.from = "a";
        if (rows[i].delivered)
            w.direction = WR_DIRECTION_DELIVERED;
        if (rows[i].lone) {
            w.direction = WR_DIRECTION_UNKNOWN;
            w.connection = 0;
            w.carrier = WR_CARRIER_SIP;
        }
        a = say(&c, w, &o);
        o.version = "3";
        o.ufrag = "AAA2";
        o.pwd = PWD_B;
        o.session_id = rows[i].session_id;
        o.fingerprint = sha256_of(rows[i].fingerprint);
        w.connection = rows[i].lone ? 0 : 2;
        w.client = BOB;
        w.call = rows[i].call;
        w.from = rows[i].from;
        w.server = rows[i].server;
        w.later_ms = 90000;
        b = say(&c, w, &o);
        g_test_message("%s", rows[i].words);
        g_assert_true((call_of(&c, a) == call_of(&c, b)) == rows[i].one);
        call_end(&c);
    }
}

/* ---- what is a description of WebRTC at all ---- */

static void test_taken(void)
{
    static const struct {
        const char *m, *fingerprint, *ufrag, *call;
        wr_carrier carrier;
        wr_kind kind;
        bool answers, taken;
    } rows[] = {
        {"audio 9 RTP/AVP 0", NULL, NULL, NULL, WR_CARRIER_SIP, WR_KIND_OFFER, false, false},
        {"audio 9 RTP/SAVPF 0", NULL, NULL, NULL, WR_CARRIER_SIP, WR_KIND_OFFER, false, false},
        {"audio 9 RTP/SAVPF 0", NULL, "AAAA", NULL, WR_CARRIER_SIP, WR_KIND_OFFER, false, true},
        {"audio 9 RTP/AVP 0", "sha-256 00", NULL, NULL, WR_CARRIER_SIP, WR_KIND_OFFER, false, true},
        {"audio 9 UDP/TLS/RTP/SAVP 0", NULL, NULL, NULL, WR_CARRIER_SIP, WR_KIND_OFFER, false, true},
        {"audio 9 RTP/AVP 0", NULL, NULL, "c1", WR_CARRIER_SIP, WR_KIND_ANSWER, true, true},
        {"audio 9 RTP/AVP 0", NULL, NULL, "c2", WR_CARRIER_SIP, WR_KIND_ANSWER, true, false},
        {"audio 9 RTP/AVP 0", NULL, NULL, NULL, WR_CARRIER_SIP, WR_KIND_ANSWER, true, false},
        {"audio 9 RTP/AVP 0", NULL, NULL, "c1", WR_CARRIER_SIP, WR_KIND_OFFER, true, false},
        {"audio 9 RTP/AVP 0", NULL, NULL, "c1", WR_CARRIER_RTSP, WR_KIND_ANSWER, true, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), t = answer_text();
        way_t w = rows[i].kind == WR_KIND_OFFER ? up : down;
        if (rows[i].answers) { /* there is an offer of a WebRTC call */
            way_t first = up;
            first.carrier = rows[i].carrier;
            first.call = "c1";
            o.m = AUDIO;
            say(&c, first, &o);
        }
        w.carrier = rows[i].carrier;
        w.call = rows[i].call;
        t.m = rows[i].m;
        t.fingerprint = rows[i].fingerprint;
        t.ufrag = rows[i].ufrag;
        t.candidate = NULL;
        g_test_message("row %zu", i);
        g_assert_true((say(&c, w, &t) != NULL) == rows[i].taken);
        call_end(&c);
    }
}

/* Where its kind is not told, the DTLS role does. */
static void test_kinds(void)
{
    static const struct {
        wr_kind told;
        const char *setup;
        wr_kind kind;
    } rows[] = {{WR_KIND_UNKNOWN, "actpass", WR_KIND_OFFER},    {WR_KIND_UNKNOWN, "active", WR_KIND_ANSWER},
                {WR_KIND_UNKNOWN, "passive", WR_KIND_ANSWER},   {WR_KIND_UNKNOWN, NULL, WR_KIND_OFFER},
                {WR_KIND_OFFER, "active", WR_KIND_OFFER},       {WR_KIND_ANSWER, "actpass", WR_KIND_ANSWER},
                {WR_KIND_PRANSWER, "actpass", WR_KIND_PRANSWER}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t t = offer_text();
        way_t w = up;
        w.kind = rows[i].told;
        t.setup = rows[i].setup;
        g_test_message("row %zu", i);
        g_assert_cmpint(say(&c, w, &t)->kind, ==, rows[i].kind);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/descriptions/legs", test_legs);
    g_test_add_func("/descriptions/repeats", test_repeats);
    g_test_add_func("/descriptions/addresses", test_addresses);
    g_test_add_func("/descriptions/credentials", test_credentials);
    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        char *path = g_strdup_printf("/descriptions/trickled/%s", pieces[i].words);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_trickled);
        g_free(path);
    }
    g_test_add_func("/descriptions/newest_takes_it", test_newest_takes_it);
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        char *path = g_strdup_printf("/descriptions/answers/%s", answers[i].words);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_answers);
        g_free(path);
    }
    g_test_add_func("/descriptions/which_offer", test_which_offer);
    g_test_add_func("/descriptions/answer_elsewhere", test_answer_elsewhere);
    for (size_t i = 0; i < G_N_ELEMENTS(joined); i++) {
        char *path = g_strdup_printf("/descriptions/joined/%s", joined[i].words);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_joined);
        g_free(path);
    }
    g_test_add_func("/descriptions/moved", test_moved);
    g_test_add_func("/descriptions/taken", test_taken);
    g_test_add_func("/descriptions/kinds", test_kinds);
    return g_test_run();
}
