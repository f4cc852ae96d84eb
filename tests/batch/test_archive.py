# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures looked at one by one and joined afterwards give the verdicts that the merged capture gives."""

import pathlib
import shutil

import batch
import pytest
import truth

# Calls that only the packets can put together, for no key of theirs is in two captures; docs/archive.md names them.
NOT_BY_KEYS = ()


def calls():
    """Scenarios that were captured at two or more places, and the places."""
    found = {}
    for path in sorted(truth.OWN.glob("*.pcapng")):
        call, _, point = path.stem.rpartition(".")
        if point in ("A", "B", "S", "M"):
            found.setdefault(call, []).append(path.name)
    return {call: names for call, names in found.items() if len(names) > 1 and call not in NOT_BY_KEYS}


CALLS = calls()


@pytest.fixture(scope="module")
def room():
    folder = batch.own_folder()
    for names in CALLS.values():
        batch.lay(folder, *names)
        for name in names:
            batch.script(folder, "webrtc-audit", "-q", "-j", 1, "--no-key-search", "--ndjson", f"{pathlib.Path(name).stem}.ndjson", name)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def merged(room, names):
    result = batch.script(room, "webrtc-audit", "-q", "--no-key-search", "--merge", "all", "--ndjson", "-", *names)
    return sorted(session["verdict"] for session in batch.records(result.stdout, "session"))


def joined(room, names, database):
    (room / database).unlink(missing_ok=True)
    batch.script(room, "webrtc-archive", "load", database, *[f"{pathlib.Path(name).stem}.ndjson" for name in names], status=0)
    lines = batch.script(room, "webrtc-archive", "join", database, status=0).stdout.splitlines()
    return sorted(tuple(line.split("\t")) for line in lines)


@pytest.mark.parametrize("call", CALLS)
def test_joined_captures_have_the_verdict_of_the_merged_one(room, call):
    assert [row[0] for row in joined(room, CALLS[call], "one.db")] == merged(room, CALLS[call])


def test_calls_are_kept_apart(room):
    for _, count, parts in joined(room, [name for names in CALLS.values() for name in names], "all.db"):
        assert len({part.partition(".")[0] for part in parts.split()}) == 1
        assert int(count) == len({part.partition("#")[0] for part in parts.split()})


def test_loading_again_changes_nothing(room):
    names = CALLS["cr-ff12"]
    once = joined(room, names, "again.db")
    batch.script(room, "webrtc-archive", "load", "again.db", "cr-ff12.A.ndjson", status=0)
    batch.script(room, "webrtc-archive", "join", "again.db", status=0)
    assert [tuple(line.split("\t")) for line in
            batch.script(room, "webrtc-archive", "join", "again.db", status=0).stdout.splitlines()] == once


def test_passwords_are_not_in_the_records(room):
    offer = batch.run(room, "tshark", "-r", "cr-ff12.A.pcapng", "-Y", "webrtc_sdp.ice_pwd", "-T", "fields", "-e", "webrtc_sdp.ice_pwd")
    passwords = {word for line in offer.stdout.splitlines() for word in line.split(",")}
    assert passwords and all(len(word) >= 22 for word in passwords)
    text = (room / "cr-ff12.A.ndjson").read_text()
    assert not [word for word in passwords if word in text]


def test_something_else_than_records_is_refused(room):
    (room / "other.ndjson").write_text('{"record":"session"}\n')
    result = batch.script(room, "webrtc-archive", "load", "x.db", "other.ndjson", status=1)
    assert "other.ndjson, line 1: no record of webrtc-audit" in result.stderr


def postgres_folder():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.mark.skipif(not postgres_folder(), reason="no PostgreSQL here")
def test_postgresql_gives_the_same(room):
    names = [name for group in CALLS.values() for name in group]
    expected = sorted((row[0], row[1]) for row in joined(room, names, "all.db"))
    tables = ("session", "description", "credential", "fingerprint", "association", "presented")
    batch.script(room, "webrtc-archive", "csv", "tables", *[f"{pathlib.Path(name).stem}.ndjson" for name in names], status=0)
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
