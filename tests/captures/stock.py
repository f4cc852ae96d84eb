# SPDX-License-Identifier: GPL-2.0-or-later
"""What display filters find without the plugins and no longer find with them. As a command, for captures in folders:

    python3 -B stock.py FOLDER-OR-CAPTURE ...

prints a line for each field of a capture that loses something, and ends with 1 when there is one. WEBRTC_PLUGIN_BUILD
and others as in tshark.py. Takes half a second to a few seconds for a capture.
"""

import collections
import pathlib
import re
import sys

import tshark

FIELDS = (
    "frame.number", "frame.protocols", "tcp.stream", "udp.stream", "tcp.len", "udp.length", "http",
    "http.request.uri", "http.host",
    "http.content_type", "http.file_data", "http2", "http2.header.value", "http2.data.data",
    "http2.body.reassembled.in", "websocket", "websocket.payload", "websocket.payload.text", "websocket.opcode",
    "data", "data.data", "data.len", "data-text-lines", "json", "json.key", "json.value.string", "json.member",
    "urlencoded-form.key", "xml", "mqtt.topic", "mqtt.msg",
    "sdp", "sdp.media", "sdp.media_attr", "sdp.connection_info", "sip.Method", "sip.Call-ID", "stun", "stun.type",
    "stun.att.type", "stun.att.username", "dtls", "dtls.handshake.type", "tls.app_data", "mime_multipart", "media.type",
    "_ws.col.Info",
)
# Ours go between stock's words, none of which is gone but the number of a payload type that a description names.
TEXTS = {"_ws.col.Info"}
# What is data to stock because nobody told it of a call may be what these built-in dissectors make of it.
# Encrypted RTCP, which stock takes for clear, is data.
FURTHER = {"websocket", "rtp", "rtcp", "srtp", "srtcp", "stun", "dtls", "data", "webrtc_hep", "http2"}
UNNAMED, NAMED = re.compile(r"PT=DynamicRTP-Type-\d+"), re.compile(r"PT=[^,]+")
NOT_DISSECTED = {"data", "data.data", "data.len", "_ws.col.Info"}
# What stands in Info when nobody knows a payload, or it is read as what it is not: ports and numbers of TCP and UDP,
# the rest of a body, a dissector that does not get on.
OF_NOBODY = re.compile(r"(\[[^]]*\] )?\d+ → \d+ .*Len=\d+|Continuation$|.*\[Malformed Packet\]$")


def read(capture, plugins, *options):
    """Rows of the fields, by frame."""
    arguments = ["-n", *options, "-r", tshark.readable(capture), "-T", "fields", "-E", "occurrence=a", "-E",
                 "aggregator=\x01", "-E", "separator=\x02"]
    for field in FIELDS:
        arguments += ["-e", field]
    result = tshark.execute(arguments, tshark.environment_for(plugins), "/", 120)
    assert not tshark.crashed(result) and (result.returncode == 0 or result.stdout), result.stderr[:500]
    rows = {}
    for line in result.stdout.split("\n"):
        values = dict(zip(FIELDS, line.split("\x02")))
        if values["frame.number"].isdigit():
            rows[int(values["frame.number"])] = values
    return rows


def stands_in(words, text):
    """All these words, in their order."""
    rest = iter(text.replace(",", " ").split())
    return all(word in rest for word in words.replace(",", " ").split())


def layers(row):
    return collections.Counter(row.get("frame.protocols", "").split(":"))


def is_replaced(had, has):
    """Ours say more of what nobody had read, or do not take it for what it is not."""
    return bool(OF_NOBODY.match(had)) and ("WebRTC" in has or "WebSocket" in has or "Malformed" in had)


def is_misread(field, had, has):
    """Media in a connection of ICE-TCP that stock takes for TURN: nothing of TURN's messages but the name."""
    protocols = set(layers(has))
    return field == "stun" and not had["stun.att.type"] and {"webrtc_ice", "rtp"} <= protocols


def losses(before, after):
    """Fields, and the frames in which a value of theirs is gone."""
    lost = collections.defaultdict(list)
    # Who opens a report of HEP opens a conversation within: the numbers of those that follow are others.
    numbered = {"udp.stream", "tcp.stream"} if any("webrtc_hep" in layers(row) for row in after.values()) else set()
    for frame, had in before.items():
        has = after.get(frame, {})
        further = set(layers(has) - layers(had))
        for field, value in had.items():
            now = has.get(field, "")
            if not value or field == "frame.protocols" or field in numbered:
                continue
            if further & FURTHER and field in NOT_DISSECTED:
                continue
            if is_misread(field, had, has):
                continue
            if field in TEXTS:
                words = NAMED.sub("PT=", now) if UNNAMED.search(value) else now
                gone = not is_replaced(value, now) and not stands_in(UNNAMED.sub("PT=", value), words)
            else:
                gone = collections.Counter(value.split("\x01")) - collections.Counter(now.split("\x01"))
            if gone:
                lost[field].append((frame, value[:80], now[:80]))
    return lost


def captures_in(arguments):
    for argument in map(pathlib.Path, arguments):
        found = argument.rglob("*") if argument.is_dir() else [argument]
        yield from sorted(path for path in found if path.suffix in (".pcap", ".pcapng"))


def main():
    poorer = counted = 0
    for path in captures_in(sys.argv[1:]):
        lost = losses(read(path, False), read(path, True))
        counted += 1
        poorer += bool(lost)
        for field, found in lost.items():
            print(f"{path}: {field} in {len(found)} frames, the first {found[0]}", flush=True)
    print(f"{counted} captures, {poorer} in which a filter on one of {len(FIELDS) - 2} fields finds less")
    return 1 if poorer else 0


if __name__ == "__main__":
    sys.exit(main())
