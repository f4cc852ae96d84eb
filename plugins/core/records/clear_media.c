/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the media of a flow unencrypted?
 */
#include "records/flow.h"
#include "records/stream.h"
#include "rtp/rtcp.h"

/* Less than this beside a handshake may be anybody's: packets that continue what the end sends come for as long, and as
 * often, as its own (rules 2.10). */
#define CLEAR_US    (10 * WR_SECOND)
#define CLEAR_SHARE 10 /* one of so many packets */

/* So many packets of the end, over such a time, are what it sends and not what somebody put beside it. */
static bool goes_on(const wr_flow *f, int end, uint32_t packets, int64_t us)
{
    const bool often = (uint64_t)packets * CLEAR_SHARE >= f->media[end].packets;

    return often && (f->associations.len == 0 || us >= CLEAR_US);
}

/* Streams whose payloads are nothing like ciphertext. */
static const wr_stream *plain_stream(const wr_flow *f, bool *much)
{
    const wr_stream *found = NULL;

    *much = false;
    for (unsigned i = 0; i < f->n_streams; i++) {
        const wr_stream *s = &f->streams[i];
        if (s->plain < WR_STREAM_PLAIN)
            continue;
        if (found == NULL)
            found = s;
        if (!*much && goes_on(f, s->from, s->packets, s->last_us - s->first_us)) {
            *much = true;
            found = s;
        }
    }
    return found;
}

static wr_clearness rtcp_clearness(const wr_flow *f, int end)
{
    const wr_oddities *o = f->odd;

    if (o->clear_weight[end] < WR_RTCP_PROOF)
        return WR_CLEAR_NO;
    /* of RTCP there is little: its share is that of all RTCP of the end */
    if (2 * o->clear[end] < o->rtcp[end] || o->clear[end] < WR_CLEAR_BESIDE ||
        o->clear_last_us[end] - o->clear_first_us[end] < CLEAR_US)
        return WR_CLEAR_SOME;
    if (f->associations.len > 0)
        return (uint64_t)o->clear[end] * CLEAR_SHARE < f->media[end].packets ? WR_CLEAR_SOME : WR_CLEAR_YES;
    return o->clear[end] < o->rtcp[end] ? WR_CLEAR_SOME : WR_CLEAR_YES;
}

wr_clearness wr_flow_clearness(const wr_flow *f, uint32_t *frame, const char **why)
{
    bool much;
    const wr_stream *plain = plain_stream(f, &much);
    wr_clearness worst = WR_CLEAR_NO;

    for (int end = 0; f->odd != NULL && end < 2; end++) {
        wr_clearness c = rtcp_clearness(f, end);
        if (c <= worst)
            continue;
        worst = c;
        if (frame != NULL)
            *frame = f->odd->clear_frame[end];
        if (why != NULL)
            *why = "RTCP is in clear: its packets chain to the end of their datagrams";
    }
    if (worst == WR_CLEAR_YES || plain == NULL)
        return worst;
    if (frame != NULL)
        *frame = plain->first_frame;
    if (why != NULL)
        *why = "media is in clear: payloads repeat few byte values";
    return much ? WR_CLEAR_YES : WR_CLEAR_SOME;
}
