//! What `yardstick check` looks at besides: customs of a house, which can be set to be errors or
//! to be passed over.

use super::{boundary, nullable, review};
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Indicator, Program};
use crate::source::Span;
use crate::syntax::ast::{self, Ast, Clause, Item};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The findings about every indicator that is right.
pub(in crate::check) fn all(files: &[Ast], program: &Program, as_of: Option<NaiveDate>, out: &mut Diagnostics) {
    let everywhere = || program.hierarchies();
    let tested: BTreeSet<&str> = everywhere()
        .flat_map(|of| of.tests.iter().filter_map(|test| Some(of.indicators.get(test.indicator)?.id.as_str())))
        .collect();
    for item in files.iter().flat_map(|file| &file.items) {
        let Item::Indicator(written) = item else { continue };
        let Some((of, indicator)) = everywhere().find_map(|of| Some((of, of.find(&written.name.value)?))) else {
            continue;
        };
        let place = numerator(written).unwrap_or(written.name.span);
        nullable::of_indicator(&of.model, indicator, place, out);
        boundary::of_indicator(indicator, place, out);
        if !tested.contains(indicator.id.as_str()) {
            untested(written, out);
        }
        inferred(written, indicator, out);
        review::approval(written, program, indicator, out);
        review::due(written, as_of, out);
    }
}

/// The place of the numerator, where it is written.
fn numerator(written: &ast::Indicator) -> Option<Span> {
    written.clauses.iter().find(|clause| matches!(clause.value, Clause::Numerator(_))).map(|clause| clause.span)
}

fn untested(written: &ast::Indicator, out: &mut Diagnostics) {
    let name = &written.name;
    let message = format!("`{}` has no test", name.value);
    let help =
        format!("draw a few rows, and say what must come of them: `test {} \"what it shows\" {{ ... }}`", name.value);
    out.push(Diagnostic::new(code::NO_TESTS, name.span, message).help(help));
}

fn inferred(written: &ast::Indicator, of: &Indicator, out: &mut Diagnostics) {
    let standards = written.clauses.iter().filter_map(|clause| match &clause.value {
        Clause::Standard(standard) => standard.status.as_ref(),
        // No other clause is a standard.
        _ => None,
    });
    for status in standards.filter(|status| status.value == "inferred") {
        let message = format!("the standard of `{}` is inferred: nobody has published it", of.id);
        let help = "name who has decided it in `source`, with `status published` or `status adapted`; or leave the standard out";
        out.push(Diagnostic::new(code::INFERRED_STANDARD, status.span, message).help(help));
    }
}
