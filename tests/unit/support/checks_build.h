/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds small calls for tests of single checks: descriptions, connectivity checks with true MESSAGE-INTEGRITY
 * (RFC 8489 14.5), handshakes and media, one record at a time, and asks for findings.
 */
#ifndef CHECKS_BUILD_H
#define CHECKS_BUILD_H

#include "evaluation/engine.h"
#include "remarks/remarks.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdarg.h>
#include <string.h>

#define MS INT64_C(1000)
#define S  (1000 * MS)

#define ALICE  "10.0.0.1"
#define BOB    "192.0.2.2"
#define SERVER "203.0.113.9"

#define PWD_A "alicealicealicealice22"
#define PWD_B "bobbobbobbobbobbobbo22"

typedef struct {
    wr_engine *e;
    uint32_t frame;
    int64_t us;
} call_t;

static inline call_t call_begin(const wr_options *options)
{
    call_t c = {wr_engine_new(options), 0, INT64_C(1700000000) * S};

    wr_engine_add_frame(c.e, 1, c.us);
    return c;
}

static inline void call_end(call_t *c)
{
    wr_engine_free(c->e);
}

static inline wr_endpoint at(const char *host, uint16_t port)
{
    wr_endpoint e;

    g_assert_true(wr_endpoint_from_text(host, port, &e));
    return e;
}

/* The next frame, that many ms after the last. */
static inline wr_place next(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst)
{
    wr_place p;

    memset(&p, 0, sizeof p);
    c->frame++;
    c->us += ms * MS;
    p.frame = c->frame;
    p.time_us = c->us;
    p.src = src;
    p.dst = dst;
    wr_engine_add_frame(c->e, p.frame, p.time_us);
    return p;
}

/* ---- descriptions ---- */

/* A digest of 32 bytes that are all the same. */
static inline const char *sha256_of(unsigned byte)
{
    static char text[4][160];
    static unsigned turn;
    char *t = text[turn++ % 4];

    g_strlcpy(t, "sha-256 ", 160);
    for (int i = 0; i < 32; i++)
        g_snprintf(t + strlen(t), 8, "%s%02X", i > 0 ? ":" : "", byte);
    return t;
}

typedef struct {
    const char *session_id, *version; /* of o= */
    const char *ufrag, *pwd;
    const char *fingerprint;   /* "sha-256 AA:…"; NULL for none */
    const char *setup;         /* NULL for none */
    const char *session_lines; /* "a=…\r\n" before the first section */
    const char *m;             /* m= line without "m="; NULL: data channel */
    const char *lines;         /* in the section */
    const char *candidate;     /* host address with port, NULL for none */
    const char *more;          /* further sections */
} text_t;

#define DATA  "application 9 UDP/DTLS/SCTP webrtc-datachannel"
#define AUDIO "audio 9 UDP/TLS/RTP/SAVPF 111"

