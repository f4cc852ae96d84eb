/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flows: the paths that datagrams travel, and when each end was allowed to send (RFC 7675). What TURN carries is put on
 * its path by relayed_paths.c.
 */
#include "learn.h"

#include <string.h>

/* ---- flows ---- */

void wr_flow_touch(wr_flow *f, const wr_place *at, const wr_carriage *how)
{
    if (f->first_frame == 0) {
        f->first_frame = at->frame;
        f->first_us = at->time_us;
    }
    f->last_frame = at->frame;
    f->last_us = MAX(f->last_us, at->time_us);
    f->relayed |= how->relayed;
    f->in_stun |= how->in_stun;
}

/* Credentials this flow never saw, after a long silence: the ports serve another call now. */
static bool flow_is_reused(const wr_flow *f, const wr_place *at, const char *remote, const char *local)
{
    if (f->checks.len == 0 || at->time_us - f->last_us < WR_FLOW_REUSE_US)
        return false;
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        if (strcmp(k->remote_ufrag, remote) == 0 || strcmp(k->local_ufrag, remote) == 0 ||
            strcmp(k->remote_ufrag, local) == 0 || strcmp(k->local_ufrag, local) == 0)
            return false;
    }
    return true;
}

wr_flow *wr_flow_lookup(wr_engine *e, const wr_place *at, const wr_carriage *how, bool create, const char *remote,
                        const char *local, int *from_end)
{
    wr_endpoint src, dst;
    wr_flow_key key = wr_flow_key_at(e, at, how, &src, &dst);
    wr_flow *f = wr_flow_by_key(e, &key);

    if (create && (f == NULL || (remote != NULL && flow_is_reused(f, at, remote, local)))) {
        wr_flow *fresh = wr_flow_new(e, &src, &dst);
        if (fresh != NULL) {
            fresh->transport = how->transport;
            fresh->channel = how->channel;
            fresh->earlier = f;
            wr_flow_set(e, &key, fresh);
            f = fresh;
        }
    }
    if (f != NULL)
        *from_end = wr_endpoint_equal(&f->end[0], &src) ? 0 : 1;
    return f;
}

wr_flow *wr_flow_get(wr_engine *e, const wr_place *at, const wr_carriage *how, int *from_end)
{
    wr_flow *f = wr_flow_lookup(e, at, how, true, NULL, NULL, from_end);

    if (f != NULL)
        wr_flow_touch(f, at, how);
    return f;
}

/* ---- consent (RFC 7675) ---- */

static wr_consent *consent_of(wr_flow *f)
{
    if (f->consent == NULL)
        f->consent = g_new0(wr_consent, 1);
    return f->consent;
}

void wr_flow_asked(wr_flow *f, int from)
{
    if ((f->consent == NULL || f->consent->given_first_us[from] == 0) && f->asked[from] < UINT8_MAX)
        f->asked[from]++;
}

void wr_flow_consented(wr_engine *e, wr_flow *f, int to, const wr_place *at)
{
    wr_consent *c = consent_of(f);

    if (c->given_first_us[0] == 0 && c->given_first_us[1] == 0)
        wr_flow_validate(e, f);
    if (c->given_first_us[to] == 0) {
        c->given_first_us[to] = at->time_us;
        c->given_frame[to] = at->frame;
    }
    c->given_last_us[to] = MAX(c->given_last_us[to], at->time_us);
}

void wr_flow_sent(wr_flow *f, int from, const wr_place *at)
{
    wr_consent *c = consent_of(f);

    if (c->sent_first_us[from] == 0) {
        c->sent_first_us[from] = at->time_us;
        c->sent_frame[from] = at->frame;
    }
    c->sent_last_us[from] = MAX(c->sent_last_us[from], at->time_us);
    if (c->given_last_us[from] != 0 && at->time_us - c->given_last_us[from] > c->lapsed_us[from]) {
        c->lapsed_us[from] = at->time_us - c->given_last_us[from];
        c->lapsed_frame[from] = at->frame;
    }
    if (c->given_last_us[from] != 0 && at->time_us - c->given_last_us[from] > WR_CONSENT_US)
        c->lapsed[from]++;
}
