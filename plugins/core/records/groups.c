/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups of records: a forest with union by rank, whose roots carry the number of the session.
 */
#include "base/growing_array.h"
#include "records/store.h"

struct wr_node {
    unsigned parent;
    unsigned number; /* of the session, at the root; 0 none yet */
    unsigned next;   /* member of the same group, in a ring */
    uint8_t rank;    /* at most the logarithm of how many there are */
    bool is_copy;
    gpointer record; /* wr_copy or wr_association whose node this is */
};

static struct wr_node *node_at(const wr_engine *e, unsigned node)
{
    return &e->nodes[node];
}

unsigned wr_node_new(wr_engine *e, wr_copy *c, wr_association *a)
{
    const unsigned n = e->n_nodes++;

    e->nodes = wr_room_for(e->nodes, n, &e->nodes_room, sizeof *e->nodes);
    e->nodes[n] = (struct wr_node){.parent = n, .next = n, .is_copy = c != NULL, .record = c != NULL ? (gpointer)c : a};
    return n;
}

unsigned wr_node_root(const wr_engine *e, unsigned node)
{
    while (node_at(e, node)->parent != node) {
        struct wr_node *n = node_at(e, node);
        n->parent = node_at(e, n->parent)->parent; /* halve the path */
        node = n->parent;
    }
    return node;
}

void wr_node_join(wr_engine *e, unsigned a, unsigned b)
{
    struct wr_node *x, *y;
    unsigned next;

    a = wr_node_root(e, a);
    b = wr_node_root(e, b);
    if (a == b)
        return;
    x = node_at(e, a);
    y = node_at(e, b);
    if (x->rank < y->rank) {
        struct wr_node *t = x;
        unsigned u = a;
        x = y;
        y = t;
        a = b;
        b = u;
    }
    if (x->rank == y->rank)
        x->rank++;
    y->parent = a;
    next = x->next; /* two rings become one */
    x->next = y->next;
    y->next = next;
    if (x->number == 0 || (y->number != 0 && y->number < x->number))
        x->number = y->number;
}

unsigned wr_node_number(wr_engine *e, unsigned node)
{
    struct wr_node *n = node_at(e, wr_node_root(e, node));

    if (n->number == 0) {
        n->number = ++e->next_session;
        g_array_append_val(e->nodes_by_number, node);
    }
    return n->number;
}

bool wr_node_members(const wr_engine *e, unsigned number, GPtrArray *copies, GPtrArray *associations)
{
    unsigned first =
        number == 0 || number > e->nodes_by_number->len ? 0 : g_array_index(e->nodes_by_number, unsigned, number - 1);
    unsigned at = first;

    if (number == 0 || number > e->nodes_by_number->len || wr_node_number_if_any(e, first) != number)
        return false;
    do {
        const struct wr_node *n = node_at(e, at);
        g_ptr_array_add(n->is_copy ? copies : associations, n->record);
        at = n->next;
    } while (at != first);
    return true;
}

GPtrArray *wr_node_copies(const wr_engine *e, unsigned number)
{
    GPtrArray *copies = g_ptr_array_new(), *associations = g_ptr_array_new();

    wr_node_members(e, number, copies, associations);
    g_ptr_array_free(associations, TRUE);
    return copies;
}

unsigned wr_node_number_if_any(const wr_engine *e, unsigned node)
{
    return node_at(e, wr_node_root(e, node))->number;
}

unsigned wr_copy_session_number(const wr_engine *e, const wr_copy *c)
{
    return wr_node_number_if_any(e, c->node);
}

unsigned wr_association_session_number(const wr_engine *e, const wr_association *a)
{
    return wr_node_number_if_any(e, a->node);
}
