//! Indicators on a row that *went*: one that was set aside because its identity or place is broken;
//! and questions about rows among which one that went may be.
//!
//! The broken values of such a row are missing, and *doubtful*: they are not known, whatever a
//! missing value means in other rows. So an expression that reads a doubtful value of the row is
//! - never an open end: when it is missing, it is not known ([`Missing::Unknown`]);
//! - not known to be missing: [`ExprKind::IsMissing`] is false when it is there, and unknown
//!   otherwise;
//! - the last value that [`Function::FirstKnown`] considers: when it is missing, a later value may
//!   not be the first.
//!
//! Doubtful are the links that must lead somewhere, the first day of the row, and its ends where
//! they are not known. No row in use links to a row that went, since such rows went with it; a
//! question about them is unknown or missing. Whether the row is held elsewhere is unknown.

use super::{
    Ask, At, Cohort, CompareOp, Expr, ExprKind, Function, Indicator, LinkedQuery, Missing, RowId, Ty, WindowPoint,
};
use crate::model::{ColumnId, Model, TableId};
use std::collections::BTreeSet;

/// The indicator for rows that went; `ends_known` says whether the ends of these rows are known.
#[must_use]
pub fn indicator(model: &Model, indicator: &Indicator, ends_known: bool) -> Indicator {
    let doubts = Doubts { model, row: RowId::COHORT, table: indicator.cohort.table, ends_known };
    let mut of = indicator.clone();
    of.cohort.condition = doubts.expr(&of.cohort.condition);
    if let Some(pick) = &mut of.cohort.pick {
        pick.by = pick.by.iter().map(|by| doubts.expr(by)).collect();
    }
    of.exclusions.iter_mut().for_each(|exclusion| exclusion.condition = doubts.expr(&exclusion.condition));
    of.attribution.at = doubts.expr(&of.attribution.at);
    let groups = of.split.iter_mut().flat_map(|split| split.by.iter_mut().flatten());
    groups.for_each(|condition| *condition = doubts.expr(condition));
    of.measure = of.measure.with(|_, e| doubts.expr(e));
    of
}

/// Of rows that are picked among all of their table: when a row, of which it is not known for what
/// it would be picked, may be picked instead of one that is in the cohort. Where what is in the
/// cohort is in the window by the day that decides the order, it begins no later, or no earlier.
#[must_use]
pub fn may_precede(cohort: &Cohort) -> Expr {
    let always = Expr { kind: ExprKind::Bool(true), ty: Ty::Bool, missing: Missing::Never, at: At::default() };
    let Some(pick) = &cohort.pick else { return always };
    let in_window = |day: &&Expr| {
        let says = |e: &&Expr| matches!(&e.kind, ExprKind::InWindow(of) if **of == **day);
        cohort.condition.conjuncts().iter().any(says)
    };
    let Some(day) = pick.by.first().filter(in_window) else { return always };
    let (op, point) = match pick.last {
        true => (CompareOp::Ge, WindowPoint::Start),
        false => (CompareOp::Lt, WindowPoint::End),
    };
    let point = Expr { kind: ExprKind::Window(point), ty: Ty::Date, ..always.clone() };
    let kind = ExprKind::Compare { op, left: Box::new(day.clone()), right: Box::new(point) };
    Expr { kind, missing: day.missing.of_answer(), ..always }
}

/// The question whether a row that went may be among those that another question is about: whose it
/// is is known, and the condition is not false of it.
#[must_use]
pub fn question(model: &Model, asked: &LinkedQuery, ends_known: bool) -> LinkedQuery {
    let doubts = Doubts { model, row: asked.row, table: asked.table, ends_known };
    LinkedQuery { ask: Ask::Exists, condition: doubts.expr(&asked.condition), ..asked.clone() }
}

/// Of a question about all rows of a table, the links of a row that its condition follows and that
/// must lead somewhere. Where one of a row that went does not, nobody knows whose the row is.
#[must_use]
pub fn followed(model: &Model, asked: &LinkedQuery) -> BTreeSet<ColumnId> {
    let mut links = BTreeSet::new();
    if asked.via.is_some() {
        return links;
    }
    asked.condition.walk(&mut |e| {
        let first = match &e.kind {
            ExprKind::Column { row, links, .. } | ExprKind::Row { row, links } if *row == asked.row => links.first(),
            ExprKind::Linked(q) if q.owner == asked.row => q.owner_links.first(),
            _ => None,
        };
        links.extend(first.copied().filter(|link| model.table(asked.table).places(*link)));
    });
    links
}

/// Which parts of a row that went are doubtful.
struct Doubts<'a> {
    model: &'a Model,
    row: RowId,
    table: TableId,
    ends_known: bool,
}

impl Doubts<'_> {
    /// Whether this column of the row is doubtful.
    fn column(&self, column: ColumnId) -> bool {
        let table = self.model.table(self.table);
        table.places(column) && !(self.ends_known && table.has_open_end(column))
    }

    /// Whether an expression reads a doubtful value, or asks about the rows that link to the row.
    fn looks_at(&self, e: &Expr) -> bool {
        e.has(&|e| match &e.kind {
            ExprKind::Column { row, links, column } if *row == self.row => {
                self.column(links.first().copied().unwrap_or(*column))
            }
            ExprKind::Row { row, links } if *row == self.row => links.first().is_some_and(|first| self.column(*first)),
            ExprKind::Linked(q) if q.owner == self.row && q.via.is_some() => {
                q.owner_links.first().is_none_or(|first| self.column(*first))
            }
            _ => false,
        })
    }

    fn expr(&self, e: &Expr) -> Expr {
        let kind = self.kind(e);
        let missing = if self.looks_at(e) { Missing::Unknown } else { e.missing };
        Expr { kind, ty: e.ty, missing, at: At::default() }
    }

    fn kind(&self, e: &Expr) -> ExprKind {
        match &e.kind {
            ExprKind::IsMissing(value) if self.looks_at(value) => {
                // False for a value that is there, and unknown for one that is missing.
                let value = || Box::new(self.expr(value));
                ExprKind::Compare { op: CompareOp::Ne, left: value(), right: value() }
            }
            // The rows that link to a row that went have gone with it.
            ExprKind::Linked(q) if q.owner == self.row && q.via.is_some() && q.owner_links.is_empty() => {
                Expr::unknown(e.ty).kind
            }
            ExprKind::Call { function: Function::FirstKnown, of } => {
                let last = of.iter().position(|e| self.looks_at(e)).map_or(of.len(), |at| at + 1);
                let of = of[..last].iter().map(|e| self.expr(e)).collect();
                ExprKind::Call { function: Function::FirstKnown, of }
            }
            _ => e.kind_with(&|inner| self.expr(inner)),
        }
    }
}
