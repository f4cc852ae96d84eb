/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a description in the form in which copies are compared. For use inside core.
 */
#ifndef WR_SDP_CANONICAL_H
#define WR_SDP_CANONICAL_H

#include "sdp/lines.h"

typedef enum {
    WR_LINE_OTHER = 0,
    WR_LINE_BLANK,
    WR_LINE_MEDIA,  /* m= */
    WR_LINE_ORIGIN, /* o= */
    WR_LINE_FINGERPRINT,
    WR_LINE_ICE,       /* a=ice-…, */
    WR_LINE_DTLS,      /* a=setup, a=tls-id */
    WR_LINE_CANDIDATE, /* candidates and end-of-candidates */
    WR_LINE_ADDRESS,   /* c=, a=rtcp */
} wr_line_class;

/* Says what a line is, and normalises it: blanks behind it cut, "a=" put before a bare candidate, port of m= made 9
 * unless it is 0, fingerprint in the letter case of RFC 8122. Changed lines live in strings. */
wr_line_class wr_line_normalise(wr_slice *line, GStringChunk *strings);

#endif
