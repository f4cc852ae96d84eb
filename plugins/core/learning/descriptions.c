/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes descriptions in: which signalling leg they were seen on, whether they were seen there before, and which
 * trickled candidates (RFC 8838) belong to them.
 */
#include "base/digest.h"
#include "learn.h"

#include <string.h>

/* A candidate, or credentials, that came before its description. */
typedef struct {
    wr_direction direction;
    const char *ufrag, *password;
    wr_endpoint address;
    bool relayed; /* see wr_copy_announces_relay() */
} orphan;

#define MAX_ORPHANS 64

static void leg_ends(const wr_description *d, wr_endpoint *client, wr_endpoint *server)
{
    if (d->context.direction == WR_DIRECTION_EMITTED) {
        *client = d->at.src;
        *server = d->at.dst;
    } else if (d->context.direction == WR_DIRECTION_DELIVERED) {
        *client = d->at.dst;
        *server = d->at.src;
    } else {
        *client = wr_endpoint_none();
        *server = wr_endpoint_none();
    }
}

static bool is_http(wr_carrier carrier)
{
    return carrier == WR_CARRIER_HTTP || carrier == WR_CARRIER_HTTP2;
}

/* One WebSocket or TCP connection is a leg, and what a server reports of it is another; so are all HTTP exchanges of a
 * host with one server, for browsers spread a call over several connections. */
static char *leg_name(const wr_description *d, const wr_endpoint *client, const wr_endpoint *server)
{
    char a[WR_ENDPOINT_TEXT], b[WR_ENDPOINT_TEXT];

    if (d->witness != NULL)
        return g_strdup_printf("w %p %s", (const void *)d->witness, d->witness_leg);
    if (is_http(d->context.carrier) && wr_endpoint_known(client))
        return g_strdup_printf("h %s %s", wr_endpoint_format_host(client, a), wr_endpoint_format(server, b));
    if (d->context.connection != 0)
        return g_strdup_printf("c %u", d->context.connection);
    if (wr_endpoint_compare(&d->at.src, &d->at.dst) < 0)
        return g_strdup_printf("p %s %s", wr_endpoint_format(&d->at.src, a), wr_endpoint_format(&d->at.dst, b));
    return g_strdup_printf("p %s %s", wr_endpoint_format(&d->at.dst, a), wr_endpoint_format(&d->at.src, b));
}

static uint64_t leg_key(const wr_description *d, const wr_endpoint *client, const wr_endpoint *server)
{
    char *name = leg_name(d, client, server);
    char *whole = g_strconcat(d->context.mirrored ? "m " : "", name, NULL);
    const uint64_t key = wr_key_text(whole);

    g_free(name);
    g_free(whole);
    return key;
}

static wr_leg *leg_get(wr_engine *e, const wr_description *d)
{
    wr_endpoint client, server;
    wr_leg *leg;
    uint64_t key;

    leg_ends(d, &client, &server);
    key = leg_key(d, &client, &server);
    leg = wr_index_get(e->legs_by_key, key);
    if (leg == NULL && e->legs->len < WR_MAX_LEGS &&
        wr_keep_bytes(e, sizeof *leg + MAX_ORPHANS * sizeof(orphan), "memory for signalling legs")) {
        leg = g_new0(wr_leg, 1);
        leg->number = e->legs->len + 1;
        leg->carrier = d->context.carrier;
        leg->connection = d->context.connection;
        leg->client = client;
        leg->server = server;
        leg->two_ended = d->context.direction == WR_DIRECTION_UNKNOWN;
        leg->mirrored = d->context.mirrored;
        leg->witness = d->witness;
        g_ptr_array_add(e->legs, leg);
        wr_index_set(e->legs_by_key, key, leg);
    } else if (leg == NULL) {
        if (e->legs->len >= WR_MAX_LEGS)
            wr_limit_reached(e, "signalling legs");
    } else if (!wr_endpoint_known(&leg->client) && wr_endpoint_known(&client)) {
        leg->client = client;
        leg->server = server;
        leg->two_ended = false;
    }
    if (leg != NULL) {
        leg->protected_transport |= d->context.protected_transport;
        if (d->context.user_agent != NULL && leg->user_agent == NULL)
            leg->user_agent = wr_intern(e, d->context.user_agent);
        if (leg->dialect == NULL)
            leg->dialect = d->context.dialect;
    }
    return leg;
}

