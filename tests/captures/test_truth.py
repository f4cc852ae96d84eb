# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of real calls get the verdict that is known to be right, in each way of reading them."""

import pytest
import truth
import tshark

ENTRIES = truth.own_entries()
SHARE = 2 if tshark.QUICK else 1  # of those that need a start of tshark each
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=truth.name)


def judged(entries):
    """The same, where those that the plugins are known to fail so far may fail: "pending" says why."""
    return pytest.mark.parametrize("entry", [
        pytest.param(
            entry, id=truth.name(entry),
            marks=[pytest.mark.xfail(reason=entry["pending"])] if "pending" in entry else [],
        )
        for entry in entries
    ])


def test_every_capture_has_its_truth():
    captures = {path.name for path in truth.OWN.glob("*.pcapng")}
    assert captures
    assert captures == {entry["capture"] for entry in ENTRIES}


@judged(ENTRIES)
@pytest.mark.parametrize("mode", tshark.MODES)
def test_verdict(entry, mode):
    truth.check(entry, mode)


@judged([entry for entry in ENTRIES if entry["key_logs"]][::SHARE])
def test_verdict_with_keys(entry):
    truth.check(entry, "one-pass", with_keys=True)


@pytest.mark.parametrize("entry, said", [
    pytest.param(entry, said, id="+".join([truth.name(entry), *(file.split(".", 1)[1] for file in said["files"])]))
    for entry in ENTRIES for said in entry.get("statements", [])
][::SHARE])
def test_verdict_with_statements(entry, said):
    """Files that Chromium and Firefox saved of the call give its verdict without a byte of its signalling."""
    truth.check_statements(entry, said)


@each_entry
@pytest.mark.parametrize("mode", [mode for mode in tshark.MODES if mode != "one-pass"])
def test_report_is_the_same_as_in_one_pass(entry, mode):
    capture = entry["folder"] / entry["capture"]
    assert tshark.report(capture, mode).records == tshark.report(capture).records


@pytest.mark.parametrize("entry", ENTRIES[:: SHARE * SHARE], ids=truth.name)
def test_text_report_names_the_verdicts(entry):
    capture = entry["folder"] / entry["capture"]
    text = tshark.text_report(capture)
    for verdict in tshark.report(capture).verdicts():
        assert verdict in text


@each_entry
def test_summary_counts_the_records(entry):
    report = tshark.report(entry["folder"] / entry["capture"])
    summary = report.summary
    assert summary["sessions"] == len(report.sessions)
    assert summary["associations"] == len(report.associations)
    assert summary["descriptions"] == len(report.descriptions)
    assert summary["packets"] > 0
    verdicts = report.verdicts()
    assert summary["verdicts"] == {verdict: verdicts.count(verdict) for verdict in set(verdicts)}
    severities = [finding["severity"] for finding in report.findings]
    assert {k: n for k, n in summary["findings"].items() if n} == {s: severities.count(s) for s in set(severities)}


@each_entry
def test_absent_facts_are_absent(entry):
    def strings(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for item in value.values():
                yield from strings(item)
        elif isinstance(value, list):
            for item in value:
                yield from strings(item)

    for record in tshark.report(entry["folder"] / entry["capture"]).records:
        made_up = [text for text in strings(record) if text.lower() in ("", "<null>", "(null)", "null")]
        assert not made_up, f"a made-up value in {record}"
