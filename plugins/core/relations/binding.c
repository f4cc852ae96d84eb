/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which descriptions govern an association: by connectivity checks (grades B0 to B2), by announced addresses (B3), by
 * the certificates themselves (B4); and whose view, that is which client's leg, may judge it (security
 * rules 3.1, 3.4, 3.5).
 */

#include "relations/relations.h"
#include <string.h>

/* ---- the pair of user names in force ---- */

/* Better: proven, begun before the handshake was answered, and of these the latest. */
static bool better_check(const wr_check *k, const wr_check *best, int64_t when)
{
    bool k_early = k->first_us <= when + WR_SLACK_US, best_early;

    if (best == NULL)
        return true;
    if (k->request_valid != best->request_valid)
        return k->request_valid;
    best_early = best->first_us <= when + WR_SLACK_US;
    if (k_early != best_early)
        return k_early;
    return k_early ? k->first_us > best->first_us : k->first_us < best->first_us;
}

/* User names alone are short: what a file states of another time says nothing here. */
static bool any_in_time(const wr_engine *e, wr_bucket credentials, int64_t when)
{
    for (unsigned i = 0; i < credentials.len && i < WR_MAX_BUCKET; i++)
        if (wr_copy_is_in_time(e, ((wr_credential *)credentials.members[i])->copy, when))
            return true;
    return false;
}

/* Grade of one user name with its counterpart of the other direction. */
static wr_binding check_grade(const wr_engine *e, const wr_flow *f, const wr_check *k)
{
    const wr_check *r = wr_flow_reverse_check(f, k);
    wr_bucket remote, local;

    if (k->request_valid && k->response_valid && r != NULL && r->request_valid && r->response_valid)
        return WR_B0;
    if (k->request_valid || (r != NULL && r->request_valid))
        return WR_B1;
    /* A password was known and did not validate: another description governs (rules, ICE-02). */
    if (k->tried || (r != NULL && r->tried))
        return WR_B_NONE;
    remote = wr_index_find(e->by_ufrag, wr_key_text(k->remote_ufrag));
    local = wr_index_find(e->by_ufrag, wr_key_text(k->local_ufrag));
    if (remote.len == 0 || local.len == 0)
        return WR_B_NONE;
    if (!any_in_time(e, remote, k->first_us) || !any_in_time(e, local, k->first_us))
        return WR_B_NONE;
    for (unsigned i = 0; i < remote.len && i < WR_MAX_BUCKET; i++)
        for (unsigned j = 0; j < local.len && j < WR_MAX_BUCKET; j++)
            if (wr_node_root(e, ((wr_credential *)remote.members[i])->copy->node) !=
                wr_node_root(e, ((wr_credential *)local.members[j])->copy->node))
                return WR_B_NONE;
    return WR_B2;
}

/* The check that speaks for one flow. */
static const wr_check *choose_check(const wr_engine *e, const wr_flow *f, int64_t when, wr_binding *grade)
{
    const wr_check *best = NULL;

    *grade = WR_B_NONE;
    for (unsigned j = 0; j < f->checks.len; j++) {
        const wr_check *k = wr_list_at(&f->checks, j);
        wr_binding g = check_grade(e, f, k);
        if (g == WR_B_NONE || (best != NULL && g > WR_B1 && *grade <= WR_B1))
            continue;
        if (best != NULL && (g <= WR_B1) == (*grade <= WR_B1) && !better_check(k, best, when))
            continue;
        best = k;
        *grade = g;
    }
    return best;
}

/* ---- views ---- */

static wr_view *view_of(wr_bound *out, wr_leg *leg)
{
    leg = wr_leg_root(leg);
    for (unsigned i = 0; i < out->n_views; i++)
        if (out->views[i].leg == leg)
            return &out->views[i];
    if (out->n_views == WR_MAX_VIEWS)
        return NULL;
    out->views = g_renew(wr_view, out->views, out->n_views + 1);
    memset(&out->views[out->n_views], 0, sizeof(wr_view));
    out->views[out->n_views].leg = leg;
    return &out->views[out->n_views++];
}

