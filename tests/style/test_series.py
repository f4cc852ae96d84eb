# SPDX-License-Identifier: GPL-2.0-or-later
"""What differs between series of Wireshark, and what a plugin should not need of it, stands in plugins/epan alone."""

import re

import pytest
import sources

EPAN = sources.TOP / "plugins/epan"
OUTSIDE = [path for path in sources.c() if EPAN not in path.parents]
ONLY_IN_EPAN = {
    "a series asked for by number": r"WIRESHARK_VERSION|WR_WIRESHARK|WR_HAVE_|wr_epan/series\.h",
    "a header of Wireshark's own": r"<epan/(prefs-int|sequence_analysis|.*-int|dissectors/.*)\.h>",
    "an inside of the tree": r"PTREE_DATA|PNODE_|FI_(GET|SET)_FLAG|->finfo\b",
    "an inside of the process": r"/proc/",
    "data of a packet without a named key": r"\bp_(add|get|set|remove)_proto_data\b|\bcurr_layer_num\b",
}


@pytest.mark.parametrize("what", ONLY_IN_EPAN)
def test_stands_in_epan_alone(what):
    assert len(OUTSIDE) > 100
    pattern = re.compile(ONLY_IN_EPAN[what])
    found = [f"{path.relative_to(sources.TOP)}:{n}: {line.strip()}" for path in OUTSIDE
             for n, line in enumerate(path.read_text().splitlines(), 1) if pattern.search(line)]
    assert not found


def test_no_series_is_asked_for_by_number():
    """In plugins/epan neither: a number says nothing of the series between, and what is asked of the headers does."""
    asked = re.compile(r"^\s*#\s*(el)?if.*(WIRESHARK_VERSION|VERSION_(MAJOR|MINOR))", re.M)
    assert not [path for path in sources.c() if asked.search(path.read_text())]
