//! Generated indicators and rows, as files for databases: the tables, the queries, and the cells
//! that the row-by-row evaluator comes to.

use crate::generated::{self, world};
use crate::oracle::{Raw, months};
use chrono::NaiveDate;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use yardstick::calendar::Window;
use yardstick::interpret::{self, Question, Value, Verdict, World};
use yardstick::ir::measure::Exposure;
use yardstick::ir::{Indicator, Measure, Missing, Outcome, Program};
use yardstick::model::{Column, ColumnType, Known, Model, TableId, UNASSIGNED, parts_of};
use yardstick::source::Sources;

/// A generated set.
pub(super) struct Made {
    pub(super) program: Program,
    pub(super) sources: Sources,
    pub(super) as_of: NaiveDate,
    files: BTreeMap<TableId, Raw>,
}

/// What a model says of how files are written, which a database does not know.
fn in_one_form(model: &str) -> String {
    let mut text = model.to_owned();
    for how in [" trimmed, ignoring case", " as whole number, trimmed", " trimmed", " ignoring case"] {
        text = text.replace(how, "");
    }
    let lines = text.lines().filter(|line| !line.starts_with("times are") && !line.starts_with("headers"));
    let plain = |line: &str| match line.find(" written \"") {
        None => line.to_owned(),
        Some(at) => {
            let (before, rest) = line.split_at(at);
            let end = rest.rfind('"').unwrap();
            format!("{before}{}", rest.get(end + 1..).unwrap())
        }
    };
    lines.map(plain).collect::<Vec<_>>().join("\n")
}

pub(super) fn make(seed: u64) -> Made {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let text = in_one_form(&world::model(&mut rng));
    let parsed = generated::parsed::Parsed::default().add(std::slice::from_ref(&text));
    let model = parsed.clone().program().unwrap_or_else(|e| panic!("{e:?}\n{text}")).model;
    let files = world::files(&mut rng, &model, 3);
    let (texts, _, program) = generated::indicators(&mut rng, parsed, &model);
    let mut sources = Sources::default();
    sources.add("0.ind", text);
    for (number, text) in texts.iter().enumerate() {
        sources.add(format!("{}.ind", number + 1), text.to_string());
    }
    let as_of = files.as_of;
    let files = sound(&model, &files.tables, as_of);
    Made { program, sources, as_of, files }
}

/// Only rows that are sound, and that lead to no row that begins after the as-of day.
fn sound(model: &Model, files: &BTreeMap<TableId, Raw>, as_of: NaiveDate) -> BTreeMap<TableId, Raw> {
    let never = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
    let mut files = files.clone();
    loop {
        let whole = World::read(model, &files, never);
        let then = World::read(model, &files, as_of);
        let mut kept = BTreeMap::new();
        for (id, raw) in &files {
            let late: BTreeSet<usize> = then
                .rows(*id)
                .iter()
                .filter(|row| begins_later(model, *id, &row.cells, as_of))
                .map(|row| row.line)
                .collect();
            let broken: BTreeSet<usize> = then.went(*id).iter().map(|went| went.row.line).collect();
            let lines: BTreeSet<usize> = whole.rows(*id).iter().map(|row| row.line).collect();
            let keep = |line: &usize| lines.contains(line) && !late.contains(line) && !broken.contains(line);
            let rows = (0..raw.rows.len()).filter(keep).map(|line| raw.rows[line].clone()).collect();
            kept.insert(*id, Raw { header: raw.header.clone(), rows });
        }
        if kept == files {
            return files;
        }
        files = kept;
    }
}

fn begins_later(model: &Model, id: TableId, cells: &[interpret::Cell], as_of: NaiveDate) -> bool {
    let table = model.table(id);
    let day = |cell: &interpret::Cell| match cell {
        Some(Value::Date(day)) => Some(*day),
        Some(Value::Time(time)) => Some(time.date()),
        _ => None,
    };
    let begins = table.begins.filter(|_| table.fed).and_then(|column| day(&cells[usize::from(column.0)]));
    let own = table.columns().filter(|(_, column)| column.known == Known::OwnDay);
    let mut own = own.filter_map(|(id, _)| day(&cells[usize::from(id.0)]));
    begins.is_some_and(|day| day > as_of) && !own.any(|day| day <= as_of)
}

