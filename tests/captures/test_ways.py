# SPDX-License-Identifier: GPL-2.0-or-later
"""Other ways into the plugins: every tree item, filters and colours, Community ID, followed streams, sharkd,
rawshark."""

import json
import shutil
import subprocess

import pytest
import truth
import tshark

FOREIGN = truth.folder("WEBRTC_FOREIGN_CAPTURES", "foreign/ndpi")
SHARED = truth.folder("WEBRTC_SHARED_CAPTURES", "captures")
OWN = sorted(truth.OWN.glob("*.pcapng"))
SAMPLE = 12 if tshark.QUICK else 1 if tshark.WHOLE else 3
PARTS = 12


def captures_in(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in (".pcap", ".pcapng", ".cap")) if folder else []


def clean(arguments, name):
    """Runs and looks only at how it ended; what the same run does without the plugins is not their fault."""
    result = tshark.run(arguments)
    if tshark.crashed(result) and tshark.crashed(tshark.run(arguments, plugins=False)):
        pytest.skip(f"tshark crashes on {name} without the plugins, too")
    tshark.require_clean(result, damaged=True)
    return result


@pytest.fixture(scope="module")
def profile():
    """The profile with its rules for colours, where tshark finds it."""
    folder = tshark.private_folder() / "home/.config/wireshark/profiles/WebRTC"
    if not folder.exists():
        shutil.copytree(tshark.TOP / "plugins/profile/WebRTC", folder)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    return "WebRTC"


def all_at_once(profile):
    """Two passes, a filter on our fields, every item, colours, Community ID, and streams followed."""
    return [
        "-2", "-V", "--color", "-C", profile, "-Y",
        "webrtc || webrtc_sdp || webrtc_dtls || webrtc_ice || webrtc_signal || frame",
        "--enable-protocol", "communityid", "-z", "follow,tcp,ascii,0", "-z", "follow,udp,hex,0", "-z",
        "follow,http,ascii,0",
        "-z", "expert",
    ]


@pytest.mark.parametrize("capture", OWN[::SAMPLE], ids=lambda path: path.stem)
def test_every_way_at_once(capture, profile):
    clean(["-r", tshark.readable(capture), *all_at_once(profile)], capture.name)


@pytest.mark.slow
@pytest.mark.skipif(not FOREIGN, reason="WEBRTC_FOREIGN_CAPTURES names no folder")
@pytest.mark.parametrize("part", range(0, PARTS, SAMPLE))
def test_every_way_at_once_foreign(part, profile):
    for capture in captures_in(FOREIGN)[part::PARTS]:
        clean(["-r", tshark.readable(capture), *all_at_once(profile)], capture.name)


def sharkd(requests):
    """What sharkd answers, by request; None where there is no answer."""
    program = shutil.which("sharkd")
    if program is None:
        pytest.skip("no sharkd here")
    lines = [json.dumps({"jsonrpc": "2.0", "id": number + 1, **request}) for number, request in enumerate(requests)]
    result = tshark.run(["-"], program=program, stdin="\n".join(lines) + "\n", timeout=900)
    assert not tshark.crashed(result), result.stderr[-2000:]
    answers = {}
    for line in result.stdout.splitlines():
        if line.startswith("{"):
            answer = json.loads(line, strict=False)
            answers[answer.get("id")] = answer
    return [answers.get(number + 1) for number in range(len(requests))]


def load(capture):
    return {"method": "load", "params": {"file": str(tshark.readable(capture))}}


def frames(display_filter):
    return {"method": "frames", "params": {"filter": display_filter}}


def test_sharkd_opens_files_in_turn():
    """A file shows the same first, after others, and again."""
    row = [OWN[0], OWN[1], *OWN[2::5 * SAMPLE], OWN[0], OWN[1], OWN[0]]
    requests = []
    for capture in row:
        requests += [load(capture), frames("webrtc.session.verdict"),
                     {"method": "frame", "params": {"frame": 30, "proto": True}}]
    answers = sharkd([*requests, {"method": "bye"}])
    assert all(answer is not None for answer in answers[:-1])
    numbers = [[frame["num"] for frame in answers[3 * n + 1].get("result", [])] for n in range(len(row))]
    assert numbers[0] == numbers[-1] == numbers[-3]
    assert numbers[1] == numbers[-2]
    assert any(numbers)


@pytest.mark.slow
@pytest.mark.skipif(not FOREIGN, reason="WEBRTC_FOREIGN_CAPTURES names no folder")
def test_sharkd_opens_foreign_files_in_turn():
    requests = []
    for capture in captures_in(FOREIGN)[:: 3 if tshark.QUICK else 1]:
        requests += [load(capture), frames("webrtc.finding")]
    requests += [load(OWN[0]), frames("webrtc.session.verdict"), {"method": "bye"}]
    answers = sharkd(requests)
    if answers[-3] is None:
        pytest.skip("sharkd of this series stops at one of them; it is tried file by file elsewhere")
    assert answers[-2]["result"]


def test_rawshark(tmp_path):
    """rawshark reads the packets of a file one by one, without its head."""
    if shutil.which("rawshark") is None or shutil.which("editcap") is None:
        pytest.skip("no rawshark here")
    plain = tmp_path / "plain.pcap"
    subprocess.run(["editcap", "-F", "pcap", OWN[0], plain], check=True, capture_output=True)
    result = tshark.run(["-s", "-r", tshark.readable(plain), "-d", "encap:1", "-F", "webrtc.association.verdict"],
                        program=shutil.which("rawshark"))
    assert not tshark.crashed(result), result.stderr[-2000:]
