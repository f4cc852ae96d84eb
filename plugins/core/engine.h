/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The correlation: takes evidence in any order near capture order, and says for every call what was
 * announced, what was presented, and what may be concluded.
 *
 * One engine serves one capture. Nothing here is thread-safe; everything it hands out lives as long as the
 * engine. Every growth is bounded by wr_limits; a reached bound is named by wr_engine_limits_reached().
 */
#ifndef WR_ENGINE_H
#define WR_ENGINE_H

#include "evidence.h"
#include "model.h"
#include "remarks.h"

wr_engine *wr_engine_new(const wr_options *options); /* NULL: all defaults; the options are copied */
void wr_engine_free(wr_engine *e);                   /* NULL is allowed */

/* A description, fragment, candidate, or a join or bye. Returns the copy it became or belongs to; NULL when it is not
 * kept (not WebRTC, nothing to attach it to, a bound reached). */
wr_copy *wr_engine_add_description(wr_engine *e, const wr_description *d);

/* What was said beside descriptions. */
void wr_engine_add_remark(wr_engine *e, const wr_remark *r);

/* A STUN message. Returns the flow it ran on; NULL when a bound is reached. */
wr_flow *wr_engine_add_stun(wr_engine *e, const wr_stun_evidence *s);

/* One DTLS event. Returns the association it belongs to; NULL for none. */
wr_association *wr_engine_add_dtls(wr_engine *e, const wr_dtls_evidence *d);

/* A datagram that is neither. Returns the flow when it is a known one, else NULL (and nothing is kept). */
wr_flow *wr_engine_add_media(wr_engine *e, const wr_media_evidence *m);

/* A datagram that looks like nothing that belongs on a media path (RFC 7983 7). Returns the flow when it came over one.
 */
wr_flow *wr_engine_add_other(wr_engine *e, const wr_media_evidence *m);

/* A decrypted datagram of this association; nothing is kept unless it is SCTP. */
void wr_engine_add_sctp(wr_engine *e, wr_association *a, const wr_place *at, const uint8_t *bytes, size_t len);

/* A decoder reached a bound of its own; the name is static. */
void wr_engine_add_limit(wr_engine *e, const char *name);

/* The last frame seen: number and time, for "end of capture" decisions. Also counts packets. */
void wr_engine_add_frame(wr_engine *e, uint32_t frame, int64_t time_us);

/* False while neither a flow nor an announced address is known; cheaper still. */
bool wr_engine_has_flows(const wr_engine *e);
/* True when anything was learned on this 5-tuple; cheap. */
bool wr_engine_knows_flow(const wr_engine *e, const wr_endpoint *src, const wr_endpoint *dst);
/* The flow that a datagram travels on, as it was at that frame; NULL when unknown. */
wr_flow *wr_engine_find_flow(const wr_engine *e, const wr_place *at, const wr_carriage *how);
/* The datagram travels where a check was answered (RFC 8445 7.2.5.3) or a DTLS handshake with use_srtp (RFC 5764) got
 * its ServerHello before: what looks like RTP there is media (RFC 7983 7). Says the same of a frame on later passes. */
bool wr_engine_is_media_path(wr_engine *e, const wr_place *at, const wr_carriage *how, bool first_pass);

/* Brings the verdict of one association up to date and returns it. */
void wr_engine_evaluate_association(wr_engine *e, wr_association *a);
/* Brings all verdicts up to date, as if the capture ended here; cheap, and false, when nothing changed. */
bool wr_engine_evaluate(wr_engine *e);
/* The same for one call alone, in a time that does not depend on how many there are; without its findings, and without
 * what only a look at all calls can tell. For where packets still come in, and the whole is evaluated later. */
void wr_engine_evaluate_call(wr_engine *e, unsigned number);

/* Records. Sessions exist after wr_engine_evaluate(). Arrays are in order of first frame; do not change them. */
const GPtrArray *wr_engine_copies(const wr_engine *e);       /* wr_copy* */
const GPtrArray *wr_engine_associations(const wr_engine *e); /* wr_association* */
const GPtrArray *wr_engine_sessions(const wr_engine *e);     /* wr_session* */
const GPtrArray *wr_engine_findings(const wr_engine *e);     /* wr_finding* */
/* Those of one frame; NULL for none. */
const GPtrArray *wr_engine_findings_at(const wr_engine *e, uint32_t frame);
const GPtrArray *wr_engine_limits_reached(const wr_engine *e); /* const char* */
uint32_t wr_engine_packets(const wr_engine *e);
int64_t wr_engine_first_time(const wr_engine *e);
int64_t wr_engine_last_time(const wr_engine *e);

/* The number of the call a record belongs to now (session "s7" has 7); 0 when it belongs to none yet. */
unsigned wr_copy_session_number(const wr_engine *e, const wr_copy *c);
unsigned wr_association_session_number(const wr_engine *e, const wr_association *a);
unsigned wr_flow_session_number(const wr_engine *e, const wr_flow *f);
/* The session of that number, NULL when not evaluated. */
wr_session *wr_engine_session(const wr_engine *e, unsigned number);

/* Does MESSAGE-INTEGRITY of this message validate with a password known from signalling? Needs no state of its own,
 * so any pass gives the same once signalling was seen. */
wr_integrity wr_engine_check_integrity(const wr_engine *e, const wr_stun_evidence *s);

#endif
