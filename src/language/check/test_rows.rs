//! The drawn tables of a test: known columns, cells of the right type, and every column the
//! indicator needs.

use super::declared::{Declared, repeated, twice};
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::interpret::{self, Cell};
use crate::ir::{DrawnTable, Indicator, reads};
use crate::model::{Column, ColumnId, ColumnType, Model, Table, TableId};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A drawn table and where it stands.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) table: DrawnTable,
    span: Span,
    pub(super) rows: Vec<Span>,
}

impl Drawn {
    pub(super) fn cells(&self, column: ColumnId) -> impl Iterator<Item = Option<&str>> {
        let at = self.table.columns.iter().position(|c| *c == column);
        self.table.rows.iter().map(move |row| row.get(at?).and_then(|c| c.as_deref()))
    }

    /// The name of the drawn table.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// The ids of the drawn rows, as they are shown.
    pub(super) fn ids(&self, model: &Model) -> BTreeSet<&str> {
        let table = model.table(self.table.table);
        let shown = |key| self.cells(key).flatten().map(move |id| table.column(key).read_as.shown(id));
        table.key.map_or_else(BTreeSet::new, |key| shown(key).collect())
    }
}

/// Checks the drawn tables; those with mistakes are left out.
pub(super) fn tables(world: &World, declared: &Declared, decl: &ast::Test, out: &mut Diagnostics) -> Vec<Drawn> {
    let model = &world.model;
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut all = Vec::new();
    for drawn in &decl.tables {
        if let Some(first) = seen.insert(&drawn.table.value, drawn.table.span) {
            out.push(twice("drawn table", &drawn.table, first));
            continue;
        }
        let Some(id) = world.tables.get(drawn.table.value.as_str()).copied() else {
            if declared.unread.contains(drawn.table.value.as_str()) {
                continue;
            }
            if world.of_words.contains(drawn.table.value.as_str()) {
                out.push(super::words_table::is_no_other(&drawn.table));
                continue;
            }
            let known: Vec<_> = model.tables.iter().map(|t| t.name.as_str()).collect();
            let message = format!("there is no table `{}`", drawn.table.value);
            let finding = Diagnostic::new(code::UNKNOWN_TABLE, drawn.table.span, message);
            out.push(finding.help(suggest::help(&drawn.table.value, "tables", &known)));
            continue;
        };
        if let Some(drawn) = table(world, id, drawn, out) {
            whole_rows(model.table(id), &drawn, out);
            all.push(drawn);
        }
    }
    super::test_links::lead_somewhere(model, &all, out);
    super::test_joined::one_value_each(model, &all, out);
    super::test_links::name_no_reserved_entity(model, &all, out);
    all
}

fn table(world: &World, id: TableId, drawn: &ast::DrawnTable, out: &mut Diagnostics) -> Option<Drawn> {
    let columns: Vec<Option<ColumnId>> = drawn.columns.iter().map(|name| column(world, id, name, out)).collect();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for name in &drawn.columns {
        if let Some(first) = seen.insert(&name.value, name.span) {
            out.push(twice("drawn column", name, first));
        }
    }
    let width = drawn.columns.len();
    let mut rows = Vec::new();
    for row in &drawn.rows {
        // Reported where the row was read.
        if row.value.len() != width {
            continue;
        }
        let cells = columns.iter().zip(&row.value);
        rows.push(cells.map(|(column, cell)| text(world, id, (*column)?, cell, out)).collect());
    }
    let spans = drawn.rows.iter().filter(|r| r.value.len() == width).map(|r| r.span).collect();
    let columns = columns.into_iter().collect::<Option<_>>()?;
    Some(Drawn { table: DrawnTable { table: id, columns, rows }, span: drawn.table.span, rows: spans })
}

fn column(world: &World, table: TableId, name: &Name, out: &mut Diagnostics) -> Option<ColumnId> {
    let found = world.column(table, &name.value);
    if found.is_none() {
        let table = world.model.table(table);
        let known: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let message = format!("`{}` has no column `{}` of its own", table.name, name.value);
        out.push(Diagnostic::new(code::UNKNOWN_NAME, name.span, message).help(suggest::help(
            &name.value,
            "columns",
            &known,
        )));
    }
    found
}

