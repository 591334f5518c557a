"""Times the dashboard: `python3 benches/run.py`. Builds the program, makes the county once, compares Yardstick with DuckDB and
Polars cell by cell, and times whole processes in turn, so that their ratios may be compared. When results differ, nothing is
timed. See benches/README.md.
"""

import argparse
import filecmp
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "peers"))

import duckdb  # noqa: E402

import clean  # noqa: E402
from compare import check  # noqa: E402
from contenders import INDICATORS, command, definitions  # noqa: E402

DASHBOARD, READ, OURS = "dashboard, 24 months", "bare read, all indicators", "yardstick"
# The same with `--checked`, when the copy is there.
COPIED, OURS_COPIED = "24 months, checked copy", "yardstick, checked copy"
LARGE, FRUGAL = "ten times the data", "ten times, in 1 GiB"
# What is divided by what, and the most it should be.
GOALS = [
    (DASHBOARD, READ, 3),
    ("dashboard, 60 months", "dashboard, 12 months", 1.3),
    (DASHBOARD, "dashboard, one level", 1.2),
    (DASHBOARD, "half the indicators", 1.6),
    (OURS, "duckdb", 0.5),
    (OURS, "polars", 0.5),
    (LARGE, DASHBOARD, 11),
    (COPIED, READ, 3),
    (OURS_COPIED, "duckdb", 0.5),
    (OURS_COPIED, "polars", 0.5),
]


