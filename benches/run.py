"""Times the dashboard: `python3 benches/run.py`. Builds the program, makes the county once, compares Yardstick with DuckDB and
Polars cell by cell, and times whole processes in turn, so that their ratios may be compared. When results differ, nothing is
timed. `--against PATH` runs another build beside this one, in the same rounds, and `--peers-of-users` what users choose. See
benches/README.md.
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
from contenders import INDICATORS, USERS, command, definitions, installed, said  # noqa: E402

DASHBOARD, READ, OURS = "dashboard, 24 months", "bare read, all indicators", "yardstick"
# The same with `--checked`, when the copy is there.
COPIED, OURS_COPIED = "24 months, checked copy", "yardstick, checked copy"
LARGE, FRUGAL = "ten times the data", "ten times, in 1 GiB"
EXAMPLE, TESTS, SHUFFLED = "example county", "tests of the indicators", "loading, shuffled"
# Run once: minutes long.
LONG = (LARGE, FRUGAL)
# What is divided by what, the most it should be, and whether by the clock or by the processor's time.
GOALS = [
    (TESTS, EXAMPLE, 1.0, "clock"),
    (DASHBOARD, READ, 6.0, "clock"),
    (COPIED, READ, 4.2, "clock"),
    ("60 months, one level", "12 months, one level", 1.6, "clock"),
    ("60 months, Parquet", "12 months, Parquet", 2.0, "clock"),
    (DASHBOARD, "24 months, one level", 1.2, "clock"),
    (DASHBOARD, "half the indicators", 1.6, "clock"),
    (OURS, "duckdb", 0.5, "clock"),
    (OURS_COPIED, "duckdb", 0.3, "clock"),
    (OURS, "polars", 0.5, "clock"),
    (LARGE, DASHBOARD, 11, "processor"),
]
# A build that takes so many times as long as another is told.
SLOWER = 1.05


class Run:
    """What a process took: seconds by the clock and of the processor, and the MiB it held at most, in all and but for pages of files."""

    def __init__(self, clock, processor, memory):
        self.clock, self.processor, self.memory = clock, processor, memory


def held(process):
    """The peak memory of a running process in MiB, and what it holds now but for pages of files, where the system tells."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0, 0
    found = [re.search(rf"{name}:\s+(\d+)", status) for name in ("VmHWM", "RssAnon")]
    return tuple(int(one[1]) / 1024 if one else 0 for one in found)


def timed(words, environment, starts=False):
    """Runs a process to its end. Of one that starts others, the memory is the most that one of them held."""
    start = time.perf_counter()
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    memory, ended = (0, 0), 0
    while not ended:
        memory = tuple(map(max, memory, held(process.pid)))
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        if not ended:
            time.sleep(0.002)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words} failed")
    if starts:
        memory = used.ru_maxrss / 1024, 0
    return Run(time.perf_counter() - start, used.ru_utime + used.ru_stime, memory)


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


def county(scale, *more):
    """The folder of a county of 120 months, made once."""
    folder = ROOT / "target" / "tmp" / "-".join([f"county-{scale}x120", *(word.strip("-") for word in more)])
    if not (folder / "dataset.toml").exists():
        print(f"making {folder.name}, once", file=sys.stderr)
        words = ["cargo", "run", "--release", "--example", "county", "--", "--scale", str(scale), "--months", "120"]
        subprocess.run([*words, "--seed", "1", *more, "--out", folder], cwd=ROOT, check=True)
    return folder


def half(folder):
    """Every second indicator of the library, and those that they are like; the tables they read are the same."""
    files = {path.stem: path for path in sorted((ROOT / "indicators").rglob("*.ind"))
             if re.search("^indicator ", path.read_text(), re.M)}
    wanted = list(files)[::2]
    for name in wanted:
        like = re.findall(r"^indicator \w+ like (\w+)", files[name].read_text(), re.M)
        wanted += [other for other in like if other in files and other not in wanted]
    for path in [ROOT / "indicators" / "model.ind", ROOT / "indicators" / "codes.ind", *(files[name] for name in wanted)]:
        shutil.copy(path, folder)
    return folder


