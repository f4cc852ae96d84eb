/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on a session: one row of the table in rules 1.3, by its order of precedence. */
#include "records/handshake_facts.h"
#include "records/handshake_messages.h"
#include "verdict/handshake_failure.h"
#include "verdict/verdict.h"

#include <string.h>

static bool declared_host(const wr_engine *e, const wr_endpoint *at)
{
    for (unsigned i = 0; i < e->options.n_declared_hosts; i++)
        if (wr_endpoint_same_host(&e->options.declared_hosts[i], at))
            return true;
    return false;
}

static bool keeps_fingerprints(const wr_pairing *p)
{
    return p->sameness != WR_SAME_S3 && (p->fingerprints == WR_FPS_EQUAL || p->fingerprints == WR_FPS_TRIMMED);
}

/* Its client announced this address as one that a TURN server lent: no flow of the call can end at its own. */
static bool lives_behind(const wr_leg *leg, const wr_endpoint *end)
{
    leg = wr_leg_root((wr_leg *)leg);
    for (unsigned i = 0; i < leg->copies.len && i < WR_MAX_BUCKET; i++) {
        const wr_copy *c = wr_list_at(&leg->copies, i);
        if (c->direction == WR_DIRECTION_EMITTED && wr_copy_announces_relay(c, end))
            return true;
    }
    return false;
}

/* The copy is of this end of the association: its client, or the host that sent it or was sent it (at; proxies call
 * their clients), is where the flow ends, or behind the relay there; or it stands in a file beside the capture, which
 * no packet can forge. Other candidates tie no leg here, for whoever repeats a description repeats them. own gets the
 * side that the leg's client is, -1 for unknown. */
static bool is_proven_leg(const wr_session *s, const wr_copy *c, const wr_endpoint *at, const wr_endpoint *end,
                          int *own)
{
    const wr_tie tie = wr_leg_tie_in(s, c->leg, own);

    if (tie == WR_TIE_ADDRESS)
        return true;
    return tie != WR_TIE_NONE && (wr_copy_is_stated(c) || wr_endpoint_same_host(at, end) || lives_behind(c->leg, end));
}

static bool is_of_unknown_end(const wr_copy *c)
{
    return wr_copy_is_stated(c) && c->direction == WR_DIRECTION_UNKNOWN;
}

/* A file that does not say whether a description was given or got may be another record of the same end: it says
 * nothing of the way between two. */
static bool tells_of_two_ends(const wr_pairing *p)
{
    return !is_of_unknown_end(p->first) && !is_of_unknown_end(p->second);
}

/* This side's description was seen on its author's leg and, no earlier, on that of the party it was for, both tied to
 * the flows, and both copies name the certificate that was shown. */
static bool seen_on_both_legs(const wr_engine *e, const wr_session *s, const wr_association *a, int side)
{
    const wr_presented *x = &a->side[side].presented;
    const wr_certificate *cert = x->certificate != NULL ? x->certificate : x->stated;

    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        int own[2] = {-1, -1};
        if (!keeps_fingerprints(p) || !tells_of_two_ends(p) || wr_pairing_is_one_hop(p) ||
            wr_pairing_weight(e, s, p) != WR_WEIGHT_FULL || (p->first != a->owner[side] && p->second != a->owner[side]))
            continue;
        if (!is_proven_leg(s, p->issued, &p->issued->src, &a->side[side].end, &own[0]) ||
            !is_proven_leg(s, p->delivered, &p->delivered->dst, &a->side[1 - side].end, &own[1]) ||
            (own[0] >= 0 && own[0] == own[1]))
            continue;
        if (!wr_copy_is_stated(p->issued) && !wr_copy_is_stated(p->delivered) &&
            wr_copy_is_later(e, p->issued, p->delivered)) /* who repeats what he heard is not its author */
            continue;
        if (cert != NULL && wr_sdp_announces(p->issued->sdp, cert) && wr_sdp_announces(p->delivered->sdp, cert))
            return true;
    }
    return false;
}

/* The party that this leg belongs to is an end of the association: what is shown on the other's path says nothing of
 * it. */
static bool speaks_for(const wr_association *a, wr_leg *leg)
{
    for (unsigned i = 0; i < a->n_ties; i++)
        if (wr_leg_root((wr_leg *)a->ties[i].leg) == wr_leg_root(leg))
            return true;
    return a->n_ties == 0;
}

