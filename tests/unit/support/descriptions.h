/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions in the shapes that real stacks write, for several test programs. */
#ifndef WR_TEST_DESCRIPTIONS_H
#define WR_TEST_DESCRIPTIONS_H

#define FP_A  "AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA"
#define FP_B  "BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB"
#define FP1_C "CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC:CC"
#define FP384_D                                                                                                        \
    "DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:"                                         \
    "DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD:DD"

/* Chromium: transport lines at media level, repeated. */
#define CHROMIUM_HEAD                                                                                                  \
    "v=0\r\n"                                                                                                          \
    "o=- 6966993752534827616 2 IN IP4 127.0.0.1\r\n"                                                                   \
    "s=-\r\n"                                                                                                          \
    "t=0 0\r\n"                                                                                                        \
    "a=group:BUNDLE 0 1\r\n"                                                                                           \
    "a=extmap-allow-mixed\r\n"                                                                                         \
    "a=msid-semantic: WMS 82868e86\r\n"
#define CHROMIUM_TRANSPORT                                                                                             \
    "c=IN IP4 0.0.0.0\r\n"                                                                                             \
    "a=rtcp:9 IN IP4 0.0.0.0\r\n"                                                                                      \
    "a=ice-ufrag:zKgx\r\n"                                                                                             \
    "a=ice-pwd:DWb0um9pikEZ/FUvxSnhMQ9Y\r\n"                                                                           \
    "a=ice-options:trickle\r\n"                                                                                        \
    "a=fingerprint:sha-256 " FP_A "\r\n"                                                                               \
    "a=setup:actpass\r\n"
#define CHROMIUM_OFFER                                                                                                 \
    CHROMIUM_HEAD "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n" CHROMIUM_TRANSPORT "a=mid:0\r\n"                            \
                  "a=sendrecv\r\n"                                                                                     \
                  "a=msid:82868e86 107340ab\r\n"                                                                       \
                  "a=rtcp-mux\r\n"                                                                                     \
                  "a=rtpmap:111 opus/48000/2\r\n"                                                                      \
                  "a=ssrc:353137462 cname:hWcxaYbWnAcM/HfF\r\n"                                                        \
                  "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" CHROMIUM_TRANSPORT "a=mid:1\r\n"                             \
                  "a=sendrecv\r\n"                                                                                     \
                  "a=rtcp-mux\r\n"                                                                                     \
                  "a=rtpmap:96 VP8/90000\r\n"                                                                          \
                  "a=ssrc:1277700001 cname:hWcxaYbWnAcM/HfF\r\n"

/* Firefox: the fingerprint at session level, ICE in each section. */
#define FIREFOX_ANSWER                                                                                                 \
    "v=0\r\n"                                                                                                          \
    "o=mozilla...THIS_IS_SDPARTA-99.0 3481527056181930670 0 IN IP4 0.0.0.0\r\n"                                        \
    "s=-\r\n"                                                                                                          \
    "t=0 0\r\n"                                                                                                        \
    "a=sendrecv\r\n"                                                                                                   \
    "a=fingerprint:sha-256 " FP_B "\r\n"                                                                               \
    "a=group:BUNDLE 0 1\r\n"                                                                                           \
    "a=ice-options:trickle\r\n"                                                                                        \
    "a=msid-semantic:WMS *\r\n"                                                                                        \
    "m=audio 9 UDP/TLS/RTP/SAVPF 109\r\n"                                                                              \
    "c=IN IP4 0.0.0.0\r\n"                                                                                             \
    "a=sendrecv\r\n"                                                                                                   \
    "a=ice-pwd:7cbeae89fc9e97d75c56900d2869dd20\r\n"                                                                   \
    "a=ice-ufrag:ad7e796c\r\n"                                                                                         \
    "a=mid:0\r\n"                                                                                                      \
    "a=rtcp-mux\r\n"                                                                                                   \
    "a=setup:active\r\n"                                                                                               \
    "a=ssrc:4136514260 cname:{446c2e36-750c-42ec-903e-8cb4764c490e}\r\n"                                               \
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"                                                             \
    "c=IN IP4 0.0.0.0\r\n"                                                                                             \
    "a=sendrecv\r\n"                                                                                                   \
    "a=ice-pwd:7cbeae89fc9e97d75c56900d2869dd20\r\n"                                                                   \
    "a=ice-ufrag:ad7e796c\r\n"                                                                                         \
    "a=mid:1\r\n"                                                                                                      \
    "a=setup:active\r\n"                                                                                               \
    "a=sctp-port:5000\r\n"                                                                                             \
    "a=max-message-size:1073741823\r\n"

#endif
