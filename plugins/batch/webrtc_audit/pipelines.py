# SPDX-License-Identifier: GPL-2.0-or-later
"""The records of calls in the words of others: ECS (Elastic Common Schema 8.11) as NDJSON, a Zeek log as TSV, and
detection findings of OCSF 1.1. What these have no name for stands under "webrtc", "unmapped" or a column of its own."""

import base64
import datetime
import hashlib
import ipaddress
import json
import struct

from .common import clean

PRODUCT = "wireshark-webrtc"
CHECKS = "docs/checks.md"
# Severities of ours, the gravest first: event.severity, and severity_id of OCSF.
ECS_SEVERITY = {"error": 73, "warn": 47, "note": 21, "chat": 0}
OCSF_SEVERITY = {"error": 4, "warn": 3, "note": 2, "chat": 1}


def endpoint(text):
    """(address, port) of "10.0.0.1:5000" and "[2001:db8::1]:5000"; None for what is neither."""
    host, _, port = str(text or "").rpartition(":")
    try:
        return str(ipaddress.ip_address(host.strip("[]"))), int(port)
    except ValueError:
        return None


def community_id(one, other, protocol=17):
    """Community ID, version 1, without a seed: one value for both directions."""
    ends = sorted((ipaddress.ip_address(ip).packed, struct.pack(">H", port)) for ip, port in (one, other))
    (ip, port), (other_ip, other_port) = ends
    digest = hashlib.sha1(b"\0\0" + ip + other_ip + bytes((protocol, 0)) + port + other_port).digest()
    return "1:" + base64.b64encode(digest).decode()


def hexadecimal(fingerprint):
    """As ECS wants digests of certificates: in upper case, without colons."""
    return fingerprint.replace(":", "").upper()


def without_nothing(record):
    return {key: value for key, value in record.items() if value not in (None, [], {}, "")}


class Capture:
    """The records of one job, by what refers to them."""

    def __init__(self, name, records):
        self.name = name
        self.origin = next((r for r in records if r["record"] == "origin"), {})
        self.sessions = {r["id"]: r for r in records if r["record"] == "session"}
        self.associations = [r for r in records if r["record"] == "association"]
        self.findings = [r for r in records if r["record"] == "finding"]

    def of_call(self, call):
        return [a for a in self.associations if a.get("session") == call]

    def time_of(self, record):
        """When it began, or its call, or the capture; None for a report of no packets."""
        call = self.sessions.get(record.get("session"), {})
        stated = next((entry["first_time"] for entry in self.origin.get("inputs", []) if "first_time" in entry), None)
        return record.get("start") or call.get("start") or self.origin.get("first_time") or stated


def path_of(association):
    """((address, port) of the client, of the server), where both are known and are those of packets."""
    ends = endpoint(association.get("client")), endpoint(association.get("server"))
    return ends if all(ends) and not association.get("relayed") else (None, None)


# ---- ECS ----


def ecs_common(capture, record, tool):
    time = capture.time_of(record)
    return {"@timestamp": time, "ecs.version": "8.11.0", "event.module": "webrtc", "event.dataset":
            f"webrtc.{record['record']}", "event.severity": ECS_SEVERITY.get(record.get("severity", "chat")),
            "observer.vendor": PRODUCT, "observer.product": "webrtc-audit", "observer.version": tool["plugins"],
            "observer.type": "network-analyzer", "log.file.path": clean(capture.name),
            "webrtc.call.id": record.get("session") or (record.get("id") if record["record"] == "session" else None)}


def ecs_path(association):
    client, server = path_of(association)
    certificates = association.get("certificates", {})
    found = {"network.transport": "udp", "network.protocol": "dtls", "tls.cipher": association.get("cipher"),
             "tls.version_protocol": "dtls", "tls.version": association.get("version", "").removeprefix("DTLS ")}
    for role in ("client", "server"):
        if "sha256" in certificates.get(role, {}):
            found[f"tls.{role}.hash.sha256"] = hexadecimal(certificates[role]["sha256"])
    if client:
        found |= {"network.community_id": community_id(client, server), "client.ip": client[0],
                  "client.port": client[1], "server.ip": server[0], "server.port": server[1], "source.ip": client[0],
                  "source.port": client[1], "destination.ip": server[0], "destination.port": server[1],
                  "related.ip": sorted({client[0], server[0]})}
    return found


def ecs(capture, tool):
    """A flat object for each call, handshake and finding."""
    for record in [*capture.sessions.values(), *capture.associations, *capture.findings]:
        kind, alarms = record["record"], record.get("severity") in ("error", "warn")
        out = {**ecs_common(capture, record, tool), "event.kind": "alert" if alarms else "event",
               "event.category": ["network", "intrusion_detection"] if alarms else ["network"], "event.type": ["info"]}
        if kind == "session":
            ends = [endpoint(party.get("address", "") + ":0") for party in record.get("parties", [])]
            out |= {"event.action": "call", "event.start": record.get("start"), "event.end": record.get("end"),
                    "message": clean(record.get("statement", "")), "event.reason": clean(record.get("plain", "")),
                    "webrtc.call.verdict": record["verdict"], "related.ip": sorted({end[0] for end in ends if end})}
        elif kind == "association":
            out |= {"event.action": "handshake", "webrtc.association.id": record["id"],
                    "webrtc.association.verdict": record["verdict"], **ecs_path(record)}
        else:
            out |= {"event.action": "finding", "message": clean(record["message"]), "rule.id": record["check"],
                    "rule.ruleset": PRODUCT, "rule.reference": CHECKS, "webrtc.frame": record.get("frame")}
        yield without_nothing(out)


