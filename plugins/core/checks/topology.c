/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who ends the encryption: SUBST and TOP checks (rules 3.8 and 2.7; RFC 8827 9.1, RFC 5764 6). */
#include "base/index.h"
#include "check.h"
#include "remarks/stack_version.h"

#include <string.h>

/* SUBST-01, SUBST-02 */
static void check_substitution(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    bool declared = s->verdict == WR_S_TERMINATED_BY_DECLARED;

    for (int i = 0; i < 2; i++) {
        const wr_pairing *p = f->substituted[i];
        if (p != NULL)
            wr_finding_once(e, s, "SUBST-01", declared ? WR_CHAT : WR_ERROR, p->second->frame, p->first->frame, NULL,
                            WR_BASIS_COPIES,
                            "Certificate fingerprint of the same %s differs between frame %u and frame %u",
                            i == 0 ? "offer" : "answer", p->first->frame, p->second->frame);
        if (f->followed[i] != NULL)
            wr_finding_once(e, s, "SUBST-02", declared ? WR_CHAT : WR_ERROR, f->followed[i]->last_frame,
                            p != NULL ? p->second->frame : 0, NULL, WR_BASIS_HANDSHAKE,
                            "Media is terminated by the holder of the substituted certificate (association a%u)",
                            f->followed[i]->number);
    }
    if (f->rekeyed != NULL)
        wr_finding_once(
            e, s, "SUBST-01",
            declared                  ? WR_CHAT
            : s->severity == WR_ERROR ? WR_ERROR
                                      : WR_WARN,
            f->rekeyed->second->frame, f->rekeyed->first->frame, NULL, WR_BASIS_COPIES,
            "Transport part and fingerprint of the same description were re-authored between frame %u and frame %u",
            f->rekeyed->first->frame, f->rekeyed->second->frame);
}

/* What the operator expects of a party, against what was presented. */
static void check_expected(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    if (f->unexpected != NULL)
        wr_finding_once(e, s, "SUBST-03", WR_ERROR, f->unexpected->frame,
                        f->unexpected->description != NULL ? f->unexpected->description->frame : 0, "V17.2.8",
                        "the operator's list of expected fingerprints",
                        "The certificate presented is none of those expected of this party");
}

/* ---- TOP-02 ---- */

/* Signalling systems that only media servers speak. */
static bool is_servers_dialect(const char *dialect)
{
    static const char *const names[] = {"janus", "mediasoup", "livekit"};

    for (size_t i = 0; dialect != NULL && i < G_N_ELEMENTS(names); i++)
        if (strcmp(dialect, names[i]) == 0)
            return true;
    return false;
}

/* An endpoint draws its own session id; servers that build the answer out of the offer keep the offer's. */
static bool keeps_offers_origin(const wr_copy *c)
{
    size_t mine, its;
    const char *id, *offers;

    if (!wr_kind_is_answer(c->kind) || c->partner == NULL || !wr_sdp_origin_tells(c->sdp) ||
        !c->partner->sdp->has_author)
        return false;
    id = wr_sdp_sess_id(c->sdp, &mine);
    offers = wr_sdp_sess_id(c->partner->sdp, &its);
    return mine == its && memcmp(id, offers, mine) == 0;
}

/* The far party, as this copy of its description shows it, is a server: how many signs, and which. */
static unsigned server_signs(const wr_engine *e, const wr_copy *c, GString *out)
{
    const wr_leg *leg = wr_leg_root(c->leg);
    const char *const sep[] = {"", ", "};
    unsigned n = 0;
    wr_stack x;
    bool same_host = false;

    if (c->direction != WR_DIRECTION_DELIVERED)
        return 0;
    for (unsigned i = 0; i < c->n_addresses && !same_host; i++)
        same_host = wr_endpoint_same_host(&c->addresses[i], &leg->server);
    if (c->sdp->ice_lite)
        g_string_append_printf(out, "%sICE-lite", sep[n++ > 0]);
    if (same_host)
        g_string_append_printf(out, "%smedia address of the signalling server", sep[n++ > 0]);
    if (is_servers_dialect(c->dialect))
        g_string_append_printf(out, "%ssignalling of %s", sep[n++ > 0], c->dialect);
    if (keeps_offers_origin(c))
        g_string_append_printf(out, "%sanswer built out of the offer", sep[n++ > 0]);
    if (wr_stack_from_sdp(c->sdp, &x) && x.server)
        g_string_append_printf(out, "%s%s wrote the description", sep[n++ > 0], x.name);
    for (unsigned i = 0; i < e->options.n_declared_hosts; i++)
        for (unsigned j = 0; j < c->n_addresses; j++)
            if (wr_endpoint_same_host(&e->options.declared_hosts[i], &c->addresses[j])) {
                g_string_append_printf(out, "%sdeclared by the operator", sep[n > 0]);
                return n + 2;
            }
    return n;
}

static void check_intermediary(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    if (s->verdict == WR_S_TERMINATED_UNDECLARED) {
        wr_finding_once(e, s, "TOP-02", s->severity, f->authored != NULL ? f->authored->second->frame : s->first_frame,
                        f->authored != NULL ? f->authored->first->frame : 0, NULL, WR_BASIS_HANDSHAKE,
                        "Encryption ends at an intermediary: it can read the media. A media server, a gateway, or a "
                        "man in the middle: the "
                        "capture cannot tell");
        return;
    }
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        GString *signs = g_string_new(NULL);
        if (server_signs(e, c, signs) >= 2)
            wr_finding_once(e, s, "TOP-02", WR_CHAT, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                            "The other end of the encryption is a media server by the signs (%s): it can read the "
                            "media; whether a further "
                            "layer is above cannot be seen",
                            signs->str);
        g_string_free(signs, TRUE);
    }
}

/* ---- TOP-04 ---- */

static void check_forks(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    GHashTable *answers =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_hash_table_destroy);

    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        const char *ufrag = wr_copy_transport(c).ice_ufrag;
        GHashTable *of;
        if (!wr_kind_is_answer(c->kind) || c->partner == NULL || ufrag == NULL)
            continue;
        of = g_hash_table_lookup(answers, c->partner);
        if (of == NULL) {
            of = g_hash_table_new(wr_text_hash, g_str_equal);
            g_hash_table_insert(answers, c->partner, of);
        }
        if (g_hash_table_add(of, (gpointer)ufrag) && g_hash_table_size(of) == 2)
            wr_finding_once(
                e, s, "TOP-04", WR_CHAT, c->frame, c->partner->frame, NULL, WR_BASIS_PAIR,
                "The offer in frame %u was answered by several endpoints: each has an association of its own",
                c->partner->frame);
    }
    g_hash_table_destroy(answers);
}

const wr_session_check *wr_checks_top(void)
{
    static const wr_session_check checks[] = {check_substitution, check_expected, check_intermediary, check_forks,
                                              NULL};
    return checks;
}
