# SPDX-License-Identifier: GPL-2.0-or-later
"""Small calls with real handshakes (tests/laws/data/handshakes.json): an offer and its answer on one WebSocket,
verified connectivity checks, DTLS and media, each of them as a test wants it."""

import base64
import hashlib
import json
import pathlib
import struct

import packets
import test_beside
from test_media_paths import PASSWORD, check, noise, rtp, udp

LAWS = pathlib.Path(__file__).resolve().parents[1] / "laws"
ALICE, BOB, SERVER = ("198.51.100.4", 5000), ("198.51.100.5", 6000), ("198.51.100.9", 8080)
HANDSHAKES = {
    name: [(up, base64.b64decode(data)) for up, data in seen]
    for name, seen in json.loads((LAWS / "data/handshakes.json").read_text(encoding="utf-8")).items()
}
HELLO, SERVER_HELLO, TICKET, CERTIFICATE = 1, 2, 4, 11


class Record:
    """One record of DTLS 1.0 or 1.2 (RFC 6347 4.1)."""

    def __init__(self, data, at=0):
        self.type, self.epoch = data[at], struct.unpack_from(">H", data, at + 3)[0]
        self.sequence = int.from_bytes(data[at + 5 : at + 11], "big")
        self.body = data[at + 13 : at + 13 + struct.unpack_from(">H", data, at + 11)[0]]
        self.message = self.body[0] if self.type == 22 and self.epoch == 0 else None


def records(data):
    at, found = 0, []
    while at + 13 <= len(data):
        found.append(Record(data, at))
        at += 13 + len(found[-1].body)
    return found


def record(kind, epoch, sequence, body):
    return struct.pack(">BHH", kind, 0xFEFD, epoch) + sequence.to_bytes(6, "big") + struct.pack(">H", len(body)) + body


def message(kind, number, body):
    size = len(body).to_bytes(3, "big")
    return struct.pack(">B3sH3s3s", kind, size, number, b"\0\0\0", size) + body


def bodies(kind, up, name="ecdsa"):
    """Whole handshake messages of this type that this side sent, in a recorded handshake."""
    return [r.body[12:] for side, data in HANDSHAKES[name] if side == up for r in records(data) if r.message == kind]


def fingerprint(up, name="ecdsa"):
    """Of the certificate that the client (up) or the server showed."""
    body = bodies(CERTIFICATE, up, name)[0]
    size = int.from_bytes(body[3:6], "big")
    digest = hashlib.sha256(body[6 : 6 + size]).hexdigest().upper()
    return "sha-256 " + ":".join(digest[at : at + 2] for at in range(0, 64, 2))


LINE = (BOB, ALICE)
OTHER = "sha-256 " + ":".join(["0F"] * 32)


def text(kind, ufrag, end, setup, announced, session=0):
    lines = [
        "v=0", f"o=- {4711000001 + session} 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0", "a=mid:0", f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{PASSWORD[ufrag]}", f"a=setup:{setup}",
        f"a=fingerprint:{announced}", f"a=candidate:1 1 udp 2122260223 {end[0]} {end[1]} typ host", "",
    ]
    return json.dumps({"type": kind, "sdp": "\r\n".join(lines), "call": f"call{session // 2}"})


NAMES = ("AAAA", "BBBB"), ("CCCC", "DDDD")  # user names by session


def describe(capture, server=None, client=None, port=50100, session=0, ends=(ALICE, BOB)):
    """Alice offers, and is the server of DTLS: server and client are the fingerprints announced of the two."""
    leg = capture.connect((ALICE[0], port), SERVER)
    leg.up(packets.http("GET /ws HTTP/1.1", {
        "Host": "signal.example:8080", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": test_beside.KEY, "Sec-WebSocket-Version": "13"}))
    leg.down(packets.http("HTTP/1.1 101 Switching Protocols", {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": test_beside.ACCEPT}))
    alice, bob = NAMES[session]
    offer = text("offer", alice, ends[0], "actpass", server or fingerprint(False), 2 * session)
    answer = text("answer", bob, ends[1], "active", client or fingerprint(True), 2 * session + 1)
    leg.up(packets.websocket_text(offer, True))
    leg.down(packets.websocket_text(answer, False))
    return leg


def checks(capture, session=0, ends=(ALICE, BOB)):
    alice, bob = NAMES[session]
    check(capture, ends[1], ends[0], alice, bob, 10 * session + 1)
    check(capture, ends[0], ends[1], bob, alice, 10 * session + 2)


def send(capture, up, data, ends=(ALICE, BOB)):
    """A datagram of the DTLS client, who is Bob, or of the server."""
    udp(capture, *((ends[1], ends[0]) if up else (ends[0], ends[1])), data)


def shake(capture, name="ecdsa", change=lambda up, data: data, ends=(ALICE, BOB)):
    for up, data in HANDSHAKES[name]:
        data = change(up, data)
        if data:
            send(capture, up, data, ends)


def resume(capture, ticket, ends=(ALICE, BOB), finished=True):
    """An abbreviated handshake with a ticket (RFC 5077 3.4): the client makes up a session id, the server says it
    again."""
    hello = bodies(HELLO, True)[-1]
    identity, extensions = b"\x77" * 32, hello[34 + 1 + hello[34] :]
    extensions = extensions[1 + extensions[0] :]                        # behind the cookie
    suites = extensions[: 2 + struct.unpack_from(">H", extensions)[0] + 2]
    more = b"\0\x0e\0\5\0\2\0\1\0" + struct.pack(">HH", 0x0023, len(ticket)) + ticket
    asks = hello[:2] + noise("client", 32) + b"\x20" + identity + b"\0" + suites + struct.pack(">H", len(more)) + more
    answer = bodies(SERVER_HELLO, False)[0]
    chosen = answer[35 + answer[34] :][:3]
    gives = answer[:2] + noise("server", 32) + b"\x20" + identity + chosen + b"\0\x09\0\x0e\0\5\0\2\0\1\0"
    last = record(20, 0, 1, b"\1") + record(22, 1, 0, noise("finished", 48))
    send(capture, True, record(22, 0, 0, message(HELLO, 0, asks)), ends)
    send(capture, False, record(22, 0, 0, message(SERVER_HELLO, 0, gives)) + last, ends)
    if finished:
        send(capture, True, last, ends)


def given_ticket(name="ecdsa"):
    """What the server's NewSessionTicket brought (RFC 5077 3.3)."""
    body = bodies(TICKET, False, name)[0]
    return body[6 : 6 + struct.unpack_from(">H", body, 4)[0]]


def media(capture, count=40, ends=(ALICE, BOB)):
    rtp(capture, ends[0], ends[1], 0xA1, 1, count)
    rtp(capture, ends[1], ends[0], 0xB1, 1, count)
