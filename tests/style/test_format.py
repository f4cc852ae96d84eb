# SPDX-License-Identifier: GPL-2.0-or-later
"""One format: C by .clang-format, Python by .flake8, shell by shellcheck.

What these programs demand differs from version to version. Those of Debian 12 decide; elsewhere this is skipped.
About 10 seconds.
"""

import platform
import subprocess

import pytest
import sources

RELEASE = platform.freedesktop_os_release().get("VERSION_CODENAME", "unknown")
pytestmark = pytest.mark.skipif(RELEASE != "bookworm", reason=f"Debian 12's programs decide, and this is {RELEASE}")


def check(files, *command):
    assert files
    result = subprocess.run([*command, *files], cwd=sources.TOP, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_c():
    check(sources.c(), "clang-format", "--dry-run", "-Werror", "--ferror-limit=3")


def test_python():
    check(sources.python(), "flake8")


def test_shell():
    check(sources.shell(), "shellcheck", "--external-sources")