/// The text of a cell, `None` when it is empty; a finding when it does not fit its column.
fn text(world: &World, table: TableId, id: ColumnId, cell: &Spanned<String>, out: &mut Diagnostics) -> Option<String> {
    let value = cell.value.trim();
    let column = world.model.table(table).column(id);
    if value.is_empty() {
        if !column.optional {
            let message = format!("`{}` is never missing, and this cell is empty", column.name);
            out.push(
                Diagnostic::new(code::CELL, cell.span, message)
                    .help("write a value, or declare the column with `?` in the model"),
            );
        }
        return None;
    }
    if world.model.missing_words.iter().any(|word| word == value) {
        let message = format!("`{value}` stands for a missing value");
        out.push(Diagnostic::new(code::CELL, cell.span, message).help("in a drawn row, leave the cell empty for that"));
        return None;
    }
    if let Some(help) = misfit(column, value) {
        let message = format!("`{value}` does not fit `{}`", column.name);
        out.push(Diagnostic::new(code::CELL, cell.span, message).help(help));
        return None;
    }
    let is_day = matches!(column.ty, ColumnType::Date | ColumnType::Timestamp);
    if is_day && !column.optional && stands_for_missing(&world.model, value) {
        let message = format!("`{value}` stands for a missing value, and `{}` is never missing", column.name);
        out.push(Diagnostic::new(code::CELL, cell.span, message).help("write another date"));
        return None;
    }
    Some(value.to_string())
}

fn stands_for_missing(model: &Model, value: &str) -> bool {
    let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok();
    // The model's days are sorted.
    day.is_some_and(|day| model.missing_dates.binary_search(&day).is_ok())
}

/// What to write instead, when a text is not a value of the column.
fn misfit(column: &Column, value: &str) -> Option<String> {
    if interpret::parse(column, value).is_some() {
        return None;
    }
    Some(match &column.ty {
        ColumnType::Key | ColumnType::Link(_) | ColumnType::Text => "write a text".into(),
        ColumnType::Bool => "write `true` or `false`".into(),
        ColumnType::Int => "write a whole number".into(),
        ColumnType::Decimal(digits) => {
            format!("write a number of {} digits at most, {} of them after the point", digits.all, digits.after)
        }
        ColumnType::Date => "write a day of the calendar as `2024-03-10`".into(),
        ColumnType::Timestamp => "write a time as `2024-03-10 14:30`".into(),
        ColumnType::Codes(words) => {
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            suggest::help(value, "words", &words)
        }
    })
}

/// Rows the model would set aside are mistakes of the test.
fn whole_rows(table: &Table, drawn: &Drawn, out: &mut Diagnostics) {
    if let Some(key) = table.key {
        let mut seen: BTreeMap<Cow<'_, str>, Span> = BTreeMap::new();
        let read_as = table.column(key).read_as;
        for (id, span) in drawn.cells(key).zip(&drawn.rows) {
            let Some(id) = id else { continue };
            if let Some(first) = seen.insert(read_as.compared(id), *span) {
                let message = format!("two rows of `{}` have the id `{id}`", table.name);
                out.push(repeated(code::DRAWN_ROWS, message, *span, first).help("give each row its own id"));
            }
        }
    }
    if table.distinct {
        repeated_rows(table, drawn, out);
    }
    let Some(spans) = table.spans else { return };
    let day = |text: Option<&str>| text.and_then(|t| NaiveDate::parse_from_str(t, "%Y-%m-%d").ok());
    let stays = drawn.cells(spans.from).zip(drawn.cells(spans.until));
    for ((from, until), span) in stays.zip(&drawn.rows) {
        if let (Some(from), Some(until)) = (day(from), day(until))
            && until < from
        {
            let message = format!("this stay ends on {until}, before it begins on {from}");
            out.push(
                Diagnostic::new(code::DRAWN_ROWS, *span, message)
                    .help("the end of a stay is on or after its beginning"),
            );
        }
    }
}

/// Of rows that are the same in every column, only the first would count.
fn repeated_rows(table: &Table, drawn: &Drawn, out: &mut Diagnostics) {
    let mut seen: BTreeMap<Vec<Cell>, Span> = BTreeMap::new();
    let columns = || drawn.table.columns.iter().map(|column| table.column(*column));
    for (texts, span) in drawn.table.rows.iter().zip(&drawn.rows) {
        let cells = columns().zip(texts).map(|(column, text)| interpret::parse(column, text.as_deref()?)).collect();
        if let Some(first) = seen.insert(cells, *span) {
            let message = format!("two rows of `{}` are the same, and its rows are distinct", table.name);
            out.push(repeated(code::DRAWN_ROWS, message, *span, first).help("draw the row once"));
        }
    }
}

