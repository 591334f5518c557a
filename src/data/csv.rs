//! CSV files: a first line with the columns' names in any order, then one record per row.
//!
//! A byte order mark, either line ending, quoted commas, quotes and line breaks are fine, and empty lines are skipped.
//! A record with another number of fields than the first line, a quote that is never closed and bytes that are not UTF-8
//! are errors, not bad rows: where a file is broken, nobody knows which rows were lost.

use super::columns::positions;
use super::files::{file_name, unreadable};
use super::problem::Problem;
use super::sheet::{Sheet, SheetBuilder};
use crate::diag::code;
use crate::model::{Model, TableId};
use csv::{ErrorKind, Position, Reader, ReaderBuilder, StringRecord};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Reads a table from a CSV file.
pub(super) fn read<'m>(model: &'m Model, id: TableId, path: &Path) -> Result<Sheet<'m>, Problem> {
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 18).from_reader(file);
    let mut sheet = SheetBuilder::new(model, id, "line");
    let number = sheet.begin(file_name(path));
    let mut record = StringRecord::new();
    if !next(&mut reader, &mut record, path)? {
        let message = format!("the file of table `{}` is empty", sheet.table.name);
        return Err(Problem::new(code::DATA_MISSING_COLUMN, message)
            .file(path)
            .help("a table without rows needs a first line with its columns' names"));
    }
    let header = record.clone();
    let at = positions(sheet.table, &header.iter().collect::<Vec<_>>())
        .map_err(|p| with_separator(p, &header).file(path))?;
    let mut last = record.position().cloned();
    while next(&mut reader, &mut record, path)? {
        let line = line_of(&record, reader.position());
        if record.len() != header.len() {
            return Err(wrong_length(&record, header.len(), line, reader.position(), path));
        }
        let row = sheet.grow(1).map_err(|p| p.file(path))?;
        sheet.places.note(row, number, line);
        for (column, at) in sheet.columns.iter_mut().zip(&at) {
            column.push_text(record.get(*at).unwrap_or_default(), row, &mut sheet.sieve);
        }
        last = record.position().cloned();
    }
    if let Some(last) = last {
        check_last_quote(path, &last)?;
    }
    sheet.finish().map_err(|p| p.file(path))
}

/// The next record; false at the end of the file.
fn next(reader: &mut Reader<File>, record: &mut StringRecord, path: &Path) -> Result<bool, Problem> {
    reader.read_record(record).map_err(|error| match error.into_kind() {
        ErrorKind::Io(error) => unreadable(path, &error),
        kind => {
            // Of the reader's other errors only this one can come from reading text.
            let line = if let ErrorKind::Utf8 { pos: Some(pos), .. } = kind { pos.line() } else { 1 };
            Problem::new(code::DATA_NOT_UTF8, format!("line {line} holds bytes that are not UTF-8 text"))
                .file(path)
                .help("save the file as UTF-8 (in a spreadsheet: `CSV UTF-8`)")
        }
    })
}

/// The line a record begins on. The reader's own count points at empty lines that it skipped before.
fn line_of(record: &StringRecord, end: &Position) -> u64 {
    let begin = record.position().map_or(1, Position::line);
    if end.line() <= begin + 1 {
        return begin;
    }
    let within = record.iter().map(|f| f.bytes().filter(|b| *b == b'\n').count() as u64).sum::<u64>();
    begin.max(end.line().saturating_sub(1 + within))
}

fn wrong_length(record: &StringRecord, expected: usize, line: u64, end: &Position, path: &Path) -> Problem {
    let fields = |n: usize| if n == 1 { "1 field".to_owned() } else { format!("{n} fields") };
    let message = format!("line {line} has {}, the first line has {expected}", fields(record.len()));
    let spans = record.iter().any(|f| f.contains('\n'));
    let help = if spans {
        format!("a quoted field begins there and runs on to line {}: is a closing `\"` missing?", end.line())
    } else if record.len() > expected {
        "a value that contains a comma needs quotes around it: `\"Lopez, Ana\"`".to_owned()
    } else {
        "was the file cut short, or the line broken in two? export it again".to_owned()
    };
    Problem::new(code::DATA_BROKEN_LINE, message).file(path).help(help)
}

/// Another separator than the comma makes one column of all names.
fn with_separator(problem: Problem, header: &StringRecord) -> Problem {
    let only = if header.len() == 1 { header.get(0).unwrap_or_default() } else { "" };
    match [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")].iter().find(|(c, _)| only.contains(*c)) {
        Some((_, what)) => problem.help(format!("the file seems to be separated by {what}; write commas")),
        None => problem,
    }
}

/// The reader takes the end of the file for the end of a quoted field. Looks at the last record's bytes again.
fn check_last_quote(path: &Path, last: &Position) -> Result<(), Problem> {
    let mut text = Vec::new();
    File::open(path)
        .and_then(|mut file| {
            file.seek(SeekFrom::Start(last.byte()))?;
            file.read_to_end(&mut text)
        })
        .map_err(|e| unreadable(path, &e))?;
    match open_quote(&text) {
        None => Ok(()),
        Some(at) => {
            let line = last.line() + text.iter().take(at).filter(|b| **b == b'\n').count() as u64;
            Err(Problem::new(code::DATA_BROKEN_LINE, format!("a quote that opens on line {line} is never closed"))
                .file(path)
                .help("add the closing `\"`, or export the file again if it was cut short"))
        }
    }
}

/// Where a quoted field begins that never ends.
fn open_quote(text: &[u8]) -> Option<usize> {
    let mut opened = None;
    let mut fresh = true;
    let mut i = 0;
    while let Some(byte) = text.get(i) {
        match (byte, opened) {
            (b'"', None) if fresh => opened = Some(i),
            (b'"', Some(_)) if text.get(i + 1) == Some(&b'"') => i += 1,
            (b'"', Some(_)) => opened = None,
            (_, _) => {}
        }
        fresh = opened.is_none() && matches!(byte, b',' | b'\n' | b'\r');
        // A byte order mark may stand before the first field.
        fresh |= i == 2 && text.starts_with(b"\xef\xbb\xbf");
        i += 1;
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::open_quote;

    #[test]
    fn quotes_that_stay_open() {
        for closed in
            ["a,b\n", "\"a\",\"b\"\n", "\"a\"\"b\",c", "a\"b,c\"d", "\"a\nb\",\"\"", "\u{feff}\"a\"", "", "\"a\"b\"c"]
        {
            assert_eq!(open_quote(closed.as_bytes()), None, "{closed:?}");
        }
        assert_eq!(open_quote(b"a,\"b\nc"), Some(2));
        assert_eq!(open_quote(b"\"a\"\""), Some(0));
        assert_eq!(open_quote("\u{feff}\"a".as_bytes()), Some(3));
    }
}
