/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which sections of two descriptions correspond. For use inside core.
 */
#ifndef WR_SDP_PAIRS_H
#define WR_SDP_PAIRS_H

#include "sdp/sdp.h"

/* For each section of a the index of the one of b with the same mid, else the one at the same place if its mid is not
 * taken by another section of a; UINT_MAX when there is none. g_free() it. Never NULL. */
unsigned *wr_sdp_pair_sections(const wr_sdp *a, const wr_sdp *b);

#endif
