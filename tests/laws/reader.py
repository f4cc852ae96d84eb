# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads many captures by one start of tshark (served.py), or by one start each where its library was not built."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "captures"))
import served  # noqa: E402
import tshark  # noqa: E402

import capture as captures  # noqa: E402

ARGUMENTS = ("-q", "-z", "webrtc,json")
MAX_SECONDS = 120


class Reader:
    """read() gives the report of a capture; with other arguments, another start."""

    def __init__(self, *arguments):
        self.server = served.Server(*ARGUMENTS, *arguments)

    def read(self, capture):
        """The report, or a TsharkError that says what went wrong."""
        captures.write(capture, self.server.input)
        if served.library() is None:
            result = tshark.run(self.server.words(), timeout=MAX_SECONDS)
        else:
            result = self.server.read()
        tshark.require_clean(result)
        return tshark.parse_report(result.stdout)

    def close(self):
        self.server.close()
