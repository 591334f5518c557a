//! The trend of the whole: a row for each indicator with its windows, and a chart for each.

use super::head;
use crate::report::Report;
use crate::scorecard::card::{Card, Column, Track};
use rust_xlsxwriter::{Chart, ChartType, Worksheet, XlsxError};

/// Id, title and unit before the windows.
const BEFORE: u16 = 3;
/// Rows and columns that a chart takes.
const CHART: (u32, u16) = (16, 7);
/// Charts beside each other.
const ABREAST: usize = 2;

/// The row of an indicator's values.
pub(super) fn row_of(indicator: usize) -> u32 {
    1 + 2 * indicator as u32
}

/// The column of a window, counted among the most windows that any indicator has.
pub(super) fn column_of(window: usize) -> u16 {
    BEFORE + window as u16
}

/// Under the values of each indicator stand the ends of its windows.
pub(super) fn sheet(sheet: &mut Worksheet, card: &Card, report: &Report, name: &str) -> Result<(), XlsxError> {
    let windows = card.columns.iter().map(|column| column.windows.len()).max().unwrap_or_default();
    for (place, label) in ["indicator", "title", "unit"].into_iter().enumerate() {
        sheet.write_with_format(0, place as u16, label, &head())?;
    }
    let whole = card.context.first().or(card.rows.first());
    let charts = row_of(card.columns.len()) + 2;
    for (at, column) in card.columns.iter().enumerate() {
        let row = row_of(at);
        sheet.write_string(row, 0, &column.id)?.write_string(row, 1, &column.title)?.write_string(
            row,
            2,
            &column.unit,
        )?;
        let track = whole.and_then(|whole| whole.tracks.get(at)).map(|track| track.whole(&report.judged));
        values(sheet, (row, windows), column, track.as_ref())?;
        if column.windows.len() > 1 {
            let (down, across) = (at / ABREAST, at % ABREAST);
            let chart = chart(name, (row, windows), column);
            sheet.insert_chart(charts + down as u32 * CHART.0, across as u16 * CHART.1, &chart)?;
        }
    }
    sheet.set_column_width(0, 30)?.set_column_width(1, 30)?.set_freeze_panes(1, BEFORE)?;
    Ok(())
}

fn values(
    sheet: &mut Worksheet,
    (row, windows): (u32, usize),
    column: &Column,
    track: Option<&Track>,
) -> Result<(), XlsxError> {
    let first = windows - column.windows.len();
    for (number, end) in column.window_ends.iter().enumerate() {
        sheet.write_string(row + 1, column_of(first + number), end)?;
    }
    for (number, shown) in track.into_iter().flat_map(|track| &track.cells).enumerate() {
        if let (Some(_), Ok(value)) = (shown.cell.value, shown.number.parse::<f64>()) {
            sheet.write_number(row, column_of(first + number), value)?;
        }
    }
    Ok(())
}

fn chart(name: &str, (row, windows): (u32, usize), column: &Column) -> Chart {
    let (first, last) = (column_of(windows - column.windows.len()), column_of(windows.saturating_sub(1)));
    let mut chart = Chart::new(ChartType::Line);
    chart
        .add_series()
        .set_name(&column.title)
        .set_categories((name, row + 1, first, row + 1, last))
        .set_values((name, row, first, row, last));
    chart.title().set_name(&column.title);
    chart.legend().set_hidden();
    chart
}
