/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the datagrams of a packet lie: the UDP payload, what TURN (RFC 8656) or RFC 4571 framing carries in it, and
 * what Wireshark decrypted. Linked into every plugin that needs it; it keeps no state between packets.
 *
 *     wr_payload_iter it;
 *     wr_datagram d;
 *     if (wr_payload_begin(&it, packet)) {
 *         while (wr_payload_next(&it, &d)) {
 *             if (wr_payload_look(d.bytes, d.captured, d.length) == WR_LOOK_DTLS) { ... }
 *         }
 *     }
 */
#ifndef WR_PAYLOAD_H
#define WR_PAYLOAD_H

#include "wr_epan/buffers.h"
#include "wr_epan/bus.h"
#include "wr_epan/layers.h"
#include "wr_epan/payload_find.h"
#include "wr_epan/place.h"

/* One datagram. Addresses are those of the packet, ports those of its UDP or TCP header, whatever inner protocols have
 * written into pinfo since. bytes stay valid while the packet is dissected. */
typedef struct {
    wr_carriage how;
    wr_endpoint src, dst;
    const uint8_t *bytes;
    unsigned captured, length; /* captured < length: cut by the capture */
} wr_datagram;

/* What the first bytes say (RFC 7983, RFC 9443). STUN is said only with the magic cookie; the others are no more than
 * a first byte in the right range and enough bytes for a header. */
typedef enum {
    WR_LOOK_OTHER = 0,
    WR_LOOK_STUN,
    WR_LOOK_CHANNEL, /* TURN ChannelData, with a length that fits; also a QUIC packet may look so by chance */
    WR_LOOK_DTLS,    /* first byte 20..63: records of 1.2 or 1.3 */
    WR_LOOK_MEDIA    /* first byte 128..191: RTP, RTCP or their secure forms */
} wr_look;
wr_look wr_payload_look(const uint8_t *bytes, unsigned captured, unsigned length);

/* A packet, and what is found out of it once for all who ask. */
typedef struct {
    packet_info *pinfo;
    bool first_pass;
    bool is_udp;       /* it holds a UDP datagram, which may be quoted by ICMP */
    wr_udp_header udp; /* then its header; with tunnels, of the innermost */
    wr_look look;      /* of its payload; WR_LOOK_OTHER for packets without one */
    unsigned layers;   /* WR_LAYER_, or-ed; TCP segments only */
    bool marked;       /* something is on the bus: wr_bus_is_marked() as the function of post.h is called */
    bool carried;      /* the same of WR_BUS_CARRIED */
} wr_packet;

/* Layers that a TCP segment may have, as far as somebody cares. */
enum { WR_LAYER_HTTP = 1, WR_LAYER_TLS = 2, WR_LAYER_STUN = 4, WR_LAYER_HTTP2 = 8 };

/* Fast enough for every packet. */
void wr_packet_begin(wr_packet *packet, packet_info *pinfo);

/* The UDP payload of this packet, with addresses: its first `captured` bytes of `length`. False when the packet is not
 * UDP, quotes UDP inside ICMP, or its UDP header is not in the data sources. */
bool wr_payload_udp_datagram(const wr_packet *packet, wr_datagram *out);

/* The packet holds an ICMP or ICMPv6 layer: what it quotes is no flow of its own. */
bool wr_payload_is_quoted(const packet_info *pinfo);

/* All datagrams of a packet, outermost first: the UDP payload, then what TURN carries in it; or what webrtc_ice put on
 * the bus for TCP (WR_BUS_CARRIED), which must have been dissected before: post-dissectors come late enough. */
typedef struct {
    wr_datagram outer;
    wr_look look; /* of outer */
    wmem_list_frame_t *carried;
    int step;
} wr_payload_iter;
/* False when the packet holds no datagram; then wr_payload_next() need not be called. */
bool wr_payload_begin(wr_payload_iter *it, const wr_packet *packet);
bool wr_payload_next(wr_payload_iter *it, wr_datagram *out);

/* What a ChannelData message, or a Send or Data indication, in d carries. False when d is nothing of the kind. */
bool wr_payload_unwrap_turn(const wr_datagram *d, wr_datagram *inner);

/* The "Decrypted DTLS" data sources of this packet, in order. Start with *cursor = pinfo->data_src; false at the end.
 */
bool wr_payload_next_decrypted(GSList **cursor, const uint8_t **bytes, unsigned *captured);

#endif
