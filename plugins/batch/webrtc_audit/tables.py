# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports for programs: all records, and a row a call."""

import csv
import json
import unicodedata

from .common import clean, digest
from .reports import parties, totals


def cell(text):
    """Text for a table that a spreadsheet may open: no cell is a formula, in letters of full width neither."""
    shown = clean(text)
    first = unicodedata.normalize("NFKC", shown.lstrip()[:1])
    return "'" + shown if first in ("=", "+", "-", "@", "|", "%") else shown


def capture_record(job, tool):
    record = {"record": "capture", "capture": job.name, "sources": job.sources, **tool,
              "packets": job.summary.get("packets"), "key_logs": [digest(path) for path in job.keys if path.is_file()],
              "statements": job.witnesses}
    if job.thinned:
        record["thinned"] = job.thinned
    return {**record, "problem": job.problem} if job.problem else record


def write_ndjson(out, jobs, tool, skipped):
    for job in jobs:
        print(json.dumps(capture_record(job, tool)), file=out)
        if job.records:
            with open(job.records, encoding="utf-8") as records:
                for line in records:
                    print(json.dumps({**json.loads(line), "capture": job.name}, separators=(",", ":")), file=out)
    print(json.dumps({"record": "total", **totals(jobs), "skipped": len(skipped)}), file=out)


def write_csv(out, jobs):
    table = csv.writer(out)
    table.writerow(["capture", "call", "verdict", "severity", "start", "end", "parties", "first frame", "last frame",
                    "errors", "warnings",
                    "notes", "statement", "problem"])
    for job in jobs:
        for session in job.sessions:
            counts = job.findings.get(session["id"], {})
            table.writerow([cell(value) for value in (
                job.name, session["id"], session["verdict"], session["severity"], session.get("start", ""),
                session.get("end", ""),
                parties(session), session.get("first_frame", ""), session.get("last_frame", ""), counts.get("error", 0),
                counts.get("warn", 0),
                counts.get("note", 0), session.get("statement", ""), job.problem)])
        if not job.sessions:
            table.writerow([cell(value) for value in (job.name, *[""] * 12, job.problem)])
