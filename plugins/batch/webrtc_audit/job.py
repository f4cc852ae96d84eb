# SPDX-License-Identifier: GPL-2.0-or-later
"""One capture, or several of one event, and what was found in it."""

import dataclasses
import pathlib
import re

from .common import SEVERITIES


def release(text):
    """The number of Wireshark's version in a text."""
    found = re.search(r"\d+\.\d+\.\d+", text)
    return found[0] if found else "unknown"


@dataclasses.dataclass
class Job:
    """One capture, or several of one event to be merged, and what became of it."""

    name: str
    captures: list
    keys: list
    statements: list = dataclasses.field(default_factory=list)
    page: str = ""
    sources: list = dataclasses.field(default_factory=list)
    problem: str = ""
    records: pathlib.Path = None
    text: pathlib.Path = None
    sessions: list = dataclasses.field(default_factory=list)
    witnesses: list = dataclasses.field(default_factory=list)
    summary: dict = dataclasses.field(default_factory=dict)
    findings: dict = dataclasses.field(default_factory=dict)
    thinned: dict = None
    secrets: list = dataclasses.field(default_factory=list)  # key logs that were inside captures
    alarms: dict = dataclasses.field(default_factory=dict)
    errors: dict = dataclasses.field(default_factory=dict)  # of each call: check -> how many, and what the first says
    seconds: float = 0.0
    command: list = dataclasses.field(default_factory=list)
    tool: dict = None  # versions, by the word of its records
    read: pathlib.Path = None  # what tshark read: the capture, or those of the job merged

    def size(self):
        try:
            return sum(path.stat().st_size for path in self.captures)
        except OSError:
            return 0

    def is_grave(self, least="error"):
        graver = SEVERITIES[: SEVERITIES.index(least) + 1]
        return any(map(self.findings_of, graver)) or any(session.get("severity") in graver for session in self.sessions)

    def note_alarm(self, finding):
        """The same finding of many legs or frames is one alarm."""
        alarm = self.alarms.setdefault((finding["severity"], finding["check"]),
                                       {"message": finding["message"], "n": 0, "calls": [], "frames": []})
        alarm["n"] += 1
        for key, value in (("calls", finding.get("session")), ("frames", finding.get("frame"))):
            if value is not None and value not in alarm[key][-1:]:
                alarm[key].append(value)

    def take(self, record, alarming):
        """Keeps of a record what the reports of all captures need."""
        kind = record["record"]
        if kind == "session":
            self.sessions.append(record)
        elif kind == "origin":
            self.witnesses = [entry for entry in record.get("inputs", []) if entry.get("kind") == "statement"]
            if {"plugins", "wireshark"} <= record.keys():
                self.tool = {"plugins": record["plugins"], "wireshark": release(record["wireshark"])}
        elif kind == "finding" and "session" in record:
            counts = self.findings.setdefault(record["session"], {})
            counts[record["severity"]] = counts.get(record["severity"], 0) + 1
        elif kind == "summary":
            self.summary = record
        if kind == "finding" and record["severity"] in alarming:
            self.note_alarm(record)
        if kind == "finding" and record["severity"] == "error" and "session" in record:
            found = self.errors.setdefault(record["session"], {}).setdefault(record["check"], [0, record["message"]])
            found[0] += 1

    def errors_of(self, call):
        """(check, how many, what the first says) of each kind of error found in a call."""
        return [(check, n, message) for check, (n, message) in self.errors.get(call, {}).items()]

    def findings_of(self, severity):
        return self.summary.get("findings", {}).get(severity, 0)
