# SPDX-License-Identifier: GPL-2.0-or-later
"""Hellos that say something else under the random of a true one: no server's signature covers more of them than that
(RFC 5246 7.4.3)."""

import struct

from capture import with_payload
from kinds import addition, octets, place, put, spoof
from scene import (
    CERTIFICATE,
    CERTIFICATE_VERIFY,
    CLIENT_HELLO,
    KEY_EXCHANGE,
    SERVER_HELLO,
    handshake,
    record,
    records,
)
from worlds import whole, with_bodies

NULL_SUITES = (0x0001, 0x0002, 0x003B, 0xC006, 0xC010, 0x002C)
ANONYMOUS_SUITES = (0x0034, 0x006C, 0x00A6, 0xC018)
OTHER_SUITES = (0xC02B, 0xC02F, 0xC009, 0xC013, 0x009E, 0x002F, 0x00A8, 0x1301, 0xCCA8, 0xCCA9)
SUPPORTED_VERSIONS, USE_SRTP, SESSION_TICKET, EXTERNAL_SESSION_ID = 43, 14, 35, 56


class Hello:
    """The parts of a ServerHello (RFC 5246 7.4.1.3)."""

    def __init__(self, body):
        self.version, self.random, at = body[:2], body[2:34], 35 + body[34]
        self.session_id, self.suite, self.compression = body[35:at], body[at : at + 2], body[at + 2 : at + 3]
        self.extensions, at = [], at + 5
        while at + 4 <= len(body):
            kind, length = struct.unpack_from(">HH", body, at)
            self.extensions.append((kind, body[at + 4 : at + 4 + length]))
            at += 4 + length

    def without(self, kind):
        self.extensions = [(k, v) for k, v in self.extensions if k != kind]

    def put(self, kind, value):
        self.without(kind)
        self.extensions.append((kind, value))

    def body(self):
        told = b"".join(struct.pack(">HH", k, len(v)) + v for k, v in self.extensions)
        return (
            self.version
            + self.random
            + bytes([len(self.session_id)])
            + self.session_id
            + self.suite
            + self.compression
            + struct.pack(">H", len(told))
            + told
        )


def session_id_asked_for(scene, flow):
    """That of a ClientHello on the flow."""
    for d in scene.holding(CLIENT_HELLO, flow):
        for r in records(d.payload):
            if r.message == CLIENT_HELLO and len(r.body) > 47:
                return r.body[47 : 47 + r.body[46]]
    return b""


def version_13(hello, draw, asked):
    hello.put(SUPPORTED_VERSIONS, b"\xfe\xfc")
    if draw.random() < 0.5:
        hello.suite = b"\x13\x01"


def version_10(hello, draw, asked):
    hello.version = b"\xfe\xff"
    hello.without(SUPPORTED_VERSIONS)


def other_suite(hello, draw, asked):
    hello.suite = struct.pack(">H", draw.choice(OTHER_SUITES))


def weak_suite(hello, draw, asked):
    hello.suite = struct.pack(">H", draw.choice(NULL_SUITES + ANONYMOUS_SUITES))


def other_session(hello, draw, asked):
    hello.session_id = draw.choice([asked, octets(draw, 32), b""])


def other_extensions(hello, draw, asked):
    change = draw.randrange(5)
    if change == 0:
        hello.extensions = []
    elif change == 1:
        hello.put(USE_SRTP, struct.pack(">HHB", 2, draw.choice([5, 6, 2]), 0))
    elif change == 2:
        hello.put(EXTERNAL_SESSION_ID, b"\x08" + octets(draw, 4).hex().encode())
    elif change == 3:
        hello.put(SESSION_TICKET, b"")
    else:
        hello.without(USE_SRTP)
        hello.compression = b"\1"


CHANGES = (version_13, version_10, other_suite, weak_suite, other_session, other_extensions)


def changed(scene, draw, flow, body, changes):
    """The body of a ServerHello with one or two things changed; it differs."""
    for _ in range(8):
        hello = Hello(body)
        for change in draw.sample(changes, min(len(changes), draw.choice([1, 1, 2]))):
            change(hello, draw, session_id_asked_for(scene, flow))
        if hello.body() != body:
            return hello.body()
    return None


