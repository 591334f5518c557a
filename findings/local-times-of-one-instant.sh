#!/bin/sh
# Finding: the local time of one instant differs between tools that were installed on the same day.
#
# What:     polars 2.1.0 carries time zone rules of its own. They are older than British Columbia's and Alberta's move to summer time for good
#           (2026-11-01): an instant of December 2026 is shown an hour early in Vancouver and Edmonton. They also know no summer time
#           after the year 2099: an instant of July 2150 is an hour early in Los Angeles. duckdb 2.0.1 shows all three as the present rules say.
# Why care: a report that came in at half past midnight is counted on the day before, and the file that says so is valid.
# Seen:     polars 2.1.0, duckdb 2.0.1, Python 3, on Linux.
# Guard:    instants are turned into local time by rules that Yardstick carries (grammar/DATA.md names their version).
#
# Prints what each tool says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet polars==2.1.0 duckdb==2.0.1
"$folder/venv/bin/python" - <<'PY'
import sys
from datetime import datetime, timezone

import duckdb
import polars as pl

SEEN = [
    ("2026-12-01 12:00:00", "America/Vancouver", "04:00", "05:00"),
    ("2026-12-01 12:00:00", "America/Edmonton", "05:00", "06:00"),
    ("2150-07-01 12:00:00", "America/Los_Angeles", "04:00", "05:00"),
]
changed = False
print(f"polars {pl.__version__}, duckdb {duckdb.__version__}")
for instant, zone, by_polars, by_duckdb in SEEN:
    utc = datetime.fromisoformat(instant).replace(tzinfo=timezone.utc)
    one = pl.Series([utc]).dt.convert_time_zone(zone).dt.strftime("%H:%M")[0]
    sql = f"SELECT strftime(timezone('{zone}', TIMESTAMPTZ '{instant}+00'), '%H:%M')"
    two = duckdb.sql(sql).fetchall()[0][0]
    print(f"{instant} UTC in {zone}: polars {one}, duckdb {two}")
    changed |= (one, two) != (by_polars, by_duckdb)
sys.exit(1 if changed else 0)
PY
