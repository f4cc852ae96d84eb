#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture of everyday traffic without WebRTC: DNS, TLS, QUIC, HTTP/1.1 with pages and JSON, WebSocket with JSON
of other purposes, NTP and other UDP. The same seed gives the same bytes.

    web.py OUT.pcap --packets 300000 [--seed 1]

Of ten connections one is HTTP in clear, which is more than the web of today has; most are TLS, then QUIC.
"""
import argparse
import json
import random
import struct

from multiply import Writer

SEGMENT = 1400
WORDS = ("price title author width height images user list next page status count update message id name type event "
         "data "
         "created active score region language center description url items total").split()


def tls_record(kind, body, version=0x0303):
    return struct.pack(">BHH", kind, version, len(body)) + body


def handshake(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def extension(kind, body):
    return struct.pack(">HH", kind, len(body)) + body


class Net:
    """The packets of one capture, as they come."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.packets = []
        self.clients = ["192.168.%d.%d" % (self.rng.randrange(4), n) for n in range(10, 60)]

    def address(self):
        return "%d.%d.%d.%d" % (self.rng.choice([23, 52, 104, 142, 151, 185]),
                                *(self.rng.randrange(1, 255) for _ in range(3)))

    def name(self):
        return "%s%d.example.%s" % (self.rng.choice(WORDS), self.rng.randrange(500),
                                    self.rng.choice(["com", "net", "org"]))

    def udp(self, t, src, dst, sport, dport, payload):
        self.packets.append((t, src, dst, 17, struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload))

    # ---- DNS, NTP, other UDP ----

    def dns(self, t, client, name):
        rng, port, number = self.rng, self.rng.randrange(1024, 65535), self.rng.randrange(65536)
        question = b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0"
        for kind in (1, 28):
            tail = question + struct.pack(">HH", kind, 1)
            size = 4 if kind == 1 else 16
            answers = b"".join(struct.pack(">HHHIH", 0xC00C, kind, 1, 60, size) + rng.randbytes(size) for _ in range(2))
            self.udp(t, client, "192.168.0.1", port, 53, struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + tail)
            self.udp(t + 0.01, "192.168.0.1", client, 53, port,
                     struct.pack(">HHHHHH", number, 0x8180, 1, 2, 0, 0) + tail + answers)

    def ntp(self, t, client):
        for src, dst, first in ((client, "192.168.0.1", 0x23), ("192.168.0.1", client, 0x24)):
            self.udp(t, src, dst, 123, 123, bytes([first, 2, 6, 0xEC]) + self.rng.randbytes(44))

    def other_udp(self, t, client):
        rng, server, port = self.rng, self.address(), self.rng.randrange(20000, 60000)
        for n in range(rng.randrange(10, 60)):
            out = n % 2 == 0
            self.udp(t + n * 0.02, client if out else server, server if out else client, port if out else 27015,
                     27015 if out else port, rng.randbytes(rng.randrange(20, 300)))

    def quic(self, t, client):
        rng, server, port = self.rng, self.address(), self.rng.randrange(20000, 60000)
        ours, theirs = rng.randbytes(8), rng.randbytes(8)
        for n in range(rng.randrange(40, 250)):
            out = n < 2 or rng.random() < 0.25
            if n < 4:
                head = b"\xe0\0\0\0\1\x08" + (theirs if out
                                              else ours) + b"\x08" + (ours if out else theirs) + b"\x44\x9e"
                payload = head + rng.randbytes(1200 - len(head))
            else:
                payload = bytes([0x40 | rng.randrange(64)]) + (theirs if out
                                                               else ours) + rng.randbytes(30 if out else 1200)
            self.udp(t + n * 0.004, client if out else server, server if out else client, port if out else 443,
                     443 if out else port, payload)

    # ---- TCP ----

    def tls(self, t, client, name):
        rng = self.rng
        tcp = Tcp(self, t, client, self.address(), 443)
        server_name = name.encode()
        extensions = (extension(0, struct.pack(">HBH", len(server_name) + 3, 0, len(server_name)) + server_name) +
                      extension(16, b"\0\x0c\2h2\x08http/1.1") + extension(43, b"\4\3\4\3\3") +
                      extension(10, b"\0\4\0\x1d\0\x17") + extension(13, b"\0\x08\4\3\x08\4\4\1\5\3") +
                      extension(51, b"\0\x24\0\x1d\0\x20" + rng.randbytes(32)))
        suites = b"\x13\1\x13\2\x13\3\xc0\x2b\xc0\x2f\xc0\x2c\xc0\x30"
        hello = (b"\3\3" + rng.randbytes(32) + b"\x20" + rng.randbytes(32) + struct.pack(">H", len(suites)) + suites +
                 b"\1\0")
        tcp.send(True, tls_record(22, handshake(1, hello + struct.pack(">H", len(extensions)) + extensions), 0x0301))
        answer = extension(43, b"\3\4") + extension(51, b"\0\x1d\0\x20" + rng.randbytes(32))
        hello = (b"\3\3" + rng.randbytes(32) + b"\x20" + rng.randbytes(32) + b"\x13\1\0" +
                 struct.pack(">H", len(answer)) + answer)
        tcp.send(False,
                 tls_record(22, handshake(2, hello)) + tls_record(20, b"\1") + tls_record(23, rng.randbytes(3000)))
        tcp.send(True, tls_record(20, b"\1") + tls_record(23, rng.randbytes(53)))
        for _ in range(rng.randrange(3, 14)):
            tcp.send(True, tls_record(23, rng.randbytes(rng.randrange(60, 400))))
            for _ in range(rng.randrange(1, 4)):
                tcp.send(False, tls_record(23, rng.randbytes(rng.randrange(100, 16000))))
        tcp.close()

    def document(self):
        rng = self.rng

        def value(depth):
            if depth == 0 or rng.random() < 0.3:
                return rng.choice([rng.randrange(10**6), rng.random(), True, None, " ".join(rng.choices(WORDS, k=6))])
            if rng.random() < 0.4:
                return [value(depth - 1) for _ in range(rng.randrange(1, 6))]
            return {rng.choice(WORDS): value(depth - 1) for _ in range(rng.randrange(2, 7))}

        return json.dumps({word: value(3) for word in rng.sample(WORDS, 6)}).encode()

    def body(self):
        kind = self.rng.choice(["text/html", "application/json", "application/json", "image/webp", "text/javascript",
                                "text/plain"])
        if kind == "application/json":
            return kind, self.document()
        if kind == "image/webp":
            return kind, self.rng.randbytes(self.rng.randrange(500, 30000))
        return kind, (" ".join(self.rng.choices(WORDS, k=self.rng.randrange(50, 3000)))).encode()

    def http(self, t, client, name):
        tcp = Tcp(self, t, client, self.address(), 80)
        for _ in range(self.rng.randrange(1, 6)):
            if self.rng.random() < 0.3:
                body = self.document()
                tcp.send(True,
                         b"POST /api/v1/event HTTP/1.1\r\nHost: %s\r\nContent-Type: "
                         b"application/json\r\nContent-Length: %d\r\n\r\n"
                         % (name.encode(), len(body)) + body)
            else:
                tcp.send(True, b"GET /%s?page=%d HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n"
                         % (self.rng.choice(WORDS).encode(), self.rng.randrange(9), name.encode()))
            kind, body = self.body()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind.encode(), len(body))
            tcp.send(False, head + body)
        tcp.close()

    def websocket(self, t, client, name):
        tcp = Tcp(self, t, client, self.address(), 80)
        tcp.send(True, b"GET /live HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" % name.encode())
        tcp.send(False, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
        for _ in range(self.rng.randrange(5, 40)):
            text = self.document()[:60000]
            size = bytes([len(text)]) if len(text) < 126 else b"\x7e" + struct.pack(">H", len(text))
            tcp.send(False, b"\x81" + size + text)
        tcp.close()


class Tcp:
    """One connection, in segments, each second one acknowledged."""

    def __init__(self, net, t, client, server, port):
        self.net, self.t, self.ends = net, t, (client, server)
        self.ports = (net.rng.randrange(1024, 65535), port)
        self.seq = [net.rng.randrange(1 << 31), net.rng.randrange(1 << 31)]
        self.segment(0, b"", 0x02)
        self.segment(1, b"", 0x12)
        self.segment(0, b"", 0x10)

    def segment(self, who, data, flags):
        self.t += 0.001
        header = struct.pack(">HHIIBBHHH", self.ports[who], self.ports[1 - who], self.seq[who], 0 if flags == 2
                             else self.seq[1 - who],
                             0x50, flags, 65535, 0, 0)
        self.net.packets.append((self.t, self.ends[who], self.ends[1 - who], 6, header + data))
        self.seq[who] = self.seq[who] + len(data) + (flags & 3 != 0) & 0xFFFFFFFF

    def send(self, from_client, data):
        who = 0 if from_client else 1
        for n, at in enumerate(range(0, len(data), SEGMENT)):
            self.segment(who, data[at:at + SEGMENT], 0x18)
            if n % 2 == 1:
                self.segment(1 - who, b"", 0x10)

    def close(self):
        self.segment(0, b"", 0x11)
        self.segment(1, b"", 0x11)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--packets", type=int, default=300000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    net, t = Net(arguments.seed), 1_790_000_000.0
    while len(net.packets) < arguments.packets:
        t += net.rng.random() * 0.05
        client, name = net.rng.choice(net.clients), net.name()
        kind = net.rng.choices(["tls", "quic", "http", "websocket", "udp", "ntp"], [62, 14, 9, 2, 6, 7])[0]
        if kind in ("tls", "quic", "http", "websocket"):
            net.dns(t, client, name)
        if kind == "quic":
            net.quic(t + 0.02, client)
        elif kind in ("udp", "ntp"):
            (net.other_udp if kind == "udp" else net.ntp)(t, client)
        else:
            getattr(net, kind)(t + 0.02, client, name)
    writer = Writer(arguments.out)
    for packet in sorted(net.packets, key=lambda p: p[0])[:arguments.packets]:
        writer.packet(*packet)
    writer.file.close()


if __name__ == "__main__":
    main()
