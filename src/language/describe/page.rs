//! A description as points inside points, and the two forms it is printed in.

use std::fmt::Write;

/// A description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The indicator's id.
    pub id: String,
    /// What is said, in order.
    pub sections: Vec<Section>,
}

/// One part of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// What it says.
    pub points: Vec<Point>,
}

/// A sentence, or the beginning of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it says.
    pub text: String,
    /// What belongs to it.
    pub under: Vec<Point>,
}

/// The width of the text form; only a longer word exceeds it.
const WIDTH: usize = 100;

impl Point {
    /// A point with nothing under it.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), under: Vec::new() }
    }

    /// A point that begins a list.
    #[must_use]
    pub fn over(text: impl Into<String>, under: Vec<Self>) -> Self {
        Self { text: text.into(), under }
    }

    /// The point with something before its text.
    pub(super) fn after(self, before: &str) -> Self {
        Self { text: format!("{before}{}", self.text), under: self.under }
    }

    /// The point as a sentence: with a full stop, unless a list follows.
    pub(super) fn sentence(mut self) -> Self {
        if !self.text.ends_with(':') {
            self.text.push('.');
        }
        self
    }
}

impl Page {
    /// For reading on a screen.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.id);
        for section in self.sections.iter().filter(|s| !s.points.is_empty()) {
            let _ = write!(out, "\n{}\n", section.title);
            section.points.iter().for_each(|p| text(&mut out, p, 1));
        }
        out
    }

    /// For a document.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", escaped(&self.id));
        for section in self.sections.iter().filter(|s| !s.points.is_empty()) {
            let _ = write!(out, "\n## {}\n\n", section.title);
            section.points.iter().for_each(|p| markdown(&mut out, p, 0));
        }
        out
    }
}

fn text(out: &mut String, point: &Point, depth: usize) {
    let indent = "  ".repeat(depth);
    let mut line = format!("{indent}- ");
    let mut begun = false;
    // Only single blanks are broken at, so that nothing in quotation marks loses one.
    for word in point.text.split(' ') {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = format!("{indent}  {word}");
        } else {
            let gap = if begun { " " } else { "" };
            let _ = write!(line, "{gap}{word}");
        }
        begun = true;
    }
    let _ = writeln!(out, "{line}");
    point.under.iter().for_each(|p| text(out, p, depth + 1));
}

fn markdown(out: &mut String, point: &Point, depth: usize) {
    let _ = writeln!(out, "{}- {}", "  ".repeat(depth), escaped(&point.text));
    point.under.iter().for_each(|p| markdown(out, p, depth + 1));
}

/// The text with the signs of Markdown escaped; text in backquotes is left as it is.
fn escaped(text: &str) -> String {
    let mut made = String::new();
    let mut code = false;
    for c in text.chars() {
        code ^= c == '`';
        if !code && matches!(c, '\\' | '*' | '_' | '<' | '>' | '[' | ']' | '|' | '#') {
            made.push('\\');
        }
        made.push(c);
    }
    made
}
