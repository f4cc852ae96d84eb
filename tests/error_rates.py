#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures how often verdicts are wrong on the captures of test-captures/, whose truth is known from how they were
made: each read without its key logs, and with them where it has some.

    WEBRTC_PLUGIN_BUILD=FOLDER tests/error_rates.py [--write]

prints what was counted; --write puts it where evidence packages take it from. About two minutes.
"""

import collections
import concurrent.futures
import datetime
import json
import math
import os
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "captures"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "plugins/batch"))
import truth  # noqa: E402
import tshark  # noqa: E402

PLACE = tshark.TOP / "plugins/batch/webrtc_audit/error_rates.json"
ALARMS = {"UNENCRYPTED", "KEYS-IN-SIGNALLING", "INTERCEPTED-FULL", "INTERCEPTED", "FOREIGN-CERTIFICATE", "MISMATCH",
          "SUBSTITUTED-NOT-FOLLOWED", "SUBSTITUTED-IN-SIGNALLING"}
VERIFIED = {"VERIFIED-LEG", "VERIFIED-CROSS"}
FEW = 12  # times that a verdict was said, below which it is told what so few allow
MEANING = {
    "intercepted": "the verdicts on calls whose media an attacker relayed, with keys of his own towards both "
                   "parties, by "
                   "how the captures were made",
    "wrong": "a verdict that is none of those that are right for the call",
    "false_alarms": "an alarm on a call for which none is right",
    "missed_alarms": "another verdict than an alarm on a call for which only alarms are right",
    "false_verified": "VERIFIED-LEG or VERIFIED-CROSS on a call for which neither is right",
    "of": "calls that could have been judged so wrongly",
    "below": "with a chance of 95 in 100 the rate on calls like these is below this, if what happens to one tells "
             "nothing of another (exact bound of the binomial distribution)",
}
LIMITS = ("The captures were made in a laboratory by the authors of the plugins, who had them at hand when they wrote "
          "them: that they are judged rightly shows that what is known to be right still is, and is no estimate for "
          "calls made elsewhere, by others, or against this program; nobody but the authors has "
          "measured. VERIFIED-LEG is right for one leg of an intercepted call, since one leg cannot show more.")


def bound(wrong, n):
    """The rate at which so few, or fewer, are wrong in one of twenty such measurements: by bisection."""
    def at_most(rate):
        term = total = (1 - rate) ** n
        for k in range(wrong):
            term *= (n - k) / (k + 1) * rate / (1 - rate)
            total += term
        return total

    low, high = 0.0, 1.0 - 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(middle) > 0.05 else (low, middle)
    return round(high, 4)


def is_intercepted(entry):
    """By how it was made: an attacker relays the media, and so has keys of his own towards both."""
    return "relays the media" in entry["made"]


def read(asked):
    """(verdict, those that are right, whether the call was intercepted) of each call that was found in a capture."""
    entry, with_keys = asked
    keys = tuple(entry["folder"] / name for name in entry["key_logs"]) if with_keys else ()
    right = set(truth.expected(entry, with_keys))
    report = tshark.report(entry["folder"] / entry["capture"], keys=keys)
    return [(verdict, right, is_intercepted(entry)) for verdict in report.verdicts()]


def counted(pairs):
    """What stands in the record, of (verdict, those that are right, whether it was intercepted)."""
    def share(wrong, could):
        return {"wrong": len(wrong), "of": len(could), "below": bound(len(wrong), len(could))} if could else None

    verdicts = {}
    for verdict, right, _ in pairs:
        row = verdicts.setdefault(verdict, {"said": 0, "right": 0})
        row["said"] += 1
        row["right"] += verdict in right
    guilty = [pair for pair in pairs if pair[1] <= ALARMS]
    innocent = [pair for pair in pairs if not pair[1] & ALARMS]
    unverified = [pair for pair in pairs if not pair[1] & VERIFIED]
    return {"calls": len(pairs), "wrong": share([p for p in pairs if p[0] not in p[1]], pairs),
            "false_alarms": share([p for p in innocent if p[0] in ALARMS], innocent),
            "missed_alarms": share([p for p in guilty if p[0] not in ALARMS], guilty),
            "false_verified": share([p for p in unverified if p[0] in VERIFIED], unverified),
            "intercepted": dict(sorted(collections.Counter(verdict for verdict, _, bad in pairs if bad).items())),
            "verdicts": dict(sorted(verdicts.items()))}


def said_of_intercepted(intercepted):
    """How the calls that were intercepted were shown, the alarms first."""
    left = dict(intercepted)
    alarms = {verdict: left.pop(verdict) for verdict in sorted(ALARMS & left.keys())}
    named = ", ".join(f"{n} {verdict}" for verdict, n in alarms.items())
    parts = [f"{sum(alarms.values())} were shown as an alarm of severity error" + (f" ({named})" if named else "")]
    for verdict, why in (("RE-KEYED", "a warning that leaves a server of the operator open"), ("CONTESTED", "a "
                                                                                                            "warning"),
                         ("TERMINATED-UNDECLARED", "a note"), ("UNVERIFIABLE", "which says that it cannot tell"),
                         ("VERIFIED-LEG", "in green, since one place cannot show more"), ("VERIFIED-CROSS", "in "
                                                                                                            "green")):
        parts.append(f"{left.pop(verdict, 0)} as {verdict} ({why})")
    parts += [f"{n} as {verdict}" for verdict, n in sorted(left.items())]
    return (f"Of {sum(intercepted.values())} readings of calls that were intercepted, {', '.join(parts)}. Many are of "
            "one call, seen from several places: two of these together often show what each alone does not.")


def words_of(record):
    """The same for readers of law."""
    from webrtc_audit.words import VERDICTS  # every verdict that can be said
    words = [said_of_intercepted(record["intercepted"])]
    for verdict, row in record["verdicts"].items():
        wrong, said = row["said"] - row["right"], row["said"]
        if said <= FEW or wrong:
            rightly = "rightly each time" if not wrong else f"wrongly {wrong} times"
            words.append(f"{verdict} was said {said} time{'s' * (said > 1)}, {rightly}: so few cases allow an "
                         "error rate of "
                         f"up to {math.ceil(100 * bound(wrong, said))} in 100.")
    never = [verdict for verdict in VERDICTS if verdict not in record["verdicts"]]
    if never:
        words.append(f"Never said of these captures, so that no rate can be given: {', '.join(never)}.")
    return words


def main():
    entries = truth.own_entries()
    asked = [(entry, with_keys) for entry in entries for with_keys in [False] + [True] * bool(entry["key_logs"])]
    tshark.private_folder()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        pairs = [pair for found in pool.map(read, asked) for pair in found]
    [origin] = tshark.report(entries[0]["folder"] / entries[0]["capture"]).of("origin")
    record = {"measured": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}",
              "command": "tests/error_rates.py --write", "plugins": origin["plugins"], "wireshark": origin["wireshark"],
              "captures": len(entries), "readings": len(asked), **counted(pairs), "meaning": MEANING, "limits": LIMITS}
    record["words"] = words_of(record)
    text = json.dumps(record, indent=1) + "\n"
    print(text, end="")
    if sys.argv[1:] == ["--write"]:
        PLACE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
