# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs tshark, and what stands before it, over jobs: merging, thinning, key logs, digests."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

from . import common, kept
from .common import SEVERITIES, Trouble, clean, digest, part
from .job import release
from .progress import rate, reading

THINNED_FROM = 16 << 20  # bytes of a capture that is thinned unasked
# Seconds between the packets of a stream of media that are looked at; those around all that happens stay anyway.
SAMPLE = 5
# What tshark says on standard error that is not about the capture.
CHATTER = re.compile(r"^(Running as user |\s*$)")


def check_tshark(tshark):
    """The versions in use; ends the run when the plugins are not there."""
    try:
        version, plugins = (subprocess.run([tshark, *words], capture_output=True, encoding="utf-8", check=False)
                            for words in (["--version"], ["-G", "plugins"]))
    except OSError as error:
        raise Trouble(f"cannot run {tshark}: {error.strerror}") from error
    found = re.search(r"^webrtc\.so\s+(\S+)", plugins.stdout, re.MULTILINE)
    if not found:
        raise Trouble("this tshark has not loaded the WebRTC plugins. Run plugins/quickstart.sh; root's tshark loads "
                      "none that are installed for one user.")
    return {"plugins": found[1], "wireshark": release(version.stdout)}


def quoted(text):
    """A text as a cell of Wireshark's tables."""
    cells = [c if c.isascii() and c.isprintable() and c not in '"\\' else
             "".join(f"\\x{byte:02x}" for byte in c.encode("utf-8", "surrogateescape")) for c in text]
    return '"' + "".join(cells) + '"'


def statement_options(paths):
    """What makes tshark read these files."""
    words = []
    for path in paths:
        words += ["-o", f'uat:webrtc_statements:{quoted(str(path.absolute()))},"","",""']
    return words


class Digests:
    """Of a job's captures. Where there is another core, they are made while tshark reads."""

    def __init__(self, job):
        self.job, self.made = job, None

    def begin(self):
        """Nothing, where they are known already."""
        if self.made is None and not self.job.sources:
            beside = concurrent.futures.ThreadPoolExecutor(1)
            self.made = beside.submit(lambda: [digest(path) for path in self.job.captures])
            beside.shutdown(wait=False)

    def result(self):
        self.begin()
        return self.made.result() if self.made else self.job.sources


def own_thin():
    """webrtc-thin beside this program, else the one in PATH."""
    beside = common.program.with_name("webrtc-thin")
    return str(beside) if beside.is_file() else "webrtc-thin"


