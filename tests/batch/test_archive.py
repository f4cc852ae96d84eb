# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures looked at one by one and joined afterwards give the verdicts that the merged capture gives."""

import contextlib
import gzip
import json
import pathlib
import random
import re
import shutil
import sqlite3
import sys

import batch
import pytest
import truth

# Where joining says more than merging does, and why: docs/archive.md.
MORE = {
    # The attacker changed bytes within a TCP connection; of two copies of a segment in one file tshark reads the first.
    "cable-cr-aiortc": ["MISMATCH"],
    # Merged, an attacker's own legs, or a second answer, hide that what decided was seen alike on two legs.
    "copied-fingerprint-cr-ff12": ["VERIFIED-CROSS"],
    "forked-cr-aiortc-pion": ["VERIFIED-CROSS"],
    # Merged, what the attacker's own leg was told is a copy among strangers, which accuses nobody (INJ-03); by itself,
    # the attacker's host shows the substitution between its two legs.
    "fingerprint-cr-cr": ["SUBSTITUTED-IN-SIGNALLING"],
    "fingerprint-unchecked-ndc-ndc": ["SUBSTITUTED-NOT-FOLLOWED"],
}


def calls():
    """Scenarios that were captured at two or more places, and the captures."""
    found = {}
    for path in sorted(truth.OWN.glob("*.pcapng")):
        call, _, point = path.stem.rpartition(".")
        if point in ("A", "B", "S", "M"):
            found.setdefault(call, []).append(path.name)
    return {call: names for call, names in found.items() if len(names) > 1}


CALLS = calls()


def call_of(name):
    return pathlib.Path(name.split(" + ")[0]).name.partition("#")[0].rpartition(".")[0].rpartition(".")[0]


@pytest.fixture(scope="module")
def room():
    folder = batch.own_folder()
    names = [name for group in CALLS.values() for name in group]
    batch.lay(folder, *names)
    batch.script(folder, "webrtc-audit", "-q", "--no-key-search", "--ndjson", "all.ndjson", *names)
    batch.script(folder, "webrtc-audit", "-q", "--no-key-search", "--merge=call", "--ndjson", "merged.ndjson", *names)
    batch.script(folder, "webrtc-archive", "load", "all.db", "all.ndjson", status=0)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def joined(room):
    """(verdict, number of captures, parts) of each call that the join made."""
    lines = batch.script(room, "webrtc-archive", "join", "all.db", status=0).stdout.splitlines()
    return sorted((verdict, int(count), parts.split()) for verdict, count,
                  parts in (line.split("\t") for line in lines))


@pytest.fixture(scope="module")
def merged(room):
    verdicts = {}
    for session in batch.records((room / "merged.ndjson").read_text(), "session"):
        verdicts.setdefault(call_of(session["capture"]), []).append(session["verdict"])
    return verdicts


@pytest.mark.parametrize("call", CALLS)
def test_joined_captures_have_the_verdict_of_the_merged_one(joined, merged, call):
    verdicts = sorted(verdict for verdict, _, parts in joined if call_of(parts[0]) == call)
    assert verdicts == MORE.get(call, sorted(merged[call]))


def test_calls_are_kept_apart(joined):
    for _, count, parts in joined:
        assert len({call_of(part) for part in parts}) == 1, parts
        assert count == len({part.partition("#")[0] for part in parts})


def test_loading_again_changes_nothing(room, joined):
    batch.script(room, "webrtc-archive", "load", "all.db", "all.ndjson", status=0)
    lines = batch.script(room, "webrtc-archive", "join", "all.db", status=0).stdout.splitlines()
    assert sorted((verdict, int(count), parts.split()) for verdict, count,
                  parts in (line.split("\t") for line in lines)) == joined


def test_passwords_are_not_in_the_records(room):
    offer = batch.run(room, "tshark", "-r", "cr-ff12.A.pcapng", "-Y", "webrtc_sdp.ice_pwd", "-T", "fields", "-e",
                      "webrtc_sdp.ice_pwd")
    passwords = {word for line in offer.stdout.splitlines() for word in line.split(",")}
    assert passwords and all(len(word) >= 22 for word in passwords)
    text = (room / "all.ndjson").read_text()
    assert not [word for word in passwords if word in text]


def test_something_else_than_records_is_refused(room):
    (room / "other.ndjson").write_text('{"record":"session"}\n')
    result = batch.script(room, "webrtc-archive", "load", "x.db", "other.ndjson", status=2)
    assert "other.ndjson, line 1: no record of webrtc-audit" in result.stderr


