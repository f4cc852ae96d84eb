/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP segments that were captured in another order than they were sent. Wireshark puts messages together out of them
 * only where its preference tcp.reassemble_out_of_order is set, which it is not by default. Looked at are clear
 * connections; the first segment of a direction that fills what was missing before it is told. Who sends a message
 * ahead of the sequence would have the true one left unread: where such a segment holds a whole one, it is read late.
 */
#include "signal_tcp.h"
#include "wr_epan/preferences.h"

#define DIRECTIONS_MAX 4096u     /* that are followed; more say nothing */
#define GAP_MAX        (1 << 20) /* a gap beyond that is no matter of order */

typedef struct {
    uint32_t next, gap, gap_end; /* gap == gap_end: nothing is missing */
    bool told;
} direction;

static GHashTable *directions; /* conversation index and side -> direction */
static enum { NOT_ASKED, MATTERS, MENDED } order;

static void init_disorder(void)
{
    directions = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    order = NOT_ASKED;
}

static void cleanup_disorder(void)
{
    g_clear_pointer(&directions, g_hash_table_unref);
}

static bool matters(void)
{
    if (order == NOT_ASKED)
        order = wr_preference_is_on("tcp", "reassemble_out_of_order") ? MENDED : MATTERS;
    return order == MATTERS;
}

/* True when this segment brings what others came before. */
static bool is_late(direction *d, const signal_segment *s)
{
    const int32_t ahead = (int32_t)(s->seq - d->next);

    if (ahead > GAP_MAX) {
        d->gap = d->gap_end = d->next = s->seq + s->len;
        return false;
    }
    if (ahead >= 0) {
        if (ahead > 0 && d->gap == d->gap_end) {
            d->gap = d->next;
            d->gap_end = s->seq;
        }
        d->next = s->seq + s->len;
        return false;
    }
    return d->gap != d->gap_end && (int32_t)(s->seq - d->gap) >= 0 && (int32_t)(d->gap_end - s->seq) > 0;
}

static direction *direction_of(packet_info *pinfo, const signal_segment *s)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const gpointer key =
        conversation != NULL ? GUINT_TO_POINTER(conversation->conv_index * 2 + signal_side(pinfo)) : NULL;
    direction *d = conversation != NULL ? g_hash_table_lookup(directions, key) : NULL;

    if (d == NULL && conversation != NULL && g_hash_table_size(directions) < DIRECTIONS_MAX) {
        d = g_new0(direction, 1);
        d->next = d->gap = d->gap_end = s->seq;
        g_hash_table_insert(directions, key, d);
    }
    return d;
}

void signal_tcp_disorder(signal_tcp *t)
{
    const signal_segment *s;
    direction *d;
    wr_remark *r;

    if (!t->first_pass || (t->layers & WR_LAYER_TLS) != 0 || !matters())
        return;
    s = signal_tcp_segment(t);
    d = s != NULL ? direction_of(t->pinfo, s) : NULL;
    if (d == NULL || !is_late(d, s))
        return;
    signal_tcp_late(t, s);
    if (d->told)
        return;
    d->told = true;
    r = wmem_new0(t->pinfo->pool, wr_remark);
    r->kind = WR_REMARK_DISORDER;
    r->at = wr_place_of(t->pinfo);
    r->connection = wr_connection_id(t->pinfo);
    wr_bus_put(t->pinfo, proto_webrtc_signal, WR_BUS_REMARKS, r);
}

void signal_register_disorder(void)
{
    register_init_routine(init_disorder);
    register_cleanup_routine(cleanup_disorder);
}
