/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of docs/checks.md by name, in a few words each. */
#include "report/check_words.h"

#include <stdlib.h>
#include <string.h>

#define CHAT  (1u << WR_CHAT)
#define NOTE  (1u << WR_NOTE)
#define WARN  (1u << WR_WARN)
#define ERROR (1u << WR_ERROR)

static const wr_check_words words[] = {
    /* in the order of their names */
    {"CAP-01", NOTE, "Media was under way when the capture began"},
    {"CAP-02", NOTE, "Only one direction is in this capture"},
    {"CAP-03", CHAT, "One handshake on several paths, counted once"},
    {"CAP-04", NOTE, "A description was cut by the capture"},
    {"CAP-05", CHAT, "What key logs opened"},
    {"CAP-06", NOTE, "An endpoint's statistics contradict the capture"},
    {"CAP-07", NOTE, "A key log is broken or contradicts itself"},
    {"CAP-08", NOTE, "Segments were captured in the wrong order"},
    {"DC-01", ERROR, "Data channels without DTLS"},
    {"DC-02", NOTE, "Agreed data channels without a handshake"},
    {"DC-03", NOTE, "SCTP names IP addresses"},
    {"DC-04", NOTE, "A data channel with a number of the other side"},
    {"DTLS-01", NOTE | WARN | ERROR, "The server's certificate is not the one announced"},
    {"DTLS-02", NOTE | WARN | ERROR, "The client's certificate is not the one announced"},
    {"DTLS-03", NOTE | ERROR, "One side showed no certificate"},
    {"DTLS-04", CHAT, "DTLS 1.3: certificates are encrypted, and were not compared"},
    {"DTLS-05", CHAT | NOTE, "The handshake is not whole in this capture, or was not completed"},
    {"DTLS-06", CHAT | NOTE, "Resumed: identity rests on an earlier handshake"},
    {"DTLS-07", NOTE | ERROR, "What the verifying side did after a mismatch"},
    {"DTLS-08", CHAT | NOTE, "Whether the server holds its certificate's key"},
    {"DTLS-09", WARN | ERROR, "An outdated DTLS version, or one forced down"},
    {"DTLS-10", NOTE | WARN | ERROR, "A weak cipher suite"},
    {"DTLS-11", NOTE | WARN | ERROR, "SRTP profile is missing or weak"},
    {"DTLS-12", NOTE | ERROR, "The server chose what the client had not offered"},
    {"DTLS-13", NOTE, "No extended master secret"},
    {"DTLS-14", NOTE | WARN, "The handshake came from the side that should have waited"},
    {"DTLS-15", NOTE | WARN, "Renegotiation"},
    {"DTLS-16", NOTE | WARN | ERROR, "A ClientHello from an address that did no ICE checks"},
    {"DTLS-17", CHAT | NOTE, "A second completed handshake on one path"},
    {"DTLS-18", CHAT | NOTE | WARN, "Properties of a certificate"},
    {"DTLS-20", CHAT | NOTE, "The handshake was over before the answer was delivered"},
    {"DTLS-21", WARN | ERROR, "The handshake is bound to another session (unknown key-share)"},
    {"DTLS-22", CHAT | WARN, "Confidentiality by ALPN (c-webrtc)"},
    {"DTLS-23", NOTE | ERROR, "Nonces of AES-GCM are repeated or drawn at random"},
    {"DTLS-24", NOTE, "Data before the handshake was done"},
    {"DTLS-25", ERROR, "A heartbeat asks for more than it brought (Heartbleed)"},
    {"DTLS-26", WARN, "A bare public key in place of a certificate"},
    {"ICE-01", CHAT, "The flow belongs to a description, by its ICE checks"},
    {"ICE-02", NOTE | WARN, "ICE checks validate with none of the announced passwords"},
    {"ICE-03", NOTE, "A flow whose ICE user names nobody announced"},
    {"ICE-04", CHAT | NOTE | WARN, "An end of the path was not announced"},
    {"ICE-05", NOTE | WARN, "DTLS or media before ICE gave consent"},
    {"ICE-06", NOTE | WARN, "Sending went on after consent had ended"},
    {"ICE-07", NOTE, "Many silent targets of ICE checks"},
    {"ICE-08", CHAT | NOTE, "One ICE check came from two sources"},
    {"ICE-09", CHAT | NOTE, "ICE restart"},
    {"ICE-10", NOTE, "Both sides are ICE-lite"},
    {"INJ-01", NOTE, "Handshake messages that belong to nothing: put in, or damaged"},
    {"INJ-02", NOTE, "Two contents of the same bytes of a TCP stream"},
    {"INJ-03", NOTE, "A copy of a description between hosts that take no part in the call"},
    {"INJ-04", NOTE, "A bound was reached that only a flood reaches"},
    {"RTP-01", NOTE | ERROR, "Media in clear"},
    {"RTP-02", NOTE, "Encrypted media whose key agreement is not in the capture"},
    {"RTP-03", NOTE, "Media before its handshake was answered"},
    {"RTP-04", WARN | ERROR, "RTP from an address that did no ICE checks (injection)"},
    {"RTP-05", ERROR, "The port sent to an address that did no ICE checks (RTP bleed)"},
    {"RTP-06", NOTE | ERROR, "The same keystream was used twice"},
    {"RTP-07", NOTE, "Media was decrypted and encrypted anew on its way"},
    {"RTP-08", NOTE, "Packets whose tags do not validate"},
    {"RTP-09", NOTE, "Audio levels of speakers are readable"},
    {"RTP-10", NOTE, "Two calls share an RTCP CNAME: they can be linked"},
    {"RTP-11", NOTE, "Packets of an unknown kind on a media path"},
    {"RTP-12", NOTE, "More packets under one handshake than its keys are good for"},
    {"RTP-13", CHAT, "Packet sizes vary with what is said"},
    {"RTP-14", NOTE, "Media packets came again later"},
    {"RTP-15", NOTE, "Media is protected otherwise than the handshake chose"},
    {"RTP-16", NOTE, "What leaves a host sounds like what came to it"},
    {"SDP-01", ERROR, "A description for DTLS has no fingerprint"},
    {"SDP-02", CHAT | WARN | ERROR, "A fingerprint that cannot be used"},
    {"SDP-03", NOTE | WARN, "Sections of one description announce different certificates"},
    {"SDP-04", NOTE, "Hash functions are listed unevenly"},
    {"SDP-05", NOTE | WARN | ERROR, "Hash functions were downgraded, or are weak"},
    {"SDP-06", CHAT | WARN | ERROR, "DTLS roles of offer and answer do not fit"},
    {"SDP-07", NOTE | WARN, "tls-id is used against its rules"},
    {"SDP-08", ERROR, "The answer accepts media without any keys"},
    {"SDP-09", WARN | ERROR, "ICE credentials are too short, contradictory or of another party"},
    {"SDP-10", NOTE, "The description changed, and its version did not"},
    {"SDP-11", NOTE, "Local or global addresses are told to the other party"},
    {"SDP-12", CHAT | NOTE | WARN | ERROR, "The same author announced another certificate"},
    {"SDP-13", CHAT, "No rtcp-mux: two handshakes are to be expected"},
    {"SDP-14", NOTE, "An answer does not fit its offer"},
    {"SDP-15", NOTE | WARN, "The default address is none of the candidates"},
    {"SDP-16", CHAT, "One certificate in several calls: they can be linked"},
    {"SIG-01", NOTE | WARN | ERROR, "Signalling is not protected: fingerprints and ICE passwords in clear"},
    {"SIG-02", WARN | ERROR, "Signalling by an outdated TLS version or a weak suite"},
    {"SIG-03", NOTE | WARN, "A credential travels unprotected"},
    {"SIG-04", CHAT | NOTE, "Credentials in requests to the signalling server"},
    {"SIG-05", NOTE | ERROR, "WHIP or WHEP without HTTPS"},
    {"SIG-06", NOTE | WARN | ERROR, "Media keys stand in the signalling (SDES)"},
    {"SIG-07", CHAT | WARN | ERROR, "Identity assertion"},
    {"SIG-08", NOTE | ERROR, "One description with two fingerprints on the same hop"},
    {"SIG-09", NOTE, "Personal identifiers in unprotected signalling or push messages"},
    {"SIG-10", CHAT | NOTE, "The page's policy forbids camera, microphone, WebRTC or the signalling host"},
    {"SIG-11", CHAT | WARN, "Browser or stack, by its own words"},
    {"SUBST-01", CHAT | WARN | ERROR, "A fingerprint was replaced on its way"},
    {"SUBST-02", CHAT | ERROR, "The substituted certificate is in use"},
    {"SUBST-03", ERROR, "A certificate is none of those expected of this party"},
    {"TOP-02", CHAT | NOTE | WARN, "Encryption ends at something in between"},
    {"TOP-04", CHAT, "One offer, several answerers"},
    {"TURN-01", WARN | ERROR, "A relay grants allocations without authentication"},
    {"TURN-02", NOTE | WARN | ERROR, "A relay reaches internal addresses"},
    {"TURN-03", CHAT | NOTE, "What a relay's user name or software tells"},
    {"TURN-04", NOTE | WARN | ERROR, "Expired, shared or changed credentials at a relay"},
    {"TURN-05", NOTE | WARN, "Unusual use of a relay"},
    {"TURN-06", CHAT, "A relay learned an address that .local names hide"},
    {"TURN-07", CHAT, "The call goes through a relay"},
    {"TURN-08", NOTE | WARN | ERROR, "A tunnel through a relay"},
    {"TURN-09", WARN, "Answers of STUN or TURN servers that nobody asked for"},
    {"UKS-01", NOTE | WARN, "Two clients announce one certificate"},
    {"WIT-01", WARN, "A file contradicts another, or the signalling, on a fingerprint"},
    {"WIT-02", ERROR, "By its statistics one end was shown another certificate"},
    {"WIT-03", NOTE, "A file is broken, or fits no call"},
    {"WIT-04", CHAT, "The files of two parties agree"},
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
