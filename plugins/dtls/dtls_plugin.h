/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of the plugin webrtc_dtls share among themselves. */
#ifndef WR_DTLS_PLUGIN_H
#define WR_DTLS_PLUGIN_H

#include "wr_epan/data_source.h"
#include "wr_epan/payload.h"

/* How many addresses with a DTLS hello, directions with a 1.3 record, and TURN channels are remembered, each. */
#define WR_DTLS_MAX_FLOWS 65536
/* Bytes of what is kept for later passes. */
#define WR_DTLS_MAX_KEPT (512u << 20)

extern int wr_dtls_proto;

/* What one datagram, or one decrypted record, gave. */
typedef struct {
    wr_carriage how;
    wr_endpoint src, dst;
    bool decrypted;
    wr_source_place place; /* of its bytes */
    GPtrArray *events;     /* wr_dtls_event, owned */
} wr_dtls_group;

/* All of a frame. */
typedef struct {
    GPtrArray *groups; /* wr_dtls_group, owned */
    const char *limit; /* a bound that was reached with this frame; NULL as a rule */
} wr_dtls_frame;

/* ---- dtls_flows.c: where 1.3 records may be believed, and where the first one was ---- */
void wr_dtls_flows_init(void);
void wr_dtls_flows_cleanup(void);
/* A hello went between these two. False when there is no room left. */
bool wr_dtls_flow_learn(const wr_dtls_group *g, uint32_t frame);
/* STUN, use_srtp, or an ALPN of WebRTC was seen at one of these places: its DTLS is of a call, or may be. Other DTLS
 * (VPN, CoAP, Thread) is left to the built-in dissector. On later passes what became known later counts as well. */
void wr_dtls_sign_learn(const wr_endpoint *src, const wr_endpoint *dst, uint32_t frame);
bool wr_dtls_sign_seen(const wr_endpoint *src, const wr_endpoint *dst);
/* A hello was seen at one of the two in this frame or before it. An association may move to other pairs of addresses
 * (RFC 8445 12), so one end is enough. */
bool wr_dtls_flow_known(const wr_endpoint *src, const wr_endpoint *dst, uint32_t frame);
/* A TURN client binds a channel to a peer (RFC 8656 12). */
void wr_dtls_channel_bind(const wr_datagram *d, uint16_t channel, const wr_endpoint *peer, uint32_t frame);
/* Tells apart the associations inside one TURN allocation: the same for a channel and for indications that name the
 * peer it is bound to, for a handshake often begins in these and goes on in that. 0 outside of TURN. */
uint32_t wr_dtls_channel_of(const wr_endpoint *src, const wr_endpoint *dst, const wr_carriage *how, uint32_t frame);
/* The first frame with an encrypted handshake record of 1.3 in this direction, which is this one when none came before;
 * 0 when there is no room left to know. */
uint32_t wr_dtls_flow_first_encrypted(const wr_dtls_group *g, uint32_t frame);

/* ---- dtls_fields.c, dtls_show.c: what is shown ---- */
enum {
    WR_F_MESSAGE,
    WR_F_VERSION,
    WR_F_OFFERED_VERSION,
    WR_F_RECORD_VERSION,
    WR_F_EPOCH,
    WR_F_MESSAGE_SEQ,
    WR_F_HANDSHAKE_TYPE,
    WR_F_MESSAGE_LENGTH,
    WR_F_FRAGMENT_OFFSET,
    WR_F_FRAGMENT_LENGTH,
    WR_F_RETRANSMISSION,
    WR_F_DECRYPTED,
    WR_F_CARRIAGE,
    WR_F_RANDOM,
    WR_F_SESSION_ID,
    WR_F_COOKIE,
    WR_F_SUITE,
    WR_F_OFFERED_SUITE,
    WR_F_COMPRESSION,
    WR_F_PROFILE,
    WR_F_OFFERED_PROFILE,
    WR_F_MKI_LENGTH,
    WR_F_EMS,
    WR_F_PSK,
    WR_F_TICKET,
    WR_F_DOWNGRADE,
    WR_F_ALPN,
    WR_F_SERVER_NAME,
    WR_F_EXTERNAL_SESSION_ID,
    WR_F_EXTERNAL_ID_HASH,
    WR_F_CERTIFICATES,
    WR_F_SHA1,
    WR_F_SHA224,
    WR_F_SHA256,
    WR_F_SHA384,
    WR_F_SHA512,
    WR_F_SUBJECT,
    WR_F_ISSUER,
    WR_F_SELF_SIGNED,
    WR_F_KEY,
    WR_F_KEY_BITS,
    WR_F_SIGNATURE,
    WR_F_NOT_BEFORE,
    WR_F_NOT_AFTER,
    WR_F_ALT_NAMES,
    WR_F_ALERT_LEVEL,
    WR_F_ALERT,
    WR_F_COUNT
};
/* Field ids, by the names above. */
extern int wr_dtls_hf[WR_F_COUNT];
extern int wr_dtls_ett, wr_dtls_ett_event, wr_dtls_ett_certificate;
extern expert_field wr_dtls_ei_malformed, wr_dtls_ei_security, wr_dtls_ei_cut, wr_dtls_ei_restarted,
    wr_dtls_ei_encrypted, wr_dtls_ei_unread, wr_dtls_ei_limit;
void wr_dtls_register_fields(void);
void wr_dtls_show(packet_info *pinfo, proto_tree *tree, const wr_dtls_frame *f);

#endif
