#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the seed corpora: seeds.py FOLDER writes FOLDER/TARGET/NAME.

Datagrams and certificates are taken out of the test captures, texts are written here.
"""

import base64
import gzip
import hashlib
import json
import pathlib
import subprocess
import sys
import zlib

CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "test-captures"
FROM = ("cr-ff12.A", "cr-aiortc.A", "janus-janusws.A", "mitm-a-wrtc-cr-cr.M", "c-noverify-ndc-pion.A")
FEW = 40  # of one kind out of one capture

FINGERPRINT = ":".join(f"{7 * n % 256:02X}" for n in range(32))
OFFER = f"""v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS s1
m=audio 9 UDP/TLS/RTP/SAVPF 111 0
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1 1 udp 2113937151 10.0.0.1 50000 typ host generation 0 ufrag aaaa
a=candidate:2 1 udp 1677729535 198.51.100.2 50001 typ srflx raddr 10.0.0.1 rport 50000
a=candidate:3 1 udp 1 9f1c2a6e-0b0c-4d0a-9d7e-000000000000.local 50002 typ host
a=candidate:4 1 tcp 1 2001:db8::1 9 typ host tcptype active
a=ice-ufrag:aaaa
a=ice-pwd:passwordpasswordpassword
a=ice-options:trickle
a=fingerprint:sha-256 {FINGERPRINT}
a=setup:actpass
a=mid:0
a=sendrecv
a=msid:s1 t1
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=ssrc:1234567890 cname:ABCDabcd
m=application 0 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=bundle-only
a=fingerprint:sha-1 {FINGERPRINT[:59]}
a=tls-id:0123456789abcdef0123
a=mid:1
a=sctp-port:5000
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4
a=end-of-candidates
""".replace("\n", "\r\n")
ANSWER = OFFER.replace("actpass", "active").replace("aaaa", "bbbb").replace("4611731400430051336 2", "991234567 1")
FRAGMENT = ("a=ice-ufrag:aaaa\r\na=ice-pwd:passwordpasswordpassword\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
            "a=candidate:1 1 udp 1 10.0.0.1 5 typ host\r\n")
CANDIDATE = "candidate:1 1 udp 2113937151 10.0.0.1 50000 typ host generation 0 ufrag aaaa"

JSON = {
    "plain": {"type": "offer", "sdp": OFFER},
    "nested": {"to": "bob", "from": "alice", "room": "r1", "data": {"description": {"type": "answer", "sdp": ANSWER}}},
    "janus": {"janus": "message", "session_id": 1, "handle_id": 2, "transaction": "x", "body": {"request": "start"},
              "jsep": {"type": "offer", "sdp": OFFER}},
    "candidate": {"type": "candidate", "candidate": {"candidate": CANDIDATE, "sdpMid": "0", "sdpMLineIndex": 0,
                                                     "usernameFragment": "aaaa"}},
    "jingle": {"dtlsParameters": {"role": "auto", "fingerprints": [{"algorithm": "sha-256", "value": FINGERPRINT}]},
               "iceParameters": {"usernameFragment": "aaaa", "password": "passwordpasswordpassword"}},
    "string": {"msg": json.dumps({"sdp": json.dumps({"type": "offer", "sdp": OFFER})})},
    "base64": {"payload": base64.b64encode(json.dumps({"type": "offer", "sdp": OFFER}).encode()).decode()},
    "hex": {"payload": json.dumps({"type": "offer", "sdp": OFFER}).encode().hex(), "sdp": OFFER.encode().hex()},
    "bytes": {"type": "Buffer", "data": list(json.dumps({"type": "offer", "sdp": OFFER}).encode())},
    "gzip": {"payload": base64.b64encode(gzip.compress(OFFER.encode(), mtime=0)).decode()},
    "turn": {"iceServers": [{"urls": "turn:turn.example:3478", "username": "1900000000:u", "credential": "c"}]},
    "push": {"aps": {"alert": "call"}, "callerName": "alice", "sdp": OFFER},
}


def texts():
    messages = {name: json.dumps(value).encode() for name, value in JSON.items()}
    for name, body in {"sdp.offer": OFFER, "sdp.answer": ANSWER, "sdp.fragment": FRAGMENT,
                       "sdp.candidate": CANDIDATE}.items():
        yield "sdp", name, body.encode()
    yield "sdp_compare", "same", OFFER.encode() + b"\xff" + OFFER.encode()
    yield "sdp_compare", "answered", OFFER.encode() + b"\xff" + ANSWER.encode()
    yield "sdp_compare", "changed", OFFER.encode() + b"\xff" + OFFER.replace("07:0E", "08:0E").encode()
    for name, body in messages.items():
        yield "json", name, b"\x20" + body
        yield "json", "socketio-" + name, b"\x24" + b'42["message",' + body + b"]"
        yield "remarks", name, body
    yield "json", "form", b"\x02" + b"a=b&data=" + base64.urlsafe_b64encode(messages["plain"])
    yield "json", "sockjs", b"\x00a" + json.dumps([json.dumps(JSON["plain"])]).encode()
    yield "json", "polling", b"\x04" + b"96:42" + messages["candidate"] + b"\x1e42[]"
    yield "json", "events", b"\x00data: " + base64.b64encode(messages["plain"]) + b"\n\n"
    yield "json", "room-peer", b"\x00ROOM_PEER_MSG 4821 " + messages["plain"]
    yield "json", "deep", b"\x00" + b'{"a":' * 70 + b"1" + b"}" * 70
    yield from tunnels()
    for name, body in statistics():
        yield "testimony", name, json.dumps(body).encode()
        yield "json_stream", name, json.dumps(body).encode()
    for target, name, body in statements():
        yield target, name, body if isinstance(body, bytes) else body.encode()
    long = bytes([len(OFFER) & 127 | 128, len(OFFER) >> 7])
    protobuf = b"\x0a\x05offer\x12" + long + OFFER.encode()
    size = len(protobuf)
    notations = {
        "protobuf": b"\x0a" + bytes([size & 127 | 128, size >> 7]) + protobuf,
        "packed": b"\x05\x0a\x40" + gzip.compress(OFFER[:60].encode(), mtime=0)[:64].ljust(64, b"\0"),
        "msgpack": b"\x82\xa4type\xa5offer\xa3sdp\xda" + len(OFFER).to_bytes(2, "big") + OFFER.encode(),
        "jingle": f"""<iq from='a@x' to='b@x'><jingle action='session-initiate' sid='s'><content name='0'><transport
 ufrag='aaaa' pwd='passwordpasswordpassword'><fingerprint hash='sha-256' setup='actpass'>{FINGERPRINT}</fingerprint>
