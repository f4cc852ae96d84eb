/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for people who know no SDP. As the exact sentence, they never go beyond the capture. */
#include "verdict/plain_words.h"

#include "plain_ends.h"
#include "verdict/verdict.h"

bool wr_presented_is_substitute(const wr_session *s, const wr_presented *p)
{
    const wr_certificate *cert = p->certificate != NULL ? p->certificate : p->stated;

    if (cert == NULL || (p->verdict != WR_CERT_MATCH && p->verdict != WR_CERT_MATCH_WEAK))
        return false;
    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *x = g_ptr_array_index(s->pairings, i);
        if (x->sameness == WR_SAME_S1 && x->issued != NULL && x->delivered != NULL &&
            !wr_sdp_announces(x->issued->sdp, cert) && wr_sdp_announces(x->delivered->sdp, cert))
            return true;
    }
    return false;
}

bool wr_association_shows_substitute(const wr_session *s, const wr_association *a)
{
    return wr_presented_is_substitute(s, &a->side[0].presented) || wr_presented_is_substitute(s, &a->side[1].presented);
}

/* ---- the sentence ---- */

static void say_parties(GString *out, const wr_session *s)
{
    for (unsigned i = 0; i < s->n_parties && s->n_parties == 2; i++) {
        char at[WR_ENDPOINT_TEXT];
        g_string_append_printf(out, "%s%s", i == 0 ? " between " : " and ",
                               s->parties[i].name != NULL ? s->parties[i].name
                                                          : wr_endpoint_format_host(&s->parties[i].address, at));
    }
}

/* Where the substitute was shown. Behind a relay the address would be the relay's. */
static const wr_endpoint *place(const wr_session *s, const wr_facts *f)
{
    for (int i = 0; i < 2; i++) {
        const wr_association *a = f->followed[i];
        for (int side = 0; a != NULL && !a->relayed && side < 2; side++)
            if (wr_presented_is_substitute(s, &a->side[side].presented))
                return &a->side[side].end;
    }
    return NULL;
}

static void say_interception(GString *out, const wr_session *s, const wr_facts *f)
{
    const wr_endpoint *where = place(s, f);
    char at[WR_ENDPOINT_TEXT];

    g_string_append(out, "The encryption of this call");
    say_parties(out, s);
    g_string_append(out, " ended on its way");
    if (where != NULL)
        g_string_append_printf(out, ", at %s", wr_endpoint_format_host(where, at));
    g_string_append_printf(out, "%s: whoever holds the key there could hear and change the call.",
                           s->verdict == WR_S_INTERCEPTED ? ", for one party at least" : "");
}

/* "The connection of 10.77.0.2 (alice) ran to 10.77.0.66, not to 10.77.0.3 (bob)." for each that is known. */
static bool say_between(GString *out, const wr_session *s)
{
    wr_plain_between b[2];
    const unsigned n = wr_plain_find_between(s, b);

    for (unsigned i = 0; i < n; i++) {
        char at[WR_ENDPOINT_TEXT];
        g_string_append(out, i == 0 ? " The connection of " : ", that of ");
        wr_plain_say_party(out, s, b[i].party);
        g_string_append_printf(out, " ran to %s", wr_endpoint_format_host(b[i].host, at));
        if (i == 0) {
            g_string_append(out, ", not to ");
            wr_plain_say_party(out, s, 1 - b[i].party);
        }
    }
    if (n > 0)
        g_string_append_c(out, '.');
    return n > 0;
}

/* ---- what cannot be told ---- */

static const wr_association *of_verdict(const wr_session *s, wr_association_verdict v)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->verdict == v)
            return a;
    }
    return NULL;
}

static void say_encrypted(GString *out, const wr_engine *e, const wr_session *s)
{
    const wr_association *a = of_verdict(s, WR_A_UNVERIFIABLE_ENCRYPTED);
    const wr_plain_keys keys = a != NULL ? wr_plain_keys_of(e, a) : WR_KEYS_NONE_GIVEN;

    g_string_append(out, "Whether the right parties were connected cannot be told: the proof of it was sent encrypted");
    g_string_append(out, keys == WR_KEYS_NOT_USED
                             ? ". Keys of this connection were given, but were not used to read it: this takes "
                               "Wireshark 4.4 or later."
                         : keys == WR_KEYS_OF_OTHERS
                             ? ", and nothing of it could be read with the key log that was given."
                             : ", and the key to it was not given.");
}

