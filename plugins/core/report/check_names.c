/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each check is about, in one sentence, and the text that it rests on: of several that docs/rules.md names, the
 * first (tests/docs/test_rules.py compares). By identifier, in the order of strcmp(). */
#include "check_names.h"

#include <stdlib.h>
#include <string.h>

static const wr_check_name names[] = {
    {"CAP-01", "Media was under way when the capture began", 0, ""},
    {"CAP-02", "Only one direction of an association is in the capture", 0, ""},
    {"CAP-03", "One handshake was seen on several paths", 9147, "5.2"},
    {"CAP-04", "A description was cut by the capture", 0, ""},
    {"CAP-05", "What key logs opened", 0, ""},
    {"CAP-06", "Statistics of an endpoint contradict what was announced or seen", 0, ""},
    {"CAP-07", "Lines of a key log cannot be used", 0, ""},
    {"CAP-08", "Segments were captured in the wrong order, where messages miss their other half", 9293, "3.4"},
    {"DC-01", "A data channel is in clear", 8827, "6.5"},
    {"DC-02", "A data section was agreed on, and no association is seen", 8841, "10.1"},
    {"DC-03", "SCTP names IP addresses", 8261, "6.1"},
    {"DC-04", "A data channel was opened with a number of the other side", 8832, "6"},
    {"DTLS-01", "The server's certificate is not the one announced", 5763, "5"},
    {"DTLS-02", "The client's certificate is not the one announced", 8122, "6.2"},
    {"DTLS-03", "A side showed no certificate", 8122, "6.2"},
    {"DTLS-04", "The certificates are encrypted, and there are no keys", 9147, "6.1"},
    {"DTLS-05", "The handshake is not whole in the capture, or was not completed", 0, ""},
    {"DTLS-06", "The session was resumed: identity rests on an earlier handshake", 5246, "7.3"},
    {"DTLS-07", "What the verifier did after a mismatch", 8842, "5.1"},
    {"DTLS-08", "Whether the certificate's key signed the key exchange", 5246, "7.4.3"},
    {"DTLS-09", "An older version of DTLS was negotiated than both sides know, or DTLS 1.0", 8827, "6.5"},
    {"DTLS-10", "The negotiated suite is weak, or does not encrypt or authenticate", 8827, "6.5"},
    {"DTLS-11", "The negotiated SRTP profile is weak, or there is none", 5764, "4.1.1"},
    {"DTLS-12", "The server chose what the client did not offer", 5764, "4.1.1"},
    {"DTLS-13", "There is no extended master secret", 7627, "5.4"},
    {"DTLS-14", "The handshake was begun by the side that has the other role", 8842, "5.3"},
    {"DTLS-15", "The handshake was done anew within the association", 8827, "6.5"},
    {"DTLS-16", "A ClientHello came from an address that never did a connectivity check", 9147, "5.11"},
    {"DTLS-17", "A second handshake on one path", 8842, "5.1"},
    {"DTLS-18", "Properties of a certificate", 8827, "6.5"},
    {"DTLS-20", "The handshake ended before the answer was delivered", 8842, "5.2"},
    {"DTLS-21", "The handshake is bound to another tls-id or identity", 8844, "3.2"},
    {"DTLS-22", "The protocol c-webrtc, which promises confidentiality, was negotiated", 8833, "3"},
    {"DTLS-23", "Nonces of AES-GCM are repeated", 5288, "3"},
    {"DTLS-24", "Data came before the handshake was done", 8827, "6.5"},
    {"DTLS-25", "A heartbeat asks for more than it brought", 6520, "4"},
    {"DTLS-26", "A bare public key stands in place of a certificate", 8122, "5"},
    {"ICE-01", "A connectivity check validates: its flow belongs to that description", 8445, "7.2.2"},
    {"ICE-02", "No announced password validates a connectivity check", 8489, "14.5"},
    {"ICE-03", "No description announced the user names of a live flow", 8445, "7.3"},
    {"ICE-04", "An end of the association's path was not announced", 8445, "7.3.1.3"},
    {"ICE-05", "DTLS or media came before consent by a connectivity check", 8827, "6.3"},
    {"ICE-06", "A side went on sending after consent had ended", 7675, "5.1"},
    {"ICE-07", "Connectivity checks went to many targets that stay silent", 8445, "19.5.1"},
    {"ICE-08", "One connectivity check came from two sources", 8445, "19.2"},
    {"ICE-09", "ICE was restarted under the same certificate", 8842, "4"},
    {"ICE-10", "Both sides are ICE-lite", 8835, "3.4"},
    {"INJ-01", "Handshake messages or hellos that belong to no handshake", 6347, "4.2.2"},
    {"INJ-02", "Bytes of a connection were sent twice with different content", 9293, "3.4"},
    {"INJ-03", "A copy of a description between hosts of no flow of the call", 8827, "9.1"},
    {"INJ-04", "A bound that only a flood reaches", 0, ""},
    {"RTP-01", "Media is in clear", 8827, "6.5"},
    {"RTP-02", "Media is encrypted, and its key agreement is not in the capture", 5764, "3"},
    {"RTP-03", "Media came before its handshake was answered", 5764, "5.1"},
    {"RTP-04", "RTP came from an address that never did a connectivity check", 8445, "12.1"},
    {"RTP-05", "A port sends media to such an address", 8445, "12.1"},
    {"RTP-06", "One keystream was used twice", 3711, "9.1"},
    {"RTP-07", "One stream stands under two encryptions: an intermediary decrypts it", 5764, "6"},
    {"RTP-08", "Packets carry no valid tag of the association's keys", 3711, "3.3"},
    {"RTP-09", "The audio level of speakers stands in clear", 8834, "5.2.2"},
    {"RTP-10", "Two calls share a CNAME, so that they can be linked", 8834, "4.9"},
    {"RTP-11", "Something unknown came on the path of a call", 7983, "7"},
    {"RTP-12", "More packets than one key may protect", 3711, "9.2"},
    {"RTP-13", "The sizes of speech packets vary with what is said", 6562, ""},
    {"RTP-14", "Authentic packets came again later", 3711, "3.3.2"},
    {"RTP-15", "Media is protected otherwise than the handshake agreed", 5764, "4.2"},
    {"RTP-16", "The same speech goes out under another encryption than it came in", 6464, "3"},
    {"SDP-01", "An active section with DTLS has no fingerprint", 8827, "6.5"},
    {"SDP-02", "A fingerprint cannot be used", 8122, "5"},
    {"SDP-03", "Sections of one description announce different certificates", 8829, "5.2.1"},
    {"SDP-04", "Hash functions are listed unevenly, so that receivers may decide differently", 8122, "5.1"},
    {"SDP-05", "A stronger hash function was taken out of the fingerprints", 8122, "5"},
    {"SDP-06", "The DTLS roles of offer and answer do not fit", 8842, "5.2"},
    {"SDP-07", "The tls-id is not used as it must be", 8842, "4"},
    {"SDP-08", "The answer accepts media without encryption", 8827, "6.5"},
    {"SDP-09", "ICE credentials are too short, contradictory, or those of another party", 8839, "5.4"},
    {"SDP-10", "The text of a description changed and its version did not", 3264, "8"},
    {"SDP-11", "Addresses of hosts are told to the other party", 8839, "9.1"},
    {"SDP-12", "An author announced another certificate within the session", 8842, "3.1"},
    {"SDP-13", "RTP and RTCP are not multiplexed", 5761, "5.1.1"},
    {"SDP-14", "An answer does not fit its offer", 3264, "6"},
    {"SDP-15", "The default address is none of the candidates", 8839, "4.2.5"},
    {"SDP-16", "One certificate is announced in several calls, so that they can be linked", 8827, "6.5"},
    {"SIG-01", "Signalling is not protected: whoever is on its path can replace the fingerprints", 8827, "9.1"},
    {"SIG-02", "The signalling connection negotiated a version or suite of TLS that is forbidden", 8996, "4"},
    {"SIG-03", "A credential of the signalling travels unprotected", 8839, "9.2"},
    {"SIG-04", "Whether a credential is visible in the requests to the signalling server", 9725, "4.7"},
    {"SIG-05", "WHIP or WHEP goes over plain HTTP", 9725, "5"},
    {"SIG-06", "Keys of media stand in a session description", 8827, "6.5"},
    {"SIG-07", "An identity assertion: whether its fingerprints are those of the description", 8827, "7.4.1"},
    {"SIG-08", "One description has two fingerprints on the two sides of one hop", 8839, "9.2"},
    {"SIG-09", "Personal data travels in unprotected signalling or in a push message", 0, ""},
    {"SIG-10", "Header fields of the page deny what the call needs", 0, ""},
    {"SIG-11", "The browser or stack and its version, by its own word", 9110, "10.1.5"},
    {"SUBST-01", "A description has another fingerprint on another leg", 8827, "9.1"},
    {"SUBST-02", "The substitute's certificate is in use", 8827, "9.1"},
    {"SUBST-03", "A certificate is none of those expected of this party", 0, ""},
    {"TOP-02", "Encryption ends at an intermediary", 5764, "6"},
    {"TOP-04", "One offer has several answerers", 5763, "6.3"},
    {"TOP-05", "Who spoke with whom, when and how", 0, ""},
    {"TURN-01", "A relay grants allocations without authentication", 8656, "7.2"},
    {"TURN-02", "A relay grants a way to an internal address", 8656, "21.1.4"},
    {"TURN-03", "A user name at a relay names a person, or the relay names its software", 8656, "21.1.6"},
    {"TURN-04", "A credential of a relay was used by others, or after its end", 8656, "5"},
    {"TURN-05", "A relay is used for something else than this call", 8656, "5"},
    {"TURN-06", "A relay learned a private address that the description hides", 0, ""},
    {"TURN-07", "The association goes over a relay", 0, ""},
    {"TURN-08", "A tunnel goes through a relay", 8827, "4.2"},
    {"TURN-09", "Servers answer a host that asked nothing", 8489, "16.1.2"},
    {"UKS-01", "Two clients announce one certificate at the same time", 8844, "2"},
    {"WIT-01", "A file has another fingerprint of what a party gave or was given", 0, ""},
    {"WIT-02", "One end was shown another certificate than the other says it has", 0, ""},
    {"WIT-03", "A file is broken, or fits no call of this capture", 0, ""},
    {"WIT-04", "Files of two parties agree on their fingerprints", 0, ""},
};

static int compare(const void *id, const void *name)
{
    return strcmp(id, ((const wr_check_name *)name)->id);
}

const wr_check_name *wr_check_name_of(const char *id)
{
    return bsearch(id, names, G_N_ELEMENTS(names), sizeof *names, compare);
}

char *wr_check_link(const wr_check_name *name)
{
    if (name->rfc == 0)
        return NULL;
    return g_strdup_printf("https://www.rfc-editor.org/rfc/rfc%u%s%s", name->rfc,
                           *name->section != '\0' ? "#section-" : "", name->section);
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