/* What a party said of itself when it joined. */
static void leg_join(wr_engine *e, wr_leg *leg, const wr_description *d)
{
    if (d->context.call != NULL)
        leg->call = wr_intern(e, d->context.call);
    if (d->context.from != NULL && d->context.direction != WR_DIRECTION_DELIVERED)
        leg->party = wr_intern(e, d->context.from);
}

/* ---- addresses and credentials of a copy ---- */

void wr_copy_add_address(wr_engine *e, wr_copy *c, const wr_endpoint *address, bool relayed)
{
    uint64_t key;

    if (!wr_endpoint_known(address) || address->port == 0)
        return;
    for (unsigned i = 0; i < c->n_addresses; i++)
        if (wr_endpoint_equal(&c->addresses[i], address))
            return;
    if (c->n_addresses >= WR_MAX_ADDRESSES_PER_COPY) {
        wr_limit_of_copy(e, "candidate addresses of a description", c);
        return;
    }
    if (!wr_keep_bytes(e, sizeof *address, "memory for candidate addresses"))
        return;
    c->addresses = g_renew(wr_endpoint, c->addresses, c->n_addresses + 1);
    if (relayed)
        c->relayed[c->n_addresses / 32] |= 1u << c->n_addresses % 32;
    c->addresses[c->n_addresses++] = *address;
    key = wr_endpoint_key(address);
    if (wr_index_find(e->by_address, key).len < WR_MAX_BUCKET)
        wr_index_add(e->by_address, key, c);
}

static void copy_add_candidates(wr_engine *e, wr_copy *c, const wr_sdp *sdp)
{
    for (unsigned i = 0; i < sdp->n_candidates; i++)
        c->has_names |= sdp->candidates[i].hostname != NULL;
    for (unsigned i = 0; i < sdp->n_candidates; i++)
        if (!sdp->candidates[i].tcp || sdp->candidates[i].address.port != 9) /* 9: active TCP, RFC 6544 4.5 */
            wr_copy_add_address(e, c, &sdp->candidates[i].address, sdp->candidates[i].type == WR_CAND_RELAY);
    /* stacks without ICE, or with one address only, put it into c= and m= */
    for (unsigned i = 0; i < sdp->n_sections; i++)
        if (sdp->sections[i].port != 9 && !wr_sdp_section_disabled(&sdp->sections[i]))
            wr_copy_add_address(e, c, &sdp->sections[i].connection, false);
}

/* The password need not be kept twice where the copy's own description holds it. */
static void copy_add_credential(wr_engine *e, wr_copy *c, const char *ufrag, const char *password, bool own)
{
    wr_credential *k;

    if (ufrag == NULL)
        return;
    for (unsigned i = 0; i < c->credentials.len; i++) {
        k = wr_list_at(&c->credentials, i);
        if (strcmp(k->ufrag, ufrag) == 0 && (password == NULL || g_strcmp0(k->password, password) == 0))
            return;
    }
    if (c->credentials.len >= WR_MAX_CREDENTIALS_PER_COPY) {
        wr_limit_of_copy(e, "ICE credentials of a description", c);
        return;
    }
    if (!wr_keep_bytes(e, sizeof *k, "memory for ICE credentials"))
        return;
    k = g_new0(wr_credential, 1);
    k->ufrag = wr_intern(e, ufrag);
    k->password = own ? password : wr_intern(e, password);
    k->copy = c;
    wr_list_add(&c->credentials, k);
    wr_index_add(e->by_ufrag, wr_key_text(ufrag), k);
    if (password != NULL) {
        wr_index_add(e->by_credential, wr_credential_key(ufrag, password), c);
        wr_checks_retry(e, ufrag);
    }
}

