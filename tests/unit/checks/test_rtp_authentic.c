/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keys prove of media: only what they prove, and nothing held against a packet whose key may be another. */
#include "secrets_build.h"

#include "records/store.h"

/* Packets of this side under this profile, as most suites have it. */
static wr_srtp_keys *keys_of(const wr_association *a, int side, uint16_t profile)
{
    return keys_by(a, side, profile, WR_PRF_SHA256);
}

/* Packets from to first + n - 1 of the side that sends from src. */
static void send_some(call_t *c, const wr_association *a, uint16_t profile, bool from_client, unsigned first,
                      unsigned n, uint8_t spoil)
{
    const wr_endpoint *src = &a->side[from_client ? 0 : 1].end, *dst = &a->side[from_client ? 1 : 0].end;
    wr_srtp_keys *k = keys_of(a, from_client ? 0 : 1, profile);

    for (unsigned i = first; i < first + n; i++) {
        uint8_t b[128];
        size_t len = build_srtp(k, from_client ? 11 : 22, (uint16_t)i, i >> 16, b);
        b[len - 3] ^= spoil;
        datagram(c, 20, *src, *dst, b, len);
    }
    wr_srtp_keys_free(k);
}

static void test_verified_and_failed(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);

    send_some(&c, a, 7, true, 65530, 20, 0);
    send_some(&c, a, 7, false, 1, 30, 0);
    send_some(&c, a, 7, true, 65550, 3, 0x10);
    g_assert_cmpuint(found(&c, "RTP-08", WR_NOTE), ==, 1);
    g_assert_nonnull(a->srtp);
    g_assert_cmpuint(a->srtp->profile->number, ==, 7);
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 50);
    g_assert_cmpuint(a->srtp->by_side[0], ==, 20);
    g_assert_cmpuint(a->srtp->rtp_failed.n, ==, 3);
    g_assert_cmpuint(a->srtp->n_sources, ==, 2);
    g_assert_cmpint(wr_engine_authenticity(c.e, c.frame), ==, WR_MEDIA_NOT_AUTHENTIC);
    g_assert_cmpint(wr_engine_authenticity(c.e, c.frame - 3), ==, WR_MEDIA_AUTHENTIC);
    g_assert_cmpuint(found(&c, "RTP-15", -1), ==, 0);
    call_end(&c);
}

/* What came first is judged when the keys are known to be those of this path. */
static void test_forged_first(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);

    send_some(&c, a, 7, true, 1, 4, 0x80);
    g_assert_cmpuint(found(&c, "RTP-08", -1), ==, 0); /* the secret may be a wrong one */
    send_some(&c, a, 7, true, 5, 4, 0);
    g_assert_cmpuint(a->srtp->rtp_failed.n, ==, 4);
    g_assert_cmpuint(found(&c, "RTP-08", WR_NOTE), ==, 1);
    call_end(&c);
}

/* They are counted with the first packet that fits, and once. */
static void test_forged_first_once(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);

    send_some(&c, a, 7, true, 1, 4, 0x80);
    for (unsigned i = 0; i < 3; i++) {
        send_some(&c, a, 7, true, 5 + i, 1, 0);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, i + 1);
        g_assert_cmpuint(a->srtp->rtp_failed.n, ==, 4);
    }
    call_end(&c);
}

/* On a path without a handshake of its own, the keys of both sides are tried: what fits neither is nobody's. */
static void test_moved(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    const wr_endpoint hers = at(ALICE, 5555), his = at(BOB, 6666);
    uint8_t b[128];

    send_some(&c, a, 7, true, 1, 3, 0);
    ask(&c, 1, hers, his, "BBBB:AAAA", PWD_B, 40);
    for (unsigned i = 0; i < 6; i++) {
        const bool forged = i % 3 == 2;
        wr_srtp_keys *keys = keys_of(a, i % 2, 7);
        const size_t n = build_srtp(keys, i % 2 == 0 ? 11 : 22, (uint16_t)(20 + i), 0, b);
        const uint32_t before = a->srtp->rtp_verified;
        b[n - 3] ^= forged ? 1 : 0;
        datagram(&c, 20, i % 2 == 0 ? his : hers, i % 2 == 0 ? hers : his, b, n);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, before + (forged ? 0 : 1));
        wr_srtp_keys_free(keys);
    }
    call_end(&c);
}

/* The other side's packets sent back are no packets of this side. */
static void test_reflected(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    wr_srtp_keys *keys;
    uint8_t b[128];
    size_t len;

    send_some(&c, a, 7, true, 1, 5, 0);
    send_some(&c, a, 7, false, 1, 5, 0);
    keys = keys_of(a, 0, 7);
    len = build_srtp(keys, 11, 3, 0, b);
    datagram(&c, 20, a->side[1].end, a->side[0].end, b, len);
    g_assert_cmpuint(a->srtp->rtp_failed.n, ==, 1);
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 10);
    wr_srtp_keys_free(keys);
    call_end(&c);
}

