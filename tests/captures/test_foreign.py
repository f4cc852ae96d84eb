# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that have nothing to do with WebRTC, or nearly so: no crash, and no alarm.

WEBRTC_FOREIGN_CAPTURES names a folder of such captures, which is not part of the checkout.
"""

import pytest
import truth
import tshark

FOLDER = truth.folder("WEBRTC_FOREIGN_CAPTURES", "foreign/ndpi")
CAPTURES = sorted(p for p in FOLDER.rglob("*") if p.suffix in (".pcap", ".pcapng", ".cap")) if FOLDER else []


def test_foreign_captures_are_here():
    if not CAPTURES:
        pytest.skip("no foreign captures: WEBRTC_FOREIGN_CAPTURES names no folder with captures")


if CAPTURES:

    @pytest.mark.slow
    @pytest.mark.parametrize("capture", CAPTURES[:: 4 if tshark.QUICK else 1], ids=lambda path: path.name)
    def test_no_crash_and_no_alarm(capture):
        arguments = ["-q", "-r", tshark.readable(capture), "-z", "webrtc,json"]
        result = tshark.run(arguments)
        if tshark.crashed(result) and tshark.crashed(tshark.run(arguments[:3], plugins=False)):
            pytest.skip("tshark crashes on it without the plugins, too")
        tshark.require_clean(result, damaged=True)
        report = tshark.parse_report(result.stdout)
        alarms = [finding for finding in report.findings if finding["severity"] in ("error", "warn")]
        assert not alarms
        for description in report.descriptions:
            sections = description["sections"]
            assert any(section.get("fingerprints") or section.get("ice_ufrag") for section in sections), description
        assert not [session for session in report.sessions if session["severity"] in ("error", "warn")]
