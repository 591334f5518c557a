"""Compares Yardstick, DuckDB and Polars cell by cell: `compare.py --yardstick PROGRAM --data DIR`, on sound rows (see clean.py).

`--peers-of-users` also compares what users choose, where it is installed: ehrQL, and MetricFlow on a dbt project.

Cells are alike when numerator and denominator are equal (shares of time: to 1e-9) and values differ by less than 1e-9 of
themselves. A cell that one has and the other has not is a difference, but for cells of Yardstick in which nothing was counted.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from contenders import NAMES, USERS, command, definitions, installed, said

KEY = "indicator, level, entity_id, window_end"
COLUMNS = "{'level': 'VARCHAR', 'entity_id': 'VARCHAR', 'window_end': 'DATE', " \
          "'numerator': 'DOUBLE', 'denominator': 'DOUBLE', 'value': 'DOUBLE'}"


def cells_of_yardstick(db, name, file):
    db.execute(f"""
        CREATE OR REPLACE TABLE {name} AS
        SELECT {KEY}, numerator::DOUBLE AS numerator, denominator::DOUBLE AS denominator, value::DOUBLE AS value,
               state = 'too_few' AS few
        FROM read_csv('{file}', all_varchar = true) WHERE state <> 'not_observable'""")
    db.execute(f"ALTER TABLE {name} ALTER window_end TYPE DATE")


def cells_of_peer(db, name, folder):
    each = " UNION ALL ".join(
        f"SELECT '{indicator}' AS indicator, *, false AS few FROM read_csv('{folder}/{indicator}.csv', columns = {COLUMNS})"
        for indicator in said(name))
    db.execute(f"CREATE OR REPLACE TABLE {name} AS {each}")


def differences(db, one, other):
    """Cells of two tables that are not alike, of the indicators that the other can say."""
    for table in (one, other):
        twice = db.execute(f"SELECT {KEY} FROM {table} GROUP BY ALL HAVING count(*) > 1 LIMIT 1").fetchone()
        if twice:
            raise SystemExit(f"{table} has a cell twice: {twice}")
    alike = " AND ".join(
        f"(a.{column} IS NOT DISTINCT FROM b.{column} OR abs(a.{column} - b.{column}) <= 1e-9 * greatest(1, abs(a.{column})))"
        for column in ("numerator", "denominator", "value"))
    # Of fewer rows than the definition's minimum Yardstick gives no value, only what it is made of.
    alike = alike.replace("(a.value IS", "(a.few OR b.few OR a.value IS")
    names = ", ".join(f"'{name}'" for name in said(other))
    counted = f"SELECT * FROM {{}} WHERE (denominator <> 0 OR coalesce(numerator, 0) <> 0) AND indicator IN ({names})"
    return db.execute(f"""
        SELECT {KEY}, a.numerator, b.numerator, a.denominator, b.denominator, a.value, b.value
        FROM ({counted.format(one)}) AS a FULL JOIN ({counted.format(other)}) AS b USING ({KEY})
        WHERE NOT coalesce({alike}, false) ORDER BY ALL""").fetchall()


def compare(db, one, other):
    """Says how two tables differ; true when they do not."""
    found = differences(db, one, other)
    names = ", ".join(f"'{name}'" for name in said(other))
    count = db.execute(f"""SELECT count(*), count(*) FILTER (denominator <> 0), count(DISTINCT indicator)
                           FROM {one} WHERE indicator IN ({names})""").fetchone()
    print(f"{one} and {other}: {count[0]} cells of {count[2]} indicators, {count[1]} with rows, {len(found)} differences", flush=True)
    for row in found[:20]:
        print("  ", *row)
    return not found


def check(yardstick, data, names, threads=2, raw=None, programs=None):
    """Runs all of them and compares; true when nothing differs."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work, "definitions")
        folder.mkdir()
        definitions(folder)
        runs = [(name, name, data) for name in names] + ([("yardstick", "yardstick_raw", raw)] if raw else [])
        db = duckdb.connect()
        fine = True
        for program, name, source in runs:
            out = Path(work, name)
            out.mkdir()
            words, environment = command(program, yardstick, source, out, folder, threads, programs)
            subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
            if program == "yardstick":
                cells_of_yardstick(db, name, out / "yardstick.csv")
            else:
                cells_of_peer(db, name, out)
            if name != "yardstick":
                same = compare(db, "yardstick", name)
                # Of the bad rows, Yardstick keeps those with one value that is not known: they may move a cell.
                fine &= same or name == "yardstick_raw"
        return fine


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yardstick", required=True, help="the program, built for release")
    parser.add_argument("--data", required=True, help="a folder made by clean.py")
    parser.add_argument("--raw", help="the folder it was made from: says which cells the bad rows move")
    parser.add_argument("--only", nargs="*", choices=[*NAMES[1:], *USERS])
    parser.add_argument("--peers-of-users", nargs="*", metavar="FOLDER", help="also ehrQL and MetricFlow, in the folders or in PATH")
    args = parser.parse_args()
    programs = installed(args.peers_of_users) if args.peers_of_users is not None else {}
    names = args.only or [*NAMES[1:], *programs]
    sys.exit(0 if check(args.yardstick, args.data, ["yardstick", *names], raw=args.raw, programs=programs) else 1)


if __name__ == "__main__":
    main()
