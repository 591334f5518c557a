//! A history as a `test` block.

use super::answer::RowAnswer;
use super::{Answer, Apart, Cells, Definition, History, Shape};
use crate::ir::Outcome;
use crate::model::{ColumnId, TableId};
use std::collections::BTreeSet;
use std::fmt::Write as _;

impl Apart {
    /// The history as a test of the new definition, which says in a comment what the old one says.
    /// It is text of the language.
    #[must_use]
    pub fn block(&self, new: Definition) -> String {
        self.block_saying(new, "The old definition says", "before")
    }

    /// The same with other words for the old definition, and for its time.
    pub(super) fn block_saying(&self, new: Definition, old: &str, before: &str) -> String {
        let rows = self.old.other_rows(&self.new);
        let mut said: Vec<String> =
            rows.iter().filter_map(|name| named(new, name)).map(|name| said(&name, &self.old.row(&name))).collect();
        said.insert(0, self.form(&self.old, &self.new));
        let title = match rows.iter().find_map(|name| named(new, name)) {
            Some(name) => {
                let [is, was] = [&self.new, &self.old].map(|of| of.row(&name));
                format!("{}; {before} it was {}", said_of(&name, &is), words(&was, is.held_by != was.held_by))
            }
            None => format!("{}; {before} it was {}", self.form(&self.new, &self.old), self.form(&self.old, &self.new)),
        };
        let mut text = format!("# {old}: {}\n", said.join(", "));
        let _ = writeln!(text, "test {} \"{}\" {{", new.indicator().id, title.replace('"', "'"));
        text += &drawn(new, &self.shape, &self.history);
        let _ = writeln!(text, "  expect window ending {}: {}", self.history.last_day, self.form(&self.new, &self.old));
        if self.new.shown {
            for name in rows.iter().filter_map(|name| named(new, name)) {
                let _ = writeln!(text, "  expect {}", self::said(&name, &self.new.row(&name)));
            }
        }
        text + "}\n"
    }

    /// The form of what a cell shows that tells it from another, when one does.
    fn form(&self, of: &Answer, other: &Answer) -> String {
        let apart = of.forms.iter().zip(&other.forms).find(|(one, other)| one != other).map(|(one, _)| one);
        apart.or(of.forms.first()).cloned().unwrap_or_default()
    }
}

/// What a row of the cohort's table can be called in a test; nothing where its rows have no id.
pub(super) fn named(of: Definition, name: &str) -> Option<String> {
    of.model().table(of.indicator().cohort.table).key.map(|_| name.to_owned())
}

/// What became of a row, as a test expects it.
pub(super) fn said(name: &str, row: &RowAnswer) -> String {
    format!("{name} {}", words(row, true))
}

fn said_of(name: &str, row: &RowAnswer) -> String {
    format!("{name} is {}", words(row, row.held_by.is_some()))
}

pub(super) fn words(row: &RowAnswer, held: bool) -> String {
    let outcome = match &row.outcome {
        Outcome::Counted => "counted".to_owned(),
        Outcome::Met => "met".to_owned(),
        Outcome::Unmet => "unmet".to_owned(),
        Outcome::Undetermined => "undetermined".to_owned(),
        Outcome::Excluded(Some(reason)) => {
            format!("excluded \"{}\"", reason.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Outcome::Excluded(None) => "excluded".to_owned(),
        Outcome::Unsure | Outcome::Unread => "unsure".to_owned(),
        Outcome::NotCounted => "not counted".to_owned(),
    };
    match &row.held_by {
        Some(holder) if held && row.is_in() => format!("{outcome} held by {holder}"),
        _ => outcome,
    }
}

/// The drawn tables, and the as-of date where a test has to say it.
pub(super) fn drawn(of: Definition, shape: &Shape, history: &History) -> String {
    let tables: Vec<(TableId, Vec<usize>)> = shown_tables(of, shape, history);
    let names = tables.iter().map(|(table, _)| of.model().table(*table).name.chars().count());
    let width = names.max().unwrap_or(0);
    let mut text = String::new();
    for (table, places) in &tables {
        text += &table_text(of, shape, history, (*table, places), width);
    }
    let window = of.indicator().window_ending(history.last_day);
    if window.and_then(|window| of.known_on(window)) != Some(history.as_of) {
        let _ = writeln!(text, "  as of {}", history.as_of);
    }
    text
}

fn table_text(
    of: Definition,
    shape: &Shape,
    history: &History,
    (table, places): (TableId, &[usize]),
    width: usize,
) -> String {
    let declared = of.model().table(table);
    let columns = shape.columns.get(&table).map_or(&[][..], Vec::as_slice);
    let rows = history.tables.get(&table).map_or(&[][..], Vec::as_slice);
    let cell = |row: &Cells, place: usize| row.get(place).cloned().flatten().unwrap_or_default();
    let head: Vec<String> = places.iter().map(|place| declared.column(columns[*place]).name.clone()).collect();
    let lines: Vec<Vec<String>> =
        rows.iter().map(|row| places.iter().map(|place| cell(row, *place)).collect()).collect();
    let all = || std::iter::once(&head).chain(&lines);
    let widths: Vec<usize> =
        (0..head.len()).map(|n| all().map(|line| line[n].chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for (number, line) in all().enumerate() {
        let name = if number == 0 { declared.name.as_str() } else { "" };
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "  {name:<width$} | {} |", cells.join(" | "));
    }
    text
}

/// The tables that have to be drawn, with the places of the columns that say something. A table of
/// which only ids are known that other rows speak of is made up by the test itself.
fn shown_tables(of: Definition, shape: &Shape, history: &History) -> Vec<(TableId, Vec<usize>)> {
    let model = of.model();
    let mut found: Vec<(TableId, Vec<usize>)> = Vec::new();
    for (table, rows) in history.tables.iter().filter(|(_, rows)| !rows.is_empty()) {
        let Some(columns) = shape.columns.get(table) else { continue };
        let says = |(place, column): (usize, &ColumnId)| {
            let needed = !model.table(*table).column(*column).optional;
            (needed || rows.iter().any(|row| row.get(place).is_some_and(Option::is_some))).then_some(place)
        };
        found.push((*table, columns.iter().enumerate().filter_map(says).collect()));
    }
    let named = ids_named(shape, history, of, &found);
    found.retain(|(table, places)| {
        let key = model.table(*table).key.and_then(|key| shape.place(*table, key));
        let only_ids = places.iter().all(|place| Some(*place) == key);
        let rows = history.tables.get(table).map_or(&[][..], Vec::as_slice);
        let spoken_of = |row: &Cells| {
            let id = key.and_then(|key| row.get(key).cloned().flatten());
            id.is_some_and(|id| named.contains(&(*table, id)))
        };
        !(only_ids && *table != of.indicator().cohort.table && rows.iter().all(spoken_of))
    });
    let cohort = of.indicator().cohort.table;
    found.sort_by_key(|(table, _)| (*table != cohort, *table));
    found
}

fn ids_named(
    shape: &Shape,
    history: &History,
    of: Definition,
    shown: &[(TableId, Vec<usize>)],
) -> BTreeSet<(TableId, String)> {
    let mut named = BTreeSet::new();
    for (table, places) in shown {
        let Some(columns) = shape.columns.get(table) else { continue };
        for place in places {
            let Some(target) = of.model().table(*table).column(columns[*place]).target() else { continue };
            let rows = history.tables.get(table).into_iter().flatten();
            named.extend(rows.filter_map(|row| Some((target, row.get(*place).cloned().flatten()?))));
        }
    }
    named
}
