/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The post-dissector "webrtc": what its files share. */
#ifndef WR_AUDIT_H
#define WR_AUDIT_H

#include "evaluation/engine.h"
#include "report/ladder.h"
#include "report/origin.h"
#include "wr_epan/payload.h"
#include "wr_epan/thinned.h"

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
    bool first_pass; /* more of the capture is to come; PINFO_FD_VISITED() is always true in a tap */
} wr_tap_data;

/* state.c: one engine per capture file */
wr_engine *wr_audit_engine(void); /* NULL between files */
void wr_audit_state_init(void);
void wr_audit_state_cleanup(void);
/* To how many digits of a second the file tells times, of those seen so far the most; -1 where none says. */
void wr_audit_note_time_digits(int digits);
int wr_audit_time_digits(void);
const wr_frame_records *wr_audit_frame(
    uint32_t frame); /* NULL when nothing is kept for it; valid until the next call */
/* Findings whose frame this is: wr_finding*, as of the last evaluation; NULL for none. */
const GPtrArray *wr_audit_findings_of(uint32_t frame);
/* Later passes: some finding stands on this frame. All calls are evaluated before, if they never were. */
bool wr_audit_has_findings(uint32_t frame);
void wr_audit_keep_copy(uint32_t frame, wr_copy *c);
void wr_audit_keep_association(uint32_t frame, wr_association *a);

/* current.c: before a packet of this call (0: of none) is shown on a later pass than the first; wanted: to somebody who
 * chose this packet, and may wait a little for all that is known of it */
void wr_audit_bring_up_to_date(unsigned call, bool wanted);
void wr_audit_packet_was_read(void); /* on the first pass */
void wr_audit_forget_pace(void);

/* ingest.c: first pass, from the bus and the flows to the engine. out (may be all NULL) tells what the packet belongs
 * to. */
void wr_audit_ingest(const wr_packet *packet, wr_tap_data *out);
/* Any pass: the same from what is kept. */
void wr_audit_recall(const wr_packet *packet, wr_tap_data *out);

/* media_path.c: media of a call are shown as RTP and RTCP */
void wr_audit_media_handoff(void);
void wr_audit_media_forget(void); /* with the file */
/* First pass, once a flow: tells Wireshark's RTP what the payload types of this packet's flow mean. */
void wr_audit_media_describe(packet_info *pinfo, const wr_flow *f);
bool wr_audit_media_is_described(const wr_flow *f);
void wr_audit_media_forget_flow(const wr_flow *f); /* that it is */
/* media_open.c: the plaintext, where it can be opened; else NULL */
tvbuff_t *wr_audit_open_media(tvbuff_t *tvb, packet_info *pinfo, const wr_media_evidence *m);
/* A packet that could not, among others that could. */
void wr_audit_show_closed(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);
/* media_sframe.c */
void wr_audit_register_sframe(void);
void wr_audit_sframe_handoff(void);
/* media_srtcp.c: who shows SRTCP, given its wr_srtp_profile, or NULL */
void wr_audit_register_srtcp(void);
dissector_handle_t wr_audit_srtcp_handoff(void);

/* show.c; without a tree expert infos are all that comes of it */
void wr_audit_register_fields(int proto);
void wr_audit_show_handoff(void);
void wr_audit_show(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree, const wr_tap_data *what);

/* show_text.c: a field's text, in as many lines as it needs: the packet tree cuts what is longer than one. The field's
 * value is all of it. */
void wr_audit_show_text(proto_tree *tree, int hf, tvbuff_t *tvb, const char *text);
void wr_audit_register_text(void);

/* show_findings.c: a part of both; without a tree for expert infos alone */
void wr_audit_register_findings(int proto, expert_module_t *module);
void wr_audit_show_findings(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/* show_media.c: a part of both */
void wr_audit_register_media(int proto);
void wr_audit_show_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/* media_stream.c: which stream of call number (0: of none) the packet belongs to */
void wr_audit_register_streams(int proto);
void wr_audit_show_streams(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree, unsigned number);
void wr_audit_streams_forget(void);

/* The result of integrity checks, which webrtc_ice owns the field of, is asked for. */
bool wr_audit_shows_integrity(proto_tree *tree);

/* taps.c: tshark -z */
void wr_audit_register_taps(void);

/* selection.c: which calls the packets belong to that a tap saw */
typedef struct wr_selection wr_selection;
wr_selection *wr_selection_new(void);
void wr_selection_free(wr_selection *s);
void wr_selection_clear(wr_selection *s);
void wr_selection_add(wr_selection *s, const wr_tap_data *what);
/* Numbers as keys (GUINT_TO_POINTER); the caller destroys the table. The engine is evaluated first. */
GHashTable *wr_selection_calls(const wr_selection *s, wr_engine *e);
GHashTable *wr_selection_associations(const wr_selection *s);
/* The call that one packet belongs to; 0 for none yet. */
unsigned wr_tap_session_number(const wr_tap_data *what);

/* tables.c: Telephony menu; flow.c: flow graph and conversation filter */
void wr_audit_register_tables(void);
void wr_audit_register_flow(int proto);
/* The call of a packet that was read; 0 for none. */
unsigned wr_audit_call_of(packet_info *pinfo);
/* The display filter that shows its packets; g_free(). */
char *wr_audit_call_filter(unsigned number);
/* The steps of a packet, among others; wr_ladder_free(). */
wr_ladder *wr_audit_ladder_of(const wr_tap_data *what, uint32_t frame);

/* voip.c: Telephony > VoIP Calls; what is told of a packet, when somebody asks */
void wr_audit_register_voip(void);
bool wr_audit_voip_is_asked(void);
void wr_audit_tell_voip(packet_info *pinfo, const wr_tap_data *what);

/* menu.c: Telephony > WebRTC */
void wr_audit_register_menu(int proto);

/* export.c: Export Objects; the second for every packet that belongs to a call */
void wr_audit_register_export(int proto);
void wr_audit_export(packet_info *pinfo, const wr_tap_data *record);
bool wr_audit_exports(void); /* somebody wants them */

/* mark.c: column Info */
void wr_audit_mark(packet_info *pinfo);

/* preferences.c */
void wr_audit_register_preferences(int proto);
const wr_options *wr_audit_options(void);
bool wr_audit_marks_info(void);
bool wr_audit_decrypts_media(void);
/* Those that bear on verdicts, as "name: value". */
void wr_audit_list_preferences(GPtrArray *list);
/* The same by name and value in turn, as -o takes them. */
void wr_audit_list_settings(GPtrArray *list);

/* secrets.c: where the correlation finds secrets of handshakes */
void wr_audit_secrets_set(wr_options *options);
void wr_audit_secrets_forget(void); /* with the file */

/* origin.c: what a report is made from. capture: its name, NULL when that is not known. */
wr_report_origin *wr_audit_origin(const char *capture);

extern int proto_webrtc;
extern int tap_webrtc;

#endif