class Runner:
    def __init__(self, options, folder):
        self.options, self.folder = options, pathlib.Path(folder)
        self.lock, self.done, self.total = threading.Lock(), 0, 0
        self.bytes_done, self.bytes_all, self.began = 0, 0, time.monotonic()
        self.children, self.stopped = set(), False
        self.alarming = SEVERITIES[: SEVERITIES.index(options.severity or "warn") + 1]
        self.versions, self.asking = None, threading.Lock()
        self.check_preferences()
        self.thin = self.find_thin()
        self.kept = None
        if options.resume:
            settings = [options.preference, options.merge, bool(options.html), bool(self.thin), bool(options.thin)]
            self.kept = kept.Kept(options.resume, options.tshark, settings)

    def ask(self):
        """The versions in use. The records of the first capture tell them: to ask tshark takes two more starts of it,
        half a second, so it is asked only where there are no records, and ends the run when it has no plugins."""
        with self.asking:
            if not self.versions:
                self.versions = check_tshark(self.options.tshark)
            return self.versions

    @property
    def tool(self):
        return self.ask()

    def find_thin(self):
        """The program that thins, or None: large captures are thinned unasked, where it is there. Not for evidence,
        which is to be had from the captures themselves."""
        options = self.options
        if options.no_thin or options.evidence or options.verify:
            return None
        found = shutil.which(options.thin or own_thin())
        if options.thin and not found:
            raise Trouble(f"cannot run {options.thin}, which --thin needs")
        return found and os.path.abspath(found)

    def check_preferences(self):
        """Ends the run when tshark does not take what -o gives it: once, and not with each capture."""
        if not self.options.preference:
            return
        self.ask()  # what it says of a preference is of no use where there are no plugins
        empty = self.folder / "empty.pcap"
        empty.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
        command = [self.options.tshark, "-q", "-r", str(empty)]
        for setting in self.options.preference:
            command += ["-o", setting]
        status, said = self.call(command, self.folder, self.folder / "check")
        if status != 0:
            raise Trouble(said or f"tshark ended with {status}")

    def call(self, command, folder, output):
        """Runs a command and returns its status and what it said on standard error."""
        with open(output, "wb") as out, open(folder / "complaints", "w+", encoding="utf-8",
                                             errors="replace") as complaints:
            with self.lock:
                if self.stopped:
                    raise Trouble("interrupted")
                child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=complaints)
                self.children.add(child)
            try:
                status = self.wait_for(child)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                return -1, f"took longer than {self.options.timeout:g} seconds"
            finally:
                self.children.discard(child)
            complaints.seek(0)
            lines = [line.strip() for line in complaints if not CHATTER.match(line)]
        return status, " ".join(lines)[:500]

    def wait_for(self, child):
        """Its status; on a terminal, while it reads a large file, how far it has come."""
        if self.options.quiet or not sys.stderr.isatty():
            return child.wait(self.options.timeout)
        started, told = time.monotonic(), False
        while True:
            try:
                status = child.wait(1)
                break
            except subprocess.TimeoutExpired:
                if self.options.timeout and time.monotonic() - started > self.options.timeout:
                    raise
                if now := reading(child):
                    told = True
                    far = rate(*now[1:], time.monotonic() - started) or f"{now[1] >> 20} of {now[2] >> 20} MB"
                    with self.lock:
                        print(f"\r{clean(now[0], 60)}: {far}", end="\033[K",
                              file=sys.stderr, flush=True)
        if told:
            with self.lock:
                print("\r\033[K", end="", file=sys.stderr, flush=True)
        return status

    def stop(self):
        with self.lock:
            self.stopped = True
            for child in self.children:
                child.kill()

    def merged(self, job, folder):
        if not job.captures:
            target = folder / "no capture"  # one without packets
            target.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
            return target
        if len(job.captures) == 1:
            return job.captures[0].absolute()
        target = folder / "merged.pcapng"
        command = [self.options.mergecap, "-w", str(target)]
        # By names that do not tell where folders are: mergecap of 4.4 writes them into the file, whose digest is told.
        paths = [pathlib.Path(f"merge-{n}") / path.name for n, path in enumerate(job.captures)]
        for path, capture in zip(paths, job.captures):
            (folder / path).parent.mkdir()
            (folder / path).symlink_to(capture.absolute())
        status, said = self.call(command + list(map(str, paths)), folder, folder / "mergecap")
        if status != 0:
            paths = self.without_secrets(job, paths, folder)
            if paths:
                status, said = self.call(command + list(map(str, paths)), folder, folder / "mergecap")
        if status != 0:
            raise OSError(f"mergecap: {said}")
        return target

    def without_secrets(self, job, captures, folder):
        """mergecap of Wireshark 4.0 takes no capture that has secrets in it: copies without them, which are a key log
        of the job; None where that is not the reason."""
        found = [part("webrtc_audit.exhibits").parted(folder / path, folder / f"bare-{n}", folder / f"secrets-{n}")
                 for n, path in enumerate(captures)]
        if not any(found):
            return None
        job.secrets = [folder / f"secrets-{n}" for n, had in enumerate(found) if had]
        return [pathlib.Path(f"bare-{n}") if had else path for n, (had, path) in enumerate(zip(found, captures))]

    def key_log(self, job, folder):
        """tshark takes one key log, so several are joined."""
        keys = job.keys + job.secrets
        if len(keys) < 2:
            return ["-o", f"tls.keylog_file:{keys[0].absolute()}"] if keys else []
        joined = folder / "keys"
        with open(os.open(joined, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            for path in keys:
                out.write(path.read_bytes() + b"\n")
        return ["-o", f"tls.keylog_file:{joined}"]

    def is_to_be_thinned(self, job, capture):
        return bool(self.thin and job.captures and (self.options.thin or capture.stat().st_size >= THINNED_FROM))

    def thinned(self, job, capture, folder):
        """What makes tshark read a copy without the bulk of its media; the capture itself where keys verify all of it,
        and where webrtc-thin cannot read it to its end, for tshark may, and else says why."""
        whole = ["-r", str(capture)]
        asked = bool(self.options.thin)
        if not self.is_to_be_thinned(job, capture):
            return whole
        if job.keys:
            problem = "there is a key log, with which each packet of media is verified"
        else:
            target = folder / "thinned.pcapng"
            how = ["--sha256", "--number", "--sample", str(SAMPLE)]
            status, said = self.call([self.thin, *how, str(capture), str(target)], folder, folder / "thin")
            about = json.loads(said) if status == 0 else {}
            size, sha256 = about.pop("bytes", None), about.pop("sha256", None)
            if sha256 and [capture] == [path.absolute() for path in job.captures]:
                job.sources = [{"name": str(job.captures[0]), "sha256": sha256, "bytes": size}]
            problem = ("" if about.get("numbered") and not about["secrets"] else
                       "there are secrets in it, with which each packet of media is verified"
                       if about.get("secrets") else
                       "not all of its frames can be numbered as they are" if about else
                       said or f"webrtc-thin ended with {status}")
            if not problem:
                job.thinned = {key: value for key, value in about.items() if key not in ("numbered", "secrets")}
                return ["-r", str(target), "-o", "webrtc.frames_of_whole:TRUE"]
            target.unlink(missing_ok=True)
        if asked:
            job.thinned = {"problem": problem}
        return whole

    def split(self, job, output, folder):
        """The records and the text of tshark's output, which prints both: records begin with {"record"."""
        job.records, job.text = folder / "records", folder / "text"
        with open(output, encoding="utf-8", errors="replace") as lines, open(job.records, "w",
                                                                             encoding="utf-8") as records, \
                open(job.text, "w", encoding="utf-8") as text:
            for line in lines:
                if not line.startswith('{"record":'):
                    text.write(line)
                    continue
                records.write(line)
                job.take(json.loads(line), self.alarming)
        if not job.summary:
            raise OSError("tshark gave no report")

    def taken_up(self, job, key, folder):
        """Whether its result was kept, of an earlier run."""
        about = self.kept.find(key, folder)
        if about is None:
            return False
        try:
            for record in part("webrtc_audit.evidence").load(folder / "records"):
                job.take(record, self.alarming)
        except (ValueError, KeyError, TypeError):
            job.summary = {}
        if not job.summary:  # damaged: it is made again
            job.sessions, job.witnesses, job.findings, job.alarms, job.errors = [], [], {}, {}, {}
            return False
        job.records, job.text, job.thinned = folder / "records", folder / "text", about.get("thinned")
        return True

    def run(self, number, job):
        folder = self.folder / str(number)
        folder.mkdir()
        started = time.monotonic()
        sources = Digests(job)
        try:
            if self.kept:
                job.sources = sources.result()
            key = self.kept.key(job) if self.kept else None
            if key and self.taken_up(job, key, folder):
                self.versions = self.versions or job.tool
                job.seconds = time.monotonic() - started
                self.tell(job, "kept")
                return job
            if len(job.captures) != 1 or job.keys or not self.is_to_be_thinned(job, job.captures[0]):
                sources.begin()  # else they are had on the way
            capture = self.merged(job, folder)
            job.read = capture
            command = [self.options.tshark, "-q", *self.thinned(job, capture, folder), *self.key_log(job, folder)]
            sources.begin()
            command += statement_options(job.statements)
            # Wireshark's default gives up on what follows a segment that came too late.
            command += ["-o", "tcp.reassemble_out_of_order:TRUE"]
            for setting in self.options.preference:
                command += ["-o", setting]
            command += ["-z", "webrtc,json", "-z", "webrtc,report"]
            if self.options.html or self.options.evidence or self.options.verify:
                command += ["-z", "webrtc,html,page.html"]
            job.command = command
            status, said = self.call(command, folder, folder / "output")
            job.sources = sources.result()
            if status != 0:
                job.problem = said or f"tshark ended with {status}"
            self.split(job, folder / "output", folder)
            self.versions = self.versions or job.tool
            if key and not job.problem:
                self.kept.keep(key, folder, {"thinned": job.thinned})
        except (OSError, ValueError) as trouble:
            try:  # a capture that cannot be read itself, before all else
                error, job.sources = trouble, sources.result()
            except OSError as unreadable:
                error = unreadable
            if not job.summary:
                self.ask()  # where there are no plugins, no capture can be read
            job.problem = job.problem or (f"{error.strerror}: {error.filename}" if getattr(error, "strerror", None)
                                          else str(error))
        done = ["output", "keys", "merged.pcapng", "no capture", "mergecap", "thinned.pcapng", "thin"]
        secrets = [path.name for path in job.secrets]
        kept_for = {"keys", "no capture", *secrets} if self.options.evidence or self.options.verify else set()
        for name in done + [path.name for path in folder.glob("bare-*")] + secrets:
            # Exhibits are taken from what was read, and read again with the same keys.
            if not (name in kept_for or kept_for and folder / name == job.read):
                (folder / name).unlink(missing_ok=True)
        job.seconds = time.monotonic() - started
        self.tell(job)
        return job

    def tell(self, job, how=""):
        with self.lock:
            if self.stopped:  # what became of the others is said once
                return
            self.done += 1
            if self.options.quiet:
                return
            counts = ", ".join(f"{n} {verdict}" for verdict, n in job.summary.get("verdicts", {}).items())
            what = counts or ("no call" if job.summary else "not read")
            line = f"[{self.done}/{self.total}] {clean(job.name)}: {what} ({how or f'{job.seconds:.1f} s'})"
            if how:  # cost no time, and tells nothing of the rate
                self.bytes_all -= job.size()
            else:
                self.bytes_done += job.size()
            left = rate(self.bytes_done, self.bytes_all, time.monotonic() - self.began)
            print(line + (f"; {clean(job.problem)}" if job.problem else "") + (f"; {left}" if left else ""),
                  file=sys.stderr, flush=True)

    def run_all(self, jobs):
        self.total, self.began = len(jobs), time.monotonic()
        self.bytes_all = sum(job.size() for job in jobs)
        pool = concurrent.futures.ThreadPoolExecutor(max_workers=max(1, self.options.jobs))
        try:
            for future in [pool.submit(self.run, number, job) for number, job in enumerate(jobs)]:
                future.result()
        except KeyboardInterrupt:
            self.stop()
            kept = ("their results are kept, and --resume goes on from there" if self.options.resume else
                    "with --resume FOLDER results are kept, and the next run goes on from there")
            print(f"webrtc-audit: interrupted; {self.done} of {self.total} captures are done, and no report is "
                  f"written; {kept}", file=sys.stderr)
            raise
        finally:
            pool.shutdown(cancel_futures=True)
