/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payload types of descriptions, sound and broken. */
#include "sdp/payload.h"

#include <glib.h>

static void put(const wr_sdp_payload *p, void *data)
{
    g_string_append_printf(data, "%u:%u %.*s %.*s/%u/%u%s;", p->section, p->type, (int)p->media.len, p->media.p,
                           (int)p->name.len, p->name.p != NULL ? p->name.p : "", p->rate, p->channels,
                           p->sframe ? " sframe" : "");
}

static char *all_of(const char *text)
{
    wr_sdp *sdp = wr_sdp_parse(text, strlen(text));
    GString *out = g_string_new(NULL);

    wr_sdp_each_payload(sdp, put, out);
    wr_sdp_unref(sdp);
    return g_string_free(out, FALSE);
}

static void check(const char *text, const char *wanted)
{
    char *got = all_of(text);

    g_assert_cmpstr(got, ==, wanted);
    g_free(got);
}

static void test_payloads(void)
{
    check("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n"
          "a=rtpmap:111 opus/48000/2\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
          "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n",
          "0:111 audio /0/0;0:0 audio /0/0;0:111 audio opus/48000/2;2:96 video /0/0;2:96 video VP8/90000/1;");
}

/* In the section that says so, before or behind its types, or by the type's own name; not for words that begin alike.
 */
static void test_sframe(void)
{
    check("v=0\r\na=sframe\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=sframes\r\n"
          "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=sframe\r\n"
          "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=rtpmap:97 SFrame/90000\r\n",
          "0:111 audio /0/0;0:111 audio opus/48000/2;1:96 video /0/0 sframe;1:96 video VP8/90000/1 sframe;"
          "2:97 video /0/0;2:97 video SFrame/90000/1 sframe;");
}

static void test_broken(void)
{
    check("v=0\r\na=rtpmap:111 opus/48000/2\r\nm=audio 9 RTP/AVP 128 x -1\r\na=rtpmap:300 a/1\r\na=rtpmap:1 a\r\n"
          "a=rtpmap:1 a/0\r\na=rtpmap:1 /8000\r\na=rtpmap:\r\na=rtpmap:1 a/8000/1/2\r\nm=audio\r\na=rtpmap:5 b/7/\r\n",
          "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sdp_payload/payloads", test_payloads);
    g_test_add_func("/sdp_payload/sframe", test_sframe);
    g_test_add_func("/sdp_payload/broken", test_broken);
    return g_test_run();
}
