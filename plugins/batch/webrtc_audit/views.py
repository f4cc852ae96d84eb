# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls of several captures that may be one call, seen from several places: a hint to judge them together, and no
verdict. What joins them is what webrtc-archive joins by; and, where an intermediary wrote descriptions of its own, a
call id and a host that they share at the same time."""

import importlib.machinery
import importlib.util
import json
import pathlib
import shlex
import sqlite3

from . import common
from .common import clean, some

MOST_CALLS = 20000  # of more, webrtc-archive says it
MOST_GROUPS = 50
# What ties calls, by the first word of webrtc-archive's marks, the strongest first.
MARKS = {"handshake": "a handshake", "credential": "ICE credentials", "users": "ICE user names", "body": "a "
                                                                                                         "description",
         "origin": "an o= line"}


def archive():
    """webrtc-archive, which is installed beside this program."""
    path = common.program.with_name("webrtc-archive")
    loader = importlib.machinery.SourceFileLoader("webrtc_archive", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def end_hosts(record):
    """The hosts at the ends of a call, of its record or of one of its associations."""
    found = [party.get("address") for party in record.get("parties", [])]
    found += [record[end].rpartition(":")[0] for end in ("client", "server") if end in record]
    return set(filter(None, found))


def read(job, number, tools, db):
    """Puts the records of a job into the tables; gives the hosts of each of its calls."""
    hosts = {}
    with open(job.records, encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record["record"] not in ("session", "association", "description"):
                continue
            call = record["id"] if record["record"] == "session" else record.get("session")
            hosts.setdefault(call, set()).update(end_hosts(record))
            for table, row in tools.rows({**record, "capture": str(number)}):
                db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * tools.TABLES[table])})", row)
    return hosts


def ties_of_records(jobs):
    """[(what ties, the calls tied)] as webrtc-archive has it, and the hosts of each call, a (job's number, id)."""
    tools, hosts, found = archive(), {}, {}
    db = sqlite3.connect("")  # a file of its own, that goes with it
    try:
        db.executescript(tools.file_of("archive-schema.sql").read_text(encoding="utf-8"))
        for number, job in enumerate(jobs):
            if job.records and job.sessions:
                hosts |= {(number, call): names for call, names in read(job, number, tools, db).items()}
        db.executescript(tools.file_of("archive-join.sql").read_text(encoding="utf-8"))
        query = ("SELECT tie, part FROM tied WHERE tie IN (SELECT t.tie FROM tied t JOIN member m ON m.part = "
                 "t.part GROUP "
                 "BY t.tie HAVING COUNT(DISTINCT m.capture) > 1)")
        for tie, part in db.execute(query):
            number, _, call = part.partition("#")
            found.setdefault(tie, set()).add((int(number), call))
    finally:
        db.close()
    return [(MARKS[tie.partition(" ")[0]], calls) for tie, calls in sorted(found.items())], hosts


def overlap(one, other):
    """Whether two calls were at the same time. Times of one form sort as texts."""
    return all("start" in each and "end" in each for each in (one, other)) and (
        one["start"] <= other["end"] and other["start"] <= one["end"])


def ties_of_ids(jobs, hosts):
    """The same of calls with one call id and one host that overlap in time."""
    by_id = {}
    for number, job in enumerate(jobs):
        for session in job.sessions:
            for host in hosts.get((number, session["id"]), ()) if session.get("call") else ():
                by_id.setdefault((session["call"], host), []).append((number, session))
    for (call, host), members in sorted(by_id.items()):
        members.sort(key=lambda member: member[1].get("start", ""))
        last = None  # of those before, the one that ends last
        for number, session in members:
            if last and last[0] != number and overlap(last[1], session):
                what = f"the host {clean(host, 60)} and the call id {clean(call, 60)}"
                yield what, {(last[0], last[1]["id"]), (number, session["id"])}
            if last is None or session.get("end", "") > last[1].get("end", ""):
                last = number, session


def joined(ties):
    """Sets of calls that are tied, also by way of others, with what ties them."""
    parent = {}

    def root(call):
        parent.setdefault(call, call)
        while parent[call] != call:
            parent[call] = call = parent[parent[call]]
        return call

    ties, groups = list(ties), {}
    for _, calls in ties:
        first, *others = calls
        for other in others:
            parent[root(other)] = root(first)
    for call in parent:
        groups.setdefault(root(call), (set(), {}))[0].add(call)
    for what, calls in ties:
        groups[root(min(calls))][1][what] = None
    return [(sorted(members), list(marks)) for members, marks in groups.values()]


def names_of(job):
    """The captures of a job, as they were named."""
    parts = job.name.split(" + ") if len(job.captures) > 1 else [job.name]
    return parts if len(parts) == len(job.captures) else [path.name for path in job.captures]


def told(jobs, members, marks):
    """A group, as a sentence and a command."""
    calls = [(jobs[number], next(s for s in jobs[number].sessions if s["id"] == call)) for number, call in members]
    several = len({number for number, _ in members})
    named = some([f"{pathlib.PurePath(clean(job.name)).name} {session['id']} ({session['verdict']})"
                  for job, session in calls])
    strong = [mark for mark in MARKS.values() if mark in marks]
    also = [mark for mark in marks if mark not in strong]
    when = "overlap in time and share" if all(any(overlap(a, b) for _, b in calls if a is not b) for _, a in calls
                                              ) else "share"
    numbers = {session["safety_number"] for _, session in calls if "safety_number" in session}
    text = (f"{named} {when} {', '.join(strong[:3] + also[:1])}: they may be views of one call from {several} "
            "captures. Each "
            "row below is judged by its own capture alone, and does not show what lies between."
            + (" The safety numbers on their pages differ: if they are one call, its ends were not told the same keys."
               if len(numbers) > 1 else ""))
    names = [name for number in sorted({number for number, _ in members}) for name in names_of(jobs[number])]
    most = names[:common.MOST_NAMED]
    command = "webrtc-audit --merge=all " + shlex.join(clean(name) for name in most)
    if len(names) > len(most):
        command += f" # and {len(names) - len(most)} more"
    return {"text": text, "command": command, "calls": members}


def hints(jobs):
    """What may be views of one call, [{"text", "command", "calls"}], and a sentence on what was left out, or none."""
    if sum(bool(job.sessions) for job in jobs) < 2:
        return [], ""
    if sum(len(job.sessions) for job in jobs) > MOST_CALLS:
        return [], (f"More than {MOST_CALLS} calls: which of them may be views of one was not looked for; "
                    "webrtc-archive "
                    "does that.")
    try:
        ties, hosts = ties_of_records(jobs)
    except (OSError, SystemExit, sqlite3.Error, ImportError):
        return [], "Which calls may be views of one was not looked for: webrtc-archive is not beside webrtc-audit."
    found = [told(jobs, *group) for group in joined([*ties, *ties_of_ids(jobs, hosts)])]
    found.sort(key=lambda hint: hint["calls"])
    left = len(found) - MOST_GROUPS
    return found[:MOST_GROUPS], f"And {left} more groups of calls like these." if left > 0 else ""
