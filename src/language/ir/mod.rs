//! The checked, typed program: ids instead of names, nothing left to look up, nothing "not known
//! yet".
//!
//! Built only by `check`; read by `plan`, by the row-by-row evaluator (`interpret`), by `describe`
//! and by `explain`. What each form means, missing values included, is written on
//! [`expr::ExprKind`]; the plan and the evaluator both follow it.

pub mod expr;
pub mod fate;
mod function;
pub mod period;
pub mod print;
pub mod reads;
pub mod still_open;
pub mod went;
mod word_list;

use crate::model::{ColumnId, Counted, Model, Step, TableId};
use crate::source::Span;
use chrono::NaiveDate;
pub use expr::{Ask, CompareOp, Expr, ExprKind, Missing, Quantified, RowId, Ty, WindowPoint};
pub use fate::Fate;
pub use function::Function;
pub use period::{LookBack, Period, WindowLength};
use std::collections::BTreeMap;
pub use word_list::WordList;

/// Everything that was declared and found right.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Program {
    /// The world.
    pub model: Model,
    /// Indicators, in the order of their ids.
    pub indicators: Vec<Indicator>,
    /// Scorecards, in the order of declaration.
    pub scorecards: Vec<Scorecard>,
    /// Tests, in the order of declaration.
    pub tests: Vec<Test>,
}

impl Program {
    /// The indicator with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|i| i.id == id)
    }
}

/// One indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What is said about it; nothing here changes a number.
    pub about: About,
    /// How long a reporting window is.
    pub window: WindowLength,
    /// How long after the window's end its outcomes are known; computed from the text. `None` when
    /// they can change for ever, which only an indicator that is shown as it stands may.
    pub follow_up: Option<Period>,
    /// Whether a window is shown once it has ended (and the lag has passed), and is provisional
    /// until the follow-up has passed, too.
    pub as_it_stands: bool,
    /// A declared wait on top of the follow-up.
    pub lag: Period,
    /// How far each table is looked back into; computed from the text. Tables that hold no days are
    /// not in it.
    pub look_back: BTreeMap<TableId, LookBack>,
    /// How far back is far enough, where the text looks back without an end: a declared assumption.
    pub history: Option<Period>,
    /// The rows it is about. The cohort row is [`RowId::COHORT`].
    pub cohort: Cohort,
    /// Rows taken out, in order: a row goes for the first condition that is true of it.
    pub exclusions: Vec<Exclusion>,
    /// What is measured on the rows that stay.
    pub measure: Measure,
    /// Who each row belongs to.
    pub attribution: Attribution,
    /// Standards by the date they come into force; their dates do not overlap.
    pub standards: Vec<Standard>,
    /// The smallest denominator that gets a value.
    pub minimum: Option<u64>,
    /// The meaning hash: 16 hexadecimal digits.
    pub meaning: String,
}

/// Words about an indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Short name for a column head.
    pub title: String,
    /// 1 for priority measures.
    pub tier: Option<i64>,
    /// Index into the model's domains.
    pub domain: Option<usize>,
    /// The question it answers.
    pub question: Option<String>,
    /// Which reading of the published measure it takes.
    pub reading: Option<String>,
    /// Where the definition comes from.
    pub source: Option<String>,
    /// `published`, `adapted` or `inferred`.
    pub status: Option<String>,
}

/// The rows an indicator is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// One row per row of this table, or fewer with `pick`.
    pub table: TableId,
    /// One row per something.
    pub pick: Option<Pick>,
    /// A row is kept only when this is true. Without `pick.ever` it is asked before the pick, with
    /// it after. A row of which it is unknown, and no exclusion is true, is *unsure*: it is not
    /// counted, and reported.
    pub condition: Expr,
}

