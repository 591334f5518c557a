//! What two versions of the definitions say, indicator by indicator.

use super::clauses::{self, Clause};
use super::history::{self, Told};
use super::version::Version;
use super::with_data::Moves;
use crate::describe::{self, Point};
use crate::history::{Bounds, Definition};
use crate::ir::Indicator;
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Only the new definitions have it.
    Added,
    /// Only the old definitions have it.
    Dropped,
    /// It has another id and the same meaning.
    Renamed,
    /// It has another meaning.
    Changed,
    /// It has another text and the same meaning.
    Reworded,
}

/// What became of one indicator.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Compared {
    /// The id in the new definitions; of one that was dropped, in the old ones.
    pub(super) id: String,
    pub(super) kind: Kind,
    /// The id before, when it was another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) was: Option<String>,
    /// The meaning hash before and now.
    pub(super) old_meaning: Option<String>,
    pub(super) new_meaning: Option<String>,
    /// The clauses that are written otherwise.
    pub(super) clauses: Vec<Clause>,
    /// Sentences of the description before, and now.
    pub(super) no_longer_said: Vec<String>,
    pub(super) now_said: Vec<String>,
    /// Words that change no number.
    pub(super) words: Vec<String>,
    /// Of a change: the smallest history on which the two disagree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) history: Option<Told>,
    /// Of a change, where case data is given: what moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) moves: Option<Moves>,
}

/// All that differs.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Differences {
    pub(super) old: String,
    pub(super) new: String,
    pub(super) indicators: Vec<Compared>,
    /// How many are the same in both.
    pub(super) unchanged: usize,
}

/// An indicator where it is declared.
type Found<'v> = (Definition<'v>, &'v Indicator);

/// The indicators by their ids, each in the first hierarchy of levels in which it is shown.
fn all(version: &Version) -> BTreeMap<&str, Found<'_>> {
    let mut found = BTreeMap::new();
    for program in version.program.hierarchies() {
        for (number, indicator) in program.indicators.iter().enumerate() {
            found.entry(indicator.id.as_str()).or_insert((Definition { program, number }, indicator));
        }
    }
    found
}

impl Differences {
    /// What differs between two versions, of these indicators or of all.
    pub(super) fn between(old: &Version, new: &Version, only: &[String], bounds: Bounds) -> Self {
        let (before, now) = (all(old), all(new));
        let wanted = |id: &str| only.is_empty() || only.iter().any(|asked| asked == id);
        let gone: Vec<&Found> = before.iter().filter(|(id, _)| !now.contains_key(*id)).map(|(_, of)| of).collect();
        let renamed = |of: &Indicator| gone.iter().find(|(_, old)| old.meaning == of.meaning).map(|(_, old)| *old);
        let mut indicators = Vec::new();
        let mut unchanged = 0;
        let mut taken: Vec<&str> = Vec::new();
        for (id, (_, of)) in now.iter().filter(|(id, _)| wanted(id)) {
            let found = match before.get(id) {
                Some(_) => pair(old, new, (before.get(id), now.get(id)), bounds),
                None => match renamed(of) {
                    Some(was) => {
                        taken.push(&was.id);
                        Some(Compared { was: Some(was.id.clone()), ..bare(id, Kind::Renamed, Some(was), Some(of)) })
                    }
                    None => Some(bare(id, Kind::Added, None, Some(of))),
                },
            };
            unchanged += usize::from(found.is_none());
            indicators.extend(found);
        }
        let gone = gone.into_iter().filter(|(_, of)| wanted(&of.id) && !taken.contains(&of.id.as_str()));
        indicators.extend(gone.map(|(_, of)| bare(&of.id, Kind::Dropped, Some(of), None)));
        indicators.sort_by(|a, b| a.id.cmp(&b.id));
        Self { old: old.name.clone(), new: new.name.clone(), indicators, unchanged }
    }

    /// Those of one kind.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Compared> {
        self.indicators.iter().filter(move |of| of.kind == kind)
    }
}

fn bare(id: &str, kind: Kind, old: Option<&Indicator>, new: Option<&Indicator>) -> Compared {
    let meaning = |of: Option<&Indicator>| of.map(|of| of.meaning.clone());
    Compared {
        id: id.to_owned(),
        kind,
        was: None,
        old_meaning: meaning(old),
        new_meaning: meaning(new),
        clauses: Vec::new(),
        no_longer_said: Vec::new(),
        now_said: Vec::new(),
        words: Vec::new(),
        history: None,
        moves: None,
    }
}

/// An indicator that is in both; nothing when its text is the same and its meaning, too.
fn pair(old: &Version, new: &Version, found: (Option<&Found>, Option<&Found>), bounds: Bounds) -> Option<Compared> {
    let ((old_definition, was), (new_definition, is)) = (found.0?, found.1?);
    let clauses = clauses::changed(old, new, &is.id);
    let changed = was.meaning != is.meaning;
    if !changed && clauses.is_empty() {
        return None;
    }
    let kind = if changed { Kind::Changed } else { Kind::Reworded };
    let page = describe::since(new_definition.program, is, &old.program);
    let said = |title: &str| -> Vec<String> {
        let section = page.sections.iter().find(|section| section.title == title);
        section.map(|section| sentences(&section.points)).unwrap_or_default()
    };
    Some(Compared {
        clauses,
        no_longer_said: said("No longer said"),
        now_said: said("Now said"),
        words: said("Words that change no number"),
        history: changed.then(|| history::told((old, *old_definition), (new, *new_definition), bounds)),
        ..bare(&is.id, kind, Some(was), Some(is))
    })
}

fn sentences(points: &[Point]) -> Vec<String> {
    let one = |point: &Point| {
        let under: Vec<&str> = point.under.iter().map(|inner| inner.text.as_str()).collect();
        if under.is_empty() { point.text.clone() } else { format!("{} {}", point.text, under.join("; ")) }
    };
    points.iter().map(one).collect()
}
