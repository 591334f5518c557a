//! What is measured on a row that stays.

use super::evaluate::Evaluator;
use super::rows::Rows;
use crate::functions::Value;
use crate::ir::{Ask, Expr, ExprKind, Fate, Followed, Measure, Outcome, Period};
use crate::model::Counted;
use chrono::{Days, NaiveDate};

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) outcome: Outcome,
    /// What it adds above the line, its value, or its time.
    pub(super) amount: Option<i64>,
    /// The days it adds below the line.
    pub(super) exposure: Option<i64>,
    /// Of an incidence: how the row came to the end of its time.
    pub(super) fate: Option<Fate>,
}

impl Measured {
    pub(super) fn only(outcome: Outcome) -> Self {
        Self { outcome, amount: None, exposure: None, fate: None }
    }

    fn valued(outcome: Outcome, amount: i64) -> Self {
        Self { amount: Some(amount), ..Self::only(outcome) }
    }
}

impl Evaluator<'_> {
    pub(super) fn measured(&self, rows: &Rows) -> Measured {
        match &self.asked.indicator.measure {
            Measure::Proportion { numerator } => Measured::only(match self.truth(numerator, rows) {
                Some(true) => Outcome::Met,
                Some(false) => Outcome::Unmet,
                None => Outcome::Undetermined,
            }),
            Measure::Rate { events, exposure, .. } => self.rate(events, exposure, rows),
            Measure::Mean { of } | Measure::Percentile { of, .. } => match self.number(of, rows) {
                Some(value) => Measured::valued(Outcome::Counted, value),
                None => Measured::only(Outcome::Undetermined),
            },
            Measure::Until { unit, rows: followed, .. } => self.until(*unit, followed, rows),
            Measure::Incidence { of, by, rows: followed } => match self.fate(of, *by, followed, rows) {
                None => Measured::only(Outcome::Undetermined),
                Some((days, fate)) => {
                    let outcome = match fate {
                        Fate::Met => Outcome::Met,
                        Fate::Unclear => Outcome::Undetermined,
                        Fate::Otherwise | Fate::Censored | Fate::Through => Outcome::Unmet,
                    };
                    Measured { fate: Some(fate), ..Measured::valued(outcome, days) }
                }
            },
        }
    }

    fn rate(&self, events: &Expr, exposure: &Expr, rows: &Rows) -> Measured {
        let (number, known) = match (&events.kind, self.value(events, rows)) {
            (_, Some(Value::Bool(is))) => (i64::from(is), true),
            (_, Some(Value::Int(number))) => (number, true),
            // Of a count, the rows that surely count are events.
            (ExprKind::Linked(q), None) if q.ask == Ask::Count => (self.surely(q, rows), false),
            (_, None) => (0, false),
            (_, Some(other)) => (self.mistake(events, other).unwrap_or(0), false),
        };
        // Fewer days than none are a mistake in the row.
        let days = self.number(exposure, rows).filter(|days| *days >= 0);
        let outcome = match known && days.is_some() {
            false => Outcome::Undetermined,
            true if number > 0 => Outcome::Met,
            true => Outcome::Unmet,
        };
        Measured { exposure: Some(days.unwrap_or(0)), ..Measured::valued(outcome, number) }
    }

    fn until(&self, unit: Counted, followed: &Followed, rows: &Rows) -> Measured {
        let (Some(from), Some(censor)) = (self.day(&followed.from, rows), self.day(&followed.censor, rows)) else {
            return Measured::only(Outcome::Undetermined);
        };
        // A row is at risk through the day it was last heard of; what comes later is not known.
        let (outcome, end) = match self.day(&followed.to, rows) {
            Some(day) if day <= censor => (Outcome::Met, day),
            Some(_) | None => (Outcome::Unmet, censor),
        };
        if end < from {
            return Measured::only(Outcome::Undetermined);
        }
        let months = || self.asked.arithmetic.months_between(from, end);
        let time = match unit {
            Counted::Days => (end - from).num_days(),
            Counted::Months => months(),
            Counted::Years => months().div_euclid(12),
        };
        Measured::valued(outcome, time)
    }

    /// How long a row of an incidence was followed, and how that ended: by an end, by the day that
    /// lies `by` after the first one, or by the day it was last heard of.
    fn fate(&self, of: &Expr, by: Period, followed: &Followed, rows: &Rows) -> Option<(i64, Fate)> {
        let (from, censor) = (self.day(&followed.from, rows)?, self.day(&followed.censor, rows)?);
        let last = self.later(from, by)?;
        let known_until = last.min(censor);
        let (end, fate) = match self.day(&followed.to, rows).filter(|day| *day <= known_until) {
            Some(day) => match self.truth(of, rows) {
                Some(true) => (day, Fate::Met),
                Some(false) => (day, Fate::Otherwise),
                None => (day, Fate::Unclear),
            },
            None if known_until == last => (last, Fate::Through),
            None => (censor, Fate::Censored),
        };
        (end >= from).then(|| ((end - from).num_days(), fate))
    }

    fn later(&self, day: NaiveDate, by: Period) -> Option<NaiveDate> {
        let day = self.asked.arithmetic.plus_months(day, i64::from(by.months))?;
        day.checked_add_days(Days::new(u64::from(by.days)))
    }
}
