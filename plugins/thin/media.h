/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decides which packets of media stay. Of each stream (path, direction, SSRC, payload type; RFC 3550) stay: the first
 * WR_THIN_FIRST, again after each handshake, each new ICE user name, each jump of the sequence number, and where
 * consent has lapsed; one a second, or in the time that is asked for; the last WR_THIN_RECENT before the end or a
 * silence; and indices that are used twice with other content. Of RTCP that cannot be read (SRTCP, RFC 3711 3.4) stays
 * less, for nothing but its number and times says anything. All else stays.
 */
#ifndef WR_THIN_MEDIA_H
#define WR_THIN_MEDIA_H

#include "block.h"
#include "layers.h"

#define WR_THIN_FIRST     64      /* more than the plugins compare: WR_STREAM_SAMPLES */
#define WR_THIN_RECENT    32      /* more than they remember: WR_STREAM_RECENT */
#define WR_THIN_SAMPLE_US 1000000 /* where nothing else is asked for */
/* The same of what an SSRC sends of SRTCP. ICE-06 counts the first 16 behind a lapse of consent. */
#define WR_THIN_RTCP_FIRST   16
#define WR_THIN_RTCP_RECENT  8
#define WR_THIN_RTCP_SAMPLES 5           /* of RTP, in the time to one of SRTCP */
#define WR_THIN_STREAMS      (64u << 10) /* known at a time; beyond, all are forgotten and begin anew */

typedef struct wr_stream_state wr_stream_state;

/* A block on its way. While `stream` is set it is among the last of its stream, and waits. */
typedef struct wr_waiting {
    wr_block block;
    struct wr_waiting *next;
    wr_stream_state *stream;
    uint64_t clock_us;    /* latest time of any packet when it came */
    size_t media_at;      /* header of RTP, or of SRTCP, in the packet; 0 for none */
    uint32_t head_length; /* of that of RTP, with sources and extension; 0 for SRTCP */
    uint32_t media_length;
    size_t counted; /* bytes that the queue counts for it */
    bool keep;
    bool dropped; /* its block is gone */
} wr_waiting;

typedef struct wr_media wr_media;

/* sample_us: from one packet of a stream that stays to the next, at the least. */
wr_media *wr_media_new(uint64_t sample_us);

/* Nothing may be waiting: wr_media_forget() first. */
void wr_media_free(wr_media *m);

/* A packet came. It is put into its stream, or left alone when it stays for certain. Others of the stream may be
 * dropped or let go by it. */
void wr_media_add(wr_media *m, wr_waiting *w);

/* The oldest of its stream stays whatever comes. */
void wr_media_let_go(wr_media *m, wr_waiting *w);

/* All that wait stay, and nothing is known of any stream. */
void wr_media_forget(wr_media *m);

/* What was left out so far, and of how many streams. */
typedef struct {
    uint64_t packets, bytes; /* bytes of RTP and SRTCP */
    uint64_t streams;
} wr_media_left;

wr_media_left wr_media_left_out(const wr_media *m);

#endif
