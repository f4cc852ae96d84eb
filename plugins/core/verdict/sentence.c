/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict sentence is a call's verdict in words: what may be said of it, with the frames it rests on, and what
 * remains unknown (rules 1.4). It never goes beyond the capture: no persons, no intent, nothing outside its time and
 * links.
 */
#include "plain_advice.h"
#include "records/handshake_facts.h"
#include "records/handshake_messages.h"
#include "statements/testimony.h"
#include "verdict/handshake_failure.h"
#include "verdict/handshake_kind.h"
#include "verdict/missing.h"
#include "verdict/plain_words.h"
#include "verdict/verdict.h"

static void say_frames(GString *out, const wr_association *a)
{
    g_string_append(out, a->n_frames == 1 ? "frame " : "frames ");
    for (unsigned i = 0; i < a->n_frames && i < 8; i++)
        g_string_append_printf(out, "%s%u", i == 0 ? "" : ", ", a->frames[i]);
    if (a->n_frames > 8)
        g_string_append(out, " and more");
}

static void say_binding(GString *out, const wr_association *a)
{
    switch (a->binding) {
    case WR_B0:
        g_string_append_printf(out, "bound by ICE checks verified in both directions (B0, frame %u)", a->binding_frame);
        break;
    case WR_B1:
        g_string_append_printf(out, "bound by a verified ICE check (B1, frame %u)", a->binding_frame);
        break;
    case WR_B2:
        g_string_append_printf(out, "bound by ICE user names only (B2, frame %u)", a->binding_frame);
        break;
    case WR_B3:
        g_string_append(out, "bound by announced addresses only (B3)");
        break;
    case WR_B4:
        g_string_append(out, "bound by the certificates themselves (B4)");
        break;
    default:
        g_string_append(out, "not bound to any description");
        break;
    }
}

static void say_counts(GString *out, const wr_session *s, const wr_facts *f)
{
    unsigned substituted = 0;

    if (s->associations->len < 2)
        return;
    g_string_append(out, " Associations:");
    for (unsigned i = 0; i < s->associations->len; i++)
        substituted += wr_association_shows_substitute(s, g_ptr_array_index(s->associations, i)) ? 1 : 0;
    for (unsigned i = 0, n = 0; i <= WR_A_PENDING; i++)
        if (f->count[i] > 0)
            g_string_append_printf(out, "%s %u %s", n++ == 0 ? "" : ",", f->count[i],
                                   wr_association_verdict_name((wr_association_verdict)i));
    if (substituted > 0)
        g_string_append_printf(out, "; %u of %u made with a substituted key", substituted, s->associations->len);
    g_string_append_c(out, '.');
}

static const wr_association *first_with(const wr_session *s, wr_association_verdict v)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->verdict == v)
            return a;
    }
    return s->associations->len > 0 ? g_ptr_array_index(s->associations, 0) : NULL;
}

static bool is_stated(const wr_association *a)
{
    return a->side[0].presented.stated != NULL || a->side[1].presented.stated != NULL;
}

/* Where certificates come from that the wire does not show: a verdict with such a source must name it. */
static void say_source(GString *out, const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (!is_stated(a))
            continue;
        g_string_append_printf(
            out,
            " The certificates of association a%u are known by the statement of an endpoint (%s, transport %s), not seen "
            "on the wire: this is as true as that file.",
            a->number, a->heard->source->name, a->heard->id);
    }
}

