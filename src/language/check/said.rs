//! Where the text says which condition: what an explanation of a row quotes.

use super::typer::{Typed, Typer};
use crate::ir::Expr;
use crate::source::Span;
use crate::syntax::ast::ExprKind;

/// A condition of an indicator with the place of its text. A name that stands for a condition has
/// the place where the name is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The text.
    pub span: Span,
    /// What it means: of a stay's relation to a day, or of a named set of rows, several conditions
    /// joined by `and`.
    pub means: Expr,
}

/// All conditions that were typed but those that only join others by `and`, whose parts stand for
/// themselves; and those that `more` has.
pub(super) fn all(typed: Vec<Typed>, more: Vec<Said>) -> Vec<Said> {
    let alone = typed.into_iter().filter_map(|typed| match typed {
        Typed::Condition(e, means) => (!matches!(e.kind, ExprKind::And(_))).then_some(Said { span: e.span, means }),
        Typed::Together(_) => None,
    });
    alone.chain(more).collect()
}

impl Typer<'_> {
    /// Notes the place of a condition that is no expression of the text.
    pub(super) fn says(&mut self, span: Span, means: Option<Expr>) -> Option<Expr> {
        if let (false, Some(means)) = (self.again, &means) {
            self.said.push(Said { span, means: means.clone() });
        }
        means
    }
}
