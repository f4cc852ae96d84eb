/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls.
 */
#include "records/session.h"

void wr_session_free(gpointer p)
{
    wr_session *s = p;
    g_ptr_array_free(s->copies, TRUE);
    g_ptr_array_free(s->associations, TRUE);
    g_ptr_array_free(s->flows, TRUE);
    g_ptr_array_free(s->pairings, TRUE);
    g_ptr_array_free(s->alternatives, TRUE);
    g_ptr_array_free(s->beside, TRUE);
    g_ptr_array_free(s->unknown, TRUE);
    g_free(s->advice);
    if (s->legs != NULL)
        g_hash_table_destroy(s->legs);
    g_free(s->sentence);
    g_free(s->plain);
    g_free(s);
}
