/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of the plugin webrtc_ice share among themselves. */
#ifndef WR_ICE_H
#define WR_ICE_H

#include "wr_epan/data_source.h"
#include "wr_epan/payload.h"

/* How many flows are remembered as TURN. Beyond that ChannelData is known by its inside alone, and it is said so. */
#define WR_ICE_MAX_FLOWS 100000
/* How many messages one packet may give; a datagram holds one or two, a TCP segment may hold many small ones. */
#define WR_ICE_MAX_MESSAGES 256

typedef enum { WR_ICE_FLOW_UNKNOWN = 0, WR_ICE_FLOW_TURN, WR_ICE_FLOW_TABLE_FULL } wr_ice_flow;

/* Identity of this plugin's protocol, and of the built-in one. */
extern int wr_ice_proto, wr_ice_proto_stun;

/* ---- ice_fields.c: what is shown ---- */
void wr_ice_register_fields(void);
/* Adds the tree of one STUN message and its expert infos. at: the datagram it stands in. */
void wr_ice_show_stun(packet_info *pinfo, proto_tree *tree, const wr_datagram *at, const wr_stun *msg);
/* Bytes that begin like STUN but are no whole message. */
void wr_ice_show_broken(packet_info *pinfo, proto_tree *tree, const wr_datagram *at);
/* What ChannelData carries when it is not STUN. */
void wr_ice_show_channel(packet_info *pinfo, proto_tree *tree, const wr_datagram *inner);
/* A bound was reached; what: the sentence. */
void wr_ice_show_limit(packet_info *pinfo, proto_tree *tree, const char *what);
/* One RFC 4571 frame; fits is false when what it holds is none of what ICE multiplexes (RFC 7983). */
void wr_ice_show_frame(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb, bool fits);

/* ---- ice_flows.c: which 5-tuples carry TURN ---- */
void wr_ice_flows_init(void);
void wr_ice_flows_cleanup(void);
wr_ice_flow wr_ice_flow_learn(const wr_datagram *d, uint32_t frame);
/* Known by what stood in this frame or before it. */
bool wr_ice_flow_is_turn(const wr_datagram *d, uint32_t frame);

/* ---- ice_turn.c: what TURN carries, inside the built-in dissector ---- */
void wr_ice_turn_register(void);
void wr_ice_turn_handoff(void);
/* Gives a datagram to the built-in dissector it belongs to; 0 when there is none. What came over TCP (carried, else
 * NULL), and is neither STUN nor DTLS, is offered to the heuristics "webrtc_ice", which get that record as their data.
 */
int wr_ice_hand_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, wr_carried *carried);
/* Puts a datagram that came over TCP on the bus, and returns its record; NULL when it is empty. */
wr_carried *wr_ice_put_carried(packet_info *pinfo, tvbuff_t *tvb, const wr_carriage *how);

/* Where the peer is named by the indication whose DATA begins at offset of a data source (NULL: nowhere): span counts
 * from the message's *start. False when no indication is there, or it names none. */
bool wr_ice_find_peer(tvbuff_t *tvb, int offset, unsigned *start, wr_span *span);

/* ---- ice_tcp.c: ICE over TCP ---- */
void wr_ice_tcp_register(void);
void wr_ice_tcp_handoff(void);
/* bytes begin a STUN message behind the two bytes of RFC 4571 that fit it; the rest may still be on its way. */
bool wr_ice_is_framed_stun(const uint8_t *bytes, unsigned captured);
/* From now on this packet's TCP connection is ours. */
void wr_ice_tcp_take(packet_info *pinfo);

/* ---- ice_stream.c: STUN and TURN over TCP without framing ---- */
/* Goes over the data sources of a TCP packet, STUN message by STUN message. Start with all zero. */
typedef struct {
    GSList *source;
    unsigned n_sources, offset;
    bool started;
} wr_ice_stream;
/* framed: RFC 4571 length stands in front. Messages inside of ChannelData or of other messages are left out. */
bool wr_ice_stream_next(packet_info *pinfo, wr_ice_stream *s, wr_datagram *out, bool *framed);

#endif
