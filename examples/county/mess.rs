//! The messes of real data: now and then a row is written wrong, twice, or with a date that means
//! "none".

use super::dates::day;
use super::dice::Dice;
use super::file::{Cell, Format, TableFile};
use super::shuffled::Shuffled;
use super::tables::{Kind, SPECS, Spec, Table};
use std::error::Error;
use std::path::Path;

/// The share of rows in which a missing date is written as a date that means "none", or a code was
/// forgotten: not wrong, but not known either.
const SENTINELS: f64 = 0.004;

/// The share of rows of a broken feed that link to something that is not there.
const BROKEN: f64 = 0.15;

/// The first stream of random numbers that breaks a feed: after those of the tables that there were
/// first, so that a further table changes no row of another.
const BROKEN_STREAMS: usize = 18;

/// Codes that people forget to enter.
const FORGOTTEN: [&str; 2] = ["exit_type", "disposition"];

struct Messy {
    spec: &'static Spec,
    file: TableFile,
    dice: Dice,
    /// Decides which rows of a broken feed link to nothing.
    broken: Option<Dice>,
}

/// All tables of a county, being written.
pub(crate) struct Tables {
    tables: Vec<Messy>,
    bad_rows: f64,
}

impl Tables {
    /// Starts every table's file in `folder`. The feed of the table named `broken` is so bad that
    /// its numbers cannot be used. With a seed for it, rows and ids are in no order.
    pub(crate) fn create(
        folder: &Path,
        format: Format,
        seed: u64,
        bad_rows: f64,
        broken: Option<&str>,
        shuffled: Option<u64>,
    ) -> Result<Self, Box<dyn Error>> {
        if let Some(name) = broken
            && !SPECS.iter().any(|s| s.name == name && s.columns.iter().any(|(_, kind)| *kind == Kind::Link))
        {
            return Err(format!("there is no table `{name}` with links that could be broken").into());
        }
        let mut tables = Vec::new();
        for (number, spec) in SPECS.iter().enumerate() {
            let file = TableFile::create(folder, spec, format, shuffled.map(|seed| Shuffled::new(seed, number)))?;
            // Its own stream: the same lives with and without bad rows.
            let dice = |stream: usize| Dice::new(seed, u64::MAX - stream as u64);
            let broken = (broken == Some(spec.name)).then(|| dice(BROKEN_STREAMS + number));
            tables.push(Messy { spec, file, dice: dice(number), broken });
        }
        Ok(Self { tables, bad_rows })
    }

    /// Writes one row, sometimes wrong.
    pub(crate) fn add(&mut self, table: Table, row: &[Cell]) -> Result<(), Box<dyn Error>> {
        let bad_rows = self.bad_rows;
        let Some(table) = self.tables.get_mut(table as usize) else { return Err("no such table".into()) };
        if let Some(dice) = &mut table.broken
            && dice.chance(BROKEN)
        {
            let mut row = row.to_vec();
            orphan(&mut row, table.spec, dice);
            return table.file.add(&row);
        }
        let share = bad_rows * table.spec.mess;
        if share <= 0.0 {
            return table.file.add(row);
        }
        if table.dice.chance(share) {
            return table.add_wrong(row);
        }
        if table.dice.chance(SENTINELS * (share / 0.005).min(1.0)) {
            return table.file.add(&with_sentinel(row, table.spec, &mut table.dice));
        }
        table.file.add(row)
    }

    /// Ends all files; the tables' names and numbers of rows.
    pub(crate) fn close(self) -> Result<Vec<(&'static str, u64)>, Box<dyn Error>> {
        self.tables.into_iter().map(|t| Ok((t.spec.name, t.file.close()?))).collect()
    }
}

