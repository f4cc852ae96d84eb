# SPDX-License-Identifier: GPL-2.0-or-later
"""MQTT, XMPP, and JSON over plain TCP: what they carry is found however it is cut into segments, the built-in
dissectors keep their work, and nothing else is taken."""

import json
import struct

import packets
import pytest
import signalling
import tshark
from carriers import hello, mqtt, publish, text
from test_signal import ANSWER, CANDIDATE, LINE, OFFER, SDP, described, found, frame, segments, write

CLIENT = ("10.2.0.2", 50300)
BARE = json.dumps({"type": "offer", "sdp": SDP})
BARE_ANSWER = json.dumps({"type": "answer", "sdp": SDP.replace("actpass", "active")})


def connect(port):
    capture = packets.Capture()
    return capture, capture.connect(CLIENT, ("10.2.0.9", port))


def fields(path, *names, options=()):
    result = tshark.run([*options, "-r", path, "-T", "fields", *[part for name in names for part in ("-e", name)]])
    tshark.require_clean(result)
    return result.stdout


# ---- MQTT (MQTT 3.1.1 2, 3.3) ----

def test_mqtt_publishes(tmp_path):
    capture, connection = connect(1883)
    connection.up(hello())
    connection.down(mqtt(0x20, b"\0\0"))
    segments(connection.up, publish("homes/7/webrtc/offer", BARE) + publish("homes/7/webrtc/candidate", CANDIDATE), 300)
    connection.down(publish("homes/7/webrtc/answer", BARE_ANSWER))
    connection.down(publish("alice", ANSWER.replace("mid:0", "mid:1")))
    connection.up(publish("homes/7/temperature", '{"celsius": 21}'))
    path = write(tmp_path, capture)
    assert found(path, ("kind", "path", "direction", "carrier")) == [
        ("offer", "$.sdp", "emitted", "mqtt"), ("candidate", "$.candidate.candidate", "emitted", "mqtt"),
        ("answer", "$.sdp", "delivered", "mqtt"), ("answer", "$.sdp", "delivered", "mqtt")]
    calls = fields(path, "webrtc_signal.call", "webrtc_signal.from").split("\n")
    assert sum(line.count("homes/7") for line in calls) == 3
    assert [line for line in calls if "bob" in line] == ["\tbob"]  # the topic may be the inbox of a party
    assert described(path) == [("offer", "emitted"), ("answer", "delivered"), ("answer", "delivered")]
    assert fields(path, "mqtt.topic", "mqtt.msg") == fields(
        path, "mqtt.topic", "mqtt.msg", options=["--disable-protocol", "webrtc_signal"])


def test_mqtt_5_with_its_content_type(tmp_path):
    capture, connection = connect(1883)
    connection.up(hello(5))
    connection.up(publish("room1", BARE, properties=b""))
    connection.up(publish("room1", BARE_ANSWER, properties=b"\x03" + text("application/json")))
    assert found(write(tmp_path, capture), ("kind", "carrier")) == [("offer", "mqtt"), ("answer", "mqtt")]


def test_mqtt_over_websocket(tmp_path):
    capture = packets.Capture()
    connection = capture.connect(CLIENT, ("10.2.0.9", 8080))
    connection.up(packets.http("GET /mqtt HTTP/1.1", {
        "Host": "broker.example", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "mqtt"}))
    connection.down(packets.http("HTTP/1.1 101 Switching Protocols", {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "Sec-WebSocket-Protocol": "mqtt"}))
    connection.up(frame(hello(), True, opcode=2))
    connection.up(frame(publish("room1", BARE), True, opcode=2))
    assert found(write(tmp_path, capture), ("kind", "carrier", "call",
                                            "direction")) == [("offer", "mqtt", "room1", "emitted")]


# ---- JSON over TCP ----

def big(data):
    return struct.pack(">I", len(data)) + data.encode()


def little(data):
    return struct.pack("<I", len(data)) + data.encode()


FRAMINGS = {"lines": lambda data: data.encode() + b"\n", "bare": str.encode, "length": big, "length, little": little,
            "sequence": lambda data: b"\x1e" + data.encode() + b"\n"}


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
@pytest.mark.parametrize("size", [4000, 230], ids=["whole", "cut"])
def test_json_over_tcp(tmp_path, framing, size):
    capture, connection = connect(47111)
    segments(connection.up, framing(OFFER), size)
    segments(connection.up, framing('{"ping": 1}') + framing(CANDIDATE) + framing(CANDIDATE), size)
    segments(connection.down, framing(ANSWER), size)
    path = write(tmp_path, capture)
    assert found(path, ("kind", "path", "direction", "carrier", "from")[:4]) == [
        ("offer", "$.sdp", "emitted", "tcp"), ("candidate", "$.candidate.candidate", "emitted", "tcp"),
        ("candidate", "$.candidate.candidate", "emitted", "tcp"), ("answer", "$.sdp", "delivered", "tcp")]
    assert described(path) == [("offer", "emitted"), ("answer", "delivered")]


def test_json_after_a_missing_or_repeated_segment(tmp_path):
    capture, connection = connect(47111)
    segments(connection.up, OFFER.encode(), 200)
    del capture.packets[4]  # the second segment of the message
    connection.up(BARE.encode())
    segments(connection.down, ANSWER.encode(), 200)
    capture.packets.insert(-1, capture.packets[-2])
    assert found(write(tmp_path, capture), ("kind",)) == [("offer",), ("answer",)]


