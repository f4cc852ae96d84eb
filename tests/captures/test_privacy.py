# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing of the machine that made the captures is in them: no options of pcapng headers that tell of it, no address
but the lab's own, and no path in what browsers saved."""

import gzip
import os
import re
import struct

import pytest
import truth

SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
NAME, RESOLUTION = 2, 9
PLACES = {b"A", b"B", b"C", b"S", b"M", b"sw"}
NETWORK = bytes([10, 77, 0])
GROUPS = {bytes([224, 0, 0, 22]), bytes([224, 0, 0, 251])}
CAPTURES = sorted(truth.OWN.glob("*.pcapng"))


def blocks(data):
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at + 8:at + length - 4]
        at += length


def options(data):
    found, at = {}, 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from("<HH", data, at)
        if code == 0:
            break
        found[code] = data[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4
    return found


def check_frame(frame):
    assert frame[12:14] == b"\x08\x00", "no IPv4"
    ends = {frame[0:6]: frame[30:34], frame[6:12]: frame[26:30]}
    for hardware, address in ends.items():
        if hardware[0] & 1:
            assert address in GROUPS
        else:
            assert address[:3] == NETWORK
            assert hardware == b"\x02\x00" + address


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
def test_headers_and_addresses(capture):
    data = capture.read_bytes()
    for kind, body in blocks(data):
        assert kind in (SECTION, INTERFACE, PACKET)
        if kind == SECTION:
            assert not options(body[16:])
        elif kind == INTERFACE:
            given = options(body[8:])
            assert given[NAME] in PLACES and set(given) <= {NAME, RESOLUTION}
        else:
            length = struct.unpack_from("<I", body, 12)[0]
            assert not options(body[20 + (length + 3) // 4 * 4:])
            check_frame(body[20:20 + length])
    # Short names may stand in any cipher text by chance.
    for word in (os.uname().nodename, os.uname().release):
        assert len(word) < 6 or word.encode() not in data


SAVED = sorted({truth.OWN / name for entry in truth.own_entries() for said in entry.get("statements", [])
                for name in said["files"]})


@pytest.mark.parametrize("file", SAVED, ids=lambda path: path.name)
def test_what_browsers_saved(file):
    data = file.read_bytes()
    text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8", "replace")
    assert not re.search(r"(?<![\w/:.])/(home|root|tmp|var|usr|work)/", text)
    addresses = set(re.findall(r"(?<![\d.])(?:192\.168|172\.(?:1[6-9]|2\d|3[01])|10)(?:\.\d{1,3}){2,3}(?![\d.])", text))
    assert all(address.startswith("10.77.0.") for address in addresses), addresses
    for word in (os.uname().nodename, os.uname().release):
        assert len(word) < 6 or word not in text
