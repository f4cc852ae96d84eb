# SPDX-License-Identifier: GPL-2.0-or-later
"""How signalling travels: HTTP bodies of every wrapping, WebSocket messages however they are framed, connections whose
upgrade is not in the capture. Each with a tree and without, in one pass and in two."""

import base64
import gzip
import json
import struct
import urllib.parse

import packets
import pytest
import tshark

CLIENT, WEB = ("10.2.0.2", 50200), ("10.2.0.9", 8080)
SDP = "\r\n".join([
    "v=0", "o=- 4711000002 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0", "a=mid:0", "a=ice-ufrag:AAAA", "a=ice-pwd:alicealicealicealice22", "a=setup:actpass",
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), "",
])
OFFER = json.dumps({"type": "offer", "sdp": SDP, "from": "alice"})
ANSWER = json.dumps({"type": "answer", "sdp": SDP.replace("actpass", "active"), "from": "bob"})
LINE = "candidate:1 1 udp 2122260223 192.0.2.10 54321 typ host"
CANDIDATE = json.dumps({"type": "candidate", "candidate": {"candidate": LINE, "sdpMid": "0"}})
WAYS = {"tree": [], "two passes": ["-2"]}


def frame(data, masked, opcode=1, final=True):
    """A frame (RFC 6455 5.2) with a mask that is not zero."""
    data = data.encode() if isinstance(data, str) else data
    bit, first = 0x80 if masked else 0, (0x80 if final else 0) | opcode
    if len(data) < 126:
        head = bytes([first, bit | len(data)])
    elif len(data) < 65536:
        head = struct.pack(">BBH", first, bit | 126, len(data))
    else:
        head = struct.pack(">BBQ", first, bit | 127, len(data))
    if masked:
        key = b"\x12\x34\x56\x78"
        return head + key + bytes(byte ^ key[i % 4] for i, byte in enumerate(data))
    return head + data


def segments(say, data, size=1400):
    for start in range(0, len(data), size):
        say(data[start:start + size])


def upgraded(capture, target="/ws", client=CLIENT, **options):
    connection = capture.connect(client, WEB, **options)
    connection.up(packets.http(f"GET {target} HTTP/1.1", {
        "Host": "signal.example", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}))
    connection.down(packets.http("HTTP/1.1 101 Switching Protocols", {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}))
    return connection


def write(tmp_path, capture):
    return tshark.readable(capture.write(tmp_path / f"signal{len(list(tmp_path.iterdir()))}.pcap"))


def found(path, fields=("kind", "path", "direction"), options=()):
    """What every way of reading finds, in order: a tuple of the fields for each item."""
    seen = []
    for way in WAYS.values():
        result = tshark.run([*way, *options, "-r", path, "-Y", "webrtc_signal", "-T", "fields", "-E", "separator=/t",
                             "-E", "aggregator=|", *[part for f in fields for part in ("-e", f"webrtc_signal.{f}")]])
        tshark.require_clean(result)
        columns = [[cell.split("|") for cell in line.split("\t")] for line in result.stdout.splitlines()]
        seen.append([item for line in columns for item in zip(*line)])
    assert all(items == seen[0] for items in seen)
    return seen[0]


def described(path):
    """The same of the report, which needs no tree: kind and direction of each description."""
    result = tshark.run(["-q", "-r", path, "-z", "webrtc,json"])
    tshark.require_clean(result)
    return [(d["kind"], d["direction"]) for d in tshark.parse_report(result.stdout).descriptions]


@pytest.mark.parametrize("content_type, body, fields, where", [
    ("application/json", OFFER, {}, "$.sdp"),
    ("text/plain;charset=UTF-8", OFFER, {}, "$.sdp"),
    ("application/vnd.example+json", OFFER, {}, "$.sdp"),
    ("application/problem+json", OFFER, {}, "$.sdp"),
    ("application/x-www-form-urlencoded", "a=1&d=" + urllib.parse.quote_plus(OFFER), {}, "$.d~form.sdp"),
    ("text/plain", base64.b64encode(OFFER.encode()).decode(), {}, "$~b64.sdp"),
    ("application/json", gzip.compress(OFFER.encode()), {"Content-Encoding": "gzip"}, "$.sdp"),
    ("application/octet-stream", gzip.compress(OFFER.encode()), {}, "$~gz.sdp"),
    ("application/json", json.dumps({"data": {"msg": OFFER}}), {}, "$.data.msg~json.sdp"),
], ids=["json", "text", "vendor", "problem", "form", "base64", "encoded", "gzip", "nested"])
def test_body(tmp_path, content_type, body, fields, where):
    capture = packets.Capture()
    connection = capture.connect(CLIENT, WEB)
    body = body if isinstance(body, bytes) else body.encode()
    connection.up(packets.http("POST /call HTTP/1.1", {"Host": "h.example", "Content-Type": content_type, **fields},
                               body))
    connection.down(packets.http("HTTP/1.1 200 OK", {"Content-Type": "application/json"}, ANSWER.encode()))
    path = write(tmp_path, capture)
    assert found(path) == [("offer", where, "emitted"), ("answer", "$.sdp", "delivered")]
    assert described(path) == [("offer", "emitted"), ("answer", "delivered")]