static bool has_usable(const wr_transport *t)
{
    for (unsigned i = 0; i < t->n_fingerprints; i++)
        if (t->fingerprints[i].usable)
            return true;
    return false;
}

/* The issuer said what to expect, and nothing that can be compared with it was delivered. */
static bool is_silenced(const wr_pairing *p)
{
    const wr_sdp *sdp = p->issued->sdp;
    bool said = has_usable(&sdp->session);

    for (unsigned i = 0; i < sdp->n_sections; i++)
        said |= has_usable(&sdp->sections[i].own);
    return said && p->fingerprints == WR_FPS_UNKNOWN;
}

/* The operator knows this end of an association: its host, or the certificate shown there. */
static bool known_end(const wr_engine *e, const wr_association *a, int side)
{
    const wr_certificate *cert = a->side[side].presented.certificate;

    if (a->standing == WR_BARE || a->binding > WR_B2)
        return false;
    if (declared_host(e, &a->side[side].end))
        return true;
    for (unsigned k = 0; cert != NULL && k < e->options.n_declared_fingerprints; k++)
        if (wr_certificate_has_fingerprint(cert, &e->options.declared_fingerprints[k]))
            return true;
    return false;
}

/* Its description is one that another took the place of: this end is whom something was done to, not who did it. */
static bool is_displaced(const wr_session *s, const wr_copy *owner)
{
    bool displaced = false;

    for (unsigned i = 0; owner != NULL && i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (keeps_fingerprints(p) || wr_copies_share_credentials(p->issued, p->delivered))
            continue;
        if (wr_copies_share_credentials(owner, p->delivered))
            return false;
        displaced |= wr_copies_share_credentials(owner, p->issued);
    }
    return displaced;
}

/* A declared server explains what it ends: it must be an end of an association, or hold the certificate shown there.
 * Its address in signalling explains nothing, nor does it when somebody else stands between it and a party. */
static bool is_declared(const wr_engine *e, const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++)
            if (known_end(e, a, side) && !is_displaced(s, a->owner[side]))
                return true;
    }
    return false;
}

/* Both sides took part up to its end, or to their signatures where one of them then refused. */
static bool went_through(const wr_association *a)
{
    return wr_association_is_completed(a) ||
           (a->possession[0] == WR_POSSESSION_PROVED && a->possession[1] == WR_POSSESSION_PROVED);
}

/* How well it is shown that this side used its certificate for the call: what stands in a handshake that one side broke
 * off, or beside one with no signature by its key, anybody can have sent. 0 where none is seen. */
static unsigned shown_by(const wr_association *a, int side)
{
    if (a == NULL)
        return 0;
    return 1 + (a->decrypted || a->possession[side] == WR_POSSESSION_PROVED ? 1 : 0) + (went_through(a) ? 2 : 0);
}

/* Beside this certificate, which neither the client's signature nor keys bear out, one that was issued was shown with
 * the same key: who holds that is the issuer, and whatever else is made of its certificate anybody can have sent. */
static bool is_issued_beside(const wr_association *a, int s, const wr_pairing *p)
{
    const wr_handshake_messages *m = a->messages;
    wr_certificate *shown = a->side[s].presented.certificate;

    if (m == NULL || shown == NULL || a->decrypted || a->possession[s] == WR_POSSESSION_PROVED)
        return false;
    for (unsigned i = 0; i < m->n; i++) {
        wr_certificate *leaf = m->list[i].leaf;
        if (leaf != NULL && m->list[i].role == s && wr_sdp_names_certificate(p->issued->sdp, leaf) &&
            !wr_sdp_names_certificate(p->delivered->sdp, leaf) && wr_certificate_same_key(leaf, shown))
            return true;
    }
    return false;
}

/* What an association shows about a description that was altered on its way (rows 5, 6 and 11): of each certificate
 * shown, was it announced by the issuer, was it in what was delivered? */
