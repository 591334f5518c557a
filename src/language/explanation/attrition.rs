//! Where the rows of a table fall out on the way into the denominator, one condition after the
//! other.

use super::Asked;
use super::shape::Text;
use super::words::Words;
use crate::functions::Calendar;
use crate::interpret::{Belongs, Evaluator, Fault, Question, World, as_asked};
use std::collections::{BTreeMap, BTreeSet};

/// The steps of a cohort, and where each row leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// The conditions of the cohort in their order, as the text has them.
    pub conditions: Vec<String>,
    /// Whether rows are picked: before the conditions where they are picked among all rows ever,
    /// and after them otherwise.
    pub picks: Option<Picks>,
    /// Of each row in use, by its number, where it leaves.
    pub rows: Vec<Leaves>,
}

/// When rows are picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picks {
    /// Among all rows, before a condition is asked.
    First,
    /// Among those that the conditions have left.
    Last,
}

/// Where a row leaves, and who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaves {
    /// Where.
    pub at: Place,
    /// Who holds the row on its day of attribution, from the largest level below the whole to the
    /// smallest.
    pub entities: Vec<Option<usize>>,
}

/// Where a row leaves on the way into the cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the condition of this number: the first that is false.
    Condition(usize),
    /// At the pick: another row is picked, or it is not known for what this one would be.
    Pick,
    /// It is not known whether it is in the cohort.
    Perhaps,
    /// Nowhere: it is in the cohort.
    Stays,
}

/// The steps of an indicator's cohort in a window, for every row of its table.
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn steps(world: &World, asked: Asked) -> Result<Steps, Fault> {
    let Asked { indicator, as_of, window, level, .. } = asked;
    let as_asked = as_asked(world.model, indicator);
    let question = Question { world, indicator: &as_asked, as_of, window, level, arithmetic: &Calendar };
    let evaluator = Evaluator::new(question);
    let words = Words::of(world, indicator, asked.said, asked.sources);
    let text = Text { said: asked.said, sources: asked.sources, words: &words };
    let conditions = text.conditions(&indicator.cohort.condition);
    let opened = conditions.iter().map(|(_, e)| match indicator.as_it_stands {
        true => crate::still_open::open_condition(world.model, indicator, e),
        false => e.clone(),
    });
    let opened: Vec<_> = opened.collect();
    let all = 0..world.rows(indicator.cohort.table).len();
    let belongs: BTreeMap<usize, Belongs> = evaluator.cohort().into_iter().collect();
    let ever = as_asked.cohort.pick.as_ref().filter(|pick| pick.ever);
    let picked: Option<BTreeSet<usize>> =
        ever.map(|pick| evaluator.first_ever(pick, all.clone().collect()).into_iter().collect());
    let leaves = |row: usize| {
        let rows = evaluator.row_of_cohort(row);
        let is_false = || opened.iter().position(|e| evaluator.truth(e, &rows) == Some(false));
        let at = match belongs.get(&row) {
            Some(Belongs::Surely | Belongs::SoFar) => Place::Stays,
            Some(Belongs::Perhaps) => Place::Perhaps,
            None if picked.as_ref().is_some_and(|picked| !picked.contains(&row)) => Place::Pick,
            None => is_false().map_or(Place::Pick, Place::Condition),
        };
        Leaves { at, entities: evaluator.holders(row) }
    };
    let rows = all.map(leaves).collect();
    let picks = indicator.cohort.pick.as_ref().map(|pick| if pick.ever { Picks::First } else { Picks::Last });
    let conditions = conditions.into_iter().map(|(text, _)| text).collect();
    evaluator.sound(Steps { conditions, picks, rows })
}
