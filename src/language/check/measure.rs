//! What is measured: which clauses each kind of measure needs, and of what type.

use super::clauses::Clauses;
use super::typer::Typer;
use super::types::{unit_words, words};
use crate::diag::{Diagnostic, code};
use crate::ir::measure::{Count, Distinct, Exposure, Mean, Percentile, Proportion, Rate};
use crate::ir::{Expr, Measure, Ty};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Denominator, Per};

/// What rates are written as, in messages.
const RATES: &str = "write `rate per 100_000 days` with `denominator days in window`, `rate per 100` with `denominator share of window`, \
                     or `rate per 1_000 children` with a number of them as `denominator`";

impl<'w> Typer<'w> {
    /// The measure that the clauses describe; `None` when one of them has a mistake.
    pub(super) fn measure(&mut self, clauses: &Clauses<'w>) -> Option<Measure> {
        match clauses.measure.map(|m| &m.value) {
            None | Some(ast::Measure::Proportion) => self.proportion(clauses),
            Some(ast::Measure::Rate { per, unit }) => self.rate(clauses, per, unit.as_ref()),
            Some(ast::Measure::Count) => self.count(clauses),
            Some(ast::Measure::Distinct(link)) => self.distinct(clauses, link),
            Some(ast::Measure::Mean(value)) => self.amount(clauses, value).map(|of| Measure::Mean(Mean { of })),
            Some(ast::Measure::Percentile { percent, value, censored }) => {
                let percent = self.percent(percent);
                let of = self.amount(clauses, value);
                let (percent, of) = (percent?, of?);
                match censored {
                    Some(day) => self.until(percent, of, value.span, day),
                    None => Some(Measure::Percentile(Percentile { percent, of })),
                }
            }
            Some(ast::Measure::Incidence(written)) => self.incidence(clauses, written),
        }
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.found.push(Diagnostic::new(code::MEASURE_CLAUSES, span, message.into()).help(help));
    }

    /// Met rows of all rows, or, with a denominator, the sum of a number over the sum of another.
    fn proportion(&mut self, clauses: &Clauses<'w>) -> Option<Measure> {
        let Some((denominator, span)) = clauses.denominator else {
            let numerator = clauses.numerator.and_then(|(n, _)| self.condition(n));
            return Some(Measure::Proportion(Proportion { numerator: numerator? }));
        };
        let written = match denominator {
            Denominator::Value(written) if clauses.measure.is_some() => written,
            Denominator::Value(_) | Denominator::ShareOfWindow(_) => {
                let help = "remove it: the denominator is the rows of the cohort that are not excluded; for a sum over a sum write \
                            `measure proportion` with numbers, for a rate `measure rate per ...`";
                clauses.numerator.and_then(|(n, _)| self.condition(n));
                self.refuse(span, "a proportion of rows has no `denominator` clause", help);
                return None;
            }
        };
        let events =
            clauses.numerator.and_then(|(n, _)| self.number(n, "a proportion with a `denominator` is one of numbers"));
        let exposure = self.number(written, "a proportion with a `denominator` is one of numbers");
        let (events, exposure) = (events?, exposure?);
        if events.ty != exposure.ty {
            let of = |e: &Expr| words(self.world, e.ty);
            let message = format!("{} cannot be a proportion of {}", of(&events), of(&exposure));
            let help = "give both in one unit, or write `measure rate per ...`";
            self.found.push(Diagnostic::new(code::UNIT_MISMATCH, written.span, message).help(help));
            return None;
        }
        Some(Measure::Rate(Rate { per: 100, unit: Exposure::Events, events, exposure }))
    }

    /// How many rows, or the sum of the numerator.
    fn count(&mut self, clauses: &Clauses<'w>) -> Option<Measure> {
        let spare = self.without_denominator(clauses, "a count");
        let events = match clauses.numerator {
            Some((written, _)) => self.events(written, "a count"),
            None => Some(Expr::truth()),
        };
        spare?;
        self.without_minimum(clauses)?;
        Some(Measure::Count(Count { events: events? }))
    }

    fn distinct(&mut self, clauses: &Clauses<'w>, link: &'w ast::Expr) -> Option<Measure> {
        let of = self.expr(link);
        let spare = self.spare(clauses, "a count of different rows");
        let of = of?;
        if !matches!(of.ty, Ty::Row(_)) {
            let message =
                format!("`count distinct` counts rows that a link leads to, not {}", words(self.world, of.ty));
            let help = "write a link of the cohort's rows: `count distinct child`; for how many rows there are, write `measure count`";
            self.found.push(Diagnostic::new(code::TYPE_MISMATCH, link.span, message).help(help));
            return None;
        }
        spare?;
        self.without_minimum(clauses)?;
        Some(Measure::Distinct(Distinct { of }))
    }

    /// A count is shown, however small.
    fn without_minimum(&mut self, clauses: &Clauses) -> Option<()> {
        let Some(minimum) = clauses.minimum else { return Some(()) };
        let help = "remove it: a count says itself how many there are; for readers outside, small counts are hidden by `hide counts under 11` \
                    in a scorecard";
        self.refuse(minimum.span, "a count has no `minimum`", help);
        None
    }

