/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports where media is expected, and flows to them without any check (RFC 8445 12.1, RFC 8827 6.3). */
#include "paths.h"
#include "rtcp.h"
#include "sctp.h"
#include "streams.h"
#include "turn.h"

#include <string.h>

/* 0 when it is not known. */
static unsigned port_at(const wr_engine *e, const wr_endpoint *at)
{
    return wr_index_number(e->ports, wr_endpoint_key(at));
}

/* 0 at the bound. */
static unsigned port_get(wr_engine *e, const wr_endpoint *at)
{
    unsigned p = port_at(e, at);

    if (p != 0)
        return p;
    if (wr_index_size(e->ports) >= WR_MAX_PORTS) {
        wr_limit_reached(e, "ports of media");
        return 0;
    }
    if (!wr_keep_bytes(e, 0, "memory for ports of media"))
        return 0;
    wr_index_set_number(e->ports, wr_endpoint_key(at), WR_PORT_KNOWN);
    return WR_PORT_KNOWN;
}

void wr_flow_validate(wr_engine *e, const wr_flow *f)
{
    for (int end = 0; end < 2; end++) {
        unsigned p = port_get(e, &f->end[end]);
        if (p != 0)
            wr_index_set_number(e->ports, wr_endpoint_key(&f->end[end]), p | WR_PORT_VALIDATED);
    }
}

bool wr_port_is_validated(const wr_engine *e, const wr_endpoint *at)
{
    return (port_at(e, at) & WR_PORT_VALIDATED) != 0;
}

bool wr_flow_is_answered(const wr_flow *f)
{
    return f->consent != NULL && (f->consent->given_first_us[0] != 0 || f->consent->given_first_us[1] != 0);
}

bool wr_flow_is_checked(const wr_flow *f)
{
    return f->checks.len > 0 || wr_flow_is_answered(f);
}

/* A description announces this address; the last that does. */
static wr_copy *announced(const wr_engine *e, const wr_endpoint *at)
{
    wr_bucket bucket = wr_index_find(e->by_address, wr_endpoint_key(at));

    return bucket.len == 0 ? NULL : bucket.members[bucket.len - 1];
}

wr_flow *wr_flow_stray(wr_engine *e, const wr_media_evidence *m, int *from)
{
    const wr_endpoint *ends[2] = {&m->at.dst, &m->at.src}, *at = NULL;
    unsigned p = 0;
    wr_copy *copy = NULL;
    wr_flow *f;

    for (int i = 0; i < 2 && p == 0; i++) {
        at = ends[i];
        p = port_at(e, at);
    }
    for (int i = 0; i < 2 && copy == NULL; i++)
        copy = announced(e, ends[i]);
    if (p == 0 && copy == NULL)
        return NULL;
    if (p == 0) {
        at = announced(e, ends[0]) != NULL ? ends[0] : ends[1];
        p = port_get(e, at);
    }
    if (p == 0)
        return NULL;
    if (p % WR_PORT_KNOWN >= WR_MAX_STRAYS) {
        wr_limit_reached(e, "sources of media at one port");
        return NULL;
    }
    f = wr_flow_get(e, &m->at, &m->how, from);
    if (f != NULL) {
        wr_index_set_number(e->ports, wr_endpoint_key(at), port_at(e, at) + 1);
        f->described = copy;
    }
    return f;
}

wr_oddities *wr_flow_oddities(wr_flow *f)
{
    if (f->odd == NULL)
        f->odd = g_new0(wr_oddities, 1);
    return f->odd;
}

/* Streams whose payloads are nothing like ciphertext. */
static const wr_stream *plain_stream(const wr_flow *f)
{
    for (unsigned i = 0; i < f->n_streams; i++)
        if (f->streams[i].plain >= WR_STREAM_PLAIN)
            return &f->streams[i];
    return NULL;
}

wr_clearness wr_flow_clearness(const wr_flow *f, uint32_t *frame, const char **why)
{
    const wr_stream *plain = plain_stream(f);
    wr_clearness worst = WR_CLEAR_NO;

    for (int end = 0; f->odd != NULL && end < 2; end++) {
        const wr_oddities *o = f->odd;
        /* beside a handshake a few may be anybody's: it takes more, and most of what this end sent */
        bool most = 2 * o->clear[end] >= o->rtcp[end] && (f->associations.len == 0 || o->clear[end] >= WR_CLEAR_BESIDE);
        wr_clearness c = o->clear_weight[end] < WR_RTCP_PROOF ? WR_CLEAR_NO : most ? WR_CLEAR_YES : WR_CLEAR_SOME;
        if (c <= worst)
            continue;
        worst = c;
        if (frame != NULL)
            *frame = o->clear_frame[end];
        if (why != NULL)
            *why = "RTCP is in clear: its packets chain to the end of their datagrams";
    }
    if (worst == WR_CLEAR_YES || plain == NULL)
        return worst;
    if (frame != NULL)
        *frame = plain->first_frame;
    if (why != NULL)
        *why = "media is in clear: payloads repeat few byte values";
    return WR_CLEAR_YES;
}

/* RFC 6189 5: ZRTP has its own cookie. */
static bool is_zrtp(const wr_media_evidence *m)
{
    return m->captured >= 12 && m->bytes[0] == 0x10 && memcmp(m->bytes + 4, "ZRTP", 4) == 0;
}

wr_flow *wr_engine_add_other(wr_engine *e, const wr_media_evidence *m)
{
    int from;
    wr_flow *f = NULL;
    bool sctp;

    if (m->how.relayed)
        wr_turn_relayed(e, &m->at, &m->how);
    if (m->length < 2) /* keep-alives */
        return NULL;
    if (m->how.relayed || m->how.transport != WR_TRANSPORT_UDP || wr_engine_knows_flow(e, &m->at.src, &m->at.dst))
        f = wr_flow_find(e, &m->at, &m->how, &from);
    if (f == NULL && (m->how.relayed || (port_at(e, &m->at.dst) == 0 && announced(e, &m->at.dst) == NULL)))
        return NULL;
    sctp = m->captured == m->length && wr_sctp_is_packet(m->bytes, m->captured);
    if (f == NULL && sctp)
        f = wr_flow_stray(e, m, &from);
    if (f == NULL)
        return NULL;
    if (sctp && wr_flow_oddities(f)->sctp_frame == 0) {
        f->odd->sctp_frame = m->at.frame;
        e->changed = true;
    } else if (!sctp && wr_flow_oddities(f)->other_packets++ == 0) {
        f->odd->other_frame = m->at.frame;
        f->odd->other_first = m->bytes[0];
        f->odd->other_zrtp = is_zrtp(m);
        e->changed = true;
    }
    return f;
}
