/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TURN checks: relays serve many sessions, so these look at the whole capture (rules 3.7; RFC 8656). */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#define UNKNOWN_PACKETS 100 /* relayed to a peer that nothing names */
#define MANY_HOSTS      6   /* of one user name: all that are remembered */

static void tell(wr_engine *e, const char *check, wr_severity severity, uint32_t frame, uint32_t other,
                 const char *asvs, char *message)
{
    wr_finding_once(e, NULL, check, severity, frame, other, asvs, WR_BASIS_TURN, "%s", message);
    g_free(message);
}

/* What one response says, which anybody can send: no more than a note, and no demand of the standard, where nothing
 * bears it out. */
static void tell_grant(wr_engine *e, const char *check, wr_severity severity, const wr_turn_grant *g, uint32_t frame,
                       uint32_t other, const char *asvs, char *message)
{
    const char *doubt = g->denied ? "the same request was refused as well, or its client shows credentials all the same"
                        : !g->used ? "nothing shows that its client went on from there"
                                   : NULL;

    if (doubt == NULL)
        tell(e, check, severity, frame, other, asvs, message);
    else
        tell(e, check, WR_NOTE, frame, other, asvs,
             g_strdup_printf("%s. So says one response, which anybody can have sent: %s", message, doubt));
    if (doubt != NULL)
        g_free(message);
}

/* ---- in which order findings come ---- */

static gint servers_by_place(gconstpointer a, gconstpointer b)
{
    const wr_turn_server *x = *(wr_turn_server *const *)a, *y = *(wr_turn_server *const *)b;
    return wr_endpoint_compare(&x->at, &y->at);
}

static gint users_by_frame(gconstpointer a, gconstpointer b)
{
    const wr_turn_user *x = *(wr_turn_user *const *)a, *y = *(wr_turn_user *const *)b;
    return x->frame != y->frame ? (x->frame < y->frame ? -1 : 1) : strcmp(x->name, y->name);
}

static gint peers_by_frame(gconstpointer a, gconstpointer b)
{
    const wr_turn_peer *x = *(wr_turn_peer *const *)a, *y = *(wr_turn_peer *const *)b;
    return x->request_frame != y->request_frame ? (x->request_frame < y->request_frame ? -1 : 1)
                                                : wr_endpoint_compare(&x->peer, &y->peer);
}

static gint allocations_by_frame(gconstpointer a, gconstpointer b)
{
    const wr_allocation *x = *(wr_allocation *const *)a, *y = *(wr_allocation *const *)b;
    return x->frame != y->frame ? (x->frame < y->frame ? -1 : 1) : wr_endpoint_compare(&x->client, &y->client);
}

/* ---- TURN-01, TURN-03, TURN-04 ---- */

static void check_server(wr_engine *e, const wr_turn_server *s)
{
    bool local = wr_endpoint_scope(&s->at) != WR_SCOPE_PUBLIC;
    char at[WR_ENDPOINT_TEXT], peer[WR_ENDPOINT_TEXT];

    wr_endpoint_format(&s->at, at);
    if (s->open.frame != 0)
        tell_grant(e, "TURN-01", local ? WR_WARN : WR_ERROR, &s->open, s->open.frame, s->open.request, "V17.1.1",
                   g_strdup_printf("TURN server %s relays without authentication%s", at,
                                   local ? " (one of the local network may, RFC 8656 7.2)" : ""));
    if (s->software != NULL)
        tell(e, "TURN-03", WR_CHAT, s->software_frame, 0, NULL,
             g_strdup_printf("TURN server %s names its software: %s", at, s->software));
    if (s->expired.frame != 0)
        tell_grant(e, "TURN-04", WR_WARN, &s->expired, s->expired.frame, 0, NULL,
                   g_strdup_printf("TURN server %s accepted a credential that had expired %" G_GINT64_FORMAT
                                   " s before",
                                   at, s->expired_s));
    if (s->changed.frame != 0)
        tell_grant(e, "TURN-04", WR_ERROR, &s->changed, s->changed.frame, s->changed.request, NULL,
                   g_strdup_printf("TURN server %s let another user use an allocation than the one who made it", at));
    if (s->connect_frame != 0)
        tell(e, "TURN-05", WR_WARN, s->connect_frame, 0, "V17.1.1",
             g_strdup_printf("TURN server %s made a TCP connection to %s: a service, no peer of a call", at,
                             wr_endpoint_format(&s->connect_peer, peer)));
}

