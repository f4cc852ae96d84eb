/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HEP 3: chunks, and messages that they do not fill; HEP 1 and 2: what is one of them. */
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

#define SIP "INVITE sip:b@b.example SIP/2.0\r\n\r\n"

/* A message of version 1 or 2 with this behind its head. */
static GByteArray *old_message(uint8_t version, uint8_t family, const char *payload)
{
    const unsigned addresses = family == 2 ? 8 : 32;
    const uint8_t head[8] = {version, (uint8_t)(8 + addresses), family, 17, 0x13, 0xc4, 0x1f, 0x90};
    GByteArray *all = g_byte_array_new();
    uint8_t zeros[32] = {0};

    g_byte_array_append(all, head, sizeof head);
    zeros[0] = 10;
    g_byte_array_append(all, zeros, addresses);
    if (version == 2)
        g_byte_array_append(all, zeros, 12);
    g_byte_array_append(all, (const uint8_t *)payload, (guint)strlen(payload));
    return all;
}

static bool is_old(uint8_t version, uint8_t family, const char *payload)
{
    GByteArray *m = old_message(version, family, payload);
    wr_hep h;
    const bool is = wr_hep_read_old(m->data, m->len, &h);

    if (is) {
        g_assert_cmpuint(h.payload, ==, m->len - strlen(payload));
        g_assert_cmpuint(h.payload_length, ==, strlen(payload));
        g_assert_cmpuint(h.src, ==, 8);
        g_assert_cmpuint(h.dst, ==, 8 + h.address_length);
        g_assert_cmpuint(h.address_length, ==, family == 2 ? 4 : 16);
        g_assert_cmpuint(h.src_port, ==, 5060);
        g_assert_cmpuint(h.dst_port, ==, 8080);
        g_assert_cmpuint(h.kind, ==, WR_HEP_SIP);
    }
    g_byte_array_unref(m);
    return is;
}

static void test_old_versions(void)
{
    for (uint8_t version = 1; version <= 2; version++) {
        g_assert_true(is_old(version, 2, SIP));
        g_assert_true(is_old(version, 10, SIP));
        g_assert_true(is_old(version, 2, "SIP/2.0 200 OK\r\n\r\n"));
    }
}

/* These versions have no word of their own: what does not begin like SIP is left to others. */
static void test_what_is_no_old_version(void)
{
    GByteArray *m = old_message(2, 2, SIP);
    wr_hep h;

    g_assert_false(is_old(3, 2, SIP));
    g_assert_false(is_old(0, 2, SIP));
    g_assert_false(is_old(1, 3, SIP));
    g_assert_false(is_old(1, 2, ""));
    g_assert_false(is_old(1, 2, "\r"));
    g_assert_false(is_old(1, 2, "SIP/2.0\r\n"));
    g_assert_false(is_old(1, 2, " SIP/2.0\r\n"));
    g_assert_false(is_old(1, 2, "A SIP/2.1\r\n"));
    g_assert_false(is_old(1, 2, "GET / HTTP/1.1\r\n\r\n"));
    g_assert_false(is_old(1, 2, "INVITE sip:b@b.example SIP/2.0\n"));
    m->data[1]++;
    g_assert_false(wr_hep_read_old(m->data, m->len, &h));
    m->data[1]--;
    for (guint cut = 0; cut < m->len - 3; cut++)
        g_assert_false(wr_hep_read_old(m->data, cut, &h));
    g_byte_array_unref(m);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hep/chunks", test_chunks);
    g_test_add_func("/hep/other", test_other_bytes);
    g_test_add_func("/hep/old", test_old_versions);
    g_test_add_func("/hep/not-old", test_what_is_no_old_version);
    return g_test_run();
}
