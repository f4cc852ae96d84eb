/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTCP in clear is told from SRTCP by the structure of the whole datagram (RFC 3550 6, RFC 3711 3.4). */
#include "rtp/rtcp.h"

#include <glib.h>
#include <string.h>

/* Receiver report with no blocks, and SDES with CNAME "a@b" (item, length, text, end, padding). */
static const uint8_t COMPOUND[] = {
    0x80, 201, 0, 1, 1, 2, 3, 4, 0x81, 202, 0, 3, 1, 2, 3, 4, 1, 3, 'a', '@', 'b', 0, 0, 0,
};
/* Generic NACK (RFC 4585 6.2.1), alone, as reduced-size RTCP (RFC 5506) has it. */
static const uint8_t NACK[] = {0x81, 205, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 0, 0};

static void test_compound(void)
{
    uint8_t b[sizeof COMPOUND];

    g_assert_cmpint(wr_rtcp_look_at(COMPOUND, sizeof COMPOUND), ==, WR_RTCP_NAMED);
    memcpy(b, COMPOUND, sizeof b);
    b[18] = 0x02; /* a CNAME that nobody could read */
    g_assert_cmpint(wr_rtcp_look_at(b, sizeof b), ==, WR_RTCP_OPAQUE);
    memcpy(b, COMPOUND, sizeof b);
    b[16] = 2; /* NAME instead of CNAME */
    g_assert_cmpint(wr_rtcp_look_at(b, sizeof b), ==, WR_RTCP_CHAIN);
    for (size_t n = 1; n < sizeof COMPOUND; n++)
        if (n != 8)
            g_assert_cmpint(wr_rtcp_look_at(COMPOUND, n), ==, WR_RTCP_OPAQUE);
}

static void test_single(void)
{
    g_assert_cmpint(wr_rtcp_look_at(NACK, sizeof NACK), ==, WR_RTCP_SINGLE);
    g_assert_cmpint(wr_rtcp_look_at(COMPOUND, 8), ==, WR_RTCP_SINGLE);
    g_assert_cmpint(wr_rtcp_look_at(NACK, 0), ==, WR_RTCP_OPAQUE);
}

/* The first eight bytes stay readable, the rest is ciphertext, then come index and tag: 4 + 10 bytes, or 16 + 4. */
static void test_secured(void)
{
    static const size_t trailers[] = {14, 20, 8};

    for (size_t t = 0; t < G_N_ELEMENTS(trailers); t++) {
        uint8_t b[sizeof COMPOUND + 20];
        for (size_t i = 0; i < sizeof b; i++)
            b[i] = (uint8_t)(i * 37 + 11);
        memcpy(b, COMPOUND, 8);
        g_assert_cmpint(wr_rtcp_look_at(b, sizeof COMPOUND + trailers[t]), ==, WR_RTCP_OPAQUE);
        memcpy(b, NACK, 8); /* whose length is that of the whole packet without trailer */
        g_assert_cmpint(wr_rtcp_look_at(b, sizeof NACK + trailers[t]), ==, WR_RTCP_OPAQUE);
    }
}

static void test_hostile(void)
{
    uint8_t b[64];

    for (unsigned type = 192; type < 224; type++)
        for (unsigned count = 0; count < 32; count++)
            for (size_t n = 0; n < sizeof b; n += 4) {
                uint8_t *exact = g_malloc(n + 1);
                memset(b, 0xff, sizeof b);
                b[0] = (uint8_t)(0x80 | count);
                b[1] = (uint8_t)type;
                b[2] = 0;
                b[3] = (uint8_t)(n / 4 - 1);
                memcpy(exact, b, n);
                wr_rtcp_look_at(exact, n);
                g_free(exact);
            }
}

static void test_weight(void)
{
    g_assert_cmpuint(wr_rtcp_weight(WR_RTCP_NAMED), >=, WR_RTCP_PROOF);
    g_assert_cmpuint(wr_rtcp_weight(WR_RTCP_CHAIN), <, WR_RTCP_PROOF);
    g_assert_cmpuint(3 * wr_rtcp_weight(WR_RTCP_SINGLE), ==, WR_RTCP_PROOF);
    g_assert_cmpuint(wr_rtcp_weight(WR_RTCP_OPAQUE), ==, 0);
    g_assert_true(wr_is_rtcp_type(200));
    g_assert_false(wr_is_rtcp_type(111));
    g_assert_false(wr_is_rtcp_type(111 | 0x80)); /* RTP with the marker bit */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rtcp/compound", test_compound);
    g_test_add_func("/rtcp/single", test_single);
    g_test_add_func("/rtcp/secured", test_secured);
    g_test_add_func("/rtcp/hostile", test_hostile);
    g_test_add_func("/rtcp/weight", test_weight);
    return g_test_run();
}
