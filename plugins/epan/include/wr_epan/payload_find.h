/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding a packet's own UDP or TCP header in its data sources. */
#ifndef WR_PAYLOAD_FIND_H
#define WR_PAYLOAD_FIND_H

#include "wr_epan/buffers.h"

typedef struct {
    uint16_t src_port, dst_port;
    const uint8_t *payload;
    unsigned captured, length;
    bool outermost; /* known to stand in the packet's first IP header, so that no ICMP message quotes it */
} wr_udp_header;

/* Of the innermost UDP layer, as pinfo has it. */
bool wr_find_udp(const packet_info *pinfo, wr_udp_header *out);

#endif
