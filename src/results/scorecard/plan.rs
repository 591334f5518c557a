//! Whether data follows a plan: what is expected of each month, what the data says, and when one
//! can first know.
//!
//! A month has a verdict only where its value is final. Everything else is a wait or a reason.

use super::cell::{Cell, Extent, State};
use super::judge::Table;
use super::judged::Judged;
use super::rounding;
use super::wilson_interval::Interval;
use super::words;
use chrono::NaiveDate;
use yardstick_language::calendar::Window;
pub use yardstick_language::ir::Action;
use yardstick_language::ir::{Indicator, Path, Plan, WindowLength};

/// As many months in a row on one side of the path are more than chance: one in 128 if either side
/// were as likely.
const RUN: usize = 7;

/// How a final value stands to what is expected, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is not as far, and the interval does not reach what is expected; of a measure without an
    /// interval, it is not as far.
    Behind,
    /// It is not as far, and the interval reaches what is expected.
    BehindByChance,
    /// It is as far, and the interval reaches back behind what is expected.
    OnPathByChance,
    /// It is as far, and so is the interval; of a measure without an interval, it is as far.
    OnPath,
}

impl Verdict {
    /// Every verdict, the best first.
    pub const ALL: [Self; 4] = [Self::OnPath, Self::OnPathByChance, Self::BehindByChance, Self::Behind];

    /// The verdict on a final value, of which chance alone may have made anything in the interval.
    #[must_use]
    pub fn of(path: &Path, expected: f64, value: f64, interval: Option<Interval>) -> Self {
        let by_chance = interval.is_some_and(|interval| interval.straddles(expected));
        match (path.is_reached(value, expected), by_chance) {
            (true, false) => Self::OnPath,
            (true, true) => Self::OnPathByChance,
            (false, true) => Self::BehindByChance,
            (false, false) => Self::Behind,
        }
    }

    /// Whether the value is as far as is expected.
    #[must_use]
    pub fn is_on_path(self) -> bool {
        match self {
            Self::OnPath | Self::OnPathByChance => true,
            Self::Behind | Self::BehindByChance => false,
        }
    }

    /// As it stands in files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::BehindByChance => "behind_within_chance",
            Self::OnPathByChance => "on_path_within_chance",
            Self::OnPath => "on_path",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::BehindByChance => "behind, within chance",
            Self::OnPathByChance => "on the path, within chance",
            Self::OnPath => "on the path",
        }
    }
}

/// What is said of a month.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// The month in which the path starts: a value to compare with, and none to judge.
    Start,
    /// The window has ended before the plan began.
    Before,
    /// Its value is final.
    Judged {
        /// How it stands to what is expected.
        verdict: Verdict,
        /// Whether it would stand so, too, whatever is not known of the rows.
        sure: bool,
    },
    /// It is final on data that is complete through this day; never, without one.
    Waits(Option<NaiveDate>),
    /// It has no value, and waiting brings none.
    NoValue(State),
}

/// A month of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    /// The window that ends with it.
    pub window: Window,
    /// Its end in words.
    pub in_words: String,
    /// The window in words, behind `in` or `on`: `in the 12 months ending Oct 2025`.
    pub when: String,
    /// What is expected.
    pub expected: f64,
    /// What the data says; nothing of a window that cannot be shown yet.
    pub seen: Option<Seen>,
    /// What is said of it.
    pub says: Says,
    /// Whether some of its days lie before the plan.
    pub from_before: bool,
}

/// What the data says of a month.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    /// The value, where there is one.
    pub value: Option<f64>,
    /// The same with as few decimals as are honest; empty without one.
    pub number: String,
    /// What stands above and below the line, where that may be shown.
    pub counts: (Option<f64>, Option<f64>),
    /// How far chance alone may have moved it.
    pub interval: Option<Interval>,
    /// What it could be, if everything were known of the rows.
    pub range: Extent,
    /// Whether something is not known of some rows.
    pub uncertain: bool,
    /// Whether it can still change.
    pub provisional: bool,
    /// The kind of answer.
    pub state: Option<State>,
    /// Why there is no value, or one that can still change.
    pub reason: Option<String>,
}

impl Seen {
    fn of(indicator: &Indicator, cell: &Cell<'_>) -> Self {
        Self {
            value: cell.value,
            number: rounding::number(indicator, cell),
            counts: (cell.numerator, cell.denominator),
            interval: cell.interval,
            range: cell.range,
            uncertain: cell.uncertain,
            provisional: cell.provisional.is_some(),
            state: Some(cell.state),
            reason: cell.reason.map(str::to_owned),
        }
    }
}