static void say_verified(GString *out, const wr_session *s, const wr_facts *f)
{
    const wr_association *a = first_with(s, WR_A_VERIFIED);

    if (is_stated(a))
        g_string_append(out, "Both certificates that the statement names for the DTLS 1.3 handshake (");
    else
        g_string_append(out, "Both certificates presented in the DTLS handshake (");
    say_frames(out, a);
    g_string_append(out, ") have the fingerprints announced");
    if (a->side[0].presented.description != NULL && a->side[1].presented.description != NULL)
        g_string_append_printf(out, " in frames %u and %u", a->side[0].presented.description->frame,
                               a->side[1].presented.description->frame);
    g_string_append(out, "; ");
    say_binding(out, a);
    g_string_append(out, ". ");
    if (s->verdict == WR_S_VERIFIED_CROSS && f->equal[0] != NULL && f->equal[1] != NULL)
        g_string_append_printf(
            out,
            "The same fingerprints were seen on both signalling legs (frames %u and %u, %u and %u), so nothing was "
            "substituted between these observation points. Changes inside an endpoint, or before a description reached "
            "the first of them, are outside this capture.",
            f->equal[0]->first->frame, f->equal[0]->second->frame, f->equal[1]->first->frame,
            f->equal[1]->second->frame);
    else if (s->verdict == WR_S_VERIFIED_CROSS)
        g_string_append(out, "The same fingerprints were seen on both signalling legs.");
    else
        g_string_append(
            out,
            "Whether the announced fingerprints are those the other party issued cannot be determined from the one "
            "signalling leg seen here.");
    if (f->expected > 0)
        g_string_append_printf(out, " %u of them %s what the operator expects.", f->expected,
                               f->expected == 1 ? "is" : "are");
}

static void say_mismatch(GString *out, const wr_session *s, const wr_facts *f)
{
    const wr_association *a = f->mismatch;

    for (int i = 0; i < 2; i++) {
        const wr_presented *p = &a->side[i].presented;
        char digest[WR_DIGEST_TEXT], at[WR_ENDPOINT_TEXT];
        uint32_t frame;
        const wr_certificate *cert = wr_presented_judged(p, &frame);
        if (p->verdict != WR_CERT_MISMATCH)
            continue;
        wr_endpoint_format(&a->side[i].end, at);
        wr_digest_format(cert->sha256, 32, digest);
        if (p->other != NULL && a->resumes != NULL)
            g_string_append_printf(
                out,
                "%s sends no certificate: the session of association a%u is resumed, which was made with the certificate with "
                "SHA-256 %s in frame %u, and that has none of the fingerprints announced in frame %u (RFC 8122 6.2), ",
                at, a->resumes->number, digest, frame, p->description->frame);
        else
            g_string_append_printf(
                out,
                "The certificate with SHA-256 %s presented by %s in frame %u%s has none of the fingerprints announced in frame "
                "%u, ",
                digest, at, frame, p->other != NULL ? ", in a second handshake inside the first," : "",
                p->description->frame);
        say_binding(out, a);
        g_string_append(out, ". ");
    }
    g_string_append(out, "RFC 8122 5.1 forbids such a session; ");
    if (s->not_enforced)
        g_string_append_printf(out, "the receiving party went on nevertheless (frame %u).", a->enforcement_frame);
    else if (a->verdict == WR_A_MISMATCH_ENFORCED)
        g_string_append_printf(out, "the receiving party refused it (frame %u).", a->enforcement_frame);
    else
        g_string_append(out, "whether the receiving party refused it is not visible.");
}

/* A fingerprint put beside the old ones is no other one: receivers that take any line would take either (RFC 8122 5).
 */
static const char *how_it_differs(const wr_pairing *p)
{
    wr_effective a, b;
    bool kept = true;

    if (p->first->sdp->n_sections == 0 || p->second->sdp->n_sections == 0)
        return "another certificate fingerprint";
    a = wr_sdp_effective(p->first->sdp, &p->first->sdp->sections[0]);
    b = wr_sdp_effective(p->second->sdp, &p->second->sdp->sections[0]);
    for (unsigned i = 0; i < a.n_fingerprints; i++) {
        bool found = false;
        for (unsigned k = 0; k < b.n_fingerprints && !found; k++)
            found = wr_fingerprint_equal(&a.fingerprints[i], &b.fingerprints[k]);
        kept &= found;
    }
    return kept && a.n_fingerprints > 0 && b.n_fingerprints > a.n_fingerprints
               ? "a further certificate fingerprint beside that which it had"
               : "another certificate fingerprint";
}

