//! What would have made the difference: one value of the row, or of a row that it looks at, is
//! changed, and the interpreter is asked again. Every day that is told was asked about.

use super::found::{Finder, find};
use super::timeline::{Place, places};
use super::words::Words;
use super::{Asked, timeline};
use crate::calendar::add_days;
use crate::functions::{Cell, Value};
use crate::interpret::{Fault, Standing, World, as_asked, rivals, standing_among};
use crate::ir::{Ask, Expr, ExprKind, Indicator, Outcome, Ty, WordList};
use crate::model::{ColumnType, Table, TableId};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The interpreter is asked so often at most; what is left is not tried.
const QUESTIONS: usize = 6_000;
/// The same, where a question is about all rows of a table that has many.
const QUESTIONS_ABOUT_MANY: usize = 300;
/// A table of more rows has many.
const MANY_ROWS: usize = 200;
/// Days on from the nearest that makes the difference are asked about up to so many.
const DAYS: i64 = 366;
/// The farthest day that is tried: so many doublings of a day.
const DOUBLINGS: u32 = 12;
/// So many are told.
const TOLD: usize = 5;
/// Another word is as large a change as so many days.
const WORD: i64 = 30;

/// On which side of the line a row comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Met.
    Met,
    /// Unmet.
    Unmet,
    /// Counted.
    Counted,
    /// Undetermined.
    Undetermined,
    /// Excluded.
    Excluded,
    /// Not known whether it belongs.
    Unsure,
    /// Not in the cohort.
    NotCounted,
}

impl Side {
    pub(super) fn of(standing: &Standing) -> Self {
        match standing {
            Standing::Case(verdict) if verdict.unsure => Self::Unsure,
            _ => Self::of_outcome(&standing.outcome()),
        }
    }

    pub(super) fn of_outcome(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Met => Self::Met,
            Outcome::Unmet => Self::Unmet,
            Outcome::Counted => Self::Counted,
            Outcome::Undetermined => Self::Undetermined,
            Outcome::Excluded(_) => Self::Excluded,
            Outcome::Unsure | Outcome::Unread => Self::Unsure,
            Outcome::NotCounted => Self::NotCounted,
        }
    }

    /// Whether a change from this side to another is worth telling: of a row that is counted, that
    /// it comes out otherwise; of another row, that it would be counted.
    pub(super) fn becomes(self, then: Self) -> bool {
        match self {
            Self::Met => then == Self::Unmet,
            Self::Unmet => then == Self::Met,
            Self::Excluded | Self::NotCounted => matches!(then, Self::Met | Self::Unmet | Self::Counted),
            Self::Undetermined => matches!(then, Self::Met | Self::Unmet),
            Self::Counted | Self::Unsure => false,
        }
    }

    /// As lists of rows say it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Counted => "counted",
            Self::Undetermined => "undetermined",
            Self::Excluded => "excluded",
            Self::Unsure => "unsure",
            Self::NotCounted => "not counted",
        }
    }
}

/// Another value with which the row comes out otherwise, all else as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Instead {
    /// The table and the row's number, and the column: where the value stands.
    pub place: Place,
    /// The row in words: `contact k17`.
    pub of: String,
    /// The column.
    pub column: String,
    /// What stands there, in words.
    pub was: String,
    /// The value nearest to it that makes the difference, in words.
    pub value: String,
    /// That value as the row would have it.
    pub cell: Cell,
    /// Of a day: with every day from the nearest one through this the row comes out so.
    pub through: Option<NaiveDate>,
    /// Whether days that lie farther were not asked about.
    pub on: bool,
    /// What becomes of the row then.
    pub becomes: Side,
}

/// A cell that is tried.
struct Tried {
    place: Place,
    of: String,
    column: String,
    ty: Ty,
    was: Cell,
    /// Days that are tried first.
    days: BTreeSet<NaiveDate>,
}

/// What would have made the difference, the smallest change first; and why nothing was looked for.
pub(super) fn instead(
    world: &mut World,
    asked: Asked,
    row: usize,
    outcome: &Outcome,
) -> Result<(Vec<Instead>, Option<&'static str>), Fault> {
    let now = Side::of_outcome(outcome);
    match now {
        Side::Counted => return Ok((Vec::new(), Some("its value counts, whatever it is"))),
        Side::Unsure => return Ok((Vec::new(), Some("something must be known before another day could matter"))),
        Side::Met | Side::Unmet | Side::Undetermined | Side::Excluded | Side::NotCounted => {}
    }
    let tried = tried(world, asked, row)?;
    let rivals = rivals(asked.question(world, asked.indicator), row)?;
    let left = most_questions(world, asked.indicator);
    let mut trial = Trial { world, asked, row, rivals, now, left };
    let mut found: Vec<(&Tried, Instead)> = Vec::new();
    for cell in &tried {
        let made = match cell.ty {
            Ty::Date | Ty::Timestamp => trial.days(cell)?,
            _ => trial.words(cell)?,
        };
        found.extend(made.into_iter().map(|instead| (cell, instead)));
    }
    found.sort_by_key(|(cell, instead)| (change(cell, instead), instead.place));
    found.truncate(TOLD);
    trial.left = DAYS.unsigned_abs() as usize * TOLD;
    let stretched = found.into_iter().map(|(cell, instead)| trial.stretch(cell, instead));
    Ok((stretched.collect::<Result<_, _>>()?, None))
}

