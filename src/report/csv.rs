//! Result rows as CSV: a head line, then one line per cell; a missing figure is an empty field.

use super::{Format, Kind, Report};
use crate::scorecard::ResultRow;
use std::borrow::Cow;

/// `csv`.
pub(super) const FORMAT: Format = Format { name: "csv", extension: "csv", kind: Kind::Text, write };

fn write(report: &Report) -> Result<Vec<u8>, String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let problem = |e: ::csv::Error| e.to_string();
    writer.write_record(ResultRow::columns()).map_err(problem)?;
    for row in report.judged.rows() {
        writer.write_record(fields(&row).iter().map(|field| field.as_bytes())).map_err(problem)?;
    }
    writer.into_inner().map_err(|e| e.to_string())
}

/// A row's fields, by hand because the csv crate would write the count 31 as `31.0`.
fn fields(row: &ResultRow) -> [Cow<'_, str>; 17] {
    [
        (&row.indicator).into(),
        (&row.level).into(),
        (&row.entity_id).into(),
        (&row.entity_name).into(),
        (&row.window_start).into(),
        (&row.window_end).into(),
        (&row.as_of).into(),
        figure(row.numerator),
        figure(row.denominator),
        figure(row.value),
        (&row.unit).into(),
        (&row.state).into(),
        row.band.as_deref().unwrap_or_default().into(),
        figure(row.standard),
        figure(row.undetermined),
        figure(row.excluded),
        (&row.meaning).into(),
    ]
}

fn figure(figure: Option<impl ToString>) -> Cow<'static, str> {
    figure.map(|f| f.to_string()).unwrap_or_default().into()
}
