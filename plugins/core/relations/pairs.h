/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to relations: descriptions of an association's views, by their exchange and their time. */
#ifndef WR_RELATIONS_PAIRS_H
#define WR_RELATIONS_PAIRS_H

#include "relations/relations.h"

/* Takes the description at this place out of what was told for the side. */
void wr_view_drop(wr_view *v, int side, unsigned at);

/* 2: before a ServerHello in the order of the capture, or, where the clocks of two points are apart and these have no
 * such order in common, by the clock; 1: by the clock, as far as clocks agree; 0: later. after_us: behind it by the
 * clock. */
int wr_earliness(bool before, bool apart, int64_t after_us);
/* The same of when a description was told. */
int wr_copy_earliness(const wr_copy *c, const wr_association *a);
/* It announces the certificate that this side showed. */
bool wr_copy_explains(const wr_copy *c, const wr_association *a, int side);
/* Which exchange it belongs to does not show: its answer fits several offers. */
bool wr_copy_is_guess(const wr_copy *c);

/* Drops what was told for the side in other exchanges than the one whose user names the path's checks have. Where none
 * has them, what agrees with the certificate shown stays: what it announces, it announced. */
void wr_views_keep_pairs(wr_bound *b, const wr_association *a, int side);

#endif
