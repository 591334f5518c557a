#!/bin/sh
# Finding: cells of a workbook that are text, formatted and stored as such, come back as numbers, and no longer lead to each other.
#
# What:     `read_excel` of pandas 3.1.1 looks at the cells of a column once more after the workbook has said that they are text: '007' becomes 7.0,
#           '1E5' 100000.0, 'INF' infinite, 'NA' missing. With a single id that is no
#           number ('A12') the column stays text, so that the next month's file is read otherwise than this one's. Both engines, openpyxl
#           and calamine; polars 2.1.0 keeps the texts, but with the engine xlsx2csv does the same.
# Why care: case '007' and case '7' are one, office '1E5' is 100000, and the links to a file that was read as text lead nowhere.
# Seen:     pandas 3.1.1, openpyxl 3.1.5, python-calamine 0.9.1, polars 2.1.0, fastexcel 0.21.0, xlsx2csv 0.8.6, xlsxwriter 3.3.1, Python 3, on Linux.
# Guard:    the type of a cell is believed, an id is a text, and what of `7`, `007` and `7.0` is the same is said in the model (`as whole number`,
#           grammar/DATA.md); where links fail that would hold so, the message says it (tests/data/workbook.rs, test `cells_of_every_kind`).
#
# Prints what each reader says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pandas==3.1.1 openpyxl==3.1.5 python-calamine==0.9.1 polars==2.1.0 fastexcel==0.21.0 xlsx2csv==0.8.6 xlsxwriter==3.3.1
"$folder/venv/bin/python" - "$folder" <<'PY'
import sys

import pandas as pd
import polars as pl
import xlsxwriter


def written(name, ids):
    path = f"{sys.argv[1]}/{name}.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, as_text = book.add_worksheet(), book.add_format({"num_format": "@"})
    for row, text in enumerate(["case_id", *ids]):
        sheet.write_string(row, 0, text, as_text)
    book.close()
    return path


IDS = ["007", "1E5", "12"]
path, mixed = written("ids", IDS), written("mixed", [*IDS, "A12"])
words = written("words", ["12", "INF", "NA"])
print(f"pandas {pd.__version__}, polars {pl.__version__}; the cells are text: {IDS}")
as_seen = True
for engine in ("openpyxl", "calamine"):
    one = pd.read_excel(path, engine=engine)["case_id"].tolist()
    two = pd.read_excel(mixed, engine=engine)["case_id"].tolist()
    three = [str(value) for value in pd.read_excel(words, engine=engine)["case_id"]]
    print(f"pandas, {engine}: {one}; with one more, 'A12': {two}; of '12', 'INF', 'NA': {three}")
    as_seen &= one == [7.0, 100000.0, 12.0] and two == [*IDS, "A12"] and three == ["12.0", "inf", "nan"]
for engine, seen in (("calamine", IDS), ("openpyxl", IDS), ("xlsx2csv", [7.0, 100000.0, 12.0])):
    said = pl.read_excel(path, engine=engine)["case_id"].to_list()
    print(f"polars, {engine}: {said}")
    as_seen &= said == seen
sys.exit(0 if as_seen else 1)
PY
