# SPDX-License-Identifier: GPL-2.0-or-later
"""What Wireshark's own views show, as far as tshark reaches them: tables, flow graph, exported objects, marks,
reports."""

import hashlib
import json
import os
import re
import subprocess

import pytest
import truth
import tshark

INTERCEPTED = truth.OWN / "relay-keep-ice-cr-cr.merged-AS.pcapng"
MISMATCH = truth.OWN / "fingerprint-unchecked-pion-pion.A.pcapng"
QUIET = truth.OWN / "cr-ff12.A.pcapng"
HOME = "home"


def output(*arguments):
    result = tshark.run(list(arguments))
    tshark.require_clean(result)
    return result.stdout


def rows(text):
    """The rows of a table as tshark prints it."""
    return [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if "webrtc." in line]


def written(name):
    """A path in the folder that tshark runs in and may write to."""
    return tshark.private_folder() / HOME / name


@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one-pass", "two-pass"])
@pytest.mark.parametrize("capture", [INTERCEPTED, MISMATCH, QUIET], ids=lambda path: path.stem)
def test_table_of_calls_agrees_with_the_report(capture, passes):
    table = rows(output(*passes, "-q", "-r", tshark.readable(capture), "-z", "webrtc,calls"))
    sessions = tshark.report(capture).sessions
    assert [row[0] for row in table] == [session["id"] for session in sessions]
    for row, session in zip(table, sessions):
        assert row[1].split(" ")[0] == session["verdict"]
        assert row[2].split(" ")[1] == session["severity"]
        assert session["first_frame"] <= int(row[11]) <= session["last_frame"]
        assert row[12] == f"{session['first_frame']}-{session['last_frame']}"
        for party in session["parties"]:
            assert party.get("name", "") in row[3]
        assert row[13] == f'webrtc.session == "{session["id"]}"'


@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one-pass", "two-pass"])
@pytest.mark.parametrize("capture", [INTERCEPTED, MISMATCH], ids=lambda path: path.stem)
def test_table_of_associations_agrees_with_the_report(capture, passes):
    table = rows(output(*passes, "-q", "-r", tshark.readable(capture), "-z", "webrtc,associations"))
    associations = tshark.report(capture).associations
    assert [row[0] for row in table] == [association["id"] for association in associations]
    for row, association in zip(table, associations):
        assert row[2].split(" ")[0] == association["verdict"]
        assert row[3] == association["client"]
        assert row[5].split(" ")[0] == association["certificates"]["client"]["verdict"]


@pytest.mark.parametrize("table", ["calls", "associations"])
def test_tables_take_a_filter(table):
    capture = tshark.readable(INTERCEPTED)
    assert rows(output("-q", "-r", capture, "-z", f"webrtc,{table},ip.addr == 10.77.0.66"))
    assert not rows(output("-q", "-r", capture, "-z", f"webrtc,{table},ip.addr == 192.0.2.1"))


def test_the_filter_of_a_row_finds_its_packets():
    capture = tshark.readable(INTERCEPTED)
    for row in rows(output("-q", "-r", capture, "-z", "webrtc,calls")):
        frames = output("-2", "-r", capture, "-Y", row[13], "-T", "fields", "-e", "frame.number").split()
        first, last = row[12].split("-")
        assert first in frames
        assert last in frames


def mismatch():
    """(role, certificate, description) of the certificate that does not fit what was announced."""
    report = tshark.report(MISMATCH)
    for association in report.associations:
        for role, certificate in association["certificates"].items():
            if certificate["verdict"] == "CERT-MISMATCH":
                return role, certificate, next(d for d in report.descriptions if d["id"] == certificate["description"])
    raise AssertionError("no mismatch in the sample")


def test_flow_graph_tells_the_call_in_order():
    role, certificate, description = mismatch()
    announced = description["sections"][0]["fingerprints"][0]["value"]
    text = output("-q", "-r", tshark.readable(MISMATCH), "-z", "flow,webrtc,standard")
    words = (f"{description['kind']} {announced[:5]}", "ClientHello", f"certificate {certificate['sha256'][:5]}",
             "verdict on a1")
    places = [text.find(word) for word in words]
    assert -1 not in places
    assert places == sorted(places)
    assert f"CERT-MISMATCH of the {role}, compared with the description in frame {description['frame']}" in text


