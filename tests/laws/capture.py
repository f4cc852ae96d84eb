# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures as lists of packets: reads pcap and pcapng of Ethernet, writes pcapng with the interfaces they had."""

import ipaddress
import struct

ETHERNET, VLAN = 1, 0x8100
UDP, TCP = 17, 6
NS = 1_000_000_000


class Packet:
    """Bytes of one frame, when (nanoseconds), and by which interface."""

    __slots__ = ("time", "interface", "data", "_frame")

    def __init__(self, time, interface, data):
        self.time, self.interface, self.data, self._frame = time, interface, data, False

    @property
    def frame(self):
        """Where the layers lie; None for what is neither UDP nor TCP in whole IP packets."""
        if self._frame is False:
            self._frame = Frame.of(self.data)
        return self._frame

    def copy(self, **changes):
        return Packet(
            changes.get("time", self.time), changes.get("interface", self.interface), changes.get("data", self.data)
        )


class Frame:
    """Offsets and addresses of Ethernet, IPv4 or IPv6, UDP or TCP."""

    __slots__ = ("ip", "version", "transport", "protocol", "payload", "end", "source", "target", "ttl")

    @staticmethod
    def of(data):
        at, kind = 12, struct.unpack_from(">H", data, 12)[0] if len(data) >= 14 else 0
        while kind == VLAN and len(data) >= at + 6:
            at += 4
            kind = struct.unpack_from(">H", data, at)[0]
        frame = Frame()
        frame.ip = at + 2
        if kind == 0x0800 and len(data) >= frame.ip + 20:
            frame.version, frame.protocol, frame.ttl = 4, data[frame.ip + 9], data[frame.ip + 8]
            frame.transport = frame.ip + (data[frame.ip] & 15) * 4
            frame.end = frame.ip + struct.unpack_from(">H", data, frame.ip + 2)[0]
            if struct.unpack_from(">H", data, frame.ip + 6)[0] & 0x3FFF:
                return None
            hosts = data[frame.ip + 12 : frame.ip + 16], data[frame.ip + 16 : frame.ip + 20]
        elif kind == 0x86DD and len(data) >= frame.ip + 40:
            frame.version, frame.protocol, frame.ttl = 6, data[frame.ip + 6], data[frame.ip + 7]
            frame.transport = frame.ip + 40
            frame.end = frame.transport + struct.unpack_from(">H", data, frame.ip + 4)[0]
            hosts = data[frame.ip + 8 : frame.ip + 24], data[frame.ip + 24 : frame.ip + 40]
        else:
            return None
        if (
            frame.protocol not in (UDP, TCP)
            or frame.end > len(data)
            or frame.end < frame.transport + (8 if frame.protocol == UDP else 20)
        ):
            return None
        ports = struct.unpack_from(">HH", data, frame.transport)
        frame.source, frame.target = ((str(ipaddress.ip_address(h)), p) for h, p in zip(hosts, ports))
        frame.payload = frame.transport + (8 if frame.protocol == UDP else (data[frame.transport + 12] >> 4) * 4)
        return frame


def payload_of(packet):
    return packet.data[packet.frame.payload : packet.frame.end]


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def with_payload(packet, payload, ttl=None, sequence=None, acknowledged=None, flags=None):
    """The same frame with another payload: lengths and checksums are made right. Tells another TTL, and for TCP
    other numbers."""
    frame, data = packet.frame, bytearray(packet.data[: packet.frame.payload])
    data += payload
    ip, transport = frame.ip, frame.transport
    if frame.version == 4:
        struct.pack_into(">H", data, ip + 2, len(data) - ip)
        data[ip + 8] = ttl or data[ip + 8]
        data[ip + 10 : ip + 12] = b"\0\0"
        struct.pack_into(">H", data, ip + 10, checksum(bytes(data[ip:transport])))
        pseudo = bytes(data[ip + 12 : ip + 20])
    else:
        struct.pack_into(">H", data, ip + 4, len(data) - transport)
        data[ip + 7] = ttl or data[ip + 7]
        pseudo = bytes(data[ip + 8 : ip + 40])
    where = transport + (6 if frame.protocol == UDP else 16)
    if frame.protocol == UDP:
        struct.pack_into(">H", data, transport + 4, len(data) - transport)
    else:
        if sequence is not None:
            struct.pack_into(">I", data, transport + 4, sequence & 0xFFFFFFFF)
        if acknowledged is not None:
            struct.pack_into(">I", data, transport + 8, acknowledged & 0xFFFFFFFF)
        if flags is not None:
            data[transport + 13] = flags
    data[where : where + 2] = b"\0\0"
    total = checksum(pseudo + struct.pack(">II", len(data) - transport, frame.protocol) + bytes(data[transport:]))
    struct.pack_into(">H", data, where, total or 0xFFFF)
    return packet.copy(data=bytes(data))


