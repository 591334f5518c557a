"""Runs the queries of `sql/` on a county folder: `duckdb_sql.py DATA OUT [--threads 2]`. Writes OUT/<indicator>.csv."""

import argparse
import time
import tomllib
from pathlib import Path

import duckdb

SQL = Path(__file__).parent / "sql"
INDICATORS = sorted(path.stem for path in SQL.glob("*.sql") if path.stem != "county")


def opened(data, threads=2):
    """A database that knows the county's folder and its last whole day."""
    as_of = tomllib.loads((Path(data) / "dataset.toml").read_text())["as_of"]
    db = duckdb.connect()
    db.execute(f"SET threads = {threads}")
    # Where few rows are expected, an ASOF join would compare each with each; expected wrongly, that takes minutes.
    db.execute("SET asof_loop_join_threshold = 0")
    db.execute(f"SET VARIABLE data = '{data}'")
    db.execute(f"SET VARIABLE as_of = DATE '{as_of}'")
    return db


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=INDICATORS)
    parser.add_argument("--times", action="store_true", help="print the time of each query")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    db = opened(args.data, args.threads)
    for name in ["county", *args.only]:
        start = time.perf_counter()
        query = (SQL / f"{name}.sql").read_text()
        db.execute(query if name == "county" else f"COPY ({query}) TO '{args.out}/{name}.csv' (HEADER)")
        if args.times:
            print(f"{name:<40} {time.perf_counter() - start:6.2f} s")


if __name__ == "__main__":
    main()
