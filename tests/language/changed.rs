//! Definitions with one clause changed, over generated models: for the test of what tells them
//! apart from what they were, and for the benchmark of how long that takes to find.

use crate::generated;
use crate::generated::parsed::Parsed;
use crate::generated::plain::Looks;
use crate::generated::world::Files;
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use yardstick::calendar::Window;
use yardstick::history::{Definition, Shown};
use yardstick::interpret::Verdict;
use yardstick::ir::{Outcome, Program};
use yardstick::measures::Summary;

/// Counts and sums as they are: what a cell shows of them is said by another room.
pub(crate) struct Sums;

impl Shown for Sums {
    fn forms(&self, of: Definition, _: Window, rows: &[Verdict]) -> Vec<String> {
        let is = |row: &&Verdict, outcome| row.outcome == outcome;
        let below = |row: &&Verdict| {
            !matches!(row.outcome, Outcome::Excluded(_) | Outcome::Unsure | Outcome::Unread | Outcome::NotCounted)
        };
        let stay = || rows.iter().filter(below);
        let sum = |of: fn(&Verdict) -> Option<i64>| stay().filter_map(of).sum::<i64>();
        let line = match of.indicator().measure.kind().summary() {
            Summary::MetOfRows => format!("{} of {}", stay().filter(|r| is(r, Outcome::Met)).count(), stay().count()),
            Summary::Events => format!("{} of {}", sum(|r| r.amount), sum(|r| r.exposure)),
            Summary::SumOfValues | Summary::Values => format!("{} of {}", sum(|r| r.amount), stay().count()),
        };
        vec![line]
    }
}

/// Over so many models there are some 200 changes.
pub(crate) const SEEDS: u64 = 58;

/// The generator of all changes.
pub(crate) fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(18)
}

/// What one clause can be changed to.
const CHANGES: [(&str, &str); 18] = [
    (" before ", " on or before "),
    (" on or before ", " before "),
    (" after ", " on or after "),
    (" on or after ", " after "),
    (" < ", " <= "),
    (" <= ", " < "),
    (" > ", " >= "),
    (" >= ", " > "),
    ("some ", "no "),
    ("no ", "some "),
    (" and ", " or "),
    (" or ", " and "),
    ("first ", "last "),
    ("last ", "first "),
    ("12 months", "365 days"),
    ("30 days", "1 month"),
    ("window     12 months", "window     6 months"),
    (" = ", " != "),
];

/// A text with one clause changed in one place.
fn changed(rng: &mut ChaCha8Rng, text: &str) -> Option<String> {
    let (from, to) = CHANGES.choose(rng)?;
    let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
    let at = *places.choose(rng)?;
    Some(format!("{}{to}{}", text.get(..at)?, text.get(at + from.len()..)?))
}

/// A definition and what it was changed to: both texts, both programs.
pub(crate) struct Pair {
    pub(crate) text: String,
    pub(crate) other: String,
    pub(crate) before: Program,
    pub(crate) after: Program,
}

/// Of one generated model: its texts, rows, and definitions that mean something else with one
/// clause changed.
pub(crate) fn pairs(rng: &mut ChaCha8Rng, seed: u64) -> (Parsed, Files, Vec<Pair>) {
    let (_, parsed, model) = generated::model(&mut ChaCha8Rng::seed_from_u64(seed));
    let files = generated::world::files(rng, &model, 6);
    let mut all = Vec::new();
    for number in 0..12 {
        let text = match number % 3 {
            0 => generated::plain::plain(rng, Looks::Forward),
            1 => generated::plain::plain(rng, Looks::Back),
            _ => generated::indicator::indicator(rng, &model, "other").to_string(),
        };
        let Some(other) = (0..20).find_map(|_| changed(rng, &text)) else { continue };
        let checked = |text: &str| Parsed::clone(&parsed).add(&[text.to_owned()]).program();
        let (Ok(before), Ok(after)) = (checked(&text), checked(&other)) else { continue };
        if before.indicators[0].meaning == after.indicators[0].meaning {
            continue;
        }
        all.push(Pair { text, other, before, after });
        if all.len() == 4 {
            break;
        }
    }
    (parsed, files, all)
}
