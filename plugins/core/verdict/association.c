/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on one association, from its certificates, its binding and what both sides did (rules 1.1, 1.2). */
#include "records/handshake_facts.h"
#include "records/handshake_messages.h"
#include "records/media_port.h"
#include "verdict/handshake_failure.h"
#include "verdict/handshake_kind.h"
#include "verdict/verdict.h"

#define DTLS_13 0xfefc

static bool refused(const wr_association *a)
{
    return a->side[0].alert_frame != 0 || a->side[1].alert_frame != 0;
}

/* The server changed to its keys in the datagram of its hello, or before the client did: in a whole handshake the
 * client is first, with its key exchange (RFC 5246 7.3). */
static bool is_changed_at_once(const wr_association *a)
{
    const uint32_t client = a->side[0].ccs_frame, server = a->side[1].ccs_frame;

    return server != 0 && (server == a->server_hello || (client != 0 && server < client));
}

/* Abbreviated: the server's ChangeCipherSpec follows its hello, no key exchange by anyone (RFC 5246 7.3). Where it
 * followed at once, a key exchange is of another handshake, and anybody can have sent it here. */
static bool is_abbreviated(const wr_association *a)
{
    const wr_side *client = &a->side[0], *server = &a->side[1];

    return a->has_server_random && a->session_echo && server->ccs_frame != 0 && server->presented.certificate == NULL &&
           ((client->key_exchange_seq == 0 && server->key_exchange_seq == 0) || is_changed_at_once(a));
}

/* What can be said of a side's certificate before any description is looked at. */
static wr_cert_verdict presented_state(const wr_association *a, int s)
{
    const wr_side *side = &a->side[s];
    wr_cert_verdict kind;

    if (side->presented.certificate != NULL)
        return WR_CERT_MATCH; /* to be compared */
    if (wr_association_side_kind(a, s, &kind))
        return kind;
    if (a->version == DTLS_13)
        return a->server_psk ? WR_CERT_RESUMED : WR_CERT_ENCRYPTED;
    if (is_abbreviated(a))
        return WR_CERT_RESUMED;
    if (side->presented.empty)
        return WR_CERT_NONE;
    /* consecutive message_seq: nothing was lost between, so no Certificate was sent */
    if (side->key_exchange_seq != 0 && a->client_end >= 0 && (s == 0 ? a->has_client_random : a->has_server_random) &&
        side->key_exchange_seq == side->hello_seq + 1)
        return WR_CERT_NONE;
    return WR_CERT_UNSEEN;
}

/* ---- certificates against descriptions ---- */

/* Worst first: what one applying view objects to is not mended by another. */
static int gravity(wr_cert_verdict v)
{
    switch (v) {
    case WR_CERT_MISMATCH:
        return 8;
    case WR_CERT_CONTESTED:
        return 7;
    case WR_CERT_MIXED:
        return 6;
    case WR_CERT_FP_LEFT_OUT:
        return 5;
    case WR_CERT_FP_UNUSABLE:
        return 4;
    case WR_CERT_FP_NONE:
        return 3;
    case WR_CERT_MATCH_WEAK:
        return 2;
    case WR_CERT_MATCH:
        return 1;
    default:
        return 0;
    }
}

static bool is_match(wr_cert_verdict v)
{
    return v == WR_CERT_MATCH || v == WR_CERT_MATCH_WEAK;
}

/* It names another, or may: among so many lines that not all were kept. */
static bool differs_from(wr_cert_verdict v)
{
    return v == WR_CERT_MISMATCH || v == WR_CERT_FP_LEFT_OUT;
}

