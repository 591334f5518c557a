//! Why a cell has no value, or one that can still change: one sentence for each reason, the same in
//! every format.

use super::cell::State;
use chrono::NaiveDate;
use std::fmt;
use yardstick_language::ir::Indicator;

/// Why a cell is in another state than `value`.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The outcomes of the window are not known before data that is complete through this day;
    /// beyond the calendar, without one.
    Waits {
        /// The first as-of day on which the window can be judged.
        until: Option<NaiveDate>,
    },
    /// The window begins before the data is complete.
    Begins {
        /// The first day the data is complete from.
        complete_from: NaiveDate,
    },
    /// What happened before the window, and is asked for, lies before the data of a table is
    /// complete.
    History {
        /// The table.
        table: String,
        /// The first day it is complete from.
        from: NaiveDate,
        /// The first day it would have to be complete from; without one, no day is early enough.
        needed: Option<NaiveDate>,
    },
    /// A table has no rows.
    Empty {
        /// The table.
        table: String,
    },
    /// No rows, or hardly any, have come in of late, or no days of a column.
    Still {
        /// The table.
        table: String,
        /// The column, where rows come in and its days do not.
        column: Option<String>,
        /// The first day without.
        since: NaiveDate,
        /// Whether there are some.
        some: bool,
    },
    /// No rows, or hardly any, are there of some months that are asked for, or no days of a column,
    /// and there are of those before and after.
    Lost {
        /// The table.
        table: String,
        /// The column, where rows are there and its days are not.
        column: Option<String>,
        /// The first day without.
        first: NaiveDate,
        /// The last.
        last: NaiveDate,
        /// Whether there are some.
        some: bool,
    },
    /// Too many rows of a table were set aside.
    SetAside {
        /// The table.
        table: String,
        /// How many of its rows, 0 to 1.
        share: f64,
        /// What to write in the model so that most would be read, where that is known.
        help: Option<String>,
    },
    /// Too many values of a column could not be read.
    Unknown {
        /// The column's table.
        table: String,
        /// The column.
        column: String,
        /// How many.
        values: u64,
        /// What to write in the model so that most would be read, where that is known.
        help: Option<String>,
    },
    /// The numbers of its rows add up to more than is reckoned with.
    TooLarge,
    /// No row below the line.
    NoCases,
    /// Fewer rows than the indicator's minimum.
    TooFew {
        /// The minimum.
        minimum: u64,
    },
    /// Of too few rows is it known when it happened.
    NotEstimable,
    /// Hidden so that nobody can be recognised.
    Hidden,
}

impl Reason {
    /// The state of a cell for this reason.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::Waits { .. } | Self::Begins { .. } | Self::History { .. } => State::NotObservable,
            Self::Empty { .. } | Self::Still { .. } | Self::Lost { .. } => State::BadData,
            Self::SetAside { .. } | Self::Unknown { .. } | Self::TooLarge => State::BadData,
            Self::NoCases => State::NoCases,
            Self::TooFew { .. } => State::TooFew,
            Self::NotEstimable => State::NotEstimable,
            Self::Hidden => State::Suppressed,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waits { until: Some(day) } => write!(f, "waits until {day}"),
            Self::Waits { until: None } => f.write_str("waits beyond the last day of the calendar"),
            Self::Begins { complete_from } => write!(f, "data is complete from {complete_from}"),
            Self::History { table, from, needed: Some(day) } => {
                write!(f, "history of {table} begins {from}, and is needed from {day}")
            }
            Self::History { table, from, needed: None } => {
                write!(
                    f,
                    "history of {table} begins {from}, and all of it is needed: `history` says how far back is enough"
                )
            }
            Self::Empty { table } => write!(f, "{table} has no rows"),
            Self::Still { table, column, since, some } => {
                let has = has(table, column.as_deref(), *some);
                write!(f, "{has} since {}", month(*since))
            }
            Self::Lost { table, column, first, last, some } => {
                let has = has(table, column.as_deref(), *some);
                match (month(*first), month(*last)) {
                    (first, last) if first == last => write!(f, "{has} of {first}, between months that have"),
                    (first, last) => write!(f, "{has} from {first} to {last}, between months that have"),
                }
            }
            Self::SetAside { table, share, help } => {
                write!(f, "{:.1}% of {table} was set aside", share * 100.0)?;
                help.iter().try_for_each(|help| write!(f, "; {help}"))
            }
            Self::Unknown { table, column, values, help } => {
                write!(f, "{values} values of {column} in {table} cannot be read")?;
                help.iter().try_for_each(|help| write!(f, "; {help}"))
            }
            Self::NoCases => f.write_str("no cases"),
            Self::TooFew { minimum } => write!(f, "fewer than {minimum} cases"),
            Self::TooLarge => f.write_str("the numbers add up to more than a billion billions"),
            Self::NotEstimable => f.write_str("in too few cases has it happened yet"),
            Self::Hidden => f.write_str("hidden: small counts"),
        }
    }
}