impl Made {
    /// The tables with their rows, as SQL that both databases understand.
    pub(super) fn tables(&self) -> String {
        let model = &self.program.model;
        let never = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
        let world = World::read(model, &self.files, never);
        let mut text = String::new();
        for (id, table) in model.tables().filter(|(_, table)| table.words_of.is_none()) {
            let own: Vec<(usize, &Column)> =
                table.columns.iter().enumerate().filter(|(_, column)| column.joined.is_none()).collect();
            let names = own.iter().flat_map(|(_, column)| {
                column.in_file().iter().map(|part| format!("\"{}\" {}", part.file_name, type_of(column)))
            });
            let _ = writeln!(text, "CREATE TABLE \"{}\" ({});", table.file, names.collect::<Vec<_>>().join(", "));
            let rows = world.rows(id).iter().map(|row| {
                let cells = own.iter().flat_map(|(place, column)| literals(&world, column, &row.cells[*place]));
                format!("({})", cells.collect::<Vec<_>>().join(", "))
            });
            let rows: Vec<String> = rows.collect();
            if !rows.is_empty() {
                let _ = writeln!(text, "INSERT INTO \"{}\" VALUES\n{};", table.file, rows.join(",\n"));
            }
        }
        text
    }

    pub(super) fn windows(&self, indicator: &Indicator) -> Vec<Window> {
        let mut windows = indicator.windows(self.as_of, 9);
        windows.drain(..windows.len().saturating_sub(5));
        windows.retain(|window| indicator.reportable(*window, self.as_of));
        windows
    }

    /// The cells of an indicator that have rows, a line each.
    pub(super) fn cells(&self, indicator: &Indicator) -> String {
        let model = &self.program.model;
        let world = World::read(model, &self.files, self.as_of);
        let mut text = String::new();
        for window in self.windows(indicator) {
            for (level, of) in model.levels.iter().enumerate() {
                let question = Question {
                    world: &world,
                    indicator,
                    as_of: self.as_of,
                    window,
                    level,
                    arithmetic: &months::Counted,
                };
                let mut cells: BTreeMap<String, Vec<Verdict>> = BTreeMap::new();
                for verdict in interpret::cases(question).unwrap() {
                    let holder = level.checked_sub(1).map(|below| (below, verdict.entities[below]));
                    let entity = match holder {
                        None => of.name.clone(),
                        Some((_, None)) => UNASSIGNED.to_owned(),
                        Some((_, Some(row))) => world.row(of.table.unwrap(), row).id.clone(),
                    };
                    cells.entry(entity).or_default().push(verdict);
                }
                for (entity, verdicts) in cells {
                    let cell = cell(indicator, window, level, &verdicts);
                    let (first, last) = (window.start, window.last_day());
                    let _ = writeln!(text, "{}\t{}\t{entity}\t{first}\t{last}\t{cell}", indicator.id, of.name);
                }
            }
        }
        text
    }
}

