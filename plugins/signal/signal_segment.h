/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to webrtc_signal: TCP segments, read from a packet's bytes, and put together where no dissector does it.
 */
#ifndef WR_SIGNAL_SEGMENT_H
#define WR_SIGNAL_SEGMENT_H

#include "signal.h"

/* The TCP payload of a packet; bytes live as long as the packet. */
typedef struct {
    const uint8_t *bytes;
    unsigned len;
    uint32_t seq; /* sequence number of the first */
    uint32_t ack; /* what its sender expects next from the other side; where SIGNAL_TCP_ACK is set */
    uint8_t ttl;  /* TTL of IPv4, hop limit of IPv6; 0 where the header is not found */
    uint8_t flags;
} signal_segment;

#define SIGNAL_TCP_FIN 0x01 /* RFC 9293 3.1 */
#define SIGNAL_TCP_SYN 0x02
#define SIGNAL_TCP_RST 0x04
#define SIGNAL_TCP_ACK 0x10

/* Finds it behind the first bytes that look like this packet's TCP header; tvb is its first data source. False when the
 * segment is empty or not found; what its header says is there when flags is not 0. */
bool signal_find_segment(tvbuff_t *tvb, const packet_info *pinfo, signal_segment *s);

/* One direction of a connection. bytes is made and unreferenced by the owner. */
typedef struct {
    bool in_step;  /* bytes begins where a message does, and next is what follows it */
    uint32_t next; /* sequence number */
    GByteArray *bytes;
} signal_run;

/* Leaves step when a segment is missing before this one. */
void signal_run_check(signal_run *d, const signal_segment *s);
/* A message begins with this segment. */
void signal_run_begin(signal_run *d, const signal_segment *s);
/* Forgets what was put together. */
void signal_run_leave(signal_run *d);
/* In step: appends what is new of the segment; false when it was there before. */
bool signal_run_take(signal_run *d, const signal_segment *s);

#endif
