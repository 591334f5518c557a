//! Which row that is not recorded would have made the difference: a row is put where a question of
//! the text looks for one, and the interpreter is asked again, day by day.

use super::found::{Finder, NamedValue, find, questions};
use super::instead::{Side, most_questions};
use super::template::{self, Template};
use super::words::Words;
use super::{Asked, timeline};
use crate::calendar::add_days;
use crate::functions::{Cell, Value};
use crate::interpret::{Evaluator, Fault, Rows, World, as_asked, rivals, standing_among};
use crate::ir::{Expr, LinkedQuery, Outcome, RowId};
use crate::model::{ColumnId, ColumnType, TableId};
use chrono::{NaiveDate, NaiveTime};
use std::collections::BTreeSet;

/// Days on from the first that makes the difference are asked about up to so many.
const DAYS: i64 = 1_100;
/// Of one row, so many ranges of days are told.
const RANGES: usize = 3;
/// So many rows are told.
const TOLD: usize = 3;
/// Of the rows that a question asks about, the questions inside it are asked of so many.
const ROWS: usize = 50;

/// A row that is not recorded, with which the row comes out otherwise, all else as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingRow {
    /// Its table.
    pub table: TableId,
    /// Its cells, in the order of the columns; those of `day_columns` hold the first day.
    pub cells: Vec<Cell>,
    /// The columns that hold its day; of a time, noon of that day.
    pub day_columns: Vec<ColumnId>,
    /// The days on which it makes the difference, in order; none of a row that has no day.
    pub days: Vec<Days>,
    /// The name of its table.
    pub name: String,
    /// The row that it belongs to, in words: `case k17`.
    pub owner: String,
    /// Whether the question is about rows other than the one that is explained.
    pub other: bool,
    /// How many rows the question finds that belong there.
    pub recorded: usize,
    /// Of how many of these the conditions hold.
    pub passing: usize,
    /// The conditions that the question has for them, as the file says them.
    pub conditions: Vec<String>,
    /// The names of `day_columns`.
    pub day_names: Vec<String>,
    /// What else stands in it, of the columns that the indicator reads.
    pub values: Vec<NamedValue>,
    /// What becomes of the row then.
    pub becomes: Side,
}

/// Days one after the other on which the row makes the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: NaiveDate,
    /// The last; never after the last day of the data.
    pub last: NaiveDate,
    /// Whether it was not asked, or not found, what the day before `first` would do.
    pub earlier_open: bool,
    /// The same of the day after `last`.
    pub later_open: bool,
}

/// A question of the text about the rows that lead to one row.
pub(super) struct Gap {
    pub(super) table: TableId,
    pub(super) via: ColumnId,
    /// The row that they lead to.
    pub(super) owner: usize,
    variable: RowId,
    condition: Expr,
    /// The rows in sight.
    pub(super) sight: Vec<(RowId, TableId, usize)>,
    words: OfGap,
}

/// What is said of a question.
struct OfGap {
    owner: String,
    other: bool,
    recorded: usize,
    passing: usize,
    conditions: Vec<String>,
}

/// The rows that would have made the difference to a row of this outcome, in the order of the
/// questions that look for them. The world is as it was afterwards.
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn missing_rows(world: &mut World, asked: Asked, row: usize, outcome: &Outcome) -> Result<Vec<MissingRow>, Fault> {
    let now = Side::of_outcome(outcome);
    if matches!(now, Side::Counted | Side::Unsure) {
        return Ok(Vec::new());
    }
    let (gaps, days) = gaps(world, asked, row)?;
    let mut left = most_questions(world, asked.indicator);
    let mut found: Vec<MissingRow> = Vec::new();
    for gap in &gaps {
        for template in template::templates(world, asked.indicator, gap) {
            let made = with_row(world, (asked, row, now), (gap, &template), &days, &mut left)?;
            if let Some(made) = made {
                found.push(made);
                break;
            }
        }
        if found.len() == TOLD || left == 0 {
            break;
        }
    }
    Ok(found)
}

/// The questions that are asked of a row, each of one owner once, and the days that are tried.
fn gaps(world: &World, asked: Asked, row: usize) -> Result<(Vec<Gap>, BTreeSet<NaiveDate>), Fault> {
    let as_asked = as_asked(world.model, asked.indicator);
    find(asked, asked.question(world, &as_asked), |finder| {
        let mut found = Vec::new();
        let own = (RowId::COHORT, asked.indicator.cohort.table, row);
        let rows = finder.evaluator.row_of_cohort(row);
        for e in asked.indicator.expressions() {
            in_expression(finder, e, &rows, &[own], &mut found);
        }
        let events = timeline::timeline(finder, asked, row).into_iter().map(|event| event.day);
        let near = events.flat_map(|day| (-1..=1).filter_map(move |n| add_days(day, n)));
        (found, near.filter(|day| *day <= asked.as_of).collect())
    })
}

