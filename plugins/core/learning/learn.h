/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the sources of this room offer one another.
 */
#ifndef WR_LEARN_H
#define WR_LEARN_H

#include "learning/learning.h"
#include "records/call_limits.h"
#include "records/handshake_facts.h"
#include "records/handshake_messages.h"
#include "records/media_port.h"
#include "records/store.h"
#include "rtp/header.h"

/* description_links.c: joins a new copy with what it belongs to. */
void wr_copy_link(wr_engine *e, wr_copy *c);

/* clock_times.c: times of all by one clock, as far as clocks were compared. True where that changes the distance of
 * some by more than clocks of one point stray. */
bool wr_clocks_apply(wr_engine *e);

/* descriptions.c: its author may be reached there. */
void wr_copy_add_address(wr_engine *e, wr_copy *c, const wr_endpoint *address, bool relayed);

/* connectivity_checks.c: a password became known for this user name. */
void wr_checks_retry(wr_engine *e, const char *ufrag);

/* replayed_checks.c */
/* The same check (transaction and integrity value) from two sources? True where this flow showed it later, and no relay
 * or second vantage point explains that. */
bool wr_check_sighted(wr_engine *e, wr_flow *f, int from, const wr_stun_evidence *s);

/* flows.c */
wr_flow *wr_flow_get(wr_engine *e, const wr_place *at, const wr_carriage *how, int *from_end);
/* The flow of this path, from whichever end *from_end the datagram comes; made anew where create says so, or where a
 * check with these user names shows that another call uses the ports now (else both are NULL). NULL: none, or a bound.
 */
wr_flow *wr_flow_lookup(wr_engine *e, const wr_place *at, const wr_carriage *how, bool create, const char *remote,
                        const char *local, int *from_end);
void wr_flow_touch(wr_flow *f, const wr_place *at, const wr_carriage *how);
/* This end sends a check. */
void wr_flow_asked(wr_flow *f, int from);
/* A check of end to was answered: it may send. */
void wr_flow_consented(wr_engine *e, wr_flow *f, int to, const wr_place *at);
/* Something that needs consent was sent by this end. */
void wr_flow_sent(wr_flow *f, int from, const wr_place *at);

/* stray_media.c */
/* The flow of a datagram on a 5-tuple not known so far, when one of its ends is a port where media is expected; else
 * NULL. */
wr_flow *wr_flow_stray(wr_engine *e, const wr_media_evidence *m, int *from);

/* packets: those that are there. While no association has a secret, packets 1, 2, 4, 8 … of a sender ask for one; then
 * all do. */
static inline bool wr_media_is_to_prove(const wr_engine *e, uint32_t packets)
{
    return e->proofs->keyed->len > 0 || e->proofs->sdes || (packets & (packets - 1)) == 0;
}
/* audio_levels.c: how loud this packet of a stream is, where that stands in clear */
void wr_media_levels(wr_engine *e, const wr_flow *f, wr_stream *s, const wr_media_evidence *m, const wr_rtp_header *h);
/* media_sdes.c: keys of descriptions, where no handshake is; false when they say nothing. */
bool wr_media_sdes(wr_engine *e, const wr_flow *f, wr_proven_path *path, int from, const wr_media_evidence *m);
/* The same, before it is learned, with the plaintext: see wr_engine_open_media(). */
wr_srtp_keys *wr_media_sdes_open(wr_engine *e, const wr_flow *f, wr_proven_path *path, int from,
                                 const wr_media_evidence *m, uint8_t *out, size_t *n, uint64_t *index);
/* media_proof.c: what keys say of this datagram; e->proofs is there. */
void wr_media_prove(wr_engine *e, wr_flow *f, int from, const wr_media_evidence *m);

/* proof_13.c: keeps a decrypted message of a handshake of 1.3 for its signatures. role of its sender: 0 client, 1
 * server; -1 for unknown: then it is passed over. */
void wr_association_keep_13(wr_engine *e, wr_association *a, int role, const wr_dtls_evidence *d);

/* turn_dialogue.c */
/* Learns from any STUN message. */
/* relayed_payloads.c: which relayed paths have checks, and whom STUN servers answer */
void wr_relayed_stun(wr_engine *e, const wr_stun_evidence *s);
void wr_turn_learn(wr_engine *e, const wr_stun_evidence *s);
/* A datagram that is neither STUN nor DTLS came through a relay. */
void wr_turn_relayed(wr_engine *e, const wr_place *at, const wr_carriage *how);

/* turn_grants.c: what a server is said to have granted. */
/* The response s says it of the request r; false where it is known already, and borne out. */
bool wr_turn_grant_put(wr_engine *e, wr_turn_grant *g, const wr_turn_request *r, const wr_stun_evidence *s);
/* Its client does what it can only do then. */
void wr_turn_grant_use(wr_engine *e, wr_turn_grant *g, const wr_endpoint *client);
/* The request was refused as well. */
void wr_turn_grant_deny(wr_engine *e, wr_turn_grant *g, const wr_turn_request *r);
/* It cannot have been so. */
void wr_turn_grant_drop(wr_engine *e, wr_turn_grant *g);

/* relayed_paths.c */
/* Something goes to or comes from this peer. */
void wr_relayed_peer(wr_engine *e, wr_allocation *al, const wr_endpoint *peer);
/* The peer of a channel became known; what was seen by the channel's number moves to its path. */
void wr_relayed_channel(wr_engine *e, wr_allocation *al, uint16_t number, const wr_endpoint *peer);
/* The relayed address became known; what was seen before moves to its path. */
void wr_relayed_address(wr_engine *e, wr_allocation *al);

