/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions that are kept for the rest of the capture, made small: their text compressed (RFC 1951) against the
 * lines that browsers write again and again.
 */
#include "parser.h"

#include <string.h>
#include <zlib.h>

#define LEAST_TEXT   128 /* bytes: what is shorter is kept as it is */
#define WINDOW_BITS  13  /* reaches from a line of a usual description back to its like in the dictionary */
#define MEMORY_LEVEL 5
#define LEVEL        3 /* fast: most of what is saved comes from the dictionary */

#define FEEDBACK(id)                                                                                                   \
    "a=rtcp-fb:" id " goog-remb\r\na=rtcp-fb:" id " transport-cc\r\na=rtcp-fb:" id " ccm fir\r\n"                      \
    "a=rtcp-fb:" id " nack\r\na=rtcp-fb:" id " nack pli\r\n"
#define RTX(id, of) "a=rtpmap:" id " rtx/90000\r\na=fmtp:" id " apt=" of "\r\n"
#define H264(id, rtx, mode, profile)                                                                                   \
    "a=rtpmap:" id " H264/90000\r\n" FEEDBACK(id) "a=fmtp:" id " level-asymmetry-allowed=1;packetization-mode=" mode   \
                                                  ";profile-level-id=" profile "\r\n" RTX(rtx, id)

/* Lines as the stacks order them; what is found nearer the end costs less. Changing a word of it changes no result:
 * what was packed with it lives no longer than the process. */
static const char usual_lines[] =
    "a=candidate:1 1 UDP 2122252543  typ host\r\na=candidate:0 1 TCP 2105524479  9 typ host tcptype active\r\n"
    " 1 udp 2122260223  typ host generation 0 network-id 1 network-cost 10\r\n"
    " 1 udp 1686052607  typ srflx raddr  rport  generation 0 ufrag \r\n typ relay raddr \r\n"
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\r\na=recvonly\r\na=sendonly\r\na=inactive\r\na=bundle-only\r\na=setup:passive\r\n"
    "a=tls-id:\r\na=ice-lite\r\na=extmap:12 https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension\r\n"
    "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0  0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=sendrecv\r\na=extmap-allow-mixed\r\n"
    "a=fingerprint:sha-256 \r\na=group:BUNDLE 0 1 2\r\na=ice-options:trickle\r\na=msid-semantic:WMS *\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8 126\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\n"
    "a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level\r\na=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=extmap-allow-mixed\r\na=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\r\na=fmtp:101 0-15\r\na=mid:0\r\n"
    "a=msid:{\r\na=rtcp-mux\r\na=rtpmap:109 opus/48000/2\r\na=rtpmap:9 G722/8000/1\r\na=setup:active\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 45 46 98 99 118 119 120\r\n"
    "a=extmap:5/recvonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\na=fmtp:96 max-fs=12288;max-fr=60\r\n" RTX(
        "97",
        "96") "a=mid:1\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 goog-remb\r\n"
              "a=rtcp-fb:96 transport-cc\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:126 H264/90000\r\na=setup:actpass\r\n"
              " cname:{\r\na=ssrc-group:FID \r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\n"
              "a=sctp-port:5000\r\na=max-message-size:1073741823\r\n"
              "v=0\r\no=-  2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n"
              "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:\r\na=ice-pwd:\r\n"
              "a=ice-options:trickle\r\na=fingerprint:sha-256 \r\na=setup:actpass\r\na=mid:0\r\n"
              "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
              "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n"
              "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
              "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=sendrecv\r\na=msid:\r\na=rtcp-mux\r\na=rtcp-rsize\r\n"
              "a=rtcp-xr:rcvr-rtt=all\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
              "a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\n"
              "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\n"
              "a=rtpmap:126 telephone-event/8000\r\na=ssrc: cname:\r\na=ssrc: msid:\r\n"
              "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 107 108 109 114 115 116 117 39 40 45 46 98 99 100 101 118 119 120\r\n"
              "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=mid:1\r\na=extmap:14 urn:ietf:params:rtp-hdrext:toffset\r\n"
              "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\na=extmap:13 urn:3gpp:video-orientation\r\n"
              "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
              "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n"
              "a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type\r\n"
              "a=extmap:7 http://www.webrtc.org/experiments/rtp-hdrext/video-timing\r\n"
              "a=extmap:8 http://www.webrtc.org/experiments/rtp-hdrext/color-space\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
              "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
              "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\na=sendrecv\r\na=msid:\r\na=rtcp-mux\r\na=rtcp-rsize\r\n"
              "a=rtcp-xr:rcvr-rtt=all\r\n"
              "a=rtpmap:96 VP8/90000\r\n" FEEDBACK("96") RTX("97", "96") H264("102", "103", "1", "42001f") H264(
                  "104", "107", "0", "42001f") H264("108", "109", "1", "42e01f") H264("114", "115", "0",
                                                                                      "42e01f") H264("116", "117", "1",
                                                                                                     "4d001f")
                  H264("39", "40", "0", "4d001f") "a=rtpmap:45 AV1/90000\r\n" FEEDBACK("45") "a=fmtp:45 level-idx=5;profile=0;tier=0\r\n" RTX("46", "45") "a=rtpmap:98 VP9/90000\r\n" FEEDBACK("98") "a=fmtp:98 profile-id=0\r\n" RTX(
                      "99",
                      "98") "a=rtpmap:100 VP9/90000\r\n" FEEDBACK("100") "a=fmtp:100 profile-id=2\r\n" RTX("101",
                                                                                                           "100") "a=rtpmap:118 red/90000\r\n" RTX("119",
                                                                                                                                                   "118") "a=rtpmap:120 ulpfec/90000\r\na=ssrc-group:FID \r\n"
                                                                                                                                                          "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:\r\na=ice-pwd:\r\na=ice-options:trickle\r\n"
                                                                                                                                                          "a=fingerprint:sha-256 \r\na=setup:actpass\r\na=mid:2\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n";

