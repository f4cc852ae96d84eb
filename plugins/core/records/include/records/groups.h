/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which records belong to one call: groups of descriptions and associations that grow together as more is learned.
 */
#ifndef WR_GROUPS_H
#define WR_GROUPS_H

#include "records/types.h"

struct wr_node;

unsigned wr_node_new(wr_engine *e, wr_copy *c, wr_association *a); /* one of them is NULL */

unsigned wr_node_root(const wr_engine *e, unsigned node);

void wr_node_join(wr_engine *e, unsigned a, unsigned b);

/* Gives the group a session number when it has none; returns it. */
unsigned wr_node_number(wr_engine *e, unsigned node);

unsigned wr_node_number_if_any(const wr_engine *e, unsigned node);

/* Adds the records of this session, in no order; false when it is none, or went into another. */
bool wr_node_members(const wr_engine *e, unsigned number, GPtrArray *copies, GPtrArray *associations);
/* Its descriptions alone, none for no session; g_ptr_array_free(). */
GPtrArray *wr_node_copies(const wr_engine *e, unsigned number);

#endif
