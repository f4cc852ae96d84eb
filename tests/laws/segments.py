# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments without payload that somebody puts into TCP connections of signalling: what is said on them goes on."""

import struct

from capture import TCP, payload_of, with_payload
from kinds import addition, one_of, put

FIN, SYN, RST, ACK = 1, 2, 4, 16


def segment(model, flags, sequence, draw):
    """One without payload, in the direction of this one."""
    (heard,) = struct.unpack_from(">I", model.data, model.frame.transport + 8)
    heard = draw.choice([heard, heard, heard + 100000, draw.getrandbits(32)])
    return with_payload(model, b"", draw.choice([None, 37, 61, 128]), sequence, heard, flags)


def into_a_connection(scene, draw, flags):
    """A bare segment on a connection of signalling, either way, before a description or anywhere; with the number that
    is expected there, or another inside of the window, or one that is far away."""
    message = one_of(draw, scene.descriptions)
    if not message:
        return None
    model = scene.packets[message.first]
    opened = message.stream.opened
    if draw.random() < 0.3 or opened is None:
        at = message.first
    else:
        at = draw.randrange(opened + 1, message.first + 1)
    ends = model.frame.source, model.frame.target
    backwards = draw.random() < 0.5
    found = None
    for i in range(at - 1, -1, -1):
        frame = scene.packets[i].frame
        if frame and frame.protocol == TCP and (frame.source, frame.target) == (ends[::-1] if backwards else ends):
            found = scene.packets[i]
            break
    if found is None:
        return None
    before = found.data[found.frame.transport + 13]
    (sequence,) = struct.unpack_from(">I", found.data, found.frame.transport + 4)
    expected = sequence + len(payload_of(found)) + (1 if before & 3 else 0) & 0xFFFFFFFF
    number = draw.choice([expected, expected + draw.randrange(1, 60000), expected - 1, draw.getrandbits(32)])
    return put(scene.packets, at, [segment(found, flags, number, draw)])


@addition("bare")
def connection_reset(scene, draw):
    """RST, which its receiver takes only with the number that it waits for (RFC 5961 3.2)."""
    return into_a_connection(scene, draw, draw.choice([RST, RST | ACK]))


@addition("bare")
def connection_ended(scene, draw):
    return into_a_connection(scene, draw, FIN | ACK)


@addition("bare")
def connection_opened_again(scene, draw):
    """SYN, or the answer to one, into a connection that is open (RFC 5961 4.2: answered, and nothing else)."""
    return into_a_connection(scene, draw, draw.choice([SYN, SYN, SYN | ACK]))


@addition("bare")
def segment_that_says_nothing(scene, draw):
    """An acknowledgement with any number of its own."""
    return into_a_connection(scene, draw, ACK)
