//! The heat map: a row for each entity, a column for each indicator, each with its trend as a
//! sparkline where the whole has one.

use crate::report::mark::{self, Mark};
use crate::scorecard::card::{Card, Row, Track};
use crate::scorecard::{Band, words};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Sparkline, Worksheet, XlsxError};

/// The rows above the entities: title, data, domains, titles, windows, standards, trends.
const ABOVE: u32 = 7;
/// Id and name before the indicators.
const BEFORE: u16 = 2;

pub(super) fn sheet(sheet: &mut Worksheet, card: &Card, trends: &str) -> Result<(), XlsxError> {
    sheet.write_with_format(0, 0, &card.heading.title, &Format::new().set_bold().set_font_size(16))?;
    let data = format!("{} · data complete through {}", card.heading.organization, words::day(card.heading.as_of));
    sheet.write_string(1, 0, data)?;
    let soft = Format::new().set_text_wrap().set_font_color("#5A6672").set_align(FormatAlign::Top);
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Bottom);
    for (number, label) in [(2, "domain"), (3, "indicator"), (4, "window"), (5, "standard"), (6, "trend of the whole")]
    {
        sheet.write_with_format(number, 0, label, &soft)?;
    }
    let windows = card.columns.iter().map(|column| column.windows.len()).max().unwrap_or_default();
    for (at, column) in card.columns.iter().enumerate() {
        let place = place(at);
        sheet.write_with_format(2, place, column.domain.as_deref().unwrap_or_default(), &soft)?;
        sheet.write_with_format(3, place, &column.title, &bold)?;
        sheet.write_with_format(4, place, column.window(), &soft)?;
        let standard = column.standard().unwrap_or_else(|| "no standard".to_owned());
        sheet.write_with_format(5, place, standard, &soft)?;
        if column.windows.len() > 1 {
            let (row, last) = (super::trends::row_of(at), super::trends::column_of(windows - 1));
            let first = super::trends::column_of(windows - column.windows.len());
            sheet.add_sparkline(6, place, &Sparkline::new().set_range((trends, row, first, row, last)))?;
        }
    }
    for (number, row) in card.context.iter().chain(&card.rows).enumerate() {
        entity(sheet, ABOVE + number as u32, row, number < card.context.len())?;
    }
    sheet.set_column_width(0, 16)?.set_column_width(1, 22)?;
    sheet.set_column_range_width(BEFORE, place(card.columns.len()), 13)?;
    sheet.set_row_height(3, 62)?.set_row_height(4, 32)?.set_row_height(6, 24)?;
    let legend = ABOVE + (card.context.len() + card.rows.len()) as u32 + 1;
    for (number, (mark, meaning)) in mark::used(card, true).into_iter().enumerate() {
        sheet.write_string(legend + number as u32, 0, mark)?;
        sheet.write_string(legend + number as u32, 1, meaning)?;
    }
    sheet.set_freeze_panes(ABOVE, BEFORE)?.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(2, ABOVE - 1)?;
    Ok(())
}

fn place(column: usize) -> u16 {
    BEFORE + column as u16
}

fn entity(sheet: &mut Worksheet, number: u32, row: &Row, is_context: bool) -> Result<(), XlsxError> {
    let mut named = Format::new().set_indent(row.depth.min(15) as u8);
    if is_context {
        named = named.set_bold();
    }
    sheet.write_with_format(number, 0, &row.id, &named)?;
    sheet.write_with_format(number, 1, if row.name == row.id { "" } else { &row.name }, &named)?;
    for (at, track) in row.tracks.iter().enumerate() {
        cell(sheet, (number, place(at)), track)?;
    }
    Ok(())
}

/// A number with its letter and marks behind it, or the word for its absence.
fn cell(sheet: &mut Worksheet, (row, column): (u32, u16), track: &Track) -> Result<(), XlsxError> {
    let Some(shown) = track.latest() else { return Ok(()) };
    let mark = Mark::of(Some(shown));
    let format =
        Format::new().set_align(FormatAlign::Center).set_border(FormatBorder::Thin).set_border_color("#FFFFFF");
    let format = match mark.band {
        Some(band) => format.set_background_color(colour(band)),
        None => format.set_background_color("#F3F5F7"),
    };
    match (shown.cell.value, shown.number.parse::<f64>()) {
        // The number as it is shown everywhere: rounded so that it is honest.
        (Some(_), Ok(number)) => {
            let decimals = shown.number.split_once('.').map_or(0, |(_, part)| part.len());
            let digits = if decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(decimals)) };
            let own = mark::own(shown).map(|own| format!(" ({own})")).unwrap_or_default();
            let tail = mark.tail().trim().to_owned() + &own;
            let tail = if tail.trim().is_empty() { String::new() } else { format!("\" {}\"", tail.trim()) };
            sheet.write_with_format(row, column, number, &format.set_num_format(format!("{digits}{tail}")))?;
        }
        _ => drop(sheet.write_with_format(row, column, mark.full(), &format.set_font_color("#5A6672"))?),
    }
    Ok(())
}

fn colour(band: Band) -> &'static str {
    match band {
        Band::Green => "#79C2A8",
        Band::Yellow => "#FFEAA3",
        Band::Red => "#F08C7C",
    }
}
