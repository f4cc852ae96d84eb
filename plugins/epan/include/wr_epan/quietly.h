/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calling built-in dissectors for their trees: when somebody looks, and without their words in the columns of the
 * packet list, so that a packet reads the same whether or not a tree was asked for.
 */
#ifndef WR_QUIETLY_H
#define WR_QUIETLY_H

#include "wr_epan/compat.h"

#include <epan/exceptions.h>
#include <epan/tap.h>

/* Expert infos are asked for: their list is made, or a filter or column speaks of them. tree may be NULL. */
static inline bool wr_experts_matter(proto_tree *tree)
{
    static int expert_tap, expert_proto;

    if (expert_tap == 0) {
        expert_tap = find_tap_id("expert");
        expert_proto = proto_get_id_by_filter_name("_ws.expert");
    }
    return have_tap_listener(expert_tap) || (expert_proto > 0 && proto_field_is_referenced(tree, expert_proto));
}

/* What this protocol says of the packet is asked for: its tree is shown, or one of its fields or expert infos is in a
 * filter, a column, a colouring rule. A tree that is made for other fields alone is not: what would be put there is
 * thrown away. A tap of all frames may go through the whole tree, as the protocol hierarchy does. tree may be NULL. */
static inline bool wr_is_looked_at(proto_tree *tree, int proto)
{
    static int frame_tap;

    if (frame_tap == 0)
        frame_tap = find_tap_id("frame");
    if (tree != NULL && have_tap_listener(frame_tap))
        return true;
    return (proto > 0 && proto_field_is_referenced(tree, proto)) || wr_experts_matter(tree);
}

/* One of these protocols is. */
static inline bool wr_any_is_looked_at(proto_tree *tree, const char *const names[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (wr_is_looked_at(tree, proto_get_id_by_filter_name(names[i])))
            return true;
    return false;
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
    TRY
    {
        call_dissector_with_data(handle, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        col_set_writable(columns, -1, true);
    }
    ENDTRY;
}

#endif
