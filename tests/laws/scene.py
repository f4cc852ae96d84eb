# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody near the tap can read in a capture: flows, checks, handshakes, messages of signalling, passwords in
clear."""

import functools
import hashlib
import hmac
import re
import struct
import zlib

from capture import TCP, UDP, payload_of

CLIENT_HELLO, SERVER_HELLO, HELLO_VERIFY, CERTIFICATE, KEY_EXCHANGE, CERTIFICATE_VERIFY = 1, 2, 3, 11, 12, 15
COOKIE = 0x2112A442


def kind_of(payload):
    """RFC 7983: stun, dtls, channel (TURN), media, or None."""
    if len(payload) >= 20 and payload[0] < 4 and struct.unpack_from(">I", payload, 4)[0] == COOKIE:
        return "stun"
    if len(payload) >= 13 and 20 <= payload[0] <= 63 and payload[1] in (0xFE, 1):
        return "dtls"
    if len(payload) >= 4 and 64 <= payload[0] <= 79:
        return "channel"
    return "media" if len(payload) >= 12 and 128 <= payload[0] <= 191 else None


def attributes(message):
    """(type, value) of a STUN message."""
    at = 20
    while at + 4 <= len(message):
        kind, length = struct.unpack_from(">HH", message, at)
        yield kind, message[at + 4 : at + 4 + length]
        at += 4 + (length + 3 & ~3)


def stun(kind, transaction, parts, password=None):
    """A message with these attributes, with MESSAGE-INTEGRITY where a password is given, and FINGERPRINT (RFC 8489)."""
    body = b"".join(struct.pack(">HH", t, len(v)) + v + b"\0" * (-len(v) % 4) for t, v in parts)

    def head(more):
        return struct.pack(">HHI", kind, len(body) + more, COOKIE) + transaction

    if password is not None:
        mac = hmac.new(password, head(24) + body, hashlib.sha1).digest()
        body += struct.pack(">HH", 8, 20) + mac
    crc = zlib.crc32(head(8) + body) ^ 0x5354554E
    body += struct.pack(">HHI", 0x8028, 4, crc)
    return head(0) + body


class Record:
    """One DTLS record, and of a handshake message in epoch 0 its head."""

    def __init__(self, data, at):
        self.type, self.version, self.epoch = data[at], data[at + 1 : at + 3], struct.unpack_from(">H", data, at + 3)[0]
        self.sequence = int.from_bytes(data[at + 5 : at + 11], "big")
        length = struct.unpack_from(">H", data, at + 11)[0]
        self.body = data[at + 13 : at + 13 + length]
        self.message = self.body[0] if self.type == 22 and self.epoch == 0 and len(self.body) >= 12 else None


def records(payload):
    """DTLS records of a datagram, up to what is no plain record."""
    at, out = 0, []
    while at + 13 <= len(payload) and 20 <= payload[at] <= 25 and payload[at + 1] == 0xFE:
        out.append(Record(payload, at))
        at += 13 + struct.unpack_from(">H", payload, at + 11)[0]
    return out


def messages(payload):
    """Types of the handshake messages in clear."""
    return [r.message for r in records(payload) if r.message is not None]


def record(kind, epoch, sequence, body, version=b"\xfe\xfd"):
    return (
        bytes([kind])
        + version
        + struct.pack(">H", epoch)
        + sequence.to_bytes(6, "big")
        + struct.pack(">H", len(body))
        + body
    )


def handshake(kind, message_seq, body, offset=0, total=None):
    """A fragment of a handshake message; the whole one where no total is told (RFC 6347 4.2.2)."""
    total = len(body) if total is None else total
    return (
        bytes([kind])
        + total.to_bytes(3, "big")
        + struct.pack(">H", message_seq)
        + offset.to_bytes(3, "big")
        + len(body).to_bytes(3, "big")
        + body
    )


class Datagram:
    """One UDP packet: its place in the capture, its flow, what it is."""

    def __init__(self, index, packet):
        self.index, self.packet, frame = index, packet, packet.frame
        self.source, self.target = frame.source, frame.target
        self.flow = tuple(sorted((self.source, self.target)))
        self.payload = payload_of(packet)
        self.kind = kind_of(self.payload)


class Message:
    """What one end of a TCP connection said: the text, the packets that hold it, and how it was framed."""

    def __init__(self, stream, start, end, text, framing, mask=None):
        self.stream, self.start, self.end, self.text, self.framing, self.mask = stream, start, end, text, framing, mask

    @property
    def emitted(self):
        """Said by the client of the connection."""
        return self.stream.from_client

    @property
    def first(self):
        return self.stream.packet_at(self.start)

    @property
    def last(self):
        return self.stream.packet_at(self.end - 1)


class Stream:
    """One direction of a TCP connection, put together; the first bytes of a sequence count."""

    def __init__(self, source, target):
        self.source, self.target, self.base, self.data, self.pieces = source, target, None, b"", []
        self.from_client, self.opened = None, None

    def take(self, index, packet):
        frame = packet.frame
        (sequence,) = struct.unpack_from(">I", packet.data, frame.transport + 4)
        flags, payload = packet.data[frame.transport + 13], payload_of(packet)
        if flags & 2:
            if self.base is None:
                self.base, self.from_client, self.opened = sequence + 1 & 0xFFFFFFFF, not flags & 16, index
            return
        if self.base is None:
            if not payload:
                return
            self.base = sequence
        at = sequence - self.base & 0xFFFFFFFF
        if payload and at == len(self.data):
            self.pieces.append((at, index))
            self.data += payload

    def packet_at(self, offset):
        """Number of the packet that holds this byte."""
        found = None
        for at, index in self.pieces:
            if at > offset:
                break
            found = index
        return found

    def messages(self):
        """WebSocket text messages after the upgrade, or HTTP messages with a body, or the lines as they are."""
        data, out = self.data, []
        upgrade = re.match(
            rb"(?:GET [^\r]*|HTTP/1.1 101 [^\r]*)\r\n(?:[^\r]+\r\n)*?(?i:upgrade): *websocket\r\n(?:[^\r]+\r\n)*\r\n",
            data,
        )
        if upgrade:
            return list(self._frames(upgrade.end()))
        for found in re.finditer(rb"(?i:content-length): *(\d+)\r\n(?:[^\r]+\r\n)*\r\n", data):
            end = found.end() + int(found[1])
            if end <= len(data) and found.end() < end:
                out.append(Message(self, found.end(), end, data[found.end() : end], "http", found.span(1)))
        return out

    def _frames(self, at):
        data = self.data
        while at + 2 <= len(data):
            start, length, masked = at, data[at + 1] & 127, data[at + 1] & 128
            at += 2
            if length == 126:
                length, at = struct.unpack_from(">H", data.ljust(at + 2, b"\0"), at)[0], at + 2
            elif length == 127:
                return
            mask = data[at : at + 4] if masked else None
            at += 4 if masked else 0
            if at + length > len(data):
                return
            body = data[at : at + length]
            if mask:
                body = bytes(b ^ mask[i & 3] for i, b in enumerate(body))
            at += length
            if data[start] == 0x81:
                yield Message(self, start, at, body, "websocket", mask)


class Scene:
    """A capture, read once."""

    def __init__(self, capture, name=""):
        self.capture, self.packets, self.name = capture, capture.packets, name
        self.datagrams = [Datagram(i, p) for i, p in enumerate(self.packets) if p.frame and p.frame.protocol == UDP]

    def of(self, kind, flow=None):
        return [d for d in self.datagrams if d.kind == kind and (flow is None or d.flow == flow)]

    @functools.cached_property
    def streams(self):
        found = {}
        for i, packet in enumerate(self.packets):
            if packet.frame and packet.frame.protocol == TCP:
                ends = packet.frame.source, packet.frame.target
                if ends not in found:
                    found[ends] = Stream(*ends)
                found[ends].take(i, packet)
        for (source, target), stream in found.items():
            other = found.get((target, source))
            if stream.from_client is None and other and other.from_client is not None:
                stream.from_client = not other.from_client
        return list(found.values())

    @functools.cached_property
    def messages(self):
        """Messages of readable signalling, by the place of their last packet."""
        out = [m for s in self.streams for m in s.messages() if s.from_client is not None]
        return sorted(out, key=lambda m: m.last)

    @functools.cached_property
    def descriptions(self):
        """Those with a fingerprint and ICE credentials."""
        return [
            m
            for m in self.messages
            if b"a=fingerprint:" in m.text and b"a=ice-ufrag:" in m.text and b"a=ice-pwd:" in m.text
        ]

    @functools.cached_property
    def passwords(self):
        """User name fragment -> password, as read in clear."""
        found = {}
        for m in self.descriptions:
            names = re.findall(rb"a=ice-ufrag:([^\s\\\"]+)", m.text)
            words = re.findall(rb"a=ice-pwd:([^\s\\\"]+)", m.text)
            found.update(zip(names, words))
        return found

    @functools.cached_property
    def flows(self):
        """Flows with a DTLS handshake in clear, in order."""
        out = []
        for d in self.of("dtls"):
            if d.flow not in out and messages(d.payload):
                out.append(d.flow)
        return out

    @functools.cached_property
    def used(self):
        """Flows with checks or DTLS."""
        out = []
        for d in self.datagrams:
            if d.kind in ("stun", "dtls") and d.flow not in out:
                out.append(d.flow)
        return out

    def holding(self, message, flow=None):
        """Datagrams that hold a handshake message of this type in clear."""
        return [d for d in self.of("dtls", flow) if message in messages(d.payload)]

    @functools.cached_property
    def certificates(self):
        """(flow, source, message body) of whole Certificate messages, put together of their fragments."""
        out = []
        for flow in self.flows:
            for source in flow:
                parts = {}
                for d in self.of("dtls", flow):
                    for r in records(d.payload) if d.source == source else ():
                        if r.message == CERTIFICATE:
                            total, offset = int.from_bytes(r.body[1:4], "big"), int.from_bytes(r.body[6:9], "big")
                            parts.setdefault((total, r.body[4:6]), {})[offset] = r.body[12:]
                for (total, _), pieces in parts.items():
                    whole = b""
                    for offset in sorted(pieces):
                        whole = whole[:offset] + pieces[offset] if offset <= len(whole) else whole
                    if len(whole) == total and total > 9:
                        out.append((flow, source, whole))
        return out


def leaf(certificate):
    """DER of the first certificate of a Certificate message."""
    return certificate[6 : 6 + int.from_bytes(certificate[3:6], "big")]


def fingerprint(der, name="sha256"):
    return ":".join(f"{b:02X}" for b in hashlib.new(name, der).digest()).encode()
