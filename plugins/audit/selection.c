/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which calls the packets belong to that a tap's filter let pass. What they belong to is asked at the end: calls that
 * looked like two may have become one by then. */
#include "audit.h"

struct wr_selection {
    GHashTable *seen; /* wr_copy, wr_association, wr_flow: pointer -> letter */
};

wr_selection *wr_selection_new(void)
{
    wr_selection *s = g_new0(wr_selection, 1);

    s->seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    return s;
}

void wr_selection_free(wr_selection *s)
{
    g_hash_table_destroy(s->seen);
    g_free(s);
}

void wr_selection_clear(wr_selection *s)
{
    g_hash_table_remove_all(s->seen);
}

void wr_selection_add(wr_selection *s, const wr_tap_data *what)
{
    if (what->copy != NULL)
        g_hash_table_insert(s->seen, (gpointer)what->copy, GINT_TO_POINTER('d'));
    if (what->association != NULL)
        g_hash_table_insert(s->seen, (gpointer)what->association, GINT_TO_POINTER('a'));
    if (what->flow != NULL)
        g_hash_table_insert(s->seen, (gpointer)what->flow, GINT_TO_POINTER('f'));
}

GHashTable *wr_selection_calls(const wr_selection *s, wr_engine *e)
{
    GHashTable *only = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTableIter it;
    gpointer key, letter;

    wr_engine_evaluate(e);
    g_hash_table_iter_init(&it, s->seen);
    while (g_hash_table_iter_next(&it, &key, &letter)) {
        unsigned number = GPOINTER_TO_INT(letter) == 'd'   ? wr_copy_session_number(e, key)
                          : GPOINTER_TO_INT(letter) == 'a' ? wr_association_session_number(e, key)
                                                           : wr_flow_session_number(e, key);
        if (number != 0)
            g_hash_table_add(only, GUINT_TO_POINTER(number));
    }
    return only;
}

GHashTable *wr_selection_associations(const wr_selection *s)
{
    GHashTable *only = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTableIter it;
    gpointer key, letter;

    g_hash_table_iter_init(&it, s->seen);
    while (g_hash_table_iter_next(&it, &key, &letter)) {
        const wr_association *a = key;
        if (GPOINTER_TO_INT(letter) != 'a')
            continue;
        if (a->absorbed != NULL)
            a = a->absorbed;
        g_hash_table_add(only, GUINT_TO_POINTER(a->number));
    }
    return only;
}

unsigned wr_tap_session_number(const wr_tap_data *what)
{
    const wr_engine *e = wr_audit_engine();
    unsigned n = what->copy != NULL ? wr_copy_session_number(e, what->copy) : 0;

    if (n == 0 && what->association != NULL)
        n = wr_association_session_number(e, what->association);
    if (n == 0 && what->flow != NULL)
        n = wr_flow_session_number(e, what->flow);
    return n;
}