<candidate ip='10.0.0.1' port='1' protocol='udp' type='host'/></transport></content></jingle></iq>""".encode(),
        "parts": b'--b\r\nContent-Disposition: form-data; name="sdp"\r\n\r\n' + OFFER.encode() + b"\r\n--b--\r\n",
    }
    text = OFFER.encode()
    element = b"\x02sdp\0" + (len(text) + 1).to_bytes(4, "little") + text + b"\0"
    notations.update({
        "cbor": b"\xd9\xd9\xf7\xa2\x64type\x65offer\x63sdp\x79" + len(text).to_bytes(2, "big") + text,
        "cbor-pieces": b"\xbf\x63sdp\x7f\x61v\x79" + (len(text) - 1).to_bytes(2, "big") + text[1:] + b"\xff\xff",
        "bson": (len(element) + 5).to_bytes(4, "little") + element + b"\0",
        "bencode": b"d7:call-id3:c-17:command5:offer3:sdp%d:" % len(text) + text + b"e",
        "ng": b"77_1 d7:command5:offer3:sdp%d:" % len(text) + text + b"e",
        "grpc": b"\0" + len(protobuf).to_bytes(4, "big") + protobuf,
        "stomp": b"SEND\ndestination:/app/x\n\n" + messages["plain"] + b"\0",
        "verb": b"O: 2\n" + text,
        "lines": b"C: 2\n\n0\n0\n" + CANDIDATE.encode(),
        "events": b"event: offer\ndata: " + text.replace(b"\r\n", b"\ndata: ") + b"\n\n",
        "certhash": b'{"Addrs":["/ip4/192.0.2.1/udp/9095/webrtc-direct/certhash/'
                    b'uEiDl6KttSLkhC_ywKQEyMdZvCB_1X3jM0anmiPTk76s3VQ"]}',
        "token": b'{"jwt":"eyJhIjoxfQ.' + base64.urlsafe_b64encode(messages["plain"]).rstrip(b"=") + b'.c2ln"}',
    })
    for name, body in notations.items():
        yield "notations", name, body
        yield "json", name, b"\x00" + body
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    told = b"id: 1\ndata: " + messages["plain"] + b"\n\n"
    masked = b"\x81\xfe" + len(messages["plain"]).to_bytes(2, "big") + b"\0\0\0\0" + messages["plain"]
    blocks = [bytes.fromhex("828684410f7777772e6578616d706c652e636f6d"), bytes.fromhex("828684be58086e6f2d6361636865"),
              bytes.fromhex("828684418cf1e3c2e5f23a6ba0ab90f4ff")]
    for number, block in enumerate(blocks):
        yield "hpack", f"block-{number}", block
    for name, body in {
        "chunked": head + b"%x\r\n" % len(told) + told + b"\r\n0\r\n\r\n",
        "closed": b"HTTP/1.1 200 OK\r\n\r\n" + told + messages["plain"],
        "h2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0" + len(masked).to_bytes(3, "big")
              + b"\0\0\0\0\0\1" + masked,
        "h2-events": b"\0\0\0\4\0\0\0\0\0" + len(told).to_bytes(3, "big") + b"\0\0\0\0\0\1" + told,
        "h2-packed": b"\0\0\0\4\0\0\0\0\0" + b"\0\0\x09\0\0\0\0\0\1\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\0"
                     + b"\0\0\x07\0\0\0\0\0\1\xc1\x05\xf2\0\x11\0\0",
        "h2-heads": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\0\x14\1\4\0\0\0\1" + blocks[0]
                    + b"\0\0\x04\1\x28\0\0\0\3\0\0\0\0" + b"\0\0\x0e\x09\4\0\0\0\3" + blocks[1],
        "redis": b"*3\r\n$7\r\nmessage\r\n$2\r\nc1\r\n$%d\r\n" % len(told) + told + b"\r\n",
        "nats": b"MSG rooms.1 9 %d\r\n" % len(told) + told + b"\r\nPING\r\n",
        "stomp": b"CONNECTED\nversion:1.2\n\n\0\nMESSAGE\ndestination:/topic/x\ncontent-length:%d\n\n" % len(told)
                 + told + b"\0SEND\ndestination:/app/x\n\n" + messages["plain"] + b"\0\r\n",
    }.items():
        yield "open_stream", name, b"\x0f" + body
        yield "open_stream", name + "-whole", b"\xff" + body
    event = b'451-/a,12["signal",{"room":"r","sdp":{"_placeholder":true,"num":0}}]\n'
    held = {
        "firebase": b'\x012\n{"t":"d","d":{"r":4,"a":"p","b":{"p":"/r/offer",\n"d":{"type":"offer"}}}}',
        "event": b"\0" + event + messages["plain"],
        "packed": b"\0" + event + gzip.compress(messages["plain"]),
        "pubnub": b"\0/publish/p/s/0/c/0/%7B%22a%22%3A1%7D?uuid=x",
        "livekit": b"\0/rtc/v1?join_request=eyJhIjoxfQ%3D%3D&b=2", "supabase": b'\0\3\1\1\4\2\2\00112roomev{}{"a":1}',
        "chunks": b"\\0" + b"\\n".join(
            json.dumps({"id": "k", "chunk": part, "offset": n, "length": 1, "pad": "0123456789"}).encode()
            for n, part in enumerate(('{"type":"offer",', '"sdp":""}'))),
        "rumor": b'\0\0\0\0\x2e\0\0\2\1\0\2/x\2\0\1K\0\1v\0\x11X-TB-FROM-ADDRESS\0\3CID{"a":1}',
    }
    for name, body in held.items():
        yield "pieces", name, body
    for name, body in {"rpc": b'{"jsonrpc":"2.0","id":1,"method":"m","params":' + messages["plain"] + b"}",
                       "ack": b'42/a,12["offer",' + messages["plain"] + b"]",
                       "join": b'{"cmd":"register","roomid":"r","clientid":"1"}'}.items():
        yield "json", name, b"\x20" + body
    head = ("POST /whip/r1 HTTP/1.1\r\nHost: media.example\r\nAuthorization: Bearer abcdef\r\n"
            "Content-Type: application/sdp\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
            "(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36\r\nContent-Length: 2000\r\n\r\n")
    page = ("HTTP/1.1 200 OK\r\nContent-Security-Policy: default-src 'self'; connect-src wss://a.example *\r\n"
            "Permissions-Policy: camera=(self), microphone=()\r\n\r\n")
    sip = ("INVITE sip:bob@b.example SIP/2.0\r\nFrom: \"A\" <sip:alice@a.example>;tag=1\r\nTo: <sip:bob@b.example>\r\n"
           "Call-ID: x1\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n")
    for name, body in {"post": head, "page": page, "sip": sip}.items():
        yield "remarks", name, body.encode()
        yield "message_head", name, body.encode() + OFFER.encode()
        yield "relayed", name, body.encode()
        yield "sip_split", name, b"\1\r\n" + body.encode() + OFFER.encode()


def tunnels():
    """What relays must not carry, and deflated texts."""
    yield "relayed", "quic", b"\xc3\0\0\0\1\x08" + bytes(8) + b"\0" + bytes(1170)
    yield "relayed", "tls", b"\x16\3\1\0\xc8\1\0\0\xc4\3\3" + bytes(194)
    yield "relayed", "dns", b"\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3org\0\0\1\0\1"
    yield "relayed", "socks", b"\5\2\0\2"
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    yield "file_names", "header", b'{"type":"header","name":"x.pdf","size":1234,"more":[{"fileName":"y","fileSize":2}]}'
    yield "raw_inflate", "message", (stream.compress(OFFER.encode() * 2) + stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


def statistics():
    """What an endpoint says of one transport (W3C webrtc-stats), as its page got it and as webrtc-internals keeps
    it."""
    der = bytes((48, 3, 2, 1, 5))
    digest = ":".join(f"{byte:02X}" for byte in hashlib.sha256(der).digest())
    certificate = {"type": "certificate", "fingerprintAlgorithm": "sha-256", "fingerprint": digest,
                   "base64Certificate": base64.b64encode(der).decode()}
    of_one = {
        "T": {"type": "transport", "localCertificateId": "C", "remoteCertificateId": "D",
              "selectedCandidatePairId": "P", "dtlsState": "connected"},
        "C": certificate, "D": {**certificate, "fingerprint": FINGERPRINT},
        "P": {"type": "candidate-pair", "localCandidateId": "L", "remoteCandidateId": "R"},
        "L": {"type": "local-candidate", "ip": "192.0.2.1", "port": 5000, "usernameFragment": "aaaa"},
        "R": {"type": "remote-candidate", "ip": "2001:db8::1", "port": 5001, "usernameFragment": "bbbb"},
    }
    series = {f"{name}-{key}": {"statsType": item["type"], "values": json.dumps([value])} for name,
              item in of_one.items()
              for key, value in item.items() if key != "type"}
    yield "map", of_one
    yield "list", [{"id": name, **item} for name, item in of_one.items()]
    yield "entries", [[name, item] for name, item in of_one.items()]
    yield "dump", {"UserAgent": "a browser", "PeerConnections": {"7-1": {"url": "https://example.org/",
                                                                         "stats": series}}}


def statements():
    """What is said outside of captures, in the parts that the targets put together."""
    offer, answer = {"type": "offer", "sdp": OFFER}, {"type": "answer", "sdp": ANSWER}
    messages = [{"type": "send", "time": 1795390585.08, "opcode": 1, "data": json.dumps(offer)},
                {"type": "receive", "time": 1795390585.1, "opcode": 2,
                 "data": base64.b64encode(ANSWER.encode()).decode()}]
    entry = {"_webSocketMessages": messages, "pageref": "page_1", "request": {"url": "wss://a.example/ws", "headers": [
        {"name": "User-Agent", "value": "a browser"}], "postData": {"text": json.dumps(offer)}},
        "response": {"content": {"mimeType": "application/json", "text": json.dumps(answer)}},
        "startedDateTime": "2026-11-22T23:36:24.377+01:00", "time": 9}
    yield "har", "entry", json.dumps(entry)[1:-1]
    yield "har", "bodies", json.dumps({name: entry[name] for name in ("request", "response", "startedDateTime")})[1:-1]
    log = [{"time": 1795390587916.4, "type": "createOfferOnSuccess", "value": json.dumps(offer)},
           {"time": "1795390587917", "type": "setLocalDescription", "value": ""},
           {"time": 1795390587918, "type": "setLocalDescriptionOnSuccess", "value": ""},
           {"time": 1795390587919, "type": "icecandidate",
            "value": "sdpMid: 0, sdpMLineIndex: 0, candidate: " + CANDIDATE},
           {"time": 1795390587920, "type": "setRemoteDescription", "value": "type: answer, sdp: " + ANSWER},
           {"time": 1795390587921, "type": "setRemoteDescriptionOnFailure", "value": "no"},
           {"time": 1795390587922, "type": "addIceCandidate", "value": json.dumps(JSON["candidate"]["candidate"])}]
    yield "internals", "log", json.dumps(log)[1:-1]
    yield "testimony", "dump-gz-name", json.dumps({"PeerConnections": {"7-1": {"updateLog": log}}})
    history = [{"timestamp": 1795390587916, "isLocal": True, "sdp": OFFER, "errors": []}]
    yield "firefox", "report", json.dumps({
        "pcid": "1", "sdpHistory": history, "localSdp": OFFER, "remoteSdp": ANSWER, "offerer": True,
        "iceCandidateStats": [{"id": "L", "type": "local-candidate"}]})
    words = 'data-l10n-id="about-webrtc'
    yield "firefox", "page-marked", (
        f'<div id="pc-heading: 1"><button id="tab_button_answer_1" {words}-local-sdp-heading-answer">'
        f'<div id="tab_pane_answer_1"><pre>{ANSWER}</pre><div id="tab_pane_history_1"><h4 {words}-remote-sdp-heading">'
        f'<h5 data-l10n-args="{{&quot;timestamp&quot;:1795390587916}}" {words}-sdp-set-timestamp">'
        f'<h5 {words}-sdp-parsing-errors-heading"><pre>{OFFER}</pre>')
    yield "firefox", "page", f"<h5>Local SDP</h5><pre>{OFFER}</pre>\n<h5>Remote&lt;SDP</h5><pre>{ANSWER}</pre>"
    lines = [[3, "PC_0", offer, "2-0", 1795390587916],
             [6, "PC_0", {"type": "offer", "sdp": "v=\r\nm=\r\nm=\r\n"}, 2],
             ["setRemoteDescription", "PC_0", answer, 3],
             ["g", "PC_0", dict(statistics())["map"], 4], [20, "PC_0", None, 5]]
    yield "rtcstats", "lines", "\n".join(map(json.dumps, lines))
    sip = ("INVITE sip:b@b.example SIP/2.0\r\nCall-ID: c\r\nFrom: <sip:a@a.example>;tag=1\r\n"
           "To: <sip:b@b.example>\r\n\r\n")
    yield "text_log", "sip", "2026-11-22 23:36:24.377 received\n" + sip + OFFER + "\n"
    yield "text_log", "prefixed", "".join(f"[2026-11-22T23:36:24Z] local {line}\n" for line in OFFER.splitlines())
    line = json.dumps({"ts": 1795390585.08, "d": offer})
    yield "text_log", "escaped", f"remote sdp={json.dumps(ANSWER)}\n{line}\n"
    for name, text in {"nested": '{"a":{"b":{"c":[1,"x\\"]",{}],"s":[]}},"d":[[[true]]]}',
                       "words": "[1,[2,[3,null,-1.5e3]]]"}.items():
        yield "json_stream", name, text
    chunks = b"".join(b"\0\0\0" + bytes([kind]) + (6 + len(data)).to_bytes(2, "big") + data for kind, data in (
        (1, b"\2"), (2, b"\x11"), (3, b"\n\0\0\1"), (4, b"\n\0\0\2"), (7, b"\x13\xc4"), (11, b"\1"),
        (15, sip.encode())))
    head = b"\2\x0b\x13\xc4\x13\xc4" + b"\n\0\0\1\n\0\0\2"
    yield "hep", "version-1", b"\1\x10" + head + sip.encode()
    yield "hep", "version-2", b"\2\x10" + head + bytes(12) + sip.encode()
    yield "hep", "sip", b"HEP3" + (6 + len(chunks)).to_bytes(2, "big") + chunks


def event(what, step, src, dst, *rest):
    return bytes([what, step, src, dst, *rest])


def description(kind, direction, connection, party, setup, certificate, ufrag):
    """As fuzz_engine.c reads it: head, then what written() takes."""
    names = 4 << 3 | 4  # neither call nor from
    return [kind | direction << 4, 1 | connection << 5, names, names, ufrag | 0 << 2, setup << 3, certificate, party]


def engine():
    """Calls that end well, and calls that do not."""
    offer = event(0, 1, 0, 3, *description(1, 1, 1, 0, 0, 0, 0))
    relayed = event(0, 1, 3, 1, *description(1, 2, 2, 0, 0, 0, 0))
    answer = event(0, 1, 1, 3, *description(2, 1, 2, 1, 1, 1, 1))
    delivered = event(0, 1, 3, 0, *description(2, 2, 1, 1, 1, 1, 1))
    checks = event(2, 1, 0, 1, 0, 0, 4, 1, 0) + event(2, 1, 1, 0, 0, 0, 1, 1, 0)
    checks += event(2, 1, 1, 0, 0, 0, 4, 4, 1) + event(2, 1, 0, 1, 0, 0, 0, 1, 1)

    def shake(kind, src, dst, certificate, b=32 + 1):
        return event(3, 1, src, dst, kind - 1, b, certificate << 4, 0)

    def handshake(alices, bobs):
        return (shake(2, 1, 0, 0) + shake(3, 0, 1, 0) + shake(6, 0, 1, alices) + shake(6, 1, 0, bobs) +
                shake(15, 1, 0, 0) + shake(17, 1, 0, 0) + shake(15, 0, 1, 0) + shake(17, 0, 1, 0) + shake(19, 0, 1, 0))

    media = b"".join(event(5, 1, 0, 1, 0, 4) + bytes([0x80, 111, 0, n, 0, 0, 0, n, 1, 2, 3, 4, 9, n, 7, 7])
                     for n in range(30))
    for settings in (0, 1, 8, 0x10, 0x20):
        before = bytes([settings]) + offer + relayed + answer + delivered + checks
        for name, middle in {"verified": handshake(0, 1), "mismatch": handshake(2, 1), "both": handshake(2, 3)}.items():
            yield f"{name}-{settings}", before + middle + media
    yield "late", bytes([0]) + checks + handshake(0, 1) + offer + event(7, 1, 0, 0) + answer + media


def laws():
    """One addition of each kind to each call, as fuzz_laws.c reads them."""
    for truth in range(4):
        for what in range(8):
            for place in (0, 5, 10, 14):
                yield f"{truth}-{what}-{place}", bytes([truth, place, what, place & 1, 0, 1, 0])


def taken(capture, display_filter, field):
    """Values of a field, as bytes, of the packets that the filter fits."""
    out = subprocess.run(
        ["tshark", "-r", CAPTURES / f"{capture}.pcapng", "-Y", display_filter, "-T", "fields", "-e", field, "-E",
         "occurrence=f"],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    found = [line.replace(":", "") for line in out.stdout.splitlines() if line.strip()]
    return [bytes.fromhex(line) for line in dict.fromkeys(found)][:FEW]


def datagrams():
    for capture in FROM:
        if not (CAPTURES / f"{capture}.pcapng").is_file():
            continue
        for n, message in enumerate(taken(capture, "stun && udp", "udp.payload")):
            yield "stun", f"{capture}-{n}", message
        records = taken(capture, "dtls && udp", "udp.payload")
        for n, record in enumerate(records):
            yield "dtls", f"{capture}-{n}", bytes([n & 1]) + len(record).to_bytes(2, "big") + record
        row = b"".join(bytes([n & 1]) + len(r).to_bytes(2, "big") + r for n, r in enumerate(records[:12]))
        yield "dtls", f"{capture}-row", row
        for n, der in enumerate(taken(capture, "dtls.handshake.certificate", "dtls.handshake.certificate")):
            yield "certificate", f"{capture}-{n}", der


def media(n, wrap):
    """The nth packet of a stream, in Ethernet, IPv4 and UDP."""
    payload = wrap(b"\x80\x6f" + n.to_bytes(2, "big") + n.to_bytes(4, "big") + b"ssrc" + bytes([n % 256]) * 36)
    size = len(payload)
    return (b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0\x45\0" + (28 + size).to_bytes(2, "big") + b"\0\1\0\0\x40\x11\0\0" +
            b"\x0a\0\0\1\x0a\0\0\2\x0f\xa0\x13\x88" + (8 + size).to_bytes(2, "big") + b"\0\0" + payload)


def thin():
    """Captures: pcap in both byte orders with a stream to be thinned, as it is and in channels; pcapng as it comes."""
    def pcap(order, wrap):
        out = b"".join(x.to_bytes(4, order) for x in (0xA1B2C3D4, 0x40002, 0, 0, 65535, 1))
        for n in range(120):
            packet = media(n, wrap)
            out += b"".join(x.to_bytes(4, order) for x in (1, n * 8000, len(packet), len(packet))) + packet
        return out

    def channel(packet):
        return b"\x40\1" + len(packet).to_bytes(2, "big") + packet

    yield "plain", pcap("little", bytes)
    yield "channel", pcap("big", channel)
    yield "pcapng", (CAPTURES / "cr-ff12.A.pcapng").read_bytes()[:16384]


def key_logs():
    a, secret = "aa" * 32, "5e" * 48
    lines = f"# log\nCLIENT_RANDOM {a} {secret}\r\nEXPORTER_SECRET {a} {secret[:64]}\n"
    lines += f"CLIENT_TRAFFIC_SECRET_0 {a} {secret}\nnothing\n"
    yield "lines", lines.encode()
    yield "sdes", b"1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32"
    text = lines.encode() + b"\0" * (-len(lines) % 4)
    for name, order in {"little": "little", "big": "big"}.items():
        def block(kind, body, order=order):
            size = (len(body) + 12).to_bytes(4, order)
            return kind.to_bytes(4, order) + size + body + size
        section = (0x1a2b3c4d).to_bytes(4, order) + (1).to_bytes(2, order) + bytes(2) + b"\xff" * 8
        secrets = (0x544c534b).to_bytes(4, order) + len(lines).to_bytes(4, order) + text
        yield name, block(0x0a0d0d0a, section) + block(6, bytes(40)) + block(10, secrets)


def secured():
    rtp = bytes([0x91, 111, 0, 1]) + bytes(4) + b"\0\0\0\7" + bytes(4)
    rtp += b"\xbe\xde\0\1\x10\x55\0\0" + bytes(range(60))
    cryptex = rtp[:16] + b"\xc0\xde" + rtp[18:]
    rtcp = bytes([0x80, 201, 0, 1, 1, 2, 3, 4]) + bytes(range(40))
    for profile in range(8):
        for name, packet in {"rtp": rtp, "cryptex": cryptex, "rtcp": rtcp}.items():
            yield f"{name}-{profile}", bytes([profile, 0]) + (len(packet).to_bytes(2, "big") + packet) * 2


def main():
    folder = pathlib.Path(sys.argv[1])
    seeds = [*texts(), *datagrams(), *(("engine", name, data) for name, data in engine()),
             *(("thin", name, data) for name, data in thin()),
             *(("laws", name, data) for name, data in laws()),
             *(("key_log", name, data) for name, data in key_logs()),
             *(("srtp", name, data) for name, data in secured())]
    for target, name, data in seeds:
        path = folder / target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    print(f"{len(seeds)} seeds in {folder}")


if __name__ == "__main__":
    main()