def beside(scene, draw, changes, random=None):
    """One record with a changed ServerHello, right before or behind the true one, or anywhere."""
    found = scene.holding(SERVER_HELLO)
    if not found:
        return None
    model = draw.choice(found)
    r = [r for r in records(model.payload) if r.message == SERVER_HELLO][0]
    if len(r.body) - 12 != int.from_bytes(r.body[1:4], "big"):
        return None
    body = changed(scene, draw, model.flow, r.body[12:], changes)
    if body is None:
        return None
    if random:
        body = body[:2] + random + body[34:]
    (seq,) = struct.unpack_from(">H", r.body, 4)
    seq = draw.choice([seq, seq, seq, 0, seq + 1])
    made = record(22, 0, r.sequence + draw.choice([0, 1, 20]), handshake(SERVER_HELLO, seq, body))
    at = draw.choice([model.index, model.index, model.index + 1, model.index + 1, model.index + 4, place(scene, draw)])
    return put(scene.packets, at, [spoof(model, made, draw)])


@addition("bare")
def server_hello_with_the_true_random(scene, draw):
    """Another version, suite, session or other extensions under the random of the true one."""
    return beside(scene, draw, CHANGES)


@addition("bare")
def server_hello_of_13_with_the_true_random(scene, draw):
    return beside(scene, draw, (version_13,))


@addition("bare")
def server_hello_of_10_with_the_true_random(scene, draw):
    return beside(scene, draw, (version_10,))


@addition("bare")
def server_hello_of_a_weak_suite(scene, draw):
    """No encryption or no authentication, under the true random or another."""
    return beside(scene, draw, (weak_suite,), draw.choice([None, octets(draw, 32)]))


@addition("bare")
def server_flight_with_another_hello(scene, draw):
    """The datagram with the server's flight once more, and before it, with another ServerHello in it."""
    found = [d for d in scene.holding(SERVER_HELLO) if CERTIFICATE in [r.message for r in records(d.payload)]]
    model = draw.choice(found or scene.holding(SERVER_HELLO) or [None])
    if model is None:
        return None
    parts = []
    for r in records(model.payload):
        body = r.body
        if r.message == SERVER_HELLO and len(body) - 12 == int.from_bytes(body[1:4], "big"):
            new = changed(scene, draw, model.flow, body[12:], CHANGES)
            body = handshake(SERVER_HELLO, struct.unpack_from(">H", body, 4)[0], new) if new else body
        parts.append(record(r.type, r.epoch, r.sequence, body, r.version))
    payload = b"".join(parts)
    if payload == model.payload:
        return None
    return put(scene.packets, model.index + draw.choice([0, 0, 1, 4]), [spoof(model, payload, draw)])


@addition("bare")
def handshake_replayed_before_itself(scene, draw):
    """The whole handshake, or the first datagrams of it, before its time, as a capture merged with older stamps has
    it."""
    flow = draw.choice(scene.flows or [None])
    inside = scene.of("dtls", flow)[: draw.choice([2, 3, 4, 6, 8, 12])] if flow else []
    if not inside or not scene.holding(SERVER_HELLO, flow):
        return None
    at = draw.choice([inside[0].index, place(scene, draw, 0, inside[0].index)])
    return put(scene.packets, at, [with_payload(d.packet, d.payload) for d in inside])


@addition("coherent")
def own_handshake_of_a_weak_suite(scene, draw):
    """A whole one, whose ServerHello chooses no encryption or no authentication."""
    suite = struct.pack(">H", draw.choice(NULL_SUITES + ANONYMOUS_SUITES))
    keep = draw.random() < 0.5

    def change(r):
        if r.message == SERVER_HELLO:
            hello = Hello(r.body[12:])
            hello.suite = suite
            return handshake(SERVER_HELLO, struct.unpack_from(">H", r.body, 4)[0], hello.body())
        return r.body if keep or r.message not in (CERTIFICATE, KEY_EXCHANGE, CERTIFICATE_VERIFY) else None

    return whole(scene, draw, draw.choice(["before", "behind", "late"]), lambda d: with_bodies(d, change))
