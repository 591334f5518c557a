#!/bin/sh
# Finding: the day that stands for an open end, 31 December 9999, is read as 29 March 1816 from a valid Parquet file, without a word.
#
# What:     fastparquet 2026.9.0 turns days (DATE) into billionths of a second since 1970, which end in 2262 and begin again: 9999-12-31 becomes
#           1816-03-29, while the same day in a column of times of 64 bits stays what it is. pyarrow 26.0.1 reads it as 1816 from times of 96 bits
#           (written by itself, by Spark, by Hive), where polars 2.1.0 and duckdb 2.0.1 read 9999. Days before 1677 become such after 2100.
# Why care: who is still in care has left two hundred years ago; a filter for "ended before today" takes all of them.
# Seen:     fastparquet 2026.9.0, pandas 3.1.1, pyarrow 26.0.1, polars 2.1.0, duckdb 2.0.1, Python 3, on Linux.
# Guard:    times of 96 bits are read as whole days and the rest (tests/data/parquet.rs, test `old_times_keep_far_days`), `dates 9999-12-31
#           mean missing` is said in the model (grammar/DATA.md), and an end before its beginning sets its row aside and is told.
#
# Prints what each tool says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet fastparquet==2026.9.0 pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.1
"$folder/venv/bin/python" - "$folder" <<'PY'
import sys
from datetime import date, datetime

import duckdb
import fastparquet
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

OPEN = date(9999, 12, 31)
times = pa.array([datetime(2024, 1, 31), datetime(9999, 12, 31)], pa.timestamp("us"))
days = pa.array([date(2024, 1, 31), OPEN])
plain, old = f"{sys.argv[1]}/plain.parquet", f"{sys.argv[1]}/old.parquet"
pq.write_table(pa.table({"day": days, "time": times}), plain)
pq.write_table(pa.table({"day": days, "time": times}), old, use_deprecated_int96_timestamps=True)
said = {}
for name, path in (("64 bits", plain), ("96 bits", old)):
    by = {
        f"fastparquet {fastparquet.__version__}": [values.iloc[1] for _, values in fastparquet.ParquetFile(path).to_pandas().items()],
        f"pyarrow {pa.__version__}": [column[1].as_py() for column in pq.read_table(path).columns],
        f"polars {pl.__version__}": list(pl.read_parquet(path).row(1)),
        f"duckdb {duckdb.__version__}": list(duckdb.sql(f"SELECT * FROM '{path}'").fetchall()[1]),
    }
    for tool, (day, time) in by.items():
        said[tool.split()[0], name] = (day.year, time.year)
        print(f"times of {name}, {tool}: day {day:%Y-%m-%d}, time {time:%Y-%m-%d}")
wrong = {("fastparquet", "64 bits"): (1816, 9999), ("fastparquet", "96 bits"): (1816, 1816), ("pyarrow", "96 bits"): (9999, 1816)}
sys.exit(0 if all(years == wrong.get(which, (9999, 9999)) for which, years in said.items()) else 1)
PY
