/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TURN allocations with their channels, and the path that a relay's datagrams take (RFC 8656).
 */
#include "records/allocation.h"
#include "records/store.h"

#include <string.h>

void wr_turn_allocation_free(gpointer allocation)
{
    wr_allocation *al = allocation;

    g_free(al->channels);
    g_free(al->waiting);
    g_free(al);
}

static wr_flow_key ends_of(const wr_endpoint *a, const wr_endpoint *b)
{
    return wr_flow_key_of(a, b, 0, 0);
}

wr_allocation *wr_turn_allocation(const wr_engine *e, const wr_endpoint *a, const wr_endpoint *b)
{
    wr_flow_key key;

    if (g_hash_table_size(e->allocations) == 0)
        return NULL;
    key = ends_of(a, b);
    return g_hash_table_lookup(e->allocations, &key);
}

wr_allocation *wr_turn_allocation_get(wr_engine *e, const wr_endpoint *client, const wr_endpoint *server)
{
    wr_allocation *al = wr_turn_allocation(e, client, server);
    wr_flow_key key = ends_of(client, server);

    if (al != NULL)
        return al;
    if (g_hash_table_size(e->allocations) >= WR_MAX_ALLOCATIONS) {
        wr_limit_reached(e, "TURN allocations");
        return NULL;
    }
    al = g_new0(wr_allocation, 1);
    al->client = *client;
    al->server = *server;
    al->relayed = wr_endpoint_none();
    g_hash_table_insert(e->allocations, g_memdup2(&key, sizeof key), al);
    return al;
}

struct wr_channel *wr_turn_channel(const wr_allocation *al, uint16_t number)
{
    for (unsigned i = 0; i < al->n_channels; i++)
        if (al->channels[i].number == number)
            return &al->channels[i];
    return NULL;
}

wr_endpoint wr_turn_peer_of(const wr_allocation *al, const wr_carriage *how)
{
    const struct wr_channel *c = wr_endpoint_known(&how->peer) ? NULL : wr_turn_channel(al, how->channel);

    return c != NULL ? c->peer : how->peer;
}

wr_flow_key wr_relayed_key_of(const wr_endpoint *a, const wr_endpoint *b, unsigned channel)
{
    /* a relayed path is UDP on its far side, however the client reaches the relay */
    return wr_flow_key_of(a, b, WR_TRANSPORT_UDP, channel);
}

wr_flow_key wr_relayed_key(const wr_engine *e, const wr_place *at, const wr_carriage *how, wr_endpoint *src,
                           wr_endpoint *dst)
{
    const wr_allocation *al = wr_turn_allocation(e, &at->src, &at->dst);
    wr_endpoint peer = al != NULL ? wr_turn_peer_of(al, how) : how->peer, client, near;
    bool relayed_known = al != NULL && wr_endpoint_known(&al->relayed), from_client;

    *src = at->src;
    *dst = at->dst;
    if (!wr_endpoint_known(&peer))
        return wr_relayed_key_of(src, dst, MAX(how->channel, WR_VIA_RELAY));
    from_client = al != NULL ? wr_endpoint_equal(&at->src, &al->client) : how->to_peer;
    client = from_client ? at->src : at->dst;
    near = relayed_known ? al->relayed : client;
    *src = from_client ? near : peer;
    *dst = from_client ? peer : near;
    return wr_relayed_key_of(src, dst, relayed_known ? 0 : WR_VIA_RELAY);
}

void wr_turn_free(struct wr_turn *t)
{
    if (t == NULL)
        return;
    for (unsigned i = 0; i < WR_TURN_PENDING; i++)
        g_free(t->pending[i].user);
    g_hash_table_destroy(t->servers);
    g_hash_table_destroy(t->users);
    g_hash_table_destroy(t->peers);
    g_free(t);
}

int64_t wr_turn_expiry(const char *user)
{
    size_t digits = user == NULL ? 0 : strspn(user, "0123456789");

    /* a number alone may be anybody's telephone number */
    return digits == 10 && user[digits] == ':' ? g_ascii_strtoll(user, NULL, 10) : 0;
}
