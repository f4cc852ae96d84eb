# SPDX-License-Identifier: GPL-2.0-or-later
"""The report for people: counts, alarms, and each capture with its calls."""

import collections
import json
import pathlib
import shutil

from .common import SEVERITIES, clean, some
from .views import hints
from .words import ORDER, VERDICTS, harm

MOST_ALARMS = 100


def parties(session):
    return " with ".join(
        " ".join(filter(None, [party.get("name"), f"({party['address']})" if "address" in party else ""]))
        for party in session.get("parties", [])
    )


def worst_verdicts(jobs):
    """(verdict, how many calls have it with this severity, the severity), the worst first."""
    found = collections.Counter((session["verdict"], SEVERITIES.index(session["severity"]))
                                for job in jobs for session in job.sessions)
    rows = sorted(found.items(), key=lambda item: (ORDER.get(item[0][0], len(ORDER)), item[0]))
    return [(verdict, n, SEVERITIES[rank]) for (verdict, rank), n in rows]


def worst_calls(jobs):
    """(job, session) of all, the worst for those who spoke first, and else as they came."""
    return sorted(((job, session) for job in jobs for session in job.sessions),
                  key=lambda pair: harm(pair[1], pair[0].errors_of(pair[1]["id"])))


def exposure(session):
    """Since when, and until when, what was said could be heard, as far as an alarm's capture shows it."""
    if session["severity"] not in ("error", "warn") or "start" not in session:
        return ""
    media = [each["first_frame"] for each in session.get("shared", {}).get("media", []) if "first_frame" in each]
    sound = (f"the first sound or picture seen is in frame {min(media)}" if media else
             "no sound or picture of it was recognised")
    began, ended = (session[key].partition(".")[0].replace("T", " ").rstrip("Z") for key in ("start", "end"))
    return (f"Seen from {began} to {ended} UTC; {sound}. This capture shows nothing of calls before or "
            "after it.")


def no_call(job):
    return ("no call can be read: one that was set up over encrypted connections would not be seen, so this is "
            "no proof "
            "that there was none" if job.summary else "not read")


def alarms_of(jobs, alarming):
    """What is grave: calls (without "check") and findings, each said once, the worst first."""
    found = [{"severity": session["severity"], "check": "", "job": job, "session": session}
             for job, session in worst_calls(jobs) if session["severity"] in alarming]
    for job in jobs:
        for (severity, check), alarm in job.alarms.items():
            frames = f"frame{'s' * (len(alarm['frames']) > 1)} {some(alarm['frames'])}" if alarm["frames"] else ""
            found.append({"severity": severity, "check": check, "job": job, "message": alarm["message"],
                          "where": "; ".join(filter(None, [some(alarm["calls"]), frames])),
                          "times": f" ({alarm['n']} times)" if alarm["n"] > 1 else ""})
    return sorted(found, key=lambda each: SEVERITIES.index(each["severity"]))


def write_alarms(out, jobs, alarming):
    """What is grave, before all else."""
    found = alarms_of(jobs, alarming)
    if not found:
        return
    print("\nAlarms, the worst first", file=out)
    for alarm in found[:MOST_ALARMS]:
        name = clean(alarm["job"].name)
        if alarm["check"]:
            line = f"{alarm['check']}{alarm['times']}, {name} {alarm['where']}: {clean(alarm['message'])}"
        else:
            session = alarm["session"]
            frames = (f"frames {session['first_frame']} to {session['last_frame']}, "
                      if "first_frame" in session else "")
            line = (f"{session['verdict']}, {name} {session['id']}, {frames}{clean(parties(session))}: "
                    f"{clean(session.get('plain', ''))} {exposure(session)}").rstrip()
        print(f"  {alarm['severity']:6}{line}", file=out)
    if len(found) > MOST_ALARMS:
        print(f"  and {len(found) - MOST_ALARMS} more", file=out)


def write_views(out, jobs):
    """Which calls should be judged together, before what is said of each alone."""
    found, left = hints(jobs)
    if not found and not left:
        return
    print("\nLook at these together first (a hint, and no verdict)", file=out)
    for hint in found:
        print(f"  {hint['text']}\n    {hint['command']}", file=out)
    if left:
        print(f"  {left}", file=out)


