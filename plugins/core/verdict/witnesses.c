/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which copies of a description bear witness. A copy between strangers was told to nobody: where the flows of the call
 * are seen, a leg counts when it is tied to one of their ends, or when it showed the description before any leg that is
 * tied, as the leg of the author must. What comes after anybody can have copied. Where no flow is seen, signalling
 * alone shows what it shows.
 */
#include "verdict/verdict.h"

#include <string.h>

wr_tie wr_leg_tie_in(const wr_session *s, const wr_leg *leg, int *own)
{
    wr_tie best = WR_TIE_NONE;

    leg = wr_leg_root((wr_leg *)leg);
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (unsigned j = 0; j < a->n_ties; j++) {
            if (wr_leg_root((wr_leg *)a->ties[j].leg) != leg || (wr_tie)a->ties[j].tie <= best)
                continue;
            best = (wr_tie)a->ties[j].tie;
            if (own != NULL)
                *own = a->ties[j].own;
        }
    }
    return best;
}

static bool has_ties(const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++)
        if (((const wr_association *)g_ptr_array_index(s->associations, i))->n_ties > 0)
            return true;
    return false;
}

/* The first that a tied leg showed of this description, or of what stands in its place there: same class, same step. */
static const wr_copy *first_tied(const wr_session *s, const wr_copy *other)
{
    return wr_leg_tie_in(s, other->leg, NULL) > WR_TIE_NONE ? other : NULL;
}

bool wr_pairing_counts(const wr_session *s, const wr_pairing *p)
{
    const wr_copy *tied;

    if (!has_ties(s))
        return true;
    for (int i = 0; i < 2; i++) {
        const wr_copy *c = i == 0 ? p->first : p->second, *o = i == 0 ? p->second : p->first;
        if (wr_leg_tie_in(s, c->leg, NULL) > WR_TIE_NONE)
            continue;
        tied = first_tied(s, o);
        /* a stranger to the flows: the author's own leg, if it spoke first */
        if (tied == NULL || c->direction == WR_DIRECTION_DELIVERED || c->time_us > tied->time_us ||
            c->frame > tied->frame)
            return false;
    }
    return true;
}

/* Some usable line of it names this certificate. */
static bool names(const wr_fingerprint *fps, unsigned n, const wr_certificate *cert)
{
    for (unsigned i = 0; i < n; i++)
        if (wr_certificate_has_fingerprint(cert, &fps[i]))
            return true;
    return false;
}

bool wr_sdp_announces(const wr_sdp *sdp, const wr_certificate *cert)
{
    if (names(sdp->session.fingerprints, sdp->session.n_fingerprints, cert))
        return true;
    for (unsigned i = 0; i < sdp->n_sections; i++)
        if (names(sdp->sections[i].own.fingerprints, sdp->sections[i].own.n_fingerprints, cert))
            return true;
    return false;
}
