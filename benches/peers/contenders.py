"""The programs that count the same indicators, and the command that runs each of them."""

import os
import shutil
import sys
from pathlib import Path

from duckdb_sql import INDICATORS

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parents[1] / "indicators"
NAMES = ["yardstick", "duckdb", "polars"]
# What users choose: run where they are installed, of the indicators that they can say.
USERS = {"ehrql": "ehrql", "metricflow": "mf"}
NOT_SAID = {"ehrql": {"maltreatment_in_care_rate", "median_days_in_care", "sibling_placement", "timely_response_five_day"}}


def said(name):
    """The indicators that a program can say."""
    return [indicator for indicator in INDICATORS if indicator not in NOT_SAID.get(name, ())]


def installed(folders=()):
    """The programs of USERS that are found in the folders, or in PATH."""
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    found = {name: shutil.which(program, path=path) for name, program in USERS.items()}
    for name in (name for name, program in found.items() if not program):
        print(f"{name} is left out: there is no program `{USERS[name]}` in the folders named or in PATH", file=sys.stderr)
    return {name: Path(program).absolute() for name, program in found.items() if program}


def definitions(folder, names=INDICATORS):
    """A folder with the model and just the indicators that all of them count."""
    for name in ["model", "codes", *names]:
        shutil.copy(next(LIBRARY.rglob(f"{name}.ind")), folder)
    return folder


def command(name, yardstick, data, out, folder, threads, programs=None):
    """The words of the command, and its environment. `folder` holds the definitions."""
    more = {}
    if name == "yardstick":
        words = [yardstick, "scorecard", folder, "--data", data, "--level", "all", "--months", "24"]
        words += ["-o", f"{out}/yardstick.csv"]
    elif name == "duckdb":
        words = [sys.executable, HERE / "duckdb_sql.py", data, out, "--threads", str(threads)]
    elif name == "polars":
        words = [sys.executable, HERE / "polars_frames.py", data, out]
        more = {"POLARS_MAX_THREADS": str(threads)}
    elif name == "ehrql":
        words = [sys.executable, HERE / "ehrql" / "measures.py", data, out, "--tables", tables_of_ehrql(data)]
        words += ["--program", programs[name], "--threads", str(threads)]
    else:
        words = [sys.executable, HERE / "metricflow" / "project.py", data, out, "--bin", programs[name].parent, "--threads", str(threads)]
    return [str(word) for word in words], {**os.environ, **more}


def tables_of_ehrql(data):
    """The folder of a county's tables as ehrQL reads them, made once."""
    folder = Path(data).with_name(f"{Path(data).name}-ehrql")
    if not folder.exists():
        sys.path.insert(0, str(HERE / "ehrql"))
        from tables import write
        write(data, folder)
    return folder
