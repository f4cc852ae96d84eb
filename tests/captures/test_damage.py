# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures and key logs with damage done to them: nothing crashes. WEBRTC_DAMAGE_ROUNDS and WEBRTC_DAMAGE_SEED make it
longer and different."""

import os
import random
import struct

import packets
import pytest
import truth
import tshark

ROUNDS = int(os.environ.get("WEBRTC_DAMAGE_ROUNDS", "1" if tshark.QUICK else "3"))
SEED = int(os.environ.get("WEBRTC_DAMAGE_SEED", "1"))
ALL = truth.own_entries()
# A different sample for every seed; all of them when it is to take long.
OWN = ALL[SEED % 6::6] if ROUNDS <= 3 else ALL
KEYED = [entry for entry in OWN if entry["key_logs"]]
MODES = [["-q", "-z", "webrtc,json", "-z", "webrtc,report"], ["-2", "-V", "-z", "webrtc,json"]]


def blocks(data):
    """The blocks of a pcapng file (little-endian, as ours are)."""
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at:at + length]
        at += length


def damage(packet, source):
    """Flips, cuts, repeats, or overwrites a little of what lies behind the Ethernet and IP heads."""
    bad = bytearray(packet)
    begin = min(34, len(bad))
    for _ in range(source.choice((1, 1, 2, 8))):
        if len(bad) <= begin:
            break
        at = source.randrange(begin, len(bad))
        how = source.randrange(5)
        if how == 0:
            bad[at] ^= 1 << source.randrange(8)
        elif how == 1:
            bad[at] = source.choice((0, 1, 0x7F, 0x80, 0xFF))
        elif how == 2:
            bad[at:at + 4] = source.randbytes(min(4, len(bad) - at))
        elif how == 3:
            del bad[at:at + source.randrange(1, 40)]
        else:
            bad[at:at] = bad[at:at + source.randrange(1, 40)]
    return bytes(bad)


def damaged(capture, source, share):
    """A capture with that share of its packets damaged, some left out, repeated, or out of order."""
    out = packets.Capture()
    for kind, block in blocks(capture.read_bytes()):
        if kind != 6:
            continue
        length, = struct.unpack_from("<I", block, 20)
        packet = block[28:28 + length]
        if source.random() < share:
            packet = damage(packet, source)
        chance = source.random()
        if chance < 0.01:
            continue
        out.packets.append(packet)
        if chance > 0.99:
            out.packets.append(packet)
        if chance > 0.98 and len(out.packets) > 3:
            out.packets[-1], out.packets[-3] = out.packets[-3], out.packets[-1]
    return out


def damaged_keys(entry, source):
    lines = b"".join((entry["folder"] / name).read_bytes() for name in entry["key_logs"]).splitlines()
    spoilt = [damage(b"x" * 34 + line, source)[34:] if source.random() < 0.3 else line for line in lines]
    return b"\n".join([*spoilt, source.randbytes(200), b"CLIENT_RANDOM " + b"0" * 100000])


def check(path, options):
    """None when all is well; else what is wrong."""
    for mode in MODES:
        result = tshark.run(["-r", path, *options, *mode])
        if tshark.crashed(result):
            if tshark.crashed(tshark.run(["-r", path, *options,
                                          *(word for word in mode if word[0] == "-" and word != "-z")], plugins=False)):
                continue  # it crashes without the plugins, too
            kept = path.with_name(f"crash-{SEED}-{path.name}")
            path.rename(kept)
            return f"{kept}: {result.returncode}, {result.stderr[-1500:]}"
        tshark.parse_report(only_records(result.stdout))
    return None


def only_records(output):
    return "\n".join(line for line in output.splitlines() if line.startswith('{"record"'))


@pytest.mark.parametrize("entry", OWN, ids=truth.name)
def test_damaged_packets(entry):
    for number in range(ROUNDS):
        source = random.Random(f"{SEED} {number} {entry['capture']}")
        capture = damaged(entry["folder"] / entry["capture"], source, source.choice((0.02, 0.2, 0.9)))
        path = capture.write(tshark.private_folder() / "captures" / f"damaged-{number}-{entry['capture']}")
        wrong = check(path, [])
        assert wrong is None, wrong
        path.unlink()


@pytest.mark.parametrize("entry", KEYED, ids=truth.name)
def test_damaged_keys(entry):
    for number in range(2 * ROUNDS):
        source = random.Random(f"{SEED} {number} keys {entry['capture']}")
        keys = tshark.private_folder() / "captures" / f"damaged-{number}.keys"
        keys.write_bytes(damaged_keys(entry, source))
        keys.chmod(0o644)
        path = tshark.readable(entry["folder"] / entry["capture"])
        wrong = check(path, ["-o", f"tls.keylog_file:{keys}"])
        assert wrong is None, wrong
