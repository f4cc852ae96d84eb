# SPDX-License-Identifier: GPL-2.0-or-later
"""Evidence packages: what is in them, that they verify where the inputs are elsewhere, and that no byte of them can be
changed unnoticed. About 30 seconds."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

import batch
import pytest
import truth
import tshark
from batch import lay

INTERCEPTED, PARTY, OTHER = "relay-keep-ice-cr-cr.merged-AS.pcapng", "cr-ff12.A.pcapng", "cr-ff12.B.pcapng"
KEYED = "cr-aiortc.B.pcapng"


def audit(room, *arguments, **how):
    return batch.script(room, "webrtc-audit", *arguments, **how)


def key_pair(room, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", room / f"{name}.pem", "-out", room / f"{name}.crt", "-subj", f"/CN={name}"],
                   check=True, capture_output=True)
    (room / f"{name}.pem").chmod(0o644)


@pytest.fixture(scope="module")
def room():
    """A folder with a signed package "pkg" of three calls, its inputs in "inputs", and keys of two examiners."""
    folder = batch.own_folder()
    (folder / "inputs").mkdir()
    lay(folder / "inputs", INTERCEPTED, PARTY, OTHER, KEYED, "cr-aiortc.B.keys")
    for name in ("examiner", "stranger"):
        key_pair(folder, name)
    audit(folder, "-q", "--evidence", "pkg", "--merge=call", "--case", "Case 7", "--examiner", "E. Xaminer",
          "--sign-key", "examiner.pem", "--sign-cert", "examiner.crt", "inputs", status=1)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def copy(room):
    """The package, to be changed."""
    folder = room / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(room / "pkg", folder)
    return folder


@pytest.fixture(scope="module")
def module():
    sys.path.insert(0, str(batch.scripts()))
    from webrtc_audit import verify  # as it lies beside the scripts
    return verify


def manifest_of(package):
    return json.loads((package / "manifest.json").read_text(encoding="utf-8"))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_manifest_names_all_it_was_made_from_and_by(room):
    manifest = manifest_of(room / "pkg")
    assert (manifest["case"], manifest["examiner"]) == ("Case 7", "E. Xaminer")
    named = {pathlib.Path(entry["name"]).name: entry for entry in manifest["inputs"] if "name" in entry}
    assert set(named) == {INTERCEPTED, PARTY, OTHER, KEYED, "cr-aiortc.B.keys"}
    for name, entry in named.items():
        assert entry["sha256"] == sha256(room / "inputs" / name)
        assert entry["kind"] == ("key-log" if name.endswith(".keys") else "capture")
    plugins = {plugin["name"] for plugin in manifest["instruments"]["plugins"]}
    assert plugins == {f"{name}.so" for name in tshark.PLUGINS}
    assert any("libwireshark" in library["name"] for library in manifest["instruments"]["libraries"])
    assert "--evidence" in manifest["command"]
    assert {"host", "user"}.isdisjoint(manifest)
    intercepted = next(held for held in manifest["verdicts"] if held["verdict"] == "INTERCEPTED")
    assert intercepted["alternatives"]
    base = manifest["jobs"][0]["time"][0]
    assert base["interfaces"]
    assert base["first"] < base["last"]
    assert manifest["files"] and all(sha256(room / "pkg" / entry["name"]) == entry["sha256"]
                                     for entry in manifest["files"])


def packets(path, *fields):
    result = tshark.run(["-r", tshark.readable(path), "-T", "fields", "-E", "occurrence=a",
                         *(word for field in fields for word in ("-e", field))], plugins=False)
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_an_exhibit_has_the_frames_that_the_call_cites_as_they_were(room):
    manifest = manifest_of(room / "pkg")
    number = next(job["number"] for job in manifest["jobs"] if INTERCEPTED in job["name"])
    held = next(held for held in manifest["verdicts"] if held["job"] == number)
    exhibit = room / "pkg" / held["exhibit"]["file"]
    original = packets(truth.OWN / INTERCEPTED, "frame.time_epoch", "frame.len", "udp.payload", "tcp.payload")
    cited = set()
    for record in map(json.loads, (room / f"pkg/reports/{number:04}.ndjson").read_text().splitlines()):
        if record["record"] in ("description", "finding") and record.get("session") == held["call"]:
            cited |= {record[key] for key in ("frame", "other_frame") if key in record}
        if record["record"] == "association":
            cited |= {record["client_hello"], *record["certificate_frames"]}
    shown = packets(exhibit, "frame.comment", "frame.time_epoch", "frame.len", "udp.payload", "tcp.payload")
    frames = [int(comment.rpartition("frame ")[2].split()[0]) for comment, *_ in shown]
    assert cited <= set(frames)
    assert len(frames) == len(set(frames)) == held["exhibit"]["frames"]
    for (comment, *facts), frame in zip(shown, frames):
        assert comment == f"Exhibit of call {held['call']}: frame {frame} of {INTERCEPTED}"
        assert facts == original[frame - 1]


def test_frames_of_merged_captures_are_named_by_the_file_they_came_from(room):
    manifest = manifest_of(room / "pkg")
    job = next(job for job in manifest["jobs"] if len(job["captures"]) == 2)
    held = next(held for held in manifest["verdicts"] if held["job"] == job["number"])
    times = {name: packets(truth.OWN / name, "frame.time_epoch") for name in (PARTY, OTHER)}
    for comment, time in packets(room / "pkg" / held["exhibit"]["file"], "frame.comment", "frame.time_epoch"):
        frame, name = comment.rpartition("frame ")[2].split(" of ")
        assert [time] == times[name][int(frame) - 1]


def test_it_verifies_where_the_inputs_are_elsewhere(room):
    (room / "else").mkdir(exist_ok=True)
    shutil.move(room / "inputs", room / "else/where")
    shutil.move(room / "pkg", room / "else/package")
    try:
        result = audit(room, "-q", "--verify", "else/package", "else", "--signer", "examiner.crt", status=0)
        assert "the same is found" in result.stdout
        assert "CN = examiner" in result.stdout or "CN=examiner" in result.stdout
        without = audit(room, "-q", "--verify", "else/package", status=2)
        assert "not run again" in without.stdout
    finally:
        shutil.move(room / "else/where", room / "inputs")
        shutil.move(room / "else/package", room / "pkg")


def test_one_changed_byte_in_any_file_fails(room, copy):
    for path in [path for path in sorted(copy.rglob("*")) if path.is_file()]:
        whole = path.read_bytes()
        changed = bytearray(whole)
        changed[len(whole) // 2] ^= 1
        path.write_bytes(changed)
        result = audit(room, "-q", "--verify", "copy")
        assert result.returncode == 1, (path, result.stdout, result.stderr)
        assert "NOT AS IT WAS MADE" in result.stdout
        path.write_bytes(whole)


def test_each_byte_counts(copy, module):
    """The same of many bytes of the digests, and of some of each other file."""
    def holds():
        try:
            module.check_files(copy, module.read_manifest(copy))
        except (module.Broken, ValueError, KeyError, TypeError):
            return False
        return True

    assert holds()
    for path in [path for path in sorted(copy.rglob("*")) if path.is_file()]:
        whole = path.read_bytes()
        for at in range(0, len(whole), 7 if path.name == "SHA256SUMS" else 1 + len(whole) // 10):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1:])
            assert not holds(), (path.name, at)
        path.write_bytes(whole)


def test_what_is_added_or_taken_away_fails(room, copy):
    (copy / "exhibits/more.pcapng").write_bytes(b"")
    assert "not of this package" in audit(room, "-q", "--verify", "copy", status=1).stdout
    (copy / "exhibits/more.pcapng").unlink()
    (copy / "reports/0001.txt").unlink()
    assert "missing" in audit(room, "-q", "--verify", "copy", status=1).stdout
    (copy / "reports/0001.txt").symlink_to(room / "pkg/reports/0001.txt")
    assert "is a link" in audit(room, "-q", "--verify", "copy", status=1).stdout


def forge(package, module):
    """Changes a verdict, and makes all digests anew."""
    manifest = manifest_of(package)
    manifest["verdicts"][0]["verdict"] = "VERIFIED-CROSS"
    (package / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    module.evidence.write_sums(package)


def test_digests_made_anew_do_not_carry_the_signature(room, copy, module):
    forge(copy, module)
    assert "signature does not fit" in audit(room, "-q", "--verify", "copy", status=1).stdout


def test_a_strangers_signature_is_not_the_examiners(room, copy, module):
    forge(copy, module)
    subprocess.run(["openssl", "cms", "-sign", "-binary", "-in", copy / "manifest.json", "-signer",
                    room / "stranger.crt", "-inkey", room / "stranger.pem", "-outform", "DER", "-out",
                    copy / "manifest.json.p7s"], check=True)
    module.evidence.write_sums(copy)
    assert "stranger" in audit(room, "-q", "--verify", "copy", "inputs").stdout
    assert "and this certificate" in audit(room, "-q", "--verify", "copy", "--signer", "examiner.crt", status=1).stdout


def test_an_analysis_that_finds_other_things_is_told(room, copy, module):
    """A package whose reports say something else than its inputs, in which all else agrees."""
    manifest = manifest_of(copy)
    report = next(copy / f"reports/{job['number']:04}.ndjson" for job in manifest["jobs"] if INTERCEPTED in job["name"])
    report.write_text(report.read_text(encoding="utf-8").replace('"INTERCEPTED"', '"VERIFIED-LEG"'), encoding="utf-8")
    manifest["signature"] = None
    (copy / "manifest.json.p7s").unlink()
    for name in ("manifest.json", "SHA256SUMS"):
        (copy / name).unlink()
    module.evidence.write_manifest(copy, manifest)
    module.evidence.write_sums(copy)
    result = audit(room, "-q", "--verify", "copy", status=1)
    assert "analysis: DIFFERS" in result.stdout
    assert "signature: none" in result.stdout
    assert "it is not signed" in audit(room, "-q", "--verify", "copy", "--signer", "examiner.crt", status=1).stdout


@pytest.mark.parametrize("preference, used", [
    ("webrtc.peer_to_peer_expected:TRUE", True), ("uat:webrtc_known_servers:\"\",\"10.0.0.1\",\"ours\"", True),
    ("tcp.reassemble_out_of_order:TRUE", True), ("tls.debug_file:/tmp/x", False),
    ("tls.keylog_file:/etc/passwd", False),
    ("uat:webrtc_statements:\"/etc/passwd\",\"\",\"\",\"\"", False), ("webrtc.statistics_file:/etc/passwd", False),
    ("gui.layout_type:1", False), ("http.ssl.port:443", False)])
def test_a_package_sets_no_preference_that_could_do_harm(module, preference, used):
    taken, left = module.settings({"settings": {"preferences": [preference]}}, [])
    assert (taken == [preference], left == []) == (used, used)
    assert module.settings({"settings": {"preferences": [preference]}}, [preference]) == ([preference], [])


def test_hostile_manifests_are_one_line(room, copy, module):
    good = manifest_of(copy)
    for bad in (b"", b"[" * 100000, b"{}", b"\xff", json.dumps({**good, "files": 7}).encode(),
                json.dumps({**good, "files": [{**good["files"][0], "name": "../../etc/passwd"}]}).encode(),
                json.dumps({**good, "jobs": [7]}).encode(), json.dumps({**good, "inputs": {}}).encode()):
        (copy / "manifest.json").write_bytes(bad)
        module.evidence.write_sums(copy)
        result = audit(room, "-q", "--verify", "copy", status=1)
        assert "NOT AS IT WAS MADE" in result.stdout
        assert result.stderr == ""


def test_a_package_of_its_own_has_its_inputs_and_the_host_where_asked(room):
    audit(room, "-q", "--evidence", "whole", "--with-inputs", "--with-host", f"inputs/{KEYED}", status=0)
    manifest = manifest_of(room / "whole")
    assert manifest["user"] and manifest["host"]
    assert sorted(pathlib.Path(entry["copy"]).name for entry in manifest["inputs"]) == ["cr-aiortc.B.keys", KEYED]
    shutil.move(room / "inputs", room / "hidden")
    try:
        assert "the same is found" in audit(room, "-q", "--verify", "whole", status=0).stdout
    finally:
        shutil.move(room / "hidden", room / "inputs")


@pytest.mark.parametrize("words, said", [
    (["--evidence", "pkg", "inputs"], "it is there"),
    (["--evidence", "no/such/x", "inputs"], "cannot write no/such/x"),
    (["--evidence", "new", "--sign-key", "examiner.pem", "inputs"], "belong together"),
    (["--evidence", "new", "--sign-key", "none.pem", "--sign-cert", "examiner.crt", "inputs"], "cannot read none.pem"),
    (["--evidence", "new", "--sign-key", "stranger.pem", "--sign-cert", "examiner.crt", "inputs"], "cannot sign with"),
    (["--evidence", "new", "--thin", "inputs"], "--thin"),
    (["--case", "7", "inputs"], "--case is for --evidence"),
    (["--verify", "none"], "no folder"),
    (["--verify", "inputs"], "manifest.json"),
], ids=lambda words: " ".join(words[:2]) if isinstance(words, list) else "")
def test_what_is_wrong_is_one_line_before_any_work(room, words, said):
    result = audit(room, *words, status=2)
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (room / "new").exists()
    assert not list(room.glob("*.part"))


def test_what_was_cut_short_is_in_the_package_and_said(room):
    (room / "cut.pcapng").write_bytes((room / "inputs" / PARTY).read_bytes()[:-7])
    audit(room, "-q", "--evidence", "of cut", "cut.pcapng", status=2)
    job = manifest_of(room / "of cut")["jobs"][0]
    assert "cut short" in job["problem"]
    assert "cut short" in job["time"][0]["problem"]
    assert os.listdir(room / "of cut/exhibits")
    assert "the same is found" in audit(room, "-q", "--verify", "of cut", status=0).stdout