def ours(args, program, work):
    """Name, command and environment of every run of one build of Yardstick."""
    def card(name, *more, definitions=ROOT / "indicators", data=args.county, out="out.csv"):
        words = [program, "scorecard", definitions, "--data", data, "-o", work / out, *more]
        return name, [str(word) for word in words], os.environ

    work.mkdir()
    wide = ["--level", "all", "--months"]
    few, same = work / "half", work / "definitions"
    few.mkdir()
    same.mkdir()
    example = ROOT / "examples" / "county" / "data"
    yield card(EXAMPLE, data=example)
    yield card("example county, 24 months", "--months", "24", data=example)
    yield card("example county, 60 months", "--months", "60", data=example)
    yield TESTS, [str(program), "test", str(ROOT / "indicators")], os.environ
    for name, data in [("loading", args.county), (SHUFFLED, args.shuffled)]:
        yield name, [str(word) for word in [program, "data", data, "--indicators", ROOT / "indicators"]], os.environ
    yield card(DASHBOARD, *wide, "24")
    yield card("12 months, Parquet", *wide, "12", out="out.parquet")
    yield card("60 months, Parquet", *wide, "60", out="out.parquet")
    yield card("12 months, one level", "--months", "12")
    yield card("24 months, one level", "--months", "24")
    yield card("60 months, one level", "--months", "60")
    yield card("half the indicators", *wide, "24", definitions=half(few))
    yield card(COPIED, *wide, "24", "--checked", str(work / "copy"))
    definitions(same)
    words, environment = command(OURS, program, args.clean, work, same, args.threads)
    yield OURS, words, environment
    yield OURS_COPIED, [*words, "--checked", str(work / "ours")], environment
    if args.large:
        yield card(LARGE, *wide, "24", data=args.large, out="large.csv")
        yield card(FRUGAL, *wide, "24", "--memory", "1GiB", "--scratch", str(work), data=args.large, out="frugal.csv")


def others(args, work):
    """The same of what is no build of ours."""
    yield READ, [args.reader, "--read", "all", str(ROOT / "indicators"), str(args.county)], os.environ
    same = work / "definitions"
    same.mkdir(parents=True)
    definitions(same)
    for name in ["duckdb", "polars", *args.users]:
        out = work / name
        out.mkdir()
        words, environment = command(name, args.yardstick, args.clean, out, same, args.threads, args.users)
        yield name, words, environment
    # Beside what says fewer indicators: Yardstick with the same.
    for name in args.users:
        if len(said(name)) < len(INDICATORS):
            fewer, out = work / f"{name} definitions", work / f"{OURS} {name}"
            fewer.mkdir()
            out.mkdir()
            words, environment = command(OURS, args.yardstick, args.clean, out, definitions(fewer, said(name)), args.threads)
            yield f"{OURS}, those of {name}", words, environment


def rows(data):
    """Rows of all tables of a county."""
    files = [str(path) for path in Path(data).glob("*.parquet")]
    return duckdb.execute("SELECT sum(num_rows) FROM parquet_file_metadata($1)", [files]).fetchone()[0]


def least(runs, by):
    return min(getattr(run, by) for run in runs)


def peak(runs):
    return tuple(max(run.memory[place] for run in runs) for place in (0, 1))


def show(done, count):
    print(f"{'':<28}{'fastest s':>10}{'median s':>10}{'processor s':>13}{'to the read':>13}{'peak MiB':>10}{'own MiB':>9}{'rows a second':>15}")
    for name, runs in done.items():
        best = least(runs, "clock")
        in_all, own = peak(runs)
        print(f"{name:<28}{best:>10.2f}{statistics.median(run.clock for run in runs):>10.2f}{least(runs, 'processor'):>13.2f}"
              f"{best / least(done[READ], 'clock'):>13.2f}{in_all:>10.0f}{own:>9.0f}{count.get(name, 0) / best:>15,.0f}")
    print()
    for name in USERS:
        if name in done:
            same = done.get(f"{OURS}, those of {name}", done[OURS])
            ratio = least(same, "processor") / least(done[name], "processor")
            print(f"{f'{OURS} to {name}, {len(said(name))} indicators':<52}{ratio:>7.3f}   (processor)")
    for above, below, most, by in GOALS:
        if above in done and below in done:
            ratio = least(done[above], by) / least(done[below], by)
            print(f"{f'{above} to {below}':<52}{ratio:>7.2f}   goal {most}{' (processor)' if by == 'processor' else ''}")
    if "duckdb" in done:
        print(f"{f'memory of {OURS} to that of duckdb':<52}{peak(done[OURS])[0] / peak(done['duckdb'])[0]:>7.2f}   goal 1.0")


def ratios(new, old, by):
    """The least, the middle and the most of what each round took with this build, divided by the other's."""
    each = sorted(getattr(ours, by) / getattr(theirs, by) for ours, theirs in zip(new, old))
    return each[0], statistics.median(each), each[-1]