static void weigh_substitution(const wr_engine *e, wr_facts *f, const wr_pairing *p, wr_association *a)
{
    const int class = wr_kind_is_answer(p->first->kind);

    for (int s = 0; s < 2; s++) {
        const wr_presented *x = &a->side[s].presented;
        const wr_certificate *cert = x->certificate != NULL ? x->certificate : x->stated;
        bool issued, delivered;
        if (cert == NULL || a->owner[s] == NULL || x->contested || !wr_copies_share_credentials(a->owner[s], p->first))
            continue;
        issued = wr_sdp_names_certificate(p->issued->sdp, cert);
        delivered = wr_sdp_names_certificate(p->delivered->sdp, cert);
        if ((!issued && wr_sdp_is_cut(p->issued->sdp)) || (!delivered && wr_sdp_is_cut(p->delivered->sdp)))
            continue; /* a line that was left out may name it */
        issued |= !issued && !delivered && is_issued_beside(a, s, p);
        if (delivered && !issued && a->binding <= WR_B1) {
            f->followed[class] = a;
            f->followed_pairing = p;
            f->undeclared |= !known_end(e, a, s);
            if (f->substituted[class] == NULL)
                f->substituted[class] = p;
        } else if (p->fingerprints != WR_FPS_DIFFERENT && (issued || delivered || !is_silenced(p))) {
            continue; /* what a relay leaves out, or adds, and nobody follows */
        } else if (issued && !delivered && speaks_for(a, p->delivered->leg)) {
            if (shown_by(a, s) >= shown_by(f->not_followed, f->not_followed_side)) {
                f->not_followed = a;
                f->not_followed_pairing = p;
                f->not_followed_side = s;
            }
        } else if (!issued && !delivered && a->binding <= WR_B1) {
            if (shown_by(a, s) >= shown_by(f->foreign, f->foreign_side)) {
                f->foreign = a;
                f->foreign_side = s;
            }
            if (f->substituted[class] == NULL)
                f->substituted[class] = p;
        }
    }
}

static void weigh_pairing(const wr_engine *e, wr_facts *f, const wr_session *s, const wr_pairing *p)
{
    int class = wr_kind_is_answer(p->first->kind);
    bool different = p->fingerprints == WR_FPS_DIFFERENT;

    if (p->sameness == WR_SAME_S1) { /* a section more, or another line, can be a substitution as well */
        if (different && f->substituted[class] == NULL)
            f->substituted[class] = p;
        for (unsigned i = 0; i < s->associations->len; i++)
            weigh_substitution(e, f, p, g_ptr_array_index(s->associations, i));
        if (f->substituted[class] == p)
            return;
    }
    if (keeps_fingerprints(p)) {
        if (f->equal[class] == NULL && tells_of_two_ends(p))
            f->equal[class] = p;
        return;
    }
    if (p->sameness == WR_SAME_S3)
        f->authored = p;
    if (different && p->sameness == WR_SAME_S2 && f->rekeyed == NULL)
        f->rekeyed = p;
}

#define FEW 10 /* records and packets that are nobody's, however little else there is */

static uint64_t data_of(const wr_association *a)
{
    return (uint64_t)a->side[0].data_records + a->side[1].data_records;
}

/* Its data, and the media until o began, are a tenth of what their path carried in all: then there was a handshake that
 * was not captured, and not only a handful that anybody can send. */
static bool carried_before(const wr_association *a, const wr_association *o)
{
    const wr_flow *f = a->flow;
    const uint64_t before = data_of(a) + (o->facts != NULL ? o->facts->media_before : 0);
    uint64_t all = (uint64_t)f->media[0].packets + f->media[1].packets;

    for (unsigned i = 0; i < f->associations.len; i++)
        all += data_of(wr_list_at(&f->associations, i));
    return before >= FEW && before >= all / 10;
}

/* Lone records, though of both sides and under keys, with a hello or without, that show no certificate, before a whole
 * handshake of their path that both sides signed and that is verified. */
static bool is_glimpse(const wr_association *a)
{
    if (a->side[0].presented.certificate != NULL || a->side[1].presented.certificate != NULL)
        return false;
    for (unsigned i = 0; i < a->flow->associations.len; i++) {
        const wr_association *o = wr_list_at(&a->flow->associations, i);
        if (o->verdict == WR_A_VERIFIED && o->absorbed == NULL && o->has_client_random &&
            o->possession[0] == WR_POSSESSION_PROVED && o->possession[1] == WR_POSSESSION_PROVED &&
            wr_association_is_completed(o) && o->first_us >= a->first_us && !carried_before(a, o))
            return true;
    }
    return false;
}

