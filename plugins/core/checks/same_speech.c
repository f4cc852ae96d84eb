/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RTP-16: who decodes speech and encodes it anew leaves no header in common (RTP-07), but the audio levels in clear
 * (RFC 6464) tell that what one association brings to a host leaves it under another.
 */
#include "check.h"

#include "records/stream.h"
#include "rtp/levels.h"

#define MOST_STREAMS  512 /* with levels that are compared */
#define MOST_COMPARED 512 /* pairs: a tenth of a second */
#define LIMIT         "comparisons of audio levels"

typedef struct {
    const wr_flow *flow;
    const wr_stream *stream;
    const wr_association *association;
} talker;

static const wr_association *association_of(const wr_flow *f)
{
    const wr_association *a = wr_flow_last_association(f);

    return a != NULL && a->absorbed != NULL ? a->absorbed : a;
}

static GArray *talkers_of(wr_engine *e)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(talker));

    for (unsigned i = 0; i < e->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(e->flows, i);
        const talker t = {f, NULL, association_of(f)};
        for (unsigned j = 0; t.association != NULL && j < f->n_streams; j++) {
            if (f->streams[j].levels == NULL || wr_levels_bins(f->streams[j].levels) < WR_LEVEL_LEAST)
                continue;
            if (out->len == MOST_STREAMS) {
                wr_limit_reached(e, LIMIT);
                return out;
            }
            g_array_append_val(out, t);
            g_array_index(out, talker, out->len - 1).stream = &f->streams[j];
        }
    }
    return out;
}

/* x comes to a host that y leaves, for somebody else. */
static bool may_pass_on(const talker *x, const talker *y)
{
    const wr_endpoint *from = &x->flow->end[x->stream->from], *in = &x->flow->end[1 - x->stream->from];
    const wr_endpoint *out = &y->flow->end[y->stream->from], *to = &y->flow->end[1 - y->stream->from];

    return x->association != y->association && wr_endpoint_same_host(in, out) && !wr_endpoint_same_host(from, to) &&
           !wr_endpoint_same_host(from, in) && !wr_endpoint_same_host(out, to);
}

/* RTP-07 says it already. */
static bool same_headers(const wr_engine *e, const talker *x, const talker *y)
{
    for (unsigned i = 0; i < e->reencrypted->len; i++) {
        const wr_reencrypted *r = g_ptr_array_index(e->reencrypted, i);
        if (r->ssrc == x->stream->ssrc && r->ssrc == y->stream->ssrc &&
            ((r->flow[0] == x->flow && r->flow[1] == y->flow) || (r->flow[0] == y->flow && r->flow[1] == x->flow)))
            return true;
    }
    return false;
}

static void tell(wr_engine *e, const talker *x, const talker *y, const wr_level_match *m)
{
    char at[WR_ENDPOINT_TEXT], from[WR_ENDPOINT_TEXT];
    wr_finding *f = wr_finding_add(
        e, "RTP-16", WR_NOTE, y->stream->first_frame, wr_flow_session_number(e, y->flow), NULL,
        "What leaves %s under association a%u sounds like what association a%u brings there from %s: over %u s the audio "
        "levels in clear of the streams 0x%08x and 0x%08x correlate with %.2f, %d ms apart; at delays that cannot be "
        "with %.2f at most",
        wr_endpoint_format_host(&y->flow->end[y->stream->from], at), y->association->number, x->association->number,
        wr_endpoint_format_host(&x->flow->end[x->stream->from], from), m->seconds, y->stream->ssrc, x->stream->ssrc,
        m->coefficient, m->delay_ms, m->others);

    if (f == NULL)
        return;
    f->other_frame = x->stream->first_frame;
    f->basis = WR_BASIS_MEDIA;
}

void wr_check_same_speech(wr_engine *e)
{
    GArray *all = talkers_of(e);
    unsigned compared = 0;

    for (unsigned i = 0; i < all->len; i++) {
        for (unsigned j = 0; j < all->len; j++) {
            const talker *x = &g_array_index(all, talker, i), *y = &g_array_index(all, talker, j);
            wr_level_match m;
            if (!may_pass_on(x, y) || same_headers(e, x, y))
                continue;
            if (compared++ == MOST_COMPARED) {
                wr_limit_reached(e, LIMIT);
                g_array_free(all, TRUE);
                return;
            }
            if (wr_levels_match(x->stream->levels, y->stream->levels, &m) && m.delay_ms >= 0)
                tell(e, x, y, &m);
        }
    }
    g_array_free(all, TRUE);
}
