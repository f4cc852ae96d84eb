# SPDX-License-Identifier: GPL-2.0-or-later
"""The Wireshark profile: its filters are valid, cover every verdict, and its columns show something."""

import re
import shutil

import pytest
import truth
import tshark

PROFILE = tshark.TOP / "plugins/profile/WebRTC"
SAMPLE = truth.OWN / "cr-ff12.A.pcapng"


def lines(name):
    return [line for line in (PROFILE / name).read_text(encoding="utf-8").splitlines() if line
            and not line.startswith("#")]


def colours():
    """Name and filter of each colouring rule."""
    return [tuple(line.split("@")[1:3]) for line in lines("colorfilters")]


def buttons():
    found = [re.match(r'"TRUE","([^"]*)","([^"]*)","([^"]*)"$', line) for line in lines("dfilter_buttons")]
    assert all(found)
    return [(button[1], button[2].replace(r"\x22", '"')) for button in found]


@pytest.mark.parametrize("name, text", colours() + buttons(), ids=lambda text: text[:30])
def test_filter_is_valid(name, text):
    tshark.require_clean(tshark.run(["-r", tshark.readable(SAMPLE), "-c", "1", "-Y", text]))


def session_verdicts():
    source = (tshark.TOP / "plugins/core/records/names.c").read_text(encoding="utf-8")
    return set(re.findall(r'\[WR_S_\w+\] = "([A-Z-]+)"', source))


@pytest.mark.parametrize("filters", [colours, buttons])
def test_every_verdict_has_its_place(filters):
    named = [word for _, text in filters() if "webrtc.session.verdict in" in text
             for word in re.findall(r'"([A-Z-]+)"', text)]
    assert len(named) == len(set(named))
    expected = session_verdicts()
    assert expected
    if filters is buttons:
        expected = {word for word in expected if not word.startswith("VERIFIED")}
    assert set(named) == expected


def test_columns_show_call_and_verdict():
    folder = tshark.private_folder() / "home/.config/wireshark/profiles"
    shutil.copytree(PROFILE, folder / "WebRTC", dirs_exist_ok=True)
    for path in [*folder.parents, folder, *folder.rglob("*")]:
        if tshark.private_folder() in path.parents:
            path.chmod(0o755 if path.is_dir() else 0o644)
    result = tshark.run(["-C", "WebRTC", "-2", "-r", tshark.readable(SAMPLE), "-Y", "webrtc.association"])
    tshark.require_clean(result)
    session = tshark.report(SAMPLE).sessions[0]
    assert result.stdout.splitlines()
    for line in result.stdout.splitlines():
        assert f" {session['id']} {session['verdict']} " in line
