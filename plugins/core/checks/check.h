/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the checklist share. */
#ifndef WR_CHECKS_PRIVATE_H
#define WR_CHECKS_PRIVATE_H

#include "checks/checks.h"
#include "records/contact.h"
#include "records/handshake_facts.h"
#include "records/media_port.h"
#include "records/relay_path.h"
#include "records/replay.h"
#include "sdp/lines.h"

/* What findings rest on. */
#define WR_BASIS_TRANSPORT   "the layers beneath the message"
#define WR_BASIS_TLS         "ServerHello of the signalling connection"
#define WR_BASIS_HEAD        "HTTP header fields"
#define WR_BASIS_MESSAGE     "text of a signalling message"
#define WR_BASIS_DESCRIPTION "text of one description"
#define WR_BASIS_PAIR        "offer and answer"
#define WR_BASIS_VERSIONS    "successive descriptions of one author"
#define WR_BASIS_COPIES      "two copies of one description"
#define WR_BASIS_SESSIONS    "descriptions of several calls"
#define WR_BASIS_INTEGRITY   "MESSAGE-INTEGRITY of connectivity checks"
#define WR_BASIS_CHECKS      "connectivity checks and what was sent beside them"
#define WR_BASIS_HANDSHAKE   "DTLS handshake and descriptions"
#define WR_BASIS_CAPTURE     "the capture as a whole"
#define WR_BASIS_HELLOS      "messages of the DTLS handshake"
#define WR_BASIS_RECORDS     "DTLS records"
#define WR_BASIS_DECRYPTED   "decrypted DTLS records"
#define WR_BASIS_CERTIFICATE "the certificate itself"
#define WR_BASIS_MEDIA       "media packets"
#define WR_BASIS_KEYS        "tags of media packets, by secrets of their handshake"
#define WR_BASIS_PATHS       "media packets and connectivity checks"
#define WR_BASIS_TURN        "TURN requests and the responses to them"

/* The section whose transport attributes count (RFC 9143 7.1.3); the first enabled one without BUNDLE; NULL for none.
 */
const wr_sdp_section *wr_copy_tagged(const wr_copy *c);
/* Effective transport attributes of it. */
wr_effective wr_copy_transport(const wr_copy *c);
/* Of the session's copies before index i the last one by the same author on the same leg and direction; NULL for none.
 */
const wr_copy *wr_copy_before(const wr_session *s, unsigned i);
/* The section has a line that begins so ("a=zrtp-hash"). */
bool wr_section_has_line(wr_sdp *sdp, const wr_sdp_section *section, const char *begin);
/* The transport is DTLS by its protocol, or SRTP with feedback as WebRTC has it. */
bool wr_section_wants_dtls(const wr_sdp_section *section);
/* An enabled section carries media keys (a=crypto, RFC 4568). */
bool wr_copy_has_keys(const wr_copy *c);
/* The first section that the answer accepts as RTP without any keying: neither DTLS, SDES nor ZRTP; -1 for none. */
int wr_answer_plain_section(const wr_copy *answer);
/* So many of so many packets or records, over such a time, are what the sender does, and not what somebody put beside
 * it (rules 2.10). */
bool wr_goes_on(uint64_t count, uint64_t of, int64_t us);
/* Some association of the flow is more than hellos: its server signed it, or both sides were done. */
bool wr_flow_has_handshake(const wr_flow *f);
/* The legs that flows of the call are tied to (wr_leg *); NULL where none is, and then every leg counts. Free with
 * g_hash_table_unref(). */
GHashTable *wr_session_tied_legs(const wr_session *s);
/* The copy was seen where a party of the call speaks, as far as flows tell; tied: of its session. */
bool wr_copy_is_of_party(const wr_session *s, GHashTable *tied, const wr_copy *c);
/* It, or the other half of its exchange, gives user names that flows of another call bear out with their passwords, or,
 * where neither call has flows, that another gives with theirs, and no password: who saw a check on the wire can have
 * made it up. */
bool wr_copy_is_without_password(const wr_engine *e, const wr_copy *c);
/* Nothing ties it to flows of its call, though they are seen, or nobody could use or answered it: of several calls
 * together it shows nothing. */
