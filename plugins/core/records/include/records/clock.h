/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vantage points and their clocks. A capture of several interfaces, or a merged one, has several clocks, and nothing
 * says that they agree. What was seen at two points (a connectivity check with its transaction and integrity value)
 * tells how far they are apart: the median of the differences, for packets take their time and some come twice.
 */
#ifndef WR_CLOCK_H
#define WR_CLOCK_H

#include "records/types.h"

#define WR_MAX_POINTS        16 /* vantage points that are told apart; those beyond count as the last */
#define WR_MAX_CLOCK_SAMPLES 64 /* differences kept between two of them */

struct wr_clocks;
void wr_clocks_free(struct wr_clocks *c); /* NULL is allowed */

/* The same packet at two points, whose clocks showed these times (microseconds). */
void wr_clock_note(wr_engine *e, unsigned first, int64_t first_us, unsigned second, int64_t second_us);

/* By how much the clock of this point is ahead of that of the first point, in microseconds; common (may be NULL) gets
 * the number of packets that say so. False when nothing does; then it is 0. */
bool wr_clock_offset(const wr_engine *e, unsigned point, int64_t *offset_us, unsigned *common);
/* The time at this point, by the clock of the first point. */
int64_t wr_clock_time(const wr_engine *e, unsigned point, int64_t us);
/* The order of what was seen at these points can be told. */
bool wr_clock_can_order(const wr_engine *e, unsigned a, unsigned b);

#endif
