#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""traps.py [FOLDER]: makes the trap-* captures out of stored ones, for cases that no real stack makes at will.

The datagrams (STUN with its integrity, DTLS, media) stay as they were captured, byte for byte. The signalling
connections are written anew, with sequence numbers and checksums that hold, and with descriptions that an edit below
has changed. The certificates stay those the real stacks presented: what is right of each capture follows from the
edit."""

import hashlib
import json
import pathlib
import re
import struct
import sys

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[1])
PACKET = 6  # Enhanced Packet Block of pcapng
SEGMENT = 1400
TRUE = re.compile(r"a=fingerprint:sha-256 [0-9A-F:]+\r\n")


def foreign(algorithm, text="a certificate of nobody in this call"):
    """A well-formed fingerprint that is of no certificate here."""
    digest = hashlib.new(algorithm.replace("-", ""), text.encode()).digest()
    return f"a=fingerprint:{algorithm} {digest.hex(':').upper()}\r\n"


class Source:
    """A pcapng file of one section: what stands before the packets, and the packets as [nanoseconds, bytes]."""

    def __init__(self, path):
        data, self.head, self.packets, at = path.read_bytes(), b"", [], 0
        while at < len(data):
            kind, length = struct.unpack_from("<II", data, at)
            if kind == PACKET:
                _, high, low, held = struct.unpack_from("<IIII", data, at + 8)
                self.packets.append([high << 32 | low, data[at + 28:at + 28 + held]])
            elif not self.packets:
                self.head += data[at:at + length]
            at += length

    def write(self, path):
        out = self.head
        for time, packet in sorted(self.packets, key=lambda entry: entry[0]):
            body = struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(packet), len(packet))
            body += packet + b"\0" * (-len(packet) % 4)
            out += struct.pack("<II", PACKET, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
        path.write_bytes(out)


def checksum(data):
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Connection:
    """One direction-aware TCP connection, written anew; heads of the link and network layers are the captured ones."""

    def __init__(self, out):
        self.out, self.next, self.heads, self.buffer, self.upgraded = out, {}, {}, {}, set()

    def send(self, end, time, flags, data=b""):
        link, ports = self.heads[end]
        other = self.next.get(ports[::-1], 0)
        tcp = struct.pack(">HHIIBBHHH", *ports, self.next[ports], other if flags & 0x10 else 0, 5 << 4, flags, 64000, 0,
                          0)
        pseudo = link[26:34] + struct.pack(">BBH", 0, 6, len(tcp) + len(data))
        tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp + data)) + tcp[18:]
        ip = link[14:16] + struct.pack(">H", 20 + len(tcp) + len(data)) + link[18:24] + b"\0\0" + link[26:34]
        ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
        self.out.append([time, link[:14] + ip + tcp + data])
        self.next[ports] = (self.next[ports] + len(data) + bool(flags & 0x02)) & 0xFFFFFFFF

    def say(self, end, time, data):
        for number, at in enumerate(range(0, len(data), SEGMENT)):
            self.send(end, time + number, 0x18, data[at:at + SEGMENT])
        self.send(end[::-1], time + len(data) // SEGMENT + 1, 0x10)


def message(buffer):
    """The length of the first whole WebSocket frame (RFC 6455 5.2): (head, payload); None when more must come."""
    if len(buffer) < 2:
        return None
    length, head = buffer[1] & 0x7F, 2
    if length == 126 and len(buffer) >= 4:
        length, head = struct.unpack_from(">H", buffer, 2)[0], 4
    elif length > 125:
        return None
    head += 4 if buffer[1] & 0x80 else 0
    return (head, length) if len(buffer) >= head + length else None


def mask(key, data):
    return bytes(byte ^ key[i % 4] for i, byte in enumerate(data)) if key else data


def edited(frame, head, edit, emitted):
    """The frame with what edit(words, emitted) makes of its JSON object, if it holds a description."""
    key = frame[head - 4:head] if frame[1] & 0x80 else b""
    if frame[0] & 0x0F != 1:
        return frame, None
    words = json.loads(mask(key, frame[head:]))
    if words.get("sdp"):
        words["sdp"] = edit(words["type"], words["sdp"], emitted)
    text = json.dumps(words, separators=(",", ":")).encode()
    size = bytes([len(text)]) if len(text) < 126 else struct.pack(">BH", 126, len(text))
    return frame[:1] + bytes([size[0] | frame[1] & 0x80]) + size[1:] + key + mask(key, text), words["type"]


def remake(source, edit, late):
    """All packets of the source, where TCP is written anew; late(type) delays a message (and what follows) so long."""
    out, connections, delay = [], {}, {}
    for time, packet in source.packets:
        if packet[12:14] != b"\x08\0" or packet[23] != 6:
            out.append([time, packet])
            continue
        start = 14 + (packet[14] & 15) * 4
        ports = struct.unpack_from(">HH", packet, start)
        end = (packet[26:30], ports[0]), (packet[30:34], ports[1])
        connection = connections.setdefault(frozenset(end), Connection(out))
        sequence, = struct.unpack_from(">I", packet, start + 4)
        flags = packet[start + 13]
        if end not in connection.heads:
            connection.heads[end] = packet[:34], ports
            connection.next[ports] = sequence
            connection.buffer[end] = b""
        size = struct.unpack_from(">H", packet, 16)[0] - (start - 14) - (packet[start + 12] >> 4) * 4
        data = packet[start + (packet[start + 12] >> 4) * 4:][:size]
        if flags & 0x02:
            connection.send(end, time, flags)
            continue
        buffer = connection.buffer[end] = connection.buffer[end] + data
        if end not in connection.upgraded and b"\r\n\r\n" in buffer:
            head, buffer = buffer.split(b"\r\n\r\n", 1)
            connection.say(end, time, head + b"\r\n\r\n")
            connection.upgraded.add(end)
        while end in connection.upgraded and (found := message(buffer)):
            frame, buffer = buffer[:sum(found)], buffer[sum(found):]
            frame, kind = edited(frame, found[0], edit, emitted=bool(frame[1] & 0x80))
            delay[end] = delay.get(end, 0) or late(kind, bool(frame[1] & 0x80))
            connection.say(end, time + delay[end], frame)
        connection.buffer[end] = buffer
    source.packets = out


def certificates(source):
    """The certificates presented in DTLS 1.2 handshakes whose messages were not fragmented, by the SHA-256 line."""
    found = {}
    for _, packet in source.packets:
        for at in re.finditer(rb"\x16\xfe\xfd\0\0.{6}..\x0b", packet, re.DOTALL):
            message_at = at.end() - 1
            length = int.from_bytes(packet[message_at + 15:message_at + 18], "big")
            leaf = packet[message_at + 18:message_at + 18 + length]
            found[hashlib.sha256(leaf).digest().hex(":").upper()] = leaf
    return found


def t2(kind, sdp, _emitted):
    """Another certificate's line beside the true one: after it in the offer, before it in the answer."""
    other = foreign("sha-256")
    return TRUE.sub(lambda m: m[0] + other if kind == "offer" else other + m[0], sdp)


