#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records what the installed tshark says with the plugins about every capture, and compares two recordings.

  same.py record --plugins FOLDER_WITH_SO --out FOLDER CAPTURE_FOLDER...
  same.py compare FOLDER FOLDER

For changes that should change nothing: record before and after, with the same series of Wireshark, and compare. Per
capture there are two records: "tree", one pass with summary lines, trees and all reports; and "fields", two passes with
all fields of the plugins. Where key logs lie beside the capture there are two more, made with the keys. What the
plugins register is recorded as well.
"""

import argparse
import concurrent.futures
import gzip
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

CAPTURES = {".pcap", ".pcapng", ".cap"}
REPORTS = ("webrtc,json", "webrtc,report", "webrtc,audit", "webrtc,sarif", "webrtc,calls", "webrtc,associations")
REGISTRATIONS = ("fields", "values", "protocols", "decodes", "dissector-tables", "heuristic-decodes", "defaultprefs")
SEPARATOR, AGGREGATOR = "\x1f", "\x1e"  # in no text of interest

# What differs from run to run, in what tshark says on standard error.
VOLATILE = (
    (re.compile(rb"\(tshark:\d+\)"), b"(tshark:PID)"),
    (re.compile(rb"\d\d:\d\d:\d\d\.\d{6}"), b"TIME"),
)


class Failure(Exception):
    """What is told to the caller, and ends the program."""


class Recorder:
    """A tshark with plugins, in a folder that an unprivileged user may read."""

    def __init__(self, folder: pathlib.Path, tshark: str, timeout: float) -> None:
        self.folder = folder
        self.tshark = tshark
        self.timeout = timeout
        self.account: dict[str, Any] = {}
        if os.geteuid() == 0:  # root's tshark would not load WIRESHARK_PLUGIN_DIR
            nobody = pwd.getpwnam("nobody")
            self.account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        folder.chmod(0o755)
        for name in ("home", "none"):
            self.open_folder(name)
        self.fields: list[str] = []

    def open_folder(self, name: str) -> pathlib.Path:
        """A new folder that the unprivileged user may write to."""
        folder = self.folder / name
        folder.mkdir()
        if self.account:
            os.chown(folder, self.account["user"], self.account["group"])
        return folder

    def execute(self, arguments: list[str], folder: pathlib.Path) -> subprocess.CompletedProcess[bytes]:
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "HOME": str(self.folder / "home"), "WIRESHARK_PLUGIN_DIR": str(self.folder / "plugins"),
            "WIRESHARK_EXTCAP_DIR": str(self.folder / "none"),
        }
        return subprocess.run(
            [self.tshark, *arguments], env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=self.timeout, check=False, **self.account,
        )

    def ask(self, *arguments: str) -> list[str]:
        """What tshark tells about itself."""
        result = self.execute(list(arguments), self.folder)
        if result.returncode != 0:
            errors = result.stderr.decode(errors="replace")
            raise Failure(f"tshark {' '.join(arguments)} ended with {result.returncode}: {errors}")
        return result.stdout.decode(errors="replace").splitlines()

    def load(self, plugins: pathlib.Path) -> None:
        """Lays the plugins where tshark finds them, and asks it for their fields."""
        found = re.match(r"TShark \(Wireshark\) (\d+\.\d+)", self.ask("--version")[0])
        if not found:
            raise Failure("tshark does not tell its version")
        place = self.folder / "plugins" / found[1] / "epan"
        place.mkdir(parents=True)
        names = sorted(plugins.glob("*.so"))
        for name in names:
            shutil.copy(name, place)
            (place / name.name).chmod(0o755)
        for made in (place, *place.parents[:2]):
            made.chmod(0o755)
        loaded = {pathlib.Path(line).name for line in self.ask("-G", "plugins") if str(place) in line}
        if not names or loaded != {name.name for name in names}:
            raise Failure(f"of {[name.name for name in names]} tshark loaded {sorted(loaded)}")
        rows = [line.split("\t") for line in self.ask("-G", "fields")]
        self.fields = [row[2] for row in rows if row[0] == "F" and row[2].startswith("webrtc")]
        if not self.fields:
            raise Failure("the plugins have no fields")

    def registrations(self) -> bytes:
        """What tshark lists of the plugins: fields, their values, preferences, and so on."""
        text = []
        for kind in REGISTRATIONS:
            lines = self.ask("-G", kind)
            text.append(f"== {kind}")
            text += sorted(line for line in lines if "webrtc" in line.lower())
        listed = self.execute(["-z", "help"], self.folder)
        text.append("== reports")
        lines = (listed.stdout + listed.stderr).decode(errors="replace").splitlines()
        text += [line for line in lines if "webrtc" in line]
        return self.normal("\n".join(text).encode() + b"\n")

    def normal(self, text: bytes) -> bytes:
        return text.replace(os.fsencode(self.folder), b"FOLDER")

    def run(self, arguments: list[str], folder: pathlib.Path) -> tuple[bytes, bytes]:
        """What a run printed, and how it ended."""
        try:
            result = self.execute(arguments, folder)
        except subprocess.TimeoutExpired:
            return b"", b"== ended by TIMEOUT\n"
        errors = result.stderr
        for volatile, instead in VOLATILE:
            errors = volatile.sub(instead, errors)
        how = f"CRASH, signal {-result.returncode}" if result.returncode < 0 else str(result.returncode)
        return self.normal(result.stdout), b"== errors\n%s== ended with %s\n" % (self.normal(errors), how.encode())

    def tree(self, arguments: list[str], folder: pathlib.Path) -> bytes:
        page = folder / "page.html"
        reports = [word for name in (*REPORTS, f"webrtc,html,{page.name}") for word in ("-z", name)]
        printed, end = self.run([*arguments, "-P", "-V", *reports], folder)
        html = self.normal(page.read_bytes()) if page.exists() else b"none"
        page.unlink(missing_ok=True)
        return b"%s\n== html\n%s\n%s" % (printed, html, end)

    def table(self, arguments: list[str], folder: pathlib.Path) -> bytes:
        """Each value on its own line, with the frame and the field, so that differences are easy to read."""
        names = ["frame.number", *self.fields]
        layout = ["-E", f"separator={SEPARATOR}", "-E", "occurrence=a", "-E", f"aggregator={AGGREGATOR}"]
        wanted = [word for name in names for word in ("-e", name)]
        printed, end = self.run([*arguments, "-2", "-T", "fields", *layout, *wanted], folder)
        lines = []
        for line in printed.split(b"\n"):
            cells = line.split(SEPARATOR.encode())
            if len(cells) != len(names):  # a value of several lines, or the rest of one
                lines.append(line)
                continue
            for name, cell in zip(names[1:], cells[1:], strict=True):
                values = cell.split(AGGREGATOR.encode()) if cell else []
                lines += [b"%s\t%s\t%s" % (cells[0], name.encode(), value) for value in values]
        return b"%s\n%s" % (b"\n".join(lines), end)

    def records(self, capture: pathlib.Path, number: int) -> Iterator[tuple[str, bytes]]:
        """The records of one capture, with their names."""
        folder = self.open_folder(str(number))
        copy = folder / capture.name
        shutil.copy(capture, copy)
        copy.chmod(0o644)
        yield "tree", self.tree(["-r", copy.name], folder)
        yield "fields", self.table(["-r", copy.name], folder)
        logs = key_logs(capture)
        if logs:
            joined = folder / "all.keys"
            joined.write_bytes(b"\n".join(log.read_bytes() for log in logs))
            joined.chmod(0o644)
            keys = ["-o", f"tls.keylog_file:{joined}", "-r", copy.name]
            yield "keys-tree", self.tree(keys, folder)
            yield "keys-fields", self.table(keys, folder)
        shutil.rmtree(folder)


def key_logs(capture: pathlib.Path) -> list[pathlib.Path]:
    """NAME.keys, and where the capture is NAME.PLACE.pcapng, the logs of all endpoints, NAME.*.keys."""
    name = capture.stem
    found = [capture.with_name(name + ".keys")]
    if "." in name:
        start = name.rpartition(".")[0] + "."
        logs = capture.parent.glob("*.keys")
        found += [log for log in logs if log.name.startswith(start) and "." not in log.stem[len(start):]]
    return sorted({log for log in found if log.is_file()})


def find_captures(folders: list[pathlib.Path]) -> list[tuple[pathlib.Path, str]]:
    """The captures in these folders, with the names under which they are recorded."""
    found = []
    for folder in folders:
        if not folder.is_dir():
            raise Failure(f"{folder} is not a folder")
        label = folder.resolve().name
        paths = sorted(path for path in folder.rglob("*") if path.suffix in CAPTURES and path.is_file())
        found += [(path, f"{label}/{path.relative_to(folder)}") for path in paths]
    names = [name for _, name in found]
    if len(set(names)) != len(names):
        raise Failure("two folders have the same name")
    return found


def store(path: pathlib.Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text, 6, mtime=0))


def record(arguments: argparse.Namespace) -> int:
    out: pathlib.Path = arguments.out
    if out.exists() and any(out.iterdir()):
        raise Failure(f"{out} is not empty")
    captures = find_captures(arguments.folders)[:: arguments.sample]
    os.umask(0o022)
    # Others must be able to enter it, and root's TMPDIR may be closed to them.
    with tempfile.TemporaryDirectory(prefix="webrtc-same-", dir="/tmp" if os.geteuid() == 0 else None) as private:
        recorder = Recorder(pathlib.Path(private), arguments.tshark, arguments.timeout)
        recorder.load(arguments.plugins)
        store(out / "registrations.gz", recorder.registrations())

        def record_one(number: int) -> None:
            path, name = captures[number]
            for mode, text in recorder.records(path, number):
                store(out / f"{name}.{mode}.gz", text)

        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for _ in pool.map(record_one, range(len(captures))):
                pass
    print(f"{len(captures)} captures recorded")
    return 0


def difference(one: bytes, other: bytes, lines: int) -> str:
    """The beginning of a unified diff; by diff, since difflib takes too long for large texts that differ much."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder, name) for name in ("one", "other")]
        for path, text in zip(paths, (one, other), strict=True):
            path.write_bytes(text)
        result = subprocess.run(["diff", "-a", "-U1", *map(str, paths)], capture_output=True, check=False)
    found = result.stdout.decode(errors="replace").split("\n")[2:-1]
    shown = [line[:300] for line in found[:lines]]
    if len(found) > lines:
        shown.append(f"… and {len(found) - lines} lines more")
    return "\n".join("    " + line for line in shown)


