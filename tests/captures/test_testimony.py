# SPDX-License-Identifier: GPL-2.0-or-later
"""An endpoint's statistics settle a DTLS 1.3 call for which there is no key log, and nothing else.

data/certificates-dtls13.json holds the certificates of two calls by the address that presented them, as the endpoints'
key logs show them; that they are the right ones is checked against the fingerprints in the truth files. The statistics
are put together from these in the forms that browsers give.
"""

import base64
import hashlib
import json
import pathlib

import pytest

import tshark

HERE = pathlib.Path(__file__).parent
CERTIFICATES = json.loads((HERE / "data/certificates-dtls13.json").read_text())
CAPTURES = tshark.TOP / "test-captures"
ALICE, BOB, MALLORY = "10.77.0.2", "10.77.0.3", "10.77.0.66"
# capture, its certificates, who is at the other end
CLEAN = ("ff-ff.A", "ff-ff.A", BOB)
INTERCEPTED = ("relay-firefox-ff-ff.A", "relay-firefox-ff-ff.A", MALLORY)


def fingerprint(der):
    return ":".join(f"{byte:02X}" for byte in hashlib.sha256(der).digest())


def association_of(capture, peer):
    report = tshark.report(CAPTURES / f"{capture}.pcapng")
    return next(a for a in report.associations if {ALICE, peer} == {a[side].rsplit(":", 1)[0]
                                                                    for side in ("client", "server")})


def statistics(call, **changes):
    """What alice's browser says of her transport: a dictionary of statistics by identifier."""
    capture, certificates, peer = call
    association = association_of(capture, peer)
    own = "client" if association["client"].startswith(ALICE + ":") else "server"
    other = {"client": "server", "server": "client"}[own]

    def candidate(side):
        address, port = association[side].rsplit(":", 1)
        return {"address": address, "port": int(port), "usernameFragment": association[side + "_ufrag"]}

    def certificate(der):
        return {"type": "certificate", "fingerprintAlgorithm": "sha-256", "fingerprint": fingerprint(der),
                "base64Certificate": base64.b64encode(der).decode()}

    ders = {address: base64.b64decode(text) for address, text in CERTIFICATES[certificates].items()}
    stats = {
        "T01": {"type": "transport", "dtlsState": "connected", "tlsVersion": "FEFC", "localCertificateId": "CFL",
                "remoteCertificateId": "CFR", "selectedCandidatePairId": "CP1",
                "iceLocalUsernameFragment": association[own + "_ufrag"]},
        "CFL": certificate(ders[ALICE]), "CFR": certificate(changes.pop("remote", ders[peer])),
        "CP1": {"type": "candidate-pair", "localCandidateId": "IL1", "remoteCandidateId": "IR1"},
        "IL1": {"type": "local-candidate", **candidate(own)}, "IR1": {"type": "remote-candidate", **candidate(other)},
    }
    for name, value in changes.items():
        stats[name].update(value)
    return stats


def as_list(stats):
    return [{"id": name, **values} for name, values in stats.items()]


def as_dump(stats):
    """The form of chrome://webrtc-internals: each attribute apart, with all its values as text."""
    series = {f"{name}-{key}": {"statsType": values["type"], "values": json.dumps([value])}
              for name, values in stats.items() for key, value in values.items() if key != "type"}
    return {"UserAgent": "a browser", "PeerConnections": {"7-1": {"url": "https://example.org/", "stats": series}}}


def as_entries(stats):
    return [[name, {"id": name, **values}] for name, values in stats.items()]


def judge(tmp_path, capture, content):
    file = tmp_path / "alice.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    result = tshark.run(["-o", f"webrtc.statistics_file:{tshark.readable(file)}", "-q",
                         "-r", tshark.readable(CAPTURES / f"{capture}.pcapng"), "-z", "webrtc,json"])
    tshark.require_clean(result)
    return tshark.parse_report(result.stdout)


