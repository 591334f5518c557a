//! What one test came to: its expectations, the cells of the entities it draws, and its rows.

use crate::answer::Place;
use serde::Serialize;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Indicator, Outcome, Program, Test};
use yardstick_language::source::Sources;
use yardstick_language::visible;
use yardstick_results::scorecard::cell::OwnTarget;
use yardstick_results::scorecard::{Cell, State, marks, rounding, words};
use yardstick_results::trial::{self, Parts, RowFate, one_by_one};

/// A test.
#[derive(Debug, Serialize)]
pub struct Tested {
    /// The id of its indicator.
    pub indicator: String,
    /// What it shows.
    pub title: String,
    /// Where it stands.
    pub place: Place,
    /// The as-of date.
    pub as_of: String,
    /// Whether all holds that it expects.
    pub holds: bool,
    /// Why it cannot be run, if so.
    pub problem: Option<String>,
    /// What does not hold, as `yardstick test` says it.
    pub misses: Vec<Missed>,
    /// The windows that it asks about, oldest first.
    pub windows: Vec<WindowTold>,
    /// A line for each entity, from the whole down.
    pub lines: Vec<Line>,
}

/// An expectation that does not hold.
#[derive(Debug, Serialize)]
pub struct Missed {
    /// Where it stands.
    pub place: Place,
    /// What the test says.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// Of a row: what each clause found.
    pub because: Vec<String>,
}

/// A window, and what became of the rows in it.
#[derive(Debug, Serialize)]
pub struct WindowTold {
    /// As a scorecard says it.
    pub words: String,
    /// Its first day.
    pub first: String,
    /// Its last day.
    pub last: String,
    /// Each row of the cohort's table; none where the window cannot be judged yet.
    pub rows: Vec<RowTold>,
}

/// A row.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct RowTold {
    /// Its id.
    pub id: String,
    /// What it is: `met`, `excluded "reason"`, `unmet, unsure`.
    pub is: String,
    /// Who holds it.
    pub held_by: String,
    /// What each clause found.
    pub because: Vec<String>,
}

/// The cells of an entity.
#[derive(Debug, Serialize)]
pub struct Line {
    /// The name of its level.
    pub level: String,
    /// Its id.
    pub entity: String,
    /// A cell for each window.
    pub cells: Vec<CellTold>,
}

/// A cell.
#[derive(Debug, Serialize)]
pub struct CellTold {
    /// As a scorecard shows it: the value, or the word for its absence, with its marks.
    pub shown: String,
    /// Which kind of answer it is.
    pub state: &'static str,
    /// What that means.
    pub meaning: &'static str,
    /// Its colour.
    pub band: Option<&'static str>,
    /// The value, not rounded.
    pub value: Option<f64>,
    /// Above the line.
    pub numerator: Option<f64>,
    /// Below the line.
    pub denominator: Option<f64>,
    /// Rows that are undetermined.
    pub undetermined: u64,
    /// Rows that are excluded.
    pub excluded: u64,
    /// Rows of which it is not known whether they belong.
    pub unsure: u64,
    /// What it could be at least and at most, if all were known.
    pub range: [Option<f64>; 2],
    /// Why there is no value, or why it can still change; why it has no target of its own.
    pub reasons: Vec<String>,
    /// What its marks mean.
    pub doubts: Vec<&'static str>,
    /// The standard that judges it.
    pub standard: Option<String>,
}

/// What a test came to; `None` of a test of no hierarchy, which there is not.
#[must_use]
pub fn tested(sources: &Sources, parts: &Parts) -> Option<Tested> {
    let (program, test) = *parts.first()?;
    let indicator = program.indicators.get(test.indicator)?;
    let mut told = Tested {
        indicator: indicator.id.clone(),
        title: visible::value(&test.title).into_owned(),
        place: Place::of(sources, test.span),
        as_of: test.as_of.to_string(),
        holds: false,
        problem: None,
        misses: Vec::new(),
        windows: Vec::new(),
        lines: Vec::new(),
    };
    if let Err(problem) = told.fill(sources, parts) {
        told.problem = Some(visible::lines(&problem).into_owned());
    }
    Some(told)
}

impl Tested {
    fn fill(&mut self, sources: &Sources, parts: &Parts) -> Result<(), String> {
        let misses = trial::run_parts(parts, &one_by_one)?;
        self.holds = misses.is_empty();
        let missed = |miss: trial::Miss| Missed {
            place: Place::of(sources, miss.span),
            expected: visible::value(&miss.expected).into_owned(),
            found: visible::value(&miss.found).into_owned(),
            because: miss.because.iter().map(|clause| visible::value(clause).into_owned()).collect(),
        };
        self.misses = misses.into_iter().map(missed).collect();
        // Of further hierarchies, the windows and the whole are those of the first.
        for (number, (program, test)) in parts.iter().enumerate() {
            let windows = all_windows(parts);
            if number == 0 {
                self.windows = windows.iter().map(|window| told(program, test, *window)).collect::<Result<_, _>>()?;
            }
            self.lines.extend(lines(program, test, &windows)?.into_iter().skip(usize::from(number > 0)));
        }
        Ok(())
    }
}

