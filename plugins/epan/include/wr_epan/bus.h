/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus from decoder plugins to the post-dissector: evidence records (evidence/evidence.h) attached to the packet,
 * under the keys WR_BUS_ and the protocols that packet_data.h names with them (proto_get_id_by_filter_name). Lists hold
 * pointers, in the order seen, allocated in pinfo->pool. They are attached on the first pass only (not
 * PINFO_FD_VISITED), but for WR_BUS_CARRIED.
 */
#ifndef WR_BUS_H
#define WR_BUS_H

#include "evidence/evidence.h"
#include "remarks/remarks.h"
#include "wr_epan/packet_data.h"

/* Appends a record, which lives as long as the packet is dissected, and marks the packet. */
void wr_bus_put(packet_info *pinfo, int proto, wr_packet_key key, void *record);
/* NULL when nothing is there. */
wmem_list_t *wr_bus_list(packet_info *pinfo, int proto, wr_packet_key key);

/* A decoder reached this bound with the packet; name is static. The report names it. First pass only. */
void wr_limit_on_bus(packet_info *pinfo, const char *name);

typedef struct {
    wr_carriage how;
    wr_endpoint src, dst; /* of the packet; the TURN 5-tuple for relayed ones */
    const uint8_t *bytes; /* valid while the packet is dissected */
    size_t captured, length;
} wr_carried;

/* How webrtc_signal (or a body's media type) hands text to "webrtc_sdp": the data argument of the dissector, NULL
 * when nothing is known. */
typedef wr_signalling_context wr_sdp_handover;

/* Every packet is asked for what is on its bus, and nearly none has anything: who puts something there marks the packet
 * (post.c). */
void wr_bus_mark(packet_info *pinfo);
bool wr_bus_is_marked(const packet_info *pinfo);
/* The same for WR_BUS_CARRIED, on every pass. */
void wr_bus_mark_carried(packet_info *pinfo);
bool wr_bus_has_carried(const packet_info *pinfo);

#endif
