# SPDX-License-Identifier: GPL-2.0-or-later
"""Signalling samples: what is said on the wire for each, and what is to be found of it.

Kind is what the sample says of its message, or what its dialect's source says where that is one word of prose. The path
is found by a walk of its own through the body. Call, from and to stand in PARTIES, read by hand out of the bodies by
the dialects' rules.
"""

import base64
import gzip
import json
import pathlib
import re
import struct
import urllib.parse
import zlib

SDP = "\r\n".join([
    "v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0", "a=ice-ufrag:oUfr", "a=ice-pwd:offerpassword0123456789ab", "a=setup:actpass", "a=mid:0",
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), ""])
ANSWER = SDP.replace("actpass", "active").replace("oUfr", "aUfr")
LINE = "candidate:1 1 udp 2122260223 192.0.2.10 54321 typ host"
FRAGMENT = ("a=ice-ufrag:oUfr\r\na=ice-pwd:offerpassword0123456789ab\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
            f"a={LINE}\r\n")
FINGERPRINT = ":".join(["AB"] * 32)


# ---- binary carriers ----

def protobuf(*fields):
    """Length-delimited fields (number, bytes or text); integers are varints below 128."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += bytes([number << 3, value])
            continue
        value = value.encode() if isinstance(value, str) else value
        length, head = len(value), bytes([number << 3 | 2])
        while length > 127:
            head += bytes([length & 127 | 128])
            length >>= 7
        out += head + bytes([length]) + value
    return out


def msgpack(value):
    """The MessagePack forms that are needed here."""
    if isinstance(value, dict):
        return bytes([0x80 | len(value)]) + b"".join(msgpack(k) + msgpack(v) for k, v in value.items())
    if isinstance(value, list):
        return bytes([0x90 | len(value)]) + b"".join(map(msgpack, value))
    if isinstance(value, int):
        return bytes([value])
    if isinstance(value, bytes):
        return b"\xc5" + struct.pack(">H", len(value)) + value
    value = value.encode()
    return bytes([0xA0 | len(value)]) + value if len(value) < 32 else b"\xda" + struct.pack(">H", len(value)) + value


def rumor(body, addresses=("/v2/x",), headers=(("X-TB-FROM-ADDRESS", "CID"),)):
    head = b"\0\0\2" + bytes([len(addresses)])
    head += b"".join(struct.pack(">H", len(a)) + a.encode() for a in addresses) + bytes([len(headers)])
    for name, value in headers:
        head += struct.pack(">H", len(name)) + name.encode() + struct.pack(">H", len(value)) + value.encode()
    data = head + body.encode()
    return struct.pack(">I", len(data)) + data


def supabase(body, topic="realtime:room1", event="broadcast"):
    parts = [b"1", b"3", topic.encode(), event.encode(), b"{}"]
    return bytes([3, *map(len, parts), 1]) + b"".join(parts) + body.encode()


def sip(start, sequence, body="", content_type="application/sdp"):
    text = (f"{start}\r\nVia: SIP/2.0/WSS abc.invalid;branch=z9hG4bK1\r\nFrom: <sip:alice@example>;tag=1\r\n"
            f"To: <sip:bob@example>;tag=2\r\nCall-ID: c1\r\nCSeq: {sequence}\r\nMax-Forwards: 70\r\n")
    return text + (f"Content-Type: {content_type}\r\n" if body else "") + f"Content-Length: {len(body)}\r\n\r\n{body}"


def jingle(action, inner):
    return (f"<iq xmlns='jabber:client' from='a@x/1' to='b@x/2' id='1' type='set'><jingle xmlns='urn:xmpp:jingle:1' "
            f"action='{action}' sid='bq4jlj2ke0i2e'>{inner}</jingle></iq>")


def quickblox(signal, inner):
    return ("<message to='222-9@chat.quickblox.com' from='111-9@chat.quickblox.com' type='headline' "
            "id='7'><extraParams xmlns='jabber:client'><sessionID>uuid</sessionID><callType>1</callType>"
            "<callerID>111</callerID><opponentsIDs>"
            f"<opponentID>222</opponentID></opponentsIDs>{inner}<moduleIdentifier>WebRTCVideoChat</moduleIdentifier>"
            f"<signalType>{signal}</signalType></extraParams></message>")


def describe(kind, sdp):
    return json.dumps({"type": kind, "sdp": sdp})


CANDIDATE = json.dumps({"candidate": LINE, "sdpMid": "0", "sdpMLineIndex": 0})
TRANSPORT = ("<content creator='initiator' name='0'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' "
             "ufrag='oUfr' pwd='offerpassword0123456789ab'><candidate component='1' foundation='1' "
             "ip='192.0.2.1' port='10000' priority='1' protocol='udp' type='host'/></transport></content>")
TEAMS = json.dumps({"callAcceptance": {"mediaContent": {"contentType": "application/sdp-ngc-1.0", "blob": ANSWER}}})
FIRESTORE = json.dumps({"writes": [{"update": {"name": "x/rooms/r1", "fields": {"offer": {"mapValue": {"fields": {
    "type": {"stringValue": "offer"}, "sdp": {"stringValue": SDP}}}}}}}]})
XML_SDP = SDP.replace("\r\n", "&#13;\n")

# Samples whose body is prose: the same made real. (frames or body, [(kind, path)]).
MADE = {
    ("amazon_chime", 0): (b"\x05" + protobuf((1, 1), (4, protobuf((6, SDP)))), [("offer", "$.4.6")]),
    ("azure_teams", 1): ('3:::' + json.dumps({"id": 1, "method": "POST", "url": "/call/acceptance/", "headers": {},
                         "body": base64.b64encode(gzip.compress(TEAMS.encode())).decode()}),
                         [("answer", "$.body~b64~gz.callAcceptance.mediaContent.blob")]),
    ("jitsi_meet", 3): (jingle("session-terminate", "<reason><success/></reason>"), []),
    ("mattermost_calls", 1): (msgpack({"action": "custom_com.mattermost.calls_sdp", "seq": 3, "data": {
        "data": zlib.compress(describe("offer", SDP).encode())}}), [("offer", "$.data.data~json.sdp")]),
    # the metadata is the first JSON text
    ("pubsub_carriers", 2): (supabase(describe("offer", SDP)), [("offer", "$#2.sdp")]),
    ("pubsub_carriers", 7): ("req0___data__=" + urllib.parse.quote(FIRESTORE), [
        ("offer", "$.req0___data__~form.writes[0].update.fields.offer.mapValue.fields.sdp.stringValue")]),
    ("quickblox", 0): (quickblox("call", f"<sdp>{XML_SDP}</sdp>"), [("offer", "$.extraParams.sdp")]),
    ("quickblox", 1): (quickblox("accept", f"<sdp>{XML_SDP.replace('actpass', 'active')}</sdp>"),
                       [("answer", "$.extraParams.sdp")]),
    ("quickblox", 2): (quickblox("iceCandidates",
                                 "<iceCandidates><iceCandidate><sdpMLineIndex>0</sdpMLineIndex><sdpMid>0"
                                 f"</sdpMid><candidate>{LINE}</candidate></iceCandidate></iceCandidates>"),
                       [("candidate", "$.extraParams.iceCandidates.iceCandidate.candidate")]),
    ("quickblox", 3): (quickblox("hangUp", ""), []),
    ("sip_websocket", 0): (sip("INVITE sip:bob@example SIP/2.0", "1 INVITE", SDP), [("offer", None)]),
    ("sip_websocket", 1): (sip("SIP/2.0 200 OK", "1 INVITE", ANSWER), [("answer", None)]),
    ("sip_websocket", 2): (sip("INFO sip:bob@example SIP/2.0", "2 INFO", FRAGMENT, "application/trickle-ice-sdpfrag"),
                           [("fragment", None)]),
    ("sip_websocket", 3): (sip("BYE sip:bob@example SIP/2.0", "3 BYE"), []),
    ("socketio_engineio", 5): ('42["signal",%s]\x1e42["signal",%s]' % (describe("offer", SDP), CANDIDATE),
                               [("offer", "$[1].sdp"), ("candidate", "$#2[1].candidate")]),
    ("xmpp_jingle", 3): (jingle("transport-info", TRANSPORT), [("fragment", "$.jingle.content.transport")]),
    ("xmpp_jingle", 4): (jingle("session-terminate", "<reason><success/></reason>"), []),
}
# Of others: descriptions that are members, or whose sample says the kind in prose.
SHAPED = {
    ("agora", 0): [("fragment", None)], ("agora", 1): [("fragment", None)],
    ("jitsi_meet", 0): [("offer", "$.jingle")],
    ("jitsi_meet", 1): [("fragment", None)],
    ("xmpp_jingle", 1): [("offer", "$.jingle")],
    ("xmpp_jingle", 2): [("answer", "$.jingle")],
    ("mediasoup_protoo", 2): [("offer", "$.data")], ("mediasoup_protoo", 3): [("answer", "$.data")],
    ("wire_signal", 2): [("fragment", "$")],
    # The same text under two names is one description; an end of candidates is a candidate message.
    ("discord", 1): [("offer", "$.d.data")],
    ("matrix_voip", 3): [("candidate", "$.candidates[0].candidate"), ("candidate", "$.candidates[1]")],
    ("janus", 6): [("candidate", None)], ("mdn_and_samples", 5): [("candidate", None)],
}
# The forms that the samples tell of beside: LiveKit's and Ably's binary ones, Firebase's split, plain TCP, MQTT.
BESIDE = {
    "livekit-offer": ("livekit", protobuf((1, protobuf((1, "offer"), (2, SDP)))), "offer", "$.1.2"),
    "livekit-server-offer": ("livekit", protobuf((3, protobuf((1, "offer"), (2, SDP), (3, 7)))), "offer", "$.3.2"),
    "livekit-answer": ("livekit", protobuf((2, protobuf((1, "answer"), (2, ANSWER)))), "answer", "$.2.2"),
    "livekit-trickle": ("livekit", protobuf((3, protobuf((1, CANDIDATE), (2, 1)))), "candidate",
                        "$.3.1~json.candidate"),
    "chime-compressed": ("generic", b"\x05" + protobuf((1, 1), (4, protobuf((9, gzip.compress(SDP.encode()))))),
                         "offer", "$.4.9"),
    "ably-msgpack": ("generic", msgpack({"action": 15, "channel": "room1", "messages": [
        {"name": "signal", "clientId": "a", "data": describe("offer", SDP)}]}), "offer", "$.messages[0].data~json.sdp"),
    "socketio-msgpack": ("socketio", msgpack({"type": 2, "data": ["signal", {"type": "offer", "sdp": SDP, "to": "b"}],
                                              "nsp": "/"}), "offer", "$.data[1].sdp"),
}


# Dialect, then call, from and to of the messages that matter, by number; None: the message does not say. Files whose
# messages name nobody are "generic" throughout.
SILENT = (None, None, None)
PARTIES = {
    "agora": ("agora", {0: ("room", "1", None), 1: SILENT}),
    "amazon_chime": ("generic", {0: SILENT}),
    "apprtc_collider": ("apprtc", {1: ("r", "12345678", None), 2: ("r", None, "2"), 3: SILENT, 4: SILENT, 5: SILENT}),
    "aws_kvs": ("aws-kvs", {0: ("arn:c", "cli", None), 1: ("arn:c", "v1", None), 2: ("arn:c", "cli", "v1")}),
    "azure_teams": ("teams", {0: ("1B459D65", "8:orgid:a", "8:orgid:b"), 1: SILENT}),
    "bigbluebutton": ("bigbluebutton", {0: ("st1", "1", None), **dict.fromkeys((1, 2, 3, 4), ("st1", None, None))}),
    "cloudflare_realtime": ("cloudflare", {0: SILENT, **dict.fromkeys((1, 2, 4, 5), ("e017", "e017", None))}),
    "demo_servers": ("generic", {**dict.fromkeys((0, 1, 2, 3), SILENT), 4: ("0.1", "0.1", None),
                                 5: ("0.1", None, "0.1")}),
    "discord": ("discord", {1: SILENT, 2: SILENT}),
    "janus": ("janus", {2: ("6737288169504714/6097213722420735", None, "1234"),
                        3: ("6737288169504714/6097213722420735", "6097213722420735", None),
                        4: ("6737288169504714/6097213722420735", None, None), 5: SILENT, 6: SILENT}),
    "jitsi_meet": (None, {0: ("bq4jlj2ke0i2e", "focus@auth.meet.example/focus", "a@meet.example/x"), 1: SILENT}),
    "livekit": ("livekit", {1: ("r7", "alice", None), 2: ("r7", None, "alice"), 3: ("r7", "alice", "PUBLISHER")}),
    "matrix_voip": ("matrix", {0: ("12345", "67890", "!r:hs"), 1: ("12345", "@a:hs/67890", None),
                               2: ("12345", "67891", None),
                               3: ("12345", "67890", None), 4: ("12345", "67890", None)}),
    "mattermost_calls": ("mattermost", {1: SILENT, 2: (None, None, "c1"), 3: SILENT, 4: (None, None, "c1")}),
    "mdn_and_samples": ("generic", {0: (None, "a", "b"), 1: (None, "b", "a"), 2: (None, None, "b"), 4: SILENT,
                                    5: SILENT}),
    "mediasoup_protoo": ("mediasoup", {2: ("r1", None, "p1"), 3: ("r1", "p1", None)}),
    "nextcloud_talk": (None, {2: ("123", None, "own"), 3: ("123", "own", None), 4: ("123", None, "own"),
                              5: ("1", None, "peer"),
                              6: (None, "peer", None)}),
    "peerjs": ("peerjs", {1: ("dc_1", "alice", "bob"), 2: ("dc_1", "alice", "bob"), 3: ("dc_1", "alice", "alice"),
                          4: ("dc_1", "alice", "bob")}),
    "pubsub_carriers": (None, {0: ("realtime:room1", None, None), 2: ("realtime:room1", None, None),
                               3: ("room1", "a", None), 4: ("private-room", None, None),
                               5: ("private-room", "u1", None), 6: ("/rooms/r1", None, None),
                               7: ("x/rooms/r1", None, None)}),
    "openai_realtime": (None, dict.fromkeys((0, 1, 2), SILENT)),
    "quickblox": ("quickblox", dict.fromkeys((0, 1, 2), ("uuid", "111-9@chat.quickblox.com",
                                                         "222-9@chat.quickblox.com"))),
    "simple_peer": (None, {0: SILENT, 1: SILENT, 4: ("s1", None, "peerSocketId")}),
    "sip_websocket": (None, {0: ("c1", "alice@example", "bob@example"), 1: ("c1", "bob@example", "alice@example")}),
    "snowflake": (None, {0: SILENT, 1: SILENT, 3: SILENT, 4: ("ymbcCMto7KHNGYlp", None, None)}),
    "socketio_engineio": ("socketio", {3: ("room1", None, None), 4: (None, "sid1", None), 5: SILENT}),
    "twilio_video": ("twilio-video", {1: ("room1", None, None), 2: ("pc1", None, None), 3: ("s", None, None)}),
    "twilio_voice": ("twilio-voice", {1: ("TJS1", None, "To=%2B1"), 2: ("CA1", None, None), 3: ("CA2", None, None),
                                      4: ("CA1", None, None)}),
    "verto": ("verto", {1: ("uuid2", "1000", "3500"), **dict.fromkeys((2, 3, 5), ("uuid2", None, None))}),
    "vonage_opentok": ("opentok", {2: ("SID", "CID", "x"), 3: ("SID", "CID", None), 4: ("SID", "CID", "x")}),
    "webtorrent_tracker": ("webtorrent", {0: ("Ãbinary20bytes", "-WW0100-abcdefghijkl", None), 1: ("..", "other", None),
                                          2: ("..", "me", "other")}),
    "whip_whep": (None, {0: SILENT, 1: ("/whip/room1/abc", None, None)}),
    "wire_signal": (None, {1: ("s", None, None), 2: (None, "u", None)}),
    "xmpp_jingle": ("jingle", {**dict.fromkeys((1, 2), ("bq4jlj2ke0i2e", "focus@auth.meet.example/focus",
                                                        "a@meet.example/x")),
                               3: ("bq4jlj2ke0i2e", "a@x/1", "b@x/2")}),
}
DIALECTS = {("demo_servers", 4): "webrtc-streamer", ("demo_servers", 5): "webrtc-streamer", ("jitsi_meet", 0): "jingle",
            ("nextcloud_talk", 2): "nextcloud-hpb", ("nextcloud_talk", 3): "nextcloud-hpb",
            ("nextcloud_talk", 4): "nextcloud-hpb", ("pubsub_carriers", 6): "firebase",
            ("pubsub_carriers", 7): "firestore",
            ("simple_peer", 4): "socketio", ("sip_websocket", 0): "sip", ("sip_websocket", 1): "sip",
            ("snowflake", 0): "snowflake", ("snowflake", 3): "snowflake", ("snowflake", 4): "snowflake",
            ("whip_whep", 0): "whip-whep", ("whip_whep", 1): "whip-whep", ("openai_realtime", 0): "whip-whep",
            ("openai_realtime", 2): "whip-whep", ("wire_signal", 1): "wire"}
# Bodies whose media type says what they are, and which no dialect speaks of.
NAMELESS = (("sip_websocket", 2), ("whip_whep", 2))


def dialect_of(name, number):
    return DIALECTS.get((name, number)) or PARTIES.get(name, (None,))[0] or "generic"


# ---- truth out of a body ----

def is_description(text):
    return text.startswith("v=0") and "\nm=" in text


def found_in_text(text, path, at_top=False):
    """(class, path) of what a string holds: description, candidate, fragment, or nested texts."""
    if is_description(text):
        return [("description", path, text)]
    if re.match(r"(a=)?candidate:\S+ .* typ ", text):
        return [("candidate", path, text)]
    if re.search(r"^a=(fingerprint:sha|ice-ufrag:|candidate:)", text, re.M) and "{" not in text:
        return [("fragment", path, text)]
    for step, opened in opened_from(text):
        try:
            found = found_in(json.loads(opened), path + ("" if at_top and step == "~json" else step))
        except ValueError:
            continue
        if found:
            return found
    return []


def opened_from(text):
    yield "~json", text
    match = re.match(r"[^\[{]{1,80}(?=[\[{])", text)
    if match:
        yield "~json", text[match.end():]
    try:
        yield "~b64", base64.b64decode(text, validate=True).decode()
    except ValueError:
        pass


def found_in(value, path):
    out = []
    if isinstance(value, str):
        return found_in_text(value, path)
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        step = f"[{key}]" if isinstance(key, int) else f".{key}" if re.fullmatch(r"[\w$-]+", key) else f'["{key}"]'
        out += found_in(member, path + step)
    return out


def kind_of(word, shape, text):
    """The kind that the sample's word says; of several offers in one message each is one."""
    if shape == "candidate":
        return "candidate"
    if re.search(r"answer|aiortc.*answer", word):
        return "answer"
    if "offer" in word:
        return "offer"
    if "sdp" in word or shape == "fragment":
        return "fragment" if shape == "fragment" else None
    setup = re.search(r"a=setup:(\w+)", text)
    return {"actpass": "offer", "active": "answer", "passive": "answer"}.get(setup[1]) if setup else None


