//! A measure of one entity over its windows: the values, what can still change, and whether the
//! series is more than chance.

use super::cell::Band;
use super::judge::Table;
use super::judged::Judged;
use super::process_chart::{self, Judgement, NoChart, Observation, ProcessChart, Rule, Side, Signal};
use super::rounding;
use super::words;
use chrono::NaiveDate;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Indicator, Measure, Thresholds, Ty};

/// One window.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The window.
    pub window: Window,
    /// Its end in words.
    pub in_words: String,
    /// The value, where there is one.
    pub value: Option<f64>,
    /// The same with as few decimals as are honest; empty without one.
    pub number: String,
    /// What stands below the line, where it may be shown; `None` of a count.
    pub denominator: Option<f64>,
    /// Why there is no value, or why it can still change.
    pub reason: Option<String>,
    /// Whether what is shown can still change.
    pub provisional: bool,
    /// The colour.
    pub band: Option<Band>,
    /// The standard in force.
    pub standard: Option<Thresholds>,
    /// The natural limits, cut off at what a value can be, and the rules of which the point is
    /// part.
    pub judged: Option<Judgement>,
}

impl Point {
    /// The least and the most value that the standard in force takes for green.
    #[must_use]
    pub fn standard_ends(&self) -> [Option<f64>; 2] {
        self.standard.map_or([None, None], |standard| [standard.least, standard.most])
    }
}

/// Why nothing is said of signals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoSignals {
    /// One window shares days with the next.
    Overlap,
    /// The series has no chart.
    NoChart(NoChart),
}

/// Whether the measure will meet its standard, as long as nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// Both limits lie where values are green.
    Met,
    /// Neither does, and both on one side.
    Missed,
    /// Chance alone decides.
    Unreliable,
}

/// A measure of one entity over its windows, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Whose data it is.
    pub organization: String,
    /// The last day the data is complete through.
    pub as_of: NaiveDate,
    /// The indicator's id.
    pub id: String,
    /// Its short name.
    pub title: String,
    /// The unit of its values.
    pub unit: String,
    /// The meaning hash.
    pub meaning: String,
    /// What a window is, in words: `12 months`.
    pub window: String,
    /// The level, the id and the name of the entity.
    pub entity: [String; 3],
    /// The windows, oldest first.
    pub points: Vec<Point>,
    /// The centre line.
    pub centre: Result<f64, NoSignals>,
    /// Whether higher values are better; `None` where nobody says so.
    pub higher_is_better: Option<bool>,
    /// What the reader must know about the data.
    pub notes: Vec<String>,
}

impl Trend {
    /// The trend of an entity in the one column of a run; `None` when nothing was measured.
    #[must_use]
    pub fn of(judged: &Judged, entity: usize) -> Option<Self> {
        let &[number] = judged.indicators.as_slice() else { return None };
        Self::of_table(judged, judged.whole(number)?, entity)
    }

    /// The trend of an entity in a table of a run; `None` when there is no such entity.
    #[must_use]
    pub(super) fn of_table(judged: &Judged, table: &Table, entity: usize) -> Option<Self> {
        let indicator = judged.program.indicators.get(table.indicator)?;
        let of = judged.hierarchy.entities.get(entity)?;
        let mut points: Vec<Point> = table.cells(&judged.program, entity).map(|cell| point(indicator, &cell)).collect();
        let centre = judge(indicator, &mut points);
        let level = judged.hierarchy.levels.get(of.level).cloned().unwrap_or_default();
        Some(Self {
            organization: judged.heading.organization.clone(),
            as_of: judged.heading.as_of,
            id: indicator.id.clone(),
            title: indicator.about.title.clone(),
            unit: indicator.measure.kind().unit(),
            meaning: indicator.meaning.clone(),
            window: words::length(indicator.window),
            entity: [level, of.id.clone(), of.name.clone()],
            points,
            centre,
            higher_is_better: indicator.higher_is_better(),
            notes: judged.heading.notes.clone(),
        })
    }

    /// The latest point that is final and has a value.
    #[must_use]
    pub fn latest(&self) -> Option<&Point> {
        self.points.iter().rev().find(|point| point.judged.is_some())
    }

    /// Whether the standard will be met, by the limits and the standard of the latest point.
    #[must_use]
    pub fn assurance(&self) -> Option<Assurance> {
        let latest = self.latest()?;
        let (standard, judged) = (latest.standard?, latest.judged.as_ref()?);
        let side = |value: f64| standard.side(|end| value.total_cmp(end));
        Some(match (side(judged.low), side(judged.high)) {
            (low, high) if low.is_eq() && high.is_eq() => Assurance::Met,
            (low, high) if low == high => Assurance::Missed,
            _ => Assurance::Unreliable,
        })
    }
}

fn point(indicator: &Indicator, cell: &super::Cell<'_>) -> Point {
    Point {
        window: cell.window,
        in_words: words::window_end(indicator.window, cell.window),
        value: cell.value,
        number: rounding::number(indicator, cell),
        denominator: cell.denominator.filter(|_| !indicator.measure.kind().is_count()),
        reason: cell.reason.map(str::to_owned),
        provisional: cell.provisional.is_some(),
        band: cell.band,
        standard: cell.standard,
        judged: None,
    }
}