/* Of several descriptions of one side on one leg the latest before the handshake was answered; else the first. */
static bool better_copy(const wr_copy *c, const wr_copy *best, int64_t when)
{
    bool c_early, best_early;

    if (best == NULL)
        return true;
    if (c->echo != best->echo)
        return best->echo;
    if (c->withdrawn != best->withdrawn)
        return best->withdrawn;
    c_early = c->time_us <= when + WR_SLACK_US;
    best_early = best->time_us <= when + WR_SLACK_US;
    if (c_early != best_early)
        return c_early;
    return c_early ? c->time_us > best->time_us : c->time_us < best->time_us;
}

static void add_to_view(wr_bound *out, wr_copy *c, int side, const char *ufrag, int64_t when)
{
    wr_view *v = view_of(out, c->leg);

    if (v != NULL && better_copy(c, v->copy[side], when)) {
        v->copy[side] = c;
        v->ufrag[side] = ufrag;
    }
}

/* Is this address one of the client's: its signalling host, a candidate it announced, or an address that its TURN
 * server lent to that host? */
static bool is_clients(const wr_engine *e, const wr_leg *leg, const wr_copy *own, const wr_endpoint *end)
{
    const wr_endpoint *lent;

    if (wr_endpoint_same_host(&leg->client, end))
        return true;
    for (unsigned i = 0; own != NULL && own->direction == WR_DIRECTION_EMITTED && i < own->n_addresses; i++)
        if (wr_endpoint_same_host(&own->addresses[i], end))
            return true;
    lent = g_hash_table_lookup(e->relays, end);
    return lent != NULL && wr_endpoint_same_host(&leg->client, lent);
}

/* A witness whose addresses are not told is known by the certificate that he presents. */
static bool is_witness(const wr_association *a, const wr_view *v, int own)
{
    wr_certificate *cert = a->side[own].presented.certificate;
    const wr_copy *c = v->copy[own];

    if (v->leg->witness == NULL || cert == NULL || c == NULL || c->direction != WR_DIRECTION_EMITTED)
        return false;
    for (unsigned i = 0; i <= c->sdp->n_sections; i++) {
        const wr_transport *t = i < c->sdp->n_sections ? &c->sdp->sections[i].own : &c->sdp->session;
        for (unsigned j = 0; j < t->n_fingerprints; j++)
            if (wr_certificate_has_fingerprint(cert, &t->fingerprints[j]))
                return true;
    }
    return false;
}

/* A view applies when its client sits at the end that the client's own description owns. Where copies share credentials
 * this is what tells the two associations of an interception apart. */
static void judge_view(const wr_engine *e, const wr_association *a, const wr_endpoint end[2], wr_bound *out, wr_view *v)
{
    int own = -1;

    for (int s = 0; s < 2; s++) {
        if (v->copy[s] == NULL)
            continue;
        if (v->copy[s]->direction == WR_DIRECTION_EMITTED)
            own = s;
        else if (own < 0 && v->copy[s]->direction == WR_DIRECTION_DELIVERED)
            own = 1 - s;
    }
    v->applies |= v->leg->two_ended || (own >= 0 && is_clients(e, v->leg, v->copy[own], &end[own])) ||
                  (own >= 0 && is_witness(a, v, own));
    out->by_address |= v->applies;
}

/* proven: a password of this path is known to be right. */
static void collect_by_ufrag(const wr_engine *e, wr_bound *out, int side, const char *ufrag, const char *password,
                             bool proven, int64_t when)
{
    wr_bucket bucket = wr_index_find(e->by_ufrag, wr_key_text(ufrag));

    for (unsigned i = 0; i < bucket.len && i < WR_MAX_BUCKET; i++) {
        const wr_credential *c = bucket.members[i];
        if (!proven && !wr_copy_is_in_time(e, c->copy, when))
            continue;
        if (password == NULL || c->password == NULL || strcmp(c->password, password) == 0)
            add_to_view(out, c->copy, side, c->ufrag, when);
    }
}

