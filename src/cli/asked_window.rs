//! `--window`: a measure for another window than its definition names.

use super::failure::Failure;
use crate::check::other_window;
use crate::diag::{Diagnostics, Severity};
use crate::ir::{Program, WindowEnds, WindowLength};
use crate::scorecard::Columns;
use crate::source::Sources;
use crate::syntax;
use crate::syntax::ast::{Clause, Item};

/// How a window is written, for messages.
const FORMS: &str = "write `month`, `12 months`, `quarter`, `week`, `month end`, `year to date`, `fiscal year to date \
                     from July` or `all time`; all but a week may be thinned out by `every quarter` or `ending in June`";

/// A window as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AskedWindow {
    /// As it was written.
    pub(super) text: String,
    length: WindowLength,
    ends: WindowEnds,
}

impl AskedWindow {
    /// A window as it is written behind `window` in an indicator.
    pub(super) fn of(text: &str) -> Result<Self, Failure> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wrong = |(message, help): (String, String)| Failure::usage(format!("--window: {message}")).help(help);
        let (length, ends) = written(&text).map_err(wrong)?;
        Ok(Self { text, length, ends })
    }

    /// Refuses another window where counts are hidden.
    pub(super) fn may_show(&self, columns: &Columns) -> Result<(), Failure> {
        match columns.hides() {
            false => Ok(()),
            true => Err(Failure::usage("`--window` is not for a scorecard that hides counts").help(
                "a year and its months side by side give away what each hides; such a scorecard shows the windows of the definitions",
            )),
        }
    }

    /// Makes these indicators those of this window.
    ///
    /// # Errors
    /// When the text of one depends on how long its window is: all such are named.
    pub(super) fn put(&self, program: &mut Program, indicators: &[usize]) -> Result<(), Failure> {
        let mut refused = Vec::new();
        for number in indicators {
            let Some(indicator) = program.indicators.get_mut(*number) else { continue };
            match other_window::for_window(&program.model, indicator, (self.length, self.ends)) {
                Ok(other) => *indicator = other,
                Err(why) => refused.push(format!("`{}`: {why}", indicator.id)),
            }
        }
        if refused.is_empty() {
            return Ok(());
        }
        let message = format!("not every measure can be shown for the window `{}`: {}", self.text, refused.join("; "));
        Err(Failure::usage(message).help(
            "leave `--window` out, or name the files of the others; a measure of its own for this window is another text",
        ))
    }

    /// What is said under a scorecard.
    pub(super) fn note(&self) -> String {
        format!(
            "Window `{}` as asked for on the command line. Standards are for the windows of the definitions: where \
             these differ, nothing is coloured.",
            self.text
        )
    }
}

/// The window that a text means, or what is wrong with it and what to write instead.
fn written(text: &str) -> Result<(WindowLength, WindowEnds), (String, String)> {
    let none = || (format!("`{text}` is no window"), FORMS.to_owned());
    // Nothing but words and numbers, so that it can be read where it stands in an indicator.
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | '_')) {
        return Err(none());
    }
    let mut sources = Sources::default();
    let file = sources.add("", format!("indicator shown {{\n  window {text}\n}}\n"));
    let (ast, mut found) = syntax::parse(&sources, file);
    let [Item::Indicator(shown)] = ast.items.as_slice() else { return Err(none()) };
    let [clause] = shown.clauses.as_slice() else { return Err(none()) };
    let Clause::Window(clause) = &clause.value else { return Err(none()) };
    let (read, wrong) = other_window::read(clause);
    found.extend(wrong);
    match (read, first_error(&found)) {
        (Some(read), None) => Ok(read),
        (_, said) => Err(said.unwrap_or_else(none)),
    }
}

fn first_error(found: &Diagnostics) -> Option<(String, String)> {
    let first = found.sorted().into_iter().find(|finding| finding.severity == Severity::Error)?;
    Some((first.message.clone(), first.help.clone().unwrap_or_else(|| FORMS.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_read_as_in_an_indicator() {
        let of = |text: &str| written(text).unwrap();
        let all = WindowEnds::default();
        assert_eq!(of("month"), (WindowLength::Months(1), all));
        assert_eq!(of("quarter"), (WindowLength::Months(3), WindowEnds::QUARTERS));
        assert_eq!(of("12 months ending in March, September"), (WindowLength::Months(12), WindowEnds::of(&[3, 9])));
        assert_eq!(of("fiscal year to date from July"), (WindowLength::YearToDate(7), all));
        assert_eq!(of("all time every quarter"), (WindowLength::AllTime, WindowEnds::QUARTERS));
    }

    #[test]
    fn what_is_no_window_is_said() {
        for text in ["", "mnth", "month lag 2 months", "2024-12-31", "month } table x { ", "all", "week week"] {
            let (message, help) = written(text).unwrap_err();
            assert!(message.contains("is no window") && help.contains("`12 months`"), "{text}: {message}");
        }
        for (text, words) in [("week every quarter", "no month"), ("40 days", "40 days"), ("year", "calendar")] {
            let (message, help) = written(text).unwrap_err();
            assert!(message.contains(words) && !help.is_empty(), "{text}: {message}");
        }
    }
}
