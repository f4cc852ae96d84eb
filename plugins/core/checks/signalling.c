/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIG checks of the transport: how descriptions travelled (rules 3.1; RFC 8827 9.1, RFC 8996, RFC 9725). */
#include "check.h"

#include <string.h>

/* Between a reverse proxy and its server, or within one host, a capture sees in clear what was protected before. */
static const char *benign_place(const wr_engine *e, const wr_copy *c)
{
    const wr_contact *contact = wr_contact_of(e, wr_leg_root(c->leg));

    if (wr_endpoint_is_loopback(&c->src) || wr_endpoint_same_host(&c->src, &c->dst))
        return "within one host";
    if (c->mirrored)
        return "in what a server reports of it (HEP)";
    return contact != NULL && contact->is_proxied ? "behind a reverse proxy, as its header fields show" : NULL;
}

static bool is_whip(const wr_copy *c)
{
    return g_strcmp0(c->dialect, "whip-whep") == 0 && (c->carrier == WR_CARRIER_HTTP || c->carrier == WR_CARRIER_HTTP2);
}

static void tell_clear(wr_engine *e, const wr_session *s, const wr_copy *c, bool of_party, bool abused)
{
    const char *place = benign_place(e, c);

    if (place != NULL)
        wr_finding_once(
            e, s, is_whip(c) ? "SIG-05" : "SIG-01", WR_NOTE, c->frame, 0, NULL, WR_BASIS_TRANSPORT,
            "Signalling is in clear at this point (leg l%u), %s: whether the client's own connection was protected "
            "cannot be told from here",
            wr_leg_root(c->leg)->number, place);
    else if (!of_party && is_whip(c))
        wr_finding_once(
            e, s, "SIG-05", WR_NOTE, c->frame, 0, NULL, WR_BASIS_TRANSPORT,
            "A copy of the %s travels in clear (leg l%u) between hosts that no flow of the call is tied to: who "
            "reads the call's signalling anywhere can have sent it",
            wr_copy_word(c), wr_leg_root(c->leg)->number);
    else if (is_whip(c))
        wr_finding_once(
            e, s, "SIG-05", WR_ERROR, c->frame, 0, NULL, WR_BASIS_TRANSPORT,
            "WHIP or WHEP over plain HTTP (leg l%u): anyone on this path could have replaced the certificate "
            "fingerprints, which HTTPS is required to prevent",
            wr_leg_root(c->leg)->number);
    else
        wr_finding_once(e, s, "SIG-01", abused ? WR_ERROR : WR_WARN, c->frame, 0, NULL, WR_BASIS_TRANSPORT,
                        "Signalling carries certificate fingerprints and ICE passwords unprotected (leg l%u): "
                        "anyone on this path "
                        "could have replaced them",
                        wr_leg_root(c->leg)->number);
}

/* Where nothing ties a leg to the flows, as behind a relay: those whose descriptions are in force there. NULL for none.
 */
static GHashTable *legs_in_force(const wr_session *s)
{
    GHashTable *legs = NULL;

    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            if (a->owner[side] == NULL || a->binding >= WR_B3)
                continue;
            if (legs == NULL)
                legs = g_hash_table_new(g_direct_hash, g_direct_equal);
            g_hash_table_add(legs, wr_leg_root(a->owner[side]->leg));
        }
    }
    return legs;
}

/* Of signalling alone: no exchange that was seen joins it with other hosts that show descriptions of the call. */
static bool is_apart(const wr_session *s, const wr_copy *c)
{
    for (unsigned i = 0; !s->tied && i < s->copies->len; i++)
        if (!wr_copies_are_joined(s, c, g_ptr_array_index(s->copies, i)))
            return true;
    return false;
}

/* SIG-01 and, for WHIP, SIG-05, once a leg: anyone on this path could have replaced the fingerprints. */
static void check_clear_signalling(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    bool abused = f->substituted[0] != NULL || f->substituted[1] != NULL || f->keys_in_signalling;
    GHashTable *tied = wr_session_tied_legs(s);

    if (tied == NULL)
        tied = legs_in_force(s);
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (!c->protected_transport && !wr_leg_was_told(s, i))
            tell_clear(e, s, c,
                       wr_copy_is_of_party(s, tied, c) && !is_apart(s, c) && !wr_copy_is_without_password(e, c),
                       abused);
    }
    g_clear_pointer(&tied, g_hash_table_unref);
}

static const char *tls_version_text(uint16_t version)
{
    return version == 0x0302   ? "TLS 1.1"
           : version == 0x0301 ? "TLS 1.0"
           : version == 0x0300 ? "SSL 3.0"
                               : "an unknown version";
}

/* SIG-02 */
static void check_weak_tls(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        const wr_weak_tls *w = c->protected_transport ? wr_weak_tls_of(e, c->connection) : NULL;
        if (w == NULL)
            continue;
        if (w->other_frame != 0)
            wr_finding_once(e, s, "SIG-02", WR_NOTE, w->frame, w->other_frame, NULL, WR_BASIS_TLS,
                            "A ServerHello of this connection chose %s (%s), another one in frame %u did not: anybody "
                            "can have sent the first, which of them counts does not show",
                            wr_tls_suite_is_broken(w->suite) ? wr_tls_suite_name(w->suite) : "an old version",
                            wr_tls_suite_is_broken(w->suite) ? "a broken suite" : tls_version_text(w->version),
                            w->other_frame);
        else if (wr_tls_suite_is_broken(w->suite))
            wr_finding_once(e, s, "SIG-02", WR_ERROR, w->frame, c->frame, NULL, WR_BASIS_TLS,
                            "Signalling TLS chose %s, which does not encrypt or does not authenticate: nothing "
                            "protects the fingerprints",
                            wr_tls_suite_name(w->suite));
        else
            wr_finding_once(e, s, "SIG-02", WR_WARN, w->frame, c->frame, NULL, WR_BASIS_TLS,
                            "Signalling uses %s, which must not be used any more: its integrity cannot be relied on "
                            "for fingerprints",
                            tls_version_text(w->version));
    }
}

const wr_session_check *wr_checks_sig(void)
{
    static const wr_session_check checks[] = {check_clear_signalling,
                                              check_weak_tls,
                                              wr_check_secrets,
                                              wr_check_credential,
                                              wr_check_keys,
                                              wr_check_identity,
                                              wr_check_altered,
                                              wr_check_personal,
                                              wr_check_page,
                                              wr_check_stack,
                                              NULL};
    return checks;
}
