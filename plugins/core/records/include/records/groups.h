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
/* Descriptions of one author, for one says what the other does, or goes on with it. */
void wr_node_join_author(wr_engine *e, unsigned a, unsigned b);
/* What one leg tells as offer and answer. */
void wr_node_join_exchange(wr_engine *e, unsigned offer, unsigned answer);
/* What names tie that anybody can write who has read them: a check between two descriptions, or a handshake on its
 * path. It lasts until exchanges are settled, which goes by what checks and associations say themselves (wr_check.tie,
 * owner).
 */
void wr_node_join_by_names(wr_engine *e, unsigned a, unsigned b);
/* An exchange makes no one of two calls each of which is whole without it, for what was proven joins descriptions of
 * two authors: who can read both can put an offer of the one and an answer of the other together. That does not show
 * before both are known: all groups are made anew, from what is joined firmly, exchanges in their order, and what names
 * tie in its. */
void wr_nodes_settle_exchanges(wr_engine *e);

/* Gives the group a session number when it has none; returns it. */
unsigned wr_node_number(wr_engine *e, unsigned node);

unsigned wr_node_number_if_any(const wr_engine *e, unsigned node);

/* Adds the records of this session, in no order; false when it is none, or went into another. */
bool wr_node_members(const wr_engine *e, unsigned number, GPtrArray *copies, GPtrArray *associations);
/* Its descriptions alone, none for no session; g_ptr_array_free(). */
GPtrArray *wr_node_copies(const wr_engine *e, unsigned number);

#endif
