# SPDX-License-Identifier: GPL-2.0-or-later
"""Small things that the parts of webrtc-audit share."""

import hashlib
import pathlib
import subprocess


class Trouble(Exception):
    """Something that ends the whole run, with a sentence for the user."""


def clean(text, most=2000):
    """Text that does not disturb a terminal or a page: what does not print shows its number."""
    shown = "".join(
        c if c.isprintable() else " " if c.isspace() else f"\\u{{{ord(c):04X}}}" for c in str(text)[: most + 1]
    )
    return shown if len(shown) <= most else shown[:most] + "…"


def digest(path):
    sha256, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            sha256.update(block)
            size += len(block)
    return {"name": str(path), "sha256": sha256.hexdigest(), "bytes": size}


def run_quietly(command):
    """The finished process, with what it said as text."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
                          check=False)


def said_of(error):
    """One line of what went wrong."""
    if getattr(error, "strerror", None):
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return clean(error) or type(error).__name__


def is_inside(name):
    """Whether a name that a stranger may have written stays in the folder it is looked for in."""
    if not isinstance(name, str) or not name or "\\" in name or "\0" in name:
        return False
    path = pathlib.PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and str(path) == name
