# SPDX-License-Identifier: GPL-2.0-or-later
"""Evidence packages: what is in them, that they verify where the inputs are elsewhere, and that no byte of them can be
changed unnoticed. About 80 seconds."""

import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import struct
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


def test_each_verdict_has_what_else_would_look_the_same_and_the_rates_of_error(room):
    manifest = manifest_of(room / "pkg")
    assert all(held["alternatives"] for held in manifest["verdicts"])
    rates = manifest["error_rates"]
    assert rates["command"].startswith("tests/error_rates.py") and rates["measured"] and rates["limits"]
    assert rates["calls"] == rates["wrong"]["of"] == sum(row["said"] for row in rates["verdicts"].values())
    assert rates["wrong"]["wrong"] == sum(row["said"] - row["right"] for row in rates["verdicts"].values())
    for kind in ("wrong", "false_alarms", "missed_alarms", "false_verified"):
        assert rates[kind]["wrong"] / rates[kind]["of"] < rates[kind]["below"] < 1


def each_reference(value):
    """Whatever only names another node."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for inner in value.values():
            yield from each_reference(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from each_reference(inner)


def test_provenance_is_linked_data_that_holds_together(room):
    """JSON-LD 1.1: prefixes are declared and names lead to nodes; the names are those of CASE 1.3 and UCO 1.3. Digests
    are those of the files."""
    graph = json.loads((room / "pkg/provenance.jsonld").read_text(encoding="utf-8"))
    names = [node["@id"] for node in graph["@graph"]]
    assert len(set(names)) == len(names)
    assert set(each_reference(graph["@graph"])) <= set(names)
    text = json.dumps(graph["@graph"])
    used = set(re.findall(r'"([a-z-]+):[A-Za-z]', text))
    assert used == set(graph["@context"])
    kinds = {node["@type"] for node in graph["@graph"]}
    assert kinds == {"case-investigation:Investigation", "case-investigation:InvestigativeAction",
                     "case-investigation:ProvenanceRecord", "uco-core:Relationship", "uco-identity:Identity",
                     "uco-observable:File", "uco-tool:Tool"}
    files = {}
    for node in graph["@graph"]:
        if node["@type"] == "uco-observable:File":
            facet, content = node["uco-core:hasFacet"]
            [value] = content["uco-observable:hash"]
            files[facet["uco-observable:filePath"]] = value["uco-types:hashValue"]["@value"]
    for path, digest in files.items():
        assert digest == sha256(room / path if path.startswith("inputs/") else room / "pkg" / path)
    assert set(files) >= {name for name in tree(room / "pkg") if name.startswith(("exhibits/", "reports/"))}
    actions = [node for node in graph["@graph"] if node["@type"].endswith("InvestigativeAction")]
    assert len(actions) == len(manifest_of(room / "pkg")["jobs"])
    for action in actions:
        assert action["uco-action:object"] and action["uco-action:result"] and action["uco-action:instrument"]


def tree(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


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


def test_any_byte_of_a_package_of_another_place_counts(room, module):
    """Made under one tree, looked at under another, by who has no more than the package and the captures: it holds, and
    with any one byte changed, anywhere in it, or of an input, it does not. Bytes are drawn by a seed."""
    seed = int(os.environ.get("WEBRTC_EVIDENCE_SEED", "1"))
    draw = random.Random(seed)
    place = room / "elsewhere"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(room / "pkg", place / "deep/package")
    package = place / "deep/package"

    def holds():
        try:
            manifest = module.read_manifest(package)
            module.check_files(package, manifest)
            assert module.check_signature(package, manifest, room / "examiner.crt")[0] == module.HOLDS
        except (module.Broken, ValueError, KeyError, TypeError):
            return False
        return True

    assert holds()
    sizes = [(path, path.stat().st_size) for path in sorted(package.rglob("*")) if path.is_file()]
    for turn in range(60):
        # Each file in its turn, and then by size: where the bytes are.
        path, size = sizes[turn] if turn < len(sizes) else draw.choices(sizes, [size for _, size in sizes])[0]
        at, bit = draw.randrange(size), 1 << draw.randrange(8)
        whole = path.read_bytes()
        path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1:])
        assert not holds(), (seed, path.name, at, bit)
        path.write_bytes(whole)
    assert holds()
    shutil.copytree(room / "inputs", place / "captures")
    lost = draw.choice([path for path in sorted((place / "captures").iterdir())])
    whole = lost.read_bytes()
    at = draw.randrange(len(whole))
    lost.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    (room / "links").mkdir()
    missing = module.find_inputs(package, {**module.read_manifest(package), "inputs": [
        {**entry, "name": "/nowhere/" + pathlib.Path(entry["name"]).name}
        for entry in module.read_manifest(package)["inputs"]]}, [place / "captures"], room / "links")[1]
    assert [pathlib.Path(name).name for name in missing] == [lost.name], (seed, lost.name, at)
    shutil.rmtree(place)
    shutil.rmtree(room / "links")


def test_what_is_added_or_taken_away_fails(room, copy):
    (copy / "exhibits/more.pcapng").write_bytes(b"")
    assert "not of this package" in audit(room, "-q", "--verify", "copy", status=1).stdout
    (copy / "exhibits/more.pcapng").unlink()
    (copy / "more").mkdir()
    assert "more is not of this package" in audit(room, "-q", "--verify", "copy", status=1).stdout
    (copy / "more").rmdir()
    (copy / "more").symlink_to(room / "pkg/reports")
    assert "more is not of this package" in audit(room, "-q", "--verify", "copy", status=1).stdout
    (copy / "more").unlink()
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


def seal(package, manifest, module):
    """Makes all digests of a changed package anew, as whoever can write to it can, without a signature."""
    for name in ("manifest.json", "manifest.json.p7s", "SHA256SUMS"):
        (package / name).unlink(missing_ok=True)
    manifest = {**manifest, "signature": None}
    module.cover.write(package, manifest)
    module.evidence.write_manifest(package, manifest)
    module.evidence.write_sums(package)


@pytest.fixture(scope="module")
def one(room):
    """A package of one call, not signed."""
    audit(room, "-q", "--evidence", "one", "--examiner", "E. Xaminer", f"inputs/{INTERCEPTED}", status=1)
    return room / "one"


@pytest.mark.parametrize("name, was, instead", [("README.txt", "NOT SIGNED", "signed"),
                                                ("README.html", "E. X", "F. X")])
def test_the_cover_says_what_the_manifest_says(room, one, module, name, was, instead):
    """A changed cover in a package of which all digests were made anew."""
    package = room / "covered"
    shutil.copytree(one, package)
    text = (package / name).read_text(encoding="utf-8")
    assert was in text
    manifest = manifest_of(package)
    (package / name).write_text(text.replace(was, instead), encoding="utf-8")
    for made in ("manifest.json", "SHA256SUMS"):
        (package / made).unlink()
    module.evidence.write_manifest(package, manifest)
    module.evidence.write_sums(package)
    told = audit(room, "-q", "--verify", "covered", status=1).stdout
    shutil.rmtree(package)
    assert f"{name} is not what the manifest says" in told


def test_the_cover_tells_what_it_is_what_it_holds_and_what_is_not_known(room, one):
    for package, said in ((room / "pkg", ("Case 7", "E. Xaminer", "It is signed")),
                          (one, ("Case: not given", "NOT SIGNED", "Verdict on this exhibit alone: INTERCEPTED"))):
        manifest = manifest_of(package)
        for name in ("README.txt", "README.html"):
            text = (package / name).read_text(encoding="utf-8")
            wanted = [*said, *(held["exhibit"]["file"] for held in manifest["verdicts"]), "by what right", "--verify"]
            assert [each for each in wanted if each not in text] == []
            assert name in {entry["name"] for entry in manifest["files"]}


def test_whoever_makes_a_package_without_a_key_is_told_that_it_is_not_signed(room):
    hostile = '<script>alert(1)</script>\n"README\x1b[31m'
    made = audit(room, "-q", "--evidence", "unsigned", "--case", hostile, f"inputs/{PARTY}", status=0)
    assert "NOT SIGNED" in made.stderr
    page = (room / "unsigned/README.html").read_text(encoding="utf-8")
    assert "<script" not in page and "\x1b" not in page and "&lt;script&gt;" in page
    assert "\x1b" not in (room / "unsigned/README.txt").read_text(encoding="utf-8")


def test_error_rates_tell_how_intercepted_calls_were_shown_and_what_few_cases_allow(room):
    rates = manifest_of(room / "pkg")["error_rates"]
    text = "\n".join(rates["words"])
    assert sum(rates["intercepted"].values()) > 0
    for verdict in ("VERIFIED-LEG", "UNVERIFIABLE"):
        assert f"{rates['intercepted'][verdict]} as {verdict}" in text
    few = [(verdict, row) for verdict, row in rates["verdicts"].items() if row["said"] == row["right"] <= 6]
    assert few
    for verdict, row in few:  # nothing wrong in n: the rate at which that has a chance of 5 in 100 (exact)
        assert f"{verdict} was said {row['said']} time" in text
        bound = re.search(rf"{verdict} was said .* up to (\d+) in 100", text)
        assert int(bound[1]) - 1 <= 100 * (1 - 0.05 ** (1 / row["said"])) <= int(bound[1])
    assert ("CONTESTED" in rates["verdicts"]) != ("CONTESTED" in text.partition("Never said")[2])
    assert text.splitlines()[0] in (room / "pkg/README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [INTERCEPTED, "relay-keep-ice-cr-cr.A.pcapng", "socketio-polling-cr-ff12.A.pcapng"])
def test_an_exhibit_alone_gives_the_verdict_of_its_call(room, name):
    """Read by tshark as any capture; and each frame that the call's page names is in it."""
    package = room / f"alone-{name}"
    audit(room, "-q", "--evidence", package, tshark.readable(truth.OWN / name))
    manifest = manifest_of(package)
    page = (package / "reports/0001.html").read_text(encoding="utf-8")
    for held in manifest["verdicts"]:
        exhibit = package / held["exhibit"]["file"]
        report = tshark.report(exhibit)
        assert report.verdicts() == [held["verdict"]] == held["exhibit"]["alone"] and held["exhibit"]["same"]
        frames = {int(comment.rpartition("frame ")[2].split()[0]) for comment, in packets(exhibit, "frame.comment")}
        section = page[page.index(f'<section id="{held["call"]}">'):]
        section = section[:section.index("</section>")]
        named = {int(frame) for frame in re.findall(r"[Ff]rame (\d+)", re.sub("<[^>]*>", " ", section))}
        assert named and named <= frames and held["exhibit"]["not_included"] == []


