/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Datagrams beside a connection. Anybody can write the addresses of a datagram, and of what a server is said to report
 * (HEP): two of them make an exchange between whomever they name. A connection takes more, for its ends acknowledge
 * each other. So where a connection of a party tells of the same descriptions, datagrams neither accuse nor make two
 * legs of one. Yet a connection can be invented as well, whole, beside a call that was signalled by datagrams alone:
 * what they said before the handshake was done contests what the connection says. What they say later no handshake can
 * have gone by, and there it is an injection.
 */
#include "relations/relations.h"

/* Clocks of two points, once brought together, and packets that changed places between them. */
#define APART_US (WR_SECOND / 10)

bool wr_leg_is_bare(const wr_leg *leg)
{
    leg = wr_leg_root((wr_leg *)leg);
    return leg->witness == NULL && (leg->two_ended || leg->mirrored);
}

/* The last packet of the handshake that is kept: copies of its first ones, sent in advance, do not make it earlier. */
static uint32_t last_of_handshake(const wr_association *a)
{
    uint32_t last = a->server_hello;

    for (unsigned i = 0; i < a->n_frames; i++)
        last = MAX(last, a->frames[i]);
    return last;
}

bool wr_copy_is_after_handshake(const wr_engine *e, const wr_association *a, const wr_copy *c)
{
    if (!a->has_server_random || a->server_hello == 0 || wr_copy_is_stated(c))
        return false;
    if (c->frame <= last_of_handshake(a))
        return false;
    return c->point == a->point ||
           (wr_clock_can_order(e, c->point, a->point) &&
            wr_clock_time(e, c->point, c->time_us) > wr_clock_time(e, a->point, a->server_hello_us) + APART_US);
}

/* ---- of one association ---- */

static bool is_connection(const wr_view *v)
{
    return v->leg->witness == NULL && !wr_leg_is_bare(v->leg) && v->tie > WR_TIE_NONE;
}

/* Datagrams of one way alone, but for those in which a server reports what it was told. */
static bool is_lone(const wr_view *v)
{
    for (int side = 0; side < 2; side++)
        for (unsigned k = 0; k < v->n_told[side]; k++)
            if (v->told[side][k]->mirrored)
                return false;
    return v->leg->two_ended && v->leg->witness == NULL && (v->n_told[0] == 0 || v->n_told[1] == 0);
}

static bool is_told_by_connection(const wr_bound *b, int side)
{
    for (unsigned i = 0; i < b->n_views; i++)
        if (is_connection(&b->views[i]) && b->views[i].copy[side] != NULL)
            return true;
    return false;
}

static void drop_if_late(const wr_engine *e, const wr_association *a, wr_copy **c)
{
    if (*c != NULL && wr_copy_is_after_handshake(e, a, *c))
        *c = NULL;
}

/* What was said of a side when the handshake was done, and a connection tells of that side. */
static void drop_late(const wr_engine *e, const wr_association *a, const wr_bound *b, wr_view *v)
{
    for (int side = 0; side < 2; side++) {
        if (!is_told_by_connection(b, side))
            continue;
        drop_if_late(e, a, &v->copy[side]);
        drop_if_late(e, a, &v->rival[side]);
        drop_if_late(e, a, &v->other_form[side]);
        if (v->copy[side] == NULL)
            v->rival[side] = v->other_form[side] = NULL;
    }
    if (v->copy[0] == NULL && v->copy[1] == NULL)
        v->tie = WR_TIE_NONE;
}

/* A connection, tied as well, tells of both sides. */
static bool is_outdone(const wr_bound *b, const wr_view *v)
{
    for (unsigned i = 0; i < b->n_views; i++) {
        const wr_view *o = &b->views[i];
        if (is_connection(o) && o->tie >= v->tie && o->copy[0] != NULL && o->copy[1] != NULL)
            return true;
    }
    return false;
}

/* Connections first: what they say is named before what datagrams say as well. */
static void put_connections_first(wr_bound *b)
{
    unsigned n = 0;

    for (unsigned i = 0; i < b->n_views; i++) {
        const wr_view v = b->views[i];
        if (wr_leg_is_bare(v.leg))
            continue;
        for (unsigned k = i; k > n; k--)
            b->views[k] = b->views[k - 1];
        b->views[n++] = v;
    }
}

void wr_views_weigh_datagrams(const wr_engine *e, const wr_association *a, wr_bound *out)
{
    bool any = false;

    put_connections_first(out);
    for (unsigned i = 0; i < out->n_views; i++)
        any |= is_connection(&out->views[i]);
    for (unsigned i = 0; any && i < out->n_views; i++) {
        wr_view *v = &out->views[i];
        if (!wr_leg_is_bare(v->leg))
            continue;
        if (is_lone(v))
            v->tie = WR_TIE_NONE;
        else
            drop_late(e, a, out, v);
        v->beside = v->tie > WR_TIE_NONE && is_outdone(out, v);
    }
}

/* ---- of a call ---- */

static bool is_of(const wr_association *a, const wr_copy *c)
{
    for (int side = 0; side < 2; side++)
        if (a->owner[side] != NULL && wr_copies_share_credentials(a->owner[side], c))
            return true;
    return false;
}

bool wr_copy_is_after_all(const wr_engine *e, const wr_session *s, const wr_pairing *p, const wr_copy *c)
{
    bool any = false;

    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (!is_of(a, p->first) && !is_of(a, p->second))
            continue;
        if (!wr_copy_is_after_handshake(e, a, c))
            return false;
        any = true;
    }
    return any;
}

/* A relay is told by one host and tells another: where one of both hosts is the same, the other's address was
 * translated. */
bool wr_pairing_is_one_hop(const wr_pairing *p)
{
    const wr_copy *a = p->first, *b = p->second;

    if (!wr_leg_is_bare(a->leg) || !wr_leg_is_bare(b->leg))
        return false;
    return (a->hop != 0 && a->hop == b->hop) || wr_endpoint_same_host(&a->src, &b->src) ||
           wr_endpoint_same_host(&a->dst, &b->dst);
}
