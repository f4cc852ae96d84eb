/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ChannelData may be captured shortly before the ChannelBind request that names its peer (RFC 8656 12.1): what was seen by
 * channel number only is put on its real path once the peer is known.
 */
#include "engine_internal.h"
#include "turn.h"

/* Does end 0 of the flow by channel become end 0 of the real path? */
static bool keeps_order(const wr_flow *by_channel, const wr_allocation *al, const wr_flow *path, const wr_endpoint *near)
{
    int client = wr_endpoint_equal(&by_channel->end[0], &al->client) ? 0 : 1;
    int near_end = wr_endpoint_equal(&path->end[0], near) ? 0 : 1;

    return client == near_end;
}

static void move_checks(wr_flow *from, wr_flow *to, bool ordered)
{
    for (unsigned i = 0; i < from->checks->len; i++) {
        wr_check *k = g_ptr_array_index(from->checks, i);
        k->flow = to;
        k->from = ordered ? k->from : 1 - k->from;
        g_ptr_array_add(to->checks, k);
    }
    g_ptr_array_set_size(from->checks, 0);
}

static void move_associations(wr_flow *from, wr_flow *to, bool ordered)
{
    for (unsigned i = 0; i < from->associations->len; i++) {
        wr_association *a = g_ptr_array_index(from->associations, i);
        for (unsigned j = 0; j < a->flows->len; j++)
            if (g_ptr_array_index(a->flows, j) == from)
                g_ptr_array_index(a->flows, j) = to;
        if (a->flow == from) {
            int first = ordered ? 0 : 1; /* sides are by role when it is known, else by end */
            a->flow = to;
            if (a->client_end >= 0) {
                a->client_end = ordered ? a->client_end : 1 - a->client_end;
                first = a->client_end;
            } else if (!ordered) {
                wr_side t = a->side[0];
                a->side[0] = a->side[1];
                a->side[1] = t;
                first = 0;
            }
            a->side[0].end = to->end[first];
            a->side[1].end = to->end[1 - first];
        }
        a->dirty = true;
        if (!g_ptr_array_find(to->associations, a, NULL))
            g_ptr_array_insert(to->associations, 0, a);
    }
    g_ptr_array_set_size(from->associations, 0);
}

static void move_media(wr_flow *from, wr_flow *to, bool ordered)
{
    for (int end = 0; end < 2; end++) {
        const wr_traffic *x = &from->media[end];
        wr_traffic *y = &to->media[ordered ? end : 1 - end];
        if (x->packets == 0)
            continue;
        if (y->packets == 0) {
            *y = *x;
            continue;
        }
        y->packets += x->packets;
        y->bytes += x->bytes;
        if (x->first_us < y->first_us) {
            y->first_us = x->first_us;
            y->first_frame = x->first_frame;
        }
        y->last_us = MAX(y->last_us, x->last_us);
    }
    from->media[0].packets = from->media[1].packets = 0;
}

void wr_channel_named(wr_engine *e, const wr_allocation *al, uint16_t number, const wr_endpoint *peer)
{
    wr_endpoint near = wr_endpoint_known(&al->relayed) ? al->relayed : al->client;
    wr_flow_key before = wr_flow_key_of(&al->client, &al->server, WR_TRANSPORT_UDP, number);
    wr_flow_key after = wr_flow_key_of(&near, peer, WR_TRANSPORT_UDP, 0);
    wr_flow *from = g_hash_table_lookup(e->flows_by_ends, &before), *to = g_hash_table_lookup(e->flows_by_ends, &after);
    bool ordered;

    if (from == NULL)
        return;
    if (to == NULL) {
        to = wr_flow_new(e, &near, peer);
        if (to == NULL)
            return;
        to->first_frame = from->first_frame;
        to->first_us = from->first_us;
        to->client_end = -1;
        g_hash_table_insert(e->flows_by_ends, g_memdup2(&after, sizeof after), to);
    }
    ordered = keeps_order(from, al, to, &near);
    if (to->client_end < 0 && from->client_end >= 0)
        to->client_end = (int8_t)(ordered ? from->client_end : 1 - from->client_end);
    to->relayed = true;
    to->ice |= from->ice;
    to->last_us = MAX(to->last_us, from->last_us);
    to->last_frame = MAX(to->last_frame, from->last_frame);
    move_checks(from, to, ordered);
    move_associations(from, to, ordered);
    move_media(from, to, ordered);
    g_hash_table_remove(e->flows_by_ends, &before);
    e->changed = true;
}
