//! Exclusions and numerators that say nothing beside what the cohort says already.

use super::conditions::verdict;
use super::implication::Implied;
use crate::check::clauses::Clauses;
use crate::check::world::World;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Cohort, Exclusion, Expr, Measure, Part, Ty};
use crate::source::Span;
use std::collections::HashSet;

/// Looks at exclusions and numerator beside what the cohort says. `day_window`: the window is a
/// single day.
pub(in crate::check) fn against_cohort(
    world: &World,
    day_window: bool,
    clauses: &Clauses,
    cohort: &Cohort,
    exclusions: &[Exclusion],
    measure: Option<&Measure>,
    out: &mut Diagnostics,
) {
    let mut facts = Implied::new(world, day_window);
    if !facts.add(&cohort.condition) {
        return;
    }
    let mut above = HashSet::new();
    for (exclusion, written) in exclusions.iter().zip(&clauses.exclusions) {
        let span = written.condition.span;
        let message = if !above.insert(&exclusion.condition) {
            "this excludes nothing: an exclusion above it excludes the same rows"
        } else if !facts.clone().add(&exclusion.condition) {
            "this excludes nothing: the cohort has no such rows"
        } else if facts.imply(&exclusion.condition) {
            out.push(always(span, "this excludes every row of the cohort"));
            continue;
        } else {
            continue;
        };
        let finding = Diagnostic::new(code::DEAD_EXCLUDE, span, message);
        out.push(finding.help("remove the exclusion, or check what was meant"));
    }
    if let (Some(numerator), Some((written, _))) = (measure.and_then(numerator), clauses.numerator) {
        let possible = Implied::new(world, day_window).add(numerator);
        if possible && !facts.clone().add(numerator) {
            let finding = Diagnostic::new(code::ALWAYS_FALSE, written.span, "no row of the cohort can be met");
            out.push(finding.help("the cohort requires the opposite; check what was meant"));
        } else if verdict(world, day_window, numerator).is_none() && facts.imply(numerator) {
            out.push(always(written.span, "every row of the cohort is met: the cohort requires this already"));
        }
    }
}

/// The numerator, where it is a condition.
fn numerator(measure: &Measure) -> Option<&Expr> {
    measure.parts().into_iter().find_map(|(part, e)| (part == Part::Numerator && e.ty == Ty::Bool).then_some(e))
}

fn always(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(code::ALWAYS_TRUE, span, message).help("check what was meant")
}
