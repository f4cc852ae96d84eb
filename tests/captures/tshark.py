# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the installed tshark with the built plugins, as an unprivileged user, and reads its reports.

Everything a run needs is copied into a private folder that the unprivileged user may read: the checkout
need not be open to others. Environment variables:

  WEBRTC_PLUGIN_BUILD  folder of the built plugins (default: that of build/tests in the checkout)
  WEBRTC_TSHARK        the tshark to run (default: the one in PATH)
  WEBRTC_PRELOAD       libraries to preload, for plugins that were built with sanitizers
  WEBRTC_QUICK         set: captures are read in one way, and the longer tests take samples
  WEBRTC_WHOLE         set: no test takes a sample
  WEBRTC_FORK_SERVER   the built support/fork_server.c: then one start of tshark reads many captures (served.py)
"""

import atexit
import functools
import json
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PLUGINS = ("webrtc", "webrtc_dtls", "webrtc_ice", "webrtc_sdp", "webrtc_signal")

# One pass, two passes, and with every tree item made.
MODES = {"one-pass": ["-q"], "two-pass": ["-2", "-q"], "tree": ["-V"]}
# Where the same captures are read in all modes elsewhere: one way here, and samples of the longer tests.
QUICK = bool(os.environ.get("WEBRTC_QUICK"))
WHOLE = bool(os.environ.get("WEBRTC_WHOLE"))
if QUICK:
    MODES = {"one-pass": ["-q"]}

# What tshark may say on standard error without a test failing.
HARMLESS = (re.compile(r"Running as user "),)
# The same for captures that are cut or broken on purpose.
DAMAGED = HARMLESS + (
    re.compile(r"tshark: The file .* (appears|isn't|is a)"),
    re.compile(r"\(pcap(ng)?: .*\)$"),
)


class TsharkError(AssertionError):
    """A run that crashed, complained, or printed something that is no report."""


@functools.cache
def unprivileged():
    """Arguments that make subprocess drop root's rights; empty for everyone else. Root's tshark would load
    neither WIRESHARK_PLUGIN_DIR nor a personal folder."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@functools.cache
def series():
    """(4, 0), (4, 4), …: the series of the tshark that runs."""
    result = execute(["--version"], {"HOME": "/nonexistent"}, "/", 60)
    found = re.match(r"TShark \(Wireshark\) (\d+)\.(\d+)", result.stdout)
    if not found:
        raise TsharkError(f"no tshark version in {result.stdout[:80]!r}, {result.stderr[:80]!r}")
    return int(found[1]), int(found[2])


@functools.cache
def private_folder():
    """A folder for this test run, which everyone may enter, with the plugins, a home, and room for captures."""
    # Others must be able to enter it, and root's TMPDIR may be closed to them.
    os.umask(0o022)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="webrtc-tests-", dir="/tmp" if unprivileged() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    flavour = "{}.{}/epan".format(*series())
    for name in ("plugins/" + flavour, "without/" + flavour, "captures", "home"):
        (folder / name).mkdir(parents=True)
    built = pathlib.Path(os.environ.get("WEBRTC_PLUGIN_BUILD", TOP / "build/tests/plugins" / flavour))
    for plugin in sorted(built.glob("*.so")):
        copy = folder / "plugins" / flavour / plugin.name
        shutil.copy(plugin, copy)
        copy.chmod(0o755)
    account = unprivileged()
    if account:
        os.chown(folder / "home", account["user"], account["group"])
    return folder


def readable(path):
    """A copy of a file where the unprivileged user can read it."""
    path = pathlib.Path(path).resolve()
    folder = private_folder() / "captures" / f"{abs(hash(str(path.parent))):x}"
    copy = folder / path.name
    if not copy.exists():
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        shutil.copy(path, copy)
        copy.chmod(0o644)
    return copy


def execute(arguments, environment, folder, timeout, program=None, stdin=None):
    """Runs tshark, or another program of Wireshark, as the unprivileged user with this environment and hardly more."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC", **environment}
    command = [program or os.environ.get("WEBRTC_TSHARK", "tshark"), *map(str, arguments)]
    source = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    return subprocess.run(
        command, env=environment, cwd=folder, **source, capture_output=True, encoding="utf-8",
        errors="surrogateescape", timeout=timeout, check=False, **unprivileged(),
    )


def environment_for(plugins=True):
    """What makes tshark load the plugins under test, or none, and be strict about them."""
    folder = private_folder()
    environment = {
        "HOME": str(folder / "home"),
        "WIRESHARK_PLUGIN_DIR": str(folder / ("plugins" if plugins else "without")),
        # Nothing is captured here, and the helpers for it may hang under a preloaded sanitizer.
        "WIRESHARK_EXTCAP_DIR": str(folder / "without"),
        "WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1",
    }
    if plugins and os.environ.get("WEBRTC_PRELOAD"):
        environment["LD_PRELOAD"] = os.environ["WEBRTC_PRELOAD"]
        # tshark itself frees little when it ends.
        environment["ASAN_OPTIONS"] = "detect_leaks=0"
        environment["WIRESHARK_DEBUG_WMEM_OVERRIDE"] = "strict"
    return environment


def run(arguments, plugins=True, timeout=300, program=None, stdin=None):
    """Runs tshark with or without the plugins and returns subprocess.CompletedProcess with text output."""
    if plugins and program is None and stdin is None:
        import served

        result = served.run(arguments)
        if result is not None:
            return result
    return execute(arguments, environment_for(plugins), private_folder() / "home", timeout, program, stdin)


def crashed(result):
    """True when a signal ended tshark, Wireshark's own abort on a dissector bug among them."""
    return result.returncode < 0 or "Dissector bug" in result.stderr


