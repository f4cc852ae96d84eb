#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Do the unit tests notice? Makes one-token changes in the sources that decide verdicts, one at a time, and counts
how many fail a test.

  mutate.py BUILD [--count N] [--seed N] [--file WORD …] [--all] [--jobs N] [--work FOLDER] [--log FILE]

BUILD is a build folder of cmake, whose compile_commands.json says how things are compiled. The core becomes a shared
library in FOLDER (build/mutate), once, and so do the tests; each change compiles one source and links that library.
Changes: == and !=, || and &&, <= and <, >= and >, a dropped continue. Those of mutants.txt are known to change
nothing that can be seen, each with its reason, and are not counted. The sources themselves are never touched.
"""

import argparse
import concurrent.futures
import functools
import json
import pathlib
import random
import re
import shlex
import shutil
import subprocess
import sys
import threading

TOP = pathlib.Path(__file__).resolve().parents[1]
ROOMS = ("records", "learning", "relations", "verdict")
SWAPS = {"==": "!=", "!=": "==", "||": "&&", "&&": "||", "<=": "<", "<": "<=", ">=": ">", ">": ">="}
TOKEN = re.compile(r"(?<= )(==|!=|\|\||&&|<=|>=|<|>)(?=[ \n])|\bcontinue;")
# Rooms that use those: only tests that use any of them can notice anything.
ABOVE = ("evaluation", "checks", "report")
LINK = ["cc", "-fuse-ld=gold"] if shutil.which("ld.gold") else ["cc"]
# As in the builds that check memory: what reads behind an end is noticed.
FLAGS = [
    *("-O0", "-g0", "-w", "-U_FORTIFY_SOURCE", "-fvisibility=default"),
    "-fsanitize=bounds",
    "-fsanitize-undefined-trap-on-error",
    "-include",
    str(TOP / "tests/unit/support/checked_index.h"),
]
MAX_SECONDS = 60


class Change:
    def __init__(self, path, at, old, new, line, column, text, same):
        self.path, self.at, self.old, self.new, self.line, self.column, self.text, self.same = (
            path,
            at,
            old,
            new,
            line,
            column,
            text,
            same,
        )

    @property
    def name(self):
        """The same after lines above were added: file, the line's text, which of its tokens. From the second line of
        one text on its number is told."""
        again = f" ({self.same})" if self.same > 1 else ""
        return f"{self.path.name} | {self.text}{again} | {self.column} | {self.old}"

    def __str__(self):
        return f"{self.path.relative_to(TOP)}:{self.line}: {self.old} -> {self.new}: {self.text}"


def blanked(source):
    """The text with comments, strings and preprocessor lines as spaces: what is left is code, at the same places."""
    rule = re.compile(
        r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.S | re.M
    )
    return rule.sub(lambda f: re.sub(r"[^\n]", " ", f[0]), source)


def changes(words):
    """All changes there are, in the order of files and places."""
    out = []
    for room in ROOMS:
        for path in sorted((TOP / "plugins/core" / room).glob("*.c")):
            if words and not any(w in f"{room}/{path.name}" for w in words):
                continue
            source = path.read_text()
            lines, seen = [line.strip() for line in source.split("\n")], {}
            for found in TOKEN.finditer(blanked(source)):
                number = source.count("\n", 0, found.start())
                column = seen[number] = seen.get(number, 0) + 1
                old = found[0]
                out.append(
                    Change(
                        path,
                        found.start(),
                        old,
                        SWAPS.get(old, ";"),
                        number + 1,
                        column,
                        lines[number],
                        lines[: number + 1].count(lines[number]),
                    )
                )
    return out


def known():
    """Names of changes that cannot be seen -> why."""
    path, out = TOP / "tests/mutants.txt", {}
    for line in path.read_text().splitlines() if path.is_file() else ():
        if line and not line.startswith("#"):
            name, _, why = line.rpartition(" | ")
            out[name] = why
    return out


def commands(build):
    """Source -> (arguments of its compilation without output, folder)."""
    out = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        words = [w for w in words if "ccache" not in w]
        if "-o" in words:
            at = words.index("-o")
            del words[at : at + 2]
        out.setdefault(
            pathlib.Path(entry["file"]), ([w for w in words if w != entry["file"] and w != "-c"], entry["directory"])
        )
    return out


class Bench:
    """The library and the tests, built once."""

    def __init__(self, build, work):
        self.work, self.commands = work, commands(build)
        cache = (build / "CMakeCache.txt").read_text()
        self.libraries = subprocess.run(
            ["pkg-config", "--libs", "glib-2.0", "gio-2.0", "json-c", "libnghttp2", "libcrypto", "zlib"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split() + ["-lm"]
        assert "CMAKE_BUILD_TYPE" in cache
        self.core = sorted(p for p in self.commands if p.is_relative_to(TOP / "plugins/core"))
        self.tests = sorted(p for p in self.commands if p.is_relative_to(TOP / "tests/unit"))

    def compile(self, source, output, text=None):
        """One source, or another text in its place. False when it does not compile."""
        words, folder = self.commands[source]
        given = str(source)
        if text is not None:
            given = str(output.with_suffix(".c"))
            pathlib.Path(given).write_text(text)
            words = words + [f"-I{source.parent}", "-Wno-error"]
        done = subprocess.run(
            [*words, *FLAGS, "-c", given, "-o", output],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def object(self, source):
        return self.work / "objects" / (str(source.relative_to(TOP)).replace("/", "+") + ".o")

    def build(self, jobs):
        (self.work / "objects").mkdir(parents=True, exist_ok=True)
        todo = [
            s
            for s in self.core + self.tests
            if not self.object(s).exists() or self.object(s).stat().st_mtime < newest(s)
        ]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for source, fine in zip(todo, pool.map(lambda s: self.compile(s, self.object(s)), todo)):
                if not fine:
                    sys.exit(f"{source} does not compile")
        self.link(self.work / "base", {})
        self.tests = [t for t in self.tests if self.concerns(t)]
        for test in self.tests:
            program = self.program(test)
            if not program.exists() or program.stat().st_mtime < self.object(test).stat().st_mtime:
                subprocess.run(
                    [*LINK, "-o", program, self.object(test), f"-L{self.work / 'base'}", "-lcore", *self.libraries],
                    check=True,
                )

    @functools.cached_property
    def names(self):
        """What the rooms concerned define."""
        inside = [self.object(s) for s in self.core if s.relative_to(TOP / "plugins/core").parts[0] in ROOMS + ABOVE]
        return {line.split()[-1] for line in symbols("--defined-only", inside)}

    def concerns(self, test):
        return any(line.split()[-1] in self.names for line in symbols("--undefined-only", [self.object(test)]))

    def program(self, test):
        return self.work / f"{test.parent.name}.{test.stem}"

    def link(self, folder, instead):
        folder.mkdir(exist_ok=True)
        objects = [instead.get(s, self.object(s)) for s in self.core]
        subprocess.run([*LINK, "-shared", "-o", folder / "libcore.so", *objects, *self.libraries], check=True)

    def noticed(self, folder, room=""):
        """The first test that fails with the library of this folder, or None. Those of this room are asked first."""
        environment = {
            "LD_LIBRARY_PATH": str(folder),
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "MALLOC_PERTURB_": "165",
            "G_TEST_SRCDIR": str(TOP / "tests/unit"),
            "G_TEST_BUILDDIR": str(self.work),
        }
        for test in sorted(self.tests, key=lambda t: t.parent.name != room):
            try:
                done = subprocess.run(
                    [self.program(test)],
                    env=environment,
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=MAX_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return f"{test.stem} (late)"
            if done.returncode != 0:
                return test.stem
        return None

    def try_change(self, change, folder):
        """What noticed it; "" when nothing did; None when it does not compile."""
        folder.mkdir(exist_ok=True)
        source = change.path.read_text()
        changed = folder / "changed.o"
        if not self.compile(
            change.path, changed, source[: change.at] + change.new + source[change.at + len(change.old) :]
        ):
            return None
        self.link(folder, {change.path: changed})
        return self.noticed(folder, change.path.parent.name) or ""


def symbols(which, objects):
    done = subprocess.run(["nm", "-g", which, *objects], check=True, capture_output=True, text=True)
    return [line for line in done.stdout.splitlines() if line and not line.endswith(":")]


@functools.cache
def newest_header(folder):
    return max(h.stat().st_mtime for h in (TOP / folder).rglob("*.h"))


def newest(source):
    """Of a source and all headers that it may use: what is built is built anew when one changed."""
    tests = newest_header("tests/unit") if source.is_relative_to(TOP / "tests") else 0
    return max(source.stat().st_mtime, newest_header("plugins/core"), tests)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=110)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", nargs="*", default=[])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", type=pathlib.Path, default=TOP / "build/mutate")
    parser.add_argument("--log", type=pathlib.Path)
    parser.add_argument(
        "--least", type=float, default=0, help="end with 1 when less than so many of a hundred are noticed"
    )
    return parser.parse_args()


def main():
    options = arguments()
    every, unseen = changes(options.file), known()
    idle = set(unseen) - {c.name for c in every}
    if idle and not options.file:
        print(f"{len(idle)} lines of mutants.txt fit no source any more: " + "; ".join(sorted(idle)[:3]))
    drawn = every if options.all else random.Random(options.seed).sample(every, min(options.count, len(every)))
    options.work.mkdir(parents=True, exist_ok=True)
    bench = Bench(options.build.resolve(), options.work.resolve())
    bench.build(options.jobs)
    if bench.noticed(options.work.resolve() / "base"):
        sys.exit(f"{bench.noticed(options.work.resolve() / 'base')} fails without any change")
    local, log = threading.local(), options.log.open("w") if options.log else None
    free, lock = list(range(options.jobs)), threading.Lock()

    def one(change):
        if change.name in unseen:
            return change, "-"
        with lock:
            if not hasattr(local, "number"):
                local.number = free.pop()
        return change, bench.try_change(change, options.work.resolve() / f"job{local.number}")

    counts = {"noticed": 0, "missed": 0, "cannot be seen": 0, "does not compile": 0}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for change, test in pool.map(one, drawn):
            kind = {"-": "cannot be seen", None: "does not compile", "": "missed"}.get(test, "noticed")
            counts[kind] += 1
            if kind == "missed":
                print(f"missed: {change}", flush=True)
            if log:
                print(f"{kind}\t{test}\t{change}", file=log, flush=True)
    judged = counts["noticed"] + counts["missed"]
    share = 100 * counts["noticed"] / judged if judged else 100
    print(
        f"{len(drawn)} of {len(every)} changes: "
        + ", ".join(f"{n} {kind}" for kind, n in counts.items())
        + f": {share:.0f} of a hundred are noticed"
    )
    return 1 if share < options.least else 0


if __name__ == "__main__":
    sys.exit(main())
