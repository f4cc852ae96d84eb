# SPDX-License-Identifier: GPL-2.0-or-later
"""Statements from outside the capture: calls whose signalling is not in it are judged by what the parties' files say.

The files are made of what the wire said (stated.py); which certificates are right is in the truth files.
"""

import base64
import hashlib
import json
import re
import struct

import pytest

import packets
import stated
import test_testimony
import truth
import tshark

ALICE, BOB = "10.77.0.2", "10.77.0.3"
CLEAN = tshark.TOP / "test-captures/cr-ff12.A.pcapng"
OTHER = tshark.TOP / "test-captures/cr-aiortc.A.pcapng"
EVERYBODY = tshark.TOP / "test-captures/cr-ff12.merged-ABS.pcapng"
INTERCEPTED = tshark.TOP / "test-captures/mitm-a2-wrtc-cr-cr.merged-AS.pcapng"
SHARED = truth.folder("WEBRTC_SHARED_STATEMENTS", "statements")


def write(name, content):
    path = tshark.private_folder() / "captures" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(0o644)
    return path


def cell(text):
    return '"' + str(text).replace("\\", "\\x5c").replace('"', "\\x22") + '"'


def run(capture, *files, kind="json", mode="one-pass", old_preference=None):
    """files: paths, or (path, whose, seconds)."""
    words = []
    for file in files:
        path, whose, clock = file if isinstance(file, tuple) else (file, "", "")
        words += ["-o", f"uat:webrtc_statements:{cell(path)},{cell(whose)},{cell(clock)},\"\""]
    if old_preference:
        words += ["-o", f"webrtc.statistics_file:{old_preference}"]
    result = tshark.run([*words, "-r", tshark.readable(capture), *tshark.MODES[mode], "-z", "webrtc," + kind])
    tshark.require_clean(result)
    return tshark.parse_report(result.stdout, among_tree=mode == "tree") if kind == "json" else result.stdout


def inputs(report):
    return {entry["name"]: entry for origin in report.of("origin") for entry in origin["inputs"]}


def checks(report):
    return [finding["check"] for finding in report.findings]


# ---- the shared set ----


@pytest.mark.skipif(SHARED is None, reason="no shared captures: statements")
def test_shared_truth():
    wrong = []
    for entry in json.loads((SHARED / "truth.json").read_text()):
        files = [tshark.readable(SHARED / name) for name in entry["statements"]]
        for order in (files, files[::-1]):
            verdicts = run(SHARED / entry["capture"], *order).verdicts()
            if not verdicts or not set(verdicts) <= set(entry["verdicts"]):
                wrong.append((entry, verdicts))
    assert not wrong


# ---- one party's file ----


# The others differ in nothing that the readers' own tests do not see.
FEW = ("har", "internals-old", "internals.gz", "rtcstats", "firefox-page", "log")


@pytest.mark.parametrize("form", FEW if tshark.QUICK else stated.FORMS)
def test_each_form_verifies_the_call(form):
    said = stated.of(CLEAN, ALICE)
    assert [m.body["type"] for m in said if m.body["type"] in ("offer", "answer")] == ["offer", "answer"]
    report = run(stated.datagrams(CLEAN), write(f"form-{form}", stated.FORMS[form](said)))
    assert report.verdicts() == ["VERIFIED-LEG"]
    [session] = report.sessions
    assert f"form-{form}" in session["statement"]
    assert [d["direction"] for d in report.descriptions] == ["emitted", "delivered"]
    said_by = {(d["standing"], d["witness"], "frame" in d) for d in report.descriptions}
    assert said_by == {("stated", f"form-{form}", False)}
    assert inputs(report)[f"form-{form}"]["used"] == 2


@pytest.mark.parametrize("mode", tshark.MODES)
def test_every_way_of_reading(mode):
    dump = write("ways.json", stated.internals(stated.of(CLEAN, ALICE)))
    assert run(stated.datagrams(CLEAN), dump, mode=mode).verdicts() == ["VERIFIED-LEG"]


