#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes an archive of many small captures, and measures how its records are loaded and joined.

    archive.py make FOLDER --captures 10000     FOLDER/N.pcap, and FOLDER/list with their names
    archive.py join RECORDS [--sizes 1000,3000,10000] [--postgres DATABASE] [--archive PROGRAM]

Each call is seen in two captures, as where signalling and media have taps of their own: neither can verify it, both
together can. Calls are twenty seconds apart, for they share what a text names its author by. Between the two lies
plugins/batch/archive-map.sbatch or webrtc-audit, which makes RECORDS. `join` loads and joins so many of them, in an
SQLite database and, if named, in an empty PostgreSQL database, and prints seconds and the verdicts of the calls; the
databases must agree. Where there are fewer records than asked for, they come again under other names, with other
credentials, authors and handshakes. What is in the PostgreSQL database is dropped.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BATCH = HERE.parent.parent / "plugins/batch"
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import multiply  # noqa: E402

SOURCE = HERE.parent.parent / "test-captures/cr-ff12.A.pcapng"
TABLES = ("session", "description", "credential", "fingerprint", "association", "presented")
START = 1_790_000_000.0
TIES = ("capture", "ice_credential", "ice_ufrag", "origin", "body", "randoms", "client_ufrag", "server_ufrag")
VERDICTS = "SELECT verdict, COUNT(*) FROM call GROUP BY verdict ORDER BY verdict"


def make(folder, captures):
    folder.mkdir(parents=True, exist_ok=True)
    source = multiply.Source(SOURCE, 20)
    names = []
    for n in range(captures // 2):
        packets = sorted(multiply.make_call(source, n, START + 20 * n), key=lambda packet: packet[0])
        for part, protocol in (("signalling", 6), ("media", 17)):
            path = folder / f"{n}.{part}.pcap"
            writer = multiply.Writer(path)
            for packet in packets:
                if packet[3] == protocol:
                    writer.packet(*packet)
            writer.file.close()
            names.append(str(path))
    (folder / "list").write_text("".join(name + "\n" for name in names))


def timed(*commands):
    """Seconds that they took one after the other, and what the last one printed."""
    before, out = time.monotonic(), ""
    for command in commands:
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return time.monotonic() - before, out


def by_sqlite(archive, folder):
    database = folder / "archive.db"
    database.unlink(missing_ok=True)
    load, _ = timed([archive, "load", database, folder / "records"])
    join, _ = timed([archive, "join", database])
    _, verdicts = timed(["sqlite3", "-separator", "|", database, VERDICTS])
    return load, join, verdicts


def by_postgres(archive, folder, database):
    psql = ["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-c", "SET client_min_messages = warning", "-d", database]
    timed([*psql, "-c", "DROP SCHEMA public CASCADE; CREATE SCHEMA public"])
    copies = [[*psql, "-c", f"\\copy {table} FROM '{folder}/tables/{table}.csv' (FORMAT csv)"] for table in TABLES]
    load, _ = timed([archive, "csv", folder / "tables", folder / "records"],
                    [*psql, "-f", BATCH / "archive-schema.sql"], *copies)
    join, _ = timed([*psql, "-f", BATCH / "archive-join.sql"])
    _, verdicts = timed([*psql, "-At", "-c", VERDICTS])
    return load, join, verdicts


def renamed(value, turn):
    """What ties calls together, as another call has it."""
    if isinstance(value, list):
        return [renamed(part, turn) for part in value]
    if isinstance(value, dict):
        return {key: turn + part if key in TIES and isinstance(part, str) else renamed(part, turn)
                for key, part in value.items()}
    return value


def lay(files, size, folder):
    """The first so many files of records, and as many more as are wanted."""
    folder.mkdir()
    for n in range(size):
        path, turn = files[n % len(files)], n // len(files)
        if turn == 0:
            (folder / path.name).symlink_to(path.resolve())
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        (folder / f"{turn}-{path.name}").write_text(
            "".join(json.dumps(renamed(json.loads(line), f"{turn}-")) + "\n" for line in lines), encoding="utf-8")


def join(records, sizes, archive, postgres):
    files = sorted(records.glob("*.ndjson"), key=lambda path: int(path.stem))
    files = files[:len(files) // 2 * 2]
    print("captures  database    load, s  join, s  captures/s  verdicts")
    for size in sizes:
        said = collections.defaultdict(list)
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            lay(files, size, folder / "records")
            ways = {"SQLite": lambda: by_sqlite(archive, folder)}
            if postgres:
                ways["PostgreSQL"] = lambda: by_postgres(archive, folder, postgres)
            for name, way in ways.items():
                load, joined, verdicts = way()
                said[verdicts].append(name)
                print(f"{size:8}  {name:10} {load:8.2f} {joined:8.2f} "
                      f"{size / (load + joined):11.0f}  {' '.join(verdicts.split())}", flush=True)
        if len(said) > 1:
            raise SystemExit("the databases do not agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_subparsers(dest="what", required=True)
    maker = what.add_parser("make")
    maker.add_argument("folder", type=pathlib.Path)
    maker.add_argument("--captures", type=int, default=10000)
    joiner = what.add_parser("join")
    joiner.add_argument("records", type=pathlib.Path)
    joiner.add_argument("--sizes", default="1000,3000,10000")
    joiner.add_argument("--postgres", help="the name of an empty database")
    joiner.add_argument("--archive", type=pathlib.Path, default=BATCH / "webrtc-archive")
    arguments = parser.parse_args()
    if arguments.what == "make":
        make(arguments.folder, arguments.captures)
    else:
        join(arguments.records, [int(n) for n in arguments.sizes.split(",")], arguments.archive, arguments.postgres)


if __name__ == "__main__":
    main()
