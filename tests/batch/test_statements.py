# SPDX-License-Identifier: GPL-2.0-or-later
"""webrtc-audit with files in which parties state what they sent and were sent."""

import shutil

import batch
import pytest
import stated
import tshark

ALICE, BOB = "10.77.0.2", "10.77.0.3"
CLEAN = tshark.TOP / "test-captures/cr-ff12.merged-ABS.pcapng"
INTERCEPTED = tshark.TOP / "test-captures/mitm-a2-wrtc-cr-cr.merged-AS.pcapng"


@pytest.fixture
def room():
    return batch.own_folder()


def lay(room, capture, make, *names):
    """The capture without its signalling as call.pcapng, and the files of alice and bob under these names."""
    shutil.copy(stated.datagrams(capture), room / "call.pcapng")
    for name, client in zip(names, (ALICE, BOB)):
        (room / name).write_text(make(stated.of(capture, client)))
        (room / name).chmod(0o644)
    (room / "call.pcapng").chmod(0o644)


def verdicts(result):
    return [r["verdict"] for r in batch.records(result.stdout, "session")]


def test_files_that_are_named_are_used(room):
    lay(room, CLEAN, stated.internals, "a b\\\"c, ü.json", "bob.json")
    one = batch.script(room, "webrtc-audit", "call.pcapng", "-s", "a b\\\"c, ü.json", "--ndjson", "-", status=0)
    assert verdicts(one) == ["VERIFIED-LEG"]
    [capture] = batch.records(one.stdout, "capture")
    assert [entry["name"] for entry in capture["statements"]] == ["a b\\\"c, ü.json"]
    files = ("-s", "bob.json", "-s", "a b\\\"c, ü.json")
    both = batch.script(room, "webrtc-audit", "call.pcapng", *files, "--ndjson", "-", status=0)
    assert verdicts(both) == ["VERIFIED-CROSS"]


def test_files_beside_the_capture_are_found_unless_some_are_named(room):
    lay(room, INTERCEPTED, stated.har, "alice.har", "bob.har")
    found = batch.script(room, "webrtc-audit", "call.pcapng", status=1)
    assert "INTERCEPTED" in found.stdout and "bob.har" in found.stdout
    named = batch.script(room, "webrtc-audit", "call.pcapng", "--statements", "alice.har", status=0)
    assert "VERIFIED-LEG" in named.stdout and "bob.har" not in named.stdout
    none = batch.script(room, "webrtc-audit", "call.pcapng", "--no-statement-search", status=0)
    assert "NO-SIGNALLING" in none.stdout


def test_two_dumps_without_a_capture(room):
    lay(room, INTERCEPTED, stated.internals, "alice.json", "bob.json")
    against = batch.script(room, "webrtc-audit", "-s", "alice.json", "-s", "bob.json", "--full", status=1)
    assert "SUBSTITUTED-IN-SIGNALLING" in against.stdout
    assert "statement 1 of alice.json" in against.stdout and "of bob.json" in against.stdout


def test_two_dumps_that_agree(room):
    lay(room, CLEAN, stated.internals, "alice.json", "bob.json")
    agree = batch.script(room, "webrtc-audit", "-s", "alice.json", "-s", "bob.json", "--ndjson", "-", status=0)
    assert verdicts(agree) == ["NO-MEDIA"]
    assert "WIT-04" in [finding["check"] for finding in batch.records(agree.stdout, "finding")]


def test_neither_capture_nor_file(room):
    assert "name a capture" in batch.script(room, "webrtc-audit", status=2).stderr
    assert "cannot read" in batch.script(room, "webrtc-audit", "-s", "nowhere.har", status=2).stderr
