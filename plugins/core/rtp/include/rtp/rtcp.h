/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a datagram RTCP in clear (RFC 3550 6)? SRTCP (RFC 3711 3.4) leaves the first eight bytes readable, so a header
 * that looks right proves nothing; a whole chain of packets that ends where the datagram ends does.
 */
#ifndef WR_RTCP_H
#define WR_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    WR_RTCP_OPAQUE = 0, /* not RTCP in clear: SRTCP, or something else */
    WR_RTCP_SINGLE,     /* one packet that fills the datagram: SRTCP always has its index and tag behind it */
    WR_RTCP_CHAIN,      /* two or more packets whose lengths chain exactly to the end */
    WR_RTCP_NAMED       /* a chain with a readable CNAME in it */
} wr_rtcp_look;

/* bytes (len) are the whole datagram. */
wr_rtcp_look wr_rtcp_look_at(const uint8_t *bytes, size_t len);

/* How much such datagrams say; WR_RTCP_PROOF in all is proof. */
unsigned wr_rtcp_weight(wr_rtcp_look look);
#define WR_RTCP_PROOF 3

/* The second byte of RTCP that shares its port with RTP (RFC 5761 4). */
static inline bool wr_is_rtcp_type(uint8_t second)
{
    return second >= 192 && second <= 223;
}

#endif
