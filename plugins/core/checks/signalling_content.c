/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIG checks of what signalling says: keys, identity, altered messages, personal data (rules 3.1). */
#include "check.h"
#include "formats/json_text.h"

#include <string.h>

/* ---- SIG-06: keys in the description (RFC 4568, RFC 4567, k=); forbidden by RFC 8827 6.5 ---- */

/* Some association of the call came so far that it made keys. */
static bool has_dtls(const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++)
        if (wr_association_is_completed(g_ptr_array_index(s->associations, i)))
            return true;
    return false;
}

/* An answer with keys beside its fingerprint: it is for the other side to choose, and both are to be had. */
static void tell_keys_beside(wr_engine *e, const wr_session *s, const wr_facts *f, const wr_copy *c)
{
    uint32_t offer = c->partner != NULL ? c->partner->frame : 0;

    if (has_dtls(s))
        wr_finding_once(
            e, s, "SIG-06", WR_WARN, c->frame, offer, NULL, WR_BASIS_PAIR,
            "The answer carries media keys (a=crypto) beside its fingerprint: a DTLS handshake followed, but "
            "whoever reads or logs signalling can decrypt what is protected by these keys");
    else
        wr_finding_once(
            e, s, "SIG-06", f->media ? WR_ERROR : WR_WARN, c->frame, offer, NULL, WR_BASIS_PAIR,
            "The answer carries media keys (a=crypto) beside its fingerprint, and no DTLS handshake is seen: "
            "whoever reads or logs signalling can decrypt what is protected by these keys");
}

static void tell_offered_keys(wr_engine *e, const wr_session *s, const wr_copy *c)
{
    if (wr_kind_is_answer(c->kind) || !c->sdp->has_crypto)
        return;
    if (c->partner == NULL)
        wr_finding_once(e, s, "SIG-06", WR_WARN, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                        "Media keys are offered in the signalling (a=crypto); the answer that would say whether they "
                        "are used is not in "
                        "this capture");
    else if (!wr_copy_has_keys(c->partner))
        wr_finding_once(e, s, "SIG-06", WR_NOTE, c->frame, c->partner->frame, NULL, WR_BASIS_PAIR,
                        "Media keys were offered in the signalling (a=crypto) and not taken: the answer chose DTLS");
}

void wr_check_keys(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (f->keys_in_signalling && wr_kind_is_answer(c->kind) && wr_copy_has_keys(c))
            wr_finding_once(e, s, "SIG-06", WR_ERROR, c->frame, c->partner != NULL ? c->partner->frame : 0, NULL,
                            WR_BASIS_PAIR,
                            "Media keys were accepted from the signalling (a=crypto): whoever reads or logs signalling "
                            "can decrypt the "
                            "call");
        if (!f->keys_in_signalling && wr_kind_is_answer(c->kind) && wr_copy_has_keys(c))
            tell_keys_beside(e, s, f, c);
        if (!f->keys_in_signalling)
            tell_offered_keys(e, s, c);
        if (c->sdp->k_line || c->sdp->key_mgmt)
            wr_finding_once(e, s, "SIG-06", WR_ERROR, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                            "The %s carries key material in %s, which WebRTC forbids", wr_copy_word(c),
                            c->sdp->k_line ? "k=" : "a=key-mgmt");
    }
}

/* ---- SIG-07: identity assertion (RFC 8827 7.4.1) ---- */

/* Value of the session-level a=identity; NULL when there is none. */
static char *identity_of(wr_sdp *sdp)
{
    wr_line_reader lines = wr_lines(wr_sdp_text(sdp), sdp->text_len);
    wr_slice line, value;

    if (!sdp->identity)
        return NULL;
    while (wr_line_next(&lines, &line, NULL) && !wr_slice_starts(line, "m=", NULL))
        if (wr_slice_starts(line, "a=identity:", &value))
            return wr_slice_dup((wr_slice){value.p, MIN(value.len, (size_t)65536)});
    return NULL;
}

