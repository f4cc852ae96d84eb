/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SDP checks of a description's own words: SDP-09, SDP-10, SDP-11, SDP-15 (rules 3.2; RFC 8839, RFC 3264). */
#include "base/index.h"
#include "check.h"

#include <string.h>

/* ---- SDP-09 ---- */

static void check_lengths(wr_engine *e, const wr_session *s, const wr_copy *c)
{
    for (unsigned i = 0; i < c->credentials.len; i++) {
        const wr_credential *k = wr_list_at(&c->credentials, i);
        if (strlen(k->ufrag) < 4)
            wr_finding_once(e, s, "SDP-09", WR_WARN, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                            "The ICE user name fragment of the %s is shorter than 4 characters", wr_copy_word(c));
        if (k->password != NULL && strlen(k->password) < 22)
            wr_finding_once(
                e, s, "SDP-09", WR_WARN, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                "The ICE password of the %s is shorter than 22 characters: connectivity checks can be forged",
                wr_copy_word(c));
    }
}

/* In one text; credentials that were trickled later are another generation. */
static void check_contradiction(wr_engine *e, const wr_session *s, const wr_copy *c)
{
    GHashTable *passwords;

    if (c->sdp->n_sections < 2)
        return;
    passwords = g_hash_table_new(wr_text_hash, g_str_equal);
    for (unsigned i = 0; i < c->sdp->n_sections; i++) {
        wr_effective a = wr_sdp_effective(c->sdp, &c->sdp->sections[i]);
        const char *other;
        if (a.ice_ufrag == NULL || a.ice_pwd == NULL || wr_sdp_section_disabled(&c->sdp->sections[i]))
            continue;
        other = g_hash_table_lookup(passwords, a.ice_ufrag);
        if (other == NULL)
            g_hash_table_insert(passwords, (gpointer)a.ice_ufrag, (gpointer)a.ice_pwd);
        else if (strcmp(other, a.ice_pwd) != 0)
            wr_finding_once(e, s, "SDP-09", WR_ERROR, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                            "Two sections of the %s have the same ICE user name fragment and different passwords",
                            wr_copy_word(c));
    }
    g_hash_table_destroy(passwords);
}

/* Flows of its call are seen, and none of them is of whoever says this: anybody could. */
static bool is_of_nobody(const wr_session *s, const wr_copy *c)
{
    return s->tied && !wr_copy_is_tied(s, c);
}

/* The same of what was told first, maybe in another call, which has no flows, or others' alone. */
static bool is_of_nobody_where(wr_engine *e, const wr_session *s, const wr_copy *first)
{
    const wr_session *its = wr_engine_session(e, wr_copy_session_number(e, first));

    return s->tied && (its == NULL || !its->tied || !wr_copy_is_tied(its, first));
}

/* Credentials of one client in the description of another, which neither relays for the other. ufrag == pwd is how
 * libp2p marks connections without signalling. */
static void check_reuse(wr_engine *e, const wr_session *s, const wr_copy *c)
{
    const wr_leg *mine = wr_leg_root(c->leg);
    wr_effective a = wr_copy_transport(c);
    wr_bucket bucket;

    if (c->direction != WR_DIRECTION_EMITTED || a.ice_ufrag == NULL || a.ice_pwd == NULL ||
        strcmp(a.ice_ufrag, a.ice_pwd) == 0)
        return;
    bucket = wr_index_find(e->by_credential, wr_credential_key(a.ice_ufrag, a.ice_pwd));
    for (unsigned i = 0; i < bucket.len && i < WR_MAX_BUCKET; i++) {
        const wr_copy *p = bucket.members[i];
        const wr_leg *its = wr_leg_root(p->leg);
        if (p == c)
            break; /* told from the later one only */
        if (p->direction == WR_DIRECTION_EMITTED && its != mine &&
            !wr_endpoint_same_host(&its->client, &mine->client) &&
            !wr_endpoint_same_host(&its->client, &mine->server) &&
            !wr_endpoint_same_host(&its->server, &mine->client) && wr_sdp_origin_tells(p->sdp) &&
            wr_sdp_origin_tells(c->sdp) && !wr_sdp_same_author(p->sdp, c->sdp))
            wr_finding_once(e, s, "SDP-09", is_of_nobody(s, c) || is_of_nobody_where(e, s, p) ? WR_NOTE : WR_WARN,
                            c->frame, p->frame, NULL, WR_BASIS_SESSIONS,
                            "The ICE credentials in frame %u are those that another party sent in frame %u: "
                            "connectivity checks can be forged",
                            c->frame, p->frame);
    }
}

static void check_credentials(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        check_lengths(e, s, c);
        check_contradiction(e, s, c);
        check_reuse(e, s, c);
    }
}

/* ---- SDP-10 ---- */

/* The lines that differ, without fingerprints and ICE: those are the business of other checks. NULL for none. */
static char *changed_lines(wr_sdp *a, wr_sdp *b)
{
    GPtrArray *diff = wr_sdp_diff(a, b, 64);
    GString *out = g_string_new(NULL);
    unsigned n = 0;

    for (unsigned i = 0; i < diff->len; i++) {
        const wr_diff_line *d = g_ptr_array_index(diff, i);
        if (d->kind != WR_DIFF_OTHER || d->sign == ' ')
            continue;
        if (n++ < 3)
            g_string_append_printf(out, "%s%c%.60s", n > 1 ? ", " : "", d->sign, d->line);
    }
    if (n > 3)
        g_string_append_printf(out, " and %u more", n - 3);
    g_ptr_array_unref(diff);
    return g_string_free(out, n == 0);
}

