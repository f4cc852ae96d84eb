/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is verified of one handshake says nothing of another one that may have protected the media: completed later on
 * its path, or on a path of its own that media takes.
 */
#include "verdict/verdict.h"

#include <string.h>

static bool cannot_be_judged(const wr_association *a)
{
    return a->verdict == WR_A_UNVERIFIABLE_ENCRYPTED || a->verdict == WR_A_UNVERIFIABLE_INCOMPLETE ||
           a->verdict == WR_A_UNVERIFIABLE_HASH || a->verdict == WR_A_NO_SIGNALLING;
}

/* Went through after a, or at any time in 1.3: there a client whose media is SRTP sends nothing of the application's
 * epoch, and what is verified beside it may be a recording that somebody played again. */
static bool may_have_replaced(const wr_association *o, const wr_association *a)
{
    if (o->version == WR_DTLS_1_3)
        return wr_association_is_through(o);
    return wr_association_is_completed(o) && o->first_us > a->first_us;
}

/* Another one of its path went through later: what the announcements say of this one may be past. */
static void weigh_rivals(wr_facts *f, const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->verdict == WR_A_CONTESTED && a->rival != NULL && f->unexplained == NULL)
            f->unexplained = a;
        if (a->verdict != WR_A_VERIFIED && a->verdict != WR_A_HALF_VERIFIED)
            continue;
        for (unsigned j = 0; j < s->associations->len; j++) {
            wr_association *o = g_ptr_array_index(s->associations, j);
            if (o != a && o->flow == a->flow && may_have_replaced(o, a) &&
                (cannot_be_judged(o) || (o->verdict == WR_A_HALF_VERIFIED && a->verdict == WR_A_VERIFIED)) &&
                f->unjudged == NULL)
                f->unjudged = o;
        }
    }
}

#define MEDIA_FEW 50 /* packets: a second of one voice */

/* It went through on a proven path of its own, media is there, and whose certificates protect it cannot be told. */
static bool is_media_unjudged(const wr_association *o)
{
    const bool unjudged = cannot_be_judged(o) || o->verdict == WR_A_HALF_VERIFIED || o->verdict == WR_A_CERT_CONFLICT ||
                          o->verdict == WR_A_UNAUTHENTICATED;

    return unjudged && o->absorbed == NULL && o->binding <= WR_B1 && o->standing != WR_BARE &&
           wr_association_is_completed(o) && o->flow->media[0].packets + o->flow->media[1].packets >= MEDIA_FEW;
}

/* With another of the call: judged by weigh_rivals(). */
static bool shares_path(const wr_session *s, const wr_association *o)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a != o && a->flow == o->flow)
            return true;
    }
    return false;
}

static uint32_t packets_of(const wr_flow *f)
{
    return f->media[0].packets + f->media[1].packets;
}

/* Media went over both for so long. */
static bool run_together(const wr_flow *f, const wr_flow *g)
{
    int64_t first[2] = {INT64_MAX, INT64_MAX}, last[2] = {0, 0};

    for (int end = 0; end < 2; end++) {
        const wr_traffic *x[2] = {&f->media[end], &g->media[end]};
        for (int k = 0; k < 2; k++) {
            if (x[k]->packets == 0)
                continue;
            first[k] = MIN(first[k], x[k]->first_us);
            last[k] = MAX(last[k], x[k]->last_us);
        }
    }
    return packets_of(g) >= MEDIA_FEW && MIN(last[0], last[1]) - MAX(first[0], first[1]) >= WR_ENFORCE_US;
}

static bool same_pair(const wr_check *k, const wr_check *o)
{
    return (strcmp(k->remote_ufrag, o->remote_ufrag) == 0 && strcmp(k->local_ufrag, o->local_ufrag) == 0) ||
           (strcmp(k->remote_ufrag, o->local_ufrag) == 0 && strcmp(k->local_ufrag, o->remote_ufrag) == 0);
}

static const wr_check *proven_check(const wr_flow *f)
{
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        if (k->request_valid && k->response_valid)
            return k;
    }
    return NULL;
}

/* The path is another candidate pair of one that has a handshake: ICE chose anew, and DTLS goes on (RFC 8842 4). */
static bool goes_on(const wr_flow *f, const wr_check *k, const wr_session *s, bool *beside)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (unsigned j = 0; j < a->flows.len; j++) {
            const wr_flow *g = wr_list_at(&a->flows, j);
            if (g == f)
                return true;
            for (unsigned n = 0; n < g->checks.len; n++)
                if (same_pair(k, wr_list_at(&g->checks, n)))
                    return true;
            *beside |= run_together(f, g);
        }
    }
    return false;
}

/* A path of other ICE credentials, on which media flows at the same time, is a transport of its own, and its keys come
 * of a handshake that was not captured. */
static bool is_unshaken(const wr_session *s, const wr_flow *f)
{
    const wr_check *k = f->associations.len == 0 && packets_of(f) >= MEDIA_FEW ? proven_check(f) : NULL;
    bool beside = false;

    return k != NULL && !goes_on(f, k, s, &beside) && beside;
}

/* What is verified on one path says nothing of the media on another. */
static void weigh_beside(wr_facts *f, const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len && f->beside == NULL; i++) {
        wr_association *o = g_ptr_array_index(s->associations, i);
        if (is_media_unjudged(o) && !shares_path(s, o))
            f->beside = o;
    }
    for (unsigned i = 0; i < s->flows->len && f->unshaken == NULL; i++)
        if (is_unshaken(s, g_ptr_array_index(s->flows, i)))
            f->unshaken = g_ptr_array_index(s->flows, i);
}

void wr_weigh_other_paths(wr_facts *f, const wr_session *s)
{
    weigh_rivals(f, s);
    weigh_beside(f, s);
}
