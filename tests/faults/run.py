"""Ends the program wherever it writes: `python3 tests/faults/run.py target/debug/yardstick`.

Each case is a command, in a small folder in which an earlier run has left its files. The command is run again and again, and `faults.c`, which is
loaded before the C library, has something happen at its first, second, third ... call that writes, makes, renames or deletes a file:

- killed: half of what was to be written is written, and the process is gone at once;
- full: this call and all later ones say that the disk is full;
- failing: this call alone says that the device has failed;
- HUP, TERM, INT: the signal arrives there.

After each, every file must be as it was or as it should become, whole; but for a process that was killed, nothing else may lie there; the next run
must give the bytes of a run that nothing happened to, and leave nothing either. It ends with an exit code that says so and a message, never 70.

Memory is cut, too (the limit of address space, in steps), and two are run at once. `--every N` takes every N-th call alone, `--case NAME` one case.
The cases `extract` and `extracted` read a file of SQLite, by the ADBC driver in the folder that `ADBC_DRIVER_PATH` names, and run only where it is said.
"""

import argparse
import collections
import contextlib
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FAULTS = {"killed": "kill", "full": "full", "failing": "failing", "HUP": "1", "TERM": "15", "INT": "2"}
LONGEST = 60
# The day that is written where none of the data is.
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1711900000", "RUST_BACKTRACE": "0"}

# The model and the indicator are those of the tests of commands.
WORLD = Path(__file__).resolve().parent.parent / "cli" / "world.rs"
MODEL, INDICATOR = (re.search(rf'const {name}: &str = r#"(.*?)"#;', WORLD.read_text(), re.DOTALL)[1] for name in ("MODEL", "INDICATOR"))

VISITS = "visit_id,ward_id,came_on,seen\n" + "".join(f"v{n},w{n % 2 + 1},2024-03-{n % 28 + 1:02},{'true' if n % 3 else 'false'}\n" for n in range(400))

# Each has been run before, on the data before the last visit came.
CASES = {
    "scorecard.csv": "scorecard --data data -o out/card.csv --level all --months 3",
    "scorecard.html": "scorecard --data data -o out/card.html",
    "scorecard.xlsx": "scorecard --data data -o out/card.xlsx",
    "scorecard.parquet": "scorecard --data data -o out/card.parquet --level all",
    "scorecard.json": "scorecard --data data -o out/card.json",
    "checked": "scorecard --data data -o out/card.csv --checked copy",
    "memory": "scorecard --data data -o out/card.csv --memory 64MiB --scratch scratch --level all --months 3",
    "cases": "cases seen_share --data data -o out/cases.csv",
    "book": "book --data data --entity w1 -o out/book.html",
    "books": "book --data data --all ward -o out/books",
    "catalog": "catalog -o out/catalogue",
    "refresh": "refresh --data data --to published --keep-data --replace",
    "fmt": "fmt indicators",
}
# Case data in a database, read into a folder, and by a command that needs it once.
OF_A_DATABASE = {
    "extract": "extract sqlite:wards.db -o out/extract --as-of 2024-03-31",
    "extracted": "scorecard --data sqlite:wards.db --as-of 2024-03-31 -o out/card.csv",
}


class World:
    """A folder in which the program runs."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def make(self):
        self.write("indicators/model.ind", MODEL)
        self.write("indicators/seen.ind", INDICATOR)
        self.write("data/dataset.toml", 'as_of = 2024-03-31\nname = "Two wards"\n')
        self.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\n")
        self.write("data/visit.csv", VISITS)
        self.in_a_database(VISITS)
        for folder in ["out", "scratch"]:
            (self.folder / folder).mkdir(exist_ok=True)

    def in_a_database(self, visits):
        """The wards and these visits, as tables."""
        path = self.folder / "wards.db"
        path.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE ward (ward_id text, name text)")
            database.executemany("INSERT INTO ward VALUES (?, ?)", [("w1", "North"), ("w2", "South")])
            database.execute("CREATE TABLE visit (visit_id text, ward_id text, came_on text, seen text)")
            database.executemany("INSERT INTO visit VALUES (?, ?, ?, ?)", [line.split(",") for line in visits.split()[1:]])
            database.commit()

    def later(self, case):
        """A visit more; of `fmt`, a text that is not in its layout."""
        more = VISITS + "v999,w1,2024-03-09,true\n"
        self.write("data/visit.csv", more)
        self.in_a_database(more)
        if case == "fmt":
            self.write("indicators/seen.ind", INDICATOR.replace("  window    month", "      window month"))

    def files(self):
        """Everything there, by its name: the bytes of a file, the target of a link, nothing of a folder."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = str(path.relative_to(self.folder))
            if path.is_symlink():
                found[name] = os.readlink(path)
            else:
                found[name] = None if path.is_dir() else path.read_bytes()
        return found


