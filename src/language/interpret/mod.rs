//! The evaluator: what an indicator means, row by row, as plainly as it can be said. No engine.
//!
//! ```text
//!  text ──cut──▶ what was known at the end of a day ──read──▶ World ──cohort──▶ rows ──measured──▶ Verdict
//! ```
//!
//! It follows the words on [`ExprKind`](crate::ir::ExprKind) and shares nothing with the plans of
//! the engine, which are compared with it on generated indicators and data. `yardstick test` runs
//! the drawn rows of tests by it. It is easy to believe, not fast on many rows.
//!
//! - [`World`]: tables as rows, read from text ([`TextTable`]) or from what a test draws
//!   ([`drawn`]).
//! - [`Question`]: an indicator, a window and a level; [`cases`] gives what became of every row.
//! - [`Arithmetic`]: calendar months. The tests put their own in its place.
//! - [`trace`]: what each clause found on one row, part by part; [`standing`]: what becomes of it,
//!   or where it fell out.
//! - [`watched`]: what each condition with a place was, over all rows.

mod cohort;
mod cut;
mod drawn;
mod evaluate;
mod group;
mod holder;
mod joined;
mod linked;
mod measured;
mod moving;
mod order;
mod read;
mod rows;
mod standing;
mod table;
mod target;
mod text;
mod trace;
mod watch;

pub use crate::functions::{Arithmetic, Calendar, Cell, Value};
use crate::ir::went::may_precede;
use crate::ir::{Fate, Indicator, Outcome};
use crate::measures::Contribution;
use crate::model::Model;
use crate::still_open;
use chrono::NaiveDate;
pub(crate) use cohort::Belongs;
pub use cut::cut;
pub use drawn::drawn;
pub use evaluate::{Evaluator, Fault, Question};
pub(crate) use read::parse;
pub use rows::Rows;
pub use standing::{Standing, rivals, standing, standing_among};
use std::borrow::Cow;
use std::collections::BTreeSet;
pub use table::{Row, Went, World};
pub use text::TextTable;
pub(crate) use trace::clauses;
pub use trace::{Clause, Finding, trace};
pub use watch::{Seen, Truths};

/// A row of the cohort and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its number in the cohort's table.
    pub row: usize,
    /// What it is.
    pub outcome: Outcome,
    /// What it is, or would be if it belonged.
    pub would: Outcome,
    /// Whether it is not known that it belongs below the line.
    pub unsure: bool,
    /// Whether it may stand in the place of any row that was picked: it was set aside, and it is
    /// not known what it would be picked for.
    pub anybodys: bool,
    /// Whether it belongs or may. Else it was set aside, and is here since it is
    /// [`Self::anybodys`].
    pub comes: bool,
    /// Who holds it at each level below the whole, from the largest to the smallest.
    pub entities: Vec<Option<usize>>,
    /// Who may hold it beside these, likewise by level: where it is not known, each that may.
    /// `None` is nobody.
    pub others: Vec<BTreeSet<Option<usize>>>,
    /// The number of its group, where rows are broken down (see
    /// [`Split::number`](crate::ir::Split::number)); 0 otherwise.
    pub group: usize,
    /// The day of attribution.
    pub attributed_on: Option<NaiveDate>,
    /// Events of a rate, the value of a mean or a percentile, or the time until something happens.
    pub amount: Option<i64>,
    /// Days of a rate.
    pub exposure: Option<i64>,
    /// How a row of an incidence came to the end of its time.
    pub fate: Option<Fate>,
}

/// An indicator as it is asked: one whose windows are shown as they stand takes what is still open
/// as unknown.
#[must_use]
pub fn as_asked<'a>(model: &Model, indicator: &'a Indicator) -> Cow<'a, Indicator> {
    match indicator.as_it_stands {
        false => Cow::Borrowed(indicator),
        true => Cow::Owned(still_open::indicator(model, indicator)),
    }
}

/// The rows of the cohort in the order of their table, each with what became of it, and then those
/// that were set aside and may belong.
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn cases(asked: Question) -> Result<Vec<Verdict>, Fault> {
    let indicator = &*as_asked(asked.world.model, asked.indicator);
    all_cases(Evaluator::new(Question { indicator, ..asked })).map(|(verdicts, _)| verdicts)
}

