/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Another implementation's opinion: what libsrtp 2 protects is verified and opened here. Built where it is installed.
 */
#include "srtp/receiver.h"

#include <glib.h>
#include <srtp2/srtp.h>
#include <string.h>

static const struct {
    uint16_t number;
    void (*set_rtp)(srtp_crypto_policy_t *), (*set_rtcp)(srtp_crypto_policy_t *);
} policies[] = {
    {1, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtcp_default},
    {2, srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32, srtp_crypto_policy_set_rtp_default},
    {3, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
    {4, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
    {5, srtp_crypto_policy_set_null_cipher_hmac_sha1_80, srtp_crypto_policy_set_null_cipher_hmac_sha1_80},
    {7, srtp_crypto_policy_set_aes_gcm_128_16_auth, srtp_crypto_policy_set_aes_gcm_128_16_auth},
    {8, srtp_crypto_policy_set_aes_gcm_256_16_auth, srtp_crypto_policy_set_aes_gcm_256_16_auth},
};

static srtp_t new_session(unsigned i, uint8_t *key)
{
    srtp_policy_t policy;
    srtp_t session;

    memset(&policy, 0, sizeof policy);
    policies[i].set_rtp(&policy.rtp);
    policies[i].set_rtcp(&policy.rtcp);
    policy.ssrc.type = ssrc_any_outbound;
    policy.key = key;
    policy.window_size = 128;
    return srtp_create(&session, &policy) == srtp_err_status_ok ? session : NULL;
}

/* Header, extension of one word, and a payload whose length depends on the number. */
static int plain_rtp(uint64_t number, uint8_t *out)
{
    static const uint8_t head[] = {0x90, 111, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 0xbe, 0xde, 0, 1, 0x10, 0x22, 0, 0};
    const int n = (int)sizeof head + 1 + (int)(number % 97);

    memcpy(out, head, sizeof head);
    out[2] = (uint8_t)(number >> 8);
    out[3] = (uint8_t)number;
    for (int i = (int)sizeof head; i < n; i++)
        out[i] = (uint8_t)(i + (int)number);
    return n;
}

static void check_session(unsigned i, srtp_t session, wr_srtp_receiver *r)
{
    static const uint8_t report[] = {0x80, 201, 0, 1, 9, 9, 9,   9,   0x81, 202, 0, 3,
                                     9,    9,   9, 9, 1, 3, 'a', '@', 'b',  0,   0, 0};
    uint8_t plain[256], packet[256 + SRTP_MAX_TRAILER_LEN], out[512];
    size_t n_out;

    for (uint64_t number = 65000; number < 66200; number += 1 + number % 3) {
        const int n = plain_rtp(number, plain);
        int len = n;
        memcpy(packet, plain, (size_t)n);
        g_assert_cmpint(srtp_protect(session, packet, &len), ==, srtp_err_status_ok);
        g_assert_cmpint(wr_srtp_receive(r, packet, (size_t)len, 0, out, &n_out).verdict, ==, WR_SRTP_VERIFIED);
        g_assert_cmpmem(out, n_out, plain, (size_t)n);
        if (number % 7 != 0)
            continue;
        len = sizeof report;
        memcpy(packet, report, sizeof report);
        g_assert_cmpint(srtp_protect_rtcp(session, packet, &len), ==, srtp_err_status_ok);
        g_assert_cmpint(wr_srtp_receive(r, packet, (size_t)len, 0, out, &n_out).verdict, ==, WR_SRTP_VERIFIED);
        g_assert_cmpmem(out, n_out, report, sizeof report);
    }
    g_test_message("profile %u", policies[i].number);
}

static void test_opinion(void)
{
    unsigned tried = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(policies); i++) {
        const wr_srtp_profile *p = wr_srtp_profile_by_number(policies[i].number);
        uint8_t key[SRTP_MAX_KEY_LEN] = "forty-six bytes of key and salt, for every one";
        srtp_t session = new_session(i, key);
        wr_srtp_receiver *r;
        if (session == NULL) /* built without this cipher */
            continue;
        r = wr_srtp_receiver_new(wr_srtp_keys_new(p, key, key + p->key, 0));
        check_session(i, session, r);
        srtp_dealloc(session);
        wr_srtp_receiver_free(r);
        tried++;
    }
    g_assert_cmpuint(tried, >=, 4);
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(srtp_init(), ==, srtp_err_status_ok);
    g_test_add_func("/libsrtp/opinion", test_opinion);
    status = g_test_run();
    srtp_shutdown();
    return status;
}
