//! Runs one `test` block: what its drawn rows come to, against what it expects.

mod both;
mod engine;
mod interpreter;

use super::case_table::word;
use crate::calendar::Window;
use crate::decimal::Decimal;
use crate::hierarchy::UNASSIGNED;
use crate::interpret::Seen;
use crate::ir::{
    Colour, Expect, ExpectKind, ExpectedFigure, Figures as Wanted, Indicator, Outcome, Program, Target, Test,
};
use crate::model::Targets;
use crate::scorecard::Band;
use crate::scorecard::band::{Limits, Share};
use crate::scorecard::figures::{Figures, figures};
use crate::scorecard::judge;
use crate::scorecard::own;
use crate::scorecard::rollup::Total;
use crate::source::Span;
use chrono::NaiveDate;
use clap::ValueEnum;
use std::collections::BTreeSet;

/// What a test's rows are evaluated by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// Row by row: by far the fastest for a few rows.
    #[default]
    Interpreter,
    /// By the engine that runs scorecards.
    #[value(name = "datafusion")]
    Engine,
    /// By the one and the other, which must agree.
    Both,
    /// Row by row, with what each condition was.
    #[value(skip)]
    Watched,
}

/// An entity of a test, by its level and id; `None` is the whole.
type Entity<'t> = Option<&'t (usize, String)>;

/// What a line of a test is about: rows in a window, of an entity, and of the group of this number.
#[derive(Debug, Clone, Copy)]
struct Asked<'t> {
    window: Window,
    of: Entity<'t>,
    group: Option<usize>,
}

