# SPDX-License-Identifier: GPL-2.0-or-later
"""A sample of captures and additions holds the laws; the whole is tests/laws/run.py. Takes about a minute."""

import argparse

import pytest

import capture as captures
import kinds
import laws
import run
import truth
from capture import payload_of, with_payload
from reader import tshark
from scene import Scene

PAIRS, SEED = 150 if tshark.QUICK else 450, 16
OPTIONS = argparse.Namespace(
    seed=SEED,
    pairs=PAIRS,
    capture=[],
    addition=[],
    standing=[],
    part="1/1",
    two_pass=False,
    own=True,
    quiet=False,
    summary=None,
    keep=str(tshark.TOP / "build/laws"),
    expect=str(tshark.TOP / "tests/laws/expected.txt"),
)


@pytest.fixture(scope="module")
def scenes():
    names = (
        "cr-ff12.merged-ABS",
        "cr-aiortc.sw",
        "turn-udp-cr-aiortc.A",
        "sip-cr-ff12.sw",
        "whip-cr.A",
        "two-calls.sw",
    )
    return [Scene(captures.read(truth.OWN / f"{name}.pcapng"), name) for name in names]


def packets_of(addition, scene, seed):
    made = addition.apply(scene, kinds.seeded(seed, scene.name, addition.name))
    return made and [(p.time, p.data) for p in made]


@pytest.mark.parametrize("addition", kinds.ADDITIONS.values(), ids=lambda a: a.name)
def test_addition_is_made_and_made_again(addition, scenes):
    """It finds a place, changes something there, and the same seed makes the same packets."""
    made = [(s, packets_of(addition, s, 1)) for s in scenes]
    made = [(s, p) for s, p in made if p]
    assert made
    scene, packets = made[0]
    assert packets == packets_of(addition, scene, 1)
    assert packets != [(p.time, p.data) for p in scene.packets]


def test_reading_and_writing_changes_nothing(scenes, tmp_path):
    captures.write(scenes[0].capture, tmp_path / "again.pcapng")
    again = captures.read(tmp_path / "again.pcapng")
    assert [(p.time, p.data) for p in again.packets] == [(p.time, p.data) for p in scenes[0].packets]


def session(verdict, severity, **more):
    return {"record": "session", "id": "s1", "verdict": verdict, "severity": severity, "descriptions": [], **more}


def report(*records):
    return tshark.Report([*records, {"record": "summary"}])


CLEAN, GUILTY = report(session("VERIFIED-LEG", "chat")), report(session("INTERCEPTED", "error"))
CROSS = report(session("VERIFIED-CROSS", "chat"))
CONTESTED = report(session("CONTESTED", "warn", statement="evidence for A (frame 4) and for B (frame 9)"))
UNSAID = report(session("CONTESTED", "warn", statement="something"))
NOTHING = report(session("UNVERIFIABLE", "note"))
HIDING = report(session("UNENCRYPTED", "error"))
ALSO = report(session("UNENCRYPTED", "error", also=["INTERCEPTED"]))
ACCUSED = report(
    session("VERIFIED-LEG", "chat"), {"record": "finding", "check": "DTLS-01", "severity": "error", "session": "s1"}
)
REMARKED = report(
    session("VERIFIED-LEG", "chat"), {"record": "finding", "check": "INJ-01", "severity": "note", "session": "s1"}
)