fn in_expression(finder: &Finder, e: &Expr, rows: &Rows, sight: &[(RowId, TableId, usize)], found: &mut Vec<Gap>) {
    for q in questions(e) {
        let Some(asked) = finder.evaluator.rows_asked(q, rows) else { continue };
        let known = |gap: &Gap| found.iter().any(|of| of.variable == gap.variable && of.owner == gap.owner);
        let gap = gap(finder, (q, rows, sight), &asked).filter(|gap| !known(gap));
        found.extend(gap);
        for row in asked.into_iter().take(ROWS) {
            let seen = rows.with(q.row, q.table, row);
            let sight: Vec<_> = sight.iter().copied().chain([(q.row, q.table, row)]).collect();
            in_expression(finder, &q.condition, &seen, &sight, found);
            q.ask.values().into_iter().for_each(|e| in_expression(finder, e, &seen, &sight, found));
        }
    }
}

/// A question about the rows that lead to one row.
fn gap(
    finder: &Finder,
    (q, rows, sight): (&LinkedQuery, &Rows, &[(RowId, TableId, usize)]),
    asked: &[usize],
) -> Option<Gap> {
    let via = q.via?;
    let declared = finder.evaluator.model().table(q.table).column(via);
    let (of, owner) = finder.evaluator.reach(rows, q.owner, &q.owner_links)?;
    matches!(declared.ty, ColumnType::Link(_)).then(|| Gap {
        table: q.table,
        via,
        owner,
        variable: q.row,
        condition: finder.as_asked(&q.condition).into_owned(),
        sight: sight.to_vec(),
        words: of_gap(finder, q, rows, asked, finder.text.words.row(of, owner)),
    })
}

fn of_gap(finder: &Finder, q: &LinkedQuery, rows: &Rows, asked: &[usize], owner: String) -> OfGap {
    let passes = |row: &&usize| finder.truth(&q.condition, &rows.with(q.row, q.table, **row)) == Some(true);
    OfGap {
        owner,
        other: q.other_than.is_some(),
        recorded: asked.len(),
        passing: asked.iter().filter(passes).count(),
        conditions: finder.text.conditions(&q.condition).into_iter().map(|(text, _)| text).collect(),
    }
}

/// What becomes of the row with one more row, which is taken away again.
fn with_row(
    world: &mut World,
    (asked, row, now): (Asked, usize, Side),
    (gap, template): (&Gap, &Template),
    days: &BTreeSet<NaiveDate>,
    left: &mut usize,
) -> Result<Option<MissingRow>, Fault> {
    let number = world.add(gap.table, template.cells.clone());
    let rivals = rivals(asked.question(world, asked.indicator), row);
    let found = rivals.and_then(|rivals| {
        let mut trial = Trial { world, asked, row, rivals, now, gap, template, number, left };
        trial.ranges(days)
    });
    world.take_away(gap.table);
    Ok(found?.map(|(days, becomes)| told(world, (gap, template), days, becomes)))
}

fn told(world: &World, (gap, template): (&Gap, &Template), days: Vec<Days>, becomes: Side) -> MissingRow {
    let words = Words::for_values(world);
    let table = world.model.table(gap.table);
    let name = |column: &ColumnId| table.column(*column).name.clone();
    let mut cells = template.cells.clone();
    for column in &template.day_columns {
        cells[usize::from(column.0)] = days.first().and_then(|of| at(world, gap.table, *column, of.first));
    }
    let values = template.named.iter().map(|column| NamedValue {
        name: name(column),
        value: words.value(template::ty(gap.table, *column, table.column(*column)), &cells[usize::from(column.0)]),
    });
    let OfGap { owner, other, recorded, passing, conditions } = &gap.words;
    MissingRow {
        table: gap.table,
        day_columns: template.day_columns.clone(),
        days,
        name: table.name.clone(),
        owner: owner.clone(),
        other: *other,
        recorded: *recorded,
        passing: *passing,
        conditions: conditions.clone(),
        day_names: template.day_columns.iter().map(name).collect(),
        values: values.collect(),
        cells,
        becomes,
    }
}

/// A day as a column holds it: a time is noon.
fn at(world: &World, table: TableId, column: ColumnId, day: NaiveDate) -> Cell {
    match world.model.table(table).column(column).ty {
        ColumnType::Timestamp => {
            Some(Value::Time(day.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or(NaiveTime::MIN))))
        }
        _ => Some(Value::Date(day)),
    }
}

