/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "records/relay_path.h"

#include "base/index.h"
#include "records/store.h"

#include <string.h>

static struct wr_relay_paths *paths_of(wr_engine *e)
{
    if (e->relay_paths == NULL) {
        e->relay_paths = g_new0(struct wr_relay_paths, 1);
        e->relay_paths->paths = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        e->relay_paths->hosts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    }
    return e->relay_paths;
}

void wr_relay_paths_free(struct wr_relay_paths *p)
{
    if (p == NULL)
        return;
    g_hash_table_destroy(p->paths);
    g_hash_table_destroy(p->hosts);
    g_free(p);
}

static uint64_t path_key(const wr_endpoint *client, const wr_endpoint *server, const wr_endpoint *peer)
{
    const uint64_t keys[3] = {wr_endpoint_key(client), wr_endpoint_key(server), wr_endpoint_key(peer)};

    return wr_key(keys, sizeof keys);
}

const wr_relay_path *wr_relay_path_find(const wr_engine *e, const wr_endpoint *client, const wr_endpoint *server,
                                        const wr_endpoint *peer)
{
    uint64_t key = path_key(client, server, peer);

    return e->relay_paths == NULL ? NULL : g_hash_table_lookup(e->relay_paths->paths, &key);
}

wr_relay_path *wr_relay_path_get(wr_engine *e, const wr_place *at, const wr_carriage *how)
{
    const wr_allocation *al = wr_turn_allocation(e, &at->src, &at->dst);
    wr_endpoint peer = al != NULL ? wr_turn_peer_of(al, how) : wr_endpoint_none();
    GHashTable *paths;
    wr_relay_path *p;
    uint64_t key;

    if (!wr_endpoint_known(&peer))
        return NULL;
    paths = paths_of(e)->paths;
    key = path_key(&al->client, &al->server, &peer);
    p = g_hash_table_lookup(paths, &key);
    if (p == NULL && g_hash_table_size(paths) >= WR_MAX_RELAY_PATHS) {
        wr_limit_reached(e, "peers of TURN relays");
    } else if (p == NULL) {
        p = g_new0(wr_relay_path, 1);
        p->client = al->client;
        p->server = al->server;
        p->peer = peer;
        p->allocated_frame = al->frame;
        g_hash_table_insert(paths, g_memdup2(&key, sizeof key), p);
    }
    return p;
}

wr_stun_host *wr_stun_host_get(wr_engine *e, const wr_endpoint *at)
{
    GHashTable *hosts = paths_of(e)->hosts;
    uint64_t key = wr_host_key(at);
    wr_stun_host *h = g_hash_table_lookup(hosts, &key);

    if (h == NULL && g_hash_table_size(hosts) >= WR_MAX_STUN_HOSTS) {
        wr_limit_reached(e, "hosts that STUN servers answer");
    } else if (h == NULL) {
        h = g_new0(wr_stun_host, 1);
        h->host = *at;
        h->host.port = 0;
        g_hash_table_insert(hosts, g_memdup2(&key, sizeof key), h);
    }
    return h;
}

const wr_allocation *wr_turn_allocation_of(const wr_engine *e, const wr_endpoint *relayed)
{
    const wr_allocation *first = NULL;
    GHashTableIter it;
    gpointer value;

    if (!g_hash_table_contains(e->relays, relayed))
        return NULL;
    g_hash_table_iter_init(&it, e->allocations);
    while (g_hash_table_iter_next(&it, NULL, &value)) {
        const wr_allocation *al = value;
        if (wr_endpoint_equal(&al->relayed, relayed) && (first == NULL || al->frame < first->frame))
            first = al;
    }
    return first;
}

const wr_allocation *wr_turn_private_relay(const wr_engine *e, const wr_endpoint *server)
{
    const wr_allocation *first = NULL;
    GHashTableIter it;
    gpointer value;

    g_hash_table_iter_init(&it, e->allocations);
    while (g_hash_table_iter_next(&it, NULL, &value)) {
        const wr_allocation *al = value;
        if (wr_endpoint_equal(&al->server, server) && wr_endpoint_known(&al->relayed) &&
            wr_endpoint_scope(&al->relayed) != WR_SCOPE_PUBLIC && (first == NULL || al->frame < first->frame))
            first = al;
    }
    return first;
}
