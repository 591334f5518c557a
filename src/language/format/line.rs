//! A line of the layout.

/// A line, or several where a text goes on over lines.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Blank lines before it.
    pub(super) blank: usize,
    /// What stands on it, with the blanks before it.
    pub(super) text: String,
    /// The column behind what stands on it.
    pub(super) end: usize,
    /// The comment at its end.
    pub(super) comment: Option<Comment>,
    /// What may be put below its like, in order.
    pub(super) marks: Vec<Mark>,
}

/// A comment at the end of a line.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) text: String,
    /// The column in which it stood.
    pub(super) column: usize,
}

/// Where something begins that may be put below its like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// As a byte of the line; one blank stands before it.
    pub(super) at: usize,
    /// The column in which it stood.
    pub(super) column: usize,
    /// How many blanks stood before it.
    pub(super) blanks: usize,
}

impl Line {
    /// A line that begins this far to the right.
    pub(super) fn new(blank: usize, indent: usize) -> Self {
        Self { blank, text: " ".repeat(indent), end: indent, ..Self::default() }
    }

    /// A line with this text alone.
    pub(super) fn with(blank: usize, text: &str) -> Self {
        let mut line = Self::new(blank, 0);
        line.push(text);
        line
    }

    pub(super) fn push(&mut self, text: &str) {
        let last = text.rsplit('\n').next().unwrap_or_default();
        self.end = width(last) + if last.len() < text.len() { 0 } else { self.end };
        self.text.push_str(text);
    }

    /// Writes blanks up to a column, and so many at least.
    pub(super) fn push_blanks(&mut self, column: usize, least: usize) {
        let blanks = column.saturating_sub(self.end).max(least);
        self.push(&" ".repeat(blanks));
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}
