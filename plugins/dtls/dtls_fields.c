/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields and expert infos of the plugin webrtc_dtls. */
#include "dtls_plugin.h"

int wr_dtls_hf[WR_F_COUNT];
int wr_dtls_ett = -1, wr_dtls_ett_event = -1, wr_dtls_ett_certificate = -1;
expert_field wr_dtls_ei_malformed = EI_INIT, wr_dtls_ei_security = EI_INIT, wr_dtls_ei_cut = EI_INIT,
             wr_dtls_ei_restarted = EI_INIT, wr_dtls_ei_encrypted = EI_INIT, wr_dtls_ei_unread = EI_INIT,
             wr_dtls_ei_limit = EI_INIT;

#define FIELD(id, name, abbrev, type, base, strings, blurb)                                                            \
    {                                                                                                                  \
        &wr_dtls_hf[id],                                                                                               \
        {                                                                                                              \
            name, "webrtc_dtls." abbrev, type, base, strings, 0x0, blurb, HFILL                                        \
        }                                                                                                              \
    }
#define TEXT(id, name, abbrev, blurb)   FIELD(id, name, abbrev, FT_STRING, BASE_NONE, NULL, blurb)
#define BYTES(id, name, abbrev, blurb)  FIELD(id, name, abbrev, FT_BYTES, BASE_NONE, NULL, blurb)
#define FLAG(id, name, abbrev, blurb)   FIELD(id, name, abbrev, FT_BOOLEAN, BASE_NONE, NULL, blurb)
#define NUMBER(id, name, abbrev, blurb) FIELD(id, name, abbrev, FT_UINT32, BASE_DEC, NULL, blurb)
#define HEX(id, name, abbrev, blurb)    FIELD(id, name, abbrev, FT_UINT16, BASE_HEX, NULL, blurb)

static hf_register_info messages[] = {
    TEXT(WR_F_MESSAGE, "Message", "message", "What the record or handshake message is"),
    TEXT(WR_F_VERSION, "Version", "version",
         "The version the server chose: supported_versions where present, else that of the Server Hello"),
    TEXT(WR_F_OFFERED_VERSION, "Highest version offered", "version.offered", "The highest version the client offers"),
    HEX(WR_F_RECORD_VERSION, "Record version", "record.version",
        "Version field of the record header, which says little: 1.3 records carry that of 1.2"),
    NUMBER(WR_F_EPOCH, "Epoch", "record.epoch", "Epoch of the record; its lowest two bits for DTLS 1.3 records"),
    NUMBER(WR_F_MESSAGE_SEQ, "Message number", "handshake.message_seq", "message_seq of the handshake message"),
    NUMBER(WR_F_HANDSHAKE_TYPE, "Handshake type", "handshake.type", "Type of the handshake message"),
    NUMBER(WR_F_MESSAGE_LENGTH, "Message length", "handshake.length", "Length of the whole handshake message"),
    NUMBER(WR_F_FRAGMENT_OFFSET, "Fragment offset", "handshake.fragment_offset",
           "Where this fragment begins in its message"),
    NUMBER(WR_F_FRAGMENT_LENGTH, "Fragment length", "handshake.fragment_length", "Length of this fragment"),
    FLAG(WR_F_RETRANSMISSION, "Retransmission", "retransmission", "The same message was complete before"),
    FLAG(WR_F_DECRYPTED, "Decrypted", "decrypted", "Read from what Wireshark decrypted with a key log"),
    TEXT(WR_F_CARRIAGE, "Carried in", "carriage", "What carried the datagram, when it was not UDP alone"),
    TEXT(WR_F_ALERT_LEVEL, "Alert level", "alert.level", "Level of the alert: warning or fatal"),
    FIELD(WR_F_ALERT, "Alert", "alert", FT_UINT8, BASE_DEC, NULL, "Description of the alert"),
};

static hf_register_info hellos[] = {
    BYTES(WR_F_RANDOM, "Random", "random", "Random of the hello; both together identify the association"),
    BYTES(WR_F_SESSION_ID, "Session id", "session_id", "Session id; repeated by the server when it resumes (DTLS 1.2)"),
    FLAG(WR_F_COOKIE, "Cookie", "cookie", "The hello carries a cookie"),
    HEX(WR_F_SUITE, "Cipher suite", "suite", "Cipher suite the server chose"),
    HEX(WR_F_OFFERED_SUITE, "Cipher suite offered", "suite.offered", "Cipher suite the client offers"),
    NUMBER(WR_F_COMPRESSION, "Compression", "compression", "Compression method the server chose; 0 is none"),
    TEXT(WR_F_PROFILE, "SRTP profile", "srtp_profile", "SRTP protection profile the server chose (use_srtp)"),
    TEXT(WR_F_OFFERED_PROFILE, "SRTP profile offered", "srtp_profile.offered",
         "SRTP protection profile the client offers (use_srtp)"),
    NUMBER(WR_F_MKI_LENGTH, "MKI length", "srtp_mki_length", "Bytes of the SRTP master key identifier in use_srtp"),
    FLAG(WR_F_EMS, "Extended master secret", "extended_master_secret", "Extension extended_master_secret is present"),
    FLAG(WR_F_PSK, "Pre-shared key", "pre_shared_key",
         "Extension pre_shared_key is present: offered, or chosen, resumption in DTLS 1.3"),
    FLAG(WR_F_TICKET, "Session ticket", "session_ticket",
         "The client presents a session ticket, or the server will send one"),
    FLAG(WR_F_DOWNGRADE, "Downgrade sentinel", "downgrade_sentinel",
         "The server's random ends as that of a server that could do a higher version (RFC 8446 4.1.3)"),
    TEXT(WR_F_ALPN, "Application protocol", "alpn", "First protocol of the ALPN extension"),
    TEXT(WR_F_SERVER_NAME, "Server name", "server_name", "Host name of the server_name extension"),
    BYTES(WR_F_EXTERNAL_SESSION_ID, "External session id", "external_session_id",
          "tls-id of the sender's session description (RFC 8844)"),
    BYTES(WR_F_EXTERNAL_ID_HASH, "External identity hash", "external_id_hash",
          "Hash of the sender's identity assertion (RFC 8844)"),
};

