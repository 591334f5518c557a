//! The marks of a cell, and what they mean: the same in every form that people read.

use super::cell::{Band, State};

/// What stands in place of a number.
#[must_use]
pub fn word(state: State) -> &'static str {
    match state {
        State::Value => "",
        State::NoCases => "-",
        State::TooFew => "few",
        State::NotEstimable => "n/e",
        State::Suppressed => "hidden",
        State::NotObservable => "wait",
        State::BadData => "bad",
    }
}

/// What it means.
#[must_use]
pub fn meaning(state: State) -> &'static str {
    match state {
        State::Value => "a value",
        State::NoCases => "no cases in the window",
        State::TooFew => "fewer cases than the indicator's minimum",
        State::NotEstimable => {
            "not estimable: in too few of the cases has it happened yet, or was it followed for so long, to tell"
        }
        State::Suppressed => "hidden so that nobody can be recognised",
        State::NotObservable => "cannot be judged yet, or the window begins before the data is complete",
        State::BadData => "the data cannot be relied on",
    }
}

/// What a band means.
#[must_use]
pub fn band_meaning(band: Band) -> &'static str {
    match band {
        Band::Green => "green, the standard is met",
        Band::Yellow => "yellow, short of the standard",
        Band::Red => "red, far from the standard, or short of it where no yellow is declared",
    }
}

/// What `?` means.
pub const UNCERTAIN: &str = "some cases are undetermined, unsure or unread: what decides them, or whether they belong, is missing or cannot be read; they are not counted as met, and a figure made of values leaves them out";

/// What `!` means.
pub const OPEN: &str =
    "the same, and so many, or so near the standard, that the colour could be another if all were known";

/// What `~` means.
pub const NEAR: &str =
    "so few cases, or so near the standard, that chance alone could have put it on the other side (95 % interval)";

/// What stands beside all that is shown of a provisional window, as in official statistics.
pub const PROVISIONAL: &str = "p";

/// What makes a number doubtful: what is not known weighs more than chance, unless it leaves the
/// colour as it is.
///
/// `sure` says whether the colour is the same whatever is not known, `uncertain` whether something
/// is not known, `near` whether chance alone could have put the number on the other side.
#[must_use]
pub fn sign(sure: Option<bool>, uncertain: bool, near: bool) -> Option<char> {
    match sure {
        Some(false) => Some('!'),
        None if uncertain => Some('?'),
        Some(true) | None if near => Some('~'),
        Some(true) | None => uncertain.then_some('?'),
    }
}
