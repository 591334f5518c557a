//! The workbook, read back: its cells are those of the result rows, and no text of the data is a
//! formula.

use super::sample::{Asked, report};
use calamine::{Data, DataType, Range, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;
use yardstick::report::find;

pub(crate) fn book(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The lines of a table, by the names of their columns.
pub(crate) fn lines(sheet: &Range<Data>) -> Vec<BTreeMap<String, Data>> {
    let mut rows = sheet.rows();
    let heads: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    rows.map(|row| heads.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

#[test]
fn the_tables_of_the_levels_are_the_result_rows() {
    let report = report(&Asked { months: 6, levels: vec![0, 1, 2], ..Asked::default() });
    let mut book = book(find("xlsx").unwrap().bytes(&report).unwrap());
    let names = book.sheet_names();
    assert_eq!(names, ["Scorecard", "department", "office", "unit", "Trends", "Definitions", "Data"]);
    let mut seen = 0;
    for level in ["department", "office", "unit"] {
        let lines = lines(&book.worksheet_range(level).unwrap());
        for row in report.judged.rows().filter(|row| row.level == level) {
            let is_latest = |other: &yardstick::scorecard::ResultRow| {
                other.indicator == row.indicator && other.window_end.date > row.window_end.date
            };
            if report.judged.rows().any(|other| is_latest(&other)) {
                continue;
            }
            let is = |line: &&BTreeMap<String, Data>| {
                line["indicator"] == row.indicator && line["entity_id"] == row.entity_id
            };
            let Some(line) = lines.iter().find(is) else { continue };
            assert_eq!(line["state"], row.state, "{row:?}");
            let figures = [
                ("value", row.value),
                ("numerator", row.numerator),
                ("denominator", row.denominator),
                ("standard_least", row.standard_least),
                ("standard_most", row.standard_most),
                ("undetermined", row.undetermined.map(|n| n as f64)),
                ("excluded", row.excluded.map(|n| n as f64)),
                ("unsure", row.unsure.map(|n| n as f64)),
                ("unread", row.unread.map(|n| n as f64)),
                ("least", row.least),
                ("most", row.most),
            ];
            for (column, figure) in figures {
                assert_eq!(line[column].as_f64(), figure, "{column} {row:?}");
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn the_heat_map_has_the_numbers_as_they_are_shown() {
    let report = report(&Asked::default());
    let mut book = book(find("xlsx").unwrap().bytes(&report).unwrap());
    let sheet = book.worksheet_range("Scorecard").unwrap();
    let card = report.judged.card(true);
    for (row, number) in card.context.iter().chain(&card.rows).zip(7..) {
        assert_eq!(sheet.get_value((number, 0)).unwrap(), row.id.as_str());
        for (track, column) in row.tracks.iter().zip(2..) {
            let shown = track.latest().unwrap();
            if !shown.number.is_empty() {
                let found = sheet.get_value((number, column)).unwrap().as_f64();
                assert_eq!(found, shown.number.parse().ok(), "{} {column}", row.id);
            }
        }
    }
}
