//! The rows that a test draws, by the same rules as rows from files, except that a bad row is a
//! mistake of the test.

use super::column::ColumnBuilder;
use super::problem::Problem;
use super::report::{DataReport, Example, Rule};
use super::settings::Settings;
use super::source::{Catalog, ReadUnit, Sought, TableSource};
use super::staged_table::{StagedTable, StagedTableBuilder};
use super::threads::Threads;
use super::{Means, Projection, Task};
use crate::scratch::Scratch;
use crate::store::Store;
use crate::timing::Stages;
use std::collections::BTreeMap;
use std::path::Path;
use yardstick_language::diag::code;
use yardstick_language::ir::{DrawnTable, Test};
use yardstick_language::model::{ColumnId, Model, TableId};

/// The store of a test: all tables of the model. A table that is not drawn has one row for each id
/// that a drawn link speaks of, with all else missing; columns that are not drawn are missing. Rows
/// of a table with a key that is not drawn are called `row 001`, `row 002` ...
///
/// # Errors
/// When a drawn row breaks the model.
pub fn drawn(model: &Model, test: &Test) -> Result<Store, Problem> {
    let catalog = TestRows { test };
    let tables = catalog.present(model);
    let sources = catalog.open(model, &tables)?;
    // A few rows are no work for several threads.
    let as_of = Some(super::value::day_number(test.as_of));
    let means = Means { threads: Threads::new(Some(1)), scratch: &Scratch::MEMORY, as_of };
    let task = Task { model, catalog: &catalog, tables: &tables, sources: &sources, means };
    let (mut store, report) = super::from_source(task, &Projection::All, &mut Stages::default())?;
    super::words_table::add_all(model, &mut store);
    match first_bad(&report) {
        None => Ok(store),
        Some(bad) => Err(bad_row(&bad)),
    }
}

/// The tables of a test.
#[derive(Debug)]
struct TestRows<'t> {
    test: &'t Test,
}

impl Catalog for TestRows<'_> {
    fn settings(&self) -> Result<Option<Settings>, Problem> {
        Ok(None)
    }

    fn present(&self, model: &Model) -> Vec<TableId> {
        model.tables().filter(|(_, table)| table.words_of.is_none()).map(|(id, _)| id).collect()
    }

    fn open<'s>(&'s self, model: &'s Model, tables: &[TableId]) -> Result<Vec<Box<dyn TableSource + 's>>, Problem> {
        let mut mentioned = self.test.linked_ids(model);
        let source = |id: &TableId| -> Box<dyn TableSource + 's> {
            let blocks: Vec<&DrawnTable> = self.test.tables.iter().filter(|t| t.table == *id).collect();
            let ids = mentioned.remove(id).unwrap_or_default().into_values().collect();
            Box::new(if blocks.is_empty() { TestTable::MadeUp(ids) } else { TestTable::Drawn(blocks) })
        };
        Ok(tables.iter().map(source).collect())
    }

    fn contains(&self, _: &Path) -> bool {
        false
    }

    fn locate(&self, problem: Problem) -> Problem {
        problem
    }
}

/// A table of a test. It lies in no file, and is read as a whole.
#[derive(Debug)]
enum TestTable<'t> {
    /// As it is drawn.
    Drawn(Vec<&'t DrawnTable>),
    /// A row for each of these ids, with all else missing.
    MadeUp(Vec<&'t str>),
}

impl TableSource for TestTable<'_> {
    fn files(&self) -> Vec<u64> {
        Vec::new()
    }

    fn units<'s>(&'s self, _: &'s Model, _: TableId) -> Vec<Result<Box<dyn ReadUnit + 's>, Problem>> {
        vec![Ok(Box::new(self))]
    }

    fn other_columns(
        &self,
        _: &StagedTable<'_>,
        _: usize,
        _: &mut Sought<'_>,
        _: &mut dyn FnMut(i128),
    ) -> Result<(), Problem> {
        Ok(())
    }

    fn fingerprint(&self, _: usize) -> Result<String, Problem> {
        Ok(String::new())
    }

    fn locate(&self, problem: Problem) -> Problem {
        match self {
            Self::Drawn(_) => Problem { code: code::DATA_DRAWN, ..problem },
            Self::MadeUp(_) => problem,
        }
    }

    fn is_external(&self) -> bool {
        false
    }
}

