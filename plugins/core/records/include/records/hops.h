/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TTL or hop limit (RFC 791 3.1, RFC 8200 3) of packets with evidence, by their source: a packet that is to reach the
 * tap and not the receiver, or that comes from elsewhere, has another than those of the host whose address it bears
 * (Ptacek and Newsham 1998). It proves nothing alone: routes change, and hosts share an address.
 */
#ifndef WR_HOPS_H
#define WR_HOPS_H

#include "evidence/evidence.h"
#include "records/types.h"

#define WR_MAX_HOPS_SOURCES 65536 /* addresses with and without port, at each vantage point, that are counted */
#define WR_MAX_HOPS_FRAMES  65536 /* packets that differed when they came, or came first, that are remembered */

struct wr_hops;
void wr_hops_free(struct wr_hops *h); /* NULL is allowed */

/* A packet with evidence; ttl 0: not known, and nothing is noted. Sources and packets beyond the bounds are left out,
 * for nothing rests on them. */
void wr_hops_note(wr_engine *e, const wr_place *at, uint8_t ttl);

typedef enum { WR_HOPS_OF_PORT = 0, WR_HOPS_OF_HOST } wr_hops_source;
/* Of the packet in this frame, where it differs from most of those with evidence from the same address and port, or the
 * same address, at its vantage point. False where it does not, or where that is not known. */
bool wr_hops_differ(const wr_engine *e, uint32_t frame, wr_hops_source source, uint8_t *ttl, uint8_t *usual);

#endif
