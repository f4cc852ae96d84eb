/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each leg says of the two sides of an association: which of the descriptions that it told are in force, and
 * whether its client is one of the association's ends at all.
 *
 * In force is the pair of offer and answer whose user names both fit the checks, and of several such pairs the latest
 * told before the handshake was answered (RFC 3264 4: one exchange at a time); never one from the future while there is
 * another. A leg speaks for the party that it belongs to: a connection from the host where the association ends says
 * more than one whose client merely announces an address there, for whoever copies a description announces the same.
 */
#include "pairs.h"
#include "relations/relations.h"
#include "relations/signalling_path.h"
#include "sdp/compare.h"

#include <string.h>

static wr_view *view_of(wr_bound *out, wr_leg *leg)
{
    leg = wr_leg_root(leg);
    for (unsigned i = 0; i < out->n_views; i++)
        if (out->views[i].leg == leg)
            return &out->views[i];
    if (out->n_views == WR_MAX_VIEWS)
        return NULL;
    out->views = g_renew(wr_view, out->views, out->n_views + 1);
    memset(&out->views[out->n_views], 0, sizeof(wr_view));
    out->views[out->n_views].leg = leg;
    out->views[out->n_views].own = -1;
    return &out->views[out->n_views++];
}

void wr_view_add(wr_bound *out, wr_copy *c, int side, const char *ufrag)
{
    wr_view *v = view_of(out, c->leg);
    unsigned n;

    if (v == NULL)
        return;
    n = v->n_told[side];
    for (unsigned i = 0; i < n; i++)
        if (v->told[side][i] == c)
            return;
    if (n == WR_MAX_CANDIDATES_OF_VIEW) { /* the newest come last, and are the likeliest */
        memmove(&v->told[side][1], &v->told[side][2], (n - 2) * sizeof v->told[side][0]);
        memmove(&v->told_ufrag[side][1], &v->told_ufrag[side][2], (n - 2) * sizeof v->told_ufrag[side][0]);
        n--;
    }
    v->told[side][n] = c;
    v->told_ufrag[side][n] = ufrag;
    v->n_told[side] = n + 1;
}

static bool announces_exactly(const wr_copy *c, const wr_endpoint *end)
{
    for (unsigned i = 0; i < c->n_addresses; i++)
        if (wr_endpoint_equal(&c->addresses[i], end))
            return true;
    return false;
}

/* Both parties use one user name: a copy that stands for both sides is put where its author is. */
static void part_sides(wr_view *v, const wr_endpoint end[2])
{
    for (unsigned i = 0; i < v->n_told[0]; i++) {
        for (unsigned j = 0; j < v->n_told[1]; j++) {
            const wr_copy *c = v->told[0][i];
            bool at[2];
            if (v->told[1][j] != c)
                continue;
            for (int s = 0; s < 2; s++)
                at[s] = announces_exactly(c, &end[s]);
            if (at[0] == at[1] && c->direction != WR_DIRECTION_UNKNOWN && wr_endpoint_known(&v->leg->client)) {
                const bool emitted = c->direction == WR_DIRECTION_EMITTED;
                for (int s = 0; s < 2; s++)
                    at[s] = wr_endpoint_same_host(&v->leg->client, &end[s]) == emitted;
            }
            if (at[0] == at[1])
                continue;
            if (at[0]) {
                wr_view_drop(v, 1, j);
                break;
            }
            wr_view_drop(v, 0, i--);
            break;
        }
    }
}

/* Agreed on: what is only offered is not in force (RFC 3264 4). */
static bool is_settled(const wr_copy *c)
{
    return wr_kind_is_answer(c->kind) || c->n_answers > 0;
}

/* Of several descriptions of one side on one leg the latest before the handshake was answered; else the first. */
static bool better_copy(const wr_copy *c, const wr_copy *best, const wr_association *a, int side)
{
    int c_early, best_early;

    if (best == NULL)
        return true;
    if (c->echo != best->echo)
        return best->echo;
    if (c->withdrawn != best->withdrawn)
        return best->withdrawn;
    if ((c->unsent != 0) != (best->unsent != 0)) /* put into the connection, which goes on without it */
        return best->unsent != 0;
    c_early = wr_copy_earliness(c, a);
    best_early = wr_copy_earliness(best, a);
    if ((c_early == 0) != (best_early == 0)) /* said when this handshake was long answered: of a later one, if any */
        return c_early > 0;
    /* refused, or answered elsewhere: what was agreed on before goes on (RFC 3261 14.1) */
    if (is_settled(c) != is_settled(best))
        return is_settled(c);
    /* both were told for exchanges that their messages do not tell apart */
    if (wr_copy_is_guess(c) && wr_copy_is_guess(best) &&
        wr_copy_explains(c, a, side) != wr_copy_explains(best, a, side))
        return wr_copy_explains(c, a, side);
    if (c_early != best_early)
        return c_early > best_early;
    return c_early > 0 ? wr_copy_after(c, best) > 0 : wr_copy_after(c, best) < 0;
}