def test_bodies_without_signalling_lose_nothing(tmp_path):
    capture = packets.Capture()
    connection = capture.connect(CLIENT, WEB)
    for content_type, body in (("application/json", b'{"hello":"world"}'), ("text/plain", b"hello\nworld\n"),
                               ("text/javascript", b"var a = {};\n"), ("text/javascript", b'{"hello":"world"}'),
                               ("application/x-www-form-urlencoded", b"x=1&y=2")):
        connection.up(packets.http("POST / HTTP/1.1", {"Host": "h.example", "Content-Type": content_type}, body))
        connection.down(packets.http("HTTP/1.1 204 No Content", {}))
    path = write(tmp_path, capture)
    asked = ["-r", path, "-T", "fields", "-e", "frame.protocols", "-e", "json.key", "-e", "urlencoded-form.key"]
    for options in ([], ["--disable-protocol", "webrtc_signal"]):
        with_plugins = tshark.run([*asked, *options])
        tshark.require_clean(with_plugins)
        assert with_plugins.stdout == tshark.run(asked, plugins=False).stdout


def test_broken_json_is_named_and_searched(tmp_path):
    capture = packets.Capture()
    connection = capture.connect(CLIENT, WEB)
    body = (OFFER[:-1] + ",,").encode()
    connection.up(packets.http("POST / HTTP/1.1", {"Host": "h.example", "Content-Type": "application/json"}, body))
    path = write(tmp_path, capture)
    assert found(path, ("kind", "path")) == [("offer", "$~broken")]
    result = tshark.run(["-r", path, "-Y", "webrtc_signal.malformed", "-T", "fields", "-e", "webrtc_signal.problem"])
    assert result.stdout.startswith("JSON ")


def test_messages_framed_in_every_way(tmp_path):
    capture = packets.Capture()
    connection = upgraded(capture)
    connection.up(frame(OFFER, True) + frame(CANDIDATE, True) + frame(CANDIDATE, True))
    half = len(OFFER) // 2
    connection.up(frame(OFFER[:half], True, final=False))
    connection.up(frame(OFFER[half:], True, opcode=0))
    connection.down(frame(ANSWER, False, opcode=2))
    segments(connection.down, frame(ANSWER, False), 100)
    assert found(write(tmp_path, capture)) == [
        ("offer", "$.sdp", "emitted"), ("candidate", "$.candidate.candidate", "emitted"),
        ("candidate", "$.candidate.candidate", "emitted"), ("offer", "$.sdp", "emitted"),
        ("answer", "$.sdp", "delivered"), ("answer", "$.sdp", "delivered")]


def test_hundreds_of_messages_in_one_packet(tmp_path):
    # Wireshark gives up a packet at 500 layers.
    capture = packets.Capture()
    connection = upgraded(capture)
    connection.up(b"".join(frame(CANDIDATE, True) for _ in range(200)) + frame(OFFER, True))
    segments(connection.down, frame(json.dumps([CANDIDATE] * 2000), False), 30000)
    kinds = [kind for kind, in found(write(tmp_path, capture), ("kind",))]
    assert kinds == ["candidate"] * 200 + ["offer"] + ["candidate"] * 2000


def test_requests_in_one_segment(tmp_path):
    """Requests in one packet keep each its own target and host on later passes, whether or not their bodies differ."""
    capture = packets.Capture()
    rooms = {"/room/1": ("one.example", OFFER), "/room/2": ("two.example", OFFER), "/room/3": ("three.example", ANSWER)}
    capture.connect(CLIENT, WEB).up(b"".join(
        packets.http(f"POST {target} HTTP/1.1", {"Host": host, "Content-Type": "application/json"}, body.encode())
        for target, (host, body) in rooms.items()))
    wanted = [(target, host) for target, (host, _) in rooms.items()]
    assert found(write(tmp_path, capture), ("url", "server")) == wanted


def test_equal_messages_in_one_segment(tmp_path):
    """The first answer takes its call from the request, and the same again has none: so on later passes too."""
    capture = packets.Capture()
    connection = upgraded(capture)
    answer = frame(json.dumps({"jsonrpc": "2.0", "id": 7, "result": {"sdp": SDP.replace("actpass", "active")}}), False)
    connection.up(frame(json.dumps({"jsonrpc": "2.0", "id": 7, "method": "publish", "params": {
        "room": "red", "from": "alice", "sdp": SDP}}), True))
    connection.down(answer + answer)
    asked = ["-r", write(tmp_path, capture), "-Y", "webrtc_signal", "-T", "fields", "-E", "aggregator=|",
             "-e", "webrtc_signal.kind", "-e", "webrtc_signal.call"]
    seen = [tshark.run([*way, *asked]).stdout for way in WAYS.values()]
    assert seen == ["offer\tred\nanswer|answer\tred\n"] * len(WAYS)


