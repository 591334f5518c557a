"""Writes a county as the tables that ehrQL reads: `tables.py DATA OUT`, with DATA made by ../clean.py. Needs pyarrow."""

import argparse
import sys
from pathlib import Path

from pyarrow import feather

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from duckdb_sql import SQL, opened  # noqa: E402


def write(data, out):
    """One Arrow file for each table, in a folder for each kind of patient."""
    db = opened(data)
    for script in [SQL / "county.sql", HERE / "tables.sql"]:
        db.execute(script.read_text())
    for (name,) in db.execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%\\_\\_%' ESCAPE '\\'").fetchall():
        folder, table = name.split("__")
        Path(out, folder).mkdir(parents=True, exist_ok=True)
        rows = db.sql(f"FROM {name} ORDER BY patient_id").to_arrow_table()
        feather.write_feather(rows, str(Path(out, folder, f"{table}.arrow")), compression="uncompressed")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    write(args.data, args.out)


if __name__ == "__main__":
    main()
