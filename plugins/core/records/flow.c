/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flows: how they are found, and what is asked of them.
 */
#include "records/flow.h"
#include "records/allocation.h"
#include "records/media_port.h"
#include "records/store.h"
#include "rtp/levels.h"

#include <string.h>

uint64_t wr_flow_key_key(const wr_flow_key *k)
{
    return wr_key(k, offsetof(wr_flow_key, transport) + 1);
}

guint wr_flow_key_hash(gconstpointer p)
{
    const wr_flow_key *k = p;
    return wr_endpoint_hash(&k->end[0]) * 31u + wr_endpoint_hash(&k->end[1]) + k->channel * 7u + k->transport;
}

gboolean wr_flow_key_equal(gconstpointer p, gconstpointer q)
{
    const wr_flow_key *a = p, *b = q;
    return a->channel == b->channel && a->transport == b->transport && wr_endpoint_equal(&a->end[0], &b->end[0]) &&
           wr_endpoint_equal(&a->end[1], &b->end[1]);
}

wr_flow_key wr_flow_key_of(const wr_endpoint *a, const wr_endpoint *b, int transport, unsigned channel)
{
    bool sorted = wr_endpoint_compare(a, b) <= 0;
    wr_flow_key k;

    k.end[0] = sorted ? *a : *b;
    k.end[1] = sorted ? *b : *a;
    k.transport = (uint8_t)transport;
    k.channel = (uint16_t)channel;
    return k;
}

wr_flow_key wr_flow_key_at(const wr_engine *e, const wr_place *at, const wr_carriage *how, wr_endpoint *src,
                           wr_endpoint *dst)
{
    if (how->relayed)
        return wr_relayed_key(e, at, how, src, dst);
    *src = at->src;
    *dst = at->dst;
    return wr_flow_key_of(src, dst, (int)how->transport, 0);
}

static const wr_traffic no_traffic[2];

wr_traffic *wr_flow_traffic(wr_flow *f)
{
    if (f->media == no_traffic)
        f->media = g_new0(wr_traffic, 2);
    return (wr_traffic *)f->media;
}

void wr_flow_clear_traffic(wr_flow *f)
{
    if (f->media != no_traffic)
        g_free((wr_traffic *)f->media);
    f->media = no_traffic;
}

wr_flow *wr_flow_new(wr_engine *e, const wr_endpoint *src, const wr_endpoint *dst)
{
    wr_flow *f;

    if (e->flows->len >= WR_MAX_FLOWS) {
        wr_limit_reached(e, "flows");
        return NULL;
    }
    if (!wr_keep_bytes(e, sizeof *f + 2 * sizeof(wr_traffic) + sizeof(wr_consent) + WR_FACTS_BYTES, "memory for flows"))
        return NULL;
    f = g_new0(wr_flow, 1);
    f->number = e->flows->len + 1;
    f->end[0] = wr_endpoint_compare(src, dst) <= 0 ? *src : *dst;
    f->end[1] = wr_endpoint_compare(src, dst) <= 0 ? *dst : *src;
    f->client_end = -1;
    f->media = no_traffic;
    g_ptr_array_add(e->flows, f);
    return f;
}

wr_association *wr_flow_last_association(const wr_flow *f)
{
    return f->associations.len == 0 ? NULL : wr_list_at(&f->associations, f->associations.len - 1);
}

void wr_flow_free(gpointer p)
{
    wr_flow *f = p;
    for (unsigned i = 0; i < f->checks.len; i++)
        wr_check_free(wr_list_at(&f->checks, i));
    wr_list_clear(&f->checks);
    wr_list_clear(&f->associations);
    for (unsigned i = 0; i < f->n_streams; i++) {
        g_free(f->streams[i].samples);
        g_free(f->streams[i].recent);
        wr_levels_free(f->streams[i].levels);
    }
    g_free(f->streams);
    wr_flow_clear_traffic(f);
    g_free(f->consent);
    g_free(f->odd);
    g_free(f);
}

