/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What flows beside STUN and DTLS: counted by sending end. Header streams (RFC 3550) are kept for comparing legs: the same
 * stream under another ciphertext shows someone who holds both keys (security rules, RTP-07).
 */
#include "engine_internal.h"
#include "streams.h"

#include <string.h>

/* FNV-1a over at most 64 bytes: enough to tell ciphertexts apart. */
static uint32_t bytes_mark(const uint8_t *p, size_t n)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < n && i < 64; i++)
        h = (h ^ p[i]) * 16777619u;
    return h;
}

static wr_stream *stream_get(wr_flow *f, int from, uint32_t ssrc)
{
    wr_stream *s;

    for (unsigned i = 0; i < f->n_streams; i++)
        if (f->streams[i].ssrc == ssrc && f->streams[i].from == from)
            return &f->streams[i];
    if (f->n_streams >= WR_MAX_STREAMS_PER_FLOW)
        return NULL;
    f->streams = g_renew(wr_stream, f->streams, f->n_streams + 1);
    s = &f->streams[f->n_streams++];
    memset(s, 0, sizeof *s);
    s->ssrc = ssrc;
    s->from = (uint8_t)from;
    return s;
}

/* RTP shares the port with RTCP: packet types 192..223 are RTCP (RFC 5761 4). */
static bool is_rtp(const uint8_t *p, size_t n)
{
    return n >= 12 + 8 && (p[0] >> 6) == 2 && !(p[1] >= 192 && p[1] <= 223);
}

static void add_sample(wr_flow *f, int from, const wr_media_evidence *m)
{
    const uint8_t *p = m->bytes;
    wr_stream *s;
    wr_sample *x;

    if (!is_rtp(p, m->captured))
        return;
    s = stream_get(f, from, (uint32_t)p[8] << 24 | (uint32_t)p[9] << 16 | (uint32_t)p[10] << 8 | p[11]);
    if (s == NULL || s->n_samples >= WR_STREAM_SAMPLES)
        return;
    if ((s->n_samples & (s->n_samples - 1)) == 0) /* grows at powers of two: most calls' streams are short */
        s->samples = g_renew(wr_sample, s->samples, s->n_samples == 0 ? 1 : 2 * s->n_samples);
    x = &s->samples[s->n_samples++];
    x->header = bytes_mark(p + 1, 7);
    x->mark = bytes_mark(p + 12, m->captured - 12);
    if (s->n_samples == 1) {
        s->first_us = m->at.time_us;
        s->first_frame = m->at.frame;
    }
}

wr_flow *wr_engine_add_media(wr_engine *e, const wr_media_evidence *m)
{
    wr_flow *f;
    wr_traffic *t;
    int from;

    if (!m->how.relayed && m->how.transport == WR_TRANSPORT_UDP && !wr_engine_knows_flow(e, &m->at.src, &m->at.dst))
        return NULL;
    f = wr_flow_find(e, &m->at, &m->how, &from);
    if (f == NULL)
        return NULL;
    t = &f->media[from];
    if (t->packets++ == 0) {
        t->first_frame = m->at.frame;
        t->first_us = m->at.time_us;
    }
    t->bytes += m->length;
    t->last_frame = m->at.frame;
    t->last_us = MAX(t->last_us, m->at.time_us);
    f->last_us = MAX(f->last_us, m->at.time_us);
    f->last_frame = m->at.frame;
    wr_flow_sent(f, from, &m->at);
    add_sample(f, from, m);
    e->changed = true;
    return f;
}
