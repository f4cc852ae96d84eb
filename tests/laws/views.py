# SPDX-License-Identifier: GPL-2.0-or-later
"""The same packets, seen otherwise: none of it may move a verdict."""

import ipaddress
import struct

from capture import NS, TCP, UDP, checksum, payload_of, with_payload
from kinds import addition, by_time

MS = 1_000_000


@addition("view")
def vlan(scene, draw):
    tag = struct.pack(">HH", 0x8100, draw.randrange(1, 4095))
    return [p.copy(data=p.data[:12] + tag + p.data[12:]) for p in scene.packets]


def outer(packet, protocol, inside):
    """The packet as carried between two routers."""
    hosts = ipaddress.ip_address("198.18.0.1").packed + ipaddress.ip_address("198.18.0.2").packed
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(inside), 7, 0x4000, 64, protocol, 0) + hosts
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return packet.copy(data=b"\x02\0\0\0\1\2\x02\0\0\0\1\1\x08\0" + head + inside)


@addition("view")
def vxlan(scene, draw):
    def wrap(p):
        inside = b"\x08\0\0\0\0\0\x2a\0" + p.data
        return outer(p, UDP, struct.pack(">HHHH", 49152, 4789, 8 + len(inside), 0) + inside)

    return [wrap(p) for p in scene.packets]


@addition("view")
def gre(scene, draw):
    """Only IP goes through; the rest stays as it was."""
    return [
        outer(p, 47, b"\0\0" + p.data[12:14] + p.data[14:]) if p.frame and p.frame.ip == 14 else p
        for p in scene.packets
    ]


def fragments_of(packet, size, number):
    """An IPv4 packet in pieces, which the number tells from those of others (RFC 791 3.2)."""
    frame, data = packet.frame, packet.data
    body, out, number = data[frame.transport : frame.end], [], number & 0xFFFF
    for at in range(0, len(body), size):
        head = bytearray(data[: frame.transport])
        piece = body[at : at + size]
        struct.pack_into(
            ">HHH",
            head,
            frame.ip + 2,
            frame.transport - frame.ip + len(piece),
            number,
            at // 8 | (0x2000 if at + size < len(body) else 0),
        )
        head[frame.ip + 10 : frame.ip + 12] = b"\0\0"
        struct.pack_into(">H", head, frame.ip + 10, checksum(bytes(head[frame.ip : frame.transport])))
        out.append(packet.copy(data=bytes(head) + piece, time=packet.time + len(out)))
    return out


@addition("view")
def ip_fragments(scene, draw):
    """What is longer than 300 bytes, or less, comes in fragments."""
    size = draw.choice([64, 296, 552])
    out = []
    for number, p in enumerate(scene.packets):
        fits = p.frame and p.frame.version == 4 and p.frame.end - p.frame.transport > size
        out += fragments_of(p, size, number) if fits else [p]
    return out


@addition("view")
def doubled(scene, draw):
    """Each packet twice, as on a switch's mirror port, with another TTL or the same."""
    out, hop = [], draw.random() < 0.5
    for p in scene.packets:
        second = p.copy(time=p.time + draw.randrange(1000, 300_000))
        if hop and p.frame and p.frame.ttl > 2:
            second = with_payload(second, payload_of(second), ttl=p.frame.ttl - 1)
        out += [p, second]
    return by_time(out)


@addition("view")
def datagrams_out_of_order(scene, draw):
    """UDP changes places within 100 ms; TCP keeps its order."""
    late = [p.time + (draw.randrange(100 * MS) if p.frame and p.frame.protocol == UDP else 0) for p in scene.packets]
    return [p for _, _, p in sorted(zip(late, range(len(late)), scene.packets), key=lambda t: t[:2])]


@addition("view")
def hours_later(scene, draw):
    by = draw.choice([-1, 1]) * draw.randrange(3600, 90000) * NS
    return [p.copy(time=p.time + by) for p in scene.packets]


@addition("view")
def segments_cut(scene, draw):
    """TCP in pieces, as a smaller MTU makes them."""
    out, size = [], draw.choice([90, 536])
    for p in scene.packets:
        payload = payload_of(p) if p.frame and p.frame.protocol == TCP else b""
        if len(payload) <= size:
            out.append(p)
            continue
        (sequence,) = struct.unpack_from(">I", p.data, p.frame.transport + 4)
        out += [
            with_payload(p, payload[at : at + size], sequence=sequence + at).copy(time=p.time + at)
            for at in range(0, len(payload), size)
        ]
    return out


