/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this the same description, seen at another place? And what differs?
 */
#ifndef WR_SDP_COMPARE_H
#define WR_SDP_COMPARE_H

#include "sdp/sdp.h"

/* How two copies are recognised as one description. */
typedef enum {
    WR_SAME_S0 = 0, /* canonical hash equal: relayed */
    WR_SAME_S1,     /* same (ice-ufrag, ice-pwd) in a corresponding section */
    WR_SAME_S2,     /* o= equal with sess-version (sess-id not trivial), or the body equal but for transport lines */
    WR_SAME_S3      /* none of these: another description */
} wr_sameness;

/* Two forms of a description, each a new string (g_free).
 * canonical: LF, trailing space cut, candidate, end-of-candidates, rtcp, c= lines dropped,
 * m= ports 9, attributes of a section sorted, hex upper.
 * A port of 0 stays 0, for it rejects the section. A fragment keeps its candidates: they are
 * what it is about, and two fragments of one ICE generation would be the same text without.
 * body: the canonical form without fingerprint, setup, tls-id, ice-*, too: what two copies with
 * re-authored transport share. Without the o= line as well, for who re-authors may
 * well sign with an own one; wr_sdp_sameness() looks at o= apart. */
void wr_sdp_forms(wr_sdp *sdp, char **canonical, char **body);

/* S2 is said with care, because unlike S0 and S1 it rests on what stacks write by habit:
 * - not between descriptions whose a=setup tells that one is an offer and the other an answer (servers build answers
 *   out of the offer, o= line and all);
 * - not when both o= lines tell their author and are the same but for the version: a later version, not a copy;
 * - by the body only when a random SSRC in it says whose it is: all data-channel offers of a browser have one body. */
wr_sameness wr_sdp_sameness(const wr_sdp *a, const wr_sdp *b);
/* The sess-id of o= may identify its author: present, not 0, longer than 3 digits. */
bool wr_sdp_origin_tells(const wr_sdp *sdp);
/* The body may identify its author: a random SSRC is in it. */
bool wr_sdp_body_tells(const wr_sdp *sdp);

/* Fingerprints of corresponding sections (by mid, else by index), reduced to common hash functions. */
typedef enum {
    WR_FPS_EQUAL = 0,
    WR_FPS_TRIMMED,   /* equal on the common hashes; one side lists more */
    WR_FPS_DIFFERENT, /* some common hash has disjoint digest sets */
    WR_FPS_UNKNOWN    /* nothing to compare */
} wr_fps_difference;
wr_fps_difference wr_sdp_compare_fingerprints(const wr_sdp *a, const wr_sdp *b);

/* Line by line: what only a has ("-") and only b has ("+"). kind groups for people. */
typedef enum { WR_DIFF_FINGERPRINT, WR_DIFF_ICE, WR_DIFF_CANDIDATE, WR_DIFF_OTHER } wr_diff_kind;
typedef struct {
    char sign; /* '-' or '+'; ' ' for the line that says that more was left out */
    wr_diff_kind kind;
    char *line;
} wr_diff_line;
/* GPtrArray of wr_diff_line with free function set; at most max lines (then the last line says so).
 * Ice passwords are shown as "(password)", keys of a=crypto and k= as "(key)"; long lines are cut. Lines are compared
 * section by section (paired as above), whatever their order in it. The caller unrefs the array. */
GPtrArray *wr_sdp_diff(wr_sdp *a, wr_sdp *b, unsigned max);

#endif
