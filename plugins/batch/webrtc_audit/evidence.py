# SPDX-License-Identifier: GPL-2.0-or-later
"""The evidence package of webrtc-audit: exhibits, reports, and a manifest that says what they were made from, by what,
and how; signed, where a key is given. docs/evidence.md says what is in it and why."""

import datetime
import getpass
import json
import os
import pathlib
import platform
import re
import shutil
import sys

from . import cover, pcapng, provenance, signature
from .common import Trouble, clean, digest, run_quietly, said_of
from .exhibits import make_exhibits, time_base
from .views import hints

FORMAT = "webrtc-audit evidence package 1"
MANIFEST, SIGNATURE, SUMS, PROVENANCE = "manifest.json", "manifest.json.p7s", "SHA256SUMS", "provenance.jsonld"
ERROR_RATES = pathlib.Path(__file__).with_name("error_rates.json")  # as tests/error_rates.py has measured them
# Of this user's Wireshark, what can change what is read from packets.
CONFIGURATION = ("preferences", "decode_as_entries", "disabled_protos", "enabled_protos", "heuristic_protos",
                 "webrtc_*")
# Records that say what was found; the origin names files and versions, which may differ where the same is found.
FOUND = ("description", "association", "session", "finding", "summary")


def load(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# ---- who made it ----


def lines_of(command):
    try:
        return run_quietly(command).stdout.splitlines()
    except OSError:
        return []


def named_digests(paths):
    found = []
    for path in sorted(set(paths)):
        try:
            found.append({**digest(path), "name": pathlib.Path(path).name})
        except OSError:
            continue
    return found


def own_digests(script):
    return named_digests([script, *pathlib.Path(__file__).parent.glob("*.py")])


def instruments(tshark, script):
    """Versions and digests of the programs, plugins and libraries that take part."""
    program = shutil.which(tshark) or tshark
    version = lines_of([program, "--version"])
    loaded = lines_of([program, "-G", "plugins"])
    plugins = [line.split("\t")[-1].strip() for line in loaded if line.startswith("webrtc")]
    libraries = []
    for each in [program, *plugins]:
        libraries += re.findall(r"(?:=>)?\s(/\S+) \(0x", "\n".join(lines_of(["ldd", each])))
    return {"tshark": {"version": version[0] if version else "unknown", **(named_digests([program]) or [{}])[0]},
            "plugins": named_digests(plugins), "libraries": named_digests(libraries),
            "webrtc_audit": own_digests(script), "python": platform.python_version()}


def preferences_set(tshark):
    """What this user's Wireshark has set otherwise than by default: the lines that -G currentprefs does not comment
    out."""
    lines = lines_of([tshark, "-G", "currentprefs"])
    # What a window last showed, and what was asked for with -o, says nothing about packets.
    names = re.compile(r"^(?!gui\.|capture\.|console\.|print\.|column|nameres\.)[a-z0-9_.-]+:", re.IGNORECASE)
    return [clean(line, 500) for line in lines if names.match(line)]


def configuration(tshark):
    """Digests of those of this user's configuration files that are there."""
    told = [line.partition(":") for line in lines_of([tshark, "-G", "folders"])]
    folder = next((place.strip() for name, _, place in told if name == "Personal configuration"), None)
    if not folder:
        return []
    return named_digests(path for pattern in CONFIGURATION for path in pathlib.Path(folder).glob(pattern)
                         if path.is_file())


def error_rates():
    """With the versions that they were measured with, which may be others than those in use."""
    try:
        return json.loads(ERROR_RATES.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "not known here: the file with what was measured is not installed"


# ---- writing it ----


def check(options, folder):
    """Everything that can be known to fail before the work begins."""
    target = pathlib.Path(options.evidence)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Trouble(f"cannot write {options.evidence}: it is there, and an evidence package takes no other's place")
    parent = target.resolve().parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise Trouble(f"cannot write {options.evidence}")
    if not shutil.which(options.editcap):
        raise Trouble(f"cannot run {options.editcap}, which --evidence needs")
    if options.sign_key:
        for name in (options.sign_key, options.sign_cert):
            if not os.path.isfile(name) or not os.access(name, os.R_OK):
                raise Trouble(f"cannot read {name}")
        signature.check(options.sign_key, options.sign_cert, folder)


def plain_name(path):
    """The name for a copy: what no shell, no other system and no list of digests reads otherwise."""
    return re.sub(r"[^\w.,+=@ -]", "_", pathlib.Path(path).name, flags=re.ASCII)[-120:]


class Inputs:
    """Every file that was read, once, with a number."""

    def __init__(self, folder, copied):
        self.folder, self.copied = folder, copied
        self.list, self.known = [], {}

    def add(self, kind, path, seen=None):
        key = str(pathlib.Path(path).resolve())
        if key not in self.known:
            entry = {"id": f"i{len(self.list) + 1}", "kind": kind, **digest(path)}
            if seen and seen["sha256"] != entry["sha256"]:
                raise Trouble(f"{path} changed while it was read")
            if self.copied:
                entry["copy"] = f"inputs/{entry['id']}/{plain_name(path)}"
                (self.folder / entry["copy"]).parent.mkdir(parents=True)
                shutil.copyfile(path, self.folder / entry["copy"])
            self.known[key] = entry["id"]
            self.list.append(entry)
        return self.known[key]

    def embedded(self, capture, reader):
        for secrets in reader.secrets:
            self.list.append({"id": f"i{len(self.list) + 1}", "kind": "embedded-secrets", "in": capture, **secrets})


# What the manifest holds of each call: the verdict, how far that carries, and what else would show the same.
HELD = ("verdict", "severity", "statement", "plain", "weakest_link", "alternatives", "unknown", "limits", "advice",
        "safety_number")


def verdicts(job, number, exhibits):
    for session in job.sessions:
        yield {"job": number, "call": session["id"], **{key: session[key] for key in HELD if key in session},
               "exhibit": exhibits.get(session["id"])}


def describe_job(package, number, job, inputs, editcap):
    """Copies its reports, makes its exhibits, and returns what the manifest says of it."""
    entry = {"number": number, "name": job.name, "captures": [], "command": job.command,
             "key_logs": [inputs.add("key-log", path) for path in job.keys],
             "statements": [inputs.add("statement", path) for path in job.statements], "time": []}
    if job.problem:
        entry["problem"] = job.problem
    seen = {source["name"]: source for source in job.sources}
    for path in job.captures:
        if path.is_file():
            entry["captures"].append(inputs.add("capture", path, seen.get(str(path))))
    if not job.records or not job.summary:
        return entry, []
    shutil.copyfile(job.records, package / "reports" / f"{number:04}.ndjson")
    exhibits = {}
    if job.captures:
        records = load(job.records)
        exhibits, about = make_exhibits(package, job, number, job.read, records, editcap)
        entry["clock_offsets"] = [point for record in records[:1] for point in record.get("vantage_points", [])
                                  if "clock_offset_us" in point]
        for identity, (reader, problem) in zip(entry["captures"], about):
            entry["time"].append({"capture": identity, **time_base(reader),
                                  **({"problem": problem} if problem else {})})
            inputs.embedded(identity, reader)
    return entry, list(verdicts(job, number, exhibits))


def views_of(jobs):
    """What the manifest says of calls of several captures that may be one."""
    found, left = hints(jobs)
    return [f"{hint['text']} Judge them together: {hint['command']}" for hint in found] + [left] * bool(left)


def host():
    return {"host": platform.node(), "user": getpass.getuser(), "system": platform.platform()}


def files_of(package):
    """Every file of a package, by its name in it, and every folder that is a link."""
    return sorted(path.relative_to(package).as_posix() for path in package.rglob("*")
                  if path.is_symlink() or not path.is_dir())


def write_sums(package):
    text = sums(package, [name for name in files_of(package) if name != SUMS])
    (package / SUMS).write_text(text, encoding="utf-8")


def sums(package, names):
    """As sha256sum writes and checks them."""
    return "".join(f"{digest(package / name)['sha256']}  {name}\n" for name in names)


def entries_of(package):
    return [{**digest(package / name), "name": name} for name in files_of(package)]


def write_manifest(package, manifest):
    manifest["files"] = entries_of(package)
    (package / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def provenance_of(manifest, entries):
    """The text of that file; entries: of all files but itself."""
    return json.dumps(provenance.graph_of(manifest, entries), indent=1) + "\n"


def make(options, jobs, tool, words, script, skipped, write_reports):
    """The whole package, which takes its place when it is whole. write_reports writes those of all jobs to a folder."""
    target = pathlib.Path(options.evidence).resolve()
    package = target.with_name(f"{target.name}.{os.getpid()}.part")
    began = datetime.datetime.now(datetime.timezone.utc)
    try:
        for name in ("exhibits", "reports"):
            (package / name).mkdir(parents=True)
        inputs = Inputs(package, options.with_inputs)
        manifest = {"format": FORMAT, "case": options.case, "examiner": options.examiner,
                    "made": f"{began:%Y-%m-%dT%H:%M:%SZ}", **(host() if options.with_host else {}),
                    "command": list(words),
                    "settings": {"preferences": options.preference, "merge": options.merge,
                                 "severity": options.severity}, "skipped": list(map(str, skipped)),
                    "versions": tool, "instruments": instruments(options.tshark, script),
                    "preferences_set": preferences_set(options.tshark),
                    "configuration": configuration(options.tshark), "error_rates": error_rates(),
                    "jobs": [], "verdicts": []}
        for number, job in enumerate(jobs, 1):
            entry, held = describe_job(package, number, job, inputs, options.editcap)
            manifest["jobs"].append(entry)
            manifest["verdicts"] += held
        manifest["inputs"] = inputs.list
        manifest["views"] = views_of(jobs)
        write_reports(package / "reports")
        manifest["signature"] = SIGNATURE if options.sign_key else None
        cover.write(package, manifest)
        (package / PROVENANCE).write_text(provenance_of(manifest, entries_of(package)), encoding="utf-8")
        write_manifest(package, manifest)
        if options.sign_key:
            signature.sign(options.sign_key, options.sign_cert, package / MANIFEST, package / SIGNATURE)
        write_sums(package)
        package.replace(target)
    except (pcapng.Malformed, OSError, ValueError) as error:
        raise Trouble(f"cannot make the evidence package: {said_of(error)}") from error
    finally:
        shutil.rmtree(package, ignore_errors=True)
    print(f"evidence package {clean(options.evidence)}: sha-256 of {SUMS} {digest(target / SUMS)['sha256']}",
          file=sys.stderr)
    if not options.sign_key:
        print("webrtc-audit: the package is NOT SIGNED: whoever can write to it can make all its digests anew; "
              "keep that number "
              "elsewhere, or give --sign-key", file=sys.stderr)