def wanted_of(name, number, message, body):
    if (name, number) in MADE:
        return MADE[name, number][1]
    if (name, number) in SHAPED:
        return SHAPED[name, number]
    if not body or body.startswith("<"):
        return []
    top = is_description(body) or body.startswith(("candidate:", "a="))
    found = found_in_text(body, None if top else "$", at_top=True)
    return [(kind_of(message["kind"], shape, text), path) for shape, path, text in found]


# ---- what is said ----

TOKEN = ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in (
    '{"alg":"HS256"}', '{"sub":"alice","video":{"room":"r7","roomJoin":true}}', "x" * 32))
URLS = {
    "livekit": f"/rtc?access_token={TOKEN}&protocol=16",
    "mediasoup_protoo": "/?roomId=r1&peerId=p1", "peerjs": "/peerjs?key=peerjs&id=alice&token=t",
    "bigbluebutton": "/bbb-webrtc-sfu?sessionToken=st1", "aws_kvs": "/?X-Amz-ChannelARN=arn%3Ac&X-Amz-ClientId=cli",
    "socketio_engineio": "/socket.io/?EIO=4&transport=websocket", "mattermost_calls": "/api/v4/websocket",
}
SUBPROTOCOLS = {"sip_websocket": "sip", "mediasoup_protoo": "protoo", "xmpp_jingle": "xmpp", "jitsi_meet": "xmpp",
                "quickblox": "xmpp", "janus": "janus-protocol"}


