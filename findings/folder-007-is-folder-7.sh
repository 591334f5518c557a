#!/bin/sh
# Finding: of Parquet files in folders by office, the office `007` and the office `7` become one.
#
# What:     the value of a column stands in the folder's name alone (`office=007/`). pyarrow 26.0.1 (`read_table`) and polars 2.1.0
#           (`scan_parquet` with `hive_partitioning`) take names of digits for whole numbers: the folders `office=007` and `office=7` are one
#           group of both. With a third folder `office=1e3`, pyarrow keeps texts, and polars makes fractions: office 1000.0. The writer is
#           pyarrow itself, and the column was text. DuckDB 2.0.1 keeps the texts where a number has zeros before it.
# Why care: two offices are shown as one, with one rate; and the month in which an office gets a name with a letter is read otherwise.
# Seen:     pyarrow 26.0.1, polars 2.1.0, duckdb 2.0.1, Python 3, on Linux.
# Guard:    names of folders are no columns (grammar/DATA.md, Files): a column that is not in the files is told as missing, and no value is made of
#           a name (tests/data/parquet.rs).
#
# Prints what each reader says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.1
"$folder/venv/bin/python" - "$folder" <<'PY'
import sys

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq


def offices(place):
    read = pq.read_table(place).group_by("office").aggregate([("child", "count")]).to_pydict()
    arrow = sorted(zip(read["office"], read["child_count"]))
    lazy = pl.scan_parquet(f"{place}/**/*.parquet", hive_partitioning=True).group_by("office").len().sort("office").collect()
    rows = duckdb.sql(f"SELECT office, count(*) FROM read_parquet('{place}/*/*.parquet', hive_partitioning = true) GROUP BY ALL ORDER BY ALL")
    return {"pyarrow": arrow, "polars": lazy.rows(), "duckdb": rows.fetchall()}


said = {}
for name, ids in (("digits", ["007", "7", "012"]), ("one with a letter", ["007", "7", "1e3"])):
    place = f"{sys.argv[1]}/{name}"
    table = pa.table({"office": pa.array(ids, pa.string()), "child": [f"child {n}" for n in range(len(ids))]})
    pq.write_to_dataset(table, place, partition_cols=["office"])
    said[name] = offices(place)
    for reader, rows in said[name].items():
        print(f"{name:20}{reader:10}{rows}")

seen = {
    "digits": {"pyarrow": [(7, 2), (12, 1)], "polars": [(7, 2), (12, 1)], "duckdb": [("007", 1), ("012", 1), ("7", 1)]},
    "one with a letter": {
        "pyarrow": [("007", 1), ("1e3", 1), ("7", 1)],
        "polars": [(7.0, 2), (1000.0, 1)],
        "duckdb": [("007", 1), ("1e3", 1), ("7", 1)],
    },
}
sys.exit(said != seen)
PY