def complaints(result, harmless=HARMLESS):
    """The lines on standard error that nothing excuses."""
    lines = result.stderr.splitlines()
    return [line for line in lines if line.strip() and not any(rule.search(line) for rule in harmless)]


def require_clean(result, damaged=False):
    """Fails the test unless tshark ended well and said nothing on standard error that matters."""
    if crashed(result):
        raise TsharkError(f"tshark crashed ({result.returncode}): {result.stderr[-2000:]}")
    bad = complaints(result, DAMAGED if damaged else HARMLESS)
    if bad or (result.returncode != 0 and not damaged):
        raise TsharkError(f"tshark ended with {result.returncode} and said: " + "\n".join(bad[:5]))


class Report:
    """The records of -z webrtc,json, by kind."""

    def __init__(self, records):
        self.records = records
        # How it was asked for: the same may be found by another command.
        self.command = records[0].pop("command", None) if records else None
        self.sessions = self.of("session")
        self.associations = self.of("association")
        self.descriptions = self.of("description")
        self.findings = self.of("finding")
        summaries = self.of("summary")
        if len(summaries) != 1 or records[-1] is not summaries[0]:
            raise TsharkError("the report does not end with its one summary")
        self.summary = summaries[0]

    def of(self, kind):
        return [record for record in self.records if record["record"] == kind]

    def verdicts(self):
        return [session["verdict"] for session in self.sessions]


def parse_record(line):
    """One line of the report, as strictly as JSON allows: no key twice, no NaN."""

    def unique(pairs):
        record = dict(pairs)
        if len(record) != len(pairs):
            raise TsharkError(f"a key stands twice in {line!r}")
        return record

    def refuse(word):
        raise TsharkError(f"{word} is not JSON, in {line!r}")

    try:
        record = json.loads(line, object_pairs_hook=unique, parse_constant=refuse)
    except ValueError as error:
        raise TsharkError(f"not JSON ({error}): {line!r}") from error
    if not isinstance(record, dict) or not isinstance(record.get("record"), str):
        raise TsharkError(f"no record: {line!r}")
    return record


def parse_report(output, among_tree=False):
    """Reads NDJSON. Among the packet trees of -V, the records are the lines that begin as one: tshark indents
    all but the first line of each layer, and those begin with the protocol's name."""
    lines = output.splitlines()
    if among_tree:
        lines = [line for line in lines if re.match(r'\{\s*"record"\s*:', line)]
    return Report([parse_record(line) for line in lines])


def key_log(paths):
    """The option that gives tshark these key logs, joined, since it takes only one; nothing for none."""
    if not paths:
        return []
    name = "+".join(pathlib.Path(path).name for path in paths)
    joined = private_folder() / "captures" / name
    joined.write_bytes(b"\n".join(pathlib.Path(path).read_bytes() for path in paths))
    joined.chmod(0o644)
    return ["-o", f"tls.keylog_file:{joined}"]


def report(path, mode="one-pass", keys=(), damaged=False):
    """The parsed report of a capture, in one of MODES, with the key logs given: read once, however it is asked for."""
    return _report(path, mode, keys, damaged)


@functools.lru_cache(maxsize=1024)
def _report(path, mode, keys, damaged):
    result = run([*key_log(keys), "-r", readable(path), *MODES[mode], "-z", "webrtc,json"])
    require_clean(result, damaged)
    return parse_report(result.stdout, among_tree=mode == "tree")


def holds(path, display_filter):
    """True when tshark without the plugins finds a packet that the filter fits."""
    result = run(["-r", readable(path), "-Y", display_filter], plugins=False)
    require_clean(result)
    return bool(result.stdout.strip())


def text_report(path):
    """The report for people."""
    result = run(["-q", "-r", readable(path), "-z", "webrtc,report"])
    require_clean(result)
    return result.stdout