/// That a table has no rows, or a column no days.
fn has(table: &str, column: Option<&str>, some: bool) -> String {
    let any = if some { "hardly any" } else { "no" };
    match column {
        None => format!("{table} has {any} rows"),
        Some(column) => format!("{column} of {table} has {any} days"),
    }
}

fn month(day: NaiveDate) -> String {
    day.format("%B %Y").to_string()
}

/// Why what a cell says can still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provisional {
    /// Outcomes of the window are still to come, and known to data that is complete through this
    /// day; beyond the calendar, without one.
    Until(Option<NaiveDate>),
    /// There is no end to it.
    Always,
}

impl fmt::Display for Provisional {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Until(Some(day)) => write!(f, "provisional until {day}"),
            Self::Until(None) => f.write_str("provisional beyond the last day of the calendar"),
            Self::Always => f.write_str("provisional: it can always change"),
        }
    }
}

/// A reason as it stands in cells: its state, and its sentence, written once for all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct CellReason {
    /// The state.
    pub state: State,
    /// The sentence.
    pub text: String,
}

impl CellReason {
    /// A reason, and beside it why even that can still change.
    pub(super) fn of(reason: &Reason, provisional: Option<&str>) -> Self {
        let also = provisional.map(|provisional| format!("; {provisional}")).unwrap_or_default();
        Self { state: reason.state(), text: format!("{reason}{also}") }
    }
}

impl From<Reason> for CellReason {
    fn from(reason: Reason) -> Self {
        Self::of(&reason, None)
    }
}

/// Why cells of a window have no value, or one that can still change, where that is the same for
/// many of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reasons {
    pub(super) provisional: Option<String>,
    pub(super) too_large: CellReason,
    pub(super) no_cases: CellReason,
    pub(super) too_few: CellReason,
    pub(super) not_estimable: CellReason,
    /// Nothing is shown that could change.
    pub(super) hidden: CellReason,
}

impl Reasons {
    pub(super) fn of(indicator: &Indicator, provisional: Option<Provisional>) -> Self {
        let provisional = provisional.map(|provisional| provisional.to_string());
        let said = |reason: &Reason| CellReason::of(reason, provisional.as_deref());
        Self {
            too_large: said(&Reason::TooLarge),
            no_cases: said(&Reason::NoCases),
            too_few: said(&Reason::TooFew { minimum: indicator.minimum.unwrap_or(1) }),
            not_estimable: said(&Reason::NotEstimable),
            hidden: Reason::Hidden.into(),
            provisional,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_sentences() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31);
        let said = |reason: Reason| reason.to_string();
        assert_eq!(said(Reason::Waits { until: day }), "waits until 2026-12-31");
        assert_eq!(said(Reason::Begins { complete_from: day.unwrap() }), "data is complete from 2026-12-31");
        let aside = Reason::SetAside { table: "removal".into(), share: 0.12, help: None };
        assert_eq!(said(aside), "12.0% of removal was set aside");
        let aside = Reason::SetAside { table: "removal".into(), share: 0.12, help: Some("write it so".into()) };
        assert_eq!(said(aside), "12.0% of removal was set aside; write it so");
        assert_eq!(said(Reason::TooFew { minimum: 10 }), "fewer than 10 cases");
        assert_eq!(
            CellReason::of(&Reason::NoCases, Some("provisional until 2026-12-31")).text,
            "no cases; provisional until 2026-12-31"
        );
        assert_eq!(Provisional::Until(day).to_string(), "provisional until 2026-12-31");
        assert_eq!(Provisional::Always.to_string(), "provisional: it can always change");
    }
}