def test_folders_are_searched_by_content(room):
    folder = room / "many"
    (folder / "deep").mkdir(parents=True)
    shutil.copy(room / "all.ndjson", folder / "deep/no suffix")
    (folder / "packed").write_bytes(gzip.compress((room / "all.ndjson").read_bytes()))
    (folder / "notes").write_text("nothing")
    (folder / "1.ndjson.part").write_bytes((room / "all.ndjson").read_bytes())
    batch.script(room, "webrtc-archive", "csv", "one", "all.ndjson", status=0)
    result = batch.script(room, "webrtc-archive", "csv", "both", "many", status=0)
    assert "skipped, since without records: 2" in result.stderr and "notes" in result.stderr
    for table in ("session", "description"):
        assert (room / f"both/{table}.csv").read_text() == 2 * (room / f"one/{table}.csv").read_text()


@pytest.mark.parametrize("words, said", [
    (["load", "x.db", "none.ndjson"], "none.ndjson"), (["load", "no/such/x.db", "all.ndjson"], "database"),
    (["load", "all.ndjson", "all.ndjson"], "database"), (["join", "none.db"], "there is no database none.db"),
    (["join", "all.ndjson"], "database"), (["csv", "all.ndjson", "all.ndjson"], "all.ndjson"),
    (["load", "x.db", "empty folder"], "no records in this folder"), (["load", "x.db", "binary"], "binary"),
    (["load", "x.db", "notes.txt"], "line 1: no record"), (["load", "x.db", "all.zst"], "unpack it"),
    (["load"], "required"), (["other"], "invalid choice")], ids=lambda words: " ".join(words[:2]))
def test_what_is_wrong_is_one_line(room, words, said):
    (room / "empty folder").mkdir(exist_ok=True)
    (room / "binary").write_bytes(b"\xff\xfe\xfd")
    (room / "notes.txt").write_text("no records\n")
    (room / "all.zst").write_bytes(bytes.fromhex("28b52ffd00"))
    result = batch.script(room, "webrtc-archive", *words)
    assert result.returncode == 2
    assert not (room / "x.db").exists(), "what was begun is not left"
    assert len(result.stderr.splitlines()) == 1 and said in result.stderr, result.stderr


def test_version_is_that_of_the_plugins(room):
    assert re.fullmatch(r"webrtc-archive: WebRTC plugins \d\S*\n",
                        batch.script(room, "webrtc-archive", "--version", status=0).stdout)


@pytest.mark.parametrize("words, left", [("load new.db", "new.db"), ("csv new.tables", "new.tables/session.csv")])
def test_terminated_it_leaves_nothing(room, words, left):
    """Its records come from a pipe that stays open until it has begun to read them."""
    command = f"'{sys.executable}' -B '{batch.scripts()}/webrtc-archive' {words} -"
    script = (f"mkfifo pipe 2>/dev/null; {command} <pipe & exec 3>pipe; cat all.ndjson all.ndjson all.ndjson >&3; "
              "kill -TERM $!; wait $!")
    result = batch.run(room, "sh", "-c", script)
    assert result.returncode == 143, result.stderr
    assert not (room / left).exists() and not list(room.glob("new*/*.part"))


def test_what_only_files_say_joins_nothing(room):
    """Descriptions of statement files have no leg and maybe no time, and so may their session."""
    stated = [{"record": "session", "capture": f"{name}.pcapng", "id": "s1", "verdict": "NO-MEDIA"} for name in "AB"]
    stated += [{"record": "description", "capture": f"{name}.pcapng", "id": "d1", "kind": "offer", "standing": "stated",
                "session": "s1", "origin": "- 1 2 IN IP4 127.0.0.1", "body": "b", "sections": []} for name in "AB"]
    (room / "stated.ndjson").write_text("".join(json.dumps(record) + "\n" for record in stated))
    batch.script(room, "webrtc-archive", "load", "stated.db", "stated.ndjson", status=0)
    lines = batch.script(room, "webrtc-archive", "join", "stated.db", status=0).stdout.splitlines()
    assert sorted(line.split("\t")[2] for line in lines) == ["A.pcapng#s1", "B.pcapng#s1"]


def tied_by_hand(rows):
    """Parts that share an o= line within ten seconds, and theirs: each compared with each."""
    call = {capture: {capture} for capture, _, _ in rows}
    for one, origin, when in rows:
        for other, same, then in rows:
            if same == origin and abs(then - when) < 10 and call[one] is not call[other]:
                call[one] |= call[other]
                for capture in call[one]:
                    call[capture] = call[one]
    return sorted(sorted(each) for each in {id(each): each for each in call.values()}.values())


