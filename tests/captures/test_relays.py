# SPDX-License-Identifier: GPL-2.0-or-later
"""Relays and STUN servers in other uses than calls, and calls through them: tunnels, reflection, the hosts of the wire. Takes 10 s."""

import struct

import packets
import pytest
import tshark
from test_media_paths import RTCP, TURN, address, attribute, noise, stun, udp

CLIENT, PEER, INSIDE = ("192.0.2.10", 50000), ("198.51.100.7", 443), ("192.168.1.5", 443)
RELAYED = ("203.0.113.10", 49200)
USER = attribute(0x0006, b"1800000000:x") + attribute(0x0014, b"example.org") + attribute(0x0015, b"nonce")
QUIC = b"\xc3\0\0\0\1\x08" + noise("id", 8) + b"\0" + noise("quic", 1170)
TLS = b"\x16\3\1" + struct.pack(">H", 200) + b"\1\0\0\xc4\3\3" + noise("tls", 194)
DNS = b"\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3org\0\0\1\0\1"
HELLO = b"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x36\1" + noise("dtls", 53)


def allocate(c, peer=PEER, relayed=RELAYED, start=True):
    """An allocation with credentials, and a channel to the peer."""
    if start:
        udp(c, CLIENT, TURN, stun(0x0003, 1, attribute(0x0019, b"\x11\0\0\0")))
        udp(c, TURN, CLIENT, stun(0x0113, 1, attribute(0x0009, b"\0\0\4\1")))
        udp(c, CLIENT, TURN, stun(0x0003, 2, attribute(0x0019, b"\x11\0\0\0") + USER, "key"))
        udp(c, TURN, CLIENT, stun(0x0103, 2, address(0x0016, relayed), "key"))
    udp(c, CLIENT, TURN, stun(0x0009, 3, attribute(0x000C, b"\x40\0\0\0") + address(0x0012, peer) + USER, "key"))
    udp(c, TURN, CLIENT, stun(0x0109, 3, b"", "key"))


def channel(c, data, up=True):
    udp(c, *((CLIENT, TURN) if up else (TURN, CLIENT)), struct.pack(">HH", 0x4000, len(data)) + data)


def checked(c):
    """A connectivity check through the relay, and its answer."""
    user = attribute(0x0006, b"BBBB:AAAA") + attribute(0x0024, b"\0\0\0\1")
    channel(c, stun(0x0001, 9, user, "bobbobbobbobbobbobbo22"))
    channel(c, stun(0x0101, 9, address(0x0020, RELAYED), "bobbobbobbobbobbobbo22"), up=False)


@pytest.fixture
def read(tmp_path):
    def run(make, mode=("-q",)):
        capture = packets.Capture()
        make(capture)
        path = tshark.readable(capture.write(tmp_path / f"relay{len(list(tmp_path.iterdir()))}.pcap"))
        result = tshark.run([*mode, "-r", path, "-z", "webrtc,json"])
        tshark.require_clean(result)
        return tshark.parse_report(result.stdout)
    return run


def told(report, check="TURN-08"):
    return [(f["severity"], f["frame"]) for f in report.findings if f["check"] == check]


@pytest.mark.parametrize("data", [QUIC, TLS, DNS, b"SSH-2.0-OpenSSH_9.6\r\n", b"\5\2\0\2", b"\4\1\0\x50\xc0\0\2\1root\0"],
                         ids=["quic", "tls", "dns", "ssh", "socks5", "socks4"])
def test_another_protocol(read, data):
    def made(peer):
        def make(c):
            allocate(c, peer)
            channel(c, data)
        return make

    assert told(read(made(PEER), mode=("-2", "-q"))) == [("warn", 7)]
    if data == QUIC:
        assert told(read(made(INSIDE))) == [("error", 7)]


