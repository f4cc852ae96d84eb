/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions: the groups of descriptions, associations and flows that make one call. */
#include "base/index.h"
#include "relations/relations.h"

#include <string.h>

/* When a call is evaluated alone, so many of the youngest flows are asked whether they, or new handshakes on them, are
 * its own. */
#define WR_YOUNG_FLOWS 4096

static wr_session *session_new(const wr_engine *e, unsigned number)
{
    wr_session *s = g_new0(wr_session, 1);

    s->number = number;
    s->packets = e->packets;
    s->copies = g_ptr_array_new();
    s->associations = g_ptr_array_new();
    s->flows = g_ptr_array_new();
    s->pairings = g_ptr_array_new_with_free_func(g_free);
    s->alternatives = g_ptr_array_new_with_free_func(g_free);
    s->beside = g_ptr_array_new_with_free_func(g_free);
    s->unknown = g_ptr_array_new_with_free_func(g_free);
    return s;
}

static wr_session *session_get(wr_engine *e, unsigned node)
{
    unsigned number = wr_node_number(e, node);
    wr_session *s = g_hash_table_lookup(e->sessions_by_number, GUINT_TO_POINTER(number));

    if (s == NULL) {
        s = session_new(e, number);
        g_ptr_array_add(e->sessions, s);
        g_hash_table_insert(e->sessions_by_number, GUINT_TO_POINTER(number), s);
    }
    return s;
}

static void cover(wr_session *s, uint32_t first, uint32_t last, int64_t start, int64_t end)
{
    if (s->first_frame == 0 || first < s->first_frame)
        s->first_frame = first;
    if (last > s->last_frame)
        s->last_frame = last;
    if (s->start_us == 0 || start < s->start_us)
        s->start_us = start;
    if (end > s->end_us)
        s->end_us = end;
}

/* A handshake that is WebRTC by its own evidence: SRTP keys are to come of it, or ICE made the path (RFC 8827 6.5).
 * Other DTLS (VPN, CoAP) is none of our business. */
bool wr_association_is_webrtc(const wr_association *a)
{
    bool ice = false;

    for (unsigned i = 0; !ice && i < a->flows.len; i++)
        ice = ((wr_flow *)wr_list_at(&a->flows, i))->ice;
    return a->offers_use_srtp || a->has_profile || ice || g_strcmp0(a->alpn, "webrtc") == 0 ||
           g_strcmp0(a->alpn, "c-webrtc") == 0;
}

/* Associations without signalling whose checks carry the same user names belong to one call. */
static void join_by_user_names(wr_engine *e)
{
    GHashTable *seen = g_hash_table_new_full(wr_text_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; i < e->associations->len; i++) {
        wr_association *a = g_ptr_array_index(e->associations, i);
        if (a->absorbed != NULL || wr_node_number_if_any(e, a->node) != 0 || a->flow->checks.len == 0)
            continue;
        const wr_check *k = wr_list_at(&a->flow->checks, 0);
        bool ordered = strcmp(k->remote_ufrag, k->local_ufrag) < 0;
        char *key = g_strdup_printf("%s %s", ordered ? k->remote_ufrag : k->local_ufrag,
                                    ordered ? k->local_ufrag : k->remote_ufrag);
        wr_association *first = g_hash_table_lookup(seen, key);
        if (first == NULL) {
            g_hash_table_insert(seen, key, a);
        } else {
            wr_node_join(e, first->node, a->node);
            if (!wr_association_take_over(first, a) && a->has_server_random)
                g_hash_table_replace(seen, key, a); /* a new handshake: what follows goes on with that */
            else
                g_free(key);
        }
    }
    g_hash_table_destroy(seen);
}

static void append_flow(wr_session *s, wr_flow *f)
{
    g_ptr_array_add(s->flows, f);
    for (int end = 0; end < 2; end++)
        if (f->media[end].packets > 0)
            cover(s, f->media[end].first_frame, f->media[end].last_frame, f->media[end].first_us,
                  f->media[end].last_us);
}

