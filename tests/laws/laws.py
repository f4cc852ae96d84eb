# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold after an addition: each law takes the records before, the kind of truth, the addition, and the
records after, and yields sentences about what is broken. The numbers are those of docs/verdicts.md: "What an addition
must not do"."""

import re

SEVERITIES = {"chat": 0, "note": 1, "warn": 2, "error": 3}
ASSURANCE = {"VERIFIED-LEG": 1, "VERIFIED-CROSS": 2}
ABSOLVED = ("VERIFIED-LEG", "VERIFIED-CROSS", "TERMINATED-BY-DECLARED")
CLEAN_VERDICTS = {"VERIFIED-LEG", "VERIFIED-CROSS", "UNVERIFIABLE", "NO-MEDIA", "NO-SIGNALLING", "RESUMED"}
GUILTY_VERDICTS = {
    "MISMATCH",
    "INTERCEPTED",
    "INTERCEPTED-FULL",
    "SUBSTITUTED-IN-SIGNALLING",
    "SUBSTITUTED-NOT-FOLLOWED",
    "FOREIGN-CERTIFICATE",
    "RE-KEYED",
    "UNENCRYPTED",
    "KEYS-IN-SIGNALLING",
}


def kind_of_truth(verdicts):
    """clean, guilty, or other: where the truth is several things, no law of either kind is asked."""
    left = set(verdicts) - {"CONTESTED"}
    return (
        "other" if not left else "clean" if left <= CLEAN_VERDICTS else "guilty" if left <= GUILTY_VERDICTS else "other"
    )


def severity(record):
    return SEVERITIES.get(record.get("severity"), 0)


def contested_well(session):
    """CONTESTED, with frames for each side."""
    return session["verdict"] == "CONTESTED" and len(set(re.findall(r"\d+", session.get("statement", "")))) >= 2


def of_the_call(report, before):
    """Sessions after that have a description or an association of the sessions before, by what identifies them."""
    known = {a["randoms"] for a in before.associations if a.get("randoms")}
    ends = {frozenset((a.get("client"), a.get("server"))) for a in before.associations}
    calls = set()
    for a in report.associations:
        if a.get("randoms") in known or frozenset((a.get("client"), a.get("server"))) in ends:
            calls.add(a.get("session"))
    own = {ice(d) for d in before.descriptions}
    for d in report.descriptions:
        if ice(d) & set().union(*own) if own else False:
            calls |= {s["id"] for s in report.sessions if d["id"] in s.get("descriptions", [])}
    return [s for s in report.sessions if s["id"] in calls] or list(report.sessions)


def ice(description):
    return frozenset(s["ice_ufrag"] for s in description.get("sections", []) if s.get("ice_ufrag"))


def best(report):
    """The highest assurance that is said of any call."""
    return max((ASSURANCE.get(s["verdict"], 0) for s in report.sessions), default=0)


def verdicts(sessions):
    return sorted(s["verdict"] for s in sessions)


def signalling_alone(report):
    """No flow of a call is in the capture: then nothing says who the parties are, and a copy with another fingerprint
    is a substitution as far as it was seen."""
    return bool(report.sessions) and set(report.verdicts()) == {"NO-MEDIA"}


def first(before, truth, addition, after):
    """No accusation by forgery."""
    if truth != "clean" or addition.standing not in ("bare", "read", "coherent"):
        return
    alone = signalling_alone(before)
    for s in after.sessions:
        if alone and s["verdict"] == "SUBSTITUTED-IN-SIGNALLING":
            return
        if severity(s) >= 3:
            yield f"1: a clean call became {s['verdict']} (error)"
        elif severity(s) == 2 and not contested_well(s):
            was = s["verdict"] in verdicts(before.sessions)
            if not was:
                yield f"1: a clean call became {s['verdict']} (warn)"
    yield from accusing_findings("1", before, after, OF_A_CONNECTION if addition.standing == "coherent" else ())


# Said of one connection of signalling that was seen, whose invention cannot be told from a real one.
OF_A_CONNECTION = ("SIG-01", "SIG-03", "SIG-04", "SIG-05")


def accusing_findings(law, before, after, besides=()):
    """Findings about the call, of warn or error, of a check that said nothing as grave before."""
    call = {s["id"] for s in of_the_call(after, before)} | {None}
    worst, now = {}, {}
    for f in before.findings:
        worst[f["check"]] = max(worst.get(f["check"], 0), severity(f))
    for f in after.findings:
        if f.get("session") in call and not f["check"].startswith("INJ"):
            now[f["check"]] = max(now.get(f["check"], (0, "")), (severity(f), f["severity"]))
    for check, (grade, word) in sorted(now.items()):
        if grade >= 2 and grade > worst.get(check, 0) and check not in besides:
            yield f"{law}: finding {check} ({word}) that it lacked"