/// The figures of some rows: numerator, denominator, value, state, undetermined, excluded, unsure.
fn cell(indicator: &Indicator, window: Window, level: usize, rows: &[Verdict]) -> String {
    let is_out = |row: &&Verdict| matches!(row.outcome, Outcome::Excluded(_));
    let held: Vec<&Verdict> = rows.iter().filter(|row| row.outcome != Outcome::Unsure).collect();
    let excluded = held.iter().filter(|row| is_out(row)).count();
    let stay: Vec<&&Verdict> = held.iter().filter(|row| !is_out(row)).collect();
    let unsure = rows.iter().filter(|row| row.unsure).count();
    let undetermined = stay.iter().filter(|row| row.outcome == Outcome::Undetermined).count();
    let met = stay.iter().filter(|row| row.outcome == Outcome::Met).count();
    let all = stay.len();
    let valued = all - undetermined;
    let amount: i128 = stay.iter().filter_map(|row| row.amount).map(i128::from).sum();
    let exposure: i128 = stay.iter().filter_map(|row| row.exposure).map(i128::from).sum();
    let (amount_f, exposure_f) = (amount as f64, exposure as f64);
    let one = |e: &yardstick::ir::Expr| e.ty.one() as f64;
    let (numerator, denominator, value, minimum) = match &indicator.measure {
        Measure::Proportion(_) => {
            (Some(met as f64), all as f64, (all > 0).then(|| 100.0 * met as f64 / all as f64), all)
        }
        Measure::Rate(of) => {
            let days = if of.unit == Exposure::OfWindow { window.days() as f64 } else { 1.0 };
            let value = (exposure != 0).then(|| of.per as f64 * days * amount_f / exposure_f);
            let scale = one(&of.events) / one(&of.exposure);
            assert!(
                (scale - 1.0).abs() < f64::EPSILON || of.events.ty == yardstick::ir::Ty::Bool,
                "decimals in a rate"
            );
            (Some(amount_f), exposure_f / days, value, all)
        }
        Measure::Count(_) => (Some(amount_f), all as f64, Some(amount_f), all),
        Measure::Distinct(_) => {
            let different = stay.iter().filter_map(|row| row.amount).collect::<BTreeSet<_>>().len() as f64;
            (Some(different), valued as f64, Some(different), valued)
        }
        Measure::Mean(of) => {
            let sum = amount_f / one(&of.of);
            (Some(sum), valued as f64, (valued > 0).then(|| sum / valued as f64), valued)
        }
        Measure::Percentile(of) => {
            let mut values: Vec<i64> = stay.iter().filter_map(|row| row.amount).collect();
            values.sort_unstable();
            let reach = values.len() * usize::from(of.percent);
            let (at, next) = (reach.div_ceil(100), reach / 100 + 1);
            let value =
                (!values.is_empty()).then(|| (values[at - 1] as f64 + values[next - 1] as f64) / 2.0 / one(&of.of));
            (None, valued as f64, value, valued)
        }
        Measure::Until(_) | Measure::Incidence(_) => (None, 0.0, None, 0),
    };
    let few = indicator.minimum.is_some_and(|least| (minimum as u64) < least);
    let state = match value {
        None => "no_cases",
        Some(_) if few => "too_few",
        Some(_) => "value",
    };
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| format!("{number:?}"));
    let value = number(value.filter(|_| state == "value"));
    let numerator = number(numerator);
    // Of which entity a row is, is not known where its day is not.
    let unsure = match indicator.attribution.at.missing {
        Missing::Never => unsure.to_string(),
        Missing::Unknown | Missing::OpenEnd if level == 0 => unsure.to_string(),
        Missing::Unknown | Missing::OpenEnd => "?".to_owned(),
    };
    format!("{numerator}\t{denominator:?}\t{value}\t{state}\t{undetermined}\t{excluded}\t{unsure}")
}

fn type_of(column: &Column) -> String {
    match &column.ty {
        ColumnType::Bool if column.spellings.is_plain() => "BOOLEAN".to_owned(),
        ColumnType::Int => "BIGINT".to_owned(),
        ColumnType::Decimal(digits) => format!("DECIMAL({}, {})", digits.all, digits.after),
        ColumnType::Date => "DATE".to_owned(),
        ColumnType::Timestamp => "TIMESTAMP".to_owned(),
        ColumnType::Key | ColumnType::Link(_) | ColumnType::Text | ColumnType::Bool | ColumnType::Codes(_) => {
            "TEXT".to_owned()
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A cell as it stands in the table: several where an id is made of several columns.
fn literals(world: &World, column: &Column, cell: &interpret::Cell) -> Vec<String> {
    let Some(value) = cell else { return vec!["NULL".to_owned(); column.in_file().len()] };
    let ids = |id: &str| match column.parts.len() {
        0 => vec![quoted(id)],
        _ => parts_of(id).iter().map(|part| quoted(part)).collect(),
    };
    match value {
        Value::Bool(truth) if column.spellings.is_plain() => vec![if *truth { "TRUE" } else { "FALSE" }.to_owned()],
        Value::Bool(truth) => vec![spelled(column, usize::from(*truth))],
        Value::Int(number) => match column.ty {
            ColumnType::Decimal(digits) => vec![yardstick::ir::Ty::Decimal(digits.after).written(*number)],
            _ => vec![number.to_string()],
        },
        Value::Text(text) if column.ty == ColumnType::Key => ids(text),
        Value::Text(text) => vec![quoted(text)],
        Value::Date(day) => vec![format!("DATE '{day}'")],
        Value::Time(time) => vec![format!("TIMESTAMP '{time}'")],
        Value::Code(place) => vec![spelled(column, usize::from(*place))],
        Value::Row(row) => ids(&world.row(column.target().unwrap(), *row).id),
    }
}

/// A word as the model says that it is spelled.
fn spelled(column: &Column, place: usize) -> String {
    let words = column.ty.spelled_words().unwrap();
    if column.spellings.is_plain() {
        return quoted(words[place]);
    }
    let spelling = column.spellings.of(place).next();
    quoted(spelling.unwrap_or("something else"))
}
