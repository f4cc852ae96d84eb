#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a large capture of many calls out of one real call.

Every call has its own addresses, ports, ICE credentials, certificates, randoms and SSRCs; MESSAGE-INTEGRITY and
FINGERPRINT of the checks, the fingerprints in the descriptions and the signature in the ServerKeyExchange are valid, so
each call is VERIFIED-LEG like the one it was made of.

    multiply.py SOURCE.pcapng OUT.pcap --calls 1000 [--media 400] [--overlap 50]

More media than the source holds is made by going on at its pace: the same packets again, with later sequence numbers
and other ciphertext, and consent checks (RFC 7675) as often as the source's own.

The source is a call over plain WebSocket seen at the offering host, with DTLS 1.2 and unfragmented handshake messages
(test-captures/cr-ff12.A.pcapng).
"""
import argparse
import datetime
import hashlib
import hmac
import random
import re
import struct
import subprocess
import zlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

COOKIE = b"\x21\x12\xa4\x42"
ALICE, BOB, SERVER = "10.77.0.2", "10.77.0.3", "10.77.0.1"


def tshark_fields(path, display_filter, fields):
    command = ["tshark", "-r", path, "-Y", display_filter, "-T", "fields", "-E", "separator=\t", "-E", "occurrence=f"]
    for field in fields:
        command += ["-e", field]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in out.splitlines()]


CONSENT = 2.5  # seconds between consent checks: half a second more or less than browsers send them


def is_media(payload):
    return payload[0] >= 128 or payload[0] == 23


def is_request(payload):
    return payload[:2] == b"\0\1" and payload[4:8] == COOKIE


class Source:
    """The events of the one real call: (seconds since start, kind, from, to, ports, payload)."""

    def __init__(self, path, media):
        events = []
        kept = []
        for t, src, text, opcode in tshark_fields(path, "websocket",
                                                  ["frame.time_epoch", "ip.src", "websocket.payload.text",
                                                   "websocket.opcode"]):
            if opcode == "1":
                text = text.removesuffix("\\n")
                events.append((float(t), "message", src, text.encode()))
        counted = 0
        for t, src, dst, sport, dport, data in tshark_fields(
                path, "udp && !icmp && ip.addr == %s && ip.addr == %s" % (ALICE, BOB),
                ["frame.time_epoch", "ip.src", "ip.dst", "udp.srcport", "udp.dstport", "udp.payload"]):
            payload = bytes.fromhex(data.replace(":", ""))
            if payload[0] < 4 and payload[4:8] != COOKIE:
                continue
            event = (float(t), "datagram", src, (int(sport), int(dport), payload))
            if is_media(payload):
                counted += 1
                if payload[0] != 23:
                    kept.append(event)
                if counted > media:
                    continue
            events.append(event)
        events.extend(self.more_media(kept, events, media - counted))
        events.sort(key=lambda e: e[0])
        self.start = events[0][0]
        self.events = [(e[0] - self.start, *e[1:]) for e in events]
        sdp = {e[2]: e[3].decode() for e in self.events if e[1] == "message" and b"a=fingerprint" in e[3]}
        self.credentials = {who: (re.search(r"a=ice-ufrag:([^\\]+)", text)[1],
                                  re.search(r"a=ice-pwd:([^\\]+)", text)[1],
                                  re.search(r"a=fingerprint:sha-256 ([0-9A-F:]+)", text)[1])
                            for who, text in ((ALICE, sdp[ALICE]), (BOB, sdp[SERVER]))}

    @staticmethod
    def more_media(kept, events, wanted):
        """`wanted` packets more, behind the last of the source, with consent checks between them."""
        more, period = [], kept[-1][0] - kept[0][0] + 0.02
        for n in range(max(wanted, 0)):
            t, kind, src, (sport, dport, payload) = kept[n % len(kept)]
            turn = 1 + n // len(kept)
            rtcp = 64 <= payload[1] & 0x7F <= 95
            if not rtcp:
                step = turn * len(kept)
                sequence, stamp = struct.unpack(">HI", payload[2:8])
                payload = payload[:2] + struct.pack(">HI", sequence + step & 0xFFFF,
                                                    stamp + 960 * step & 0xFFFFFFFF) + payload[8:]
            mask = hashlib.sha256(b"%d" % turn).digest()
            payload = payload[:-16] + bytes(a ^ b for a, b in zip(payload[-16:], mask))
            more.append((t + turn * period, kind, src, (sport, dport, payload)))
        answers = {e[3][2][8:20]: e for e in events if e[1] == "datagram" and e[3][2][:2] == b"\1\1"}
        checks = [e for e in events if e[1] == "datagram" and is_request(e[3][2]) and e[3][2][8:20] in answers]
        until = more[-1][0] if more else 0
        for request in {e[2]: e for e in checks}.values():
            answer = answers[request[3][2][8:20]]
            turn = 1
            while request[0] + turn * CONSENT < until:
                for t, kind, src, (sport, dport, payload) in (request, answer):
                    payload = payload[:8] + struct.pack(">I", turn) + payload[12:]
                    more.append((t + turn * CONSENT, kind, src, (sport, dport, payload)))
                turn += 1
        return more


class Identity:
    """A certificate of a stack's shape. Keys are few and reused, certificates are not."""
    keys = []

    def __init__(self, index):
        if not Identity.keys:
            Identity.keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(16)]
        self.key = Identity.keys[index % len(Identity.keys)]
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "WebRTC")])
        now = datetime.datetime(2026, 11, 22)
        cert = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(now)
                .not_valid_after(now + datetime.timedelta(days=30)).sign(self.key, hashes.SHA256()))
        self.der = cert.public_bytes(serialization.Encoding.DER)
        self.fingerprint = ":".join("%02X" % b for b in hashlib.sha256(self.der).digest())


ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"


