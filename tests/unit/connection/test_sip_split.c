/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIP messages in streams and datagrams (RFC 3261 7, 18.3). */
#include "connection/sip_split.h"

#include <glib.h>
#include <string.h>

#define HEAD "INVITE sip:b@x SIP/2.0\r\nCall-ID: 1\r\n"
#define TYPE "Content-Type: application/sdp\r\n"

static wr_sip_result next(const char *text, bool stream, wr_sip_message *m)
{
    return wr_sip_next(text, strlen(text), stream, m);
}

static void test_whole_messages(void)
{
    static const char two[] = "\r\n\r\n" HEAD TYPE "Content-Length: 4\r\n\r\nv=0\nSIP/2.0 200 OK\r\n\r\n";
    wr_sip_message m;

    g_assert_cmpint(next(two, true, &m), ==, WR_SIP_WHOLE);
    g_assert_true(m.is_description);
    g_assert_cmpuint(m.start, ==, 4);
    g_assert_cmpmem(two + m.body, m.end - m.body, "v=0\n", 4);
    g_assert_cmpint(next(two + m.end, true, &m), ==, WR_SIP_WHOLE);
    g_assert_false(m.is_description);
    g_assert_cmpuint(m.end, ==, strlen("SIP/2.0 200 OK\r\n\r\n"));
}

static void test_length(void)
{
    wr_sip_message m;

    /* none: the rest of a datagram, nothing of a stream */
    g_assert_cmpint(next(HEAD TYPE "\r\nv=0\n", false, &m), ==, WR_SIP_WHOLE);
    g_assert_cmpuint(m.end - m.body, ==, 4);
    g_assert_cmpint(next(HEAD TYPE "\r\nv=0\n", true, &m), ==, WR_SIP_WHOLE);
    g_assert_cmpuint(m.end, ==, m.body);
    g_assert_false(m.is_description);
    /* longer than what is there */
    g_assert_cmpint(next(HEAD TYPE "l : 9\r\n\r\nv=0\n", true, &m), ==, WR_SIP_MORE);
    g_assert_cmpint(next(HEAD TYPE "l : 9\r\n\r\nv=0\n", false, &m), ==, WR_SIP_NONE);
    g_assert_cmpint(next(HEAD TYPE "l: 99999999999999999999\r\n\r\nv=0\n", true, &m), ==, WR_SIP_NONE);
    g_assert_cmpint(next(HEAD TYPE "l: -1\r\n\r\nv=0\n", true, &m), ==, WR_SIP_NONE);
}

static void test_types(void)
{
    wr_sip_message m;

    g_assert_cmpint(next(HEAD "c \t: Application/SDP;charset=utf-8\r\n\r\nv=0\n", false, &m), ==, WR_SIP_WHOLE);
    g_assert_true(m.is_description);
    g_assert_cmpint(next(HEAD "c: application/sdpx\r\n\r\nv=0\n", false, &m), ==, WR_SIP_WHOLE);
    g_assert_false(m.is_description);
    g_assert_cmpint(next(HEAD TYPE "e: gzip\r\n\r\nv=0\n", false, &m), ==, WR_SIP_WHOLE);
    g_assert_false(m.is_description);
}

static void test_beginnings(void)
{
    static const char whole[] = HEAD "Content-Length: 0\r\n\r\n";
    wr_sip_message m;

    for (size_t n = 1; n < sizeof whole - 1; n++)
        g_assert_cmpint(wr_sip_next(whole, n, true, &m), ==, WR_SIP_MORE);
    g_assert_cmpint(wr_sip_next(whole, sizeof whole - 1, true, &m), ==, WR_SIP_WHOLE);
    g_assert_cmpint(next("\r\n\r\n", true, &m), ==, WR_SIP_NONE);
    g_assert_cmpint(next("GET / HTTP/1.1\r\n\r\n", true, &m), ==, WR_SIP_NONE);
    g_assert_cmpint(next("HELLO WORLD", true, &m), ==, WR_SIP_NONE);
    g_assert_cmpint(next("", true, &m), ==, WR_SIP_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sip_split/whole-messages", test_whole_messages);
    g_test_add_func("/sip_split/length", test_length);
    g_test_add_func("/sip_split/types", test_types);
    g_test_add_func("/sip_split/beginnings", test_beginnings);
    return g_test_run();
}
