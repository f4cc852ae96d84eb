# SPDX-License-Identifier: GPL-2.0-or-later
"""What takes more than one message, or more than a message's body, to be understood: exchanges as the systems'
published sources make them, each with all that is to be found on its connection: (kind, path, dialect, call, from, to),
in order.

Kind None stands for any; messages that say a party comes or goes (join, bye) are among what is found.
"""

import base64
import gzip
import json
import urllib.parse
import zlib

import signalling
from signalling import ANSWER, CANDIDATE, FINGERPRINT, LINE, SDP, describe, msgpack

TRANSPORT = {"id": "t1", "iceParameters": {"usernameFragment": "srvu", "password": "srvp0123456789abcdef012345",
                                           "iceLite": True},
             "iceCandidates": [{"foundation": "udpcandidate", "priority": 1, "ip": "192.0.2.1", "protocol": "udp",
                                "port": 40000, "type": "host"}],
             "dtlsParameters": {"role": "auto", "fingerprints": [{"algorithm": "sha-256", "value": FINGERPRINT}]}}


def ws(*frames, url="/ws", subprotocol=None):
    """Frames: (speaker, body), where a body is bytes for a binary message, text, or what JSON says."""
    out = []
    for speaker, body in frames:
        body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        out.append({"from": {"C": "client", "S": "server"}[speaker], "binary": isinstance(body, bytes),
                    "data": signalling.encoded(body)})
    return {"way": "ws", "url": url, "subprotocol": subprotocol, "frames": out}


def rpc(number, method=None, **members):
    return {"jsonrpc": "2.0", "id": number, **({"method": method} if method else {}), **members}


def post(url, body, content_type="text/plain;charset=UTF-8"):
    return {"way": "http", "method": "POST", "url": url, "body": signalling.encoded(body),
            "headers": {"Content-Type": content_type}}


def answers():
    """An answer's request tells its call and parties (JSON-RPC 2.0 5; protoo; Socket.IO's acknowledgements; Agora)."""
    def ask(number, room, who):
        return rpc(number, "publish", params={"room": room, "from": who, "sdp": SDP})
    yield "rpc-ion-sfu", ws(
        ("C", rpc("x1", "join", params={"sid": "hall", "uid": "u1", "offer": {"type": "offer", "sdp": SDP}})),
        ("S", rpc("x1", result={"type": "answer", "sdp": ANSWER}))), [
            ("offer", "$.params.offer.sdp", "generic", "hall", "u1", None),
            ("answer", "$.result.sdp", "generic", "hall", None, "u1")]
    yield "rpc-verto", ws(
        ("C", rpc(2, "verto.invite", params={"sdp": SDP, "dialogParams": {
            "callID": "c2", "destination_number": "3500", "caller_id_number": "1000"}})),
        ("S", rpc(2, result={"message": "CALL CREATED", "callID": "c2", "sdp": ANSWER}))), [
            ("offer", "$.params.sdp", "verto", "c2", "1000", "3500"),
            ("answer", "$.result.sdp", "verto", "c2", "3500", "1000")]
    # Two calls of one connection, answered the other way round; both sides count from 1; an id of the other type is
    # another.
    yield "rpc-two-calls", ws(
        ("C", ask(1, "red", "a")), ("C", ask(2, "blue", "b")), ("S", ask(1, "green", "c")),
        ("S", rpc(2, result={"sdp": ANSWER})), ("S", rpc("1", result={"sdp": ANSWER})),
        ("C", rpc(1, result={"sdp": ANSWER})),
        ("S", rpc(1, result={"sdp": ANSWER})), ("S", rpc(1, result={"sdp": ANSWER}))), [
            ("offer", "$.params.sdp", "generic", "red", "a", None),
            ("offer", "$.params.sdp", "generic", "blue", "b", None),
            ("offer", "$.params.sdp", "generic", "green", "c", None),
            ("answer", "$.result.sdp", "generic", "blue", None, "b"),
            ("answer", "$.result.sdp", "generic", None, None, None),
            ("answer", "$.result.sdp", "generic", "green", None, "c"),
            ("answer", "$.result.sdp", "generic", "red", None, "a"),
            ("answer", "$.result.sdp", "generic", None, None, None)]
    yield "rpc-one-id-for-all", ws(
        ("C", ask(1, "red", "a")), ("C", ask(1, "blue", "a")), ("S", rpc(1, result={"sdp": ANSWER}))), [
            ("offer", "$.params.sdp", "generic", "red", "a", None),
            ("offer", "$.params.sdp", "generic", "blue", "a", None),
            ("answer", "$.result.sdp", "generic", None, None, None)]
    yield "protoo", ws(
        ("C", {"request": True, "id": 7301113, "method": "createWebRtcTransport", "data": {"producing": True}}),
        ("S", {"response": True, "id": 7301113, "ok": True, "data": TRANSPORT}), url="/?roomId=r1&peerId=p1",
        subprotocol="protoo"), [
            ("offer", "$.data", "mediasoup", "r1", None, "p1")]
    yield "socketio-ack", ws(
        ("C", '420["request",{"method":"createWebRtcTransport","room":"r7","from":"p1"}]'),
        ("C", "421" + json.dumps(["offer", {"room": "r8", "sdp": SDP}])),
        ("S", "431" + json.dumps([{"type": "answer", "sdp": ANSWER}])), ("S", "430" + json.dumps([None, TRANSPORT])),
        url="/socket.io/?EIO=4&transport=websocket"), [
            ("offer", "$[1].sdp", "socketio", "r8", None, None), ("answer", "$[0].sdp", "socketio", "r8", None, None),
            ("offer", "$[1]", "socketio", "r7", None, "p1")]
    ortc = {"iceParameters": {"iceUfrag": "oUfr", "icePwd": "pw0123456789abcdef012345"},
            "dtlsParameters": {"fingerprints": [{"hashFunction": "sha-256", "fingerprint": FINGERPRINT}]}}
    yield "agora", ws(
        ("C", {"_id": "Ab12cd", "_type": "join_v3", "_message": {"channel_name": "room", "p2p_id": 1, "ortc": ortc}}),
        ("S", {"_id": "Ab12cd", "_result": "success", "_message": {"ortc": ortc}})), [
            ("fragment", "$._message.ortc", "agora", "room", "1", None),
            ("fragment", "$._message.ortc", "agora", "room", None, "1")]


