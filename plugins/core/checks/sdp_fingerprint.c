/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SDP checks of fingerprints: SDP-01 to SDP-05, SDP-12, SDP-16, UKS-01 (RFC 8122, RFC 8842, RFC 8844). */
#include "check.h"

#include <string.h>

/* ---- SDP-01 ---- */

/* In a BUNDLE group with a section that has them, a section needs none (RFC 9143 7.1.3). */
static bool bundled_with_fingerprints(const wr_copy *c, const wr_sdp_section *x)
{
    const wr_sdp_section *tagged = wr_copy_tagged(c);

    return tagged != NULL && tagged != x && wr_sdp_in_bundle(c->sdp, x) && wr_sdp_in_bundle(c->sdp, tagged) &&
           wr_sdp_effective(c->sdp, tagged).n_fingerprints > 0;
}

void wr_check_fingerprint_missing(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (c->sdp->truncated || c->sdp->fragment)
            continue;
        for (unsigned j = 0; j < c->sdp->n_sections; j++) {
            const wr_sdp_section *x = &c->sdp->sections[j];
            if (wr_sdp_section_disabled(x) || x->bundle_only || x->has_crypto || c->sdp->has_crypto ||
                !wr_section_wants_dtls(x) || wr_sdp_effective(c->sdp, x).n_fingerprints > 0 ||
                bundled_with_fingerprints(c, x))
                continue;
            wr_finding_once(
                e, s, "SDP-01", WR_ERROR, c->frame, 0, "V17.2.8", WR_BASIS_DESCRIPTION,
                "Section %u (%s) of the %s has no certificate fingerprint: its DTLS peer cannot be authenticated",
                j + 1, x->media, wr_copy_word(c));
        }
    }
}

/* ---- SDP-02 ---- */

static bool only_unusable(const wr_copy *c)
{
    wr_effective a = wr_copy_transport(c);

    for (unsigned i = 0; i < a.n_fingerprints; i++)
        if (a.fingerprints[i].usable || a.fingerprints[i].hash == WR_HASH_UNKNOWN)
            return false;
    return a.n_fingerprints > 0;
}

void wr_check_fingerprint_form(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        bool none = only_unusable(c);
        if (none)
            wr_finding_once(e, s, "SDP-02", WR_ERROR, c->frame, 0, "V17.2.8", WR_BASIS_DESCRIPTION,
                            "No fingerprint line of the %s can be used: malformed, or of a forbidden hash function",
                            wr_copy_word(c));
        for (unsigned j = 0; j < c->sdp->n_problems && !none; j++) {
            const wr_sdp_problem *p = &c->sdp->problems[j];
            if (p->kind == WR_SDP_PROBLEM_FINGERPRINT)
                wr_finding_once(e, s, "SDP-02", WR_WARN, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                                "A fingerprint line of the %s is unusable: %s (line %u)", wr_copy_word(c), p->what,
                                p->line);
            else if (p->kind == WR_SDP_PROBLEM_FINGERPRINT_FORM)
                wr_finding_once(e, s, "SDP-02", WR_CHAT, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                                "A fingerprint line of the %s is not written as RFC 8122 wants it: %s", wr_copy_word(c),
                                p->what);
        }
    }
}

/* ---- SDP-03 ---- */

/* On some common hash the two sets have no digest in common. */
static bool sets_differ(const wr_effective *a, const wr_effective *b)
{
    for (int h = WR_HASH_SHA1; h < WR_HASH_COUNT; h++) {
        bool in_a = false, in_b = false, shared = false;
        for (unsigned j = 0; j < b->n_fingerprints; j++)
            in_b |= b->fingerprints[j].usable && b->fingerprints[j].hash == (wr_hash)h;
        for (unsigned i = 0; i < a->n_fingerprints; i++) {
            if (!a->fingerprints[i].usable || a->fingerprints[i].hash != (wr_hash)h)
                continue;
            in_a = true;
            for (unsigned j = 0; j < b->n_fingerprints && !shared; j++)
                shared = wr_fingerprint_equal(&a->fingerprints[i], &b->fingerprints[j]);
        }
        if (in_a && in_b && !shared)
            return true;
    }
    return false;
}

