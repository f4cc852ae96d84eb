/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of docs/checks.md by name, in a few words each, and the text that each rests on: of several that
 * docs/rules.md names, the first (tests/docs/test_rules.py compares). */
#include "report/check_words.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define CHAT  (1u << WR_CHAT)
#define NOTE  (1u << WR_NOTE)
#define WARN  (1u << WR_WARN)
#define ERROR (1u << WR_ERROR)

static const wr_check_words words[] = {
    /* in the order of their names */
    {"CAP-01", NOTE, "Media was under way when the capture began", 0, ""},
    {"CAP-02", NOTE, "Only one direction is in this capture", 0, ""},
    {"CAP-03", CHAT, "One handshake on several paths, counted once", 9147, "5.2"},
    {"CAP-04", NOTE, "A description was cut by the capture", 0, ""},
    {"CAP-05", CHAT, "What key logs opened", 0, ""},
    {"CAP-06", NOTE, "An endpoint's statistics contradict the capture", 0, ""},
    {"CAP-07", NOTE, "A key log is broken or contradicts itself", 0, ""},
    {"CAP-08", NOTE, "Segments were captured in the wrong order", 9293, "3.4"},
    {"DC-01", NOTE | ERROR, "Data channels without DTLS", 8827, "6.5"},
    {"DC-02", NOTE, "Agreed data channels without a handshake", 8841, "10.1"},
    {"DC-03", NOTE, "SCTP names IP addresses", 8261, "6.1"},
    {"DC-04", NOTE, "A data channel with a number of the other side", 8832, "6"},
    {"DTLS-01", NOTE | WARN | ERROR, "The server's certificate is not the one announced", 5763, "5"},
    {"DTLS-02", NOTE | WARN | ERROR, "The client's certificate is not the one announced", 8122, "6.2"},
    {"DTLS-03", NOTE | ERROR, "One side showed no certificate", 8122, "6.2"},
    {"DTLS-04", CHAT, "DTLS 1.3: certificates are encrypted, and were not compared", 9147, "6.1"},
    {"DTLS-05", CHAT | NOTE, "The handshake is not whole in this capture, or was not completed", 0, ""},
    {"DTLS-06", CHAT | NOTE, "Resumed: identity rests on an earlier handshake", 5246, "7.3"},
    {"DTLS-07", NOTE | ERROR, "What the verifying side did after a mismatch", 8842, "5.1"},
    {"DTLS-08", CHAT | NOTE, "Whether the server holds its certificate's key", 5246, "7.4.3"},
    {"DTLS-09", WARN | ERROR, "An outdated DTLS version, or one forced down", 8827, "6.5"},
    {"DTLS-10", NOTE | WARN | ERROR, "A weak cipher suite", 8827, "6.5"},
    {"DTLS-11", NOTE | WARN | ERROR, "SRTP profile is missing or weak", 5764, "4.1.1"},
    {"DTLS-12", NOTE | ERROR, "The server chose what the client had not offered", 5764, "4.1.1"},
    {"DTLS-13", NOTE, "No extended master secret", 7627, "5.4"},
    {"DTLS-14", NOTE | WARN, "The handshake came from the side that should have waited", 8842, "5.3"},
    {"DTLS-15", NOTE | WARN, "Renegotiation", 8827, "6.5"},
    {"DTLS-16", NOTE | WARN | ERROR, "A ClientHello from an address that did no ICE checks", 9147, "5.11"},
    {"DTLS-17", CHAT | NOTE, "A second completed handshake on one path", 8842, "5.1"},
    {"DTLS-18", CHAT | NOTE | WARN, "Properties of a certificate", 8827, "6.5"},
    {"DTLS-20", CHAT | NOTE, "The handshake was over before the answer was delivered", 8842, "5.2"},
    {"DTLS-21", WARN | ERROR, "The handshake is bound to another session (unknown key-share)", 8844, "3.2"},
    {"DTLS-22", CHAT | WARN, "Confidentiality by ALPN (c-webrtc)", 8833, "3"},
    {"DTLS-23", NOTE | ERROR, "Nonces of AES-GCM are repeated or drawn at random", 5288, "3"},
    {"DTLS-24", NOTE, "Data before the handshake was done", 8827, "6.5"},
    {"DTLS-25", NOTE, "A heartbeat asks for more than it brought (Heartbleed)", 6520, "4"},
    {"DTLS-26", WARN, "A bare public key in place of a certificate", 8122, "5"},
    {"ICE-01", CHAT, "The flow belongs to a description, by its ICE checks", 8445, "7.2.2"},
    {"ICE-02", NOTE | WARN, "ICE checks validate with none of the announced passwords", 8489, "14.5"},
    {"ICE-03", NOTE, "A flow whose ICE user names nobody announced", 8445, "7.3"},
    {"ICE-04", CHAT | NOTE | WARN, "An end of the path was not announced", 8445, "7.3.1.3"},
    {"ICE-05", NOTE | WARN, "DTLS or media before ICE gave consent", 8827, "6.3"},
    {"ICE-06", NOTE | WARN, "Sending went on after consent had ended", 7675, "5.1"},
    {"ICE-07", NOTE, "Many silent targets of ICE checks", 8445, "19.5.1"},
    {"ICE-08", CHAT | NOTE, "One ICE check came from two sources", 8445, "19.2"},
    {"ICE-09", CHAT | NOTE, "ICE restart", 8842, "4"},
    {"ICE-10", NOTE, "Both sides are ICE-lite", 8835, "3.4"},
    {"INJ-01", NOTE, "Handshake messages that belong to nothing: put in, or damaged", 6347, "4.2.2"},
    {"INJ-02", NOTE, "Two contents of the same bytes of a TCP stream", 9293, "3.4"},
    {"INJ-03", NOTE, "A copy of a description between hosts that take no part in the call", 8827, "9.1"},
    {"INJ-04", NOTE, "A bound was reached that only a flood reaches", 0, ""},
    {"RTP-01", NOTE | ERROR, "Media in clear", 8827, "6.5"},
    {"RTP-02", NOTE, "Encrypted media whose key agreement is not in the capture", 5764, "3"},
    {"RTP-03", NOTE, "Media before its handshake was answered", 5764, "5.1"},
    {"RTP-04", NOTE | WARN | ERROR, "RTP from an address that did no ICE checks (injection)", 8445, "12.1"},
    {"RTP-05", NOTE | ERROR, "The port sent to an address that did no ICE checks (RTP bleed)", 8445, "12.1"},
    {"RTP-06", NOTE | ERROR, "The same keystream was used twice", 3711, "9.1"},
    {"RTP-07", NOTE, "Media was decrypted and encrypted anew on its way", 5764, "6"},
    {"RTP-08", NOTE, "Packets whose tags do not validate", 3711, "3.3"},
    {"RTP-09", NOTE, "Audio levels of speakers are readable", 8834, "5.2.2"},
    {"RTP-10", NOTE, "Two calls share an RTCP CNAME: they can be linked", 8834, "4.9"},
    {"RTP-11", NOTE, "Packets of an unknown kind on a media path", 7983, "7"},
    {"RTP-12", NOTE, "More packets under one handshake than its keys are good for", 3711, "9.2"},
    {"RTP-13", CHAT, "Packet sizes vary with what is said", 6562, ""},
    {"RTP-14", NOTE, "Media packets came again later", 3711, "3.3.2"},
    {"RTP-15", NOTE, "Media is protected otherwise than the handshake chose", 5764, "4.2"},
    {"RTP-16", NOTE, "What leaves a host sounds like what came to it", 6464, "3"},
    {"SDP-01", ERROR, "A description for DTLS has no fingerprint", 8827, "6.5"},
    {"SDP-02", CHAT | WARN | ERROR, "A fingerprint that cannot be used", 8122, "5"},
    {"SDP-03", NOTE | WARN, "Sections of one description announce different certificates", 8829, "5.2.1"},
    {"SDP-04", NOTE, "Hash functions are listed unevenly", 8122, "5.1"},
    {"SDP-05", NOTE | WARN | ERROR, "Hash functions were downgraded, or are weak", 8122, "5"},
    {"SDP-06", CHAT | WARN | ERROR, "DTLS roles of offer and answer do not fit", 8842, "5.2"},
    {"SDP-07", NOTE | WARN, "tls-id is used against its rules", 8842, "4"},
    {"SDP-08", ERROR, "The answer accepts media without any keys", 8827, "6.5"},
    {"SDP-09", WARN | ERROR, "ICE credentials are too short, contradictory or of another party", 8839, "5.4"},
    {"SDP-10", NOTE, "The description changed, and its version did not", 3264, "8"},
    {"SDP-11", NOTE, "Local or global addresses are told to the other party", 8839, "9.1"},
    {"SDP-12", CHAT | NOTE | WARN | ERROR, "The same author announced another certificate", 8842, "3.1"},
    {"SDP-13", CHAT, "No rtcp-mux: two handshakes are to be expected", 5761, "5.1.1"},
    {"SDP-14", NOTE, "An answer does not fit its offer", 3264, "6"},
    {"SDP-15", NOTE | WARN, "The default address is none of the candidates", 8839, "4.2.5"},
    {"SDP-16", CHAT, "One certificate in several calls: they can be linked", 8827, "6.5"},
    {"SIG-01", NOTE | WARN | ERROR, "Signalling is not protected: fingerprints and ICE passwords in clear", 8827,
     "9.1"},
    {"SIG-02", WARN | ERROR, "Signalling by an outdated TLS version or a weak suite", 8996, "4"},
    {"SIG-03", NOTE | WARN, "A credential travels unprotected", 8839, "9.2"},
    {"SIG-04", CHAT | NOTE, "Credentials in requests to the signalling server", 9725, "4.7"},
    {"SIG-05", NOTE | ERROR, "WHIP or WHEP without HTTPS", 9725, "5"},
    {"SIG-06", NOTE | WARN | ERROR, "Media keys stand in the signalling (SDES)", 8827, "6.5"},
    {"SIG-07", CHAT | WARN | ERROR, "Identity assertion", 8827, "7.4.1"},
    {"SIG-08", NOTE | ERROR, "One description with two fingerprints on the same hop", 8839, "9.2"},
    {"SIG-09", NOTE, "Personal identifiers in unprotected signalling or push messages", 0, ""},
    {"SIG-10", CHAT | NOTE, "The page's policy forbids camera, microphone, WebRTC or the signalling host", 0, ""},
    {"SIG-11", CHAT | WARN, "Browser or stack, by its own words", 9110, "10.1.5"},
    {"SUBST-01", CHAT | WARN | ERROR, "A fingerprint was replaced on its way", 8827, "9.1"},
    {"SUBST-02", CHAT | ERROR, "The substituted certificate is in use", 8827, "9.1"},
    {"SUBST-03", ERROR, "A certificate is none of those expected of this party", 0, ""},
    {"TOP-02", CHAT | NOTE | WARN, "Encryption ends at something in between", 5764, "6"},
    {"TOP-04", CHAT, "One offer, several answerers", 5763, "6.3"},
    {"TURN-01", WARN | ERROR, "A relay grants allocations without authentication", 8656, "7.2"},
    {"TURN-02", NOTE | WARN | ERROR, "A relay reaches internal addresses", 8656, "21.1.4"},
    {"TURN-03", CHAT | NOTE, "What a relay's user name or software tells", 8656, "21.1.6"},
    {"TURN-04", NOTE | WARN | ERROR, "Expired, shared or changed credentials at a relay", 8656, "5"},
    {"TURN-05", NOTE | WARN, "Unusual use of a relay", 8656, "5"},
    {"TURN-06", CHAT, "A relay learned an address that .local names hide", 0, ""},
    {"TURN-07", CHAT, "The call goes through a relay", 0, ""},
    {"TURN-08", NOTE | WARN | ERROR, "A tunnel through a relay", 8827, "4.2"},
    {"TURN-09", WARN, "Answers of STUN or TURN servers that nobody asked for", 8489, "16.1.2"},
    {"UKS-01", NOTE | WARN, "Two clients announce one certificate", 8844, "2"},
    {"WIT-01", WARN, "A file contradicts another, or the signalling, on a fingerprint", 0, ""},
    {"WIT-02", ERROR, "By its statistics one end was shown another certificate", 0, ""},
    {"WIT-03", NOTE, "A file is broken, or fits no call", 0, ""},
    {"WIT-04", CHAT, "The files of two parties agree", 0, ""},
};

