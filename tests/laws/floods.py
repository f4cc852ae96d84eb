# SPDX-License-Identifier: GPL-2.0-or-later
"""Additions of very many things: none of them may drive out what was proven."""

import re
import struct

from capture import with_ends
from kinds import addition, octets, one_of, place, put, spoof
from scene import CERTIFICATE, CLIENT_HELLO, attributes, handshake, record, records, stun
from spoofed import FINGERPRINT, INTEGRITY, PRIORITY, REQUEST, USERNAME, a_check, foreign_hello
from telling import connection, foreign, offer_and_answer, with_fingerprint
from worlds import own_certificate, own_handshakes, own_messages, said
import reader  # noqa: F401
import packets as wire

# How many: small ones that hit small bounds, and larger ones that hit the others. run.py can name another.
SIZES = [20, 70, 300]


def early(scene, draw, kind):
    """Mostly before the first real thing of its kind, where it could take its place; or anywhere."""
    found = scene.of(kind)
    return place(scene, draw, 0, found[0].index) if found and draw.random() < 0.7 else place(scene, draw)


@addition("bare", flood=True)
def flood_of_checks(scene, draw):
    """Checks with the names of the call and no integrity, or a wrong one."""
    model = a_check(scene, draw)
    if not model:
        return None
    parts = [(t, v) for t, v in attributes(model.payload) if t not in (INTEGRITY, FINGERPRINT)]
    password = draw.choice([None, b"wrong"])
    new = [spoof(model, stun(REQUEST, octets(draw, 12), parts, password), draw) for _ in range(draw.choice(SIZES))]
    return put(scene.packets, early(scene, draw, "stun"), new)


@addition("bare", flood=True)
def flood_of_user_names(scene, draw):
    """Checks on a flow of the call, each with another pair of names."""
    model = a_check(scene, draw)
    if not model:
        return None
    own = dict(attributes(model.payload))[USERNAME].split(b":")[0]
    names = [
        (own if draw.random() < 0.5 else octets(draw, 3).hex().encode()) + b":" + octets(draw, 3).hex().encode()
        for _ in range(draw.choice(SIZES))
    ]
    new = [
        spoof(model, stun(REQUEST, octets(draw, 12), [(USERNAME, n), (PRIORITY, b"\x6e\0\0\1")]), draw) for n in names
    ]
    return put(scene.packets, early(scene, draw, "stun"), new)


@addition("bare", flood=True)
def flood_of_paths(scene, draw):
    """Checks with the names of the call from very many ports."""
    model = a_check(scene, draw)
    if not model or model.packet.frame.version != 4:
        return None
    parts = [(t, v) for t, v in attributes(model.payload) if t not in (INTEGRITY, FINGERPRINT)]
    new = [
        with_ends(
            spoof(model, stun(REQUEST, octets(draw, 12), parts), draw),
            source=("10.99.1.%d" % draw.randrange(1, 250), 1024 + i),
        )
        for i in range(draw.choice(SIZES))
    ]
    return put(scene.packets, early(scene, draw, "stun"), new)


def many_on_flow(scene, draw, make):
    flow = one_of(draw, scene.flows)
    if not flow:
        return None
    inside = [d for d in scene.datagrams if d.flow == flow]
    return put(
        scene.packets,
        early(scene, draw, "dtls"),
        [spoof(draw.choice(inside), make(i), draw) for i in range(draw.choice(SIZES))],
    )


@addition("bare", flood=True)
def flood_of_client_hellos(scene, draw):
    hello = own_messages()[CLIENT_HELLO][0]
    return many_on_flow(scene, draw, lambda i: foreign_hello(draw, hello))


@addition("bare", flood=True)
def flood_of_certificates(scene, draw):
    return many_on_flow(scene, draw, lambda i: record(22, 0, i, handshake(CERTIFICATE, i & 7, own_certificate(draw))))


@addition("bare", flood=True)
def flood_of_fragments(scene, draw):
    """First pieces of messages that never end."""
    return many_on_flow(
        scene, draw, lambda i: record(22, 0, i, handshake(CERTIFICATE, i & 15, octets(draw, 30), 0, 2000 + i))
    )


