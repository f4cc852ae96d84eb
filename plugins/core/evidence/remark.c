/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Remarks.
 */
#include "evidence/remark.h"

#include <glib.h>

void wr_remark_free(gpointer p)
{
    wr_remark *r = p;

    if (r == NULL)
        return;
    g_free(r->host);
    g_free(r->origin);
    g_free(r->user_agent);
    g_free(r->what);
    g_free(r->ufrag);
    g_free(r->permissions);
    g_free(r->feature);
    g_free(r->security);
    g_free(r);
}
