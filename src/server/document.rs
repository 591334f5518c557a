//! One text as the editor has it, and its lines and columns.
//!
//! The language reads a text without a byte order mark and with plain line ends; an editor counts
//! lines and columns of the text as it stands. A column is a number of bytes or of UTF-16 units,
//! as was agreed on.

use gen_lsp_types::{Position, Range};
use std::borrow::Cow;

/// What is counted as a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Columns {
    /// Bytes.
    Utf8,
    /// UTF-16 units: a character beyond the first 65,536 counts twice.
    Utf16,
}

impl Columns {
    fn of(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// A text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document {
    /// As the editor or the file has it.
    written: String,
    /// The bytes of a byte order mark, when there is one.
    mark: usize,
    /// Where the lines begin in it. They end with a line feed, a carriage return or both.
    lines: Vec<usize>,
    /// The line feeds of the text as it is checked before which a carriage return was left out.
    dropped: Vec<usize>,
}

const MARK: char = '\u{FEFF}';

impl Document {
    pub(crate) fn new(written: String) -> Self {
        let mark = if written.starts_with(MARK) { MARK.len_utf8() } else { 0 };
        let bytes = written.as_bytes();
        let (mut lines, mut dropped) = (vec![0], Vec::new());
        for (at, byte) in bytes.iter().enumerate() {
            let both = *byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if both {
                dropped.push(at - mark - dropped.len());
            } else if matches!(byte, b'\r' | b'\n') {
                lines.push(at + 1);
            }
        }
        Self { written, mark, lines, dropped }
    }

    /// The text as it is checked.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        let text = self.written.get(self.mark..).unwrap_or_default();
        if self.dropped.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(text.replace("\r\n", "\n")) }
    }

    /// Whether lines end as those of Windows do.
    pub(crate) fn has_windows_lines(&self) -> bool {
        !self.dropped.is_empty()
    }

    /// Writes a text in the place of another, as the editor did.
    pub(crate) fn change(&mut self, range: Option<Range>, text: &str, columns: Columns) {
        let Some(Range { start, end }) = range else {
            *self = Self::new(text.to_owned());
            return;
        };
        let (start, end) = (self.place(start, columns), self.place(end, columns));
        let mut written = std::mem::take(&mut self.written);
        written.replace_range(start.min(end)..end.max(start), text);
        *self = Self::new(written);
    }

    /// The byte of the text as it is checked. A column beyond its line is the end of the line, a
    /// line beyond the text the end of the text.
    pub(crate) fn offset(&self, position: Position, columns: Columns) -> u32 {
        let place = self.place(position, columns);
        let inside = place.saturating_sub(self.mark);
        // The carriage return that was left out first stands at its line feed, the next one byte
        // further, and so on.
        let (mut low, mut high) = (0, self.dropped.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.dropped.get(middle).is_some_and(|at| at + middle < inside) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        u32::try_from(inside - low).unwrap_or(u32::MAX)
    }

    /// The line and column of a byte of the text as it is checked.
    pub(crate) fn position(&self, offset: u32, columns: Columns) -> Position {
        let inside = offset as usize;
        let place = (inside + self.dropped.partition_point(|at| *at < inside) + self.mark).min(self.written.len());
        let place = self.before(place);
        let line = self.lines.partition_point(|start| *start <= place).max(1) - 1;
        let start = self.lines.get(line).copied().unwrap_or_default();
        let column: usize = self.written.get(start..place).unwrap_or_default().chars().map(|c| columns.of(c)).sum();
        Position::new(number(line), number(column))
    }

    /// The range of some bytes of the text as it is checked.
    pub(crate) fn range(&self, start: u32, end: u32, columns: Columns) -> Range {
        Range::new(self.position(start, columns), self.position(end, columns))
    }

    /// The byte of the text as it is written.
    fn place(&self, position: Position, columns: Columns) -> usize {
        let (line, wanted) = (position.line as usize, position.character as usize);
        let Some(start) = self.lines.get(line).copied() else { return self.written.len() };
        let end = self.lines.get(line + 1).copied().unwrap_or(self.written.len());
        let text = self.written.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let (mut at, mut column) = (start, 0);
        for c in text.chars() {
            // Inside of a character is before it.
            if column + columns.of(c) > wanted {
                break;
            }
            column += columns.of(c);
            at += c.len_utf8();
        }
        at
    }

    /// The nearest place that is not inside a character.
    fn before(&self, place: usize) -> usize {
        (0..=place).rev().find(|at| self.written.is_char_boundary(*at)).unwrap_or_default()
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_found_again() {
        for written in ["", "a", "a\nb", "\u{FEFF}a\r\né😀b\n\r\nc\rd\r\n", "\r\n\r\n", "😀😀\r\n😀"] {
            let document = Document::new(written.to_owned());
            let text = document.text().into_owned();
            assert_eq!(text, written.trim_start_matches(MARK).replace("\r\n", "\n"));
            for columns in [Columns::Utf8, Columns::Utf16] {
                for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    let offset = number(offset);
                    let position = document.position(offset, columns);
                    assert_eq!(document.offset(position, columns), offset, "{written:?} at {offset}: {position:?}");
                }
            }
        }
    }

    #[test]
    fn columns_are_counted_as_agreed() {
        let document = Document::new("x\n  é😀b".to_owned());
        assert_eq!(document.position(10, Columns::Utf16), Position::new(1, 5));
        assert_eq!(document.position(10, Columns::Utf8), Position::new(1, 8));
        // A mark counts in the first line.
        assert_eq!(Document::new("\u{FEFF}ab".to_owned()).position(1, Columns::Utf16), Position::new(0, 2));
        // Beyond the line and the text.
        assert_eq!(document.offset(Position::new(0, 99), Columns::Utf16), 1);
        assert_eq!(document.offset(Position::new(9, 0), Columns::Utf16), 11);
    }

    #[test]
    fn changes_are_made_where_the_editor_made_them() {
        let mut document = Document::new("a\r\nb😀c\r\n".to_owned());
        let at = |line, from, to| Some(Range::new(Position::new(line, from), Position::new(line, to)));
        document.change(at(1, 1, 3), "x", Columns::Utf16);
        assert_eq!(document.written, "a\r\nbxc\r\n");
        document.change(Some(Range::new(Position::new(0, 1), Position::new(1, 0))), "", Columns::Utf16);
        assert_eq!(document.written, "abxc\r\n");
        document.change(None, "new", Columns::Utf16);
        assert_eq!(document.text(), "new");
    }
}
