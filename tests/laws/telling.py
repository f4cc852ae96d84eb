# SPDX-License-Identifier: GPL-2.0-or-later
"""Additions of signalling: copies of descriptions between strangers, invented legs, bytes of a connection said
twice."""

import json
import re
import struct

import reader  # noqa: F401  (the path to packets.py)
import packets as wire
from capture import Packet, payload_of, with_payload
from kinds import addition, octets, one_of, place, put
from scene import fingerprint, leaf

LINE = rb"a=fingerprint:(sha-\d+) ([0-9A-Fa-f:]+)"


def text_of(message):
    """The description itself, with CRLF, out of JSON or as it stands; None where it is not whole."""
    found = re.search(rb"v=0(?:\\r\\n|\\n|\r\n|\n).*", message.text, re.S)
    if not found:
        return None
    text = found[0]
    if b"\\n" in text:
        text = text.split(b'"')[0].replace(b"\\r\\n", b"\r\n").replace(b"\\n", b"\r\n").replace(b"\\/", b"/")
    return text if b"a=fingerprint" in text and b"\\" not in text else None


def foreign(draw):
    """A SHA-256 fingerprint of somebody else."""
    return fingerprint(octets(draw, 20))


def with_fingerprint(text, value):
    return re.sub(LINE, b"a=fingerprint:sha-256 " + value, text)


def is_offer(text):
    return b"a=setup:actpass" in text


def offer_and_answer(scene, draw):
    """Texts of an offer and an answer that the capture shows in clear, one of each."""
    texts = [t for t in map(text_of, scene.descriptions) if t]
    offers, answers = [t for t in texts if is_offer(t)], [t for t in texts if not is_offer(t)]
    return (draw.choice(offers), draw.choice(answers)) if offers and answers else (None, None)


class Sink:
    """What packets.Connection adds its packets to."""

    def __init__(self):
        self.packets = []


def connection(said, client=("10.99.0.3", 40003), server=("10.99.0.4", 8080)):
    """Packets of a TCP connection in which client (True) and server (False) say these things."""
    sink = Sink()
    line = wire.Connection(sink, client, server)
    for up, data in said:
        (line.up if up else line.down)(data)
    return [Packet(0, 0, data) for data in sink.packets]


def posted(offer, answer):
    """An exchange as WHIP has it (RFC 9725)."""
    kind = {"Content-Type": "application/sdp"}
    said = [(True, wire.http("POST /call HTTP/1.1", {"Host": "example.net", **kind}, offer))] if offer else []
    if answer and offer:
        said.append((False, wire.http("HTTP/1.1 201 Created", kind, answer)))
    elif answer:
        said.append((True, wire.http("POST /call HTTP/1.1", {"Host": "example.net", **kind}, answer)))
    return said


def strangers(scene, draw, change, ends=None, at=None):
    """An exchange of what change makes of offer and answer, between hosts without a part in the call."""
    offer, answer = offer_and_answer(scene, draw)
    if not offer:
        return None
    offer, answer = change(offer, answer)
    new = connection(posted(offer, answer), *(ends or ()))
    return put(scene.packets, place(scene, draw) if at is None else at, new)


@addition("bare")
def strangers_copy_the_answer(scene, draw):
    return strangers(scene, draw, lambda o, a: (None, with_fingerprint(a, foreign(draw))))


@addition("bare")
def strangers_copy_the_offer(scene, draw):
    return strangers(scene, draw, lambda o, a: (None, with_fingerprint(o, foreign(draw))))


@addition("bare")
def strangers_copy_both(scene, draw):
    return strangers(scene, draw, lambda o, a: (o, with_fingerprint(a, foreign(draw))))


@addition("bare")
def strangers_copy_both_with_other_fingerprints(scene, draw):
    return strangers(scene, draw, lambda o, a: (with_fingerprint(o, foreign(draw)), with_fingerprint(a, foreign(draw))))


@addition("bare")
def strangers_copy_both_as_they_are(scene, draw):
    """Nothing is changed: a second leg that would make one leg two."""
    return strangers(scene, draw, lambda o, a: (o, a))


@addition("bare")
def strangers_copy_without_password(scene, draw):
    def cut(text):
        return re.sub(rb"a=ice-pwd:[^\r]*\r\n", b"", text)

    return strangers(scene, draw, lambda o, a: (cut(o), cut(with_fingerprint(a, foreign(draw)))))


@addition("bare")
def strangers_announce_the_certificates_shown(scene, draw):
    """Copies with the fingerprints of the certificates that the handshake shows: to excuse what is guilty."""
    if not scene.certificates:
        return None
    shown = [fingerprint(leaf(c[2])) for c in scene.certificates]
    return strangers(
        scene, draw, lambda o, a: (with_fingerprint(o, draw.choice(shown)), with_fingerprint(a, draw.choice(shown)))
    )


