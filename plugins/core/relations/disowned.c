/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Legs that the proven handshake contradicts. Whoever can put packets near the tap can invent a connection from where
 * the other party's flow ends, with copied ICE credentials and other fingerprints. It looks like the leg of a party
 * whose descriptions were altered on their way; but the client's own end then shows, with a signature, what the party
 * at the other end was told, and not what this client says of itself. Where an interception took the client's address
 * it looks the same: what such a leg says is a claim. Where the certificate that it announces was shown elsewhere in
 * the call, its client has a handshake of its own, and it counts.
 */
#include "relations/relations.h"
#include "sdp/compare.h"

static bool is_datagrams(const wr_leg *leg)
{
    return leg->two_ended && leg->witness == NULL;
}

/* This view holds what the party at this end of the association says of itself. */
static bool speaks_at(const wr_association *a, const wr_view *v, int side)
{
    const wr_copy *c = v->copy[side];

    if (c == NULL)
        return false;
    if (!is_datagrams(v->leg))
        return v->own == side && c->direction == WR_DIRECTION_EMITTED;
    return wr_endpoint_same_host(&c->src, &a->side[side].end);
}

/* Nothing that can be compared is in both: what only adds a line to what the author said is no invention of the
 * author's leg, for it repeats that. */
static bool replaces(const wr_copy *a, const wr_copy *b)
{
    return wr_sdp_compare_fingerprints(a->sdp, b->sdp) >= WR_FPS_DIFFERENT;
}

/* Another leg announces what this side showed, in place of what this one says. */
static bool is_explained(const wr_bound *b, const wr_view *but, int side, const wr_certificate *cert)
{
    for (unsigned i = 0; i < b->n_views; i++) {
        const wr_view *v = &b->views[i];
        if (v != but && v->applies && v->leg->witness == NULL && v->copy[side] != NULL &&
            wr_sdp_announces(v->copy[side]->sdp, cert) && replaces(v->copy[side], but->copy[side]))
            return true;
    }
    return false;
}

void wr_views_disown_by(const wr_association *a, const wr_association *shown, wr_bound *out)
{
    for (int side = 0; side < 2; side++) {
        const wr_certificate *cert = shown->side[side].presented.certificate;
        if (cert == NULL || shown->possession[side] == WR_POSSESSION_INVALID)
            continue;
        for (unsigned i = 0; i < out->n_views; i++) {
            wr_view *v = &out->views[i];
            v->disowned |= v->applies && v->leg->witness == NULL && speaks_at(a, v, side) &&
                           !wr_sdp_announces(v->copy[side]->sdp, cert) && is_explained(out, v, side, cert);
        }
    }
}

void wr_views_disown(const wr_association *a, wr_bound *out)
{
    wr_views_disown_by(a, a, out);
}

/* Its key signed, or the handshake went through with it: a record with a copy of it is anybody's. */
static bool is_backed(const wr_association *a, int side)
{
    return a->possession[side] == WR_POSSESSION_PROVED ||
           (a->possession[side] != WR_POSSESSION_INVALID && a->standing != WR_BARE && wr_association_is_through(a));
}

/* Some handshake of the session shows the certificate that it announces. */
static bool is_shown(const wr_session *s, const wr_copy *c)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const wr_certificate *cert = a->side[side].presented.certificate;
            if (cert != NULL && is_backed(a, side) && wr_sdp_announces(c->sdp, cert))
                return true;
        }
    }
    return false;
}

#define LOOK_AT_MOST 64 /* copies of one leg */

static bool is_any_shown(const wr_session *s, const wr_leg *leg)
{
    for (unsigned i = 0; i < leg->copies.len && i < LOOK_AT_MOST; i++) {
        const wr_copy *c = wr_list_at(&leg->copies, i);
        if (c->direction == WR_DIRECTION_EMITTED && is_shown(s, c))
            return true;
    }
    return false;
}

static bool is_disowned_in(const wr_association *a, const wr_leg *leg)
{
    for (unsigned j = 0; j < a->n_ties; j++)
        if (a->ties[j].disowned && wr_leg_root((wr_leg *)a->ties[j].leg) == leg)
            return true;
    return false;
}

bool wr_leg_is_disowned(const wr_session *s, const wr_leg *leg)
{
    leg = wr_leg_root((wr_leg *)leg);
    for (unsigned i = 0; i < s->associations->len; i++)
        if (is_disowned_in(g_ptr_array_index(s->associations, i), leg))
            return !is_any_shown(s, leg);
    return false;
}

