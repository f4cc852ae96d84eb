/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the media of a flow unencrypted?
 */
#include "records/flow.h"
#include "records/stream.h"
#include "rtp/rtcp.h"

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
