//! By what rows are broken down: the groups, each with the condition under which a row is in it.

use super::page::{Point, Section};
use super::writer::Writer;
use crate::ir::split::NOT_KNOWN;
use crate::ir::{Breakdown, Expr};

/// What is said of the groups of a breakdown, of which each has one condition.
pub(super) fn points(w: &mut Writer<'_>, breakdown: &Breakdown, conditions: &[Expr]) -> Section {
    let case = w.case();
    let mut groups: Vec<Point> = breakdown
        .values
        .iter()
        .zip(conditions)
        .map(|(value, condition)| w.clause(condition).after(&format!("\"{value}\", when ")))
        .collect();
    groups.push(Point::new(format!("\"{NOT_KNOWN}\", when none of these is known to be true")));
    let title = &breakdown.title;
    let holds = conditions.iter().flat_map(Expr::holders).next().map(|table| w.noun(table));
    let holder = holds.map(|noun| format!(", by the {noun} it counts for")).unwrap_or_default();
    let begin = format!("By \"{title}\" (`{}`), each {case} is in one of these groups{holder}:", breakdown.name);
    Section { title: "Broken down", points: vec![Point::over(begin, groups)] }
}