def compare(done, against):
    """This build beside another one, round by round."""
    print(f"\n{'this build to the other':<28}{'processor':>22}{'clock':>22}{'peak memory':>13}")
    for name, old in against.items():
        new = done[name]
        written = ["{1:.2f} ({0:.2f} to {2:.2f})".format(*ratios(new, old, by)) for by in ("processor", "clock")]
        slower = "  slower" if ratios(new, old, "processor")[1] > SLOWER else ""
        print(f"{name:<28}{written[0]:>22}{written[1]:>22}{peak(new)[0] / peak(old)[0]:>13.2f}{slower}")


def figures(done):
    return {
        name: {
            "clock": [round(run.clock, 3) for run in runs], "processor": [round(run.processor, 3) for run in runs],
            "peak_mib": round(peak(runs)[0]), "own_mib": round(peak(runs)[1]),
        }
        for name, runs in done.items()
    }


def record(args, done, against, count):
    program = subprocess.run([args.yardstick, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    line = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": platform.machine(), "load_before": args.load,
        "threads": args.threads, "peer_indicators": INDICATORS,
        "versions": {"yardstick": program, "duckdb": version("duckdb"), "polars": version("polars")},
        "runs": figures(done), "against": figures(against), "rows": count,
    }
    log = Path(args.log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        file.write(json.dumps(line) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--county", help="a folder with another county (Parquet files)")
    parser.add_argument("--large", nargs="?", const="", help="also ten times the data; that county is made, or the folder named")
    parser.add_argument("--peers-of-users", nargs="*", metavar="FOLDER",
                        help="also ehrQL, and MetricFlow on a dbt project, in the folders or in PATH: minutes each")
    parser.add_argument("--against", metavar="PATH", help="another build of the program, run beside this one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--log", default=ROOT / "target" / "dashboard.jsonl", help="gets one line more")
    args = parser.parse_args()
    args.yardstick, args.reader = built()
    args.county = Path(args.county) if args.county else county(1)
    args.shuffled = county(1, "--shuffled")
    args.large = county(10) if args.large == "" else args.large
    args.clean = ROOT / "target" / f"{args.county.name}-clean"
    if not (args.clean / "dataset.toml").exists():
        clean.clean(args.county, args.clean)
    args.users = installed(args.peers_of_users) if args.peers_of_users is not None else {}
    args.load = os.getloadavg()[0]
    if hasattr(os, "sched_setaffinity"):
        # Yardstick takes as many threads as it may use cores; what is started here inherits it.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:args.threads])
    if not check(args.yardstick, args.clean, [OURS, "duckdb", "polars", *args.users], args.threads, programs=args.users):
        raise SystemExit("the results differ: nothing is timed")
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        builds = [(args.yardstick, "new")] + ([(str(Path(args.against).resolve()), "old")] if args.against else [])
        every = [list(ours(args, program, work / name)) for program, name in builds]
        done, against = {}, {}
        for of_build in every:
            for name, words, environment in of_build:
                if name in (COPIED, OURS_COPIED):
                    # The first run makes the copy.
                    timed(words, environment)
        for number in range(1, args.rounds + 1):
            # Each beside the other build's, which goes first in every second round.
            pairs = [list(zip((done, against), pair)) for pair in zip(*every)]
            pairs = [pair[::-1] if number % 2 == 0 else pair for pair in pairs]
            alone = [[(done, one)] for one in others(args, work / f"others {number}")]
            for into, (name, words, environment) in (one for pair in pairs + alone for one in pair):
                if number > 1 and name in LONG:
                    continue
                run = timed(words, environment, starts=name in USERS)
                of = "" if into is done else ", the other build"
                print(f"round {number}: {name + of:<46} {run.clock:7.2f} s {run.memory[0]:7.0f} MiB", file=sys.stderr, flush=True)
                into.setdefault(name, []).append(run)
        if args.large and not filecmp.cmp(work / "new" / "large.csv", work / "new" / "frugal.csv", shallow=False):
            raise SystemExit("with little memory other rows are written")
    own, cleaned = rows(args.county), rows(args.clean)
    of_county = [name for name in done if name != TESTS and not name.startswith(EXAMPLE)]
    count = {name: cleaned if name.startswith((OURS, "duckdb", "polars", *USERS)) else own for name in of_county}
    count[SHUFFLED] = rows(args.shuffled)
    if args.large:
        count[LARGE] = count[FRUGAL] = rows(args.large)
    print(f"{own:,} rows, {args.threads} threads, {args.rounds} rounds; {len(INDICATORS)} indicators with the peers")
    show(done, count)
    if against:
        compare(done, against)
    record(args, done, against, count)


if __name__ == "__main__":
    main()