static void say_pairing(GString *out, const wr_pairing *p)
{
    g_string_append_printf(out, "The %s%s%s seen in frame %u was seen again in frame %u with %s",
                           wr_kind_is_answer(p->first->kind) ? "answer" : "offer",
                           p->first->sdp->origin != NULL ? " with origin " : "",
                           p->first->sdp->origin != NULL ? p->first->sdp->origin : "", p->first->frame,
                           p->second->frame, how_it_differs(p));
    g_string_append(out, p->sameness == WR_SAME_S1
                             ? "; its ICE credentials were kept, so it is the same description."
                             : " and other ICE credentials, but otherwise as the same description.");
}

static void say_substitution(GString *out, const wr_session *s, const wr_facts *f)
{
    for (int i = 0; i < 2; i++) {
        if (f->substituted[i] == NULL)
            continue;
        say_pairing(out, f->substituted[i]);
        g_string_append_c(out, ' ');
    }
    for (int i = 0; i < 2; i++) {
        if (f->followed[i] == NULL)
            continue;
        g_string_append(out, "The DTLS association in ");
        say_frames(out, f->followed[i]);
        g_string_append(out, " was made with the certificate of the substituted fingerprint (");
        say_binding(out, f->followed[i]);
        g_string_append(out, "): the holder of its key could decrypt and encrypt anew what this association carried. ");
    }
    if (s->verdict == WR_S_INTERCEPTED_FULL)
        g_string_append(out, f->reencrypted
                                 ? "The same media streams appear under another ciphertext on the other leg. "
                                 : "Both parties were given a substitute and both associations were made with one. ");
    if (s->verdict == WR_S_SUBSTITUTED_NOT_FOLLOWED)
        g_string_append_printf(
            out, "The certificate presented in the handshake is the one issued, not the one delivered; %s.",
            s->not_enforced ? "the party that was told otherwise went on nevertheless"
                            : "the substitution was not carried through in the media seen here");
    else if (s->verdict == WR_S_SUBSTITUTED_IN_SIGNALLING)
        g_string_append(out, "No readable handshake in this capture shows whether media followed the substitute.");
    else if (s->verdict == WR_S_FOREIGN_CERTIFICATE && f->unexpected != NULL)
        g_string_append_printf(
            out, "The certificate presented in frame %u is not one that the operator expects of this party.",
            f->unexpected->frame);
    else if (s->verdict == WR_S_FOREIGN_CERTIFICATE) {
        g_string_append(out, "The certificate presented in ");
        say_frames(out, f->foreign);
        g_string_append(out, " is neither the one issued nor the one delivered.");
    }
}

/* Where it changed to new keys: by ChangeCipherSpec of whichever side showed it first. */
static void say_renegotiated(GString *out, const wr_association *a)
{
    uint32_t frame = 0;

    for (int i = 0; i < 2; i++) {
        const wr_renegotiation *r = a->side[i].facts->again;
        if (r->switch_frame != 0 && (frame == 0 || r->switch_frame < frame))
            frame = r->switch_frame;
    }
    g_string_append_printf(
        out,
        "inside the association a second handshake was completed (frame %u), whose certificates are "
        "encrypted and count in place of those shown before; a key log of either endpoint would show them",
        frame);
}

