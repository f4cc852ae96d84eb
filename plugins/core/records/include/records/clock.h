/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vantage points and their clocks. A capture of several interfaces, or a merged one, has several clocks, and nothing
 * says that they agree. What was seen at two points (a connectivity check with its transaction and integrity value, a
 * segment of a signalling connection) tells how far they are apart, and whether one goes faster (clock_fit.h; rules
 * 2.11).
 */
#ifndef WR_CLOCK_H
#define WR_CLOCK_H

#include "base/endpoint.h"
#include "records/clock_fit.h"
#include "records/types.h"

#define WR_MAX_POINTS  16 /* vantage points that are told apart; those beyond count as the last */
#define WR_CLOCK_LEAST 3u /* packets seen at both: of fewer, half are no more than one, which anybody can have sent */

struct wr_clocks;
void wr_clocks_free(struct wr_clocks *c); /* NULL is allowed */

/* Something was seen at this point: it is one. */
void wr_clock_point_seen(wr_engine *e, unsigned point);
bool wr_clock_is_point(const wr_engine *e, unsigned point);

/* The same packet at two points, whose clocks showed these times (microseconds). way: which of the two ways between its
 * ends it took, the same for all packets of one direction. */
void wr_clock_note(wr_engine *e, unsigned first, int64_t first_us, unsigned second, int64_t second_us, bool way);
/* Whichever way is told by the addresses. */
bool wr_clock_way(const wr_endpoint *src, const wr_endpoint *dst);
/* What is said from now on rests on all that was noted; until then on most of it. Returns true when some clock is now
 * known to be another than it was at the last call, by more than clocks are trusted to agree. */
bool wr_clocks_settle(wr_engine *e);

/* How the clock of this point goes by that of the first point. False when nothing was seen at both; then out->common is
 * 0, and so is the offset. By way of a third point common is the lesser of both. */
bool wr_clock_of(const wr_engine *e, unsigned point, wr_clock_fit *out);
/* Its offset_us and common (may be NULL) alone. */
bool wr_clock_offset(const wr_engine *e, unsigned point, int64_t *offset_us, unsigned *common);
/* The time at this point, by the clock of the first point; as it is where fewer than WR_CLOCK_LEAST packets tell. */
int64_t wr_clock_time(const wr_engine *e, unsigned point, int64_t us);
/* The order of what was seen at these points can be told. */
bool wr_clock_can_order(const wr_engine *e, unsigned a, unsigned b);

#endif