def token(rng, like):
    return "".join(rng.choice(ALPHABET) for _ in like)


class Call:
    """One call made of the source."""

    def __init__(self, source, index):
        self.index, self.rng = index, random.Random(index)
        rng = self.rng
        self.alice = "10.%d.%d.%d" % (128 + (index >> 15 & 63), index >> 8 & 127, index & 255)
        self.bob = "10.%d.%d.%d" % (192 + (index >> 15 & 63), index >> 8 & 127, index & 255)
        self.ip = {ALICE: self.alice, BOB: self.bob, SERVER: SERVER}
        self.identity = {ALICE: Identity(2 * index), BOB: Identity(2 * index + 1)}
        self.new = {who: (token(rng, u), token(rng, p)) for who, (u, p, _) in source.credentials.items()}
        self.old = source.credentials
        self.mask = rng.randbytes(12)
        self.random_mask = rng.randbytes(32)
        self.sport = 1024 + index % 60000
        self.randoms = {}
        self.ports = {}

    def text(self, raw):
        s = raw.decode()
        for who in (ALICE, BOB):
            u, p, f = self.old[who]
            s = s.replace(u, self.new[who][0]).replace(p, self.new[who][1]).replace(f, self.identity[who].fingerprint)
            s = re.sub(r"(?<![0-9.])" + re.escape(who) + r"(?![0-9])", self.ip[who], s)
        s = re.sub(r'"room":"[^"]*"', '"room":"room-%d"' % self.index, s)
        return re.sub(r"o=(\S+) (\d+)", lambda m: "o=%s %d" % (m[1], int(m[2]) ^ int.from_bytes(self.mask[:6], "big")),
                      s).encode()

    # ---- STUN ----

    def stun(self, src, payload):
        head, body = payload[:20], payload[20:]
        kind = struct.unpack(">H", head[:2])[0]
        txid = bytes(a ^ b for a, b in zip(head[8:20], self.mask))
        owner = None
        attributes, at, integrity, fingerprint = [], 0, False, False
        while at + 4 <= len(body):
            t, n = struct.unpack(">HH", body[at:at + 4])
            value = body[at + 4:at + 4 + n]
            at += 4 + (n + 3 & ~3)
            if t == 0x0008:
                integrity = True
                continue
            if t == 0x8028:
                fingerprint = True
                continue
            if t == 0x0006:
                remote, local = value.decode().split(":")
                names = {self.old[w][0]: w for w in (ALICE, BOB)}
                owner = names[remote]
                value = ("%s:%s" % (self.new[owner][0], self.new[names[local]][0])).encode()
            if t == 0x0020:
                value = self.xor_address(value)
            attributes.append((t, value))
        if owner is None:  # a response: made with the password of its sender
            owner = src
        out = b"".join(struct.pack(">HH", t, len(v)) + v + b"\0" * (-len(v) % 4) for t, v in attributes)
        if integrity:
            header = struct.pack(">HH", kind, len(out) + 24) + COOKIE + txid
            out += struct.pack(">HH", 8, 20) + hmac.new(self.new[owner][1].encode(), header + out, "sha1").digest()
        header = struct.pack(">HH", kind, len(out) + (8 if fingerprint else 0)) + COOKIE + txid
        if fingerprint:
            out += struct.pack(">HHI", 0x8028, 4, zlib.crc32(header + out) ^ 0x5354554E)
        return header + out

    def xor_address(self, value):
        address = bytes(a ^ b for a, b in zip(value[4:8], COOKIE))
        text = ".".join(str(b) for b in address)
        new = bytes(int(x) for x in self.ip.get(text, text).split("."))
        return value[:4] + bytes(a ^ b for a, b in zip(new, COOKIE))

    # ---- DTLS 1.2 ----

    def dtls(self, src, payload):
        out, at = b"", 0
        while at + 13 <= len(payload):
            kind, epoch, n = payload[at], payload[at + 3:at + 5], struct.unpack(">H", payload[at + 11:at + 13])[0]
            record = payload[at + 13:at + 13 + n]
            if kind == 22 and epoch == b"\0\0":
                record = self.handshake(src, record)
            out += payload[at:at + 11] + struct.pack(">H", len(record)) + record
            at += 13 + n
        return out

    def handshake(self, src, record):
        kind, body = record[0], record[12:]
        if kind in (1, 2):
            mixed = bytes(a ^ b for a, b in zip(body[2:34], self.random_mask))
            self.randoms[kind] = mixed
            body = body[:2] + mixed + body[34:]
        elif kind == 11:
            der = self.identity[src].der
            body = (len(der) + 3).to_bytes(3, "big") + len(der).to_bytes(3, "big") + der
        elif kind == 12:
            parameters = body[:4 + body[3]]
            signature = self.identity[src].key.sign(self.randoms[1] + self.randoms[2] + parameters,
                                                    ec.ECDSA(hashes.SHA256()))
            body = parameters + b"\x04\x03" + struct.pack(">H", len(signature)) + signature
        n = len(body).to_bytes(3, "big")
        return bytes([kind]) + n + record[4:6] + b"\0\0\0" + n + body

    def datagram(self, src, payload):
        if payload[0] < 4:
            return self.stun(src, payload)
        if 20 <= payload[0] < 64:
            return self.dtls(src, payload)
        ssrc = bytes(a ^ b for a, b in zip(payload[8:12] if payload[1] & 0x7f < 64 or payload[1] & 0x7f > 95
                                           else payload[4:8], self.mask))
        at = 8 if payload[1] & 0x7f < 64 or payload[1] & 0x7f > 95 else 4
        return payload[:at] + ssrc + payload[at + 4:]


