/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of the page: its words, for people who know none of them, and what the colours of its pictures mean. Only the
 * words that the page has: what is not there needs no explanation. */
#include "page.h"

#include <string.h>

static const char *const verdicts[WR_S_NO_MEDIA + 1] = {
    [WR_S_UNENCRYPTED] = "part of the call was sent without encryption",
    [WR_S_KEYS_IN_SIGNALLING] = "the keys of the call were sent in the messages that set it up",
    [WR_S_INTERCEPTED_FULL] =
        "announcements were changed on their way, and the connections of both parties, or what was said on them, are shown to have gone through the substitute",
    [WR_S_INTERCEPTED] = "the same, shown for one party",
    [WR_S_FOREIGN_CERTIFICATE] = "a key was shown that nobody announced, or that is not the one expected",
    [WR_S_MISMATCH] = "a key was shown that is not the one announced",
    [WR_S_SUBSTITUTED_NOT_FOLLOWED] =
        "an announcement was changed on its way, and the connection shows the original key",
    [WR_S_SUBSTITUTED_IN_SIGNALLING] =
        "an announcement was changed on its way; with which key the connection was made, cannot be read",
    [WR_S_CONTESTED] = "the evidence contradicts itself, and nothing tells which part is true",
    [WR_S_RE_KEYED] =
        "a description was rewritten on its way with keys and passwords of its own: by a server of the operator, or by an interceptor",
    [WR_S_TERMINATED_BY_DECLARED] = "the call is encrypted to a server that the operator declared",
    [WR_S_TERMINATED_UNDECLARED] = "the call is encrypted to something in between that nobody declared",
    [WR_S_UNVERIFIABLE] =
        "it cannot be told; in red where one end showed no key at all, in yellow where evidence is lacking",
    [WR_S_RESUMED] = "an earlier connection was continued, without showing keys anew",
    [WR_S_HANDSHAKE_FAILED] = "no connection was completed",
    [WR_S_VERIFIED_LEG] =
        "the keys shown are those announced, as seen from one place; in a frame and not filled, since an interception further on looks the same",
    [WR_S_VERIFIED_CROSS] = "the keys shown are those announced, and the announcements were the same at two places",
    [WR_S_NO_SIGNALLING] = "a connection without readable messages that set it up",
    [WR_S_NO_MEDIA] = "a call that was arranged, whose connection is not in this capture",
};

