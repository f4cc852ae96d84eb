# SPDX-License-Identifier: GPL-2.0-or-later
"""Floods: memory stays below a stated limit, the report names the bound that was reached, and what was true before
stands."""

import base64
import gzip
import json
import os
import random
import shutil
import struct
import subprocess
import tempfile

import packets
import pytest
import truth
import tshark

CALL = truth.OWN / "cr-ff12.A.pcapng"
MEGABYTE = 1024  # kilobytes
OFFER = "\r\n".join([
    "v=0", "o=- {number} 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0", "a=mid:0", "a=ice-ufrag:{ufrag}", "a=ice-pwd:passwordpasswordpassword", "a=setup:actpass",
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), "",
])


def measure(arguments, timeout=600):
    """Runs tshark with the plugins. Returns (standard output, kilobytes of memory at most)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **tshark.environment_for()}
        process = subprocess.Popen(
            [os.environ.get("WEBRTC_TSHARK", "tshark"), *map(str, arguments)], env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out, stderr=err, cwd=tshark.private_folder() / "home", **tshark.unprivileged())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        assert process.returncode == 0, err.read()[-2000:]
        return out.read().decode(), usage.ru_maxrss


def report_of(capture, before=True):
    """The report on the flood, behind a real call when before is set, and the memory it took."""
    folder = tshark.private_folder() / "captures"
    flood = capture.write(folder / "flood.pcap")
    if before:
        if not shutil.which("mergecap"):
            pytest.skip("no mergecap here")
        subprocess.run(["mergecap", "-a", "-w", folder / "both.pcapng", CALL, flood], check=True)
        flood = folder / "both.pcapng"
        flood.chmod(0o644)
    out, memory = measure(["-q", "-r", flood, "-z", "webrtc,json"])
    report = tshark.parse_report(out)
    if before:
        right = [session["verdict"] for session in tshark.report(CALL).sessions]
        assert [session["verdict"] for session in report.sessions[:len(right)]] == right
    return report, memory


@pytest.fixture(scope="module")
def idle():
    """What tshark takes with the plugins and one call."""
    return measure(["-q", "-r", tshark.readable(CALL), "-z", "webrtc,json"])[1]


def stun_check(number, user):
    username = user.encode()
    attribute = struct.pack(">HH", 6, len(username)) + username + b"\0" * (-len(username) % 4)
    attribute += struct.pack(">HHI", 0x24, 4, 1) + struct.pack(">HH", 8, 20) + number.to_bytes(20, "big")
    return struct.pack(">HHI", 1, len(attribute), 0x2112A442) + number.to_bytes(12, "big") + attribute


def post(capture, number, body, fields=None):
    connection = capture.connect((f"10.9.{number >> 8 & 255}.{number & 255}", 40000), ("10.8.0.1", 8080))
    connection.up(packets.http("POST /signal HTTP/1.1", {"Host": "s.example", "Content-Type": "application/json",
                                                         **(fields or {})}, body))


def say(value):
    return json.dumps(value).encode()


def named(report, words):
    return [limit for limit in report.summary["limits_reached"] if words in limit]


def test_user_names_of_a_flow(idle):
    capture = packets.Capture()
    for n in range(20000):
        capture.packets.append(packets.udp(("10.9.0.1", 4000), ("10.8.0.1", 5000), stun_check(n, f"r{n}:l{n}")))
    report, memory = report_of(capture)
    assert named(report, "ICE user names on a flow")
    assert memory < idle + 150 * MEGABYTE


def test_user_names_on_many_flows(idle):
    """Not a bound, but the price: a flow with one unproved check."""
    capture = packets.Capture()
    for n in range(20000):
        capture.packets.append(packets.udp((f"10.9.{n >> 8}.{n & 255}", 4000), ("10.8.0.1", 5000),
                                           stun_check(n, f"r{n}:l{n}")))
    _, memory = report_of(capture)
    assert memory < idle + 250 * MEGABYTE


def test_candidates_of_a_description(idle):
    capture = packets.Capture()
    text = OFFER.format(number=123456789, ufrag="FLOD") + "".join(
        f"a=candidate:1 1 udp 1 10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255} 5000 typ host\r\n" for n in range(700))
    post(capture, 1, say({"type": "offer", "sdp": text})[:60000])
    report, memory = report_of(capture)
    assert named(report, "candidate addresses of a description")
    assert memory < idle + 100 * MEGABYTE


def test_descriptions(idle):
    capture = packets.Capture()
    for n in range(4000):
        post(capture, n, say({"type": "offer", "sdp": OFFER.format(number=700000000 + n, ufrag=f"U{n:05}")}))
    report, memory = report_of(capture)
    assert len(report.descriptions) >= 4000
    assert memory < idle + 400 * MEGABYTE


def test_sections_of_a_description(idle):
    capture = packets.Capture()
    for n in range(40):
        text = OFFER.format(number=800000000 + n, ufrag=f"U{n:05}") + "m=\r\n" * 9000
        post(capture, n, say({"type": "offer", "sdp": text})[:64000])
    report, memory = report_of(capture)
    assert named(report, "parts of a session description")
    assert memory < idle + 300 * MEGABYTE


def test_json_depth(idle):
    capture = packets.Capture()
    inner = say({"type": "offer", "sdp": OFFER.format(number=1, ufrag="DEEP")})
    for n in range(20):
        depth = 1500
        post(capture, n, b'{"a":' * depth + inner + b"}" * depth)
    report, memory = report_of(capture)
    assert named(report, "too deep")
    assert memory < idle + 150 * MEGABYTE


def test_texts_in_texts(idle):
    capture = packets.Capture()
    text = {"type": "offer", "sdp": OFFER.format(number=1, ufrag="DEEP")}
    for _ in range(9):
        text = {"sdp": json.dumps(text)}
    body = say(text)
    if len(body) > 64000:
        body = body[:64000]
    post(capture, 1, body)
    _, memory = report_of(capture)
    assert memory < idle + 100 * MEGABYTE


def bomb(size):
    """A description, then that many bytes that take hardly room when packed."""
    return gzip.compress(OFFER.format(number=5, ufrag="BOMB").encode() + b"a=x:" + b"0" * size, mtime=0)


@pytest.mark.parametrize("wrap", ["base64", "twice", "body"])
def test_bombs(idle, wrap):
    capture = packets.Capture()
    # Wireshark itself takes half a minute to inflate one body of 40 megabytes.
    packed = bomb((2 if wrap == "body" else 40) << 20)
    for n in range(4):
        if wrap == "body":
            post(capture, n, packed[:60000], {"Content-Encoding": "gzip"})
            continue
        inner = packed if wrap == "base64" else gzip.compress(packed, mtime=0)
        post(capture, n, say({"sdp": base64.b64encode(inner).decode()}))
    report, memory = report_of(capture)
    if wrap == "base64":
        assert named(report, "packed into the message")
    assert memory < idle + 500 * MEGABYTE


def handshake_record(sequence, message, kind, offset, total, data):
    head = struct.pack(">B", kind) + total.to_bytes(3, "big") + struct.pack(">H", message) + offset.to_bytes(3, "big")
    body = head + len(data).to_bytes(3, "big") + data
    return b"\x16\xfe\xfd\0\0" + sequence.to_bytes(6, "big") + struct.pack(">H", len(body)) + body


def test_endless_fragments(idle):
    """Fragments of messages that never become whole, in many associations."""
    capture = packets.Capture()
    for n in range(30000):
        record = handshake_record(n, n % 64, 11, 0, 60000, b"x" * 1200)
        capture.packets.append(packets.udp((f"10.9.{n // 64 >> 8}.{n // 64 & 255}", 4000 + n // 64 % 7),
                                           ("10.8.0.1", 5000), record))
    report, memory = report_of(capture)
    assert named(report, "unfinished handshake messages")
    assert memory < idle + 400 * MEGABYTE


def hello(number):
    """A ClientHello of its own (RFC 6347 4.2)."""
    body = b"\xfe\xfd" + number.to_bytes(32, "big") + b"\0\0\0\2\xc0\x2b\1\0"
    return handshake_record(number, 0, 1, 0, len(body), body)


def test_associations_of_a_flow(idle):
    capture = packets.Capture()
    for n in range(20000):
        capture.packets.append(packets.udp(("10.9.0.1", 4000), ("10.8.0.1", 5000), hello(n)))
    report, memory = report_of(capture)
    assert memory < idle + 200 * MEGABYTE
    assert len(report.associations) < 100


def test_associations(idle):
    capture = packets.Capture()
    for n in range(10000):
        ends = (f"10.9.{n >> 8}.{n & 255}", 4000), ("10.8.0.1", 5000)
        capture.packets.append(packets.udp(*ends, stun_check(n, f"r{n}:l{n}")))
        capture.packets.append(packets.udp(*ends, hello(n)))
    report, memory = report_of(capture)
    assert report.summary["associations"] == len(report.associations)
    assert memory < idle + 300 * MEGABYTE


def test_findings(idle):
    """One call that breaks a rule over and over."""
    capture = packets.Capture()
    for n in range(200):
        text = OFFER.format(number=900000000, ufrag="FIND").replace("sha-256 AB", f"sha-1 {n:02X}")
        post(capture, 1, say({"type": "offer", "sdp": text}))
    report, memory = report_of(capture)
    assert len(report.findings) < 500
    assert memory < idle + 100 * MEGABYTE


def test_noise_is_cheap(idle):
    """Random datagrams that begin like what is read."""
    capture = packets.Capture()
    source = random.Random(1)
    for n in range(20000):
        begin = source.choice([b"\x16\xfe\xfd\0\0", b"\x2f\0\0", b"\0\1\0\x40\x21\x12\xa4\x42", b"\x40\0\0\x40",
                               b"\x80\x60"])
        capture.packets.append(packets.udp(("10.9.0.1", source.randrange(1024, 65536)), ("10.8.0.1", 5000),
                                           begin + source.randbytes(90)))
    _, memory = report_of(capture)
    assert memory < idle + 300 * MEGABYTE
