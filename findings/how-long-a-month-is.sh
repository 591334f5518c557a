#!/bin/sh
# Finding: a length of time in months has another length, and another order, in each engine, and two in one.
#
# What:     a year is 365.25 days by `extract(epoch ...)` in Postgres and in duckdb 2.0.1, 360 in DataFusion 55; in the first two it also *equals* 360
#           days. The stay of 29 days from 1 February to 1 March 2024 is a month by `age`, and so 30 days. In DataFusion lengths are
#           compared by months first, then days, then hours: a month is longer than 40 days, `max` of the two is the month, and
#           48 hours are not longer than a day.
# Why care: stays of 29 to 31 days, averaged or compared as lengths, come out as 30; two years as 730.5 days; "longer than 48 hours" is false of
#           two days, or true.
# Seen:     pgserver 0.1.4 (Postgres 16.2), duckdb 2.0.1, datafusion 55.0.0, Python 3, on Linux.
# Guard:    there is no length of mixed units: counts from one day to another have a unit, days compare with days, and another unit is an
#           error that says what to write (grammar/README.md, section 5).
#
# Prints what each engine says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_RUNTIME_DIR="$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pgserver==0.1.4 duckdb==2.0.1 datafusion==55.0.0
"$folder/venv/bin/python" -W ignore - "$folder/postgres" <<'PY'
import sys

import datafusion
import duckdb
import pgserver

ASKED = {
    "days of a year": "extract(epoch FROM interval '1 year') / 86400",
    "a year is 360 days": "interval '1 year' = interval '360 days'",
    "40 days are longer than a month": "interval '40 days' > interval '1 month'",
    "48 hours are longer than a day": "interval '48 hours' > interval '1 day'",
    "days of 1 February to 1 March 2024": "extract(epoch FROM age(date '2024-03-01', date '2024-02-01')) / 86400",
}
server = pgserver.get_server(sys.argv[1])
context = datafusion.SessionContext()


def by_postgres(sql):
    text = server.psql(f"SELECT {sql};").splitlines()[2].strip()
    return {"t": True, "f": False}[text] if text in "tf" else float(text)


said = {}
for name, sql in ASKED.items():
    two = duckdb.sql(f"SELECT {sql}").fetchall()[0][0]
    three = None if "age(" in sql else context.sql(f"SELECT {sql} AS x").to_pydict()["x"][0]
    said[name] = (by_postgres(sql), two, three)
    print(f"{name}: Postgres {said[name][0]}, duckdb {two}, datafusion {'has no age' if three is None else three}")
server.cleanup()
longest = context.sql("SELECT max(x) AS x FROM (VALUES (interval '1 month'), (interval '40 days')) AS t(x)").to_pydict()["x"][0]
print(f"datafusion, the longest of a month and 40 days: {longest}")
as_seen = list(said.values()) == [
    (365.25, 365.25, 360.0),
    (True, True, False),
    (True, True, False),
    (True, True, False),
    (30.0, 30.0, None),
]
sys.exit(0 if as_seen and longest.months == 1 else 1)
PY