def write_ecs(out, captures, tool):
    for capture in captures:
        for record in ecs(capture, tool):
            print(json.dumps(record, separators=(",", ":")), file=out)


# ---- Zeek ----

ZEEK = [("ts", "time"), ("uid", "string"), ("id.orig_h", "addr"), ("id.orig_p", "port"), ("id.resp_h", "addr"),
        ("id.resp_p", "port"), ("capture", "string"), ("call", "string"), ("call_verdict", "string"),
        ("severity", "string"), ("version", "string"), ("cipher", "string"), ("verdict", "string"),
        ("client_cert_sha256", "string"), ("server_cert_sha256", "string"), ("findings", "set[string]"),
        ("community_id", "string"), ("plain", "string")]


def by_number(c):
    return "".join(f"\\x{byte:02x}" for byte in c.encode("utf-8", "surrogateescape"))


def zeek_text(value):
    """Tabs and what else does not print by its number, as Zeek writes it; "-" and "(empty)" have a meaning."""
    if value is None:
        return "-"
    text = "".join(c if c.isprintable() and c != "\\" else by_number(c) for c in str(value))
    if text in ("-", "(empty)"):
        return f"\\x{ord(text[0]):02x}{text[1:]}"
    return text or "(empty)"


def seconds(time):
    return None if time is None else f"{datetime.datetime.fromisoformat(time.replace('Z', '+00:00')).timestamp():.6f}"


def zeek_rows(capture):
    """A row for each handshake, and for each call without any."""
    for call in capture.sessions.values():
        checks = sorted({f["check"] for f in capture.findings if f.get("session") == call["id"]})
        for a in capture.of_call(call["id"]) or [{}]:
            client, server = path_of(a)
            shown = {role: certificate.get("sha256") for role, certificate in a.get("certificates", {}).items()}
            name = hashlib.sha1(f"{capture.name}\0{call['id']}\0{a.get('id')}".encode("utf-8", "replace")).hexdigest()
            yield (seconds(capture.time_of(a or call)), "C" + name[:17], *(client or (None, None)),
                   *(server or (None, None)), capture.name, call["id"], call["verdict"], call["severity"],
                   a.get("version"), a.get("cipher"), a.get("verdict"),
                   *(shown.get(role, "").replace(":", "").lower() if shown.get(role) else None
                     for role in ("client", "server")),
                   checks, community_id(client, server) if client else None, call.get("plain"))


def write_zeek(out, captures, _):
    # Zeek's words for its separators; no times of opening and closing, so that the same is written of the same.
    print("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\twebrtc", file=out)
    print("#fields", *(name for name, _ in ZEEK), sep="\t", file=out)
    print("#types", *(kind for _, kind in ZEEK), sep="\t", file=out)
    for capture in captures:
        for row in zeek_rows(capture):
            print(*(",".join(value) or "(empty)" if isinstance(value, list) else zeek_text(value) for value in row),
                  sep="\t", file=out)


# ---- OCSF ----


def ocsf_endpoints(associations):
    for a in associations:
        client, server = path_of(a)
        if client:
            yield {"src_endpoint": {"ip": client[0], "port": client[1]},
                   "dst_endpoint": {"ip": server[0], "port": server[1]}}


def ocsf(capture, tool):
    """A Detection Finding (class 2004) for each verdict and finding that is more than the usual course."""
    for record in [*capture.sessions.values(), *capture.findings]:
        if record["severity"] == "chat":
            continue
        call = record["id"] if record["record"] == "session" else record.get("session")
        rule = record.get("check") or f"VERDICT/{record['verdict']}"
        said = clean(record.get("statement") or record.get("message") or "")
        time = seconds(capture.time_of(record))
        where = f"{capture.name}\0{call}\0{rule}\0{record.get('frame')}\0{said}"
        yield {"activity_id": 1, "activity_name": "Create", "category_uid": 2, "category_name": "Findings",
               "class_uid": 2004, "class_name": "Detection Finding", "type_uid": 200401,
               "severity_id": OCSF_SEVERITY[record["severity"]], "status_id": 1,
               "time": int(float(time or 0) * 1000), "message": said,
               "metadata": {"version": "1.1.0", "log_name": clean(capture.name),
                            "product": {"name": "webrtc-audit", "vendor_name": PRODUCT, "version": tool["plugins"]}},
               "finding_info": {"uid": hashlib.sha256(where.encode("utf-8", "replace")).hexdigest(), "title": rule,
                                "desc": clean(record.get("plain") or said), "types": ["WebRTC"]},
               "evidences": list(ocsf_endpoints(capture.of_call(call))) if call else [],
               "unmapped": without_nothing({"call": call, "frame": record.get("frame"), "asvs": record.get("asvs")})}


def write_ocsf(out, captures, tool):
    for capture in captures:
        for record in ocsf(capture, tool):
            print(json.dumps(without_nothing(record), separators=(",", ":")), file=out)
