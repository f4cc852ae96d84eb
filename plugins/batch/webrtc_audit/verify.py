# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks an evidence package: its digests, its signature, and its analysis, which is run again. The package is a
stranger's: names in it lead nowhere else, and of its settings only those are used that bear on verdicts."""

import datetime
import json
import os
import pathlib
import re
import tempfile

from . import cover, evidence, exhibits, pcapng, signature
from .common import Trouble, clean, digest, is_inside, said_of

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


def strays(package):
    """Empty folders that no package has: those of exhibits and reports may be empty."""
    return {path.relative_to(package).as_posix() for path in package.rglob("*")
            if path.is_dir() and not path.is_symlink() and not any(path.iterdir())} - {"exhibits", "reports"}


def check_files(package, manifest):
    """Each file is there, is what the manifest says, and no other is."""
    listed = {}
    for entry in manifest["files"]:
        if not is_inside(entry["name"]) or entry["name"] in listed:
            raise Broken(f"the manifest names a file {clean(entry['name'], 100)}")
        listed[entry["name"]] = entry
    around = [evidence.MANIFEST, evidence.SUMS] + [evidence.SIGNATURE] * bool(manifest["signature"])
    there, wanted = set(evidence.files_of(package)) | strays(package), set(listed) | set(around)
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


def check_signature(package, manifest, signer):
    """Status and a line about the signature. Whose it is, only the certificate given can say."""
    found = signature.verify(package / evidence.MANIFEST, package / evidence.SIGNATURE, signer)
    if not found:
        raise Broken("the signature does not fit the manifest" + (" and this certificate" if signer else ""))
    whose, times = found
    line = f"signature: fits the manifest, {whose}" + (
        "" if signer else "; whose certificate that is must be known from elsewhere")
    made = datetime.datetime.fromisoformat(manifest["made"].replace("Z", "+00:00"))
    if not times or not times[0] <= made <= times[1]:
        raise Broken("the signature's certificate was not valid when the package says that it was made, "
                     f"{clean(manifest['made'], 40)}" + (f": it is from {signature.shown(times)}" if times else ""))
    if times[1] < datetime.datetime.now(datetime.timezone.utc):
        return UNKNOWN, (f"{line}; its certificate ended on {times[1]:%Y-%m-%d}: that it was signed before, a time "
                         "stamp has to show")
    return HOLDS, line


def candidates(package, entry, paths):
    """Files that may be an input: its copy, where it was, and those of its size in the folders given."""
    if is_inside(entry.get("copy", "")):
        yield package / entry["copy"]
    for path in paths:
        inside = [path] if path.is_file() else sorted(path.rglob("*")) if path.is_dir() else []
        yield from (each for each in inside if each.is_file() and each.stat().st_size == entry["bytes"])
    yield pathlib.Path(entry["name"])


def link_to(path, place):
    """The file under the name that it had, which reports have from the system, past a symbolic link."""
    if path.resolve().name != place.name:
        try:
            os.link(path.resolve(), place)
            return
        except OSError:  # another file system, or not ours
            pass
    place.symlink_to(path.resolve())


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
                link_to(path, place / name)
                found[entry["id"]] = place / name
                break
        else:
            missing.append(entry["name"])
    return found, missing


def found_in(path):
    return [record for record in evidence.load(path) if record.get("record") in evidence.FOUND]


def records_of(package, entry):
    """The records of a job in a package; None where it could not be read then."""
    path = package / f"reports/{int(entry['number']):04}.ndjson"
    return found_in(path) if path.is_file() else None


def differing_records(package, manifest, jobs):
    """What the package says was found, and is not found now."""
    for entry, job in zip(manifest["jobs"], jobs):
        then = records_of(package, entry)
        if then is None:
            if not job.problem:
                yield f"{clean(entry['name'])}: could not be read then, and can now"
            continue
        now = found_in(job.records) if job.records else []
        if then == now:
            continue
        of_calls = [[(record["id"], record["verdict"]) for record in records if record["record"] == "session"]
                    for records in (then, now)]
        first = next((a for a, b in zip(then, now) if a != b), {"record": "record", "id": "that one of them lacks"})
        yield (f"{clean(entry['name'])}: {len(then)} records then and {len(now)} now; verdicts are "
               + ("the same" if of_calls[0] == of_calls[1] else "others")
               + f"; the first that differs is a {clean(first['record'], 20)} "
               + clean(first.get("id", first.get("check", "")), 40))


def check_verdicts(package, manifest):
    """What the manifest holds of each call is what the records say."""
    held = {(each["job"], each["call"]): each for each in manifest["verdicts"]}
    said = {(entry["number"], record["id"]): record for entry in manifest["jobs"]
            for record in records_of(package, entry) or [] if record["record"] == "session"}
    if len(held) != len(manifest["verdicts"]) or held.keys() != said.keys():
        raise Broken("the manifest's verdicts are of other calls than its records")
    for key, each in held.items():
        for name in evidence.HELD:
            if each.get(name) != said[key].get(name):
                raise Broken(f"the manifest has another {name} of call {clean(key[1], 40)} than its records")