static const Bytef *dictionary(void)
{
    return (const Bytef *)usual_lines;
}

static void *allocate(void *opaque, unsigned n, unsigned size)
{
    (void)opaque;
    return g_malloc_n(n, size);
}

static void release(void *opaque, void *block)
{
    (void)opaque;
    g_free(block);
}

static z_stream new_stream(void)
{
    z_stream z;

    memset(&z, 0, sizeof z);
    z.zalloc = allocate;
    z.zfree = release;
    return z;
}

/* Taking in the dictionary costs more than a description: it is done once in the process, and copied. */
static bool new_packer(z_stream *z)
{
    static z_stream ready;
    static bool is_ready;

    if (!is_ready) {
        ready = new_stream();
        if (deflateInit2(&ready, LEVEL, Z_DEFLATED, -WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
            return false;
        deflateSetDictionary(&ready, dictionary(), sizeof usual_lines - 1);
        is_ready = true;
    }
    return deflateCopy(z, &ready) == Z_OK;
}

static void add_own(GString *lines, const char *begin, const char *value)
{
    if (value != NULL && strlen(value) <= WR_SDP_MAX_VALUE)
        g_string_append_printf(lines, "%s%s\r\n", begin, value);
}

static void add_own_transport(GString *lines, const wr_transport *t)
{
    char digest[WR_DIGEST_TEXT];

    if (t->n_fingerprints > 0 && t->fingerprints[0].length > 0)
        g_string_append_printf(lines, "a=fingerprint:%s %s\r\n", wr_hash_name(t->fingerprints[0].hash),
                               wr_digest_format(t->fingerprints[0].value, t->fingerprints[0].length, digest));
    add_own(lines, "a=ice-pwd:", t->ice_pwd);
    add_own(lines, "a=ice-ufrag:", t->ice_ufrag);
}

/* What was drawn at random is the most of a packed text, and much of it is among what was parsed, which is kept anyway:
 * lines made of that are a dictionary, too. */
static GString *own_lines(const wr_sdp *sdp)
{
    GString *lines = g_string_new(NULL);

    add_own(lines, " cname:", sdp->cname);
    add_own_transport(lines, &sdp->session);
    if (sdp->n_sections > 0)
        add_own_transport(lines, &sdp->sections[0].own);
    add_own(lines, "v=0\r\no=", sdp->origin);
    return lines;
}

/* NULL when it would not become smaller. */
static uint8_t *pack(const wr_sdp *sdp, uint32_t *packed_len)
{
    const uint32_t len = sdp->text_len;
    z_stream z;
    GString *own;
    uint8_t *out;
    int result;

    if (!new_packer(&z))
        return NULL;
    own = own_lines(sdp);
    deflateSetDictionary(&z, (const Bytef *)own->str, (uInt)own->len);
    g_string_free(own, TRUE);
    out = g_malloc(len);
    z.next_in = (z_const Bytef *)sdp->text;
    z.avail_in = (uInt)len;
    z.next_out = out;
    z.avail_out = (uInt)len;
    result = deflate(&z, Z_FINISH);
    *packed_len = len - z.avail_out;
    deflateEnd(&z);
    if (result != Z_STREAM_END) {
        g_free(out);
        return NULL;
    }
    return out;
}

static char *unpack(const wr_sdp *sdp)
{
    char *text = g_malloc0((gsize)sdp->text_len + 1); /* all of it is text, whatever may happen */
    z_stream z = new_stream();
    GString *own;

    if (inflateInit2(&z, -WINDOW_BITS) != Z_OK)
        return text;
    inflateSetDictionary(&z, dictionary(), sizeof usual_lines - 1);
    own = own_lines(sdp);
    inflateSetDictionary(&z, (const Bytef *)own->str, (uInt)own->len);
    g_string_free(own, TRUE);
    z.next_in = (z_const Bytef *)sdp->packed;
    z.avail_in = sdp->packed_len;
    z.next_out = (Bytef *)text;
    z.avail_out = sdp->text_len;
    inflate(&z, Z_FINISH);
    inflateEnd(&z);
    return text;
}

void wr_sdp_forget_places(wr_sdp *sdp)
{
    if (sdp->at == NULL)
        return;
    for (unsigned i = 0; i < sdp->n_sections; i++) {
        g_free(sdp->at->sections[i].own.fingerprints);
        g_free(sdp->at->sections[i].msid);
    }
    g_free(sdp->at->session.fingerprints);
    g_free(sdp->at->sections);
    g_clear_pointer(&sdp->at, g_free);
}

void wr_sdp_fold(wr_sdp *sdp)
{
    if (sdp->at == NULL) /* it was folded */
        return;
    wr_sdp_forget_places(sdp);
    if (sdp->text_len >= LEAST_TEXT)
        sdp->packed = pack(sdp, &sdp->packed_len);
    wr_sdp_close(sdp);
    wr_sdp_into_block(sdp);
}

const char *wr_sdp_text(wr_sdp *sdp)
{
    if (sdp->text == NULL)
        sdp->text = unpack(sdp);
    return sdp->text;
}

void wr_sdp_close(wr_sdp *sdp)
{
    if (sdp->packed != NULL)
        g_clear_pointer(&sdp->text, g_free);
}
