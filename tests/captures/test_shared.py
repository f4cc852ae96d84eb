# SPDX-License-Identifier: GPL-2.0-or-later
"""The larger set of captures with known truth, which is not part of the checkout.

WEBRTC_SHARED_CAPTURES names its folder, which holds the captures, their key logs and one truth.json.
"""

import subprocess

import disorder
import pytest
import truth
import tshark

ENTRIES = truth.shared_entries()


def test_shared_captures_are_here():
    if not ENTRIES:
        pytest.skip("no shared captures: WEBRTC_SHARED_CAPTURES names no folder with a truth.json")
    missing = [entry["capture"] for entry in ENTRIES if not (entry["folder"] / entry["capture"]).is_file()]
    assert not missing


if ENTRIES:

    @pytest.mark.parametrize("entry", ENTRIES, ids=truth.name)
    @pytest.mark.parametrize("mode", tshark.MODES)
    def test_verdict(entry, mode):
        truth.check(entry, mode)

    @pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry["key_logs"]], ids=truth.name)
    def test_verdict_with_keys(entry):
        if "session_with_keys_44" in entry and tshark.series() < (4, 4):
            pytest.skip("DTLS 1.3 is decrypted by Wireshark 4.4 and later")
        truth.check(entry, "one-pass", with_keys=True)

    @pytest.mark.slow
    @pytest.mark.parametrize("entry", ENTRIES[::4 if tshark.QUICK else 1], ids=truth.name)
    def test_datagrams_out_of_order(entry, tmp_path):
        shuffled = tmp_path / entry["capture"]
        disorder.shuffle_datagrams(entry["folder"] / entry["capture"], shuffled, seed=2)
        truth.check({**entry, "folder": tmp_path}, "one-pass")

    @pytest.mark.slow
    @pytest.mark.parametrize("entry", ENTRIES[::4 if tshark.QUICK else 1], ids=truth.name)
    def test_merged_with_another_call(entry, tmp_path):
        """The other call, of other stacks, has a verdict of its own."""
        other = truth.OWN / ("ff-pion.A.pcapng" if "pion" not in entry["capture"] else "cr-ff12.A.pcapng")
        subprocess.run(["mergecap", "-w", tmp_path / entry["capture"], entry["folder"] / entry["capture"], other],
                       check=True)
        verdicts = [session["verdict"] for session in tshark.report(tmp_path / entry["capture"]).sessions]
        assert "VERIFIED-LEG" in verdicts
        verdicts.remove("VERIFIED-LEG")
        alone = [session["verdict"] for session in tshark.report(entry["folder"] / entry["capture"]).sessions]
        assert sorted(verdicts) == sorted(alone)
