# SPDX-License-Identifier: GPL-2.0-or-later
"""Signalling in streams without an end, over relays, and in bodies of no type: found when it comes, once, and on all
passes alike. About ten seconds."""

import gzip
import json
import struct
import zlib

import packets
import pytest
import tshark

CLIENT, SERVER = "10.1.0.2", "10.1.0.9"
WAYS = ([], ["-2"], ["-2", "-R", "frame.number > 0"])
FIELDS = ("carrier", "kind", "path", "call", "direction")


def sdp(number):
    return "\r\n".join([
        "v=0", f"o=- 47110000{number:02} 2 IN IP4 127.0.0.1", "s=-", "t=0 0",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0", f"a=ice-ufrag:AA{number:02}",
        "a=ice-pwd:alicealicealicealice22", "a=setup:actpass", "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), ""])


def offer(number):
    return json.dumps({"type": "offer", "sdp": sdp(number), "room": f"r{number}"}).encode()


def chunk(data):
    return b"%x\r\n" % len(data) + data + b"\r\n"


def frame(kind, stream, payload, flags=0):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(*fields):
    """A header block of literal fields without indexing (RFC 7541 6.2.2)."""
    return b"".join(b"\0" + bytes([len(n)]) + n.encode() + bytes([len(v)]) + v.encode() for n, v in fields)


def read(path, *fields):
    columns = [part for field in fields for part in ("-e", field)]
    path = tshark.readable(path)
    seen = []
    for way in WAYS:
        result = tshark.run([*way, "-r", path, "-Y", "webrtc_signal", "-T", "fields", *columns])
        tshark.require_clean(result)
        seen.append([tuple(line.split("\t")) for line in result.stdout.splitlines()])
    return seen


def said(path):
    """What is found, by every way of reading."""
    seen = read(path, "frame.number", *(f"webrtc_signal.{field}" for field in FIELDS))
    assert all(one == seen[0] for one in seen)
    return seen[0]


def number_of(capture):
    """The frame that was added last."""
    return str(len(capture.packets))


@pytest.fixture
def capture():
    return packets.Capture()


def connect(capture, port=8080):
    return capture.connect((CLIENT, 50000 + len(capture.packets)), (SERVER, port))


def test_events_are_found_when_they_come_and_once(capture, tmp_path):
    stream = connect(capture)
    stream.up(packets.http("GET /events HTTP/1.1", {"Host": "h.example"}))
    stream.down(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    wanted = []
    for number in (1, 2):
        event = b"event: signal\ndata: " + offer(number) + b"\n\n"
        stream.down(chunk(event)[:200])
        stream.down(chunk(event)[200:])
        wanted.append((number_of(capture), "http", "offer", "$.data~json.sdp", f"r{number}", "delivered"))
    stream.down(b"0\r\n\r\n")
    assert said(capture.write(tmp_path / "events.pcap")) == wanted


def test_a_response_in_one_packet_is_found_as_a_body(capture, tmp_path):
    stream = connect(capture)
    stream.up(packets.http("GET /x HTTP/1.1", {"Host": "h.example"}))
    stream.down(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk(offer(1)) + b"0\r\n\r\n")
    assert said(capture.write(tmp_path / "whole.pcap")) == [
        (number_of(capture), "http", "offer", "$.sdp", "r1", "delivered")]


def test_streams_of_http2(capture, tmp_path):
    connection = connect(capture)
    connection.up(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, b""))
    connection.down(frame(4, 0, b""))
    connection.up(frame(1, 1, literal((":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"),
                                      (":path", "/ws"), (":authority", "h.example")), 4))
    connection.down(frame(1, 1, literal((":status", "200")), 4))
    connection.up(frame(0, 1, packets.websocket_text(offer(1).decode(), True)))
    wanted = [(number_of(capture), "websocket", "offer", "$.sdp", "r1", "emitted")]
    connection.up(frame(1, 3, literal((":method", "GET"), (":scheme", "http"), (":path", "/events"),
                                      (":authority", "h.example")), 5))
    connection.down(frame(1, 3, literal((":status", "200"), ("content-type", "text/event-stream")), 4))
    connection.down(frame(0, 3, b"data: " + offer(2) + b"\n\n"))
    wanted.append((number_of(capture), "http2", "offer", "$.data~json.sdp", "r2", "delivered"))
    connection.down(frame(0, 3, b": end\n\n", 1))
    path = capture.write(tmp_path / "h2.pcap")
    assert said(path) == wanted
    # Nothing is tapped in the first of two passes.
    hosts = read(path, "webrtc_signal.url", "webrtc_signal.server")[0]
    # 4.6 gives messages of WebSocket over HTTP/2 to its own reader, which knows of no target.
    ws = ("", "") if tshark.series() >= (4, 6) else ("/ws", "h.example")
    assert hosts == [ws, ("/events", "h.example")]


def packed(text, compressor):
    """A message with permessage-deflate (RFC 7692 7.2.1), masked by zeros."""
    data = compressor.compress(text) + compressor.flush(zlib.Z_SYNC_FLUSH)
    data = data[:-4]
    head = b"\xc1" + (bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack(">BH", 0xFE, len(data)))
    return head + bytes(4) + data


def test_packed_messages_over_http2(capture, tmp_path):
    """The second message needs what the first one held. Later series' dissector does it by itself."""
    connection = connect(capture)
    connection.up(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, b""))
    connection.down(frame(4, 0, b""))
    connection.up(frame(1, 1, literal((":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"),
                                      (":path", "/ws"), (":authority", "h.example"),
                                      ("sec-websocket-extensions", "permessage-deflate")), 4))
    connection.down(frame(1, 1, literal((":status", "200"), ("sec-websocket-extensions", "permessage-deflate")), 4))
    compressor, wanted = zlib.compressobj(wbits=-15), []
    for number in (1, 2):
        connection.up(frame(0, 1, packed(offer(number), compressor)))
        wanted.append((number_of(capture), "websocket", "offer", "$.sdp", f"r{number}", "emitted"))
    assert said(capture.write(tmp_path / "packed.pcap")) == wanted


@pytest.mark.parametrize("mode", list(tshark.MODES))
def test_credentials_over_http2(capture, tmp_path, mode):
    """What a request says in its header fields is known in all ways of reading, as it is over HTTP/1: a field that
    stands in the block, and one that an earlier block of the connection brought (RFC 7541 6.2.1, index 62)."""
    connection = connect(capture)
    connection.up(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, b""))
    connection.down(frame(4, 0, b""))
    target = literal((":method", "POST"), (":scheme", "http"), (":path", "/x"), (":authority", "h.example"))
    kind = literal(("content-type", "application/json"))
    secret = "Bearer 6f1c0a1e77c4427e9d3b"
    connection.up(frame(1, 1, target + b"\x40\x0dauthorization" + bytes([len(secret)]) + secret.encode(), 5))
    connection.down(frame(1, 1, literal((":status", "204")), 5))
    connection.up(frame(1, 3, target + kind + b"\xbe", 4) + frame(0, 3, offer(1), 1))
    path = tmp_path / "http2.pcap"
    capture.write(path)
    told = [f for f in tshark.report(path, mode).findings if f["check"] == "SIG-04"]
    assert [f["frame"] for f in told] == [6]
    assert "Authorization (Bearer)" in told[0]["message"] and "6f1c" not in told[0]["message"]


