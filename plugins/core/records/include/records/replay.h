/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connectivity check seen from two sources.
 */
#ifndef WR_REPLAY_H
#define WR_REPLAY_H

#include "records/flow.h"

#define WR_SIGHTINGS   32768 /* checks that are remembered */
#define WR_MAX_REPLAYS 256

struct wr_replay {
    wr_flow *flow[2]; /* where it was seen first, and then */
    uint32_t frame[2];
    int64_t gap_us;
    bool same_target; /* both went to the same end */
};

/* The latest checks are remembered, to recognise them. */
struct wr_sighting {
    uint64_t mark; /* of transaction and integrity value */
    wr_flow *flow;
    int64_t time_us;  /* the latest from this source */
    int64_t first_us; /* the first */
    uint32_t frame;
    uint16_t point, look; /* look: see inferred.h */
    uint16_t told;        /* vantage points whose clocks were compared by it, a bit each */
    uint8_t from;
};

#endif
