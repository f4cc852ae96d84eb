/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The post-dissector "webrtc": what its files share. */
#ifndef WR_AUDIT_H
#define WR_AUDIT_H

#include "core/engine.h"
#include "epan-compat.h"

/* What the correlation made of one frame; kept per frame for signalling and handshakes, made on demand for others. */
typedef struct {
    GPtrArray *copies;       /* wr_copy*, NULL for none */
    GPtrArray *associations; /* wr_association*, NULL for none */
} wr_frame_records;

/* Tap "webrtc": queued for every packet that belongs to a call. */
typedef struct {
    const wr_copy *copy;
    const wr_association *association;
    const wr_flow *flow;
} wr_tap_data;

/* state.c: one engine per capture file */
wr_engine *wr_audit_engine(void); /* NULL between files */
void wr_audit_state_init(void);
void wr_audit_state_cleanup(void);
const wr_frame_records *wr_audit_frame(uint32_t frame); /* NULL when nothing is kept for it */
/* Findings whose frame this is: wr_finding*, as of the last evaluation; NULL for none. */
const GPtrArray *wr_audit_findings_of(uint32_t frame);
void wr_audit_keep_copy(uint32_t frame, wr_copy *c);
void wr_audit_keep_association(uint32_t frame, wr_association *a);

/* ingest.c: first pass, from the bus and the flows to the engine. out (may be all NULL) tells what the packet belongs to. */
void wr_audit_ingest(packet_info *pinfo, wr_tap_data *out);
/* Any pass: the same from what is kept. */
void wr_audit_recall(packet_info *pinfo, wr_tap_data *out);

/* show.c */
void wr_audit_register_fields(int proto);
void wr_audit_show_handoff(void);
void wr_audit_show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const wr_tap_data *what);

/* taps.c */
void wr_audit_register_taps(void);

/* preferences.c */
void wr_audit_register_preferences(int proto);
const wr_options *wr_audit_options(void);

extern int proto_webrtc;
extern int tap_webrtc;

#endif