@pytest.mark.parametrize("call", [CLEAN, INTERCEPTED], ids=["clean", "intercepted"])
def test_the_certificates_are_those_of_the_call(call):
    truth = json.loads((CAPTURES / f"{call[0]}.truth.json").read_text())
    known = {text.split()[1] for stack in truth["stacks"].values() for text in stack["fingerprints"]}
    assert {fingerprint(base64.b64decode(text)) for text in CERTIFICATES[call[1]].values()} <= known


@pytest.mark.parametrize("form", [dict, as_list, as_entries, as_dump])
def test_it_settles_a_call_without_a_key_log_and_is_named_as_the_source(tmp_path, form):
    report = judge(tmp_path, CLEAN[0], form(statistics(CLEAN)))
    truth = json.loads((CAPTURES / f"{CLEAN[0]}.truth.json").read_text())
    assert report.verdicts() == truth["session_with_keys_44"]
    statement = report.sessions[0]["statement"]
    for words in ("by the statement of an endpoint", "alice.json", "not seen on the wire"):
        assert words in statement
    for side in report.associations[0]["certificates"].values():
        assert "sha256" not in side and side["stated_sha256"] in {
            fingerprint(base64.b64decode(text)) for text in CERTIFICATES[CLEAN[1]].values()}


def test_an_intercepted_call_is_consistent_on_its_own_leg(tmp_path):
    report = judge(tmp_path, INTERCEPTED[0], statistics(INTERCEPTED))
    truth = json.loads((CAPTURES / f"{INTERCEPTED[0]}.truth.json").read_text())
    assert report.verdicts() == truth["session_with_keys_44"]
    mallory = fingerprint(base64.b64decode(CERTIFICATES[INTERCEPTED[1]][MALLORY]))
    assert mallory in {side["stated_sha256"] for side in report.associations[0]["certificates"].values()}


@pytest.mark.parametrize("call", [CLEAN, INTERCEPTED], ids=["clean", "intercepted"])
def test_a_statement_that_contradicts_what_was_announced_is_told_and_not_believed(tmp_path, call):
    other = INTERCEPTED if call is CLEAN else CLEAN
    stranger = base64.b64decode(CERTIFICATES[other[1]][other[2]])
    report = judge(tmp_path, call[0], statistics(call, remote=stranger))
    assert report.verdicts() == ["UNVERIFIABLE"]
    assert [f["severity"] for f in report.findings if f["check"] == "CAP-06"] == ["note"]
    assert not [f for f in report.findings if f["severity"] == "error"]


@pytest.mark.parametrize("changes", [
    {"T01": {"iceLocalUsernameFragment": "else"}},
    {"IR1": {"usernameFragment": "else"}},
    {"IR1": {"address": "192.0.2.1"}},
    {"IL1": {"port": 9}},
    {"T01": {"localCertificateId": "CFR"}},  # not what alice announced
    {"T01": {"localCertificateId": "none"}},
    {"T01": {"dtlsState": "failed"}},
    {"CFR": {"base64Certificate": "AAAA"}},
    {"CFR": {"fingerprint": "00:11"}},
])
def test_what_is_not_shown_to_be_of_this_call_says_nothing(tmp_path, changes):
    report = judge(tmp_path, CLEAN[0], statistics(CLEAN, **changes))
    assert report.verdicts() == ["UNVERIFIABLE"]
    assert not [f for f in report.findings if f["severity"] == "error"]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "3", '{"PeerConnections": {"a": 3}}',
                                     '[{"id": 7}, [], [1]]',
                                     '{"PeerConnections": {"a": {"stats": {"-": {"statsType": "transport", "values": '
                                     '"["}}}}}'])
def test_a_file_that_is_no_statistics_changes_nothing(tmp_path, content):
    assert judge(tmp_path, CLEAN[0], content).verdicts() == ["UNVERIFIABLE"]
