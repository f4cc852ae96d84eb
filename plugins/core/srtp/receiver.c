/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows the sources of one direction. An estimate of the roll-over counter is a guess until the tag says so. */
#include "srtp/receiver.h"

#include "rtp/rtcp.h"

#include <glib.h>
#include <string.h>

#define HALF      0x8000u
#define BLOCK     128
#define SPARINGLY 64 /* packets of which one has extra tries, when those are used up */

typedef struct {
    uint64_t index; /* plus one; 0 for none */
    uint32_t mark, ms;
} remembered;

typedef struct {
    uint32_t ssrc;
    bool has_rtp;
    uint64_t highest;                          /* index of SRTP */
    uint64_t seen[WR_SRTP_WINDOW / 64];        /* bit of each index up to the highest, by its low bits */
    uint32_t block_ms[WR_SRTP_WINDOW / BLOCK]; /* when the first of so many indexes came */
    remembered rtp[WR_SRTP_REMEMBERED];        /* by the index' low bits */
    remembered rtcp[WR_SRTP_REMEMBERED / 8];
} source;

struct wr_srtp_receiver {
    wr_srtp_keys *keys;
    source **sources;
    unsigned n_sources, last; /* last: found last time */
    unsigned extra, spared;
};

wr_srtp_receiver *wr_srtp_receiver_new(wr_srtp_keys *keys)
{
    wr_srtp_receiver *r;

    if (keys == NULL)
        return NULL;
    r = g_new0(wr_srtp_receiver, 1);
    r->keys = keys;
    return r;
}

void wr_srtp_receiver_free(wr_srtp_receiver *r)
{
    if (r == NULL)
        return;
    for (unsigned i = 0; i < r->n_sources; i++)
        g_free(r->sources[i]);
    g_free(r->sources);
    wr_srtp_keys_free(r->keys);
    g_free(r);
}

wr_srtp_keys *wr_srtp_receiver_keys(const wr_srtp_receiver *r)
{
    return r->keys;
}

size_t wr_srtp_receiver_size(void)
{
    return sizeof(wr_srtp_receiver) + 4096; /* and what OpenSSL keeps of the keys, about */
}

size_t wr_srtp_source_size(void)
{
    return sizeof(source) + sizeof(source *);
}

unsigned wr_srtp_receiver_sources(const wr_srtp_receiver *r)
{
    return r->n_sources;
}

static source *find(wr_srtp_receiver *r, uint32_t ssrc)
{
    if (r->last < r->n_sources && r->sources[r->last]->ssrc == ssrc)
        return r->sources[r->last];
    for (unsigned i = 0; i < r->n_sources; i++) {
        if (r->sources[i]->ssrc == ssrc) {
            r->last = i;
            return r->sources[i];
        }
    }
    return NULL;
}

/* Of a packet that is verified; NULL at the bound. */
static source *get(wr_srtp_receiver *r, uint32_t ssrc)
{
    source *s = find(r, ssrc);

    if (s != NULL || r->n_sources >= WR_SRTP_MAX_SOURCES)
        return s;
    s = g_new0(source, 1);
    s->ssrc = ssrc;
    r->sources = g_renew(source *, r->sources, r->n_sources + 1);
    r->sources[r->n_sources++] = s;
    return s;
}

static bool bit(const source *s, uint64_t index)
{
    return (s->seen[index % WR_SRTP_WINDOW / 64] >> index % 64 & 1) != 0;
}

/* The window moves on to index; what leaves it is forgotten. */
static void advance(source *s, uint64_t index, uint32_t ms)
{
    uint64_t from = s->has_rtp ? s->highest + 1 : index;

    if (!s->has_rtp || index - from >= WR_SRTP_WINDOW) {
        memset(s->seen, 0, sizeof s->seen);
        for (unsigned i = 0; i < WR_SRTP_WINDOW / BLOCK; i++)
            s->block_ms[i] = ms;
        from = index;
    }
    for (; from <= index; from++) {
        s->seen[from % WR_SRTP_WINDOW / 64] &= ~(UINT64_C(1) << from % 64);
        if (from % BLOCK == 0)
            s->block_ms[from % WR_SRTP_WINDOW / BLOCK] = ms;
    }
    s->highest = index;
    s->has_rtp = true;
}

static bool is_again(remembered *list, unsigned room, uint64_t index, uint32_t mark, uint32_t ms, wr_srtp_received *out)
{
    remembered *x = &list[index % room];

    if (x->index == index + 1) {
        if (x->mark == mark) {
            out->again = true;
            out->after_ms = ms - x->ms;
        }
        return true; /* the first is what others are compared with; another tag: sent anew with other extensions */
    }
    return false;
}

static void remember_rtp(source *s, uint64_t index, uint32_t mark, uint32_t ms, wr_srtp_received *out)
{
    if (s->has_rtp && index + WR_SRTP_WINDOW <= s->highest) {
        out->late = true;
        return;
    }
    if (!s->has_rtp || index > s->highest)
        advance(s, index, ms);
    if (is_again(s->rtp, WR_SRTP_REMEMBERED, index, mark, ms, out))
        return;
    if (bit(s, index)) {
        out->again = true;
        out->after_ms = ms - s->block_ms[index % WR_SRTP_WINDOW / BLOCK];
        return;
    }
    s->seen[index % WR_SRTP_WINDOW / 64] |= UINT64_C(1) << index % 64;
    if (index + WR_SRTP_REMEMBERED > s->highest)
        s->rtp[index % WR_SRTP_REMEMBERED] = (remembered){index + 1, mark, ms};
}