@pytest.mark.parametrize(
    "standing, flood, truth_kind, before, after, broken",
    [
        ("bare", False, "clean", CLEAN, CLEAN, []),
        ("bare", False, "clean", CLEAN, REMARKED, []),
        ("bare", False, "clean", CLEAN, GUILTY, ["1", "5"]),
        ("bare", False, "clean", CLEAN, ACCUSED, ["1"]),
        ("coherent", False, "clean", CLEAN, CONTESTED, []),
        ("coherent", False, "clean", CLEAN, UNSAID, ["1"]),
        ("bare", False, "clean", CLEAN, CONTESTED, ["5"]),
        ("coherent", False, "clean", CLEAN, CROSS, ["2"]),
        ("coherent", False, "guilty", GUILTY, CLEAN, ["2", "6"]),
        ("coherent", False, "guilty", GUILTY, NOTHING, ["2", "6"]),
        ("coherent", False, "guilty", GUILTY, CONTESTED, []),
        ("coherent", False, "guilty", GUILTY, HIDING, ["6"]),
        ("coherent", False, "guilty", GUILTY, ALSO, []),
        ("bare", True, "clean", CLEAN, NOTHING, ["3"]),
        ("view", False, "clean", CLEAN, NOTHING, ["4"]),
        ("view", False, "clean", CLEAN, CLEAN, []),
        ("honest", False, "clean", CLEAN, NOTHING, []),
        ("honest", False, "clean", CLEAN, CONTESTED, ["honest"]),
        ("honest", False, "clean", CLEAN, CROSS, ["honest"]),
        ("guilt", False, "clean", CLEAN, CLEAN, ["guilt"]),
        ("guilt", False, "clean", CLEAN, GUILTY, []),
    ],
)
def test_predicate(standing, flood, truth_kind, before, after, broken):
    addition = kinds.Addition("made up", standing, flood, None)
    assert [s.split(":")[0] for s in laws.broken(before, truth_kind, addition, after)] == broken


def test_laws_hold_in_a_sample():
    suite = run.Suite(OPTIONS)
    suite.round(run.order(OPTIONS, SEED), SEED)
    suite.reader.close()
    assert suite.pairs > PAIRS // 2
    assert (
        not suite.failures
    ), f"{sum(suite.failures.values())} failures in {suite.pairs} pairs, see above; captures in {OPTIONS.keep}"