static void tell_changed(wr_engine *e, const wr_session *s, const wr_copy *p, const wr_copy *c)
{
    char *lines;

    if (!wr_sdp_same_version(p->sdp, c->sdp) || !wr_sdp_origin_tells(c->sdp) || p->sdp->sess_version == 0 ||
        p->sdp->truncated || c->sdp->truncated || wr_kind_is_answer(p->kind) != wr_kind_is_answer(c->kind) ||
        memcmp(p->sdp->canonical, c->sdp->canonical, 32) == 0 ||
        wr_sdp_compare_fingerprints(p->sdp, c->sdp) == WR_FPS_DIFFERENT)
        return;
    lines = changed_lines(p->sdp, c->sdp);
    if (lines != NULL)
        wr_finding_once(e, s, "SDP-10", WR_NOTE, c->frame, p->frame, NULL, WR_BASIS_COPIES,
                        "The %s changed between frame %u and frame %u without a new o= version: %s", wr_copy_word(c),
                        p->frame, c->frame, lines);
    g_free(lines);
}

static void check_version(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 1; i < s->copies->len; i++) {
        const wr_copy *p = wr_copy_before(s, i);
        if (p != NULL)
            tell_changed(e, s, p, g_ptr_array_index(s->copies, i));
    }
    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (p->sameness == WR_SAME_S1 || p->sameness == WR_SAME_S2)
            tell_changed(e, s, p->first, p->second);
    }
}

/* ---- SDP-11 ---- */

static bool is_global_v6(const wr_endpoint *e)
{
    return e->family == 6 && (e->addr[0] & 0xe0) == 0x20; /* 2000::/3, RFC 4291 2.4 */
}

/* The signalling server's own media address, given to its client: nothing that the client did not know. */
static bool is_servers_own(const wr_copy *c)
{
    const wr_leg *leg = wr_leg_root(c->leg);

    for (unsigned i = 0; i < c->n_addresses; i++)
        if (!wr_endpoint_same_host(&c->addresses[i], &leg->server))
            return false;
    return c->direction == WR_DIRECTION_DELIVERED && c->n_addresses > 0;
}

static void check_addresses(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        unsigned local = 0, v6 = 0, related = 0;
        if (c->sdp->ice_lite || is_servers_own(c)) /* a server: announcing its addresses is its trade */
            continue;
        for (unsigned j = 0; j < c->n_addresses; j++)
            local += wr_endpoint_is_local(&c->addresses[j]);
        for (unsigned j = 0; j < c->sdp->n_candidates; j++) {
            const wr_candidate *k = &c->sdp->candidates[j];
            v6 += k->type == WR_CAND_HOST && is_global_v6(&k->address);
            related += k->type != WR_CAND_HOST && (wr_endpoint_is_local(&k->related) || is_global_v6(&k->related));
        }
        if (c->has_names && related > 0)
            wr_finding_once(e, s, "SDP-11", WR_NOTE, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                            "The %s hides host addresses behind .local names and gives one away as raddr",
                            wr_copy_word(c));
        else if (local + v6 + related > 0)
            wr_finding_once(e, s, "SDP-11", WR_NOTE, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                            "The %s discloses local network addresses to the other party%s", wr_copy_word(c),
                            local + related == 0 ? " (global IPv6 addresses of the host)" : "");
    }
}

/* ---- SDP-15 ---- */

static bool is_listed(const wr_sdp *sdp, const wr_endpoint *at)
{
    for (unsigned i = 0; i < sdp->n_candidates; i++)
        if (wr_endpoint_same_host(&sdp->candidates[i].address, at) || sdp->candidates[i].hostname != NULL)
            return true;
    return sdp->n_candidates == 0;
}

static void check_rewriting(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    static const uint8_t zero[16];

    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        for (unsigned j = 0; j < c->sdp->n_sections && !c->sdp->truncated; j++) {
            const wr_sdp_section *x = &c->sdp->sections[j];
            if (wr_sdp_section_disabled(x))
                continue;
            if (wr_section_has_line(c->sdp, x, "a=ice-mismatch"))
                wr_finding_once(
                    e, s, "SDP-15", WR_WARN, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                    "The %s says ice-mismatch: its author found the addresses it was sent rewritten on the way",
                    wr_copy_word(c));
            if (x->port == 9 || !wr_endpoint_known(&x->connection) ||
                memcmp(x->connection.addr, zero, sizeof zero) == 0 || wr_endpoint_is_loopback(&x->connection) ||
                is_listed(c->sdp, &x->connection))
                continue;
            wr_finding_once(e, s, "SDP-15", WR_NOTE, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                            "The address of section %u of the %s is none of its candidates: rewritten on the way (ALG, "
                            "SBC), or candidates "
                            "are missing",
                            j + 1, wr_copy_word(c));
        }
    }
}

const wr_session_check *wr_checks_sdp(void)
{
    static const wr_session_check checks[] = {wr_check_fingerprint_missing,
                                              wr_check_fingerprint_form,
                                              wr_check_fingerprint_sections,
                                              wr_check_fingerprint_sets,
                                              wr_check_hash_downgrade,
                                              wr_check_fingerprint_changed,
                                              wr_check_setup,
                                              wr_check_tls_id,
                                              wr_check_plain_rtp,
                                              check_credentials,
                                              check_version,
                                              check_addresses,
                                              wr_check_mux,
                                              wr_check_fit,
                                              check_rewriting,
                                              NULL};
    return checks;
}
