/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of all that the plugins attach to a packet, each under the protocol that is named with it. A key says what is
 * kept, never where it was met: a number of layers is the same for two messages of one packet, and need not be the same
 * on another pass.
 */
#ifndef WR_EPAN_PACKET_DATA_H
#define WR_EPAN_PACKET_DATA_H

#include "wr_epan/compat.h"

typedef enum {
    /* ---- for one pass over the packet: lists of records, see bus.h ---- */
    WR_BUS_DESCRIPTIONS = 1, /* webrtc_sdp: wr_description*; also kinds without one (join, bye), then sdp is NULL */
    WR_BUS_STUN,             /* webrtc_ice: wr_stun_evidence* */
    WR_BUS_DTLS,             /* webrtc_dtls: wr_dtls_evidence* */
    WR_BUS_CARRIED,          /* webrtc_ice, on every pass: wr_carried*, what TURN or RFC 4571 framing carried here */
    WR_BUS_REMARKS,          /* webrtc_signal: wr_remark*, what was said beside descriptions */
    WR_BUS_LIMITS,           /* webrtc: const char*, static names of bounds that a decoder reached with this packet */
    WR_MESSAGES_SO_FAR,      /* webrtc_signal, on every pass: how many were begun: wr_packet_begin_message() */

    /* ---- kept from the first pass for later ones, once a packet: wr_packet_keep() ---- */
    WR_KEPT_HANDSHAKE, /* webrtc_dtls: what was read of DTLS */
    WR_KEPT_COPY,      /* webrtc_signal: a WebSocket frame that another copy of the segment has altered */
    WR_KEPT_FRAMES,    /* webrtc_signal: WebSocket frames that HTTP had swallowed */
    WR_KEPT_URL,       /* webrtc_signal: this packet has a request whose target holds a message */
    WR_KEPT_STANZAS,   /* webrtc_signal: stanzas that end here */
    WR_KEPT_STREAMS,   /* webrtc_signal: messages of streams without an end that became whole here */
    WR_KEPT_FOLLOWED,  /* webrtc_signal: the body that ends here was searched while it came */
    WR_KEPT_KEYS,      /* webrtc: what opens the media of this packet */
    WR_KEPT_JOINED,    /* webrtc_signal: the first JSON message of a connection, where it took several segments */

    /* ---- the same for a message, of which a packet may hold many: wr_packet_message_key() ---- */
    WR_KEPT_HTTP = 16, /* webrtc_signal: what the HTTP connection told of a body */
    WR_KEPT_FOUND,     /* webrtc_signal: what earlier messages of the connection told of this one */
    WR_KEPT_WHOLE      /* webrtc_signal: the message of which this was the last part */
} wr_packet_key;

/* Keeps data, which lives as long as the file, with the packet. */
static inline void wr_packet_keep(packet_info *pinfo, int proto, uint32_t key, void *data)
{
    p_add_proto_data(wmem_file_scope(), pinfo, proto, key, data);
}

/* NULL when nothing was kept. */
static inline void *wr_packet_kept(packet_info *pinfo, int proto, uint32_t key)
{
    return p_get_proto_data(wmem_file_scope(), pinfo, proto, key);
}

/* Counts the messages of a packet: on every pass, by a carrier that may bring several in one packet, before anything is
 * found out of the message. */
void wr_packet_begin_message(packet_info *pinfo, int proto);
/* The key of what is kept of the message begun last. number is the same on every pass and says what the message is, as
 * a hash of its bytes does; the count tells it from its equals in the packet. */
uint32_t wr_packet_message_key(packet_info *pinfo, int proto, wr_packet_key key, uint32_t number);

#endif
