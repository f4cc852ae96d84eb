/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checklist: single checks, each one function from evidence to findings, in a file per family (rules 3).
 * A check's row in docs/checks.md says what it means, what to do, and what it cannot tell.
 */
#ifndef WR_CHECKS_H
#define WR_CHECKS_H

#include "verdict/verdict.h"

/* Checks of one session, after its verdict. Order does not matter: no check reads another's findings. */
typedef void (*wr_session_check)(wr_engine *e, const wr_session *s, const wr_facts *f);
/* Checks of the capture as a whole, after all sessions. */
typedef void (*wr_capture_check)(wr_engine *e);

/* Each family gives its checks, NULL-terminated; static. */
const wr_session_check *wr_checks_sig(void);       /* signalling.c: signalling transport and content */
const wr_session_check *wr_checks_sdp(void);       /* sdp.c: what descriptions say */
const wr_session_check *wr_checks_ice(void);       /* ice.c: binding, consent */
const wr_session_check *wr_checks_dtls(void);      /* dtls.c: handshake, certificates, parameters */
const wr_session_check *wr_checks_rtp(void);       /* rtp.c: media */
const wr_session_check *wr_checks_dc(void);        /* data_channels.c: data channels */
const wr_session_check *wr_checks_top(void);       /* topology.c: SUBST, TOP, UKS: who ends the encryption */
const wr_session_check *wr_checks_cap(void);       /* capture_limits.c: limits of the capture */
const wr_session_check *wr_checks_wit(void);       /* statements.c: what files from outside the capture say of a call */
const wr_capture_check *wr_checks_witnesses(void); /* statements.c: and what becomes of them */
const wr_capture_check *wr_checks_turn(void);      /* turn.c: relays; they serve many sessions */
const wr_capture_check *wr_checks_paths(void);   /* unvalidated_paths.c: what came over paths that no check validated */
const wr_capture_check *wr_checks_capture(void); /* across_calls.c: across sessions, and what belongs to none */

/* run.c: the whole list, for one session, and for the capture once all sessions are through. */
void wr_session_find(wr_engine *e, wr_session *s, const wr_facts *f);
void wr_capture_find(wr_engine *e);

#endif