@pytest.mark.parametrize("seed", range(12))
def test_parts_are_tied_as_if_each_were_compared_with_each(seed):
    """Whatever joins them: one mark, many, or chains in which none has to do with the next but one."""
    drawn = random.Random(seed)
    order = drawn.sample(range(60), 60)
    rows = ([(f"c{order[n]}", f"o{n + k}", 0) for n in range(60) for k in (0, 1)] if seed % 3 == 0 else
            [(f"c{drawn.randrange(40)}", f"o{drawn.randrange(20)}", drawn.uniform(0, 100)) for _ in range(80)])
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        for name in ("archive-schema.sql", "archive-join.sql"):
            db.executescript((batch.scripts() / name).read_text(encoding="utf-8"))
            if name == "archive-schema.sql":
                for number, (capture, origin, when) in enumerate(rows):
                    db.execute("INSERT OR IGNORE INTO session VALUES (?, 's1', 'NO-MEDIA', ?)", (capture, when))
                    db.execute("INSERT INTO description VALUES (?, ?, 's1', 0, 'l', ?, ?, NULL, NULL)",
                               (capture, f"d{number}", when, origin))
        found = {}
        for call, capture in db.execute("SELECT call, capture FROM member"):
            found.setdefault(call, []).append(capture)
    assert sorted(map(sorted, found.values())) == tied_by_hand(rows)


def test_a_task_of_a_job_array_takes_its_part_of_the_list(room):
    """What is done is not done twice, and a capture that cannot be read keeps no other from being read."""
    folder = batch.own_folder()
    names = ["cr-ff12.A.pcapng", "text.pcapng", "cr-ff12.S.pcapng", "ff-ff.A.pcapng"]
    batch.lay(folder, names[0], *names[2:])
    (folder / names[1]).write_text("no capture")
    (folder / "list").write_text("".join(name + "\n" for name in names))
    (folder / "records").mkdir(mode=0o777)
    (folder / "records").chmod(0o777)

    def task(number, *words):
        environment = (f"PATH={batch.scripts()}:/usr/bin:/bin", f"SLURM_ARRAY_TASK_ID={number}")
        result = batch.run(folder, "env", *environment, "bash",
                           batch.scripts() / "archive-map.sbatch", "list", "records", *words)
        return result.returncode, sorted(path.name for path in (folder / "records").glob("*.ndjson"))

    assert task(1, 3) == (2, ["1.ndjson", "3.ndjson"])
    before = {path: path.stat().st_mtime_ns for path in (folder / "records").glob("*.ndjson")}
    assert task(2, 3) == (0, ["1.ndjson", "3.ndjson", "4.ndjson"])
    assert task(1) == (0, ["1.ndjson", "3.ndjson", "4.ndjson"])
    assert {path: path.stat().st_mtime_ns for path in before} == before
    for number, words in ((5, ()), (3, (3,)), (1, ("none",)), (1, (0,))):
        assert task(number, *words)[0] == 2
    captures = {record["capture"] for record in batch.records((folder / "records/3.ndjson").read_text(), "session")}
    assert captures == {names[2]}
    shutil.rmtree(folder)


def postgres_folder():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.mark.skipif(not postgres_folder(), reason="no PostgreSQL here")
def test_postgresql_gives_the_same(room, joined):
    expected = sorted((verdict, str(count)) for verdict, count, _ in joined)
    tables = ("session", "description", "credential", "fingerprint", "association", "presented")
    batch.script(room, "webrtc-archive", "csv", "tables", "all.ndjson", status=0)
    server = postgres_folder()
    options = f"-k {room} -c listen_addresses= -c fsync=off"
    for command in ([server / "initdb", "-D", "pg", "-A", "trust", "-U", "audit"],
                    [server / "pg_ctl", "-D", "pg", "-o", options, "-w", "-l", "pg.log", "start"]):
        result = batch.run(room, *command)
        assert result.returncode == 0, result.stdout + result.stderr
    try:
        psql = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", room, "-U", "audit", "-d", "postgres"]
        steps = [["-f", batch.scripts() / "archive-schema.sql"]]
        steps += [["-c", f"\\copy {table} FROM 'tables/{table}.csv' (FORMAT csv)"] for table in tables]
        steps += [["-f", batch.scripts() / "archive-join.sql"]]
        for step in steps:
            result = batch.run(room, *psql, *step)
            assert result.returncode == 0, result.stderr
        result = batch.run(room, *psql, "-A", "-t", "-F", " ", "-c", "SELECT verdict, captures FROM call")
        assert sorted(tuple(line.split()) for line in result.stdout.splitlines()) == expected
    finally:
        batch.run(room, server / "pg_ctl", "-D", "pg", "-m", "immediate", "stop")