/// Keep the first (or last) row for each value of `per`, by `by`, ties by the table's row order
/// (its key's text order).
///
/// Rows whose `per` is missing are not picked, nor rows one of whose `by` is missing, except that
/// an open end ([`Missing::OpenEnd`]) sorts after every date. Without `ever` the pick is made anew
/// for each window.
///
/// A row one of whose `by` is missing may stand anywhere. It, and a row of unknown condition, is
/// *unsure* unless a row that surely counts stands before it; so is the row that is picked where
/// one of these may stand before it, or where a row that went ([`went`]) has the same `per`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// Last in order instead of first. The order of ties is turned around too: the last row is the
    /// last of all.
    pub last: bool,
    /// Pick among all rows, whatever the window.
    pub ever: bool,
    /// Pick anew for every entity of the level asked about, among the rows that belong to it; never
    /// together with `ever`.
    pub each_level: bool,
    /// Link columns from the cohort's table to what is counted once.
    pub per: Vec<ColumnId>,
    /// The order.
    pub by: Vec<Expr>,
}

/// A named reason that takes rows out of the cohort. A row stays when the condition is false or
/// unknown; where it is unknown of a row that stays, the row is *unsure*.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// As shown.
    pub reason: String,
    /// When true, the row goes.
    pub condition: Expr,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// Rows for which the condition is true, in percent of all rows. An unknown condition counts as
    /// not met and as undetermined.
    Proportion {
        /// The condition.
        numerator: Expr,
    },
    /// Events per so much exposure: the sum of the events, over the sum of the exposure, times
    /// `per`.
    Rate {
        /// Per how many days, or per how many rows on average.
        per: u64,
        /// A condition (one event when true) or a whole number. What is unknown is no event; of a
        /// count, the rows that surely count are events. Either way the row is undetermined.
        events: Expr,
        /// Days. A row of which they are missing or below 0 has none, and is undetermined.
        exposure: Expr,
        /// The exposure is a share of the window: its days are divided by the window's.
        of_window: bool,
    },
    /// The sum of a whole number over the rows, by the number of rows. A row without a value has no
    /// part in it and is undetermined.
    Mean {
        /// A whole number, also of days, months or years.
        of: Expr,
    },
    /// Of the n values in order the one at place n * percent / 100, rounded up; where that is whole
    /// already, halfway between the one at that place and the next. So the median is percentile 50.
    /// A row without a value has no part in it and is undetermined.
    Percentile {
        /// 1 to 99.
        percent: u8,
        /// As of a mean.
        of: Expr,
    },
    /// The time until something happens, where it may not have happened yet: a percentile of the
    /// Kaplan-Meier estimate.
    ///
    /// A row of which `to` is on or before `censor` is met, at the time between `from` and `to`. A
    /// row of which it is missing or later is unmet (*censored*), at the time between `from` and
    /// `censor`. A row of which `from` or `censor` is missing, or whose time would be negative, has
    /// no part in it and is undetermined. At equal times the met come before the unmet.
    ///
    /// The share to which it has not happened after a time is the product, over the times up to it
    /// at which rows are met, of those left then without the met, by those left. The value is the
    /// first time after which that share is below 1 - percent / 100; where it is exactly that,
    /// halfway between the first such time and the next time at which a row is met, and that first
    /// time itself where no row is met any more. Where the share never gets so low it is not
    /// estimable. Without unmet rows the value is that of a percentile.
    Until {
        /// 1 to 99.
        percent: u8,
        /// What the time is counted in.
        unit: Counted,
        /// From when to when.
        rows: Followed,
    },
    /// The percentage of rows that come to an end of one kind by some time, where rows can end
    /// otherwise as well, or not have ended yet: the cumulative incidence by the estimate of Aalen
    /// and Johansen.
    ///
    /// Times are in days; a row is looked at through the day that lies `by` after `from`. A row of
    /// which `to` is on or before that day and `censor` has ended, at the time between `from` and
    /// `to`: it is met when `of` is true, unmet when it is false, and undetermined when it is
    /// unknown, which counts as an end of another kind. A row that has not ended is unmet: it was
    /// followed all through when `censor` is on or after that day, and is censored at `censor`
    /// otherwise. A row of which `from` or `censor` is missing, or whose time would be negative,
    /// has no part in it and is undetermined.
    ///
    /// The value is the sum, over the times at which rows are met, of the share that had not ended
    /// before, times those met by those left. Those left at a time are the rows whose own time is
    /// not shorter, and all that were followed all through; at equal times the ended come before
    /// the censored. Where nobody was followed all through and the share that has not ended is
    /// above 0 in the end, it is not estimable. Without censored rows the value is that of a
    /// proportion.
    Incidence {
        /// The end that counts. Asked of rows that have ended.
        of: Expr,
        /// By when.
        by: Period,
        /// From when to when.
        rows: Followed,
    },
}