/* Which end agrees, and which does not say who it is. */
static void say_one_side(GString *out, const wr_session *s, const wr_association *a, const char *of_the_other)
{
    int good = -1;

    for (int side = 0; a != NULL && side < 2; side++)
        if (a->side[side].presented.verdict == WR_CERT_MATCH || a->side[side].presented.verdict == WR_CERT_MATCH_WEAK)
            good = side;
    if (good < 0 || wr_endpoint_same_host(&a->side[0].end, &a->side[1].end)) {
        g_string_append(out, of_the_other == NULL ? "One end of this call showed the key that was announced for it; of "
                                                    "the other end nothing can be told."
                                                  : "One end of this call never showed a key, so who was there is not "
                                                    "known: anybody could have been.");
        return;
    }
    if (of_the_other == NULL)
        g_string_append(out, "Of one end of this call, ");
    wr_plain_say_end(out, s, a, 1 - good);
    g_string_append(out, of_the_other == NULL ? ", nothing can be told; the other, " : of_the_other);
    wr_plain_say_end(out, s, a, good);
    g_string_append(out, of_the_other == NULL ? ", showed the key that was announced for it."
                                              : " showed the key that was announced for it.");
}

static void say_incomplete(GString *out, const wr_session *s)
{
    const wr_endpoint *only = wr_plain_only_sender(s);
    char at[WR_ENDPOINT_TEXT];

    g_string_append(out, "Whether the right parties were connected cannot be told: ");
    if (only != NULL)
        g_string_append_printf(out, "of the connection this capture holds only what %s sent.",
                               wr_endpoint_format_host(only, at));
    else
        g_string_append(out, "the beginning of the connection, where each end shows its key, is not, or not wholly, in "
                             "this capture.");
}

static void say_unverifiable(GString *out, const wr_engine *e, const wr_session *s)
{
    if (g_strcmp0(s->reason, "encrypted") == 0)
        say_encrypted(out, e, s);
    else if (g_strcmp0(s->reason, "incomplete") == 0)
        say_incomplete(out, s);
    else if (g_strcmp0(s->reason, "one side only") == 0)
        say_one_side(out, s, of_verdict(s, WR_A_HALF_VERIFIED), NULL);
    else if (g_strcmp0(s->reason, "no certificate") == 0)
        say_one_side(out, s, of_verdict(s, WR_A_UNAUTHENTICATED),
                     " never showed a key, so who was there is not known: anybody could have been. The other end, ");
    else if (g_strcmp0(s->reason, "conflicting fingerprints") == 0)
        g_string_append(out, "One end of this call showed a key that fits only the weaker of two announcements: it "
                             "should not be trusted without another proof.");
    else if (g_strcmp0(s->reason, "another handshake") == 0)
        g_string_append(out,
                        "The keys that were announced were shown once on this call's path; another connection was "
                        "made there as well, which cannot be judged, and which of them carried the call is not known.");
    else if (g_strcmp0(s->reason, "too many fingerprints") == 0)
        g_string_append(out, "Whether the right parties were connected cannot be told: so many keys were announced "
                             "that not all were kept. No ordinary client announces so many.");
    else if (g_strcmp0(s->reason, "hash") == 0)
        g_string_append(out, "Whether the right parties were connected cannot be told: what was announced cannot be "
                             "compared with the keys that were shown.");
    else
        g_string_append(out, "Whether the right parties were connected cannot be told from this capture.");
}

/* ---- a key that is not the one announced ---- */

static void say_mismatch(GString *out, const wr_session *s, const wr_facts *f)
{
    const wr_association *a = f->mismatch;
    int side = 0;

    while (a != NULL && side < 2 && a->side[side].presented.verdict != WR_CERT_MISMATCH)
        side++;
    g_string_append(out, "The end at ");
    if (a != NULL && side < 2)
        wr_plain_say_end(out, s, a, side);
    else
        g_string_assign(out, "One end of this call");
    g_string_append(out, " showed another key than the one announced for it");
    if (s->not_enforced && a != NULL && !wr_plain_traffic_of(a).any)
        g_string_append(out, ", and the other end kept the connection all the same, though no sound, picture or other "
                             "data was seen on it");
    else if (s->not_enforced)
        g_string_append(out, ", and the call went on all the same");
    else if (a != NULL && a->verdict == WR_A_MISMATCH_ENFORCED)
        g_string_append_printf(out, ", and the other end refused it (frame %u)", a->enforcement_frame);
    g_string_append(out, ": who was at that end is not known.");
}

