/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What decoders hand to the correlation: one record a thing seen, plain data. Decoders own what the records
 * point to for as long as the packet is being dissected; the correlation takes references or copies.
 */
#ifndef WR_EVIDENCE_H
#define WR_EVIDENCE_H

#include "base/endpoint.h"
#include "dtls/dtls.h"
#include "sdp/sdp.h"
#include "stun/stun.h"

typedef enum {
    WR_CARRIER_OTHER = 0,
    WR_CARRIER_WEBSOCKET,
    WR_CARRIER_HTTP,
    WR_CARRIER_HTTP2,
    WR_CARRIER_SIP,
    WR_CARRIER_XMPP,
    WR_CARRIER_MQTT,
    WR_CARRIER_TCP,
    WR_CARRIER_UDP,
    WR_CARRIER_RTSP,
    WR_CARRIER_SAP,
    WR_CARRIER_STATEMENT /* no packet: a file in which somebody says what he sent or received */
} wr_carrier;

typedef enum {
    WR_KIND_UNKNOWN = 0,
    WR_KIND_OFFER,
    WR_KIND_ANSWER,
    WR_KIND_PRANSWER,
    WR_KIND_ROLLBACK,
    WR_KIND_FRAGMENT,  /* part of a description: trickled candidates, credentials (RFC 8840) */
    WR_KIND_CANDIDATE, /* one or more candidates alone */
    WR_KIND_JOIN,      /* a party enters a room or registers: no description, but names and a call */
    WR_KIND_BYE
} wr_kind;

/* Relative to the client end of the signalling connection: TCP SYN sender, WebSocket or HTTP client. */
typedef enum { WR_DIRECTION_UNKNOWN = 0, WR_DIRECTION_EMITTED, WR_DIRECTION_DELIVERED } wr_direction;

/* The signalling message around a description. All strings NUL-terminated UTF-8 or NULL. */
typedef struct {
    wr_kind kind;
    wr_carrier carrier;
    wr_direction direction;
    uint32_t connection;      /* identity of the transport connection within the capture */
    bool mirrored;            /* a server tells a collector what it saw (HEP): how it came to the server is not seen */
    bool protected_transport; /* TLS, QUIC or DTLS lies beneath, whether or not a key log opened it */
    const char *dialect;      /* "janus", "socketio", "generic", "whip-whep", "sip", …; static */
    const char *path;         /* JSON path of the description: "$.jsep.sdp"; NULL for a bare body */
    const char *call;         /* what the application calls the call, room or session */
    const char *from, *to;
    const char *hop;      /* SIP: see wr_message_sip_hop() */
    const char *mid;      /* section a trickled candidate belongs to */
    const char *ufrag;    /* JSON usernameFragment of a trickled candidate */
    uint32_t heard;       /* HTTP/1: how far the other end had spoken when it was sent, as a number; 0: not known */
    bool meant_as_answer; /* the text is an offer's (kind says so), its message answers one if there is one to answer */
    const char *server;   /* HTTP host or upgrade host */
    const char *user_agent;
} wr_signalling_context;

/* A description, fragment or candidate seen in signalling. sdp is NULL for kinds without text (join, rollback, bye). */
typedef struct {
    wr_place at;
    wr_signalling_context context;
    wr_sdp *sdp; /* borrowed */
    /* Not seen in a packet but stated in a file: at.frame is then one of records/stated.h. NULL for what was seen. */
    const struct wr_testimony *witness;
    const char *witness_leg; /* one connection of the witness */
} wr_description;

/* How a datagram travelled, outermost first. */
typedef enum { WR_TRANSPORT_UDP = 0, WR_TRANSPORT_TCP } wr_transport_kind;

typedef struct {
    wr_transport_kind transport;
    /* Carried by TURN (RFC 8656): ChannelData on channel, or an indication naming peer. at.src and at.dst
     * are then the TURN client's and server's addresses. */
    bool relayed;
    uint16_t channel; /* 0x4000..0x4FFF, else 0 */
    wr_endpoint peer; /* XOR-PEER-ADDRESS, else unknown */
    bool to_peer;     /* a Send indication, which clients send; a Data indication comes from the server */
    bool in_stun;     /* DTLS inside a STUN attribute (0xC070) */
} wr_carriage;

typedef struct {
    wr_place at;
    wr_carriage how;
    wr_stun msg; /* msg.bytes valid while the packet is dissected */
} wr_stun_evidence;

typedef struct {
    wr_place at;
    wr_carriage how;
    const wr_dtls_event *event; /* borrowed */
} wr_dtls_evidence;

/* What was left out of a thinned capture, by its own word: packets of RTP or SRTCP, and their bytes. */
typedef struct {
    uint32_t packets;
    uint32_t small; /* of them, with less payload than is compared */
    uint64_t bytes;
} wr_left_out;

/* A datagram on a known flow that is neither STUN nor DTLS: SRTP, SRTCP or their clear forms. */
typedef struct {
    wr_place at;
    wr_carriage how;
    const uint8_t *bytes; /* captured bytes, valid while the packet is dissected */
    size_t captured, length;
    wr_left_out left_out; /* of its stream, since its last packet that is there */
} wr_media_evidence;

/* What a description must be by its own text, for carriers that do not say: an offer leaves the DTLS role open
 * (RFC 8842 5.2), an answer takes one. WR_KIND_UNKNOWN when it has no a=setup. */
wr_kind wr_kind_from_sdp(const wr_sdp *sdp);

/* An answer, provisional or final. */
bool wr_kind_is_answer(wr_kind kind);

const char *wr_carrier_name(wr_carrier carrier);       /* "websocket", "http", … static */
const char *wr_kind_name(wr_kind kind);                /* "offer", … static */
const char *wr_direction_name(wr_direction direction); /* "emitted", … static */

#endif
