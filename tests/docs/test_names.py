# SPDX-License-Identifier: GPL-2.0-or-later
"""What comments and pages name is there: functions, types, files, rooms. Reads texts only; about two seconds."""

import functools
import re

import pytest
import tshark

TOP = tshark.TOP


def comments():
    for folder in ("plugins", "tests/unit", "tests/fuzz"):
        for path in sorted((TOP / folder).rglob("*.[ch]")):
            text = path.read_text(encoding="utf-8")
            yield path, " ".join(re.findall(r"/\*.*?\*/", text, re.DOTALL))


@functools.cache
def words_of_code():
    text = " ".join(re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
                    for folder in ("plugins", "tests") for path in (TOP / folder).rglob("*.[ch]"))
    return set(re.findall(r"\b\w+\b", text))


def test_comments_name_what_is_there():
    """Of ours: wr_… and WR_…; a star or a slash behind a name stands for several, an underscore ends a beginning."""
    known = words_of_code()
    wrong = []
    for path, text in comments():
        for word, mark in re.findall(r"\b((?:wr|WR)_\w+)(\*|…)?", text):
            if word not in known and not ((mark or word.endswith("_")) and any(w.startswith(word) for w in known)):
                wrong.append(f"{path.relative_to(TOP)}: {word}")
    assert not wrong


@functools.cache
def files():
    return {str(path.relative_to(TOP)) for folder in ("plugins", "tests", "test-captures", "docs", ".ci")
            for path in (TOP / folder).rglob("*")}


def exists(name):
    return name in files() or any(path.endswith("/" + name) for path in files())


def test_comments_name_files_that_are_there():
    wrong = [f"{path.relative_to(TOP)}: {name}" for path, text in comments()
             for name in re.findall(r"(?<![\w./-])((?:\w+/)*\w+\.[ch])\b(?!\()", text) if not exists(name)]
    # Wireshark's and the system's own, named for comparison.
    assert [line for line in wrong if not re.search(r" (packet-\w+|epan/|prefs-int|stdio|glib)", line)] == []


@pytest.mark.parametrize("page", ["architecture", "checks", "contributing", "rules"])
def test_pages_name_files_that_are_there(page):
    text = (TOP / f"docs/{page}.md").read_text(encoding="utf-8")
    named = {name.rstrip("/") for name in re.findall(r"`((?:plugins|tests|test-captures|docs|\.ci)/[\w./-]+)`", text)}
    # NAME and ROOM stand for names.
    assert [name for name in sorted(named) if name not in files() and not re.search("[A-Z]{4}", name)] == []


def test_the_way_of_a_packet_names_functions_that_are_there():
    text = (TOP / "docs/architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)\(\)`", text)) | set(re.findall(r"`(wr_\w+|signal_\w+)`", text))
    assert len(named) > 30
    assert sorted(named - words_of_code()) == []


def test_rooms_are_those_that_are_built():
    """In the order of the plan."""
    text = (TOP / "docs/architecture.md").read_text(encoding="utf-8")
    table = re.search(r"^## The rooms of the core\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)[1]
    plan = (TOP / "plugins/core/CMakeLists.txt").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == re.findall(r"^wr_room\((\w+)", plan, re.MULTILINE)