/// By how many days a value is changed; a word is a change of its own.
fn change(cell: &Tried, instead: &Instead) -> i64 {
    match (day(&cell.was), day(&instead.cell)) {
        (Some(was), Some(then)) => (then - was).num_days().abs(),
        _ => WORD,
    }
}

/// How often the interpreter may be asked of an indicator.
pub(super) fn most_questions(world: &World, indicator: &Indicator) -> usize {
    let asks =
        |e: &Expr| matches!(&e.kind, ExprKind::Linked(q) if q.via.is_none() && world.rows(q.table).len() > MANY_ROWS);
    if indicator.expressions().any(|e| e.has(&asks)) { QUESTIONS_ABOUT_MANY } else { QUESTIONS }
}

/// The cells that may be changed: of rows in use, and of tables in which another value of one row
/// leaves all other rows where they are.
fn tried(world: &World, asked: Asked, row: usize) -> Result<Vec<Tried>, Fault> {
    let as_asked = as_asked(world.model, asked.indicator);
    find(asked, asked.question(world, &as_asked), |finder| tried_of(finder, world, asked, row))
}

fn tried_of(finder: &Finder, world: &World, asked: Asked, row: usize) -> Vec<Tried> {
    let events = timeline::timeline(finder, asked, row).into_iter();
    let days: BTreeSet<NaiveDate> =
        events.filter(|event| event.kind != timeline::Kind::Linked).map(|event| event.day).collect();
    let near = days.iter().flat_map(|day| (-1..=1).filter_map(|n| add_days(*day, n))).collect::<BTreeSet<_>>();
    let mut found = Vec::new();
    for place in places(finder, row) {
        let (table, number, column) = place;
        let declared = world.model.table(table);
        let ty = match &declared.column(column).ty {
            ColumnType::Date => Ty::Date,
            ColumnType::Timestamp => Ty::Timestamp,
            ColumnType::Bool => Ty::Bool,
            ColumnType::Codes(_) => Ty::Code(WordList::Column(table, column)),
            ColumnType::Key | ColumnType::Link(_) | ColumnType::Text | ColumnType::Int | ColumnType::Decimal(_) => {
                continue;
            }
        };
        if world.gone(table, number).is_some() || !may_change(asked.indicator, declared, table) {
            continue;
        }
        let was = world.row(table, number).cells[usize::from(column.0)].clone();
        found.push(Tried {
            place,
            of: finder.text.words.row(table, number),
            column: declared.column(column).name.clone(),
            ty,
            was,
            days: near.clone(),
        });
    }
    // Days that lie near an edge are tried first.
    let far = |cell: &Tried| {
        day(&cell.was).and_then(|was| days.iter().map(|edge| (*edge - was).num_days().abs()).min()).unwrap_or(WORD)
    };
    found.sort_by_key(|cell| (far(cell), cell.place));
    found
}

/// Whether a row of a table may have another value: it stays where it is in the order of its table,
/// and is not taken for another.
fn may_change(indicator: &Indicator, table: &Table, id: TableId) -> bool {
    let is_level_or_calendar = !table.fed || table.words_of.is_some();
    let picks = indicator.cohort.pick.is_some() && indicator.cohort.table == id;
    let chooses = |e: &Expr| {
        e.has(&|e| matches!(&e.kind, ExprKind::Linked(q) if q.table == id && matches!(q.ask, Ask::Ordered { .. })))
    };
    let has_order = table.key.is_some() || !(picks || indicator.expressions().any(chooses));
    !is_level_or_calendar && !table.distinct && has_order
}

fn day(cell: &Cell) -> Option<NaiveDate> {
    match cell.as_ref()? {
        Value::Date(day) => Some(*day),
        Value::Time(time) => Some(time.date()),
        Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Code(_) | Value::Row(_) => None,
    }
}

/// A row that is asked about again and again.
struct Trial<'t, 'm, 'a> {
    world: &'t mut World<'m>,
    asked: Asked<'a>,
    row: usize,
    rivals: Option<Vec<usize>>,
    now: Side,
    /// How often the interpreter may still be asked.
    left: usize,
}

