/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connectivity check seen from two sources: transaction and integrity value are the same, so it is one message,
 * relayed, translated, captured at two points, or replayed (rules 3.3, ICE-08). The latest checks are remembered.
 */
#include "learn.h"
#include "records/replay.h"

#include <string.h>

/* Of the transaction id and the 20 bytes of HMAC. */
static uint64_t check_mark(const wr_stun *m)
{
    uint8_t both[WR_STUN_TXID + 20] = {0};

    memcpy(both, m->txid, WR_STUN_TXID);
    for (size_t i = 0; i < 20 && m->integrity_offset + 4 + i < m->length; i++)
        both[WR_STUN_TXID + i] = m->bytes[m->integrity_offset + 4 + i];
    return wr_key(both, sizeof both);
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

/* Both sides of a relay, or of a translation that two points saw, show one check honestly. */
static bool is_elsewhere(const struct wr_sighting *was, const wr_flow *f, const wr_stun_evidence *s)
{
    return was->flow != f && was->point == s->at.point && !f->relayed && !was->flow->relayed && !s->how.relayed;
}

/* A check of this flow was validated by another message than that of this frame. */
static bool is_proven_otherwise(const wr_flow *f, uint32_t frame)
{
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        if (k->request_valid && k->valid_frame != frame)
            return true;
    }
    return false;
}

/* An answer names the source that this flow shows. */
static bool has_fitting_answer(const wr_flow *f)
{
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        if (k->request_valid && k->response_valid && wr_endpoint_equal(&k->mapped, &f->end[k->from]))
            return true;
    }
    return false;
}

static void take_proof_back(wr_engine *e, wr_flow *f, unsigned from)
{
    for (unsigned i = 0; i < f->checks.len; i++) {
        wr_check *k = wr_list_at(&f->checks, i);
        k->request_valid = k->response_valid = false;
        k->password = NULL;
        k->valid_frame = 0;
        k->replayed |= k->from == from;
    }
    for (unsigned i = 0; i < f->associations.len; i++)
        ((wr_association *)wr_list_at(&f->associations, i))->dirty = true;
    e->changed = true;
}

/* The copy came first: a path that is proven by more than this message is where it belongs, and one that has nothing
 * else is proven by nothing. */
static bool is_overtaken(const struct wr_sighting *was, const wr_flow *f, const wr_stun_evidence *s)
{
    return s->at.time_us - was->time_us <= WR_SLACK_US && !is_proven_otherwise(was->flow, was->frame) &&
           is_proven_otherwise(f, s->at.frame) && !has_fitting_answer(was->flow);
}

/* The clocks of the points that saw it: each point counts once, for retransmissions come at any distance. */
static void compare_clocks(wr_engine *e, struct wr_sighting *slot, const wr_flow *f, unsigned look,
                           const wr_stun_evidence *s)
{
    const unsigned bit = 1u << MIN(s->at.point, WR_MAX_POINTS - 1u);

    if (slot->point != s->at.point && (slot->told & bit) == 0)
        wr_clock_note(e, slot->point, slot->first_us, s->at.point, s->at.time_us, wr_clock_way(&s->at.src, &s->at.dst));
    slot->told |= (uint16_t)bit;
    if (slot->point == s->at.point && slot->flow == f)
        wr_look_twice(e, slot->look, slot->first_us, look, s->at.time_us);
}

bool wr_check_sighted(wr_engine *e, wr_flow *f, int from, const wr_stun_evidence *s)
{
    uint64_t mark;
    struct wr_sighting *slot;
    unsigned look;
    bool again;

    if (!s->msg.has_integrity)
        return false;
    if (e->sightings == NULL)
        e->sightings = g_new0(struct wr_sighting, WR_SIGHTINGS);
    mark = check_mark(&s->msg);
    slot = &e->sightings[mark % WR_SIGHTINGS];
    again = slot->mark == mark;
    look = wr_look_of(e, &s->at);
    wr_look_seen(e, look);
    if (again)
        compare_clocks(e, slot, f, look, s);
    if (slot->mark == mark && slot->flow != f)
        note_replay(e, slot, f, from, s);
    if (slot->mark == mark && (slot->flow != f || slot->point != s->at.point)) {
        const bool elsewhere = is_elsewhere(slot, f, s);
        if (!elsewhere || !is_overtaken(slot, f, s))
            return elsewhere; /* retransmissions come from the first source */
        take_proof_back(e, slot->flow, slot->from);
    }
    if (again && slot->flow == f && slot->point == s->at.point) {
        slot->time_us = s->at.time_us;
        slot->frame = s->at.frame;
        slot->from = (uint8_t)from;
        return false;
    }
    *slot = (struct wr_sighting){.mark = mark,
                                 .flow = f,
                                 .time_us = s->at.time_us,
                                 .first_us = s->at.time_us,
                                 .frame = s->at.frame,
                                 .point = s->at.point,
                                 .look = (uint16_t)look,
                                 .told = (uint16_t)(1u << MIN(s->at.point, WR_MAX_POINTS - 1u)),
                                 .from = (uint8_t)from};
    return false;
}
