# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens to captures without any attacker: packets are lost, a capture begins late, one direction is missing."""

from kinds import addition, one_of, by_time
from scene import messages, records
from views import MS


def without(scene, numbers):
    gone = set(numbers)
    return [p for i, p in enumerate(scene.packets) if i not in gone] if gone else None


@addition("honest")
def handshake_packet_lost(scene, draw):
    """One datagram of the handshake is not in the capture."""
    shaken = [d for d in scene.of("dtls") if messages(d.payload) or any(r.type in (20, 22) for r in records(d.payload))]
    lost = one_of(draw, shaken)
    return lost and without(scene, [lost.index])


@addition("honest")
def two_handshake_packets_lost(scene, draw):
    shaken = [d for d in scene.of("dtls") if any(r.type in (20, 22) for r in records(d.payload))]
    return without(scene, [d.index for d in draw.sample(shaken, 2)]) if len(shaken) > 2 else None


@addition("honest")
def check_lost(scene, draw):
    lost = one_of(draw, scene.of("stun"))
    return lost and without(scene, [lost.index])


@addition("honest")
def one_packet_in_twenty_lost(scene, draw):
    return without(scene, [i for i in range(len(scene.packets)) if draw.random() < 0.05])


@addition("honest")
def one_direction_only(scene, draw):
    """Of one flow only what goes one way was captured."""
    flow = one_of(draw, scene.used)
    return flow and without(
        scene, [d.index for d in scene.datagrams if d.flow == flow and d.source == flow[draw.randrange(2)]]
    )


@addition("honest")
def one_direction_of_all(scene, draw):
    host = one_of(draw, [d.source[0] for d in scene.datagrams])
    return host and without(scene, [d.index for d in scene.datagrams if d.source[0] == host])


@addition("honest")
def late_start(scene, draw):
    return without(scene, range(draw.randrange(1, len(scene.packets) * 3 // 4)))


@addition("honest")
def early_end(scene, draw):
    return without(scene, range(draw.randrange(len(scene.packets) // 4, len(scene.packets) - 1), len(scene.packets)))


@addition("honest")
def flight_sent_again(scene, draw):
    """The handshake's datagrams come again a second later, as by a retransmission timer (RFC 6347 4.2.4)."""
    shaken = [d for d in scene.of("dtls") if messages(d.payload)]
    if not shaken:
        return None
    some = [d for d in shaken if draw.random() < 0.6] or shaken
    return by_time(scene.packets + [d.packet.copy(time=d.packet.time + draw.randrange(400, 1500) * MS) for d in some])


@addition("honest")
def signalling_lost(scene, draw):
    """A description's packet is missing."""
    message = one_of(draw, scene.descriptions)
    return message and without(scene, [draw.choice([message.first, message.last])])


@addition("honest")
def exchange_lost(scene, draw):
    """Two descriptions that follow each other on one connection are missing: mostly an offer and its answer."""
    message = one_of(draw, scene.descriptions)
    if not message:
        return None
    ends = {message.stream.source, message.stream.target}
    here = [m for m in scene.descriptions if {m.stream.source, m.stream.target} == ends]
    at = here.index(message)
    lost = set()
    for m in here[at : at + 2]:
        lost |= {m.first, m.last} | {i for where, i in m.stream.pieces if m.start <= where < m.end}
    return without(scene, lost)


@addition("honest")
def one_leg_lost(scene, draw):
    """A connection of signalling is not in the capture."""
    stream = one_of(draw, [m.stream for m in scene.descriptions])
    if not stream:
        return None
    ends = {stream.source, stream.target}
    return without(
        scene, [i for i, p in enumerate(scene.packets) if p.frame and {p.frame.source, p.frame.target} == ends]
    )


@addition("honest")
def no_media(scene, draw):
    return without(scene, [d.index for d in scene.datagrams if d.kind == "media"])