def invitation(body, draw):
    """A SIP request with that description (RFC 3261)."""
    head = {
        "Via": "SIP/2.0/UDP 10.99.0.3:5060;branch=z9hG4bK" + octets(draw, 4).hex(),
        "From": "<sip:a@example.net>;tag=1",
        "To": "<sip:b@example.net>",
        "Call-ID": octets(draw, 6).hex(),
        "CSeq": "1 INVITE",
        "Content-Type": "application/sdp",
    }
    return wire.http("INVITE sip:bob@example.net SIP/2.0", head, body)


@addition("bare")
def description_in_a_lone_datagram(scene, draw):
    """A copy of the answer in a SIP request of one datagram."""
    _, answer = offer_and_answer(scene, draw)
    if not answer:
        return None
    data = invitation(with_fingerprint(answer, foreign(draw)), draw)
    data = wire.udp(("10.99.0.3", 5060), ("10.99.0.4", 5060), data)
    return put(scene.packets, place(scene, draw), [Packet(0, 0, data)])


@addition("bare")
def description_in_a_datagram_of_a_party(scene, draw):
    """A description with another fingerprint, or as it was, in a datagram from the address of one who signals to the
    other's: a SIP request, or JSON text."""
    descriptions = [each for each in offer_and_answer(scene, draw) if each]
    ends = one_of(draw, parties(scene))
    if not descriptions or not ends:
        return None
    body = draw.choice(descriptions)
    kind = "offer" if is_offer(body) else "answer"
    if draw.random() < 0.7:
        body = with_fingerprint(body, foreign(draw))
    if draw.random() < 0.5:
        port, data = 5060, invitation(body, draw)
    else:
        port, data = 40404, json.dumps({"type": kind, "sdp": body.decode()}).encode()
    source, target = ends if draw.random() < 0.5 else ends[::-1]
    data = wire.udp((source[0], port), (target[0], port), data)
    return put(scene.packets, place(scene, draw), [Packet(0, 0, data)])


def parties(scene):
    """(client, server) of the connections of signalling that can be read, IPv4."""
    out = []
    for m in scene.descriptions:
        ends = (m.stream.source, m.stream.target) if m.emitted else (m.stream.target, m.stream.source)
        if ":" not in ends[0][0] and ends not in out:
            out.append(ends)
    return out


def leg(scene, draw, change):
    """A connection from a party's address to the server of the call that never took place."""
    found = one_of(draw, parties(scene))
    if not found:
        return None
    (host, _), server = found
    return strangers(scene, draw, change, ((host, draw.randrange(20000, 60000)), server))


@addition("coherent")
def invented_leg_with_other_fingerprints(scene, draw):
    return leg(scene, draw, lambda o, a: (o, with_fingerprint(a, foreign(draw))))


@addition("coherent")
def invented_leg_with_copies(scene, draw):
    return leg(scene, draw, lambda o, a: (o, a))


@addition("coherent")
def invented_leg_with_the_certificates_shown(scene, draw):
    if not scene.certificates:
        return None
    shown = [fingerprint(leaf(c[2])) for c in scene.certificates]
    return leg(
        scene, draw, lambda o, a: (with_fingerprint(o, draw.choice(shown)), with_fingerprint(a, draw.choice(shown)))
    )


CREDENTIALS = rb"a=ice-ufrag:[^\r]*\r\na=ice-pwd:[^\r]*"
NO_FINGERPRINT = re.compile(rb"a=fingerprint:[^\r]*\r\n")
CRYPTO = b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n"