#define CHANGED_ON_ITS_WAY                                                                                             \
    "A message that set up this call was changed on its way, so that another key would be trusted"

/* A fatal alert about the other's certificate or signature: 42 to 46, unknown_ca, decrypt_error (RFC 5246 7.2). */
static bool refused_certificate(const wr_side *x)
{
    return x->alert_frame != 0 && ((x->alert >= 42 && x->alert <= 46) || x->alert == 48 || x->alert == 51);
}

static void say_not_followed(GString *out, const wr_session *s, const wr_facts *f)
{
    const wr_association *a = f->not_followed;
    const int told = 1 - f->not_followed_side;

    g_string_append(out, CHANGED_ON_ITS_WAY);
    if (a != NULL && a->verdict == WR_A_MISMATCH_NOT_ENFORCED) {
        g_string_append(out, ". The end at ");
        wr_plain_say_end(out, s, a, told);
        g_string_append(out, ", which was told so, went on with a key that it was not told: it did not act on the "
                             "difference. This time the key was the genuine one; another could be accepted in the same "
                             "way.");
    } else if (a != NULL && a->verdict == WR_A_MISMATCH_ENFORCED) {
        g_string_append(out, ". The end at ");
        wr_plain_say_end(out, s, a, told);
        g_string_append_printf(out,
                               ", which was told so, broke the connection off (frame %u), since the key it met was "
                               "not the one it was told",
                               a->enforcement_frame);
        g_string_append(out, wr_plain_has_traffic(s) ? "." : "; no sound or picture was seen. The protection worked.");
    } else if (a != NULL && refused_certificate(&a->side[told])) {
        g_string_append(out, ". The end at ");
        wr_plain_say_end(out, s, a, told);
        g_string_append_printf(out, ", which was told so, met the original key and broke the connection off (frame %u)",
                               a->side[told].alert_frame);
        g_string_append(out, wr_plain_has_traffic(s) ? "." : "; no sound or picture was seen. The protection worked.");
    } else if (a != NULL && !wr_plain_has_traffic(s)) {
        g_string_append(out,
                        "; the connection seen here showed the original key, and no sound or picture was seen on it.");
    } else {
        g_string_append(out, "; the connection seen here was made with the original key.");
    }
}

static void say_altered(GString *out, const wr_session *s)
{
    g_string_append(out, CHANGED_ON_ITS_WAY);
    g_string_append_c(out, '.');
    if (say_between(out, s))
        g_string_append(out, " Which key was used there this capture does not show: treat the call as intercepted "
                             "until the record of an endpoint says otherwise.");
    else
        g_string_append(out, " Whether the connection was made with that key, so that somebody could listen in, this "
                             "capture does not show.");
}

/* ---- evidence that contradicts itself ---- */

static void say_of_certificate(GString *out, const wr_session *s, const wr_association *a, int side)
{
    const wr_presented *p = &a->side[side].presented;
    const bool announced =
        p->certificate != NULL && p->description != NULL && wr_sdp_announces(p->description->sdp, p->certificate);

    if (a->possession[side] == WR_POSSESSION_INVALID || (side == 0 && wr_association_client_is_unsigned(a))) {
        g_string_append(out, "The end at ");
        wr_plain_say_end(out, s, a, side);
        g_string_append(out, announced
                                 ? " showed the announced key, but did not prove that it holds the secret part of "
                                   "it: what is shown, anybody can copy."
                                 : " showed a key, but did not prove that it holds the secret part of it: what is "
                                   "shown, anybody can copy.");
    } else {
        g_string_append(out, p->contested ? "Several keys were shown for the end at "
                                          : "Of what was announced for this call, one part fits the key shown by the "
                                            "end at ");
        wr_plain_say_end(out, s, a, side);
        g_string_append(out, p->contested ? ", and nothing tells which of them counts."
                                          : " and another part contradicts it, and nothing tells which counts.");
    }
}

