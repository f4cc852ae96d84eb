/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to the plugin webrtc_signal: finds WebRTC signalling in what carriers deliver, shows it, and hands each
 * description to webrtc_sdp.
 */
#ifndef WR_SIGNAL_H
#define WR_SIGNAL_H

#include "connection/dialogue.h"
#include "find/find.h"
#include "find/message_pieces.h"
#include "wr_epan/buffers.h"
#include "wr_epan/bus.h"
#include "wr_epan/layers.h"
#include "wr_epan/place.h"

/* What the carrier knows of a message. Strings may be NULL. */
typedef struct {
    wr_carrier carrier;
    wr_direction direction;
    const char *content_type, *url, *subprotocol, *server, *user_agent;
    const char *place; /* path at which the message stands, "$/7" in a URL; NULL: it is all */
    const char *topic; /* of publish and subscribe; what it says of the call counts where the message says nothing */
} signal_carrier;

extern int proto_webrtc_signal;

/* signal_show.c */
void signal_register_fields(void);
void signal_handoff_show(void);
/* Searches the message in tvb, shows what was found and hands it on. False when nothing was found and nothing is to be
 * said; then nothing was shown. */
bool signal_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const signal_carrier *carrier);
/* Shows a message as what it is: JSON, text, or data. */
void signal_show_content(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);
/* The bytes as data, as they would be shown without this plugin: filters on data go on finding them. */
void signal_show_data(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);
/* Says that a bound was reached before anything could be searched. */
void signal_show_bound(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const char *what);
/* A cheap look: is a search worth it? Not on passes that show nothing. */
bool signal_is_worthwhile(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/* Forgets the layers that dissectors called from here left behind, down to as many as there were, once there are many:
 * a packet may hold hundreds of messages, and Wireshark gives up at gui.max_tree_depth (500) layers. */
void signal_trim_layers(packet_info *pinfo, unsigned were);

/* signal_connection.c */
/* What one end of a connection sends in several messages. */
typedef struct {
    wr_pieces *pieces; /* NULL until it may be something */
    uint32_t first;    /* frame in which that began */
} signal_pieces;

/* What is kept with a connection's conversation. */
typedef struct {
    bool client_learnt; /* only where the connection's beginning is not in the capture */
    address client;
    uint32_t client_port;
    wr_dialogue *dialogue;   /* NULL until something is remembered */
    signal_pieces pieces[2]; /* by signal_side() */
} signal_connection;
signal_connection *signal_connection_get(packet_info *pinfo);
/* NULL where nothing is kept so far. */
signal_connection *signal_connection_find(packet_info *pinfo);
/* Which end of the connection sent the packet: 0 or 1, whoever is the client. */
unsigned signal_side(const packet_info *pinfo);
/* Messages of several connections look like those of one: WebSocket streams of HTTP/2 (RFC 8441). */
bool signal_is_shared(const packet_info *pinfo);
/* A keyed hash of a message, in the process: tells those of one packet apart. */
uint32_t signal_message_number(const uint8_t *bytes, unsigned len);
/* By which what is kept of a message (WR_KEPT_) is found again with its packet on later passes. Its carrier has called
 * wr_packet_begin_message(). */
uint32_t signal_message_key(packet_info *pinfo, wr_packet_key what, const uint8_t *bytes, unsigned len);
/* The client end of the packet's connection, learnt from masked WebSocket frames where the upgrade is not captured. */
void signal_learn_client(packet_info *pinfo, bool sender_is_client);
/* Fills what the connection's HTTP conversation and handshake tell: direction, URL, host, subprotocol. */
void signal_fill_from_connection(packet_info *pinfo, signal_carrier *carrier);

/* signal_dialogue.c */
void signal_register_dialogue(void);
/* Searches the message, with what its connection said before where it has one. Free with wr_find_result_free(). */
wr_find_result *signal_find(packet_info *pinfo, const uint8_t *bytes, unsigned len, const signal_carrier *carrier);
/* A WebSocket message with nothing to be shown, which may ask for, or answer to, something that matters later. */
void signal_listen(tvbuff_t *tvb, packet_info *pinfo);

/* signal_recall.c: later passes over messages whose tree nobody looks at */
void signal_register_recall(void);
/* Somebody may want to see what this plugin, or what it calls, makes of a message. */
bool signal_is_looked_at(proto_tree *tree);
/* First pass: something was shown of this message; info: its text in the column Info, n_sdp: how many times it put SDP
 * into the column Protocol. */
void signal_keep_shown(packet_info *pinfo, const uint8_t *bytes, unsigned len, const char *info, unsigned n_sdp);
/* Later passes: something was shown of a message in this packet. */
bool signal_was_shown(const packet_info *pinfo);
/* Puts into the columns what this message put there on the first pass. */
void signal_recall(packet_info *pinfo, const uint8_t *bytes, unsigned len);

/* signal_pieces.c */
void signal_register_pieces(void);
/* False when the message is but a part of one that goes on. *whole: the message of which this is the last part, or the
 * event with this as its binary value; NULL when it is a message of its own. */
bool signal_put_together(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, tvbuff_t **whole);
/* What this message said was found in it: no other need be looked at with it. */
void signal_needs_no_parts(packet_info *pinfo);

/* signal_http.c */
void signal_handoff_http(void);
/* Fills what the stream of HTTP/2 tells that the message came over, on the first pass, and the same later. */
void signal_fill_shared(packet_info *pinfo, tvbuff_t *message, signal_carrier *carrier);

/* signal_streams.c */
void signal_register_streams(void);
/* Messages of this body were found while it came, and its last ones will be: it need not be searched as a whole. */
bool signal_is_followed(tvbuff_t *tvb, packet_info *pinfo);

/* signal_ng.c */
void signal_handoff_ng(void);

/* signal_udp.c */
void signal_handoff_udp(void);

/* signal_websocket.c */
void signal_handoff_websocket(void);

/* signal_midstream.c */
void signal_handoff_midstream(void);

/* signal_mqtt.c */
/* Hands a WebSocket message to the dissector of MQTT when that is what the connection agreed on; false when it is not.
 */
bool signal_dissect_mqtt(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const signal_carrier *carrier);
void signal_handoff_mqtt(void);

/* signal_json_tcp.c */
/* The text is a whole message, nothing is wrong with it, and it holds a description or candidate. */
bool signal_holds_description(const uint8_t *text, unsigned len);
void signal_register_json_tcp(void);
void signal_handoff_json_tcp(void);

/* signal_http2.c */
void signal_handoff_http2(void);

/* signal_http2_fields.c */
void signal_register_http2_fields(void);
/* First pass: keeps what requests in this packet say, for bodies in others. */
void signal_note_http2(packet_info *pinfo);
/* First pass: target, host, user agent and direction of a stream, 0: that whose body is being dissected. What is not
 * known stays as it is. */
void signal_fill_from_http2(packet_info *pinfo, uint32_t stream, signal_carrier *carrier);

/* signal_xmpp.c */
void signal_register_xmpp(void);

/* signal_remarks.c: what is said beside descriptions */
/* Credentials and push payloads in a JSON body or message; UNKNOWN: found out from the connection where it matters. */
void signal_remark_json(tvbuff_t *tvb, packet_info *pinfo, wr_direction direction);
/* The head of a request of HTTP/2, written as one of HTTP/1. */
void signal_remark_http2_head(packet_info *pinfo, const uint8_t *bytes, unsigned len);

/* signal_url.c */
/* The bytes, out of this data source, may begin with the head of a request whose target holds a message. */
void signal_look_at_url(tvbuff_t *source, packet_info *pinfo, proto_tree *tree, const uint8_t *bytes, unsigned len);
/* On later passes: the first found one in this packet. */
bool signal_has_url(packet_info *pinfo);

/* signal_hep.c */
void signal_register_hep(void);
void signal_handoff_hep(void);

/* signal_copies.c */
/* Segments of this WebSocket message's connection are compared from now on with other copies of themselves. */
void signal_follow_copies(packet_info *pinfo);
void signal_register_copies(void);
void signal_handoff_copies(void);

/* signal_bytes.c */
/* Bytes of this packet's connection are compared from now on with those that were sent before. */
void signal_follow_bytes(packet_info *pinfo);
void signal_register_bytes(void);
void signal_handoff_bytes(void);

/* signal_swallowed.c */
void signal_register_swallowed(void);
void signal_handoff_swallowed(void);

#endif
