# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts and frames that come otherwise than their makers meant: escaped twice, deflated without a word, without the upgrade that
would say so. Takes 8 s."""

import base64
import json
import struct
import zlib

import packets
import pytest
import tshark
from test_signal import SDP

ANSWER = SDP.replace("actpass", "active")


def offer(sdp=SDP):
    return json.dumps({"type": "offer", "sdp": sdp})


def answer(sdp=ANSWER):
    return json.dumps({"type": "answer", "sdp": sdp})


def literal(sdp):
    return sdp.replace("\r\n", "\\r\\n")


class Deflater:
    """permessage-deflate with its context kept (RFC 7692 7.2.1)."""

    def __init__(self):
        self.stream = zlib.compressobj(9, zlib.DEFLATED, -15)

    def __call__(self, text):
        return (self.stream.compress(text.encode()) + self.stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


def frame(data, masked, first=0xC1):
    bit = 0x80 if masked else 0
    head = bytes([first, bit | len(data)]) if len(data) < 126 else struct.pack(">BBH", first, bit | 126, len(data))
    mask = b"\x11\x22\x33\x44" if masked else b""
    return head + mask + bytes(c ^ mask[i % 4] if masked else c for i, c in enumerate(data))


@pytest.fixture
def read(tmp_path):
    """(kind, direction) of each description; the same on all passes."""
    def run(fill, port=8080):
        capture = packets.Capture()
        connection = capture.connect(("192.0.2.1", 51000), ("192.0.2.9", port))
        fill(connection)
        path = tshark.readable(capture.write(tmp_path / f"odd{len(list(tmp_path.iterdir()))}.pcap"))
        found = []
        for mode in (["-q"], ["-2", "-q"]):
            result = tshark.run([*mode, "-r", path, "-z", "webrtc,json"])
            tshark.require_clean(result)
            found.append([(d["kind"], d["direction"], len(d["sections"])) for d in tshark.parse_report(result.stdout).descriptions])
        assert found[0] == found[1]
        return [row[:2] for row in found[0] if row[2]]
    return run


BOTH = [("offer", "emitted"), ("answer", "delivered")]


@pytest.mark.parametrize("port", [8080, 9999])
def test_deflated_without_upgrade(read, port):
    def fill(c):
        up, down = Deflater(), Deflater()
        c.up(frame(up(offer()), True))
        c.down(frame(down(answer()), False))
        c.up(frame(b"", True, 0x89))             # a ping between
        again = frame(up(offer(SDP.replace("- 1 2 IN", "- 9 2 IN").replace("o=- ", "o=x "))), True)
        c.up(again[:20])
        c.up(again[20:])                         # needs the first message's window, and comes in two segments

    assert read(fill, port)[:2] == BOTH
    assert len(read(fill, port)) == 3


def test_what_looks_deflated(read):
    def other(text, first=0xC1):
        def fill(c):
            c.up(frame(Deflater()(text), True, first))
        return fill

    assert read(other(offer())) == BOTH[:1]
    assert read(other(json.dumps({"type": "chat", "text": "x" * 200}))) == []
    assert read(other("offer: v=0\r\n" * 20)) == []
    assert read(other(offer(), first=0xE1)) == []           # another extension
    assert read(lambda c: c.up(frame(bytes(range(200)), True))) == []


def plain(text):
    def fill(c):
        c.up(packets.websocket_text(text, masked=True))
    return fill


def test_line_ends_as_text(read):
    assert read(plain(offer(literal(SDP)))) == BOTH[:1]
    assert read(plain(offer(SDP.replace("\r\n", "\\n")))) == BOTH[:1]
    assert read(plain(json.dumps({"type": "offer", "note": literal("v=1\r\na=b\r\n") * 5}))) == []


def raw(text):
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(stream.compress(text.encode()) + stream.flush()).decode()


def test_raw_deflate_in_base64(read):
    assert read(plain(json.dumps({"type": "offer", "sdp": raw(SDP)}))) == BOTH[:1]
    assert read(plain(json.dumps({"sdp": raw(offer())}))) == BOTH[:1]
    assert read(plain(json.dumps({"type": "offer", "sdp": raw("no description at all " * 20)}))) == []
    assert read(plain(json.dumps({"type": "offer", "sdp": base64.b64encode(bytes(range(256))).decode()}))) == []