ONCE_BROKEN = [
    ("forked-cr-aiortc-pion.A", "invented_exchange_of_the_other_party", 16),
    ("relay-rewrite-cr-cr.M", "hep_datagrams_told_before", 1),
    ("relay-firefox-ff-ff.M", "strangers_copy_both_as_they_are", 1),
    ("fingerprint-oneway-aiortc-cr.merged-AS", "strangers_copy_both_with_other_lines", 1),
    ("resumed-aiortc.A", "path_between_two_calls", 3),
    ("renegotiate-cr-aiortc.sw", "description_in_a_datagram_of_a_party", 5),
    ("fingerprint-cr-ff12.A", "description_in_a_datagram_of_a_party", 6),
    ("cr-aiortc.A", "strangers_copy_without_password", 101),
    ("cr-ff.S", "invented_leg_with_other_lines", 101),
    ("cr-aiortc.A", "invented_exchange_of_the_other_party", 5),
    ("forked-cr-aiortc-pion.A", "invented_exchange_of_the_other_party", 5),
    ("cr-ff12.B", "exchange_of_the_other_party_in_two_datagrams", 31),
    ("cr-ff.A", "exchange_of_the_other_party_in_two_datagrams", 31),
    ("copied-transport-cr-aiortc.B", "segment_with_another_fingerprint_before", 1),
    ("icerestart-cr-ff12.B", "segment_with_another_fingerprint_behind", 1),
    ("cr-cr.S", "segment_with_another_fingerprint_behind", 3),
    ("forked-cr-aiortc-pion.A", "blind_segment", 5),
    ("fingerprint-cr-cr.merged-AS", "blind_segment", 6),
    ("werift-pion.B", "message_put_into_a_connection", 2),
    ("fingerprint-cr-cr.A", "own_handshake_without_end", 8),
    ("race-pion-cr.A", "flood_of_pretended_handshakes", 8),
    ("race-pion-cr.A", "lone_certificate_of_a_party", 77),
    ("resumed-aiortc.A", "client_hello_between", 5),
    ("resumed-aiortc.sw", "own_handshake_refused", 22),
    ("copied-fingerprint-cr-ff12.sw", "own_handshake_before", 3),
    ("renegotiate-cr-aiortc.sw", "flood_of_copies", 8),
    ("cable-cr-aiortc.S", "flood_of_copies", 1),
    ("copied-fingerprint-cr-ff12.S", "flood_of_copies", 1),
    ("copied-transport-cr-aiortc.S", "strangers_copy_without_password", 1),
    ("fingerprint-cr-ff12.A", "own_handshake_without_end", 1),
    ("fingerprint-cr-ff12.A", "lone_certificate", 1),
    ("fingerprint-cr-ff12.A", "lone_certificate_of_a_party", 1),
    ("fingerprint-cr-ff12.A", "second_certificate_with_the_same_key", 1),
    ("fingerprint-cr-ff12.A", "plain_certificates_of_both_parties", 1),
    ("fingerprint-cr-ff12.A", "flood_of_certificates", 1),
    ("foreign-media-cr-ff12.A", "replayed_backwards", 1),
    ("forked-cr-aiortc-pion.A", "handshake_replayed_on_another_flow", 1),
    ("forked-cr-aiortc-pion.A", "handshake_message_on_another_flow", 1),
    ("forked-pranswer-cr-wrtc.sw", "handshake_replayed_on_another_flow", 1),
    ("forked-pranswer-cr-wrtc.sw", "client_hello_between", 1),
    ("icerestart-cr-cr.sw", "flood_of_pretended_handshakes", 1),
    ("icerestart-cr-ff12.sw", "fatal_alert_in_clear", 1),
    ("icerestart-cr-ff12.sw", "handshake_message_on_another_flow", 1),
    ("resumed-aiortc.A", "datagrams_out_of_order", 1),
    ("cr-aiortc.A", "handshakes_inside_the_true_one", 2),
    ("deflate-cr-aiortc.A", "handshakes_inside_the_true_one", 3),
    ("cable-cr-aiortc.merged-AS", "doubled", 1),
    ("cable-cr-aiortc.merged-AS", "segments_sent_again", 1),
    ("cr-ff12.A", "invented_leg_with_many_lines", 3),
    ("copied-fingerprint-cr-ff12.sw", "points_at_two_hosts", 1),
    ("cr-aiortc.sw", "points_at_two_hosts", 1),
    ("two-calls.sw", "points_at_two_hosts", 2),
    ("two-calls.A", "strangers_copy_both", 1),
    ("two-calls.A", "strangers_announce_the_certificates_shown", 1),
    ("two-calls.sw", "strangers_copy_both_with_other_lines", 1),
    ("resumed-aiortc.A", "strangers_copy_both_as_they_are", 1),
    ("resumed-aiortc.sw", "strangers_copy_both", 1),
    ("resumed-aiortc.sw", "strangers_copy_without_password", 1),
    ("cr-ff12.A", "point_unnamed", 1),
    ("cr-ff12.A", "point_named", 2),
    ("icerestart-cr-ff12.sw", "point_unnamed", 3),
    ("relay-server-cr-ff12.A", "connection_ended", 11),
    ("cr-ff12.A", "connection_opened_again", 1),
    ("cr-aiortc.A", "connection_opened_again", 1),
    ("socketio-cr-ff12.A", "connection_reset", 12),
    ("copied-fingerprint-cr-ff12.sw", "segment_that_says_nothing", 11),
    ("icerestart-cr-ff12.sw", "exchange_lost", 1),
    ("two-calls.sw", "exchange_lost", 1),
    ("cr-aiortc.sw", "sip_datagrams_told_before", 1),
    ("cr-aiortc.sw", "hep_datagrams_told_before", 1),
    ("cr-aiortc.sw", "json_datagrams_told_after", 1),
    ("renegotiate-cr-aiortc.sw", "hep_datagrams_told_after", 1),
    ("rsa-cr-aiortc.sw", "sip_datagrams_told_after", 1),
    ("cr-cr.A", "sip_datagrams_told_before", 1),
    ("cr-aiortc.sw", "invented_connection_beside_sip", 1),
    ("icerestart-cr-cr.A", "invented_connection_beside_sip", 1),
    ("turn-udp-cr-aiortc.A", "invented_connection_beside_sip", 2),
    ("relay-rewrite-cr-cr.A", "copies_in_datagrams_of_both_legs", 1),
    ("forked-pranswer-cr-wrtc.A", "copies_in_datagrams_of_both_legs", 2),
    ("cr-aiortc.A", "sip_on_both_sides_of_a_translator", 1),
    ("cr-ff12.A", "server_hello_of_13_with_the_true_random", 1),
    ("cr-cr.sw", "server_flight_with_another_hello", 3),
    ("resumed-aiortc.A", "server_hello_of_a_weak_suite", 3),
    ("null-cipher-aiortc.A", "server_flight_with_another_hello", 1),
    ("null-cipher-aiortc.sw", "server_hello_of_13_with_the_true_random", 3),
    ("fingerprint-cr-ff12.B", "server_hello_with_the_true_random", 4),
    ("cr-aiortc.sw", "handshake_replayed_before_itself", 1),
    ("cr-cr.sw", "own_handshake_of_a_weak_suite", 2),
    ("cr-ff12.merged-ABS", "segments_joined", 1),
    ("cable-cr-aiortc.merged-AS", "ip_fragments", 1),
    ("turn-both-cr-ff12.B", "invented_answer_of_the_other_party", 1),
    ("race-pion-cr.A", "own_handshake_of_a_weak_suite", 1),
    ("race-pion-cr.A", "own_handshake_of_a_weak_suite", 2),
    ("rsa-cr-aiortc.sw", "handshakes_inside_the_true_one", 1),
    ("rsa-cr-aiortc.sw", "handshakes_inside_the_true_one", 6),
    ("resumed-aiortc.A", "invented_exchange_of_the_other_party", 1),
    ("resumed-aiortc.A", "invented_exchange_of_the_other_party", 4),
    ("fingerprint-cr-ff12.B", "segment_with_another_fingerprint_behind", 1),
    ("copied-fingerprint-cr-ff12.sw", "handshakes_inside_the_true_one", 1),
    ("resumed-aiortc.A", "handshake_replayed_on_another_flow", 1),
    ("resumed-aiortc.sw", "handshake_message_on_another_flow", 1),
    ("resumed-aiortc.sw", "own_handshake_showing_certificates_of_the_call", 1),
    ("turn-tls-cr-aiortc.A", "strangers_copy_without_password", 1),
    ("trap-t11.A", "strangers_copy_without_password", 1),
    ("c-cr-ff12.merged-AS", "second_certificate_with_the_same_key", 1),
]


