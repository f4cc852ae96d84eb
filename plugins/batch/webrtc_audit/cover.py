# SPDX-License-Identifier: GPL-2.0-or-later
"""The cover of an evidence package, for readers of law: what it is, what it holds, how sure that is, and what it
does not say. It is made of the manifest alone, so that --verify can make it again."""

import html
import pathlib

from .common import clean
from .words import VERDICTS

TEXT, PAGE = "README.txt", "README.html"
MOST = 60  # frames named in one line

NOT_KNOWN = (
    "Who made the captures, where, and by what right.",
    "How the clocks were set by which packets have their times.",
    "Who held the captures from then on, and whether they are as they were made: only a digest made then, and kept "
    "elsewhere, tells that.",
    "Who the people were: names of parties are what a message claims, and an intermediary can claim any. "
    "Addresses are of "
    "machines.",
    "What the captures do not hold: other ways that the call took, other calls, what was before and after.",
    "Whether anybody did listen. A report says who could; that he did, a capture does not show.",
)
HOW = (
    "webrtc-audit --verify FOLDER [FOLDER WITH THE INPUTS] compares all digests, checks the signature, where "
    "there is one, "
    "runs the analysis again and compares what it finds, the exhibits, the reports and this page.",
    "sha256sum -c SHA256SUMS compares the digests alone, without this program.",
    "Exhibits open in Wireshark; each frame has a comment that says which frame of which file it is.",
)


def signed(manifest):
    if manifest["signature"]:
        return ("It is signed: manifest.json.p7s is the signature of manifest.json, which has the digests of "
                "all other files. "
                "Whose key that is must be known from elsewhere (--signer).")
    return ("This package is NOT SIGNED: whoever can write to it can change it and make all its digests anew. "
            "Only a digest "
            "of SHA256SUMS that was kept elsewhere, when it was made, shows that it is as it was.")


def frames(told):
    more = told["more"] + max(0, len(told["frames"]) - MOST)
    return ", ".join(map(str, told["frames"][:MOST])) + (f" and {more} more" if more else "")


def alone_of(held):
    """What follows from an exhibit alone, and what it lacks."""
    exhibit = held["exhibit"]
    if not exhibit:
        return "no exhibit: it cites no frame"
    alone = " and ".join(exhibit["alone"]) or "none"
    text = f"{exhibit['frames']} frames: {exhibit['has']}. Verdict on this exhibit alone: {alone}"
    text += "." if exhibit["same"] else f", and not {held['verdict']}: for that the capture itself is needed."
    for told in exhibit["not_included"]:
        text += f" Frames cited but not included: {frames(told)} ({told['why']})."
    return text


def rates(manifest):
    found = manifest["error_rates"]
    if not isinstance(found, dict):
        return [found]
    return [f"Measured on {found.get('measured')}, with plugins {found.get('plugins')} in Wireshark "
            f"{found.get('wireshark')}.",
            *found.get("words", []), found.get("limits", "")]


def sections(manifest):
    """[(head, [paragraphs])], and the rows of the table of calls."""
    names = {entry["id"]: entry for entry in manifest["inputs"]}
    jobs = {job["number"]: job for job in manifest["jobs"]}
    opening = [f"Case: {manifest['case'] or 'not given'}", f"Examiner: {manifest['examiner'] or 'not given'}",
               f"Made: {manifest['made']} (UTC, by the clock of that machine)", signed(manifest)]
    rows = [[f"{pathlib.PurePath(jobs[held['job']]['name']).name} {held['call']}", held["verdict"],
             held.get("plain", ""), held["exhibit"]["file"] if held["exhibit"] else "", alone_of(held)]
            for held in manifest["verdicts"]]
    with_calls = {held["job"] for held in manifest["verdicts"]}
    without = [job["name"] for job in manifest["jobs"] if job["number"] not in with_calls]
    calls = [f"{name}: no call can be read in it. That is no proof that there was none." for name in without]
    calls += [f"{job['name']}: not read whole: {job['problem']}" for job in manifest["jobs"] if "problem" in job]
    used = {held["verdict"] for held in manifest["verdicts"]}
    inputs = [f"{entry['kind']} {entry.get('name') or 'inside ' + names[entry['in']]['name']}: sha-256 "
              f"{entry['sha256']}, "
              f"{entry['bytes']} bytes" for entry in manifest["inputs"]]
    views = manifest["views"]
    together = [("Look at these together first (a hint, and no verdict)", views)] if views else []
    return opening, rows, calls, together + [
        ("What the verdicts mean", [f"{verdict}: {text}" for verdict, text in VERDICTS.items() if verdict in used]),
        ("How often such verdicts are wrong", rates(manifest)), ("What is not known", NOT_KNOWN),
        ("What it was made from", inputs), ("How to check it", HOW)]


