/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From evidence to records: what decoders saw is taken in, in any order near capture order. Nothing is concluded here.
 */
#ifndef WR_LEARNING_H
#define WR_LEARNING_H

#include "evidence/evidence.h"
#include "evidence/remark.h"
#include "records/verdicts.h"
#include "srtp/packet.h"

/* A description, fragment, candidate, or a join or bye. Returns the copy it became or belongs to; NULL when it is not
 * kept (not WebRTC, nothing to attach it to, a bound reached). */
wr_copy *wr_engine_add_description(wr_engine *e, const wr_description *d);

/* What the options' testimonies say joins what was seen, once; where it was taken in before, its times are brought to
 * the capture's clock anew. Best when the capture has ended: what was seen comes first everywhere. */
void wr_engine_take_statements(wr_engine *e);

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

/* A datagram that TURN carried, other than STUN; besides being media, DTLS or other. Nothing is kept of it but counts.
 */
void wr_engine_add_relayed(wr_engine *e, const wr_media_evidence *m);

/* A decrypted datagram of this association; nothing is kept unless it is SCTP. */
void wr_engine_add_sctp(wr_engine *e, wr_association *a, const wr_place *at, const uint8_t *bytes, size_t len);

/* A decoder reached a bound of its own; the name is static. */
void wr_engine_add_limit(wr_engine *e, const char *name);

/* The last frame seen: number and time, for "end of capture" decisions. Also counts packets. */
void wr_engine_add_frame(wr_engine *e, uint32_t frame, int64_t time_us);

/* TTL or hop limit of the header that bears a packet's source, before what the packet has as evidence; 0: not known. */
void wr_engine_add_hops(wr_engine *e, const wr_place *at, uint8_t ttl);

/* A packet of a thinned capture says what was left out before it; of whatever path. */
void wr_engine_add_left_out(wr_engine *e, const wr_left_out *left);

/* The datagram travels where a check was answered (RFC 8445 7.2.5.3) or a DTLS handshake with use_srtp (RFC 5764) got
 * its ServerHello before: what looks like RTP there is media (RFC 7983 7). Says the same of a frame on later passes. */
bool wr_engine_is_media_path(wr_engine *e, const wr_place *at, const wr_carriage *how, bool first_pass);

/* On the first pass, before the packet is learned by wr_engine_add_media(): the plaintext of SRTP or SRTCP, *n bytes in
 * out (room for m->length). The keys that validate its tag (an association's, or those of a description, RFC 4568),
 * which live as long as the engine, with the index that opens it again; NULL where nothing validates. */
wr_srtp_keys *wr_engine_open_media(wr_engine *e, const wr_media_evidence *m, uint8_t *out, size_t *n, uint64_t *index);
/* On later passes. */
bool wr_media_open_again(wr_srtp_keys *k, uint64_t index, const uint8_t *bytes, size_t len, uint8_t *out, size_t *n);

/* Does MESSAGE-INTEGRITY of this message validate with a password known from signalling? Needs no state of its own,
 * so any pass gives the same once signalling was seen. */
wr_integrity wr_engine_check_integrity(const wr_engine *e, const wr_stun_evidence *s);

/* Brings the times of different vantage points to one clock, as far as these were compared by now, and joins
 * descriptions that only their clocks kept apart. Before an evaluation of all. */
void wr_copies_link_by_clock(wr_engine *e);

/* Which certificates' keys signed this handshake (RFC 5246 7.4.3, 7.4.8), see possession. Done when a verdict is
 * wanted: a signature costs more than the rest of the handshake. */
void wr_association_prove(wr_engine *e, wr_association *a);

#endif
