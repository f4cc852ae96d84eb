/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What relays carry, looked at by its first bytes: a relay for calls carries STUN, DTLS and media (RFC 7983), and what
 * begins another protocol is a tunnel. And whom STUN servers answer, for those that never asked.
 */
#include "learn.h"

#include "records/relay_path.h"

#include <string.h>

/* ---- protocols that tunnels begin with ---- */

static unsigned u16(const uint8_t *p)
{
    return (unsigned)(p[0] << 8 | p[1]);
}

/* RFC 9000 17.2.2: a long header of version 1 or 2 (RFC 9369), with connection ids that it can have. */
static bool is_quic_initial(const uint8_t *p, size_t n)
{
    static const uint8_t v1[] = {0, 0, 0, 1}, v2[] = {0x6b, 0x33, 0x43, 0xcf};

    if (n < 32 || (p[0] & 0xc0) != 0xc0 || p[5] > 20 || n < 8u + p[5] || p[6 + p[5]] > 20)
        return false;
    return (memcmp(p + 1, v1, 4) == 0 && (p[0] & 0x30) == 0) || (memcmp(p + 1, v2, 4) == 0 && (p[0] & 0x30) == 0x10);
}

/* RFC 8446 5.1: a record with a hello of this type. DTLS has another version in this place. */
static bool is_tls_hello(const uint8_t *p, size_t n, uint8_t type)
{
    return n >= 11 && p[0] == 22 && p[1] == 3 && p[2] <= 4 && u16(p + 3) >= 40 && u16(p + 3) <= 16384 && p[5] == type &&
           p[6] == 0 && u16(p + 7) + 4 <= u16(p + 3) && p[9] == 3 && p[10] <= 4;
}

/* RFC 4253 4.2 */
static bool is_ssh(const uint8_t *p, size_t n)
{
    return n >= 8 && (memcmp(p, "SSH-2.0-", 8) == 0 || memcmp(p, "SSH-1.99", 8) == 0);
}

/* RFC 1928 3: the client's greeting, and nothing else; or a request of SOCKS 4 with a user's name that ends it. */
static bool is_socks(const uint8_t *p, size_t n, size_t length)
{
    if (n != length || n < 3)
        return false;
    if (p[0] == 5 && p[1] >= 1 && p[1] <= 8 && length == 2u + p[1]) {
        for (size_t i = 2; i < length; i++)
            if (p[i] > 9 && p[i] != 0x80)
                return false;
        return true;
    }
    return p[0] == 4 && (p[1] == 1 || p[1] == 2) && length >= 9 && length < 300 && p[length - 1] == 0 &&
           u16(p + 2) != 0;
}

/* RFC 1035 4.1: one question and perhaps EDNS, to the last byte. */
static bool is_dns_query(const uint8_t *p, size_t n, size_t length)
{
    size_t at = 12;

    if (n != length || n < 17 || (p[2] & 0xf8) != 0 || (p[3] & 0x4f) != 0 || u16(p + 4) != 1 || u16(p + 6) != 0 ||
        u16(p + 8) != 0 || u16(p + 10) > 1)
        return false;
    while (at < n && p[at] != 0) {
        if (p[at] > 63 || p[at] >= n - at)
            return false;
        for (size_t i = 1; i <= p[at]; i++)
            if (!g_ascii_isalnum(p[at + i]) && p[at + i] != '-' && p[at + i] != '_')
                return false;
        at += 1u + p[at];
    }
    if (at == 12 || n - at < 5 || u16(p + at + 3) != 1)
        return false;
    at += 5;
    if (u16(p + 10) == 0)
        return at == n;
    return n - at >= 11 && p[at] == 0 && u16(p + at + 1) == 41 && at + 11 + u16(p + at + 9) == n;
}

static const char *foreign_protocol(const uint8_t *p, size_t n, size_t length)
{
    if (is_quic_initial(p, n))
        return "a QUIC Initial";
    if (is_tls_hello(p, n, 1))
        return "a TLS ClientHello";
    if (is_tls_hello(p, n, 2))
        return "a TLS ServerHello";
    if (is_ssh(p, n))
        return "an SSH greeting";
    if (is_socks(p, n, length))
        return "a SOCKS request";
    return is_dns_query(p, n, length) ? "a DNS query" : NULL;
}

/* ---- what is carried ---- */

static bool looks_like_dtls(const uint8_t *p, size_t n)
{
    return n >= 13 && p[0] >= 20 && p[0] <= 63 && (p[0] >= 32 || p[1] == 0xfe);
}

void wr_engine_add_relayed(wr_engine *e, const wr_media_evidence *m)
{
    wr_relay_path *p;

    if (!m->how.relayed || m->captured < 3 || looks_like_dtls(m->bytes, m->captured))
        return;
    p = wr_relay_path_get(e, &m->at, &m->how);
    if (p == NULL)
        return;
    if (p->packets++ == 0)
        p->frame = m->at.frame;
    p->media += m->bytes[0] >= 128 && m->bytes[0] <= 191;
    if (p->foreign == NULL) {
        p->foreign = foreign_protocol(m->bytes, m->captured, m->length);
        p->foreign_frame = p->foreign != NULL ? m->at.frame : 0;
        e->changed |= p->foreign != NULL;
    }
    e->changed |= p->packets == 1;
}

/* ---- whom servers answer ---- */

static void note_answer(wr_stun_host *h, const wr_stun_evidence *s)
{
    if (h->answers++ == 0) {
        h->first_us = s->at.time_us;
        h->first_frame = s->at.frame;
    }
    h->last_us = s->at.time_us;
    h->last_frame = s->at.frame;
    for (unsigned i = 0; i < h->n_servers; i++)
        if (wr_endpoint_same_host(&h->servers[i], &s->at.src))
            return;
    if (h->n_servers < G_N_ELEMENTS(h->servers))
        h->servers[h->n_servers++] = s->at.src;
}

void wr_relayed_stun(wr_engine *e, const wr_stun_evidence *s)
{
    wr_relay_path *p;
    wr_stun_host *h;

    if (s->how.relayed) {
        p = s->msg.method == WR_STUN_BINDING || s->msg.method == WR_STUN_GOOG_PING
                ? wr_relay_path_get(e, &s->at, &s->how)
                : NULL;
        if (p != NULL)
            p->checked = true;
        return;
    }
    if (s->how.transport != WR_TRANSPORT_UDP || s->msg.message_class == WR_STUN_INDICATION)
        return;
    if (s->msg.message_class != WR_STUN_REQUEST) {
        h = wr_stun_host_get(e, &s->at.dst);
        if (h != NULL) {
            note_answer(h, s);
            e->changed |= h->requests == 0 && !h->asked; /* what is found of it may have changed */
        }
        return;
    }
    h = wr_stun_host_get(e, &s->at.src);
    if (h != NULL)
        h->requests++;
    h = wr_stun_host_get(e, &s->at.dst);
    if (h != NULL)
        h->asked = true;
    e->relay_paths->requests = true;
}
