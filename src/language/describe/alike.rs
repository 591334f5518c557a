//! Whether two expressions ask the same question, whatever the numbers of their rows: a `let` that
//! is used twice does.

use super::condition::all;
use crate::ir::{Ask, Expr, ExprKind, LinkedQuery, RowId};
use std::mem::discriminant;

pub(super) fn alike(a: &Expr, b: &Expr) -> bool {
    same(a, b, &mut Vec::new())
}

/// What is asked of rows beyond what another question of the same kind asks of the same rows:
/// `None` where it does not ask all that the other does, and something more.
pub(super) fn beyond<'e>(a: &'e LinkedQuery, b: &LinkedQuery) -> Option<Vec<&'e Expr>> {
    beyond_in(a, b, &[])
}

fn beyond_in<'e>(a: &'e LinkedQuery, b: &LinkedQuery, around: &[(RowId, RowId)]) -> Option<Vec<&'e Expr>> {
    let mut rows = around.to_vec();
    if !same_rows(a, b, &mut rows) || !same_answer(a, b, &mut rows) {
        return None;
    }
    let (mut more, mut asked) = (Vec::new(), Vec::new());
    all(&a.condition, &mut more);
    all(&b.condition, &mut asked);
    for one in asked {
        if let Some(place) = more.iter().position(|other| same(other, one, &mut rows.clone())) {
            more.remove(place);
        } else if !more.iter().any(|other| implies(other, one, &rows)) {
            return None;
        }
    }
    (!more.is_empty()).then_some(more)
}

/// Whether there is a row that answers a question only where one answers the other.
fn implies(a: &Expr, b: &Expr, rows: &[(RowId, RowId)]) -> bool {
    let (ExprKind::Linked(a), ExprKind::Linked(b)) = (&a.kind, &b.kind) else { return false };
    a.ask == Ask::Exists && beyond_in(a, b, rows).is_some()
}

/// Whether the same is taken from each row.
fn same_answer(a: &LinkedQuery, b: &LinkedQuery, rows: &mut Vec<(RowId, RowId)>) -> bool {
    match (&a.ask, &b.ask) {
        (Ask::Exists, Ask::Exists) | (Ask::Count, Ask::Count) => true,
        (Ask::Distinct(v), Ask::Distinct(of))
        | (Ask::Sum(v), Ask::Sum(of))
        | (Ask::Earliest(v), Ask::Earliest(of))
        | (Ask::Latest(v), Ask::Latest(of)) => same(v, of, rows),
        (Ask::Ordered { last, value, by }, Ask::Ordered { last: also_last, value: also_value, by: also_by }) => {
            last == also_last && same(value, also_value, rows) && same(by, also_by, rows)
        }
        (Ask::Days { from, until }, Ask::Days { from: also_from, until: also_until }) => {
            same(from, also_from, rows) && same(until, also_until, rows)
        }
        (
            Ask::Exists
            | Ask::Count
            | Ask::Distinct(_)
            | Ask::Sum(_)
            | Ask::Earliest(_)
            | Ask::Latest(_)
            | Ask::Ordered { .. }
            | Ask::Days { .. },
            _,
        ) => false,
    }
}

/// `rows` pairs the row variables of the enclosing questions.
fn same(a: &Expr, b: &Expr, rows: &mut Vec<(RowId, RowId)>) -> bool {
    if a.ty != b.ty || a.missing != b.missing {
        return false;
    }
    match (&a.kind, &b.kind) {
        (
            ExprKind::Column { row: p, links: by, column: of },
            ExprKind::Column { row: q, links: also_by, column: also_of },
        ) => paired(*p, *q, rows) && by == also_by && of == also_of,
        (ExprKind::Row { row: p, links: by }, ExprKind::Row { row: q, links: also_by }) => {
            paired(*p, *q, rows) && by == also_by
        }
        (ExprKind::Linked(p), ExprKind::Linked(q)) => same_rows(p, q, rows) && children(a, b, rows),
        (ExprKind::Compare { op: p, .. }, ExprKind::Compare { op: q, .. }) => p == q && children(a, b, rows),
        (ExprKind::InCodes { codes: p, .. }, ExprKind::InCodes { codes: q, .. }) => p == q && children(a, b, rows),
        (
            ExprKind::Shift { months, days, minutes, .. },
            ExprKind::Shift { months: also_months, days: also_days, minutes: also_minutes, .. },
        ) => (months, days, minutes) == (also_months, also_days, also_minutes) && children(a, b, rows),
        (ExprKind::BusinessDay { days: p, .. }, ExprKind::BusinessDay { days: q, .. }) => {
            p == q && children(a, b, rows)
        }
        (ExprKind::Call { function: p, .. }, ExprKind::Call { function: q, .. }) => p == q && children(a, b, rows),
        (ExprKind::Move { back: p, .. }, ExprKind::Move { back: q, .. }) => p == q && children(a, b, rows),
        (p, q) if a.children().is_empty() => p == q,
        (p, q) => discriminant(p) == discriminant(q) && children(a, b, rows),
    }
}

fn children(a: &Expr, b: &Expr, rows: &mut Vec<(RowId, RowId)>) -> bool {
    let (a, b) = (a.children(), b.children());
    a.len() == b.len() && a.into_iter().zip(b).all(|(a, b)| same(a, b, rows))
}

fn paired(a: RowId, b: RowId, rows: &[(RowId, RowId)]) -> bool {
    match rows.iter().rev().find(|(p, q)| *p == a || *q == b) {
        Some(pair) => *pair == (a, b),
        None => a == b,
    }
}

fn same_rows(a: &LinkedQuery, b: &LinkedQuery, rows: &mut Vec<(RowId, RowId)>) -> bool {
    let left_out = match (a.other_than, b.other_than) {
        (Some(a), Some(b)) => paired(a, b, rows),
        (a, b) => a == b,
    };
    let owned = a.via.is_none() || (paired(a.owner, b.owner, rows) && a.owner_links == b.owner_links);
    let asked = match (&a.ask, &b.ask) {
        (Ask::Ordered { last, .. }, Ask::Ordered { last: also_last, .. }) => last == also_last,
        (a, b) => discriminant(a) == discriminant(b),
    };
    let alike = left_out && owned && asked && a.table == b.table && a.via == b.via;
    rows.push((a.row, b.row));
    alike
}
