/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Wireshark's TCP dissector knows of a segment and of its connection: its header (packet-tcp.h) shows more than
 * plugins need, and records that move. */
#ifndef WR_EPAN_TCP_H
#define WR_EPAN_TCP_H

#include "wr_epan/compat.h"

/* In a heuristic of the list "tcp", with the data it was given: the sequence number of the first byte, as Wireshark
 * shows it (relative, by default). False when it was given none. */
bool wr_tcp_sequence(const void *data, uint32_t *seq);

/* The client's end of a connection whose SYN is in the capture: a conversation's first address is that of its first
 * packet. False where that is not known. The address belongs to the conversation. */
bool wr_tcp_client(packet_info *pinfo, conversation_t *conversation, const address **client, uint32_t *port);

/* How far the other end of the connection had spoken when this segment was sent: the number behind its last byte. Two
 * segments with the same one, and nothing was said between them. 0: not known. */
uint32_t wr_tcp_heard(packet_info *pinfo);

/* A conversation that began at a SYN while another of the same ends was known. */
typedef struct {
    conversation_t *open, *later; /* the one before, and the one that the SYN began; Wireshark's own */
    uint32_t began_in;            /* frame of the SYN */
    bool closed;                  /* a FIN or RST was seen on the one before */
} wr_tcp_again;

/* On the first pass, of a packet with a SYN: it began another conversation. next gets the numbers with which the one
 * before goes on, of the packet's sender and of the other end. False where it began none, or these are not known. */
bool wr_tcp_opened_again(packet_info *pinfo, wr_tcp_again *again, uint32_t next[2]);
/* Later packets of these ends belong to the one before again (true), or to the later one. */
void wr_tcp_set_aside(const wr_tcp_again *again, bool aside);

/* Where the packet's sender stands, as Wireshark counts it. */
typedef struct {
    uint32_t conversation; /* its index */
    uint32_t base;         /* from where relative numbers count */
    uint32_t next;         /* where it goes on */
} wr_tcp_stand;
/* False where Wireshark does not count. */
bool wr_tcp_stand_of(packet_info *pinfo, wr_tcp_stand *stand);

/* The first pass, of a segment without payload whose numbers may be made up: where they moved its sender, that is
 * undone, so that what he says from there on is not taken for said before. was is where he stood; NULL where he has
 * said nothing so far. */
void wr_tcp_put_back(packet_info *pinfo, uint32_t seq, const wr_tcp_stand *was);
/* The same of any segment that acknowledges what the other end never said: it counts as far as that was seen. */
void wr_tcp_put_back_heard(packet_info *pinfo, uint32_t ack);

/* Messages of a stream, each with a head of head_length bytes out of which length_of tells how long it is, head and
 * all. Segments are put together where Wireshark does that. */
typedef unsigned (*wr_tcp_length_of)(tvbuff_t *tvb, unsigned offset);
void wr_tcp_messages(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, unsigned head_length,
                     wr_tcp_length_of length_of, dissector_t dissect, void *data);

#endif