impl ReadUnit for &TestTable<'_> {
    fn bytes(&self) -> u64 {
        0
    }

    fn read<'m>(&self, model: &'m Model, id: TableId, _: &Scratch) -> Result<StagedTableBuilder<'m>, Problem> {
        match self {
            TestTable::Drawn(blocks) => from_blocks(model, id, blocks),
            TestTable::MadeUp(ids) => made_up(model, id, ids),
        }
    }
}

fn made_up<'m>(model: &'m Model, id: TableId, ids: &[&str]) -> Result<StagedTableBuilder<'m>, Problem> {
    let mut staged = StagedTableBuilder::new(model, id, "row");
    let key = staged.table.key;
    for name in ids {
        let row = staged.grow(1)?;
        for column in &mut staged.columns {
            if Some(column.id) == key {
                column.push_text(name, row, &mut staged.rejects);
            } else {
                column.push_null();
            }
        }
    }
    Ok(staged)
}

fn from_blocks<'m>(model: &'m Model, id: TableId, blocks: &[&DrawnTable]) -> Result<StagedTableBuilder<'m>, Problem> {
    let mut staged = StagedTableBuilder::new(model, id, "row");
    staged.columns.iter_mut().for_each(ColumnBuilder::as_the_language_writes);
    let key = staged.table.key;
    let file = staged.begin(staged.table.name.clone());
    for block in blocks {
        let place: BTreeMap<ColumnId, usize> = block.columns.iter().enumerate().map(|(i, c)| (*c, i)).collect();
        for cells in &block.rows {
            let row = staged.grow(1)?;
            staged.places.note(row, file, row as u64 + 1);
            for column in &mut staged.columns {
                match place.get(&column.id) {
                    Some(place) => {
                        let cell = cells.get(*place).and_then(Option::as_deref).unwrap_or_default();
                        column.push_text(cell, row, &mut staged.rejects);
                    }
                    None if Some(column.id) == key => {
                        column.push_text(&DrawnTable::row_name(row + 1), row, &mut staged.rejects);
                    }
                    None => column.push_null(),
                }
            }
        }
    }
    Ok(staged)
}

/// A row that breaks the model, or one of its values.
struct Bad<'a> {
    table: &'a str,
    rule: Rule,
    column: Option<&'a str>,
    example: Option<&'a Example>,
}

/// What is told of several: the first table's first rule, and a row that breaks the model before a
/// value. What only leads to a bad row comes last.
fn first_bad(report: &DataReport) -> Option<Bad<'_>> {
    let rows = report.tables.iter().flat_map(|t| {
        t.aside.iter().map(|a| Bad {
            table: &t.table,
            rule: a.rule,
            column: a.column.as_deref(),
            example: a.examples.first(),
        })
    });
    let values = report.tables.iter().flat_map(|t| {
        t.unknown.iter().map(|u| Bad {
            table: &t.table,
            rule: u.rule,
            column: Some(&u.column),
            example: u.examples.first(),
        })
    });
    rows.chain(values).min_by_key(|bad| bad.rule == Rule::LinkToAside)
}

fn bad_row(bad: &Bad<'_>) -> Problem {
    let Bad { table, rule, .. } = bad;
    let (place, id, text) = match bad.example {
        Some(e) => (e.place.as_str(), e.id.as_deref(), e.text.as_str()),
        None => ("a row", None, ""),
    };
    let which = id.map_or_else(|| place.to_owned(), |id| format!("{place} (`{id}`)"));
    let column = bad.column.map(|c| format!(" in `{c}`")).unwrap_or_default();
    let what = if text.is_empty() { String::new() } else { format!(" `{text}`") };
    Problem::new(
        code::DATA_DRAWN,
        format!("{which} of the drawn table `{table}` breaks the model: {}{column}{what}", rule.words()),
    )
    .help(match rule {
        Rule::MissingValue => "fill in the cell, or leave the whole column out when it does not matter",
        Rule::Unreadable | Rule::UnreadableEnd => {
            "write days as `2024-02-29`, times as `2024-02-29 14:30`, whole numbers, `true` or `false`"
        }
        Rule::UnknownCode => "write one of the words that the model lists for the column",
        Rule::EndBeforeStart => "a stay may end on the day it starts, but not before",
        Rule::RepeatedRow => "draw the row once",
        Rule::DuplicateKey => "give each row an id of its own",
        Rule::LinkToNothing | Rule::LinkToAside => {
            "draw a row with this id too, or do not draw that table at all: its rows are then made up"
        }
    })
}