static void test_other_profile(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k); /* chose 7 */

    send_some(&c, a, 1, true, 1, 5, 0);
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 5);
    g_assert_true(wr_media_proof_contradicts(a));
    g_assert_cmpuint(found(&c, "RTP-15", WR_NOTE), ==, 1);
    call_end(&c);
}

static void test_secret_that_does_not_fit(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);

    for (unsigned i = 0; i < 400; i++)
        datagram(&c, 20, ALICES, BOBS, memcpy((uint8_t[256]){0}, "\x80\x6f", 2), 100);
    g_assert_cmpuint(a->srtp->rtp_verified + a->srtp->rtp_failed.n, ==, 0);
    g_assert_cmpuint(found(&c, "RTP-15", WR_NOTE), ==, 1);
    g_assert_cmpuint(found(&c, "RTP-08", -1), ==, 0);
    call_end(&c);
}

/* Two handshakes on one path, of which one has no secret: what does not validate may have its keys. */
static void test_another_without_secret(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10), other = shake_of(40);
    wr_association *a = ordinary(&c, &k);

    secrets.mark = a->client_random[0];
    shake(&c, &other);
    send_some(&c, a, 7, true, 1, 5, 0);
    send_some(&c, a, 7, true, 6, 5, 1);
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 5);
    g_assert_cmpuint(a->srtp->rtp_failed.n, ==, 0);
    g_assert_cmpuint(a->srtp->undecided, ==, 5);
    g_assert_cmpuint(found(&c, "RTP-08", -1), ==, 0);
    call_end(&c);
}

static void test_replayed(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);

    send_some(&c, a, 7, true, 1, 200, 0);
    send_some(&c, a, 7, true, 195, 3, 0); /* copies, as a capture of two interfaces has them */
    g_assert_cmpuint(a->srtp->repeated, ==, 3);
    g_assert_cmpuint(found(&c, "RTP-14", -1), ==, 0);
    send_some(&c, a, 7, true, 20, 3, 0);
    g_assert_cmpuint(a->srtp->replayed.n, ==, 3);
    g_assert_cmpuint(found(&c, "RTP-14", WR_NOTE), ==, 1);
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 206);
    call_end(&c);
}

static void test_rtcp(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    wr_srtp_keys *keys = keys_of(a, 1, 7);
    uint8_t b[128];

    for (uint32_t i = 1; i < 4; i++)
        datagram(&c, 20, a->side[1].end, a->side[0].end, b, build_srtcp(keys, i, b));
    b[20] ^= 1;
    datagram(&c, 20, a->side[1].end, a->side[0].end, b, build_srtcp(keys, 4, b) - 1);
    g_assert_cmpuint(a->srtp->rtcp_verified, ==, 3);
    g_assert_cmpuint(a->srtp->rtcp_failed.n, ==, 1);
    wr_srtp_keys_free(keys);
    call_end(&c);
}

/* After an ICE restart media goes on elsewhere, under the same keys. */
static void test_other_path(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    wr_srtp_keys *keys;
    uint8_t b[128];

    send_some(&c, a, 7, true, 1, 5, 0);
    ask(&c, 10, at(ALICE, 5050), BOBS, "BBBB:AAAA", PWD_B, 900);
    keys = keys_of(a, 0, 7);
    for (uint16_t i = 6; i < 16; i++)
        datagram(&c, 20, at(ALICE, 5050), BOBS, b, build_srtp(keys, 11, i, 0, b));
    g_assert_cmpuint(a->srtp->rtp_verified, >=, 10);
    wr_srtp_keys_free(keys);
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rtp_authentic/verified_and_failed", test_verified_and_failed);
    g_test_add_func("/rtp_authentic/forged_first", test_forged_first);
    g_test_add_func("/rtp_authentic/reflected", test_reflected);
    g_test_add_func("/rtp_authentic/other_profile", test_other_profile);
    g_test_add_func("/rtp_authentic/secret_that_does_not_fit", test_secret_that_does_not_fit);
    g_test_add_func("/rtp_authentic/another_without_secret", test_another_without_secret);
    g_test_add_func("/rtp_authentic/forged_first_once", test_forged_first_once);
    g_test_add_func("/rtp_authentic/moved", test_moved);
    g_test_add_func("/rtp_authentic/replayed", test_replayed);
    g_test_add_func("/rtp_authentic/rtcp", test_rtcp);
    g_test_add_func("/rtp_authentic/other_path", test_other_path);
    return g_test_run();
}
