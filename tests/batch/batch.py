# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the batch scripts as the unprivileged user, in a folder of their own."""

import json
import os
import shutil
import subprocess
import sys

import truth
import tshark


def scripts():
    """A copy of the scripts that the unprivileged user can read."""
    folder = tshark.private_folder() / "batch"
    if not folder.exists():
        shutil.copytree(tshark.TOP / "plugins/batch", folder)
        folder.chmod(0o755)
        for path in folder.iterdir():
            path.chmod(0o755)
    return folder


def own_folder():
    """A new folder that the unprivileged user may write to."""
    folder = tshark.private_folder() / "home" / f"batch-{os.urandom(4).hex()}"
    folder.mkdir()
    account = tshark.unprivileged()
    if account:
        os.chown(folder, account["user"], account["group"])
    return folder


def lay(folder, *names):
    """Copies captures of the checkout into a folder."""
    for name in names:
        shutil.copy(truth.OWN / name, folder / name)
        (folder / name).chmod(0o644)


def run(folder, *command, plugins=True):
    private = tshark.private_folder()
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(private / "home"), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                   "TMPDIR": str(private / "home"),
                   "WIRESHARK_PLUGIN_DIR": str(private / ("plugins" if plugins else "without")),
                   "WIRESHARK_EXTCAP_DIR": str(private / "without")}
    if plugins and os.environ.get("WEBRTC_PRELOAD"):
        environment.update(LD_PRELOAD=os.environ["WEBRTC_PRELOAD"], ASAN_OPTIONS="detect_leaks=0")
    return subprocess.run(list(map(str, command)), cwd=folder, env=environment, capture_output=True, encoding="utf-8",
                          check=False,
                          timeout=300, **tshark.unprivileged())


def script(folder, name, *arguments, status=None, plugins=True):
    result = run(folder, sys.executable, "-B", scripts() / name, *arguments, plugins=plugins)
    assert "Traceback" not in result.stderr, result.stderr
    assert status is None or result.returncode == status, (result.returncode, result.stderr)
    return result


def records(text, kind=None):
    parsed = [json.loads(line) for line in text.splitlines()]
    return [record for record in parsed if kind in (None, record["record"])]
