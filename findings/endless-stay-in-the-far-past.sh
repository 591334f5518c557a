#!/bin/sh
# Finding: a day without end, `infinity` in Postgres, comes by ADBC as a day of the far past, earlier than `-infinity`.
#
# What:     Postgres has the days `infinity` and `-infinity`, and compares them right. adbc-driver-postgresql 1.13.0 adds the days from 1970 to
#           2000 to the number that stands for them, and the number wraps: `infinity` is day -2147472692, `-infinity` day -2147472691, a day
#           later. Neither is an error; Arrow has no such days, and compares them as days.
# Why care: an open stay has ended before every day one can ask about, and nobody is in care.
# Seen:     adbc-driver-postgresql 1.13.0, pgserver 0.1.4 (Postgres 16.2), pyarrow 26.0.1, Python 3, on Linux.
# Guard:    `extract` asks for every value as text, so that `infinity` stays a word and its row is told (src/sources/dialect/postgres.rs;
#           tests/cli/databases, test `values_of_postgres_come_as_they_are`). In files of others, a day beyond the years 1 to 9999 cannot be
#           read, its row is set aside, and `data` tells it with its number (tests/data/parquet.rs, test `values_that_do_not_fit`).
#
# Prints what is read; exit status 1 when something else is read than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_RUNTIME_DIR="$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet adbc-driver-postgresql==1.13.0 adbc-driver-manager==1.13.0 pgserver==0.1.4 pyarrow==26.0.1
"$folder/venv/bin/python" -W ignore - "$folder/postgres" <<'PY'
import sys
from datetime import date

import adbc_driver_postgresql.dbapi as postgres
import pgserver
import pyarrow as pa
import pyarrow.compute as pc

ENDS = "(VALUES ('2024-01-31'), ('infinity'), ('-infinity')) AS t(ended)"
server = pgserver.get_server(sys.argv[1])
with postgres.connect(server.get_uri()) as connection, connection.cursor() as cursor:
    cursor.execute(f"SELECT ended::date AS ended, ended::date < date '2024-06-30' AS is_over FROM {ENDS}")
    table = cursor.fetch_arrow_table()
server.cleanup()
in_postgres = table["is_over"].to_pylist()
in_arrow = pc.less(table["ended"], pa.scalar(date(2024, 6, 30))).to_pylist()
days = table["ended"].cast(pa.int32()).to_pylist()
print("ended                2024-01-31, infinity, -infinity")
print(f"over, says Postgres  {in_postgres}")
print(f"over, says Arrow     {in_arrow}, days since 1970 {days}")
as_seen = in_postgres == [True, False, True] and in_arrow == [True, True, True] and days[1] < days[2] < 0
sys.exit(0 if as_seen else 1)
PY