def test_the_old_preference_reads_them_too():
    dump = write("old-preference.json", stated.internals(stated.of(CLEAN, ALICE)))
    assert run(stated.datagrams(CLEAN), old_preference=dump).verdicts() == ["VERIFIED-LEG"]


def test_nothing_without_a_file():
    assert run(stated.datagrams(CLEAN)).verdicts() == ["NO-SIGNALLING"]


def test_the_text_report_names_file_and_hash():
    dump = write("named.json", stated.internals(stated.of(CLEAN, ALICE)))
    text = run(stated.datagrams(CLEAN), (dump, "alice", ""), kind="report")
    assert "named.json" in text and "webrtc-internals dump of alice" in text and "2 in calls of this capture" in text
    assert "frame 21474" not in text and "frames 21474" not in text


# ---- what is of another call, or another time ----


def test_another_calls_file_says_nothing():
    dump = write("other-call.json", stated.internals(stated.of(OTHER, ALICE)))
    report = run(stated.datagrams(CLEAN), dump)
    assert report.verdicts() == ["NO-SIGNALLING"]
    assert not report.descriptions
    assert "WIT-03" in checks(report) and inputs(report)["other-call.json"]["used"] == 0
    told = [(one["kind"], bool(one["ufrag"])) for one in inputs(report)["other-call.json"]["fit_no_packet"]]
    assert sorted(told) == [("answer", True), ("offer", True)]


def test_another_calls_file_beside_the_right_one():
    files = [write(f"beside-{c.stem}.json", stated.internals(stated.of(c, ALICE))) for c in (OTHER, CLEAN)]
    for order in (files, files[::-1]):
        assert run(stated.datagrams(CLEAN), *order).verdicts() == ["VERIFIED-LEG"]


@pytest.mark.parametrize("hours", (-5, 3))
def test_a_wrong_clock_is_found_by_the_checks(hours):
    text = stated.internals(stated.of(CLEAN, ALICE))
    document = json.loads(text)
    for event in document["PeerConnections"]["7-1"]["updateLog"]:
        event["time"] += hours * 3600000
    report = run(stated.datagrams(CLEAN), write(f"clock{hours}.json", json.dumps(document)))
    assert report.verdicts() == ["VERIFIED-LEG"]
    assert abs(inputs(report)[f"clock{hours}.json"]["clock_offset_us"] / 3.6e9 - hours) < 0.01


def test_user_names_alone_need_the_time():
    """Without passwords, four letters tie a description to a path: only near in time."""
    said = stated.of(CLEAN, ALICE)

    def without_passwords(message):
        body = message.body
        if "sdp" in body:
            body["sdp"] = "".join(line for line in body["sdp"].splitlines(True) if not line.startswith("a=ice-pwd"))
        return stated.Message(message.client, message.sent, message.time, json.dumps(body))

    near = [without_passwords(m) for m in said]
    far = [stated.Message(m.client, m.sent, m.time - 86400, m.text) for m in near]
    assert run(stated.datagrams(CLEAN), write("near.json", stated.internals(near))).associations[0]["binding"] == "B2"
    assert run(stated.datagrams(CLEAN), write("far.json", stated.internals(far))).verdicts() == ["NO-SIGNALLING"]


@pytest.mark.parametrize("fingerprint", (False, True))
def test_a_file_with_other_passwords_says_nothing(fingerprint):
    """Names, addresses and certificates as in the call, but checks go by other passwords: it is of another one."""
    text = stated.internals(stated.of(CLEAN, ALICE))
    text = re.sub(r"a=ice-pwd:[^\\]+", "a=ice-pwd:" + "x" * 24, text)
    if fingerprint:
        text = re.sub(r"(a=fingerprint:sha-256 )..", r"\g<1>00", text)
    report = run(stated.datagrams(CLEAN), write(f"passwords{fingerprint}.json", text))
    assert report.verdicts() == ["NO-SIGNALLING"]
    assert not {f["severity"] for f in report.findings if f["check"] == "ICE-02"} & {"warn", "error"}


