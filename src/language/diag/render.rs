//! The miette adapter, the only file that names it: findings as text for people and as JSON for
//! programs.
//!
//! Two forms of text: *plain* (ASCII, no colour, a fixed width) for pipes, logs and snapshots, and
//! *fancy* (line drawing, colour, as wide as the terminal). A finding is shown with at most a few
//! lines of its text: a place that spans a whole declaration is shown by its first line, and a line
//! too long to read is shown as an excerpt.

use super::{Diagnostic, Label, Severity};
use crate::source::{SourceFile, Sources, Span, printable};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
};
use serde::Serialize;
use std::fmt;

/// How wide the plain form is.
pub const PLAIN_WIDTH: usize = 100;
/// A place of more lines than this is shown by its first line.
const MOST_LINES: usize = 6;
/// A line of more bytes than this is not drawn.
const LONGEST_LINE: usize = 600;
/// A word of more characters than this is cut short in messages.
const LONGEST_WORD: usize = 120;

/// How findings are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// ASCII only, [`PLAIN_WIDTH`] wide.
    Plain,
    /// Line drawing for a terminal of this width.
    Fancy {
        /// With colours.
        color: bool,
        /// In characters.
        width: usize,
    },
}

/// One finding as text, with a line break at its end.
#[must_use]
pub fn text(sources: &Sources, diagnostic: &Diagnostic, form: Form) -> String {
    let shown = Shown::new(sources, diagnostic);
    if diagnostic.code.is_about_a_whole() {
        return shown.line(sources, diagnostic);
    }
    let mut out = String::new();
    // Writing to a string fails only when miette cannot read a place; the finding itself must not
    // get lost.
    if handler(form).render_report(&mut out, &shown).is_err() {
        out = format!("{}\n{}\n", shown.head, shown.message);
    }
    out
}

fn handler(form: Form) -> GraphicalReportHandler {
    let (theme, width) = match form {
        Form::Plain => (GraphicalTheme::none(), PLAIN_WIDTH),
        Form::Fancy { color: true, width } => (GraphicalTheme::unicode(), width),
        Form::Fancy { color: false, width } => (GraphicalTheme::unicode_nocolor(), width),
    };
    GraphicalReportHandler::new_themed(theme).with_links(false).with_width(width.clamp(40, 160)).with_context_lines(1)
}

/// A finding in the words and places miette draws.
#[derive(Debug)]
struct Shown<'a> {
    head: String,
    message: String,
    severity: Severity,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    source: Option<Excerpt<'a>>,
}

impl<'a> Shown<'a> {
    /// The finding on one line, with its place: `warning W0805 at shown.ind:3:11: ...`.
    fn line(&self, sources: &Sources, diagnostic: &Diagnostic) -> String {
        let place = diagnostic.span().map(|span| {
            let file = sources.file(span.file);
            let (line, column) = file.line_column(span.start);
            format!(" at {}:{line}:{column}", file.path.display())
        });
        let help = self.help.as_ref().map(|help| format!("; {help}"));
        format!("{}{}: {}{}\n", self.head, place.unwrap_or_default(), self.message, help.unwrap_or_default())
    }

    fn new(sources: &'a Sources, diagnostic: &Diagnostic) -> Self {
        let word = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let main = diagnostic.span().map(|s| sources.file(s.file));
        let mut notes: Vec<String> = Vec::new();
        let mut labels = Vec::new();
        for (i, label) in diagnostic.labels.iter().enumerate() {
            let file = sources.file(label.span.file);
            let (same, clipped) = (main.is_some_and(|m| std::ptr::eq(m, file)), clip(file, label.span));
            match clipped {
                Some(span) if same => labels.push(drawn(&label.text, span, i == 0)),
                Some(_) | None => notes.push(elsewhere(file, label)),
            }
        }
        notes.extend(diagnostic.help.iter().map(|h| said(h)));
        Self {
            head: format!("{word} {}", diagnostic.code.as_str()),
            message: said(&diagnostic.message),
            severity: diagnostic.severity,
            help: if notes.is_empty() { None } else { Some(notes.join("\n")) },
            source: if labels.is_empty() { None } else { main.map(|file| Excerpt { file }) },
            labels,
        }
    }
}

