//! What is measured: which clauses a proportion, a rate, a mean and a percentile need, and of what
//! type.

use super::clauses::Clauses;
use super::typer::Typer;
use super::types::{unit_words, words};
use crate::diag::{Diagnostic, code};
use crate::ir::{Expr, Measure, Ty};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Denominator, Unit};

/// What rates are written as, in messages.
const RATES: &str = "write `rate per 100_000 days` with `denominator days in window`, or `rate per 100` with `denominator share of window`";

impl<'w> Typer<'w> {
    /// The measure that the clauses describe; `None` when one of them has a mistake.
    pub(super) fn measure(&mut self, clauses: &Clauses<'w>) -> Option<Measure> {
        match clauses.measure.map(|m| &m.value) {
            None => {
                let numerator = clauses.numerator.and_then(|(n, _)| self.condition(n));
                self.only_of_a_rate(clauses)?;
                Some(Measure::Proportion { numerator: numerator? })
            }
            Some(ast::Measure::Rate { per, unit }) => self.rate(clauses, per, *unit),
            Some(ast::Measure::Mean(value)) => self.amount(clauses, value).map(|of| Measure::Mean { of }),
            Some(ast::Measure::Percentile { percent, value, censored }) => {
                let percent = self.percent(percent);
                let of = self.amount(clauses, value);
                let (percent, of) = (percent?, of?);
                match censored {
                    Some(day) => self.until(percent, of, value.span, day),
                    None => Some(Measure::Percentile { percent, of }),
                }
            }
            Some(ast::Measure::Incidence(written)) => self.incidence(clauses, written),
        }
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.found.push(Diagnostic::new(code::MEASURE_CLAUSES, span, message.into()).help(help));
    }

    fn only_of_a_rate(&mut self, clauses: &Clauses) -> Option<()> {
        let Some((_, span)) = clauses.denominator else { return Some(()) };
        let help = "remove it: the denominator is the rows of the cohort that are not excluded; for a rate, add `measure rate per ...`";
        self.refuse(span, "a proportion has no `denominator` clause", help);
        None
    }

    /// The value of a mean or a percentile.
    fn amount(&mut self, clauses: &Clauses, value: &'w ast::Expr) -> Option<Expr> {
        let typed = self.expr(value);
        let spare = self.spare(clauses, "a mean, a median or a percentile");
        let typed = typed?;
        if !matches!(typed.ty, Ty::Int | Ty::Days | Ty::Months | Ty::Years) {
            let of = words(self.world, typed.ty);
            let message = format!("a mean, a median or a percentile is taken of numbers, not of {of}");
            let help = "write a number of the row: `days`, `months from A to B`, `count ROWS where ...`";
            self.found.push(Diagnostic::new(code::TYPE_MISMATCH, value.span, message).help(help));
            return None;
        }
        spare.map(|()| typed)
    }

    /// Refuses clauses of a measure that has none of them.
    pub(super) fn spare(&mut self, clauses: &Clauses, measure: &str) -> Option<()> {
        let numerator = clauses.numerator.map(|(_, span)| (span, "numerator"));
        let denominator = clauses.denominator.map(|(_, span)| (span, "denominator"));
        let spare: Vec<_> = [numerator, denominator].into_iter().flatten().collect();
        for (span, word) in &spare {
            let help = "write what is measured in `measure`, and which rows to leave out in `where` or `exclude`";
            self.refuse(*span, format!("{measure} has no `{word}`"), help);
        }
        spare.is_empty().then_some(())
    }

    fn percent(&mut self, written: &Spanned<i64>) -> Option<u8> {
        let percent = u8::try_from(written.value).ok().filter(|n| (1..100).contains(n));
        if percent.is_none() {
            let message = format!("there is no percentile {}", written.value);
            let help = "write a whole number from 1 to 99: 90 is the value that 90 of 100 rows do not exceed";
            self.found.push(Diagnostic::new(code::NUMBER_RANGE, written.span, message).help(help));
        }
        percent
    }

    fn rate(&mut self, clauses: &Clauses<'w>, per: &Spanned<i64>, unit: Option<Unit>) -> Option<Measure> {
        let events = clauses.numerator.and_then(|(n, _)| self.events(n));
        let exposure = match clauses.denominator {
            Some((written, _)) => self.exposure(written, unit),
            None => {
                let span = clauses.measure.map_or(per.span, |m| m.span);
                self.refuse(span, "a rate needs a `denominator`", RATES);
                None
            }
        };
        let Some(scale) = u64::try_from(per.value).ok().filter(|n| *n > 0) else {
            let finding = Diagnostic::new(code::NUMBER_RANGE, per.span, "a rate is per 1 or more");
            self.found.push(finding.help("write a number such as `rate per 1_000 days`"));
            return None;
        };
        let (events, (exposure, of_window)) = (events?, exposure?);
        Some(Measure::Rate { per: scale, events, exposure, of_window })
    }

    fn events(&mut self, written: &'w ast::Expr) -> Option<Expr> {
        let value = self.value(written)?;
        let typed = self.typed(value, written.span)?;
        if matches!(typed.ty, Ty::Bool | Ty::Int) {
            return Some(typed);
        }
        let message = format!("the events of a rate are a condition or a number, not {}", words(self.world, typed.ty));
        let help = "write a condition (one event when it is true) or `count ROWS where ...`";
        self.found.push(Diagnostic::new(code::TYPE_MISMATCH, written.span, message).help(help));
        None
    }

    /// The exposure in days, and whether they are a share of the window.
    fn exposure(&mut self, written: &'w Denominator, unit: Option<Unit>) -> Option<(Expr, bool)> {
        match (written, unit) {
            (Denominator::ShareOfWindow(span), None) => Some((self.days_in_window(*span)?, true)),
            (Denominator::ShareOfWindow(span), Some(unit)) => {
                let message = format!("a rate per {} has a denominator in days, not in shares", unit_words(unit));
                self.found.push(Diagnostic::new(code::UNIT_MISMATCH, *span, message).help(RATES));
                None
            }
            (Denominator::Value(value), unit) => {
                let typed = self.expr(value)?;
                if typed.ty == Ty::Days && unit == Some(Unit::Days) {
                    return Some((typed, false));
                }
                let message = match unit {
                    Some(Unit::Days) => {
                        format!("a rate per days has a denominator in days, not in {}", words(self.world, typed.ty))
                    }
                    Some(other) => format!("a rate is per days, not per {}", unit_words(other)),
                    None => "a rate without a unit has the denominator `share of window`".to_owned(),
                };
                self.found.push(Diagnostic::new(code::UNIT_MISMATCH, value.span, message).help(RATES));
                None
            }
        }
    }
}
