/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What clients and their TURN servers (RFC 8656) say to each other: allocations with their channels and peers, who was
 * let in with which credentials, and which special addresses a relay was asked for. Statements about a server rest on a
 * response and the request with its transaction id; a request alone is routine.
 */
#include "base/index.h"
#include "learn.h"

#include <string.h>

#define ALLOCATION_MISMATCH 437 /* RFC 8656 19 */

static wr_flow_key ends_of(const wr_endpoint *a, const wr_endpoint *b)
{
    return wr_flow_key_of(a, b, 0, 0);
}

/* A request for another peer while the binding lives is refused, or somebody else's. */
static void bind_channel(wr_engine *e, wr_allocation *al, uint16_t number, const wr_endpoint *peer, int64_t us)
{
    struct wr_channel *c = wr_turn_channel(al, number);

    if (c == NULL) {
        if (al->n_channels == WR_MAX_CHANNELS) {
            wr_limit_reached(e, "TURN channels of an allocation");
            return;
        }
        al->channels = g_renew(struct wr_channel, al->channels, al->n_channels + 1);
        c = &al->channels[al->n_channels++];
        memset(c, 0, sizeof *c);
        c->number = number;
    } else if (c->bound_us != 0 && us - c->bound_us < WR_CHANNEL_US && !wr_endpoint_equal(&c->peer, peer)) {
        return;
    }
    c->peer = *peer;
    c->bound_us = us;
    wr_relayed_channel(e, al, number, peer);
}

/* ---- what is kept of servers, users, peers ---- */

static guint endpoint_hash(gconstpointer p)
{
    return wr_endpoint_hash(p);
}

static gboolean endpoint_equal(gconstpointer a, gconstpointer b)
{
    return wr_endpoint_equal(a, b);
}

static struct wr_turn *turn_of(wr_engine *e)
{
    if (e->turn == NULL) {
        e->turn = g_new0(struct wr_turn, 1);
        e->turn->servers = g_hash_table_new_full(endpoint_hash, endpoint_equal, NULL, g_free);
        e->turn->users = g_hash_table_new_full(wr_text_hash, g_str_equal, NULL, g_free);
        e->turn->peers = g_hash_table_new_full(wr_flow_key_hash, wr_flow_key_equal, g_free, g_free);
    }
    return e->turn;
}

static wr_turn_server *server_get(wr_engine *e, const wr_endpoint *at)
{
    GHashTable *servers = turn_of(e)->servers;
    wr_turn_server *s = g_hash_table_lookup(servers, at);

    if (s == NULL && g_hash_table_size(servers) >= WR_MAX_TURN_SERVERS) {
        wr_limit_reached(e, "TURN servers");
    } else if (s == NULL) {
        s = g_new0(wr_turn_server, 1);
        s->at = *at;
        g_hash_table_insert(servers, &s->at, s);
    }
    return s;
}

static wr_turn_user *user_get(wr_engine *e, const char *name)
{
    GHashTable *users = turn_of(e)->users;
    wr_turn_user *u = g_hash_table_lookup(users, name);

    if (u == NULL && g_hash_table_size(users) >= WR_MAX_TURN_USERS) {
        wr_limit_reached(e, "TURN user names");
    } else if (u == NULL) {
        u = g_new0(wr_turn_user, 1);
        u->name = wr_intern(e, name);
        g_hash_table_insert(users, (gpointer)u->name, u);
    }
    return u;
}

static wr_turn_peer *peer_get(wr_engine *e, const wr_endpoint *server, const wr_endpoint *peer, bool create)
{
    wr_endpoint host = *peer;
    wr_flow_key key;
    wr_turn_peer *p;

    host.port = 0; /* permissions are for hosts */
    key = ends_of(server, &host);
    p = g_hash_table_lookup(turn_of(e)->peers, &key);
    if (p != NULL || !create)
        return p;
    if (g_hash_table_size(e->turn->peers) >= WR_MAX_TURN_PEERS) {
        wr_limit_reached(e, "special addresses asked of TURN servers");
        return NULL;
    }
    p = g_new0(wr_turn_peer, 1);
    p->server = *server;
    p->peer = host;
    p->scope = wr_endpoint_scope(&host);
    g_hash_table_insert(e->turn->peers, g_memdup2(&key, sizeof key), p);
    return p;
}

/* ---- requests ---- */