def second(before, truth, addition, after):
    """No absolution, no promotion by forgery."""
    if addition.standing not in ("bare", "read", "coherent"):
        return
    if truth == "guilty":
        call = of_the_call(after, before)
        if max(map(severity, call), default=0) < 2:
            yield "2: a guilty call became " + ", ".join(verdicts(call) or ["nothing"])
        elif any(s["verdict"] in ABSOLVED for s in call) and not any(s["verdict"] in ABSOLVED for s in before.sessions):
            yield "2: beside a guilty call stands " + ", ".join(verdicts(call))
    if best(after) > best(before):
        was, now = (", ".join(verdicts(report.sessions)) or "nothing" for report in (before, after))
        yield f"2: promoted from {was} to {now}"


def third(before, truth, addition, after):
    """No loss by flooding: bare floods leave all as it was; others may leave a bound that is named."""
    if not addition.flood or signalling_alone(before):
        return
    for s in lost(before, after, of_the_call(after, before)):
        after_it = of_the_call(after, before)
        bounded = [a for a in after_it if a["verdict"] == "UNVERIFIABLE" and severity(a) == 2 and a.get("limits")]
        if addition.standing == "bare" or not bounded:
            yield f"3: a flood made {s} of {', '.join(verdicts(before.sessions))}"


def lost(before, after, call):
    """The verdicts after, where one of the verdicts before is missing among them."""
    was, now = verdicts(before.sessions), verdicts(call)
    for v in set(was):
        if now.count(v) < was.count(v):
            yield ", ".join(now) or "nothing"
            return


def fourth(before, truth, addition, after):
    """No view decides."""
    if addition.standing != "view":
        return
    told = [sorted((s["verdict"], s["severity"]) for s in report.sessions) for report in (before, after)]
    if told[0] != told[1]:
        was, now = (', '.join(verdicts(report.sessions)) or 'nothing' for report in (before, after))
        yield f"4: {was} became {now}"


def fifth(before, truth, addition, after):
    """One proof outweighs any number of claims: what is bare moves no verdict."""
    if addition.standing != "bare" or addition.flood or signalling_alone(before):
        return
    for s in lost(before, after, of_the_call(after, before)):
        yield f"5: bare evidence made {s} of {', '.join(verdicts(before.sessions))}"


def sixth(before, truth, addition, after):
    """The worse of two true things is said: a guilty verdict that another replaces stands in its "also"."""
    if truth != "guilty" or addition.standing not in ("bare", "read", "coherent"):
        return
    was = {s["verdict"] for s in before.sessions} & GUILTY_VERDICTS
    call = of_the_call(after, before)
    told = {v for s in call for v in [s["verdict"], *s.get("also", [])]}
    if was and not was & told and "CONTESTED" not in told and not told & GUILTY_VERDICTS:
        yield f"6: {', '.join(sorted(was))} is not among {', '.join(sorted(told)) or 'nothing'}"
    elif was and not was <= told and "CONTESTED" not in told and told & {"UNENCRYPTED", "KEYS-IN-SIGNALLING"} - was:
        yield f"6: {', '.join(sorted(told))} hides {', '.join(sorted(was))}"


def honest(before, truth, addition, after):
    """The counterweight: losses and repetitions make no clean call CONTESTED or guilty, and promote nothing."""
    if addition.standing != "honest":
        return
    if truth == "clean":
        for s in after.sessions:
            if severity(s) >= 2 and s["verdict"] not in verdicts(before.sessions):
                yield f"honest: a clean call became {s['verdict']} ({s['severity']})"
    if truth == "clean" and best(after) > best(before):
        yield f"honest: promoted to {', '.join(verdicts(after.sessions))}"


def noticed(before, truth, addition, after):
    """A capture made guilty is said to be so."""
    if addition.standing != "guilt":
        return
    call = of_the_call(after, before)
    if max(map(severity, call), default=0) < 2:
        yield "guilt: not noticed: " + (", ".join(verdicts(call)) or "nothing")
    elif any(s["verdict"] in ABSOLVED for s in call) and len(before.sessions) == 1:
        yield "guilt: half noticed: " + ", ".join(verdicts(call))


LAWS = (first, second, third, fourth, fifth, sixth, honest, noticed)


def broken(before, truth, addition, after):
    """One sentence for each law that does not hold: "LAW: what; what"."""
    said = {}
    for law in LAWS:
        for sentence in law(before, truth, addition, after):
            name, what = sentence.split(": ", 1)
            said.setdefault(name, []).append(what)
    return [f"{name}: {'; '.join(what)}" for name, what in said.items()]