def test_what_an_exhibit_cannot_hold_is_said(one, module, monkeypatch):
    """With a bound that is too low for what is cited."""
    from webrtc_audit import exhibits
    [held] = manifest_of(one)["verdicts"]
    monkeypatch.setattr(exhibits, "MOST_CITED", 4)
    assert exhibits.missing(set(range(1, 8)), {1, 2, 3, 4}) == [
        {"frames": [5, 6, 7], "more": 0, "why": "an exhibit has at most 4 frames"}]
    assert exhibits.bounded({5, 6, 9}, {1, 2, 5, 6, 9}) == {5, 6, 9, 1}
    lacking = {**held, "exhibit": {**held["exhibit"], "same": False, "alone": ["NO-MEDIA"], "not_included": [
        {"frames": [5, 6], "more": 3, "why": "why not"}]}}
    assert module.cover.alone_of(lacking).endswith(
        f"alone: NO-MEDIA, and not {held['verdict']}: for that the capture itself is needed. Frames cited but "
        "not included: "
        "5, 6 and 3 more (why not).")


def test_halves_of_one_call_are_named_on_the_cover_and_verify(room):
    halves = "relay-keep-ice-cr-cr.A.pcapng", "relay-keep-ice-cr-cr.B.pcapng"
    lay(room, *halves)
    audit(room, "-q", "--evidence", "of halves", *halves, status=0)
    command = f"webrtc-audit --merge=all {halves[0]} {halves[1]}"
    for name in ("README.txt", "README.html", "reports/index.html", "reports/summary.txt", "manifest.json"):
        assert command in (room / "of halves" / name).read_text(encoding="utf-8")
    (room / "moved").mkdir()
    for half in halves:
        (room / half).rename(room / "moved" / half)
    told = audit(room, "-q", "--verify", "of halves", "moved", status=0).stdout
    assert "shown in exhibits and reports" in told and "cover: says what the manifest says" in told


