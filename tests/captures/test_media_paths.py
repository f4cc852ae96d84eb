# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs beside a call's own packets, on its way through Wireshark: clear RTCP, strangers at media ports, SCTP
without DTLS, TURN servers that let anybody in."""

import hashlib
import hmac
import itertools
import json
import pathlib
import struct

import packets
import pytest
import test_beside
import tshark

ALICE, BOB, EVE, ELSEWHERE = ("198.51.100.4", 5000), ("198.51.100.5", 6000), ("203.0.113.66",
                                                                              6666), ("198.51.100.4", 7000)
TURN = ("203.0.113.10", 3478)
PASSWORD = {"AAAA": "alicealicealicealice22", "BBBB": "bobbobbobbobbobbobbo22", "CCCC": "carolcarolcarolcarol22",
            "DDDD": "davedavedavedavedavd22"}
COOKIE = 0x2112A442
# Receiver report and SDES with a CNAME (RFC 3550 6).
RTCP = bytes([0x80, 201, 0, 1, 1, 2, 3, 4, 0x81, 202, 0, 3, 1, 2, 3, 4, 1, 3]) + b"a@b\0\0\0"


def noise(seed, size):
    """Bytes as good as ciphertext."""
    return hashlib.shake_128(str(seed).encode()).digest(size)


def udp(capture, source, target, data):
    head = struct.pack(">HHHH", source[1], target[1], 8 + len(data), 0)
    capture.packets.append(packets.ipv4(source[0], target[0], 17, head + data))


def attribute(kind, value):
    return struct.pack(">HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def address(kind, end):
    ip = int.from_bytes(bytes(int(part) for part in end[0].split(".")), "big")
    return attribute(kind, struct.pack(">BBHI", 0, 1, end[1] ^ COOKIE >> 16, ip ^ COOKIE))


def stun(kind, transaction, attributes=b"", password=None):
    size = len(attributes) + (24 if password else 0)
    message = struct.pack(">HHI", kind, size, COOKIE) + transaction.to_bytes(12, "big") + attributes
    if password:
        message += attribute(0x0008, hmac.new(password.encode(), message, hashlib.sha1).digest())
    return message


def check(capture, source, target, remote, local, transaction, answered=True):
    user = attribute(0x0006, f"{remote}:{local}".encode()) + attribute(0x0024, b"\0\0\0\1")
    udp(capture, source, target, stun(0x0001, transaction, user, PASSWORD[remote]))
    if answered:
        udp(capture, target, source, stun(0x0101, transaction, address(0x0020, source), PASSWORD[remote]))


def rtp(capture, source, target, ssrc, first, count):
    for number in range(first, first + count):
        head = struct.pack(">BBHII", 0x80, 111, number, number * 960, ssrc)
        udp(capture, source, target, head + noise((ssrc, number), 100))


def describe(capture, ice=True):
    """An offer up and its answer down, on one WebSocket."""
    offer = test_beside.SDP
    answer = offer.replace("4711000001", "4711000002").replace("AAAA",
                                                               "BBBB").replace(PASSWORD["AAAA"], PASSWORD["BBBB"])
    answer = answer.replace("198.51.100.4 5000", "198.51.100.5 6000").replace("actpass", "active").replace("AB:", "CD:")
    if not ice:
        offer, answer = ("\r\n".join(x for x in text.split("\r\n") if not x.startswith("a=ice"))
                         for text in (offer, answer))
    connection = capture.connect(("198.51.100.4", 50100), ("198.51.100.9", 8080))
    connection.up(packets.http("GET /ws HTTP/1.1", {
        "Host": "signal.example", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": test_beside.KEY,
        "Sec-WebSocket-Version": "13"}))
    connection.down(packets.http("HTTP/1.1 101 Switching Protocols", {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": test_beside.ACCEPT}))
    connection.up(packets.websocket_text(json.dumps({"type": "offer", "sdp": offer}), masked=True))
    connection.down(packets.websocket_text(json.dumps({"type": "answer", "sdp": answer}), masked=False))


def call(capture):
    describe(capture)
    check(capture, ALICE, BOB, "BBBB", "AAAA", 1)
    check(capture, BOB, ALICE, "AAAA", "BBBB", 2)


def later(capture):
    """A call that goes on for some seconds, so that its beginning is not the capture's."""
    call(capture)
    rtp(capture, BOB, ALICE, 77, 1, 250)


@pytest.fixture
def written(tmp_path):
    """Writes a capture that make() fills, for tshark to read."""
    made = itertools.count()

    def write(make):
        capture = packets.Capture()
        make(capture)
        return tshark.readable(capture.write(tmp_path / f"paths{next(made)}.pcap"))

    return write


@pytest.fixture
def findings(written):
    def run(make, options=()):
        path = written(make)
        reports = []
        for mode in (["-q"], ["-2", "-q"]):
            result = tshark.run([*options, *mode, "-r", path, "-z", "webrtc,json"])
            tshark.require_clean(result)
            reports.append(sorted((f["check"], f["severity"]) for f in tshark.parse_report(result.stdout).findings))
        assert reports[0] == reports[1]
        return reports[0]

    return run


