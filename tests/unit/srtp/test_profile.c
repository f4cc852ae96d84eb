/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys in descriptions (RFC 4568). */
#include "srtp/profile.h"

#include <glib.h>
#include <string.h>

/* RFC 4568 6.1's first example: 30 bytes. */
#define KEY "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"

static const char *parse(const char *text, wr_sdes_key *out)
{
    return wr_sdes_parse(text, strlen(text), out);
}

static void test_good(void)
{
    wr_sdes_key k;

    g_assert_null(parse("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|2^20|1:32", &k));
    g_assert_cmpuint(k.profile->number, ==, 1);
    g_assert_cmpuint(k.tag, ==, 1);
    g_assert_cmpuint(k.mki_length, ==, 32);
    g_assert_cmpmem(k.key, 16, "wDfvg&T+)xG7@fb5", 16);
    g_assert_cmpmem(k.salt, 14, "jU,RaA}\\|p0%*#", 14);
    g_assert_null(parse("27 aes_cm_128_hmac_sha1_32 inline:" KEY " FEC_ORDER=FEC_SRTP", &k));
    g_assert_cmpuint(k.profile->tag, ==, 4);
    g_assert_cmpuint(k.mki_length, ==, 0);
    /* 28 bytes: padded or not */
    g_assert_null(parse("2 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==", &k));
    g_assert_null(parse("2 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw", &k));
    g_assert_cmpuint(k.salt[11], ==, 27);
}

static void test_bad(void)
{
    static const char *const bad[] = {"",
                                      "x AES_CM_128_HMAC_SHA1_80 inline:" KEY,
                                      "1",
                                      "1 F8_128_HMAC_SHA1_80 inline:" KEY,
                                      "1 AES_CM_128_HMAC_SHA1_80",
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:",
                                      "1 AES_CM_128_HMAC_SHA1_80 uri:" KEY,
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "AA",
                                      "1 AEAD_AES_256_GCM inline:" KEY,
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJS%%",
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|2^20|1:129",
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|1:0",
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY ";inline:" KEY,
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " KDR=3",
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " UNAUTHENTICATED_SRTP",
                                      "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " UNENCRYPTED_SRTP",
                                      "4294967296000 AES_CM_128_HMAC_SHA1_80 inline:" KEY};
    wr_sdes_key k;

    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_nonnull(parse(bad[i], &k));
    g_assert_null(parse("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " KDR=0", &k));
}

static void test_numbers(void)
{
    for (unsigned i = 0; i < WR_SRTP_PROFILES; i++)
        g_assert_true(wr_srtp_profile_by_number(wr_srtp_profile_nth(i)->number) == wr_srtp_profile_nth(i));
    g_assert_null(wr_srtp_profile_nth(WR_SRTP_PROFILES));
    g_assert_null(wr_srtp_profile_by_number(0));
    g_assert_null(wr_srtp_profile_by_number(9)); /* DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/srtp_profile/sdes", test_good);
    g_test_add_func("/srtp_profile/bad_sdes", test_bad);
    g_test_add_func("/srtp_profile/numbers", test_numbers);
    return g_test_run();
}
