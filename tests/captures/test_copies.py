# SPDX-License-Identifier: GPL-2.0-or-later
"""One connection captured at two points and merged: the second copy of a segment looks like a retransmission. Where it
says something else than the first, the description was changed in between (SIG-08); where it does not, nothing is
said. Without interfaces that tell the two points apart, anybody can have sent the second, and so where one of them has
nothing else of the connection: that is a note."""

import itertools
import json
import struct

import packets
import pytest
import test_signal
import tshark

TCP_START = 14 + 20
PAYLOAD_START = TCP_START + 20
FALSE_SDP = test_signal.SDP.replace("AB:", "CD:")
FALSE_OFFER = json.dumps({"type": "offer", "sdp": FALSE_SDP, "from": "alice"})


def report(path, options=()):
    result = tshark.run([*options, "-q", "-r", path, "-z", "webrtc,json"])
    tshark.require_clean(result)
    return tshark.parse_report(result.stdout)


def fingerprints(found):
    return [d["sections"][0]["fingerprints"][0]["value"][:2] for d in found.descriptions]


def altered(found):
    return [(f["severity"], f["frame"]) for f in found.findings if f["check"] == "SIG-08"]


def said(frame, up, size=1400):
    """A capture with an upgrade, a message before, and this frame in segments; and the packets of the segments."""
    capture = packets.Capture()
    connection = test_signal.upgraded(capture)
    say = connection.up if up else connection.down
    say(test_signal.frame('{"type":"hello"}', up))
    before = len(capture.packets)
    test_signal.segments(say, frame, size)
    return capture, connection, capture.packets[before:]


def copies(segments, frame, other):
    """What another point saw of the segments: the same headers, and the bytes of the other frame."""
    assert len(frame) == len(other)
    lengths = [len(segment) - PAYLOAD_START for segment in segments]
    starts = [0, *itertools.accumulate(lengths)]
    return [segment[:PAYLOAD_START] + other[start:start + length]
            for segment, start, length in zip(segments, starts, lengths)]


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def seen(capture, segments, second, alone):
    """(point, packet): the segments at the one, those of the second at the other, all else at both, or at one alone."""
    for packet in capture.packets:
        if any(packet is each for each in second):
            yield 1, packet
            continue
        yield 0, packet
        if not alone and not any(packet is each for each in segments):
            yield 1, packet


def write_of_two_points(tmp_path, capture, segments, second, alone=False):
    """A pcapng in which those packets came from another interface, and how many frames it has."""
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + 2 * block(1, struct.pack("<HHI", 1, 0, 0))
    frames = list(seen(capture, segments, second, alone))
    for number, (point, packet) in enumerate(frames):
        ticks = 1700000000000000 + number * 10000
        head = struct.pack("<IIIII", point, ticks >> 32, ticks & 0xFFFFFFFF, len(packet), len(packet))
        out += block(6, head + packet)
    path = tmp_path / "points.pcapng"
    path.write_bytes(out)
    return tshark.readable(path), len(frames)


@pytest.mark.parametrize("up", [True, False], ids=["emitted", "delivered"])
@pytest.mark.parametrize("size", [1400, 300], ids=["whole", "in segments"])
@pytest.mark.parametrize("interleaved", [False, True], ids=["one after the other", "interleaved"])
@pytest.mark.parametrize("points", ["two", "one", "one and what was put at another"])
def test_changed_in_between(tmp_path, up, size, interleaved, points):
    frame, other = test_signal.frame(test_signal.OFFER, up), test_signal.frame(FALSE_OFFER, up)
    capture, _, segments = said(frame, up, size)
    second = copies(segments, frame, other)
    del capture.packets[-len(segments):]
    if interleaved:
        capture.packets += itertools.chain.from_iterable(zip(segments, second))
    else:
        capture.packets += segments + second
    if points == "one":
        path, last = test_signal.write(tmp_path, capture), len(capture.packets)
    else:
        path, last = write_of_two_points(tmp_path, capture, segments, second, points != "two")
    found = report(path)
    assert fingerprints(found) == ["AB", "CD"]
    assert altered(found) == [("error" if points == "two" else "note", last)]
    assert report(path, ["-2"]).records == found.records
    direction = "emitted" if up else "delivered"
    assert test_signal.found(path) == [("offer", "$.sdp", direction)] * 2


