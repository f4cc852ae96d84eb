/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connectivity checks.
 */
#include "records/check.h"
#include "records/flow.h"

#include <string.h>

void wr_check_free(gpointer p)
{
    wr_check *k = p;
    for (unsigned i = 0; i < k->n_kept; i++) {
        g_free(k->kept[i].bytes);
        g_free(k->kept[i].response);
    }
    g_free(k->kept);
    g_free(k);
}

wr_check *wr_flow_reverse_check(const wr_flow *f, const wr_check *k)
{
    for (unsigned i = 0; i < f->checks.len; i++) {
        wr_check *r = wr_list_at(&f->checks, i);
        if (r->from != k->from && strcmp(r->remote_ufrag, k->local_ufrag) == 0 &&
            strcmp(r->local_ufrag, k->remote_ufrag) == 0)
            return r;
    }
    return NULL;
}
