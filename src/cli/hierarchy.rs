//! `--levels`: in which hierarchy of levels results are shown.

use super::failure::Failure;
use crate::diag::suggest;
use crate::ir::Program;
use crate::scorecard::shown;
use std::collections::BTreeSet;

/// The program in the hierarchy that is named, or in the only one that has the level; the first
/// otherwise.
pub(super) fn chosen(program: Program, name: Option<&str>, level: Option<&str>) -> Result<Program, Failure> {
    let place = place(&program, name, level)?.unwrap_or(0);
    Ok(program.in_hierarchy(place))
}

/// The same for one indicator: without a name and a level, the first hierarchy in which it is
/// shown.
pub(super) fn of_indicator(
    program: Program,
    id: &str,
    name: Option<&str>,
    level: Option<&str>,
) -> Result<Program, Failure> {
    let shown = |place: usize| program.hierarchies().nth(place).is_some_and(|of| of.find(id).is_some());
    let first = (0..=program.further.len()).find(|place| shown(*place));
    let place = match place(&program, name, level)? {
        // The first hierarchy is meant by a level only where nothing else can be.
        Some(0) if name.is_none() && !shown(0) => with_level(&program, level).into_iter().find(|place| shown(*place)),
        place => place,
    };
    match (place.or(first), first) {
        (Some(place), Some(first)) if !shown(place) => {
            let words = |place: usize| program.hierarchies().nth(place).map(words).unwrap_or_default();
            Err(Failure::usage(format!("`{id}` is not attributed in the levels `{}`", words(place)))
                .help(format!("it is in `{}`", words(first))))
        }
        (place, _) => Ok(program.in_hierarchy(place.unwrap_or(0))),
    }
}

/// The place of the hierarchy that is asked for, if one is.
fn place(program: &Program, name: Option<&str>, level: Option<&str>) -> Result<Option<usize>, Failure> {
    if let Some(name) = name {
        let is_it = |of: &Program| of.model.at_hand().is_some_and(|of| of.name.as_deref() == Some(name));
        let found = program.hierarchies().position(is_it);
        return found.map(Some).ok_or_else(|| unknown(program, name));
    }
    match with_level(program, level).as_slice() {
        [] => Ok(None),
        [0, ..] => Ok(Some(0)),
        [one] => Ok(Some(*one)),
        many => {
            let names: Vec<_> = many.iter().filter_map(|place| program.hierarchies().nth(*place)).map(words).collect();
            let message = format!("several hierarchies have the level `{}`", level.unwrap_or_default());
            Err(Failure::usage(message).help(format!("say which with `--levels`: {}", names.join(", "))))
        }
    }
}

/// The places of the hierarchies that have a level.
fn with_level(program: &Program, level: Option<&str>) -> Vec<usize> {
    let has = |of: &Program| level.is_some_and(|level| of.model.find_level(level).is_some());
    program.hierarchies().enumerate().filter(|(_, of)| has(of)).map(|(place, _)| place).collect()
}

fn words(of: &Program) -> String {
    of.model.at_hand().map(|of| of.words()).unwrap_or_default()
}

fn unknown(program: &Program, name: &str) -> Failure {
    let names = program.hierarchies().filter_map(|of| of.model.at_hand()?.name.as_deref());
    let names: Vec<&str> = names.collect();
    let help = match names.is_empty() {
        true => "the model declares one hierarchy, which needs no name; a further one is declared by `levels NAME: WHOLE > LEVEL`".to_owned(),
        false => format!("{}; without `--levels`, the first hierarchy is shown", suggest::help(name, "hierarchies", &names)),
    };
    Failure::usage(format!("no levels are called `{name}`")).help(help)
}

/// In which levels results are shown, where the model has several hierarchies; and which of the
/// indicators asked for are not attributed in them.
pub(super) fn notes(all: &[String], program: &Program) -> Vec<String> {
    if program.model.hierarchies.len() < 2 {
        return Vec::new();
    }
    let levels: Vec<_> = program.model.levels.iter().map(|level| level.name.as_str()).collect();
    let shown = format!("Shown in the levels {}", levels.join(" > "));
    let missing: Vec<&str> = all.iter().map(String::as_str).filter(|id| program.find(id).is_none()).collect();
    let missing =
        (!missing.is_empty()).then(|| format!("Not attributed in these levels, and not shown: {}", missing.join(", ")));
    [shown].into_iter().chain(missing).collect()
}

/// The ids of the indicators of these scorecards in any hierarchy; of all indicators where there is
/// no scorecard.
pub(super) fn ids(program: &Program, asked: &[String]) -> Vec<String> {
    let of = |of: &Program| -> Vec<String> {
        let shown = shown(of, asked);
        let columns: Vec<usize> = match shown.is_empty() {
            true => (0..of.indicators.len()).collect(),
            false => shown.iter().flat_map(|s| &s.indicators).copied().collect(),
        };
        columns.iter().filter_map(|i| of.indicators.get(*i)).map(|i| i.id.clone()).collect()
    };
    let all: BTreeSet<String> = program.hierarchies().flat_map(of).collect();
    all.into_iter().collect()
}

/// Refuses what cannot be shown in these levels: scorecards without an indicator that is attributed
/// in them; and, in another hierarchy than the first, a scorecard that hides counts. Two
/// hierarchies over the same rows would give away together what each hides.
pub(super) fn may_show(program: &Program, asked: &[String], ids: &[String]) -> Result<(), Failure> {
    let words = |number: usize| program.model.hierarchies.get(number).map(|of| of.words()).unwrap_or_default();
    if program.model.hierarchy > 0 && shown(program, asked).iter().any(|s| s.hide_under.is_some()) {
        let message = "a scorecard that hides counts is shown in the first hierarchy of levels only";
        return Err(Failure::usage(message).help(format!(
            "two hierarchies over the same rows would give away together what each hides; without `--levels` it is shown in `{}`",
            words(0)
        )));
    }
    if !ids.is_empty() && ids.iter().all(|id| program.find(id).is_none()) {
        let message =
            format!("no indicator that is asked for is attributed in the levels `{}`", words(program.model.hierarchy));
        return Err(Failure::usage(message)
            .help("name other levels with `--levels`, or add an `attribute` for a level of these"));
    }
    Ok(())
}
