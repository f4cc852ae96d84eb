/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which section of its call's descriptions an RTP packet belongs to (RFC 8843 9.2): by the identification that it
 * carries (RFC 8843 15), by its SSRC (RFC 5576), else by its payload type, where one section alone has that.
 */
#ifndef WR_SDP_STREAMS_H
#define WR_SDP_STREAMS_H

#include "sdp/sdp.h"

#include <stdint.h>

#define WR_STREAM_SECTIONS 64 /* of a call's descriptions that are told apart */
#define WR_STREAM_SOURCES  64 /* SSRCs of one section */
#define WR_STREAM_WORD     32 /* bytes of a name, with its NUL; longer ones are no names here */

#define WR_AUDIO_LEVEL_URI "urn:ietf:params:rtp-hdrext:ssrc-audio-level" /* RFC 6464 4 */

/* Ids (1 to 15, bit n) of header extensions with this URI in a=extmap lines (RFC 8285 5). */
uint16_t wr_sdp_extension_ids(wr_sdp *sdp, const char *uri);

typedef struct wr_sdp_streams wr_sdp_streams;

wr_sdp_streams *wr_sdp_streams_new(void);
void wr_sdp_streams_free(wr_sdp_streams *s); /* NULL is allowed */
/* A section with the a=mid of one that is known, or without any the same number, adds to that one; what a payload type
 * means there, the later description says. */
void wr_sdp_streams_add(wr_sdp_streams *s, wr_sdp *sdp);

/* Ids of the header extension urn:ietf:params:rtp-hdrext:sdes:mid, 1 to 255: the next one after this; 0 for none. */
unsigned wr_sdp_streams_next_id(const wr_sdp_streams *s, unsigned after);

/* What is known of a stream; "" for what is not. */
typedef struct {
    char mid[WR_STREAM_WORD], kind[WR_STREAM_WORD]; /* kind: "audio", "video" */
    char codec[WR_STREAM_WORD];                     /* encoding name of a=rtpmap */
} wr_sdp_stream;

/* mid (n bytes; NULL for none) is what the packet carries. False when no section has the payload type. */
bool wr_sdp_streams_find(const wr_sdp_streams *s, unsigned payload_type, uint32_t ssrc, const uint8_t *mid, size_t n,
                         wr_sdp_stream *out);

#endif
