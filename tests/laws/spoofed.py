# SPDX-License-Identifier: GPL-2.0-or-later
"""Additions of single datagrams to the flows of a call: checks, records, media."""

import struct

import reader  # noqa: F401  (the path to packets.py)
import packets as wire
from capture import with_ends, with_payload
from kinds import addition, octets, one_of, place, put, spoof
from scene import (
    CERTIFICATE,
    CLIENT_HELLO,
    HELLO_VERIFY,
    KEY_EXCHANGE,
    SERVER_HELLO,
    attributes,
    handshake,
    messages,
    record,
    records,
    stun,
)
from worlds import own_certificate, own_messages

USERNAME, INTEGRITY, ERROR_CODE, XOR_MAPPED, PRIORITY, USE_CANDIDATE, FINGERPRINT = 6, 8, 9, 0x20, 0x24, 0x25, 0x8028
REQUEST, SUCCESS, FAILURE = 0x0001, 0x0101, 0x0111


def a_check(scene, draw, kind=REQUEST):
    """A datagram with a check of the call."""
    found = [d for d in scene.of("stun") if struct.unpack_from(">H", d.payload)[0] == kind]
    if kind == REQUEST:
        found = [d for d in found if any(t == USERNAME for t, _ in attributes(d.payload))]
    return one_of(draw, found)


def forged(scene, draw, change, kind=REQUEST):
    """A check like a real one, with what change makes of its attributes, at any place."""
    model = a_check(scene, draw, kind)
    if not model:
        return None
    parts = [(t, v) for t, v in attributes(model.payload) if t not in (INTEGRITY, FINGERPRINT)]
    payload = change(parts, octets(draw, 12))
    return payload and put(scene.packets, place(scene, draw), [spoof(model, payload, draw)])


@addition("bare")
def check_without_integrity(scene, draw):
    return forged(scene, draw, lambda parts, t: stun(REQUEST, t, parts))


@addition("bare")
def check_with_wrong_integrity(scene, draw):
    return forged(scene, draw, lambda parts, t: stun(REQUEST, t, parts + [(USE_CANDIDATE, b"")], octets(draw, 24)))


@addition("bare")
def check_of_another_name(scene, draw):
    name = octets(draw, 4).hex().encode() + b":" + octets(draw, 4).hex().encode()
    return forged(
        scene,
        draw,
        lambda parts, t: stun(
            REQUEST, t, [(USERNAME, name)] + [p for p in parts if p[0] != USERNAME], octets(draw, 20)
        ),
    )


@addition("bare")
def check_with_one_name_exchanged(scene, draw):
    """The receiver's name is kept, the sender's is that of another description of the capture, or of none."""
    others = sorted(scene.passwords) + [b"zzzz"]

    def change(parts, transaction):
        own = dict(parts)[USERNAME].split(b":")
        return stun(
            REQUEST,
            transaction,
            [(USERNAME, own[0] + b":" + draw.choice(others))] + [p for p in parts if p[0] != USERNAME],
        )

    return forged(scene, draw, change)


@addition("read")
def check_with_password_read_in_clear(scene, draw):
    def change(parts, transaction):
        password = scene.passwords.get(dict(parts)[USERNAME].split(b":")[0])
        return password and stun(REQUEST, transaction, parts + [(USE_CANDIDATE, b"")], password)

    return forged(scene, draw, change)


@addition("read")
def path_with_password_read_in_clear(scene, draw):
    """Check and answer between a party and a host that has no part in the call; both validate."""
    model = a_check(scene, draw)
    if not model or model.packet.frame.version != 4:
        return None
    parts = [(t, v) for t, v in attributes(model.payload) if t not in (INTEGRITY, FINGERPRINT)]
    password = scene.passwords.get(dict(parts)[USERNAME].split(b":")[0])
    if not password:
        return None
    transaction, host = octets(draw, 12), ("10.99.0.9", 40404)
    port, address = host[1] ^ 0x2112, bytes(a ^ b for a, b in zip(bytes([10, 99, 0, 9]), b"\x21\x12\xa4\x42"))
    mapped = struct.pack(">BBH", 0, 1, port) + address
    up = with_ends(with_payload(model.packet, stun(REQUEST, transaction, parts, password)), source=host)
    down = with_ends(
        with_payload(model.packet, stun(SUCCESS, transaction, [(XOR_MAPPED, mapped)], password)), model.target, host
    )
    return put(scene.packets, place(scene, draw), [up, down])