def run(program, world, words, limit=None, **faults):
    """Runs the program with these words; how it ended and what it said."""
    def less():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    environment = os.environ | ENVIRONMENT | faults
    try:
        ended = subprocess.run([str(program), *words.split()], cwd=world.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST, preexec_fn=less)
    except subprocess.TimeoutExpired:
        return "hangs", ""
    return ended.returncode, ended.stderr.decode(errors="replace")


class Case:
    def __init__(self, program, name, keep):
        self.program, self.name, self.words, self.keep = program, name, (CASES | OF_A_DATABASE)[name], keep
        self.start, self.wanted = self.before_and_after()

    def before_and_after(self):
        """The folder in which the command is run, kept aside, and what is there once it has run."""
        world = World(self.keep / self.name)
        world.folder.mkdir()
        world.make()
        code, said = run(self.program, world, self.words)
        assert code in (0, 1), (self.words, code, said)
        world.later(self.name)
        old = world.files()
        copy = World(self.keep / f"{self.name}-after")
        shutil.copytree(world.folder, copy.folder, symlinks=True)
        count = self.keep / "count"
        self.good, said = run(self.program, copy, self.words, FAULT_COUNT=str(count))
        assert self.good in (0, 1), (self.words, self.good, said)
        self.calls = int(count.read_text())
        return (world, old), copy.files()

    def fresh(self, folder):
        shutil.copytree(self.start[0].folder, folder, symlinks=True)
        return World(folder)

    def check(self, world, code, said, fault):
        """What is wrong after a fault, and after the next run."""
        old, wrong, is_whole = self.start[1], [], fault != "killed"
        # The language's own end where the system gives no memory; nothing of the program runs any more, as after a kill.
        if fault == "memory" and code == -6 and "memory allocation of" in said:
            code = -9
        if code == "hangs" or code in (70, 101, 134, 139, -6, -11):
            wrong.append(f"ended with {code}: {said.strip()[:300]}")
        if code not in (0, self.good, -9) and not said.strip():
            wrong.append(f"ended with {code} and without a word")
        files = world.files()
        left = [name for name in files if name not in old and name not in self.wanted]
        for name in files.keys() - left:
            if files[name] not in (old.get(name, b""), self.wanted.get(name, b"")):
                wrong.append(f"{name} is neither old nor new")
        wrong += [f"{name} is gone" for name in old.keys() & self.wanted.keys() - files.keys() if not self.may_go(name, files)]
        # A file that the system will not delete stays until the next run.
        if left and is_whole and code != -9 and not (fault == "failing" and all(".part" in name for name in left)):
            wrong.append(f"left: {', '.join(left[:4])}")
        if code == self.good and is_whole and {name for name in files if ".part" not in name} != self.wanted.keys():
            wrong.append("said to be done, and is not")
        code, said = run(self.program, world, self.words)
        if code != self.good:
            wrong.append(f"the next run ends with {code}: {said.strip()[:300]}")
        elif world.files() != self.wanted:
            now = world.files()
            other = [name for name in sorted(set(now) | set(self.wanted)) if now.get(name, 0) != self.wanted.get(name, 0)]
            wrong.append(f"the next run leaves or gives something else: {', '.join(other[:5])}")
        return wrong

    def may_go(self, name, files):
        """Whether a file may be missing: it is of a checked copy, which is made again from the data; or it lies in a folder that was renamed to
        make room for another, and is put back by the next run."""
        if name.startswith("copy/"):
            return True
        month = re.match(r"published/(\d{4}-\d{2})(/|$)", name)
        return bool(month and any(other.startswith(f"published/{month[1]}.replaced-") for other in files))