static void say_reason(GString *out, const char *reason, const wr_association *a)
{
    static const struct {
        const char *reason, *words;
    } known[] = {
        {"another handshake",
         "beside the handshake whose certificates agree, another one was completed on the same path, which cannot be "
         "judged and may be the one that protected the media"},
        {"encrypted", "the handshake is DTLS 1.3, which encrypts certificates"},
        {"hash", "no announced fingerprint can be compared"},
        {"too many fingerprints", "a description announces more fingerprints than are kept (" G_STRINGIFY(
                                      WR_SDP_MAX_FINGERPRINTS) " a section), and those left out are not compared"},
        {"ambiguous", "the signalling legs disagree and nothing tells whose view governs this association"},
        {"one side only", "only one party's certificate and announcement could be compared (they agree)"},
        {"no certificate", "one party presented no certificate, so its announced fingerprint proves nothing"},
        {"conflicting fingerprints",
         "the certificate agrees with a weaker announced hash and contradicts the strongest"},
    };

    if (g_strcmp0(reason, "renegotiated") == 0) {
        say_renegotiated(out, a);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (g_strcmp0(reason, known[i].reason) == 0) {
            g_string_append(out, known[i].words);
            return;
        }
    g_string_append_printf(out, "the handshake is not completely in this capture: %s", wr_association_missing(a));
}

/* The one that the reason is about, where several are in the call. */
static const wr_association *incomplete_of(const wr_session *s, const wr_association *first)
{
    const wr_association *a = first_with(s, WR_A_UNVERIFIABLE_INCOMPLETE);

    return a != NULL ? a : first;
}

static void say_unverifiable(GString *out, const wr_session *s, const wr_facts *f)
{
    const wr_association *a = s->associations->len > 0 ? g_ptr_array_index(s->associations, 0) : NULL;

    if (g_strcmp0(s->reason, "renegotiated") == 0)
        a = f->renegotiated;
    else if (f->unjudged == NULL && f->beside != NULL)
        a = f->beside;
    else if (f->unjudged == NULL && f->unshaken != NULL && f->verified > 0)
        a = NULL;

    g_string_append(out,
                    f->beside != NULL && f->verified > 0
                        ? "No statement is possible on the certificates of one of the handshakes of this call, on a "
                          "path with media of its own: "
                    : a == NULL && f->verified > 0 ? "No statement is possible on one of the paths of this call: "
                                                   : "No statement on the certificates is possible: ");
    if (a == NULL) {
        g_string_append(
            out, "media flows on a path bound to these descriptions, but its DTLS handshake is not in this capture.");
        return;
    }
    if (g_strcmp0(s->reason, "another handshake") == 0 || !wr_say_handshake_kind(out, a))
        say_reason(out, s->reason, f->renegotiated == a ? a : incomplete_of(s, a));
    g_string_append(out, " (");
    say_frames(out, a);
    g_string_append(out, ").");
}

static const char *side_word(int s)
{
    return s == 0 ? "client" : "server";
}

static void say_claim(GString *out, const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    say_pairing(out, p);
    if (wr_pairing_is_doubted(e, p))
        g_string_append(out,
                        " One of the two was said there in another form as well, by the same client or in other bytes "
                        "of the same sequence: which of them was taken does not show. ");
    else if (wr_pairing_is_refuted(s, p))
        g_string_append(out,
                        " Yet a handshake went through between the two parties' own addresses, and one of the two legs "
                        "says of its client what that client's end does not show: it was invented, or somebody else "
                        "stands at that address. ");
    else if (wr_pairing_is_early(e, s, p))
        g_string_append(
            out, " What one of these legs was told was told before the other party said it, as one clock has it: "
                 "somebody made it up, or it was said elsewhere before. ");
    else if (wr_leg_is_bare(p->first->leg) || wr_leg_is_bare(p->second->leg))
        g_string_append_printf(
            out,
            " One of the two (frame %u) came in a datagram, whose addresses anybody can write, and a connection tells "
            "of this call as well, which somebody else can have made up whole: which of them was taken does not show. ",
            wr_leg_is_bare(p->second->leg) ? p->second->frame : p->first->frame);
    else
        g_string_append_printf(
            out,
            " One of the two (frame %u) came on a connection that nothing ties to a party of the call: whoever may "
            "speak with this server can have said it. ",
            wr_leg_tie_in(s, p->first->leg, NULL) > WR_TIE_NONE ? p->second->frame : p->first->frame);
}

/* Evidence of equal standing contradicts itself: both sides of it are named, and what would settle it. */
/* One announcement has this certificate, another does not; both are named where both are of this call. */
static void say_told_both(GString *out, const wr_session *s, const wr_presented *p, int side)
{
    const wr_copy *agrees = NULL, *contradicts = NULL;

    for (unsigned n = 0; p->certificate != NULL && p->description != NULL && n < s->copies->len; n++) {
        const wr_copy *c = g_ptr_array_index(s->copies, n);
        wr_cert_verdict v;
        if (c->frame == 0 || wr_kind_is_answer(c->kind) != wr_kind_is_answer(p->description->kind))
            continue;
        v = wr_compare_certificate(p->certificate, c, NULL, NULL, NULL);
        if (v == WR_CERT_MATCH && (agrees == NULL || c == p->description))
            agrees = c;
        else if (v == WR_CERT_MISMATCH && (contradicts == NULL || c == p->description))
            contradicts = c;
    }
    g_string_append_printf(out, "The %s's certificate (frame %u) agrees with ", side_word(side), p->frame);
    if (agrees != NULL && contradicts != NULL)
        g_string_append_printf(out, "what was announced in frame %u and contradicts frame %u, which was told as well. ",
                               agrees->frame, contradicts->frame);
    else
        g_string_append_printf(
            out, "one announcement and contradicts another that was told as well (frame %u is one of them). ",
            p->description != NULL ? p->description->frame : 0);
}

/* What was announced for it was said in two ways. */
static bool is_told_twice(const wr_association *a)
{
    for (int s = 0; s < 2; s++)
        if (a->side[s].presented.verdict == WR_CERT_CONTESTED && !a->side[s].presented.contested)
            return true;
    return false;
}

static void say_contested(GString *out, const wr_engine *e, const wr_session *s, const wr_facts *f)
{
    const wr_association *a = first_with(s, WR_A_CONTESTED);

    if (f->unexplained != NULL) {
        const wr_association *rival = f->unexplained->rival;
        const bool verified = rival->verdict == WR_A_VERIFIED || rival->verdict == WR_A_HALF_VERIFIED;
        g_string_append_printf(out, "The capture holds two handshakes of one %s: one (",
                               rival->flow == f->unexplained->flow ? "path" : "pair of descriptions, on two paths");
        say_frames(out, rival);
        g_string_append(out,
                        verified ? ") with the certificates that were announced, another ("
                        : rival->verdict == WR_A_CONTESTED && is_told_twice(rival)
                            ? ") for which certificates were announced in two ways, another ("
                        : rival->verdict == WR_A_CONTESTED
                            ? ") with the certificates that were announced and a signature that does not fit, another ("
                            : ") whose certificates cannot be compared, another (");
        say_frames(out, f->unexplained);
        g_string_append(
            out, ") with others. A handshake can be recorded and replayed, and anybody can make one with a key of his "
                 "own; which of the two protected the media, a key log of either endpoint would show.");
        return;
    }
    if (f->claimed != NULL)
        say_claim(out, e, s, f->claimed);
    if (f->keys_claimed[0] != NULL)
        g_string_append_printf(
            out,
            "The answer in frame %u takes media keys from the signalling (a=crypto), the one in frame %u does not: "
            "anybody who read the one can have sent the other, and which of them was taken does not show. ",
            f->keys_claimed[0]->frame, f->keys_claimed[1]->frame);
    if (a != NULL && wr_association_disputed(a) != 0)
        g_string_append_printf(
            out,
            "Two ServerHellos of one handshake (frames %u and %u) choose differently whether anything is encrypted, or "
            "who is authenticated, and no signature covers the choice. ",
            a->server_hello, wr_association_disputed(a));
    for (int i = 0; a != NULL && i < 2; i++) {
        const wr_presented *p = &a->side[i].presented;
        if (p->verdict != WR_CERT_CONTESTED)
            continue;
        if (i == 0 && wr_association_client_is_unsigned(a))
            g_string_append_printf(
                out,
                "The client showed a certificate (frame %u) and signed nothing with its key (no CertificateVerify "
                "before it changed to its keys): it may be a copy. It neither confirms nor contradicts what was "
                "announced. ",
                p->frame);
        else if (a->possession[i] == WR_POSSESSION_INVALID)
            g_string_append_printf(
                out,
                "The %s's certificate (frame %u) may be a copy: no signature in this handshake fits the key "
                "of a certificate shown in it. It neither confirms nor contradicts what was announced. ",
                side_word(i), p->frame);
        else if (p->contested && a->messages != NULL && a->messages->n_rivals > 0)
            g_string_append_printf(
                out,
                "Two whole handshakes stand between each other's messages, signed by both sides with different "
                "certificates: one for the %s is in frame %u, one of the hellos in frame %u. Anybody can make one with "
                "a key of his own. ",
                side_word(i), p->frame, a->client_hello);
        else if (p->contested)
            g_string_append_printf(
                out,
                "Several certificates were shown for the %s of one handshake (the first in frame %u), and no signature tells "
                "which counts. ",
                side_word(i), p->frame);
        else if (p->description != NULL && p->description->doubted != 0)
            g_string_append_printf(
                out,
                "What was announced for the %s, whose certificate is in frame %u, came in bytes of a "
                "TCP connection that were sent twice with different content (frames %u and %u): which "
                "of them the receiver took does not show. ",
                side_word(i), p->frame, p->description->frame, p->description->doubted);
        else if (p->description != NULL && p->description->unsent != 0)
            g_string_append_printf(
                out,
                "What was announced for the %s, whose certificate is in frame %u, came in bytes (frame %u) that their "
                "TCP connection goes on without: the receiver acknowledged less, and the sender went on before them "
                "(frame %u). ",
                side_word(i), p->frame, p->description->frame, p->description->unsent);
        else if (p->description != NULL &&
                 wr_compare_certificate(p->certificate, p->description, "", NULL, NULL) == WR_CERT_CONTESTED)
            g_string_append_printf(
                out,
                "The %s's certificate (frame %u) agrees with one section of the description in frame %u and contradicts "
                "another: which of them the handshake was for does not show. ",
                side_word(i), p->frame, p->description->frame);
        else
            say_told_both(out, s, p, i);
    }
    g_string_append(
        out,
        "A capture taken elsewhere on the path, the key log of an endpoint, or its own record of the call would settle it.");
}

static void say_failed(GString *out, const wr_engine *e, const wr_session *s)
{
    const wr_association *a = first_with(s, WR_A_HANDSHAKE_FAILED);
    GString *why = g_string_new(NULL), *remedy = g_string_new(NULL);

    g_string_append(out, "No DTLS handshake was completed (");
    say_frames(out, a);
    g_string_append(out, wr_association_failed_disputed(a)
                             ? "), and what was announced for a key that was shown in it came in more than one form"
                             : "), and nothing seen from here contradicts what was announced");
    if (wr_association_say_failure(why, remedy, e, a))
        g_string_append_printf(out, ": %s. %s", why->str, remedy->str);
    else
        g_string_append_c(out, '.');
    g_string_free(why, TRUE);
    g_string_free(remedy, TRUE);
}

/* Names the hosts of the wire where the association's ends are a relay's. */
static void say_relay(GString *out, const wr_engine *e, const wr_session *s)
{
    char client[WR_ENDPOINT_TEXT], server[WR_ENDPOINT_TEXT], relayed[WR_ENDPOINT_TEXT];

    for (unsigned i = 0; i < s->associations->len; i++) {
        int side;
        const wr_association *a = g_ptr_array_index(s->associations, i);
        const wr_allocation *al = wr_association_relay(e, a, &side);
        if (al == NULL)
            continue;
        g_string_append_printf(
            out, " Client %s has its end of it (a%u) at TURN server %s, as %s (allocated in frame %u).",
            wr_endpoint_format(&al->client, client), a->number, wr_endpoint_format(&al->server, server),
            wr_endpoint_format(&al->relayed, relayed), al->frame);
        return;
    }
}

static void say_undescribed(GString *out, const wr_engine *e, const wr_session *s)
{
    const wr_association *a = s->associations->len == 1 ? g_ptr_array_index(s->associations, 0) : NULL;

    if (a != NULL && wr_association_is_hello_alone(a))
        g_string_append_printf(
            out,
            "A ClientHello as WebRTC sends it (frame %u), without a reply to it, and no description of "
            "it is readable in this capture.",
            a->client_hello);
    else
        g_string_append(out, "A DTLS handshake for media, but no description of it is readable in this capture.");
    say_relay(out, e, s);
}

/* A pre-shared key of DTLS 1.3 (RFC 8446 2.2): of a ticket, or an external one. */
static bool goes_by_key_of_13(const wr_session *s)
{
    const wr_association *a = first_with(s, WR_A_RESUMED_UNLINKED);

    return a != NULL && a->version == WR_DTLS_1_3 && a->server_psk;
}

static void say_resumed(GString *out, const wr_session *s)
{
    const wr_association *a = first_with(s, WR_A_RESUMED_LINKED);

    g_string_append(out,
                    "The DTLS session was resumed without certificates; what it rests on lies in an earlier handshake");
    if (a != NULL && a->resumes != NULL)
        g_string_append_printf(
            out,
            " (a%u, from frame %u). That this session continues it shows in a session id or a ticket alone, which can be "
            "copied.",
            a->resumes->number, a->resumes->first_frame);
    else if (goes_by_key_of_13(s))
        g_string_append(out, ", or on a key that was agreed on elsewhere. DTLS 1.3 gives tickets encrypted, so which "
                             "handshake that is does not show without the key log of an endpoint.");
    else
        g_string_append(out, ", which is not in this capture.");
}

static void say(GString *out, const wr_engine *e, const wr_session *s, const wr_facts *f)
{
    switch (s->verdict) {
    case WR_S_VERIFIED_CROSS:
    case WR_S_VERIFIED_LEG:
        say_verified(out, s, f);
        break;
    case WR_S_MISMATCH:
        say_mismatch(out, s, f);
        break;
    case WR_S_INTERCEPTED_FULL:
    case WR_S_INTERCEPTED:
    case WR_S_FOREIGN_CERTIFICATE:
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
        say_substitution(out, s, f);
        break;
    case WR_S_CONTESTED:
        say_contested(out, e, s, f);
        break;
    case WR_S_RE_KEYED:
        say_pairing(out, f->rekeyed);
        g_string_append(
            out, " A media proxy does this, and so does an interception; this capture does not tell them apart.");
        break;
    case WR_S_TERMINATED_BY_DECLARED:
        g_string_append(out, "Media encryption ends at a server that the operator declared.");
        break;
    case WR_S_TERMINATED_UNDECLARED:
        g_string_append(out, "Each party is encrypted towards an intermediary");
        if (f->authored != NULL)
            g_string_append_printf(out, " that wrote its own description (frames %u and %u)", f->authored->first->frame,
                                   f->authored->second->frame);
        g_string_append(
            out,
            ". Conference servers, gateways and recorders work like this, and so does an interception; the capture does "
            "not tell them apart. Ask the operator for the certificate of the server.");
        break;
    case WR_S_UNVERIFIABLE:
        say_unverifiable(out, s, f);
        break;
    case WR_S_RESUMED:
        say_resumed(out, s);
        break;
    case WR_S_HANDSHAKE_FAILED:
        say_failed(out, e, s);
        break;
    case WR_S_NO_SIGNALLING:
        say_undescribed(out, e, s);
        break;
    case WR_S_NO_MEDIA:
        g_string_append(out,
                        "Descriptions were exchanged; no media or handshake that belongs to them is in this capture.");
        break;
    case WR_S_KEYS_IN_SIGNALLING:
        g_string_append(
            out,
            "The answer accepts media keys that the signalling itself carries (a=crypto): whoever reads the signalling can "
            "decrypt the media. RFC 8827 6.5 forbids this in WebRTC.");
        break;
    case WR_S_UNENCRYPTED:
        g_string_append(
            out,
            "Something that must be encrypted is not: media, its RTCP, or what the negotiated protection leaves in clear. The "
            "finding of error severity names it.");
        break;
    }
}

static void say_also(GString *out, const wr_session *s)
{
    for (unsigned i = 0; i < s->n_also; i++)
        g_string_append_printf(out, "%s%s", i == 0 ? " Of the same call it can be said as well: " : ", ",
                               wr_session_verdict_name((wr_session_verdict)s->also[i]));
    if (s->n_also > 0)
        g_string_append_c(out, '.');
}

void wr_session_state(wr_engine *e, wr_session *s, wr_facts *out)
{
    GString *text = g_string_new(NULL);

    wr_session_weigh(e, s, out);
    say(text, e, s, out);
    say_also(text, s);
    say_counts(text, s, out);
    say_source(text, s);
    wr_session_name_witnesses(text, e, s);
    s->sentence = wr_stated_name_frames(e, g_string_free(text, FALSE));
    s->plain = wr_plain_sentence(e, s, out);
    wr_session_advise(e, s, out);
    wr_session_tell_beside(e, s, out);
    wr_session_list_unknown(e, s);
}