/* {"idp":…,"assertion":"{\"contents\":\"{\\\"fingerprint\\\":[…]}\"…}"}: JSON in strings, as providers nest it. */
static json_object *find_fingerprints(json_object *value, int depth)
{
    json_object *inner, *found = NULL;

    if (depth > 5)
        return NULL;
    if (wr_value_is_string(value)) {
        inner = wr_json_read_whole((const uint8_t *)wr_value_string(value), wr_value_string_length(value), NULL);
        found = inner != NULL ? find_fingerprints(inner, depth + 1) : NULL;
        json_object_put(inner);
        return found;
    }
    if (!wr_value_is_object(value))
        return NULL;
    if (wr_value_is_array(wr_value_member(value, "fingerprint")))
        return json_object_get(wr_value_member(value, "fingerprint"));
    for (const struct lh_entry *e = wr_value_first(value); e != NULL && found == NULL; e = lh_entry_next(e)) {
        json_object *member = wr_entry_value(e);
        if (wr_value_is_string(member) || wr_value_is_object(member))
            found = find_fingerprints(member, depth + 1);
    }
    return found;
}

static json_object *asserted(const char *identity)
{
    gsize len = 0;
    size_t n = strcspn(identity, " ;\t");
    char *text = g_strndup(identity, n);
    guchar *bytes = g_base64_decode(text, &len);
    json_object *root = wr_json_read_whole(bytes, len, NULL), *found = NULL;

    if (root != NULL)
        found = find_fingerprints(root, 0);
    json_object_put(root);
    g_free(bytes);
    g_free(text);
    return found;
}

static bool is_asserted(const json_object *list, const wr_fingerprint *f)
{
    for (size_t i = 0; i < MIN(wr_value_size(list), (size_t)64); i++) {
        const json_object *one = wr_value_element(list, i);
        const char *hash = wr_value_string(wr_value_member(one, "algorithm")),
                   *hex = wr_value_string(wr_value_member(one, "digest"));
        wr_fingerprint g;
        if (hash == NULL || hex == NULL)
            continue;
        wr_fingerprint_parse_parts(hash, strlen(hash), hex, strlen(hex), &g);
        if (wr_fingerprint_equal(f, &g))
            return true;
    }
    return false;
}

static bool all_asserted(const json_object *list, const wr_sdp *sdp)
{
    for (unsigned i = 0; i <= sdp->n_sections; i++) {
        const wr_transport *t = i < sdp->n_sections ? &sdp->sections[i].own : &sdp->session;
        for (unsigned j = 0; j < t->n_fingerprints; j++)
            if (t->fingerprints[j].usable && !is_asserted(list, &t->fingerprints[j]))
                return false;
    }
    return true;
}

static void check_one_identity(wr_engine *e, const wr_session *s, unsigned i, const char *identity)
{
    const wr_copy *c = g_ptr_array_index(s->copies, i), *before = wr_copy_before(s, i);
    char *old = before != NULL ? identity_of(before->sdp) : NULL;
    json_object *list = asserted(identity);

    if (list != NULL && !all_asserted(list, c->sdp))
        wr_finding_once(e, s, "SIG-07", WR_WARN, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                        "The identity assertion of the %s does not cover the fingerprints it travels with",
                        wr_copy_word(c));
    else if (old != NULL && strcmp(old, identity) == 0 &&
             wr_sdp_compare_fingerprints(before->sdp, c->sdp) == WR_FPS_DIFFERENT)
        wr_finding_once(e, s, "SIG-07", WR_WARN, c->frame, before->frame, NULL, WR_BASIS_VERSIONS,
                        "The fingerprints changed and the identity assertion did not");
    else
        wr_finding_once(e, s, "SIG-07", WR_CHAT, c->frame, 0, NULL, WR_BASIS_DESCRIPTION,
                        "The %s carries an identity assertion%s", wr_copy_word(c),
                        list != NULL ? ", which covers its fingerprints" : "; its form is not known here");
    json_object_put(list);
    g_free(old);
}

void wr_check_identity(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        char *identity = identity_of(((wr_copy *)g_ptr_array_index(s->copies, i))->sdp);
        if (identity != NULL)
            check_one_identity(e, s, i, identity);
        g_free(identity);
    }
    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (p->sameness != WR_SAME_S3 && p->first->sdp->identity && !p->second->sdp->identity)
            wr_finding_once(e, s, "SIG-07", WR_ERROR, p->second->frame, p->first->frame, NULL, WR_BASIS_COPIES,
                            "The identity assertion of the %s was removed between frame %u and frame %u",
                            wr_copy_word(p->first), p->first->frame, p->second->frame);
    }
}

/* ---- SIG-08: the same message at two points of one hop ---- */

