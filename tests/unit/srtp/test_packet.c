/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Derivation, tags and ciphers by the vectors of RFC 3711 appendix B and RFC 7714 16 and 17. */
#include "derive.h"
#include "srtp_build.h"

static size_t hex(const char *text, uint8_t *out)
{
    size_t n = 0;

    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        out[n++] = (uint8_t)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
        text++;
    }
    return n;
}

/* RFC 3711 B.3 */
static void test_derivation(void)
{
    const wr_srtp_profile *p = wr_srtp_profile_by_number(1);
    uint8_t key[16], salt[14], wanted[20], got[20];

    hex("E1F97A0D3E018BE0D64FA32C06DE4139", key);
    hex("0EC675AD498AFEEBB6960B3AABE6", salt);
    hex("C61E7A93744F39EE10734AFE3FF7A087", wanted);
    g_assert_true(wr_srtp_derive(p, key, salt, 0, got, 16));
    g_assert_cmpmem(got, 16, wanted, 16);
    hex("30CBBC08863D8C85D49DB34A9AE1", wanted);
    g_assert_true(wr_srtp_derive(p, key, salt, 2, got, 14));
    g_assert_cmpmem(got, 14, wanted, 14);
    hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4", wanted);
    g_assert_true(wr_srtp_derive(p, key, salt, 1, got, 20));
    g_assert_cmpmem(got, 20, wanted, 20);
}

/* The keys of RFC 3711 B.3 over a packet, as in the tests of the first implementation of SRTP. */
static void test_counter_mode(void)
{
    const wr_srtp_profile *p = wr_srtp_profile_by_number(1);
    uint8_t key[16], salt[14], packet[64], plain[64], out[64];
    size_t n, n_plain, n_out;
    wr_srtp_keys *k;

    hex("E1F97A0D3E018BE0D64FA32C06DE4139", key);
    hex("0EC675AD498AFEEBB6960B3AABE6", salt);
    n = hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb", packet);
    n_plain = hex("800f1234decafbadcafebabeabababababababababababababababab", plain);
    k = wr_srtp_keys_new(p, key, salt, 0);
    g_assert_true(wr_srtp_open(k, packet, n, 0, out, &n_out));
    g_assert_cmpmem(out, n_out, plain, n_plain);
    g_assert_true(wr_srtp_open(k, packet, n, 0, NULL, &n_out));
    g_assert_false(wr_srtp_open(k, packet, n, 1, NULL, &n_out));
    wr_srtp_keys_free(k);
}

/* Session keys of RFC 7714 are given, not derived. */
static wr_srtp_keys *gcm_keys(uint16_t profile, const EVP_CIPHER *cipher, const char *key)
{
    wr_srtp_keys *k = g_new0(wr_srtp_keys, 1);
    uint8_t bytes[32];

    k->profile = wr_srtp_profile_by_number(profile);
    hex(key, bytes);
    for (int i = 0; i < 2; i++) {
        k->half[i].cipher = EVP_CIPHER_CTX_new();
        g_assert_cmpint(EVP_DecryptInit_ex(k->half[i].cipher, cipher, NULL, bytes, NULL), ==, 1);
        hex("51756964 2070726f 2071756f", k->half[i].salt);
    }
    return k;
}

/* RFC 7714 16.1.1 and 16.2.1 */
static void test_gcm_rtp(void)
{
    static const char *const keys[] = {"000102030405060708090a0b0c0d0e0f",
                                       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"};
    static const char *const packets[] = {
        "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf "
        "8833899d 7f27beb1 6a9152cf 765ee439 0cce",
        "8040f17b 8041f8d3 5501a0b2 32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 "
        "b87b7aa3 db36dfff d6b0f9bb 7878d7a7 6c13"};
    uint8_t packet[128], plain[128], out[128];
    size_t n_plain = hex("8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 "
                         "61727465 73207472 6573",
                         plain),
           n, n_out;

    for (uint16_t i = 0; i < 2; i++) {
        wr_srtp_keys *k = gcm_keys(7 + i, i == 0 ? EVP_aes_128_gcm() : EVP_aes_256_gcm(), keys[i]);
        n = hex(packets[i], packet);
        g_assert_true(wr_srtp_open(k, packet, n, 0, out, &n_out));
        g_assert_cmpmem(out, n_out, plain, n_plain);
        g_assert_false(wr_srtp_open(k, packet, n, 1, out, &n_out));
        wr_srtp_keys_free(k);
    }
}

/* RFC 7714 17.1 and 17.3: encrypted, and authenticated alone */
static void test_gcm_rtcp(void)
{
    uint8_t packet[128], plain[128], out[128];
    size_t n, n_out,
        n_plain = hex("81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef "
                      "deadbeef deadbeef deadbeef deadbeef",
                      plain);
    wr_srtp_keys *k = gcm_keys(7, EVP_aes_128_gcm(), "000102030405060708090a0b0c0d0e0f");

    n = hex("81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 "
            "86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4",
            packet);
    g_assert_true(wr_srtcp_open(k, packet, n, out, &n_out));
    g_assert_cmpmem(out, n_out, plain, n_plain);
    n = hex("81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef "
            "deadbeef deadbeef 841dd968 3dd78ec9 2ae58790 125f62b3 000005d4",
            packet);
    g_assert_true(wr_srtcp_open(k, packet, n, out, &n_out));
    g_assert_cmpmem(out, n_out, plain, n_plain);
    wr_srtp_keys_free(k);
}

/* A flipped bit in any byte that is authenticated is found, and nothing cut is read beyond its end. */
static void test_tampered(void)
{
    for (unsigned i = 0; i < WR_SRTP_PROFILES; i++) {
        const wr_srtp_profile *p = wr_srtp_profile_nth(i);
        wr_srtp_keys *k = build_keys(p);
        uint8_t packet[256], out[256];
        size_t n_out;
        for (int rtcp = 0; rtcp < 2; rtcp++) {
            size_t n = rtcp ? build_srtcp(k, 7, packet) : build_srtp(k, 0x1234, 40000, 3, packet);
            g_assert_true(rtcp ? wr_srtcp_open(k, packet, n, out, &n_out) : wr_srtp_open(k, packet, n, 3, out, &n_out));
            for (size_t bit = 0; bit < 8 * n; bit++) {
                packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
                g_assert_false(rtcp ? wr_srtcp_open(k, packet, n, NULL, &n_out)
                                    : wr_srtp_open(k, packet, n, 3, NULL, &n_out));
                packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
            }
            for (size_t cut = 0; cut < n; cut++) {
                uint8_t *part = g_memdup2(packet, cut);
                g_assert_false(rtcp ? wr_srtcp_open(k, part, cut, NULL, &n_out)
                                    : wr_srtp_open(k, part, cut, 3, NULL, &n_out));
                g_free(part);
            }
        }
        wr_srtp_keys_free(k);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/srtp/derivation", test_derivation);
    g_test_add_func("/srtp/counter_mode", test_counter_mode);
    g_test_add_func("/srtp/gcm_rtp", test_gcm_rtp);
    g_test_add_func("/srtp/gcm_rtcp", test_gcm_rtcp);
    g_test_add_func("/srtp/tampered", test_tampered);
    return g_test_run();
}