impl Trial<'_, '_, '_> {
    /// What becomes of the row with a value in a place; nothing when the row could not have it, or
    /// the interpreter has been asked too often.
    fn with(&mut self, place: Place, cell: Cell) -> Result<Option<Side>, Fault> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        let (table, row, column) = place;
        let was = self.world.put(table, row, column, cell);
        let standing = match self.is_possible(table, row) {
            false => None,
            true => {
                self.left = left;
                let asked = self.asked.question(self.world, self.asked.indicator);
                Some(standing_among(asked, self.row, self.rivals.as_deref()))
            }
        };
        self.world.put(table, row, column, was);
        standing.map(|standing| standing.map(|standing| Side::of(&standing))).transpose()
    }

    /// Whether the stay of a row does not end before it begins.
    fn is_possible(&self, table: TableId, row: usize) -> bool {
        let Some(spans) = self.world.model.table(table).spans else { return true };
        let cells = &self.world.row(table, row).cells;
        let [from, until] = [spans.from, spans.until].map(|column| cells[usize::from(column.0)].clone());
        until.is_none() || until >= from
    }

    /// What becomes of the row when a day is another: that it comes out otherwise.
    fn on(&mut self, cell: &Tried, day: NaiveDate) -> Result<Option<Side>, Fault> {
        if day > self.asked.as_of || self.world.model.missing_dates.contains(&day) {
            return Ok(None);
        }
        let side = self.with(cell.place, moved(cell, day))?;
        Ok(side.filter(|side| self.now.becomes(*side)))
    }

    /// The nearest day before and the nearest after that make the difference.
    fn days(&mut self, cell: &Tried) -> Result<Vec<Instead>, Fault> {
        let Some(was) = day(&cell.was) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for step in [-1, 1] {
            let doubled = (0..DOUBLINGS).filter_map(|n| add_days(was, step * 2_i64.pow(n)));
            let is_there = |day: &NaiveDate| (*day - was).num_days().signum() == step;
            let days: BTreeSet<NaiveDate> = doubled.chain(cell.days.iter().copied()).filter(is_there).collect();
            let mut days: Vec<NaiveDate> = days.into_iter().collect();
            days.sort_by_key(|day| (*day - was).num_days().abs());
            let mut before = was;
            for day in days {
                if let Some(side) = self.on(cell, day)? {
                    let nearest = self.nearest(cell, before, day, side)?;
                    found.push(self.instead(cell, moved(cell, nearest), (Some(nearest), true), side));
                    break;
                }
                before = day;
            }
        }
        Ok(found)
    }

    /// The day nearest to `before` that makes the difference, where `day` does and `before` does
    /// not: halfway between, again and again.
    fn nearest(
        &mut self,
        cell: &Tried,
        mut before: NaiveDate,
        mut day: NaiveDate,
        side: Side,
    ) -> Result<NaiveDate, Fault> {
        while (day - before).num_days().abs() > 1 {
            let Some(middle) = add_days(before, (day - before).num_days() / 2) else { break };
            if self.on(cell, middle)? == Some(side) { day = middle } else { before = middle }
        }
        Ok(day)
    }

    /// How far on the difference stays the same, day by day.
    fn stretch(&mut self, cell: &Tried, mut instead: Instead) -> Result<Instead, Fault> {
        let (Some(was), Some(nearest)) = (day(&cell.was), day(&instead.cell)) else { return Ok(instead) };
        let step = (nearest - was).num_days().signum();
        for n in 1..DAYS {
            let Some(next) = add_days(nearest, step * n) else { break };
            if self.on(cell, next)? != Some(instead.becomes) {
                instead.on = false;
                break;
            }
            instead.through = Some(next);
        }
        Ok(instead)
    }

    /// The words that make the difference.
    fn words(&mut self, cell: &Tried) -> Result<Vec<Instead>, Fault> {
        let others: Vec<Value> = match cell.ty {
            Ty::Bool => [true, false].map(Value::Bool).to_vec(),
            Ty::Code(list) => (0..).zip(list.words(self.world.model)).map(|(place, _)| Value::Code(place)).collect(),
            Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Row(_) => Vec::new(),
        };
        let mut found = Vec::new();
        // What is not known is no other word.
        for other in others.into_iter().filter(|other| cell.was.as_ref().is_some_and(|was| was != other)) {
            if let Some(side) = self.with(cell.place, Some(other.clone()))?.filter(|side| self.now.becomes(*side)) {
                found.push(self.instead(cell, Some(other), (None, false), side));
            }
        }
        // Of many words, one is as good as another.
        found.truncate(1);
        Ok(found)
    }

    fn instead(&self, cell: &Tried, to: Cell, (through, on): (Option<NaiveDate>, bool), becomes: Side) -> Instead {
        let words = Words::for_values(self.world);
        let (was, value) = (words.value(cell.ty, &cell.was), words.value(cell.ty, &to));
        let (of, column) = (cell.of.clone(), cell.column.clone());
        Instead { place: cell.place, of, column, was, value, cell: to, through, on, becomes }
    }
}

/// The value with another day, at the same time of the day.
fn moved(cell: &Tried, day: NaiveDate) -> Cell {
    match &cell.was {
        Some(Value::Time(time)) => Some(Value::Time(day.and_time(time.time()))),
        _ => Some(Value::Date(day)),
    }
}
