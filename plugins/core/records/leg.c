/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Legs.
 */
#include "records/leg.h"
#include "records/description.h"

wr_leg *wr_leg_root(wr_leg *leg)
{
    while (leg->merged != NULL)
        leg = leg->merged;
    return leg;
}

void wr_leg_free(gpointer p)
{
    wr_leg *leg = p;
    wr_list_clear(&leg->copies);
    if (leg->orphans != NULL)
        g_ptr_array_free(leg->orphans, TRUE);
    g_free(leg);
}
