/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICE checks that look at all flows: ICE-02, ICE-03, ICE-08 (rules 3.3 and 2.8). */
#include "check.h"

#include <string.h>

static wr_bucket known(const wr_engine *e, const char *ufrag)
{
    return wr_index_find(e->by_ufrag, wr_key_text(ufrag));
}

static void rest(wr_finding *f, const char *basis, uint32_t other)
{
    if (f == NULL)
        return;
    f->basis = basis;
    f->other_frame = other;
}

/* ---- ICE-02 ---- */

/* A description of this ufrag whose call knows the other ufrag, too: no chance likeness of short names. */
static const wr_copy *governed_by(const wr_engine *e, const wr_check *k)
{
    wr_bucket remote = known(e, k->remote_ufrag), local = known(e, k->local_ufrag);

    for (unsigned i = 0; i < remote.len && i < WR_MAX_BUCKET; i++) {
        const wr_credential *r = remote.members[i];
        for (unsigned j = 0; r->password != NULL && j < local.len && j < WR_MAX_BUCKET; j++)
            if (wr_copy_session_number(e, r->copy) ==
                wr_copy_session_number(e, ((wr_credential *)local.members[j])->copy))
                return r->copy;
    }
    return NULL;
}

/* Its end made another check of this flow with the password that was announced for it. */
static bool has_valid_beside(const wr_flow *f, const wr_check *k)
{
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *o = wr_list_at(&f->checks, i);
        if (o != k && o->from == k->from && (o->request_valid || o->response_valid))
            return true;
    }
    return false;
}

static void unref_legs(gpointer legs)
{
    if (legs != NULL)
        g_hash_table_unref(legs);
}

/* The description was seen where a party of its call speaks. tied: by call, what was asked for already. What a file
 * says of no call in this capture is of nobody here. */
static bool is_of_party(const wr_engine *e, GHashTable *tied, const wr_copy *c)
{
    const gpointer number = GUINT_TO_POINTER(wr_copy_session_number(e, c));
    const wr_session *s = wr_engine_session(e, GPOINTER_TO_UINT(number));
    gpointer legs = NULL;

    if (s == NULL)
        return false;
    if (!g_hash_table_lookup_extended(tied, number, NULL, &legs)) {
        legs = wr_session_tied_legs(s);
        g_hash_table_insert(tied, number, legs);
    }
    return wr_copy_is_of_party(s, legs, c);
}

static bool has_association(const wr_flow *f)
{
    for (unsigned i = 0; i < f->associations.len; i++)
        if (((wr_association *)wr_list_at(&f->associations, i))->absorbed == NULL)
            return true;
    return false;
}

/* User names of which some check was made with the announced password: a check beside it that was not is anybody's. */
static GHashTable *names_in_force(const wr_engine *e)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned i = 0; i < e->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(e->flows, i);
        for (unsigned j = 0; j < f->checks.len; j++) {
            const wr_check *k = wr_list_at(&f->checks, j);
            if (k->request_valid || k->response_valid)
                g_hash_table_add(names, (gpointer)k->remote_ufrag);
        }
    }
    return names;
}

static void tell_wrong_password(wr_engine *e, GHashTable *tied, const wr_flow *f, const wr_check *k, const wr_copy *c)
{
    const unsigned session = wr_copy_session_number(e, c);

    if (has_valid_beside(f, k) || !is_of_party(e, tied, c))
        rest(wr_finding_add(e, "ICE-02", WR_NOTE, k->first_frame, session, NULL,
                            "Connectivity checks are not made with the password announced in frame %u, beside checks "
                            "that prove this path or by a description that no party is tied to: anybody can send them",
                            c->frame),
             WR_BASIS_INTEGRITY, c->frame);
    else
        rest(wr_finding_add(e, "ICE-02", wr_flow_has_handshake(f) ? WR_WARN : WR_NOTE, k->first_frame, session, NULL,
                            "Connectivity checks are not made with the password announced in frame %u: another "
                            "description, not in this capture or altered, governs this flow",
                            c->frame),
             WR_BASIS_INTEGRITY, c->frame);
}

void wr_check_wrong_password(wr_engine *e)
{
    GHashTable *told = names_in_force(e); /* interned */
    GHashTable *tied = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, unref_legs);

    for (unsigned i = 0; i < e->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(e->flows, i);
        for (unsigned j = 0; j < f->checks.len; j++) {
            const wr_check *k = wr_list_at(&f->checks, j);
            const wr_copy *c = k->tried && !k->request_valid ? governed_by(e, k) : NULL;
            if (c == NULL || !g_hash_table_add(told, (gpointer)k->remote_ufrag))
                continue;
            tell_wrong_password(e, tied, f, k, c);
        }
    }
    g_hash_table_destroy(tied);
    g_hash_table_destroy(told);
}

/* ---- ICE-03 ---- */

/* One word for all flows of one pair of user names, whichever direction came first. */
static char *pair_key(const wr_check *k)
{
    bool ordered = strcmp(k->remote_ufrag, k->local_ufrag) < 0;

    return g_strdup_printf("%s %s", ordered ? k->remote_ufrag : k->local_ufrag,
                           ordered ? k->local_ufrag : k->remote_ufrag);
}

/* Flows that carry a handshake or media, or were answered; checks into the void prove no call. */
void wr_check_unknown_users(wr_engine *e)
{
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; i < e->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(e->flows, i);
        const wr_check *k = f->checks.len > 0 ? wr_list_at(&f->checks, 0) : NULL;
        bool lives = f->consent != NULL;
        unsigned session;
        if (k == NULL || !f->ice || !lives || known(e, k->remote_ufrag).len > 0 || known(e, k->local_ufrag).len > 0 ||
            !g_hash_table_add(seen, pair_key(k)))
            continue;
        session = wr_flow_session_number(e, f);
        rest(wr_finding_add(e, "ICE-03", WR_NOTE, k->first_frame, session, NULL,
                            "No description in this capture announced the ICE user names of this flow%s: its "
                            "signalling is encrypted, elsewhere, "
                            "or earlier",
                            has_association(f) ? "" : ", on which no handshake is seen"),
             WR_BASIS_CAPTURE, 0);
    }
    g_hash_table_destroy(seen);
}

/* ---- ICE-08 ---- */

void wr_check_replays(wr_engine *e)
{
    GHashTable *told = g_hash_table_new(g_direct_hash, g_direct_equal); /* calls */

    for (unsigned i = 0; i < e->replays->len; i++) {
        const struct wr_replay *r = &g_array_index(e->replays, struct wr_replay, i);
        unsigned session = wr_flow_session_number(e, r->flow[1]);
        /* translation and relays take no such time, and a capture at two points sees both at once */
        bool late = r->gap_us > 2 * WR_SECOND && r->same_target;
        if (!late && !g_hash_table_add(told, GUINT_TO_POINTER(session)))
            continue;
        rest(wr_finding_add(e, "ICE-08", late ? WR_NOTE : WR_CHAT, r->frame[1], session, NULL,
                            late ? "A connectivity check of frame %u was sent again from another source: replayed"
                                 : "The same connectivity check as in frame %u, from another source: relay, "
                                   "translation, or two capture points",
                            r->frame[0]),
             WR_BASIS_CHECKS, r->frame[0]);
    }
    g_hash_table_destroy(told);
}
