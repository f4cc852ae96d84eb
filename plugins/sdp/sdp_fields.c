/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields, subtrees and expert infos of webrtc_sdp. */
#include "sdp_fields.h"

/* clang-format off */
wr_sdp_hf_ids wr_sdp_hf;
wr_sdp_ett_ids wr_sdp_ett;
wr_sdp_ei_ids wr_sdp_ei;

/* The table of fields: one a line, so that they can be read as one. */
#define FIELD(member, name, abbrev, type, display, blurb)                                                              \
    {                                                                                                                  \
        &wr_sdp_hf.member,                                                                                             \
        {                                                                                                              \
            name, "webrtc_sdp." abbrev, type, display, NULL, 0x0, blurb, HFILL                                         \
        }                                                                                                              \
    }

static hf_register_info fields[] = {
    FIELD(kind, "Kind", "kind", FT_STRING, BASE_NONE, "offer, answer, pranswer, fragment or candidate"),
    FIELD(dialect, "Dialect", "dialect", FT_STRING, BASE_NONE, "Signalling dialect that carried the description"),
    FIELD(carrier, "Carrier", "carrier", FT_STRING, BASE_NONE, "Protocol that carried the description"),
    FIELD(direction, "Direction", "direction", FT_STRING, BASE_NONE,
          "Emitted by the client end of the signalling connection, or delivered to it"),
    FIELD(protected_transport, "Protected transport", "protected", FT_BOOLEAN, BASE_NONE,
          "TLS, QUIC or DTLS lies beneath the signalling"),
    FIELD(path, "Path", "path", FT_STRING, BASE_NONE, "JSON path of the description in the signalling message"),
    FIELD(call, "Call", "call", FT_STRING, BASE_NONE, "What the signalling calls the call: SIP Call-ID, WHIP resource"),
    FIELD(from, "From", "from", FT_STRING, BASE_NONE, "Who sent the description, as the signalling names it"),
    FIELD(to, "To", "to", FT_STRING, BASE_NONE, "Whom the description is for, as the signalling names it"),
    FIELD(server, "Server", "server", FT_STRING, BASE_NONE, "Host that the HTTP request was sent to"),
    FIELD(user_agent, "User agent", "user_agent", FT_STRING, BASE_NONE, "User-Agent of the HTTP or SIP message"),
    FIELD(fragment, "Fragment", "fragment", FT_BOOLEAN, BASE_NONE,
          "Part of a description (RFC 8840): it has no v= line"),
    FIELD(truncated, "Truncated", "truncated", FT_BOOLEAN, BASE_NONE,
          "The capture holds only the beginning of the text"),
    FIELD(origin, "Origin", "origin", FT_STRING, BASE_NONE, "The o= line (RFC 8866 5.2)"),
    FIELD(sess_id, "Session id", "origin.sess_id", FT_STRING, BASE_NONE, "Session id in the o= line"),
    FIELD(sess_version, "Session version", "origin.sess_version", FT_UINT64, BASE_DEC,
          "Session version in the o= line"),
    FIELD(ice_lite, "ICE lite", "ice_lite", FT_BOOLEAN, BASE_NONE, "The author is an ICE lite agent (RFC 8445 2.5)"),
    FIELD(bundle, "BUNDLE group", "bundle", FT_STRING, BASE_NONE, "Mids of the first BUNDLE group (RFC 9143)"),
    FIELD(canonical_hash, "Canonical hash", "canonical_hash", FT_BYTES, BASE_NONE,
          "SHA-256 of the canonical form: equal for copies of one description"),
    FIELD(body_hash, "Body hash", "body_hash", FT_BYTES, BASE_NONE,
          "SHA-256 of the canonical form without the o= line and without fingerprint, setup, tls-id and ICE lines"),
    FIELD(section, "Section", "section", FT_UINT32, BASE_DEC, "Number of the m-section, from 0"),
    FIELD(media, "Media", "media", FT_STRING, BASE_NONE, "Media type of the section"),
    FIELD(port, "Port", "port", FT_UINT16, BASE_DEC, "Port in the m= line"),
    FIELD(proto, "Transport protocol", "proto", FT_STRING, BASE_NONE, "Transport protocol in the m= line"),
    FIELD(mid, "Mid", "mid", FT_STRING, BASE_NONE, "Identification of the section (RFC 5888)"),
    FIELD(msid, "Msid", "msid", FT_STRING, BASE_NONE, "Media stream identification (RFC 8830)"),
    FIELD(ssrc, "SSRC", "ssrc", FT_UINT32, BASE_HEX, "First SSRC of the section (RFC 5576)"),
    FIELD(bundle_only, "Bundle-only", "bundle_only", FT_BOOLEAN, BASE_NONE,
          "The section is accepted only within the BUNDLE group (RFC 9143 6)"),
    FIELD(disabled, "Disabled", "disabled", FT_BOOLEAN, BASE_NONE, "The section is disabled or rejected (port 0)"),
    FIELD(tagged, "Decides for BUNDLE", "tagged", FT_BOOLEAN, BASE_NONE,
          "The transport attributes of this section hold for the BUNDLE group, as far as this description alone tells"),
    FIELD(rtcp_mux, "RTCP multiplexed", "rtcp_mux", FT_BOOLEAN, BASE_NONE,
          "RTP and RTCP share one transport (RFC 5761)"),
    FIELD(connection, "Connection", "connection", FT_STRING, BASE_NONE,
          "Address of the c= line that holds for the section"),
    FIELD(fingerprint, "Fingerprint", "fingerprint", FT_STRING, BASE_NONE, "Certificate fingerprint (RFC 8122 5)"),
    FIELD(fingerprint_hash, "Hash function", "fingerprint.hash", FT_STRING, BASE_NONE,
          "Hash function of the fingerprint"),
    FIELD(setup, "Setup", "setup", FT_STRING, BASE_NONE, "DTLS role (RFC 4145, RFC 8842)"),
    FIELD(ice_ufrag, "ICE user name fragment", "ice_ufrag", FT_STRING, BASE_NONE,
          "ICE user name fragment (RFC 8839 5.4)"),
    FIELD(ice_pwd, "ICE password", "ice_pwd", FT_STRING, BASE_NONE, "ICE password (RFC 8839 5.4)"),
    FIELD(tls_id, "TLS id", "tls_id", FT_STRING, BASE_NONE, "Identification of the DTLS association (RFC 8842 4)"),
    FIELD(crypto, "Crypto", "crypto", FT_STRING, BASE_NONE, "SDES: media key in the description (RFC 4568)"),
    FIELD(identity, "Identity assertion", "identity", FT_BOOLEAN, BASE_NONE,
          "An identity assertion is present (RFC 8827 5)"),
    FIELD(key, "Key", "key", FT_STRING, BASE_NONE,
          "Media key or key management in the description (k= line, RFC 4567)"),
    FIELD(candidate, "Candidate", "candidate", FT_STRING, BASE_NONE, "ICE candidate (RFC 8839 5.1)"),
    FIELD(candidate_type, "Type", "candidate.type", FT_STRING, BASE_NONE, "host, srflx, prflx or relay"),
    FIELD(candidate_address, "Address", "candidate.address", FT_STRING, BASE_NONE,
          "Address or host name of the candidate"),
    FIELD(candidate_port, "Port", "candidate.port", FT_UINT16, BASE_DEC, "Port of the candidate"),
    FIELD(candidate_transport, "Transport", "candidate.transport", FT_STRING, BASE_NONE, "udp or tcp"),
    FIELD(candidate_component, "Component", "candidate.component", FT_UINT32, BASE_DEC, "1 RTP or all, 2 RTCP"),
    FIELD(candidate_ufrag, "User name fragment", "candidate.ufrag", FT_STRING, BASE_NONE,
          "ICE user name fragment that the candidate belongs to"),
    FIELD(candidate_related, "Related address", "candidate.related", FT_STRING, BASE_NONE,
          "Address behind a reflexive or relayed candidate"),
    FIELD(end_of_candidates, "End of candidates", "end_of_candidates", FT_BOOLEAN, BASE_NONE,
          "No more candidates will follow (RFC 8838)"),
    FIELD(problem, "Problem", "problem", FT_STRING, BASE_NONE, "A line that is wrong or remarkable"),
};

