#!/bin/sh
# Finding: on 28 February, who was born on 29 February is 17 and 18 years old, by two functions of one tool.
#
# What:     from 29 February 2008 to 28 February 2026 duckdb 2.0.1 counts 18 full years by `date_sub('year', ...)` and 17 by `year(age(...))`;
#           date-fns 4.4.0 counts 216 full months and 17 full years. dateutil, luxon and dayjs say 216 and 18, the Temporal polyfill
#           215 months and 30 days. From 31 March to 30 April duckdb counts one month by the one, none by the other.
# Why care: who is of age, and whether a visit came within a month, depends on the function that was at hand.
# Seen:     duckdb 2.0.1, python-dateutil 2.9.0.post0, date-fns 4.4.0, luxon 3.7.2, dayjs 1.11.23, @js-temporal/polyfill 0.5.1, Node.js 20, on Linux.
# Guard:    months and years obey one law: n months lie between when the first day + n months is not after the second (grammar/README.md,
#           section 5, which names this birthday; tests/language/calendar.rs); `check --calendar` shows where it decides an outcome.
#
# Prints what each tool says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet duckdb==2.0.1 python-dateutil==2.9.0.post0
npm install --silent --no-audit --no-fund --prefix "$folder" date-fns@4.4.0 luxon@3.7.2 dayjs@1.11.23 @js-temporal/polyfill@0.5.1
"$folder/venv/bin/python" - <<'PY'
import sys
from datetime import date

import duckdb
from dateutil.relativedelta import relativedelta


def counted(first, last):
    ends = f"date '{first}', date '{last}'"
    age = f"age(date '{last}', date '{first}')"
    sql = f"SELECT date_sub('month', {ends}), date_sub('year', {ends}), 12 * year({age}) + month({age}), year({age})"
    return duckdb.sql(sql).fetchall()[0]


born, day = date(2008, 2, 29), date(2026, 2, 28)
birthday, month = counted(born, day), counted(date(2024, 3, 31), date(2024, 4, 30))
between = relativedelta(day, born)
print(f"duckdb {duckdb.__version__}, months and years by date_sub, then by age: {birthday}; 31 March to 30 April: {month}")
print(f"dateutil, months and years: {12 * between.years + between.months, between.years}")
sys.exit(0 if birthday == (216, 18, 215, 17) and month == (1, 0, 0, 0) and between.years == 18 else 1)
PY
cat > "$folder/ages.cjs" <<'JS'
const { differenceInMonths, differenceInYears } = require("date-fns");
const { DateTime } = require("luxon");
const dayjs = require("dayjs");
const { Temporal } = require("@js-temporal/polyfill");

const [born, day] = ["2008-02-29", "2026-02-28"];
const date = (text) => new Date(`${text}T00:00:00`);
const luxon = (unit) => Math.floor(DateTime.fromISO(day).diff(DateTime.fromISO(born), unit).as(unit));
const said = {
  "date-fns": [differenceInMonths(date(day), date(born)), differenceInYears(date(day), date(born))],
  luxon: [luxon("months"), luxon("years")],
  dayjs: [dayjs(day).diff(born, "month"), dayjs(day).diff(born, "year")],
  Temporal: Temporal.PlainDate.from(born).until(day, { largestUnit: "month" }).toString(),
};
console.log("months and years:", JSON.stringify(said));
const seen = { "date-fns": [216, 17], luxon: [216, 18], dayjs: [216, 18], Temporal: "P215M30D" };
process.exit(JSON.stringify(said) === JSON.stringify(seen) ? 0 : 1);
JS
node "$folder/ages.cjs"
