#!/bin/sh
# Finding: the median that a summary of a table prints is not the median, and differs by tool and way of asking.
#
# What:     of the two stays of 5 and 30 days `describe` of polars 2.1.0 prints 30 as the 50 %, and its `median` is 17.5; `SUMMARIZE` of duckdb 2.0.1
#           prints 18, and its `median` is 17.5; of 1, 2, 3 and 4 they print 3 and 2, and both medians are 2.5. The one takes a neighbour, upwards
#           from the middle (`quantile(0.5)` does, too); the other estimates, and rounds to the type of the column. pandas 3.1.1 prints 17.5 and 2.5.
# Why care: "the median stay is 30 days", from the first thing one does with a file, where it is 17.5.
# Seen:     polars 2.1.0, duckdb 2.0.1, pandas 3.1.1, Python 3, on Linux.
# Guard:    there is one median, and the reference says which: of n in order the one in the middle, or halfway to the next (section 9,
#           with its names in SAS and R); nothing is estimated or rounded.
#
# Prints what each tool says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet polars==2.1.0 duckdb==2.0.1 pandas==3.1.1
"$folder/venv/bin/python" - <<'PY'
import sys

import duckdb
import pandas as pd
import polars as pl

print(f"polars {pl.__version__}, duckdb {duckdb.__version__}, pandas {pd.__version__}")
said = {}
for days in ([5, 30], [1, 2, 3, 4]):
    summary = dict(pl.Series(days).describe().iter_rows())
    stays = duckdb.sql(f"SELECT unnest({days}) AS days")
    by_duckdb = float(duckdb.sql("SELECT q50 FROM (SUMMARIZE stays)").fetchall()[0][0])
    of_duckdb = duckdb.sql("SELECT median(days) FROM stays").fetchall()[0][0]
    by_pandas = float(pd.Series(days).describe()["50%"])
    said[tuple(days)] = (summary["50%"], pl.Series(days).median(), by_duckdb, of_duckdb, by_pandas)
    print(f"{days}: polars prints {summary['50%']}, median {pl.Series(days).median()}; duckdb prints {by_duckdb}, median {of_duckdb}; pandas prints {by_pandas}")
sys.exit(0 if said == {(5, 30): (30, 17.5, 18, 17.5, 17.5), (1, 2, 3, 4): (3, 2.5, 2, 2.5, 2.5)} else 1)
PY
