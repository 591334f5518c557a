//! Whether a condition can be unknown, decided by the types of the model: what cannot be is not
//! asked of the tests.

use crate::ir::{Ask, Expr, ExprKind, Indicator, LinkedQuery, Missing, RowId};
use crate::model::{Model, TableId};
use std::collections::BTreeMap;

/// The rows that an indicator speaks of.
#[derive(Debug)]
pub(super) struct Rows<'m> {
    model: &'m Model,
    tables: BTreeMap<RowId, TableId>,
}

impl<'m> Rows<'m> {
    pub(super) fn of(model: &'m Model, indicator: &Indicator) -> Self {
        let mut tables = BTreeMap::from([(RowId::COHORT, indicator.cohort.table)]);
        for e in indicator.expressions() {
            e.walk(&mut |e| {
                if let ExprKind::Linked(q) = &e.kind {
                    tables.insert(q.row, q.table);
                }
            });
        }
        Self { model, tables }
    }

    /// Whether a link on the way to the owner of the rows may be missing.
    fn owner_may_be_missing(&self, q: &LinkedQuery) -> bool {
        let Some(mut table) = self.tables.get(&q.owner).copied() else { return true };
        for link in &q.owner_links {
            let column = self.model.table(table).column(*link);
            match column.target() {
                Some(target) if !column.optional => table = target,
                _ => return true,
            }
        }
        false
    }
}

/// Whether the condition is unknown of some row that keeps the model.
///
/// Sound: where it says no, no such row makes the condition unknown. Numbers beyond those that are
/// reckoned with, and days beyond the calendar, are left out of account.
pub(super) fn may_be(e: &Expr, rows: &Rows) -> bool {
    let reasons = Reasons::of(e, rows);
    reasons.another || !reasons.columns.is_empty()
}

/// Why an expression may be unknown.
#[derive(Debug, Default)]
struct Reasons<'e> {
    /// One of these columns is missing.
    columns: Vec<&'e Expr>,
    /// Something else is.
    another: bool,
}

impl<'e> Reasons<'e> {
    fn of(e: &'e Expr, rows: &Rows) -> Self {
        if e.missing != Missing::Unknown {
            return Self::default();
        }
        match &e.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::IsMissing(_) => Self::default(),
            ExprKind::Column { .. } | ExprKind::Row { .. } => Self { columns: vec![e], another: false },
            // What is missing decides an `or` by its being missing, and an `and` by its being asked
            // to be known: then the parts beside it do not matter.
            ExprKind::Or(all) => Self::joined(all, rows).but(all.iter().filter_map(missing)),
            ExprKind::And(all) => Self::joined(all, rows).but(all.iter().filter_map(known)),
            ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::Shift { .. }
            | ExprKind::BusinessDay { .. } => Self::joined(e.children(), rows),
            // A number that is made of the end of a stay that is open is not known.
            ExprKind::Call { .. } | ExprKind::Move { .. } | ExprKind::Elsewhere(_) => {
                let open = e.children().into_iter().any(|inner| inner.missing == Missing::OpenEnd);
                Self { another: open, ..Self::joined(e.children(), rows) }
            }
            ExprKind::Linked(q) => {
                let of_rows = match q.ask {
                    Ask::Exists | Ask::Count | Ask::Distinct(_) | Ask::Sum(_) | Ask::Days { .. } => false,
                    // There may be no row.
                    Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. } => true,
                };
                let open = q.ask.values().into_iter().any(|value| value.missing == Missing::OpenEnd);
                Self { another: of_rows || open || rows.owner_may_be_missing(q), ..Self::joined(e.children(), rows) }
            }
        }
    }

    fn joined(all: impl IntoIterator<Item = &'e Expr>, rows: &Rows) -> Self {
        let mut joined = Self::default();
        for of in all.into_iter().map(|e| Self::of(e, rows)) {
            joined.columns.extend(of.columns);
            joined.another |= of.another;
        }
        joined
    }

    /// Without these columns.
    fn but(mut self, settled: impl Iterator<Item = &'e Expr>) -> Self {
        let settled: Vec<&Expr> = settled.collect();
        self.columns.retain(|column| !settled.contains(column));
        self
    }
}

/// The value that a condition says is missing.
fn missing(e: &Expr) -> Option<&Expr> {
    if let ExprKind::IsMissing(value) = &e.kind { Some(value) } else { None }
}

/// The value that a condition says is known.
fn known(e: &Expr) -> Option<&Expr> {
    if let ExprKind::Not(inner) = &e.kind { missing(inner) } else { None }
}
