//! What stands in a cell, in every form that people read: the same marks and the same words.

use crate::scorecard::card::{Card, Shown};
use crate::scorecard::cell::OwnTarget;
use crate::scorecard::marks;
pub(super) use crate::scorecard::marks::{NEAR, OPEN, PROVISIONAL, UNCERTAIN, band_meaning, meaning, word};
use crate::scorecard::words;
use crate::scorecard::{Band, Ratio, State};
use std::collections::BTreeSet;

/// A cell in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The number, or the word for its absence.
    pub(super) text: String,
    /// The band.
    pub(super) band: Option<Band>,
    /// Whether some outcomes behind the number, or whether some rows belong, are not known.
    pub(super) uncertain: bool,
    /// Whether the number has its colour whatever is not known; `None` where that may not be said,
    /// or without a colour.
    pub(super) sure: Option<bool>,
    /// Whether chance alone could have put it on the other side of the standard.
    pub(super) near: bool,
    /// Whether what is still to come can change it.
    pub(super) provisional: bool,
    /// What kind of answer it is; `None` where nothing was measured.
    pub(super) state: Option<State>,
}

impl Mark {
    /// The mark of a cell.
    pub(super) fn of(shown: Option<&Shown>) -> Self {
        let Some(shown) = shown else {
            let (text, band, sure, state) = (String::new(), None, None, None);
            return Self { text, band, uncertain: false, sure, near: false, provisional: false, state };
        };
        let state = shown.cell.state;
        let text = if state == State::Value { shown.number.clone() } else { word(state).to_owned() };
        let near = shown.cell.straddles() == Some(true);
        let (uncertain, sure, provisional) = (shown.is_uncertain(), shown.cell.sure, shown.cell.provisional.is_some());
        Self { text, band: shown.cell.band, uncertain, sure, near, provisional, state: Some(state) }
    }

    /// Letter and sign, each with its place kept free when it is absent, and behind them that it is
    /// provisional.
    pub(super) fn tail(&self) -> String {
        let letter = self.band.map_or(' ', Band::letter);
        let provisional = if self.provisional { PROVISIONAL } else { "" };
        format!("{letter}{}{provisional}", self.sign().unwrap_or(' '))
    }

    /// What makes the number doubtful.
    pub(super) fn sign(&self) -> Option<char> {
        marks::sign(self.sure, self.uncertain, self.near)
    }

    /// `93.1 G?`, `few p`.
    pub(super) fn full(&self) -> String {
        format!("{} {}", self.text, self.tail().trim()).trim().to_owned()
    }
}

/// What it means, and until when, column by column; `None` where no cell has it. Of the latest
/// windows, or of all.
fn provisional(card: &Card, every: bool) -> Option<String> {
    let said = card.columns.iter().enumerate().filter_map(|(at, column)| {
        let mut tracks = card.context.iter().chain(&card.rows).filter_map(|row| row.tracks.get(at));
        let sentence =
            tracks.find_map(|track| if every { track.provisional } else { track.latest()?.cell.provisional })?;
        let until = sentence.trim_start_matches("provisional").trim_start_matches([':', ' ']);
        Some(format!("{} ({until})", column.title))
    });
    let said: Vec<String> = said.collect();
    let meaning =
        "provisional: the window has ended, and what is still to come, or to be entered, can change the number";
    (!said.is_empty()).then(|| format!("{meaning}: {}", said.join(", ")))
}

/// The spread behind a cell, as a legend shows it, and how to read it.
pub(super) const SPREAD: (&str, &str) = (
    "2G 1R",
    "below a value: of the entities one level down, how many are green, yellow and red; +1: one that has cases and no colour",
);

/// The ratio of a group, as a legend shows it.
pub(super) const RATIO: &str = "×1.23 1.10–1.37";

/// How to read it; `None` where no group has one.
pub(super) fn ratio_meaning(card: &Card) -> Option<String> {
    let (_, to) = latest(card).find_map(|shown| shown.ratio)?;
    Some(format!("below the value of a group: {}", how_many_times(to)))
}

/// What the ratio of a group to other rows is.
pub(super) fn how_many_times(to: &str) -> String {
    format!(
        "how many times as high it is as that of {to}, with its 95 % interval (Katz); the rest are all other groups but \"not known\""
    )
}

/// `×1.23 1.10–1.37`; without an interval `×1.23`.
pub(super) fn ratio(of: Ratio) -> String {
    let interval = of.interval.map(|i| format!(" {:.2}–{:.2}", i.low, i.high));
    format!("×{:.2}{}", of.value, interval.unwrap_or_default())
}

/// What stands below a value in short: the entity's own target, and the spread behind a cell or the
/// ratio of a group; nothing where there is none.
pub(super) fn below(shown: Option<&Shown>) -> Vec<String> {
    let Some(shown) = shown else { return Vec::new() };
    let spread = shown.spread.map(|spread| spread.short()).filter(|spread| !spread.is_empty());
    own(shown).into_iter().chain(spread.or_else(|| shown.ratio.map(|(of, _)| ratio(of)))).collect()
}