static void add_flow(wr_session *s, wr_flow *f)
{
    for (unsigned i = 0; i < s->flows->len && i < WR_MAX_BUCKET; i++)
        if (g_ptr_array_index(s->flows, i) == f)
            return;
    append_flow(s, f);
}

static void add_copy(wr_session *s, wr_copy *c)
{
    g_ptr_array_add(s->copies, c);
    if (!wr_copy_is_stated(c))
        cover(s, c->frame, c->last_frame, c->time_us, c->time_us);
    if (s->call == NULL)
        s->call = c->call;
}

static void add_association(wr_session *s, wr_association *a)
{
    g_ptr_array_add(s->associations, a);
    cover(s, a->first_frame, a->last_frame, a->first_us, a->last_us);
    for (unsigned i = 0; i < a->flows.len; i++)
        add_flow(s, wr_list_at(&a->flows, i));
}

/* One that was only pretended is told of, and is none of the call's. */
static void take_association(wr_engine *e, wr_session *s, wr_association *a)
{
    if (wr_association_is_superseded(a))
        wr_injection_add(e, WR_INJECTED_HANDSHAKE, a->first_frame, 0, a, NULL);
    else
        add_association(s, a);
}

static void gather(wr_engine *e)
{
    for (unsigned i = 0; i < e->copies->len; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, i);
        if (!wr_copy_is_stated(c))
            add_copy(session_get(e, c->node), c);
    }
    for (unsigned i = 0; i < e->associations->len; i++) {
        wr_association *a = g_ptr_array_index(e->associations, i);
        if (a->absorbed == NULL && (wr_node_number_if_any(e, a->node) != 0 || wr_association_is_webrtc(a)))
            take_association(e, session_get(e, a->node), a);
    }
    for (unsigned i = 0; i < e->copies->len; i++) { /* what fits no packet comes last */
        wr_copy *c = g_ptr_array_index(e->copies, i);
        if (wr_copy_is_stated(c))
            add_copy(session_get(e, c->node), c);
    }
    for (unsigned i = 0; i < e->flows->len; i++) {
        wr_flow *f = g_ptr_array_index(e->flows, i);
        unsigned number = wr_flow_session_number(e, f);
        wr_session *s = number == 0 ? NULL : g_hash_table_lookup(e->sessions_by_number, GUINT_TO_POINTER(number));
        if (s != NULL)
            add_flow(s, f);
    }
}

/* ---- parties ---- */

static void name_party(wr_session *s, unsigned i, const char *name)
{
    if (s->parties[i].name == NULL)
        s->parties[i].name = name;
    s->n_parties = MAX(s->n_parties, i + 1);
}

static void locate_party(wr_session *s, unsigned i, const wr_endpoint *at)
{
    if (!wr_endpoint_known(&s->parties[i].address) && wr_endpoint_known(at)) {
        s->parties[i].address = *at;
        s->parties[i].address.port = 0;
    }
    s->n_parties = MAX(s->n_parties, i + 1);
}

/* Party 0 wrote the offers, party 1 the answers; what each emitted itself says more than what arrived. */
void wr_session_find_parties(wr_session *s)
{
    for (unsigned i = 0; i < 2; i++)
        s->parties[i].address = wr_endpoint_none();
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        unsigned author = wr_kind_is_answer(c->kind) ? 1 : 0;
        const wr_leg *leg = wr_leg_root(c->leg);
        if (c->direction == WR_DIRECTION_EMITTED) {
            name_party(s, author, leg->party);
            locate_party(s, author, &leg->client);
        } else if (c->direction == WR_DIRECTION_DELIVERED) {
            name_party(s, 1 - author, leg->party);
            locate_party(s, 1 - author, &leg->client);
        } else {
            locate_party(s, author, &c->src);
            locate_party(s, 1 - author, &c->dst);
        }
        name_party(s, author, c->from);
        name_party(s, 1 - author, c->to);
    }
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (unsigned side = 0; side < 2; side++) {
            unsigned party = a->owner[side] != NULL       ? (wr_kind_is_answer(a->owner[side]->kind) ? 1 : 0)
                             : a->owner[1 - side] != NULL ? (wr_kind_is_answer(a->owner[1 - side]->kind) ? 0 : 1)
                                                          : side;
            locate_party(s, party, &a->side[side].end);
        }
    }
}

