/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the correlation with whole sequences of events: descriptions, checks, handshakes, media, in any order and with
 * any times, then all verdicts and reports. Names, passwords, addresses and certificates come from small pools, so that
 * events meet; any of them can be raw bytes of the input instead.
 */
#include "evaluation/engine.h"
#include "formats/json_text.h"
#include "formats/json_write.h"
#include "remarks/remarks.h"
#include "report/ladder.h"
#include "report/report.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_EVENTS 400
#define POOL       4

typedef struct {
    const uint8_t *data;
    size_t left;
    wr_engine *e;
    wr_place now;
    wr_certificate *certificates[POOL];
    wr_association *last;
} run;

static uint8_t take(run *r)
{
    if (r->left == 0)
        return 0;
    r->left--;
    return *r->data++;
}

static const uint8_t *take_bytes(run *r, size_t *n)
{
    const uint8_t wanted = take(r), *p = r->data;

    *n = MIN((size_t)wanted * 4, r->left);
    r->data += *n;
    r->left -= *n;
    return p;
}

static const char *pooled(uint8_t b, const char *const *pool)
{
    return (b & 4) != 0 ? NULL : pool[b & 3];
}

static wr_endpoint address(uint8_t b)
{
    uint8_t a[4] = {10, 0, 0, (uint8_t)(1 + (b & 3))};

    return (b & 0xe0) == 0xe0 ? wr_endpoint_none() : wr_endpoint_from_bytes(a, 4, (uint16_t)(5000 + (b >> 2 & 7)));
}

/* Time goes on, or jumps, and now and then runs backwards. */
static void move_on(run *r)
{
    uint8_t b = take(r);
    int64_t step = (int64_t)(b & 63) * 20000;

    r->now.frame++;
    r->now.time_us += (b & 0xc0) == 0xc0 ? -step : (b & 0xc0) == 0x80 ? step * 1000 : step;
    r->now.src = address(take(r));
    r->now.dst = address(take(r));
    wr_engine_add_frame(r->e, r->now.frame, r->now.time_us);
}

static wr_carriage carriage(run *r)
{
    uint8_t b = take(r);
    wr_carriage how = {.transport = b & 1 ? WR_TRANSPORT_TCP : WR_TRANSPORT_UDP,
                       .relayed = (b & 14) == 14,
                       .in_stun = (b & 0x70) == 0x70};

    if (how.relayed && (b & 0x80) != 0) {
        how.channel = (uint16_t)(0x4000 + (b >> 4 & 3));
    } else if (how.relayed) {
        how.peer = address(b >> 3);
        how.to_peer = (b & 0x40) != 0;
    }
    return how;
}

static const char *const ufrags[] = {"aaaa", "bbbb", "cccc", "dddd"};
static const char *const passwords[] = {"passwordpasswordpassword", "anotheranotheranother!!",
                                        "third3third3third3third3", "x"};
static const char *const names[] = {"alice", "bob", "room", "\xc3\xa9<&"};

