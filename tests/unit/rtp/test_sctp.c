/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SCTP packets are known by their checksum (RFC 9260), and read for what concerns data channels. */
#include "rtp/sctp.h"
#include "sctp_build.h"

#include <glib.h>

static void test_checksum(void)
{
    /* RFC 3720 B.4: CRC32c of 32 zero bytes is aa 36 91 8a as sent; the packet below is built on the same function. */
    uint8_t b[32] = {0};

    g_assert_cmphex(sctp_crc(b, sizeof b), ==, 0x8a9136aau);
}

static void test_recognition(void)
{
    uint8_t b[200];
    size_t n = sctp_init(b, false);

    g_assert_true(wr_sctp_is_packet(b, n));
    for (size_t i = 0; i < n; i++) {
        b[i] ^= 1;
        g_assert_false(wr_sctp_is_packet(b, n));
        b[i] ^= 1;
    }
    for (size_t i = 0; i < n; i++)
        g_assert_false(wr_sctp_is_packet(b, i));
}

static void test_addresses(void)
{
    uint8_t b[200];
    wr_sctp_facts f;

    wr_sctp_read(b, sctp_init(b, false), &f);
    g_assert_false(f.has_addresses);
    g_assert_false(f.opens_channel);
    wr_sctp_read(b, sctp_init(b, true), &f);
    g_assert_true(f.has_addresses);
}

static void test_channel_opened(void)
{
    uint8_t b[200];
    wr_sctp_facts f;

    wr_sctp_read(b, sctp_data(b, 7, 50, 3), &f);
    g_assert_true(f.opens_channel);
    g_assert_cmpuint(f.stream, ==, 7);
    wr_sctp_read(b, sctp_data(b, 7, 50, 2), &f); /* an acknowledgement */
    g_assert_false(f.opens_channel);
    wr_sctp_read(b, sctp_data(b, 7, 51, 3), &f); /* a text */
    g_assert_false(f.opens_channel);
}

static void test_hostile_lengths(void)
{
    uint8_t b[200];
    size_t n = sctp_init(b, true);

    for (unsigned length = 0; length < 256; length++) {
        uint8_t *exact = g_memdup2(b, n);
        wr_sctp_facts f;
        exact[15] = (uint8_t)length;
        wr_sctp_read(exact, n, &f);
        exact[15] = b[15];
        exact[35] = (uint8_t)length;
        wr_sctp_read(exact, n, &f);
        g_free(exact);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sctp/checksum", test_checksum);
    g_test_add_func("/sctp/recognition", test_recognition);
    g_test_add_func("/sctp/addresses", test_addresses);
    g_test_add_func("/sctp/channel opened", test_channel_opened);
    g_test_add_func("/sctp/hostile lengths", test_hostile_lengths);
    return g_test_run();
}
