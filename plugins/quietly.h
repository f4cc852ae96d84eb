/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calling built-in dissectors for their trees: when somebody looks, and without their words in the columns of the packet
 * list, so that a packet reads the same whether or not a tree was asked for.
 */
#ifndef WR_QUIETLY_H
#define WR_QUIETLY_H

#include "epan-compat.h"

#include <epan/exceptions.h>
#include <epan/tap.h>

/* A tree, or the list of expert infos, is made of this packet. */
static inline bool wr_is_looked_at(const proto_tree *tree)
{
    static int expert_tap;

    if (expert_tap == 0) {
        expert_tap = find_tap_id("expert");
    }
    return tree != NULL || have_tap_listener(expert_tap);
}

/* The dissector may throw; the columns are given back all the same. */
static inline void wr_call_quietly(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                   void *data)
{
    column_info *columns = pinfo->cinfo;

    if (columns == NULL || !col_get_writable(columns, -1)) {
        call_dissector_with_data(handle, tvb, pinfo, tree, data);
        return;
    }
    col_set_writable(columns, -1, false);
    TRY {
        call_dissector_with_data(handle, tvb, pinfo, tree, data);
    }
    FINALLY {
        col_set_writable(columns, -1, true);
    }
    ENDTRY;
}

#endif