@addition("view")
def segments_joined(scene, draw):
    """Segments of one direction that follow each other at once become one, as offload hands them up."""
    out = []
    for p in scene.packets:
        last = out[-1] if out else None
        if (
            last is not None
            and both_tcp(last, p)
            and (last.frame.source, last.frame.target) == (p.frame.source, p.frame.target)
        ):
            first, more = payload_of(last), payload_of(p)
            numbers = [struct.unpack_from(">I", q.data, q.frame.transport + 4)[0] for q in (last, p)]
            if first and more and numbers[0] + len(first) == numbers[1] and len(first) + len(more) < 60000:
                out[-1] = with_payload(last, first + more)
                continue
        out.append(p)
    return out


def both_tcp(a, b):
    return bool(
        a.frame
        and b.frame
        and a.frame.protocol == b.frame.protocol == TCP
        and not (a.data[a.frame.transport + 13] | b.data[b.frame.transport + 13]) & 7
    )


@addition("view")
def segments_sent_again(scene, draw):
    """Retransmissions with the same bytes, cut as they were or anew."""
    out, cut = [], draw.random() < 0.5
    for p in scene.packets:
        out.append(p)
        payload = payload_of(p) if p.frame and p.frame.protocol == TCP else b""
        if payload and draw.random() < 0.3:
            again = p.copy(time=p.time + draw.randrange(1, 90) * MS)
            if cut and len(payload) > 2:
                at = draw.randrange(1, len(payload))
                (sequence,) = struct.unpack_from(">I", p.data, p.frame.transport + 4)
                again = with_payload(again, payload[at:], sequence=sequence + at)
            out.append(again)
    return by_time(out)


@addition("view")
def datagrams_sent_again(scene, draw):
    """Some datagrams of checks and handshakes a second time within 100 ms."""
    out = list(scene.packets)
    for d in scene.datagrams:
        if d.kind in ("stun", "dtls") and draw.random() < 0.3:
            out.append(d.packet.copy(time=d.packet.time + draw.randrange(1, 100) * MS))
    return by_time(out)


@addition("view")
def without_link_padding_or_names(scene, draw):
    """Other MAC addresses, and Ethernet padding behind short frames."""
    macs = bytes(draw.getrandbits(8) & 0xFE for _ in range(6)) + bytes(draw.getrandbits(8) & 0xFE for _ in range(6))
    return [p.copy(data=(macs + p.data[12:]).ljust(60, b"\0")) for p in scene.packets]


@addition("view")
def with_another_conversation(scene, draw):
    """Datagrams and a connection of hosts that have nothing to do with the call."""
    import telling
    from kinds import place, put

    new = telling.connection([(True, b"EHLO a\r\n"), (False, b"250 b\r\n")])
    return put(scene.packets, place(scene, draw), new)


PPM = 50  # what a bad quartz drifts, in parts in a million
CLOCKS = (0, 61 * NS, -61 * NS, 2 * 3600 * NS, -5 * 3600 * NS)


def by_another_clock(packet, start, offset):
    """The packet as a point shows it whose clock was that far ahead at the start, and is faster."""
    return packet.copy(time=packet.time + offset + (packet.time - start) * PPM // 1_000_000)


def behind_a_router(packet):
    """One hop on: less TTL, other stations."""
    if packet.frame and packet.frame.ttl > 2:
        packet = with_payload(packet, payload_of(packet), ttl=packet.frame.ttl - 1)
    return packet.copy(data=b"\x02\0\0\0\2\2\x02\0\0\0\2\1" + packet.data[12:])


def merged_at(scene, draw, interface, offset):
    """All packets, and what a second point saw of them some hundred microseconds later, by its own clock."""
    start, late = scene.packets[0].time, draw.randrange(100_000, 500_000)
    behind = (by_another_clock(behind_a_router(p).copy(time=p.time + late), start, offset) for p in scene.packets)
    return by_time(scene.packets + [p.copy(interface=p.interface + interface) for p in behind])


@addition("view")
def point_unnamed(scene, draw):
    """Two points on one path, merged to one interface."""
    return merged_at(scene, draw, 0, draw.choice(CLOCKS))


@addition("view")
def point_named(scene, draw):
    """Two points on one path, as two interfaces."""
    return merged_at(scene, draw, max(p.interface for p in scene.packets) + 1, draw.choice(CLOCKS))


@addition("view")
def points_at_two_hosts(scene, draw):
    """One point at a client, one at its server of signalling, each with what its own host sends and gets."""
    streams = [d for d in scene.descriptions if d.stream is not None]
    if not streams or len({p.interface for p in scene.packets}) > 1:
        return None
    ends = [host for host, _ in (streams[0].stream.source, streams[0].stream.target)]
    draw.shuffle(ends)
    start, offset = scene.packets[0].time, draw.choice(CLOCKS)
    out = []
    for p in scene.packets:
        of = [host in (p.frame.source[0], p.frame.target[0]) if p.frame else True for host in ends]
        if of[0] or not of[1]:
            out.append(p)
        if of[1]:
            out.append(by_another_clock(p.copy(time=p.time + 200_000, interface=p.interface + 1), start, offset))
    return by_time(out)