static void compare_in_view(wr_presented *p, const wr_view *v, int side, bool *match_seen, bool *mismatch_seen)
{
    wr_copy *c = v->copy[side];
    wr_hash hash;
    bool depends;
    wr_cert_verdict verdict;

    if (c == NULL)
        return;
    verdict = wr_compare_certificate(p->certificate, c, v->ufrag[side], &hash, &depends);
    if (verdict == WR_CERT_MISMATCH && wr_view_unseen_offer(v, side) != NULL)
        return; /* it said something else since, which is not here */
    *match_seen |= is_match(verdict);
    *mismatch_seen |= differs_from(verdict);
    if (c->direction == WR_DIRECTION_EMITTED)
        p->issued = c;
    p->receiver_dependent |= depends && v->applies;
    if (p->description == NULL || gravity(verdict) > gravity(p->verdict)) {
        p->verdict = verdict;
        p->description = c;
        p->hash = hash;
    }
}

/* It is what is in force, and something else was told on the same leg for the same version. */
static bool is_rivalled(const wr_certificate *cert, int s, const wr_bound *b)
{
    for (unsigned i = 0; i < b->n_views; i++) {
        const wr_view *v = &b->views[i];
        if ((v->applies || !b->by_address) && v->rival[s] != NULL &&
            differs_from(wr_compare_certificate(cert, v->rival[s], v->ufrag[s], NULL, NULL)))
            return true;
    }
    return false;
}

/* It is not what is in force, but something else that was told there. */
static bool is_told_beside(const wr_certificate *cert, int s, const wr_bound *b)
{
    for (unsigned i = 0; i < b->n_views; i++) {
        const wr_view *v = &b->views[i];
        const wr_copy *const others[] = {v->rival[s], v->other_form[s]};
        for (size_t k = 0; (v->applies || !b->by_address) && k < G_N_ELEMENTS(others); k++)
            if (others[k] != NULL && is_match(wr_compare_certificate(cert, others[k], v->ufrag[s], NULL, NULL)))
                return true;
    }
    return false;
}

/* What was seen of this side's description counts; what is stated of it beside is told where it differs. */
static bool is_outranked(const wr_bound *b, const wr_view *v, int side)
{
    for (unsigned i = 0; i < b->n_views && v->leg->witness != NULL; i++) {
        const wr_view *other = &b->views[i];
        if ((other->applies || !b->by_address) && other->leg->witness == NULL && other->copy[side] != NULL)
            return true;
    }
    return false;
}

/* What this certificate is worth as the side's own. */
wr_cert_verdict wr_compare_presented(wr_presented *p, int s, const wr_bound *b)
{
    bool match[3] = {false}, mismatch[3] = {false}; /* by the party that the leg speaks for; 2: both, or unknown */
    bool any_match = false, any_mismatch = false, whole = false;
    bool seen_match = false, seen_mismatch = false; /* by more than datagrams */

    p->description = p->issued = NULL;
    p->hash = WR_HASH_UNKNOWN;
    p->receiver_dependent = false;
    p->verdict = WR_CERT_SDP_NONE;
    if (!p->certificate->shaped) /* damaged, or no certificate at all: its digest says nothing */
        return WR_CERT_UNSEEN;
    for (unsigned i = 0; i < b->n_views; i++) {
        const int own = b->views[i].own < 0 ? 2 : b->views[i].own;
        bool differs = false, agrees = false;
        if ((b->views[i].applies || !b->by_address) && !is_outranked(b, &b->views[i], s))
            compare_in_view(p, &b->views[i], s, &agrees, &differs);
        match[own] |= agrees;
        mismatch[own] |= differs;
        seen_match |= agrees && !wr_leg_is_bare(b->views[i].leg);
        seen_mismatch |= differs && !wr_leg_is_bare(b->views[i].leg);
        whole |= differs && !b->views[i].disowned && !b->views[i].beside &&
                 (own != s || b->views[i].copy[1 - s] != NULL || b->views[i].leg->witness != NULL);
    }
    for (int i = 0; i < 3; i++) {
        if (match[i] && mismatch[i] && b->by_address)
            return WR_CERT_CONTESTED; /* two legs of one party disagree */
        any_match |= match[i];
        any_mismatch |= mismatch[i];
    }
    if (any_match && any_mismatch && b->by_address && (!whole || (seen_mismatch && !seen_match)))
        return WR_CERT_CONTESTED; /* half an exchange from its address, a leg that its end disowns, or datagrams
                                     beside a connection are all that contradicts; or these are all that agrees */
    if ((any_match || any_mismatch) && (p->description->doubted != 0 || p->description->unsent != 0))
        return WR_CERT_CONTESTED; /* other content was sent for the same bytes, or its connection knows nothing of it */
    if (any_match && any_mismatch && !b->by_address)
        return WR_CERT_AMBIGUOUS; /* the legs disagree and nothing tells whose this is */
    if (any_match && !any_mismatch && is_rivalled(p->certificate, s, b))
        return WR_CERT_CONTESTED;
    if (p->verdict == WR_CERT_MISMATCH && is_told_beside(p->certificate, s, b))
        return WR_CERT_CONTESTED;
    if (p->verdict == WR_CERT_MISMATCH && b->grade == WR_B4)
        return WR_CERT_SDP_NONE; /* a certificate alone binds nothing to its opposite */
    return p->verdict;
}