const wr_check_words *wr_check_words_all(size_t *n)
{
    *n = sizeof words / sizeof words[0];
    return words;
}

static int by_name(const void *name, const void *entry)
{
    return strcmp(name, ((const wr_check_words *)entry)->check);
}

const wr_check_words *wr_check_words_of(const char *check)
{
    return bsearch(check, words, sizeof words / sizeof words[0], sizeof words[0], by_name);
}

char *wr_check_link(const wr_check_words *c)
{
    if (c->rfc == 0)
        return NULL;
    return g_strdup_printf("https://www.rfc-editor.org/rfc/rfc%u%s%s", c->rfc, *c->section != '\0' ? "#section-" : "",
                           c->section);
}

const char *wr_verdict_what(wr_session_verdict v)
{
    static const char *const what[WR_S_NO_MEDIA + 1] = {
        [WR_S_UNENCRYPTED] = "Part of the call was sent without encryption",
        [WR_S_KEYS_IN_SIGNALLING] = "The keys of the media were sent in signalling",
        [WR_S_INTERCEPTED_FULL] =
            "Fingerprints were replaced in both directions, and the media went to who replaced them",
        [WR_S_INTERCEPTED] =
            "A fingerprint was replaced on its way, and the media went to the holder of the substitute",
        [WR_S_FOREIGN_CERTIFICATE] = "A certificate was presented that is not the one expected there",
        [WR_S_MISMATCH] = "A certificate was presented that was not announced",
        [WR_S_SUBSTITUTED_NOT_FOLLOWED] =
            "A fingerprint was replaced on its way, and the original certificate was used",
        [WR_S_SUBSTITUTED_IN_SIGNALLING] = "A fingerprint was replaced on its way; the media is not in the capture",
        [WR_S_CONTESTED] = "The evidence contradicts itself, and nothing in the capture decides",
        [WR_S_RE_KEYED] = "An intermediary put descriptions with keys of its own in place of the parties'",
        [WR_S_TERMINATED_BY_DECLARED] = "Encryption ends at a server that the operator declared",
        [WR_S_TERMINATED_UNDECLARED] = "Encryption ends at an intermediary that nobody declared",
        [WR_S_UNVERIFIABLE] = "Whether the certificates are those announced cannot be told",
        [WR_S_RESUMED] = "An earlier handshake was resumed, which is not in the capture",
        [WR_S_HANDSHAKE_FAILED] = "No handshake of the call was completed",
        [WR_S_VERIFIED_LEG] = "The certificates match what was announced on the one leg that was seen",
        [WR_S_VERIFIED_CROSS] = "The certificates match what was announced, and two legs agree on it",
        [WR_S_NO_SIGNALLING] = "There are handshakes, and no description of them",
        [WR_S_NO_MEDIA] = "There are descriptions, and no handshake of them",
    };

    return (unsigned)v < G_N_ELEMENTS(what) ? what[v] : NULL;
}
