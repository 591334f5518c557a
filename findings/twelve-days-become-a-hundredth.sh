#!/bin/sh
# Finding: the number 12 in a workbook is read as 0.011, 1 or the text 0" 11ays", since its format shows a unit.
#
# What:     xlsx2csv 0.8.6 takes any number whose format has a letter of dates in it for a day, counts from 1900, and writes what then stands
#           there; a letter after a backslash, or in quotes, is one that Excel shows as it is. 12 shown as `12.0d` is read as 0.011, `12m` as 1,
#           `12 days` as 0" 11ays", a text. polars 2.1.0 (`read_excel` with the engine xlsx2csv) passes it on. openpyxl 3.1.5 and calamine read 12.
# Why care: lengths of stay, shown with their unit as reports do, shrink to a hundredth and are still numbers.
# Seen:     xlsx2csv 0.8.6, polars 2.1.0, fastexcel 0.21.0, openpyxl 3.1.5, xlsxwriter 3.3.1, Python 3, on Linux.
# Guard:    a number whose form shows a unit is a number (tests/data/workbook.rs, test `numbers_that_are_shown_with_their_unit_are_numbers`),
#           and a day where the model has a number cannot be read and is told (grammar/DATA.md).
#
# Prints what each reader says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet xlsx2csv==0.8.6 polars==2.1.0 fastexcel==0.21.0 openpyxl==3.1.5 xlsxwriter==3.3.1
"$folder/venv/bin/python" - "$folder/stays.xlsx" <<'PY'
import sys

import polars as pl
import xlsxwriter

FORMATS = ["0", r"0.0\d", r"0\m", '0" days"']
book = xlsxwriter.Workbook(sys.argv[1])
sheet = book.add_worksheet()
for column, form in enumerate(FORMATS):
    sheet.write_string(0, column, f"shown as {form}")
    sheet.write_number(1, column, 12, book.add_format({"num_format": form}))
book.close()
print(f"polars {pl.__version__}; 12, shown as {', '.join(FORMATS)}")
seen = {"xlsx2csv": (12, 0.011, 1, '0" 11ays"'), "openpyxl": (12,) * 4, "calamine": (12,) * 4}
said = {engine: pl.read_excel(sys.argv[1], engine=engine).row(0) for engine in seen}
for engine, row in said.items():
    print(f"by {engine}: {row}")
sys.exit(0 if said == seen else 1)
PY
