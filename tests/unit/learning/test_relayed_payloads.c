/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What relays carry, by its first bytes: each protocol's beginning is recognised, and with any field that makes it one
 * changed it is not. And whom STUN servers answer.
 */
#include "checks_build.h"
#include "learn.h"

#include "records/relay_path.h"
#include "records/store.h"

#define TURN at(SERVER, 3478)

/* What is found of one datagram that a relay carries to Bob; captured: of its length. */
static wr_relay_path carry(call_t *c, const uint8_t *bytes, size_t length, size_t captured)
{
    const wr_endpoint client = ALICES, server = TURN, peer = BOBS;
    wr_media_evidence m;
    const wr_relay_path *p;

    memset(&m, 0, sizeof m);
    m.at = next(c, 10, client, server);
    m.how.relayed = true;
    m.how.peer = peer;
    m.how.to_peer = true;
    m.bytes = bytes;
    m.length = length;
    m.captured = captured;
    wr_turn_allocation_get(c->e, &client, &server);
    wr_engine_add_relayed(c->e, &m);
    p = wr_relay_path_find(c->e, &client, &server, &peer);
    return p != NULL ? *p : (wr_relay_path){.packets = 0};
}

static const char *protocol_of(const uint8_t *bytes, size_t length, size_t captured)
{
    call_t c = call_begin(NULL);
    const wr_relay_path p = carry(&c, bytes, length, captured);

    g_assert_cmpuint(p.foreign_frame, ==, p.foreign != NULL ? c.frame : 0);
    call_end(&c);
    return p.foreign;
}

/* A protocol's beginning with one byte changed: is it still one? */
typedef struct {
    unsigned at;
    uint8_t value;
    bool still;
} altered_t;

typedef struct {
    const char *name;
    size_t length;
    uint8_t bytes[64];
    size_t least; /* bytes without which it is none */
    bool whole;   /* it is one only as the whole datagram */
    altered_t altered[32];
} protocol_t;

#define QUIC "a QUIC Initial"
#define TLS  "a TLS ClientHello"
#define SSH  "an SSH greeting"
#define SOCK "a SOCKS request"
#define DNS  "a DNS query"

static const protocol_t protocols[] = {
    {QUIC,
     40,
     {0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 4, 9, 9, 9, 9},
     32,
     false,
     {{0, 0x83, false},
      {0, 0x43, false},
      {0, 0xd3, false},
      {0, 0xe3, false},
      {0, 0xcf, true},
      {1, 1, false},
      {4, 2, false},
      {5, 20, true},
      {5, 21, false},
      {14, 20, true},
      {14, 21, false}}},
    {QUIC,
     40,
     {0xd3, 0x6b, 0x33, 0x43, 0xcf, 8, 1, 2, 3, 4, 5, 6, 7, 8, 4, 9, 9, 9, 9},
     32,
     false,
     {{0, 0xc3, false}, {0, 0xe3, false}, {4, 0xce, false}, {1, 0, false}}},
    {TLS,
     48,
     {22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3},
     11,
     false,
     {{0, 23, false},
      {1, 2, false},
      {2, 4, true},
      {2, 5, false},
      {4, 39, false},
      {3, 0x3f, true},
      {3, 0x40, false},
      {5, 3, false},
      {6, 1, false},
      {8, 197, false},
      {8, 100, true},
      {9, 2, false},
      {10, 4, true},
      {10, 5, false}}},
    {TLS, 48, {22, 3, 1, 0, 40, 1, 0, 0, 36, 3, 3}, 11, false, {{4, 39, false}, {8, 37, false}}},
    {SSH,
     20,
     {'S', 'S', 'H', '-', '2', '.', '0', '-', 'x'},
     8,
     false,
     {{0, 's', false}, {7, '1', false}, {4, '1', false}}},
    {SSH,
     20,
     {'S', 'S', 'H', '-', '1', '.', '9', '9', '-'},
     8,
     false,
     {{0, 's', false}, {7, '8', false}, {8, 'x', true}}},
    {SOCK,
     4,
     {5, 2, 0, 2},
     4,
     true,
     {{0, 6, false},
      {1, 1, false},
      {1, 3, false},
      {1, 0, false},
      {2, 9, true},
      {2, 10, false},
      {3, 0x80, true},
      {3, 0x81, false}}},
    {SOCK, 3, {5, 1, 0}, 3, true, {{1, 2, false}}},
    {SOCK, 10, {5, 8, 0, 1, 2, 3, 4, 5, 6, 7}, 10, true, {{1, 9, false}}},
    {SOCK,
     11,
     {4, 1, 0, 80, 10, 0, 0, 9, 'm', 'e', 0},
     11,
     true,
     {{0, 3, false}, {1, 2, true}, {1, 3, false}, {1, 0, false}, {3, 0, false}, {2, 1, true}, {10, 1, false}}},
    {SOCK, 9, {4, 1, 0, 80, 10, 0, 0, 9, 0}, 9, true, {{8, 1, false}}},
    {DNS,
     29,
     {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 'e', 'x', '-', 'm', '_', 'l', '9', 3, 'c', 'o', 'm', 0, 0, 1, 0, 1},
     29,
     true,
     {{0, 0x77, true},  {2, 0x81, false}, {2, 9, false},   {2, 0, true},     {3, 0x40, false}, {3, 1, false},
      {3, 0x20, true},  {5, 2, false},    {5, 0, false},   {7, 1, false},    {9, 1, false},    {11, 1, false},
      {11, 2, false},   {12, 8, false},   {12, 64, false}, {13, '.', false}, {13, 'Z', true},  {20, 63, false},
      {23, ' ', false}, {28, 2, false},   {26, 28, true},  {12, 0, false},   {24, 1, false}}},
    {DNS,
     34,
     {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 'a', 0, 0, 1, 0, 1, 0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4},
     34,
     true,
     {{11, 0, false}, {19, 1, false}, {21, 40, false}, {20, 1, false}, {29, 3, false}, {29, 5, false}, {33, 9, true}}},
    {DNS,
     30,
     {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 'a', 0, 0, 1, 0, 1, 0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 0},
     30,
     true,
     {{29, 1, false}}},
    {"a TLS ServerHello", 48, {22, 3, 3, 0, 80, 2, 0, 0, 76, 3, 3}, 11, false, {{5, 3, false}, {9, 2, false}}}};