static void check_servers(wr_engine *e)
{
    GPtrArray *list;

    if (e->turn == NULL)
        return;
    list = wr_values_sorted(e->turn->servers, servers_by_place);
    for (unsigned i = 0; i < list->len; i++)
        check_server(e, g_ptr_array_index(list, i));
    g_ptr_array_free(list, TRUE);
}

static void check_users(wr_engine *e)
{
    GPtrArray *list;

    if (e->turn == NULL)
        return;
    list = wr_values_sorted(e->turn->users, users_by_frame);
    for (unsigned i = 0; i < list->len; i++) {
        const wr_turn_user *u = g_ptr_array_index(list, i);
        char at[WR_ENDPOINT_TEXT];
        wr_endpoint_format(&u->server, at);
        if (strchr(u->name, '@') != NULL || g_str_has_prefix(u->name, "sip:"))
            tell(e, "TURN-03", WR_NOTE, u->frame, 0, NULL,
                 g_strdup_printf("A TURN user name that names a person is readable in clear (server %s)", at));
        if (u->n_hosts >= MANY_HOSTS && wr_turn_expiry(u->name) == 0)
            tell(e, "TURN-04", WR_NOTE, u->frame, u->last_frame, NULL,
                 g_strdup_printf("More than 5 hosts use one TURN user name without end of life: a shared static "
                                 "credential (server %s)",
                                 at));
        if (u->allocations > WR_TURN_MANY)
            tell(e, "TURN-05", WR_NOTE, u->frame, u->last_frame, NULL,
                 g_strdup_printf("One TURN user name made %u allocations (server %s)", u->allocations, at));
    }
    g_ptr_array_free(list, TRUE);
}

/* ---- TURN-02 ---- */

/* Addresses that only the server's own host or its cloud answers for. */
static bool is_own(wr_scope scope)
{
    return scope == WR_SCOPE_LOOPBACK || scope == WR_SCOPE_UNSPECIFIED || scope == WR_SCOPE_METADATA;
}

/* A request towards a private address is routine: ICE asks for every remote host candidate (RFC 8445 7.2.2). Where
 * the server is itself private, its success says nothing either. */
static void check_peer(wr_engine *e, const wr_turn_peer *p)
{
    bool own = is_own(p->scope),
         inside = !own && p->scope != WR_SCOPE_TUNNEL && wr_endpoint_scope(&p->server) != WR_SCOPE_PUBLIC;
    char at[WR_ENDPOINT_TEXT], peer[WR_ENDPOINT_TEXT], relayed[WR_ENDPOINT_TEXT];
    const wr_allocation *inner = wr_turn_private_relay(e, &p->server);
    uint32_t frame = p->data_frame != 0 ? p->data_frame : p->accepted.frame;

    if (inside)
        return;
    wr_endpoint_format(&p->server, at);
    wr_endpoint_format_host(&p->peer, peer);
    if (frame != 0 && !own && inner != NULL)
        tell(e, "TURN-02", WR_NOTE, frame, p->request_frame, "V17.1.1",
             g_strdup_printf(
                 "TURN server %s relays to an internal address, %s (%s): its own relayed address is %s, so it "
                 "serves peers inside",
                 at, peer, wr_scope_name(p->scope), wr_endpoint_format(&inner->relayed, relayed)));
    else if (frame != 0)
        tell_grant(e, "TURN-02", own || p->data_frame != 0 ? WR_ERROR : WR_WARN, &p->accepted, frame, p->request_frame,
                   "V17.1.1",
                   g_strdup_printf("TURN server %s %s an internal address: %s (%s)", at,
                                   p->data_frame != 0 ? "relays data from" : "accepted a permission or channel towards",
                                   peer, wr_scope_name(p->scope)));
    else if (own)
        tell(e, "TURN-02", WR_NOTE, p->request_frame, 0, "V17.1.1",
             g_strdup_printf("TURN server %s was asked to relay to %s (%s); that it did is not seen", at, peer,
                             wr_scope_name(p->scope)));
}

static void check_peers(wr_engine *e)
{
    GPtrArray *list;

    if (e->turn == NULL)
        return;
    list = wr_values_sorted(e->turn->peers, peers_by_frame);
    for (unsigned i = 0; i < list->len; i++)
        check_peer(e, g_ptr_array_index(list, i));
    g_ptr_array_free(list, TRUE);
}

/* ---- TURN-05 ---- */

