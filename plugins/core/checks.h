/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checklist: single checks, each one function from evidence to findings, in a file per family (security rules 6).
 * A check's row in docs/checks.md says what it means, what to do, and what it cannot tell.
 */
#ifndef WR_CHECKS_H
#define WR_CHECKS_H

#include "session_facts.h"

/* Checks of one session, after its verdict. Order does not matter: no check reads another's findings. */
typedef void (*wr_session_check)(wr_engine *e, const wr_session *s, const wr_facts *f);
/* Checks of the capture as a whole, after all sessions. */
typedef void (*wr_capture_check)(wr_engine *e);

/* Each family gives its checks, NULL-terminated; static. */
const wr_session_check *wr_checks_sig(void);     /* checks_sig.c: signalling transport and content */
const wr_session_check *wr_checks_sdp(void);     /* checks_sdp.c: what descriptions say */
const wr_session_check *wr_checks_ice(void);     /* checks_ice.c: binding, consent */
const wr_session_check *wr_checks_dtls(void);    /* checks_dtls.c: handshake, certificates, parameters */
const wr_session_check *wr_checks_rtp(void);     /* checks_rtp.c: media */
const wr_session_check *wr_checks_dc(void);      /* checks_dc.c: data channels */
const wr_session_check *wr_checks_top(void);     /* checks_top.c: SUBST, TOP, UKS: who ends the encryption */
const wr_session_check *wr_checks_cap(void);     /* checks_cap.c: limits of the capture */
const wr_capture_check *wr_checks_turn(void);    /* checks_turn.c: relays; they serve many sessions */
const wr_capture_check *wr_checks_paths(void);   /* checks_paths.c: what came over paths that no check validated */
const wr_capture_check *wr_checks_capture(void); /* checks_capture.c: across sessions, and what belongs to none */

#endif