static void test_protocol(gconstpointer data)
{
    const protocol_t *p = data;

    g_assert_cmpstr(protocol_of(p->bytes, p->length, p->length), ==, p->name);
    for (unsigned i = 0; i < G_N_ELEMENTS(p->altered) && (p->altered[i].at != 0 || p->altered[i].value != 0); i++) {
        uint8_t bytes[64];
        memcpy(bytes, p->bytes, sizeof bytes);
        bytes[p->altered[i].at] = p->altered[i].value;
        g_test_message("byte %u is %u", p->altered[i].at, p->altered[i].value);
        g_assert_cmpstr(protocol_of(bytes, p->length, p->length), ==, p->altered[i].still ? p->name : NULL);
    }
    for (size_t n = 3; n <= p->length; n++) { /* shorter ones, and cut ones */
        g_test_message("%zu bytes", n);
        g_assert_cmpstr(protocol_of(p->bytes, n, n), ==, n >= p->least ? p->name : NULL);
        g_assert_cmpstr(protocol_of(p->bytes, p->length, n), ==,
                        (p->whole ? n == p->length : n >= p->least) ? p->name : NULL);
    }
    if (p->whole) {
        uint8_t bytes[64];
        memcpy(bytes, p->bytes, sizeof bytes);
        bytes[p->length] = 1;
        g_test_message("a byte more");
        g_assert_null(protocol_of(bytes, p->length + 1, p->length + 1));
    }
}

/* A name without labels, one that goes beyond the end, and a long user's name. */
static void test_odd_ones(void)
{
    const uint8_t root[17] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};
    const uint8_t open[18] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 'a', 'b', 'c', 'd', 'e'};
    uint8_t user[301] = {4, 1, 0, 80, 10, 0, 0, 9};

    g_assert_null(protocol_of(root, sizeof root, sizeof root));
    g_assert_null(protocol_of(open, sizeof open, sizeof open));
    memset(user + 8, 'u', sizeof user - 8);
    user[298] = user[299] = user[300] = 0;
    g_assert_cmpstr(protocol_of(user, 299, 299), ==, SOCK);
    g_assert_null(protocol_of(user, 300, 300));
}

/* DTLS is no payload of a relay's path, media is counted, the first foreign one stays. */
static void test_counts(void)
{
    static const uint8_t dtls_12[13] = {22, 0xfe, 0xfd}, dtls_13[13] = {0x2f, 1}, highest[13] = {63, 1},
                         above[13] = {64, 1};
    static const uint8_t other[13] = {22, 3}, low[13] = {19, 0xfe}, media[13] = {128}, last[13] = {191},
                         beyond[13] = {192};
    static const struct {
        const uint8_t *bytes;
        size_t n;
        bool counts, media;
    } rows[] = {{dtls_12, 13, false, false}, {dtls_12, 12, true, false}, {dtls_13, 13, false, false},
                {highest, 13, false, false}, {above, 13, true, false},   {other, 13, true, false},
                {low, 13, true, false},      {media, 13, true, true},    {last, 13, true, true},
                {beyond, 13, true, false},   {other, 2, false, false},   {other, 3, true, false}};
    call_t c;
    wr_relay_path p;

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        c = call_begin(NULL);
        p = carry(&c, rows[i].bytes, rows[i].n, rows[i].n);
        g_test_message("row %zu", i);
        g_assert_cmpuint(p.packets, ==, rows[i].counts);
        g_assert_cmpuint(p.media, ==, rows[i].media);
        call_end(&c);
    }
    c = call_begin(NULL);
    carry(&c, media, 13, 13);
    carry(&c, protocols[4].bytes, 20, 20);
    carry(&c, protocols[2].bytes, 48, 48);
    p = carry(&c, media, 13, 13);
    g_assert_cmpuint(p.packets, ==, 4);
    g_assert_cmpuint(p.frame, ==, 1);
    g_assert_cmpstr(p.foreign, ==, SSH);
    g_assert_cmpuint(p.foreign_frame, ==, 2);
    call_end(&c);
}