@pytest.mark.parametrize("capture, addition, seed", ONCE_BROKEN[:: 3 if tshark.QUICK else 1])
def test_what_broke_a_law_once_holds(capture, addition, seed):
    suite = run.Suite(OPTIONS)
    subject = next(s for s in run.subjects([capture]) if s.name == capture)
    suite.pair(subject, kinds.ADDITIONS[addition], seed)
    suite.reader.close()
    assert suite.pairs == 1 and not suite.failures


def test_no_expectation_is_idle():
    """A line of expected.txt names an addition and a law that exist."""
    names = {"1", "2", "3", "4", "5", "6", "honest", "guilt", "reading"}
    for addition, law in run.known(OPTIONS.expect):
        assert addition in kinds.ADDITIONS and law in names, (addition, law)


@pytest.mark.parametrize("ttl, told", [(64, False), (37, True)])
def test_hops_of_what_was_added_are_told(scenes, ttl, told):
    """A certificate in clear beside the handshake: its TTL, where it is not that of the flow's other packets."""
    scene = next(s for s in scenes if s.name == "cr-aiortc.sw")
    made = kinds.ADDITIONS["lone_certificate"].apply(scene, kinds.seeded(1, scene.name, "lone_certificate"))
    was = {p.data for p in scene.packets}
    packets = [p if p.data in was else p.copy(data=with_payload(p, payload_of(p), ttl=ttl).data) for p in made]
    with_reader = run.reader.Reader()
    findings = with_reader.read(scene.capture.with_packets(packets)).findings
    with_reader.close()
    said = [f["message"] for f in findings if f["check"] == "INJ-01"]
    assert said and [f"TTL or hop limit is {ttl} in frame" in s for s in said] == [told] * len(said)
