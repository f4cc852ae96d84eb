# SPDX-License-Identifier: GPL-2.0-or-later
"""The walls between the rooms of plugins/core hold: what a room may include is found, what it may not is not; no path
leads around that; calls go where includes may; and no circle of files is larger than three. docs/architecture.md has
the rooms.

Reads how the build that runs the tests was made, and its objects. About five seconds.
"""

import functools
import json
import os
import pathlib
import re
import shlex
import subprocess

import pytest
import sources

TOP = sources.TOP
CORE = TOP / "plugins/core"
BUILD = pathlib.Path(os.environ.get("WEBRTC_BUILD", TOP / "build/tests"))
LARGEST_CIRCLE = 3


@functools.cache
def rooms():
    """Name to (folder, SHOWS, USES), in the order of the plan."""
    found = {}
    for call in re.findall(r"^wr_room\((.*?)\)", (CORE / "CMakeLists.txt").read_text(encoding="utf-8"), re.MULTILINE):
        name, *words = call.split()
        parts = {"IN": [], "SHOWS": [], "USES": [], "LIBRARIES": []}
        for word in words:
            if word in parts:
                part = parts[word]
            else:
                part.append(word)
        found[name] = (CORE / (parts["IN"] or [name])[0], parts["SHOWS"], parts["USES"])
    assert len(found) > 10
    return found


@functools.cache
def shown(room):
    """What headers of this room may include: the rooms it shows, and those that they show."""
    return {room}.union(*(shown(other) for other in rooms()[room][1]))


def allowed(room):
    return shown(room).union(*(shown(other) for other in rooms()[room][2]))


def headers(room):
    """As others include them: ROOM/NAME.h."""
    folder = rooms()[room][0] / "include"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.h"))


@functools.cache
def commands():
    """The compiler's command of one source of each room, without input and output."""
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8")):
        for room, (folder, _, _) in rooms().items():
            if pathlib.Path(entry["file"]).parent == folder:
                words = shlex.split(entry["command"])
                end = words.index("-o")
                found[room] = words[:end]
    return found


def compile_text(room, text, *options):
    """Compiles a text as if it were a source of this room."""
    command = [*commands()[room], *options, "-iquote", rooms()[room][0], "-x", "c", "-"]
    return subprocess.run(command, input=text, cwd=BUILD, capture_output=True, encoding="utf-8", check=False)


def test_every_room_is_built():
    assert list(commands()) and set(commands()) == set(rooms())
    assert all(headers(room) for room in rooms())


def test_a_room_uses_only_what_stands_above_it():
    order = list(rooms())
    for room, (_, shows, uses) in rooms().items():
        assert all(order.index(other) < order.index(room) for other in [*shows, *uses])


@pytest.mark.parametrize("room", rooms())
def test_what_a_room_may_include_compiles(room):
    text = "".join(f'#include "{name}"\n' for other in allowed(room) for name in headers(other))
    result = compile_text(room, text, "-fsyntax-only")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("room", rooms())
def test_what_a_room_may_not_include_is_not_found(room):
    """All of them by asking the preprocessor, and one of each room by trying."""
    forbidden = [name for other in rooms() if other not in allowed(room) for name in headers(other)]
    asked = "".join(f'#if __has_include("{name}")\nfound {name}\n#endif\n' for name in forbidden)
    result = compile_text(room, asked, "-E", "-P")
    assert result.returncode == 0 and result.stdout.split() == [], result.stdout + result.stderr
    if forbidden:
        result = compile_text(room, f'#include "{forbidden[-1]}"\n', "-fsyntax-only")
        assert result.returncode != 0 and "No such file" in result.stderr


def quoted(path):
    return re.findall(r'^\s*#\s*include\s*"([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)


def test_no_include_goes_around_the_walls():
    """By its name alone each is a header of the same folder, or one that its owner offers in include/."""
    folders = [path for path in (TOP / "plugins").rglob("include") if path.is_dir()]
    offered = {str(path.relative_to(folder)).removesuffix(".in") for folder in folders
               for pattern in ("*.h", "*.h.in") for path in folder.rglob(pattern)}
    wrong = []
    for path in sources.c():
        if TOP / "plugins" not in path.parents:
            continue
        for name in quoted(path):
            if ".." in name or not (name in offered or "/" not in name and (path.parent / name).is_file()):
                wrong.append(f"{path.relative_to(TOP)} includes {name}")
    assert not wrong


# ---- who calls whom ----

@functools.cache
def symbols():
    """Of each object: (room, source), what it defines, what it needs."""
    sources_of = {}
    for room in rooms():
        folder = BUILD / f"plugins/core/CMakeFiles/wr_room_{room}.dir"
        # Objects of sources that are gone may still lie there.
        objects = [path for path in sorted(folder.rglob("*.o")) if source_of(folder, path).is_file()]
        assert objects, f"{room} is not built in {BUILD}"
        sources_of |= {str(path): (room, source_of(folder, path).name) for path in objects}
    result = subprocess.run(["nm", "--portability", "--print-file-name", "--extern-only", *sources_of],
                            capture_output=True, encoding="utf-8", check=True)
    found = {source: (set(), set()) for source in sources_of.values()}
    for line in result.stdout.splitlines():
        path, _, symbol = line.partition(": ")
        name, kind = symbol.split()[:2]
        if kind not in "wv":
            found[sources_of[path]][kind == "U"].add(name)
    return found


def source_of(folder, path):
    return CORE / str(path.relative_to(folder)).removesuffix(".o")


@functools.cache
def calls():
    """Of each source, those that define what it needs."""
    owner = {name: source for source, (defined, _) in symbols().items() for name in defined}
    return {source: {owner[name] for name in needed if name in owner} - {source}
            for source, (_, needed) in symbols().items()}


def circles():
    """Sets of sources that all reach one another."""
    reached = {source: reachable(source) for source in calls()}
    return {frozenset(other for other in reached[source] if source in reached[other])
            for source in calls() if source in reached[source]}


def reachable(source):
    found, waiting = set(), [source]
    while waiting:
        for other in calls()[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


def test_calls_go_where_includes_may():
    wrong = {(source, other) for source, others in calls().items() for other in others
             if other[0] not in allowed(source[0])}
    assert not wrong


def test_circles_are_small_and_stay_in_their_room():
    assert sum(map(len, calls().values())) > 100, "nm found hardly any calls"
    wrong = [sorted(circle) for circle in circles()
             if len(circle) > LARGEST_CIRCLE or len({room for room, _ in circle}) > 1]
    assert not wrong