/* Both ends changed to keys twice: whose records those are does not show. */
static bool two_went_through(const wr_flow *f)
{
    unsigned n[2] = {0, 0};

    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *a = wr_list_at(&f->associations, i);
        for (int s = 0; s < 2; s++)
            n[s] += a->side[s].n_ccs;
    }
    return n[0] > 1 && n[1] > 1;
}

/* Another handshake stands between the messages of this one, signed by both sides as well, and what it shows is worth
 * something else. */
static bool is_rivalled_by_handshake(const wr_association *a, int s, const wr_bound *b, wr_cert_verdict verdict)
{
    const wr_handshake_messages *m = a->messages;
    wr_presented other = a->side[s].presented;

    if (m == NULL || m->n_rivals == 0 || !two_went_through(a->flow))
        return false;
    for (unsigned i = 0; i < m->n_rivals; i++) {
        other.certificate = m->rivals[i][s];
        if (!wr_certificate_same(other.certificate, a->side[s].presented.certificate) &&
            wr_compare_presented(&other, s, b) != verdict)
            return true;
    }
    return false;
}

/* It began while a handshake was under way in which the server's key, of a certificate that was announced, had signed
 * for that handshake's own ClientHello: whole handshakes of somebody's own can be put in there, and which of them was
 * gone on with does not show. */
static bool is_inside_another(const wr_association *a, const wr_bound *b)
{
    for (unsigned i = 0; i < a->flow->associations.len; i++) {
        const wr_association *o = wr_list_at(&a->flow->associations, i);
        wr_presented shown = o->side[1].presented;
        if (o == a || o->absorbed != NULL || !o->has_client_random || !o->has_server_random ||
            o->client_end != a->client_end || o->possession[1] != WR_POSSESSION_PROVED ||
            o->server_hello_us > a->first_us ||
            (wr_association_is_completed(o) &&
             MAX(o->side[0].finished_frame, o->side[1].finished_frame) < a->first_frame))
            continue;
        if (is_match(wr_compare_presented(&shown, 1, b)))
            return true;
    }
    return false;
}

/* The key of no certificate shown for this side signed the handshake, or several were shown and nothing tells which
 * counts: what differs among them is not known. */
static bool is_contested(wr_association *a, int s, const wr_bound *b, wr_cert_verdict verdict)
{
    const wr_handshake_messages *m = a->messages;
    wr_presented other = a->side[s].presented;

    if (a->flow->crowded && verdict == WR_CERT_MISMATCH && !a->decrypted)
        return true;  /* the handshake that explains the call may be one that found no room */
    if (a->decrypted) /* nobody without keys can have put it there; its key may be somebody's all the same */
        return a->version == DTLS_13 && a->possession[s] == WR_POSSESSION_INVALID;
    if (a->possession[s] == WR_POSSESSION_PROVED)
        return is_rivalled_by_handshake(a, s, b, verdict) || (verdict == WR_CERT_MISMATCH && is_inside_another(a, b));
    if (s == 0 && wr_association_client_is_unsigned(a))
        return true;
    if (a->possession[s] == WR_POSSESSION_INVALID || (m != NULL && m->cut))
        return true; /* cut: what counts may be what found no room */
    for (unsigned i = 0; m != NULL && i < m->n; i++) {
        wr_certificate *leaf = m->list[i].leaf;
        if (leaf == NULL || m->list[i].role != s || wr_certificate_same(leaf, a->side[s].presented.certificate))
            continue;
        other.certificate = leaf;
        if (wr_compare_presented(&other, s, b) != verdict)
            return true;
    }
    return false;
}

