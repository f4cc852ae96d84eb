# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/rules.md and the sources say the same: sections that comments cite, verdicts, checks. Reads texts only;
about a second."""

import functools
import re

import pytest
import tshark

TOP = tshark.TOP
CORE = TOP / "plugins/core"
RULES = (TOP / "docs/rules.md").read_text(encoding="utf-8")
CHECK = r"(?:SIG|SDP|ICE|DTLS|RTP|DC|TURN|SUBST|TOP|UKS|CAP|INJ|WIT)-\d\d"
NUMBER = r"\d+(?:\.\d+)*"


@functools.cache
def sources():
    """Path and text of everything that can cite rules, with the line breaks inside comments taken out."""
    found = {}
    for folder, suffixes in ((TOP / "plugins", {".c", ".h"}), (TOP / "tests", {".c", ".h", ".py"})):
        for path in sorted(folder.rglob("*")):
            if path.suffix in suffixes:
                text = path.read_text(encoding="utf-8")
                found[path.relative_to(TOP)] = re.sub(r"\n[ \t]*(?:\*(?!/)|#)?[ \t]*", " ", text)
    return found


def section(number):
    """The text below a heading, without its subsections' headings."""
    found = re.search(rf"^#+ {re.escape(number)} .*\n((?:(?!#).*\n)*)", RULES, re.MULTILINE)
    assert found, f"docs/rules.md has no section {number}"
    return found[1]


def cited():
    """(section, where) of each "rules 2.1", "rules 2.1, 2.2 and 2.5" in the sources."""
    pattern = re.compile(rf"\b[Rr]ules ({NUMBER}(?:(?:, | and ){NUMBER}(?!\d))*)")
    return {(number, str(path)) for path, text in sources().items() for found in pattern.finditer(text)
            for number in re.findall(NUMBER, found[1])}


def headings():
    return re.findall(rf"^#+ ({NUMBER}) ", RULES, re.MULTILINE)


def test_sections_are_numbered_in_order():
    numbers = [tuple(map(int, number.split("."))) for number in headings()]
    assert numbers == sorted(set(numbers))


def test_what_is_cited_is_there():
    assert [(number, path) for number, path in sorted(cited()) if number not in headings()] == []


def test_what_is_there_is_cited():
    """A section by itself or by one of its subsections."""
    numbers = {number for number, path in cited() if path.startswith("plugins") or number == "4"}
    assert [h for h in headings() if not any(n == h or n.startswith(h + ".") for n in numbers)] == []


def test_rows_that_are_cited_are_there():
    rows = {int(row) for row in re.findall(r"^\| (\d+) \|", section("1.3"), re.MULTILINE)}
    assert rows == set(range(1, len(rows) + 1))
    for path, text in sources().items():
        for found in re.finditer(r"[Rr]ules 1\.3, (rows? [^.)]*)", text):
            assert {int(row) for row in re.findall(r"\d+", found[1])} <= rows, path


def names_of(function):
    """The words that a function of records/names.c knows."""
    text = (CORE / "records/names.c").read_text(encoding="utf-8")
    return set(re.findall(r'= "([A-Z0-9-]+)"', re.search(rf"\b{function}\(.*?^}}", text, re.MULTILINE | re.DOTALL)[0]))


@pytest.mark.parametrize("number,function", [
    ("1.1", "wr_cert_verdict_name"), ("1.2", "wr_association_verdict_name"), ("1.3", "wr_session_verdict_name")])
def test_verdicts(number, function):
    first = [row.split("|")[2 if number == "1.3" else 1] for row in section(number).splitlines() if row.startswith("|")]
    assert {word for cell in first for word in re.findall(r"`([A-Z0-9-]+)`", cell)} == names_of(function)


def test_checks():
    """Those of section 3 are those that the core raises; TOP-05 is a record."""
    text = "".join(text for path, text in sources().items() if str(path).startswith("plugins/core"))
    raised = set(re.findall(rf'"({CHECK})"', text)) | {"TOP-05"}
    listed = re.findall(rf"^\| ({CHECK}) \|", RULES, re.MULTILINE)
    assert sorted(raised) == sorted(listed)
    page = (TOP / "docs/checks.md").read_text(encoding="utf-8")
    assert raised == set(re.findall(rf"^\| ({CHECK}) \|", page, re.MULTILINE))


def test_checks_have_the_tests_that_are_named():
    """A unit test names the check; captures may go by the names of their records."""
    rows = re.findall(rf"^\| ({CHECK}) \|.*\| ([^|]*) \|$", (TOP / "docs/checks.md").read_text(encoding="utf-8"),
                      re.MULTILINE)
    named = [(check, name) for check, cell in rows for name in re.findall(r"`([^`]+)`", cell)]
    assert len(named) >= len(rows) > 80
    for check, name in named:
        folder, _, test = name.partition("/")
        path = TOP / ("tests/captures" if folder == "captures" else f"tests/unit/{folder}") / f"test_{test}"
        path = path.with_suffix(".py" if folder == "captures" else ".c")
        assert path.is_file(), f"{check}: {name}"
        assert folder != "checks" or check in path.read_text(encoding="utf-8"), f"{name} does not name {check}"


def test_checks_that_comments_name():
    known = set(re.findall(rf"\b{CHECK}\b", (TOP / "docs/checks.md").read_text(encoding="utf-8")))
    wrong = {(check, str(path)) for path, text in sources().items() if str(path).startswith("plugins")
             for check in re.findall(rf"\b{CHECK}\b", text) if check not in known}
    assert not wrong


def test_traps():
    tests = (TOP / "tests/captures/test_traps.py").read_text(encoding="utf-8")
    named = {number for name in re.findall(r"def test_((?:t\d+_(?:to_)?)+)", tests) for number in spread(name)}
    assert {int(row) for row in re.findall(r"^\| T(\d+) \|", section("4"), re.MULTILINE)} == named


def spread(name):
    """The numbers of t9_t19_, and of t13_to_t16_."""
    numbers = [int(word) for word in re.findall(r"\d+", name)]
    return range(numbers[0], numbers[1] + 1) if "_to_" in name else numbers


def test_each_check_has_a_name_and_the_text_that_it_rests_on():
    """Rules of SARIF are described by these, and lead there."""
    rests_on = {}
    for line in RULES.splitlines():
        if found := re.match(r"\| ([A-Z]+-\d\d) \|.*\|([^|]*)\|$", line):
            named = re.match(r" RFC (\d+)(?: (\d[\d.]*\d|\d))?", found[2])
            rests_on[found[1]] = (named[1], named[2] or "") if named else ("0", "")
    del rests_on["TOP-05"]  # a record, no finding
    source = (CORE / "report/check_words.c").read_text(encoding="utf-8")
    rows = re.findall(r'\{"([A-Z]+-\d\d)", [A-Z |]+,\s+"([^"]+)", (\d+),\s+"([\d.]*)"\}', source)
    assert [name for name, *_ in rows] == sorted(rests_on)
    assert {name: (rfc, section) for name, _, rfc, section in rows} == rests_on
