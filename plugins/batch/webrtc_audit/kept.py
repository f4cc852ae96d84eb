# SPDX-License-Identifier: GPL-2.0-or-later
"""Results of single captures that are kept in a folder, so that an interrupted run goes on where it was. A result
stands under a digest of all it follows from: contents of captures, key logs and statements, settings, tshark and
plugins."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import tempfile

from .common import Trouble, digest
from .evidence import lines_of, named_digests

FILES = ("records", "text", "page.html")


class Kept:
    def __init__(self, folder, tshark, settings):
        self.folder = pathlib.Path(folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise Trouble(f"cannot keep results in {folder}: it is no folder")
        place = self.folder if self.folder.exists() else self.folder.resolve().parent
        if not place.is_dir() or not os.access(place, os.W_OK):
            raise Trouble(f"cannot keep results in {folder}")
        loaded = [line.split("\t")[-1].strip() for line in lines_of([tshark, "-G", "plugins"])]
        self.common = [settings, lines_of([tshark, "--version"])[:1],
                       [entry["sha256"] for entry in named_digests(path for path in loaded if "webrtc" in path)]]

    def key(self, job):
        """Names count beside contents: they stand in the reports."""
        parts = [[(path.name, digest(path)["sha256"]) for path in paths] for paths in (job.keys, job.statements)]
        captures = [(pathlib.Path(source["name"]).name, source["sha256"]) for source in job.sources]
        return hashlib.sha256(json.dumps([self.common, captures, *parts]).encode()).hexdigest()

    def find(self, key, target):
        """Copies the files of a result to a folder; what else was kept of it, or None."""
        place = self.folder / key
        try:
            about = json.loads((place / "about.json").read_text(encoding="utf-8"))
            for name in FILES:
                if (place / name).is_file():
                    shutil.copyfile(place / name, target / name)
        except (OSError, ValueError):
            return None
        return about if isinstance(about, dict) and (target / FILES[0]).is_file() else None

    def keep(self, key, source, about):
        """A result takes its place when it is whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = pathlib.Path(tempfile.mkdtemp(prefix=f"{key[:16]}.", suffix=".part", dir=self.folder))
        try:
            for name in FILES:
                if (source / name).is_file():
                    shutil.copyfile(source / name, part / name)
            (part / "about.json").write_text(json.dumps(about), encoding="utf-8")
            with contextlib.suppress(OSError):  # the same capture, done twice at once
                part.replace(self.folder / key)
        finally:
            shutil.rmtree(part, ignore_errors=True)
