/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which descriptions govern an association: by connectivity checks (grades B0 to B2), by announced addresses (B3), by
 * the certificates themselves (B4); and whose view, that is which client's leg, may judge it (rules
 * 2.1, 2.2, 2.5).
 */

#include "pairs.h"
#include "relations/relations.h"

#include <string.h>

/* ---- the pair of user names in force ---- */

/* By how much the clock where this check was seen is ahead of the association's, as far as that is known. */
static int64_t ahead_of(const wr_engine *e, const wr_check *k, const wr_association *a)
{
    if (k->point == a->point || !a->timed || !wr_clock_can_order(e, k->point, a->point))
        return 0;
    return k->first_us - wr_clock_time(e, k->point, k->first_us) - a->ahead_us;
}

/* When it was begun, see wr_earliness(). */
static int earliness(const wr_engine *e, const wr_check *k, const wr_association *a, int64_t when)
{
    const uint32_t frame = a->server_hello != 0 ? a->server_hello : a->first_frame;
    const int64_t ahead = ahead_of(e, k, a);

    return wr_earliness(k->first_frame <= frame, ABS(ahead) > WR_SLACK_US, k->first_us - ahead - when);
}

static bool is_exchange(const wr_copy *a, const wr_copy *b)
{
    return a->partner == b || b->partner == a;
}

/* Each of its user names is of an exchange, and no exchange has both. The password is that of the one who is asked: the
 * other's name anybody can write who has read it (RFC 8445 7.2.2). */
static bool is_mixed(const wr_engine *e, const wr_check *k)
{
    const wr_bucket remote = wr_index_find(e->by_ufrag, wr_key_text(k->remote_ufrag));
    const wr_bucket local = wr_index_find(e->by_ufrag, wr_key_text(k->local_ufrag));
    bool any = false;

    for (unsigned i = 0; i < remote.len && i < WR_MAX_BUCKET; i++) {
        const wr_copy *c = ((const wr_credential *)remote.members[i])->copy;
        for (unsigned j = 0; c->partner != NULL && j < local.len && j < WR_MAX_BUCKET; j++) {
            const wr_copy *d = ((const wr_credential *)local.members[j])->copy;
            if (is_exchange(c, d))
                return false;
            any |= d->partner != NULL;
        }
    }
    return any;
}

/* Better: proven, between the two of an exchange, begun before the handshake was answered, and of these the latest. */
static bool better_check(const wr_engine *e, const wr_check *k, const wr_check *best, const wr_association *a,
                         int64_t when)
{
    int k_early = earliness(e, k, a, when), best_early;
    bool mixed;

    if (best == NULL)
        return true;
    if (k->request_valid != best->request_valid)
        return k->request_valid;
    mixed = is_mixed(e, best);
    if (is_mixed(e, k) != mixed)
        return mixed;
    best_early = earliness(e, best, a, when);
    if (k_early != best_early)
        return k_early > best_early;
    return k_early > 0 ? k->first_us > best->first_us : k->first_us < best->first_us;
}

/* User names alone are short, addresses and certificates serve again: what a file states of another time says nothing
 * here. */
static int64_t time_of(const wr_association *a)
{
    return a->server_hello_us != 0 ? a->server_hello_us : a->first_us;
}

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
    /* A password was known and did not validate: another description governs (rules 3.3, ICE-02). */
    if (k->tried || (r != NULL && r->tried))
        return WR_B_NONE;
    if (k->replayed || (r != NULL && r->replayed)) /* anybody can send again what he saw elsewhere */
        return WR_B_NONE;
    remote = wr_index_find(e->by_ufrag, wr_key_text(k->remote_ufrag));
    local = wr_index_find(e->by_ufrag, wr_key_text(k->local_ufrag));
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
static const wr_check *choose_check(const wr_engine *e, const wr_flow *f, const wr_association *a, int64_t when,
                                    wr_binding *grade)
{
    const wr_check *best = NULL;

    *grade = WR_B_NONE;
    for (unsigned j = 0; j < f->checks.len; j++) {
        const wr_check *k = wr_list_at(&f->checks, j);
        wr_binding g = check_grade(e, f, k);
        if (g == WR_B_NONE || (best != NULL && g > WR_B1 && *grade <= WR_B1))
            continue;
        if (best != NULL && (g <= WR_B1) == (*grade <= WR_B1) && !better_check(e, k, best, a, when))
            continue;
        best = k;
        *grade = g;
    }
    return best;
}

static bool may_bind(const wr_engine *e, const wr_credential *c, const char *password, const int64_t *when)
{
    if (when != NULL && !wr_copy_is_in_time(e, c->copy, *when))
        return false;
    /* a description without the password binds nothing where a password validated */
    return password == NULL || (c->password != NULL && strcmp(c->password, password) == 0);
}

/* Its leg's client is the host of an end of the path. */
static bool is_of_an_end(const wr_flow *f, const wr_copy *c)
{
    const wr_endpoint *client = &wr_leg_root(c->leg)->client;

    return wr_endpoint_same_host(client, &f->end[0]) || wr_endpoint_same_host(client, &f->end[1]);
}

