/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes to ports where media is expected over paths without any check (RFC 8445 12.1, RFC 8827 6.3), and what
 * belongs on no media path (RFC 7983 7).
 */
#include "learn.h"
#include "rtp/sctp.h"

#include <string.h>

wr_flow *wr_flow_stray(wr_engine *e, const wr_media_evidence *m, int *from)
{
    const wr_endpoint *ends[2] = {&m->at.dst, &m->at.src}, *at = NULL;
    unsigned p = 0;
    wr_copy *copy = NULL;
    wr_flow *f;

    for (int i = 0; i < 2 && p == 0; i++) {
        at = ends[i];
        p = wr_port_at(e, at);
    }
    for (int i = 0; i < 2 && copy == NULL; i++)
        copy = wr_port_announced(e, ends[i]);
    if (p == 0 && copy == NULL)
        return NULL;
    if (p == 0) {
        at = wr_port_announced(e, ends[0]) != NULL ? ends[0] : ends[1];
        p = wr_port_get(e, at);
    }
    if (p == 0)
        return NULL;
    if (p % WR_PORT_KNOWN >= WR_MAX_STRAYS) {
        wr_limit_reached(e, "sources of media at one port");
        return NULL;
    }
    f = wr_flow_get(e, &m->at, &m->how, from);
    if (f != NULL) {
        wr_port_add_stray(e, at);
        f->described = copy;
    }
    return f;
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
    if (f == NULL && (m->how.relayed || (wr_port_at(e, &m->at.dst) == 0 && wr_port_announced(e, &m->at.dst) == NULL)))
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
