# SPDX-License-Identifier: GPL-2.0-or-later
"""Every command that the documentation shows with a prompt runs, and every picture and page it names is there."""

import os
import pathlib
import re
import shlex
import shutil

import batch
import fields
import pytest
import tshark

DOCS = [tshark.TOP / "README.md", *sorted((tshark.TOP / "docs").glob("*.md"))]
# Commands that change the machine; tests/run.sh and the continuous integration run them.
INSTALLERS = ("plugins/quickstart.sh",)
# Findings are no failure of a command.
FINE = {"webrtc-audit": (0, 1)}


def blocks(path):
    """The fenced blocks of a page, as (language, text)."""
    return re.findall(r"^```(\w*)\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(path):
    return [line[2:] for language, text in blocks(path) if language == "console" for line in text.splitlines()
            if line.startswith("$ ")]


PAGES = [path for path in DOCS if commands(path)]


@pytest.fixture
def place():
    """A folder that looks like the checkout, in which the unprivileged user may write."""
    folder = batch.own_folder()
    shutil.copytree(tshark.TOP / "test-captures", folder / "test-captures", ignore=shutil.ignore_patterns("lab"))
    shutil.copytree(tshark.TOP / "plugins", folder / "plugins", ignore=shutil.ignore_patterns("*.c", "*.h"))
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    for name in ("webrtc-audit", "webrtc-archive"):
        (bin_folder / name).symlink_to(folder / "plugins/batch" / name)
    for path in (folder / "test-captures", folder / "plugins", bin_folder):
        for inside in [path, *path.rglob("*")]:
            inside.chmod(0o755 if inside.is_dir() or os.access(inside, os.X_OK) else 0o644)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_commands_run(place, page):
    ran = 0
    for command in commands(page):
        first = shlex.split(command)[0]
        if first in INSTALLERS:
            assert (tshark.TOP / first).is_file()
            continue
        if first == "sqlite3" and not shutil.which("sqlite3"):
            continue
        result = batch.run(place, "env", f"PATH={place / 'bin'}:/usr/bin:/bin", "bash", "-c", command)
        fine = FINE.get(pathlib.Path(first).name, (0,))
        assert result.returncode in fine, f"{command}\n{result.stdout[-1000:]}\n{result.stderr[-2000:]}"
        assert "Traceback" not in result.stderr, command
        if first == "tshark" and "html" not in command and "sarif," not in command and "export" not in command:
            assert result.stdout.strip(), f"{command} prints nothing"
        ran += 1
    assert ran


def test_words_of_checks_are_of_checks_that_are_documented():
    """Each check of Wireshark's expert infos, and each severity of it, stands in checks.md."""
    source = (tshark.TOP / "plugins/core/report/check_words.c").read_text(encoding="utf-8")
    known = {name: set(severities.lower().split(" | "))
             for name, severities in re.findall(r'\{"([A-Z]+-\d\d)", ([A-Z |]+),\s+"', source)}
    page = (tshark.TOP / "docs/checks.md").read_text(encoding="utf-8")
    documented = {name: set(re.findall(r"\b(chat|note|warn|error)\b", told.lower()))
                  for name, told in re.findall(r"^\| ([A-Z]+-\d\d) \| ([^|]*) \|", page, re.MULTILINE)}
    documented["DTLS-02"] = documented["DTLS-01"]
    assert len(known) > 100
    assert {name: told - documented.get(name, set()) for name, told in known.items()} == {name: set() for name in known}


def links(path):
    return re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.stem)
def test_links_lead_somewhere(page):
    missing = [link for link in links(page) if "://" not in link and not (page.parent / link).exists()]
    assert not missing


def test_pictures_are_small():
    pictures = list((tshark.TOP / "docs/images").glob("*.png"))
    assert pictures
    assert not [path.name for path in pictures if path.stat().st_size > 250_000]


def test_the_field_reference_is_what_the_plugins_register():
    assert (tshark.TOP / "docs/fields.md").read_text(encoding="utf-8") == fields.page()