/* handshake_hellos.c */
/* A new one on the flow, as yet of nothing; NULL at a bound. */
wr_association *wr_association_new(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d);
/* The association that a hello from this end belongs to, which may be a new one; NULL at a bound. */
wr_association *wr_association_of_client_hello(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from);
wr_association *wr_association_of_server_hello(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from);
/* A hello that turned out to be the one that counts. */
void wr_association_take_hello(wr_engine *e, wr_association *a, const wr_dtls_evidence *d);

/* proof.c: tries a handshake while it is under way, where something new came and it was not tried so often; most at
 * most WR_MAX_ASKED. */
#define WR_MAX_ASKED 64 /* a flood of messages may cost so many searches for a signature; then it waits for the end */
void wr_association_prove_early(wr_engine *e, wr_association *a, unsigned most);

/* handshake_choice.c */
/* Its client is known to be the other end of this very flow. */
bool wr_association_is_turned(const wr_association *a, const wr_flow *f, int client_end);
/* The latest on the flow with this client random (32 bytes), whose client may be at that end; NULL for none. */
wr_association *wr_association_asked_on(const wr_flow *f, int client_end, const uint8_t *random);
/* The one that a hello can still belong to, its client at that end: not one that was recognised as another going on
 * here. NULL for none; it may be answered already. */
wr_association *wr_association_unfinished(const wr_flow *f, int client_end);
/* Answered, and not through yet. */
bool wr_association_is_open(const wr_association *a);
/* What a message that is no hello, or a record, from this end belongs to. NULL where the flow has none, or none that it
 * can be of. */
wr_association *wr_association_going_on(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from);
/* 0 for what only clients send, 1 for what only servers send in clear; else -1. */
int wr_dtls_role_of_kind(const wr_dtls_event *v);

/* certificates.c: the one kept of all certificates with these bytes; borrowed; NULL when a bound is reached. */
wr_certificate *wr_certificate_shared(wr_engine *e, wr_certificate *cert);

/* proof.c: keeps a message in clear until signatures decide; role: 0 client, 1 server. True when it is new. */
bool wr_association_keep_message(wr_engine *e, wr_association *a, int role, const wr_dtls_evidence *d);

/* handshake_halves.c */
/* Are these two, on one flow, halves of one handshake? Then the one that now holds both; the other is absorbed by it.
 * Else NULL. */
wr_association *wr_association_join_halves(wr_engine *e, wr_association *a, wr_association *b);
/* Takes over what a client sent of this handshake: its hello, where a has none, and messages for signatures. */
void wr_association_take_client(wr_association *a, const wr_association *part);

/* data_channels.c: a decrypted SCTP packet that this side sent. */
void wr_data_channels_learn(wr_engine *e, wr_association *a, int side, uint32_t frame, const uint8_t *bytes,
                            size_t len);

/* hellos_and_records.c */
/* Takes what a hello says; a is the association it belongs to, side the one that sent it. */
void wr_facts_hello(wr_engine *e, wr_association *a, wr_side *side, const wr_dtls_evidence *d);
/* This ClientHello is the one that counts: what it offers, and is bound to. */
void wr_facts_offer(wr_association *a, const wr_handshake_message *hello);
/* Forgets what the hello of this role (0 client, 1 server) said: another one takes its place. */
void wr_facts_hello_again(wr_association *a, int role);
/* Takes an encrypted record, a heartbeat, ChangeCipherSpec, or a ticket (RFC 5077 3.3). */
void wr_facts_record(wr_association *a, wr_side *side, const wr_dtls_evidence *d);
/* Takes what part knows and a does not; a and part are halves of one handshake. */
void wr_facts_fold(wr_association *a, wr_association *part);

/* renegotiation.c */
/* A decrypted message that only a renegotiation of 1.2 has (RFC 5246 7.4.1); it is noted, and begins no new
 * association. side is the one that sent it, NULL when that cannot be told. */
bool wr_facts_renegotiation(wr_engine *e, wr_association *a, wr_side *side, const wr_dtls_evidence *d);
/* inner_handshakes.c: reads a record of one, where a secret of the association is known. */
void wr_inner_handshake(wr_engine *e, wr_association *a, wr_side *side, const wr_dtls_evidence *d);
/* Takes what a record shows of another handshake inside the association. */
void wr_renegotiation_record(wr_association *a, wr_side *side, const wr_dtls_evidence *d);

/* said_twice.c */
/* What this remark makes doubtful: descriptions that came in bytes which were sent again with other content. */
void wr_bytes_said_twice(wr_engine *e, const wr_remark *r);
/* Descriptions that came in bytes which their connection knows nothing of, or that it knows of after all. */
void wr_bytes_unsent(wr_engine *e, const wr_remark *r);
/* A description with the fingerprint r->what and the user name r->ufrag came late and was not read: what was read ahead
 * of it for the same user name, and says otherwise, is doubted. */
void wr_description_unread(wr_engine *e, const wr_remark *r);
/* A new copy: the second content may be read with it, or it is what is to be doubted. */
void wr_copy_settle_doubts(wr_engine *e, wr_copy *c);
/* It came in a segment far outside of what its connection had sent. */
bool wr_description_is_outside(const wr_engine *e, const wr_description *d);

#endif