@pytest.mark.parametrize("text, frames", [
    ("frame 5", {5}), ("frames 5, 7 and 9", {5, 7, 9}), ("frames 5 to 8", {5, 6, 7, 8}), ("frames 5 to "
                                                                                          "9000", {5, 9000}),
    ("DTLS in frames 24, 26 and more, not 30", {24, 26}), ("timeframe 5, framed 7", set())])
def test_frames_are_read_out_of_sentences(module, text, frames):
    from webrtc_audit import exhibits
    assert exhibits.frames_of_text(text) == frames


@pytest.mark.parametrize("name, was, instead", [
    ("reports/0001.txt", b"bob", b"rob"), ("reports/0001.html", b"alice", b"alicf"),
    ("reports/calls.csv", b"bob", b"rob"), ("provenance.jsonld", b"E. Xaminer", b"F. Xaminer"),
    ("exhibits/0001-s1.pcapng", b"a=", b"b="), ("exhibits/0001-s1.pcapng", b"s1: frame 4", b"s1: frame 5"),
    ("exhibits/0001-s1.pcapng", None, None)])
def test_what_is_shown_is_compared_with_what_is_made_now(room, one, module, name, was, instead):
    """A package of which all digests were made anew."""
    package = room / "shown"
    shutil.copytree(one, package)
    path = package / name
    if was:
        assert was in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(was, instead))
    else:
        path.unlink()
    seal(package, manifest_of(package), module)
    told = audit(room, "-q", "--verify", "shown", status=1).stdout
    shutil.rmtree(package)
    assert "analysis: DIFFERS" in told and name in told


