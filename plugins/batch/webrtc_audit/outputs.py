# SPDX-License-Identifier: GPL-2.0-or-later
"""Where reports go to."""

import os
import pathlib
import shutil
import sys

from . import common
from .common import Trouble, part, write_file
from .page import write_html
from .reports import write_text
from .tables import write_csv, write_ndjson

OUTPUTS = ("text", "ndjson", "csv", "ecs", "zeek", "ocsf")  # options that name a file to be written


def check_outputs(options):
    """What is to be written must be writable before hours of work, not after them."""
    named = set()
    for name in filter(None, (getattr(options, output) for output in OUTPUTS)):
        path = pathlib.Path(name)
        place = name if name == "-" else path.resolve()
        if place in named and not path.is_char_device():
            raise Trouble(f"two reports cannot go to {'standard output' if name == '-' else name}")
        named.add(place)
        if name == "-":
            continue
        if path.is_dir():
            raise Trouble(f"cannot write {name}: it is a folder")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise Trouble(f"cannot write {name}")
    if options.html:  # made when there is something to be put into it
        place = pathlib.Path(options.html).absolute()
        while not place.exists() and place != place.parent:
            place = place.parent
        if not place.is_dir() or not os.access(place, os.W_OK):
            raise Trouble(f"cannot write {options.html}")


def write_reports(jobs, runner, options, skipped):
    def to(name, write, *arguments, **how):
        if name == "-":
            write(sys.stdout, *arguments)
            sys.stdout.flush()
        else:
            write_file(name, write, *arguments, **how)

    tool = runner.tool
    if options.html:
        write_html(options.html, jobs, tool, skipped, runner.alarming)
    if options.ndjson:
        to(options.ndjson, write_ndjson, jobs, tool, skipped)
    if options.csv:
        to(options.csv, write_csv, jobs, newline="")
    write_pipelines(jobs, tool, options, to)
    if options.text or not any((options.html, options.evidence, *(getattr(options, output) for output in OUTPUTS))):
        to(options.text or "-", write_text, jobs, tool, options.full, skipped, runner.alarming)


def write_pipelines(jobs, tool, options, to):
    if not (options.ecs or options.zeek or options.ocsf):
        return
    pipelines, evidence = part("webrtc_audit.pipelines"), part("webrtc_audit.evidence")
    for name, write in ((options.ecs, pipelines.write_ecs), (options.zeek, pipelines.write_zeek),
                        (options.ocsf, pipelines.write_ocsf)):
        if name:
            # One capture's records at a time are held.
            to(name, write, (pipelines.Capture(job.name, evidence.load(job.records)) for job in jobs if job.records),
               tool)


def reports_of_package(jobs, runner, skipped):
    """What writes the reports for people of an evidence package into a folder."""
    def write_into(folder):
        folder.mkdir(exist_ok=True)
        for number, job in enumerate(jobs, 1):
            if job.text and job.summary:
                shutil.copyfile(job.text, folder / f"{number:04}.txt")
        write_html(folder, jobs, runner.tool, skipped, runner.alarming)
        write_file(folder / "calls.csv", write_csv, jobs, newline="")
        write_file(folder / "summary.txt", write_text, jobs, runner.tool, True, skipped, runner.alarming)

    return write_into


def write_package(jobs, runner, options, words, skipped):
    """The evidence package, with the reports of all jobs in it."""
    part("webrtc_audit.evidence").make(options, jobs, runner.tool, words, common.program, skipped,
                                       reports_of_package(jobs, runner, skipped))
