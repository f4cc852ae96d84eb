/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions that come in parts or without words of their own: fragments and trickled pieces, what a party said when
 * it joined, whether a text that does not say so is one of WebRTC, an answer that was written as an offer, and the
 * bounds of what is kept (RFC 8840, RFC 9725, RFC 8842 5.3).
 */
#include "checks_build.h"

#include "records/call_limits.h"
#include "records/store.h"

#define PLAIN_TEXT                                                                                                     \
    "v=0\r\no=- 4711000002 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n"

typedef struct {
    wr_signalling_context context; /* carrier 0: a WebSocket; connection 0: the first; dialect NULL: the generic one */
    const char *text;
    const char *client; /* NULL: Alice */
    bool no_connection;
} told_t;

static wr_copy *tell(call_t *c, told_t t)
{
    const wr_endpoint client = at(t.client != NULL ? t.client : ALICE, 40001), server = at(SERVER, 443);
    const bool up = t.context.direction != WR_DIRECTION_DELIVERED;
    wr_description d;
    wr_copy *copy;

    memset(&d, 0, sizeof d);
    d.context = t.context;
    d.context.carrier = t.context.carrier != WR_CARRIER_OTHER ? t.context.carrier : WR_CARRIER_WEBSOCKET;
    d.context.connection = t.no_connection ? 0 : MAX(t.context.connection, 1);
    d.context.dialect = t.context.dialect != NULL ? t.context.dialect : "generic";
    d.at = next(c, 10, up ? client : server, up ? server : client);
    d.sdp = t.text != NULL ? wr_sdp_parse(t.text, strlen(t.text)) : NULL;
    copy = wr_engine_add_description(c->e, &d);
    if (d.sdp != NULL)
        wr_sdp_unref(d.sdp);
    return copy;
}

static wr_copy *tell_as(call_t *c, wr_direction direction, wr_kind kind, const char *text)
{
    return tell(c, (told_t){.context = {.direction = direction, .kind = kind}, .text = text});
}

static wr_copy *offer(call_t *c, const char *id, const char *ufrag)
{
    text_t t = offer_text();
    char *text;
    wr_copy *copy;

    t.session_id = id;
    t.ufrag = ufrag;
    t.candidate = NULL;
    text = text_of(&t);
    copy = tell_as(c, WR_DIRECTION_EMITTED, WR_KIND_OFFER, text);
    g_free(text);
    return copy;
}

static bool has_address(const wr_copy *c, const char *host, uint16_t port)
{
    const wr_endpoint wanted = at(host, port);

    for (unsigned i = 0; i < c->n_addresses; i++)
        if (wr_endpoint_equal(&c->addresses[i], &wanted))
            return true;
    return false;
}

static unsigned limits(const call_t *c)
{
    return wr_engine_limits_reached(c->e)->len;
}

/* ---- legs ---- */

/* Which end of a connection is the client may be told later; what was told first stays. */
static void test_ends_of_a_leg(void)
{
    enum { LATER, FIRST, TWICE, NEVER, CASES };

    for (int which = LATER; which < CASES; which++) {
        call_t c = call_begin(NULL);
        char *text;
        text_t t = offer_text();
        const wr_leg *leg;
        const wr_endpoint alice = at(ALICE, 40001), server = at(SERVER, 443);
        text = text_of(&t);
        leg = tell_as(&c, which == LATER || which == NEVER ? WR_DIRECTION_UNKNOWN : WR_DIRECTION_EMITTED, WR_KIND_OFFER,
                      text)
                  ->leg;
        g_assert_true(leg->two_ended == (which == LATER || which == NEVER));
        tell(&c, (told_t){.context = {.direction = which == FIRST || which == NEVER ? WR_DIRECTION_UNKNOWN
                                                                                    : WR_DIRECTION_DELIVERED,
                                      .kind = WR_KIND_ANSWER},
                          .text = text,
                          .client = which == TWICE ? BOB : NULL});
        g_test_message("case %d", which);
        g_assert_cmpuint(c.e->legs->len, ==, 1);
        g_assert_true(leg->two_ended == (which == NEVER));
        g_assert_true(wr_endpoint_equal(&leg->client, &alice) == (which != NEVER));
        g_assert_true(wr_endpoint_equal(&leg->server, &server) == (which != NEVER));
        g_free(text);
        call_end(&c);
    }
}

