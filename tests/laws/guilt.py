# SPDX-License-Identifier: GPL-2.0-or-later
"""Clean calls that are made guilty: what a party issued is not what was delivered, and the certificate shown is the
delivered one.

The handshake stays as it is. So the issued copy, on its author's leg, gets another fingerprint, and the delivered one
is written so that it lets the certificate shown pass, in one of the ways that a careless comparison takes for
agreement."""

import re
import struct

from capture import NS, TCP, payload_of, with_payload
from kinds import addition, octets, one_of
from scene import Scene, attributes, fingerprint, leaf
from telling import foreign

ANY_END = rb"(?:\\r\\n|\\n|\r\n|\n)"


def replaced(packets, stream, start, end, new):
    """The packets with bytes start to end of a stream replaced: numbers of the rest of the connection follow."""
    delta, base, out = len(new) - (end - start), stream.base, []

    def moved(at):
        return at if at <= start else at + delta if at >= end else start + len(new)

    for p in packets:
        ends = (p.frame.source, p.frame.target) if p.frame and p.frame.protocol == TCP else None
        if ends == (stream.source, stream.target):
            at = struct.unpack_from(">I", p.data, p.frame.transport + 4)[0] - base & 0xFFFFFFFF
            payload = payload_of(p)
            if at < 1 << 30:
                kept = payload[: max(0, start - at)]
                rest = payload[max(0, end - at) :] if at + len(payload) > end else b""
                middle = new if at <= start < at + len(payload) else b""
                p = with_payload(p, kept + middle + rest, sequence=base + moved(at))
        elif ends == (stream.target, stream.source) and p.data[p.frame.transport + 13] & 16:
            seen = struct.unpack_from(">I", p.data, p.frame.transport + 8)[0] - base & 0xFFFFFFFF
            if seen < 1 << 30:
                p = with_payload(p, payload_of(p), acknowledged=base + moved(seen))
        out.append(p)
    return out


def rewritten(scene, message, text):
    """The packets with another text for a message, its framing made right; None where that is not done here."""
    inner = re.search(rb"(?i)content-length: *(\d+)", message.text)
    if inner and inner[1]:
        length = int(inner[1]) + len(text) - len(message.text)
        text = re.sub(rb"(?i)(content-length: *)\d+", lambda f: f[1] + b"%d" % length, text, count=1)
    if message.framing == "websocket":
        if not 126 <= len(text) < 65536:
            return None
        body = bytes(b ^ message.mask[i & 3] for i, b in enumerate(text)) if message.mask else text
        head = bytes([0x81, (128 if message.mask else 0) | 126]) + struct.pack(">H", len(text)) + (message.mask or b"")
        return replaced(scene.packets, message.stream, message.start, message.end, head + body)
    first, last = message.mask  # where Content-Length stands
    changed = replaced(scene.packets, message.stream, message.start, message.end, text)
    return replaced(changed, message.stream, first, last, b"%d" % len(text))


def names_used(scene, flow):
    """User name fragments in the checks of a flow."""
    parts = [v.split(b":") for d in scene.of("stun", flow) for t, v in attributes(d.payload) if t == 6]
    return {name for names in parts for name in names}


def copies(scene):
    """(issued copy, copies delivered, DER of the certificate shown) of each description that both legs show and that
    was in force when its certificate was shown."""
    out = []
    for flow, source, body in scene.certificates:
        der, used = leaf(body), names_used(scene, flow)
        shown, begun = fingerprint(der), scene.of("dtls", flow)[0].index
        with_it = [m for m in scene.descriptions if shown.lower() in m.text.lower() and m.last < begun]
        for m in with_it:
            name = re.search(rb"a=ice-ufrag:([^\s\\\"]+)", m.text)[1]
            delivered = [d for d in with_it if not d.emitted and b"a=ice-ufrag:" + name in d.text]
            if m.emitted and delivered and name in used:
                out.append((m, delivered, der))
    return out


