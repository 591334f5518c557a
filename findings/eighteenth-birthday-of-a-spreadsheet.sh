#!/bin/sh
# Finding: on the eighteenth birthday, one child in four is not yet 18 by the spreadsheet function for the age in years.
#
# What:     `YEARFRAC(born, day, 1)` divides by the mean length of the years it touches, and 18 years with four leap days or five are not 18 such
#           means. HyperFormula 3.5.0 gives 17.998 on the birthday of those born in January or February 1990, and 18.0007 of others;
#           formulajs 4.6.1 likewise. With 0 as the third argument, or none, a year has 360 days: who was born on 28 February is short then, in HyperFormula
#           in some years, and in formulajs not. `DATEDIF(..., "Y")` of formulajs is right.
# Why care: `INT(YEARFRAC(...)) >= 18` is the usual formula for who is of age, and is wrong on the day that the rule is about.
# Seen:     hyperformula 3.5.0, @formulajs/formulajs 4.6.1, Node.js 20, on Linux.
# Guard:    `years from A to B` are months by the calendar, divided by 12 (grammar/README.md, section 5; tests/language/calendar.rs, test
#           `a_year_is_twelve_months_and_years_are_rounded_down`).
#
# Prints what each package says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" hyperformula@3.5.0 @formulajs/formulajs@4.6.1
cat > "$folder/ages.cjs" <<'JS'
const { HyperFormula } = require("hyperformula");
const { YEARFRAC, DATEDIF } = require("@formulajs/formulajs");

const births = [];
for (let year = 1990; year < 2010; year++)
  for (let month = 1; month <= 12; month++)
    for (const day of [1, 15, 28]) births.push([year, month, day]);

const short = { HyperFormula: {}, formulajs: {} };
for (const basis of [0, 1]) {
  const formulas = births.map(([y, m, d]) => [`=YEARFRAC(DATE(${y},${m},${d}),DATE(${y + 18},${m},${d}),${basis})`]);
  const sheet = HyperFormula.buildFromArray(formulas, { licenseKey: "gpl-v3" }).getSheetValues(0);
  const date = ([y, m, d], later) => new Date(y + later, m - 1, d);
  short.HyperFormula[basis] = sheet.filter(([age]) => age < 18).length;
  short.formulajs[basis] = births.filter((born) => YEARFRAC(date(born, 0), date(born, 18), basis) < 18).length;
  if (basis === 1) console.log(`born on 1 January 1990, on 1 January 2008: ${sheet[0][0]}`);
}
const exact = births.every(([y, m, d]) => DATEDIF(new Date(y, m - 1, d), new Date(y + 18, m - 1, d), "Y") === 18);
console.log(`of ${births.length} birthdays these many are before 18, by basis: ${JSON.stringify(short)}`);
console.log(`by DATEDIF all are 18: ${exact}`);
const seen = { HyperFormula: { 0: 5, 1: 180 }, formulajs: { 0: 0, 1: 180 } };
process.exit(JSON.stringify(short) === JSON.stringify(seen) && exact ? 0 : 1);
JS
node "$folder/ages.cjs"
