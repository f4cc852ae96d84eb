# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes of one TCP sequence sent twice with different content (INJ-02; RFC 9293 3.4), and what looks like it: a
retransmission cut anew, a keep-alive, a segment that was missed; and messages that a connection goes on without. Takes
about ten seconds."""

import json
import struct

import packets
import pytest
import test_signal
import tshark

TTL, ADDRESSES = 14 + 8, 14 + 12
CLIENT, SERVER = ("192.0.2.10", 40001), ("203.0.113.9", 80)
ANSWER = test_signal.SDP.replace("actpass", "active").encode()
FALSE = ANSWER.replace(b"AB:AB", b"CD:CD", 1)


def with_ttl(packet, ttl):
    """IPv4, whose header has a checksum of its own."""
    head = packet[14:TTL] + bytes([ttl]) + packet[TTL + 1 : TTL + 2] + b"\0\0" + packet[ADDRESSES : 14 + 20]
    return packet[:14] + head[:10] + struct.pack(">H", packets.checksum(head)) + head[12:] + packet[14 + 20 :]


class Call:
    """A page's offer goes up and the answer comes down, by HTTP; bytes can be said again."""

    def __init__(self):
        self.capture = packets.Capture()
        self.line = self.capture.connect(CLIENT, SERVER)
        kind = {"Content-Type": "application/sdp"}
        self.line.up(packets.http("POST /call HTTP/1.1", {"Host": "example.net", **kind}, test_signal.SDP.encode()))
        self.answer = packets.http("HTTP/1.1 201 Created", kind, ANSWER)
        self.start = self.line.sequence[1]

    def down(self, data, offset=0, ttl=None):
        """Bytes of the server's, from there on behind where its answer begins; the number of their frame."""
        self.line.sequence[1] = self.start + offset & 0xFFFFFFFF
        self.line.down(data)
        if ttl:
            self.capture.packets[-1] = with_ttl(self.capture.packets[-1], ttl)
        return len(self.capture.packets)

    def told(self, tmp_path, *options):
        result = tshark.run([*options, "-q", "-r", test_signal.write(tmp_path, self.capture), "-z", "webrtc,json"])
        tshark.require_clean(result)
        return tshark.parse_report(result.stdout)


def said_twice(report):
    return [(f["severity"], f["frame"], f.get("other_frame"), f["message"]) for f in report.findings
            if f["check"] == "INJ-02"]


@pytest.mark.parametrize("false_first", [True, False])
@pytest.mark.parametrize("ttl", [None, 3])
@pytest.mark.parametrize("size", [4000, 150])
def test_answer_said_twice(tmp_path, false_first, ttl, size):
    """Whole, or the segment with the fingerprint alone."""
    call = Call()
    false = call.answer.replace(ANSWER, FALSE)
    at = next(i for i, (a, b) in enumerate(zip(call.answer, false)) if a != b) // size * size
    frames = []
    for start in range(0, len(call.answer), size):
        pieces = [(false, ttl), (call.answer, None)] if start == at else [(call.answer, None)]
        for data, hops in pieces if false_first else reversed(pieces):
            number = call.down(data[start : start + size], start, hops)
            frames += [number] if start == at else []
    report = call.told(tmp_path)
    told = said_twice(report)
    assert [t[:2] for t in told] == [("note", frames[1])]
    assert f"(frames {frames[0]} and {frames[1]})" in told[0][3]
    hops = [3, 64] if false_first else [64, 3]
    few = f"TTL or hop limit is {hops[0]} in frame {frames[0]} and {hops[1]} in frame {frames[1]}"
    most = f"TTL or hop limit is 3 in frame {frames[hops.index(3)]}, and 64 in most segments"
    assert (few in told[0][3] or most in told[0][3]) == bool(ttl)
    assert call.told(tmp_path, "-2").findings == report.findings


def test_cut_anew(tmp_path):
    """What is sent again in other pieces is the same all the same."""
    call = Call()
    for start in range(0, len(call.answer), 200):
        call.down(call.answer[start : start + 200], start)
    for start in range(0, len(call.answer), 170):
        call.down(call.answer[start : start + 170], start)
    call.down(call.answer[90:], 90)
    assert not said_twice(call.told(tmp_path))


def test_keep_alive(tmp_path):
    """The last byte again, with any value (RFC 9293 3.8.4)."""
    call = Call()
    call.down(call.answer)
    call.down(b"\0", len(call.answer) - 1)
    assert not said_twice(call.told(tmp_path))


def test_missing_segments(tmp_path):
    """Nothing is said of what was not captured, however long it was; what goes on behind is read again."""
    call = Call()
    call.down(call.answer)
    for behind in (1 << 16, 1 << 19):
        call.down(call.answer, behind)
    report = call.told(tmp_path)
    assert not said_twice(report)


