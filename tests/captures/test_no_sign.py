# SPDX-License-Identifier: GPL-2.0-or-later
"""DTLS that shows no sign of WebRTC gets no word of ours. Takes 3 s."""

import struct

import packets
import pytest
import tshark
from test_media_paths import attribute, stun, udp

CLIENT, SERVER = ("192.0.2.10", 50000), ("198.51.100.5", 684)


def hello(extensions=b""):
    body = struct.pack(">H", 0xFEFD) + b"\x11" * 32 + b"\0\0" + b"\0\2\xc0\x2b" + b"\1\0"
    body += struct.pack(">H", len(extensions)) + extensions if extensions else b""
    size = len(body).to_bytes(3, "big")
    message = struct.pack(">B3sH3s3s", 1, size, 0, b"\0\0\0", size) + body
    return struct.pack(">BHHHIH", 22, 0xFEFD, 0, 0, 0, len(message)) + message


DATA = struct.pack(">BHHHIH", 23, 0xFEFD, 1, 0, 7, 40) + b"\x55" * 40


def vpn(c):
    udp(c, CLIENT, SERVER, hello())
    udp(c, CLIENT, SERVER, DATA)


def call(c):
    udp(c, CLIENT, SERVER, hello(b"\0\x0e\0\5\0\2\0\1\0"))
    udp(c, CLIENT, SERVER, DATA)


def channel(c):
    """Without use_srtp: a data channel, behind a connectivity check."""
    udp(c, CLIENT, SERVER, stun(0x0001, 1, attribute(0x0006, b"BBBB:AAAA") + attribute(0x0024, b"\0\0\0\1"), "bobbobbobbobbobbobbo22"))
    vpn(c)


@pytest.mark.parametrize("mode", [["-V"], ["-2", "-V"]], ids=["one", "two"])
@pytest.mark.parametrize("make, words", [(vpn, False), (call, True), (channel, True)], ids=["vpn", "call", "channel"])
def test_words(tmp_path, make, words, mode):
    capture = packets.Capture()
    make(capture)
    result = tshark.run([*mode, "-r", tshark.readable(capture.write(tmp_path / f"{make.__name__}{len(mode)}.pcap"))])
    tshark.require_clean(result)
    assert ("WebRTC" in result.stdout) == words
    assert ("WebRTC DTLS, Client Hello" in result.stdout) == words


def test_a_hello_alone_is_no_handshake(tmp_path):
    capture = packets.Capture()
    call(capture)
    capture.packets.pop()
    report = tshark.text_report(tshark.readable(capture.write(tmp_path / "hello.pcap")))
    words = " ".join(report.split())
    assert "A ClientHello as WebRTC sends it (frame 1), without a reply to it" in words
    assert "A DTLS handshake for media" not in words and "from the start of the call" not in words
