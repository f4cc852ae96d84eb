/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The correlation's life, its bounds, and the groups of records that become sessions. */
#include "contacts.h"
#include "handshake_facts.h"
#include "paths.h"
#include "room.h"
#include "streams.h"
#include "testimony.h"
#include "turn.h"

#include <stdlib.h>
#include <string.h>

struct node {
    unsigned parent;
    unsigned number; /* of the session, at the root; 0 none yet */
    unsigned next;   /* member of the same group, in a ring */
    uint8_t rank;    /* at most the logarithm of how many there are */
    bool is_copy;
    gpointer record; /* wr_copy or wr_association whose node this is */
};

static void free_leg(gpointer p)
{
    wr_leg *leg = p;
    wr_list_clear(&leg->copies);
    if (leg->orphans != NULL)
        g_ptr_array_free(leg->orphans, TRUE);
    g_free(leg);
}

static void free_copy(gpointer p)
{
    wr_copy *c = p;
    wr_sdp_unref(c->sdp);
    g_free(c->addresses);
    for (unsigned i = 0; i < c->credentials.len; i++)
        g_free(wr_list_at(&c->credentials, i));
    wr_list_clear(&c->credentials);
    g_free(c);
}

static void free_check(gpointer p)
{
    wr_check *k = p;
    for (unsigned i = 0; i < k->n_kept; i++) {
        g_free(k->kept[i].bytes);
        g_free(k->kept[i].response);
    }
    g_free(k->kept);
    g_free(k);
}

static void free_flow(gpointer p)
{
    wr_flow *f = p;
    for (unsigned i = 0; i < f->checks.len; i++)
        free_check(wr_list_at(&f->checks, i));
    wr_list_clear(&f->checks);
    wr_list_clear(&f->associations);
    for (unsigned i = 0; i < f->n_streams; i++) {
        g_free(f->streams[i].samples);
        g_free(f->streams[i].recent);
    }
    g_free(f->streams);
    wr_flow_clear_traffic(f);
    g_free(f->consent);
    g_free(f->odd);
    g_free(f);
}

static void free_association(gpointer p)
{
    wr_association *a = p;
    for (int i = 0; i < 2; i++)
        wr_certificate_unref(a->side[i].presented.certificate);
    wr_facts_free(a);
    wr_list_clear(&a->flows);
    g_free(a->key_exchange);
    g_free(a->frames);
    g_free(a);
}

static void free_finding(gpointer p)
{
    wr_finding *f = p;
    g_free(f->message);
    g_free(f);
}

static void free_session(gpointer p)
{
    wr_session *s = p;
    g_ptr_array_free(s->copies, TRUE);
    g_ptr_array_free(s->associations, TRUE);
    g_ptr_array_free(s->flows, TRUE);
    g_ptr_array_free(s->pairings, TRUE);
    g_ptr_array_free(s->unknown, TRUE);
    g_free(s->statement);
    g_free(s);
}

static guint endpoint_hash(gconstpointer p)
{
    return wr_endpoint_hash(p);
}

static gboolean endpoint_equal(gconstpointer a, gconstpointer b)
{
    return wr_endpoint_equal(a, b);
}

/* The caller's tables may change or go while the engine lives. */
static void copy_options(wr_engine *e, const wr_options *o)
{
    struct wr_expected *expected = g_new0(struct wr_expected, o->n_expected + 1);

    e->options = *o;
    if (o->testimony != NULL)
        wr_testimony_ref(o->testimony);
    e->options.oldest = wr_intern(e, o->oldest);
    e->options.declared_fingerprints =
        g_memdup2(o->declared_fingerprints, o->n_declared_fingerprints * sizeof(wr_fingerprint));
    e->options.declared_hosts = g_memdup2(o->declared_hosts, o->n_declared_hosts * sizeof(wr_endpoint));
    for (unsigned i = 0; i < o->n_expected; i++) {
        expected[i] = o->expected[i];
        expected[i].party = wr_intern(e, o->expected[i].party);
    }
    e->options.expected = expected;
}

#define INDEXES 15

static void list_indexes(wr_engine *e, wr_index **all[INDEXES])
{
    wr_index **list[INDEXES] = {
        &e->legs_by_key, &e->copies_by_identity, &e->by_canonical,     &e->by_credential, &e->by_origin,
        &e->by_body,     &e->by_fingerprint,     &e->by_hop,           &e->by_ufrag,      &e->waiting,
        &e->by_address,  &e->flows_by_ends,      &e->by_server_random, &e->certificates,  &e->ports};

    memcpy(all, list, sizeof list);
}

