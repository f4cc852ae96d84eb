/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the laws of evidence on the engine alone (docs/verdicts.md): to a call whose truth is known come datagrams,
 * records and bodies of somebody who holds no secret, anywhere in it. No clean call may be accused, no guilty one
 * absolved, and what was proven must not move. The handshake is a real one (recorded_handshakes.h), the checks have
 * true MESSAGE-INTEGRITY.
 */
#include "laws.h"

#include "dtls/dtls.h"
#include "evaluation/engine.h"
#include "recorded_handshakes.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_ADDED  12
#define MAX_CLEAR  3 /* media in clear: a handful is nobody's, more may be a party's */
#define MEDIA      40
#define MS         INT64_C(1000)
#define DIGESTS    5
#define PWD_A      "alicealicealicealice22"
#define PWD_B      "bobbobbobbobbobbobbo22"
#define N_RECORDED G_N_ELEMENTS(ecdsa_handshake)
#define N_FOREIGN  (G_N_ELEMENTS(rsa_handshake) - 2) /* without its end: what is complete is more than bare */

typedef enum { CLEAN_LEG = 0, CLEAN_CROSS, GUILTY_LEG, GUILTY_CROSS, TRUTHS } truth;

static const char *const truth_words[TRUTHS] = {"a clean call, one leg", "a clean call, both legs",
                                                "a certificate that was not announced",
                                                "an answer replaced on the way"};

/* Steps of a call, in order; additions come before one of them. */
enum {
    OFFER_EMITTED = 0,
    OFFER_DELIVERED,
    ANSWER_EMITTED,
    ANSWER_DELIVERED,
    CHECKS,
    HANDSHAKE = CHECKS + 4,
    STREAM = HANDSHAKE + N_RECORDED,
    STEPS = STREAM + MEDIA
};

typedef struct {
    uint8_t step, what, a, b, c;
    const uint8_t *bytes; /* raw ones, for what takes them */
    size_t n;
} added;

typedef struct {
    wr_engine *e;
    wr_dtls_reader *reader;
    wr_place now;
    truth kind;
    uint32_t offer_frame, answer_frame;
    unsigned clear;
    GPtrArray *events;
} run;

/* ---- who and what ---- */

enum { ALICE = 0, BOB, SERVER, STRANGER, OTHER, HOSTS };

static wr_endpoint host(unsigned who, uint16_t port)
{
    static const uint8_t addresses[HOSTS][4] = {
        {10, 0, 0, 1}, {192, 0, 2, 2}, {203, 0, 113, 9}, {198, 51, 100, 3}, {198, 51, 100, 4}};

    return wr_endpoint_from_bytes(addresses[who % HOSTS], 4, port);
}

#define ALICES host(ALICE, 5000)
#define BOBS   host(BOB, 6000)

/* Texts of a=fingerprint: client and server of the recorded handshake, those of the other one, and one of nobody. */
static char digests[DIGESTS][WR_DIGEST_TEXT];

static void digest_leaf(const recorded *seen, size_t n, bool up, char text[WR_DIGEST_TEXT])
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GPtrArray *events = g_ptr_array_new_with_free_func((GDestroyNotify)wr_dtls_event_free);
    wr_endpoint a = ALICES, b = BOBS;

    for (size_t i = 0; i < n; i++)
        if (seen[i].up == up)
            wr_dtls_read_datagram(r, &a, &b, 0, seen[i].bytes, seen[i].length, false, events);
    for (unsigned i = 0; i < events->len; i++) {
        const wr_dtls_event *v = g_ptr_array_index(events, i);
        if (v->kind == WR_DTLS_CERTIFICATE && v->leaf != NULL)
            wr_digest_format(v->leaf->sha256, 32, text);
    }
    g_ptr_array_unref(events);
    wr_dtls_reader_free(r);
}

static void prepare(void)
{
    const uint8_t nobody[32] = {1, 2, 3};

    if (digests[0][0] != '\0')
        return;
    digest_leaf(ecdsa_handshake, N_RECORDED, true, digests[0]);
    digest_leaf(ecdsa_handshake, N_RECORDED, false, digests[1]);
    digest_leaf(rsa_handshake, G_N_ELEMENTS(rsa_handshake), true, digests[2]);
    digest_leaf(rsa_handshake, G_N_ELEMENTS(rsa_handshake), false, digests[3]);
    wr_digest_format(nobody, 32, digests[4]);
}

/* ---- evidence ---- */