/// A row that is followed from a day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// The first day.
    pub from: Expr,
    /// The day it happens. Its `missing` is an open end.
    pub to: Expr,
    /// The last day on which is known whether it has happened; on or before the as-of date. No open
    /// end.
    pub censor: Expr,
}

impl Cohort {
    /// Whether it can be unknown of a row whether it is in it.
    #[must_use]
    pub fn may_be_unknown(&self) -> bool {
        let by_unknown = |by: &Expr| by.missing == Missing::Unknown;
        self.condition.missing != Missing::Never || self.pick.as_ref().is_some_and(|p| p.by.iter().any(by_unknown))
    }
}

impl Measure {
    /// The unit of the value, as it stands in results.
    #[must_use]
    pub fn unit(&self) -> String {
        match self {
            Self::Proportion { .. } | Self::Incidence { .. } => "percent".to_owned(),
            Self::Rate { per, of_window: false, .. } => format!("per {per} days"),
            Self::Rate { per, .. } => format!("per {per}"),
            Self::Mean { .. } | Self::Percentile { .. } | Self::Until { .. } => match self.counted() {
                Some(Counted::Days) => "days".to_owned(),
                Some(Counted::Months) => "months".to_owned(),
                Some(Counted::Years) => "years".to_owned(),
                None => "count".to_owned(),
            },
        }
    }

    /// What the value is a number of, when it is a length of time.
    #[must_use]
    pub fn counted(&self) -> Option<Counted> {
        match self {
            Self::Proportion { .. } | Self::Rate { .. } | Self::Incidence { .. } => None,
            Self::Mean { of } | Self::Percentile { of, .. } => match of.ty {
                Ty::Days => Some(Counted::Days),
                Ty::Months => Some(Counted::Months),
                Ty::Years => Some(Counted::Years),
                Ty::Int | Ty::Bool | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(..) | Ty::Row(_) => None,
            },
            Self::Until { unit, .. } => Some(*unit),
        }
    }

    /// Everything that is looked at on a row, in the order of the text.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expr> {
        match self {
            Self::Proportion { numerator } => vec![numerator],
            Self::Rate { events, exposure, .. } => vec![events, exposure],
            Self::Mean { of } | Self::Percentile { of, .. } => vec![of],
            Self::Until { rows, .. } => vec![&rows.from, &rows.to, &rows.censor],
            Self::Incidence { of, rows, .. } => vec![of, &rows.from, &rows.to, &rows.censor],
        }
    }

    /// Whether sums of the rows are enough: for everything but a percentile, a time until something
    /// happens and an incidence, which need the values themselves.
    #[must_use]
    pub fn is_additive(&self) -> bool {
        !matches!(self, Self::Percentile { .. } | Self::Until { .. } | Self::Incidence { .. })
    }
}

/// Who a row belongs to, and on which day.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// From the cohort row to a row of a level's table.
    pub steps: Vec<Step>,
    /// The level reached. Levels below it are unassigned.
    pub level: usize,
    /// The day on which dated links are followed, above the reached level too.
    pub at: Expr,
}

/// A threshold with the days it is in force; the one in force on the window's last day judges the
/// cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Standard {
    /// Higher is better.
    pub at_least: bool,
    /// Green from here on.
    pub green: f64,
    /// Yellow from here on, when declared.
    pub yellow: Option<f64>,
    /// First day in force; always, when missing.
    pub from: Option<NaiveDate>,
    /// First day no longer in force.
    pub until: Option<NaiveDate>,
    /// Where the figure comes from.
    pub source: Option<String>,
    /// `published`, `adapted`, `inferred`.
    pub status: Option<String>,
    /// Status of the yellow threshold.
    pub yellow_status: Option<String>,
}