bool wr_copy_is_anybodys(const wr_engine *e, const wr_copy *c);
/* The values of a table, which borrows them still, in this order. Free with g_ptr_array_free(…, TRUE). */
GPtrArray *wr_values_sorted(GHashTable *table, GCompareFunc by);
/* "offer" or "answer" */
const char *wr_copy_word(const wr_copy *c);
/* Strongest usable hash of the section that counts; WR_HASH_UNKNOWN for none. */
wr_hash wr_copy_strongest(const wr_copy *c);
/* Both have a ufrag and password, and they are the same. */
bool wr_same_credentials(const wr_effective *a, const wr_effective *b);
/* Private or link-local. */
bool wr_endpoint_is_local(const wr_endpoint *e);
bool wr_endpoint_is_loopback(const wr_endpoint *e);
/* Another copy of the same leg comes first in the session: what concerns the leg was told there. */
bool wr_leg_was_told(const wr_session *s, unsigned i);

/* unproven.c: what is found of a session's descriptions, from this finding on, is a note where it rests on a text that
 * anybody could have put beside the true one. */
void wr_findings_weigh(wr_engine *e, const wr_session *s, unsigned first);

/* outdone.c: what is found of handshakes, from this finding on, is a note where the handshake lost against one on its
 * path that both sides signed with what was announced. */
void wr_findings_weigh_handshakes(wr_engine *e, const wr_session *s, unsigned first);

/* dtls_parameters.c */
typedef bool (*wr_says_same)(const wr_association *a, const wr_dtls_event *hello);
/* Both hellos are in clear, and of what they say a signature covers the randoms alone, unless it is the client's, over
 * the whole transcript. Where another hello of this type (WR_HS_…) says otherwise, nothing tells which was taken. */
bool wr_association_hello_is_doubted(const wr_association *a, uint8_t type, wr_says_same same);
/* dtls_parameters.c: DTLS-08 to DTLS-13, DTLS-18, DTLS-21, DTLS-22 */
void wr_check_possession(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_version(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_suite(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_srtp(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_unoffered(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_master_secret(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_alpn(wr_engine *e, const wr_session *s, const wr_facts *f);
/* dtls_kinds.c: DTLS-03 where no handshake of its kind has certificates (false: it is not of those), and DTLS-26 */
bool wr_check_without_certificates(wr_engine *e, const wr_session *s, const wr_association *a);
void wr_check_raw_keys(wr_engine *e, const wr_session *s, const wr_facts *f);
/* dtls_identity.c */
void wr_check_certificates(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_external(wr_engine *e, const wr_session *s, const wr_facts *f);
/* dtls_conduct.c: DTLS-14, DTLS-15, DTLS-17, DTLS-20, DTLS-23 to DTLS-25 */
void wr_check_role(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_renegotiation(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_second(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_early(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_records(wr_engine *e, const wr_session *s, const wr_facts *f);
/* All that the description has on its transport is RTP, or one bundle with RTP in it: its association must agree on
 * SRTP. */
bool wr_copy_needs_srtp(const wr_copy *c);
/* An enabled section of this media kind. */
bool wr_copy_has_media(const wr_copy *c, const char *media);
/* signalling_content.c */
void wr_check_keys(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_identity(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_altered(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_personal(wr_engine *e, const wr_session *s, const wr_facts *f);
/* signalling_http.c */
void wr_check_secrets(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_credential(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_page(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_stack(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_pushes(wr_engine *e);
void wr_check_lone_pages(wr_engine *e);
/* sdp_fingerprint.c */
void wr_check_fingerprint_missing(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_fingerprint_form(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_fingerprint_sections(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_fingerprint_sets(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_hash_downgrade(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_fingerprint_changed(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_fingerprint_reuse(wr_engine *e); /* SDP-16, UKS-01 */
/* sdp_offer_answer.c */
void wr_check_setup(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_plain_rtp(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_mux(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_fit(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_tls_id(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_tls_id_reuse(wr_engine *e);
/* relay_misuse.c: TURN-08, TURN-09 */
void wr_check_relay_misuse(wr_engine *e);
/* TURN-08 stands of this path: NULL is allowed. */
bool wr_relay_path_is_told(const wr_relay_path *p);
/* ice_across_calls.c */
void wr_check_unknown_users(wr_engine *e);
void wr_check_replays(wr_engine *e);
void wr_check_wrong_password(wr_engine *e);
/* injected.c */
void wr_check_injected(wr_engine *e); /* INJ-01 to INJ-03 */
void wr_check_floods(wr_engine *e);   /* INJ-04 */
/* same_speech.c: RTP-16 */
void wr_check_same_speech(wr_engine *e);
/* rtp_authentic.c: RTP-08, RTP-14, RTP-15, CAP-07 */
void wr_check_authentic(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_replayed_media(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_keys_fit(wr_engine *e, const wr_session *s, const wr_facts *f);
void wr_check_key_log(wr_engine *e);
/* capture_limits.c */
void wr_check_key_coverage(wr_engine *e);

#endif
