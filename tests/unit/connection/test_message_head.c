/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of HTTP, SIP and RTSP messages before a body, whatever stands before them. */
#include "connection/message_head.h"

#include <glib.h>
#include <string.h>

static void assert_field(const wr_message_head *head, const char *name, const char *compact, const char *value)
{
    char *found = wr_message_head_field(head, name, compact);

    g_assert_cmpstr(found, ==, value);
    g_free(found);
}

static void test_http_request_behind_packet_headers(void)
{
    static const char text[] = "\x45\x00\x02\x0a"
                               "Z\xff"
                               "POST https://media.example/whip/live?x=1 HTTP/1.1\r\n"
                               "Host: media.example\r\nUser-Agent:  OBS\r\nContent-Type: application/sdp\r\n\r\n";
    wr_message_head head;

    g_assert_true(wr_message_head_find(text, sizeof text - 1, &head));
    g_assert_false(head.response);
    g_assert_cmpstr(head.method, ==, "POST");
    g_assert_cmpmem(head.target, head.target_len, "https://media.example/whip/live?x=1", 35);
    assert_field(&head, "host", NULL, "media.example");
    assert_field(&head, "USER-AGENT", NULL, "OBS");
    assert_field(&head, "Location", NULL, NULL);
}

static void test_zeros_and_capitals_before_the_method(void)
{
    static const char text[] = "\0\x13\xc4\0XINVITE sip:bob@b.example SIP/2.0\r\nCall-ID: 1\r\n\r\n";
    wr_message_head head;

    g_assert_true(wr_message_head_find(text, sizeof text - 1, &head));
    g_assert_cmpstr(head.method, ==, "INVITE");
    g_assert_cmpmem(head.target, head.target_len, "sip:bob@b.example", 17);
}

static void test_http_response(void)
{
    static const char text[] = "junk HTTP/1.1 201 Created\r\nLocation: /whip/r/17\r\nContent-Length: 9\r\n\r\n";
    wr_message_head head;

    g_assert_true(wr_message_head_find(text, sizeof text - 1, &head));
    g_assert_true(head.response);
    g_assert_cmpuint(head.status, ==, 201);
    g_assert_cmpstr(head.method, ==, "");
    assert_field(&head, "location", NULL, "/whip/r/17");
}

static void test_sip_compact_fields(void)
{
    static const char text[] = "INVITE sip:bob@biloxi.example SIP/2.0\r\nf: <sip:alice@a.example>;tag=1\r\n"
                               "i: a84b4c76e66710\r\nCSeq: 314159 INVITE\r\n\r\n";
    wr_message_head head;

    g_assert_true(wr_message_head_find(text, sizeof text - 1, &head));
    g_assert_cmpstr(head.method, ==, "INVITE");
    assert_field(&head, "Call-ID", "i", "a84b4c76e66710");
    assert_field(&head, "From", "f", "<sip:alice@a.example>;tag=1");
}

static void test_the_last_message_counts(void)
{
    static const char text[] = "SIP/2.0 100 Trying\r\nCall-ID: one\r\n\r\nSIP/2.0 200 OK\r\nCall-ID: two\r\n\r\n"
                               "--part\r\nContent-Type: application/sdp\r\nX-Late: 1\r\n\r\n";
    wr_message_head head;

    g_assert_true(wr_message_head_find(text, sizeof text - 1, &head));
    g_assert_cmpuint(head.status, ==, 200);
    assert_field(&head, "Call-ID", "i", "two");
    /* Fields of a body part are not the message's. */
    assert_field(&head, "X-Late", NULL, NULL);
}

static void test_no_start_line(void)
{
    static const char *const texts[] = {"",
                                        "\r\n",
                                        "Host: x\r\n\r\n",
                                        "HTTP/1.1",
                                        " HTTP/1.1",
                                        "HTTP/1.1 2x1 Bad\r\n",
                                        "GET HTTP/1.1\r\n",
                                        "get / HTTP/1.1\r\n",
                                        "SIP/2.0 20"};
    wr_message_head head;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_false(wr_message_head_find(texts[i], strlen(texts[i]), &head));
}

