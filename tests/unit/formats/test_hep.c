/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HEP 3: chunks, and messages that they do not fill. */
#include "formats/hep.h"

#include <glib.h>
#include <string.h>

static const uint8_t message[] = {'H', 'E', 'P', '3', 0, 61, 0,   0,    0,    2, 0, 7, 17, 0,  0, 0,
                                  3,   0,   10,  10,  0, 0,  1,   0,    0,    0, 4, 0, 10, 10, 0, 0,
                                  2,   0,   0,   0,   7, 0,  8,   0x13, 0xc4, 0, 0, 0, 11, 0,  7, 1,
                                  0,   0,   0,   15,  0, 9,  'a', 'b',  'c',  0, 9, 0, 1,  0,  6};

static void test_chunks(void)
{
    uint8_t bytes[sizeof message];
    wr_hep h;

    memcpy(bytes, message, sizeof message);
    bytes[5] = sizeof message;
    g_assert_cmpuint(wr_hep_length(bytes, sizeof bytes), ==, sizeof bytes);
    g_assert_true(wr_hep_read(bytes, sizeof bytes, &h));
    g_assert_cmpuint(h.protocol, ==, 17);
    g_assert_cmpuint(h.address_length, ==, 4);
    g_assert_cmpuint(bytes[h.src + 3], ==, 1);
    g_assert_cmpuint(bytes[h.dst + 3], ==, 2);
    g_assert_cmpuint(h.src_port, ==, 5060);
    g_assert_cmpuint(h.kind, ==, WR_HEP_SIP);
    g_assert_cmpuint(h.payload_length, ==, 3);
    g_assert_cmpuint(bytes[h.payload], ==, 'a');
    for (size_t cut = WR_HEP_HEAD + 1; cut < sizeof bytes; cut++)
        if (cut != 13 && cut != 23 && cut != 33 && cut != 41 && cut != 48 && cut != 57) /* between two chunks */
            g_assert_false(wr_hep_read(bytes, cut, &h));
}

static void test_other_bytes(void)
{
    static const uint8_t other[16] = "HEP2xxxxxxxxxxx", none[16] = "HEP3";

    g_assert_cmpuint(wr_hep_length(other, sizeof other), ==, 0);
    g_assert_cmpuint(wr_hep_length(none, sizeof none), ==, 0);
    g_assert_cmpuint(wr_hep_length(message, 5), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hep/chunks", test_chunks);
    g_test_add_func("/hep/other", test_other_bytes);
    return g_test_run();
}
