/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus from decoder plugins to the post-dissector: evidence records (evidence/evidence.h) attached to the
 * packet with p_add_proto_data(pinfo->pool, pinfo, PROTO, KEY, wmem_list_t *), where PROTO is the id of the
 * protocol named with each key (proto_get_id_by_filter_name). Lists hold pointers, in the order seen, allocated in
 * pinfo->pool. They are attached on the first pass only (not PINFO_FD_VISITED).
 */
#ifndef WR_BUS_H
#define WR_BUS_H

#include "evidence/evidence.h"
#include "remarks/remarks.h"

/* Under "webrtc_sdp": wr_description*. Also kinds without a description (join, bye), then sdp is NULL. */
#define WR_BUS_DESCRIPTIONS 1
/* Under "webrtc_ice": wr_stun_evidence*. */
#define WR_BUS_STUN 2
/* Under "webrtc_dtls": wr_dtls_evidence*. */
#define WR_BUS_DTLS 3
/* Under "webrtc_ice", on every pass: wr_carried*, datagrams that TURN or RFC 4571 framing carried in this packet. */
#define WR_BUS_CARRIED 4

/* Under "webrtc_signal": wr_remark*, what was said beside descriptions. */
#define WR_BUS_REMARKS 5

/* Under "webrtc": const char*, static names of bounds that a decoder reached with this packet. The report names them.
 */
#define WR_BUS_LIMITS 6

struct _packet_info;
void wr_limit_on_bus(struct _packet_info *pinfo, const char *name); /* bus.c; first pass only */

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
void wr_bus_mark(struct _packet_info *pinfo);
bool wr_bus_is_marked(const struct _packet_info *pinfo);
/* The same for WR_BUS_CARRIED, on every pass. */
void wr_bus_mark_carried(struct _packet_info *pinfo);
bool wr_bus_has_carried(const struct _packet_info *pinfo);

#endif
