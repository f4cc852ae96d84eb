/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What webrtc-thin wrote into a capture of what it left out. */
#ifndef WR_EPAN_THINNED_H
#define WR_EPAN_THINNED_H

#include "evidence/evidence.h"
#include "wr_epan/compat.h"

/* Reads what the packet's comments say was left out of its stream before it. False, and nothing left out, where they
 * say nothing, or what cannot be. The capture's own word: it is counted, and nothing is concluded of it. */
bool wr_thinned_before(const packet_info *pinfo, wr_left_out *left);

#endif