def encoded(data):
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def content_type_of(carrier, name, body):
    declared = re.search(r"(application|text)/[\w+.-]+", carrier)
    if declared:
        return declared[0]
    if "x-www-form-urlencoded" in carrier:
        return "application/x-www-form-urlencoded"
    return "application/json" if body[:1] in "{[" else "text/plain;charset=UTF-8"


def over_http(name, carrier, up, body):
    method = re.search(r"\b(POST|PUT|PATCH|DELETE|GET)\b", carrier)
    path = re.search(r"\.{0,3}(/\S*)", re.sub(r"(application|text|multipart)/\S+", "", carrier))
    url = path[1] if path else "/x"
    item = {"way": "http", "method": method[1] if method else "POST", "url": "/_matrix/client/v3" + url
            if name == "matrix_voip" else "/apps/a" + url if name == "cloudflare_realtime" else url, "headers": {}}
    if name == "cloudflare_realtime":
        at = item["url"].split("/")[-2:]
        item["url"] = "/apps/a/sessions/" + ("new" if "sessions" in at or "201" in carrier else
                                             "e017/renegotiate" if "renegotiate" in at else "e017/tracks/new")
    kind = content_type_of(carrier, name, body)
    if "multipart" in carrier:
        kind = "multipart/form-data; boundary=b0undary"
        body = f'--b0undary\r\nContent-Disposition: form-data; name="sdp"\r\n\r\n{body}\r\n--b0undary\r\n' \
               'Content-Disposition: form-data; name="session"\r\n\r\n{"model":"m"}\r\n--b0undary--\r\n'
    if up:
        item.update(method="POST" if item["method"] == "GET" else item["method"], body=encoded(body))
        item["headers"]["Content-Type"] = kind
    else:
        headers = {"Content-Type": kind}
        location = re.search(r"Location: (\S+?),", carrier)
        if location:
            headers["Location"] = location[1]
        item.update(answer=encoded(body), answerHeaders=headers, status=201 if "201" in carrier else 200)
    return item


