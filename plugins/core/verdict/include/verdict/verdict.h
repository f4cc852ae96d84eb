/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may be concluded: on a certificate, an association, a session; and the sentence that says it.
 */
#ifndef WR_VERDICT_H
#define WR_VERDICT_H

#include "relations/relations.h"
#include "verdict/session_facts.h"

/* certificate.c */
wr_cert_verdict wr_compare_certificate(const wr_certificate *cert, const wr_copy *copy, const char *ufrag,
                                       wr_hash *decided, bool *receiver_dependent);

/* association.c: what a certificate is worth as the side's own: p->certificate is compared, and p says with what. */
wr_cert_verdict wr_compare_presented(wr_presented *p, int side, const wr_bound *b);
/* other_handshakes.c: finds what a resumes, and takes contradictions from there and from handshakes inside it. */
void wr_association_judge_others(const wr_engine *e, wr_association *a, wr_bound *b);
/* association.c: brings the verdict of one association up to date */
void wr_engine_evaluate_association(wr_engine *e, wr_association *a);
/* What a mismatch of it weighs: the claim is as strong as the binding (rules 2.1). */
wr_severity wr_binding_weight(const wr_association *a);

/* stated_certificates.c: the certificates that are hidden, by the statement of an endpoint */
void wr_association_hear(wr_engine *e, wr_association *a, const wr_bound *b);

/* stated_sources.c: whose files the call's descriptions come from, for its statement; nothing where all were seen */
void wr_session_name_witnesses(GString *out, const wr_engine *e, const wr_session *s);

/* contested.c: handshakes of one path that contradict each other; the verdicts on its associations are there */
void wr_session_contest(const wr_session *s);

/* session.c */
void wr_session_decide(wr_engine *e, wr_session *s);

/* sentence.c: the verdict sentence and what is unknown; out: what they rest on */
void wr_session_state(wr_engine *e, wr_session *s, wr_facts *out);

#endif
