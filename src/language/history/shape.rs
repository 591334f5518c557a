//! Which columns of which tables a history draws, and how it is read by a definition.

use super::{Definition, History};
use crate::ir::reads::{self, Reads};
use crate::ir::{DrawnTable, Test};
use crate::model::{Column, ColumnId, Model, TableId};
use std::collections::{BTreeMap, BTreeSet};

/// The drawn columns by table, the key first. A table that is not among them has a row for each id
/// that a link names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The columns.
    pub columns: BTreeMap<TableId, Vec<ColumnId>>,
    /// Whether what decides who holds a row is drawn, too.
    pub holders: bool,
}

impl Shape {
    /// What these definitions read, in the world of the first.
    #[must_use]
    pub fn of(definitions: &[Definition], holders: bool) -> Self {
        let Some(first) = definitions.first() else { return Self { columns: BTreeMap::new(), holders } };
        let model = first.model();
        let mut wanted = Reads::new();
        for of in definitions {
            for (table, columns) in read_by(*of, holders) {
                let Some(here) = table_in(of.model(), table, model) else { continue };
                let columns = columns.into_iter().filter_map(|c| column_in(of.model(), (table, c), model));
                wanted.entry(here).or_default().extend(columns.map(|(_, column)| column));
            }
        }
        Self { columns: drawable(model, wanted), holders }
    }

    /// The place of a column among the drawn ones of its table.
    #[must_use]
    pub fn place(&self, table: TableId, column: ColumnId) -> Option<usize> {
        self.columns.get(&table)?.iter().position(|drawn| *drawn == column)
    }

    /// A history, drawn in the world of `from`, as a test of a definition that may know other
    /// tables and columns: what it does not know is left out. It expects nothing.
    #[must_use]
    pub fn test(&self, history: &History, from: &Model, of: Definition) -> Test {
        let tables = history.tables.iter().filter_map(|(table, rows)| self.drawn(*table, rows, from, of.model()));
        Test {
            indicator: of.number,
            title: String::new(),
            span: of.indicator().span,
            tables: tables.collect(),
            as_of: history.as_of,
            expects: Vec::new(),
        }
    }

    fn drawn(&self, table: TableId, rows: &[super::Cells], from: &Model, to: &Model) -> Option<DrawnTable> {
        let there = table_in(from, table, to)?;
        if rows.is_empty() {
            return None;
        }
        let all = self.columns.get(&table)?;
        let known = |(place, column): (usize, &ColumnId)| Some((place, column_in(from, (table, *column), to)?.1));
        let known: Vec<(usize, ColumnId)> = all.iter().enumerate().filter_map(known).collect();
        let cells = |row: &super::Cells| known.iter().map(|(place, _)| row.get(*place).cloned().flatten()).collect();
        let columns = known.iter().map(|(_, column)| *column).collect();
        Some(DrawnTable { table: there, columns, rows: rows.iter().map(cells).collect() })
    }
}

/// What decides the outcome of rows, and who holds them where that is asked for.
fn read_by(of: Definition, holders: bool) -> Reads {
    let mut all = reads::outcome(of.model(), of.indicator());
    let held = holders.then(|| reads::attribution(of.model(), of.indicator()));
    for (table, columns) in held.into_iter().flatten() {
        all.entry(table).or_default().extend(columns);
    }
    all
}

/// The columns that can be drawn: a value that stands in another table is drawn there, and the rows
/// of a table of words are its words.
fn drawable(model: &Model, wanted: Reads) -> BTreeMap<TableId, Vec<ColumnId>> {
    let mut all: BTreeMap<TableId, BTreeSet<ColumnId>> = BTreeMap::new();
    for (table, columns) in wanted {
        let declared = model.table(table);
        if declared.words_of.is_some() {
            continue;
        }
        let own = all.entry(table).or_default();
        own.extend(declared.key);
        own.extend(columns.iter().filter(|c| declared.column(**c).joined.is_none()));
        for joined in columns.iter().filter_map(|c| declared.column(*c).joined) {
            let other = all.entry(joined.table).or_default();
            other.extend(model.table(joined.table).key);
            other.extend([joined.via, joined.column]);
        }
    }
    let ordered = |(table, columns): (TableId, BTreeSet<ColumnId>)| {
        let key = model.table(table).key;
        let rest = columns.iter().copied().filter(|column| Some(*column) != key);
        (table, key.into_iter().chain(rest).collect())
    };
    all.into_iter().map(ordered).collect()
}

/// The table of the same name in another world.
pub(super) fn table_in(from: &Model, table: TableId, to: &Model) -> Option<TableId> {
    if std::ptr::eq(from, to) { Some(table) } else { to.find_table(&from.table(table).name) }
}

/// The column of the same name in the table of the same name of another world.
pub(super) fn column_in(from: &Model, (table, column): (TableId, ColumnId), to: &Model) -> Option<(TableId, ColumnId)> {
    if std::ptr::eq(from, to) {
        return Some((table, column));
    }
    let there = table_in(from, table, to)?;
    Some((there, to.table(there).find(&from.table(table).column(column).name)?))
}

/// The table whose rows a link of a drawn column names, when that table is drawn.
pub(super) fn drawn_target(shape: &Shape, column: &Column) -> Option<TableId> {
    column.target().filter(|target| shape.columns.contains_key(target))
}
