"""Runs queries of `yardstick sql` on DuckDB and PostgreSQL, and compares every cell: `compare.py FOLDER [--postgres CONNECTION]`.

FOLDER holds, for each set of rows, a folder with `tables.sql` (or a folder `tables/` of Parquet files), `ID.duckdb.sql` and
`ID.postgres.sql`, and `cells.tsv` with the cells that are expected: indicator, level, entity, first and last day of the window,
numerator, denominator, value, state, undetermined, excluded, unsure (`?`: not compared). A cell of a query that is not expected
must be one without rows. Cells are alike when their counts are equal and values differ by less than 1e-9 of themselves.
"""

import argparse
import collections
import sys
from pathlib import Path

import duckdb
import psycopg

FIGURES = ("numerator", "denominator", "value", "state", "undetermined", "excluded", "unsure")
TYPES = {"VARCHAR": "TEXT", "INTEGER": "BIGINT", "DOUBLE": "DOUBLE PRECISION"}


def number(text):
    return None if text in (None, "") else float(text)


def alike(want, have, name):
    # Below the whole a query may say nothing of it.
    if name == "unsure" and (want == "?" or have is None):
        return True
    if name == "state":
        return want == have
    want, have = number(want), number(have)
    if want is None or have is None:
        return want is have
    return abs(want - have) <= 1e-9 * max(1, abs(want))


def expected(folder):
    cells = collections.defaultdict(dict)
    for line in (folder / "cells.tsv").read_text().splitlines():
        indicator, *key = line.split("\t")
        cells[indicator][tuple(key[:4])] = key[4:]
    return cells


class DuckDb:
    """A database in memory, a new one for each set of rows."""

    name = "duckdb"

    def __init__(self, folder, _):
        self.db = duckdb.connect()
        if (folder / "tables.sql").exists():
            self.db.execute((folder / "tables.sql").read_text())
        for file in (folder / "tables").glob("*.parquet"):
            self.db.execute(f'CREATE TABLE "{file.stem}" AS FROM read_parquet(\'{file}\')')

    def rows(self, query):
        return self.db.execute(query).fetchall()


class Postgres:
    """A schema of a running server, a new one for each set of rows."""

    name = "postgres"

    def __init__(self, folder, connection):
        self.cursor = psycopg.connect(connection, autocommit=True).cursor()
        self.cursor.execute("DROP SCHEMA IF EXISTS compared CASCADE; CREATE SCHEMA compared; SET search_path = compared; SET jit = off")
        self.cursor.execute("SET statement_timeout = '60s'")
        if (folder / "tables.sql").exists():
            self.cursor.execute((folder / "tables.sql").read_text())
        for file in (folder / "tables").glob("*.parquet"):
            self.copy(file)
        self.cursor.execute("ANALYZE")

    def copy(self, file):
        db = duckdb.connect()
        columns = db.execute(f"DESCRIBE SELECT * FROM read_parquet('{file}')").fetchall()
        typed = ", ".join(f'"{name}" {TYPES.get(kind, kind)}' for name, kind, *_ in columns)
        self.cursor.execute(f'CREATE TABLE "{file.stem}" ({typed})')
        with self.cursor.copy(f'COPY "{file.stem}" FROM STDIN') as copy:
            for row in db.execute(f"SELECT * FROM read_parquet('{file}')").fetchall():
                copy.write_row(row)
        for name, *_ in columns:
            if name.endswith("_id"):
                self.cursor.execute(f'CREATE INDEX ON "{file.stem}" ("{name}")')

    def rows(self, query):
        self.cursor.execute(query)
        return self.cursor.fetchall()


def differences(wanted, rows):
    """Cells that are not alike; each cell of the query that is not expected must have no rows."""
    found = {(row[0], row[1], str(row[2]), str(row[3])): row[4:] for row in rows}
    for key, want in wanted.items():
        have = found.pop(key, None)
        if have is None or not all(map(alike, want, have, FIGURES)):
            yield key, want, have
    for key, have in found.items():
        if any(number(figure) for name, figure in zip(FIGURES, have) if name not in ("value", "state")):
            yield key, None, have


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--postgres", help="how to connect; without it only DuckDB is asked")
    args = parser.parse_args()
    wrong = 0
    told = collections.Counter()
    for folder in sorted(path.parent for path in args.folder.glob("*/cells.tsv")):
        cells = expected(folder)
        for database in [DuckDb] + ([Postgres] if args.postgres else []):
            db = database(folder, args.postgres)
            for file in sorted(folder.glob(f"*.{db.name}.sql")):
                indicator = file.name.split(".")[0]
                told[f"{db.name}: indicators"] += 1
                told[f"{db.name}: indicators with rows"] += bool(cells[indicator])
                told[f"{db.name}: cells"] += len(cells[indicator])
                try:
                    found = list(differences(cells[indicator], db.rows(file.read_text())))
                except (duckdb.Error, psycopg.Error) as error:
                    found = [("cannot be run", str(error).split("\n")[0], None)]
                for key, want, have in found[:3]:
                    print(f"{file}: {key}\n  expected {want}\n  got      {have}")
                wrong += bool(found)
    for name, count in sorted(told.items()):
        print(f"{name}: {count}")
    print(f"{wrong} queries differ")
    sys.exit(1 if wrong or not told else 0)


if __name__ == "__main__":
    main()
