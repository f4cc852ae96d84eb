# SPDX-License-Identifier: GPL-2.0-or-later
"""The page that leads to those of all captures, the worst calls first."""

import pathlib
import shutil

from .common import MOST_NAMED, clean, part, some, write_file
from .reports import (MOST_ALARMS, alarms_of, exposure, no_call, parties, totals, worst_calls, worst_verdicts)
from .views import hints
from .words import VERDICTS, WORDS

STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;margin:0 auto;max-width:90rem;padding:1.5rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;"
    "border-bottom:1px solid #d8dee4;overflow-wrap:anywhere}th{background:#f3f5f7}"
    ".calls{table-layout:fixed}.calls th:nth-child(1){width:10%}.calls th:nth-child(2){width:15%}"
    ".calls th:nth-child(3){width:13%}.calls th:nth-child(5){width:22%}.calls th:nth-child(6){width:9%}"
    ".captures{table-layout:fixed}.captures th:nth-child(2){width:8%}.captures th:nth-child(3){width:30%}"
    ".findings{table-layout:fixed}.findings th:nth-child(1){width:6%}.findings th:nth-child(2){width:8%}"
    ".badge{display:inline-block;border-radius:4px;padding:.1rem "
    ".4rem;font-weight:600;font-size:90%;background:#fff3c4;overflow-wrap:normal}"
    ".error{background:#ffd6d2;color:#7d120a}.good{background:#d8f0d8;color:#0f4d1a}code{font-size:13px}"
    ".views{border:2px solid #b58900;padding:.2rem 1rem;margin:1rem 0}dt{font-weight:600;margin-top:.4rem}dd{margin:0}"
    "@page{size:A4 landscape;margin:12mm}"
    "@media print{body{max-width:none;padding:0;font-size:11px}tr,li{break-inside:avoid}"
    "thead{display:table-header-group}code{font-size:10px}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def escape(text):
    return part("html").escape(text)


def shown(text):
    """What may come from a capture."""
    return escape(clean(text))


def index_rows(job):
    link = f'<a href="{job.page}">{shown(job.name)}</a>' if job.page else shown(job.name)
    hashes = "".join(f"<br><code>sha-256 {source['sha256']}</code>" for source in job.sources)
    problem = ""
    if job.problem:
        how = "not read whole" if job.summary else "not read"
        problem = f'<br><span class="badge error">{how}</span> {shown(job.problem)}'
    packets = job.summary.get("packets", 0)
    return f"<tr><td>{link}{hashes}{problem}</td><td>{packets}</td><td>{len(job.sessions) or no_call(job)}</td></tr>"


def tone(session):
    """Colour by meaning: green is for what was verified, and for nothing else."""
    if session["severity"] == "error":
        return "error"
    return "good" if session["verdict"].startswith("VERIFIED") and session["severity"] != "warn" else "doubt"


def short(job):
    """The name of a capture, or of those merged, without their folders, which the table of captures has."""
    return " + ".join(pathlib.PurePath(name).name for name in job.name.split(" + "))


def index_call(job, session, together=""):
    name = shown(short(job))
    link = f'<a href="{job.page}#{session["id"]}">{name} {session["id"]}</a>' if job.page else f"{name} {session['id']}"
    errors = job.errors_of(session["id"])
    also = f"<br>also: {escape(', '.join(session['also']))}" if session.get("also") else ""
    found = "".join(f'<br><span class="badge error">{n} error{"s" * (n > 1)}</span> {check}: {shown(message)}'
                    for check, n, message in errors)
    # Where the verdict tells it, what follows from it would be said twice.
    found = found if tone(session) != "error" else ""
    since = exposure(session)
    if together:
        together = f"<br><strong>May be part of the call of {shown(together)}: see above.</strong>"
    start = escape(session.get("start", "").partition(".")[0].replace("T", " ").rstrip("Z"))
    return (f'<tr><td>{link}</td><td><span class="badge {tone(session)}">{session["verdict"]}</span>{also}</td>'
            f'<td>{shown(parties(session))}</td><td>{shown(session.get("plain", ""))}{found}'
            f'{"<br>" + shown(since) if since else ""}{together}</td><td>{shown(session.get("advice", ""))}</td>'
            f'<td>{start}</td></tr>')


def views(found, left):
    items = "\n".join(f"<li>{shown(hint['text'])} Judge them together:<br><code>{escape(hint['command'])}</code></li>"
                      for hint in found)
    if not items and not left:
        return ""
    return (f'<div class="views"><h2>Look at these together first</h2>\n<ul>{items}</ul><p>'
            + ("That is a hint, and no verdict: ids and addresses can be the same by chance, and be copied. Key "
               "logs given "
               "by --key-log have to be given again. " if items else "") + f"{escape(left)}</p></div>\n")


