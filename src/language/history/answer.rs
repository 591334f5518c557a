//! What a definition makes of a history, row by row, and where two differ.

use super::{Definition, History, Shape, Shown};
use crate::calendar::Window;
use crate::interpret::{self, Arithmetic, Question, Value, Verdict};
use crate::ir::Outcome;
use crate::model::Model;
use std::collections::{BTreeMap, BTreeSet};

/// How far down the conditions inside a clause lead a search.
const LEVELS: usize = 5;

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowAnswer {
    /// What it is.
    pub outcome: Outcome,
    /// Whether it is not known that it belongs below the line.
    pub unsure: bool,
    /// Events, a value, or a time.
    pub amount: Option<i64>,
    /// What stands below the line of a rate.
    pub exposure: Option<i64>,
    /// Who holds it at the level of the attribution, where that is asked for.
    pub held_by: Option<String>,
}

impl RowAnswer {
    /// A row that is no row of the cohort in this window.
    fn absent() -> Self {
        Self { outcome: Outcome::NotCounted, unsure: false, amount: None, exposure: None, held_by: None }
    }

    /// Whether all is known that decides what becomes of the row.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        !self.unsure && !matches!(self.outcome, Outcome::Undetermined | Outcome::Unsure | Outcome::Unread)
    }

    /// Whether the row is in the cohort.
    #[must_use]
    pub fn is_in(&self) -> bool {
        !matches!(self.outcome, Outcome::NotCounted | Outcome::Unsure | Outcome::Unread)
    }
}

/// What a definition makes of a history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Whether the window can be shown; without it there is nothing else.
    pub shown: bool,
    /// What became of the rows of the cohort, by what they are called.
    pub rows: BTreeMap<String, RowAnswer>,
    /// Every form in which a test can expect what the cell shows.
    pub forms: Vec<String>,
    /// Which conditions were true, false or unknown on the rows.
    pub(super) signature: Vec<u8>,
    /// The verdicts behind it.
    pub(super) verdicts: Vec<Verdict>,
}

impl Answer {
    /// What became of a row.
    #[must_use]
    pub fn row(&self, name: &str) -> RowAnswer {
        self.rows.get(name).cloned().unwrap_or_else(RowAnswer::absent)
    }

    /// The rows of which another answer says something else, in the order of their names.
    #[must_use]
    pub fn other_rows(&self, than: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.rows.keys().chain(than.rows.keys()).collect();
        names.into_iter().filter(|name| self.row(name) != than.row(name)).cloned().collect()
    }
}

/// How two answers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    /// In nothing.
    None,
    /// Only in what is not known of a row.
    Unclear,
    /// In what is known.
    Clear,
}

impl Difference {
    pub(super) fn between(old: &Answer, new: &Answer) -> Self {
        if old.shown != new.shown {
            return Self::Clear;
        }
        let rows = old.other_rows(new);
        if rows.iter().any(|name| old.row(name).is_clear() && new.row(name).is_clear()) {
            return Self::Clear;
        }
        match (rows.is_empty(), old.forms == new.forms) {
            (true, true) => Self::None,
            (true, false) => Self::Clear,
            (false, _) => Self::Unclear,
        }
    }
}

/// What is asked of definitions, and with which arithmetic.
pub(super) struct Asked<'a> {
    pub(super) shape: &'a Shape,
    /// The world that histories are drawn in.
    pub(super) drawn_in: &'a Model,
    pub(super) shown: &'a dyn Shown,
    /// Whether the signature is wanted.
    pub(super) traced: bool,
    /// The reasons that all definitions have; of others only is said that a row is excluded.
    pub(super) reasons: BTreeSet<String>,
}

impl Asked<'_> {
    /// What a definition makes of a history; nothing when its rows break its model, or it has no
    /// such window. The rows are read once for definitions of one model, which pass `drawn` on.
    pub(super) fn answer<'m>(
        &self,
        of: Definition<'m>,
        history: &History,
        arithmetic: &dyn Arithmetic,
        drawn: &mut Option<interpret::World<'m>>,
    ) -> Option<Answer> {
        let indicator = of.indicator();
        let window = indicator.window_ending(history.last_day)?;
        if !indicator.reportable(window, history.as_of) {
            let forms = vec!["not observable".to_owned()];
            return Some(Answer { forms, ..Answer::default() });
        }
        if drawn.is_none() {
            let test = self.shape.test(history, self.drawn_in, of);
            *drawn = Some(interpret::drawn(of.model(), &test).ok()?);
        }
        let world = drawn.as_ref()?;
        let question = Question { world, indicator, as_of: history.as_of, window, level: 0, arithmetic };
        let verdicts = interpret::cases(question).ok()?;
        let named = |verdict: &Verdict| {
            let name = world.name(indicator.cohort.table, verdict.row);
            (name, self.row_answer(of, world, verdict))
        };
        let rows = verdicts.iter().map(named).collect();
        let signature = if self.traced { signature(question, &verdicts) } else { Vec::new() };
        let forms = self.shown.forms(of, window, &verdicts);
        Some(Answer { shown: true, rows, forms, signature, verdicts })
    }

    fn row_answer(&self, of: Definition, world: &interpret::World, verdict: &Verdict) -> RowAnswer {
        let outcome = match &verdict.outcome {
            Outcome::Excluded(Some(reason)) if !self.reasons.contains(reason) => Outcome::Excluded(None),
            outcome => outcome.clone(),
        };
        let level = of.indicator().attribution.level;
        let holder = || {
            let table = of.model().levels.get(level)?.table?;
            let row = verdict.entities.get(level.checked_sub(1)?).copied().flatten();
            Some(row.map_or_else(|| crate::model::UNASSIGNED.to_owned(), |row| world.name(table, row)))
        };
        let held_by = if self.shape.holders { holder() } else { None };
        let Verdict { unsure, amount, exposure, .. } = *verdict;
        RowAnswer { outcome, unsure, amount, exposure, held_by }
    }
}

/// Which conditions were true, false or unknown, and which values were there, on every row of the
/// cohort's table, each row's in order.
fn signature(asked: Question, verdicts: &[Verdict]) -> Vec<u8> {
    let mut of_rows: Vec<Vec<u8>> = Vec::new();
    for row in 0..asked.world.rows(asked.indicator.cohort.table).len() {
        let mut found = Vec::new();
        for (_, finding) in interpret::trace(asked, row, LEVELS).unwrap_or_default() {
            push(&mut found, &finding);
        }
        let verdict = verdicts.iter().find(|verdict| verdict.row == row);
        found.push(verdict.map_or(0, |verdict| 1 + u8::from(verdict.unsure)));
        of_rows.push(found);
    }
    of_rows.sort();
    of_rows.concat()
}

fn push(found: &mut Vec<u8>, finding: &interpret::Finding) {
    found.push(match finding.value {
        None => 0,
        Some(Value::Bool(false)) => 1,
        Some(Value::Bool(true)) => 2,
        Some(_) => 3,
    });
    finding.parts.iter().for_each(|part| push(found, part));
    let mut inside: Vec<Vec<u8>> = Vec::new();
    for (_, parts) in &finding.rows {
        let mut of_row = Vec::new();
        parts.iter().for_each(|part| push(&mut of_row, part));
        inside.push(of_row);
    }
    inside.sort();
    found.extend(inside.concat());
}

/// The window of a definition that a history is looked at in.
pub(super) fn window(of: Definition, history: &History) -> Option<Window> {
    of.indicator().window_ending(history.last_day)
}
