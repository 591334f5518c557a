//! The workbook behind a chart, from which PowerPoint draws it when somebody edits its data.

use crate::report::book::sheet::Chart;
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// The name of its one sheet.
pub(super) const SHEET: &str = "Sheet1";

/// The workbook: categories in the first column, a series in each further one, their names above;
/// what has no value has an empty cell.
pub(super) fn workbook(chart: &Chart, as_of: NaiveDate) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let year = u16::try_from(as_of.year()).unwrap_or(1900);
    let day = ExcelDateTime::from_ymd(year, as_of.month() as u8, as_of.day() as u8)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let sheet = book.add_worksheet().set_name(SHEET)?;
    for (place, category) in chart.categories.iter().enumerate() {
        sheet.write_string(place as u32 + 1, 0, category)?;
    }
    for (number, series) in chart.series.iter().enumerate() {
        let column = number as u16 + 1;
        sheet.write_string(0, column, series.name)?;
        for (place, value) in series.values.iter().enumerate() {
            if let Some(value) = value {
                sheet.write_number(place as u32 + 1, column, *value)?;
            }
        }
    }
    Ok(book)
}