def exchange_of(name, message, body):
    carrier, up = message["carrier"], not message["dir"].startswith("S>")
    if re.search(r"\b(POST|PUT|PATCH|DELETE|GET|200|201|REST|multipart|application/sdp)\b|text/plain", carrier) \
            and "ws" not in carrier.split():
        return over_http(name, carrier, up, body)
    data = rumor(body) if carrier.startswith("rumor") else body
    return {"way": "ws", "url": URLS.get(name, "/ws"), "subprotocol": SUBPROTOCOLS.get(name), "frames": [
        {"from": "client" if up else "server", "binary": isinstance(data, bytes), "data": encoded(data)}]}


def samples(folder):
    """Every body: {id, exchange, wanted [(kind, path)], name, number}."""
    out = []
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        name = path.stem
        for number, message in enumerate(json.loads(path.read_text(encoding="utf-8")).get("messages", [])):
            body = message.get("body") or ""
            body = body if isinstance(body, str) else json.dumps(body)
            body = MADE[name, number][0] if (name, number) in MADE else body
            if not body:
                continue
            body = body.replace('"uri": "..."', '"uri": "/v2/partner/KEY/session/SID/stream/ST"') \
                if name == "vonage_opentok" else body
            wanted = wanted_of(name, number, message, body if isinstance(body, str) else "")
            if name in ("whip_whep", "openai_realtime", "sip_websocket") and isinstance(body, str):
                body = re.sub(r"\r?\n", "\r\n", body)
            out.append({"id": f"{name}[{number}]", "name": name, "number": number, "wanted": wanted,
                        "label": message["kind"],
                        "exchange": exchange_of(name, message, body)})
    return out


