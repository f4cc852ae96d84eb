# SPDX-License-Identifier: GPL-2.0-or-later
"""What the table of systems in docs/dialects.md rests on: for each of its rows the messages that were said on the wire,
found, and compared, and how many of them name a call, a sender, a receiver. test_samples.py holds the table against
it."""

import pathlib
import re

import dialogues
import signalling

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/dialects.md"
FOUND = ("offer", "answer", "pranswer", "candidate", "fragment")

# Row of the table: samples ("file", or "file" with the numbers of some), and ids, or beginnings of ids, of dialogues.py
# and signalling.BESIDE.
ROWS = {
    "Janus": (["janus"], []), "WHIP, WHEP": (["whip_whep"], []), "OpenAI Realtime": (["openai_realtime"], []),
    "SIP over WebSocket": (["sip_websocket"], []), "Jingle (XMPP)": (["xmpp_jingle"], ["jingle-"]),
    "Jitsi Meet": (["jitsi_meet"], []), "QuickBlox": (["quickblox"], []),
    "LiveKit, JSON and Protocol Buffers": (["livekit"], ["livekit-"]),
    "mediasoup demo (protoo)": (["mediasoup_protoo"], ["protoo"]),
    "Matrix": (["matrix_voip"], []), "PeerJS": (["peerjs"], []),
    "Socket.IO applications, simple-signal": (["socketio_engineio", ("simple_peer", 4)],
                                              ["socketio-ack", "engineio-", "socketio-two",
                                              "socketio-binary", "socketio-interrupted"]),
    "the same with the MessagePack parser": ([], ["socketio-msgpack"]), "Verto, Telnyx": (["verto"], ["rpc-verto"]),
    "Nextcloud Talk, high-performance backend": ([("nextcloud_talk", 2, 3, 4)], []),
    "Nextcloud Talk, internal": ([("nextcloud_talk", 5, 6)], []),
    "Microsoft Teams, Azure Communication Services": (["azure_teams"], []),
    "Amazon Kinesis Video Streams": (["aws_kvs"], []), "Amazon Chime": (["amazon_chime"], ["chime"]),
    "Twilio Voice": (["twilio_voice"], []), "Twilio Video": (["twilio_video"], []),
    "Vonage (Rumor)": (["vonage_opentok"], ["rumor"]),
    "Agora": (["agora"], ["agora"]), "Cloudflare Realtime": (["cloudflare_realtime"], []),
    "Discord": (["discord"], ["discord"]),
    "Mattermost Calls": (["mattermost_calls"], ["mattermost"]), "BigBlueButton": (["bigbluebutton"], []),
    "AppRTC, collider": (["apprtc_collider"], ["collider", "apprtc-"]),
    "WebTorrent trackers": (["webtorrent_tracker"], []),
    "Snowflake": (["snowflake"], []), "Wire (conference server)": ([("wire_signal", 1)], []),
    "Signal (conference server)": ([("wire_signal", 2)], []),
    "Firebase Realtime Database": ([("pubsub_carriers", 6)], ["firebase"]),
    "Firestore": ([("pubsub_carriers", 7)], []),
    "Supabase, Ably, Pusher": ([("pubsub_carriers", 0, 2, 3, 4, 5)], ["ably-", "supabase"]), "PubNub": ([], ["pubnub"]),
    "JSON-RPC of any application": ([], ["rpc-ion", "rpc-two", "rpc-one"]),
    "webrtc-streamer": ([("demo_servers", 4, 5)], []),
    "MDN's and the WebRTC project's samples, aiortc, Pion, simple-peer": (["mdn_and_samples",
                                                                           ("demo_servers", 0, 1, 2, 3),
                                                                          ("simple_peer", 0, 1)], []),
}


def compared(folder):
    """(file, number or None, id, (call, from, to) or None where they are not compared) of every message that must be
    found."""
    for item in signalling.samples(folder):
        name, number = item["name"], item["number"]
        if item["wanted"]:
            parties = None if (name, number) in signalling.NAMELESS else signalling.PARTIES[name][1][number]
            yield name, number, item["id"], parties
    for item in signalling.beside():
        yield None, None, item["id"], item["parties"]
    for item in dialogues.exchanges():
        for kind, _, _, *parties in item["said"]:
            if kind in FOUND:
                yield None, None, item["id"], tuple(parties)


def belongs(row, name, number, key):
    files, ids = ROWS[row]
    if name is None:
        return any(key.startswith(i) for i in ids)
    return any(name == f if isinstance(f, str) else name == f[0] and number in f[1:] for f in files)


def counts(folder):
    """Row -> [messages, with call, with from, with to], as the table's cells."""
    out = {row: [0, 0, 0, 0] for row in ROWS}
    for name, number, key, parties in compared(folder):
        rows = [row for row in ROWS if belongs(row, name, number, key)]
        assert len(rows) == 1, (key, rows)
        out[rows[0]][0] += 1
        for column, value in enumerate(parties or ()):
            out[rows[0]][1 + column] += value is not None
    return {row: [str(n) if n else "-" for n in numbers] for row, numbers in out.items()}


def table():
    """The same, as docs/dialects.md has it."""
    rows = re.findall(r"^\| (.*?) \| `.*?\| (?:captured|from source) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$",
                      PAGE.read_text("utf-8"), re.M)
    return {row: cells for row, *cells in rows}
