/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DTLS checks: certificates, handshake, parameters (security rules 6.4; RFC 8122, RFC 8842, RFC 5764). */
#include "checks.h"

static void find_mismatch(wr_engine *e, const wr_session *s, const wr_association *a)
{
    static const char *const check[] = {"DTLS-02", "DTLS-01"}; /* client's certificate, server's certificate */

    for (int i = 0; i < 2; i++) {
        const wr_presented *p = &a->side[i].presented;
        if (p->verdict == WR_CERT_MISMATCH)
            wr_finding_add(e, check[i], a->binding <= WR_B1 ? WR_ERROR : a->binding == WR_B2 ? WR_WARN : WR_NOTE, p->frame, s->number, "V17.3",
                           "%sThe DTLS %s's certificate in frame %u does not match the fingerprint announced in frame %u",
                           a->binding >= WR_B3 ? "Possible mismatch: " : "", i == 0 ? "client" : "server", p->frame, p->description->frame);
    }
    if (a->verdict == WR_A_MISMATCH_NOT_ENFORCED)
        wr_finding_add(e, "DTLS-07", WR_ERROR, a->enforcement_frame, s->number, "V17.3",
                       "Endpoint kept the session although the certificate does not match (association a%u)", a->number);
    else if (a->verdict == WR_A_MISMATCH_ENFORCED)
        wr_finding_add(e, "DTLS-07", WR_NOTE, a->enforcement_frame, s->number, NULL,
                       "Endpoint refused the certificate that does not match (association a%u)", a->number);
}

static void find_association(wr_engine *e, const wr_session *s, const wr_association *a)
{
    switch (a->verdict) {
    case WR_A_MISMATCH_NOT_ENFORCED:
    case WR_A_MISMATCH:
    case WR_A_MISMATCH_ENFORCED:
        find_mismatch(e, s, a);
        break;
    case WR_A_UNVERIFIABLE_ENCRYPTED:
        wr_finding_add(e, "DTLS-04", WR_CHAT, a->first_frame, s->number, NULL,
                       "DTLS 1.3: certificates are encrypted; not verified without a key log (association a%u)", a->number);
        break;
    case WR_A_UNVERIFIABLE_INCOMPLETE:
        wr_finding_add(e, "DTLS-05", WR_NOTE, a->first_frame, s->number, NULL, "Handshake not completely in this capture (association a%u)",
                       a->number);
        break;
    case WR_A_HANDSHAKE_FAILED:
        wr_finding_add(e, "DTLS-05", WR_CHAT, a->last_frame, s->number, NULL, "Handshake was not completed (association a%u)", a->number);
        break;
    case WR_A_UNAUTHENTICATED:
        wr_finding_add(e, "DTLS-03", WR_ERROR, a->last_frame, s->number, "V17.3",
                       "One side is not authenticated: no certificate from it in this handshake (association a%u)", a->number);
        break;
    case WR_A_RESUMED_LINKED:
    case WR_A_RESUMED_UNLINKED:
        wr_finding_add(e, "DTLS-06", a->verdict == WR_A_RESUMED_LINKED ? WR_CHAT : WR_NOTE, a->first_frame, s->number, NULL,
                       "Session resumed: no certificate was sent; identity rests on an earlier handshake (association a%u)", a->number);
        break;
    case WR_A_CERT_CONFLICT:
        wr_finding_add(e, "SDP-05", WR_ERROR, a->last_frame, s->number, NULL,
                       "The certificate matches only the weaker announced hash (association a%u)", a->number);
        break;
    case WR_A_NULL_PROFILE:
        wr_finding_add(e, "DTLS-11", WR_ERROR, a->server_hello, s->number, "V17.2", "The protection negotiated does not encrypt (association a%u)",
                       a->number);
        break;
    default:
        break;
    }
}

static void check_associations(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++)
        find_association(e, s, g_ptr_array_index(s->associations, i));
}

const wr_session_check *wr_checks_dtls(void)
{
    static const wr_session_check checks[] = {check_associations, NULL};
    return checks;
}
