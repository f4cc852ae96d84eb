# SPDX-License-Identifier: GPL-2.0-or-later
"""Additions of signalling in datagrams, whose addresses anybody can write: SIP requests and their responses, JSON text,
reports of a server to a collector (HEP). Told behind the signalling of a call they are bare; told before it they
contradict something that was seen as well as they were."""

import json
import re
import struct

import reader  # noqa: F401  (the path to packets.py)
import packets as wire
from capture import NS, TCP, UDP, VLAN, Packet, payload_of
from kinds import addition, by_time, octets, one_of, place, put
from scene import fingerprint, leaf, messages
from telling import connection, far_ends, foreign, offer_and_answer, parties, posted, text_of, with_fingerprint


def sip(first, body, call, server="10.99.0.4"):
    """A SIP message with that description (RFC 3261)."""
    head = {
        "Via": f"SIP/2.0/UDP {server}:5060;branch=z9hG4bK{call}",
        "From": "<sip:a@example.net>;tag=1",
        "To": "<sip:b@example.net>" + ("" if first.startswith("INVITE") else ";tag=2"),
        "Call-ID": call,
        "CSeq": "1 INVITE",
        "Content-Type": "application/sdp",
    }
    return wire.http(first, head, body)


def sip_pair(ends, offer, answer, call):
    (a, b) = ((ends[0], 5060), (ends[1], 5060))
    return [
        wire.udp(a, b, sip("INVITE sip:b@example.net SIP/2.0", offer, call)),
        wire.udp(b, a, sip("SIP/2.0 200 OK", answer, call)),
    ]


def json_pair(ends, offer, answer, call):
    (a, b) = ((ends[0], 40404), (ends[1], 40404))

    def text(kind, sdp):
        return json.dumps({"type": kind, "sdp": sdp.decode()}).encode()

    return [wire.udp(a, b, text("offer", offer)), wire.udp(b, a, text("answer", answer))]


def chunk(kind, value):
    return struct.pack(">HHH", 0, kind, 6 + len(value)) + value


def report(source, target, message):
    """What a server would tell its collector of a message that it saw between these hosts (HEP3, by UDP)."""
    octet = {h: bytes(map(int, h.split("."))) for h in (source, target)}
    chunks = chunk(1, b"\2") + chunk(2, b"\x11") + chunk(3, octet[source]) + chunk(4, octet[target])
    chunks += chunk(7, struct.pack(">H", 5060)) + chunk(8, struct.pack(">H", 5060)) + chunk(11, b"\1")
    chunks += chunk(15, message)
    data = b"HEP3" + struct.pack(">H", 6 + len(chunks)) + chunks
    return wire.udp(("10.99.0.5", 9060), ("10.99.0.6", 9060), data)


def hep_pair(ends, offer, answer, call):
    a, b = ends
    return [
        report(a, b, sip("INVITE sip:b@example.net SIP/2.0", offer, call)),
        report(b, a, sip("SIP/2.0 200 OK", answer, call)),
    ]


PAIRS = {"sip": sip_pair, "json": json_pair, "hep": hep_pair}


def hosts(scene):
    """Pairs of hosts that such datagrams can name: a party and its server, the server and the other party, both
    parties, a stranger and the server, strangers."""
    near, far = parties(scene), far_ends(scene)
    out = [(c[0], s[0]) for c, s in near] + [(s[0], host) for host, s in far]
    out += [(c[0], host) for c, _ in near for host, _ in far]
    out += [("10.99.0.3", s[0]) for _, s in near] + [("10.99.0.3", "10.99.0.4")]
    return [p for p in out + [p[::-1] for p in out] if p[0] != p[1]]


def changes(scene, draw):
    """What the two say: as it was, with other fingerprints, with those of certificates shown."""
    shown = [fingerprint(leaf(c[2])) for c in scene.certificates]
    out = [
        lambda o, a: (o, a),
        lambda o, a: (o, with_fingerprint(a, foreign(draw))),
        lambda o, a: (with_fingerprint(o, foreign(draw)), a),
        lambda o, a: (with_fingerprint(o, foreign(draw)), with_fingerprint(a, foreign(draw))),
    ]
    if shown:
        out.append(lambda o, a: (with_fingerprint(o, draw.choice(shown)), with_fingerprint(a, draw.choice(shown))))
    return out