@addition("read")
def path_between_two_calls(scene, draw):
    """Check and answer that validate, with the user name of a party of one call and that of a party of another."""
    model = a_check(scene, draw)
    if not model:
        return None
    used = {n for d in scene.of("stun") for t, n in attributes(d.payload) if t == USERNAME}
    ties = {frozenset(n.split(b":")) for n in used}
    known = sorted(n for n in scene.passwords if any(n in t for t in ties))
    apart = [(a, b) for a in known for b in known if a != b and frozenset((a, b)) not in ties]
    names = one_of(draw, apart)
    if not names:
        return None
    parts = [(t, v) for t, v in attributes(model.payload) if t not in (INTEGRITY, FINGERPRINT, USERNAME)]
    transaction, password = octets(draw, 12), scene.passwords[names[0]]
    up = stun(REQUEST, transaction, [(USERNAME, b":".join(names)), *parts], password)
    down = with_payload(model.packet, stun(SUCCESS, transaction, [], password))
    return put(
        scene.packets,
        place(scene, draw),
        [with_payload(model.packet, up), with_ends(down, model.target, model.source)],
    )


@addition("bare")
def answer_without_integrity(scene, draw):
    return forged(scene, draw, lambda parts, t: stun(SUCCESS, t, parts), SUCCESS)


@addition("bare")
def error_answer_to_a_check(scene, draw):
    model = a_check(scene, draw)
    if not model:
        return None
    payload = stun(FAILURE, model.payload[8:20], [(ERROR_CODE, b"\0\0\4\x57Role Conflict")])
    back = with_ends(with_payload(model.packet, payload), model.target, model.source)
    return put(scene.packets, model.index + 1, [back])


def on_flow(scene, draw, payloads, towards=None, at=None):
    """Payloads spoofed into a flow with DTLS, in the direction that is drawn or told."""
    flow = one_of(draw, scene.flows)
    if not flow:
        return None
    inside = [d for d in scene.datagrams if d.flow == flow and (towards is None or d.target == towards)]
    if not inside:
        return None
    model = draw.choice(inside)
    made = payloads(model) if callable(payloads) else payloads
    return put(scene.packets, place(scene, draw) if at is None else at, [spoof(model, p, draw) for p in made])


def rtp(draw, n, ssrc=None):
    ssrc, start = octets(draw, 4) if ssrc is None else ssrc, draw.randrange(60000)
    return [struct.pack(">BBHI", 0x80, 0, start + i, (start + i) * 160) + ssrc + b"\xd5" * 160 for i in range(n)]


def rtcp(draw, n, kind=201):
    """Receiver reports, or goodbyes."""
    if kind == 203:
        return [struct.pack(">BBH", 0x81, 203, 1) + octets(draw, 4) for _ in range(n)]
    return [struct.pack(">BBHI", 0x81, 201, 7, 7) + octets(draw, 4) + b"\0" * 20 for _ in range(n)]


@addition("bare")
def three_rtcp_in_clear(scene, draw):
    return on_flow(scene, draw, rtcp(draw, 3))


@addition("bare")
def goodbye_in_clear(scene, draw):
    return on_flow(scene, draw, rtcp(draw, 1, 203))


@addition("bare")
def three_rtp_in_clear(scene, draw):
    return on_flow(scene, draw, rtp(draw, 3))


@addition("bare")
def rtp_with_the_ssrc_of_the_stream(scene, draw):
    """Some packets in clear with the SSRC of encrypted ones: less than a tenth of them."""
    media = [d for d in scene.of("media") if not 192 <= d.payload[1] <= 223]
    if len(media) < 40:
        return None
    model = draw.choice(media)
    made = rtp(draw, draw.randrange(1, 4), model.payload[8:12])
    return put(scene.packets, place(scene, draw, model.index), [spoof(model, p, draw) for p in made])


@addition("bare")
def lone_certificate(scene, draw):
    """A record with somebody's Certificate, in epoch 0, in either direction, at any time."""
    body = own_certificate(draw)
    return on_flow(scene, draw, [record(22, 0, draw.randrange(9), handshake(CERTIFICATE, draw.randrange(4), body))])


@addition("bare")
def lone_certificate_of_a_party(scene, draw):
    """A Certificate message that a party sent, in a record of anybody, on any flow, in any direction."""
    if not scene.certificates:
        return None
    body = draw.choice(scene.certificates)[2]
    return on_flow(scene, draw, [record(22, 0, draw.randrange(9), handshake(CERTIFICATE, draw.randrange(4), body))])


@addition("bare")
def lone_server_hello(scene, draw):
    return on_flow(scene, draw, [record(22, 0, 1, handshake(SERVER_HELLO, 1, own_messages()[SERVER_HELLO][0]))])


@addition("bare")
def server_flight_of_another(scene, draw):
    """ServerHello, Certificate and key exchange of a foreign handshake, in one datagram, with no ClientHello to it."""
    own = own_messages()
    parts = [
        record(22, 0, i, handshake(k, i, own[k][0])) for i, k in enumerate((SERVER_HELLO, CERTIFICATE, KEY_EXCHANGE), 1)
    ]
    return on_flow(scene, draw, [b"".join(parts)])