/* ---- by addresses, by certificates ---- */

/* The one session whose descriptions announced both ends; false when none or several. */
static bool session_by_addresses(const wr_engine *e, const wr_flow *f, int64_t when, unsigned *root)
{
    wr_bucket a = wr_index_find(e->by_address, wr_endpoint_key(&f->end[0]));
    wr_bucket b = wr_index_find(e->by_address, wr_endpoint_key(&f->end[1]));
    unsigned found = 0;

    for (unsigned i = 0; i < a.len; i++) {
        unsigned r = wr_node_root(e, ((wr_copy *)a.members[i])->node);
        if (!wr_copy_is_in_time(e, a.members[i], when))
            continue;
        for (unsigned j = 0; j < b.len; j++) {
            if (!wr_copy_is_in_time(e, b.members[j], when) || wr_node_root(e, ((wr_copy *)b.members[j])->node) != r ||
                (found > 0 && r == *root))
                continue;
            *root = r;
            found++;
            break;
        }
    }
    return found == 1;
}

static bool bind_by_address(const wr_engine *e, wr_association *a, wr_bound *out, int64_t when)
{
    for (unsigned i = 0; i < a->flows.len; i++) {
        wr_flow *f = wr_list_at(&a->flows, i);
        unsigned root = 0;
        if (!session_by_addresses(e, f, when, &root))
            continue;
        for (int end = 0; end < 2; end++) {
            wr_bucket bucket = wr_index_find(e->by_address, wr_endpoint_key(&f->end[end]));
            int side = wr_endpoint_equal(&a->side[0].end, &f->end[end]) ? 0 : 1;
            for (unsigned j = 0; j < bucket.len; j++) {
                wr_copy *c = bucket.members[j];
                if (wr_node_root(e, c->node) == root && wr_copy_is_in_time(e, c, when))
                    add_to_view(out, c, side, NULL, when);
            }
        }
        out->grade = WR_B3;
        out->frame = f->first_frame;
        return true;
    }
    return false;
}

static wr_bucket announced_with(const wr_engine *e, wr_certificate *cert, wr_hash hash)
{
    const wr_bucket none = {NULL, 0};

    if (cert == NULL || (e->hashes & 1u << hash) == 0)
        return none;
    if (wr_certificate_digest(cert, hash) == NULL)
        wr_certificate_describe(cert);
    if (wr_certificate_digest(cert, hash) == NULL)
        return none;
    return wr_index_find(e->by_fingerprint,
                         wr_fingerprint_key(hash, wr_certificate_digest(cert, hash), wr_hash_length(hash)));
}

/* The one session that announced this certificate. */
static bool session_by_certificate(const wr_engine *e, wr_certificate *cert, int64_t when, unsigned *root)
{
    bool found = false;

    for (int h = WR_HASH_SHA1; h < WR_HASH_COUNT; h++) {
        wr_bucket bucket = announced_with(e, cert, (wr_hash)h);
        for (unsigned i = 0; i < bucket.len; i++) {
            unsigned r = wr_node_root(e, ((wr_copy *)bucket.members[i])->node);
            if (!wr_copy_is_in_time(e, bucket.members[i], when))
                continue;
            if (found && r != *root)
                return false;
            *root = r;
            found = true;
        }
    }
    return found;
}

static bool bind_by_certificate(const wr_engine *e, wr_association *a, wr_bound *out, int64_t when)
{
    unsigned root[2] = {0, 0};
    bool found[2];

    for (int s = 0; s < 2; s++)
        found[s] = session_by_certificate(e, a->side[s].presented.certificate, when, &root[s]);
    if ((!found[0] && !found[1]) || (found[0] && found[1] && root[0] != root[1]))
        return false;
    for (int s = 0; s < 2; s++) {
        for (int h = WR_HASH_SHA1; found[s] && h < WR_HASH_COUNT; h++) {
            wr_bucket bucket = announced_with(e, a->side[s].presented.certificate, (wr_hash)h);
            for (unsigned i = 0; i < bucket.len; i++)
                if (wr_copy_is_in_time(e, bucket.members[i], when))
                    add_to_view(out, bucket.members[i], s, NULL, when);
        }
    }
    out->grade = WR_B4;
    out->frame = a->first_frame;
    return true;
}

