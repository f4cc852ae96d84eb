# SPDX-License-Identifier: GPL-2.0-or-later
"""Small things that the parts of webrtc-audit share."""

import hashlib
import importlib
import os
import pathlib
import subprocess

SEVERITIES = ("error", "warn", "note", "chat")
MOST_NAMED = 8  # files, calls or frames named in one line
program = pathlib.Path("webrtc-audit")  # the program itself, which says where it lies


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


def part(name):
    """A module that most runs do without: to load all of them takes as long as to audit a small capture."""
    return importlib.import_module(name)


def some(texts):
    """The first few of many."""
    more = len(texts) - MOST_NAMED
    return ", ".join(map(str, texts[:MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


def write_file(name, write, *arguments, **how):
    """A report takes its place when it is whole: interrupted, what was there before remains."""
    path = pathlib.Path(name)
    device = path.exists() and not path.is_file()  # or a pipe
    part = path if device else path.resolve().with_name(f"{path.name}.{os.getpid()}.part")
    try:
        # A name of a file need not be text; what is no text shows its number.
        with open(part, "w", encoding="utf-8", errors="backslashreplace", **how) as out:
            write(out, *arguments)
        if not device:
            part.replace(path.resolve())
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Trouble(f"cannot write {name}: {error.strerror}") from error
    finally:
        if not device:
            part.unlink(missing_ok=True)