/// The same, with what the conditions of the indicator were that have a place
/// ([`At::own`](crate::ir::At::own)).
///
/// # Errors
/// As [`cases`].
pub fn watched(asked: Question) -> Result<(Vec<Verdict>, Seen), Fault> {
    let indicator = &*as_asked(asked.world.model, asked.indicator);
    all_cases(Evaluator::watching(Question { indicator, ..asked }))
}

fn all_cases(evaluator: Evaluator) -> Result<(Vec<Verdict>, Seen), Fault> {
    let asked = evaluator.asked;
    let indicator = asked.indicator;
    let table = indicator.cohort.table;
    let sound = asked.world.rows(table).len();
    let went = sound..sound + asked.world.went(table).len();
    let known = evaluator.cohort().into_iter().filter_map(|(row, belongs)| evaluator.verdict(row, belongs));
    let verdicts = known.chain(went.filter_map(|row| evaluator.unread(row))).collect();
    let seen = evaluator.seen();
    evaluator.sound((verdicts, seen))
}

impl Evaluator<'_> {
    /// What becomes of a row; nothing, when it may belong and is excluded in any case.
    fn verdict(&self, row: usize, belongs: Belongs) -> Option<Verdict> {
        let judged = self.judged(row, belongs);
        let out = matches!(judged.would, Outcome::Excluded(_));
        Some(judged).filter(|_| !(belongs == Belongs::Perhaps && out))
    }

    /// The same of a row that is excluded in any case, too.
    fn judged(&self, row: usize, belongs: Belongs) -> Verdict {
        let rows = self.row_of_cohort(row);
        let exclusions = &self.asked.indicator.exclusions;
        let truths: Vec<Option<bool>> = exclusions.iter().map(|e| self.truth(&e.condition, &rows)).collect();
        let out = exclusions.iter().zip(&truths).find(|(_, truth)| **truth == Some(true)).map(|(e, _)| e);
        let unsure = out.is_none() && (belongs != Belongs::Surely || truths.contains(&None));
        let Contribution { outcome: would, amount, exposure, fate } = match out {
            Some(exclusion) => Contribution::only(Outcome::Excluded(Some(exclusion.reason.clone()))),
            None => self.asked.indicator.measure.kind().contribution(&self.values_of(&rows)),
        };
        let outcome = if belongs == Belongs::Perhaps { Outcome::Unsure } else { would.clone() };
        let attributed_on = self.attributed_on(row);
        let entities = self.entities(row, attributed_on);
        let others = self.others(row, attributed_on, &entities);
        let group = self.group(&rows, &entities);
        let (anybodys, comes) = (false, true);
        Verdict {
            row,
            outcome,
            would,
            unsure,
            anybodys,
            comes,
            entities,
            others,
            group,
            attributed_on,
            amount,
            exposure,
            fate,
        }
    }

    /// What becomes of a row that was set aside: it may belong, unless it is known that it does
    /// not, and then it may still be picked instead of one that does.
    fn unread(&self, row: usize) -> Option<Verdict> {
        let cohort = &self.asked.indicator.cohort;
        let rows = self.row_of_cohort(row);
        let may_be_picked = self.truth(&cohort.condition, &rows) != Some(false);
        let pick = cohort.pick.as_ref();
        let anybodys = pick.is_some_and(|pick| match self.picked_for(pick, row) {
            None if pick.ever => may_be_picked || self.truth(&may_precede(cohort), &rows) != Some(false),
            None => may_be_picked,
            Some((_, holder)) => may_be_picked && pick.each_level && self.asked.level > 0 && holder.is_none(),
        });
        let verdict = self.judged(row, Belongs::Perhaps);
        let comes = may_be_picked && !matches!(verdict.would, Outcome::Excluded(_));
        let told = Verdict { outcome: Outcome::Unread, unsure: false, anybodys, comes, ..verdict };
        Some(told).filter(|_| anybodys || comes)
    }
}
