#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what an audit of long calls costs against the ways without thinning, in CPU seconds.

    tests/bench/thinned.py --build build/mine [--calls 13] [--minutes 5] [--runs 3] [--everything] [--keep FOLDER]

The capture has that many calls, one after the other: those of the lab whose media goes on (longcall.py), some 30 MB a
call of five minutes, for some are of audio alone. It lies in a temporary folder, where twice its size must be free, or
in FOLDER. --everything asks for -T json of all fields as well, of the first call alone. Medians; nothing is asserted.
"""
import argparse
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import diy  # noqa: E402
import run  # noqa: E402

# Calls over Ethernet, IPv4 and UDP without keys in the capture; each is taken once, then again.
SOURCES = ("cr-ff12.A", "cr-cr.A", "cr-ff.A", "cr-aiortc.A", "cr-wrtc.A", "ff-ff.A", "icerestart-cr-ff12.A")


def make(folder, calls, minutes):
    """The capture of all calls, and of the first."""
    parts = []
    for n in range(calls):
        part = folder / f"call-{n}.pcapng"
        source = TOP / "test-captures" / f"{SOURCES[n % len(SOURCES)]}.pcapng"
        shifted = folder / "shifted.pcapng"  # no call lies in another's time
        subprocess.run(["editcap", "-t", str(n * 86400), source, shifted], check=True)
        subprocess.run([sys.executable, "-B", HERE / "longcall.py", shifted, part, "--minutes", str(minutes)],
                       check=True)
        shifted.unlink()
        parts.append(part)
    whole = folder / "calls.pcapng"
    subprocess.run(["mergecap", "-a", "-w", whole, *parts], check=True)
    for part in parts[1:]:
        part.unlink()
    return whole, parts[0]


def cpu(command, **how):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **how)
    if ended.returncode not in (0, 1):  # 1: an audit found something
        raise SystemExit(f"{command}: {ended.stderr.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Ways:
    """The ways of one capture: name, what is run."""

    def __init__(self, bench, build, folder):
        self.bench, self.folder = bench, folder
        self.bin = folder / "bin"
        shutil.copytree(TOP / "plugins/batch", self.bin)
        shutil.copy(build / "plugins/thin/webrtc-thin", self.bin)
        for path in self.bin.rglob("*"):
            path.chmod(0o755)

    def tshark(self, side, *words, then=None):
        return self.bench.cpu(side, *words, then=then)[0]

    def thin(self, path):
        seconds = cpu([self.bin / "webrtc-thin", path, self.folder / "thin.pcapng"])
        (self.folder / "thin.pcapng").unlink()
        return seconds

    def copy(self, path):
        seconds = cpu(["editcap", path, self.folder / "copy.pcapng"])
        (self.folder / "copy.pcapng").unlink()
        return seconds

    def audit(self, path):
        command = self.bench.command("ours", "TMPDIR=" + str(self.bench.home), sys.executable, "-B",
                                     self.bin / "webrtc-audit", "-q", "--thin=" + str(self.bin / "webrtc-thin"),
                                     "--ndjson", self.bench.home / "records", path)
        return cpu(command, cwd=self.bench.home)

    def json(self, path):
        return self.tshark("ours", "-q", "-r", path, "-z", "webrtc,json")

    def diy(self, path):
        fields = [x for field in diy.FIELDS for x in ("-e", field)]
        return self.tshark("stock", "-r", path, "-Y", diy.FILTER, "-T", "json", *fields,
                           then=[sys.executable, HERE / "diy.py"])

    def everything(self, path):
        return self.tshark("stock", "-r", path, "-T", "json")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path, help="the build folder")
    parser.add_argument("--calls", type=int, default=13)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--everything", action="store_true")
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    arguments.plugins = next((arguments.build / "plugins").glob("*/epan/webrtc.so")).parent
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.keep or temporary)
        folder.mkdir(exist_ok=True)
        bench = run.Bench(arguments, folder)
        ways = Ways(bench, arguments.build, folder)
        whole, one = make(folder, arguments.calls, arguments.minutes)
        for path in (whole, one):
            path.chmod(0o644)
        print(f"{arguments.calls} calls of {arguments.minutes:g} minutes, {whole.stat().st_size >> 20} MB")
        runs = {way: [] for way in ("thin", "copy", "audit", "json", "diy")}
        for _ in range(arguments.runs):  # in turns: what else the machine does changes
            for way, seconds in runs.items():
                seconds.append(getattr(ways, way)(whole))
        taken = {way: statistics.median(seconds) for way, seconds in runs.items()}
        for way, seconds in runs.items():
            print(f"{way:12} {taken[way]:8.2f} s ({min(seconds):.2f} to {max(seconds):.2f})", flush=True)
        print(f"thin / copy {taken['thin'] / taken['copy']:.2f}, json of the whole / audit "
              f"{taken['json'] / taken['audit']:.1f}, do-it-yourself / audit {taken['diy'] / taken['audit']:.1f}")
        if arguments.everything:
            print(f"-T json of everything, one call: {ways.everything(one):.1f} s; audit of it {ways.audit(one):.2f} s")


if __name__ == "__main__":
    main()