/// The months of a plan, oldest first: of its path, and after it through the last day of the data.
/// `seen` gives what the data says of a window; nothing of one that cannot be shown.
#[must_use]
pub fn months(
    plan: &Plan,
    indicator: &Indicator,
    through: NaiveDate,
    seen: impl Fn(Window) -> Option<Seen>,
) -> Vec<Month> {
    let month = |window: Window| {
        let seen = seen(window);
        Some(Month {
            expected: plan.path.expected(window.last_day())?,
            says: says(plan, indicator, window, seen.as_ref()),
            in_words: words::window_end(indicator.window, window),
            when: when(indicator.window, window),
            from_before: !plan.is_after(window),
            window,
            seen,
        })
    };
    plan.windows(indicator, through).into_iter().filter_map(month).collect()
}

/// `in Oct 2025`, `in the 12 months ending Oct 2025`, `on 31 Oct 2025`.
fn when(length: WindowLength, window: Window) -> String {
    let words = words::window(length, window);
    match length {
        WindowLength::Day => format!("on {words}"),
        WindowLength::Months(1) | WindowLength::YearToDate(_) => format!("in {words}"),
        WindowLength::Week | WindowLength::Months(_) | WindowLength::AllTime => format!("in the {words}"),
    }
}

fn says(plan: &Plan, indicator: &Indicator, window: Window, seen: Option<&Seen>) -> Says {
    let Some(seen) = seen else { return Says::Waits(indicator.final_on(window)) };
    let Some(value) = seen.value else {
        return match seen.state {
            _ if seen.provisional => Says::Waits(indicator.final_on(window)),
            Some(state) => Says::NoValue(state),
            None => Says::NoValue(State::NotObservable),
        };
    };
    let Some(expected) = plan.path.expected(window.last_day()) else { return Says::Before };
    if seen.provisional {
        Says::Waits(indicator.final_on(window))
    } else if window.last_day() == plan.path.start {
        Says::Start
    } else if window.end <= plan.since {
        Says::Before
    } else {
        let verdict = Verdict::of(&plan.path, expected, value, seen.interval);
        let at = |end: Option<f64>| {
            end.map_or(!seen.uncertain, |end| plan.path.is_reached(end, expected) == verdict.is_on_path())
        };
        Says::Judged { verdict, sure: at(seen.range.least) && at(seen.range.most) }
    }
}

/// How far an action is, as of the last day of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was done on this day.
    Done(NaiveDate),
    /// It is not due yet.
    Open,
    /// Its day has passed.
    Overdue,
}

impl Standing {
    /// How far an action is. What was done later than the day had not been done on it.
    #[must_use]
    pub fn of(action: &Action, as_of: NaiveDate) -> Self {
        match action.done.filter(|done| *done <= as_of) {
            Some(day) => Self::Done(day),
            None if action.due < as_of => Self::Overdue,
            None => Self::Open,
        }
    }

    /// As it stands in files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Open => "open",
            Self::Overdue => "overdue",
        }
    }
}

/// When one can first know whether a plan works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstKnown {
    /// The first window that has only days on which the plan was at work.
    pub window: Window,
    /// The window in words, behind `in` or `on`.
    pub when: String,
    /// It is final on data that is complete through this day; never, without one.
    pub on: Option<NaiveDate>,
    /// Whether what was before a window counts in it, too.
    pub carries_over: bool,
}

/// Several months of a plan, taken together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Together {
    /// How many.
    pub months: usize,
    /// The rows that are met, and all of them.
    pub counts: (f64, f64),
    /// Their share, in percent.
    pub value: f64,
    /// What is expected of each row in its month, on average.
    pub expected: f64,
    /// How far chance alone may have moved it.
    pub interval: Interval,
    /// How it stands to what is expected.
    pub verdict: Verdict,
}

/// A plan, held against the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The plan.
    pub plan: Plan,
    /// Whose data it is.
    pub organization: String,
    /// The last day the data is complete through.
    pub as_of: NaiveDate,
    /// The id of the indicator.
    pub indicator: String,
    /// Its short name.
    pub title: String,
    /// The unit of its values.
    pub unit: String,
    /// The meaning hash.
    pub meaning: String,
    /// What a window is, in words: `12 months`.
    pub window: String,
    /// How long a window is waited for, in words: `3 days for outcomes`.
    pub wait: String,
    /// The standard in force in the last month of the path, in words.
    pub standard: Option<String>,
    /// The level, the id and the name of the entity.
    pub entity: [String; 3],
    /// Its months, oldest first.
    pub months: Vec<Month>,
    /// When one can first know; `None` when that never is.
    pub first: Option<FirstKnown>,
    /// Whether each window shares days with the next.
    pub overlap: bool,
    /// Whether months say as much together as they have rows: each row counts in one of them.
    pub adds_up: bool,
}

