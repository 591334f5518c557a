#!/bin/sh
# Finding: a table that is cut or rebuilt while a snapshot is being read shows the snapshot no rows at all, without an error.
#
# What:     a transaction of Postgres with REPEATABLE READ sees one moment, but for TRUNCATE and an ALTER TABLE that rewrites its table: done after the
#           moment and before the table is read, the old rows are gone from it, too. The manual says so in a section on caveats. Data warehouses
#           load their tables just so every night.
# Why care: an extract of twenty tables has one without rows, and all else fits together: nobody was visited, nobody came back.
# Seen:     Postgres 16.2 (pgserver 0.1.4), psycopg 3.3.9, Python 3, on Linux.
# Guard:    `extract` locks every table (ACCESS SHARE) before its moment begins, so that whoever cuts one waits (src/sources/dialect, `begin`;
#           tests/cli/databases, `rows_that_change_while_they_are_read_are_those_of_one_moment`).
#
# Prints what is read; exit status 1 when something else is read than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_RUNTIME_DIR="$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pgserver==0.1.4 "psycopg[binary]==3.3.9"
"$folder/venv/bin/python" -W ignore - "$folder/postgres" <<'PY'
import sys

import pgserver
import psycopg

server = pgserver.get_server(sys.argv[1])
seen = {}
with psycopg.connect(server.get_uri(), autocommit=True) as other, psycopg.connect(server.get_uri(), autocommit=True) as reader:
    for what in ("DELETE FROM visit", "TRUNCATE visit", "ALTER TABLE visit ALTER id TYPE bigint"):
        other.execute("DROP TABLE IF EXISTS visit, child")
        other.execute("CREATE TABLE child AS SELECT 1 AS id")
        other.execute("CREATE TABLE visit AS SELECT generate_series(1, 1000) AS id")
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        reader.execute("SELECT count(*) FROM child")
        other.execute(what)
        seen[what] = reader.execute("SELECT count(*) FROM visit").fetchone()[0]
        reader.execute("COMMIT")
        print(f"{what:40} of 1000 rows, the snapshot sees {seen[what]}")
server.cleanup()
sys.exit(0 if list(seen.values()) == [1000, 0, 0] else 1)
PY