def changed(scene, edits):
    """Packets after edits, (message, text) each. Messages behind in a stream come first, so that places stay true."""
    for message, text in sorted(edits, key=lambda e: -e[0].start):
        packets = rewritten(scene, message, text)
        if packets is None:
            return None
        scene = Scene(scene.capture.with_packets(packets), scene.name)
    return scene.packets


def disowned(text, der, draw):
    """The issued text without the fingerprint of the certificate shown, by whatever hash function."""
    for name in ("sha256", "sha512", "sha384", "sha224", "sha1"):
        value = fingerprint(der, name)
        text = re.sub(value, fingerprint(octets(draw, 20), name), text, flags=re.I)
    return text


def guilty(scene, draw, deliver):
    """The issued copy gets another fingerprint; deliver makes of a delivered text, with the foreign and the true
    one, the new one."""
    found = one_of(draw, copies(scene))
    if not found:
        return None
    issued, delivered, der = found
    other, true = foreign(draw), fingerprint(der)
    edits = [(issued, disowned(re.sub(true, other, issued.text, flags=re.I), der, draw))]
    for m in delivered:
        text = deliver(m.text, other, true, der)
        if text is None:
            return None
        if text != m.text:
            edits.append((m, text))
    return changed(scene, edits)


def line_with(true):
    return re.compile(rb"a=fingerprint:sha-256 " + true + rb"(" + ANY_END + rb")", re.I)


@addition("guilt")
def fingerprint_replaced(scene, draw):
    return guilty(scene, draw, lambda text, other, true, der: text)


@addition("guilt")
def line_added_to_the_delivered(scene, draw):
    """The issued line is delivered, and one more."""
    first = draw.random() < 0.5

    def lines(f, other, true):
        return b"".join(b"a=fingerprint:sha-256 " + v + f[1] for v in ((true, other) if first else (other, true)))

    return guilty(
        scene, draw, lambda text, other, true, der: line_with(true).sub(lambda f: lines(f, other, true), text)
    )


@addition("guilt")
def many_lines_added_to_the_delivered(scene, draw):
    """The certificate shown is the last of very many lines: fewer than are kept, or more."""
    values = [foreign(draw) for _ in range(draw.choice([10, 42, 61, 62, 63, 64, 90, 300]))]

    def lines(f, other, true):
        return b"".join(b"a=fingerprint:sha-256 " + v + f[1] for v in (*values, other, true))

    return guilty(
        scene, draw, lambda text, other, true, der: line_with(true).sub(lambda f: lines(f, other, true), text)
    )


@addition("guilt")
def section_put_first_with_the_line(scene, draw):
    """A section that the issuer never wrote stands before all others, of BUNDLE or outside it, and announces the
    certificate shown with the same ICE credentials; the others keep the issued line."""

    def deliver(text, other, true, der):
        first = re.search(rb"m=(\w+) [^\r\n\\]+(" + ANY_END + rb")", text)
        end = first and re.search(rb"m=", text[first.end() :])
        own = first and text[first.start() : first.end() + end.start() if end else len(text)]
        mid = own and re.search(rb"a=mid:([^\s\\\"]+)", own)
        if not mid or not line_with(true).search(own):
            return None
        more = own[: mid.start(1)] + b"zz" + own[mid.end(1) :]
        if not end:  # what follows the description in its message is no part of the section
            last = more.rfind(first[2])
            more = more[: last + len(first[2])]
        changed = re.sub(true, other, text, flags=re.I)
        head = changed[: first.start()]
        if draw.random() < 0.5:
            head = re.sub(rb"a=group:BUNDLE ", b"a=group:BUNDLE zz ", head)
        return head + more + changed[first.start() :]

    return guilty(scene, draw, deliver)


@addition("guilt")
def told_twice(scene, draw):
    """What was issued is delivered, and at once the same with the certificate shown, by the same connection."""
    found = one_of(draw, [c for c in copies(scene) if all(m.framing == "websocket" and not m.mask for m in c[1])])
    if not found:
        return None
    issued, delivered, der = found
    other, true = foreign(draw), fingerprint(der)
    packets = changed(scene, [(issued, disowned(re.sub(true, other, issued.text, flags=re.I), der, draw))])
    for m in sorted(delivered, key=lambda m: -m.start):
        if packets is None or not 126 <= len(m.text) < 65536:
            return None
        texts = (re.sub(true, other, m.text, flags=re.I), m.text)
        said = b"".join(bytes([0x81, 126]) + struct.pack(">H", len(t)) + t for t in texts)
        packets = replaced(packets, m.stream, m.start, m.end, said)
    return packets


