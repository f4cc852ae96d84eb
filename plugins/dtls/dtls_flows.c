/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses that exchanged a DTLS hello: only there is a first byte of 001xxxxx taken for a DTLS 1.3 record (RFC 9147
 * 4). And TURN channels with their peers (RFC 8656 12). Entries carry the frame that made them and never change, so
 * that every pass believes the same.
 */
#include "base/index.h"
#include "dtls_plugin.h"

typedef struct {
    wr_endpoint src, dst;
    uint32_t channel;
    uint32_t frame;
} direction;

typedef struct {
    wr_endpoint client, server;
    uint16_t channel;
    wr_endpoint peer;
    uint32_t frame;
} binding;

/* Marks what was made of a peer's address, so that it is no channel number. */
#define PEER 0x80000000u

static wr_index *places; /* endpoint -> frame */
static wr_index *signs;  /* the same for those that show a sign of WebRTC */
static GHashTable *directions, *bindings;

static guint hash_direction(gconstpointer key)
{
    const direction *d = (const direction *)key;

    return (wr_endpoint_hash(&d->src) * 31 + wr_endpoint_hash(&d->dst)) * 31 + d->channel;
}

static gboolean equal_directions(gconstpointer x, gconstpointer y)
{
    const direction *a = (const direction *)x, *b = (const direction *)y;

    return a->channel == b->channel && wr_endpoint_equal(&a->src, &b->src) && wr_endpoint_equal(&a->dst, &b->dst);
}

static guint hash_binding(gconstpointer key)
{
    const binding *b = (const binding *)key;

    return (wr_endpoint_hash(&b->client) * 31 + wr_endpoint_hash(&b->server)) * 31 + b->channel;
}

static gboolean equal_bindings(gconstpointer x, gconstpointer y)
{
    const binding *a = (const binding *)x, *b = (const binding *)y;

    return a->channel == b->channel && wr_endpoint_equal(&a->client, &b->client) &&
           wr_endpoint_equal(&a->server, &b->server);
}

void wr_dtls_flows_init(void)
{
    places = wr_index_new();
    signs = wr_index_new();
    directions = g_hash_table_new_full(hash_direction, equal_directions, g_free, NULL);
    bindings = g_hash_table_new_full(hash_binding, equal_bindings, g_free, NULL);
}

void wr_dtls_flows_cleanup(void)
{
    g_clear_pointer(&places, wr_index_free);
    g_clear_pointer(&signs, wr_index_free);
    g_clear_pointer(&directions, g_hash_table_destroy);
    g_clear_pointer(&bindings, g_hash_table_destroy);
}

static bool learn_in(wr_index *index, const wr_endpoint *end, uint32_t frame)
{
    const uint64_t key = wr_key(end, sizeof *end);

    if (!wr_endpoint_known(end) || wr_index_number(index, key) != 0)
        return true;
    if (wr_index_size(index) >= WR_DTLS_MAX_FLOWS)
        return false;
    wr_index_set_number(index, key, frame);
    return true;
}

bool wr_dtls_flow_learn(const wr_dtls_group *g, uint32_t frame)
{
    bool src = learn_in(places, &g->src, frame), dst = learn_in(places, &g->dst, frame);

    return src && dst;
}

void wr_dtls_sign_learn(const wr_endpoint *src, const wr_endpoint *dst, uint32_t frame)
{
    learn_in(signs, src, frame);
    learn_in(signs, dst, frame);
}

bool wr_dtls_sign_seen(const wr_endpoint *src, const wr_endpoint *dst)
{
    return wr_index_number(signs, wr_key(src, sizeof *src)) != 0 ||
           wr_index_number(signs, wr_key(dst, sizeof *dst)) != 0;
}

static bool is_known(const wr_endpoint *end, uint32_t frame)
{
    const unsigned first = wr_index_number(places, wr_key(end, sizeof *end));

    return first != 0 && first <= frame;
}

bool wr_dtls_flow_known(const wr_endpoint *src, const wr_endpoint *dst, uint32_t frame)
{
    return is_known(src, frame) || is_known(dst, frame);
}

void wr_dtls_channel_bind(const wr_datagram *d, uint16_t channel, const wr_endpoint *peer, uint32_t frame)
{
    binding key = {d->src, d->dst, channel, *peer, frame};

    /* A channel cannot be bound to another peer while it lives (RFC 8656 12), so the first binding stays. */
    if (wr_endpoint_known(peer) && g_hash_table_size(bindings) < WR_DTLS_MAX_FLOWS &&
        !g_hash_table_contains(bindings, &key))
        g_hash_table_add(bindings, g_memdup2(&key, sizeof key));
}

uint32_t wr_dtls_channel_of(const wr_endpoint *src, const wr_endpoint *dst, const wr_carriage *how, uint32_t frame)
{
    binding up = {*src, *dst, how->channel, wr_endpoint_none(), 0}, down = {*dst, *src, how->channel, up.peer, 0};
    const binding *found;

    if (!how->relayed)
        return 0;
    if (how->channel == 0)
        return PEER | wr_endpoint_hash(&how->peer);
    found = (const binding *)g_hash_table_lookup(bindings, &up);
    if (found == NULL)
        found = (const binding *)g_hash_table_lookup(bindings, &down);
    return found != NULL && found->frame <= frame ? PEER | wr_endpoint_hash(&found->peer) : how->channel;
}

uint32_t wr_dtls_flow_first_encrypted(const wr_dtls_group *g, uint32_t frame)
{
    direction key = {g->src, g->dst, wr_dtls_channel_of(&g->src, &g->dst, &g->how, frame), frame};
    const direction *found = (const direction *)g_hash_table_lookup(directions, &key);

    if (found != NULL)
        return found->frame;
    if (g_hash_table_size(directions) >= WR_DTLS_MAX_FLOWS)
        return 0;
    g_hash_table_add(directions, g_memdup2(&key, sizeof key));
    return frame;
}