static guint host_hash(gconstpointer p)
{
    wr_endpoint host = *(const wr_endpoint *)p;

    host.port = 0;
    return wr_endpoint_hash(&host);
}

static gboolean host_equal(gconstpointer a, gconstpointer b)
{
    return wr_endpoint_same_host(a, b);
}

/* Hosts that descriptions or checks name. */
static GHashTable *named_hosts(const wr_engine *e)
{
    GHashTable *hosts = g_hash_table_new(host_hash, host_equal);

    for (unsigned i = 0; i < e->copies->len; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, i);
        for (unsigned j = 0; j < c->n_addresses; j++)
            g_hash_table_add(hosts, &c->addresses[j]);
    }
    for (unsigned i = 0; i < e->flows->len; i++) {
        wr_flow *f = g_ptr_array_index(e->flows, i);
        for (int end = 0; end < 2 && f->checks.len > 0; end++)
            g_hash_table_add(hosts, &f->end[end]);
    }
    return hosts;
}

/* Only where some signalling is seen: without it every peer is unknown. */
static void check_unknown_peers(wr_engine *e)
{
    GPtrArray *list = e->copies->len == 0 ? NULL : wr_values_sorted(e->allocations, allocations_by_frame);
    GHashTable *hosts = NULL;

    for (unsigned i = 0; list != NULL && i < list->len; i++) {
        const wr_allocation *al = g_ptr_array_index(list, i);
        for (unsigned j = 0; j < al->n_channels; j++) {
            char at[WR_ENDPOINT_TEXT], peer[WR_ENDPOINT_TEXT];
            if (al->channels[j].packets <= UNKNOWN_PACKETS ||
                wr_relay_path_is_told(wr_relay_path_find(e, &al->client, &al->server, &al->channels[j].peer)))
                continue;
            if (hosts == NULL)
                hosts = named_hosts(e);
            if (!g_hash_table_contains(hosts, &al->channels[j].peer))
                tell(e, "TURN-05", WR_NOTE, al->channels[j].frame, al->frame, "V17.1.1",
                     g_strdup_printf("TURN server %s relays to %s, which no description and no check names",
                                     wr_endpoint_format(&al->server, at),
                                     wr_endpoint_format(&al->channels[j].peer, peer)));
        }
    }
    if (hosts != NULL)
        g_hash_table_destroy(hosts);
    if (list != NULL)
        g_ptr_array_free(list, TRUE);
}

/* ---- TURN-06, TURN-07 ---- */

/* The description that the relay's checks ask for hides its addresses behind host names, but this is a private one. */
static const wr_copy *hidden_host(const wr_engine *e, const wr_flow *f, int peer)
{
    if (wr_endpoint_scope(&f->end[peer]) != WR_SCOPE_PRIVATE ||
        wr_index_find(e->by_address, wr_endpoint_key(&f->end[peer])).len > 0)
        return NULL;
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        wr_bucket bucket = {NULL, 0};
        if (k->from != peer)
            bucket = wr_index_find(e->by_ufrag, wr_key_text(k->remote_ufrag));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++) {
            const wr_credential *c = bucket.members[j];
            if (c->copy->has_names)
                return c->copy;
        }
    }
    return NULL;
}

static void check_session(wr_engine *e, const wr_session *s)
{
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(s->flows, i);
        for (int end = 0; f->relayed && end < 2; end++) {
            const wr_copy *c = g_hash_table_contains(e->relays, &f->end[end]) ? hidden_host(e, f, 1 - end) : NULL;
            if (c != NULL)
                wr_finding_once(
                    e, s, "TURN-06", WR_CHAT, f->first_frame, c->frame, NULL, WR_BASIS_TURN,
                    "A private address that its description hides behind a host name was disclosed to the TURN server");
        }
    }
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->relayed)
            wr_finding_once(
                e, s, "TURN-07", WR_CHAT, a->first_frame, a->flow->first_frame, NULL, WR_BASIS_RECORDS,
                "Association a%u is relayed by a TURN server; what is seen on both sides of it is counted once",
                a->number);
    }
}

static void check_sessions(wr_engine *e)
{
    for (unsigned i = 0; i < e->sessions->len; i++)
        check_session(e, g_ptr_array_index(e->sessions, i));
}

const wr_capture_check *wr_checks_turn(void)
{
    static const wr_capture_check checks[] = {check_servers,         check_users,    check_peers, check_unknown_peers,
                                              wr_check_relay_misuse, check_sessions, NULL};
    return checks;
}