/// Reports what the indicator needs to know of each row that the test leaves out.
pub(super) fn needed(
    world: &World,
    indicator: &Indicator,
    (decl, held): (&ast::Test, bool),
    drawn: &[Drawn],
    out: &mut Diagnostics,
) {
    let model = &world.model;
    let with_mistakes: BTreeSet<&str> = (decl.tables.iter())
        .map(|t| t.table.value.as_str())
        .filter(|name| !drawn.iter().any(|d| model.table(d.table.table).name == *name))
        .collect();
    let mut wanted = reads::outcome(model, indicator);
    let asked = if held { reads::attribution(model, indicator) } else { reads::groups(model, indicator) };
    // A table of targets that is not drawn has none.
    let is_drawn = |table: &TableId| drawn.iter().any(|d| d.table.table == *table);
    let targets = reads::targets(indicator).into_iter().filter(|(table, _)| is_drawn(table));
    for (table, columns) in asked.into_iter().chain(targets) {
        wanted.entry(table).or_default().extend(columns);
    }
    for (id, columns) in wanted {
        let table = model.table(id);
        let required: Vec<ColumnId> =
            columns.into_iter().chain(table.key).filter(|c| !table.column(*c).optional).collect();
        match drawn.iter().find(|d| d.table.table == id) {
            Some(d) => left_out(table, d, &required, out),
            None if with_mistakes.contains(table.name.as_str()) => {}
            None => not_drawn(world, id, indicator, decl, &required, out),
        }
    }
}

/// Reports two drawn targets of one entity from one day.
pub(super) fn one_target_a_day(model: &Model, drawn: &[Drawn], out: &mut Diagnostics) {
    for targets in &model.targets {
        let Some(rows) = drawn.iter().find(|d| d.table.table == targets.table) else { continue };
        let table = model.table(targets.table);
        let read = |column, text: Option<&str>| interpret::parse(table.column(column), text?);
        let mut seen: BTreeMap<(Cell, Cell), Span> = BTreeMap::new();
        let cells = rows.cells(targets.entity).zip(rows.cells(targets.from)).zip(&rows.rows);
        for ((entity, from), span) in cells {
            let place = (read(targets.entity, entity), read(targets.from, from));
            if place.0.is_none() || place.1.is_none() {
                continue;
            }
            if let Some(first) = seen.insert(place, *span) {
                let (of, from) = (entity.unwrap_or_default(), from.unwrap_or_default());
                let message = format!("two rows of `{}` are targets of `{of}` from {from}", table.name);
                out.push(repeated(code::DRAWN_ROWS, message, *span, first).help("give one of them another day"));
            }
        }
    }
}

fn left_out(table: &Table, drawn: &Drawn, required: &[ColumnId], out: &mut Diagnostics) {
    let missing: BTreeSet<&str> =
        required.iter().filter(|c| !drawn.table.columns.contains(c)).map(|c| table.column(*c).name.as_str()).collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<_> = missing.iter().map(|n| format!("`{n}`")).collect();
    let message = format!("the indicator reads {} of `{}`, which is not drawn", names.join(" and "), table.name);
    out.push(Diagnostic::new(code::COLUMN_LEFT_OUT, drawn.span, message).help("add the column to the drawn table"));
}

/// A table that is not drawn has a row for each id that drawn rows speak of, and nothing is known
/// of it but the id.
fn not_drawn(
    world: &World,
    id: TableId,
    indicator: &Indicator,
    decl: &ast::Test,
    required: &[ColumnId],
    out: &mut Diagnostics,
) {
    let table = world.model.table(id);
    let facts: Vec<_> = required
        .iter()
        .map(|c| table.column(*c))
        .filter(|c| c.ty != ColumnType::Key)
        .map(|c| format!("`{}`", c.name))
        .collect();
    let spoken_of = |d: &ast::DrawnTable| {
        let Some(drawn) = world.tables.get(d.table.value.as_str()).copied() else { return false };
        let columns = &world.model.table(drawn).columns;
        let mut named = d.columns.iter().filter_map(|n| world.column(drawn, &n.value));
        named.any(|c| columns[usize::from(c.0)].ty == ColumnType::Link(id))
    };
    if facts.is_empty() || !(decl.tables.iter().any(spoken_of) || id == indicator.cohort.table) {
        return;
    }
    let message = format!("the indicator reads {} of `{}`, which is not drawn", facts.join(" and "), table.name);
    out.push(
        Diagnostic::new(code::COLUMN_LEFT_OUT, decl.title.span, message)
            .help(format!("draw the table `{}`", table.name)),
    );
}