def pair(scene, draw, kind, change=None, ends=None):
    offer, answer = offer_and_answer(scene, draw)
    ends = ends or one_of(draw, hosts(scene))
    if not offer or not ends:
        return None
    offer, answer = (change or draw.choice(changes(scene, draw)))(offer, answer)
    call = octets(draw, 6).hex()
    return [Packet(0, 0, data) for data in PAIRS[kind](ends, offer, answer, call)]


def behind(scene):
    """The first place where all signalling of the call that can be read, and every handshake, was seen."""
    said = [m.last for m in scene.descriptions]
    shaken = [d.index for d in scene.of("dtls") if messages(d.payload) or d.payload[0] in (20, 22)]
    return max(said + shaken, default=len(scene.packets) - 1) + 1


def told(scene, draw, kind, before, **how):
    """Before all of it, or in the midst of it; or behind, where the last handshake was seen: the order of two points
    whose clocks nothing brings together is not known."""
    new = pair(scene, draw, kind, **how)
    after = behind(scene)
    out = new and put(scene.packets, draw.choice([0, place(scene, draw, 0, after)]), new) if before else None
    if before or not new:
        return out
    points = {scene.packets[d.index].interface for d in scene.of("dtls") if d.index < after}
    places = [i for i in range(after, len(scene.packets) + 1) if {scene.packets[i - 1].interface} == points]
    return put(scene.packets, one_of(draw, places), new) if places else None


@addition("bare")
def sip_datagrams_told_after(scene, draw):
    return told(scene, draw, "sip", False)


@addition("bare")
def json_datagrams_told_after(scene, draw):
    return told(scene, draw, "json", False)


@addition("bare")
def hep_datagrams_told_after(scene, draw):
    return told(scene, draw, "hep", False)


@addition("coherent")
def sip_datagrams_told_before(scene, draw):
    return told(scene, draw, "sip", True)


@addition("coherent")
def json_datagrams_told_before(scene, draw):
    return told(scene, draw, "json", True)


@addition("coherent")
def hep_datagrams_told_before(scene, draw):
    return told(scene, draw, "hep", True)


@addition("coherent")
def copies_in_datagrams_of_both_legs(scene, draw):
    """Both halves on what would be the legs of both parties: VERIFIED-CROSS would want no more."""
    near, far, kind = one_of(draw, parties(scene)), one_of(draw, far_ends(scene)), draw.choice(sorted(PAIRS))
    offer, answer = offer_and_answer(scene, draw)
    if not near or not far or not offer:
        return None
    call, at = octets(draw, 6).hex(), draw.choice([0, place(scene, draw), len(scene.packets)])
    make = PAIRS[kind]
    new = make((near[0][0], near[1][0]), offer, answer, call) + make((far[1][0], far[0]), offer, answer, call)
    return put(scene.packets, at, [Packet(0, 0, data) for data in new])


# ---- calls whose only signalling is datagrams


def said_otherwise(scene):
    """Two points saw other bytes under one number of a connection: a scene has the bytes of one alone."""
    seen = {}
    for p in scene.packets:
        payload = payload_of(p) if p.frame and p.frame.protocol == TCP else b""
        if payload:
            key = (p.frame.source, p.frame.target, p.data[p.frame.transport + 4 : p.frame.transport + 8], len(payload))
            if seen.setdefault(key, payload) != payload:
                return True
    return False


def is_offer(text):
    return b"a=setup:actpass" in text


def is_told_in_full(scene):
    """Each client both says something and is told something: half an exchange in datagrams is anybody's. And nobody is
    told one offer and makes another: what joins the calls on both sides of him, SIP does not say."""
    said, told, offered, offering = set(), set(), {}, {}
    for m in scene.descriptions:
        source, target = m.stream.source[0], m.stream.target[0]
        (said if m.emitted else told).add(source if m.emitted else target)
        text = text_of(m) or b""
        if is_offer(text):
            names = frozenset(re.findall(rb"a=ice-ufrag:(\S+?)(?=\\|\s|$)", text))
            offered.setdefault(target, set()).add(names)
            offering.setdefault(source, set()).add(names)
    return said == told and not any(offering[host] - offered[host] for host in offering.keys() & offered.keys())