/* The first that names its program counts. */
static void test_program(void)
{
    call_t c = call_begin(NULL);
    const told_t t = {.context = {.direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_BYE}};
    static const char *const said[] = {NULL, "one", NULL, "two"};
    static const char *const known[] = {NULL, "one", "one", "one"};

    for (unsigned i = 0; i < G_N_ELEMENTS(said); i++) {
        told_t one = t;
        one.context.user_agent = said[i];
        g_assert_null(tell(&c, one));
        g_assert_cmpstr(((const wr_leg *)g_ptr_array_index(c.e->legs, 0))->user_agent, ==, known[i]);
    }
    call_end(&c);
}

/* The room and the name of who joined are those of what he says afterwards, where that names none. */
static void test_joined(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool delivered = i % 2 != 0, told = i / 2 != 0;
        call_t c = call_begin(NULL);
        text_t t = offer_text();
        char *text = text_of(&t);
        const wr_copy *copy;
        told_t join = {.context = {.kind = WR_KIND_JOIN, .call = "room", .from = "alice"}};
        told_t said = {.context = {.direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER}, .text = text};
        join.context.direction = delivered ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED;
        said.context.call = told ? "other" : NULL;
        g_assert_null(tell(&c, join));
        join.context.call = join.context.from = NULL; /* nothing new */
        g_assert_null(tell(&c, join));
        copy = tell(&c, said);
        g_assert_cmpstr(copy->call, ==, told ? "other" : "room");
        g_assert_cmpstr(copy->leg->party, ==, delivered ? NULL : "alice"); /* whom the server names is another */
        g_free(text);
        call_end(&c);
    }
}

/* ---- pieces ---- */

