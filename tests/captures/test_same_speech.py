# SPDX-License-Identifier: GPL-2.0-or-later
"""A host that decodes speech and encodes it anew for somebody else: nothing of its headers is the same, but the audio
levels beside it (RFC 6464). About 5 s."""

import random

import packets
import pytest
import secured
import tshark
from secured import ALICE, BOB

HOST = ("198.51.100.66", 7000), ("198.51.100.66", 7002)
EXTENSION = "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"
AUDIO = ("m=audio 9 UDP/TLS/RTP/SAVPF 111", ["a=rtpmap:111 opus/48000/2", EXTENSION])
SECONDS = 40


def speech(seed):
    """Loudness of each 20 ms in dB below overload: spurts with syllables, and pauses."""
    draw, levels = random.Random(seed), []
    while len(levels) < SECONDS * 50:
        for _ in range(draw.randrange(15, 120)):
            if len(levels) % 9 == 0 or not levels:
                syllable = draw.uniform(-6, 14)
            levels.append(int(25 + syllable + draw.uniform(-4, 4)))
        levels += [int(draw.uniform(75, 85)) for _ in range(draw.randrange(8, 80))]
        syllable = draw.uniform(-6, 14)
    return levels[:SECONDS * 50]


def report(tmp_path, said, passed_on, section=AUDIO):
    """Alice's speech to the host, and what the host sends to bob under another association, ten milliseconds later."""
    capture = packets.Capture()
    secured.call(capture, [section], secured.Keys(1), (ALICE, HOST[0]))
    secured.call(capture, [section], secured.Keys(2), (HOST[1], BOB), 50200, "CD")
    for i, (first, second) in enumerate(zip(said, passed_on)):
        for source, target, level, ssrc in ((ALICE, HOST[0], first, 77), (HOST[1], BOB, second, 88)):
            packet, _ = secured.rtp(111, i + ssrc, 960 * i + ssrc, ssrc, secured.paths.noise((ssrc, i), 60),
                                    bytes([0x10, 0x80 | level]))
            secured.paths.udp(capture, source, target, packet)
    return tshark.report(tshark.readable(capture.write(tmp_path / "speech.pcap")))


def told(result):
    return [f for f in result.findings if f["check"] == "RTP-16"]


def later(levels, steps, quieter):
    return [127] * steps + [min(127, level + quieter) for level in levels[:-steps]]


def test_passed_on(tmp_path):
    said = speech(1)
    found = told(report(tmp_path, said, later(said, 10, 4)))
    assert [f["severity"] for f in found] == ["note"]
    text = found[0]["message"]
    assert "What leaves 198.51.100.66" in text and f"brings there from {ALICE[0]}" in text
    assert "0x00000058 and 0x0000004d" in text and " 200 ms apart" in text


@pytest.mark.parametrize("name, passed_on", [
    ("another speech", speech(2)), ("silence", [127] * SECONDS * 50), ("heard before it was said", None)])
def test_near_misses(tmp_path, name, passed_on):
    said = speech(1)
    if passed_on is None:
        said, passed_on = later(said, 10, 4), said
    assert not told(report(tmp_path, said, passed_on)), name


def test_another_extension(tmp_path):
    """No description says that these bytes are levels."""
    said = speech(1)
    section = (AUDIO[0], [AUDIO[1][0], EXTENSION.replace("ssrc-audio-level", "sdes:mid")])
    assert not told(report(tmp_path, said, later(said, 10, 4), section))
