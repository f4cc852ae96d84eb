/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose keys protect the media: each packet of a path is tried under the keys of the associations that may have made
 * them. What validates is proof whatever else is believed; what does not validate is held against a packet only where
 * no keys are missing.
 */
#include "media_keys.h"
#include "rtp/rtcp.h"

#include <string.h>

#define MISSES_TRIED 256 /* packets that nothing validated before only each 16th is tried */
#define MISSES_EACH  16
#define OTHERS_TRIED 8                 /* associations of the same hosts, for a path without a handshake of its own */
#define EARLY_US     (180 * WR_SECOND) /* after the handshake: too soon for counters beyond those tried */
#define FEW_PACKETS  200000            /* of one sender: too few for that */

typedef struct {
    wr_association *a; /* whose keys validate it; NULL for none */
    int side;
    bool again, replayed;
    bool unknown_source; /* nothing validates, and the source is new */
    uint64_t index;
    uint8_t *plain; /* room for what was encrypted, or NULL */
    size_t n_plain;
} outcome;

static wr_proven_path *path_of(wr_engine *e, wr_flow *f)
{
    wr_proven_path *p = g_hash_table_lookup(e->proofs->paths, f);

    if (p == NULL) {
        p = g_new0(wr_proven_path, 1);
        g_hash_table_insert(e->proofs->paths, f, p);
    }
    return p;
}

static wr_association *real(wr_association *a)
{
    for (int i = 0; a->absorbed != NULL && i < 4; i++)
        a = a->absorbed;
    return a;
}

/* ---- under one association's keys ---- */

static bool try_receiver(wr_srtp_receiver *r, const wr_media_evidence *m, outcome *out)
{
    wr_srtp_received got;

    if (r == NULL)
        return false;
    got = wr_srtp_receive(r, m->bytes, m->length, (uint32_t)(m->at.time_us / 1000), out->plain, &out->n_plain);
    if (got.verdict == WR_SRTP_UNKNOWN)
        out->unknown_source = true;
    if (got.verdict != WR_SRTP_VERIFIED)
        return false;
    out->index = got.index;
    out->again = got.again;
    out->replayed = got.again && got.after_ms >= WR_PROOF_REPEAT_MS;
    return true;
}

/* Which sides' keys a packet from this end may have: its own where the handshake ran here, else either. */
static bool may_be_side(const wr_association *a, const wr_flow *f, int from, int side)
{
    return a->flow != f || a->client_end < 0 || wr_association_role(a, f, from) == side;
}

static bool try_association(wr_association *a, const wr_flow *f, int from, const wr_media_evidence *m, outcome *out)
{
    wr_media_proof *p = a->srtp;

    for (int side = 0; side < 2; side++) {
        if (!may_be_side(a, f, from, side))
            continue;
        if (p->profile != NULL ? try_receiver(p->receiver[side], m, out) : wr_media_keys_try(a, side, m, out)) {
            out->a = a;
            out->side = side;
            return true;
        }
    }
    return false;
}

bool wr_media_keys_try(wr_association *a, int side, const wr_media_evidence *m, void *data)
{
    wr_media_proof *p = a->srtp;

    for (unsigned i = 0; i < WR_SRTP_PROFILES; i++) {
        const unsigned n = wr_media_keys_order(a, i);
        if (!try_receiver(wr_media_keys_trial(a, n, side), m, data))
            continue;
        wr_media_keys_settle(p, n);
        return true;
    }
    return false;
}

/* ---- whose association? ---- */

static bool same_host(const wr_association *a, const wr_flow *f)
{
    for (int side = 0; side < 2; side++)
        for (int end = 0; end < 2; end++)
            if (wr_endpoint_same_host(&a->side[side].end, &f->end[end]))
                return true;
    return false;
}

/* After a change of path (RFC 8445 12) media goes on under keys that were agreed on elsewhere. */
static bool try_others(wr_engine *e, const wr_flow *f, int from, const wr_media_evidence *m, outcome *out)
{
    const GPtrArray *keyed = e->proofs->keyed;

    for (unsigned i = keyed->len, tried = 0; i > 0 && tried < OTHERS_TRIED && keyed->len - i < WR_MAX_BUCKET; i--) {
        wr_association *a = g_ptr_array_index(keyed, i - 1);
        if (a->absorbed != NULL || a->srtp == NULL || wr_list_has(&f->associations, a) || !same_host(a, f))
            continue;
        tried++;
        if (try_association(a, f, from, m, out))
            return true;
    }
    return false;
}

