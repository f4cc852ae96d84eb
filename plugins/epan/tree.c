/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/tree.h"

/* There is no question for it, but changing it tells what it was. */
bool wr_tree_is_read(proto_tree *tree)
{
    bool read;

    if (tree == NULL)
        return false;
    read = proto_tree_set_visible(tree, true);
    if (!read)
        proto_tree_set_visible(tree, false);
    return read;
}

unsigned wr_tree_items(proto_tree *tree)
{
    return tree != NULL ? (unsigned)PTREE_DATA(tree)->count : 0;
}
