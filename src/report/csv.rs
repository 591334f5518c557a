//! Result rows as CSV: a head line, then one line per cell; a missing figure is an empty field.

use super::{Format, Kind, Report, Rows, Writing, pieces};
use crate::scorecard::{Block, Judged, ResultRow, State};
use std::borrow::Cow;
use std::io::{self, Write};

/// `csv`.
pub(super) const FORMAT: Format =
    Format { name: "csv", extension: "csv", kind: Kind::Text, writing: Writing::Rows(begin) };

/// Rows in a piece: its bytes stay in a processor's cache until they are written.
const ROWS: usize = 4096;

fn begin() -> io::Result<Box<dyn Rows>> {
    Ok(Box::new(Lines { has_head: false }))
}

/// A file being written.
struct Lines {
    has_head: bool,
}

impl Lines {
    fn head(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_head, true) {
            return Ok(());
        }
        let names: Vec<&str> = ResultRow::columns().collect();
        writeln!(out, "{}", names.join(","))
    }
}

impl Rows for Lines {
    fn add(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        self.head(out)?;
        let judged = &report.judged;
        pieces::in_order(report, ROWS, |blocks| lines(judged, blocks), |lines| out.write_all(&lines?))
    }

    fn end(mut self: Box<Self>, out: &mut dyn Write) -> io::Result<()> {
        self.head(out)
    }
}

/// The lines of some blocks. Not by the csv crate, which would look through every field of every row for characters to quote,
/// where most texts stand in many rows.
fn lines(judged: &Judged, blocks: &[Block]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut standard = Repeated::default();
    // By the number of the window.
    let mut blanks: Vec<Option<Blank<'_>>> = Vec::new();
    for &block in blocks {
        let mut rows = judged.rows_of(block).peekable();
        let Some(first) = rows.peek() else { continue };
        let entity = [first.indicator, first.level, first.entity_id, first.entity_name].map(quoted).join(",");
        let (unit, meaning, group) =
            (quoted(first.unit), quoted(first.meaning), quoted(first.peer_group.unwrap_or_default()));
        for (number, row) in rows.enumerate() {
            out.extend_from_slice(entity.as_bytes());
            match blanks.get(number).and_then(Option::as_ref).filter(|blank| blank.is(&row)) {
                Some(blank) => out.extend_from_slice(&blank.text),
                None => {
                    let from = out.len();
                    cell(&mut out, &row, &unit, standard.text(row.standard), &meaning)?;
                    if row.state == State::NoCases.id() {
                        let text = out.get(from..).unwrap_or_default().to_vec();
                        blanks.resize_with(blanks.len().max(number + 1), || None);
                        blanks[number] = Some(Blank { text, row: row.clone() });
                    }
                }
            }
            field(&mut out, &group);
            for number in [row.below_green, row.below_yellow, row.below_red, row.below_none] {
                out.push(b',');
                count(&mut out, number)?;
            }
            out.push(b'\n');
        }
    }
    Ok(out)
}

/// What a line says of its cell, from the window on.
fn cell(out: &mut Vec<u8>, row: &ResultRow<'_>, unit: &str, standard: &str, meaning: &str) -> io::Result<()> {
    for day in [row.window_start, row.window_end, row.as_of] {
        field(out, &day.text);
    }
    for number in [row.numerator, row.denominator, row.value] {
        out.push(b',');
        figure(out, number)?;
    }
    field(out, unit);
    field(out, row.state);
    field(out, row.band.unwrap_or_default());
    field(out, standard);
    for number in [row.undetermined, row.excluded] {
        out.push(b',');
        count(out, number)?;
    }
    field(out, meaning);
    for number in [row.low, row.high] {
        out.push(b',');
        figure(out, number)?;
    }
    field(out, row.straddles.map_or("", |is| if is { "true" } else { "false" }));
    Ok(())
}

/// The last cell without cases that was written of a window, and its text: most workers have none in most windows.
struct Blank<'a> {
    row: ResultRow<'a>,
    text: Vec<u8>,
}

impl Blank<'_> {
    /// Whether the text is that of a row. Rows of the very same window are of one indicator.
    fn is(&self, row: &ResultRow<'_>) -> bool {
        let counts = |r: &ResultRow<'_>| (r.numerator, r.denominator, r.undetermined, r.excluded);
        std::ptr::eq(self.row.window_start, row.window_start)
            && self.row.state == row.state
            && counts(&self.row) == counts(row)
    }
}

/// A comma and a text that needs no quotes, or has them.
fn field(out: &mut Vec<u8>, text: &str) {
    out.push(b',');
    out.extend_from_slice(text.as_bytes());
}

/// A text as it stands in a line: in quotes where it has a character that would end the field.
fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}

/// A number with as many digits as name it, 31 and not 31.0; nothing for none.
fn figure(out: &mut Vec<u8>, number: Option<f64>) -> io::Result<()> {
    /// Whole numbers below are written by their digits, which is much faster.
    const WHOLE: f64 = 1e15;
    match number {
        Some(n) if n.is_sign_positive() && n < WHOLE && (n as u64) as f64 == n => count(out, Some(n as u64)),
        Some(n) => write!(out, "{n}"),
        None => Ok(()),
    }
}

fn count(out: &mut Vec<u8>, number: Option<u64>) -> io::Result<()> {
    match number {
        // Most counts of most workers.
        Some(n @ 0..=9) => out.push(b'0' + n as u8),
        Some(n) => write!(out, "{n}")?,
        None => {}
    }
    Ok(())
}

/// A figure that is mostly the one before: written anew only when it changes.
#[derive(Debug, Default)]
struct Repeated {
    number: Option<f64>,
    text: String,
}

impl Repeated {
    fn text(&mut self, number: Option<f64>) -> &str {
        if self.number != number {
            self.number = number;
            self.text = number.map(|n| n.to_string()).unwrap_or_default();
        }
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_where_the_csv_crate_puts_them() {
        for text in ["", "a", "a b", " a", "a,b", "a\"b", "\"", "a\nb", "\r", "'a'", "a;b\tc", "#a", "é, ü", "\\"] {
            let mut writer = ::csv::Writer::from_writer(Vec::new());
            writer.write_record(["x", text]).unwrap();
            let line = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            assert_eq!(format!("x,{}\n", quoted(text)), line);
        }
    }

    #[test]
    fn figures_are_as_short_as_they_can_be() {
        let numbers = [0.0, -0.0, 9.0, 10.0, 31.0, 91.748_077_322_801_92, -3.0, 1e14, 1e15, 1e300, 0.1, f64::NAN];
        for number in numbers {
            let mut out = Vec::new();
            figure(&mut out, Some(number)).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
