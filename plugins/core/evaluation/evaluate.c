/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From records to verdicts, room by room: associations, what belongs together, sessions, their findings.
 */
#include "checks/checks.h"
#include "evaluation/engine.h"
#include "learning/learning.h"
#include "records/store.h"

static void judge(wr_engine *e, wr_session *s, wr_facts *facts)
{
    wr_session_find_parties(s);
    wr_session_name_relayed(e, s);
    wr_session_pair_copies(e, s);
    wr_session_drop_strangers(e, s);
    wr_session_settle_hops(e, s);
    wr_session_contest(s);
    wr_session_decide(e, s);
    wr_session_state(e, s, facts);
}

static void build_sessions(wr_engine *e)
{
    wr_streams_compare(e);
    wr_sessions_gather(e);
    for (unsigned i = 0; i < e->sessions->len; i++) {
        wr_session *s = g_ptr_array_index(e->sessions, i);
        wr_facts facts;
        judge(e, s, &facts);
        wr_session_find(e, s, &facts);
        wr_copies_close(s->copies);
    }
    wr_witnesses_count(e);
    wr_capture_find(e);
    wr_copies_close(e->copies);
}

bool wr_engine_evaluate(wr_engine *e)
{
    if (!e->changed)
        return false;
    wr_engine_take_statements(e);
    wr_copies_link_by_clock(e);
    e->changed = false;
    wr_nodes_settle_exchanges(e);
    for (unsigned i = 0; i < e->associations->len; i++) {
        wr_association_prove(e, g_ptr_array_index(e->associations, i));
        wr_engine_evaluate_association(e, g_ptr_array_index(e->associations, i));
    }
    wr_nodes_settle_exchanges(e); /* handshakes have joined what their paths prove */
    wr_associations_continue(e);
    for (unsigned i = 0; i < e->associations->len; i++)
        if (((wr_association *)g_ptr_array_index(e->associations, i))->dirty)
            wr_engine_evaluate_association(e, g_ptr_array_index(e->associations, i));
    g_hash_table_remove_all(e->sessions_by_number);
    g_ptr_array_set_size(e->sessions, 0);
    g_hash_table_remove_all(e->findings_by_frame);
    g_ptr_array_set_size(e->findings, 0);
    build_sessions(e);
    return true;
}

/* ---- one call alone ---- */

static void evaluate_young(wr_engine *e)
{
    for (unsigned i = wr_first_young_flow(e); i < e->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(e->flows, i);
        for (unsigned j = 0; j < f->associations.len; j++) {
            wr_association *a = wr_list_at(&f->associations, j);
            if (a->dirty)
                wr_engine_evaluate_association(e, a);
        }
    }
}

static gint copy_order(gconstpointer a, gconstpointer b)
{
    const wr_copy *x = *(wr_copy *const *)a, *y = *(wr_copy *const *)b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static gint association_order(gconstpointer a, gconstpointer b)
{
    const wr_association *x = *(wr_association *const *)a, *y = *(wr_association *const *)b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void renew_session(wr_engine *e, unsigned number)
{
    GPtrArray *copies = g_ptr_array_new(), *associations = g_ptr_array_new();
    wr_session *s;
    wr_facts facts;

    evaluate_young(e);
    wr_node_members(e, number, copies, associations);
    for (unsigned i = 0; i < associations->len; i++) {
        wr_association_prove(e, g_ptr_array_index(associations, i));
        wr_engine_evaluate_association(e, g_ptr_array_index(associations, i));
    }
    g_ptr_array_set_size(copies, 0); /* handshakes may have brought others with them */
    g_ptr_array_set_size(associations, 0);
    if (wr_node_members(e, number, copies, associations)) {
        g_ptr_array_sort(copies, copy_order);
        g_ptr_array_sort(associations, association_order);
        s = wr_session_gather(e, number, copies, associations);
        judge(e, s, &facts);
        wr_copies_close(s->copies);
        wr_session_put(e, s);
    }
    g_ptr_array_free(copies, TRUE);
    g_ptr_array_free(associations, TRUE);
}

void wr_engine_evaluate_call(wr_engine *e, unsigned number)
{
    const wr_session *s = wr_engine_session(e, number);

    if (e->changed && (s == NULL || s->packets != e->packets))
        renew_session(e, number);
}
