"""Makes a folder of sound rows from a county folder: `clean.py DATA OUT [--model indicators/model.ind]`.

The rules are those of `yardstick data` (grammar/README.md, section 2), but for values that break their column: there such a
value is not known, and here its row goes. A row goes when a value is missing that may not be, when a code is unknown, when an
end is before its start, when its key stands twice (all of them, or all but one when they are copies), and when it links to
nothing or to a row that went, until no more go. The files must be Parquet.
"""

import argparse
import re
import shutil
from pathlib import Path

import duckdb

MODEL = Path(__file__).resolve().parents[2] / "indicators" / "model.ind"
COLUMN = re.compile(r"^  (\w+) +(key|date|timestamp|text|bool|int|days|months|years|\{[^}]*\})(\??)", re.M)
LINK = re.compile(r"^  (\w+) +-> (\w+)(\??)(?! *\w)", re.M)
NO_DAY = "('9999-12-31', '0001-01-01')"


class Table:
    """What the model says of one table."""

    def __init__(self, name, body):
        self.name = name
        self.columns = COLUMN.findall(body)
        self.links = [(f"{column}_id", target, optional) for column, target, optional in LINK.findall(body)]
        self.spans = re.search(r"^  spans +(\w+) until (\w+)", body, re.M)
        self.key = next((column for column, kind, _ in self.columns if kind == "key"), None)

    def names(self):
        return [column for column, _, _ in self.columns] + [column for column, _, _ in self.links]

    def read(self, column):
        """The column with empty texts, and days that mean nothing, as missing."""
        kind = next((kind for name, kind, _ in self.columns if name == column), "link")
        if kind in ("date", "timestamp"):
            return f"CASE WHEN {column}::DATE NOT IN {NO_DAY} THEN {column} END AS {column}"
        if kind in ("bool", "int", "days", "months", "years"):
            return column
        return f"nullif({column}, '') AS {column}"

    def sound(self):
        """True of a row whose own values are sound."""
        rules = [f"{column} IS NOT NULL" for column, _, optional in self.columns + self.links if not optional]
        for column, kind, _ in self.columns:
            if kind.startswith("{"):
                codes = ", ".join(f"'{code}'" for code in re.findall(r"\w+", kind))
                rules.append(f"({column} IS NULL OR {column} IN ({codes}))")
        if self.spans:
            start, end = self.spans.groups()
            rules.append(f"({end} IS NULL OR {end} >= {start})")
        return " AND ".join(rules)


def model(path):
    text = re.sub(r"#.*", "", Path(path).read_text())
    return [Table(name, body) for name, body in re.findall(r'^table (\w+) "[^"]*" \{\n(.*?)^\}', text, re.M | re.S)]


def load(db, table, data):
    """Makes the table without rows that are unsound by themselves or share a key. Gives the rows of the file."""
    columns = ", ".join(table.read(column) for column in table.names())
    file = f"{data}/{table.name}.parquet"
    db.execute(f"CREATE TABLE raw AS SELECT file_row_number AS place, {columns} "
               f"FROM read_parquet('{file}', file_row_number = true)")
    db.execute(f"CREATE TABLE kept AS FROM raw WHERE {table.sound()}")
    if table.key:
        # Copies: all rows of the key are one row when the place in the file is left aside.
        names = ", ".join(table.names())
        shared = f"SELECT {table.key} FROM kept GROUP BY 1 HAVING count(*) > 1"
        db.execute(f"""
            CREATE TABLE doubles AS SELECT {table.key}, min(place) AS first, count(DISTINCT ({names})) AS kinds
            FROM kept WHERE {table.key} IN ({shared}) GROUP BY 1""")
        db.execute(f"""
            DELETE FROM kept USING doubles AS d
            WHERE kept.{table.key} = d.{table.key} AND NOT (d.kinds = 1 AND kept.place = d.first)""")
        db.execute("DROP TABLE doubles")
    db.execute(f'ALTER TABLE kept RENAME TO "{table.name}"')
    count = db.execute("SELECT count(*) FROM raw").fetchone()[0]
    db.execute("DROP TABLE raw")
    return count


def close(db, tables):
    """Takes out rows whose link leads to no row, until every link leads to one."""
    keys = {table.name: table.key for table in tables}
    gone = 1
    while gone:
        gone = 0
        for table in tables:
            for column, target, _ in table.links:
                gone += db.execute(f"""
                    DELETE FROM "{table.name}" WHERE {column} IS NOT NULL
                    AND {column} NOT IN (SELECT {keys[target]} FROM "{target}")""").fetchone()[0]


def overlaps(db, stays, of):
    """How many stays begin before an earlier one of the same row of `of` ends."""
    return db.execute(f"""
        SELECT count(*) FROM (
            SELECT from_on < max(coalesce(until_on, 'infinity')) OVER (
                PARTITION BY {of} ORDER BY from_on, until_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS early
            FROM {stays} WHERE until_on IS NULL OR until_on > from_on) WHERE early""").fetchone()[0]


def clean(data, out, model_file=MODEL):
    """Writes the sound rows of a county's tables to a folder."""
    db = duckdb.connect()
    tables = model(model_file)
    before = {table.name: load(db, table, data) for table in tables}
    close(db, tables)
    # The queries take it that a child has one worker and a worker one unit on a day.
    for stays, of in [("assignment", "child_id"), ("worker_unit", "worker_id")]:
        if found := overlaps(db, stays, of):
            raise SystemExit(f"{found} rows of {stays} overlap: the queries here do not know which one holds")
    out.mkdir(parents=True, exist_ok=True)
    for table in tables:
        db.execute(f"""COPY (SELECT * EXCLUDE place FROM "{table.name}" ORDER BY place)
                       TO '{out}/{table.name}.parquet' (COMPRESSION zstd, ROW_GROUP_SIZE 524288)""")
    # What stays over time, as a calendar does, has no rows of its own to be sound.
    for file in set(Path(data).glob("*.parquet")) - {Path(data, f"{table.name}.parquet") for table in tables}:
        shutil.copy(file, out)
    for table in tables:
        kept = db.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]
        print(f"{table.name:<14} {before[table.name]:>9} rows {before[table.name] - kept:>7} taken out")
    # Last, so that a folder with it is whole.
    shutil.copy(data / "dataset.toml", out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", default=MODEL)
    args = parser.parse_args()
    clean(args.data, args.out, args.model)


if __name__ == "__main__":
    main()