static char *written(run *r)
{
    static const char *const setups[] = {"actpass", "active", "passive", "holdconn"};
    uint8_t b = take(r), c = take(r), f = take(r);
    const wr_certificate *cert = r->certificates[f & 3];
    char hex[WR_DIGEST_TEXT], host[WR_ENDPOINT_TEXT];
    wr_endpoint at = address(take(r));
    GString *s = g_string_new("v=0\r\n");

    g_string_append_printf(s, "o=%s %u %u IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", names[c >> 6], 100000 + (c & 7), b >> 4);
    wr_digest_format(cert->sha256, 32, hex);
    if ((f & 4) == 0)
        g_string_append_printf(s, "a=fingerprint:sha-256 %s\r\n", hex);
    if ((f & 8) != 0)
        g_string_append_printf(s, "a=fingerprint:sha-1 %s\r\n", hex);
    g_string_append(s, (f & 16) != 0 ? "m=audio 5000 UDP/TLS/RTP/SAVPF 111\r\n"
                                     : "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n");
    g_string_append_printf(s, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=setup:%s\r\na=mid:0\r\n", ufrags[b & 3],
                           passwords[b >> 2 & 3], setups[c >> 3 & 3]);
    g_string_append_printf(s, "a=candidate:1 1 udp 1 %s %u typ host\r\n", wr_endpoint_format_host(&at, host), at.port);
    if ((f & 32) != 0) {
        g_string_append(
            s, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n");
    }
    return g_string_free(s, FALSE);
}

static void describe(run *r)
{
    uint8_t a = take(r), b = take(r), c = take(r), d = take(r);
    wr_description x = {.at = r->now};
    char *made = NULL;

    x.context.kind = (wr_kind)(a % (WR_KIND_BYE + 1));
    x.context.carrier = (wr_carrier)(b % (WR_CARRIER_SAP + 1));
    x.context.direction = (wr_direction)((a >> 4) % 3);
    x.context.connection = b >> 5;
    x.context.protected_transport = (a & 128) != 0;
    x.context.dialect = "generic";
    x.context.path = "$.sdp";
    x.context.call = pooled(c, names);
    x.context.from = pooled(c >> 3, names);
    x.context.to = pooled(d, names);
    x.context.ufrag = pooled(d >> 3, ufrags);
    x.context.user_agent = (d & 64) != 0 ? "Mozilla/5.0 (X11) Gecko/20100101 Firefox/128.0" : NULL;
    if ((d & 128) != 0) {
        size_t n;
        const char *raw = (const char *)take_bytes(r, &n);
        x.sdp = wr_sdp_parse(raw, n);
    } else if (x.context.kind != WR_KIND_JOIN && x.context.kind != WR_KIND_BYE) {
        made = written(r);
        x.sdp = wr_sdp_parse(made, strlen(made));
    }
    wr_engine_add_description(r->e, &x);
    wr_sdp_unref(x.sdp);
    g_free(made);
}

static void put(uint8_t *m, size_t *at, uint16_t type, const void *value, size_t n)
{
    m[(*at)++] = (uint8_t)(type >> 8);
    m[(*at)++] = (uint8_t)type;
    m[(*at)++] = (uint8_t)(n >> 8);
    m[(*at)++] = (uint8_t)n;
    memcpy(m + *at, value, n);
    *at += (n + 3) & ~(size_t)3;
    m[3] = (uint8_t)(*at - 20);
}

/* A check that a real agent could have sent, or an answer to one. */
static size_t check_made(run *r, uint8_t m[256])
{
    uint8_t a = take(r), b = take(r), c = take(r);
    char user[64];
    unsigned length = 20;
    size_t at = 20;

    memset(m, 0, 256);
    m[0] = (a & 1) != 0 ? 0x01 : 0x00;
    m[1] = (a & 3) == 3 ? 0x11 : 0x01;
    memcpy(m + 4, "\x21\x12\xa4\x42", 4);
    m[19] = b & 15;
    if ((a & 1) == 0) {
        g_snprintf(user, sizeof user, "%s:%s", ufrags[b & 3], ufrags[b >> 2 & 3]);
        put(m, &at, 0x0006, user, strlen(user));
        put(m, &at, 0x0024, "\x6e\0\0\1", 4);
    }
    if ((a & 4) != 0)
        put(m, &at, 0x0025, "", 0);
    if ((c & 4) == 0) {
        const char *key = passwords[c & 3];
        uint8_t mac[EVP_MAX_MD_SIZE];
        m[3] = (uint8_t)(at + 24 - 20);
        HMAC(EVP_sha1(), key, (int)strlen(key), m, at, mac, &length);
        put(m, &at, 0x0008, mac, 20);
    }
    return at;
}

static void check(run *r)
{
    wr_stun_evidence s = {.at = r->now, .how = carriage(r)};
    uint8_t made[256];
    size_t n;
    const uint8_t *bytes = made;

    if ((take(r) & 7) == 7)
        bytes = take_bytes(r, &n);
    else
        n = check_made(r, made);
    if (!wr_stun_parse(bytes, n, &s.msg))
        return;
    wr_engine_add_stun(r->e, &s);
    wr_engine_check_integrity(r->e, &s);
}

static void shake(run *r)
{
    uint8_t a = take(r), b = take(r), c = take(r), body[64] = {3, 0, 23, 4};
    wr_dtls_event v = {.kind = (wr_dtls_kind)(a % (WR_DTLS_ACK + 1)), .record_version = WR_DTLS_1_2, .epoch = a >> 7};
    wr_dtls_evidence d = {.at = r->now, .how = carriage(r), .event = &v};

    memset(v.random, 1 + (b & 3), sizeof v.random);
    v.hello_version = WR_DTLS_1_2;
    v.negotiated = (b & 4) != 0 ? WR_DTLS_1_3 : WR_DTLS_1_2;
    v.session_id_length = (b & 8) != 0 ? 32 : 0;
    v.n_suites = (b & 16) != 0 ? 2 : 1;
    v.suites[0] = (b & 32) != 0 ? 0xc02b : (uint16_t)(b << 4);
    v.suites[1] = 0x00ff;
    v.n_profiles = c & 1;
    v.profiles[0] = (c & 2) != 0 ? 7 : 5;
    v.has_use_srtp = v.n_profiles != 0;
    v.has_psk = (c & 4) != 0;
    v.message_seq = c >> 5;
    v.leaf = (c & 8) != 0 ? NULL : r->certificates[c >> 4 & 3];
    v.n_certificates = v.leaf != NULL;
    v.alert_level = (c & 1) + 1;
    v.alert_description = c;
    v.decrypted = (b & 64) != 0;
    v.record_length = (uint16_t)(c * 4);
    v.has_nonce = (c & 16) != 0;
    v.nonce = c;
    v.mark = b;
    v.body = (b & 128) != 0 ? body : NULL;
    v.body_length = v.body != NULL ? c % sizeof body : 0;
    v.alpn = (c & 128) != 0 ? (char *)"c-webrtc" : NULL;
    r->last = wr_engine_add_dtls(r->e, &d);
}

static void flow(run *r, uint8_t what)
{
    wr_media_evidence m = {.at = r->now, .how = carriage(r)};

    m.bytes = take_bytes(r, &m.captured);
    m.length = m.captured + (what & 32);
    if (m.captured == 0)
        return;
    if ((what & 64) != 0 && r->last != NULL)
        wr_engine_add_sctp(r->e, r->last, &m.at, m.bytes, m.captured);
    else if ((what & 128) != 0)
        wr_engine_add_other(r->e, &m);
    else
        wr_engine_add_media(r->e, &m);
    wr_engine_find_flow(r->e, &m.at, &m.how);
    wr_engine_knows_flow(r->e, &m.at.src, &m.at.dst);
}

static void add_remark(run *r, wr_remark *k, uint8_t b)
{
    k->at = r->now;
    k->client = r->now.src;
    k->server = r->now.dst;
    k->connection = b >> 5;
    wr_engine_add_remark(r->e, k);
}

static void remark(run *r, uint8_t b)
{
    size_t n;
    const uint8_t *p = take_bytes(r, &n);
    wr_remark *one = (b & 16) != 0 ? wr_remark_from_tls(p, n) : wr_remark_from_head((const char *)p, n);
    GPtrArray *many = wr_remarks_from_json(p, n);

    if (one != NULL) {
        add_remark(r, one, b);
        wr_remark_free(one);
    }
    for (unsigned i = 0; many != NULL && i < many->len; i++)
        add_remark(r, g_ptr_array_index(many, i), b);
    if (many != NULL)
        g_ptr_array_unref(many);
}

static void gather(const char *line, void *data)
{
    size_t n = strlen(line);

    if (n == 0 || line[n - 1] != '\n' || !g_utf8_validate(line, (gssize)n, NULL))
        abort();
    g_string_append(data, line);
}

static void gather_record(const char *line, void *data)
{
    json_object *j = wr_json_read_whole((const uint8_t *)line, strlen(line), NULL);
    char *again = wr_value_write(j, false);

    /* A name that stood there twice would now be there once. */
    if (j == NULL || strncmp(line, again, strlen(again)) != 0 || strcmp(line + strlen(again), "\n") != 0)
        abort();
    g_free(again);
    json_object_put(j);
    gather(line, data);
}

/* What is said twice is said the same. */
static void tell_records(run *r)
{
    GString *first = g_string_new(NULL), *second = g_string_new(NULL);

    wr_report_json(r->e, NULL, gather_record, first);
    wr_report_json(r->e, NULL, gather, second);
    if (!g_string_equal(first, second))
        abort();
    g_string_free(first, TRUE);
    g_string_free(second, TRUE);
}

static void tell_text(run *r)
{
    GString *text = g_string_new(NULL);
    const GPtrArray *sessions;

    wr_report_text(r->e, NULL, gather, text);
    wr_report_audit(r->e, NULL, gather, text);
    wr_report_audit_csv(r->e, NULL, gather, text);
    sessions = wr_engine_sessions(r->e);
    for (unsigned i = 0; i < sessions->len; i++)
        wr_ladder_free(wr_ladder_of_session(g_ptr_array_index(sessions, i)));
    g_string_free(text, TRUE);
}

/* Reports take most of the time, and find less than the sequences do: the input says which are asked for, mostly none.
 */
static void tell(run *r, uint8_t settings)
{
    wr_engine_evaluate(r->e);
    if ((settings & 0x70) == 0x10)
        tell_records(r);
    else if ((settings & 0x70) == 0x20)
        tell_text(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run r = {.data = data, .left = size};
    wr_options options = {0};
    uint8_t settings = take(&r);

    for (unsigned i = 0; i < POOL; i++)
        r.certificates[i] = wr_certificate_new((const uint8_t *)names[i], strlen(names[i]));
    options.peer_to_peer_expected = (settings & 1) != 0;
    options.keys_given = (settings & 2) != 0;
    options.oldest = (settings & 4) != 0 ? "Chrome 120, Firefox 115" : NULL;
    options.max_bytes = (settings & 8) != 0 ? 4096 : 0; /* small enough to be reached */
    r.e = wr_engine_new(&options);
    r.now.time_us = INT64_C(1700000000000000);
    for (unsigned i = 0; r.left > 0 && i < MAX_EVENTS; i++) {
        uint8_t what = take(&r);
        move_on(&r);
        switch (what & 7) {
        case 0:
        case 1:
            describe(&r);
            break;
        case 2:
            check(&r);
            break;
        case 3:
        case 4:
            shake(&r);
            break;
        case 5:
            flow(&r, what);
            break;
        case 6:
            remark(&r, what);
            break;
        default:
            if ((what & 8) != 0)
                wr_engine_evaluate_call(r.e, what >> 4);
            else
                wr_engine_evaluate(r.e);
            break;
        }
    }
    tell(&r, settings);
    wr_engine_free(r.e);
    for (unsigned i = 0; i < POOL; i++)
        wr_certificate_unref(r.certificates[i]);
    return 0;
}
