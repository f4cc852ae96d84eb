/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of a packet's tree as a whole. */
#ifndef WR_EPAN_TREE_H
#define WR_EPAN_TREE_H

#include "wr_epan/compat.h"

/* Somebody reads the lines; else the tree is made for the values of fields alone, or none is (NULL). */
bool wr_tree_is_read(proto_tree *tree);

/* Items in the whole packet so far; 0 without a tree. Wireshark gives up a packet that has more than
 * gui.max_tree_items, and tells nobody before how many there are, so this looks into the tree's own record. */
unsigned wr_tree_items(proto_tree *tree);

#endif
