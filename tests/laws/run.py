#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Applies additions to captures with known truth, at places drawn by a seed, and checks the laws.

  run.py [--seed N] [--pairs N] [--forever] [--capture WORD …] [--addition WORD …] [--standing WORD …] [--two-pass]
         [--part I/N] [--keep FOLDER] [--summary FILE] [--expect FILE] [--list]

A pair is one capture and one addition. Without --pairs all pairs are tried once; with it, that many are drawn;
--forever goes on with the next seed. --part takes each Nth capture, from the Ith on: one process for each processor.
Of each failure the capture is kept in FOLDER (build/laws) and one line is printed. The end is 1 after a failure.
--expect names a file of failures that are known: only others count; it has "ADDITION LAW" lines. A pair can be tried
again alone: the same seed, capture and addition always make the same packets.
"""

import argparse
import collections
import json
import pathlib
import random
import sys
import time

import reader
from reader import tshark

import capture as captures
import datagrams  # noqa: F401
import floods
import guilt  # noqa: F401
import hellos  # noqa: F401
import honest  # noqa: F401
import kinds
import laws
import segments  # noqa: F401
import spoofed  # noqa: F401
import telling  # noqa: F401
import truth
import views  # noqa: F401
import worlds  # noqa: F401
from scene import Scene


class Subject:
    """A capture with its truth, read when it is first used."""

    def __init__(self, path, verdicts):
        self.path, self.name, self.verdicts = path, path.name.rsplit(".", 1)[0], verdicts
        self.kind = laws.kind_of_truth(verdicts)
        self._scene, self.before = None, {}

    @property
    def scene(self):
        if self._scene is None:
            self._scene = Scene(captures.read(self.path), self.name)
        return self._scene

    def forget(self):
        self._scene = None


def adversary_entries():
    """Captures to which somebody added already, where they are: WEBRTC_ADVERSARY, or beside the checkout."""
    folder = truth.folder("WEBRTC_ADVERSARY", "adversary")
    if not folder or not (folder / "truth.json").is_file():
        return []
    entries = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return [{**e, "folder": folder, "session": e["verdicts"]} for e in entries if not e["options"]]


def told_elsewhere(entry):
    """Its signalling is in files, or in what a server reported: additions to signalling find no place in it."""
    return "statements" in entry or entry.get("scenario", "").startswith("hep")


def subjects(words, own=False):
    """Captures of the checkout, and where they exist those of the shared folder and those to which somebody added."""
    found = [
        Subject(e["folder"] / e["capture"], e.get("session_without_keys", e["session"]))
        for e in truth.own_entries() + ([] if own else truth.shared_entries() + adversary_entries())
        if "pending" not in e and not told_elsewhere(e)
    ]
    return [s for s in found if not words or any(w in s.name for w in words)]


def chosen(words, standings):
    found = [a for a in kinds.ADDITIONS.values() if not words or any(w == a.name or w in a.name for w in words)]
    return [a for a in found if not standings or a.standing in standings]


def applies(addition, subject):
    """Guilt is made of clean calls; honest disturbances and all else of any."""
    return not (addition.standing == "guilt" and (subject.kind != "clean" or len(subject.scene.descriptions) < 2))


class Suite:
    def __init__(self, options):
        self.options = options
        self.reader = reader.Reader(*(["-2"] if options.two_pass else []))
        self.pairs = self.skipped = 0
        self.failures = collections.Counter()
        self.tried, self.broken, self.examples = collections.Counter(), collections.defaultdict(collections.Counter), {}
        self.unfit = {}
        self.known = known(options.expect) if options.expect else set()

    def before(self, subject):
        """The report of the capture as it is; None where it is wrong already."""
        if subject.name not in self.unfit and "report" not in subject.before:
            report = self.reader.read(subject.scene.capture)
            wrong = [v for v in report.verdicts() if v not in subject.verdicts]
            if wrong or (not report.sessions and subject.verdicts != ["NO-SIGNALLING"]):
                self.unfit[subject.name] = f"{report.verdicts()} instead of {subject.verdicts}"
            else:
                subject.before["report"] = report
        return subject.before.get("report")

    def pair(self, subject, addition, seed):
        before = self.before(subject)
        if before is None:
            return
        made = (
            addition.apply(subject.scene, kinds.seeded(seed, subject.name, addition.name))
            if applies(addition, subject)
            else None
        )
        if not made:
            self.skipped += 1
            return
        self.pairs += 1
        self.tried[addition.name] += 1
        changed = subject.scene.capture.with_packets(made)
        try:
            sentences = laws.broken(before, subject.kind, addition, self.reader.read(changed))
        except tshark.TsharkError as error:
            sentences = [f"reading: {str(error).splitlines()[0][:200]}"]
        for sentence in sentences:
            self.failed(subject, addition, seed, sentence, changed)

    def round(self, pairs, seed, stop=lambda: False):
        """Tries pairs in their order, which keeps those of one capture together."""
        last = None
        for subject, addition in pairs:
            if last is not None and last is not subject:
                last.forget()
            last = subject
            self.pair(subject, addition, seed)
            if stop():
                return
            if self.options.summary and self.pairs % 50 == 1:
                pathlib.Path(self.options.summary).write_text(self.table())

    def failed(self, subject, addition, seed, sentence, changed):
        law = sentence.split(":")[0]
        self.broken[addition.name][law] += 1
        self.examples.setdefault((addition.name, law), f"{subject.name} --seed {seed}: {sentence}")
        if (addition.name, law) in self.known:
            return
        self.failures[law] += 1
        if self.options.quiet:
            return
        folder = pathlib.Path(self.options.keep)
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / f"{subject.name}+{addition.name}+{seed}.pcapng"
        if sum(1 for _ in folder.iterdir()) < 500:
            captures.write(changed, kept)
        print(f"{subject.name} + {addition.name} (seed {seed}): {sentence}", flush=True)

    def table(self):
        """Per addition: pairs tried, and how many broke which law, with an example."""
        said = sum(sum(c.values()) for c in self.broken.values())
        lines = [f"{self.pairs} pairs, {self.skipped} without a place, {said} sentences"]
        for name, n in sorted(self.tried.items(), key=lambda t: -sum(self.broken[t[0]].values())):
            counts = self.broken[name]
            standing = kinds.ADDITIONS[name].standing
            said = ", ".join(f"law {law}: {count}" for law, count in sorted(counts.items())) or "holds"
            lines.append(f"{name} ({standing}), {n} pairs: {said}")
            lines += [f"    {self.examples[name, law]}" for law in sorted(counts)]
        lines += [f"not used, wrong as it is: {name}: {why}" for name, why in sorted(self.unfit.items())]
        return "\n".join(lines) + "\n"


def known(path):
    lines = (line.split("#")[0].split() for line in pathlib.Path(path).read_text().splitlines())
    return {(words[0], words[1]) for words in lines if len(words) >= 2}


def order(options, seed):
    """Pairs of one round: all, by capture; or as many as asked for, with the same share for each addition."""
    everything, additions = subjects(options.capture, options.own), chosen(options.addition, options.standing)
    if not everything or not additions:
        sys.exit("no such capture or addition")
    part, parts = (int(word) for word in options.part.split("/"))
    everything = everything[part - 1 :: parts]
    if not options.pairs:
        return [(s, a) for s in everything for a in additions]
    draw, drawn = random.Random(seed), []
    # A capture is read as it is before anything is added to it: so several additions for each.
    everything = draw.sample(everything, min(len(everything), max(1, options.pairs // 8)))
    while len(drawn) < options.pairs:
        drawn += [(draw.choice(everything), a) for a in draw.sample(additions, len(additions))]
    drawn = drawn[: options.pairs]
    return sorted(drawn, key=lambda pair: pair[0].name)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0, help="stop after so long")
    parser.add_argument("--forever", action="store_true")
    parser.add_argument("--part", default="1/1")
    parser.add_argument("--capture", nargs="*", default=[])
    parser.add_argument("--addition", nargs="*", default=[])
    parser.add_argument("--standing", nargs="*", default=[], choices=kinds.STANDINGS)
    parser.add_argument("--own", action="store_true", help="only captures of the checkout")
    parser.add_argument("--two-pass", action="store_true")
    parser.add_argument("--keep", default=str(tshark.TOP / "build/laws"))
    parser.add_argument("--summary")
    parser.add_argument("--expect")
    parser.add_argument("--quiet", action="store_true", help="only the table at the end")
    parser.add_argument("--flood", type=int, help="how many things a flood has")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


def main():
    options = arguments()
    if options.list:
        for a in kinds.ADDITIONS.values():
            print(f"{a.standing:9} {a.name}")
        return 0
    if options.flood:
        floods.SIZES[:] = [options.flood]
    suite, seed, begun = Suite(options), options.seed, time.monotonic()

    def late():
        return bool(options.seconds) and time.monotonic() - begun > options.seconds

    while True:
        suite.round(order(options, seed), seed, late)
        seed += 1
        if not options.forever or late():
            break
    if options.summary:
        pathlib.Path(options.summary).write_text(suite.table())
    suite.reader.close()
    print(suite.table() if options.quiet else suite.table().splitlines()[0])
    return 1 if sum(suite.failures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