/* Two things told to one party for one version: an endpoint in state stable takes no second answer (RFC 9429 3.2), but
 * which of them it took the wire does not show. */
static bool is_rival(const wr_copy *c, const wr_copy *in_force, const wr_association *a)
{
    if (wr_copy_earliness(c, a) == 0 && wr_copy_earliness(in_force, a) > 0) /* of a later handshake, if any */
        return false;
    if (!is_settled(c) && is_settled(in_force) &&
        !(c->said_twice && in_force->said_twice)) /* the answer is to either */
        return false; /* refused, or not answered: what was in force stays in force (RFC 3261 14.1) */
    return c != in_force && c->direction == in_force->direction && wr_copies_same_class(c, in_force) && !c->echo &&
           !c->withdrawn && c->unsent == 0 &&
           (c->partner == in_force->partner || c->partner == NULL || in_force->partner == NULL) &&
           wr_copies_share_credentials(c, in_force) &&
           wr_sdp_compare_fingerprints(c->sdp, in_force->sdp) != WR_FPS_EQUAL;
}

/* An offer is no other one by its o= line, and the answer, which names no offer, was put to the one that came last. Nor
 * is a certificate foreign that bytes announce which the connection goes on without. */
static bool is_other_form(const wr_copy *c, const wr_copy *in_force)
{
    return c != in_force && (c->unsent != 0 || (!wr_kind_is_answer(c->kind) && !is_settled(c))) &&
           c->point == in_force->point && c->connection == in_force->connection &&
           c->direction == in_force->direction && wr_copies_same_class(c, in_force) && !c->echo && !c->withdrawn &&
           wr_sdp_same_version(c->sdp, in_force->sdp) && wr_copies_share_credentials(c, in_force);
}

static void choose_copies(const wr_association *a, wr_view *v)
{
    for (int side = 0; side < 2; side++) {
        for (unsigned i = 0; i < v->n_told[side]; i++) {
            if (!better_copy(v->told[side][i], v->copy[side], a, side))
                continue;
            v->copy[side] = v->told[side][i];
            v->ufrag[side] = v->told_ufrag[side][i];
        }
        for (unsigned i = 0; v->copy[side] != NULL && i < v->n_told[side]; i++)
            if (is_rival(v->told[side][i], v->copy[side], a))
                v->rival[side] = v->told[side][i];
            else if (is_other_form(v->told[side][i], v->copy[side]))
                v->other_form[side] = v->told[side][i];
    }
}

/* ---- whose leg it is ---- */

/* Is this address one of the client's: its signalling host, an address that its TURN server lent to that host, or a
 * candidate that it announced? other: the opposite end. */
static wr_tie tie_of(const wr_engine *e, const wr_leg *leg, const wr_copy *own, const wr_endpoint *end,
                     const wr_endpoint *other)
{
    const wr_endpoint *lent;

    if (wr_endpoint_same_host(&leg->client, end))
        return WR_TIE_ADDRESS;
    lent = g_hash_table_lookup(e->relays, end);
    if (lent != NULL && wr_endpoint_same_host(&leg->client, lent))
        return WR_TIE_ADDRESS;
    if (wr_endpoint_same_host(&leg->client, other)) /* it is the other one's, whatever it announces */
        return WR_TIE_NONE;
    for (unsigned i = 0; own != NULL && own->direction == WR_DIRECTION_EMITTED && i < own->n_addresses; i++)
        if (wr_endpoint_same_host(&own->addresses[i], end))
            return WR_TIE_ANNOUNCED;
    return WR_TIE_NONE;
}

/* Where both parties speak on one path (SIP over UDP): it is tied by either of them; not where one would be told what
 * it wrote itself. */
static wr_tie tie_of_path(const wr_engine *e, const wr_view *v, const wr_endpoint at[2])
{
    wr_endpoint end[2];

    for (int s = 0; s < 2; s++) { /* who stands behind a relay is not at its host */
        const wr_endpoint *lent = g_hash_table_lookup(e->relays, &at[s]);
        end[s] = lent != NULL ? *lent : at[s];
    }
    for (int s = 0; s < 2; s++)
        if (v->copy[s] != NULL && wr_endpoint_same_host(&v->copy[s]->dst, &end[s]) &&
            !wr_endpoint_same_host(&end[0], &end[1]))
            return WR_TIE_NONE;
    for (int s = 0; s < 2; s++) {
        const wr_copy *c = v->copy[s];
        if (c != NULL && (wr_endpoint_same_host(&c->src, &end[s]) || wr_endpoint_same_host(&c->dst, &end[1 - s])))
            return WR_TIE_ADDRESS;
    }
    return WR_TIE_ANNOUNCED;
}

/* A witness whose addresses are not told is known by the certificate that he presents. */
static bool is_witness(const wr_association *a, const wr_view *v, int own)
{
    const wr_copy *c = v->copy[own];

    return v->leg->witness != NULL && c != NULL && c->direction == WR_DIRECTION_EMITTED && wr_copy_explains(c, a, own);
}

