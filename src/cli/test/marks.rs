//! The text of an indicator with marks under its clauses.

use super::super::terminal::{GREEN, RED, YELLOW};
use crate::coverage::{Coverage, Covered, Goal, Standing};
use crate::source::{SourceFile, Sources, Span};
use anstyle::Style;
use std::collections::BTreeSet;
use std::fmt::Write;

/// How much of a clause is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Tone {
    /// All of it.
    All,
    /// Some.
    Some,
    /// Nothing.
    None,
    /// It is no clause.
    Plain,
}

impl Tone {
    /// What a page colours it by.
    pub(in crate::cli) fn class(self) -> Option<&'static str> {
        match self {
            Self::All => Some("all"),
            Self::Some => Some("some"),
            Self::None => Some("none"),
            Self::Plain => None,
        }
    }
}

/// A line of the text with what is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Line {
    /// Its number.
    pub(in crate::cli) number: usize,
    /// Its text in pieces of one tone.
    pub(in crate::cli) pieces: Vec<(Tone, String)>,
    /// Lines of marks under it.
    pub(in crate::cli) marks: Vec<String>,
}

/// The lines on which the clauses of an indicator stand, by the file: those that it takes over from
/// another stand there.
pub(in crate::cli) fn lines<'s>(sources: &'s Sources, coverage: &Coverage) -> Vec<(&'s SourceFile, Vec<Line>)> {
    let files: BTreeSet<_> = coverage.clauses.iter().map(|of| of.clause.place.file).collect();
    let of_file = |id| {
        let file = sources.file(id);
        let clauses: Vec<&Covered> = coverage.clauses.iter().filter(|of| of.clause.place.file == id).collect();
        let line_of = |offset| file.line_column(offset).0;
        let numbers: BTreeSet<usize> = clauses
            .iter()
            .flat_map(|of| line_of(of.clause.place.start)..=line_of(of.clause.place.end.saturating_sub(1)))
            .collect();
        (file, numbers.into_iter().map(|number| line(file, number, &clauses)).collect())
    };
    files.into_iter().map(of_file).collect()
}

fn line(file: &SourceFile, number: usize, clauses: &[&Covered]) -> Line {
    let bytes = file.line_bytes(number);
    let text = file.printable().get(bytes.clone()).unwrap_or_default().trim_end();
    let mut pieces: Vec<(Tone, String)> = Vec::new();
    for (place, letter) in text.char_indices() {
        let tone = tone_at(bytes.start + place, clauses);
        match pieces.last_mut() {
            Some((last, piece)) if *last == tone => piece.push(letter),
            _ => pieces.push((tone, letter.to_string())),
        }
    }
    let begins = |of: &&&Covered| bytes.contains(&(of.clause.place.start as usize));
    let mut marks: Vec<String> = Vec::new();
    for of in clauses.iter().filter(begins) {
        let column = file.line_column(of.clause.place.start).1 - 1;
        let fits = |line: &&mut String| line.is_empty() || line.chars().count() < column;
        let line = match marks.iter_mut().find(fits) {
            Some(line) => line,
            None => {
                marks.push(String::new());
                let last = marks.len() - 1;
                &mut marks[last]
            }
        };
        let blanks = column.saturating_sub(line.chars().count());
        line.extend(std::iter::repeat_n(' ', blanks));
        line.extend(Goal::ALL.map(|goal| letter(of, goal)));
    }
    Line { number, pieces, marks }
}

fn letter(of: &Covered, goal: Goal) -> char {
    match of.standing(goal) {
        Standing::Reached => goal.letter(),
        Standing::Missing => '-',
        Standing::Impossible => '.',
    }
}

/// The tone of a byte: that of the innermost clause around it.
fn tone_at(byte: usize, clauses: &[&Covered]) -> Tone {
    let holds = |place: Span| (place.start as usize..place.end as usize).contains(&byte);
    let around = clauses.iter().filter(|of| holds(of.clause.place));
    around.min_by_key(|of| of.clause.place.end - of.clause.place.start).map_or(Tone::Plain, |of| tone(of))
}

fn tone(of: &Covered) -> Tone {
    match of.missing().count() {
        0 => Tone::All,
        missing if missing < of.clause.goals.len() => Tone::Some,
        _ => Tone::None,
    }
}

/// For the terminal.
pub(in crate::cli) fn text(sources: &Sources, coverage: &Coverage) -> String {
    let mut out = String::new();
    for (file, lines) in lines(sources, coverage) {
        let _ = writeln!(out, "  {}", file.path.display());
        for line in lines {
            let _ = write!(out, "{:>6}  ", line.number);
            for (tone, piece) in &line.pieces {
                let style = style(*tone);
                let _ = write!(out, "{style}{piece}{style:#}");
            }
            out.push('\n');
            for marks in &line.marks {
                let _ = writeln!(out, "        {marks}");
            }
        }
    }
    out
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::All => GREEN,
        Tone::Some => YELLOW,
        Tone::None => RED,
        Tone::Plain => Style::new(),
    }
}