#define LOOK_FURTHER 4096 /* members of a bucket, for those of the path's own hosts */

/* Whoever copies a description thousands of times fills what is looked at of its user name: what was told to the hosts
 * of the path itself is looked for behind that. */
static void collect_from_ends(const wr_engine *e, wr_bound *out, const wr_flow *f, wr_bucket bucket, int side,
                              const char *password, const int64_t *when)
{
    unsigned n = 0;

    for (unsigned i = 0; i < bucket.len && i < LOOK_FURTHER && n < WR_MAX_BUCKET; i++) {
        const wr_credential *c = bucket.members[i];
        if (!is_of_an_end(f, c->copy) || !may_bind(e, c, password, when))
            continue;
        wr_view_add(out, c->copy, side, c->ufrag);
        n++;
    }
}

/* when: a password of the path is not known to be right. */
static void collect_by_ufrag(const wr_engine *e, wr_bound *out, const wr_flow *f, int side, const char *ufrag,
                             const char *password, const int64_t *when)
{
    wr_bucket bucket = wr_index_find(e->by_ufrag, wr_key_text(ufrag));

    if (bucket.len > WR_MAX_BUCKET)
        collect_from_ends(e, out, f, bucket, side, password, when);
    for (unsigned i = 0; i < bucket.len && i < WR_MAX_BUCKET; i++) {
        const wr_credential *c = bucket.members[i];
        if (may_bind(e, c, password, when))
            wr_view_add(out, c->copy, side, c->ufrag);
    }
}

/* ---- by addresses, by certificates ---- */

/* A check with this name was made with another password than its description has. */
static bool is_refuted_name(const wr_check *k)
{
    return k != NULL && k->tried && !k->request_valid;
}

typedef enum { OF_NO_NAME = 0, OF_OTHER_NAMES, OF_THIS_NAME } naming;

/* What the checks on the association's paths say of the user names that a description gives. */
static naming naming_of(const wr_association *a, const wr_copy *c)
{
    bool any = false;

    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        for (unsigned j = 0; j < f->checks.len; j++) {
            const wr_check *k = wr_list_at(&f->checks, j);
            any = true;
            for (unsigned n = 0; n < c->credentials.len; n++) {
                const char *ufrag = ((const wr_credential *)wr_list_at(&c->credentials, n))->ufrag;
                if ((strcmp(k->remote_ufrag, ufrag) == 0 && !is_refuted_name(k)) ||
                    (strcmp(k->local_ufrag, ufrag) == 0 && !is_refuted_name(wr_flow_reverse_check(f, k))))
                    return OF_THIS_NAME;
            }
        }
    }
    return any && c->credentials.len > 0 ? OF_OTHER_NAMES : OF_NO_NAME;
}

/* A file's description of about this time may speak of another call of the same server, or with the same certificate.
 * Where the path's checks go by other user names, or by other passwords, it does. */
static bool may_speak_of(const wr_engine *e, const wr_association *a, const wr_copy *c, int64_t when)
{
    if (!wr_copy_is_in_time(e, c, when))
        return false;
    return !wr_copy_is_stated(c) ||
           (naming_of(a, c) != OF_OTHER_NAMES && (c->partner == NULL || naming_of(a, c->partner) != OF_OTHER_NAMES));
}

/* The one session whose descriptions announced both ends; false when none or several. */
static bool session_by_addresses(const wr_engine *e, const wr_association *a, const wr_flow *f, unsigned *root)
{
    wr_bucket near = wr_index_find(e->by_address, wr_endpoint_key(&f->end[0]));
    wr_bucket far = wr_index_find(e->by_address, wr_endpoint_key(&f->end[1]));
    const int64_t when = time_of(a);
    unsigned found = 0;

    for (unsigned i = 0; i < near.len; i++) {
        unsigned r = wr_node_root(e, ((wr_copy *)near.members[i])->node);
        if (!may_speak_of(e, a, near.members[i], when))
            continue;
        for (unsigned j = 0; j < far.len; j++) {
            if ((found > 0 && r == *root) || wr_node_root(e, ((wr_copy *)far.members[j])->node) != r ||
                !may_speak_of(e, a, far.members[j], when))
                continue;
            *root = r;
            found++;
            break;
        }
    }
    return found == 1;
}

