//! Two measures across the entities of one level: which entities have both, which not and why, and
//! how the two go together.

use super::cell::State;
use super::judged::Judged;
use super::rounding;
use super::spearman::{NotEstimable, Spearman, spearman};
use super::words;
use chrono::NaiveDate;
use yardstick_language::calendar::Window;

/// One of the two measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The indicator's id.
    pub id: String,
    /// Its short name.
    pub title: String,
    /// The unit of its values.
    pub unit: String,
    /// The window.
    pub window: Window,
    /// The window in words.
    pub window_in_words: String,
    /// The meaning hash.
    pub meaning: String,
}

/// An entity that has both values.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its values: of the first measure, and of the second.
    pub values: [f64; 2],
    /// The same with as few decimals as are honest.
    pub numbers: [String; 2],
}

/// An entity that has not both.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its values, where it has one that may be shown.
    pub values: [Option<f64>; 2],
    /// Why, in words.
    pub why: String,
}

/// How two measures go together.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Whose data it is.
    pub organization: String,
    /// The last day the data is complete through.
    pub as_of: NaiveDate,
    /// The level.
    pub level: String,
    /// The two measures; the first goes to the right in a picture.
    pub sides: [Side; 2],
    /// The entities that have both, in the order of the hierarchy.
    pub points: Vec<Point>,
    /// The others.
    pub left_out: Vec<LeftOut>,
    /// The rank correlation, or why there is none.
    pub spearman: Result<Spearman, NotEstimable>,
    /// What the reader must know about the data.
    pub notes: Vec<String>,
}

/// Why rows that belong to nobody are left out.
const NOBODYS: &str = "rows that belong to nobody";

impl Relation {
    /// The relation of the two columns of a run, in the latest window of each, at a level.
    ///
    /// `None` when one of the two was not measured.
    #[must_use]
    pub fn of(judged: &Judged, level: usize) -> Option<Self> {
        let &[first, second] = judged.indicators.as_slice() else { return None };
        let sides = [side(judged, first)?, side(judged, second)?];
        let (mut points, mut left_out) = (Vec::new(), Vec::new());
        for (entity, of) in judged.hierarchy.entities.iter().enumerate().filter(|(_, of)| of.level == level) {
            let found = [cell(judged, first, entity)?, cell(judged, second, entity)?];
            let [x, y] = found.each_ref().map(|found| found.value);
            match (x, y) {
                (Some(x), Some(y)) if !of.is_unassigned() => points.push(Point {
                    id: of.id.clone(),
                    name: of.name.clone(),
                    values: [x, y],
                    numbers: found.map(|found| found.number),
                }),
                // Who has left has no row on a scorecard either.
                (None, None) if found.iter().all(|found| found.state == State::NoCases) => {}
                (_, _) if of.is_unassigned() => {
                    left_out.push(LeftOut {
                        id: of.id.clone(),
                        name: of.name.clone(),
                        values: [x, y],
                        why: NOBODYS.to_owned(),
                    });
                }
                (_, _) => {
                    let why: Vec<String> = found
                        .iter()
                        .zip(&sides)
                        .filter(|(found, _)| found.value.is_none())
                        .map(|(found, side)| format!("{}: {}", side.id, found.why))
                        .collect();
                    left_out.push(LeftOut {
                        id: of.id.clone(),
                        name: of.name.clone(),
                        values: [x, y],
                        why: why.join("; "),
                    });
                }
            }
        }
        let pairs: Vec<(f64, f64)> = points.iter().map(|point| (point.values[0], point.values[1])).collect();
        Some(Self {
            organization: judged.heading.organization.clone(),
            as_of: judged.heading.as_of,
            level: judged.hierarchy.levels.get(level).cloned().unwrap_or_default(),
            sides,
            points,
            left_out,
            spearman: spearman(&pairs),
            notes: judged.heading.notes.clone(),
        })
    }

    /// The result in a line: `0.31, 95 % interval -0.05 to 0.60, over 22 entities`.
    #[must_use]
    pub fn result(&self) -> String {
        let over = format!("over {} of level {}", entities(self.points.len()), self.level);
        match self.spearman {
            Ok(Spearman { rho, interval: Some(interval) }) => format!(
                "Spearman's rank correlation {rho:.2}, 95 % interval {:.2} to {:.2}, {over}",
                interval.low, interval.high
            ),
            Ok(Spearman { rho, interval: None }) => {
                format!("Spearman's rank correlation {rho:.0}, without an interval: all ranks are in one order, {over}")
            }
            Err(NotEstimable::TooFew) => {
                format!(
                    "No rank correlation: only {} of level {} have both values, and it takes 4",
                    entities(self.points.len()),
                    self.level
                )
            }
            Err(NotEstimable::AllAlike(second)) => {
                format!(
                    "No rank correlation: all values of {} are the same, {over}",
                    self.sides[usize::from(second)].id
                )
            }
        }
    }

    /// What follows from the result and what does not, in sentences.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut said = Vec::new();
        if let Ok(Spearman { interval: Some(interval), .. }) = self.spearman {
            said.push(match interval.low <= 0.0 && interval.high >= 0.0 {
                true => "The interval holds 0: chance alone can have put them so.".to_owned(),
                false => "The interval does not hold 0: chance alone would rarely put them so.".to_owned(),
            });
        }
        said.push(
            "It is no cause: the one need not move the other. What moves both, such as hard cases or a new law, makes them go \
             together, too."
                .to_owned(),
        );
        if (1..10).contains(&self.points.len()) {
            said.push(format!("With {} a single one can turn the result round.", entities(self.points.len())));
        }
        if self.sides[0].window != self.sides[1].window {
            said.push(
                "The windows differ, since each measure waits for its own outcomes; --window DATE takes one for both."
                    .to_owned(),
            );
        }
        said.push(
            "The interval takes the entities as independent. Rows that count for both measures or for several entities make it too \
             narrow; small entities scatter more than large ones, which draws the result towards 0."
                .to_owned(),
        );
        said
    }
}

fn entities(n: usize) -> String {
    if n == 1 { "1 entity".to_owned() } else { format!("{n} entities") }
}

fn side(judged: &Judged, number: usize) -> Option<Side> {
    let indicator = judged.program.indicators.get(number)?;
    let window = judged.latest_window(number)?;
    Some(Side {
        id: indicator.id.clone(),
        title: indicator.about.title.clone(),
        unit: indicator.measure.kind().unit(),
        window,
        window_in_words: words::window(indicator.window, window),
        meaning: indicator.meaning.clone(),
    })
}

/// A cell as far as it is needed.
struct Found {
    state: State,
    value: Option<f64>,
    number: String,
    why: String,
}

fn cell(judged: &Judged, number: usize, entity: usize) -> Option<Found> {
    let indicator = judged.program.indicators.get(number)?;
    let table = judged.whole(number)?;
    let cell = table.cells(&judged.program, entity).last()?;
    let why = match cell.state {
        State::NoCases => "no cases".to_owned(),
        State::Value
        | State::TooFew
        | State::NotEstimable
        | State::Suppressed
        | State::NotObservable
        | State::BadData => cell.reason.unwrap_or_default().to_owned(),
    };
    Some(Found { state: cell.state, value: cell.value, number: rounding::number(indicator, &cell), why })
}