def with_ends(packet, source=None, target=None):
    """The same frame between other ends, (address, port) each, of the same address family."""
    frame, data = packet.frame, bytearray(packet.data)
    size = 4 if frame.version == 4 else 16
    at = frame.ip + (12 if frame.version == 4 else 8)
    for number, end in enumerate((source, target)):
        if end:
            data[at + number * size : at + (number + 1) * size] = ipaddress.ip_address(end[0]).packed
            struct.pack_into(">H", data, frame.transport + number * 2, end[1])
    changed = packet.copy(data=bytes(data))
    return with_payload(changed, payload_of(changed))


class Capture:
    """Head blocks as they were, and the packets in their order."""

    def __init__(self, head, packets):
        self.head, self.packets = head, packets

    def with_packets(self, packets):
        return Capture(self.head, packets)


def _interface(resolution_option=b"\x09\0\x01\0\x09\0\0\0"):
    body = struct.pack("<HHI", ETHERNET, 0, 0) + resolution_option + b"\0\0\0\0"
    return struct.pack("<II", 1, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


SECTION = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)


def _units(block):
    """Units a second that an interface description names (if_tsresol)."""
    at = 16
    while at + 4 <= len(block) - 4:
        code, length = struct.unpack_from("<HH", block, at)
        if code == 0:
            break
        if code == 9:
            power = block[at + 4]
            return 2 ** (power & 127) if power & 128 else 10**power
        at += 4 + (length + 3 & ~3)
    return 1_000_000


def _nanoseconds_of(block):
    """The interface with times in nanoseconds, its name and the rest of what it says kept."""
    options, at = b"", 16
    while at + 4 <= len(block) - 4:
        code, length = struct.unpack_from("<HH", block, at)
        if code == 0:
            break
        if code in (2, 3):
            options += block[at : at + 4 + (length + 3 & ~3)]
        at += 4 + (length + 3 & ~3)
    return _interface(options + b"\x09\0\x01\0\x09\0\0\0")


def read(path):
    """A capture of Ethernet in little-endian pcap or pcapng."""
    data = path.read_bytes()
    if data[:4] != b"\x0a\x0d\x0d\x0a":
        return _read_pcap(data)
    head, packets, units, at = [SECTION], [], [], 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        block = data[at : at + length]
        at += length
        if kind == 1:
            assert struct.unpack_from("<H", block, 8)[0] == ETHERNET, path
            units.append(_units(block))
            head.append(_nanoseconds_of(block))
        elif kind == 6:
            interface, high, low, captured = struct.unpack_from("<IIII", block, 8)
            when = (high << 32 | low) * (NS // units[interface])
            packets.append(Packet(when, interface, block[28 : 28 + captured]))
    return Capture(b"".join(head), packets)


def _read_pcap(data):
    scale = {b"\xd4\xc3\xb2\xa1": 1000, b"\x4d\x3c\xb2\xa1": 1}[data[:4]]
    assert struct.unpack_from("<I", data, 20)[0] == ETHERNET
    packets, at = [], 24
    while at + 16 <= len(data):
        seconds, part, captured = struct.unpack_from("<III", data, at)
        packets.append(Packet(seconds * NS + part * scale, 0, data[at + 16 : at + 16 + captured]))
        at += 16 + captured
    return Capture(SECTION + _interface(), packets)


def interfaces(head):
    """How many interfaces these blocks describe."""
    at, n = 0, 0
    while at + 12 <= len(head):
        kind, length = struct.unpack_from("<II", head, at)
        n += kind == 1
        at += length
    return n


def write(capture, path):
    """Packets of an interface that the capture has not get one."""
    more = max((p.interface for p in capture.packets), default=0) + 1 - interfaces(capture.head)
    out = [capture.head, _interface() * max(0, more)]
    for packet in capture.packets:
        pad = -len(packet.data) % 4
        length = 32 + len(packet.data) + pad
        out.append(
            struct.pack(
                "<IIIIIII",
                6,
                length,
                packet.interface,
                packet.time >> 32,
                packet.time & 0xFFFFFFFF,
                len(packet.data),
                len(packet.data),
            )
            + packet.data
            + b"\0" * pad
            + struct.pack("<I", length)
        )
    path.write_bytes(b"".join(out))
    path.chmod(0o644)