@pytest.mark.parametrize("messages", [
    ['{"type": "offer", "price": 12}', '{"candidate": "Jane Doe", "typ": "host"}'],
    ['{"jsonrpc": "2.0", "method": "sdp", "params": ["v=0"]}', '[{"sdp": null}]'],
    ['{"type": "join", "room": "r1"}', '{"a=candidate": 1}'],
    ['{"sdp": "v=0\\r\\nm=", ' + '"x": ' * 400],
], ids=["words", "rpc", "join", "endless"])
def test_other_json_is_left_alone(tmp_path, messages):
    capture, connection = connect(47111)
    for message in messages:
        connection.up(message.encode() + b"\n")
        connection.down(message.encode() + b"\n")
    path = write(tmp_path, capture)
    asked = ["-r", path, "-T", "fields", "-e", "frame.protocols", "-e", "_ws.col.Protocol", "-e", "_ws.col.Info"]
    ours = tshark.run(asked)
    tshark.require_clean(ours)
    assert ours.stdout == tshark.run(asked, plugins=False).stdout


def test_json_heuristic_can_be_switched_off(tmp_path):
    capture, connection = connect(47111)
    connection.up(OFFER.encode())
    path = write(tmp_path, capture)
    assert found(path, ("kind",)) == [("offer",)]
    assert found(path, ("kind",), options=["--disable-heuristic", "webrtc_signal_json_tcp"]) == []


def test_a_message_without_end_is_bounded(tmp_path):
    capture, connection = connect(47111)
    segments(connection.up, ('{"sdp": "v=0 a=candidate:1 ' + "x" * (3 << 20)).encode(), 32000)
    result = tshark.run(["-q", "-r", write(tmp_path, capture), "-z", "webrtc,json"])
    tshark.require_clean(result)
    assert "too long to be put together" in result.stdout


# ---- XMPP ----

HEADER = ("<?xml version='1.0'?><stream:stream to='x' version='1.0' xml:lang='en' xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams'>")
TRANSPORT = signalling.TRANSPORT.replace("/></transport>", "/><fingerprint hash='sha-256' setup='SETUP'>"
                                         f"{signalling.FINGERPRINT}</fingerprint></transport>")
INITIATE = signalling.jingle("session-initiate", TRANSPORT.replace("SETUP", "actpass"))
ACCEPT = signalling.jingle("session-accept", TRANSPORT.replace("SETUP", "active"))
MESSAGE = "<message from='a@x' to='b@x'><body>jingle &lt;sdp&gt; v=0</body></message>"


@pytest.mark.parametrize("size", [9000, 400, 7], ids=["whole", "cut", "fine"])
def test_xmpp(tmp_path, size):
    capture, connection = connect(5222)
    connection.up(HEADER.encode())
    connection.down((HEADER + "<stream:features/>").encode())
    segments(connection.up, (MESSAGE + INITIATE + MESSAGE + INITIATE.replace("2ke0i2e", "other")).encode(), size)
    segments(connection.down, (ACCEPT + "\n" + MESSAGE).encode(), size)
    path = write(tmp_path, capture)
    where = "$.jingle.content.transport"
    assert found(path, ("kind", "path", "direction", "carrier", "dialect", "call")) == [
        ("offer", where, "emitted", "xmpp", "jingle", "bq4jlj2ke0i2e"),
        ("offer", where, "emitted", "xmpp", "jingle", "bq4jljother"),
        ("answer", where, "delivered", "xmpp", "jingle", "bq4jlj2ke0i2e")]
    assert [direction for _, direction in described(path)] == ["emitted", "delivered"]  # equal transports are one
    asked = "xmpp.jingle.sid", "xmpp.message.body"
    assert fields(path, *asked) == fields(path, *asked, options=["--disable-protocol", "webrtc_signal"])


def test_xmpp_cut_behind_a_bracket(tmp_path):
    """Wireshark's dissector takes what ends with '>' for whole."""
    capture, connection = connect(5222)
    connection.up(HEADER.encode())
    at = INITIATE.index("<transport")
    connection.up(INITIATE[:at].encode())
    connection.up(INITIATE[at:].encode())
    assert found(write(tmp_path, capture), ("kind", "call")) == [("offer", "bq4jlj2ke0i2e")]


def test_xmpp_on_another_port_by_decode_as(tmp_path):
    capture, connection = connect(47222)
    connection.up((HEADER + INITIATE).encode())
    path = write(tmp_path, capture)
    assert found(path, ("kind",), options=["-d", "tcp.port==47222,xmpp"]) == [("offer",)]


def test_xmpp_begins_encryption(tmp_path):
    capture, connection = connect(5222)
    connection.up((HEADER + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").encode())
    connection.down((HEADER + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").encode())
    for _ in range(3):
        connection.up(b"\x17\x03\x03\x00\x10" + b"<iq>jingle<sdp>x")
    assert found(write(tmp_path, capture), ("kind",)) == []


def test_xmpp_stanza_without_end_is_bounded(tmp_path):
    capture, connection = connect(5222)
    connection.up(HEADER.encode())
    segments(connection.up, ("<iq><jingle>" + "x" * (3 << 20)).encode(), 32000)
    connection.down((HEADER + INITIATE).encode())
    result = tshark.run(["-q", "-r", write(tmp_path, capture), "-z", "webrtc,json"])
    tshark.require_clean(result)
    assert "too long to be put together" in result.stdout
    assert LINE not in result.stdout
