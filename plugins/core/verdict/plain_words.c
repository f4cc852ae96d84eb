/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for people who know no SDP. As the exact sentence, they never go beyond the capture. */
#include "verdict/plain_words.h"
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

static const char *unverifiable(const char *reason)
{
    if (g_strcmp0(reason, "encrypted") == 0)
        return "Whether the right parties were connected cannot be told: the proof of it was sent encrypted, and the key to "
               "it was not given.";
    if (g_strcmp0(reason, "incomplete") == 0)
        return "Whether the right parties were connected cannot be told: the beginning of the connection is not, or not "
               "wholly, in this capture.";
    if (g_strcmp0(reason, "one side only") == 0)
        return "One end of this call showed the key that was announced for it; of the other end nothing can be told.";
    if (g_strcmp0(reason, "no certificate") == 0)
        return "One end of this call never showed who it is: anybody could have been there.";
    if (g_strcmp0(reason, "conflicting fingerprints") == 0)
        return "One end of this call showed a key that fits only the weaker of two announcements: it should not be trusted "
               "without another proof.";
    return "Whether the right parties were connected cannot be told from this capture.";
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
    case WR_S_MISMATCH:
        return s->not_enforced
                   ? "One end of this call showed another key than the one announced for it, and the call went "
                     "on all the same: who was at that end is not known."
                   : "One end of this call showed another key than the one announced for it: who was at that "
                     "end is not known.";
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
        return "A message that set up this call was changed on its way, so that another key would be trusted; the "
               "connection seen here was made with the original key.";
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
        return "A message that set up this call was changed on its way, so that another key would be trusted; whether "
               "anybody could then listen in, this capture does not show.";
    case WR_S_CONTESTED:
        return "The evidence on this call contradicts itself, and nothing in this capture decides which part of it is true.";
    case WR_S_RE_KEYED:
        return "Something on the way rewrote the messages that set up this call and put another key in: a media server does "
               "this, and so does somebody who listens in.";
    case WR_S_TERMINATED_BY_DECLARED:
        return "This call is encrypted to a server that the operator has declared, not from party to party: that server can "
               "hear it.";
    case WR_S_TERMINATED_UNDECLARED:
        return "This call is encrypted to something in between, not from party to party: a conference server works like "
               "this, and so does somebody who listens in.";
    case WR_S_UNVERIFIABLE:
        return unverifiable(s->reason);
    case WR_S_RESUMED:
        return "This call went on with the protection of an earlier connection and did not prove anew who is connected.";
    case WR_S_HANDSHAKE_FAILED:
        return "No encrypted connection of this call came about in this capture.";
    case WR_S_VERIFIED_LEG:
        return "Both ends of this call showed the keys announced for them; whether an announcement was changed before it came "
               "to the place of this capture, one place cannot show.";
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

char *wr_plain_sentence(const wr_session *s, const wr_facts *f)
{
    GString *out;

    if (s->verdict != WR_S_INTERCEPTED && s->verdict != WR_S_INTERCEPTED_FULL)
        return g_strdup(fixed(s));
    out = g_string_new(NULL);
    say_interception(out, s, f);
    return g_string_free(out, FALSE);
}

/* ---- how far it carries ---- */

static bool concludes(wr_session_verdict v)
{
    return v <= WR_S_TERMINATED_UNDECLARED || v == WR_S_VERIFIED_LEG || v == WR_S_VERIFIED_CROSS;
}

/* Of the associations, the weakest tie to the descriptions. */
static const char *weakest_tie(const wr_session *s)
{
    static const char *const ties[] = {
        [WR_B2] = "the connection is tied to this call by ICE user names only, without a check of their password",
        [WR_B3] = "the connection is tied to this call by announced addresses only",
        [WR_B4] = "the connection is tied to this call by the certificates themselves only",
        [WR_B_NONE] = "nothing ties one of the connections to a description",
    };
    unsigned worst = WR_B0;

    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        worst = MAX(worst, (unsigned)a->binding);
        for (int side = 0; side < 2; side++)
            if (a->side[side].presented.stated != NULL)
                return "a certificate that is known by the statement of an endpoint only";
    }
    return ties[MIN(worst, (unsigned)WR_B_NONE)];
}

const char *wr_weakest_link(const wr_session *s)
{
    const char *tie = concludes(s->verdict) ? weakest_tie(s) : NULL;

    if (tie != NULL || !concludes(s->verdict))
        return tie;
    switch (s->verdict) {
    case WR_S_INTERCEPTED_FULL:
    case WR_S_INTERCEPTED:
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
        return "that the descriptions seen at two places are one and the same rests on their ICE credentials, which were kept";
    case WR_S_RE_KEYED:
        return "that the descriptions seen at two places are one and the same rests on text that a server may copy";
    case WR_S_VERIFIED_LEG:
        return "the descriptions were seen on one leg only";
    case WR_S_VERIFIED_CROSS:
        return "what happened before a description reached the first of the two places was not seen";
    default:
        return NULL;
    }
}