static void copy_add_credentials(wr_engine *e, wr_copy *c, const wr_sdp *sdp)
{
    if (sdp->n_sections == 0)
        copy_add_credential(e, c, sdp->session.ice_ufrag, sdp->session.ice_pwd, sdp == c->sdp);
    for (unsigned i = 0; i < sdp->n_sections; i++) {
        wr_effective a = wr_sdp_effective(sdp, &sdp->sections[i]);
        if (!wr_sdp_section_disabled(&sdp->sections[i]))
            copy_add_credential(e, c, a.ice_ufrag, a.ice_pwd, sdp == c->sdp);
    }
}

/* ---- trickled candidates and fragments ---- */

/* Is this the description the trickled piece belongs to? */
static bool piece_fits(const wr_copy *c, const wr_description *d, const char *ufrag)
{
    if (c->direction != d->context.direction)
        return false;
    if (ufrag != NULL) {
        for (unsigned i = 0; i < c->credentials.len; i++)
            if (strcmp(((wr_credential *)wr_list_at(&c->credentials, i))->ufrag, ufrag) == 0)
                return true;
        return false;
    }
    if (c->call != NULL && d->context.call != NULL && strcmp(c->call, d->context.call) != 0)
        return false;
    if (c->to != NULL && d->context.to != NULL && strcmp(c->to, d->context.to) != 0)
        return false;
    return c->from == NULL || d->context.from == NULL || strcmp(c->from, d->context.from) == 0;
}

static wr_copy *piece_owner(wr_leg *leg, const wr_description *d, const char *ufrag)
{
    unsigned n = leg->copies.len;

    for (unsigned i = 0; i < n && i < WR_MAX_BUCKET; i++) {
        wr_copy *c = wr_list_at(&leg->copies, n - 1 - i);
        if (piece_fits(c, d, ufrag))
            return c;
    }
    return NULL;
}

static void keep_orphan(wr_leg *leg, wr_direction direction, const char *ufrag, const char *password,
                        const wr_endpoint *address, bool relayed)
{
    orphan *o;

    if (leg->orphans == NULL)
        leg->orphans = g_ptr_array_new_with_free_func(g_free);
    if (leg->orphans->len >= MAX_ORPHANS) /* the oldest has waited longest in vain */
        g_ptr_array_remove_index(leg->orphans, 0);
    o = g_new0(orphan, 1);
    o->direction = direction;
    o->ufrag = ufrag;
    o->password = password;
    o->address = *address;
    o->relayed = relayed;
    g_ptr_array_add(leg->orphans, o);
}

static void adopt_orphans(wr_engine *e, wr_copy *c)
{
    GPtrArray *orphans = c->leg->orphans;

    for (unsigned i = 0; orphans != NULL && i < orphans->len;) {
        orphan *o = g_ptr_array_index(orphans, i);
        bool mine = o->direction == c->direction && o->ufrag == NULL;
        for (unsigned j = 0; !mine && o->direction == c->direction && j < c->credentials.len; j++)
            mine = g_strcmp0(((wr_credential *)wr_list_at(&c->credentials, j))->ufrag, o->ufrag) == 0;
        if (!mine) {
            i++;
            continue;
        }
        wr_copy_add_address(e, c, &o->address, o->relayed);
        g_ptr_array_remove_index(orphans, i);
    }
}

