//! An indicator in which exactly the clauses have a place: what is counted, watched and marked.

use crate::ir::{At, Expr, ExprKind, Indicator, Missing, Ty};
use crate::source::Span;

/// The indicator with a place on each clause and on nothing else; `texts` are the texts in which
/// clauses are shown, those of indicators.
///
/// A clause is a condition that is not itself made of others by `and`, `or` and `not`. What a name
/// of the model means is one clause, at the place of the name.
pub(super) fn marked(indicator: &Indicator, texts: &[Span]) -> Indicator {
    let marker = Marker { texts };
    indicator.with(&|e| marker.expr(e, None))
}

/// The indicator in which the clause at a place has this truth value, whatever the row.
pub(super) fn forced(marked: &Indicator, place: Span, truth: bool) -> Indicator {
    marked.with(&|e| force(e, place, truth))
}

fn force(e: &Expr, place: Span, truth: bool) -> Expr {
    match e.ty == Ty::Bool && e.at.own() == Some(place) {
        true => Expr { kind: ExprKind::Bool(truth), ..e.clone() },
        false => Expr { kind: e.kind_with(&|inner| force(inner, place, truth)), ..*e },
    }
}

struct Marker<'h> {
    texts: &'h [Span],
}

impl Marker<'_> {
    /// Where an expression is shown; nothing when that is the place of the clause around it.
    fn place(&self, e: &Expr, around: Option<Span>) -> Option<Span> {
        e.at.seen_from(self.texts).filter(|place| Some(*place) != around)
    }

    fn expr(&self, e: &Expr, around: Option<Span>) -> Expr {
        let place = self.place(e, around);
        let is_placed = |e: &&Expr| self.place(e, place.or(around)).is_some();
        match &e.kind {
            ExprKind::And(all) if all.iter().any(|e| is_placed(&e)) => {
                unplaced(ExprKind::And(self.grouped(all, around, ExprKind::And)), e)
            }
            ExprKind::Or(all) if all.iter().any(|e| is_placed(&e)) => {
                unplaced(ExprKind::Or(self.grouped(all, around, ExprKind::Or)), e)
            }
            ExprKind::Not(inner) if is_placed(&&**inner) => {
                unplaced(ExprKind::Not(Box::new(self.expr(inner, around))), e)
            }
            _ if e.ty != Ty::Bool => unplaced(e.kind_with(&|inner| self.expr(inner, around)), e),
            _ => self.clause(e, place, around),
        }
    }

    /// A clause, with those inside the questions that it asks.
    fn clause(&self, e: &Expr, place: Option<Span>, around: Option<Span>) -> Expr {
        let kind = e.kind_with(&|inner| self.expr(inner, place.or(around)));
        Expr { kind, at: place.map(At::text).unwrap_or_default(), ..*e }
    }

    /// Conditions that are joined. Those that stand side by side at one place are one clause: what
    /// a name means that is itself made of several.
    fn grouped(&self, all: &[Expr], around: Option<Span>, join: fn(Vec<Expr>) -> ExprKind) -> Vec<Expr> {
        let runs = all.chunk_by(|a, b| {
            let place = self.place(a, around);
            place.is_some() && place == self.place(b, around)
        });
        let joined = |run: &[Expr]| match run {
            [one] => self.expr(one, around),
            run => {
                let unknown = run.iter().any(|e| e.missing != Missing::Never);
                let missing = if unknown { Missing::Unknown } else { Missing::Never };
                let at = run.first().map(|e| e.at).unwrap_or_default();
                let whole = Expr { kind: join(run.to_vec()), ty: Ty::Bool, missing, at };
                self.clause(&whole, self.place(&whole, around), around)
            }
        };
        runs.map(joined).collect()
    }
}

fn unplaced(kind: ExprKind, e: &Expr) -> Expr {
    Expr { kind, at: At::default(), ..*e }
}
