/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flows: paths that datagrams take between two ends, with what came over them.
 */
#ifndef WR_FLOW_H
#define WR_FLOW_H

#include "base/list.h"
#include "evidence/evidence.h"
#include "records/check.h"
#include "records/stream.h"

/* What one end of a flow sent that is neither STUN nor DTLS. */
typedef struct {
    uint32_t packets;
    uint32_t left_out; /* of them, that a thinned capture only counts */
    uint64_t bytes;
    uint32_t first_frame, last_frame;
    int64_t first_us, last_us;
} wr_traffic;

#define WR_CONSENT_US (35 * WR_SECOND) /* 30 s of RFC 7675 5.1, and some for its timers */

/* When each end was allowed to send, and when it did (RFC 7675). By end of the flow; times are 0 for never. */
typedef struct {
    int64_t given_first_us[2], given_last_us[2]; /* success responses to that end's checks */
    int64_t sent_first_us[2], sent_last_us[2];   /* DTLS or media from it */
    int64_t lapsed_us[2];                        /* the longest it went on sending after the last response to it */
    uint32_t given_frame[2], sent_frame[2], lapsed_frame[2];
    uint32_t lapsed[2]; /* datagrams that it sent more than WR_CONSENT_US after it */
} wr_consent;

/* What flowed that should not, or is no SRTP. By the sending end. */
typedef struct wr_oddities {
    uint32_t rtcp[2];        /* datagrams of RTCP or SRTCP */
    uint32_t clear[2];       /* of them in clear, by their structure */
    uint32_t clear_frame[2]; /* the first */
    int64_t clear_first_us[2], clear_last_us[2];
    uint16_t clear_weight[2]; /* rtp/rtcp.h: WR_RTCP_PROOF is proof */
    uint32_t other_packets;   /* neither STUN, DTLS nor media (RFC 7983 7) */
    uint32_t other_frame;
    uint8_t other_first; /* first byte of the first */
    bool other_zrtp;
    uint32_t sctp_frame; /* SCTP outside of DTLS */
} wr_oddities;

/* A path that datagrams take between two ends; end[0] < end[1]. */
struct wr_flow {
    unsigned number;
    wr_endpoint end[2];
    uint16_t channel;      /* TURN channel whose peer was never named, else 0 */
    uint8_t transport : 2; /* wr_transport_kind */
    bool relayed : 1;      /* seen inside TURN at least once */
    bool in_stun : 1;
    bool crowded : 1;      /* of its handshakes some that may count found no room (WR_MAX_ASSOCIATIONS_PER_FLOW) */
    bool ice : 1;          /* a check with ICE attributes was seen */
    int8_t client_end : 2; /* end that sent the last ClientHello seen here; -1 none */
    uint8_t asked[2];      /* checks of each end before the first success response to one */
    uint8_t n_streams;
    uint32_t proven_frame; /* media.c: from here on what looks like media is taken for it; 0 for not yet */
    uint32_t first_frame, last_frame;
    uint32_t flight_frame;         /* a flight of a proven handshake came again here: records of that frame … */
    struct wr_association *flight; /* … are of it; NULL for none yet */
    wr_flow *earlier;              /* the same 5-tuple used before by another call */
    int64_t first_us, last_us;
    wr_list checks;            /* wr_check* */
    wr_list associations;      /* wr_association*, in order; the last is the current one */
    const wr_traffic *media;   /* two, by the sending end; never NULL: most paths are tried and carry nothing */
    wr_consent *consent;       /* NULL until a check is answered or something is sent */
    struct wr_stream *streams; /* RTP streams, for comparing legs */
    struct wr_oddities *odd;   /* records/flow.h; NULL for none */
    wr_copy *described;        /* of a flow that media alone made known: announces one of its ends */
};

void wr_flow_free(gpointer flow);

/* Identity of a path: sorted ends, transport, and the TURN channel where its peer is not known. */
typedef struct {
    wr_endpoint end[2];
    uint16_t channel;
    uint8_t transport;
} wr_flow_key;

#define WR_RECENT_FLOWS 1024 /* a power of two; calls at one time */

typedef struct {
    wr_flow_key key;
    bool asked;
    wr_flow *flow; /* NULL: there is none */
} wr_recent_flow;

wr_flow_key wr_flow_key_of(const wr_endpoint *a, const wr_endpoint *b, int transport, unsigned channel);

uint64_t wr_flow_key_key(const wr_flow_key *k);

guint wr_flow_key_hash(gconstpointer p);

gboolean wr_flow_key_equal(gconstpointer p, gconstpointer q);

/* Enters the flow under this key, NULL for none any more. */
void wr_flow_set(wr_engine *e, const wr_flow_key *key, wr_flow *f);

/* The flow that stands under this key; NULL when none does. */
wr_flow *wr_flow_by_key(wr_engine *e, const wr_flow_key *key);
/* The key of the flow that a datagram travels on, and the ends of its path in *src and *dst. */
wr_flow_key wr_flow_key_at(const wr_engine *e, const wr_place *at, const wr_carriage *how, wr_endpoint *src,
                           wr_endpoint *dst);

wr_flow *wr_flow_new(wr_engine *e, const wr_endpoint *src, const wr_endpoint *dst); /* NULL at the bound */

wr_flow *wr_flow_find(wr_engine *e, const wr_place *at, const wr_carriage *how, int *from_end); /* NULL when unknown */

wr_traffic *wr_flow_traffic(wr_flow *f); /* what f->media shows, to be changed */

void wr_flow_clear_traffic(wr_flow *f);

wr_oddities *wr_flow_oddities(wr_flow *f);

/* A check was answered with success here (RFC 8445 7.2.5.3), from either end. */
bool wr_flow_is_answered(const wr_flow *f);

/* A connectivity check ran on this flow, in whatever direction. */
bool wr_flow_is_checked(const wr_flow *f);

#define WR_CLEAR_BESIDE 3 /* RTCP packets in clear that count where a handshake was seen */

typedef enum { WR_CLEAR_NO = 0, WR_CLEAR_SOME /* among secured packets */, WR_CLEAR_YES } wr_clearness;

/* Is the media of this flow unencrypted? frame (may be NULL) gets the first packet that shows it, why (may be NULL) the
 * sort of proof. */
wr_clearness wr_flow_clearness(const wr_flow *f, uint32_t *frame, const char **why);

/* False while neither a flow nor an announced address is known; cheaper still. */
bool wr_engine_has_flows(const wr_engine *e);

/* True when anything was learned on this 5-tuple; cheap. */
bool wr_engine_knows_flow(const wr_engine *e, const wr_endpoint *src, const wr_endpoint *dst);

/* The flow that a datagram travels on, as it was at that frame; NULL when unknown. */
wr_flow *wr_engine_find_flow(const wr_engine *e, const wr_place *at, const wr_carriage *how);

unsigned wr_flow_session_number(const wr_engine *e, const wr_flow *f);
/* The latest handshake on it; NULL for none. It may have been absorbed by another. */
wr_association *wr_flow_last_association(const wr_flow *f);

#endif
