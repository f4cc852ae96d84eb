# SPDX-License-Identifier: GPL-2.0-or-later
"""Files in which parties state what they sent and were sent, made from the signalling of captures; and those captures
without it.

Signalling is taken out of WebSocket connections here, byte by byte (RFC 6455), not by the plugins: what the files say
is what the wire said.
"""

import base64
import dataclasses
import datetime
import functools
import gzip
import html
import json
import struct

import tshark


@dataclasses.dataclass(frozen=True)
class Message:
    client: str
    sent: bool  # by the client
    time: float
    text: str

    @property
    def body(self):
        return json.loads(self.text)


def frames(data):
    """(offset, payload) of the text messages of one direction, behind the HTTP head."""
    at = data.index(b"\r\n\r\n") + 4
    while at + 2 <= len(data):
        start, length, masked = at, data[at + 1] & 127, data[at + 1] & 128
        opcode = data[at] & 15
        at += 2
        if length == 126:
            length, at = struct.unpack_from(">H", data, at)[0], at + 2
        elif length == 127:
            length, at = struct.unpack_from(">Q", data, at)[0], at + 8
        key = data[at : at + 4] if masked else bytes(4)
        at += 4 if masked else 0
        payload = bytes(byte ^ key[i % 4] for i, byte in enumerate(data[at : at + length]))
        at += length
        if opcode == 1:
            yield start, payload.decode()


@functools.cache
def messages(capture):
    """All of a capture's WebSocket messages, in the order of time."""
    fields = ["frame.time_epoch", "ip.src", "ip.dst", "tcp.stream", "tcp.seq", "tcp.payload"]
    listing = tshark.run(["-r", tshark.readable(capture), "-Y", "tcp.len > 0", "-T", "fields",
                          *[word for field in fields for word in ("-e", field)]], plugins=False)
    sides = {}
    for line in listing.stdout.splitlines():
        time, source, _, stream, sequence, payload = line.split("\t")
        side = sides.setdefault((stream, source), {})
        side.setdefault(int(sequence), (float(time), bytes.fromhex(payload.replace(":", ""))))
    found, clients = [], {}
    for (stream, source), parts in sides.items():
        data, times = b"", []
        for _, (time, part) in sorted(parts.items()):
            times.append((len(data), time))
            data += part
        sides[stream, source] = data, times
        if data.startswith(b"GET ") and b"upgrade: websocket" in data.split(b"\r\n\r\n")[0].lower():
            clients[stream] = source
    for (stream, source), (data, times) in sides.items():
        for offset, text in frames(data) if stream in clients else ():
            time = next(when for begin, when in reversed(times) if begin <= offset)
            found.append(Message(clients[stream], source == clients[stream], time, text))
    return tuple(sorted(found, key=lambda message: message.time))


def of(capture, client):
    return [message for message in messages(capture) if message.client == client]


@functools.cache
def datagrams(capture, condition="udp"):
    """The capture without its signalling."""
    target = tshark.private_folder() / "home" / f"{capture.stem}.{abs(hash(condition)):x}.pcapng"
    tshark.require_clean(tshark.run(["-r", tshark.readable(capture), "-Y", condition, "-w", target], plugins=False))
    return target


# ---- what browsers and servers make of it ----


def har(said):
    messages_said = [{"type": "send" if m.sent else "receive", "time": m.time, "opcode": 1, "data": m.text}
                     for m in said]
    request = {"method": "GET", "url": "wss://app.example/ws", "headers": [{"name": "User-Agent", "value": "Test/1"}]}
    entry = {"_resourceType": "websocket", "_webSocketMessages": messages_said, "time": 1,
             "startedDateTime": "2026-11-22T00:00:00Z", "request": request,
             "response": {"status": 101, "headers": [], "content": {"size": 0}}}
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "test"}, "entries": [entry]}})


def har_of_bodies(said):
    """The same as if it had gone by HTTP: each message sent in a request, or got in a response."""
    entries = []
    for m in said:
        request = {"method": "POST", "url": "https://app.example/call", "headers": []}
        content = {"mimeType": "application/json"}
        if m.sent:
            request["postData"] = {"mimeType": "application/json", "text": m.text}
        else:
            content.update(text=base64.b64encode(m.text.encode()).decode(), encoding="base64")
        moment = datetime.datetime.fromtimestamp(m.time, datetime.timezone.utc).isoformat()
        entries.append({"startedDateTime": moment, "time": 0.5, "request": request,
                        "response": {"status": 200, "headers": [], "content": content}})
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def events(said):
    """What an RTCPeerConnection was told: (time, method, value)."""
    for m in said:
        body = m.body
        if body.get("type") in ("offer", "answer"):
            method = "setLocalDescription" if m.sent else "setRemoteDescription"
            yield m.time, method, {"type": body["type"], "sdp": body["sdp"]}
        elif isinstance(body.get("candidate"), dict):
            yield m.time, "icecandidate" if m.sent else "addIceCandidate", body["candidate"]


