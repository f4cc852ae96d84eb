/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header of RTP and elements of its extension, whole and cut. */
#include "rtp/header.h"

#include <glib.h>
#include <string.h>

#define FIXED 0x90, 0xef, 0, 1, 0, 0, 0, 2, 0xde, 0xad, 0xbe, 0xef

static char *element(const uint8_t *bytes, size_t len, unsigned id)
{
    wr_rtp_header h;
    const uint8_t *p;
    size_t n;

    if (!wr_rtp_read_header(bytes, len, &h))
        return g_strdup("no header");
    p = wr_rtp_find_element(&h, id, &n);
    return p != NULL ? g_strndup((const char *)p, n) : g_strdup("none");
}

static void check(const uint8_t *bytes, size_t len, unsigned id, const char *wanted)
{
    uint8_t *exact = g_memdup2(bytes, len); /* so that what is read behind it is seen */
    char *got = element(exact, len, id);

    g_assert_cmpstr(got, ==, wanted);
    g_free(got);
    g_free(exact);
}

static void test_header(void)
{
    const uint8_t plain[] = {0x82, 0xef, 0, 1, 0, 0, 0, 2, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1, 0, 0, 0, 2};
    wr_rtp_header h;

    g_assert_true(wr_rtp_read_header(plain, sizeof plain, &h));
    g_assert_cmpuint(h.payload_type, ==, 111);
    g_assert_cmpuint(h.ssrc, ==, 0xdeadbeef);
    g_assert_null(h.extension);
    g_assert_false(wr_rtp_read_header(plain, sizeof plain - 1, &h)); /* two CSRCs */
    g_assert_false(wr_rtp_read_header(plain, 11, &h));
    g_assert_false(wr_rtp_read_header((const uint8_t *)"\x40\0\0\0\0\0\0\0\0\0\0\0", 12, &h));
}

static void test_one_byte(void)
{
    const uint8_t x[] = {FIXED, 0xbe, 0xde, 0, 3, 0x10, 'a', 0, 0x21, 'b', 'c', 0x30, 'd', 0xf0, 0x40, 'e', 0};

    check(x, sizeof x, 1, "a");
    check(x, sizeof x, 2, "bc");
    check(x, sizeof x, 3, "d");
    check(x, sizeof x, 4, "none"); /* behind id 15 nothing is read */
    check(x, sizeof x - 1, 1, "no header");
    check(x, 15, 1, "no header");
}

static void test_two_bytes(void)
{
    const uint8_t x[] = {FIXED, 0x10, 0x05, 0, 2, 1, 0, 200, 3, 'm', 'i', 'd', 7};

    check(x, sizeof x, 200, "mid");
    check(x, sizeof x, 1, "");
    check(x, sizeof x, 7, "none"); /* its length is not there */
}

static void test_others(void)
{
    const uint8_t encrypted[] = {FIXED, 0xc0, 0xde, 0, 1, 0x10, 'a', 0, 0}; /* RFC 9335 */
    const uint8_t beyond[] = {FIXED, 0xbe, 0xde, 0, 1, 0x1f, 'a', 'b', 'c'};

    check(encrypted, sizeof encrypted, 1, "none");
    check(beyond, sizeof beyond, 1, "none");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rtp_header/fixed", test_header);
    g_test_add_func("/rtp_header/one_byte", test_one_byte);
    g_test_add_func("/rtp_header/two_bytes", test_two_bytes);
    g_test_add_func("/rtp_header/others", test_others);
    return g_test_run();
}
