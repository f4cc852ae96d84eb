# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures whose packets are not in the order of their times."""

import random
import struct


def blocks(data):
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack("<II", data[at:at + 8])
        yield kind, data[at:at + length]
        at += length


def shuffle_datagrams(source, target, seed):
    """UDP packets change places with what follows within 100 ms; times stay. TCP keeps its order: Wireshark would take
    segments out of order for lost ones."""
    draw, head, packets = random.Random(seed), [], []
    for kind, block in blocks(source.read_bytes()):
        if kind != 6:  # Enhanced Packet Block
            (head if not packets else packets).append(block if not packets else (packets[-1][0], len(packets), block))
            continue
        high, low = struct.unpack("<II", block[12:20])
        frame, when = block[28:], high << 32 | low
        scale = 1e9 if when > 1e17 else 1e6
        is_udp = frame[12:14] == b"\x08\0" and frame[23:24] == b"\x11"
        packets.append((when + (draw.random() * 0.1 * scale if is_udp else 0), len(packets), block))
    packets.sort(key=lambda p: p[:2])
    target.write_bytes(b"".join(head) + b"".join(p[2] for p in packets))
