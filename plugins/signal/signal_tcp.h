/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to webrtc_signal: what is looked for in every TCP segment, behind all dissectors. The segment is found once,
 * for all who ask.
 */
#ifndef WR_SIGNAL_TCP_H
#define WR_SIGNAL_TCP_H

#include "signal_segment.h"
#include "wr_epan/post.h"

typedef struct {
    packet_info *pinfo;
    tvbuff_t *tvb; /* the frame */
    proto_tree *tree;
    bool first_pass, whole; /* whole: nothing of the frame is missing */
    bool marked;            /* the dissectors put something on the bus */
    unsigned layers;        /* WR_LAYER_, or-ed */
    enum { SIGNAL_TCP_UNKNOWN = 0, SIGNAL_TCP_FOUND, SIGNAL_TCP_EMPTY } state;
    signal_segment found;
    const conversation_t *conversation; /* NULL: not looked for, or there is none */
    const void *late; /* frames in it, that came behind later ones and that no dissector read; NULL for none */
} signal_tcp;

/* The payload of the segment; NULL when it is empty, or not found. */
const signal_segment *signal_tcp_segment(signal_tcp *t);
/* The same of one that may be empty: then what its header says. */
const signal_segment *signal_tcp_head(signal_tcp *t);

/* The segment's conversation, which Wireshark looks for long; NULL when there is none. */
const conversation_t *signal_tcp_conversation(signal_tcp *t);

/* What the built-in dissector of a TCP port, by number or by Decode As, is one for; who follows connections with it. */
enum { SIGNAL_PORT_HTTP = 1, SIGNAL_PORT_XMPP = 2, SIGNAL_PORT_BYTES = 8, SIGNAL_PORT_COPIES = 16 };
/* The first two, or-ed for both ports of the segment; looked up once a port and file. */
unsigned signal_tcp_ports(const signal_tcp *t);

/* Ports of connections that somebody follows: most segments are of none, which is known without finding theirs. who is
 * one bit: SIGNAL_PORT_BYTES or SIGNAL_PORT_COPIES. */
void signal_ports_add(const packet_info *pinfo, unsigned who); /* both */
bool signal_ports_has(const packet_info *pinfo, unsigned who); /* both belong to some connection of one of these */

/* signal_swallowed.c: the segment may matter to signal_tcp_swallowed(), on the first pass. */
bool signal_swallowed_may(signal_tcp *t, const signal_segment *s);

/* signal_bytes.c: a description was read in this packet. */
bool signal_is_described(packet_info *pinfo);
/* signal_bytes.c: the last bytes that were sent right before this segment, *len of them, of connections on which a
 * description was read; NULL where they are not there. They live as long as the packet. */
const uint8_t *signal_bytes_before(packet_info *pinfo, const signal_segment *s, unsigned *len);

void signal_register_tcp(void);
void signal_handoff_tcp(void);

void signal_register_disorder(void);
void signal_register_reopened(void);

/* signal_sightings.c: a segment of signalling that is not empty, on the first pass; said as a remark where another
 * vantage point saw it before. */
void signal_register_sightings(void);
void signal_segment_sighted(packet_info *pinfo, const signal_segment *s);

/* In the order in which they are called: signal_reopened.c, signal_disorder.c, signal_swallowed.c, signal_bytes.c,
 * signal_copies.c, signal_sip.c, signal_xmpp.c, signal_streams.c, signal_remarks.c */
void signal_tcp_reopened(signal_tcp *t);
/* signal_disorder.c, before it is asked whether anybody cares for the segment */
void signal_tcp_order(signal_tcp *t);
void signal_tcp_disorder(signal_tcp *t);
void signal_tcp_swallowed(signal_tcp *t);
/* signal_swallowed.c: the segment came late; a message of signalling that is whole in it is shown all the same. */
void signal_tcp_late(signal_tcp *t, const signal_segment *s);
void signal_tcp_bytes(signal_tcp *t);
void signal_tcp_copies(signal_tcp *t);
void signal_tcp_sip(signal_tcp *t);
void signal_tcp_stanzas(signal_tcp *t);
void signal_tcp_streams(signal_tcp *t);
void signal_tcp_heads(signal_tcp *t);

/* signal_sip.c: the same for datagrams that no other kind of packet claims */
void signal_register_sip(void);
void signal_udp_sip(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree);

#endif
