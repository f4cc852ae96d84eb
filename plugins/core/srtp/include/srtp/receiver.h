/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes under the keys of one direction, packet by packet in the order of the capture: the roll-over counter of
 * each source (RFC 3711 3.3.1), what validates, and what was sent again.
 */
#ifndef WR_SRTP_RECEIVER_H
#define WR_SRTP_RECEIVER_H

#include "srtp/packet.h"

#define WR_SRTP_MAX_SOURCES 64   /* sources of one direction that are followed; others are tried as new ones are */
#define WR_SRTP_REMEMBERED  128  /* packets of a source whose tags and times are known */
#define WR_SRTP_WINDOW      8192 /* indexes of a source of which it is known whether they came */
#define WR_SRTP_ROC_TRIES   16   /* counters tried for a source that is new: the capture may have begun late */
#define WR_SRTP_LATE_TRIES  8    /* beyond the estimate, for a source that is known: the capture may have a hole */
#define WR_SRTP_EXTRA       4096 /* such tries in all, before only each 64th packet has them */

typedef enum {
    WR_SRTP_VERIFIED = 0,
    WR_SRTP_FAILED, /* no counter that is possible validates the tag, though the source is known */
    WR_SRTP_UNKNOWN /* nor for a source of which nothing was verified before: the counter may be another */
} wr_srtp_verdict;

typedef struct {
    wr_srtp_verdict verdict;
    uint32_t ssrc;
    uint64_t index;    /* ROC and sequence number, 48 bits; of SRTCP 31 */
    bool again;        /* this index came before, with this tag where that is still known, */
    uint32_t after_ms; /* so much earlier, about */
    bool late;         /* further behind than what is remembered: that it came before cannot be told */
} wr_srtp_received;

typedef struct wr_srtp_receiver wr_srtp_receiver;

/* Takes the keys; NULL stays NULL. */
wr_srtp_receiver *wr_srtp_receiver_new(wr_srtp_keys *keys);
void wr_srtp_receiver_free(wr_srtp_receiver *r); /* NULL is allowed */
wr_srtp_keys *wr_srtp_receiver_keys(const wr_srtp_receiver *r);

/* One whole datagram, RTP or RTCP by its second byte (RFC 5761 4); ms is its time. out (room for len; may be NULL) gets
 * the plaintext, *out_len bytes, when it is verified. Nothing is remembered of what is not. */
wr_srtp_received wr_srtp_receive(wr_srtp_receiver *r, const uint8_t *bytes, size_t len, uint32_t ms, uint8_t *out,
                                 size_t *out_len);

/* Bytes that a receiver and each source of it take. */
size_t wr_srtp_receiver_size(void);
size_t wr_srtp_source_size(void);
unsigned wr_srtp_receiver_sources(const wr_srtp_receiver *r);

#endif
