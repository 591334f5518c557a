//! A normal form of an indicator: two that have the same one give every row the same result, so no
//! test can tell them apart.

use crate::ir::{Expr, ExprKind, Indicator, Measure, Program, WindowLength, WindowPoint};
use crate::model::Step;
use crate::source::{FileId, Span};
use std::collections::BTreeMap;

/// The normal form, in each hierarchy of levels in which there is such an indicator.
///
/// - A window of one day begins and ends with it.
/// - How long a window is does not matter where nothing asks for its first day or its length.
/// - On which day a row is attributed does not matter where no step of the way to its holders
///   depends on a day, and nothing else asks for it.
///
/// The words, and how far back data must reach, say nothing of a row.
pub(super) fn normal(program: &Program, id: &str) -> Vec<Indicator> {
    program.hierarchies().filter_map(|of| in_hierarchy(of, id)).collect()
}

fn in_hierarchy(program: &Program, id: &str) -> Option<Indicator> {
    let number = program.indicators.iter().position(|indicator| indicator.id == id)?;
    let mut of = program.indicators.get(number)?.clone();
    of.about = crate::ir::About::default();
    of.span = Span::new(FileId(0), 0, 0);
    of.meaning = String::new();
    (of.look_back, of.history) = (BTreeMap::new(), None);
    if of.window == WindowLength::Day {
        of = of.with(&one_day);
    }
    let is_plain = |step: &Step| matches!(step, Step::Link(_));
    let up = program.model.levels.iter().take(of.attribution.level + 1).filter_map(|level| level.up);
    let plain = of.attribution.steps.iter().all(is_plain) && up.into_iter().all(|step| is_plain(&step));
    let grouped = program.breakdowns.iter().any(|breakdown| breakdown.of.contains_key(&number));
    if plain && !grouped && !of.by_level() {
        of.attribution.at = Expr { kind: ExprKind::AsOf, ..Expr::truth() };
    }
    // After that, as the day may have been asked for by it alone.
    let asks_of_first =
        |e: &Expr| e.has(&|e| matches!(e.kind, ExprKind::InWindow(_) | ExprKind::Window(WindowPoint::Start)));
    let is_rate = matches!(of.measure, Measure::Rate(_));
    if matches!(of.window, WindowLength::Day | WindowLength::Months(_))
        && !is_rate
        && !of.expressions().any(asks_of_first)
    {
        of.window = WindowLength::Day;
    }
    Some(of)
}

/// The expression in a window of one day.
fn one_day(e: &Expr) -> Expr {
    match e.kind {
        ExprKind::Window(WindowPoint::Start) => Expr { kind: ExprKind::Window(WindowPoint::LastDay), ..e.clone() },
        _ => Expr { kind: e.kind_with(&one_day), ..*e },
    }
}