/// The target that an entity has of its own, as it stands below a value: `≥ 85`; `no target` where
/// a value has no colour for want of one.
pub(super) fn own(shown: &Shown) -> Option<String> {
    let standard = match shown.cell.own? {
        OwnTarget::Is => shown.cell.standard?,
        OwnTarget::Without(_) => return (shown.cell.state == State::Value).then(|| "no target".to_owned()),
    };
    let sign = if standard.least.is_some() { '≥' } else { '≤' };
    Some(format!("{sign} {}", words::figures(standard)))
}

/// How to read it, with the reasons of those without a target; `None` where no entity has one of
/// its own.
pub(super) fn own_meaning(card: &Card) -> Option<String> {
    latest(card).find(|shown| shown.cell.own.is_some())?;
    let mut reasons: Vec<&str> = Vec::new();
    for shown in latest(card).filter(|shown| shown.cell.state == State::Value) {
        if let Some(OwnTarget::Without(why)) = shown.cell.own
            && !reasons.contains(&why)
        {
            reasons.push(why);
        }
    }
    let without = if reasons.is_empty() { String::new() } else { format!("; no target: {}", reasons.join("; ")) };
    Some(format!("below a value: the target that the entity has of its own, which gives the colour{without}"))
}

/// The same as a legend shows it.
pub(super) const OWN: &str = "≥ 85";

/// Whether any latest cell of a card has a spread to show.
pub(super) fn has_spread(card: &Card) -> bool {
    latest(card).any(|shown| shown.spread.is_some_and(|spread| !spread.short().is_empty()))
}

fn latest<'c>(card: &'c Card<'c>) -> impl Iterator<Item = &'c Shown<'c>> {
    card.context.iter().chain(&card.rows).flat_map(|row| &row.tracks).filter_map(|track| track.latest())
}

/// A line to read a heat map by.
pub(super) const READING: &str = "A colour shows where to look, not why.";

/// Every mark that the latest cells of a card use, with its meaning, in a fixed order. With
/// `every`, earlier windows are shown as well, some of which may be provisional where the latest
/// shows nothing.
pub(super) fn used(card: &Card, every: bool) -> Vec<(String, String)> {
    let marks: Vec<Mark> = card
        .context
        .iter()
        .chain(&card.rows)
        .flat_map(|row| row.tracks.iter().map(|track| Mark::of(track.latest())))
        .collect();
    let bands: BTreeSet<Band> = marks.iter().filter_map(|m| m.band).collect();
    let states: BTreeSet<State> = marks.iter().filter_map(|m| m.state).collect();
    let mut used: Vec<(String, String)> =
        bands.iter().map(|&b| (b.letter().to_string(), band_meaning(b).to_owned())).collect();
    for (sign, meaning) in [('?', UNCERTAIN), ('!', OPEN), ('~', NEAR)] {
        // `!` is explained by what `?` is.
        if marks.iter().any(|m| m.sign() == Some(sign) || (sign == '?' && m.sure == Some(false))) {
            used.push((sign.to_string(), meaning.to_owned()));
        }
    }
    used.extend(provisional(card, every).map(|meaning| (PROVISIONAL.to_owned(), meaning)));
    let withheld = states.iter().filter(|&&s| s != State::Value);
    used.extend(withheld.map(|&s| (word(s).to_owned(), format!("{}{}", meaning(s), reasons(card, s)))));
    used
}

/// Whether the reason of a cell in a state says more than what the state means.
pub(super) fn has_reasons(state: State) -> bool {
    matches!(state, State::TooFew | State::NotObservable | State::BadData)
}

/// Why the latest cells of a card are in a state, column by column, where that is not the same for
/// all: `: Entries (waits until 2026-12-31)`.
fn reasons(card: &Card, state: State) -> String {
    if !has_reasons(state) {
        return String::new();
    }
    let said = card.columns.iter().enumerate().filter_map(|(at, column)| {
        let cells = card.context.iter().chain(&card.rows).filter_map(|row| row.tracks.get(at)?.latest());
        let cell = cells.map(|shown| &shown.cell).find(|cell| cell.state == state)?;
        Some(format!("{} ({})", column.title, cell.reason?))
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
}

/// What was left out of a card, in words.
pub(super) fn left_out(card: &Card) -> Option<String> {
    const NAMED: usize = 10;
    let (first, more) = card.without_cases.split_at(card.without_cases.len().min(NAMED));
    match (first.is_empty(), more.len()) {
        (true, _) => None,
        (false, 0) => Some(format!("Not shown, no cases in any column: {}", first.join(", "))),
        (false, more) => Some(format!("Not shown, no cases in any column: {} and {more} more", first.join(", "))),
    }
}