def keep_reporting(capture, reports=3, seconds=11):
    """RTCP in clear for as long as no stranger's few packets last."""
    for _ in range(reports):
        udp(capture, ALICE, BOB, RTCP)
        for _ in range(100 * seconds // (reports - 1)):
            udp(capture, ELSEWHERE, EVE, b"of no call")


def test_clear_rtcp(findings):
    def clear(c):
        call(c)
        keep_reporting(c)

    def one(c):
        call(c)
        udp(c, ALICE, BOB, RTCP)

    def secured(c):
        call(c)
        udp(c, ALICE, BOB, RTCP[:8] + noise(1, 30))

    assert ("RTP-01", "error") in findings(clear)
    assert ("RTP-01", "note") in findings(one)
    assert not [f for f in findings(secured) if f[0] == "RTP-01"]


def test_clear_rtcp_between_announced_addresses(findings):
    """No STUN, no DTLS: the descriptions alone make the path known."""
    def announced(c):
        describe(c, ice=False)
        keep_reporting(c)

    def not_announced(c):
        describe(c, ice=False)
        udp(c, ELSEWHERE, EVE, RTCP)

    assert ("RTP-01", "error") in findings(announced)
    assert not [f for f in findings(not_announced) if f[0] == "RTP-01"]


def test_stranger_sends_media(findings):
    def stranger(c, count=1100):
        later(c)
        rtp(c, EVE, ALICE, 99, 1, count)

    def stranger_elsewhere(c):
        later(c)
        rtp(c, EVE, ELSEWHERE, 99, 1, 10)

    def checked(c):
        later(c)
        rtp(c, EVE, ALICE, 99, 1, 10)
        check(c, EVE, ALICE, "AAAA", "BBBB", 3)

    assert ("RTP-04", "warn") in findings(stranger)
    assert ("RTP-04", "note") in findings(lambda c: stranger(c, 10))  # anybody can send so little
    for clean in (stranger_elsewhere, checked):
        assert not [f for f in findings(clean) if f[0] in ("RTP-04", "RTP-05")]


def test_redirected_stream(findings):
    def bleed(c):
        later(c)
        rtp(c, EVE, ALICE, 99, 1, 10)
        rtp(c, ALICE, EVE, 55, 1, 1100)

    found = findings(bleed)
    assert ("RTP-05", "error") in found
    assert not [f for f in found if f[0] == "RTP-04"]  # one cause is told once


def test_strange_client_hello(findings):
    hello = struct.pack(">H", 0xFEFD) + b"\x11" * 32 + b"\0\0" + b"\0\2\0\0" + b"\1\0"
    message = struct.pack(">B3sH3s3s", 1, len(hello).to_bytes(3, "big"), 0, b"\0\0\0",
                          len(hello).to_bytes(3, "big")) + hello
    record = struct.pack(">BHHHIH", 22, 0xFEFD, 0, 0, 0, len(message)) + message

    def foreign(c):
        later(c)
        udp(c, EVE, ALICE, record)

    def elsewhere(c):
        later(c)
        udp(c, EVE, ELSEWHERE, record)

    assert ("DTLS-16", "note") in findings(foreign)
    assert not [f for f in findings(elsewhere) if f[0] == "DTLS-16"]


def test_sctp_without_dtls(findings):
    chunk = struct.pack(">BBH", 1, 0, 20) + struct.pack(">IIHHI", 1, 65536, 10, 10, 1)
    packet = struct.pack(">HHII", 5000, 5000, 0, 0) + chunk
    packet = packet[:8] + struct.pack("<I", packets.crc32c(packet)) + packet[12:]

    def outside(c):
        call(c)
        udp(c, ALICE, BOB, packet)

    def broken(c):
        call(c)
        udp(c, ALICE, BOB, packet[:-1] + b"\xff")

    assert ("DC-01", "error") in findings(outside)
    found = findings(broken)
    assert not [f for f in found if f[0] == "DC-01"]
    assert ("RTP-11", "note") in found


def test_turn_server(findings):
    client = ("192.0.2.10", 50000)
    udp_transport = attribute(0x0019, b"\x11\0\0\0")
    relayed = address(0x0016, ("203.0.113.10", 49200))
    user = attribute(0x0006, b"1800000000:x") + attribute(0x0014, b"example.org") + attribute(0x0015, b"nonce")

    def sends(c, peer):
        udp(c, client, TURN, stun(0x0016, 9, address(0x0012, (peer, 80)) + attribute(0x0013, b"GET ")))

    def opened(c, used=True):
        udp(c, client, TURN, stun(0x0003, 1, udp_transport))
        udp(c, TURN, client, stun(0x0103, 1, relayed))
        if used:
            sends(c, "198.51.100.5")

    def granted(peer, used=True):
        def make(c):
            udp(c, client, TURN, stun(0x0003, 1, udp_transport))
            udp(c, TURN, client, stun(0x0113, 1, attribute(0x0009, b"\0\0\4\1")))
            udp(c, client, TURN, stun(0x0003, 2, udp_transport + user, "key"))
            udp(c, TURN, client, stun(0x0103, 2, relayed, "key"))
            udp(c, client, TURN, stun(0x0008, 3, address(0x0012, (peer, 80)) + user, "key"))
            udp(c, TURN, client, stun(0x0108, 3, b"", "key"))
            if used:
                sends(c, peer)
        return make

    assert findings(opened) == [("TURN-01", "error")]
    assert findings(granted("127.0.0.1")) == [("TURN-02", "error")]
    assert findings(granted("192.168.1.5")) == [("TURN-02", "warn")]
    assert findings(granted("198.51.100.5")) == []
    # one response over UDP is one datagram, which anybody can send
    assert findings(lambda c: opened(c, False)) == [("TURN-01", "note")]
    assert findings(granted("127.0.0.1", False)) == [("TURN-02", "note")]
    assert findings(granted("192.168.1.5", False)) == [("TURN-02", "note")]


def test_addresses_inside_dtls():
    """OpenSSL's DTLS 1.2 with use_srtp; the client sent one SCTP INIT that names an address."""
    folder = pathlib.Path(__file__).parent / "data"
    capture, keys = (tshark.readable(folder / f"sctp-in-dtls12.{suffix}") for suffix in ("pcap", "keys"))

    def found(options):
        result = tshark.run([*options, "-q", "-r", capture, "-z", "webrtc,json"])
        tshark.require_clean(result)
        return [(f["check"], f["severity"]) for f in tshark.parse_report(result.stdout).findings]

    assert ("DC-03", "note") in found(["-o", f"tls.keylog_file:{keys}"])
    assert not [f for f in found([]) if f[0] == "DC-03"]


# ---- what Wireshark shows of media ----


@pytest.fixture
def protocols(written):
    """The layers of each UDP packet behind the UDP header, by frame number."""

    def run(make, options=()):
        path = written(make)
        shown = []
        for mode in ([], ["-2"], ["-V"]):
            extra = ["-T", "fields", "-e", "frame.number", "-e", "frame.protocols", "-e",
                     "_ws.col.Info"] if mode != ["-V"] else []
            result = tshark.run([*options, *mode, "-r", path, "-Y", "udp", *extra])
            tshark.require_clean(result)
            if extra:
                shown.append([line.split("\t") for line in result.stdout.splitlines()])
        assert shown[0] == shown[1]
        return [(number, layers.split(":udp")[1].strip(":").split(":"), info) for number, layers, info in shown[0]]

    return run


def media_layers(rows):
    return [layers for _, layers, info in rows if "Binding" not in info]


def clear_then_secured(c):
    call(c)
    rtp(c, ALICE, BOB, 55, 1, 3)
    udp(c, ALICE, BOB, RTCP[:8] + noise(1, 30))


SHOWN = [["webrtc", "rtp"]] * 3 + [["webrtc", "srtcp"]]


def test_media_on_a_checked_path_is_rtp(protocols):
    rows = protocols(clear_then_secured)
    assert media_layers(rows) == SHOWN
    assert [info.startswith("PT=") for _, layers, info in rows if layers == ["webrtc", "rtp"]] == [True] * 3
    assert [info for _, layers, info in rows if layers == ["webrtc", "srtcp"]][0].startswith("Receiver Report, SSRC=0x")


def test_media_elsewhere_is_left_to_all_heuristics(protocols):
    def before_the_answer(c):
        describe(c)
        check(c, ALICE, BOB, "BBBB", "AAAA", 1, answered=False)
        rtp(c, ALICE, BOB, 55, 1, 3)

    def elsewhere(c):
        call(c)
        rtp(c, EVE, ELSEWHERE, 99, 1, 3)

    for make in (before_the_answer, elsewhere):
        assert media_layers(protocols(make)) == [["data"]] * 3


def test_media_before_the_path_is_proven_stays_unproven_on_later_passes(protocols):
    def early(c):
        rtp(c, ALICE, BOB, 55, 1, 2)
        clear_then_secured(c)

    assert media_layers(protocols(early)) == [["data"]] * 2 + SHOWN


def test_a_user_who_wants_rtp_gets_it(protocols):
    def on_odd_ports(c):
        """Wireshark's heuristic for RTCP takes nothing else."""
        call(c)
        alice, bob = (ALICE[0], 5001), (BOB[0], 6001)
        check(c, alice, bob, "BBBB", "AAAA", 5)
        udp(c, alice, bob, RTCP)

    assert media_layers(protocols(clear_then_secured, ["--disable-heuristic", "webrtc_media_udp"])) == [["data"]] * 4
    assert media_layers(protocols(clear_then_secured, ["-d", "udp.port==6000,rtp"]))[:3] == [["rtp"]] * 3
    assert media_layers(protocols(on_odd_ports)) == [["webrtc", "rtcp"]]
