# SPDX-License-Identifier: GPL-2.0-or-later
"""Which captures, key logs and statements of endpoints the arguments name, and what is looked at together."""

import os
import pathlib
import re
import subprocess
import zlib

from .common import Trouble, part
from .job import Job

# Rings of files have a number behind the name: x.pcap0, x.pcap12.gz.
CAPTURES = re.compile(r"\.(pcap|pcapng|cap|ntar|snoop|erf)\d*(\.(gz|zst|lz4))?$", re.IGNORECASE)
# How captures begin (pcap in its four forms, pcapng, snoop), and what packs them.
BEGINNINGS = tuple(map(bytes.fromhex, ("d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d", "0a0d0d0a", "736e6f6f70")))
GZIP = b"\x1f\x8b"
# Packed in ways that Python does not open: zstd (RFC 8878 3.1.1), lz4. What is in it, captype says.
PACKED = bytes.fromhex("28b52ffd"), bytes.fromhex("04224d18")
KEYS = re.compile(r"\.(keys|keylog)$", re.IGNORECASE)
# Files in which endpoints say what they sent and received, by the names that browsers and servers give them.
STATEMENTS = ("*.har", "*webrtc_internals*", "*webrtc-internals*", "*rtcstats*", "*aboutwebrtc*", "*about-webrtc*")


def is_packed_capture(path):
    """What Wireshark's captype says of it; it comes with mergecap."""
    try:
        told = subprocess.run(["captype", path], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0 and told.stdout.rpartition(b":")[2].strip() in (b"pcap", b"nsecpcap", b"pcapng")


def is_capture(path):
    """By name, or else by how it begins."""
    if CAPTURES.search(path.name):
        return True
    if not path.is_file():  # such as a pipe, which may never end
        return False
    try:
        with open(path, "rb") as file:
            start = file.read(8)
        if start.startswith(GZIP):
            with part("gzip").open(path) as file:
                start = file.read(8)
    except (OSError, EOFError, ValueError, zlib.error):
        return False
    return start.startswith(BEGINNINGS) or start.startswith(PACKED) and is_packed_capture(path)


def search(folder, skipped, wrong):
    """The captures in a folder, sorted; the other files go to skipped."""
    inside = []
    walk = os.walk(folder, onerror=lambda error: wrong.append((error.filename, f"cannot be read: {error.strerror}")))
    for path in sorted(pathlib.Path(where, name) for where, _, names in walk for name in names):
        if is_capture(path):
            inside.append(path)
        elif not KEYS.search(path.name) and not any(map(path.match, STATEMENTS)):
            skipped.append(path)
    return inside


def find_captures(paths, skipped):
    """The captures that the arguments name, in order, none twice; and the arguments that name none."""
    found, wrong, seen = [], [], set()
    for path in map(pathlib.Path, paths):
        if path.is_dir():
            problems = len(wrong)
            inside = search(path, skipped, wrong)
            if not inside and len(wrong) == problems:
                wrong.append((path, "no capture in this folder"))
        elif path.exists() and not path.is_file():  # a pipe can be read once, and its digest needs that
            wrong.append((path, "is neither a file nor a folder"))
            continue
        else:
            inside = [path]
        for capture in inside:
            identity = capture.resolve()
            if identity not in seen:
                seen.add(identity)
                found.append(capture)
    return found, wrong


KEY_LINE = re.compile(rb"\s*(#|[A-Z][A-Z0-9_]+ +[^ ])")


def check_key_log(path):
    """Ends the run when a file that is named as a key log is none: nothing would be opened by it, and nothing said."""
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise Trouble(f"cannot read the key log {path}")
    with open(path, "rb") as file:
        start = file.read(1 << 16)
    lines = [line for line in start.splitlines()[:100] if line.strip()]
    if b"\0" in start or lines and not any(map(KEY_LINE.match, lines)):
        raise Trouble(f"{path} is no key log: none of its first lines is a comment, or a label and a value")


def check_statements(path):
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise Trouble(f"cannot read the statements {path}")


def stem_of(path):
    return CAPTURES.sub("", path.name)


def keys_beside(capture):
    own = [capture.with_name(stem_of(capture) + ".keys"), capture.with_name(capture.name + ".keys")]
    shared = sorted(capture.parent.glob("*.keylog"))
    return [path for path in own + shared if path.is_file()]


def statements_beside(capture):
    found = {path for pattern in STATEMENTS for path in capture.parent.glob(pattern)}
    return sorted(path for path in found if path.is_file() and not CAPTURES.search(path.name))


def group(captures, how):
    """Lists of captures that are looked at together."""
    if how == "none":
        return [[capture] for capture in captures]
    groups = {}
    for capture in captures:
        key = {"all": "", "folder": capture.parent, "call": (capture.parent, stem_of(capture).rpartition(".")[0]
                                                             or capture.name)}[how]
        groups.setdefault(key, []).append(capture)
    return list(groups.values())


def make_jobs(captures, options):
    jobs = []
    for members in group(captures, options.merge):
        keys = list(map(pathlib.Path, options.key_log))
        if options.key_search:
            for capture in members:
                keys += [key for key in keys_beside(capture) if key not in keys]
        statements = list(map(pathlib.Path, options.statements))
        if options.statement_search and not options.statements:
            for capture in members:
                statements += [path for path in statements_beside(capture) if path not in statements]
        name = str(members[0]) if len(members) == 1 else " + ".join(map(str, members))
        jobs.append(Job(name, members, keys, statements))
    if not captures and options.statements:
        statements = list(map(pathlib.Path, options.statements))
        jobs.append(Job(" + ".join(map(str, statements)), [], [], statements))
    return jobs
