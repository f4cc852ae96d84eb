# SPDX-License-Identifier: GPL-2.0-or-later
"""Verdicts bear what happens to captures: merged with an unrelated one, and packets out of order by less than 100 ms."""

import random
import struct
import subprocess

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


def blocks(data):
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack("<II", data[at:at + 8])
        yield kind, data[at:at + length]
        at += length


def shuffle_datagrams(source, target, seed):
    """UDP packets change places with what follows within 100 ms; times stay. TCP keeps its order: Wireshark would take
    segments out of order for lost ones."""
    draw, head, packets = random.Random(seed), [], []
    for kind, block in blocks(source.read_bytes()):
        if kind != 6:  # Enhanced Packet Block
            (head if not packets else packets).append(block if not packets else (packets[-1][0], len(packets), block))
            continue
        high, low = struct.unpack("<II", block[12:20])
        frame, when = block[28:], high << 32 | low
        scale = 1e9 if when > 1e17 else 1e6
        is_udp = frame[12:14] == b"\x08\0" and frame[23:24] == b"\x11"
        packets.append((when + (draw.random() * 0.1 * scale if is_udp else 0), len(packets), block))
    packets.sort(key=lambda p: p[:2])
    target.write_bytes(b"".join(head) + b"".join(p[2] for p in packets))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", PRESENT)
def test_datagrams_out_of_order_change_nothing(name, seed, tmp_path):
    shuffled = tmp_path / "shuffled.pcapng"
    shuffle_datagrams(truth.OWN / f"{name}.pcapng", shuffled, seed)
    assert verdicts(shuffled) == verdicts(truth.OWN / f"{name}.pcapng")
