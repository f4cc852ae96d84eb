# SPDX-License-Identifier: GPL-2.0-or-later
"""Verdicts bear what happens to captures: merged with an unrelated one, and packets out of order by less than 100
ms."""

import subprocess

import disorder
import pytest
import truth
import tshark

NAMES = ["cr-aiortc.A", "cr-aiortc.sw", "cr-ff12.A", "cr-ff12.merged-ABS", "c-cr-ff12.B", "c-noverify-ndc-pion.A",
         "mitm-a2-wrtc-cr-cr.merged-AS", "relay-keep-ice-cr-cr.M", "relay-keep-origin-cr-cr.M", "relay-rewrite-cr-cr.M",
         "icerestart-cr-ff12.sw", "two-calls.A", "nobundle-cr-ff12.A", "whip-cr.A", "janus-http-ff12.A", "cr-cr.A"]
PRESENT = [n for n in NAMES if (truth.OWN / f"{n}.pcapng").exists()]


def verdicts(path):
    return sorted(s["verdict"] for s in tshark.report(path).of("session"))


@pytest.mark.parametrize("name", PRESENT)
def test_an_unrelated_call_in_the_same_capture_changes_nothing(name, tmp_path):
    one = truth.OWN / f"{name}.pcapng"
    other = truth.OWN / ("ff-pion.A.pcapng" if "pion" not in name else "cr-ff12.A.pcapng")
    merged = tmp_path / "merged.pcapng"
    subprocess.run(["mergecap", "-w", merged, one, other], check=True)
    assert verdicts(merged) == sorted(verdicts(one) + verdicts(other))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", PRESENT)
def test_datagrams_out_of_order_change_nothing(name, seed, tmp_path):
    shuffled = tmp_path / "shuffled.pcapng"
    disorder.shuffle_datagrams(truth.OWN / f"{name}.pcapng", shuffled, seed)
    assert verdicts(shuffled) == verdicts(truth.OWN / f"{name}.pcapng")