def other_lines(draw):
    """A change of what a description says beside its fingerprint, or of where it says it: each would be something to
    accuse a call of, had a party said it."""
    false = b"a=fingerprint:sha-256 " + foreign(draw) + b"\r\n"
    name = octets(draw, 15).hex().encode()
    credentials = b"a=ice-ufrag:" + name[:8] + b"\r\na=ice-pwd:" + name[:24]

    def later(text):
        return re.sub(rb"(?m)^(o=\S+ \S+) \d+", rb"\1 4000000000", text)

    return draw.choice(
        [
            lambda t: NO_FINGERPRINT.sub(b"", t),
            lambda t: NO_FINGERPRINT.sub(b"a=fingerprint:md5 " + foreign(draw)[:47] + b"\r\n", t),
            lambda t: t + false,
            lambda t: t + b"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:zz\r\n" + false,
            lambda t: t + CRYPTO,
            lambda t: re.sub(rb"(?m)^(m=.*\r\n)", rb"\1" + CRYPTO, NO_FINGERPRINT.sub(b"", t)),
            lambda t: t.replace(b"t=0 0\r\n", b"t=0 0\r\nk=clear:abcdef\r\n"),
            lambda t: t.replace(b"a=setup:active", b"a=setup:passive"),
            lambda t: re.sub(rb"a=setup:\w+", draw.choice([b"a=setup:actpass", b"a=setup:active"]), t),
            lambda t: NO_FINGERPRINT.sub(b"", t.replace(b"UDP/TLS/RTP/SAVPF", b"RTP/AVP")),
            lambda t: re.sub(CREDENTIALS, b"a=ice-ufrag:a\r\na=ice-pwd:b", t),
            lambda t: re.sub(rb"a=ice-pwd:[^\r]*", b"a=ice-pwd:" + octets(draw, 12).hex().encode(), t, count=1),
            lambda t: re.sub(CREDENTIALS, credentials, later(NO_FINGERPRINT.sub(false, t))),
            lambda t: later(NO_FINGERPRINT.sub(false, t)),
            lambda t: t.replace(b"t=0 0\r\n", b"t=0 0\r\na=ice-mismatch\r\na=tls-id:" + name + b"\r\n"),
            lambda t: t.replace(b"t=0 0\r\n", b"t=0 0\r\na=identity:eyJhc3NlcnRpb24iOiAie30ifQ==\r\n"),
        ]
    )


def either(draw, change):
    """The change applied to the offer, to the answer or to both."""
    which = draw.choice(["offer", "answer", "both"])
    return lambda o, a: (change(o) if which != "answer" else o, change(a) if which != "offer" else a)


@addition("coherent")
def invented_leg_with_other_lines(scene, draw):
    return leg(scene, draw, either(draw, other_lines(draw)))


def with_many_lines(draw):
    """More fingerprints than are kept of a section, before the true one."""
    more = b"".join(b"a=fingerprint:sha-256 " + foreign(draw) + b"\r\n" for _ in range(70))
    return lambda t: re.sub(rb"(a=fingerprint:)", more + rb"\1", t)


@addition("coherent")
def invented_leg_with_many_lines(scene, draw):
    return leg(scene, draw, either(draw, with_many_lines(draw)))


@addition("bare")
def strangers_copy_both_with_other_lines(scene, draw):
    return strangers(scene, draw, either(draw, other_lines(draw)))


@addition("coherent")
def invented_leg_of_the_other_party(scene, draw):
    """From a host that nothing ties to the call: the leg that VERIFIED-CROSS would want."""
    found = one_of(draw, parties(scene))
    return found and strangers(
        scene, draw, lambda o, a: (o, a), (("10.99.0.3", draw.randrange(20000, 60000)), found[1])
    )


# ---- a whole exchange in the other party's name


def far_ends(scene):
    """(host, server) for each server of signalling and each end of a flow with checks that no connection comes from:
    where the other party is, as far as somebody near the tap can see."""
    spoken = parties(scene)
    clients = {client[0] for client, _ in spoken}
    hosts = {d.source[0] for d in scene.of("stun") if ":" not in d.source[0]} - clients
    return [(host, server) for host in sorted(hosts) for server in dict.fromkeys(s for _, s in spoken)]


def told_and_answered(offer, answer):
    """Over HTTP: the client asks, is told the offer, and posts its answer."""
    kind = {"Content-Type": "application/json"}

    def text(word, sdp):
        return json.dumps({"type": word, "sdp": sdp.decode()}).encode()

    return [
        (True, wire.http("GET /poll HTTP/1.1", {"Host": "example.net"}, b"")),
        (False, wire.http("HTTP/1.1 200 OK", kind, text("offer", offer))),
        (True, wire.http("POST /poll HTTP/1.1", {"Host": "example.net", **kind}, text("answer", answer))),
        (False, wire.http("HTTP/1.1 200 OK", kind, b"{}")),
    ]


def in_the_other_name(scene, draw, change):
    """The whole exchange of the other party, which was told another offer and answered with another certificate."""
    offer, answer = offer_and_answer(scene, draw)
    found = one_of(draw, far_ends(scene))
    if not found or not offer:
        return None
    host, server = found
    offer, answer = change(offer, answer)
    said = told_and_answered(offer, answer)
    new = connection(said, (host, draw.randrange(20000, 60000)), server)
    return put(scene.packets, place(scene, draw), new)


@addition("coherent")
def invented_exchange_of_the_other_party(scene, draw):
    return in_the_other_name(
        scene, draw, lambda o, a: (with_fingerprint(o, foreign(draw)), with_fingerprint(a, foreign(draw)))
    )


@addition("coherent")
def invented_answer_of_the_other_party(scene, draw):
    return in_the_other_name(scene, draw, lambda o, a: (o, with_fingerprint(a, foreign(draw))))


