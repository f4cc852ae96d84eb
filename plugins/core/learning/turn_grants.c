/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a TURN server is said to have granted. A response over UDP is one datagram, and its transaction id can be read
 * by whoever sees the request, so it proves nothing by itself (rules 2.10). The client believes what its server told
 * it: that it goes on from there, and that the server does not refuse the same request, bears a response out.
 */
#include "learn.h"

#include <string.h>

static bool is_of(const wr_turn_grant *g, const wr_turn_request *r)
{
    return g->frame != 0 && wr_endpoint_equal(&g->client, &r->client) && memcmp(g->txid, r->txid, sizeof g->txid) == 0;
}

/* No longer asked for. */
static void settle(wr_engine *e, const wr_turn_grant *g)
{
    if (!g->used && !g->denied && e->turn->waiting > 0)
        e->turn->waiting--;
}

bool wr_turn_grant_put(wr_engine *e, wr_turn_grant *g, const wr_turn_request *r, const wr_stun_evidence *s)
{
    if (g->used && !g->denied)
        return false;
    if (g->frame != 0)
        settle(e, g);
    memset(g, 0, sizeof *g);
    g->frame = s->at.frame;
    g->request = r->frame;
    g->client = r->client;
    memcpy(g->txid, r->txid, sizeof g->txid);
    g->denied = r->refused;
    g->used = s->how.transport == WR_TRANSPORT_TCP;
    if (!g->used && !g->denied)
        e->turn->waiting++;
    return true;
}

void wr_turn_grant_use(wr_engine *e, wr_turn_grant *g, const wr_endpoint *client)
{
    if (g->frame == 0 || g->used || !wr_endpoint_equal(&g->client, client))
        return;
    settle(e, g);
    g->used = e->changed = true;
}

void wr_turn_grant_drop(wr_engine *e, wr_turn_grant *g)
{
    if (g->frame == 0 || g->denied)
        return;
    settle(e, g);
    g->denied = e->changed = true;
}

void wr_turn_grant_deny(wr_engine *e, wr_turn_grant *g, const wr_turn_request *r)
{
    if (is_of(g, r))
        wr_turn_grant_drop(e, g);
}