static void move_on(run *r, int64_t us, wr_endpoint src, wr_endpoint dst)
{
    r->now.frame++;
    r->now.time_us += us;
    r->now.src = src;
    r->now.dst = dst;
    wr_engine_add_frame(r->e, r->now.frame, r->now.time_us);
}

/* As plugins/audit takes a datagram up. */
static void datagram(run *r, const uint8_t *bytes, size_t n)
{
    wr_stun_evidence s = {.at = r->now};
    wr_media_evidence m = {.at = r->now, .bytes = bytes, .captured = n, .length = n};

    if (n == 0)
        return;
    if (bytes[0] < 4 && wr_stun_parse(bytes, n, &s.msg)) {
        wr_engine_add_stun(r->e, &s);
        return;
    }
    if (wr_dtls_looks_like(bytes, n, true)) {
        wr_dtls_read_datagram(r->reader, &r->now.src, &r->now.dst, 0, bytes, n, false, r->events);
        for (unsigned i = 0; i < r->events->len; i++) {
            wr_dtls_evidence d = {.at = r->now, .event = g_ptr_array_index(r->events, i)};
            if (d.event->kind != WR_DTLS_FRAGMENT)
                wr_engine_add_dtls(r->e, &d);
        }
        g_ptr_array_set_size(r->events, 0);
        return;
    }
    if (bytes[0] >= 128 && bytes[0] <= 191)
        wr_engine_add_media(r->e, &m);
    else
        wr_engine_add_other(r->e, &m);
}

typedef struct {
    bool offer;
    const char *ufrag, *password, *digest;
    wr_direction direction;
    uint32_t connection;
    wr_carrier carrier;
} said;

static void say(run *r, const said *s)
{
    wr_description d = {.at = r->now};
    GString *t = g_string_new(NULL);

    g_string_printf(
        t, "v=0\r\no=- %s 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n",
        s->offer ? "4711000001" : "4711000002");
    if (s->ufrag != NULL)
        g_string_append_printf(t, "a=ice-ufrag:%s\r\n", s->ufrag);
    if (s->password != NULL)
        g_string_append_printf(t, "a=ice-pwd:%s\r\n", s->password);
    if (s->digest != NULL)
        g_string_append_printf(t, "a=fingerprint:sha-256 %s\r\n", s->digest);
    g_string_append_printf(t, "a=setup:%s\r\na=candidate:1 1 udp 2122260223 %s typ host\r\n",
                           s->offer ? "actpass" : "active", s->offer ? "10.0.0.1 5000" : "192.0.2.2 6000");
    d.context.kind = s->offer ? WR_KIND_OFFER : WR_KIND_ANSWER;
    d.context.carrier = s->carrier;
    d.context.direction = s->direction;
    d.context.connection = s->connection;
    d.context.protected_transport = true;
    d.context.dialect = "generic";
    d.context.path = "$.sdp";
    d.sdp = wr_sdp_parse(t->str, t->len);
    wr_engine_add_description(r->e, &d);
    wr_sdp_unref(d.sdp);
    g_string_free(t, TRUE);
}

static void attribute(uint8_t *m, size_t *at, unsigned type, const void *value, size_t n)
{
    m[(*at)++] = (uint8_t)(type >> 8);
    m[(*at)++] = (uint8_t)type;
    m[(*at)++] = (uint8_t)(n >> 8);
    m[(*at)++] = (uint8_t)n;
    memcpy(m + *at, value, n);
    *at += (n + 3) & ~(size_t)3;
    m[3] = (uint8_t)(*at - 20);
}

/* A Binding request, or with user NULL its answer to where it came from; without integrity where no password is given.
 */
