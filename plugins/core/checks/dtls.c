/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DTLS checks that follow from the verdict on an association: DTLS-01 to DTLS-07 (rules 3.4; RFC 8122, RFC
 * 8842), and SDP-05 where the certificate decides it.
 */
#include "check.h"
#include "records/handshake_facts.h"
#include "verdict/handshake_failure.h"
#include "verdict/missing.h"

static void find_mismatch(wr_engine *e, const wr_session *s, const wr_association *a)
{
    static const char *const check[] = {"DTLS-02", "DTLS-01"}; /* client's certificate, server's certificate */

    for (int i = 0; i < 2; i++) {
        const wr_presented *p = &a->side[i].presented;
        uint32_t frame;
        if (p->verdict != WR_CERT_MISMATCH)
            continue;
        wr_presented_judged(p, &frame);
        wr_finding_once(
            e, s, check[i],
            a->binding <= WR_B1   ? WR_ERROR
            : a->binding == WR_B2 ? WR_WARN
                                  : WR_NOTE,
            p->other != NULL && a->resumes != NULL ? a->server_hello : frame, p->description->frame, "V17.2.8",
            p->other != NULL && a->resumes == NULL ? WR_BASIS_DECRYPTED : WR_BASIS_HANDSHAKE,
            "%sThe DTLS %s's certificate in frame %u%s does not match the fingerprint announced in frame %u",
            a->binding >= WR_B3 ? "Possible mismatch: " : "", i == 0 ? "client" : "server", frame,
            p->other == NULL     ? ""
            : a->resumes != NULL ? ", of the session that this one resumes,"
                                 : ", of a second handshake inside the first,",
            p->description->frame);
    }
    if (a->verdict == WR_A_MISMATCH_NOT_ENFORCED)
        wr_finding_once(e, s, "DTLS-07", WR_ERROR, a->enforcement_frame, 0, "V17.2.8", WR_BASIS_MEDIA,
                        "Endpoint kept the session although the certificate does not match (association a%u)",
                        a->number);
    else if (a->verdict == WR_A_MISMATCH_ENFORCED)
        wr_finding_once(e, s, "DTLS-07", WR_NOTE, a->enforcement_frame, 0, NULL, WR_BASIS_RECORDS,
                        "Endpoint refused the certificate that does not match (association a%u)", a->number);
}

/* DTLS-03 */
static void find_unauthenticated(wr_engine *e, const wr_session *s, const wr_association *a)
{
    bool empty = a->side[0].presented.empty;

    if (wr_check_without_certificates(e, s, a))
        return;
    if (a->side[0].presented.verdict == WR_CERT_NONE)
        wr_finding_once(e, s, "DTLS-03", WR_ERROR, a->last_frame, a->server_hello, "V17.2.8", WR_BASIS_HELLOS,
                        "One side is not authenticated: no client certificate in this handshake (association a%u): %s",
                        a->number,
                        empty                      ? "the server accepted an empty certificate list"
                        : a->certificate_requested ? "the server asked for one and went on without"
                                                   : "the server never asked for one");
    else
        wr_finding_once(e, s, "DTLS-03", WR_ERROR, a->last_frame, a->server_hello, "V17.2.8", WR_BASIS_HELLOS,
                        "One side is not authenticated: no server certificate in this handshake (association a%u)%s",
                        a->number, a->side[1].presented.empty ? ": its Certificate message holds none" : "");
}

static void find_failed(wr_engine *e, const wr_session *s, const wr_association *a)
{
    GString *why = g_string_new(NULL);
    uint32_t alert = a->side[1].alert_frame != 0 ? a->side[1].alert_frame : a->side[0].alert_frame;
    bool said = wr_association_say_failure(why, NULL, e, a);

    if (a->side[0].presented.empty && alert != 0)
        wr_finding_once(e, s, "DTLS-03", WR_NOTE, alert, a->side[0].presented.frame, NULL, WR_BASIS_HELLOS,
                        "The client sent no certificate and was refused (association a%u)", a->number);
    else
        wr_finding_once(e, s, "DTLS-05", WR_CHAT, a->last_frame, 0, NULL, WR_BASIS_HELLOS,
                        "Handshake was not completed (association a%u)%s%s", a->number, said ? ": " : "", why->str);
    g_string_free(why, TRUE);
}

static void find_resumed(wr_engine *e, const wr_session *s, const wr_association *a)
{
    bool elsewhere = a->resumes != NULL && wr_association_session_number(e, a->resumes) != s->number;

    wr_finding_once(
        e, s, "DTLS-06", a->resumes != NULL && !elsewhere ? WR_CHAT : WR_NOTE, a->first_frame,
        a->resumes != NULL ? a->resumes->first_frame : 0, NULL, WR_BASIS_HELLOS,
        "Session resumed: no certificate was sent; identity rests on an earlier handshake%s (association a%u)",
        elsewhere ? " of another call"
        : a->resumes == NULL
            ? (a->version == WR_DTLS_1_3 ? ", or on a key agreed on elsewhere: tickets of DTLS 1.3 are "
                                           "given encrypted, so which one it is does not show"
                                         : " that is not in this capture")
            : "",
        a->number);
}

static void find_association(wr_engine *e, const wr_session *s, const wr_association *a)
{
    switch (a->verdict) {
    case WR_A_MISMATCH_NOT_ENFORCED:
    case WR_A_MISMATCH:
    case WR_A_MISMATCH_ENFORCED:
        find_mismatch(e, s, a);
        if (a->resumes != NULL)
            find_resumed(e, s, a);
        break;
    case WR_A_UNVERIFIABLE_ENCRYPTED:
        wr_finding_once(e, s, "DTLS-04", WR_CHAT, a->first_frame, 0, NULL, WR_BASIS_HELLOS,
                        "DTLS 1.3: certificates are encrypted; not verified without a key log (association a%u)",
                        a->number);
        break;
    case WR_A_UNVERIFIABLE_INCOMPLETE:
        if (wr_facts_renegotiated_unread(a))
            break; /* DTLS-15 */
        wr_finding_once(e, s, "DTLS-05", WR_NOTE, a->first_frame, 0, NULL, WR_BASIS_HELLOS,
                        "Handshake not completely in this capture (association a%u): %s", a->number,
                        wr_association_missing(a));
        break;
    case WR_A_HANDSHAKE_FAILED:
        find_failed(e, s, a);
        break;
    case WR_A_UNAUTHENTICATED:
        find_unauthenticated(e, s, a);
        break;
    case WR_A_RESUMED_LINKED:
    case WR_A_RESUMED_UNLINKED:
        find_resumed(e, s, a);
        break;
    case WR_A_CERT_CONFLICT:
        wr_finding_once(e, s, "SDP-05", WR_ERROR, a->last_frame, 0, NULL, WR_BASIS_HANDSHAKE,
                        "The certificate matches only the weaker announced hash (association a%u)", a->number);
        break;
    default:
        break; /* WR_A_UNENCRYPTED: RTP-01; WR_A_NULL_PROFILE: DTLS-10, DTLS-11 */
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
    static const wr_session_check checks[] = {check_associations,
                                              wr_check_possession,
                                              wr_check_version,
                                              wr_check_suite,
                                              wr_check_srtp,
                                              wr_check_unoffered,
                                              wr_check_master_secret,
                                              wr_check_role,
                                              wr_check_alpn,
                                              wr_check_second,
                                              wr_check_certificates,
                                              wr_check_early,
                                              wr_check_external,
                                              wr_check_records,
                                              wr_check_renegotiation,
                                              wr_check_raw_keys,
                                              NULL};
    return checks;
}