static bool is_dialogue(uint16_t method)
{
    return method == WR_STUN_ALLOCATE || method == WR_STUN_REFRESH || method == WR_STUN_CREATE_PERMISSION ||
           method == WR_STUN_CHANNEL_BIND || method == WR_STUN_CONNECT;
}

static void take_request(wr_engine *e, const wr_stun_evidence *s)
{
    struct wr_turn *t = turn_of(e);
    wr_turn_request *r = &t->pending[t->next];
    wr_endpoint peer;
    size_t offset = 0;

    t->next = (t->next + 1) % WR_TURN_PENDING;
    g_free(r->user);
    memset(r, 0, sizeof *r);
    memcpy(r->txid, s->msg.txid, sizeof r->txid);
    r->method = s->msg.method;
    r->authenticated = s->msg.has_integrity || s->msg.has_integrity_sha256 || s->msg.has_longer_integrity;
    r->client = s->at.src;
    r->server = s->at.dst;
    r->frame = s->at.frame;
    if (s->msg.username != NULL && g_utf8_validate_len(s->msg.username, s->msg.username_length, NULL))
        r->user = g_strndup(s->msg.username, s->msg.username_length);
    while (r->n_peers < G_N_ELEMENTS(r->peers) && wr_stun_next_peer(&s->msg, &offset, &peer)) {
        wr_turn_peer *p;
        if (wr_endpoint_scope(&peer) == WR_SCOPE_PUBLIC && s->msg.method != WR_STUN_CONNECT)
            continue;
        r->peers[r->n_peers++] = peer;
        p = wr_endpoint_scope(&peer) == WR_SCOPE_PUBLIC ? NULL : peer_get(e, &s->at.dst, &peer, true);
        if (p != NULL && p->request_frame == 0)
            p->request_frame = s->at.frame;
    }
}

static wr_turn_request *request_of(wr_engine *e, const wr_stun_evidence *s)
{
    for (unsigned i = 0; e->turn != NULL && i < WR_TURN_PENDING; i++) {
        wr_turn_request *r = &e->turn->pending[(e->turn->next + WR_TURN_PENDING - 1 - i) % WR_TURN_PENDING];
        if (r->frame != 0 && r->method == s->msg.method && memcmp(r->txid, s->msg.txid, sizeof r->txid) == 0 &&
            wr_endpoint_equal(&r->server, &s->at.src) && wr_endpoint_equal(&r->client, &s->at.dst))
            return r;
    }
    return NULL;
}

/* ---- responses ---- */

static void note_user(wr_engine *e, const wr_turn_request *r, const wr_stun_evidence *s)
{
    wr_turn_user *u = r->user == NULL ? NULL : user_get(e, r->user);
    wr_endpoint host = r->client;

    if (u == NULL)
        return;
    u->allocations++;
    u->last_frame = s->at.frame;
    if (u->frame == 0) {
        u->frame = s->at.frame;
        u->server = r->server;
    }
    host.port = 0;
    for (unsigned i = 0; i < u->n_hosts; i++)
        if (wr_endpoint_equal(&u->hosts[i], &host))
            return;
    if (u->n_hosts < WR_TURN_HOSTS)
        u->hosts[u->n_hosts++] = host;
}

static void note_allocated(wr_engine *e, const wr_turn_request *r, const wr_stun_evidence *s, wr_turn_server *server,
                           wr_allocation *al)
{
    int64_t expiry = wr_turn_expiry(r->user);

    if (al != NULL)
        al->user = NULL;
    if (!r->authenticated) {
        if (r->user == NULL && wr_endpoint_known(&s->msg.relayed))
            wr_turn_grant_put(e, &server->open, r, s);
        return;
    }
    note_user(e, r, s);
    if (al != NULL && r->user != NULL && g_hash_table_contains(e->turn->users, r->user))
        al->user = wr_intern(e, r->user);
    if (expiry != 0 && s->at.time_us - expiry * WR_SECOND > WR_TURN_CLOCK_US &&
        wr_turn_grant_put(e, &server->expired, r, s))
        server->expired_s = s->at.time_us / WR_SECOND - expiry;
}

static bool is_service(uint16_t port)
{
    static const uint16_t services[] = {21,  22,  23,   25,   53,   80,   110,  143,  389,
                                        443, 445, 1433, 3306, 3389, 5432, 6379, 27017};

    for (size_t i = 0; i < G_N_ELEMENTS(services); i++)
        if (services[i] == port)
            return true;
    return false;
}