def joins():
    """What the client said when it joined holds for what follows on its connection."""
    lines = f"a=fingerprint:sha-256 {FINGERPRINT}\na=ice-ufrag:9WZo\na=ice-pwd:vcfFowC3gQI1KHu0Fm5ZTXum"
    yield "discord", ws(
        ("C", {"op": 0, "d": {"server_id": "1", "channel_id": "2", "user_id": "3", "session_id": "s", "token": "t"}}),
        ("C", {"op": 1, "d": {"protocol": "webrtc", "data": lines, "sdp": lines}}),
        ("S", {"op": 4, "d": {"audio_codec": "opus", "media_session_id": "m", "sdp": lines}}), url="/?v=9"), [
            ("join", "$", "discord", "1/2", "3", None), ("offer", "$.d.data", "discord", "1/2", "3", None),
            ("answer", "$.d.sdp", "discord", "1/2", None, "3")]
    calls = "custom_com.mattermost.calls_"
    yield "mattermost", ws(
        ("C", {"action": calls + "join", "seq": 2, "data": {"channelID": "ch1"}}),
        ("C", msgpack({"action": calls + "sdp", "seq": 3,
                       "data": {"data": zlib.compress(describe("offer", SDP).encode())}})),
        ("S", {"event": calls + "signal", "data": {"connID": "c1", "data": describe("answer", ANSWER)}, "broadcast": {},
               "seq": 7}),
        ("C", {"action": calls + "ice", "seq": 4, "data": {"data": CANDIDATE}}),
        ("C", {"action": calls + "leave", "seq": 9}),
        ("C", {"action": calls + "ice", "seq": 10, "data": {"data": CANDIDATE}}),
        url="/api/v4/websocket?connection_id=&sequence_number=0"), [
            ("join", "$", "mattermost", "ch1", None, None),
            ("offer", "$.data.data~json.sdp", "mattermost", "ch1", None, None),
            ("answer", "$.data.data~json.sdp", "mattermost", "ch1", None, "c1"),
            ("candidate", "$.data.data~json.candidate", "mattermost", "ch1", None, None),
            ("bye", "$", "mattermost", "ch1", None, None),
            ("candidate", "$.data.data~json.candidate", "mattermost", None, None, None)]
    yield "collider", ws(
        ("C", {"cmd": "register", "roomid": "r", "clientid": "12345678"}),
        ("C", {"cmd": "send", "msg": describe("answer", ANSWER)}),
        ("S", {"msg": describe("offer", SDP), "error": ""}),
        ("C", {"cmd": "send", "msg": json.dumps({"type": "candidate", "label": 0, "id": "0", "candidate": LINE})})), [
            ("join", "$", "apprtc", "r", "12345678", None),
            ("answer", "$.msg~json.sdp", "apprtc", "r", "12345678", None),
            ("offer", "$.msg~json.sdp", "apprtc", "r", None, "12345678"),
            ("candidate", "$.msg~json.candidate", "apprtc", "r", "12345678", None)]
    yield "collider-unregistered", ws(("C", {"cmd": "send", "msg": describe("answer", ANSWER)})), [
        ("answer", "$.msg~json.sdp", "apprtc", None, None, None)]


