//! Why one row counts as it does, and which rows made a cell move, to bytes, one file per form.

mod cell;
mod html;
mod json;
mod missing_row;
mod text;

use crate::scorecard::words;
pub use cell::{Cell, OfWindow, cell_csv, cell_json, cell_text};
pub use html::page;
pub use json::json;
pub use text::text;
use yardstick_language::describe::say;
use yardstick_language::explanation::{Explanation, Instead};
use yardstick_language::functions::Value;

/// An explanation, and what it stands under.
#[derive(Debug, Clone)]
pub struct Why {
    /// The id of the indicator.
    pub indicator: String,
    /// Its name for people.
    pub title: String,
    /// Its meaning hash.
    pub meaning: String,
    /// Whose data it is.
    pub organization: String,
    /// The window in words.
    pub window: String,
    /// Its first and its last day.
    pub days: [chrono::NaiveDate; 2],
    /// The last day that the data knows of.
    pub as_of: chrono::NaiveDate,
    /// What a reader must know besides: why the result can still change, why a row went.
    pub notes: Vec<String>,
    /// The explanation.
    pub explanation: Explanation,
    /// The text of the indicator, and of what it takes over from others.
    pub passages: Vec<Passage>,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The path of the file.
    pub path: String,
    /// Where it begins and ends.
    pub span: yardstick_language::source::Span,
    /// The text.
    pub text: String,
}

impl Why {
    /// What this is about, in a line.
    fn heading(&self) -> String {
        format!("{} ({}), {}, data through {}", self.title, self.indicator, self.window, words::day(self.as_of))
    }

    /// What would have made a difference, a sentence each: other values, then missing rows.
    fn differences(&self) -> Vec<String> {
        let Explanation { instead: values, missing_rows, .. } = &self.explanation;
        values.iter().map(instead).chain(missing_rows.iter().map(missing_row::said)).collect()
    }

    /// Whom the row belongs to.
    fn held(&self) -> Option<String> {
        let day = self.explanation.attributed_on?;
        let holders = self.explanation.holders.iter();
        let names: Vec<String> = holders
            .map(|(level, id)| format!("{level} {}", id.as_deref().unwrap_or(crate::hierarchy::UNASSIGNED)))
            .collect();
        Some(format!("Attributed on {}: {}", say::day(day), names.join(" > ")))
    }

    /// Why nothing is told that would have made a difference, where nothing is.
    fn no_difference(&self) -> Option<String> {
        let Explanation { instead, missing_rows, not_tried, .. } = &self.explanation;
        if !(instead.is_empty() && missing_rows.is_empty()) {
            return None;
        }
        Some(match not_tried {
            None => {
                "No other day or word of a single row, and no row more, was found that would have made a difference."
                    .to_owned()
            }
            Some(why) => format!("What would have made a difference was not looked for: {why}."),
        })
    }

    /// What decided, in sentences.
    fn decided(&self) -> Vec<String> {
        let sets = &self.explanation.deciding;
        let quoted = |set: &Vec<String>| set.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" and ");
        match sets.as_slice() {
            [] => Vec::new(),
            [one] if one.len() == 1 => vec![format!("Decided by {}.", quoted(one))],
            many if many.iter().all(|set| set.len() == 1) => {
                let all: Vec<String> = many.iter().map(quoted).collect();
                vec![format!("Any of these, had it been otherwise, would have changed the result: {}.", all.join("; "))]
            }
            many => {
                let all: Vec<String> = many.iter().map(quoted).collect();
                vec![format!(
                    "No part alone decided. Only together, had they been otherwise, would these have changed the \
                     result: {}.",
                    all.join("; or ")
                )]
            }
        }
    }
}

/// What would have made the difference, in a sentence.
fn instead(of: &Instead) -> String {
    let Instead { of: row, column, was, value, through, becomes, on, .. } = of;
    let became = format!("{} it would be {}", if through.is_some() { "" } else { "," }, becomes.word());
    let days = match (through, &of.cell) {
        (Some(last), Some(Value::Date(nearest))) if last != nearest => range(*nearest, *last, *on),
        (Some(last), Some(Value::Time(nearest))) if *last != nearest.date() => range(nearest.date(), *last, *on),
        _ => String::new(),
    };
    let with = if through.is_some() { format!("on {value}{days}") } else { format!("with {value}") };
    format!("`{column}` of {row} is {was}; {with}{became}.")
}

fn range(nearest: chrono::NaiveDate, last: chrono::NaiveDate, on: bool) -> String {
    let more = if on { " (farther days were not tried)" } else { "" };
    let side = if last < nearest { "back to" } else { "up to" };
    format!(", and on every day {side} {}{more},", say::day(last))
}

/// A truth in words.
fn truth(of: Option<bool>) -> &'static str {
    match of {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    }
}