static wr_copy *add_piece(wr_engine *e, wr_leg *leg, const wr_description *d)
{
    const wr_sdp *sdp = d->sdp;
    const char *ufrag = d->context.ufrag;
    wr_copy *c;
    wr_endpoint none = wr_endpoint_none();

    if (ufrag == NULL)
        ufrag = sdp->session.ice_ufrag;
    if (ufrag == NULL && sdp->n_sections > 0)
        ufrag = sdp->sections[0].own.ice_ufrag;
    if (ufrag == NULL && sdp->n_candidates > 0)
        ufrag = sdp->candidates[0].ufrag;
    c = piece_owner(leg, d, ufrag);
    if (c == NULL && ufrag != NULL && is_http(leg->carrier)) {
        /* WHIP: a PATCH with new credentials restarts ICE for the description of the same resource (RFC 9725 4.3.2) */
        c = piece_owner(leg, d, NULL);
        if (c != NULL)
            copy_add_credentials(e, c, sdp);
    }
    if (c == NULL) {
        for (unsigned i = 0; i < sdp->n_candidates && i < MAX_ORPHANS; i++)
            keep_orphan(leg, d->context.direction, wr_intern(e, ufrag), NULL, &sdp->candidates[i].address,
                        sdp->candidates[i].type == WR_CAND_RELAY);
        if (sdp->n_candidates == 0 && ufrag != NULL)
            keep_orphan(leg, d->context.direction, wr_intern(e, ufrag), NULL, &none, false);
        return NULL;
    }
    copy_add_candidates(e, c, sdp);
    return c;
}

/* ---- descriptions ---- */

static void index_fingerprints(wr_engine *e, wr_copy *c, const wr_fingerprint *fps, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        wr_bucket bucket;
        uint64_t key;
        if (!fps[i].usable)
            continue;
        e->hashes |= 1u << fps[i].hash;
        key = wr_fingerprint_key(fps[i].hash, fps[i].value, fps[i].length);
        bucket = wr_index_find(e->by_fingerprint, key);
        if (bucket.len >= WR_MAX_BUCKET || (bucket.len > 0 && bucket.members[bucket.len - 1] == c))
            continue;
        wr_index_add(e->by_fingerprint, key, c);
    }
}

static uint64_t identity_key(const wr_leg *leg, const wr_description *d, bool answers)
{
    const uint32_t where[3] = {leg->number, (uint32_t)d->context.direction, answers};
    uint8_t bytes[sizeof where + WR_SHA256];

    memcpy(bytes, where, sizeof where);
    memcpy(bytes + sizeof where, d->sdp->canonical, WR_SHA256);
    return wr_key(bytes, sizeof bytes);
}

/* An answer says which role it takes; an offer leaves it open (RFC 8842 5). */
static wr_kind settle_kind(const wr_description *d)
{
    wr_setup setup;

    if (d->context.kind == WR_KIND_OFFER || wr_kind_is_answer(d->context.kind))
        return d->context.kind;
    setup = wr_sdp_effective(d->sdp, d->sdp->n_sections > 0 ? &d->sdp->sections[0] : NULL).setup;
    if (setup == WR_SETUP_ACTPASS)
        return WR_KIND_OFFER;
    return setup == WR_SETUP_ACTIVE || setup == WR_SETUP_PASSIVE ? WR_KIND_ANSWER : WR_KIND_OFFER;
}

static wr_copy *copy_new(wr_engine *e, wr_leg *leg, const wr_description *d)
{
    wr_copy *c = g_new0(wr_copy, 1);

    c->number = e->copies->len + 1;
    c->node = wr_node_new(e, c, NULL);
    c->frame = c->last_frame = d->at.frame;
    c->time_us = d->at.time_us;
    c->point = d->at.point;
    c->look = (uint16_t)wr_look_of(e, &d->at);
    c->src = d->at.src;
    c->dst = d->at.dst;
    c->kind = settle_kind(d);
    c->is_part = d->sdp->fragment && d->context.kind != c->kind;
    c->carrier = d->context.carrier;
    c->direction = d->context.direction;
    c->connection = d->context.connection;
    c->heard = d->context.heard;
    c->protected_transport = d->context.protected_transport;
    c->mirrored = d->context.mirrored;
    c->hop = d->context.hop != NULL ? wr_key_text(d->context.hop) : 0;
    c->dialect = wr_intern(e, d->context.dialect);
    c->path = wr_intern(e, d->context.path);
    c->call = d->context.call != NULL ? wr_intern(e, d->context.call) : leg->call;
    c->from = wr_intern(e, d->context.from);
    c->to = wr_intern(e, d->context.to);
    c->leg = leg;
    c->sdp = wr_sdp_ref(d->sdp);
    g_ptr_array_add(e->copies, c);
    wr_list_add(&leg->copies, c);
    return c;
}