def urls():
    """Ids, and descriptions, that stand in the URL alone."""
    yield "apprtc-message", post("/message/r/12345678", describe("offer", SDP)), [
        ("offer", "$.sdp", "apprtc", "r", "12345678", None)]
    chime = "/control/conferenceid?X-Chime-Control-Protocol-Version=3&X-Amzn-Chime-Send-Close-On-Error=1"
    yield "chime", ws(("C", b"\x05" + signalling.protobuf((1, 1), (4, signalling.protobuf((6, SDP))))), url=chime), [
        ("offer", "$.4.6", "amazon-chime", "conferenceid", None, None)]

    # https://www.pubnub.com/docs/sdks/rest-api: /publish/{pub_key}/{sub_key}/0/{channel}/{callback}/{payload}, uuid is
    # required.
    payload = urllib.parse.quote(json.dumps({"type": "offer", "sdp": SDP + "a=x-note:1+1\r\n", "to": "bob"}), safe="")
    get = {"way": "http", "method": "GET", "headers": {}}
    yield "pubnub", {**get, "url": f"/publish/pub/sub/0/chan%20one/0/{payload}?uuid=alice&pnsdk=PubNub-JS-Web%2F7"}, [
        ("offer", "$/7.sdp", "pubnub", "chan one", "alice", "bob")]
    yield "pubnub-long", {**get, "url": f"/publish/pub/sub/0/c/0/{payload[:-3]}{'%20' * 9000}%7D?uuid=alice"}, [
        ("offer", "$/7.sdp", "pubnub", "c", "alice", "bob")]
    yield "pubnub-post", post("/publish/pub/sub/0/chan/0?uuid=alice", describe("answer", ANSWER), "application/json"), [
        ("answer", "$.sdp", "pubnub", "chan", "alice", None)]
    told = {"t": {"t": "2", "r": 1}, "m": [{"a": "1", "f": 0, "i": "alice", "p": {"t": "2", "r": 1}, "k": "sub",
                                            "c": "chan", "d": {"type": "offer", "sdp": SDP, "to": "bob"}}]}
    yield "pubnub-subscribe", {**get, "url": "/v2/subscribe/sub/chan/0?uuid=bob&tt=1",
                               "answer": signalling.encoded(json.dumps(told)),
                               "answerHeaders": {"Content-Type": "text/javascript; charset=UTF-8"}}, [
        ("offer", "$.m[0].d.sdp", "pubnub", "chan", "alice", "bob")]
    yield "pubnub-elsewhere", {**get, "url": f"/publish/a/b/c?sdp={payload}"}, [
        ("offer", "$?sdp~form.sdp", "generic", None, None, "bob")]
    # livekit_rtc.proto: WrappedJoinRequest {compression 1, join_request 2}, JoinRequest {publisher_offer 6}.
    join = signalling.protobuf((1, signalling.protobuf((2, "2.15"))),
                               (6, signalling.protobuf((1, "offer"), (2, SDP), (3, 1))))
    answer = signalling.protobuf((2, signalling.protobuf((1, "answer"), (2, ANSWER), (3, 1))))
    for name, wrapped in (("plain", [(2, join)]), ("gzip", [(1, 1), (2, gzip.compress(join))])):
        request = base64.urlsafe_b64encode(signalling.protobuf(*wrapped)).decode()
        token = signalling.URLS["livekit"].split("?")[1]
        yield "livekit-url-" + name, ws(
            ("S", answer), url=f"/rtc/v1?join_request={urllib.parse.quote(request)}&{token}"), [
                ("offer", "$?join_request~b64.2.6.2", "livekit", "r7", "alice", None),
                ("answer", "$.2.2", "livekit", "r7", None, "alice")]