static bool each_has_own_transport(const wr_effective *a, const wr_effective *b)
{
    return a->ice_ufrag != NULL && b->ice_ufrag != NULL && !wr_same_credentials(a, b);
}

void wr_check_fingerprint_sections(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        const wr_sdp_section *tagged = wr_copy_tagged(c);
        wr_effective first = wr_copy_transport(c);
        /* whether BUNDLE will be agreed on is not known before the answer */
        bool settled = wr_kind_is_answer(c->kind) || c->partner != NULL;
        for (unsigned j = 0; tagged != NULL && settled && j < c->sdp->n_sections; j++) {
            const wr_sdp_section *x = &c->sdp->sections[j];
            wr_effective its = wr_sdp_effective(c->sdp, x);
            bool bundled = wr_sdp_in_bundle(c->sdp, x) && wr_sdp_in_bundle(c->sdp, tagged);
            if (x == tagged || wr_sdp_section_disabled(x) || x->bundle_only || !sets_differ(&first, &its))
                continue;
            if (bundled)
                wr_finding_once(e, s, "SDP-03", WR_WARN, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                                "Section %u of the %s announces another certificate than the section that decides for "
                                "its BUNDLE group: "
                                "it is ignored by bundling, and may mislead who checks it",
                                j + 1, wr_copy_word(c));
            else
                wr_finding_once(e, s, "SDP-03", each_has_own_transport(&first, &its) ? WR_NOTE : WR_WARN, c->frame, 0,
                                NULL, WR_BASIS_DESCRIPTION, "Sections of the %s announce different certificates%s",
                                wr_copy_word(c),
                                each_has_own_transport(&first, &its) ? "; each has a transport of its own" : "");
        }
    }
}

/* ---- SDP-04, SDP-05 ---- */

void wr_check_fingerprint_sets(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        wr_effective a = wr_copy_transport(c);
        unsigned count[WR_HASH_COUNT] = {0}, least = UINT_MAX, most = 0;
        for (unsigned j = 0; j < a.n_fingerprints; j++)
            if (a.fingerprints[j].usable)
                count[a.fingerprints[j].hash]++;
        for (int h = 0; h < WR_HASH_COUNT; h++) {
            if (count[h] == 0)
                continue;
            least = MIN(least, count[h]);
            most = MAX(most, count[h]);
        }
        if (most > 0 && least != most)
            wr_finding_once(
                e, s, "SDP-04", WR_NOTE, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                "The fingerprints of the %s mix hash functions unevenly: receivers may pick different lines",
                wr_copy_word(c));
    }
}

void wr_check_hash_downgrade(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    bool downgraded = false;

    (void)f;
    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        wr_hash was = wr_copy_strongest(p->first), is = wr_copy_strongest(p->second);
        if (p->sameness == WR_SAME_S3 || p->fingerprints == WR_FPS_DIFFERENT || is == WR_HASH_UNKNOWN || was <= is)
            continue;
        downgraded = true;
        wr_finding_once(
            e, s, "SDP-05", is < WR_HASH_SHA256 ? WR_WARN : WR_NOTE, p->second->frame, p->first->frame, NULL,
            WR_BASIS_COPIES,
            "The fingerprint with %s was removed from the %s between frame %u and frame %u; %s is what remains",
            wr_hash_name(was), wr_copy_word(p->first), p->first->frame, p->second->frame, wr_hash_name(is));
    }
    for (unsigned i = 0; i < s->copies->len && !downgraded; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        wr_hash h = wr_copy_strongest(c);
        if (h == WR_HASH_SHA1 || h == WR_HASH_SHA224)
            wr_finding_once(e, s, "SDP-05", WR_NOTE, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                            "The %s announces its certificate by %s alone: weak, though still allowed", wr_copy_word(c),
                            wr_hash_name(h));
    }
}

/* ---- SDP-12 ---- */

