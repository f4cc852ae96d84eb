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

/* Messages of a stream, each with a head of head_length bytes out of which length_of tells how long it is, head and
 * all. Segments are put together where Wireshark does that. */
typedef unsigned (*wr_tcp_length_of)(tvbuff_t *tvb, unsigned offset);
void wr_tcp_messages(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, unsigned head_length,
                     wr_tcp_length_of length_of, dissector_t dissect, void *data);

#endif