/* The place of a key among the recent ones. Two that share it push each other out, no more: it need not be keyed. */
static wr_recent_flow *recent_flow(wr_engine *e, const wr_flow_key *key)
{
    uint64_t a, b;

    memcpy(&a, key->end[0].addr, sizeof a);
    memcpy(&b, key->end[1].addr, sizeof b);
    a = (a ^ key->end[0].port) * 31u + (b ^ key->end[1].port);
    return &e->recent_flows[(a * 0x9e3779b97f4a7c15u) >> 32 & (WR_RECENT_FLOWS - 1)];
}

void wr_flow_set(wr_engine *e, const wr_flow_key *key, wr_flow *f)
{
    wr_index_set(e->flows_by_ends, wr_flow_key_key(key), f);
    recent_flow(e, key)->asked = false;
}

/* Most packets are media of a flow that was asked for shortly before. */
wr_flow *wr_flow_by_key(wr_engine *e, const wr_flow_key *key)
{
    wr_recent_flow *recent = recent_flow(e, key);

    if (!recent->asked || !wr_flow_key_equal(&recent->key, key)) {
        recent->asked = true;
        recent->key = *key;
        recent->flow = wr_index_get(e->flows_by_ends, wr_flow_key_key(key));
    }
    return recent->flow;
}

wr_flow *wr_flow_find(wr_engine *e, const wr_place *at, const wr_carriage *how, int *from_end)
{
    wr_endpoint src, dst;
    wr_flow_key key = wr_flow_key_at(e, at, how, &src, &dst);
    wr_flow *f = wr_flow_by_key(e, &key);

    if (f != NULL)
        *from_end = wr_endpoint_equal(&f->end[0], &src) ? 0 : 1;
    return f;
}

bool wr_engine_has_flows(const wr_engine *e)
{
    return e->flows->len > 0 || wr_index_size(e->by_address) > 0 || g_hash_table_size(e->allocations) > 0;
}

bool wr_engine_knows_flow(const wr_engine *e, const wr_endpoint *src, const wr_endpoint *dst)
{
    wr_flow_key key = wr_flow_key_of(src, dst, WR_TRANSPORT_UDP, 0);

    return wr_index_get(e->flows_by_ends, wr_flow_key_key(&key)) != NULL;
}

wr_flow *wr_engine_find_flow(const wr_engine *e, const wr_place *at, const wr_carriage *how)
{
    int from;
    wr_flow *f = wr_flow_find((wr_engine *)e, at, how, &from);

    while (f != NULL && f->earlier != NULL && f->first_frame > at->frame)
        f = f->earlier;
    return f;
}

bool wr_flow_is_answered(const wr_flow *f)
{
    return f->consent != NULL && (f->consent->given_first_us[0] != 0 || f->consent->given_first_us[1] != 0);
}

bool wr_flow_is_checked(const wr_flow *f)
{
    return f->checks.len > 0 || wr_flow_is_answered(f);
}

wr_oddities *wr_flow_oddities(wr_flow *f)
{
    if (f->odd == NULL)
        f->odd = g_new0(wr_oddities, 1);
    return f->odd;
}

unsigned wr_flow_session_number(const wr_engine *e, const wr_flow *f)
{
    for (unsigned i = 0; i < f->associations.len; i++) {
        unsigned n = wr_association_session_number(e, wr_list_at(&f->associations, i));
        if (n != 0)
            return n;
    }
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        wr_bucket bucket = {NULL, 0};
        if (k->request_valid)
            bucket = wr_index_find(e->by_ufrag, wr_key_text(k->remote_ufrag));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++) {
            const wr_credential *c = bucket.members[j];
            if (c->password != NULL && strcmp(c->password, k->password) == 0)
                return wr_copy_session_number(e, c->copy);
        }
    }
    /* a path without checks belongs to who announced its end, unless that one does checks: then it is a stranger's */
    if (f->described != NULL && !wr_flow_is_checked(f) && !wr_port_is_validated(e, &f->end[0]) &&
        !wr_port_is_validated(e, &f->end[1]))
        return wr_copy_session_number(e, f->described);
    return 0;
}
