/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of the page: its words, for people who know none of them, and what the colours of its pictures mean. */
#include "page.h"

void wr_page_add_words(wr_html *p)
{
    wr_page_add(
        p,
        "<footer id=\"words\"><h2>The pictures</h2><p>Time runs downwards. A line that goes down stands for a host, with its "
        "address above and, where it is known, the name of the party; an arrow stands for a message, with its frame at the "
        "left.</p><dl><dt><span class=\"badge good\">green</span></dt><dd>agrees with what was announced</dd>"
        "<dt><span class=\"badge doubt\">yellow</span></dt><dd>cannot tell, or is unusual</dd>"
        "<dt><span class=\"badge bad\">red</span></dt><dd>contradicts what was announced, or was changed on the way</dd>"
        "<dt><span class=\"badge plain\">grey</span></dt><dd>has nothing to say of that</dd>"
        "<dt>third party</dt><dd>stands over a host that showed a certificate which was announced in the place of a party's "
        "own</dd><dt>encryption ends here</dt><dd>stands over a host, no party by the signalling, that is an end of several "
        "handshakes of the call: a server, or somebody who listens in</dd></dl><h2>Words</h2><dl>\n"
        "<dt>alarm</dt><dd>a call or a finding of severity error or warn</dd>"
        "<dt>association</dt><dd>one handshake, and the connection that it protects</dd>"
        "<dt>binding, B0 to B4</dt><dd>how surely a connection belongs to this call: B0 by checks with its passwords both ways, B1 by one such check, B2 by user names only, B3 by addresses only, B4 by the certificates only</dd>"
        "<dt>certificate</dt><dd>what an end shows in the handshake to say which key is its own; in these calls everybody makes his own, and nobody vouches for it</dd>"
        "<dt>CERT-MATCH and its like</dt><dd>what the certificate of one end is worth: CERT-MATCH agrees with what was announced for it, CERT-MISMATCH does not, CERT-ENCRYPTED cannot be read here</dd>"
        "<dt>description (SDP), offer, answer</dt><dd>the message in which a party tells the other how to reach it, with its fingerprint (Session Description Protocol); the offer comes first, the answer replies to it</dd>"
        "<dt>DTLS, handshake</dt><dd>Datagram Transport Layer Security, the encryption of the connection; its beginning is the handshake, in which each end shows its certificate</dd>"
        "<dt>fingerprint</dt><dd>the short form of a certificate: whoever holds its key can show that the fingerprint is his</dd>"
        "<dt>ICE, check</dt><dd>Interactive Connectivity Establishment: the ends try which path works, with passwords from the descriptions</dd>"
        "<dt>key log</dt><dd>a file in which an endpoint wrote the secrets of its connections, so that a capture of them can be read</dd>"
        "<dt>leg</dt><dd>the part of the signalling between one party and the server</dd>"
        "<dt>OWASP ASVS</dt><dd>a public list of what secure applications have to do; V17 is its chapter on WebRTC</dd>"
        "<dt>RTP, SRTP</dt><dd>Real-time Transport Protocol, which carries sound and pictures, and its encrypted form</dd>"
        "<dt>safety number</dt><dd>a number of both fingerprints: two people who each have a capture of the call read it to each other; where the numbers differ, something stood between them</dd>"
        "<dt>SCTP</dt><dd>Stream Control Transmission Protocol, which carries messages and files beside sound and pictures, inside DTLS</dd>"
        "<dt>SDES</dt><dd>keys of media that are sent in the descriptions, where everybody who reads these can have them</dd>"
        "<dt>severity: error, warn, note, chat</dt><dd>serious, unusual, worth knowing, the usual course</dd>"
        "<dt>signalling</dt><dd>the way by which descriptions travel, mostly over a server</dd>"
        "<dt>STUN, TURN</dt><dd>what ICE checks are made of, and a server that relays a connection where no direct path works</dd>"
        "<dt>substitute</dt><dd>a fingerprint that was put in the place of another on the way; a certificate that matches it is no good sign</dd>"
        "<dt>third party</dt><dd>a host that showed a substitute: the encryption of the call ended there</dd>"
        "</dl></footer>\n");
}