/* ---- in the wrong place ---- */

/* It ends where this side does, and the other side does not. */
static bool is_end(const wr_association *a, int side, const wr_endpoint *host)
{
    return wr_endpoint_same_host(host, &a->side[side].end) && !wr_endpoint_same_host(host, &a->side[1 - side].end);
}

static bool is_owned(const wr_association *a, int side, const wr_copy *c)
{
    return a->owner[side] != NULL && a->binding <= WR_B1 && wr_copies_share_credentials(a->owner[side], c);
}

/* Datagrams in which a party is told what it wrote itself. */
static bool is_told_its_own(const wr_association *a, const wr_leg *leg)
{
    bool own = false;

    for (unsigned i = 0; i < leg->copies.len && i < LOOK_AT_MOST; i++) {
        const wr_copy *c = wr_list_at(&leg->copies, i);
        for (int side = 0; side < 2; side++) {
            if (!is_owned(a, side, c))
                continue;
            if (is_end(a, side, &c->src) || is_end(a, 1 - side, &c->dst))
                return false;
            own |= is_end(a, side, &c->dst);
        }
    }
    return own;
}

/* Its client is where this side ends: 1 where it says what that side's checks are made with, -1 where all that it says
 * is something else, 0 where it is not there, or says nothing. */
static int place_of(const wr_association *a, int side, const wr_leg *leg)
{
    int place = 0;

    if (a->owner[side] == NULL || a->binding > WR_B1 || !is_end(a, side, &leg->client))
        return 0;
    for (unsigned i = 0; i < leg->copies.len && i < LOOK_AT_MOST; i++) {
        const wr_copy *c = wr_list_at(&leg->copies, i);
        if (c->direction != WR_DIRECTION_EMITTED)
            continue;
        if (is_owned(a, side, c))
            return 1;
        place = -1;
    }
    return place;
}

bool wr_leg_is_out_of_place(const wr_session *s, const wr_leg *leg)
{
    bool out = false;

    leg = wr_leg_root((wr_leg *)leg);
    if (leg->witness != NULL)
        return false;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (leg->two_ended) {
            out |= is_told_its_own(a, leg);
            continue;
        }
        for (int side = 0; side < 2; side++) {
            const int place = place_of(a, side, leg);
            if (place > 0)
                return false;
            out |= place < 0;
        }
    }
    return out;
}

bool wr_copy_is_misplaced(const wr_session *s, const wr_copy *c)
{
    const wr_leg *leg = wr_leg_root(c->leg);

    for (unsigned i = 0; !leg->two_ended && leg->witness == NULL && i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const int others = c->direction == WR_DIRECTION_EMITTED ? 1 - side : side;
            if (a->binding <= WR_B1 && c->direction != WR_DIRECTION_UNKNOWN && is_end(a, side, &leg->client) &&
                is_owned(a, others, c) && !is_owned(a, 1 - others, c))
                return true;
        }
    }
    return false;
}

/* ---- where certificates are hidden ---- */

static int side_at(const wr_association *a, const wr_endpoint *host)
{
    return is_end(a, 0, host) ? 0 : is_end(a, 1, host) ? 1 : -1;
}

/* The side of the association that the copy's leg is at; -1 for none. */
static int end_of(const wr_association *a, const wr_copy *c)
{
    const wr_leg *leg = wr_leg_root(c->leg);
    int side;

    if (!is_datagrams(leg))
        return side_at(a, &leg->client);
    side = side_at(a, &c->src);
    return side >= 0 ? side : side_at(a, &c->dst);
}

/* Nothing that is readable shows whose the description is that both are copies of. */
static bool hides_author(const wr_association *a, const wr_copy *c)
{
    for (int side = 0; side < 2; side++)
        if (is_owned(a, side, c) && a->side[side].presented.certificate == NULL)
            return true;
    return false;
}

bool wr_pairing_is_bypassed(const wr_session *s, const wr_pairing *p)
{
    if (wr_copy_is_stated(p->issued) || wr_copy_is_stated(p->delivered) ||
        !wr_copies_share_credentials(p->issued, p->delivered)) /* re-authored: then the ends have paths of their own */
        return false;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        const int one = end_of(a, p->issued), other = end_of(a, p->delivered);
        if (one >= 0 && other >= 0 && one != other && wr_association_is_through(a) && hides_author(a, p->issued))
            return true;
    }
    return false;
}