static bool bind_by_address(const wr_engine *e, wr_association *a, wr_bound *out)
{
    for (unsigned i = 0; i < a->flows.len; i++) {
        wr_flow *f = wr_list_at(&a->flows, i);
        unsigned root = 0;
        if (!session_by_addresses(e, a, f, &root))
            continue;
        for (int end = 0; end < 2; end++) {
            wr_bucket bucket = wr_index_find(e->by_address, wr_endpoint_key(&f->end[end]));
            int side = wr_endpoint_equal(&a->side[0].end, &f->end[end]) ? 0 : 1;
            for (unsigned j = 0; j < bucket.len; j++) {
                wr_copy *c = bucket.members[j];
                if (wr_node_root(e, c->node) == root && may_speak_of(e, a, c, time_of(a)))
                    wr_view_add(out, c, side, NULL);
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
static bool session_by_certificate(const wr_engine *e, const wr_association *a, wr_certificate *cert, unsigned *root)
{
    bool found = false;

    for (int h = WR_HASH_SHA1; h < WR_HASH_COUNT; h++) {
        wr_bucket bucket = announced_with(e, cert, (wr_hash)h);
        for (unsigned i = 0; i < bucket.len; i++) {
            unsigned r = wr_node_root(e, ((wr_copy *)bucket.members[i])->node);
            if (!may_speak_of(e, a, bucket.members[i], time_of(a)))
                continue;
            if (found && r != *root)
                return false;
            *root = r;
            found = true;
        }
    }
    return found;
}

static bool bind_by_certificate(const wr_engine *e, wr_association *a, wr_bound *out)
{
    unsigned root[2] = {0, 0};
    bool found[2];

    for (int s = 0; s < 2; s++)
        found[s] = wr_association_shows_for_itself(a, s) &&
                   session_by_certificate(e, a, a->side[s].presented.certificate, &root[s]);
    if ((!found[0] && !found[1]) || (found[0] && found[1] && root[0] != root[1]))
        return false;
    for (int s = 0; s < 2; s++) {
        for (int h = WR_HASH_SHA1; found[s] && h < WR_HASH_COUNT; h++) {
            wr_bucket bucket = announced_with(e, a->side[s].presented.certificate, (wr_hash)h);
            for (unsigned i = 0; i < bucket.len; i++)
                if (may_speak_of(e, a, bucket.members[i], time_of(a)))
                    wr_view_add(out, bucket.members[i], s, NULL);
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
 * restart) carry on what was settled before (rules 2.5). */
static unsigned choose_paths(const wr_engine *e, const wr_association *a, int64_t when,
                             path out[WR_MAX_FLOWS_PER_ASSOCIATION])
{
    unsigned n = 0, kept = 0;
    bool early = false, proven = false;

    for (unsigned i = 0; i < a->flows.len && n < WR_MAX_FLOWS_PER_ASSOCIATION; i++) {
        path *p = &out[n];
        p->flow = wr_list_at(&a->flows, i);
        p->check = choose_check(e, p->flow, a, when, &p->grade);
        if (p->check == NULL)
            continue;
        p->early = p->check->first_us - ahead_of(e, p->check, a) <= when + WR_SLACK_US;
        early |= p->early;
        proven |= p->grade <= WR_B1;
        n++;
    }
    for (unsigned i = 0; i < n; i++)
        if ((out[i].early || !early) && (out[i].grade <= WR_B1 || !proven))
            out[kept++] = out[i];
    return !early && kept > 1 ? 1 : kept;
}

static void bind_by_path(wr_engine *e, const wr_association *a, const path *p, wr_bound *out)
{
    const wr_check *k = p->check, *r = wr_flow_reverse_check(p->flow, k);
    int near = wr_association_role(a, p->flow, k->from);
    const int64_t when = time_of(a);

    if (near < 0)
        return;
    if (p->grade < out->grade) {
        out->grade = p->grade;
        out->frame = k->valid_frame != 0 ? k->valid_frame : k->first_frame;
    }
    out->mixed |= is_mixed(e, k);
    out->ufrag[out->n_ufrags][near] = k->local_ufrag;
    out->ufrag[out->n_ufrags++][1 - near] = k->remote_ufrag;
    collect_by_ufrag(e, out, p->flow, 1 - near, k->remote_ufrag, k->password, p->grade <= WR_B1 ? NULL : &when);
    collect_by_ufrag(e, out, p->flow, near, k->local_ufrag, r != NULL ? r->password : NULL,
                     p->grade <= WR_B1 ? NULL : &when);
}

void wr_association_bind(wr_engine *e, wr_association *a, wr_bound *out)
{
    int64_t when = time_of(a);
    wr_endpoint ends[WR_MAX_FLOWS_PER_ASSOCIATION + 1][2] = {{a->side[0].end, a->side[1].end}};
    path paths[WR_MAX_FLOWS_PER_ASSOCIATION];
    unsigned n = choose_paths(e, a, when, paths), n_ends = 1;

    memset(out, 0, sizeof *out);
    out->grade = WR_B_NONE;
    for (unsigned i = 0; i < n; i++)
        bind_by_path(e, a, &paths[i], out);
    if (out->n_views == 0) {
        n = 0;
        out->grade = WR_B_NONE;
        if (!bind_by_address(e, a, out))
            bind_by_certificate(e, a, out);
    }
    /* on a relayed path the ends are others than where the association was first seen */
    for (unsigned i = 0; i < n; i++) {
        int role = wr_association_role(a, paths[i].flow, 0);
        if (role < 0)
            continue;
        ends[n_ends][role] = paths[i].flow->end[0];
        ends[n_ends++][1 - role] = paths[i].flow->end[1];
    }
    wr_views_settle(e, a, out, (const wr_endpoint(*)[2])ends, n_ends);
}
