/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small questions about descriptions that several checks ask. */
#include "base/address_scope.h"
#include "base/index.h"
#include "check.h"

#include <string.h>

const wr_sdp_section *wr_copy_tagged(const wr_copy *c)
{
    const wr_sdp *answer = !wr_kind_is_answer(c->kind) && c->partner != NULL ? c->partner->sdp : NULL;
    size_t i = wr_sdp_tagged_section(c->sdp, answer);

    if (i < c->sdp->n_sections)
        return &c->sdp->sections[i];
    for (unsigned j = 0; j < c->sdp->n_sections; j++)
        if (!wr_sdp_section_disabled(&c->sdp->sections[j]) && !c->sdp->sections[j].bundle_only)
            return &c->sdp->sections[j];
    return NULL;
}

wr_effective wr_copy_transport(const wr_copy *c)
{
    return wr_sdp_effective(c->sdp, wr_copy_tagged(c));
}

const wr_copy *wr_copy_before(const wr_session *s, unsigned i)
{
    const wr_copy *c = g_ptr_array_index(s->copies, i);

    if (!wr_sdp_origin_tells(c->sdp) || c->echo)
        return NULL;
    for (unsigned n = 1; n <= i && n < WR_MAX_BUCKET; n++) {
        const wr_copy *p = g_ptr_array_index(s->copies, i - n);
        if (wr_leg_root(p->leg) == wr_leg_root(c->leg) && p->direction == c->direction && !p->echo &&
            wr_sdp_same_author(p->sdp, c->sdp))
            return p;
    }
    return NULL;
}

bool wr_section_has_line(wr_sdp *sdp, const wr_sdp_section *section, const char *begin)
{
    wr_line_reader lines = wr_lines(wr_sdp_text(sdp), sdp->text_len);
    ptrdiff_t before = section - sdp->sections;
    wr_slice line;

    while (before >= 0 && wr_line_next(&lines, &line, NULL)) /* up to its m= line */
        before -= wr_slice_starts(line, "m=", NULL);
    while (wr_line_next(&lines, &line, NULL) && !wr_slice_starts(line, "m=", NULL))
        if (wr_slice_starts(line, begin, NULL))
            return true;
    return false;
}

bool wr_section_wants_dtls(const wr_sdp_section *section)
{
    const char *proto = section->proto != NULL ? section->proto : "";

    return strstr(proto, "TLS/") != NULL || g_str_has_suffix(proto, "SAVPF") || strcmp(proto, "DTLS/SCTP") == 0;
}

const char *wr_copy_word(const wr_copy *c)
{
    return wr_kind_is_answer(c->kind) ? "answer" : "offer";
}

wr_hash wr_copy_strongest(const wr_copy *c)
{
    wr_effective a = wr_copy_transport(c);
    wr_hash best = WR_HASH_UNKNOWN;

    for (unsigned i = 0; i < a.n_fingerprints; i++)
        if (a.fingerprints[i].usable)
            best = MAX(best, a.fingerprints[i].hash);
    return best;
}

bool wr_same_credentials(const wr_effective *a, const wr_effective *b)
{
    return a->ice_ufrag != NULL && a->ice_pwd != NULL && g_strcmp0(a->ice_ufrag, b->ice_ufrag) == 0 &&
           g_strcmp0(a->ice_pwd, b->ice_pwd) == 0;
}

bool wr_endpoint_is_local(const wr_endpoint *e)
{
    wr_scope scope = wr_endpoint_scope(e);

    return wr_endpoint_known(e) && (scope == WR_SCOPE_PRIVATE || scope == WR_SCOPE_LINK_LOCAL);
}

bool wr_endpoint_is_loopback(const wr_endpoint *e)
{
    return wr_endpoint_known(e) && wr_endpoint_scope(e) == WR_SCOPE_LOOPBACK;
}

bool wr_leg_was_told(const wr_session *s, unsigned i)
{
    const wr_leg *leg = wr_leg_root(((wr_copy *)g_ptr_array_index(s->copies, i))->leg);

    for (unsigned j = i; j > 0 && i - j < WR_MAX_BUCKET; j--)
        if (wr_leg_root(((wr_copy *)g_ptr_array_index(s->copies, j - 1))->leg) == leg)
            return true;
    return false;
}

