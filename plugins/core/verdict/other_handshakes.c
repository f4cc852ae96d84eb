/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates of other handshakes that an association stands on: of the session that it resumes, where none is sent
 * (RFC 5246 7.3, RFC 5077), and of handshakes inside it (renegotiation, RFC 5246 7.4.1.1). Whom a session was made with
 * is whom it is resumed with, so that an announcement of somebody else is contradicted (RFC 8122 6.2).
 *
 * Only contradictions are taken from there. A session id stands in clear, and anybody can copy it: that the same
 * certificate is announced proves nothing of a handshake whose Finished cannot be read.
 */
#include "records/handshake_facts.h"
#include "verdict/verdict.h"

/* By the session id that o's server gave, or by its ticket: with that, the client makes up the id itself (RFC
 * 5077 3.4). */
static bool continues(const wr_association *a, const wr_association *o)
{
    return (o->issued_id != 0 && o->issued_id == a->session_id) || wr_facts_same_ticket(a, o);
}

static bool shows_the_same(const wr_association *x, const wr_association *y)
{
    for (int s = 0; s < 2; s++) {
        const wr_certificate *c = x->side[s].presented.certificate, *d = y->side[s].presented.certificate;
        if (c != NULL && d != NULL && !wr_certificate_same(c, d))
            return false;
    }
    return true;
}

/* The handshake with certificates that a goes back to, the latest of them; NULL when it is not in the capture.
 * *several: they differ. */
static const wr_association *original(const wr_engine *e, const wr_association *a, bool *several)
{
    const wr_association *found = NULL;

    *several = false;
    for (unsigned i = 0; a->session_echo && i < e->associations->len && i < 4096; i++) {
        const wr_association *o = g_ptr_array_index(e->associations, i);
        if (o == a || o->absorbed != NULL || o->first_us > a->first_us || !continues(a, o))
            continue;
        if (o->side[1].presented.certificate == NULL)
            o = o->resumes; /* it was resumed itself, and gave a new ticket */
        if (o == NULL)
            continue;
        *several |= found != NULL && !shows_the_same(found, o);
        found = o;
    }
    return found;
}

/* Its certificates are those that the session was made with: shown in a whole handshake, no others beside, and by one
 * of those who resume it. */
static bool is_sound(const wr_association *a, const wr_association *o)
{
    bool one_of_them = false;

    for (int s = 0; s < 2; s++)
        one_of_them |= wr_endpoint_same_host(&a->side[s].end, &o->side[s].end) ||
                       wr_endpoint_same_host(&a->side[s].end, &o->side[1 - s].end);
    return one_of_them && wr_association_is_completed(o) && o->standing >= WR_COHERENT &&
           o->possession[1] != WR_POSSESSION_INVALID && !o->side[0].presented.contested &&
           !o->side[1].presented.contested;
}

static void judge(wr_presented *p, int s, const wr_certificate *cert, uint32_t frame, const wr_bound *b)
{
    wr_presented other = *p;

    if (cert == NULL || p->verdict == WR_CERT_MISMATCH || p->verdict == WR_CERT_CONTESTED)
        return;
    other.certificate = (wr_certificate *)cert;
    if (wr_compare_presented(&other, s, b) != WR_CERT_MISMATCH)
        return;
    other.certificate = p->certificate;
    *p = other;
    p->other = cert;
    p->frame_other = frame;
    p->verdict = WR_CERT_MISMATCH;
}

void wr_association_judge_others(const wr_engine *e, wr_association *a, wr_bound *b)
{
    bool resumed = a->side[0].presented.verdict == WR_CERT_RESUMED || a->side[1].presented.verdict == WR_CERT_RESUMED;
    bool several;

    a->resumes = resumed ? original(e, a, &several) : NULL;
    if (resumed && (a->resumes == NULL || several || !is_sound(a, a->resumes) || !wr_association_is_completed(a)))
        return;
    if (!resumed && !wr_facts_renegotiated(a))
        return;
    if (resumed) /* who resumes has the secret of the first, and so its certificate */
        wr_views_disown_by(a, a->resumes, b);
    for (int s = 0; s < 2; s++) {
        const wr_side_facts *f = a->side[s].facts;
        if (resumed)
            judge(&a->side[s].presented, s, a->resumes->side[s].presented.certificate,
                  a->resumes->side[s].presented.frame, b);
        else if (f != NULL && f->again != NULL)
            judge(&a->side[s].presented, s, f->again->certificate, f->again->frame, b);
    }
}
