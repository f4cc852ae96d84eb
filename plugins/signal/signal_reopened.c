/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A SYN into a connection that is open. Its receiver acknowledges it and does nothing else (RFC 5961 4.2), and anybody
 * can send it: its numbers are nobody's. Wireshark begins another conversation at it, from 4.6 on at one with an
 * acknowledgement as well, and what it knows of the open one, as that it is a WebSocket, is lost for all that follows.
 * So the new one is set aside until the other end answers its SYN, or its own sender goes on from there; and, where it
 * was answered, again as soon as a segment goes on where the old one was left.
 */
#include "signal_tcp.h"
#include "wr_epan/tcp.h"

#define CONNECTIONS_MAX 256u /* that are watched; beyond, a SYN begins another conversation as ever */

typedef struct {
    wr_tcp_again again;
    uint32_t next[2]; /* by signal_side(): where the old connection goes on */
    uint32_t begins;  /* number behind the SYN */
    unsigned side;    /* of its sender */
} reopened;

static GHashTable *connections; /* index of the old conversation, and of the new one -> reopened */

static void init_reopened(void)
{
    connections = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_rc_box_release);
}

static void cleanup_reopened(void)
{
    g_clear_pointer(&connections, g_hash_table_unref);
}

/* Of the connection that is open, for its latest SYN; NULL at the bound. */
static reopened *entry_of(const wr_tcp_again *again)
{
    const gpointer key = GUINT_TO_POINTER(again->open->conv_index);
    reopened *r = g_hash_table_lookup(connections, key);

    if (r == NULL && g_hash_table_size(connections) >= 2 * CONNECTIONS_MAX)
        return NULL;
    if (r == NULL) {
        r = g_rc_box_new0(reopened);
        g_hash_table_insert(connections, key, r);
    } else {
        g_hash_table_remove(connections, GUINT_TO_POINTER(r->again.later->conv_index));
    }
    g_hash_table_insert(connections, GUINT_TO_POINTER(again->later->conv_index), g_rc_box_acquire(r));
    r->again = *again;
    return r;
}

/* False where it began no other conversation. */
static bool watch(signal_tcp *t, const signal_segment *s)
{
    wr_tcp_again again;
    uint32_t next[2];
    const unsigned side = signal_side(t->pinfo);
    reopened *r;

    if (!wr_tcp_opened_again(t->pinfo, &again, next))
        return false;
    r = entry_of(&again);
    if (r == NULL)
        return true;
    r->next[side] = next[0];
    r->next[side ^ 1] = next[1];
    r->begins = s->seq + 1;
    r->side = side;
    if (!again.closed)
        wr_tcp_set_aside(&r->again, true);
    return true;
}

/* The handshake went on: the other end answered it, or its sender speaks with its numbers. */
static bool is_answer(const reopened *r, const signal_segment *s, unsigned side)
{
    if (side != r->side)
        return (s->flags & (SIGNAL_TCP_SYN | SIGNAL_TCP_ACK)) == (SIGNAL_TCP_SYN | SIGNAL_TCP_ACK) &&
               s->ack == r->begins;
    return (s->flags & SIGNAL_TCP_SYN) == 0 && s->seq == r->begins && s->seq != r->next[side];
}

static void follow(signal_tcp *t, const signal_segment *s)
{
    const unsigned side = signal_side(t->pinfo);
    const conversation_t *conversation = find_conversation_pinfo(t->pinfo, 0);
    reopened *r =
        conversation != NULL ? g_hash_table_lookup(connections, GUINT_TO_POINTER(conversation->conv_index)) : NULL;

    if (r == NULL)
        return;
    if (is_answer(r, s, side))
        wr_tcp_set_aside(&r->again, false);
    else if (s->len > 0 && s->seq == r->next[side])
        wr_tcp_set_aside(&r->again, true);
    if (s->len > 0 && s->seq == r->next[side])
        r->next[side] += s->len;
}

void signal_tcp_reopened(signal_tcp *t)
{
    const signal_segment *s;

    if (!t->first_pass)
        return;
    s = signal_tcp_head(t);
    if (s == NULL)
        return;
    if ((s->flags & SIGNAL_TCP_SYN) != 0 && watch(t, s))
        return;
    if (g_hash_table_size(connections) > 0)
        follow(t, s);
}

void signal_register_reopened(void)
{
    register_init_routine(init_reopened);
    register_cleanup_routine(cleanup_reopened);
}