impl Messy {
    fn add_wrong(&mut self, row: &[Cell]) -> Result<(), Box<dyn Error>> {
        let mut wrong = row.to_vec();
        let mut turn = self.dice.below(WAYS.len());
        for _ in 0..WAYS.len() {
            let way = WAYS[turn % WAYS.len()];
            match way(&mut wrong, self.spec, &mut self.dice) {
                Wrong::Alone => return self.file.add(&wrong),
                Wrong::Beside => {
                    self.file.add(row)?;
                    return self.file.add(&wrong);
                }
                Wrong::NotHere => turn += 1,
            }
        }
        self.file.add(row)
    }
}

/// What a way to spoil a row did.
enum Wrong {
    /// The row is wrong now.
    Alone,
    /// The wrong row stands beside the right one.
    Beside,
    /// This row cannot be wrong in this way.
    NotHere,
}

/// A way to spoil a row.
type Way = fn(&mut [Cell], &Spec, &mut Dice) -> Wrong;

const WAYS: [Way; 4] = [end_before_start, unknown_code, orphan, twice];

fn end_before_start(row: &mut [Cell], spec: &Spec, dice: &mut Dice) -> Wrong {
    let Some((from, until)) = spec.span else { return Wrong::NotHere };
    let (Cell::Day(start), Cell::Day(_)) = (&row[from], &row[until]) else { return Wrong::NotHere };
    row[until] = Cell::Day(start - dice.between(1, 400));
    Wrong::Alone
}

fn unknown_code(row: &mut [Cell], spec: &Spec, dice: &mut Dice) -> Wrong {
    let at = columns(row, spec, Kind::Code);
    let Some(at) = at.get(dice.below(at.len())) else { return Wrong::NotHere };
    row[*at] = Cell::Code(dice.pick("other_agency", &[(2.0, "99"), (1.0, "unk"), (1.0, "N/A"), (1.0, "OTHER_AGENCY")]));
    Wrong::Alone
}

fn orphan(row: &mut [Cell], spec: &Spec, dice: &mut Dice) -> Wrong {
    let at = columns(row, spec, Kind::Link);
    let Some(at) = at.get(dice.below(at.len())) else { return Wrong::NotHere };
    let Cell::Id(letters, number) = row[*at] else { return Wrong::NotHere };
    row[*at] = Cell::Id(letters, number + 900_000_000);
    Wrong::Alone
}

/// A second row with the same key: half of them alike in every column, half with another first
/// date.
fn twice(row: &mut [Cell], spec: &Spec, dice: &mut Dice) -> Wrong {
    if !spec.columns.iter().any(|(_, kind)| *kind == Kind::Key) {
        return Wrong::NotHere;
    }
    if dice.chance(0.5) {
        let later = dice.between(1, 30);
        if let Some(Cell::Day(day)) = row.iter_mut().find(|c| matches!(c, Cell::Day(_))) {
            *day -= later;
        } else if let Some(Cell::Time(time)) = row.iter_mut().find(|c| matches!(c, Cell::Time(_))) {
            *time -= i64::from(later) * 3600;
        }
    }
    Wrong::Beside
}

/// The row with a code forgotten, or its last missing date written as 9999-12-31 (an end) or, now
/// and then, 0001-01-01.
fn with_sentinel(row: &[Cell], spec: &Spec, dice: &mut Dice) -> Vec<Cell> {
    let mut row = row.to_vec();
    if let Some(code) = spec.columns.iter().position(|(name, _)| FORGOTTEN.contains(name))
        && dice.chance(0.5)
    {
        row[code] = Cell::Nothing;
        return row;
    }
    let missing = |(cell, column): (&Cell, &(&str, Kind))| *cell == Cell::Nothing && column.1 == Kind::Day;
    if let Some(at) = row.iter().zip(spec.columns).rposition(missing) {
        row[at] = Cell::Day(if dice.chance(0.7) { day(9999, 12, 31) } else { day(1, 1, 1) });
    }
    row
}

/// The row's columns of this kind that hold a value.
fn columns(row: &[Cell], spec: &Spec, kind: Kind) -> Vec<usize> {
    let here = |i: &usize| spec.columns[*i].1 == kind && row[*i] != Cell::Nothing;
    (0..row.len()).filter(here).collect()
}