def before_server_hello(scene, draw, payloads, backwards=False, late=False):
    """Payloads between a ClientHello and the ServerHello that answers it."""
    answers = scene.holding(SERVER_HELLO)
    if not answers:
        return None
    answer = draw.choice(answers)
    hellos = [
        d for d in scene.holding(CLIENT_HELLO, answer.flow) if d.index < answer.index and d.source == answer.target
    ]
    if not hellos:
        return None
    at = draw.randrange(hellos[0].index + 1, answer.index + 1) + (1 if late else 0)
    return put(scene.packets, at, [spoof(answer if backwards else hellos[-1], p, draw) for p in payloads])


def foreign_hello(draw, hello, cookie=False):
    """A ClientHello of the same offer with another random."""
    body = hello[:2] + octets(draw, 32) + hello[34:]
    return record(22, 0, draw.randrange(1, 5), handshake(CLIENT_HELLO, 1 if cookie else 0, body), b"\xfe\xff")


@addition("bare")
def client_hello_between(scene, draw):
    return before_server_hello(scene, draw, [foreign_hello(draw, own_messages()[CLIENT_HELLO][0])])


@addition("bare")
def client_hello_like_the_real_one(scene, draw):
    hellos = scene.holding(CLIENT_HELLO)
    if not hellos:
        return None
    body = [r.body for r in records(draw.choice(hellos).payload) if r.message == CLIENT_HELLO][0][12:]
    return before_server_hello(scene, draw, [foreign_hello(draw, body, draw.random() < 0.5)])


@addition("bare")
def client_hello_anywhere(scene, draw):
    return on_flow(scene, draw, [foreign_hello(draw, own_messages()[CLIENT_HELLO][0])])


@addition("bare")
def hello_verify_request_of_another(scene, draw):
    return before_server_hello(
        scene,
        draw,
        [record(22, 0, 0, handshake(HELLO_VERIFY, 0, b"\xfe\xff\x14" + octets(draw, 20)), b"\xfe\xff")],
        True,
    )


@addition("bare")
def fatal_alert_in_clear(scene, draw):
    """bad_certificate or the like, in epoch 0, when the handshake is over, in either direction."""
    done = [d for d in scene.of("dtls") if any(r.type == 20 for r in records(d.payload))]
    if not done:
        return None
    model = draw.choice(done)
    packet = spoof(model, record(21, 0, 9, bytes([2, draw.choice([40, 42, 43, 48])])), draw)
    if draw.random() < 0.5:
        packet = with_ends(packet, model.target, model.source)
    return put(scene.packets, model.index + 1 + draw.randrange(3), [packet])


@addition("bare")
def encrypted_alert_of_anybody(scene, draw):
    """A record of epoch 1 that nobody can decrypt."""
    return on_flow(scene, draw, [record(21, 1, draw.randrange(1, 9), octets(draw, 26))])


@addition("bare")
def application_data_of_anybody(scene, draw):
    return on_flow(scene, draw, [record(23, 1, draw.randrange(1, 90), octets(draw, 60))])


def second_of(scene, draw, kind, change):
    """The same message_seq again with another content, near the real one, before it or behind."""
    found = scene.holding(kind)
    if not found:
        return None
    model = draw.choice(found)
    r = [r for r in records(model.payload) if r.message == kind][0]
    (seq,) = struct.unpack_from(">H", r.body, 4)
    body = change(r.body[12:])
    packet = spoof(model, record(22, 0, r.sequence + draw.choice([0, 1, 20]), handshake(kind, seq, body)), draw)
    return put(scene.packets, model.index + draw.choice([0, 1, 2, 5]), [packet])


@addition("bare")
def second_server_hello(scene, draw):
    return second_of(scene, draw, SERVER_HELLO, lambda body: body[:2] + octets(draw, 32) + body[34:])


@addition("bare")
def second_certificate(scene, draw):
    return second_of(scene, draw, CERTIFICATE, lambda body: own_certificate(draw))


@addition("bare")
def second_certificate_of_the_other_party(scene, draw):
    if not scene.certificates:
        return None
    return second_of(scene, draw, CERTIFICATE, lambda body: draw.choice(scene.certificates)[2])


@addition("bare")
def second_certificate_with_the_same_key(scene, draw):
    """The party's own certificate with a byte of the issuer's signature changed: its key still signed the handshake."""
    return second_of(scene, draw, CERTIFICATE, lambda body: body[:-3] + bytes([body[-3] ^ 1]) + body[-2:])


@addition("bare")
def second_key_exchange(scene, draw):
    return second_of(scene, draw, KEY_EXCHANGE, lambda body: own_messages()[KEY_EXCHANGE][0])


