/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of TLS numbers, spot checked against the IANA registries.
 */
#include "dtls/dtls.h"

static void suites_have_their_registered_names(void)
{
    g_assert_cmpstr(wr_tls_suite_name(0xc02b), ==, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    g_assert_cmpstr(wr_tls_suite_name(0xcca9), ==, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    g_assert_cmpstr(wr_tls_suite_name(0x1301), ==, "TLS_AES_128_GCM_SHA256");
    g_assert_cmpstr(wr_tls_suite_name(0x0000), ==, "TLS_NULL_WITH_NULL_NULL");
    g_assert_cmpstr(wr_tls_suite_name(0x00ff), ==, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
    g_assert_cmpstr(wr_tls_suite_name(0xd005), ==, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256");
    g_assert_null(wr_tls_suite_name(0x0a0a)); /* GREASE */
    g_assert_null(wr_tls_suite_name(0xffff));
}

/* The table is searched by halving, which finds every row only when it is in order. */
static void every_name_is_found_once(void)
{
    unsigned found = 0;

    for (unsigned i = 0; i <= 0xffff; i++) {
        const char *name = wr_tls_suite_name((uint16_t)i);
        if (name != NULL) {
            found++;
            g_assert_true(g_str_has_prefix(name, "TLS_"));
        }
    }
    g_assert_cmpuint(found, >, 300);
}

static void suites_without_encryption(void)
{
    static const uint16_t null[] = {0x0000, 0x0001, 0x003b, 0x002c, 0xc006, 0xc0b4, 0xc0b5};
    static const uint16_t sound[] = {0xc02b, 0x1301, 0x002f, 0xc013, 0xcca8, 0x00ff,
                                     0x5600, 0x0a0a, 0x00a8, 0x0018, 0xc018};

    for (size_t i = 0; i < G_N_ELEMENTS(null); i++)
        g_assert_true(wr_tls_suite_is_null(null[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(sound); i++)
        g_assert_false(wr_tls_suite_is_null(sound[i]));
}

static void what_suites_authenticate_by(void)
{
    static const struct {
        uint16_t suite;
        wr_suite_authentication by;
        bool forward_secrecy;
        unsigned overhead;
    } suites[] = {
        {0xc02b, WR_SUITE_CERTIFICATE, true, 24},          /* ECDHE_ECDSA, GCM */
        {0xcca8, WR_SUITE_CERTIFICATE, true, 16},          /* ECDHE_RSA, ChaCha20 */
        {0xc0ae, WR_SUITE_CERTIFICATE, true, 16},          /* ECDHE_ECDSA, CCM_8 */
        {0x002f, WR_SUITE_CERTIFICATE, false, 0},          /* RSA, CBC */
        {0xc004, WR_SUITE_CERTIFICATE, false, 0},          /* ECDH_ECDSA */
        {0x00a6, WR_SUITE_ANONYMOUS, true, 24},            /* DH_anon */
        {0xc018, WR_SUITE_ANONYMOUS, true, 0},             /* ECDH_anon */
        {0x00a8, WR_SUITE_PRE_SHARED_KEY, false, 24},      /* PSK */
        {0x00aa, WR_SUITE_PRE_SHARED_KEY, true, 24},       /* DHE_PSK */
        {0x00ac, WR_SUITE_KEY_AND_CERTIFICATE, false, 24}, /* RSA_PSK */
        {0xc01d, WR_SUITE_PASSWORD, true, 0},              /* SRP_SHA */
        {0xc01e, WR_SUITE_KEY_AND_CERTIFICATE, true, 0},   /* SRP_SHA_RSA */
        {0xc0ff, WR_SUITE_PASSWORD, true, 16},             /* ECJPAKE, CCM_8 */
        {0x5600, WR_SUITE_CERTIFICATE, true, 0},           /* none at all */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        g_assert_cmpint(wr_tls_suite_authentication(suites[i].suite), ==, suites[i].by);
        g_assert_cmpint(wr_tls_suite_has_forward_secrecy(suites[i].suite), ==, suites[i].forward_secrecy);
        g_assert_cmpuint(wr_tls_suite_overhead(suites[i].suite), ==, suites[i].overhead);
    }
}

static void srtp_profiles(void)
{
    g_assert_cmpstr(wr_srtp_profile_name(1), ==, "SRTP_AES128_CM_HMAC_SHA1_80");
    g_assert_cmpstr(wr_srtp_profile_name(7), ==, "SRTP_AEAD_AES_128_GCM");
    g_assert_cmpstr(wr_srtp_profile_name(8), ==, "SRTP_AEAD_AES_256_GCM");
    g_assert_null(wr_srtp_profile_name(0x1234));
    for (unsigned i = 0; i < 0x20; i++)
        g_assert_cmpint(wr_srtp_profile_is_null((uint16_t)i), ==, i == 5 || i == 6);
}

static void versions_alerts_and_messages(void)
{
    g_assert_cmpstr(wr_dtls_version_name(0xfeff), ==, "DTLS 1.0");
    g_assert_cmpstr(wr_dtls_version_name(0xfefd), ==, "DTLS 1.2");
    g_assert_cmpstr(wr_dtls_version_name(0xfefc), ==, "DTLS 1.3");
    g_assert_nonnull(wr_dtls_version_name(0x0303));
    g_assert_cmpstr(wr_tls_alert_name(42), ==, "bad_certificate");
    g_assert_cmpstr(wr_tls_alert_name(46), ==, "certificate_unknown");
    g_assert_cmpstr(wr_tls_alert_name(48), ==, "unknown_ca");
    g_assert_null(wr_tls_alert_name(200));
    g_assert_cmpstr(wr_tls_handshake_name(11), ==, "Certificate");
    g_assert_null(wr_tls_handshake_name(99));
    for (int kind = WR_DTLS_CLIENT_HELLO; kind <= WR_DTLS_ACK; kind++)
        g_assert_cmpstr(wr_dtls_kind_name((wr_dtls_kind)kind), !=, "unknown");
    g_assert_cmpstr(wr_dtls_kind_name((wr_dtls_kind)1000), ==, "unknown");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tls_names/suites-have-their-registered-names", suites_have_their_registered_names);
    g_test_add_func("/tls_names/every-name-is-found-once", every_name_is_found_once);
    g_test_add_func("/tls_names/suites-without-encryption", suites_without_encryption);
    g_test_add_func("/tls_names/what-suites-authenticate-by", what_suites_authenticate_by);
    g_test_add_func("/tls_names/srtp-profiles", srtp_profiles);
    g_test_add_func("/tls_names/versions-alerts-and-messages", versions_alerts_and_messages);
    return g_test_run();
}