static void say_contested(GString *out, const wr_session *s, const wr_facts *f)
{
    const wr_association *a = of_verdict(s, WR_A_CONTESTED);

    if (f->unexplained != NULL) {
        g_string_append_printf(out,
                               "Two connections were made %s this call, with different keys, and which of them carried "
                               "the call is not known.",
                               f->unexplained->rival->flow == f->unexplained->flow ? "on one path of" : "for");
    } else if (f->claimed != NULL) {
        g_string_append(out, "A message that set up this call was seen twice, with different keys, and nothing tells "
                             "which of the two the parties took.");
    } else if (f->keys_claimed[0] != NULL) {
        g_string_append(out, "By one message the keys of this call were sent readably, by another they were not, and "
                             "nothing tells which of the two was taken.");
    } else {
        for (int side = 0; a != NULL && side < 2; side++)
            if (a->side[side].presented.verdict == WR_CERT_CONTESTED) {
                say_of_certificate(out, s, a, side);
                break;
            }
    }
    if (out->len == 0)
        g_string_append(out, "The evidence on this call contradicts itself, and nothing in this capture decides which "
                             "part of it is true.");
    g_string_append(out, wr_plain_has_traffic(s)
                             ? " Sound, pictures or other data were seen; who could listen is not "
                               "known: an interception is possible, and not shown."
                             : " Who could listen is not known: an interception is possible, and not "
                               "shown.");
}

static const char *fixed(const wr_session *s)
{
    switch (s->verdict) {
    case WR_S_UNENCRYPTED:
        return "Part of this call was sent without encryption: anybody on its way could take that part in.";
    case WR_S_KEYS_IN_SIGNALLING:
        return "The keys of this call were sent in the messages that set it up: whoever could read those could listen in.";
    case WR_S_FOREIGN_CERTIFICATE:
        return "One end of this call showed a key that nobody had announced, or that is not the one expected there: who was "
               "at that end is not known.";
    case WR_S_RE_KEYED:
        return "Something on the way rewrote the messages that set up this call and put another key in: a media server does "
               "this, and so does somebody who listens in.";
    case WR_S_TERMINATED_BY_DECLARED:
        return "This call is encrypted to a server that the operator has declared, not from party to party: that server can "
               "hear it.";
    case WR_S_TERMINATED_UNDECLARED:
        return "This call is encrypted to something in between, not from party to party: a conference server works like "
               "this, and so does somebody who listens in.";
    case WR_S_RESUMED:
        return "This call went on with the protection of an earlier connection and did not prove anew who is connected.";
    case WR_S_HANDSHAKE_FAILED:
        return "No encrypted connection of this call came about in this capture.";
    case WR_S_VERIFIED_LEG:
        return "Nothing wrong is seen from this one place: both ends of this call showed the keys announced for them. An "
               "interception further on would look exactly like this.";
    case WR_S_VERIFIED_CROSS:
        return "Both ends of this call showed the keys announced for them, and the announcements were the same at both "
               "places of this capture.";
    case WR_S_NO_SIGNALLING:
        return "An encrypted connection was made, but the messages that set it up cannot be read here: who was to be "
               "connected is not known.";
    case WR_S_NO_MEDIA:
        return "This call was arranged, but the connection itself is not in this capture: nothing can be said of its "
               "protection.";
    default:
        return "";
    }
}

char *wr_plain_sentence(const wr_engine *e, const wr_session *s, const wr_facts *f)
{
    GString *out = g_string_new(fixed(s));

    switch (s->verdict) {
    case WR_S_INTERCEPTED:
    case WR_S_INTERCEPTED_FULL:
        say_interception(out, s, f);
        break;
    case WR_S_MISMATCH:
        say_mismatch(out, s, f);
        break;
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
        say_not_followed(out, s, f);
        break;
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
        say_altered(out, s);
        break;
    case WR_S_CONTESTED:
        say_contested(out, s, f);
        break;
    case WR_S_RE_KEYED:
    case WR_S_TERMINATED_UNDECLARED:
        say_between(out, s);
        break;
    case WR_S_UNVERIFIABLE:
        say_unverifiable(out, e, s);
        break;
    default:
        break;
    }
    return g_string_free(out, FALSE);
}
