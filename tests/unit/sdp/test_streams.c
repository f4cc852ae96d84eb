/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which section a packet belongs to: by what it carries, by its source, by its payload type. */
#include "sdp/streams.h"

#include <glib.h>
#include <string.h>

#define HEAD  "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
#define AUDIO "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=mid:a\r\na=rtpmap:111 opus/48000/2\r\n"
#define MID   "a=extmap:3/sendrecv urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
#define VIDEO(mid, ssrc)                                                                                               \
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=mid:" mid "\r\n" MID "a=ssrc:" ssrc " cname:x\r\n"

static void add(wr_sdp_streams *s, const char *text)
{
    wr_sdp *sdp = wr_sdp_parse(text, strlen(text));

    wr_sdp_streams_add(s, sdp);
    wr_sdp_unref(sdp);
}

static void check(const wr_sdp_streams *s, unsigned type, uint32_t ssrc, const char *mid, const char *wanted)
{
    wr_sdp_stream x;
    char *got;

    if (wr_sdp_streams_find(s, type, ssrc, (const uint8_t *)mid, mid != NULL ? strlen(mid) : 0, &x))
        got = g_strdup_printf("%s/%s/%s", x.mid, x.kind, x.codec);
    else
        got = g_strdup("none");
    g_assert_cmpstr(got, ==, wanted);
    g_free(got);
}

static void test_find(void)
{
    wr_sdp_streams *s = wr_sdp_streams_new();

    add(s, HEAD AUDIO VIDEO("camera", "7") VIDEO("screen", "8"));
    check(s, 111, 1, NULL, "a/audio/opus");
    check(s, 0, 1, NULL, "a/audio/");              /* a static type without rtpmap */
    check(s, 96, 8, NULL, "screen/video/VP8");     /* by source */
    check(s, 96, 8, "camera", "camera/video/VP8"); /* what it carries counts more */
    check(s, 96, 8, "other", "screen/video/VP8");
    check(s, 96, 9, NULL, "/video/VP8"); /* either */
    check(s, 97, 8, "camera", "none");
    check(s, 111, 1, "camera", "a/audio/opus"); /* a section that has no such type */
    g_assert_cmpuint(wr_sdp_streams_next_id(s, 0), ==, 3);
    g_assert_cmpuint(wr_sdp_streams_next_id(s, 3), ==, 0);
    wr_sdp_streams_free(s);
}

/* The answer names another type for the same section; without a=mid the number of the section tells. */
static void test_merged(void)
{
    wr_sdp_streams *s = wr_sdp_streams_new();

    add(s, HEAD AUDIO);
    add(s, HEAD "m=audio 9 RTP/SAVPF 109\r\na=rtpmap:109 opus/48000/2\r\n");
    add(s, HEAD "m=video 9 RTP/SAVPF 109\r\na=mid:v\r\na=rtpmap:109 H264/90000\r\n");
    check(s, 111, 0, NULL, "a/audio/opus");
    check(s, 109, 0, NULL, "//"); /* two sections, of which nothing is the same */
    check(s, 109, 0, "v", "v/video/H264");
    wr_sdp_streams_free(s);
}

static void test_bounds(void)
{
    wr_sdp_streams *s = wr_sdp_streams_new();
    GString *text = g_string_new(HEAD);

    for (int i = 0; i < WR_STREAM_SECTIONS + 2; i++)
        g_string_append_printf(text, "m=video 9 RTP/SAVPF %d\r\na=mid:%d\r\n", i, i);
    for (int i = 0; i < WR_STREAM_SOURCES + 2; i++)
        g_string_append_printf(text, "a=ssrc:%d cname:x\r\n", i);
    g_string_append(text, "a=extmap:256 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:x\r\na=extmap:\r\n"
                          "a=mid:0123456789012345678901234567890123456789\r\na=ssrc:\r\n");
    add(s, text->str);
    check(s, 3, 0, NULL, "3/video/");
    g_assert_cmpuint(wr_sdp_streams_next_id(s, 0), ==, 0);
    g_string_free(text, TRUE);
    wr_sdp_streams_free(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/streams/find", test_find);
    g_test_add_func("/streams/merged", test_merged);
    g_test_add_func("/streams/bounds", test_bounds);
    return g_test_run();
}
