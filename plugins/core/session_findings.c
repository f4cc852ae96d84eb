/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The findings that follow from a session's verdict: DTLS-01 to DTLS-07, SUBST and TOP of the security rules. */
#include "session_facts.h"
#include "streams.h"

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

static void find_substitution(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    for (int i = 0; i < 2; i++) {
        const wr_pairing *p = f->substituted[i];
        if (p != NULL)
            wr_finding_add(e, "SUBST-01", WR_ERROR, p->second->frame, s->number, "V17.3",
                           "Certificate fingerprint of the same %s differs between frame %u and frame %u", i == 0 ? "offer" : "answer",
                           p->first->frame, p->second->frame);
        if (f->followed[i] != NULL)
            wr_finding_add(e, "SUBST-02", WR_ERROR, f->followed[i]->last_frame, s->number, "V17.3",
                           "Media is terminated by the holder of the substituted certificate (association a%u)", f->followed[i]->number);
    }
    if (f->rekeyed != NULL)
        wr_finding_add(e, "SUBST-01", s->verdict == WR_S_TERMINATED_BY_DECLARED ? WR_CHAT : s->severity == WR_ERROR ? WR_ERROR : WR_WARN,
                       f->rekeyed->second->frame, s->number, NULL,
                       "Transport part and fingerprint of the same description were re-authored between frame %u and frame %u",
                       f->rekeyed->first->frame, f->rekeyed->second->frame);
    if (s->verdict == WR_S_TERMINATED_UNDECLARED)
        wr_finding_add(e, "TOP-02", s->severity, f->authored != NULL ? f->authored->second->frame : s->first_frame, s->number, NULL,
                       "Encryption ends at an intermediary: it can read the media");
}

static void find_reencrypted(wr_engine *e, const wr_session *s)
{
    const wr_reencrypted *r;

    if (wr_session_is_reencrypted(e, s, &r))
        wr_finding_add(e, "RTP-07", WR_NOTE, r->frame[1], s->number, NULL,
                       "The media stream with SSRC 0x%08x appears under another ciphertext on another leg (frames %u and %u): an intermediary "
                       "decrypts it", r->ssrc, r->frame[0], r->frame[1]);
}

/* SIG-01, once a leg: anyone on this path could have replaced the fingerprints. */
static void find_clear_signalling(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    GHashTable *told = g_hash_table_new(g_direct_hash, g_direct_equal);
    bool abused = f->substituted[0] != NULL || f->substituted[1] != NULL || f->keys_in_signalling;

    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (c->protected_transport || !g_hash_table_add(told, wr_leg_root(c->leg)))
            continue;
        wr_finding_add(e, "SIG-01", abused ? WR_ERROR : WR_WARN, c->frame, s->number, "V17.3",
                       "Signalling carries the certificate fingerprints unprotected: anyone on this path could have replaced them");
    }
    g_hash_table_destroy(told);
}

void wr_session_find(wr_engine *e, wr_session *s, const wr_facts *f)
{
    find_clear_signalling(e, s, f);
    find_substitution(e, s, f);
    find_reencrypted(e, s);
    for (unsigned i = 0; i < s->associations->len; i++)
        find_association(e, s, g_ptr_array_index(s->associations, i));
    if (s->verdict == WR_S_KEYS_IN_SIGNALLING)
        wr_finding_add(e, "SIG-06", WR_ERROR, s->last_frame, s->number, "V17.2", "Media keys were accepted from the signalling (a=crypto)");
}