/// The windows that a test asks about in any hierarchy, oldest first.
fn all_windows(parts: &Parts) -> Vec<Window> {
    let mut all: Vec<Window> = parts.iter().flat_map(|(_, test)| trial::windows(test)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn told(program: &Program, test: &Test, window: Window) -> Result<WindowTold, String> {
    let length = program.indicators.get(test.indicator).map(|indicator| indicator.window);
    let row = |fate: RowFate| RowTold {
        is: fate.is.iter().map(outcome).collect::<Vec<_>>().join(", "),
        id: visible::value(&fate.id).into_owned(),
        held_by: visible::value(&fate.held_by).into_owned(),
        because: fate.because.iter().map(|clause| visible::value(clause).into_owned()).collect(),
    };
    Ok(WindowTold {
        words: length.map(|length| words::window(length, window)).unwrap_or_default(),
        first: window.start.to_string(),
        last: window.last_day().to_string(),
        rows: trial::fates(program, test, window)?.into_iter().map(row).collect(),
    })
}

fn outcome(outcome: &Outcome) -> String {
    let word = words::outcome(outcome);
    match outcome {
        Outcome::Excluded(Some(reason)) => format!("{word} \"{}\"", visible::value(reason)),
        Outcome::Excluded(None)
        | Outcome::Met
        | Outcome::Unmet
        | Outcome::Counted
        | Outcome::Undetermined
        | Outcome::Unsure
        | Outcome::Unread
        | Outcome::NotCounted => word.to_owned(),
    }
}

/// The whole, and the entities that rows count for.
fn lines(program: &Program, test: &Test, windows: &[Window]) -> Result<Vec<Line>, String> {
    let Some(indicator) = program.indicators.get(test.indicator) else { return Ok(Vec::new()) };
    let cells = trial::cells(program, test, windows)?;
    let hierarchy = &cells.hierarchy;
    let entities = hierarchy.entities.iter().enumerate();
    let shown = entities.filter(|(number, _)| *number == 0 || cells.has_rows(*number));
    let line = |(number, entity): (usize, &yardstick_results::hierarchy::Entity)| Line {
        level: hierarchy.levels.get(entity.level).cloned().unwrap_or_default(),
        entity: visible::value(&entity.id).into_owned(),
        cells: cells.of(number).map(|cell| cell_told(indicator, cells.unit(), &cell)).collect(),
    };
    Ok(shown.map(line).collect())
}

fn cell_told(indicator: &Indicator, unit: &str, cell: &Cell) -> CellTold {
    let uncertain = cell.value.is_some() && cell.uncertain;
    let sign = marks::sign(cell.sure, uncertain, cell.straddles() == Some(true));
    let value = match cell.state {
        State::Value => format!("{} {}", rounding::number(indicator, cell), words::sign(unit)),
        state => marks::word(state).to_owned(),
    };
    let letter = cell.band.map(|band| band.letter());
    let provisional = cell.provisional.map(|_| marks::PROVISIONAL);
    let tail: String = letter.into_iter().chain(sign).collect::<String>() + provisional.unwrap_or_default();
    let without_target = match cell.own {
        Some(OwnTarget::Without(why)) => Some(why),
        Some(OwnTarget::Is) | None => None,
    };
    let reasons = cell.reason.into_iter().chain(without_target.filter(|why| cell.reason != Some(why)));
    let doubts = match sign {
        Some('?') => vec![marks::UNCERTAIN],
        Some('!') => vec![marks::UNCERTAIN, marks::OPEN],
        Some('~') => vec![marks::NEAR],
        _ => Vec::new(),
    };
    let count = |of: fn(&yardstick_results::counts::Counts) -> u64| cell.counts.map_or(0, of);
    CellTold {
        shown: format!("{} {tail}", value.trim()).trim().to_owned(),
        state: cell.state.id(),
        meaning: marks::meaning(cell.state),
        band: cell.band.map(|band| band.id()),
        value: cell.value,
        numerator: cell.numerator,
        denominator: cell.denominator,
        undetermined: count(|counts| counts.undetermined),
        excluded: count(|counts| counts.excluded_total()),
        unsure: count(|counts| counts.unsure()),
        range: [cell.range.least, cell.range.most],
        reasons: reasons.map(str::to_owned).collect(),
        doubts,
        standard: cell.standard.map(words::thresholds),
    }
}
