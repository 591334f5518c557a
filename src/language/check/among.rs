//! Values made of the rows that lead here: `count`, `count distinct`, `sum`, `earliest`, `latest`,
//! what the first or last of them has, and the days on which at least one of several stays is open.

use super::typer::Typer;
use super::types::{Place, words};
use crate::diag::{Diagnostic, code};
use crate::ir::{Ask, Expr, Missing, Ty};
use crate::model::Counted;
use crate::source::Span;
use crate::syntax::ast::{self, Quantifier};

impl<'w> Typer<'w> {
    /// What is asked of the rows at `place`, which are in sight, and the type of the answer.
    /// `period` is the one whose days are counted.
    pub(super) fn ask(
        &mut self,
        q: &'w ast::Quantified,
        place: &Place,
        period: Option<&(Expr, Expr)>,
        span: Span,
    ) -> Option<(Ask, Ty)> {
        match q.kind {
            Quantifier::Some | Quantifier::No | Quantifier::All => Some((Ask::Exists, Ty::Bool)),
            Quantifier::Count => Some((Ask::Count, Ty::Int)),
            Quantifier::DaysInWindow | Quantifier::DaysFromTo => {
                let (from, until) = self.clipped(place, period?, span)?;
                Some((Ask::Days { from, until }, Ty::Length(Counted::Days)))
            }
            Quantifier::First | Quantifier::Last => {
                let value = q.value.as_ref().map(|value| self.expr(value));
                let by = self.expr(q.by.as_ref()?)?;
                self.orders(&by, q.by.as_ref()?.span)?;
                let value = value??;
                let ty = value.ty;
                Some((Ask::ordered(q.kind == Quantifier::Last, value, by), ty))
            }
            Quantifier::Distinct => Some((Ask::Distinct(self.told_apart(q)?), Ty::Int)),
            Quantifier::Sum => {
                let value = self.value_of_rows(q, "`sum` adds numbers", Ty::is_number)?;
                let ty = value.ty;
                Some((Ask::Sum(value), ty))
            }
            Quantifier::Earliest | Quantifier::Latest => {
                let fits = |ty| matches!(ty, Ty::Date | Ty::Timestamp);
                let latest = q.kind == Quantifier::Latest;
                let word = if latest { "`latest` chooses among dates" } else { "`earliest` chooses among dates" };
                let value = self.value_of_rows(q, word, fits)?;
                let ty = value.ty;
                Some((if latest { Ask::Latest(value) } else { Ask::Earliest(value) }, ty))
            }
        }
    }

    /// A value of which different ones are counted. What has not happened yet is no value.
    fn told_apart(&mut self, q: &'w ast::Quantified) -> Option<Expr> {
        let value = self.value_of_rows(q, "`count distinct` tells values apart", |ty| ty != Ty::Bool)?;
        if value.missing == Missing::OpenEnd {
            let message = "values that are still to come cannot be told apart";
            let span = q.value.as_ref().map_or(q.source.span, |v| v.span);
            self.found.push(
                Diagnostic::new(code::TYPE_MISMATCH, span, message)
                    .help("count another value, or the rows themselves: `count ... where ...`"),
            );
            return None;
        }
        Some(value)
    }

    fn value_of_rows(&mut self, q: &'w ast::Quantified, what: &str, fits: impl Fn(Ty) -> bool) -> Option<Expr> {
        let written = q.value.as_ref()?;
        let value = self.expr(written)?;
        if fits(value.ty) {
            return Some(value);
        }
        let message = format!("{what}, not {}", words(self.world, value.ty));
        self.found.push(Diagnostic::new(code::TYPE_MISMATCH, written.span, message));
        None
    }
}
