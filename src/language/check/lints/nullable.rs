//! A numerator that asks for a day that may be missing, and nothing that says what then.

use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Expr, ExprKind, Indicator, Measure, Missing, RowId, Ty};
use crate::model::Model;
use crate::source::Span;

/// Days of the cohort's row that a numerator compares, that may be missing without being an open
/// end, and of which neither the cohort nor an exclusion nor the numerator itself says more.
pub(in crate::check) fn of_indicator(model: &Model, of: &Indicator, place: Span, out: &mut Diagnostics) {
    let Measure::Proportion(measure) = &of.measure else { return };
    let elsewhere =
        std::iter::once(&of.cohort.condition).chain(of.exclusions.iter().map(|exclusion| &exclusion.condition));
    let mut said: Vec<&Expr> = Vec::new();
    for condition in elsewhere {
        condition.walk(&mut |inner| said.push(inner));
    }
    measure.numerator.walk(&mut |inner| {
        if let ExprKind::IsMissing(value) = &inner.kind {
            said.push(value);
        }
    });
    let mut asked: Vec<&Expr> = Vec::new();
    measure.numerator.walk(&mut |inner| {
        if let ExprKind::Compare { left, right, .. } = &inner.kind {
            let new = [left, right].into_iter().filter(|side| may_be_missing(side));
            asked.extend(new.map(|side| &**side));
        }
    });
    let mut told: Vec<&Expr> = Vec::new();
    for day in asked {
        if said.contains(&day) || told.contains(&day) {
            continue;
        }
        told.push(day);
        let Some(name) = name(model, of, day) else { continue };
        let message = format!("nothing says what a row without `{name}` is: it is undetermined, and counted nowhere");
        let help = format!(
            "if it has not happened yet, say so in the model: `missing means not yet`; if the row is not met, write `{name} is known and ...`; \
             if it does not belong here, `exclude \"...\" {name} is missing`"
        );
        out.push(Diagnostic::new(code::NULLABLE_NUMERATOR, place, message).help(help));
    }
}

/// Whether this is a day or time of the cohort's row that may be missing and is then not known.
fn may_be_missing(value: &Expr) -> bool {
    let ExprKind::Column { row, .. } = &value.kind else { return false };
    *row == RowId::COHORT && value.missing == Missing::Unknown && matches!(value.ty, Ty::Date | Ty::Timestamp)
}

/// A column of the cohort's row as it is written: `removal.exited_on`.
fn name(model: &Model, of: &Indicator, value: &Expr) -> Option<String> {
    let ExprKind::Column { links, column, .. } = &value.kind else { return None };
    let (mut table, mut names) = (of.cohort.table, Vec::new());
    for link in links {
        let link = model.table(table).column(*link);
        names.push(link.name.as_str());
        table = link.leads_to()?;
    }
    names.push(&model.table(table).column(*column).name);
    Some(names.join("."))
}
