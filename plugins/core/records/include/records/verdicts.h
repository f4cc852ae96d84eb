/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Severities, grades, and the verdicts on certificates, associations and sessions, with their words.
 */
#ifndef WR_VERDICTS_H
#define WR_VERDICTS_H

#include "records/types.h"

/* Wireshark's severities, by meaning. */
typedef enum { WR_CHAT = 0, WR_NOTE, WR_WARN, WR_ERROR } wr_severity;

const char *wr_severity_name(wr_severity s); /* "chat", … static */

/* How strongly a flow is tied to descriptions (rules 2.1). Smaller is stronger. */
typedef enum { WR_B0 = 0, WR_B1, WR_B2, WR_B3, WR_B4, WR_B_NONE } wr_binding;

const char *wr_binding_name(wr_binding b); /* "B0" … "B4", NULL for none */

/* What a piece of evidence is worth: whom it resists (rules 2.10). Greater is better. */
typedef enum {
    WR_BARE = 0, /* anybody can send it: a datagram, a lone record, a body between strangers */
    WR_COHERENT, /* resists insertion into what is under way, not the invention of a whole */
    WR_PROVEN    /* nobody without the secret can make it */
} wr_standing;
const char *wr_standing_name(wr_standing s);

typedef enum { WR_INTEGRITY_UNKNOWN = 0, WR_INTEGRITY_VALID, WR_INTEGRITY_INVALID } wr_integrity;

const char *wr_integrity_name(wr_integrity i);

/* Verdict on one certificate (rules 1.1). */
typedef enum {
    WR_CERT_UNSEEN = 0, /* CERT-NOT-CAPTURED */
    WR_CERT_MATCH,
    WR_CERT_MATCH_WEAK,
    WR_CERT_MIXED,
    WR_CERT_MISMATCH,
    WR_CERT_NONE,
    WR_CERT_ENCRYPTED,
    WR_CERT_RESUMED,
    WR_CERT_FP_NONE,
    WR_CERT_FP_UNUSABLE,
    WR_CERT_FP_LEFT_OUT, /* none of those that were kept, and there were more (WR_SDP_MAX_FINGERPRINTS) */
    WR_CERT_SDP_NONE,
    WR_CERT_AMBIGUOUS,
    WR_CERT_CONTESTED
} wr_cert_verdict;

const char *wr_cert_verdict_name(wr_cert_verdict v);

/* Verdict on an association (rules 1.2), strongest statement first. */
typedef enum {
    WR_A_UNENCRYPTED = 0,
    WR_A_MISMATCH_NOT_ENFORCED,
    WR_A_NULL_PROFILE,
    WR_A_UNAUTHENTICATED,
    WR_A_MISMATCH,
    WR_A_MISMATCH_ENFORCED,
    WR_A_CONTESTED,
    WR_A_CERT_CONFLICT,
    WR_A_AMBIGUOUS,
    WR_A_VERIFIED,
    WR_A_HALF_VERIFIED,
    WR_A_RESUMED_LINKED,
    WR_A_RESUMED_UNLINKED,
    WR_A_HANDSHAKE_FAILED,
    WR_A_UNVERIFIABLE_ENCRYPTED,
    WR_A_UNVERIFIABLE_INCOMPLETE,
    WR_A_UNVERIFIABLE_HASH,
    WR_A_NO_SIGNALLING,
    WR_A_PENDING
} wr_association_verdict;

const char *wr_association_verdict_name(wr_association_verdict v);

/* Verdict on a session (rules 1.3). */
typedef enum {
    WR_S_UNENCRYPTED = 0,
    WR_S_KEYS_IN_SIGNALLING,
    WR_S_INTERCEPTED_FULL,
    WR_S_INTERCEPTED,
    WR_S_FOREIGN_CERTIFICATE,
    WR_S_MISMATCH,
    WR_S_SUBSTITUTED_NOT_FOLLOWED,
    WR_S_SUBSTITUTED_IN_SIGNALLING,
    WR_S_CONTESTED,
    WR_S_RE_KEYED,
    WR_S_TERMINATED_BY_DECLARED,
    WR_S_TERMINATED_UNDECLARED,
    WR_S_UNVERIFIABLE,
    WR_S_RESUMED,
    WR_S_HANDSHAKE_FAILED,
    WR_S_VERIFIED_LEG,
    WR_S_VERIFIED_CROSS,
    WR_S_NO_SIGNALLING,
    WR_S_NO_MEDIA
} wr_session_verdict;

const char *wr_session_verdict_name(wr_session_verdict v);

#endif
