/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIG checks: how descriptions travelled, and what else was said beside them (security rules 6.1). */
#include "checks.h"

/* SIG-01, once a leg: anyone on this path could have replaced the fingerprints. */
static void check_clear_signalling(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    GHashTable *told = g_hash_table_new(g_direct_hash, g_direct_equal);
    bool abused = f->substituted[0] != NULL || f->substituted[1] != NULL || f->keys_in_signalling;

    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (c->protected_transport || !g_hash_table_add(told, wr_leg_root(c->leg)))
            continue;
        wr_finding_add(e, "SIG-01", abused ? WR_ERROR : WR_WARN, c->frame, s->number, "V17.3",
                       "Signalling carries the certificate fingerprints unprotected: anyone on this path could have replaced them");
    }
    g_hash_table_destroy(told);
}

/* SIG-06 */
static void check_keys(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    if (f->keys_in_signalling)
        wr_finding_add(e, "SIG-06", WR_ERROR, s->last_frame, s->number, "V17.2", "Media keys were accepted from the signalling (a=crypto)");
}

const wr_session_check *wr_checks_sig(void)
{
    static const wr_session_check checks[] = {check_clear_signalling, check_keys, NULL};
    return checks;
}