def test_an_input_under_another_name_is_the_same_input(room, copy):
    shutil.copytree(room / "inputs", room / "renamed/of call")
    (room / "renamed/of call" / KEYED).rename(room / "renamed/of call/x.bin")
    shutil.move(room / "inputs", room / "hidden")
    try:
        assert "the same is found" in audit(room, "-q", "--verify", "copy", "renamed", status=0).stdout
    finally:
        shutil.move(room / "hidden", room / "inputs")


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
    seal(copy, manifest, module)
    assert "another verdict of call s1 than its records" in audit(room, "-q", "--verify", "copy", status=1).stdout
    for held in manifest["verdicts"]:
        held["verdict"] = held["verdict"].replace("INTERCEPTED", "VERIFIED-LEG")
    seal(copy, manifest, module)
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


def expired(room, key):
    """A certificate of this key that ended yesterday; or that begins with the day and ends with it."""
    subprocess.run(["openssl", "req", "-new", "-key", room / f"{key}.pem", "-out", room / "r.csr", "-subj", "/CN=late"],
                   check=True, capture_output=True)
    sign = ["openssl", "x509", "-req", "-in", room / "r.csr", "-signkey", room / f"{key}.pem", "-out",
            room / "expired.crt"]
    # OpenSSL takes no negative number of days from 3.5 on; dates it takes from 3.4 on.
    if subprocess.run([*sign, "-days", "-1"], check=False, capture_output=True).returncode != 0:
        subprocess.run([*sign, "-not_before", "20200101000000Z", "-not_after", "20200102000000Z"], check=True,
                       capture_output=True)