/* A view applies when its client sits at the end that the client's own description owns. Where copies share credentials
 * this is what tells the two associations of an interception apart. */
static void judge_view(const wr_engine *e, const wr_association *a, const wr_endpoint end[2], wr_view *v)
{
    wr_tie tie = WR_TIE_NONE;
    int own = -1;

    for (int s = 0; s < 2; s++) {
        if (v->copy[s] == NULL)
            continue;
        if (v->copy[s]->direction == WR_DIRECTION_EMITTED)
            own = s;
        else if (own < 0 && v->copy[s]->direction == WR_DIRECTION_DELIVERED)
            own = 1 - s;
    }
    if (v->leg->two_ended)
        tie = tie_of_path(e, v, end);
    else if (own >= 0)
        tie = tie_of(e, v->leg, v->copy[own], &end[own], &end[1 - own]);
    if (tie == WR_TIE_NONE && own >= 0 && is_witness(a, v, own))
        tie = WR_TIE_ANNOUNCED;
    if (tie <= v->tie)
        return;
    v->tie = tie;
    v->own = v->leg->two_ended ? -1 : own;
}

/* The group of hosts of what was told on this leg; 0 for none, and for files beside the capture. */
static unsigned group_of(wr_hosts *hosts, const wr_view *v)
{
    for (int side = 0; side < 2; side++)
        if (v->n_told[side] > 0)
            return wr_hosts_group(hosts, v->told[side][0]);
    return 0;
}

static bool is_joined(wr_hosts *hosts, const wr_bound *out, const wr_view *v)
{
    const unsigned group = group_of(hosts, v);

    for (unsigned i = 0; i < out->n_views; i++)
        if (out->views[i].tie == WR_TIE_ADDRESS && (group == 0 || group_of(hosts, &out->views[i]) == group))
            return true;
    return false;
}

/* Candidates are copied with the description. Where the leg of one party is tied by its address, a leg that is tied by
 * candidates alone counts only when hosts join it with that one that signalling passed through. */
static void untie_strangers(wr_bound *out)
{
    wr_hosts *hosts = wr_hosts_new();
    bool any = false;

    for (unsigned i = 0; i < out->n_views; i++) {
        const wr_view *v = &out->views[i];
        any |= v->tie == WR_TIE_ADDRESS;
        for (int side = 0; side < 2; side++)
            for (unsigned k = 0; k < v->n_told[side]; k++)
                wr_hosts_join(hosts, v->told[side][k]);
    }
    for (unsigned i = 0; any && i < out->n_views; i++)
        if (out->views[i].tie == WR_TIE_ANNOUNCED && !is_joined(hosts, out, &out->views[i]))
            out->views[i].tie = WR_TIE_NONE;
    wr_hosts_free(hosts);
}

/* Of the legs that speak for one party those count that are tied to it best. */
static void choose_views(wr_bound *out)
{
    for (unsigned i = 0; i < out->n_views; i++) {
        wr_view *v = &out->views[i];
        v->applies = v->tie > WR_TIE_NONE;
        for (unsigned j = 0; v->applies && j < out->n_views; j++)
            if (out->views[j].own == v->own && out->views[j].tie > v->tie)
                v->applies = false;
        out->by_address |= v->applies;
    }
}

/* What a party was told, or said, on another connection when this handshake was long answered is of a later one, where
 * something was told before. */
static void leave_later_ones(const wr_association *a, wr_bound *out)
{
    for (unsigned i = 0; i < out->n_views; i++) {
        wr_view *v = &out->views[i];
        for (int side = 0; side < 2; side++) {
            if (!v->applies || v->copy[side] == NULL || wr_copy_earliness(v->copy[side], a) > 0)
                continue;
            for (unsigned j = 0; j < out->n_views && v->copy[side] != NULL; j++) {
                const wr_view *o = &out->views[j];
                if (o->applies && o->own == v->own && o->copy[side] != NULL && wr_copy_earliness(o->copy[side], a) > 0)
                    v->copy[side] = v->rival[side] = v->other_form[side] = NULL;
            }
        }
    }
}

void wr_views_settle(const wr_engine *e, const wr_association *a, wr_bound *out, const wr_endpoint (*ends)[2],
                     unsigned n_ends)
{
    for (unsigned i = 0; i < out->n_views; i++)
        part_sides(&out->views[i], ends[0]);
    for (int side = 0; side < 2; side++)
        wr_views_keep_pairs(out, a, side);
    for (unsigned i = 0; i < out->n_views; i++) {
        choose_copies(a, &out->views[i]);
        for (unsigned k = 0; k < n_ends; k++)
            judge_view(e, a, ends[k], &out->views[i]);
    }
    untie_strangers(out);
    wr_views_weigh_datagrams(e, a, out);
    choose_views(out);
    leave_later_ones(a, out);
}