static gint by_number(gconstpointer a, gconstpointer b)
{
    const wr_session *x = *(wr_session *const *)a, *y = *(wr_session *const *)b;
    return x->number < y->number ? -1 : x->number > y->number;
}

unsigned wr_first_young_flow(const wr_engine *e)
{
    return e->flows->len > WR_YOUNG_FLOWS ? e->flows->len - WR_YOUNG_FLOWS : 0;
}

/* Those of its handshakes are there already. */
static void gather_flows(wr_engine *e, wr_session *s, const wr_session *old)
{
    GHashTable *there = g_hash_table_new(g_direct_hash, g_direct_equal);
    wr_flow *f;

    for (unsigned i = 0; i < s->flows->len; i++)
        g_hash_table_add(there, g_ptr_array_index(s->flows, i));
    for (unsigned i = 0; old != NULL && i < old->flows->len; i++) {
        f = g_ptr_array_index(old->flows, i);
        if (wr_flow_session_number(e, f) == s->number && g_hash_table_add(there, f))
            append_flow(s, f);
    }
    for (unsigned i = wr_first_young_flow(e); i < e->flows->len; i++) {
        f = g_ptr_array_index(e->flows, i);
        if (wr_flow_session_number(e, f) == s->number && g_hash_table_add(there, f))
            append_flow(s, f);
    }
    g_hash_table_destroy(there);
}

void wr_session_put(wr_engine *e, wr_session *s)
{
    unsigned low = 0, high = e->sessions->len;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (((wr_session *)g_ptr_array_index(e->sessions, middle))->number < s->number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < e->sessions->len && ((wr_session *)g_ptr_array_index(e->sessions, low))->number == s->number)
        g_ptr_array_remove_index(e->sessions, low);
    g_ptr_array_insert(e->sessions, (gint)low, s);
    g_hash_table_insert(e->sessions_by_number, GUINT_TO_POINTER(s->number), s);
}

/* Of a call that no packet of the capture belongs to; two witnesses of one may contradict each other all the same. */
static bool is_elsewhere(const wr_engine *e, const wr_session *s)
{
    const wr_leg *first = NULL;

    if (e->packets == 0 || s->associations->len > 0 || s->flows->len > 0)
        return false;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (!wr_copy_is_stated(c) || (first != NULL && first->witness != c->leg->witness))
            return false;
        first = c->leg;
    }
    return first != NULL;
}

static void drop_elsewhere(wr_engine *e)
{
    for (unsigned i = e->witnesses->len > 0 ? e->sessions->len : 0; i-- > 0;) {
        wr_session *s = g_ptr_array_index(e->sessions, i);
        if (!is_elsewhere(e, s))
            continue;
        g_hash_table_remove(e->sessions_by_number, GUINT_TO_POINTER(s->number));
        g_ptr_array_remove_index(e->sessions, i);
    }
}

void wr_sessions_gather(wr_engine *e)
{
    join_by_user_names(e);
    gather(e);
    drop_elsewhere(e);
    g_ptr_array_sort(e->sessions, by_number);
}

wr_session *wr_session_gather(wr_engine *e, unsigned number, const GPtrArray *copies, const GPtrArray *associations)
{
    wr_session *s = session_new(e, number);

    for (unsigned i = 0; i < copies->len; i++)
        add_copy(s, g_ptr_array_index(copies, i));
    for (unsigned i = 0; i < associations->len; i++)
        if (((wr_association *)g_ptr_array_index(associations, i))->absorbed == NULL)
            take_association(e, s, g_ptr_array_index(associations, i));
    gather_flows(e, s, wr_engine_session(e, number));
    return s;
}