/* Certificates without hellos, on a path that no check proves to be the call's, and not gone through: anybody can send
 * them, and they take nothing from what is verified elsewhere. */
static bool is_stray(const wr_association *a)
{
    return a->standing == WR_BARE &&
           ((a->binding > WR_B1 && (a->side[0].first_encrypted_frame == 0 || a->side[1].first_encrypted_frame == 0)) ||
            is_glimpse(a));
}

static bool is_worse(const wr_association *a, const wr_association *than)
{
    return wr_binding_weight(a) != wr_binding_weight(than) ? wr_binding_weight(a) > wr_binding_weight(than)
                                                           : a->verdict < than->verdict;
}

/* What addresses or a certificate alone tie to the call takes nothing from what is verified. */
static bool has_mismatch(const wr_facts *f)
{
    return f->mismatch != NULL && (f->verified == 0 || wr_binding_weight(f->mismatch) > WR_NOTE);
}

static void weigh_association(const wr_engine *e, wr_facts *f, const wr_session *s, wr_association *a)
{
    f->count[a->verdict]++;
    f->disputed += wr_association_failed_disputed(a);
    f->left_out += a->verdict == WR_A_UNVERIFIABLE_HASH && (a->side[0].presented.verdict == WR_CERT_FP_LEFT_OUT ||
                                                            a->side[1].presented.verdict == WR_CERT_FP_LEFT_OUT);
    switch (a->verdict) {
    case WR_A_MISMATCH_NOT_ENFORCED:
    case WR_A_MISMATCH:
    case WR_A_MISMATCH_ENFORCED:
        if (f->mismatch == NULL || is_worse(a, f->mismatch))
            f->mismatch = a;
        break;
    case WR_A_VERIFIED:
        f->verified++;
        f->bound++;
        f->crossed += a->owner[0] != NULL && a->owner[1] != NULL && seen_on_both_legs(e, s, a, 0) &&
                      seen_on_both_legs(e, s, a, 1);
        break;
    case WR_A_UNVERIFIABLE_INCOMPLETE:
    case WR_A_HALF_VERIFIED:
        if (f->renegotiated == NULL && wr_facts_renegotiated_unread(a))
            f->renegotiated = a;
        f->bound += a->binding <= WR_B1;
        if (is_stray(a))
            f->stray++;
        else
            f->unverifiable++;
        break;
    case WR_A_UNVERIFIABLE_ENCRYPTED:
    case WR_A_UNVERIFIABLE_HASH:
    case WR_A_AMBIGUOUS:
    case WR_A_PENDING:
        f->unverifiable++;
        break;
    default:
        break;
    }
}

static bool is_party(const wr_session *s, unsigned party, const char *wanted)
{
    char host[WR_ENDPOINT_TEXT];

    return g_strcmp0(s->parties[party].name, wanted) == 0 ||
           (wr_endpoint_known(&s->parties[party].address) &&
            strcmp(wr_endpoint_format_host(&s->parties[party].address, host), wanted) == 0);
}

/* What the operator knows of a party from outside the capture, against what was presented as that party's. */
static void weigh_expectations(const wr_engine *e, wr_facts *f, const wr_session *s, const wr_association *a)
{
    for (int side = 0; side < 2 && e->options.n_expected > 0; side++) {
        const wr_presented *p = &a->side[side].presented;
        unsigned party = a->owner[side] != NULL && wr_kind_is_answer(a->owner[side]->kind) ? 1 : 0;
        bool named = false, agrees_one = false;
        if (p->certificate == NULL || a->owner[side] == NULL)
            continue;
        for (unsigned i = 0; i < e->options.n_expected; i++) {
            if (!is_party(s, party, e->options.expected[i].party))
                continue;
            named = true;
            agrees_one |= wr_certificate_has_fingerprint(p->certificate, &e->options.expected[i].fingerprint);
        }
        if (named && !agrees_one && f->unexpected == NULL)
            f->unexpected = p;
        f->expected += named && agrees_one;
    }
}

