/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is found of a handshake that lost. Anybody can put one on a path, with hellos and a key of his own: where it
 * does not agree with what was announced, and another on the same path is signed by both sides with that, or contests
 * it, its weak keys and suites are no party's. Neither are those of an answer alone beside a handshake that went
 * through, nor those of one that nothing ties to a call, that no key signed, and by whose keys nothing was sent (rules
 * 2.10), nor of one that shows a certificate whose key did not sign it: what is shown anybody can copy.
 */
#include "check.h"
#include "verdict/handshake_kind.h"

/* What a mismatch itself is, the verdict weighs. */
static bool is_of_handshake(const wr_finding *f)
{
    static const char *const weighed[] = {"DTLS-01", "DTLS-02", "DTLS-07"};

    for (size_t i = 0; i < G_N_ELEMENTS(weighed); i++)
        if (strcmp(f->check, weighed[i]) == 0)
            return false;
    return g_str_has_prefix(f->check, "DTLS-");
}

static bool agrees(const wr_association *a)
{
    return a->verdict == WR_A_VERIFIED || a->verdict == WR_A_HALF_VERIFIED;
}

static const wr_association *winner(const wr_association *a)
{
    if (a->verdict == WR_A_CONTESTED && a->rival != NULL)
        return a->rival;
    for (unsigned i = 0; !agrees(a) && !wr_association_is_mismatch(a) && i < a->flow->associations.len; i++) {
        const wr_association *o = wr_list_at(&a->flow->associations, i);
        if (o != a && o->absorbed == NULL && o->verdict == WR_A_VERIFIED && wr_association_is_completed(o) &&
            o->possession[0] == WR_POSSESSION_PROVED && o->possession[1] == WR_POSSESSION_PROVED)
            return o;
        if (o != a && o->absorbed == NULL && a->standing == WR_BARE && o->standing != WR_BARE &&
            wr_association_is_through(o))
            return o;
    }
    return NULL;
}

static bool is_part(const wr_association *a, uint32_t frame)
{
    const uint32_t known[] = {
        a->client_hello,           a->server_hello, a->first_frame, a->last_frame, a->side[0].presented.frame,
        a->side[1].presented.frame};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (known[i] == frame)
            return true;
    for (unsigned i = 0; i < a->n_frames; i++)
        if (a->frames[i] == frame)
            return true;
    return false;
}

/* Its server signed with another key than that of a certificate shown in it. */
static bool is_unsigned(const wr_association *a)
{
    return a->possession[1] == WR_POSSESSION_INVALID && a->side[1].presented.certificate != NULL && !a->decrypted;
}

void wr_findings_weigh_handshakes(wr_engine *e, const wr_session *s, unsigned first)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i), *o = winner(a);
        const bool idle = a->verdict == WR_A_NO_SIGNALLING && wr_association_is_idle(a);
        const bool copied = is_unsigned(a);
        for (unsigned k = first; (o != NULL || idle || copied) && k < e->findings->len; k++) {
            wr_finding *f = g_ptr_array_index(e->findings, k);
            if (f->session != s->number || f->severity <= WR_NOTE || !is_of_handshake(f) || !is_part(a, f->frame))
                continue;
            if (idle)
                wr_finding_lower(f, "Nothing ties this handshake to a call, no key signed it, and nothing was sent "
                                    "after it: anybody can have made it");
            else if (o == NULL)
                wr_finding_lower(f, "The key of no certificate shown in this handshake signed it: anybody can have "
                                    "made it");
            else if (!is_part(o, f->frame))
                wr_finding_lower(f,
                                 "Another handshake on this path (frame %u) outweighs or contests this one, which "
                                 "anybody can have made",
                                 o->server_hello);
        }
    }
}
