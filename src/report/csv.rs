//! Result rows as CSV: a head line, then one line per cell; a missing figure is an empty field.

use super::{Format, Kind, Report};
use crate::scorecard::ResultRow;

/// `csv`.
pub(super) const FORMAT: Format = Format { name: "csv", extension: "csv", kind: Kind::Text, write };

fn write(report: &Report) -> Result<Vec<u8>, String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let problem = |e: ::csv::Error| e.to_string();
    writer.write_record(ResultRow::columns()).map_err(problem)?;
    for row in &report.rows {
        writer.write_record(fields(row)).map_err(problem)?;
    }
    writer.into_inner().map_err(|e| e.to_string())
}

/// A row's fields, by hand because the csv crate would write the count 31 as `31.0`.
fn fields(row: &ResultRow) -> [String; 17] {
    [
        row.indicator.clone(),
        row.level.clone(),
        row.entity_id.clone(),
        row.entity_name.clone(),
        row.window_start.clone(),
        row.window_end.clone(),
        row.as_of.clone(),
        figure(row.numerator),
        figure(row.denominator),
        figure(row.value),
        row.unit.clone(),
        row.state.clone(),
        row.band.clone().unwrap_or_default(),
        figure(row.standard),
        figure(row.undetermined),
        figure(row.excluded),
        row.meaning.clone(),
    ]
}

fn figure(figure: Option<impl ToString>) -> String {
    figure.map(|f| f.to_string()).unwrap_or_default()
}
