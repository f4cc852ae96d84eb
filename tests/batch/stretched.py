# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures with much more media than they had: each packet of RTP becomes many, with later sequence numbers and other
ciphertext, and each of SRTCP with other ciphertext. Copies of one packet become copies of the many, so legs and vantage
points still fit together."""

import hashlib
import struct

PACKET, SECTION = 6, 0x0A0D0D0A


def blocks(content):
    """Types and bytes of the blocks of a little-endian pcapng file."""
    at = 0
    while at < len(content):
        kind, length = struct.unpack_from("<II", content, at)
        yield kind, content[at : at + length]
        at += length


def block(kind, body):
    length = 12 + len(body) + -len(body) % 4
    return struct.pack("<II", kind, length) + body + bytes(-len(body) % 4) + struct.pack("<I", length)


def packet_of(content):
    """Interface, ticks, bytes, and the options, of a packet block."""
    interface, high, low, captured, original = struct.unpack_from("<IIIII", content, 8)
    end = 28 + captured + -captured % 4
    return interface, high << 32 | low, content[28 : 28 + captured], original, content[end:-4]


def packet_block(interface, ticks, data, original, options=b""):
    head = struct.pack("<IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(data), original)
    return block(PACKET, head + data + bytes(-len(data) % 4) + options)


def media_at(data):
    """Where RTP or RTCP begins in IPv4 behind Ethernet, or 0."""
    if len(data) < 54 or data[12:14] != b"\x08\x00" or data[23] != 17 or data[20] & 0x3F or data[21]:
        return 0
    at = 14 + 4 * (data[14] & 15) + 8
    if data[at : at + 1] and 0x40 <= data[at] <= 0x4F:
        at += 4  # ChannelData
    return at if len(data) - at >= 24 and data[at] >> 6 == 2 else 0


def rtp_at(data):
    at = media_at(data)
    return 0 if at and 64 <= data[at + 1] & 127 <= 95 else at


def srtcp_at(data):
    """RTCP whose packets do not chain to the end of the datagram."""
    at = media_at(data)
    if at == 0 or not 64 <= data[at + 1] & 127 <= 95:
        return 0
    end = at
    while end + 4 <= len(data):
        end += 4 + 4 * struct.unpack_from(">H", data, end + 2)[0]
    return at if end != len(data) else 0


def stretch(content, times, step=50):
    """Every packet of RTP and SRTCP `times` times, `step` ticks apart."""
    out = []
    for kind, whole in blocks(content):
        at = control = 0
        if kind == PACKET:
            interface, ticks, data, original, options = packet_of(whole)
            at, control = rtp_at(data), srtcp_at(data)
        if control:
            for n in range(times):
                copy = data[:-1] + bytes([data[-1] ^ n])  # in the tag, or a number behind it
                out.append(packet_block(interface, ticks + n * step, copy, original, options if n == 0 else b""))
            continue
        if at == 0:
            out.append(whole)
            continue
        sequence, stamp = struct.unpack_from(">HI", data, at + 2)
        for n in range(times):
            mask = hashlib.sha256(b"%d" % n).digest()
            copy = bytearray(data)
            struct.pack_into(">HI", copy, at + 2, sequence * times + n & 0xFFFF, stamp * times + n & 0xFFFFFFFF)
            if n:
                for i in range(at + 12 + 4 * (data[at] & 15), len(copy)):
                    copy[i] ^= mask[i % 32] if not data[at] & 0x10 or i > len(copy) - 29 else 0
            out.append(packet_block(interface, ticks + n * step, bytes(copy), original, options if n == 0 else b""))
    return b"".join(out)
