/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes remarks in: what was said beside descriptions. */
#include "learn.h"

#include "records/contact.h"

#include "remarks/page_policy.h"

#include <string.h>

static wr_contact *contact_get(wr_engine *e, const wr_remark *r)
{
    uint64_t key = wr_contact_key(&r->client, &r->server);
    wr_contact *c = wr_index_get(e->contacts->by_ends, key);

    if (c != NULL)
        return c;
    if (wr_index_size(e->contacts->by_ends) >= WR_MAX_CONTACTS) {
        wr_limit_reached(e, "hosts in contact by HTTP");
        return NULL;
    }
    c = g_new0(wr_contact, 1);
    wr_index_set(e->contacts->by_ends, key, c);
    return c;
}

static void add_request(wr_engine *e, const wr_remark *r)
{
    wr_contact *c = contact_get(e, r);

    if (c == NULL)
        return;
    if (c->request_frame == 0)
        c->request_frame = r->at.frame;
    if (c->host == NULL)
        c->host = wr_intern(e, r->host);
    if (c->origin == NULL)
        c->origin = wr_intern(e, r->origin);
    if (c->user_agent == NULL && r->user_agent != NULL) {
        c->user_agent = wr_intern(e, r->user_agent);
        c->user_agent_frame = r->at.frame;
    }
    if (r->what != NULL && (c->credential == NULL || (!c->credential_clear && !r->protected_transport))) {
        c->credential = wr_intern(e, r->what);
        c->credential_frame = r->at.frame;
        c->credential_mark = r->mark;
        c->credential_clear = !r->protected_transport;
    }
    c->is_proxied |= r->is_proxied;
    c->secret_target |= r->secret_target;
}

static void add_turn(wr_engine *e, const wr_remark *r)
{
    wr_contact *c = contact_get(e, r);

    if (c == NULL || (c->turn != NULL && (c->turn_clear || r->protected_transport)))
        return;
    c->turn = wr_intern(e, r->what);
    c->turn_frame = r->at.frame;
    c->turn_mark = r->mark;
    c->turn_expires_s = r->expires_s;
    c->turn_us = r->at.time_us;
    c->turn_clear = !r->protected_transport;
}

static void add_page(wr_engine *e, const wr_remark *r)
{
    wr_page_policy policy;
    wr_page *p;

    wr_page_policy_read(r->permissions, r->feature, r->security, &policy);
    if (!policy.denies_camera && !policy.denies_microphone && !policy.denies_display && !policy.names_encrypted_media &&
        !policy.blocks_webrtc && policy.connect == NULL)
        return;
    for (unsigned i = 0; i < e->contacts->pages->len && i < WR_MAX_BUCKET; i++) { /* the same page again */
        p = g_ptr_array_index(e->contacts->pages, e->contacts->pages->len - 1 - i);
        if (wr_endpoint_same_host(&p->client, &r->client) && g_strcmp0(p->host, r->host) == 0 &&
            p->denies_camera == policy.denies_camera && p->denies_microphone == policy.denies_microphone &&
            p->denies_display == policy.denies_display && p->names_encrypted_media == policy.names_encrypted_media &&
            p->blocks_webrtc == policy.blocks_webrtc && g_strcmp0(p->connect, policy.connect) == 0) {
            wr_page_policy_clear(&policy);
            return;
        }
    }
    if (e->contacts->pages->len >= WR_MAX_PAGES) {
        wr_limit_reached(e, "pages with a policy");
    } else {
        p = g_new0(wr_page, 1);
        p->frame = r->at.frame;
        p->time_us = r->at.time_us;
        p->client = r->client;
        p->host = wr_intern(e, r->host);
        p->denies_camera = policy.denies_camera;
        p->denies_microphone = policy.denies_microphone;
        p->denies_display = policy.denies_display;
        p->names_encrypted_media = policy.names_encrypted_media;
        p->blocks_webrtc = policy.blocks_webrtc;
        p->connect = wr_intern(e, policy.connect);
        g_ptr_array_add(e->contacts->pages, p);
    }
    wr_page_policy_clear(&policy);
}

static void add_push(wr_engine *e, const wr_remark *r)
{
    wr_push *p;

    if (e->contacts->pushes->len >= WR_MAX_PUSHES) {
        wr_limit_reached(e, "push notifications");
        return;
    }
    p = g_new0(wr_push, 1);
    p->frame = r->at.frame;
    p->service = r->service;
    p->keys = wr_intern(e, r->what);
    p->protected_transport = r->protected_transport;
    g_ptr_array_add(e->contacts->pushes, p);
}

static void add_tls(wr_engine *e, const wr_remark *r)
{
    wr_weak_tls *w = g_hash_table_lookup(e->contacts->weak_tls, GUINT_TO_POINTER(r->connection));

    if (w != NULL && w->other_frame == 0 && (w->version != r->version || w->suite != r->suite))
        w->other_frame = r->at.frame;
    if (w != NULL || r->connection == 0 || (!wr_tls_is_old(r->version) && !wr_tls_suite_is_broken(r->suite)))
        return;
    if (g_hash_table_size(e->contacts->weak_tls) >= WR_MAX_WEAK_TLS) {
        wr_limit_reached(e, "connections with weak TLS");
        return;
    }
    w = g_new0(wr_weak_tls, 1);
    w->version = r->version;
    w->suite = r->suite;
    w->frame = r->at.frame;
    g_hash_table_insert(e->contacts->weak_tls, GUINT_TO_POINTER(r->connection), w);
}

static void add_disorder(wr_engine *e, const wr_remark *r)
{
    wr_disorder *d;

    if (r->what != NULL)
        wr_description_unread(e, r);
    if (r->connection == 0 || wr_disorder_of(e, r->connection) != NULL)
        return;
    if (g_hash_table_size(e->contacts->disorder) >= WR_MAX_DISORDER) {
        wr_limit_reached(e, "connections with segments in the wrong order");
        return;
    }
    d = g_new0(wr_disorder, 1);
    d->frame = r->at.frame;
    d->src = r->at.src;
    d->dst = r->at.dst;
    g_hash_table_insert(e->contacts->disorder, GUINT_TO_POINTER(r->connection), d);
}

void wr_engine_add_remark(wr_engine *e, const wr_remark *r)
{
    e->changed = true;
    switch (r->kind) {
    case WR_REMARK_TLS:
        add_tls(e, r);
        break;
    case WR_REMARK_REQUEST:
        add_request(e, r);
        break;
    case WR_REMARK_TURN:
        add_turn(e, r);
        break;
    case WR_REMARK_PAGE:
        add_page(e, r);
        break;
    case WR_REMARK_PUSH:
        add_push(e, r);
        break;
    case WR_REMARK_BYTES:
        wr_bytes_said_twice(e, r);
        break;
    case WR_REMARK_UNSENT:
        wr_bytes_unsent(e, r);
        break;
    case WR_REMARK_SEEN_TWICE:
        wr_clock_note(e, r->other_point, r->other_us, r->at.point, r->at.time_us, wr_clock_way(&r->at.src, &r->at.dst));
        break;
    case WR_REMARK_DISORDER:
        add_disorder(e, r);
        break;
    }
}
