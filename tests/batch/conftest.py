# SPDX-License-Identifier: GPL-2.0-or-later
"""Lets these tests use the helpers of tests/captures."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "captures"))
