/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connectivity check seen from two sources: transaction and integrity value are the same, so it is one message,
 * relayed, translated, captured at two points, or replayed (rules 3.3, ICE-08). The latest checks are remembered.
 */
#include "learn.h"
#include "records/replay.h"

#include <string.h>

/* FNV-1a over the transaction id and the 20 bytes of HMAC. */
static uint64_t check_mark(const wr_stun *m)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (int i = 0; i < WR_STUN_TXID; i++)
        h = (h ^ m->txid[i]) * UINT64_C(1099511628211);
    for (size_t i = 4; i < 24 && m->integrity_offset + i < m->length; i++)
        h = (h ^ m->bytes[m->integrity_offset + i]) * UINT64_C(1099511628211);
    return h;
}

static void note_replay(wr_engine *e, struct wr_sighting *was, wr_flow *f, int from, const wr_stun_evidence *s)
{
    struct wr_replay r = {
        .flow = {was->flow, f}, .frame = {was->frame, s->at.frame}, .gap_us = s->at.time_us - was->time_us};

    r.same_target = wr_endpoint_equal(&was->flow->end[1 - was->from], &f->end[1 - from]);
    for (unsigned i = 0; i < e->replays->len; i++) {
        const struct wr_replay *x = &g_array_index(e->replays, struct wr_replay, i);
        if (x->flow[0] == r.flow[0] && x->flow[1] == r.flow[1])
            return;
    }
    if (e->replays->len < WR_MAX_REPLAYS)
        g_array_append_val(e->replays, r);
    else
        wr_limit_reached(e, "checks seen from two sources");
}

void wr_check_sighted(wr_engine *e, wr_flow *f, int from, const wr_stun_evidence *s)
{
    uint64_t mark;
    struct wr_sighting *slot;

    if (!s->msg.has_integrity)
        return;
    if (e->sightings == NULL)
        e->sightings = g_new0(struct wr_sighting, WR_SIGHTINGS);
    mark = check_mark(&s->msg);
    slot = &e->sightings[mark % WR_SIGHTINGS];
    if (slot->mark == mark && slot->point != s->at.point)
        wr_clock_note(e, slot->point, slot->time_us, s->at.point, s->at.time_us);
    if (slot->mark == mark && slot->flow != f)
        note_replay(e, slot, f, from, s);
    if (slot->mark == mark && (slot->flow != f || slot->point != s->at.point))
        return; /* retransmissions come from the first source */
    *slot = (struct wr_sighting){mark, f, s->at.time_us, s->at.frame, s->at.point, (uint8_t)from};
}
