/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call as a ladder: who sent what to whom, in the order of frames. For flow graphs and pictures.
 */
#ifndef WR_LADDER_H
#define WR_LADDER_H

#include "evaluation/engine.h"

#define WR_MAX_STEPS 400 /* of one ladder; what comes after is counted */

typedef enum { WR_STEP_SIGNALLING = 0, WR_STEP_CHECK, WR_STEP_HANDSHAKE, WR_STEP_VERDICT, WR_STEP_MEDIA } wr_step_kind;

/* How a step is to be drawn: nothing to say, agrees, cannot tell, contradicts. */
typedef enum { WR_TONE_PLAIN = 0, WR_TONE_GOOD, WR_TONE_DOUBT, WR_TONE_BAD } wr_tone;

typedef struct {
    wr_step_kind kind;
    wr_tone tone;
    uint32_t frame;
    int64_t time_us; /* 0 where it is not kept */
    wr_endpoint src, dst;
    char *label;   /* short, for the arrow */
    char *comment; /* a sentence */
} wr_step;

typedef struct {
    GPtrArray *steps; /* wr_step*, owned */
    unsigned left_out;
} wr_ladder;

/* The steps of one record, as far as they are known now. Strings are UTF-8 without control characters. */
void wr_ladder_add_copy(wr_ladder *l, const wr_copy *c);
void wr_ladder_add_flow(wr_ladder *l, const wr_flow *f); /* checks and media */
void wr_ladder_add_association(wr_ladder *l, const wr_association *a);

/* The frame by which all was said that decides the verdict on it. */
uint32_t wr_ladder_decided(const wr_association *a);

wr_ladder *wr_ladder_new(void);
/* All of a call, sorted by frame. Repeated checks of the same pair are one step. */
wr_ladder *wr_ladder_of_session(const wr_session *s);
/* Adds what only the whole call shows: descriptions that were changed, and its verdict. */
void wr_ladder_judge(wr_ladder *l, const wr_session *s);
void wr_ladder_free(wr_ladder *l);

wr_tone wr_tone_of_severity(wr_severity s);
wr_tone wr_tone_of_certificate(wr_cert_verdict v);
wr_tone wr_tone_of_session(const wr_session *s);
const char *wr_tone_name(wr_tone tone); /* "plain", "good", … static */

#endif
