#!/bin/sh
# Finding: 1 January 1900, which stands for "not known" in many systems, is three days in the workbooks of four writers.
#
# What:     a day in a workbook is a number; 1 January 1900 is 1. openpyxl 3.1.5 writes 1; xlsxwriter 3.3.1 writes 1 for a `date`
#           and 0 for the same day as a `datetime` (as pandas passes it on); exceljs 4.4.0 writes 2. Later days agree, since the writers differ in how
#           they step over 29 February 1900, which spreadsheets have and the calendar has not: exceljs is a day late before 1 March 1900. openpyxl
#           reads 0 as the time 00:00 without a day; calamine, by polars 2.1.0, as 31 December 1899; and both read 60, the
#           29 February, as the 28th.
# Why care: a rule "1900-01-01 means missing" holds for one of three writers; the others' stays began, or ended, in 1899 or on 2 January.
# Seen:     openpyxl 3.1.5, xlsxwriter 3.3.1, pandas 3.1.1, polars 2.1.0 with fastexcel 0.21.0, exceljs 4.4.0, Python 3, Node.js 20, on Linux.
# Guard:    a number below 1 and the 29 February are no days, are told and not repaired (grammar/DATA.md; src/engine/data/workbook.rs, test
#           `days_from_1900`); which days mean missing is said in the model, and may be several.
#
# Prints what each tool says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet openpyxl==3.1.5 xlsxwriter==3.3.1 pandas==3.1.1 polars==2.1.0 fastexcel==0.21.0
npm install --silent --no-audit --no-fund --prefix "$folder" exceljs@4.4.0 2> /dev/null
cat > "$folder/write.cjs" <<'JS'
const { Workbook } = require("exceljs");

const book = new Workbook();
book.addWorksheet("days").addRow([new Date(Date.UTC(1900, 0, 1)), new Date(Date.UTC(1900, 2, 1))]);
book.xlsx.writeFile(`${__dirname}/exceljs.xlsx`);
JS
node "$folder/write.cjs"
"$folder/venv/bin/python" - "$folder" <<'PY'
import re
import sys
import zipfile
from datetime import date, datetime

import openpyxl
import pandas as pd
import polars as pl
import xlsxwriter

folder = sys.argv[1]
DAYS = [date(1900, 1, 1), date(1900, 3, 1)]
TIMES = [datetime(1900, 1, 1), datetime(1900, 3, 1)]


def numbers(path):
    return [float(n) for n in re.findall(r"<v>([0-9.]+)</v>", zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode())]


def by_xlsxwriter(name, cells):
    book = xlsxwriter.Workbook(f"{folder}/{name}.xlsx")
    form = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for n, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(0, n, cell, form)
        else:
            sheet.write_datetime(0, n, cell, form)
    book.close()


book = openpyxl.Workbook()
book.active.append(DAYS)
book.save(f"{folder}/openpyxl.xlsx")
by_xlsxwriter("days", DAYS)
by_xlsxwriter("times", TIMES)
frame = pd.DataFrame([TIMES])
frame.to_excel(f"{folder}/pandas.xlsx", header=False, index=False, engine="xlsxwriter")
said = {name: numbers(f"{folder}/{name}.xlsx") for name in ("openpyxl", "days", "times", "pandas", "exceljs")}
for name, written in said.items():
    print(f"1 January and 1 March 1900 by {name}: {written}")

by_xlsxwriter("read", [0, 1, 60, 61])
by_openpyxl = [str(cell.value) for cell in openpyxl.load_workbook(f"{folder}/read.xlsx").active[1]]
by_calamine = [str(day) for day in pl.read_excel(f"{folder}/read.xlsx", has_header=False).row(0)]
print(f"0, 1, 60 and 61 by openpyxl {by_openpyxl}, by calamine {by_calamine}")
as_seen = said == {"openpyxl": [1, 61], "days": [1, 61], "times": [0, 61], "pandas": [0, 61], "exceljs": [2, 61]}
read = by_openpyxl[0] == "00:00:00" and by_calamine[0].startswith("1899-12-31")
read = read and all(days[2].startswith("1900-02-28") and days[3].startswith("1900-03-01") for days in (by_openpyxl, by_calamine))
sys.exit(0 if as_seen and read else 1)
PY