/* ---- whom servers answer ---- */

static void binding(call_t *c, bool request, const char *host, const char *server)
{
    uint8_t bytes[200];
    wr_endpoint a = at(host, 4000), b = at(server, 3478);
    size_t n = stun_build(bytes, request ? "x:y" : NULL, 1, PWD_A, &a);

    if (request)
        stun_send(c, 10, a, b, bytes, n);
    else
        stun_send(c, 10, b, a, bytes, n);
}

static void test_answers(void)
{
    call_t c = call_begin(NULL);
    const wr_endpoint host = at(ALICE, 4000), server = at(SERVER, 3478);
    const wr_stun_host *h;

    binding(&c, false, ALICE, SERVER); /* it never asked */
    binding(&c, false, ALICE, SERVER);
    h = wr_stun_host_get(c.e, &host);
    g_assert_cmpuint(h->answers, ==, 2);
    g_assert_cmpuint(h->requests, ==, 0);
    g_assert_cmpuint(h->first_frame, ==, 1);
    g_assert_cmpuint(h->last_frame, ==, 2);
    g_assert_cmpint(h->last_us - h->first_us, ==, 10 * MS);
    g_assert_cmpuint(h->n_servers, ==, 1);
    g_assert_false(h->asked || c.e->relay_paths->requests);
    for (unsigned i = 1; i <= 5; i++) { /* four are named */
        char *name = g_strdup_printf("203.0.113.%u", 100 + i);
        binding(&c, false, ALICE, name);
        g_assert_cmpuint(h->n_servers, ==, MIN(i + 1, 4u));
        g_free(name);
    }
    binding(&c, true, ALICE, SERVER);
    g_assert_cmpuint(h->requests, ==, 1);
    g_assert_false(h->asked);
    g_assert_true(wr_stun_host_get(c.e, &server)->asked);
    g_assert_true(c.e->relay_paths->requests);
    call_end(&c);
}

/* What runs through a relay is no question to a server: a check, also one of libwebrtc's own kind, proves the path as
 * one of a call. Over connections, and without an answer, nobody is answered by a server. */
static void test_relayed_checks(void)
{
    enum { CHECK, PING, OTHER_METHOD, NOT_RELAYED, CONNECTION, INDICATION, CASES };

    for (int which = CHECK; which < CASES; which++) {
        call_t c = call_begin(NULL);
        const wr_endpoint peer = BOBS;
        const wr_relay_path *path;
        wr_stun_evidence s;

        memset(&s, 0, sizeof s);
        s.at = next(&c, 10, ALICES, TURN);
        s.how.relayed = which <= OTHER_METHOD;
        s.how.to_peer = true;
        s.how.peer = which <= OTHER_METHOD ? peer : wr_endpoint_none();
        s.how.transport = which == CONNECTION ? WR_TRANSPORT_TCP : WR_TRANSPORT_UDP;
        s.msg.method = which == PING ? WR_STUN_GOOG_PING : which == OTHER_METHOD ? WR_STUN_ALLOCATE : WR_STUN_BINDING;
        s.msg.message_class = which == INDICATION ? WR_STUN_INDICATION : WR_STUN_REQUEST;
        wr_turn_allocation_get(c.e, &s.at.src, &s.at.dst);
        wr_relayed_stun(c.e, &s);
        path = wr_relay_path_find(c.e, &s.at.src, &s.at.dst, &peer);
        g_test_message("case %d", which);
        g_assert_true((path != NULL && path->checked) == (which == CHECK || which == PING));
        g_assert_true((c.e->relay_paths != NULL && c.e->relay_paths->requests) == (which == NOT_RELAYED));
        call_end(&c);
    }
}

/* The first answer to a host that asked nobody, and was asked by nobody, can change what is found. */
static void test_answers_change(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool asks = (i & 1) != 0, is_asked = (i & 2) != 0;
        call_t c = call_begin(NULL);
        const wr_endpoint host = at(ALICE, 4000);
        wr_stun_evidence s;

        if (asks)
            binding(&c, true, ALICE, SERVER);
        if (is_asked)
            wr_stun_host_get(c.e, &host)->asked = true;
        memset(&s, 0, sizeof s);
        s.at = next(&c, 10, at(SERVER, 3478), host);
        s.msg.message_class = WR_STUN_SUCCESS;
        c.e->changed = false;
        wr_relayed_stun(c.e, &s);
        g_assert_true(c.e->changed == (i == 0));
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        char *where = g_strdup_printf("/relayed_payloads/%zu %s", i, protocols[i].name);
        g_test_add_data_func(where, &protocols[i], test_protocol);
        g_free(where);
    }
    g_test_add_func("/relayed_payloads/odd_ones", test_odd_ones);
    g_test_add_func("/relayed_payloads/counts", test_counts);
    g_test_add_func("/relayed_payloads/answers", test_answers);
    g_test_add_func("/relayed_payloads/relayed_checks", test_relayed_checks);
    g_test_add_func("/relayed_payloads/answers_change", test_answers_change);
    return g_test_run();
}
