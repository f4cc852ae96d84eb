/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a verdict carries, what else would look the same, and what to do: by its kind, and by what this call shows.
 */
#include "plain_advice.h"
#include "plain_ends.h"
#include "records/store.h"
#include "verdict/plain_words.h"

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
#define ALTERED   "the announcement was changed on its way, and the end is the right one"
#define ELSEWHERE "somebody else answered at that address"
#define NEWER     "a newer description of this call, not in this capture, announced this certificate"
#define CHANGED   "an endpoint that changed its certificate without saying so"
#define GATEWAY   "a gateway that rewrites descriptions and then steps aside"
#define SAME      "a call that nobody touched and an intercepted one look the same here"
#define SERVER    "a conference server, gateway or recorder of the operator"

const char *const *wr_verdict_alternatives(wr_session_verdict v)
{
    static const char *const lists[WR_S_NO_MEDIA + 1][5] = {
        [WR_S_INTERCEPTED_FULL] = {SERVER_KEEPS, RECORDING},
        [WR_S_INTERCEPTED] = {SERVER_KEEPS, RECORDING},
        [WR_S_FOREIGN_CERTIFICATE] = {NEWER, CHANGED},
        [WR_S_MISMATCH] = {ALTERED, ELSEWHERE, NEWER, CHANGED},
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
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
        return "Find what sits between the two places where the description was seen, and protect signalling from end to "
               "end; with which key the connection was made, the record of an endpoint or a capture there shows.";
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
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

/* ---- of one call ---- */

/* Of altered descriptions alone: and a party's connection runs to a host in between. */
static bool is_altered_and_led_away(const wr_session *s)
{
    wr_plain_between b[2];

    return s->verdict == WR_S_SUBSTITUTED_IN_SIGNALLING && wr_plain_find_between(s, b) > 0;
}

static void list_alternatives(wr_session *s)
{
    /* What stepped aside has no connection that ends there. */
    if (is_altered_and_led_away(s)) {
        g_ptr_array_add(s->alternatives, g_strdup(SERVER_KEEPS));
        return;
    }
    for (const char *const *also = wr_verdict_alternatives(s->verdict); *also != NULL; also++)
        g_ptr_array_add(s->alternatives, g_strdup(*also));
}

static const wr_association *of_certificate(const wr_session *s, wr_cert_verdict v, int *side)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (*side = 0; *side < 2; ++*side)
            if (a->side[*side].presented.verdict == v)
                return a;
    }
    return NULL;
}

/* What would settle it hangs on why it cannot be told. */
static void advise_unverifiable(GString *out, const wr_engine *e, const wr_session *s)
{
    const wr_endpoint *only = wr_plain_only_sender(s);
    char at[WR_ENDPOINT_TEXT];
    int side;

    if (g_strcmp0(s->reason, "encrypted") == 0) {
        const wr_association *a = of_certificate(s, WR_CERT_ENCRYPTED, &side);
        const wr_plain_keys keys = a != NULL ? wr_plain_keys_of(e, a) : WR_KEYS_NONE_GIVEN;
        g_string_append(
            out, keys == WR_KEYS_NOT_USED ? "Run the same files with Wireshark 4.4 or later, which can read DTLS 1.3."
                 : keys == WR_KEYS_OF_OTHERS
                     ? "Give the key log of an endpoint that was written during this call, with Wireshark 4.4 "
                       "or later. There is one only if it was switched on before the call; if not, only the "
                       "endpoints' own records of the call can help."
                     : "Get the key log of an endpoint. There is one only if it was switched on before the "
                       "call; if not, only the endpoints' own records of the call can help.");
    } else if (g_strcmp0(s->reason, "no certificate") == 0) {
        const wr_association *a = of_certificate(s, WR_CERT_NONE, &side);
        g_string_append(out, "No further capture proves who was at ");
        if (a != NULL)
            wr_plain_say_end(out, s, a, side);
        else
            g_string_append(out, "that end");
        g_string_append(out, ": ask that party, and have both clients refuse a connection without a certificate.");
    } else if (g_strcmp0(s->reason, "incomplete") == 0 && only != NULL) {
        g_string_append_printf(out, "Capture again with both directions: of this connection only what %s sent is here.",
                               wr_endpoint_format_host(only, at));
    } else if (g_strcmp0(s->reason, "incomplete") == 0) {
        g_string_append(out, "Get a capture that holds the whole handshake: from the start of the call, and without "
                             "lost packets.");
    } else if (g_strcmp0(s->reason, "conflicting fingerprints") == 0 || g_strcmp0(s->reason, "hash") == 0) {
        g_string_append(out, "Have the client announce a SHA-256 fingerprint of the certificate that it shows.");
    } else {
        g_string_append(out, wr_verdict_advice(s->verdict));
    }
}

static void advise_between(GString *out, const wr_session *s)
{
    wr_plain_between b[2];
    const unsigned n = wr_plain_find_between(s, b);
    char at[WR_ENDPOINT_TEXT];

    if (n == 0) {
        g_string_append(out, wr_verdict_advice(s->verdict));
        return;
    }
    g_string_append_printf(out, "Ask the operator whether %s", wr_endpoint_format_host(b[0].host, at));
    if (n == 2 && !wr_endpoint_same_host(b[0].host, b[1].host))
        g_string_append_printf(out, " and %s are servers of his", wr_endpoint_format_host(b[1].host, at));
    else
        g_string_append(out, " is a server of his");
    g_string_append(out, "; if so, declare its certificate or address; if not, treat the call as intercepted.");
}

void wr_session_advise(const wr_engine *e, wr_session *s, const wr_facts *f)
{
    GString *out = g_string_new(NULL);

    list_alternatives(s);
    switch (s->verdict) {
    case WR_S_UNVERIFIABLE:
        advise_unverifiable(out, e, s);
        break;
    case WR_S_RE_KEYED:
    case WR_S_TERMINATED_UNDECLARED:
        advise_between(out, s);
        break;
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
        if (is_altered_and_led_away(s))
            g_string_append(out, "Treat what was said or sent in this call as known to others until the record of an "
                                 "endpoint shows the genuine key. ");
        g_string_append(out, wr_verdict_advice(s->verdict));
        break;
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
        if (f->not_followed != NULL && f->not_followed->verdict == WR_A_MISMATCH_NOT_ENFORCED) {
            g_string_append(out, "Repair or withdraw the client at ");
            wr_plain_say_end(out, s, f->not_followed, 1 - f->not_followed_side);
            g_string_append(out, " now: it goes on with keys that it was not told. ");
        }
        g_string_append(out, wr_verdict_advice(s->verdict));
        break;
    default:
        g_string_append(out, wr_verdict_advice(s->verdict));
        break;
    }
    s->advice = g_string_free(out, FALSE);
}
