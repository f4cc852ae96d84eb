# SPDX-License-Identifier: GPL-2.0-or-later
"""What is written for pipelines has the names and types that ECS 8.11, Zeek, OCSF 1.1 and SARIF 2.1.0 publish, and says
what the records say. About 15 seconds."""

import ipaddress
import json
import os
import re
import shutil
import sys

import batch
import pytest
import truth
import tshark
from batch import lay, records

INTERCEPTED, PARTY = "relay-keep-ice-cr-cr.merged-AS.pcapng", "cr-ff12.A.pcapng"

# The published fields that are used, with their types: keyword and match_only_text are texts, long a whole number.
ECS = {
    "@timestamp": "date", "ecs.version": "keyword", "message": "text", "event.kind": "keyword",
    "event.category": "[keyword]", "event.type": "[keyword]", "event.module": "keyword",
    "event.dataset": "keyword", "event.severity": "long",
    "event.action": "keyword", "event.reason": "keyword", "event.start": "date", "event.end": "date",
    "observer.vendor": "keyword", "observer.product": "keyword", "observer.version": "keyword",
    "observer.type": "keyword", "log.file.path": "keyword", "network.transport": "keyword",
    "network.protocol": "keyword", "network.community_id": "keyword", "client.ip": "ip", "client.port": "long",
    "server.ip": "ip", "server.port": "long", "source.ip": "ip", "source.port": "long", "destination.ip": "ip",
    "destination.port": "long", "related.ip": "[ip]", "tls.cipher": "keyword", "tls.version": "keyword",
    "tls.version_protocol": "keyword", "tls.client.hash.sha256": "sha256", "tls.server.hash.sha256": "sha256",
    "rule.id": "keyword", "rule.ruleset": "keyword", "rule.reference": "keyword",
    # Those of our own, which ECS leaves to a name of their own
    "webrtc.call.id": "keyword", "webrtc.call.verdict": "keyword", "webrtc.association.id": "keyword",
    "webrtc.association.verdict": "keyword", "webrtc.frame": "long"}
ECS_WORDS = {"event.kind": {"alert", "event"}, "event.category": {"network", "intrusion_detection"},
             "event.type": {"info"}, "network.transport": {"udp"}}

# Class 2004, with the attributes that it requires, and those of the objects in it.
OCSF = {
    "activity_id!": int, "activity_name": str, "category_uid!": int, "category_name": str, "class_uid!": int,
    "class_name": str, "type_uid!": int, "severity_id!": int, "status_id": int, "time!": int, "message": str,
    "unmapped": dict,
    "metadata!": {"version!": str, "log_name": str, "product!": {"name": str, "vendor_name!": str, "version": str}},
    "finding_info!": {"uid!": str, "title!": str, "desc": str, "types": list},
    "evidences": [{"src_endpoint": {"ip": str, "port": int}, "dst_endpoint": {"ip": str, "port": int}}]}


# SARIF 2.1.0, the objects that are used, by the sections of the standard that list their members: 3.13, 3.14, 3.18,
# 3.19, 3.49, 3.27, 3.28, 3.29, 3.33, 3.24, 3.4, 3.20, 3.58. "!": it must be there.
SARIF_TEXT = {"text!": str}
SARIF_FILE = {"uri!": str, "index": int}
SARIF = {
    "$schema": str, "version!": str, "runs!": [{
        "tool!": {"driver!": {"name!": str, "version": str, "rules": [{
            "id!": str, "shortDescription": SARIF_TEXT, "help": SARIF_TEXT, "helpUri": str, "properties": dict}]}},
        "artifacts": [{"location": {"uri!": str}, "length": int, "hashes": dict}],
        "invocations": [{"executionSuccessful!": bool, "toolExecutionNotifications": [
            {"level": str, "message!": SARIF_TEXT}]}],
        "results": [{"ruleId": str, "ruleIndex": int, "level": str, "kind": str, "message!": SARIF_TEXT, "locations": [{
            "physicalLocation": {"artifactLocation": SARIF_FILE},
            "logicalLocations": [{"name": str, "kind": str}]}], "properties": dict}],
        "properties": dict}]}


def is_date(value):
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value)


def is_ip(value):
    return ipaddress.ip_address(value)


