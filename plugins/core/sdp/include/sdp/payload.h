/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the payload types of RTP mean in a description: formats of m= lines and a=rtpmap (RFC 8866 5.14, 6.6). */
#ifndef WR_SDP_PAYLOAD_H
#define WR_SDP_PAYLOAD_H

#include "sdp/lines.h"

#define WR_SDP_MAX_PAYLOADS 1024 /* of one description that are told */

typedef struct {
    uint8_t type;   /* 0 to 127 */
    wr_slice media; /* "audio", … of its section */
    wr_slice name;  /* encoding name of a=rtpmap; empty for a format of the m= line */
    uint32_t rate;  /* clock rate */
    uint32_t channels;
    unsigned section; /* from 0 */
    bool sframe;      /* its payload is encrypted end to end (RFC 9605): a=sframe in the section, or the name says so */
} wr_sdp_payload;

/* Calls each for all of them, in the order of the text: formats of a section first, then its rtpmaps. */
void wr_sdp_each_payload(wr_sdp *sdp, void (*each)(const wr_sdp_payload *payload, void *data), void *data);

#endif