/* ---- the roll-over counter ---- */

static bool try_roc(wr_srtp_receiver *r, const uint8_t *bytes, size_t len, uint32_t roc, uint8_t *out, size_t *out_len)
{
    return wr_srtp_open(r->keys, bytes, len, roc, out, out_len);
}

/* More tries than a packet of a stream without holes needs: bounded, lest a flood of forged packets be dear. */
static bool may_try_more(wr_srtp_receiver *r)
{
    if (r->extra >= WR_SRTP_EXTRA && ++r->spared % SPARINGLY != 0)
        return false;
    r->extra++;
    return true;
}

/* RFC 3711 3.3.1: of the counters v-1, v and v+1 the one that is nearest. */
static uint32_t estimate(uint64_t highest, uint16_t sequence)
{
    const uint32_t roc = (uint32_t)(highest >> 16);
    const uint32_t last = (uint32_t)(highest & 0xffff);

    if (last < HALF)
        return sequence > last + HALF ? (roc > 0 ? roc - 1 : 0) : roc;
    return sequence < last - HALF ? roc + 1 : roc;
}

/* Of a known source: the estimate, its neighbours, and what a hole of the capture may have hidden. */
static bool find_known(wr_srtp_receiver *r, const source *s, const uint8_t *bytes, size_t len, uint16_t sequence,
                       uint32_t *roc, uint8_t *out, size_t *out_len)
{
    const uint32_t guess = estimate(s->highest, sequence);

    *roc = guess;
    if (try_roc(r, bytes, len, guess, out, out_len))
        return true;
    if (!may_try_more(r))
        return false;
    for (uint32_t i = 1; i <= WR_SRTP_LATE_TRIES; i++) {
        *roc = guess + i;
        if (try_roc(r, bytes, len, *roc, out, out_len))
            return true;
    }
    *roc = guess - 1;
    return guess > 0 && try_roc(r, bytes, len, *roc, out, out_len);
}

/* Of a new source: what its neighbours' counters say comes first, which are 0 as a rule. */
static bool find_new(wr_srtp_receiver *r, const uint8_t *bytes, size_t len, uint32_t *roc, uint8_t *out,
                     size_t *out_len)
{
    *roc = 0;
    if (try_roc(r, bytes, len, 0, out, out_len))
        return true;
    if (!may_try_more(r))
        return false;
    for (*roc = 1; *roc < WR_SRTP_ROC_TRIES; (*roc)++)
        if (try_roc(r, bytes, len, *roc, out, out_len))
            return true;
    return false;
}

static void receive_rtp(wr_srtp_receiver *r, const uint8_t *bytes, size_t len, uint32_t ms, uint8_t *out,
                        size_t *out_len, wr_srtp_received *got)
{
    wr_srtp_head head;
    uint32_t roc = 0;
    source *s;

    if (!wr_srtp_read_head(r->keys, bytes, len, &head))
        return;
    got->ssrc = head.ssrc;
    s = find(r, head.ssrc);
    if (s != NULL && s->has_rtp) {
        got->verdict = WR_SRTP_FAILED;
        if (!find_known(r, s, bytes, len, head.sequence, &roc, out, out_len))
            return;
    } else if (!find_new(r, bytes, len, &roc, out, out_len)) {
        got->verdict = WR_SRTP_UNKNOWN;
        return;
    }
    got->verdict = WR_SRTP_VERIFIED;
    got->index = (uint64_t)roc << 16 | head.sequence;
    s = get(r, head.ssrc);
    if (s != NULL)
        remember_rtp(s, got->index, head.mark, ms, got);
}

static void receive_rtcp(wr_srtp_receiver *r, const uint8_t *bytes, size_t len, uint32_t ms, uint8_t *out,
                         size_t *out_len, wr_srtp_received *got)
{
    wr_srtp_head head;
    source *s;

    if (!wr_srtcp_read_head(r->keys, bytes, len, &head))
        return;
    got->ssrc = head.ssrc;
    got->index = head.index;
    if (!wr_srtcp_open(r->keys, bytes, len, out, out_len))
        return;
    got->verdict = WR_SRTP_VERIFIED;
    s = get(r, head.ssrc);
    if (s != NULL && !is_again(s->rtcp, WR_SRTP_REMEMBERED / 8, head.index, head.mark, ms, got))
        s->rtcp[head.index % (WR_SRTP_REMEMBERED / 8)] = (remembered){head.index + 1ull, head.mark, ms};
}

wr_srtp_received wr_srtp_receive(wr_srtp_receiver *r, const uint8_t *bytes, size_t len, uint32_t ms, uint8_t *out,
                                 size_t *out_len)
{
    wr_srtp_received got = {.verdict = WR_SRTP_FAILED};
    size_t unused;

    if (out_len == NULL)
        out_len = &unused;
    if (len < 2)
        return got;
    if (wr_is_rtcp_type(bytes[1]))
        receive_rtcp(r, bytes, len, ms, out, out_len, &got);
    else
        receive_rtp(r, bytes, len, ms, out, out_len, &got);
    return got;
}
