//! A description as points inside points, and the two forms it is printed in.

use std::fmt::Write;

/// A description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The indicator's id, or the title of a chapter.
    pub id: String,
    /// The name, the id and the hash, for what is no chapter: the words before everything else.
    pub head: Option<Head>,
    /// What is said, in order.
    pub sections: Vec<Section>,
    /// What is said of all indicators alike, as far as this one needs it.
    pub same: Vec<Point>,
}

/// What stands at the top of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The indicator's name.
    pub title: String,
    /// Its meaning hash.
    pub meaning: String,
    /// The question, the direction, and where it comes from.
    pub points: Vec<Point>,
    /// What the author says of it, a paragraph each; not checked by the program.
    pub author: Vec<String>,
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
/// The heading of what is the same everywhere.
const SAME: &str = "The same for all indicators";
/// The heading of the author's words.
const AUTHOR: &str = "The author says; not checked by the program";

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

    /// Whether a name stands in the point, or in what belongs to it.
    pub(super) fn speaks_of(&self, name: &str) -> bool {
        self.text.contains(name) || self.under.iter().any(|point| point.speaks_of(name))
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
        let mut out = String::new();
        match &self.head {
            None => {
                let _ = writeln!(out, "{}", self.id);
            }
            Some(head) => {
                let _ = writeln!(out, "{}\n{}, meaning {}\n", head.title, self.id, head.meaning);
                head.points.iter().for_each(|p| text(&mut out, p, 1));
                if !head.author.is_empty() {
                    let rest = WIDTH.saturating_sub(AUTHOR.len() + 8);
                    let _ = write!(out, "\n  +-- {AUTHOR} {}\n", "-".repeat(rest));
                    head.author.iter().for_each(|said| wrapped(&mut out, said, "  | ", "  | "));
                    let _ = writeln!(out, "  +{}", "-".repeat(WIDTH - 3));
                }
            }
        }
        for (title, points) in self.parts() {
            let _ = write!(out, "\n{title}\n");
            points.iter().for_each(|p| text(&mut out, p, 1));
        }
        out
    }

    /// For a document.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        match &self.head {
            None => {
                let _ = writeln!(out, "# {}", escaped(&self.id));
            }
            Some(head) => {
                let _ = writeln!(out, "# {}\n\n`{}`, meaning `{}`\n", escaped(&head.title), self.id, head.meaning);
                head.points.iter().for_each(|p| markdown(&mut out, p, 0));
                if !head.author.is_empty() {
                    let _ = writeln!(out, "\n> **{AUTHOR}**");
                    for said in &head.author {
                        let _ = writeln!(out, ">\n> {}", escaped(said));
                    }
                }
            }
        }
        for (title, points) in self.parts() {
            let _ = write!(out, "\n## {title}\n\n");
            points.iter().for_each(|p| markdown(&mut out, p, 0));
        }
        out
    }

    /// What is computed, a sentence each, with where it stands: what two versions are compared by.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        fn all(found: &mut Vec<String>, around: &str, points: &[Point]) {
            for point in points {
                let here = format!("{around}{}", point.text);
                match point.under.is_empty() {
                    true => found.push(here),
                    false => all(found, &format!("{here} "), &point.under),
                }
            }
        }
        let mut found = Vec::new();
        for section in &self.sections {
            all(&mut found, &format!("{}: ", section.title), &section.points);
        }
        found
    }

    fn parts(&self) -> impl Iterator<Item = (&str, &[Point])> {
        let sections = self.sections.iter().map(|s| (s.title, s.points.as_slice()));
        sections.chain([(SAME, self.same.as_slice())]).filter(|(_, points)| !points.is_empty())
    }
}

fn text(out: &mut String, point: &Point, depth: usize) {
    let indent = "  ".repeat(depth);
    wrapped(out, &point.text, &format!("{indent}- "), &format!("{indent}  "));
    point.under.iter().for_each(|p| text(out, p, depth + 1));
}

/// A text in lines, with something before the first of them and before each further one.
fn wrapped(out: &mut String, text: &str, first: &str, further: &str) {
    let mut line = first.to_owned();
    let mut begun = false;
    // Only single blanks are broken at, so that nothing in quotation marks loses one.
    for word in text.split(' ') {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = format!("{further}{word}");
        } else {
            let gap = if begun { " " } else { "" };
            let _ = write!(line, "{gap}{word}");
        }
        begun = true;
    }
    let _ = writeln!(out, "{line}");
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
