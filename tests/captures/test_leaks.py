# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing that a plugin allocates outlives its capture file. Needs a build with sanitizers (WR_SANITIZE)."""

import json
import os
import re
import shutil

import pytest
import truth
import tshark

SANITIZED = bool(os.environ.get("WEBRTC_PRELOAD"))
OURS = re.compile(r"plugins/|webrtc|leak_plugin|unknown module")

pytestmark = pytest.mark.skipif(not SANITIZED, reason="the build has no sanitizers")

CAPTURES = [entry["folder"] / entry["capture"] for entry in truth.own_entries()]


def run(arguments, program=None, stdin=None, leaky=False):
    """Runs with the leak check of AddressSanitizer on. Returns the result and the leaks with one of our functions in
    their stacks; tshark and sharkd themselves leak a little."""
    environment = tshark.environment_for()
    folder = tshark.private_folder()
    stay = folder / "stay.so"
    if not stay.exists():
        shutil.copy(os.environ["WEBRTC_STAY"], stay)
        stay.chmod(0o755)
    if leaky:
        plugins = folder / "leaky"
        if not plugins.exists():
            shutil.copytree(folder / "plugins", plugins)
            shutil.copy(os.environ["WEBRTC_LEAK_PLUGIN"],
                        plugins / "{}.{}/epan".format(*tshark.series()) / "webrtc_leak.so")
        environment["WIRESHARK_PLUGIN_DIR"] = str(plugins)
    environment["LD_PRELOAD"] += f" {stay}"
    environment["ASAN_OPTIONS"] = "detect_leaks=1:fast_unwind_on_malloc=0:malloc_context_size=24"
    # Memory pools of Wireshark would hide what is lost, or keep it reachable.
    environment["WIRESHARK_DEBUG_WMEM_OVERRIDE"] = "simple"
    result = tshark.execute(arguments, environment, folder / "home", 600, program, stdin)
    assert "LeakSanitizer has encountered a fatal error" not in result.stderr
    blocks = re.split(r"\n(?=(?:Direct|Indirect) leak of )", result.stderr)[1:]
    return result, [block for block in blocks if OURS.search(block.split("\n\n")[0])]


def test_a_leak_would_be_seen():
    _, leaks = run(["-q", "-r", tshark.readable(CAPTURES[0])], leaky=True)
    assert any("4711 byte" in leak for leak in leaks)


@pytest.mark.parametrize("capture", CAPTURES[::20], ids=lambda path: path.stem)
def test_tshark_leaves_nothing(capture):
    result, leaks = run(["-2", "-V", "-r", tshark.readable(capture), "-z", "webrtc,report", "-z", "webrtc,json"])
    assert result.stdout
    assert not leaks, leaks[0]


def test_files_opened_in_turn_leave_nothing():
    requests = []
    for number, capture in enumerate([*CAPTURES[:3], CAPTURES[0]]):
        requests.append({"method": "load", "params": {"file": str(tshark.readable(capture))}})
        requests.append({"method": "frames", "params": {"filter": "webrtc", "limit": 5}})
        requests.append({"method": "frame", "params": {"frame": 10 + number, "proto": True}})
        requests.append({"method": "tap", "params": {"tap0": "expert"}})
    requests.append({"method": "bye"})
    lines = [json.dumps({"jsonrpc": "2.0", "id": number + 1, **request}) for number, request in enumerate(requests)]
    result, leaks = run(["-"], program=shutil.which("sharkd") or "sharkd", stdin="\n".join(lines) + "\n")
    assert result.stdout.count('"status":"OK"') >= 4
    assert not leaks, leaks[0]
