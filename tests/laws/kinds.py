# SPDX-License-Identifier: GPL-2.0-or-later
"""What an addition is, and the few steps that most are made of.

An addition takes a scene and a random.Random and returns packets, or None where the scene has no place for it. Its
standing says what the strongest thing is that it adds (docs/verdicts.md):

  bare       single datagrams, records, bodies between strangers: what was proven must not move
  read       checks with a password that was read in clear: binds a path, proves nobody's authorship
  coherent   a whole handshake or connection, or bytes of a connection sent twice: a contradiction may be said, not
  decided view       the same things seen otherwise: the verdict stays honest     what happens without any attacker: a
  clean call stays clean guilt      the capture itself is made guilty: it has to be noticed
"""

import random

from capture import NS, with_payload

ADDITIONS = {}
STANDINGS = ("bare", "read", "coherent", "view", "honest", "guilt")


class Addition:
    def __init__(self, name, standing, flood, apply):
        self.name, self.standing, self.flood, self.apply = name, standing, flood, apply


def addition(standing, flood=False):
    """Enters a function under its name."""
    assert standing in STANDINGS

    def enter(function):
        assert function.__name__ not in ADDITIONS, function.__name__
        ADDITIONS[function.__name__] = Addition(function.__name__, standing, flood, function)
        return function

    return enter


def put(packets, at, new):
    """The packets with new ones before number at, in the time between its neighbours, 10 microseconds apart where
    there is room."""
    at = max(0, min(at, len(packets)))
    before = packets[at - 1].time if at else packets[0].time - NS // 100
    after = packets[at].time if at < len(packets) else before + NS
    step = max(1, min(10_000, max(0, after - before) // (len(new) + 1)))
    placed = [
        p.copy(time=before + step * (i + 1), interface=packets[max(at - 1, 0)].interface) for i, p in enumerate(new)
    ]
    return packets[:at] + placed + packets[at:]


def by_time(packets):
    return sorted(packets, key=lambda p: p.time)


def place(scene, draw, first=0, last=None):
    """A place in the capture: anywhere between two packets."""
    return draw.randrange(first, (len(scene.packets) if last is None else last) + 1)


def spoof(datagram, payload, draw):
    """The same ends and the same direction, another payload; the TTL is that of somebody elsewhere, or not."""
    return with_payload(datagram.packet, payload, ttl=draw.choice([None, 37, 61, 128]))


def one_of(draw, things):
    return draw.choice(things) if things else None


def octets(draw, n):
    return bytes(draw.getrandbits(8) for _ in range(n))


def seeded(*parts):
    """A random source that depends on nothing but these words and numbers."""
    return random.Random("/".join(map(str, parts)))
