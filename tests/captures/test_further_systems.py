# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages of further systems, as documents and memory have them (data/further_systems.json), are found with kind,
fingerprint, credentials, candidates and names; JSON record, tree and report say the same of each; and what only looks
like a message (data/false_friends.json) is none. About 5 s.

In the data {"$json": …}, {"$base64": …} and the like stand for what is written so; a text "$OFFER" for a description.
"""

import base64
import collections
import gzip
import json
import pathlib
from xml.etree import ElementTree

import packets
import pytest
import tshark
from carriers import hello, publish
from signalling import LINE, msgpack, protobuf
from test_signal import frame

DATA = pathlib.Path(__file__).with_name("data")
CLIENT, SERVER, FIRST_PORT = "10.1.0.2", "10.1.0.9", 20000
FOUND = ("kind", "call", "from", "to")


def places(number):
    """What stands for the placeholders in a message, its own: else they would be one description, or one call."""
    fingerprint = ":".join(["5C"] * 30 + [f"{number >> 8:02X}", f"{number & 255:02X}"])
    ufrag, password = f"uF{number:05}", f"passwordof24character{number:05}"
    offer = "\r\n".join([
        "v=0", f"o=- {4815162342 + number} 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{password}",
        "a=ice-options:trickle", f"a=fingerprint:sha-256 {fingerprint}", "a=setup:actpass", "a=mid:0", "a=sendrecv",
        "a=rtcp-mux", "a=rtpmap:111 opus/48000/2", ""])
    return {"$OFFER": offer, "$ANSWER": offer.replace("actpass", "active"), "$LINE": LINE, "$FINGERPRINT": fingerprint,
            "$UFRAG": ufrag, "$PASSWORD": password}


def as_bytes(value):
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))).encode()


def counted(data):
    """Behind its length, as Protocol Buffers write one message after the other."""
    return bytes([len(data) & 127 | 128, len(data) >> 7]) + data if len(data) > 127 else bytes([len(data)]) + data


WRITTEN = {
    "$json": lambda v: json.dumps(v, separators=(",", ":")),
    "$base64": lambda v: base64.b64encode(as_bytes(v)).decode(),
    "$gzip": lambda v: gzip.compress(as_bytes(v), mtime=0),
    "$hex": lambda v: as_bytes(v).hex(),
    "$numbers": lambda v: list(as_bytes(v)),
    "$bytes": as_bytes,
    "$cat": "".join,
    "$protobuf": lambda v: protobuf(*v),
    "$counted": counted,
    "$msgpack": msgpack,
}


def made(value, standing):
    """What the data says, written out."""
    if isinstance(value, str):
        return standing.get(value, value)
    if isinstance(value, list):
        return [made(v, standing) for v in value]
    if not isinstance(value, dict):
        return value
    name = next(iter(value), None)
    if name in WRITTEN:
        return WRITTEN[name](made(value[name], standing))
    return {key: made(v, standing) for key, v in value.items()}


def say_over_websocket(connection, message, body):
    words = message["carrier"].split()
    path = next((w for w in words[1:] if w[0] == "/"), "/ws")
    head = {"Upgrade": "websocket", "Connection": "Upgrade"}
    agreed = {"Sec-WebSocket-Protocol": w[4:] for w in words if w.startswith("sub=")}
    connection.up(packets.http(f"GET {path} HTTP/1.1", {
        "Host": "h.example", **head, "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        **agreed}))
    connection.down(packets.http("HTTP/1.1 101 Switching Protocols", {
        **head, "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", **agreed}))
    up = message["way"] == "up"
    (connection.up if up else connection.down)(frame(body, up, opcode=2 if "bin" in words else 1))


def say_over_http(connection, message, body):
    first, rest = message["carrier"].split(" ", 1)
    if first.isdigit():
        connection.up(packets.http("GET /x HTTP/1.1", {"Host": "h.example"}))
        kind, chunked = rest.removesuffix(" chunked"), rest.endswith(" chunked")
        if chunked:
            connection.down(packets.http(f"HTTP/1.1 {first} OK", {
                "Content-Type": kind, "Transfer-Encoding": "chunked"}))
            connection.down(b"%x\r\n" % len(body) + body + b"\r\n")
        else:
            connection.down(packets.http(f"HTTP/1.1 {first} OK", {"Content-Type": kind}, body))
        return
    path, _, kind = rest.partition(" ")
    connection.up(packets.http(f"{first} {path} HTTP/1.1", {
        "Host": "h.example", **({"Content-Type": kind} if kind else {})}, body))
    connection.down(packets.http("HTTP/1.1 204 No Content", {}))


def say(capture, message, port):
    """One message on a connection of its own."""
    way, up = message["carrier"].split()[0], message["way"] == "up"
    body = as_bytes(made(message["body"], places(port - FIRST_PORT)))
    if way == "udp":
        there = int(message["carrier"].split()[1])
        ends = ((CLIENT, port), (SERVER, there))
        capture.packets.append(packets.udp(*(ends if up else ends[::-1]), body))
        return
    there = {"mqtt": 1883, "tcp": 9998}.get(way, 8080)
    connection = capture.connect((CLIENT, port), (SERVER, there))
    if way == "ws":
        say_over_websocket(connection, message, body)
    elif way == "mqtt":
        connection.up(hello())
        connection.down(b"\x20\x02\0\0")
        (connection.up if up else connection.down)(publish(message["carrier"].split()[1], body))
    elif way == "tcp":
        (connection.up if up else connection.down)(body)
    else:
        say_over_http(connection, message, body)


def port_of(endpoint):
    return int(endpoint.rsplit(":", 1)[1])


def captured(name, folder):
    """(messages, capture) of a file of data; the message at FIRST_PORT + n is number n."""
    messages = json.loads((DATA / name).read_text(encoding="utf-8"))
    capture = packets.Capture()
    for number, message in enumerate(messages):
        say(capture, message, FIRST_PORT + number)
    return messages, capture.write(folder / f"{name}.pcap")


def number_of(ports):
    return next(int(p) - FIRST_PORT for p in ports if int(p) >= FIRST_PORT)


def layers_in(capture):
    """number of the message -> (signal layers, sdp layers), each {field: [values]} of its own, in order."""
    result = tshark.run(["-n", "-r", tshark.readable(capture), "-Y", "webrtc_signal or webrtc_sdp", "-T", "pdml"])
    tshark.require_clean(result)
    out = collections.defaultdict(lambda: ([], []))
    for packet in ElementTree.fromstring(result.stdout):
        ports = [f.get("show") for proto in ("tcp", "udp") for end in ("srcport", "dstport")
                 for f in packet.findall(f".//field[@name='{proto}.{end}']")]
        for place, proto in enumerate(("webrtc_signal", "webrtc_sdp")):
            for layer in packet.findall(f".//proto[@name='{proto}']"):
                fields = collections.defaultdict(list)
                for field in layer.iter("field"):
                    if field.get("name", "").startswith(proto + "."):
                        fields[field.get("name")[len(proto) + 1:]].append(field.get("show"))
                out[number_of(ports)][place].append(fields)
    return out


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    messages, capture = captured("further_systems.json", tmp_path_factory.mktemp("further"))
    return messages, capture, layers_in(capture), tshark.report(tshark.readable(capture))


def test_messages_are_found(told):
    messages, _, layers, _ = told
    lines = []
    for number, message in enumerate(messages):
        signals, sdps = layers[number]
        named = [{"kind": f["kind"][0], **{k: (f[k] or [None])[0] for k in FOUND[1:]}} for f in signals if f["kind"]]
        described = [f for f in sdps if f["fingerprint"]]
        wanted = 0 if message["kind"] == "candidate" else 1
        candidates = message.get("candidates", int(message["kind"] == "candidate"))
        if len(described) != wanted:
            lines.append(f"{number} {message['system']}: {len(described)} descriptions, not {wanted}")
        if sum(n["kind"] == "candidate" for n in named) != candidates:
            lines.append(f"{number} {message['system']}: {named}, not {candidates} candidates")
        said = places(number)
        if wanted and described and (
                described[0]["kind"][0] != message["kind"] or set(described[0]["ice_ufrag"]) - {said["$UFRAG"]}
                or not any(said["$FINGERPRINT"] in v for v in described[0]["fingerprint"])):
            lines.append(f"{number} {message['system']}: {dict(described[0])}")
        lines += [f"{number} {message['system']}: {key} {one[key]}, not {message[key]}" for one in named
                  for key in FOUND[1:] if key in message and one[key] != message[key]]
    assert not lines, "\n".join(lines)


def of_record(record):
    parts = [record, *record["sections"]]
    return {"kind": record["kind"],
            "fingerprints": {f["value"] for p in parts for f in p.get("fingerprints", [])},
            "ufrags": {p["ice_ufrag"] for p in parts if p.get("ice_ufrag")},
            "setups": {p["setup"] for p in parts if p.get("setup")},
            "media": [p["media"] for p in record["sections"]]}


def of_layer(fields):
    return {"kind": fields["kind"][0], "fingerprints": {v.split(" ")[-1] for v in fields["fingerprint"]},
            "ufrags": set(fields["ice_ufrag"]), "setups": set(fields["setup"]), "media": fields["media"]}


def test_views_say_the_same(told):
    """Record, tree and report of each description: kind, sections, fingerprints, credentials, role."""
    messages, capture, layers, report = told
    text = " ".join(tshark.text_report(capture).split())
    records = collections.defaultdict(list)
    for record in report.descriptions:
        records[number_of([port_of(record["src"]), port_of(record["dst"])])].append(record)
    lines = []
    for number, message in enumerate(messages):
        shown = [of_layer(f) for f in layers[number][1] if f["kind"][0] != "candidate" and f["fingerprint"]]
        recorded = [of_record(r) for r in records[number]]
        if shown != recorded:
            lines.append(f"{number} {message['system']}: tree {shown}, record {recorded}")
        kinds = {f["kind"][0] for f in layers[number][0] if f["kind"] and f["kind"][0] != "candidate"}
        if recorded and kinds and kinds != {r["kind"] for r in recorded}:
            lines.append(f"{number} {message['system']}: signal {kinds}, record {recorded}")
        lines += [f"{number} {message['system']}: not in the report" for r in records[number]
                  if f"frame {r['frame']}, {r['kind']} from {r['src']} to {r['dst']}" not in text]
    assert len(report.descriptions) > 100
    assert not lines, "\n".join(lines)


def test_false_friends_are_none(tmp_path):
    messages, capture = captured("false_friends.json", tmp_path)
    found = layers_in(capture)
    assert not [messages[number]["system"] for number, (signals, sdps) in found.items()
                if sdps or any(f["kind"] for f in signals)]
    report = tshark.report(tshark.readable(capture))
    assert not report.descriptions
    assert not [f for f in report.findings if f["severity"] == "error"]
    assert len(messages) >= 60
