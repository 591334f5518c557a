//! Where two definitions make the same of every row and not of the cell: how many rows of each kind
//! it takes until they differ.

use super::answer::window;
use super::apart::Search;
use super::smaller::{self, rename};
use super::values::Values;
use super::{Answer, History};
use crate::interpret::Verdict;
use crate::ir::Outcome;
use crate::model::TableId;

/// The most kinds of rows that are put together.
const KINDS: usize = 6;

/// The smallest history made of copies of two kinds of rows on which the cells differ.
pub(super) fn apart(search: &Search) -> Option<History> {
    let kinds = kinds(search);
    let most = search.bounds.copies;
    for rows in 1..=most {
        for (number, one) in kinds.iter().enumerate() {
            for other in kinds.iter().skip(number + 1).map(Some).chain([None]) {
                let counts = if other.is_some() { 1..rows.max(1) } else { rows..rows + 1 };
                for count in counts {
                    let parts = [(Some(one), count), (other, rows - count)];
                    if differs(search, &parts) {
                        return Some(together(&parts, search.values));
                    }
                }
            }
        }
    }
    None
}

/// A history, and what the two make of it.
struct Kind {
    history: History,
    answers: [Answer; 2],
}

/// A kind of rows, and how many copies of it.
type Part<'k> = (Option<&'k Kind>, usize);

/// Histories with one row that counts for both, as small as they can be, a kind for each outcome
/// and amount, all in one window.
fn kinds(search: &Search) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut seen: Vec<Says> = Vec::new();
    for (history, _) in search.pool.iter().filter(|(_, is_in)| *is_in) {
        if kinds.first().is_some_and(|first| first.history.last_day != history.last_day) {
            continue;
        }
        let Some(says) = search.answers(history).as_ref().and_then(one_row) else { continue };
        if seen.contains(&says) {
            continue;
        }
        let same = |smaller: &History| search.answers(smaller).as_ref().and_then(one_row).as_ref() == Some(&says);
        let history = smaller::smallest(history.clone(), search.values, &same);
        let Some(answers) = search.answers(&history) else { continue };
        kinds.push(Kind { history, answers });
        seen.push(says);
        if kinds.len() == KINDS {
            break;
        }
    }
    kinds
}

/// What is said of the only row that counts.
type Says = (Outcome, Option<i64>, Option<i64>);

/// The same of both definitions, when there is one such row and all of it is known.
fn one_row([new, old]: &[Answer; 2]) -> Option<Says> {
    let [verdict] = new.verdicts.as_slice() else { return None };
    let is_clear = new.rows == old.rows && new.rows.values().all(super::RowAnswer::is_clear);
    is_clear.then(|| (verdict.outcome.clone(), verdict.amount, verdict.exposure))
}

/// Whether the cells of so many copies differ.
fn differs(search: &Search, parts: &[Part]) -> bool {
    let forms = |side: usize| {
        let of = search.sides[side];
        let copies = parts.iter().flat_map(|(kind, count)| {
            let verdicts = kind.map_or(&[][..], |kind| kind.answers[side].verdicts.as_slice());
            verdicts.iter().cycle().take(verdicts.len() * count).cloned()
        });
        let verdicts: Vec<Verdict> = copies.collect();
        let history = parts.iter().find_map(|(kind, _)| kind.map(|kind| &kind.history))?;
        Some(search.asked.shown.forms(of, window(of, history)?, &verdicts))
    };
    forms(0) != forms(1)
}

/// The rows of all copies, each with ids of its own.
fn together(parts: &[Part], values: &Values) -> History {
    let mut whole: Option<History> = None;
    let copies = parts.iter().flat_map(|(kind, count)| std::iter::repeat_n(kind, *count)).filter_map(|kind| *kind);
    for (number, kind) in copies.enumerate() {
        let mut copy = kind.history.clone();
        for table in (0..values.model.tables.len()).filter_map(|n| u16::try_from(n).ok()).map(TableId) {
            for place in 1..=9 {
                let id = values.id(table, place);
                rename(&mut copy, values, table, &id, &format!("{id}_{number}"));
            }
        }
        match &mut whole {
            None => whole = Some(copy),
            Some(whole) => {
                for (table, rows) in copy.tables {
                    whole.tables.entry(table).or_default().extend(rows);
                }
            }
        }
    }
    whole.unwrap_or_else(|| History {
        last_day: chrono::NaiveDate::MIN,
        as_of: chrono::NaiveDate::MIN,
        tables: [].into(),
    })
}