def beside():
    """The same of BESIDE: no sample has these bytes, so they are always there."""
    parties = {"livekit-offer": ("r7", "alice", None), "livekit-trickle": ("r7", "alice", None),
               "livekit-answer": ("r7", "alice", None), "livekit-server-offer": ("r7", None, "alice"),
               "chime-compressed": SILENT,
               "ably-msgpack": ("room1", "a", None), "socketio-msgpack": (None, None, "b")}
    announced = f"/><fingerprint hash='sha-256' setup='actpass'>{FINGERPRINT}</fingerprint></transport>"
    stanza = jingle("session-initiate", TRANSPORT.replace("/></transport>", announced))
    bosh = {"way": "http", "method": "POST", "url": "/http-bind",
            "headers": {"Content-Type": "text/xml; charset=utf-8"},
            "body": encoded(f"<body rid='1' sid='2' xmlns='http://jabber.org/protocol/httpbind'>{stanza}</body>")}
    return [{"id": "jingle-bosh", "name": "jingle", "parties": ("bq4jlj2ke0i2e", "a@x/1", "b@x/2"), "label": "offer",
             "wanted": [("offer", "$.iq.jingle.content.transport")], "exchange": bosh},
            *({"id": key, "name": name, "parties": parties[key], "wanted": [(kind, path)], "label": kind, "exchange": {
                "way": "ws", "url": URLS.get(name, "/ws"), "frames": [
                    {"from": "server" if "server" in key else "client", "binary": True, "data": encoded(data)}]}}
              for key, (name, data, kind, path) in BESIDE.items())]