impl<'t> Asked<'t> {
    fn by(expect: &'t Expect) -> Self {
        let group = expect.group.map(|(_, number)| number);
        Self { window: expect.window, of: expect.of.as_ref(), group }
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Became {
    outcome: Outcome,
    /// Whether it is not known that it belongs below the line.
    unsure: bool,
    /// The id of the entity that holds it, at the level of the attribution.
    held_by: String,
}

/// What can be asked of the rows that a test draws. An error says why it cannot be told.
trait Rows {
    /// What the rows that are asked about come to.
    fn total(&mut self, asked: Asked) -> Result<Total, String>;

    /// What is known of the target of an entity on a day.
    fn target(&mut self, targets: Targets, of: Entity, day: NaiveDate) -> Result<Target, String>;

    /// What became of a row; `None` when it is not among those that are asked about.
    fn row(&mut self, asked: Asked, id: &str) -> Result<Option<Became>, String>;

    /// What each clause found on a row, in words; nothing where that is not known.
    fn clauses(&mut self, asked: Asked, id: &str) -> Result<Vec<String>, String>;

    /// What the conditions that have places were, where they are watched.
    fn seen(&mut self) -> Seen {
        Seen::default()
    }
}

/// Rows without a value, as a test says it.
const NOT_ESTIMABLE: &str = "not estimable";

/// What a window came to.
struct Found {
    figures: Figures,
    undetermined: u64,
    excluded: u64,
    unsure: u64,
    provisional: bool,
    colour: Option<Band>,
}

/// An expectation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Miss {
    /// Where it stands.
    pub(super) span: Span,
    /// What the test says.
    pub(super) expected: String,
    /// What was found.
    pub(super) found: String,
    /// Of a row: what each clause found.
    pub(super) because: Vec<String>,
}

/// The expectations that do not hold; or why the test cannot be run at all.
pub(super) fn run(program: &Program, test: &Test, by: By) -> Result<Vec<Miss>, String> {
    let mut misses = vec![None; test.expects.len()];
    each(program, test, by, &mut |trial, number| {
        let missed = test.expects.get(number).map(|expect| trial.miss(expect)).transpose()?.flatten();
        misses.splice(number..=number, [missed]);
        Ok(true)
    })?;
    Ok(misses.into_iter().flatten().collect())
}

/// Whether an expectation does not hold, or the test cannot be run: no further one is looked at.
pub(super) fn fails(program: &Program, test: &Test) -> bool {
    let mut holds = true;
    let all = each(program, test, By::Interpreter, &mut |trial, number| {
        holds = test.expects.get(number).map(|expect| trial.holds(expect)).transpose()?.unwrap_or(true);
        Ok(holds)
    });
    all.is_err() || !holds
}

/// What the conditions that have places were, on the rows and in the windows that the test asks
/// about.
pub(super) fn seen(program: &Program, test: &Test) -> Result<Seen, String> {
    let mut seen = Seen::default();
    each(program, test, By::Watched, &mut |trial, number| {
        test.expects.get(number).map(|expect| trial.holds(expect)).transpose()?;
        seen.add(&trial.rows.seen());
        Ok(true)
    })?;
    Ok(seen)
}

/// Looks at the expectations by their numbers, those of a breakdown together, as long as `look`
/// says so.
fn each(
    program: &Program,
    test: &Test,
    by: By,
    look: &mut dyn FnMut(&mut Trial, usize) -> Result<bool, String>,
) -> Result<(), String> {
    let breakdowns: BTreeSet<Option<usize>> = test.expects.iter().map(breakdown).collect();
    for number in breakdowns {
        let split = number.map(|number| broken_down(program, test, number)).transpose()?;
        let mut trial = Trial::new(split.as_ref().unwrap_or(program), test, by)?;
        let of_these = test.expects.iter().enumerate().filter(|(_, expect)| breakdown(expect) == number);
        for (place, _) in of_these {
            if !look(&mut trial, place)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The breakdown of whose groups something is expected.
fn breakdown(expect: &Expect) -> Option<usize> {
    expect.group.map(|(breakdown, _)| breakdown)
}

/// The definitions in which the indicator of a test is broken down.
fn broken_down(program: &Program, test: &Test, breakdown: usize) -> Result<Program, String> {
    let split = program.split(test.indicator, &[breakdown]);
    let split = split.ok_or_else(|| "internal error: the indicator has no such groups".to_owned())?;
    let mut program = program.clone();
    program.indicators[test.indicator] = split;
    Ok(program)
}

struct Trial<'a> {
    program: &'a Program,
    test: &'a Test,
    indicator: &'a Indicator,
    rows: Box<dyn Rows + 'a>,
}

impl<'a> Trial<'a> {
    fn new(program: &'a Program, test: &'a Test, by: By) -> Result<Self, String> {
        let indicator = &program.indicators[test.indicator];
        let rows: Box<dyn Rows + 'a> = match by {
            By::Interpreter => Box::new(interpreter::Interpreter::new(program, test)?),
            By::Watched => Box::new(interpreter::Interpreter::watching(program, test)?),
            By::Engine => Box::new(engine::Engine::new(program, test)?),
            By::Both => {
                let interpreter = interpreter::Interpreter::new(program, test)?;
                Box::new(both::Both { interpreter, engine: engine::Engine::new(program, test)? })
            }
        };
        Ok(Self { program, test, indicator, rows })
    }

    /// What a window came to; `None` when it cannot be reported.
    fn found(&mut self, expect: &Expect) -> Result<Option<Found>, String> {
        if !self.indicator.reportable(expect.window, self.test.as_of) {
            return Ok(None);
        }
        let total = self.rows.total(Asked::by(expect))?;
        let figures = figures(&self.indicator.measure, &total, expect.window);
        Ok(Some(Found {
            colour: judge::colour(self.indicator, self.standard(expect)?, &figures),
            figures,
            undetermined: total.counts.undetermined,
            excluded: total.counts.excluded_total(),
            unsure: total.counts.unsure(),
            provisional: self.indicator.is_provisional(expect.window, self.test.as_of),
        }))
    }

    /// The standard that judges what is asked about: the entity's own, or the one in force.
    fn standard(&mut self, expect: &Expect) -> Result<Option<Limits>, String> {
        let day = expect.window.last_day();
        let level = expect.of.as_ref().map_or(0, |(level, _)| *level);
        let Some(own) = self.indicator.own_standard(&self.program.model, level) else {
            return Ok(self.indicator.standard_on(day).and_then(Limits::of));
        };
        Ok(own::limits(own, self.rows.target(own.targets, expect.of.as_ref(), day)?))
    }

    /// Whether an expectation holds.
    fn holds(&mut self, expect: &Expect) -> Result<bool, String> {
        let reportable = self.indicator.reportable(expect.window, self.test.as_of);
        Ok(match &expect.kind {
            ExpectKind::Figures(wanted) => self.found(expect)?.is_some_and(|found| found.is(wanted)),
            ExpectKind::NotObservable => !reportable,
            ExpectKind::Row { id, outcome, held_by } => {
                reportable && becomes(self.rows.row(Asked::by(expect), id)?.as_ref(), outcome, held_by.as_deref())
            }
        })
    }

    fn miss(&mut self, expect: &Expect) -> Result<Option<Miss>, String> {
        let (expected, found) = match &expect.kind {
            ExpectKind::Figures(wanted) => {
                let found = self.found(expect)?;
                if found.as_ref().is_some_and(|found| found.is(wanted)) {
                    return Ok(None);
                }
                let (first, value) = match wanted.first {
                    ExpectedFigure::Above(figure) => (figure.to_string(), false),
                    ExpectedFigure::Value(figure) => (format!("value {figure}"), true),
                    ExpectedFigure::NotEstimable => (NOT_ESTIMABLE.to_owned(), true),
                };
                let told = found.map_or_else(not_observable, |found| found.told(value, wanted.colour.is_some()));
                let others = [wanted.undetermined, wanted.excluded, wanted.unsure];
                let expected = said(&first, &wanted.of.to_string(), others, wanted.provisional);
                (with_colour(expected, wanted.colour), told)
            }
            ExpectKind::NotObservable => match self.found(expect)? {
                None => return Ok(None),
                Some(found) => (not_observable(), found.told(!self.indicator.measure.is_additive(), false)),
            },
            ExpectKind::Row { id, outcome, held_by } => {
                return self.miss_of_row(expect, id, outcome, held_by.as_deref());
            }
        };
        Ok(Some(self.told(expect, &expected, found, Vec::new())))
    }

    fn miss_of_row(
        &mut self,
        expect: &Expect,
        id: &str,
        outcome: &Outcome,
        held_by: Option<&str>,
    ) -> Result<Option<Miss>, String> {
        let expected = row(id, outcome, held_by);
        if !self.indicator.reportable(expect.window, self.test.as_of) {
            return Ok(Some(self.told(expect, &expected, not_observable(), Vec::new())));
        }
        let became = self.rows.row(Asked::by(expect), id)?;
        if becomes(became.as_ref(), outcome, held_by) {
            return Ok(None);
        }
        let (is, by) = told_of(became.as_ref());
        let all: Vec<String> = is.iter().map(|is| row(id, is, held_by.map(|_| by))).collect();
        let because = self.rows.clauses(Asked::by(expect), id)?;
        Ok(Some(self.told(expect, &expected, all.join(" and "), because)))
    }

    fn told(&self, expect: &Expect, expected: &str, found: String, because: Vec<String>) -> Miss {
        let levels = &self.program.model.levels;
        let level = |level: usize| levels.get(level).map_or("", |level| level.name.as_str());
        let of = expect.of.as_ref().map(|(of, id)| format!(" in {} {id}", level(*of))).unwrap_or_default();
        let group = expect.group.and_then(|(breakdown, number)| {
            let (value, _) = self.program.group_values(&[breakdown]).into_iter().nth(number)?;
            Some(format!(" of {} \"{value}\"", self.program.breakdowns.get(breakdown)?.name))
        });
        let group = group.unwrap_or_default();
        let place = format!("window ending {}{of}{group}: ", expect.window.last_day());
        Miss { span: expect.span, expected: place + expected, found, because }
    }
}

/// What became of a row, all that is said of it, and who holds it.
fn told_of(became: Option<&Became>) -> (Vec<Outcome>, &str) {
    let Some(became) = became else { return (vec![Outcome::NotCounted], UNASSIGNED) };
    let besides = (became.unsure && became.outcome != Outcome::Unsure).then_some(Outcome::Unsure);
    (std::iter::once(became.outcome.clone()).chain(besides).collect(), became.held_by.as_str())
}

/// Whether a row became what is expected, and is held by whom it should be.
fn becomes(became: Option<&Became>, outcome: &Outcome, held_by: Option<&str>) -> bool {
    let (is, by) = told_of(became);
    is.iter().any(|is| same(outcome, is)) && held_by.is_none_or(|expected| expected == by)
}

fn not_observable() -> String {
    "not observable".to_owned()
}

/// An entity that no row of the test draws or names.
fn no_such_entity(program: &Program, level: usize, id: &str) -> String {
    let level = program.model.levels.get(level).map_or("", |level| level.name.as_str());
    format!("no row of the test draws or names the {level} `{id}`")
}

/// Whether a row's outcome is the one expected; a reason counts only when the test gives one.
fn same(expected: &Outcome, found: &Outcome) -> bool {
    match (expected, found) {
        (Outcome::Excluded(None), Outcome::Excluded(_)) => true,
        (expected, found) => expected == found,
    }
}

impl Found {
    fn is(&self, wanted: &Wanted) -> bool {
        // The figures of a test are written with as few decimals as their author likes.
        let same = |found: Option<Share>, wanted: Decimal| found.is_some_and(|found| found.is_written_as(wanted));
        let first = match wanted.first {
            ExpectedFigure::Above(figure) => same(self.figures.numerator, figure),
            ExpectedFigure::Value(figure) => same(self.figures.value, figure),
            ExpectedFigure::NotEstimable => self.figures.is_not_estimable(),
        };
        first
            && same(self.figures.denominator, wanted.of)
            && wanted.undetermined.is_none_or(|n| n == self.undetermined)
            && wanted.excluded.is_none_or(|n| n == self.excluded)
            && wanted.unsure.is_none_or(|n| n == self.unsure)
            && (self.provisional || !wanted.provisional)
            && wanted.colour.is_none_or(|colour| colour == of_band(self.colour))
    }

    /// What was found: above the line, or the value; with the colour when it is asked for.
    fn told(&self, value: bool, coloured: bool) -> String {
        let figures = &self.figures;
        let figure = |figure: Option<Share>| figure.map_or_else(|| "none".to_owned(), |f| f.figure().to_string());
        let first = match value {
            false => figure(figures.numerator),
            true if figures.is_not_estimable() => NOT_ESTIMABLE.to_owned(),
            true => format!("value {}", figure(figures.value)),
        };
        // Unsure rows are few, and most authors do not think of them: none are not spoken of.
        let unsure = Some(self.unsure).filter(|n| *n > 0);
        let of = figures.denominator.map_or(0.0, Share::figure).to_string();
        let text = said(&first, &of, [Some(self.undetermined), Some(self.excluded), unsure], self.provisional);
        with_colour(text, coloured.then(|| of_band(self.colour)))
    }
}

/// A colour as a test says it.
fn of_band(band: Option<Band>) -> Colour {
    match band {
        Some(Band::Green) => Colour::Green,
        Some(Band::Yellow) => Colour::Yellow,
        Some(Band::Red) => Colour::Red,
        None => Colour::None,
    }
}

fn with_colour(text: String, colour: Option<Colour>) -> String {
    let colour = match colour {
        None => return text,
        Some(Colour::Green) => "green",
        Some(Colour::Yellow) => "yellow",
        Some(Colour::Red) => "red",
        Some(Colour::None) => "no colour",
    };
    format!("{text}, {colour}")
}

fn said(first: &str, of: &str, others: [Option<u64>; 3], provisional: bool) -> String {
    let mut text = format!("{first} of {of}");
    for (count, word) in others.into_iter().zip(["undetermined", "excluded", "unsure"]) {
        if let Some(count) = count {
            text += &format!(", {count} {word}");
        }
    }
    if provisional { text + ", provisional" } else { text }
}

fn row(id: &str, outcome: &Outcome, held_by: Option<&str>) -> String {
    let reason = match outcome {
        Outcome::Excluded(Some(reason)) => format!(" \"{reason}\""),
        Outcome::Excluded(None)
        | Outcome::Met
        | Outcome::Unmet
        | Outcome::Counted
        | Outcome::Undetermined
        | Outcome::Unsure
        | Outcome::Unread
        | Outcome::NotCounted => String::new(),
    };
    let held = held_by.map(|h| format!(" held by {h}")).unwrap_or_default();
    format!("{id} {}{reason}{held}", word(outcome))
}
