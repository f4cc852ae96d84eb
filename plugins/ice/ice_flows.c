/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers which 5-tuples carry TURN (RFC 8656), so that ChannelData is not taken for anything else, or vice versa. */
#include "ice.h"

typedef struct {
    wr_endpoint low, high;
    uint8_t transport;
} flow_key;

static wmem_map_t *flows; /* flow_key to the number of the first frame that showed it */

static guint hash_flow(gconstpointer v)
{
    const flow_key *k = (const flow_key *)v;

    return wr_endpoint_hash(&k->low) * 31 + wr_endpoint_hash(&k->high) + k->transport;
}

static gboolean equal_flows(gconstpointer a, gconstpointer b)
{
    const flow_key *x = (const flow_key *)a, *y = (const flow_key *)b;

    return x->transport == y->transport && wr_endpoint_equal(&x->low, &y->low) && wr_endpoint_equal(&x->high, &y->high);
}

static flow_key key_of(const wr_datagram *d)
{
    flow_key k;
    bool swap = wr_endpoint_compare(&d->src, &d->dst) > 0;

    memset(&k, 0, sizeof k);
    k.low = swap ? d->dst : d->src;
    k.high = swap ? d->src : d->dst;
    k.transport = (uint8_t)d->how.transport;
    return k;
}

void wr_ice_flows_init(void)
{
    flows = wmem_map_new(wmem_file_scope(), hash_flow, equal_flows);
}

void wr_ice_flows_cleanup(void)
{
    flows = NULL; /* it goes with the file scope */
}

wr_ice_flow wr_ice_flow_learn(const wr_datagram *d, uint32_t frame)
{
    flow_key k = key_of(d), *kept;

    if (wmem_map_contains(flows, &k))
        return WR_ICE_FLOW_TURN;
    if (wmem_map_size(flows) >= WR_ICE_MAX_FLOWS)
        return WR_ICE_FLOW_TABLE_FULL;
    kept = wmem_new(wmem_file_scope(), flow_key);
    *kept = k;
    wmem_map_insert(flows, kept, GUINT_TO_POINTER(frame));
    return WR_ICE_FLOW_TURN;
}

bool wr_ice_flow_is_turn(const wr_datagram *d, uint32_t frame)
{
    flow_key k = key_of(d);
    unsigned since = GPOINTER_TO_UINT(wmem_map_lookup(flows, &k));

    return since != 0 && since <= frame;
}