# ---- two parties ----


def both(capture, make, name):
    return [write(f"{name}-{who}", make(stated.of(capture, client)))
            for who, client in (("alice", ALICE), ("bob", BOB))]


def test_two_parties_agree():
    [alice, _], [_, bob] = (both(EVERYBODY, stated.FORMS[form], f"agree-{form}") for form in ("har", "internals"))
    for order in ((alice, bob), (bob, alice)):
        assert run(stated.datagrams(EVERYBODY), *order).verdicts() == ["VERIFIED-CROSS"]


@pytest.mark.parametrize("form", ("har", "internals"))
def test_two_parties_show_the_interception(form):
    capture = stated.datagrams(INTERCEPTED)
    files = both(INTERCEPTED, stated.FORMS[form], f"mitm-{form}")
    assert run(capture, files[0]).verdicts() == ["VERIFIED-LEG"]
    for order in (files, files[::-1]):
        report = run(capture, *order)
        assert set(report.verdicts()) <= {"INTERCEPTED", "INTERCEPTED-FULL"} and report.sessions
        assert {f["witness"] for f in report.findings if f["check"] == "SUBST-01"} <= {file.name for file in files}
        assert all(file.name in report.sessions[0]["statement"] for file in files)


def test_a_skewed_clock_does_not_turn_an_interception_round():
    """Whichever file's clock is behind: what was given comes before what was got."""
    said = {who: stated.of(INTERCEPTED, client) for who, client in (("alice", ALICE), ("bob", BOB))}
    late = [stated.Message(m.client, m.sent, m.time - 40, m.text) for m in said["bob"]]
    files = [write("skew-alice", stated.har(said["alice"])), write("skew-bob", stated.har(late))]
    assert set(run(stated.datagrams(INTERCEPTED), *files).verdicts()) <= {"INTERCEPTED", "INTERCEPTED-FULL"}


def test_hidden_addresses_do_not_mix_up_the_parties():
    """Host names in place of candidates: whose view counts is told by the certificate."""
    def hidden(message):
        text = message.text.replace(ALICE, "a.local").replace(BOB, "b.local").replace("10.77.0.66", "m.local")
        return stated.Message(message.client, message.sent, message.time, text)

    files = [write(f"hidden-{who}", stated.internals([hidden(m) for m in stated.of(INTERCEPTED, client)]))
             for who, client in (("alice", ALICE), ("bob", BOB))]
    for order in (files, files[::-1]):
        report = run(stated.datagrams(INTERCEPTED, f"udp and ip.addr == {ALICE}"), *order)
        assert set(report.verdicts()) <= {"INTERCEPTED", "INTERCEPTED-FULL"} and report.sessions


def of_syslog(said):
    """A line of syslog each, of a host whose name is no word on whose description it is."""
    return "".join(f"Nov 22 21:00:00 localhost app[1]: {line}\n" for _, method, value in stated.events(said)
                   if "sdp" in value for line in [method, *value["sdp"].splitlines()])


def test_logs_of_both_parties():
    """Each in a guise of its own; and one of UTF-16."""
    for capture, verdicts in ((EVERYBODY, {"VERIFIED-CROSS"}), (INTERCEPTED, {"INTERCEPTED", "INTERCEPTED-FULL"})):
        files = [write(f"{capture.stem}-alice.log", of_syslog(stated.of(capture, ALICE))),
                 write(f"{capture.stem}-bob.log", stated.text_log(stated.of(capture, BOB)).encode("utf-16"))]
        report = run(stated.datagrams(capture), *files)
        assert report.sessions and set(report.verdicts()) <= verdicts


def test_the_same_log_twice_is_one_party():
    """Where no word says whose a description is, a copy of the file is no second party."""
    text = stated.text_log(stated.of(CLEAN, ALICE)).replace("setLocalD", "d").replace("setRemoteD", "d")
    files = [write(f"undirected-{number}.log", text) for number in range(2)]
    report = run(stated.datagrams(CLEAN), *files)
    assert report.verdicts() == ["VERIFIED-LEG"] and "WIT-04" not in checks(report)