/* A word, by what of it the page may have (the beginning of it in a sentence may be a capital), and what it means. */
static const struct {
    const char *term, *has[4], *means;
} words[] = {
    {"alarm", {"larms"}, "a call or a finding of severity error or warn"},
    {"association", {"ssociation"}, "one handshake, and the connection that it protects"},
    {"binding, B0 to B4",
     {"binding", "B0"},
     "how surely a connection belongs to this call: B0 by checks with its passwords both ways, B1 by one such check, B2 by user names only, B3 by addresses only, B4 by the certificates only"},
    {"candidate", {"andidate"}, "an address that a party names for itself, to be tried"},
    {"CERT-MATCH and its like",
     {"CERT-"},
     "what the certificate of one end is worth: CERT-MATCH agrees with what was announced for it, CERT-MISMATCH does not, CERT-ENCRYPTED cannot be read here"},
    {"certificate",
     {"ertificate"},
     "what an end shows in the handshake to say which key is its own; in these calls everybody makes his own, and nobody vouches for it"},
    {"credentials (ICE)", {"credentials"}, "user name and password of a description, with which paths are tried"},
    {"description (SDP), offer, answer",
     {"escription", "ffer", "nswer", "SDP"},
     "the message in which a party tells the other how to reach it, with its fingerprint (Session Description Protocol); the offer comes first, the answer replies to it"},
    {"DTLS, handshake",
     {"DTLS", "andshake"},
     "Datagram Transport Layer Security, the encryption of the connection; its beginning is the handshake, in which each end shows its certificate"},
    {"fatal alert",
     {"alert"},
     "a message by which one end breaks the connection off and says why by a number: 42 to 46, 48 and 51 concern certificates and signatures (RFC 5246 7.2)"},
    {"fingerprint",
     {"ingerprint"},
     "the short form of a certificate: whoever holds its key can show that the fingerprint is his"},
    {"flow", {"flow"}, "a path that packets take between two addresses and ports"},
    {"frame", {"rame"}, "a packet of the capture, by its number"},
    {"half-verified",
     {"HALF-VERIFIED"},
     "the key of one end agrees with what was announced; of the other end nothing is known"},
    {"Hangs on", {"Hangs on"}, "the weakest step of the argument: were it wrong, the verdict would be"},
    {"ICE, check",
     {"ICE"},
     "Interactive Connectivity Establishment: the ends try which path works, with passwords from the descriptions"},
    {"incomplete, bound",
     {">Incomplete<"},
     "the capture holds more of one kind than the program keeps, as after a flood of packets, which may be on purpose; what came after is left out"},
    {"key log",
     {"ey log"},
     "a file in which an endpoint wrote the secrets of its connections, so that a capture of them can be read"},
    {"leg", {"leg ", "legs", "-LEG"}, "the part of the signalling between one party and the server"},
    {"names of parties", {"Who<"}, "what messages of the capture say; nobody has checked them"},
    {"origin", {" origin "}, "the line of a description that numbers it, by which a copy is known again"},
    {"OWASP ASVS", {"ASVS"}, "a public list of what secure applications have to do; V17 is its chapter on WebRTC"},
    {"preferences", {"Preference"}, "what was set in the program when this page was made"},
    {"re-authored, transport part",
     {"re-authored"},
     "the lines of a description that say where and with which key to connect were written anew"},
    {"RTP, SRTP", {"RTP"}, "Real-time Transport Protocol, which carries sound and pictures, and its encrypted form"},
    {"safety number",
     {"afety number"},
     "a number of both fingerprints: two people who each have a capture of the call read it to each other; where the numbers differ, something stood between them"},
    {"SCTP",
     {"SCTP"},
     "Stream Control Transmission Protocol, which carries messages and files beside sound and pictures, inside DTLS"},
    {"SDES",
     {"SDES", "a=crypto"},
     "keys of media that are sent in the descriptions, where everybody who reads these can have them"},
    {"severity: error, warn, note, chat", {"everity"}, "serious, unusual, worth knowing, the usual course"},
    {"signalling", {"ignalling"}, "the way by which descriptions travel, mostly over a server"},
    {"STUN, TURN",
     {"STUN", "TURN"},
     "what ICE checks are made of, and a server that relays a connection where no direct path works"},
    {"substitute",
     {"substitut"},
     "a fingerprint that was put in the place of another on the way; a certificate that matches it is no good sign"},
    {"third party", {"third party"}, "a host that showed a substitute: the encryption of the call ended there"},
    {"UNAUTHENTICATED", {"UNAUTHENTICATED"}, "one end showed no certificate: who it is, nothing says"},
};

void wr_page_note_words(wr_html *p)
{
    G_STATIC_ASSERT(G_N_ELEMENTS(words) <= 64);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(words[i].has) && words[i].has[k] != NULL; k++)
            if ((p->words >> i & 1) == 0 && strstr(p->out->str, words[i].has[k]) != NULL)
                p->words |= UINT64_C(1) << i;
}

void wr_page_add_words(wr_html *p)
{
    wr_page_add(
        p,
        "<footer id=\"words\"><h2>The pictures</h2><p>Time runs downwards. A line that goes down stands for a host, with its "
        "address above and, where it is known, the name of the party; an arrow stands for a message, with its frame at the "
        "left.</p><dl><dt><span class=\"badge good\">green</span></dt><dd>agrees with what was announced</dd>"
        "<dt><span class=\"badge doubt\">yellow</span></dt><dd>cannot tell, or is unusual</dd>"
        "<dt><span class=\"badge bad\">red</span></dt><dd>contradicts what was announced, or was changed on the way</dd>"
        "<dt><span class=\"badge plain\">grey</span></dt><dd>has nothing to say of that</dd>"
        "<dt>third party</dt><dd>stands over a host that showed a certificate which was announced in the place of a party's "
        "own</dd><dt>encryption ends here</dt><dd>stands over a host, no party by the signalling, that is an end of several "
        "handshakes of the call: a server, or somebody who listens in</dd></dl><h2>Words on this page</h2><dl>\n");
    for (unsigned v = 0; v <= WR_S_NO_MEDIA; v++)
        if (p->verdicts >> v & 1)
            wr_page_add_pair(p, wr_session_verdict_name((wr_session_verdict)v), verdicts[v]);
    if (p->not_enforced)
        wr_page_add_pair(p, "(not enforced)", "the end that should have refused the key went on with the connection");
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (p->words >> i & 1)
            wr_page_add_pair(p, words[i].term, words[i].means);
    wr_page_add(p, "</dl></footer>\n");
}
