/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jingle descriptions (XEP-0166) as session descriptions with their media. */
#include "find/find.h"

#include <string.h>

#define PRINT "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89"
#define IQ(action, inner)                                                                                              \
    "<iq from='a@x' to='b@x'><jingle xmlns='urn:xmpp:jingle:1' action='" action "' sid='s1'>" inner "</jingle></iq>"
#define TRANSPORT(setup, more)                                                                                         \
    "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' pwd='0123456789012345678901'>"               \
    "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='" setup "'>" PRINT "</fingerprint>" more   \
    "</transport>"
#define CREDENTIALS(setup)                                                                                             \
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:" setup "\r\na=fingerprint:sha-256 " PRINT "\r\n"
#define CANDIDATE                                                                                                      \
    "<candidate component='1' foundation='1' generation='0' id='c' ip='192.0.2.1' port='10000' priority='5' "          \
    "protocol='udp' type='host'/>"

static wr_find_result *find(const char *stanza)
{
    g_assert_true(wr_json_find_worthwhile((const uint8_t *)stanza, strlen(stanza)));
    return wr_json_find((const uint8_t *)stanza, strlen(stanza), NULL);
}

static void check(const char *stanza, wr_kind kind, const char *path, const char *text)
{
    wr_find_result *r = find(stanza);
    const wr_hit *hit;

    g_assert_cmpuint(r->hits->len, ==, 1);
    hit = g_ptr_array_index(r->hits, 0);
    g_assert_cmpint(hit->kind, ==, kind);
    g_assert_cmpstr(hit->path, ==, path);
    g_assert_cmpstr(hit->text, ==, text);
    g_assert_cmpstr(hit->call, ==, "s1");
    wr_find_result_free(r);
}

/* The elements of XEP-0167's and XEP-0343's examples, with what those say they are in SDP. */
#define AUDIO(setup, senders)                                                                                          \
    "<content creator='initiator' name='voice'" senders                                                                \
    "><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"                                                  \
    "<payload-type id='111' name='opus' clockrate='48000' channels='2'><parameter name='minptime' value='10'/>"        \
    "<parameter name='useinbandfec' value='1'/><rtcp-fb type='transport-cc'/></payload-type>"                          \
    "<payload-type id='0' name='PCMU' clockrate='8000'/><rtcp-mux/></description>" TRANSPORT(setup,                    \
                                                                                             CANDIDATE) "</content>"
#define AUDIO_SDP                                                                                                      \
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"      \
    "a=rtcp-fb:111 transport-cc\r\na=rtpmap:0 PCMU/8000\r\na=rtcp-mux\r\na=mid:voice\r\n"
#define CANDIDATE_SDP "a=candidate:1 1 udp 5 192.0.2.1 10000 typ host\r\n"

static void contents_are_sections_of_one_description(void)
{
    check(
        IQ("session-initiate",
           "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content name='voice'/><content name='data'/></group>" AUDIO("actpass", " senders='initiator'") "<content creator='initiator' name='data'><description xmlns='urn:xmpp:jingle:transports:webrtc-datachannel:0'/>" TRANSPORT(
               "actpass", "<sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' number='5000' "
                          "protocol='webrtc-datachannel' streams='1024'/>") "</content>"),
        WR_KIND_OFFER, "$.jingle",
        "a=group:BUNDLE voice data\r\n" AUDIO_SDP "a=sendonly\r\n" CREDENTIALS("actpass") CANDIDATE_SDP
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\na=mid:data\r\n" CREDENTIALS(
            "actpass"));
}

static void who_sends_is_told_from_the_side_that_says_it(void)
{
    check(IQ("session-accept", AUDIO("active", " senders='initiator'")), WR_KIND_ANSWER, "$.jingle",
          AUDIO_SDP "a=recvonly\r\n" CREDENTIALS("active") CANDIDATE_SDP);
    check(IQ("session-accept", AUDIO("active", " senders='both'")), WR_KIND_ANSWER, "$.jingle",
          AUDIO_SDP "a=sendrecv\r\n" CREDENTIALS("active") CANDIDATE_SDP);
    check(IQ("session-accept", AUDIO("active", " senders='none'")), WR_KIND_ANSWER, "$.jingle",
          AUDIO_SDP "a=inactive\r\n" CREDENTIALS("active") CANDIDATE_SDP);
    check(IQ("session-initiate", AUDIO("actpass", "")), WR_KIND_OFFER, "$.jingle",
          AUDIO_SDP CREDENTIALS("actpass") CANDIDATE_SDP);
}

static void keys_in_signalling_are_kept(void)
{
    check(IQ("session-initiate",
             "<content name='a'><description media='audio'><payload-type id='0'/><encryption><crypto "
             "crypto-suite='AES_CM_128_HMAC_SHA1_80' key-params='inline:abc' tag='1'/></encryption></description>"
             "<transport ufrag='abcd' pwd='0123456789012345678901'/></content>"),
          WR_KIND_OFFER, "$.jingle",
          "m=audio 9 RTP/SAVPF 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\na=mid:a\r\n"
          "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n");
}

static void values_cannot_make_lines(void)
{
    check(IQ("session-initiate",
             "<content name='a&#10;a=setup:active'><description media='audio&#13;&#10;v=0'/>" TRANSPORT(
                 "actpass", "") "</content>"),
          WR_KIND_OFFER, "$.jingle",
          "m=audio??v=0 9 UDP/TLS/RTP/SAVPF -\r\na=mid:a?a=setup:active\r\n" CREDENTIALS("actpass"));
}

/* Parts of a description, media nobody knows, and media of which nothing says how they are protected stay what they
 * were. */
static void the_rest_stays_fragments(void)
{
    check(IQ("transport-info", "<content name='a'>" TRANSPORT("actpass", CANDIDATE) "</content>"), WR_KIND_FRAGMENT,
          "$.jingle.content.transport", CREDENTIALS("actpass") CANDIDATE_SDP);
    check(IQ("session-initiate", "<content name='a'>" TRANSPORT("actpass", "") "</content>"), WR_KIND_OFFER,
          "$.jingle.content.transport", CREDENTIALS("actpass"));
    check(IQ("session-initiate", "<content name='a'><description media='audio'/><transport ufrag='abcd' "
                                 "pwd='0123456789012345678901'/></content>"),
          WR_KIND_OFFER, "$.jingle.content.transport", "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n");
}

static void contents_are_bounded(void)
{
    GString *stanza = g_string_new("<iq from='a@x' to='b@x'><jingle action='session-initiate' sid='s1'>");
    wr_find_result *r;

    for (unsigned i = 0; i < 300; i++) {
        g_string_append_printf(
            stanza, "<content name='c%u'><description media='audio'/>" TRANSPORT("actpass", "") "</content>", i);
    }
    g_string_append(stanza, "</jingle></iq>");
    r = find(stanza->str);
    g_assert_true(r->bound);
    g_assert_cmpuint(r->hits->len, ==, 1);
    wr_find_result_free(r);
    g_string_free(stanza, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jingle/sections", contents_are_sections_of_one_description);
    g_test_add_func("/jingle/senders", who_sends_is_told_from_the_side_that_says_it);
    g_test_add_func("/jingle/crypto", keys_in_signalling_are_kept);
    g_test_add_func("/jingle/values", values_cannot_make_lines);
    g_test_add_func("/jingle/fragments", the_rest_stays_fragments);
    g_test_add_func("/jingle/bound", contents_are_bounded);
    return g_test_run();
}
