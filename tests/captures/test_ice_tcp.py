# SPDX-License-Identifier: GPL-2.0-or-later
"""ICE over TCP (RFC 6544) in segments of any size: a connection is known by its first check, also when only the begin
of it is there. Takes 12 s."""

import struct

import calls
import packets
import pytest
import tshark
from test_media_paths import PASSWORD, address, attribute, stun

ENDS = ("198.51.100.4", 50001), ("198.51.100.5", 60001)


def say(connection, up, data, size):
    data = struct.pack(">H", len(data)) + data
    for at in range(0, len(data), size):
        (connection.up if up else connection.down)(data[at : at + size])


def call(c, size):
    alice, bob = ENDS
    calls.describe(c, ends=ENDS)
    connection = c.connect(bob, alice)
    for up, remote, local, source, number in ((True, "AAAA", "BBBB", bob, 1), (False, "BBBB", "AAAA", alice, 2)):
        user = attribute(0x0006, f"{remote}:{local}".encode()) + attribute(0x0024, b"\0\0\0\1")
        say(connection, up, stun(0x0001, number, user, PASSWORD[remote]), size)
        say(connection, not up, stun(0x0101, number, address(0x0020, source), PASSWORD[remote]), size)
    for up, data in calls.HANDSHAKES["ecdsa"]:
        say(connection, up, data, size)


@pytest.mark.parametrize("mode", [["-q"], ["-2", "-q"]], ids=["one", "two"])
@pytest.mark.parametrize("size", [3000, 60, 7, 4, 1])
def test_segments(tmp_path, size, mode):
    capture = packets.Capture()
    call(capture, size)
    result = tshark.run([*mode, "-r", tshark.readable(capture.write(tmp_path / f"tcp{size}{len(mode)}.pcap")), "-z",
                         "webrtc,json"])
    tshark.require_clean(result)
    assert [s["verdict"] for s in tshark.parse_report(result.stdout).sessions] == ["VERIFIED-LEG"]


@pytest.mark.parametrize("start", [b"\0\x54\0\2\0\x40", b"\0\x54\0\1\0\x44", b"\0\x53\0\1", b"\0\1\0\1", b"\0\x54\0\1"],
                         ids=["type", "length", "odd", "short", "later"])
def test_what_only_begins_like_it_stays_as_it_is(tmp_path, start):
    """Nothing is held back of connections that are none, nor in the middle of one."""
    capture = packets.Capture()
    connection = capture.connect(*ENDS)
    later = start == b"\0\x54\0\1"
    connection.up(b"hello" if later else start)
    connection.up(start if later else b" and more of something else")
    path = tshark.readable(capture.write(tmp_path / f"no{start.hex()}.pcap"))
    seen = [tshark.run(["-r", path, "-T", "fields", "-e", "frame.protocols", "-e", "data.data"], plugins=plugins).stdout
            for plugins in (True, False)]
    assert seen[0] == seen[1]