/* A client signs what it shows and goes on to its keys in one flight (RFC 5246 7.3): a certificate without either is a
 * lone record, which anybody can send. */
static bool is_lone(const wr_association *a, int s)
{
    return s == 0 && !a->decrypted && a->possession[0] != WR_POSSESSION_PROVED &&
           wr_side_is_without_keys(&a->side[0]) && !wr_association_has_client_exchange(a);
}

static void compare_side(wr_association *a, int s, const wr_bound *b)
{
    wr_presented *p = &a->side[s].presented;

    p->description = p->issued = NULL;
    p->stated = NULL;
    p->hash = WR_HASH_UNKNOWN;
    p->receiver_dependent = p->contested = false;
    p->other = NULL;
    p->frame_other = 0;
    p->verdict = presented_state(a, s);
    if (p->certificate == NULL)
        return;
    if (is_lone(a, s)) {
        p->verdict = WR_CERT_UNSEEN;
        return;
    }
    p->verdict = (uint8_t)wr_compare_presented(p, s, b);
    p->contested = is_contested(a, s, b, p->verdict);
    if (p->contested)
        p->verdict = WR_CERT_CONTESTED;
}

/* ---- did the verifier go on? ---- */

/* The last sign that a side sent media or data of its own, on this association's flows. */
static int64_t last_sent(const wr_association *a, int s, uint32_t *frame)
{
    int64_t last = a->side[s].data_last_us;

    *frame = a->side[s].data_last_frame;
    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        for (int end = 0; end < 2; end++) {
            bool own = wr_endpoint_equal(&f->end[end], &a->side[s].end) ||
                       wr_endpoint_equal(&f->end[1 - end], &a->side[1 - s].end);
            if (own && f->media[end].last_us > last) {
                last = f->media[end].last_us;
                *frame = f->media[end].last_frame;
            }
        }
    }
    return last;
}

/* DTLS-07: what the verifier (the other side) did about a certificate that does not match. */
static wr_association_verdict enforcement(wr_association *a, int presenter)
{
    const wr_side *verifier = &a->side[1 - presenter];
    int64_t since = verifier->finished_us != 0 ? verifier->finished_us : a->last_us, last;
    uint32_t frame;

    if (a->side[presenter].presented.other != NULL && verifier->facts != NULL && verifier->facts->again != NULL)
        since = MAX(since, verifier->facts->again->switch_us);
    last = last_sent(a, 1 - presenter, &frame);
    if (verifier->finished_frame != 0 && last > since + WR_ENFORCE_US) {
        a->enforcement_frame = frame;
        return WR_A_MISMATCH_NOT_ENFORCED;
    }
    if (verifier->alert_frame != 0) {
        a->enforcement_frame = verifier->alert_frame;
        return WR_A_MISMATCH_ENFORCED;
    }
    /* after Finished the alert is encrypted, and so is an ordinary farewell: only one that comes at once, with nothing
     * sent, is a refusal */
    if (verifier->encrypted_alert_frame != 0 && last <= verifier->encrypted_alert_us &&
        verifier->encrypted_alert_us - since <= WR_ENFORCE_US) {
        a->enforcement_frame = verifier->encrypted_alert_frame;
        return WR_A_MISMATCH_ENFORCED;
    }
    return WR_A_MISMATCH;
}

static wr_association_verdict mismatch_verdict(wr_association *a)
{
    wr_association_verdict worst = WR_A_MISMATCH_ENFORCED;
    bool any = false;

    for (int s = 0; s < 2; s++) {
        wr_association_verdict v;
        if (a->side[s].presented.verdict != WR_CERT_MISMATCH)
            continue;
        v = enforcement(a, s);
        if (!any || v < worst)
            worst = v;
        any = true;
    }
    return worst;
}

