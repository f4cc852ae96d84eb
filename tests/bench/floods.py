#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what floods cost: user CPU seconds with the plugins, against the packet list of tshark without them.

    tests/bench/floods.py --plugins build/plugins/4.0/epan [--only passwords,ports,…] [--runs 3] [--keep FOLDER]

A capture each, a megabyte or a few, of what an attacker may put before a tap: made to collide, to be tried with all
that is known, to be kept. Twice with the plugins: as packet list, and for -z webrtc,report, where verdicts are wanted.
Medians; start-up is in all of them. Nothing is asserted.
"""
import argparse
import base64
import hashlib
import hmac
import json
import pathlib
import resource
import statistics
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "captures")]
sys.dont_write_bytecode = True
import packets  # noqa: E402
import run  # noqa: E402

COOKIE = 0x2112A442
SERVER = ("10.8.0.1", 3478)
SDP = "\r\n".join([
    "v=0", "o=- {number} 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0", "a=mid:0", "a=ice-ufrag:{ufrag}", "a=ice-pwd:{password}", "a=setup:actpass",
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), ""])


def attribute(kind, value):
    return struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)


def stun(kind, number, *attributes, password=None):
    body = b"".join(attributes)
    head = struct.pack(">HHI", kind, len(body) + 24 * (password is not None), COOKIE) + number.to_bytes(12, "big")
    if password is None:
        return head + body
    return head + body + attribute(8, hmac.digest(password, head + body, hashlib.sha1))


def check(number, user, password=b"none of them"):
    return stun(1, number, attribute(6, user.encode()), attribute(0x24, b"\0\0\0\1"), password=password)


def host(n):
    return f"10.{16 + (n >> 16)}.{n >> 8 & 255}.{n & 255}"


def xor_address(ip, port):
    mixed = int.from_bytes(bytes(map(int, ip.split("."))), "big") ^ COOKIE
    return struct.pack(">HHI", 1, port ^ COOKIE >> 16, mixed)


def post(capture, number, value):
    body = json.dumps(value).encode()
    connection = capture.connect((host(number), 40000), ("10.8.0.1", 8080))
    connection.up(packets.http("POST /signal HTTP/1.1", {"Host": "s.example", "Content-Type": "application/json"},
                               body))


def offer(number, ufrag, password="passwordpasswordpassword", more=""):
    return {"type": "offer", "sdp": SDP.format(number=number, ufrag=ufrag, password=password) + more}


def record(sequence, message, kind, total, data):
    head = struct.pack(">B", kind) + total.to_bytes(3, "big") + struct.pack(">H", message) + bytes(3)
    body = head + len(data).to_bytes(3, "big") + data
    return b"\x16\xfe\xfd\0\0" + sequence.to_bytes(6, "big") + struct.pack(">H", len(body)) + body


def hello(number):
    body = b"\xfe\xfd" + number.to_bytes(32, "big") + b"\0\0\0\2\xc0\x2b\1\0"
    return record(number, 0, 1, len(body), body)


def passwords(capture):
    """200 passwords of one user name, 4,000 checks that none of them made."""
    for n in range(200):
        post(capture, n, offer(n + 1, "user", f"{n:024}"))
    for n in range(4000):
        capture.packets.append(packets.udp(("10.9.0.1", 4000), ("10.8.0.1", 5000), check(n, "user:user")))


def passwords_on_flows(capture):
    """The same on 4,000 flows."""
    for n in range(200):
        post(capture, n, offer(n + 1, "user", f"{n:024}"))
    for n in range(4000):
        capture.packets.append(packets.udp((host(n), 4000), ("10.8.0.1", 5000), check(n, "user:user")))


def colliding(capture):
    """60,000 user names of one hash, by the function that strings are mostly hashed with (33 h + c)."""
    for n in range(60000):
        name = "".join("Ab" if n >> bit & 1 else "BA" for bit in range(16))
        capture.packets.append(packets.udp((host(n), 4000), ("10.8.0.1", 5000), check(n, f"{name}:peer")))


def colliding_ends(capture):
    """Checks from 30,000 addresses of IPv6 of one hash, where that is a multiplication that everybody knows."""
    for n in range(30000):
        mixed = n * 0x9E3779B97F4A7C15 & (1 << 64) - 1
        source = struct.pack("<QQ", n, mixed ^ mixed >> 32)
        data = check(n, "a:b")
        datagram = struct.pack(">HHHH", 4000, 5000, 8 + len(data), 1) + data
        head = struct.pack(">IHBB", 6 << 28, len(datagram), 17, 64) + source + bytes(15) + b"\1"
        capture.packets.append(b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x86\xdd" + head + datagram)


def colliding_descriptions(capture):
    """4,000 descriptions with such user names, and a check of each."""
    for n in range(4000):
        name = "".join("Ab" if n >> bit & 1 else "BA" for bit in range(16))
        post(capture, n, offer(n + 1, name))
        capture.packets.append(packets.udp((host(n), 4000), ("10.8.0.1", 5000), check(n, f"{name}:{name}")))


def ports(capture):
    """Checks to 60,000 ports."""
    for n in range(60000):
        capture.packets.append(packets.udp(("10.9.0.1", 4000), ("10.8.0.1", 1024 + n), check(n, "a:b")))


def media(capture):
    """RTP to 60,000 ports, a check to each tenth."""
    for n in range(60000):
        ends = ("10.9.0.1", 4000), ("10.8.0.1", 1024 + n)
        if n % 10 == 0:
            capture.packets.append(packets.udp(*ends, check(n, f"a{n}:b")))
        capture.packets.append(packets.udp(*ends, b"\x80\x6f" + n.to_bytes(10, "big") + n.to_bytes(60, "little")))


def connections(capture):
    """4,000 connections with JSON that is none of ours, deep and wide."""
    for n in range(4000):
        post(capture, n, {"offer": [{"sdp": n, "type": ["candidate"] * 20}] * 5, "iceServers": [[[[{}]]]] * 20})


def fragments(capture):
    """30,000 parts of handshake messages that never become whole."""
    for n in range(30000):
        capture.packets.append(packets.udp((host(n // 64), 4000 + n // 64 % 7), ("10.8.0.1", 5000),
                                           record(n, n % 64, 11, 60000, b"x" * 200)))


def hellos(capture):
    """20,000 ClientHellos on one flow, 20,000 on as many."""
    for n in range(20000):
        capture.packets.append(packets.udp(("10.9.0.1", 4000), ("10.8.0.1", 5000), hello(n)))
    for n in range(20000):
        capture.packets.append(packets.udp((host(n), 4000), ("10.8.0.1", 5000), hello(n)))


def allocations(capture):
    """15,000 allocations, with a permission and a channel each."""
    for n in range(15000):
        ends = (host(n), 4000), SERVER
        relayed, peer = xor_address("10.8.0.1", 1024 + n), xor_address("10.7.0.1", 1024 + n)
        channel = struct.pack(">HH", 0x4000 + n % 4096, 0)
        requests = ((0x0003, [attribute(0x19, b"\x11\0\0\0"), attribute(6, b"u%d" % n)]),
                    (0x0009, [attribute(0x0C, channel), attribute(0x12, peer)]))
        for at, (kind, parts) in enumerate(requests):
            capture.packets.append(packets.udp(*ends, stun(kind, 2 * n + at, *parts)))
            answer = [attribute(0x16, relayed), attribute(0x0D, b"\0\0\2\x58")] if kind == 3 else []
            capture.packets.append(packets.udp(*ends[::-1], stun(kind | 0x100, 2 * n + at, *answer)))


def lines(capture):
    """40 descriptions of thousands of lines."""
    for n in range(40):
        post(capture, n, offer(n + 1, f"L{n:05}", more="a=x:y\r\n" * 4000 + "a=mid:0\r\na=ice-pwd:z\r\n" * 800))


def sections(capture):
    """40 descriptions of some hundred sections, with fingerprints and candidates."""
    part = ("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{n}\r\na=fingerprint:sha-256 " + ":".join(["CD"] * 32)
            + "\r\na=candidate:1 1 udp 1 10.0.0.{n} 5000 typ host\r\n")
    for n in range(40):
        post(capture, n, offer(n + 1, f"S{n:05}", more="".join(part.format(n=k) for k in range(240))))


def sessions(capture):
    """3,000 calls: an offer, an answer, checks either way, a ClientHello."""
    for n in range(3000):
        post(capture, n, offer(n + 1, f"o{n:05}", f"{n:024}"))
        answer = dict(offer(100000 + n, f"a{n:05}", f"{n + 100000:024}"), type="answer")
        post(capture, 50000 + n, answer)
        ends = (host(n), 4000), (host(100000 + n), 5000)
        for at, (names, password, way) in enumerate(((f"a{n:05}:o{n:05}", n + 100000, ends),
                                                     (f"o{n:05}:a{n:05}", n, ends[::-1]))):
            capture.packets.append(packets.udp(*way, check(2 * n + at, names, b"%024d" % password)))
        capture.packets.append(packets.udp(*ends, hello(n)))


def packed(capture):
    """200 messages with text in base64 in text, again and again."""
    for n in range(200):
        value = offer(n + 1, f"P{n:05}")
        for _ in range(8):
            value = {"sdp": base64.b64encode(json.dumps(value).encode()).decode()}
        post(capture, n, value)


FLOODS = (passwords, passwords_on_flows, colliding, colliding_ends, colliding_descriptions, ports, media, connections,
          fragments, hellos, allocations, lines, sections, sessions, packed)


def seconds(bench, side, *words):
    """User CPU seconds: what the machine does beside tells less in them than in time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(bench.command(side, "tshark", *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugins", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    only = [name for name in arguments.only.split(",") if name]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.keep or temporary)
        folder.mkdir(exist_ok=True)
        bench = run.Bench(arguments, folder)
        for flood in FLOODS:
            if only and flood.__name__ not in only:
                continue
            capture = packets.Capture()
            flood(capture)
            path = pathlib.Path(capture.write(folder / f"{flood.__name__}.pcap"))
            path.chmod(0o644)
            taken = {"stock": [], "list": [], "report": []}
            for _ in range(arguments.runs):
                taken["stock"].append(seconds(bench, "stock", "-r", path))
                taken["list"].append(seconds(bench, "ours", "-r", path))
                taken["report"].append(seconds(bench, "ours", "-q", "-r", path, "-z", "webrtc,report"))
            stock, own, report = (statistics.median(each) for each in taken.values())
            print(f"{flood.__name__:24}{path.stat().st_size / 1e6:6.1f} MB  stock {stock:6.2f} s  list {own:6.2f} s, "
                  f"{own / stock:5.2f}  report {report:6.2f} s, {report / stock:5.2f}", flush=True)


if __name__ == "__main__":
    main()
