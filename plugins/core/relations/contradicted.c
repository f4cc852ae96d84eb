/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions that another one takes back. Who reads a call's signalling can open a connection from a party's address,
 * repeat a description there and change a line of it, or put a message beside the true one. What only one of two such
 * descriptions says is a claim: it does not show which of them the party wrote, or was told. Nor is a description in
 * force that no check bears out while checks of the call name others.
 */
#include "relations/relations.h"

#include <string.h>

#define LOOK_AT_MOST 4096 /* copies of one call */

static bool is_datagram(const wr_copy *c)
{
    return wr_leg_root(c->leg)->two_ended || c->direction == WR_DIRECTION_UNKNOWN;
}

/* Both were said by one client, or to it. */
static bool same_client(const wr_copy *a, const wr_copy *b)
{
    const wr_endpoint *x = &wr_leg_root(a->leg)->client, *y = &wr_leg_root(b->leg)->client;

    if (wr_endpoint_known(x) && wr_endpoint_known(y))
        return a->direction == b->direction && wr_endpoint_same_host(x, y);
    return wr_endpoint_same_host(&a->src, &b->src);
}

/* One client, on two connections with one server, says the one and is told the other. */
static bool is_said_and_told(const wr_copy *a, const wr_copy *b)
{
    const wr_leg *x = wr_leg_root(a->leg), *y = wr_leg_root(b->leg);

    return x != y && !x->two_ended && !y->two_ended && wr_endpoint_known(&x->client) &&
           wr_endpoint_same_host(&x->client, &y->client) && wr_endpoint_same_host(&x->server, &y->server) &&
           a->direction != WR_DIRECTION_UNKNOWN && b->direction != WR_DIRECTION_UNKNOWN &&
           a->direction != b->direction && wr_copies_share_credentials(a, b);
}

/* Who passes descriptions on is told before he speaks, of both halves of an exchange. */
static bool is_told_too_late(const wr_session *s, const wr_copy *c)
{
    for (unsigned i = 0; c != NULL && i < s->copies->len && i < LOOK_AT_MOST; i++) {
        const wr_copy *r = g_ptr_array_index(s->copies, i);
        if (is_said_and_told(c, r) &&
            (c->direction == WR_DIRECTION_EMITTED ? wr_copy_after(c, r) <= 0 : wr_copy_after(r, c) <= 0))
            return true;
    }
    return false;
}

/* On one connection a later version takes the place of the one before; two forms of one version contradict each other,
 * unless two vantage points saw them that both have the connection: then the connection itself was altered in between.
 * As far as signalling alone shows, that is so in any case, but where bytes of one TCP sequence were sent twice. */
static bool is_of_one_connection(const wr_session *s, const wr_copy *a, const wr_copy *b)
{
    return (s->tied || (a->said_twice && b->said_twice)) && wr_copies_not_altered_between(a, b) &&
           (is_datagram(a) || wr_sdp_same_version(a->sdp, b->sdp));
}

/* too_late: what c says as one that passes on was not told to it in time. */
static bool is_rival(const wr_session *s, const wr_copy *c, const wr_copy *r, bool too_late)
{
    if (r == c || !wr_copies_same_class(c, r) || wr_copy_is_stated(r) || r->echo ||
        memcmp(c->sdp->canonical, r->sdp->canonical, sizeof c->sdp->canonical) == 0)
        return false;
    if (same_client(c, r))
        return c->connection == r->connection && c->leg == r->leg ? is_of_one_connection(s, c, r) : true;
    if (!s->tied)
        return !wr_copies_are_joined(s, c, r) || (too_late && is_said_and_told(c, r));
    return wr_copies_share_credentials(c, r) && wr_copy_is_tied(s, r) &&
           (!wr_copy_is_tied(s, c) || (wr_leg_is_bare(c->leg) && !wr_leg_is_bare(r->leg)));
}

const wr_copy *wr_copy_contradiction(const wr_session *s, const wr_copy *c, bool (*says_it)(const wr_copy *, gpointer),
                                     gpointer user)
{
    bool too_late;

    if (wr_copy_is_stated(c))
        return NULL;
    too_late = !s->tied && (is_told_too_late(s, c) || is_told_too_late(s, c->partner));
    for (unsigned i = 0; i < s->copies->len && i < LOOK_AT_MOST; i++) {
        const wr_copy *r = g_ptr_array_index(s->copies, i);
        if (is_rival(s, c, r, too_late) && !says_it(r, user))
            return r;
    }
    return NULL;
}

/* The check's user names are signed by the password of the one (RFC 8445 7.2.2): they name both. */
static bool is_named(const wr_copy *c, const wr_check *k)
{
    for (unsigned i = 0; i < c->credentials.len; i++) {
        const wr_credential *x = wr_list_at(&c->credentials, i);
        if ((g_strcmp0(x->ufrag, k->remote_ufrag) == 0 && g_strcmp0(x->password, k->password) == 0) ||
            g_strcmp0(x->ufrag, k->local_ufrag) == 0)
            return true;
    }
    return false;
}

static bool any_names(const wr_association *a, const wr_copy *c)
{
    for (unsigned j = 0; j < a->flows.len; j++) {
        const wr_flow *f = wr_list_at(&a->flows, j);
        for (unsigned n = 0; n < f->checks.len; n++) {
            const wr_check *k = wr_list_at(&f->checks, n);
            if (k->password != NULL && is_named(c, k))
                return true;
        }
    }
    return false;
}

/* By the checks of its own flows; bound: some flow has any. */
static bool is_named_in(const wr_session *s, const wr_copy *c, bool *bound)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->binding > WR_B1)
            continue;
        *bound = true;
        if (any_names(a, c))
            return true;
    }
    return false;
}

/* What else its connection carried, in both directions, is the party's. */
static bool goes_with(const wr_copy *c, const wr_copy *other)
{
    return other != c && other->leg == c->leg && other->connection == c->connection && !is_datagram(c) &&
           c->doubted == 0 && c->unsent == 0 && !c->said_twice;
}

bool wr_copy_is_borne_out(const wr_session *s, const wr_copy *c)
{
    bool bound = false;

    if (wr_copy_is_stated(c) || is_named_in(s, c, &bound) || !bound)
        return true;
    for (unsigned i = 0; i < s->copies->len && i < LOOK_AT_MOST; i++) {
        const wr_copy *o = g_ptr_array_index(s->copies, i);
        if (goes_with(c, o) && is_named_in(s, o, &bound))
            return true;
    }
    return false;
}