@addition("coherent")
def exchange_of_the_other_party_in_two_datagrams(scene, draw):
    """The same by SIP: a request and its response, of addresses that anybody can write."""
    offer, answer = offer_and_answer(scene, draw)
    found = one_of(draw, far_ends(scene))
    if not found or not offer:
        return None
    (host, (server, _)), call = found, octets(draw, 6).hex()
    head = {
        "Via": f"SIP/2.0/UDP {server}:5060;branch=z9hG4bK{call}",
        "From": "<sip:a@example.net>;tag=1",
        "To": "<sip:b@example.net>",
        "Call-ID": call,
        "CSeq": "1 INVITE",
        "Content-Type": "application/sdp",
    }
    asked = wire.http("INVITE sip:b@example.net SIP/2.0", head, with_fingerprint(offer, foreign(draw)))
    told = wire.http(
        "SIP/2.0 200 OK", {**head, "To": "<sip:b@example.net>;tag=2"}, with_fingerprint(answer, foreign(draw))
    )
    ends = ((server, 5060), (host, 5060))
    new = [Packet(0, 0, wire.udp(*ends, asked)), Packet(0, 0, wire.udp(*ends[::-1], told))]
    return put(scene.packets, place(scene, draw), new)


# ---- bytes of a TCP connection said twice


def segment_with(scene, message, wanted):
    """The packet of a message whose payload holds these bytes whole, as (number, place in the payload)."""
    for _, number in message.stream.pieces:
        at = payload_of(scene.packets[number]).find(wanted)
        if at >= 0:
            return number, at
    return None


def said_twice(scene, draw, before, change=None):
    """A segment with a description is sent twice; one of the two has another fingerprint of the same length. Masked
    frames are left alone: only what comes from servers, or goes by HTTP."""
    choices = []
    for m in scene.descriptions:
        if m.mask:
            continue
        for found in re.finditer(LINE, m.text):
            hit = segment_with(scene, m, found[2])
            if hit:
                choices.append((m, hit, found[2]))
    chosen = one_of(draw, choices)
    if not chosen:
        return None
    message, (number, at), value = chosen
    packet = scene.packets[number]
    payload = payload_of(packet)
    other = (change or (lambda v: bytes(v[:-2]) + (b"%02X" % (int(v[-2:], 16) ^ 0x55))))(value)
    if other is None or len(other) != len(value):
        return None
    false = with_payload(packet, payload[:at] + other + payload[at + len(value) :], ttl=draw.choice([3, 37, None]))
    return put(scene.packets, number + (0 if before else 1), [false])


@addition("coherent")
def segment_with_another_fingerprint_before(scene, draw):
    return said_twice(scene, draw, True)


@addition("coherent")
def segment_with_another_fingerprint_behind(scene, draw):
    return said_twice(scene, draw, False)


@addition("coherent")
def segment_with_the_certificate_shown(scene, draw):
    """The segment said twice has the fingerprint of a certificate that a handshake shows."""
    shown = [fingerprint(leaf(c[2])) for c in scene.certificates]
    return said_twice(
        scene,
        draw,
        draw.random() < 0.5,
        lambda v: one_of(draw, [s for s in shown if s != v.upper() and len(s) == len(v)]),
    )


@addition("coherent")
def message_put_into_a_connection(scene, draw):
    """A whole message with the next number of the sequence, from the server, right after a description: the rest of the
    connection then collides with it."""
    told = [m for m in scene.descriptions if not m.emitted and m.framing == "websocket"]
    message = one_of(draw, told)
    if not message:
        return None
    packet = scene.packets[message.last]
    if packet.frame is None:
        return None
    sequence = struct.unpack_from(">I", packet.data, packet.frame.transport + 4)[0] + len(payload_of(packet))
    text = re.sub(LINE, lambda f: b"a=fingerprint:sha-256 " + foreign(draw), message.text)
    head = bytes([0x81, 126]) + struct.pack(">H", len(text))
    false = with_payload(packet, head + text, ttl=draw.choice([3, 37, None]), sequence=sequence)
    return put(scene.packets, message.last + 1, [false])


@addition("bare")
def blind_segment(scene, draw):
    """A segment with a description on a connection of signalling, with a number far outside its window."""
    told = [m for m in scene.descriptions if not m.emitted]
    message = one_of(draw, told)
    if not message:
        return None
    text = re.sub(LINE, lambda f: b"a=fingerprint:sha-256 " + foreign(draw), message.text)
    model = scene.packets[message.last]
    false = with_payload(model, bytes([0x81, 126]) + struct.pack(">H", len(text)) + text, sequence=draw.getrandbits(32))
    return put(scene.packets, place(scene, draw, message.last), [false])
