# SPDX-License-Identifier: GPL-2.0-or-later
"""The page that leads to those of all captures, the worst calls first."""

import pathlib
import shutil

from .common import clean, part, some, write_file
from .reports import parties, totals, worst_calls, worst_verdicts

STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;margin:0 auto;max-width:75rem;padding:1.5rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;"
    "border-bottom:1px solid #d8dee4;overflow-wrap:anywhere}th{background:#f3f5f7}"
    ".badge{display:inline-block;border-radius:4px;padding:.1rem "
    ".5rem;font-weight:600;white-space:nowrap;background:#fff3c4}"
    ".error{background:#ffd6d2;color:#7d120a}.good{background:#d8f0d8;color:#0f4d1a}code{font-size:13px}"
    "@media print{tr{break-inside:avoid}thead{display:table-header-group}body{max-width:none}}"
)


def escape(text):
    return part("html").escape(text)


def index_rows(job):
    link = f'<a href="{job.page}">{escape(clean(job.name))}</a>' if job.page else escape(clean(job.name))
    hashes = "".join(f"<br><code>sha-256 {source['sha256']}</code>" for source in job.sources)
    problem = ""
    if job.problem:
        problem = f'<br><span class="badge error">not read whole</span> {escape(clean(job.problem))}'
    packets = job.summary.get("packets", 0)
    return f"<tr><td>{link}{hashes}{problem}</td><td>{packets}</td><td>{len(job.sessions) or 'no call'}</td></tr>"


def tone(session):
    """Colour by meaning: green is for what was verified, and for nothing else."""
    if session["severity"] == "error":
        return "error"
    return "good" if session["verdict"].startswith("VERIFIED") and session["severity"] != "warn" else "doubt"


def index_call(job, session):
    name = escape(clean(job.name))
    link = f'<a href="{job.page}#{session["id"]}">{name} {session["id"]}</a>' if job.page else f"{name} {session['id']}"
    return (f'<tr><td>{link}</td><td><span class="badge {tone(session)}">{session["verdict"]}</span></td>'
            f'<td>{escape(clean(parties(session)))}</td><td>{escape(clean(session.get("plain", "")))}</td>'
            f'<td>{escape(session.get("start", ""))}</td></tr>')


def write_html(folder, jobs, tool, skipped):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number, job in enumerate(jobs, 1):
        made = job.records.with_name("page.html") if job.records else None
        if made and made.is_file():
            job.page = f"{number:04}.html"
            with open(made, encoding="utf-8") as page:
                write_file(folder / job.page, lambda out, page=page: shutil.copyfileobj(page, out))
    total = totals(jobs)
    verdicts = ", ".join(f"{n} {verdict} ({severity})" for verdict, n, severity in worst_verdicts(jobs))
    left = f" Skipped, since no captures: {len(skipped)} ({escape(clean(some(skipped)))})." if skipped else ""
    write_file(folder / "index.html", lambda out: out.write(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>WebRTC audit</title><style>{STYLE}</style></head>\n<body><h1>WebRTC audit</h1>\n"
        f"<p>{total['captures']} captures, {total['sessions']} calls{': ' if verdicts else ''}{verdicts}. "
        f"Made by WebRTC plugins {escape(tool['plugins'])} in Wireshark {escape(tool['wireshark'])}."
        f"{left}</p>\n"
        "<h2>Calls, the worst first</h2>\n<table><thead><tr><th>Call</th><th>Verdict</th><th>Parties</th>"
        "<th>What it means</th><th>Start</th></tr></thead><tbody>\n"
        + "\n".join(index_call(*pair) for pair in worst_calls(jobs)) + "\n</tbody></table>\n<h2>Captures</h2>\n"
        "<table><thead><tr><th>Capture</th><th>Packets</th><th>Calls</th></tr></thead><tbody>\n"
        + "\n".join(map(index_rows, jobs)) + "\n</tbody></table></body></html>\n"))