def held(process):
    """The peak memory of a running process in MiB, and what it holds now but for pages of files, where the system tells."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0, 0
    found = [re.search(rf"{name}:\s+(\d+)", status) for name in ("VmHWM", "RssAnon")]
    return tuple(int(one[1]) / 1024 if one else 0 for one in found)


def timed(words, environment):
    """Seconds of a process, and the MiB it held at most: in all, and but for pages of files."""
    start = time.perf_counter()
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    memory = 0, 0
    while process.poll() is None:
        memory = tuple(map(max, memory, held(process.pid)))
        time.sleep(0.002)
    if process.returncode:
        raise SystemExit(f"{words} failed")
    return time.perf_counter() - start, memory


def built():
    """The program, and the benchmark that reads and does nothing else, built for release."""
    words = ["cargo", "build", "--release", "--bin", "yardstick", "--bench", "cost", "--message-format", "json"]
    said = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    programs = {}
    for line in said.splitlines():
        line = json.loads(line)
        if line.get("executable"):
            programs[line["target"]["name"]] = line["executable"]
    return programs["yardstick"], programs["cost"]


def county(scale):
    """The folder of a county of 120 months, made once."""
    folder = ROOT / "target" / "tmp" / f"county-{scale}x120"
    if not (folder / "dataset.toml").exists():
        print(f"making the county of scale {scale}, once", file=sys.stderr)
        words = ["cargo", "run", "--release", "--example", "county", "--", "--scale", str(scale), "--months", "120"]
        subprocess.run([*words, "--seed", "1", "--out", folder], cwd=ROOT, check=True)
    return folder


def half(folder):
    """Every second indicator of the library; the tables they read are the same."""
    files = [path for path in sorted((ROOT / "indicators").rglob("*.ind"))
             if re.search("^indicator ", path.read_text(), re.M)]
    for path in [ROOT / "indicators" / "model.ind", ROOT / "indicators" / "codes.ind", *files[::2]]:
        shutil.copy(path, folder)
    return folder


def runs(args, work):
    """Name, command and environment of everything that is timed in turn."""
    def card(name, *more, definitions=ROOT / "indicators", data=args.county, out="out.csv"):
        words = [args.yardstick, "scorecard", definitions, "--data", data, "-o", f"{work}/{out}", *more]
        return name, [str(word) for word in words], os.environ

    wide = ["--level", "all", "--months"]
    few = Path(work, "half")
    few.mkdir()
    yield card(DASHBOARD, *wide, "24")
    yield READ, [args.reader, "--read", "all", str(ROOT / "indicators"), str(args.county)], os.environ
    yield card("dashboard, 12 months", *wide, "12")
    yield card("dashboard, 60 months", *wide, "60")
    yield card("dashboard, one level", "--months", "24")
    yield card("half the indicators", *wide, "24", definitions=half(few))
    yield card(COPIED, *wide, "24", "--checked", f"{work}/copy")
    same = Path(work, "definitions")
    same.mkdir()
    definitions(same)
    for name in [OURS, "duckdb", "polars"]:
        out = Path(work, name)
        out.mkdir()
        words, environment = command(name, args.yardstick, args.clean, out, same, args.threads)
        yield name, words, environment
        if name == OURS:
            yield OURS_COPIED, [*words, "--checked", f"{work}/ours"], environment
    if args.large:
        yield card(LARGE, *wide, "24", data=args.large, out="large.csv")
        yield card(FRUGAL, *wide, "24", "--memory", "1GiB", "--scratch", work, data=args.large, out="frugal.csv")


def rows(data):
    """Rows of all tables of a county."""
    files = [str(path) for path in Path(data).glob("*.parquet")]
    return duckdb.execute("SELECT sum(num_rows) FROM parquet_file_metadata($1)", [files]).fetchone()[0]


def show(times, memory, count):
    print(f"{'':<28}{'fastest s':>10}{'median s':>10}{'to the read':>13}{'peak MiB':>10}{'own MiB':>9}{'rows a second':>15}")
    for name, each in times.items():
        best = min(each)
        print(f"{name:<28}{best:>10.2f}{statistics.median(each):>10.2f}{best / min(times[READ]):>13.2f}"
              f"{memory[name][0]:>10.0f}{memory[name][1]:>9.0f}{count[name] / best:>15,.0f}")
    print()
    for above, below, most in GOALS:
        if above in times and below in times:
            ratio = min(times[above]) / min(times[below])
            print(f"{f'{above} to {below}':<52}{ratio:>7.2f}   goal {most}")


def record(args, times, memory, count):
    program = subprocess.run([args.yardstick, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    line = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": platform.machine(), "load_before": args.load,
        "threads": args.threads, "peer_indicators": INDICATORS,
        "versions": {"yardstick": program, "duckdb": version("duckdb"), "polars": version("polars")},
        "seconds": {name: [round(t, 3) for t in each] for name, each in times.items()},
        "peak_mib": {name: round(mib) for name, (mib, _) in memory.items()},
        "own_mib": {name: round(mib) for name, (_, mib) in memory.items()}, "rows": count,
    }
    log = Path(args.log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        file.write(json.dumps(line) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--county", help="a folder with another county (Parquet files)")
    parser.add_argument("--large", nargs="?", const="", help="also ten times the data; that county is made, or the folder named")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--log", default=ROOT / "target" / "dashboard.jsonl", help="gets one line more")
    args = parser.parse_args()
    args.yardstick, args.reader = built()
    args.county = Path(args.county) if args.county else county(1)
    args.large = county(10) if args.large == "" else args.large
    args.clean = ROOT / "target" / f"{args.county.name}-clean"
    if not (args.clean / "dataset.toml").exists():
        clean.clean(args.county, args.clean)
    args.load = os.getloadavg()[0]
    if hasattr(os, "sched_setaffinity"):
        # Yardstick takes as many threads as it may use cores; what is started here inherits it.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:args.threads])
    if not check(args.yardstick, args.clean, [OURS, "duckdb", "polars"], args.threads):
        raise SystemExit("the results differ: nothing is timed")
    with tempfile.TemporaryDirectory() as work:
        every = list(runs(args, work))
        times, memory = {name: [] for name, _, _ in every}, dict.fromkeys([name for name, _, _ in every], (0, 0))
        for name, words, environment in every:
            if name in (COPIED, OURS_COPIED):
                # The first run makes the copy.
                timed(words, environment)
        for number in range(1, args.rounds + 1):
            # Minutes long, so once is enough.
            for name, words, environment in (one for one in every if number == 1 or one[0] not in (LARGE, FRUGAL)):
                seconds, mib = timed(words, environment)
                print(f"round {number}: {name:<28} {seconds:7.2f} s {mib[0]:7.0f} MiB", file=sys.stderr, flush=True)
                times[name].append(seconds)
                memory[name] = tuple(map(max, memory[name], mib))
        if args.large and not filecmp.cmp(f"{work}/large.csv", f"{work}/frugal.csv", shallow=False):
            raise SystemExit("with little memory other rows are written")
    own, cleaned = rows(args.county), rows(args.clean)
    count = {name: cleaned if name in (OURS, OURS_COPIED, "duckdb", "polars") else own for name in times}
    if args.large:
        count[LARGE] = count[FRUGAL] = rows(args.large)
    print(f"{own:,} rows, {args.threads} threads, {args.rounds} rounds; {len(INDICATORS)} indicators with the peers")
    show(times, memory, count)
    record(args, times, memory, count)


if __name__ == "__main__":
    main()
