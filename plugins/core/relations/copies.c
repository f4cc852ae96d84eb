/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of one description on several legs of a session, for comparing what was issued with what was delivered (rules
 * 2.6, 2.7).
 */
#include "base/index.h"
#include "records/store.h"
#include "relations/relations.h"
#include "sdp/compare.h"

#include <string.h>

static void consider_pairing(wr_session *s, GHashTable *seen, wr_copy *p, wr_copy *c)
{
    wr_pairing *x;
    wr_sameness sameness;
    char key[64];

    if (p == c || p->echo || c->echo || !wr_copies_may_relay(p, c))
        return;
    g_snprintf(key, sizeof key, "%u %u", MIN(p->number, c->number), MAX(p->number, c->number));
    if (!g_hash_table_add(seen, g_strdup(key)))
        return;
    sameness = wr_sdp_sameness(p->sdp, c->sdp);
    if (sameness == WR_SAME_S3 && !wr_copy_is_hop(p, c))
        return;
    x = g_new0(wr_pairing, 1);
    x->first = wr_copy_after(c, p) >= 0 ? p : c;
    /* clocks of witnesses may differ: what was given comes before what was got */
    if ((wr_copy_is_stated(p) || wr_copy_is_stated(c)) && p->direction != c->direction &&
        p->direction != WR_DIRECTION_UNKNOWN && c->direction != WR_DIRECTION_UNKNOWN)
        x->first = p->direction == WR_DIRECTION_EMITTED ? p : c;
    x->second = x->first == p ? c : p;
    x->issued = p->direction == WR_DIRECTION_EMITTED && c->direction == WR_DIRECTION_DELIVERED   ? p
                : c->direction == WR_DIRECTION_EMITTED && p->direction == WR_DIRECTION_DELIVERED ? c
                                                                                                 : x->first;
    x->delivered = x->issued == p ? c : p;
    x->sameness = sameness;
    x->fingerprints = sameness == WR_SAME_S0 ? WR_FPS_EQUAL : wr_sdp_compare_fingerprints(p->sdp, c->sdp);
    g_ptr_array_add(s->pairings, x);
}

static void consider_bucket(wr_session *s, GHashTable *seen, wr_bucket bucket, wr_copy *c)
{
    for (unsigned i = 0; i < bucket.len && i < WR_MAX_BUCKET; i++)
        consider_pairing(s, seen, bucket.members[i], c);
}

/* What a host was told after it spoke is not what it passed on, nor is what it said before it was told. */
static bool can_be_passed_on(const wr_engine *e, const wr_copy *c, const wr_copy *other)
{
    return !(wr_endpoint_same_host(&other->dst, &c->src) && wr_copy_is_later(e, other, c)) &&
           !(wr_endpoint_same_host(&other->src, &c->dst) && wr_copy_is_later(e, c, other));
}

/* The copies that were seen again as themselves; judged: on legs of parties. g_hash_table_destroy. */
static GHashTable *relayed_copies(const wr_engine *e, const wr_session *s, bool judged)
{
    GHashTable *relayed = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (p->sameness == WR_SAME_S3 || (judged && wr_pairing_weight(e, s, p) != WR_WEIGHT_FULL))
            continue;
        if (can_be_passed_on(e, p->first, p->second))
            g_hash_table_add(relayed, p->first);
        if (can_be_passed_on(e, p->second, p->first))
            g_hash_table_add(relayed, p->second);
    }
    return relayed;
}

/* A description that is seen again as itself was not re-authored as well: successive offers of a call look like hops.
 */
static void mark_explained(const wr_engine *e, wr_session *s, bool judged)
{
    GHashTable *relayed = relayed_copies(e, s, judged);

    for (unsigned i = 0; i < s->pairings->len; i++) {
        wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (p->sameness == WR_SAME_S3 && p->explained == judged)
            p->explained = g_hash_table_contains(relayed, p->first) || g_hash_table_contains(relayed, p->second);
    }
    g_hash_table_destroy(relayed);
}

void wr_session_settle_hops(const wr_engine *e, wr_session *s)
{
    unsigned kept = 0;

    mark_explained(e, s, true);
    for (unsigned i = 0; i < s->pairings->len; i++) {
        gpointer p = g_ptr_array_index(s->pairings, i);
        if (((const wr_pairing *)p)->explained)
            continue;
        g_ptr_array_index(s->pairings, i) = g_ptr_array_index(s->pairings, kept);
        g_ptr_array_index(s->pairings, kept++) = p;
    }
    g_ptr_array_set_size(s->pairings, (int)kept);
}

void wr_session_pair_copies(wr_engine *e, wr_session *s)
{
    GHashTable *seen;
    wr_leg *first = NULL;
    bool several = false;

    for (unsigned i = 0; i < s->copies->len && !several; i++) {
        wr_leg *leg = wr_leg_root(((wr_copy *)g_ptr_array_index(s->copies, i))->leg);
        several = first != NULL && leg != first;
        first = leg;
    }
    if (!several)
        return;
    seen = g_hash_table_new_full(wr_text_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < s->copies->len; i++) {
        wr_copy *c = g_ptr_array_index(s->copies, i);
        consider_bucket(s, seen, wr_index_find(e->by_canonical, wr_copy_canonical_key(c)), c);
        for (unsigned j = 0; j < c->credentials.len; j++) {
            const wr_credential *k = wr_list_at(&c->credentials, j);
            if (k->password != NULL)
                consider_bucket(s, seen, wr_index_find(e->by_credential, wr_credential_key(k->ufrag, k->password)), c);
        }
        if (wr_sdp_origin_tells(c->sdp))
            consider_bucket(s, seen, wr_index_find(e->by_origin, wr_copy_origin_key(c)), c);
        if (wr_copy_has_random_body(c))
            consider_bucket(s, seen, wr_index_find(e->by_body, wr_copy_body_key(c)), c);
        /* hops within the session only */
        wr_bucket bucket = wr_index_find(e->by_hop, wr_host_key(&c->src));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++) {
            wr_copy *p = bucket.members[j];
            if (wr_node_root(e, p->node) == wr_node_root(e, c->node) && wr_copy_is_hop(p, c))
                consider_pairing(s, seen, p, c);
        }
    }
    g_hash_table_destroy(seen);
    mark_explained(e, s, false);
}