def heads():
    """Binary headers before the JSON."""
    def uri(body):
        return json.dumps({"uri": "/v2/partner/KEY/session/SID/stream/ST", **body})
    yield "rumor", ws(
        ("C", signalling.rumor(uri({"method": "offer", "content": {"sdp": SDP, "peerId": "x"}}), headers=(
            ("Content-Type", "application/x-raptor+v2"), ("X-TB-FROM-ADDRESS", "CID"), ("TRANSACTION-ID", "t")))),
        ("S", signalling.rumor(uri({"method": "answer", "content": {"sdp": ANSWER}}),
                               headers=(("X-TB-FROM-ADDRESS", "OTHER"),)))), [
            ("offer", "$.content.sdp", "opentok", "SID", "CID", "x"),
            ("answer", "$.content.sdp", "opentok", "SID", "OTHER", None)]
    yield "rumor-cut", ws(("C", signalling.rumor(uri({"method": "offer",
                                                      "content": {"sdp": SDP}}))[:4] + b"\0\0\2\1\0\4/v2x\1\0\x11"
                           b"X-TB-FROM-ADDRESS\0\3CID" + uri({"method": "offer", "content": {"sdp": SDP}}).encode())), [
        ("offer", "$.content.sdp", "opentok", "SID", None, None)]
    broadcast = [b"realtime:room1", b"signal", b"{}"]
    yield "supabase", ws(
        ("C", signalling.supabase(describe("offer", SDP))),
        ("S", bytes([4, *map(len, broadcast), 1]) + b"".join(broadcast) + describe("answer", ANSWER).encode())), [
            ("offer", "$#2.sdp", "generic", "realtime:room1", None, None),
            ("answer", "$#2.sdp", "generic", "realtime:room1", None, None)]


def firebase(room, filler=""):
    """As the client's send_() writes: a text of more than 16,384 characters goes in that many parts, their number
    first."""
    text = json.dumps({"t": "d", "d": {"r": 4, "a": "p", "b": {"p": room + "/offer", "d": {
        "type": "offer", "sdp": SDP + filler}}}}, ensure_ascii=False)
    parts = [text[at:at + 16384] for at in range(0, len(text), 16384)]
    return [str(len(parts)), *parts]


def parts():
    """Messages in several parts."""
    long = "".join(f"a=ssrc:{n} cname:abcdefgh\r\n" for n in range(1, 1500))
    place = "/.ws?v=5&ns=demo-default-rtdb"
    red, blue = firebase("/rooms/red", long), firebase("/rooms/blue", long + "a=x-note:ü\r\n")
    found = [("offer", "$.d.b.d.sdp", "firebase", f"/rooms/{room}", None, None) for room in ("red", "blue")]
    yield "firebase", ws(*(("C", part) for part in red), ("C", "0"), *(("S", part) for part in blue), url=place), found
    # The two ends' messages lie between each other's parts.
    yield "firebase-crossing", ws(*(frame for pair in zip(red, blue) for frame in (("C", pair[0]), ("S", pair[1]))),
                                  url=place), found
    yield "firebase-elsewhere", ws(*(("C", part) for part in red), url="/proxy"), found[:1]
    # Engine.IO's ping and pong are numbers as well.
    yield "engineio-ping", ws(("S", "2"), ("C", "3"), ("C", "42" + json.dumps(["offer", {"room": "r", "sdp": SDP}])),
                              url="/socket.io/?EIO=4&transport=websocket"), [("offer", "$[1].sdp", "socketio", "r",
                                                                              None, None)]
    hole = {"_placeholder": True, "num": 0}
    event = "451-/video," + json.dumps(["signal", {"room": "r1", "from": "a", "type": "offer", "sdp": hole}])
    yield "socketio-binary", ws(("C", event), ("S", "2"), ("C", SDP.encode()),
                                url="/socket.io/?EIO=4&transport=websocket"), [
        ("offer", "$[1].sdp", "socketio", "r1", "a", None)]
    event = "452-" + json.dumps(["signal", {"room": "r1", "data": hole}, {"room": "r2", "data": {**hole, "num": 1}}])
    yield "socketio-two-binary", ws(("S", event), ("S", describe("offer", SDP).encode()),
                                    ("S", gzip.compress(describe("answer", ANSWER).encode())),
                                    ("S", describe("offer", SDP).encode()),
                                    url="/socket.io/?EIO=4&transport=websocket"), [
        ("offer", "$[1].data~json.sdp", "socketio", "r1", None, None),
        ("answer", "$[2].data~b64~gz.sdp", "socketio", "r2", None, None),
        ("offer", "$.sdp", "generic", None, None, None)]
    # A text packet ends what was begun: the value behind it belongs to nothing.
    yield "socketio-interrupted", ws(("C", event), ("C", '42["hello"]'), ("C", describe("offer", SDP).encode())), [
        ("offer", "$.sdp", "generic", None, None, None)]


def exchanges():
    return [{"id": name, "exchange": exchange, "said": said}
            for name, exchange, said in [*answers(), *joins(), *urls(), *heads(), *parts()]]