def check_cover(package, manifest, script):
    """A line about the cover, which is the manifest in words."""
    if manifest["instruments"]["webrtc_audit"] != evidence.own_digests(script):
        return "cover: not compared with the manifest, since another webrtc-audit made it"
    for name in cover.differing(package, manifest):
        raise Broken(f"{name} is not what the manifest says")
    return "cover: says what the manifest says"


def packets_of(path):
    with open(path, "rb") as file:
        return [packet.shown() for packet in pcapng.Reader(file).packets()]


def differing_exhibits(package, manifest, jobs, again, editcap):
    """Exhibits that do not show the frames cited. again: an empty folder."""
    (again / "exhibits").mkdir()
    held = {(each["job"], each["call"]): each["exhibit"] for each in manifest["verdicts"]}
    told = {}
    for entry, job in zip(manifest["jobs"], jobs):
        if not job.captures or not job.records or not job.summary:
            continue
        made, _ = exhibits.make_exhibits(again, job, entry["number"], job.read, evidence.load(job.records), editcap)
        told |= {(entry["number"], call): exhibit for call, exhibit in made.items()}
    for key, exhibit in held.items():
        if exhibit != told.get(key):
            yield f"the exhibit of call {key[1]}"
    there, now = ({path.name for path in (folder / "exhibits").glob("*")} for folder in (package, again))
    yield from (f"exhibits/{name}" for name in sorted(there ^ now))
    for name in sorted(there & now):
        try:
            if packets_of(package / "exhibits" / name) != packets_of(again / "exhibits" / name):
                yield f"exhibits/{name}"
        except pcapng.Malformed:
            yield f"exhibits/{name}"


def differing_reports(package, manifest, again):
    """Reports, and the provenance, that are others than those made now in the folder again."""
    for path in sorted(again.iterdir()):
        there = package / "reports" / path.name
        if not there.is_file() or there.read_bytes() != path.read_bytes():
            yield f"reports/{path.name}"
    entries = [entry for entry in manifest["files"] if entry["name"] != evidence.PROVENANCE]
    if (package / evidence.PROVENANCE).read_text(encoding="utf-8") != evidence.provenance_of(manifest, entries):
        yield evidence.PROVENANCE


def same_instruments(manifest, tshark, script):
    """Whether reports must be the same to the last byte."""
    then, now = manifest["instruments"], evidence.instruments(tshark, script)
    return all(then[name] == now[name] for name in ("tshark", "plugins", "webrtc_audit"))


def settings(manifest, given):
    """The preferences to be used, and those that this user would have to give himself."""
    told = [text for text in manifest["settings"]["preferences"] if isinstance(text, str)]
    used = [text for text in told if USED.match(text)]
    return used + [text for text in given if text not in used], [t for t in told if t not in used and t not in given]


def check_analysis(package, manifest, options, make_jobs):
    """Runs it again. make_jobs(folder, list of (name, captures, keys, statements), manifest, preferences) returns
    finished jobs, the versions in use, and what writes their reports into a folder."""
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
        jobs, tool, write_reports = make_jobs(pathlib.Path(folder), asked, manifest, preferences)
        others = "" if tool == manifest["versions"] else (
            f" (then plugins {clean(manifest['versions']['plugins'], 40)} in Wireshark "
            f"{clean(manifest['versions']['wireshark'], 40)}, now {tool['plugins']} in {tool['wireshark']})")
        for difference in differing_records(package, manifest, jobs):
            return DIFFERS, f"analysis: DIFFERS{others}: {difference}"
        if evidence.views_of(jobs) != manifest.get("views", []):
            return DIFFERS, f"analysis: DIFFERS{others}: other calls may be views of one than the manifest says"
        again = pathlib.Path(folder) / "again"
        again.mkdir()
        for name in differing_exhibits(package, manifest, jobs, again, options.editcap):
            return DIFFERS, f"analysis: DIFFERS{others}: {clean(name, 200)} is not what is cited"
        why = ("an input has another name now" if any(path.resolve().name != path.name for path in found.values()) else
               "a capture could not be read whole" if any(job.problem for job in jobs) else
               "" if same_instruments(manifest, options.tshark, options.script) else
               "they were made with other instruments")
        if why:
            return HOLDS, (f"analysis: run again, the same is found{others}, and shown in the exhibits; reports for "
                           f"people were not compared, since {why}")
        write_reports(again / "reports")
        for name in differing_reports(package, manifest, again / "reports"):
            return DIFFERS, f"analysis: DIFFERS: {clean(name, 200)} is not what is made now"
        return HOLDS, "analysis: run again, the same is found, and shown in exhibits and reports"


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
            status, line = check_signature(package, manifest, options.signer)
            print(line)
        elif options.signer:
            raise Broken("it is not signed")
        else:
            print("signature: none; whoever can write to the package can make all its digests anew")
        check_verdicts(package, manifest)
        print(check_cover(package, manifest, options.script))
        found, line = check_analysis(package, manifest, options, make_jobs)
        print(line)
        status = DIFFERS if DIFFERS in (status, found) else max(status, found)
    except Broken as error:
        print(f"NOT AS IT WAS MADE: {error}")
        return DIFFERS
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        print(f"NOT AS IT WAS MADE: the manifest does not hold together ({clean(repr(error), 100)})")
        return DIFFERS
    except OSError as error:
        raise Trouble(f"cannot read the package: {said_of(error)}") from error
    return status
