//! What will be unmet unless something is recorded: the same definition, looking forward. The
//! interpreter is asked of a row as of later and later days, with nothing added.

use super::Asked;
use super::found::{Found, find};
use crate::calendar::{Window, add_days};
use crate::functions::Calendar;
use crate::interpret::{Fault, Question, Standing, Verdict, World, cases, rivals, standing_among};
use crate::ir::{Indicator, Outcome, Part};
use crate::still_open;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Without a day on which a window is final, so many days are looked ahead.
const AHEAD: i64 = 3 * 366;

/// A row that will be unmet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The number of the row in the cohort's table.
    pub row: usize,
    /// What it is called.
    pub id: String,
    /// The parts of the numerator that will not hold then, as the text has them.
    pub what: Vec<String>,
    /// The last day on which something can be recorded: with nothing recorded through it the row is
    /// unmet, and with nothing recorded through the day before it is still open.
    pub by: NaiveDate,
    /// The window in which it is.
    pub window: Window,
    /// Who holds it, from the largest level below the whole to the smallest.
    pub entities: Vec<Option<usize>>,
}

/// The rows that are open as of the last day of the data and will be unmet if nothing is recorded,
/// the soonest first: each in the first window that it is in and that is not known yet.
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn due(world: &World, asked: Asked, windows: &[Window]) -> Result<Vec<Due>, Fault> {
    let open = still_open::going_on(world.model, asked.indicator);
    let mut found: Vec<Due> = Vec::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for window in windows {
        let question = question(world, asked, &open, *window, asked.as_of);
        for verdict in cases(question)? {
            if !is_open(&verdict) || seen.contains(&verdict.row) {
                continue;
            }
            if let Some((by, then)) = by(world, asked, (&open, *window), verdict.row)? {
                seen.insert(verdict.row);
                found.push(told(world, asked, (*window, by), then)?);
            }
        }
    }
    found.sort_by(|a, b| (a.by, &a.id, a.row).cmp(&(b.by, &b.id, b.row)));
    Ok(found)
}

fn question<'w>(
    world: &'w World<'w>,
    asked: Asked<'w>,
    indicator: &'w Indicator,
    window: Window,
    as_of: NaiveDate,
) -> Question<'w> {
    Question { world, indicator, as_of, window, level: asked.level, arithmetic: &Calendar }
}

/// Whether it is not known yet what becomes of a row that is in use.
fn is_open(verdict: &Verdict) -> bool {
    matches!(verdict.outcome, Outcome::Undetermined | Outcome::Unsure)
}

/// What becomes of a row as of a day, with nothing added: how it is unmet for certain.
fn unmet(
    world: &World,
    asked: Asked,
    (open, window): (&Indicator, Window),
    (row, rivals): (usize, Option<&[usize]>),
    as_of: NaiveDate,
) -> Result<Option<Verdict>, Fault> {
    let standing = standing_among(question(world, asked, open, window, as_of), row, rivals)?;
    Ok(match standing {
        Standing::Case(verdict) if verdict.outcome == Outcome::Unmet && !verdict.unsure => Some(verdict),
        Standing::Case(_)
        | Standing::Out
        | Standing::NotPicked(_)
        | Standing::PickedForNothing
        | Standing::OutInAnyCase(_) => None,
    })
}

/// The first day as of which an open row is unmet, and what became of it: halfway between, again
/// and again, a day on which it is not and one on which it is.
fn by(
    world: &World,
    asked: Asked,
    of: (&Indicator, Window),
    row: usize,
) -> Result<Option<(NaiveDate, Verdict)>, Fault> {
    let rivals = rivals(question(world, asked, of.0, of.1, asked.as_of), row)?;
    let on = |day| unmet(world, asked, of, (row, rivals.as_deref()), day);
    let last = asked.indicator.final_on(of.1).or_else(|| add_days(asked.as_of, AHEAD));
    let Some(mut last) = last.filter(|last| asked.as_of < *last) else { return Ok(None) };
    let Some(mut then) = on(last)? else { return Ok(None) };
    let mut before = asked.as_of;
    while (last - before).num_days() > 1 {
        let Some(middle) = add_days(before, (last - before).num_days() / 2) else { break };
        match on(middle)? {
            Some(verdict) => (last, then) = (middle, verdict),
            None => before = middle,
        }
    }
    Ok(Some((last, then)))
}

/// What is due of a row, in the words of the text.
fn told(world: &World, asked: Asked, (window, by): (Window, NaiveDate), then: Verdict) -> Result<Due, Fault> {
    let indicator = asked.indicator;
    find(asked, question(world, asked, indicator, window, by), |finder| {
        let numerator = indicator.measure.parts().into_iter().find(|(part, _)| *part == Part::Numerator);
        let found = numerator.map(|(_, e)| finder.clause(String::new(), e, then.row, true));
        let mut what: Vec<String> = Vec::new();
        for text in found.map(|Found { decided, .. }| decided).unwrap_or_default().into_iter().flatten() {
            if !what.contains(&text) {
                what.push(text);
            }
        }
        let id = finder.text.words.id(indicator.cohort.table, then.row);
        Due { row: then.row, id, what, by, window, entities: then.entities }
    })
}