@pytest.mark.parametrize("data", [
    HELLO, RTCP, b"\x80\x6f" + noise(1, 100), DNS[:-1], DNS + b"\0", b"\5\2\0", TLS[:9], b"\xc3\0\0\0\3" + QUIC[5:], b"SSH is not spoken here",
], ids=["dtls", "rtcp", "rtp", "cut", "longer", "short", "begun", "version", "words"])
def test_what_calls_send(read, data):
    """Once, or what only looks like another protocol."""
    def make(c):
        allocate(c)
        channel(c, data)

    assert told(read(make)) == []


def test_data_without_checks(read):
    def run(seed, check=False, start=True, packets_=150, media=False):
        def make(c):
            allocate(c, start=start)
            if check:
                checked(c)
            for number in range(packets_):
                channel(c, (b"\x80\x6f" if media else b"\x50") + noise((seed, number), 200), number % 2 == 0)
        return told(read(make))

    assert run(1) == [("warn", 7)]
    assert run(2, check=True) == []
    assert run(3, start=False) == []       # checks may have run before the capture
    assert run(4, packets_=50) == []
    assert run(5, media=True) == [("note", 7)]
    assert run(6, media=True, check=True) == []


def test_a_relay_inside(read):
    """Its own relayed address is private: it is there for the peers of a private network."""
    def made(relayed):
        def make(c):
            allocate(c, INSIDE, relayed)
            checked(c)
        return make

    assert told(read(made(RELAYED)), "TURN-02") == [("warn", 6)]
    report = read(made(("192.168.1.2", 49200)))
    assert told(report, "TURN-02") == [("note", 6)]
    assert "192.168.1.2:49200" in [f for f in report.findings if f["check"] == "TURN-02"][0]["message"]


def test_reflection(read):
    victim, other = ("192.0.2.99", 80), ("192.0.2.11", 40000)

    def made(asked, apart=False):
        def make(c):
            udp(c, other, TURN, stun(0x0001, 1))
            udp(c, TURN, other, stun(0x0101, 1, address(0x0020, other)))
            for number in range(120):
                if asked:
                    udp(c, victim, TURN, stun(0x0001, number + 10))
                udp(c, TURN, victim, stun(0x0101, number + 10, address(0x0020, victim)))
                if apart:
                    c.packets += [b"\0" * 60] * 40
        return make

    assert told(read(made(False)), "TURN-09") == [("warn", 3)]
    assert told(read(made(True)), "TURN-09") == []
    assert told(read(made(False, apart=True)), "TURN-09") == []   # keep-alives of which one direction is captured


def test_the_hosts_of_the_wire(read):
    hello = struct.pack(">H", 0xFEFD) + b"\x11" * 32 + b"\0\0" + b"\0\2\xc0\x2b" + b"\1\0" + b"\0\x09\0\x0e\0\5\0\2\0\1\0"
    message = struct.pack(">B3sH3s3s", 1, len(hello).to_bytes(3, "big"), 0, b"\0\0\0", len(hello).to_bytes(3, "big")) + hello

    def make(c):
        allocate(c)
        checked(c)
        channel(c, struct.pack(">BHHHIH", 22, 0xFEFD, 0, 0, 0, len(message)) + message)

    (session,) = read(make).sessions
    assert sorted(party["address"] for party in session["parties"]) == [CLIENT[0], PEER[0]]
    assert f"Client {CLIENT[0]}:{CLIENT[1]}" in session["statement"] and f"TURN server {TURN[0]}:{TURN[1]}" in session["statement"]


def test_findings_of_no_call_stand_in_the_text_and_in_the_tree(tmp_path):
    capture = packets.Capture()
    allocate(capture)
    channel(capture, QUIC)
    path = tshark.readable(capture.write(tmp_path / "tunnel.pcap"))
    assert "warn TURN-08, frame 7" in tshark.text_report(path)
    result = tshark.run(["-2", "-r", path, "-Y", "webrtc.finding == \"TURN-08\"", "-T", "fields", "-e", "frame.number"])
    tshark.require_clean(result)
    assert result.stdout.split() == ["7"]
