# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls whose media is encrypted here, so that their content is known: a description each way, connectivity checks, the
hellos of a DTLS 1.2 handshake (RFC 6347), and SRTP under the keys that follow from its secret (RFC 5764 4.2). The
secret is ours to choose, for a key log needs no more than the hellos' randoms."""

import hmac
import json
import struct

import packets
import srtp_count
import test_beside
import test_media_paths as paths

ALICE, BOB = paths.ALICE, paths.BOB
AES_CM_80 = b"\0\1"
SECTION = ["c=IN IP4 0.0.0.0", "a=rtcp-mux"]


def description(who, sections, end, setup):
    """sections: (m= line, lines behind it), all on one path (RFC 8843)."""
    lines = ["v=0", f"o=- 47110{ord(who)} 2 IN IP4 127.0.0.1", "s=-", "t=0 0",
             "a=group:BUNDLE " + " ".join(str(i) for i in range(len(sections))),
             f"a=ice-ufrag:{who * 4}", f"a=ice-pwd:{paths.PASSWORD[who * 4]}", f"a=setup:{setup}",
             "a=fingerprint:" + test_beside.FINGERPRINT.replace("AB", who * 2)]
    for i, (first, rest) in enumerate(sections):
        lines += [first, *SECTION, f"a=mid:{i}", *rest]
        if i == 0:
            lines.append(f"a=candidate:1 1 udp 2122260223 {end[0]} {end[1]} typ host")
    return "\r\n".join([*lines, ""])


def describe(capture, sections, ends=(ALICE, BOB), port=50100, who="AB"):
    """An offer up and its answer down, on one WebSocket."""
    connection = capture.connect((ends[0][0], port), ("198.51.100.9", 8080))
    connection.up(packets.http("GET /ws HTTP/1.1", {
        "Host": "signal.example", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": test_beside.KEY,
        "Sec-WebSocket-Version": "13"}))
    connection.down(packets.http("HTTP/1.1 101 Switching Protocols", {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": test_beside.ACCEPT}))
    offer = description(who[0], sections, ends[0], "actpass")
    answer = description(who[1], sections, ends[1], "active")
    connection.up(packets.websocket_text(json.dumps({"type": "offer", "sdp": offer}), masked=True))
    connection.down(packets.websocket_text(json.dumps({"type": "answer", "sdp": answer}), masked=False))


def handshake_message(kind, body):
    """One message in one record of its own (RFC 6347 4.1, 4.2.2)."""
    n = len(body).to_bytes(3, "big")
    message = bytes([kind]) + n + bytes([0, kind - 1]) + b"\0\0\0" + n + body
    return struct.pack(">BHHHIH", 22, 0xFEFD, 0, 0, kind, len(message)) + message


class Keys:
    """Both directions of one association; side 0 is the DTLS client."""

    def __init__(self, seed=1):
        self.randoms = [paths.noise((seed, name), 32) for name in ("client", "server")]
        self.secret = paths.noise((seed, "secret"), 48)
        made = srtp_count.material(self.secret, False, b"".join(self.randoms), 60)
        self.sides = [self._session(made[16 * i:16 * i + 16], made[32 + 14 * i:46 + 14 * i]) for i in range(2)]

    @staticmethod
    def _session(key, salt):
        aes = srtp_count.Aes(key)

        def derive(label, n):
            return aes.stream(((int.from_bytes(salt, "big") ^ label << 48) << 16).to_bytes(16, "big"), n)

        return [(srtp_count.Aes(derive(i, 16)), derive(i + 1, 20), int.from_bytes(derive(i + 2, 14), "big"))
                for i in (0, 3)]

    def log(self):
        return f"CLIENT_RANDOM {self.randoms[0].hex()} {self.secret.hex()}\n"

    def hellos(self):
        """The two records, with use_srtp (RFC 5764 4.1.1)."""
        srtp = struct.pack(">HHH", 14, 5, 2) + AES_CM_80 + b"\0"
        extensions = struct.pack(">H", len(srtp)) + srtp
        suite = b"\xc0\x2b"
        client = b"\xfe\xfd" + self.randoms[0] + b"\0\0\0\2" + suite + b"\1\0" + extensions
        server = b"\xfe\xfd" + self.randoms[1] + b"\0" + suite + b"\0" + extensions
        return handshake_message(1, client), handshake_message(2, server)

    def rtp(self, side, packet, header=12):
        """One packet, its roll-over counter zero; header: bytes in front of its payload."""
        cipher, auth, salt = self.sides[side][0]
        sequence, ssrc = struct.unpack(">H", packet[2:4])[0], struct.unpack(">I", packet[8:12])[0]
        iv = salt << 16 ^ ssrc << 64 ^ sequence << 16
        body = packet[header:]
        mask = cipher.stream(iv.to_bytes(16, "big"), len(body))
        out = packet[:header] + bytes(a ^ b for a, b in zip(body, mask))
        return out + hmac.digest(auth, out + bytes(4), "sha1")[:10]

    def rtcp(self, side, packet, index):
        cipher, auth, salt = self.sides[side][1]
        iv = salt << 16 ^ struct.unpack(">I", packet[4:8])[0] << 64 ^ index << 16
        body = packet[8:]
        mask = cipher.stream(iv.to_bytes(16, "big"), len(body))
        out = packet[:8] + bytes(a ^ b for a, b in zip(body, mask)) + struct.pack(">I", index | 1 << 31)
        return out + hmac.digest(auth, out, "sha1")[:10]


def rtp(kind, sequence, timestamp, ssrc, payload, extension=b"", marker=False):
    """In clear. extension: elements with one-byte headers (RFC 8285 4.2)."""
    head = struct.pack(">BBHII", 0x90 if extension else 0x80, kind | marker << 7, sequence, timestamp, ssrc)
    if extension:
        extension += b"\0" * (-len(extension) % 4)
        head += struct.pack(">HH", 0xBEDE, len(extension) // 4) + extension
    return head + payload, len(head)


def call(capture, sections, keys, ends=(ALICE, BOB), port=50100, who="AB"):
    """Bob is the DTLS client; who: a letter for each."""
    describe(capture, sections, ends, port, who)
    paths.check(capture, ends[0], ends[1], who[1] * 4, who[0] * 4, 1)
    paths.check(capture, ends[1], ends[0], who[0] * 4, who[1] * 4, 2)
    client, server = keys.hellos()
    paths.udp(capture, ends[1], ends[0], client)
    paths.udp(capture, ends[0], ends[1], server)