def test_objects_are_exported_as_they_were_sent():
    folder = written("objects")
    output("-q", "-r", tshark.readable(INTERCEPTED), "--export-objects", f"webrtc,{folder}")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    report = tshark.report(INTERCEPTED)
    for description in report.descriptions:
        name = f"{description['session']}-frame{description['frame']}-{description['id']}-{description['kind']}.sdp"
        assert files.pop(name).startswith(b"v=0")
    for association in report.associations:
        for role, certificate in association["certificates"].items():
            name = f"{association['session']}-frame{certificate['frame']}-{association['id']}-{role}.der"
            assert hashlib.sha256(files.pop(name)).hexdigest().upper() == certificate["sha256"].replace(":", "")
    assert not files


def test_mismatch_is_marked_in_the_info_column_until_switched_off():
    _, certificate, description = mismatch()
    marked = output("-2", "-r", tshark.readable(MISMATCH))
    assert f"[Certificate is not the one announced in frame {description['frame']}]" in marked
    assert f"[Certificate in frame {certificate['frame']} is not the one announced here]" in marked
    plain = output("-2", "-r", tshark.readable(MISMATCH), "-o", "webrtc.mark_info:FALSE")
    assert "not the one announced" not in plain
    assert "not the one announced" not in output("-2", "-r", tshark.readable(QUIET))


def test_a_certificate_that_fits_what_was_substituted_is_marked_where_it_was_presented():
    """The handshake of an intercepted call agrees with what the interceptor announced: no green match."""
    report = tshark.report(INTERCEPTED)
    issued = {f["value"] for d in report.descriptions if d["direction"] == "emitted" for s in d["sections"]
              for f in s["fingerprints"]}
    [a] = report.associations
    foreign = [c for c in a["certificates"].values() if c["sha256"] not in issued]
    listed = output("-2", "-r", tshark.readable(INTERCEPTED)).splitlines()
    marked = [int(line.split()[0]) for line in listed if "[Certificate matches the substitute in frame" in line]
    assert marked == [c["frame"] for c in foreign] and marked
    [row] = rows(output("-q", "-r", tshark.readable(INTERCEPTED), "-z", "webrtc,associations"))
    shown = dict(zip(("client", "server"), row[5:7]))
    for role, certificate in a["certificates"].items():
        assert ("matches the substitute" in shown[role]) == (certificate in foreign)
    for mode in ([], ["-2"]):
        assert "substitute" not in output(*mode, "-r", tshark.readable(QUIET))


def test_a_changed_description_is_marked_where_it_was_delivered():
    """In the list of any profile: the interceptor's fingerprint is another than the party sent."""
    report = tshark.report(INTERCEPTED)
    hosts = [party["address"] for party in report.sessions[0]["parties"]]
    sent = {d["kind"]: d for d in report.descriptions
            if d["direction"] == "emitted" and d["src"].split(":")[0] in hosts}
    listed = output("-2", "-r", tshark.readable(INTERCEPTED)).splitlines()
    marked = {int(line.split()[0]): line for line in listed if "[Fingerprint is not the one sent in frame" in line}
    delivered = {d["frame"]: d for d in report.descriptions
                 if d["direction"] == "delivered" and d["dst"].split(":")[0] in hosts}
    assert set(marked) == set(delivered) and marked
    for frame, line in marked.items():
        assert f"sent in frame {sent[delivered[frame]['kind']]['frame']}]" in line
    for mode in ([], ["-2"]):
        assert "Fingerprint is not" not in output(*mode, "-r", tshark.readable(QUIET))


