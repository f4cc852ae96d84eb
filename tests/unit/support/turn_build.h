/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages between clients and TURN servers, built after RFC 8656, and dialogues of them. */
#ifndef TURN_BUILD_H
#define TURN_BUILD_H

#include "handshake_build.h"

#define CLIENT      at("192.0.2.10", 50000)
#define RELAY       at(SERVER, 3478)
#define INNER_RELAY at("10.0.0.9", 3478)
#define RELAYED     at(SERVER, 49200)

/* ---- messages ---- */

typedef struct {
    uint8_t bytes[600];
    size_t n;
} message_t;

static inline message_t message_of(unsigned method, unsigned class, unsigned number)
{
    message_t m;

    memset(&m, 0, sizeof m);
    put16(m.bytes, (method & 0xf) | (method & 0x70) << 1 | (class & 1) << 4 | (class & 2) << 7);
    put16(m.bytes + 4, 0x2112);
    put16(m.bytes + 6, 0xA442);
    memset(m.bytes + 8, (int)number, 12);
    m.n = 20;
    return m;
}

static inline void attribute(message_t *m, unsigned type, const void *value, size_t n)
{
    put16(m->bytes + m->n, type);
    put16(m->bytes + m->n + 2, (unsigned)n);
    memcpy(m->bytes + m->n + 4, value, n);
    m->n += 4 + (n + 3) / 4 * 4;
    put16(m->bytes + 2, (unsigned)(m->n - 20));
}

static inline void address(message_t *m, unsigned type, wr_endpoint e)
{
    size_t length = e.family == 4 ? 4 : 16;
    uint8_t v[20] = {0, e.family == 4 ? 1 : 2};

    put16(v + 2, e.port ^ 0x2112u);
    for (size_t i = 0; i < length; i++)
        v[4 + i] = e.addr[i] ^ m->bytes[4 + i];
    attribute(m, type, v, 4 + length);
}

static inline void authenticate(message_t *m, const char *user)
{
    uint8_t hmac[20] = {0};

    attribute(m, 0x0006, user, strlen(user));
    attribute(m, 0x0014, "example.org", 11);
    attribute(m, 0x0015, "nonce", 5);
    attribute(m, 0x0008, hmac, sizeof hmac);
}

static wr_transport_kind carried_by = WR_TRANSPORT_UDP;

static inline void send(call_t *c, wr_endpoint src, wr_endpoint dst, const message_t *m)
{
    wr_stun_evidence s;

    memset(&s, 0, sizeof s);
    s.at = next(c, 10, src, dst);
    s.how.peer = wr_endpoint_none();
    s.how.transport = carried_by;
    g_assert_true(wr_stun_parse(m->bytes, m->n, &s.msg));
    wr_engine_add_stun(c->e, &s);
}

typedef struct {
    wr_endpoint client, server;
    const char *user, *software;
} who_t;

static unsigned number;

static inline void allocate(call_t *c, who_t w, bool succeeds)
{
    message_t m = message_of(WR_STUN_ALLOCATE, WR_STUN_REQUEST, ++number);

    if (w.user != NULL)
        authenticate(&m, w.user);
    send(c, w.client, w.server, &m);
    m = message_of(WR_STUN_ALLOCATE, succeeds ? WR_STUN_SUCCESS : WR_STUN_ERROR, number);
    if (succeeds)
        address(&m, 0x0016, RELAYED);
    if (w.software != NULL)
        attribute(&m, 0x8022, w.software, strlen(w.software));
    send(c, w.server, w.client, &m);
}

static inline void permit(call_t *c, who_t w, unsigned method, const wr_endpoint *peers, unsigned n, bool succeeds)
{
    message_t m = message_of(method, WR_STUN_REQUEST, ++number);
    uint8_t channel[4] = {0x40, 1, 0, 0};

    for (unsigned i = 0; i < n; i++)
        address(&m, 0x0012, peers[i]);
    if (method == WR_STUN_CHANNEL_BIND)
        attribute(&m, 0x000C, channel, 4);
    authenticate(&m, w.user);
    send(c, w.client, w.server, &m);
    m = message_of(method, succeeds ? WR_STUN_SUCCESS : WR_STUN_ERROR, number);
    send(c, w.server, w.client, &m);
}

/* Something is sent to a peer, as a client does that was told that it may. */
static inline void go_on(call_t *c, who_t w, wr_endpoint peer)
{
    message_t m = message_of(WR_STUN_SEND, WR_STUN_INDICATION, ++number);

    address(&m, 0x0012, peer);
    attribute(&m, 0x0013, "GET ", 4);
    send(c, w.client, w.server, &m);
}

/* An answer to the latest request. */
static inline void answer(call_t *c, who_t w, unsigned method, unsigned class, unsigned error)
{
    message_t m = message_of(method, class, number);
    const uint8_t code[4] = {0, 0, (uint8_t)(error / 100), (uint8_t)(error % 100)};

    if (class == WR_STUN_ERROR)
        attribute(&m, 0x0009, code, sizeof code);
    else if (method == WR_STUN_ALLOCATE)
        address(&m, 0x0016, RELAYED);
    send(c, w.server, w.client, &m);
}

static inline who_t somebody(void)
{
    return (who_t){CLIENT, RELAY, "1800000000:x", NULL};
}

#endif
