# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures with known truth: those of the checkout, and a larger set elsewhere that is used where it exists."""

import json
import os
import pathlib

import tshark

# WEBRTC_TEST_CAPTURES names another folder with captures and truth files, such as those the lab has just made.
OWN = pathlib.Path(os.environ.get("WEBRTC_TEST_CAPTURES", tshark.TOP / "test-captures")).resolve()


def folder(variable, beside):
    """The folder an environment variable names, or the one beside the checkout; None when there is neither."""
    named = os.environ.get(variable)
    path = pathlib.Path(named) if named else tshark.TOP.parent / "shared" / beside
    return path if path.is_dir() else None


def own_entries():
    """What NAME.truth.json beside each capture says; the folder is added to find the files by."""
    entries = []
    for path in sorted(OWN.glob("*.truth.json")):
        entries.append({**json.loads(path.read_text(encoding="utf-8")), "folder": OWN})
    return entries


def shared_entries():
    """The same out of one truth.json for all captures of the shared folder; empty without such a folder."""
    shared = folder("WEBRTC_SHARED_CAPTURES", "captures")
    if not shared or not (shared / "truth.json").is_file():
        return []
    entries = json.loads((shared / "truth.json").read_text(encoding="utf-8"))
    return [{**entry, "folder": shared} for entry in entries]


def expected(entry, with_keys):
    """The verdicts that are right, in a capture read with or without its key logs, on the series that runs."""
    if not with_keys:
        return entry.get("session_without_keys", entry["session"])
    if tshark.series() >= (4, 4):
        return entry.get("session_with_keys_44", entry["session"])
    return entry["session"]


def check(entry, mode, with_keys=False):
    """Asserts that a capture has sessions, that the verdict of each is one of those expected, and that the expected
    checks found something. Without readable signalling and without any media there is nothing to make a session of."""
    capture = entry["folder"] / entry["capture"]
    keys = tuple(entry["folder"] / name for name in entry["key_logs"]) if with_keys else ()
    report = tshark.report(capture, mode, keys)
    right = expected(entry, with_keys)
    if right == ["NO-SIGNALLING"] and not tshark.holds(capture, "stun or dtls"):
        assert not report.sessions
        return
    wrong = [
        f"{session['id']}: {session['verdict']} ({session.get('statement')})"
        for session in report.sessions if session["verdict"] not in right
    ]
    assert report.sessions, f"{entry['capture']}: no session, expected {right}"
    assert not wrong, f"{entry['capture']}: expected {right}, got " + "; ".join(wrong)
    missing = set(entry.get("findings", [])) - {finding["check"] for finding in report.findings}
    assert not missing, f"{entry['capture']}: nothing found by {', '.join(sorted(missing))}"


def check_statements(entry, said):
    """The same with files that the parties' own tools saved of the call: said is one of the entry's "statements"."""
    files = [tshark.readable(entry["folder"] / name) for name in said["files"]]
    words = [word for file in files for word in ("-o", f'uat:webrtc_statements:"{file}","","",""')]
    result = tshark.run([*words, "-r", tshark.readable(entry["folder"] / entry["capture"]), "-q", "-z", "webrtc,json"])
    tshark.require_clean(result)
    report = tshark.parse_report(result.stdout)
    verdicts = report.verdicts()
    assert verdicts and set(verdicts) <= set(said["session"]), f"{said}: {verdicts}"
    missing = set(said.get("findings", [])) - {finding["check"] for finding in report.findings}
    assert not missing, f"{said}: nothing found by {', '.join(sorted(missing))}"
    read = [one for origin in report.of("origin") for one in origin["inputs"] if one["kind"] == "statement"]
    assert {"statements/" + one["name"] for one in read} == set(said["files"])
    assert not [one for one in read if "problem" in one]


def name(entry):
    """How a test of this entry is called."""
    return entry["capture"].removesuffix(".pcapng")
