/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much is kept, and how far apart in time things may be that belong together. A reached bound is reported by name
 * (memory.h), and what was learned before stands.
 */
#ifndef WR_BOUNDS_H
#define WR_BOUNDS_H

#include <stdint.h>

/* Bounds. Each is reported by name when it is reached, and what was learned before stands. */
#define WR_MAX_COPIES                1000000
#define WR_MAX_LEGS                  1000000
#define WR_MAX_FLOWS                 1000000
#define WR_MAX_ASSOCIATIONS          1000000
#define WR_MAX_ALLOCATIONS           200000
#define WR_MAX_FINDINGS              500000
#define WR_MAX_FINDINGS_OF_CHECK     16 /* of one check in one call */
#define WR_MAX_CHECKS_PER_FLOW       16
#define WR_MAX_ASSOCIATIONS_PER_FLOW 32
#define WR_MAX_FLOWS_PER_ASSOCIATION 16
#define WR_MAX_ADDRESSES_PER_COPY    128
#define WR_MAX_CREDENTIALS_PER_COPY  64
#define WR_MAX_BUCKET                64  /* members of an index bucket that are looked at */
#define WR_MAX_PASSWORDS             64  /* announced for one ICE user name, that are tried */
#define WR_MAX_KEPT_MESSAGES         2   /* unverified checks kept per user name and direction */
#define WR_MAX_KEPT_BYTES            548 /* a longer STUN message is not kept for later */
#define WR_MAX_CHANNELS              64  /* per TURN allocation */
#define WR_MAX_KEY_EXCHANGE          4096
#define WR_MAX_BYTES                 (UINT64_C(2) << 30) /* of all records, by estimate: memory.c */
#define WR_FACTS_BYTES               1536 /* what an association or a flow may have beside its own record */
#define WR_PAIRING_WINDOW            512  /* descriptions of a leg that are searched for an answer's offer */

#define WR_SECOND INT64_C(1000000)
/* Capture clocks and merged files may disagree by this much about the order of things. */
#define WR_SLACK_US (WR_SECOND / 2)
/* A hop of the same message takes no longer. */
#define WR_HOP_US  (10 * WR_SECOND)
#define WR_COPY_US (60 * WR_SECOND)
/* A flow idle that long and used with new credentials is another call's. */
#define WR_FLOW_REUSE_US (60 * WR_SECOND)
/* Media of the verifier that long after its Finished: it did not refuse (rules 3.4, DTLS-07). */
#define WR_ENFORCE_US (2 * WR_SECOND)

#endif