static wr_copy *add_copy(wr_engine *e, wr_leg *leg, const wr_description *d)
{
    uint64_t key = identity_key(leg, d, wr_kind_is_answer(d->context.kind));
    wr_copy *c = wr_index_get(e->copies_by_identity, key);

    if (c != NULL) { /* repeated, retransmitted, or captured twice */
        c->n_repeats++;
        c->last_frame = d->at.frame;
        copy_add_candidates(e, c, d->sdp);
        return c;
    }
    if (e->copies->len >= WR_MAX_COPIES) {
        wr_limit_reached(e, "session descriptions");
        return NULL;
    }
    wr_sdp_fold(d->sdp);
    if (!wr_keep_bytes(e, sizeof *c + wr_sdp_size(d->sdp), "memory for session descriptions"))
        return NULL;
    c = copy_new(e, leg, d);
    wr_index_set(e->copies_by_identity, key, c);
    copy_add_candidates(e, c, d->sdp);
    copy_add_credentials(e, c, d->sdp);
    adopt_orphans(e, c);
    index_fingerprints(e, c, d->sdp->session.fingerprints, d->sdp->session.n_fingerprints);
    for (unsigned i = 0; i < d->sdp->n_sections; i++)
        index_fingerprints(e, c, d->sdp->sections[i].own.fingerprints, d->sdp->sections[i].own.n_fingerprints);
    if (wr_sdp_is_cut(d->sdp))
        wr_limit_of_copy(e, "fingerprints of a section", c);
    if (e->proofs != NULL && d->sdp->has_crypto)
        e->proofs->sdes = true;
    wr_copy_link(e, c);
    if (d->witness == NULL) {
        wr_copy_settle_doubts(e, c);
        wr_node_number(e, c->node);
    }
    return c;
}

static bool announces(const wr_sdp *sdp)
{
    bool found = sdp->session.n_fingerprints > 0;

    for (unsigned i = 0; !found && i < sdp->n_sections; i++)
        found = sdp->sections[i].own.n_fingerprints > 0;
    return found;
}

/* Offers and answers in JSON over WebSocket or HTTP are what browsers' pages exchange: whatever such a description
 * says, it is WebRTC, and what it fails to protect is to be reported. A description that came as a body of its own, or
 * by SIP or RTSP, must say so itself. */
static bool is_browser_carrier(const wr_description *d)
{
    if (d->witness != NULL)
        return d->context.kind == WR_KIND_OFFER || wr_kind_is_answer(d->context.kind);
    return (d->context.carrier == WR_CARRIER_WEBSOCKET || d->context.carrier == WR_CARRIER_HTTP) &&
           d->context.path != NULL && (d->context.kind == WR_KIND_OFFER || wr_kind_is_answer(d->context.kind));
}

/* By its call; a response of HTTP names one that its request could not know. */
static bool is_of_exchange(const wr_copy *offer, const wr_description *d)
{
    if (offer->call == NULL && is_http(d->context.carrier))
        return d->context.connection != 0 && offer->connection == d->context.connection;
    return d->context.call != NULL && g_strcmp0(offer->call, d->context.call) == 0;
}