def test_report_says_what_it_was_made_from():
    capture = tshark.readable(truth.OWN / "cr-aiortc.B.pcapng")
    keys = tshark.readable(truth.OWN / "cr-aiortc.B.keys")
    text = output("-q", "-r", capture, "-o", f"tls.keylog_file:{keys}", "-z", "webrtc,report")
    for path in (capture, keys):
        assert path.name in text
        assert hashlib.sha256(path.read_bytes()).hexdigest() in text
    assert re.search(r"Packets +\d+, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} UTC to ", text)
    assert "calls are expected to be peer to peer: no" in text
    assert "in Wireshark {}.{}.".format(*tshark.series()) in text


def test_report_of_a_pipe_does_not_invent_a_name():
    with tshark.readable(MISMATCH).open("rb") as capture:
        packets = subprocess.run(["cat"], stdin=capture, stdout=subprocess.PIPE, check=True).stdout
    assert packets
    script = f"cat '{tshark.readable(MISMATCH)}' | tshark -q -r - -z webrtc,report"
    folder = tshark.private_folder()
    result = subprocess.run(
        ["sh", "-c", script], capture_output=True, encoding="utf-8", check=False, cwd=folder / HOME,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder / HOME), "WIRESHARK_PLUGIN_DIR": str(folder / "plugins"),
             "LC_ALL": "C.UTF-8"},
        **tshark.unprivileged(),
    )
    if "WebRTC audit" not in result.stdout:
        pytest.skip("this tshark does not read from a pipe")
    assert "not a file whose name could be learned" in result.stdout


def test_a_reader_that_has_enough_is_no_failure_to_tell_of():
    """As head does: the other end is closed before the report begins."""
    folder = tshark.private_folder()
    reading, writing = os.pipe()
    os.close(reading)
    try:
        result = subprocess.run(
            ["tshark", "-q", "-r", str(tshark.readable(QUIET)), "-z", "webrtc,report"], stdout=writing,
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding="utf-8", check=False, cwd=folder / HOME,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **tshark.environment_for()}, **tshark.unprivileged())
    finally:
        os.close(writing)
    assert not tshark.complaints(result)
    assert result.returncode == 2  # a report that is cut short is not whole


def test_versions_that_are_none_are_told():
    result = tshark.run(["-q", "-r", tshark.readable(QUIET), "-o", "webrtc.oldest_versions:Chrome new", "-z",
                         "webrtc,report"])
    assert result.stderr.count("webrtc.oldest_versions") == 1
    assert "oldest acceptable versions: Chrome new (not all understood" in " ".join(result.stdout.split())
    result = tshark.run(["-q", "-r", tshark.readable(QUIET), "-o", "webrtc.oldest_versions:Chrome 120", "-z",
                         "webrtc,report"])
    tshark.require_clean(result)


@pytest.mark.parametrize("capture", [INTERCEPTED, MISMATCH, QUIET], ids=lambda path: path.stem)
def test_page_shows_every_call_with_a_picture(capture):
    page = written(f"{capture.stem}.html")
    output("-q", "-r", tshark.readable(capture), "-z", f"webrtc,html,{page}")
    text = page.read_text(encoding="utf-8")
    sessions = tshark.report(capture).sessions
    assert text.count("<svg ") == text.count("</svg>") == len(sessions)
    for session in sessions:
        assert f'<section id="{session["id"]}">' in text
        assert session["verdict"] in text
    assert hashlib.sha256(capture.read_bytes()).hexdigest() in text
    assert "<script" not in text and "http" not in text.replace("http-equiv", "")


def test_page_marks_who_stood_between():
    """The interceptor of the sample has its own address (truth): it is neither party."""
    page = written("between.html")
    output("-q", "-r", tshark.readable(INTERCEPTED), "-z", f"webrtc,html,{page}")
    text = page.read_text(encoding="utf-8")
    assert text.count(">third party</text>") == 1
    host = re.search(r'x="(\d+)"[^>]*>10\.77\.0\.66</text>', text)
    assert f'x="{host[1]}" y="56">third party</text>' in text
    assert text.count(">made with a substitute</text>") == 1
    assert '<a href="#words">' in text and '<footer id="words">' in text
    output("-q", "-r", tshark.readable(QUIET), "-z", f"webrtc,html,{page}")
    text = page.read_text(encoding="utf-8")
    assert ">third party</text>" not in text and "made with a substitute" not in text
    assert '<div class="short">' in text  # folded, and kept together on paper