/* ---- all together ---- */

/* A path with checks of its own: two of them can show one association when someone relays its packets. */
typedef struct {
    const wr_flow *flow;
    const wr_check *check;
    wr_binding grade;
    bool early; /* in use before the handshake was answered */
} path;

/* Paths that count: those in use when the handshake was answered, and of these the proven ones. Later ones (ICE
 * restart) carry on what was settled before (security rules 3.5). */
static unsigned choose_paths(const wr_engine *e, const wr_association *a, int64_t when,
                             path out[WR_MAX_FLOWS_PER_ASSOCIATION])
{
    unsigned n = 0, kept = 0;
    bool early = false, proven = false;

    for (unsigned i = 0; i < a->flows.len && n < WR_MAX_FLOWS_PER_ASSOCIATION; i++) {
        path *p = &out[n];
        p->flow = wr_list_at(&a->flows, i);
        p->check = choose_check(e, p->flow, when, &p->grade);
        if (p->check == NULL)
            continue;
        p->early = p->check->first_us <= when + WR_SLACK_US;
        early |= p->early;
        proven |= p->grade <= WR_B1;
        n++;
    }
    for (unsigned i = 0; i < n; i++)
        if ((out[i].early || !early) && (out[i].grade <= WR_B1 || !proven))
            out[kept++] = out[i];
    return !early && kept > 1 ? 1 : kept;
}

static void bind_by_path(wr_engine *e, const wr_association *a, const path *p, wr_bound *out, int64_t when)
{
    const wr_check *k = p->check, *r = wr_flow_reverse_check(p->flow, k);
    int near = wr_association_role(a, p->flow, k->from);

    if (near < 0)
        return;
    if (p->grade < out->grade) {
        out->grade = p->grade;
        out->frame = k->valid_frame != 0 ? k->valid_frame : k->first_frame;
    }
    collect_by_ufrag(e, out, 1 - near, k->remote_ufrag, k->password, p->grade <= WR_B1, when);
    collect_by_ufrag(e, out, near, k->local_ufrag, r != NULL ? r->password : NULL, p->grade <= WR_B1, when);
}

void wr_association_bind(wr_engine *e, wr_association *a, wr_bound *out)
{
    int64_t when = a->server_hello_us != 0 ? a->server_hello_us : a->first_us;
    wr_endpoint end[2] = {a->side[0].end, a->side[1].end};
    path paths[WR_MAX_FLOWS_PER_ASSOCIATION];
    unsigned n = choose_paths(e, a, when, paths);

    memset(out, 0, sizeof *out);
    out->grade = WR_B_NONE;
    for (unsigned i = 0; i < n; i++)
        bind_by_path(e, a, &paths[i], out, when);
    if (out->n_views == 0) {
        n = 0;
        out->grade = WR_B_NONE;
        if (!bind_by_address(e, a, out, when))
            bind_by_certificate(e, a, out, when);
    }
    for (unsigned v = 0; v < out->n_views; v++)
        judge_view(e, a, end, out, &out->views[v]);
    /* on a relayed path the ends are others than where the association was first seen */
    for (unsigned i = 0; i < n; i++) {
        int role = wr_association_role(a, paths[i].flow, 0);
        wr_endpoint there[2];
        if (role < 0)
            continue;
        there[role] = paths[i].flow->end[0];
        there[1 - role] = paths[i].flow->end[1];
        for (unsigned v = 0; v < out->n_views; v++)
            judge_view(e, a, there, out, &out->views[v]);
    }
}