static void test_bytes_that_are_no_text_become_text(void)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nLocation: /\xff\r\n\r\n";
    wr_message_head head;
    char *value;

    g_assert_true(wr_message_head_find(text, sizeof text - 1, &head));
    value = wr_message_head_field(&head, "Location", NULL);
    g_assert_true(g_utf8_validate(value, -1, NULL));
    g_free(value);
}

static void test_paths(void)
{
    static const char *const cases[][2] = {
        {"/whip/r/1", "/whip/r/1"},
        {"https://h.example:8443/whip/r/1?a=b#c", "/whip/r/1"},
        {"https://h.example", NULL},
        {"r/1", "r/1"},
        {"", NULL},
        {"/a?u=https://x/y", "/a"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = wr_message_path(cases[i][0], strlen(cases[i][0]));
        g_assert_cmpstr(path, ==, cases[i][1]);
        g_free(path);
    }
}

/* What a translator of addresses changes is no part of it; what a proxy puts on top is. */
static void test_sip_hops(void)
{
    static const char *const cases[][2] = {
        {"INVITE sip:b@x SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.0.2;branch=z9hG4bKa;rport\r\nCSeq: 1 INVITE\r\n\r\n",
         "z9hG4bKa 1 INVITE 0"},
        {"INVITE sip:b@x SIP/2.0\r\nv: SIP/2.0/UDP 203.0.113.2 ; received=a ; Branch = z9hG4bKa\r\nCSeq: 1 INVITE\r\n\r\n",
         NULL}, /* spaces there are rare: not known, and nothing follows */
        {"INVITE sip:b@x SIP/2.0\r\nv: SIP/2.0/UDP 203.0.113.2;received=a; Branch=z9hG4bKa\r\nCSeq: 1 INVITE\r\n\r\n",
         "z9hG4bKa 1 INVITE 0"},
        {"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP p;branch=z9hG4bKb, SIP/2.0/UDP q;branch=z9hG4bKa\r\nCSeq: 1 INVITE\r\n\r\n",
         "z9hG4bKb 1 INVITE 200"},
        {"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP p, SIP/2.0/UDP q;branch=z9hG4bKa\r\nCSeq: 1 INVITE\r\n\r\n", NULL},
        {"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP p;branch=\r\nCSeq: 1 INVITE\r\n\r\n", NULL},
        {"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP p;b\r\nCSeq: 1 INVITE\r\n\r\n", NULL},
        {"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP p;branch=z9hG4bKa\r\n\r\n", NULL},
        {"SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        wr_message_head head;
        char *hop;
        g_assert_true(wr_message_head_read(cases[i][0], strlen(cases[i][0]), &head));
        hop = wr_message_sip_hop(&head);
        g_assert_cmpstr(hop, ==, cases[i][1]);
        g_free(hop);
    }
}

static void test_sip_users(void)
{
    static const char *const cases[][2] = {
        {"Alice <sip:alice@a.example;transport=ws>;tag=88", "alice@a.example"},
        {"sip:bob@b.example;tag=1", "bob@b.example"},
        {"<sips:carol@c.example>", "carol@c.example"},
        {"<tel:+123>", "tel:+123"},
        {"<>", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *user = wr_message_sip_user(cases[i][0]);
        g_assert_cmpstr(user, ==, cases[i][1]);
        g_free(user);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message_head/http-request", test_http_request_behind_packet_headers);
    g_test_add_func("/message_head/zeros-and-capitals", test_zeros_and_capitals_before_the_method);
    g_test_add_func("/message_head/http-response", test_http_response);
    g_test_add_func("/message_head/sip-compact", test_sip_compact_fields);
    g_test_add_func("/message_head/last-message", test_the_last_message_counts);
    g_test_add_func("/message_head/no-start-line", test_no_start_line);
    g_test_add_func("/message_head/no-text", test_bytes_that_are_no_text_become_text);
    g_test_add_func("/message_head/paths", test_paths);
    g_test_add_func("/message_head/sip-users", test_sip_users);
    g_test_add_func("/message_head/sip-hops", test_sip_hops);
    return g_test_run();
}