/* ---- the verdict ---- */

static bool either(const wr_association *a, wr_cert_verdict v)
{
    return a->side[0].presented.verdict == v || a->side[1].presented.verdict == v;
}

static bool matches(const wr_association *a, int s)
{
    return is_match(a->side[s].presented.verdict);
}

/* RTP-01 outweighs whatever the handshake said. */
static bool is_unencrypted(const wr_association *a)
{
    for (unsigned i = 0; i < a->flows.len; i++)
        if (wr_flow_clearness(wr_list_at(&a->flows, i), NULL, NULL) == WR_CLEAR_YES)
            return true;
    return false;
}

/* Refused before either side had keys, and no data or media since: whatever was put into it, nothing rests on it. */
static bool came_to_nothing(const wr_association *a)
{
    const int64_t since = MAX(a->side[0].alert_us, a->side[1].alert_us);

    if (!refused(a))
        return false;
    for (int s = 0; s < 2; s++) {
        uint32_t frame;
        if (!wr_side_is_without_keys(&a->side[s]) || last_sent(a, s, &frame) > since)
            return false;
    }
    return true;
}

static wr_association_verdict decide(wr_engine *e, wr_association *a, bool described)
{
    bool failed = wr_association_is_refused(a) || wr_association_never_finished(a) || wr_association_lost_answer(e, a);

    if (is_unencrypted(a))
        return WR_A_UNENCRYPTED;
    if (a->standing == WR_BARE &&
        (a->side[0].presented.certificate != NULL || a->side[1].presented.certificate != NULL))
        return WR_A_UNVERIFIABLE_INCOMPLETE; /* records of no handshake that is seen: anybody can send them */
    if (either(a, WR_CERT_MISMATCH))
        return mismatch_verdict(a);
    if (either(a, WR_CERT_CONTESTED) && described)
        return came_to_nothing(a) ? WR_A_HANDSHAKE_FAILED : WR_A_CONTESTED;
    if (wr_association_disputed(a) != 0)
        return came_to_nothing(a) ? WR_A_HANDSHAKE_FAILED : WR_A_CONTESTED;
    if (wr_association_is_unprotected(a) && (described || !wr_association_is_idle(a)))
        return WR_A_NULL_PROFILE;
    /* only where a certificate is owed: other DTLS authenticates by other means (rules 3.4, DTLS-03) */
    if (either(a, WR_CERT_NONE) && wr_association_is_completed(a) && (described || a->has_profile))
        return WR_A_UNAUTHENTICATED;
    if (either(a, WR_CERT_MIXED))
        return WR_A_CERT_CONFLICT;
    if (either(a, WR_CERT_AMBIGUOUS))
        return WR_A_AMBIGUOUS;
    if (failed)
        return WR_A_HANDSHAKE_FAILED;
    if (either(a, WR_CERT_FP_LEFT_OUT))
        return WR_A_UNVERIFIABLE_HASH;
    if (wr_facts_renegotiated_unread(a) && described)
        return WR_A_UNVERIFIABLE_INCOMPLETE; /* what it showed counts, and not what was shown before */
    if (matches(a, 0) && matches(a, 1))
        return WR_A_VERIFIED;
    if (matches(a, 0) || matches(a, 1))
        return WR_A_HALF_VERIFIED;
    if (either(a, WR_CERT_RESUMED))
        return a->resumes != NULL ? WR_A_RESUMED_LINKED : WR_A_RESUMED_UNLINKED;
    if (!described)
        return WR_A_NO_SIGNALLING;
    if (either(a, WR_CERT_ENCRYPTED))
        return WR_A_UNVERIFIABLE_ENCRYPTED;
    if (either(a, WR_CERT_FP_UNUSABLE) || either(a, WR_CERT_FP_NONE))
        return WR_A_UNVERIFIABLE_HASH;
    if (wr_association_gave_up(e, a) ||
        (a->has_client_random && !a->has_server_random && e->last_us - a->last_us > 30 * WR_SECOND))
        return WR_A_HANDSHAKE_FAILED;
    if (either(a, WR_CERT_SDP_NONE) && !either(a, WR_CERT_UNSEEN))
        return WR_A_NO_SIGNALLING;
    return WR_A_UNVERIFIABLE_INCOMPLETE;
}

