#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints docs/fields.md, the field reference, as the plugins themselves tell it (tshark -G fields)."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "captures"))
import tshark  # noqa: E402

PROTOCOLS = ("webrtc", "webrtc_signal", "webrtc_hep", "webrtc_sdp", "webrtc_ice", "webrtc_dtls",
             "webrtc_sframe")
# Some hundred expert fields, for which one row stands.
OF_CHECKS = re.compile(r"webrtc\.finding\.[a-z]+\d\d\.(chat|note|warn|error)$")
IN_PLACE = ("webrtc.finding.dtls01.error", "NONE", "DTLS-01: The server's certificate is not the one announced",
            "and so for each check of checks.md and each severity that its findings can have")
HEAD = "# Fields\n\nAll display filter fields of the plugins, made by `tests/docs/fields.py`; do not edit by hand.\n"


def page():
    result = tshark.run(["-G", "fields"])
    tshark.require_clean(result)
    rows = [line.split("\t") for line in result.stdout.splitlines() if line.startswith("F\t")]
    parts = [HEAD]
    for protocol in PROTOCOLS:
        own = {(row[2], row[3].removeprefix("FT_"), row[1], row[7] if len(row) > 7 else "")
               for row in rows if row[4] == protocol}
        of_checks = {row for row in own if OF_CHECKS.match(row[0])}
        own = sorted(own - of_checks) + ([IN_PLACE] if of_checks else [])
        parts.append(f"\n## {protocol}\n\n| field | type | name | meaning |\n| --- | --- | --- | --- |\n")
        parts += ["| `{}` | {} | {} | {} |\n".format(*(cell.replace("|", "\\|") for cell in row)) for row in own]
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
