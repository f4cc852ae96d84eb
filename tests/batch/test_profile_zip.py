# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile as Wireshark imports it: a .zip with a folder a profile. About a second."""

import os
import pathlib
import zipfile

import tshark


def test_it_has_the_profile_as_it_is():
    build = pathlib.Path(os.environ.get("WEBRTC_BUILD", tshark.TOP / "build/tests"))
    profile = tshark.TOP / "plugins/profile/WebRTC"
    with zipfile.ZipFile(build / "plugins/WebRTC-profile.zip") as packed:
        found = {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}
    assert found == {f"WebRTC/{path.name}": path.read_bytes() for path in profile.iterdir()}