def test_sarif_has_the_verdict_and_the_findings():
    log = json.loads(output("-q", "-r", tshark.readable(MISMATCH), "-z", "webrtc,sarif"))
    report = tshark.report(MISMATCH)
    results = log["runs"][0]["results"]
    assert [result["ruleId"] for result in results
            if result["ruleId"].startswith("VERDICT/")] == [f"VERDICT/{verdict}" for verdict in report.verdicts()]
    assert len(results) == len(report.sessions) + len(report.findings)
    frames = {result["properties"].get("frame") for result in results}
    assert frames >= {finding["frame"] for finding in report.findings if "frame" in finding}
    artifact = log["runs"][0]["artifacts"][0]
    assert artifact["location"]["uri"] == MISMATCH.name
    assert artifact["hashes"]["sha-256"] == hashlib.sha256(MISMATCH.read_bytes()).hexdigest()


def test_sarif_goes_to_a_file():
    path = written("report.sarif")
    assert output("-q", "-r", tshark.readable(MISMATCH), "-z", f"webrtc,sarif,{path}") == ""
    assert json.loads(path.read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_a_page_that_cannot_be_written_is_an_error():
    result = tshark.run(["-q", "-r", tshark.readable(MISMATCH), "-z", "webrtc,html,/nonexistent/page.html"])
    assert result.returncode == 2
    assert "cannot write /nonexistent/page.html" in result.stderr


def test_report_begins_with_what_is_grave_and_says_it_once():
    text = output("-q", "-r", tshark.readable(INTERCEPTED), "-z", "webrtc,report")
    alarms = text[text.index("Alarms, the worst first"):text.index("\nCall s1")]
    assert alarms.split()[4:8] == ["error", "call", "s1", "INTERCEPTED,"]
    assert "10.77.0.66" in alarms.split("error")[1]
    assert alarms.count("SIG-01") == 1
    assert re.search(r"SIG-01 in s1, frames \d+, \d+: 2 times", " ".join(alarms.split()))
    assert text.index("In short") < text.index("  Verdict  ") < text.index("What to do") < text.index("Announced")


def test_a_match_with_a_substitute_is_no_good_sign():
    text = output("-q", "-r", tshark.readable(INTERCEPTED), "-z", "webrtc,report")
    assert text.count("matches the substitute, CERT-MATCH") == 1
    page = written("substitute.html")
    output("-q", "-r", tshark.readable(INTERCEPTED), "-z", f"webrtc,html,{page}")
    assert page.read_text(encoding="utf-8").count('<span class="badge bad">matches the substitute, CERT-MATCH') == 1
    assert "safety_number" not in tshark.report(INTERCEPTED).sessions[0]
    assert "matches the substitute" not in output("-q", "-r", tshark.readable(QUIET), "-z", "webrtc,report")


def test_the_plain_words_say_where_since_when_and_why_not():
    """Each of what somebody who reads no further must know, on a capture that has it by its truth."""
    def told(capture, *more):
        text = output("-q", "-r", tshark.readable(capture), *more, "-z", "webrtc,report")
        return " ".join(text[text.index("  In short"):text.index("  Who  ")].split())

    intercepted = told(INTERCEPTED)
    assert "Exposed: from " in intercepted and "safety number: none" in intercepted
    mismatch = told(MISMATCH)
    assert "The end at 10." in mismatch
    assert "the announcement was changed on its way, and the end is the right one" in mismatch
    assert "safety number: none" in mismatch
    verified = told(truth.OWN / "cr-ff12.A.pcapng")
    assert "Nothing wrong is seen from this one place" in verified
    assert "An interception further on would look exactly like this" in verified
    hidden = truth.OWN / "cr-ff.A.pcapng"
    assert "the key to it was not given" in told(hidden)


def test_a_page_explains_its_own_words_only():
    page = written("words.html")
    output("-q", "-r", tshark.readable(truth.OWN / "cr-ff12.A.pcapng"), "-z", f"webrtc,html,{page}")
    words = page.read_text(encoding="utf-8").split('<footer id="words">')[1]
    assert "<dt>VERIFIED-LEG</dt>" in words and "<dt>fingerprint</dt>" in words
    assert "<dt>INTERCEPTED-FULL</dt>" not in words and "<dt>SDES</dt>" not in words and "(not enforced)" not in words


def test_both_parties_have_one_safety_number():
    numbers = {tshark.report(truth.OWN / f"cr-ff12.{place}.pcapng").sessions[0].get("safety_number") for place in "AB"}
    assert len(numbers) == 1
    assert re.fullmatch(r"(\d{5} ){7}\d{5}", numbers.pop())


@pytest.mark.parametrize("name", ["foo", "reportx"])
def test_a_report_that_is_not_there_names_those_that_are(name):
    result = tshark.run(["-q", "-r", tshark.readable(QUIET), "-z", f"webrtc,{name}"])
    assert result.returncode != 0
    assert "webrtc,report" in result.stderr.replace(f'"webrtc,{name}"', "")


def test_expert_infos_stand_under_the_protocol_that_made_them():
    text = output("-2", "-q", "-r", tshark.readable(INTERCEPTED), "-Y", "webrtc.finding", "-z", "expert")
    rows_of = [line.split() for line in text.splitlines()]
    protocols = {words[2] for words in rows_of if len(words) > 4 and words[0].isdigit() and words[1] == "Security"}
    assert "WebRTC" in protocols
    assert "Frame" not in protocols


def test_expert_infos_have_all_findings_when_nothing_else_is_asked_for():
    """The list alone makes no tree."""
    text = output("-2", "-q", "-r", tshark.readable(INTERCEPTED), "-z", "expert")
    said = " ".join(line for line in text.splitlines() if " WebRTC " in line)
    for finding in tshark.report(INTERCEPTED).findings:
        assert f"{finding['check']}: {finding['message'][:100]}" in said


def test_each_check_has_its_own_expert_field():
    capture = tshark.readable(INTERCEPTED)
    findings = tshark.report(INTERCEPTED).findings
    some = [f for f in findings if f["check"] in ("SUBST-01", "RTP-09")]
    assert len(some) >= 2
    for finding in {f["check"]: f for f in some}.values():
        field = f"webrtc.finding.{finding['check'].lower().replace('-', '')}.{finding['severity']}"
        frames = output("-2", "-r", capture, "-Y", field, "-T", "fields", "-e", "frame.number").split()
        assert frames == sorted({str(f["frame"]) for f in findings if f["check"] == finding["check"]
                                 and f["severity"] == finding["severity"]}, key=int)
        wide = output("-2", "-r", capture, "-Y", f"webrtc.finding.{finding['severity']}", "-T", "fields", "-e",
                      "frame.number").split()
        assert set(frames) <= set(wide)


def test_a_finding_leads_to_its_other_frame():
    capture = tshark.readable(INTERCEPTED)
    rows_of = output("-2", "-r", capture, "-Y", 'webrtc.finding == "SUBST-01"', "-T", "fields", "-e", "frame.number",
                     "-e", "webrtc.finding.frame").splitlines()
    differ = {tuple(re.findall(r"frame (\d+)", f["message"])) for f in tshark.report(INTERCEPTED).findings
              if f["check"] == "SUBST-01"}
    assert {tuple(reversed(row.split("\t"))) for row in rows_of} == differ


def test_long_texts_of_the_tree_are_not_cut():
    sentence = tshark.report(INTERCEPTED).sessions[0]["statement"]
    assert len(sentence) > 240
    tree = output("-2", "-r", tshark.readable(INTERCEPTED), "-Y", "frame.number == 78", "-O", "webrtc")
    shown = " ".join(tree.replace("[", " ").replace("]", " ").split())
    assert "truncated" not in tree
    assert all(part.strip() in shown for part in sentence.split(". "))
