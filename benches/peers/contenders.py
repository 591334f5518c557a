"""The three programs that count the same indicators, and the command that runs each of them."""

import os
import shutil
import sys
from pathlib import Path

from duckdb_sql import INDICATORS

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parents[1] / "indicators"
NAMES = ["yardstick", "duckdb", "polars"]


def definitions(folder):
    """A folder with the model and just the indicators that all three count."""
    for name in ["model", "codes", *INDICATORS]:
        shutil.copy(next(LIBRARY.rglob(f"{name}.ind")), folder)
    return folder


def command(name, yardstick, data, out, folder, threads):
    """The words of the command, and its environment. `folder` holds the definitions."""
    if name == "yardstick":
        words = [yardstick, "scorecard", folder, "--data", data, "--level", "all", "--months", "24"]
        words += ["-o", f"{out}/yardstick.csv"]
        more = {}
    elif name == "duckdb":
        words = [sys.executable, HERE / "duckdb_sql.py", data, out, "--threads", str(threads)]
        more = {}
    else:
        words = [sys.executable, HERE / "polars_frames.py", data, out]
        more = {"POLARS_MAX_THREADS": str(threads)}
    return [str(word) for word in words], {**os.environ, **more}
