#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes one long call out of a short one: media goes on behind the capture's end, for as long as is wanted.

    longcall.py SOURCE.pcapng OUT.pcapng --minutes 5

In each direction 50 packets of audio of 120 bytes, 100 of video of 1,100 bytes and five of RTCP a second, on the path
and with the SSRCs of the source, whose last connectivity check and its answer come again every five seconds. The source
is a call over Ethernet and IPv4 in little-endian pcapng, as the captures of the lab are.
"""
import argparse
import os
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "batch"))
import stretched  # noqa: E402

KINDS = ((12 + 120, 20000), (12 + 1100, 10000))  # bytes, and microseconds between packets: audio, video


def framed(packet, payload):
    """The Ethernet, IPv4 and UDP headers of a packet around another payload."""
    head = bytearray(packet[:42])
    struct.pack_into(">H", head, 16, 28 + len(payload))
    struct.pack_into(">H", head, 24, 0)
    struct.pack_into(">H", head, 38, 8 + len(payload))
    struct.pack_into(">H", head, 40, 0)
    struct.pack_into(">H", head, 24, checksum(head[14:34]))
    return bytes(head) + payload


def checksum(head):
    total = sum(struct.unpack(f">{len(head) // 2}H", head))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def plain(data):
    return len(data) > 54 and data[12:15] == b"\x08\x00\x45" and data[23] == 17


def templates(content):
    """Streams of each direction with their last packets, RTCP by direction, checks, the interface, the last time,
    and ticks of a microsecond."""
    streams, control, checks, last, interface, unit = {}, {}, {}, 0, 0, 1
    for kind, whole in stretched.blocks(content):
        if kind == 1 and b"\x09\x00\x01\x00\x09" in whole:
            unit = 1000  # nanoseconds
        if kind != stretched.PACKET:
            continue
        interface, ticks, data, _, _ = stretched.packet_of(whole)
        last = max(last, ticks)
        if not plain(data):
            continue
        media, ends = data[42:], data[26:38]
        if stretched.rtp_at(data) == 42:
            streams.setdefault(ends, {})[media[8:12]] = data
        elif media[0] >> 6 == 2:
            control[ends] = data
        elif media[:2] in (b"\x00\x01", b"\x01\x01") and media[4:8] == b"\x21\x12\xa4\x42":
            checks[ends] = data
    return streams, control, checks, interface, last, unit


def events(content, minutes):
    """The packet blocks of the media to come."""
    streams, control, checks, interface, last, unit = templates(content)
    for second in range(round(minutes * 60)):
        made, start = [], 20000 + second * 1000000
        for ends, by_source in streams.items():
            for (size, step), packet in zip(KINDS, by_source.values()):
                sequence = struct.unpack_from(">H", packet, 44)[0]
                for at in range(0, 1000000, step):
                    n = (second * 1000000 + at) // step
                    head = packet[42:44] + struct.pack(">HI", sequence + 1 + n & 0xFFFF, n * 960 & 0xFFFFFFFF)
                    payload = bytes([head[0] & 0xEF]) + head[1:] + packet[50:54] + os.urandom(size - 12)
                    made.append((start + at, framed(packet, payload)))
            for at in range(0, 1000000, 200000):
                if ends in control:
                    made.append((start + at + 7, control[ends]))
        if second % 5 == 0:
            made += [(start + 11, packet) for packet in checks.values()]
        for ticks, packet in sorted(made):
            yield stretched.packet_block(interface, last + ticks * unit, packet, len(packet))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=5)
    arguments = parser.parse_args()
    content = pathlib.Path(arguments.source).read_bytes()
    with open(arguments.out, "wb") as out:
        out.write(content)
        out.writelines(events(content, arguments.minutes))


if __name__ == "__main__":
    main()
