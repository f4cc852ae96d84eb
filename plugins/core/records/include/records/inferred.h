/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vantage points that the file does not name: a plain pcap that was merged of several, or one interface that passes on
 * what it took. Such a capture has a packet twice, with less TTL the second time or between other link-layer addresses.
 * Where most checks of one host with another come so, always with the same difference, two points saw them; a few
 * copies, which anybody can send, make none (rules 2.11). A tag of a VLAN more or less is no difference: a mirror port
 * shows both.
 *
 * They are used for the clocks and for order, and the report names them. They are no vantage points otherwise: nothing
 * is verified, and nobody accused, because two of them saw something. TTL and addresses are whatever the sender likes.
 */
#ifndef WR_INFERRED_H
#define WR_INFERRED_H

#include "evidence/evidence.h"
#include "records/clock_fit.h"
#include "records/types.h"

#define WR_MAX_LOOKS      4096 /* kinds of packets: hosts, TTL, link; those beyond tell nothing */
#define WR_MAX_LOOK_PAIRS 64   /* of looks that packets had in turn; the rarest gives way */
#define WR_MAX_INFERRED   16
#define WR_INFERRED_LEAST 8u /* packets that came twice with this difference */

struct wr_inferred;
void wr_inferred_free(struct wr_inferred *x); /* NULL is allowed */

/* How the packet that is learned from looks where it was seen, by its TTL (wr_engine_add_hops()) and link; 0: not
 * known.
 */
unsigned wr_look_of(wr_engine *e, const wr_place *at);
/* Something that is known when it comes again, as a check is, was seen with this look. */
void wr_look_seen(wr_engine *e, unsigned look);
/* It had been seen with the other look first, at the same interface. */
void wr_look_twice(wr_engine *e, unsigned first, int64_t first_us, unsigned second, int64_t second_us);

/* From all that was seen. Until then the former answer stands. */
void wr_inferred_settle(wr_engine *e);

/* How many points were inferred; each is numbered from 1. */
unsigned wr_inferred_points(const wr_engine *e);
typedef struct {
    uint16_t interface;
    unsigned by;          /* number of the point whose clock its own is told by; 0: none, it is the measure */
    wr_clock_fit clock;   /* by that one; common is the number of packets seen at both */
    bool by_ttl, by_link; /* what differs */
    wr_endpoint host;     /* whose packets, for one */
} wr_inferred_point;
wr_inferred_point wr_inferred_point_of(const wr_engine *e, unsigned number);

/* The point that shows packets that look so; 0 for none. */
unsigned wr_inferred_of_look(const wr_engine *e, unsigned look);
/* The time there by the clock of the measure that the two have in common. */
int64_t wr_inferred_time(const wr_engine *e, unsigned number, int64_t us);
/* Two points whose clocks were compared. */
bool wr_inferred_can_order(const wr_engine *e, unsigned a, unsigned b);

#endif
