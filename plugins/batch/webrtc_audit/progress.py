# SPDX-License-Identifier: GPL-2.0-or-later
"""How far the work has come, and how long it will take."""

import os
import pathlib
import re

LARGE = 16 << 20  # bytes from which on it is told how far a file was read
WORTH_SAYING = 10  # seconds of work left, and done, from which on it is told how long it will take


def lasting(seconds):
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else (
        f"{seconds / 3600:.1f} h")


def rate(done, whole, seconds):
    """"40 of 200 MB, 4.0 MB/s, 40 s left"; nothing where that is too early to say or no longer of use."""
    if done <= 0 or seconds < WORTH_SAYING or (left := seconds * (whole - done) / done) < WORTH_SAYING:
        return ""
    return f"{done >> 20} of {whole >> 20} MB, {done / seconds / (1 << 20):.1f} MB/s, {lasting(left)} left"


def reading(child):
    """The large file that a process is reading, with how far it has come, where the system tells."""
    try:
        for link in pathlib.Path(f"/proc/{child.pid}/fd").iterdir():
            target = pathlib.Path(os.readlink(link))
            size = target.stat().st_size if target.is_file() else 0
            if size >= LARGE:
                about = pathlib.Path(f"/proc/{child.pid}/fdinfo/{link.name}").read_text(encoding="ascii")
                position = re.search(r"^pos:\s*(\d+)", about, re.MULTILINE)
                if position:
                    return target.name, int(position[1]), size
    except OSError:
        pass
    return None
