//! Drawn tables of tests: lines of cells between `|`.

use super::{Builder, Kids, Rule, word};
use crate::diag::code;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{DrawnTable, Name};
use crate::syntax::tokens::is_name;
use pest::iterators::Pair;

/// A cell as it stands, without the blanks around it.
type Cell = Spanned<String>;

pub(super) fn drawn(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<DrawnTable> {
    let mut kids = Kids::of(pair);
    let table = word::name(b, &kids.find(Rule::name)?);
    let mut lines = kids.all(Rule::drawn_row);
    let columns = head(b, &lines.next()?)?;
    let mut rows = Vec::new();
    for line in lines {
        rows.extend(row(b, &line, &table, &columns));
    }
    Some(DrawnTable { table, columns, rows })
}

fn head(b: &mut Builder<'_>, line: &Pair<'_, Rule>) -> Option<Vec<Name>> {
    let cells = cells(b, line)?.value;
    let mut fine = true;
    for cell in &cells {
        if !is_name(&cell.value) {
            fine = false;
            let message = if cell.value.is_empty() {
                "a column of this table has no name".to_owned()
            } else {
                format!("`{}` is not the name of a column", cell.value)
            };
            b.report(code::DRAWN_ROW, cell.span, message, "the first line names the columns, one in each cell");
        }
    }
    fine.then_some(cells)
}

fn row(b: &mut Builder<'_>, line: &Pair<'_, Rule>, table: &Name, columns: &[Name]) -> Option<Spanned<Vec<Cell>>> {
    let row = cells(b, line)?;
    if row.value.len() == columns.len() {
        return Some(row);
    }
    let message = format!(
        "this row has {}, and `{}` has {}",
        counted(row.value.len(), "cell"),
        table.value,
        counted(columns.len(), "column")
    );
    let unfilled = columns.get(row.value.len()..).unwrap_or_default();
    let help = if unfilled.is_empty() {
        "remove a cell; a cell cannot contain `|`".to_owned()
    } else {
        let names: Vec<_> = unfilled.iter().map(|c| format!("`{}`", c.value)).collect();
        format!("write a cell for each column, empty for a missing value; there is none for {}", names.join(", "))
    };
    b.report(code::DRAWN_ROW, row.span, message, help);
    None
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// The cells of `| a | b |  # comment`.
fn cells(b: &mut Builder<'_>, line: &Pair<'_, Rule>) -> Option<Spanned<Vec<Cell>>> {
    let start = b.base + line.as_span().start();
    let written = line.as_str().trim_end();
    let mut cells = Vec::new();
    let mut at = start + 1;
    let mut end = at;
    for piece in written.get(1..)?.split('|') {
        let cell = piece.trim();
        let blanks = piece.len() - piece.trim_start().len();
        let place = Span::new(b.file, at + blanks, at + blanks + cell.len());
        at += piece.len() + 1;
        if cell.starts_with('#') {
            return Some(Spanned::new(cells, Span::new(b.file, start, end)));
        }
        cells.push(Spanned::new(cell.to_owned(), place));
        if at <= start + written.len() {
            end = at;
        }
    }
    // After the last `|` comes nothing, or a cell that nothing closes.
    let rest = cells.pop()?;
    if rest.value.is_empty() {
        return Some(Spanned::new(cells, Span::new(b.file, start, end)));
    }
    b.report(
        code::DRAWN_ROW,
        rest.span,
        format!("nothing closes the cell `{}`", rest.value),
        "write `|` after the last cell too; only a comment may follow it",
    );
    None
}
