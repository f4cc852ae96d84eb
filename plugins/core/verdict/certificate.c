/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a certificate agree with a description? (RFC 8122 5.1, rules 2.3 and 2.4.) */
#include "verdict/verdict.h"

#include <string.h>

typedef struct {
    const wr_certificate *cert;
    unsigned sections; /* looked at */
    unsigned lines;
    wr_cert_verdict best;
    wr_hash hash;
    bool receiver_dependent;
    bool agreed, contradicted; /* by sections */
} comparison;

/* One section's lines, grouped by hash function: every group must name the certificate. */
static wr_cert_verdict compare_lines(const wr_certificate *cert, const wr_effective *set, wr_hash *decided,
                                     bool *depends)
{
    bool present[WR_HASH_COUNT] = {false}, match[WR_HASH_COUNT] = {false};
    bool any = false, all = true, last_differs = false;
    wr_hash strongest = WR_HASH_UNKNOWN;

    for (unsigned i = 0; i < set->n_fingerprints; i++) {
        const wr_fingerprint *fp = &set->fingerprints[i];
        bool m;
        if (!fp->usable)
            continue;
        m = wr_certificate_has_fingerprint(cert, fp);
        present[fp->hash] = true;
        match[fp->hash] |= m;
        last_differs = !m; /* some receivers keep the last line only */
    }
    for (int h = WR_HASH_SHA1; h < WR_HASH_COUNT; h++) {
        if (!present[h])
            continue;
        strongest = (wr_hash)h;
        any |= match[h];
        all &= match[h];
    }
    *decided = strongest;
    if (set->cut) /* lines that were left out may name it, or contradict those that do */
        return WR_CERT_FP_LEFT_OUT;
    if (strongest == WR_HASH_UNKNOWN)
        return set->n_fingerprints == 0 ? WR_CERT_FP_NONE : WR_CERT_FP_UNUSABLE;
    if (!any)
        return WR_CERT_MISMATCH;
    *depends |= last_differs || !all;
    if (all)
        return strongest <= WR_HASH_SHA224 ? WR_CERT_MATCH_WEAK : WR_CERT_MATCH;
    return match[strongest] ? WR_CERT_MATCH : WR_CERT_MIXED;
}

static int goodness(wr_cert_verdict v)
{
    switch (v) {
    case WR_CERT_MATCH:
        return 6;
    case WR_CERT_MATCH_WEAK:
        return 5;
    case WR_CERT_MIXED:
        return 4;
    case WR_CERT_MISMATCH:
        return 3;
    case WR_CERT_FP_LEFT_OUT:
        return 2;
    case WR_CERT_FP_UNUSABLE:
        return 1;
    default:
        return 0;
    }
}

static void take(comparison *c, const wr_effective *set)
{
    wr_hash hash;
    bool depends = false;
    wr_cert_verdict v = compare_lines(c->cert, set, &hash, &depends);

    c->sections++;
    c->lines += set->n_fingerprints;
    c->agreed |= v == WR_CERT_MATCH || v == WR_CERT_MATCH_WEAK;
    c->contradicted |= v == WR_CERT_MISMATCH;
    if (c->sections == 1 || goodness(v) > goodness(c->best)) {
        c->best = v;
        c->hash = hash;
        c->receiver_dependent = depends;
    }
}

/* A section was negotiated when the other half of the exchange has it and does not reject it (RFC 3264 6): others
 * neither verify nor accuse. */
static bool is_negotiated(const wr_copy *copy, unsigned i)
{
    const wr_copy *other = copy->partner;

    if (other == NULL || copy->guessed || other->guessed)
        return true; /* nothing says otherwise */
    return i < other->sdp->n_sections && !wr_sdp_section_disabled(&other->sdp->sections[i]);
}

wr_cert_verdict wr_compare_certificate(const wr_certificate *cert, const wr_copy *copy, const char *ufrag,
                                       wr_hash *decided, bool *receiver_dependent)
{
    const wr_sdp *sdp = copy->sdp;
    const wr_sdp *answer = wr_kind_is_answer(copy->kind) || copy->partner == NULL ? NULL : copy->partner->sdp;
    size_t tagged = answer != NULL || wr_kind_is_answer(copy->kind) ? wr_sdp_tagged_section(sdp, answer) : SIZE_MAX;
    comparison c = {.cert = cert, .best = WR_CERT_FP_NONE};

    for (unsigned i = 0; i < sdp->n_sections; i++) {
        const wr_sdp_section *s = &sdp->sections[i];
        wr_effective a = wr_sdp_effective(sdp, s);
        if (wr_sdp_section_disabled(s) || s->bundle_only || !is_negotiated(copy, i))
            continue;
        if (ufrag != NULL && a.ice_ufrag != NULL && strcmp(a.ice_ufrag, ufrag) != 0)
            continue;
        /* under BUNDLE the tagged section speaks for the group (RFC 9143 7.1.3) */
        if (tagged != SIZE_MAX && i != tagged && wr_sdp_in_bundle(sdp, s))
            continue;
        take(&c, &a);
    }
    if (c.sections == 0) { /* a fragment, or credentials that were trickled later */
        for (unsigned i = 0; i < sdp->n_sections; i++) {
            wr_effective a = wr_sdp_effective(sdp, &sdp->sections[i]);
            if (!wr_sdp_section_disabled(&sdp->sections[i]))
                take(&c, &a);
        }
    }
    if (c.sections == 0) {
        const wr_effective a = wr_sdp_effective(sdp, NULL);
        take(&c, &a);
    }
    /* Sections that share credentials cannot be told apart by the checks: which of them the handshake was for, and so
     * whether it agrees, does not show. */
    if (ufrag != NULL && c.agreed && c.contradicted)
        c.best = WR_CERT_CONTESTED;
    if (decided != NULL)
        *decided = c.hash;
    if (receiver_dependent != NULL)
        *receiver_dependent = c.receiver_dependent;
    return c.best;
}
