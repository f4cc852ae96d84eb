# SPDX-License-Identifier: GPL-2.0-or-later
"""Lets these tests use the helpers of the other folders."""

import pathlib
import sys

for name in ("captures", "batch"):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / name))