def compare(arguments: argparse.Namespace) -> int:
    first: pathlib.Path = arguments.first
    second: pathlib.Path = arguments.second
    ignored = re.compile(arguments.ignore.encode()) if arguments.ignore else None
    names = [{str(path.relative_to(folder)) for path in folder.rglob("*.gz")} for folder in (first, second)]
    if not names[0] & names[1]:
        raise Failure("the recordings have nothing in common")
    compared = names[0] & names[1] if arguments.common else names[0] | names[1]
    differing = 0
    for name in sorted(compared):
        shown = name.removesuffix(".gz")
        if name not in names[0] or name not in names[1]:
            differing += 1
            print(f"{shown}: only in {first if name in names[0] else second}")
            continue
        texts = [(folder / name).read_bytes() for folder in (first, second)]
        if texts[0] == texts[1]:
            continue
        texts = [gzip.decompress(text) for text in texts]
        if ignored:
            texts = [b"".join(line for line in text.splitlines(True) if not ignored.search(line)) for text in texts]
        if texts[0] != texts[1]:
            differing += 1
            print(f"{shown}: differs\n{difference(texts[0], texts[1], arguments.lines)}")
    print(f"{differing} of {len(compared)} records differ")
    return 1 if differing else 0


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("record", help="record what tshark says about captures")
    command.add_argument("--plugins", type=pathlib.Path, required=True, help="the folder of the built plugins")
    command.add_argument("--out", type=pathlib.Path, required=True, help="the folder of the recording, new or empty")
    command.add_argument("--sample", type=positive, default=1, metavar="N", help="only each Nth capture")
    command.add_argument("--jobs", type=positive, default=2, help="how many at a time (2)")
    command.add_argument("--timeout", type=float, default=300, help="seconds for a run of tshark (300)")
    command.add_argument("--tshark", default="tshark", help="the tshark to run")
    command.add_argument("folders", type=pathlib.Path, nargs="+", metavar="CAPTURE_FOLDER")
    command.set_defaults(function=record)
    command = commands.add_parser("compare", help="compare two recordings; fails when they differ")
    command.add_argument("--common", action="store_true", help="pass over records that only one of them has")
    command.add_argument("--lines", type=positive, default=20, help="how much of each difference to show (20)")
    command.add_argument("--ignore", metavar="REGEX", help="pass over lines in which this is found")
    command.add_argument("first", type=pathlib.Path)
    command.add_argument("second", type=pathlib.Path)
    command.set_defaults(function=compare)
    arguments = parser.parse_args()
    try:
        code: int = arguments.function(arguments)
    except (Failure, OSError) as error:
        print(f"same.py: {error}", file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())
