#!/bin/sh
# Finding: a column that is not there any more is read by SQLite as its own name, in every row, without an error.
#
# What:     SQLite takes a name in double quotes for a text when no column is called so: after `closed_on` was renamed, SELECT "closed_on" gives the
#           word `closed_on` for every row, and "closed_on" IS NULL is false. Asked for by its table, t."closed_on", it is an error. DuckDB and
#           PostgreSQL refuse both.
# Why care: every case is closed on no day that exists; where the query only asks whether there is a day, nobody is in care.
# Seen:     SQLite 3.54.1 (apsw 3.54.1.0), Python 3, on Linux; a build with SQLITE_DQS=0 refuses.
# Guard:    `extract` looks every column up before it asks for it, and asks for it by its table (src/sources/dialect, `text`;
#           tests/cli/databases, `files_of_sqlite_that_cannot_be_read_are_told`).
#
# Prints what is read; exit status 1 when something else is read than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet apsw==3.54.1.0
"$folder/venv/bin/python" - <<'PY'
import sys

import apsw

db = apsw.Connection(":memory:")
db.execute("""CREATE TABLE "case" (id TEXT, closed_on DATE); INSERT INTO "case" VALUES ('open', NULL), ('closed', '2024-01-31');
ALTER TABLE "case" RENAME closed_on TO ended_on;""")
read = db.execute('SELECT id, "closed_on", "closed_on" IS NULL FROM "case"').fetchall()
print(f"SQLite {apsw.sqlite_lib_version()} reads {read}")
try:
    db.execute('SELECT t."closed_on" FROM "case" AS t')
    by_table = "no error"
except apsw.SQLError as error:
    by_table = str(error)
print(f"by the table: {by_table}")
sys.exit(0 if read == [("open", "closed_on", 0), ("closed", "closed_on", 0)] and "no such column" in by_table else 1)
PY