@addition("bare", flood=True)
def flood_of_pretended_handshakes(scene, draw):
    """Hellos and certificates, those of the call where it shows any, with fresh randoms, and no end."""
    flow = one_of(draw, scene.flows)
    if not flow:
        return None
    inside = [d for d in scene.datagrams if d.flow == flow]
    shown = [c[2] for c in scene.certificates] or own_messages()[CERTIFICATE]
    hello, answer, new = own_messages()[CLIENT_HELLO][0], own_messages()[2][0], []
    for i in range(draw.choice(SIZES)):
        model = draw.choice(inside).packet
        up = [(True, foreign_hello(draw, hello))]
        down = record(22, 0, 1, handshake(2, 0, answer[:2] + octets(draw, 32) + answer[34:])) + record(
            22, 0, 2, handshake(CERTIFICATE, 1, draw.choice(shown))
        )
        new += said(
            model, up + [(False, down), (True, record(22, 0, 3, handshake(CERTIFICATE, 1, draw.choice(shown))))]
        )
    return put(scene.packets, early(scene, draw, "dtls"), new)


@addition("bare", flood=True)
def flood_of_descriptions(scene, draw):
    """Strangers exchange descriptions with credentials of their own."""
    offer, _ = offer_and_answer(scene, draw)
    if not offer:
        return None
    bodies = []
    for _ in range(draw.choice(SIZES)):
        text = re.sub(
            rb"a=ice-ufrag:[^\r]*",
            b"a=ice-ufrag:" + octets(draw, 4).hex().encode(),
            with_fingerprint(offer, foreign(draw)),
        )
        bodies.append(
            (True, wire.http("POST /call HTTP/1.1", {"Host": "example.net", "Content-Type": "application/sdp"}, text))
        )
    return put(scene.packets, place(scene, draw), connection(bodies))


@addition("bare", flood=True)
def flood_of_copies(scene, draw):
    """Strangers exchange copies with the credentials of the call, each with another fingerprint."""
    offer, answer = offer_and_answer(scene, draw)
    if not offer:
        return None
    bodies = [
        (
            True,
            wire.http(
                "POST /call HTTP/1.1",
                {"Host": "example.net", "Content-Type": "application/sdp"},
                with_fingerprint(draw.choice([offer, answer]), foreign(draw)),
            ),
        )
        for _ in range(draw.choice(SIZES))
    ]
    return put(scene.packets, place(scene, draw), connection(bodies))


@addition("bare", flood=True)
def flood_of_records(scene, draw):
    """Records of epoch 1 that nobody can decrypt."""
    return many_on_flow(scene, draw, lambda i: record(23, 1, i, octets(draw, 40)))


@addition("coherent", flood=True)
def flood_of_own_handshakes(scene, draw):
    """Complete handshakes on ports of the hosts that the call does not use."""
    flow = one_of(draw, scene.used)
    if not flow:
        return None
    model, new = [d for d in scene.datagrams if d.flow == flow][0], []
    for i in range(min(70, draw.choice(SIZES))):
        packet = with_ends(model.packet, (model.source[0], 20000 + i), (model.target[0], 30000 + i))
        fresh = [
            (up, data[:27] + struct.pack(">I", i) + data[31:] if data[13] in (1, 2) else data)
            for up, data in own_handshakes()["ecdsa"]
        ]
        new += said(packet, fresh)
    return put(scene.packets, place(scene, draw), new)


@addition("coherent")
def handshakes_inside_the_true_one(scene, draw):
    """Many complete handshakes on a flow of the call while its own is under way: each recorded one as it is, and copies
    with other randoms, which their signatures do not fit."""
    flow = one_of(draw, scene.flows)
    hellos = scene.holding(CLIENT_HELLO, flow) if flow else []
    done = [d for d in scene.of("dtls", flow) if any(r.type == 20 for r in records(d.payload))] if flow else []
    if not hellos or not done or done[-1].index <= hellos[0].index:
        return None
    made, names, turned = own_handshakes(), sorted(own_handshakes()), draw.random() < 0.5
    new = []
    for i in range(draw.choice([12, 40])):
        whole = made[names[i % len(names)]]
        if i >= len(names):
            whole = [(up, d[:27] + struct.pack(">I", i) + d[31:] if d[13] in (1, 2) else d) for up, d in whole]
        new += said(hellos[0].packet, whole, turned)
    return put(scene.packets, draw.randrange(hellos[0].index + 1, done[-1].index + 1), new)
