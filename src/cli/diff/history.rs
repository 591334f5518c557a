//! The smallest history on which two definitions disagree, as a test that is proven: it holds under
//! the new definitions and not under the old ones.

use super::super::as_shown::AsShown;
use super::version::Version;
use crate::check;
use crate::history::{Bounds, Definition, Searched, apart};
use crate::ir::{Program, print};
use crate::syntax;
use crate::trial;
use serde::Serialize;

/// What is told of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Told {
    /// A test block that holds under the new definition and not under the old one.
    pub(super) test: Option<String>,
    /// What was looked through, in a sentence.
    pub(super) searched: String,
}

/// Looks for the smallest history.
pub(super) fn told(old: (&Version, Definition), new: (&Version, Definition), bounds: Bounds) -> Told {
    let others = clauses(old.1, new.1);
    let unseen = ["minimum ", "history "];
    if !others.is_empty() && others.iter().all(|line| unseen.iter().any(|word| line.starts_with(word))) {
        let searched = "They differ only in `minimum` or `history`, which no test shows: a test has all its past, and \
                        hides no number.";
        return Told { test: None, searched: searched.to_owned() };
    }
    let searched = apart(old.1, new.1, &AsShown, bounds);
    let block = searched.found.as_ref().map(|found| found.block(new.1));
    let test = block.filter(|block| holds(new.0, block) == Some(true) && holds(old.0, block) != Some(true));
    let mut said = said(&searched, test.is_some());
    if others.is_empty() {
        said = format!(
            "The clauses mean the same; the tables that are read, or the levels, are declared otherwise. {said}"
        );
    } else if test.is_none() && others.iter().any(|line| line.starts_with("standard ") && line.contains(" of each ")) {
        said += " Targets from a table are not searched.";
    }
    Told { test, searched: said }
}

/// The clauses of the two, in the form from which the meaning hash is made, that the other does not
/// have.
fn clauses(old: Definition, new: Definition) -> Vec<String> {
    let [old, new] = [old, new].map(|of| print::definition(of.model(), of.indicator()));
    let only = |of: &str, other: &str| -> Vec<String> {
        of.lines().filter(|line| !other.lines().any(|known| known == *line)).map(str::to_owned).collect()
    };
    [only(&old, &new), only(&new, &old)].concat()
}

fn said(searched: &Searched, shown: bool) -> String {
    let Bounds { rows, copies, .. } = searched.bounds;
    let tried = searched.tried;
    match searched.last_days.as_slice() {
        [] => "No window of the two ends on the same day, so that no history can be looked at under both.".to_owned(),
        [..] if shown => format!("The smallest history found on which the two disagree; {tried} were looked at:"),
        [..] if searched.found.is_some() => format!(
            "A history on which the two disagree was found ({tried} were looked at), but no test can say it: \
             look at it with `--data`."
        ),
        days => {
            let days: Vec<String> = days.iter().map(ToString::to_string).collect();
            format!(
                "No difference within the bounds searched: {tried} histories of {rows} rows at most, and {copies} copies \
                 of a row, in windows ending {}, with the days, numbers and words that the two texts name, one before \
                 and one after each. This proves nothing of larger histories.",
                days.join(", ")
            )
        }
    }
}

/// Whether a test holds under definitions; nothing when they do not take it.
fn holds(under: &Version, block: &str) -> Option<bool> {
    let program = with(under, block)?;
    let tests = program.hierarchies().flat_map(|of| of.tests.iter().map(move |test| (of, test)));
    let own = under.asts.len();
    let mut added = tests.filter(|(_, test)| test.span.file.0 as usize == own).peekable();
    added.peek()?;
    Some(added.all(|(of, test)| trial::run(of, test, &trial::one_by_one).is_ok_and(|misses| misses.is_empty())))
}

/// The definitions with a further text; nothing when there is a mistake.
fn with(version: &Version, block: &str) -> Option<Program> {
    let mut sources = version.sources.clone();
    let file = sources.add("found.ind", block);
    let (ast, found) = syntax::parse(&sources, file);
    let asts: Vec<_> = version.asts.iter().cloned().chain([ast]).collect();
    let checked = check::check(&asts);
    (!found.has_errors() && !checked.findings.has_errors()).then_some(checked.program)
}
