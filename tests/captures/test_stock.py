# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing of stock Wireshark is lost: what a display filter finds without the plugins it finds with them.

Every capture is read once without and once with the plugins; for forty fields that users filter by, the packets that
have them, and the texts in them ("contains"), are compared. Then each of our protocols is disabled, and what stock
makes of its layer must be back. About 25 s on two cores.
"""

import collections
import json
import pathlib
import re
import struct

import pytest

import packets
import tshark

FIELDS = (
    "frame.number", "frame.protocols", "tcp.stream", "udp.stream", "tcp.len", "udp.length", "http",
    "http.request.uri", "http.host",
    "http.content_type", "http.file_data", "http2", "http2.header.value", "http2.data.data",
    "http2.body.reassembled.in", "websocket", "websocket.payload", "websocket.payload.text", "websocket.opcode",
    "data", "data.data", "data.len", "data-text-lines", "json", "json.key", "json.value.string", "json.member",
    "urlencoded-form.key", "xml", "mqtt.topic", "mqtt.msg",
    "sdp", "sdp.media", "sdp.media_attr", "sdp.connection_info", "sip.Method", "sip.Call-ID", "stun", "stun.type",
    "stun.att.type", "stun.att.username", "dtls", "dtls.handshake.type", "tls.app_data", "mime_multipart", "media.type",
    "_ws.col.Info",
)
# Ours go between stock's words, none of which is gone but the number of a payload type that a description names.
TEXTS = {"_ws.col.Info"}
# What is data to stock because nobody told it of a call may be what these built-in dissectors make of it.
# Encrypted RTCP, which stock takes for clear, is data.
FURTHER = {"websocket", "rtp", "rtcp", "srtp", "srtcp", "stun", "dtls", "data"}
UNNAMED, NAMED = re.compile(r"PT=DynamicRTP-Type-\d+"), re.compile(r"PT=[^,]+")
NOT_DISSECTED = {"data", "data.data", "data.len", "_ws.col.Info"}

CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "test-captures"
NAMES = ("cr-ff12.A", "peerjs-cr-ff12.A", "janus-http-ff12.A", "socketio-polling-cr-ff12.A", "sip-cr-ff12.A",
         "whip-cr.A", "turn-udp-cr-aiortc.A", "turn-tcp-cr-ff12.A", "icetcp-wrtc-cr.A", "wss-cr-aiortc.A",
         "deflate-cr-aiortc.A", "cr-aiortc.B", "baresip-sdes.A")
CLIENT, SERVER = ("10.1.0.2", 50100), ("10.1.0.9", 8080)
SDP = "\r\n".join([
    "v=0", "o=- 4711000001 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0", "a=mid:0", "a=ice-ufrag:AAAA", "a=ice-pwd:alicealicealicealice22", "a=setup:actpass",
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), ""])
OFFER = json.dumps({"type": "offer", "sdp": SDP, "room": "r1"}).encode()
STANZA = b"<iq type='set' from='a@x' to='b@x'><q xmlns='x'>" + OFFER.replace(b'"', b"&quot;") + b"</q></iq>"


def frame(kind, stream, payload, flags=0):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def made(folder):
    """One message in each way that no real capture here has."""
    capture = packets.Capture()
    port = iter(range(51000, 52000))

    def connect(target=SERVER[1]):
        return capture.connect((CLIENT[0], next(port)), (SERVER[0], target))

    for content_type in ("application/json", "text/html", "text/plain", "application/sdp", "application/x-unknown",
                         "application/problem+json", "application/x-www-form-urlencoded", "application/x-protobuf",
                         None):
        connection = connect()
        body = SDP.encode() if content_type == "application/sdp" else OFFER
        head = {"Host": "h.example", **({"Content-Type": content_type} if content_type else {})}
        connection.up(packets.http("POST /x HTTP/1.1", head, body))
        connection.down(packets.http("HTTP/1.1 200 OK", head, body))
    stream = connect()
    stream.up(packets.http("GET /events HTTP/1.1", {"Host": "h.example"}))
    stream.down(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    event = b"event: signal\ndata: " + OFFER + b"\n\n"
    stream.down(b"%x\r\n" % len(event) + event + b"\r\n")
    stream.down(b"0\r\n\r\n")
    connect(9001).up(OFFER + b"\n")
    parted = connect(9001)
    parted.up(OFFER[:100])
    parted.up(OFFER[100:] + b"\n")
    connect(9002).up(packets.websocket_text(OFFER.decode(), True))
    connect(5222).up(b"<stream:stream xmlns='jabber:client' version='1.0' "
                     b"xmlns:stream='http://etherx.jabber.org/streams'>" + STANZA)
    connect(6379).up(b"*3\r\n$7\r\nmessage\r\n$2\r\nc1\r\n$%d\r\n" % len(OFFER) + OFFER + b"\r\n")
    two = connect()
    two.up(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, b"")
           + frame(0, 1, packets.websocket_text(OFFER.decode(), True)))
    two.down(frame(4, 0, b""))
    path = folder / "made.pcap"
    capture.write(path)
    return path


@pytest.fixture(scope="session")
def made_capture(tmp_path_factory):
    return made(tmp_path_factory.mktemp("stock"))


def read(capture, plugins, *options):
    """Rows of the fields, by frame."""
    arguments = ["-n", *options, "-r", tshark.readable(capture), "-T", "fields", "-E", "occurrence=a", "-E",
                 "aggregator=\x01", "-E", "separator=\x02"]
    for field in FIELDS:
        arguments += ["-e", field]
    result = tshark.execute(arguments, tshark.environment_for(plugins), "/", 120)
    assert result.returncode == 0, result.stderr[:500]
    rows = {}
    for line in result.stdout.split("\n"):
        values = dict(zip(FIELDS, line.split("\x02")))
        if values["frame.number"].isdigit():
            rows[int(values["frame.number"])] = values
    return rows


def stands_in(words, text):
    """All these words, in their order."""
    rest = iter(text.replace(",", " ").split())
    return all(word in rest for word in words.replace(",", " ").split())


def layers(row):
    return collections.Counter(row.get("frame.protocols", "").split(":"))


def losses(before, after):
    """Fields, and the frames in which a value of theirs is gone."""
    lost = collections.defaultdict(list)
    for frame, had in before.items():
        has = after.get(frame, {})
        further = set(layers(has) - layers(had))
        for field, value in had.items():
            now = has.get(field, "")
            if not value or field == "frame.protocols" or further & FURTHER and field in NOT_DISSECTED:
                continue
            if field in TEXTS:
                gone = not stands_in(UNNAMED.sub("PT=", value), NAMED.sub("PT=", now) if UNNAMED.search(value) else now)
            else:
                gone = collections.Counter(value.split("\x01")) - collections.Counter(now.split("\x01"))
            if gone:
                lost[field].append((frame, value[:80], now[:80]))
    return lost


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost(name):
    capture = CAPTURES / f"{name}.pcapng"
    lost = losses(read(capture, False), read(capture, True))
    assert not lost, {field: found[:3] for field, found in lost.items()}


def test_nothing_is_lost_in_other_ways(made_capture):
    lost = losses(read(made_capture, False), read(made_capture, True))
    assert not lost, {field: found[:3] for field, found in lost.items()}


def test_what_is_broken_inside_hides_nothing_behind(tmp_path):
    """RTP that ends within its header, in a Data indication of TURN: its other attributes stand behind."""
    source = CAPTURES / "turn-udp-cr-aiortc.A.pcapng"
    found = tshark.run(["-n", "-r", tshark.readable(source), "-Y", "stun.type == 0x0017", "-T", "fields", "-e",
                        "frame.number", "-e", "udp.payload"], plugins=False).stdout.split()
    number, message = int(found[-2]), bytes.fromhex(found[-1])
    inside = message[24:24 + struct.unpack(">H", message[22:24])[0]]
    assert message[20:22] == b"\0\x13" and 40 < len(inside)
    broken = message.replace(inside, b"\x9f\x60" + bytes(range(40)) + b"\xff" * (len(inside) - 42))
    capture = tmp_path / "broken.pcapng"
    data = source.read_bytes()
    assert data.count(message) == 1
    capture.write_bytes(data.replace(message, broken))
    before, after = read(capture, False)[number], read(capture, True)[number]
    assert "rtp" in after["frame.protocols"] and "rtp" not in before["frame.protocols"]
    assert before["stun.att.type"].count("\x01") == 2
    assert after["stun.att.type"] == before["stun.att.type"]


@pytest.mark.parametrize("protocol", ["webrtc_sdp", "webrtc_signal"])
def test_who_is_disabled_gives_stock_back(made_capture, protocol):
    stock = read(made_capture, False)
    lost = losses(stock, read(made_capture, True, "--disable-protocol", protocol))
    assert any(row["sdp"] for row in stock.values())
    assert not lost, {field: found[:3] for field, found in lost.items()}
