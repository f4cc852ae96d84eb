/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RTP header streams as flows keep them, to recognise one stream under two ciphertexts: someone between the flows
 * holds both keys (security rules, RTP-07).
 */
#ifndef WR_STREAMS_H
#define WR_STREAMS_H

#include "model.h"

#define WR_MAX_STREAMS_PER_FLOW 8
#define WR_STREAM_SAMPLES 60 /* more than a comparison wants */
#define WR_STREAM_WANTED 50  /* packets in common */
#define WR_STREAM_SHARE 95   /* per cent of them with another ciphertext */

typedef struct {
    uint32_t header; /* hash of sequence number, timestamp and payload type */
    uint32_t mark;   /* hash of the ciphertext */
} wr_sample;

typedef struct wr_stream {
    uint32_t ssrc;
    uint8_t from; /* end of the flow that sends it */
    uint8_t n_samples;
    uint32_t first_frame;
    int64_t first_us;
    wr_sample *samples;
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