/* Something other than an allocation was granted. */
static void note_granted(wr_engine *e, const wr_turn_request *r, const wr_stun_evidence *s, wr_turn_server *server,
                         const wr_allocation *al)
{
    if (al != NULL && al->user != NULL && r->user != NULL && r->authenticated && strcmp(al->user, r->user) != 0) {
        const char *user = wr_intern(e, r->user);
        if (server->changed.frame != 0 && !server->changed.denied && server->other_user == user)
            wr_turn_grant_use(e, &server->changed, &r->client); /* he is let in again */
        else if (wr_turn_grant_put(e, &server->changed, r, s))
            server->other_user = user;
    }
    for (unsigned i = 0; i < r->n_peers; i++) {
        wr_turn_peer *p = peer_get(e, &r->server, &r->peers[i], false);
        if (p != NULL)
            wr_turn_grant_put(e, &p->accepted, r, s);
        if (r->method == WR_STUN_CONNECT && server->connect_frame == 0 && is_service(r->peers[i].port)) {
            server->connect_frame = s->at.frame;
            server->connect_peer = r->peers[i];
        }
    }
}

static void take_success(wr_engine *e, const wr_stun_evidence *s)
{
    wr_turn_request *r = request_of(e, s);
    wr_allocation *al = wr_turn_allocation(e, &s->at.dst, &s->at.src);
    wr_turn_server *server = server_get(e, &s->at.src);

    if (s->msg.method == WR_STUN_ALLOCATE) {
        al = wr_turn_allocation_get(e, &s->at.dst, &s->at.src);
        if (al != NULL && wr_endpoint_known(&s->msg.relayed)) {
            for (unsigned i = 0; !wr_endpoint_equal(&al->relayed, &s->msg.relayed) && i < al->n_channels; i++)
                if (wr_endpoint_known(&al->relayed))
                    al->channels[i].bound_us = 0; /* a new allocation has no channels yet */
            al->relayed = s->msg.relayed;
            al->frame = s->at.frame;
            g_hash_table_replace(e->relays, g_memdup2(&s->msg.relayed, sizeof s->msg.relayed),
                                 g_memdup2(&s->at.dst, sizeof s->at.dst));
            wr_relayed_address(e, al);
        }
    }
    if (server == NULL)
        return;
    if (server->software == NULL && s->msg.software != NULL && s->msg.software_length > 0 &&
        g_utf8_validate_len(s->msg.software, s->msg.software_length, NULL)) {
        char *text = g_strndup(s->msg.software, MIN(s->msg.software_length, 128));
        server->software = wr_intern(e, text);
        server->software_frame = s->at.frame;
        g_free(text);
    }
    if (r == NULL || r->answered) /* a repeated response says nothing new */
        return;
    r->answered = true;
    if (s->msg.method == WR_STUN_ALLOCATE)
        note_allocated(e, r, s, server, al);
    else
        note_granted(e, r, s, server, al);
    e->changed = true;
}

/* 437 is what a server without memory says to a request that it granted, once it comes again (RFC 8656 7.2). */
static void take_error(wr_engine *e, const wr_stun_evidence *s)
{
    wr_turn_request *r = request_of(e, s);
    wr_turn_server *server = r != NULL ? g_hash_table_lookup(e->turn->servers, &r->server) : NULL;

    if (r == NULL || s->msg.error_code == ALLOCATION_MISMATCH)
        return;
    r->refused = true;
    if (server != NULL) {
        wr_turn_grant_deny(e, &server->open, r);
        wr_turn_grant_deny(e, &server->expired, r);
        wr_turn_grant_deny(e, &server->changed, r);
    }
    for (unsigned i = 0; i < r->n_peers; i++) {
        wr_turn_peer *p = peer_get(e, &r->server, &r->peers[i], false);
        if (p != NULL)
            wr_turn_grant_deny(e, &p->accepted, r);
    }
}

/* ---- what a client does with what it was granted ---- */

/* peer: where it sends something; unknown for a request. */
static void go_on(wr_engine *e, const wr_endpoint *client, const wr_endpoint *at, const wr_endpoint *peer)
{
    wr_turn_server *server =
        e->turn == NULL || e->turn->waiting == 0 ? NULL : g_hash_table_lookup(e->turn->servers, at);
    wr_turn_peer *p;

    if (server == NULL)
        return;
    wr_turn_grant_use(e, &server->open, client);
    wr_turn_grant_use(e, &server->expired, client);
    p = wr_endpoint_known(peer) && wr_endpoint_scope(peer) != WR_SCOPE_PUBLIC ? peer_get(e, at, peer, false) : NULL;
    if (p != NULL)
        wr_turn_grant_use(e, &p->accepted, client);
}

