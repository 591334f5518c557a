//! Names of rows and columns.
//!
//! The row that is counted has the name of its table (`the removal`), and a row to which it links
//! has the name of the link (`the child`). A row of a question has the name of its table where this
//! is clear, and otherwise a letter as well (`removal A`).

use super::notes::Note;
use super::words::{plain, quoted};
use super::writer::Writer;
use crate::ir::{Missing, RowId};
use crate::model::{ColumnId, Table, TableId};

impl Writer<'_> {
    /// The table's name as words.
    pub(super) fn noun(&self, table: TableId) -> String {
        plain(&self.model.table(table).name)
    }

    /// What one counted row is.
    pub(super) fn case(&self) -> String {
        self.noun(self.indicator.cohort.table)
    }

    /// `the removal`, `removal A`.
    pub(super) fn row(&mut self, row: RowId) -> String {
        if row == RowId::COHORT {
            return format!("the {}", self.case());
        }
        if let Some(name) = self.rows.get(&row) {
            return name.clone();
        }
        let Some(table) = self.tables.get(&row).copied() else { return String::new() };
        let noun = self.noun(table);
        // Where groups are introduced it is said which one.
        if row.holds().is_some() {
            return format!("that {noun}");
        }
        let alone = self.tables.values().filter(|t| **t == table).count() == 1;
        let name = if alone && !self.links_of_case().contains(&noun) {
            format!("the {noun}")
        } else {
            format!("{noun} {}", self.letter())
        };
        self.rows.insert(row, name.clone());
        name
    }

    fn links_of_case(&self) -> Vec<String> {
        let columns = &self.model.table(self.indicator.cohort.table).columns;
        columns.iter().filter(|c| c.target().is_some()).map(|c| plain(&c.name)).collect()
    }

    /// The row reached: `the removal`, `the child`, `removal A's child`.
    pub(super) fn reached(&mut self, row: RowId, links: &[ColumnId]) -> String {
        let mut links = links;
        let mut name = self.row(row);
        let mut table = self.table(row);
        if row == RowId::COHORT
            && let ([first, rest @ ..], Some(of)) = (links, table)
            && plain(&of.column(*first).name) != self.case()
        {
            name = format!("the {}", plain(&of.column(*first).name));
            table = of.column(*first).target().map(|t| self.model.table(t));
            links = rest;
        }
        for link in links {
            let Some(of) = table else { break };
            let column = of.column(*link);
            let link = plain(&column.name);
            // A link that is called as its table leads from one side of a pair to the other.
            name = match column.target() {
                Some(to) if link == plain(&of.name) => {
                    format!("the other {} ({}) of {name}", self.noun(to), quoted(&link))
                }
                _ => format!("{name}'s {link}"),
            };
            table = column.target().map(|t| self.model.table(t));
        }
        name
    }

    /// The table of the row reached, and whether a link on the way may be missing.
    pub(super) fn end(&self, row: RowId, links: &[ColumnId]) -> Option<(TableId, bool)> {
        let mut table = *self.tables.get(&row)?;
        let mut optional = false;
        for link in links {
            let column = self.model.table(table).column(*link);
            optional |= column.optional;
            table = column.target()?;
        }
        Some((table, optional))
    }

    /// `the removal's "exited on"`.
    pub(super) fn column(&mut self, at: (RowId, &[ColumnId], ColumnId), missing: Missing) -> String {
        let (row, links, column) = at;
        let Some((table, optional)) = self.end(row, links) else { return String::new() };
        let of: &Table = self.model.table(table);
        self.note(Note::Column(table, column));
        let open = missing == Missing::OpenEnd;
        match missing {
            Missing::OpenEnd => self.note(Note::Open),
            Missing::Unknown => self.note(Note::Unknown),
            Missing::Never => {}
        }
        // By a link that may be missing, an empty end is open in a question about the stay only.
        let open = if open && optional { " (open while empty)" } else { "" };
        let name = quoted(&of.column(column).name);
        format!("{}'s {name}{open}", self.reached(row, links))
    }
}