@pytest.mark.parametrize("offset", [1 << 30, (1 << 32) - (1 << 30), 1 << 22])
def test_segment_outside(tmp_path, offset):
    """A blind segment has any number; its description was told to nobody."""
    call = Call()
    call.down(call.answer)
    number = call.down(packets.http("HTTP/1.1 200 OK", {"Content-Type": "application/sdp"}, FALSE), offset, 37)
    report = call.told(tmp_path)
    assert [t[1] for t in said_twice(report)] == [number]
    assert not [d for d in report.descriptions if d["frame"] == number]


def test_message_ahead_of_the_sequence(tmp_path):
    """A forged answer is sent ahead of the true one, which TCP then takes for said before: both are read, in all
    passes."""
    capture = packets.Capture()
    line = test_signal.upgraded(capture)
    line.up(test_signal.frame(json.dumps({"type": "offer", "sdp": test_signal.SDP}), True))
    true, false = (
        test_signal.frame(json.dumps({"type": "answer", "sdp": text.decode()}), False) for text in (ANSWER, FALSE)
    )
    start = line.sequence[1]
    line.sequence[1] = start + len(true)
    line.down(false)
    ahead = len(capture.packets)
    line.sequence[1] = start
    line.down(true)
    path = test_signal.write(tmp_path, capture)
    for mode in (["-q"], ["-2", "-q"]):
        result = tshark.run([*mode, "-r", path, "-z", "webrtc,json"])
        tshark.require_clean(result)
        told = tshark.parse_report(result.stdout).descriptions
        assert [(d["frame"], d["kind"]) for d in told[1:]] == [(ahead, "answer"), (ahead + 1, "answer")]
        assert [d["sections"][0]["fingerprints"][0]["value"][:5] for d in told[1:]] == ["CD:CD", "AB:AB"]


class Exchange:
    """Offer and answer on a WebSocket; `false` is the answer with another fingerprint."""

    def __init__(self):
        self.capture = packets.Capture()
        self.line = test_signal.upgraded(self.capture)
        self.line.up(test_signal.frame(json.dumps({"type": "offer", "sdp": test_signal.SDP}), True))
        self.true, self.false = (
            test_signal.frame(json.dumps({"type": "answer", "sdp": text.decode()}), False) for text in (ANSWER, FALSE)
        )
        self.start = self.line.sequence[1]

    def down(self, data, number):
        """The server's bytes under that number of the sequence; the next goes on behind them."""
        self.line.sequence[1] = number & 0xFFFFFFFF
        self.line.down(data)
        return len(self.capture.packets)

    def told(self, tmp_path):
        """Answers by frame, and the findings INJ-02; the same in one pass and in two."""
        path, read = test_signal.write(tmp_path, self.capture), []
        for mode in (["-q"], ["-2", "-q"]):
            result = tshark.run([*mode, "-r", path, "-z", "webrtc,json"])
            tshark.require_clean(result)
            report = tshark.parse_report(result.stdout)
            answers = {d["frame"]: d["sections"][0]["fingerprints"][0]["value"][:5]
                       for d in report.descriptions if d["kind"] == "answer"}
            read.append((answers, said_twice(report)))
        assert read[0] == read[1]
        return read[0]


@pytest.mark.parametrize("offset", [1 << 30, 1 << 22])
@pytest.mark.parametrize("cut", [0, 40, 200])
def test_answer_behind_a_segment_outside(tmp_path, offset, cut):
    """TCP takes all that follows for said before: it is read all the same, also where the segment cuts it in two."""
    call = Exchange()
    if cut:
        call.down(call.true[:cut], call.start)
    outside = call.down(call.false, call.start + offset)
    last = call.down(call.true[cut:], call.start + cut)
    answers, told = call.told(tmp_path)
    assert answers == {last: "AB:AB"}
    assert [t[1] for t in told] == [outside]


@pytest.mark.parametrize("ending", ["acknowledgements", "end", "probe", "silence", "acknowledged", "at once"])
def test_message_that_the_connection_goes_on_without(tmp_path, ending):
    """A message with the next number of the sequence, of which neither end knows; and a true one, that is acknowledged,
    or after which nothing tells."""
    call = Exchange()
    call.down(call.true, call.start)
    behind = call.line.sequence[1]
    call.line._segment(0, 0x10)
    false = call.down(call.false, behind)
    whole, line = call.line.sequence[1], call.line
    if ending != "at once":
        for _ in range(12):
            call.capture.connect(("192.0.2.77", 40009), SERVER)  # time goes by
    line.sequence[1] = whole if ending == "acknowledged" else whole - 1 if ending == "probe" else behind
    if ending != "silence":
        line._segment(0, 0x10)
        line._segment(1, 0x11 if ending == "end" else 0x10)
    if ending == "end":
        line.sequence[1] += 1
        line._segment(0, 0x10)
    answers, told = call.told(tmp_path)
    assert list(answers.values()) == ["AB:AB", "CD:CD"]
    assert [t[1] for t in told] == ([false] if ending in ("acknowledgements", "end") else [])
