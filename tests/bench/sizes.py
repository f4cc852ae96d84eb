# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures whose cost must grow no faster than their size: SHAPES maps a name to make(path, part), part up to 1."""
import json

from multiply import ALICE, SERVER, Writer
import web

FINGERPRINT = "a=fingerprint:sha-256 " + ":".join("%02X" % n for n in range(32)) + "\r\n"
HEAD = "v=0\r\no=- %d 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" + FINGERPRINT + "a=setup:actpass\r\n"
SECTION = ("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:%d\r\na=ice-ufrag:abcd\r\n"
           "a=ice-pwd:0123456789012345678901\r\na=rtpmap:111 opus/48000/2\r\n")


def description(number, sections):
    return HEAD % number + "".join(SECTION % n for n in range(sections))


def connection(path, messages):
    net = web.Net(1)
    tcp = web.Tcp(net, 1_790_000_000.0, ALICE, SERVER, 80)
    tcp.send(True, b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
    tcp.send(False, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    for text in messages:
        n = len(text)
        length = (bytes([n]) if n < 126 else b"\x7e" + n.to_bytes(2, "big") if n < 65536 else
                  b"\x7f" + n.to_bytes(8, "big"))
        tcp.send(False, b"\x81" + length + text)
    writer = Writer(path)
    for packet in net.packets:
        writer.packet(*packet)
    writer.file.close()


def large_json(path, part):
    filler = {"k%d" % n: "value %d" % n for n in range(int(400_000 * part))}
    connection(path, [json.dumps({"type": "offer", "data": filler, "sdp": description(1, 2)}).encode()])


def many_descriptions(path, part):
    connection(path, [json.dumps({"type": "offer", "sdp": description(n, 2)}).encode()
                      for n in range(int(5000 * part))])


def many_sections(path, part):
    connection(path, [json.dumps({"type": "offer", "sdp": description(1, int(1000 * part))}).encode()])


SHAPES = {"json-10MB": large_json, "descriptions-5000": many_descriptions, "sections-1000": many_sections}
