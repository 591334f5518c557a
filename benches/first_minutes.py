#!/usr/bin/env python3
"""What a contributor waits for: a fresh clone to its scorecard, and to its tests; each crate edited and asked again.

    python3 benches/first_minutes.py [--crates-alone FOLDER] [--install]

Clones the last commit into a temporary folder, builds there, and prints seconds by the clock and of the processor.
`--crates-alone FOLDER` leaves out the fresh clone and edits the crates in FOLDER/clone, which a run before has left there.
`--install` also builds the released program as `cargo install` does. Packages are downloaded before the clock starts.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The file of each crate that gets one more function.
CRATES = {
    "language": "src/language/lib.rs",
    "results": "src/results/lib.rs",
    "engine": "src/engine/lib.rs",
    "sources": "src/sources/lib.rs",
    "server": "src/server/lib.rs",
    "program": "src/lib.rs",
}
SCORECARD = ["cargo", "run", "--quiet", "--", "scorecard"]


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds by the clock and of the processor; ends when the command fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    clock, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} in {folder} ends with {done.returncode}:\n{done.stdout[-2000:]}")
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def told(what: str, times: tuple[float, float]) -> None:
    print(f"{what:52}{times[0]:10.1f}{times[1]:10.1f}", flush=True)


def edited(clone: Path, number: int, crate: str) -> None:
    """One more function at the end of a crate's first file, another one each time."""
    path = clone / CRATES[crate]
    more = f'\n#[expect(dead_code, reason = "to be built anew")]\nfn edited_{number}() -> usize {{\n    {number}\n}}\n'
    path.write_text(path.read_text() + more)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--crates-alone", type=Path, metavar="FOLDER")
    asked.add_argument("--install", action="store_true")
    said = asked.parse_args()
    folder = said.crates_alone or Path(tempfile.mkdtemp(prefix="first-minutes-"))
    clone = folder / "clone"
    os.environ.pop("CARGO_TARGET_DIR", None)
    print(f"{os.cpu_count()} cores; in {folder}\n{'':52}{'clock':>10}{'processor':>10}")
    if not said.crates_alone:
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        subprocess.run(["cargo", "fetch", "--quiet", "--locked"], cwd=clone, check=True)
        told("fresh clone: cargo run -- scorecard", timed(SCORECARD, clone))
        told("then: cargo test --no-run", timed(["cargo", "test", "--quiet", "--no-run"], clone))
    subprocess.run(SCORECARD, cwd=clone, check=True, capture_output=True)
    told("nothing changed: cargo run -- scorecard", timed(SCORECARD, clone))
    number = int(time.time())
    for crate in CRATES:
        edited(clone, number, crate)
        told(f"{crate} edited: cargo run -- scorecard", timed(SCORECARD, clone))
    edited(clone, number + 1, "language")
    command = ["cargo", "test", "--quiet", "-p", "yardstick-language"]
    timed(command, clone)
    edited(clone, number + 2, "language")
    told("language edited: cargo test -p yardstick-language", timed(command, clone))
    if said.install:
        command = ["cargo", "install", "--quiet", "--locked", "--path", str(clone), "--root", str(folder / "installed")]
        told("cargo install", timed(command, folder))
        size = (folder / "installed/bin/yardstick").stat().st_size
        print(f"the program has {size / 1e6:.1f} MB")
    print(f"left there: {folder} ({shutil.disk_usage(folder).free // 10**9} GB are free)")


if __name__ == "__main__":
    main()