/* Tries all; *complete: no association of this path lacks its secret or its profile. */
static bool try_path(wr_engine *e, const wr_flow *f, wr_proven_path *path, int from, const wr_media_evidence *m,
                     outcome *out, bool *complete)
{
    *complete = true;
    if (path->by != NULL)
        path->by = real(path->by);
    if (path->by != NULL && try_association(path->by, f, from, m, out))
        return true;
    for (unsigned i = f->associations.len; i > 0; i--) {
        wr_association *a = real(wr_list_at(&f->associations, i - 1));
        if (a == path->by || (a->has_server_random == false && !a->has_client_random))
            continue;
        if (!wr_media_keys_open(e, a)) {
            *complete = false;
            continue;
        }
        if (try_association(a, f, from, m, out))
            return true;
        *complete = *complete && a->srtp->profile != NULL;
    }
    return try_others(e, f, from, m, out);
}

/* ---- what follows ---- */

static wr_proven_source *source_of(wr_engine *e, wr_media_proof *p, uint32_t ssrc, int side)
{
    wr_proven_source *s;

    for (unsigned i = 0; i < p->n_sources; i++)
        if (p->sources[i].ssrc == ssrc && p->sources[i].side == side)
            return &p->sources[i];
    if (p->n_sources >= WR_PROOF_SOURCES ||
        !wr_keep_bytes(e, sizeof *s + wr_srtp_source_size(), "memory for authenticated media"))
        return NULL;
    p->sources = g_renew(wr_proven_source, p->sources, p->n_sources + 1);
    s = &p->sources[p->n_sources++];
    memset(s, 0, sizeof *s);
    s->ssrc = ssrc;
    s->side = (uint8_t)side;
    return s;
}

static void count_source(wr_engine *e, wr_media_proof *p, int side, const wr_media_evidence *m)
{
    const uint8_t *b = m->bytes;
    wr_proven_source *s =
        source_of(e, p, (uint32_t)b[8] << 24 | (uint32_t)b[9] << 16 | (uint32_t)b[10] << 8 | b[11], side);

    if (s == NULL)
        return;
    if (s->verified++ == 0) {
        s->payload_type = b[1] & 127;
        s->first_frame = m->at.frame;
        s->first_us = m->at.time_us;
    }
    s->last_frame = m->at.frame;
    s->last_us = MAX(s->last_us, m->at.time_us);
}

static void count_verified(wr_engine *e, const outcome *o, const wr_media_evidence *m)
{
    wr_media_proof *p = o->a->srtp;

    if (p->rtp_verified + p->rtcp_verified == 0)
        p->first_frame = m->at.frame;
    p->last_frame = m->at.frame;
    if (wr_is_rtcp_type(m->bytes[1])) {
        p->rtcp_verified++;
    } else {
        p->rtp_verified++;
        p->by_side[o->side]++;
        count_source(e, p, o->side, m);
    }
    if (o->replayed)
        wr_proof_frames_add(&p->replayed, m->at.frame);
    p->repeated += o->again && !o->replayed;
    wr_frame_set_add(e->proofs->verified, m->at.frame);
}

/* What came before the first that validated, while the profile was not known, was tried under that profile, too. */
static void count_early(wr_engine *e, wr_media_proof *p)
{
    wr_proof_frames *to[2] = {&p->rtp_failed, &p->rtcp_failed};

    for (int i = 0; i < 2; i++) {
        for (uint32_t j = 0; j < MIN(p->early[i].n, WR_PROOF_FRAMES); j++) {
            wr_proof_frames_add(to[i], p->early[i].frame[j]);
            wr_frame_set_add(e->proofs->failed, p->early[i].frame[j]);
        }
        to[i]->n += p->early[i].n - MIN(p->early[i].n, WR_PROOF_FRAMES);
        p->early[i].n = 0;
    }
}

/* Its counter cannot be beyond those that were tried. */
static bool is_early(const wr_association *a, const wr_flow *f, int from, const wr_media_evidence *m)
{
    return m->at.time_us - a->first_us < EARLY_US || f->media[from].packets < FEW_PACKETS;
}

static void count_failed(wr_engine *e, wr_flow *f, int from, wr_association *a, const outcome *o,
                         const wr_media_evidence *m, bool complete)
{
    wr_media_proof *p = a->srtp;
    const bool rtcp = wr_is_rtcp_type(m->bytes[1]);

    if (!complete || (o->unknown_source && !is_early(a, f, from, m))) {
        p->undecided++;
        return;
    }
    wr_proof_frames_add(rtcp ? &p->rtcp_failed : &p->rtp_failed, m->at.frame);
    wr_frame_set_add(e->proofs->failed, m->at.frame);
}