static bool new_handshake_after(const wr_session *s, int64_t when)
{
    for (unsigned i = 0; i < s->associations->len; i++)
        if (((wr_association *)g_ptr_array_index(s->associations, i))->first_us + WR_SLACK_US > when)
            return true;
    return false;
}

/* An association that was there before goes on with media. */
static const wr_association *old_goes_on(const wr_session *s, int64_t when, uint32_t *frame)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (unsigned j = 0; j < a->flows.len; j++) {
            const wr_flow *f = wr_list_at(&a->flows, j);
            for (int end = 0; end < 2; end++) {
                if (a->first_us < when && f->media[end].last_us > when + 5 * WR_SECOND) {
                    *frame = f->media[end].last_frame;
                    return a;
                }
            }
        }
    }
    return NULL;
}

static void tell_change(wr_engine *e, const wr_session *s, const wr_copy *p, const wr_copy *c)
{
    wr_effective was = wr_copy_transport(p), is = wr_copy_transport(c);
    int64_t when = c->partner != NULL ? MAX(c->time_us, c->partner->time_us) : c->time_us;
    uint32_t frame = 0;
    const wr_association *old = old_goes_on(s, when, &frame);

    if (!wr_kind_is_answer(c->kind) && c->n_answers == 0)
        wr_finding_once(e, s, "SDP-12", WR_NOTE, c->frame, p->frame, NULL, WR_BASIS_VERSIONS,
                        "Another certificate was offered in frame %u, and no answer to that offer is seen: what was "
                        "agreed on before stays in force",
                        c->frame);
    else if (wr_same_credentials(&was, &is))
        wr_finding_once(e, s, "SDP-12", WR_WARN, c->frame, p->frame, NULL, WR_BASIS_VERSIONS,
                        "The certificate fingerprint of the same author changed between frame %u and frame %u without "
                        "new ICE credentials",
                        p->frame, c->frame);
    else if (!new_handshake_after(s, c->time_us) && old != NULL)
        wr_finding_once(
            e, s, "SDP-12", WR_ERROR, frame, c->frame, "V17.2.8", WR_BASIS_VERSIONS,
            "The certificate announced in frame %u was never used: association a%u of the former one goes on", c->frame,
            old->number);
    else
        wr_finding_once(e, s, "SDP-12", WR_CHAT, c->frame, p->frame, NULL, WR_BASIS_VERSIONS,
                        "The certificate fingerprint changed in the session, with new ICE credentials");
}

/* p was sent twice with different content, and the other form of it announces what c does: nothing changed. */
static bool other_form_agrees(const wr_session *s, const wr_copy *p, const wr_copy *c)
{
    for (unsigned i = 0; p->said_twice && i < s->copies->len && i < WR_MAX_BUCKET; i++) {
        const wr_copy *r = g_ptr_array_index(s->copies, i);
        if (r->said_twice && r != p && r->connection == p->connection && r->direction == p->direction &&
            wr_sdp_same_version(r->sdp, p->sdp) && wr_sdp_compare_fingerprints(r->sdp, c->sdp) != WR_FPS_DIFFERENT)
            return true;
    }
    return false;
}

void wr_check_fingerprint_changed(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 1; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i), *p = wr_copy_before(s, i);
        /* one version in two forms is SIG-08's */
        if (p != NULL && p->sdp->sess_version != c->sdp->sess_version &&
            wr_sdp_compare_fingerprints(p->sdp, c->sdp) == WR_FPS_DIFFERENT && !other_form_agrees(s, p, c))
            tell_change(e, s, p, c);
    }
}

/* ---- SDP-16, UKS-01: across calls and clients ---- */

static bool is_copy_of(const wr_copy *a, const wr_copy *b)
{
    wr_effective x = wr_copy_transport(a), y = wr_copy_transport(b);

    return wr_same_credentials(&x, &y) || wr_sdp_same_version(a->sdp, b->sdp) ||
           wr_sdp_sameness(a->sdp, b->sdp) <= WR_SAME_S2;
}

/* One party of one call, on another network by now. */
static bool has_moved(const wr_copy *a, const wr_copy *b)
{
    return a->call != NULL && a->from != NULL && g_strcmp0(a->call, b->call) == 0 && g_strcmp0(a->from, b->from) == 0;
}