# 9000 belongs to nobody; of 8080 the built-in HTTP dissector takes whatever it is given.
@pytest.mark.parametrize("port", [9000, 8080])
@pytest.mark.parametrize("size", [1400, 200])
def test_upgrade_not_captured(tmp_path, port, size):
    capture = packets.Capture()
    connection = capture.connect(CLIENT, (WEB[0], port))
    capture.packets.clear()
    connection.up(frame("nothing of note", True))
    connection.down(frame(b"", False, opcode=9))
    segments(connection.up, frame(OFFER, True), size)
    segments(connection.down, frame(ANSWER, False), size)
    connection.up(frame(CANDIDATE, True))
    connection.down(frame(CANDIDATE, False) + frame(CANDIDATE, False))
    connection.up(frame('{"type":"bye"}', True))
    path = write(tmp_path, capture)
    assert found(path, ("kind", "direction")) == [
        ("offer", "emitted"), ("answer", "delivered"), ("candidate", "emitted"), ("candidate", "delivered"),
        ("candidate", "delivered"), ("bye", "emitted")]
    assert described(path) == [("offer", "emitted"), ("answer", "delivered")]


def test_parts_beyond_the_bound(tmp_path):
    capture = packets.Capture()
    connection = upgraded(capture, "/.ws?v=5&ns=demo")
    connection.up(frame("513", True) + frame('{"t":"d","d":', True))
    connection.up(frame(OFFER, True))
    path = write(tmp_path, capture)
    assert found(path, ("kind",)) == [("",), ("offer",)]  # the first is the bound
    for way in WAYS.values():
        result = tshark.run([*way, "-r", path, "-Y", "webrtc_signal.bound", "-T", "fields", "-e", "frame.number", "-e",
                             "webrtc_signal.problem"])
        assert result.stdout.split("\t")[1:] == ["a message in several parts is more than is put together\n"]


def jingle(action, setup, *contents):
    """A stanza (XEP-0166) with one content for each (name, media): media None for a data channel (XEP-0343)."""
    inner = ""
    for name, media in contents:
        sctp, described = "", f"media='{media}'><payload-type id='96' name='x' clockrate='8000'/></description>"
        if not media:
            described = "/>"
            sctp = ("<sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' number='5000' "
                    "protocol='webrtc-datachannel'/>")
        inner += (f"<content creator='initiator' name='{name}'><description "
                  f"xmlns='urn:xmpp:jingle:apps:rtp:1' {described}<transport "
                  "xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' pwd='0123456789012345678901'><fingerprint "
                  f"xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' "
                  f"setup='{setup}'>{':'.join(['AB'] * 32)}</fingerprint>{sctp}"
                  "</transport></content>")
    return (f"<iq xmlns='jabber:client' from='a@x/1' to='b@x/2' id='1' type='set'><jingle xmlns='urn:xmpp:jingle:1' "
            f"action='{action}' sid='s1'>{inner}</jingle></iq>")


def test_contents_of_jingle_are_one_description(tmp_path):
    contents = (("0", "audio"), ("1", "video"), ("2", None))
    capture = packets.Capture()
    connection = upgraded(capture, "/xmpp-websocket")
    connection.up(frame(jingle("session-initiate", "actpass", *contents), True))
    connection.down(frame(jingle("session-accept", "active", *contents), False))
    path = write(tmp_path, capture)
    assert found(path) == [("offer", "$.jingle", "emitted"), ("answer", "$.jingle", "delivered")]
    result = tshark.run(["-r", path, "-Y", "webrtc_sdp and not webrtc_sdp.malformed", "-T", "fields", "-e",
                         "webrtc_sdp.media", "-e",
                         "webrtc_sdp.mid"])
    tshark.require_clean(result)
    assert result.stdout == "audio,video,application\t0,1,2\n" * 2


def test_connections_know_nothing_of_each_other(tmp_path):
    """Two at a time, and one that later has the same ports."""
    def register(room, who):
        return frame(json.dumps({"cmd": "register", "roomid": room, "clientid": who}), True)
    answer, request = json.dumps({"cmd": "send", "msg": ANSWER}), {"jsonrpc": "2.0", "id": 1}
    ask = json.dumps({**request, "method": "m", "params": {"room": "red", "sdp": SDP}})
    capture = packets.Capture()
    one, two = upgraded(capture), upgraded(capture, client=("10.2.0.2", 50201))
    one.up(register("r1", "11"))
    two.up(register("r2", "22"))
    one.up(frame(answer, True) + frame(ask, True))
    two.up(frame(answer, True))
    two.down(frame(json.dumps({**request, "result": {"sdp": SDP.replace("actpass", "active")}}), False))
    upgraded(capture, sequence=(900000, 7000000)).up(frame(answer, True))
    assert found(write(tmp_path, capture), ("kind", "call")) == [
        ("join", "r1"), ("join", "r2"), ("answer", "r1"), ("offer", "red"), ("answer", "r2"), ("answer", ""),
        ("answer", "")]