/* The newest offer of the other party in the same exchange, on the leg that the description came by; NULL for none. */
static const wr_copy *newest_offer(const wr_leg *leg, const wr_description *d)
{
    unsigned n = leg != NULL ? leg->copies.len : 0;

    for (unsigned i = 0; i < n && i < WR_PAIRING_WINDOW; i++) {
        const wr_copy *c = wr_list_at(&leg->copies, n - 1 - i);
        if (!wr_kind_is_answer(c->kind) && is_of_exchange(c, d) &&
            (wr_endpoint_same_host(&c->src, &d->at.dst) || !wr_endpoint_same_host(&c->src, &d->at.src)))
            return c;
    }
    return NULL;
}

/* SIP over whatever carries it, WHIP and WHEP: who answers is told by the message, not by the text. */
static bool is_exchange_of_bodies(const wr_description *d)
{
    return d->context.carrier == WR_CARRIER_SIP || g_strcmp0(d->context.dialect, "sip") == 0 ||
           (is_http(d->context.carrier) && g_strcmp0(d->context.dialect, "whip-whep") == 0);
}

/* What a description without any sign of WebRTC answers is WebRTC: what it leaves in clear is to be reported. */
static bool answers_webrtc(const wr_engine *e, const wr_description *d)
{
    wr_endpoint client, server;
    const wr_copy *offer;

    if (!is_exchange_of_bodies(d) || !wr_kind_is_answer(d->context.kind))
        return false;
    leg_ends(d, &client, &server);
    offer = newest_offer(wr_index_get(e->legs_by_key, leg_key(d, &client, &server)), d);
    return offer != NULL && wr_sdp_is_webrtc(offer->sdp);
}

/* An answer that leaves the DTLS role open as only an offer may (RFC 8842 5.3): there is an offer that nothing answered
 * but this text. */
static bool is_open_answer(const wr_engine *e, const wr_leg *leg, const wr_description *d)
{
    const wr_copy *offer = d->context.meant_as_answer ? newest_offer(leg, d) : NULL;

    return offer != NULL &&
           (offer->n_answers == 0 || wr_index_get(e->copies_by_identity, identity_key(leg, d, true)) != NULL);
}

/* Whoever says it takes back his latest offer that was not answered. */
static void take_back_offer(wr_leg *leg, const wr_description *d)
{
    unsigned n = leg->copies.len;

    for (unsigned i = 0; i < n && i < WR_PAIRING_WINDOW; i++) {
        wr_copy *c = wr_list_at(&leg->copies, n - 1 - i);
        if (wr_kind_is_answer(c->kind) || c->n_answers > 0 || c->withdrawn || !piece_fits(c, d, NULL))
            continue;
        c->withdrawn = true;
        return;
    }
}

wr_copy *wr_engine_add_description(wr_engine *e, const wr_description *d)
{
    wr_leg *leg;

    for (unsigned i = 0; d->sdp != NULL && i < d->sdp->n_problems; i++)
        if (d->sdp->problems[i].kind == WR_SDP_PROBLEM_LIMIT)
            wr_limit_reached(e, WR_LIMIT_SDP_PARTS);
    if (d->sdp != NULL && !d->sdp->fragment && !wr_sdp_is_webrtc(d->sdp) && !is_browser_carrier(d) &&
        !answers_webrtc(e, d))
        return NULL;
    leg = wr_description_is_outside(e, d) ? NULL : leg_get(e, d);
    if (leg == NULL)
        return NULL;
    e->changed = true;
    if (d->context.kind == WR_KIND_JOIN)
        leg_join(e, leg, d);
    if (d->context.kind == WR_KIND_ROLLBACK)
        take_back_offer(leg, d);
    if (d->sdp == NULL)
        return NULL;
    if (d->context.kind == WR_KIND_CANDIDATE || (d->sdp->fragment && !announces(d->sdp)))
        return add_piece(e, leg, d);
    if (is_open_answer(e, leg, d)) {
        wr_description answer = *d;
        wr_copy *c;
        answer.context.kind = WR_KIND_ANSWER;
        c = add_copy(e, leg, &answer);
        if (c != NULL)
            c->is_part = d->sdp->fragment;
        return c;
    }
    return add_copy(e, leg, d);
}