def test_changed_in_one_of_several_segments(tmp_path):
    """Only the first segment of the copy differs; the frame is whole with the last."""
    frame = test_signal.frame(test_signal.OFFER, False)
    capture, _, segments = said(frame, False, 300)
    second = copies(segments, frame, frame.replace(b"AB:", b"CD:", 1))
    capture.packets += second
    path, last = write_of_two_points(tmp_path, capture, segments, second)
    found = report(path)
    assert fingerprints(found) == ["AB", "CD"]
    assert altered(found) == [("error", last)]


@pytest.mark.parametrize("up", [True, False], ids=["emitted", "delivered"])
def test_equal_copies_say_nothing(tmp_path, up):
    frame = test_signal.frame(test_signal.OFFER, up)
    capture, _, segments = said(frame, up, 300)
    capture.packets += segments + segments
    found = report(test_signal.write(tmp_path, capture))
    assert fingerprints(found) == ["AB"]
    assert not altered(found)


def test_keep_alives_and_padding_say_nothing(tmp_path):
    """A keep-alive repeats the last byte, with any value (RFC 9293 3.8.4); Ethernet pads what is short."""
    frame = test_signal.frame(test_signal.OFFER, False)
    capture, connection, segments = said(frame, False)
    connection.sequence[1] -= 1
    connection.down(b"\0")
    connection._segment(1, 0x10)
    capture.packets[-1] += b"\x81\x05" * 3
    connection.down(test_signal.frame(test_signal.CANDIDATE, False))
    capture.packets += segments
    found = report(test_signal.write(tmp_path, capture))
    assert fingerprints(found) == ["AB"]
    assert not altered(found)


def test_long_streams_are_compared_at_their_end(tmp_path):
    """Old bytes are forgotten, whole frames at a time; what comes then is still compared."""
    capture = packets.Capture()
    connection = test_signal.upgraded(capture)
    for number in range(60):
        connection.down(test_signal.frame(json.dumps({"type": "chat", "text": f"{number}" * 500}), False))
    frame, other = test_signal.frame(test_signal.OFFER, False), test_signal.frame(FALSE_OFFER, False)
    connection.down(frame)
    segments = capture.packets[-1:]
    second = copies(segments, frame, other)
    capture.packets += second
    path, last = write_of_two_points(tmp_path, capture, segments, second)
    found = report(path)
    assert fingerprints(found) == ["AB", "CD"]
    assert altered(found) == [("error", last)]


@pytest.mark.parametrize("up", [True, False], ids=["emitted", "delivered"])
def test_segments_that_another_point_joined_are_read(tmp_path, up):
    """The first segment, then all of them as one, then the others: what comes with bytes that were there is no
    repetition."""
    frame = test_signal.frame(test_signal.OFFER, up)
    capture, _, segments = said(frame, up, 300)
    head = bytearray(segments[0][:PAYLOAD_START])
    struct.pack_into(">H", head, 14 + 2, PAYLOAD_START - 14 + len(frame))
    del capture.packets[-len(segments):]
    capture.packets += [segments[0], bytes(head) + frame, *segments[1:]]
    path = test_signal.write(tmp_path, capture)
    found = report(path)
    assert fingerprints(found) == ["AB"]
    assert not altered(found) and not [f for f in found.findings if f["check"] == "INJ-02"]
    assert report(path, ["-2"]).records == found.records
    # from 4.6 on Wireshark reads them as well, when the others have come
    assert set(test_signal.found(path)) == {("offer", "$.sdp", "emitted" if up else "delivered")}
