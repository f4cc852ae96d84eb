# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing of stock Wireshark is lost: what a display filter finds without the plugins it finds with them.

Every capture is read once without and once with the plugins; for forty fields that users filter by, the packets that
have them, and the texts in them ("contains"), are compared. Then each of our protocols is disabled, and what stock
makes of its layer must be back. About 30 s on two cores.
stock.py beside this does the same for any captures.
"""

import json
import pathlib
import struct
import subprocess
import sys

import pytest

import packets
import tshark
from stock import losses, read

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


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost(name):
    capture = CAPTURES / f"{name}.pcapng"
    lost = losses(read(capture, False), read(capture, True))
    assert not lost, {field: found[:3] for field, found in lost.items()}


def test_nothing_is_lost_in_other_ways(made_capture):
    lost = losses(read(made_capture, False), read(made_capture, True))
    assert not lost, {field: found[:3] for field, found in lost.items()}


def test_command_names_what_is_lost(tmp_path):
    """A folder is read through; a capture that is no capture is no success."""
    for name in ("whip-cr.A", "baresip-sdes.A"):
        (tmp_path / f"{name}.pcapng").write_bytes((CAPTURES / f"{name}.pcapng").read_bytes())
    command = [sys.executable, "-B", str(pathlib.Path(__file__).with_name("stock.py")), str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0 and result.stdout.startswith("2 captures, 0 in which"), result.stdout + result.stderr


def test_losses_are_seen():
    had = {1: {"frame.protocols": "eth:ip:tcp:http", "http": "Hypertext", "_ws.col.Info": "GET /x HTTP/1.1"}}
    has = {1: {"frame.protocols": "eth:ip:tcp:http:webrtc_signal", "http": "", "_ws.col.Info": "WebRTC offer"}}
    assert set(losses(had, has)) == {"http", "_ws.col.Info"}
    assert not losses(had, {1: {**had[1], "_ws.col.Info": "GET /x HTTP/1.1 , WebRTC offer"}})
    assert set(losses(had, {})) == {"http", "_ws.col.Info"}


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


@pytest.mark.parametrize("protocol, name, field", [
    ("webrtc_ice", "turn-tcp-cr-ff12.A", "stun"), ("webrtc_ice", "icetcp-wrtc-cr.A", "tcp.len"),
    ("webrtc_dtls", "cr-ff12.A", "dtls"), ("webrtc", "cr-ff12.A", "dtls"), ("webrtc_signal", "cr-ff12.A", "websocket"),
    ("webrtc_sdp", "sip-cr-ff12.A", "sdp"), ("webrtc_sframe", "cr-ff12.A", "dtls"),
    ("webrtc_hep", "hep1-cr-ff12.merged-AC", "udp.length")])
def test_each_layer_is_stocks_without_ours(protocol, name, field):
    capture = CAPTURES / f"{name}.pcapng"
    stock = read(capture, False)
    without = read(capture, True, "--disable-protocol", protocol)
    assert any(row[field] for row in stock.values())
    assert not any(protocol in row["frame.protocols"].split(":") for row in without.values())
    lost = losses(stock, without)
    assert not lost, {field: found[:3] for field, found in lost.items()}
