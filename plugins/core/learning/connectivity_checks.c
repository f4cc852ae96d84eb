/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connectivity checks, which prove whose a flow is (RFC 8445 7, rules 2.8). */
#include "learn.h"

#include <string.h>

/* ---- a single message ---- */

static wr_integrity try_ufrag(const wr_engine *e, const char *ufrag, const wr_stun *m)
{
    wr_bucket bucket = wr_index_find(e->by_ufrag, wr_key_text(ufrag));
    wr_integrity result = WR_INTEGRITY_UNKNOWN;

    for (unsigned i = 0; i < bucket.len && i < WR_MAX_PASSWORDS; i++) {
        const wr_credential *c = bucket.members[i];
        if (c->password == NULL)
            continue;
        if (wr_stun_integrity_valid(m->bytes, m->length, m->integrity_offset, c->password, strlen(c->password)))
            return WR_INTEGRITY_VALID;
        result = WR_INTEGRITY_INVALID;
    }
    return result;
}

/* ---- checks ---- */

static void enter_waiting(wr_engine *e, wr_check *k)
{
    k->next_waiting = wr_index_get(e->waiting, wr_key_text(k->remote_ufrag));
    if (k->next_waiting != NULL)
        k->next_waiting->after_waiting = k;
    wr_index_set(e->waiting, wr_key_text(k->remote_ufrag), k);
}

static void leave_waiting(wr_engine *e, wr_check *k)
{
    if (k->next_waiting != NULL)
        k->next_waiting->after_waiting = k->after_waiting;
    if (k->after_waiting != NULL)
        k->after_waiting->next_waiting = k->next_waiting;
    else
        wr_index_set(e->waiting, wr_key_text(k->remote_ufrag), k->next_waiting);
}

/* Room for one more on a flow that is full: what is proven stays, what says nothing of a password goes first, and what
 * may yet be proven goes only for what is. Anybody can send checks with user names of his own. */
static bool make_room(wr_engine *e, wr_flow *f, const char *remote, const wr_stun *m)
{
    unsigned at = f->checks.len;
    wr_check *spare = NULL;

    wr_limit_of_flow(e, "ICE user names on a flow", f);
    for (unsigned i = 0; i < f->checks.len; i++) {
        wr_check *k = wr_list_at(&f->checks, i);
        if (k->request_valid || (spare != NULL && (spare->n_kept == 0 || k->n_kept > 0)))
            continue;
        spare = k;
        at = i;
    }
    if (spare == NULL || !m->has_integrity || (spare->n_kept > 0 && try_ufrag(e, remote, m) != WR_INTEGRITY_VALID))
        return false;
    leave_waiting(e, spare);
    wr_list_remove(&f->checks, at);
    wr_check_free(spare);
    return true;
}

static wr_check *check_get(wr_engine *e, wr_flow *f, const wr_stun_evidence *s, int from, const char *remote,
                           const char *local)
{
    wr_check *k;

    for (unsigned i = 0; i < f->checks.len; i++) {
        k = wr_list_at(&f->checks, i);
        if (k->from == from && strcmp(k->remote_ufrag, remote) == 0 && strcmp(k->local_ufrag, local) == 0)
            return k;
    }
    if (f->checks.len >= WR_MAX_CHECKS_PER_FLOW && !make_room(e, f, remote, &s->msg))
        return NULL;
    if (!wr_keep_bytes(e, sizeof *k, "memory for checks"))
        return NULL;
    k = g_new0(wr_check, 1);
    k->flow = f;
    k->from = (uint8_t)from;
    k->remote_ufrag = wr_intern(e, remote);
    k->local_ufrag = wr_intern(e, local);
    k->first_us = k->last_us = s->at.time_us;
    k->first_frame = s->at.frame;
    k->point = s->at.point;
    enter_waiting(e, k);
    wr_list_add(&f->checks, k);
    return k;
}

/* Both ends of a proven check are descriptions of one session, unless each is of another that is known. */
static void join_ends(wr_engine *e, wr_check *k)
{
    wr_bucket remote = wr_index_find(e->by_ufrag, wr_key_text(k->remote_ufrag));
    wr_bucket local = wr_index_find(e->by_ufrag, wr_key_text(k->local_ufrag));
    wr_copy *owner = NULL;

    for (unsigned i = 0; owner == NULL && i < remote.len && i < WR_MAX_BUCKET; i++) {
        const wr_credential *c = remote.members[i];
        if (g_strcmp0(c->password, k->password) == 0)
            owner = c->copy;
    }
    /* the other half of the user name is proven by the checks of the other direction only; join when it can mean one
     * description (copies of it share the group already) */
    if (owner == NULL || local.len == 0)
        return;
    for (unsigned i = 1; i < local.len && i < WR_MAX_BUCKET; i++)
        if (wr_node_root(e, ((wr_credential *)local.members[i])->copy->node) !=
            wr_node_root(e, ((wr_credential *)local.members[0])->copy->node))
            return;
    k->tie[0] = owner;
    k->tie[1] = ((wr_credential *)local.members[0])->copy;
    wr_node_join_by_names(e, k->tie[0]->node, k->tie[1]->node);
}

