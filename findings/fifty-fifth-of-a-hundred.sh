#!/bin/sh
# Finding: the 55th percentile of a hundred rows is the 56th row.
#
# What:     `percentile_disc` of Postgres, `quantile` of numpy ("inverted_cdf") and of polars ("equiprobable") multiply the number of rows
#           by the share and round up. 100 * 0.55 is 55.00000000000001 in binary fractions, so they take row 56 of 1 to 100, and row 8 for
#           the percentiles 7 of 100, 14 of 50 and 28 of 25. duckdb takes rows 55 and 7, at which the share has been reached.
# Why care: the threshold of a group, and who lies below it, moves by a row where the size of the group is round.
# Seen:     pgserver 0.1.4 (Postgres 16.2), duckdb 2.0.1, numpy 2.4.6, polars 2.1.0, Python 3, on Linux.
# Guard:    a percentile is a whole number of hundredths, and its place a division of whole numbers (grammar/README.md, section 9;
#           src/results/scorecard/percentile.rs; the oracle of the tests counts likewise).
#
# Prints what each tool says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_RUNTIME_DIR="$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pgserver==0.1.4 duckdb==2.0.1 numpy==2.4.6 polars==2.1.0
"$folder/venv/bin/python" -W ignore - "$folder/postgres" <<'PY'
import sys

import duckdb
import numpy as np
import pgserver
import polars as pl

server = pgserver.get_server(sys.argv[1])
print(f"Postgres, duckdb {duckdb.__version__}, numpy {np.__version__}, polars {pl.__version__}")
said = {}
for size, percent in ((100, 55), (100, 7), (50, 14), (25, 28), (100, 50)):
    sql = f"SELECT percentile_disc({percent / 100}) WITHIN GROUP (ORDER BY n) FROM generate_series(1, {size}) AS t(n)"
    postgres = int(server.psql(sql + ";").splitlines()[2])
    rows = np.arange(1, size + 1)
    by_numpy = int(np.quantile(rows, percent / 100, method="inverted_cdf"))
    by_polars = int(pl.Series(rows).quantile(percent / 100, "equiprobable"))
    said[size, percent] = (postgres, duckdb.sql(sql).fetchall()[0][0], by_numpy, by_polars)
    print(f"percentile {percent} of 1 to {size}: Postgres, duckdb, numpy, polars say {said[size, percent]}")
server.cleanup()
as_seen = said == {
    (100, 55): (56, 55, 56, 56),
    (100, 7): (8, 7, 8, 8),
    (50, 14): (8, 7, 8, 8),
    (25, 28): (8, 7, 8, 8),
    (100, 50): (50, 50, 50, 50),
}
sys.exit(0 if as_seen else 1)
PY