static bool takes_keys_alone(const wr_copy *c, gpointer unused)
{
    (void)unused;
    for (unsigned j = 0; j < c->sdp->n_sections; j++) {
        const wr_sdp_section *x = &c->sdp->sections[j];
        if (x->has_crypto && !wr_sdp_section_disabled(x) && wr_sdp_effective(c->sdp, x).n_fingerprints == 0)
            return true;
    }
    return false;
}

/* Keys travelled in the signalling and nothing else protects the media (RFC 4568; forbidden by RFC 8827 6.5). Where
 * another answer of the same client lacks them, that is a claim. */
static void weigh_keys(wr_facts *f, const wr_session *s)
{
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i), *other;
        if (!wr_kind_is_answer(c->kind) || wr_copy_is_of_strangers(s, c) || !takes_keys_alone(c, NULL))
            continue;
        other = wr_copy_contradiction(s, c, takes_keys_alone, NULL);
        f->keys_in_signalling |= other == NULL;
        if (other == NULL || f->keys_claimed[0] != NULL)
            continue;
        f->keys_claimed[0] = c;
        f->keys_claimed[1] = other;
    }
}

void wr_session_weigh(wr_engine *e, const wr_session *s, wr_facts *f)
{
    memset(f, 0, sizeof *f);
    weigh_keys(f, s);
    f->reencrypted = wr_session_is_reencrypted(e, s, NULL);
    for (unsigned i = 0; i < s->associations->len; i++) {
        weigh_association(e, f, s, g_ptr_array_index(s->associations, i));
        weigh_expectations(e, f, s, g_ptr_array_index(s->associations, i));
    }
    wr_weigh_other_paths(f, s);
    f->declared = is_declared(e, s);
    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        const wr_weight weight = wr_pairing_weight(e, s, p);
        if (weight == WR_WEIGHT_FULL)
            weigh_pairing(e, f, s, p);
        else if (weight == WR_WEIGHT_CLAIM && f->claimed == NULL && p->fingerprints == WR_FPS_DIFFERENT &&
                 p->sameness != WR_SAME_S3)
            f->claimed = p;
    }
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        f->media |= flow->media[0].packets + flow->media[1].packets > 0;
        if (f->clear == NULL && wr_flow_clearness(flow, NULL, NULL) == WR_CLEAR_YES)
            f->clear = flow;
    }
}

/* Of what nobody announced and what was issued, that which is shown worse may be anybody's; shown alike, a handshake of
 * its own that did not go through. */
static bool is_foreign(const wr_facts *f)
{
    const unsigned foreign = shown_by(f->foreign, f->foreign_side),
                   issued = shown_by(f->not_followed, f->not_followed_side);

    if (f->foreign == NULL || foreign != issued)
        return foreign > issued;
    return f->foreign == f->not_followed || went_through(f->foreign);
}

static wr_session_verdict plain_substitution(const wr_facts *f)
{
    if (f->followed[0] != NULL && f->followed[1] != NULL && f->verified >= 2)
        return WR_S_INTERCEPTED_FULL;
    if (f->followed[0] != NULL || f->followed[1] != NULL)
        return f->reencrypted ? WR_S_INTERCEPTED_FULL : WR_S_INTERCEPTED;
    if (is_foreign(f))
        return WR_S_FOREIGN_CERTIFICATE;
    if (f->not_followed != NULL)
        return WR_S_SUBSTITUTED_NOT_FOLLOWED;
    return WR_S_SUBSTITUTED_IN_SIGNALLING;
}

wr_session_verdict wr_facts_substitution(const wr_facts *f)
{
    const wr_session_verdict v = plain_substitution(f);

    return !f->undeclared && v <= WR_S_INTERCEPTED ? WR_S_TERMINATED_BY_DECLARED : v;
}

static wr_session_verdict without_associations(const wr_session *s, const wr_facts *f)
{
    if (s->associations->len == 0 && f->media)
        return WR_S_UNVERIFIABLE; /* the handshake lies before the capture, or was lost */
    return WR_S_NO_MEDIA;
}

