//! A judged cell: one indicator, one entity, one window.

use super::wilson_interval::Interval;
use crate::counts::Counts;
use yardstick_language::calendar::Window;
use yardstick_language::ir::Thresholds;

/// What kind of answer a cell is. Kept apart everywhere: hidden is never zero, and nothing over
/// nothing is never red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// A number.
    Value,
    /// No row below the line.
    NoCases,
    /// Fewer rows than the indicator's minimum.
    TooFew,
    /// Of too few rows is it known when it happened: the value lies beyond what has been seen.
    NotEstimable,
    /// Hidden so that nobody can be recognised.
    Suppressed,
    /// The outcomes of the window are not known yet.
    NotObservable,
    /// A table it reads cannot be relied on.
    BadData,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Value,
        Self::NoCases,
        Self::TooFew,
        Self::NotEstimable,
        Self::Suppressed,
        Self::NotObservable,
        Self::BadData,
    ];

    /// As it stands in result rows.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::NoCases => "no_cases",
            Self::TooFew => "too_few",
            Self::NotEstimable => "not_estimable",
            Self::Suppressed => "suppressed",
            Self::NotObservable => "not_observable",
            Self::BadData => "bad_data",
        }
    }
}

/// How a value stands to the standard in force on the window's last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// The standard is met.
    Green,
    /// Nearly.
    Yellow,
    /// Not.
    Red,
}

impl Band {
    /// Every band.
    pub const ALL: [Self; 3] = [Self::Green, Self::Yellow, Self::Red];

    /// As it stands in result rows.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }

    /// The letter that stands beside the colour.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Green => 'G',
            Self::Yellow => 'Y',
            Self::Red => 'R',
        }
    }
}

/// The ends of what a value could be; `None` where there is no end, or no value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Extent {
    /// Not less.
    pub least: Option<f64>,
    /// Not more.
    pub most: Option<f64>,
}

/// One judged cell, made when somebody asks for it: a run may have millions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell<'a> {
    /// Index into the program's indicators.
    pub indicator: usize,
    /// Index into the hierarchy's entities.
    pub entity: usize,
    /// The reporting window.
    pub window: Window,
    /// What kind of answer it is.
    pub state: State,
    /// Why it is no value, in a sentence, and why what is shown can still change.
    pub reason: Option<&'a str>,
    /// Why what is shown can still change, alone; `None` where it is final or nothing is shown.
    pub provisional: Option<&'a str>,
    /// The counts; `None` when they may not or cannot be shown (not observable, suppressed, bad
    /// data, or of a scorecard that hides counts).
    pub counts: Option<&'a Counts>,
    /// Whether of some rows the outcome, or whether they belong, is not known, where that may be
    /// said.
    pub uncertain: bool,
    /// What stands above the line, in the measure's own units, where the counts may be shown.
    pub numerator: Option<f64>,
    /// What stands below the line, likewise.
    pub denominator: Option<f64>,
    /// The value, not rounded: percent for a proportion. Present exactly when the state is `Value`.
    pub value: Option<f64>,
    /// Of a proportion with a value: how far chance alone may have moved it.
    pub interval: Option<Interval>,
    /// The least and the most that the value could be, if all that is not known of the rows were
    /// known; where the counts may be shown.
    pub range: Extent,
    /// The band, when there is a value and a standard in force.
    pub band: Option<Band>,
    /// Whether the whole range has that band; `None` without a band, and where the counts may not
    /// be shown.
    pub sure: Option<bool>,
    /// The thresholds for green in force on the window's last day.
    pub standard: Option<Thresholds>,
    /// The thresholds for green or yellow, where that standard has a yellow band.
    pub yellow: Option<Thresholds>,
    /// Of an entity that is judged by a target of its own: that `standard` is its target, or why it
    /// has none.
    pub own: Option<OwnTarget<'a>>,
}

/// The target that an entity has of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnTarget<'a> {
    /// There is one.
    Is,
    /// There is none that could be used, for this reason.
    Without(&'a str),
}

impl Cell<'_> {
    /// Whether the interval reaches to both sides of the standard, or of an end of it; `None`
    /// without one of them.
    #[must_use]
    pub fn straddles(&self) -> Option<bool> {
        let interval = self.interval?;
        Some(self.standard?.ends().any(|end| interval.straddles(end)))
    }
}