def by_sip(scene, moved=None):
    """The packets with what connections of signalling said put in SIP datagrams between the same hosts; (packets,
    whether all could be put so). moved names other hosts for some."""
    out, said, moved = [], {}, moved or {}
    for m in scene.descriptions:
        text = text_of(m)
        if text:
            ends = (moved.get(end[0], end[0]) for end in (m.stream.source, m.stream.target))
            said.setdefault(m.last, []).append((*ends, text))
    for i, packet in enumerate(scene.packets):
        for source, target, text in said.get(i, ()):
            offer = is_offer(text)
            first = "INVITE sip:b@example.net SIP/2.0" if offer else "SIP/2.0 200 OK"
            data = sip(first, text, "c" + "-".join(sorted((source, target))))
            new = wire.udp((source, 5060), (target, 5060), data)
            out.append(Packet(packet.time, packet.interface, new))
        if not packet.frame or packet.frame.protocol != TCP:
            out.append(packet)
    whole = bool(said) and all(map(text_of, scene.descriptions)) and not said_otherwise(scene)
    return out, whole and is_told_in_full(scene)


@addition("coherent")
def signalling_by_sip_alone(scene, draw):
    """Nothing is added: what was said was said by SIP."""
    out, whole = by_sip(scene)
    return out if whole else None


@addition("coherent")
def invented_connection_beside_sip(scene, draw):
    """The call is signalled by SIP; a connection that never was, of the party or of the other one, says what the
    handshakes show, or the same."""
    out, whole = by_sip(scene)
    offer, answer = offer_and_answer(scene, draw)
    ends = one_of(draw, [(c[0], s) for c, s in parties(scene)] + far_ends(scene))
    if not whole or not ends or not offer:
        return None
    host, server = ends
    offer, answer = draw.choice(changes(scene, draw))(offer, answer)
    new = connection(posted(offer, answer), (host, draw.randrange(20000, 60000)), server)
    return put(out, draw.choice([0, draw.randrange(len(out)), len(out)]), new)


def straight(scene):
    """The parties speak SIP with each other, and no server is between: (packets, one party, the other), or None."""
    far, near = far_ends(scene), parties(scene)
    if not far or len({client[0] for client, _ in near}) != 1:
        return None
    out, whole = by_sip(scene, {server[0]: far[0][0] for _, server in near})
    return (out, near[0][0][0], far[0][0]) if whole else None


def doubled(packets, again, apart):
    """Each packet of SIP a second time, as again makes it of its bytes, so many nanoseconds later."""
    out = []
    for p in packets:
        out.append(p)
        if p.frame and p.frame.protocol == UDP and 5060 in (p.frame.source[1], p.frame.target[1]):
            out.append(p.copy(data=again(p), time=p.time + apart))
    return by_time(out)


@addition("honest")
def sip_on_both_sides_of_a_translator(scene, draw):
    """One hop, seen with the party's own address and with the one that it has outside: no second leg."""
    found = straight(scene)
    if not found:
        return None
    packets, inside, _ = found
    outside, addresses = "198.51.100.77", draw.random() < 0.5

    def translated(p):
        (a, b), payload = (p.frame.source, p.frame.target), payload_of(p)
        if addresses:  # a gateway that knows SIP changes the Via as well
            payload = payload.replace(b"/UDP " + inside.encode(), b"/UDP " + outside.encode())
        ends = [(outside if host == inside else host, port) for host, port in (a, b)]
        return wire.udp(*ends, payload)

    return doubled(packets, translated, draw.choice([1000, 50_000_000, 3600 * NS]))


@addition("honest")
def sip_doubled_with_a_tag(scene, draw):
    """A mirror port that shows each packet twice, once with a VLAN tag."""
    found = straight(scene)
    tag = struct.pack(">HH", VLAN, draw.randrange(1, 4095))
    return found and doubled(found[0], lambda p: p.data[:12] + tag + p.data[12:], draw.choice([1000, 50_000_000]))
