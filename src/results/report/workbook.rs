//! A scorecard as an Excel workbook: the heat map, a table for each level, the trend of the whole
//! with charts, the definitions, what is to be known about the data, and on request lists of rows.
//! Texts are written as texts, so that none is a formula; the same report gives the same bytes.

mod cases;
mod heat_map;
mod tables;
mod trends;

use super::{Format, Kind, Report, Writing};
use crate::parallel;
use crate::scorecard::card::Card;
use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, XlsxError};
use std::io::{self, Write};

/// `xlsx`.
pub(super) const FORMAT: Format =
    Format { name: "xlsx", extension: "xlsx", kind: Kind::Binary, writing: Writing::Whole(write) };

fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let card = report.judged.card_of_latest();
    if let Some((level, lines)) = tables::too_long(&card) {
        return Err(io::Error::other(format!(
            "the table of the level `{level}` would have {lines} lines, and a sheet of Excel holds {}; choose a scorecard \
             or a level",
            tables::LINES
        )));
    }
    if let Some((list, lines)) = cases::too_long(&report.cases) {
        let id = report.judged.program.indicators.get(list.indicator).map_or("", |of| of.id.as_str());
        return Err(io::Error::other(format!(
            "the list of the rows of `{id}` would have {lines} lines, and a sheet of Excel holds {}; choose an entity",
            tables::LINES
        )));
    }
    out.write_all(&saved(workbook(&card, report).map_err(io::Error::other)?)?)
}

fn workbook(card: &Card, report: &Report) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let as_of = card.heading.as_of;
    let year = u16::try_from(as_of.year()).unwrap_or(1900);
    let day = ExcelDateTime::from_ymd(year, as_of.month() as u8, as_of.day() as u8)?;
    let about = DocProperties::new().set_title(&card.heading.title).set_company(&card.heading.organization);
    book.set_properties(&about.set_creation_datetime(&day));
    let mut names = SheetNames::default();
    let trends = names.free("Trends");
    heat_map::sheet(book.add_worksheet().set_name(names.free("Scorecard"))?, card, &trends)?;
    for level in tables::levels(card) {
        tables::level(book.add_worksheet().set_name(names.free(level))?, card, level)?;
    }
    trends::sheet(book.add_worksheet().set_name(&trends)?, card, report, &trends)?;
    tables::definitions(book.add_worksheet().set_name(names.free("Definitions"))?, card)?;
    tables::notes(book.add_worksheet().set_name(names.free("Data"))?, card)?;
    for list in &report.cases {
        let id = report.judged.program.indicators.get(list.indicator).map_or("rows", |of| of.id.as_str());
        cases::sheet(book.add_worksheet().set_name(names.free(id))?, list)?;
    }
    Ok(book)
}

/// The bytes of a workbook. The crate makes each sheet on a thread of its own, and panics where one
/// cannot begin.
pub(in crate::report) fn saved(mut book: Workbook) -> io::Result<Vec<u8>> {
    let sheets = book.worksheets().len();
    if !parallel::can_begin(sheets) {
        return Err(io::Error::other(format!(
            "the system gives too little memory, or too few threads, for a workbook of {sheets} sheets"
        )));
    }
    book.save_to_buffer().map_err(io::Error::other)
}

/// The names of sheets, each once.
#[derive(Default)]
struct SheetNames(Vec<String>);

impl SheetNames {
    /// A name of at most 31 signs without those that Excel refuses.
    fn free(&mut self, wanted: &str) -> String {
        let kept = wanted.chars().map(|sign| if "[]:*?/\\'".contains(sign) || sign.is_control() { ' ' } else { sign });
        let short: String = kept.take(28).collect();
        let short = if short.trim().is_empty() { "Sheet".to_owned() } else { short.trim().to_owned() };
        let taken = |name: &str, all: &[String]| all.iter().any(|known| known.to_lowercase() == name.to_lowercase());
        let mut name = short.clone();
        let mut number = 2;
        while taken(&name, &self.0) {
            name = format!("{short} {number}");
            number += 1;
        }
        self.0.push(name.clone());
        name
    }
}

/// The head of a column.
fn head() -> CellFormat {
    CellFormat::new().set_bold().set_text_wrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_excel_takes() {
        let mut names = SheetNames::default();
        assert_eq!(names.free("unit"), "unit");
        assert_eq!(names.free("UNIT"), "UNIT 2");
        assert_eq!(names.free("a/b:[c]"), "a b  c");
        assert_eq!(names.free("\u{1}"), "Sheet");
        assert!(names.free(&"long ".repeat(20)).chars().count() <= 31);
    }
}