static hf_register_info certificates[] = {
    NUMBER(WR_F_CERTIFICATES, "Certificates", "certificates", "Number of certificates in the message"),
    TEXT(WR_F_SHA256, "SHA-256", "certificate.sha256", "Digest of the first certificate as descriptions announce it"),
    TEXT(WR_F_SHA1, "SHA-1", "certificate.sha1", "Digest of the first certificate as descriptions announce it"),
    TEXT(WR_F_SHA224, "SHA-224", "certificate.sha224", "Digest of the first certificate as descriptions announce it"),
    TEXT(WR_F_SHA384, "SHA-384", "certificate.sha384", "Digest of the first certificate as descriptions announce it"),
    TEXT(WR_F_SHA512, "SHA-512", "certificate.sha512", "Digest of the first certificate as descriptions announce it"),
    TEXT(WR_F_SUBJECT, "Subject", "certificate.subject", "Subject of the first certificate"),
    TEXT(WR_F_ISSUER, "Issuer", "certificate.issuer", "Issuer of the first certificate"),
    FLAG(WR_F_SELF_SIGNED, "Self-issued", "certificate.self_issued", "Subject and issuer are the same, as is usual"),
    TEXT(WR_F_KEY, "Key", "certificate.key", "Kind of the public key"),
    NUMBER(WR_F_KEY_BITS, "Key bits", "certificate.key_bits", "Size of the public key"),
    TEXT(WR_F_SIGNATURE, "Signature algorithm", "certificate.signature", "Algorithm that signed the certificate"),
    FIELD(WR_F_NOT_BEFORE, "Not before", "certificate.not_before", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL,
          "Begin of validity"),
    FIELD(WR_F_NOT_AFTER, "Not after", "certificate.not_after", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL,
          "End of validity; in WebRTC of no consequence"),
    TEXT(WR_F_ALT_NAMES, "Alternative names", "certificate.alt_names",
         "DNS names, mail addresses and URIs in the certificate"),
};

static ei_register_info experts[] = {
    {&wr_dtls_ei_malformed, {"webrtc_dtls.malformed", PI_MALFORMED, PI_WARN, "Part of the DTLS is broken", EXPFILL}},
    {&wr_dtls_ei_security, {"webrtc_dtls.unsafe", PI_SECURITY, PI_WARN, "The record shows a weakness", EXPFILL}},
    {&wr_dtls_ei_cut,
     {"webrtc_dtls.cut", PI_UNDECODED, PI_NOTE, "The capture did not store the whole packet", EXPFILL}},
    {&wr_dtls_ei_restarted,
     {"webrtc_dtls.contradiction", PI_SEQUENCE, PI_NOTE, "Fragments of one message contradict each other", EXPFILL}},
    {&wr_dtls_ei_encrypted,
     {"webrtc_dtls.encrypted", PI_DECRYPTION, PI_NOTE,
      "DTLS 1.3: the certificate is encrypted; a key log of either endpoint would show it", EXPFILL}},
    {&wr_dtls_ei_unread, {"webrtc_dtls.unread", PI_UNDECODED, PI_NOTE, "Known, but not read", EXPFILL}},
    {&wr_dtls_ei_limit, {"webrtc_dtls.limit", PI_UNDECODED, PI_WARN, "A bound of this plugin was reached", EXPFILL}},
};

void wr_dtls_register_fields(void)
{
    static int *trees[] = {&wr_dtls_ett, &wr_dtls_ett_event, &wr_dtls_ett_certificate};

    for (int i = 0; i < WR_F_COUNT; i++)
        wr_dtls_hf[i] = -1;
    proto_register_field_array(wr_dtls_proto, messages, array_length(messages));
    proto_register_field_array(wr_dtls_proto, hellos, array_length(hellos));
    proto_register_field_array(wr_dtls_proto, certificates, array_length(certificates));
    proto_register_subtree_array(trees, array_length(trees));
    expert_register_field_array(expert_register_protocol(wr_dtls_proto), experts, array_length(experts));
}