bool wr_copy_has_keys(const wr_copy *c)
{
    for (unsigned i = 0; i < c->sdp->n_sections; i++) {
        const wr_sdp_section *x = &c->sdp->sections[i];
        if (x->has_crypto && !wr_sdp_section_disabled(x))
            return true;
    }
    return false;
}

GPtrArray *wr_values_sorted(GHashTable *table, GCompareFunc by)
{
    GPtrArray *list = g_ptr_array_sized_new(g_hash_table_size(table));
    GHashTableIter it;
    gpointer value;

    g_hash_table_iter_init(&it, table);
    while (g_hash_table_iter_next(&it, NULL, &value))
        g_ptr_array_add(list, value);
    g_ptr_array_sort(list, by);
    return list;
}

/* Less beside a handshake may be anybody's. */
#define GOES_ON_LEAST 16
#define GOES_ON_SHARE 10 /* one of so many */
#define GOES_ON_US    (10 * WR_SECOND)

bool wr_goes_on(uint64_t count, uint64_t of, int64_t us)
{
    return count >= GOES_ON_LEAST && count * GOES_ON_SHARE >= of && us >= GOES_ON_US;
}

bool wr_flow_has_handshake(const wr_flow *f)
{
    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *a = wr_list_at(&f->associations, i);
        if (a->absorbed == NULL && (a->possession[1] == WR_POSSESSION_PROVED || wr_association_is_completed(a)))
            return true;
    }
    return false;
}

GHashTable *wr_session_tied_legs(const wr_session *s)
{
    GHashTable *tied = NULL;

    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (unsigned j = 0; j < a->n_ties; j++) {
            if (a->ties[j].tie == WR_TIE_NONE)
                continue;
            if (tied == NULL)
                tied = g_hash_table_new(g_direct_hash, g_direct_equal);
            g_hash_table_add(tied, wr_leg_root((wr_leg *)a->ties[j].leg));
        }
    }
    return tied;
}

/* Another call's flows bear out a description with this user name, and its password; or neither call has flows. */
static bool is_known_with_password(const wr_engine *e, const wr_credential *k)
{
    const unsigned own = wr_copy_session_number(e, k->copy);
    const wr_session *mine = wr_engine_session(e, own);
    const bool untied = mine != NULL && !wr_session_has_ties(mine);
    wr_bucket bucket = wr_index_find(e->by_ufrag, wr_key_text(k->ufrag));

    for (unsigned i = 0; i < bucket.len && i < WR_MAX_BUCKET; i++) {
        const wr_credential *other = bucket.members[i];
        const wr_session *s = other->password == NULL || other->copy == k->copy
                                  ? NULL
                                  : wr_engine_session(e, wr_copy_session_number(e, other->copy));
        if (s != NULL && s->number != own && (wr_session_has_ties(s) || untied))
            return true;
    }
    return false;
}

static bool repeats_user_name(const wr_engine *e, const wr_copy *c)
{
    for (unsigned i = 0; i < c->credentials.len; i++) {
        const wr_credential *k = wr_list_at(&c->credentials, i);
        if (k->password != NULL)
            return false;
        if (is_known_with_password(e, k))
            return true;
    }
    return false;
}

bool wr_copy_is_without_password(const wr_engine *e, const wr_copy *c)
{
    return repeats_user_name(e, c) || (c->partner != NULL && repeats_user_name(e, c->partner));
}

/* Credentials that nobody could use: what is announced with them is no party's. */
static bool lacks_password(const wr_copy *c)
{
    for (unsigned i = 0; i < c->credentials.len; i++)
        if (((const wr_credential *)wr_list_at(&c->credentials, i))->password == NULL)
            return true;
    return false;
}

bool wr_copy_is_anybodys(const wr_engine *e, const wr_copy *c)
{
    const wr_session *s = wr_engine_session(e, wr_copy_session_number(e, c));

    if (s == NULL)
        return false;
    return wr_copy_is_without_password(e, c) || (!s->tied && lacks_password(c)) || wr_copy_is_unanswered(s, c) ||
           (wr_session_has_ties(s) && wr_leg_tie_in(s, c->leg, NULL) == WR_TIE_NONE);
}

bool wr_copy_is_of_party(const wr_session *s, GHashTable *tied, const wr_copy *c)
{
    return !wr_copy_is_of_strangers(s, c) && (tied == NULL || g_hash_table_contains(tied, wr_leg_root(c->leg)));
}