    fn without_denominator(&mut self, clauses: &Clauses, measure: &str) -> Option<()> {
        let Some((_, span)) = clauses.denominator else { return Some(()) };
        let help = "remove it, or write `measure rate per ...`, which divides by it";
        self.refuse(span, format!("{measure} has no `denominator`"), help);
        None
    }

    /// The value of a mean or a percentile.
    fn amount(&mut self, clauses: &Clauses, value: &'w ast::Expr) -> Option<Expr> {
        let typed = self.any_number(value, "a mean, a median or a percentile is taken of numbers");
        let spare = self.spare(clauses, "a mean, a median or a percentile");
        let typed = typed?;
        spare.map(|()| typed)
    }

    /// A whole number, also of days, months or years.
    fn number(&mut self, written: &'w ast::Expr, what: &str) -> Option<Expr> {
        let typed = self.any_number(written, what)?;
        match typed.ty {
            Ty::Decimal(_) => self.no_decimal(written.span, "a proportion"),
            _ => Some(typed),
        }
    }

    /// Decimals are no events and no exposure: sums of these are protected as counts are.
    fn no_decimal(&mut self, span: Span, measure: &str) -> Option<Expr> {
        let message = format!("{measure} is not made of decimals");
        let help =
            "measure their mean, their median or another percentile, or compare them: `numerator amount > 12.50`";
        self.found.push(Diagnostic::new(code::TYPE_MISMATCH, span, message).help(help));
        None
    }

    /// A number, also a decimal, or one of days, months or years.
    fn any_number(&mut self, written: &'w ast::Expr, what: &str) -> Option<Expr> {
        let typed = self.expr(written)?;
        if typed.ty.is_number() {
            return Some(typed);
        }
        let of = words(self.world, typed.ty);
        let message = format!("{what}, not of {of}");
        let help = "write a number of the row: `days`, `months from A to B`, `count ROWS where ...`";
        self.found.push(Diagnostic::new(code::TYPE_MISMATCH, written.span, message).help(help));
        None
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

    fn rate(&mut self, clauses: &Clauses<'w>, per: &Spanned<i64>, unit: Option<&Per>) -> Option<Measure> {
        let events = clauses.numerator.and_then(|(n, _)| self.events(n, "a rate"));
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
        let (events, (exposure, unit)) = (events?, exposure?);
        Some(Measure::Rate(Rate { per: scale, unit, events, exposure }))
    }

    fn events(&mut self, written: &'w ast::Expr, measure: &str) -> Option<Expr> {
        let value = self.value(written)?;
        let typed = self.typed(value, written.span)?;
        match typed.ty {
            Ty::Bool | Ty::Int => return Some(typed),
            Ty::Decimal(_) => return self.no_decimal(written.span, measure),
            _ => {}
        }
        let of = words(self.world, typed.ty);
        let message = format!("the events of {measure} are a condition or a number, not {of}");
        let help = "write a condition (one event when it is true) or `count ROWS where ...`";
        self.found.push(Diagnostic::new(code::TYPE_MISMATCH, written.span, message).help(help));
        None
    }

    /// The exposure, and what it is counted in.
    fn exposure(&mut self, written: &'w Denominator, unit: Option<&Per>) -> Option<(Expr, Exposure)> {
        match (written, unit) {
            (Denominator::ShareOfWindow(span), None) => Some((self.days_in_window(*span)?, Exposure::OfWindow)),
            (Denominator::ShareOfWindow(span), Some(unit)) => {
                let message =
                    format!("a rate per {0} has a number of {0} as its denominator, not a share", per_words(unit));
                self.found.push(Diagnostic::new(code::UNIT_MISMATCH, *span, message).help(RATES));
                None
            }
            (Denominator::Value(value), None) => {
                self.expr(value)?;
                let message = "a rate without a unit has the denominator `share of window`";
                self.found.push(Diagnostic::new(code::UNIT_MISMATCH, value.span, message).help(RATES));
                None
            }
            (Denominator::Value(value), Some(unit)) => {
                let typed = self.expr(value)?;
                if let Some(exposure) = counted_in(unit, typed.ty) {
                    return Some((typed, exposure));
                }
                let (per, of) = (per_words(unit), words(self.world, typed.ty));
                let message = format!("a rate per {per} has a number of {per} as its denominator, not {of}");
                self.found.push(Diagnostic::new(code::UNIT_MISMATCH, value.span, message).help(RATES));
                None
            }
        }
    }
}

/// What an exposure of this type is counted in, when it is that of the rate.
fn counted_in(unit: &Per, ty: Ty) -> Option<Exposure> {
    match (unit, ty) {
        (Per::Unit(unit), Ty::Length(counted)) if super::types::counted(*unit) == Some(counted) => {
            Some(Exposure::Time(counted))
        }
        (Per::Named(name), Ty::Int) => Some(Exposure::Named(name.value.clone())),
        (Per::Unit(_) | Per::Named(_), _) => None,
    }
}

fn per_words(unit: &Per) -> &str {
    match unit {
        Per::Unit(unit) => unit_words(*unit),
        Per::Named(name) => &name.value,
    }
}
