/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A signature proves a key, not that this handshake was the one that won: recorded ones can be replayed, and anybody
 * can make one with a key of his own. Of several that went through on one path, those that the announcements do not
 * explain are contested where they explain another, or where another cannot be judged, in whatever order they came. So
 * are those without encryption or without certificates beside one that has both.
 */
#include "verdict/verdict.h"

/* Both sides signed it with the certificates that were announced: nobody else can have made it. Its Finished may have
 * been taken for those of another handshake, begun in its name at the same time. */
static bool is_signed_by_both(const wr_association *o)
{
    return o->verdict == WR_A_VERIFIED && o->possession[0] == WR_POSSESSION_PROVED &&
           o->possession[1] == WR_POSSESSION_PROVED;
}

/* May have been what protected the media, and was not contradicted. Records of no handshake that is seen contest none.
 */
static bool is_alternative(const wr_association *o)
{
    return o->absorbed == NULL && o->standing != WR_BARE && (wr_association_is_through(o) || is_signed_by_both(o)) &&
           o->possession[1] != WR_POSSESSION_INVALID && !wr_association_is_mismatch(o) &&
           o->verdict != WR_A_CONTESTED && o->verdict != WR_A_UNENCRYPTED;
}

/* What both sides went through with the certificates that were announced, but a signature that fits neither: a message
 * of it was changed, or somebody made it up; or what was announced for them was said in two ways, or sent twice with
 * different content. It verifies nothing, and nothing tells that another took its place. */
static bool is_spoilt(const wr_association *o)
{
    if (o->absorbed != NULL || o->standing == WR_BARE || o->verdict != WR_A_CONTESTED || o->rival != NULL ||
        !wr_association_is_completed(o))
        return false;
    for (int s = 0; s < 2; s++) {
        const wr_presented *p = &o->side[s].presented;
        const bool told_twice = p->verdict == WR_CERT_CONTESTED && !p->contested;
        if (p->certificate == NULL || p->description == NULL ||
            (p->verdict != WR_CERT_MATCH && p->verdict != WR_CERT_CONTESTED) ||
            (!told_twice && !wr_sdp_announces(p->description->sdp, p->certificate)))
            return false;
    }
    return true;
}

/* What its path carried goes on after this time. */
static bool goes_on_after(const wr_association *a, int64_t us)
{
    return a->side[0].data_last_us > us || a->side[1].data_last_us > us || wr_association_has_media_after(a, us);
}

/* Made with the same two descriptions, of which one was readable on its way: whoever read the passwords can make a path
 * of his own with them. */
static bool is_of_same_pair(const wr_association *a, const wr_association *o)
{
    for (int s = 0; s < 2; s++)
        if (a->owner[s] == NULL || o->owner[s] == NULL ||
            (a->owner[s] != o->owner[s] && a->owner[s] != o->owner[1 - s]))
            return false;
    return !a->owner[0]->protected_transport || !a->owner[1]->protected_transport;
}

/* On another path, made with the same descriptions, and not left for the path of a. */
static const wr_association *beside(const wr_session *s, const wr_association *a)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *o = g_ptr_array_index(s->associations, i);
        if (o != a && o->flow != a->flow && o->verdict == WR_A_VERIFIED && is_alternative(o) && is_of_same_pair(a, o) &&
            (a->verdict != WR_A_MISMATCH_NOT_ENFORCED || goes_on_after(o, a->last_us)))
            return o;
    }
    return NULL;
}

/* On the path that was its own from the first; the announced one before any that cannot be judged. */
static const wr_association *alternative(const wr_association *a)
{
    const wr_association *best = NULL;

    for (unsigned i = 0; i < a->flow->associations.len; i++) {
        const wr_association *o = wr_list_at(&a->flow->associations, i);
        const bool verified = o->verdict == WR_A_VERIFIED || o->verdict == WR_A_HALF_VERIFIED;
        if (o != a && (best == NULL || verified) && (is_alternative(o) || is_spoilt(o)))
            best = o;
    }
    return best;
}

static void contest(wr_association *a)
{
    a->verdict = WR_A_CONTESTED;
    a->severity = WR_WARN;
    for (int s = 0; s < 2; s++) {
        wr_presented *p = &a->side[s].presented;
        if (p->verdict != WR_CERT_MISMATCH)
            continue;
        p->contested = true;
        p->verdict = WR_CERT_CONTESTED;
    }
}

/* No key of a certificate stands behind it, or nothing is encrypted: whoever sees the path can make such a one. */
static bool is_weak(const wr_association *a)
{
    return a->verdict == WR_A_NULL_PROFILE || a->verdict == WR_A_UNAUTHENTICATED;
}

static void contest_weak(wr_association *a)
{
    const wr_association *o = alternative(a);

    if (o == NULL || is_weak(o))
        return;
    a->rival = o;
    contest(a);
}

void wr_session_contest(const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        wr_association *a = g_ptr_array_index(s->associations, i);
        if (is_weak(a))
            contest_weak(a);
        if (!wr_association_is_mismatch(a) ||
            a->resumes != NULL) /* who resumes has the secret of the first: no stranger */
            continue;
        a->rival = alternative(a);
        if (a->rival == NULL && a->binding <= WR_B2) /* less is a note */
            a->rival = beside(s, a);
        if (a->rival != NULL)
            contest(a);
    }
}
