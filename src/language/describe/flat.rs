//! A definition with `and` in `and`, and `or` in `or`, as one list in which everything stands once:
//! so it is described.

use crate::ir::{Exclusion, Expr, ExprKind, Indicator};

/// The indicator with such lists alone.
pub(super) fn indicator(of: &Indicator) -> Indicator {
    let mut flat = of.clone();
    flat.about.names.iter_mut().for_each(|(_, e)| *e = expression(e));
    flat.cohort.condition = expression(&of.cohort.condition);
    flat.cohort.pick.iter_mut().flat_map(|pick| &mut pick.by).for_each(|e| *e = expression(e));
    flat.exclusions.iter_mut().for_each(|Exclusion { condition, .. }| *condition = expression(condition));
    flat.attribution.at = expression(&of.attribution.at);
    flat.measure = of.measure.with(|_, e| expression(e));
    flat
}

fn expression(e: &Expr) -> Expr {
    let kind = e.kind_with(&expression);
    let all = match &kind {
        ExprKind::And(of) => each_once(of, |e| if let ExprKind::And(of) = &e.kind { Some(of) } else { None }),
        ExprKind::Or(of) => each_once(of, |e| if let ExprKind::Or(of) = &e.kind { Some(of) } else { None }),
        _ => return Expr { kind, ..*e },
    };
    match all.as_slice() {
        [one] => one.clone(),
        _ if matches!(kind, ExprKind::And(_)) => Expr { kind: ExprKind::And(all), ..*e },
        _ => Expr { kind: ExprKind::Or(all), ..*e },
    }
}

fn each_once(of: &[Expr], inside: impl Fn(&Expr) -> Option<&Vec<Expr>>) -> Vec<Expr> {
    let mut all: Vec<Expr> = Vec::new();
    for e in of.iter().flat_map(|e| inside(e).cloned().unwrap_or_else(|| vec![e.clone()])) {
        if !all.contains(&e) {
            all.push(e);
        }
    }
    all
}
