//! One `test` block: what its drawn rows come to, against what it expects. The rows are evaluated
//! one by one ([`Interpreter`]), or by whatever else is a [`Rows`].

mod cells;
mod fate;
mod interpreter;

use crate::scorecard::Band;
use crate::scorecard::band::{Limits, Share};
use crate::scorecard::figures::{Figures, figures};
use crate::scorecard::rollup::Total;
use crate::scorecard::{UNASSIGNED, judge, own, words};
pub use cells::{Cells, cells, windows};
use chrono::NaiveDate;
pub use fate::{RowFate, fates};
pub use interpreter::Interpreter;
use std::collections::{BTreeMap, BTreeSet};
use yardstick_language::calendar::Window;
use yardstick_language::decimal::Decimal;
use yardstick_language::interpret::Seen;
use yardstick_language::ir::{
    Colour, Expect, ExpectKind, ExpectedFigure, Figures as Wanted, Indicator, Outcome, Program, Target, Test,
};
use yardstick_language::model::Targets;
use yardstick_language::source::Span;

/// An entity of a test, by its level and id; `None` is the whole.
pub type Entity<'t> = Option<&'t (usize, String)>;

/// What a line of a test is about: rows in a window, of an entity, and of the group of this number.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'t> {
    /// The window.
    pub window: Window,
    /// Whose rows.
    pub of: Entity<'t>,
    /// The group, where rows are broken down.
    pub group: Option<usize>,
}

impl<'t> Asked<'t> {
    fn by(expect: &'t Expect) -> Self {
        let group = expect.group.map(|(_, number)| number);
        Self { window: expect.window, of: expect.of.as_ref(), group }
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Became {
    /// What it is.
    pub outcome: Outcome,
    /// Whether it is not known that it belongs below the line.
    pub unsure: bool,
    /// The id of the entity that holds it, at the level of the attribution.
    pub held_by: String,
}

/// What can be asked of the rows that a test draws.
pub trait Rows {
    /// What the rows that are asked about come to.
    ///
    /// # Errors
    /// Here as below, why it cannot be told.
    fn total(&mut self, asked: Asked) -> Result<Total, String>;

    /// What is known of the target of an entity on a day.
    ///
    /// # Errors
    /// As [`Rows::total`].
    fn target(&mut self, targets: Targets, of: Entity, day: NaiveDate) -> Result<Target, String>;

    /// What became of a row; `None` when it is not among those that are asked about.
    ///
    /// # Errors
    /// As [`Rows::total`].
    fn row(&mut self, asked: Asked, id: &str) -> Result<Option<Became>, String>;

    /// What each clause found on a row, in words; nothing where that is not known.
    ///
    /// # Errors
    /// As [`Rows::total`].
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
pub struct Miss {
    /// Where it stands.
    pub span: Span,
    /// What the test says.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// Of a row: what each clause found.
    pub because: Vec<String>,
}

/// What gives the rows of a test of a program, evaluated in one way.
pub type RowsBy<'e> = &'e dyn for<'a> Fn(&'a Program, &'a Test) -> Result<Box<dyn Rows + 'a>, String>;

/// The rows one by one, by far the fastest for a few rows.
///
/// # Errors
/// When a drawn row breaks the model.
pub fn one_by_one<'a>(program: &'a Program, test: &'a Test) -> Result<Box<dyn Rows + 'a>, String> {
    Ok(Box::new(Interpreter::new(program, test)?))
}

/// The same, and what each condition was is noted.
///
/// # Errors
/// When a drawn row breaks the model.
fn watched<'a>(program: &'a Program, test: &'a Test) -> Result<Box<dyn Rows + 'a>, String> {
    Ok(Box::new(Interpreter::watching(program, test)?))
}

/// A test with what it expects in each hierarchy of levels; never empty.
pub type Parts<'p> = Vec<(&'p Program, &'p Test)>;

/// The tests of the definitions that are wanted, in the order of declaration.
pub fn tests<'p>(program: &'p Program, wanted: impl Fn(&Indicator, &Test) -> bool) -> Vec<Parts<'p>> {
    let mut all: BTreeMap<Span, Parts<'p>> = BTreeMap::new();
    for of in program.hierarchies() {
        for test in of.tests.iter().filter(|test| wanted(&of.indicators[test.indicator], test)) {
            all.entry(test.span).or_default().push((of, test));
        }
    }
    all.into_values().collect()
}

/// The expectations of a test that do not hold, in all hierarchies and in the order of the text; or
/// why the test cannot be run at all.
///
/// # Errors
/// When a drawn row breaks the model, and for mistakes of the program.
pub fn run_parts(parts: &Parts, by: RowsBy) -> Result<Vec<Miss>, String> {
    let misses = parts.iter().map(|(program, test)| run(program, test, by)).collect::<Result<Vec<_>, _>>()?;
    let mut misses = misses.concat();
    misses.sort_by_key(|miss| miss.span);
    Ok(misses)
}

/// The expectations that do not hold.
///
/// # Errors
/// Why the test cannot be run at all: a drawn row breaks the model, or the program has a mistake.
pub fn run(program: &Program, test: &Test, by: RowsBy) -> Result<Vec<Miss>, String> {
    let mut misses = vec![None; test.expects.len()];
    each(program, test, by, &mut |trial, number| {
        let missed = test.expects.get(number).map(|expect| trial.miss(expect)).transpose()?.flatten();
        misses.splice(number..=number, [missed]);
        Ok(true)
    })?;
    Ok(misses.into_iter().flatten().collect())
}

/// Whether an expectation does not hold, or the test cannot be run: no further one is looked at.
#[must_use]
pub fn fails(program: &Program, test: &Test) -> bool {
    let mut holds = true;
    let all = each(program, test, &one_by_one, &mut |trial, number| {
        holds = test.expects.get(number).map(|expect| trial.holds(expect)).transpose()?.unwrap_or(true);
        Ok(holds)
    });
    all.is_err() || !holds
}

/// What the conditions that have places were, on the rows and in the windows that the test asks
/// about.
///
/// # Errors
/// As [`run`].
pub fn seen(program: &Program, test: &Test) -> Result<Seen, String> {
    let mut seen = Seen::default();
    each(program, test, &watched, &mut |trial, number| {
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
    by: RowsBy,
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
    fn new(program: &'a Program, test: &'a Test, by: RowsBy) -> Result<Self, String> {
        let indicator = &program.indicators[test.indicator];
        Ok(Self { program, test, indicator, rows: by(program, test)? })
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

/// That no row of the test draws or names an entity.
#[must_use]
pub fn no_such_entity(program: &Program, level: usize, id: &str) -> String {
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
    format!("{id} {}{reason}{held}", words::outcome(outcome))
}
