# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads pcapng (draft-ietf-opsawg-pcapng) block by block, as editcap writes it of captures of any format, and writes
single packets of it again with a comment.

    block type 4 | total length 4 | body, padded to 4 | total length 4
    enhanced packet: interface 4 | time 4 + 4 | captured 4 | length on the wire 4 | data, padded | options
    option: code 2 | length 2 | value, padded to 4
"""

import dataclasses
import hashlib
import struct

SECTION, INTERFACE, PACKET, STATISTICS, SECRETS = 0x0A0D0D0A, 1, 6, 5, 10
# What Wireshark numbers as frames beside enhanced packets: packets of older forms, journal entries, events, custom
# blocks.
OTHER_FRAMES = frozenset((2, 3, 9, 0x204, 0x208, 0x216, 0x221, 0x222, 0x223, 0x0BAD, 0x40000BAD))
COMMENT, NAME, RESOLUTION, OFFSET = 1, 2, 9, 14
MAGIC = SECTION.to_bytes(4, "little")  # the same in both orders
LARGEST = 256 << 20  # bytes of a block
MOST_INTERFACES = 4096


class Malformed(ValueError):
    """What is read is no pcapng, or ends within a block."""


@dataclasses.dataclass
class Interface:
    """An interface of the capture, and what the statistics say of it."""

    name: str
    link_type: int
    units: int  # a second
    offset: int = 0  # seconds
    block: bytes = b""
    packets: int = 0
    drops: int = None

    def told(self):
        facts = {"name": self.name, "link_type": self.link_type, "units_per_second": self.units,
                 "packets": self.packets, "drops": self.drops}
        return {key: value for key, value in facts.items() if value is not None}


@dataclasses.dataclass
class Packet:
    frame: int
    interface: int
    ns: int  # since 1970
    data: bytes
    body: bytes  # of its block

    order: str = "<"

    def identity(self):
        """The same packet in a copy of the capture."""
        return self.ns, len(self.data), hashlib.sha256(self.data).digest()

    def shown(self):
        """What an exhibit shows of it, whichever program wrote it: time, bytes, length on the wire, comments."""
        length = struct.unpack_from(self.order + "I", self.body, 16)[0]
        more = self.body[20 + (len(self.data) + 3) // 4 * 4:]
        return self.identity(), length, [value for code, value in options(more, self.order) if code == COMMENT]


def options(data, order):
    """(code, value) of each option that is whole."""
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from(order + "HH", data, at)
        if code == 0 or at + 4 + length > len(data):
            return
        yield code, data[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


def exactly(stream, n):
    data = stream.read(n)
    if len(data) != n:
        raise Malformed("it ends within a block")
    return data


def blocks(stream):
    """(byte order, type, body) of each block."""
    order = None
    while head := stream.read(8):
        if len(head) != 8:
            raise Malformed("it ends within a block")
        more = b""
        if struct.unpack("<I", head[:4])[0] == SECTION:
            more = exactly(stream, 4)
            order = {0x1A2B3C4D: "<", 0x4D3C2B1A: ">"}.get(struct.unpack("<I", more)[0])
        if order is None:
            raise Malformed("it is no pcapng")
        kind, length = struct.unpack(order + "II", head)
        if not 12 + len(more) <= length <= LARGEST or length % 4:
            raise Malformed(f"a block says that it has {length} bytes")
        body = more + exactly(stream, length - 12 - len(more))
        exactly(stream, 4)
        yield order, kind, body


def block(order, kind, body):
    length = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + length + body + length


def secrets_in(order, body):
    """What a block of secrets holds (draft-ietf-opsawg-pcapng 4.7)."""
    if len(body) < 8:
        raise Malformed("a block is too short for its type")
    length = struct.unpack_from(order + "I", body, 4)[0]
    return body[8:8 + length]


def padded(data):
    return data + bytes(-len(data) % 4)


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + padded(value)


def with_comment(order, body, comment):
    """The body of a packet's block with one more comment."""
    captured = struct.unpack_from(order + "I", body, 12)[0]
    end = 20 + (captured + 3) // 4 * 4
    kept = b"".join(option(order, code, value) for code, value in options(body[end:], order))
    return body[:end] + kept + option(order, COMMENT, comment.encode("utf-8")[:60000]) + bytes(4)