impl Indicator {
    /// Every expression of the definition, the attribution's day last.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.cohort.condition)
            .chain(self.cohort.pick.iter().flat_map(|p| &p.by))
            .chain(self.exclusions.iter().map(|e| &e.condition))
            .chain(self.measure.expressions())
            .chain([&self.attribution.at])
    }

    /// Whether every level is measured by itself, so that smaller entities do not add up to larger
    /// ones: one row per something and entity is picked, or rows are asked whether they leave their
    /// holder.
    #[must_use]
    pub fn by_level(&self) -> bool {
        let leaves = |e: &Expr| e.has(&|e| matches!(e.kind, ExprKind::Elsewhere(_)));
        self.expressions().any(leaves) || self.cohort.pick.as_ref().is_some_and(|p| p.each_level)
    }

    /// Whether there can be rows of which it is not known whether they belong below the line.
    #[must_use]
    pub fn may_be_unsure(&self) -> bool {
        self.cohort.may_be_unknown() || self.exclusions.iter().any(|x| x.condition.missing != Missing::Never)
    }

    /// The standard in force on a day.
    #[must_use]
    pub fn standard_on(&self, day: NaiveDate) -> Option<&Standard> {
        self.standards.iter().find(|s| s.from.is_none_or(|f| f <= day) && s.until.is_none_or(|u| day < u))
    }
}

/// A scorecard's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scorecard {
    /// Its id.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// Indices into [`Program::indicators`], in order.
    pub indicators: Vec<usize>,
    /// Counts of rows under this one (2 or more), and above 0, are hidden: it is for readers
    /// outside.
    pub hide_under: Option<u64>,
}

/// A checked `test` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Index into [`Program::indicators`].
    pub indicator: usize,
    /// What it shows.
    pub title: String,
    /// Where it stands.
    pub span: Span,
    /// The drawn rows. Tables not drawn hold one row for each id the drawn rows speak of, all else
    /// missing.
    pub tables: Vec<DrawnTable>,
    /// The as-of date, given or far enough for every window asked for.
    pub as_of: NaiveDate,
    /// What must hold.
    pub expects: Vec<Expect>,
}

/// Rows of a test, as the text of their cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnTable {
    /// The table.
    pub table: TableId,
    /// Which columns are drawn; the others are missing.
    pub columns: Vec<ColumnId>,
    /// Cells in the order of `columns`.
    pub rows: Vec<Vec<Option<String>>>,
}

/// One expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// Where it stands.
    pub span: Span,
    /// The window it speaks of.
    pub window: crate::calendar::Window,
    /// Whose rows it speaks of: an entity by its level and id; without one, the whole.
    pub of: Option<(usize, String)>,
    /// What must hold.
    pub kind: ExpectKind,
}

/// Figures a test expects of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// What stands before `of`.
    pub first: First,
    /// Below the line.
    pub of: f64,
    /// Rows that are undetermined, where given.
    pub undetermined: Option<u64>,
    /// Rows that are excluded, where given.
    pub excluded: Option<u64>,
    /// Rows that are unsure, where given.
    pub unsure: Option<u64>,
    /// Whether the window must be provisional; without it, it may be.
    pub provisional: bool,
}

/// The first figure a test expects of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum First {
    /// Above the line.
    Above(f64),
    /// The value.
    Value(f64),
    /// There are rows, and no value.
    NotEstimable,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectKind {
    /// Figures of the whole, or of the entity.
    Figures(Figures),
    /// The window's outcomes are not known yet.
    NotObservable,
    /// What became of the cohort row with this id.
    Row { id: String, outcome: Outcome, held_by: Option<String> },
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Above and below the line.
    Met,
    /// Below the line.
    Unmet,
    /// Below the line, not known whether above; of a mean, a percentile or a time until something
    /// happens, without a value; of an incidence, without a time, or ended and not known how.
    Undetermined,
    /// Part of a mean or a percentile.
    Counted,
    /// Taken out; with the reason when the test names it.
    Excluded(Option<String>),
    /// Not known whether it belongs below the line. A row that is counted there has its outcome
    /// besides.
    Unsure,
    /// It went, because its identity or place is broken, and may belong.
    Unread,
    /// Not in the cohort.
    NotCounted,
}
