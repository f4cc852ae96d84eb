# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks an evidence package: its digests, its signature, and its analysis, which is run again. The package is a
stranger's: names in it lead nowhere else, and of its settings only those are used that bear on verdicts."""

import json
import pathlib
import re
import tempfile

from . import evidence
from .common import Trouble, clean, digest, is_inside, run_quietly, said_of

HOLDS, DIFFERS, UNKNOWN = 0, 1, 2
MOST = 64 << 20  # bytes of a manifest
# Preferences of ours that name no file; and those of protocols beneath, which are numbers and switches.
USED = re.compile(r"^(webrtc(_[a-z]+)?\.(?!statistics_file)[a-z0-9_.]+|uat:webrtc_(?!statements)[a-z_]+"
                  r"|(tcp|udp|ip|ipv6|http|http2|websocket|stun|rtp)\.[a-z0-9_]+):")


class Broken(Exception):
    """The package is not what was made."""


def read_manifest(package):
    path = package / evidence.MANIFEST
    try:
        if path.is_symlink() or path.stat().st_size > MOST:
            raise Broken(f"{evidence.MANIFEST} is no manifest")
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Trouble(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise Broken(f"{evidence.MANIFEST} is no manifest: {clean(error, 100)}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != evidence.FORMAT:
        raise Broken(f"{evidence.MANIFEST} is not of the format \"{evidence.FORMAT}\"")
    return manifest


def check_files(package, manifest):
    """Each file is there, is what the manifest says, and no other is."""
    listed = {}
    for entry in manifest["files"]:
        if not is_inside(entry["name"]) or entry["name"] in listed:
            raise Broken(f"the manifest names a file {clean(entry['name'], 100)}")
        listed[entry["name"]] = entry
    around = [evidence.MANIFEST, evidence.SUMS] + [evidence.SIGNATURE] * bool(manifest["signature"])
    there, wanted = set(evidence.files_of(package)), set(listed) | set(around)
    for name in sorted(there ^ wanted):
        raise Broken(f"{clean(name, 200)} is " + ("missing" if name in wanted else "not of this package"))
    for name in sorted(there):
        if any(path.is_symlink() for path in (package / name, *(package / name).parents) if package in path.parents):
            raise Broken(f"{clean(name, 200)} is a link")
        if not (package / name).is_file():
            raise Broken(f"{clean(name, 200)} is no file")
    for name, entry in listed.items():
        found = digest(package / name)
        if (found["sha256"], found["bytes"]) != (entry["sha256"], entry["bytes"]):
            raise Broken(f"{clean(name, 200)} was changed")
    expected = evidence.sums(package, sorted(there - {evidence.SUMS}))
    if (package / evidence.SUMS).read_bytes() != expected.encode("utf-8"):
        raise Broken(f"{evidence.SUMS} does not have the digests of these files")


def signer_of(package, signer):
    """Verifies the signature; with the certificate given, or else with the one in it, which anybody may have made.
    Returns whose it says it is."""
    with tempfile.TemporaryDirectory(prefix="webrtc-audit-") as folder:
        found = pathlib.Path(folder) / "signer.pem"
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", package / evidence.SIGNATURE,
                   "-content", package / evidence.MANIFEST, "-noverify", "-signer", found, "-out", "/dev/null"]
        if signer:
            command += ["-nointern", "-certfile", signer]
        if run_quietly(command).returncode != 0:
            raise Broken("the signature does not fit the manifest" + (" and this certificate" if signer else ""))
        shown = run_quietly(["openssl", "x509", "-in", found, "-noout", "-subject", "-fingerprint", "-sha256"])
    return clean(", ".join(shown.stdout.splitlines()), 400)


def candidates(package, entry, paths):
    """Files that may be an input: its copy, where it was, and those of its size in the folders given."""
    if is_inside(entry.get("copy", "")):
        yield package / entry["copy"]
    for path in paths:
        inside = [path] if path.is_file() else sorted(path.rglob("*")) if path.is_dir() else []
        yield from (each for each in inside if each.is_file() and each.stat().st_size == entry["bytes"])
    yield pathlib.Path(entry["name"])


def find_inputs(package, manifest, paths, folder):
    """Id -> a link to the file with its digest, under the name it had; and names of those that are not found."""
    found, missing = {}, []
    for entry in manifest["inputs"]:
        if entry["kind"] == "embedded-secrets":
            continue
        name = pathlib.PurePosixPath(entry["name"]).name
        for path in candidates(package, entry, paths):
            try:
                fits = (path.is_file() and path.stat().st_size == entry["bytes"]
                        and digest(path)["sha256"] == entry["sha256"])
            except OSError:
                continue
            if fits:
                place = folder / f"input-{len(found)}"
                place.mkdir()
                (place / name).symlink_to(path.resolve())
                found[entry["id"]] = place / name
                break
        else:
            missing.append(entry["name"])
    return found, missing


def found_in(path):
    return [record for record in evidence.load(path) if record.get("record") in evidence.FOUND]


def compare(package, manifest, jobs):
    """Differences between what the package says was found and what is found now."""
    for entry, job in zip(manifest["jobs"], jobs):
        name = f"reports/{int(entry['number']):04}.ndjson"
        if not (package / name).is_file():
            if not job.problem:
                yield f"{clean(entry['name'])}: could not be read then, and can now"
            continue
        then, now = found_in(package / name), found_in(job.records) if job.records else []
        if then == now:
            continue
        of_calls = [[(record["id"], record["verdict"]) for record in records if record["record"] == "session"]
                    for records in (then, now)]
        first = next((a for a, b in zip(then, now) if a != b), {"record": "record", "id": "that one of them lacks"})
        yield (f"{clean(entry['name'])}: {len(then)} records then and {len(now)} now; verdicts are "
               + ("the same" if of_calls[0] == of_calls[1] else "others")
               + f"; the first that differs is a {first['record']} {first.get('id', first.get('check', ''))}")


def settings(manifest, given):
    """The preferences to be used, and those that this user would have to give himself."""
    told = [text for text in manifest["settings"]["preferences"] if isinstance(text, str)]
    used = [text for text in told if USED.match(text)]
    return used + [text for text in given if text not in used], [t for t in told if t not in used and t not in given]


def check_analysis(package, manifest, options, make_jobs):
    """Runs it again. make_jobs(folder, list of (name, captures, keys, statements), preferences) returns finished jobs,
    and the versions in use."""
    with tempfile.TemporaryDirectory(prefix="webrtc-audit-") as folder:
        found, missing = find_inputs(package, manifest, list(map(pathlib.Path, options.paths)), pathlib.Path(folder))
        if missing:
            return UNKNOWN, (f"analysis: not run again, since {len(missing)} of its inputs are not here, the first "
                             f"{clean(missing[0])}; name the folder that has them")
        preferences, left = settings(manifest, options.preference)
        if left:
            return UNKNOWN, (f"analysis: not run again, since it was made with {clean(left[0])}: give that by -o, if "
                             "you trust it")
        kinds = ("captures", "key_logs", "statements")
        asked = [(entry["name"], *([found[each] for each in entry[kind]] for kind in kinds))
                 for entry in manifest["jobs"]]
        jobs, tool = make_jobs(pathlib.Path(folder), asked, preferences)
        others = "" if tool == manifest["versions"] else (
            f" (then plugins {clean(manifest['versions']['plugins'], 40)} in Wireshark "
            f"{clean(manifest['versions']['wireshark'], 40)}, now {tool['plugins']} in {tool['wireshark']})")
        for difference in compare(package, manifest, jobs):
            return DIFFERS, f"analysis: DIFFERS{others}: {difference}"
        return HOLDS, f"analysis: run again, the same is found{others}"


def verify(options, make_jobs):
    """Prints a line for each part; returns the exit status."""
    package = pathlib.Path(options.verify).resolve()
    if not package.is_dir():
        raise Trouble(f"cannot read {options.verify}: no folder")
    status = HOLDS
    try:
        manifest = read_manifest(package)
        check_files(package, manifest)
        print(f"digests: those of the manifest, {len(manifest['files'])} files")
        if manifest["signature"]:
            whose = signer_of(package, options.signer)
            print(f"signature: fits the manifest, {whose}"
                  + ("" if options.signer else "; whose certificate that is must be known from elsewhere"))
        elif options.signer:
            raise Broken("it is not signed")
        else:
            print("signature: none; whoever can write to the package can make all its digests anew")
        status, line = check_analysis(package, manifest, options, make_jobs)
        print(line)
    except Broken as error:
        print(f"NOT AS IT WAS MADE: {error}")
        return DIFFERS
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        print(f"NOT AS IT WAS MADE: the manifest does not hold together ({clean(repr(error), 100)})")
        return DIFFERS
    except OSError as error:
        raise Trouble(f"cannot read the package: {said_of(error)}") from error
    return status
