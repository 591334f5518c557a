#!/bin/sh
# Finding: a list of month ends, made by stepping a month at a time, forgets after February that it was one.
#
# What:     from 31 January 2024 in steps of a month: polars 2.1.0 gives the last day of each month. duckdb 2.0.1 (`generate_series`), DataFusion 55
#           (`generate_series`), pandas 3.1.1 (`date_range` with `DateOffset(months=1)`) and Postgres give 31 January, 29 February, 29 March,
#           29 April and so on: each step starts from where the one before came down. In duckdb `+ 2 * INTERVAL 1 MONTH` is 31 March, and
#           `+ INTERVAL 1 MONTH + INTERVAL 1 MONTH` is 29 March.
# Why care: as the "as of" days of a trend such a list is right for two months, and then leaves out what happened on up to three days of each.
# Seen:     polars 2.1.0, duckdb 2.0.1, datafusion 55.0.0, pandas 3.1.1, pgserver 0.1.4 (Postgres 16.2), Python 3, on Linux.
# Guard:    windows are whole months by their number and are never stepped; `+ 1 month` said twice is said to differ from `+ 2 months`
#           (grammar/README.md, section 5), and tests/language/calendar.rs holds one law over 400 years.
#
# Prints what each tool says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_RUNTIME_DIR="$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet polars==2.1.0 duckdb==2.0.1 datafusion==55.0.0 pandas==3.1.1 pgserver==0.1.4
"$folder/venv/bin/python" -W ignore - "$folder/postgres" <<'PY'
import sys
from datetime import date

import datafusion
import duckdb
import pandas as pd
import pgserver
import polars as pl

FIRST, LAST = date(2024, 1, 31), date(2024, 6, 30)
SERIES = f"generate_series(date '{FIRST}', date '{LAST}', interval '1 month')"
server = pgserver.get_server(sys.argv[1])
postgres = server.psql(f"SELECT string_agg(to_char(day, 'MM-DD'), ' ') FROM {SERIES} AS day;").splitlines()[2].split()
server.cleanup()
lists = {
    f"polars {pl.__version__}": pl.date_range(FIRST, LAST, "1mo", eager=True).to_list(),
    f"duckdb {duckdb.__version__}": duckdb.sql(f"SELECT {SERIES}").fetchall()[0][0],
    f"datafusion {datafusion.__version__}": datafusion.SessionContext().sql(f"SELECT * FROM {SERIES}").to_pydict()["value"],
    f"pandas {pd.__version__}": list(pd.date_range(FIRST, LAST, freq=pd.DateOffset(months=1))),
}
said = {name: [f"{day:%m-%d}" for day in days] for name, days in lists.items()} | {"Postgres": postgres}
for name, days in said.items():
    print(f"{name}: {' '.join(days)}")
ways = "date '2024-01-31' + 2 * INTERVAL 1 MONTH, date '2024-01-31' + INTERVAL 1 MONTH + INTERVAL 1 MONTH"
at_once, in_turn = (f"{day:%m-%d}" for day in duckdb.sql(f"SELECT {ways}").fetchall()[0])
print(f"duckdb, twice a month at once {at_once}, one after the other {in_turn}")
ends = ["01-31", "02-29", "03-31", "04-30", "05-31", "06-30"]
drifted = ["01-31", "02-29", "03-29", "04-29", "05-29", "06-29"]
first, *others = said.values()
sys.exit(0 if first == ends and all(days == drifted for days in others) and (at_once, in_turn) == ("03-31", "03-29") else 1)
PY
