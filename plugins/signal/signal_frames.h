/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to webrtc_signal: WebSocket frames (RFC 6455 5.2) of connections whose upgrade is not in the capture.
 */
#ifndef WR_SIGNAL_FRAMES_H
#define WR_SIGNAL_FRAMES_H

#include "signal.h"

#define SIGNAL_TEXT_MESSAGE 0x81        /* first byte of a text message in one frame, without extensions */
#define SIGNAL_FRAME_MAX    (16u << 20) /* longest payload that is believed */

typedef struct {
    uint8_t first;
    bool masked;
    uint8_t mask[4];
    unsigned header;  /* bytes before the payload */
    unsigned payload; /* its length; it need not be wholly there */
} signal_frame;

/* False when the bytes begin no frame, or its header is not whole. */
bool signal_frame_read(const uint8_t *p, unsigned len, signal_frame *f);
/* The bytes are frames from one side; the last may go on after them. extensions: bits of RSV1 to RSV3 that may be set.
 */
bool signal_frames_only(const uint8_t *p, unsigned len, bool masked, uint8_t extensions);
/* JSON begins the text of a message, and a WebRTC word is in it. whole: nothing of it is missing, so it must even hold
 * something. */
bool signal_text_is_signalling(const uint8_t *text, unsigned len, bool whole);
/* The bytes begin with a text message that is WebRTC signalling without doubt. */
bool signal_frame_is_signalling(packet_info *pinfo, const uint8_t *p, unsigned len, signal_frame *f);

#endif
