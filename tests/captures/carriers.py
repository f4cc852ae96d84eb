# SPDX-License-Identifier: GPL-2.0-or-later
"""The same messages over other carriers than the ones their systems use: HTTP/2, MQTT, XMPP over TCP, JSON over TCP.

The path of what is found depends on the body alone, so what is wanted of a message stays the same."""

import base64
import struct

import signalling

STREAM = ("<?xml version='1.0'?><stream:stream to='x' version='1.0' xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams'>")
TOPIC = "calls/7/signalling"
DIRECTIONS = {"client": "emitted", "server": "delivered"}


def digits(number):
    """A length as MQTT (2.2.3) writes it."""
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def text(data):
    return struct.pack(">H", len(data)) + data.encode()


def mqtt(first, body):
    return bytes([first]) + digits(len(body)) + body


def hello(version=4):
    """CONNECT of MQTT 3.1.1 (4) or 5.0 (5)."""
    return mqtt(0x10, text("MQTT") + bytes([version, 2, 0, 60]) + (b"\0" if version == 5 else b"") + text("me"))


def publish(topic, payload, properties=None):
    """PUBLISH; properties: those of MQTT 5.0, encoded."""
    head = text(topic) + (digits(len(properties)) + properties if properties is not None else b"")
    return mqtt(0x30, head + (payload if isinstance(payload, bytes) else payload.encode()))


def frame(speaker, data):
    return {"from": speaker, "data": signalling.encoded(data)}


def said_over(item, way, frames, decode=None):
    return {**item, "id": f"{item['id']} over {way}", "carrier": way, "decode": decode,
            "direction": DIRECTIONS[frames[-1]["from"]],
            "exchange": {"way": "tcp", "cut": 700, "frames": frames}}


def of_message(item):
    """What one WebSocket message says, over TCP."""
    (one,) = item["exchange"]["frames"]
    data, speaker = base64.b64decode(one["data"]), one["from"]
    if data[:1] == b"<":
        yield said_over(item, "xmpp", [frame(s, STREAM) for s in ("client", "server")] + [frame(speaker, data)], "xmpp")
    elif data[:1] in b"{[" and not one.get("binary"):
        yield said_over(item, "mqtt", [frame("client", hello()), frame("server", mqtt(0x20, b"\0\0")),
                                       frame(speaker, publish(TOPIC, data))], "mqtt")
        yield said_over(item, "tcp", [frame(speaker, data + b"\n")])


def variants(items):
    """The same of them over every carrier that can carry them."""
    out = []
    for item in items:
        exchange = item["exchange"]
        if exchange["way"] == "http":
            out.append({**item, "id": f"{item['id']} over http2", "carrier": "http2", "decode": None,
                        "direction": DIRECTIONS["client" if exchange.get("body") else "server"],
                        "exchange": {**exchange, "way": "http2"}})
        elif exchange["way"] == "ws" and len(exchange["frames"]) == 1:
            out += of_message(item)
    return out
