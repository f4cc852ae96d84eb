#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A live capture under continuous calls: dumpcap into tshark, and into a ring of files, while finished calls pile up.

    live.py --minutes 5 --rate 800 [--plugins FOLDER]

Needs root, for a network namespace of its own: nothing leaves it. The calls are those that tests/bench/multiply.py
makes, each with its own addresses and certificates, sent over a pair of virtual interfaces. Prints memory against
finished calls, and fails when a call of the second half costs more than --most kilobytes, when dumpcap dropped packets,
or when anything crashed.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests/captures"))

import tshark  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--rate", type=int, default=800, help="packets a second")
    parser.add_argument("--most", type=float, default=64, help="kilobytes that a finished call may cost")
    parser.add_argument("--plugins", help="folder of the built plugins")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def packets_of(path):
    data = path.read_bytes()
    at = 24
    while at + 16 <= len(data):
        length, = struct.unpack_from("<I", data, at + 8)
        yield data[at + 16:at + 16 + length]
        at += 16 + length


def memory(process):
    """Kilobytes that are its own."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"RssAnon:\s*(\d+)", status)
    return int(found[1]) if found else 0


def make_calls(folder, wanted):
    """A capture of that many packets or more: a call without much media has about seventy."""
    calls = max(20, wanted // 65)
    path = folder / "calls.pcap"
    subprocess.run(["/usr/bin/python3", TOP / "tests/bench/multiply.py", TOP / "test-captures/cr-ff12.A.pcapng", path,
                    "--calls",
                    str(calls), "--media", "30", "--overlap", "8"], check=True, stdout=sys.stderr)
    return path, calls


def interfaces():
    for command in ("ip link add wr0 type veth peer name wr1", "ip link set wr0 up mtu 9000",
                    "ip link set wr1 up mtu 9000"):
        subprocess.run(command.split(), check=True)


def send(frames, rate, seconds):
    """Sends them at that rate until they or the seconds end, and yields the number of each that was sent."""
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind(("wr0", 0))
    begin = time.monotonic()
    for number, frame in enumerate(frames):
        due = begin + number / rate
        now = time.monotonic()
        if now > begin + seconds:
            break
        if due > now:
            time.sleep(due - now)
        out.send(frame)
        yield number


def main(options):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="webrtc-live-"))
    interfaces()
    path, calls = make_calls(folder, int(options.minutes * 60 * options.rate))
    frames = list(packets_of(path))
    ring = folder / "ring"
    ring.mkdir()
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **tshark.environment_for()}
    taker = subprocess.Popen(["dumpcap", "-q", "-i", "wr1", "-w", "-"], stdout=subprocess.PIPE,
                             stderr=open(folder / "taker.err", "wb"))
    reader = subprocess.Popen(["tshark", "-q", "-r", "-", "-z", "webrtc,json"], stdin=taker.stdout,
                              stdout=open(folder / "report", "wb"),
                              stderr=open(folder / "reader.err", "wb"), env=environment,
                              cwd=tshark.private_folder() / "home",
                              **tshark.unprivileged())
    turner = subprocess.Popen(["dumpcap", "-q", "-i", "wr1", "-w", ring / "r.pcapng", "-b", "filesize:2000", "-b",
                               "files:5"],
                              stderr=subprocess.DEVNULL)
    time.sleep(3)
    begin, samples, number = time.monotonic(), [], 0
    every = max(1, int(min(15, options.minutes * 60 / 20) * options.rate))
    for number in send(frames, options.rate, options.minutes * 60):
        if number % every == 0:
            samples.append((time.monotonic() - begin, number, memory(reader)))
    sent = number + 1
    time.sleep(5)
    samples.append((time.monotonic() - begin, sent, memory(reader)))
    for process in (taker, turner):
        process.terminate()
        process.wait(30)
    reader.wait(300)
    return judge(options, folder, reader, samples, sent, sent / len(frames) * calls)


def judge(options, folder, reader, samples, sent, finished):
    report = tshark.parse_report((folder / "report").read_text(encoding="utf-8"))
    for seconds, packets, kilobytes in samples:
        print(f"{seconds:6.0f} s {packets:8} packets {packets / sent * finished:7.0f} calls {kilobytes:8} kB")
    steps = [samples[len(samples) * quarter // 4] for quarter in range(4)] + [samples[-1]]
    costs = [(after[2] - before[2]) / ((after[1] - before[1]) / sent * finished) for before,
             after in zip(steps, steps[1:])]
    per_call = max(costs[2:])
    dropped = re.findall(r"dropped on interface '[^']*': (\d+)/(\d+)",
                         (folder / "taker.err").read_text(encoding="utf-8"))
    print(f"{len(report.sessions)} calls of about {finished:.0f} told, {report.summary['packets']} of {sent} packets "
          f"seen, {dropped}")
    print(f"kB for a finished call, in each quarter of the time: {', '.join(f'{cost:.1f}' for cost in costs)}")
    print(f"verdicts {json.dumps(report.summary['verdicts'])}, limits "
          f"reached {json.dumps(report.summary.get('limits_reached'))}")
    ends = [tshark.run(["-q", "-r", tshark.readable(path), "-z", "webrtc,json"])
            for path in sorted((folder / "ring").iterdir())]
    bad = [result.stderr for result in ends if tshark.crashed(result)]
    print(f"{len(ends)} files of the ring read, {len(bad)} badly")
    right = (reader.returncode == 0 and not bad and per_call <= options.most
             and report.summary["packets"] >= sent * 0.999)
    if right:
        shutil.rmtree(folder)
    else:
        print(f"what was captured and reported stays in {folder}")
    print("1 passed, 0 failed" if right else "0 passed, 1 failed")
    return 0 if right else 1


if __name__ == "__main__":
    given = arguments()
    if given.plugins:
        os.environ["WEBRTC_PLUGIN_BUILD"] = str(pathlib.Path(given.plugins).resolve())
    if not given.inside:
        os.execvp("unshare", ["unshare", "--net", "/usr/bin/python3", "-B", *sys.argv, "--inside"])
    sys.exit(main(given))