static void check(run *r, const char *user, unsigned number, const char *password, bool nominate)
{
    uint8_t m[256] = {user != NULL ? 0 : 1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, mac[EVP_MAX_MD_SIZE], mapped[8] = {0, 1};
    unsigned length;
    size_t at = 20;

    memset(m + 8, (int)number, 12);
    m[8] = (uint8_t)(number >> 8);
    if (user != NULL) {
        attribute(m, &at, 0x0006, user, strlen(user));
        attribute(m, &at, 0x0024, "\x6e\0\0\1", 4);
    } else {
        mapped[2] = (uint8_t)(r->now.dst.port >> 8) ^ 0x21;
        mapped[3] = (uint8_t)r->now.dst.port ^ 0x12;
        for (unsigned i = 0; i < 4; i++)
            mapped[4 + i] = r->now.dst.addr[i] ^ m[4 + i];
        attribute(m, &at, 0x0020, mapped, sizeof mapped);
    }
    if (nominate)
        attribute(m, &at, 0x0025, "", 0);
    if (password != NULL) {
        m[3] = (uint8_t)(at + 24 - 20);
        HMAC(EVP_sha1(), password, (int)strlen(password), m, at, mac, &length);
        attribute(m, &at, 0x0008, mac, 20);
    }
    datagram(r, m, at);
}

static void rtp(run *r, uint16_t sequence, uint32_t ssrc, uint8_t type, bool clear)
{
    uint8_t b[120] = {0x80, type, (uint8_t)(sequence >> 8), (uint8_t)sequence,
                      0,    0,    (uint8_t)(sequence >> 3), (uint8_t)(sequence << 5)};
    uint32_t x = sequence * 2654435761u + ssrc;

    for (unsigned i = 0; i < 4; i++)
        b[8 + i] = (uint8_t)(ssrc >> (24 - 8 * i));
    for (size_t i = 12; i < sizeof b; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        b[i] = clear ? 0xd5 : (uint8_t)(x >> 9);
    }
    datagram(r, b, sizeof b);
}

/* ---- the call ---- */

static void describe(run *r, unsigned step)
{
    const bool cross = r->kind == CLEAN_CROSS || r->kind == GUILTY_CROSS;
    const bool offer = step <= OFFER_DELIVERED, first = step == OFFER_EMITTED || step == ANSWER_DELIVERED;
    said s = {.offer = offer,
              .ufrag = offer ? "AAAA" : "BBBB",
              .password = offer ? PWD_A : PWD_B,
              .digest = offer ? digests[1] : digests[0], /* the recorded server is Alice */
              .direction =
                  step == OFFER_EMITTED || step == ANSWER_EMITTED ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
              .connection = first ? 1 : 2,
              .carrier = WR_CARRIER_WEBSOCKET};
    wr_endpoint client = host(first ? ALICE : BOB, first ? 40001 : 40002), server = host(SERVER, 443);

    if (!first && !cross)
        return;
    if ((r->kind == GUILTY_LEG && step == ANSWER_DELIVERED) || (r->kind == GUILTY_CROSS && step == ANSWER_EMITTED))
        s.digest = digests[2];
    move_on(r, 20 * MS, s.direction == WR_DIRECTION_EMITTED ? client : server,
            s.direction == WR_DIRECTION_EMITTED ? server : client);
    if (step == OFFER_EMITTED)
        r->offer_frame = r->now.frame;
    if (step == ANSWER_DELIVERED)
        r->answer_frame = r->now.frame;
    say(r, &s);
}

static void connect_ends(run *r, unsigned n)
{
    const bool from_alice = n == 0 || n == 3;

    move_on(r, 5 * MS, from_alice ? ALICES : BOBS, from_alice ? BOBS : ALICES);
    check(r, n == 0 ? "BBBB:AAAA" : n == 2 ? "AAAA:BBBB" : NULL, n < 2 ? 1 : 2, n < 2 ? PWD_B : PWD_A, n == 0);
}

static void step_on(run *r, unsigned step)
{
    if (step < CHECKS) {
        describe(r, step);
    } else if (step < HANDSHAKE) {
        connect_ends(r, step - CHECKS);
    } else if (step < STREAM) {
        const recorded *d = &ecdsa_handshake[step - HANDSHAKE];
        move_on(r, 5 * MS, d->up ? BOBS : ALICES, d->up ? ALICES : BOBS);
        datagram(r, d->bytes, d->length);
    } else {
        const bool up = (step & 1) != 0;
        move_on(r, 60 * MS, up ? BOBS : ALICES, up ? ALICES : BOBS);
        rtp(r, (uint16_t)step, up ? 7777 : 8888, 111, false);
    }
}

/* ---- additions ---- */

/* Ends of a spoofed datagram: mostly those of the call. */
static void ends(run *r, uint8_t a)
{
    wr_endpoint src = (a & 1) != 0 ? BOBS : ALICES, dst = (a & 1) != 0 ? ALICES : BOBS;

    if ((a & 0x0e) == 0x0e)
        src = host(STRANGER, 7000);
    else if ((a & 0x0e) == 0x0c)
        dst.port = 6001;
    move_on(r, 200, src, dst);
}

static void add_check(run *r, const added *x)
{
    static const char *const users[] = {"BBBB:AAAA", "AAAA:BBBB", "AAAA:zzzz", "BBBB:zzzz",
                                        "zzzz:AAAA", "yyyy:zzzz", NULL,        NULL};
    static const char *const wrong[] = {NULL, "wrongwrongwrongwrongwro", "anotheranotheranother!", NULL};

    ends(r, x->a);
    check(r, users[x->b & 7], (x->b & 8) != 0 ? x->c & 3 : 100u + x->c, wrong[x->b >> 4 & 3], (x->b & 0x80) != 0);
}

/* Whole datagrams of the recorded handshakes, or what the input makes of one. */
static void add_recorded(run *r, const added *x)
{
    const bool rsa = (x->b & 1) != 0;
    const recorded *seen = rsa ? rsa_handshake : ecdsa_handshake;
    const recorded *d = &seen[(x->b >> 1) % (rsa ? N_FOREIGN : N_RECORDED)];
    uint8_t *copy = g_memdup2(d->bytes, d->length);

    ends(r, x->a);
    for (size_t i = 0; i + 1 < x->n; i += 2) /* place, and what to put there */
        copy[(size_t)x->bytes[i] * 3 % d->length] ^= x->bytes[i + 1];
    if ((x->b & 0x80) != 0 && d->length > 25 + 34) /* another random in a hello */
        memset(copy + 27, x->c, 32);
    datagram(r, copy, d->length);
    g_free(copy);
}

/* One record of a datagram, with another message_seq or epoch, or cut to a fragment. */
static void add_record(run *r, const added *x)
{
    const bool rsa = (x->b & 1) != 0;
    const recorded *seen = rsa ? rsa_handshake : ecdsa_handshake;
    const recorded *d = &seen[(x->b >> 1 & 7) % (rsa ? N_FOREIGN : N_RECORDED)];
    size_t at = 0, n = 13 + ((size_t)d->bytes[11] << 8 | d->bytes[12]);
    uint8_t *copy;

    for (unsigned skip = x->b >> 4 & 3; skip > 0 && at + n + 13 <= d->length; skip--) {
        at += n;
        n = 13 + ((size_t)d->bytes[at + 11] << 8 | d->bytes[at + 12]);
    }
    if (at + n > d->length)
        return;
    copy = g_memdup2(d->bytes + at, n);
    ends(r, x->a);
    if ((x->b & 0x40) != 0 && n > 25)
        copy[18] = x->c & 7;                             /* message_seq */
    if ((x->b & 0x80) != 0 && n > 60 && copy[0] == 22) { /* its first half, with a byte changed */
        n = 25 + (n - 25) / 2;
        copy[11] = (uint8_t)((n - 13) >> 8);
        copy[12] = (uint8_t)(n - 13);
        copy[22] = 0;
        copy[23] = (uint8_t)((n - 25) >> 8);
        copy[24] = (uint8_t)(n - 25);
        copy[25 + x->c % (n - 25)] ^= 0x55;
    }
    datagram(r, copy, n);
    g_free(copy);
}

static void add_alert(run *r, const added *x)
{
    uint8_t alert[] = {21, 254, 253, 0, x->b & 1, 0, 0, 0, 0, 0, x->c, 0, 2, (x->b & 2) != 0 ? 2 : 1, x->c};

    ends(r, x->a);
    datagram(r, alert, sizeof alert);
}

static void add_media(run *r, const added *x)
{
    uint8_t report[] = {0x81, (x->b & 2) != 0 ? 203 : 201,
                        0,    7,
                        1,    2,
                        3,    4,
                        5,    6,
                        7,    8,
                        0,    0,
                        0,    0,
                        0,    0,
                        0,    0,
                        0,    0,
                        0,    0,
                        0,    0,
                        0,    0,
                        0,    0,
                        0,    0};

    if (r->clear++ >= MAX_CLEAR)
        return;
    ends(r, x->a);
    if ((x->b & 1) != 0)
        datagram(r, report, sizeof report);
    else
        rtp(r, x->c, (x->b & 4) != 0 ? 7777 : 9999, (x->b & 8) != 0 ? 0 : 111, true);
}

/* A copy of one of the two descriptions, between strangers. */
static void add_copy(run *r, const added *x)
{
    said s = {.offer = (x->a & 1) != 0,
              .ufrag = (x->a & 2) != 0   ? "zzzz"
                       : (x->a & 1) != 0 ? "AAAA"
                                         : "BBBB",
              .password = (x->a & 4) != 0   ? NULL
                          : (x->a & 1) != 0 ? PWD_A
                                            : PWD_B,
              .digest = digests[x->b % DIGESTS],
              .direction = (x->a & 8) != 0 ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
              .connection = 9 + (x->c & 1),
              .carrier = (x->c & 2) != 0 ? WR_CARRIER_HTTP : WR_CARRIER_WEBSOCKET};
    wr_endpoint client = host(STRANGER, 41000), server = host(OTHER, 8080);

    move_on(r, 200, s.direction == WR_DIRECTION_EMITTED ? client : server,
            s.direction == WR_DIRECTION_EMITTED ? server : client);
    say(r, &s);
}

/* A real datagram of the handshake, or a real check, once more. */
static void add_replay(run *r, const added *x)
{
    if ((x->b & 1) != 0) {
        const recorded *d = &ecdsa_handshake[x->c % N_RECORDED];
        move_on(r, 200, d->up ? BOBS : ALICES, d->up ? ALICES : BOBS);
        datagram(r, d->bytes, d->length);
    } else {
        connect_ends(r, x->c & 3);
    }
}

static void add_raw(run *r, const added *x)
{
    ends(r, x->a);
    datagram(r, x->bytes, x->n);
}

static const struct {
    const char *words;
    void (*add)(run *r, const added *x);
} additions[] = {
    {"check", add_check},       {"recorded datagram", add_recorded}, {"record", add_record}, {"alert", add_alert},
    {"clear media", add_media}, {"copy of strangers", add_copy},     {"replay", add_replay}, {"raw bytes", add_raw},
};

/* ---- reading the input ---- */

static unsigned read_added(const uint8_t *data, size_t size, added out[MAX_ADDED])
{
    unsigned n = 0;

    while (size >= 5 && n < MAX_ADDED) {
        added *x = &out[n++];
        *x = (added){.step = data[0] % (STEPS + 1),
                     .what = data[1] % G_N_ELEMENTS(additions),
                     .a = data[2],
                     .b = data[3],
                     .c = data[4]};
        data += 5;
        size -= 5;
        if (additions[x->what].add != add_raw && additions[x->what].add != add_recorded)
            continue;
        x->n = MIN(size, additions[x->what].add == add_raw ? (size_t)x->c * 2 : x->c & 7u);
        x->bytes = data;
        data += x->n;
        size -= x->n;
    }
    return n;
}

static void begin(run *r, truth kind)
{
    memset(r, 0, sizeof *r);
    prepare();
    r->kind = kind;
    r->e = wr_engine_new(NULL);
    r->reader = wr_dtls_reader_new();
    r->events = g_ptr_array_new_with_free_func((GDestroyNotify)wr_dtls_event_free);
    r->now.time_us = INT64_C(1700000000000000);
}

static void make(run *r, const added *all, unsigned n)
{
    for (unsigned step = 0; step <= STEPS; step++) {
        for (unsigned i = 0; i < n; i++)
            if (all[i].step == step)
                additions[all[i].what].add(r, &all[i]);
        if (step < STEPS)
            step_on(r, step);
    }
    wr_engine_evaluate(r->e);
}

static void end(run *r)
{
    g_ptr_array_unref(r->events);
    wr_dtls_reader_free(r->reader);
    wr_engine_free(r->e);
}

/* ---- judging ---- */

/* What was said of a call without additions. */
typedef struct {
    bool known;
    wr_session_verdict verdict;
    wr_severity severity;
    char *findings; /* "CHECK " of each that weighs as warn or error, told twice for error */
} before_it;

static const wr_session *the_session(const run *r)
{
    const GPtrArray *all = wr_engine_sessions(r->e);

    for (unsigned i = 0; i < all->len; i++) {
        const wr_session *s = g_ptr_array_index(all, i);
        for (unsigned k = 0; k < s->copies->len; k++)
            if (((const wr_copy *)g_ptr_array_index(s->copies, k))->frame == r->offer_frame)
                return s;
    }
    return NULL;
}

static bool weighs(const wr_finding *f, const wr_session *s)
{
    return f->severity >= WR_WARN && (f->session == 0 || f->session == s->number) && !g_str_has_prefix(f->check, "INJ");
}

static char *mark_of(const wr_finding *f)
{
    return g_strdup_printf("%s:%d ", f->check, (int)f->severity);
}

static const before_it *before(truth kind)
{
    static before_it all[TRUTHS];
    before_it *b = &all[kind];
    const GPtrArray *findings;
    const wr_session *s;
    GString *told;
    run r;

    if (b->known)
        return b;
    begin(&r, kind);
    make(&r, NULL, 0);
    s = the_session(&r);
    g_assert_nonnull(s);
    b->known = true;
    b->verdict = s->verdict;
    b->severity = s->severity;
    if ((kind <= CLEAN_CROSS) != (s->severity < WR_WARN))
        g_error("%s is %s as it is", truth_words[kind], wr_session_verdict_name(s->verdict));
    told = g_string_new(NULL);
    findings = wr_engine_findings(r.e);
    for (unsigned i = 0; i < findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(findings, i);
        for (int grade = WR_WARN; weighs(f, s) && grade <= (int)f->severity; grade++)
            g_string_append_printf(told, "%s:%d ", f->check, grade);
    }
    b->findings = g_string_free(told, FALSE);
    end(&r);
    return b;
}

/* A check that weighs more than it did without additions, NULL for none. */
static const char *accusing(const run *r, const wr_session *s, const before_it *b)
{
    const GPtrArray *findings = wr_engine_findings(r->e);

    for (unsigned i = 0; i < findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(findings, i);
        if (weighs(f, s)) {
            char *mark = mark_of(f);
            bool had = strstr(b->findings, mark) != NULL;
            g_free(mark);
            if (!had)
                return f->check;
        }
    }
    return NULL;
}

/* One sentence, and a word that tells kinds of it apart; kept for good, and there are few. */
static const char *sentence(const char *what, const char *word)
{
    char *s = g_strdup_printf("%s %s", what, word);
    const char *kept = g_intern_string(s);

    g_free(s);
    return kept;
}

static const char *judge_clean(const run *r, const wr_session *s)
{
    const GPtrArray *all = wr_engine_sessions(r->e);

    for (unsigned i = 0; i < all->len; i++) {
        const wr_session *other = g_ptr_array_index(all, i);
        if (other->severity == WR_ERROR)
            return sentence("1: a clean capture has", wr_session_verdict_name(other->verdict));
    }
    if (s->severity >= WR_WARN && strcmp(wr_session_verdict_name(s->verdict), "CONTESTED") != 0)
        return sentence("1: a clean call is", wr_session_verdict_name(s->verdict));
    return NULL;
}

static const char *judge(const run *r)
{
    const before_it *b = before(r->kind);
    const wr_session *s = the_session(r);
    const char *word = s != NULL ? wr_session_verdict_name(s->verdict) : NULL, *check;

    if (s == NULL)
        return "5: the call is gone";
    if (r->kind > CLEAN_CROSS && s->severity < WR_WARN)
        return sentence("2: a guilty call is", word);
    if (s->verdict == WR_S_VERIFIED_CROSS && b->verdict != WR_S_VERIFIED_CROSS)
        return "2: promoted";
    if (r->kind <= CLEAN_CROSS && judge_clean(r, s) != NULL)
        return judge_clean(r, s);
    if (s->verdict != b->verdict)
        return sentence("5: what was proven moved to", word);
    check = r->kind <= CLEAN_CROSS ? accusing(r, s, b) : NULL;
    return check != NULL ? sentence("1: a clean call is accused by", check) : NULL;
}

const char *laws_broken_by(const uint8_t *data, size_t size)
{
    added all[MAX_ADDED];
    const char *broken;
    run r;

    if (size < 1)
        return NULL;
    begin(&r, (truth)(data[0] % TRUTHS));
    make(&r, all, read_added(data + 1, size - 1, all));
    broken = judge(&r);
    end(&r);
    return broken;
}

char *laws_describe(const uint8_t *data, size_t size)
{
    added all[MAX_ADDED];
    GString *s = g_string_new(size > 0 ? truth_words[data[0] % TRUTHS] : "nothing");
    const unsigned n = size > 0 ? read_added(data + 1, size - 1, all) : 0;
    const GPtrArray *sessions;
    run r;

    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(s, " + %s %02x %02x %02x before step %u", additions[all[i].what].words, all[i].a,
                               all[i].b, all[i].c, all[i].step);
    begin(&r, (truth)(size > 0 ? data[0] % TRUTHS : 0));
    make(&r, all, n);
    sessions = wr_engine_sessions(r.e);
    for (unsigned i = 0; i < sessions->len; i++)
        g_string_append_printf(s, "%s %s", i == 0 ? ":" : ",",
                               wr_session_verdict_name(((const wr_session *)g_ptr_array_index(sessions, i))->verdict));
    end(&r);
    return g_string_free(s, FALSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *broken = laws_broken_by(data, size);

    if (broken != NULL) {
        char *words = laws_describe(data, size);
        g_printerr("%s: %s\n", broken, words);
        g_free(words);
        abort();
    }
    return 0;
}
