/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to webrtc_signal: messages of WebSocket connections with permessage-deflate (RFC 7692) whose upgrade, which
 * would say so, is not in the capture. */
#ifndef WR_SIGNAL_INFLATE_H
#define WR_SIGNAL_INFLATE_H

#include "signal_frames.h"

#define SIGNAL_DEFLATED 0xC1 /* first byte of a deflated text message in one frame */

/* One direction of such a connection. */
typedef struct signal_deflated signal_deflated;
signal_deflated *signal_deflated_new(void);
void signal_deflated_free(signal_deflated *d); /* NULL is allowed */

/* The bytes begin with a deflated text message; *signalling: it is WebRTC signalling without doubt. One that is none is
 * known only when it is whole. */
bool signal_deflated_is_text(const uint8_t *p, unsigned len, signal_frame *f, bool *signalling);
/* Whole frames of one direction, with plain messages in place of deflated ones; a new array. False in *readable when
 * one could not be read, and is left out. */
GByteArray *signal_deflated_plain(signal_deflated *d, const uint8_t *p, unsigned len, bool *readable);

#endif