CHECKS = {"date": is_date, "ip": is_ip, "sha256": re.compile("[0-9A-F]{64}").fullmatch}


def require_ecs(record):
    assert {"@timestamp", "ecs.version"} <= set(record)
    for name, value in record.items():
        kind = ECS[name]
        values = value if kind.startswith("[") else [value]
        assert isinstance(values, list)
        for each in values:
            assert isinstance(each, int if kind == "long" else str), name
            assert CHECKS.get(kind.strip("[]"), lambda _: True)(each), (name, each)
            assert each in ECS_WORDS.get(name, {each})


def require_ocsf(value, schema, where="finding"):
    if isinstance(schema, list):
        assert isinstance(value, list), where
        for each in value:
            require_ocsf(each, schema[0], where)
    elif isinstance(schema, dict):
        names = {name.rstrip("!"): inner for name, inner in schema.items()}
        assert {name[:-1] for name in schema if name.endswith("!")} <= set(value) <= set(names), where
        for name, each in value.items():
            require_ocsf(each, names[name], f"{where}.{name}")
    else:
        assert isinstance(value, schema), where


@pytest.fixture(scope="module")
def room():
    folder = batch.own_folder()
    lay(folder, INTERCEPTED, PARTY)
    batch.script(folder, "webrtc-audit", "-q", "--ecs", "ecs", "--zeek", "zeek", "--ocsf", "ocsf", "--ndjson", "ndjson",
                 INTERCEPTED, PARTY, status=1)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def found(room):
    return records((room / "ndjson").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def module():
    sys.path.insert(0, str(batch.scripts()))
    from webrtc_audit import pipelines  # as it lies beside the scripts
    return pipelines


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def of(found, kind):
    return [record for record in found if record["record"] == kind]


def test_ecs_has_its_names_and_types_and_every_record(room, found):
    written = lines(room / "ecs")
    for record in written:
        require_ecs(record)
    assert len(written) == sum(len(of(found, kind)) for kind in ("session", "association", "finding"))
    handshakes = [record for record in written if record["event.action"] == "handshake"]
    for record, association in zip(handshakes, of(found, "association")):
        assert f"{record['client.ip']}:{record['client.port']}" == association["client"]
        for role in ("client", "server"):
            sha256 = association["certificates"][role]["sha256"].replace(":", "")
            assert record[f"tls.{role}.hash.sha256"] == sha256
    calls = [record for record in written if record["event.action"] == "call"]
    assert [(c["event.kind"], c["webrtc.call.verdict"]) for c in calls] == [("alert", "INTERCEPTED"),
                                                                            ("event", "VERIFIED-LEG")]


def test_the_community_id_is_that_of_others(room, found, module):
    """The vector of the specification, both ways; and what Wireshark's own post-dissector says, before 4.6."""
    ends = ("192.168.1.52", 54585), ("8.8.8.8", 53)
    assert {module.community_id(*way) for way in (ends, ends[::-1])} == {"1:d/FP5EW3wiY1vCndhwleRRKHowQ="}
    written = [record for record in lines(room / "ecs") if "network.community_id" in record]
    for record, association in zip(written, of(found, "association")):
        shown = tshark.run(["-r", room / association["capture"], "--enable-protocol", "communityid", "-Y",
                            f"frame.number == {association['client_hello']}", "-T", "fields", "-e", "communityid"],
                           plugins=False)
        if tshark.series() < (4, 6):  # whose tshark shows none
            assert shown.stdout.strip() == record["network.community_id"]


def read_zeek(path):
    text = path.read_text(encoding="utf-8").splitlines()
    head = dict(line[1:].replace(" ", "\t", 1).split("\t", 1) for line in text if line.startswith("#"))
    fields, kinds = head["fields"].split("\t"), head["types"].split("\t")
    assert len(fields) == len(kinds) and head["separator"] == "\\x09" and head["unset_field"] == "-"
    rows = [line.split("\t") for line in text if not line.startswith("#")]
    assert all(len(row) == len(fields) for row in rows)
    return fields, kinds, [dict(zip(fields, row)) for row in rows]


def test_zeek_has_a_header_and_a_row_a_handshake(room, found):
    fields, kinds, rows = read_zeek(room / "zeek")
    assert fields[:6] == ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"]
    assert kinds[:6] == ["time", "string", "addr", "port", "addr", "port"]
    assert len({row["uid"] for row in rows}) == len(rows)
    for row, association in zip(rows, of(found, "association")):
        assert re.fullmatch(r"\d+\.\d{6}", row["ts"])
        assert is_ip(row["id.orig_h"]) and f"{row['id.resp_h']}:{row['id.resp_p']}" == association["server"]
        checks = {f["check"] for f in of(found, "finding") if (f["capture"], f.get("session")) == (
            association["capture"], association["session"])}
        assert set(row["findings"].split(",")) == checks
    assert [row["call_verdict"] for row in rows] == ["INTERCEPTED", "VERIFIED-LEG"]


def test_ocsf_findings_are_of_their_class(room, found):
    written = lines(room / "ocsf")
    for record in written:
        require_ocsf(record, OCSF)
        assert (record["class_uid"], record["type_uid"]) == (2004, 2004 * 100 + record["activity_id"])
        assert record["time"] > 1.7e12  # milliseconds
    wanted = [r for r in found if r["record"] in ("session", "finding") and r["severity"] != "chat"]
    assert len(written) == len(wanted)
    severities = {"error": 4, "warn": 3, "note": 2}
    assert sorted(r["severity_id"] for r in written) == sorted(severities[r["severity"]] for r in wanted)
    assert len({r["finding_info"]["uid"] for r in written}) == len(written)
    assert written[0]["finding_info"]["title"] == "VERDICT/INTERCEPTED"


@pytest.mark.parametrize("name", [INTERCEPTED, PARTY])
def test_sarif_has_the_members_of_its_objects(name):
    log = json.loads(tshark.run(["-q", "-r", tshark.readable(truth.OWN / name), "-z", "webrtc,sarif"]).stdout)
    require_ocsf(log, SARIF, "log")
    [run] = log["runs"]
    assert log["version"] == "2.1.0"
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"] and rule["help"]["text"]
        # 3.49.12: absolute; a verdict rests on several texts, and what the capture lacks on none
        own = rule["id"].startswith(("VERDICT/", "CAP-", "WIT-", "TOP-05", "SIG-09", "SIG-10", "DTLS-05"))
        assert own or re.fullmatch(r"https://www\.rfc-editor\.org/rfc/rfc\d+(#section-\d[\d.]*)?", rule["helpUri"])
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert (result["level"] == "none") == (result.get("kind") == "informational")  # 3.27.9, 3.27.10


def test_hostile_names_break_no_line(room, module):
    evil = "a\tb\nc,\\x09 \x1b[2J"
    folder = room / os.fsdecode("\u2028\t=\n".encode() + b"\xff")
    folder.mkdir()
    shutil.copy(truth.OWN / PARTY, folder / "x.pcapng")
    (folder / "x.pcapng").chmod(0o644)
    batch.script(room, "webrtc-audit", "-q", "--ecs", "e", "--zeek", "z", "--ocsf", "o", folder, status=0)
    assert len(read_zeek(room / "z")[2]) == 1
    for record in lines(room / "e"):
        require_ecs(record)
    shown = module.zeek_text(evil)
    assert "\t" not in shown and "\n" not in shown and "\x1b" not in shown and "\\x5cx09" in shown
    assert [module.zeek_text(text) for text in (None, "", "-", "(empty)")] == ["-", "(empty)", "\\x2d", "\\x28empty)"]


@pytest.mark.parametrize("text, read", [("10.0.0.1:5000", ("10.0.0.1", 5000)), ("[2001:db8::1]:7", ("2001:db8::1", 7)),
                                        ("?", None), (None, None), ("name:7", None), ("10.0.0.1:x", None)])
def test_endpoints(module, text, read):
    assert module.endpoint(text) == read


def test_a_call_without_a_handshake_has_a_row(room):
    lay(room, "cr-ff12.S.pcapng")
    batch.script(room, "webrtc-audit", "-q", "--zeek", "z", "--ocsf", "o", "cr-ff12.S.pcapng", status=0)
    [row] = read_zeek(room / "z")[2]
    assert (row["call_verdict"], row["id.orig_h"], row["verdict"]) == ("NO-MEDIA", "-", "-")
    for record in lines(room / "o"):
        require_ocsf(record, OCSF)
