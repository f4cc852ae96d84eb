/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for evidence, and the kind that a description has by its own text. */
#include "descriptions.h"
#include "evidence/evidence.h"

#include <string.h>

static void test_every_value_has_its_own_name(void)
{
    for (int i = WR_CARRIER_OTHER; i <= WR_CARRIER_SAP; i++)
        for (int k = WR_CARRIER_OTHER; k < i; k++)
            g_assert_cmpstr(wr_carrier_name((wr_carrier)i), !=, wr_carrier_name((wr_carrier)k));
    for (int i = WR_KIND_UNKNOWN; i <= WR_KIND_BYE; i++)
        for (int k = WR_KIND_UNKNOWN; k < i; k++)
            g_assert_cmpstr(wr_kind_name((wr_kind)i), !=, wr_kind_name((wr_kind)k));
    g_assert_cmpstr(wr_carrier_name(WR_CARRIER_HTTP2), ==, "http2");
    g_assert_cmpstr(wr_carrier_name((wr_carrier)99), ==, "other");
    g_assert_cmpstr(wr_kind_name(WR_KIND_PRANSWER), ==, "pranswer");
    g_assert_cmpstr(wr_kind_name((wr_kind)99), ==, "unknown");
    g_assert_cmpstr(wr_direction_name(WR_DIRECTION_EMITTED), ==, "emitted");
    g_assert_cmpstr(wr_direction_name(WR_DIRECTION_DELIVERED), ==, "delivered");
    g_assert_cmpstr(wr_direction_name((wr_direction)99), ==, "unknown");
}

static void assert_kind(const char *text, wr_kind kind)
{
    wr_sdp *sdp = wr_sdp_parse(text, strlen(text));

    g_assert_cmpstr(wr_kind_name(wr_kind_from_sdp(sdp)), ==, wr_kind_name(kind));
    wr_sdp_unref(sdp);
}

static void test_kind_follows_from_the_dtls_role(void)
{
    assert_kind(CHROMIUM_OFFER, WR_KIND_OFFER);
    assert_kind(FIREFOX_ANSWER, WR_KIND_ANSWER);
    assert_kind("v=0\r\nm=audio 5004 RTP/AVP 0\r\n", WR_KIND_UNKNOWN);
    /* A rejected section says nothing. */
    assert_kind("v=0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\n"
                "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=setup:passive\r\n",
                WR_KIND_ANSWER);
    assert_kind("candidate:1 1 udp 1 192.0.2.1 46154 typ host", WR_KIND_CANDIDATE);
    assert_kind("a=ice-ufrag:abcd\na=candidate:1 1 udp 1 192.0.2.1 46154 typ host", WR_KIND_FRAGMENT);
    assert_kind("m=audio 9 RTP/AVP 0\na=mid:0\na=ice-ufrag:abcd\na=candidate:1 1 udp 1 192.0.2.1 46154 typ host",
                WR_KIND_FRAGMENT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/evidence/names", test_every_value_has_its_own_name);
    g_test_add_func("/evidence/kind-from-sdp", test_kind_follows_from_the_dtls_role);
    return g_test_run();
}
