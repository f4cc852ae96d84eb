/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a thinned capture tells what it left out: written here, read by the plugins (plugins/epan/thinned.c). */
#ifndef WR_LEFT_OUT_H
#define WR_LEFT_OUT_H

/* Above the frame number of the whole capture in a packet's id (epb_packetid). */
#define WR_FRAME_MARK 0x57525448u

/* How the comment of the first packet that stays begins; "49 packets, 3528 bytes of RTP, SSRC 0x01020304, payload type
 * 111, 2 of them small" follows, or "40 packets, 3200 bytes of SRTCP, SSRC 0x01020304". */
#define WR_LEFT_OUT_BEFORE "webrtc-thin: left out before this packet: "

#endif