static void make_indexes(wr_engine *e)
{
    wr_index **all[INDEXES];

    list_indexes(e, all);
    for (size_t i = 0; i < INDEXES; i++)
        *all[i] = wr_index_new();
}

static void free_indexes(wr_engine *e)
{
    wr_index **all[INDEXES];

    for (unsigned i = 0; i < wr_index_size(e->certificates); i++)
        wr_certificate_unref(wr_index_nth(e->certificates, i).members[0]);
    list_indexes(e, all);
    for (size_t i = 0; i < INDEXES; i++)
        wr_index_free(*all[i]);
}

wr_engine *wr_engine_new(const wr_options *options)
{
    wr_engine *e = g_new0(wr_engine, 1);

    e->strings = g_string_chunk_new(4096);
    e->interned = g_hash_table_new(g_str_hash, g_str_equal);
    if (options != NULL)
        copy_options(e, options);
    e->copies = g_ptr_array_new_with_free_func(free_copy);
    e->legs = g_ptr_array_new_with_free_func(free_leg);
    e->flows = g_ptr_array_new_with_free_func(free_flow);
    e->associations = g_ptr_array_new_with_free_func(free_association);
    e->sessions = g_ptr_array_new_with_free_func(free_session);
    e->findings = g_ptr_array_new_with_free_func(free_finding);
    e->limits = g_ptr_array_new();
    e->reencrypted = g_ptr_array_new_with_free_func(g_free);
    make_indexes(e);
    e->allocations = g_hash_table_new_full(wr_flow_key_hash, wr_flow_key_equal, g_free, wr_turn_allocation_free);
    e->relays = g_hash_table_new_full(endpoint_hash, endpoint_equal, g_free, g_free);
    e->contacts = wr_contacts_new();
    e->replays = g_array_new(FALSE, FALSE, sizeof(struct wr_replay));
    e->nodes_by_number = g_array_new(FALSE, FALSE, sizeof(unsigned));
    e->findings_by_frame =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    e->sessions_by_number = g_hash_table_new(g_direct_hash, g_direct_equal);
    return e;
}

