"""Times Yardstick, DuckDB and Polars on the same indicators: `run.py --yardstick PROGRAM --data DIR`, DIR made by clean.py.

Whole processes, in turn, several rounds, each with the same number of threads. All results are compared first; when they
differ, nothing is timed.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import duckdb

from compare import check
from contenders import HERE, INDICATORS, NAMES, command, definitions


def peak(process):
    """The peak memory of a running process in MiB, where the system tells."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) / 1024 if found else 0


def timed(words, environment):
    """Seconds and MiB of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    memory = 0
    while process.poll() is None:
        # The peak only grows, so the last look before the end is near enough.
        memory = max(memory, peak(process.pid))
        time.sleep(0.002)
    if process.returncode:
        raise SystemExit(f"{words} failed")
    return time.perf_counter() - start, memory


def rows(data):
    """Rows of the tables that the indicators read."""
    tables = re.findall(r"'/(\w+)\.parquet'", (HERE / "sql" / "county.sql").read_text())
    files = [f"{data}/{table}.parquet" for table in tables]
    return duckdb.execute("SELECT sum(num_rows) FROM parquet_file_metadata($1)", [files]).fetchone()[0]


def rounds(args, work):
    folder = Path(work, "definitions")
    folder.mkdir()
    definitions(folder)
    times = {name: [] for name in NAMES}
    memory = dict.fromkeys(NAMES, 0)
    for number in range(1, args.rounds + 1):
        for name in NAMES:
            out = Path(work, name)
            out.mkdir(exist_ok=True)
            seconds, mib = timed(*command(name, args.yardstick, args.data, out, folder, args.threads))
            print(f"round {number}: {name:<10} {seconds:7.2f} s {mib:7.0f} MiB", file=sys.stderr, flush=True)
            times[name].append(seconds)
            memory[name] = max(memory[name], mib)
    return times, memory


def table(times, memory, count):
    ours = min(times["yardstick"])
    print(f"{'':<12}{'fastest s':>10}{'median s':>10}{'to yardstick':>14}{'peak MiB':>10}{'rows a second':>15}")
    for name in NAMES:
        fastest = min(times[name])
        print(f"{name:<12}{fastest:>10.2f}{statistics.median(times[name]):>10.2f}{fastest / ours:>14.2f}"
              f"{memory[name]:>10.0f}{count / fastest:>15,.0f}")


def record(args, times, memory, count):
    program = subprocess.run([args.yardstick, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    line = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": platform.machine(), "load_before": args.load,
        "threads": args.threads, "county": Path(args.data).name, "rows": int(count), "indicators": INDICATORS,
        "versions": {"yardstick": program, "duckdb": version("duckdb"), "polars": version("polars")},
        "seconds": {name: [round(t, 3) for t in each] for name, each in times.items()},
        "peak_mib": {name: round(mib) for name, mib in memory.items()},
    }
    log = Path(args.log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        file.write(json.dumps(line) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yardstick", required=True, help="the program, built for release")
    parser.add_argument("--data", required=True, help="a folder made by clean.py")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--log", default=HERE.parents[1] / "target" / "peers.jsonl", help="gets one line more")
    args = parser.parse_args()
    args.load = os.getloadavg()[0]
    if hasattr(os, "sched_setaffinity"):
        # Yardstick takes as many threads as it may use cores; what is started here inherits it.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:args.threads])
    if not check(args.yardstick, args.data, NAMES, args.threads):
        raise SystemExit("the results differ: nothing is timed")
    with tempfile.TemporaryDirectory() as work:
        times, memory = rounds(args, work)
    count = rows(args.data)
    print(f"{len(INDICATORS)} indicators, 5 levels, 24 months, {count:,} rows, {args.threads} threads, {args.rounds} rounds")
    table(times, memory, count)
    record(args, times, memory, count)


if __name__ == "__main__":
    main()
