# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds small captures of TCP connections: Ethernet, IPv4, TCP, one packet for each message (RFC 9293)."""

import ipaddress
import os
import struct

LINK_ETHERNET = 1


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def crc32c(data):
    """The checksum of SCTP (RFC 9260 appendix A)."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return ~value & 0xFFFFFFFF


def ipv4(source, target, protocol, payload):
    addresses = ipaddress.ip_address(source).packed + ipaddress.ip_address(target).packed
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0x4000, 64, protocol, 0) + addresses
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0" + head + payload


def udp(source, target, payload):
    """One datagram from (address, port) to (address, port), without a checksum."""
    return ipv4(source[0], target[0], 17, struct.pack(">HHHH", source[1], target[1], 8 + len(payload), 0) + payload)


class Connection:
    """One TCP connection; up() and down() add what client and server say."""

    def __init__(self, capture, client, server, sequence=(1000, 5000)):
        self.capture, self.ends, self.sequence = capture, (client, server), list(sequence)
        self._segment(0, 0x02)
        self._segment(1, 0x12)
        self._segment(0, 0x10)

    def _segment(self, end, flags, data=b""):
        source, target = self.ends[end], self.ends[1 - end]
        head = struct.pack(
            ">HHIIBBHHH", source[1], target[1], self.sequence[end], self.sequence[1 - end] if flags != 0x02 else 0,
            5 << 4, flags, 64000, 0, 0,
        )
        pseudo = ipaddress.ip_address(source[0]).packed + ipaddress.ip_address(target[0]).packed
        pseudo += struct.pack(">BBH", 0, 6, len(head) + len(data))
        head = head[:16] + struct.pack(">H", checksum(pseudo + head + data)) + head[18:]
        self.capture.packets.append(ipv4(source[0], target[0], 6, head + data))
        self.sequence[end] += len(data) + (1 if flags & 0x02 else 0)

    def up(self, data):
        self._segment(0, 0x18, data)

    def down(self, data):
        self._segment(1, 0x18, data)


class Capture:
    """Packets, ten milliseconds apart."""

    def __init__(self):
        self.packets = []

    def connect(self, client, server, **options):
        return Connection(self, client, server, **options)

    def write(self, path):
        with open(path, "wb") as out:
            out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, LINK_ETHERNET))
            for number, packet in enumerate(self.packets):
                out.write(struct.pack("<IIII", 1700000000 + number // 100, number % 100 * 10000, len(packet),
                                      len(packet)))
                out.write(packet)
        os.chmod(path, 0o644)
        return path


def http(start, fields, body=b""):
    """An HTTP/1.1 message (RFC 9112)."""
    if body:
        fields = {**fields, "Content-Length": len(body)}
    lines = [start, *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def websocket_text(text, masked):
    """A text frame (RFC 6455 5.2); the mask is all zeros."""
    data = text.encode()
    bit = 0x80 if masked else 0
    head = bytes([0x81, bit | len(data)]) if len(data) < 126 else struct.pack(">BBH", 0x81, bit | 126, len(data))
    return head + (b"\0\0\0\0" if masked else b"") + data