def write_words(out, jobs):
    used = {session["verdict"] for job in jobs for session in job.sessions}
    if used:
        print("\nWhat the verdicts mean", file=out)
    for verdict, meaning in VERDICTS.items():
        if verdict in used:
            print(f"  {verdict}: {meaning}", file=out)


def totals(jobs):
    verdicts, findings = {}, dict.fromkeys(SEVERITIES, 0)
    for job in jobs:
        for verdict, n in job.summary.get("verdicts", {}).items():
            verdicts[verdict] = verdicts.get(verdict, 0) + n
        for severity in SEVERITIES:
            findings[severity] += job.findings_of(severity)
    return {"captures": len(jobs), "unreadable": sum(bool(job.problem) for job in jobs),
            "sessions": sum(len(job.sessions) for job in jobs), "verdicts": verdicts, "findings": findings}


def write_witness(out, witness, captures):
    print(f"  {clean(witness['name'])}: sha-256 {witness.get('sha256', 'unknown')}, {witness['bytes']} bytes, "
          f"{witness['format']}", file=out)
    of_capture = f"; {witness['used']} of them are of calls in this capture" if captures else ""
    print(f"    {witness['descriptions']} descriptions{of_capture}"
          + (f"; {clean(witness['problem'])}" if "problem" in witness else ""), file=out)


def write_usual(out, job):
    """The findings that the text report leaves out, and the totals count."""
    with open(job.records, encoding="utf-8") as records:
        usual = [record for record in map(json.loads, records)
                 if record["record"] == "finding" and record["severity"] == "chat"]
    if usual:
        print("\nThe usual course", file=out)
    for record in usual:
        where = f"{record['session']}, " if "session" in record else ""
        place = f"frame {record['frame']}" if "frame" in record else clean(record.get("witness", "no frame"))
        print(f"  chat {record['check']}, {where}{place}: {clean(record['message'])}", file=out)


def write_text(out, jobs, tool, full, skipped, alarming):
    total = totals(jobs)
    print(f"WebRTC audit of {total['captures']} capture{'s' * (total['captures'] != 1)}: {total['sessions']} "
          f"call{'s' * (total['sessions'] != 1)}", file=out)
    for verdict, n, severity in worst_verdicts(jobs):
        print(f"  {verdict:28}{n:<6}{severity}", file=out)
    print("  findings: " + ", ".join(f"{total['findings'][s]} {s}" for s in SEVERITIES)
          + " (serious, unusual, worth knowing, the usual course)", file=out)
    unread = [job.name for job in jobs if job.problem]
    if unread:
        print(f"  not read, or not whole: {len(unread)} ({clean(some(unread))})", file=out)
    if skipped:
        print(f"  skipped, since no captures: {len(skipped)} ({clean(some(skipped))})", file=out)
    print(f"  WebRTC plugins {tool['plugins']}, Wireshark {tool['wireshark']}", file=out)
    write_views(out, jobs)
    write_alarms(out, jobs, alarming)
    for job in jobs:
        print(f"\n{clean(job.name)}", file=out)
        for source in job.sources:
            print(f"  {clean(pathlib.Path(source['name']).name)}: sha-256 {source['sha256']}, {source['bytes']} bytes",
                  file=out)
        for witness in job.witnesses:
            write_witness(out, witness, job.captures)
        if job.problem:
            print(f"  NOT READ{' WHOLE' if job.summary else ''}: {clean(job.problem)}", file=out)
        if job.thinned:
            print(f"  {thinning(job.thinned)}", file=out)
        if full and job.text:
            with open(job.text, encoding="utf-8") as text:
                shutil.copyfileobj(text, out)
            write_usual(out, job)
            continue
        if not job.sessions and not job.problem:
            print(f"  {no_call(job)}", file=out)
        for session in job.sessions:
            frames = (f"frames {session['first_frame']} to {session['last_frame']}" if "first_frame" in session
                      else "no frames")
            # Of alarms it is said above what they mean.
            plain = "" if session["severity"] in alarming else f": {clean(session.get('plain', ''))}"
            print(f"  {session['id']} {session['verdict']}, {frames}: {clean(parties(session))}{plain}", file=out)
    write_words(out, jobs)


def thinning(thinned):
    """What the thinning did, for people."""
    if "problem" in thinned:
        return f"NOT THINNED: {clean(thinned['problem'])}"
    return (f"thinned: {thinned['left_out']} of {thinned['packets']} packets, of media, were counted and not looked "
            "at; frames are numbered as in the capture")