/* A fragment names the description by user name, wherever that stands in it. */
static void test_fragments(void)
{
    static const struct {
        const char *words, *ufrag, *text;
        int owner; /* of two descriptions, with AAA1 and AAA2; -1: none yet */
    } rows[] = {
        {"nothing", NULL, "a=candidate:1 1 udp 1 10.0.0.9 5009 typ host\r\n", 1},
        {"in front", NULL, "a=ice-ufrag:AAA1\r\na=candidate:1 1 udp 1 10.0.0.9 5009 typ host\r\n", 0},
        {"in a section", NULL,
         "a=group:BUNDLE 0\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=ice-ufrag:AAA1\r\n"
         "a=candidate:1 1 udp 1 10.0.0.9 5009 typ host\r\n",
         0},
        {"in the candidate", NULL, "a=candidate:1 1 udp 1 10.0.0.9 5009 typ host ufrag AAA1\r\n", 0},
        {"in the message", "AAA1", "a=candidate:1 1 udp 1 10.0.0.9 5009 typ host ufrag AAA2\r\n", 0},
        {"in front of another", NULL, "a=ice-ufrag:AAA1\r\na=candidate:1 1 udp 1 10.0.0.9 5009 typ host ufrag AAA2\r\n",
         0},
        {"of none", NULL, "a=ice-ufrag:AAA3\r\na=candidate:1 1 udp 1 10.0.0.9 5009 typ host\r\n", -1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_copy *const copies[] = {offer(&c, "4711000001", "AAA1"), offer(&c, "4711000002", "AAA2")};
        const wr_copy *owner = rows[i].owner < 0 ? NULL : copies[rows[i].owner];
        told_t t = {.context = {.direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_FRAGMENT}, .text = rows[i].text};
        t.context.ufrag = rows[i].ufrag;
        g_test_message("%s", rows[i].words);
        g_assert_true(tell(&c, t) == owner);
        for (unsigned k = 0; k < 2; k++)
            g_assert_true(has_address(copies[k], "10.0.0.9", 5009) == (copies[k] == owner));
        call_end(&c);
    }
}

/* A fragment that announces a fingerprint is a description; what it is, where nobody tells, is concluded. */
static void test_announcing_fragments(void)
{
    static const struct {
        const char *text;
        wr_kind kind;
        bool description, part;
    } rows[] = {
        {"a=ice-ufrag:AAA1\r\na=ice-pwd:" PWD_A "\r\na=fingerprint:%s\r\na=setup:actpass\r\n", WR_KIND_UNKNOWN, true,
         true},
        {"a=ice-ufrag:AAA1\r\na=ice-pwd:" PWD_A "\r\na=fingerprint:%s\r\na=setup:actpass\r\n", WR_KIND_OFFER, true,
         false},
        {"a=group:BUNDLE 0\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=ice-ufrag:AAA1\r\na=ice-pwd:" PWD_A
         "\r\na=fingerprint:%s\r\na=setup:active\r\n",
         WR_KIND_UNKNOWN, true, true},
        {"a=group:BUNDLE 0\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\nm=video 9 RTP/AVP 0\r\na=mid:1\r\na=fingerprint:%s\r\n",
         WR_KIND_UNKNOWN, true, true},
        {"a=ice-ufrag:AAA1\r\na=ice-pwd:" PWD_A "\r\na=mid:0\r\n", WR_KIND_UNKNOWN, false, false},
        {"a=group:BUNDLE 0\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=ice-ufrag:AAA1\r\n", WR_KIND_OFFER, false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        char **halves = g_strsplit(rows[i].text, "%s", 2);
        char *text = g_strjoinv(sha256_of(0xAA), halves);
        const wr_copy *copy;
        g_strfreev(halves);
        copy = tell_as(&c, WR_DIRECTION_EMITTED, rows[i].kind, text);
        g_test_message("row %zu", i);
        g_assert_true((copy != NULL) == rows[i].description);
        if (copy != NULL) {
            g_assert_true(copy->is_part == rows[i].part);
            g_assert_cmpint(copy->kind, ==, i == 2 ? WR_KIND_ANSWER : WR_KIND_OFFER);
            g_assert_cmpuint(copy->credentials.len, ==, i == 3 ? 0 : 1);
        }
        g_free(text);
        call_end(&c);
    }
}

/* WHIP: new credentials for the resource restart ICE (RFC 9725 4.3.2); elsewhere they are of another description. */
static void test_restart_by_fragment(void)
{
    static const char fragment[] = "a=ice-ufrag:NEW1\r\na=ice-pwd:" PWD_B "\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
                                   "a=candidate:1 1 udp 1 10.0.0.9 5009 typ host\r\n";

    for (unsigned i = 0; i < 4; i++) {
        const bool http = i % 2 != 0, lone = i / 2 != 0;
        call_t c = call_begin(NULL);
        text_t t = offer_text();
        char *text = text_of(&t);
        told_t first = {.context = {.direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER}, .text = text};
        told_t next_one = {.context = {.direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_FRAGMENT}, .text = fragment};
        wr_copy *copy = NULL;
        first.context.carrier = next_one.context.carrier = http ? WR_CARRIER_HTTP : WR_CARRIER_WEBSOCKET;
        if (!lone)
            copy = tell(&c, first);
        g_assert_true(tell(&c, next_one) == (http ? copy : NULL));
        if (!lone) {
            g_assert_cmpuint(copy->credentials.len, ==, http ? 2 : 1);
            g_assert_true(has_address(copy, "10.0.0.9", 5009) == http);
        }
        g_free(text);
        call_end(&c);
    }
}

static wr_copy *trickle(call_t *c, const char *ufrag, unsigned n)
{
    char *text = g_strdup_printf("candidate:7 1 udp 1 10.0.%u.%u 5777 typ %s", n / 256, n % 256,
                                 n % 2 != 0 ? "relay raddr 0.0.0.0 rport 9" : "host");
    told_t t = {.context = {.direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_CANDIDATE, .ufrag = ufrag},
                .text = text};
    wr_copy *copy = tell(c, t);

    g_free(text);
    return copy;
}

static bool has_trickled(const wr_copy *c, unsigned n)
{
    char *host = g_strdup_printf("10.0.%u.%u", n / 256, n % 256);
    const bool found = has_address(c, host, 5777);

    g_free(host);
    return found;
}

/* So many wait for their description; of more the oldest give way. Which are a relay's is remembered. */
static void test_many_wait(void)
{
    for (unsigned more = 0; more < 2; more++) {
        call_t c = call_begin(NULL);
        const wr_copy *copy;
        for (unsigned i = 1; i <= 64 + more; i++)
            g_assert_null(trickle(&c, "AAA1", i));
        copy = offer(&c, "4711000001", "AAA1");
        g_assert_cmpuint(copy->n_addresses, ==, 64);
        g_assert_true(has_trickled(copy, 1) == !more);
        for (unsigned i = 2; i <= 64 + more; i++) {
            const wr_endpoint address = copy->addresses[i - 1 - more];
            g_assert_true(has_trickled(copy, i));
            g_assert_true(wr_copy_announces_relay(copy, &address) == (i % 2 != 0));
        }
        call_end(&c);
    }
}

/* ---- bounds ---- */

static void test_many_addresses(void)
{
    call_t c = call_begin(NULL);
    const wr_copy *copy = offer(&c, "4711000001", "AAA1");

    for (unsigned i = 0; i < 2 * WR_MAX_ADDRESSES_PER_COPY; i++) {
        trickle(&c, "AAA1", 1 + i / 2); /* each twice: it is one */
        g_assert_cmpuint(copy->n_addresses, ==, 1 + i / 2);
    }
    g_assert_cmpuint(limits(&c), ==, 0);
    trickle(&c, "AAA1", 1 + WR_MAX_ADDRESSES_PER_COPY);
    g_assert_cmpuint(copy->n_addresses, ==, WR_MAX_ADDRESSES_PER_COPY);
    g_assert_cmpuint(limits(&c), ==, 1);
    call_end(&c);
}

/* No port, no address. */
static void test_no_port(void)
{
    call_t c = call_begin(NULL);
    const wr_copy *copy = offer(&c, "4711000001", "AAA1");

    tell_as(&c, WR_DIRECTION_EMITTED, WR_KIND_CANDIDATE, "candidate:7 1 udp 1 10.0.0.8 0 typ host");
    g_assert_cmpuint(copy->n_addresses, ==, 0);
    call_end(&c);
}

static void test_many_credentials(void)
{
    for (unsigned more = 0; more < 2; more++) {
        call_t c = call_begin(NULL);
        GString *sections = g_string_new("");
        text_t t = offer_text();
        char *text;
        for (unsigned i = 0; i + 1 < WR_MAX_CREDENTIALS_PER_COPY + more; i++)
            g_string_append_printf(
                sections, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:s%u\r\na=ice-ufrag:U%03u\r\na=ice-pwd:" PWD_A "\r\n",
                i, i);
        t.more = sections->str;
        text = text_of(&t);
        g_assert_cmpuint(tell_as(&c, WR_DIRECTION_EMITTED, WR_KIND_OFFER, text)->credentials.len, ==,
                         WR_MAX_CREDENTIALS_PER_COPY);
        g_assert_cmpuint(limits(&c), ==, more);
        g_free(text);
        g_string_free(sections, TRUE);
        call_end(&c);
    }
}

/* Behind so many newer descriptions of a leg the oldest is not looked for. */
static void test_long_leg(void)
{
    for (unsigned more = 0; more < 2; more++) {
        call_t c = call_begin(NULL);
        wr_copy *first = NULL;
        for (unsigned i = 0; i < WR_MAX_BUCKET + more; i++) {
            char *id = g_strdup_printf("4711000%03u", i), *ufrag = g_strdup_printf("U%03u", i);
            wr_copy *copy = offer(&c, id, ufrag);
            first = first == NULL ? copy : first;
            g_free(id);
            g_free(ufrag);
        }
        g_assert_true(trickle(&c, "U000", 1) == (more ? NULL : first));
        call_end(&c);
    }
}

/* A fingerprint that a description names several times stands for it once. */
static void test_fingerprint_index(void)
{
    call_t c = call_begin(NULL);
    text_t t = offer_text();
    char *lines =
        g_strdup_printf("a=fingerprint:%s\r\na=fingerprint:%s\r\na=fingerprint:%s\r\na=fingerprint:sha-256 00\r\n",
                        sha256_of(0xAA), sha256_of(0xAB), sha256_of(0xAB));
    wr_fingerprint f;

    t.lines = lines;
    say(&c, OFFERED, &t);
    t.ufrag = "AAA2";
    t.session_id = "4711000009";
    say(&c, OFFERED, &t);
    for (unsigned i = 0; i < 2; i++) {
        const char *text = sha256_of(0xAA + i);
        wr_fingerprint_parse(text, strlen(text), &f);
        g_assert_cmpuint(wr_index_find(c.e->by_fingerprint, wr_fingerprint_key(f.hash, f.value, f.length)).len, ==, 2);
    }
    g_assert_cmpuint(c.e->hashes, ==, 1u << f.hash);
    g_free(lines);
    call_end(&c);
}

/* ---- what is WebRTC ---- */

/* A text without any sign of it is one where a page exchanges it: as JSON, by WebSocket or HTTP, as offer or answer. */
static void test_pages(void)
{
    static const struct {
        wr_carrier carrier;
        const char *path;
        wr_kind kind;
        bool taken;
    } rows[] = {
        {WR_CARRIER_WEBSOCKET, "$.sdp", WR_KIND_OFFER, true},
        {WR_CARRIER_WEBSOCKET, "$.sdp", WR_KIND_ANSWER, true},
        {WR_CARRIER_WEBSOCKET, "$.sdp", WR_KIND_PRANSWER, true},
        {WR_CARRIER_WEBSOCKET, "$.sdp", WR_KIND_UNKNOWN, false},
        {WR_CARRIER_WEBSOCKET, NULL, WR_KIND_OFFER, false},
        {WR_CARRIER_HTTP, "$.sdp", WR_KIND_OFFER, true},
        {WR_CARRIER_HTTP, NULL, WR_KIND_OFFER, false},
        {WR_CARRIER_MQTT, "$.sdp", WR_KIND_OFFER, false},
        {WR_CARRIER_SIP, "$.sdp", WR_KIND_OFFER, false},
        {WR_CARRIER_TCP, NULL, WR_KIND_ANSWER, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        told_t t = {.context = {.direction = WR_DIRECTION_EMITTED,
                                .carrier = rows[i].carrier,
                                .path = rows[i].path,
                                .kind = rows[i].kind},
                    .text = PLAIN_TEXT};
        g_test_message("row %zu", i);
        g_assert_true((tell(&c, t) != NULL) == rows[i].taken);
        g_assert_cmpuint(c.e->legs->len, ==, rows[i].taken);
        call_end(&c);
    }
}

/* Or where it answers an offer of WebRTC, in an exchange of bodies; which offer that is, the call says, or the
 * connection where the request could not know the call. */
static void test_answers_in_clear(void)
{
    static const struct {
        const char *words;
        wr_carrier carrier;
        const char *dialect, *calls[2];
        unsigned connections[2]; /* 0: none */
        wr_direction direction;  /* of the answer */
        bool taken;
    } rows[] = {
        {"SIP", WR_CARRIER_SIP, "x", {"c", "c"}, {1, 1}, WR_DIRECTION_DELIVERED, true},
        {"SIP of another call", WR_CARRIER_SIP, "x", {"c", "d"}, {1, 1}, WR_DIRECTION_DELIVERED, false},
        {"SIP of no call", WR_CARRIER_SIP, "x", {NULL, NULL}, {1, 1}, WR_DIRECTION_DELIVERED, false},
        {"SIP by who offered", WR_CARRIER_SIP, "x", {"c", "c"}, {1, 1}, WR_DIRECTION_EMITTED, false},
        {"SIP over a WebSocket", WR_CARRIER_WEBSOCKET, "sip", {"c", "c"}, {1, 1}, WR_DIRECTION_DELIVERED, true},
        {"another protocol over one", WR_CARRIER_WEBSOCKET, "xmpp", {"c", "c"}, {1, 1}, WR_DIRECTION_DELIVERED, false},
        {"WHIP", WR_CARRIER_HTTP, "whip-whep", {"c", "c"}, {1, 1}, WR_DIRECTION_DELIVERED, true},
        {"WHIP over HTTP/2", WR_CARRIER_HTTP2, "whip-whep", {"c", "c"}, {1, 1}, WR_DIRECTION_DELIVERED, true},
        {"WHIP that names a resource", WR_CARRIER_HTTP, "whip-whep", {NULL, "c"}, {1, 1}, WR_DIRECTION_DELIVERED, true},
        {"WHIP on another connection",
         WR_CARRIER_HTTP,
         "whip-whep",
         {NULL, "c"},
         {1, 2},
         WR_DIRECTION_DELIVERED,
         false},
        {"WHIP on no connection", WR_CARRIER_HTTP, "whip-whep", {NULL, "c"}, {0, 0}, WR_DIRECTION_DELIVERED, false},
        {"another dialect of HTTP", WR_CARRIER_HTTP, "x", {"c", "c"}, {1, 1}, WR_DIRECTION_DELIVERED, false},
        {"a name of HTTP's elsewhere",
         WR_CARRIER_WEBSOCKET,
         "whip-whep",
         {"c", "c"},
         {1, 1},
         WR_DIRECTION_DELIVERED,
         false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t t = offer_text();
        char *text = text_of(&t);
        told_t first = {.context = {.direction = WR_DIRECTION_EMITTED,
                                    .kind = WR_KIND_OFFER,
                                    .carrier = rows[i].carrier,
                                    .dialect = rows[i].dialect,
                                    .call = rows[i].calls[0],
                                    .connection = rows[i].connections[0]},
                        .text = text,
                        .no_connection = rows[i].connections[0] == 0};
        told_t second = {.context = {.direction = rows[i].direction,
                                     .kind = WR_KIND_ANSWER,
                                     .carrier = rows[i].carrier,
                                     .dialect = rows[i].dialect,
                                     .call = rows[i].calls[1],
                                     .connection = rows[i].connections[1]},
                         .text = PLAIN_TEXT,
                         .no_connection = rows[i].connections[1] == 0};
        g_assert_nonnull(tell(&c, first));
        g_test_message("%s", rows[i].words);
        g_assert_true((tell(&c, second) != NULL) == rows[i].taken);
        g_free(text);
        call_end(&c);
    }
}

/* ---- answers that say offer ---- */

/* It is an answer where an offer of the other party waits for one, and the same again. */
static void test_open_answer(void)
{
    enum { WAITS, MEANT_AS_OFFER, NOBODY, HAS_ANSWER, AGAIN, CASES };

    for (int which = WAITS; which < CASES; which++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        char *text;
        told_t t = {.context = {.direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_OFFER, .call = "c"}};
        way_t w = OFFERED, back = ANSWERED;
        const wr_copy *copy;
        bool answer = which == WAITS || which == AGAIN;
        w.call = back.call = "c";
        if (which != NOBODY)
            say(&c, w, &o);
        if (which == HAS_ANSWER)
            say(&c, back, &a);
        a.session_id = "4711000077";
        a.setup = "actpass";
        text = text_of(&a);
        t.text = text;
        t.context.meant_as_answer = which != MEANT_AS_OFFER;
        copy = tell(&c, t);
        g_test_message("case %d", which);
        g_assert_cmpint(copy->kind, ==, answer ? WR_KIND_ANSWER : WR_KIND_OFFER);
        g_assert_false(copy->is_part);
        g_assert_true((copy->partner != NULL) == answer);
        if (which == AGAIN)
            g_assert_true(tell(&c, t) == copy && copy->n_repeats == 1);
        g_free(text);
        call_end(&c);
    }
}

/* Of the same party the latest offer that waits. */
static void test_taken_back(void)
{
    enum { PLAIN, HAS_ANSWER, TWICE, BY_THE_OTHER, OF_ANOTHER_CALL, CASES };

    for (int which = PLAIN; which < CASES; which++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        way_t w = OFFERED, back = ANSWERED;
        told_t t = {.context = {.direction = which == BY_THE_OTHER ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED,
                                .kind = WR_KIND_ROLLBACK,
                                .call = which == OF_ANOTHER_CALL ? "d" : "c"}};
        const wr_copy *first, *second;
        w.call = back.call = "c";
        first = say(&c, w, &o);
        o.session_id = "4711000009";
        second = say(&c, w, &o);
        if (which == HAS_ANSWER)
            say(&c, back, &a);
        tell(&c, t);
        if (which == TWICE)
            tell(&c, t);
        g_test_message("case %d", which);
        g_assert_true(second->withdrawn == (which == PLAIN || which == TWICE));
        g_assert_true(first->withdrawn == (which == TWICE || which == HAS_ANSWER));
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/description_parts/ends_of_a_leg", test_ends_of_a_leg);
    g_test_add_func("/description_parts/program", test_program);
    g_test_add_func("/description_parts/joined", test_joined);
    g_test_add_func("/description_parts/fragments", test_fragments);
    g_test_add_func("/description_parts/announcing_fragments", test_announcing_fragments);
    g_test_add_func("/description_parts/restart_by_fragment", test_restart_by_fragment);
    g_test_add_func("/description_parts/many_wait", test_many_wait);
    g_test_add_func("/description_parts/many_addresses", test_many_addresses);
    g_test_add_func("/description_parts/no_port", test_no_port);
    g_test_add_func("/description_parts/many_credentials", test_many_credentials);
    g_test_add_func("/description_parts/long_leg", test_long_leg);
    g_test_add_func("/description_parts/fingerprint_index", test_fingerprint_index);
    g_test_add_func("/description_parts/pages", test_pages);
    g_test_add_func("/description_parts/answers_in_clear", test_answers_in_clear);
    g_test_add_func("/description_parts/open_answer", test_open_answer);
    g_test_add_func("/description_parts/taken_back", test_taken_back);
    return g_test_run();
}
