# SPDX-License-Identifier: GPL-2.0-or-later
"""What makes a tool cry wolf, on real captures: each test would fail if the trap were fallen into. The numbers are
those of rules 4; those that no real stack shows are generated from real captures (test-captures/lab/traps.py)."""

import subprocess

import pytest
import truth
import tshark

LOUD = ("warn", "error")
# True of every call whose signalling is in clear, and of what it discloses.
ALWAYS = {"SIG-01", "SIG-03", "SIG-05"}


def read(name, keys=()):
    path = truth.OWN / f"{name}.pcapng"
    assert path.exists(), f"{path.name} is missing"
    return tshark.report(path, keys=keys)


def loud(report):
    return {f["check"] for f in report.of("finding") if f["severity"] in LOUD} - ALWAYS


def checks(report):
    return {f["check"] for f in report.of("finding")}


def without(name, display_filter, folder):
    """The capture without the packets that the filter names."""
    source, target = truth.OWN / f"{name}.pcapng", folder / f"{name}.pcapng"
    subprocess.run(["tshark", "-r", source, "-Y", f"not ({display_filter})", "-w", target], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return target


def test_t1_a_mismatch_needs_a_binding(tmp_path):
    """With its checks the mismatch is an error; without them the flow is bound by addresses only: never louder than a
    note."""
    name = "c-noverify-ndc-pion.A"
    assert {s["severity"] for s in read(name).of("session")} == {"error"}
    bare = tshark.report(without(name, "stun", tmp_path))
    assert all(s["severity"] in ("chat", "note") for s in bare.of("session"))
    assert not {"DTLS-01", "DTLS-02"} & {f["check"] for f in bare.of("finding") if f["severity"] in LOUD}


def test_t2_one_line_of_each_hash_is_enough():
    """The true line stands first in the offer and last in the answer, and each has one of the same hash that is
    foreign."""
    report = read("trap-t2.A")
    assert report.verdicts() == ["VERIFIED-LEG"] and [a["verdict"] for a in report.of("association")] == ["VERIFIED"]
    assert not loud(report)


def test_t3_lines_of_a_section_replace_those_of_the_session():
    """A foreign line at session level, and one in a section that the answer rejects."""
    report = read("trap-t3.A")
    assert report.verdicts() == ["VERIFIED-LEG"] and [a["verdict"] for a in report.of("association")] == ["VERIFIED"]
    assert not loud(report)


@pytest.mark.parametrize("name", ["icerestart-cr-ff12.A", "icerestart-cr-ff12.sw"])
def test_t4_an_ice_restart_is_no_second_association(name):
    report = read(name)
    assert len(report.of("association")) == 1
    assert "DTLS-05" not in checks(report) and not loud(report)


@pytest.mark.parametrize("name", ["cr-ff12.merged-ABS", "turn-both-cr-ff12.S", "turn-udp-cr-aiortc.S"])
def test_t5_seen_twice_is_one_thing(name):
    report = read(name)
    assert len(report.of("association")) == 1 and len(report.of("session")) == 1
    assert not loud(report)


@pytest.mark.parametrize("name", ["janus-websocket-cr.A", "janus-http-ff12.A"])
def test_t6_a_media_server_is_no_attacker(name):
    assert not loud(read(name))


def test_t7_a_fork_is_not_compared_with_another_forks_answer():
    forked = [tshark.report(path) for path in sorted(truth.OWN.glob("forked-*.pcapng"))]
    assert any(report.of("association") for report in forked), "no capture has the case"
    for report in forked:
        assert not any("MISMATCH" in a["verdict"] for a in report.of("association"))


def test_t8_an_answer_may_come_after_the_handshake():
    report = read("trap-t8.A")
    answer, = (d for d in report.of("description") if d["kind"] == "answer")
    association, = report.of("association")
    assert answer["frame"] > max(association["certificate_frames"]), "the capture does not have the case"
    assert report.verdicts() == ["VERIFIED-LEG"] and not loud(report)


@pytest.mark.parametrize("name", ["cr-cr.A", "ff-ff.A", "sped-cr-cr.A"])
def test_t9_t19_encrypted_certificates_are_no_alarm(name):
    report = read(name)
    assert report.of("association"), "the handshake was not seen at all"
    assert all(s["severity"] in ("chat", "note") for s in report.of("session"))
    assert not loud(report)


def test_t10_retransmissions_are_no_second_handshake():
    captures = sorted(truth.OWN.glob("*.pcapng"))
    assert captures
    for path in captures:
        report = tshark.report(path)
        randoms = [a["randoms"] for a in report.of("association") if a.get("randoms")]
        assert len(randoms) == len(set(randoms)), path.name


def test_t11_what_is_absent_is_not_reported():
    """The offer has a tls-id and the answer none: the same findings as in the call without any."""
    plain = read("cr-ff12.A")
    assert checks(read("trap-t11.A")) == checks(plain)
    assert not {"SDP-07", "SIG-07", "DTLS-21"} & checks(plain)


def test_t12_decrypted_signalling_is_not_clear():
    entries = [entry for entry in truth.own_entries() if "wss" in entry["capture"] and entry.get("key_logs")]
    assert entries, "no capture has the case"
    for entry in entries:
        keys = tuple(truth.OWN / k for k in entry["key_logs"])
        assert "SIG-01" not in checks(tshark.report(truth.OWN / entry["capture"], keys=keys)), entry["capture"]


def test_t13_to_t16_clean_calls_raise_nothing_but_what_is_true_of_them():
    """Permissions for private addresses, self-signed certificates, data beside media, SRTP labelled RTP."""
    for pattern in ("cr-ff12.*", "cr-aiortc.*", "ff-pion.*", "turn-udp-*", "cr-wrtc.*", "ndc-cr.*"):
        for path in sorted(truth.OWN.glob(pattern + ".pcapng") if not pattern.endswith(".*")
                           else truth.OWN.glob(pattern)):
            if path.suffix == ".pcapng":
                assert not loud(tshark.report(path)), path.name


def test_t17_a_trimmed_and_rewritten_description_is_no_substitution():
    report = read("trap-t17.sw")
    assert {"SDP-05", "SDP-15"} <= checks(report), "the capture does not have the case"
    assert report.verdicts() == ["VERIFIED-CROSS"] and not loud(report)


def test_t18_media_without_signalling_is_a_note(tmp_path):
    bare = tshark.report(without("cr-ff12.A", "tcp", tmp_path))
    assert bare.verdicts() == ["NO-SIGNALLING"]
    assert {s["severity"] for s in bare.of("session")} == {"note"}


def test_t20_two_calls_are_no_unknown_key_share():
    for path in sorted(truth.OWN.glob("two-calls*.pcapng")):
        assert "UKS-01" not in checks(tshark.report(path)), path.name
    assert any("UKS-01" in checks(tshark.report(p)) for p in truth.OWN.glob("copied-fingerprint-*.pcapng"))