# ---- against what was seen ----


def test_a_file_does_not_overrule_what_was_seen():
    """A dump with another fingerprint than the captured signalling of the same client is a finding, and no more."""
    text = stated.internals(stated.of(CLEAN, ALICE))
    entry = next(entry for entry in truth.own_entries() if entry["capture"] == CLEAN.name)
    fingerprint = entry["stacks"]["alice"]["fingerprints"][0].split()[1]
    assert fingerprint in text
    changed = ("0" if fingerprint[0] != "0" else "1") + fingerprint[1:]
    report = run(CLEAN, write("changed.json", text.replace(fingerprint, changed)))
    assert report.verdicts() == ["VERIFIED-LEG"]
    [finding] = [f for f in report.findings if f["check"] == "WIT-01"]
    assert finding["severity"] == "warn" and "changed.json" in finding["message"]


def test_agreement_with_what_was_seen_changes_nothing():
    report = run(CLEAN, write("same.json", stated.internals(stated.of(CLEAN, ALICE))))
    assert report.verdicts() == ["VERIFIED-LEG"] and "WIT-01" not in checks(report)


# ---- DTLS 1.3 ----


@pytest.mark.parametrize("call, verdict", [(test_testimony.CLEAN, "VERIFIED-LEG")])
def test_a_dump_alone_settles_dtls_13(call, verdict):
    capture = tshark.TOP / f"test-captures/{call[0]}.pcapng"
    stats = {f"{name}-{key}": {"statsType": item["type"], "values": json.dumps([value])}
             for name, item in test_testimony.statistics(call).items() for key, value in item.items()}
    dump = write("dtls13.json", stated.internals(stated.of(capture, ALICE), stats=stats))
    report = run(stated.datagrams(capture), dump)
    assert verdict in report.verdicts() and set(report.verdicts()) <= {verdict, "UNVERIFIABLE"}
    assert inputs(report)["dtls13.json"]["transports_used"] == 1
    without = write("dtls13-without.json", stated.internals(stated.of(capture, ALICE)))
    assert verdict not in run(stated.datagrams(capture), without).verdicts()


def ends(own, other, local, remote):
    """What one end's getStats() says of its transport."""
    def certificate(number):
        der = bytes((48, 3, 2, 1, number))
        digest = ":".join(f"{byte:02X}" for byte in hashlib.sha256(der).digest())
        return {"type": "certificate", "fingerprintAlgorithm": "sha-256", "fingerprint": digest,
                "base64Certificate": base64.b64encode(der).decode()}

    return json.dumps({"T": {"type": "transport", "iceLocalUsernameFragment": own, "localCertificateId": "C",
                             "remoteCertificateId": "D", "selectedCandidatePairId": "P", "dtlsState": "connected"},
                       "P": {"type": "candidate-pair", "remoteCandidateId": "R"},
                       "R": {"type": "remote-candidate", "usernameFragment": other},
                       "C": certificate(local), "D": certificate(remote)})


def test_two_ends_saw_other_certificates():
    files = [write("end-a.json", ends("aaaa", "bbbb", 1, 9)), write("end-b.json", ends("bbbb", "aaaa", 2, 1))]
    [finding] = [f for f in run(stated.datagrams(CLEAN), *files).findings if f["check"] == "WIT-02"]
    assert finding["severity"] == "error" and "end-a.json" in finding["message"] and "end-b.json" in finding["message"]
    agreeing = [files[1], write("end-c.json", ends("aaaa", "bbbb", 1, 2))]
    assert "WIT-02" not in checks(run(stated.datagrams(CLEAN), *agreeing))


# ---- broken files ----