/* Who was let in without credentials shows none later. */
static void go_on_by_request(wr_engine *e, const wr_stun_evidence *s)
{
    const bool authenticated = s->msg.has_integrity || s->msg.has_integrity_sha256 || s->msg.has_longer_integrity;
    const wr_endpoint none = wr_endpoint_none();
    wr_turn_server *server;

    if (e->turn == NULL || e->turn->waiting == 0)
        return;
    server = g_hash_table_lookup(e->turn->servers, &s->at.dst);
    if (server != NULL && authenticated && wr_endpoint_equal(&server->open.client, &s->at.src))
        wr_turn_grant_drop(e, &server->open);
    if (s->msg.method != WR_STUN_ALLOCATE)
        go_on(e, &s->at.src, &s->at.dst, &none);
}

static void go_on_by_relay(wr_engine *e, const wr_place *at, const wr_carriage *how)
{
    const wr_allocation *al;
    wr_endpoint peer;

    if (e->turn == NULL || e->turn->waiting == 0)
        return;
    al = wr_turn_allocation(e, &at->src, &at->dst);
    if (al == NULL || !wr_endpoint_equal(&at->src, &al->client))
        return;
    peer = wr_turn_peer_of(al, how);
    go_on(e, &al->client, &al->server, &peer);
}

static void note_data(wr_engine *e, const wr_endpoint *server, const wr_endpoint *peer, uint32_t frame)
{
    wr_turn_peer *p =
        wr_endpoint_scope(peer) == WR_SCOPE_PUBLIC || e->turn == NULL ? NULL : peer_get(e, server, peer, false);

    if (p != NULL && p->data_frame == 0) {
        p->data_frame = frame;
        e->changed = true;
    }
}

static void take_indication(wr_engine *e, const wr_stun_evidence *s)
{
    bool sent = s->msg.method == WR_STUN_SEND;
    wr_allocation *al;

    if (!sent && s->msg.method != WR_STUN_DATA)
        return;
    al = wr_turn_allocation_get(e, sent ? &s->at.src : &s->at.dst, sent ? &s->at.dst : &s->at.src);
    if (al != NULL)
        wr_relayed_peer(e, al, &s->msg.peer);
    if (sent)
        go_on(e, &s->at.src, &s->at.dst, &s->msg.peer);
    else
        note_data(e, &s->at.src, &s->msg.peer, s->at.frame);
}

void wr_turn_learn(wr_engine *e, const wr_stun_evidence *s)
{
    if (s->how.relayed) {
        go_on_by_relay(e, &s->at, &s->how);
        return;
    }
    if (s->msg.message_class == WR_STUN_REQUEST && is_dialogue(s->msg.method)) {
        go_on_by_request(e, s);
        take_request(e, s);
        if (s->msg.method == WR_STUN_CHANNEL_BIND && s->msg.channel != 0 && wr_endpoint_known(&s->msg.peer)) {
            wr_allocation *al = wr_turn_allocation_get(e, &s->at.src, &s->at.dst);
            if (al != NULL)
                bind_channel(e, al, s->msg.channel, &s->msg.peer, s->at.time_us);
        }
    } else if (s->msg.message_class == WR_STUN_SUCCESS && is_dialogue(s->msg.method)) {
        take_success(e, s);
    } else if (s->msg.message_class == WR_STUN_ERROR && is_dialogue(s->msg.method)) {
        take_error(e, s);
    } else if (s->msg.message_class == WR_STUN_INDICATION && wr_endpoint_known(&s->msg.peer)) {
        take_indication(e, s);
    }
}

void wr_turn_relayed(wr_engine *e, const wr_place *at, const wr_carriage *how)
{
    wr_allocation *al = wr_turn_allocation(e, &at->src, &at->dst);
    struct wr_channel *c = al == NULL || how->channel == 0 ? NULL : wr_turn_channel(al, how->channel);

    if (c == NULL)
        return;
    if (c->packets++ == 0)
        c->frame = at->frame;
    if (wr_endpoint_equal(&at->src, &al->server))
        note_data(e, &al->server, &c->peer, at->frame);
    else
        go_on(e, &al->client, &al->server, &c->peer);
}