wr_severity wr_binding_weight(const wr_association *a)
{
    return a->binding <= WR_B1 ? WR_ERROR : a->binding == WR_B2 ? WR_WARN : WR_NOTE;
}

static wr_severity severity_of(const wr_association *a)
{
    switch (a->verdict) {
    case WR_A_UNENCRYPTED:
    case WR_A_NULL_PROFILE:
    case WR_A_UNAUTHENTICATED:
        return WR_ERROR;
    case WR_A_MISMATCH_NOT_ENFORCED:
    case WR_A_MISMATCH:
        return wr_binding_weight(a);
    case WR_A_CONTESTED:
    case WR_A_CERT_CONFLICT:
    case WR_A_UNVERIFIABLE_HASH:
        return WR_WARN;
    case WR_A_MISMATCH_ENFORCED:
    case WR_A_AMBIGUOUS:
    case WR_A_RESUMED_UNLINKED:
    case WR_A_UNVERIFIABLE_INCOMPLETE:
    case WR_A_NO_SIGNALLING:
        return WR_NOTE;
    default:
        return WR_CHAT;
    }
}

/* The session the association belongs to is that of the descriptions in the views that apply; of two that are sessions
 * without it the one that owner[] names first. */
static void join_session(wr_engine *e, wr_association *a, const wr_bound *b)
{
    for (unsigned i = 0; i < b->n_views; i++) {
        const wr_view *v = &b->views[i];
        if (!v->applies && b->by_address)
            continue;
        for (int s = 0; s < 2; s++) {
            if (v->copy[s] == NULL)
                continue;
            if (b->mixed)
                wr_node_join_by_names(e, a->node, v->copy[s]->node);
            else
                wr_node_join(e, a->node, v->copy[s]->node);
            if (a->owner[s] == NULL)
                a->owner[s] = v->copy[s];
        }
    }
}

static void keep_ties(wr_association *a, const wr_bound *b)
{
    unsigned n = 0;

    a->ties = g_renew(wr_leg_tie, a->ties, MAX(b->n_views, 1u));
    for (unsigned i = 0; i < b->n_views; i++)
        if (b->views[i].applies)
            a->ties[n++] =
                (wr_leg_tie){b->views[i].leg, (uint8_t)b->views[i].tie, (int8_t)b->views[i].own, b->views[i].disowned};
    a->n_ties = (uint8_t)n;
}

/* What the handshake is worth as evidence (rules 2.10). */
static wr_standing standing_of(const wr_association *a)
{
    if (a->possession[1] == WR_POSSESSION_PROVED || (a->decrypted && a->version == DTLS_13))
        return WR_PROVEN;
    return a->has_client_random && a->has_server_random ? WR_COHERENT : WR_BARE;
}

void wr_engine_evaluate_association(wr_engine *e, wr_association *a)
{
    wr_bound bound;

    if (a->absorbed != NULL)
        return;
    wr_association_bind(e, a, &bound);
    wr_views_disown(a, &bound);
    a->standing = (uint8_t)standing_of(a);
    a->binding = bound.grade;
    a->binding_frame = bound.frame;
    keep_ties(a, &bound);
    a->owner[0] = a->owner[1] = NULL;
    join_session(e, a, &bound);
    for (int s = 0; s < 2; s++)
        compare_side(a, s, &bound);
    wr_association_judge_others(e, a, &bound);
    if (a->resumes != NULL)
        keep_ties(a, &bound); /* it may have disowned some */
    wr_association_hear(e, a, &bound);
    a->enforcement_frame = 0;
    a->rival = NULL;
    a->verdict = decide(e, a, bound.n_views > 0);
    a->severity = severity_of(a);
    a->dirty = false;
    g_free(bound.views);
}
