/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of an engine.
 */
#include "evaluation/engine.h"
#include "base/index.h"

#include "records/call_limits.h"
#include "records/contact.h"
#include "records/hops.h"
#include "records/relay_path.h"
#include "records/replay.h"
#include "records/store.h"
#include "statements/testimony.h"

#include <string.h>

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
    e->options.testimonies = g_memdup2(o->testimonies, o->n_testimonies * sizeof *o->testimonies);
    for (unsigned i = 0; i < o->n_testimonies; i++)
        wr_testimony_ref(o->testimonies[i]);
    e->changed = o->n_testimonies > 0;
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

#define INDEXES 17

static void list_indexes(wr_engine *e, wr_index **all[INDEXES])
{
    wr_index **list[INDEXES] = {&e->legs_by_key,      &e->copies_by_identity,
                                &e->by_canonical,     &e->by_credential,
                                &e->by_origin,        &e->by_body,
                                &e->by_fingerprint,   &e->by_hop,
                                &e->by_ufrag,         &e->waiting,
                                &e->by_address,       &e->flows_by_ends,
                                &e->by_server_random, &e->by_made,
                                &e->certificates,     &e->ports,
                                &e->injected};

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
    e->interned = g_hash_table_new(wr_text_hash, g_str_equal);
    e->stated = g_array_new(FALSE, FALSE, sizeof(struct wr_stated));
    e->witnesses = g_array_new(FALSE, FALSE, sizeof(wr_witness));
    if (options != NULL)
        copy_options(e, options);
    e->copies = g_ptr_array_new_with_free_func(wr_copy_free);
    e->legs = g_ptr_array_new_with_free_func(wr_leg_free);
    e->flows = g_ptr_array_new_with_free_func(wr_flow_free);
    e->associations = g_ptr_array_new_with_free_func(wr_association_free);
    e->sessions = g_ptr_array_new_with_free_func(wr_session_free);
    e->findings = g_ptr_array_new_with_free_func(wr_finding_free);
    e->limits = g_ptr_array_new();
    e->limit_frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    e->limit_marks = wr_limit_marks_new();
    e->reencrypted = g_ptr_array_new_with_free_func(g_free);
    make_indexes(e);
    e->allocations = g_hash_table_new_full(wr_flow_key_hash, wr_flow_key_equal, g_free, wr_turn_allocation_free);
    e->relays = g_hash_table_new_full(endpoint_hash, endpoint_equal, g_free, g_free);
    e->contacts = wr_contacts_new();
    if (e->options.find_secret != NULL)
        e->proofs = wr_proofs_new();
    e->injections = g_array_new(FALSE, FALSE, sizeof(wr_injection));
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
    g_array_free(e->limit_frames, TRUE);
    g_array_free(e->limit_marks, TRUE);
    wr_proofs_free(e->proofs);
    g_array_free(e->injections, TRUE);
    wr_contacts_free(e->contacts);
    wr_relay_paths_free(e->relay_paths);
    wr_turn_free(e->turn);
    wr_clocks_free(e->clocks);
    wr_inferred_free(e->inferred);
    wr_hops_free(e->hops);
    g_free(e->sightings);
    g_hash_table_destroy(e->interned);
    g_string_chunk_free(e->strings);
    for (unsigned i = 0; i < e->options.n_testimonies; i++)
        wr_testimony_unref(e->options.testimonies[i]);
    g_free((gpointer)(uintptr_t)e->options.testimonies);
    g_array_free(e->stated, TRUE);
    g_array_free(e->witnesses, TRUE);
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

void wr_engine_add_limit(wr_engine *e, const char *name)
{
    wr_limit_reached(e, name);
}

void wr_engine_add_hops(wr_engine *e, const wr_place *at, uint8_t ttl)
{
    e->passing.frame = at->frame;
    e->passing.ttl = ttl;
    wr_clock_point_seen(e, at->point);
    wr_hops_note(e, at, ttl);
}

void wr_engine_add_frame(wr_engine *e, uint32_t frame, int64_t time_us)
{
    if (e->packets++ == 0 || time_us < e->first_us)
        e->first_us = time_us;
    if (time_us > e->last_us || e->packets == 1)
        e->last_us = time_us;
    e->last_frame = frame;
}
