//! The tables drawn in tests: each column as wide as its widest cell, and all tables of a test
//! begin in one column.

use super::line::width;
use super::part::{Writer, column_of};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Part, Tree};

/// How far the tables of a test are indented.
pub(super) const INDENT: usize = 2;

impl Writer<'_, '_> {
    /// Writes a drawn table whose rows begin in a column and whose cells are so wide.
    pub(super) fn drawn(&mut self, part: &Part, column: usize, widths: &[usize], most_blank: usize) {
        let mut begun = false;
        for token in part.tokens.clone() {
            if self.kind(token) != Some(Kind::Row) {
                self.begin(token, INDENT, most_blank);
                self.put(token);
                begun = true;
                continue;
            }
            let row = row(self.text(token), widths);
            if begun {
                self.lines.last_mut().into_iter().for_each(|line| line.push_blanks(column, 1));
                begun = false;
            } else {
                self.begin(token, column, 0);
            }
            self.put_text(token, &row);
        }
    }
}

/// How wide the cells of the tables of a test are: as their widest one. What ended in one column in
/// tables that follow one another still does.
pub(super) fn widths(tree: &Tree<'_>, parts: &[Part]) -> Vec<Vec<usize>> {
    let mut all: Vec<Table> = parts.iter().map(|part| Table::of(tree, part)).collect();
    let most = all.iter().map(|table| table.widths.len()).max().unwrap_or_default();
    for nth in 0..most {
        let end = |table: &Table| table.ends.get(nth).copied().flatten();
        for run in all.chunk_by_mut(|one, other| end(one).is_some() && end(one) == end(other)) {
            let needed =
                |table: &Table| table.widths.get(..=nth).map(|w| w.iter().map(|width| width + 3).sum::<usize>());
            let place = run.iter().filter_map(needed).max().unwrap_or_default();
            for table in run {
                let more = needed(table).map_or(0, |needed| place - needed);
                table.widths.get_mut(nth).into_iter().for_each(|width| *width += more);
            }
        }
    }
    all.into_iter().map(|table| table.widths).collect()
}

#[derive(Debug, Default)]
struct Table {
    /// Of each column the width of its widest cell.
    widths: Vec<usize>,
    /// Of each column where it ended, when it did so in one column in all rows.
    ends: Vec<Option<usize>>,
}

impl Table {
    fn of(tree: &Tree<'_>, part: &Part) -> Self {
        let mut table = Self::default();
        let tokens = tree.tokens.list.get(part.tokens.clone()).unwrap_or_default();
        for token in tokens.iter().filter(|token| token.kind == Kind::Row) {
            let written = tree.text_of(token);
            let mut end = column_of(tree, token.range.start);
            let between = written.get(1..).unwrap_or_default().split('|');
            for (nth, (cell, piece)) in cells(written).into_iter().flatten().zip(between).enumerate() {
                end += width(piece) + 1;
                match table.widths.get_mut(nth).zip(table.ends.get_mut(nth)) {
                    Some((widest, ends)) => {
                        *widest = width(cell).max(*widest);
                        *ends = ends.filter(|ends| *ends == end);
                    }
                    None => {
                        table.widths.push(width(cell));
                        table.ends.push(Some(end));
                    }
                }
            }
        }
        table
    }
}

/// The cells of a row; `None` of one that does not end with `|`.
fn cells(row: &str) -> Option<Vec<&str>> {
    let inside = row.strip_prefix('|')?.strip_suffix('|')?;
    Some(inside.split('|').map(str::trim).collect())
}

fn row(written: &str, widths: &[usize]) -> String {
    let Some(cells) = cells(written) else { return written.to_owned() };
    let padded = cells.iter().zip(widths).map(|(cell, most)| {
        let blanks = most.saturating_sub(width(cell));
        format!(" {cell}{} |", " ".repeat(blanks))
    });
    format!("|{}", padded.collect::<String>())
}

/// Where the rows of the tables of a test begin.
pub(super) fn column(names: impl Iterator<Item = usize>) -> usize {
    INDENT + names.max().unwrap_or_default() + 1
}