static inline char *text_of(const text_t *t)
{
    GString *s = g_string_new("v=0\r\n");

    g_string_append_printf(s, "o=- %s %s IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n%s", t->session_id,
                           t->version != NULL ? t->version : "2", t->session_lines != NULL ? t->session_lines : "");
    g_string_append_printf(s, "m=%s\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n", t->m != NULL ? t->m : DATA);
    if (t->ufrag != NULL)
        g_string_append_printf(s, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", t->ufrag, t->pwd);
    if (t->fingerprint != NULL)
        g_string_append_printf(s, "a=fingerprint:%s\r\n", t->fingerprint);
    if (t->setup != NULL)
        g_string_append_printf(s, "a=setup:%s\r\n", t->setup);
    if (t->candidate != NULL)
        g_string_append_printf(s, "a=candidate:1 1 udp 2122260223 %s typ host\r\n", t->candidate);
    g_string_append(s, t->lines != NULL ? t->lines : "");
    g_string_append(s, t->more != NULL ? t->more : "");
    return g_string_free(s, FALSE);
}

static inline text_t offer_text(void)
{
    return (text_t){.session_id = "4711000001",
                    .ufrag = "AAAA",
                    .pwd = PWD_A,
                    .fingerprint = sha256_of(0xAA),
                    .setup = "actpass",
                    .candidate = ALICE " 5000"};
}

static inline text_t answer_text(void)
{
    return (text_t){.session_id = "4711000002",
                    .ufrag = "BBBB",
                    .pwd = PWD_B,
                    .fingerprint = sha256_of(0xBB),
                    .setup = "active",
                    .candidate = BOB " 6000"};
}

typedef struct {
    const char *client; /* host; its port is 40000 + connection */
    uint32_t connection;
    wr_direction direction;
    wr_kind kind;
    wr_carrier carrier;
    bool covered; /* protected transport */
    const char *dialect, *from, *to, *call, *server;
    int64_t later_ms; /* 0: 10 */
    uint32_t heard;   /* of HTTP/1: how far the server had answered */
    bool cut, meant_as_answer;
    uint16_t point; /* vantage point */
} way_t;

static inline wr_copy *say(call_t *c, way_t w, const text_t *t)
{
    wr_endpoint client = at(w.client != NULL ? w.client : ALICE, (uint16_t)(40000 + w.connection));
    wr_endpoint server = at(w.server != NULL ? w.server : SERVER, 443);
    bool up = w.direction != WR_DIRECTION_DELIVERED;
    wr_description d;
    wr_copy *copy;
    char *text = text_of(t);

    memset(&d, 0, sizeof d);
    d.at = next(c, w.later_ms != 0 ? w.later_ms : 10, up ? client : server, up ? server : client);
    d.at.point = w.point;
    d.context.kind = w.kind;
    d.context.carrier = w.carrier != WR_CARRIER_OTHER ? w.carrier : WR_CARRIER_WEBSOCKET;
    d.context.direction = w.direction;
    d.context.connection = w.connection;
    d.context.protected_transport = w.covered;
    d.context.dialect = w.dialect != NULL ? w.dialect : "generic";
    d.context.from = w.from;
    d.context.to = w.to;
    d.context.call = w.call;
    d.context.heard = w.heard;
    d.context.meant_as_answer = w.meant_as_answer;
    d.sdp = wr_sdp_parse(text, strlen(text));
    d.sdp->truncated = w.cut;
    copy = wr_engine_add_description(c->e, &d);
    wr_sdp_unref(d.sdp);
    g_free(text);
    return copy;
}

#define OFFERED                                                                                                        \
    (way_t)                                                                                                            \
    {                                                                                                                  \
        .connection = 1, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER, .covered = true                     \
    }
#define ANSWERED                                                                                                       \
    (way_t)                                                                                                            \
    {                                                                                                                  \
        .connection = 1, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_ANSWER, .covered = true                  \
    }

/* An ordinary call as its caller's leg shows it. */
static inline void agree(call_t *c)
{
    text_t o = offer_text(), a = answer_text();

    say(c, OFFERED, &o);
    say(c, ANSWERED, &a);
}

/* On two legs, as its author issued it and as the other was told; under other ICE credentials, where names are given.
 */
static inline void tell_both(call_t *c, bool offer, const char *issued, const char *delivered, const char *other_names)
{
    text_t first = offer ? offer_text() : answer_text(), second = first;
    const wr_kind kind = offer ? WR_KIND_OFFER : WR_KIND_ANSWER;
    const way_t up = {.client = offer ? ALICE : BOB,
                      .connection = offer ? 1 : 2,
                      .direction = WR_DIRECTION_EMITTED,
                      .kind = kind,
                      .covered = true};
    const way_t down = {.client = offer ? BOB : ALICE,
                        .connection = offer ? 2 : 1,
                        .direction = WR_DIRECTION_DELIVERED,
                        .kind = kind,
                        .covered = true};

    first.fingerprint = issued;
    second.fingerprint = delivered;
    if (other_names != NULL) {
        second.ufrag = other_names;
        second.pwd = "passwordsofsomebodyelse";
    }
    say(c, up, &first);
    say(c, down, &second);
}

/* ---- signalling in clear, WHIP, and remarks ---- */

#define CLEAR_OFFER                                                                                                    \
    (way_t)                                                                                                            \
    {                                                                                                                  \
        .connection = 1, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER                                      \
    }
#define CLEAR_ANSWER                                                                                                   \
    (way_t)                                                                                                            \
    {                                                                                                                  \
        .connection = 1, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_ANSWER                                   \
    }
#define WHIP_OFFER                                                                                                     \
    (way_t)                                                                                                            \
    {                                                                                                                  \
        .connection = 1, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER, .carrier = WR_CARRIER_HTTP,         \
        .dialect = "whip-whep"                                                                                         \
    }
#define WHIP_ANSWER                                                                                                    \
    (way_t)                                                                                                            \
    {                                                                                                                  \
        .connection = 1, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_ANSWER, .carrier = WR_CARRIER_HTTP,      \
        .dialect = "whip-whep"                                                                                         \
    }

/* A remark between the client of connection 1 and the server. */
static inline void remark(call_t *c, bool covered, wr_remark *r)
{
    r->client = at(ALICE, 40001);
    r->server = at(SERVER, 443);
    r->at = next(c, 1, r->client, r->server);
    r->connection = 1;
    r->protected_transport = covered;
    wr_engine_add_remark(c->e, r);
    wr_remark_free(r);
}

static inline void head(call_t *c, bool covered, const char *text)
{
    wr_remark *r = wr_remark_from_head(text, strlen(text));

    g_assert_nonnull(r);
    remark(c, covered, r);
}

static inline void page(call_t *c, const char *host, const char *fields)
{
    char *text = g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n", fields);
    wr_remark *r = wr_remark_from_head(text, strlen(text));

    g_assert_nonnull(r);
    r->host = g_strdup(host);
    remark(c, true, r);
    g_free(text);
}

/* ---- connectivity checks ---- */

static inline void put16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

/* Binding request ("remote:local") or, with user NULL, success response; txid is 12 times number. */
static inline size_t stun_build(uint8_t out[200], const char *user, unsigned number, const char *pwd,
                                const wr_endpoint *mapped)
{
    size_t n = 20;
    unsigned mac = 20;

    memset(out, 0, 200);
    put16(out, user != NULL ? 0x0001 : 0x0101);
    put16(out + 4, 0x2112);
    put16(out + 6, 0xA442);
    memset(out + 8, (int)number, 12);
    out[8] = (uint8_t)(number >> 8);
    if (user != NULL) {
        put16(out + n, 0x0006);
        put16(out + n + 2, (unsigned)strlen(user));
        memcpy(out + n + 4, user, strlen(user));
        n += 4 + (strlen(user) + 3) / 4 * 4;
        put16(out + n, 0x0024); /* PRIORITY */
        put16(out + n + 2, 4);
        n += 8;
    } else if (mapped != NULL) {
        put16(out + n, 0x0020);
        put16(out + n + 2, 8);
        out[n + 5] = 1;
        put16(out + n + 6, mapped->port ^ 0x2112u);
        for (int i = 0; i < 4; i++)
            out[n + 8 + (size_t)i] = mapped->addr[i] ^ (uint8_t)(0x2112A442u >> (24 - 8 * i));
        n += 12;
    }
    put16(out + 2, (unsigned)(n + 24 - 20));
    HMAC(EVP_sha1(), pwd, (int)strlen(pwd), out, n, out + n + 4, &mac);
    put16(out + n, 0x0008);
    put16(out + n + 2, 20);
    return n + 24;
}

static inline wr_flow *stun_send(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, const uint8_t *bytes,
                                 size_t n)
{
    wr_stun_evidence s;

    memset(&s, 0, sizeof s);
    s.at = next(c, ms, src, dst);
    s.how.peer = wr_endpoint_none();
    g_assert_true(wr_stun_parse(bytes, n, &s.msg));
    return wr_engine_add_stun(c->e, &s);
}

static inline void ask(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, const char *user, const char *pwd,
                       unsigned number)
{
    uint8_t bytes[200];
    size_t n = stun_build(bytes, user, number, pwd, NULL);

    stun_send(c, ms, src, dst, bytes, n);
}

static inline void reply(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, const char *pwd, unsigned number,
                         const wr_endpoint *mapped)
{
    uint8_t bytes[200];
    size_t n = stun_build(bytes, NULL, number, pwd, mapped != NULL ? mapped : &dst);

    stun_send(c, ms, src, dst, bytes, n);
}

#define ALICES at(ALICE, 5000)
#define BOBS   at(BOB, 6000)

/* Both directions checked and answered: grade B0. */
static inline void connect_ends(call_t *c)
{
    ask(c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
    reply(c, 5, BOBS, ALICES, PWD_B, 1, NULL);
    ask(c, 5, BOBS, ALICES, "AAAA:BBBB", PWD_A, 2);
    reply(c, 5, ALICES, BOBS, PWD_A, 2, NULL);
}

/* ---- handshakes and media ---- */

static inline wr_association *dtls(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, wr_dtls_kind kind,
                                   unsigned mark)
{
    wr_dtls_event v;
    wr_dtls_evidence d;

    memset(&v, 0, sizeof v);
    memset(&d, 0, sizeof d);
    v.kind = kind;
    v.record_version = 0xfefd;
    v.hello_version = v.negotiated = 0xfefd;
    memset(v.random, (int)mark, sizeof v.random);
    v.has_use_srtp = true;
    v.n_suites = 1;
    v.suites[0] = 0xc02b;
    v.record_length = 100;
    d.at = next(c, ms, src, dst);
    d.how.peer = wr_endpoint_none();
    d.event = &v;
    return wr_engine_add_dtls(c->e, &d);
}

/* The hellos of a handshake by Bob, the active side. */
static inline wr_association *hellos(call_t *c, unsigned mark)
{
    dtls(c, 5, BOBS, ALICES, WR_DTLS_CLIENT_HELLO, mark);
    return dtls(c, 5, ALICES, BOBS, WR_DTLS_SERVER_HELLO, mark + 1);
}

static inline void media(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst)
{
    uint8_t rtp[60] = {0x80, 111, 0, (uint8_t)c->frame};
    wr_media_evidence m;

    memset(&m, 0, sizeof m);
    m.at = next(c, ms, src, dst);
    m.how.peer = wr_endpoint_none();
    m.bytes = rtp;
    m.captured = m.length = sizeof rtp;
    wr_engine_add_media(c->e, &m);
}

/* ---- findings ---- */

/* How many findings of this check have this severity; any severity with -1. */
static inline unsigned found(call_t *c, const char *check, int severity)
{
    const GPtrArray *all;
    unsigned n = 0;

    wr_engine_evaluate(c->e);
    all = wr_engine_findings(c->e);
    for (unsigned i = 0; i < all->len; i++) {
        const wr_finding *f = g_ptr_array_index(all, i);
        n += strcmp(f->check, check) == 0 && (severity < 0 || (int)f->severity == severity);
    }
    return n;
}

static inline const wr_finding *the_finding(call_t *c, const char *check)
{
    const GPtrArray *all;

    wr_engine_evaluate(c->e);
    all = wr_engine_findings(c->e);
    for (unsigned i = 0; i < all->len; i++)
        if (strcmp(((wr_finding *)g_ptr_array_index(all, i))->check, check) == 0)
            return g_ptr_array_index(all, i);
    return NULL;
}

#endif
