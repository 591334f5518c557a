#!/bin/sh
# Finding: "the last row of each group" is put together from several rows, so that a stay that is open has the end of the one before it.
#
# What:     a child was in care in January, and again since June. `groupby(...).last()` of pandas 3.1.1 gives a stay that began in June and ended in
#           February; `arg_max(ended, began)` of duckdb 2.0.1, which reads "the end of the latest stay", gives February as well, and so
#           does the aggregate "last" of pyarrow 26.0.1. They skip what is missing, in each column by itself. `last` of polars 2.1.0, and
#           `last(ended ORDER BY began)` of duckdb, give no end. `tail(1)` of pandas keeps the row.
# Why care: children who are in care now are counted as gone home, by a line that reads right; and the end lies before the beginning.
# Seen:     pandas 3.1.1, duckdb 2.0.1, pyarrow 26.0.1, polars 2.1.0, Python 3, on Linux.
# Guard:    `last X of each P by D` takes a row, with what is missing in it (grammar/README.md, section 7), and a stay that ends before it
#           begins is set aside and told (grammar/DATA.md).
#
# Prints what each tool says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pandas==3.1.1 duckdb==2.0.1 pyarrow==26.0.1 polars==2.1.0
"$folder/venv/bin/python" - <<'PY'
import sys
from datetime import date

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

JANUARY, FEBRUARY, JUNE = date(2024, 1, 1), date(2024, 2, 1), date(2024, 6, 1)
stays = pa.table({"child": ["c1", "c1"], "began": [JANUARY, JUNE], "ended": [FEBRUARY, None]})
frame = stays.to_pandas()
last = frame.groupby("child").last()
row = frame.groupby("child").tail(1)
sql = "SELECT max(began), arg_max(ended, began), last(ended ORDER BY began) FROM stays GROUP BY child"
by_duckdb = duckdb.sql(sql).fetchall()[0]
by_arrow = stays.group_by("child", use_threads=False).aggregate([("began", "last"), ("ended", "last")]).to_pylist()[0]
by_polars = pl.from_arrow(stays).group_by("child").last().row(0)
said = {
    "pandas, last": (last["began"].iloc[0], last["ended"].iloc[0]),
    "pandas, tail": (row["began"].iloc[0], row["ended"].iloc[0] if row["ended"].notna().iloc[0] else None),
    "duckdb, arg_max": by_duckdb[:2],
    "duckdb, last": (by_duckdb[0], by_duckdb[2]),
    "pyarrow, last": (by_arrow["began_last"], by_arrow["ended_last"]),
    "polars, last": by_polars[1:],
}
print(f"pandas {pd.__version__}, duckdb {duckdb.__version__}, pyarrow {pa.__version__}, polars {pl.__version__}")
for how, (began, ended) in said.items():
    print(f"{how}: began {began}, ended {ended}")
mixed = {"pandas, last", "duckdb, arg_max", "pyarrow, last"}
sys.exit(0 if all(stay == (JUNE, FEBRUARY if how in mixed else None) for how, stay in said.items()) else 1)
PY