static bool announces_the_same(const wr_copy *other, gpointer copy)
{
    return wr_sdp_compare_fingerprints(other->sdp, ((const wr_copy *)copy)->sdp) != WR_FPS_DIFFERENT;
}

/* Nothing ties its leg to the call's flows, though some other's is, or its client announced another on another
 * connection: anybody can have said it. */
static bool is_claim(const wr_engine *e, const wr_copy *c)
{
    const wr_session *s = wr_engine_session(e, wr_copy_session_number(e, c));

    if (s == NULL)
        return false;
    return wr_copy_is_anybodys(e, c) || wr_copy_contradiction(s, c, announces_the_same, (gpointer)c) != NULL;
}

/* Two clients, each the author of what it sent, at about the same time. */
static bool two_emitters(const wr_copy *a, const wr_copy *b)
{
    const wr_leg *x = wr_leg_root(a->leg), *y = wr_leg_root(b->leg);

    return a->direction == WR_DIRECTION_EMITTED && b->direction == WR_DIRECTION_EMITTED && x != y &&
           wr_copies_within(a, b, WR_COPY_US) && wr_endpoint_known(&x->client) && wr_endpoint_known(&y->client) &&
           !wr_endpoint_same_host(&x->client, &y->client) && !wr_endpoint_same_host(&x->client, &y->server) &&
           !wr_endpoint_same_host(&y->client, &x->server) && !wr_sdp_same_author(a->sdp, b->sdp) && !is_copy_of(a, b) &&
           !has_moved(a, b);
}

/* The same author by its connection, or by its host. */
static bool same_author(const wr_copy *a, const wr_copy *b)
{
    return a->direction == b->direction && wr_endpoint_same_host(&a->src, &b->src) && !is_copy_of(a, b);
}

static bool consider_bucket(wr_engine *e, wr_bucket bucket)
{
    const wr_copy *linked = NULL;

    for (unsigned i = 0; i < bucket.len; i++) {
        const wr_copy *a = bucket.members[i];
        for (unsigned j = i + 1; j < bucket.len; j++) {
            const wr_copy *b = bucket.members[j];
            unsigned x = wr_copy_session_number(e, a), y = wr_copy_session_number(e, b);
            if (two_emitters(a, b)) {
                wr_finding *f = wr_finding_add(
                    e, "UKS-01", is_claim(e, a) || is_claim(e, b) ? WR_NOTE : WR_WARN, b->frame, y, NULL,
                    "Two parties announce the same certificate, in frame %u and in frame %u: one of them "
                    "announces one that may not be its own (unknown key-share pattern)",
                    a->frame, b->frame);
                if (f != NULL) {
                    f->basis = WR_BASIS_SESSIONS;
                    f->other_frame = a->frame;
                }
                return true;
            }
            if (linked == NULL && x != y && a->direction == WR_DIRECTION_EMITTED && same_author(a, b)) {
                wr_finding *f = wr_finding_add(e, "SDP-16", WR_CHAT, b->frame, y, NULL,
                                               "The same certificate as in call s%u, frame %u: the calls can be linked",
                                               x, a->frame);
                linked = b;
                if (f != NULL) {
                    f->basis = WR_BASIS_SESSIONS;
                    f->other_frame = a->frame;
                }
            }
        }
    }
    return linked != NULL;
}

void wr_check_fingerprint_reuse(wr_engine *e)
{
    GHashTable *seen =
        g_hash_table_new(g_direct_hash, g_direct_equal); /* one certificate under several hashes: told once */

    for (unsigned i = 0; i < wr_index_size(e->by_fingerprint); i++) {
        wr_bucket bucket = wr_index_nth(e->by_fingerprint, i);
        if (bucket.len < 2 || g_hash_table_contains(seen, bucket.members[0]))
            continue;
        if (consider_bucket(e, bucket))
            g_hash_table_add(seen, bucket.members[0]);
    }
    g_hash_table_destroy(seen);
}
