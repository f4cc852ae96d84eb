# SPDX-License-Identifier: GPL-2.0-or-later
"""Whoever makes a call names its parties, its call and the keys of its messages, and whoever hands a capture over names
the file: such a name forges no line, colours no terminal, is no formula in a spreadsheet and no element of a page.
About 5 seconds."""

import csv
import html.parser
import json
import os
import shutil
import unicodedata

import batch
import calls
import packets
import pytest

NAMES = {
    "page": "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;",
    "formula": "=cmd|'/C calc'!A0",
    "wide": "\uff1dcmd|'/C calc'!A0",
    "spaced": " @SUM(1+1)",
    "terminal": "a\x1b[2J\x1b]0;x\x07b\x9b31m\b",
    "lines": "x\r\ny\nerror  VERIFIED-CROSS\u2028z\u0085w\tv",
    "turned": "\u202egpj.exe\u2066x\u2069\u200f\u200b\ufeff",
    "record": "\"},{\"record\":\"session\"}",
    "halves": "\ud800x\udfff",
    "shell": "$(id)`id`;%n%s|%x",
}
FORBIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def make(path, name, monkeypatch):
    """A call with this name wherever a message has one, and another certificate than announced."""
    plain = calls.text

    def text(kind, *arguments, **how):
        sdp = json.loads(plain(kind, *arguments, **how))["sdp"]
        sdp = sdp.replace("a=mid:0", f"a=mid:{name}").replace("o=-", f"o={name}").replace("s=-", f"s={name}")
        said = {"type": kind, "sdp": sdp, "call": name, "from": name, "to": f"{name}2"}
        return json.dumps({"type": kind, name: said})

    with monkeypatch.context() as patched:
        patched.setattr(calls, "text", text)
        capture = packets.Capture()
        calls.describe(capture, server=calls.OTHER)
    calls.checks(capture)
    calls.shake(capture)
    capture.write(path)


@pytest.fixture(scope="module")
def room():
    folder = batch.own_folder()
    (folder / "in").mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        for each, name in NAMES.items():
            make(folder / f"in/{each}.pcap", name, monkeypatch)
    shutil.copy(folder / "in/page.pcap", folder / "in" / os.fsdecode(b"=\xff\x1b[2J\n<b>.pcap"))
    (folder / "in" / os.fsdecode(b"=\xfe\x1b[2J\n<b>.txt")).write_bytes(b"none")
    result = batch.script(folder, "webrtc-audit", "--text", "text", "--full", "--csv", "csv", "--ecs", "ecs", "--zeek",
                          "zeek", "--ocsf", "ocsf", "--ndjson", "ndjson", "--html", "site", "in", status=1)
    (folder / "said").write_text(result.stderr, encoding="utf-8")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("name", ["text", "ndjson", "ecs", "zeek", "ocsf", "csv", "said", "site"])
def test_nothing_written_does_more_than_print(room, name):
    files = sorted((room / "site").iterdir()) if name == "site" else [room / name]
    kept = {"zeek": "\t", "csv": "\r"}.get(name, "") + "\n"
    for path in files:
        found = path.read_bytes().decode("utf-8")
        assert not [c for c in found if unicodedata.category(c) in FORBIDDEN and c not in kept], path.name


def test_every_call_is_there_with_its_verdict(room):
    records = batch.records((room / "ndjson").read_text(encoding="utf-8"), "session")
    assert [record["verdict"] for record in records] == ["MISMATCH"] * (len(NAMES) + 1)


def test_no_cell_is_a_formula(room):
    with open(room / "csv", encoding="utf-8", newline="") as table:
        rows = list(csv.reader(table))
    assert len(rows) == len(NAMES) + 2 and len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert unicodedata.normalize("NFKC", cell.strip())[:1] not in tuple("=+-@|%"), cell


class Elements(html.parser.HTMLParser):
    """What a page is made of."""

    def __init__(self):
        super().__init__()
        self.names, self.handlers = set(), set()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.handlers |= {key for key, value in attrs if key.startswith("on") or "script:" in (value or "").lower()}


def test_no_name_is_an_element_of_a_page(room):
    for path in sorted((room / "site").iterdir()):
        found = Elements()
        found.feed(path.read_text(encoding="utf-8"))
        assert not found.names & {"script", "img", "b", "iframe", "object"} and not found.handlers, path.name


def test_no_name_forges_a_line(room):
    lines = (room / "text").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith("error")]


def test_a_terminal_that_knows_few_letters_is_no_error(room):
    """As of an old locale; nor is a program's own error taken for something found."""
    command = f"LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 python3 -B {batch.scripts()}/webrtc-audit -q in"
    result = batch.run(room, "sh", "-c", command)
    assert result.returncode == 1 and "Traceback" not in result.stderr, result.stderr


def test_an_error_of_its_own_is_no_finding(room):
    """Python itself would end with 1."""
    command = f"python3 -B -c \"import runpy,sys,json; json.loads=None; sys.argv[0]='{batch.scripts()}/webrtc-audit'; "
    command += "sys.argv.append('in/page.pcap'); runpy.run_path(sys.argv[0], run_name='__main__')\""
    result = batch.run(room, "sh", "-c", command)
    assert result.returncode == 2 and "Traceback" in result.stderr
