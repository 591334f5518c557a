//! Texts of a column that is read ignoring case stand in small letters: what they are compared with
//! has to, too.

use super::typer::Typer;
use crate::diag::{Diagnostic, code};
use crate::ir::{Expr, ExprKind, Function, RowId, Ty};
use crate::model::{Column, ColumnId, in_small_letters};
use crate::source::Span;

impl Typer<'_> {
    /// Two texts to be compared, in small letters where a column of theirs is. Columns of which
    /// only one is read so cannot be compared.
    pub(super) fn in_one_case(&mut self, left: Expr, right: Expr, span: Span) -> Option<(Expr, Expr)> {
        if left.ty != Ty::Text {
            return Some((left, right));
        }
        let columns: Vec<&Column> = [&left, &right].into_iter().flat_map(|e| self.columns_of_text(e)).collect();
        let (small, other): (Vec<&Column>, Vec<&Column>) = columns.into_iter().partition(|c| c.read_as.ignoring_case);
        match (small.first(), other.first()) {
            (None, _) => Some((left, right)),
            (Some(_), None) => Some((small_letters(left), small_letters(right))),
            (Some(small), Some(other)) => {
                let message = format!("`{}` is read ignoring case, and `{}` is not", small.name, other.name);
                let help = format!("write it for both in the model: `{} text ignoring case`", other.name);
                self.found.push(Diagnostic::new(code::TYPE_MISMATCH, span, message).help(help));
                None
            }
        }
    }

    /// The columns whose text a value can be.
    fn columns_of_text(&self, e: &Expr) -> Vec<&Column> {
        match &e.kind {
            ExprKind::Column { row, links, column } => self.column_at(*row, links, *column).into_iter().collect(),
            ExprKind::Call { function: Function::FirstKnown | Function::IfElse, of } => {
                of.iter().flat_map(|e| self.columns_of_text(e)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn column_at(&self, row: RowId, links: &[ColumnId], column: ColumnId) -> Option<&Column> {
        let model = &self.world.model;
        let place = self.text.scope.iter().map(|frame| &frame.place).find(|place| place.row == row)?;
        let mut table = place.table;
        for link in links.strip_prefix(place.links.as_slice())? {
            table = model.table(table).column(*link).target()?;
        }
        Some(model.table(table).column(column))
    }
}

fn small_letters(e: Expr) -> Expr {
    let kind = match e.kind {
        ExprKind::Text(text) => ExprKind::Text(in_small_letters(&text)),
        ExprKind::Call { function: function @ (Function::FirstKnown | Function::IfElse), of } => {
            ExprKind::Call { function, of: of.into_iter().map(small_letters).collect() }
        }
        other => other,
    };
    Expr { kind, ..e }
}