/* Nothing validated so far on this path, whose association alone has a secret: it may still turn out which profile. */
static void count_early_miss(wr_flow *f, const wr_media_evidence *m)
{
    wr_association *a = wr_flow_last_association(f);

    a = a != NULL ? real(a) : NULL;
    if (a == NULL || a->srtp == NULL || a->srtp->profile != NULL)
        return;
    a->srtp->misses++;
    for (unsigned i = 0; i < f->associations.len; i++)
        if (real(wr_list_at(&f->associations, i)) != a) /* whose they are cannot be told */
            return;
    if (a->flow == f)
        wr_proof_frames_add(&a->srtp->early[wr_is_rtcp_type(m->bytes[1])], m->at.frame);
}

/* It is tried at all: whole, and not one of many that nothing validates. */
static bool is_worth_trying(wr_engine *e, const wr_flow *f, const wr_proven_path *path, const wr_media_evidence *m)
{
    return m->captured == m->length && m->length >= 12 && (e->proofs->keyed->len > 0 || f->associations.len > 0) &&
           (path->by != NULL || path->misses < MISSES_TRIED || path->misses % MISSES_EACH == 0);
}

/* Keys that stand in descriptions are tried where no handshake is there to make others. */
static bool may_have_described_keys(const wr_engine *e, const wr_flow *f, const wr_proven_path *path,
                                    const wr_media_evidence *m)
{
    return e->proofs->sdes && f->associations.len == 0 && path->by == NULL && m->captured == m->length &&
           m->length >= 12;
}

/* A packet that was opened for who shows it is not tried again when it is learned. */
static uint64_t mark_of(const wr_media_evidence *m)
{
    return wr_key(m->bytes, MIN(m->length, 64)) ^ wr_key(m->bytes + m->length - 8, 8) ^ m->length;
}

void wr_media_prove(wr_engine *e, wr_flow *f, int from, const wr_media_evidence *m)
{
    struct wr_opened_media *last = &e->proofs->last;
    wr_proven_path *path = path_of(e, f);
    outcome o = {.a = NULL};
    bool complete = true;

    if (may_have_described_keys(e, f, path, m) && wr_media_sdes(e, f, path, from, m))
        return;
    if (!is_worth_trying(e, f, path, m)) {
        path->misses += path->by == NULL;
        return;
    }
    if (last->frame == m->at.frame && last->mark == mark_of(m)) {
        complete = last->complete;
        o = (outcome){last->by, last->side, last->again, last->replayed, last->unknown_source, last->index, NULL, 0};
    } else {
        try_path(e, f, path, from, m, &o, &complete);
    }
    if (o.a != NULL) {
        const bool first = o.a->srtp->rtp_verified + o.a->srtp->rtcp_verified == 0;
        count_verified(e, &o, m);
        if (first)
            count_early(e, o.a->srtp);
        path->by = o.a;
    } else if (path->by != NULL) {
        count_failed(e, f, from, path->by, &o, m, complete);
    } else {
        path->misses++;
        count_early_miss(f, m);
    }
}

wr_srtp_keys *wr_engine_open_media(wr_engine *e, const wr_media_evidence *m, uint8_t *out, size_t *n, uint64_t *index)
{
    outcome o = {.plain = out};
    wr_proven_path *path;
    bool complete = true;
    wr_flow *f;
    int from;

    if (e->proofs == NULL || (f = wr_flow_find(e, &m->at, &m->how, &from)) == NULL)
        return NULL;
    path = path_of(e, f);
    if (may_have_described_keys(e, f, path, m)) {
        wr_srtp_keys *described = wr_media_sdes_open(e, f, path, from, m, out, n, index);
        if (described != NULL)
            return described;
    }
    if (!is_worth_trying(e, f, path, m))
        return NULL;
    try_path(e, f, path, from, m, &o, &complete);
    e->proofs->last = (struct wr_opened_media){m->at.frame, mark_of(m), o.a,        o.side,          o.index,
                                               complete,    o.again,    o.replayed, o.unknown_source};
    *n = o.n_plain;
    *index = o.index;
    return o.a != NULL ? wr_srtp_receiver_keys(o.a->srtp->receiver[o.side]) : NULL;
}

bool wr_media_open_again(wr_srtp_keys *k, uint64_t index, const uint8_t *bytes, size_t len, uint8_t *out, size_t *n)
{
    if (len < 2)
        return false;
    return wr_is_rtcp_type(bytes[1]) ? wr_srtcp_open(k, bytes, len, out, n)
                                     : wr_srtp_open(k, bytes, len, (uint32_t)(index >> 16), out, n);
}
