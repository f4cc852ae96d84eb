/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An association outlives the path it was made on: after an ICE restart, or when ICE moves to another candidate pair,
 * the same DTLS goes on there without a handshake (RFC 8842 4, RFC 8829 5.11, RFC 5763 6.7.1). Traffic without a
 * handshake is then no association of its own.
 */
#include "relations/relations.h"

#include <string.h>

/* A ClientHello that is here is the other one's, sent again. */
static bool is_headless(const wr_association *a, const wr_association *of)
{
    return a->absorbed == NULL && !a->has_server_random &&
           (!a->has_client_random || (of != NULL && of->has_client_random &&
                                      memcmp(a->client_random, of->client_random, WR_DTLS_RANDOM) == 0)) &&
           a->side[0].presented.certificate == NULL && a->side[1].presented.certificate == NULL;
}

static bool same_hosts(const wr_association *a, const wr_association *b)
{
    return (wr_endpoint_same_host(&a->side[0].end, &b->side[0].end) &&
            wr_endpoint_same_host(&a->side[1].end, &b->side[1].end)) ||
           (wr_endpoint_same_host(&a->side[0].end, &b->side[1].end) &&
            wr_endpoint_same_host(&a->side[1].end, &b->side[0].end));
}

static void go_on_as(wr_association *a, wr_association *b)
{
    b->absorbed = a;
    a->last_frame = MAX(a->last_frame, b->last_frame);
    a->last_us = MAX(a->last_us, b->last_us);
    a->dirty = true;
    for (unsigned i = 0; i < b->flows.len && a->flows.len < WR_MAX_FLOWS_PER_ASSOCIATION; i++)
        if (!wr_list_has(&a->flows, wr_list_at(&b->flows, i)))
            wr_list_add(&a->flows, wr_list_at(&b->flows, i));
}

#define LOST 256 /* records of one side that may be missing between the last of one path and the first of the next */

static bool follows(uint64_t last, uint64_t first)
{
    return first > last && first - last <= LOST && first >> 48 == last >> 48;
}

/* What each side sent of b comes right after what it sent of a, under the same epoch. */
static bool counts_on(const wr_association *a, const wr_association *b)
{
    bool any = false;

    for (int s = 0; s < 2; s++)
        for (int t = 0; t < 2; t++) {
            const wr_side *x = &a->side[s], *y = &b->side[t];
            if (y->first_sequence == 0 || !wr_endpoint_same_host(&x->end, &y->end) ||
                wr_endpoint_same_host(&a->side[1 - s].end, &y->end))
                continue;
            if (!follows(x->last_sequence, y->first_sequence))
                return false;
            any = true;
        }
    return any;
}

/* Of one call, begun earlier, not refused, and between the same hosts; or one end is the same, and its records count
 * on: the other end is a relay now, or another network. */
static bool may_go_on_as(const wr_engine *e, const wr_association *a, const wr_association *b)
{
    return wr_node_root(e, a->node) == wr_node_root(e, b->node) && a->has_server_random && a->absorbed == NULL &&
           a->first_us <= b->first_us && !wr_association_is_refused(a) && (same_hosts(a, b) || counts_on(a, b));
}

bool wr_association_take_over(wr_association *a, wr_association *b)
{
    if (!is_headless(b, a) || !a->has_server_random || a->absorbed != NULL || a->first_us > b->first_us ||
        wr_association_is_refused(a) || !same_hosts(a, b) || !counts_on(a, b))
        return false;
    go_on_as(a, b);
    for (int s = 0; s < 2; s++)
        for (int t = 0; t < 2; t++)
            if (wr_endpoint_same_host(&a->side[s].end, &b->side[t].end))
                a->side[s].last_sequence = MAX(a->side[s].last_sequence, b->side[t].last_sequence);
    return true;
}

void wr_associations_continue(wr_engine *e)
{
    GHashTable *latest = NULL; /* session root -> the latest association of it that has a handshake */

    for (unsigned i = 0; i < e->associations->len; i++) {
        wr_association *a = g_ptr_array_index(e->associations, i), *known;
        gpointer root = GUINT_TO_POINTER(wr_node_root(e, a->node) + 1);
        if (a->absorbed != NULL || a->owner[0] == NULL)
            continue;
        if (latest == NULL)
            latest = g_hash_table_new(g_direct_hash, g_direct_equal);
        if (a->has_server_random) {
            g_hash_table_insert(latest, root, a);
        } else {
            known = g_hash_table_lookup(latest, root);
            if (is_headless(a, known) && known != NULL && may_go_on_as(e, known, a))
                go_on_as(known, a);
        }
    }
    if (latest != NULL)
        g_hash_table_destroy(latest);
}
