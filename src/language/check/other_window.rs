//! A measure for another window than its definition names, where the text allows it.

use super::{follow_up, look_back, window};
use crate::diag::Diagnostics;
use crate::ir::measure::Exposure;
use crate::ir::{Ask, CompareOp, Expr, ExprKind, Indicator, Measure, WindowEnds, WindowLength, WindowPoint, print};
use crate::model::Counted;
use crate::model::Model;
use crate::syntax::ast;

/// What a `window` clause means, with what is wrong with it.
#[must_use]
pub fn read(clause: &ast::Window) -> (Option<(WindowLength, WindowEnds)>, Diagnostics) {
    let mut found = Diagnostics::default();
    (window::window(clause, &mut found), found)
}

/// The indicator for another window: its follow-up, its look-back and its meaning anew. Its
/// standards are for the window of the definition, and are left out.
///
/// # Errors
/// What of the text depends on how long the window is.
pub fn for_window(
    model: &Model,
    indicator: &Indicator,
    (window, ends): (WindowLength, WindowEnds),
) -> Result<Indicator, &'static str> {
    if (indicator.window, indicator.ends) == (window, ends) {
        return Ok(indicator.clone());
    }
    if let Some(why) = depends(indicator) {
        return Err(why);
    }
    let mut other = Indicator { window, ends, standards: Vec::new(), own_standards: Vec::new(), ..indicator.clone() };
    other.follow_up = match follow_up::of(model, &other) {
        None if !other.as_it_stands => return Err("its outcomes would never be known"),
        follow_up => follow_up,
    };
    other.look_back = look_back::look_back(model, &other);
    other.meaning = print::meaning(model, &other);
    Ok(other)
}

/// A rate whose exposure grows with the window.
const PER_DAYS: Exposure = Exposure::Time(Counted::Days);

/// What of an indicator depends on the length of its window, if anything. Which rows count may be
/// those of the window, and a rate per days may divide what happened in the window by the days in
/// it; whatever else is asked of the window is another question when the window is longer.
fn depends(indicator: &Indicator) -> Option<&'static str> {
    let per_days = matches!(&indicator.measure, Measure::Rate(of) if of.unit == PER_DAYS);
    let cohort = indicator.cohort.condition.conjuncts();
    if cohort.into_iter().any(|e| asks(e) && !picks_rows(e, per_days)) {
        return Some("its cohort asks more of the window than which rows are in it");
    }
    if indicator.cohort.pick.iter().flat_map(|pick| &pick.by).any(asks) {
        return Some("the order in which its rows are picked asks for days of the window");
    }
    if indicator.exclusions.iter().any(|e| asks(&e.condition)) {
        return Some("an exclusion asks for days of the window");
    }
    if asks(&indicator.attribution.at) {
        return Some("rows are attributed as of the window's first day");
    }
    match &indicator.measure {
        Measure::Rate(of) if of.unit == Exposure::OfWindow => Some("`share of window` is of the window's length"),
        Measure::Rate(of) if per_days && (counts_in_window(&of.events) || !asks(&of.events)) => None,
        Measure::Count(of) if counts_in_window(&of.events) => None,
        measure => measure
            .expressions()
            .into_iter()
            .any(asks)
            .then_some("what is measured of a row asks for days of the window"),
    }
}

/// Whether an expression depends on where the window begins. Its end is the same however long it
/// is.
fn asks(e: &Expr) -> bool {
    e.has(&|e| matches!(e.kind, ExprKind::InWindow(_) | ExprKind::Window(WindowPoint::Start)))
}

/// `x in window`; of a rate per days, also `overlapping window`.
fn picks_rows(e: &Expr, per_days: bool) -> bool {
    match &e.kind {
        ExprKind::InWindow(day) => !asks(day),
        ExprKind::Compare { op: CompareOp::Gt, left, right } => {
            per_days && !asks(left) && matches!(right.kind, ExprKind::Window(WindowPoint::Start))
        }
        _ => false,
    }
}

/// A number of rows, or a sum over rows, of which nothing more is asked of the window than that
/// they are in it.
fn counts_in_window(events: &Expr) -> bool {
    let ExprKind::Linked(q) = &events.kind else { return false };
    let summed = match &q.ask {
        Ask::Count => true,
        Ask::Sum(value) => !asks(value),
        Ask::Exists | Ask::Distinct(_) | Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. } | Ask::Days { .. } => {
            false
        }
    };
    summed && q.condition.conjuncts().into_iter().all(|e| !asks(e) || picks_rows(e, false))
}