def test_a_cut_file_is_named_and_the_rest_works():
    text = stated.internals(stated.of(CLEAN, ALICE))
    report = run(stated.datagrams(CLEAN), write("cut.json", text[: text.rindex("UserAgent")]))
    assert report.verdicts() == ["VERIFIED-LEG"]
    assert "ends too early" in inputs(report)["cut.json"]["problem"]


@pytest.mark.parametrize("content", (
    b"", b"{", b"\x1f\x8b\x08\0\0\0\0\0\0\0xxxx", b"nothing\n" * 9, b"[[[[",
    b'{"log":{"entries":[[[1]],{"request":7}]}}',
    b'{"PeerConnections":[{"updateLog":[{"type":5}],"stats":[1,{}]}]}', b"RTCStatsDump\n{}\n[8]\nx\n",
))
def test_files_that_say_nothing(content):
    report = run(stated.datagrams(CLEAN), write("nothing", content))
    assert report.verdicts() == ["NO-SIGNALLING"]
    assert inputs(report)["nothing"]["problem"]
    assert "WIT-03" in checks(report)


def test_a_missing_file():
    report = run(stated.datagrams(CLEAN), "/nonexistent/x.har")
    assert report.verdicts() == ["NO-SIGNALLING"] and inputs(report)["x.har"]["problem"]


# ---- HEP 3 ----


def chunk(kind, data):
    return struct.pack(">HHH", 0, kind, 6 + len(data)) + data


def hep(source, target, payload):
    addresses = [bytes(map(int, end[0].split("."))) for end in (source, target)]
    chunks = (chunk(1, b"\2") + chunk(2, b"\x11") + chunk(3, addresses[0]) + chunk(4, addresses[1])
              + chunk(7, struct.pack(">H", source[1])) + chunk(8, struct.pack(">H", target[1])) + chunk(11, b"\1")
              + chunk(12, struct.pack(">I", 2001)) + chunk(15, payload))
    return b"HEP3" + struct.pack(">H", 6 + len(chunks)) + chunks


def telephones(over_tcp):
    """The SIP call of two telephones, as a server reports it to a collector."""
    capture = tshark.TOP / "test-captures/baresip-dtls-srtp.A.pcapng"
    fields = ["ip.src", "udp.srcport", "ip.dst", "udp.dstport", "udp.payload"]
    listing = tshark.run(["-r", tshark.readable(capture), "-Y", "sip and udp", "-T", "fields",
                          *[word for field in fields for word in ("-e", field)]], plugins=False)
    tshark.require_clean(listing)
    reports = [hep((s, int(sp)), (d, int(dp)), bytes.fromhex(p.replace(":", "")))
               for s, sp, d, dp, p in (line.split("\t") for line in listing.stdout.splitlines())]
    made = packets.Capture()
    if over_tcp:
        connection = made.connect(("192.0.2.50", 33000), ("192.0.2.60", 9060))
        stream = b"".join(reports)
        for at in range(0, len(stream), 1000):
            connection.up(stream[at : at + 1000])
    else:
        made.packets += [packets.udp(("192.0.2.50", 33000), ("192.0.2.60", 9060), report) for report in reports]
    name = tshark.private_folder() / "home" / f"hep-{over_tcp}.pcap"
    made.write(name)
    return name, capture


@pytest.mark.parametrize("over_tcp", (False, True))
def test_sip_within_hep(over_tcp):
    reported, capture = telephones(over_tcp)
    media = stated.datagrams(capture, "udp and not sip")
    merged = tshark.private_folder() / "home" / f"hep-merged-{over_tcp}.pcapng"
    joined = tshark.run(["-a", "-F", "pcapng", "-w", merged, reported, media], plugins=False, program="mergecap")
    tshark.require_clean(joined)
    assert run(media).verdicts() != ["VERIFIED-LEG"]
    report = run(merged)
    assert report.verdicts() == ["VERIFIED-LEG"]
    assert {d["src"].split(":")[0] for d in report.descriptions} == {ALICE, BOB}
    assert not [f for f in report.findings if f["check"] == "SIG-01" and f["severity"] not in ("note", "chat")]