class Reader:
    """Walks over a capture once; gives its packets, and keeps what else it says."""

    def __init__(self, stream):
        self.stream, self.order, self.base = stream, "<", 0  # number of the section's first interface
        self.interfaces, self.secrets, self.frames = [], [], 0
        self.first = self.last = None

    def packets(self):
        first = None
        for order, kind, body in blocks(self.stream):
            self.order = order
            try:
                if kind == SECTION:
                    if self.interfaces and order != first:
                        raise Malformed("it has sections of both byte orders")
                    first, self.base = order, len(self.interfaces)
                elif kind == PACKET:
                    yield self.packet(body)
                elif kind in OTHER_FRAMES:
                    self.frames += 1
                else:
                    self.other(kind, body)
            except (struct.error, IndexError) as error:
                raise Malformed("a block is too short for its type") from error

    def packet(self, body):
        number, high, low, captured = struct.unpack_from(self.order + "IIII", body)
        number += self.base
        if number >= len(self.interfaces) or 20 + captured > len(body):
            raise Malformed("a packet is of no interface, or longer than its block")
        interface = self.interfaces[number]
        interface.packets += 1
        self.frames += 1
        time = (high << 32 | low) * 10**9 // interface.units + interface.offset * 10**9
        self.first = time if self.first is None else min(self.first, time)
        self.last = time if self.last is None else max(self.last, time)
        return Packet(self.frames, number, time, body[20:20 + captured], body, self.order)

    def other(self, kind, body):
        if kind == INTERFACE and len(self.interfaces) < MOST_INTERFACES:
            self.interfaces.append(self.interface(body))
        elif kind == STATISTICS:
            number = struct.unpack_from(self.order + "I", body)[0] + self.base
            found = dict(options(body[12:], self.order))
            counts = [found[code] for code in (5, 7) if len(found.get(code, b"")) == 8]  # ifdrop, osdrop
            dropped = [struct.unpack(self.order + "Q", count)[0] for count in counts]
            if number < len(self.interfaces) and dropped:
                self.interfaces[number].drops = sum(dropped)
        elif kind == SECRETS:
            secrets = secrets_in(self.order, body)
            self.secrets.append({"sha256": hashlib.sha256(secrets).hexdigest(), "bytes": len(secrets)})

    def interface(self, body):
        found = dict(options(body[8:], self.order))
        resolution = found.get(RESOLUTION, b"\x06")[:1] or b"\x06"
        units = 2 ** (resolution[0] & 0x7F) if resolution[0] & 0x80 else 10 ** min(resolution[0], 18)
        offset = struct.unpack(self.order + "q", found[OFFSET])[0] if len(found.get(OFFSET, b"")) == 8 else 0
        name = found[NAME].decode("utf-8", "replace") if NAME in found else None
        return Interface(name, struct.unpack_from(self.order + "H", body)[0], units, offset, body)


class Excerpt:
    """A pcapng of some packets of a capture, with the interfaces that they were captured at and without its secrets."""

    def __init__(self, path):
        self.path, self.interfaces, self.frames = path, 0, 0

    def add(self, reader, packet, comment):
        order = reader.order
        out = b""
        if not self.frames:
            # version 1.0, length of the section unknown
            out += block(order, SECTION, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
        for interface in reader.interfaces[self.interfaces:]:
            out += block(order, INTERFACE, interface.block)
        self.interfaces = len(reader.interfaces)
        body = struct.pack(order + "I", packet.interface) + packet.body[4:]
        out += block(order, PACKET, with_comment(order, body, comment))
        with open(self.path, "ab") as file:
            file.write(out)
        self.frames += 1