def text_of(manifest):
    opening, rows, calls, more = sections(manifest)
    lines = ["Evidence package of webrtc-audit", "", *opening, "", "Calls and exhibits", ""]
    for call, verdict, plain, file, alone in rows:
        lines += [f"  {call}: {verdict}", f"    {plain}", f"    {file or 'no exhibit'}: {alone}"]
    lines += [f"  {each}" for each in calls]
    for head, paragraphs in more:
        lines += ["", head, "", *(f"  {each}" for each in paragraphs)]
    return "".join(f"{clean(line, 4000)}\n" for line in lines)


def page_of(manifest):
    def shown(value):
        return html.escape(clean(value, 4000))

    opening, rows, calls, more = sections(manifest)
    table = "\n".join("<tr>" + "".join(f"<td>{shown(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    rest = "\n".join(f"<h2>{head}</h2>\n<ul>" + "".join(f"<li>{shown(each)}</li>" for each in paragraphs) + "</ul>"
                     for head, paragraphs in more)
    strong = "" if manifest["signature"] else ' class="alarm"'
    return ('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            f"<title>Evidence package</title><style>{STYLE}</style></head>\n<body><h1>Evidence package of "
            "webrtc-audit</h1>\n"
            + "\n".join(f"<p>{shown(each)}</p>" for each in opening[:-1]) + f"\n<p{strong}>{shown(opening[-1])}</p>\n"
            '<p>Reports: <a href="reports/index.html">reports/index.html</a>; as text: '
            '<a href="reports/summary.txt">reports/summary.txt</a>.</p>\n'
            "<h2>Calls and exhibits</h2>\n<table><thead><tr><th>Call</th><th>Verdict</th><th>What it means</th>"
            f"<th>Exhibit</th><th>What that holds</th></tr></thead><tbody>\n{table}\n</tbody></table>\n"
            + "".join(f"<p>{shown(each)}</p>\n" for each in calls) + f"{rest}\n</body></html>\n")


STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;margin:0 auto;max-width:75rem;padding:1.5rem}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}th,td{text-align:left;vertical-align:top;"
    "padding:.3rem .6rem;border-bottom:1px solid #d8dee4;overflow-wrap:anywhere}th{background:#f3f5f7}"
    "li{overflow-wrap:anywhere}.alarm{border:2px solid #7d120a;padding:.4rem .8rem;font-weight:600}"
    "@page{size:A4 landscape;margin:12mm}@media print{body{max-width:none;padding:0;"
    "font-size:11px}tr,li{break-inside:avoid}"
    "thead{display:table-header-group}}"
)


def write(package, manifest):
    for name, make in ((TEXT, text_of), (PAGE, page_of)):
        (package / name).write_text(make(manifest), encoding="utf-8", errors="backslashreplace")


def differing(package, manifest):
    """Files of the cover that are not what the manifest makes."""
    for name, make in ((TEXT, text_of), (PAGE, page_of)):
        path = package / name
        if not path.is_file() or path.read_bytes() != make(manifest).encode("utf-8", "backslashreplace"):
            yield name
