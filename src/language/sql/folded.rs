//! Conditions in which constants have been folded, so that a query says no more than it must.

use crate::ir::{Expr, ExprKind, Indicator};

/// The indicator with such conditions.
pub(super) fn indicator(indicator: &Indicator) -> Indicator {
    indicator.with(&folded)
}

fn folded(e: &Expr) -> Expr {
    let e = Expr { kind: e.kind_with(&folded), ..e.clone() };
    let constant = |e: &Expr| if let ExprKind::Bool(truth) = e.kind { Some(truth) } else { None };
    let (all, decides) = match &e.kind {
        ExprKind::And(all) => (all, false),
        ExprKind::Or(all) => (all, true),
        ExprKind::Not(inner) => {
            return match constant(inner) {
                Some(truth) => Expr { kind: ExprKind::Bool(!truth), ..e },
                None => e,
            };
        }
        _ => return e,
    };
    if all.iter().any(|e| constant(e) == Some(decides)) {
        return Expr { kind: ExprKind::Bool(decides), ..e };
    }
    let mut left: Vec<Expr> = all.iter().filter(|e| constant(e).is_none()).cloned().collect();
    match (left.len(), &e.kind) {
        (0, _) => Expr { kind: ExprKind::Bool(!decides), ..e },
        (1, _) => left.remove(0),
        (_, ExprKind::And(_)) => Expr { kind: ExprKind::And(left), ..e },
        (_, _) => Expr { kind: ExprKind::Or(left), ..e },
    }
}