@addition("guilt")
def other_hash_function_delivered(scene, draw):
    name, label = draw.choice([("sha512", b"sha-512"), ("sha384", b"sha-384")])
    return guilty(
        scene,
        draw,
        lambda text, other, true, der: line_with(true).sub(
            lambda f: b"a=fingerprint:" + label + b" " + fingerprint(der, name) + f[1], text
        ),
    )


@addition("guilt")
def other_hash_function_added(scene, draw):
    return guilty(
        scene,
        draw,
        lambda text, other, true, der: line_with(true).sub(
            lambda f: b"a=fingerprint:sha-256 "
            + other
            + f[1]
            + b"a=fingerprint:sha-512 "
            + fingerprint(der, "sha512")
            + f[1],
            text,
        ),
    )


@addition("guilt")
def line_moved_to_the_session(scene, draw):
    """The delivered line stands above all sections."""

    def deliver(text, other, true, der):
        line = line_with(true).search(text)
        head = re.search(rb"t=0 0(" + ANY_END + rb")", text)
        if not line or not head:
            return None
        bare = line_with(true).sub(b"", text)
        return bare.replace(head[0], head[0] + line[0], 1)

    return guilty(scene, draw, deliver)


@addition("guilt")
def section_added_with_the_line(scene, draw):
    """The sections keep the issued line; a section outside BUNDLE has the certificate shown, with the same ICE
    credentials."""

    def deliver(text, other, true, der):
        start = re.search(rb"v=0" + ANY_END, text)
        lines = re.search(rb"a=ice-ufrag:[^\s\\\"]+(" + ANY_END + rb")", text)
        word = re.search(rb"a=ice-pwd:[^\s\\\"]+" + ANY_END, text)
        setup = re.search(rb"a=setup:\w+" + ANY_END, text)
        if not start or not lines or not word or not setup:
            return None
        eol, end = lines[1], text.rfind(lines[1])
        own = re.sub(true, other, text, flags=re.I)
        more = (
            b"m=application 9 UDP/DTLS/SCTP webrtc-datachannel"
            + eol
            + b"c=IN IP4 0.0.0.0"
            + eol
            + lines[0]
            + word[0]
            + setup[0]
            + b"a=fingerprint:sha-256 "
            + true
            + eol
            + b"a=mid:xtra"
            + eol
        )
        return own[: end + len(eol)] + more + own[end + len(eol) :]

    return guilty(scene, draw, deliver)


@addition("guilt")
def replaced_and_held_back(scene, draw):
    """The same as the first, and all from the delivered copy on comes 61 seconds later."""
    found = one_of(draw, copies(scene))
    if not found:
        return None
    issued, delivered, der = found
    packets = changed(scene, [(issued, disowned(issued.text, der, draw))])
    if packets is None or issued.last >= min(m.first for m in delivered):
        return None
    at, by = draw.randrange(issued.last + 1, min(m.first for m in delivered) + 1), draw.choice([61, 75, 130]) * NS
    return packets[:at] + [p.copy(time=p.time + by) for p in packets[at:]]


@addition("guilt")
def replaced_and_one_clock_off(scene, draw):
    """The same as the first, by two points of capture, whose clocks differ: that of the issuer's leg is ahead or
    behind."""
    found = one_of(draw, copies(scene))
    if not found:
        return None
    issued, _, der = found
    packets = changed(scene, [(issued, disowned(issued.text, der, draw))])
    if packets is None:
        return None
    ends, by = {issued.stream.source, issued.stream.target}, draw.choice([-75, 75, 3600]) * NS
    out = [p.copy(time=p.time + by) if p.frame and {p.frame.source, p.frame.target} == ends else p for p in packets]
    return sorted(out, key=lambda p: p.time)
