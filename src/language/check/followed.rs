//! Rows that are followed until something happens: the time until then, and the share that has
//! ended in one way by some time.

use super::clauses::Clauses;
use super::typer::Typer;
use super::types::{length_words, never_null, period};
use crate::diag::{Diagnostic, code};
use crate::functions;
use crate::ir::measure::{Followed, Incidence, Until};
use crate::ir::{Expr, ExprKind, Function, Measure, Missing, Period, Ty, WindowPoint};
use crate::source::{Span, Spanned};
use crate::syntax::ast;

/// What is written before `, censored at as_of`, in messages.
const UNTIL: &str = "write `days from A to B`, where B is missing as long as it has not happened: the end of a stay, or a column with `missing means not yet`; or leave out `, censored at as_of`";
/// What can end an incidence, in messages.
const ENDS: &str = "write `from A to B`, where B is missing as long as it has not happened: the end of a stay, or a column with `missing means not yet`";

impl<'w> Typer<'w> {
    /// A percentile of a time whose end may not have come yet.
    pub(super) fn until(&mut self, percent: u8, of: Expr, span: Span, censored: &'w ast::Expr) -> Option<Measure> {
        let between = match of.kind {
            ExprKind::Call { function, of } => {
                let days: Option<[Expr; 2]> = of.try_into().ok();
                functions::counts(function).zip(days)
            }
            _ => None,
        };
        let censor = self.last_heard_of(censored);
        let Some((unit, [from, to])) = between else {
            let message = "only the time from one day to another can go on at the as-of date";
            self.found.push(Diagnostic::new(code::NOT_CENSORED, span, message).help(UNTIL));
            return None;
        };
        if unit.is_of_clock() {
            let message = "rows are followed by the day, so this time is not counted in hours or minutes";
            let help = "write `days from day of T to day of U`";
            self.found.push(Diagnostic::new(code::NOT_CENSORED, span, message).help(help));
            return None;
        }
        self.ends(&to, span, UNTIL)?;
        Some(Measure::Until(Until { percent, unit, rows: Followed { from, to, censor: censor? } }))
    }

    /// `incidence of C by 12 months from A to B, censored at as_of`.
    pub(super) fn incidence(&mut self, clauses: &Clauses<'w>, written: &'w ast::Incidence) -> Option<Measure> {
        let spare = self.spare(clauses, "an incidence");
        let of = self.condition(&written.of);
        let by = self.looked_at(&written.by);
        let from = self.day(&written.from, "the beginning of an incidence");
        let to = self.day(&written.to, "the end of an incidence");
        let ends = to.as_ref().and_then(|to| self.ends(to, written.to.span, ENDS));
        let censor = match &written.censored {
            Some(day) => self.last_heard_of(day),
            None => {
                let message = "an incidence has to say up to which day rows are followed";
                let help = "add `, censored at as_of`; where all rows have been followed for that long, a `numerator` is enough";
                let span = clauses.measure.map_or(written.by.span, |m| m.span);
                self.found.push(Diagnostic::new(code::MEASURE_CLAUSES, span, message).help(help));
                None
            }
        };
        spare?;
        ends?;
        let rows = Followed { from: from?, to: to?, censor: censor? };
        Some(Measure::Incidence(Incidence { of: of?, by: by?, rows }))
    }

    /// Whether a day is missing for no other reason than that it has not come.
    fn ends(&mut self, to: &Expr, span: Span, help: &str) -> Option<()> {
        let (message, help) = match to.missing {
            Missing::OpenEnd => return Some(()),
            Missing::Never => ("the end of this time is never missing, so for no row is it still to come", help),
            Missing::Unknown => (
                "the model does not say that a missing end of this time is still to come",
                "write `missing means not yet` after its column in the model, or end it on the end of a stay",
            ),
        };
        self.found.push(Diagnostic::new(code::NOT_CENSORED, span, message).help(help));
        None
    }

    /// The last day on which is known of a row whether it has happened. It never lies after the
    /// as-of date.
    fn last_heard_of(&mut self, written: &'w ast::Expr) -> Option<Expr> {
        let day = self.day(written, "`censored at`")?;
        if is_past(&day) {
            return Some(day);
        }
        let message = "rows would be followed beyond the as-of date, after which nothing is known";
        let help = if day.kind == never_null(ExprKind::Window(WindowPoint::End), Ty::Date).kind {
            "write `window.last_day`: `window.end` is the day after it"
        } else {
            "write the earliest of it and the as-of date: `censored at earliest of ..., as_of`"
        };
        self.found.push(Diagnostic::new(code::CENSORED_LATE, written.span, message).help(help));
        None
    }

    fn looked_at(&mut self, length: &Spanned<ast::Duration>) -> Option<Period> {
        let some = period(length.value).filter(|by| *by != Period::default());
        if some.is_some() {
            return some;
        }
        let message = format!("rows cannot be followed for {}", length_words(length.value));
        let help = "write days, weeks, months or years, up to a hundred years: `by 12 months`";
        self.found.push(Diagnostic::new(code::INCIDENCE_LENGTH, length.span, message).help(help));
        None
    }
}

/// Whether a day surely lies on or before the as-of date; no window is shown before it has ended.
fn is_past(day: &Expr) -> bool {
    match &day.kind {
        ExprKind::AsOf | ExprKind::Window(WindowPoint::Start | WindowPoint::LastDay) => true,
        ExprKind::Call { function: Function::Earliest, of } => of.iter().any(is_past),
        ExprKind::Call { function: Function::Latest, of } => of.iter().all(is_past),
        ExprKind::Shift { date, months, days, .. } => *months <= 0 && *days <= 0 && is_past(date),
        _ => false,
    }
}
