/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flow graph of one's own: Statistics > Flow Graph, tshark -z flow,NAME,standard. */
#ifndef WR_EPAN_FLOW_GRAPH_H
#define WR_EPAN_FLOW_GRAPH_H

#include "wr_epan/compat.h"

/* packet is called for what the tap is given, with the graph as its first argument. Texts are kept. */
void wr_flow_graph_register(const char *name, const char *title, int proto, const char *tap, tap_packet_cb packet);

/* An arrow from the packet's source to its destination; none where it has no addresses. background: 0xRRGGBB. */
void wr_flow_graph_add(void *graph, packet_info *pinfo, const char *label, const char *comment, unsigned background);

#endif