def every(case, fault, step):
    """Runs the case with a fault at each call."""
    runs, wrong, examples = 0, collections.Counter(), {}
    # The order of the calls of several threads may differ, and their number with it.
    for n in range(1, case.calls + 3, step):
        with tempfile.TemporaryDirectory(dir=case.keep) as folder:
            world = case.fresh(Path(folder) / "world")
            code, said = run(case.program, world, case.words, FAULT=FAULTS[fault], FAULT_AT=str(n))
            runs += 1
            for what in case.check(world, code, said, fault):
                note(wrong, examples, what, f"call {n} of {case.calls}", said)
    return runs, wrong, examples


def note(wrong, examples, what, where, said):
    """Counts a fault by its kind, and keeps the first of each."""
    kind = re.sub(r"[0-9a-zA-Z]{6}\.part", "*.part", what)[:160]
    wrong[kind] += 1
    examples.setdefault(kind, (where, what, said.strip()[:400]))


def little_memory(case):
    """Runs the case with less and less address space, down to what the program itself takes."""
    runs, wrong, examples = 0, collections.Counter(), {}
    least = (case.program.stat().st_size >> 20) + 100
    for mib in [4000, 3000, 2000, 1500, 1000, *range(900, least, -25)]:
        with tempfile.TemporaryDirectory(dir=case.keep) as folder:
            world = case.fresh(Path(folder) / "world")
            code, said = run(case.program, world, case.words, limit=mib << 20)
            runs += 1
            for what in case.check(world, code, said, "memory"):
                note(wrong, examples, what, f"{mib} MiB", said)
    return runs, wrong, examples


def two_at_once(case, times=10):
    """Runs the case twice at once: one may be told to wait its turn."""
    runs, wrong, examples = 0, collections.Counter(), {}
    for n in range(times):
        with tempfile.TemporaryDirectory(dir=case.keep) as folder:
            world = case.fresh(Path(folder) / "world")
            words = [str(case.program), *case.words.split()]
            environment = os.environ | ENVIRONMENT
            both = []
            for _ in range(2):
                both.append(subprocess.Popen(words, cwd=world.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
                time.sleep(0.01 * n)
            said = [one.communicate(timeout=LONGEST)[1].decode(errors="replace") for one in both]
            codes = [one.returncode for one in both]
            runs += 1
            if case.good not in codes:
                note(wrong, examples, f"neither came to its end: {codes}", f"try {n}", said[0])
            for code, words_said in zip(codes, said):
                for what in case.check(world, code, words_said, "two"):
                    note(wrong, examples, what, f"try {n}", words_said)
    return runs, wrong, examples


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--case", action="append", choices=list(CASES | OF_A_DATABASE))
    parser.add_argument("--fault", action="append", choices=[*FAULTS, "memory", "two"])
    args = parser.parse_args()
    cases = CASES | (OF_A_DATABASE if "ADBC_DRIVER_PATH" in os.environ else {})
    program = Path(args.program).resolve()
    failed = total = 0
    with tempfile.TemporaryDirectory() as keep:
        shim = str(Path(keep) / "faults.so")
        ENVIRONMENT["LD_PRELOAD"] = shim
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, str(Path(__file__).with_name("faults.c")), "-ldl"], check=True)
        for name in args.case or cases:
            case = Case(program, name, Path(keep))
            for fault in args.fault or [*FAULTS, "memory", "two"]:
                if fault == "memory":
                    runs, wrong, examples = little_memory(case)
                elif fault == "two":
                    runs, wrong, examples = two_at_once(case)
                else:
                    runs, wrong, examples = every(case, fault, args.every)
                total += runs
                failed += sum(wrong.values())
                print(f"{name:20} {fault:8} {runs:5} runs  {'passed' if not wrong else f'{sum(wrong.values())} FAILED'}", flush=True)
                for what, times in wrong.most_common():
                    where, example, said = examples[what]
                    print(f"    {times} times, first at {where}: {example}\n        said: {said!r}", flush=True)
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