/* On one connection; or, seen at two vantage points, on two to the same server from different addresses: both sides of
 * a translation. Two connections of one client are two things that it said, or that somebody said in its name. */
static bool is_one_hop(const wr_copy *a, const wr_copy *b)
{
    const wr_leg *x = wr_leg_root(a->leg), *y = wr_leg_root(b->leg);

    if (a->direction != b->direction || a->direction == WR_DIRECTION_UNKNOWN ||
        wr_kind_is_answer(a->kind) != wr_kind_is_answer(b->kind))
        return false;
    if (x == y && a->connection == b->connection)
        return true;
    return a->point != b->point && wr_endpoint_known(&x->server) && wr_endpoint_equal(&x->server, &y->server) &&
           !wr_endpoint_same_host(&x->client, &y->client);
}

/* At one point anybody can put a second thing beside the first, where nobody answers either; two points that saw
 * different bytes are another matter. */
static bool may_be_invented(const wr_session *s, const wr_copy *p, const wr_copy *c)
{
    return p->point == c->point && (wr_copy_is_unanswered(s, p) || wr_copy_is_unanswered(s, c));
}

/* Between hosts that no flow of the call is tied to anybody can say two things. */
static void tell_altered(wr_engine *e, const wr_session *s, const wr_copy *p, const wr_copy *c, GHashTable *tied)
{
    const bool of_party = wr_copy_is_of_party(s, tied, p) && wr_copy_is_of_party(s, tied, c);
    const bool invented = may_be_invented(s, p, c);

    wr_finding_once(e, s, "SIG-08", of_party && !invented ? WR_ERROR : WR_NOTE, c->frame, p->frame, NULL,
                    WR_BASIS_COPIES,
                    "The %s is not the same in frame %u and in frame %u, within one hop: same o= version and ICE "
                    "credentials, another certificate fingerprint%s",
                    wr_copy_word(c), p->frame, c->frame,
                    !of_party  ? ". No flow of the call is tied to this leg: anybody can have sent both"
                    : invented ? ". Nobody answers on this leg: anybody can have sent both"
                               : "");
}

void wr_check_altered(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    GHashTable *tied = wr_session_tied_legs(s);

    (void)f;
    for (unsigned i = 1; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        wr_effective mine = wr_copy_transport(c);
        for (unsigned n = 1; n <= i && n < 16; n++) {
            const wr_copy *p = g_ptr_array_index(s->copies, i - n);
            wr_effective its = wr_copy_transport(p);
            if ((c->time_us - p->time_us > WR_HOP_US && !wr_copies_within(c, p, WR_HOP_US)) || !is_one_hop(p, c) ||
                !wr_sdp_same_version(p->sdp, c->sdp) || !wr_same_credentials(&mine, &its) ||
                wr_sdp_compare_fingerprints(p->sdp, c->sdp) != WR_FPS_DIFFERENT)
                continue;
            tell_altered(e, s, p, c, tied);
            break;
        }
    }
    g_clear_pointer(&tied, g_hash_table_unref);
}

/* ---- SIG-09: personal data in clear ---- */

/* An e-mail or SIP address, or a telephone number. Mere nicknames say nothing by their form. */
static bool identifies(const char *name)
{
    const char *at = name != NULL ? strchr(name, '@') : NULL;
    unsigned digits = 0;

    if (name == NULL)
        return false;
    if (at != NULL && at > name && strchr(at, '.') != NULL && strchr(name, ' ') == NULL)
        return true;
    if (*name != '+' || strlen(name) > 24)
        return false;
    for (const char *p = name + 1; *p != '\0'; p++)
        if (g_ascii_isdigit(*p))
            digits++;
        else if (strchr(" -().", *p) == NULL)
            return false;
    return digits >= 7;
}

void wr_check_personal(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        unsigned n =
            identifies(c->from) + identifies(c->to) + identifies(c->call) + identifies(wr_leg_root(c->leg)->party);
        if (!c->protected_transport && n > 0 && !wr_leg_was_told(s, i))
            wr_finding_once(e, s, "SIG-09", WR_NOTE, c->frame, 0, NULL, WR_BASIS_MESSAGE,
                            "User-identifying values are readable in unprotected signalling: %u value%s in the form of "
                            "an e-mail address "
                            "or telephone number",
                            n, n == 1 ? "" : "s");
    }
}
