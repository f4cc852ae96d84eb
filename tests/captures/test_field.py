# SPDX-License-Identifier: GPL-2.0-or-later
"""Situations reported from the field, rarer handshakes, and captures to which somebody added packets.

WEBRTC_SHARED names a folder with folders of captures, each with a truth.json. An entry names the verdicts allowed for
every session with an association, how severe they may and must be, and findings that must and must not stand. Each
capture is read in one pass and in two, and both must be right. Takes 70 s for 61 captures; 0 s without the folder.
"""

import json
import pathlib

import pytest
import truth
import tshark

FOLDERS = ("adversary", "field", "zones")
SHARED = truth.folder("WEBRTC_SHARED", "")
SEVERITIES = ("chat", "note", "warn", "error")

# Known to be wrong, and why. Who mends one takes it out: a capture that is right and stands here fails.
WRONG = {}


def entries():
    """All entries of the folders that exist."""
    found = []
    for name in FOLDERS if SHARED else ():
        path = SHARED / name / "truth.json"
        if not path.is_file():
            continue
        for entry in json.loads(path.read_text(encoding="utf-8")):
            found.append({**entry, "folder": path.parent, "name": f"{name}/{pathlib.Path(entry['capture']).stem}"})
    return found


ENTRIES = entries()


def read(entry, mode):
    """The report of a capture with the options its entry gives; files they name are made readable."""
    options = []
    for option in entry["options"]:
        word, at, name = option.partition("@DIR@/")
        options.append(word + str(tshark.readable(entry["folder"] / name)) if at else option)
    capture = tshark.readable(entry["folder"] / entry["capture"])
    result = tshark.run([*options, "-r", capture, *tshark.MODES[mode], "-z", "webrtc,json"])
    tshark.require_clean(result)
    return tshark.parse_report(result.stdout)


def standing(report, wanted):
    """The findings that CHECK, or CHECK:severity, names; that severity or more."""
    check, _, least = wanted.partition(":")
    return [
        finding for finding in report.findings
        if finding["check"] == check and SEVERITIES.index(finding["severity"]) >= SEVERITIES.index(least or "chat")
    ]


def faults(entry, report):
    """What of a report is not as the entry demands."""
    sessions = [session for session in report.sessions if session.get("associations")]
    said = [(session["verdict"], session["severity"]) for session in sessions]
    found = []
    if entry["verdicts"]:
        found += [f"verdict {verdict}" for verdict, _ in said if verdict not in entry["verdicts"]]
        found += [] if sessions else ["no session with an association"]
    least, most = entry["severity_at_least"], entry["severity_at_most"]
    worst = max((SEVERITIES.index(severity) for _, severity in said), default=0)
    found += [f"{said}, not {least} or more"] if least and worst < SEVERITIES.index(least) else []
    found += [f"{said}, more than {most}"] if most and worst > SEVERITIES.index(most) else []
    found += [f"no {wanted}" for wanted in entry["findings_wanted"] if not standing(report, wanted)]
    for forbidden in entry["findings_forbidden"]:
        found += [f"{forbidden} in frame {one['frame']}: {one['message']}" for one in standing(report, forbidden)]
    return found


def test_folders_are_here():
    if not ENTRIES:
        pytest.skip("no shared captures: WEBRTC_SHARED names no folder with adversary, field or zones in it")
    assert not [entry["name"] for entry in ENTRIES if not (entry["folder"] / entry["capture"]).is_file()]


def marked(entry):
    """The entry, expected to fail when it is known to be wrong."""
    why = WRONG.get(entry["name"])
    marks = [pytest.mark.xfail(reason=why, strict=True, raises=AssertionError)] if why else []
    return pytest.param(entry, id=entry["name"], marks=marks)


if ENTRIES:

    @pytest.mark.parametrize("entry", [marked(entry) for entry in ENTRIES])
    def test_capture(entry):
        wrong = [f"{mode}: {fault}" for mode in list(tshark.MODES)[:2] for fault in faults(entry, read(entry, mode))]
        assert not wrong, f"{entry['what']}: " + "; ".join(wrong)