@addition("bare")
def second_key_exchange_with_a_broken_signature(scene, draw):
    return second_of(scene, draw, KEY_EXCHANGE, lambda body: body[:-1] + bytes([body[-1] ^ 1]))


@addition("bare")
def overlapping_fragment(scene, draw):
    """Part of the Certificate with other bytes, before the real message or behind it (RFC 6347 4.2.3)."""
    found = scene.holding(CERTIFICATE)
    if not found:
        return None
    model = draw.choice(found)
    r = [r for r in records(model.payload) if r.message == CERTIFICATE][0]
    total, seq, body = int.from_bytes(r.body[1:4], "big"), struct.unpack_from(">H", r.body, 4)[0], r.body[12:]
    at = draw.randrange(max(1, len(body) - 40))
    part = octets(draw, min(40, len(body) - at))
    offset = int.from_bytes(r.body[6:9], "big") + at
    packet = spoof(model, record(22, 0, r.sequence + 30, handshake(CERTIFICATE, seq, part, offset, total)), draw)
    return put(scene.packets, model.index + draw.choice([0, 1]), [packet])


@addition("bare")
def replayed_datagram(scene, draw):
    """One datagram of a flow once more, at another place of the capture."""
    model = one_of(draw, [d for d in scene.datagrams if d.kind])
    return model and put(scene.packets, place(scene, draw), [model.packet])


@addition("bare")
def replayed_backwards(scene, draw):
    """One datagram sent back to where it came from."""
    model = one_of(draw, [d for d in scene.datagrams if d.kind])
    return model and put(
        scene.packets, place(scene, draw, model.index), [with_ends(model.packet, model.target, model.source)]
    )


@addition("bare")
def replayed_from_elsewhere(scene, draw):
    """One datagram from a host that has no part in the call."""
    model = one_of(draw, [d for d in scene.datagrams if d.kind and d.packet.frame.version == 4])
    return model and put(
        scene.packets, place(scene, draw), [with_ends(model.packet, source=("10.99.0.9", draw.randrange(1024, 65536)))]
    )


@addition("bare")
def handshake_message_on_another_flow(scene, draw):
    """A datagram with a handshake message, on another flow of the capture."""
    flows = scene.used
    found = [d for d in scene.of("dtls") if messages(d.payload)]
    if not found or len(flows) < 2:
        return None
    model = draw.choice(found)
    other = draw.choice([f for f in flows if f != model.flow])
    target = draw.choice([d for d in scene.datagrams if d.flow == other])
    return put(scene.packets, place(scene, draw), [spoof(target, model.payload, draw)])


@addition("bare")
def relayed_certificate(scene, draw):
    """A Certificate inside a Data indication or ChannelData of a TURN server."""
    model = one_of(draw, scene.of("channel"))
    if not model:
        return None
    inner = record(22, 0, 3, handshake(CERTIFICATE, 2, own_certificate(draw)))
    payload = model.payload[:2] + struct.pack(">H", len(inner)) + inner + b"\0" * (-len(inner) % 4)
    return put(scene.packets, place(scene, draw), [spoof(model, payload, draw)])


@addition("bare")
def sctp_in_clear(scene, draw):
    """An INIT with its checksum (RFC 9260 3.3.2), as if data channels ran outside of DTLS."""
    packet = struct.pack(">HHII", 5000, 5000, 0, 0) + struct.pack(">BBHIIHHI", 1, 0, 20, 1, 65536, 10, 10, 1)
    return on_flow(scene, draw, [packet[:8] + struct.pack("<I", wire.crc32c(packet)) + packet[12:]])


@addition("bare")
def heartbeat_that_asks_for_more(scene, draw):
    """It brings one byte and asks for 16,384 (RFC 6520 4)."""
    return on_flow(scene, draw, [record(24, 0, 7, struct.pack(">BH", 1, 0x4000) + b"a")])


@addition("bare")
def relayed_clear_media(scene, draw):
    model = one_of(draw, scene.of("channel"))
    if not model:
        return None
    inner = rtp(draw, 1)[0]
    return put(
        scene.packets,
        place(scene, draw),
        [spoof(model, model.payload[:2] + struct.pack(">H", len(inner)) + inner, draw)],
    )


@addition("bare")
def plain_certificates_of_both_parties(scene, draw):
    """Certificates of anybody in both directions in epoch 0: in DTLS 1.3 that is nobody's."""
    flow = one_of(draw, scene.flows)
    if not flow:
        return None
    new = []
    for source in flow:
        inside = [d for d in scene.datagrams if d.flow == flow and d.source == source]
        if inside:
            new.append(spoof(inside[0], record(22, 0, 5, handshake(CERTIFICATE, 2, own_certificate(draw))), draw))
    answers = scene.holding(SERVER_HELLO, flow)
    at = answers[0].index + 1 + draw.randrange(3) if answers else place(scene, draw)
    return put(scene.packets, at, new)