static void flow_changed(wr_engine *e, wr_flow *f)
{
    e->changed = true;
    for (unsigned i = 0; i < f->associations.len; i++)
        ((wr_association *)wr_list_at(&f->associations, i))->dirty = true;
}

static void kept_verify_response(wr_engine *e, wr_check *k, wr_kept_message *m)
{
    if (m->response == NULL || k->password == NULL)
        return;
    if (!k->response_valid && wr_stun_integrity_valid(m->response, m->response_length, m->response_integrity,
                                                      k->password, strlen(k->password))) {
        k->response_valid = true;
        flow_changed(e, k->flow);
    }
    g_free(m->response);
    m->response = NULL;
}

/* Both directions are proven: nothing is to be verified any more. */
static void kept_forget(wr_check *k)
{
    for (unsigned i = 0; i < k->n_kept; i++) {
        g_free(k->kept[i].bytes);
        g_free(k->kept[i].response);
    }
    g_clear_pointer(&k->kept, g_free);
    k->n_kept = 0;
}

static bool is_answered(const wr_kept_message *m, const char *password)
{
    return m->response != NULL &&
           wr_stun_integrity_valid(m->response, m->response_length, m->response_integrity, password, strlen(password));
}

/* Tries the passwords that signalling announced for this user name, each once with each message, and no more than so
 * many: whoever announces thousands for one name has none of them tried. */
static bool try_message(wr_engine *e, wr_check *k, wr_kept_message *m)
{
    wr_bucket bucket = wr_index_find(e->by_ufrag, wr_key_text(k->remote_ufrag));
    const unsigned most = MIN(bucket.len, WR_MAX_PASSWORDS);

    if (m->bytes == NULL || (m->replayed && !m->fits))
        return false;
    if (bucket.len > WR_MAX_PASSWORDS)
        wr_limit_of_flow(e, "passwords announced for one ICE user name", k->flow);
    for (; m->tried < most; m->tried++) {
        const wr_credential *c = bucket.members[m->tried];
        if (c->password == NULL)
            continue;
        k->tried = true;
        if (!wr_stun_integrity_valid(m->bytes, m->length, m->integrity_offset, c->password, strlen(c->password)) ||
            (m->replayed && !is_answered(m, c->password)))
            continue;
        k->request_valid = true;
        k->password = c->password;
        k->valid_frame = m->frame;
        return true;
    }
    return false;
}

static void check_try(wr_engine *e, wr_check *k)
{
    for (unsigned j = 0; !k->request_valid && j < k->n_kept; j++)
        try_message(e, k, &k->kept[j]);
    if (!k->request_valid)
        return;
    for (unsigned j = 0; j < k->n_kept; j++) {
        g_free(k->kept[j].bytes);
        k->kept[j].bytes = NULL;
        kept_verify_response(e, k, &k->kept[j]);
    }
    if (k->response_valid)
        kept_forget(k);
    join_ends(e, k);
    flow_changed(e, k->flow);
}

void wr_checks_retry(wr_engine *e, const char *ufrag)
{
    const uint64_t key = wr_key_text(ufrag);

    if (wr_index_find(e->by_ufrag, key).len > WR_MAX_PASSWORDS)
        return;
    for (wr_check *k = wr_index_get(e->waiting, key); k != NULL; k = k->next_waiting) {
        if (!k->request_valid)
            check_try(e, k);
        flow_changed(e, k->flow);
    }
}

static void add_request(wr_engine *e, wr_check *k, const wr_stun_evidence *s)
{
    wr_kept_message *m;
    bool replayed;

    k->last_us = MAX(k->last_us, s->at.time_us);
    k->use_candidate |= s->msg.use_candidate;
    k->requests++;
    replayed = wr_check_sighted(e, k->flow, k->from, s);
    k->replayed |= replayed;
    if (s->msg.has_fingerprint && !s->msg.fingerprint_valid)
        return; /* damaged on its way or by the capture: proves nothing either way */
    if ((k->request_valid && k->response_valid) || !s->msg.has_integrity || s->msg.length > WR_MAX_KEPT_BYTES)
        return;
    if (k->kept == NULL && !wr_keep_bytes(e, WR_MAX_KEPT_MESSAGES * (sizeof *m + 2 * WR_MAX_KEPT_BYTES),
                                          "memory for checks to be verified"))
        return;
    if (k->n_kept < WR_MAX_KEPT_MESSAGES) {
        k->kept = g_renew(wr_kept_message, k->kept, k->n_kept + 1u);
        m = &k->kept[k->n_kept++];
        memset(m, 0, sizeof *m);
    } else { /* the first stays for a description that comes late; the last slot follows the newest */
        m = &k->kept[WR_MAX_KEPT_MESSAGES - 1];
        g_free(m->bytes);
        g_free(m->response);
        memset(m, 0, sizeof *m);
    }
    memcpy(m->txid, s->msg.txid, sizeof m->txid);
    m->frame = s->at.frame;
    m->replayed = replayed;
    if (k->request_valid)
        return; /* only its response is wanted */
    m->bytes = g_memdup2(s->msg.bytes, s->msg.length);
    m->length = (uint16_t)s->msg.length;
    m->integrity_offset = (uint16_t)s->msg.integrity_offset;
    check_try(e, k);
}

