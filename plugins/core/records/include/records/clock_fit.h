/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How one clock goes by another, from packets that both timed: an offset and a drift, where the drift shows. Packets
 * take their time, some come twice, and some are made to mislead: all that is asked of samples is their median, so that
 * nothing less than half of them can move the answer by more than the spread of the others. What is kept is spread over
 * the whole time: a few samples from each slice of it.
 */
#ifndef WR_CLOCK_FIT_H
#define WR_CLOCK_FIT_H

#include <stdbool.h>
#include <stdint.h>

#define WR_CLOCK_SLICES    32 /* of the time in which both saw something; they become wider as it becomes longer */
#define WR_CLOCK_PER_SLICE 8  /* samples kept of each, drawn evenly from all */

/* By the first clock's time t the second shows t + offset_us + drift * (t - at_us). */
typedef struct {
    int64_t at_us, offset_us;
    double drift;    /* 0 where none shows; 1e-6 is one part in a million */
    unsigned common; /* packets that say so; 0: nothing is known */
} wr_clock_fit;

struct wr_clock_samples;
struct wr_clock_samples *wr_clock_samples_new(void); /* g_free */
/* The first clock showed us, and the second was ahead by that much (both microseconds). way: of the two ways between
 * the points, which the packet took: delays of the one are behind, of the other ahead. */
void wr_clock_samples_add(struct wr_clock_samples *s, int64_t us, int64_t ahead_us, bool way);
/* exact: by all samples; else one that most of them were in, which costs nothing. */
const wr_clock_fit *wr_clock_samples_fit(struct wr_clock_samples *s, bool exact);

/* From the second clock's time to the first's, and back. */
int64_t wr_clock_to_first(const wr_clock_fit *f, int64_t us);
int64_t wr_clock_to_second(const wr_clock_fit *f, int64_t us);

#endif
