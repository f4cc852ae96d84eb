# SPDX-License-Identifier: GPL-2.0-or-later
"""webrtc-audit over several captures: reports, key logs, merging, what cannot be read, and the exit status."""

import csv
import hashlib
import io
import os
import shutil

import batch
import pytest
import truth
import tshark
from batch import lay, records

MISMATCH = "fingerprint-unchecked-pion-pion.A.pcapng"
QUIET = "cr-ff12.A.pcapng"


@pytest.fixture
def room():
    folder = batch.own_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def audit(room, *arguments, **how):
    return batch.script(room, "webrtc-audit", *arguments, **how)


def test_status_is_0_without_errors_and_1_with(room):
    lay(room, MISMATCH)
    audit(room, MISMATCH, status=1)
    (room / "empty.pcap").write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    assert "0 calls" in audit(room, "empty.pcap", status=0).stdout


def test_status_is_2_when_something_cannot_be_read(room):
    lay(room, MISMATCH)
    (room / "broken.pcapng").write_bytes(b"no capture at all")
    result = audit(room, ".", status=2)
    assert "MISMATCH" in result.stdout, "the rest is reported all the same"
    assert "NOT READ WHOLE" in result.stdout
    assert "missing.pcap" in audit(room, "missing.pcap", status=2).stdout
    (room / "nothing").mkdir()
    assert "no capture in this folder" in audit(room, "nothing", status=2).stderr


def test_a_capture_cut_short_is_reported_as_far_as_it_goes(room):
    lay(room, MISMATCH)
    whole = (room / MISMATCH).read_bytes()
    (room / "cut.pcapng").write_bytes(whole[:-7])
    result = audit(room, "cut.pcapng", status=2)
    assert "MISMATCH" in result.stdout
    assert "cut short" in result.stdout


def test_folders_are_searched_and_nothing_is_read_twice(room):
    (room / "deep").mkdir(mode=0o755)
    lay(room, MISMATCH)
    shutil.move(room / MISMATCH, room / "deep" / MISMATCH)
    (room / "deep" / "notes.txt").write_text("no capture")
    (room / "link.pcapng").symlink_to(room / "deep" / MISMATCH)
    result = audit(room, ".", "deep", "--ndjson", "-")
    assert len(records(result.stdout, "capture")) == 1


def test_ndjson_says_of_every_record_where_it_is_from(room):
    lay(room, MISMATCH, QUIET)
    lines = records(audit(room, ".", "--ndjson", "-", status=1).stdout)
    assert lines[-1]["record"] == "total"
    assert lines[-1]["captures"] == 2
    assert {line["capture"] for line in lines[:-1]} == {MISMATCH, QUIET}
    for line in lines:
        if line["record"] == "capture":
            assert line["sources"][0]["sha256"] == hashlib.sha256((room / line["capture"]).read_bytes()).hexdigest()
    for name in (MISMATCH, QUIET):
        expected = tshark.report(truth.OWN / name).records
        got = [{k: v for k, v in line.items() if k != "capture"} for line in lines[:-1] if line["capture"] == name]
        assert got[1:] == expected


@pytest.mark.parametrize("jobs", [1, 4])
def test_order_is_that_of_the_arguments(room, jobs):
    names = [QUIET, MISMATCH, "ff-pion.A.pcapng", "ff-pion.B.pcapng"]
    lay(room, *names)
    result = audit(room, *names, "-j", jobs, "--ndjson", "-")
    assert [record["capture"] for record in records(result.stdout, "capture")] == names
    assert len([line for line in result.stderr.splitlines() if line.startswith("[")]) == len(names)
    assert audit(room, *names, "-q").stderr == ""


def test_csv_has_a_row_a_call_and_no_formula(room):
    lay(room, MISMATCH)
    (room / MISMATCH).rename(room / "=1+1.pcapng")
    rows = list(csv.DictReader(io.StringIO(audit(room, "=1+1.pcapng", "--csv", "-").stdout)))
    assert [(row["capture"], row["verdict"]) for row in rows] == [("'=1+1.pcapng", "MISMATCH")]
    assert int(rows[0]["errors"]) > 0


def test_html_index_leads_to_the_pages_and_escapes_names(room):
    lay(room, MISMATCH)
    (room / MISMATCH).rename(room / "<script>x.pcapng")
    audit(room, ".", "--html", "site", status=1)
    index = (room / "site/index.html").read_text(encoding="utf-8")
    assert "<script" not in index
    assert "&lt;script&gt;x.pcapng" in index
    assert 'href="0001.html#s1"' in index
    assert '<section id="s1">' in (room / "site/0001.html").read_text(encoding="utf-8")


def test_key_logs_beside_captures_are_used(room):
    lay(room, "cr-aiortc.B.pcapng", "cr-aiortc.B.keys")
    record = records(audit(room, ".", "--ndjson", "-").stdout, "capture")[0]
    assert [os.path.basename(key["name"]) for key in record["key_logs"]] == ["cr-aiortc.B.keys"]
    assert not records(audit(room, ".", "--no-key-search", "--ndjson", "-").stdout, "capture")[0]["key_logs"]
    (room / "more.keylog").write_text("# nothing\n")
    record = records(audit(room, ".", "--ndjson", "-").stdout, "capture")[0]
    assert len(record["key_logs"]) == 2
    assert "cannot read the key log" in audit(room, ".", "-k", "none.keys", status=2).stderr


def test_vantage_points_are_merged(room):
    lay(room, "cr-ff12.A.pcapng", "cr-ff12.B.pcapng", "cr-ff12.S.pcapng", MISMATCH)
    apart = records(audit(room, ".", "--ndjson", "-").stdout, "session")
    assert "VERIFIED-CROSS" not in {session["verdict"] for session in apart}
    by_call = records(audit(room, ".", "--merge=call", "--ndjson", "-").stdout)
    captures = [record for record in by_call if record["record"] == "capture"]
    assert sorted(len(record["sources"]) for record in captures) == [1, 3]
    assert sorted(s["verdict"] for s in by_call if s["record"] == "session") == ["MISMATCH", "VERIFIED-CROSS"]
    together = records(audit(room, ".", "--merge", "all", "--ndjson", "-").stdout, "capture")
    assert len(together) == 1


def test_text_in_full_has_the_report_of_each_call(room):
    lay(room, MISMATCH)
    assert "Announced" not in audit(room, MISMATCH).stdout
    assert "Announced" in audit(room, MISMATCH, "--full").stdout


def test_a_slow_capture_is_given_up(room):
    lay(room, MISMATCH)
    assert "took longer than" in audit(room, MISMATCH, "--timeout", "0.001", status=2).stdout


def test_without_plugins_it_says_so(room):
    lay(room, MISMATCH)
    assert "has not loaded the WebRTC plugins" in audit(room, MISMATCH, status=2, plugins=False).stderr


def test_a_name_like_an_option_is_a_file(room):
    lay(room, MISMATCH)
    (room / MISMATCH).rename(room / "-z.pcapng")
    assert "MISMATCH" in audit(room, "--", "-z.pcapng", status=1).stdout
