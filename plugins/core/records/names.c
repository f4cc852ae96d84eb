/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for verdicts, grades and severities, as reports and fields show them (rules 2.10). */
#include "records/verdicts.h"

static const char *name_at(const char *const *names, size_t n, size_t i)
{
    return i < n ? names[i] : "?";
}

const char *wr_severity_name(wr_severity s)
{
    static const char *const names[] = {"chat", "note", "warn", "error"};
    return name_at(names, G_N_ELEMENTS(names), s);
}

const char *wr_binding_name(wr_binding b)
{
    static const char *const names[] = {"B0", "B1", "B2", "B3", "B4"};
    return (size_t)b < G_N_ELEMENTS(names) ? names[b] : NULL;
}

const char *wr_standing_name(wr_standing s)
{
    static const char *const names[] = {"bare", "coherent", "proven"};

    return name_at(names, G_N_ELEMENTS(names), s);
}

const char *wr_integrity_name(wr_integrity i)
{
    static const char *const names[] = {"unknown", "valid", "invalid"};
    return name_at(names, G_N_ELEMENTS(names), i);
}

const char *wr_cert_verdict_name(wr_cert_verdict v)
{
    static const char *const names[] = {
        [WR_CERT_UNSEEN] = "CERT-NOT-CAPTURED",
        [WR_CERT_MATCH] = "CERT-MATCH",
        [WR_CERT_MATCH_WEAK] = "CERT-MATCH-WEAK",
        [WR_CERT_MIXED] = "CERT-MIXED",
        [WR_CERT_MISMATCH] = "CERT-MISMATCH",
        [WR_CERT_NONE] = "CERT-NONE",
        [WR_CERT_ENCRYPTED] = "CERT-ENCRYPTED",
        [WR_CERT_RESUMED] = "CERT-RESUMED",
        [WR_CERT_FP_NONE] = "FP-NONE",
        [WR_CERT_FP_UNUSABLE] = "FP-UNUSABLE",
        [WR_CERT_FP_LEFT_OUT] = "FP-LEFT-OUT",
        [WR_CERT_SDP_NONE] = "SDP-NONE",
        [WR_CERT_AMBIGUOUS] = "AMBIGUOUS",
        [WR_CERT_CONTESTED] = "CONTESTED",
    };
    return name_at(names, G_N_ELEMENTS(names), v);
}

const char *wr_association_verdict_name(wr_association_verdict v)
{
    static const char *const names[] = {
        [WR_A_UNENCRYPTED] = "UNENCRYPTED",
        [WR_A_MISMATCH_NOT_ENFORCED] = "MISMATCH-NOT-ENFORCED",
        [WR_A_NULL_PROFILE] = "NULL-PROFILE",
        [WR_A_UNAUTHENTICATED] = "UNAUTHENTICATED",
        [WR_A_MISMATCH] = "MISMATCH",
        [WR_A_MISMATCH_ENFORCED] = "MISMATCH-ENFORCED",
        [WR_A_CONTESTED] = "CONTESTED",
        [WR_A_CERT_CONFLICT] = "CERT-CONFLICT",
        [WR_A_AMBIGUOUS] = "AMBIGUOUS",
        [WR_A_VERIFIED] = "VERIFIED",
        [WR_A_HALF_VERIFIED] = "HALF-VERIFIED",
        [WR_A_RESUMED_LINKED] = "RESUMED-LINKED",
        [WR_A_RESUMED_UNLINKED] = "RESUMED-UNLINKED",
        [WR_A_HANDSHAKE_FAILED] = "HANDSHAKE-FAILED",
        [WR_A_UNVERIFIABLE_ENCRYPTED] = "UNVERIFIABLE-ENCRYPTED",
        [WR_A_UNVERIFIABLE_INCOMPLETE] = "UNVERIFIABLE-INCOMPLETE",
        [WR_A_UNVERIFIABLE_HASH] = "UNVERIFIABLE-HASH",
        [WR_A_NO_SIGNALLING] = "NO-SIGNALLING",
        [WR_A_PENDING] = "PENDING",
    };
    return name_at(names, G_N_ELEMENTS(names), v);
}

const char *wr_session_verdict_name(wr_session_verdict v)
{
    static const char *const names[] = {
        [WR_S_UNENCRYPTED] = "UNENCRYPTED",
        [WR_S_KEYS_IN_SIGNALLING] = "KEYS-IN-SIGNALLING",
        [WR_S_INTERCEPTED_FULL] = "INTERCEPTED-FULL",
        [WR_S_INTERCEPTED] = "INTERCEPTED",
        [WR_S_FOREIGN_CERTIFICATE] = "FOREIGN-CERTIFICATE",
        [WR_S_MISMATCH] = "MISMATCH",
        [WR_S_SUBSTITUTED_NOT_FOLLOWED] = "SUBSTITUTED-NOT-FOLLOWED",
        [WR_S_SUBSTITUTED_IN_SIGNALLING] = "SUBSTITUTED-IN-SIGNALLING",
        [WR_S_CONTESTED] = "CONTESTED",
        [WR_S_RE_KEYED] = "RE-KEYED",
        [WR_S_TERMINATED_BY_DECLARED] = "TERMINATED-BY-DECLARED",
        [WR_S_TERMINATED_UNDECLARED] = "TERMINATED-UNDECLARED",
        [WR_S_UNVERIFIABLE] = "UNVERIFIABLE",
        [WR_S_RESUMED] = "RESUMED",
        [WR_S_HANDSHAKE_FAILED] = "HANDSHAKE-FAILED",
        [WR_S_VERIFIED_LEG] = "VERIFIED-LEG",
        [WR_S_VERIFIED_CROSS] = "VERIFIED-CROSS",
        [WR_S_NO_SIGNALLING] = "NO-SIGNALLING",
        [WR_S_NO_MEDIA] = "NO-MEDIA",
    };
    return name_at(names, G_N_ELEMENTS(names), v);
}