/// Puts the limits and the rules to the points; the centre line.
fn judge(indicator: &Indicator, points: &mut [Point]) -> Result<f64, NoSignals> {
    let overlap = points.iter().zip(points.iter().skip(1)).any(|(one, next)| next.window.start < one.window.end);
    if overlap {
        return Err(NoSignals::Overlap);
    }
    let of_rows = matches!(indicator.measure, Measure::Proportion(_));
    // What can still change decides nothing.
    let observation = |point: &Point| {
        let value = point.value.filter(|_| !point.provisional)?;
        Some(Observation { value, rows: point.denominator.filter(|_| of_rows) })
    };
    let series: Vec<Option<Observation>> = points.iter().map(observation).collect();
    // Where counts are hidden, how many rows a percentage is of is not said by its limits either.
    let hidden = of_rows && series.iter().flatten().any(|one| one.rows.is_none());
    let series: Vec<Option<Observation>> = match hidden {
        true => series.iter().map(|one| one.map(|one| Observation { rows: None, ..one })).collect(),
        false => series,
    };
    let ProcessChart { centre, points: judged } = process_chart::chart(&series).map_err(NoSignals::NoChart)?;
    let (least, most) = possible(indicator);
    for (point, judgement) in points.iter_mut().zip(judged) {
        point.judged = judgement.map(|of| Judgement { low: of.low.max(least), high: of.high.min(most), ..of });
    }
    Ok(centre)
}

/// The least and the most that a value can be.
fn possible(indicator: &Indicator) -> (f64, f64) {
    let from = |never_negative: bool| if never_negative { 0.0 } else { f64::NEG_INFINITY };
    match &indicator.measure {
        Measure::Proportion(_) | Measure::Incidence(_) => (0.0, 100.0),
        Measure::Rate(of) => (from(of.events.ty == Ty::Bool || of.events.never_negative()), f64::INFINITY),
        Measure::Count(of) => (from(of.events.ty == Ty::Bool || of.events.never_negative()), f64::INFINITY),
        Measure::Mean(of) => (from(of.of.never_negative()), f64::INFINITY),
        Measure::Percentile(of) => (from(of.of.never_negative()), f64::INFINITY),
        Measure::Distinct(_) | Measure::Until(_) => (0.0, f64::INFINITY),
    }
}

impl Trend {
    /// What the chart says of the latest final point, in a sentence.
    #[must_use]
    pub fn variation(&self) -> String {
        let Err(why) = &self.centre else {
            let signals = self.latest().and_then(|point| point.judged.as_ref()).map(|of| of.signals.as_slice());
            return match signals.and_then(<[Signal]>::first) {
                None => "Common cause: nothing says that the latest value is more than chance.".to_owned(),
                Some(signal) => {
                    let all: Vec<&str> = signals.into_iter().flatten().map(|signal| words_of(*signal)).collect();
                    format!("Special cause, {}: {}.", self.way(*signal), all.join("; "))
                }
            };
        };
        match why {
            NoSignals::Overlap => format!(
                "No signals are computed: each window ({}) shares most of its days with the next, so one event moves many points.",
                self.window
            ),
            NoSignals::NoChart(NoChart::TooFew(n)) => format!(
                "No signals are computed: {n} final values, and it takes {} to tell how far they scatter.",
                process_chart::LEAST
            ),
            NoSignals::NoChart(NoChart::AllAlike) => {
                "No signals are computed: all values are the same, so nothing tells how far they scatter.".to_owned()
            }
        }
    }

    fn way(&self, signal: Signal) -> &'static str {
        match (self.higher_is_better, signal.side) {
            (Some(true), Side::High) | (Some(false), Side::Low) => "getting better",
            (Some(true), Side::Low) | (Some(false), Side::High) => "getting worse",
            (None, Side::High) => "higher",
            (None, Side::Low) => "lower",
        }
    }

    /// Whether the standard will be met, in a sentence; `None` without a standard or a chart.
    #[must_use]
    pub fn assurance_in_words(&self) -> Option<String> {
        let standard = words::thresholds(self.latest()?.standard?);
        Some(match self.assurance()? {
            Assurance::Met => format!("Will meet the standard ({standard}), as long as nothing changes."),
            Assurance::Missed => format!("Will not meet the standard ({standard}), unless something changes."),
            Assurance::Unreliable => {
                format!("Will not reliably meet the standard ({standard}): chance alone moves it to both sides.")
            }
        })
    }
}

/// A rule as a clause of a sentence.
#[must_use]
pub fn words_of(signal: Signal) -> &'static str {
    match (signal.rule, signal.side) {
        (Rule::Beyond, Side::High) => "above the upper limit",
        (Rule::Beyond, Side::Low) => "below the lower limit",
        (Rule::Shift, Side::High) => "seven or more in a row above the centre line",
        (Rule::Shift, Side::Low) => "seven or more in a row below the centre line",
        (Rule::Trend, Side::High) => "seven or more in a row rising",
        (Rule::Trend, Side::Low) => "seven or more in a row falling",
        (Rule::NearLimit, Side::High) => "two of three near the upper limit",
        (Rule::NearLimit, Side::Low) => "two of three near the lower limit",
    }
}