def as_text(value):
    if "sdp" in value:
        return f"type: {value['type']}, sdp: {value['sdp']}"
    return (f"sdpMid: {value.get('sdpMid')}, sdpMLineIndex: {value.get('sdpMLineIndex')}, "
            f"candidate: {value['candidate']}")


def internals(said, write=json.dumps, stats=None):
    log = [{"time": time * 1000, "type": method, "value": write(value)} for time, method, value in events(said)]
    connection = {"pid": 7, "url": "https://app.example/", "stats": stats or {}, "updateLog": log}
    return json.dumps({"getUserMedia": [], "PeerConnections": {"7-1": connection}, "UserAgent": "Test/1"})


def old_internals(said):
    return internals(said, as_text)


def implicit_internals(said):
    """setLocalDescription() without a description: it stands in what createOffer() or createAnswer() gave."""
    document = json.loads(internals(said))
    log = []
    for event in document["PeerConnections"]["7-1"]["updateLog"]:
        if event["type"] == "setLocalDescription":
            kind = json.loads(event["value"])["type"].capitalize()
            log += [{**event, "type": f"create{kind}OnSuccess"}, {**event, "value": ""},
                    {**event, "type": "setLocalDescriptionOnSuccess", "value": ""}]
        else:
            log.append(event)
    document["PeerConnections"]["7-1"]["updateLog"] = log
    return json.dumps(document)


def rtcstats(said):
    """Version 3: numbers for methods, differences of times."""
    numbers = {"setLocalDescription": 6, "setRemoteDescription": 8, "icecandidate": 20, "addIceCandidate": 10}
    lines, before = ["RTCStatsDump", json.dumps({"fileFormat": 3, "userAgent": "Test/1"})], 0
    for time, method, value in events(said):
        now = int(time * 1000)
        lines.append(json.dumps([numbers[method], "PC_0", value, f"{numbers[method]}-0", now - before]))
        before = now
    return "\n".join(lines) + "\n"


def old_rtcstats(said):
    """As older servers wrote them: names, and times by themselves."""
    names = {"icecandidate": "onicecandidate"}
    return "".join(json.dumps([names.get(method, method), "PC_0", value, int(time * 1000)]) + "\n"
                   for time, method, value in events(said))


def firefox(said):
    history = [{"timestamp": time * 1000, "isLocal": method == "setLocalDescription", "sdp": value["sdp"], "errors": []}
               for time, method, value in events(said) if "sdp" in value]
    return json.dumps({"reports": [{"pcid": "1 (id=1 url=https://app.example/)", "sdpHistory": history,
                                    "offerer": True, "localSdp": "", "remoteSdp": ""}]})


def saved_page(said):
    parts = []
    for _, method, value in events(said):
        if "sdp" in value:
            whose = "Local" if method == "setLocalDescription" else "Remote"
            parts.append(f"<h5>{whose} SDP</h5><pre>{html.escape(value['sdp'])}</pre>")
    return "<!DOCTYPE html><html><body><h1>about:webrtc</h1>\n" + "\n".join(parts) + "\n</body></html>\n"


def stamp(time):
    return datetime.datetime.fromtimestamp(time, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")


def text_log(said):
    """Each line with its time before it."""
    lines = []
    for time, method, value in events(said):
        if "sdp" not in value:
            continue
        lines.append(f"[{stamp(time)}] INFO  {method}")
        lines += [f"[{stamp(time)}] INFO  {line}" for line in value["sdp"].splitlines()]
    return "\n".join(lines) + f"\n[{stamp(said[-1].time)}] INFO  done\n"


def json_log(said):
    return "".join(json.dumps({"ts": time, "level": "info", "msg": method, "description": value}) + "\n"
                   for time, method, value in events(said) if "sdp" in value)


def escaped_log(said):
    lines = [f"{stamp(time)} {method} type={value['type']} sdp=\"{value['sdp']}\""
             for time, method, value in events(said) if "sdp" in value]
    return "".join(line.replace("\r", "\\r").replace("\n", "\\n") + "\n" for line in lines)


def packed(make):
    return lambda said: gzip.compress(make(said).encode())


FORMS = {"har": har, "har-bodies": har_of_bodies, "internals": internals, "internals-old": old_internals,
         "internals-implicit": implicit_internals, "internals.gz": packed(internals), "rtcstats": rtcstats,
         "rtcstats-old": old_rtcstats, "firefox": firefox, "firefox-page": saved_page, "log": text_log,
         "log-json": json_log, "log-escaped": escaped_log}
