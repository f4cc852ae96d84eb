/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What webrtc-thin wrote into a capture of what it left out. */
#ifndef WR_EPAN_THINNED_H
#define WR_EPAN_THINNED_H

#include "evidence/evidence.h"
#include "wr_epan/compat.h"

/* Reads what the packet's comments say was left out of its stream before it. False, and nothing left out, where they
 * say nothing, or what cannot be. The capture's own word: it is counted, and nothing is concluded of it. */
bool wr_thinned_before(const packet_info *pinfo, wr_left_out *left);

/* The preference of webrtc by which frames are numbered as in the whole capture. */
#define WR_FRAMES_OF_WHOLE "frames_of_whole"

/* The number of this packet's frame for all that is told of it: in the capture that webrtc-thin --number read, where
 * the preference asks for that and the packet says it; else in this one. */
uint32_t wr_frame_of(const packet_info *pinfo);

#endif
