# SPDX-License-Identifier: GPL-2.0-or-later
"""webrtc-audit over several captures: reports, key logs, merging, what cannot be read, and the exit status."""

import csv
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import types

import batch
import pytest
import truth
import tshark
from batch import lay, records

MISMATCH = "fingerprint-unchecked-pion-pion.A.pcapng"
QUIET = "cr-ff12.A.pcapng"


@pytest.fixture(scope="module")
def modules():
    sys.path.insert(0, str(batch.scripts()))
    from webrtc_audit import common, job, page, reports, views, words
    common.program = batch.scripts() / "webrtc-audit"
    return types.SimpleNamespace(Job=job.Job, hints=views.hints, harm=words.harm, index_call=page.index_call,
                                 write_alarms=reports.write_alarms)


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
    assert "  NOT READ: " in result.stdout
    whole = (truth.OWN / QUIET).read_bytes()
    (room / "cut.pcapng").write_bytes(whole[:len(whole) // 2])
    assert "  NOT READ WHOLE: " in audit(room, "cut.pcapng", status=2).stdout
    assert "missing.pcap" in audit(room, "missing.pcap", status=2).stdout
    os.mkfifo(room / "pipe.pcap")
    assert "neither a file nor a folder" in audit(room, "-q", "pipe.pcap", status=2).stderr
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
        got = [{k: v for k, v in line.items() if k not in ("capture", "command")}
               for line in lines[:-1] if line["capture"] == name]
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


@pytest.mark.parametrize("words", [["--merge"], ["-m"]])
def test_merge_takes_no_capture_for_how(room, words):
    lay(room, "cr-ff12.A.pcapng", "cr-ff12.S.pcapng")
    result = audit(room, *words, "cr-ff12.A.pcapng", "cr-ff12.S.pcapng", "--ndjson", "-", status=0)
    [capture] = records(result.stdout, "capture")
    assert len(capture["sources"]) == 2


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


def test_tshark_is_started_once_for_a_capture(room):
    lay(room, MISMATCH, QUIET)
    counting = room / "counting"
    counting.write_text(f'#!/bin/sh\necho >>{room}/starts\nexec tshark "$@"\n')
    counting.chmod(0o755)
    said = audit(room, "--tshark", str(counting), ".", status=1).stdout
    assert re.search(r"WebRTC plugins \d.*, Wireshark \d+\.\d+\.\d+\n", said), "its records say who made them"
    assert (room / "starts").read_text() == 2 * "\n"


def test_a_name_like_an_option_is_a_file(room):
    lay(room, MISMATCH)
    (room / MISMATCH).rename(room / "-z.pcapng")
    assert "MISMATCH" in audit(room, "--", "-z.pcapng", status=1).stdout


def zstd_frame(content):
    """A frame of raw blocks (RFC 8878 3.1.1), which needs no compressor: magic, one segment with a size of four bytes,
    then blocks of at most 128 KB."""
    out = bytes.fromhex("28b52ffd") + b"\xa0" + len(content).to_bytes(4, "little")
    for at in range(0, len(content), 1 << 17):
        piece = content[at:at + (1 << 17)]
        last = at + len(piece) == len(content)
        out += (len(piece) << 3 | last).to_bytes(3, "little") + piece
    return out


def test_rotated_packed_and_nameless_captures_are_found_by_name_or_content_and_the_rest_is_named(room):
    lay(room, MISMATCH, QUIET)
    (room / MISMATCH).rename(room / "ring.pcap0")
    whole = (room / QUIET).read_bytes()
    (room / QUIET).unlink()
    (room / "ring.pcap1.gz").write_bytes(gzip.compress(whole))
    (room / "dump").write_bytes(gzip.compress(whole + b""))
    (room / "zstd").write_bytes(zstd_frame((truth.OWN / "cr-ff12.B.pcapng").read_bytes()))
    (room / "zstd.notes").write_bytes(zstd_frame(b"no capture, but long enough"))
    (room / "notes.txt").write_text("no capture")
    (room / "packed").write_bytes(gzip.compress(b"no capture"))
    result = audit(room, ".", "--ndjson", "out.ndjson", "--text", "-", status=1)
    lines = records((room / "out.ndjson").read_text(encoding="utf-8"))
    names = [line["capture"] for line in lines if line["record"] == "capture"]
    assert names == ["dump", "ring.pcap0", "ring.pcap1.gz", "zstd"]
    assert lines[-1]["skipped"] == 3
    assert "skipped, since no captures: 3 (notes.txt, packed, zstd.notes)" in result.stdout


def test_what_is_grave_comes_first_and_once(room):
    lay(room, QUIET, MISMATCH)
    text = audit(room, QUIET, MISMATCH, "--html", "site", "--text", "-", status=1).stdout
    alarms = text[text.index("Alarms, the worst first"):text.index(f"\n\n{QUIET}")].splitlines()[1:]
    assert alarms[0].split()[:2] == ["error", "MISMATCH,"]
    severities = [line.split()[0] for line in alarms]
    assert severities == sorted(severities)  # "error" before "warn"
    named = [tuple(line.split()[:2]) + tuple(name for name in (QUIET, MISMATCH) if name in line) for line in alarms]
    assert len(named) == len(set(named))
    index = (room / "site/index.html").read_text(encoding="utf-8")
    assert index.index(">MISMATCH<") < index.index(">VERIFIED")


HALVES = "relay-keep-ice-cr-cr.A.pcapng", "relay-keep-ice-cr-cr.B.pcapng"  # of one intercepted call


def test_captures_of_one_call_are_named_together_before_all_else(room):
    """Each half is judged by itself, and looks harmless; what another call's capture holds is not of it."""
    lay(room, *HALVES, "pion-aiortc.A.pcapng")
    text = audit(room, ".", "--html", "site", "--text", "-", status=0).stdout
    index = (room / "site/index.html").read_text(encoding="utf-8")
    for said, first in ((text, text.index("relay-keep-ice-cr-cr.A.pcapng\n")), (index, index.index("Calls, the "
                                                                                                   "worst first"))):
        command = "webrtc-audit --merge=all relay-keep-ice-cr-cr.A.pcapng relay-keep-ice-cr-cr.B.pcapng"
        assert 0 < said.index(command) < first
        assert "they may be views of one call from 2 captures" in said
        assert "pion-aiortc" not in said[:said.index(command)]
    assert "May be part of the call of relay-keep-ice-cr-cr.B.pcapng" in index
    merged = audit(room, *command.split()[1:], status=1).stdout
    assert "INTERCEPTED-FULL" in merged and "Look at these together" not in merged


def record_of(call, number, start, end):
    return {"record": "session", "id": "s1", "call": call, "verdict": "UNVERIFIABLE", "severity": "note",
            "start": start, "end": end, "parties": [{"address": f"10.0.0.{number}"}, {"address": "10.0.0.66"}]}


@pytest.mark.parametrize("other, tied", [(("r1", "2026-01-01T00:00:05.000000Z"), True),
                                         (("r2", "2026-01-01T00:00:05.000000Z"), False),
                                         (("r1", "2026-01-01T00:00:15.000000Z"), False)])
def test_a_host_and_a_call_id_at_the_same_time_make_a_hint(room, modules, other, tied):
    """Where an intermediary wrote all descriptions itself nothing else is shared."""
    jobs = []
    for number, (call, start) in enumerate((("r1", "2026-01-01T00:00:00.000000Z"), other), 1):
        path = room / f"{number}.ndjson"
        record = record_of(call, number, start, start[:17] + f"{int(start[17:19]) + 9:02}.000000Z")
        path.write_text(json.dumps(record) + "\n", encoding="utf-8")
        job = modules.Job(f"$(x)<b>{number}.pcap", [pathlib.Path(f"{number}.pcap")], [])
        job.records = path
        job.take(record, ())
        jobs.append(job)
    found, left = modules.hints(jobs)
    assert (len(found), left) == (int(tied), "")
    if tied:
        assert "the host 10.0.0.66 and the call id r1" in found[0]["text"] and "overlap in time" in found[0]["text"]
        assert found[0]["command"] == "webrtc-audit --merge=all '$(x)<b>1.pcap' '$(x)<b>2.pcap'"


def test_calls_are_in_the_order_of_what_they_mean_to_those_who_spoke(modules):
    def rank(verdict, severity, errors=(), **more):
        return modules.harm({"verdict": verdict, "severity": severity, **more}, errors)

    ranks = [rank("INTERCEPTED-FULL", "error"), rank("UNENCRYPTED", "error"), rank("SUBSTITUTED-NOT-FOLLOWED", "error"),
             rank("CONTESTED", "warn"), rank("RE-KEYED", "warn"), rank("UNVERIFIABLE", "error"),
             rank("UNVERIFIABLE", "note", [("SIG-06", 1, "x")]), rank("UNVERIFIABLE", "note"), rank("NO-MEDIA", "chat"),
             rank("VERIFIED-LEG", "chat"), rank("VERIFIED-CROSS", "chat")]
    assert ranks == sorted(ranks)
    assert rank("UNVERIFIABLE", "note", also=["UNENCRYPTED"]) < rank("UNVERIFIABLE", "note")


def test_the_index_tells_errors_beneath_a_verdict_that_is_none_and_what_the_words_mean(room):
    lay(room, QUIET, MISMATCH)
    audit(room, ".", "--html", "site")
    index = (room / "site/index.html").read_text(encoding="utf-8")
    words = index[index.index("What the words mean"):]
    for verdict in re.findall(r'class="badge \w+">([A-Z-]+)<', index[:index.index("Grave findings")]):
        assert f"<dt>{verdict}</dt>" in words
    assert "<dt>INTERCEPTED</dt>" not in words
    assert "<th>What to do</th>" in index and "by what right" in index
    assert "SIG-01" in index[index.index("Grave findings"):index.index("<h2>Captures")]


def test_an_error_is_shown_beside_a_call_whose_verdict_is_none(modules):
    job = modules.Job("a.pcap", [pathlib.Path("a.pcap")], [])
    job.take(record_of("r1", 1, "2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:09.000000Z"), ())
    for _ in range(2):
        job.take({"record": "finding", "check": "SIG-06", "severity": "error", "session": "s1", "frame": 4,
                  "message": "keys <b>"}, ("error", "warn"))
    row = modules.index_call(job, job.sessions[0])
    assert '<span class="badge error">2 errors</span> SIG-06: keys &lt;b&gt;' in row
    text = io.StringIO()
    modules.write_alarms(text, [job], ("error", "warn"))
    assert "error SIG-06 (2 times), a.pcap s1; frame 4: keys <b>" in text.getvalue()


def test_green_is_for_what_was_verified_alone(room):
    lay(room, "cr-ff12.S.pcapng", QUIET)
    audit(room, ".", "--html", "site")
    index = (room / "site/index.html").read_text(encoding="utf-8")
    assert '<span class="badge doubt">NO-MEDIA</span>' in index
    assert '<span class="badge good">VERIFIED-LEG</span>' in index


def test_severity_decides_the_status(room):
    lay(room, QUIET)
    audit(room, QUIET, status=0)
    audit(room, QUIET, "--severity", "note", status=1)


@pytest.mark.parametrize("words, said", [
    (["--text", "no/such/folder/x"], "cannot write no/such/folder/x"),
    (["--ndjson", "-", "--csv", "-"], "two reports cannot go to standard output"),
    (["--ndjson", "x", "--csv", "./x"], "two reports cannot go to ./x"),
    (["--ndjson", "/dev/full"], "cannot write /dev/full"),
    (["--merge=calls"], "invalid choice: 'calls'"),
    (["-s", "."], "cannot read the statements ."),
    (["-k", QUIET], f"{QUIET} is no key log"),
    (["--verify", ".", "--text", "x"], "--verify stands alone, without --text"),
    (["--verify", ".", "--signer", "none"], "cannot read none"),
    (["--csv", "."], "cannot write .: it is a folder"),
    (["--jobs", "0"], "number above 0"),
    (["--severity", "grave"], "invalid choice"),
    (["-k", "."], "cannot read the key log ."),
    (["--resume", "no/such/folder"], "cannot keep results in no/such/folder"),
    (["--resume", QUIET], "it is no folder"),
    (["--html", f"{QUIET}/x"], f"cannot write {QUIET}/x"),
    (["-o", "no.such.preference:1"], "no.such.preference"),
], ids=lambda words: words[0] if isinstance(words, list) else "")
def test_what_is_wrong_is_one_line_before_any_work(room, words, said):
    lay(room, QUIET)
    result = audit(room, "-q", QUIET, *words, status=2)
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not result.stdout


def test_version_names_plugins_and_wireshark(room):
    assert re.fullmatch(r"webrtc-audit: WebRTC plugins \S+ in Wireshark \d+\.\d+\.\d+\n",
                        audit(room, "--version", status=0).stdout)


def test_terminated_it_leaves_nothing_and_what_was_there(room):
    lay(room, QUIET)
    (room / "old.txt").write_text("the report of yesterday")
    for path in (room, room / "old.txt"):
        path.chmod(0o777)
    (room / "slow").write_text("#!/bin/sh\ncase \"$1\" in -q) echo at work >&2; : >started; exec sleep 60;; esac\n"
                               "exec tshark \"$@\"\n")
    (room / "slow").chmod(0o755)
    (room / "temporary").mkdir()
    (room / "temporary").chmod(0o777)
    script = (f"TMPDIR='{room}/temporary' '{sys.executable}' -B '{batch.scripts()}/webrtc-audit' -q --tshark "
              f"'{room}/slow' {QUIET} --text old.txt & for _ in $(seq 99); do ls temporary/*/0/started >/dev/null 2>&1 "
              "&& break; sleep 0.1; done; kill -TERM $!; wait $!")
    result = batch.run(room, "sh", "-c", script)
    assert result.returncode == 128 + signal.SIGTERM, result.stderr
    assert not list((room / "temporary").iterdir())
    assert (room / "old.txt").read_text() == "the report of yesterday"
    assert not list(room.glob("*.part"))


def test_how_long_it_will_take_is_told_where_it_is_long():
    sys.path.insert(0, str(batch.scripts()))
    from webrtc_audit.progress import rate  # as it lies beside the scripts
    assert rate(0, 1 << 30, 100) == ""
    assert rate(100 << 20, 200 << 20, 5) == "" == rate(199 << 20, 200 << 20, 100)
    assert rate(100 << 20, 300 << 20, 50) == "100 of 300 MB, 2.0 MB/s, 100 s left"
    assert rate(1 << 20, 1 << 30, 60).endswith(", 17.1 h left")


def kept_lines(result):
    return [line.split()[1].rstrip(":") for line in result.stderr.splitlines() if line.endswith("(kept)")]


def test_an_interrupted_run_goes_on_where_it_was(room):
    lay(room, QUIET, MISMATCH)
    (room / "slow").write_text(f"#!/bin/sh\ncase \"$*\" in *{MISMATCH}*) : >started; exec sleep 60;; esac\n"
                               "exec tshark \"$@\"\n")
    (room / "slow").chmod(0o755)
    script = (f"'{sys.executable}' -B '{batch.scripts()}/webrtc-audit' -q -j 1 --tshark '{room}/slow' --resume kept "
              f"--html site --ndjson out {QUIET} {MISMATCH} & for _ in $(seq 300); do ls '{batch.own_folder().parent}'"
              "/webrtc-audit-*/1/started >/dev/null 2>&1 && break; sleep 0.1; done; kill -TERM $!; wait $!")
    ended = batch.run(room, "sh", "-c", script)
    assert ended.returncode == 128 + signal.SIGTERM
    assert ended.stderr.startswith("webrtc-audit: interrupted; 1 of 2 captures are done")
    assert ended.stderr.count("\n") == 1
    assert not (room / "out").exists() and not (room / "site").exists()
    assert len(list((room / "kept").iterdir())) == 1
    words = ["--resume", "kept", "--html", "site", QUIET, MISMATCH]
    again = audit(room, "--ndjson", "out", *words, status=1)
    assert kept_lines(again) == [QUIET]
    whole = audit(room, "--ndjson", "-", "--html", "other", QUIET, MISMATCH, status=1)
    assert (room / "out").read_text(encoding="utf-8") == whole.stdout
    for name in ("index.html", "0001.html", "0002.html"):
        assert (room / "site" / name).read_bytes() == (room / "other" / name).read_bytes()
    assert sorted(kept_lines(audit(room, *words, status=1))) == sorted([QUIET, MISMATCH])


def test_what_was_kept_of_something_else_is_not_taken(room):
    lay(room, QUIET)
    audit(room, "--resume", "kept", QUIET, status=0)
    assert kept_lines(audit(room, "--resume", "kept", QUIET, status=0)) == [QUIET]
    assert not kept_lines(audit(room, "--resume", "kept", "-o", "webrtc.speech_pattern:TRUE", QUIET, status=0))
    (room / "more.keylog").write_text("# nothing\n")
    assert not kept_lines(audit(room, "--resume", "kept", QUIET, status=0))
    for path in (room / "kept").glob("*/records"):
        path.write_text('{"record":"session"}\n')
    again = audit(room, "--resume", "kept", QUIET, status=0)
    assert not kept_lines(again) and "VERIFIED-LEG" in again.stdout + again.stderr
    shutil.copy(truth.OWN / MISMATCH, room / QUIET)  # other contents under the same name
    assert not kept_lines(audit(room, "--resume", "kept", QUIET, status=1))


def test_a_reader_that_has_had_enough_is_no_fault(room):
    lay(room, MISMATCH)
    result = batch.run(room, "sh", "-c", f"'{sys.executable}' -B '{batch.scripts()}/webrtc-audit' -q --full {MISMATCH} "
                                         f"{QUIET} | head -c 1")
    assert result.stderr == ""
