/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RTP header streams (RFC 3550 5.1) as flows keep them, to recognise one stream under two ciphertexts: someone between
 * the flows holds both keys (rules 3.5, RTP-07).
 */
#ifndef WR_STREAM_H
#define WR_STREAM_H

#include "records/types.h"

#define WR_MAX_STREAMS_PER_FLOW 8
#define WR_STREAM_SAMPLES       60 /* more than a comparison wants */
#define WR_STREAM_WANTED        50 /* packets in common */
#define WR_STREAM_SHARE         95 /* per cent of them with another ciphertext */

#define WR_STREAM_RECENT 16  /* last packets that are remembered, by sequence number */
#define WR_STREAM_PLAIN  20  /* packets that are nothing like ciphertext: proof */
#define WR_PLAIN_BYTES   160 /* of payload that are looked at */
#define WR_PLAIN_VALUES  80  /* distinct byte values in them; ciphertext has 119, give or take 5 */

typedef struct {
    uint32_t header; /* hash of sequence number, timestamp and payload type */
    uint32_t mark;   /* hash of the ciphertext, header extensions left out */
} wr_sample;

typedef struct wr_stream {
    uint32_t ssrc;
    uint8_t from; /* end of the flow that sends it */
    uint8_t n_samples;
    uint16_t extensions; /* bit n: header extension n was sent in clear (RFC 8285) */
    uint32_t first_frame;
    uint32_t packets;         /* that long enough ones to be compared came in */
    uint32_t extension_frame; /* the first with any */
    int64_t first_us, last_us;
    wr_sample *samples;
    /* The last packets, at their sequence numbers' low bits: as long as all are among the samples, which sample it is,
     * from 1; 0: none. Then on their own; header 0: none. */
    uint8_t recent_sample[WR_STREAM_RECENT];
    wr_sample *recent;
    uint32_t reused_frame; /* an earlier packet's index and headers with different ciphertext; 0 for none */
    uint32_t reused;       /* so many such packets */
    int64_t reused_first_us, reused_last_us;
    uint16_t shortest, longest; /* payload, of the samples */
    uint8_t payload_type;       /* of the first */
    uint8_t plain;              /* samples that are nothing like ciphertext */
    uint8_t level_id;           /* header extension with the audio level (RFC 6464); 0: not known to have one */
    struct wr_levels *levels;   /* NULL: none */
} wr_stream;

/* Two flows of different associations that carry one header stream. */
typedef struct {
    const wr_flow *flow[2];
    uint32_t ssrc;
    uint32_t frame[2]; /* where each begins */
} wr_reencrypted;

/* One header stream under two ciphertexts in this session; which (may be NULL) gets the first such pair. */
bool wr_session_is_reencrypted(const wr_engine *e, const wr_session *s, const wr_reencrypted **which);

#endif
