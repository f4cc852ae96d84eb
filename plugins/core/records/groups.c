/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups of records: forests with union by rank. The roots of the first carry the number of the session.
 */
#include "base/growing_array.h"
#include "records/store.h"

enum {
    OF_CALL,   /* all that belongs together */
    FIRMLY,    /* but for exchanges: for what was proven, or because one description repeats the other */
    OF_AUTHOR, /* for the latter alone */
    FORESTS
};

struct wr_node {
    unsigned parent[FORESTS];
    uint8_t rank[FORESTS]; /* at most the logarithm of how many there are */
    bool is_copy;
    unsigned number; /* of the session, at the root; 0 none yet */
    unsigned given;  /* number that its group got by this node; 0 none */
    unsigned next;   /* member of the same group, in a ring */
    unsigned offer;  /* of an answer: one more than the node of what it answers; 0 none */
    gpointer record; /* wr_copy or wr_association whose node this is */
};

static struct wr_node *node_at(const wr_engine *e, unsigned node)
{
    return &e->nodes[node];
}

static void stand_alone(struct wr_node *n, int forest, unsigned node)
{
    n->parent[forest] = node;
    n->rank[forest] = 0;
}

unsigned wr_node_new(wr_engine *e, wr_copy *c, wr_association *a)
{
    const unsigned n = e->n_nodes++;

    e->nodes = wr_room_for(e->nodes, n, &e->nodes_room, sizeof *e->nodes);
    e->nodes[n] = (struct wr_node){.next = n, .is_copy = c != NULL, .record = c != NULL ? (gpointer)c : a};
    for (int forest = 0; forest < FORESTS; forest++)
        stand_alone(&e->nodes[n], forest, n);
    return n;
}

static unsigned root_in(const wr_engine *e, int forest, unsigned node)
{
    while (node_at(e, node)->parent[forest] != node) {
        struct wr_node *n = node_at(e, node);
        n->parent[forest] = node_at(e, n->parent[forest])->parent[forest]; /* halve the path */
        node = n->parent[forest];
    }
    return node;
}

unsigned wr_node_root(const wr_engine *e, unsigned node)
{
    return root_in(e, OF_CALL, node);
}

/* Makes one tree of two; true when they were two: then *a is its root, and *b was the other. */
static bool unite(const wr_engine *e, int forest, unsigned *a, unsigned *b)
{
    const unsigned x = root_in(e, forest, *a), y = root_in(e, forest, *b);
    const bool turned = node_at(e, x)->rank[forest] < node_at(e, y)->rank[forest];

    if (x == y)
        return false;
    *a = turned ? y : x;
    *b = turned ? x : y;
    if (node_at(e, *a)->rank[forest] == node_at(e, *b)->rank[forest])
        node_at(e, *a)->rank[forest]++;
    node_at(e, *b)->parent[forest] = *a;
    return true;
}

static void join_in_call(wr_engine *e, unsigned a, unsigned b)
{
    struct wr_node *x, *y;
    unsigned next;

    if (!unite(e, OF_CALL, &a, &b))
        return;
    x = node_at(e, a);
    y = node_at(e, b);
    next = x->next; /* two rings become one */
    x->next = y->next;
    y->next = next;
    if (x->number == 0 || (y->number != 0 && y->number < x->number))
        x->number = y->number;
}

void wr_node_join(wr_engine *e, unsigned a, unsigned b)
{
    join_in_call(e, a, b);
    unite(e, FIRMLY, &a, &b);
}

void wr_node_join_author(wr_engine *e, unsigned a, unsigned b)
{
    wr_node_join(e, a, b);
    unite(e, OF_AUTHOR, &a, &b);
}

void wr_node_join_exchange(wr_engine *e, unsigned offer, unsigned answer)
{
    node_at(e, answer)->offer = offer + 1;
    join_in_call(e, offer, answer);
}

void wr_node_join_by_names(wr_engine *e, unsigned a, unsigned b)
{
    join_in_call(e, a, b);
}

/* ---- exchanges of two calls ---- */

/* Of each root of a firm group that holds descriptions of two authors: true. */
static bool *find_whole(const wr_engine *e)
{
    unsigned *author = g_new0(unsigned, e->n_nodes);
    bool *whole = g_new0(bool, e->n_nodes);

    for (unsigned i = 0; i < e->n_nodes; i++) {
        const unsigned firm = root_in(e, FIRMLY, i), mine = root_in(e, OF_AUTHOR, i) + 1;
        if (!node_at(e, i)->is_copy)
            continue;
        whole[firm] |= author[firm] != 0 && author[firm] != mine;
        author[firm] = mine;
    }
    g_free(author);
    return whole;
}

/* What is joined firmly, and nothing else; whole becomes that of the new roots. */
static void take_apart(wr_engine *e, bool *whole)
{
    for (unsigned i = 0; i < e->n_nodes; i++) {
        struct wr_node *n = node_at(e, i);
        stand_alone(n, OF_CALL, i);
        n->next = i;
        n->number = n->given;
    }
    for (unsigned i = 0; i < e->n_nodes; i++)
        join_in_call(e, root_in(e, FIRMLY, i), i);
    for (unsigned i = 0; i < e->n_nodes; i++)
        whole[wr_node_root(e, i)] |= whole[i];
}

/* Unless each is whole without the other. */
static void join_loosely(wr_engine *e, bool *whole, unsigned a, unsigned b)
{
    a = wr_node_root(e, a);
    b = wr_node_root(e, b);
    if (a == b || (whole[a] && whole[b]))
        return;
    join_in_call(e, a, b);
    whole[wr_node_root(e, a)] = whole[a] || whole[b];
}

/* Descriptions that a check is between, associations with those that govern them. */
static void join_named(wr_engine *e, bool *whole)
{
    for (unsigned i = 0; i < e->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(e->flows, i);
        for (unsigned j = 0; j < f->checks.len; j++) {
            const wr_check *k = wr_list_at(&f->checks, j);
            if (k->tie[0] != NULL)
                join_loosely(e, whole, k->tie[0]->node, k->tie[1]->node);
        }
    }
    for (unsigned i = 0; i < e->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(e->associations, i);
        for (int side = 0; side < 2; side++)
            if (a->owner[side] != NULL)
                join_loosely(e, whole, a->node, a->owner[side]->node);
    }
}

void wr_nodes_settle_exchanges(wr_engine *e)
{
    bool *whole = find_whole(e);

    take_apart(e, whole);
    for (unsigned i = 0; i < e->n_nodes; i++)
        if (node_at(e, i)->offer != 0)
            join_loosely(e, whole, node_at(e, i)->offer - 1, i);
    join_named(e, whole);
    g_free(whole);
}

/* ---- numbers ---- */

unsigned wr_node_number(wr_engine *e, unsigned node)
{
    struct wr_node *n = node_at(e, wr_node_root(e, node));

    if (n->number == 0) {
        n->number = node_at(e, node)->given = ++e->next_session;
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