def call_rows(jobs, found):
    """The worst first, with the captures that have what may be other parts of a call."""
    numbers = {id(job): number for number, job in enumerate(jobs)}
    others = {call: some([short(jobs[number]) for number in sorted({n for n, _ in hint["calls"]} - {call[0]})])
              for hint in found for call in hint["calls"]}
    return "\n".join(index_call(job, session, others.get((numbers[id(job)], session["id"]), ""))
                     for job, session in worst_calls(jobs))


def findings(jobs, alarming):
    """What is grave among the findings, those of no call, too: each kind once, with where it was found."""
    kinds = {}
    for alarm in alarms_of(jobs, alarming):
        if alarm["check"]:
            kinds.setdefault((alarm["severity"], alarm["check"]), []).append(alarm)
    if not kinds:
        return ""
    rows = [f'<tr><td><span class="badge {"error" if severity == "error" else "doubt"}">{severity}</span></td>'
            f'<td>{check}</td><td>{shown(found[0]["message"])}{", and its like" if len(found) > 1 else ""}</td>'
            f'<td>{"<br>".join(place(alarm) for alarm in found[:MOST_NAMED])}'
            f'{f"<br>and {len(found) - MOST_NAMED} more captures" if len(found) > MOST_NAMED else ""}</td></tr>'
            for (severity, check), found in list(kinds.items())[:MOST_ALARMS]]
    return ('<h2>Grave findings</h2>\n<table '
            'class="findings"><thead><tr><th>Severity</th><th>Check</th><th>What was found</th>'
            "<th>Where</th></tr></thead><tbody>\n" + "\n".join(rows) + "</tbody></table>\n")


def place(alarm):
    return f'{shown(short(alarm["job"]))} {escape(alarm["where"])}'


def legend(jobs):
    """The words on this page, the verdicts first, and what the colours mean."""
    used = {verdict for job in jobs for session in job.sessions
            for verdict in (session["verdict"], *session.get("also", ()))}
    lines = [(verdict, meaning) for verdict, meaning in VERDICTS.items() if verdict in used] + list(WORDS.items())
    colours = (
        ("error", "red", "known to be wrong, or exposed"),
        ("doubt", "yellow", "cannot be told, or is unusual: neither that the call was safe is said, nor the contrary"),
        ("good", "green", "the keys are those that were announced, as far as this capture can show: from one place, an "
         "interception further on would look the same"))
    return ("<h2>What the words mean</h2>\n<p>"
            + "; ".join(f'<span class="badge {tone}">{name}</span> {meaning}' for tone, name, meaning in colours)
            + ". One verdict can have two colours: UNVERIFIABLE is red where an end showed no certificate at "
              "all.</p>\n<dl>"
            + "\n".join(f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in lines) + "</dl>\n"
            "<h2>How far to trust this</h2>\n<p>A capture shows what passed the place where it was made, and "
            "says nothing of "
            "who made it, by what right, or how its clock was set. That somebody could listen is not that he did. How "
            "often verdicts were wrong where the truth is known is measured by the authors themselves, on calls "
            "of their "
            "laboratory: webrtc-audit --evidence writes it down with each package.</p>\n")


def write_html(folder, jobs, tool, skipped, alarming):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number, job in enumerate(jobs, 1):
        made = job.records.with_name("page.html") if job.records else None
        if made and made.is_file():
            job.page = f"{number:04}.html"
            with open(made, encoding="utf-8") as page:
                write_file(folder / job.page, lambda out, page=page: shutil.copyfileobj(page, out))
    total, (found, more) = totals(jobs), hints(jobs)
    verdicts = ", ".join(f"{n} {verdict} ({severity})" for verdict, n, severity in worst_verdicts(jobs))
    left = f" Skipped, since no captures: {len(skipped)} ({shown(some(skipped))})." if skipped else ""
    write_file(folder / "index.html", lambda out: out.write(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n"
        f"<title>WebRTC audit</title><style>{STYLE}</style></head>\n<body><h1>WebRTC audit</h1>\n"
        f"<p>{total['captures']} captures, {total['sessions']} calls{': ' if verdicts else ''}{verdicts}. "
        f"Made by WebRTC plugins {escape(tool['plugins'])} in Wireshark {escape(tool['wireshark'])}."
        f"{left}</p>\n{views(found, more)}"
        '<h2>Calls, the worst first</h2>\n<table class="calls"><thead><tr><th>Call</th><th>Verdict</th><th>Parties</th>'
        "<th>What it means</th><th>What to do</th><th>Start (UTC)</th></tr></thead><tbody>\n"
        + call_rows(jobs, found) + f"\n</tbody></table>\n{findings(jobs, alarming)}"
        "<h2>Captures</h2>\n"
        '<table class="captures"><thead><tr><th>Capture</th><th>Packets</th><th>Calls</th></tr></thead><tbody>\n'
        + "\n".join(map(index_rows, jobs)) + f"\n</tbody></table>\n{legend(jobs)}</body></html>\n"))
