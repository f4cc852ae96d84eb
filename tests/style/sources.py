# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of the checkout, by what they are written in."""

import functools
import pathlib

TOP = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = (".ci", "plugins", "tests", "test-captures")
NOT_OURS = {"node_modules", "__pycache__"}


@functools.cache
def everything():
    found = [path for folder in FOLDERS for path in sorted((TOP / folder).rglob("*")) if path.is_file()]
    return [path for path in found if not NOT_OURS & set(path.parts)]


def written_in(suffixes, interpreters=()):
    """Files with one of these endings, or whose first line names one of these programs."""
    return [path for path in everything() if path.suffix in suffixes or interpreter_of(path) in interpreters]


@functools.cache
def interpreter_of(path):
    """ "bash" of #!/bin/bash, "python3" of #!/usr/bin/env python3, else None."""
    with path.open("rb") as file:
        first = file.readline(100)
    if not first.startswith(b"#!"):
        return None
    return first.decode(errors="replace").split()[-1].rpartition("/")[2]


def c():
    return written_in({".c", ".h"})


def python():
    return written_in({".py"}, {"python3"})


def shell():
    return written_in({".sh"}, {"bash", "sh"})
