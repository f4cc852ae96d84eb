# SPDX-License-Identifier: GPL-2.0-or-later
"""Handshakes that rest on others, or follow inside them: a resumed session is judged by the certificates it was made
with (RFC 8122 6.2), a renegotiation by what it shows. Takes 12 s."""

import json

import calls
import packets
import pytest
import tshark

LATER = (("198.51.100.4", 5010), ("198.51.100.5", 6010))


@pytest.fixture
def read(tmp_path):
    def run(make):
        said = []
        for mode in (["-q"], ["-2", "-q"]):
            capture = packets.Capture()
            make(capture)
            path = tshark.readable(capture.write(tmp_path / f"{make.__name__}{len(mode)}.pcap"))
            result = tshark.run([*mode, "-r", path, "-z", "webrtc,json"])
            tshark.require_clean(result)
            report = tshark.parse_report(result.stdout)
            said.append(([(s["verdict"], s["severity"]) for s in report.sessions],
                         [f["check"] for f in report.findings if f["check"][:5] == "DTLS-"]))
        assert said[0] == said[1]
        return said[0]
    return run


def first(c):
    calls.describe(c)
    calls.checks(c)
    calls.shake(c)
    calls.media(c)


def again(c, announced=None, finished=True):
    calls.describe(c, server=announced, port=50200, session=1, ends=LATER)
    calls.checks(c, 1, LATER)
    calls.resume(c, calls.given_ticket(), LATER, finished)
    calls.media(c, ends=LATER)


def test_resumed_by_somebody_else(read):
    def other(c):
        first(c)
        again(c, calls.OTHER)

    verdicts, found = read(other)
    assert verdicts == [("VERIFIED-LEG", "chat"), ("MISMATCH", "error")]
    assert "DTLS-01" in found and "DTLS-02" not in found and "DTLS-06" in found


@pytest.mark.parametrize("case", ["same", "alone", "begun"])
def test_resumed_without_contradiction(read, case):
    """The same is announced; the session's first handshake is not in the capture; the second is not completed."""
    def make(c):
        if case != "alone":
            first(c)
        again(c, None if case == "same" else calls.OTHER, case != "begun")

    verdicts, found = read(make)
    assert verdicts[-1][0] in ("RESUMED", "UNVERIFIABLE") and verdicts[-1][1] == "note"
    assert "DTLS-01" not in found
    assert "DTLS-06" in found


def renegotiate(c, server=True, data=2):
    """As it looks without keys: handshake records, then ChangeCipherSpec, of epoch 1, and records of the next."""
    def sealed(kind, epoch, number, size):
        return calls.record(kind, epoch, number, calls.noise((kind, epoch, number), size))

    calls.send(c, True, sealed(22, 1, 5, 220))
    calls.send(c, False, sealed(22, 1, 5, 600))
    calls.send(c, True, sealed(22, 1, 6, 500) + sealed(20, 1, 7, 25) + sealed(22, 2, 0, 48))
    if server:
        calls.send(c, False, sealed(20, 1, 7, 25) + sealed(22, 2, 0, 48))
    for number in range(400):
        if number % 100 == 0:
            calls.send(c, True, sealed(23, data, number + 10, 60))
        else:
            calls.rtp(c, *calls.LINE, 0xB1, 100 + number, 1)


def test_second_handshake(read):
    def completed(c):
        first(c)
        renegotiate(c)

    verdicts, found = read(completed)
    assert verdicts == [("UNVERIFIABLE", "note")]
    assert "DTLS-15" in found and "DTLS-05" not in found


@pytest.mark.parametrize("options", [{"server": False}, {"data": 1}], ids=["unanswered", "goes-on"])
def test_second_handshake_that_came_to_nothing(read, options):
    def make(c):
        first(c)
        renegotiate(c, **options)

    verdicts, found = read(make)
    assert verdicts == [("VERIFIED-LEG", "chat")]
    assert "DTLS-15" in found


def associations_of(tmp_path, make, name):
    capture = packets.Capture()
    make(capture)
    path = tshark.readable(capture.write(tmp_path / f"{name}.pcap"))
    result = tshark.run(["-q", "-r", path, "-z", "webrtc,json"])
    tshark.require_clean(result)
    report = tshark.parse_report(result.stdout)
    return [len(s["associations"]) for s in report.sessions]


@pytest.mark.parametrize("number, wanted", [(21, [1]), (3, [2]), (2000, [2])], ids=["on", "back", "far"])
def test_another_pair_without_signalling(tmp_path, number, wanted):
    """The call moves to another candidate pair: same user names, and the numbers of records count on (RFC 8842 4)."""
    def data(c, up, sequence, ends=(calls.ALICE, calls.BOB)):
        calls.send(c, up, calls.record(23, 1, sequence, calls.noise((up, sequence), 60)), ends)

    def make(c):
        calls.checks(c)
        calls.shake(c)
        for sequence in range(1, 21):
            data(c, True, sequence)
            data(c, False, sequence)
        calls.checks(c, ends=(calls.ALICE, LATER[1]))
        for sequence in range(number, number + 5):
            data(c, True, sequence, (calls.ALICE, LATER[1]))

    assert associations_of(tmp_path, make, f"pair{number}") == wanted


# ---- a new description that is not in the capture ----

def described_again(capture, lost, up, version=3):
    """A call whose parties show other certificates later, in a second exchange of which the offer may be lost: Alice's,
    or (up) Bob's, whom she answers."""
    leg = calls.describe(capture)
    calls.checks(capture)
    calls.shake(capture)
    calls.media(capture, 60)
    said = [("offer", "AAAA", calls.ALICE, "actpass", False, 0), ("answer", "BBBB", calls.BOB, "active", True, 1)]
    if up:
        said = [("offer", "BBBB", calls.BOB, "actpass", True, 1), ("answer", "AAAA", calls.ALICE, "passive", False, 0)]
    for kind, ufrag, end, setup, client, session in said[lost:]:
        told = json.loads(calls.text(kind, ufrag, end, setup, calls.fingerprint(client, "rsa"), session))
        told = {**told, "sdp": told["sdp"].replace(" 2 IN IP4", f" {version} IN IP4"), "call": "call0"}
        send = leg.down if client else leg.up
        send(packets.websocket_text(json.dumps(told), not client))
    calls.checks(capture)
    calls.shake(capture, "rsa")
    calls.media(capture, 60)


@pytest.mark.parametrize("up", [False, True], ids=["hers", "his"])
def test_a_lost_offer_is_no_mismatch(read, up):
    """What the one who offered announces now is not known; that the answer changed is told."""
    def whole(capture):
        described_again(capture, False, up)

    def lost(capture):
        described_again(capture, True, up)

    assert read(whole)[0] == [("VERIFIED-LEG", "chat")]
    sessions, found = read(lost)
    assert sessions == [("UNVERIFIABLE", "note") if up else ("CONTESTED", "warn")]
    assert "DTLS-01" not in found
