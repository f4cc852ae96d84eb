/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What flows beside STUN and DTLS: counted by sending end. Header streams (RFC 3550) are kept for comparing legs: the
 * same stream under another ciphertext shows someone who holds both keys (rules 3.5, RTP-07). RTCP is looked at
 * for being in clear (RTP-01).
 */
#include "learn.h"
#include "rtp/header.h"
#include "rtp/rtcp.h"

#include <string.h>

#define RTP_HEADER 12
#define RTP_LEAST  (RTP_HEADER + 8) /* with some ciphertext behind */
#define MARKED     16               /* bytes of ciphertext that tell packets apart */
#define TAG_MOST   16               /* longest authentication tag behind it */

/* Enough to tell ciphertexts apart. n is up to 16. */
static uint32_t bytes_mark(const uint8_t *p, size_t n)
{
    uint64_t words[2] = {0, 0};

    memcpy(words, p, n);
    words[0] = (words[0] ^ n) * 0x9e3779b97f4a7c15u; /* odd, and far from any pattern: the golden ratio */
    words[1] = (words[1] ^ words[0] >> 32) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(words[1] >> 32) ^ (uint32_t)words[0];
}

static wr_stream *stream_find(const wr_flow *f, int from, uint32_t ssrc)
{
    for (unsigned i = 0; i < f->n_streams; i++)
        if (f->streams[i].ssrc == ssrc && f->streams[i].from == from)
            return &f->streams[i];
    return NULL;
}

static wr_stream *stream_get(wr_engine *e, wr_flow *f, int from, uint32_t ssrc)
{
    wr_stream *s = stream_find(f, from, ssrc);

    if (s != NULL)
        return s;
    if (f->n_streams >= WR_MAX_STREAMS_PER_FLOW)
        return NULL;
    if (!wr_keep_bytes(e, sizeof *f->streams + (WR_STREAM_SAMPLES + WR_STREAM_RECENT) * sizeof(wr_sample),
                       "memory for media streams"))
        return NULL;
    f->streams = g_renew(wr_stream, f->streams, f->n_streams + 1);
    s = &f->streams[f->n_streams++];
    memset(s, 0, sizeof *s);
    s->ssrc = ssrc;
    s->from = (uint8_t)from;
    return s;
}

/* So few different values that it cannot be ciphertext. */
static bool is_plain(const uint8_t *p, size_t n)
{
    enum { STEP = 16 }; /* bytes after which it is asked whether there are too many values already */
    uint8_t seen[256] = {0};
    unsigned values = 0;

    if (n < WR_PLAIN_BYTES)
        return false;
    for (size_t i = 0; i < WR_PLAIN_BYTES && values <= WR_PLAIN_VALUES; i += STEP) {
        for (size_t k = i; k < i + STEP; k++) {
            values += seen[p[k]] ^ 1u;
            seen[p[k]] = 1;
        }
    }
    return values <= WR_PLAIN_VALUES;
}

/* Enough of this sample and those to come may still be plain. */
static bool may_be_plain(const wr_stream *s)
{
    return s->plain + 1u + (WR_STREAM_SAMPLES - s->n_samples) >= WR_STREAM_PLAIN;
}

/* The first packets of a stream are looked at more closely. */
static void take_sample(wr_stream *s, const wr_sample *x, const wr_media_evidence *m, size_t payload, uint16_t set)
{
    uint16_t size = (uint16_t)MIN(m->length - MIN(payload, m->length), UINT16_MAX);

    if ((s->n_samples & (s->n_samples - 1)) == 0) /* grows at powers of two: most calls' streams are short */
        s->samples = g_renew(wr_sample, s->samples, s->n_samples == 0 ? 1 : MIN(2 * s->n_samples, WR_STREAM_SAMPLES));
    s->samples[s->n_samples++] = *x;
    if (s->n_samples == 1) {
        s->first_us = m->at.time_us;
        s->first_frame = m->at.frame;
        s->payload_type = m->bytes[1] & 127;
        s->shortest = s->longest = size;
    }
    s->shortest = MIN(s->shortest, size);
    s->longest = MAX(s->longest, size);
    if (may_be_plain(s))
        s->plain += is_plain(m->bytes + payload, m->captured - payload);
    if (set != 0 && s->extension_frame == 0)
        s->extension_frame = m->at.frame;
    s->extensions |= set;
}

/* The last packets so far, taken from the samples: those to come are no longer among them. */
static wr_sample *recent_from_samples(const wr_stream *s)
{
    wr_sample *recent = g_new0(wr_sample, WR_STREAM_RECENT);

    for (unsigned i = 0; i < WR_STREAM_RECENT; i++)
        if (s->recent_sample[i] != 0)
            recent[i] = s->samples[s->recent_sample[i] - 1];
    return recent;
}

/* RTP-06: the same index and headers under other ciphertext. A packet sent again may have new header extensions and so
 * another tag; its payload is then the same. */
static void compare_recent(wr_stream *s, const wr_sample *x, unsigned sequence, const wr_place *place)
{
    const unsigned at = sequence % WR_STREAM_RECENT;
    const wr_sample *old;

    if (s->recent == NULL && s->n_samples == WR_STREAM_SAMPLES)
        s->recent = recent_from_samples(s);
    old = s->recent != NULL ? &s->recent[at] : s->recent_sample[at] != 0 ? &s->samples[s->recent_sample[at] - 1] : NULL;
    if (old != NULL && old->header == x->header && old->mark != x->mark) {
        if (s->reused++ == 0) {
            s->reused_frame = place->frame;
            s->reused_first_us = place->time_us;
        }
        s->reused_last_us = MAX(s->reused_last_us, place->time_us);
    }
    if (s->recent != NULL)
        s->recent[at] = *x;
    else
        s->recent_sample[at] = (uint8_t)(s->n_samples + 1); /* it is the next to be taken */
}

