"""The indicators by ehrQL's engine for local files: `measures.py DATA OUT --tables FOLDER --program EHRQL`. Writes OUT/<indicator>.csv.

DATA only tells the as-of date; the tables were made of it by tables.py. ehrQL uses one thread: each definition is a process.
"""

import argparse
import os
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
# What each definition gives, the longest first, and the folder of its tables.
SAID = {
    "children": ["placement_with_relatives", "reentry_into_foster_care", "reunification_within_12_months_entry",
                 "timely_contacts_cases", "timely_medical_exam", "workers_per_child"],
    "reports": ["foster_care_entry", "no_recurrence_of_maltreatment"],
    "stays": ["placement_stability_0_12"],
    "workers": ["worker_turnover"],
}
FOLDERS = {"reports": "children"}
LEVELS = ["department", "bureau", "office", "unit", "worker"]


def generated(program, kind, tables, out, as_of):
    environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONHASHSEED": "0"}
    words = [program, "generate-measures", HERE / f"{kind}.py", "--dummy-tables", tables / FOLDERS.get(kind, kind), "--output", f"{out / kind}/:csv"]
    # Definitions are run without anything around them; their files must be under the folder in which it is started.
    done = subprocess.run([*map(str, words), "--", "--as_of", str(as_of)], env=environment, cwd=HERE, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{kind}: {done.stderr}")


def written(kind, name, out):
    """OUT/<indicator>.csv of the files of all levels; staff is what its days are by the days of the window."""
    parts = []
    for level in LEVELS:
        group = "'department'" if level == "department" else f"coalesce(m.{level if kind == 'workers' else f'{name}_{level}'}, 'unassigned')"
        below = "m.denominator"
        files = f"read_csv('{out}/{kind}/{name}__{level}.csv', all_varchar = true) AS m"
        if name == "worker_turnover":
            key = ["interval_start", "interval_end"] + ([] if level == "department" else [level])
            # Nobody is a group, too.
            same = " AND ".join(f"m.{column} IS NOT DISTINCT FROM d.{column}" for column in key)
            files += f" JOIN read_csv('{out}/{kind}/{name}_days__{level}.csv', all_varchar = true) AS d ON {same}"
            below = "d.numerator::DOUBLE / (m.interval_end::DATE - m.interval_start::DATE + 1)"
        parts.append(f"""
            SELECT '{level}' AS level, {group} AS entity_id, m.interval_end AS window_end,
                   m.numerator::DOUBLE AS numerator, {below} AS denominator
            FROM {files}""")
    times = 1 if name == "workers_per_child" else 100
    duckdb.execute(f"""
        COPY (SELECT *, {times} * numerator / nullif(denominator::DOUBLE, 0) AS value FROM ({" UNION ALL ".join(parts)}))
        TO '{out}/{name}.csv' (HEADER)""")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--program", default="ehrql")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    as_of = tomllib.loads((args.data / "dataset.toml").read_text())["as_of"]
    out = args.out.resolve()
    with ThreadPoolExecutor(args.threads) as pool:
        list(pool.map(lambda kind: generated(args.program, kind, args.tables.resolve(), out, as_of), SAID))
    for kind, names in SAID.items():
        for name in names:
            written(kind, name, out)


if __name__ == "__main__":
    main()
