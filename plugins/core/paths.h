/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where media is expected, and what else came there: ports that connectivity checks validated (RFC 8445 7.2.5.3), ports
 * that descriptions announce, and flows to them that no check ever ran on. For use inside core.
 */
#ifndef WR_PATHS_H
#define WR_PATHS_H

#include "engine_internal.h"

#define WR_MAX_PORTS  1000000
#define WR_MAX_STRAYS 16 /* flows without checks kept for one port */

/* What is known of a port: the number of strays, and these. */
#define WR_PORT_KNOWN     64
#define WR_PORT_VALIDATED 128 /* a check succeeded on a flow of this port */

/* A check succeeded on this flow: both its ends are where media may be expected. */
void wr_flow_validate(wr_engine *e, const wr_flow *f);
bool wr_port_is_validated(const wr_engine *e, const wr_endpoint *at);
/* A check was answered with success here (RFC 8445 7.2.5.3), from either end. */
bool wr_flow_is_answered(const wr_flow *f);
/* A connectivity check ran on this flow, in whatever direction. */
bool wr_flow_is_checked(const wr_flow *f);
/* The flow of a datagram on a 5-tuple not known so far, when one of its ends is a port where media is expected; else
 * NULL. */
wr_flow *wr_flow_stray(wr_engine *e, const wr_media_evidence *m, int *from);

/* What flowed that should not, or is no SRTP. By the sending end. */
typedef struct wr_oddities {
    uint32_t rtcp[2];         /* datagrams of RTCP or SRTCP */
    uint32_t clear[2];        /* of them in clear, by their structure */
    uint32_t clear_frame[2];  /* the first */
    uint16_t clear_weight[2]; /* rtcp.h: WR_RTCP_PROOF is proof */
    uint32_t other_packets;   /* neither STUN, DTLS nor media (RFC 7983 7) */
    uint32_t other_frame;
    uint8_t other_first; /* first byte of the first */
    bool other_zrtp;
    uint32_t sctp_frame; /* SCTP outside of DTLS */
} wr_oddities;
wr_oddities *wr_flow_oddities(wr_flow *f);

#define WR_CLEAR_BESIDE 3 /* RTCP packets in clear that count where a handshake was seen */
typedef enum { WR_CLEAR_NO = 0, WR_CLEAR_SOME /* among secured packets */, WR_CLEAR_YES } wr_clearness;
/* Is the media of this flow unencrypted? frame (may be NULL) gets the first packet that shows it, why (may be NULL) the
 * sort of proof. */
wr_clearness wr_flow_clearness(const wr_flow *f, uint32_t *frame, const char **why);

#endif