/// What a day of the row that is added does.
enum Turn {
    /// The row that is explained comes out otherwise, so, since the added row passes the question.
    To(Side),
    /// It does not.
    No,
    /// Nothing can be said.
    Untold,
}

/// A row that is added, on one day and another.
struct Trial<'t, 'm, 'a> {
    world: &'t mut World<'m>,
    asked: Asked<'a>,
    row: usize,
    rivals: Option<Vec<usize>>,
    now: Side,
    gap: &'t Gap,
    template: &'t Template,
    number: usize,
    /// How often the interpreter may still be asked.
    left: &'t mut usize,
}

impl Trial<'_, '_, '_> {
    /// The ranges of days that make the difference, and to what; none of a row without a day.
    fn ranges(&mut self, days: &BTreeSet<NaiveDate>) -> Result<Option<(Vec<Days>, Side)>, Fault> {
        if self.template.day_columns.is_empty() {
            let to = if self.passes()? { self.side()?.filter(|to| self.now.becomes(*to)) } else { None };
            return Ok(to.map(|to| (Vec::new(), to)));
        }
        let mut found: Vec<Days> = Vec::new();
        let mut becomes = None;
        for day in days {
            if found.len() == RANGES {
                break;
            }
            if found.iter().any(|known| (known.first..=known.last).contains(day)) || !self.passes_on(*day)? {
                continue;
            }
            if let Turn::To(side) = self.turn(*day)?
                && becomes.is_none_or(|becomes| becomes == side)
            {
                becomes = Some(side);
                found.push(self.around(*day, side)?);
            }
        }
        Ok(becomes.map(|becomes| (found, becomes)))
    }

    /// The days around one, one after the other, that do the same.
    fn around(&mut self, day: NaiveDate, side: Side) -> Result<Days, Fault> {
        let (first, earlier_open) = self.onwards(day, -1, side)?;
        let (last, later_open) = self.onwards(day, 1, side)?;
        Ok(Days { first, last, earlier_open, later_open })
    }

    fn onwards(&mut self, day: NaiveDate, step: i64, side: Side) -> Result<(NaiveDate, bool), Fault> {
        let mut reached = day;
        for n in 1..=DAYS {
            let Some(next) = add_days(day, step * n) else { break };
            match self.turn(next)? {
                Turn::To(to) if to == side => reached = next,
                Turn::To(_) | Turn::No => return Ok((reached, false)),
                Turn::Untold => break,
            }
        }
        Ok((reached, true))
    }

    fn put(&mut self, day: NaiveDate) {
        for column in &self.template.day_columns {
            let cell = at(self.world, self.gap.table, *column, day);
            self.world.put(self.gap.table, self.number, *column, cell);
        }
    }

    /// Whether the question finds the added row when it has this day.
    fn passes_on(&mut self, day: NaiveDate) -> Result<bool, Fault> {
        self.put(day);
        self.passes()
    }

    fn passes(&self) -> Result<bool, Fault> {
        let as_asked = as_asked(self.world.model, self.asked.indicator);
        let evaluator = Evaluator::new(self.asked.question(self.world, &as_asked));
        let added = (self.gap.variable, self.gap.table, self.number);
        let sight: Vec<_> = self.gap.sight.iter().copied().skip(1).chain([added]).collect();
        let truth = truth(&evaluator, &self.gap.condition, &evaluator.row_of_cohort(self.row), &sight);
        evaluator.sound(truth == Some(true))
    }

    /// What becomes of the explained row; nothing when the interpreter has been asked too often.
    fn side(&mut self) -> Result<Option<Side>, Fault> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        *self.left = left;
        let question = self.asked.question(self.world, self.asked.indicator);
        standing_among(question, self.row, self.rivals.as_deref()).map(|standing| Some(Side::of(&standing)))
    }

    fn turn(&mut self, day: NaiveDate) -> Result<Turn, Fault> {
        if day > self.asked.as_of {
            return Ok(Turn::No);
        }
        if self.world.model.missing_dates.contains(&day) || self.template.ties.contains(&day) {
            return Ok(Turn::Untold);
        }
        let passes = self.passes_on(day)?;
        Ok(match self.side()? {
            None => Turn::Untold,
            Some(side) if !self.now.becomes(side) => Turn::No,
            Some(side) if passes => Turn::To(side),
            // Another question finds the row.
            Some(_) => Turn::Untold,
        })
    }
}

/// The truth of a condition with further rows in sight.
fn truth(evaluator: &Evaluator, e: &Expr, rows: &Rows, sight: &[(RowId, TableId, usize)]) -> Option<bool> {
    match sight.split_first() {
        None => evaluator.truth(e, rows),
        Some(((variable, table, row), rest)) => truth(evaluator, e, &rows.with(*variable, *table, *row), rest),
    }
}
