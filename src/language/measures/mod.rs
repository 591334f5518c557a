//! The kinds of measures, a file each: what a row contributes, how the rows come together, the unit
//! of the value, and what results and tests can say of it.
//!
//! To add one, add its expressions to [`Measure`], its file here, and its line in
//! [`Measure::kind`]. The engine and the results have a file beside each, and do not compile where
//! one is missing.

mod count;
mod distinct;
mod incidence;
mod mean;
mod percentile;
mod proportion;
mod rate;
mod until;

use crate::functions::Arithmetic;
use crate::ir::{Expr, Fate, Measure, Outcome, Ty};
use crate::model::Counted;
use chrono::NaiveDate;

/// What a kind of measure makes of rows.
pub trait Kind {
    /// What its value is a number of.
    fn scale(&self) -> Scale;

    /// The unit of the value, as results show it.
    fn unit(&self) -> String {
        match self.scale() {
            Scale::Percent => "percent",
            Scale::Number => "count",
            Scale::Length(counted) => counted.word(),
        }
        .to_owned()
    }

    /// How the rows of an entity come together.
    fn summary(&self) -> Summary;

    /// What stands above the line in results; nothing where there is no line.
    fn above(&self) -> Option<&'static str>;

    /// Whether it says how many there are: a whole number, and 0 where there are no rows.
    fn is_count(&self) -> bool {
        false
    }

    /// Whether there can be rows and yet no value.
    fn may_be_inestimable(&self) -> bool {
        false
    }

    /// Whether a row is met or unmet; otherwise it is counted.
    fn has_met_rows(&self) -> bool {
        true
    }

    /// What a list of rows shows of each, besides what became of it: names and figures.
    fn shown_of_rows(&self) -> Vec<(String, RowFigure)>;

    /// Whether a row adds something below the line, which may not be known.
    fn has_exposure(&self) -> bool {
        self.shown_of_rows().iter().any(|(_, figure)| *figure == RowFigure::Exposure)
    }

    /// What a row that stays contributes.
    fn contribution(&self, row: &dyn RowValues) -> Contribution;

    /// The value, where it may be a time that goes on, and what to write so that it ends.
    fn time_that_goes_on(&self) -> Option<(&Expr, &'static str)> {
        None
    }
}

/// What a value is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Of a hundred.
    Percent,
    /// A number without a unit.
    Number,
    /// Lengths of time.
    Length(Counted),
}

/// How the rows of an entity come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summary {
    /// Rows that are met, of all rows.
    MetOfRows,
    /// Sums of events, and of exposure where there is any.
    Events,
    /// The sum of the values of rows.
    SumOfValues,
    /// The single values: sums do not say enough.
    Values,
}

/// A figure of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFigure {
    /// [`Contribution::amount`].
    Amount,
    /// [`Contribution::exposure`].
    Exposure,
}

/// The values of a row's expressions; each `None` when it is missing or unknown.
pub trait RowValues {
    /// True or false.
    fn truth(&self, of: &Expr) -> Option<bool>;
    /// A whole number.
    fn number(&self, of: &Expr) -> Option<i64>;
    /// A day.
    fn day(&self, of: &Expr) -> Option<NaiveDate>;
    /// The number of a row that it leads to.
    fn row(&self, of: &Expr) -> Option<i64>;
    /// The rows or values that certainly count, of a count that is not known; 0 of other numbers.
    fn certain(&self, of: &Expr) -> i64;
    /// The arithmetic of months.
    fn arithmetic(&self) -> &dyn Arithmetic;
}

/// What a row contributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// What becomes of the row.
    pub outcome: Outcome,
    /// What it adds above the line, its value, or its time.
    pub amount: Option<i64>,
    /// The exposure it adds below the line.
    pub exposure: Option<i64>,
    /// Of an incidence: how the row came to the end of its time.
    pub fate: Option<Fate>,
}

impl Contribution {
    /// Nothing but what becomes of the row.
    #[must_use]
    pub fn only(outcome: Outcome) -> Self {
        Self { outcome, amount: None, exposure: None, fate: None }
    }

    /// A value, and what becomes of the row.
    #[must_use]
    pub fn valued(outcome: Outcome, amount: i64) -> Self {
        Self { amount: Some(amount), ..Self::only(outcome) }
    }

    /// A value that is counted, or undetermined when it is missing.
    fn of_value(value: Option<i64>) -> Self {
        value.map_or(Self::only(Outcome::Undetermined), |value| Self::valued(Outcome::Counted, value))
    }
}

impl Measure {
    /// What its kind makes of rows.
    #[must_use]
    pub fn kind(&self) -> &dyn Kind {
        match self {
            Self::Proportion(of) => of,
            Self::Rate(of) => of,
            Self::Count(of) => of,
            Self::Distinct(of) => of,
            Self::Mean(of) => of,
            Self::Percentile(of) => of,
            Self::Until(of) => of,
            Self::Incidence(of) => of,
        }
    }

    /// Whether sums over the rows are enough, without the single values.
    #[must_use]
    pub fn is_additive(&self) -> bool {
        self.kind().summary() != Summary::Values
    }
}

/// The number of events of a row, and whether there can be no more: one when a condition is true.
fn events(of: &Expr, row: &dyn RowValues) -> (i64, bool) {
    if of.ty == Ty::Bool {
        let happened = row.truth(of);
        return (i64::from(happened == Some(true)), happened.is_some());
    }
    row.number(of).map_or_else(|| (row.certain(of), false), |number| (number, true))
}

/// What becomes of a row with these events.
fn with_events(number: i64, known: bool) -> Outcome {
    match known {
        false => Outcome::Undetermined,
        true if number > 0 => Outcome::Met,
        true => Outcome::Unmet,
    }
}

impl Scale {
    /// What a number of a row is a number of.
    fn of(number: &Expr) -> Self {
        match number.ty {
            Ty::Length(counted) => Self::Length(counted),
            Ty::Int | Ty::Decimal(_) | Ty::Bool | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(_) | Ty::Row(_) => {
                Self::Number
            }
        }
    }
}