/// The label as miette takes it.
fn drawn(text: &str, span: SourceSpan, main: bool) -> LabeledSpan {
    let text = if text.is_empty() { None } else { Some(said(text)) };
    if main { LabeledSpan::new_primary_with_span(text, span) } else { LabeledSpan::new_with_span(text, span) }
}

/// The part of a span that is drawn; `None` when its line is too long for that.
fn clip(file: &SourceFile, span: Span) -> Option<SourceSpan> {
    let (start, end) = bounds(file, span);
    let (first, _) = file.line_column(start as u32);
    let (last, _) = file.line_column(end as u32);
    let end = if last - first >= MOST_LINES { line_end(file, first) } else { end };
    let last = if last - first >= MOST_LINES { first } else { last };
    let long = (first..=last).any(|line| file.line_bytes(line).len() > LONGEST_LINE);
    if long { None } else { Some((start, end.saturating_sub(start)).into()) }
}

/// A span's bytes, moved outwards to the boundaries of characters.
fn bounds(file: &SourceFile, span: Span) -> (usize, usize) {
    let start = file.text.floor_char_boundary((span.start as usize).min(file.text.len()));
    let end = file.text.ceil_char_boundary((span.end as usize).min(file.text.len()));
    (start, end.max(start))
}

/// The end of a line's text, without its line break.
fn line_end(file: &SourceFile, line: usize) -> usize {
    let bytes = file.line_bytes(line);
    let text = file.text.get(bytes.clone()).unwrap_or_default();
    bytes.start + text.trim_end_matches(['\n', '\r']).len()
}

/// A place that is not drawn, in words: in another file, or on a line too long to draw.
fn elsewhere(file: &SourceFile, label: &Label) -> String {
    let (start, end) = bounds(file, label.span);
    let (line, column) = file.line_column(start as u32);
    let cut = file.text.get(start..end).unwrap_or_default().chars().take(40).collect::<String>();
    let cut = cut.lines().next().unwrap_or_default();
    let about = if label.text.is_empty() { String::new() } else { format!("{}: ", label.text) };
    said(&format!("{about}`{cut}` at {}:{line}:{column}", file.path.display()))
}

/// A message without control characters, in which very long words are cut short.
fn said(text: &str) -> String {
    let short = |word: &str| match word.char_indices().nth(LONGEST_WORD) {
        Some((at, _)) => {
            format!("{}...{}", word.get(..at).unwrap_or_default(), if word.ends_with('`') { "`" } else { "" })
        }
        None => word.to_owned(),
    };
    printable(text).split(' ').map(short).collect::<Vec<_>>().join(" ")
}

/// The text of a file, of which miette reads a few lines at a time.
#[derive(Debug)]
struct Excerpt<'a> {
    file: &'a SourceFile,
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'b> + 'b>, MietteError> {
        let (line, column) = self.file.line_column(span.offset() as u32);
        let (last, _) = self.file.line_column((span.offset() + span.len()) as u32);
        let fits = |line: &usize| self.file.line_bytes(*line).len() <= LONGEST_LINE;
        let first_shown = (line.saturating_sub(before).max(1)..line).rev().take_while(fits).last().unwrap_or(line);
        let end = (last + after).min(self.file.line_count());
        let last_shown = (last + 1..=end).take_while(fits).last().unwrap_or(last);
        let range = self.file.line_bytes(first_shown).start..self.file.line_bytes(last_shown).end;
        let data = self.file.printable().get(range.clone()).ok_or(MietteError::OutOfBounds)?;
        let column = if before == 0 { column - 1 } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            printable(&self.file.path.display().to_string()).into_owned(),
            data.as_bytes(),
            (range.start, range.len()).into(),
            first_shown - 1,
            column,
            last_shown - first_shown + 1,
        )))
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(&self.head))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display + 'b>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|s| s as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A place as JSON: lines and columns count from 1, columns in characters; the end is the place
/// after the last character.
#[derive(Debug, Serialize)]
struct JsonPlace<'a> {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
}