static ei_register_info expert_infos[] = {
    {&wr_sdp_ei.malformed, {"webrtc_sdp.malformed", PI_MALFORMED, PI_WARN,
      "A line of the session description cannot be read", EXPFILL}},
    {&wr_sdp_ei.limit, {"webrtc_sdp.limit", PI_UNDECODED, PI_WARN,
      "A bound was reached: something of the session description was left out", EXPFILL}},
    {&wr_sdp_ei.truncated, {"webrtc_sdp.truncated.warning", PI_UNDECODED, PI_WARN,
      "The capture holds only the beginning of the session description", EXPFILL}},
    {&wr_sdp_ei.fingerprint_malformed, {"webrtc_sdp.fingerprint.malformed", PI_MALFORMED, PI_WARN,
      "Fingerprint line unusable", EXPFILL}},
    {&wr_sdp_ei.fingerprint_form, {"webrtc_sdp.fingerprint.form", PI_PROTOCOL, PI_CHAT,
      "Fingerprint not written as RFC 8122 wants it", EXPFILL}},
    {&wr_sdp_ei.crypto, {"webrtc_sdp.crypto.key", PI_SECURITY, PI_WARN,
      "Media keys stand in the description (SDES): who reads the signalling can decrypt the media", EXPFILL}},
    {&wr_sdp_ei.key, {"webrtc_sdp.key.present", PI_SECURITY, PI_WARN,
      "A media key stands in the description", EXPFILL}},
};
/* clang-format on */

void wr_sdp_register_fields(int proto)
{
    static int *subtrees[] = {
        &wr_sdp_ett.top, &wr_sdp_ett.section, &wr_sdp_ett.fingerprint, &wr_sdp_ett.candidates, &wr_sdp_ett.candidate,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        *fields[i].p_id = -1;
    for (size_t i = 0; i < G_N_ELEMENTS(subtrees); i++)
        *subtrees[i] = -1;
    for (size_t i = 0; i < G_N_ELEMENTS(expert_infos); i++)
        *expert_infos[i].ids = (expert_field)EI_INIT;
    proto_register_field_array(proto, fields, G_N_ELEMENTS(fields));
    proto_register_subtree_array(subtrees, G_N_ELEMENTS(subtrees));
    expert_register_field_array(expert_register_protocol(proto), expert_infos, G_N_ELEMENTS(expert_infos));
}