def test_a_certificate_that_is_not_valid_signs_nothing_and_verifies_nothing(room, copy, module, monkeypatch):
    expired(room, "examiner")
    result = audit(room, "-q", "--evidence", "late", "--sign-key", "examiner.pem", "--sign-cert", "expired.crt",
                   f"inputs/{KEYED}", status=2)
    assert "is valid from" in result.stderr and not (room / "late").exists()
    assert "not match" in audit(room, "-q", "--evidence", "late", "--sign-key", "stranger.pem", "--sign-cert",
                                "examiner.crt", f"inputs/{KEYED}", status=2).stderr
    subprocess.run(["openssl", "cms", "-sign", "-binary", "-in", copy / "manifest.json", "-signer",
                    room / "expired.crt", "-inkey", room / "examiner.pem", "-outform", "DER", "-out",
                    copy / "manifest.json.p7s"], check=True)
    module.evidence.write_sums(copy)
    assert "not valid when" in audit(room, "-q", "--verify", "copy", status=1).stdout
    manifest = manifest_of(copy)
    # Valid when the package was made, and no more: only a time stamp can say that it was signed then.
    made = module.datetime.datetime.fromisoformat(manifest["made"].replace("Z", "+00:00"))
    monkeypatch.setattr(module.signature, "validity", lambda _: (made, made))
    status, line = module.check_signature(copy, manifest, None)
    assert status == module.UNKNOWN and "ended on" in line


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


def with_secrets(room, name):
    """The capture with its key log in it, as editcap --inject-secrets makes it: a block behind the section's head."""
    whole, keys = (room / "inputs" / KEYED).read_bytes(), (room / "inputs/cr-aiortc.B.keys").read_bytes()
    body = struct.pack("<II", 0x544C534B, len(keys)) + keys + bytes(-len(keys) % 4)
    head = struct.unpack_from("<I", whole, 4)[0]
    (room / name).write_bytes(whole[:head] + struct.pack("<II", 10, len(body) + 12) + body
                              + struct.pack("<I", len(body) + 12) + whole[head:])
    return sha256(room / "inputs/cr-aiortc.B.keys")


def test_secrets_inside_a_capture_are_an_input_and_not_in_the_exhibits(room):
    digest = with_secrets(room, "embedded.pcapng")
    (room / "embedded.pcapng.gz").write_bytes(gzip.compress((room / "embedded.pcapng").read_bytes()))
    audit(room, "-q", "--evidence", "of embedded", "embedded.pcapng", "embedded.pcapng.gz", status=0)
    manifest = manifest_of(room / "of embedded")
    assert [entry["sha256"] for entry in manifest["inputs"] if entry["kind"] == "embedded-secrets"] == [digest] * 2
    for number in (1, 2):
        text = (room / f"of embedded/reports/000{number}.txt").read_text(encoding="utf-8")
        assert digest in text and "inside the capture" in text
        assert b"CLIENT_RANDOM" not in (room / f"of embedded/exhibits/000{number}-s1.pcapng").read_bytes()
    assert "the same is found" in audit(room, "-q", "--verify", "of embedded", status=0).stdout


def test_captures_with_secrets_in_them_are_merged(room):
    """mergecap of 4.0 takes none."""
    with_secrets(room, "embedded.pcapng")
    lay(room, "cr-aiortc.S.pcapng")
    result = audit(room, "-q", "--merge=all", "embedded.pcapng", "cr-aiortc.S.pcapng", "--ndjson", "-", status=0)
    [capture] = batch.records(result.stdout, "capture")
    assert "problem" not in capture and capture["packets"] > len(packets(room / "cr-aiortc.S.pcapng", "frame.number"))
    inputs = batch.records(result.stdout, "origin")[0]["inputs"]
    assert {entry["kind"] for entry in inputs} & {"key-log", "embedded-secrets"}


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


def test_what_is_no_capture_stops_no_package(room):
    """Wireshark reads any text as one packet, which editcap cannot write."""
    (room / "some").mkdir()
    lay(room / "some", KEYED)
    (room / "some/junk.pcapng").write_bytes(b"no capture\n")
    audit(room, "-q", "--evidence", "of some", "some")
    assert audit(room, "-q", "--verify", "of some", status=0).stdout.count("the same is found") == 1