def checksum(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xffff)
    return 0xffff - (total + (total >> 16) & 0xffff)


class Writer:
    """Classic pcap, microseconds. UDP checksums are left out (RFC 768 allows it), TCP's are not made: Wireshark does
    not check them unless told to."""

    def __init__(self, path):
        self.file = open(path, "wb", buffering=1 << 20)
        self.file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))

    def packet(self, when, src, dst, protocol, segment):
        header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0x4000, 64, protocol, 0,
                             bytes(map(int, src.split("."))), bytes(map(int, dst.split("."))))
        header = header[:10] + struct.pack(">H", checksum(header)) + header[12:]
        frame = b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0" + header + segment
        us = int(when * 1e6)
        self.file.write(struct.pack("<IIII", us // 1000000, us % 1000000, len(frame), len(frame)) + frame)


class Tcp:
    """A WebSocket connection with its upgrade."""

    def __init__(self, packets, call, start):
        self.packets, self.call, self.seq = packets, call, {ALICE: 1000, SERVER: 5000}
        self.send(start, ALICE, b"", 0x02)
        self.send(start + 1e-4, SERVER, b"", 0x12)
        self.send(start + 2e-4, ALICE, b"", 0x10)
        self.send(start + 3e-4, ALICE,
                  b"GET /ws HTTP/1.1\r\nHost: 10.77.0.1:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        self.send(start + 4e-4, SERVER,
                  b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")

    def send(self, when, who, data, flags=0x18):
        other = SERVER if who == ALICE else ALICE
        ports = (self.call.sport, 8080) if who == ALICE else (8080, self.call.sport)
        header = struct.pack(">HHIIBBHHH", *ports, self.seq[who], 0 if flags == 2 else self.seq[other], 0x50, flags,
                             65535, 0, 0)
        self.packets.append((when, self.call.ip[who], self.call.ip[other], 6, header + data))
        self.seq[who] += len(data) + (1 if flags & 2 else 0)

    def message(self, when, who, text):
        n = len(text)
        mask = 0x80 if who == ALICE else 0
        length = bytes([mask | n]) if n < 126 else bytes([mask | 126]) + struct.pack(">H", n)
        self.send(when, who, b"\x81" + length + (b"\0\0\0\0" if mask else b"") + text)


def make_call(source, index, start):
    call, packets = Call(source, index), []
    tcp = Tcp(packets, call, start)
    for t, kind, who, data in source.events:
        when = start + 0.01 + t
        if kind == "message":
            tcp.message(when, who, call.text(data))
        else:
            sport, dport, payload = data
            payload = call.datagram(who, payload)
            other = BOB if who == ALICE else ALICE
            packets.append((when, call.ip[who], call.ip[other], 17,
                            struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload))
    return packets


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--media", type=int, default=20, help="media and data packets kept per call")
    parser.add_argument("--overlap", type=int, default=50, help="calls that run at the same time")
    arguments = parser.parse_args()
    source = Source(arguments.source, arguments.media)
    step = max(source.events[-1][0], 1) / arguments.overlap
    writer, pending = Writer(arguments.out), []
    base = 1_790_000_000.0
    for index in range(arguments.calls):
        start = base + index * step
        pending.extend(make_call(source, index, start))
        if index % arguments.overlap == arguments.overlap - 1:
            pending.sort(key=lambda p: p[0])
            ready = [p for p in pending if p[0] < start]
            for packet in ready:
                writer.packet(*packet)
            pending = pending[len(ready):]
    for packet in sorted(pending, key=lambda p: p[0]):
        writer.packet(*packet)
    writer.file.close()


if __name__ == "__main__":
    main()