static wr_session_verdict choose(const wr_session *s, const wr_facts *f)
{
    bool declared = f->declared;

    if (f->keys_in_signalling)
        return WR_S_KEYS_IN_SIGNALLING;
    if (wr_facts_in_clear(f))
        return WR_S_UNENCRYPTED;
    if (wr_facts_altered(f))
        return wr_facts_substitution(f);
    if (f->unexpected != NULL)
        return WR_S_FOREIGN_CERTIFICATE;
    if (f->unexplained != NULL)
        return WR_S_CONTESTED;
    if (has_mismatch(f))
        return WR_S_MISMATCH;
    if (wr_facts_contested(f))
        return WR_S_CONTESTED;
    if (f->rekeyed != NULL)
        return declared ? WR_S_TERMINATED_BY_DECLARED : WR_S_RE_KEYED;
    if ((f->authored != NULL || f->reencrypted) && f->verified > 0 && f->bound >= 2)
        return declared ? WR_S_TERMINATED_BY_DECLARED : WR_S_TERMINATED_UNDECLARED;
    if (f->unjudged != NULL || f->renegotiated != NULL || f->beside != NULL || f->unshaken != NULL)
        return WR_S_UNVERIFIABLE;
    if (f->verified > 0)
        return f->crossed == f->verified && f->unverifiable == 0 && f->authored == NULL ? WR_S_VERIFIED_CROSS
                                                                                        : WR_S_VERIFIED_LEG;
    if (s->copies->len == 0)
        return WR_S_NO_SIGNALLING;
    if (wr_facts_unjudged(f))
        return WR_S_UNVERIFIABLE;
    if (f->count[WR_A_RESUMED_LINKED] + f->count[WR_A_RESUMED_UNLINKED] > 0)
        return WR_S_RESUMED;
    if (f->count[WR_A_HANDSHAKE_FAILED] > 0)
        return WR_S_HANDSHAKE_FAILED;
    return without_associations(s, f);
}

static wr_severity severity_of(const wr_engine *e, const wr_session *s, const wr_facts *f)
{
    switch (s->verdict) {
    case WR_S_MISMATCH:
        return wr_binding_weight(f->mismatch);
    case WR_S_UNENCRYPTED:
    case WR_S_KEYS_IN_SIGNALLING:
    case WR_S_INTERCEPTED_FULL:
    case WR_S_INTERCEPTED:
    case WR_S_FOREIGN_CERTIFICATE:
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
        return WR_ERROR;
    case WR_S_CONTESTED:
        return WR_WARN;
    case WR_S_RE_KEYED:
        return e->options.peer_to_peer_expected ? WR_ERROR : WR_WARN;
    case WR_S_HANDSHAKE_FAILED:
        return WR_WARN;
    case WR_S_TERMINATED_UNDECLARED:
        return e->options.peer_to_peer_expected ? WR_WARN : WR_NOTE;
    case WR_S_UNVERIFIABLE:
        if (f->count[WR_A_UNAUTHENTICATED] > 0)
            return WR_ERROR;
        return f->count[WR_A_CERT_CONFLICT] + f->left_out > 0 ? WR_WARN : WR_NOTE;
    case WR_S_RESUMED:
    case WR_S_NO_SIGNALLING:
        return WR_NOTE;
    default:
        return WR_CHAT;
    }
}

static const char *reason_of(const wr_facts *f)
{
    if (f->renegotiated != NULL)
        return "renegotiated";
    if (f->unjudged != NULL)
        return "another handshake";
    if (f->count[WR_A_UNVERIFIABLE_ENCRYPTED] > 0)
        return "encrypted";
    if (f->left_out > 0)
        return "too many fingerprints";
    if (f->count[WR_A_UNVERIFIABLE_HASH] > 0)
        return "hash";
    if (f->count[WR_A_AMBIGUOUS] > 0)
        return "ambiguous";
    if (f->count[WR_A_HALF_VERIFIED] > 0)
        return "one side only";
    if (f->count[WR_A_UNAUTHENTICATED] > 0)
        return "no certificate";
    if (f->count[WR_A_CERT_CONFLICT] > 0)
        return "conflicting fingerprints";
    return "incomplete";
}

void wr_session_decide(wr_engine *e, wr_session *s)
{
    wr_facts f;

    wr_session_weigh(e, s, &f);
    s->verdict = choose(s, &f);
    s->severity = severity_of(e, s, &f);
    s->not_enforced = f.count[WR_A_MISMATCH_NOT_ENFORCED] > 0;
    s->reason = s->verdict == WR_S_UNVERIFIABLE ? reason_of(&f) : NULL;
    wr_session_list_hidden(s, &f);
}
