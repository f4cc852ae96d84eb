/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where and when a packet was seen, in the words of the core. */
#ifndef WR_EPAN_PLACE_H
#define WR_EPAN_PLACE_H

#include "base/endpoint.h"
#include "wr_epan/compat.h"

/* None unless the address is of IPv4 or IPv6. */
static inline wr_endpoint wr_endpoint_from_address(const address *a, uint32_t port)
{
    if (a->type == AT_IPv4 || a->type == AT_IPv6)
        return wr_endpoint_from_bytes((const uint8_t *)a->data, (size_t)a->len, (uint16_t)port);
    return wr_endpoint_none();
}

/* The vantage point: the interface that the capture file names for this packet; 0 when it names none. */
uint16_t wr_point_of(const packet_info *pinfo);

/* To how many digits of a second the file tells the packet's time: 6 is microseconds; -1 where it does not say. */
int wr_time_digits(const packet_info *pinfo);

/* Ports are those of the innermost transport. */
wr_place wr_place_of(const packet_info *pinfo);

/* TTL of the IPv4 header, or hop limit of the IPv6 one, that bears the packet's source and destination; 0 where it is
 * not found at the start of the packet, as within tunnels. */
uint8_t wr_ttl_of(const packet_info *pinfo);

/* Identity of the packet's conversation within the capture; 0 when it has none. */
uint32_t wr_connection_id(packet_info *pinfo);

#endif
