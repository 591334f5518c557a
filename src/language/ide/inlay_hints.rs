//! What is computed of an indicator and stands nowhere in the text: what it waits for, and how far
//! it looks back.

use super::Definitions;
use super::hover::indicator;
use crate::ir::{Indicator, LookBack, Period, Program, WindowLength};
use crate::source::{FileId, Span};
use crate::syntax::ast::{Clause, Item};

/// A few words that are shown behind a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHint {
    /// The file, and the byte behind which it is shown.
    pub place: Span,
    /// What is shown.
    pub text: String,
    /// What is said of it when somebody points at it.
    pub more: String,
}

const MORE: &str = "Computed from the text: how long after the end of a window its outcomes are known, and how far before its \
                    start rows still matter. A window is not shown before, nor where the data does not reach back as far.";

/// The hints of a text: one behind the window of each of its indicators.
#[must_use]
pub fn all(definitions: &Definitions, file: FileId) -> Vec<InlayHint> {
    let items = definitions.ast(file).into_iter().flat_map(|ast| &ast.items);
    items
        .filter_map(|item| {
            let Item::Indicator(written) = item else { return None };
            let window = written.clauses.iter().find(|clause| matches!(clause.value, Clause::Window(_)));
            let place = window.map_or(written.name.span, |clause| clause.span);
            let (program, of) = indicator(definitions, &written.name.value)?;
            let place = Span { start: place.end, ..place };
            // Some editors cut what is long: all of it is said once more to those who point at it.
            let text = said(program, of);
            Some(InlayHint { place, more: format!("{text}.\n\n{MORE}"), text })
        })
        .collect()
}

fn said(program: &Program, of: &Indicator) -> String {
    let lag = words(of.lag).map(|lag| format!(" and a lag of {lag}")).unwrap_or_default();
    let waits = match of.follow_up {
        None => "never final".to_owned(),
        Some(wait) => match words(wait) {
            None if lag.is_empty() => "waits for nothing".to_owned(),
            None => format!("waits {}", lag.trim_start_matches(" and ")),
            Some(wait) => format!("waits {wait}{lag}"),
        },
    };
    let mut all = vec![waits];
    if of.as_it_stands {
        all.push("shown as it stands".to_owned());
    }
    for (far, tables) in looks_back(program, of) {
        let before = if of.window == WindowLength::AllTime { " before its end" } else { "" };
        all.push(format!("looks back {far}{before} at {}", tables.join(", ")));
    }
    all.join("; ")
}

/// How far is looked back, each with the tables of which this is so, in the order of the model.
fn looks_back<'p>(program: &'p Program, of: &Indicator) -> Vec<(String, Vec<&'p str>)> {
    let mut all: Vec<(String, Vec<&str>)> = Vec::new();
    for (table, back) in &of.look_back {
        let far = match (back, of.history) {
            (LookBack::UpTo(far), _) => words(*far),
            (LookBack::Endless, Some(history)) => words(history),
            (LookBack::Endless, None) => Some("without an end".to_owned()),
        };
        let Some(far) = far else { continue };
        let table = program.model.table(*table).name.as_str();
        match all.iter_mut().find(|(known, _)| *known == far) {
            Some((_, tables)) => tables.push(table),
            None => all.push((far, vec![table])),
        }
    }
    all
}

fn words(period: Period) -> Option<String> {
    let some = |n: u32, what: &str| (n > 0).then(|| format!("{n} {what}{}", if n == 1 { "" } else { "s" }));
    let parts: Vec<String> = [some(period.months, "month"), some(period.days, "day")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}
