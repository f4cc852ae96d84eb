/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the datagram of a media path in a packet: through VLAN tags, PPPoE, GRE, VXLAN, IP in IP, and TURN. */
#ifndef WR_THIN_LAYERS_H
#define WR_THIN_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a path is known by. No bytes of it are undefined: it is compared as a whole. */
typedef struct {
    uint8_t source[16], target[16]; /* IPv4: the first four bytes */
    uint16_t source_port, target_port;
    uint32_t interface;
    uint64_t around; /* tags and tunnels, mixed; both directions alike where they have the same numbers */
    uint64_t relay;  /* the channel, or the peer's address mixed; 0 for none */
} wr_path;

typedef struct {
    wr_path path;
    bool from_low;   /* direction: told apart by addresses and ports */
    size_t at;       /* of the datagram in the packet; behind TURN's framing */
    size_t captured; /* bytes of it there */
    size_t length;   /* bytes of it on the wire */
    bool relayed;    /* what is at `at` was in ChannelData, Send or Data */
} wr_datagram;

/* False for everything else: TCP, fragments, other links, what is cut before the datagram begins. */
bool wr_layers_read(uint16_t link, uint32_t interface, const uint8_t *p, size_t captured, wr_datagram *d);

/* Mixes a number into another. Not made to withstand those who look for collisions. */
uint64_t wr_mix(uint64_t a, uint64_t b);

#endif