/* ---- what else, and what to do ---- */

#define SERVER_KEEPS                                                                                                   \
    "a media server of the operator that keeps the ICE credentials: declared in the preferences, it would be named"
#define RECORDING "a recording that both parties agreed to"
#define NEWER     "a newer description of this call, not in this capture, announced this certificate"
#define CHANGED   "an endpoint that changed its certificate without saying so"
#define GATEWAY   "a gateway that rewrites descriptions and then steps aside"
#define SAME      "a call that nobody touched and an intercepted one look the same here"
#define SERVER    "a conference server, gateway or recorder of the operator"

const char *const *wr_verdict_alternatives(wr_session_verdict v)
{
    static const char *const lists[WR_S_NO_MEDIA + 1][3] = {
        [WR_S_INTERCEPTED_FULL] = {SERVER_KEEPS, RECORDING},
        [WR_S_INTERCEPTED] = {SERVER_KEEPS, RECORDING},
        [WR_S_FOREIGN_CERTIFICATE] = {NEWER, CHANGED},
        [WR_S_MISMATCH] = {NEWER, CHANGED},
        [WR_S_SUBSTITUTED_NOT_FOLLOWED] = {GATEWAY},
        [WR_S_SUBSTITUTED_IN_SIGNALLING] = {GATEWAY},
        [WR_S_CONTESTED] = {"packets that somebody put into the capture or onto the network",
                            "two calls that used one path with the same credentials"},
        [WR_S_RE_KEYED] = {SERVER},
        [WR_S_KEYS_IN_SIGNALLING] = {"keys that were agreed on in signalling and not used for the media"},
        [WR_S_TERMINATED_BY_DECLARED] =
            {"somebody else who has the certificate, or the address, of the declared server"},
        [WR_S_UNVERIFIABLE] = {SAME},
        [WR_S_RESUMED] = {"an earlier connection with somebody else would go on in the same way"},
        [WR_S_VERIFIED_CROSS] = {"a description that was changed before it came to the first of the two places",
                                 "an endpoint that is in somebody else's hands"},
        [WR_S_NO_SIGNALLING] = {SAME, "signalling that went another way, or that no key given here opens"},
        [WR_S_TERMINATED_UNDECLARED] = {SERVER},
        [WR_S_UNENCRYPTED] = {"a flow of another application on the same addresses and ports"},
        [WR_S_VERIFIED_LEG] = {"a call intercepted beyond this leg looks the same here"},
        [WR_S_HANDSHAKE_FAILED] = {"an endpoint that was told another fingerprint refuses like this",
                                   "a network that does not let these packets through"},
        [WR_S_NO_MEDIA] = {"a call that was not taken", "media that went another way than this capture"},
    };

    return lists[v];
}

const char *wr_verdict_advice(wr_session_verdict v)
{
    switch (v) {
    case WR_S_INTERCEPTED_FULL:
    case WR_S_INTERCEPTED:
        return "Treat what was said or sent in this call as known to others; keep the capture; tell both parties by another "
               "way; find what runs at the address named, and who changed the descriptions.";
    case WR_S_FOREIGN_CERTIFICATE:
    case WR_S_MISMATCH:
        return "Do not trust this call until the party at that end has confirmed its fingerprint by another way; make sure "
               "that the client refuses such a session.";
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
        return "Find what sits between the two places where the description was seen, and protect signalling from end to "
               "end.";
    case WR_S_CONTESTED:
        return "Conclude nothing yet: get a capture from an endpoint, its key log, or its own record of the call.";
    case WR_S_UNENCRYPTED:
        return "Find which end sends in clear (the finding names the flow) and turn that off there.";
    case WR_S_KEYS_IN_SIGNALLING:
        return "Turn SDES (a=crypto) off on the WebRTC side of the gateway; treat the keys of this call as known to others.";
    case WR_S_RE_KEYED:
    case WR_S_TERMINATED_UNDECLARED:
        return "Ask the operator whether a server of his is there; if so, declare its certificate or address; if not, treat "
               "the call as intercepted.";
    case WR_S_TERMINATED_BY_DECLARED:
        return "Nothing, if the parties know that this server can hear them.";
    case WR_S_UNVERIFIABLE:
        return "Get what is named as unknown: mostly the key log of an endpoint, or a capture from the start of the call.";
    case WR_S_RESUMED:
        return "Look at the earlier handshake that this session continues.";
    case WR_S_HANDSHAKE_FAILED:
        return "Compare what both parties were told, at both ends; then look for what blocks the path.";
    case WR_S_VERIFIED_LEG:
        return "Capture at the other party as well: the report of both captures says whether something was changed on the way, "
               "and so does the safety number, where the two people compare it.";
    case WR_S_NO_SIGNALLING:
        return "Capture the signalling as well, or give its TLS key log.";
    case WR_S_NO_MEDIA:
        return "Capture at an endpoint, where media passes.";
    default:
        return "Nothing.";
    }
}