@pytest.mark.parametrize("how", ["gzip", "deflate"])
def test_coded_bodies_over_http2(capture, tmp_path, how):
    connection = connect(capture)
    connection.up(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, b""))
    connection.down(frame(4, 0, b""))
    fields = [("content-type", "application/json"), ("content-encoding", how)]
    connection.up(frame(1, 1, literal((":method", "POST"), (":scheme", "http"), (":path", "/x"),
                                      (":authority", "h.example"), *fields), 4))
    connection.up(frame(0, 1, gzip.compress(offer(1)) if how == "gzip" else zlib.compress(offer(1)), 1))
    assert said(capture.write(tmp_path / "coded.pcap")) == [
        (number_of(capture), "http2", "offer", "$.sdp", "r1", "emitted")]


@pytest.mark.parametrize("port, message", [
    (6379, b"*3\r\n$7\r\nmessage\r\n$2\r\nc1\r\n$%d\r\n%s\r\n"),
    (4222, b"MSG rooms.1 9 %d\r\n%s\r\n"),
], ids=["redis", "nats"])
def test_relays(capture, tmp_path, port, message):
    connection = connect(capture, port)
    whole = message % (len(offer(1)), offer(1))
    connection.down(whole[:150])
    connection.down(whole[150:])
    assert said(capture.write(tmp_path / "relay.pcap")) == [
        (number_of(capture), "tcp", "offer", "$.sdp", "r1", "delivered")]


@pytest.mark.parametrize("counted", [True, False])
def test_stomp_over_tcp(capture, tmp_path, counted):
    """A frame in several segments, behind others and heartbeats; both directions are followed by themselves."""
    connection = connect(capture, 61613)
    connection.up(b"CONNECT\naccept-version:1.2\nhost:h\n\n\0")
    connection.down(b"CONNECTED\nversion:1.2\n\n\0\n")
    length = b"content-length:%d\n" % len(offer(1)) if counted else b""
    whole = b"SEND\ndestination:/app/room\n" + length + b"\n" + offer(1) + b"\0"
    connection.up(b"\n\n" + whole[:40])
    connection.up(whole[40:200])
    connection.up(whole[200:])
    first = number_of(capture)
    connection.down(b"\nMESSAGE\ndestination:/topic/room\n" + length + b"\n" + offer(1) + b"\0\n")
    assert said(capture.write(tmp_path / "stomp.pcap")) == [
        (first, "tcp", "offer", "$.sdp", "r1", "emitted"),
        (number_of(capture), "tcp", "offer", "$.sdp", "r1", "delivered")]


def test_ng_over_udp(capture, tmp_path):
    text = sdp(1).encode()
    message = b"5323_1 d7:call-id3:c-17:command5:offer8:from-tag2:t13:sdp%d:%se" % (len(text), text)
    capture.packets.append(packets.udp((CLIENT, 40000), (SERVER, 2223), message))
    assert said(capture.write(tmp_path / "ng.pcap")) == [("1", "udp", "offer", "$.sdp", "c-1", "unknown")]


def test_bodies_by_their_first_bytes(capture, tmp_path):
    wanted = []
    for head in (None, "text/html", "plain/text", "application/cbor"):
        head = {"Content-Type": head} if head else {}
        connection = connect(capture)
        connection.up(packets.http("POST /x HTTP/1.1", {"Host": "h.example", **head}, offer(1)))
        wanted.append((number_of(capture), "http", "offer", "$.sdp", "r1", "emitted"))
    page = b"<html><script>var x = " + offer(2) + b"</script></html>"
    connect(capture).down(packets.http("HTTP/1.1 200 OK", {"Content-Type": "text/html"}, page))
    assert said(capture.write(tmp_path / "bodies.pcap")) == wanted