def t3(kind, sdp, _emitted):
    """A foreign line at session level, the true one in the sections; and a rejected section with a foreign line."""
    true = TRUE.search(sdp)[0]
    head, *sections = re.split(r"(?=m=)", TRUE.sub("", sdp))
    sections = [section + true for section in sections]
    rejected = ("m=video {} UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:unused\r\na=inactive\r\n"
                "a=rtpmap:96 VP8/90000\r\n")
    if kind == "offer":
        credentials = "".join(re.findall(r"a=ice-(?:ufrag|pwd):.*\r\n", sdp)[:2])
        sections.append(rejected.format(9) + credentials + "a=rtcp-mux\r\na=setup:actpass\r\n" + true)
    else:
        sections.append(rejected.format(0) + foreign("sha-256"))
    return head + foreign("sha-512") + "".join(sections)


def t11(kind, sdp, _emitted):
    """tls-id in the offer alone (RFC 8842): the answerer knows no such thing."""
    line = "a=tls-id:" + hashlib.sha256(b"offer").hexdigest()[:40] + "\r\n"
    return TRUE.sub(lambda m: m[0] + line, sdp) if kind == "offer" else sdp


def t17(leaves):
    """Both ends send a sha-512 line too; the server drops it, names a bandwidth, and gives its own address in c=."""
    def edit(_kind, sdp, emitted):
        def lines(m):
            leaf = leaves[m[0].split()[1]]
            return m[0] + f"a=fingerprint:sha-512 {hashlib.sha512(leaf).digest().hex(':').upper()}\r\n"
        if emitted:
            return TRUE.sub(lines, sdp)
        sdp = re.sub(r"(m=\w+) 9 ", r"\1 40000 ", sdp)
        return re.sub(r"c=IN IP4 .*\r\n", "c=IN IP4 10.77.0.1\r\nb=AS:500\r\n", sdp)
    return edit


def never(_kind, _emitted):
    return 0


TRAPS = {
    "trap-t2": ("cr-ff12.A", lambda _: t2, never,
                "Each fingerprint line has another certificate's line of the same hash beside it (RFC 8122 5: one of a "
                "hash "
                "must match)."),
    "trap-t3": ("cr-ff12.A", lambda _: t3, never,
                "A foreign sha-512 line at session level, which the lines of the sections replace (RFC 8122 5), and a "
                "rejected "
                "section with a foreign line."),
    "trap-t8": ("cr-ff12.A", lambda _: lambda kind, sdp, emitted: sdp,
                lambda kind, emitted: 100_000_000 if kind == "answer" and not emitted else 0,
                "The answer and what follows it come a tenth of a second later: after the whole handshake."),
    "trap-t11": ("cr-ff12.A", lambda _: t11, never, "The offer has a tls-id (RFC 8842), the answer none."),
    "trap-t17": ("cr-wrtc.sw", lambda source: t17(certificates(source)), never,
                 "Both ends announce a sha-512 line too, which the server drops; it also rewrites c=, ports and "
                 "bandwidth."),
}


def main():
    for name, (base, edit, late, about) in TRAPS.items():
        source = Source(FOLDER / f"{base}.pcapng")
        remake(source, edit(source), late)
        vantage = base.split(".")[1]
        truth = json.loads((FOLDER / f"{base}.truth.json").read_text(encoding="utf-8"))
        truth.update(capture=f"{name}.{vantage}.pcapng", scenario=name, key_logs=[],
                     made=f"Generated by lab/traps.py, as no real stack does this: the datagrams of {base}.pcapng "
                          f"unchanged, its "
                     f"signalling written anew. {about}")
        source.write(FOLDER / truth["capture"])
        (FOLDER / f"{name}.{vantage}.truth.json").write_text(json.dumps(truth, indent=2) + "\n", encoding="utf-8")


main()