impl Progress {
    /// A plan, and the cells of its entity in the windows that have been measured; `None` when the
    /// program has no such indicator, or the hierarchy no such entity. `through` is the last day
    /// through which the data of the indicator is complete.
    #[must_use]
    pub fn of(judged: &Judged, plan: &Plan, entity: usize, through: NaiveDate) -> Option<Self> {
        let indicator = judged.program.indicators.get(plan.indicator)?;
        let of = judged.hierarchy.entities.get(entity)?;
        let table = judged.whole(plan.indicator);
        let cells = |table: &Table| -> Vec<(Window, Seen)> {
            let cells = table.cells(&judged.program, entity);
            cells.map(|cell| (cell.window, Seen::of(indicator, &cell))).collect()
        };
        let cells = table.map(cells).unwrap_or_default();
        let seen = |window: Window| cells.iter().find(|(of, _)| *of == window).map(|(_, seen)| seen.clone());
        let months = months(plan, indicator, through, seen);
        let standard = indicator.standard_on(plan.path.end).and_then(|standard| standard.green);
        let unit = indicator.measure.kind().unit();
        let sign = words::sign(&unit);
        let first = plan.first_after(indicator).map(|window| FirstKnown {
            window,
            when: when(indicator.window, window),
            on: indicator.final_on(window),
            carries_over: Plan::carries_over(indicator),
        });
        let overlap = months.iter().zip(months.iter().skip(1)).any(|(one, next)| next.window.start < one.window.end);
        Some(Self {
            plan: plan.clone(),
            organization: judged.heading.organization.clone(),
            as_of: judged.heading.as_of,
            indicator: indicator.id.clone(),
            title: indicator.about.title.clone(),
            meaning: indicator.meaning.clone(),
            window: words::length(indicator.window),
            wait: words::wait(indicator.follow_up, indicator.lag, indicator.as_it_stands),
            standard: standard.map(|green| format!("{} {sign}", words::thresholds(green)).trim().to_owned()),
            entity: [judged.hierarchy.levels.get(of.level)?.clone(), of.id.clone(), of.name.clone()],
            unit,
            months,
            first,
            adds_up: !overlap && Plan::counts_rows_once(indicator),
            overlap,
        })
    }

    /// The months with a verdict, oldest first.
    pub fn judged(&self) -> impl DoubleEndedIterator<Item = (&Month, Verdict, bool)> {
        self.months.iter().filter_map(|month| match month.says {
            Says::Judged { verdict, sure } => Some((month, verdict, sure)),
            Says::Start | Says::Before | Says::Waits(_) | Says::NoValue(_) => None,
        })
    }

    /// How many months in a row, through the latest with a verdict, are on one side of the path and
    /// not on it, and on which: true where the value is better than expected. Of windows that share
    /// days or rows nothing, as one event moves many of them.
    #[must_use]
    pub fn run(&self) -> Option<(usize, bool)> {
        if !self.adds_up {
            return None;
        }
        let side = |month: &Month| {
            let value = month.seen.as_ref()?.value?;
            let order = value.total_cmp(&month.expected);
            let apart = (value - month.expected).abs() > 1e-9;
            apart.then_some(order.is_gt() == self.plan.path.rises())
        };
        let mut sides = self.judged().rev().map(|(month, ..)| side(month));
        let latest = sides.next()??;
        let all = 1 + sides.take_while(|side| *side == Some(latest)).count();
        (all >= RUN).then_some((all, latest))
    }

    /// The latest months with a verdict, a year of them at most, taken together: they have more
    /// rows than one month, so chance hides less. `None` where rows are not met or unmet, or
    /// windows share days or rows.
    #[must_use]
    pub fn together(&self) -> Option<Together> {
        const MONTHS: usize = 12;
        if !self.adds_up {
            return None;
        }
        let rows = |month: &Month| {
            let seen = month.seen.as_ref()?;
            seen.interval?;
            let (met, of) = (seen.counts.0?, seen.counts.1?);
            Some((met, of, of * month.expected))
        };
        let all: Vec<_> = self.judged().rev().take(MONTHS).filter_map(|(month, ..)| rows(month)).collect();
        let sum = |part: fn(&(f64, f64, f64)) -> f64| all.iter().map(part).sum::<f64>();
        let (met, of, expected) = (sum(|row| row.0), sum(|row| row.1), sum(|row| row.2));
        let interval = Interval::wilson(met as u64, of as u64)?;
        let (value, expected) = (100.0 * met / of, expected / of);
        let verdict = Verdict::of(&self.plan.path, expected, value, Some(interval));
        (all.len() > 1).then_some(Together { months: all.len(), counts: (met, of), value, expected, interval, verdict })
    }

    /// The verdict on the plan: that of its latest month with one, and what a row of months says
    /// beyond it; `None` before there is one.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let (_, verdict, _) = self.judged().next_back()?;
        Some(match (verdict, self.run()) {
            (Verdict::BehindByChance, Some((_, false))) => Verdict::Behind,
            (Verdict::OnPathByChance, Some((_, true))) => Verdict::OnPath,
            (verdict, _) => verdict,
        })
    }
}
