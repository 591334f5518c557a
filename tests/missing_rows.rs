//! The law of rows that are not recorded: a row that `why` says would have made the difference
//! does, when it is written into the files and all is read anew; a day beside those it names does
//! not.

use crate::generated::generate;
use crate::oracle::{self, Raw, Verdict, World};
use crate::properties::compare;
use crate::why::{of, said, without_mess};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use yardstick::calendar::add_days;
use yardstick::explanation::{self, Asked, MissingRow, Side};
use yardstick::functions::{Cell, Value};
use yardstick::interpret::Standing;
use yardstick::ir::Outcome;
use yardstick::model::{ColumnType, Model, TableId};

type Files = BTreeMap<TableId, Raw>;

/// Of one indicator, so many rows are looked at.
const ROWS: usize = 5;

#[test]
fn a_row_that_would_have_made_the_difference_does() {
    let (mut told, mut days, mut beside) = (BTreeMap::<(Side, Side), usize>::new(), 0, 0);
    for seed in 200..240 {
        let made = generate(seed);
        let files = without_mess(&made.program.model, &made.files);
        for text in &made.texts {
            let (sources, said, program) = said(&made.model, &text.to_string());
            let Some(indicator) = program.indicators.first() else { continue };
            let mut world = World::read(&program.model, &files, made.files.as_of);
            let windows = compare::windows(&program, 0, made.files.as_of);
            let window = windows[seed as usize % windows.len()];
            let said = &said[&indicator.id];
            let asked = Asked { indicator, as_of: made.files.as_of, window, level: 0, said, sources: &sources };
            for verdict in looked_at(&world, asked) {
                let (row, before) = (verdict.row, of(&Standing::Case(verdict.clone())));
                let missing = explanation::missing_rows(&mut world, asked, row, &verdict.outcome).unwrap();
                let again = Again { model: &program.model, files: &files, world: &world, asked, row };
                for missing in &missing {
                    let (inside, outside) = again.holds(missing, before);
                    days += inside;
                    beside += outside;
                    *told.entry((before, missing.becomes)).or_default() += 1;
                }
            }
        }
    }
    println!("{told:?}, {days} days, {beside} beside them");
    for both in [(Side::Met, Side::Unmet), (Side::Unmet, Side::Met), (Side::Undetermined, Side::Met)] {
        assert!(told.get(&both).is_some_and(|n| *n > 2), "{told:?}");
    }
    assert!(days > 120 && beside > 40, "{days} days, {beside} beside them");
}

/// Some rows of the cohort, those that are not met first.
fn looked_at(world: &World, asked: Asked) -> Vec<Verdict> {
    let mut all = oracle::cases(world, asked.indicator, asked.as_of, asked.window, asked.level);
    all.retain(|verdict| !verdict.unsure && world.gone(asked.indicator.cohort.table, verdict.row).is_none());
    all.sort_by_key(|verdict| (verdict.outcome == Outcome::Met, verdict.row % 7));
    let (step, last) = (all.len().div_ceil(ROWS).max(1), all.len());
    (0..last).step_by(step).filter_map(|at| all.get(at).cloned()).collect()
}

/// Files that are read anew with a row more.
struct Again<'a> {
    model: &'a Model,
    files: &'a Files,
    world: &'a World<'a>,
    asked: Asked<'a>,
    row: usize,
}

impl Again<'_> {
    /// That the row makes the difference on the days that are told, and on those beside them none:
    /// how many of each were tried.
    fn holds(&self, missing: &MissingRow, before: Side) -> (usize, usize) {
        assert_ne!(before, missing.becomes);
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for days in &missing.days {
            inside.extend([days.first, days.first + (days.last - days.first) / 2, days.last].map(Some));
            outside.extend(add_days(days.first, -1).filter(|_| !days.earlier_open));
            outside.extend(add_days(days.last, 1).filter(|_| !days.later_open));
        }
        if missing.days.is_empty() {
            inside.push(None);
        }
        for day in &inside {
            let then = self.with(missing, *day);
            assert_eq!(then, missing.becomes, "{:?} row {}, {day:?}: {missing:#?}", self.asked.indicator.id, self.row);
        }
        for day in &outside {
            let then = self.with(missing, Some(*day));
            assert_ne!(then, missing.becomes, "{:?} row {}, {day}: {missing:#?}", self.asked.indicator.id, self.row);
        }
        (inside.len(), outside.len())
    }

    /// What becomes of the row when a row more stands in the file, and all is read anew.
    fn with(&self, missing: &MissingRow, day: Option<NaiveDate>) -> Side {
        let mut files = self.files.clone();
        let table = self.model.table(missing.table);
        let raw = files.get_mut(&missing.table).unwrap();
        let mut written = vec![String::new(); raw.header.len()];
        for (id, column) in table.columns().filter(|(_, column)| column.joined.is_none()) {
            let cell = &missing.cells[usize::from(id.0)];
            let cell = match day.filter(|_| missing.day_columns.contains(&id)) {
                None => cell.clone(),
                Some(day) => on(cell, day),
            };
            let place = raw.header.iter().position(|name| *name == column.file_name);
            let Some(place) = place else {
                assert!(cell.is_none() || column.ty == ColumnType::Key, "{} has no {}", table.file, column.file_name);
                continue;
            };
            written[place] = match (&column.ty, cell) {
                (ColumnType::Key, _) => "not there before".to_owned(),
                (_, None) => String::new(),
                (ColumnType::Codes(words), Some(Value::Code(word))) => words[usize::from(word)].clone(),
                (ColumnType::Link(to), Some(Value::Row(row))) => self.world.row(*to, row).id.clone(),
                (ColumnType::Decimal(digits), Some(Value::Int(number))) => decimal(number, digits.after),
                (_, Some(Value::Date(day))) => day.to_string(),
                (_, Some(Value::Time(time))) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
                (_, Some(Value::Bool(truth))) => truth.to_string(),
                (_, Some(Value::Int(number))) => number.to_string(),
                (_, Some(Value::Text(text))) => text,
                (ty, Some(other)) => panic!("{other:?} in {ty:?}"),
            };
        }
        raw.rows.push(written);
        let again = World::read(self.model, &files, self.asked.as_of);
        let cohort = self.asked.indicator.cohort.table;
        let line = self.world.row(cohort, self.row).line;
        let row = again.rows(cohort).iter().position(|row| row.line == line).expect("the row is still in use");
        let all = oracle::cases(&again, self.asked.indicator, self.asked.as_of, self.asked.window, self.asked.level);
        match all.iter().find(|verdict| verdict.row == row) {
            None => Side::NotCounted,
            Some(verdict) => of(&Standing::Case(verdict.clone())),
        }
    }
}

fn on(cell: &Cell, day: NaiveDate) -> Cell {
    match cell {
        Some(Value::Time(time)) => Some(Value::Time(day.and_time(time.time()))),
        _ => Some(Value::Date(day)),
    }
}

fn decimal(number: i64, after: u8) -> String {
    let scale = 10_i64.pow(u32::from(after));
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", (number / scale).abs(), (number % scale).abs(), width = usize::from(after))
}
