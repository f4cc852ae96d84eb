/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for the numbers of DTLS: versions, SRTP protection profiles (RFC 5764 4.1.2), alerts (RFC 8446 6), messages.
 */
#include "dtls/dtls.h"

typedef struct {
    uint16_t number;
    const char *name;
} name_row;

static const name_row PROFILES[] = {
    {0x0001, "SRTP_AES128_CM_HMAC_SHA1_80"},
    {0x0002, "SRTP_AES128_CM_HMAC_SHA1_32"},
    {0x0003, "SRTP_AES256_CM_SHA1_80"}, /* never standardised, still offered by old stacks */
    {0x0004, "SRTP_AES256_CM_SHA1_32"},
    {0x0005, "SRTP_NULL_HMAC_SHA1_80"},
    {0x0006, "SRTP_NULL_HMAC_SHA1_32"},
    {0x0007, "SRTP_AEAD_AES_128_GCM"},
    {0x0008, "SRTP_AEAD_AES_256_GCM"},
    {0x0009, "DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM"},
    {0x000a, "DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM"},
    {0x000b, "SRTP_ARIA_128_CTR_HMAC_SHA1_80"},
    {0x000c, "SRTP_ARIA_128_CTR_HMAC_SHA1_32"},
    {0x000d, "SRTP_ARIA_256_CTR_HMAC_SHA1_80"},
    {0x000e, "SRTP_ARIA_256_CTR_HMAC_SHA1_32"},
    {0x000f, "SRTP_AEAD_ARIA_128_GCM"},
    {0x0010, "SRTP_AEAD_ARIA_256_GCM"},
};

static const name_row ALERTS[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {52, "too_many_cids_requested"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
    {121, "ech_required"},
};

static const name_row KINDS[] = {
    {WR_DTLS_CLIENT_HELLO, "Client Hello"},
    {WR_DTLS_SERVER_HELLO, "Server Hello"},
    {WR_DTLS_HELLO_VERIFY_REQUEST, "Hello Verify Request"},
    {WR_DTLS_HELLO_RETRY_REQUEST, "Hello Retry Request"},
    {WR_DTLS_CERTIFICATE, "Certificate"},
    {WR_DTLS_CERTIFICATE_REQUEST, "Certificate Request"},
    {WR_DTLS_SERVER_KEY_EXCHANGE, "Server Key Exchange"},
    {WR_DTLS_CLIENT_KEY_EXCHANGE, "Client Key Exchange"},
    {WR_DTLS_CERTIFICATE_VERIFY, "Certificate Verify"},
    {WR_DTLS_SERVER_HELLO_DONE, "Server Hello Done"},
    {WR_DTLS_ENCRYPTED_EXTENSIONS, "Encrypted Extensions"},
    {WR_DTLS_FINISHED, "Finished"},
    {WR_DTLS_OTHER_HANDSHAKE, "Other Handshake Message"},
    {WR_DTLS_CHANGE_CIPHER_SPEC, "Change Cipher Spec"},
    {WR_DTLS_ALERT, "Alert"},
    {WR_DTLS_ENCRYPTED_HANDSHAKE, "Encrypted Handshake Message"},
    {WR_DTLS_ENCRYPTED_ALERT, "Encrypted Alert"},
    {WR_DTLS_APPLICATION_DATA, "Application Data"},
    {WR_DTLS_ENCRYPTED_RECORD_13, "Encrypted Record (DTLS 1.3)"},
    {WR_DTLS_PROBLEM, "Malformed"},
    {WR_DTLS_FRAGMENT, "Handshake Fragment"},
    {WR_DTLS_HEARTBEAT, "Heartbeat"},
    {WR_DTLS_ACK, "Acknowledgement"},
};

static const name_row HANDSHAKES[] = {
    {0, "Hello Request"},
    {1, "Client Hello"},
    {2, "Server Hello"},
    {3, "Hello Verify Request"},
    {4, "New Session Ticket"},
    {5, "End Of Early Data"},
    {8, "Encrypted Extensions"},
    {9, "Request Connection Id"},
    {10, "New Connection Id"},
    {11, "Certificate"},
    {12, "Server Key Exchange"},
    {13, "Certificate Request"},
    {14, "Server Hello Done"},
    {15, "Certificate Verify"},
    {16, "Client Key Exchange"},
    {20, "Finished"},
    {21, "Certificate URL"},
    {22, "Certificate Status"},
    {23, "Supplemental Data"},
    {24, "Key Update"},
    {25, "Compressed Certificate"},
};

static const char *find_name(const name_row *rows, size_t n, unsigned number)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].number == number)
            return rows[i].name;
    return NULL;
}

const char *wr_dtls_version_name(uint16_t version)
{
    switch (version) {
    case WR_DTLS_1_0:
        return "DTLS 1.0";
    case WR_DTLS_1_2:
        return "DTLS 1.2";
    case WR_DTLS_1_3:
        return "DTLS 1.3";
    case 0x0100:
        return "DTLS 0.9 (OpenSSL pre 0.9.8f)";
    default:
        return "unknown DTLS version";
    }
}

bool wr_dtls_list_has(const uint16_t *list, unsigned n, uint16_t wanted)
{
    for (unsigned i = 0; i < n; i++)
        if (list[i] == wanted)
            return true;
    return false;
}

const char *wr_srtp_profile_name(uint16_t profile)
{
    return find_name(PROFILES, G_N_ELEMENTS(PROFILES), profile);
}

bool wr_srtp_profile_is_null(uint16_t profile)
{
    return profile == 0x0005 || profile == 0x0006;
}

const char *wr_tls_alert_name(uint8_t description)
{
    return find_name(ALERTS, G_N_ELEMENTS(ALERTS), description);
}

const char *wr_dtls_kind_name(wr_dtls_kind kind)
{
    const char *name = find_name(KINDS, G_N_ELEMENTS(KINDS), (unsigned)kind);

    return name != NULL ? name : "unknown";
}

const char *wr_tls_handshake_name(uint8_t type)
{
    return find_name(HANDSHAKES, G_N_ELEMENTS(HANDSHAKES), type);
}
