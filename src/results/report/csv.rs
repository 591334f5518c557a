//! Result rows as CSV: a head line, then one line per cell; a missing figure is an empty field.

use super::{Csv, Format, Kind, Report, Rows, Writing, row_pieces};
use crate::scorecard::{Block, CellKey, Judged, Ratio, ResultRow};
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
    fn head(&mut self, form: Csv, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_head, true) {
            return Ok(());
        }
        let names: Vec<&str> = ResultRow::columns().collect();
        writeln!(out, "{}{}", form.begins(), names.join(","))
    }
}

impl Rows for Lines {
    fn add(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        self.head(report.csv, out)?;
        let judged = &report.judged;
        let make = |said: &mut CellTexts, blocks: &[Block]| lines(said, judged, report.csv, blocks);
        row_pieces::ordered_map(report, &judged.blocks(), ROWS, make, |lines| out.write_all(&lines?))
    }

    fn end(mut self: Box<Self>, out: &mut dyn Write) -> io::Result<()> {
        self.head(Csv::default(), out)
    }
}

/// The lines of some blocks. The csv crate would search every field of every row for characters to
/// quote, although most texts occur in many rows.
fn lines(said: &mut CellTexts, judged: &Judged, form: Csv, blocks: &[Block]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    for &block in blocks {
        let Some(cells) = judged.cells_of(block) else { continue };
        said.begin(block);
        let entity = cells.whose().map(|text| cell_of(form, text)).join(",");
        let peers = cell_of(form, cells.entity.group.as_deref().unwrap_or_default());
        let group = cells
            .group()
            .map_or_else(|| ",,".to_owned(), |(by, value)| format!(",{},{}", cell_of(form, by), cell_of(form, value)));
        for number in cells.numbers() {
            out.extend_from_slice(entity.as_bytes());
            match cells.key(number) {
                Some(key) => {
                    said.cell(&mut out, number, key, || cells.row(number))?;
                    field(&mut out, &peers);
                    // Nothing stands behind it.
                    out.extend_from_slice(b",,,,");
                }
                None => {
                    let row = cells.row(number);
                    cell(&mut out, &row)?;
                    field(&mut out, &peers);
                    for number in [row.below_green, row.below_yellow, row.below_red, row.below_none] {
                        out.push(b',');
                        count(&mut out, number)?;
                    }
                }
            }
            out.extend_from_slice(group.as_bytes());
            ratio(&mut out, form, cells.ratio(number))?;
            out.push(b'\n');
        }
    }
    Ok(out)
}

/// A cache of the texts of cells: a cell with a known key is copied. Most workers have no cases in
/// most windows, or a few.
#[derive(Default)]
struct CellTexts {
    /// Whose indicator's cells they are of.
    of: Option<Block>,
    /// For each window, [`PLACES`] entries by the hash of a cell's key, each with the last text
    /// that had this hash.
    texts: Vec<Option<(CellKey, Vec<u8>)>>,
}

/// Entries per window: as many as fit into a processor's cache.
const PLACES: usize = 256;

impl CellTexts {
    /// The cells of a block come next.
    fn begin(&mut self, block: Block) {
        if !self.of.is_some_and(|of| of.is_beside(block)) {
            self.texts.clear();
        }
        self.of = Some(block);
    }

    /// Writes the text of a cell; `row` makes its row when the text is not in the cache.
    fn cell<'a>(
        &mut self,
        out: &mut Vec<u8>,
        number: usize,
        key: CellKey,
        row: impl FnOnce() -> ResultRow<'a>,
    ) -> io::Result<()> {
        let place = number * PLACES + key.scatter() % PLACES;
        if let Some(Some((known, text))) = self.texts.get(place)
            && *known == key
        {
            out.extend_from_slice(text);
            return Ok(());
        }
        let from = out.len();
        cell(out, &row())?;
        let text = out.get(from..).unwrap_or_default();
        if self.texts.len() <= place {
            self.texts.resize((number + 1) * PLACES, None);
        }
        match &mut self.texts[place] {
            Some((known, kept)) => {
                *known = key;
                kept.clear();
                kept.extend_from_slice(text);
            }
            empty => *empty = Some((key, text.to_vec())),
        }
        Ok(())
    }
}

/// The fields of a line that depend on its cell, from the window on to the group of peers.
fn cell(out: &mut Vec<u8>, row: &ResultRow<'_>) -> io::Result<()> {
    for day in [row.window_start, row.window_end, row.as_of] {
        field(out, &day.text);
    }
    for number in [row.numerator, row.denominator] {
        out.push(b',');
        figure(out, number)?;
    }
    out.push(b',');
    let value = out.len();
    figure(out, row.value)?;
    let value = value..out.len();
    field(out, &quoted(row.unit));
    field(out, row.state);
    field(out, &quoted(row.reason.unwrap_or_default()));
    field(out, row.band.unwrap_or_default());
    for number in [row.standard, row.standard_least, row.standard_most] {
        out.push(b',');
        figure(out, number)?;
    }
    for number in [row.undetermined, row.excluded, row.unsure, row.unread] {
        out.push(b',');
        count(out, number)?;
    }
    for number in [row.least, row.most] {
        out.push(b',');
        // The same digits, most often.
        if number == row.value { out.extend_from_within(value.clone()) } else { figure(out, number)? }
    }
    field(out, &quoted(row.meaning));
    for number in [row.low, row.high] {
        out.push(b',');
        figure(out, number)?;
    }
    field(out, row.straddles.map_or("", |is| if is { "true" } else { "false" }));
    Ok(())
}

/// The fields of a ratio, the last ones of a line.
fn ratio(out: &mut Vec<u8>, form: Csv, ratio: Option<(Ratio, &str)>) -> io::Result<()> {
    let Some((ratio, to)) = ratio else {
        out.extend_from_slice(b",,,,");
        return Ok(());
    };
    for number in [Some(ratio.value), ratio.interval.map(|i| i.low), ratio.interval.map(|i| i.high)] {
        out.push(b',');
        figure(out, number)?;
    }
    field(out, &cell_of(form, to));
    Ok(())
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

/// A text of the data, as it stands in a line.
fn cell_of(form: Csv, text: &str) -> Cow<'_, str> {
    match form.text(text) {
        Cow::Borrowed(text) => quoted(text),
        Cow::Owned(text) => quoted(&text).into_owned().into(),
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