static void engine_free(wr_engine *e)
{
    GHashTable **tables[] = {&e->allocations, &e->relays, &e->sessions_by_number, &e->findings_by_frame};
    GPtrArray **arrays[] = {&e->sessions,     &e->findings, &e->limits, &e->reencrypted,
                            &e->associations, &e->flows,    &e->copies, &e->legs};

    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_ptr_array_free(*arrays[i], TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        g_hash_table_destroy(*tables[i]);
    free_indexes(e);
    g_free(e->nodes);
    g_array_free(e->nodes_by_number, TRUE);
    g_array_free(e->replays, TRUE);
    wr_contacts_free(e->contacts);
    wr_turn_free(e->turn);
    g_free(e->sightings);
    g_hash_table_destroy(e->interned);
    g_string_chunk_free(e->strings);
    wr_testimony_unref(e->options.testimony);
    g_free((gpointer)e->options.declared_fingerprints);
    g_free((gpointer)e->options.declared_hosts);
    g_free((gpointer)e->options.expected);
    g_free(e);
}

void wr_engine_free(wr_engine *e)
{
    if (e != NULL)
        engine_free(e);
}

void wr_limit_reached(wr_engine *e, const char *name)
{
    for (unsigned i = 0; i < e->limits->len; i++)
        if (strcmp(g_ptr_array_index(e->limits, i), name) == 0)
            return;
    g_ptr_array_add(e->limits, (gpointer)name);
}

void wr_engine_add_limit(wr_engine *e, const char *name)
{
    wr_limit_reached(e, name);
}

uint64_t wr_endpoint_key(const wr_endpoint *at)
{
    return wr_key(at, sizeof *at); /* padding is zero: wr_endpoint_none() */
}

uint64_t wr_credential_key(const char *ufrag, const char *password)
{
    char *text = g_strconcat(ufrag, " ", password, NULL);
    uint64_t key = wr_key_text(text);

    g_free(text);
    return key;
}

uint64_t wr_fingerprint_key(wr_hash hash, const uint8_t *digest, size_t n)
{
    uint8_t bytes[WR_DIGEST_MAX + 1];

    n = MIN(n, WR_DIGEST_MAX);
    bytes[0] = (uint8_t)hash;
    memcpy(bytes + 1, digest, n);
    return wr_key(bytes, n + 1);
}

/* ---- groups: a forest with union by rank; a root carries the session's number ---- */

static struct node *node_at(const wr_engine *e, unsigned node)
{
    return &e->nodes[node];
}

unsigned wr_node_new(wr_engine *e, wr_copy *c, wr_association *a)
{
    const unsigned n = e->n_nodes++;

    e->nodes = wr_room_for(e->nodes, n, &e->nodes_room, sizeof *e->nodes);
    e->nodes[n] = (struct node){.parent = n, .next = n, .is_copy = c != NULL, .record = c != NULL ? (gpointer)c : a};
    return n;
}

unsigned wr_node_root(const wr_engine *e, unsigned node)
{
    while (node_at(e, node)->parent != node) {
        struct node *n = node_at(e, node);
        n->parent = node_at(e, n->parent)->parent; /* halve the path */
        node = n->parent;
    }
    return node;
}

void wr_node_join(wr_engine *e, unsigned a, unsigned b)
{
    struct node *x, *y;
    unsigned next;

    a = wr_node_root(e, a);
    b = wr_node_root(e, b);
    if (a == b)
        return;
    x = node_at(e, a);
    y = node_at(e, b);
    if (x->rank < y->rank) {
        struct node *t = x;
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
    struct node *n = node_at(e, wr_node_root(e, node));

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
        const struct node *n = node_at(e, at);
        g_ptr_array_add(n->is_copy ? copies : associations, n->record);
        at = n->next;
    } while (at != first);
    return true;
}

unsigned wr_node_number_if_any(const wr_engine *e, unsigned node)
{
    return node_at(e, wr_node_root(e, node))->number;
}

/* ---- what is asked from outside ---- */

void wr_engine_add_frame(wr_engine *e, uint32_t frame, int64_t time_us)
{
    if (e->packets++ == 0 || time_us < e->first_us)
        e->first_us = time_us;
    if (time_us > e->last_us || e->packets == 1)
        e->last_us = time_us;
    e->last_frame = frame;
}

bool wr_engine_evaluate(wr_engine *e)
{
    if (!e->changed)
        return false;
    e->changed = false;
    for (unsigned i = 0; i < e->associations->len; i++) {
        wr_association_prove(g_ptr_array_index(e->associations, i));
        wr_engine_evaluate_association(e, g_ptr_array_index(e->associations, i));
    }
    wr_associations_continue(e);
    for (unsigned i = 0; i < e->associations->len; i++)
        if (((wr_association *)g_ptr_array_index(e->associations, i))->dirty)
            wr_engine_evaluate_association(e, g_ptr_array_index(e->associations, i));
    g_hash_table_remove_all(e->sessions_by_number);
    g_ptr_array_set_size(e->sessions, 0);
    g_hash_table_remove_all(e->findings_by_frame);
    g_ptr_array_set_size(e->findings, 0);
    wr_sessions_build(e);
    return true;
}

void wr_engine_evaluate_call(wr_engine *e, unsigned number)
{
    const wr_session *s = wr_engine_session(e, number);

    if (e->changed && (s == NULL || s->packets != e->packets))
        wr_session_renew(e, number);
}

const GPtrArray *wr_engine_copies(const wr_engine *e)
{
    return e->copies;
}

const GPtrArray *wr_engine_associations(const wr_engine *e)
{
    return e->associations;
}

const GPtrArray *wr_engine_sessions(const wr_engine *e)
{
    return e->sessions;
}

const GPtrArray *wr_engine_findings(const wr_engine *e)
{
    return e->findings;
}

const GPtrArray *wr_engine_findings_at(const wr_engine *e, uint32_t frame)
{
    return g_hash_table_lookup(e->findings_by_frame, GUINT_TO_POINTER(frame));
}

const GPtrArray *wr_engine_limits_reached(const wr_engine *e)
{
    return e->limits;
}

uint32_t wr_engine_packets(const wr_engine *e)
{
    return e->packets;
}

int64_t wr_engine_first_time(const wr_engine *e)
{
    return e->first_us;
}

int64_t wr_engine_last_time(const wr_engine *e)
{
    return e->last_us;
}

unsigned wr_copy_session_number(const wr_engine *e, const wr_copy *c)
{
    return wr_node_number_if_any(e, c->node);
}

unsigned wr_association_session_number(const wr_engine *e, const wr_association *a)
{
    return wr_node_number_if_any(e, a->node);
}

wr_session *wr_engine_session(const wr_engine *e, unsigned number)
{
    return g_hash_table_lookup(e->sessions_by_number, GUINT_TO_POINTER(number));
}
