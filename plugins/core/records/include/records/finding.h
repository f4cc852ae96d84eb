/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A finding is what one named check (docs/checks.md) has to say of a call or of the capture, with its severity and the
 * frames it rests on.
 */
#ifndef WR_FINDING_H
#define WR_FINDING_H

#include "records/verdicts.h"

typedef struct {
    const char *check; /* "DTLS-01"; static */
    wr_severity severity;
    uint32_t frame;
    unsigned session; /* number, 0 for none */
    char *message;
    const char *asvs;     /* OWASP ASVS 5 item, static, or NULL */
    const char *basis;    /* what the statement rests on, static, or NULL */
    uint32_t other_frame; /* a second frame that it rests on, 0 for none */
    GArray *again;        /* uint32_t: further frames that it was found at, bounded; NULL for none */
} wr_finding;

void wr_finding_free(gpointer finding);

#define WR_MAX_FINDING_AGAIN 64 /* frames that a finding is remembered to stand on as well */

/* It stands on this frame, or was found there again. */
bool wr_finding_is_at(const wr_finding *f, uint32_t frame);
/* Makes it a note, and adds to what it says why it is no more. */
void wr_finding_lower(wr_finding *f, const char *format, ...) G_GNUC_PRINTF(2, 3);

wr_finding *wr_finding_add(wr_engine *e, const char *check, wr_severity severity, uint32_t frame, unsigned session,
                           const char *asvs, const char *format, ...) G_GNUC_PRINTF(7, 8);

/* Adds a finding with what it rests on and a second frame, but not twice for one call: a finding of this check with
 * this message is told once, whatever frame it would stand on. */
wr_finding *wr_finding_once(wr_engine *e, const wr_session *s, const char *check, wr_severity severity, uint32_t frame,
                            uint32_t other, const char *asvs, const char *basis, const char *format, ...)
    G_GNUC_PRINTF(9, 10);

#endif
