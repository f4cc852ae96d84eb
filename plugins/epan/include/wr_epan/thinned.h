/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What webrtc-thin wrote into a capture of what it left out. */
#ifndef WR_EPAN_THINNED_H
#define WR_EPAN_THINNED_H

#include "evidence/evidence.h"
#include "wr_epan/compat.h"

#include <wiretap/wtap.h>

/* Of a packet that may have comments: private to wr_thinned_before(), which is called with every packet. */
bool wr_thinned_says(const packet_info *pinfo, wr_left_out *left);

/* Reads what the packet's comments say was left out of its stream before it. False, and nothing left out, where they
 * say nothing, or what cannot be. The capture's own word: it is counted, and nothing is concluded of it. */
static inline bool wr_thinned_before(const packet_info *pinfo, wr_left_out *left)
{
    *left = (wr_left_out){0};
    return pinfo->rec != NULL && pinfo->rec->block != NULL &&
           (pinfo->rec->presence_flags & WTAP_HAS_INTERFACE_ID) != 0 && /* else, a format without comments */
           wr_thinned_says(pinfo, left);
}

/* The preference of webrtc by which frames are numbered as in the whole capture. */
#define WR_FRAMES_OF_WHOLE "frames_of_whole"

/* The number of this packet's frame for all that is told of it: in the capture that webrtc-thin --number read, where
 * the preference asks for that and the packet says it; else in this one. */
uint32_t wr_frame_of(const packet_info *pinfo);

#endif
