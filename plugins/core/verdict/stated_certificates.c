/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ties what endpoints say of themselves (statements/testimony.h) to associations whose certificates DTLS 1.3 hides.
 *
 * A statement is taken for an association only when its user name fragments, as far as stated, are those of the checks
 * on the association's path, when its addresses, as far as stated, are the ends of that path, and when the certificate
 * that it calls its own is one that its side announced in signalling. It confirms an announcement; where it contradicts
 * one, nothing is concluded but that it does.
 */
#include "statements/testimony.h"
#include "verdict/verdict.h"

#include <string.h>

#define DTLS_13 0xfefc

static bool addresses_fit(const wr_statement *s, const wr_flow *f, int end)
{
    return (!wr_endpoint_known(&s->local_address) || wr_endpoint_equal(&s->local_address, &f->end[end])) &&
           (!wr_endpoint_known(&s->remote_address) || wr_endpoint_equal(&s->remote_address, &f->end[1 - end]));
}

/* Does this end of the flow go by the fragments that the statement gives? */
static bool names_fit(const wr_statement *s, const wr_check *k, int end)
{
    const char *own = k->from == end ? k->local_ufrag : k->remote_ufrag;
    const char *other = k->from == end ? k->remote_ufrag : k->local_ufrag;

    return g_strcmp0(own, s->local_ufrag) == 0 && (s->remote_ufrag == NULL || g_strcmp0(other, s->remote_ufrag) == 0);
}

/* The side of the association that made this statement; -1 when it is another transport's. */
static int speaker_on(const wr_association *a, const wr_statement *s, const wr_flow *f)
{
    for (int end = 0; end < 2; end++) {
        if (!addresses_fit(s, f, end))
            continue;
        for (unsigned i = 0; i < f->checks.len; i++)
            if (names_fit(s, wr_list_at(&f->checks, i), end))
                return wr_association_role(a, f, end);
    }
    return -1;
}

static int speaker(const wr_association *a, const wr_statement *s)
{
    int side = -1;

    /* one's own fragment, and something of the other end: else any path of a forked offer would do */
    if (s->local_ufrag == NULL || s->local == NULL || a->absorbed != NULL || a->client_end < 0)
        return -1;
    if (s->remote_ufrag == NULL && !wr_endpoint_known(&s->remote_address))
        return -1;
    for (unsigned i = 0; i < a->flows.len && side < 0; i++)
        side = speaker_on(a, s, wr_list_at(&a->flows, i));
    return side;
}

static bool fits_another(const wr_engine *e, const wr_association *a, const wr_statement *s)
{
    for (unsigned i = 0; i < e->associations->len; i++) {
        const wr_association *o = g_ptr_array_index(e->associations, i);
        if (o != a && speaker(o, s) >= 0)
            return true;
    }
    return false;
}

typedef struct {
    bool match, mismatch;
    wr_copy *copy;
    wr_hash hash;
    wr_cert_verdict verdict;
} agreement;

static agreement compare(const wr_certificate *cert, int side, const wr_bound *b)
{
    agreement g = {.verdict = WR_CERT_ENCRYPTED};

    for (unsigned i = 0; i < b->n_views; i++) {
        const wr_view *v = &b->views[i];
        wr_cert_verdict verdict;
        wr_hash hash;
        if (v->copy[side] == NULL || (!v->applies && b->by_address))
            continue;
        verdict = wr_compare_certificate(cert, v->copy[side], v->ufrag[side], &hash, NULL);
        if (verdict == WR_CERT_MATCH || verdict == WR_CERT_MATCH_WEAK) {
            g.match = true;
            g.copy = v->copy[side];
            g.hash = hash;
            g.verdict = verdict;
        } else {
            g.mismatch = true;
        }
    }
    return g;
}

/* What was seen, or was stated before, and this is another? */
static bool contradicts(const wr_association *a, int side, const wr_certificate *cert)
{
    const wr_presented *p = &a->side[side].presented;
    const wr_certificate *known = p->certificate != NULL ? p->certificate : p->stated;

    return cert != NULL && known != NULL && !wr_certificate_same(known, cert);
}

static void adopt(wr_presented *p, wr_certificate *cert, const agreement *g)
{
    if (p->verdict != WR_CERT_ENCRYPTED || !g->match || g->mismatch)
        return;
    p->stated = cert;
    p->verdict = g->verdict;
    p->description = g->copy;
    p->hash = g->hash;
}

static void take_back(wr_association *a)
{
    for (int side = 0; side < 2; side++) {
        wr_presented *p = &a->side[side].presented;
        if (p->stated == NULL)
            continue;
        p->stated = NULL;
        p->verdict = WR_CERT_ENCRYPTED;
        p->description = NULL;
    }
}

/* False when it contradicts something. */
static bool hear(wr_association *a, const wr_statement *s, int own, const wr_bound *b)
{
    agreement local = compare(s->local, own, b), remote = {.verdict = WR_CERT_ENCRYPTED};

    if (!local.match)
        return true; /* not shown to be this side's: says nothing here */
    a->heard = s;
    if (s->remote != NULL)
        remote = compare(s->remote, 1 - own, b);
    if (s->contradictory || (remote.mismatch && !remote.match) || contradicts(a, own, s->local) ||
        contradicts(a, 1 - own, s->remote))
        return false;
    if (s->dtls_state != NULL && strcmp(s->dtls_state, "connected") != 0 && strcmp(s->dtls_state, "closed") != 0)
        return true;
    adopt(&a->side[own].presented, s->local, &local);
    if (s->remote != NULL)
        adopt(&a->side[1 - own].presented, s->remote, &remote);
    return true;
}

/* Certificates that were seen settle all but what the witness says of them. */
static bool differs_from_seen(const wr_association *a, const wr_statement *s, int own)
{
    return contradicts(a, own, s->local) || contradicts(a, 1 - own, s->remote);
}

/* False when this testimony contradicts something. */
static bool hear_all(wr_engine *e, wr_association *a, const wr_testimony *t, const wr_bound *b)
{
    bool agrees = true;

    for (unsigned i = 0; i < t->statements->len; i++) {
        const wr_statement *s = g_ptr_array_index(t->statements, i);
        int own = speaker(a, s);
        if (own < 0 || fits_another(e, a, s))
            continue;
        if (a->version == DTLS_13) {
            agrees &= hear(a, s, own, b);
        } else if (a->version != 0) {
            a->heard = s;
            agrees &= !differs_from_seen(a, s, own);
        }
    }
    return agrees;
}

void wr_association_hear(wr_engine *e, wr_association *a, const wr_bound *b)
{
    bool agrees = true;

    a->heard = NULL;
    a->disputed = false;
    for (unsigned i = 0; i < e->options.n_testimonies && b->grade <= WR_B2; i++)
        agrees &= hear_all(e, a, e->options.testimonies[i], b);
    if (agrees)
        return;
    take_back(a);
    a->disputed = true;
}
