/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Roll-over counters across wraps, reordering, holes and late starts; packets that were sent again. */
#include "srtp/receiver.h"
#include "srtp_build.h"

typedef struct {
    wr_srtp_keys *keys; /* the sender's */
    wr_srtp_receiver *r;
} fixture;

static fixture set_up(uint16_t profile)
{
    const wr_srtp_profile *p = wr_srtp_profile_by_number(profile);

    return (fixture){build_keys(p), wr_srtp_receiver_new(build_keys(p))};
}

static void tear_down(fixture *f)
{
    wr_srtp_keys_free(f->keys);
    wr_srtp_receiver_free(f->r);
}

static wr_srtp_received take(fixture *f, uint64_t index, uint32_t ms)
{
    uint8_t packet[128], out[128];
    size_t n = build_srtp(f->keys, 77, (uint16_t)index, (uint32_t)(index >> 16), packet), n_out = 0;
    wr_srtp_received got = wr_srtp_receive(f->r, packet, n, ms, out, &n_out);

    if (got.verdict == WR_SRTP_VERIFIED) {
        g_assert_cmpuint(got.index, ==, index);
        g_assert_cmpuint(n_out, ==, 64);
        g_assert_cmpuint(out[63], ==, 63); /* the last byte of the payload */
    }
    return got;
}

static void test_wrap(void)
{
    static const uint64_t order[] = {65533, 65534, 65536, 65535, 65537, 65532, 98304, 98305, 131071, 131072, 131070};
    fixture f = set_up(1);

    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++) {
        wr_srtp_received got = take(&f, order[i], i);
        g_assert_cmpint(got.verdict, ==, WR_SRTP_VERIFIED);
        g_assert_false(got.again);
        g_assert_cmpuint(got.ssrc, ==, 77);
    }
    tear_down(&f);
}

/* The first packet that the capture has may come after any of the first wraps; holes hide others. */
static void test_late(void)
{
    for (uint64_t roc = 0; roc < WR_SRTP_ROC_TRIES + 2; roc++) {
        fixture f = set_up(7);
        wr_srtp_received got = take(&f, roc << 16 | 9, 0);
        g_assert_cmpint(got.verdict, ==, roc < WR_SRTP_ROC_TRIES ? WR_SRTP_VERIFIED : WR_SRTP_UNKNOWN);
        if (roc < WR_SRTP_ROC_TRIES) {
            g_assert_cmpint(take(&f, (roc + WR_SRTP_LATE_TRIES) << 16 | 5, 1).verdict, ==, WR_SRTP_VERIFIED);
            g_assert_cmpint(take(&f, (roc + 2 * WR_SRTP_LATE_TRIES + 1) << 16 | 4, 2).verdict, ==, WR_SRTP_FAILED);
        }
        tear_down(&f);
    }
}

static void test_again(void)
{
    fixture f = set_up(2);
    wr_srtp_received got;

    for (uint32_t i = 0; i < 300; i++)
        g_assert_false(take(&f, 65400 + i, 20 * i).again);
    got = take(&f, 65400 + 299, 20 * 299 + 5);
    g_assert_true(got.again);
    g_assert_cmpuint(got.after_ms, ==, 5);
    got = take(&f, 65400 + 290, 9000);
    g_assert_true(got.again);
    g_assert_cmpuint(got.after_ms, ==, 9000 - 290 * 20);
    got = take(&f, 65400 + 10, 9000); /* its tag is forgotten, that it came is not */
    g_assert_true(got.again && !got.late);
    g_assert_cmpuint(got.after_ms, >=, 9000 - 2 * 20 * 128);
    g_assert_true(take(&f, 65400 + 299 + WR_SRTP_WINDOW, 9000).verdict == WR_SRTP_VERIFIED);
    got = take(&f, 65400 + 299, 9000);
    g_assert_true(got.late && !got.again);
    g_assert_false(take(&f, 65400 + 310, 9000).again); /* lost so far */
    g_assert_true(take(&f, 65400 + 310, 9000).again);
    tear_down(&f);
}

static void test_rtcp(void)
{
    fixture f = set_up(8);
    uint8_t packet[128];
    size_t n = build_srtcp(f.keys, 0x7ffffffe, packet);
    wr_srtp_received got = wr_srtp_receive(f.r, packet, n, 0, NULL, NULL);

    g_assert_cmpint(got.verdict, ==, WR_SRTP_VERIFIED);
    g_assert_cmpuint(got.index, ==, 0x7ffffffe);
    g_assert_cmpuint(got.ssrc, ==, 0x01020304);
    g_assert_true(wr_srtp_receive(f.r, packet, n, 7, NULL, NULL).again);
    packet[n - 1] ^= 1; /* another index */
    g_assert_cmpint(wr_srtp_receive(f.r, packet, n, 0, NULL, NULL).verdict, ==, WR_SRTP_FAILED);
    tear_down(&f);
}

/* Forged packets of a known source fail, and change nothing for those that come after; sources are bounded. */
static void test_forged(void)
{
    fixture f = set_up(1);
    uint8_t packet[128];
    size_t n;

    g_assert_cmpint(take(&f, 100, 0).verdict, ==, WR_SRTP_VERIFIED);
    for (unsigned i = 0; i < 3 * WR_SRTP_EXTRA; i++) {
        n = build_srtp(f.keys, i % 2 == 0 ? 77 : 5000 + i, (uint16_t)(i * 77), 1, packet);
        packet[n - 1] ^= 0x40;
        g_assert_cmpint(wr_srtp_receive(f.r, packet, n, 0, NULL, NULL).verdict, ==,
                        i % 2 == 0 ? WR_SRTP_FAILED : WR_SRTP_UNKNOWN);
    }
    g_assert_cmpuint(wr_srtp_receiver_sources(f.r), ==, 1);
    g_assert_cmpint(take(&f, 101, 0).verdict, ==, WR_SRTP_VERIFIED);
    for (uint32_t ssrc = 100; ssrc < 300; ssrc++) {
        n = build_srtp(f.keys, ssrc, 1, 0, packet);
        g_assert_cmpint(wr_srtp_receive(f.r, packet, n, 0, NULL, NULL).verdict, ==, WR_SRTP_VERIFIED);
    }
    g_assert_cmpuint(wr_srtp_receiver_sources(f.r), ==, WR_SRTP_MAX_SOURCES);
    tear_down(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/srtp_receiver/wrap", test_wrap);
    g_test_add_func("/srtp_receiver/late", test_late);
    g_test_add_func("/srtp_receiver/again", test_again);
    g_test_add_func("/srtp_receiver/rtcp", test_rtcp);
    g_test_add_func("/srtp_receiver/forged", test_forged);
    return g_test_run();
}