impl<'a> JsonPlace<'a> {
    fn of(sources: &Sources, span: Span, text: &'a str) -> Self {
        let file = sources.file(span.file);
        let (start, end) = bounds(file, span);
        let ((line, column), (end_line, end_column)) = (file.line_column(start as u32), file.line_column(end as u32));
        Self { file: file.path.display().to_string(), line, column, end_line, end_column, text }
    }
}

#[derive(Debug, Serialize)]
struct JsonFinding<'a> {
    code: &'a str,
    severity: &'static str,
    message: String,
    help: Option<String>,
    places: Vec<JsonPlace<'a>>,
    /// What `check --fix` writes in the place of what; `text` is the new text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fix: Vec<JsonPlace<'a>>,
}

/// One finding as a JSON object on one line, without a line break. The first of its `places` is the
/// main one.
#[must_use]
pub fn json(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let places = diagnostic.labels.iter().map(|label| JsonPlace::of(sources, label.span, &label.text));
    let fix = diagnostic.fix.iter().map(|edit| JsonPlace::of(sources, edit.span, &edit.text));
    let finding = JsonFinding {
        code: diagnostic.code.as_str(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: said(&diagnostic.message),
        help: diagnostic.help.as_deref().map(said),
        places: places.collect(),
        fix: fix.collect(),
    };
    // Strings and numbers always serialize.
    serde_json::to_string(&finding).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;

    fn shown(text_of_file: &str, start: usize, end: usize) -> String {
        let mut sources = Sources::default();
        let file = sources.add("a.ind", text_of_file);
        let finding =
            Diagnostic::new(code::SYNTAX, Span::new(file, start, end), "not right").because("here").help("write x");
        text(&sources, &finding, Form::Plain)
    }

    #[test]
    fn a_finding_shows_its_line_and_the_lines_beside_it() {
        let out = shown("one\ntwo three\nfour\nfive\n", 8, 13);
        assert!(out.contains("a.ind:2:5") && out.contains("two three") && out.contains("four"), "{out}");
        assert!(!out.contains("five") && out.contains("help: write x"), "{out}");
    }

    #[test]
    fn any_span_of_any_text_can_be_drawn() {
        let long = "é".repeat(5000);
        for file in ["", "x", "\n\n", "a\u{1b}[31mb\n", "tab\there\n", "é\r\nü", long.as_str(), &"line\n".repeat(50)]
        {
            for (start, end) in [(0, 0), (0, 1), (1, 2), (0, file.len()), (file.len(), file.len()), (3, 100_000)] {
                let out = shown(file, start, end);
                assert!(out.contains("not right") && out.len() < 4000, "{file:?} {start} {end}: {out}");
                assert!(!out.contains('\u{1b}'), "{out:?}");
            }
        }
    }

    #[test]
    fn words_that_nobody_can_have_meant_are_cut_short() {
        assert_eq!(said("no `item` here"), "no `item` here");
        assert!(said(&format!("no `{}` here", "x".repeat(1_000_000))).len() < 200);
    }

    #[test]
    fn a_place_in_another_file_is_told_in_the_help() {
        let mut sources = Sources::default();
        let (one, two) = (sources.add("a.ind", "indicator x"), sources.add("b.ind", "\nindicator x"));
        let finding = Diagnostic::new(code::SYNTAX, Span::new(two, 11, 12), "declared twice")
            .also(Span::new(one, 10, 11), "first here");
        let out = text(&sources, &finding, Form::Plain);
        assert!(out.contains("b.ind:2:11") && out.contains("first here: `x` at a.ind:1:11"), "{out}");
        let json = json(&sources, &finding);
        assert!(json.contains(r#""line":2,"column":11"#) && !json.contains('\n'), "{json}");
    }
}