void wr_engine_add_left_out(wr_engine *e, const wr_left_out *left)
{
    e->left_out.packets += MIN(left->packets, UINT32_MAX - e->left_out.packets);
    e->left_out.bytes += MIN(left->bytes, UINT64_MAX - e->left_out.bytes);
}

/* What a thinned capture left out is counted as if it were there. What was before the first packet that is known of the
 * end is not, in a whole capture either. */
static void count_left_out(wr_traffic *t, const wr_left_out *left)
{
    const uint32_t n = MIN(left->packets, UINT32_MAX / 2 - MIN(t->packets, UINT32_MAX / 2));

    t->packets += n;
    t->left_out += n;
    t->bytes += MIN(left->bytes, (uint64_t)n * UINT16_MAX);
}

static uint32_t ssrc_of(const uint8_t *p)
{
    return (uint32_t)p[8] << 24 | (uint32_t)p[9] << 16 | (uint32_t)p[10] << 8 | p[11];
}

/* The same of its stream, which this packet, that may be a small one, goes on with. */
static void count_left_out_of_stream(const wr_flow *f, int from, const wr_media_evidence *m)
{
    wr_stream *s = m->captured >= RTP_HEADER ? stream_find(f, from, ssrc_of(m->bytes)) : NULL;

    if (s != NULL)
        s->packets += MIN(m->left_out.packets - m->left_out.small, UINT32_MAX / 2 - MIN(s->packets, UINT32_MAX / 2));
}

static void add_rtp(wr_engine *e, wr_flow *f, int from, const wr_media_evidence *m)
{
    const uint8_t *p = m->bytes;
    wr_stream *s;
    wr_rtp_header h;
    wr_sample x;

    if (m->left_out.packets > 0)
        count_left_out_of_stream(f, from, m);
    if (m->captured < RTP_LEAST)
        return;
    s = stream_get(e, f, from, ssrc_of(p));
    if (s == NULL)
        return;
    if (!wr_rtp_read_header(p, m->captured, &h) || m->captured - h.payload < MARKED)
        return;
    x.header = bytes_mark(p + 1, 7) | 1; /* 0 stands for none */
    x.mark = bytes_mark(p + h.payload, MARKED);
    if (m->captured - h.payload >= MARKED + TAG_MOST)
        compare_recent(s, &x, (unsigned)(p[2] << 8 | p[3]), &m->at);
    s->last_us = MAX(s->last_us, m->at.time_us);
    s->packets++;
    if (s->n_samples < WR_STREAM_SAMPLES)
        take_sample(s, &x, m, h.payload, wr_rtp_element_ids(&h));
    wr_media_levels(e, f, s, m, &h);
}

static void add_rtcp(wr_flow *f, int from, const wr_media_evidence *m)
{
    wr_oddities *o = wr_flow_oddities(f);
    wr_rtcp_look look;

    if (m->captured < m->length)
        return;
    look = wr_rtcp_look_at(m->bytes, m->length);
    if (o->rtcp[from] > 0)
        o->rtcp[from] += MIN(m->left_out.packets, UINT32_MAX / 2 - MIN(o->rtcp[from], UINT32_MAX / 2));
    o->rtcp[from]++;
    if (look == WR_RTCP_OPAQUE)
        return;
    if (o->clear[from]++ == 0) {
        o->clear_frame[from] = m->at.frame;
        o->clear_first_us[from] = m->at.time_us;
    }
    o->clear_last_us[from] = MAX(o->clear_last_us[from], m->at.time_us);
    o->clear_weight[from] = (uint16_t)MIN(o->clear_weight[from] + wr_rtcp_weight(look), 1000u);
}

static bool is_proven(const wr_flow *f)
{
    if (f->ice && wr_flow_is_answered(f))
        return true;
    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *a = wr_list_at(&f->associations, i);
        if (a->offers_use_srtp && a->has_server_random)
            return true;
    }
    return false;
}

bool wr_engine_is_media_path(wr_engine *e, const wr_place *at, const wr_carriage *how, bool first_pass)
{
    wr_flow *f = wr_engine_find_flow(e, at, how);

    if (f == NULL)
        return false;
    if (first_pass && f->proven_frame == 0 && is_proven(f))
        f->proven_frame = at->frame;
    return f->proven_frame != 0 && f->proven_frame <= at->frame;
}

wr_flow *wr_engine_add_media(wr_engine *e, const wr_media_evidence *m)
{
    wr_flow *f;
    wr_traffic *t;
    int from;

    if (m->captured < 4)
        return NULL;
    if (m->how.relayed)
        wr_turn_relayed(e, &m->at, &m->how);
    f = wr_flow_find(e, &m->at, &m->how, &from);
    if (f == NULL && !m->how.relayed && m->how.transport == WR_TRANSPORT_UDP && m->length >= RTP_HEADER)
        f = wr_flow_stray(e, m, &from);
    if (f == NULL)
        return NULL;
    t = &wr_flow_traffic(f)[from];
    if (t->packets > 0 && m->left_out.packets > 0)
        count_left_out(t, &m->left_out);
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
    if (wr_is_rtcp_type(m->bytes[1]))
        add_rtcp(f, from, m);
    else
        add_rtp(e, f, from, m);
    if (e->proofs != NULL && wr_media_is_to_prove(e, t->packets - t->left_out))
        wr_media_prove(e, f, from, m);
    e->changed = true;
    return f;
}