static void add_response(wr_engine *e, wr_flow *f, int from, const wr_stun_evidence *s)
{
    if (!s->msg.has_integrity || s->msg.length > WR_MAX_KEPT_BYTES)
        return;
    for (unsigned i = 0; i < f->checks.len; i++) {
        wr_check *k = wr_list_at(&f->checks, i);
        if (k->from == from || k->response_valid)
            continue;
        for (unsigned j = 0; j < k->n_kept; j++) {
            wr_kept_message *m = &k->kept[j];
            if (memcmp(m->txid, s->msg.txid, sizeof m->txid) != 0 || m->response != NULL)
                continue;
            k->mapped = s->msg.mapped;
            m->response = g_memdup2(s->msg.bytes, s->msg.length);
            m->response_length = (uint16_t)s->msg.length;
            m->response_integrity = (uint16_t)s->msg.integrity_offset;
            m->fits = wr_endpoint_equal(&s->msg.mapped, &f->end[k->from]);
            if (m->replayed && m->fits && !k->request_valid) {
                m->tried = 0;
                check_try(e, k);
                break;
            }
            if (k->request_valid)
                kept_verify_response(e, k, m);
        }
        if (k->request_valid && k->response_valid)
            kept_forget(k);
    }
}

static bool is_check(const wr_stun *m)
{
    return (m->method == WR_STUN_BINDING || m->method == WR_STUN_GOOG_PING) && !m->has_realm && !m->has_nonce;
}

wr_flow *wr_engine_add_stun(wr_engine *e, const wr_stun_evidence *s)
{
    char *remote = NULL, *local = NULL;
    wr_flow *f = NULL;
    int from = 0;

    wr_turn_learn(e, s);
    wr_relayed_stun(e, s);
    if (!is_check(&s->msg))
        return NULL;
    if (s->msg.message_class == WR_STUN_REQUEST) {
        if (!wr_stun_split_username(&s->msg, &remote, &local))
            return NULL; /* not a check: discovery at a STUN server */
        f = wr_flow_lookup(e, &s->at, &s->how, true, remote, local, &from);
        if (f != NULL) {
            wr_check *k = check_get(e, f, s, from, remote, local);
            wr_flow_touch(f, &s->at, &s->how);
            wr_flow_asked(f, from);
            f->ice |= s->msg.ice_attributes;
            e->changed = true;
            if (k != NULL)
                add_request(e, k, s);
        }
        g_free(remote);
        g_free(local);
        return f;
    }
    f = wr_flow_lookup(e, &s->at, &s->how, false, NULL, NULL, &from);
    if (f != NULL) {
        wr_flow_touch(f, &s->at, &s->how);
        if (s->msg.message_class == WR_STUN_SUCCESS) {
            wr_flow_consented(e, f, 1 - from, &s->at);
            add_response(e, f, from, s);
            e->changed = true;
        }
    }
    return f;
}

/* ---- for showing ---- */

wr_integrity wr_engine_check_integrity(const wr_engine *e, const wr_stun_evidence *s)
{
    wr_integrity result = WR_INTEGRITY_UNKNOWN;
    char *remote = NULL, *local = NULL;
    const wr_flow *f;

    if (!s->msg.has_integrity || !is_check(&s->msg))
        return WR_INTEGRITY_UNKNOWN;
    if (s->msg.message_class == WR_STUN_REQUEST || s->msg.username != NULL) {
        if (wr_stun_split_username(&s->msg, &remote, &local))
            result = try_ufrag(e, remote, &s->msg);
        g_free(remote);
        g_free(local);
        return result;
    }
    f = wr_engine_find_flow(e, &s->at, &s->how);
    for (unsigned i = 0; f != NULL && i < f->checks.len && result != WR_INTEGRITY_VALID; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        wr_integrity one = try_ufrag(e, k->remote_ufrag, &s->msg);
        if (one != WR_INTEGRITY_UNKNOWN)
            result = one;
    }
    return result;
}
