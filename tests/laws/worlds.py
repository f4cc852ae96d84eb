# SPDX-License-Identifier: GPL-2.0-or-later
"""Whole things that never took place: handshakes with somebody's own keys, on flows of the call or beside them."""

import base64
import functools
import json
import pathlib

from capture import with_ends, with_payload
from kinds import addition, octets, one_of, place, put
from scene import CERTIFICATE, CLIENT_HELLO, SERVER_HELLO, handshake, record, records

RECORDED = pathlib.Path(__file__).resolve().parent / "data/handshakes.json"


@functools.cache
def own_handshakes():
    """Name -> [(from the client, datagram)] of complete handshakes (record_handshakes.py)."""
    made = json.loads(RECORDED.read_text())
    return {name: [(up, base64.b64decode(data)) for up, data in seen] for name, seen in made.items()}


@functools.cache
def own_messages(name="ecdsa"):
    """Message type -> bodies, of one recorded handshake."""
    found = {}
    for _, data in own_handshakes()[name]:
        for r in records(data):
            if r.message is not None and len(r.body) - 12 == int.from_bytes(r.body[1:4], "big"):
                found.setdefault(r.message, []).append(r.body[12:])
    return found


def own_certificate(draw):
    """A Certificate message with a real certificate of nobody in the call."""
    return draw.choice(own_messages()[CERTIFICATE])


def said(model, datagrams, turned=False):
    """Datagrams of a handshake between the ends of a packet, whose source is the client, or the server when turned."""
    frame = model.frame
    out = []
    for up, data in datagrams:
        packet = with_payload(model, data)
        out.append(packet if up != turned else with_ends(packet, frame.target, frame.source))
    return out


def whole(scene, draw, where, change=lambda datagrams: datagrams):
    """A recorded handshake on a flow of the call: before all of it, right before its handshake, behind it, or at
    the end."""
    flow = one_of(draw, scene.flows)
    if not flow:
        return None
    inside = [d for d in scene.datagrams if d.flow == flow]
    hellos = scene.holding(CLIENT_HELLO, flow) or inside
    done = [d for d in scene.of("dtls", flow) if any(r.type == 20 for r in records(d.payload))] or hellos
    at = {
        "first": inside[0].index,
        "before": hellos[0].index,
        "behind": done[-1].index + 1,
        "late": place(scene, draw, done[-1].index + 1),
    }[where]
    datagrams = change(own_handshakes()[draw.choice(sorted(own_handshakes()))])
    return put(scene.packets, at, said(draw.choice(inside).packet, datagrams, draw.random() < 0.5))


@addition("coherent")
def own_handshake_before(scene, draw):
    return whole(scene, draw, draw.choice(["first", "before"]))


@addition("coherent")
def own_handshake_behind(scene, draw):
    return whole(scene, draw, draw.choice(["behind", "late"]))


@addition("bare")
def own_handshake_without_end(scene, draw):
    """Hellos and certificates of somebody, but no Finished."""
    return whole(scene, draw, draw.choice(["before", "behind", "late"]), lambda d: d[:4])


@addition("coherent")
def own_handshake_refused(scene, draw):
    """The same with a fatal alert after it."""
    alert = record(21, 0, 9, bytes([2, 42]))
    return whole(scene, draw, draw.choice(["before", "behind"]), lambda d: d[:5] + [(draw.random() < 0.5, alert)])


def with_bodies(datagrams, change):
    """Datagrams of a handshake with what change makes of the body of each record; None leaves the record out, and a
    datagram of none."""
    out = []
    for up, data in datagrams:
        kept = [(r, change(r)) for r in records(data)]
        parts = [record(r.type, r.epoch, r.sequence, body, r.version) for r, body in kept if body is not None]
        if parts:
            out.append((up, b"".join(parts)))
    return out


@addition("coherent")
def own_handshake_showing_certificates_of_the_call(scene, draw):
    """Each Certificate message is one of a party's; the signatures are of other keys."""
    if not scene.certificates:
        return None

    def change(r):
        if r.message != CERTIFICATE:
            return r.body
        return handshake(CERTIFICATE, int.from_bytes(r.body[4:6], "big"), draw.choice(scene.certificates)[2])

    return whole(scene, draw, draw.choice(["before", "behind", "late"]), lambda d: with_bodies(d, change))


@addition("coherent")
def own_handshake_on_another_port(scene, draw):
    """Between the hosts of the call, on ports that it does not use."""
    flow = one_of(draw, scene.used)
    if not flow:
        return None
    model = [d for d in scene.datagrams if d.flow == flow][0]
    packet = with_ends(
        model.packet, (model.source[0], draw.randrange(20000, 60000)), (model.target[0], draw.randrange(20000, 60000))
    )
    return put(scene.packets, place(scene, draw), said(packet, own_handshakes()["ecdsa"]))


@addition("coherent")
def own_handshake_between_strangers(scene, draw):
    model = one_of(draw, [d for d in scene.datagrams if d.packet.frame.version == 4])
    if not model:
        return None
    packet = with_ends(model.packet, ("10.99.0.7", 40001), ("10.99.0.8", 40002))
    return put(scene.packets, place(scene, draw), said(packet, own_handshakes()["ecdsa"]))


def replayed(scene, draw, ends):
    """All datagrams of a handshake of the call once more, later, between the ends that are told."""
    flow = one_of(draw, scene.flows)
    inside = [d for d in scene.of("dtls", flow)][:12] if flow else []
    if not inside or not scene.holding(SERVER_HELLO, flow):
        return None
    other = ends(flow)
    if not other:
        return None
    turn = dict(zip(flow, other))
    new = [with_ends(d.packet, turn[d.source], turn[d.target]) for d in inside]
    return put(scene.packets, place(scene, draw, inside[-1].index + 1), new)


@addition("bare")
def handshake_replayed_on_its_flow(scene, draw):
    return replayed(scene, draw, lambda flow: flow)


@addition("bare")
def handshake_replayed_turned_round(scene, draw):
    return replayed(scene, draw, lambda flow: flow[::-1])


@addition("bare")
def handshake_replayed_between_strangers(scene, draw):
    return replayed(
        scene, draw, lambda flow: (("10.99.0.7", 40001), ("10.99.0.8", 40002)) if "." in flow[0][0] else None
    )


@addition("bare")
def handshake_replayed_on_another_flow(scene, draw):
    return replayed(
        scene,
        draw,
        lambda flow: one_of(draw, [f for f in scene.used if f != flow and (":" in f[0][0]) == (":" in flow[0][0])]),
    )


@addition("bare")
def handshake_replayed_with_a_new_client_random(scene, draw):
    """The server's part of a handshake answers a ClientHello that it never saw: the signature does not fit."""
    flow = one_of(draw, scene.flows)
    inside = scene.of("dtls", flow)[:12] if flow else []
    if not inside or not scene.holding(SERVER_HELLO, flow) or not scene.holding(CLIENT_HELLO, flow):
        return None
    random, new = octets(draw, 32), []
    for d in inside:
        parts = []
        for r in records(d.payload):
            body = r.body[:14] + random + r.body[46:] if r.message == CLIENT_HELLO else r.body
            parts.append(record(r.type, r.epoch, r.sequence, body, r.version))
        new.append(with_payload(d.packet, b"".join(parts)) if parts else d.packet)
    return put(scene.packets, place(scene, draw, inside[-1].index + 1), new)
